/* What a cmdlet's parameter asks for at a terminal, as (Get-Credential) and (Read-Host) do in PowerShell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "tests/end_to_end/terminal.h"

static char directory[] = "/tmp/purvey-prompt-XXXXXX";
static char *catalogue, *trace;

/* One cmdlet that takes a credential, in the form of the catalogue's files. */
static int set_up(void **state)
{
    (void)state;
    if (!mkdtemp(directory)) {
        return -1;
    }
    catalogue = mem_format("%s/catalogue.jsonl", directory);
    trace = mem_format("%s/trace", directory);
    FILE *file = fopen(catalogue, "w");
    fputs("{\"c\":\"New-Sealed\",\"d\":null,\"p\":[{\"n\":\"Name\",\"t\":\"string\"},{\"n\":\"Login\",\"t\":\"pscredential\"}]}\n", file);
    return fclose(file);
}

static int tear_down(void **state)
{
    (void)state;
    unlink(catalogue);
    unlink(trace);
    free(catalogue);
    free(trace);
    return rmdir(directory);
}

static struct terminal_program *start(const char *line)
{
    const char *const argv[] = { purvey_path(), "run", "--demo", "--catalogue", catalogue, "--trace", trace, line, NULL };
    return program_start(30, 120, argv, NULL);
}

static char *read_trace(void)
{
    char *text = mem_new(1 << 20);
    FILE *file = fopen(trace, "r");
    assert_non_null(file);
    size_t length = fread(text, 1, (1 << 20) - 1, file);
    text[length] = '\0';
    fclose(file);
    return text;
}

static void test_a_credential_asks_for_name_and_password(void **state)
{
    (void)state;
    struct terminal_program *program = start("New-Sealed -Name a -Login (Get-Credential -Message 'of the vault') | Out-Null");
    program_expect(program, "-Login of New-Sealed, the user name:");
    program_type(program, "anny\x7f" "a@b.c\r");
    program_expect(program, "the user name: anna@b.c");
    program_expect(program, "-Login of New-Sealed, the password of anna@b.c (not shown):");
    program_type(program, "open sesame\r");
    assert_int_equal(program_wait(program), 0);
    assert_null(strstr(program_picture(program), "sesame"));
    program_free(program);
    char *text = read_trace();
    assert_non_null(strstr(text, "New-Sealed"));
    assert_null(strstr(text, "sesame"));
    assert_null(strstr(text, "\"prompt\""));
    free(text);
}

static void test_a_name_that_is_given_is_not_asked_for(void **state)
{
    (void)state;
    struct terminal_program *program = start("New-Sealed -Name a -Login (Get-Credential anna@b.c) | Out-Null");
    program_expect(program, "-Login of New-Sealed, the password of anna@b.c (not shown):");
    program_type(program, "open sesame\r");
    assert_int_equal(program_wait(program), 0);
    program_free(program);
}

static void test_control_c_gives_up(void **state)
{
    (void)state;
    struct terminal_program *program = start("New-Sealed -Name a -Login (Get-Credential)");
    program_expect(program, "the user name:");
    program_type(program, "an\x03");
    assert_int_equal(program_wait(program), 130);
    program_free(program);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_credential_asks_for_name_and_password),
        cmocka_unit_test(test_a_name_that_is_given_is_not_asked_for),
        cmocka_unit_test(test_control_c_gives_up),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
