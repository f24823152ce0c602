/** Letters for pictures, 5 pixels wide and 7 tall, with room for descenders in the last row. */
#ifndef FOVEA_UI_FONT_H
#define FOVEA_UI_FONT_H

#include <stdint.h>

enum { FONT_COLS = 5, FONT_ROWS = 7 };

/** Five columns; bit 0 is the uppermost pixel. What isn't ASCII is the ASCII that stands for it (style_ascii). */
const uint8_t *font_letter(uint32_t ch);

#endif
