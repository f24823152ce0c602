/** fovea correlate: correlation and convolution by their definitions, and every product of them. */
#include <langinfo.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/file.h"
#include "base/team.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/json.h"
#include "data/table.h"
#include "filter/expression.h"
#include "filter/fast.h"
#include "filter/trace.h"
#include "filter/worksheet.h"
#include "tensor/safetensors.h"

struct job {
    const char *mode_name, *out, *sheet;
    enum correlate_mode mode;
    bool convolve, steps, json, color;
    int threads;
    struct table x, w;
    struct tensor y;
    struct trace trace;
    struct correlate_plan plan;
};

static bool is_plain(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

/* "(1,2)  3·0 + 2·1 = 2", places counted from 1 as on paper. */
static void print_step(const struct job *j, long index)
{
    const struct trace *t = &j->trace;
    struct text sum = {0};
    long place[CORRELATE_RANK];
    trace_place(t, index, place);
    for (int a = CORRELATE_RANK - t->extents.rank; a < CORRELATE_RANK; a++)
        printf("%s%ld", a == CORRELATE_RANK - t->extents.rank ? "(" : ",", place[a] + 1);
    expression_sum(&sum, t, index, t->products, is_plain());
    printf(")  %s\n", text_str(&sum));
    text_free(&sum);
}

/* Numbers by the million are written a line at a time. */
static void print_line(struct text *line)
{
    fwrite(text_str(line), 1, line->length, stdout);
    line->length = 0;
}

/* Rows, right-aligned column by column; planes of a 3-D result apart by an empty line. */
static void print_text(const struct tensor *y)
{
    static const char blanks[] = "                    ";
    long cols = y->dim[y->rank - 1], rows = y->rank > 1 ? y->dim[y->rank - 2] : 1;
    long count = (long)tensor_count(y);
    char text[DECIMAL_ROOM];
    struct text line = {0};
    int width = 0;
    for (long i = 0; i < count; i++) {
        int length = decimal_shortest(y->data[i], text);
        width = length > width ? length : width;
    }
    for (long i = 0; i < count; i++) {
        int length = decimal_shortest(y->data[i], text);
        if (i > 0 && i % (rows * cols) == 0)
            text_add_n(&line, "\n", 1);
        text_add_n(&line, blanks, (size_t)(width - length));
        text_add_n(&line, text, (size_t)length);
        text_add_n(&line, (i + 1) % cols == 0 ? "\n" : " ", 1);
        if ((i + 1) % cols == 0)
            print_line(&line);
    }
    text_free(&line);
}

static json_t *json_step(const struct job *j, long index)
{
    const struct trace *t = &j->trace;
    long place[CORRELATE_RANK];
    json_t *at = json_array(), *products = json_array();
    trace_place(t, index, place);
    for (int a = CORRELATE_RANK - t->extents.rank; a < CORRELATE_RANK; a++)
        json_array_append_new(at, json_integer(place[a] + 1));
    for (long k = 0; k < t->products; k++) {
        struct trace_product p = trace_product(t, index, k);
        if (!p.padding || j->mode != CORRELATE_VALID)
            json_array_append_new(products,
                                  json_pack("[o,o]", json_number((double)p.x), json_number((double)p.w)));
    }
    return json_pack("{s:o, s:o, s:o}", "place", at, "products", products, "sum",
                     json_number(trace_sum(t, index, t->products)));
}

/* By hand: as objects, the numbers of a large picture would take a gigabyte. */
static void print_json(const struct job *j)
{
    struct text line = {0};
    char text[DECIMAL_ROOM];
    long count = (long)tensor_count(&j->y);
    text_add(&line, "{\"shape\":[");
    for (int a = 0; a < j->y.rank; a++)
        text_format(&line, a ? ",%ld" : "%ld", j->y.dim[a]);
    text_add(&line, "],\"values\":[");
    for (long i = 0; i < count; i++) {
        int length = decimal_shortest(j->y.data[i], text);
        bool finite = isfinite(j->y.data[i]) != 0;
        text_add_n(&line, ",", i > 0);
        text_add_n(&line, finite ? text : "null", finite ? (size_t)length : 4);
        if (finite && !strpbrk(text, ".e"))
            text_add_n(&line, ".0", 2);
        if (line.length > 1 << 16)
            print_line(&line);
    }
    text_add(&line, "]");
    print_line(&line);
    text_free(&line);
    if (j->steps) {
        json_t *steps = json_array();
        for (long i = 0; i < j->trace.outputs; i++)
            json_array_append_new(steps, json_step(j, i));
        printf(",\"steps\":");
        json_dumpf(steps, stdout, JSON_COMPACT | JSON_REAL_PRECISION(9));
        json_decref(steps);
    }
    printf("}\n");
}

static enum err read_both(struct job *j, const char *x, const char *w, struct diag *diag)
{
    enum err err = j->color ? table_read_picture(x, true, &j->x, diag) : table_read(x, &j->x, diag);
    if (!err)
        err = table_read(w, &j->w, diag);
    struct tensor *kernel = &j->w.tensor;
    if (!err && j->color && kernel->rank == 1 && j->w.line == TABLE_COLUMN) {
        kernel->dim[1] = 1;
        kernel->rank = 2;
    } else if (!err && j->color && kernel->rank == 1) {
        kernel->dim[1] = kernel->dim[0];
        kernel->dim[0] = 1;
        kernel->rank = 2;
    }
    if (!err && j->color && kernel->rank == 2)
        kernel->dim[kernel->rank++] = 1; /* one matrix for each of the colours */
    if (!err)
        table_pair(&j->x, &j->w);
    return err;
}

/* A picture, a tensor "y", or CSV, as the name ends. */
static enum err write_out(const struct job *j, struct diag *diag)
{
    const struct tensor *y = &j->y;
    const char *dot = strrchr(j->out, '.');
    long cols = y->dim[y->rank - 1];
    if (dot && strcmp(dot, ".png") == 0)
        return table_write_picture(j->out, y, diag);
    if (dot && strcmp(dot, ".safetensors") == 0) {
        struct safetensors_item item = {.name = "y", .dtype = DTYPE_F32, .rank = y->rank, .data = y->data};
        memcpy(item.dim, y->dim, sizeof item.dim);
        return safetensors_write(j->out, &item, 1, NULL, 0, diag);
    }
    struct text t = {0};
    char text[DECIMAL_ROOM];
    for (long i = 0; i < (long)tensor_count(y); i++) {
        text_add_n(&t, text, (size_t)decimal_shortest(y->data[i], text));
        text_add_n(&t, (i + 1) % cols == 0 ? "\n" : ",", 1);
    }
    enum err err = y->rank > 2
                       ? diag_fail(diag, ERR_SHAPE, j->out, 0,
                                   "a result of three axes fits into a .safetensors file, not into CSV")
                   : t.failed ? diag_memory(diag, "a table of numbers")
                              : file_write(j->out, t.data, t.length, diag);
    text_free(&t);
    return err;
}

static void print_written(const struct job *j)
{
    json_t *shape = json_array();
    for (int a = 0; a < j->y.rank; a++)
        json_array_append_new(shape, json_integer(j->y.dim[a]));
    json_line(json_pack("{s:o, s:s, s:b, s:I}", "shape", shape, "file", j->out, "separable",
                        j->plan.separable, "products", (json_int_t)j->plan.products));
}

/* Plain text, or PostScript when the name says so. */
static enum err write_sheet(const struct job *j, struct diag *diag)
{
    struct trace_options options = {.mode = j->mode, .flip = j->convolve};
    return worksheet_write(&j->x.tensor, &j->w.tensor, &options, is_plain(), j->sheet, diag);
}

static void print_result(const struct job *j)
{
    for (long i = 0; i < j->trace.outputs && j->steps && !j->json; i++)
        print_step(j, i);
    if (j->json && j->out)
        print_written(j);
    else if (j->json)
        print_json(j);
    else if (!j->out) {
        printf("%s", j->steps ? "\n" : "");
        print_text(&j->y);
    }
}

static int work(struct job *j, const char *x, const char *w)
{
    struct diag diag = {0};
    struct team *team = team_new(threads_or_all(j->threads));
    enum err err = read_both(j, x, w, &diag);
    if (!err)
        err = correlate_fast(&j->x.tensor, &j->w.tensor, j->mode, j->convolve, team, &j->y, &j->plan, &diag);
    if (!err)
        err = trace_init(&j->trace, &j->x.tensor, &j->w.tensor, j->mode, j->convolve, &diag);
    if (!err && j->sheet)
        err = write_sheet(j, &diag);
    if (!err && j->out)
        err = write_out(j, &diag);
    if (!err)
        print_result(j);
    int status = err ? command_fail(&diag) : 0;
    team_free(team);
    table_fini(&j->x);
    table_fini(&j->w);
    tensor_fini(&j->y);
    return status;
}

static int check(const struct command *self, struct job *j, int count, char **files)
{
    if (count != 2)
        return command_usage(self, "name the input X and the kernel W");
    if (strcmp(files[0], "-") == 0 && strcmp(files[1], "-") == 0)
        return command_usage(self, "only one of X and W can be standard input");
    int mode = 0;
    while (mode < CORRELATE_MODES && strcmp(j->mode_name, correlate_mode_names[mode]) != 0)
        mode++;
    if (mode == CORRELATE_MODES)
        return command_usage(self, "no mode '%s'; there are valid, same and full", j->mode_name);
    j->mode = (enum correlate_mode)mode;
    return -1;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct job j = {.mode_name = "valid"};
    int count = 0;
    const struct option_row rows[] = {
        {"--convolve", NULL, "flip W along every axis, as signal processing does", OPTION_FLAG, &j.convolve,
         0, 0},
        {"--mode", "MODE", "valid, same or full (valid)", OPTION_TEXT, &j.mode_name, 0, 0},
        {"--steps", NULL, "print every product", OPTION_FLAG, &j.steps, 0, 0},
        {"--color", NULL, "read the picture X as rows x columns x 3", OPTION_FLAG, &j.color, 0, 0},
        {"--out", "FILE", "write the result there: .png, .safetensors or CSV", OPTION_TEXT, &j.out, 0, 0},
        {"--threads", "T", "threads (every core)", OPTION_WHOLE, &j.threads, 1, TEAM_MAX},
        {"--worksheet", "FILE", "write it as an exercise with its answers: .ps or text", OPTION_TEXT,
         &j.sheet, 0, 0},
        {"--json", NULL, "one JSON object: shape and values", OPTION_FLAG, &j.json, 0, 0},
        {NULL, NULL, NULL, OPTION_FLAG, NULL, 0, 0},
    };
    char **rest = calloc((size_t)argc, sizeof *rest);
    int status = options_parse(self, rows, argc, argv, rest, &count);
    if (status < 0)
        status = check(self, &j, count, rest);
    if (status < 0)
        status = work(&j, rest[0], rest[1]);
    free(rest);
    return status;
}

const struct command command_correlate = {"correlate", "[option ...] X W",
                                          "Correlate X with the kernel W, both CSV, PNG or safetensors", run};
