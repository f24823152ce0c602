/** The prompt on the screen: `:` opens it, its line is carried out as a key's would be. */
#include <stdio.h>
#include <string.h>

#include "tui/app.h"
#include "tui/offer.h"

void app_prompt(struct app *app, const char *text)
{
    char begun[PROMPT_BYTES];
    size_t length = strlen(text);
    snprintf(begun, sizeof begun, "%s%s", text, length > 0 && text[length - 1] != ' ' ? " " : "");
    app->prompt.offer = offer_words;
    app->prompt.arg = app;
    app->message_until = 0;
    prompt_open(&app->prompt, begun);
}

bool app_prompt_key(struct app *app, int key)
{
    char line[PROMPT_BYTES];
    if (!app->prompt.open)
        return false;
    if (prompt_key(&app->prompt, key) == PROMPT_READY) {
        memcpy(line, app->prompt.text, sizeof line); /* what it does may open the prompt again */
        if (line[strspn(line, " ")])
            app_do(app, line);
    }
    return true;
}

bool app_prompt_draw(struct app *app, struct canvas *c)
{
    char help[256], typed[PROMPT_BYTES];
    if (!app->prompt.open)
        return false;
    snprintf(typed, sizeof typed, "%.*s", app->prompt.cursor, app->prompt.text);
    offer_help(typed, help, sizeof help);
    prompt_draw(&app->prompt, c, c->rows - 1, *help ? help : "Tab completes, Enter does it, Escape leaves");
    return true;
}
