/**
 * Images a second that the interactive program trains while the whole screen is shown. Prints one JSON line.
 *
 *     fovea-screen-bench SECONDS [OPTION OF FOVEA ...]
 *
 * The program runs in a pseudo-terminal of 160x50 that takes everything it writes, in 24-bit colour, as fast as it goes. What it trains is read off its
 * status line twice, so the figure is the steps between over the time between.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "screen.h"

enum { BATCH = 32, WORDS_MOST = 32 };

static long step_of(struct screen *s)
{
    char *text = screen_text(s), *found = strstr(text, "  step ");
    long step = found ? strtol(found + 7, NULL, 10) : -1;
    free(text);
    return step;
}

static double until;
static bool is_over(struct screen *s, void *with)
{
    (void)s, (void)with;
    return clock_now() >= until;
}

/* Steps a second over so many seconds; the first one is only to get going. */
static double measure(struct screen *s, double seconds)
{
    until = clock_now() + 1;
    screen_wait(s, is_over, NULL);
    long first = step_of(s);
    double began = clock_now();
    for (double end = began + seconds; clock_now() < end;) { /* in pieces: every wait has a limit */
        until = clock_now() + 1;
        screen_wait(s, is_over, NULL);
    }
    long last = step_of(s);
    return (double)(last - first) / (clock_now() - began);
}

int main(int argc, char **argv)
{
    const char *words[WORDS_MOST] = {FOVEA, "--speed", "0"};
    static const char *const environment[] = {"COLORTERM=truecolor", NULL};
    double seconds = argc > 1 ? atof(argv[1]) : 0;
    if (argc < 2 || argc > WORDS_MOST - 4 || !(seconds > 0)) {
        fprintf(stderr, "usage: fovea-screen-bench SECONDS [OPTION OF FOVEA ...]\n");
        return 2;
    }
    for (int i = 2; i < argc; i++)
        words[i + 1] = argv[i];
    struct screen *s =
        screen_run(&(struct screen_options){.rows = 50, .cols = 160, .environment = environment}, words);
    if (!screen_wait_text(s, "says '"))
        return 1;
    double steps = measure(s, seconds);
    size_t bytes;
    screen_output(s, &bytes);
    screen_send(s, "qq");
    int status = screen_exit(s);
    printf("{\"images_s\":%.1f,\"bytes\":%zu,\"status\":%d}\n", BATCH * steps, bytes, status);
    screen_free(s);
    return steps > 0 && status == 0 ? 0 : 1;
}
