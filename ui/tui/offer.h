/** What may follow in a line of actions: the words that Tab completes, and the help while one types. */
#ifndef FOVEA_UI_OFFER_H
#define FOVEA_UI_OFFER_H

#include "tui/prompt.h"

struct app;

/** A prompt_offer; `app` is a struct app. */
void offer_words(void *app, const char *before, const char *word, struct choices *out);

/** What the action under way is for and what it takes; empty while none is named. Several may stand in a line, with `;` between. */
void offer_help(const char *line, char *text, int size);

/** Says which arguments an action takes, with the names there are where it takes a name: "next, before, conv1, conv2 or dense1". */
void offer_listed(struct app *app, const char *action, char *text, int size);

#endif
