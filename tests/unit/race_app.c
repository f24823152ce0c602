/**
 * The whole program but for the terminal, for ThreadSanitizer: trainer, its helpers, tester, observer and the thread with the keys, all at once. A
 * script drives it, first step by step, then with training running freely while everything else is changed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "tensor/gemm.h"
#include "tui/app.h"

static const char ordered[] =
    "shot a\nsteps 20\nshot b\nkey .\nkey [\nkey [\nkey Home\nkey ]\nkey .\nkey R\nsteps 3\nshot c\n"
    "do fork optimizer=adam\nkey s\nkey s\nkey s\nkey Tab\nkey .\nkey Space\ndo fork batchnorm\ndo fork "
    "batchnorm\n"
    "key Tab\nkey Tab\nkey [\nkey Space\nkey Tab\ndo drop C\n";
static const char *const free_keys[] = {
    "Space", "n",     ")",     "a",    "A", "E", "2 ... 9", "w",     "1",      "(",     "[", "Space", ">",
    "r",     "R",     "Space", "?",    "?", ",", "Space",   "Space", "<",      "N",     "e", "Home",  "m",
    "d",     "Space", "Right", "Down", "u", "U", "t",       "Up",    "Escape", "Space", "m", "n"};
static const char *const sizes[] = {"24x80", "1x1", "50x160", "5x20"};

static void write_script(struct text *t, const char *folder)
{
    for (const char *line = ordered; *line; line = strchr(line, '\n') + 1) {
        int length = (int)strcspn(line, "\n");
        if (strncmp(line, "shot ", 5) == 0)
            text_format(t, "shot %s/%.*s\n", folder, length - 5, line + 5);
        else
            text_format(t, "%.*s\n", length, line);
    }
    for (int turn = 0; turn < 2; turn++)
        for (int i = 0; i < ARRAY_LEN(free_keys); i++) {
            text_format(t, "key %s\n", free_keys[i]);
            if (i % 6 == 5)
                text_format(t, "size %s\nshot %s/d\n", sizes[(i / 6 + turn) % ARRAY_LEN(sizes)], folder);
        }
    text_format(t, "key q\n");
}

int main(void)
{
    char folder[] = "/tmp/fovea-race-XXXXXX", path[64];
    struct text script = {0};
    struct diag diag = {0};
    gemm_setup();
    if (!mkdtemp(folder))
        return 1;
    write_script(&script, folder);
    snprintf(path, sizeof path, "%s/script", folder);
    if (script.failed || file_write(path, text_str(&script), script.length, &diag))
        return 1;
    struct app_options options = {
        .model = "lenet", .script = path, .run = run_defaults(), .threads = 2, .rows = 40, .cols = 120};
    options.run.batch = 16;
    options.memory = 8;
    int status = app_run(&options);
    for (const char *name = "abcd"; *name; name++) {
        char shot[64];
        struct bytes bytes = {0};
        snprintf(shot, sizeof shot, "%s/%c", folder, *name);
        if (file_read(shot, 1 << 20, &bytes, &diag) || bytes.size < 2) {
            fprintf(stderr, "no shot %c\n", *name);
            status = 1;
        }
        bytes_free(&bytes);
        unlink(shot);
    }
    unlink(path);
    rmdir(folder);
    text_free(&script);
    return status;
}
