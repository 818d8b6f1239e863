/* The main job, as a person does it, with the real binary in a real terminal against the demo tenant over TLS. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>

#include "tests/end_to_end/terminal.h"

#define ENTER "\r"
#define ESC "\033"
#define CTRL_O "\017"

static struct terminal_program *start_demo(int rows, int columns)
{
    const char *const argv[] = { purvey_path(), "--demo", NULL };
    return program_start(rows, columns, argv, NULL);
}

static void sign_in(struct terminal_program *purvey)
{
    program_expect(purvey, "Connect to Security");
    program_type(purvey, CTRL_O);
    program_expect(purvey, "Code");
    program_type(purvey, "a");
    program_expect(purvey, "Type a few letters");
}

static void test_journey(void **state)
{
    struct terminal_program *purvey = start_demo(24, 80);
    (void)state;
    sign_in(purvey);
    program_type(purvey, "gccase");
    program_expect(purvey, "Get-ComplianceCase");
    program_type(purvey, ENTER);
    program_expect(purvey, "CaseType");
    program_expect(purvey, "Get-ComplianceCase");
    program_type(purvey, "Northwind*");          /* the first field is Identity */
    program_expect(purvey, "-Identity 'Northwind*'");
    program_type(purvey, "\025");                /* Ctrl-U empties it */
    program_expect_gone(purvey, "Northwind*");
    program_type(purvey, "\022");                /* Ctrl-R runs it */
    program_expect(purvey, "complete");
    program_expect(purvey, "row 1 of 15");
    program_type(purvey, "s");                   /* sort by the first column, then the other way round */
    program_expect(purvey, "\xE2\x96\xB2");
    program_type(purvey, "s");
    program_expect(purvey, "\xE2\x96\xBC");
    program_type(purvey, ENTER);
    program_expect(purvey, "18 properties");
    program_type(purvey, ESC);
    program_expect_gone(purvey, "18 properties");
    program_type(purvey, "?");                   /* help, searchable */
    program_expect(purvey, "Help: ");
    program_type(purvey, ESC);
    program_expect_gone(purvey, "Help: ");       /* an Esc with a key right behind it would be Alt */
    program_type(purvey, "L");                   /* the log of requests */
    program_expect(purvey, "InvokeCommand");
    program_type(purvey, "Q");
    assert_int_equal(program_wait(purvey), 0);
    program_free(purvey);
}

static void test_small_terminal(void **state)
{
    struct terminal_program *purvey = start_demo(24, 80);
    (void)state;
    program_expect(purvey, "Connect to Security");
    program_resize(purvey, 10, 40);
    program_expect_gone(purvey, "Connect to Security");
    program_expect(purvey, "User name");
    program_resize(purvey, 5, 20);
    program_expect_gone(purvey, "User name");
    program_resize(purvey, 24, 80);
    program_expect(purvey, "Connect to Security");
    kill(program_pid(purvey), SIGTERM);
    assert_int_equal(program_wait(purvey), 128 + SIGTERM);
    program_free(purvey);
}

/* Two connections to the demo at once: the second form knows how it is reached, F6 walks between them, each has its prefix. */
static void test_two_connections(void **state)
{
    struct terminal_program *purvey = start_demo(24, 100);
    (void)state;
    sign_in(purvey);
    program_type(purvey, ":Connect-IPPSSession -Prefix Two\r");
    program_expect(purvey, "Code");
    program_type(purvey, "a");
    program_expect(purvey, "(Two)");
    program_expect(purvey, "2 of 2 (F6)");
    program_type(purvey, "\033[17~");           /* F6 */
    program_expect(purvey, "1 of 2 (F6)");
    program_expect_gone(purvey, "(Two)");
    program_type(purvey, CTRL_O);
    program_expect(purvey, "stays connected; Esc goes back to it.");
    program_type(purvey, ESC);
    program_expect(purvey, "Type a few letters");
    program_type(purvey, "\033[17~");
    program_expect(purvey, "2 of 2 (F6)");
    program_type(purvey, ":Get-TwoLabel\r");
    program_expect(purvey, "row 1 of 14");
    program_type(purvey, ESC);
    program_expect(purvey, "Type a few letters");
    program_type(purvey, "\033[17~");
    program_expect(purvey, "1 of 2 (F6)");
    /* A prefix leads to its connection, wherever it is typed. */
    program_type(purvey, ":Get-TwoLabel Public\r");
    program_expect(purvey, "row 1 of 1");
    program_expect(purvey, "2 of 2 (F6)");
    program_type(purvey, "Q");
    assert_int_equal(program_wait(purvey), 0);
    program_free(purvey);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_journey),
        cmocka_unit_test(test_small_terminal),
        cmocka_unit_test(test_two_connections),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
