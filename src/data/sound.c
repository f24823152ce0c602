/** Sound files. The only file that knows libsndfile; without it, they are refused with a sentence. */
#include "data/signal.h"

#if FOVEA_SOUND

#include <math.h>
#include <sndfile.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"

enum { MOST_BYTES = 1 << 30, CHUNK = 4096, MOST_CHANNELS = 64 };
static const sf_count_t most_samples = 1 << 26;

/* A file in memory, as libsndfile wants to walk through it. */
struct walk {
    const struct bytes *bytes;
    sf_count_t at;
};

static sf_count_t length(void *data)
{
    return (sf_count_t)((const struct walk *)data)->bytes->size;
}

static sf_count_t tell(void *data)
{
    return ((const struct walk *)data)->at;
}

static sf_count_t seek(sf_count_t offset, int whence, void *data)
{
    struct walk *w = data;
    sf_count_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? w->at : length(data), to = from + offset;
    if (to < 0 || to > length(data))
        return -1;
    return w->at = to;
}

static sf_count_t feed(void *to, sf_count_t count, void *data)
{
    struct walk *w = data;
    sf_count_t left = length(data) - w->at;
    count = count < left ? count : left;
    memcpy(to, w->bytes->data + w->at, (size_t)count);
    w->at += count;
    return count;
}

static sf_count_t refuse(const void *from, sf_count_t count, void *data)
{
    (void)from, (void)count, (void)data;
    return 0;
}

/* What the header promises is read in pieces, so a file that lies about its length gets no memory for it. */
static enum err mix(SNDFILE *file, int channels, struct signal *out, const char *path, struct diag *diag)
{
    float *piece = mem_floats((size_t)CHUNK * (size_t)channels);
    long room = 0;
    sf_count_t got;
    enum err err = piece ? ERR_NONE : diag_memory(diag, "a sound");
    while (!err && (got = sf_readf_float(file, piece, CHUNK)) > 0) {
        if (out->count + got > most_samples)
            err = diag_fail(diag, ERR_RANGE, path, 0, "more than %ld samples", (long)most_samples);
        if (!err && out->count + got > room) {
            room = 2 * room + CHUNK;
            float *more = realloc(out->x, (size_t)room * sizeof *more);
            if (!more)
                err = diag_memory(diag, "a sound");
            out->x = more ? more : out->x;
        }
        for (sf_count_t i = 0; i < got && !err; i++) {
            double sum = 0;
            for (int c = 0; c < channels; c++)
                sum += (double)piece[i * channels + c];
            if (!isfinite((float)sum))
                err =
                    diag_fail(diag, ERR_NUMBERS, path, 0, "sample %ld isn't a finite number", out->count + 1);
            else
                out->x[out->count++] = (float)(sum / channels);
        }
    }
    free(piece);
    if (!err && out->count == 0)
        err = diag_fail(diag, ERR_FORMAT, path, 0, "a sound without samples");
    return err;
}

enum err sound_read(const char *path, struct signal *out, struct diag *diag)
{
    struct bytes bytes = {0};
    struct walk walk = {.bytes = &bytes};
    SF_VIRTUAL_IO io = {length, seek, feed, refuse, tell};
    SF_INFO info = {0};
    SNDFILE *file = NULL;
    *out = (struct signal){0};
    enum err err = file_read(path, MOST_BYTES, &bytes, diag);
    if (!err && !(file = sf_open_virtual(&io, SFM_READ, &info, &walk)))
        err = diag_fail(diag, ERR_FORMAT, path, 0, "not a sound file: %s", sf_strerror(NULL));
    if (!err && (info.channels < 1 || info.channels > MOST_CHANNELS || info.samplerate < 1))
        err = diag_fail(diag, ERR_FORMAT, path, 0,
                        "%d channels at %d samples a second, expected 1 to %d channels", info.channels,
                        info.samplerate, MOST_CHANNELS);
    if (!err) {
        out->rate = info.samplerate;
        out->channels = info.channels;
        err = mix(file, info.channels, out, path, diag);
    }
    if (file)
        sf_close(file);
    bytes_free(&bytes);
    if (err)
        signal_fini(out);
    return err;
}

bool signal_reads_sound(void)
{
    return true;
}

#else

enum err sound_read(const char *path, struct signal *out, struct diag *diag)
{
    *out = (struct signal){0};
    return diag_fail(
        diag, ERR_FORMAT, path, 0,
        "this program was built without libsndfile and reads no sound; a series of numbers as CSV it does");
}

bool signal_reads_sound(void)
{
    return false;
}

#endif
