/** fovea excite --data: the images that a unit answers to most strongly and most weakly. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/commands.h"
#include "cli/excite.h"
#include "cli/json.h"
#include "explain/exciters.h"
#include "explain/sheet.h"

static const char *const split_names[SPLITS] = {"train", "test"};

static void print_exciter(const struct excite *j, const struct dataset *data, const char *list, int rank,
                          const struct exciter *e)
{
    struct unit at = {j->unit.layer, j->unit.channel, e->row, e->col};
    struct box box = receptive_field(j->net, at);
    const char *label = data->class_name[e->label];
    if (j->json)
        json_line(json_pack("{s:s, s:i, s:i, s:s, s:o, s:[i,i], s:[i,i,i,i]}", "list", list, "rank", rank,
                            "image", e->index, "label", label, "activation", json_number((double)e->value),
                            "place", e->row, e->col, "box", box.top, box.left, box.bottom, box.right));
    else
        printf("%6d %8d  %-14s %13.6g  %4d %4d   rows %d to %d, columns %d to %d\n", rank, e->index, label,
               (double)e->value, e->row, e->col, box.top, box.bottom - 1, box.left, box.right - 1);
}

/* How many of the list are of each class, and the share of the most frequent one. */
static void print_classes(const struct excite *j, const struct dataset *data, const char *list, int found,
                          const struct exciter *e, int *count)
{
    double purity = exciters_purity(e, found);
    json_t *counts = json_object();
    exciters_classes(e, found, data->classes, count);
    if (!j->json)
        printf("classes:");
    for (int c = 0; c < data->classes; c++) {
        if (count[c] > 0 && !j->json)
            printf(" %s %d ", data->class_name[c], count[c]);
        if (count[c] > 0)
            json_object_set_new(counts, data->class_name[c], json_integer(count[c]));
    }
    if (j->json)
        json_line(json_pack("{s:s, s:s, s:i, s:o, s:O}", "list", "classes", "of", list, "found", found,
                            "purity", json_number(purity), "counts", counts));
    else
        printf(" purity %.3f\n\n", purity);
    json_decref(counts);
}

static void print_list(const struct excite *j, const struct dataset *data, enum split split, const char *list,
                       int found, const struct exciter *e, int *count)
{
    if (!j->json)
        printf("%s images of the %s split that excite it %s\n%6s %8s  %-14s %13s  %4s %4s   %s\n", j->data,
               split_names[split], strcmp(list, "top") == 0 ? "most" : "least", "rank", "image", "class",
               "activation", "row", "col", "sees");
    for (int i = 0; i < found; i++)
        print_exciter(j, data, list, i + 1, &e[i]);
    print_classes(j, data, list, found, e, count);
}

static enum err save_sheet(const struct excite *j, const struct dataset *data, enum split split, int found,
                           const struct exciter *top, struct diag *diag)
{
    struct image sheet = {0};
    enum err err = sheet_make(j->net, data, split, j->unit, top, found, &sheet, diag);
    if (!err)
        err = image_write_png(j->sheet, sheet.shape, sheet.data, diag);
    image_fini(&sheet);
    return err;
}

enum err excite_rank(const struct excite *j, struct diag *diag)
{
    struct dataset *data = NULL;
    struct exciters *exciters = NULL;
    struct team *team = team_new(threads_or_all(j->threads));
    int found = 0;
    enum err err = dataset_open(j->data, j->climb.seed, &data, diag);
    enum split split = strcmp(j->split_name, "train") == 0 ? SPLIT_TRAIN : SPLIT_TEST;
    if (!err && data->count[split] == 0)
        err = diag_fail(diag, ERR_SHAPE, j->data, 0, "it has no %s images; try --split %s",
                        split_names[split], split_names[1 - split]);
    if (!err)
        err = exciters_new(j->net, data, split, team, &exciters, diag);
    int count = err || (j->count > 0 && j->count < data->count[split]) ? j->count : data->count[split];
    size_t room = (size_t)(j->top < count ? j->top : count);
    struct exciter *top = mem_new(room, sizeof *top), *bottom = mem_new(room, sizeof *bottom);
    int *classes = mem_new(data ? (size_t)data->classes : 0, sizeof *classes);
    if (!err && (!top || !bottom || !classes))
        err = diag_memory(diag, "lists of images");
    if (!err) {
        exciters_run(exciters, &j->w, j->unit, count, (int)room, NULL, top, bottom, &found);
        print_list(j, data, split, "top", found, top, classes);
        print_list(j, data, split, "bottom", found, bottom, classes);
    }
    if (!err && j->sheet)
        err = save_sheet(j, data, split, found, top, diag);
    free(top);
    free(bottom);
    free(classes);
    exciters_free(exciters);
    dataset_close(data);
    team_free(team);
    return err;
}
