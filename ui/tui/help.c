/**
 * The help: the panel with the focus first, then the lab in view, then every key by what it is about, every panel in a sentence, and the words behind `:`. It scrolls.
 */
#include <stdio.h>
#include <string.h>

#include "tui/app.h"
#include "tui/keys.h"

enum { CELL_COLS = 38, CELLS_MOST = 4, NAME_COLS = 10, PANEL_COLS = 15, LINES_MOST = 1000, TEXT_MOST = 160 };

/* A line of it: a heading, up to CELLS_MOST keys beside each other, or a piece of a sentence behind a name. */
struct help_line {
    const char *heading;
    const struct binding *key[CELLS_MOST];
    const char *name; /* or NULL: the sentence goes on */
    int indent;
    char text[TEXT_MOST];
};
static struct help_line
    lines[LINES_MOST]; /* one screen, one thread: made anew for each frame, which must not allocate */
static int count;

/* What the actions of a table are about. */
static const struct {
    const struct action *table;
    const char *heading;
} topics[] = {
    {training_actions, "training"},
    {time_actions, "back and forth in time"},
    {sample_actions, "the sample"},
    {draw_actions, "drawing"},
    {layer_actions, "the layer"},
    {attack_actions, "the attack"},
    {fooling_actions, "fooling"},
    {sweep_actions, "the attack over the test set"},
    {branch_actions, "branches"},
    {look_actions, "colours, and what they stand for"},
    {pointing_actions, "pointing"},
    {keep_actions, "taking things away"},
    {screen_actions, "the screen"},
    {inspect_actions, "taking apart"},
    {showing_actions, "how it is shown"},
    {scenery_actions, "cities, hands and eyes"},
    {signal_actions, "series and sounds"},
    {listen_actions, "going through a series"},
    {match_actions, "match the convolution"},
    {step_source_actions, "what is stepped"},
    {live_actions, "a layer by hand"},
    {filter_actions, "filters"},
    {turning_actions, "turning filters"},
};

/* ---- making the lines ---- */

static struct help_line *add(void)
{
    if (count == LINES_MOST)
        return &lines[LINES_MOST - 1];
    lines[count] = (struct help_line){0};
    return &lines[count++];
}

static void add_heading(const char *text)
{
    if (count > 0)
        add();
    add()->heading = text;
}

/* Broken between words into pieces of so many columns. */
static void add_text(const char *name, int indent, int cols, const char *text)
{
    int room = cols - indent < 12 ? 12 : cols - indent < TEXT_MOST ? cols - indent : TEXT_MOST - 1;
    do {
        int length = (int)strlen(text);
        if (length > room) {
            length = room;
            while (length > 0 && text[length] != ' ')
                length--;
            length = length > 0 ? length : room;
        }
        struct help_line *line = add();
        line->name = name;
        line->indent = indent;
        snprintf(line->text, sizeof line->text, "%.*s", length, text);
        name = NULL;
        text += length;
        text += strspn(text, " ");
    } while (*text);
}

static bool is_at(const struct binding *b, const char *where)
{
    return where ? b->where && strcmp(b->where, where) == 0 : !b->where;
}

/* The keys of a table that hold there, filled in column by column; with NULL for the table those of all. @return how many there are */
static int add_keys(const struct action *table, const char *where, int cells)
{
    const struct binding *found[64];
    int keys = 0;
    for (const struct binding *b = binding_next(NULL); b && keys < ARRAY_LEN(found); b = binding_next(b))
        if (b->name && is_at(b, where) && (!table || action_table_of(b->line) == table))
            found[keys++] = b;
    int rows = (keys + cells - 1) / cells;
    for (int row = 0; row < rows; row++) {
        struct help_line *line = add();
        for (int k = 0; k < cells && row + k * rows < keys; k++)
            line->key[k] = found[row + k * rows];
    }
    return keys;
}

static const char *heading_of(const struct action *table)
{
    for (int i = 0; i < ARRAY_LEN(topics); i++)
        if (topics[i].table == table)
            return topics[i].heading;
    return "more";
}

static void add_described(const char *help, const char *lecture, const char *name, int indent, int cols)
{
    char text[400];
    snprintf(text, sizeof text, "%s (%s)", help, lecture);
    add_text(name, indent, cols, text);
}

static void add_panel(const struct panel_type *type, const char *name, int indent, int cols)
{
    add_described(type->help, type->lecture, name, indent, cols);
}

/* What one does in it, and its own keys. */
static void add_lab(const struct lab *lab, int cells, int cols)
{
    char where[40];
    snprintf(where, sizeof where, "lab %s", lab->name);
    add_heading(lab->title);
    add_described(lab->help, lab->lecture, NULL, 0, cols);
    add_keys(NULL, where, cells);
}

static void add_words(int cols)
{
    for (int t = 0; action_tables[t]; t++)
        for (const struct action *a = action_tables[t]; a->word; a++) {
            char text[400];
            snprintf(text, sizeof text, "%s%s%s", a->argument ? a->argument : "", a->argument ? ": " : "",
                     a->help);
            add_text(a->word, PANEL_COLS, cols, text);
        }
}

static void make_lines(const struct app *app, int cols)
{
    const struct panel_type *focus = app->view.focus;
    int cells = cols / CELL_COLS < 1 ? 1 : cols / CELL_COLS > CELLS_MOST ? CELLS_MOST : cols / CELL_COLS;
    count = 0;
    if (app->mode) {
        add_heading(app->mode);
        add_keys(NULL, app->mode, cells);
    }
    if (focus) {
        add_heading(focus->title);
        add_panel(focus, NULL, 0, cols);
        add_keys(NULL, focus->name, cells);
    }
    if (app_lab(app) != all_labs[0])
        add_lab(app_lab(app), cells, cols);
    for (int t = 0; action_tables[t]; t++) {
        int before = count;
        add_heading(heading_of(action_tables[t]));
        if (add_keys(action_tables[t], NULL, cells) == 0)
            count = before;
    }
    add_heading("the labs");
    for (int i = 0; all_labs[i]; i++)
        add_described(all_labs[i]->help, all_labs[i]->lecture, all_labs[i]->name, PANEL_COLS, cols);
    add_heading("the panels");
    for (int i = 0; panel_types[i]; i++)
        add_panel(panel_types[i], panel_types[i]->name, PANEL_COLS, cols);
    add_heading("what can be typed behind :");
    add_words(cols);
}

/* ---- drawing ---- */

static void draw_line(struct canvas *c, int row, const struct help_line *line)
{
    int cols = c->clip.cols;
    if (line->heading)
        canvas_text_width(c, row, 0, cols, ROLE_TITLE, line->heading);
    for (int k = 0; k < CELLS_MOST && line->key[k]; k++) {
        canvas_text(c, row, k * CELL_COLS, ROLE_STRONG, line->key[k]->name);
        canvas_text_width(c, row, k * CELL_COLS + NAME_COLS, CELL_COLS - NAME_COLS - 1, ROLE_TEXT,
                          line->key[k]->help);
    }
    if (line->name)
        canvas_text_width(c, row, 0, PANEL_COLS - 1, ROLE_STRONG, line->name);
    canvas_text_width(c, row, line->indent, cols - line->indent, ROLE_TEXT, line->text);
}

static int rows_shown(const struct canvas *c)
{
    int room = c->rows - 4;
    return room < 1 ? 1 : room < count ? room : count;
}

void app_help_draw(struct app *app, struct canvas *c)
{
    int most = CELLS_MOST * CELL_COLS + 4, cols = c->cols < most + 8 ? c->cols : most;
    make_lines(app, cols - 4);
    int shown = rows_shown(c), last = count - shown;
    app->help_row = app->help_row > last ? last : app->help_row < 0 ? 0 : app->help_row;
    struct rect r = {(c->rows - shown - 2) / 2, (c->cols - cols) / 2, shown + 2, cols};
    r.row = r.row < 0 ? 0 : r.row;
    char title[96];
    snprintf(title, sizeof title, "help  Escape goes back%s", shown < count ? "  Down, PageDown: more" : "");
    parts_fit(title, cols - 4);
    canvas_fill(c, r, ROLE_TEXT, ' ');
    canvas_frame(c, r, ROLE_FOCUS, title);
    struct canvas inner = canvas_part(c, (struct rect){r.row + 1, r.col + 2, r.rows - 2, r.cols - 4});
    for (int row = 0; row < shown; row++)
        draw_line(&inner, row, &lines[app->help_row + row]);
}

bool app_help_key(struct app *app, int key)
{
    int page = rows_shown(&app->canvas);
    if (!app->help)
        return false;
    switch (key) {
    case KEY_DOWN_:
    case 'j':
        app->help_row++;
        return true;
    case KEY_UP_:
    case 'k':
        app->help_row--;
        return true;
    case KEY_PAGE_DOWN_:
        app->help_row += page;
        return true;
    case KEY_PAGE_UP_:
        app->help_row -= page;
        return true;
    case KEY_HOME_:
        app->help_row = 0;
        return true;
    case KEY_END_:
        app->help_row = LINES_MOST;
        return true;
    case KEY_ESCAPE_:
    case 'q':
        app->help = false;
        return true;
    default:
        return false;
    }
}
