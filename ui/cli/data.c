/** fovea data: what data sets there are, what one holds, and where to get one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/rng.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/fetch.h"
#include "data/dataset.h"

static int list(void)
{
    for (int i = 0; source_types[i]; i++)
        printf("%-16s %s\n", source_types[i]->usage, source_types[i]->help);
    printf("\n`fovea data fetch` gets");
    for (const struct fetch_set *set = fetch_sets; set->name; set++)
        printf(" %s", set->name);
    printf("\n");
    return 0;
}

/* The first images of the training split, as shades: enough to see whether it is what one thinks. */
static void print_image(const struct dataset *d, enum split split, int index, uint8_t *pixels)
{
    static const char ramp[] = " .:-=+*#%@";
    int label = dataset_read(d, split, index, pixels);
    printf("\nimage %d: %s\n", index, d->class_name[label]);
    for (int y = 0; y < d->shape.h && d->shape.w <= 64; y++) {
        for (int x = 0; x < d->shape.w; x++) {
            int sum = 0;
            for (int c = 0; c < d->shape.c; c++)
                sum += pixels[(c * d->shape.h + y) * d->shape.w + x];
            char shade = ramp[sum * 9 / (255 * d->shape.c)];
            printf("%c%c", shade, shade);
        }
        printf("\n");
    }
}

static int show(const char *spec, int images, uint64_t seed)
{
    struct dataset *d = NULL;
    struct diag diag = {0};
    if (dataset_open(spec, seed, &d, &diag))
        return command_fail(&diag);
    printf("%s: images of %s (channels, rows, columns), %d for training, %d for testing, %d classes:", spec,
           shape_text(d->shape).s, d->count[SPLIT_TRAIN], d->count[SPLIT_TEST], d->classes);
    for (int i = 0; i < d->classes; i++)
        printf(" %s", d->class_name[i]);
    printf("\n");
    enum split split = d->count[SPLIT_TRAIN] > 0 ? SPLIT_TRAIN : SPLIT_TEST;
    uint8_t *pixels = malloc(shape_count(d->shape));
    for (int i = 0; i < images && i < d->count[split] && pixels; i++)
        print_image(d, split, i, pixels);
    free(pixels);
    dataset_close(d);
    return 0;
}

static int fetch(const struct command *self, const char *name, const char *from, const char *to, bool quiet)
{
    struct diag diag = {0};
    int fetched = 0;
    const struct fetch_set *set = fetch_find(name);
    if (!set) {
        struct text known = {0};
        for (set = fetch_sets; set->name; set++)
            text_listed(&known, set->name, !set[1].name);
        int status = command_usage(self, "no data set '%s' to fetch; there are %s", name, text_str(&known));
        text_free(&known);
        return status;
    }
    command_catch_signals();
    to = to ? to : set->name;
    if (fetch_set(set, from, to, !quiet && isatty(STDERR_FILENO), &fetched, &diag)) {
        int status = command_fail(&diag);
        return command_signal ? 128 + command_signal : status;
    }
    if (!quiet)
        printf("%s %s; use it as --data %s:%s\n", to, fetched ? "is complete" : "was complete already",
               set->source, to);
    return 0;
}

static int run(const struct command *self, int argc, char **argv)
{
    int images = 3, count = 0;
    uint64_t seed = RNG_SEED;
    const char *from = NULL, *to = NULL;
    bool quiet = false;
    const struct option_row rows[] = {
        {"--images", "N", "how many to print (3)", OPTION_WHOLE, &images, 0, 1e6},
        {"--seed", "S", "of data that is made", OPTION_U64, &seed, 0, 0},
        {"--from", "URL", "fetch from this folder instead: http, https or file", OPTION_TEXT, &from, 0, 0},
        {"--to", "DIR", "fetch into this folder (NAME)", OPTION_TEXT, &to, 0, 0},
        {"--quiet", NULL, "no progress, and nothing but errors", OPTION_FLAG, &quiet, 0, 0},
        {NULL, NULL, NULL, OPTION_FLAG, NULL, 0, 0},
    };
    char **rest = calloc((size_t)argc, sizeof *rest);
    int status = options_parse(self, rows, argc, argv, rest, &count);
    if (status < 0 && count == 1 && strcmp(rest[0], "list") == 0)
        status = list();
    else if (status < 0 && count == 2 && strcmp(rest[0], "show") == 0)
        status = show(rest[1], images, seed);
    else if (status < 0 && count == 2 && strcmp(rest[0], "fetch") == 0)
        status = fetch(self, rest[1], from, to, quiet);
    else if (status < 0)
        status = command_usage(self, "say list, show D, or fetch NAME");
    free(rest);
    return status;
}

const struct command command_data = {"data", "list | show D | fetch NAME",
                                     "What data sets there are, and getting them", run};
