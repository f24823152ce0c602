/** Nicknames: kept, changed, taken away, and what a damaged file does. */
#include <criterion/criterion.h>

#include "base/file.h"
#include "nets.h"
#include "observe/nicknames.h"

static void set(struct nicknames *n, const char *model, const char *layer, int channel, const char *name)
{
    struct diag d = {0};
    cr_assert_eq(nicknames_set(n, model, layer, channel, name, &d), ERR_NONE, "%s", d.text);
}

static bool is(const struct nicknames *n, const char *model, const char *layer, int channel, const char *name)
{
    const char *found = nicknames_find(n, model, layer, channel);
    return name ? found && strcmp(found, name) == 0 : !found;
}

static void file_is(const char *path, const char *want)
{
    struct bytes b = {0};
    cr_assert_eq(file_read(path, 0, &b, NULL), ERR_NONE);
    cr_assert_str_eq((char *)b.data, want);
    bytes_free(&b);
}

Test(nicknames, kept_from_session_to_session, .init = enter_folder, .fini = leave_folder)
{
    struct nicknames n = {0}, again = {0};
    char text[200];
    cr_assert_eq(nicknames_read(&n, "a/b/names", NULL), ERR_NONE, "there is none yet");
    cr_assert(is(&n, "lenet", "conv2", 3, NULL));
    set(&n, "lenet", "conv2", 3, "loop at the top");
    set(&n, "lenet", "conv1", 3, "edge");
    set(&n, "my net.safetensors", "conv2", 3, "\xe2\x97\x8b round");
    set(&n, "lenet", "conv2", 3, "a nine's loop");
    file_is("a/b/names", "lenet conv1 3 edge\nmy_net.safetensors conv2 3 \xe2\x97\x8b round\n"
                         "lenet conv2 3 a nine's loop\n");
    cr_assert_eq(nicknames_read(&again, "a/b/names", NULL), ERR_NONE);
    cr_assert(is(&again, "lenet", "conv2", 3, "a nine's loop") && is(&again, "lenet", "conv1", 3, "edge"));
    cr_assert(is(&again, "my net.safetensors", "conv2", 3, "\xe2\x97\x8b round"));
    cr_assert(is(&again, "lenet", "conv2", 33, NULL) && is(&again, "lene", "conv2", 3, NULL));
    nicknames_complaint(&again, text, sizeof text);
    cr_assert_str_empty(text);
    set(&again, "lenet", "conv2", 3, "");
    cr_assert(is(&again, "lenet", "conv2", 3, NULL));
    file_is("a/b/names", "lenet conv1 3 edge\nmy_net.safetensors conv2 3 \xe2\x97\x8b round\n");
    nicknames_free(&n);
    nicknames_free(&again);
}

Test(nicknames, damaged_lines_are_left_alone, .init = enter_folder, .fini = leave_folder)
{
    static const char damaged[] = "lenet conv1 3 edge\nlenet conv1\nlenet conv1 x y\nlenet conv1 -1 y\n\n"
                                  "lenet conv1 4  two blanks\nlenet conv1 4 tab\there\nlenet conv2 5 last";
    struct nicknames n = {0};
    char text[200];
    cr_assert_eq(file_write("names", damaged, strlen(damaged), NULL), ERR_NONE);
    cr_assert_eq(nicknames_read(&n, "names", NULL), ERR_NONE);
    cr_assert(is(&n, "lenet", "conv1", 3, "edge") && is(&n, "lenet", "conv2", 5, "last"));
    cr_assert(is(&n, "lenet", "conv1", 4, NULL));
    nicknames_complaint(&n, text, sizeof text);
    cr_assert_str_eq(text, "names:2: not MODEL LAYER CHANNEL NAME; such lines (5) are left out");
    set(&n, "lenet", "conv1", 4, "new");
    char want[400];
    snprintf(want, sizeof want, "%s\nlenet conv1 4 new\n", damaged);
    file_is("names", want);
    nicknames_free(&n);
}

Test(nicknames, refusals, .init = enter_folder, .fini = leave_folder)
{
    static const char *const wrong[] = {" x", "x ", "a\nb", "\x1b[31m",
                                        "12345678901234567890123456789012345678901"};
    struct nicknames n = {0}, folder = {0};
    struct diag d = {0};
    cr_assert_eq(nicknames_read(&n, "names", NULL), ERR_NONE);
    set(&n, "m", "l", 0, "good");
    for (int i = 0; i < ARRAY_LEN(wrong); i++) {
        cr_assert_eq(nicknames_set(&n, "m", "l", 0, wrong[i], &d), ERR_RANGE);
        cr_assert(is(&n, "m", "l", 0, "good"));
    }
    nicknames_free(&n);
    cr_assert_eq(nicknames_read(&folder, ".", &d), ERR_IO, "a directory");
    nicknames_free(&folder);
    cr_assert_eq(nicknames_read(&n, "names/below", &d), ERR_NONE);
    cr_assert_eq(nicknames_set(&n, "m", "l", 0, "new", &d), ERR_IO, "its folder is a file");
    cr_assert(is(&n, "m", "l", 0, "new"), "it holds for this session");
    nicknames_free(&n);
}

Test(nicknames, path)
{
    setenv("XDG_STATE_HOME", "/somewhere", 1);
    setenv("HOME", "/home/me", 1);
    char *path = nicknames_path();
    cr_assert_str_eq(path, "/somewhere/fovea/nicknames");
    free(path);
    setenv("XDG_STATE_HOME", "relative", 1); /* as the specification says: ignored */
    path = nicknames_path();
    cr_assert_str_eq(path, "/home/me/.local/state/fovea/nicknames");
    free(path);
    unsetenv("HOME");
    unsetenv("XDG_STATE_HOME");
    cr_assert_null(nicknames_path());
}
