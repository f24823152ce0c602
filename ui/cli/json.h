/** JSON Lines: one object a line, numbers with nine digits, so that floats read back to the same bits. */
#ifndef FOVEA_UI_JSON_H
#define FOVEA_UI_JSON_H

#include <jansson.h>

/** JSON has no NaN and no infinity: they become null. */
json_t *json_number(double value);
json_t *json_floats(int count, const float *values);

/** Prints the object (which json_pack may have failed to make: NULL) and a newline to standard output, and lets go of it. */
void json_line(json_t *object);

#endif
