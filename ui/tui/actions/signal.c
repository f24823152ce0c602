/** A series or a sound: which, how it is smoothed, what noise is added, the part in view, and its spectrogram. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/app.h"
#include "tui/listening.h"

/* ---- the series ---- */

static const char *built_in_beside(const char *name, int by)
{
    int count = 0, at = -1;
    for (; signal_types[count].name; count++)
        if (strcmp(signal_types[count].name, name) == 0)
            at = count;
    return signal_types[at < 0 ? 0 : (at + by + count) % count].name;
}

static bool choose_signal(struct app *app, const char *argument)
{
    struct listening *l = app_listening(app);
    struct diag diag = {0};
    char was[OWN_PATH];
    if (!l)
        return true;
    if (!*argument)
        return false;
    double noise = l->noise;
    snprintf(was, sizeof was, "%s", l->name);
    const char *name = argument_is(argument, "next")     ? built_in_beside(was, 1)
                       : argument_is(argument, "before") ? built_in_beside(was, -1)
                                                         : argument;
    if (listening_open(l, name, &diag)) {
        app_refuse(app, &diag);
        return true;
    }
    app_undoable(app, "signal %s; noise %.9g %llu", was, noise, (unsigned long long)l->seed);
    app_listening_point(app);
    for (const struct signal_type *t = signal_types; t->name; t++)
        if (strcmp(t->name, name) == 0)
            app_say(app, "%s: %s", name, t->help);
    return true;
}

/* ---- the average ---- */

/* Another one, or why not. */
static bool change_average(struct app *app, const struct average_choice *next)
{
    struct listening *l = app->view.listening;
    const struct average_choice *was = &l->choice;
    struct diag diag = {0};
    char line[OWN_PATH + 16];
    if (was->average == AVERAGE_TYPED)
        snprintf(line, sizeof line, "average %s", was->typed);
    else /* sigma and bell are Gaussian */
        snprintf(line, sizeof line, "average uniform; width %d; sigma %.9g; bell %s; average %s", was->width,
                 was->sigma, bell_names[was->bell], average_names[was->average]);
    if (listening_average(l, next, &diag)) {
        app_refuse(app, &diag);
        return false;
    }
    app_undoable(app, "%s", line);
    app_listening_point(app);
    return true;
}

static bool choose_average(struct app *app, const char *argument)
{
    struct listening *l = app_listening(app);
    struct kernel k;
    struct diag diag = {0};
    if (!l)
        return true;
    struct average_choice next = l->choice;
    for (int a = 0; a < AVERAGE_TYPED; a++)
        if (argument_is(argument, average_names[a]) ||
            (argument_is(argument, "next") && (int)l->choice.average != a)) {
            next.average = (enum average)a;
            change_average(app, &next);
            return true;
        }
    if (strlen(argument) >= sizeof next.typed)
        return false;
    if (kernel_parse(argument, &k, &diag)) {
        app_refuse(app, &diag);
        return true;
    }
    kernel_fini(&k);
    next.average = AVERAGE_TYPED;
    snprintf(next.typed, sizeof next.typed, "%s", argument);
    change_average(app, &next);
    return true;
}

/* The choice that a knob is turned of. @return false: it has none, which was said */
static bool turns(struct app *app, struct average_choice *next)
{
    struct listening *l = app_listening(app);
    if (l && l->choice.average == AVERAGE_TYPED)
        app_say(app, "typed weights have no width and no bell: a chooses another average");
    if (l)
        *next = l->choice;
    return l && l->choice.average != AVERAGE_TYPED;
}

static bool set_width(struct app *app, const char *argument)
{
    struct average_choice next = {.width = 1};
    bool turning = turns(app, &next);
    long width = 0;
    int at = argument_turn(argument, next.width - 1, STRETCH_WEIGHTS);
    if (at >= 0)
        width = at + 1;
    else if (!text_int(argument, 1, STRETCH_WEIGHTS, &width))
        return false;
    next.width = (int)width;
    if (turning)
        change_average(app, &next);
    return true;
}

static bool set_sigma(struct app *app, const char *argument)
{
    static const double steps[] = {0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 100};
    struct average_choice next = {0};
    bool turning = turns(app, &next);
    int at = 0;
    while (at < ARRAY_LEN(steps) - 1 && steps[at] < next.sigma * 0.999)
        at++;
    at = argument_turn(argument, at, ARRAY_LEN(steps));
    if (at >= 0)
        next.sigma = steps[at];
    else if (!text_real(argument, &next.sigma))
        return false;
    next.average = AVERAGE_GAUSSIAN;
    if (turning)
        change_average(app, &next);
    return true;
}

static bool set_bell(struct app *app, const char *argument)
{
    static const char *const said[BELLS] = {"the lecture's: exp(-d^2/sigma^2), around (k+1)/2",
                                            "the usual one: exp(-d^2/(2 sigma^2))",
                                            "as printed on the slide, without the minus: no blur at all",
                                            "around the slide's k/2: half a sample off"};
    struct average_choice next = {0};
    bool turning = turns(app, &next);
    int to = argument_is(argument, "next") ? (int)(next.bell + 1) % BELLS : -1;
    for (int i = 0; i < BELLS; i++)
        to = argument_is(argument, bell_names[i]) ? i : to;
    if (to < 0)
        return false;
    next.bell = (enum bell)to;
    next.average = AVERAGE_GAUSSIAN;
    if (turning && change_average(app, &next))
        app_say(app, "%s", said[to]);
    return true;
}

/* ---- noise ---- */

static const double noises[] = {0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 2, 5};

static bool set_noise(struct app *app, const char *argument)
{
    struct listening *l = app_listening(app);
    char sigma_text[32] = "", seed_text[32] = "";
    if (!l)
        return true;
    double sigma = l->noise;
    uint64_t seed = l->seed;
    int at = 0;
    while (at < ARRAY_LEN(noises) - 1 && noises[at] < l->noise * 0.999)
        at++;
    at = argument_turn(argument, at, ARRAY_LEN(noises));
    if (at >= 0)
        sigma = noises[at];
    else if (argument_is(argument, "other"))
        seed++;
    else if (sscanf(argument, "%31s %31s", sigma_text, seed_text) < 1 || !text_real(sigma_text, &sigma) ||
             !(sigma >= 0 && sigma <= 1e6) || (*seed_text && !text_u64(seed_text, &seed)))
        return false;
    app_undoable(app, "noise %.9g %llu", l->noise, (unsigned long long)l->seed);
    listening_noise(l, sigma, seed);
    app_say(app, "noise of sigma %g, draw %llu", sigma, (unsigned long long)seed);
    return true;
}

/* ---- the view ---- */

static bool set_span(struct app *app, const char *argument)
{
    struct listening *l = app_listening(app);
    long from, count;
    char end;
    if (!l)
        return true;
    long was = l->from, before = l->span, middle = l->sample;
    bool more = argument_is(argument, "more");
    if (more || argument_is(argument, "less")) {
        long span = more ? before * 2 : before / 2;
        span = span < LISTENING_SPAN ? LISTENING_SPAN : span;
        listening_look_at(l, middle - (long)((double)(middle - was) * (double)span / (double)before), span);
    } else if (argument_is(argument, "all")) {
        listening_look_at(l, 0, l->signal.count);
    } else if (sscanf(argument, "%ld %ld%c", &from, &count, &end) == 2 && from >= 1 && count >= 1) {
        listening_look_at(l, from - 1, count);
    } else {
        return false;
    }
    app_undoable(app, "span %ld %ld", was + 1, before);
    return true;
}

static bool scroll(struct app *app, const char *argument)
{
    struct listening *l = app_listening(app);
    bool right = argument_is(argument, "right");
    if (!l)
        return true;
    if (!right && !argument_is(argument, "left"))
        return false;
    long by = l->span - l->span / 8; /* the cursor goes along */
    app_undoable(app, "span %ld %ld", l->from + 1, l->span);
    long to = l->sample + (right ? by : -by);
    listening_look_at(l, l->from + (right ? by : -by), l->span);
    listening_point(l, to);
    app_listening_point(app);
    return true;
}

/* ---- the spectrogram ---- */

static bool set_fourier(struct app *app, const char *argument)
{
    static const int windows[] = {16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384};
    struct listening *l = app_listening(app);
    long window = 0;
    int at = 0;
    if (!l)
        return true;
    while (windows[at] < l->window)
        at++;
    at = argument_turn(argument, at, ARRAY_LEN(windows));
    if (at >= 0)
        window = windows[at];
    else if (!text_int(argument, windows[0], windows[ARRAY_LEN(windows) - 1], &window) ||
             (window & (window - 1)) != 0)
        return false;
    app_undoable(app, "fourier %d", l->window);
    l->window = (int)window;
    return true;
}

static bool hear(struct app *app, const char *argument)
{
    struct listening *l = app_listening(app);
    bool smoothed = argument_is(argument, "smoothed");
    if (!l)
        return true;
    if (argument_is(argument, "next"))
        smoothed = !l->smoothed;
    else if (!smoothed && !argument_is(argument, "noisy"))
        return false;
    app_undoable(app, "hear %s", l->smoothed ? "smoothed" : "noisy");
    l->smoothed = smoothed;
    return true;
}

const struct action signal_actions[] = {
    {"signal", "next|before|NAME|FILE", "Listens to another series: one of the program's, a CSV or a sound",
     choose_signal},
    {"average", "uniform|gaussian|next|KERNEL", "The weights of the average, or a row of typed ones",
     choose_average},
    {"width", "more|less|WEIGHTS", "How many samples the average is taken of", set_width},
    {"sigma", "more|less|SAMPLES", "Width of the bell of a Gaussian average", set_sigma},
    {"bell", "next|lecture|usual|printed|slide", "The formula of a Gaussian average", set_bell},
    {"noise", "more|less|other|SIGMA [SEED]", "Noise that is added to the series", set_noise},
    {"span", "more|less|all|FROM COUNT", "The part of the series that is in view", set_span},
    {"scroll", "left|right", "The part of the series beside it", scroll},
    {"fourier", "more|less|SAMPLES", "The window of the spectrogram, a power of two", set_fourier},
    {"hear", "noisy|smoothed|next", "Which series the spectrogram is of", hear},
    {NULL, NULL, NULL, NULL},
};
