/**
 * What is looked at when it isn't an image of the data set as it is: drawn by hand, read from a PNG file, or any of these (an image of the data set too) inverted or
 * nudged by whole pixels.
 *
 * Whoever changes a setting sets `changed`; own_make() then makes the picture anew. UI thread only.
 */
#ifndef FOVEA_UI_OWN_H
#define FOVEA_UI_OWN_H

#include "data/centre.h"
#include "data/dataset.h"
#include "data/sketch.h"

enum own_source { OWN_DATA, OWN_DRAWING, OWN_FILE };

/**
 * OWN_GRAIN pixels of the sheet that is drawn on, each way, are one of the network's. The sheet is shown in three ways: each pixel, and the means of 2x2 and
 * 4x4 of them.
 */
enum { OWN_GRAIN = 4, OWN_VIEWS = 3, OWN_PATH = 512 };

struct own {
    struct shape in; /* the network's input; {0} before own_init */
    enum own_source source;
    int label;   /* of a drawing or a file, -1: unknown */
    bool invert; /* white for black */
    bool
        centre; /* a file is sized and centred (data/centre.h), not only fitted (data/image.h); a drawing always is */
    int down, right; /* nudged by so many pixels */
    bool nudging;    /* it is being nudged: that is told of no pixels too, so that nothing else moves */
    bool changed;    /* what is below is of another setting */

    struct sketch sketch;
    const float *sheet[OWN_VIEWS]; /* the sheet in pixels of the network, in halves, in quarters */
    bool drawing;                  /* it is being drawn on: the panel is there */
    struct nib pen;                /* in pixels of the sheet */
    bool pen_down, eraser;

    char path[OWN_PATH];  /* of the file; "" for none */
    struct shape read;    /* its size */
    struct image picture; /* it, made smaller when it is very large */
    struct image fitted;  /* it, as image_fit() makes it */

    float *base, *x;       /* [c][h][w]: the picture before and after nudging */
    struct centred did;    /* how it was centred, if it was */
    unsigned long version; /* of x: grows with each own_make */

    float *means[2]; /* of 4x4 and 2x2, owned: sheet[0] and sheet[1] */
};

MUST_USE enum err own_init(struct own *o, struct shape in, struct diag *diag);
void own_fini(struct own *o); /* accepts {0} */

/** Back to the image of the data set as it is. The drawing and the file are kept. */
void own_reset(struct own *o, enum own_source source);

/** Does the network look at `x`, and not at the data set's image? */
bool own_used(const struct own *o);
/** Was the picture sized and centred? */
bool own_is_centred(const struct own *o);

/** Makes x from the settings. `split` and `index` choose the image of the data set, where that is the source. */
MUST_USE enum err own_make(struct own *o, const struct dataset *data, enum split split, int index,
                           struct diag *diag);

/**
 * Reads a PNG file and makes it the source. For a network that sees grey it is sized and centred, unless it has the right size already, and
 * inverted when it is dark on light: so that a photograph of a digit becomes one like MNIST's. `o` is as it was on failure.
 */
MUST_USE enum err own_read(struct own *o, const char *path, struct diag *diag);

/** The means of the sheet, after it was drawn on; sets `changed`. */
void own_drawn(struct own *o);

/** The actions that lead back to this picture: "split test; sample 3; draw show; nudge 0 1". @return false: there is no room for them */
bool own_line(const struct own *o, enum split split, int index, char *text, int size);

/**
 * What was done with the picture, a line of parts (see parts_fit); line 0, 1, ... up to own_lines() - 1.
 */
int own_lines(const struct own *o);
void own_done(const struct own *o, int line, char *text, int size);

#endif
