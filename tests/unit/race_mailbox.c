/** One writer, one reader, values much larger than a word: every value taken is whole, and they never go back in time. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "base/mailbox.h"

enum { NUMBERS = 64, VALUES = 50000 };

static struct mailbox mailbox;
static int slots[MAILBOX_SLOTS][NUMBERS];

static void *writer(void *arg)
{
    (void)arg;
    for (int v = 1; v <= VALUES; v++) {
        int *slot = slots[mailbox_back(&mailbox)];
        for (int i = 0; i < NUMBERS; i++)
            slot[i] = v;
        mailbox_publish(&mailbox);
    }
    return NULL;
}

int main(void)
{
    pthread_t thread;
    int last = 0;

    mailbox_init(&mailbox);
    if (pthread_create(&thread, NULL, writer, NULL) != 0)
        return 1;
    while (last < VALUES) {
        int index = mailbox_take(&mailbox);
        if (index < 0)
            continue;
        for (int i = 1; i < NUMBERS; i++) {
            if (slots[index][i] != slots[index][0]) {
                fprintf(stderr, "half of %d, half of %d\n", slots[index][0], slots[index][i]);
                return 1;
            }
        }
        if (slots[index][0] <= last) {
            fprintf(stderr, "%d after %d\n", slots[index][0], last);
            return 1;
        }
        last = slots[index][0];
    }
    pthread_join(thread, NULL);
    return 0;
}
