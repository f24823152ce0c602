#include "filter/eye.h"

#include <math.h>

#include "base/mem.h"

const char *const eye_cell_names[EYE_CELLS + 1] = {"rod", "long", "middle", "short", NULL};

static double linear(double v)
{
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double encoded(double v)
{
    v = fmin(fmax(v, 0), 1);
    return v <= 0.0031308 ? 12.92 * v : 1.055 * pow(v, 1 / 2.4) - 0.055;
}

static double scotopic(double x, double y, double z)
{
    return x > 0 ? y * (1.33 * (1 + (y + z) / x) - 1.68) : 0;
}

static double catch_light(enum eye_cell cell, double r, double g, double b)
{
    double x = 0.4124 * r + 0.3576 * g + 0.1805 * b, y = 0.2126 * r + 0.7152 * g + 0.0722 * b,
           z = 0.0193 * r + 0.1192 * g + 0.9505 * b;
    switch (cell) {
    case EYE_LONG:
        return 0.4002 * x + 0.7076 * y - 0.0808 * z;
    case EYE_MIDDLE:
        return -0.2263 * x + 1.1653 * y + 0.0457 * z;
    case EYE_SHORT:
        return 0.9182 * z;
    default:
        return scotopic(x, y, z) / scotopic(0.9505, 1, 1.089);
    }
}

enum err eye_view(const struct image *picture, enum eye_cell cell, struct image *out, struct diag *diag)
{
    size_t plane = (size_t)picture->shape.h * (size_t)picture->shape.w;
    size_t next = picture->shape.c == 3 ? plane : 0; /* grey is the same in all three */
    *out = (struct image){{1, picture->shape.h, picture->shape.w}, mem_floats(plane)};
    if (!out->data)
        return diag_memory(diag, "a picture");
    for (size_t i = 0; i < plane; i++) {
        const float *at = picture->data + i;
        double light =
            catch_light(cell, linear((double)at[0]), linear((double)at[next]), linear((double)at[2 * next]));
        out->data[i] = (float)encoded(light);
    }
    return ERR_NONE;
}
