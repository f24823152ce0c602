/** The signal lab: series and sounds. */
#include <math.h>
#include <stdio.h>

#include "tui/app.h"
#include "tui/labs/labs.h"
#include "tui/listening.h"
#include "tui/panels/panels.h"
#include "tui/panels/series.h"
#include "tui/state.h"

static const struct panel_type *const panels[] = {&panel_wave, &panel_average, &panel_spectrum, &panel_search,
                                                  NULL};

const struct binding signal_keys[] = {
    {' ', "lab signal", "listen next", "Space", "play, or stop", "play"},
    {'.', "lab signal", "tap next", ".", "the next product", "product"},
    {',', "lab signal", "tap before", ",", "back a product", NULL},
    {']', "lab signal", "slide next", "]", "the next output", "output"},
    {'[', "lab signal", "slide before", "[", "back an output", NULL},
    {KEY_HOME_, "lab signal", "instant first", "Home", "to the first sample", NULL},
    {KEY_END_, "lab signal", "instant last", "End", "to the last sample", NULL},
    {'+', "lab signal", "pace more", "+", "play faster", NULL},
    {'=', "lab signal", "pace more", NULL, NULL, NULL},
    {'-', "lab signal", "pace less", "-", "play slower", NULL},
    {'>', "lab signal", "width more", ">", "average over more", "wider"},
    {'<', "lab signal", "width less", "<", "average over less", NULL},
    {'a', "lab signal", "average next", "a", "uniform or Gaussian", "average"},
    {'S', "lab signal", "sigma more", "S", "a wider bell", NULL},
    {'s', "lab signal", "sigma less", "s", "a narrower bell", NULL},
    {'B', "lab signal", "bell next", "B", "other bells, slips too", NULL},
    {'E', "lab signal", "noise more", "E", "more noise", "noise"},
    {'e', "lab signal", "noise less", "e", "less noise", NULL},
    {'r', "lab signal", "noise other", "r", "noise drawn anew", NULL},
    {'n', "lab signal", "signal next", "n", "the next series", "series"},
    {'N', "lab signal", "signal before", "N", "the series before", NULL},
    {'o', "lab signal", "prompt signal", "o", "open a CSV or a sound", "open"},
    {')', "lab signal", "span less", ")", "closer", "closer"},
    {'(', "lab signal", "span more", "(", "further away", NULL},
    {'0', "lab signal", "span all", "0", "all of it", NULL},
    {KEY_PAGE_DOWN_, "lab signal", "scroll right", "PageDown", "the part to the right", NULL},
    {KEY_PAGE_UP_, "lab signal", "scroll left", "PageUp", "the part to the left", NULL},
    {'c', "lab signal", "cut", "c", "cut a piece: begin, end", "cut"},
    {'C', "lab signal", "piece off", "C", "search no longer", NULL},
    {'A', "lab signal", "search next", "A", "plain or normalised search", NULL},
    {'f', "lab signal", "found next", "f", "the next place of a piece", "found"},
    {'F', "lab signal", "found before", "F", "the place before", NULL},
    {'}', "lab signal", "fourier more", "}", "sharper frequencies", NULL},
    {'{', "lab signal", "fourier less", "{", "sharper times", NULL},
    {'b', "lab signal", "hear next", "b", "spectrum: before, smoothed", NULL},
    {KEY_ENTER_, "wave", "press", "Enter", "in wave: end the cut", NULL},
    {KEY_ENTER_, "search", "press", "Enter", "in search: the next place", NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

/* The room for the spectrogram's picture; none where it isn't on the screen. */
static void room(const struct app *app, int *rows, int *cols)
{
    const struct placed *p = app_placed(app, &panel_spectrum);
    *rows = *cols = 0;
    if (p)
        spectrum_room(p->frame.rows - 2, p->frame.cols - 2, app->view.legend, rows, cols);
}

struct listening *app_listening(struct app *app)
{
    if (!app->view.listening)
        app_say(app, "nothing is listened to yet: lab signal");
    return app->view.listening;
}

void app_listening_point(struct app *app)
{
    for (int i = 0; panels[i]; i++)
        app->view.place[panel_index(panels[i])] = (struct place){.col = (int)app->view.listening->sample};
    app_point_update(app);
}

static bool open_lab(struct app *app)
{
    struct diag diag = {0};
    if (app->view.listening)
        return true;
    if (listening_new(app_wake, app, &app->view.listening, &diag)) {
        app_say(app, "%s", diag.text);
        return false;
    }
    app_listening_point(app);
    return true;
}

static void take(struct app *app)
{
    struct listening *l = app->view.listening;
    if (!l)
        return;
    if (app->view.pointing && app->view.spot.kind == SPOT_SAMPLE && app->view.spot.step != l->sample) {
        listening_point(l, app->view.spot.step);
        l->playing = false;
        app_listening_point(app);
    }
    if (l->searching != (l->piece != NULL)) {
        l->searching = l->piece != NULL;
        app->lay_out = app->dirty = true;
    }
    room(app, &l->rows, &l->cols);
    listening_update(l);
    if (listening_take(l))
        app->dirty = true;
}

static double play(struct app *app, double now)
{
    enum { FRAMES = 20 /* a second at most */ };
    struct listening *l = app->view.listening;
    if (!l || !l->playing)
        return -1;
    double each = 1.0 / l->pace, due = fmax(each, 1.0 / FRAMES);
    if (l->played <= 0)
        l->played = now;
    int steps = (int)((now - l->played) / each);
    if (steps > 0 && now - l->played >= due - 1e-3) {
        l->playing = listening_step(l, steps);
        l->played += steps * each;
        app_listening_point(app);
        app->dirty = true;
    }
    return l->playing ? fmax(l->played + due - now, 0.001) : -1;
}

/* Nothing plays unseen. */
static void leave(struct app *app)
{
    if (app->view.listening)
        app->view.listening->playing = false;
}

static void close_lab(struct app *app)
{
    listening_free(app->view.listening);
    app->view.listening = NULL;
}

static bool settled(const struct app *app)
{
    const struct listening *l = app->view.listening;
    int rows, cols;
    room(app, &rows, &cols);
    return l && l->rows == rows && l->cols == cols && listener_settled(l->listener);
}

static void status(const struct app *app, char *text, int size)
{
    const struct listening *l = app->view.listening;
    if (!l)
        return;
    int used = snprintf(text, (size_t)size, "%s: %ld samples", l->name, l->signal.count);
    if ((l->signal.rate > 1 || l->signal.rate < 1) && used < size)
        used += snprintf(text + used, (size_t)(size - used), ", %g a second, %.4g s", l->signal.rate,
                         (double)l->signal.count / l->signal.rate);
    if (l->playing && used < size)
        used += snprintf(text + used, (size_t)(size - used), "  playing %d/s", l->pace);
    if (used < size)
        snprintf(text + used, (size_t)(size - used), "  noise %g  %s %d", l->noise,
                 average_names[l->choice.average], listening_weights(l));
}

/* A line with a name that may hold anything. */
static void add_named(struct text *out, const char *word, const char *name)
{
    state_begin_part(out);
    text_format(out, "%s ", word);
    state_add_encoded(out, name, ";'%");
}

PRINTF_LIKE(2, 3) static void add_line(struct text *out, const char *format, ...)
{
    char line[200];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    state_begin_part(out);
    text_add(out, line);
}

static void state(const struct app *app, struct text *out)
{
    const struct listening *l = app->view.listening;
    if (!l)
        return;
    add_named(out, "signal", l->name);
    add_line(out, "noise %.9g %llu", l->noise, (unsigned long long)l->seed);
    add_line(out, "average uniform; width %d; sigma %.9g; bell %s", l->choice.width, l->choice.sigma,
             bell_names[l->choice.bell]);
    if (l->choice.average == AVERAGE_TYPED)
        add_named(out, "average", l->choice.typed);
    else
        add_line(out, "average %s", average_names[l->choice.average]);
    if (l->piece && *l->piece_name)
        add_named(out, "piece", l->piece_name);
    else if (l->piece)
        add_line(out, "piece %ld %ld", l->piece_from + 1, l->piece_length);
    add_line(out, "search %s; pace %d; fourier %d; hear %s", l->plain ? "plain" : "normalised", l->pace,
             l->window, l->smoothed ? "smoothed" : "noisy");
    add_line(out, "span %ld %ld; instant %ld; tap %d", l->from + 1, l->span, l->sample + 1, l->products);
}

const struct lab lab_signal = {.name = "signal",
                               .title = "signal lab",
                               .help = "Smooth a series or a sound, and look for a pattern in it",
                               .lecture = "L17, L20, L25, L26, L28, L31",
                               .panels = panels,
                               .topics = hand_topics,
                               .rests = true,
                               .enter = open_lab,
                               .leave = leave,
                               .close = close_lab,
                               .take = take,
                               .tick = play,
                               .settled = settled,
                               .status = status,
                               .state = state};
