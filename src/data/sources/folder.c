/**
 * A directory of PNG pictures for each class: DIR/CLASS/NAME.png, or DIR/train/CLASS/NAME.png and DIR/test/CLASS/NAME.png.
 *
 * Names count in the order of their bytes, so that labels and splits are the same everywhere. Without train and test every fifth
 * picture of a class is for testing. What isn't said (",size=HxW", ",channels=C") comes from the pictures: the size of the first, and
 * three channels when one of them is in colour.
 */
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/text.h"
#include "data/image.h"
#include "data/sources/sources.h"

enum { MOST_CLASSES = 256, TEST_SHARE = 5, MOST_SIDE = 4096 };
static const double most_bytes = 8e9;
static const char *const split_names[SPLITS] = {"train", "test"};

struct names {
    char **name; /* sorted */
    int count;
};

struct picture {
    char *path;
    int label;
    enum split split;
};

struct folder {
    const char *spec;
    char *dir;
    struct shape want; /* 0: not said */
    struct names classes;
    struct picture *picture;
    int pictures;
    bool split;  /* by directories */
    bool colour; /* one of the pictures is */
};

/* ---- names ---- */

static void names_free(struct names *n)
{
    for (int i = 0; i < n->count; i++)
        free(n->name[i]);
    free(n->name);
    *n = (struct names){0};
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *join(const char *dir, const char *name)
{
    struct text path = {0};
    text_format(&path, "%s/%s", dir, name);
    return text_take(&path);
}

static bool is_directory(const char *dir, const char *name)
{
    struct stat st;
    char *path = join(dir, name);
    bool is = path && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
    free(path);
    return is;
}

static bool is_png(const char *name)
{
    size_t length = strlen(name);
    return length > 4 && strcasecmp(name + length - 4, ".png") == 0;
}

/* The directories, or the PNG files, in `dir`; what begins with a point is left out. */
static enum err list(const char *dir, bool directories, struct names *out, struct diag *diag)
{
    DIR *open = opendir(dir);
    enum err err = open ? ERR_NONE : diag_errno(diag, dir, "open the directory");
    for (struct dirent *e; !err && (e = readdir(open));) {
        if (e->d_name[0] == '.' || is_directory(dir, e->d_name) != directories ||
            (!directories && !is_png(e->d_name)))
            continue;
        char **more = realloc(out->name, ((size_t)out->count + 1) * sizeof *more);
        out->name = more ? more : out->name;
        if (!more || !(more[out->count] = text_copy(e->d_name)))
            err = diag_memory(diag, "a directory");
        else
            out->count++;
    }
    if (open)
        closedir(open);
    if (err)
        names_free(out);
    else if (out->count > 0)
        qsort(out->name, (size_t)out->count, sizeof *out->name, by_bytes);
    return err;
}

/* ---- what there is ---- */

static enum err add_class(struct folder *f, const char *dir, int label, enum split split, struct diag *diag)
{
    struct names files = {0};
    enum err err = list(dir, false, &files, diag);
    if (!err && files.count == 0 && split == SPLIT_TRAIN)
        err = diag_fail(diag, ERR_FORMAT, dir, 0, "there is no PNG picture of this class");
    struct picture *more =
        err ? NULL
            : realloc(f->picture, ((size_t)f->pictures + (size_t)files.count + 1) * sizeof *f->picture);
    if (!err && !more)
        err = diag_memory(diag, "a list of pictures");
    f->picture = more ? more : f->picture;
    for (int i = 0; i < files.count && !err; i++) {
        bool test = f->split ? split == SPLIT_TEST : i % TEST_SHARE == TEST_SHARE - 1;
        struct picture p = {join(dir, files.name[i]), label, test ? SPLIT_TEST : SPLIT_TRAIN};
        if (p.path)
            f->picture[f->pictures++] = p;
        else
            err = diag_memory(diag, "a list of pictures");
    }
    names_free(&files);
    return err;
}

static int find_class(const struct folder *f, const char *name)
{
    for (int i = 0; i < f->classes.count; i++)
        if (strcmp(f->classes.name[i], name) == 0)
            return i;
    return -1;
}

/* The directories in `dir` are the classes; those of the training split say which there are. */
static enum err add_split(struct folder *f, const char *dir, enum split split, struct diag *diag)
{
    struct names here = {0};
    enum err err = list(dir, true, &here, diag);
    if (!err && split == SPLIT_TRAIN) {
        f->classes = here;
        here = (struct names){0};
        if (f->classes.count == 0)
            err =
                diag_fail(diag, ERR_FORMAT, dir, 0, "no directories in it: one for each class was expected");
        else if (f->classes.count > MOST_CLASSES)
            err = diag_fail(diag, ERR_RANGE, dir, 0, "%d classes, but there may be %d at most",
                            f->classes.count, MOST_CLASSES);
    }
    const struct names *names = split == SPLIT_TRAIN ? &f->classes : &here;
    for (int i = 0; i < names->count && !err; i++) {
        int label = find_class(f, names->name[i]);
        char *path = join(dir, names->name[i]);
        if (!path)
            err = diag_memory(diag, "a path");
        else if (label < 0)
            err = diag_fail(diag, ERR_FORMAT, path, 0, "there is no such class for training");
        else
            err = add_class(f, path, label, split, diag);
        free(path);
    }
    names_free(&here);
    return err;
}

static enum err look_around(struct folder *f, struct diag *diag)
{
    f->split =
        is_directory(f->dir, split_names[SPLIT_TRAIN]) && is_directory(f->dir, split_names[SPLIT_TEST]);
    if (!f->split)
        return add_split(f, f->dir, SPLIT_TRAIN, diag);
    enum err err = ERR_NONE;
    for (int s = 0; s < SPLITS && !err; s++) {
        char *dir = join(f->dir, split_names[s]);
        err = dir ? add_split(f, dir, (enum split)s, diag) : diag_memory(diag, "a path");
        free(dir);
    }
    return err;
}

/* ---- the options behind the directory; a comma may belong to its name ---- */

static bool read_option(char *option, struct folder *f, enum err *err, struct diag *diag)
{
    long h = 0, w = 0, c = 0;
    char *x = strchr(option, 'x');
    if (strncmp(option, "size=", 5) == 0) {
        if (x)
            *x = '\0';
        if (!x || !text_int(option + 5, 1, MOST_SIDE, &h) || !text_int(x + 1, 1, MOST_SIDE, &w))
            *err = diag_fail(diag, ERR_USAGE, NULL, 0,
                             "%s: size=HxW was expected, rows and columns from 1 to %d", f->spec, MOST_SIDE);
        f->want.h = (int)h;
        f->want.w = (int)w;
    } else if (strncmp(option, "channels=", 9) == 0) {
        if (!text_int(option + 9, 1, 3, &c) || c == 2)
            *err = diag_fail(diag, ERR_USAGE, NULL, 0, "%s: channels=1 or channels=3 was expected", f->spec);
        f->want.c = (int)c;
    } else {
        return false;
    }
    return true;
}

static enum err read_options(struct folder *f, struct diag *diag)
{
    enum err err = ERR_NONE;
    for (char *comma; !err && (comma = strrchr(f->dir, ','));) {
        if (!read_option(comma + 1, f, &err, diag))
            break;
        *comma = '\0';
    }
    return err;
}

/* ---- the pictures ---- */

static enum err prepare(struct dataset *d, struct folder *f, const struct image *first, struct diag *diag)
{
    struct image_store *store = d->state;
    d->shape = (struct shape){f->want.c ? f->want.c : 3, f->want.h ? f->want.h : first->shape.h,
                              f->want.w ? f->want.w : first->shape.w};
    int count[SPLITS] = {0};
    for (int i = 0; i < f->pictures; i++)
        count[f->picture[i].split]++;
    double bytes = (double)shape_count(d->shape) * f->pictures;
    if (bytes > most_bytes)
        return diag_fail(diag, ERR_RANGE, f->dir, 0,
                         "%d pictures of %dx%d would take %.0f GB; a smaller size=HxW was expected",
                         f->pictures, d->shape.h, d->shape.w, bytes / 1e9);
    for (int s = 0; s < SPLITS; s++) {
        store->pixels[s] = malloc((size_t)count[s] * shape_count(d->shape) + 1);
        store->labels[s] = malloc((size_t)count[s] + 1);
        if (!store->pixels[s] || !store->labels[s])
            return diag_memory(diag, "images");
    }
    return ERR_NONE;
}

static enum err load(struct dataset *d, struct folder *f, const struct picture *p, struct diag *diag)
{
    struct image_store *store = d->state;
    struct image image = {0};
    enum err err = image_read_png(p->path, &image, diag);
    if (err)
        return err;
    f->colour |= image.shape.c == 3;
    if (!store->pixels[SPLIT_TRAIN])
        err = prepare(d, f, &image, diag);
    if (!err)
        err = image_fit(&image, d->shape, diag);
    if (!err) {
        int at = d->count[p->split]++;
        size_t count = shape_count(d->shape);
        uint8_t *pixels = store->pixels[p->split] + (size_t)at * count;
        for (size_t i = 0; i < count; i++)
            pixels[i] = (uint8_t)lrintf(255 * image.data[i]);
        store->labels[p->split][at] = (uint8_t)p->label;
    }
    image_fini(&image);
    return err;
}

/* Loaded as three equal channels, in case that a later one had been in colour. */
static void keep_one_channel(struct dataset *d)
{
    struct image_store *store = d->state;
    size_t plane = (size_t)d->shape.h * (size_t)d->shape.w;
    for (int s = 0; s < SPLITS; s++)
        for (size_t i = 1; i < (size_t)d->count[s]; i++)
            memmove(store->pixels[s] + i * plane, store->pixels[s] + i * plane * 3, plane);
    d->shape.c = 1;
}

static enum err open(struct dataset *d, const char *where, uint64_t seed, struct diag *diag)
{
    (void)seed;
    struct folder f = {.spec = d->spec, .dir = text_copy(where)};
    enum err err =
        *where ? ERR_NONE
               : diag_fail(diag, ERR_USAGE, NULL, 0, "folder wants a directory: %s", d->source->usage);
    if (!err && (!f.dir || !(d->state = calloc(1, sizeof(struct image_store)))))
        err = diag_memory(diag, "a data set");
    if (!err)
        err = read_options(&f, diag);
    if (!err)
        err = look_around(&f, diag);
    for (int i = 0; i < f.pictures && !err; i++)
        err = load(d, &f, &f.picture[i], diag);
    if (!err && !f.want.c && !f.colour)
        keep_one_channel(d);
    if (!err)
        err = dataset_set_classes(d, f.classes.count, (const char *const *)f.classes.name, diag);
    for (int i = 0; i < f.pictures; i++)
        free(f.picture[i].path);
    free(f.picture);
    names_free(&f.classes);
    free(f.dir);
    return err;
}

const struct source_type source_folder = {
    "folder",
    "folder:DIR",
    "PNG pictures, one directory a class; behind DIR may stand ,size=HxW and ,channels=C",
    open,
    image_store_close,
    image_store_read,
};
