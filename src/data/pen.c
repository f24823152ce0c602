#include "data/pen.h"

#include <math.h>

static int clamp_to(float v, int most)
{
    return v < 0 ? 0 : v > (float)most ? most : (int)v;
}

/* A capsule with two radii; the ink of a pixel follows from how far its middle is from the capsule's. */
void pen_piece(float *ink, int h, int w, struct nib a, struct nib b, float soft, bool erase)
{
    float dx = b.x - a.x, dy = b.y - a.y, dr = b.radius - a.radius,
          reach = fmaxf(a.radius, b.radius) + 0.5f * soft, inverse = 1 / (dx * dx + dy * dy + 1e-9f);
    int left = clamp_to(fminf(a.x, b.x) - reach, w), right = clamp_to(fmaxf(a.x, b.x) + reach + 1, w),
        top = clamp_to(fminf(a.y, b.y) - reach, h), bottom = clamp_to(fmaxf(a.y, b.y) + reach + 1, h);
    for (int y = top; y < bottom; y++)
        for (int x = left; x < right; x++) {
            float px = (float)x + 0.5f - a.x, py = (float)y + 0.5f - a.y, t = (px * dx + py * dy) * inverse;
            t = t < 0 ? 0 : t > 1 ? 1 : t;
            float qx = px - t * dx, qy = py - t * dy;
            float v = (a.radius + t * dr - sqrtf(qx * qx + qy * qy)) / soft + 0.5f;
            v = v < 0 ? 0 : v > 1 ? 1 : v;
            float *at = &ink[y * w + x];
            *at = erase ? fminf(*at, 1 - v) : fmaxf(*at, v);
        }
}
