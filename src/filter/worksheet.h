/**
 * An example as a sheet of paper: the numbers, blanks to fill in, and on a page of its own the answers.
 *
 * Plain text, pages apart by form feeds, lines of at most WORKSHEET_COLS characters; and the same as PostScript, which every
 * printing system prints and every PDF maker reads (ps2pdf, cupsfilter). PostScript rather than PDF: it is text that can be made in fifty
 * lines, and its pages are as sure as a PDF's.
 */
#ifndef FOVEA_FILTER_WORKSHEET_H
#define FOVEA_FILTER_WORKSHEET_H

#include "base/text.h"
#include "filter/trace.h"

enum { WORKSHEET_COLS = 78, WORKSHEET_LINES = 62, WORKSHEET_NUMBERS = 256 };

/**
 * Adds the sheet for x and w: both as grids, how w slides, the size arithmetic, single outputs with ever more blanks, the output as a grid of blanks;
 * then the answers.
 * @param plain  ASCII only
 * @return the errors of trace_begin(); ERR_RANGE when x, w or the output has more than WORKSHEET_NUMBERS numbers, or rows too wide for the paper
 */
MUST_USE enum err worksheet_text(const struct tensor *x, const struct tensor *w,
                                 const struct trace_options *options, bool plain, struct text *out,
                                 struct diag *diag);

/** Adds a text as PostScript, a page for each form feed and each WORKSHEET_LINES lines. Characters beyond Latin-1 become '?'. */
void worksheet_postscript(const char *text, struct text *out);

/** Writes the sheet to a file: where its name ends with .ps as PostScript (never `plain`), else as text. Errors also of file_write(). */
MUST_USE enum err worksheet_write(const struct tensor *x, const struct tensor *w,
                                  const struct trace_options *options, bool plain, const char *path,
                                  struct diag *diag);

#endif
