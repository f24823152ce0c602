/** The program itself in pseudo-terminals: it trains, obeys, follows the window, and always gives the terminal back. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "given_back.h"

#define WORDS(...)                                                                                           \
    (const char *const[])                                                                                    \
    {                                                                                                        \
        __VA_ARGS__, NULL                                                                                    \
    }
#define PROGRAM(...) WORDS(FOVEA, __VA_ARGS__)

static const char escape[] = "\033", down[] = "\033[B", right[] = "\033[C", left[] = "\033[D",
                  home[] = "\033[H";

static struct screen *run(int rows, int cols, const char *const *argv)
{
    struct screen *s = screen_run(&(struct screen_options){.rows = rows, .cols = cols}, argv);
    cr_assert(screen_wait_text(s, "says '"), "the first answers");
    return s;
}

static const char drawn[] = "Space pause"; /* by the program, as long as it runs */

static void leave(struct screen *s)
{
    screen_send(s, "q");
    cr_assert_eq(screen_exit(s), 0);
    expect_given_back(s, drawn);
    screen_free(s);
}

/* The number behind "step " in the status line; -1: none is there. */
static long step_of(struct screen *s)
{
    char *text = screen_text(s), *found = strstr(text, "  step ");
    long step = found ? strtol(found + 7, NULL, 10) : -1;
    free(text);
    return step;
}

static bool is_beyond(struct screen *s, void *with)
{
    return step_of(s) > *(long *)with;
}

static bool is_at(struct screen *s, void *with)
{
    return step_of(s) == *(long *)with;
}

static void wait_beyond(struct screen *s, long step)
{
    cr_assert(screen_wait(s, is_beyond, &step), "it doesn't get beyond step %ld", step);
}

static void wait_step(struct screen *s, long step)
{
    cr_assert(screen_wait(s, is_at, &step), "it doesn't come to step %ld", step);
}

static void press(struct screen *s, const char *key, const char *shows)
{
    screen_send(s, key);
    cr_assert(screen_wait_text(s, shows), "after '%s'", key);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- training ---- */

TestSuite(training, .timeout = 60);

/* The promise is 0.3 s; here only what no load of the machine explains fails. */
Test(training, there_is_something_to_see_at_once)
{
    double begin = seconds();
    struct screen *s = screen_run(&(struct screen_options){.rows = 50, .cols = 160}, WORDS(FOVEA));
    cr_assert(screen_wait_text(s, "fovea  lenet on digits"));
    double frame = seconds() - begin;
    cr_assert(screen_wait_text(s, "says '"));
    double answers = seconds() - begin;
    cr_log_info("first frame after %.3f s, first answers after %.3f s", frame, answers);
    cr_assert_lt(frame, 3);
    cr_assert_lt(answers, 6);
    screen_send(s, "q");
    cr_assert_eq(screen_exit(s), 0);
    char *text = screen_text(s);
    cr_assert_eq(strspn(text, "\n"), strlen(text), "something is left behind: %s", text);
    free(text);
    screen_free(s);
}

Test(training, goes_on_by_itself_until_told)
{
    struct screen *s = run(24, 160, WORDS(FOVEA));
    wait_beyond(s, 0);
    wait_beyond(s, step_of(s) + 5);
    press(s, " ", "paused");
    long step = step_of(s);
    cr_assert_gt(step, 5);
    for (int i = 1; i <= 3; i++) {
        screen_send(s, ".");
        wait_step(s, step + i);
        cr_assert(screen_has(s, "paused"));
    }
    usleep(100000); /* at a hundred steps a second ten more would have been made */
    screen_settle(s);
    cr_assert_eq(step_of(s), step + 3);
    press(s, " ", "running");
    wait_beyond(s, step + 5);
    cr_assert(screen_has(s, "images/s"));
    leave(s);
}

Test(training, hundred_steps_and_back_in_time)
{
    struct screen *s = run(24, 80, PROGRAM("--paused", "--speed", "0"));
    cr_assert_eq(step_of(s), 0);
    screen_send(s, ",");
    wait_step(s, 100);
    screen_send(s, "[");
    wait_step(s, 98);
    cr_assert(screen_wait_text(s, "step 98 of 100: Space goes on from here"));
    screen_send(s, "]");
    wait_step(s, 100);
    screen_send(s, home);
    wait_step(s, 0);
    screen_send(s, "]");
    wait_step(s, 2);
    screen_send(s, ".");
    wait_step(s, 3);
    press(s, "]", "step 3 of 3"); /* it went on from there: what came after is gone */
    cr_assert_eq(step_of(s), 3);
    screen_send(s, "R");
    wait_step(s, 0);
    cr_assert(screen_wait_text(s, "a new start, seed 9"));
    cr_assert(screen_has(s, "paused"));
    leave(s);
}

/* Two convolutions without anything between them: nothing can die and hide it when numbers grow beyond all bounds. */
static const char unstable[] = "input 1x28x28\none: conv 4 5x5\ntwo: conv 4 5x5\nflatten\nthree: dense 10\n";

static bool names_a_layer(struct screen *s)
{
    return screen_has(s, "layer 'one'") || screen_has(s, "layer 'two'") || screen_has(s, "layer 'three'");
}

Test(training, that_diverges_stops_and_can_be_taken_back)
{
    char path[] = "/tmp/fovea-program-XXXXXX";
    int file = mkstemp(path);
    cr_assert(file >= 0 && write(file, unstable, sizeof unstable - 1) == sizeof unstable - 1);
    close(file);
    struct screen *s = screen_run(&(struct screen_options){.rows = 24, .cols = 200},
                                  PROGRAM("--model", path, "--lr", "1000"));
    cr_assert(screen_wait_text(s, "STOPPED"));
    unlink(path);
    cr_assert(screen_wait_text(s, "[ goes back"));
    cr_assert(names_a_layer(s));
    long step = step_of(s);
    press(s, "[", "paused");
    cr_assert_lt(step_of(s), step + 1);
    cr_assert_not(screen_has(s, "STOPPED"));
    for (int i = 0; i < 40; i++) /* to a rate that one can learn with */
        screen_send(s, "<");
    press(s, "R", "a new start");
    press(s, " ", "running");
    wait_beyond(s, 20);
    leave(s);
}

/* ---- looking ---- */

Test(training, in_slow_motion)
{
    static const char *const says[] = {"forward: 32 images", "loss: on average", "backward: gradient",
                                       "update: w <- w"};
    struct screen *s = run(30, 100, PROGRAM("--paused"));
    for (int i = 0; i < ARRAY_LEN(says); i++) {
        screen_send(s, "s");
        cr_assert(screen_wait_text(s, says[i]), "%s", says[i]);
        cr_assert_eq(step_of(s), i == ARRAY_LEN(says) - 1);
    }
    screen_send(s, ".");
    cr_assert(screen_wait_text(s, "step 2 "));
    cr_assert_not(screen_has(s, "update:"));
    leave(s);
}

Test(training, pauses_at_an_accuracy_and_says_so)
{
    struct screen *s = run(30, 110, PROGRAM("--speed", "0", "--until-accuracy", "30"));
    cr_assert(screen_wait_text(s, "stopped: "), "no rule was met");
    cr_assert(screen_wait_text(s, "paused"));
    cr_assert(screen_has(s, "30 % were asked for; Space goes on"));
    long step = step_of(s);
    screen_send(s, " ");
    cr_assert(screen_wait_text(s, "running"));
    cr_assert_geq(step_of(s), step);
    leave(s);
}

TestSuite(looking, .timeout = 60);

Test(looking, other_samples_and_layers)
{
    struct screen *s = run(24, 120, PROGRAM("--paused"));
    cr_assert(screen_has(s, "input  test 0:"));
    press(s, "n", "input  test 1:");
    press(s, "n", "input  test 2:");
    press(s, "N", "input  test 1:");
    press(s, "N", "input  test 0:");
    press(s, "3", "filters conv1  8 of 1x5x5");
    press(s, ")", "filters conv2  16 of 8x5x5");
    press(s, "\033[6~", "weights dense1");
    press(s, ")", "weights dense1");
    press(s, "\033[5~", "filters conv2");
    press(s, "(", "filters conv1");
    press(s, right, "weight conv1[0][0](0,0)");
    press(s, right, "weight conv1[0][0](0,1)");
    press(s, down, "weight conv1[0][0](1,1)");
    press(s, left, "weight conv1[0][0](1,0)");
    press(s, "\033OA", "weight conv1[0][0](0,0)"); /* as it is sent in the other mode of the arrows */
    press(s, "\r", "conv1 map 0");
    press(s, "\r", "conv1 map 0 > (0,0)");
    press(s, "f", "reaches of each layer");
    press(s, "\177", "the sum of 25 products and the bias");
    press(s, "\033", "filters conv1");
    press(s, "8", "attack fgsm linf");
    press(s, "a", "attack pgd linf");
    press(s, "A", "attack pgd l2");
    press(s, "E", "epsilon 2.000");
    press(s, "e", "epsilon 1.500");
    leave(s);
}

Test(looking, pages)
{
    static const char *const titles[] = {"\u250c input",  "\u250c filters", "\u250c activations",
                                         "\u250c says",   "\u250c curves",  "\u250c pooling",
                                         "\u250c attack", "\u250c network"};
    struct screen *s = run(24, 80, PROGRAM("--paused"));
    for (int i = 0; i < ARRAY_LEN(titles); i++) {
        char key[2] = {(char)('2' + i), 0};
        press(s, key, titles[i]);
        cr_assert(screen_wait_no_text(s, titles[i > 0 ? 0 : 1]));
        for (int k = 0; k < ARRAY_LEN(titles); k++)
            cr_assert_eq(screen_has(s, titles[k]), k == i, "page %d: %s", i + 2, titles[k]);
    }
    press(s, "1", titles[0]);
    cr_assert(screen_has(s, titles[1]), "the overview");
    screen_send(s, "wz"); /* the one behind the first, alone */
    cr_assert(screen_wait_no_text(s, titles[0]));
    cr_assert(screen_has(s, titles[1]));
    press(s, "z", titles[0]);
    screen_send(s, "x");
    cr_assert(screen_wait_no_text(s, titles[1]), "hidden");
    press(s, "X", titles[1]);
    leave(s);
}

Test(looking, help)
{
    struct screen *s = run(24, 80, PROGRAM("--paused"));
    press(s, "?", "help  Escape goes back");
    cr_assert(screen_has(s, "one batch, then pause"));
    screen_send(s, escape);
    cr_assert(screen_wait_no_text(s, "help  Escape"));
    press(s, "\033OP", "help  Escape"); /* F1 */
    screen_send(s, "q");
    cr_assert(screen_wait_no_text(s, "help  Escape"));
    cr_assert(screen_running(s));
    press(s, "?", "help  Escape");
    screen_send(s, "?");
    cr_assert(screen_wait_no_text(s, "help  Escape"));
    leave(s);
}

/* ---- windows ---- */

TestSuite(window, .timeout = 60);

Test(window, any_size_while_it_trains)
{
    static const int sizes[][2] = {{1, 1}, {24, 80}, {5, 20}, {120, 400}, {50, 1},
                                   {1, 2}, {2, 200}, {3, 5},  {15, 60}};
    struct screen *s = run(24, 80, PROGRAM("--threads", "1"));
    for (int i = 0; i < 120; i++) {
        screen_resize(s, sizes[i % ARRAY_LEN(sizes)][0], sizes[i % ARRAY_LEN(sizes)][1]);
        if (i % 10 == 0)
            screen_send(s, i % 20 ? down : "w");
        if (i % 4 == 0)
            screen_settle(s);
    }
    cr_assert(screen_running(s));
    screen_resize(s, 1, 1);
    screen_settle(s);
    screen_send(s, "1");
    screen_resize(s, 50, 160);
    cr_assert(screen_wait_text(s, "\u250c activations"));
    screen_resize(s, 4, 19);
    cr_assert(screen_wait_text(s, "enlarge the window"));
    screen_resize(s, 10, 30);
    cr_assert(screen_wait_text(s, "\u250c input"));
    leave(s);
}

/* ---- ends ---- */

TestSuite(ends, .timeout = 60);

Test(ends, signals)
{
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT};
    for (int i = 0; i < ARRAY_LEN(signals); i++) {
        struct screen *s = run(24, 80, WORDS(FOVEA));
        screen_signal(s, signals[i]);
        cr_assert_eq(screen_exit(s), 128 + signals[i], "signal %d", signals[i]);
        expect_given_back(s, drawn);
        screen_free(s);
    }
}

Test(ends, control_c_and_a_closed_window)
{
    struct screen *s = run(24, 80, WORDS(FOVEA));
    screen_send(s, "\003");
    cr_assert_eq(screen_exit(s), 130);
    expect_given_back(s, drawn);
    screen_free(s);
    s = run(24, 80, WORDS(FOVEA));
    screen_hang_up(s);
    cr_assert_neq(screen_exit(s), -1, "it must not go on without a terminal");
    screen_free(s);
}

Test(ends, a_crash_while_it_trains)
{
    struct screen *s = run(24, 80, WORDS(FOVEA));
    screen_signal(s, SIGSEGV); /* whichever thread gets it */
    int status = screen_exit(s);
    if (!ADDRESS_SANITIZER)
        cr_assert_eq(status, 128 + SIGSEGV, "status %d", status);
    expect_given_back(s, drawn);
    screen_free(s);
}

Test(ends, stopped_and_woken)
{
    struct screen *s =
        screen_run(&(struct screen_options){.rows = 24, .cols = 80, .shell = true}, WORDS(FOVEA));
    cr_assert(screen_wait_text(s, "says '"));
    for (int i = 0; i < 2; i++) {
        press(s, "\032", "[stopped]");
        expect_given_back(s, drawn);
        press(s, "\r", "says '");
        cr_assert(screen_alternate(s) && !screen_cursor(s));
        wait_beyond(s, step_of(s));
    }
    leave(s);
}

/* ---- terminals ---- */

TestSuite(terminals, .timeout = 60);

static struct screen *run_on(const char *term, const char *const *environment)
{
    struct screen *s =
        screen_run(&(struct screen_options){.rows = 24, .cols = 80, .term = term, .environment = environment},
                   PROGRAM("--paused"));
    cr_assert(screen_wait_text(s, "says '"), "%s", term);
    return s;
}

static int count_colours(struct screen *s, int32_t from, int32_t to)
{
    int count = 0;
    for (int row = 0; row < 24; row++)
        for (int col = 0; col < 80; col++) {
            struct screen_cell c = screen_cell(s, row, col);
            count += (c.fg >= from && c.fg < to) || (c.bg >= from && c.bg < to);
        }
    return count;
}

Test(terminals, of_every_kind)
{
    static const struct {
        const char *term, *environment[3];
        bool direct, indexed, ascii;
    } cases[] = {
        {"xterm-256color", {NULL}, false, true, false},
        {"xterm-256color", {"COLORTERM=truecolor", NULL}, true, false, false},
        {"xterm-256color", {"COLORTERM=truecolor", "NO_COLOR=1", NULL}, false, false, false},
        {"xterm-256color", {"LANG=C", NULL}, false, true, true},
        {"xterm", {NULL}, false, true, false},
        {"vt100", {NULL}, false, false, false},
        {"vt100", {"LANG=C", NULL}, false, false, true},
        {"linux", {NULL}, false, true, false},
        {"screen", {"LC_ALL=C", NULL}, false, true, true},
    };
    for (int i = 0; i < ARRAY_LEN(cases); i++) {
        struct screen *s = run_on(cases[i].term, cases[i].environment);
        int direct = count_colours(s, 0, 0x1000000),
            indexed = count_colours(s, SCREEN_INDEX, SCREEN_INDEX + 256);
        cr_assert_eq(direct > 100, cases[i].direct, "case %d: %d cells in direct colour", i, direct);
        cr_assert_eq(indexed > 100, cases[i].indexed, "case %d: %d cells in colours of the palette", i,
                     indexed);
        cr_assert_eq(screen_has(s, "\u2588") || screen_has(s, "\u2580"), !cases[i].ascii, "case %d: blocks",
                     i);
        screen_send(s, "q");
        cr_assert_eq(screen_exit(s), 0);
        struct termios before = screen_modes_before(s), after = screen_modes(s);
        cr_assert(same_modes(&before, &after));
        screen_free(s);
    }
}

static bool is_in_the_last_cell(struct screen *s, void *with)
{
    (void)with;
    int row, col;
    screen_cursor_at(s, &row, &col);
    return row == 23 && col == 79;
}

/* Where the cursor can't be hidden it waits in the last cell, not in the middle of a picture. */
Test(terminals, a_cursor_that_stays)
{
    struct screen *s = run_on("vt100", NULL);
    static const char *const keys[] = {right, down, "\t", "?", " "};
    for (int i = 0; i < ARRAY_LEN(keys); i++) {
        int row, col;
        screen_send(s, keys[i]);
        screen_settle(s);
        screen_wait(s, is_in_the_last_cell, NULL); /* a frame may be under way still */
        screen_cursor_at(s, &row, &col);
        cr_assert(row == 23 && col == 79, "at %d,%d after key %d", row, col, i);
    }
    screen_send(s, "qq");
    cr_assert_eq(screen_exit(s), 0);
    screen_free(s);
}

/* ---- taking away ---- */

/* It trains to where the line says, pauses there, and prints such a line when it is left. */
Test(taking, a_state_on_a_terminal, .timeout = 60)
{
    struct screen *s = run(24, 80, PROGRAM("--state", "model tiny; speed 50; step 300; sample 2"));
    cr_assert(screen_wait_text(s, "step 300"));
    cr_assert(screen_wait_text(s, "test 2: "));
    cr_assert(screen_has(s, "paused") && screen_has(s, "tiny on digits"));
    press(s, ":stat\t", ":state");
    press(s, "\r", "printed when you leave");
    screen_send(s, "q");
    cr_assert_eq(screen_exit(s), 0);
    cr_assert(screen_has(s, "fovea --state 'model tiny; speed 50; step 300; sample 2'"));
    screen_free(s);
}

/* A hundred steps, and more learning rates than a state line tells. */
static struct screen *with_many_rates(void)
{
    struct screen *s = run(24, 120, PROGRAM("--model", "tiny", "--paused"));
    for (int i = 1; i <= 18; i++) {
        screen_send(s, i % 2 ? ">." : "<.");
        wait_step(s, i);
    }
    screen_send(s, ",");
    wait_step(s, 118);
    press(s, "q", "118 steps that no state line tells aren't saved: q again leaves, s saves");
    return s;
}

/* It asks only when something can't be trained again from a line, and a signal is no question. */
Test(taking, leaving_asks_when_something_is_lost, .timeout = 60)
{
    char path[] = "/tmp/fovea-weights-XXXXXX", line[64];
    struct screen *s = with_many_rates();
    screen_send(s, escape);
    cr_assert(screen_wait_no_text(s, "aren't saved"));
    press(s, "q", "aren't saved");
    press(s, "s", ":save weights");
    close(mkstemp(path));
    snprintf(line, sizeof line, "%s\r", path);
    press(s, line, "the weights: saved");
    cr_assert_eq(unlink(path), 0);
    leave(s);
    s = with_many_rates();
    screen_signal(s, SIGTERM);
    cr_assert_eq(screen_exit(s), 128 + SIGTERM);
    screen_free(s);
    s = with_many_rates();
    leave(s);
    s = run(24, 120, PROGRAM("--model", "tiny", "--paused"));
    screen_send(s, ":draw on; pen press; pen right; pen right; draw off\r");
    cr_assert(screen_wait_text(s, "drawn"));
    press(s, "q", "a drawing isn't saved: q again leaves, s saves it");
    press(s, "s", ":save image");
    snprintf(line, sizeof line, "%s.png\r", path);
    press(s, line, "the image: saved");
    snprintf(line, sizeof line, "%s.png", path);
    cr_assert_eq(unlink(line), 0);
    leave(s);
    s = run(24, 120, PROGRAM("--model", "tiny", "--paused")); /* one rate, many steps: nothing is lost */
    press(s, ">", "learning rate");
    screen_send(s, ",");
    wait_step(s, 100);
    leave(s);
}

/* ---- remembering ---- */

/* Panels that were hidden stay so, one that was enlarged too; on a narrow terminal they are others; a damaged file is ignored, with a sentence. */
Test(remembering, how_panels_were_arranged, .timeout = 60)
{
    char folder[] = "/tmp/fovea-home-XXXXXX", variable[64], file[64], command[96];
    cr_assert_not_null(mkdtemp(folder));
    snprintf(variable, sizeof variable, "XDG_STATE_HOME=%s/state", folder);
    snprintf(file, sizeof file, "%s/state/fovea/arrangement", folder);
    const char *environment[] = {variable, NULL};
    struct screen_options wide = {.rows = 50, .cols = 160, .environment = environment},
                          narrow = {.rows = 24, .cols = 80, .environment = environment};
    const char *const *argv = PROGRAM("--paused");
    struct screen *s = screen_run(&wide, argv);
    cr_assert(screen_wait_text(s, "says '"));
    leave(s);
    cr_assert_neq(access(file, F_OK), 0, "nothing has changed");
    s = screen_run(&wide, argv);
    cr_assert(screen_wait_text(s, "says '"));
    screen_send(s, ":hide curves\r");
    cr_assert(screen_wait_no_text(s, " curves "));
    leave(s);
    s = screen_run(&wide, argv);
    cr_assert(screen_wait_text(s, "arranged as you left it"));
    cr_assert(screen_wait_text(s, "says '"));
    cr_assert_not(screen_has(s, " curves "));
    press(s, ":enlarge attack\r", "clean");
    cr_assert(screen_wait_no_text(s, "says '"));
    leave(s);
    s = screen_run(&wide, argv);
    cr_assert(screen_wait_text(s, "clean"));
    cr_assert_not(screen_has(s, "says '"));
    leave(s);
    s = screen_run(&narrow, argv);
    cr_assert(screen_wait_text(s, "says '"), "another width has its own");
    leave(s);
    s = screen_run(&wide, argv); /* each lab has its own, and both of those that were visited are kept */
    cr_assert(screen_wait_text(s, "clean"));
    press(s, ":page overview\r", "says '");
    press(s, ":lab attack\r", "attack lab");
    press(s, ":page flip\r", "flip fgsm linf");
    cr_assert(screen_wait_no_text(s, "says '"));
    leave(s);
    s = screen_run(&wide, argv);
    press(s, ":lab attack\r", "flip fgsm linf");
    cr_assert(screen_wait_no_text(s, "says '"));
    leave(s);
    FILE *out = fopen(file, "w");
    cr_assert(out && fputs("train wide: quit\n", out) >= 0 && fclose(out) == 0);
    s = screen_run(&wide, argv);
    cr_assert(screen_wait_text(s, "isn't an arrangement of panels"));
    cr_assert(screen_wait_text(s, "says '"));
    leave(s);
    snprintf(command, sizeof command, "rm -r %s", folder);
    cr_assert_eq(system(command), 0);
}

/* ---- what goes wrong ---- */

TestSuite(wrong, .timeout = 60);

/* One sentence, beginning "fovea: ", on a terminal that was given back. */
static void expect_refusal(const char *term, const char *const *argv, int status, const char *sentence)
{
    struct screen *s = screen_run(&(struct screen_options){.rows = 24, .cols = 250, .term = term}, argv);
    int got = screen_exit(s);
    char *text = screen_text(s);
    cr_assert_eq(got, status, "%s %s: status %d: %s", argv[1] ? argv[1] : "",
                 argv[1] && argv[2] ? argv[2] : "", got, text);
    expect_given_back(s, drawn);
    cr_assert_eq(strncmp(text, "fovea: ", 7), 0, "%s", text);
    cr_assert(strstr(text, sentence), "no '%s' in %s", sentence, text);
    char *rest = strchr(text, '\n');
    cr_assert_eq(strspn(rest, "\n"), strlen(rest), "more than a sentence: %s", text);
    free(text);
    screen_free(s);
}

/* A terminal that can only print: lines in, screens out. */
Test(program, plain_lines)
{
    struct screen *s =
        screen_run(&(struct screen_options){.rows = 40, .cols = 80, .term = "dumb"}, PROGRAM("--seed", "8"));
    cr_assert(screen_wait_text(s, "step 0  epoch 0.00"));
    screen_send(s, "\n");
    cr_assert(screen_wait_text(s, "step 100 "));
    screen_send(s, "do page network\n");
    cr_assert(screen_wait_text(s, "10*256+10 = 2570"));
    screen_send(s, "do nothing\n");
    cr_assert(screen_wait_text(s, "this line: "));
    screen_send(s, "quit\n");
    cr_assert_eq(screen_exit(s), 0);
    screen_free(s);
}

Test(wrong, terminals)
{
    expect_refusal("", WORDS(FOVEA), 2, "TERM is not set");
    expect_refusal("no-such-terminal", WORDS(FOVEA), 2, "\"no-such-terminal\" is not known");
    expect_refusal(NULL, PROGRAM("--colors", "many"), 2, "colors \"many\" are not known");
    expect_refusal(NULL, PROGRAM("--theme", "beige"), 2,
                   "no theme 'beige'; there are dark, night, light, projector, mono");
    expect_refusal(NULL, WORDS("/bin/sh", "-c", FOVEA " </dev/null"), 2, "standard input is not a terminal");
    expect_refusal(NULL, WORDS("/bin/sh", "-c", FOVEA " >/dev/null"), 2, "standard output is not a terminal");
}

Test(wrong, options)
{
    static const struct {
        const char *option, *value;
        int status;
        const char *sentence;
    } cases[] = {
        {"--model", "no-such-model", 1, "no-such-model"},
        {"--model", "resnet-small", 1, "28x28"},
        {"--data", "no-such-data", 1, "no-such-data"},
        {"--data", "mnist:/no/such/folder", 1, "/no/such/folder"},
        {"--weights", "/no/such/file", 1, "/no/such/file"},
        {"--weights", "/dev/null", 1, "/dev/null"},
        {"--image", "/no/such/picture.png", 1, "/no/such/picture.png"},
        {"--image", "/dev/null", 1, "not a PNG picture"},
        {"--lab", "mathematics", 2, "no lab 'mathematics'"},
        {"--optimizer", "hope", 1, "hope"},
        {"--schedule", "tomorrow", 1, "tomorrow"},
        {"--augment", "magic", 1, "magic"},
        {"--lr", "-1", 2, "--lr"},
        {"--batch", "0", 2, "--batch"},
        {"--threads", "many", 2, "--threads"},
        {"--no-such-option", NULL, 2, "--no-such-option"},
        {"nonsense", NULL, 2, "nonsense"},
    };
    for (int i = 0; i < ARRAY_LEN(cases); i++) {
        const char *argv[] = {FOVEA, cases[i].option, cases[i].value, NULL};
        expect_refusal(NULL, argv, cases[i].status, cases[i].sentence);
    }
}

/* ---- real data ---- */

Test(data, of_the_world, .timeout = 60)
{
    static const char *const sets[][3] = {{"mnist", "mnist", "lenet on mnist"},
                                          {"cifar10", "cifar-10", "vgg-small on cifar10"}};
    const char *folder = getenv("FOVEA_TEST_DATA");
    if (!folder)
        cr_skip_test("FOVEA_TEST_DATA isn't set");
    for (int i = 0; i < ARRAY_LEN(sets); i++) {
        char spec[512];
        snprintf(spec, sizeof spec, "%s:%s/%s", sets[i][0], folder, sets[i][1]);
        struct screen *s = run(50, 160, PROGRAM("--data", spec, "--batch", "8"));
        cr_assert(screen_has(s, sets[i][2]));
        press(s, "n", "test 1:");
        leave(s);
    }
}
