/* What is kept between runs, and the notes of remote shells in it (rps.md section 11). */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/private_file.h"
#include "session/rps/shell_record.h"

static char home[32];

static int own_home(void **state)
{
    (void)state;
    strcpy(home, "/tmp/purvey-private-XXXXXX");
    return mkdtemp(home) && setenv("XDG_STATE_HOME", home, 1) == 0 ? 0 : -1;
}

static int clean_home(void **state)
{
    (void)state;
    char *inner = mem_format("%s/purvey", home);
    (void)private_file_remove_all("");
    int left = rmdir(inner) | rmdir(home);
    free(inner);
    return left;
}

static void text_is(const char *path, const char *expected)
{
    struct buf text = BUF_INIT(BUF_SMALL);
    assert_true(private_file_read(path, &text, NULL));
    assert_string_equal(buf_cstr(&text), expected);
    buf_free(&text);
}

static void files_are_replaced_and_grow(void **state)
{
    (void)state;
    char *path = private_file_place("kept");
    struct stat status;
    assert_true(private_file_append(path, STR("a\n")));
    assert_true(private_file_append(path, STR("b\n")));
    text_is(path, "a\nb\n");
    assert_true(private_file_write(path, STR("c\n")));
    text_is(path, "c\n");
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    /* What others may write is neither read nor added to. */
    struct buf text = BUF_INIT(BUF_SMALL);
    assert_int_equal(chmod(path, 0622), 0);
    assert_false(private_file_append(path, STR("d\n")));
    assert_false(private_file_read(path, &text, NULL));
    assert_int_equal(text.len, 0);
    buf_free(&text);
    free(path);
}

static void a_held_file_is_not_abandoned(void **state)
{
    (void)state;
    char *path = private_file_place("held");
    assert_false(private_file_is_abandoned(path));
    int held = private_file_hold(path, STR("x"));
    assert_true(held >= 0);
    text_is(path, "x");
    assert_false(private_file_is_abandoned(path));
    close(held);
    assert_true(private_file_is_abandoned(path));
    free(path);
}

#define SHELL_ID "1AE3521D-21FC-439C-AE5F-C35BF0F04405"

static void leave_note(const char *host, const char *user, const char *shell_id, struct shell_note *note)
{
    struct wsman_shell shell = { .session = { "f968167b-2673-4e97-a509-b73fbcfbd61b" } };
    str_copy(shell.shell_id, sizeof shell.shell_id, shell_id);
    shell_note_write(note, host, user, &shell);
}

static void only_shells_of_the_dead_are_left_over(void **state)
{
    (void)state;
    struct shell_record records[SHELL_RECORDS_MOST];
    struct shell_note live, dead, other;
    leave_note("host.example", "anna@example.com", "LIVE-1", &live);
    leave_note("host.example", "anna@example.com", SHELL_ID, &dead);
    leave_note("host.example", "ben@example.com", "OTHER-1", &other);
    shell_note_drop(&dead, false);
    shell_note_drop(&other, false);
    assert_int_equal(shell_record_leftovers("HOST.example", "Anna@example.com", records), 1);
    assert_string_equal(records[0].shell_id, SHELL_ID);
    assert_string_equal(records[0].session.text, "f968167b-2673-4e97-a509-b73fbcfbd61b");
    shell_record_remove(records[0].path);
    assert_int_equal(shell_record_leftovers("host.example", "anna@example.com", records), 0);
    shell_note_drop(&live, true);
    assert_int_equal(shell_record_leftovers("host.example", "anna@example.com", records), 0);
}

static void strange_notes_are_left_alone(void **state)
{
    (void)state;
    struct shell_record records[SHELL_RECORDS_MOST];
    struct shell_note note;
    char *path = private_file_place("shell-A");
    /* An id that would leave the directory is not noted at all. */
    leave_note("h", "u", "../../x", &note);
    assert_null(note.path);
    shell_note_drop(&note, true);
    static const char *const texts[] = { "", "h\n", "h\nu\n", "h\nu\nnot a guid\n", "h\nu\nf968167b-2673-4e97-a509-b73fbcfbd61b0\n" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_true(private_file_write(path, str_of(texts[i])));
        assert_int_equal(shell_record_leftovers("h", "u", records), 0);
    }
    free(path);
}

static void no_shell_outlives_its_day(void **state)
{
    (void)state;
    struct shell_record records[SHELL_RECORDS_MOST];
    struct shell_note note;
    leave_note("h", "u", "OLD", &note);
    char *path = mem_text(note.path);
    shell_note_drop(&note, false);
    const struct timespec old[2] = { { .tv_sec = 1000000 }, { .tv_sec = 1000000 } };
    assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
    assert_int_equal(shell_record_leftovers("h", "u", records), 0);
    assert_int_not_equal(access(path, F_OK), 0);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(files_are_replaced_and_grow, own_home, clean_home),
        cmocka_unit_test_setup_teardown(a_held_file_is_not_abandoned, own_home, clean_home),
        cmocka_unit_test_setup_teardown(only_shells_of_the_dead_are_left_over, own_home, clean_home),
        cmocka_unit_test_setup_teardown(strange_notes_are_left_alone, own_home, clean_home),
        cmocka_unit_test_setup_teardown(no_shell_outlives_its_day, own_home, clean_home),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
