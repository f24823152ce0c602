#include "observe/search.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "nn/pass.h"

struct searcher {
    const struct net *net;
    const struct dataset *data;
    struct pass *pass;
    float *x;
    int label[SEARCH_BATCH];
};

enum err searcher_new(const struct net *net, const struct dataset *data, struct searcher **out,
                      struct diag *diag)
{
    struct searcher *s = calloc(1, sizeof *s);
    if (!s)
        return diag_memory(diag, "a search");
    *s = (struct searcher){.net = net, .data = data, .x = mem_floats(SEARCH_BATCH * shape_count(net->in))};
    enum err err = s->x ? pass_new(net, (struct pass_options){.capacity = SEARCH_BATCH}, &s->pass, diag)
                        : diag_memory(diag, "a search");
    if (err) {
        searcher_free(s);
        return err;
    }
    *out = s;
    return ERR_NONE;
}

void searcher_free(struct searcher *s)
{
    if (!s)
        return;
    pass_free(s->pass);
    free(s->x);
    free(s);
}

/* Index of image number `at` of the search, from 0. */
static int index_of(const struct search *search, int count, int at)
{
    long index = ((long)search->from + (long)search->step * (at + 1)) % count;
    return (int)(index < 0 ? index + count : index);
}

int searcher_look(struct searcher *s, const struct search *search, const struct moment *moment, int *looked)
{
    int count = s->data->count[search->split], left = count - *looked,
        n = left < SEARCH_BATCH ? left : SEARCH_BATCH, first = *looked;
    assert(search->step == 1 || search->step == -1);
    if (n <= 0)
        return -1;
    for (int i = 0; i < n; i++)
        s->label[i] = dataset_read_floats(s->data, search->split, index_of(search, count, first + i),
                                          s->x + (size_t)i * shape_count(s->net->in));
    net_forward(s->net, &moment->weights, s->pass, n, s->x, MODE_INFER);
    for (int i = 0; i < n; i++) {
        ++*looked;
        if (pass_says(s->pass, i) != s->label[i])
            return index_of(search, count, first + i);
    }
    return -1;
}
