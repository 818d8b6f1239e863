/* session/rps/wsman and rps_address: envelopes out and in, and the addresses they go to (rps.md sections 2 to 4). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/base64.h"
#include "session/rps/rps_address.h"
#include "session/rps/wsman.h"

static const struct wsman_shell shell = {
    .uri = "https://host.example/PowerShell-LiveID?a=1&b=2",
    .session = { "11111111-2222-3333-4444-55555555abcd" },
    .shell_id = "SHELL-1",
    .locale = "de-DE",
    .data_locale = "en-US",
    .operation_timeout_ms = 61500,
};

static struct str at(const struct xml_document *document, const char *name)
{
    return xml_text(xml_find(xml_root(document), NULL, name));
}

static void assert_text(struct str text, const char *expected)
{
    if (!str_is(text, expected)) {
        fail_msg("\"%.*s\" is not \"%s\"", STR_ARG(text), expected);
    }
}

static void every_envelope_has_the_headers(void **state)
{
    struct buf out = BUF_INIT(BUF_SMALL);
    struct guid id;
    (void)state;
    wsman_receive(&shell, "CMD", &id, &out);
    struct xml_document *document = xml_parse(buf_str(&out), NULL, NULL);
    assert_text(at(document, "To"), "https://host.example/PowerShell-LiveID?a=1&b=2");
    assert_text(at(document, "Address"), "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous");
    assert_text(at(document, "Action"), "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Receive");
    assert_text(at(document, "ResourceURI"), "http://schemas.microsoft.com/powershell/Microsoft.Exchange");
    assert_text(at(document, "MaxEnvelopeSize"), "512000");
    assert_text(at(document, "OperationTimeout"), "PT61.500S");
    assert_text(at(document, "SessionId"), "uuid:11111111-2222-3333-4444-55555555ABCD");
    assert_text(at(document, "Selector"), "SHELL-1");
    assert_text(xml_attribute(xml_find(xml_root(document), NULL, "Selector"), "Name"), "ShellId");
    assert_text(xml_attribute(xml_find(xml_root(document), NULL, "Locale"), "lang"), "de-DE");
    assert_text(xml_attribute(xml_find(xml_root(document), NULL, "DataLocale"), "lang"), "en-US");
    assert_text(xml_attribute(xml_find(xml_root(document), NULL, "Action"), "mustUnderstand"), "true");
    assert_text(xml_attribute(xml_find(xml_root(document), NULL, "Option"), "Name"), "WSMAN_CMDSHELL_OPTION_KEEPALIVE");
    assert_text(at(document, "DesiredStream"), "stdout");
    assert_text(xml_attribute(xml_find(xml_root(document), NULL, "DesiredStream"), "CommandId"), "CMD");
    assert_true(str_ends_nocase(at(document, "MessageID"), str_of(id.text)));
    xml_free(document);
    buf_clear(&out);
    wsman_receive(&shell, "", &id, &out);
    document = xml_parse(buf_str(&out), NULL, NULL);
    assert_int_equal(xml_attribute(xml_find(xml_root(document), NULL, "DesiredStream"), "CommandId").len, 0);
    xml_free(document);
    buf_free(&out);
}

static void a_shell_is_created(void **state)
{
    struct buf out = BUF_INIT(BUF_SMALL);
    struct wsman_shell fresh = shell;
    struct guid id;
    (void)state;
    *fresh.shell_id = '\0';
    const struct wsman_creation creation = { .pool = { "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee" }, .idle_timeout_ms = 900000, .opening = STR("ABC") };
    wsman_create(&fresh, &creation, &id, &out);
    struct xml_document *document = xml_parse(buf_str(&out), NULL, NULL);
    const struct xml_node *node = xml_find(xml_root(document), NULL, "Shell");
    assert_text(at(document, "Action"), "http://schemas.xmlsoap.org/ws/2004/09/transfer/Create");
    assert_text(at(document, "Option"), "2.3");
    assert_text(xml_attribute(xml_find(xml_root(document), NULL, "Option"), "MustComply"), "true");
    assert_null(xml_find(xml_root(document), NULL, "Selector"));
    assert_text(xml_attribute(node, "ShellId"), "AAAAAAAA-BBBB-CCCC-DDDD-EEEEEEEEEEEE");
    assert_text(at(document, "InputStreams"), "stdin pr");
    assert_text(at(document, "OutputStreams"), "stdout");
    assert_text(at(document, "IdleTimeOut"), "PT900.000S");
    assert_text(xml_text(xml_child(node, "http://schemas.microsoft.com/powershell", "creationXml")), "QUJD");
    xml_free(document);
    buf_free(&out);
}

static void commands_sends_and_signals_name_their_command(void **state)
{
    struct buf out = BUF_INIT(BUF_SMALL);
    struct guid id;
    (void)state;
    wsman_command(&shell, "CMD", STR("ABC"), &id, &out);
    struct xml_document *document = xml_parse(buf_str(&out), NULL, NULL);
    assert_text(xml_attribute(xml_find(xml_root(document), NULL, "CommandLine"), "CommandId"), "CMD");
    assert_text(at(document, "Arguments"), "QUJD");
    xml_free(document);
    buf_clear(&out);
    wsman_input(&shell, "", false, STR("ABC"), &id, &out);
    document = xml_parse(buf_str(&out), NULL, NULL);
    assert_text(xml_attribute(xml_find(xml_root(document), NULL, "Stream"), "Name"), "stdin");
    assert_int_equal(xml_attribute(xml_find(xml_root(document), NULL, "Stream"), "CommandId").len, 0);
    xml_free(document);
    buf_clear(&out);
    wsman_input(&shell, "CMD", true, STR("ABC"), &id, &out);
    document = xml_parse(buf_str(&out), NULL, NULL);
    assert_text(xml_attribute(xml_find(xml_root(document), NULL, "Stream"), "Name"), "pr");
    assert_text(at(document, "Stream"), "QUJD");
    xml_free(document);
    buf_clear(&out);
    /* The misspelling is the protocol's (section 3). */
    wsman_signal(&shell, "CMD", WSMAN_STOP, &id, &out);
    document = xml_parse(buf_str(&out), NULL, NULL);
    assert_text(at(document, "Code"), "powershell/signal/crtl_c");
    xml_free(document);
    buf_clear(&out);
    wsman_signal(&shell, "CMD", WSMAN_TERMINATE, &id, &out);
    document = xml_parse(buf_str(&out), NULL, NULL);
    assert_text(at(document, "Code"), "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/signal/terminate");
    xml_free(document);
    buf_clear(&out);
    wsman_delete(&shell, &id, &out);
    document = xml_parse(buf_str(&out), NULL, NULL);
    assert_text(at(document, "Action"), "http://schemas.xmlsoap.org/ws/2004/09/transfer/Delete");
    assert_null(xml_find(xml_root(document), NULL, "Body")->first);
    xml_free(document);
    buf_free(&out);
}

/* ---- answers ---- */

#define BEGIN "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope' xmlns:a='http://schemas.xmlsoap.org/ws/2004/08/addressing' " \
    "xmlns:w='http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd' xmlns:x='http://schemas.xmlsoap.org/ws/2004/09/transfer' " \
    "xmlns:p='http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd' " \
    "xmlns:rsp='http://schemas.microsoft.com/wbem/wsman/1/windows/shell'><s:Header><a:RelatesTo>uuid:AAAAAAAA-BBBB-CCCC-DDDD-EEEEEEEEEEEE</a:RelatesTo>" \
    "<p:ActivityId>ACT-1</p:ActivityId></s:Header><s:Body>"
#define END "</s:Body></s:Envelope>"

static const struct guid asked = { "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee" };

static void read_answer(const char *text, struct wsman_answer *answer)
{
    struct err err = { 0 };
    if (!wsman_take(str_of(text), &asked, answer, &err)) {
        fail_msg("%s", err.text);
    }
}

static void the_server_says_what_a_shell_is_called(void **state)
{
    struct wsman_answer answer;
    char id[64] = "";
    (void)state;
    read_answer(BEGIN "<x:ResourceCreated><a:Address>u</a:Address><a:ReferenceParameters><w:SelectorSet><w:Selector Name='other'>o</w:Selector>"
                "<w:Selector Name='shellid'>OF-THE-SERVER</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>"
                "<rsp:Shell><rsp:ShellId>ANOTHER</rsp:ShellId></rsp:Shell>" END, &answer);
    assert_true(wsman_shell_id(&answer, id, sizeof id, NULL));
    assert_string_equal(id, "OF-THE-SERVER");
    wsman_answer_free(&answer);
    *id = '\0';
    read_answer(BEGIN "<x:ResourceCreated/><rsp:Shell><rsp:ShellId>ANOTHER</rsp:ShellId></rsp:Shell>" END, &answer);
    assert_true(wsman_shell_id(&answer, id, sizeof id, NULL));
    assert_string_equal(id, "ANOTHER");
    wsman_answer_free(&answer);
    *id = '\0';
    read_answer(BEGIN END, &answer);
    assert_false(wsman_shell_id(&answer, id, sizeof id, NULL));
    wsman_answer_free(&answer);
}

static void streams_and_states_are_found(void **state)
{
    struct wsman_answer answer;
    const struct xml_node *stream = NULL;
    struct str text;
    (void)state;
    read_answer(BEGIN "<rsp:ReceiveResponse><rsp:Stream Name='stdout' CommandId='C'>QQ==</rsp:Stream><rsp:Stream Name='stdout'>Qg==</rsp:Stream>"
                "<rsp:Stream Name='stdout' End='true'/><rsp:CommandState CommandId='C' "
                "State='http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState/Done'><rsp:ExitCode>0</rsp:ExitCode></rsp:CommandState></rsp:ReceiveResponse>" END, &answer);
    assert_true(wsman_next_stream(&answer, &stream, &text));
    assert_text(text, "QQ==");
    assert_true(wsman_next_stream(&answer, &stream, &text));
    assert_text(text, "Qg==");
    assert_true(wsman_next_stream(&answer, &stream, &text));
    assert_int_equal(text.len, 0);
    assert_false(wsman_next_stream(&answer, &stream, &text));
    assert_true(wsman_command_done(&answer));
    assert_string_equal(answer.activity, "ACT-1");
    wsman_answer_free(&answer);
    read_answer(BEGIN "<rsp:ReceiveResponse><rsp:CommandState State='http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState/Running'/></rsp:ReceiveResponse>" END, &answer);
    assert_false(wsman_command_done(&answer));
    wsman_answer_free(&answer);
    read_answer(BEGIN "<rsp:CommandResponse><rsp:CommandId>C-2</rsp:CommandId></rsp:CommandResponse>" END, &answer);
    assert_text(wsman_command_id(&answer), "C-2");
    wsman_answer_free(&answer);
}

#define FAULT(code, subcode, message) BEGIN "<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>" subcode "</s:Value></s:Subcode></s:Code>" \
    "<s:Reason><s:Text xml:lang='en-US'>the reason</s:Text></s:Reason><s:Detail>" \
    "<f:WSManFault xmlns:f='http://schemas.microsoft.com/wbem/wsman/1/wsmanfault' Code='" code "' Machine='m'><f:Message>" message "</f:Message></f:WSManFault></s:Detail></s:Fault>" END

static void faults_are_said_in_words(void **state)
{
    struct wsman_answer answer;
    struct err err = { 0 };
    (void)state;
    read_answer(FAULT("2150858793", "w:TimedOut", "late"), &answer);
    assert_true(wsman_timed_out(&answer));
    wsman_answer_free(&answer);
    read_answer(FAULT("", "wsman:TimedOut", "late"), &answer);
    assert_true(wsman_timed_out(&answer));
    wsman_answer_free(&answer);
    read_answer(FAULT("2150858843", "w:InvalidSelectors", "gone"), &answer);
    assert_false(wsman_timed_out(&answer));
    assert_true(wsman_is_gone(&answer));
    wsman_fault_err(&answer, false, &err);
    assert_int_equal(err.kind, ERR_SERVER);
    assert_string_equal(err.text, "The remote session has ended on the server: gone");
    assert_string_equal(err.code, "WSMan 2150858843 (0x8033805B)");
    assert_non_null(strstr(err.advice, "opens a new one"));
    assert_non_null(strstr(err.correlation, "ACT-1"));
    wsman_fault_err(&answer, true, &err);
    assert_string_equal(err.text, "The remote session could not be opened: gone");
    assert_non_null(strstr(err.advice, "Try again"));
    wsman_answer_free(&answer);
    read_answer(FAULT("-2144108453", "w:InvalidSelectors", "signed"), &answer);
    assert_true(wsman_is_gone(&answer));
    wsman_answer_free(&answer);
    read_answer(FAULT("5", "w:AccessDenied", "<f:ProviderFault><f:WSManFault Code='7'><f:Message>the inner one</f:Message></f:WSManFault></f:ProviderFault>"), &answer);
    wsman_fault_err(&answer, false, &err);
    assert_int_equal(err.kind, ERR_FORBIDDEN);
    assert_string_equal(err.text, "the inner one");
    assert_non_null(strstr(err.advice, "deprecated"));
    wsman_answer_free(&answer);
    read_answer(FAULT("1326", "w:AccessDenied", " "), &answer);
    wsman_fault_err(&answer, false, &err);
    assert_int_equal(err.kind, ERR_AUTH_DENIED);
    assert_string_equal(err.text, "the reason");
    wsman_answer_free(&answer);
    read_answer(FAULT("2150859160", "w:QuotaLimit", "[Server=A,RequestId=R-1,TimeStamp=t] [FailureCategory=AuthZ-AuthorizationException] exceeded the maximum number of connections allowed : 3"), &answer);
    wsman_fault_err(&answer, false, &err);
    assert_int_equal(err.kind, ERR_THROTTLED);
    assert_non_null(strstr(err.correlation, "RequestId=R-1"));
    assert_non_null(strstr(err.advice, "15 minutes"));
    wsman_answer_free(&answer);
}

static void assert_not_taken(const char *text, const char *why)
{
    struct wsman_answer answer;
    struct err err = { 0 };
    assert_false(wsman_take(str_of(text), &asked, &answer, &err));
    assert_int_equal(err.kind, ERR_PROTOCOL);
    if (!strstr(err.text, why)) {
        fail_msg("\"%s\" is not in \"%s\"", why, err.text);
    }
}

static void what_is_no_answer_is_refused(void **state)
{
    (void)state;
    assert_false(wsman_looks_like_envelope(STR("<html><body>Object moved. Envelope")));
    assert_false(wsman_looks_like_envelope(STR("<!DOCTYPE html><title>Envelope</title>")));
    assert_false(wsman_looks_like_envelope(STR("Envelope")));
    assert_false(wsman_looks_like_envelope(STR("<!-- <s:Envelope")));
    assert_false(wsman_looks_like_envelope(STR("")));
    assert_true(wsman_looks_like_envelope(STR("<Envelope xmlns='x'>")));
    assert_true(wsman_looks_like_envelope(STR("\xEF\xBB\xBF<?xml version='1.0'?>\r\n<!-- a > b -->\n<ns0:Envelope>")));
    assert_true(wsman_looks_like_envelope(STR("<!DOCTYPE a [<!ENTITY x 'y'>]><s:Envelope/>")));
    assert_not_taken("", "no SOAP envelope");
    assert_not_taken("<html><body>Envelope", "no SOAP envelope");
    assert_not_taken("<other/>", "begins with <other>");
    assert_not_taken("<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body/></s:Envelope>", "no SOAP envelope");
    assert_not_taken("<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope' xmlns:a='http://schemas.xmlsoap.org/ws/2004/08/addressing'><s:Header>"
                     "<a:RelatesTo>uuid:00000000-0000-0000-0000-000000000001</a:RelatesTo></s:Header><s:Body/></s:Envelope>", "another request");
    assert_not_taken("<!DOCTYPE a [<!ENTITY x \"y\">]>" BEGIN "&x;" END, "document type");
}

/* ---- addresses ---- */

static char *address(struct session_config config)
{
    struct buf out = BUF_INIT(BUF_SMALL);
    struct err err = { 0 };
    const struct guid id = { "11111111-2222-3333-4444-555555555555" };
    config.cloud = cloud_by_name("worldwide");
    if (!rps_address(&config, &id, &out, &err)) {
        buf_clear(&out);
        buf_format(&out, "%s: %s", err.field, err.text);
    }
    return buf_take(&out);
}

static void assert_address(struct session_config config, const char *begin, const char *part, const char *missing)
{
    char *text = address(config);
    bool good = strncmp(text, begin, strlen(begin)) == 0 && strstr(text, part) && !(*missing && strstr(text, missing));
    if (!good) {
        fail_msg("%s\n%s\n%s", begin, part, text);
    }
    free(text);
}

static void an_address_gets_what_it_lacks(void **state)
{
    const struct session_config user = { .connection_uri = "https://ps.compliance.protection.outlook.com/powershell-liveid/", .upn = "a+b@contoso.com", .organization = "" };
    struct session_config config = user;
    (void)state;
    assert_address(config, "https://ps.compliance.protection.outlook.com/powershell-liveid?BasicAuthToOAuthConversion=true&HideBannerMessage=true&"
                   "ConnectionId=11111111-2222-3333-4444-555555555555&ClientProcessId=", "&email=a%2Bb%40contoso.com;PSVersion=5.1.", "DelegatedOrg");
    config.bypass_anchoring = true;
    assert_address(config, "https://", "PSVersion", "email=");
    config = user;
    config.app_only = true;
    config.organization = "contoso.onmicrosoft.com";
    assert_address(config, "https://", "&email=SystemMailbox%7Bbb558c35-97f1-4cb9-8ff7-d53741dc928c%7D%40contoso.onmicrosoft.com", "DelegatedOrg");
    config = user;
    config.delegated = true;
    config.organization = "customer.onmicrosoft.com";
    assert_address(config, "https://", "&DelegatedOrg=customer.onmicrosoft.com", "");
    config = user;
    config.connection_uri = "https://nam02b.ps.compliance.protection.outlook.com:443/X?basicauthtooauthconversion=TRUE;email=me%40x.y;PSVersion=7.4.0";
    assert_address(config, "https://nam02b.ps.compliance.protection.outlook.com:443/X?basicauthtooauthconversion=TRUE;email=me%40x.y;PSVersion=7.4.0&HideBannerMessage=true",
                   "", "BasicAuthToOAuthConversion");
    config.connection_uri = "https://ps.compliance.protection.outlook.com";
    assert_address(config, "https://ps.compliance.protection.outlook.com/powershell-liveid?BasicAuth", "", "");
    config.connection_uri = "https://ps.compliance.protection.outlook.com.evil.example/powershell-liveid";
    assert_address(config, "ConnectionUri: ", "is no address of the cloud", "");
    config.connection_uri = "http://ps.compliance.protection.outlook.com/powershell-liveid";
    assert_address(config, "ConnectionUri: ", "", "");
}

static void a_redirect_stays_within_the_cloud(void **state)
{
    static const struct { const char *location, *expected; } cases[] = {
        { "https://nam02b.ps.compliance.protection.outlook.com/Powershell-LiveId?BasicAuthToOAuthConversion=true&HideBannerMessage=true;PSVersion=5.1.18362.752",
          "https://nam02b.ps.compliance.protection.outlook.com/Powershell-LiveId?BasicAuthToOAuthConversion=true&HideBannerMessage=true;PSVersion=5.1.18362.752" },
        { "/Powershell-LiveId?x=1", "https://ps.compliance.protection.outlook.com/Powershell-LiveId?x=1;PSVersion=5.1.19041.1" },
        { "https://nam02b.ps.compliance.protection.outlook.com/Powershell-LiveId/", "https://nam02b.ps.compliance.protection.outlook.com/Powershell-LiveId?PSVersion=5.1.19041.1" },
        { "/Powershell-LiveId?", "https://ps.compliance.protection.outlook.com/Powershell-LiveId?PSVersion=5.1.19041.1" },
        { "http://nam02b.ps.compliance.protection.outlook.com/", NULL },
        { "https://nam02b.ps.compliance.protection.outlook.com.evil.example/", NULL },
        { "https://user:pass@nam02b.ps.compliance.protection.outlook.com/", NULL },
        { "https://evil.example/outlook.com", NULL },
        { "https://notoutlook.com/", NULL },
        { "", NULL },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out = BUF_INIT(BUF_SMALL);
        struct err err = { 0 };
        bool good = rps_redirect(cloud_by_name("worldwide"), "https://ps.compliance.protection.outlook.com/powershell-liveid?q", cases[i].location, &out, &err);
        assert_int_equal(good, cases[i].expected != NULL);
        if (good) {
            assert_string_equal(buf_cstr(&out), cases[i].expected);
        } else {
            assert_int_equal(err.kind, ERR_PROTOCOL);
        }
        buf_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_envelope_has_the_headers),
        cmocka_unit_test(a_shell_is_created),
        cmocka_unit_test(commands_sends_and_signals_name_their_command),
        cmocka_unit_test(the_server_says_what_a_shell_is_called),
        cmocka_unit_test(streams_and_states_are_found),
        cmocka_unit_test(faults_are_said_in_words),
        cmocka_unit_test(what_is_no_answer_is_refused),
        cmocka_unit_test(an_address_gets_what_it_lacks),
        cmocka_unit_test(a_redirect_stays_within_the_cloud),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
