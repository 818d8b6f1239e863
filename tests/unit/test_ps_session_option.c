/* connect/ps_session_option: rps.md section 12. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "connect/ps_session_option.h"

static struct ps_session_option parsed(const char *text)
{
    struct ps_session_option option;
    struct err err = { 0 };
    if (!ps_session_option_parse(str_of(text), &option, &err)) {
        fail_msg("%s: %s", text, err.text);
    }
    return option;
}

static void without_a_table_there_are_the_engines_defaults(void **state)
{
    struct ps_session_option option = parsed(" ");
    (void)state;
    assert_int_equal(option.maximum_redirection, 5);
    assert_int_equal(option.max_object_bytes, 209715200);
    assert_int_equal(option.max_command_bytes, 0);
    assert_int_equal(option.open_timeout_ms, 180000);
    assert_int_equal(option.operation_timeout_ms, 0);
    assert_int_equal(option.cancel_timeout_ms, 60000);
    assert_int_equal(option.idle_timeout_ms, 0);
    assert_int_equal(option.max_connection_retries, 5);
    assert_null(option.application_arguments);
    ps_session_option_free(&option);
}

static void assert_all(const char *text)
{
    struct ps_session_option option = parsed(text);
    assert_int_equal(option.maximum_redirection, 2);
    assert_int_equal(option.open_timeout_ms, 60000);
    assert_int_equal(option.operation_timeout_ms, 90000);
    assert_int_equal(option.cancel_timeout_ms, 5000);
    assert_int_equal(option.idle_timeout_ms, 900000);
    assert_int_equal(option.max_command_bytes, 10 * 1024 * 1024);
    assert_int_equal(option.max_object_bytes, 1000);
    assert_int_equal(option.max_connection_retries, 1);
    assert_true(option.no_machine_profile && option.direct);
    assert_string_equal(option.culture, "de-DE");
    assert_string_equal(option.ui_culture, "fr-FR");
    assert_string_equal(json_cstr(json_get(option.application_arguments, "a"), ""), "b");
    ps_session_option_free(&option);
}

static void every_member_is_read_from_a_table_and_from_the_cmdlet(void **state)
{
    (void)state;
    assert_all("@{MaximumRedirection=2; OpenTimeout=60000; operationtimeout='00:01:30'; CancelTimeout=5000; IdleTimeout=900000; "
               "MaximumReceivedDataSizePerCommand=10MB; MaximumReceivedObjectSize=1000; MaxConnectionRetryCount=1; NoMachineProfile=$true; "
               "ProxyAccessType='NoProxyServer'; Culture='de-DE'; UICulture='fr-FR'; ApplicationArguments=@{a='b'}; NoCompression=$true; SkipCACheck=$false}");
    assert_all("(New-PSSessionOption -MaximumRedirection 2 -OpenTimeout:60000 -OperationTimeout 90000 -CancelTimeout 5000 -IdleTimeout 900000 "
               "-MaximumReceivedDataSizePerCommand 10MB -MaximumReceivedObjectSize 1000 -MaxConn 1 -NoMachineProfile -ProxyAccessType NoProxyServer "
               "-Culture de-DE -UICulture 'fr-FR' -ApplicationArguments @{a='b'} -NoCompression)");
    assert_all("New-PSSessionOption -MaximumConnectionRedirectionCount 2 -OpenTimeoutMSec 60000 -OperationTimeoutMSec 90000 -CancelTimeout 5000 -IdleTimeout 900000 "
               "-MaximumReceivedDataSizePerCommand 10MB -MaximumReceivedObjectSize 1000 -MaxConn 1 -NoMachineProfile -ProxyAccessType NoProxyServer "
               "-Culture de-DE -UICulture 'fr-FR' -ApplicationArguments @{a='b'} -NoCompression");
    assert_all("New-PSSessionOption -MaximumRedirection 2 -OpenT 60000 -OperationTimeout 90000 -CancelTimeout 5000 -IdleTimeout 900000 "
               "-MaximumReceivedDataSizePerCommand 10485760 -MaximumReceivedObjectSize 1000 -MaxConnectionRetryCount 1 -NoMachineProfile:$true -ProxyAccessType 8 "
               "-Culture de-DE -UICulture fr-FR -ApplicationArguments @{a='b'}");
    struct ps_session_option option = parsed("@{IdleTimeout=-1; MaximumRedirection=-1; OpenTimeout=0}");
    assert_int_equal(option.idle_timeout_ms, 0);
    assert_int_equal(option.maximum_redirection, -1);
    assert_int_equal(option.open_timeout_ms, 0);
    ps_session_option_free(&option);
    option = parsed("(New-PSSessionOption -IdleTimeout -1)");
    assert_int_equal(option.idle_timeout_ms, 0);
    ps_session_option_free(&option);
}

static void bad_values_are_named(void **state)
{
    static const struct { const char *text, *part; } cases[] = {
        { "OpenTimeout=5", "hash table" },
        { "@{OpenTimeout=", "column" },
        { "@{OpnTimeout=5}", "no member OpnTimeout" },
        { "@{Open=1; O=1}", "several members" },
        { "@{OpenTimeout='soon'}", "OpenTimeout takes a number of milliseconds" },
        { "@{OpenTimeout=-1}", "OpenTimeout takes a number of milliseconds" },
        { "@{IdleTimeout=59999}", "IdleTimeout is 60000" },
        { "@{MaximumReceivedObjectSize='big'}", "MaximumReceivedObjectSize takes a number" },
        { "@{SkipCACheck=$true}", "SkipCACheck is not accepted" },
        { "@{SkipCNCheck=$true}", "SkipCNCheck is not accepted" },
        { "@{UseUTF16=$true}", "UseUTF16 is not accepted" },
        { "@{ProxyCredential='me'}", "ProxyCredential takes a hash table" },
        { "@{ProxyAccessType='AutoDetect'; ProxyCredential=@{UserName='me'}}", "ProxyCredential takes a hash table" },
        { "@{ProxyAccessType='AutoDetect'; ProxyCredential=@{UserName='me'; Password='my word'}}", "ProxyCredential takes its Password from" },
        { "@{ProxyAccessType='AutoDetect'; ProxyCredential=@{UserName='me'; Password='prompt'}}", "ProxyCredential takes its Password from" },
        { "@{ProxyCredential=@{UserName='me'; Password='env:WORD'}}", "ProxyCredential needs a ProxyAccessType" },
        { "@{ProxyAccessType=8; ProxyCredential=@{UserName='me'; Password='env:WORD'}}", "ProxyCredential needs a ProxyAccessType" },
        { "@{ProxyAuthentication='Kerberos'}", "no value Kerberos" },
        { "@{ProxyAccessType='Sometimes'}", "no value Sometimes" },
        { "@{NoMachineProfile='perhaps'}", "is $true or $false" },
        { "@{Culture='de DE'}", "Culture takes the name" },
        { "@{ApplicationArguments='x'}", "ApplicationArguments takes a hash table" },
        { "(New-PSSessionOption OpenTimeout 5)", "parameter of New-PSSessionOption" },
        { "(New-PSSessionOption -OpenTimeout)", "OpenTimeout takes a number" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ps_session_option option;
        struct err err = { 0 };
        bool good = ps_session_option_parse(str_of(cases[i].text), &option, &err);
        if (good || !strstr(err.text, cases[i].part)) {
            fail_msg("%s: \"%s\" without \"%s\"", cases[i].text, err.text, cases[i].part);
        }
        assert_int_equal(err.kind, ERR_INPUT);
        assert_string_equal(err.field, "PSSessionOption");
        assert_true(*err.advice);
    }
}

static void a_proxy_is_told_who_asks(void **state)
{
    (void)state;
    struct ps_session_option option = parsed("@{ProxyAccessType=2; ProxyAuthentication='basic'; ProxyCredential=@{username='me'; password='env:WORD'}}");
    assert_string_equal(option.proxy_authentication, "Basic");
    assert_string_equal(option.proxy_user, "me");
    assert_string_equal(option.proxy_password, "env:WORD");
    assert_false(option.direct);
    ps_session_option_free(&option);
    struct buf out = BUF_INIT(BUF_SMALL);
    assert_true(ps_session_option_print(STR("@{ProxyAccessType='IEConfig'; ProxyCredential=@{UserName='me'; Password='env:WORD'}}"), &out));
    assert_string_equal(buf_cstr(&out), "(New-PSSessionOption -ProxyAccessType 'IEConfig' -ProxyCredential (Get-Credential 'me'))");
    buf_free(&out);
}

static void a_near_name_is_suggested(void **state)
{
    struct ps_session_option option;
    struct err err = { 0 };
    (void)state;
    assert_false(ps_session_option_parse(STR("@{OpnTimeout=5}"), &option, &err));
    assert_non_null(strstr(err.advice, "OpenTimeout"));
}

static void powershell_gets_the_cmdlet(void **state)
{
    struct buf out = BUF_INIT(BUF_SMALL);
    (void)state;
    assert_true(ps_session_option_print(STR("@{opentimeout=60000; NoCompression=$true; SkipCACheck=$false; Culture='en-US'}"), &out));
    assert_string_equal(buf_cstr(&out), "(New-PSSessionOption -OpenTimeout 60000 -NoCompression -SkipCACheck:$false -Culture 'en-US')");
    buf_clear(&out);
    assert_false(ps_session_option_print(STR("nonsense"), &out));
    assert_int_equal(out.len, 0);
    buf_free(&out);
}

static void fields_and_table_say_the_same(void **state)
{
    static const char *const values[] = { "3", "60000", "60000", "60000", "60000", "60000", "1000", "2", "en-US", "en-US", "@{'a'='b c'; 'd'=1}",
                                          "WinHttpConfig", "Basic", "@{'UserName'='me'; 'Password'='env:WORD'}", "true" };
    struct buf table = BUF_INIT(BUF_SMALL);
    (void)state;
    buf_text(&table, "@{");
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        ps_session_member_print(ps_session_member_at(i), str_of(values[i]), &table);
    }
    buf_char(&table, '}');
    struct ps_session_option option = parsed(buf_cstr(&table));
    assert_string_equal(option.proxy_password, "env:WORD");
    ps_session_option_free(&option);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct buf value = BUF_INIT(BUF_SMALL);
        assert_true(ps_session_member_value(buf_str(&table), ps_session_member_at(i), &value));
        assert_string_equal(buf_cstr(&value), values[i]);
        assert_true(ps_session_member_check(ps_session_member_at(i), buf_str(&value), NULL));
        buf_free(&value);
    }
    struct buf none = BUF_INIT(BUF_SMALL);
    assert_false(ps_session_member_value(STR("@{OpenTimeout=1}"), ps_session_member_at(0), &none));
    assert_false(ps_session_member_value(STR("no table"), ps_session_member_at(0), &none));
    buf_free(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_table_there_are_the_engines_defaults),
        cmocka_unit_test(every_member_is_read_from_a_table_and_from_the_cmdlet),
        cmocka_unit_test(bad_values_are_named),
        cmocka_unit_test(a_proxy_is_told_who_asks),
        cmocka_unit_test(a_near_name_is_suggested),
        cmocka_unit_test(powershell_gets_the_cmdlet),
        cmocka_unit_test(fields_and_table_say_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
