#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "data/image.h"
#include "data/table.h"
#include "tensor/safetensors.h"

static const struct good {
    const char *text;
    enum table_line line;
    int rank;
    long dim[2];
    float data[6];
} good[] = {
    {"1,2,3\n", TABLE_ROW, 1, {3}, {1, 2, 3}},
    {"1\n2\n3", TABLE_COLUMN, 1, {3}, {1, 2, 3}},
    {"7", TABLE_ROW, 1, {1}, {7}},
    {"1,2,3\n4,5,6\n", TABLE_NONE, 2, {2, 3}, {1, 2, 3, 4, 5, 6}},
    {"1 2 3\r\n4\t5 6\r\n\r\n", TABLE_NONE, 2, {2, 3}, {1, 2, 3, 4, 5, 6}},
    {"# a kernel\n 1 ; -2.5 # the first\n\n 3e2;.5\n", TABLE_NONE, 2, {2, 2}, {1, -2.5f, 300, 0.5f}},
    {"\xEF\xBB\xBF"
     "1 , 2",
     TABLE_ROW,
     1,
     {2},
     {1, 2}},
};

Test(table, reads)
{
    for (int i = 0; i < ARRAY_LEN(good); i++) {
        const struct good *g = &good[i];
        struct table t = {0};
        struct diag diag = {0};
        cr_assert_eq(table_parse(g->text, "x.csv", &t, &diag), ERR_NONE, "case %d: %s", i, diag.text);
        cr_assert(t.line == g->line && t.tensor.rank == g->rank, "case %d", i);
        for (int a = 0; a < g->rank; a++)
            cr_assert_eq(t.tensor.dim[a], g->dim[a], "case %d", i);
        for (size_t k = 0; k < tensor_count(&t.tensor); k++)
            cr_assert_eq(t.tensor.data[k], g->data[k], "case %d, number %zu", i, k);
        table_fini(&t);
    }
}

static const struct bad {
    const char *text, *says;
} bad[] = {
    {"", "x.csv: holds no numbers"},
    {"# nothing\n\n", "holds no numbers"},
    {"1,2\n3\n", "x.csv:2: 1 numbers in this row, but 2 in the first"},
    {"1,,2", "x.csv:1: nothing between two commas"},
    {"1,2,\n", "x.csv:1: nothing between two commas"},
    {"1\n\ntwo", "x.csv:3: 'two' isn't a number"},
    {"nan", "'nan' isn't a number"},
    {"0x10", "isn't a number"},
    {"1e300", "beyond"},
    {"0000000000000000000000000000000000000000000000000000000000000000000000001", "isn't a number"},
};

Test(table, refuses)
{
    for (int i = 0; i < ARRAY_LEN(bad); i++) {
        struct table t = {0};
        struct diag diag = {0};
        cr_assert(table_parse(bad[i].text, "x.csv", &t, &diag) != ERR_NONE, "case %d", i);
        cr_assert(strstr(diag.text, bad[i].says), "case %d says: %s", i, diag.text);
        table_fini(&t);
    }
}

Test(table, a_line_beside_a_matrix)
{
    static const char *const text[4] = {"1,2,3", "1\n2\n3", "1,2\n3,4", "4,5"};
    struct table t[4] = {0};
    for (int i = 0; i < 4; i++)
        cr_assert_eq(table_parse(text[i], "x", &t[i], NULL), ERR_NONE);
    table_pair(&t[0], &t[3]);
    cr_assert(t[0].tensor.rank == 1 && t[3].tensor.rank == 1, "two lines are two vectors");
    table_pair(&t[0], &t[2]);
    table_pair(&t[2], &t[1]);
    cr_assert(t[0].tensor.rank == 2 && t[0].tensor.dim[0] == 1 && t[0].tensor.dim[1] == 3);
    cr_assert(t[1].tensor.rank == 2 && t[1].tensor.dim[0] == 3 && t[1].tensor.dim[1] == 1);
    cr_assert(t[2].tensor.rank == 2 && t[2].tensor.dim[0] == 2 && t[2].tensor.dim[1] == 2);
    for (int i = 0; i < 4; i++)
        table_fini(&t[i]);
}

/* ---- files ---- */

static char folder[] = "/tmp/fovea-table-XXXXXX";

static const char *in_folder(const char *name)
{
    static char path[4][256];
    static int next;
    next = (next + 1) % 4;
    snprintf(path[next], sizeof path[next], "%s/%s", folder, name);
    return path[next];
}

static void make_folder(void)
{
    cr_assert(mkdtemp(folder));
}

static void remove_folder(void)
{
    static const char *const names[] = {"a.csv", "a.png", "a.safetensors", "b.safetensors"};
    for (int i = 0; i < ARRAY_LEN(names); i++)
        unlink(in_folder(names[i]));
    rmdir(folder);
}

Test(table, files, .init = make_folder, .fini = remove_folder)
{
    static const float pixels[6] = {0, 1, 0, 1, 0, 1}, first[2] = {1, 2},
                       second[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    static const int64_t steps[1] = {9};
    const struct safetensors_item items[] = {{"steps", DTYPE_I64, 1, {1}, steps},
                                             {"first", DTYPE_F32, 1, {2}, first},
                                             {"second", DTYPE_F32, 3, {2, 2, 2}, second}};
    struct table t = {0};
    struct diag diag = {0};
    cr_assert(!file_write(in_folder("a.csv"), "1,2\n3,4\n", 8, NULL));
    cr_assert(!image_write_png(in_folder("a.png"), (struct shape){1, 2, 3}, pixels, NULL));
    cr_assert(!safetensors_write(in_folder("a.safetensors"), items, 3, NULL, 0, NULL));
    cr_assert(!safetensors_write(in_folder("b.safetensors"), items, 1, NULL, 0, NULL));

    cr_assert(!table_read(in_folder("a.csv"), &t, NULL) && t.tensor.rank == 2 && t.tensor.data[3] == 4);
    table_fini(&t);
    cr_assert(!table_read(in_folder("a.png"), &t, NULL));
    cr_assert(t.tensor.rank == 2 && t.tensor.dim[0] == 2 && t.tensor.dim[1] == 3);
    cr_assert_arr_eq(t.tensor.data, pixels, sizeof pixels);
    table_fini(&t);
    cr_assert(!table_read(in_folder("a.safetensors"), &t, NULL) && t.tensor.rank == 1 &&
              t.tensor.data[1] == 2);
    table_fini(&t);
    cr_assert(!table_read(in_folder("a.safetensors:second"), &t, NULL) && t.tensor.rank == 3);
    cr_assert_arr_eq(t.tensor.data, second, sizeof second);
    table_fini(&t);

    cr_assert_eq(table_read(in_folder("a.safetensors:third"), &t, &diag), ERR_UNKNOWN);
    cr_assert(strstr(diag.text, "'third'") && strstr(diag.text, "second") &&
                  strstr(diag.text, "a.safetensors:"),
              "%s", diag.text);
    cr_assert_eq(table_read(in_folder("b.safetensors"), &t, &diag), ERR_FORMAT);
    cr_assert_eq(table_read(in_folder("missing.csv"), &t, &diag), ERR_IO);
    cr_assert_eq(table_read(folder, &t, &diag), ERR_IO);
    cr_assert(strstr(diag.text, "directory"), "%s", diag.text);
}
