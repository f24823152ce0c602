/**
 * xoshiro256++ (Blackman & Vigna 2021, "Scrambled linear pseudorandom number generators"), seeded by splitmix64
 * (Steele, Lea & Flood 2014), as its authors advise: close keys give streams that have nothing to do with each other.
 *
 * Floats take the upper bits, which are the best ones. Everything is integer arithmetic up to the last step, so the
 * same key gives the same numbers on every machine; only rng_normal() goes through the C library's log and cos.
 */
#include "base/rng.h"

#include <assert.h>
#include <math.h>

static uint64_t splitmix(uint64_t *x)
{
    uint64_t z = (*x += 0x9e3779b97f4a7c15u);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static inline uint64_t rotate(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

void rng_init(struct rng *rng, uint64_t key)
{
    for (int i = 0; i < 4; i++)
        rng->state[i] = splitmix(&key);
}

uint64_t rng_key(uint64_t a, uint64_t b, uint64_t c)
{
    uint64_t x = a;
    uint64_t key = splitmix(&x);

    x = key ^ b;
    key = splitmix(&x);
    x = key ^ c;
    return splitmix(&x);
}

uint64_t rng_u64(struct rng *rng)
{
    uint64_t *s = rng->state;
    uint64_t result = rotate(s[0] + s[3], 23) + s[0];
    uint64_t t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

float rng_uniform(struct rng *rng)
{
    return (float)(rng_u64(rng) >> 40) * 0x1p-24f;
}

float rng_between(struct rng *rng, float low, float high)
{
    float x = low + (high - low) * rng_uniform(rng);

    /* Rounding may reach the upper end, which doesn't belong to the interval. */
    return x < high ? x : low;
}

float rng_normal(struct rng *rng)
{
    /* 1 - u lies in (0, 1], where the logarithm is finite. */
    float u = 1.0f - rng_uniform(rng);
    float v = rng_uniform(rng);

    return sqrtf(-2.0f * logf(u)) * cosf(6.28318530717958647692f * v);
}

uint32_t rng_below(struct rng *rng, uint32_t n)
{
    uint64_t product;
    uint32_t low;

    assert(n >= 1);
    /* Lemire 2019: multiply, and throw away the few draws that would favour some numbers. */
    product = (rng_u64(rng) >> 32) * n;
    low = (uint32_t)product;
    if (low < n) {
        uint32_t threshold = (uint32_t)-n % n;
        while (low < threshold) {
            product = (rng_u64(rng) >> 32) * n;
            low = (uint32_t)product;
        }
    }
    return (uint32_t)(product >> 32);
}

void rng_shuffle(struct rng *rng, int *order, int n)
{
    for (int i = 0; i < n; i++) {
        int j = (int)rng_below(rng, (uint32_t)i + 1);
        order[i] = order[j];
        order[j] = i;
    }
}
