/** What the panels of the signal lab share: the axis of time with the view's part of the series, the window of the average, and the cursor, which is one for all. */
#ifndef FOVEA_UI_SERIES_H
#define FOVEA_UI_SERIES_H

#include "tui/listening.h"
#include "tui/panels/panels.h"
#include "tui/widgets/plot.h"

enum { SERIES_POINTS = 2 * STRETCH_COLUMNS };

/** Columns of a stretch that lie in the view, as points: the lowest and the highest of each. @return how many */
int series_points(const struct listening *l, const struct stretch *s, const float *low, const float *high,
                  struct plot_point out[SERIES_POINTS]);

/** The finest stretch that covers the view; NULL before the first result. */
const struct stretch *series_stretch(const struct listening *l);

/** A plot over the view's time, without curves yet. */
struct plot series_axis(const struct listening *l);
/** The two ends of the window of the average there, for plot.outline. @return false: there is none */
bool series_window(const struct listening *l, double out[2]);
/** Where the cursor stands, for plot.cross. */
double series_cross(const struct listening *l);

/** For panels whose curves take all of `plot`: a place's col is a sample. */
bool series_move(const struct view *v, struct rect plot, struct place *at, int down, int right);
bool series_hit(const struct view *v, struct rect plot, int row, int col, struct place *at);
bool series_spot(const struct view *v, struct place at, struct spot *out);

/** "sample 204, 1.586 s" */
int series_place(const struct listening *l, long sample, char *text, int size);

/** The room for the picture of a spectrogram in a panel of so many rows and columns, in pixels; 0: there is none. */
void spectrum_room(int rows, int cols, bool legend, int *picture_rows, int *picture_cols);

/** Shown by a panel before the lab was entered. */
void series_note(struct canvas *c);

#endif
