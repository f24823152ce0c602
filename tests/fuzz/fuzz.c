#include "fuzz.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
enum { SANITIZED = 1 };
/* An allocation beyond the limit fails instead of ending the program: the reader then says so, which is a failure here. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "max_allocation_size_mb=512:allocator_may_return_null=1";
}
#else
enum { SANITIZED = 0 };
#endif

enum { FAILURES_SHOWN = 10 };
static const double most_seconds = SANITIZED ? 10 : 1;

static char folder[64];
static int tries, good, failures;
static double slowest;

void fuzz_fail(const char *format, ...)
{
    va_list args;

    if (failures++ >= FAILURES_SHOWN)
        return;
    printf("FAIL ");
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    printf("\n");
}

static void limit_memory(void)
{
    FILE *f = fopen("/proc/self/statm", "r");
    unsigned long pages = 0;

    if (f && fscanf(f, "%lu", &pages) == 1 && !SANITIZED) {
        rlim_t bytes = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + FUZZ_MEMORY;
        (void)setrlimit(RLIMIT_AS, &(struct rlimit){bytes, bytes});
    }
    if (f)
        fclose(f);
}

void fuzz_begin(void)
{
    /* in memory where that is possible: every try writes a file */
    snprintf(folder, sizeof folder, "%s/fovea-fuzz-XXXXXX",
             access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(folder) || chdir(folder)) {
        perror(folder);
        exit(1);
    }
    limit_memory();
}

static void write_input(const char *path, const void *data, size_t size)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);

    if (fd < 0 || write(fd, data, size) != (ssize_t)size) {
        perror(path);
        exit(1);
    }
    close(fd);
}

/* Kept for whoever looks for the reason. */
static void keep_input(const void *data, size_t size)
{
    if (failures <= FAILURES_SHOWN) {
        char path[64];
        snprintf(path, sizeof path, "/tmp/fovea-fuzz-failed-%ld-%d", (long)getpid(), failures);
        write_input(path, data, size);
        printf("     the input is %s\n", path);
    }
}

enum err fuzz_try(struct fuzz_reader reader, const char *path, const void *data, size_t size,
                  const char *what)
{
    struct diag diag = {0};
    int before = failures;
    const char *name = path ? path : "input";

    write_input(name, data, size);
    clock_t began = clock();
    enum err err = reader.run(name, &diag);
    double seconds = (double)(clock() - began) / CLOCKS_PER_SEC;
    tries++;
    good += !err;
    slowest = seconds > slowest ? seconds : slowest;
    if (seconds > most_seconds)
        fuzz_fail("%s: took %.1f s", what, seconds);
    if (err == ERR_MEMORY)
        fuzz_fail("%s: wanted too much memory: %s", what, diag.text);
    if (err && (diag.err != err || strlen(diag.text) < 10))
        fuzz_fail("%s: error %d without a sentence: '%s'", what, err, diag.text);
    for (const unsigned char *c = (const unsigned char *)diag.text; err && *c; c++)
        if (*c < 0x20) {
            fuzz_fail("%s: more than one line", what);
            break;
        }
    if (failures > before)
        keep_input(data, size);
    return err;
}

void fuzz_expect(struct fuzz_reader reader, const char *path, const void *data, size_t size, bool is_good,
                 const char *word, const char *what)
{
    struct diag diag = {0};
    enum err err = fuzz_try(reader, path, data, size, what);

    if (is_good && err) {
        (void)reader.run(path ? path : "input", &diag);
        fuzz_fail("%s: refused: %s", what, diag.text);
    } else if (!is_good && !err) {
        fuzz_fail("%s: accepted", what);
    } else if (word) {
        (void)reader.run(path ? path : "input", &diag);
        if (!strstr(diag.text, word))
            fuzz_fail("%s: no '%s' in '%s'", what, word, diag.text);
    }
}

void fuzz_add_one_of(struct text *t, struct rng *rng, const char *list)
{
    uint32_t words = 1;

    for (const char *c = list; *c; c++)
        words += *c == '|';
    for (uint32_t skip = rng_below(rng, words); skip > 0; skip--)
        list = strchr(list, '|') + 1;
    text_add_n(t, list, strcspn(list, "|"));
}

/* Bytes that mean something to somebody. */
static const unsigned char telling[] = {0,   1,   0x7f, 0x80, 0xff, '{', '}',  '[', ']', '"', ':',
                                        ',', '-', '0',  '9',  'e',  ' ', '\n', 'x', '#', 0xc2};

static size_t damage(struct rng *rng, unsigned char *data, size_t size)
{
    size_t at = size ? rng_below(rng, (uint32_t)size) : 0,
           n = size - at ? 1 + rng_below(rng, (uint32_t)(size - at < 16 ? size - at : 16)) : 0;
    size_t from = size ? rng_below(rng, (uint32_t)(size - n + 1)) : 0;
    uint64_t number = rng_u64(rng);
    number >>= rng_below(rng, 64);

    switch (rng_below(rng, 6)) {
    case 0: /* a telling byte */
        if (size)
            data[at] = telling[rng_below(rng, sizeof telling)];
        return size;
    case 1: /* random bytes */
        for (size_t i = 0; i < n; i++)
            data[at + i] = (unsigned char)rng_below(rng, 256);
        return size;
    case 2: /* a piece from elsewhere */
        memmove(data + at, data + from, n);
        return size;
    case 3: /* a piece less */
        memmove(data + at, data + at + n, size - at - n);
        return size - n;
    case 4: /* a piece twice */
        if (size + n > FUZZ_MOST)
            return size;
        memmove(data + at + n, data + at, size - at);
        return size + n;
    default: /* a number in either order of bytes */
        for (size_t i = 0; i < n && i < 8; i++)
            data[at + i] = (unsigned char)(number >> 8 * (n % 2 ? i : 7 - i));
        return size;
    }
}

void fuzz_mutate(struct fuzz_reader reader, const char *path, const void *data, size_t size, int rounds,
                 const char *what)
{
    static unsigned char work[FUZZ_MOST];
    char name[128];
    struct rng rng;

    fuzz_expect(reader, path, data, size, true, NULL, what);
    for (size_t cut = 0; cut<size; cut += size> 3000 ? 37 : 1) {
        snprintf(name, sizeof name, "%s cut to %zu bytes", what, cut);
        (void)fuzz_try(reader, path, data, cut, name);
    }
    memcpy(work, data, size);
    for (size_t bit = 0; bit<8 * size; bit += size> 600 ? 1 + 8 * size / 4001 : 1) {
        snprintf(name, sizeof name, "%s with bit %zu of byte %zu flipped", what, bit % 8, bit / 8);
        work[bit / 8] ^= (unsigned char)(1 << bit % 8);
        (void)fuzz_try(reader, path, work, size, name);
        work[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    rng_init(&rng, rng_key(size, (uint64_t)rounds, 0x66757a7a));
    for (int i = 0; i < rounds; i++) {
        size_t now = size;
        memcpy(work, data, size);
        for (uint32_t k = 1 + rng_below(&rng, 6); k > 0; k--)
            now = damage(&rng, work, now);
        snprintf(name, sizeof name, "%s, splice %d", what, i);
        (void)fuzz_try(reader, path, work, now, name);
    }
}

int fuzz_end(void)
{
    char command[96];

    printf("%d inputs, %d good, %d failures, slowest %.3f s\n", tries, good, failures, slowest);
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    if (chdir("/") || system(command))
        printf("%s was left behind\n", folder);
    if (tries == 0 || good == 0 || good == tries)
        printf("FAIL an oracle that says the same of everything\n");
    return failures > 0 || good == 0 || good == tries;
}
