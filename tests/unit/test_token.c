/* Reading the claims of access tokens: hints, early errors, audiences (auth.md section 8), renewal times. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "auth/cloud.h"
#include "auth/token.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"

/* base64 with the given two last digits; padding only when asked for. */
static void encode(struct buf *out, struct str bytes, const char *last_two, bool padded)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    for (size_t i = 0; i < bytes.len; i += 3) {
        unsigned char block[3] = { 0, 0, 0 };
        size_t count = bytes.len - i < 3 ? bytes.len - i : 3;
        memcpy(block, bytes.data + i, count);
        unsigned bits = (unsigned)block[0] << 16 | (unsigned)block[1] << 8 | block[2];
        for (size_t j = 0; j < 4; j++) {
            unsigned digit = bits >> (18 - 6 * j) & 63;
            if (j <= count) {
                buf_char(out, digit < 62 ? digits[digit] : last_two[digit - 62]);
            } else if (padded) {
                buf_char(out, '=');
            }
        }
    }
}

static char *make_jwt(const char *claims)
{
    struct buf text = BUF_INIT(BUF_LARGE);
    buf_text(&text, "eyJ0eXAiOiJKV1QifQ.");
    encode(&text, str_of(claims), "-_", false);
    buf_text(&text, ".c2lnbmF0dXJl");
    return buf_take(&text);
}

static bool read_claims(const char *claims, const char *cloud, struct token *token, struct err *err)
{
    char *jwt = make_jwt(claims);
    *token = (struct token){ 0 };
    *err = (struct err){ 0 };
    bool good = token_read_claims(token, str_of(jwt), cloud_by_name(cloud), err);
    free(jwt);
    return good;
}

static void reads_a_delegated_token(void **state)
{
    struct token token;
    struct err err;
    char *claims = mem_format("{\"aud\":\"https://ps.compliance.protection.outlook.com\",\"upn\":\"Zo\xc3\xab@contoso.com\",\"name\":\"Zo\xc3\xab ~?>\","
                              "\"tid\":\"t-1\",\"appid\":\"a-1\",\"scp\":\"AdminApi.AccessAsUser.All\",\"nbf\":%lld,\"exp\":%lld}",
                              (long long)clock_unix() - 10, (long long)clock_unix() + 3600);
    (void)state;
    assert_true(read_claims(claims, "worldwide", &token, &err));
    assert_string_equal(token.upn, "Zo\xc3\xab@contoso.com");
    assert_string_equal(token.name, "Zo\xc3\xab ~?>");
    assert_string_equal(token.tenant_id, "t-1");
    assert_string_equal(token.app_id, "a-1");
    assert_string_equal(token.audience, "https://ps.compliance.protection.outlook.com");
    assert_false(token.app_only);
    assert_string_equal(token.warning, "");
    assert_in_range(token.expires_unix, clock_unix() + 3590, clock_unix() + 3600);
    assert_in_range(token.expires_ms, clock_ms() + 3590000, clock_ms() + 3600000);
    free(claims);
}

static void takes_either_alphabet_and_padding(void **state)
{
    static const char claims[] = "{\"upn\":\"\xc3\xbf\xc3\xbe\xc3\xbf?>~?\"}";
    (void)state;
    for (int variant = 0; variant < 4; variant++) {
        struct buf text = BUF_INIT(BUF_SMALL);
        struct token token = { 0 };
        struct err err = { 0 };
        buf_text(&text, "h.");
        encode(&text, STR(claims), variant & 1 ? "+/" : "-_", variant & 2);
        buf_text(&text, ".s");
        assert_true(token_read_claims(&token, buf_str(&text), cloud_at(0), &err));
        assert_string_equal(token.upn, "\xc3\xbf\xc3\xbe\xc3\xbf?>~?");
        buf_free(&text);
    }
}

static void tells_applications_from_users(void **state)
{
    static const struct { const char *claims; bool app_only; const char *warning; } cases[] = {
        { "{\"aud\":\"00000007-0000-0ff1-ce00-000000000000\",\"idtyp\":\"app\",\"roles\":[\"Exchange.ManageAsApp\"]}", true, "" },
        { "{\"aud\":\"00000007-0000-0ff1-ce00-000000000000\",\"roles\":[\"X\",\"Exchange.ManageAsApp\"]}", true, "" },
        { "{\"aud\":\"00000007-0000-0ff1-ce00-000000000000\",\"roles\":[\"Other.Role\"]}", true, "no role Exchange.ManageAsApp" },
        { "{\"aud\":\"00000007-0000-0ff1-ce00-000000000000\",\"idtyp\":\"APP\"}", true, "no role Exchange.ManageAsApp" },
        { "{\"aud\":\"00000007-0000-0ff1-ce00-000000000000\",\"idtyp\":\"user\",\"roles\":[\"r\"]}", false, "" },
        { "{\"aud\":\"00000007-0000-0ff1-ce00-000000000000\",\"scp\":\"s\",\"roles\":[\"r\"]}", false, "neither AdminApi" },
        { "{\"aud\":\"00000007-0000-0ff1-ce00-000000000000\",\"scp\":\"x AdminApi.AccessAsUser.All\",\"roles\":[\"r\"]}", false, "" },
        { "{\"aud\":\"00000007-0000-0ff1-ce00-000000000000\",\"scp\":\"RemotePowerShell.AccessAsUser.All\"}", false, "" },
        { "{\"aud\":\"00000007-0000-0ff1-ce00-000000000000\",\"upn\":\"a@b.c\",\"roles\":[\"r\"]}", false, "" },
        { "{\"aud\":\"00000007-0000-0ff1-ce00-000000000000\"}", false, "" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct token token;
        struct err err;
        assert_true(read_claims(cases[i].claims, "worldwide", &token, &err));
        assert_int_equal(token.app_only, cases[i].app_only);
        assert_non_null(strstr(token.warning, cases[i].warning));
        assert_int_equal(*token.warning != 0, *cases[i].warning != 0);
    }
}

static void knows_the_audiences(void **state)
{
    static const struct { const char *cloud, *audience; bool fits; } cases[] = {
        { "worldwide", "https://ps.compliance.protection.outlook.com", true },
        { "worldwide", "https://ps.compliance.protection.outlook.com/", true },
        { "worldwide", "https://NAM11b.ps.compliance.protection.outlook.com", true },
        { "worldwide", "00000002-0000-0FF1-ce00-000000000000", true },
        { "worldwide", "00000007-0000-0ff1-ce00-000000000000", true },
        { "worldwide", "https://dataservice.o365filtering.com", true },
        { "worldwide", "https://dataservice.o365filtering.com/", true },
        { "worldwide", "https://dataservice.o365filtering.com.evil.example", false },
        { "worldwide", "https://outlook.office365.com", false },
        { "worldwide", "https://ps.compliance.protection.office365.us", false },
        { "worldwide", "http://ps.compliance.protection.outlook.com", false },
        { "worldwide", "https://evilps.compliance.protection.outlook.com", false },
        { "worldwide", "", false },
        { "gcc-high", "https://ps.compliance.protection.office365.us", true },
        { "dod", "https://ps.compliance.protection.office365.us", true },
        { "dod", "https://l5.ps.compliance.protection.office365.us", true },
        { "21vianet", "https://dataservice.o365filtering.com", false },
        { "demo", "https://ps.compliance.protection.outlook.localhost/", true },
        { "demo", "https://ps.compliance.protection.outlook.com", false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (token_audience_fits(cases[i].audience, cloud_by_name(cases[i].cloud)) != cases[i].fits) {
            fail_msg("%s in %s", cases[i].audience, cases[i].cloud);
        }
    }
}

/* An audience nobody knows is taken, with a word of warning: the service decides. */
static void takes_an_unknown_audience(void **state)
{
    struct token token;
    struct err err;
    (void)state;
    assert_true(read_claims("{\"aud\":\"https://outlook.office365.com\",\"upn\":\"a@b.c\"}", "worldwide", &token, &err));
    assert_string_equal(token.warning, "This token is for https://outlook.office365.com; the service may not take it");
    assert_true(read_claims("{}", "worldwide", &token, &err));
}

static void refuses_tokens_of_other_services(void **state)
{
    static const struct { const char *audience, *name; } cases[] = {
        { "https://graph.microsoft.com", "Microsoft Graph" }, { "https://graph.microsoft.us/", "Microsoft Graph" },
        { "00000003-0000-0000-C000-000000000000", "Microsoft Graph" }, { "https://microsoftgraph.chinacloudapi.cn", "Microsoft Graph" },
        { "https://management.azure.com/", "Azure Resource Manager" }, { "https://management.core.windows.net/", "Azure Resource Manager" },
        { "797f4846-ba00-4fd7-ba43-dac1f8f63013", "Azure Resource Manager" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct token token;
        struct err err;
        char *claims = mem_format("{\"aud\":\"%s\",\"upn\":\"a@b.c\"}", cases[i].audience);
        assert_false(read_claims(claims, "gcc-high", &token, &err));
        assert_int_equal(err.kind, ERR_AUTH_DENIED);
        assert_string_equal(err.field, "AccessToken");
        assert_non_null(strstr(err.text, cases[i].name));
        assert_non_null(strstr(err.advice, "https://ps.compliance.protection.office365.us/.default"));
        assert_string_equal(token.upn, "a@b.c");
        free(claims);
    }
}

static void minds_the_times(void **state)
{
    static const struct { const char *name; int offset_s; bool good; const char *words; } cases[] = {
        { "exp", 10, true, "" }, { "exp", -30, true, "" }, { "exp", -90, false, "This access token ended at" },
        { "nbf", 200, true, "" }, { "nbf", 400, false, "not good before" }, { "nbf", -400, true, "" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct token token;
        struct err err;
        char *claims = mem_format("{\"%s\":%lld}", cases[i].name, (long long)clock_unix() + cases[i].offset_s);
        assert_int_equal(read_claims(claims, "worldwide", &token, &err), cases[i].good);
        assert_non_null(strstr(err.text, cases[i].words));
        free(claims);
    }
}

static void survives_absurd_times(void **state)
{
    static const char *const numbers[] = { "9223372036854775807", "-9223372036854775808", "1e400", "253402300800", "\"x\"", "null", "[]", "0" };
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct token token;
        struct err err;
        char *claims = mem_format("{\"exp\":%s,\"nbf\":%s,\"aud\":%s,\"upn\":%s,\"roles\":%s}", numbers[i], numbers[i], numbers[i], numbers[i], numbers[i]);
        bool good = read_claims(claims, "worldwide", &token, &err);
        assert_true(good || err.kind == ERR_AUTH_DENIED);
        assert_int_equal(token.expires_ms, 0);
        free(claims);
    }
}

static void refuses_bound_tokens(void **state)
{
    struct token token;
    struct err err;
    (void)state;
    assert_false(read_claims("{\"cnf\":{\"kid\":\"k\"}}", "worldwide", &token, &err));
    assert_non_null(strstr(err.text, "proof of possession"));
    assert_false(read_claims("{\"xms_cnf\":{}}", "worldwide", &token, &err));
    assert_false(token_read_claims(&token, STR("eyJ0eXAiOiJwb3AifQ.e30.x"), cloud_by_name("worldwide"), &err));    /* "typ":"pop" */
    assert_non_null(strstr(err.text, "proof of possession"));
}

static void refuses_what_is_no_jwt(void **state)
{
    static const char *const texts[] = {
        "", ".", "..", "abc", "a.b", "a.e30", ".e30.c", "a.!!!!.c", "a.e3.c", "a.W10.c", "a.bnVsbA.c", "a.eyJhIjo.c", "eyJhIjoxfQ",
        "0.AXkA-refresh-token-like-thing", "Bearer a.e30.c\n.x", "\"a.e30.c\"", "a.e30.c d",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct token token = { 0 };
        struct err err = { 0 };
        if (token_read_claims(&token, str_of(texts[i]), cloud_at(0), &err)) {
            fail_msg("\"%s\"", texts[i]);
        }
        assert_int_equal(err.kind, ERR_AUTH_DENIED);
        assert_non_null(strstr(err.text, "not an access token"));
        assert_string_equal(err.field, "AccessToken");
    }
}

static void caps_the_claims(void **state)
{
    struct token token;
    struct err err;
    char *name = mem_new(400001);
    (void)state;
    memset(name, 'n', 1000);
    char *claims = mem_format("{\"name\":\"%s\",\"upn\":\"a@b.c\"}", name);
    assert_true(read_claims(claims, "worldwide", &token, &err));
    assert_int_equal(strlen(token.name), sizeof token.name - 1);
    assert_string_equal(token.upn, "a@b.c");
    free(claims);
    memset(name, 'n', 400000);
    claims = mem_format("{\"name\":\"%s\"}", name);
    assert_false(read_claims(claims, "worldwide", &token, &err));
    free(claims);
    free(name);
}

static void knows_when_to_renew(void **state)
{
    int64_t now = clock_ms();
    const struct { struct token token; bool due; } cases[] = {
        { { .expires_ms = now + 600000 }, false }, { { .expires_ms = now + 299000 }, true }, { { .expires_ms = now - 1 }, true },
        { { .expires_ms = now + 3600000, .refresh_ms = now - 1 }, true }, { { .expires_ms = now + 200000, .refresh_ms = now + 100000 }, false },
        { { .expires_ms = 0 }, false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(token_needs_refresh(&cases[i].token), cases[i].due);
    }
}

static void is_freed_with_its_secrets(void **state)
{
    struct token *token = MEM_NEW(struct token);
    (void)state;
    token->access = secret_new(STR("a"));
    token->refresh = secret_new(STR("r"));
    token_free(token);
    token_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_delegated_token),
        cmocka_unit_test(takes_either_alphabet_and_padding),
        cmocka_unit_test(tells_applications_from_users),
        cmocka_unit_test(knows_the_audiences),
        cmocka_unit_test(takes_an_unknown_audience),
        cmocka_unit_test(refuses_tokens_of_other_services),
        cmocka_unit_test(minds_the_times),
        cmocka_unit_test(survives_absurd_times),
        cmocka_unit_test(refuses_bound_tokens),
        cmocka_unit_test(refuses_what_is_no_jwt),
        cmocka_unit_test(caps_the_claims),
        cmocka_unit_test(knows_when_to_renew),
        cmocka_unit_test(is_freed_with_its_secrets),
    };
    return cmocka_run_group_tests_name("token", tests, NULL, NULL);
}
