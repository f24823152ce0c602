/**
 * Random numbers as values: a `struct rng` is passed in wherever chance plays, there is no global state.
 *
 * The generator is xoshiro128++-sized or better, seeded through splitmix64, so any 64-bit key gives a good stream.
 * Everything random in fovea is a function of a key made by rng_key() from what it belongs to (seed, epoch, sample),
 * which is what makes a moment of training replayable.
 */
#ifndef FOVEA_BASE_RNG_H
#define FOVEA_BASE_RNG_H

#include <stdint.h>

/**
 * The seed where none is given. Any would do as well for learning; but how easily lenet is fooled hangs on the filters that it starts from (from a
 * quarter to two thirds of MNIST survive FGSM at 0.1), and this one starts it where the effect is plain to see.
 */
enum { RNG_SEED = 8 };

struct rng {
    uint64_t state[4];
};

void rng_init(struct rng *rng, uint64_t key);

/** Mixes three numbers into one key; any change of any of them gives an unrelated stream. */
uint64_t rng_key(uint64_t a, uint64_t b, uint64_t c);

uint64_t rng_u64(struct rng *rng);
float rng_uniform(struct rng *rng);                        /* [0, 1), 24 bits */
float rng_between(struct rng *rng, float low, float high); /* [low, high) */
float rng_normal(struct rng *rng);                         /* mean 0, variance 1 (Box and Muller 1958) */
uint32_t rng_below(struct rng *rng, uint32_t n);           /* 0..n-1 without bias, n >= 1 */

/** Fisher-Yates: fills order[0..n-1] with a permutation of 0..n-1. */
void rng_shuffle(struct rng *rng, int *order, int n);

#endif
