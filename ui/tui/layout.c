/**
 * Packing: rectangles are put one after the other into the free space, which is kept as a list of maximal free rectangles (Jylänki 2010, "A thousand
 * ways to pack the bin"). The order decides how tight it gets, so several orders are tried: the panels' own, by size, and some shuffles of a fixed seed.
 */
#include "tui/layout.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"

enum { FREE_MOST = 96, TRIES = 96, TRIES_LAST = 600, BORDER = 2 };

struct candidate {
    const struct panel_type *type;
    struct panel_size size[PANEL_SIZES];
    int sizes;
    int from, to; /* sizes of the grade in use: [from, to) */
};

struct packing {
    int rows, cols;
    struct rect free[FREE_MOST];
    int frees;
    struct rect place[PANELS_MOST];
};

static bool overlap(struct rect a, struct rect b)
{
    return a.row < b.row + b.rows && b.row < a.row + a.rows && a.col < b.col + b.cols &&
           b.col < a.col + a.cols;
}

static bool inside(struct rect a, struct rect b)
{
    return a.row >= b.row && a.col >= b.col && a.row + a.rows <= b.row + b.rows &&
           a.col + a.cols <= b.col + b.cols;
}

static void add_free(struct packing *p, struct rect r)
{
    if (r.rows < 3 || r.cols < 3)
        return;
    for (int i = 0; i < p->frees; i++)
        if (inside(r, p->free[i]))
            return;
    for (int i = 0; i < p->frees; i++)
        if (inside(p->free[i], r))
            p->free[i--] = p->free[--p->frees];
    if (p->frees < FREE_MOST)
        p->free[p->frees++] = r;
}

/* What is left of every free rectangle that the new one overlaps: up to four pieces. */
static void take(struct packing *p, struct rect r)
{
    struct rect old[FREE_MOST];
    int olds = p->frees;
    memcpy(old, p->free, (size_t)olds * sizeof *old);
    p->frees = 0;
    for (int i = 0; i < olds; i++) {
        struct rect f = old[i];
        if (!overlap(f, r)) {
            add_free(p, f);
            continue;
        }
        int bottom = r.row + r.rows, right = r.col + r.cols;
        add_free(p, (struct rect){f.row, f.col, r.row - f.row, f.cols});
        add_free(p, (struct rect){bottom, f.col, f.row + f.rows - bottom, f.cols});
        add_free(p, (struct rect){f.row, f.col, f.rows, r.col - f.col});
        add_free(p, (struct rect){f.row, right, f.rows, f.col + f.cols - right});
    }
}

/* The tightest fit of any shape of the panel's grade: the smallest rest along one side, then the upper left. */
static bool put(struct packing *p, const struct candidate *c, struct rect *out)
{
    long best = LONG_MAX;
    for (int s = c->from; s < c->to; s++)
        for (int i = 0; i < p->frees; i++) {
            struct rect f = p->free[i];
            int rows = c->size[s].rows + BORDER, cols = c->size[s].cols + BORDER;
            if (rows > f.rows || cols > f.cols)
                continue;
            int down = f.rows - rows, right = f.cols - cols, least = down < right / 2 ? down : right / 2;
            long score = ((long)least * 1024 + f.row) * 1024 + f.col;
            if (score < best) {
                best = score;
                *out = (struct rect){f.row, f.col, rows, cols};
            }
        }
    if (best == LONG_MAX)
        return false;
    take(p, *out);
    return true;
}

static int area_of(const struct candidate *c)
{
    return (c->size[c->from].rows + BORDER) * (c->size[c->from].cols + BORDER);
}

static void order_for(int attempt, const struct candidate *c, int count, int *order)
{
    for (int i = 0; i < count; i++)
        order[i] = i;
    if (attempt == 1 || attempt == 2) /* by area, by height: largest first */
        for (int i = 1; i < count; i++)
            for (int k = i; k > 0; k--) {
                const struct candidate *a = &c[order[k - 1]], *b = &c[order[k]];
                int one = attempt == 1 ? area_of(a) : a->size[a->from].rows,
                    two = attempt == 1 ? area_of(b) : b->size[b->from].rows;
                if (two <= one)
                    break;
                int swap = order[k];
                order[k] = order[k - 1], order[k - 1] = swap;
            }
    if (attempt > 2) {
        struct rng rng;
        rng_init(&rng, rng_key((uint64_t)attempt, (uint64_t)count, 0x6c61796f7574));
        rng_shuffle(&rng, order, count);
    }
}

static bool try_order(struct packing *p, const struct candidate *c, int count, int attempt)
{
    int order[PANELS_MOST], done = 0;
    p->frees = 0;
    add_free(p, (struct rect){0, 0, p->rows, p->cols});
    order_for(attempt, c, count, order);
    while (done < count && put(p, &c[order[done]], &p->place[order[done]]))
        done++;
    return done == count;
}

static bool pack(struct packing *p, const struct candidate *c, int count, int tries)
{
    int area = 0;
    for (int i = 0; i < count; i++)
        area += area_of(&c[i]);
    if (area > p->rows * p->cols)
        return false;
    for (int attempt = 0; attempt < tries; attempt++)
        if (try_order(p, c, count, attempt))
            return true;
    return false;
}

/* Moves one edge of a panel outwards (0 up, 1 down, 2 left, 3 right) as far as nothing is in the way. */
static void stretch(struct packing *p, int count, int which, int edge)
{
    struct rect *r = &p->place[which];
    int bottom = r->row + r->rows, right = r->col + r->cols;
    int up = r->row, down = p->rows - bottom, left = r->col, onward = p->cols - right;
    for (int i = 0; i < count; i++) {
        struct rect o = p->place[i];
        bool beside = o.row < bottom && r->row < o.row + o.rows,
             above = o.col < right && r->col < o.col + o.cols;
        if (i == which)
            continue;
        if (above && o.row < r->row && r->row - o.row - o.rows < up)
            up = r->row - o.row - o.rows;
        if (above && o.row >= bottom && o.row - bottom < down)
            down = o.row - bottom;
        if (beside && o.col < r->col && r->col - o.col - o.cols < left)
            left = r->col - o.col - o.cols;
        if (beside && o.col >= right && o.col - right < onward)
            onward = o.col - right;
    }
    *r = edge == 0   ? (struct rect){r->row - up, r->col, r->rows + up, r->cols}
         : edge == 1 ? (struct rect){r->row, r->col, r->rows + down, r->cols}
         : edge == 2 ? (struct rect){r->row, r->col - left, r->rows, r->cols + left}
                     : (struct rect){r->row, r->col, r->rows, r->cols + onward};
}

/* What room is left goes to the neighbours, to flexible ones first. */
static void fill(struct packing *p, const struct candidate *c, int count)
{
    for (int flexible = 1; flexible >= 0; flexible--)
        for (int edge = 3; edge >= 0; edge--)
            for (int i = 0; i < count; i++)
                if (c[i].type->flexible == (flexible == 1))
                    stretch(p, count, i, edge);
}

/* How far the panels are from being read in their order (the first ones belong to the upper left), and from filling the screen. */
static long disorder(const struct packing *p, int count)
{
    long sum = 0, blank = (long)p->rows * p->cols;
    for (int i = 0; i < count; i++) {
        sum += (long)(count - i) * (3 * p->place[i].row + p->place[i].col);
        blank -= (long)p->place[i].rows * p->place[i].cols;
    }
    return sum + 8 * blank;
}

static void mirror(struct packing *p, int count, bool rows)
{
    for (int i = 0; i < count; i++) {
        struct rect *r = &p->place[i];
        if (rows)
            r->row = p->rows - r->row - r->rows;
        else
            r->col = p->cols - r->col - r->cols;
    }
}

/* Of all ways to pack the sizes that were settled on, and their mirror images, the one that reads and fills best. */
static void tidy(struct packing *p, const struct candidate *c, int count)
{
    struct packing trial = *p, filled;
    fill(p, c, count);
    for (int attempt = 0; attempt < TRIES_LAST; attempt++) {
        if (!try_order(&trial, c, count, attempt))
            continue;
        for (int image = 0; image < 4; image++) {
            filled = trial;
            fill(&filled, c, count);
            if (disorder(&filled, count) < disorder(p, count))
                memcpy(p->place, filled.place, sizeof p->place);
            mirror(&trial, count, image % 2 == 0);
        }
    }
}

static void use_grade(struct candidate *c, int from)
{
    c->from = from;
    c->to = from;
    while (c->to < c->sizes && c->size[c->to].grade <= c->size[from].grade)
        c->to++;
}

/* Enlarges the panel of the lowest grade, as long as all fit. */
static void enlarge(struct packing *p, struct candidate *c, int count)
{
    bool stuck[PANELS_MOST] = {false};
    struct packing trial = *p;
    for (;;) {
        int low = -1;
        for (int i = 0; i < count; i++)
            if (!stuck[i] && c[i].to < c[i].sizes &&
                (low < 0 || c[i].size[c[i].from].grade < c[low].size[c[low].from].grade))
                low = i;
        if (low < 0)
            return;
        int before = c[low].from;
        use_grade(&c[low], c[low].to);
        /* a panel that doesn't show all that it has is worth some search */
        if (pack(&trial, c, count, c[low].size[before].grade < 1 ? TRIES_LAST : TRIES)) {
            *p = trial;
        } else {
            use_grade(&c[low], before);
            stuck[low] = true;
        }
    }
}

/* Finds room for one more panel: as large as grade 1 where that can be, smaller where it can't. */
static bool settle(struct packing *p, struct candidate *c, int placed)
{
    struct candidate *next = &c[placed];
    int from = next->sizes - 1;
    while (from > 0 && (next->size[from].grade > 1 || next->size[from - 1].grade >= next->size[from].grade))
        from--;
    for (;;) {
        struct packing trial = *p;
        use_grade(next, from);
        if (pack(&trial, c, placed + 1, TRIES)) {
            *p = trial;
            return true;
        }
        if (from == 0)
            return false;
        for (from--; from > 0 && next->size[from - 1].grade >= next->size[from].grade;)
            from--;
    }
}

/* All of them, each at its smallest: what a large window begins with. */
static bool settle_all(struct packing *p, struct candidate *c, int count)
{
    for (int i = 0; i < count; i++)
        use_grade(&c[i], 0);
    return pack(p, c, count, TRIES);
}

int layout_place(const struct view *v, const struct style *s, int rows, int cols,
                 const struct panel_type *const *panel, int count, struct placed *out)
{
    struct candidate c[PANELS_MOST];
    struct packing p = {.rows = rows, .cols = cols};
    int candidates = 0, placed = 0;
    for (int i = 0; i < count && candidates < PANELS_MOST; i++) {
        c[candidates].type = panel[i];
        c[candidates].sizes = panel[i]->sizes(v, s, c[candidates].size);
        candidates += c[candidates].sizes > 0;
    }
    if (settle_all(&p, c, candidates))
        placed = candidates;
    else
        for (int i = 0; i < candidates; i++) {
            c[placed] = c[i];
            placed += settle(&p, c, placed);
        }
    if (placed == 0 && count > 0) { /* too small for anything: the first one, cut */
        out[0] = (struct placed){panel[0], {0, 0, rows, cols}};
        return 1;
    }
    enlarge(&p, c, placed);
    tidy(&p, c, placed);
    for (int i = 0; i < placed; i++)
        out[i] = (struct placed){c[i].type, p.place[i]};
    return placed;
}
