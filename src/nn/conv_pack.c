#include "nn/conv_pack.h"

int conv_outs(int cout)
{
    int best = 4;
    for (int outs = 5; outs <= CONV_OUTS; outs++)
        if ((cout + outs - 1) / outs * outs < (cout + best - 1) / best * best)
            best = outs;
    return cout < best ? cout : best;
}

void conv_pack(int cin, int cout, int taps, const float *w, bool turn, float *to)
{
    int outs = conv_outs(cout);
    for (int o = 0; o < cout; o += outs)
        for (int c = 0; c < cin; c++)
            for (int t = 0; t < taps; t++)
                for (int k = o; k < o + outs && k < cout; k++)
                    *to++ = turn ? w[((size_t)c * (size_t)cout + (size_t)k) * (size_t)taps +
                                     (size_t)(taps - 1 - t)]
                                 : w[((size_t)k * (size_t)cin + (size_t)c) * (size_t)taps + (size_t)t];
}
