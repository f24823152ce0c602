/**
 * The shortest decimal text of a float, quickly: for files of millions of numbers.
 */
#ifndef FOVEA_BASE_DECIMAL_H
#define FOVEA_BASE_DECIMAL_H

/** The longest is "-1.17549435e-38", and its end. */
enum { DECIMAL_ROOM = 20 };

/**
 * As printf's %g with 6 to 9 digits writes it, whichever is the first to read back to the same float, with a point in every locale; "nan", "inf"
 * and "-inf" for what isn't a number.
 * @return the length
 */
int decimal_shortest(float value, char out[DECIMAL_ROOM]);

#endif
