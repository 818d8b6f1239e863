/* Cmdlets from a file in the demo tenant: the file's reader, and each cmdlet through the client's own reader of the module
   file, a form, the encoder and the tenant's checks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "catalogue/module_file.h"
#include "demo/cmdlet_file.h"
#include "demo/entra.h"
#include "demo/rest.h"
#include "session/rest/rest_encode.h"
#include "ui/screens/form_fields.h"

#define SMALL "tests/data/cmdlets.jsonl"
#define REAL "../shared/catalog/service.jsonl"
#define HOST "eur01b." DEMO_FRONT_DOOR
#define PATH "/adminapi/beta/" DEMO_TENANT_ID "/"

struct fixture {
    struct cmdlet_file file;
    struct demo demo;
    struct catalogue *catalogue;        /* the client's, of the module file */
    struct demo_reply reply;
    struct json *body;
    const char *prefer;
    char fresh[32];                     /* a name that no object has */
    int calls;
};

/* ---- the reader ---- */

static void a_wrong_line_is_named(void **state)
{
    (void)state;
    static const struct { const char *text, *part; } bad[] = {
        { "", "no cmdlets" },
        { "\n\n{\"c\":\"Get-A\"", "line 3" },
        { "[]", "Verb-Noun" },
        { "{\"c\":\"Get\"}", "Verb-Noun" },
        { "{\"c\":5}", "Verb-Noun" },
        { "{\"c\":\"Get-A-B\"}", "Verb-Noun" },
        { "{\"c\":\"Get-A'\"}", "Verb-Noun" },
        { "{\"c\":\"Get-A\"}\n{\"c\":\"get-a\"}", "line 2: get-a is there already" },
        { "{\"c\":\"Get-A\",\"d\":\"x y\"}", "default set" },
        { "{\"c\":\"Get-A\",\"p\":{}}", "parameters" },
        { "{\"c\":\"Get-A\",\"p\":[5]}", "no name" },
        { "{\"c\":\"Get-A\",\"p\":[{\"n\":\"x}\"}]}", "no name" },
        { "{\"c\":\"Get-A\",\"p\":[{\"n\":\"x\",\"t\":\"a b\"}]}", "type" },
        { "{\"c\":\"Get-A\",\"p\":[{\"n\":\"x\",\"v\":[\"a'\"]}]}", "values" },
        { "{\"c\":\"Get-A\",\"p\":[{\"n\":\"x\",\"v\":\"a\"}]}", "values" },
        { "{\"c\":\"Get-A\",\"p\":[{\"n\":\"x\",\"s\":[[\"a\",1,0]]}]}", "sets" },
        { "{\"c\":\"Get-A\",\"p\":[{\"n\":\"x\",\"s\":[[\"a\",1,100,0,0]]}]}", "sets" },
        { "{\"c\":\"Get-A\",\"p\":[{\"n\":\"x\",\"s\":[[\"a\",2,0,0,0]]}]}", "sets" },
        { "{\"c\":\"Get-A\",\"p\":[{\"n\":\"x\"},{\"n\":\"X\"}]}", "twice" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct cmdlet_file file;
        struct err err = { 0 };
        assert_false(cmdlet_file_parse(&file, str_of(bad[i].text), "f", &err));
        assert_int_equal(err.kind, ERR_INPUT);
        if (!strstr(err.text, bad[i].part))
            fail_msg("%s: %s", bad[i].text, err.text);
        assert_null(file.texts);
    }
}

static void a_missing_file_is_named(void **state)
{
    (void)state;
    struct cmdlet_file file;
    struct err err = { 0 };
    assert_false(cmdlet_file_read(&file, "/nowhere/cmdlets.jsonl", &err));
    assert_non_null(strstr(err.text, "/nowhere/cmdlets.jsonl"));
    assert_false(cmdlet_file_read(&file, "/", &err));
    assert_non_null(strstr(err.text, "directory"));
}

static void lines_become_the_tables_notation(void **state)
{
    (void)state;
    struct cmdlet_file file;
    assert_true(cmdlet_file_parse(&file,
                                  STR("{\"c\":\"Remove-A\",\"d\":\"D\",\"p\":[{\"n\":\"x\",\"t\":\"string\",\"v\":[\"a\",\"b\"],"
                                      "\"s\":[[\"D\",1,0,1,1],[\"__AllParameterSets\",false,12,false,false]]},{\"n\":\"y\","
                                      "\"t\":\"Some.Type[]\"},{\"n\":\"z\"}]}\r\n"),
                                  "f", NULL));
    assert_int_equal(file.count, 1);
    assert_string_equal(file.texts[0], "Remove-A D H x:s==a|b@D/!0vp,*/12 y:<Some.Type[]> z:o");
    cmdlet_file_free(&file);
}

/* ---- a tenant ---- */

static const char *header(const struct demo_request *request, const char *name)
{
    const struct fixture *fixture = request->connection;
    if (str_is_nocase(str_of(name), "X-AnchorMailbox"))
        return "upn:" DEMO_USER;
    return str_is_nocase(str_of(name), "Prefer") && fixture->prefer ? fixture->prefer : "";
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

static void ask(struct fixture *fixture, const char *method, const char *path, struct str body)
{
    const struct demo_request request = { .method = method, .host = HOST, .path = path, .query = "", .body = body,
                                          .header = header, .header_text = "", .connection = fixture };
    forget_reply(fixture);
    rest_serve(&fixture->demo, &request, &(struct caller){ DEMO_USER, false }, &fixture->reply);
}

static void open_tenant(struct fixture *fixture, const char *path)
{
    struct err err = { 0 };
    if (path && !cmdlet_file_read(&fixture->file, path, &err))
        fail_msg("%s", err.text);
    fixture->demo.config = (struct demo_config){ .users = 3, .seed = 7, .port = 8443, .region = "eur01b",
                                                 .token_lifetime_s = 3600, .more_cmdlets = cmdlet_file_texts(&fixture->file) };
    fixture->demo.entra = entra_new(&fixture->demo.config);
    fixture->demo.rest = rest_new(&fixture->demo.config);
    ask(fixture, "GET", PATH "EXOModuleFile", STR(""));
    assert_int_equal(fixture->reply.status, 200);
    fixture->catalogue = module_file_parse_answer(buf_str(&fixture->reply.body), &err);
    assert_non_null(fixture->catalogue);
}

static int set_up(void **state)
{
    struct fixture *fixture = MEM_NEW(struct fixture);
    open_tenant(fixture, SMALL);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    forget_reply(fixture);
    catalogue_free(fixture->catalogue);
    entra_free(fixture->demo.entra);
    rest_free(fixture->demo.rest);
    cmdlet_file_free(&fixture->file);
    free(fixture);
    return 0;
}

static const struct json *invoke(struct fixture *fixture, const char *cmdlet, const char *parameters)
{
    char *body = mem_format("{\"CmdletInput\":{\"CmdletName\":\"%s\",\"Parameters\":%s}}", cmdlet, parameters);
    ask(fixture, "POST", PATH "InvokeCommand", str_of(body));
    free(body);
    fixture->body = json_parse(buf_str(&fixture->reply.body), NULL);
    return json_get(fixture->body, "value");
}

static void expect(struct fixture *fixture, int status, const char *cmdlet, const char *parameters)
{
    invoke(fixture, cmdlet, parameters);
    if (fixture->reply.status != status)
        fail_msg("%s %s: %d %s", cmdlet, parameters, fixture->reply.status, buf_cstr(&fixture->reply.body));
}

/* ---- cmdlets of the small file ---- */

static void they_stand_beside_the_tenants_own(void **state)
{
    struct fixture *fixture = *state;
    const struct cmdlet *added = catalogue_find(fixture->catalogue, STR("Invoke-OrchardHarvest"));
    assert_non_null(added);
    assert_int_equal(added->parameters[0].type, TYPE_INT);
    assert_int_equal(added->set_count, 2);
    assert_int_equal(parameter_use_in(&added->parameters[0], "Two")->position, 11);
    assert_true(added->should_process);
    /* Its own Get-Label has parameters, the file's has none. */
    assert_true(catalogue_find(fixture->catalogue, STR("Get-Label"))->parameter_count > 0);
    expect(fixture, 200, "Get-Label", "{}");
    assert_true(json_count(json_get(fixture->body, "value")) > 5);
}

static void objects_are_read(void **state)
{
    struct fixture *fixture = *state;
    expect(fixture, 200, "Get-Orchard", "{}");
    assert_int_equal(json_count(json_get(fixture->body, "value")), 5);
    assert_non_null(json_get(json_first(json_get(fixture->body, "value")), "Trees"));
    expect(fixture, 200, "Get-Orchard", "{\"Identity\":\"Finance\"}");
    assert_int_equal(json_count(json_get(fixture->body, "value")), 1);
    expect(fixture, 404, "Get-Orchard", "{\"Identity\":\"Nobody\"}");
    expect(fixture, 200, "Get-Orchard", "{\"ResultSize\":2}");
    assert_int_equal(json_count(json_get(fixture->body, "value")), 2);
    fixture->prefer = "odata.maxpagesize=3";
    expect(fixture, 200, "Get-Orchard", "{}");
    assert_int_equal(json_count(json_get(fixture->body, "value")), 3);
    assert_non_null(json_get(fixture->body, "@odata.nextLink"));
}

static void objects_are_made_changed_and_removed(void **state)
{
    struct fixture *fixture = *state;
    expect(fixture, 200, "New-Orchard", "{\"Name\":\"Hill\",\"Trees\":3,\"Kind\":\"pear\",\"Open\":true}");
    const struct json *made = json_first(json_get(fixture->body, "value"));
    assert_true(str_is(json_string(json_get(made, "Trees")), "3"));
    assert_string_equal(json_cstr(json_get(made, "Kind"), ""), "Pear");
    expect(fixture, 400, "New-Orchard", "{\"Name\":\"Hill\"}");
    expect(fixture, 200, "Set-Orchard", "{\"Identity\":\"Hill\",\"Trees\":9,\"Open\":false}");
    expect(fixture, 200, "Get-Orchard", "{\"Identity\":\"Hill\"}");
    assert_true(str_is(json_string(json_get(json_first(json_get(fixture->body, "value")), "Trees")), "9"));
    expect(fixture, 404, "Set-Orchard", "{\"Identity\":\"Valley\",\"Trees\":9}");
    expect(fixture, 200, "Remove-Orchard", "{\"Identity\":\"Hill\",\"Confirm\":true}");
    assert_non_null(strstr(json_cstr(json_get(fixture->body, "@adminapi.confirmationmessage"), ""), "Hill"));
    expect(fixture, 200, "Remove-Orchard", "{\"Identity\":\"Hill\",\"Confirm\":false}");
    expect(fixture, 404, "Remove-Orchard", "{\"Identity\":\"Hill\",\"Confirm\":false}");
    /* Settings of the tenant have no name. */
    expect(fixture, 200, "Set-OrchardSettings", "{\"Fence\":true}");
    assert_int_equal(json_count(json_get(fixture->body, "@adminapi.warnings")), 0);
    expect(fixture, 200, "Invoke-OrchardHarvest", "{\"Hands\":1}");
}

static void values_are_checked_by_type(void **state)
{
    static const struct { const char *parameters; int status; } calls[] = {
        { "{\"Name\":\"A\",\"Trees\":\"many\"}", 400 },
        { "{\"Name\":\"B\",\"Owner\":\"x\"}", 400 },
        { "{\"Name\":\"C\",\"Owner\":\"0f8fad5b-d9cb-469f-a165-70867728950e\"}", 200 },
        { "{\"Name\":\"D\",\"Neighbours\":[\"0f8fad5b-d9cb-469f-a165-70867728950e\",\"x\"]}", 400 },
        { "{\"Name\":\"E\",\"Map\":\"PD94\"}", 400 },
        { "{\"Name\":\"F\",\"Map\":{\"@odata.type\":\"#Exchange.ByteArrayType\",\"Data\":[60,255]}}", 200 },
        { "{\"Name\":\"G\",\"Map\":[60,256]}", 400 },
        { "{\"Name\":\"H\",\"Rows\":-1}", 400 },
        { "{\"Name\":\"I\",\"Rows\":4294967295}", 200 },
        { "{\"Name\":\"J\",\"Weight\":\"heavy\"}", 400 },
        { "{\"Name\":\"K\",\"Planted\":\"2026-01-02T03:04:05\"}", 200 },
        { "{\"Name\":\"L\",\"Planted\":\"spring\"}", 400 },
        { "{\"Name\":\"M\",\"Kind\":\"Plum\"}", 400 },
        { "{\"Name\":\"N\",\"Notes\":[\"a\",\"b\"],\"Link\":\"https://a.b/\"}", 200 },
        { "{\"Name\":\"O\",\"Unknown\":1}", 400 },
        { "{}", 400 },
    };
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        expect(*state, calls[i].status, "New-Orchard", calls[i].parameters);
}

/* ---- every cmdlet of a file, as the client calls it ---- */

static const char *sample(const struct fixture *fixture, const struct cmdlet *cmdlet, const struct parameter *parameter)
{
    bool named = str_is_nocase(str_of(parameter->name), "Name") || str_is_nocase(str_of(parameter->name), "Identity");
    if (named && str_is_nocase(cmdlet->verb, "New"))
        return fixture->fresh;
    if (parameter->value_count)
        return parameter->values[0];
    if (str_is_nocase(str_of(parameter->name), "Filter"))
        return "Name -eq 'Contoso'";
    if (str_is_nocase(str_of(parameter->name), "ResultSize"))
        return "7";
    if (str_is_nocase(str_of(parameter->type_name), "guid[]"))
        return "0f8fad5b-d9cb-469f-a165-70867728950e";
    switch (parameter->type) {
    case TYPE_BOOL:
    case TYPE_SWITCH:
        return "true";
    case TYPE_INT:
    case TYPE_LONG:
        return "7";
    case TYPE_DOUBLE:
        return "1.5";
    case TYPE_GUID:
        return "0f8fad5b-d9cb-469f-a165-70867728950e";
    case TYPE_DATETIME:
        return "2026-01-02";
    case TYPE_CULTURE:
        return "de-DE";
    case TYPE_BYTES:
        return SMALL;      /* a file */
    case TYPE_TIMESPAN:
        return "1:00:00";
    case TYPE_OBJECT_LIST:
        return "Contoso, Finance";
    case TYPE_HASHTABLE:
    case TYPE_HASHTABLE_LIST:
        return "@{a='b'}";
    default:
        return "Contoso";
    }
}

/* What cannot be typed or must not be sent without a key is left out. */
static void fill(const struct fixture *fixture, struct invocation *invocation, const struct cmdlet *cmdlet, const char *set, bool all)
{
    struct err err = { 0 };
    for (size_t i = 0; i < cmdlet->parameter_count; i++) {
        const struct parameter *parameter = &cmdlet->parameters[i];
        const struct parameter_use *use = parameter_use_in(parameter, set);
        bool sealed = parameter->type == TYPE_SECURE_STRING || parameter->type == TYPE_CREDENTIAL;
        if (use && (use->mandatory || all) && !sealed && !invocation_set_text(invocation, parameter, str_of(sample(fixture, cmdlet, parameter)), &err))
            fail_msg("%s -%s: %s", cmdlet->name, parameter->name, err.text);
    }
}

/* The same as a person would have it after filling in the form. Takes what was typed. */
static struct invocation *through_a_form(const struct cmdlet *cmdlet, struct invocation *typed)
{
    struct cmdlet_fields fields;
    struct err err = { 0 };
    cmdlet_fields_init(&fields, cmdlet);
    cmdlet_fields_fill(&fields, typed);
    struct invocation *made = cmdlet_fields_invocation(&fields, &err);
    if (!made || made->count != typed->count)
        fail_msg("%s: %zu of %zu values came through the form: %s", cmdlet->name, made ? made->count : 0, typed->count, err.text);
    cmdlet_fields_free(&fields);
    invocation_free(typed);
    return made;
}

static int call(struct fixture *fixture, const struct cmdlet *cmdlet, const char *set, bool all)
{
    struct invocation *invocation = invocation_new(cmdlet->name);
    struct buf body = BUF_INIT(REST_ENCODE_MAX);
    struct err err = { 0 };
    snprintf(fixture->fresh, sizeof fixture->fresh, "Fresh %d", ++fixture->calls);
    fill(fixture, invocation, cmdlet, set, all);
    invocation = through_a_form(cmdlet, invocation);
    if (!rest_encode(invocation, fixture->catalogue->public_key, &body, &err))
        fail_msg("%s: %s", cmdlet->name, err.text);
    ask(fixture, "POST", PATH "InvokeCommand", buf_str(&body));
    buf_free(&body);
    invocation_free(invocation);
    return fixture->reply.status;
}

/* Nothing there is fine, since a filter may leave nothing and an earlier cmdlet may have removed it; a complaint is not, except from the tenant's own cmdlets, which want values that exist. */
static void call_every_set(struct fixture *fixture, const struct cmdlet *cmdlet, bool own)
{
    for (size_t set = 0; set < cmdlet->set_count * 2; set++) {
        int status = call(fixture, cmdlet, cmdlet->sets[set / 2], set % 2 == 1);
        if (status != 200 && status != 404 && !(own && status == 400))
            fail_msg("%s, set %s: %d %s", cmdlet->name, cmdlet->sets[set / 2], status, buf_cstr(&fixture->reply.body));
    }
}

static size_t call_all(struct fixture *fixture, const struct catalogue *own)
{
    size_t foreign = 0;
    for (size_t i = 0; i < fixture->file.count; i++) {
        struct str text = str_of(fixture->file.texts[i]), name;
        str_cut(&text, ' ', &name);
        const struct cmdlet *cmdlet = catalogue_find(fixture->catalogue, name);
        if (!cmdlet)
            fail_msg("%.*s is not in the module", STR_ARG(name));
        bool is_own = catalogue_find(own, name);
        call_every_set(fixture, cmdlet, is_own);
        foreign += !is_own;
    }
    return foreign;
}

static void run_file(const char *path, size_t cmdlets, size_t foreign)
{
    struct fixture *plain = MEM_NEW(struct fixture), *fixture = MEM_NEW(struct fixture);
    void *states[] = { plain, fixture };
    open_tenant(plain, NULL);
    open_tenant(fixture, path);
    assert_int_equal(fixture->file.count, cmdlets);
    assert_in_range(call_all(fixture, plain->catalogue), foreign, cmdlets);
    tear_down(&states[0]);
    tear_down(&states[1]);
}

static void every_cmdlet_of_the_small_file_runs(void **state)
{
    (void)state;
    run_file(SMALL, 8, 7);
}

static void every_cmdlet_of_the_real_list_runs(void **state)
{
    (void)state;
    if (access(REAL, R_OK) != 0) {
        print_message("# skip: %s is not on this machine\n", REAL);
        return;
    }
    run_file(REAL, 418, 300);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_line_is_named),
        cmocka_unit_test(a_missing_file_is_named),
        cmocka_unit_test(lines_become_the_tables_notation),
        TEST(they_stand_beside_the_tenants_own),
        TEST(objects_are_read),
        TEST(objects_are_made_changed_and_removed),
        TEST(values_are_checked_by_type),
        cmocka_unit_test(every_cmdlet_of_the_small_file_runs),
        cmocka_unit_test(every_cmdlet_of_the_real_list_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
