#include "base/mailbox.h"

enum { FRESH = 4, INDEX = 3 };

void mailbox_init(struct mailbox *m)
{
    m->back = 0;
    m->front = 2;
    atomic_init(&m->middle, 1u);
}

unsigned mailbox_back(const struct mailbox *m)
{
    return m->back;
}

bool mailbox_publish(struct mailbox *m)
{
    /* Release: the slot's contents go with its number. Acquire: the reader is done with the slot that comes back. */
    unsigned old = atomic_exchange_explicit(&m->middle, m->back | FRESH, memory_order_acq_rel);

    m->back = old & INDEX;
    return !(old & FRESH);
}

int mailbox_take(struct mailbox *m)
{
    unsigned old;

    if (!(atomic_load_explicit(&m->middle, memory_order_relaxed) & FRESH))
        return -1;
    old = atomic_exchange_explicit(&m->middle, m->front, memory_order_acq_rel);
    m->front = old & INDEX;
    return (int)m->front;
}
