/**
 * Where the program's own data lies: models, lessons, pictures, weights.
 *
 * Looked for in this order: $FOVEA_ASSETS; the source tree (compiled in as FOVEA_SOURCE_ASSETS, used only when the running
 * program lies in that build tree); ../share/fovea from the program's folder; the installed data directory
 * (FOVEA_INSTALLED_ASSETS).
 */
#ifndef FOVEA_BASE_ASSET_H
#define FOVEA_BASE_ASSET_H

#include "base/err.h"

/** "models/lenet.model" -> a path that exists. free() it. The error lists the places that were tried. */
MUST_USE enum err asset_path(const char *name, char **out, struct diag *diag);

/** Names (without `suffix`) of the files in a folder of assets, sorted; NULL-terminated; free with asset_list_free(). */
MUST_USE enum err asset_list(const char *folder, const char *suffix, char ***out, struct diag *diag);
void asset_list_free(char **names);

#endif
