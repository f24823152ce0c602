/**
 * How people write the ten digits: the ways of each, as the joints that the pen passes.
 *
 * A way of writing ("7 with a bar") is given several times over, by different imagined hands, always with the same joints in the same
 * order; what lies between the hands is then a good digit as well. Data only: handwriting.c blends, bends and draws.
 */
#ifndef FOVEA_DATA_GLYPHS_H
#define FOVEA_DATA_GLYPHS_H

enum { GLYPH_DIGITS = 10, GLYPH_JOINTS = 20, GLYPH_HANDS = 5 };

struct glyph {
    /* One letter a joint: 'd' the pen comes down, 's' it passes smoothly, 'c' it turns a corner. */
    const char *pen;
    int weight; /* how common it is among the ways of this digit; > 0 */
    int hands;
    signed char at[GLYPH_HANDS]
                  [2 * GLYPH_JOINTS]; /* x, y, x, y, ...; x to the right, y down, height about 100 */
};

/** The ways of each digit; each list ends with a glyph whose pen is NULL. */
extern const struct glyph *const glyphs[GLYPH_DIGITS];

#endif
