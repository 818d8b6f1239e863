/* Failed answers in plain words (rest.md section 6). */
#include "session/rest/rest_error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

static struct err read_answer(int status, struct str body)
{
    struct rest_answer answer = { .status = status, .body = body, .cmdlet = "Get-Label", .request_id = "",
                                  .client_request_id = "", .server = "", .date = "", .exception_type = "",
                                  .retry_after = "", .authenticate = "" };
    struct err err;
    memset(&err, 0x5A, sizeof err);
    rest_error_read(&answer, &err);
    return err;
}

#define ERROR_WITH(details, inner)                                                                       \
    "{\"error\":{\"code\":\"BadRequest\",\"message\":\"Error executing cmdlet\",\"details\":[" details "]," \
    "\"innererror\":{" inner "}}}"

struct row {
    int status;
    const char *body;
    enum err_kind kind;
    const char *text, *code;        /* text: a part of it */
};

static const struct row rows[] = {
    /* the three forms of details[0].message */
    { 400, ERROR_WITH("{\"message\":\"Ex6F9304|Microsoft.X.ManagementObjectNotFoundException|The object 'a|b' is gone.\"}", ""),
      ERR_NOT_FOUND, "The object 'a|b' is gone.", "Microsoft.X.ManagementObjectNotFoundException Ex6F9304" },
    { 400, ERROR_WITH("{\"message\":\"|Microsoft.X.ParameterTransformationException|Cannot convert.\"}", ""),
      ERR_SERVER, "Cannot convert.", "Microsoft.X.ParameterTransformationException" },
    { 400, ERROR_WITH("{\"message\":\"{\\\"ClassName\\\":\\\"A.B.CException\\\",\\\"Message\\\":\\\"Said so\\\"}\"}", ""),
      ERR_SERVER, "Said so", "A.B.CException" },
    { 400, ERROR_WITH("{\"message\":\"{\\\"ClassName\\\":\\\"A.B\\\",\\\"Message\\\":\\\"Said so\\\",\\\"localizedString\\\":"
                      "{\\\"stringId\\\":\\\"Ex6F9304\\\"}}\"}", ""),
      ERR_SERVER, "Said so", "A.B Ex6F9304" },
    { 400, ERROR_WITH("{\"message\":\"|RuleException|Short name.\"}", ""), ERR_SERVER, "Short name.", "RuleException" },
    { 400, ERROR_WITH("{\"message\":\"|Oops|Shorter name.\"}", ""), ERR_SERVER, "Shorter name.", "Oops" },
    { 400, ERROR_WITH("{\"message\":\"{\\\"TypeName\\\":\\\"A.Outer\\\",\\\"Message\\\":null,\\\"InnerError\\\":"
                      "{\\\"Message\\\":\\\"Deep\\\",\\\"TypeName\\\":\\\"A.Inner\\\"}}\"}", ""),
      ERR_SERVER, "Deep", "A.Outer" },
    { 400, ERROR_WITH("{\"message\":\"Plain words | with a bar\"}", ""), ERR_SERVER, "Plain words | with a bar",
      "BadRequest" },
    { 400, ERROR_WITH("{\"message\":\"{ not json\"}", ""), ERR_SERVER, "{ not json", "BadRequest" },
    /* precedence */
    { 400, ERROR_WITH("{\"message\":\"first\"}", "\"message\":\"third\",\"internalexception\":{\"message\":\"second\"}"),
      ERR_SERVER, "first", "BadRequest" },
    { 400, ERROR_WITH("", "\"message\":\"third\",\"internalexception\":{\"message\":\"second\",\"type\":\"N.T\"}"),
      ERR_SERVER, "second", "N.T" },
    { 400, ERROR_WITH("", "\"message\":\"third\",\"internalexception\":{\"message\":"
                          "\"Exception of type 'X.DirectInvokeCmdletExecutionException' was thrown.\"}"),
      ERR_SERVER, "third", "BadRequest" },
    { 400, ERROR_WITH("", ""), ERR_SERVER, "refused the request: Get-Label (HTTP 400)", "BadRequest" },
    { 400, "{\"error\":{\"code\":\"X\",\"message\":\"Only the outer one\"}}", ERR_SERVER, "Only the outer one", "X" },
    { 400, "{\"Message\":\"Outside of an error\"}", ERR_SERVER, "Outside of an error", "" },
    { 400, "{\"ERROR\":{\"Code\":\"X\",\"Details\":[{\"Message\":\"other case\"}]}}", ERR_SERVER, "other case", "X" },
    /* statuses */
    { 302, "", ERR_SERVER, "another region", "" },
    { 401, "", ERR_AUTH_REQUIRED, "does not accept the sign-in", "" },
    { 401, "{\"error\":{\"code\":\"Unauthorized\",\"message\":\"User is not allowed to call Get-Label\"}}",
      ERR_FORBIDDEN, "User is not allowed to call Get-Label", "Unauthorized" },
    { 403, "", ERR_FORBIDDEN, "may not do this: Get-Label (HTTP 403)", "" },
    { 403, "{\"error\":{\"code\":\"Forbidden\",\"message\":\"\"}}", ERR_FORBIDDEN, "may not do this", "Forbidden" },
    { 403, "<html><head><title>Blocked by policy</title></head></html>", ERR_PROTOCOL, "in place of the service's answer: Blocked by", "" },
    { 404, "", ERR_NOT_FOUND, "does not find it", "" },
    { 401, "<html><head><title>Log in to the proxy</title></head></html>", ERR_AUTH_REQUIRED, "in place of the service's answer: Log in", "" },
    { 429, "<html><head><title>Slow down</title></head></html>", ERR_THROTTLED, "in place of the service's answer: Slow down", "" },
    { 429, "Too many concurrent requests for this tenant", ERR_THROTTLED, "Too many concurrent requests", "" },
    { 500, ERROR_WITH("{\"message\":\"We could not find the organization container\"}", ""), ERR_SERVER,
      "organization container", "BadRequest" },
    { 503, "<html><head><title>Service &gt; down</title></head>", ERR_SERVER, "busy or being serviced: Service &gt; down (HTTP 503)", "" },
    { 502, "<html><head><title>502 Bad Gateway</title></head>", ERR_SERVER, "cannot be reached at the moment: 502 Bad Gateway (HTTP 502)", "" },
    { 503, "<html><body>no title", ERR_SERVER, "busy or being serviced", "" },
    { 502, " \r\n ", ERR_SERVER, "cannot be reached", "" },
    { 504, "[1,2", ERR_SERVER, "took too long", "" },
    { 418, "", ERR_SERVER, "unexpected answer", "" },
    { 200, ERROR_WITH("{\"message\":\"in a good answer\"}", ""), ERR_SERVER, "in a good answer", "BadRequest" },
};

static void every_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct err err = read_answer(rows[i].status, str_of(rows[i].body));
        if (err.kind != rows[i].kind || !strstr(err.text, rows[i].text) || strcmp(err.code, rows[i].code) != 0)
            fail_msg("row %zu (%s): kind %d, text \"%s\", code \"%s\"", i, rows[i].body, (int)err.kind, err.text, err.code);
        assert_true(err.advice[0]);
        assert_int_equal(err.retry_after_s, 0);
    }
}

static void nul_bytes_are_an_empty_answer(void **state)
{
    (void)state;
    static const char zeros[8192] = { 0 };
    struct err err = read_answer(403, (struct str){ zeros, sizeof zeros });
    assert_int_equal(err.kind, ERR_FORBIDDEN);
    assert_non_null(strstr(err.text, "(HTTP 403)"));
}

static void texts_are_cleaned_and_capped(void **state)
{
    (void)state;
    struct buf body = BUF_INIT(BUF_LARGE);
    buf_text(&body, "{\"error\":{\"details\":[{\"message\":\"\\u001b[31mred\\nline \\u202e");
    buf_repeat(&body, 'x', 100000);
    buf_text(&body, "\"}]}}");
    struct err err = read_answer(400, buf_str(&body));
    assert_null(strchr(err.text, 0x1B));
    assert_null(strchr(err.text, '\n'));
    assert_null(strstr(err.text, "\xE2\x80\xAE"));
    assert_non_null(strstr(err.text, "red"));
    assert_true(strlen(err.text) < sizeof err.text);
    buf_free(&body);
}

static void ids_for_support(void **state)
{
    (void)state;
    struct rest_answer answer = { .status = 500, .cmdlet = "", .request_id = "11111111-1111-1111-1111-111111111111",
                                  .client_request_id = "", .server = "NAM1PR01.namprd01.prod", .date = "", .retry_after = "1.2",
                                  .exception_type = "ShortReason", .authenticate = "" };
    struct err err;
    rest_error_read(&answer, &err);
    assert_string_equal(err.correlation, "request-id 11111111-1111-1111-1111-111111111111, server NAM1PR01");
    assert_string_equal(err.code, "ShortReason");
    assert_int_equal(err.retry_after_s, 2);
    /* Never half an id. */
    answer.client_request_id = "22222222-2222-2222-2222-222222222222";
    answer.date = "Mon, 23 Nov 2026 08:00:00 GMT";
    rest_error_read(&answer, &err);
    assert_non_null(strstr(err.correlation, "request-id 11111111-1111-1111-1111-111111111111"));
    const char *second = strstr(err.correlation, "client-request-id");
    assert_true(!second || strstr(second, answer.client_request_id));
    answer.client_request_id = answer.request_id;
    rest_error_read(&answer, &err);
    assert_null(strstr(err.correlation, "client-request-id"));
}

static void what_is_tried_again(void **state)
{
    (void)state;
    static const int always[] = { 401, 429, 503, 504 }, never[] = { 400, 403, 404, 500, 502 };
    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++)
        assert_true(rest_error_may_retry(always[i], STR("")));
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
        assert_false(rest_error_may_retry(never[i], STR("text")));
    static const char *const names[] = { "DCOverloadedException", "SuitabilityDirectoryException", "ServerInMMException",
                                         "ADServerSettingsChangedException", "StorageTransientException" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_true(rest_error_may_retry(500, str_of(names[i])));
    assert_true(rest_error_is_expired_page(400, STR("Expired or Invalid pagination request")));
    assert_false(rest_error_is_expired_page(400, STR("other")));
    assert_false(rest_error_is_expired_page(500, STR("Expired or Invalid pagination request")));
}

static void retry_after_forms(void **state)
{
    (void)state;
    static const struct { const char *value; int seconds; } forms[] = {
        { "", 0 }, { "5", 5 }, { " 7 ", 7 }, { "1.0", 1 }, { "0.3", 1 }, { "2.5001", 3 }, { "-1", 0 }, { "x", 0 },
        { "1.x", 0 }, { "Wed, 21 Oct 2026 07:28:00 GMT", 0 }, { "99999999999", 0 }, { NULL, 0 },
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        assert_int_equal(rest_error_retry_after(forms[i].value), forms[i].seconds);
    char date[64];
    time_t later = time(NULL) + 100;
    struct tm parts;
    assert_true(strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&later, &parts)) > 0);
    assert_in_range(rest_error_retry_after(date), 90, 100);
}

static void claims_challenges(void **state)
{
    (void)state;
    static const struct { const char *header, *claims; } forms[] = {
        { "Bearer realm=\"\", error=\"insufficient_claims\", claims=\"eyJhY2Nlc3NfdG9rZW4iOnt9fQ==\"", "{\"access_token\":{}}" },
        { "Bearer claims=\"eyJhY2Nlc3NfdG9rZW4iOnt9fQ\", realm=\"\"", "{\"access_token\":{}}" },
        { "Bearer claims=eyJhIjoiPz8_In0, x=\"y\"", "{\"a\":\"???\"}" },
        { "Bearer realm=\"\"", NULL }, { "", NULL }, { "Bearer claims=\"\"", NULL }, { "Bearer claims=\"AAAA\"", NULL },
        { "Bearer claims=\"ey!!\"", NULL },
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct buf claims = BUF_INIT(BUF_SMALL);
        bool found = rest_error_claims(forms[i].header, &claims);
        assert_int_equal(found, forms[i].claims != NULL);
        if (found)
            assert_string_equal(buf_cstr(&claims), forms[i].claims);
        buf_free(&claims);
    }
}

static void single_error_texts(void **state)
{
    (void)state;
    struct err err;
    rest_error_from_text(STR("ExA1|N.ManagementObjectNotFoundException|No such label"), &err);
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    assert_string_equal(err.text, "No such label");
    assert_string_equal(err.code, "N.ManagementObjectNotFoundException ExA1");
    rest_error_from_text(STR("just words"), &err);
    assert_int_equal(err.kind, ERR_SERVER);
    assert_string_equal(err.text, "just words");
}

static void warnings_of_a_failed_answer(void **state)
{
    (void)state;
    struct json *tree = NULL;
    const struct json *warnings = rest_error_warnings(STR("{\"error\":{\"@adminapi.warnings\":[\"w\"]}}"), &tree);
    assert_int_equal(json_count(warnings), 1);
    json_free(tree);
    assert_null(rest_error_warnings(STR("no json"), &tree));
    json_free(tree);
}

/* Whose right is missing; and a page with the service's ids is the service's own. */
static void says_who_was_refused_and_by_whom(void **state)
{
    struct rest_answer answer = { .status = 403, .cmdlet = "Get-Label", .app_only = true, .request_id = "", .client_request_id = "",
                                  .server = "", .date = "", .exception_type = "", .retry_after = "", .authenticate = "" };
    struct err err = { 0 };
    (void)state;
    rest_error_read(&answer, &err);
    assert_non_null(strstr(err.text, "The application may not do this"));
    assert_non_null(strstr(err.advice, "service principal"));
    answer.status = 429;
    answer.body = STR("<html><head><title>Too many requests</title></head></html>");
    answer.request_id = "11111111-1111-1111-1111-111111111111";
    rest_error_read(&answer, &err);
    assert_string_equal(err.text, "Too many requests");
    assert_null(strstr(err.advice, "proxy"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_who_was_refused_and_by_whom),
        cmocka_unit_test(every_form),
        cmocka_unit_test(nul_bytes_are_an_empty_answer),
        cmocka_unit_test(texts_are_cleaned_and_capped),
        cmocka_unit_test(ids_for_support),
        cmocka_unit_test(what_is_tried_again),
        cmocka_unit_test(retry_after_forms),
        cmocka_unit_test(claims_challenges),
        cmocka_unit_test(single_error_texts),
        cmocka_unit_test(warnings_of_a_failed_answer),
    };
    return cmocka_run_group_tests_name("rest_error", tests, NULL, NULL);
}
