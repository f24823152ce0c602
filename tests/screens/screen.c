#include "screen.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>
#include <vterm.h>

#include "base/err.h"

struct screen {
    int master, slave; /* slave: held open, so that the line's modes can be read after the end */
    pid_t pid;
    bool ended;
    int status;
    int rows, cols;
    VTerm *vt;
    VTermScreen *view;
    bool alternate, cursor, mouse;
    struct termios before;
    char *output;
    size_t output_size, output_room;
    char sequence[16], last; /* see expand_repeats() */
    size_t sequence_length;
};

static long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void need(bool had, const char *what)
{
    if (had)
        return;
    perror(what);
    abort();
}

static int on_property(VTermProp prop, VTermValue *value, void *user)
{
    struct screen *s = user;

    if (prop == VTERM_PROP_ALTSCREEN)
        s->alternate = value->boolean;
    else if (prop == VTERM_PROP_CURSORVISIBLE)
        s->cursor = value->boolean;
    else if (prop == VTERM_PROP_MOUSE)
        s->mouse = value->number != VTERM_PROP_MOUSE_NONE;
    return 1;
}

/* ---- the program's side ---- */

static bool begins(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

/** The environment that a test wants, whatever the one is that the tests run in. */
static void set_environment(const struct screen_options *o)
{
    extern char **environ;
    static const char *const kept[] = {"PATH=", "TMPDIR=", "ASAN_", "UBSAN_", "LSAN_", "FOVEA_"};
    static char *empty[] = {NULL};
    char **old = environ;

    environ = empty;
    for (; *old; old++) {
        for (int i = 0; i < ARRAY_LEN(kept); i++) {
            if (begins(*old, kept[i]))
                putenv(*old);
        }
    }
    setenv("LANG", "C.UTF-8", 1);
    setenv("HOME", "/dev/null", 1); /* no test writes to anybody's home */
    if (!o->term || *o->term)
        setenv("TERM", o->term ? o->term : "xterm-256color", 1);
    for (const char *const *e = o->environment; e && *e; e++) {
        if (strchr(*e, '='))
            putenv(strdup(*e));
        else
            unsetenv(*e);
    }
}

static void execute(const char *const argv[])
{
    execv(argv[0], (char *const *)(uintptr_t)argv);
    perror(argv[0]);
    _exit(127);
}

/** Job control in its smallest form; ends as the program does. */
static void shell(const char *const argv[])
{
    pid_t child = fork();
    int status = 0;

    if (child == 0) {
        setpgid(0, 0);
        tcsetpgrp(STDIN_FILENO, getpid()); /* both do it: neither can know who comes first */
        signal(SIGTTOU, SIG_DFL);
        execute(argv);
    }
    setpgid(child, child);
    tcsetpgrp(STDIN_FILENO, child);
    while (waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status)) {
        char line[8];

        tcsetpgrp(STDIN_FILENO, getpid());
        (void)!write(STDOUT_FILENO, "[stopped]\r\n", 11);
        if (read(STDIN_FILENO, line, sizeof line) <= 0)
            _exit(126);
        if (line[0] == 'k') /* as `kill %1` does */
            kill(-child, SIGTERM);
        else
            tcsetpgrp(STDIN_FILENO, child);
        kill(-child, SIGCONT);
    }
    tcsetpgrp(STDIN_FILENO, getpid());
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

static void become_program(struct screen *s, const struct screen_options *o, const char *const argv[])
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int sig = 1; sig < NSIG; sig++)
        signal(sig, SIG_DFL);
    close(s->master);
    if (login_tty(s->slave) != 0)
        _exit(125);
    set_environment(o);
    if (!o->shell)
        execute(argv);
    signal(SIGTTOU, SIG_IGN);
    shell(argv);
}

struct screen *screen_run(const struct screen_options *o, const char *const argv[])
{
    static const VTermScreenCallbacks callbacks = {.settermprop = on_property};
    struct winsize size = {.ws_row = (unsigned short)o->rows, .ws_col = (unsigned short)o->cols};
    struct screen *s = calloc(1, sizeof *s);

    need(s != NULL, "screen");
    s->rows = o->rows;
    s->cols = o->cols;
    s->cursor = true;
    s->vt = vterm_new(o->rows, o->cols);
    need(s->vt != NULL, "vterm");
    vterm_set_utf8(s->vt, 1);
    s->view = vterm_obtain_screen(s->vt);
    vterm_screen_set_callbacks(s->view, &callbacks, s);
    vterm_screen_enable_altscreen(s->view, 1);
    vterm_screen_reset(s->view, 1);
    need(openpty(&s->master, &s->slave, NULL, NULL, &size) == 0, "openpty");
    fcntl(s->master, F_SETFD, FD_CLOEXEC);
    fcntl(s->slave, F_SETFD, FD_CLOEXEC);
    need(tcgetattr(s->slave, &s->before) == 0, "tcgetattr");
    fflush(NULL);
    s->pid = fork();
    need(s->pid >= 0, "fork");
    if (s->pid == 0)
        become_program(s, o, argv);
    return s;
}

/* ---- the terminal's side ---- */

static void keep_output(struct screen *s, const char *bytes, size_t size)
{
    if (s->output_size + size + 1 > s->output_room) {
        s->output_room = 2 * (s->output_size + size + 1);
        s->output = realloc(s->output, s->output_room);
        need(s->output != NULL, "screen");
    }
    memcpy(s->output + s->output_size, bytes, size);
    s->output_size += size;
    s->output[s->output_size] = '\0';
}

/**
 * Hands bytes to libvterm, with `CSI n b` (the last character n times again) written out: 0.1.4 goes to the next line too early after
 * it. Curses sends it where there is no UTF-8.
 */
static void expand_repeats(struct screen *s, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        bool inside = s->sequence_length > 0, digit = bytes[i] >= '0' && bytes[i] <= '9';

        if (!inside && bytes[i] != '\033') {
            const char *escape = memchr(bytes + i, '\033', size - i);
            size_t run = (escape ? (size_t)(escape - bytes) : size) - i;

            vterm_input_write(s->vt, bytes + i, run);
            i += run - 1;
            s->last = bytes[i];
            continue;
        }
        s->sequence[s->sequence_length++] = bytes[i];
        if (s->sequence_length == 1 || (s->sequence_length == 2 && bytes[i] == '['))
            continue;
        if (digit && s->sequence[1] == '[' && s->sequence_length < sizeof s->sequence - 1)
            continue;
        if (bytes[i] == 'b' && s->sequence[1] == '[') {
            s->sequence[s->sequence_length] = '\0';
            for (int n = atoi(s->sequence + 2); n > 0; n--)
                vterm_input_write(s->vt, &s->last, 1);
        } else {
            vterm_input_write(s->vt, s->sequence, s->sequence_length);
        }
        s->sequence_length = 0;
    }
}

/** Reads what comes within `ms`; returns whether anything did. */
static bool pump(struct screen *s, int ms)
{
    struct pollfd fd = {s->master, POLLIN, 0};
    char bytes[65536];
    size_t reply;
    ssize_t n;

    if (s->master < 0 || poll(&fd, 1, ms) <= 0)
        return false;
    n = read(s->master, bytes, sizeof bytes);
    if (n <= 0)
        return false;
    keep_output(s, bytes, (size_t)n);
    expand_repeats(s, bytes, (size_t)n);
    reply = vterm_output_read(s->vt, bytes, sizeof bytes);
    if (reply)
        (void)!write(s->master, bytes, reply);
    return true;
}

static bool reap(struct screen *s)
{
    int status;

    if (!s->ended && waitpid(s->pid, &status, WNOHANG) == s->pid) {
        s->ended = true;
        s->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    return s->ended;
}

bool screen_running(struct screen *s)
{
    return !reap(s);
}

pid_t screen_pid(const struct screen *s)
{
    return s->pid;
}

void screen_settle(struct screen *s)
{
    long end = now_ms() + SCREEN_LIMIT;

    while (pump(s, SCREEN_QUIET) && now_ms() < end) {
    }
}

bool screen_wait(struct screen *s, bool (*done)(struct screen *s, void *with), void *with)
{
    long end = now_ms() + SCREEN_LIMIT;
    char *text;

    for (;;) {
        bool ended = reap(s); /* asked first: what it wrote last is read below */

        while (pump(s, 0) && now_ms() < end) {
        }
        if (done(s, with))
            break;
        if (ended || now_ms() > end) {
            text = screen_text(s);
            fprintf(stderr, "%s. The screen:\n%s", ended ? "The program has ended" : "The time is up", text);
            free(text);
            return false;
        }
        pump(s, 5);
    }
    screen_settle(s);
    return true;
}

static bool has_text(struct screen *s, void *with)
{
    return screen_has(s, with);
}

static bool has_no_text(struct screen *s, void *with)
{
    return !screen_has(s, with);
}

bool screen_wait_text(struct screen *s, const char *text)
{
    return screen_wait(s, has_text, (void *)(uintptr_t)text);
}

bool screen_wait_no_text(struct screen *s, const char *text)
{
    return screen_wait(s, has_no_text, (void *)(uintptr_t)text);
}

int screen_exit(struct screen *s)
{
    long end = now_ms() + SCREEN_LIMIT;

    while (!reap(s) && now_ms() < end)
        pump(s, 5); /* a program whose output nobody reads doesn't end */
    while (pump(s, 0)) {
    }
    return s->ended ? s->status : -1;
}

/** What the program writes meanwhile is read: neither may wait for the other. What nobody takes any more is lost. */
void screen_send(struct screen *s, const char *bytes)
{
    size_t size = strlen(bytes);
    long end = now_ms() + SCREEN_LIMIT;

    while (size && now_ms() < end) {
        struct pollfd fd = {s->master, POLLIN | POLLOUT, 0};

        poll(&fd, 1, 5);
        if (fd.revents & POLLIN)
            pump(s, 0);
        if (fd.revents & POLLOUT) {
            ssize_t n = write(s->master, bytes, 1);

            need(n > 0 || errno == EINTR || errno == EIO, "typing");
            bytes += n > 0 ? n : 0;
            size -= n > 0 ? (size_t)n : 0;
        }
        if (reap(s))
            return;
    }
}

void screen_point(struct screen *s, int button, char what, int row, int col)
{
    char bytes[64];
    int code = button > 3 ? 64 + button - 4 : button - 1 + (what == 'd' ? 32 : 0);

    snprintf(bytes, sizeof bytes, "\033[<%d;%d;%d%c", code, col + 1, row + 1, what == 'r' ? 'm' : 'M');
    screen_send(s, bytes);
}

void screen_signal(struct screen *s, int sig)
{
    need(kill(s->pid, sig) == 0, "kill");
}

void screen_resize(struct screen *s, int rows, int cols)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};

    s->rows = rows;
    s->cols = cols;
    vterm_set_size(s->vt, rows,
                   cols < 2 ? 2 : cols); /* libvterm 0.1.4 dies of wide characters in a single column */
    ioctl(s->master, TIOCSWINSZ, &size);
}

void screen_hang_up(struct screen *s)
{
    close(s->master);
    s->master = -1;
}

void screen_free(struct screen *s)
{
    if (!s)
        return;
    if (!reap(s)) {
        pid_t front = s->master >= 0 ? tcgetpgrp(s->master) : -1;

        if (front > 1 && front != getpgrp())
            kill(-front, SIGKILL);
        kill(s->pid, SIGKILL);
        waitpid(s->pid, &s->status, 0);
    }
    if (s->master >= 0)
        close(s->master);
    close(s->slave);
    vterm_free(s->vt);
    free(s->output);
    free(s);
}

/* ---- what is seen ---- */

static int32_t color(const VTermColor *c, bool background)
{
    if (background ? VTERM_COLOR_IS_DEFAULT_BG(c) : VTERM_COLOR_IS_DEFAULT_FG(c))
        return SCREEN_OWN;
    if (VTERM_COLOR_IS_INDEXED(c))
        return SCREEN_INDEX + c->indexed.idx;
    return c->rgb.red << 16 | c->rgb.green << 8 | c->rgb.blue;
}

struct screen_cell screen_cell(const struct screen *s, int row, int col)
{
    VTermScreenCell cell = {0};
    struct screen_cell out = {.ch = ' '};

    vterm_screen_get_cell(s->view, (VTermPos){.row = row, .col = col}, &cell);
    if (cell.chars[0] != 0)
        out.ch = cell.chars[0];
    out.fg = color(&cell.fg, false);
    out.bg = color(&cell.bg, true);
    out.bold = cell.attrs.bold;
    out.reverse = cell.attrs.reverse;
    out.underline = cell.attrs.underline;
    return out;
}

static char *put_utf8(char *out, uint32_t ch)
{
    if (ch < 0x80) {
        *out++ = (char)ch;
        return out;
    }
    if (ch >= 0x10000) {
        *out++ = (char)(0xf0 | ch >> 18);
        *out++ = (char)(0x80 | (ch >> 12 & 63));
    } else if (ch >= 0x800) {
        *out++ = (char)(0xe0 | ch >> 12);
    }
    *out++ = ch >= 0x800 ? (char)(0x80 | (ch >> 6 & 63)) : (char)(0xc0 | ch >> 6);
    *out++ = (char)(0x80 | (ch & 63));
    return out;
}

/** One row, trailing blanks cut, and a NUL; `columns`, where not NULL, says at which column each byte stands. Returns the NUL. */
static char *row_text(const struct screen *s, int row, char *out, int *columns)
{
    char *start = out, *end = out;

    for (int col = 0; col < s->cols; col++) {
        uint32_t ch = screen_cell(s, row, col).ch;
        char *from = out;

        if (ch == UINT32_MAX) /* the right half of a wide character */
            continue;
        out = put_utf8(out, ch);
        for (; columns && from < out; from++)
            columns[from - start] = col;
        if (ch != ' ')
            end = out;
    }
    *end = '\0';
    return end;
}

char *screen_text(const struct screen *s)
{
    char *text = malloc((size_t)s->rows * (4 * (size_t)s->cols + 1) + 1), *out = text;

    need(text != NULL, "screen");
    for (int row = 0; row < s->rows; row++) {
        out = row_text(s, row, out, NULL);
        *out++ = '\n';
    }
    *out = '\0';
    return text;
}

bool screen_has(const struct screen *s, const char *text)
{
    int row, col;

    return screen_find(s, text, &row, &col);
}

bool screen_find(const struct screen *s, const char *text, int *row, int *col)
{
    size_t room = 4 * (size_t)s->cols + 1;
    char *line = malloc(room);
    int *columns = calloc(room, sizeof *columns);
    bool found = false;

    need(line && columns, "screen");
    for (int r = 0; r < s->rows && !found; r++) {
        char *at;

        row_text(s, r, line, columns);
        at = strstr(line, text);
        found = at != NULL;
        if (found) {
            *row = r;
            *col = columns[at - line];
        }
    }
    free(line);
    free(columns);
    return found;
}

bool screen_alternate(const struct screen *s)
{
    return s->alternate;
}

bool screen_cursor(const struct screen *s)
{
    return s->cursor;
}

void screen_cursor_at(const struct screen *s, int *row, int *col)
{
    VTermPos at;

    vterm_state_get_cursorpos(vterm_obtain_state(s->vt), &at);
    *row = at.row;
    *col = at.col;
}

bool screen_mouse(const struct screen *s)
{
    return s->mouse;
}

struct termios screen_modes(const struct screen *s)
{
    struct termios modes;

    need(tcgetattr(s->slave, &modes) == 0, "tcgetattr");
    return modes;
}

struct termios screen_modes_before(const struct screen *s)
{
    return s->before;
}

int screen_slave(const struct screen *s)
{
    return s->slave;
}

const char *screen_output(const struct screen *s, size_t *size)
{
    if (size)
        *size = s->output_size;
    return s->output ? s->output : "";
}

bool same_modes(const struct termios *a, const struct termios *b)
{
    return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag && a->c_cflag == b->c_cflag &&
           a->c_lflag == b->c_lflag && memcmp(a->c_cc, b->c_cc, sizeof a->c_cc) == 0;
}
