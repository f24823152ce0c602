/** Every data source, one file a family: what dataset.c puts into its table. */
#ifndef FOVEA_DATA_SOURCES_H
#define FOVEA_DATA_SOURCES_H

#include "data/dataset.h"

extern const struct source_type source_digits, source_mnist, source_idx, source_cifar10, source_folder,
    source_noise;

#endif
