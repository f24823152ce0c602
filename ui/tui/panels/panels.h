/** Every panel, one file each: what panel.c puts into its table. */
#ifndef FOVEA_UI_PANELS_H
#define FOVEA_UI_PANELS_H

#include "tui/panel.h"
#include "tui/widgets/tiles.h"

extern const struct panel_type panel_input, panel_filters, panel_activations, panel_pooling, panel_attack,
    panel_probabilities, panel_curves, panel_network, panel_flip, panel_drawing, panel_detail, panel_top,
    panel_maximise, panel_bottom, panel_wave, panel_average, panel_spectrum, panel_search, panel_match,
    panel_stepin, panel_kernel, panel_output, panel_expression, panel_arithmetic, panel_lanes, panel_film,
    panel_corridor, panel_plane, panel_fool, panel_robustness, panel_grid, panel_transfer, panel_picture,
    panel_stages, panel_chain, panel_taps, panel_template, panel_city, panel_hog, panel_eye, panel_census,
    panel_climbing, panel_purity, panel_histogram, panel_saliency, panel_weights;

/** The sizes of a list, or none where the panel has nothing to show; as `sizes` of a panel. */
int sizes_listed(bool some, const struct panel_size *list, int count, struct panel_size *out);

/** Sizes for pictures in rows: for each zoom the shapes that waste no place. Returns how many. */
int tiles_sizes(const struct tiles *t, struct panel_size *out);

/**
 * Pictures as the view wants them (pictures.c): pixels or numbers, a legend below them or none. Who points at them gives the same light and
 * cursor as for drawing, since what is seen is scrolled to them.
 */
int pictures_sizes(const struct view *v, const struct tiles *t, struct panel_size *out);
void pictures_draw(const struct view *v, const struct tiles *t, struct canvas *c);
bool pictures_move(const struct view *v, const struct tiles *t, int rows, int cols, struct place *at,
                   int down, int right);
bool pictures_hit(const struct view *v, const struct tiles *t, int rows, int cols, int row, int col,
                  struct place *at);

/** The same for whole pictures: the cursor goes from one to the next, and which it is at is all that counts. */
bool pictures_step(const struct view *v, const struct tiles *t, int rows, int cols, struct place *at,
                   int down, int right);
bool pictures_hit_one(const struct view *v, const struct tiles *t, int rows, int cols, int row, int col,
                      struct place *at);

/** Panels that show the maps of one layer (maps.c); layer -1: there is none, and nothing is asked. */
int maps_sizes(const struct view *v, int layer, struct panel_size *out);
int maps_ask(const struct view *v, int layer, struct question *out, int room);
void maps_title(const struct view *v, const char *what, int layer, char *text, int size);
void maps_draw(const struct view *v, int layer, const struct place *cursor, struct canvas *c);
bool maps_move(const struct view *v, int layer, int rows, int cols, struct place *at, int down, int right);
bool maps_hit(const struct view *v, int layer, const struct place *cursor, int rows, int cols, int row,
              int col, struct place *at);
bool maps_spot(const struct view *v, int layer, struct place at, struct spot *out);
void maps_explain(const struct view *v, int layer, struct place at, char *text, int size);

/** A change of a picture in colour: zero in the middle of each channel, `range` at the ends. Its numbers hold until the next call; larger pictures stay as they are. */
void changes_in_colour(struct tiles *t);

/** Instead of a verdict that a prediction is to come before. */
void draw_hidden(const struct view *v, struct canvas *c);

/** What a panel shows instead of pictures: a sentence, broken into lines where it must be. */
void draw_note(struct canvas *c, const char *text);

/** Where the nib is over a cell of the panel of drawing, inside its frame; false: beyond the sheet, where a stroke may well go. Keeps its width. */
bool drawing_hit(const struct view *v, int rows, int cols, int row, int col, struct nib *at);

/** The convolution whose filters match the convolution asks about: the first. -1: there is none */
int match_layer(const struct net *net);

/** "relu1[0]", or "relu1[0] 'left stroke'" where the unit that the neuron lab asks has a nickname; "" before one is asked. */
void asked_text(const struct view *v, char *text, int size);

/** What the question "unit" says of the unit that the neuron lab asks, where it is largest for the sample; NULL: nothing yet. And asking it. */
const struct answer *unit_answer(const struct view *v);
int unit_ask(const struct view *v, struct question *out, int room);

/** Class names of the data set, or numbers; `number` is room for one. */
const char *class_text(const struct view *v, int index, char number[16]);

#endif
