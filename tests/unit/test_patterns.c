/** The test pictures: each is what it says. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "data/patterns.h"
#include "filter/template.h"

static struct image picture_of(const char *name)
{
    struct image p = {0};
    for (int i = 0; patterns[i].name; i++)
        if (strcmp(patterns[i].name, name) == 0)
            cr_assert_eq(pattern_picture(i, &p, NULL), ERR_NONE);
    cr_assert(p.data, "%s", name);
    return p;
}

Test(patterns, are_pictures)
{
    for (int i = 0; i < patterns_count(); i++) {
        struct image p, again;
        float low = 2, high = -1;
        cr_assert_eq(pattern_picture(i, &p, NULL), ERR_NONE);
        cr_assert_eq(pattern_picture(i, &again, NULL), ERR_NONE);
        size_t count = shape_count(p.shape);
        cr_assert(*patterns[i].help && (p.shape.c == 1 || p.shape.c == 3));
        cr_assert_arr_eq(p.data, again.data, count * sizeof(float), "%s", patterns[i].name);
        for (size_t k = 0; k < count; k++) {
            low = fminf(low, p.data[k]);
            high = fmaxf(high, p.data[k]);
        }
        cr_assert(low >= 0 && high <= 1 && high - low > 0.5f, "%s: %g..%g", patterns[i].name, (double)low,
                  (double)high);
        image_fini(&p);
        image_fini(&again);
    }
}

/* Half a turn later a sector of the star is of the other brightness, an odd number of them being there. */
Test(patterns, star_and_point)
{
    struct image star = picture_of("star"), point = picture_of("point");
    int n = star.shape.h * star.shape.w;
    float sum = 0;
    for (int i = 0; i < n; i++)
        cr_assert_float_eq(star.data[i] + star.data[n - 1 - i], 1, 1e-4);
    for (size_t i = 0; i < shape_count(point.shape); i++)
        sum += point.data[i];
    cr_assert_float_eq(sum, 1, 0);
    cr_assert_float_eq(point.data[15 * 31 + 15], 1, 0);
    image_fini(&star);
    image_fini(&point);
}

/* L34: the template of one shape finds its like in every colour where colours are gone, and only its own in colour. */
Test(patterns, shapes_differ_in_colour_alone)
{
    struct image p = picture_of("shapes"), piece;
    struct template_box box = {0, 0, 20, 20};
    struct peak peak[16];
    int found[2];
    for (int grey = 0; grey < 2; grey++) {
        struct tensor response = {0};
        cr_assert_eq(image_set_channels(&p, grey ? 1 : 3, NULL), ERR_NONE);
        cr_assert_eq(template_cut(&p, box, &piece, NULL), ERR_NONE);
        cr_assert_eq(template_match(&p, &piece, true, NULL, &response, NULL), ERR_NONE);
        found[grey] = template_peaks(&response, 10, 10, 0.99f, 16, peak);
        tensor_fini(&response);
        image_fini(&piece);
    }
    cr_assert_eq(found[1], 5, "%d rings", found[1]); /* numbers 0, 3, 6, 9, 12 of 15 */
    cr_assert(found[0] == 2, "%d in its colour", found[0]);
    image_fini(&p);
}

/* L31: the 5 of the first row is found again twice, however dark; by plain products the bright ones win. */
Test(patterns, page_repeats_its_digits)
{
    struct image p = picture_of("page"), piece;
    struct tensor response = {0};
    struct peak peak[16];
    cr_assert_eq(template_cut(&p, (struct template_box){2, 114, 24, 24}, &piece, NULL), ERR_NONE);
    cr_assert_eq(template_match(&p, &piece, true, NULL, &response, NULL), ERR_NONE);
    cr_assert_eq(template_peaks(&response, 12, 12, 0.99f, 16, peak), 3);
    for (int k = 0; k < 3; k++)
        cr_assert(peak[k].row % 28 == 2 && peak[k].col % 28 == 2, "%d,%d", peak[k].row, peak[k].col);
    tensor_fini(&response);
    cr_assert_eq(template_match(&p, &piece, false, NULL, &response, NULL), ERR_NONE);
    float bright = response.data[2 * response.dim[1] + 114], dark = response.data[58 * response.dim[1] + 2];
    cr_assert_float_eq(dark / bright, 0.4f, 0.01f);
    tensor_fini(&response);
    image_fini(&piece);
    image_fini(&p);
}
