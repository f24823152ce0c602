/**
 * The contract of a lab: a set of panels for one subject, with keys of its own. All labs share one view: the sample, the network in training, its branches, its past.
 *
 * A lab is one file in labs/, with its keys, and one row of all_labs[]. What it works on is a plain struct with a header of its own, that struct view points to once the lab has
 * been entered; its panels draw from there.
 */
#ifndef FOVEA_UI_LAB_H
#define FOVEA_UI_LAB_H

#include "tui/layout.h"

struct app;
struct action;

struct lab {
    const char *name;                       /* "step": behind --lab and the action `lab` */
    const char *title;                      /* "step lab" */
    const char *help;                       /* one sentence: what one does there */
    const char *lecture;                    /* "L17 to L35" */
    const struct panel_type *const *panels; /* of its overview, in the order of placing; NULL-terminated */
    const struct panel_type *const *pages;  /* more of them, each on a page of its own; NULL: none */
    bool apart;                             /* these are other matters: the lab's own keys don't hold there */
    const struct action *const *topics; /* general keys for actions of these tables hold here; NULL: all */
    bool rests; /* training is paused while it is in view, and goes on afterwards where it ran */
    /** Opens what it works on, the first time. @return false: it can't, which was said. NULL: there is nothing to open */
    bool (*enter)(struct app *app);
    void (*leave)(struct app *app); /* NULL: nothing */
    void (*close)(
        struct app *app); /* frees what it worked on; also where it was never entered. NULL: nothing */
    void (*take)(struct app *app); /* takes what threads have published; NULL: there are none */
    /** Does what is due by itself. @return seconds until the next is due, -1: nothing moves. Never called for scripts. NULL: nothing ever moves */
    double (*tick)(struct app *app, double now);
    bool (*settled)(const struct app *app); /* for scripts: is all there that was asked for? NULL: always */
    /** What stands in the status line instead of how training goes: parts two blanks apart. NULL: how training goes. */
    void (*status)(const struct app *app, char *text, int size);
    /**
     * Places all its panels in an order of its own, as layout_place() does where there is none or not all are shown.
     * @return how many; 0: the window has another shape, layout_place() is to do it. NULL: it always is
     */
    int (*place)(const struct view *v, const struct style *s, int rows, int cols, struct placed *out);
    /** Adds the lines that lead from the lab as it opens to what is seen now (state.h), each behind state_begin_part(). NULL: none */
    void (*state)(const struct app *app, struct text *out);
};

enum { LABS_MOST = 8 };

/** NULL-terminated; the first is where fovea begins. */
extern const struct lab *const all_labs[];
const struct lab *lab_find(const char *name); /* NULL: there is none of that name */
int lab_index(const struct lab *lab);

/** Its panels in the order of their pages, from 0: those of the overview, then the others. NULL: there are no more */
const struct panel_type *lab_page(const struct lab *lab, int page);

/** Is the panel that keys are for one of those beside the overview of the lab in view? */
bool app_on_page(const struct app *app);

/** The one in view. */
const struct lab *app_lab(const struct app *app);
/** Goes to another lab; panels are arranged there as they were left. @return false: it can't be entered, which was said */
bool app_enter(struct app *app, const struct lab *lab);

/** "train, step, ...": of all labs, with `between` between them. */
void labs_list(const char *between, char *text, int size);

#endif
