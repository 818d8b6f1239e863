/* auth/oauth against a scripted sign-in service: real HTTPS under login.microsoftonline.localhost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "auth/oauth.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "certificate_tools.h"
#include "https_server.h"

#define HOST "login.microsoftonline.localhost"
#define TENANT "contoso.onmicrosoft.localhost"
#define TENANT_ID "11111111-2222-3333-4444-555555555555"
#define PATIENCE_MS 30000
#define PENDING "{\"error\":\"authorization_pending\",\"error_codes\":[70016],\"error_description\":\"AADSTS70016: wait\"}"

struct world {
    struct https_server *server;
    struct timers *timers;
    struct http *http;
    struct oauth *oauth;
    char *authority;
    bool free_inside;               /* the listener frees the sign-in in its last callback */
    int prompts, tokens, failures;
    struct oauth_device_prompt prompt;
    struct token *token;
    struct err err;
    struct buf steps;               /* "title|" of each finished step, "!" before failed ones */
    const char *user, *claims, *client_id;
    const struct client_certificate *certificate;
    char page[4096];
};

static int setup(void **state)
{
    static const struct https_certificate certificate = { .names = { HOST } };
    struct world *world = MEM_NEW(struct world);
    struct err err = { 0 };
    world->server = https_server_start(&certificate);
    world->timers = timers_new();
    world->steps = (struct buf)BUF_INIT(BUF_SMALL);
    world->authority = mem_format("https://" HOST ":%d/" TENANT, https_server_port(world->server));
    world->http = http_new(&(struct http_config){ .ca_file = https_server_ca_file(world->server), .timers = world->timers }, &err);
    assert_non_null(world->http);
    *state = world;
    return 0;
}

static int teardown(void **state)
{
    struct world *world = *state;
    oauth_free(world->oauth);
    http_free(world->http);
    timers_free(world->timers);
    https_server_stop(world->server);
    token_free(world->token);
    buf_free(&world->steps);
    free(world->authority);
    free(world);
    return 0;
}

/* ---- the listener ---- */

static void on_step(void *context, const char *title, enum oauth_step_state step, int64_t elapsed_ms)
{
    struct world *world = context;
    assert_true(elapsed_ms >= 0);
    if (step != OAUTH_STEP_RUNNING) {
        buf_format(&world->steps, "%s%s|", step == OAUTH_STEP_FAILED ? "!" : "", title);
    }
}

static void on_prompt(void *context, const struct oauth_device_prompt *prompt)
{
    struct world *world = context;
    world->prompts++;
    world->prompt = *prompt;
}

static void end(struct world *world)
{
    if (world->free_inside) {
        oauth_free(world->oauth);
        world->oauth = NULL;
    }
}

static void on_token(void *context, struct token *token)
{
    struct world *world = context;
    world->tokens++;
    token_free(world->token);
    world->token = token;
    end(world);
}

static void on_failed(void *context, const struct err *err)
{
    struct world *world = context;
    struct err copy = *err;
    world->failures++;
    end(world);
    world->err = copy;
}

static void on_browser(void *context, const struct oauth_browser_prompt *prompt)
{
    struct world *world = context;
    str_copy(world->page, sizeof world->page, prompt->url);
}

static void start(struct world *world, enum oauth_grant grant, const char *given)
{
    const struct oauth_listener listener = { .step = on_step, .device_prompt = on_prompt, .browser_prompt = on_browser, .token = on_token, .failed = on_failed, .context = world };
    struct secret *secret = given ? secret_new(str_of(given)) : NULL;
    struct err err = { 0 };
    world->oauth = oauth_start(world->http, world->timers, &(struct oauth_request){
        .cloud = cloud_by_name("demo"), .authority = world->authority, .grant = grant, .given = secret, .claims = world->claims,
        .login_hint = world->user, .client_id = world->client_id, .certificate = world->certificate }, &listener, &err);
    assert_non_null(world->oauth);
    assert_int_equal(world->tokens + world->failures, 0);
    secret_free(secret);
}

static void turn_until_requests(struct world *world, size_t count)
{
    int64_t last = clock_ms() + PATIENCE_MS;
    while (https_server_count(world->server) < count) {
        assert_true(clock_ms() < last);
        http_turn(world->http, -1, 20);
    }
}

static void turn_until_ended(struct world *world)
{
    int64_t last = clock_ms() + PATIENCE_MS;
    while (world->tokens + world->failures == 0) {
        assert_true(clock_ms() < last);
        http_turn(world->http, -1, 1000);
    }
    http_turn(world->http, -1, 0);
    assert_int_equal(world->tokens + world->failures, 1);
}

/* Turns until the sign-in waits for its next poll; returns the milliseconds that it waits. */
static int64_t turn_until_waiting(struct world *world)
{
    int64_t last = clock_ms() + PATIENCE_MS;
    while (timers_next_ms(world->timers) < 0) {
        assert_true(clock_ms() < last);
        http_turn(world->http, -1, 20);
    }
    return timers_next_ms(world->timers);
}

/* ---- what the service says ---- */

static void lay(struct world *world, int status, const char *body)
{
    https_server_reply(world->server, &(struct https_reply){ .status = status, .body = body,
        .headers = { { "Content-Type", "application/json" } } });
}

static void lay_discovery_at(struct world *world, const char *token_place, const char *device_place)
{
    char *body = mem_format("{\"token_endpoint\":\"%s/oauth2/v2.0/token\",\"device_authorization_endpoint\":\"%s/oauth2/v2.0/devicecode\","
                            "\"issuer\":\"https://" HOST "/" TENANT_ID "/v2.0\"}", token_place, device_place);
    lay(world, 200, body);
    free(body);
}

static void lay_discovery(struct world *world)
{
    lay_discovery_at(world, world->authority, world->authority);
}

static void lay_code(struct world *world, const char *more)
{
    char *body = mem_format("{\"device_code\":\"DEV/CODE+1\",\"user_code\":\"ABCD-EFGH\",\"verification_uri\":\"https://" HOST "/device\","
                            "\"message\":\"Go there and type ABCD-EFGH.\"%s}", more);
    lay(world, 200, body);
    free(body);
}

static char *make_jwt(const char *claims)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    struct buf text = BUF_INIT(BUF_SMALL);
    unsigned bits = 0;
    int held = 0;
    buf_text(&text, "eyJhbGciOiJSUzI1NiJ9.");
    for (const char *c = claims; *c; c++) {
        bits = (bits << 8 | (unsigned char)*c) & 0xFFFFFF;
        for (held += 8; held >= 6; held -= 6) {
            buf_char(&text, digits[bits >> (held - 6) & 63]);
        }
    }
    if (held) {
        buf_char(&text, digits[bits << (6 - held) & 63]);
    }
    buf_text(&text, ".c2ln");
    return buf_take(&text);
}

static void date_from_now(int seconds, char out[64])
{
    time_t then = time(NULL) + seconds;
    struct tm parts;
    assert_true(strftime(out, 64, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&then, &parts)) > 0);
}

static void lay_token(struct world *world, const char *refresh)
{
    char *id = make_jwt("{\"preferred_username\":\"megan@" TENANT "\",\"name\":\"Megan Bowen\",\"tid\":\"" TENANT_ID "\"}");
    char *body = mem_format("{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\"opaque-access\",%s\"id_token\":\"%s\"}", refresh, id);
    lay(world, 200, body);
    free(body);
    free(id);
}

static const struct https_seen *seen(struct world *world, size_t index)
{
    const struct https_seen *request = https_server_seen(world->server, index);
    assert_non_null(request);
    return request;
}

static void begin_polling(struct world *world, const char *more)
{
    lay_discovery(world);
    lay_code(world, more);
    start(world, OAUTH_DEVICE_CODE, NULL);
    turn_until_requests(world, 2);
}

/* ---- device code ---- */

static void signs_in_with_a_device_code(void **state)
{
    struct world *world = *state;
    char id[64], other_id[64];
    world->free_inside = true;
    begin_polling(world, ",\"interval\":0,\"expires_in\":900");
    lay(world, 400, PENDING);
    lay(world, 400, PENDING);
    lay_token(world, "\"refresh_token\":\"opaque-refresh\",");
    turn_until_ended(world);
    assert_int_equal(world->tokens, 1);
    assert_int_equal(world->prompts, 1);
    assert_string_equal(world->prompt.user_code, "ABCD-EFGH");
    assert_string_equal(world->prompt.verification_uri, "https://" HOST "/device");
    assert_string_equal(world->prompt.message, "Go there and type ABCD-EFGH.");
    assert_string_equal(world->prompt.tenant, TENANT);
    assert_string_equal(world->prompt.client_name, "Microsoft Exchange REST API Based Powershell");
    assert_int_equal(world->prompt.expires_in_s, 900);
    assert_true(str_is(secret_str(world->token->access), "opaque-access"));
    assert_true(str_is(secret_str(world->token->refresh), "opaque-refresh"));
    assert_string_equal(world->token->upn, "megan@" TENANT);
    assert_string_equal(world->token->name, "Megan Bowen");
    assert_string_equal(world->token->tenant_id, TENANT_ID);
    assert_in_range(world->token->expires_ms, clock_ms() + 3590000, clock_ms() + 3600000);
    assert_false(world->token->app_only);
    assert_false(world->token->given);
    assert_string_equal(buf_cstr(&world->steps), "Finding the sign-in service for " TENANT "|Asking for a code to sign in with|"
                        "Waiting for you to sign in|Signed in as megan@" TENANT "|");
    assert_int_equal(https_server_count(world->server), 5);
    assert_string_equal(seen(world, 0)->path, "/" TENANT "/v2.0/.well-known/openid-configuration");
    assert_string_equal(seen(world, 1)->path, "/" TENANT "/oauth2/v2.0/devicecode");
    assert_string_equal(seen(world, 1)->body, "client_id=fb78d390-0c51-40cd-8e17-fdbfab77341b&scope="
                        "https%3A%2F%2Fps.compliance.protection.outlook.localhost%2F.default%20openid%20profile%20offline_access");
    for (size_t i = 2; i < 5; i++) {
        assert_string_equal(seen(world, i)->path, "/" TENANT "/oauth2/v2.0/token");
        assert_string_equal(seen(world, i)->body, "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&"
                            "client_id=fb78d390-0c51-40cd-8e17-fdbfab77341b&device_code=DEV%2FCODE%2B1");
        assert_true(https_seen_header(seen(world, i), "client-request-id", id, sizeof id));
        assert_true(https_seen_header(seen(world, 0), "client-request-id", other_id, sizeof other_id));
        assert_string_equal(id, other_id);
    }
    assert_true(https_seen_header(seen(world, 1), "Content-Type", id, sizeof id));
    assert_string_equal(id, "application/x-www-form-urlencoded");
}

static void waits_as_long_as_told(void **state)
{
    static const struct { const char *more; int64_t low, high; } cases[] = {
        { "", 4000, 5000 }, { ",\"interval\":7", 6000, 7000 }, { ",\"interval\":\"3\"", 2000, 3000 }, { ",\"interval\":0", 0, 100 },
        { ",\"interval\":-4", 4000, 5000 }, { ",\"interval\":99999999999", 4000, 5000 },
    };
    struct world *world = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        lay_discovery(world);
        lay_code(world, cases[i].more);
        start(world, OAUTH_DEVICE_CODE, NULL);
        int64_t wait = turn_until_waiting(world);
        assert_in_range(wait, cases[i].low, cases[i].high);
        oauth_free(world->oauth);
        world->oauth = NULL;
        assert_int_equal(timers_next_ms(world->timers), -1);
    }
}

/* slow_down counts for good: the wait after the next "pending" is the longer one too. */
static void slows_down_for_good(void **state)
{
    struct world *world = *state;
    begin_polling(world, ",\"interval\":0");
    lay(world, 400, "{\"error\":\"slow_down\"}");
    lay(world, 400, PENDING);
    turn_until_requests(world, 3);
    int64_t wait = 0, last = clock_ms() + PATIENCE_MS;
    while ((wait = timers_next_ms(world->timers)) < 200) {
        assert_true(clock_ms() < last);
        http_turn(world->http, -1, 20);
    }
    assert_in_range(wait, 4000, 5100);
    turn_until_requests(world, 4);
    wait = turn_until_waiting(world);
    assert_in_range(wait, 4000, 5100);
}

static void ends_as_the_service_says(void **state)
{
    static const struct { const char *answer; enum err_kind kind; const char *words, *advice; } cases[] = {
        { "{\"error\":\"authorization_declined\"}", ERR_AUTH_DENIED, "declined on the other device", "start again" },
        { "{\"error\":\"access_denied\"}", ERR_AUTH_DENIED, "declined on the other device", "start again" },
        { "{\"error\":\"expired_token\",\"error_codes\":[70019]}", ERR_AUTH_REQUIRED, "ABCD-EFGH has expired", "new code" },
        { "{\"error\":\"code_expired\"}", ERR_AUTH_REQUIRED, "ABCD-EFGH has expired", "new code" },
        { "{\"error\":\"bad_verification_code\",\"error_codes\":[70018],\"error_description\":\"AADSTS70018: Bad code.\"}",
          ERR_AUTH_DENIED, "The code is not known.", "Start the sign-in again" },
        { "{\"error\":\"invalid_grant\",\"error_codes\":[53003],\"error_description\":\"AADSTS53003: Blocked.\",\"trace_id\":\"tr-1\"}",
          ERR_AUTH_REQUIRED, "Conditional Access", "sign-in logs" },
        { "{\"error\":\"interaction_required\",\"error_codes\":[50076]}", ERR_AUTH_REQUIRED, "second factor", "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *world = *state;
        world->free_inside = i % 2;
        begin_polling(world, ",\"interval\":0");
        lay(world, 400, PENDING);
        lay(world, 400, cases[i].answer);
        turn_until_ended(world);
        assert_int_equal(world->failures, 1);
        assert_int_equal(world->err.kind, cases[i].kind);
        assert_non_null(strstr(world->err.text, cases[i].words));
        assert_non_null(strstr(world->err.advice, cases[i].advice));
        assert_non_null(strstr(buf_cstr(&world->steps), "|!Waiting for you to sign in|"));
        assert_int_equal(https_server_count(world->server), 4);
        teardown(state);
        setup(state);
    }
}

/* The clock of this machine ends it, with a bounded number of polls until the very end. */
static void expires_by_the_clock(void **state)
{
    struct world *world = *state;
    int64_t begin = clock_ms();
    begin_polling(world, ",\"interval\":0,\"expires_in\":1");
    for (int i = 0; i < 40; i++) {
        lay(world, 400, PENDING);
    }
    turn_until_ended(world);
    assert_int_equal(world->failures, 1);
    assert_int_equal(world->err.kind, ERR_AUTH_REQUIRED);
    assert_non_null(strstr(world->err.text, "ABCD-EFGH has expired"));
    assert_true(clock_ms() - begin >= 999);
    assert_in_range(https_server_count(world->server), 3, 2 + 12);
}

/* Trouble of any kind: the wait doubles each time, falls back when the service is itself again, and the sign-in ends well. */
static void rides_out_trouble(void **state)
{
    static const struct https_reply troubles[] = {
        { .status = 500, .body = "{\"error\":\"server_error\"}" },
        { .status = 200, .body = "<html>Welcome to the hotel</html>" },
        { .status = 200, .generated = 5000, .manner = HTTPS_CUT },
        { .status = 503, .body = "gone for lunch" },
    };
    struct world *world = *state;
    begin_polling(world, ",\"interval\":0");
    int64_t usual = 100;
    for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++) {
        https_server_reply(world->server, &troubles[i]);
        turn_until_requests(world, 3 + i);
        int64_t wait = turn_until_waiting(world);
        assert_in_range(wait, (usual << i) + 1, usual << (i + 1));
        assert_int_equal(world->failures, 0);
    }
    lay(world, 400, PENDING);
    turn_until_requests(world, 7);
    assert_in_range(turn_until_waiting(world), 0, usual);
    https_server_reply(world->server, &troubles[0]);
    turn_until_requests(world, 8);
    assert_in_range(turn_until_waiting(world), usual + 1, 2 * usual);
    lay_token(world, "");
    turn_until_ended(world);
    assert_int_equal(world->tokens, 1);
    assert_null(world->token->refresh);
}

static void heeds_retry_after(void **state)
{
    struct world *world = *state;
    begin_polling(world, ",\"interval\":0");
    https_server_reply(world->server, &(struct https_reply){ .status = 429, .headers = { { "Retry-After", "40" } }, .body = "{}" });
    turn_until_requests(world, 3);
    assert_in_range(turn_until_waiting(world), 30000, 40000);
}

static void refuses_an_unusable_code(void **state)
{
    static const char *const answers[] = {
        "not json", "{}", "[]", "{\"device_code\":\"d\",\"user_code\":\"u\"}", "{\"user_code\":\"u\",\"verification_uri\":\"https://x\"}",
        "{\"device_code\":\"\",\"user_code\":\"u\",\"verification_uri\":\"https://x\"}",
    };
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct world *world = *state;
        world->free_inside = i % 2;
        lay_discovery(world);
        lay(world, 200, answers[i]);
        start(world, OAUTH_DEVICE_CODE, NULL);
        turn_until_ended(world);
        assert_int_equal(world->err.kind, ERR_PROTOCOL);
        assert_int_equal(world->prompts, 0);
        teardown(state);
        setup(state);
    }
}

/* ---- discovery ---- */

static void names_an_unknown_tenant(void **state)
{
    struct world *world = *state;
    lay(world, 400, "{\"error\":\"invalid_tenant\",\"error_description\":\"AADSTS90002: Tenant not found.\\r\\nTrace ID: t\","
                    "\"error_codes\":[90002],\"trace_id\":\"tr\",\"correlation_id\":\"co\",\"timestamp\":\"2026-11-23 09:00:00Z\"}");
    start(world, OAUTH_DEVICE_CODE, NULL);
    turn_until_ended(world);
    assert_int_equal(world->err.kind, ERR_AUTH_DENIED);
    assert_non_null(strstr(world->err.text, "There is no such tenant."));
    assert_string_equal(world->err.code, "AADSTS90002");
    assert_string_equal(world->err.correlation, "correlation co trace tr at 2026-11-23 09:00:00Z");
}

static void sends_nothing_to_foreign_endpoints(void **state)
{
    for (int i = 0; i < 6; i++) {
        struct world *world = *state;
        int port = https_server_port(world->server);
        char *foreign[] = {
            mem_format("https://evil.localhost:%d/" TENANT, port), mem_format("https://" HOST ":%d/" TENANT, port + 1),
            mem_format("http://" HOST ":%d/" TENANT, port), mem_text("https://login.microsoftonline.com/" TENANT),
            mem_format("https://" HOST ".evil.localhost:%d/" TENANT, port), mem_format("https://u@" HOST ":%d/" TENANT, port),
        };
        lay_discovery_at(world, i % 2 ? foreign[i] : world->authority, i % 2 ? world->authority : foreign[i]);
        start(world, OAUTH_DEVICE_CODE, NULL);
        turn_until_ended(world);
        assert_int_equal(world->err.kind, ERR_AUTH_DENIED);
        assert_int_equal(https_server_count(world->server), 1);
        for (size_t j = 0; j < sizeof foreign / sizeof *foreign; j++) {
            free(foreign[j]);
        }
        teardown(state);
        setup(state);
    }
}

static void names_the_cloud_of_the_tenant(void **state)
{
    struct world *world = *state;
    lay_discovery_at(world, "https://login.microsoftonline.us/" TENANT, world->authority);
    start(world, OAUTH_DEVICE_CODE, NULL);
    turn_until_ended(world);
    assert_int_equal(world->failures, 1);
    assert_non_null(strstr(world->err.advice, "--cloud gcc-high"));
    assert_int_equal(https_server_count(world->server), 1);
}

static void warns_of_another_region(void **state)
{
    static const struct { const char *scope, *words; } cases[] = {
        { "\"USGov\",\"tenant_region_sub_scope\":\"DOD\"", "--cloud dod" }, { "\"USG\"", "--cloud gcc-high" },
        { "\"USGov\",\"tenant_region_sub_scope\":\"GCC\"", NULL }, { "\"EU\"", NULL }, { "null", NULL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *world = *state;
        char *body = mem_format("{\"token_endpoint\":\"%s/oauth2/v2.0/token\",\"tenant_region_scope\":%s}", world->authority, cases[i].scope);
        lay(world, 200, body);
        lay_token(world, "");
        start(world, OAUTH_REFRESH, "old");
        turn_until_ended(world);
        assert_int_equal(world->tokens, 1);
        assert_int_equal(cases[i].words != NULL, strstr(buf_cstr(&world->steps), cases[i].words ? cases[i].words : "--cloud") != NULL);
        free(body);
        teardown(state);
        setup(state);
    }
}

static void names_what_is_no_sign_in_service(void **state)
{
    static const char *const answers[] = { "<html>", "{}", "[1]", "{\"token_endpoint\":7}", "" };
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct world *world = *state;
        lay(world, 200, answers[i]);
        start(world, OAUTH_REFRESH, "r");
        turn_until_ended(world);
        assert_int_equal(world->err.kind, ERR_PROTOCOL);
        assert_non_null(strstr(world->err.text, "not a sign-in service"));
        teardown(state);
        setup(state);
    }
}

static void refuses_a_bad_authority(void **state)
{
    struct world *world = *state;
    const struct oauth_listener listener = { .step = on_step, .device_prompt = on_prompt, .token = on_token, .failed = on_failed, .context = world };
    struct err err = { 0 };
    assert_null(oauth_start(world->http, world->timers, &(struct oauth_request){ .cloud = cloud_by_name("demo"),
        .authority = "http://" HOST "/" TENANT, .grant = OAUTH_DEVICE_CODE }, &listener, &err));
    assert_int_equal(err.kind, ERR_INPUT);
    assert_int_equal(world->failures, 0);
}

/* ---- refresh ---- */

static void renews_and_rotates(void **state)
{
    struct world *world = *state;
    world->free_inside = true;
    lay_discovery(world);
    lay_token(world, "\"refresh_token\":\"newer\",\"refresh_in\":1800,");
    start(world, OAUTH_REFRESH, "old er");
    turn_until_ended(world);
    assert_int_equal(world->tokens, 1);
    assert_true(str_is(secret_str(world->token->refresh), "newer"));
    assert_in_range(world->token->refresh_ms, clock_ms() + 1790000, clock_ms() + 1800000);
    assert_string_equal(seen(world, 1)->path, "/" TENANT "/oauth2/v2.0/token");
    assert_memory_equal(seen(world, 1)->body, "grant_type=refresh_token&client_id=fb78d390", 43);
    assert_non_null(strstr(seen(world, 1)->body, "&refresh_token=old%20er"));
}

static void keeps_the_old_refresh_token(void **state)
{
    struct world *world = *state;
    lay_discovery(world);
    lay_token(world, "");
    start(world, OAUTH_REFRESH, "old");
    turn_until_ended(world);
    assert_true(str_is(secret_str(world->token->refresh), "old"));
}

/* A gateway's error may come after the token was spent, and strict servers withdraw a sign-in for a second use. */
static void spends_a_refresh_token_once(void **state)
{
    static const struct { int status; size_t requests; } cases[] = { { 502, 2 }, { 504, 2 }, { 500, 2 }, { 503, 3 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *world = *state;
        lay_discovery(world);
        lay(world, cases[i].status, "");
        lay_token(world, "");
        start(world, OAUTH_REFRESH, "old");
        turn_until_ended(world);
        assert_int_equal(https_server_count(world->server), cases[i].requests);
        assert_int_equal(world->tokens, cases[i].requests == 3);
        teardown(state);
        setup(state);
    }
}

static void asks_to_sign_in_again(void **state)
{
    struct world *world = *state;
    lay_discovery(world);
    lay(world, 400, "{\"error\":\"invalid_grant\",\"error_codes\":[700082],\"error_description\":\"AADSTS700082: Inactive.\"}");
    start(world, OAUTH_REFRESH, "old");
    turn_until_ended(world);
    assert_int_equal(world->err.kind, ERR_AUTH_REQUIRED);
    assert_non_null(strstr(world->err.text, "not used for too long"));
    assert_non_null(strstr(buf_cstr(&world->steps), "!Renewing the sign-in|"));
}

static void refuses_a_token_that_is_none(void **state)
{
    struct world *world = *state;
    lay_discovery(world);
    lay(world, 200, "{\"access_token\":17}");
    start(world, OAUTH_REFRESH, "old");
    turn_until_ended(world);
    assert_int_equal(world->failures, 1);
    assert_int_equal(world->err.kind, ERR_PROTOCOL);
}

/* Other servers sign plain tokens: no tid, often nothing to read at all (rest.md section 1.4: a domain does in the path). */
static void knows_the_tenant_of_plain_tokens(void **state)
{
    static const struct { const char *id, *tenant; } cases[] = {
        { "{\"sub\":\"x\",\"iss\":\"https://login.example/" TENANT_ID "/v2.0\"}", TENANT_ID },
        { "{\"sub\":\"x\",\"iss\":\"https://login.example/v2.0\"}", TENANT },
        { "{\"sub\":\"x\"}", TENANT },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *world = *state;
        char *id = make_jwt(cases[i].id), *body = mem_format("{\"access_token\":\"opaque\",\"id_token\":\"%s\",\"token_type\":\"bearer\"}", id);
        char *place = mem_format("https://" HOST ":%d/" TENANT "/oauth2/v2.0/token", https_server_port(world->server));
        char *plain = mem_format("{\"token_endpoint\":\"%s\"}", place);
        lay(world, 200, plain);
        lay(world, 200, body);
        start(world, OAUTH_REFRESH, "old");
        turn_until_ended(world);
        assert_int_equal(world->tokens, 1);
        assert_string_equal(world->token->tenant_id, cases[i].tenant);
        free(plain);
        free(place);
        free(id);
        free(body);
        teardown(state);
        setup(state);
    }
}

static void refuses_what_was_meant_for_others(void **state)
{
    static const struct { const char *id, *type, *words; } cases[] = {
        { "{\"aud\":\"another-client\"}", "Bearer", "another sign-in" }, { "{\"aud\":[\"another-client\"]}", "Bearer", "another sign-in" },
        { "{\"aud\":\"fb78d390-0c51-40cd-8e17-fdbfab77341b\"}", "pop", "kind pop" },
        /* auth.md section 10: exp and the shape of iss as well. */
        { "{\"exp\":1600000000}", "Bearer", "2020-09-13" }, { "{\"exp\":-9223372036854775807}", "Bearer", "that ended" },
        { "{\"iss\":\"http://" HOST "/" TENANT_ID "/v2.0\"}", "Bearer", "not an issuer" },
        { "{\"iss\":\"somebody\"}", "Bearer", "not an issuer" }, { "{\"iss\":17}", "Bearer", "not an issuer" },
        { "{\"iss\":\"https://sts.windows.net/99999999-2222-3333-4444-555555555555/\"}", "Bearer", "another tenant" },
        { "{\"iss\":\"https://sts.windows.net/" TENANT_ID "/\",\"tid\":\"99999999-2222-3333-4444-555555555555\"}", "Bearer", "another tenant" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *world = *state;
        char *id = make_jwt(cases[i].id), *body = mem_format("{\"access_token\":\"opaque\",\"id_token\":\"%s\",\"token_type\":\"%s\"}", id, cases[i].type);
        lay_discovery(world);
        lay(world, 200, body);
        start(world, OAUTH_REFRESH, "old");
        turn_until_ended(world);
        assert_int_equal(world->failures, 1);
        assert_non_null(strstr(world->err.text, cases[i].words));
        free(id);
        free(body);
        teardown(state);
        setup(state);
    }
}

/* Times by the service's own clock: that of this machine may be wrong, and says nothing about who signed in. */
static void takes_an_identity_of_any_issuer(void **state)
{
    static const struct { const char *id; int expires_in_s, clock_behind_s; } cases[] = {
        { "\"iss\":\"https://sts.windows.net/" TENANT_ID "/\",\"tid\":\"" TENANT_ID "\"", 3600, 0 },
        { "\"iss\":\"https://login.example:9443/oidc\"", 3600, 0 }, { "\"iss\":\"https://" HOST "/" TENANT "/v2.0\"", -60, 0 },
        { "\"sub\":\"x\"", -86000, -86400 }, { "\"exp\":9223372036854775807", 3600, 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *world = *state;
        char date[64], *claims = mem_format("{%s,\"exp\":%lld}", cases[i].id, (long long)clock_unix() + cases[i].expires_in_s);
        char *id = make_jwt(claims), *body = mem_format("{\"access_token\":\"opaque\",\"id_token\":\"%s\"}", id);
        date_from_now(cases[i].clock_behind_s, date);
        lay_discovery(world);
        https_server_reply(world->server, &(struct https_reply){ .status = 200, .headers = { { "Date", date } }, .body = body });
        start(world, OAUTH_REFRESH, "old");
        turn_until_ended(world);
        assert_string_equal(world->err.text, "");
        assert_int_equal(world->tokens, 1);
        free(claims);
        free(id);
        free(body);
        teardown(state);
        setup(state);
    }
}

/* ---- given token ---- */

static void takes_a_given_token(void **state)
{
    struct world *world = *state;
    char *claims = mem_format("{\"aud\":\"https://ps.compliance.protection.outlook.localhost/\",\"upn\":\"adele@" TENANT "\",\"tid\":\"" TENANT_ID
                              "\",\"scp\":\"AdminApi.AccessAsUser.All\",\"exp\":%lld}", (long long)clock_unix() + 600);
    char *jwt = make_jwt(claims), *padded = mem_format("  %s\n", jwt);
    world->free_inside = true;
    start(world, OAUTH_GIVEN_TOKEN, padded);
    turn_until_ended(world);
    assert_int_equal(world->tokens, 1);
    assert_true(str_is(secret_str(world->token->access), jwt));
    assert_null(world->token->refresh);
    assert_true(world->token->given);
    assert_string_equal(world->token->upn, "adele@" TENANT);
    assert_string_equal(buf_cstr(&world->steps), "Checking the access token|");
    assert_int_equal(https_server_count(world->server), 0);
    free(claims);
    free(jwt);
    free(padded);
}

static void warns_about_a_given_token(void **state)
{
    struct world *world = *state;
    char *jwt = make_jwt("{\"aud\":\"https://elsewhere.example\",\"upn\":\"a@b.c\",\"scp\":\"x\"}");
    start(world, OAUTH_GIVEN_TOKEN, jwt);
    turn_until_ended(world);
    assert_int_equal(world->tokens, 1);
    assert_non_null(strstr(world->token->warning, "This token is for https://elsewhere.example;"));
    free(jwt);
}

static void refuses_a_given_token(void **state)
{
    static const struct { const char *claims, *words; } cases[] = {
        { "{\"aud\":\"https://graph.microsoft.com\"}", "Microsoft Graph" }, { "{\"exp\":1000000000}", "ended at 2001-09-09T01:46:40Z" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *world = *state;
        char *jwt = make_jwt(cases[i].claims);
        world->free_inside = i % 2;
        start(world, OAUTH_GIVEN_TOKEN, jwt);
        turn_until_ended(world);
        assert_int_equal(world->failures, 1);
        assert_int_equal(world->err.kind, ERR_AUTH_DENIED);
        assert_non_null(strstr(world->err.text, cases[i].words));
        free(jwt);
        teardown(state);
        setup(state);
    }
}

/* ---- cancelling ---- */

/* Freed while each request is under way, and between polls: nothing is told any more. */
static void is_cancelled_at_any_moment(void **state)
{
    for (size_t requests = 0; requests <= 3; requests++) {
        struct world *world = *state;
        lay_discovery(world);
        lay_code(world, ",\"interval\":0");
        lay(world, 400, PENDING);
        start(world, OAUTH_DEVICE_CODE, NULL);
        turn_until_requests(world, requests);
        oauth_free(world->oauth);
        world->oauth = NULL;
        for (int i = 0; i < 10; i++) {
            http_turn(world->http, -1, 20);
        }
        assert_int_equal(world->tokens + world->failures, 0);
        assert_int_equal(timers_next_ms(world->timers), -1);
        assert_in_range(https_server_count(world->server), requests, requests + 1);
        teardown(state);
        setup(state);
    }
    struct world *world = *state;
    start(world, OAUTH_GIVEN_TOKEN, "x");
    oauth_free(world->oauth);
    world->oauth = NULL;
    http_turn(world->http, -1, 0);
    assert_int_equal(world->failures, 0);
    oauth_free(NULL);
}

/* ---- names and passwords ---- */

static void asks_for_the_realm_before_the_password(void **state)
{
    struct world *world = *state;
    world->user = "adele@" TENANT;
    lay_discovery(world);
    lay(world, 200, "{\"account_type\":\"Managed\"}");
    lay_token(world, "");
    start(world, OAUTH_PASSWORD, "hunter 2&x");
    turn_until_ended(world);
    assert_int_equal(world->tokens, 1);
    assert_non_null(strstr(https_server_seen(world->server, 1)->path, "/common/userrealm/adele"));
    const char *form = https_server_seen(world->server, 2)->body;
    assert_non_null(strstr(form, "grant_type=password&"));
    assert_non_null(strstr(form, "&password=hunter%202%26x"));
    assert_null(strstr(form, "client_secret"));
}

static void sends_no_password_of_a_federated_account(void **state)
{
    struct world *world = *state;
    world->user = "adele@" TENANT;
    lay_discovery(world);
    lay(world, 200, "{\"account_type\":\"Federated\",\"domain_name\":\"fabrikam.com\"}");
    start(world, OAUTH_PASSWORD, "hunter2");
    turn_until_ended(world);
    assert_int_equal(world->err.kind, ERR_AUTH_DENIED);
    assert_non_null(strstr(world->err.text, "fabrikam.com"));
    assert_int_equal(https_server_count(world->server), 2);
}

/* Repeated tries lock accounts: not even a busy service is asked twice (auth.md section 6). */
static void sends_a_password_once(void **state)
{
    struct world *world = *state;
    world->user = "adele@" TENANT;
    lay_discovery(world);
    lay(world, 404, "");
    lay(world, 503, "{\"error\":\"server_error\",\"error_codes\":[90033]}");
    start(world, OAUTH_PASSWORD, "hunter2");
    turn_until_ended(world);
    assert_int_equal(world->failures, 1);
    assert_int_equal(https_server_count(world->server), 3);
}

/* ---- applications ---- */

static void an_application_asks_for_default_alone(void **state)
{
    struct world *world = *state;
    world->client_id = "36ee4c6c-0812-40a2-b820-b22ebd02bce3";
    world->claims = "{\"access_token\":{}}";
    lay_discovery(world);
    lay(world, 503, "{\"error\":\"server_error\",\"error_codes\":[90033]}");
    lay_token(world, "");
    start(world, OAUTH_CLIENT_SECRET, "s3cret");
    turn_until_ended(world);
    assert_int_equal(world->tokens, 1);     /* one bad moment of the service is ridden out */
    const char *form = https_server_seen(world->server, 2)->body;
    assert_string_equal(form, https_server_seen(world->server, 1)->body);
    assert_non_null(strstr(form, "grant_type=client_credentials&"));
    assert_non_null(strstr(form, "%2F.default&"));
    assert_null(strstr(form, "offline_access"));
    assert_non_null(strstr(form, "claims=%7B%22access_token%22%3A%7B%7D%7D"));
}

/* A wait that is longer than anybody would sit through ends the sign-in instead of asking again at once. */
static void a_long_wait_is_told(void **state)
{
    static const char *const waits[] = { "3600", "Fri, 31 Dec 2999 23:59:59 GMT" };
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
        struct world *world = *state;
        lay_discovery(world);
        https_server_reply(world->server, &(struct https_reply){ .status = 429, .body = "", .headers = { { "Retry-After", waits[i] } } });
        lay_token(world, "");
        start(world, OAUTH_CLIENT_SECRET, "s3cret");
        turn_until_ended(world);
        assert_int_equal(world->failures, 1);
        assert_int_equal(world->err.kind, ERR_THROTTLED);
        assert_int_equal(https_server_count(world->server), 2);
        teardown(state);
        setup(state);
    }
}

static char *assertion_of(const struct https_seen *request)
{
    const char *at = strstr(request->body, "client_assertion=");
    assert_non_null(at);
    return mem_format("%.*s", (int)strcspn(at, "&"), at);
}

/* A strict server takes each proof once, and may have looked at the first before it failed (auth.md section 7). */
static void a_repeat_has_a_proof_of_its_own(void **state)
{
    struct world *world = *state;
    struct err err = { 0 };
    assert_true(tools_begin() && tool("umask 077; openssl req -x509 -newkey rsa:2048 -nodes -keyout app.key -out app.crt -days 9 -subj /CN=app && "
                                      "cat app.key app.crt >app.pem"));
    struct client_certificate *certificate = client_certificate_from_file(tools_path("app.pem"), NULL, &err);
    assert_non_null(certificate);
    world->certificate = certificate;
    lay_discovery(world);
    lay(world, 503, "");
    lay(world, 503, "");
    lay_token(world, "");
    start(world, OAUTH_CERTIFICATE, NULL);
    turn_until_ended(world);
    assert_int_equal(world->tokens, 1);
    char *first = assertion_of(seen(world, 1)), *second = assertion_of(seen(world, 2)), *third = assertion_of(seen(world, 3));
    assert_string_not_equal(first, second);
    assert_string_not_equal(second, third);
    free(first);
    free(second);
    free(third);
    teardown(state);
    setup(state);
    world = *state;
    world->certificate = certificate;
    lay_discovery(world);
    for (int i = 0; i < 4; i++) {
        lay(world, 503, "");
    }
    start(world, OAUTH_CERTIFICATE, NULL);
    turn_until_ended(world);
    assert_int_equal(world->failures, 1);   /* busy for good: it ends */
    assert_int_equal(https_server_count(world->server), 4);
    oauth_free(world->oauth);
    world->oauth = NULL;
    client_certificate_free(certificate);
    tools_end();
}

/* A wrong clock is named: it is the usual reason, and the one that nobody thinks of (auth.md section 7). */
static void names_a_wrong_clock(void **state)
{
    struct world *world = *state;
    char date[64];
    date_from_now(1800, date);
    lay_discovery(world);
    https_server_reply(world->server, &(struct https_reply){ .status = 401, .headers = { { "Date", date } },
        .body = "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS700024: x\",\"error_codes\":[700024]}" });
    start(world, OAUTH_CLIENT_SECRET, "s3cret");
    turn_until_ended(world);
    if (!strstr(world->err.advice, "30 minutes behind") && !strstr(world->err.advice, "29 minutes behind")) {
        fail_msg("no word about the clock: %s", world->err.advice);
    }
}

/* ---- the browser ---- */

static void the_browser_gets_all_it_needs(void **state)
{
    static const char *const parts[] = {
        "/oauth2/v2.0/authorize?client_id=fb78d390-", "&response_type=code", "&redirect_uri=http%3A%2F%2Flocalhost%3A", "&response_mode=form_post",
        "%2F.default%20openid%20profile%20offline_access", "&code_challenge_method=S256", "&login_hint=adele%40", "&domain_hint=",
        "&claims=%7B%7D", "&state=", "&nonce=",
    };
    struct world *world = *state;
    world->user = "adele@" TENANT;
    world->claims = "{}";
    lay_discovery(world);
    start(world, OAUTH_BROWSER, NULL);
    turn_until_requests(world, 1);
    int64_t last = clock_ms() + PATIENCE_MS;
    while (!*world->page) {
        assert_true(clock_ms() < last);
        http_turn(world->http, -1, 20);
    }
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!strstr(world->page, parts[i])) {
            fail_msg("%s is not in %s", parts[i], world->page);
        }
    }
    assert_null(strstr(world->page, "prompt="));
    oauth_free(world->oauth);
    world->oauth = NULL;
    assert_int_equal(timers_next_ms(world->timers), -1);
    assert_int_equal(world->tokens + world->failures, 0);
}

/* Every way, cut off after each of its requests: nothing comes afterwards. */
static void every_way_is_cancelled_anywhere(void **state)
{
    static const enum oauth_grant ways[] = { OAUTH_BROWSER, OAUTH_PASSWORD, OAUTH_CLIENT_SECRET, OAUTH_REFRESH, OAUTH_MANAGED_IDENTITY };
    for (size_t way = 0; way < sizeof ways / sizeof *ways; way++) {
        for (size_t requests = 0; requests <= 2; requests++) {
            struct world *world = *state;
            world->user = "adele@" TENANT;
            lay_discovery(world);
            lay(world, 200, "{}");
            https_server_reply(world->server, &(struct https_reply){ .status = 200, .manner = HTTPS_SILENT });
            start(world, ways[way], "secret");
            int64_t last = clock_ms() + 200;
            while (https_server_count(world->server) < requests && world->failures + world->tokens == 0 && clock_ms() < last) {
                http_turn(world->http, -1, 10);
            }
            int before = world->tokens + world->failures;
            oauth_free(world->oauth);
            world->oauth = NULL;
            http_turn(world->http, -1, 0);
            http_turn(world->http, -1, 0);
            assert_int_equal(world->tokens + world->failures, before);
            assert_int_equal(timers_next_ms(world->timers), -1);
            teardown(state);
            setup(state);
        }
    }
}

#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SERVER(signs_in_with_a_device_code),
        WITH_SERVER(waits_as_long_as_told),
        WITH_SERVER(slows_down_for_good),
        WITH_SERVER(ends_as_the_service_says),
        WITH_SERVER(expires_by_the_clock),
        WITH_SERVER(rides_out_trouble),
        WITH_SERVER(heeds_retry_after),
        WITH_SERVER(refuses_an_unusable_code),
        WITH_SERVER(names_an_unknown_tenant),
        WITH_SERVER(sends_nothing_to_foreign_endpoints),
        WITH_SERVER(names_the_cloud_of_the_tenant), WITH_SERVER(warns_of_another_region),
        WITH_SERVER(names_what_is_no_sign_in_service),
        WITH_SERVER(refuses_a_bad_authority),
        WITH_SERVER(renews_and_rotates),
        WITH_SERVER(keeps_the_old_refresh_token),
        WITH_SERVER(spends_a_refresh_token_once), WITH_SERVER(asks_to_sign_in_again),
        WITH_SERVER(refuses_a_token_that_is_none),
        WITH_SERVER(knows_the_tenant_of_plain_tokens), WITH_SERVER(refuses_what_was_meant_for_others),
        WITH_SERVER(knows_the_tenant_of_plain_tokens), WITH_SERVER(takes_an_identity_of_any_issuer),
        WITH_SERVER(takes_a_given_token),
        WITH_SERVER(warns_about_a_given_token),
        WITH_SERVER(refuses_a_given_token),
        WITH_SERVER(is_cancelled_at_any_moment),
        WITH_SERVER(asks_for_the_realm_before_the_password),
        WITH_SERVER(sends_no_password_of_a_federated_account),
        WITH_SERVER(sends_a_password_once),
        WITH_SERVER(an_application_asks_for_default_alone),
        WITH_SERVER(a_long_wait_is_told), WITH_SERVER(a_repeat_has_a_proof_of_its_own),
        WITH_SERVER(names_a_wrong_clock),
        WITH_SERVER(the_browser_gets_all_it_needs),
        WITH_SERVER(every_way_is_cancelled_anywhere),
    };
    return cmocka_run_group_tests_name("oauth", tests, NULL, NULL);
}
