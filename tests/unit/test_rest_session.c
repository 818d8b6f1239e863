/* The REST session from end to end over real TLS, against a scripted server (rest.md sections 1, 3, 5 and 6). */
#include "session/rest/rest_session.h"

#include "base/clock.h"
#include "base/mem.h"
#include "session/rest/module_cache.h"
#include "https_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define DOMAIN "ps.compliance.protection.outlook.localhost"
#define TENANT "11111111-2222-3333-4444-555555555555"

static const struct cloud cloud = {
    .name = "test", .title = "Test", .front_door = DOMAIN, .region_suffix = DOMAIN, .bearer_hosts = { DOMAIN },
};

static const struct https_certificate of_the_service = {
    .names = { "*.outlook.localhost", "*.protection.outlook.localhost", "*.compliance.protection.outlook.localhost",
               "*.ps.compliance.protection.outlook.localhost", "*.admin.protection.outlook.localhost" },
};

static const char module_body[] =
    "{\"value\":[{\"fileName\":\"ExchangeOnline.psm1\",\"exportedCmdlets\":\"Get-Thing,Set-Thing\",\"fileContent\":\""
    "function script:Get-Thing\\n{\\n    [CmdletBinding()]\\n    param(\\n    \\n    ${Identity}\\n    )\\n    Begin {\\n    }\\n"
    "    Process {\\n    }\\n    End {\\n    }\\n}\\n"
    "function script:Set-Thing\\n{\\n    [CmdletBinding()]\\n    param(\\n    \\n    ${Identity}\\n    )\\n    Begin {\\n    }\\n"
    "    Process {\\n    }\\n    End {\\n    }\\n}\\n\"}]}";

struct fixture {
    struct https_server *server;
    struct timers *timers;
    struct http *http;
    struct secret *token;
    struct session_config config;
    struct session *session;
    struct session_run *run;
    struct catalogue *catalogue;
    struct buf log;                 /* everything that was told, in order */
    struct err err;
    bool opened, failed, done, greeted;
    char *resume_at;
    struct run_summary summary;
    int objects, cancel_at, close_at, pause_at;
    int refreshes;
    const char *refresh_code;       /* of the sign-in service when it refuses; NULL = none */
    bool refresh_fails, refresh_later, close_in_done, cancel_in_waiting;
    void (*ready)(void *, const struct err *);
    void *ready_context;
};

/* ---- the fixture ---- */

static const struct secret *bearer(void *context)
{
    return ((struct fixture *)context)->token;
}

static void answer_refresh(struct fixture *fixture)
{
    struct err err;
    err_set(&err, ERR_AUTH_REQUIRED, "cannot be renewed");
    err_code(&err, fixture->refresh_code ? fixture->refresh_code : "");
    fixture->ready(fixture->ready_context, fixture->refresh_fails ? &err : NULL);
}

static void refresh(void *context, const char *claims, void (*ready)(void *, const struct err *), void *ready_context)
{
    struct fixture *fixture = context;
    fixture->refreshes++;
    buf_format(&fixture->log, "refresh(%s);", claims ? claims : "-");
    secret_free(fixture->token);
    fixture->token = secret_new(STR("second"));
    fixture->ready = ready;
    fixture->ready_context = ready_context;
    if (!fixture->refresh_later)
        answer_refresh(fixture);
}

static struct fixture *fixture_new(void)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    fixture->log.cap = BUF_LARGE;
    fixture->server = https_server_start(&of_the_service);
    fixture->timers = timers_new();
    struct http_config config = { .ca_file = https_server_ca_file(fixture->server), .proxy = "", .timers = fixture->timers };
    fixture->http = http_new(&config, &fixture->err);
    assert_non_null(fixture->http);
    fixture->token = secret_new(STR("first"));
    fixture->config = (struct session_config){
        .http = fixture->http, .timers = fixture->timers, .cloud = &cloud, .tenant_id = TENANT,
        .organization = "contoso.onmicrosoft.com", .upn = "admin@contoso.com", .bearer = bearer, .refresh = refresh,
        .token_context = fixture, .tag = fixture, .retry_base_ms = 10, .timeout_s = 30,
    };
    return fixture;
}

static void fixture_free(struct fixture *fixture)
{
    session_close(fixture->session);
    http_free(fixture->http);
    timers_free(fixture->timers);
    https_server_stop(fixture->server);
    catalogue_free(fixture->catalogue);
    secret_free(fixture->token);
    buf_free(&fixture->log);
    free(fixture->resume_at);
    free(fixture);
}

static void turn_until(struct fixture *fixture, const bool *condition)
{
    int64_t deadline = clock_ms() + 20000;
    while (!*condition) {
        if (clock_ms() > deadline)
            fail_msg("nothing happens any more; log: %s", buf_cstr(&fixture->log));
        http_turn(fixture->http, -1, 100);
    }
}

/* Runs on for a while, to see that nothing comes any more. */
static void turn_a_bit(struct fixture *fixture)
{
    for (int i = 0; i < 20; i++)
        http_turn(fixture->http, -1, 5);
}

/* ---- listeners write down what they are told ---- */

static void on_step(void *context, const char *title, int state, int64_t elapsed_ms)
{
    struct fixture *fixture = context;
    assert_true(elapsed_ms >= 0);
    buf_format(&fixture->log, "step(%.7s,%d);", title, state);
}

static void on_opened(void *context, struct catalogue *catalogue)
{
    struct fixture *fixture = context;
    fixture->catalogue = catalogue;
    fixture->opened = true;
}

static void on_failed(void *context, const struct err *err)
{
    struct fixture *fixture = context;
    fixture->err = *err;
    fixture->failed = true;
}

static void on_greeted(void *context)
{
    ((struct fixture *)context)->greeted = true;
}

static void on_object(void *context, const struct object *object)
{
    struct fixture *fixture = context;
    const struct property *name = object_find(object, STR("Name"));
    if (!name)
        name = &object->properties[0];
    buf_format(&fixture->log, "%.*s;", STR_ARG(name->text));
    fixture->objects++;
    if (fixture->objects == fixture->pause_at)
        session_pause(fixture->session, fixture->run, true);
    if (fixture->objects == fixture->cancel_at)
        session_cancel(fixture->session, fixture->run);
    if (fixture->objects == fixture->close_at) {
        session_close(fixture->session);
        fixture->session = NULL;
    }
}

static void on_warning(void *context, struct str text)
{
    buf_format(&((struct fixture *)context)->log, "warning(%.*s);", (int)str_take(text, 40).len, text.data);
}

static void on_nonfatal(void *context, const struct err *err)
{
    buf_format(&((struct fixture *)context)->log, "error(%s);", err->text);
}

static void on_waiting(void *context, int seconds, const struct err *why)
{
    struct fixture *fixture = context;
    buf_format(&fixture->log, "wait(%d,%d);", seconds, (int)why->kind);
    if (fixture->cancel_in_waiting)
        session_cancel(fixture->session, fixture->run);
}

static void on_done(void *context, const struct run_summary *summary, const struct err *err)
{
    struct fixture *fixture = context;
    assert_false(fixture->done);
    fixture->done = true;
    fixture->summary = *summary;
    fixture->summary.request_id = NULL;
    fixture->summary.question = NULL;
    free(fixture->resume_at);
    fixture->resume_at = mem_text(summary->resume_at);
    buf_format(&fixture->log, "done(%lld,%d%s%s", (long long)summary->objects, summary->pages,
               summary->complete ? ",complete" : "", summary->more_available ? ",more" : "");
    if (summary->question)
        buf_format(&fixture->log, ",asks(%s)", summary->question);
    buf_text(&fixture->log, ");");
    fixture->err = (struct err){ 0 };
    if (err)
        fixture->err = *err;
    if (fixture->close_in_done) {
        session_close(fixture->session);
        fixture->session = NULL;
    }
}

/* ---- steps of the tests ---- */

static void reply(struct fixture *fixture, int status, const char *body)
{
    https_server_reply(fixture->server, &(struct https_reply){ .status = status, .body = body });
}

/* A body in which %d stands for the server's port. */
static void reply_page(struct fixture *fixture, const char *format)
{
    struct buf body = BUF_INIT(BUF_SMALL);
    const char *at = strstr(format, "%d");
    if (at)
        buf_format(&body, "%.*s%d%s", (int)(at - format), format, https_server_port(fixture->server), at + 2);
    else
        buf_text(&body, format);
    reply(fixture, 200, buf_cstr(&body));
    buf_free(&body);
}

static void reply_redirect(struct fixture *fixture, int status, const char *location)
{
    https_server_reply(fixture->server, &(struct https_reply){
        .status = status, .headers = { { "Location", location }, { "Set-Cookie", "affinity=42; path=/; secure" } } });
}

static bool open_session(struct fixture *fixture, const char *host)
{
    const struct session_listener listener = { .step = on_step, .opened = on_opened, .failed = on_failed, .greeted = on_greeted, .context = fixture };
    char uri[256];
    snprintf(uri, sizeof uri, "https://%s:%d/PowerShell-LiveId", host, https_server_port(fixture->server));
    fixture->config.connection_uri = uri;
    fixture->session = rest_session_open(&fixture->config, &listener, &fixture->err);
    fixture->config.connection_uri = NULL;
    if (!fixture->session)
        return false;
    bool over = false;
    for (int64_t deadline = clock_ms() + 20000; !over && clock_ms() < deadline; over = fixture->opened || fixture->failed)
        http_turn(fixture->http, -1, 100);
    assert_true(over);
    return fixture->opened;
}

/* A session that is open at a region, with an empty log. */
static struct fixture *opened_fixture(void)
{
    struct fixture *fixture = fixture_new();
    reply(fixture, 200, module_body);
    if (!open_session(fixture, "nam13b." DOMAIN))
        fail_msg("opening: %s", fixture->err.text);
    buf_clear(&fixture->log);
    return fixture;
}

static struct invocation *get_thing(const char *result_size)
{
    struct invocation *invocation = invocation_new("Get-Thing");
    invocation->read_only = true;
    if (result_size)
        invocation_set(invocation, "ResultSize", ARG_TEXT, TYPE_UNTYPED, json_new_string(str_of(result_size)));
    return invocation;
}

static bool start(struct fixture *fixture, struct invocation *invocation)
{
    const struct run_listener listener = {
        .object = on_object, .warning = on_warning, .nonfatal = on_nonfatal, .waiting = on_waiting, .done = on_done, .context = fixture,
    };
    fixture->run = session_invoke(fixture->session, invocation, &listener, &fixture->err);
    invocation_free(invocation);
    return fixture->run;
}

static void run(struct fixture *fixture, struct invocation *invocation)
{
    assert_true(start(fixture, invocation));
    turn_until(fixture, &fixture->done);
}

static void assert_log(struct fixture *fixture, const char *expected)
{
    assert_string_equal(buf_cstr(&fixture->log), expected);
}

static void assert_header(struct fixture *fixture, size_t request, const char *name, const char *expected)
{
    char value[512];
    const struct https_seen *seen = https_server_seen(fixture->server, request);
    assert_non_null(seen);
    if (!https_seen_header(seen, name, value, sizeof value))
        fail_msg("request %zu has no %s:\n%s", request, name, seen->headers);
    assert_string_equal(value, expected);
}

static void assert_same_header(struct fixture *fixture, size_t a, size_t b, const char *name)
{
    char value[512];
    assert_true(https_seen_header(https_server_seen(fixture->server, a), name, value, sizeof value));
    assert_header(fixture, b, name, value);
}

static void assert_host(struct fixture *fixture, size_t request, const char *host)
{
    char expected[300];
    snprintf(expected, sizeof expected, "%s:%d", host, https_server_port(fixture->server));
    assert_header(fixture, request, "Host", expected);
}

/* ---- opening ---- */

/* The source knows of one form of the greeting only (rest.md section 7.3); whatever else comes is nobody's trouble. */
static void greetings(void **state)
{
    static const struct { int status; const char *body, *log; } cases[] = {
        { 200, "{\"value\":\"Welcome one\"}", "step(Welcome,1);" },
        { 200, "{\"value\":[\"Welcome two\"]}", "step(Welcome,1);" },
        { 200, "{\"@odata.context\":\"https://x/$metadata#Banner\",\"value\":[{\"Banner\":\"Welcome three\"}]}", "step(Welcome,1);" },
        { 200, "{\"value\":[{\"@odata.type\":\"#Exchange.Some.Very.Long.Type\",\"Key\":\"Auto\",\"Text\":\"Welcome four\"}]}", "step(Welcome,1);" },
        { 200, "{\"@odata.context\":\"https://x/$metadata#Banner\",\"Banner\":\"Welcome five\"}", "step(Welcome,1);" },
        { 200, "\"Welcome six\"", "step(Welcome,1);" },
        { 200, "  Welcome seven\r\n", "step(Welcome,1);" },
        { 200, "{\"value\":[]}", "" }, { 200, "", "" }, { 200, "{\"value\":[{\"Banner\":\"cut", "" }, { 200, "{\"value\":7}", "" },
        { 200, "<html><title>Sign in</title></html>", "" }, { 200, "{\"error\":{\"message\":\"no\"}}", "" }, { 404, "not here", "" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fixture *fixture = fixture_new();
        fixture->config.banner = true;
        reply(fixture, 200, module_body);
        reply(fixture, cases[i].status, cases[i].body);
        assert_true(open_session(fixture, "nam13b." DOMAIN));
        assert_true(fixture->greeted || rest_session_greets(fixture->session));
        buf_clear(&fixture->log);
        turn_until(fixture, &fixture->greeted);
        assert_false(rest_session_greets(fixture->session));
        assert_log(fixture, cases[i].log);
        fixture_free(fixture);
    }
}

static void opens_through_the_front_door(void **state)
{
    static const int statuses[] = { 301, 302, 303, 307, 308 };
    (void)state;
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        struct fixture *fixture = fixture_new();
        reply_redirect(fixture, statuses[i], "https://nam13b.admin.protection.outlook.localhost:446/AdminApi/v1.0/x");
        reply(fixture, 200, module_body);
        assert_true(open_session(fixture, DOMAIN));
        assert_log(fixture, "step(Finding,0);step(Finding,1);step(Reading,0);step(Reading,1);");
        assert_int_equal(https_server_count(fixture->server), 2);
        assert_host(fixture, 0, DOMAIN);
        assert_host(fixture, 1, "nam13b." DOMAIN);
        assert_string_equal(https_server_seen(fixture->server, 1)->path,
                            "/AdminApi/v1.0/" TENANT "/EXOModuleFile?Version=3.9.2");
        assert_string_equal(https_server_seen(fixture->server, 1)->method, "GET");
        assert_header(fixture, 0, "Authorization", "Bearer first");
        assert_header(fixture, 1, "Authorization", "Bearer first");
        assert_header(fixture, 1, "X-AnchorMailbox", "UPN:admin@contoso.com");
        assert_header(fixture, 1, "CommandName", "*");
        assert_header(fixture, 1, "exomodule-version", "3.9.2");
        assert_same_header(fixture, 0, 1, "connection-id");
        assert_int_equal(fixture->catalogue->count, 2);
        assert_string_equal(rest_session_region(fixture->session), "nam13b");
        fixture_free(fixture);
    }
}

static void bearer_goes_to_no_foreign_host(void **state)
{
    static const char *const locations[] = {
        "https://login.evil.example/AdminApi", "https://nam13b.evil.example:446/x", "http://nam13b.admin.protection.outlook.localhost/x",
        "https://a_b.admin.protection.outlook.localhost/x", "https://user@nam13b.admin.protection.outlook.localhost/x",
        "https://evil.localhost/x", "",
    };
    (void)state;
    for (size_t i = 0; i < sizeof locations / sizeof locations[0]; i++) {
        struct fixture *fixture = fixture_new();
        reply_redirect(fixture, 302, locations[i]);
        if (open_session(fixture, DOMAIN))
            fail_msg("%s was followed", locations[i]);
        assert_int_equal(fixture->err.kind, ERR_PROTOCOL);
        assert_int_equal(https_server_count(fixture->server), 1);
        fixture_free(fixture);
    }
}

static void circles_of_redirects_end(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_new();
    for (int i = 0; i < 10; i++)
        reply_redirect(fixture, 302, "/again");
    assert_false(open_session(fixture, DOMAIN));
    assert_int_equal(fixture->err.kind, ERR_PROTOCOL);
    assert_non_null(strstr(fixture->err.advice, "proxy"));
    assert_true(https_server_count(fixture->server) < 6);
    fixture_free(fixture);
}

static void front_door_may_serve_itself(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_new();
    reply(fixture, 200, module_body);
    assert_true(open_session(fixture, DOMAIN));
    assert_string_equal(rest_session_region(fixture->session), "");
    reply(fixture, 200, "{\"value\":[]}");
    run(fixture, get_thing(NULL));
    assert_host(fixture, 1, DOMAIN);
    fixture_free(fixture);
}

static void region_in_the_address_is_used(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_new();
    reply(fixture, 200, module_body);
    assert_true(open_session(fixture, "eur02b." DOMAIN));
    assert_int_equal(https_server_count(fixture->server), 1);
    assert_host(fixture, 0, "eur02b." DOMAIN);
    fixture_free(fixture);
    /* It may send us on all the same. */
    fixture = fixture_new();
    reply_redirect(fixture, 302, "https://eur01b.admin.protection.outlook.localhost:446/x");
    reply(fixture, 200, module_body);
    assert_true(open_session(fixture, "eur02b." DOMAIN));
    assert_host(fixture, 1, "eur01b." DOMAIN);
    assert_string_equal(rest_session_region(fixture->session), "eur01b");
    fixture_free(fixture);
}

static void addresses_that_are_refused(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_new();
    static const char *const hosts[] = { "outlook.localhost", "evil.example", "a.b." DOMAIN, "x" DOMAIN };
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        assert_false(open_session(fixture, hosts[i]));
        assert_int_equal(fixture->err.kind, ERR_INPUT);
        assert_string_equal(fixture->err.field, "ConnectionUri");
    }
    fixture->config.tenant_id = "a/../b";
    assert_false(open_session(fixture, DOMAIN));
    assert_int_equal(fixture->err.kind, ERR_INPUT);
    fixture->config.tenant_id = TENANT;
    fixture->config.upn = "a\r\nX: y";
    assert_false(open_session(fixture, DOMAIN));
    assert_int_equal(fixture->err.kind, ERR_INPUT);
    assert_int_equal(https_server_count(fixture->server), 0);
    fixture_free(fixture);
}

static void anchors(void **state)
{
    (void)state;
    struct session_config config = { .upn = "u@c.com", .organization = "c.onmicrosoft.com" };
    static const char system_anchor[] = "UPN:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@c.onmicrosoft.com";
    char *anchor = rest_headers_anchor(&config);
    assert_string_equal(anchor, "UPN:u@c.com");
    free(anchor);
    config.bypass_anchoring = true;
    anchor = rest_headers_anchor(&config);
    assert_string_equal(anchor, system_anchor);
    free(anchor);
    /* A person's own domain routes as well. */
    config.organization = "";
    anchor = rest_headers_anchor(&config);
    assert_string_equal(anchor, "UPN:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@c.com");
    free(anchor);
    config.organization = "c.onmicrosoft.com";
    config.bypass_anchoring = false;
    config.app_only = true;
    anchor = rest_headers_anchor(&config);
    assert_string_equal(anchor, system_anchor);
    free(anchor);
    config.organization = "";
    anchor = rest_headers_anchor(&config);
    assert_string_equal(anchor, "");
    free(anchor);
}

static void opening_fails_in_words(void **state)
{
    (void)state;
    static const struct { int status; const char *body; enum err_kind kind; } answers[] = {
        { 200, "{\"value\":[]}", ERR_PROTOCOL }, { 200, "<html>", ERR_PROTOCOL }, { 403, "\n", ERR_FORBIDDEN },
        { 500, "{\"error\":{\"details\":[{\"message\":\"could not find the organization container\"}]}}", ERR_SERVER },
        { 404, "", ERR_NOT_FOUND },
    };
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        struct fixture *fixture = fixture_new();
        reply(fixture, answers[i].status, answers[i].body);
        assert_false(open_session(fixture, "nam13b." DOMAIN));
        assert_int_equal(fixture->err.kind, answers[i].kind);
        assert_true(fixture->err.text[0] && fixture->err.advice[0]);
        assert_log(fixture, "step(Reading,0);step(Reading,2);");
        fixture_free(fixture);
    }
}

/* Whatever comes in place of the list: the service's own words where it has some, else what it should have been; with ids. */
static void a_list_that_is_none_is_told(void **state)
{
    (void)state;
    static const struct { int status; const char *body, *text; } answers[] = {
        { 200, "", "list of cmdlets" }, { 204, "", "list of cmdlets" }, { 200, "{\"value\":[{\"fileName\":", "list of cmdlets" },
        { 200, "{\"error\":{\"code\":\"X\",\"details\":[{\"message\":\"|A.BException|role missing\"}]}}", "role missing" },
    };
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        struct fixture *fixture = fixture_new();
        reply(fixture, answers[i].status, answers[i].body);
        assert_false(open_session(fixture, "nam13b." DOMAIN));
        assert_non_null(strstr(fixture->err.text, answers[i].text));
        assert_true(fixture->err.advice[0]);
        assert_non_null(strstr(fixture->err.correlation, "client-request-id "));
        fixture_free(fixture);
    }
}

static void closing_while_opening(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_new();
    const struct session_listener listener = { .step = on_step, .opened = on_opened, .failed = on_failed, .greeted = on_greeted, .context = fixture };
    https_server_reply(fixture->server, &(struct https_reply){ .status = 200, .body = module_body, .manner = HTTPS_STALLED, .part = 20 });
    char uri[256];
    snprintf(uri, sizeof uri, "https://nam13b." DOMAIN ":%d/", https_server_port(fixture->server));
    fixture->config.connection_uri = uri;
    fixture->session = rest_session_open(&fixture->config, &listener, &fixture->err);
    assert_non_null(fixture->session);
    for (int i = 0; i < 200 && !https_server_count(fixture->server); i++)
        http_turn(fixture->http, -1, 100);
    session_close(fixture->session);
    turn_a_bit(fixture);
    assert_false(fixture->opened || fixture->failed);
    /* Before the first turn, too. */
    fixture->session = rest_session_open(&fixture->config, &listener, &fixture->err);
    session_close(fixture->session);
    fixture->session = NULL;
    turn_a_bit(fixture);
    assert_false(fixture->opened || fixture->failed);
    fixture_free(fixture);
}

/* Microsoft's pages name two addresses (rest.md section 1.2). Nothing is sent before the first turn. */
static void each_front_door_of_dod_is_taken(void **state)
{
    static const struct { const char *uri; bool good; } cases[] = {
        { "https://l5.ps.compliance.protection.office365.us/powershell-liveid/", true }, { "https://compliance.dod.microsoft.com/powershell-liveid", true },
        { "https://ps.compliance.protection.office365.us/", true }, { "https://dod.microsoft.com/", false },
        { "https://x.compliance.dod.microsoft.com/", false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture *fixture = fixture_new();
        const struct session_listener listener = { .step = on_step, .opened = on_opened, .failed = on_failed, .greeted = on_greeted, .context = fixture };
        fixture->config.cloud = cloud_by_name("dod");
        fixture->config.connection_uri = cases[i].uri;
        fixture->session = rest_session_open(&fixture->config, &listener, &fixture->err);
        if ((fixture->session != NULL) != cases[i].good)
            fail_msg("%s: %s", cases[i].uri, fixture->err.text);
        session_close(fixture->session);
        fixture->session = NULL;
        fixture_free(fixture);
    }
}

/* ---- running ---- */

static void one_page(void **state)
{
    (void)state;
    struct fixture *fixture = opened_fixture();
    struct invocation *invocation = get_thing(NULL);
    invocation_set(invocation, "Identity", ARG_TEXT, TYPE_UNTYPED, json_new_string(STR("a b")));
    reply(fixture, 200, "{\"@odata.context\":\"c\",\"@adminapi.warnings\":[\"careful\"],\"value\":["
                        "{\"Name\":\"a\",\"Id@odata.type\":\"#Guid\",\"Id\":\"x\"},{\"Name\":\"b\"}]}");
    run(fixture, invocation);
    assert_log(fixture, "a;b;warning(careful);done(2,1,complete);");
    const struct https_seen *seen = https_server_seen(fixture->server, 1);
    assert_string_equal(seen->method, "POST");
    assert_string_equal(seen->path, "/adminapi/beta/" TENANT "/InvokeCommand");
    assert_string_equal(seen->body,
                        "{\"CmdletInput\":{\"CmdletName\":\"Get-Thing\",\"Parameters\":{\"Identity\":\"a b\"}}}");
    static const char *const headers[][2] = {
        { "Authorization", "Bearer first" }, { "Content-Type", "application/json" }, { "Accept", "application/json" },
        { "Accept-Charset", "UTF-8" }, { "Accept-Language", "en-US" }, { "X-CmdletName", "Get-Thing" },
        { "X-AnchorMailbox", "UPN:admin@contoso.com" }, { "Prefer", "odata.maxpagesize=1000" },
        { "X-ResponseFormat", "json" }, { "X-SerializationLevel", "Partial" }, { "X-ClientModuleVersion", "3.9.2" },
        { "X-ClientApplication", "ExoManagementModule" }, { "WarningAction", "" },
    };
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        assert_header(fixture, 1, headers[i][0], headers[i][1]);
    assert_same_header(fixture, 0, 1, "connection-id");
    fixture_free(fixture);
}

static void three_pages(void **state)
{
    (void)state;
    struct fixture *fixture = opened_fixture();
    fixture->config.page_size = 2;
    reply_page(fixture, "{\"@odata.nextLink\":\"https://nam13b.admin.protection.outlook.localhost:446/adminapi/beta/t/"
                        "InvokeCommand?$skiptoken=p2\",\"@adminapi.warnings\":[\"More: raise ResultSize\",\"other\"],"
                        "\"value\":[{\"Name\":\"a\"},{\"Name\":\"b\"}]}");
    reply_page(fixture, "{\"value\":[{\"Name\":\"c\"}],\"@odata.nextLink\":"
                        "\"https://nam13b." DOMAIN ":%d/adminapi/beta/t/InvokeCommand?$skiptoken=p3\"}");
    reply_page(fixture, "{\"value\":[{\"Name\":\"d\"}],\"@adminapi.warnings\":[\"About ResultSize\"]}");
    run(fixture, get_thing("Unlimited"));
    assert_log(fixture, "a;b;warning(other);c;d;warning(About ResultSize);done(4,3,complete);");
    assert_int_equal(https_server_count(fixture->server), 4);
    assert_string_equal(https_server_seen(fixture->server, 2)->path, "/adminapi/beta/t/InvokeCommand?$skiptoken=p2");
    assert_string_equal(https_server_seen(fixture->server, 3)->path, "/adminapi/beta/t/InvokeCommand?$skiptoken=p3");
    for (size_t i = 2; i < 4; i++) {
        assert_string_equal(https_server_seen(fixture->server, i)->method, "POST");
        assert_string_equal(https_server_seen(fixture->server, i)->body, https_server_seen(fixture->server, 1)->body);
        assert_host(fixture, i, "nam13b." DOMAIN);
        assert_same_header(fixture, 1, i, "client-request-id");
        assert_header(fixture, i, "Authorization", "Bearer first");
    }
    fixture_free(fixture);
}

#define NEXT "\"@odata.nextLink\":\"InvokeCommand?$skiptoken=n\","

static void result_size_steers_paging(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_new();
    fixture->config.page_size = 2;
    reply(fixture, 200, module_body);
    assert_true(open_session(fixture, "nam13b." DOMAIN));
    /* Not given: one page, and the warning stays. */
    buf_clear(&fixture->log);
    reply(fixture, 200, "{" NEXT "\"@adminapi.warnings\":[\"raise ResultSize\"],\"value\":[{\"Name\":\"a\"},{\"Name\":\"b\"}]}");
    run(fixture, get_thing(NULL));
    assert_log(fixture, "a;b;warning(raise ResultSize);done(2,1,complete,more);");
    /* A number: as long as pages come full and more is wanted. */
    fixture->done = false;
    buf_clear(&fixture->log);
    reply(fixture, 200, "{" NEXT "\"value\":[{\"Name\":\"a\"},{\"Name\":\"b\"}]}");
    reply(fixture, 200, "{" NEXT "\"value\":[{\"Name\":\"c\"}]}");
    run(fixture, get_thing("3"));
    assert_log(fixture, "a;b;c;done(3,2,complete,more);");
    assert_header(fixture, 2, "Prefer", "odata.maxpagesize=2");
    assert_header(fixture, 3, "Prefer", "odata.maxpagesize=1");
    fixture->done = false;
    buf_clear(&fixture->log);
    reply(fixture, 200, "{" NEXT "\"value\":[{\"Name\":\"a\"}]}");
    run(fixture, get_thing("30"));
    assert_log(fixture, "a;done(1,1,complete,more);");
    static const char *const wrong[] = { "0", "-1", "many", "1.5", "" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(start(fixture, get_thing(wrong[i])));
        assert_int_equal(fixture->err.kind, ERR_INPUT);
        assert_string_equal(fixture->err.field, "ResultSize");
    }
    fixture_free(fixture);
}

static void foreign_next_link_is_not_followed(void **state)
{
    (void)state;
    static const char *const links[] = {
        "https://evil.example/adminapi", "https://nam13b." DOMAIN ".evil.example/x", "http://nam13b." DOMAIN "/x",
        "https://nam13b.admin.protection.evil.example:446/x", "https://u@nam13b." DOMAIN "/x", "https://nam13b." DOMAIN ":8443/x?y",
    };
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        struct fixture *fixture = opened_fixture();
        char body[300];
        snprintf(body, sizeof body, "{\"value\":[{\"Name\":\"a\"}],\"@odata.nextLink\":\"%s\"}", links[i]);
        reply(fixture, 200, body);
        run(fixture, get_thing("Unlimited"));
        assert_log(fixture, "a;done(1,1);");
        assert_int_equal(fixture->err.kind, ERR_PROTOCOL);
        assert_int_equal(https_server_count(fixture->server), 2);
        fixture_free(fixture);
    }
}

/* The list's own address once more would bring the first page again. */
/* With the cookies, which libcurl alone would lose there, and the headers behind them; beyond the limit the reason is told. */
static void long_and_raw_next_links(void **state)
{
    enum { FINE = 20000, TOO_LONG = 500000 };
    static const struct { int length; const char *end, *arrives; } cases[] = {
        { 8000, "", "" }, { FINE, "", "" }, { 0, "a b \303\244", "a b \303\244" }, { TOO_LONG, "", NULL },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fixture *fixture = opened_fixture();
        struct buf body = BUF_INIT(BUF_LARGE), link = BUF_INIT(BUF_LARGE);
        buf_format(&link, "https://nam13b." DOMAIN ":%d/x?$skiptoken=", https_server_port(fixture->server));
        buf_repeat(&link, 'A', (size_t)cases[i].length);
        buf_format(&body, "{\"@odata.nextLink\":\"%s%s\",\"value\":[{\"Name\":\"a\"}]}", buf_cstr(&link), cases[i].end);
        https_server_reply(fixture->server, &(struct https_reply){
            .status = 200, .body = buf_cstr(&body), .headers = { { "Set-Cookie", "one=1; path=/; secure" }, { "Set-Cookie", "far=1; path=/other; secure" } } });
        reply(fixture, 200, "{\"value\":[{\"Name\":\"b\"}]}");
        run(fixture, get_thing("Unlimited"));
        if (cases[i].arrives) {
            assert_log(fixture, "a;b;done(2,2,complete);");
            assert_header(fixture, 2, "Cookie", "one=1");
            assert_header(fixture, 2, "Accept", "application/json");
            assert_non_null(strstr(https_server_seen(fixture->server, 2)->path, cases[i].arrives));
        } else {
            assert_log(fixture, "a;done(1,1);");
            assert_non_null(strstr(fixture->err.text, "more than 64 kB"));
        }
        buf_free(&body);
        buf_free(&link);
        fixture_free(fixture);
    }
}

static void a_list_that_leads_to_itself_ends(void **state)
{
    (void)state;
    struct fixture *fixture = opened_fixture();
    reply(fixture, 200, "{\"value\":[{\"Name\":\"a\"}],\"@odata.nextLink\":\"InvokeCommand\"}");
    run(fixture, get_thing("Unlimited"));
    assert_log(fixture, "a;done(1,1);");
    assert_int_equal(fixture->err.kind, ERR_PROTOCOL);
    assert_int_equal(https_server_count(fixture->server), 2);
    fixture_free(fixture);
}

static void pages_that_want_get(void **state)
{
    (void)state;
    struct fixture *fixture = opened_fixture();
    reply(fixture, 200, "{" NEXT "\"value\":[{\"Name\":\"a\"}]}");
    reply(fixture, 405, "");
    reply(fixture, 200, "{\"value\":[{\"Name\":\"b\"}],\"@odata.nextLink\":\"InvokeCommand?$skiptoken=m\"}");
    reply(fixture, 200, "{\"value\":[{\"Name\":\"c\"}]}");
    run(fixture, get_thing("Unlimited"));
    assert_log(fixture, "a;b;c;done(3,3,complete);");
    static const char *const methods[] = { "POST", "POST", "GET", "GET" };
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(https_server_seen(fixture->server, i + 1)->method, methods[i]);
    assert_string_equal(https_server_seen(fixture->server, 3)->body, "");
    assert_same_header(fixture, 1, 3, "client-request-id");
    /* Where GET is not taken either, that is the end. */
    fixture->done = false;
    buf_clear(&fixture->log);
    reply(fixture, 200, "{" NEXT "\"value\":[{\"Name\":\"a\"}]}");
    reply(fixture, 405, "");
    reply(fixture, 405, "");
    run(fixture, get_thing("Unlimited"));
    assert_log(fixture, "a;done(1,1);");
    fixture_free(fixture);
}

#define PAGE(token, rows) "{\"value\":[" rows "],\"@odata.nextLink\":\"InvokeCommand?$skiptoken=" token "\"}"
#define ROW(name) "{\"Name\":\"" name "\"}"

/* Whatever way it leads back, no row is given twice; an address that stays while the rows go on is none. */
static void a_list_in_circles_gives_no_row_twice(void **state)
{
    static const struct { const char *pages[5], *log; int kind; } cases[] = {
        { { PAGE("n", ROW("a")), PAGE("n", ROW("b") "," ROW("c")), PAGE("n", ROW("b") "," ROW("c")) }, "a;b;c;done(3,2);", ERR_PROTOCOL },
        { { PAGE("n", ROW("a")), PAGE("n", ROW("b") "," ROW("c")), PAGE("n", ROW("b")) }, "a;b;c;done(3,2);", ERR_PROTOCOL },
        { { PAGE("n", ROW("a")), PAGE("n", ROW("b") "," ROW("c")), PAGE("n", ROW("b") "," ROW("d")), "{\"value\":[" ROW("e") "]}" },
          "a;b;c;b;d;e;done(6,4,complete);", ERR_NONE },
        { { PAGE("n", ROW("a")), PAGE("n", ROW("b")), "{\"value\":[]}" }, "a;b;done(2,3,complete);", ERR_NONE },
        { { PAGE("n", ROW("a")), PAGE("n", ROW("b")), "{\"value\":[" ROW("b") "," ROW("c") "]}" }, "a;b;b;c;done(4,3,complete);", ERR_NONE },
        { { PAGE("x", ROW("a")), PAGE("y", ROW("b")), PAGE("x", ROW("c")) }, "a;b;c;done(3,3);", ERR_PROTOCOL },
        { { PAGE("x", ROW("a")), "{\"value\":[" ROW("b") "],\"@odata.nextLink\":\"InvokeCommand\"}" }, "a;b;done(2,2);", ERR_PROTOCOL },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture *fixture = opened_fixture();
        fixture->err = (struct err){ 0 };
        for (size_t k = 0; cases[i].pages[k]; k++)
            reply_page(fixture, cases[i].pages[k]);
        run(fixture, get_thing("Unlimited"));
        assert_log(fixture, cases[i].log);
        assert_int_equal(fixture->err.kind, cases[i].kind);
        fixture_free(fixture);
    }
}

/* Only the host of the address is used; a path that nobody writes is a slip worth a word. */
static void an_odd_path_is_warned_about(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_new();
    const struct session_listener listener = { .step = on_step, .opened = on_opened, .failed = on_failed, .greeted = on_greeted, .context = fixture };
    char uri[256];
    snprintf(uri, sizeof uri, "https://nam13b." DOMAIN ":%d/PowerShell", https_server_port(fixture->server));
    fixture->config.connection_uri = uri;
    reply(fixture, 200, module_body);
    fixture->session = rest_session_open(&fixture->config, &listener, &fixture->err);
    assert_non_null(fixture->session);
    turn_until(fixture, &fixture->opened);
    assert_non_null(strstr(buf_cstr(&fixture->log), "step(Of the ,"));
    fixture_free(fixture);
}

static void expired_cursor_keeps_what_came(void **state)
{
    (void)state;
    struct fixture *fixture = opened_fixture();
    reply(fixture, 200, "{" NEXT "\"value\":[{\"Name\":\"a\"}]}");
    reply(fixture, 400, "{\"error\":{\"code\":\"BadRequest\",\"message\":\"Expired or Invalid pagination request\"}}");
    run(fixture, get_thing("Unlimited"));
    assert_log(fixture, "a;done(1,1,more);");
    assert_int_equal(fixture->err.kind, ERR_SERVER);
    assert_non_null(strstr(fixture->err.text, "after 1 rows"));
    fixture_free(fixture);
}

static void other_bodies(void **state)
{
    (void)state;
    static const struct { int status; const char *body, *log; enum err_kind kind; } bodies[] = {
        { 204, "", "done(0,1,complete);", ERR_NONE },
        { 200, "", "done(0,1,complete);", ERR_NONE },
        { 200, "{\"value\":[]}", "done(0,1,complete);", ERR_NONE },
        { 200, "{\"value\":[\"text\",7]}", "text;7;done(2,1,complete);", ERR_NONE },
        { 200, "{\"value\":[7],\"@odata.nextLink\":\"\"}", "7;done(1,1,complete);", ERR_NONE },
        { 200, "{\"Name\":\"single\"}", "single;done(1,1,complete);", ERR_NONE },
        { 200, "[{\"Name\":\"a\"},{\"Name\":\"b\"}]", "a;b;done(2,1,complete);", ERR_NONE },
        { 200, "{\"value\":[[{\"Name\":\"a\"},{\"Name\":\"b\"}],{\"Name\":\"c\"}]}", "a;b;c;done(3,1,complete);", ERR_NONE },
        { 200, "{\"value\":[{\"Name\":\"a\"}],\"@adminapi.errors\":[\"Ex1|N.XException|bad row\"]}",
          "a;error(bad row);done(1,1,complete);", ERR_NONE },
        { 200, "{\"value\":[],\"@adminapi.confirmationmessage\":\"Are you sure?\"}", "done(0,1,asks(Are you sure?));", ERR_NONE },
        { 200, "{\"error\":{\"details\":[{\"message\":\"|N.ManagementObjectNotFoundException|gone\"}]}}", "done(0,0);",
          ERR_NOT_FOUND },
        { 200, "<html>sign in</html>", "done(0,0);", ERR_PROTOCOL },
        { 200, "{\"value\":[{\"Name\":\"a\"},{\"Name\":tru}]}", "a;done(1,0);", ERR_PROTOCOL },
        { 200, "{\"value\":[{\"Name\":\"a\"}", "a;done(1,0);", ERR_PROTOCOL },
        { 400, "{\"error\":{\"@adminapi.warnings\":[\"w\"],\"details\":[{\"message\":\"refused\"}]}}",
          "warning(w);done(0,0);", ERR_SERVER },
        { 403, "", "done(0,0);", ERR_FORBIDDEN },
    };
    struct fixture *fixture = opened_fixture();
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        buf_clear(&fixture->log);
        fixture->done = false;
        reply(fixture, bodies[i].status, bodies[i].body);
        struct invocation *invocation = invocation_new("Set-Thing");
        run(fixture, invocation);
        assert_log(fixture, bodies[i].log);
        assert_int_equal(fixture->err.kind, bodies[i].kind);
    }
    fixture_free(fixture);
}

/* ---- repeats ---- */

static const char five[] = "{\"value\":[{\"Name\":\"a\"},{\"Name\":\"b\"},{\"Name\":\"c\"},{\"Name\":\"d\"},{\"Name\":\"e\"}]}";

static void broken_page_is_resumed(void **state)
{
    (void)state;
    /* Wherever it breaks, nothing is lost and nothing comes twice. */
    for (size_t cut = 1; cut < sizeof five; cut += 6) {
        struct fixture *fixture = opened_fixture();
        https_server_reply(fixture->server, &(struct https_reply){ .status = 200, .body = five, .manner = HTTPS_CUT, .part = cut });
        https_server_reply(fixture->server, &(struct https_reply){ .status = 200, .body = five, .manner = HTTPS_CUT, .part = sizeof five - 4 });
        reply(fixture, 200, five);
        run(fixture, get_thing(NULL));
        struct buf names = BUF_INIT(BUF_SMALL);
        for (const char *at = buf_cstr(&fixture->log); *at; at = strchr(at, ';') + 1)
            if (strncmp(at, "wait(", 5) != 0)
                buf_format(&names, "%.*s;", (int)strcspn(at, ";"), at);
        assert_string_equal(buf_cstr(&names), "a;b;c;d;e;done(5,1,complete);");
        buf_free(&names);
        assert_int_equal(https_server_count(fixture->server), 4);
        assert_same_header(fixture, 1, 3, "client-request-id");
        fixture_free(fixture);
    }
}

static void change_between_repeats_is_told(void **state)
{
    (void)state;
    static const char *const second[] = { "{\"value\":[{\"Name\":\"x\"},{\"Name\":\"b\"},{\"Name\":\"c\"}]}", "{\"value\":[]}" };
    static const char *const logs[] = {
        "a;b;wait(2,2);c;warning(The connection broke, and the list had c);done(3,1,complete);",
        "a;b;wait(2,2);warning(The connection broke, and the list had c);done(2,1,complete);",
    };
    for (size_t i = 0; i < 2; i++) {
        struct fixture *fixture = opened_fixture();
        https_server_reply(fixture->server, &(struct https_reply){ .status = 200, .body = five, .manner = HTTPS_CUT, .part = 40 });
        reply(fixture, 200, second[i]);
        run(fixture, get_thing(NULL));
        assert_log(fixture, logs[i]);
        fixture_free(fixture);
    }
}

static void changing_cmdlet_is_not_repeated(void **state)
{
    (void)state;
    struct fixture *fixture = opened_fixture();
    https_server_reply(fixture->server, &(struct https_reply){ .status = 200, .body = five, .manner = HTTPS_CUT, .part = 40 });
    run(fixture, invocation_new("Set-Thing"));
    assert_log(fixture, "a;b;done(2,0);");
    assert_int_equal(fixture->err.kind, ERR_NETWORK);
    assert_non_null(strstr(fixture->err.advice, "may have run"));
    assert_int_equal(https_server_count(fixture->server), 2);
    fixture_free(fixture);
}

/* Behind the last bracket nothing that counts is lost, however the connection ends. */
static void broken_behind_its_end_is_whole(void **state)
{
    (void)state;
    static const char padded[] = "{\"value\":[{\"Name\":\"a\"}],\"@adminapi.warnings\":[]}        ";
    static const char refusal[] = "{\"error\":{\"details\":[{\"message\":\"no such thing\"}]}}        ";
    struct fixture *fixture = opened_fixture();
    https_server_reply(fixture->server, &(struct https_reply){ .status = 200, .body = padded, .manner = HTTPS_CUT, .part = sizeof padded - 9 });
    run(fixture, invocation_new("Set-Thing"));
    assert_log(fixture, "a;done(1,1,complete);");
    fixture->done = false;
    https_server_reply(fixture->server, &(struct https_reply){ .status = 400, .body = refusal, .manner = HTTPS_CUT, .part = sizeof refusal - 9 });
    run(fixture, get_thing(NULL));
    assert_string_equal(fixture->err.text, "no such thing");
    /* A refusal whose words are lost is one all the same. */
    fixture->done = false;
    https_server_reply(fixture->server, &(struct https_reply){ .status = 400, .body = refusal, .manner = HTTPS_CUT, .part = 12 });
    run(fixture, invocation_new("Set-Thing"));
    assert_int_equal(fixture->err.kind, ERR_SERVER);
    assert_null(strstr(fixture->err.advice, "may have run"));
    assert_int_equal(https_server_count(fixture->server), 4);
    fixture_free(fixture);
}

/* A gateway does not know whether the cmdlet ran, and an answer that cannot be read came behind the change. */
static void what_may_have_run_is_said(void **state)
{
    (void)state;
    static const struct { int status; const char *body; } rows[] = {
        { 504, "" }, { 502, "<html><title>Bad Gateway</title></html>" }, { 503, "" }, { 200, "{\"value\":[{\"Name\":" },
    };
    struct fixture *fixture = opened_fixture();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fixture->done = false;
        reply(fixture, rows[i].status, rows[i].body);
        run(fixture, invocation_new("Set-Thing"));
        assert_non_null(strstr(fixture->err.advice, "may have run"));
    }
    fixture_free(fixture);
}

static void a_redirect_elsewhere_is_told(void **state)
{
    (void)state;
    struct fixture *fixture = opened_fixture();
    reply_redirect(fixture, 302, "https://login.example.org/portal");
    run(fixture, get_thing(NULL));
    assert_int_equal(fixture->err.kind, ERR_PROTOCOL);
    assert_non_null(strstr(fixture->err.text, "login.example.org"));
    assert_non_null(strstr(fixture->err.correlation, "client-request-id"));
    fixture_free(fixture);
}

static void a_lost_connection_has_our_id(void **state)
{
    (void)state;
    struct fixture *fixture = opened_fixture();
    https_server_reply(fixture->server, &(struct https_reply){ .status = 200, .body = five, .manner = HTTPS_CUT, .part = 40 });
    run(fixture, invocation_new("Set-Thing"));
    assert_non_null(strstr(fixture->err.correlation, "client-request-id "));
    /* So has an answer that came and is none. */
    fixture->done = false;
    reply(fixture, 200, "<html>sign in</html>");
    run(fixture, get_thing(NULL));
    assert_non_null(strstr(fixture->err.correlation, "client-request-id "));
    fixture_free(fixture);
}

static void throttling_is_waited_for(void **state)
{
    (void)state;
    struct fixture *fixture = opened_fixture();
    https_server_reply(fixture->server, &(struct https_reply){
        .status = 429, .headers = { { "Retry-After", "2.5" } }, .body = "too many concurrent requests" });
    reply(fixture, 503, "{\"error\":{\"message\":\"busy\"}}");
    reply(fixture, 500, "{\"error\":{\"message\":\"Microsoft.X.DCOverloadedException\"}}");
    reply(fixture, 200, five);
    run(fixture, invocation_new("Set-Thing"));
    assert_log(fixture, "wait(3,7);wait(4,8);wait(8,8);a;b;c;d;e;done(5,1,complete);");
    assert_same_header(fixture, 1, 4, "client-request-id");
    /* Where a smaller call is the answer to a time-out, the same one is not sent six times first. */
    fixture->done = false;
    buf_clear(&fixture->log);
    struct invocation *impatient = get_thing(NULL);
    impatient->impatient = true;
    reply(fixture, 504, "{\"error\":{\"message\":\"timed out\"}}");
    run(fixture, impatient);
    assert_log(fixture, "done(0,0);");
    assert_string_equal(fixture->err.text, "timed out");
    fixture_free(fixture);
}

/* A read that broke for good goes on behind what came, on the page where it broke (rest.md section 5). */
static void a_broken_read_goes_on_later(void **state)
{
    (void)state;
    struct fixture *fixture = opened_fixture();
    fixture->config.retry_base_ms = 1;
    reply_page(fixture, "{\"@odata.nextLink\":\"https://nam13b." DOMAIN ":%d/adminapi/beta/t/InvokeCommand?$skiptoken=p2\","
                        "\"value\":[{\"Name\":\"1\"}]}");
    for (int i = 0; i < 6; i++)
        https_server_reply(fixture->server, &(struct https_reply){ .status = 200, .body = five, .manner = HTTPS_CUT, .part = 40 });
    run(fixture, get_thing("Unlimited"));
    assert_int_equal(fixture->err.kind, ERR_NETWORK);
    assert_non_null(fixture->resume_at);
    buf_clear(&fixture->log);
    fixture->done = false;
    struct invocation *again = get_thing("Unlimited");
    again->resume_at = mem_text(fixture->resume_at);
    reply(fixture, 200, five);
    run(fixture, again);
    assert_log(fixture, "c;d;e;done(6,2,complete);");
    assert_null(fixture->resume_at);
    assert_int_equal(https_server_count(fixture->server), 9);
    assert_string_equal(https_server_seen(fixture->server, 8)->path, "/adminapi/beta/t/InvokeCommand?$skiptoken=p2");
    fixture_free(fixture);
}

/* Whoever comes while the service is busy waits as well: nothing more is sent meanwhile (rest.md section 6). */
static void one_throttled_call_holds_all(void **state)
{
    (void)state;
    struct fixture *fixture = opened_fixture();
    https_server_reply(fixture->server, &(struct https_reply){ .status = 429, .headers = { { "Retry-After", "500" } }, .body = "too many" });
    https_server_reply(fixture->server, &(struct https_reply){
        .status = 200, .headers = { { "Rate-Limit-Limit", "30000" }, { "Rate-Limit-Remaining", "12" } }, .body = "{\"value\":[]}" });
    assert_true(start(fixture, get_thing(NULL)));
    while (!strstr(buf_cstr(&fixture->log), "wait("))
        http_turn(fixture->http, -1, 100);
    assert_true(start(fixture, get_thing(NULL)));
    while (!strstr(strstr(buf_cstr(&fixture->log), "wait(") + 1, "wait("))
        http_turn(fixture->http, -1, 100);
    assert_int_equal(https_server_count(fixture->server), 2);
    session_cancel(fixture->session, fixture->run);
    turn_until(fixture, &fixture->done);
    assert_int_equal(https_server_count(fixture->server), 3);
    assert_int_equal(fixture->summary.rate.limit, 30000);
    assert_int_equal(fixture->summary.rate.remaining, 12);
    fixture_free(fixture);
}

/* A gateway's word may hide a change that was made: only the service's own refusals are repeated (rest.md section 6). */
static void a_gateway_repeats_no_change(void **state)
{
    static const char *const bodies[] = { "", "<html>502</html>", "upstream timed out" };
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct fixture *fixture = opened_fixture();
        reply(fixture, 504, bodies[i]);
        run(fixture, invocation_new("Set-Thing"));
        assert_log(fixture, "done(0,0);");
        assert_int_equal(https_server_count(fixture->server), 2);
        fixture_free(fixture);
    }
}

/* The organization moved: the front door is asked again and the cmdlet runs where it sends us (rest.md section 1.1). */
static void a_lost_region_is_found_again(void **state)
{
    (void)state;
    static const char *const signs[] = {
        "{\"error\":{\"message\":\"Could not find the organization container\"}}",
        "{\"error\":{\"message\":\"Value cannot be null. Parameter name: orgUnit\"}}",
    };
    for (size_t i = 0; i < 2; i++) {
        struct fixture *fixture = opened_fixture();
        fixture->config.retry_base_ms = 1;
        reply(fixture, 500, signs[i]);
        reply(fixture, 200, five);
        run(fixture, invocation_new("Set-Thing"));
        assert_log(fixture, "a;b;c;d;e;done(5,1,complete);");
        assert_same_header(fixture, 1, 2, "client-request-id");
        fixture_free(fixture);
    }
}

/* A region that was kept from an earlier connection and is not well does not begin the next one. */
static void a_kept_region_is_forgotten(void **state)
{
    (void)state;
    char place[] = "/tmp/purvey-region-XXXXXX";
    assert_non_null(mkdtemp(place));
    setenv("XDG_STATE_HOME", place, 1);
    struct fixture *fixture = fixture_new();
    fixture->config.keep_module = true;
    fixture->config.retry_base_ms = 1;
    for (int i = 0; i < 3; i++) {
        fixture->opened = fixture->done = false;
        if (i != 1) {
            reply_redirect(fixture, 302, "https://nam13b.admin.protection.outlook.localhost:446/x");
            reply(fixture, 200, module_body);
        }
        assert_true(open_session(fixture, DOMAIN));
        assert_host(fixture, https_server_count(fixture->server) - 1, "nam13b." DOMAIN);
        if (i == 1) {
            reply(fixture, 504, "");
            run(fixture, invocation_new("Set-Thing"));
            assert_int_equal(fixture->err.kind, ERR_SERVER);
        }
        session_close(fixture->session);
        fixture->session = NULL;
        catalogue_free(fixture->catalogue);
        fixture->catalogue = NULL;
    }
    assert_int_equal(https_server_count(fixture->server), 5);
    assert_host(fixture, 3, DOMAIN);
    fixture_free(fixture);
    module_cache_drop_all();
    char below[sizeof place + 8];
    snprintf(below, sizeof below, "%s/purvey", place);
    rmdir(below);
    rmdir(place);
    unsetenv("XDG_STATE_HOME");
}

static void patience_ends(void **state)
{
    (void)state;
    struct fixture *fixture = opened_fixture();
    fixture->config.retry_base_ms = 1;
    for (int i = 0; i < 6; i++)
        reply(fixture, 503, "busy");
    run(fixture, get_thing(NULL));
    assert_log(fixture, "wait(2,8);wait(4,8);wait(8,8);wait(16,8);wait(32,8);done(0,0);");
    assert_int_equal(https_server_count(fixture->server), 7);
    /* An hour is told, not waited for. */
    fixture->done = false;
    buf_clear(&fixture->log);
    reply(fixture, 503, "busy");
    reply(fixture, 503, "busy");
    https_server_reply(fixture->server, &(struct https_reply){ .status = 429, .headers = { { "Retry-After", "3600" } } });
    run(fixture, get_thing(NULL));
    assert_log(fixture, "wait(2,8);wait(4,8);done(0,0);");
    assert_int_equal(fixture->err.retry_after_s, 3600);
    fixture_free(fixture);
}

static void reply_challenge(struct fixture *fixture)
{
    https_server_reply(fixture->server, &(struct https_reply){
        .status = 401, .headers = { { "WWW-Authenticate", "Bearer realm=\"\", claims=\"eyJhY2Nlc3NfdG9rZW4iOnt9fQ==\"" } } });
}

static void challenge_brings_a_new_token(void **state)
{
    (void)state;
    for (int later = 0; later < 2; later++) {
        struct fixture *fixture = opened_fixture();
        fixture->refresh_later = later;
        reply_challenge(fixture);
        reply(fixture, 200, five);
        assert_true(start(fixture, get_thing(NULL)));
        while (!fixture->refreshes)
            http_turn(fixture->http, -1, 100);
        if (later)
            answer_refresh(fixture);
        turn_until(fixture, &fixture->done);
        assert_log(fixture, "refresh({\"access_token\":{}});a;b;c;d;e;done(5,1,complete);");
        assert_header(fixture, 1, "Authorization", "Bearer first");
        assert_header(fixture, 2, "Authorization", "Bearer second");
        fixture_free(fixture);
    }
}

static void refused_sign_in_ends(void **state)
{
    (void)state;
    struct fixture *fixture = opened_fixture();
    reply(fixture, 401, "");
    reply(fixture, 401, "");
    run(fixture, get_thing(NULL));
    assert_log(fixture, "refresh(-);done(0,0);");
    assert_int_equal(fixture->err.kind, ERR_AUTH_REQUIRED);
    /* The service's reason is kept when the token cannot be renewed. */
    fixture->refresh_fails = true;
    fixture->done = false;
    buf_clear(&fixture->log);
    reply(fixture, 401, "{\"error\":{\"code\":\"Unauthorized\",\"message\":\"User is not allowed to call Get-Thing\"}}");
    run(fixture, get_thing(NULL));
    assert_log(fixture, "refresh(-);done(0,0);");
    assert_int_equal(fixture->err.kind, ERR_FORBIDDEN);
    assert_non_null(strstr(fixture->err.text, "not allowed to call Get-Thing"));
    fixture->done = false;
    reply(fixture, 401, "");
    run(fixture, get_thing(NULL));
    assert_non_null(strstr(fixture->err.text, "does not accept the sign-in: Get-Thing"));
    assert_non_null(strstr(fixture->err.correlation, "client-request-id"));
    fixture->done = false;
    reply_challenge(fixture);
    run(fixture, get_thing(NULL));
    assert_non_null(strstr(fixture->err.advice, "newer sign-in"));
    /* A 401 that only names a type knows less than the sign-in service. */
    fixture->done = false;
    fixture->refresh_code = "AADSTS50173";
    https_server_reply(fixture->server, &(struct https_reply){ .status = 401, .body = "", .headers = { { "x-ExceptionType", "TokenException" } } });
    run(fixture, get_thing(NULL));
    assert_string_equal(fixture->err.code, "AADSTS50173");
    fixture_free(fixture);
}

static void two_runs_share_one_refresh(void **state)
{
    (void)state;
    struct fixture *fixture = opened_fixture();
    fixture->refresh_later = true;
    reply_challenge(fixture);
    reply_challenge(fixture);
    reply(fixture, 200, five);
    assert_true(start(fixture, get_thing(NULL)));
    struct session_run *first = fixture->run;
    assert_true(start(fixture, get_thing(NULL)));
    while (https_server_count(fixture->server) < 3)
        http_turn(fixture->http, -1, 50);
    turn_a_bit(fixture);
    assert_int_equal(fixture->refreshes, 1);
    session_cancel(fixture->session, first);
    answer_refresh(fixture);
    turn_until(fixture, &fixture->done);
    assert_int_equal(fixture->summary.objects, 5);
    /* Closing forgets the refresh under way. */
    reply_challenge(fixture);
    assert_true(start(fixture, get_thing(NULL)));
    while (fixture->refreshes < 2)
        http_turn(fixture->http, -1, 50);
    fixture_free(fixture);
}

/* ---- ending before the end ---- */

static void cancel_inside_an_object(void **state)
{
    (void)state;
    struct fixture *fixture = opened_fixture();
    fixture->cancel_at = 2;
    reply(fixture, 200, five);
    assert_true(start(fixture, get_thing(NULL)));
    while (fixture->objects < 2)
        http_turn(fixture->http, -1, 100);
    turn_a_bit(fixture);
    assert_log(fixture, "a;b;");
    fixture_free(fixture);
}

static void close_inside_an_object(void **state)
{
    (void)state;
    struct fixture *fixture = opened_fixture();
    fixture->close_at = 3;
    reply(fixture, 200, five);
    assert_true(start(fixture, get_thing(NULL)));
    while (fixture->objects < 3)
        http_turn(fixture->http, -1, 100);
    turn_a_bit(fixture);
    assert_log(fixture, "a;b;c;");
    fixture_free(fixture);
}

static void close_inside_done(void **state)
{
    (void)state;
    struct fixture *fixture = opened_fixture();
    fixture->close_in_done = true;
    reply(fixture, 200, five);
    run(fixture, get_thing(NULL));
    turn_a_bit(fixture);
    assert_log(fixture, "a;b;c;d;e;done(5,1,complete);");
    fixture_free(fixture);
}

static void cancel_while_the_service_is_silent(void **state)
{
    (void)state;
    struct fixture *fixture = opened_fixture();
    https_server_reply(fixture->server, &(struct https_reply){ .status = 200, .body = five, .manner = HTTPS_STALLED, .part = 40 });
    assert_true(start(fixture, get_thing(NULL)));
    while (fixture->objects < 2)
        http_turn(fixture->http, -1, 100);
    session_cancel(fixture->session, fixture->run);
    turn_a_bit(fixture);
    assert_log(fixture, "a;b;");
    fixture_free(fixture);
}

static void cancel_while_waiting(void **state)
{
    (void)state;
    for (int inside = 0; inside < 2; inside++) {
        struct fixture *fixture = opened_fixture();
        fixture->cancel_in_waiting = inside;
        reply(fixture, 503, "");
        assert_true(start(fixture, get_thing(NULL)));
        while (!fixture->log.len)
            http_turn(fixture->http, -1, 1);
        if (!inside)
            session_cancel(fixture->session, fixture->run);
        turn_a_bit(fixture);
        assert_log(fixture, "wait(2,8);");
        assert_int_equal(https_server_count(fixture->server), 2);
        fixture_free(fixture);
    }
}

static void pause_stops_the_stream(void **state)
{
    (void)state;
    struct fixture *fixture = opened_fixture();
    struct buf body = BUF_INIT(BUF_LARGE);
    enum { MANY = 40000 };
    buf_text(&body, "{\"value\":[");
    for (int i = 0; i < MANY; i++)
        buf_format(&body, "%s{\"Name\":\"n%d\",\"Filler\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}",
                   i ? "," : "", i);
    buf_text(&body, "]}");
    reply(fixture, 200, buf_cstr(&body));
    buf_free(&body);
    fixture->pause_at = 10;
    assert_true(start(fixture, get_thing(NULL)));
    while (fixture->objects < 10)
        http_turn(fixture->http, -1, 100);
    turn_a_bit(fixture);
    int before = fixture->objects;
    turn_a_bit(fixture);
    assert_int_equal(fixture->objects, before);
    assert_true(before < MANY / 2);
    assert_false(fixture->done);
    session_pause(fixture->session, fixture->run, false);
    turn_until(fixture, &fixture->done);
    assert_int_equal(fixture->summary.objects, MANY);
    fixture_free(fixture);
}

static void without_a_token_nothing_is_sent(void **state)
{
    (void)state;
    struct fixture *fixture = opened_fixture();
    secret_free(fixture->token);
    fixture->token = NULL;
    assert_false(start(fixture, get_thing(NULL)));
    assert_int_equal(fixture->err.kind, ERR_AUTH_REQUIRED);
    assert_false(start(fixture, invocation_new("Get-Thing\r\nX: y")));
    assert_int_equal(fixture->err.kind, ERR_INPUT);
    assert_int_equal(https_server_count(fixture->server), 1);
    fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(greetings), cmocka_unit_test(opens_through_the_front_door),
        cmocka_unit_test(bearer_goes_to_no_foreign_host),
        cmocka_unit_test(circles_of_redirects_end),
        cmocka_unit_test(front_door_may_serve_itself),
        cmocka_unit_test(region_in_the_address_is_used),
        cmocka_unit_test(addresses_that_are_refused),
        cmocka_unit_test(anchors),
        cmocka_unit_test(opening_fails_in_words),
        cmocka_unit_test(a_list_that_is_none_is_told),
        cmocka_unit_test(closing_while_opening),
        cmocka_unit_test(each_front_door_of_dod_is_taken),
        cmocka_unit_test(one_page),
        cmocka_unit_test(three_pages),
        cmocka_unit_test(result_size_steers_paging),
        cmocka_unit_test(foreign_next_link_is_not_followed),
        cmocka_unit_test(long_and_raw_next_links), cmocka_unit_test(a_list_that_leads_to_itself_ends),
        cmocka_unit_test(a_list_in_circles_gives_no_row_twice), cmocka_unit_test(pages_that_want_get),
        cmocka_unit_test(an_odd_path_is_warned_about),
        cmocka_unit_test(expired_cursor_keeps_what_came),
        cmocka_unit_test(other_bodies),
        cmocka_unit_test(broken_page_is_resumed),
        cmocka_unit_test(change_between_repeats_is_told),
        cmocka_unit_test(changing_cmdlet_is_not_repeated),
        cmocka_unit_test(broken_behind_its_end_is_whole),
        cmocka_unit_test(what_may_have_run_is_said),
        cmocka_unit_test(a_redirect_elsewhere_is_told),
        cmocka_unit_test(a_lost_connection_has_our_id),
        cmocka_unit_test(throttling_is_waited_for),
        cmocka_unit_test(a_broken_read_goes_on_later),
        cmocka_unit_test(one_throttled_call_holds_all),
        cmocka_unit_test(a_gateway_repeats_no_change),
        cmocka_unit_test(a_lost_region_is_found_again),
        cmocka_unit_test(a_kept_region_is_forgotten),
        cmocka_unit_test(patience_ends),
        cmocka_unit_test(challenge_brings_a_new_token),
        cmocka_unit_test(refused_sign_in_ends),
        cmocka_unit_test(two_runs_share_one_refresh),
        cmocka_unit_test(cancel_inside_an_object),
        cmocka_unit_test(close_inside_an_object),
        cmocka_unit_test(close_inside_done),
        cmocka_unit_test(cancel_while_the_service_is_silent),
        cmocka_unit_test(cancel_while_waiting),
        cmocka_unit_test(pause_stops_the_stream),
        cmocka_unit_test(without_a_token_nothing_is_sent),
    };
    return cmocka_run_group_tests_name("rest_session", tests, NULL, NULL);
}
