/** Which image is looked at. */
#include "base/clock.h"
#include "base/rng.h"
#include "base/text.h"
#include "tui/app.h"

/* Another one than the one in view. */
static int random_stride(const struct app *app)
{
    int count = app->view.data->count[app->view.split];
    struct rng rng;
    rng_init(&rng, rng_key((uint64_t)app->view.index, (uint64_t)(clock_now() * 1e6), 0));
    return count > 1 ? 1 + (int)rng_below(&rng, (uint32_t)count - 1) : 0;
}

static bool choose(struct app *app, const char *argument)
{
    long index = 0;
    int was = app->view.index;
    if (argument_is(argument, "next"))
        view_move_sample(&app->view, 1);
    else if (argument_is(argument, "before"))
        view_move_sample(&app->view, -1);
    else if (argument_is(argument, "random"))
        view_move_sample(&app->view, random_stride(app));
    else if (text_int(argument, 0, app->view.data->count[app->view.split] - 1, &index))
        app->view.index = (int)index;
    else
        return false;
    app_undoable(app, "sample %d", was);
    return true;
}

const struct action sample_actions[] = {
    {"sample", "next|before|random|INDEX", "Looks at another image of the data set", choose},
    {NULL, NULL, NULL, NULL},
};
