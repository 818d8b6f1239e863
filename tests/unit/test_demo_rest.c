/* The demo tenant's compliance service behind its front door: the contract's answers, errors, pages and changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "demo/entra.h"
#include "demo/rest_call.h"

#define HOST "eur01b." DEMO_FRONT_DOOR
#define ADMIN_HOST "eur01b." DEMO_ADMIN_SUFFIX
#define INVOKE "/adminapi/beta/" DEMO_TENANT_ID "/InvokeCommand"

/* The headers of the next request; a test changes them. */
struct headers {
    const char *anchor, *prefer, *authorization, *command_name, *cookie;
};

struct fixture {
    struct demo demo;
    struct headers headers;
    bool search_only; /* the kind of session that the next request comes from */
    struct demo_reply reply;
    struct json *body; /* the last reply's */
};

static const char *header(const struct demo_request *request, const char *name)
{
    const struct headers *headers = request->connection;
    const struct {
        const char *name, *value;
    } known[] = {
        { "X-AnchorMailbox", headers->anchor },
        { "Prefer", headers->prefer },
        { "Authorization", headers->authorization },
        { "CommandName", headers->command_name },
        { "Cookie", headers->cookie },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (str_is_nocase(str_of(name), known[i].name) && known[i].value) {
            return known[i].value;
        }
    }
    return "";
}

static int set_up(void **state)
{
    struct fixture *fixture = MEM_NEW(struct fixture);
    fixture->demo.config = (struct demo_config){
        .users = 2500, .seed = 7, .port = 8443, .region = "eur01b", .token_lifetime_s = 3600
    };
    fixture->demo.entra = entra_new(&fixture->demo.config);
    fixture->demo.rest = rest_new(&fixture->demo.config);
    fixture->headers.anchor = "upn:" DEMO_USER;
    *state = fixture;
    return 0;
}

static void forget_reply(struct fixture *fixture)
{
    struct demo_reply *reply = &fixture->reply;
    for (size_t i = 0; i < reply->header_count; i++) {
        free(reply->headers[i].name);
        free(reply->headers[i].value);
    }
    if (reply->stream.context)
        reply->stream.free(reply->stream.context);
    buf_free(&reply->body);
    json_free(fixture->body);
    fixture->body = NULL;
    *reply = (struct demo_reply){ .status = 500, .body = BUF_INIT(DEMO_MAX_BODY) };
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    forget_reply(fixture);
    entra_free(fixture->demo.entra);
    rest_free(fixture->demo.rest);
    free(fixture);
    return 0;
}

static void drain(struct demo_reply *reply)
{
    char piece[777];
    size_t length;
    while (reply->stream.context && (length = reply->stream.fill(reply->stream.context, piece, sizeof piece)) > 0)
        buf_add(&reply->body, (struct str){ piece, length });
}

static void ask(struct fixture *fixture, const char *method, const char *host, const char *path, const char *query,
                const char *body)
{
    const struct demo_request request = {
        .method = method,
        .host = host,
        .path = path,
        .query = query,
        .body = str_of(body),
        .header = header,
        .header_text = "",
        .connection = &fixture->headers,
    };
    forget_reply(fixture);
    rest_serve(&fixture->demo, &request, &(struct caller){ DEMO_USER, fixture->search_only }, &fixture->reply);
    drain(&fixture->reply);
    fixture->body = fixture->reply.body.len ? json_parse(buf_str(&fixture->reply.body), NULL) : NULL;
}

static const struct json *invoke(struct fixture *fixture, const char *cmdlet, const char *parameters)
{
    char *body = mem_format("{\"CmdletInput\":{\"CmdletName\":\"%s\",\"Parameters\":%s}}", cmdlet, parameters);
    ask(fixture, "POST", HOST, INVOKE, "", body);
    free(body);
    assert_non_null(fixture->body);
    return json_get(fixture->body, "value");
}

static const struct json *ok(struct fixture *fixture, const char *cmdlet, const char *parameters)
{
    const struct json *value = invoke(fixture, cmdlet, parameters);
    if (fixture->reply.status != 200)
        fail_msg("%s %s: %d %s", cmdlet, parameters, fixture->reply.status, buf_cstr(&fixture->reply.body));
    assert_int_equal(json_kind(value), JSON_ARRAY);
    assert_int_equal(json_kind(json_get(fixture->body, "@adminapi.warnings")), JSON_ARRAY);
    return value;
}

static const char *reply_value(const struct fixture *fixture, const char *name)
{
    for (size_t i = 0; i < fixture->reply.header_count; i++)
        if (str_is_nocase(str_of(name), fixture->reply.headers[i].name))
            return fixture->reply.headers[i].value;
    return "";
}

static const char *detail(const struct fixture *fixture)
{
    return json_cstr(json_get(json_first(json_get(json_get(fixture->body, "error"), "details")), "message"), "");
}

static void refused(struct fixture *fixture, const char *cmdlet, const char *parameters, int status, const char *words)
{
    invoke(fixture, cmdlet, parameters);
    if (fixture->reply.status != status || !strstr(detail(fixture), words))
        fail_msg("%s %s: %d %s", cmdlet, parameters, fixture->reply.status, buf_cstr(&fixture->reply.body));
}

/* ---- every cmdlet ---- */

static void every_get_cmdlet_answers(void **state)
{
    struct fixture *fixture = *state;
    const struct cmdlet_table *table = fixture->demo.rest->table;
    assert_true(table->count >= 60);
    for (size_t i = 0; i < table->count; i++) {
        char *name = str_dup(table->items[i].name);
        if (strncmp(name, "Get-", 4) == 0) {
            bool members = strstr(name, "Member") != NULL;
            const char *parameters = !members               ? "{}"
                                     : strstr(name, "Case") ? "{\"Case\":\"Expense audit FY25\"}"
                                                            : "{\"Identity\":\"Reviewer\"}";
            assert_true(json_count(ok(fixture, name, parameters)) > 0);
        } else if (!strstr(name, "ExplorerData")) {       /* these answer by themselves */
            assert_true(tenant_noun(str_of(strchr(name, '-') + 1)) != NULL);
        }
        free(name);
    }
}

static void counts_are_those_of_the_seed(void **state)
{
    static const struct {
        const char *cmdlet, *parameters;
        size_t count;
    } expected[] = {
        { "Get-ComplianceSearch", "{}", 60 },
        { "Get-Label", "{}", 14 },
        { "Get-LabelPolicy", "{}", 6 },
        { "Get-DlpCompliancePolicy", "{}", 12 },
        { "Get-DlpComplianceRule", "{}", 30 },
        { "Get-RetentionCompliancePolicy", "{}", 10 },
        { "Get-RetentionComplianceRule", "{}", 10 },
        { "Get-ProtectionAlert", "{}", 20 },
        { "Get-RoleGroup", "{}", 30 },
        { "Get-QuarantineMessage", "{}", 40 },
        { "Get-ComplianceTag", "{}", 20 },
        { "Get-QuarantineMessage", "{\"PageSize\":15,\"Page\":3}", 10 },
        { "Get-Label", "{\"Identity\":\"conf*\"}", 4 },
        { "get-label", "{\"identity\":\"GENERAL\"}", 1 },
        { "Get-RoleGroup", "{\"Filter\":\"Name -like 'Security*'\"}", 2 },
        { "Get-ComplianceCase", "{\"CaseType\":\"AdvancedEdiscovery\"}", 5 },
        { "Get-ComplianceCase", "{\"CaseType\":\"dsr\"}", 1 },
        { "Get-DlpComplianceRule", "{\"Policy\":\"HIPAA Enhanced\"}", 3 },
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        size_t count = json_count(ok(*state, expected[i].cmdlet, expected[i].parameters));
        if (count != expected[i].count)
            fail_msg("%s %s: %zu", expected[i].cmdlet, expected[i].parameters, count);
    }
    const struct json *cases = ok(*state, "Get-ComplianceCase", "{}");
    for (const struct json *one = json_first(cases); one; one = json_next(one))
        assert_string_equal(json_cstr(json_get(one, "CaseType"), ""), "eDiscovery");
}

/* Every parameter of every cmdlet with values that do not belong there: always an answer, always JSON. */
static void odd_values_are_answered(void **state)
{
    static const char *const values[] = {
        "null",
        "5",
        "\"x\"",
        "\"*\"",
        "[]",
        "[[{}]]",
        "{\"a\":{\"b\":[1]}}",
        "true",
        "{\"@odata.type\":\"#Exchange.GenericHashTable\",\"Add\":[\"x\"],\"k\":null}"
    };
    struct fixture *fixture = *state;
    const struct cmdlet_table *table = fixture->demo.rest->table;
    size_t calls = 0;
    for (size_t i = 0; i < table->count; i++) {
        char *name = str_dup(table->items[i].name);
        for (size_t p = 0; p < table->items[i].count; p++) {
            struct str parameter = table->items[i].params[p].name;
            char *parameters = mem_format("{\"Identity\":\"*\",\"Name\":\"n%zu\",\"%.*s\":%s}", calls,
                                          STR_ARG(parameter), values[calls % (sizeof values / sizeof *values)]);
            char *alone = mem_format("{\"%.*s\":%s}", STR_ARG(parameter),
                                     values[++calls % (sizeof values / sizeof *values)]);
            bool named = cmdlet_param(&table->items[i], STR("Name")) && cmdlet_param(&table->items[i], STR("Identity"));
            invoke(fixture, name, named ? parameters : alone);
            int status = fixture->reply.status;
            if (status != 200 && status != 400 && status != 404)
                fail_msg("%s %s: %d", name, named ? parameters : alone, status);
            free(parameters);
            free(alone);
        }
        free(name);
    }
    assert_true(calls > 900);
}

/* ---- the wire form ---- */

static void annotations_stand_before_their_property(void **state)
{
    struct fixture *fixture = *state;
    const struct json *one = json_first(
        ok(fixture, "Get-ComplianceSearch", "{\"Identity\":\"Everything, all locations\"}"));
    const struct json *type = json_get(one, "Size@data.type");
    assert_string_equal(json_cstr(type, ""), "System.Int64");
    assert_string_equal(json_name(json_next(json_next(type))), "Size");
    assert_true(str_is(json_string(json_get(one, "Size")), "9223372036854775807"));
    assert_true(str_is(json_string(json_get(one, "Items")), "9007199254740993"));
    assert_non_null(json_get(one, "SharePointLocation@odata.type"));
    assert_int_equal(json_kind(json_get(one, "OneDriveLocation")), JSON_NULL);
    assert_null(json_get(one, "OneDriveLocation@data.type"));
    const char *created = json_cstr(json_get(one, "CreatedTime"), "");
    assert_int_equal(strlen(created), 28);
    assert_int_equal(created[27], 'Z');
}

static void everything_outside_ascii_is_escaped(void **state)
{
    struct fixture *fixture = *state;
    static const char *const cmdlets[] = { "Get-ComplianceCase", "Get-DlpComplianceRule", "Get-User", "Get-RoleGroup",
                                           "Get-QuarantineMessage" };
    for (size_t i = 0; i < sizeof cmdlets / sizeof *cmdlets; i++) {
        ok(fixture, cmdlets[i], "{}");
        for (size_t at = 0; at < fixture->reply.body.len; at++)
            assert_true((unsigned char)fixture->reply.body.data[at] < 0x80);
    }
    refused(fixture, "Get-Label", "{\"Identity\":\"Ünknown 🔒\"}", 404, "Ünknown 🔒");
    assert_null(strstr(buf_cstr(&fixture->reply.body), "Ü"));
}

static void headers_of_an_answer(void **state)
{
    struct fixture *fixture = *state;
    ok(fixture, "Get-Label", "{}");
    assert_int_equal(strlen(reply_value(fixture, "request-id")), 36);
    assert_string_equal(reply_value(fixture, "OData-Version"), "4.0");
    assert_non_null(strstr(reply_value(fixture, "Content-Type"), "IEEE754Compatible=false"));
    assert_non_null(strstr(reply_value(fixture, "X-CalculatedBETarget"), "eur01b"));
    assert_non_null(
        strstr(json_cstr(json_get(fixture->body, "@odata.context"), ""), "#Collection(Exchange.GenericHashTable)"));
}

static void the_same_seed_gives_the_same_objects(void **state)
{
    struct fixture *fixture = *state;
    ok(fixture, "Get-DlpCompliancePolicy", "{}");
    char *before = buf_take(&fixture->reply.body);
    rest_free(fixture->demo.rest);
    fixture->demo.rest = rest_new(&fixture->demo.config);
    ok(fixture, "Get-DlpCompliancePolicy", "{}");
    assert_string_equal(buf_cstr(&fixture->reply.body), before);
    free(before);
}

/* ---- errors ---- */

static void errors_in_all_three_forms(void **state)
{
    struct fixture *fixture = *state;
    refused(fixture, "Get-Label", "{\"Identity\":\"nope\"}", 404,
            "Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|");
    assert_string_equal(reply_value(fixture, "x-ExceptionType"), "ManagementObjectNotFoundException");
    refused(fixture, "Get-ComplianceCase", "{\"CaseType\":\"Nonsense\"}", 400,
            "Valid names are: AdvancedEdiscovery, ComplianceClassifier");
    struct json *inner = json_parse(str_of(detail(fixture)), NULL);
    assert_non_null(strstr(json_cstr(json_get(inner, "ClassName"), ""), "ParameterTransformationException"));
    assert_non_null(json_get(json_get(inner, "localizedString"), "stringId"));
    json_free(inner);
    refused(fixture, "New-ComplianceCase", "{}", 400, "mandatory parameter is missing: Name");
    assert_string_equal(json_cstr(json_get(json_get(fixture->body, "error"), "code"), ""), "BadRequest");
}

/* A cmdlet without a default set must not slip through by a set of no parameters at all. */
static void a_mandatory_parameter_is_missed_without_a_default_set(void **state)
{
    refused(*state, "Get-RoleGroupMember", "{}", 400, "mandatory parameter is missing: Identity");
    refused(*state, "Remove-Label", "{}", 400, "mandatory parameter is missing: Identity");
    refused(*state, "New-Label", "{\"DisplayName\":\"d\",\"Tooltip\":\"t\"}", 400, "mandatory parameter is missing: Name");
    refused(*state, "Delete-QuarantineMessage", "{}", 400, "mandatory parameter is missing");
}

/* The text says what came, also when that is no text. */
static void a_wrong_value_is_named(void **state)
{
    static const struct {
        const char *value, *words;
    } cases[] = {
        { "{\"color\":\"#fff\"}", "does not take an object without" },
        { "{\"@odata.type\":\"#Exchange.Other\"}", "does not take an object of the type '#Exchange.Other'" },
        { "[{\"color\":\"#fff\"}]", "does not take a list of 1 value" },
        { "true", "does not take the value 'true'" },
        { "17", "does not take the value '17'" },
        { "\"\"", "does not take an empty text" },
        { "\"red\"", "does not take the value 'red'" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *parameters = mem_format("{\"Identity\":\"General\",\"AdvancedSettings\":%s}", cases[i].value);
        refused(*state, "Set-Label", parameters, 400, cases[i].words);
        free(parameters);
    }
}

static void calls_that_are_refused(void **state)
{
    refused(*state, "Get-Nothing", "{}", 403, "Get-Nothing");
    refused(*state, "Get-Label", "{\"Colour\":\"red\"}", 400, "no parameter with the name 'Colour'");
    refused(*state, "Get-ManagementRole", "{\"Recurse\":true,\"GetChildren\":true,\"Identity\":\"x\"}", 400,
            "No parameter set");
    refused(*state, "Set-Label", "{\"Identity\":\"General\",\"Priority\":\"high\"}", 400,
            "cannot be made a System.Int32");
    refused(*state, "Set-Label", "{\"Identity\":\"General\",\"AdvancedSettings\":{\"color\":\"#fff\"}}", 400,
            "PswsHashtable");
    refused(*state, "New-ComplianceCase", "{\"Name\":\"Expense audit FY25\"}", 400, "already exists");
    refused(*state, "New-DlpComplianceRule", "{\"Name\":\"r\",\"Policy\":\"no such policy\"}", 404, "no such policy");
    refused(*state, "Remove-Label", "{\"Identity\":\"*\"}", 404, "is not there");
    refused(*state, "Get-RoleGroup", "{\"Filter\":\"Name like\"}", 400, "cannot be read");
    refused(*state, "Get-User", "{\"ResultSize\":0}", 400, "ResultSize");
}

static void bodies_that_are_no_call(void **state)
{
    static const char *const bodies[] = { "",
                                          "{",
                                          "[]",
                                          "{\"CmdletInput\":5}",
                                          "{\"CmdletInput\":{\"Parameters\":{}}}",
                                          "{\"CmdletInput\":{\"CmdletName\":\"Get-Label\",\"Parameters\":[1]}}" };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        ask(fixture, "POST", HOST, INVOKE, "", bodies[i]);
        assert_int_equal(fixture->reply.status, 400);
        assert_non_null(json_get(fixture->body, "error"));
    }
}

static void wrong_places(void **state)
{
    struct fixture *fixture = *state;
    const char *body = "{\"CmdletInput\":{\"CmdletName\":\"Get-Label\",\"Parameters\":{}}}";
    ask(fixture, "POST", "nam12b." DEMO_FRONT_DOOR, INVOKE, "", body);
    assert_int_equal(fixture->reply.status, 500);
    assert_non_null(strstr(detail(fixture), "could not find the organization container"));
    ask(fixture, "POST", HOST, "/adminapi/beta/11111111-1111-1111-1111-111111111111/InvokeCommand", "", body);
    assert_int_equal(fixture->reply.status, 500);
    ask(fixture, "POST", HOST, "/ADMINAPI/v1.0/" DEMO_TENANT "/invokecommand", "", body);
    assert_int_equal(fixture->reply.status, 200);
    ask(fixture, "GET", HOST, INVOKE, "", "");
    assert_int_equal(fixture->reply.status, 405);
    ask(fixture, "GET", HOST, "/adminapi/beta/" DEMO_TENANT_ID "/Nothing", "", "");
    assert_int_equal(fixture->reply.status, 404);
}

static void the_anchor_tells_the_tenant(void **state)
{
    static const struct {
        const char *anchor, *upn;
        int status;
    } cases[] = {
        { "UPN:adele@fabrikam.onmicrosoft.localhost", DEMO_USER, 500 },
        { NULL, DEMO_USER, 200 },
        { NULL, "", 500 },
        { "app:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@" DEMO_TENANT, "", 200 },
        { "UPN:x@" DEMO_TENANT_ID, "", 500 },
        { DEMO_USER, DEMO_USER, 500 },
        { "UPN:adele@contoso.localhost", "adele@contoso.localhost", 200 },
        { "UPN:other@contoso.localhost", "adele@contoso.localhost", 200 },
        { NULL, "adele@contoso.localhost", 200 },
        { "UPN:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@contoso.localhost", "", 500 },
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct demo_request request = {
            .method = "POST",
            .host = HOST,
            .path = INVOKE,
            .query = "",
            .header = header,
            .header_text = "",
            .connection = &fixture->headers,
            .body = STR("{\"CmdletInput\":{\"CmdletName\":\"Get-Label\",\"Parameters\":{}}}"),
        };
        fixture->headers.anchor = cases[i].anchor;
        forget_reply(fixture);
        rest_serve(&fixture->demo, &request, &(struct caller){ cases[i].upn, false }, &fixture->reply);
        assert_int_equal(fixture->reply.status, cases[i].status);
    }
}

static void without_a_bearer_nothing_opens(void **state)
{
    struct fixture *fixture = *state;
    static const char *const hosts[] = { DEMO_FRONT_DOOR, HOST, ADMIN_HOST };
    static const char *const bearers[] = { "", "Bearer x.y.z", "Basic QTpC" };
    for (size_t i = 0; i < 9; i++) {
        const struct demo_request request = { .method = "POST",
                                              .host = hosts[i % 3],
                                              .path = INVOKE,
                                              .query = "",
                                              .body = str_of("{}"),
                                              .header = header,
                                              .header_text = "",
                                              .connection = &fixture->headers };
        fixture->headers.authorization = bearers[i / 3];
        forget_reply(fixture);
        rest_handle(&fixture->demo, &request, &fixture->reply);
        assert_int_equal(fixture->reply.status, i % 3 == 2 ? 421 : 401);
        if (i % 3 != 2) {
            assert_int_equal(fixture->reply.body.len, 0);
            assert_non_null(strstr(reply_value(fixture, "WWW-Authenticate"), "Bearer"));
        }
    }
}

/* ---- changes ---- */

static const struct json *only(struct fixture *fixture, const char *cmdlet, const char *parameters)
{
    const struct json *value = ok(fixture, cmdlet, parameters);
    assert_int_equal(json_count(value), 1);
    return json_first(value);
}

static void a_case_lives_and_ends(void **state)
{
    struct fixture *fixture = *state;
    const struct json *made = only(fixture, "New-ComplianceCase",
                                   "{\"Name\":\"Zebra\",\"Description\":\"Über\",\"CaseType\":\"advancedediscovery\"}");
    assert_string_equal(json_cstr(json_get(made, "Description"), ""), "Über");
    assert_string_equal(json_cstr(json_get(made, "CaseType"), ""), "AdvancedEdiscovery");
    assert_string_equal(json_cstr(json_get(made, "CreatedBy"), ""), DEMO_USER);
    only(fixture, "New-ComplianceSearch", "{\"Name\":\"Stripes\",\"Case\":\"Zebra\",\"ExchangeLocation\":[\"All\"]}");
    ok(fixture, "Set-ComplianceCase", "{\"Identity\":\"zebra\",\"Close\":true}");
    assert_int_equal(json_count(json_get(fixture->body, "value")), 0);
    assert_string_equal(
        json_cstr(json_get(only(fixture, "Get-ComplianceCase", "{\"Identity\":\"Zebra\"}"), "Status"), ""), "Closed");
    ok(fixture, "Remove-ComplianceCase", "{\"Identity\":\"Zebra\",\"Confirm\":false}");
    refused(fixture, "Get-ComplianceCase", "{\"Identity\":\"Zebra\"}", 404, "Zebra");
    refused(fixture, "Get-ComplianceSearch", "{\"Identity\":\"Stripes\"}", 404, "Stripes");
}

static void confirm_only_asks(void **state)
{
    struct fixture *fixture = *state;
    ok(fixture, "Remove-Label", "{\"Identity\":\"Public\",\"Confirm\":true}");
    assert_non_null(strstr(json_cstr(json_get(fixture->body, "@adminapi.confirmationmessage"), ""), "Public"));
    only(fixture, "Get-Label", "{\"Identity\":\"Public\"}");
    refused(fixture, "Remove-Label", "{\"Identity\":\"nope\",\"Confirm\":true}", 404, "nope");
    ok(fixture, "Remove-Label", "{\"Identity\":\"Public\",\"Confirm\":false}");
    refused(fixture, "Get-Label", "{\"Identity\":\"Public\"}", 404, "Public");
}

/* Everything that asks, one after the other: the question changes nothing, the yes does it without asking again. */
static void asking_and_acting_are_two_calls(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *cmdlet, *parameters, *target; /* parameters: without the closing brace */
        const char *look, *look_at;               /* shows the change */
    } calls[] = {
        { "New-ComplianceCase", "{\"Name\":\"Okapi\"", "Okapi", "Get-ComplianceCase", "{}" },
        { "Set-ComplianceCase", "{\"Identity\":\"Okapi\",\"Description\":\"striped\"", "Okapi", "Get-ComplianceCase", "{}" },
        { "Add-ComplianceCaseMember", "{\"Case\":\"Okapi\",\"Member\":\"noa.levi\"", "noa.levi", "Get-ComplianceCaseMember",
          "{\"Case\":\"Okapi\"}" },
        { "Remove-ComplianceCaseMember", "{\"Case\":\"Okapi\",\"Member\":\"noa.levi\"", "noa.levi",
          "Get-ComplianceCaseMember", "{\"Case\":\"Okapi\"}" },
        { "Remove-ComplianceCase", "{\"Identity\":\"Okapi\"", "Okapi", "Get-ComplianceCase", "{}" },
    };
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        char *asking = mem_format("%s,\"Confirm\":true}", calls[i].parameters);
        char *acting = mem_format("%s,\"Confirm\":false}", calls[i].parameters);
        ok(fixture, calls[i].look, calls[i].look_at);
        char *before = str_dup(buf_str(&fixture->reply.body));
        assert_int_equal(json_count(ok(fixture, calls[i].cmdlet, asking)), 0);
        const char *question = json_cstr(json_get(fixture->body, "@adminapi.confirmationmessage"), "");
        assert_non_null(strstr(question, calls[i].cmdlet));
        assert_non_null(strstr(question, calls[i].target));
        ok(fixture, calls[i].look, calls[i].look_at);
        assert_string_equal(before, buf_cstr(&fixture->reply.body));
        ok(fixture, calls[i].cmdlet, acting);
        assert_null(json_get(fixture->body, "@adminapi.confirmationmessage"));
        ok(fixture, calls[i].look, calls[i].look_at);
        assert_string_not_equal(before, buf_cstr(&fixture->reply.body));
        free(before);
        free(asking);
        free(acting);
    }
}

/* What cannot run is refused before anybody is asked. */
static void a_question_is_checked_first(void **state)
{
    struct fixture *fixture = *state;
    ok(fixture, "New-ComplianceCase", "{\"Name\":\"Tapir\",\"Confirm\":false}");
    refused(fixture, "New-ComplianceCase", "{\"Name\":\"Tapir\",\"Confirm\":true}", 400, "Tapir");
    refused(fixture, "New-ComplianceCase", "{\"Confirm\":true}", 400, "Name");
    refused(fixture, "Set-ComplianceCase", "{\"Identity\":\"Quagga\",\"Confirm\":true}", 404, "Quagga");
    refused(fixture, "Remove-ComplianceCaseMember", "{\"Case\":\"Quagga\",\"Member\":\"x\",\"Confirm\":true}", 404, "Quagga");
    refused(fixture, "Remove-ComplianceCaseMember", "{\"Case\":\"Tapir\",\"Member\":\"nobody\",\"Confirm\":true}", 404, "nobody");
    refused(fixture, "Remove-ComplianceCase", "{\"Identity\":\"Tapir\",\"Confirm\":\"perhaps\",\"Nonsense\":1}", 400, "Nonsense");
    /* A cmdlet that reads has nothing to ask. */
    ok(fixture, "Get-Label", "{\"Confirm\":true}");
    assert_null(json_get(fixture->body, "@adminapi.confirmationmessage"));
}

static void what_if_has_no_effect(void **state)
{
    ok(*state, "Remove-Label", "{\"Identity\":\"Personal\",\"WhatIf\":true}");
    refused(*state, "Get-Label", "{\"Identity\":\"Personal\"}", 404, "Personal");
}

static void a_list_is_no_identity(void **state)
{
    refused(*state, "Get-Label", "{\"Identity\":[\"Personal\",\"Public\"]}", 400, "takes one value");
}

static void settings_and_lists_are_edited(void **state)
{
    struct fixture *fixture = *state;
    ok(fixture, "Set-Label",
       "{\"Identity\":\"General\",\"AdvancedSettings\":{\"@odata.type\":\"#Exchange.GenericHashTable\",\"color\":\"#"
       "123456\"},\"Tooltip\":\"T\"}");
    const struct json *label = only(fixture, "Get-Label", "{\"Identity\":\"General\"}");
    struct buf text = BUF_INIT(BUF_SMALL);
    json_print(json_get(label, "Settings"), false, &text);
    assert_non_null(strstr(buf_cstr(&text), "[color, #123456]"));
    assert_null(strstr(buf_cstr(&text), "#0078D7"));
    buf_free(&text);
    assert_string_equal(json_cstr(json_get(label, "Tooltip"), ""), "T");
    assert_string_equal(json_cstr(json_get(label, "LastModifiedBy"), ""), DEMO_USER);
    ok(fixture, "Set-DlpCompliancePolicy",
       "{\"Identity\":\"HIPAA "
       "Enhanced\",\"AddSharePointLocation\":\"https://a\",\"RemoveExchangeLocation\":[\"All\"]}");
    const struct json *policy = only(fixture, "Get-DlpCompliancePolicy", "{\"Identity\":\"HIPAA Enhanced\"}");
    assert_int_equal(json_count(json_get(policy, "ExchangeLocation")), 0);
    assert_true(str_is(json_string(json_first(json_get(policy, "SharePointLocation"))), "https://a"));
    ok(fixture, "Set-Label", "{\"Identity\":\"General\"}");
    assert_int_equal(json_count(json_get(fixture->body, "@adminapi.warnings")), 1);
}

static void dictionaries_come_back_as_pairs(void **state)
{
    struct fixture *fixture = *state;
    const struct json *rule = only(
        fixture, "New-DlpComplianceRule",
        "{\"Name\":\"Pairs\",\"Policy\":\"HIPAA Enhanced\",\"ContentContainsSensitiveInformation\":[{\"name\":\"Credit "
        "Card Number\"}]}");
    const struct json *pair = json_first(json_first(json_get(rule, "ContentContainsSensitiveInformation")));
    assert_string_equal(json_cstr(json_get(pair, "_key"), ""), "name");
    assert_string_equal(json_cstr(json_get(pair, "_value"), ""), "Credit Card Number");
    assert_string_equal(json_cstr(json_get(rule, "ParentPolicyName"), ""), "HIPAA Enhanced");
    refused(
        fixture, "New-DlpComplianceRule",
        "{\"Name\":\"Bare\",\"Policy\":\"HIPAA Enhanced\",\"ContentContainsSensitiveInformation\":{\"name\":\"x\"}}",
        400, "ContentContainsSensitiveInformation");
}

static void a_search_runs_while_it_is_watched(void **state)
{
    static const char *const states[] = { "Starting", "InProgress", "Completed", "Completed" };
    struct fixture *fixture = *state;
    refused(fixture, "New-ComplianceSearchAction", "{\"SearchName\":\"Not started yet\"}", 400, "has not completed");
    ok(fixture, "Start-ComplianceSearch", "{\"Identity\":\"Not started yet\"}");
    for (size_t i = 0; i < 4; i++) {
        const struct json *search = only(fixture, "Get-ComplianceSearch", "{\"Identity\":\"Not started yet\"}");
        assert_string_equal(json_cstr(json_get(search, "Status"), ""), states[i]);
        assert_int_equal(!str_is(json_string(json_get(search, "Items")), "0"), i >= 2);
    }
    const struct json *action = only(fixture, "New-ComplianceSearchAction", "{\"SearchName\":\"Not started yet\"}");
    assert_string_equal(json_cstr(json_get(action, "Name"), ""), "Not started yet_Preview");
    refused(fixture, "New-ComplianceSearchAction", "{\"SearchName\":\"Not started yet\"}", 400, "already exists");
}

/* The times are those of the last run, and null where there was none yet. */
static void a_search_has_the_times_of_its_last_run(void **state)
{
    struct fixture *fixture = *state;
    static const char named[] = "{\"Identity\":\"Prior art\"}";
    const struct json *search = only(fixture, "Get-ComplianceSearch", "{\"Identity\":\"Not started yet\"}");
    assert_int_equal(json_kind(json_get(search, "JobStartTime")), JSON_NULL);
    assert_int_equal(json_kind(json_get(search, "JobEndTime")), JSON_NULL);
    search = only(fixture, "Get-ComplianceSearch", named);
    char *started = mem_text(json_cstr(json_get(search, "JobStartTime"), ""));
    char *run = mem_text(json_cstr(json_get(search, "JobRunId"), ""));
    assert_int_equal(strlen(started), 28);
    ok(fixture, "Start-ComplianceSearch", named);
    search = only(fixture, "Get-ComplianceSearch", named);
    assert_true(strcmp(json_cstr(json_get(search, "JobStartTime"), ""), started) > 0);
    assert_string_not_equal(json_cstr(json_get(search, "JobRunId"), ""), run);
    assert_int_equal(json_kind(json_get(search, "JobEndTime")), JSON_NULL);
    only(fixture, "Get-ComplianceSearch", named);
    search = only(fixture, "Get-ComplianceSearch", named);
    assert_string_equal(json_cstr(json_get(search, "Status"), ""), "Completed");
    assert_true(strcmp(json_cstr(json_get(search, "JobEndTime"), ""), json_cstr(json_get(search, "JobStartTime"), "~")) >= 0);
    free(started);
    free(run);
    ok(fixture, "Start-ComplianceSearch", named);
    ok(fixture, "Stop-ComplianceSearch", named);
    search = only(fixture, "Get-ComplianceSearch", named);
    assert_string_equal(json_cstr(json_get(search, "Status"), ""), "Stopped");
    assert_int_equal(strlen(json_cstr(json_get(search, "JobEndTime"), "")), 28);
}

/* rest.md section 4: an empty array does not clear a property of several values. */
static void an_empty_list_clears_nothing(void **state)
{
    struct fixture *fixture = *state;
    static const char named[] = "{\"Identity\":\"Prior art\"}";
    ok(fixture, "Set-ComplianceSearch", "{\"Identity\":\"Prior art\",\"ExchangeLocation\":[]}");
    assert_int_equal(json_count(json_get(fixture->body, "@adminapi.warnings")), 1);
    assert_int_equal(json_count(json_get(only(fixture, "Get-ComplianceSearch", named), "ExchangeLocation")), 1);
    ok(fixture, "Set-ComplianceSearch", "{\"Identity\":\"Prior art\",\"ExchangeLocation\":[\"a\",\"b\"]}");
    assert_int_equal(json_count(json_get(only(fixture, "Get-ComplianceSearch", named), "ExchangeLocation")), 2);
}

/* The bearer of a session with -EnableSearchOnlySession: another audience, the same hosts (rest.md section 8). */
static void a_search_only_bearer_opens_too(void **state)
{
    static const struct {
        const char *audience;
        int status;
    } cases[] = {
        { "https://dataservice.o365filtering.localhost", 200 },
        { "https://eur01b." DEMO_FRONT_DOOR "/", 200 },
        { "https://outlook.office365.localhost", 401 },
        { "https://x.dataservice.o365filtering.example", 401 },
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bearer bearer = { .upn = DEMO_USER };
        str_copy(bearer.audience, sizeof bearer.audience, cases[i].audience);
        char *token = entra_make_token(fixture->demo.entra, &bearer, 600);
        char *authorization = mem_format("Bearer %s", token);
        const struct demo_request request = {
            .method = "POST", .host = HOST, .path = INVOKE, .query = "", .header = header, .header_text = "",
            .connection = &fixture->headers,
            .body = STR("{\"CmdletInput\":{\"CmdletName\":\"Get-ComplianceSearch\",\"Parameters\":{}}}"),
        };
        fixture->headers.authorization = authorization;
        forget_reply(fixture);
        rest_handle(&fixture->demo, &request, &fixture->reply);
        assert_int_equal(fixture->reply.status, cases[i].status);
        free(authorization);
        free(token);
    }
}

static void searches_may_want_a_session_of_their_own(void **state)
{
    static const struct {
        const char *cmdlet, *parameters;
        bool search;
    } cases[] = {
        { "Get-ComplianceSearch", "{}", true },
        { "Start-ComplianceSearch", "{\"Identity\":\"Prior art\"}", true },
        { "New-ComplianceSearchAction", "{\"SearchName\":\"Deal room attachments\"}", true },
        { "Get-ComplianceSearchAction", "{}", false },
        { "Get-ComplianceCase", "{}", false },
    };
    struct fixture *fixture = *state;
    ok(fixture, "Get-ComplianceSearch", "{}");
    fixture->demo.config.separate_searches = true;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fixture->search_only = false;
        if (cases[i].search)
            refused(fixture, cases[i].cmdlet, cases[i].parameters, 400, "-EnableSearchOnlySession");
        else
            ok(fixture, cases[i].cmdlet, cases[i].parameters);
        fixture->search_only = true;
        ok(fixture, cases[i].cmdlet, cases[i].parameters);
    }
}

static void members_come_and_go(void **state)
{
    struct fixture *fixture = *state;
    size_t before = json_count(ok(fixture, "Get-RoleGroupMember", "{\"Identity\":\"Reviewer\"}"));
    ok(fixture, "Add-RoleGroupMember",
       "{\"Identity\":\"Reviewer\",\"Member\":\"room.zugspitze@contoso.onmicrosoft.localhost\"}");
    assert_int_equal(json_count(ok(fixture, "Get-RoleGroupMember", "{\"Identity\":\"Reviewer\"}")), before + 1);
    refused(fixture, "Add-RoleGroupMember", "{\"Identity\":\"Reviewer\",\"Member\":\"Room Zugspitze\"}", 400,
            "already a member");
    ok(fixture, "Remove-RoleGroupMember", "{\"Identity\":\"Reviewer\",\"Member\":\"Room Zugspitze\"}");
    assert_int_equal(json_count(ok(fixture, "Get-RoleGroupMember", "{\"Identity\":\"Reviewer\"}")), before);
    refused(fixture, "Remove-RoleGroupMember", "{\"Identity\":\"Reviewer\",\"Member\":\"Room Zugspitze\"}", 404,
            "no member");
}

static void some_messages_are_released_and_some_are_missing(void **state)
{
    struct fixture *fixture = *state;
    const struct json *message = json_first(ok(fixture, "Get-QuarantineMessage", "{\"PageSize\":1}"));
    struct json *identities = json_new_array(), *parameters = json_new_object();
    struct buf text = BUF_INIT(BUF_SMALL);
    json_add(identities, NULL, json_copy(json_get(message, "Identity")));
    json_add_text(identities, NULL, "gone\\gone");
    json_add(parameters, "Identities", identities);
    json_add(parameters, "ReleaseToAll", json_new_bool(true));
    json_print(parameters, false, &text);
    ok(fixture, "Release-QuarantineMessage", buf_cstr(&text));
    const struct json *errors = json_get(fixture->body, "@adminapi.errors");
    assert_int_equal(json_count(errors), 1);
    assert_non_null(strstr(json_cstr(json_first(errors), ""), "gone\\gone"));
    message = json_first(ok(fixture, "Get-QuarantineMessage", "{\"PageSize\":1}"));
    assert_string_equal(json_cstr(json_get(message, "ReleaseStatus"), ""), "RELEASED");
    json_free(parameters);
    buf_free(&text);
}

/* ---- pages ---- */

static size_t read_all(struct fixture *fixture, const char *cmdlet, const char *parameters, size_t *pages)
{
    char *body = mem_format("{\"CmdletInput\":{\"CmdletName\":\"%s\",\"Parameters\":%s}}", cmdlet, parameters),
         *query = mem_text("");
    size_t rows = 0;
    for (*pages = 0; query; (*pages)++) {
        ask(fixture, "POST", HOST, INVOKE, query, body);
        assert_int_equal(fixture->reply.status, 200);
        assert_non_null(fixture->body);
        rows += json_count(json_get(fixture->body, "value"));
        free(query);
        const char *link = json_cstr(json_get(fixture->body, "@odata.nextLink"), NULL);
        assert_true(!link ||
                    strncmp(link, "https://" HOST ":8443" INVOKE "?", strlen("https://" HOST ":8443" INVOKE "?")) == 0);
        query = link ? mem_text(strchr(link, '?') + 1) : NULL;
    }
    free(body);
    return rows;
}

static void people_come_in_pages(void **state)
{
    struct fixture *fixture = *state;
    size_t pages;
    assert_int_equal(read_all(fixture, "Get-User", "{\"ResultSize\":\"Unlimited\"}", &pages), 2500);
    assert_int_equal(pages, 3);
    assert_int_equal(json_count(json_get(fixture->body, "@adminapi.warnings")), 0);
    assert_int_equal(read_all(fixture, "Get-User", "{}", &pages), 1000);
    assert_int_equal(pages, 1);
    assert_non_null(strstr(json_cstr(json_first(json_get(fixture->body, "@adminapi.warnings")), ""), "ResultSize"));
    fixture->headers.prefer = "odata.maxpagesize=300;odata.continue-on-error";
    assert_int_equal(read_all(fixture, "Get-User", "{\"ResultSize\":\"950\"}", &pages), 950);
    assert_int_equal(pages, 4);
    assert_int_equal(read_all(fixture, "Get-User", "{\"Identity\":\"" DEMO_USER "\"}", &pages), 1);
    refused(fixture, "Get-User", "{\"Identity\":\"nobody\"}", 404, "nobody");
}

static void objects_come_in_pages_too(void **state)
{
    struct fixture *fixture = *state;
    size_t pages;
    fixture->headers.prefer = "odata.maxpagesize=7";
    assert_int_equal(read_all(fixture, "Get-ComplianceSearch", "{}", &pages), 60);
    assert_int_equal(pages, 9);
    assert_int_equal(read_all(fixture, "Get-ComplianceSearch", "{\"ResultSize\":10}", &pages), 10);
    assert_int_equal(pages, 2);
}

static void a_cursor_belongs_to_its_query(void **state)
{
    struct fixture *fixture = *state;
    ok(fixture, "Get-User", "{\"ResultSize\":\"Unlimited\"}");
    char *query = mem_text(strchr(json_cstr(json_get(fixture->body, "@odata.nextLink"), "?"), '?') + 1);
    ask(fixture, "POST", HOST, INVOKE, query,
        "{\"CmdletInput\":{\"CmdletName\":\"Get-User\",\"Parameters\":{\"ResultSize\":2000}}}");
    assert_int_equal(fixture->reply.status, 400);
    assert_non_null(strstr(detail(fixture), "Expired or Invalid pagination request"));
    ask(fixture, "POST", HOST, INVOKE, "$skiptoken=abc",
        "{\"CmdletInput\":{\"CmdletName\":\"Get-Label\",\"Parameters\":{}}}");
    assert_int_equal(fixture->reply.status, 400);
    ask(fixture, "GET", HOST, INVOKE, query, "");
    assert_int_equal(fixture->reply.status, 405);
    free(query);
}

/* ---- the module file ---- */

static void the_module_file_is_in_the_envelope(void **state)
{
    struct fixture *fixture = *state;
    fixture->headers.command_name = "*";
    ask(fixture, "GET", HOST, "/AdminApi/v1.0/" DEMO_TENANT_ID "/EXOModuleFile", "Version=3.9.2", "");
    assert_int_equal(fixture->reply.status, 200);
    const struct json *file = json_first(json_get(fixture->body, "value"));
    assert_string_equal(json_cstr(json_get(file, "fileName"), ""), "ExchangeOnline.psm1");
    assert_non_null(strstr(json_cstr(json_get(file, "fileContent"), ""), "function script:Get-ComplianceCase\n{\n"));
    assert_non_null(strstr(json_cstr(json_get(file, "exportedCmdlets"), ""), "Get-Label,"));
    assert_string_equal(json_cstr(json_get(json_next(file), "fileName"), ""), "exchange.format.ps1xml");
    assert_string_equal(json_cstr(json_get(fixture->body, "@odata.context"), ""),
                        "https://" HOST ":8443/adminapi/v1.0/" DEMO_TENANT_ID "/$metadata#EXOModuleFile");
    fixture->headers.command_name = "Get-Label";
    ask(fixture, "GET", HOST, "/AdminApi/v1.0/" DEMO_TENANT_ID "/EXOModuleFile", "", "");
    assert_null(strstr(buf_cstr(&fixture->reply.body), "function script:Get-ComplianceCase"));
    ask(fixture, "GET", HOST, "/adminapi/beta/" DEMO_TENANT_ID "/EXOBanner('AutogenSession')", "", "");
    assert_int_equal(fixture->reply.status, 200);
    assert_string_equal(json_cstr(json_get(fixture->body, "@odata.context"), ""),
                        "https://" HOST ":8443/adminapi/beta/" DEMO_TENANT_ID "/$metadata#EXOBanner");
}

static void what_was_done_is_counted(void **state)
{
    struct fixture *fixture = *state;
    struct json *out = json_new_object();
    fixture->headers.cookie = "a=b; purveyaffinity=0011";
    ok(fixture, "Get-Label", "{}");
    fixture->headers.cookie = NULL;
    ok(fixture, "Get-Label", "{}");
    rest_stats(fixture->demo.rest, out);
    const struct json *rest = json_get(out, "rest");
    assert_true(str_is(json_string(json_get(rest, "cookies")), "1"));
    assert_true(str_is(json_string(json_get(json_get(rest, "cmdlets"), "Get-Label")), "2"));
    json_free(out);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_get_cmdlet_answers),
        TEST(odd_values_are_answered),
        TEST(counts_are_those_of_the_seed),
        TEST(annotations_stand_before_their_property),
        TEST(everything_outside_ascii_is_escaped),
        TEST(headers_of_an_answer),
        TEST(the_same_seed_gives_the_same_objects),
        TEST(errors_in_all_three_forms),
        TEST(a_mandatory_parameter_is_missed_without_a_default_set),
        TEST(a_wrong_value_is_named),
        TEST(calls_that_are_refused),
        TEST(bodies_that_are_no_call),
        TEST(wrong_places),
        TEST(the_anchor_tells_the_tenant),
        TEST(without_a_bearer_nothing_opens),
        TEST(a_case_lives_and_ends),
        TEST(confirm_only_asks),
        TEST(asking_and_acting_are_two_calls),
        TEST(a_question_is_checked_first),
        TEST(what_if_has_no_effect),
        TEST(a_list_is_no_identity),
        TEST(settings_and_lists_are_edited),
        TEST(dictionaries_come_back_as_pairs),
        TEST(a_search_runs_while_it_is_watched),
        TEST(a_search_has_the_times_of_its_last_run),
        TEST(an_empty_list_clears_nothing),
        TEST(a_search_only_bearer_opens_too),
        TEST(searches_may_want_a_session_of_their_own),
        TEST(members_come_and_go),
        TEST(some_messages_are_released_and_some_are_missing),
        TEST(people_come_in_pages),
        TEST(objects_come_in_pages_too),
        TEST(a_cursor_belongs_to_its_query),
        TEST(the_module_file_is_in_the_envelope),
        TEST(what_was_done_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
