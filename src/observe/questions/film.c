/**
 * The attack on the sample as a film strip.
 *
 * Parts: "frames", n = FILM_FRAMES pictures of the input's shape, and "changes", what was added to the first of them; of them "count" {1, 1, 1} mean something. "loss", "linf", "l2", "first", "second", "p_first", "p_second"
 * {FILM_FRAMES, 1, 1}: see attack/film.h. "crossed" {1, 1, 1}: the first frame that is fooled, or -1.
 */
#include <string.h>

#include "attack/film.h"
#include "observe/questions/questions.h"

enum { FRAMES, CHANGES, COUNT, LOSS, LINF, L2, FIRST, SECOND, P_FIRST, P_SECOND, CROSSED };

static bool fits(const struct net *net, int layer)
{
    (void)net, (void)layer;
    return true;
}

static void shape(const struct net *net, const struct question *q, struct answer *out)
{
    static const char *const numbers[] = {"loss", "linf", "l2", "first", "second", "p_first", "p_second"};
    (void)q;
    answer_add(out, "frames", FILM_FRAMES, net->in);
    answer_add(out, "changes", FILM_FRAMES, net->in);
    answer_add(out, "count", 1, (struct shape){1, 1, 1});
    for (int i = 0; i < ARRAY_LEN(numbers); i++)
        answer_add(out, numbers[i], 1, (struct shape){FILM_FRAMES, 1, 1});
    answer_add(out, "crossed", 1, (struct shape){1, 1, 1});
}

static void answer(const struct probe *probe, const struct question *q, struct answer *out)
{
    struct film_frame frame[FILM_FRAMES] = {{0}};
    int crossed, aim = q->options.targeted ? q->target : probe->label;
    int kept = film_run(q->attack, &q->options, probe->net, &probe->moment->weights, probe->side,
                        probe->sample->x, aim, probe->sample->index, FILM_FRAMES, frame,
                        out->part[FRAMES].data, probe->scratch[1], &crossed);
    size_t count = shape_count(probe->net->in);
    const float *x = out->part[FRAMES].data;
    memset(out->part[FRAMES].data + (size_t)kept * count, 0,
           (size_t)(FILM_FRAMES - kept) * count * sizeof(float));
    for (size_t i = 0; i < FILM_FRAMES * count; i++)
        out->part[CHANGES].data[i] = i < (size_t)kept * count ? x[i] - probe->sample->x[i % count] : 0;
    for (int i = 0; i < FILM_FRAMES; i++) {
        out->part[LOSS].data[i] = frame[i].loss;
        out->part[LINF].data[i] = frame[i].linf;
        out->part[L2].data[i] = frame[i].l2;
        out->part[FIRST].data[i] = (float)frame[i].first;
        out->part[SECOND].data[i] = (float)frame[i].second;
        out->part[P_FIRST].data[i] = frame[i].p_first;
        out->part[P_SECOND].data[i] = frame[i].p_second;
    }
    *out->part[COUNT].data = (float)kept;
    *out->part[CROSSED].data = (float)crossed;
}

const struct question_type question_film = {
    .name = "film",
    .help = "every iterate of an attack, with its loss, its size and what the network says",
    .lecture = "L77",
    .needs_attack = true,
    .fits = fits,
    .shape = shape,
    .answer = answer,
};
