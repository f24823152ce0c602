/**
 * What the attack lab holds beside the attack itself, which is the view's: what a prediction hides, how changes are magnified, and what was drawn to fool the network.
 * Lecture items L75 to L79. UI thread only.
 */
#ifndef FOVEA_UI_FOOLING_H
#define FOVEA_UI_FOOLING_H

#include "base/text.h"
#include "tui/view.h"

/** What may be changed by hand: so many pixels, to black or white; or all, each by at most epsilon. */
enum fool_budget { BUDGET_PIXELS, BUDGET_EPSILON, BUDGETS };
extern const char *const budget_names[BUDGETS]; /* "pixels", ... */

/** A pixel that was drawn on. */
enum fool_mark { MARK_DARKER = -1, MARK_NONE, MARK_LIGHTER };

/** Which picture something is about. */
struct sample_key {
    bool own;
    enum split split;
    int index;
    unsigned long version; /* of an own one */
};

enum { DRAWINGS_KEPT = 8 };

struct fooling {
    struct shape in;
    bool changes; /* where there isn't room for both, what was added is shown instead of the pictures */
    float gain;   /* by how much it is magnified; 0: so that the largest change is just seen whole */

    bool predicting;    /* a verdict is hidden until something was predicted */
    struct prediction { /* the last one */
        bool made, fooled, judged;
        struct question about;
        struct sample_key sample;
    } prediction;
    int right, judged; /* predictions */

    enum fool_budget budget;
    int pixels;
    float epsilon;
    struct fool_drawing { /* each picture keeps its own, the last few of them */
        struct sample_key sample;
        unsigned long used; /* when it was looked at last; 0: never */
        int8_t *mark;       /* [h][w], enum fool_mark */
    } drawing[DRAWINGS_KEPT], *now;
    int8_t *cleared;                  /* the one that was cleared last, to bring it back */
    unsigned long clearing;           /* its number */
    float *clean, *x, *changes_drawn; /* [c][h][w]: the sample, with the drawing on it, and the difference */
    unsigned long version;            /* of x: grows with every change */
    bool stale;                       /* x is of other marks or another budget */
    enum fool_mark brush;             /* what the mouse draws */
    bool stroke;                      /* while its button is down */
};

/** NULL: no memory. */
struct fooling *fooling_new(struct shape in);
void fooling_free(struct fooling *f); /* accepts NULL */

/** Is the budget the one that it begins with? */
bool fooling_usual_budget(const struct fooling *f);

/** The sample in view: an own one must have been made (own_make). Makes x anew where it has to be. */
void fooling_follow(struct fooling *f, const struct view *v);

/* ---- predicting ---- */

/** Is the verdict on the attack in view still hidden? */
bool fooling_hides(const struct view *v);
/** Notes what is predicted of the attack in view. */
void fooling_predict(struct fooling *f, const struct view *v, bool fooled);
/** Compares the prediction with what came out, once that is known. @return it was judged now */
bool fooling_judge(struct fooling *f, const struct view *v);

/* ---- verdicts ---- */

/**
 * What has become of a picture that the network says `now` of, and `clean` of before: "FOOLED", "TARGET HIT", "still right" ...; one that is about the truth, or, where it is
 * unknown, about what was said of the clean picture.
 * @param fooled  NULL: nobody asks
 */
const char *fooling_verdict(const struct view *v, int now, int clean, bool *fooled);

/* ---- drawing ---- */

enum fool_mark fooling_mark_at(const struct fooling *f, int row, int col);
/** How many pixels are marked. */
int fooling_marked(const struct fooling *f);
/** Sets a mark. @return false: there are no more pixels in the budget */
bool fooling_mark(struct fooling *f, int row, int col, enum fool_mark mark);
void fooling_clear(struct fooling *f);
/** Brings back what clearing number `clearing` took. @return false: that is forgotten */
bool fooling_restore(struct fooling *f, unsigned long clearing);
/** A row of marks as text, a character each: '+' lighter, '-' darker, '.' none. */
void fooling_row(const struct fooling *f, int row, struct text *out);
/** Sets a row from such a text. @return false: it isn't one of that width */
bool fooling_set_row(struct fooling *f, int row, const char *text);

/** The question whose answer the drawing is compared with: the attack with the same budget. */
struct question fooling_rival(const struct view *v);

#endif
