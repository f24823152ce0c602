#include "tui/rescue.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#endif

enum state { IDLE, ARMED, AT_WORK, DONE };

static struct {
    atomic_int state;
    int terminal, null; /* where to write, and what silences a thread that is drawing */
    int errors, kept;   /* the real standard error and what holds it back; -1: nothing does */
    struct termios modes;
    char text[512];
    size_t length;
} rescue = {.terminal = -1, .null = -1, .errors = -1, .kept = -1};

static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS};
static struct sigaction before[ARRAY_LEN(fatal)];
#ifndef __SANITIZE_ADDRESS__
static stack_t stack_before;
static char stack[64 * 1024]; /* SIGSTKSZ is no constant any more */
#endif

static void write_all(int fd, const char *data, size_t size)
{
    while (size) {
        ssize_t n = write(fd, data, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        data += n;
        size -= (size_t)n;
    }
}

/** Standard error is itself again, and says what it held back. */
static void release_errors(void)
{
    char part[4096];
    off_t at = 0;

    if (rescue.kept < 0)
        return;
    dup2(rescue.errors, STDERR_FILENO);
    for (ssize_t n; (n = pread(rescue.kept, part, sizeof part, at)) > 0; at += n)
        write_all(STDERR_FILENO, part, (size_t)n);
}

void rescue_now(void)
{
    int armed = ARMED, saved = errno;
    sigset_t ttou, old;

    if (!atomic_compare_exchange_strong(&rescue.state, &armed, AT_WORK)) {
        /* Another thread is at it: to go on would end the process before it is done. */
        for (int i = 0; i < 100 && atomic_load(&rescue.state) == AT_WORK; i++)
            nanosleep(&(struct timespec){0, 10 * 1000 * 1000}, NULL);
        return;
    }
    dup2(rescue.null, STDOUT_FILENO); /* a thread may be drawing just now, and until the end */
    write_all(rescue.terminal, rescue.text, rescue.length);
    sigemptyset(&ttou);
    sigaddset(&ttou, SIGTTOU); /* in the background this must not stop us */
    pthread_sigmask(SIG_BLOCK, &ttou, &old);
    tcsetattr(rescue.terminal, TCSANOW, &rescue.modes);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    release_errors();
    atomic_store(&rescue.state, DONE);
    errno = saved;
}

static void at_exit(void)
{
    if (atomic_load(&rescue.state) != ARMED)
        return;
    rescue_now();
    dup2(rescue.terminal, STDOUT_FILENO); /* what stdio still holds is to be seen */
}

#ifndef __SANITIZE_ADDRESS__
static void crashed(int sig)
{
    rescue_now();
    signal(sig, SIG_DFL);
    raise(sig);
}
#endif

static void catch_fatal(void)
{
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_set_death_callback(rescue_now);
#else
    struct sigaction act = {.sa_handler = crashed, .sa_flags = SA_ONSTACK};
    stack_t own = {.ss_sp = stack, .ss_size = sizeof stack};

    sigaltstack(&own,
                &stack_before); /* of this thread alone: a stack that overflows has no room for a handler */
    sigfillset(&act.sa_mask);
    for (int i = 0; i < ARRAY_LEN(fatal); i++)
        sigaction(fatal[i], &act, &before[i]);
#endif
}

static void close_all(void)
{
    int *fds[] = {&rescue.terminal, &rescue.null, &rescue.errors, &rescue.kept};

    for (int i = 0; i < ARRAY_LEN(fds); i++) {
        if (*fds[i] >= 0)
            close(*fds[i]);
        *fds[i] = -1;
    }
}

enum err rescue_arm(const struct termios *modes, const char *text, struct diag *diag)
{
    static bool registered;

    rescue.modes = *modes;
    rescue.length = strnlen(text, sizeof rescue.text);
    memcpy(rescue.text, text, rescue.length);
    rescue.terminal = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    rescue.null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (rescue.terminal < 0 || rescue.null < 0) {
        enum err err = diag_errno(diag, "/dev/null", "open");
        close_all();
        return err;
    }
    if (isatty(STDERR_FILENO)) {
        fflush(stderr);
        rescue.errors = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
        rescue.kept = rescue.errors < 0 ? -1 : memfd_create("standard error", MFD_CLOEXEC);
        if (rescue.kept >= 0)
            dup2(rescue.kept, STDERR_FILENO);
    }
    if (!registered)
        registered = atexit(at_exit) == 0;
    catch_fatal();
    atomic_store(&rescue.state, ARMED);
    return ERR_NONE;
}

void rescue_disarm(void)
{
    if (atomic_exchange(&rescue.state, IDLE) == IDLE)
        return;
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_set_death_callback(NULL);
    (void)before;
    (void)fatal;
#else
    for (int i = 0; i < ARRAY_LEN(fatal); i++)
        sigaction(fatal[i], &before[i], NULL);
    sigaltstack(&stack_before, NULL);
#endif
    fflush(stderr);
    release_errors();
    close_all();
}
