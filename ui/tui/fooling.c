#include "tui/fooling.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { PIXELS_USUAL = 20 };
static const float epsilon_usual = 0.3f;

const char *const budget_names[BUDGETS] = {"pixels", "epsilon"};

static size_t plane_of(const struct fooling *f)
{
    return (size_t)f->in.h * (size_t)f->in.w;
}

struct fooling *fooling_new(struct shape in)
{
    struct fooling *f = calloc(1, sizeof *f);
    if (!f)
        return NULL;
    *f = (struct fooling){.in = in, .pixels = PIXELS_USUAL, .epsilon = epsilon_usual, .stale = true};
    f->now = f->drawing;
    bool all = (f->clean = mem_floats(shape_count(in))) && (f->x = mem_floats(shape_count(in))) &&
               (f->changes_drawn = mem_floats(shape_count(in))) && (f->cleared = calloc(plane_of(f), 1));
    for (int i = 0; i < DRAWINGS_KEPT; i++)
        all = all && (f->drawing[i].mark = calloc(plane_of(f), 1));
    if (all)
        return f;
    fooling_free(f);
    return NULL;
}

void fooling_free(struct fooling *f)
{
    if (!f)
        return;
    for (int i = 0; i < DRAWINGS_KEPT; i++)
        free(f->drawing[i].mark);
    free(f->cleared);
    free(f->clean);
    free(f->x);
    free(f->changes_drawn);
    free(f);
}

bool fooling_usual_budget(const struct fooling *f)
{
    return f->budget == BUDGET_PIXELS && f->pixels == PIXELS_USUAL && f->epsilon == epsilon_usual;
}

/* ---- which picture ---- */

static struct sample_key key_of(const struct view *v)
{
    if (own_used(&v->own))
        return (struct sample_key){.own = true, .version = v->own.version};
    return (struct sample_key){.split = v->split, .index = v->index};
}

static bool same_key(const struct sample_key *a, const struct sample_key *b)
{
    return a->own == b->own && a->split == b->split && a->index == b->index && a->version == b->version;
}

/* The drawing of that picture, or, for a new one, the place of the one that was looked at longest ago. */
static struct fool_drawing *drawing_of(struct fooling *f, const struct sample_key *key)
{
    struct fool_drawing *oldest = f->drawing;
    for (int i = 0; i < DRAWINGS_KEPT; i++) {
        if (f->drawing[i].used > 0 && same_key(&f->drawing[i].sample, key))
            return &f->drawing[i];
        if (f->drawing[i].used < oldest->used)
            oldest = &f->drawing[i];
    }
    memset(oldest->mark, 0, plane_of(f));
    oldest->sample = *key;
    return oldest;
}

static void make(struct fooling *f)
{
    size_t plane = plane_of(f);
    for (size_t i = 0; i < shape_count(f->in); i++) {
        float x = f->clean[i], mark = (float)f->now->mark[i % plane];
        float to = f->budget == BUDGET_PIXELS ? (mark > 0 ? 1.0f : 0.0f) : x + mark * f->epsilon;
        f->x[i] = mark > 0 || mark < 0 ? fminf(fmaxf(to, 0), 1) : x;
        f->changes_drawn[i] = f->x[i] - x;
    }
    f->stale = false;
    f->version++;
}

void fooling_follow(struct fooling *f, const struct view *v)
{
    struct sample_key key = key_of(v);
    unsigned long last = 0;
    for (int i = 0; i < DRAWINGS_KEPT; i++)
        last = f->drawing[i].used > last ? f->drawing[i].used : last;
    if (last == 0 || !same_key(&key, &f->now->sample)) {
        f->now = drawing_of(f, &key);
        f->now->used = last + 1;
        f->stale = true;
        if (key.own)
            memcpy(f->clean, v->own.x, shape_count(f->in) * sizeof *f->clean);
        else
            dataset_read_floats(v->data, v->split, v->index, f->clean);
    }
    if (f->stale)
        make(f);
}

/* ---- predicting ---- */

static bool is_about(const struct prediction *p, const struct view *v)
{
    struct question now = view_question(v, "attack", 0);
    struct sample_key key = key_of(v);
    return p->made && question_equal(&p->about, &now) && same_key(&p->sample, &key);
}

bool fooling_hides(const struct view *v)
{
    return v->fooling && v->fooling->predicting && !is_about(&v->fooling->prediction, v);
}

void fooling_predict(struct fooling *f, const struct view *v, bool fooled)
{
    f->prediction = (struct prediction){
        .made = true, .fooled = fooled, .about = view_question(v, "attack", 0), .sample = key_of(v)};
}

/* What the attack has come to, from whichever answer tells it. */
static bool outcome(const struct view *v, bool *fooled)
{
    const struct part *p = view_part(v, "attack", 0, "p_adversarial"),
                      *clean = view_part(v, "attack", 0, "p_clean"),
                      *first = view_part(v, "film", 0, "first"), *count = view_part(v, "film", 0, "count");
    if (p && clean)
        fooling_verdict(v, argmax((int)shape_count(p->shape), p->data),
                        argmax((int)shape_count(clean->shape), clean->data), fooled);
    else if (first && count && *count->data > 0)
        fooling_verdict(v, (int)first->data[(int)*count->data - 1], (int)first->data[0], fooled);
    return (p && clean) || (first && count && *count->data > 0);
}

bool fooling_judge(struct fooling *f, const struct view *v)
{
    struct prediction *p = &f->prediction;
    bool fooled = false;
    if (!f->predicting || p->judged || !is_about(p, v) || !outcome(v, &fooled))
        return false;
    p->judged = true;
    f->judged++;
    f->right += p->fooled == fooled;
    return true;
}

/* ---- verdicts ---- */

const char *fooling_verdict(const struct view *v, int now, int clean, bool *fooled)
{
    int label = v->answers ? v->answers->sample.label : -1;
    bool known = label >= 0 && label < net_classes(v->net), there = false;
    int truth = known ? label : clean;
    const char *verdict;
    if (v->attack.targeted) {
        there = now == v->target;
        verdict = there          ? "TARGET HIT"
                  : now != truth ? "wrong, target missed"
                  : known        ? "still right"
                                 : "as before";
    } else {
        there = now != truth;
        verdict = !there           ? (known ? "still right" : "as before")
                  : clean != truth ? "was wrong before"
                                   : "FOOLED";
    }
    if (fooled)
        *fooled = there;
    return verdict;
}

/* ---- drawing ---- */

enum fool_mark fooling_mark_at(const struct fooling *f, int row, int col)
{
    return (enum fool_mark)f->now->mark[row * f->in.w + col];
}

int fooling_marked(const struct fooling *f)
{
    int count = 0;
    for (size_t i = 0; i < plane_of(f); i++)
        count += f->now->mark[i] != MARK_NONE;
    return count;
}

bool fooling_mark(struct fooling *f, int row, int col, enum fool_mark mark)
{
    int8_t *at = &f->now->mark[row * f->in.w + col];
    if (f->budget == BUDGET_PIXELS && *at == MARK_NONE && mark != MARK_NONE && fooling_marked(f) >= f->pixels)
        return false;
    *at = (int8_t)mark;
    f->stale = true;
    return true;
}

void fooling_clear(struct fooling *f)
{
    memcpy(f->cleared, f->now->mark, plane_of(f));
    memset(f->now->mark, 0, plane_of(f));
    f->clearing++;
    f->stale = true;
}

bool fooling_restore(struct fooling *f, unsigned long clearing)
{
    if (clearing == 0 || clearing != f->clearing)
        return false;
    memcpy(f->now->mark, f->cleared, plane_of(f));
    f->stale = true;
    return true;
}

void fooling_row(const struct fooling *f, int row, struct text *out)
{
    for (int col = 0; col < f->in.w; col++) {
        enum fool_mark mark = fooling_mark_at(f, row, col);
        text_add(out, mark > 0 ? "+" : mark < 0 ? "-" : ".");
    }
}

bool fooling_set_row(struct fooling *f, int row, const char *text)
{
    if (row < 0 || row >= f->in.h || strlen(text) != (size_t)f->in.w || strspn(text, "+-.") != strlen(text))
        return false;
    for (int col = 0; col < f->in.w; col++)
        f->now->mark[row * f->in.w + col] = (int8_t)(text[col] == '+'   ? MARK_LIGHTER
                                                     : text[col] == '-' ? MARK_DARKER
                                                                        : MARK_NONE);
    f->stale = true;
    return true;
}

struct question fooling_rival(const struct view *v)
{
    const struct fooling *f = v->fooling;
    struct question q = view_question(v, f->budget == BUDGET_PIXELS ? "pixels" : "attack", 0);
    if (f->budget == BUDGET_PIXELS) {
        q.options = (struct attack_options){.iterations = f->pixels, .targeted = v->attack.targeted};
    } else {
        q.options.norm = NORM_LINF;
        q.options.eps = f->epsilon;
    }
    return q;
}
