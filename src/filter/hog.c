#include "filter/hog.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

static const double pi = 3.14159265358979323846;

int hog_cells(const struct hog *hog)
{
    return hog->rows / hog->cell * (hog->cols / hog->cell) * hog->bins;
}

int hog_features(const struct hog *hog)
{
    int down = hog->rows / hog->cell - 1, across = hog->cols / hog->cell - 1;
    return down > 0 && across > 0 ? down * across * 4 * hog->bins : 0;
}

void hog_grey(int channels, size_t pixels, const float *x, float *grey)
{
    for (size_t i = 0; i < pixels; i++)
        grey[i] = channels == 3 ? 0.299f * x[i] + 0.587f * x[pixels + i] + 0.114f * x[2 * pixels + i] : x[i];
}

/* Beyond the border the picture goes on as it ends. */
static float pixel(const struct hog *hog, const float *x, int row, int col)
{
    row = row < 0 ? 0 : row < hog->rows ? row : hog->rows - 1;
    col = col < 0 ? 0 : col < hog->cols ? col : hog->cols - 1;
    return x[row * hog->cols + col];
}

void hog_histograms(const struct hog *hog, const float *grey, float *out)
{
    int down = hog->rows / hog->cell, across = hog->cols / hog->cell;
    assert(hog->bins >= 2 && hog->bins <= HOG_BINS_MOST);
    for (int i = 0; i < hog_cells(hog); i++)
        out[i] = 0;
    for (int i = 0; i < down * hog->cell; i++)
        for (int j = 0; j < across * hog->cell; j++) {
            float dx = pixel(hog, grey, i, j + 1) - pixel(hog, grey, i, j - 1);
            float dy = pixel(hog, grey, i - 1, j) - pixel(hog, grey, i + 1, j); /* upwards */
            double angle = atan2((double)dy, (double)dx) / pi + 0.5; /* of the edge, in half turns */
            double place = (angle - floor(angle)) * hog->bins;
            int bin = (int)place % hog->bins;
            float share = (float)(place - floor(place)), size = sqrtf(dx * dx + dy * dy);
            float *cell = out + (ptrdiff_t)(i / hog->cell * across + j / hog->cell) * hog->bins;
            cell[bin] += (1 - share) * size;
            cell[(bin + 1) % hog->bins] += share * size;
        }
}

void hog_extract(const struct hog *hog, const float *grey, float *room, float *out)
{
    const float tiny = 1e-3f; /* a flat block stays flat */
    int down = hog->rows / hog->cell, across = hog->cols / hog->cell, bins = hog->bins;
    hog_histograms(hog, grey, room);
    for (int i = 0; i + 1 < down; i++)
        for (int j = 0; j + 1 < across; j++, out += 4 * bins) {
            float square = tiny * tiny;
            for (int k = 0; k < 4 * bins; k++) {
                int row = i + k / bins / 2, col = j + k / bins % 2;
                out[k] = room[(row * across + col) * bins + k % bins];
                square += out[k] * out[k];
            }
            for (int k = 0; k < 4 * bins; k++)
                out[k] /= sqrtf(square);
        }
}

/* The brightest rod that covers a pixel, at (x, y) from the middle of its cell, upwards. */
static float rod_at(const struct hog *hog, const float *votes, int side, double x, double y)
{
    float brightest = 0;
    for (int b = 0; b < hog->bins; b++) {
        double angle = b * pi / hog->bins, along = x * cos(angle) + y * sin(angle),
               across = x * sin(angle) - y * cos(angle);
        if (fabs(along) <= side / 2.0 && fabs(across) <= 0.5)
            brightest = fmaxf(brightest, votes[b]);
    }
    return brightest;
}

void hog_rods(const struct hog *hog, const float *votes, int side, float *out)
{
    int down = hog->rows / hog->cell, across = hog->cols / hog->cell, wide = across * side;
    float most = 0;
    for (int i = 0; i < hog_cells(hog); i++)
        most = fmaxf(most, votes[i]);
    for (int i = 0; i < down * side; i++)
        for (int j = 0; j < wide; j++) {
            const float *cell = votes + (ptrdiff_t)(i / side * across + j / side) * hog->bins;
            double middle = (side - 1) / 2.0;
            float rod = rod_at(hog, cell, side, j % side - middle, middle - i % side);
            out[i * wide + j] = most > 0 ? rod / most : 0;
        }
}
