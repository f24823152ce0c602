/**
 * A mailbox for whole values between two threads: the newest wins, nobody waits.
 *
 * Three slots: one being written, one fresh, one being read; a slot changes hands by one atomic exchange. One writer, one reader.
 */
#ifndef FOVEA_BASE_MAILBOX_H
#define FOVEA_BASE_MAILBOX_H

#include <stdatomic.h>
#include <stdbool.h>

enum { MAILBOX_SLOTS = 3 };

struct mailbox {
    atomic_uint middle;   /* index of the slot between the two, and whether it is fresh */
    unsigned back, front; /* the writer's and the reader's own */
};

void mailbox_init(struct mailbox *m);

/** Index 0..2 of the slot that the writer may fill now. */
unsigned mailbox_back(const struct mailbox *m);
/** Hands the filled slot over. @return true when the one before had been taken: the reader may be asleep and must be woken */
bool mailbox_publish(struct mailbox *m);
/** Takes the fresh slot if there is one. @return its index, or -1 */
int mailbox_take(struct mailbox *m);

#endif
