#include "base/thread.h"

#include <signal.h>
#include <sys/resource.h>

bool thread_start(pthread_t *thread, void *(*work)(void *arg), void *arg)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* a thread inherits the mask of its maker */
    bool made = pthread_create(thread, NULL, work, arg) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return made;
}

void thread_lower_priority(void)
{
#ifdef __linux__
    enum { NICE = 10 };
    setpriority(PRIO_PROCESS, 0, NICE); /* there, 0 is this thread alone */
#endif
}
