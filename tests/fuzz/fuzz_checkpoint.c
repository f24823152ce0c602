/** Checkpoints from hands that mean ill: whatever comes back from one, a run made with it trains or says why not. */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "fuzz.h"
#include "nn/model.h"
#include "toy.h"
#include "train/checkpoint.h"

static const char model[] = "input 1x4x4\nconv 2 3x3\nbatchnorm\nrelu\nflatten\ndense 2\n";

static struct dataset data;

/* Goes on with it, as `fovea train --resume` would. */
static enum err go_on(const struct checkpoint_info *info, const char *path, struct diag *diag)
{
    struct net *net = NULL;
    struct run run = {0};
    struct history h = {0};
    enum err err = model_parse(info->model, path, NULL, &net, diag);
    if (!err)
        err = run_init(&run, net, &data, NULL, &info->options, diag);
    if (!err)
        err = history_init(&h, 8, diag);
    if (!err)
        err = checkpoint_restore(&run, &h, path, diag);
    for (int i = 0; i < 5 && !err && !run_done(&run); i++) {
        err = run_step(&run, diag);
        history_add(&h, HISTORY_TRAIN_LOSS, run.step, run.loss_mean);
    }
    history_fini(&h);
    run_fini(&run);
    net_free(net);
    return err;
}

static enum err resume(const char *path, struct diag *diag)
{
    struct checkpoint_info info;
    enum err err = checkpoint_read(path, &info, diag);
    if (err)
        return err;
    err = go_on(&info, path, diag);
    checkpoint_info_fini(&info);
    return err;
}

/* A good one, of a run that stands in its second epoch, with curves that have been halved. */
static struct bytes make(const char *optimizer)
{
    struct net *net = NULL;
    struct run run = {0};
    struct history h = {0};
    struct bytes bytes = {0};
    struct run_options o = run_defaults();
    o.optimizer = optimizer;
    o.batch = 4;
    o.epochs = 9;
    o.schedule = "step:every=3";
    o.augment = "shift=1";
    if (model_parse(model, "model", NULL, &net, NULL) || run_init(&run, net, &data, NULL, &o, NULL) ||
        history_init(&h, 8, NULL)) {
        fuzz_fail("no run");
        return bytes;
    }
    while (run.step < 11 && !run_step(&run, NULL))
        history_add(&h, HISTORY_TRAIN_LOSS, run.step, run.loss_mean);
    if (checkpoint_save(&run, &h, "good", NULL) || file_read("good", 0, &bytes, NULL))
        fuzz_fail("no checkpoint");
    history_fini(&h);
    run_fini(&run);
    net_free(net);
    return bytes;
}

int main(void)
{
    static const struct fuzz_reader reader = {resume};
    fuzz_begin();
    data = toy_data((struct shape){1, 4, 4}, 2, 18, 0);
    for (int i = 0; optimizer_types[i]; i++) {
        struct bytes good = make(optimizer_types[i]->name);
        fuzz_mutate(reader, NULL, good.data, good.size, 1000, optimizer_types[i]->name);
        bytes_free(&good);
        remove("good");
    }
    return fuzz_end();
}
