/** What several subcommands open: a network with its weights, names of classes, threads. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/team.h"
#include "base/text.h"
#include "cli/command.h"
#include "nn/model.h"
#include "nn/net.h"
#include "nn/weights.h"
#include "tensor/safetensors.h"

int threads_or_all(int threads)
{
    return threads > 0 ? threads : team_cores();
}

enum err make_folder(const char *path, struct diag *diag)
{
    struct stat s;
    if (mkdir(path, 0777) == 0 || (stat(path, &s) == 0 && S_ISDIR(s.st_mode)))
        return ERR_NONE;
    return diag_errno(diag, path, "make the directory");
}

void classes_free(char **names)
{
    for (int i = 0; names && names[i]; i++)
        free(names[i]);
    free(names);
}

/* One name a line; blank lines at the end don't count. */
static enum err split_lines(const char *text, const char *path, int classes, char ***out, struct diag *diag)
{
    char **names = calloc((size_t)classes + 1, sizeof *names);
    int count = 0;
    if (!names)
        return diag_memory(diag, "class names");
    for (const char *at = text; *at;) {
        size_t length = strcspn(at, "\r\n");
        if (length > 0 && count < classes && !(names[count] = strndup(at, length))) {
            classes_free(names);
            return diag_memory(diag, "class names");
        }
        count += length > 0;
        at += length + strspn(at + length, "\r\n");
    }
    if (count != classes) {
        classes_free(names);
        return diag_fail(diag, ERR_FORMAT, path, 0, "%d class names, but the network has %d classes", count,
                         classes);
    }
    *out = names;
    return ERR_NONE;
}

enum err classes_read(const char *file, int classes, char ***out, struct diag *diag)
{
    struct bytes bytes = {0};
    enum err err = file_read(file, 1 << 20, &bytes, diag);
    if (!err)
        err = split_lines((const char *)bytes.data, strcmp(file, "-") == 0 ? "standard input" : file, classes,
                          out, diag);
    bytes_free(&bytes);
    return err;
}

enum err open_named_network(const char *model, const char *name, const char *classes_file, struct net **net,
                            struct weights *weights, char ***names, struct diag *diag)
{
    struct safetensors *file = NULL;
    char *path = NULL;
    *net = NULL;
    memset(weights, 0, sizeof *weights);
    if (names)
        *names = NULL;
    enum err err = weights_path(name, &path, diag);
    if (!err)
        err = safetensors_open(path, &file, diag);
    if (err) {
        free(path);
        return err;
    }
    const char *text = safetensors_metadata(file, "fovea.model");
    if (model)
        err = model_load(model, net, diag);
    else if (text)
        err = model_parse(text, path, NULL, net, diag);
    else
        err = diag_fail(diag, ERR_USAGE, path, 0,
                        "the file doesn't say what network it is for; name one with --model");
    if (!err)
        err = weights_check(*net, file, path, diag);
    if (!err)
        err = weights_init(weights, *net, diag);
    if (!err)
        err = weights_from(weights, *net, file, path, diag);
    const char *known = safetensors_metadata(file, "fovea.classes");
    if (!err && names && classes_file)
        err = classes_read(classes_file, net_classes(*net), names, diag);
    else if (!err && names && known)
        err = split_lines(known, path, net_classes(*net), names, diag);
    safetensors_close(file);
    free(path);
    if (err) {
        net_free(*net);
        weights_fini(weights);
        *net = NULL;
    }
    return err;
}

enum err open_network(const char *model, const char *path, struct net **net, struct weights *weights,
                      struct diag *diag)
{
    return open_named_network(model, path, NULL, net, weights, NULL, diag);
}
