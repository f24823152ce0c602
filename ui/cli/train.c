/** fovea train: epochs on a data set, with progress, checkpoints, history, and weights at the end. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/rng.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/commands.h"
#include "nn/model.h"
#include "train/checkpoint.h"
#include "train/evaluate.h"
#include "train/history.h"
#include "train/run.h"

enum { HISTORY_POINTS = 4096 };
static const double progress_every = 0.1, checkpoint_every = 30;
static const uint64_t no_seed = UINT64_MAX; /* --seed wasn't given */

struct job {
    const char *model, *data, *out, *history_file, *checkpoint, *resume;
    struct run_options options;
    int threads;
    double until; /* --until-accuracy, in %; 0: all epochs */
    bool reached;
    bool json, quiet, progress;
    struct checkpoint_info info; /* of --resume */
    struct net *net;
    struct dataset *dataset;
    struct team *team;
    struct run run;
    struct evaluator *evaluator;
    struct history history;
    double training; /* seconds spent in steps of this epoch */
    long images;
    double began; /* when training did, and at which step */
    long began_at;
    double saved; /* when the last checkpoint was */
};

/* "4:07" or "1:02:33". */
static void clock_text(char *text, size_t size, double seconds)
{
    long s = (long)ceil(seconds);
    if (s >= 3600)
        snprintf(text, size, "%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
    else
        snprintf(text, size, "%ld:%02ld", s / 60, s % 60);
}

/* One line that never wraps: what doesn't fit is cut off. */
static void show_progress(const struct job *j, double now)
{
    const struct run *r = &j->run;
    int per_epoch = r->batches.per_epoch, place = (int)(r->step % per_epoch), width = 24;
    int full = (int)((long)place * width / per_epoch);
    char line[256], left[32];
    struct winsize size = {0};
    /* evaluations are part of the time that went by, so they are part of what is expected */
    clock_text(left, sizeof left,
               (now - j->began) / (double)(r->step - j->began_at) * (double)(r->total - r->step));
    snprintf(line, sizeof line,
             "epoch %ld/%d [%.*s%.*s] %d/%d  loss %.4f  accuracy %.1f %%  %.0f images/s  %s left",
             run_epoch(r) + 1, r->options.epochs, full, "########################", width - full,
             "........................", place, per_epoch, r->loss_mean, 100 * r->accuracy,
             j->training > 0 ? (double)j->images / j->training : 0.0, left);
    int columns = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1 : 79;
    fprintf(stderr, "\r\033[K%.*s", columns, line);
    fflush(stderr);
}

static void report_epoch(const struct job *j, double loss, double accuracy, const struct evaluation *test)
{
    const struct run *r = &j->run;
    long epoch = r->step / r->batches.per_epoch;
    double speed = j->training > 0 ? (double)j->images / j->training : 0;
    if (j->progress)
        fprintf(stderr, "\r\033[K");
    if (j->json) {
        json_t *line =
            json_pack("{s:s, s:I, s:I, s:f, s:f, s:o, s:o, s:f, s:f}", "event", "epoch", "epoch",
                      (json_int_t)epoch, "step", (json_int_t)r->step, "train_loss", loss, "train_accuracy",
                      accuracy, "test_loss", test->count ? json_real(test->loss) : json_null(),
                      "test_accuracy", test->count ? json_real(test->accuracy) : json_null(), "seconds",
                      j->training, "images_per_second", speed);
        json_dumpf(line, stdout, JSON_COMPACT);
        printf("\n");
        json_decref(line);
    } else if (!j->quiet) {
        printf("epoch %3ld  train loss %.4f  accuracy %6.2f %%", epoch, loss, 100 * accuracy);
        if (test->count)
            printf("   test loss %.4f  accuracy %6.2f %%", test->loss, 100 * test->accuracy);
        printf("   %.2f s  %.0f images/s\n", j->training, speed);
    }
    fflush(stdout);
}

/* Evaluates and tells of the epoch that the last step ended. @return false: a signal came meanwhile, and nothing was told */
static bool end_epoch(struct job *j)
{
    struct run *r = &j->run;
    struct evaluation test = {0};
    bool done = true;
    if (j->evaluator) {
        done = evaluator_run(j->evaluator, &r->weights, r->loss, SPLIT_TEST, 0, j->dataset->count[SPLIT_TEST],
                             false, &command_cancel, &test);
        if (done) {
            history_add(&j->history, HISTORY_TEST_LOSS, r->step, test.loss);
            history_add(&j->history, HISTORY_TEST_ACCURACY, r->step, test.accuracy);
        }
    }
    if (done) {
        r->reported = run_epoch(r);
        j->reached = j->until > 0 && test.count > 0 && 100 * test.accuracy >= j->until;
        report_epoch(j, r->epoch_loss / (double)r->epoch_images,
                     (double)r->epoch_correct / (double)r->epoch_images, &test);
        j->training = 0;
        j->images = 0;
    }
    evaluation_fini(&test);
    return done;
}

/* A checkpoint on the way that can't be written is no reason to lose what was learned: only the last one is. */
static void save_on_the_way(struct job *j)
{
    struct diag diag;
    j->saved = clock_now();
    if (j->checkpoint && checkpoint_save(&j->run, &j->history, j->checkpoint, &diag)) {
        if (j->progress)
            fprintf(stderr, "\r\033[K");
        fprintf(stderr, "fovea: %s; training goes on\n", diag.text);
    }
}

static enum err train_step(struct job *j, struct diag *diag)
{
    struct run *r = &j->run;
    double start = clock_now();
    enum err err = run_step(r, diag);
    if (err)
        return err;
    j->training += clock_now() - start;
    j->images += r->batches.n;
    history_add(&j->history, HISTORY_TRAIN_LOSS, r->step, r->loss_mean);
    history_add(&j->history, HISTORY_TRAIN_ACCURACY, r->step, r->accuracy);
    return ERR_NONE;
}

/* Until all epochs are done, the accuracy that was asked for is reached, or a signal came. An epoch that was trained but not told of is what an interrupted run begins with. */
static enum err train(struct job *j, struct diag *diag)
{
    struct run *r = &j->run;
    double shown = 0;
    enum err err = ERR_NONE;
    j->began = j->saved = clock_now();
    j->began_at = r->step;
    while (!err && !command_signal) {
        if (r->step % r->batches.per_epoch == 0 && run_epoch(r) > r->reported) {
            if (end_epoch(j) && !run_done(r))
                save_on_the_way(j);
            continue;
        }
        if (run_done(r) || j->reached)
            break;
        err = train_step(j, diag);
        double now = clock_now();
        if (!err && now - j->saved > checkpoint_every)
            save_on_the_way(j);
        if (!err && j->progress && now - shown > progress_every) {
            show_progress(j, now);
            shown = now;
        }
    }
    if (j->progress)
        fprintf(stderr, "\r\033[K");
    return err;
}

/* Everything that was asked for is written, each file whole or not at all. */
static enum err save(struct job *j, struct diag *diag)
{
    enum err err = ERR_NONE;
    if (j->checkpoint)
        err = checkpoint_save(&j->run, &j->history, j->checkpoint, diag);
    if (!err && j->out)
        err =
            weights_save(&j->run.weights, j->net, j->dataset->class_name, j->dataset->classes, j->out, diag);
    if (!err && j->history_file)
        err = history_write_csv(&j->history, j->history_file, diag);
    return err;
}

static void tell_of_reaching(const struct job *j)
{
    if (j->reached && !run_done(&j->run) && !j->json && !j->quiet)
        printf("stopped after %ld of %d epochs: the test accuracy is at least %g %%\n", run_epoch(&j->run),
               j->run.options.epochs, j->until);
}

static void tell_of_interruption(const struct job *j)
{
    const char *const file[] = {j->checkpoint, j->out, j->history_file};
    int told = 0;
    fprintf(stderr, "fovea: interrupted at step %ld of %ld", j->run.step, j->run.total);
    for (int i = 0; i < ARRAY_LEN(file); i++)
        if (file[i])
            fprintf(stderr, "%s%s", told++ ? ", " : "; saved ", file[i]);
    fprintf(stderr, "%s\n", told ? "" : "; nothing was to be saved");
}

/* ---- going on with a checkpoint ---- */

static bool same_text(const char *given, const char *saved)
{
    return !given || (saved && strcmp(given, saved) == 0);
}

static bool same_real(double given, double saved)
{
    return (float)given == (float)saved; /* what was a default went through a float */
}

/* What is given beside --resume must be what the checkpoint says. @return the option that isn't, or NULL */
static const char *contradiction(const struct job *j, const struct run_options *given)
{
    const struct run_options *saved = &j->info.options;
    struct net *net = NULL;
    bool same_model = true;
    if (j->model)
        same_model = !model_load(j->model, &net, NULL) && net->text && strcmp(net->text, j->info.model) == 0;
    net_free(net);
    return !same_model                                                            ? "--model"
           : !same_text(given->optimizer, saved->optimizer)                       ? "--optimizer"
           : !same_text(given->schedule, saved->schedule)                         ? "--schedule"
           : !same_text(given->loss, saved->loss)                                 ? "--loss"
           : !same_text(given->augment, saved->augment)                           ? "--augment"
           : !same_text(given->adversarial, saved->adversarial)                   ? "--adversarial"
           : given->lr > 0 && !same_real(given->lr, saved->lr)                    ? "--lr"
           : given->momentum >= 0 && !same_real(given->momentum, saved->momentum) ? "--momentum"
           : given->weight_decay >= 0 && !same_real(given->weight_decay, saved->weight_decay)
               ? "--weight-decay"
           : given->nesterov && !saved->nesterov                  ? "--nesterov"
           : given->epochs > 0 && given->epochs != saved->epochs  ? "--epochs"
           : given->batch > 0 && given->batch != saved->batch     ? "--batch"
           : given->seed != no_seed && given->seed != saved->seed ? "--seed"
                                                                  : NULL;
}

static enum err read_resume(struct job *j, struct diag *diag)
{
    enum err err = checkpoint_read(j->resume, &j->info, diag);
    if (err)
        return err;
    const char *other = contradiction(j, &j->options);
    if (other)
        return diag_fail(diag, ERR_USAGE, j->resume, 0,
                         "the run was begun with another %s; it goes on as it began, so leave the option out",
                         other);
    j->options = j->info.options;
    if (!j->data)
        j->data = j->info.data;
    return model_parse(j->info.model, j->resume, NULL, &j->net, diag);
}

/* A file that is there, but isn't one to be replaced: a pipe, a terminal. It must not be opened for a try. */
static bool is_special(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

/* Better now than after hours: can a file be made where one is wanted? */
static enum err check_outputs(const struct job *j, struct diag *diag)
{
    const char *const file[] = {j->checkpoint, j->out, j->history_file};
    enum err err = ERR_NONE;
    for (int i = 0; i < ARRAY_LEN(file) && !err; i++) {
        struct file_writer w = {0};
        if (file[i] && !is_special(file[i]) && !(err = file_create(&w, file[i], diag)))
            file_abandon(&w);
    }
    return err;
}

static enum err open_job(struct job *j, struct diag *diag)
{
    enum err err = ERR_NONE;
    if (j->resume)
        err = read_resume(j, diag);
    else
        err = model_load(j->model ? j->model : "lenet", &j->net, diag);
    if (j->options.epochs == 0)
        j->options.epochs = 1;
    if (j->options.seed == no_seed)
        j->options.seed = RNG_SEED;
    if (!err)
        err = dataset_open(j->data, j->options.seed, &j->dataset, diag);
    if (!err && !(j->team = team_new(threads_or_all(j->threads))))
        err = diag_memory(diag, "the threads");
    if (!err)
        err = run_init(&j->run, j->net, j->dataset, j->team, &j->options, diag);
    if (!err && j->dataset->count[SPLIT_TEST] > 0)
        err = evaluator_new(j->net, j->dataset, j->team, &j->evaluator, diag);
    if (!err && j->until > 0 && !j->evaluator)
        err = diag_fail(diag, ERR_USAGE, j->dataset->spec, 0,
                        "it has no test images, so --until-accuracy can't be reached");
    if (!err)
        err = history_init(&j->history, HISTORY_POINTS, diag);
    if (!err && j->resume)
        err = checkpoint_restore(&j->run, &j->history, j->resume, diag);
    return err;
}

static void close_job(struct job *j)
{
    history_fini(&j->history);
    evaluator_free(j->evaluator);
    run_fini(&j->run);
    team_free(j->team);
    dataset_close(j->dataset);
    net_free(j->net);
    checkpoint_info_fini(&j->info);
}

static int work(struct job *j)
{
    struct diag diag = {0}, saving = {0};
    const char *term = getenv("TERM");
    j->progress = !j->json && !j->quiet && isatty(STDERR_FILENO) && !(term && strcmp(term, "dumb") == 0);
    command_catch_signals(); /* a file that is tried must be removed again */
    enum err err = check_outputs(j, &diag);
    command_leave_on_signals(); /* reading data may take a while, and there is nothing to save yet */
    if (!err && command_signal)
        raise(command_signal);
    if (!err)
        err = open_job(j, &diag);
    command_catch_signals();
    if (!err) {
        err = train(j, &diag);
        /* numbers that went wrong are not saved; an interrupted run is */
        if (!err && save(j, &saving)) {
            err = saving.err;
            diag = saving;
        }
    }
    int status = err ? command_fail(&diag) : 0;
    if (!err)
        tell_of_reaching(j);
    if (!err && command_signal) {
        tell_of_interruption(j);
        status = 128 + command_signal;
    }
    close_job(j);
    return status;
}

/* The help of --augment comes from the table, a few kinds a line. */
static void list_augmentations(struct text *help)
{
    text_add(help, "change the images a little at random, as shift=4,flip (not at all);");
    for (int i = 0; augment_types[i].name; i++)
        text_format(help, "%s%s=%g", i % 5 ? " " : "\n                             ", augment_types[i].name,
                    (double)augment_types[i].amount);
}

static int run(const struct command *self, int argc, char **argv)
{
    struct job *j = calloc(1, sizeof *j);
    if (!j)
        return EXIT_WORK;
    j->options = run_defaults();
    struct run_options *o = &j->options;
    o->seed = no_seed;
    struct text kinds = {0};
    list_augmentations(&kinds);
    const struct option_row rows[] = {
        {"--model", "M", "built-in model or model file (lenet)", OPTION_TEXT, &j->model, 0, 0},
        {"--data", "D", "digits, mnist:DIR, idx:DIR, cifar10:DIR or folder:DIR", OPTION_TEXT, &j->data, 0, 0},
        {"--epochs", "E", "times through the training images (1)", OPTION_WHOLE, &o->epochs, 1, 1e6},
        {"--until-accuracy", "A", "stop when the test accuracy is A % at the end of an epoch", OPTION_REAL,
         &j->until, 0, 100},
        {"--batch", "B", "images in a batch (32)", OPTION_WHOLE, &o->batch, 1, 65536},
        {"--optimizer", "O", "sgd, adam or adamw (sgd)", OPTION_TEXT, &o->optimizer, 0, 0},
        {"--lr", "R", "learning rate (the optimizer's)", OPTION_REAL, &o->lr, 0, 1e6},
        {"--momentum", "M", "of sgd (0.9)", OPTION_REAL, &o->momentum, 0, 0.9999},
        {"--nesterov", NULL, "Nesterov's momentum", OPTION_FLAG, &o->nesterov, 0, 0},
        {"--weight-decay", "W", "pull of the weights towards zero", OPTION_REAL, &o->weight_decay, 0, 10},
        {"--schedule", "S", "constant, step or cosine, as cosine:warmup=200", OPTION_TEXT, &o->schedule, 0,
         0},
        {"--loss", "L", "cross-entropy or mse (cross-entropy)", OPTION_TEXT, &o->loss, 0, 0},
        {"--augment", "LIST", text_str(&kinds), OPTION_TEXT, &o->augment, 0, 0},
        {"--adversarial", "A:E", "learn from images that an attack makes, as fgsm:0.1 or pgd:0.1,steps=7",
         OPTION_TEXT, &o->adversarial, 0, 0},
        {"--seed", "S", "where all chance comes from", OPTION_U64, &o->seed, 0, 0},
        {"--threads", "T", "threads (all cores); the result doesn't depend on it", OPTION_WHOLE, &j->threads,
         1, TEAM_MAX},
        {"--checkpoint", "FILE", "keep all that is needed to go on, every 30 s and each epoch", OPTION_TEXT,
         &j->checkpoint, 0, 0},
        {"--resume", "FILE", "go on with a checkpoint; model, data and options are its own", OPTION_TEXT,
         &j->resume, 0, 0},
        {"--out", "FILE", "save the weights (safetensors)", OPTION_TEXT, &j->out, 0, 0},
        {"--history", "FILE.csv", "save the curves", OPTION_TEXT, &j->history_file, 0, 0},
        {"--json", NULL, "one JSON object an epoch", OPTION_FLAG, &j->json, 0, 0},
        {"--quiet", NULL, "print nothing but errors", OPTION_FLAG, &j->quiet, 0, 0},
        {NULL, NULL, NULL, OPTION_FLAG, NULL, 0, 0},
    };
    char **rest = calloc((size_t)argc, sizeof *rest);
    int count = 0, status = options_parse(self, rows, argc, argv, rest, &count);
    if (status < 0 && count > 0)
        status = command_usage(self, "'%s' is one word too many", rest[0]);
    if (status < 0 && !j->data && !j->resume)
        status = command_usage(self, "--data or --resume is needed");
    if (status < 0)
        status = work(j);
    text_free(&kinds);
    free(rest);
    free(j);
    return status;
}

const struct command command_train = {"train", "(--model M --data D | --resume FILE) [option ...]",
                                      "Train a network on a data set", run};
