/** fovea train: epochs on a data set, with progress, checkpoints, history, and weights at the end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/text.h"
#include "cli/commands.h"
#include "nn/model.h"
#include "train/evaluate.h"
#include "train/history.h"
#include "train/run.h"

enum { HISTORY_POINTS = 4096 };
static const double progress_every = 0.1;

struct job {
    const char *model, *data, *out, *history_file;
    struct run_options options;
    int threads;
    bool json, quiet, progress;
    struct net *net;
    struct dataset *dataset;
    struct team *team;
    struct run run;
    struct evaluator *evaluator;
    struct history history;
    double training; /* seconds spent in steps of this epoch */
    long images;
};

static void show_progress(const struct job *j)
{
    const struct run *r = &j->run;
    int per_epoch = r->batches.per_epoch, place = (int)(r->step % per_epoch), width = 24;
    int full = (int)((long)place * width / per_epoch);
    fprintf(stderr, "\r\033[Kepoch %ld [%.*s%.*s] %d/%d  loss %.4f  accuracy %.1f %%  %.0f images/s",
            run_epoch(r) + 1, full, "########################", width - full, "........................",
            place, per_epoch, r->loss_mean, 100 * r->accuracy,
            j->training > 0 ? (double)j->images / j->training : 0.0);
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

static void end_epoch(struct job *j, double loss, double accuracy)
{
    struct evaluation test = {0};
    if (j->evaluator) {
        evaluator_run(j->evaluator, &j->run.weights, j->run.loss, SPLIT_TEST, 0,
                      j->dataset->count[SPLIT_TEST], false, NULL, &test);
        history_add(&j->history, HISTORY_TEST_LOSS, j->run.step, test.loss);
        history_add(&j->history, HISTORY_TEST_ACCURACY, j->run.step, test.accuracy);
    }
    report_epoch(j, loss, accuracy, &test);
    evaluation_fini(&test);
    j->training = 0;
    j->images = 0;
}

static enum err train(struct job *j, struct diag *diag)
{
    struct run *r = &j->run;
    double shown = 0;
    while (!run_done(r) && !command_signal) {
        /* the sums belong to an epoch: its last step is the one after which they are complete */
        bool last = (r->step + 1) % r->batches.per_epoch == 0;
        double start = clock_now();
        enum err err = run_step(r, diag);
        if (err)
            return err;
        double now = clock_now();
        j->training += now - start;
        j->images += r->batches.n;
        history_add(&j->history, HISTORY_TRAIN_LOSS, r->step, r->loss_mean);
        history_add(&j->history, HISTORY_TRAIN_ACCURACY, r->step, r->accuracy);
        if (last)
            end_epoch(j, r->epoch_loss / (double)r->epoch_images,
                      (double)r->epoch_correct / (double)r->epoch_images);
        if (j->progress && now - shown > progress_every) {
            show_progress(j);
            shown = now;
        }
    }
    if (j->progress)
        fprintf(stderr, "\r\033[K");
    return ERR_NONE;
}

/* Everything that was asked for is written, each file whole or not at all. */
static enum err save(struct job *j, struct diag *diag)
{
    enum err err = ERR_NONE;
    if (j->out)
        err =
            weights_save(&j->run.weights, j->net, j->dataset->class_name, j->dataset->classes, j->out, diag);
    if (!err && j->history_file)
        err = history_write_csv(&j->history, j->history_file, diag);
    return err;
}

static enum err open_job(struct job *j, struct diag *diag)
{
    enum err err = model_load(j->model ? j->model : "lenet", &j->net, diag);
    if (j->options.epochs == 0)
        j->options.epochs = 1;
    if (!err)
        err = dataset_open(j->data, j->options.seed, &j->dataset, diag);
    if (!err && !(j->team = team_new(threads_or_all(j->threads))))
        err = diag_memory(diag, "the threads");
    if (!err)
        err = run_init(&j->run, j->net, j->dataset, j->team, &j->options, diag);
    if (!err && j->dataset->count[SPLIT_TEST] > 0)
        err = evaluator_new(j->net, j->dataset, j->team, &j->evaluator, diag);
    if (!err)
        err = history_init(&j->history, HISTORY_POINTS, diag);
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
}

static int work(struct job *j)
{
    struct diag diag = {0}, saving = {0};
    command_catch_signals();
    j->progress = !j->json && !j->quiet && isatty(STDERR_FILENO);
    enum err err = open_job(j, &diag);
    if (!err) {
        err = train(j, &diag);
        /* numbers that went wrong are not saved; an interrupted run is */
        if (!err && save(j, &saving)) {
            err = saving.err;
            diag = saving;
        }
    }
    int status = err ? command_fail(&diag) : 0;
    if (!err && command_signal) {
        fprintf(stderr, "fovea: interrupted at step %ld%s%s\n", j->run.step, j->out ? ", saved in " : "",
                j->out ? j->out : "");
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
    struct text kinds = {0};
    list_augmentations(&kinds);
    const struct option_row rows[] = {
        {"--model", "M", "built-in model or model file (lenet)", OPTION_TEXT, &j->model, 0, 0},
        {"--data", "D", "digits, mnist:DIR, idx:DIR, cifar10:DIR or folder:DIR", OPTION_TEXT, &j->data, 0, 0},
        {"--epochs", "E", "times through the training images (1)", OPTION_WHOLE, &o->epochs, 1, 1e6},
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
        {"--seed", "S", "where all chance comes from", OPTION_U64, &o->seed, 0, 0},
        {"--threads", "T", "threads (all cores); the result doesn't depend on it", OPTION_WHOLE, &j->threads,
         1, TEAM_MAX},
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
    if (status < 0 && !j->data)
        status = command_usage(self, "--data is needed");
    if (status < 0)
        status = work(j);
    text_free(&kinds);
    free(rest);
    free(j);
    return status;
}

const struct command command_train = {"train", "--model M --data D [option ...]",
                                      "Train a network on a data set", run};
