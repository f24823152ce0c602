/** The half of term.h that knows no curses: keys, signals, and waiting for them. */
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "tui/signals.h"
#include "tui/term_state.h"

/** Takes what the terminal has sent; false when there is nothing. The end of the input asks to leave. */
static bool read_keys(struct term *t)
{
    struct pollfd fd = {STDIN_FILENO, POLLIN, 0};
    unsigned char bytes[256];
    int room = INPUT_BYTES - t->input.have;
    ssize_t n;

    if (room == 0 || poll(&fd, 1, 0) <= 0)
        return false;
    n = read(STDIN_FILENO, bytes, room < (int)sizeof bytes ? (size_t)room : sizeof bytes);
    if (n > 0)
        input_feed(&t->input, bytes, (int)n, clock_now());
    else if (n == 0 || errno != EINTR)
        t->leaving = true;
    return n > 0;
}

int term_key(struct term *t)
{
    int key = KEY_NOTHING;

    if (t->leaving) {
        t->leaving = false;
        return KEY_LEAVE;
    }
    if (t->resized) {
        t->resized = false;
        return KEY_RESIZED;
    }
    while (!t->headless && (key = input_key(&t->input, clock_now())) == KEY_NOTHING && read_keys(t)) {
    }
    return key;
}

static void hear_leave(struct term *t)
{
    static const int leave[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};

    for (int i = 0; i < ARRAY_LEN(leave); i++) {
        if (signals_arrived(leave[i])) {
            t->signal = leave[i];
            t->leaving = true;
        }
    }
}

/** After a stop. A shell that ends a stopped program wakes it behind its back: the terminal is the shell's then, and stays untouched. */
static void go_on(struct term *t)
{
    static const struct timespec at_once = {0, 0};

    ppoll(NULL, 0, &at_once, signals_mask()); /* what came while it was stopped */
    hear_leave(t);
    if (t->leaving && tcgetpgrp(STDIN_FILENO) != getpgrp())
        t->away = true;
    else
        term_come_back(t);
}

static void answer_signals(struct term *t)
{
    hear_leave(t);
    if (signals_arrived(SIGTSTP)) {
        term_leave_screen(t);
        signals_stop();
        go_on(t);
    } else if (signals_arrived(
                   SIGCONT)) { /* after SIGSTOP: nobody knows what became of the terminal meanwhile */
        go_on(t);
    }
    if (signals_arrived(SIGWINCH) && !t->away)
        term_follow_size(t);
}

void term_wait(struct term *t, double seconds)
{
    struct pollfd fd[2] = {{t->wake, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
    double due = input_due(&t->input, clock_now());
    struct timespec limit;
    uint64_t drained;

    if (t->leaving || t->resized)
        seconds = 0;
    if (due >= 0 && (seconds < 0 || due < seconds))
        seconds = due + 0.001;
    if (seconds >= 0) {
        seconds = fmin(seconds, 1e6);
        limit.tv_sec = (time_t)seconds;
        limit.tv_nsec = (long)((seconds - (double)limit.tv_sec) * 1e9);
    }
    if (ppoll(fd, t->headless ? 1 : 2, seconds >= 0 ? &limit : NULL, t->headless ? NULL : signals_mask()) < 0)
        fd[0].revents = fd[1].revents = 0; /* a signal */
    if (fd[0].revents)
        (void)!read(t->wake, &drained, sizeof drained);
    if (t->headless)
        return;
    if (fd[1].revents & (POLLHUP | POLLERR | POLLNVAL))
        t->leaving = true;
    else if (fd[1].revents)
        read_keys(t);
    answer_signals(t);
}

void term_wake(void *term)
{
    const struct term *t = term;
    uint64_t one = 1;

    (void)!write(t->wake, &one, sizeof one);
}
