#include "tui/own.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { LARGE = 16 /* network pixels: a file is kept with at most so many of its own for each */ };
static const float pen_radius = 1.5f / 28, dark_on_light = 0.5f;

enum err own_init(struct own *o, struct shape in, struct diag *diag)
{
    size_t plane = (size_t)in.h * (size_t)in.w;
    *o = (struct own){.in = in, .label = -1};
    enum err err = sketch_init(&o->sketch, in.h * OWN_GRAIN, in.w * OWN_GRAIN, diag);
    o->base = mem_floats(shape_count(in));
    o->x = mem_floats(shape_count(in));
    o->means[0] = mem_floats(plane);
    o->means[1] = mem_floats(4 * plane);
    if (!err && !(o->base && o->x && o->means[0] && o->means[1]))
        err = diag_memory(diag, "own pictures");
    if (err)
        own_fini(o);
    o->sheet[0] = o->means[0];
    o->sheet[1] = o->means[1];
    o->sheet[2] = o->sketch.sheet.data;
    o->pen = (struct nib){.x = (float)(in.w * OWN_GRAIN / 2),
                          .y = (float)(in.h * OWN_GRAIN / 4),
                          .radius = pen_radius * (float)(in.h * OWN_GRAIN)};
    return err;
}

void own_fini(struct own *o)
{
    sketch_fini(&o->sketch);
    image_fini(&o->picture);
    image_fini(&o->fitted);
    free(o->base);
    free(o->x);
    free(o->means[0]);
    free(o->means[1]);
    *o = (struct own){0};
}

void own_reset(struct own *o, enum own_source source)
{
    o->source = source;
    o->invert = o->centre = false;
    o->down = o->right = 0;
    o->label = -1;
    o->changed = true;
}

bool own_used(const struct own *o)
{
    return o->source != OWN_DATA || o->invert || o->down != 0 || o->right != 0;
}

bool own_is_centred(const struct own *o)
{
    return o->source == OWN_DRAWING || (o->source == OWN_FILE && o->centre);
}

/* ---- making the picture ---- */

static void invert(float *x, size_t count)
{
    for (size_t i = 0; i < count; i++)
        x[i] = 1 - x[i];
}

/* A file is inverted before it is centred, which looks for light ink; anything else as it is. */
static enum err make_from_file(struct own *o, struct diag *diag)
{
    size_t count = shape_count(o->in), pixels = shape_count(o->picture.shape);
    if (!o->centre) {
        memcpy(o->base, o->fitted.data, count * sizeof *o->base);
        if (o->invert)
            invert(o->base, count);
        return ERR_NONE;
    }
    if (o->invert)
        invert(o->picture.data, pixels);
    enum err err = centre_picture(&o->picture, o->in, o->base, &o->did, diag);
    if (o->invert) /* and back */
        invert(o->picture.data, pixels);
    return err;
}

enum err own_make(struct own *o, const struct dataset *data, enum split split, int index, struct diag *diag)
{
    enum err err = ERR_NONE;
    o->did = (struct centred){0};
    if (o->source == OWN_FILE)
        err = make_from_file(o, diag);
    else if (o->source == OWN_DRAWING)
        err = centre_picture(&o->sketch.sheet, o->in, o->base, &o->did, diag);
    else
        o->label = dataset_read_floats(data, split, index, o->base);
    if (o->invert && o->source != OWN_FILE)
        invert(o->base, shape_count(o->in));
    image_shift(o->in, o->base, o->down, o->right, o->x);
    o->changed = false;
    o->version++;
    return err;
}

/* Means of `grain` x `grain` pixels of the sheet. */
static void average(const struct image *sheet, int grain, float *out)
{
    int h = sheet->shape.h / grain, w = sheet->shape.w / grain;
    for (int i = 0; i < h; i++)
        for (int j = 0; j < w; j++) {
            float sum = 0;
            for (int y = 0; y < grain; y++)
                for (int x = 0; x < grain; x++)
                    sum += sheet->data[(i * grain + y) * sheet->shape.w + j * grain + x];
            out[i * w + j] = sum / (float)(grain * grain);
        }
}

void own_drawn(struct own *o)
{
    average(&o->sketch.sheet, OWN_GRAIN, o->means[0]);
    average(&o->sketch.sheet, OWN_GRAIN / 2, o->means[1]);
    o->changed = true;
}

/* ---- a file ---- */

static enum err copy_of(const struct image *image, struct image *out, struct diag *diag)
{
    size_t count = shape_count(image->shape);
    *out = (struct image){.shape = image->shape, .data = mem_floats(count)};
    if (!out->data)
        return diag_memory(diag, "a picture");
    memcpy(out->data, image->data, count * sizeof *out->data);
    return ERR_NONE;
}

/* Nobody sees more of a photograph of many megapixels than this. */
static enum err make_smaller(struct image *image, struct shape in, struct diag *diag)
{
    struct shape s = image->shape;
    int most = LARGE * (in.h > in.w ? in.h : in.w), longer = s.h > s.w ? s.h : s.w;
    if (longer <= most)
        return ERR_NONE;
    long rows = (long)s.h * most / longer, cols = (long)s.w * most / longer;
    return image_fit(image, (struct shape){s.c, rows > 1 ? (int)rows : 1, cols > 1 ? (int)cols : 1}, diag);
}

enum err own_read(struct own *o, const char *path, struct diag *diag)
{
    struct image picture = {0}, fitted = {0};
    enum err err = image_read_png(path, &picture, diag);
    struct shape read = picture.shape;
    if (!err)
        err = copy_of(&picture, &fitted, diag);
    if (!err)
        err = image_fit(&fitted, o->in, diag);
    if (!err)
        err = make_smaller(&picture, o->in, diag);
    struct centred did = {0};
    if (!err)
        err = centre_picture(&picture, o->in, o->x, &did, diag); /* for its paper; x is made anew anyway */
    if (err) {
        image_fini(&picture);
        image_fini(&fitted);
        return err;
    }
    image_fini(&o->picture);
    image_fini(&o->fitted);
    o->picture = picture;
    o->fitted = fitted;
    o->read = read;
    snprintf(o->path, sizeof o->path, "%s", path);
    own_reset(o, OWN_FILE);
    bool ready = read.h == o->in.h && read.w == o->in.w;
    o->centre = o->in.c == 1 && !ready;
    o->invert = o->centre && did.paper > dark_on_light;
    return ERR_NONE;
}

/* ---- in words ---- */

bool own_line(const struct own *o, enum split split, int index, char *text, int size)
{
    static const char *const switches[] = {"off", "on"};
    char source[OWN_PATH + 8] = "", more[128] = "";
    if (o->source == OWN_FILE)
        snprintf(source, sizeof source, "; open %s", o->path);
    else if (o->source == OWN_DRAWING)
        snprintf(source, sizeof source, "; draw show");
    int used = 0;
    if (o->source == OWN_FILE)
        used = snprintf(more, sizeof more, "; centre %s", switches[o->centre]);
    if (o->source == OWN_FILE || o->invert)
        used += snprintf(more + used, sizeof more - (size_t)used, "; invert %s", switches[o->invert]);
    if (o->source != OWN_DATA && o->label >= 0)
        used += snprintf(more + used, sizeof more - (size_t)used, "; label %d", o->label);
    if (o->down != 0 || o->right != 0)
        snprintf(more + used, sizeof more - (size_t)used, "; nudge %d %d", o->down, o->right);
    return snprintf(text, (size_t)size, "split %s; sample %d%s%s", split == SPLIT_TEST ? "test" : "train",
                    index, source, more) < size;
}

/* Two lines for centring, or one for fitting; one more for what else was done. */
static bool has_more(const struct own *o)
{
    return o->nudging || o->invert || o->down != 0 || o->right != 0 ||
           (own_is_centred(o) && o->source == OWN_FILE);
}

int own_lines(const struct own *o)
{
    return (own_is_centred(o) ? 2 : o->source == OWN_FILE ? 1 : 0) + has_more(o);
}

static void tell_centred(const struct own *o, int line, char *text, size_t size)
{
    const struct centred *d = &o->did;
    float grain = o->source == OWN_DRAWING ? OWN_GRAIN : 1;
    if (d->empty)
        snprintf(text, size, "%s", line == 0 ? "nothing to see yet" : "");
    else if (line == 0)
        snprintf(text, size, "scaled by %.2f to %dx%d  from %gx%g", (double)(d->scale * grain),
                 d->scaled_rows, d->scaled_cols, (double)((float)d->rows / grain),
                 (double)((float)d->cols / grain));
    else
        snprintf(text, size, "moved by (%d,%d)  so that its centre of mass lies in the middle", d->down,
                 d->right);
}

static void tell_more(const struct own *o, char *text, size_t size)
{
    int used = 0;
    *text = 0;
    if (o->nudging || o->down != 0 || o->right != 0)
        used += snprintf(text, size, "nudged by (%d,%d)  ", o->down, o->right);
    if (o->invert)
        used += snprintf(text + used, size - (size_t)used, "inverted  ");
    if (own_is_centred(o) && o->source == OWN_FILE)
        snprintf(text + used, size - (size_t)used, "%.2f made 0, %.2f made 1", (double)o->did.paper,
                 (double)o->did.ink);
}

void own_done(const struct own *o, int line, char *text, int size)
{
    int first = own_lines(o) - has_more(o);
    *text = 0;
    if (line >= first)
        tell_more(o, text, (size_t)size);
    else if (own_is_centred(o))
        tell_centred(o, line, text, (size_t)size);
    else if (o->read.h == o->in.h && o->read.w == o->in.w)
        snprintf(text, (size_t)size, "%dx%d, as it is", o->in.h, o->in.w);
    else
        snprintf(text, (size_t)size, "scaled to %dx%d  from the middle of %dx%d", o->in.h, o->in.w, o->read.h,
                 o->read.w);
}
