/**
 * Screens as text: every script of scripts/ is run, and its shots are compared with the files of the same name in expected/.
 *
 * FOVEA_WRITE_SCREENS=1 makes those files anew instead; read `git diff` before you believe them.
 *
 * What may differ. Processors round differently (FMA, the order of sums), so a network gives other last bits on other machines. At the first step, and for few
 * steps after it, numbers with one to three digits behind the point don't show that, and a shade of ten can at most slip to its neighbour, rarely. So text must be the
 * same, and one shade in a hundred may be the next one. Each script is run with the plainest instructions and with the best, so that a
 * script that can't be relied on shows here.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/rng.h"
#include "data/image.h"
#include "data/pen.h"
#include "tui/utf8.h"

static const char *const levels[] = {"baseline", "best"};

static int count_scripts(void)
{
    glob_t found = {0};
    int count = glob(SCREENS "/scripts/*.script", 0, NULL, &found) == 0 ? (int)found.gl_pathc : 0;
    globfree(&found);
    return count;
}

ParameterizedTestParameters(scripts, screens)
{
    static int index[64];
    int count = count_scripts();
    for (int i = 0; i < count; i++)
        index[i] = i;
    return cr_make_param_array(int, index, (size_t)count);
}

static char *read_text(const char *path)
{
    struct bytes bytes = {0};
    return file_read(path, 1 << 22, &bytes, NULL) ? NULL : (char *)bytes.data;
}

/* ---- data: a few records of CIFAR-10, a bright disc on a dark ground, its colour and place by class ---- */

static void write_batch(const char *path, int records, uint64_t seed)
{
    enum { SIDE = 32, RECORD = 1 + 3 * SIDE * SIDE };
    static unsigned char bytes[100 * RECORD];
    struct rng rng;
    rng_init(&rng, seed);
    for (int r = 0; r < records; r++) {
        int label = r % 10, row = 8 + label, col = 24 - label;
        bytes[r * RECORD] = (unsigned char)label;
        for (int at = 0; at < 3 * SIDE * SIDE; at++) {
            int plane = at / (SIDE * SIDE), y = at / SIDE % SIDE - row, x = at % SIDE - col;
            bool disc = y * y + x * x < 50 && label % 3 != plane;
            bytes[r * RECORD + 1 + at] = (unsigned char)((disc ? 180 : 50) + rng_below(&rng, 20));
        }
    }
    cr_assert_eq(file_write(path, bytes, (size_t)records * RECORD, NULL), ERR_NONE);
}

/* A seven in dark ink on grey paper, 120 x 90, as from a camera. */
static void write_photo(const char *path)
{
    enum { ROWS = 120, COLS = 90 };
    static float x[ROWS * COLS];
    struct rng rng;
    rng_init(&rng, 3);
    for (int i = 0; i < ROWS * COLS; i++)
        x[i] = 0.2f;
    pen_piece(x, ROWS, COLS, (struct nib){25, 40, 4}, (struct nib){65, 38, 4}, 2, false);
    pen_piece(x, ROWS, COLS, (struct nib){65, 38, 4}, (struct nib){45, 95, 4}, 2, false);
    for (int i = 0; i < ROWS * COLS; i++)
        x[i] = 0.95f - 0.8f * x[i] + rng_between(&rng, -0.02f, 0.02f);
    cr_assert_eq(image_write_png(path, (struct shape){1, ROWS, COLS}, x, NULL), ERR_NONE);
}

static char folder[] = "/tmp/fovea-screens-XXXXXX";

static void set_up(void)
{
    cr_assert(mkdtemp(folder) && chdir(folder) == 0);
    cr_assert_eq(mkdir("cifar", 0777), 0);
    write_batch("cifar/data_batch_1.bin", 100, 1);
    write_batch("cifar/test_batch.bin", 60, 2);
    write_photo("photo.png");
    cr_assert_eq(setenv("XDG_STATE_HOME", folder, 1), 0); /* no nicknames but its own */
}

static void tear_down(void)
{
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", folder);
    cr_assert_eq(system(command), 0);
}

/* ---- comparing ---- */

/* Are they neighbours on one of the ramps that pixels are written with? */
static bool close_shades(uint32_t a, uint32_t b)
{
    static const char *const ramps[] = {" .:-=+*#%@", " .+*#@", " ,-~oO"};
    for (int i = 0; i < ARRAY_LEN(ramps); i++)
        for (const char *r = ramps[i]; r[1]; r++)
            if ((a == (uint32_t)r[0] && b == (uint32_t)r[1]) || (a == (uint32_t)r[1] && b == (uint32_t)r[0]))
                return true;
    return false;
}

static uint32_t next_in_line(const char **at)
{
    return **at == '\n' || !**at ? ' ' : utf8_next(at); /* trailing blanks are cut */
}

/* Compares one line, moves both on; adds to *slips. @return the first column that is wrong, or -1 */
static int compare_line(const char **a, const char **b, int *cells, int *slips)
{
    int wrong = -1;
    for (int col = 0; (**a && **a != '\n') || (**b && **b != '\n'); col++) {
        uint32_t one = next_in_line(a), two = next_in_line(b);
        ++*cells;
        if (one == two)
            continue;
        if (close_shades(one, two))
            ++*slips;
        else if (wrong < 0)
            wrong = col;
    }
    *a += **a == '\n';
    *b += **b == '\n';
    return wrong;
}

static int length_of(const char *line)
{
    return (int)strcspn(line, "\n");
}

static bool compare(const char *name, const char *level, const char *expected, const char *found)
{
    int cells = 0, slips = 0, wrong_lines = 0;
    for (int row = 0; *expected || *found; row++) {
        const char *one = expected, *two = found;
        int wrong = compare_line(&expected, &found, &cells, &slips);
        if (wrong >= 0 && ++wrong_lines <= 5)
            fprintf(stderr,
                    "%s (%s), row %d, column %d:\n  expected %.*s\n  found    %.*s\n           %*s^\n", name,
                    level, row, wrong, length_of(one), one, length_of(two), two, wrong, "");
    }
    if (wrong_lines > 5)
        fprintf(stderr, "... and %d more rows\n", wrong_lines - 5);
    if (slips > 0 && slips > cells / 100)
        fprintf(stderr, "%s (%s): %d of %d shades are others\n", name, level, slips, cells);
    return wrong_lines == 0 && slips <= cells / 100;
}

/* ---- running ---- */

enum { SHOTS_MOST = 64, NAME_MOST = 64 };
struct shots {
    char name[SHOTS_MOST][NAME_MOST];
    int count;
    char options[256];
};

/* The script with its shots numbered, since a name may come twice: then the same screen must. */
static void number_shots(const char *script, const char *to, struct shots *out)
{
    char *text = read_text(script), *rest = text;
    FILE *file = fopen(to, "w");
    cr_assert(text && file);
    *out = (struct shots){0};
    for (char *line; (line = strsep(&rest, "\n"));)
        if (strncmp(line, "shot ", 5) == 0) {
            cr_assert_lt(out->count, SHOTS_MOST);
            snprintf(out->name[out->count], NAME_MOST, "%s", line + 5);
            fprintf(file, "shot shot-%d\n", out->count++);
        } else {
            sscanf(line, "# fovea %255[^\n]", out->options);
            fprintf(file, "%s\n", line);
        }
    cr_assert_gt(out->count, 0, "%s shoots nothing", script);
    cr_assert_eq(fclose(file), 0);
    free(text);
}

static void run(const char *options, const char *level)
{
    char command[1024];
    snprintf(command, sizeof command, "FOVEA_ISA=%s %s %s --script numbered >said 2>&1", level, FOVEA,
             options);
    int status = system(command);
    char *said = read_text("said");
    cr_assert_eq(status, 0, "%s: status %d: %s", command, status, said ? said : "");
    cr_assert_str_eq(said ? said : "", "");
    free(said);
}

static bool check(const struct shots *shots, const char *level, bool write)
{
    bool good = true;
    for (int i = 0; i < shots->count; i++) {
        char path[512], shot[32];
        bool first = true;
        for (int k = 0; k < i; k++)
            first = first && strcmp(shots->name[i], shots->name[k]) != 0;
        snprintf(path, sizeof path, SCREENS "/expected/%s", shots->name[i]);
        snprintf(shot, sizeof shot, "shot-%d", i);
        char *found = read_text(shot);
        cr_assert_not_null(found);
        if (write && first)
            cr_assert_eq(file_write(path, found, strlen(found), NULL), ERR_NONE, "%s", path);
        char *expected = read_text(path);
        cr_assert(expected, "%s isn't there; FOVEA_WRITE_SCREENS=1 makes it", path);
        good = compare(shots->name[i], level, expected, found) && good;
        free(found);
        free(expected);
    }
    return good;
}

ParameterizedTest(int *index, scripts, screens, .init = set_up, .fini = tear_down, .timeout = 100)
{
    bool write = getenv("FOVEA_WRITE_SCREENS") != NULL, good = true;
    struct shots shots;
    glob_t scripts = {0};
    cr_assert_eq(glob(SCREENS "/scripts/*.script", 0, NULL, &scripts), 0);
    number_shots(scripts.gl_pathv[*index], "numbered", &shots);
    for (int i = 0; i < ARRAY_LEN(levels); i++) {
        run(shots.options, levels[i]);
        good = check(&shots, levels[i], write && i == 0) && (good || write);
    }
    cr_assert(good || write, "%s", scripts.gl_pathv[*index]);
    globfree(&scripts);
}

/* Scripts that say nonsense: one sentence, and where. */
Test(scripts, nonsense, .init = set_up, .fini = tear_down)
{
    static const char *const lines[][2] = {
        {"steps 0", "isn't steps N, key NAME, do LINE, size ROWSxCOLUMNS, colors NAME or shot FILE"},
        {"key Rihgt", "isn't steps N"},
        {"do epsilno 3", "no action 'epsilno'"},
        {"do epsilon much", "takes more|less|VALUE"},
        {"size 24", "a size is ROWSxCOLUMNS"},
        {"size 0x10", "a size is ROWSxCOLUMNS"},
        {"colors 16", "colors are direct, 256, 8 or mono"},
        {"colors mono utf8", "colors are direct"},
        {"shot", "isn't steps N"},
        {"shot no/such/folder", "no/such/folder"},
        {"dance", "isn't steps N"},
    };
    for (int i = 0; i < ARRAY_LEN(lines); i++) {
        char text[128], place[32] = "";
        snprintf(text, sizeof text, "# nonsense\n\n%s\n", lines[i][0]);
        cr_assert_eq(file_write("bad", text, strlen(text), NULL), ERR_NONE);
        int status = system(FOVEA " --model tiny --script bad >said 2>&1");
        char *said = read_text("said");
        cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 1, "'%s': status %d", lines[i][0], status);
        if (!strstr(lines[i][0], "folder"))
            snprintf(place, sizeof place, "bad:3: ");
        cr_assert(said && strncmp(said, "fovea: ", 7) == 0 && strstr(said, place) &&
                      strstr(said, lines[i][1]) && strchr(said, '\n') == said + strlen(said) - 1,
                  "'%s': %s", lines[i][0], said ? said : "");
        free(said);
    }
    cr_assert_neq(system(FOVEA " --script no-such-file 2>said"), 0);
}

/* ---- taken away ---- */

static char *run_script(const char *options, const char *script)
{
    char command[1024];
    cr_assert_eq(file_write("script", script, strlen(script), NULL), ERR_NONE);
    snprintf(command, sizeof command, "%s %s --script script >said 2>&1", FOVEA, options);
    int status = system(command);
    char *said = read_text("said");
    cr_assert_eq(status, 0, "%s", said ? said : "");
    return said;
}

static int count_lines(const char *text, const char *begin)
{
    int count = 0;
    for (const char *at = text; at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL)
        count += strncmp(at, begin, strlen(begin)) == 0;
    return count;
}

/* Files of all kinds; what was saved of the weights is what was trained. */
Test(scripts, take_away, .init = set_up, .fini = tear_down, .timeout = 100)
{
    free(run_script("--model tiny", "size 40x120\nsteps 3\ndo save weights w.safetensors\ndo focus filters\n"
                                    "do save numbers n.csv\ndo save panel p.png 2\ndo save panel q.png\n"
                                    "do save screen s.txt\ndo save screen s.svg\ndo save screen s.ans\n"
                                    "key :\nshot t\n"));
    char *saved = read_text("s.txt"), *shot = read_text("t"), *numbers = read_text("n.csv");
    char *drawing = read_text("s.svg"), *coloured = read_text("s.ans"), *picture = read_text("p.png");
    cr_assert(saved && shot && numbers && drawing && coloured && picture);
    cr_assert(strncmp(saved, shot, (size_t)(strrchr(saved, '\n') - saved) / 2) == 0, "the same screen");
    cr_assert(!strstr(saved, "\n:") && strstr(shot, "\n:"), "the prompt isn't saved");
    cr_assert(strstr(drawing, "<svg ") && strstr(coloured, "\033[0;38;5;") &&
              strncmp(picture + 1, "PNG", 3) == 0);
    cr_assert_eq(count_lines(numbers, "filters,conv1,weight,"), 8 * 5 * 5);
    free(run_script("--weights w.safetensors", "do focus filters\ndo save numbers m.csv\n"));
    char *again = read_text("m.csv");
    cr_assert_not_null(again);
    for (char *a = numbers, *b = again; *a; a = strchr(a, '\n') + 1, b = strchr(b, '\n') + 1)
        if (strstr(a, ",weight,") == strchr(strchr(a, ',') + 1, ','))
            cr_assert_eq(strncmp(a, b, strcspn(a, "\n") + 1), 0, "%.60s", a);
    char *const all[] = {saved, shot, numbers, drawing, coloured, picture, again};
    for (int i = 0; i < ARRAY_LEN(all); i++)
        free(all[i]);
}

/* What can't be saved or read ends a script, with the words that a person sees. */
Test(scripts, what_cannot_be_taken, .init = set_up, .fini = tear_down, .timeout = 100)
{
    static const char *const lines[][2] = {
        {"save screen no/folder/x", "no/folder/x: cannot create: No such file"},
        {"save weights no/folder/x", "no/folder/x: cannot create"},
        {"save numbers no/folder/x", "no/folder/x: cannot create"},
        {"save panel p.png 0", "a zoom is 1 to 64, not 0"},
        {"save panel p.png 65", "a zoom is 1 to 64, not 65"},
        {"save screen .", "is a directory"},
        {"save", "'save' takes screen FILE|"},
        {"save screen", "'save' takes screen FILE|"},
        {"save all x", "not 'all x'; there are screen, panel, numbers"},
        {"open no.png", "no.png: cannot open"},
        {"lab filter; picture no.png", "no.png: cannot open"},
        {"lab step; patch no.png", "no.png: cannot open"},
        {"lab signal; signal no.csv", "no.csv: cannot open"},
        {"lab attack; rival no", "no built-in weights 'no'"},
    };
    for (int i = 0; i < ARRAY_LEN(lines); i++) {
        char script[256];
        snprintf(script, sizeof script, "do %s\n", lines[i][0]);
        cr_assert_eq(file_write("script", script, strlen(script), NULL), ERR_NONE);
        int status = system(FOVEA " --model tiny --script script >said 2>&1");
        char *said = read_text("said");
        cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 1, "'%s': status %d", lines[i][0], status);
        cr_assert(said && strstr(said, "fovea: script:1: ") && strstr(said, lines[i][1]), "%s",
                  said ? said : "");
        cr_assert_not(file_exists("p.png"));
        free(said);
    }
}

/* ---- the state ---- */

/* The line that a script has printed with `do state`, free() it. */
static char *state_of(const char *said)
{
    const char *begin = strstr(said, "fovea --state '"), *end = begin ? strchr(begin + 15, '\'') : NULL;
    cr_assert(end, "%s", said);
    return strndup(begin + 15, (size_t)(end - begin - 15));
}

/*
 * What is done, the state is taken; a start with it alone shows the same screen, and says the same state. The size has no room for the curve of smallest
 * epsilons, which has points only where somebody looked.
 */
Test(scripts, a_state_starts_the_same_view, .init = set_up, .fini = tear_down, .timeout = 100)
{
    static const struct {
        const char *options, *script;
    } cases[] = {
        {"", ""},
        {"--model tiny --seed 3 --batch 16 --optimizer adam --lr 0.003", "steps 7\n"},
        {"--model lenet", "steps 8\ndo seek 3\ndo sample 5; layer conv2; attack pgd; norm l2; epsilon 0.7\n"},
        {"--model lenet --augment shift=2",
         "do reset 12\ndo rate 0.01\nsteps 5\ndo panels input,curves,attack\n"},
        {"--model tiny", "steps 2\ndo rate 0.003\nsteps 3\ndo rate more\nsteps 2\ndo rate 0.01\n"},
        {"--model tiny", "steps 6\ndo seek 3\ndo rate 0.001\n"},
        {"--model tiny", "steps 6\ndo rate 0.002\nsteps 2\ndo seek 3\n"},
        {"--model tiny", "steps 6\ndo seek 3\ndo rate 0.001\nsteps 1\ndo reset other\nsteps 2\n"},
        {"--model tiny", "do speed 7\nsteps 2\nkey 4\n"},
        {"--model tiny", "steps 2\ndo focus curves\ndo hide input\n"},
        {"--model lenet", "do split train; sample 4\ndo nudge 1 -2\n"},
        {"--model lenet", "do sample 3; invert on\n"},
        {"--model lenet", "do draw on; pen press\ndo pen right; pen right; pen down; pen down; draw off\n"
                          "do label 7; save image it's.png\n"},
        {"--model lenet --image \"it's.png\"", "do centre on; nudge 2 2\n"},
        {"--model lenet", "do unfold conv2[3]; unfold conv2[3](4,5)\n"},
        {"--model lenet", "do feeds conv1[3](4,5)\nkey Right\n"},
        {"--model lenet", "steps 3\ndo numbers on; legend on; log on; recent on; smooth 2\n"},
        {"--model tiny", "steps 4\ndo fork same\nsteps 3\n"},
        {"--model tiny", "steps 4\ndo seek 2\ndo fork rate=0.05\nsteps 3\ndo branch A\n"},
        {"--model lenet --theme light", "do gamma 0.5; scale layer; show both\n"},
        {"--model lenet", "do gradients on; winners on; theme projector\n"},
        {"--model lenet", "do layer conv2\ndo point activations 3 2 5\n"},
        {"--model lenet", "do point input 0 9 5\nkey Right\n"},
        {"--model tiny", "do stop epochs 3; stop accuracy 97.5\n"},
        {"--model tiny --until-accuracy 90", "do stop never\n"},
        {"--model tiny", "do lab attack; page attack\n"},
        {"--model lenet", "do lab neuron; unit 3\n"},
        {"--lab attack", "do images 60; rival off; epsilon 0.2\ndo page transfer\n"},
        {"--lab attack --model tiny", "steps 3\ndo images 40; rival lenet-digits; page robustness\n"},
        {"--data cifar10:cifar --model resnet-small", "do sample 3\n"},
    };
    for (int i = 0; i < ARRAY_LEN(cases); i++) {
        char script[1024], options[1024];
        snprintf(script, sizeof script, "size 40x120\n%sshot before\ndo state\n", cases[i].script);
        char *said = run_script(cases[i].options, script), *line = state_of(said);
        snprintf(options, sizeof options, "--state '%s'", line);
        char *again = run_script(options, "size 40x120\nshot after\ndo state\n"),
             *line_again = state_of(again);
        cr_assert_str_eq(line_again, line);
        char *before = read_text("before"), *after = read_text("after");
        cr_assert(before && after);
        bool drawn =
            strstr(before, "input  drawn"); /* it comes back as a picture from a file, with other words */
        cr_assert(drawn || strcmp(before, after) == 0, "%s\nbefore:\n%s\nafter:\n%s", line, before, after);
        char *const all[] = {said, line, again, line_again, before, after};
        for (int k = 0; k < ARRAY_LEN(all); k++)
            free(all[k]);
    }
}

/* A network from a file whose data aren't named: a picture can be looked at with it, and the classes have names. */
Test(scripts, a_network_without_its_data, .init = set_up, .fini = tear_down, .timeout = 100)
{
    static const char model[] = "input 3x12x12\nconv 4 3x3\nrelu\nflatten\ndense 3\n",
                      names[] = "boat\nkoala\npizza\n";
    cr_assert_eq(file_write("m.model", model, strlen(model), NULL), ERR_NONE);
    cr_assert_eq(file_write("names", names, strlen(names), NULL), ERR_NONE);
    free(run_script("--model m.model --data noise:3x12x12,classes=3",
                    "do save weights w.safetensors\ndo save image i.png\n"));
    char *said = run_script("--lab attack --weights w.safetensors --classes names --image i.png",
                            "do page lanes\nsize 24x80\nshot lanes\ndo state\n"),
         *lanes = read_text("lanes"), *line = state_of(said);
    cr_assert(strstr(lanes, "truth unknown") &&
                  (strstr(lanes, "boat") || strstr(lanes, "koala") || strstr(lanes, "pizza")),
              "%s", lanes);
    cr_assert(strstr(line, "classes names") && strstr(line, "image i.png"), "%s", line);
    free(lanes);
    free(line);
    free(said);
}

Test(scripts, states_that_are_none, .init = set_up, .fini = tear_down, .timeout = 100)
{
    static const char *const lines[][2] = {
        {"batch 0", "'0' isn't a value for 'batch'"},
        {"dance all night", "'dance' is neither an option nor an action"},
        {"script x", "'script' is neither"},
        {"seed x", "'x' isn't a value for 'seed'"},
        {"model no-such-model", "no-such-model"},
    };
    cr_assert_eq(file_write("script", "shot s\n", 7, NULL), ERR_NONE);
    for (int i = 0; i < ARRAY_LEN(lines); i++) {
        char command[512];
        snprintf(command, sizeof command, "%s --state '%s' --script script >said 2>&1", FOVEA, lines[i][0]);
        int status = system(command);
        char *said = read_text("said");
        cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == (i < 4 ? 2 : 1), "'%s': %d", lines[i][0],
                  status);
        cr_assert(said && strncmp(said, "fovea: ", 7) == 0 && strstr(said, lines[i][1]), "%s",
                  said ? said : "");
        free(said);
    }
    /* Other options count for more, and names may hold what would end a part. */
    free(run_script("--state 'model tiny; step 2' --model lenet", "shot s\n"));
    char *shot = read_text("s");
    cr_assert(strstr(shot, "lenet on digits") && strstr(shot, "step 2"), "%s", shot);
    free(shot);
    cr_assert_eq(rename("cifar", "ci;f%a"), 0);
    char *said = run_script("--data 'cifar10:ci;f%a' --model resnet-small", "do state\nshot s\n"),
         *line = state_of(said);
    cr_assert(strstr(line, "cifar10:ci%3Bf%25a"), "%s", line);
    char options[256];
    snprintf(options, sizeof options, "--state '%s'", line);
    free(run_script(options, "shot s\n"));
    free(said);
    free(line);
}
