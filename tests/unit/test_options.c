#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "connect/options.h"
#include "connect/secret_source.h"

#define ARGUMENTS_MOST 24

struct run {
    struct options options;
    struct err err;
    char *argv[ARGUMENTS_MOST];
    char *rest[ARGUMENTS_MOST];
    int argc, rest_count;
    bool good;
};

/* Arguments separated by '|'. */
static void parse(struct run *run, const char *line, bool positional)
{
    struct str text = str_of(line), argument;
    *run = (struct run){ .argc = 0 };
    options_init(&run->options);
    for (bool more = true; more && text.data != NULL && line[0] != '\0';) {
        more = str_cut(&text, '|', &argument);
        run->argv[run->argc++] = str_dup(argument);
    }
    run->good = options_parse(&run->options, run->argc, run->argv, positional, run->rest, &run->rest_count, &run->err);
    assert_true(run->good || run->err.kind == ERR_INPUT);
}

static void finish(struct run *run)
{
    options_free(&run->options);
    for (int i = 0; i < run->argc; i++)
        free(run->argv[i]);
}

static void assert_line(const char *arguments, const char *expected)
{
    struct run run;
    struct buf line = BUF_INIT(BUF_SMALL);
    parse(&run, arguments, true);
    if (!run.good)
        fail_msg("%s: %s", arguments, run.err.text);
    options_command_line(&run.options, &line);
    assert_string_equal(buf_cstr(&line), expected);
    buf_free(&line);
    finish(&run);
}

static void assert_refused(const char *arguments, const char *part)
{
    struct run run;
    parse(&run, arguments, true);
    if (run.good || (strstr(run.err.text, part) == NULL && strstr(run.err.advice, part) == NULL))
        fail_msg("%s gave \"%s\" without \"%s\"", arguments, run.err.text, part);
    finish(&run);
}

static void test_table_is_whole(void **state)
{
    (void)state;
    bool positions[7] = { false };
    for (int i = 0; i < OPTION_COUNT; i++) {
        const struct option_row *row = option_row((enum option_id)i);
        assert_non_null(row);
        assert_true(row->help[0] != '\0' && row->gnu_name[0] != '\0');
        assert_ptr_equal(option_find(str_of(row->name), row->own, NULL), row);
        if (row->position >= 0) {
            assert_in_range(row->position, 0, 6);
            assert_false(positions[row->position]);
            positions[row->position] = true;
        }
        if (row->kind != OPTION_SWITCH)
            assert_true(row->placeholder[0] != '\0');
    }
    for (size_t i = 0; i < 7; i++)
        assert_true(positions[i]);
}

static void test_reads_powershell_and_gnu_spellings(void **state)
{
    (void)state;
    assert_line("-UserPrincipalName|michelle@contoso.onmicrosoft.com",
                "Connect-IPPSSession -UserPrincipalName michelle@contoso.onmicrosoft.com");
    assert_line("-userpr:a@b.com|-ShowBanner:$false", "Connect-IPPSSession -UserPrincipalName a@b.com -ShowBanner:$false");
    assert_line("-ShowBanner:", "Connect-IPPSSession -ShowBanner:$false");
    assert_line("-ShowBanner", "Connect-IPPSSession -ShowBanner");
    assert_line("--user-principal-name=a@b.com|--show-banner=true", "Connect-IPPSSession -UserPrincipalName a@b.com -ShowBanner");
    assert_line("--page-size|50|-Prefix|Contoso", "Connect-IPPSSession -Prefix Contoso");
    assert_line("-CommandName|Get-Label,|Get-User", "Connect-IPPSSession -CommandName Get-Label,Get-User");
    assert_line("https://ps.compliance.protection.outlook.com/powershell-liveid/|"
                "https://login.microsoftonline.com/organizations|adatum.onmicrosoft.com",
                "Connect-IPPSSession -DelegatedOrganization adatum.onmicrosoft.com "
                "-ConnectionUri https://ps.compliance.protection.outlook.com/powershell-liveid/ "
                "-AzureADAuthorizationEndpointUri https://login.microsoftonline.com/organizations");
    assert_line("-ConnectionUri|https://ps.compliance.protection.outlook.com|https://login.microsoftonline.com/common",
                "Connect-IPPSSession -ConnectionUri https://ps.compliance.protection.outlook.com "
                "-AzureADAuthorizationEndpointUri https://login.microsoftonline.com/common");
    assert_line("-Verbose|-ErrorAction|Stop|-EnableSearchOnlySession", "Connect-IPPSSession -EnableSearchOnlySession");
    assert_line("-LogDirectoryPath|my logs", "Connect-IPPSSession -LogDirectoryPath 'my logs'");
}

static void test_leaves_what_is_not_its_own(void **state)
{
    (void)state;
    struct run run;
    parse(&run, "-UserPrincipalName|a@b.com|Get-Label -Identity x|--output|json|-h|--|-Foo", false);
    assert_true(run.good);
    assert_int_equal(run.rest_count, 6);
    assert_string_equal(run.rest[0], "Get-Label -Identity x");
    assert_string_equal(run.rest[1], "--output");
    assert_string_equal(run.rest[2], "json");
    assert_string_equal(run.rest[3], "-h");
    assert_string_equal(run.rest[4], "--");
    assert_string_equal(run.rest[5], "-Foo");
    finish(&run);
}

static void test_refuses_with_a_reason(void **state)
{
    (void)state;
    assert_refused("-Foo", "no connection parameter -Foo");
    assert_refused("-UserPrincipalNam3|x", "Did you mean -UserPrincipalName?");
    assert_refused("-Device", "--sign-in device");
    assert_refused("-ShowProgress", "Leave it out");
    struct err err = {0};
    assert_null(option_find(str_of("device-code"), true, &err));
    assert_string_equal(err.advice, "For a code that any browser takes, write --sign-in device.");
    assert_refused("-Certificate", "needs a value");
    assert_refused("-Cert|x", "ambiguous");
    assert_refused("-UserPrincipalName", "needs a value");
    assert_refused("-UserPrincipalName|-Prefix", "needs a value");
    assert_refused("-Prefix|A|-Prefix|B", "given twice");
    assert_refused("-ShowBanner:maybe", "only $true or $false");
    assert_refused("-UserPrincipalName|contoso", "@ and the domain are missing");
    assert_refused("-UserPrincipalName|user@", "domain after the @ is missing");
    assert_refused("-UserPrincipalName|@contoso.com", "before the @");
    assert_refused("-UserPrincipalName|user@contoso", "Did you mean user@contoso.onmicrosoft.com?");
    assert_refused("-UserPrincipalName|a b@contoso.com", "blanks");
    assert_refused("-UserPrincipalName|a@b@c.com", "only one @");
    assert_refused("-UserPrincipalName|a@b..com", "not a domain");
    assert_refused("-Organization|contoso", "contoso.onmicrosoft.com");
    assert_refused("-Organization|36ee4c6c-0812-40a2-b820-b22ebd02bce3", "tenant's number");
    assert_refused("-AppId|12", "not a GUID");
    assert_refused("-Prefix|EXO", "reserved");
    assert_refused("-Prefix|a_b", "letters");
    assert_refused("-ConnectionUri|http://ps.compliance.protection.outlook.com", "not an https address");
    assert_refused("-ConnectionUri|https://", "no host name");
    assert_refused("-ConnectionUri|https://evil.example.com/", "not an address of Security & Compliance");
    assert_refused("-ConnectionUri|https://ps.compliance.protection.outlook.com@evil.com/", "'@' in its host");
    assert_refused("--cloud|mars", "no cloud");
    assert_refused("--page-size|1001", "1 to 1000");
    assert_refused("--timeout|0", "1 to 86400");
    assert_refused("--ca-file|/nonexistent", "cannot read");
    assert_refused("--ca-file|/dev/null", "holds no certificate");
    assert_refused("--proxy|proxy", "not the address of a proxy");
    assert_refused("--proxy|proxy:80a", "not the address of a proxy");
    assert_refused("-CertificateThumbprint|12ab", "40 hexadecimal digits");
    assert_refused("a.com|b|c|d|e|f|g|h", "not an https address");
}

static void test_error_names_the_field(void **state)
{
    (void)state;
    struct err err = { 0 };
    assert_true(options_check_value(OPT_PROXY, STR("proxy.contoso.com:8080"), &err));
    assert_true(options_check_value(OPT_USER_PRINCIPAL_NAME, STR(""), &err));
    assert_true(options_check_value(OPT_USER_PRINCIPAL_NAME, STR("admin@contoso.localhost"), &err));
    assert_false(options_check_value(OPT_USER_PRINCIPAL_NAME, STR("admin"), &err));
    assert_string_equal(err.field, "UserPrincipalName");
    assert_false(options_check_value(OPT_PAGE_SIZE, STR("many"), &err));
    assert_string_equal(err.field, "page-size");
}

static void test_literal_secret_leaves_the_command_line(void **state)
{
    (void)state;
    static const char *const lines[] = { "-AccessToken|eyJ0.secret.x", "-AccessToken:eyJ0.secret.x", "--access-token=eyJ0.secret.x" };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct run run;
        struct buf line = BUF_INIT(BUF_SMALL);
        parse(&run, lines[i], true);
        assert_true(run.good);
        assert_string_equal(options_get(&run.options, OPT_ACCESS_TOKEN), "eyJ0.secret.x");
        for (int a = 0; a < run.argc; a++)
            assert_null(strstr(run.argv[a], "secret"));
        options_command_line(&run.options, &line);
        assert_string_equal(buf_cstr(&line), "Connect-IPPSSession -AccessToken ***");
        buf_free(&line);
        finish(&run);
    }
    struct run run;
    parse(&run, "-AccessToken|env:TOKEN", true);
    assert_string_equal(run.argv[1], "env:TOKEN");
    finish(&run);
}

static void assert_check(const char *arguments, const char *part)
{
    struct run run;
    parse(&run, arguments, true);
    if (!run.good)
        fail_msg("%s: %s", arguments, run.err.text);
    bool good = options_check(&run.options, &run.err);
    if (part == NULL ? !good : good || strstr(run.err.text, part) == NULL)
        fail_msg("%s: \"%s\" without \"%s\"", arguments, run.err.text, part == NULL ? "" : part);
    assert_true(good || (run.err.kind == ERR_INPUT && run.err.field[0] != '\0' && run.err.advice[0] != '\0'));
    finish(&run);
}

#define APP "-AppId|36ee4c6c-0812-40a2-b820-b22ebd02bce3"
#define THUMB "-CertificateThumbprint|83213AEAC56D61C97AEE5C1528F4AC5EBA7321C1"

static void test_contradictions_and_what_is_missing(void **state)
{
    (void)state;
    assert_check("", NULL);
    assert_check("-UserPrincipalName|a@contoso.com", NULL);
    assert_check("-AccessToken|env:T", NULL);
    assert_check("-UseRPSSession:$false", NULL);
    assert_check(THUMB "|-Certificate|file:x", "exclude each other");
    assert_check("-AccessToken|env:T|" APP "|-Organization|contoso.com|" THUMB, "exclude each other");
    assert_check("-AccessToken|env:T|-ManagedIdentity|-Organization|contoso.com", "exclude each other");
    assert_check("-AccessToken|env:T|-ManagedIdentity:$false", NULL);
    assert_check(APP "|-Organization|contoso.com|--federated-token-file|/dev/null|" THUMB, "exclude each other");
    assert_check("-CertificatePassword|prompt", "needs -CertificateFilePath");
    assert_check(APP, "needs -Organization");
    assert_check("-Credential|prompt|" APP "|-Organization|contoso.com", "exclude each other");
    assert_check(THUMB, "needs -AppId");
    assert_check(THUMB "|" APP "|-Organization|contoso.com", NULL);
    assert_check("-Credential|prompt", NULL);
    assert_check("-UseRPSSession", NULL);
    assert_check("-UseRPSSession|-PSSessionOption|@{OpenTimeout=5}", NULL);

    assert_check(APP "|-Organization|contoso.com", "needs a proof");
    assert_check(APP "|-Organization|contoso.com|-CertificateFilePath|/dev/null|-CertificatePassword|prompt", NULL);
    assert_check(APP "|-Organization|contoso.com|--client-secret|env:S", NULL);
    assert_check(APP "|-Organization|contoso.com|--client-secret|env:S|" THUMB, "exclude each other");
    assert_check("--client-secret|env:S", "needs -AppId");
    assert_check("-ManagedIdentity", "needs -Organization");
    assert_check("-ManagedIdentity|-Organization|contoso.com", NULL);
    assert_check("-ManagedIdentity|-Organization|contoso.com|-ManagedIdentityAccountId|36ee4c6c-0812-40a2-b820-b22ebd02bce3", NULL);
    assert_check("-ManagedIdentityAccountId|36ee4c6c-0812-40a2-b820-b22ebd02bce3", "needs -ManagedIdentity");
    assert_check("-AzureADAuthorizationEndpointUri|https://login.contoso.com/x", "not a sign-in address");
    assert_check("-AzureADAuthorizationEndpointUri|https://login.contoso.com/x|--trust-authority", NULL);
    assert_check("-AzureADAuthorizationEndpointUri|https://localhost:8443/x|--trust-authority", NULL);
    assert_check("-AzureADAuthorizationEndpointUri|https://login/x|--trust-authority", NULL);
    assert_check("-AzureADAuthorizationEndpointUri|https://localhost:8443/x", "not a sign-in address");
    assert_check("-AzureADAuthorizationEndpointUri|https:///x|--trust-authority", "no host name");
    assert_check("-AzureADAuthorizationEndpointUri|https://[::1]:8443/x|--trust-authority", NULL);
    assert_check("-AzureADAuthorizationEndpointUri|https://[2001:db8::7]|--trust-authority", NULL);
    assert_check("-AzureADAuthorizationEndpointUri|https://[::1/x|--trust-authority", "no host name");
    assert_check("-AzureADAuthorizationEndpointUri|https://[::1]x/y|--trust-authority", "no host name");
    assert_check("-AzureADAuthorizationEndpointUri|https://[evil.com]/y|--trust-authority", "no host name");
    assert_check("-AzureADAuthorizationEndpointUri|https://[::1]:8443/x", "[::1] is not a sign-in address");
    assert_check("-AzureADAuthorizationEndpointUri|https://[::1]@evil.com/x|--trust-authority", "'@' in its host");
    assert_check("-AzureADAuthorizationEndpointUri|http://login.contoso.com/x|--trust-authority", "not an https address");
}

/* ---- where secrets come from ---- */

static void assert_secret(const char *spec, const char *expected)
{
    struct secret *secret = NULL;
    struct err err = { 0 };
    if (!secret_source_read(spec, false, &secret, &err))
        fail_msg("%s: %s", spec, err.text);
    assert_string_equal(secret_str(secret).data, expected);
    secret_free(secret);
}

static void assert_no_secret(const char *spec, const char *part)
{
    struct secret *secret = NULL;
    struct err err = { 0 };
    assert_false(secret_source_read(spec, false, &secret, &err));
    assert_null(secret);
    if (strstr(err.text, part) == NULL)
        fail_msg("%s: \"%s\" without \"%s\"", spec, err.text, part);
}

static void test_secret_sources(void **state)
{
    (void)state;
    char path[] = "/tmp/purvey-test-XXXXXX", spec[64];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "s3cret word\r\n", 13), 13);
    snprintf(spec, sizeof spec, "file:%s", path);
    assert_secret(spec, "s3cret word");
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    snprintf(spec, sizeof spec, "fd:%d", fd);
    assert_secret(spec, "s3cret word");
    assert_int_equal(ftruncate(fd, 0), 0);
    snprintf(spec, sizeof spec, "file:%s", path);
    assert_no_secret(spec, "empty");
    assert_int_equal(ftruncate(fd, 64 * 1024 + 1), 0);
    assert_no_secret(spec, "longer than 64 KiB");
    close(fd);
    unlink(path);
    assert_no_secret(spec, "cannot open");
    setenv("PURVEY_TEST_SECRET", "from env", 1);
    assert_secret("env:PURVEY_TEST_SECRET", "from env");
    unsetenv("PURVEY_TEST_SECRET");
    assert_no_secret("env:PURVEY_TEST_SECRET", "not set");
    assert_secret("cmd:printf 'a b\\n'", "a b");
    assert_no_secret("cmd:exit 3", "status 3");
    assert_no_secret("cmd:true", "empty");
    assert_no_secret("cmd:exec yes", "longer than");
    assert_no_secret("fd:x", "number");
    assert_no_secret("hunter2", "a source for the secret is expected");
}

/* Asks in a terminal of its own; what was typed comes back as the exit status, what was shown in `shown`. */
static int ask_in_terminal(const char *what, const char *typed, const char *expected, char *shown, size_t size)
{
    int terminal, status = -1;
    size_t length = 0;
    pid_t child = forkpty(&terminal, NULL, NULL, NULL);
    assert_true(child >= 0);
    if (child == 0) {
        struct secret *secret = NULL;
        struct err err = { 0 };
        bool good = secret_source_ask("prompt", what, false, &secret, &err);
        bool same = good && str_is(secret_str(secret), expected);
        secret_free(secret);
        _exit(same ? 0 : good ? 1 : err.kind == ERR_CANCELLED ? 2 : 3);
    }
    bool sent = false;
    for (;;) {
        ssize_t got = read(terminal, shown + length, size - 1 - length);
        if (got <= 0)
            break;
        length += (size_t)got;
        shown[length] = '\0';
        if (!sent && strstr(shown, "shown): ") != NULL) {
            assert_int_equal(write(terminal, typed, strlen(typed)), (ssize_t)strlen(typed));
            sent = true;
        }
    }
    close(terminal);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_prompt_asks_without_echo(void **state)
{
    (void)state;
    char shown[512] = "";
    assert_int_equal(ask_in_terminal("-Password of New-User", "hunters\x7f" "2\r", "hunter2", shown, sizeof shown), 0);
    assert_null(strstr(shown, "hunter"));
    assert_non_null(strstr(shown, "-Password of New-User (not shown): "));
    assert_int_equal(ask_in_terminal("", "hunt\x03", "", shown, sizeof shown), 2);
}

static void test_literal_secret_only_when_allowed(void **state)
{
    (void)state;
    struct secret *secret = NULL;
    assert_true(secret_source_read("hunter2", true, &secret, NULL));
    assert_string_equal(secret_str(secret).data, "hunter2");
    secret_free(secret);
    assert_false(secret_source_read("", true, &secret, NULL));
    assert_true(secret_source_named(STR("prompt")));
    assert_true(secret_source_named(STR("file:x")));
    assert_false(secret_source_named(STR("file:")));
    assert_false(secret_source_named(STR("eyJ0")));
}

/* file:~/… is expanded by no shell, and what is typed into a form by none at all. */
static void test_home_is_expanded(void **state)
{
    struct options options;
    (void)state;
    setenv("HOME", "/home/ops", 1);
    options_init(&options);
    options_set(&options, OPT_CERTIFICATE_FILE_PATH, STR("~/app.pfx"));
    options_set(&options, OPT_CERTIFICATE_PASSWORD, STR("file:~/word"));
    options_set(&options, OPT_CERTIFICATE, STR("file:~/app.pem"));
    options_set(&options, OPT_CREDENTIAL, STR("~/not a path"));
    options_set(&options, OPT_CERTIFICATE_DIRECTORY, STR("~ops/certs"));
    assert_string_equal(options_get(&options, OPT_CERTIFICATE_FILE_PATH), "/home/ops/app.pfx");
    assert_string_equal(options_get(&options, OPT_CERTIFICATE_PASSWORD), "file:/home/ops/word");
    assert_string_equal(options_get(&options, OPT_CERTIFICATE), "file:/home/ops/app.pem");
    assert_string_equal(options_get(&options, OPT_CREDENTIAL), "~/not a path");
    assert_string_equal(options_get(&options, OPT_CERTIFICATE_DIRECTORY), "~ops/certs");
    options_free(&options);
}

static void test_copy_and_set(void **state)
{
    (void)state;
    struct options one, two;
    options_init(&one);
    options_set(&one, OPT_PREFIX, STR("A"));
    options_copy(&two, &one);
    options_set(&one, OPT_PREFIX, str_of(options_get(&two, OPT_PREFIX)));
    options_set(&one, OPT_PREFIX, STR(""));
    assert_string_equal(options_get(&one, OPT_PREFIX), "");
    assert_string_equal(options_get(&two, OPT_PREFIX), "A");
    options_set(&two, OPT_SHOW_BANNER, STR("true"));
    assert_true(options_on(&two, OPT_SHOW_BANNER));
    assert_false(options_on(&one, OPT_SHOW_BANNER));
    options_free(&one);
    options_free(&two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table_is_whole),
        cmocka_unit_test(test_reads_powershell_and_gnu_spellings),
        cmocka_unit_test(test_leaves_what_is_not_its_own),
        cmocka_unit_test(test_refuses_with_a_reason),
        cmocka_unit_test(test_error_names_the_field),
        cmocka_unit_test(test_literal_secret_leaves_the_command_line),
        cmocka_unit_test(test_contradictions_and_what_is_missing),
        cmocka_unit_test(test_secret_sources),
        cmocka_unit_test(test_prompt_asks_without_echo),
        cmocka_unit_test(test_literal_secret_only_when_allowed),
        cmocka_unit_test(test_home_is_expanded),
        cmocka_unit_test(test_copy_and_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
