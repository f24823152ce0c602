#include "tui/signals.h"

#include <time.h>

#include "base/err.h"

static const int caught[] = {SIGWINCH, SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGTSTP, SIGCONT};
static volatile sig_atomic_t arrived[ARRAY_LEN(caught)];
static struct sigaction actions_before[ARRAY_LEN(caught)];
static sigset_t mask_before, mask_asleep;
static bool taken;

static void on_signal(int sig)
{
    for (int i = 0; i < ARRAY_LEN(caught); i++) {
        if (caught[i] == sig)
            arrived[i] = 1;
    }
}

static void handle(int sig, void (*handler)(int), struct sigaction *before)
{
    struct sigaction act = {.sa_handler = handler};

    sigfillset(&act.sa_mask);
    sigaction(sig, &act, before);
}

void signals_take(void)
{
    sigset_t ours;

    sigemptyset(&ours);
    for (int i = 0; i < ARRAY_LEN(caught); i++)
        sigaddset(&ours, caught[i]);
    pthread_sigmask(SIG_BLOCK, &ours, &mask_before);
    mask_asleep = mask_before;
    for (int i = 0; i < ARRAY_LEN(caught); i++) {
        bool ignored;

        arrived[i] = 0;
        sigdelset(&mask_asleep, caught[i]);
        handle(caught[i], on_signal, &actions_before[i]);
        ignored = !(actions_before[i].sa_flags & SA_SIGINFO) && actions_before[i].sa_handler == SIG_IGN;
        if (ignored && caught[i] != SIGWINCH && caught[i] != SIGCONT)
            sigaction(caught[i], &actions_before[i], NULL);
    }
    taken = true;
}

void signals_give_back(void)
{
    if (!taken)
        return;
    for (int i = 0; i < ARRAY_LEN(caught); i++)
        sigaction(caught[i], &actions_before[i], NULL);
    pthread_sigmask(SIG_SETMASK, &mask_before, NULL);
    taken = false;
}

const sigset_t *signals_mask(void)
{
    return &mask_asleep;
}

bool signals_arrived(int sig)
{
    for (int i = 0; i < ARRAY_LEN(caught); i++) {
        if (caught[i] == sig && arrived[i]) {
            arrived[i] = 0;
            return true;
        }
    }
    return false;
}

void signals_stop(void)
{
    static const struct timespec at_once = {0, 0};
    sigset_t tstp, cont;

    sigemptyset(&tstp);
    sigaddset(&tstp, SIGTSTP);
    sigemptyset(&cont);
    sigaddset(&cont, SIGCONT);
    /* The signal itself and not SIGSTOP: the kernel knows whether there is a shell that could wake us. */
    handle(SIGTSTP, SIG_DFL, NULL);
    raise(SIGTSTP);
    pthread_sigmask(SIG_UNBLOCK, &tstp, NULL); /* here it stops, and goes on */
    pthread_sigmask(SIG_BLOCK, &tstp, NULL);
    handle(SIGTSTP, on_signal, NULL);
    (void)sigtimedwait(&cont, NULL, &at_once); /* the caller knows */
}
