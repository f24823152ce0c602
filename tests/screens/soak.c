/**
 * Hours of a restless hand in a minute: random keys, mouse reports and sizes of the window from 1x1 to 400x120, the same for the same seed.
 *
 *     soak [EVENTS [SEED]]
 *
 * It ends with 0 when the program never crashed, always answered again, and gave the terminal back whenever it was left. Under AddressSanitizer
 * and UndefinedBehaviorSanitizer the program ends with another status at the first thing that they find, and its words are printed. Files that it
 * writes (a random word may well be "save") land in a folder of its own.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/rng.h"
#include "screen.h"

enum { EVENTS = 10000, PING_EVERY = 250, BURST_MOST = 12, ROWS_MOST = 120, COLS_MOST = 400 };

static const char *const special[] = {
    "\033[A",       "\033[B",     "\033[C",
    "\033[D",       "\033[H",     "\033[F",
    "\033[5~",      "\033[6~",    "\033[3~",
    "\t",           "\033[Z",     "\r",
    "\177",         "\033",       "\033OP",
    "\016",         "\020",       "\014",
    "\001",         "\005",       "\025",
    "\027",         "\033[1;5C",  "\xc3\xbc",
    "\xe7\x8c\xab", "\xff",       "\033[200~q\033[201~",
    "\033[99;99z",  "\033[12;3R",
};

/* What a person may well type at the prompt, so that more than its first letters is met. */
static const char *const lines[] = {
    ":panel curves large\r",
    ":panel pooling hide\r",
    ":x\r",
    ":save screen soak.svg\r",
    ":save numbers soak.csv\r",
    ":layer 2\r",
    ":epsilon 0.3\r",
    ":sample 7\r",
    ":\t\t\t\r",
    ":theme \t\r",
    ":lab step\r",
    ":example \t\t\r",
    ":live conv1 1\r",
    ":pencil sum; answer 3\r",
    ":lab signal\r",
    ":signal melody\r",
    ":piece 301 70\r",
    ":question filters\r",
    ":lab filter\r",
    ":picture \t\t\r",
    ":recipe next\r",
    ":lab attack\r",
    ":attack pgd; target 3\r",
    ":fork adversarial\r",
    ":lab neuron\r",
    ":lab train\r",
    ":page next\r",
    ":page next\r",
};

struct soak {
    struct rng rng;
    struct screen *screen;
    int rows, cols, starts;
    char state[64]; /* where the program remembers how it was left */
};

static int below(struct soak *k, int n)
{
    return (int)rng_below(&k->rng, (uint32_t)n);
}

static void start(struct soak *k)
{
    static const char *const argv[] = {FOVEA, "--threads", "1", NULL};
    k->rows = 24;
    k->cols = 80;
    const char *environment[] = {k->state, NULL};
    k->screen = screen_run(
        &(struct screen_options){.rows = k->rows, .cols = k->cols, .environment = environment}, argv);
    k->starts++;
}

/* The program was left: with which status, and how does the terminal stand? */
static bool left_well(struct soak *k)
{
    int status = screen_exit(k->screen);
    struct termios before = screen_modes_before(k->screen), after = screen_modes(k->screen);
    bool good = status == 0 && same_modes(&before, &after) && !screen_alternate(k->screen) &&
                !screen_mouse(k->screen) && screen_cursor(k->screen);
    if (!good) {
        size_t size;
        const char *said = screen_output(k->screen, &size);
        fprintf(stderr, "left with status %d, modes %s, %s; its last words:\n%s\n", status,
                same_modes(&before, &after) ? "as before" : "changed",
                screen_alternate(k->screen) ? "on the other screen" : "on the first screen",
                said + (size > 8000 ? size - 8000 : 0));
    }
    screen_free(k->screen);
    return good;
}

static void resize(struct soak *k)
{
    static const int edges[][2] = {{1, 1},    {120, 400}, {1, 400}, {120, 1}, {24, 80}, {50, 160},
                                   {60, 200}, {5, 20},    {4, 19},  {2, 2},   {15, 60}, {40, 120}};
    int edge = below(k, 2 * ARRAY_LEN(edges));
    k->rows = edge < ARRAY_LEN(edges) ? edges[edge][0] : 1 + below(k, ROWS_MOST);
    k->cols = edge < ARRAY_LEN(edges) ? edges[edge][1] : 1 + below(k, COLS_MOST);
    screen_resize(k->screen, k->rows, k->cols);
}

/* A press, a drag or a turn of the wheel, mostly within the window. */
static void point(struct soak *k)
{
    static const int codes[] = {0, 0, 0, 1, 2, 32, 64, 65, 35};
    int code = codes[below(k, ARRAY_LEN(codes))], row = 1 + below(k, k->rows + 1),
        col = 1 + below(k, k->cols + 1);
    char report[64];
    snprintf(report, sizeof report, "\033[<%d;%d;%dM", code, col, row);
    screen_send(k->screen, report);
    if (code < 3) {
        snprintf(report, sizeof report, "\033[<%d;%d;%dm", code, col + below(k, 3), row);
        screen_send(k->screen, report);
    }
}

static void event(struct soak *k)
{
    int kind = below(k, 1000);
    if (kind < 80) {
        resize(k);
    } else if (kind < 250) {
        point(k);
    } else if (kind < 450) {
        screen_send(k->screen, special[below(k, ARRAY_LEN(special))]);
    } else if (kind < 490) {
        screen_send(k->screen, lines[below(k, ARRAY_LEN(lines))]);
    } else if (kind < 492) {
        screen_send(k->screen, "\033\033qq");
    } else {
        char key[2] = {(char)(' ' + below(k, 95)), 0};
        screen_send(k->screen, key[0] == 'q' ? "." : key); /* leaving has its own place above */
    }
}

/* It has written more than it had, and its name is on the screen. */
static bool is_named(struct screen *s, void *before)
{
    size_t size;
    screen_output(s, &size);
    return (size > *(size_t *)before && screen_has(s, "fovea")) || !screen_running(s);
}

/* Is anybody there? A size that it draws anew must bring its name. */
static bool answers(struct soak *k)
{
    size_t before;
    screen_settle(k->screen);
    screen_output(k->screen, &before);
    k->rows = k->rows == 24 ? 25 : 24;
    k->cols = 79 + below(k, 3);
    screen_resize(k->screen, k->rows, k->cols);
    return screen_wait(k->screen, is_named, &before) && screen_running(k->screen);
}

static bool run(struct soak *k, int events)
{
    bool good = true;
    start(k);
    for (int done = 0, burst; done < events && good; done += burst) {
        burst = 1 + below(k, BURST_MOST);
        for (int i = 0; i < burst; i++)
            event(k);
        if (below(k, 2) == 0)
            screen_settle(k->screen);
        if (!screen_running(k->screen)) {
            good = left_well(k);
            start(k);
        } else if (done / PING_EVERY != (done + burst) / PING_EVERY && !answers(k)) {
            good = !screen_running(k->screen) && left_well(k);
            start(k);
        }
        if (!good)
            fprintf(stderr, "after %d events\n", done + burst);
    }
    if (good && screen_running(k->screen))
        good = answers(k);
    screen_send(k->screen, "\033\033\033qqq");
    return left_well(k) && good;
}

int main(int argc, char **argv)
{
    int events = argc > 1 ? atoi(argv[1]) : EVENTS, seed = argc > 2 ? atoi(argv[2]) : 1;
    char folder[] = "/tmp/fovea-soak-XXXXXX", command[64];
    struct timespec begin, end;
    struct soak k = {0};
    if (!mkdtemp(folder) || chdir(folder) != 0) {
        perror(folder);
        return 1;
    }
    snprintf(k.state, sizeof k.state, "XDG_STATE_HOME=%s/state", folder);
    signal(SIGPIPE, SIG_IGN);
    rng_init(&k.rng, rng_key((uint64_t)seed, 0, 0));
    clock_gettime(CLOCK_MONOTONIC, &begin);
    bool good = run(&k, events);
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%d events, seed %d, %d starts, %ld seconds: %s\n", events, seed, k.starts,
           (long)(end.tv_sec - begin.tv_sec), good ? "good" : "FAILED");
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command) == 0 && good ? 0 : 1;
}
