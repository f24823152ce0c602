/** err, mem, clock, asset, mailbox: the small parts of the ground. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/asset.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mailbox.h"
#include "base/mem.h"

Test(err, one_sentence_with_its_place)
{
    struct diag d = {0};

    cr_assert_eq(diag_fail(&d, ERR_FORMAT, "a.model", 7, "found %s, expected a number", "\"x\""), ERR_FORMAT);
    cr_assert_eq(d.err, ERR_FORMAT);
    cr_assert_str_eq(d.text, "a.model:7: found \"x\", expected a number");
    cr_assert_eq(diag_fail(&d, ERR_IO, "a", 0, "gone"), ERR_IO);
    cr_assert_str_eq(d.text, "a: gone");
    cr_assert_eq(diag_fail(&d, ERR_USAGE, NULL, 0, "what"), ERR_USAGE);
    cr_assert_str_eq(d.text, "what");
    cr_assert_eq(diag_memory(&d, "a pass"), ERR_MEMORY);
    cr_assert_str_eq(d.text, "not enough memory for a pass");
    errno = ENOENT;
    cr_assert_eq(diag_errno(&d, "b", "open"), ERR_IO);
    cr_assert_str_eq(d.text, "b: cannot open: No such file or directory");
}

Test(err, a_sentence_that_was_cut_says_so)
{
    char long_name[2000];
    struct diag d = {0};

    /* every length around the end of the room, the last characters of two bytes each */
    for (int length = DIAG_TEXT - 20; length < DIAG_TEXT + 20; length++) {
        memset(long_name, 'a', (size_t)length);
        for (int i = length - 12; i < length; i += 2)
            memcpy(long_name + i, "\xc3\xa4", 2);
        long_name[length] = '\0';
        (void)diag_fail(&d, ERR_FORMAT, NULL, 0, "%s", long_name);
        size_t shown = strlen(d.text);
        if (length < DIAG_TEXT) {
            cr_assert_str_eq(d.text, long_name);
            continue;
        }
        cr_assert_lt(shown, DIAG_TEXT);
        cr_assert_geq(shown, DIAG_TEXT - 3);
        cr_assert_str_eq(d.text + shown - 3, "...");
        cr_assert_eq(strncmp(d.text, long_name, shown - 3), 0);
        cr_assert_neq(d.text[shown - 4], '\xc3', "half a character");
    }
}

Test(err, control_characters_of_unicode)
{
    struct diag d = {0};

    (void)diag_fail(&d, ERR_FORMAT, NULL, 0,
                    "a\xc2\x9b"
                    "31m \xc3\xa4");
    cr_assert_str_eq(d.text, "a??31m \xc3\xa4");
}

Test(err, no_diag_is_allowed)
{
    cr_assert_eq(diag_fail(NULL, ERR_RANGE, "p", 1, "x"), ERR_RANGE);
    cr_assert_eq(diag_memory(NULL, "x"), ERR_MEMORY);
}

Test(err, hostile_names_stay_one_line)
{
    struct diag d = {0};
    char path[4096];

    memset(path, 'p', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    strcpy(path + sizeof path - 6, "/end\n");
    (void)diag_fail(&d, ERR_IO, path, 12, "the reason \033[31m\n of it");
    cr_assert_null(strpbrk(d.text, "\n\033"));
    cr_assert_not_null(strstr(d.text, "/end?:12: the reason"),
                       "the end of the path and the reason are kept: %s", d.text);
}

Test(mem, more_than_the_machine_has_is_refused)
{
    size_t machine = (size_t)sysconf(_SC_PHYS_PAGES) * (size_t)sysconf(_SC_PAGESIZE);

    cr_assert_null(mem_new(machine + (1u << 28), 1), "not even where memory is promised freely");
}

Test(mem, zeroed_and_aligned)
{
    for (size_t n = 0; n < 300; n += 7) {
        unsigned char *p = mem_new(n, 3);
        cr_assert_not_null(p);
        cr_assert_eq((size_t)p % MEM_ALIGN, 0);
        for (size_t i = 0; i < 3 * n; i++)
            cr_assert_eq(p[i], 0);
        free(p);
    }
}

Test(mem, sizes_that_overflow)
{
    volatile size_t half = SIZE_MAX / 2 + 2, most = SIZE_MAX;

    cr_assert_null(mem_new(half, 2));
    cr_assert_null(mem_new(most, 1));
    cr_assert_null(mem_floats(most / 4));
}

Test(clock, goes_forward)
{
    double a = clock_now(), b = 0;

    for (int i = 0; i < 1000; i++) {
        b = clock_now();
        cr_assert_geq(b, a);
        a = b;
    }
}

Test(mailbox, newest_wins)
{
    struct mailbox m;
    int slot[MAILBOX_SLOTS], taken;

    mailbox_init(&m);
    cr_assert_eq(mailbox_take(&m), -1, "nothing has been published");
    slot[mailbox_back(&m)] = 1;
    cr_assert(mailbox_publish(&m), "the reader has nothing: wake it");
    slot[mailbox_back(&m)] = 2;
    cr_assert_not(mailbox_publish(&m), "the first hasn't been taken: the reader has been woken already");
    taken = mailbox_take(&m);
    cr_assert_geq(taken, 0);
    cr_assert_eq(slot[taken], 2);
    cr_assert_eq(mailbox_take(&m), -1, "a value is taken once");
    for (int i = 3; i < 50; i++) {
        cr_assert_neq((int)mailbox_back(&m), taken, "the writer never gets what is being read");
        slot[mailbox_back(&m)] = i;
        mailbox_publish(&m);
        if (i % 3 == 0) {
            taken = mailbox_take(&m);
            cr_assert_eq(slot[taken], i);
        }
    }
}

static char folder[] = "/tmp/fovea-asset-XXXXXX";

static void make_assets(void)
{
    char path[128];
    const char *const name[] = {"things/b.thing", "things/a.thing", "things/other.txt", "things/.thing"};

    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/things", folder);
    cr_assert_eq(mkdir(path, 0777), 0);
    for (int i = 0; i < ARRAY_LEN(name); i++) {
        snprintf(path, sizeof path, "%s/%s", folder, name[i]);
        cr_assert_eq(file_write(path, "x", 1, NULL), ERR_NONE);
    }
    setenv("FOVEA_ASSETS", folder, 1);
}

static void remove_assets(void)
{
    char command[128];

    snprintf(command, sizeof command, "rm -r %s", folder);
    cr_assert_eq(system(command), 0);
}

Test(asset, named_folder_comes_first, .init = make_assets, .fini = remove_assets)
{
    char *path = NULL, **names = NULL;

    cr_assert_eq(asset_path("things/a.thing", &path, NULL), ERR_NONE);
    cr_assert_eq(strncmp(path, folder, strlen(folder)), 0);
    free(path);
    cr_assert_eq(asset_list("things", ".thing", &names, NULL), ERR_NONE);
    cr_assert_str_eq(names[0], "a");
    cr_assert_str_eq(names[1], "b");
    cr_assert_null(names[2]);
    asset_list_free(names);
}

Test(asset, the_error_lists_where_it_looked, .init = make_assets, .fini = remove_assets)
{
    struct diag d = {0};
    char *path, **names;

    cr_assert_neq(asset_path("things/none.thing", &path, &d), ERR_NONE);
    cr_assert_not_null(strstr(d.text, folder));
    cr_assert_not_null(strstr(d.text, FOVEA_INSTALLED_ASSETS));
    cr_assert_neq(asset_list("no-such-folder", ".x", &names, &d), ERR_NONE);
    asset_list_free(NULL);
}
