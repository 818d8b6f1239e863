/* The demo tenant's sign-in service: the ids of its answers, against auth.md section 3. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "demo/entra.h"

#define WANTED_ID "5bd2e64f-0f4c-4f0e-8a3c-0a6c1ad45c01"

struct fixture {
    struct demo demo;
    const char *request_id, *wants_it_back;     /* headers of the next request */
    struct demo_reply reply;
    struct json *body;
};

static const char *header(const struct demo_request *request, const char *name)
{
    const struct fixture *fixture = request->connection;
    const struct { const char *name, *value; } known[] = {
        { "client-request-id", fixture->request_id },
        { "return-client-request-id", fixture->wants_it_back },
        { "Content-Type", "application/x-www-form-urlencoded" },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_is_nocase(str_of(name), known[i].name) && known[i].value)
            return known[i].value;
    return "";
}

static void forget_reply(struct fixture *fixture)
{
    for (size_t i = 0; i < fixture->reply.header_count; i++) {
        free(fixture->reply.headers[i].name);
        free(fixture->reply.headers[i].value);
    }
    buf_free(&fixture->reply.body);
    json_free(fixture->body);
    fixture->body = NULL;
    fixture->reply = (struct demo_reply){ .status = 500, .body = BUF_INIT(DEMO_MAX_BODY) };
}

static int set_up(void **state)
{
    struct fixture *fixture = MEM_NEW(struct fixture);
    fixture->demo.config = (struct demo_config){ .port = 8443, .region = "eur01b", .interval_s = 5, .code_lifetime_s = 900 };
    fixture->demo.entra = entra_new(&fixture->demo.config);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    forget_reply(fixture);
    entra_free(fixture->demo.entra);
    free(fixture);
    return 0;
}

static void post(struct fixture *fixture, const char *path, const char *form)
{
    const struct demo_request request = {
        .method = "POST", .host = DEMO_LOGIN_HOST, .path = path, .query = "", .body = str_of(form), .header = header,
        .header_text = "", .connection = fixture,
    };
    forget_reply(fixture);
    entra_handle(&fixture->demo, &request, &fixture->reply);
    fixture->body = json_parse(buf_str(&fixture->reply.body), NULL);
    assert_non_null(fixture->body);
}

static const char *reply_value(const struct fixture *fixture, const char *name)
{
    for (size_t i = 0; i < fixture->reply.header_count; i++)
        if (str_is_nocase(str_of(name), fixture->reply.headers[i].name))
            return fixture->reply.headers[i].value;
    return "";
}

static const char *text(const struct fixture *fixture, const char *name)
{
    return json_cstr(json_get(fixture->body, name), "");
}

static void an_error_carries_the_id_of_its_request(void **state)
{
    struct fixture *fixture = *state;
    fixture->request_id = WANTED_ID;
    fixture->wants_it_back = "true";
    post(fixture, "/organizations/oauth2/v2.0/token", "grant_type=nonsense&client_id=x");
    assert_int_equal(fixture->reply.status, 400);
    assert_string_equal(text(fixture, "correlation_id"), WANTED_ID);
    assert_non_null(strstr(text(fixture, "error_description"), "\r\nCorrelation ID: " WANTED_ID "\r\n"));
    assert_string_equal(reply_value(fixture, "client-request-id"), WANTED_ID);
    assert_string_not_equal(text(fixture, "trace_id"), WANTED_ID);
    fixture->wants_it_back = NULL;
    post(fixture, "/nowhere.example/oauth2/v2.0/token", "");
    assert_string_equal(text(fixture, "correlation_id"), WANTED_ID);
    assert_string_equal(reply_value(fixture, "client-request-id"), "");
}

/* No id, or something that is none and could be anything: the service makes one. */
static void without_an_id_it_makes_one(void **state)
{
    static const char *const ids[] = { NULL, "x\r\nSet-Cookie: a=b", "5bd2e64f", WANTED_ID "0" };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        fixture->request_id = ids[i];
        fixture->wants_it_back = "true";
        post(fixture, "/organizations/oauth2/v2.0/token", "grant_type=nonsense");
        assert_int_equal(strlen(text(fixture, "correlation_id")), 36);
        assert_string_not_equal(text(fixture, "correlation_id"), WANTED_ID);
        assert_string_equal(reply_value(fixture, "client-request-id"), text(fixture, "correlation_id"));
    }
}

static void an_answer_gives_the_id_back(void **state)
{
    struct fixture *fixture = *state;
    fixture->request_id = WANTED_ID;
    fixture->wants_it_back = "true";
    post(fixture, "/organizations/oauth2/v2.0/devicecode",
         "client_id=fb78d390-0c51-40cd-8e17-fdbfab77341b&scope=https%3A%2F%2F" DEMO_FRONT_DOOR "%2F.default");
    assert_int_equal(fixture->reply.status, 200);
    assert_string_equal(reply_value(fixture, "client-request-id"), WANTED_ID);
    int64_t interval = 0;
    assert_true(json_int64(json_get(fixture->body, "interval"), &interval) && interval == 5);
}

/* ---- what Microsoft's client library makes of the answers (auth.md sections 3, 4 and 10) ---- */

#define CLIENT "fb78d390-0c51-40cd-8e17-fdbfab77341b"
#define SCOPE "https%3A%2F%2F" DEMO_FRONT_DOOR "%2F.default%20openid%20profile%20offline_access"

static void get(struct fixture *fixture, const char *path, const char *query)
{
    const struct demo_request request = {
        .method = "GET", .host = DEMO_LOGIN_HOST, .path = path, .query = query, .body = STR(""), .header = header,
        .header_text = "", .connection = fixture,
    };
    forget_reply(fixture);
    entra_handle(&fixture->demo, &request, &fixture->reply);
    fixture->body = json_parse(buf_str(&fixture->reply.body), NULL);
}

static void sign_in(struct fixture *fixture, const char *user)
{
    char *form = mem_format("%s%s&password=demo-password", "grant_type=password&client_id=" CLIENT "&scope=" SCOPE "&client_info=1&username=", user);
    post(fixture, "/organizations/oauth2/v2.0/token", form);
    free(form);
}

/* Accounts are kept apart by who and of which tenant: two people with one id are one account. */
static void people_have_ids_of_their_own(void **state)
{
    struct fixture *fixture = *state;
    sign_in(fixture, "adele.vance%40" DEMO_TENANT);
    char *first = mem_text(text(fixture, "client_info"));
    sign_in(fixture, "megan.bowen%40" DEMO_TENANT);
    assert_true(*first && *text(fixture, "client_info"));
    assert_string_not_equal(first, text(fixture, "client_info"));
    sign_in(fixture, "Adele.Vance%40" DEMO_TENANT);
    assert_string_equal(first, text(fixture, "client_info"));
    free(first);
}

static void a_federated_password_is_wrong_here(void **state)
{
    struct fixture *fixture = *state;
    sign_in(fixture, "anna%40federated.localhost");
    assert_non_null(strstr(text(fixture, "error_description"), "AADSTS50126"));
    sign_in(fixture, "consent%40" DEMO_TENANT);
    assert_string_equal(text(fixture, "suberror"), "consent_required");
}

/* OpenID Connect Discovery, section 3: what must stand in the document. */
static void discovery_says_all_it_must(void **state)
{
    static const char *const members[] = { "issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "response_types_supported",
                                           "subject_types_supported", "id_token_signing_alg_values_supported" };
    struct fixture *fixture = *state;
    get(fixture, "/" DEMO_TENANT "/v2.0/.well-known/openid-configuration", "");
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        assert_non_null(json_get(fixture->body, members[i]));
    }
    get(fixture, "/" DEMO_TENANT "/oauth2/v2.0/logout", "");
    assert_int_equal(fixture->reply.status, 200);
}

#define AUTHORIZE "client_id=" CLIENT "&response_type=code&response_mode=query&scope=" SCOPE "&state=s1&client_info=1&code_challenge_method=S256" \
    "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&redirect_uri="

static void a_silent_request_is_answered(void **state)
{
    struct fixture *fixture = *state;
    get(fixture, "/organizations/oauth2/v2.0/authorize", AUTHORIZE "http%3A%2F%2Flocalhost%3A3000&prompt=none");
    assert_int_equal(fixture->reply.status, 302);
    assert_non_null(strstr(reply_value(fixture, "Location"), "error=login_required"));
}

/* An application with a credential of its own proves itself for a person too; Microsoft's has none. */
static void an_application_redeems_with_its_secret(void **state)
{
    static const struct { const char *client, *secret, *redirect; int status; } cases[] = {
        { "11111111-2222-4333-8444-555555555555", "&client_secret=sesame", "http%3A%2F%2Flocalhost%3A3000", 200 },
        { "11111111-2222-4333-8444-555555555555", "&client_secret=wrong", "http%3A%2F%2Flocalhost%3A3000", 401 },
        { CLIENT, "&client_secret=sesame", "http%3A%2F%2Flocalhost%3A3000", 401 },
        { CLIENT, "", "https%3A%2F%2Flogin.microsoftonline.com%2Fcommon%2Foauth2%2Fnativeclient", 200 },
    };
    struct fixture *fixture = *state;
    assert_true(entra_add_app(fixture->demo.entra, cases[0].client, NULL, "sesame", NULL));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *common = "response_type=code&response_mode=query&scope=" SCOPE "&state=s1&client_info=1&code_challenge_method=S256"
                             "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        char *form = mem_format("%s&client_id=%s&redirect_uri=%s&username=adele.vance%%40" DEMO_TENANT "&password=demo-password&decision=sign-in",
                                common, cases[i].client, cases[i].redirect);
        forget_reply(fixture);
        const struct demo_request request = { .method = "POST", .host = DEMO_LOGIN_HOST, .path = "/organizations/oauth2/v2.0/authorize",
                                              .query = "", .body = str_of(form), .header = header, .header_text = "", .connection = fixture };
        entra_handle(&fixture->demo, &request, &fixture->reply);
        const char *location = reply_value(fixture, "Location"), *code = strstr(location, "code=");
        assert_non_null(code);
        assert_non_null(strstr(location, "client_info="));
        char *redeem = mem_format("grant_type=authorization_code&client_id=%s&redirect_uri=%s&%.*s%s"
                                  "&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", cases[i].client, cases[i].redirect,
                                  (int)strcspn(code, "&"), code, cases[i].secret);
        post(fixture, "/organizations/oauth2/v2.0/token", redeem);
        assert_int_equal(fixture->reply.status, cases[i].status);
        free(form);
        free(redeem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_error_carries_the_id_of_its_request, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_an_id_it_makes_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_answer_gives_the_id_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(people_have_ids_of_their_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_federated_password_is_wrong_here, set_up, tear_down),
        cmocka_unit_test_setup_teardown(discovery_says_all_it_must, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_silent_request_is_answered, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_application_redeems_with_its_secret, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
