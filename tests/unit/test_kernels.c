/** The library of kernels: every row's defaults, spelling and ranges; the numbers of the lecture. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "filter/kernels.h"
#include "filter/separate.h"

static struct kernel parse(const char *text)
{
    struct kernel k = {0};
    struct diag diag = {0};
    cr_assert_eq(kernel_parse(text, &k, &diag), ERR_NONE, "%s: %s", text, diag.text);
    return k;
}

static void expect(const char *text, int rows, int cols, const double *w, double within)
{
    struct kernel k = parse(text);
    cr_assert(k.w.rank == 2 && k.w.dim[0] == rows && k.w.dim[1] == cols, "%s", text);
    for (int i = 0; i < rows * cols; i++)
        cr_assert_float_eq(k.w.data[i], w[i], within, "%s: number %d is %g, not %g", text, i,
                           (double)k.w.data[i], w[i]);
    kernel_fini(&k);
}

Test(kernels, every_row)
{
    for (int i = 0; kernel_types[i]; i++) {
        const struct kernel_type *type = kernel_types[i];
        cr_assert_eq(kernel_type_find(type->name), type);
        cr_assert(*type->help);
        if (!type->knob[0].name)
            continue; /* custom */
        struct kernel k = parse(type->name), again;
        struct text spelled = {0};
        double value[KNOBS];
        kernel_spell(&k, &spelled);
        again = parse(text_str(&spelled));
        cr_assert_eq(tensor_count(&k.w), tensor_count(&again.w), "%s", text_str(&spelled));
        cr_assert_eq(memcmp(k.w.data, again.w.data, tensor_count(&k.w) * sizeof(float)), 0, "%s",
                     text_str(&spelled));
        for (int key = 0; key < knobs_count(type->knob); key++) {
            struct kernel none = {0};
            struct diag diag = {0};
            memcpy(value, k.value, sizeof value);
            value[key] = type->knob[key].high + 1;
            cr_assert_eq(kernel_make(type, value, &none, &diag), ERR_RANGE, "%s", type->knob[key].name);
            cr_assert(strstr(diag.text, type->name) && strstr(diag.text, type->knob[key].name), "%s",
                      diag.text);
            value[key] = NAN;
            cr_assert_eq(kernel_make(type, value, &none, NULL), ERR_RANGE);
        }
        text_free(&spelled);
        kernel_fini(&k);
        kernel_fini(&again);
    }
}

/* L25: 1/k; L27: 1/(k1 k2). */
Test(kernels, uniform)
{
    double fifth[5] = {0.2, 0.2, 0.2, 0.2, 0.2}, sixth[6];
    for (int i = 0; i < 6; i++)
        sixth[i] = 1 / 6.0;
    expect("uniform:rows=1,k=5", 1, 5, fifth, 1e-7);
    expect("uniform:rows=2,cols=3", 2, 3, sixth, 1e-7);
}

/* k = 7, sigma = 2: the symmetric centre, the slide's, and the slide's lost sign. */
Test(kernels, gaussian_in_one_dimension)
{
    static const double middle[7] = {.0301, .1050, .2223, .2854, .2223, .1050, .0301},
                        slide[7] = {.0602, .1635, .2696, .2696, .1635, .0602, .0134},
                        grown[7] = {4.77, 1.76, 1.06, 1.06, 1.76, 4.77, 21.38};
    double w[7], first;
    expect("gaussian:rows=1,k=7,sigma=2", 1, 7, middle, 5e-5);
    expect("gaussian:rows=7,cols=1,sigma=2", 7, 1, middle, 5e-5);
    expect("gaussian:rows=1,k=7,sigma=2,centre=slide", 1, 7, slide, 5e-5);
    kernel_bell(7, 3.5, 2, true, w); /* before they are brought to a sum of 1 */
    first = exp(2.5 * 2.5 / 4) / w[0];
    for (int i = 0; i < 7; i++)
        cr_assert_float_eq(w[i] * first, grown[i], 0.005, "%d: %g", i, w[i] * first);
}

/* w ~ exp(-((i-c)^2 + (j-c)^2) / sigma^2), the sum 1. */
Test(kernels, gaussian_in_two_dimensions)
{
    for (int usual = 0; usual < 2; usual++) {
        struct kernel k =
            parse(usual ? "gaussian:rows=5,cols=9,sigma=1.5,form=usual" : "gaussian:rows=5,cols=9,sigma=1.5");
        double sum = 0, total = 0, scale = (usual ? 2 : 1) * 1.5 * 1.5;
        for (int i = 0; i < 45; i++)
            total += exp(-(pow(i / 9 - 2, 2) + pow(i % 9 - 4, 2)) / scale);
        for (int i = 0; i < 45; i++) {
            sum += (double)k.w.data[i];
            cr_assert_float_eq(k.w.data[i], exp(-(pow(i / 9 - 2, 2) + pow(i % 9 - 4, 2)) / scale) / total,
                               1e-7);
        }
        cr_assert_float_eq(sum, 1, 1e-6);
        kernel_fini(&k);
    }
}

/* L28: k = 2 sigma keeps erf(1) = 84.3 % with the slide's exponent, along each axis. */
Test(kernels, mass)
{
    struct kernel k = parse("gaussian:rows=1,k=8,sigma=4");
    cr_assert_float_eq(k.kept, 0.8427007929, 1e-9);
    cr_assert_not(k.narrow);
    kernel_fini(&k);
    k = parse("gaussian:k=8,sigma=4");
    cr_assert_float_eq(k.kept, 0.8427007929 * 0.8427007929, 1e-9);
    cr_assert(k.kept_rows == k.kept_cols && k.kept_rows > k.kept);
    kernel_fini(&k);
    k = parse("gaussian:k=7,sigma=4");
    cr_assert(k.narrow && k.kept < 0.8427 * 0.8427);
    kernel_fini(&k);
    k = parse("gaussian:rows=1,k=8,sigma=4,form=usual");
    cr_assert_float_eq(k.kept, erf(1 / sqrt(2)), 1e-9);
    kernel_fini(&k);
    k = parse("gaussian:rows=1,k=7,sigma=2,centre=slide"); /* half a cell off, some is lost on one side */
    cr_assert_lt(k.kept, kernel_mass(7, 4, 2));
    kernel_fini(&k);
}

Test(kernels, three_by_three)
{
    static const double sharpen[9] = {0, -1, 0, -1, 5, -1, 0, -1, 0}, eight[9] = {1, 1, 1, 1, -8, 1, 1, 1, 1},
                        sobel[9] = {-1, 0, 1, -2, 0, 2, -1, 0, 1}, flat[9] = {-1, -1, -1, 0, 0, 0, 1, 1, 1},
                        slide[9] = {0, 1, 2, 2, 2, 0, 0, 1, 2};
    expect("sharpen", 3, 3, sharpen, 0);
    expect("laplacian:neighbours=8", 3, 3, eight, 0);
    expect("sobel", 3, 3, sobel, 0);
    expect("prewitt:edge=horizontal", 3, 3, flat, 0);
    expect("custom:0 1 2;2 2 0;0 1 2", 3, 3, slide, 0);
    expect("custom:0,1,2; 2,2,0; 0,1,2", 3, 3, slide, 0);
    expect("custom:1;-2", 2, 1, (const double[]){1, -2}, 0);
    expect("custom:1 -2", 1, 2, (const double[]){1, -2}, 0);
    expect("custom:3", 1, 1, (const double[]){3}, 0);
}

/* Upright it is Sobel's within a hundredth; a quarter turn transposes it; half a turn changes its sign. */
Test(kernels, edges)
{
    static const double upright[9] = {-.25, 0, .25, -.5, 0, .5, -.25, 0, .25};
    expect("edge", 3, 3, upright, 0.003);
    struct kernel a = parse("edge:angle=90,k=5"), b = parse("edge:angle=0,k=5"),
                  c = parse("edge:angle=-90,k=5"), d = parse("edge:angle=30,k=7");
    double sum = 0, size = 0, answer = 0;
    for (int i = 0; i < 25; i++) {
        cr_assert_float_eq(a.w.data[i], b.w.data[i % 5 * 5 + i / 5], 1e-7);
        cr_assert_float_eq(a.w.data[i], -c.w.data[i], 1e-7);
        answer += i % 5 >= 2 ? (double)a.w.data[i] : 0; /* a step of 1 */
    }
    for (int i = 0; i < 49; i++) {
        sum += (double)d.w.data[i];
        size += fabs((double)d.w.data[i]);
    }
    cr_assert_float_eq(answer, 1, 1e-6);
    cr_assert_float_eq(sum, 0, 1e-6);
    cr_assert_float_eq(size, 2, 1e-6);
    cr_assert_gt(d.w.data[6 * 7 + 6], 0, "the bright side of an edge that climbs is below it, to the right");
    kernel_fini(&a);
    kernel_fini(&b);
    kernel_fini(&c);
    kernel_fini(&d);
}

/* L43: a small dark spot triggers it, a flat picture doesn't, and a large edge less. */
Test(kernels, spot)
{
    struct kernel k = parse("spot:k=11,sigma=1.5");
    float flat = 0, spot = 0, edge = 0, sum = 0;
    for (int i = 0; i < 121; i++) {
        int row = i / 11 - 5, col = i % 11 - 5;
        flat += k.w.data[i];
        spot += row * row + col * col <= 4 ? 0 : k.w.data[i]; /* dark on bright */
        edge += col < 0 ? 0 : k.w.data[i];                    /* dark to the left */
        sum += fabsf(k.w.data[i]);
    }
    cr_assert_float_eq(flat, 0, 1e-6);
    cr_assert_gt(spot, 0.4f * sum);
    cr_assert_lt(fabsf(edge), 0.5f * spot);
    kernel_fini(&k);
}

Test(kernels, gabor)
{
    struct kernel k = parse("gabor:k=9,wavelength=4,sigma=2,angle=90");
    float size = 0, centre;
    for (int i = 0; i < 81; i++)
        size += fabsf(k.w.data[i]);
    cr_assert_float_eq(size, 1, 1e-6);
    centre = k.w.data[40];
    cr_assert_float_eq(k.w.data[40 + 2] / centre, -exp(-4 / 8.0), 1e-6, "half a wavelength across");
    cr_assert_float_eq(k.w.data[40 + 18] / centre, exp(-4 / 8.0), 1e-6, "along the stripe");
    kernel_fini(&k);
}

Test(kernels, refuses)
{
    static const struct {
        const char *text, *said;
        enum err err;
    } bad[] = {
        {"blur", "no kernel 'blur'; there are uniform, gaussian", ERR_UNKNOWN},
        {"gaussian:width=3", "no key of gaussian 'width'; there are k, rows", ERR_UNKNOWN},
        {"gaussian:k", "'k' should be key=value", ERR_FORMAT},
        {"gaussian:k=seven", "k is a number, not 'seven'", ERR_FORMAT},
        {"gaussian:k=2.5", "k is a whole number from 1 to 255, not 2.5", ERR_RANGE},
        {"gaussian:k=0", "k is a whole number from 1 to 255, not 0", ERR_RANGE},
        {"gaussian:sigma=0", "sigma is a number from 0.05 to 1000", ERR_RANGE},
        {"gaussian:form=other", "no form of gaussian 'other'; there are lecture, usual and printed",
         ERR_UNKNOWN},
        {"gaussian:form=printed,sigma=0.05,k=255", "beyond all bounds", ERR_RANGE},
        {"custom", "its numbers are missing", ERR_FORMAT},
        {"custom:", "holds no numbers", ERR_FORMAT},
        {"custom:1 2;3", "1 numbers in this row, but 2 in the first", ERR_FORMAT},
        {"custom:1 x", "'x' isn't a number", ERR_FORMAT},
        {"", "no kernel ''", ERR_UNKNOWN},
    };
    for (int i = 0; i < ARRAY_LEN(bad); i++) {
        struct kernel k = {0};
        struct diag diag = {0};
        cr_assert_eq(kernel_parse(bad[i].text, &k, &diag), bad[i].err, "%s: %s", bad[i].text, diag.text);
        cr_assert(strstr(diag.text, bad[i].said), "%s: %s", bad[i].text, diag.text);
    }
}
