/** A WAV file made by hand. */
#ifndef FOVEA_TESTS_WAV_BYTES_H
#define FOVEA_TESTS_WAV_BYTES_H

#include <stdint.h>
#include <string.h>

enum { WAV_HEADER = 44 };

static void wav_number(unsigned char *to, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        to[i] = (unsigned char)(value >> (8 * i));
}

/** RIFF, PCM of 16 bits. @param out  WAV_HEADER + 2 * count bytes. @param count  numbers, all channels together */
static void wav_bytes(unsigned char *out, int channels, int rate, const int16_t *samples, int count)
{
    memcpy(out, "RIFF....WAVEfmt ", 16);
    wav_number(out + 4, (uint32_t)(36 + 2 * count), 4);
    wav_number(out + 16, 16, 4);
    wav_number(out + 20, 1, 2);
    wav_number(out + 22, (uint32_t)channels, 2);
    wav_number(out + 24, (uint32_t)rate, 4);
    wav_number(out + 28, (uint32_t)(rate * channels * 2), 4);
    wav_number(out + 32, (uint32_t)(channels * 2), 2);
    wav_number(out + 34, 16, 2);
    memcpy(out + 36, "data", 4);
    wav_number(out + 40, (uint32_t)(2 * count), 4);
    for (int i = 0; i < count; i++)
        wav_number(out + WAV_HEADER + 2 * i, (uint16_t)samples[i], 2);
}

#endif
