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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_error_carries_the_id_of_its_request, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_an_id_it_makes_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_answer_gives_the_id_back, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
