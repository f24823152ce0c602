/**
 * The interactive program: a network in training, what is seen of it, and the loop that keeps both going.
 *
 * Three threads (trainer, observer, and this one) that never wait for each other. This one owns the terminal: keys in, cells out.
 */
#ifndef FOVEA_UI_APP_H
#define FOVEA_UI_APP_H

#include <stdatomic.h>

#include "observe/observer.h"
#include "observe/sweep.h"
#include "train/trainer.h"
#include "tui/action.h"
#include "tui/branch.h"
#include "tui/lab.h"
#include "tui/layout.h"
#include "tui/prompt.h"
#include "tui/term.h"

/** What the command line chose; names may be NULL for the defaults. */
struct app_options {
    const char *lab, *model, *data, *weights, *classes, *image, *colors, *script;
    const char *state; /* what is left of a state line behind the options in it (state.h) */
    const char *theme_name;
    enum theme theme;
    struct run_options run;
    int threads;          /* 0: all cores but one */
    int memory;           /* MB for the past of both branches, half for each */
    double speed;         /* steps a second; 0: as fast as it goes */
    double stop_accuracy; /* %; 0: never */
    bool paused;
    int rows, cols; /* of a script's screen */
};

enum { UNDO_MOST = 64, UNDO_TEXT = 6144 };

struct app {
    struct app_options
        given; /* as they came; below with the defaults filled in, and the seed of the last start */
    struct app_options options;
    struct net *net;
    struct dataset *data;
    const char *model_name;
    struct branch branch[BRANCHES];
    int in_view;      /* the branch whose net, trainer and observer these are: */
    char last_letter; /* that a branch was given */
    struct trainer_race race;
    struct fork fork; /* the one that waits for its state */
    char fork_what[128];
    unsigned long forking; /* number of the order that gives it; 0: none waits */
    char replacing;        /* letter of the branch that the next fork drops, as was said; 0: none was named */
    struct trainer *trainer;
    long sought;           /* step that was asked for last */
    unsigned long seeking; /* number of that order */
    unsigned long ordered; /* number of the last order that was sent to it */
    struct observer *observer;
    _Atomic(struct observer *) poked; /* the same, for the trainer's thread, once it is there */
    _Atomic(struct sweep *)
        swept; /* over the test set, once the attack lab was entered, for the observers' threads */
    struct term *term;
    struct canvas canvas;
    struct style style; /* of the terminal, or of a script's canvas */
    struct view view;

    const struct lab *lab; /* in view; NULL: the first (app_lab()) */
    struct arranged {      /* how the panels of the others were left */
        uint64_t hidden;
        const struct panel_type *alone;
        char *recalled; /* the arrangement that it began with (arrangement.c); NULL: it wasn't in view yet */
    } arranged[LABS_MOST];
    bool ran;                       /* training, before a lab in which it rests */
    double due;                     /* when the lab has something to do by itself; 0: nothing moves */
    const struct panel_type *alone; /* the page that one panel has for itself; NULL: the overview */
    const char *
        mode; /* what keys mean now, "draw" for instance; NULL: what they mean for the panel with the focus */
    uint64_t hidden; /* panels that the overview leaves out, a bit each by panel_index() */
    bool help, quit, dirty, lay_out;
    bool leaving; /* whether to leave was asked, and this: */
    char question[160];
    uint64_t saved_drawing;    /* as app_drawing() told it when it was saved, */
    char saved_path[OWN_PATH]; /* in this file */
    int help_row;              /* the first one that is shown of it */
    struct placed placed[PANELS_MOST];
    int panels;                  /* placed */
    int told;                    /* lines about an own picture that there was room for */
    int unit;                    /* of the layer in view, which the neuron lab asks */
    struct inquiry inquiry;      /* the last one that was asked */
    unsigned long own_asked;     /* version of the own picture that it was about */
    unsigned long drawn_asked;   /* version of what was drawn to fool the network, likewise */
    struct observer *looking_in; /* who looks for a mistake, when somebody does */
    unsigned long looking_for;   /* search for a mistake that goes on; 0: none */
    bool no_mouse;               /* left to the terminal */
    bool stroke;                 /* the mouse draws one */
    double asked;                /* when */
    double shown, pace;          /* when the last frame was drawn, and how far apart frames are, in seconds */
    double answering;            /* how soon one may follow that answers a key */
    bool hurry;                  /* that is to be drawn */
    double frames_per_second; /* drawn, over the last second or so; 0 before that and where nothing moves */
    double counted;           /* since when */
    int frames;               /* drawn since then */
    long rate_step;           /* training stood there when that rate was chosen */
    double speed, rate;       /* that the person has chosen; rate 0: the schedule's */
    int stop_epochs;          /* rules to stop by, 0: none */
    double stop_accuracy;
    struct { /* slow motion shows the batch's own image; what was in view before */
        bool on;
        unsigned long moment; /* of the phase that has been followed */
        int index;            /* of that image */
        char back[UNDO_TEXT]; /* the actions that lead back */
    } slow;
    struct prompt prompt;
    char message[256]; /* of the last key, in the status line, until another comes */
    double message_until;
    bool failed; /* the last line couldn't be carried out, which the message says: for scripts */
    char undo[UNDO_MOST][UNDO_TEXT]; /* lines that take changes back, the newest last */
    int undos;
    char *pending, *pending_at; /* of a state line: what is still to be done (state.c); NULL: nothing */
    bool remembers;             /* how panels were arranged, from one start to the next */
    bool print_state;           /* when it is left */
    bool undoing;               /* what is done now can't be undone: it is the undoing */
};

struct app_options app_defaults(void);

/** Opens everything; the first frame is drawn before the data is. @return exit status */
int app_run(const struct app_options *options);

/** Do these options begin with the weights that come with the program? */
bool app_begins_shipped(const struct app_options *given);

/* ---- its parts, one file each ---- */

/* frame.c */
/** Draws the whole screen on the canvas; needs no terminal. */
void app_draw(struct app *app);
/** Asks what the visible panels want to know, when that has changed; lays out when it must. */
void app_look(struct app *app);

/* app.c */
/** Takes what trainer and observer have published. */
void app_take(struct app *app);
/** Another theme and gamma. */
void app_set_look(struct app *app, enum theme theme, float gamma);
/**
 * Sends an order to the trainer in view, and to the other branch's what concerns it too: speed and rules are those of both; both go together, the other one from where
 * it ended; and who trains or looks back by hand does so with the other one paused.
 */
void app_tell(struct app *app, enum trainer_order order, double value);
/** What each branch may use of the memory for the past. */
size_t app_timeline_bytes(const struct app *app);
/** Carries out one key. */
void app_key(struct app *app, int key);
/** What it does now: in a mode, for the panel with the focus, in the lab in view, or anywhere. NULL: nothing */
const struct binding *app_binding(const struct app *app, int key);
/** Any thread: there is something to take. The argument is a struct app. */
void app_wake(void *app);

/* mouse.c */
void app_mouse(struct app *app, struct mouse mouse);

/* slow.c */
/** In slow motion the batch's own image is in view; afterwards what was there before. */
void app_follow_phase(struct app *app);
/** One sentence about the phase, or about why training stopped. @return false: there is nothing to say */
bool app_caption(const struct app *app, char *text, int size);
/** Does this panel have nothing to do with the phase? Then it's dimmed. */
bool app_phase_dims(const struct app *app, const struct panel_type *type);
/* actions/sample.c */
/** What the undoing of another choice of picture leads back to. */
void app_undoable_sample(struct app *app);
/** Takes what the search for a mistake has found. */
void app_take_finding(struct app *app);

/* actions/neuron.c */
/** The neuron lab opens and closes. */
bool app_open_neuron(struct app *app);
void app_leave_neuron(struct app *app);
/** Takes what the search for what a unit likes has found, and the picture that is climbed to; the unit follows the layer and cursor in view. */
void app_take_neuron(struct app *app);

/* actions/step.c, actions/step_live.c, actions/pencil.c: what the step lab does by itself (lab.h) */
bool app_open_stepping(struct app *app);
/** The window follows the cursor, and the cursors the window. */
void app_follow_stepping(struct app *app);
/** That, and takes a layer of the network when it is there. */
void app_take_stepping(struct app *app);
double app_tick_stepping(struct app *app, double now);
/** Puts the pencil down. */
void app_drop_pencil(struct app *app);
/* labs/match.c */
/** Match the convolution opens with the step lab and closes; takes the filters that a question waits for; its part of a state. */
bool app_open_matching(struct app *app);
void app_close_matching(struct app *app);
void app_take_matching(struct app *app);
void app_state_matching(const struct app *app, struct text *out);

/* labs/signal.c */
/** What the signal lab listens to; NULL, and said, where it was never entered. */
struct listening *app_listening(struct app *app);
/** Its cursor, which is one for all its panels, has moved. */
void app_listening_point(struct app *app);

/* actions/sweep.c */
/** What the attack lab measures over the test set: opened the first time, at rest out of view, and freed after the observers that bring it weights. */
bool app_open_sweeping(struct app *app);
void app_leave_sweeping(struct app *app);
void app_close_sweeping(struct app *app);
/** Takes what was measured; what is measured follows the attack, the branches and the panels in view. */
void app_take_sweeping(struct app *app);
bool app_sweeping_settled(const struct app *app);
/** The lines for a lab's `state`. */
void app_state_sweeping(const struct app *app, struct text *out);

/* actions/draw.c */
/** Begins a stroke on the sheet, or moves the pen: drawing where it is down. @return false: no room on the sheet, which was said */
bool app_pen_press(struct app *app, struct nib at, bool eraser);
void app_pen_move(struct app *app, struct nib at);

/* script.c */
/** Runs keys and shots of a script instead of a person's. */
MUST_USE enum err app_script(struct app *app, const char *path, struct diag *diag);
/** Runs the lines of a script that a person types, and prints the screen after each; until the input ends or `quit`. */
MUST_USE enum err app_lines(struct app *app, struct diag *diag);

/* action.c */
/** Carries out a line: an action and its argument, or several with `;` between. @return false: it can't be understood, which was said on the screen */
bool app_do(struct app *app, const char *line);
/** Shows a sentence at the bottom for a while. */
void app_say(struct app *app, const char *format, ...) PRINTF_LIKE(2, 3);
/** Says what a line can't do with the file or the numbers that it names: a script ends there. */
void app_refuse(struct app *app, const struct diag *diag);
/** What would take back the change that is about to be made: a line for app_do(). Nothing while undoing. */
void app_undoable(struct app *app, const char *format, ...) PRINTF_LIKE(2, 3);
/** Takes back the last change. @return false: there is none */
bool app_undo(struct app *app);

/* prompting.c */
/** Opens the prompt with the beginning of a line in it, "save" for instance; a blank follows. */
void app_prompt(struct app *app, const char *text);
/** A key for the prompt. @return false: it isn't open */
bool app_prompt_key(struct app *app, int key);
/** Draws it at the bottom. @return false: it isn't open */
bool app_prompt_draw(struct app *app, struct canvas *c);

/* help.c */
void app_help_draw(struct app *app, struct canvas *c);
/** A key that scrolls or closes the help. @return false: the help isn't open, or the key isn't for it */
bool app_help_key(struct app *app, int key);

/* leaving.c */
/** A number for what is drawn on the sheet; 0: nothing is. */
uint64_t app_drawing(const struct app *app);
/** Leaves, or asks when something would be lost. */
void app_quit(struct app *app);
/** The answer. @return false: nothing was asked, or the key is one like any other */
bool app_leaving_key(struct app *app, int key);
bool app_leaving_draw(const struct app *app, struct canvas *c);

/* point.c */
/** Where a panel is on the screen, and which one is at a cell of it; NULL: none. */
const struct placed *app_placed(const struct app *app, const struct panel_type *type);
const struct placed *app_placed_at(const struct app *app, int row, int col);
/** Moves the cursor of the panel with the focus; the first time it only appears. */
void app_point_move(struct app *app, int down, int right);
/** Puts it where the mouse points, and the focus with it. @return false: no panel is there */
bool app_point_at(struct app *app, int row, int col);
/** Does what Enter, or a click, does at the cursor. @return false: nothing does */
bool app_press(struct app *app, bool click);
/** The focus goes so many panels on, or to one that is on the screen. @return false: it isn't */
void app_focus(struct app *app, int by);
bool app_focus_on(struct app *app, const struct panel_type *type);
/** After panels have been placed or the answers have changed: a focus there is, and the spot under the cursor. */
void app_point_update(struct app *app);

#endif
