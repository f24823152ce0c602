#include "tui/sweeping.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"

enum err sweeping_new(const struct dataset *data, enum split split, void (*wake)(void *arg), void *arg,
                      struct sweeping **out, struct diag *diag)
{
    struct sweeping *s = calloc(1, sizeof *s);
    if (!s)
        return diag_memory(diag, "a sweep of the data");
    *s = (struct sweeping){.images = SWEEPING_IMAGES, .threads = 1};
    enum err err = sweep_new(data, split, wake, arg, &s->sweep, diag);
    if (err) {
        free(s);
        return err;
    }
    *out = s;
    return ERR_NONE;
}

void sweeping_free(struct sweeping *s)
{
    if (!s)
        return;
    sweep_free(s->sweep);
    net_free(s->rival_net);
    free(s);
}

/* The last part of a path, without its ending. */
static void name_of(const char *weights, char *name, size_t size)
{
    const char *slash = strrchr(weights, '/'), *base = slash ? slash + 1 : weights, *dot = strrchr(base, '.');
    snprintf(name, size, "%.*s", dot && dot > base ? (int)(dot - base) : (int)strlen(base), base);
}

enum err sweeping_set_rival(struct sweeping *s, const char *weights, struct diag *diag)
{
    struct net *net = NULL;
    struct weights w = {0};
    bool some = weights && *weights;
    if (some && strlen(weights) >= sizeof s->rival)
        return diag_fail(diag, ERR_RANGE, NULL, 0, "the name of the weights is too long");
    enum err err = some ? open_network(NULL, weights, &net, &w, diag) : ERR_NONE;
    if (err)
        return err;
    err = sweep_enter(s->sweep, SWEEPING_RIVAL, net, diag);
    if (!err && net)
        sweep_offer(s->sweep, SWEEPING_RIVAL, net, &w, 1, 0);
    weights_fini(&w);
    net_free(s->rival_net);
    s->rival_net = net;
    *s->rival = *s->name[SWEEPING_RIVAL] = 0;
    if (!err && net) {
        snprintf(s->rival, sizeof s->rival, "%s", weights);
        name_of(weights, s->name[SWEEPING_RIVAL], SWEEPING_NAME);
    }
    return err;
}

static bool same_task(const struct sweep_task *a, const struct sweep_task *b)
{
    return sweep_same_curves(a, b) && a->subject == b->subject && !(a->options.eps < b->options.eps) &&
           !(a->options.eps > b->options.eps);
}

void sweeping_ask(struct sweeping *s, struct sweep_task task)
{
    task.images = s->images;
    if (s->asked > 0 && same_task(&task, &s->task))
        return;
    s->task = task;
    s->asked = sweep_ask(s->sweep, &task);
}

bool sweeping_take(struct sweeping *s)
{
    const struct sweep_result *found = sweep_result(s->sweep);
    if (found)
        s->found = found;
    return found;
}

bool sweeping_settled(const struct sweeping *s)
{
    return s->asked > 0 && sweep_rests(s->sweep, s->found);
}

void sweeping_count_text(const struct sweeping *s, int seen, int total, char *text, int size)
{
    if (seen < total)
        snprintf(text, (size_t)size, "%d/%d images", seen, total);
    else if (s->found->progress < 1)
        snprintf(text, (size_t)size, "%d images  again %.0f %%", seen, 100 * s->found->progress);
    else
        snprintf(text, (size_t)size, "%d images", seen);
}
