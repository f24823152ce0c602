/** What is taken away of panels: pictures, and numbers as CSV. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "data/image.h"
#include "observing.h"
#include "shown.h"
#include "tui/take.h"

/* Every panel of every network: a picture of whole pixels, numbers with a header and as many fields in each line, or a sentence that says why not. */
Test(taken, pictures_and_numbers, .timeout = 120)
{
    char folder[] = "/tmp/fovea-taken-XXXXXX", path[64];
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/file", folder);
    for (int model = 0; model < observed_models(); model++) {
        struct shown s;
        shown_open(&s, observed_net(model));
        shown_answer(&s);
        for (int i = 0; panel_types[i]; i++) {
            struct diag diag = {0};
            struct image image = {0};
            enum err err = take_picture(&s.view, panel_types[i], &shown_styles[i % ARRAY_LEN(shown_styles)],
                                        3, path, &diag);
            if (err)
                cr_assert(err == ERR_UNKNOWN && strstr(diag.text, panel_types[i]->name), "%s", diag.text);
            else
                cr_assert(!image_read_png(path, &image, NULL) && image.shape.w % 3 == 0 &&
                          image.shape.h % 6 == 0);
            image_fini(&image);
            err = take_numbers(&s.view, panel_types[i], path, &diag);
            if (err) {
                cr_assert(err == ERR_UNKNOWN && strstr(diag.text, panel_types[i]->name), "%s", diag.text);
                continue;
            }
            struct bytes bytes = {0};
            cr_assert_eq(file_read(path, 0, &bytes, NULL), ERR_NONE);
            int header = -1, lines = 0;
            for (char *rest = (char *)bytes.data, *line; (line = strsep(&rest, "\n")) && *line; lines++) {
                int fields = 1;
                for (char *at = line; *at; at++)
                    fields += *at == ',';
                header = header < 0 ? fields : header;
                cr_assert_eq(fields, header, "%s: %s", panel_types[i]->name, line);
            }
            cr_assert_gt(lines, 1);
            bytes_free(&bytes);
        }
        shown_close(&s);
    }
    unlink(path);
    rmdir(folder);
}

/* The very numbers, each at its place, to the last bit. */
Test(taken, numbers_of_filters)
{
    static const char path[] = "/tmp/fovea-taken-numbers";
    struct shown s;
    struct bytes bytes = {0};
    shown_open(&s, observed_net(2));
    shown_answer(&s);
    const struct part *w = view_part(&s.view, "filters", s.view.layer, "weight");
    cr_assert_eq(take_numbers(&s.view, panel_find("filters"), path, NULL), ERR_NONE);
    cr_assert_eq(file_read(path, 0, &bytes, NULL), ERR_NONE);
    int found = 0;
    char *rest = (char *)bytes.data;
    cr_assert_str_eq(strsep(&rest, "\n"), "question,layer,part,index,channel,row,column,value");
    for (char *line; (line = strsep(&rest, "\n")) && *line;) {
        int n, c, row, col;
        float value;
        if (sscanf(line, "filters,conv1,weight,%d,%d,%d,%d,%f", &n, &c, &row, &col, &value) != 5)
            continue;
        size_t at = ((size_t)(n * w->shape.c + c) * (size_t)w->shape.h + (size_t)row) * (size_t)w->shape.w +
                    (size_t)col;
        cr_assert(at == (size_t)found++ && value == w->data[at], "%s", line);
    }
    cr_assert_eq((size_t)found, (size_t)w->n * shape_count(w->shape));
    s.view.answers = NULL;
    cr_assert_eq(take_numbers(&s.view, panel_find("filters"), path, NULL), ERR_UNKNOWN);
    bytes_free(&bytes);
    unlink(path);
    shown_close(&s);
}

/* A pixel of a filter is zoom x zoom pixels of the picture, in the colours of the screen. */
Test(taken, the_picture_of_an_input)
{
    static const char path[] = "/tmp/fovea-taken-picture";
    struct shown s;
    struct image image = {0};
    shown_open(&s, observed_net(2));
    shown_answer(&s);
    const struct part *x = view_part(&s.view, "input", 0, "x");
    cr_assert_eq(take_picture(&s.view, panel_find("input"), &shown_styles[0], 2, path, NULL), ERR_NONE);
    cr_assert_eq(image_read_png(path, &image, NULL), ERR_NONE);
    cr_assert(image.shape.h == 2 * x->shape.h && image.shape.w >= 2 * x->shape.w);
    for (int row = 0; row < image.shape.h; row++)
        for (int col = 0; col < 2 * x->shape.w; col++) {
            int level = style_level(MAP_GREY, x->data[row / 2 * x->shape.w + col / 2], 1);
            float red = image.data[row * image.shape.w + col];
            cr_assert_float_eq(red, (float)(style_rgb(THEME_DARK, MAP_GREY, level) >> 16) / 255, 1e-3);
        }
    image_fini(&image);
    unlink(path);
    shown_close(&s);
}
