/**
 * Threads that no signal interrupts: all are blocked in them, so that whoever wants signals gets them.
 */
#ifndef FOVEA_BASE_THREAD_H
#define FOVEA_BASE_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/** As pthread_create. @return false: no thread could be made */
bool thread_start(pthread_t *thread, void *(*work)(void *arg), void *arg);

/** The calling thread works with low priority from now on, where a thread can have one of its own. */
void thread_lower_priority(void);

#endif
