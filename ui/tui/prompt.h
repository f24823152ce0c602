/**
 * A line to type: UTF-8, a cursor, words completed with Tab, and the lines before. Knows no terminal and no actions; keys are those of term_key().
 *
 *     Left Right Home End, C-a C-e C-b C-f    move
 *     Backspace Delete C-d                    one character
 *     C-w C-u C-k                             the word before, all before, all behind the cursor
 *     Up Down, C-p C-n                        lines that were entered before
 *     Tab Shift-Tab                           complete; again: the next or the one before of those that fit
 *     Enter                                   the line is ready
 *     Escape, Backspace on an empty line      leave
 */
#ifndef FOVEA_UI_PROMPT_H
#define FOVEA_UI_PROMPT_H

#include "tui/canvas.h"

enum {
    PROMPT_BYTES = 256,
    PROMPT_LINES = 32 /* remembered */,
    CHOICES_MOST = 512,
    CHOICE_BYTES = 96 /* of a word, with its NUL */
};

/** Words that may stand where the cursor is. Those that don't begin as the word there are left out again. */
struct choices {
    int count;
    bool open[CHOICES_MOST]; /* more of the same word may follow (a folder): no blank behind it */
    char word[CHOICES_MOST][CHOICE_BYTES];
};

/** Adds a word; too long ones, and those beyond CHOICES_MOST, are left out. */
void choices_add(struct choices *c, const char *word, bool open);

/** What may follow `before` (the line up to the word under the cursor: whole words, a blank behind each); `word` is what there is of it. */
typedef void prompt_offer(void *arg, const char *before, const char *word, struct choices *out);

struct prompt {
    bool open;
    char text[PROMPT_BYTES];
    int cursor;          /* byte */
    int first;           /* byte that stands at the left edge when the line is longer than the screen */
    prompt_offer *offer; /* NULL: nothing is completed */
    void *arg;

    struct choices choices; /* what Tab found */
    int choice;             /* the one that stands in the line; -1: their common beginning */
    int word;               /* byte where the word begins that they complete; -1: Tab wasn't the last key */

    char line[PROMPT_LINES][PROMPT_BYTES]; /* entered, the newest last */
    int lines, at;                         /* at: the one that is shown; lines: none, what was typed */
    char typed[PROMPT_BYTES];              /* before Up */
};

/** Begins with `text` and the cursor behind it; the lines before are kept. */
void prompt_open(struct prompt *p, const char *text);

enum prompt_answer { PROMPT_GOES_ON, PROMPT_READY /* p->text is the line, remembered now */, PROMPT_LEFT };
/** One key; READY and LEFT close it. A key that means nothing here does nothing. */
enum prompt_answer prompt_key(struct prompt *p, int key);

/**
 * Draws ":line" in one row with its cursor, and what Tab has found in the row above, if there is one; `note` (may be NULL) stands behind the line where it fits.
 */
void prompt_draw(struct prompt *p, struct canvas *c, int row, const char *note);

/** The word that the cursor is in or behind begins at this byte. */
int prompt_word(const struct prompt *p);

#endif
