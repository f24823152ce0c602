/**
 * What a panel shows, taken away: its picture at a whole-number zoom, and its numbers as CSV. Both come from the view alone.
 */
#ifndef FOVEA_UI_TAKE_H
#define FOVEA_UI_TAKE_H

#include "tui/panel.h"

enum { TAKE_ZOOM = 8 };

/**
 * The panel without its frame, drawn anew with a pixel of its pictures in half a cell, at zoom x zoom pixels each (export.h): not what fitted on the screen.
 * @param s     of the screen: its colours, though all of them
 * @param zoom  1..EXPORT_ZOOM_MOST
 */
MUST_USE enum err take_picture(const struct view *v, const struct panel_type *panel, const struct style *s,
                               int zoom, const char *path, struct diag *diag);

/**
 * RFC 4180 with a header line. Without a form of its own (panel_type.numbers) every number of the panel's answers is a line
 *
 *     question,layer,part,index,channel,row,column,value
 *     filters,conv1,weight,3,0,4,2,-0.0412345678
 *
 * counted from 0; the layer is empty where the question is about none. Values read back to the same bits; nan, inf and -inf may occur.
 * @return ERR_UNKNOWN when there is nothing yet
 */
MUST_USE enum err take_numbers(const struct view *v, const struct panel_type *panel, const char *path,
                               struct diag *diag);

#endif
