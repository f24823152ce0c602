/**
 * Colour maps: control points and what comes of them for 24-bit and 256-colour terminals. Pure functions of a level.
 *
 * A level is 0..64. The signed map has its zero at 32, exactly on its middle control point, and its ends mirror each other.
 * Sources: viridis by Smith and van der Walt 2015 (eleven of its points, largest error 0.005 in OKLab); the signed map is
 * fovea's own, made so that both ends stay bright and apart with stray light and for every kind of colour blindness. A theme
 * without hues shows both in greys: black is the negative end, white the positive one. MAP_LINE isn't one of these: see theme.h.
 */
#ifndef FOVEA_UI_COLORMAP_H
#define FOVEA_UI_COLORMAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "tui/style.h"

/** 0xRRGGBB of a level, linear between control points in sRGB. */
uint32_t colormap_rgb(enum theme theme, enum map map, int level);

/** The same, for what stands outside of what is meant: much darker, order kept. */
uint32_t colormap_rgb_dim(enum theme theme, enum map map, int level);

/** xterm-256 colour (16..255) of a level, from a ramp that is strictly monotone in lightness (either side of the zero of the signed map). */
int colormap_256(enum theme theme, enum map map, int level);
int colormap_256_dim(enum theme theme, enum map map, int level);

/** What is left of a colour that is dimmed: most of what lies behind it. */
uint32_t colormap_dim(uint32_t rgb, uint32_t behind);

/** The xterm-256 colour 16..255 that looks most like it. */
int colormap_nearest_256(uint32_t rgb);

/** 0xRRGGBB that an xterm-256 colour 16..255 stands for. */
uint32_t colormap_256_rgb(int colour);

/** How bright 0xRRGGBB is, 0..1 (relative luminance of sRGB). */
float colormap_luminance(uint32_t rgb);

#endif
