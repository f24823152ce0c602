/** Every question type, one file each: what question.c puts into its table. */
#ifndef FOVEA_QUESTIONS_H
#define FOVEA_QUESTIONS_H

#include "observe/question.h"

extern const struct question_type question_input, question_filters, question_activation,
    question_probabilities, question_change, question_attack, question_film, question_pixels, question_trials,
    question_landscape, question_flip, question_network, question_number, question_products, question_feeds,
    question_unit, question_tuning, question_census;

enum { FILM_FRAMES = 12 };

/** A convolution with square kernels from 3 x 3 on. */
bool question_fits_square(const struct net *net, int layer);

#endif
