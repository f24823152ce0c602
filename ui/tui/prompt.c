#include "tui/prompt.h"

#include <stdio.h>
#include <string.h>

#include "tui/term.h"
#include "tui/utf8.h"

enum {
    CONTROL_A = 1,
    CONTROL_B = 2,
    CONTROL_D = 4,
    CONTROL_E = 5,
    CONTROL_F = 6,
    CONTROL_K = 11,
    CONTROL_N = 14,
    CONTROL_P = 16,
    CONTROL_U = 21,
    CONTROL_W = 23,
};

/* ---- characters ---- */

static int length_of(const struct prompt *p)
{
    return (int)strlen(p->text);
}

static bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

static int before(const struct prompt *p, int at)
{
    for (at -= at > 0; at > 0 && is_continuation(p->text[at]);)
        at--;
    return at;
}

static int behind(const struct prompt *p, int at)
{
    for (at += p->text[at] != 0; is_continuation(p->text[at]);)
        at++;
    return at;
}

static void delete (struct prompt *p, int from, int to)
{
    memmove(p->text + from, p->text + to, (size_t)(length_of(p) - to) + 1);
    p->cursor = from;
}

static void insert(struct prompt *p, const char *bytes, int size)
{
    int length = length_of(p);
    if (length + size >= PROMPT_BYTES)
        return;
    memmove(p->text + p->cursor + size, p->text + p->cursor, (size_t)(length - p->cursor) + 1);
    memcpy(p->text + p->cursor, bytes, (size_t)size);
    p->cursor += size;
}

static void type(struct prompt *p, int key)
{
    char bytes[UTF8_MAX];
    if (key >= ' ' && key != 0x7f && key < KEY_FIRST && utf8_columns((uint32_t)key) > 0)
        insert(p, bytes, utf8_write((uint32_t)key, bytes));
}

static int word_before(const struct prompt *p)
{
    int at = p->cursor;
    while (at > 0 && p->text[at - 1] == ' ')
        at--;
    while (at > 0 && p->text[at - 1] != ' ')
        at--;
    return at;
}

int prompt_word(const struct prompt *p)
{
    int at = p->cursor;
    while (at > 0 && p->text[at - 1] != ' ')
        at--;
    return at;
}

/* ---- lines ---- */

static void set(struct prompt *p, const char *text)
{
    snprintf(p->text, sizeof p->text, "%s", text);
    p->cursor = length_of(p);
}

static void remember(struct prompt *p)
{
    if (!*p->text || (p->lines > 0 && strcmp(p->line[p->lines - 1], p->text) == 0))
        return;
    if (p->lines == PROMPT_LINES) {
        memmove(p->line[0], p->line[1], sizeof p->line - sizeof p->line[0]);
        p->lines--;
    }
    memcpy(p->line[p->lines++], p->text, sizeof p->text);
}

static void recall(struct prompt *p, int by)
{
    int at = p->at + by;
    if (at < 0 || at > p->lines)
        return;
    if (p->at == p->lines)
        memcpy(p->typed, p->text, sizeof p->text);
    p->at = at;
    set(p, at < p->lines ? p->line[at] : p->typed);
}

/* ---- completion ---- */

void choices_add(struct choices *c, const char *word, bool open)
{
    if (c->count == CHOICES_MOST || strlen(word) >= CHOICE_BYTES)
        return;
    c->open[c->count] = open;
    strcpy(c->word[c->count++], word);
}

/* Only those that begin with `word`. */
static void keep_fitting(struct choices *c, const char *word)
{
    int kept = 0;
    for (int i = 0; i < c->count; i++)
        if (strncmp(c->word[i], word, strlen(word)) == 0) {
            if (kept < i) {
                strcpy(c->word[kept], c->word[i]);
                c->open[kept] = c->open[i];
            }
            kept++;
        }
    c->count = kept;
}

/* What all begin with: bytes, never half a character. */
static int common(const struct choices *c)
{
    int length = (int)strlen(c->word[0]);
    for (int i = 1; i < c->count; i++) {
        int same = 0;
        while (same < length && c->word[0][same] == c->word[i][same])
            same++;
        length = same;
    }
    while (length > 0 && is_continuation(c->word[0][length]))
        length--;
    return length;
}

static void replace_word(struct prompt *p, const char *with, int size)
{
    delete (p, p->word, p->cursor);
    insert(p, with, size);
}

static void first_tab(struct prompt *p)
{
    char head[PROMPT_BYTES], word[PROMPT_BYTES];
    p->word = prompt_word(p);
    p->choice = -1;
    p->choices.count = 0;
    snprintf(head, sizeof head, "%.*s", p->word, p->text);
    snprintf(word, sizeof word, "%.*s", p->cursor - p->word, p->text + p->word);
    if (p->offer)
        p->offer(p->arg, head, word, &p->choices);
    keep_fitting(&p->choices, word);
    if (p->choices.count == 0)
        return;
    replace_word(p, p->choices.word[0], common(&p->choices));
    if (p->choices.count == 1) {
        if (!p->choices.open[0] && p->text[p->cursor] != ' ')
            insert(p, " ", 1);
        p->word = -1; /* the next Tab is about what follows */
    }
}

static void complete(struct prompt *p, int by)
{
    if (p->word < 0) {
        first_tab(p);
        return;
    }
    if (p->choices.count == 0)
        return;
    p->choice = p->choice < 0 && by < 0 ? p->choices.count - 1
                                        : (p->choice + by + p->choices.count) % p->choices.count;
    replace_word(p, p->choices.word[p->choice], (int)strlen(p->choices.word[p->choice]));
}

/* ---- keys ---- */

void prompt_open(struct prompt *p, const char *text)
{
    p->open = true;
    p->first = 0;
    p->word = -1;
    p->choices.count = 0;
    p->at = p->lines;
    set(p, text);
}

static bool move(struct prompt *p, int key)
{
    switch (key) {
    case KEY_LEFT_:
    case CONTROL_B:
        p->cursor = before(p, p->cursor);
        return true;
    case KEY_RIGHT_:
    case CONTROL_F:
        p->cursor = behind(p, p->cursor);
        return true;
    case KEY_HOME_:
    case CONTROL_A:
        p->cursor = 0;
        return true;
    case KEY_END_:
    case CONTROL_E:
        p->cursor = length_of(p);
        return true;
    default:
        return false;
    }
}

static void edit(struct prompt *p, int key)
{
    switch (key) {
    case KEY_BACKSPACE_:
        delete (p, before(p, p->cursor), p->cursor);
        break;
    case KEY_DELETE_:
    case CONTROL_D:
        delete (p, p->cursor, behind(p, p->cursor));
        break;
    case CONTROL_W:
        delete (p, word_before(p), p->cursor);
        break;
    case CONTROL_U:
        delete (p, 0, p->cursor);
        break;
    case CONTROL_K:
        p->text[p->cursor] = 0;
        break;
    case KEY_UP_:
    case CONTROL_P:
        recall(p, -1);
        break;
    case KEY_DOWN_:
    case CONTROL_N:
        recall(p, 1);
        break;
    default:
        type(p, key);
    }
}

enum prompt_answer prompt_key(struct prompt *p, int key)
{
    if (key == KEY_TAB_ || key == KEY_BACKTAB_) {
        complete(p, key == KEY_TAB_ ? 1 : -1);
        return PROMPT_GOES_ON;
    }
    p->word = -1;
    p->choices.count = 0;
    if (key == KEY_ESCAPE_ || (key == KEY_BACKSPACE_ && !*p->text)) {
        p->open = false;
        return PROMPT_LEFT;
    }
    if (key == KEY_ENTER_) {
        p->open = false;
        remember(p);
        return PROMPT_READY;
    }
    if (!move(p, key))
        edit(p, key);
    return PROMPT_GOES_ON;
}

/* ---- drawing ---- */

static int columns_between(const struct prompt *p, int from, int to)
{
    char part[PROMPT_BYTES];
    snprintf(part, sizeof part, "%.*s", to - from, p->text + from);
    return text_columns(part);
}

/* The words that fit, in one row, the chosen one marked; when they are too many, those around it. */
static void draw_choices(const struct prompt *p, struct canvas *c, int row)
{
    const struct choices *all = &p->choices;
    int cols = c->clip.cols, from = 0, width = 0;
    for (int i = 0; i <= p->choice; i++) {
        width += text_columns(all->word[i]) + 2;
        while (width > cols && from < p->choice)
            width -= text_columns(all->word[from++]) + 2;
    }
    canvas_fill(c, (struct rect){row, 0, 1, cols}, ROLE_TEXT, ' ');
    for (int i = from, col = 1; i < all->count && col < cols; i++) {
        enum role role = i == p->choice ? ROLE_CURSOR : ROLE_FAINT;
        col += canvas_text_width(c, row, col, cols - col, role, all->word[i]) + 2;
    }
}

void prompt_draw(struct prompt *p, struct canvas *c, int row, const char *note)
{
    int cols = c->clip.cols, room = cols - 2; /* the colon, and the cursor behind the last character */
    if (p->cursor < p->first)
        p->first = p->cursor;
    while (p->first < p->cursor && columns_between(p, p->first, p->cursor) > room)
        p->first = behind(p, p->first);
    canvas_fill(c, (struct rect){row, 0, 1, cols}, ROLE_TEXT, ' ');
    canvas_text(c, row, 0, ROLE_STRONG, ":");
    int used = canvas_text(c, row, 1, ROLE_TEXT, p->text + p->first);
    int col = 1 + columns_between(p, p->first, p->cursor);
    const char *under = p->text + p->cursor;
    uint32_t ch = *under ? utf8_next(&under) : ' ';
    canvas_put(c, row, col, ROLE_CURSOR, ch);
    if (note && used + 5 < cols)
        canvas_text_width(c, row, used + 5, cols - used - 6, ROLE_FAINT, note);
    if (p->choices.count > 1 && row > 0)
        draw_choices(p, c, row - 1);
}
