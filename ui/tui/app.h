/**
 * The interactive program: a network in training, what is seen of it, and the loop that keeps both going.
 *
 * Three threads (trainer, observer, and this one) that never wait for each other. This one owns the terminal: keys in, cells out.
 */
#ifndef FOVEA_UI_APP_H
#define FOVEA_UI_APP_H

#include <stdatomic.h>

#include "observe/observer.h"
#include "train/trainer.h"
#include "tui/layout.h"
#include "tui/term.h"

/** What the command line chose; names may be NULL for the defaults. */
struct app_options {
    const char *model, *data, *weights, *colors, *script;
    struct run_options run;
    int threads;  /* 0: all cores but one */
    double speed; /* steps a second; 0: as fast as it goes */
    bool paused;
    int rows, cols; /* of a script's screen */
};

enum { PAGES_MOST = 1 + PANELS_MOST };

struct app {
    struct app_options options;
    struct net *net;
    struct dataset *data;
    const char *model_name;
    struct trainer *trainer;
    long sought;           /* step that was asked for last */
    unsigned long seeking; /* number of that order */
    unsigned long ordered; /* number of the last order that was sent to it */
    struct observer *observer;
    _Atomic(struct observer *) poked; /* the same, for the trainer's thread, once it is there */
    struct term *term;
    struct canvas canvas;
    struct style style; /* of a script's canvas */
    struct view view;

    int page; /* 0: the overview; else panel_types[page - 1] alone */
    bool help, quit, dirty, lay_out;
    struct placed placed[PANELS_MOST];
    int panels;             /* placed */
    struct inquiry inquiry; /* the last one that was asked */
    double asked;           /* when */
    double shown, pace;     /* when the last frame was drawn, and how far apart frames are, in seconds */
    double speed, rate;     /* that the person has chosen; rate 0: the schedule's */
    char message[160];      /* of the last key, in the status line, until another comes */
    double message_until;
};

/** Opens everything; the first frame is drawn before the data is. @return exit status */
int app_run(const struct app_options *options);

/* ---- its parts, one file each ---- */

/** Carries out one key. */
void app_key(struct app *app, int key); /* actions.c */
/** Draws the whole screen on the canvas; needs no terminal. */
void app_draw(struct app *app); /* frame.c */
/** Asks what the visible panels want to know, when that has changed; lays out when it must. */
void app_look(struct app *app); /* frame.c */
/** Takes what trainer and observer have published. */
void app_take(struct app *app); /* app.c */
/** Runs keys and shots of a script instead of a person's. */
MUST_USE enum err app_script(struct app *app, const char *path, struct diag *diag); /* script.c */

void app_say(struct app *app, const char *format, ...) PRINTF_LIKE(2, 3); /* actions.c */

#endif
