/** Going through a series: the cursor, the window of the average step by step, and the search for a piece. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/app.h"
#include "tui/listening.h"

static bool set_instant(struct app *app, const char *argument)
{
    struct listening *l = app_listening(app);
    long sample = 0;
    if (!l)
        return true;
    if (argument_is(argument, "last"))
        sample = l->signal.count;
    else if (!argument_is(argument, "first") && !text_int(argument, 1, l->signal.count, &sample))
        return false;
    l->playing = false;
    listening_point(l, sample - 1);
    app_listening_point(app);
    return true;
}

/* ---- the window, step by step ---- */

static bool tap(struct app *app, const char *argument)
{
    struct listening *l = app_listening(app);
    long products = 0;
    if (!l)
        return true;
    l->playing = false;
    if (argument_is(argument, "next") || argument_is(argument, "before"))
        listening_step(l, argument_is(argument, "next") ? 1 : -1);
    else if (text_int(argument, 0, listening_weights(l), &products))
        l->products = (int)products;
    else
        return false;
    app_listening_point(app);
    return true;
}

static bool slide(struct app *app, const char *argument)
{
    struct listening *l = app_listening(app);
    long output = 0;
    if (!l)
        return true;
    l->playing = false;
    if (argument_is(argument, "next") || argument_is(argument, "before"))
        listening_slide(l, argument_is(argument, "next") ? 1 : -1);
    else if (text_int(argument, 1, l->signal.count, &output))
        listening_slide(l, output - 1 - listening_output(l));
    else
        return false;
    app_listening_point(app);
    return true;
}

static bool play(struct app *app, const char *argument)
{
    struct listening *l = app_listening(app);
    if (!l)
        return true;
    if (!argument_is(argument, "next") && !argument_is(argument, "on") && !argument_is(argument, "off"))
        return false;
    l->playing = argument_is(argument, "on") || (argument_is(argument, "next") && !l->playing);
    l->played = 0;
    if (l->playing)
        app_say(app, "%d product%s a second: + and - change it, Space stops", l->pace,
                l->pace == 1 ? "" : "s");
    else
        app_say(app, "stopped");
    return true;
}

static bool set_pace(struct app *app, const char *argument)
{
    static const int paces[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096};
    struct listening *l = app_listening(app);
    long pace = 0;
    int at = 0;
    if (!l)
        return true;
    while (at < ARRAY_LEN(paces) - 1 && paces[at] < l->pace)
        at++;
    at = argument_turn(argument, at, ARRAY_LEN(paces));
    if (at >= 0)
        pace = paces[at];
    else if (!text_int(argument, 1, paces[ARRAY_LEN(paces) - 1], &pace))
        return false;
    app_undoable(app, "pace %d", l->pace);
    l->pace = (int)pace;
    app_say(app, "%ld product%s a second", pace, pace == 1 ? "" : "s");
    return true;
}

/* ---- the search ---- */

/* What would bring the piece back. */
static void piece_line(const struct listening *l, char *line, int size)
{
    if (!l->piece)
        snprintf(line, (size_t)size, "piece off");
    else if (*l->piece_name)
        snprintf(line, (size_t)size, "piece %s", l->piece_name);
    else
        snprintf(line, (size_t)size, "piece %ld %ld", l->piece_from + 1, l->piece_length);
}

static void cut_out(struct app *app, long from, long count)
{
    struct listening *l = app->view.listening;
    struct diag diag = {0};
    char line[OWN_PATH + 16];
    piece_line(l, line, sizeof line);
    if (!listening_cut(l, from, count, &diag)) {
        app_undoable(app, "%s", line);
        return;
    }
    app_refuse(app, &diag);
}

static bool cut(struct app *app, const char *argument)
{
    struct listening *l = app_listening(app);
    (void)argument;
    if (!l)
        return true;
    if (l->cut < 0) {
        l->cut = l->sample;
        app_say(app, "the piece begins here: c again where it ends");
        return true;
    }
    long from = l->cut < l->sample ? l->cut : l->sample, end = l->cut < l->sample ? l->sample : l->cut;
    cut_out(app, from, end - from + 1);
    return true;
}

static bool set_piece(struct app *app, const char *argument)
{
    struct listening *l = app_listening(app);
    struct diag diag = {0};
    long from, count;
    char end, line[OWN_PATH + 16];
    if (!l)
        return true;
    if (!*argument)
        return false;
    if (sscanf(argument, "%ld %ld%c", &from, &count, &end) == 2) {
        cut_out(app, from - 1, count);
        return true;
    }
    piece_line(l, line, sizeof line);
    if (argument_is(argument, "off"))
        listening_forget(l);
    else if (listening_piece(l, argument, &diag)) {
        app_refuse(app, &diag);
        return true;
    }
    app_undoable(app, "%s", line);
    return true;
}

static bool set_search(struct app *app, const char *argument)
{
    struct listening *l = app_listening(app);
    bool plain = argument_is(argument, "plain");
    if (!l)
        return true;
    if (argument_is(argument, "next"))
        plain = !l->plain;
    else if (!plain && !argument_is(argument, "normalised"))
        return false;
    app_undoable(app, "search %s", l->plain ? "plain" : "normalised");
    listening_normalise(l, plain);
    app_say(app, plain ? "plain response: loud places answer more, alike or not"
                       : "normalised response: 1 where it is the same, however loud");
    return true;
}

/* Places in the order of their scores; from where one is to the one behind it. */
static bool go_to_found(struct app *app, const char *argument)
{
    struct listening *l = app_listening(app);
    const struct listener_result *r = l ? l->result : NULL;
    int peaks = r ? r->peaks : 0, at = -1;
    long number = 0;
    if (!l)
        return true;
    for (int i = 0; i < peaks; i++)
        at = r->peak[i].col == l->sample ? i : at;
    if (argument_is(argument, "next"))
        at++;
    else if (argument_is(argument, "before"))
        at = at < 0 ? peaks - 1 : at - 1;
    else if (text_int(argument, 1, LISTENER_PEAKS, &number))
        at = (int)number - 1;
    else
        return false;
    if (peaks == 0 || number > peaks) {
        app_say(app, peaks == 0 ? "nothing was found" : "only %d places were found", peaks);
        return true;
    }
    at = (at % peaks + peaks) % peaks;
    l->playing = false;
    listening_point(l, r->peak[at].col);
    app_listening_point(app);
    app_say(app, "place %d of %d: %.4f", at + 1, peaks, (double)r->peak[at].score);
    return true;
}

const struct action listen_actions[] = {
    {"instant", "first|last|SAMPLE", "Puts the cursor on a sample of the series", set_instant},
    {"tap", "next|before|NUMBER", "One product of the average on or back, or so many of them", tap},
    {"slide", "next|before|NUMBER", "One output of the average on or back, or to that one", slide},
    {"listen", "on|off|next", "Goes on product by product by itself", play},
    {"pace", "more|less|NUMBER", "Products a second, then", set_pace},
    {"cut", NULL, "Begins a piece to search for at the cursor, or ends it there", cut},
    {"piece", "off|FILE|FROM COUNT", "The piece to search for: samples of the series, or a file", set_piece},
    {"search", "plain|normalised|next", "How the piece is compared", set_search},
    {"found", "next|before|NUMBER", "Puts the cursor on a place where the piece was found", go_to_found},
    {NULL, NULL, NULL, NULL},
};
