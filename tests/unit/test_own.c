/** Own pictures: what becomes of a drawing, a file, an image of the data set, inverted and nudged; and what is told of it. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "toy.h"
#include "tui/own.h"

enum { SIDE = 28, PIXELS = SIDE * SIDE };
static const struct shape grey = {1, SIDE, SIDE};
static struct own own;
static struct dataset data;
static char folder[] = "/tmp/fovea-own-XXXXXX";

static void set_up(void)
{
    cr_assert(mkdtemp(folder) && chdir(folder) == 0);
    data = toy_data(grey, 10, 50, 20);
    cr_assert_eq(own_init(&own, grey, NULL), ERR_NONE);
}

static void tear_down(void)
{
    char command[64];
    own_fini(&own);
    own_fini(&own);
    snprintf(command, sizeof command, "rm -r %s", folder);
    cr_assert_eq(system(command), 0);
}

TestSuite(own, .init = set_up, .fini = tear_down);

static void make(void)
{
    struct diag diag = {0};
    unsigned long version = own.version;
    cr_assert_eq(own_make(&own, &data, SPLIT_TEST, 7, &diag), ERR_NONE, "%s", diag.text);
    cr_assert(own.version == version + 1 && !own.changed);
}

static void same(const float *x, const float *y)
{
    for (int i = 0; i < PIXELS; i++)
        cr_assert_float_eq(x[i], y[i], 1e-6, "row %d, column %d: %g, not %g", i / SIDE, i % SIDE,
                           (double)x[i], (double)y[i]);
}

static const char *told(int line)
{
    static char text[160];
    own_done(&own, line, text, sizeof text);
    return text;
}

/* A stroke down the sheet, in pixels of the network. */
static void draw_stroke(float x, float from, float to)
{
    cr_assert(sketch_press(&own.sketch, SKETCH_PEN, (struct nib){x * OWN_GRAIN, from * OWN_GRAIN, 4}));
    cr_assert(sketch_drag(&own.sketch, (struct nib){x * OWN_GRAIN, to * OWN_GRAIN, 4}));
    own_drawn(&own);
}

Test(own, the_data_set_s_image_nudged_and_inverted)
{
    float plain[PIXELS], want[PIXELS];
    cr_assert_not(own_used(&own), "at first the data set's image is looked at as it is");
    own.down = -1;
    own.right = 3;
    cr_assert(own_used(&own));
    make();
    int label = dataset_read_floats(&data, SPLIT_TEST, 7, plain);
    image_shift(grey, plain, -1, 3, want);
    same(own.base, plain);
    same(own.x, want);
    cr_assert_eq(own.label, label);
    cr_assert_eq(own_lines(&own), 1);
    cr_assert_str_eq(told(0), "nudged by (-1,3)  ");
    own.down = own.right = 0;
    own.invert = true;
    make();
    for (int i = 0; i < PIXELS; i++)
        want[i] = 1 - plain[i];
    same(own.x, want);
    own_reset(&own, OWN_DATA);
    cr_assert_not(own_used(&own));
}

/* What is seen of a drawing is what centring makes of its sheet; and means of the sheet are what panels show. */
Test(own, a_drawing_is_centred)
{
    float want[PIXELS];
    struct centred did;
    own_reset(&own, OWN_DRAWING);
    make();
    cr_assert_str_eq(told(0), "nothing to see yet");
    draw_stroke(5, 3, 10);
    cr_assert(own.changed);
    make();
    cr_assert_eq(centre_picture(&own.sketch.sheet, grey, want, &did, NULL), ERR_NONE);
    same(own.x, want);
    cr_assert_eq(own.label, -1);
    cr_assert_eq(own_lines(&own), 2);
    cr_assert_eq(own.did.scaled_rows, 20);
    cr_assert(strstr(told(0), "scaled by 2.2") && strstr(told(0), "to 20x"), "9 pixels become 20: %s",
              told(0));
    char moved[40];
    snprintf(moved, sizeof moved, "moved by (%d,%d)  ", did.down, did.right);
    cr_assert_eq(strncmp(told(1), moved, strlen(moved)), 0, "%s", told(1));
    double whole = 0, coarse = 0, half = 0;
    for (int i = 0; i < PIXELS * OWN_GRAIN * OWN_GRAIN; i++)
        whole += (double)own.sheet[2][i];
    for (int i = 0; i < PIXELS * 4; i++)
        half += (double)own.sheet[1][i];
    for (int i = 0; i < PIXELS; i++)
        coarse += (double)own.sheet[0][i];
    cr_assert_float_eq(coarse * 16, whole, 1e-2);
    cr_assert_float_eq(half * 4, whole, 1e-2);
}

static void write_picture(const char *path, struct shape s, float paper, float ink)
{
    float *x = mem_floats(shape_count(s));
    for (size_t i = 0; i < shape_count(s); i++) {
        int row = (int)i / s.w % s.h, col = (int)i % s.w;
        x[i] = row >= s.h / 4 && row < s.h / 2 && col >= s.w / 3 && col < s.w / 2 ? ink : paper;
    }
    cr_assert_eq(image_write_png(path, s, x, NULL), ERR_NONE);
    free(x);
}

/* A photograph of a digit becomes one like MNIST's; taken as it is, it is what `fovea predict` sees. */
Test(own, a_photograph)
{
    struct image fitted = {0};
    write_picture("photo.png", (struct shape){3, 90, 60}, 0.9f, 0.2f);
    cr_assert_eq(own_read(&own, "photo.png", NULL), ERR_NONE);
    cr_assert(own.source == OWN_FILE && own.centre && own.invert, "it is dark on light");
    make();
    cr_assert(own.did.scaled_rows == 20 && own.did.rows == 23);
    cr_assert_float_eq(own.x[14 * SIDE + 14], 1, 0.02f);
    cr_assert_eq(own.x[0], 0);
    cr_assert_eq(own_lines(&own), 3);
    cr_assert_str_eq(told(2), "inverted  0.10 made 0, 0.80 made 1");
    own.centre = own.invert = false;
    make();
    cr_assert_eq(image_read_png("photo.png", &fitted, NULL), ERR_NONE);
    cr_assert_eq(image_fit(&fitted, grey, NULL), ERR_NONE);
    same(own.x, fitted.data);
    cr_assert_eq(own_lines(&own), 1);
    cr_assert_str_eq(told(0), "scaled to 28x28  from the middle of 90x60");
    image_fini(&fitted);
}

Test(own, files_of_the_right_size_and_large_ones)
{
    write_picture("ready.png", grey, 0, 1);
    cr_assert_eq(own_read(&own, "ready.png", NULL), ERR_NONE);
    cr_assert(!own.centre && !own.invert, "it is taken as it is");
    make();
    cr_assert_eq(own.x[8 * SIDE + 10], 1);
    write_picture("large.png", (struct shape){1, 700, 1500}, 0, 1);
    cr_assert_eq(own_read(&own, "large.png", NULL), ERR_NONE);
    cr_assert_leq(own.picture.shape.w, 16 * SIDE);
    cr_assert(own.read.h == 700 && own.read.w == 1500);
    make();
    cr_assert(own.did.scaled_cols == 20 && abs(own.did.scaled_rows - 14) <= 1);
}

/* What can't be read leaves everything as it was. */
Test(own, bad_files_change_nothing)
{
    struct diag diag = {0};
    write_picture("ready.png", grey, 0, 1);
    cr_assert_eq(own_read(&own, "ready.png", NULL), ERR_NONE);
    cr_assert_eq(file_write("bad.png", "no picture", 10, NULL), ERR_NONE);
    static const char *const bad[] = {"bad.png", "none.png", "."};
    for (int i = 0; i < ARRAY_LEN(bad); i++) {
        struct own before = own;
        cr_assert_neq(own_read(&own, bad[i], &diag), ERR_NONE);
        cr_assert(*diag.text);
        cr_assert_eq(memcmp(&before, &own, sizeof own), 0);
    }
    cr_assert_str_eq(own.path, "ready.png");
}

Test(own, the_way_back_is_told_where_there_is_room)
{
    char line[60];
    own.right = 2;
    own.invert = true;
    cr_assert(own_line(&own, SPLIT_TRAIN, 31, line, sizeof line));
    cr_assert_str_eq(line, "split train; sample 31; invert on; nudge 0 2");
    own_reset(&own, OWN_DRAWING);
    own.label = 4;
    cr_assert(own_line(&own, SPLIT_TEST, 0, line, sizeof line));
    cr_assert_str_eq(line, "split test; sample 0; draw show; label 4");
    own_reset(&own, OWN_FILE);
    memset(own.path, 'x', 100);
    cr_assert_not(own_line(&own, SPLIT_TEST, 0, line, sizeof line));
}
