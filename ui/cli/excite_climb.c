/** fovea excite: the input that gradient ascent finds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/excite.h"
#include "cli/json.h"
#include "data/image.h"

enum { FRAMES = 16, PATH = 4096 };

/* DIR/step-00012.png */
static void frame_path(const struct excite *j, int step, char path[PATH])
{
    snprintf(path, PATH, "%s/step-%05d.png", j->film, step);
}

static enum err save(const struct excite *j, const struct maximiser *m, struct diag *diag)
{
    enum err err = ERR_NONE;
    if (j->out)
        err = image_write_png(j->out, j->net->in, maximise_picture(m), diag);
    if (j->film && !err)
        err = make_folder(j->film, diag);
    for (int i = 0; j->film && i < maximise_frames(m) && !err; i++) {
        char path[PATH];
        struct maximise_frame f = maximise_frame(m, i);
        frame_path(j, f.step, path);
        err = image_write_png(path, j->net->in, f.picture, diag);
    }
    return err;
}

static json_t *film_json(const struct excite *j, const struct maximiser *m)
{
    json_t *film = json_array();
    for (int i = 0; i < maximise_frames(m); i++) {
        char path[PATH];
        struct maximise_frame f = maximise_frame(m, i);
        frame_path(j, f.step, path);
        json_array_append_new(film, json_pack("{s:i, s:o, s:o, s:s}", "step", f.step, "activation",
                                              json_number((double)f.activation), "gradient_norm",
                                              json_number((double)f.norm), "file", path));
    }
    return film;
}

static void print_json(const struct excite *j, const struct maximiser *m, double before, const char *note)
{
    struct unit u = maximise_unit(m);
    struct box box = receptive_field(j->net, u);
    json_t *line = json_pack("{s:s, s:s, s:[i,i,i], s:i, s:o, s:o, s:o}", "list", "maximise", "layer",
                             j->layer, "unit", u.channel, u.row, u.col, "iterations", j->iterations, "start",
                             json_number(before), "activation", json_number((double)maximise_activation(m)),
                             "gradient_norm", json_number((double)maximise_norm(m)));
    if (*note)
        json_object_set_new(line, "note", json_string(note));
    if (j->film)
        json_object_set_new(line, "film", film_json(j, m));
    json_object_set_new(line, "box", json_pack("[i,i,i,i]", box.top, box.left, box.bottom, box.right));
    json_object_set_new(line, "file", j->out ? json_string(j->out) : json_null());
    json_line(line);
}

static void print_text(const struct excite *j, const struct maximiser *m, double before, const char *note)
{
    struct unit u = maximise_unit(m);
    struct box box = receptive_field(j->net, u);
    printf("gradient ascent on channel %d, row %d, column %d of %s, which sees rows %d to %d, columns %d to "
           "%d:\n"
           "activation %.6g at the start, %.6g after %d steps%s%s\n",
           u.channel, u.row, u.col, j->layer, box.top, box.bottom - 1, box.left, box.right - 1, before,
           (double)maximise_activation(m), j->iterations, j->out ? "; the input is saved in " : "",
           j->out ? j->out : "");
    if (*note)
        printf("%s\n", note);
    if (j->film)
        printf("%8s %13s %13s   %s\n", "step", "activation", "gradient norm", "picture");
    for (int i = 0; j->film && i < maximise_frames(m); i++) {
        char path[PATH];
        struct maximise_frame f = maximise_frame(m, i);
        frame_path(j, f.step, path);
        printf("%8d %13.6g ", f.step, (double)f.activation);
        if (i < maximise_frames(m) - 1)
            printf("%13.6g   %s\n", (double)f.norm, path);
        else
            printf("%13s   %s\n", "", path);
    }
}

enum err excite_climb(const struct excite *j, struct diag *diag)
{
    struct maximiser *m = NULL;
    struct image start = {0};
    char note[200];
    enum err err = maximise_new(j->net, FRAMES, &m, diag);
    if (!err && j->start)
        err = image_read_png(j->start, &start, diag);
    if (!err && j->start)
        err = image_fit(&start, j->net->in, diag);
    if (!err) {
        maximise_begin(m, &j->climb, j->unit, start.data);
        maximise_more(m, &j->w, 0);
        double before = (double)maximise_activation(m);
        maximise_more(m, &j->w, j->iterations);
        maximise_explain(j->net, maximise_unit(m), maximise_norm(m), note, sizeof note);
        err = save(j, m, diag);
        if (!err && j->json)
            print_json(j, m, before, note);
        else if (!err)
            print_text(j, m, before, note);
    }
    image_fini(&start);
    maximise_free(m);
    return err;
}
