/** fovea evaluate: loss, accuracy, confusion counts on the test split. */
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "cli/commands.h"
#include "cli/json.h"
#include "nn/net.h"
#include "train/evaluate.h"

static void print_json(const struct evaluation *e, int classes)
{
    json_t *rows = json_array();
    for (int truth = 0; truth < classes; truth++) {
        json_t *row = json_array();
        for (int said = 0; said < classes; said++)
            json_array_append_new(row, json_integer(e->confusion[truth * classes + said]));
        json_array_append_new(rows, row);
    }
    json_line(json_pack("{s:i, s:o, s:f, s:o}", "count", e->count, "loss", json_number(e->loss), "accuracy",
                        e->accuracy, "confusion", rows));
}

static void print_text(const struct evaluation *e, const struct dataset *d, int classes)
{
    printf("%d images, loss %.4f, accuracy %.2f %%\n\n", e->count, e->loss, 100 * e->accuracy);
    printf("rows: what it is; columns: what the network says\n%12s", "");
    for (int said = 0; said < classes; said++)
        printf(" %6.6s", said < d->classes ? d->class_name[said] : "?");
    printf("\n");
    for (int truth = 0; truth < classes; truth++) {
        printf("%12.12s", truth < d->classes ? d->class_name[truth] : "?");
        for (int said = 0; said < classes; said++)
            printf(" %6ld", e->confusion[truth * classes + said]);
        printf("\n");
    }
}

static enum err check_fit(const struct net *net, const struct dataset *d, const char *spec, struct diag *diag)
{
    if (!shape_equal(net->in, d->shape))
        return diag_fail(diag, ERR_SHAPE, spec, 0, "its images are %s, but the network wants %s",
                         shape_text(d->shape).s, shape_text(net->in).s);
    if (net_classes(net) < d->classes)
        return diag_fail(diag, ERR_SHAPE, spec, 0, "it has %d classes, but the network only %d", d->classes,
                         net_classes(net));
    if (d->count[SPLIT_TEST] == 0)
        return diag_fail(diag, ERR_SHAPE, spec, 0, "it has no test images");
    return ERR_NONE;
}

static int work(const char *model, const char *path, const char *spec, uint64_t seed, int threads, bool json)
{
    struct net *net = NULL;
    struct weights weights = {0};
    struct dataset *data = NULL;
    struct evaluator *evaluator = NULL;
    struct evaluation e = {0};
    struct diag diag = {0};
    struct team *team = team_new(threads_or_all(threads));
    enum err err = open_network(model, path, &net, &weights, &diag);
    if (!err)
        err = dataset_open(spec, seed, &data, &diag);
    if (!err)
        err = check_fit(net, data, spec, &diag);
    if (!err)
        err = evaluator_new(net, data, team, &evaluator, &diag);
    if (!err) {
        evaluator_run(evaluator, &weights, &loss_cross_entropy, SPLIT_TEST, 0, data->count[SPLIT_TEST], true,
                      NULL, &e);
        if (json)
            print_json(&e, net_classes(net));
        else
            print_text(&e, data, net_classes(net));
    }
    int status = err ? command_fail(&diag) : 0;
    evaluation_fini(&e);
    evaluator_free(evaluator);
    dataset_close(data);
    weights_fini(&weights);
    net_free(net);
    team_free(team);
    return status;
}

static int run(const struct command *self, int argc, char **argv)
{
    const char *model = NULL, *weights = NULL, *data = NULL;
    uint64_t seed = RNG_SEED;
    int threads = 0, count = 0;
    bool json = false;
    const struct option_row rows[] = {
        {"--weights", "W", "safetensors file", OPTION_TEXT, &weights, 0, 0},
        {"--model", "M", "its network, when the file doesn't say", OPTION_TEXT, &model, 0, 0},
        {"--data", "D", "digits, mnist:DIR, idx:DIR, cifar10:DIR or folder:DIR", OPTION_TEXT, &data, 0, 0},
        {"--seed", "S", "of data that is made", OPTION_U64, &seed, 0, 0},
        {"--threads", "T", "threads (all cores)", OPTION_WHOLE, &threads, 1, TEAM_MAX},
        {"--json", NULL, "one JSON object", OPTION_FLAG, &json, 0, 0},
        {NULL, NULL, NULL, OPTION_FLAG, NULL, 0, 0},
    };
    char **rest = calloc((size_t)argc, sizeof *rest);
    int status = options_parse(self, rows, argc, argv, rest, &count);
    if (status < 0 && count > 0)
        status = command_usage(self, "'%s' is one word too many", rest[0]);
    free(rest);
    if (status < 0 && (!weights || !data))
        status = command_usage(self, "--weights and --data are needed");
    return status >= 0 ? status : work(model, weights, data, seed, threads, json);
}

const struct command command_evaluate = {"evaluate", "--weights W --data D [--json]",
                                         "Loss, accuracy and confusion on test images", run};
