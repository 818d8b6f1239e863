/* Tab in the real shells: bash, and zsh where it is installed, each with the script that purvey prints. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "tests/end_to_end/terminal.h"

#define TAB "\t"
#define CLEAR "\001\013\014"    /* Ctrl-A Ctrl-K empty the line, Ctrl-L the screen; Ctrl-C would throw away what follows */

/* The shell finds purvey by its plain name, as people type it. */
static struct terminal_program *start_shell(const char *const *argv)
{
    char *path = realpath(purvey_path(), NULL);
    assert_non_null(path);
    *strrchr(path, '/') = '\0';
    char *search = mem_format("PATH=%s:%s", path, getenv("PATH"));
    const char *const environment[] = { search, "PS1=ready> ", "INPUTRC=/dev/null", "ZDOTDIR=/nonexistent", "HISTFILE=/dev/null", "EDITOR=emacs", NULL };
    struct terminal_program *shell = program_start(30, 120, argv, environment);
    free(search);
    free(path);
    return shell;
}

/* # shows where the cursor stood behind the Tab: with a blank or without one. */
static void try(struct terminal_program *shell, const char *typed, const char *shown)
{
    program_type(shell, typed);
    program_type(shell, TAB "#");
    program_expect(shell, shown);
    program_type(shell, CLEAR);
    program_expect_gone(shell, shown);
}

static void try_all(struct terminal_program *shell)
{
    try(shell, "purvey ru", "> purvey run #");
    try(shell, "purvey run --output=ta", "> purvey run --output=table #");
    try(shell, "purvey run --sign-in d", "> purvey run --sign-in device #");
    try(shell, "purvey --file /proc/self/mounti", "> purvey --file /proc/self/mountinfo #");
    try(shell, "purvey run --file=/proc/self/mounti", "> purvey run --file=/proc/self/mountinfo #");
    try(shell, "purvey -Credential file:/proc/self/mounti", "> purvey -Credential file:/proc/self/mountinfo #");
    try(shell, "purvey help Get-LabelPolicyR", "> purvey help Get-LabelPolicyRule #");
    /* Inside of the quotes, which stay open: what follows belongs to the cmdlet. */
    try(shell, "purvey run 'Get-LabelPolicyR", "> purvey run 'Get-LabelPolicyRule#");
    try(shell, "purvey run 'Get-ComplianceCase -Case", "> purvey run 'Get-ComplianceCase -CaseType#");
    try(shell, "purvey run \"Get-ComplianceCase -CaseType eD", "> purvey run \"Get-ComplianceCase -CaseType eDiscovery#");
    try(shell, "purvey run 'Get-ComplianceCase -CaseType \"eD", "> purvey run 'Get-ComplianceCase -CaseType \"eDiscovery\"#");
    try(shell, "purvey run --prefix CC 'Get-CCComplianceCase -Case", "> purvey run --prefix CC 'Get-CCComplianceCase -CaseType#");
    try(shell, "purvey help -Prefix CC Get-CCLabelPolicyR", "> purvey help -Prefix CC Get-CCLabelPolicyRule #");
    try(shell, "purvey run 'Get-Label | Sel", "> purvey run 'Get-Label | Select-Object#");
}

static void test_bash(void **state)
{
    const char *const argv[] = { "bash", "--norc", "--noprofile", "-i", NULL };
    struct terminal_program *shell = start_shell(argv);
    (void)state;
    program_expect(shell, "ready>");
    program_type(shell, "eval \"$(purvey completion bash)\"; clear\r");
    program_expect_gone(shell, "eval");
    try_all(shell);
    program_free(shell);
}

static bool is_installed(const char *program)
{
    struct str rest = str_of(getenv("PATH")), directory;
    bool found = false;
    while (rest.len > 0 && !found) {
        str_cut(&rest, ':', &directory);
        char *path = mem_format("%.*s/%s", STR_ARG(directory), program);
        found = access(path, X_OK) == 0;
        free(path);
    }
    return found;
}

static void test_zsh(void **state)
{
    const char *const argv[] = { "zsh", "-f", "-i", NULL };
    (void)state;
    if (is_installed("zsh")) {
        struct terminal_program *shell = start_shell(argv);
        program_expect(shell, "ready>");
        program_type(shell, "autoload -Uz compinit; compinit -u -D; eval \"$(purvey completion zsh)\"; clear\r");
        program_expect_gone(shell, "eval");
        try_all(shell);
        program_free(shell);
    } else {
        print_message("# skip: zsh is not installed\n");
        return;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_bash), cmocka_unit_test(test_zsh) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
