/**
 * Threads that read the same digits at once, from both ends and across, for ThreadSanitizer: whoever comes first makes an image, and all get the same.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "data/dataset.h"

enum { THREADS = 4, IMAGES = 601, PIXELS = 28 * 28, SEED = 11 };

static uint8_t expected[IMAGES][PIXELS];
static int label[IMAGES];

struct reader {
    const struct dataset *data;
    pthread_t thread;
    int number, wrong;
};

static void *read_all(void *arg)
{
    /* steps that reach every image, since their number is prime */
    static const int step[THREADS] = {1, IMAGES - 1, 1, 7};
    struct reader *r = arg;
    uint8_t pixels[PIXELS];
    for (int round = 0; round < 2; round++)
        for (int i = 0, at = 0; i < IMAGES; i++, at = (at + step[r->number]) % IMAGES)
            r->wrong += dataset_read(r->data, SPLIT_TRAIN, at, pixels) != label[at] ||
                        memcmp(pixels, expected[at], PIXELS) != 0;
    return NULL;
}

int main(void)
{
    struct dataset *alone, *shared;
    struct reader reader[THREADS];
    int wrong = 0;
    if (dataset_open("digits", SEED, &alone, NULL) || dataset_open("digits", SEED, &shared, NULL))
        return 1;
    for (int i = 0; i < IMAGES; i++)
        label[i] = dataset_read(alone, SPLIT_TRAIN, i, expected[i]);
    for (int t = 0; t < THREADS; t++) {
        reader[t] = (struct reader){.data = shared, .number = t};
        if (pthread_create(&reader[t].thread, NULL, read_all, &reader[t]))
            return 1;
    }
    for (int t = 0; t < THREADS; t++) {
        pthread_join(reader[t].thread, NULL);
        wrong += reader[t].wrong;
    }
    dataset_close(alone);
    dataset_close(shared);
    if (wrong)
        fprintf(stderr, "%d images weren't the same\n", wrong);
    return wrong ? 1 : 0;
}
