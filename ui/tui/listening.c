#include "tui/listening.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "filter/respond.h"
#include "filter/spectrogram.h"

const char *const average_names[AVERAGES] = {"uniform", "gaussian", "typed"};
const char *const bell_names[BELLS] = {"lecture", "usual", "printed", "slide"};

static const char first[] = "waves";
enum { WIDTH = 8 /* 512 - 8 + 1 = 505 outputs, as in L20 */, PACE = 4 };
static const double noise = 0.3, heard = 0.03 /* seconds of a spectrogram's window */;

enum err listening_new(void (*wake)(void *arg), void *arg, struct listening **out, struct diag *diag)
{
    struct listening *l = calloc(1, sizeof *l);
    *out = NULL;
    if (!l)
        return diag_memory(diag, "a series");
    *l = (struct listening){.noise = noise, .seed = 1, .pace = PACE, .cut = -1};
    enum err err = listener_new(wake, arg, &l->listener, diag);
    if (!err)
        err = listening_average(l, &(struct average_choice){.width = WIDTH, .sigma = 3}, diag);
    if (!err)
        err = listening_open(l, first, diag);
    if (err)
        listening_free(l);
    else
        *out = l;
    return err;
}

void listening_free(struct listening *l)
{
    if (!l)
        return;
    listener_free(l->listener);
    signal_fini(&l->signal);
    kernel_fini(&l->kernel);
    free(l->piece);
    free(l);
}

/* What was heard is of something else now. */
static void is_other(struct listening *l)
{
    l->serial++;
}

/* ---- the series ---- */

static bool is_built_in(const char *name)
{
    for (const struct signal_type *t = signal_types; t->name; t++)
        if (strcmp(t->name, name) == 0)
            return true;
    return false;
}

/* A power of two of about so many seconds. */
static int window_for(const struct signal *s)
{
    int window = SPECTROGRAM_LEAST;
    while (window < SPECTROGRAM_MOST && 1.5 * window < heard * s->rate)
        window *= 2;
    return s->rate < 1000 ? 64 : window; /* no sound */
}

enum err listening_open(struct listening *l, const char *name, struct diag *diag)
{
    struct signal s;
    enum err err = is_built_in(name) ? signal_make(name, &s, diag) : signal_read(name, &s, diag);
    if (err)
        return err;
    listening_forget(l);
    (void)listener_take(l->listener); /* of the series before */
    l->result = NULL;
    signal_fini(&l->signal);
    l->signal = s;
    l->largest = 0;
    for (long i = 0; i < s.count; i++)
        l->largest = fmaxf(l->largest, fabsf(s.x[i]));
    snprintf(l->name, sizeof l->name, "%s", name);
    l->window = window_for(&s);
    l->playing = false;
    if (!is_built_in(name)) /* it has noise of its own */
        l->noise = 0;
    is_other(l);
    listening_look_at(l, 0, s.count);
    listening_point(l, s.count / 2);
    return ERR_NONE;
}

/* ---- the average ---- */

static enum err parse(const struct average_choice *c, struct kernel *k, struct diag *diag)
{
    char text[200];
    if (c->average == AVERAGE_TYPED)
        snprintf(text, sizeof text, "%s", c->typed);
    else if (c->average == AVERAGE_UNIFORM)
        snprintf(text, sizeof text, "uniform:rows=1,cols=%d", c->width);
    else
        snprintf(text, sizeof text, "gaussian:rows=1,cols=%d,sigma=%.9g,form=%s,centre=%s", c->width,
                 c->sigma, c->bell == BELL_SLIDE ? "lecture" : bell_names[c->bell],
                 c->bell == BELL_SLIDE ? "slide" : "middle");
    enum err err = kernel_parse(text, k, diag);
    if (err || k->w.dim[0] == 1 || k->w.dim[1] == 1)
        return err;
    err = diag_fail(diag, ERR_SHAPE, NULL, 0, "a series is filtered by one row of weights, not by %ld x %ld",
                    k->w.dim[0], k->w.dim[1]);
    kernel_fini(k);
    return err;
}

enum err listening_average(struct listening *l, const struct average_choice *choice, struct diag *diag)
{
    struct kernel kernel;
    enum err err = parse(choice, &kernel, diag);
    if (err)
        return err;
    kernel_fini(&l->kernel);
    l->kernel = kernel;
    l->choice = *choice;
    l->products = listening_weights(l);
    is_other(l);
    return ERR_NONE;
}

void listening_noise(struct listening *l, double sigma_of, uint64_t seed)
{
    l->noise = sigma_of;
    l->seed = seed;
    is_other(l);
}

/* ---- the piece ---- */

void listening_forget(struct listening *l)
{
    listener_rest(l->listener);
    free(l->piece);
    l->piece = NULL;
    l->piece_length = 0;
    l->piece_name[0] = 0;
    l->cut = -1;
    is_other(l);
}

static void picture_piece(struct listening *l, const float *x, long length)
{
    l->piece_columns = length < LISTENING_PIECE ? (int)length : LISTENING_PIECE;
    for (int c = 0; c < l->piece_columns; c++)
        l->piece_low[c] = l->piece_high[c] = NAN;
    for (long i = 0; i < length; i++) {
        int c = (int)(i * l->piece_columns / length);
        stretch_widen(&l->piece_low[c], &l->piece_high[c], x[i]);
    }
}

static enum err take_piece(struct listening *l, const float *x, long from, long length, const char *name,
                           struct diag *diag)
{
    float *piece = mem_floats((size_t)length);
    if (!piece)
        return diag_memory(diag, "a piece of a series");
    memcpy(piece, x, (size_t)length * sizeof *piece);
    listening_forget(l);
    l->piece = piece;
    l->piece_from = from;
    picture_piece(l, x, length);
    l->piece_length = length;
    snprintf(l->piece_name, sizeof l->piece_name, "%s", name);
    return ERR_NONE;
}

enum err listening_cut(struct listening *l, long from, long length, struct diag *diag)
{
    if (from < 0 || length < 1 || length > RESPOND_MOST || from > l->signal.count - length)
        return diag_fail(diag, ERR_RANGE, NULL, 0,
                         "a piece of 1 to %d samples can be cut out of these %ld, not %ld from sample %ld on",
                         (int)RESPOND_MOST, l->signal.count, length, from + 1);
    return take_piece(l, l->signal.x + from, from, length, "", diag);
}

enum err listening_piece(struct listening *l, const char *path, struct diag *diag)
{
    struct signal s;
    enum err err = signal_read(path, &s, diag);
    if (err)
        return err;
    if (s.count > l->signal.count || s.count > RESPOND_MOST)
        err = diag_fail(diag, ERR_SHAPE, path, 0, "a piece of %ld samples; at most %ld can be searched for",
                        s.count, l->signal.count < RESPOND_MOST ? l->signal.count : (long)RESPOND_MOST);
    else if (fabs(s.rate - l->signal.rate) > 1e-6 * s.rate)
        err = diag_fail(diag, ERR_SHAPE, path, 0, "%g samples a second; the series has %g", s.rate,
                        l->signal.rate);
    else
        err = take_piece(l, s.x, 0, s.count, path, diag);
    signal_fini(&s);
    return err;
}

void listening_normalise(struct listening *l, bool plain)
{
    l->plain = plain;
    is_other(l);
}

/* ---- the window ---- */

int listening_weights(const struct listening *l)
{
    return (int)tensor_count(&l->kernel.w);
}

long listening_outputs(const struct listening *l)
{
    long outputs = l->signal.count - listening_weights(l) + 1;
    return outputs > 0 ? outputs : 0;
}

long listening_output(const struct listening *l)
{
    long at = l->sample - (listening_weights(l) - 1) / 2, last = listening_outputs(l) - 1;
    return last < 0 ? -1 : at > last ? last : at < 0 ? 0 : at;
}

void listening_point(struct listening *l, long sample)
{
    long last = l->signal.count - 1;
    l->sample = sample < 0 ? 0 : sample > last ? last : sample;
    l->products = listening_weights(l);
    if (l->sample < l->from || l->sample >= l->from + l->span)
        listening_look_at(l, l->sample - l->span / 2, l->span);
}

void listening_slide(struct listening *l, long by)
{
    long at = listening_output(l) + by, last = listening_outputs(l) - 1;
    at = at > last ? last : at < 0 ? 0 : at;
    if (last >= 0)
        listening_point(l, at + (listening_weights(l) - 1) / 2);
}

bool listening_step(struct listening *l, int by)
{
    int weights = listening_weights(l);
    long at = listening_output(l), outputs = listening_outputs(l);
    if (outputs == 0)
        return false;
    long done = at * weights + l->products + by, all = outputs * weights;
    bool inside = done >= 0 && done <= all;
    done = done < 0 ? 0 : done > all ? all : done;
    at = done > 0 ? (done - 1) / weights : 0; /* a complete one is still itself, not nothing of the next */
    listening_point(l, at + (weights - 1) / 2);
    l->products = (int)(done - at * weights);
    return inside;
}

void listening_look_at(struct listening *l, long from, long span)
{
    long count = l->signal.count, least = count < LISTENING_SPAN ? count : LISTENING_SPAN;
    l->span = span < least ? least : span > count ? count : span;
    l->from = from < 0 ? 0 : from > count - l->span ? count - l->span : from;
}

static bool is_timed(const struct listening *l)
{
    return l->signal.rate > 1 || l->signal.rate < 1;
}

const char *listening_unit(const struct listening *l)
{
    return is_timed(l) ? "s" : "samples";
}

double listening_time(const struct listening *l, double sample)
{
    return is_timed(l) ? sample / l->signal.rate : sample + 1;
}

double listening_sample(const struct listening *l, double time)
{
    return is_timed(l) ? time * l->signal.rate : time - 1;
}
