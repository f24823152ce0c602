/** Series: sound files and CSV. What is accepted has samples, all of them finite. */
#include <math.h>

#include "data/signal.h"
#include "fuzz.h"
#include "wav_bytes.h"

static enum err read_signal(const char *path, struct diag *diag)
{
    struct signal s;
    enum err err = signal_read(path, &s, diag);
    if (err)
        return err;
    if (s.count < 1 || s.rate <= 0 || s.channels < 1)
        fuzz_fail("%ld samples at %g a second in %d channels", s.count, s.rate, s.channels);
    for (long i = 0; i < s.count; i++)
        if (!isfinite(s.x[i]))
            fuzz_fail("sample %ld is %g", i, (double)s.x[i]);
    signal_fini(&s);
    return ERR_NONE;
}

static const struct fuzz_reader reader = {read_signal};

int main(void)
{
    static const char csv[] = "0, 1\n0.5, 2\n1, 3\n";
    int16_t samples[200];
    unsigned char wav[WAV_HEADER + sizeof samples];
    fuzz_begin();
    for (int i = 0; i < 200; i++)
        samples[i] = (int16_t)(i * 331 % 4001 - 2000);
    wav_bytes(wav, 2, 8000, samples, 200);
    if (signal_reads_sound())
        fuzz_mutate(reader, "input.wav", wav, sizeof wav, 2000, "WAV");
    else
        fuzz_expect(reader, "input.wav", wav, sizeof wav, false, "libsndfile", "built without sound");
    fuzz_mutate(reader, "input.csv", csv, sizeof csv - 1, 1000, "CSV");
    return fuzz_end();
}
