#include "tensor/im2col.h"

#include <string.h>

void im2col(const float *x, struct shape in, struct window rows, struct window cols, struct shape out,
            float *unfolded)
{
    for (int c = 0; c < in.c; c++)
        for (int a = 0; a < rows.size; a++)
            for (int b = 0; b < cols.size; b++)
                for (int i = 0; i < out.h; i++, unfolded += out.w) {
                    int row = i * rows.stride + a * rows.dilation - rows.pad;
                    if (row < 0 || row >= in.h) {
                        memset(unfolded, 0, (size_t)out.w * sizeof *unfolded);
                        continue;
                    }
                    const float *line = x + ((size_t)c * (size_t)in.h + (size_t)row) * (size_t)in.w;
                    for (int j = 0; j < out.w; j++) {
                        int col = j * cols.stride + b * cols.dilation - cols.pad;
                        unfolded[j] = col >= 0 && col < in.w ? line[col] : 0;
                    }
                }
}

void col2im(const float *unfolded, struct shape in, struct window rows, struct window cols, struct shape out,
            float *x)
{
    for (int c = 0; c < in.c; c++)
        for (int a = 0; a < rows.size; a++)
            for (int b = 0; b < cols.size; b++)
                for (int i = 0; i < out.h; i++, unfolded += out.w) {
                    int row = i * rows.stride + a * rows.dilation - rows.pad;
                    if (row < 0 || row >= in.h)
                        continue;
                    float *line = x + ((size_t)c * (size_t)in.h + (size_t)row) * (size_t)in.w;
                    for (int j = 0; j < out.w; j++) {
                        int col = j * cols.stride + b * cols.dilation - cols.pad;
                        if (col >= 0 && col < in.w)
                            line[col] += unfolded[j];
                    }
                }
}
