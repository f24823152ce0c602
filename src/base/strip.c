#include "base/strip.h"

#include <assert.h>
#include <string.h>

void strip_begin(struct strip *s, size_t count, int most, float *data)
{
    assert(most >= 1);
    *s = (struct strip){.count = count, .most = most, .stride = 1, .data = data};
}

static void thin(struct strip *s)
{
    for (int i = 1; 2 * i < s->kept; i++)
        memmove(s->data + (size_t)i * s->count, s->data + 2 * (size_t)i * s->count,
                s->count * sizeof *s->data);
    s->kept = (s->kept + 1) / 2;
    s->stride *= 2;
}

void strip_offer(struct strip *s, const float *moment)
{
    int at = s->seen++;
    if (at % s->stride != 0)
        return;
    if (s->kept == s->most)
        thin(s);
    if (at % s->stride == 0 && s->kept < s->most)
        memcpy(s->data + (size_t)s->kept++ * s->count, moment, s->count * sizeof *moment);
}
