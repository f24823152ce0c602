/** Series: read, made, smoothed, searched, and as spectrograms. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "data/signal.h"
#include "filter/series.h"
#include "filter/spectrogram.h"
#include "wav_bytes.h"

static char folder[] = "/tmp/fovea-signal-XXXXXX";
static const char *const files[] = {"a.csv", "a.wav"};

static void set_up(void)
{
    cr_assert(mkdtemp(folder) && chdir(folder) == 0);
}

static void tear_down(void)
{
    for (int i = 0; i < ARRAY_LEN(files); i++)
        unlink(files[i]);
    cr_assert(chdir("/") == 0);
    rmdir(folder);
}

/* ---- reading ---- */

static enum err read_text(const char *text, struct signal *s, struct diag *diag)
{
    cr_assert(!file_write("a.csv", text, strlen(text), NULL));
    return signal_read("a.csv", s, diag);
}

Test(signal, csv, .init = set_up, .fini = tear_down)
{
    struct signal s;
    struct diag diag = {0};
    cr_assert(!read_text("1\n2\n3\n", &s, NULL));
    cr_assert(s.count == 3 && s.rate == 1 && s.x[2] == 3);
    signal_fini(&s);
    cr_assert(!read_text("4,5,6,7\n", &s, NULL));
    cr_assert(s.count == 4 && s.x[0] == 4);
    signal_fini(&s);
    cr_assert(!read_text("0,1\n0.5,2\n1,4\n1.5,8\n", &s, NULL));
    cr_assert(s.count == 4 && s.rate == 2 && s.x[3] == 8);
    signal_fini(&s);
    cr_assert_eq(read_text("0,1\n0.5,2\n0.7,4\n1.5,8\n", &s, &diag), ERR_FORMAT);
    cr_assert(strstr(diag.text, "a.csv: ") && strstr(diag.text, "row 3"), "%s", diag.text);
    cr_assert_eq(read_text("1,2,3\n4,5,6\n", &s, &diag), ERR_FORMAT);
    cr_assert_eq(signal_read("nothing.csv", &s, &diag), ERR_IO);
}

/* Two channels of 16 bits: their mean. */
Test(signal, wav, .init = set_up, .fini = tear_down)
{
    static const int16_t frames[6] = {16384, 0, -16384, -16384, 32767, 1};
    unsigned char bytes[WAV_HEADER + sizeof frames];
    struct signal s;
    struct diag diag = {0};
    wav_bytes(bytes, 2, 8000, frames, 6);
    cr_assert(!file_write("a.wav", bytes, sizeof bytes, NULL));
    if (!signal_reads_sound()) {
        cr_assert_eq(signal_read("a.wav", &s, &diag), ERR_FORMAT);
        cr_assert(strstr(diag.text, "libsndfile"), "%s", diag.text);
        return;
    }
    cr_assert_eq(signal_read("a.wav", &s, &diag), ERR_NONE, "%s", diag.text);
    cr_assert(s.count == 3 && s.rate == 8000 && s.channels == 2);
    cr_assert(s.x[0] == 0.25f && s.x[1] == -0.5f && s.x[2] == 0.5f);
    signal_fini(&s);
    cr_assert(!file_write("a.wav", "no sound", 8, NULL));
    cr_assert_eq(signal_read("a.wav", &s, &diag), ERR_FORMAT);
    cr_assert(strstr(diag.text, "a.wav: not a sound file"), "%s", diag.text);
    cr_assert_eq(signal_read("nothing.wav", &s, &diag), ERR_IO);
}

/* ---- the built-in ones ---- */

Test(signal, made)
{
    struct signal a, b;
    struct diag diag = {0};
    for (int i = 0; signal_types[i].name; i++) {
        float top = 0;
        cr_assert(!signal_make(signal_types[i].name, &a, NULL) &&
                  !signal_make(signal_types[i].name, &b, NULL));
        cr_assert(a.count == signal_types[i].count && a.rate == signal_types[i].rate);
        cr_assert_eq(memcmp(a.x, b.x, (size_t)a.count * sizeof(float)), 0);
        for (long k = 0; k < a.count; k++)
            top = fmaxf(top, fabsf(a.x[k]));
        cr_assert(top > 0.3f && top <= 1.01f, "%s reaches %g", signal_types[i].name, (double)top);
        signal_fini(&a);
        signal_fini(&b);
    }
    cr_assert_eq(signal_make("silence", &a, &diag), ERR_UNKNOWN);
    cr_assert(strstr(diag.text, "there are steps, waves"), "%s", diag.text);
}

/* ---- smoothing ---- */

static void filter(const struct signal *x, const char *name, enum correlate_mode mode, struct signal *y)
{
    struct kernel k;
    struct diag diag = {0};
    cr_assert_eq(kernel_parse(name, &k, &diag), ERR_NONE, "%s", diag.text);
    cr_assert_eq(series_filter(x, &k, mode, NULL, y, &diag), ERR_NONE, "%s", diag.text);
    kernel_fini(&k);
}

/* L20: d = 512, k = 8 leave 505; L25: each is the mean of eight. */
Test(series, moving_average)
{
    struct signal x, y;
    struct kernel k;
    struct diag diag = {0};
    cr_assert(!signal_make("waves", &x, NULL));
    filter(&x, "uniform:rows=1,k=8", CORRELATE_VALID, &y);
    cr_assert_eq(y.count, 505);
    for (long i = 0; i < y.count; i++) {
        double sum = 0;
        for (int j = 0; j < 8; j++)
            sum += (double)x.x[i + j] / 8;
        cr_assert_float_eq(y.x[i], sum, 1e-6);
    }
    signal_fini(&y);
    cr_assert(!kernel_parse("uniform:k=3", &k, NULL));
    cr_assert_eq(series_filter(&x, &k, CORRELATE_SAME, NULL, &y, &diag), ERR_SHAPE);
    kernel_fini(&k);
    x.count = 5;
    cr_assert(!kernel_parse("uniform:rows=1,k=8", &k, NULL));
    cr_assert_eq(series_filter(&x, &k, CORRELATE_VALID, NULL, &y, &diag), ERR_SHAPE);
    kernel_fini(&k);
    signal_fini(&x);
}

/* L26: the noise goes, and with it, when the mean is taken over too much, the signal. */
Test(series, noise_removal)
{
    struct signal x, noisy, y;
    double snr[3];
    static const char *const means[3] = {"uniform:rows=1,k=1", "gaussian:rows=1,k=9,sigma=3",
                                         "uniform:rows=1,k=101"};
    cr_assert(!signal_make("waves", &x, NULL));
    cr_assert(!series_noise(&x, 0.3, 1, &noisy, NULL));
    cr_assert(isinf(series_snr(&x, &x, 0, x.count)));
    for (int i = 0; i < 3; i++) {
        filter(&noisy, means[i], CORRELATE_SAME, &y);
        snr[i] = series_snr(&x, &y, 60, 450);
        signal_fini(&y);
    }
    cr_assert_float_eq(snr[0], 10 * log10((0.18 + 0.045) / 0.09), 0.7, "%g dB", snr[0]);
    cr_assert_gt(snr[1], snr[0] + 5);
    cr_assert_lt(snr[2], snr[1] - 5);
    signal_fini(&x);
    signal_fini(&noisy);
}

/* L31: a note of the melody, found wherever it is played, in noise too. */
Test(series, finds_a_note)
{
    struct signal x, noisy;
    struct tensor response;
    struct peak peak[8];
    int peaks;
    cr_assert(!signal_make("melody", &x, NULL));
    cr_assert(!series_noise(&x, 0.2, 3, &noisy, NULL));
    cr_assert(!series_find(&noisy, x.x + 2000, 2000, true, 0.5f, 8, NULL, &response, peak, &peaks, NULL));
    cr_assert_eq(response.dim[1], 14001);
    cr_assert_eq(peaks, 2, "%d peaks", peaks);
    cr_assert(abs(peak[0].col + peak[1].col - 12000) <= 2, "at 2000 and 10000: %d, %d", peak[0].col,
              peak[1].col);
    cr_assert(abs(abs(peak[0].col - peak[1].col) - 8000) <= 2);
    cr_assert(peak[0].score > 0.5f && peak[0].score <= 1);
    tensor_fini(&response);
    cr_assert_eq(series_find(&x, x.x, 20000, true, 0.5f, 8, NULL, &response, peak, &peaks, NULL), ERR_SHAPE);
    signal_fini(&x);
    signal_fini(&noisy);
}

/* ---- frequencies ---- */

Test(spectrogram, fourier_as_defined)
{
    enum { N = 32 };
    double re[N], im[N], a[N], b[N];
    for (int i = 0; i < N; i++) {
        a[i] = re[i] = sin(i * i);
        b[i] = im[i] = cos(3 * i + 1);
    }
    fourier(N, re, im);
    for (int k = 0; k < N; k++) {
        double x = 0, y = 0;
        for (int i = 0; i < N; i++) {
            double t = -2 * 3.14159265358979323846 * i * k / N;
            x += a[i] * cos(t) - b[i] * sin(t);
            y += a[i] * sin(t) + b[i] * cos(t);
        }
        cr_assert_float_eq(re[k], x, 1e-12);
        cr_assert_float_eq(im[k], y, 1e-12);
    }
}

/* A full sine has 0 decibels in its bin; the chirp climbs. */
Test(spectrogram, tones)
{
    struct spectrogram s;
    struct signal x;
    struct diag diag = {0};
    float sine[4096];
    for (int i = 0; i < 4096; i++)
        sine[i] = (float)sin(2 * 3.14159265358979323846 * i * 32 / 256);
    cr_assert(!spectrogram(sine, 4096, 8000, 256, 128, &s, NULL));
    cr_assert(s.frames == 32 && s.bins == 129);
    cr_assert_float_eq(s.decibel[3 * 129 + 32], 0, 0.01);
    cr_assert_lt(s.decibel[3 * 129 + 36], -80);
    spectrogram_fini(&s);
    cr_assert(!signal_make("chirp", &x, NULL) && !spectrogram(x.x, x.count, x.rate, 512, 512, &s, NULL));
    for (long t = 0, before = 0; t < s.frames - 2; t++) {
        long best = 0;
        for (long b = 0; b < s.bins; b++)
            best = s.decibel[t * s.bins + b] > s.decibel[t * s.bins + best] ? b : best;
        double hertz = 200 + 2800 * ((double)t * 512 + 256) / (double)x.count;
        cr_assert_geq(best, before);
        cr_assert_float_eq((double)best * s.rate / s.window, hertz, 2 * s.rate / s.window);
        before = best;
    }
    spectrogram_fini(&s);
    cr_assert_eq(spectrogram(x.x, x.count, x.rate, 500, 1, &s, &diag), ERR_RANGE);
    cr_assert_eq(spectrogram(x.x, x.count, x.rate, 512, 0, &s, &diag), ERR_RANGE);
    signal_fini(&x);
}
