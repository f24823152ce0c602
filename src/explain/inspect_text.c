#include <math.h>
#include <stdio.h>
#include <string.h>

#include "explain/inspect.h"

enum { PIECE = 96, NUMBER = 16 };

struct number_text {
    char s[NUMBER];
};

/* Three digits, and never "-0". */
static struct number_text number(float v)
{
    struct number_text t;
    snprintf(t.s, sizeof t.s, "%.3g", v == 0 ? 0.0 : (double)v);
    return t;
}

/* " + 0.05" or " - 0.05": a number that is added. */
static struct number_text added(float v)
{
    struct number_text t, size = number(v < 0 ? -v : v);
    snprintf(t.s, sizeof t.s, " %c %.12s", v < 0 ? '-' : '+', size.s);
    return t;
}

void unit_text(const struct net *net, struct unit u, char *text, size_t size)
{
    struct shape s = u.layer < 0 ? net->in : net->layer[u.layer].out;
    int used = snprintf(text, size, "%s", u.layer < 0 ? "input" : net->layer[u.layer].name);
    if ((size_t)used < size && (s.c > 1 || u.layer >= 0))
        used += snprintf(text + used, size - (size_t)used, "[%d]", u.channel);
    if ((size_t)used < size && (s.h > 1 || s.w > 1))
        snprintf(text + used, size - (size_t)used, "(%d,%d)", u.row, u.col);
}

/* Of a share. */
static float own_exponent(const struct expression *e)
{
    return e->winner < e->listed ? e->a[e->winner] : logf(e->result * e->deviation) + e->mean;
}

static int head(const struct expression *e, char *text, size_t size)
{
    static const char *const heads[] = {
        [FORM_MAX] = "max(",   [FORM_MEAN] = "(", [FORM_RELU] = "max(", [FORM_SIGMOID] = "1 / (1 + e^",
        [FORM_TANH] = "tanh(",
    };
    if (e->form == FORM_SHARE)
        return snprintf(text, size, "e^%s / (", number(own_exponent(e)).s);
    const char *own = (size_t)e->form < sizeof heads / sizeof *heads ? heads[e->form] : NULL;
    return snprintf(text, size, "%s", own ? own : "");
}

static int piece_of(const struct expression *e, int k, char *text, size_t size)
{
    struct number_text a = number(e->a[k]), b = number(e->b[k]);
    const char *plus = k > 0 ? " + " : "";
    switch (e->form) {
    case FORM_SUM:
        return e->factors ? snprintf(text, size, "%s%s*%s", plus, a.s, b.s)
                          : snprintf(text, size, "%s%s", plus, a.s);
    case FORM_MAX:
        return snprintf(text, size, k == e->winner ? "%s[%s]" : "%s%s", k > 0 ? ", " : "", a.s);
    case FORM_SHARE:
        return snprintf(text, size, "%se^%s", plus, a.s);
    case FORM_SCALED:
    case FORM_STANDARD: {
        int used = snprintf(text, size, "(%s%s) / %s", a.s, added(-e->mean).s, number(e->deviation).s);
        if (e->form == FORM_SCALED && (size_t)used < size)
            used += snprintf(text + used, size - (size_t)used, " * %s", number(e->gain).s);
        return used;
    }
    case FORM_LEAKY:
        return e->b[k] != 1 ? snprintf(text, size, "%s*%s", b.s, a.s) : snprintf(text, size, "%s", a.s);
    case FORM_ELU:
        return e->a[k] <= 0 ? snprintf(text, size, "%s*(e^%s - 1)", number(e->gain).s, a.s)
                            : snprintf(text, size, "%s", a.s);
    case FORM_SIGMOID:
        return snprintf(text, size, "%s", number(-e->a[k]).s);
    default:
        return snprintf(text, size, "%s%s", plus, a.s);
    }
}

static int tail(const struct expression *e, char *text, size_t size)
{
    char more[PIECE] = "", end[NUMBER] = "";
    if (e->listed < e->terms && e->form == FORM_SHARE)
        snprintf(more, sizeof more, " + %d more", e->terms - e->listed);
    else if (e->listed < e->terms)
        snprintf(more, sizeof more, " + %d more (%s)", e->terms - e->listed,
                 number(e->form == FORM_MEAN ? e->rest * (float)e->terms : e->rest).s);
    if (e->form == FORM_MAX || e->form == FORM_SHARE || e->form == FORM_SIGMOID || e->form == FORM_TANH)
        snprintf(end, sizeof end, ")");
    else if (e->form == FORM_RELU)
        snprintf(end, sizeof end, ", 0)");
    else if (e->form == FORM_MEAN)
        snprintf(end, sizeof end, ") / %d", e->terms);
    return snprintf(text, size, "%s%s%s = %s", more, end, e->biased ? added(e->bias).s : "",
                    number(e->result).s);
}

int expression_piece(const struct expression *e, int piece, char *text, size_t size)
{
    int used = piece < 0           ? head(e, text, size)
               : piece < e->listed ? piece_of(e, piece, text, size)
                                   : tail(e, text, size);
    return used < (int)size ? used : (int)size - 1;
}

void expression_text(const struct net *net, struct unit u, const struct expression *e, char *text,
                     size_t size)
{
    static const char dots[] = " + ...";
    char end[2 * PIECE], piece[PIECE];
    size_t used, ending = (size_t)expression_piece(e, e->listed, end, sizeof end);
    unit_text(net, u, text, size);
    used = strlen(text);
    for (int k = -2; k < e->listed; k++) {
        const char *next = k == -2 ? " = " : piece;
        size_t length = k == -2 ? 3 : (size_t)expression_piece(e, k, piece, sizeof piece);
        bool last = k == e->listed - 1;
        if (used + length + (last ? 0 : sizeof dots) + ending >= size) {
            used += (size_t)snprintf(text + used, size - used, "%s", e->form == FORM_MAX ? ", ..." : dots);
            break;
        }
        memcpy(text + used, next, length + 1);
        used += length;
    }
    if (used < size)
        snprintf(text + used, size - used, "%s", end);
}
