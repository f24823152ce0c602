/** What panels say of a filter chain; nothing here allocates but filtering_spell(). */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "tui/filtering.h"

PRINTF_LIKE(3, 4) static void add(char *text, int size, const char *format, ...)
{
    int length = 0;
    va_list args;
    while (length < size - 1 && text[length])
        length++;
    va_start(args, format);
    vsnprintf(text + length, (size_t)(size - length), format, args);
    va_end(args);
}

const struct knob *filtering_knobs(const struct chain_stage *stage, const double **value)
{
    *value = stage->type ? stage->value : stage->kernel.value;
    return stage->type ? stage->type->knob : stage->kernel.type->knob;
}

void filtering_brief(const struct chain_stage *stage, char *text, int size)
{
    const double *value;
    const struct knob *knob = filtering_knobs(stage, &value);
    snprintf(text, (size_t)size, "%s", stage->type ? stage->type->name : stage->kernel.type->name);
    for (int i = 0; i < knobs_count(knob); i++) {
        double v = value[i];
        if (knob[i].words && (i == 0 || v > 0))
            add(text, size, " %s", knob[i].words[(int)v]);
        else if (!knob[i].words && (i == 0 || v > 0 || v < 0))
            add(text, size, " %s=%.4g", knob[i].name, v);
    }
    if (!stage->type && !knobs_count(knob))
        add(text, size, " %ldx%ld", stage->kernel.w.dim[0], stage->kernel.w.dim[1]);
}

struct tiles filtering_tile(const struct filtering *f, int result, bool numbers)
{
    const struct chain_result *r = &f->seen.result[result];
    struct shape s = r->image.shape;
    enum look_of look = f->look[result];
    struct tiles t = {.n = 1, .h = s.h, .w = s.w, .mark = -1, .v = r->image.data};
    t.map = s.c == 3                ? MAP_COLOUR
            : look == LOOK_PICTURE  ? MAP_GREY
            : look == LOOK_POSITIVE ? MAP_HEAT
                                    : MAP_SIGNED;
    float reach = fmaxf(fabsf(r->min), fabsf(r->max));
    t.range = look == LOOK_PICTURE ? 1 : isfinite(reach) ? reach : 0;
    if (f->shown[result] && !numbers)
        t.v = f->shown[result];
    return t;
}

void filtering_range(const struct filtering *f, int result, char *text, int size)
{
    const struct chain_result *r = &f->seen.result[result];
    float reach = fmaxf(fabsf(r->min), fabsf(r->max));
    if (f->look[result] == LOOK_PICTURE)
        snprintf(text, (size_t)size, "0..1");
    else if (f->look[result] == LOOK_POSITIVE)
        snprintf(text, (size_t)size, "0..%.3g", (double)reach);
    else
        snprintf(text, (size_t)size, "\u00b1%.3g", (double)reach);
}

void filtering_numbers(const struct filtering *f, int result, char *text, int size)
{
    const struct chain_result *r = &f->seen.result[result];
    *text = 0;
    bool comparable = result > 0 && f->look[result] == LOOK_PICTURE;
    if (comparable && isfinite(r->rmse))
        add(text, size, "RMSE %.4g  ", r->rmse);
    if (comparable && isfinite(r->psnr))
        add(text, size, "PSNR %.2f dB  ", r->psnr);
    add(text, size, "min %.3g  max %.3g  mean %.3g", (double)r->min, (double)r->max, r->mean);
}

struct template_box filtering_cut(const struct filtering *f, int row, int col)
{
    struct template_box b;
    b.row = row < f->corner_row ? row : f->corner_row;
    b.col = col < f->corner_col ? col : f->corner_col;
    b.rows = abs(row - f->corner_row) + 1;
    b.cols = abs(col - f->corner_col) + 1;
    return b;
}

void filtering_sums(const struct kernel *k, double *sum, double *magnitudes)
{
    *sum = *magnitudes = 0;
    for (size_t i = 0; i < tensor_count(&k->w); i++) {
        *sum += (double)k->w.data[i];
        *magnitudes += fabs((double)k->w.data[i]);
    }
}

void filtering_spell(const struct chain_stage *stage, struct text *out)
{
    size_t from = out->length;
    chain_spell(stage, out);
    for (size_t i = from; i < out->length; i++)
        if (out->data[i] == ';')
            out->data[i] = '/';
}
