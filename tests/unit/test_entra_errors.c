/* AADSTS codes in plain words, and errors made from what the service answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "auth/entra_errors.h"
#include "base/mem.h"

/* Every code of the contract's table (auth.md section 12). */
static const int codes[] = {
    16000, 16003, 50020, 50034, 51004, 50011, 500113, 50012, 50013, 700027, 700030, 700024, 500133, 1000502, 50053, 50055, 50144,
    50056, 50064, 50126, 50057, 50058, 50059, 90019, 50128, 900023, 50072, 50079, 50074, 50076, 50078, 50097, 50129, 50155, 50187,
    50105, 50125, 50132, 50133, 50173, 50127, 53002, 50131, 53003, 530032, 50140, 50199, 50158, 50161, 50194, 50196, 50134, 500011,
    50001, 500208, 500212, 500213, 53000, 53001, 530003, 53004, 53010, 53011, 530034, 530035, 54005, 70000, 70008, 700082, 70043,
    700084, 501481, 65001, 650056, 90094, 90095, 65002, 65004, 650052, 650057, 70001, 7000112, 700016, 700011, 700003, 70002,
    7000215, 7000222, 700025, 7000218, 700005, 70011, 28002, 1002012, 70016, 70018, 70019, 90002, 90014, 900144, 90023, 9002313,
    90033, 90006, 90012, 90024, 50033, 90038, 90043, 900384, 900432, 900382, 90072, 90099, 900561, 9001023,
};

static void knows_every_code(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        const struct entra_error *known = entra_error_find(codes[i]);
        if (!known || known->code != codes[i]) {
            fail_msg("AADSTS%d is not found", codes[i]);
        }
        size_t length = strlen(known->meaning);
        assert_in_range(length, 10, 120);
        assert_int_equal(known->meaning[length - 1], '.');
        assert_null(strstr(known->meaning, "AADSTS"));
        assert_true(codes[i] == 70016 || *known->advice);
    }
    assert_null(entra_error_find(0));
    assert_null(entra_error_find(1));
    assert_null(entra_error_find(99999999));
}

static struct err from(int status, const char *body)
{
    struct err err = { 0 };
    entra_error_from_answer(&err, status, str_of(body));
    return err;
}

static void says_it_in_plain_words(void **state)
{
    struct err err = from(400, "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS50126: Error validating credentials.\\r\\nTrace ID: t-1\\r\\n"
                               "Correlation ID: c-1\",\"error_codes\":[50126],\"timestamp\":\"2026-11-23 08:00:00Z\",\"trace_id\":\"t-1\",\"correlation_id\":\"c-1\"}");
    (void)state;
    assert_int_equal(err.kind, ERR_AUTH_REQUIRED);
    assert_string_equal(err.code, "AADSTS50126");
    assert_string_equal(err.text, "User name or password is wrong. (AADSTS50126: Error validating credentials.)");
    assert_string_equal(err.correlation, "correlation c-1 trace t-1 at 2026-11-23 08:00:00Z");
    assert_string_equal(err.advice, entra_error_find(50126)->advice);
}

static void takes_the_code_from_the_text(void **state)
{
    struct err err = from(400, "{\"error\":\"invalid_request\",\"error_description\":\"AADSTS900144: The body must contain x. Trace ID: t\"}");
    (void)state;
    assert_string_equal(err.code, "AADSTS900144");
    assert_null(strstr(err.text, "Trace ID"));
}

static void shows_unknown_codes_as_they_came(void **state)
{
    struct err err = from(400, "{\"error\":\"odd_error\",\"error_description\":\"AADSTS1234567: Something new.\",\"error_codes\":[1234567]}");
    (void)state;
    assert_string_equal(err.text, "AADSTS1234567: Something new.");
    assert_string_equal(err.code, "AADSTS1234567");
    err = from(400, "{\"error\":\"odd_error\"}");
    assert_string_equal(err.text, "odd_error");
    assert_string_equal(err.code, "odd_error");
}

/* What a sign-in service other than Entra answers: no numbers, no ids, often no text. */
static void knows_the_errors_of_the_standards(void **state)
{
    static const char *const errors[] = { "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type",
                                          "invalid_scope", "invalid_target", "invalid_request", "access_denied", "login_required" };
    (void)state;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        char *body = mem_format("{\"error\":\"%s\"}", errors[i]);
        struct err err = from(400, body);
        assert_non_null(strstr(err.text, errors[i]));
        assert_true(strlen(err.text) > strlen(errors[i]) + 10 && *err.advice);
        assert_string_equal(err.code, errors[i]);
        assert_string_equal(err.correlation, "");
        free(body);
    }
    struct err err = from(401, "{\"error\":\"invalid_client\",\"error_description\":\"client authentication failed\"}");
    assert_string_equal(err.text, "The proof of the application was not accepted. (client authentication failed)");
}

static void tells_the_kinds_apart(void **state)
{
    static const struct { int status; const char *error; enum err_kind kind; } cases[] = {
        { 400, "invalid_grant", ERR_AUTH_REQUIRED }, { 400, "interaction_required", ERR_AUTH_REQUIRED },
        { 400, "login_required", ERR_AUTH_REQUIRED }, { 400, "invalid_client", ERR_AUTH_DENIED },
        { 401, "unauthorized_client", ERR_AUTH_DENIED }, { 400, "temporarily_unavailable", ERR_SERVER }, { 500, "server_error", ERR_SERVER },
        { 400, "server_error", ERR_SERVER }, { 503, "x", ERR_SERVER }, { 429, "x", ERR_THROTTLED },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *body = mem_format("{\"error\":\"%s\"}", cases[i].error);
        assert_int_equal(from(cases[i].status, body).kind, cases[i].kind);
        free(body);
    }
}

static void says_when_there_is_nothing_to_read(void **state)
{
    static const char *const bodies[] = { "", "<html>Bad gateway</html>", "[]", "{}", "null", "{\"error\":{\"code\":1}}", "{\"error\":7}" };
    static const struct { int status; enum err_kind kind; } statuses[] = { { 400, ERR_PROTOCOL }, { 502, ERR_SERVER }, { 429, ERR_THROTTLED } };
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        for (size_t j = 0; j < 3; j++) {
            struct err err = from(statuses[j].status, bodies[i]);
            assert_int_equal(err.kind, statuses[j].kind);
            assert_true(*err.text && *err.advice);
        }
    }
}

static void survives_absurd_answers(void **state)
{
    char *long_text = mem_new(100001);
    (void)state;
    memset(long_text, 'x', 100000);
    char *body = mem_format("{\"error\":\"%s\",\"error_description\":\"%s\",\"trace_id\":\"%s\",\"correlation_id\":\"%s\"}", long_text, long_text, long_text, long_text);
    struct err err = from(400, body);
    assert_in_range(strlen(err.text), 100, sizeof err.text - 1);
    free(body);
    body = mem_format("{\"error\":\"e\",\"error_description\":\"\\u001b[31mred\\u202e AADSTS\",\"error_codes\":[-5]}");
    err = from(400, body);
    assert_null(strchr(err.text, 0x1b));
    assert_null(strstr(err.text, "\xe2\x80\xae"));
    free(body);
    err = from(400, "{\"error\":\"e\",\"error_description\":\"AADSTS99999999999999999999: big\",\"error_codes\":[\"x\"]}");
    assert_string_equal(err.code, "e");
    free(long_text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_every_code),
        cmocka_unit_test(says_it_in_plain_words),
        cmocka_unit_test(takes_the_code_from_the_text),
        cmocka_unit_test(shows_unknown_codes_as_they_came),
        cmocka_unit_test(knows_the_errors_of_the_standards), cmocka_unit_test(tells_the_kinds_apart),
        cmocka_unit_test(says_when_there_is_nothing_to_read),
        cmocka_unit_test(survives_absurd_answers),
    };
    return cmocka_run_group_tests_name("entra_errors", tests, NULL, NULL);
}
