/**
 * The half of term.h that knows curses: takes the terminal over, draws, gives it back. Curses decides what must be sent, and how
 * this kind of terminal wants to hear it; keys, signals and the modes of xterm are not left to it.
 */
#define NCURSES_NOMACROS
#include <assert.h>
#include <langinfo.h>
#include <locale.h>
#include <ncurses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <termcap.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "base/clock.h"
#include "tui/rescue.h"
#include "tui/rung.h"
#include "tui/signals.h"
#include "tui/term_state.h"
#include "tui/terminfo.h"
#include "tui/utf8.h"

static bool terminal_taken; /* one a process */

/** A string of the terminal's entry, or NULL. */
static const char *capability(const char *name)
{
    const char *text = tigetstr(name);

    return text == (const char *)-1 ? NULL : text;
}

/* ---- modes of the terminal ---- */

/** Straight to the terminal: curses has a buffer of its own, which is empty whenever this is called. */
static void send(const char *text)
{
    (void)!write(STDOUT_FILENO, text, strlen(text));
}

static void mouse_mode(const struct term *t, bool on)
{
    if (t->xterm) /* buttons, movements while one is down, and columns beyond 223 */
        send(on ? "\033[?1000h\033[?1002h\033[?1006h" : "\033[?1006l\033[?1002l\033[?1000l");
}

static void modes_on(struct term *t)
{
    if (t->xterm)
        send("\033[?2004h");
    if (t->mouse_on)
        mouse_mode(t, true);
}

static void modes_off(struct term *t)
{
    if (t->mouse_on)
        mouse_mode(t, false);
    if (t->xterm)
        send("\033[?2004l");
}

static void tty_size(int *rows, int *cols)
{
    struct winsize size;

    /* Serial lines don't know: 0x0. */
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0) {
        *rows = size.ws_row;
        *cols = size.ws_col;
    } else {
        getmaxyx(stdscr, *rows, *cols);
    }
}

static void take_size(struct term *t, int rows, int cols)
{
    size_t cells;

    if (is_term_resized(rows, cols))
        resizeterm(rows, cols);
    getmaxyx(stdscr, t->rows, t->cols);
    cells = (size_t)t->rows * (size_t)t->cols;
    free(t->shown);
    t->shown = malloc(cells * sizeof *t->shown); /* NULL is allowed: then every cell counts as changed */
    term_redraw(t);
}

void term_leave_screen(struct term *t)
{
    modes_off(t);
    if (t->mouse_on)
        tcflush(STDIN_FILENO, TCIFLUSH); /* reports that nobody will understand */
    endwin();
}

void term_come_back(struct term *t)
{
    int rows, cols;

    if (!isendwin())
        endwin();
    clearok(stdscr, TRUE);
    refresh(); /* sets the modes of the terminal again */
    tty_size(&rows, &cols);
    take_size(t, rows, cols);
    modes_on(t);
    t->resized = true;
}

void term_follow_size(struct term *t)
{
    int rows, cols;

    tty_size(&rows, &cols);
    if (rows != t->rows || cols != t->cols) {
        take_size(t, rows, cols);
        t->resized = true;
    }
}

/* ---- colours ---- */

static void start_colors(struct term *t)
{
    if (t->style.rung == RUNG_MONO || !has_colors() || start_color() == ERR) {
        t->style.rung = RUNG_MONO;
        return;
    }
    if (use_default_colors() == ERR)
        assume_default_colors(COLOR_WHITE, COLOR_BLACK);
    if (rung_of_colors(COLORS) < t->style.rung)
        t->style.rung = rung_of_colors(COLORS);
    t->pairs.limit = COLOR_PAIRS < PAIRS_MOST ? COLOR_PAIRS : PAIRS_MOST;
}

/** Where colours 0..7 of direct colour are the terminal's own, what is meant is nearly black. */
static int32_t nearly_black(const struct term *t, int32_t color)
{
    if (t->style.rung != RUNG_DIRECT || color < 0 || color > 7)
        return color;
    return color == 0 ? 0x010101 : 8;
}

/** The pair of two colours; the terminal's own when it has no more pairs. */
static int pair_of(struct term *t, int32_t fg, int32_t bg)
{
    int pair;

    if (t->style.rung == RUNG_MONO || (fg < 0 && bg < 0))
        return 0;
    pair = pairs_find(&t->pairs, fg, bg);
    if (pair == 0) {
        pair = pairs_add(&t->pairs, fg, bg);
        if (pair)
            init_extended_pair(pair, nearly_black(t, fg), nearly_black(t, bg));
    }
    return pair;
}

/* ---- cells ---- */

static attr_t attributes(unsigned attrs)
{
    attr_t out = A_NORMAL;

    if (attrs & LOOK_BOLD)
        out |= A_BOLD;
    if (attrs & LOOK_DIM)
        out |= A_DIM;
    if (attrs & LOOK_REVERSE)
        out |= A_REVERSE;
    if (attrs & LOOK_UNDERLINE)
        out |= A_UNDERLINE;
    return out;
}

/** The terminal's own lines, where there is no UTF-8; NULL when ch isn't one. */
static const cchar_t *own_line(uint32_t ch)
{
    static const struct {
        uint16_t ch;
        char vt100; /* name of the line since the VT100 */
    } lines[] = {
        {0x2500, 'q'}, {0x2502, 'x'}, {0x250c, 'l'}, {0x2510, 'k'}, {0x2514, 'm'}, {0x2518, 'j'},
        {0x251c, 't'}, {0x2524, 'u'}, {0x252c, 'w'}, {0x2534, 'v'}, {0x253c, 'n'},
    };

    for (int i = 0; i < ARRAY_LEN(lines); i++) {
        if (lines[i].ch == ch)
            return NCURSES_WACS(lines[i].vt100);
    }
    return NULL;
}

/** One character with attributes and a pair; returns how many elements of `out` it took: 1, or 2 when a wide one had to be replaced. */
static int put_char(const struct term *t, cchar_t *out, uint32_t ch, attr_t attrs, int pair)
{
    wchar_t text[CCHARW_MAX + 1] = {L'?', 0};
    int width = utf8_columns(ch);

    if (t->style.utf8 && (t->headless || ch < 0x7f || wcwidth((wchar_t)ch) == width)) {
        text[0] = (wchar_t)ch;
        width = 1;
    } else if (!t->style.utf8) {
        const cchar_t *line = own_line(ch);

        text[0] = (wchar_t)style_ascii(ch);
        if (line) {
            attr_t own = 0;
            short none;

            getcchar(line, text, &own, &none, NULL);
            attrs |= own;
        }
    }
    for (int i = 0; i < width; i++)
        setcchar(&out[i], text, attrs, 0, &pair);
    return width;
}

static int put_cell(struct term *t, cchar_t *out, const struct cell *cell)
{
    struct glyph g = glyph_of(&t->glyphs, cell);

    return put_char(t, out, g.ch, attributes(g.look.attrs), pair_of(t, g.look.fg, g.look.bg));
}

static void put_row(struct term *t, const struct cell *cells, int row, int cols)
{
    cchar_t line[128];
    int n = 0, from = 0;

    for (int col = 0; col < cols; col++) {
        if (n + 2 > ARRAY_LEN(line)) {
            mvadd_wchnstr(row, from, line, n);
            n = 0;
            from = col;
        }
        if (cells[col].ch) /* not the right half of a wide character */
            n += put_cell(t, line + n, &cells[col]);
        else if (n == 0)
            from = col + 1;
    }
    if (n)
        mvadd_wchnstr(row, from, line, n);
    if (cols < t->cols)
        mvhline(row, cols, ' ', t->cols - cols);
}

double term_show(struct term *t, const struct canvas *c)
{
    double start = clock_now();
    int rows = c->rows < t->rows ? c->rows : t->rows, cols = c->cols < t->cols ? c->cols : t->cols;
    bool known = t->shown && t->shown_valid && rows == t->rows && cols == t->cols, much;
    long changed = 0;

    if (t->away)
        return 0;
    for (int row = 0; row < rows; row++) {
        const struct cell *now = &c->cell[row * c->cols];
        struct cell *before = known ? &t->shown[row * t->cols] : NULL;

        if (before && memcmp(now, before, (size_t)cols * sizeof *now) == 0)
            continue;
        for (int col = 0; col < cols; col++)
            changed += !before || memcmp(&now[col], &before[col], sizeof *now) != 0;
        put_row(t, now, row, cols);
        if (t->shown && rows == t->rows && cols == t->cols)
            memcpy(&t->shown[row * t->cols], now, (size_t)cols * sizeof *now);
    }
    for (int row = rows; row < t->rows; row++)
        mvhline(row, 0, ' ', t->cols);
    t->shown_valid = rows == t->rows && cols == t->cols;
    /* Synchronized output, so that no half of a frame is ever seen; not worth its bytes for a little. */
    much = t->xterm && !t->headless && 4 * changed > (long)t->rows * t->cols;
    if (t->cursor_stays)
        move(t->rows - 1, t->cols - 1);
    wnoutrefresh(stdscr);
    if (much)
        send("\033[?2026h");
    doupdate();
    if (much)
        send("\033[?2026l");
    return clock_now() - start;
}

void term_redraw(struct term *t)
{
    t->shown_valid = false;
    clearok(stdscr, TRUE);
}

/* ---- opening and closing ---- */

/** What brings the terminal back without curses. */
static void give_back_text(const struct term *t, char *text, size_t size)
{
    static const char *const capabilities[] = {"sgr0", "op", "cnorm", "rmkx", "rmcup"};

    text[0] = '\0';
    if (t->xterm)
        terminfo_append(text, size, "\033[?2026l\033[?2004l\033[?1006l\033[?1002l\033[?1000l");
    for (int i = 0; i < ARRAY_LEN(capabilities); i++) {
        const char *more = capability(capabilities[i]);

        terminfo_append(text, size, more ? more : "");
    }
}

/** newterm() by itself doesn't say what is wrong, and leaks when something is. */
static enum err check_term(const char *term, struct diag *diag)
{
    int found = tgetent(NULL, term);

    if (found > 0 && capability("cup"))
        return ERR_NONE;
    if (found < 0)
        return diag_fail(diag, ERR_UNKNOWN, NULL, 0,
                         "there is no terminfo database in which to look up the terminal \"%s\"", term);
    return diag_fail(diag, ERR_UNKNOWN, NULL, 0,
                     "the terminal \"%s\" %s; set TERM to what the terminal is, for instance xterm-256color",
                     term, found > 0 ? "cannot move its cursor" : "is not known");
}

/** newterm() with an own entry, whose place in the environment is only borrowed. */
static SCREEN *start_curses(const struct rung_plan *plan, FILE *out, FILE *in)
{
    const char *now = getenv("TERMINFO");
    char *before = now ? strdup(now) : NULL;
    SCREEN *screen;

    if (plan->terminfo)
        setenv("TERMINFO", plan->terminfo, 1);
    screen = newterm(plan->term, out, in);
    if (plan->terminfo && before)
        setenv("TERMINFO", before, 1);
    else if (plan->terminfo)
        unsetenv("TERMINFO");
    free(before);
    return screen;
}

/** How keys arrive: one by one, unechoed, and Ctrl-S, Ctrl-Q and Ctrl-V are keys too. */
static void key_modes(struct term *t)
{
    struct termios modes;

    cbreak();
    noecho();
    nonl();
    if (!t->headless && tcgetattr(STDIN_FILENO, &modes) == 0) {
        modes.c_iflag &= ~(tcflag_t)IXON;
        modes.c_lflag &= ~(tcflag_t)IEXTEN;
        tcsetattr(STDIN_FILENO, TCSANOW, &modes);
        def_prog_mode(); /* so that curses returns to them after a stop */
    }
    keypad(stdscr, TRUE); /* has the terminal send what its entry says */
    typeahead(-1);        /* curses must not look at the keyboard: it is read here */
}

/** What this kind of terminal sends, beside what everybody knows. */
static void learn_keys(struct term *t)
{
    static const struct {
        const char *capability;
        int key;
    } keys[] = {
        {"kcuu1", KEY_UP_},     {"kcud1", KEY_DOWN_},   {"kcub1", KEY_LEFT_},   {"kcuf1", KEY_RIGHT_},
        {"khome", KEY_HOME_},   {"kend", KEY_END_},     {"kpp", KEY_PAGE_UP_},  {"knp", KEY_PAGE_DOWN_},
        {"kich1", KEY_INSERT_}, {"kdch1", KEY_DELETE_}, {"kcbt", KEY_BACKTAB_}, {"kent", KEY_ENTER_},
    };

    for (int i = 0; i < ARRAY_LEN(keys); i++)
        input_learn(&t->input, capability(keys[i].capability), keys[i].key);
    for (int i = 1; i <= 12; i++) {
        char name[16];

        snprintf(name, sizeof name, "kf%d", i);
        input_learn(&t->input, capability(name), KEY_F1_ + i - 1);
    }
}

static enum err start_screen(struct term *t, const struct rung_plan *plan, struct diag *diag)
{
    enum err err = plan->terminfo ? ERR_NONE : check_term(plan->term, diag);

    if (err)
        return err;
    t->screen = start_curses(plan, t->headless ? t->out : stdout, t->headless ? t->in : stdin);
    if (!t->screen)
        return diag_fail(diag, ERR_UNKNOWN, NULL, 0, "curses cannot start on the terminal \"%s\"",
                         plan->term);
    t->xterm = capability("kmous") != NULL;
    t->style.rung = plan->rung;
    key_modes(t);
    start_colors(t);
    glyphs_init(&t->glyphs, &t->style);
    learn_keys(t);
    t->cursor_stays = curs_set(0) == ERR;
    leaveok(stdscr, !t->cursor_stays);
    idcok(stdscr, FALSE);
    return ERR_NONE;
}

static const int curses_signals[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH}; /* that newterm() catches */

static enum err open_headless(struct term *t, const struct term_options *options, struct diag *diag)
{
    struct sigaction before[ARRAY_LEN(curses_signals)];
    const struct rung_facts facts = {.colors = options->colors, .term = "xterm-256color"};
    struct rung_plan plan;
    enum err err = rung_choose(&facts, &plan, diag);

    assert(options->rows > 0 && options->cols > 0);
    if (err)
        return err;
    t->style.utf8 = true;
    t->in = fopen("/dev/null", "re");
    t->out = fopen("/dev/null", "we");
    if (!t->in || !t->out)
        return diag_errno(diag, "/dev/null", "open");
    for (int i = 0; i < ARRAY_LEN(curses_signals); i++)
        sigaction(curses_signals[i], NULL, &before[i]);
    err = start_screen(t, &plan, diag);
    for (int i = 0; i < ARRAY_LEN(curses_signals); i++)
        sigaction(curses_signals[i], &before[i], NULL);
    if (!err)
        take_size(t, options->rows, options->cols);
    return err;
}

/** Sets LC_CTYPE from the environment. */
static bool speaks_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char *wish = "";

    if (!setlocale(LC_CTYPE, "")) { /* a locale that isn't installed here: what counts is its encoding */
        for (int i = 0; i < ARRAY_LEN(names) && !*wish; i++)
            wish = getenv(names[i]) ? getenv(names[i]) : "";
        if (strcasestr(wish, "utf-8") || strcasestr(wish, "utf8"))
            setlocale(LC_CTYPE, "C.UTF-8");
    }
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static enum err open_tty(struct term *t, const struct term_options *options, struct diag *diag)
{
    const struct rung_facts facts = {options->colors, getenv("TERM"), getenv("COLORTERM"), getenv("TMUX"),
                                     getenv("NO_COLOR")};
    struct rung_plan plan;
    struct termios modes;
    char text[512];
    int rows, cols;
    enum err err;

    for (int fd = STDIN_FILENO; fd <= STDOUT_FILENO; fd++) {
        if (!isatty(fd) || tcgetattr(fd, &modes) != 0)
            return diag_fail(diag, ERR_IO, NULL, 0, "standard %s is not a terminal", fd ? "output" : "input");
    }
    err = rung_choose(&facts, &plan, diag);
    if (err)
        return err;
    t->style.utf8 = speaks_utf8();
    signals_take(); /* before newterm(), which leaves handlers alone that are there already */
    err = start_screen(t, &plan, diag);
    if (err)
        return err;
    give_back_text(t, text, sizeof text);
    err = rescue_arm(&modes, text, diag);
    if (err)
        return err;
    tty_size(&rows, &cols);
    take_size(t, rows, cols);
    refresh();
    t->mouse_on = options->mouse;
    modes_on(t);
    return ERR_NONE;
}

enum err term_open(const struct term_options *options, struct term **out, struct diag *diag)
{
    struct term *t = calloc(1, sizeof *t);
    enum err err;

    assert(!terminal_taken);
    if (!t)
        return diag_memory(diag, "the terminal");
    terminal_taken = true;
    t->headless = options->headless;
    t->style.theme = options->theme;
    t->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (t->wake < 0)
        err = diag_errno(diag, "eventfd", "open");
    else
        err = t->headless ? open_headless(t, options, diag) : open_tty(t, options, diag);
    if (err)
        term_close(t);
    else
        *out = t;
    return err;
}

void term_close(struct term *t)
{
    if (!t)
        return;
    if (t->screen && !t->headless && !t->away)
        term_leave_screen(t);
    else if (t->headless && t->screen)
        endwin();
    rescue_disarm();
    signals_give_back();
    if (t->screen)
        delscreen(t->screen);
    if (t->in)
        fclose(t->in);
    if (t->out)
        fclose(t->out);
    if (t->wake >= 0)
        close(t->wake);
    free(t->shown);
    free(t);
    terminal_taken = false;
}

const struct style *term_style(const struct term *t)
{
    return &t->style;
}

void term_set_theme(struct term *t, enum theme theme, float gamma)
{
    t->style.theme = theme;
    t->style.gamma = gamma;
    glyphs_init(&t->glyphs, &t->style);
    t->shown_valid = false;
}

void term_size(const struct term *t, int *rows, int *cols)
{
    *rows = t->rows;
    *cols = t->cols;
}

struct mouse term_mouse(const struct term *t)
{
    return t->input.mouse;
}

void term_set_mouse(struct term *t, bool wish)
{
    if (t->headless || t->mouse_on == wish)
        return;
    t->mouse_on = wish;
    mouse_mode(t, wish);
}

int term_signal(const struct term *t)
{
    return t->signal;
}
