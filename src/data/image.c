#include "data/image.h"

#include <errno.h>
#include <math.h>
#include <png.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"

static const double most_pixels = 1e8;
static const size_t most_bytes = (size_t)1 << 30;
/* One packed byte holds at most so many (RFC 1951: 258 bytes in two bits). A picture that claims more isn't given memory. */
static const double most_packing = 1032;

void image_fini(struct image *image)
{
    free(image->data);
    *image = (struct image){0};
}

/* ---- reading: libpng's simplified interface would print; this one hands its errors to us ---- */

struct reading {
    const struct bytes *bytes;
    size_t at;
    char error[128];
    jmp_buf back;
};

static void on_error(png_structp png, png_const_charp message)
{
    struct reading *r = png_get_error_ptr(png);
    snprintf(r->error, sizeof r->error, "%s", message);
    longjmp(r->back, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
    (void)png;
    (void)message;
}

static void feed(png_structp png, png_bytep data, size_t length)
{
    struct reading *r = png_get_io_ptr(png);
    if (length > r->bytes->size - r->at)
        png_error(png, "the file ends too soon");
    memcpy(data, r->bytes->data + r->at, length);
    r->at += length;
}

/* Everything becomes 8-bit grey or colour; transparent pixels are laid over black. */
static void set_transforms(png_structp png, png_infop info)
{
    static png_color_16 black;
    png_set_expand(png);
    png_set_strip_16(png);
    png_set_packing(png);
    if (png_get_color_type(png, info) & PNG_COLOR_MASK_ALPHA || png_get_valid(png, info, PNG_INFO_tRNS))
        png_set_background(png, &black, PNG_BACKGROUND_GAMMA_SCREEN, 0, 1.0);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
}

/* `rows` and `pixels` belong to the caller, so that a longjmp leaks nothing. */
static void decode(png_structp png, png_infop info, unsigned char **pixels, unsigned char ***rows,
                   struct shape *shape)
{
    png_read_info(png, info);
    double w = png_get_image_width(png, info), h = png_get_image_height(png, info);
    if (w * h > most_pixels)
        png_error(png, "more than 100 megapixels");
    const struct reading *r = png_get_io_ptr(png);
    if ((double)png_get_rowbytes(png, info) * h > most_packing * (double)r->bytes->size)
        png_error(png, "the file is too short for its size");
    set_transforms(png, info);
    size_t stride = png_get_rowbytes(png, info), height = (size_t)h;
    *shape = (struct shape){png_get_channels(png, info), (int)h, (int)w};
    *pixels = malloc(stride * height);
    *rows = malloc(height * sizeof **rows);
    if (!*pixels || !*rows)
        png_error(png, "no memory");
    for (size_t i = 0; i < height; i++)
        (*rows)[i] = *pixels + i * stride;
    png_read_image(png, *rows);
    png_read_end(png, NULL);
}

static enum err to_floats(const unsigned char *pixels, struct shape s, struct image *out, struct diag *diag)
{
    size_t plane = (size_t)s.h * (size_t)s.w, channels = (size_t)s.c;
    out->data = mem_floats(plane * channels);
    if (!out->data)
        return diag_memory(diag, "a picture");
    out->shape = s;
    for (size_t i = 0; i < plane; i++)
        for (size_t c = 0; c < channels; c++)
            out->data[c * plane + i] = (float)pixels[i * channels + c] / 255.0f;
    return ERR_NONE;
}

enum err image_read_png(const char *path, struct image *out, struct diag *diag)
{
    struct bytes bytes = {0};
    enum err err = file_read(path, most_bytes, &bytes, diag);
    if (err)
        return err;
    struct reading r = {.bytes = &bytes};
    struct shape shape = {0};
    /* read after a longjmp: static storage duration isn't wanted, so they live in one block that never moves */
    struct {
        unsigned char *pixels, **rows;
    } *volatile held = calloc(1, sizeof *held);
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &r, on_error, on_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (bytes.size < 8 || png_sig_cmp(bytes.data, 0, 8))
        err = diag_fail(diag, ERR_FORMAT, path, 0, "not a PNG picture");
    else if (!info || !held)
        err = diag_memory(diag, "a picture");
    else if (setjmp(r.back))
        err = diag_fail(diag, ERR_FORMAT, path, 0, "not a good PNG picture: %s", r.error);
    else {
        png_set_read_fn(png, &r, feed);
        decode(png, info, &held->pixels, &held->rows, &shape);
        err = to_floats(held->pixels, shape, out, diag);
    }
    png_destroy_read_struct(&png, &info, NULL);
    if (held) {
        free(held->pixels);
        free(held->rows);
    }
    free(held);
    bytes_free(&bytes);
    return err;
}

/* ---- writing ---- */

enum err image_write_png(const char *path, struct shape s, const float *data, struct diag *diag)
{
    size_t plane = (size_t)s.h * (size_t)s.w, channels = (size_t)s.c;
    png_image png = {.version = PNG_IMAGE_VERSION, .width = (png_uint_32)s.w, .height = (png_uint_32)s.h};
    png.format = s.c == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
    if (s.c != 1 && s.c != 3)
        return diag_fail(diag, ERR_SHAPE, path, 0, "a picture has 1 or 3 channels, not %d", s.c);
    unsigned char *pixels = malloc(plane * channels), *file = NULL;
    png_alloc_size_t size = 0;
    enum err err = pixels ? ERR_NONE : diag_memory(diag, "a picture");
    for (size_t i = 0; i < plane * channels && !err; i++) {
        float v = data[i % channels * plane + i / channels];
        pixels[i] = (unsigned char)lrintf(255.0f * (v > 0 ? (v < 1 ? v : 1.0f) : 0.0f));
    }
    if (!err && (!png_image_write_to_memory(&png, NULL, &size, 0, pixels, 0, NULL) ||
                 !(file = malloc(size)) || !png_image_write_to_memory(&png, file, &size, 0, pixels, 0, NULL)))
        err = diag_fail(diag, ERR_IO, path, 0, "cannot make a PNG picture: %s", png.message);
    if (!err)
        err = file_write(path, file, size, diag);
    free(pixels);
    free(file);
    return err;
}

/* ---- as a network wants it ---- */

enum err image_set_channels(struct image *image, int channels, struct diag *diag)
{
    struct shape s = image->shape;
    size_t plane = (size_t)s.h * (size_t)s.w;
    if (s.c == channels)
        return ERR_NONE;
    if ((channels != 1 && channels != 3) || (s.c != 1 && s.c != 3))
        return diag_fail(diag, ERR_SHAPE, NULL, 0, "a picture of %d channels can't be made one of %d", s.c,
                         channels);
    float *data = mem_floats(plane * (size_t)channels);
    if (!data)
        return diag_memory(diag, "a picture");
    const float *x = image->data;
    for (size_t i = 0; i < plane; i++)
        if (channels == 1)
            data[i] = 0.299f * x[i] + 0.587f * x[plane + i] + 0.114f * x[2 * plane + i];
        else
            data[i] = data[plane + i] = data[2 * plane + i] = x[i];
    free(image->data);
    image->data = data;
    image->shape.c = channels;
    return ERR_NONE;
}

/*
 * One axis: `in` samples of x, `step` apart, become `out` samples of y, `to` apart; the part [from, from + span) is used.
 */
static void resample(const float *x, size_t step, int in, float *y, size_t to, int out, double from,
                     double span)
{
    double scale = span / out;
    for (int j = 0; j < out; j++) {
        double sum = 0, weight = 0;
        if (scale >= 1) { /* mean of the area under the new sample */
            double a = from + j * scale, b = a + scale;
            for (int i = (int)a; i < b && i < in; i++) {
                double share = fmin(b, i + 1) - fmax(a, i);
                sum += share * (double)x[(size_t)i * step];
                weight += share;
            }
        } else { /* bilinear between the two nearest centres */
            double at = fmin(fmax(from + (j + 0.5) * scale - 0.5, 0), in - 1);
            int i = (int)at < in - 1 ? (int)at : in - 1, next = i + 1 < in ? i + 1 : i;
            sum = (1 - (at - i)) * (double)x[(size_t)i * step] + (at - i) * (double)x[(size_t)next * step];
            weight = 1;
        }
        y[(size_t)j * to] = (float)(sum / weight);
    }
}

void image_scale(const float *x, int h, int w, struct image_part part, float *out, int rows, int cols,
                 float *scratch)
{
    size_t width = (size_t)w;
    for (int j = 0; j < w; j++)
        resample(x + j, width, h, scratch + j, width, rows, part.top, part.rows);
    for (int i = 0; i < rows; i++)
        resample(scratch + (size_t)i * width, 1, w, out + (size_t)i * (size_t)cols, 1, cols, part.left,
                 part.cols);
}

void image_shift(struct shape s, const float *x, int down, int right, float *out)
{
    for (int c = 0; c < s.c; c++)
        for (int i = 0; i < s.h; i++)
            for (int j = 0; j < s.w; j++) {
                int row = i - down, col = j - right;
                bool inside = row >= 0 && row < s.h && col >= 0 && col < s.w;
                *out++ = inside ? x[((size_t)c * (size_t)s.h + (size_t)row) * (size_t)s.w + (size_t)col] : 0;
            }
}

enum err image_fit(struct image *image, struct shape want, struct diag *diag)
{
    enum err err = image_set_channels(image, want.c, diag);
    struct shape s = image->shape;
    if (err || shape_equal(s, want))
        return err;
    double tall = (double)want.h / want.w, rows = fmin(s.h, s.w * tall), cols = fmin(s.w, s.h / tall);
    struct image_part middle = {(s.h - rows) / 2, (s.w - cols) / 2, rows, cols};
    float *scratch = mem_floats((size_t)want.h * (size_t)s.w), *data = mem_floats(shape_count(want));
    if (!scratch || !data) {
        free(scratch);
        free(data);
        return diag_memory(diag, "a picture");
    }
    for (int c = 0; c < s.c; c++)
        image_scale(image->data + (size_t)c * (size_t)s.h * (size_t)s.w, s.h, s.w, middle,
                    data + (size_t)c * (size_t)want.h * (size_t)want.w, want.h, want.w, scratch);
    free(scratch);
    free(image->data);
    image->data = data;
    image->shape = want;
    return ERR_NONE;
}
