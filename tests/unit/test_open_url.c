/* Which browser is started, and that it gets the address as one word, without a shell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/open_url.h"
#include "base/str.h"

#define ADDRESS "https://login.example/?a=1&b=$(touch x);c"

static char root[64];

static void put_program(const char *name)
{
    char *path = mem_format("%s/%s", root, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "#!/bin/sh\nprintf '%%s %%s' %s \"$*\" >'%s/new' && mv '%s/new' '%s/said'\n", name, root, root, root);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0700), 0);
    free(path);
}

static int set_up(void **state)
{
    static const char *const names[] = { "BROWSER", "SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT", "DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME" };
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        unsetenv(names[i]);
    }
    snprintf(root, sizeof root, "/tmp/purvey-browser-XXXXXX");
    assert_non_null(mkdtemp(root));
    char *path = mem_format("%s:/usr/bin:/bin", root);
    setenv("PATH", path, 1);
    free(path);
    return 0;
}

static int tear_down(void **state)
{
    static const char *const names[] = { "said", "wslview", "xdg-open", "mine" };
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *path = mem_format("%s/%s", root, names[i]);
        unlink(path);
        free(path);
    }
    return rmdir(root);
}

static void expect_said(const char *words)
{
    char *path = mem_format("%s/said", root), text[256] = "";
    struct err err;
    FILE *file = NULL;
    assert_true(open_url(ADDRESS, &err));
    for (int64_t end = clock_ms() + 30000; !file && clock_ms() < end; usleep(10000)) {
        file = fopen(path, "r");
    }
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    unlink(path);
    free(path);
    assert_string_equal(text, words);
}

static void nothing_is_usable_without_a_desktop(void **state)
{
    const char *why = "";
    (void)state;
    assert_false(open_url_usable(&why));
    assert_string_equal(why, "there is no desktop here");
    setenv("DISPLAY", ":0", 1);
    assert_true(open_url_usable(&why));
    setenv("SSH_CONNECTION", "1.2.3.4 5 6.7.8.9 22", 1);
    assert_false(open_url_usable(&why));
    assert_string_equal(why, "this is an SSH session");
}

static void the_browser_of_ones_own_comes_first(void **state)
{
    const char *why = "";
    (void)state;
    put_program("mine");
    put_program("xdg-open");
    setenv("BROWSER", "none-such:mine -x %s", 1);
    assert_true(open_url_usable(&why));
    expect_said("mine -x " ADDRESS);
    unsetenv("BROWSER");
    expect_said("xdg-open " ADDRESS);
}

/* Windows' own browser (auth.md section 4): needs no desktop in its Linux. */
static void windows_opens_its_own(void **state)
{
    const char *why = "";
    (void)state;
    put_program("xdg-open");
    setenv("WSL_DISTRO_NAME", "Debian", 1);
    assert_false(open_url_usable(&why));        /* without the program that asks Windows */
    put_program("wslview");
    assert_true(open_url_usable(&why));
    assert_string_equal(why, "Windows has one");
    expect_said("wslview " ADDRESS);
    setenv("SSH_CONNECTION", "1.2.3.4 5 6.7.8.9 22", 1);
    assert_false(open_url_usable(&why));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_is_usable_without_a_desktop, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_browser_of_ones_own_comes_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(windows_opens_its_own, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("open_url", tests, NULL, NULL);
}
