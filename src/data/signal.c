#include "data/signal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/text.h"
#include "data/table.h"

static const long most = 1L << 26;
static const double tau = 6.28318530717958647692;

void signal_fini(struct signal *s)
{
    free(s->x);
    *s = (struct signal){0};
}

/* ---- files ---- */

static bool is_sound(const char *path)
{
    static const char *const ends[] = {".wav", ".flac", ".ogg", ".aiff", ".aif"};
    const char *dot = strrchr(path, '.');
    for (int i = 0; dot && i < ARRAY_LEN(ends); i++)
        if (strcasecmp(dot, ends[i]) == 0)
            return true;
    return false;
}

/* Two columns: the times must rise by the same step, to a hundredth of it. */
static enum err take_times(const char *path, const struct tensor *t, double *rate, struct diag *diag)
{
    long n = t->dim[0];
    double first = (double)t->data[0], step = ((double)t->data[2 * (n - 1)] - first) / (double)(n - 1);
    for (long i = 0; i < n; i++)
        if (!(step > 0) ||
            fabs((double)t->data[2 * i] - first - step * (double)i) > 0.01 * step + 1e-6 * fabs(first))
            return diag_fail(diag, ERR_FORMAT, path, 0,
                             "the first column should be times that rise evenly; row %ld doesn't", i + 1);
    *rate = 1 / step;
    return ERR_NONE;
}

static enum err read_csv(const char *path, struct signal *out, struct diag *diag)
{
    struct table table;
    const char *shown = strcmp(path, "-") == 0 ? "standard input" : path;
    enum err err = table_read(path, &table, diag);
    const struct tensor *t = &table.tensor;
    bool timed = !err && t->rank == 2 && t->dim[1] == 2 && t->dim[0] > 1;
    *out = (struct signal){.rate = 1, .channels = 1};
    if (!err && t->rank != 1 && !timed)
        err = diag_fail(diag, ERR_FORMAT, shown, 0,
                        "a series is one row or one column of numbers, or two columns, times and values");
    if (!err && timed)
        err = take_times(shown, t, &out->rate, diag);
    if (!err && t->dim[0] > most)
        err = diag_fail(diag, ERR_RANGE, shown, 0, "more than %ld samples", most);
    if (!err) {
        out->count = t->dim[0];
        out->x = mem_floats((size_t)out->count);
        if (!out->x)
            err = diag_memory(diag, "a series");
    }
    for (long i = 0; i < out->count && !err; i++)
        out->x[i] = t->data[timed ? 2 * i + 1 : i];
    table_fini(&table);
    if (err)
        signal_fini(out);
    return err;
}

enum err signal_read(const char *path, struct signal *out, struct diag *diag)
{
    return is_sound(path) ? sound_read(path, out, diag) : read_csv(path, out, diag);
}

/* ---- made by the program ---- */

static void make_steps(float *x, long count, double rate)
{
    (void)rate;
    for (long i = 0; i < count; i++)
        x[i] = i / 64 % 2 ? 1 : 0;
}

static void make_waves(float *x, long count, double rate)
{
    for (long i = 0; i < count; i++)
        x[i] = (float)(0.6 * sin(tau * 2 * (double)i / rate) + 0.3 * sin(tau * 7 * (double)i / rate + 1));
}

/* A beat: a small wave, a sharp one, a slow one; each a little earlier or later than the clock says. */
static void make_beats(float *x, long count, double rate)
{
    static const double at[5] = {-0.2, -0.03, 0, 0.03, 0.25}, size[5] = {0.15, -0.15, 1, -0.25, 0.3},
                        width[5] = {0.03, 0.012, 0.012, 0.012, 0.05};
    struct rng rng;
    rng_init(&rng, 21);
    for (double beat = 0.4; beat < (double)count / rate;
         beat += 0.8 + 0.08 * (double)(rng_uniform(&rng) - 0.5f))
        for (int k = 0; k < 5; k++)
            for (long i = 0; i < count; i++) {
                double from = ((double)i / rate - beat - at[k]) / width[k];
                if (fabs(from) < 5)
                    x[i] += (float)(size[k] * exp(-from * from / 2));
            }
}

static void make_chirp(float *x, long count, double rate)
{
    double phase = 0;
    for (long i = 0; i < count; i++) {
        phase += tau * (200 + 2800 * (double)i / (double)count) / rate;
        x[i] = (float)(0.7 * sin(phase));
    }
}

/* Eight notes of a quarter of a second, some of them again: what a search for one of them finds. */
static void make_melody(float *x, long count, double rate)
{
    static const int half_tones[8] = {0, 4, 7, 12, 7, 4, 0, 7};
    long note = count / 8;
    for (long i = 0; i < count; i++) {
        double in = (double)(i % note) / rate, hertz = 262 * pow(2, half_tones[i / note % 8] / 12.0);
        double body =
            sin(tau * hertz * in) + 0.4 * sin(tau * 2 * hertz * in) + 0.2 * sin(tau * 3 * hertz * in);
        x[i] = (float)(0.5 * body * exp(-6 * in) * fmin(1, in * 200));
    }
}

const struct signal_type signal_types[] = {
    {"steps", "a square wave, 64 samples up and 64 down", 512, 1, make_steps},
    {"waves", "two sines, of 2 and 7 waves a second", 512, 128, make_waves},
    {"beats", "a heart's, as a monitor draws it", 1600, 100, make_beats},
    {"chirp", "a tone that climbs from 200 to 3000 hertz", 16000, 8000, make_chirp},
    {"melody", "eight notes", 16000, 8000, make_melody},
    {NULL, NULL, 0, 0, NULL},
};

enum err signal_make(const char *name, struct signal *out, struct diag *diag)
{
    const struct signal_type *type = signal_types;
    struct text known = {0};
    *out = (struct signal){0};
    while (type->name && strcmp(type->name, name) != 0)
        type++;
    for (int i = 0; signal_types[i].name && !type->name; i++)
        text_listed(&known, signal_types[i].name, !signal_types[i + 1].name);
    if (!type->name)
        return text_unknown(diag, NULL, 0, "built-in series", name, &known);
    *out = (struct signal){type->count, mem_floats((size_t)type->count), type->rate, 1};
    if (!out->x)
        return diag_memory(diag, "a series");
    type->make(out->x, out->count, out->rate);
    return ERR_NONE;
}
