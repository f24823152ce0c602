/**
 * The built program, stopped and killed at any moment while it trains: what it goes on to from its checkpoint is, byte for byte, what comes out of a
 * run that nobody disturbed.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/rng.h"
#include "base/text.h"
#include "data/image.h"
#include "toy.h"
#include "train/checkpoint.h"

extern char **environ;

enum { WORDS = 32, SIDE = 8, CLASSES = 4 };

/* ---- a folder with data and a model ---- */

static char folder[] = "/tmp/fovea-resume-XXXXXX";

static void put_idx(const char *path, int kind, int count, int side, enum split split)
{
    struct dataset d = toy_data((struct shape){1, side, side}, CLASSES, count, count);
    int rank = kind == 3 ? 3 : 1, dims[3] = {count, side, side};
    size_t area = (size_t)side * (size_t)side, head = 4 + 4 * (size_t)rank;
    unsigned char *bytes = calloc(head + (size_t)count * area, 1), *pixels = malloc(area);
    bytes[2] = 8; /* unsigned bytes */
    bytes[3] = (unsigned char)rank;
    for (int i = 0; i < 4 * rank; i++)
        bytes[4 + i] = (unsigned char)(dims[i / 4] >> (24 - 8 * (i % 4)));
    for (int i = 0; i < count; i++) {
        int label = dataset_read(&d, split, i, pixels);
        if (kind == 3)
            memcpy(bytes + head + (size_t)i * area, pixels, area);
        else
            bytes[head + (size_t)i] = (unsigned char)label;
    }
    cr_assert_eq(file_write(path, bytes, head + (size_t)count * (kind == 3 ? area : 1), NULL), ERR_NONE);
    free(bytes);
    free(pixels);
}

static void put_data(const char *dir, int side, int train, int test)
{
    static const char *const prefix[] = {"train", "t10k"};
    int count[] = {train, test};
    cr_assert_eq(mkdir(dir, 0777), 0);
    for (int s = 0; s < SPLITS; s++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s-images-idx3-ubyte", dir, prefix[s]);
        put_idx(path, 3, count[s], side, (enum split)s);
        snprintf(path, sizeof path, "%s/%s-labels-idx1-ubyte", dir, prefix[s]);
        put_idx(path, 1, count[s], side, (enum split)s);
    }
}

static void set_up(void)
{
    static const char model[] =
        "input 1x8x8\nconv 8 3x3\nbatchnorm\nrelu\nmaxpool 2\nflatten\ndropout 0.3\ndense 10\n";
    cr_assert(mkdtemp(folder) && chdir(folder) == 0);
    put_data("data", SIDE, 490, 200);
    cr_assert_eq(file_write("m.model", model, sizeof model - 1, NULL), ERR_NONE);
}

static void tear_down(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", folder);
    cr_assert_eq(system(command), 0);
}

TestSuite(resume, .init = set_up, .fini = tear_down, .timeout = 300);

/* ---- running ---- */

/* Starts `fovea LINE`; its output is added to the file "out", what it says to "err". */
static pid_t start(const char *format, ...) PRINTF_LIKE(1, 2);
static pid_t start(const char *format, ...)
{
    char line[512], *words[WORDS] = {(char[]){"fovea"}}, *rest = line, *word;
    int count = 1;
    posix_spawn_file_actions_t actions;
    pid_t pid = 0;
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    while ((word = strsep(&rest, " ")) && count < WORDS - 1)
        words[count++] = word;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "out", O_WRONLY | O_CREAT | O_APPEND, 0666);
    posix_spawn_file_actions_addopen(&actions, 2, "err", O_WRONLY | O_CREAT | O_APPEND, 0666);
    cr_assert_eq(posix_spawn(&pid, FOVEA_PROGRAM, &actions, NULL, words, environ), 0, "%s", FOVEA_PROGRAM);
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}

/* @return the exit status, or minus the signal that killed it */
static int finish(pid_t pid)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0)
        cr_assert_eq(errno, EINTR);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static const char *said(void)
{
    static char text[8192];
    FILE *f = fopen("err", "r");
    size_t got = f ? fread(text, 1, sizeof text - 1, f) : 0;
    text[got] = 0;
    if (f)
        fclose(f);
    return text;
}

/* The lines of "out" without what a clock had a say in, one behind the other. */
static char *reports(void)
{
    struct bytes bytes = {0};
    struct text t = {0};
    cr_assert_eq(file_read("out", 0, &bytes, NULL), ERR_NONE);
    char *rest = (char *)bytes.data, *line;
    while ((line = strsep(&rest, "\n")))
        if (*line) {
            char *seconds = strstr(line, ",\"seconds\"");
            cr_assert_not_null(seconds, "%s", line);
            text_add_n(&t, line, (size_t)(seconds - line));
            text_add(&t, "\n");
        }
    bytes_free(&bytes);
    return text_take(&t);
}

static void assert_same_file(const char *a, const char *b)
{
    struct bytes x = {0}, y = {0};
    cr_assert_eq(file_read(a, 0, &x, NULL), ERR_NONE, "%s", a);
    cr_assert_eq(file_read(b, 0, &y, NULL), ERR_NONE, "%s: %s", b, said());
    cr_assert(x.size == y.size && memcmp(x.data, y.data, x.size) == 0, "%s and %s differ", a, b);
    bytes_free(&x);
    bytes_free(&y);
}

static const char *const variants[] = {
    "--optimizer sgd --momentum 0.9 --threads 2",
    "--optimizer adam --augment shift=1,noise=0.05 --schedule step:every=70,factor=0.7 --threads 1 "
    "--adversarial "
    "pgd:0.1,steps=2,share=0.5",
};
enum { EPOCHS = 12 };

/* What an undisturbed run writes: "ref", "ref.csv", its report lines, and how long it takes. */
static double reference(const char *options, char **lines)
{
    double began = clock_now();
    unlink("out");
    pid_t pid = start("train --model m.model --data idx:data --epochs %d --batch 16 --seed 3 %s --out ref "
                      "--history ref.csv --checkpoint ref.checkpoint --json",
                      EPOCHS, options);
    cr_assert_eq(finish(pid), 0, "%s", said());
    double took = clock_now() - began;
    *lines = reports();
    return took;
}

/* One stretch of the disturbed run: from its checkpoint when it left one, with another number of threads. */
static pid_t start_stretch(const char *options, int number)
{
    return file_exists("c")
               ? start("train --resume c --checkpoint c --threads %d --out o --history o.csv --json",
                       1 + number % 3)
               : start("train --model m.model --data idx:data --epochs %d --batch 16 --seed 3 %s --out o "
                       "--history o.csv --checkpoint c --json",
                       EPOCHS, options);
}

static void clear(void)
{
    unlink("out");
    unlink("err");
    unlink("c");
    unlink("o");
    unlink("o.csv");
}

Test(resume, stopped_at_any_moment_it_goes_on_to_the_same_bytes)
{
    struct rng rng;
    int stops = 0;
    rng_init(&rng, 11);
    for (int v = 0; v < ARRAY_LEN(variants); v++) {
        char *wanted = NULL;
        double took = reference(variants[v], &wanted);
        for (int round = 0; round < 3; round++) {
            int status = -1;
            clear();
            for (int n = 0; status != 0; n++) {
                int number = n % 2 ? SIGINT : SIGTERM;
                pid_t pid = start_stretch(variants[v], n);
                if (n < 6) {
                    usleep((unsigned)((double)rng_uniform(&rng) * took * 0.6e6));
                    kill(pid, number);
                }
                status = finish(pid);
                /* before main() begins there is nobody to catch it; a shell calls that the same */
                cr_assert(status == 0 || status == 128 + number || status == -number, "status %d: %s", status,
                          said());
                stops += status != 0;
            }
            assert_same_file("ref", "o");
            assert_same_file("ref.csv", "o.csv");
            char *lines = reports();
            cr_assert_str_eq(lines, wanted);
            free(lines);
        }
        free(wanted);
    }
    cr_assert_geq(stops, 3, "only %d stops came before the end", stops);
}

Test(resume, killed_at_any_moment_every_file_is_the_old_or_the_new)
{
    struct rng rng;
    char *wanted = NULL;
    double took = reference(variants[0], &wanted);
    rng_init(&rng, 12);
    clear();
    int status = -1;
    for (int n = 0; status != 0; n++) {
        pid_t pid = start_stretch(variants[0], n);
        if (n < 12) {
            usleep((unsigned)((double)rng_uniform(&rng) * took * 0.7e6));
            kill(pid, SIGKILL);
        }
        status = finish(pid);
        cr_assert(status == 0 || status == -SIGKILL, "status %d: %s", status, said());
        if (file_exists("c")) {
            struct checkpoint_info info;
            struct diag diag = {0};
            cr_assert_eq(checkpoint_read("c", &info, &diag), ERR_NONE, "%s", diag.text);
            checkpoint_info_fini(&info);
        }
        if (file_exists("o"))
            assert_same_file("ref", "o");
    }
    assert_same_file("ref", "o");
    assert_same_file("ref.csv", "o.csv");
    free(wanted);
}

Test(resume, a_signal_while_data_are_read_ends_it_at_once)
{
    cr_assert_eq(mkdir("slow", 0777), 0);
    cr_assert_eq(mkfifo("slow/train-images-idx3-ubyte", 0666), 0); /* nobody ever writes to it */
    put_idx("slow/train-labels-idx1-ubyte", 1, 10, SIDE, SPLIT_TRAIN);
    pid_t pid = start("train --model m.model --data idx:slow --out o --checkpoint c");
    int fd;
    while ((fd = open("slow/train-images-idx3-ubyte", O_WRONLY | O_NONBLOCK)) < 0) /* until it reads */
        usleep(1000);
    double began = clock_now();
    kill(pid, SIGTERM);
    cr_assert_eq(finish(pid), 128 + SIGTERM, "%s", said());
    cr_assert_lt(clock_now() - began, 1.0);
    cr_assert(!file_exists("o") && !file_exists("c"));
    close(fd);
    cr_assert_not_null(strstr(said(), "fovea: interrupted"), "%s", said());
}

Test(resume, a_signal_during_the_evaluation_is_quick_and_the_epoch_is_told_of_later)
{
    static const char model[] = "input 1x28x28\nconv 32 5x5\nrelu\nconv 32 5x5\nrelu\nflatten\ndense 10\n";
    put_data("large", 28, 16, 8000);
    cr_assert_eq(file_write("large.model", model, sizeof model - 1, NULL), ERR_NONE);
    /* one step, then seconds of evaluation: but when has it come so far? */
    static const unsigned delays[] = {300000, 600000, 1200000, 2400000, 150000, 80000};
    bool hit = false;
    for (int i = 0; i < ARRAY_LEN(delays) && !hit; i++) {
        clear();
        pid_t pid = start("train --model large.model --data idx:large --threads 1 --batch 16 --checkpoint c "
                          "--out o --json");
        usleep(delays[i]);
        double began = clock_now();
        kill(pid, SIGTERM);
        hit = finish(pid) == 128 + SIGTERM && strstr(said(), "interrupted at step 1 of 1; saved c, o");
        if (hit)
            cr_assert_lt(clock_now() - began, 2.0);
    }
    cr_assert(hit, "%s", said());
    char *lines = reports();
    cr_assert_str_empty(lines);
    free(lines);
    cr_assert_eq(finish(start("train --resume c --json")), 0, "%s", said());
    lines = reports();
    cr_assert_eq(strncmp(lines, "{\"event\":\"epoch\",\"epoch\":1,\"step\":1,", 36), 0, "%s", lines);
    cr_assert_null(strstr(lines, "null"));
    free(lines);
}

Test(resume, contradictions_are_refused_in_a_sentence)
{
    static const char *const other[] = {"--optimizer adam",    "--lr 0.5",           "--momentum 0.1",
                                        "--nesterov",          "--weight-decay 0.1", "--epochs 3",
                                        "--batch 9",           "--seed 4",           "--loss mse",
                                        "--schedule constant", "--augment flip",     "--adversarial fgsm:0.1",
                                        "--model mlp"};
    cr_assert_eq(finish(start("train --model m.model --data idx:data --epochs 1 --batch 16 --seed 3 "
                              "--checkpoint c --quiet")),
                 0, "%s", said());
    for (int i = 0; i < ARRAY_LEN(other); i++) {
        char name[32];
        unlink("err");
        cr_assert_eq(finish(start("train --resume c %s", other[i])), 2, "%s: %s", other[i], said());
        snprintf(name, sizeof name, "another %.*s;", (int)strcspn(other[i], " "), other[i]);
        cr_assert_not_null(strstr(said(), name), "'%s' lacks '%s'", said(), name);
    }
    cr_assert_eq(
        finish(start("train --resume c --model m.model --optimizer sgd --lr 0.02 --momentum 0.9 --epochs 1 "
                     "--batch 16 --seed 3 --loss cross-entropy --data idx:data --quiet")),
        0, "%s", said());
    cr_assert_neq(finish(start("train --resume m.model")), 0);
    cr_assert_neq(finish(start("train --resume c --data idx:nowhere")), 0);
    cr_assert_eq(finish(start("evaluate --weights c --data idx:data")), 0, "%s", said());
}

/* Where it stops is a whole epoch, and a checkpoint of it is one like any other. */
Test(resume, stops_when_the_accuracy_is_reached)
{
    struct bytes out = {0};
    cr_assert_eq(finish(start("train --model m.model --data idx:data --epochs 40 --batch 16 --seed 3 "
                              "--until-accuracy 1 --checkpoint c")),
                 0, "%s", said());
    cr_assert_eq(file_read("out", 1 << 16, &out, NULL), ERR_NONE);
    const char *end =
        strstr((const char *)out.data, "stopped after 1 of 40 epochs: the test accuracy is at least 1 %");
    cr_assert(end, "%s", (const char *)out.data);
    bytes_free(&out);
    cr_assert_eq(finish(start("train --resume c --until-accuracy 1 --quiet")), 0, "%s", said());
    cr_assert_eq(
        finish(start("train --model m.model --data idx:data --epochs 1 --until-accuracy 100 --json")), 0,
        "%s", said());
    float pixels[SIDE * SIDE] = {0};
    cr_assert_eq(system("mkdir -p few/a few/b"), 0); /* every fifth picture is for testing */
    cr_assert_eq(image_write_png("few/a/1.png", (struct shape){1, SIDE, SIDE}, pixels, NULL), ERR_NONE);
    cr_assert_eq(image_write_png("few/b/1.png", (struct shape){1, SIDE, SIDE}, pixels, NULL), ERR_NONE);
    cr_assert_eq(finish(start("train --model m.model --data folder:few --until-accuracy 50")), 2, "%s",
                 said());
    cr_assert(strstr(said(), "no test images"), "%s", said());
}
