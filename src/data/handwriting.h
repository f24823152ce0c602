/**
 * Handwritten digits, made from strokes: what somebody wrote, sized and centred as MNIST's digits are (LeCun et al. 1998).
 */
#ifndef FOVEA_DATA_HANDWRITING_H
#define FOVEA_DATA_HANDWRITING_H

#include <stdint.h>

enum { HANDWRITING_SIDE = 28 };

/** The digit that belongs to a key, 0..9, all equally likely. */
int handwriting_label(uint64_t key);

/**
 * Writes that digit, white on black, rows of HANDWRITING_SIDE: a hand, a way of writing, a pen and a place are drawn from the key.
 * The digit fits a box of 20x20 and its centre of mass lies in the middle, both nearly.
 */
void handwriting_draw(uint64_t key, uint8_t pixels[HANDWRITING_SIDE * HANDWRITING_SIDE]);

#endif
