/** With a pencil: what is asked for, and what may be wrong with an answer. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tui/stepping.h"

enum { BLINKS = 8 };
static const double exact = 1e-4, near = 0.005;

const char *const step_pencil_names[PENCILS] = {"off", "product", "sum", "output"};

void stepping_pencil(struct stepping *s, enum step_pencil pencil)
{
    long output = stepping_output(s);
    bool begins = pencil && !s->pencil;
    s->pencil = pencil;
    s->playing = false;
    s->asked = s->right = s->tries = 0;
    s->wrong = -1;
    s->blinks = 0;
    *s->typed = *s->verdict[0] = *s->verdict[1] = 0;
    stepping_go(s, begins && s->done == s->outputs * s->terms ? 0
                   : begins || pencil == PENCIL_OUTPUT        ? output * s->terms
                                                              : s->done);
}

/* Only terms with weights have products to be typed; of others what they come to so far is. */
static enum step_pencil kind(const struct stepping *s)
{
    return s->pencil == PENCIL_PRODUCT && !stepping_weighs(s) ? PENCIL_SUM : s->pencil;
}

/* One answer covers the whole output: there is nothing in between, or that is how it's asked. */
static bool asks_output(const struct stepping *s)
{
    return s->pencil == PENCIL_OUTPUT || s->source.operation == STEP_SOFTMAX || s->terms == 1;
}

static double right_answer(const struct stepping *s)
{
    long output = stepping_output(s), count = stepping_count(s);
    if (asks_output(s))
        return stepping_partial(s, output, s->terms);
    if (kind(s) == PENCIL_PRODUCT)
        return stepping_product(s, output, count);
    return stepping_partial(s, output, count + 1);
}

/* Without the sign that stands before it. */
static const char *bare_term(const char *piece)
{
    return strncmp(piece, " + ", 3) == 0 ? piece + 3 : strncmp(piece, ", ", 2) == 0 ? piece + 2 : piece;
}

bool stepping_wanted(const struct stepping *s, bool plain, double *value, char *text, size_t size)
{
    long output = stepping_output(s), count = stepping_count(s);
    char piece[64], where[64], so_far[DECIMAL_ROOM];
    if (!s->pencil || s->done >= s->outputs * s->terms)
        return false;
    *value = right_answer(s);
    stepping_place_text(s, output, where, sizeof where);
    stepping_piece(s, output, count, plain, piece, sizeof piece);
    const char *term = bare_term(piece);
    stepping_number(stepping_partial(s, output, count), so_far);
    if (asks_output(s))
        snprintf(text, size, "output %s", where);
    else if (kind(s) == PENCIL_PRODUCT)
        snprintf(text, size, "%s", term);
    else if (s->source.operation == STEP_MAX)
        snprintf(text, size, "the largest of the first %ld", count + 1);
    else if (count == 0)
        snprintf(text, size, "%s", term);
    else
        snprintf(text, size, "%s + %s", so_far, term);
    return true;
}

/* ---- checking ---- */

static bool is_whole(double v)
{
    return fabs(v - rint(v)) < exact;
}

/* Whole numbers are asked for exactly, others to about two digits behind the point. */
static bool agrees(double answer, double right)
{
    double size = fabs(right) > 1 ? fabs(right) : 1;
    return fabs(answer - right) <= (is_whole(right) ? exact : near) * size;
}

static const char *const slips[] = {"as if it were left out", "as if its sign were the other",
                                    "as if it were taken twice", "as if it were added, not multiplied"};

/* How far off a sum is with that slip at a term. */
static double slip(const struct stepping *s, long output, long k, int kind)
{
    struct trace_product p = stepping_term(s, output, k);
    double product = stepping_product(s, output, k);
    return kind == 0   ? -product
           : kind == 1 ? -2 * product
           : kind == 2 ? product
                       : (double)p.x + (double)p.w - product;
}

/* The one term that explains the difference of a sum, by the likeliest slip. -1: none, or several might. */
static long culprit(const struct stepping *s, long output, long count, double answer, const char **why)
{
    double off = answer - stepping_partial(s, output, count);
    for (int kind = 0; kind < ARRAY_LEN(slips); kind++) {
        long found = -1;
        int candidates = 0;
        for (long k = 0; k < count; k++)
            if (fabs(off - slip(s, output, k, kind)) < exact) {
                found = k;
                candidates++;
            }
        if (candidates == 1) {
            *why = slips[kind];
            return found;
        }
    }
    return -1;
}

/* In words: which term to look at, and why, where that is known. */
static void blame(struct stepping *s, double answer, const char *why, bool plain)
{
    char piece[64] = "", *out = s->verdict[plain];
    size_t size = sizeof s->verdict[0];
    if (s->wrong < s->terms)
        stepping_piece(s, stepping_output(s), s->wrong, plain, piece, sizeof piece);
    const char *term = bare_term(piece);
    if (why)
        snprintf(out, size, "%g is wrong: look at %s, it is %s", answer, term, why);
    else if (*term)
        snprintf(out, size, "%g is wrong: look at %s", answer, term);
    else
        snprintf(out, size, "%g is wrong by %+.4g", answer, answer - right_answer(s));
}

static void judge_wrong(struct stepping *s, double answer)
{
    long output = stepping_output(s), count = asks_output(s) ? s->terms : stepping_count(s) + 1;
    const char *why = NULL;
    s->wrong = s->terms;
    if (kind(s) == PENCIL_PRODUCT && !asks_output(s))
        s->wrong = count - 1;
    else if (stepping_weighs(s))
        s->wrong = culprit(s, output, count, answer, &why);
    if (s->wrong < 0)
        s->wrong = asks_output(s) ? s->terms : count - 1;
    s->blinks = BLINKS;
    s->blink_due = 0;
    blame(s, answer, why, false);
    blame(s, answer, why, true);
}

bool stepping_answer(struct stepping *s, double answer)
{
    double right = 0;
    char text[2][64];
    if (!stepping_wanted(s, false, &right, text[0], sizeof text[0]) ||
        !stepping_wanted(s, true, &right, text[1], sizeof text[1]))
        return false;
    bool good = agrees(answer, right);
    s->asked += s->tries == 0;
    s->right += s->tries == 0 && good;
    *s->typed = 0;
    if (!good) {
        s->tries++;
        judge_wrong(s, answer);
        return false;
    }
    for (int plain = 0; plain < 2; plain++)
        snprintf(s->verdict[plain], sizeof s->verdict[0], "right: %s = %.4g", text[plain], right);
    stepping_go(s, asks_output(s) ? (stepping_output(s) + 1) * s->terms : s->done + 1);
    return true;
}

void stepping_finish(struct stepping *s)
{
    *s->typed = *s->verdict[0] = *s->verdict[1] = 0;
    stepping_go(s, (stepping_output(s) + 1) * s->terms);
}
