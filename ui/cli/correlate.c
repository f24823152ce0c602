/** fovea correlate: correlation and convolution by their definitions, and every product of them. */
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/json.h"
#include "data/table.h"
#include "filter/trace.h"

struct job {
    const char *mode_name;
    enum correlate_mode mode;
    bool convolve, steps, json;
    struct table x, w;
    struct tensor y;
    struct trace trace;
};

struct number {
    char s[32];
};

/* The shortest decimals that read back to the same float. */
static struct number number(float value)
{
    struct number n;
    for (int digits = 6; digits <= 9; digits++) {
        snprintf(n.s, sizeof n.s, "%.*g", digits, (double)value);
        if (strtof(n.s, NULL) == value)
            break;
    }
    return n;
}

static void print_factor(float value)
{
    bool minus = number(value).s[0] == '-';
    printf(minus ? "(%s)" : "%s", number(value).s);
}

/* "(1,2)  3·0 + 2·1 = 2", places counted from 1 as on paper. */
static void print_step(const struct job *j, long index)
{
    const struct trace *t = &j->trace;
    const char *times = strcmp(nl_langinfo(CODESET), "UTF-8") == 0 ? "\u00b7" : "*", *plus = "";
    long place[CORRELATE_RANK];
    trace_place(t, index, place);
    for (int a = CORRELATE_RANK - t->extents.rank; a < CORRELATE_RANK; a++)
        printf("%s%ld", a == CORRELATE_RANK - t->extents.rank ? "(" : ",", place[a] + 1);
    printf(")  ");
    for (long k = 0; k < t->products; k++) {
        struct trace_product p = trace_product(t, index, k);
        if (p.padding && j->mode == CORRELATE_VALID)
            continue; /* w is the larger one, and x slides over it: there is no padding to speak of */
        printf("%s", plus);
        print_factor(p.x);
        printf("%s", times);
        print_factor(p.w);
        plus = " + ";
    }
    printf(" = %s\n", number((float)trace_sum(t, index, t->products)).s);
}

/* Rows, right-aligned column by column; planes of a 3-D result apart by an empty line. */
static void print_text(const struct tensor *y)
{
    long cols = y->dim[y->rank - 1], rows = y->rank > 1 ? y->dim[y->rank - 2] : 1;
    long count = (long)tensor_count(y);
    int width = 0;
    for (long i = 0; i < count; i++) {
        int length = (int)strlen(number(y->data[i]).s);
        width = length > width ? length : width;
    }
    for (long i = 0; i < count; i++) {
        if (i > 0 && i % (rows * cols) == 0)
            printf("\n");
        printf("%*s%s", width, number(y->data[i]).s, (i + 1) % cols == 0 ? "\n" : " ");
    }
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

static void print_json(const struct job *j)
{
    json_t *shape = json_array(), *steps = json_array();
    for (int a = 0; a < j->y.rank; a++)
        json_array_append_new(shape, json_integer(j->y.dim[a]));
    for (long i = 0; i < j->trace.outputs && j->steps; i++)
        json_array_append_new(steps, json_step(j, i));
    json_t *line =
        json_pack("{s:o, s:o}", "shape", shape, "values", json_floats((int)tensor_count(&j->y), j->y.data));
    if (j->steps)
        json_object_set(line, "steps", steps);
    json_decref(steps);
    json_line(line);
}

static int work(struct job *j, const char *x, const char *w)
{
    struct diag diag = {0};
    enum err err = table_read(x, &j->x, &diag);
    if (!err)
        err = table_read(w, &j->w, &diag);
    if (!err) {
        table_pair(&j->x, &j->w);
        err = correlate(&j->x.tensor, &j->w.tensor, j->mode, j->convolve, &j->y, &diag);
    }
    if (!err)
        err = trace_init(&j->trace, &j->x.tensor, &j->w.tensor, j->mode, j->convolve, &diag);
    if (!err && j->json)
        print_json(j);
    else if (!err) {
        for (long i = 0; i < j->trace.outputs && j->steps; i++)
            print_step(j, i);
        printf("%s", j->steps ? "\n" : "");
        print_text(&j->y);
    }
    int status = err ? command_fail(&diag) : 0;
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
