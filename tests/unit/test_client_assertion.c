/* The client assertion, taken apart and checked by the openssl program: header, claims, both signatures (auth.md section 7). */
#include "auth/client_assertion.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/guid.h"
#include "base/json.h"
#include "base/mem.h"
#include "certificate_tools.h"

#define AUDIENCE "https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token"
#define CLIENT_ID "11112222-bbbb-3333-cccc-4444dddd5555"

static struct client_certificate *certificate;

static int set_up(void **state)
{
    (void)state;
    struct err err;
    bool made = tools_begin() &&
        tool("umask 077; openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 90 -subj /CN=ca && "
             "openssl req -new -newkey rsa:3072 -nodes -keyout leaf.key -out leaf.csr -subj /CN=leaf && "
             "openssl x509 -req -in leaf.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 70 -out leaf.crt && "
             "cat ca.crt leaf.crt leaf.key >chain.pem && openssl x509 -in leaf.crt -noout -pubkey >public.pem");
    certificate = made ? client_certificate_from_file(tools_path("chain.pem"), NULL, &err) : NULL;
    return certificate ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    client_certificate_free(certificate);
    tools_end();
    return 0;
}

struct answer { int count; struct secret *jwt; struct err err; };

static void on_done(void *context, struct secret *jwt, const struct err *err)
{
    struct answer *answer = context;
    answer->count++;
    answer->jwt = jwt;
    if (err) {
        answer->err = *err;
    }
}

/* The three parts, decoded; the signature is left in the file `signature`, what it signs in `signed`. */
struct parts { struct json *header, *claims; };

static struct json *decode(struct str part)
{
    struct buf text = BUF_INIT(BUF_SMALL);
    assert_null(memchr(part.data, '=', part.len));
    assert_true(base64_decode(part, &text));
    struct json *json = json_parse(buf_str(&text), NULL);
    assert_non_null(json);
    buf_free(&text);
    return json;
}

static struct parts take_apart(const struct secret *jwt)
{
    struct str rest = secret_str(jwt), header, claims;
    struct buf signature = BUF_INIT(BUF_SMALL);
    str_cut(&rest, '.', &header);
    str_cut(&rest, '.', &claims);
    assert_null(memchr(rest.data, '.', rest.len));
    assert_true(base64_decode(rest, &signature));
    tools_write("signature", buf_str(&signature));
    tools_write("signed", str_take(secret_str(jwt), header.len + 1 + claims.len));
    buf_free(&signature);
    return (struct parts){ decode(header), decode(claims) };
}

static void parts_free(struct parts *parts)
{
    json_free(parts->header);
    json_free(parts->claims);
}

static const char *text_of(const struct json *object, const char *name)
{
    return json_cstr(json_get(object, name), "(none)");
}

static struct secret *make(enum signer_algorithm algorithm, bool with_chain)
{
    const struct assertion_request request = { certificate, CLIENT_ID, AUDIENCE, algorithm, with_chain };
    struct answer answer = { 0 };
    struct client_assertion *assertion = client_assertion_start(&request, on_done, &answer);
    assert_int_equal(answer.count, 1);
    assert_non_null(answer.jwt);
    client_assertion_free(assertion);
    return answer.jwt;
}

/* base64url without padding of the digest of the certificate, made with openssl alone. */
static const char *digest(const char *kind)
{
    return tool_line("openssl x509 -in leaf.crt -outform DER | openssl dgst -%s -binary | base64 -w0 | tr '+/' '-_' | tr -d '='", kind);
}

static void test_ps256(void **state)
{
    (void)state;
    struct secret *jwt = make(SIGNER_PS256, false);
    struct parts parts = take_apart(jwt);
    assert_string_equal(text_of(parts.header, "alg"), "PS256");
    assert_string_equal(text_of(parts.header, "typ"), "JWT");
    assert_string_equal(text_of(parts.header, "x5t#S256"), digest("sha256"));
    assert_int_equal(strlen(text_of(parts.header, "x5t#S256")), 43);
    assert_int_equal(json_count(parts.header), 3);
    assert_true(tool("openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 -sigopt rsa_mgf1_md:sha256 "
                     "-verify public.pem -signature signature signed"));
    /* The same line refuses another text. */
    assert_true(tool("echo x >>signed; ! openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 "
                     "-verify public.pem -signature signature signed"));
    parts_free(&parts);
    secret_free(jwt);
}

static void test_rs256(void **state)
{
    (void)state;
    struct secret *jwt = make(SIGNER_RS256, false);
    struct parts parts = take_apart(jwt);
    assert_string_equal(text_of(parts.header, "alg"), "RS256");
    assert_string_equal(text_of(parts.header, "x5t"), digest("sha1"));
    assert_int_equal(strlen(text_of(parts.header, "x5t")), 27);
    assert_null(json_get(parts.header, "x5t#S256"));
    assert_true(tool("openssl dgst -sha256 -verify public.pem -signature signature signed"));
    parts_free(&parts);
    secret_free(jwt);
}

static void test_claims(void **state)
{
    (void)state;
    int64_t nbf, iat, exp, before = clock_unix();
    char first[64];
    struct secret *jwt = make(SIGNER_PS256, false);
    struct parts parts = take_apart(jwt);
    assert_string_equal(text_of(parts.claims, "aud"), AUDIENCE);
    assert_string_equal(text_of(parts.claims, "iss"), CLIENT_ID);
    assert_string_equal(text_of(parts.claims, "sub"), CLIENT_ID);
    assert_true(guid_valid(str_of(text_of(parts.claims, "jti"))));
    assert_true(json_int64(json_get(parts.claims, "nbf"), &nbf) && json_int64(json_get(parts.claims, "iat"), &iat) &&
                json_int64(json_get(parts.claims, "exp"), &exp));
    assert_true(nbf >= before && nbf <= clock_unix() && iat == nbf && exp == nbf + 600);
    assert_int_equal(json_count(parts.claims), 7);
    str_copy(first, sizeof first, text_of(parts.claims, "jti"));
    parts_free(&parts);
    secret_free(jwt);
    jwt = make(SIGNER_PS256, false);        /* a strict server refuses one that it has seen */
    parts = take_apart(jwt);
    assert_string_not_equal(text_of(parts.claims, "jti"), first);
    parts_free(&parts);
    secret_free(jwt);
}

static void test_chain(void **state)
{
    (void)state;
    struct secret *jwt = make(SIGNER_PS256, true);
    struct parts parts = take_apart(jwt);
    const struct json *chain = json_get(parts.header, "x5c");
    assert_int_equal(json_count(chain), 2);
    assert_string_equal(json_cstr(json_first(chain), ""), tool_line("openssl x509 -in leaf.crt -outform DER | base64 -w0"));
    assert_string_equal(json_cstr(json_next(json_first(chain)), ""), tool_line("openssl x509 -in ca.crt -outform DER | base64 -w0"));
    assert_true(tool("openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 -verify public.pem "
                     "-signature signature signed"));
    parts_free(&parts);
    secret_free(jwt);
}

/* ---- signers that answer later, or not well ---- */

struct slow { struct signer signer; void (*done)(void *, struct str, const struct err *); void *context; char text[4096]; int cancelled; };

static void slow_sign(struct signer *signer, enum signer_algorithm algorithm, struct str data,
                      void (*done)(void *context, struct str signature, const struct err *err), void *context)
{
    struct slow *slow = (struct slow *)signer;
    (void)algorithm;
    slow->done = done;
    slow->context = context;
    snprintf(slow->text, sizeof slow->text, "%.*s", STR_ARG(data));
}

static void slow_cancel(struct signer *signer, void *context)
{
    struct slow *slow = (struct slow *)signer;
    assert_ptr_equal(context, slow->context);
    slow->cancelled++;
    slow->done = NULL;
}

static void slow_free(struct signer *signer)
{
    (void)signer;
}

static const struct signer_class slow_class = { slow_sign, slow_cancel, slow_free };

static void test_answers_later(void **state)
{
    (void)state;
    struct slow slow = { .signer = { &slow_class } };
    struct client_certificate vault = { .signer = &slow.signer };
    const struct assertion_request request = { &vault, CLIENT_ID, AUDIENCE, SIGNER_PS256, false };
    struct answer answer = { 0 };
    struct client_assertion *assertion = client_assertion_start(&request, on_done, &answer);
    assert_int_equal(answer.count, 0);
    slow.done(slow.context, STR("\xff\xfe\xfd"), NULL);
    assert_int_equal(answer.count, 1);
    char *wanted = mem_format("%s.__79", slow.text);
    assert_string_equal(secret_str(answer.jwt).data, wanted);
    free(wanted);
    secret_free(answer.jwt);
    client_assertion_free(assertion);
    assert_int_equal(slow.cancelled, 0);
}

static void test_cancelled(void **state)
{
    (void)state;
    struct slow slow = { .signer = { &slow_class } };
    struct client_certificate vault = { .signer = &slow.signer };
    const struct assertion_request request = { &vault, CLIENT_ID, AUDIENCE, SIGNER_PS256, false };
    struct answer answer = { 0 };
    client_assertion_free(client_assertion_start(&request, on_done, &answer));
    assert_int_equal(slow.cancelled, 1);
    assert_int_equal(answer.count, 0);
    client_assertion_free(NULL);
}

static void test_cannot_sign(void **state)
{
    (void)state;
    struct slow slow = { .signer = { &slow_class } };
    struct client_certificate vault = { .signer = &slow.signer };
    const struct assertion_request request = { &vault, CLIENT_ID, AUDIENCE, SIGNER_RS256, false };
    struct answer answer = { 0 };
    struct err err;
    struct client_assertion *assertion = client_assertion_start(&request, on_done, &answer);
    err_set(&err, ERR_NETWORK, "no vault");
    slow.done(slow.context, STR(""), &err);
    assert_int_equal(answer.count, 1);
    assert_null(answer.jwt);
    assert_string_equal(answer.err.text, "no vault");
    client_assertion_free(assertion);
}

/* A chain that no header could carry is an error and no torn assertion. */
static void test_chain_too_large(void **state)
{
    (void)state;
    struct slow slow = { .signer = { &slow_class } };
    struct client_certificate vault = { .signer = &slow.signer, .chain_count = 1 };
    const struct assertion_request request = { &vault, CLIENT_ID, AUDIENCE, SIGNER_PS256, true };
    struct answer answer = { 0 };
    vault.chain[0] = (struct buf)BUF_INIT(BUF_SMALL);
    buf_repeat(&vault.chain[0], 'x', BUF_SMALL);
    struct client_assertion *assertion = client_assertion_start(&request, on_done, &answer);
    slow.done(slow.context, STR("signature"), NULL);
    assert_int_equal(answer.count, 1);
    assert_null(answer.jwt);
    assert_int_equal(answer.err.kind, ERR_INPUT);
    client_assertion_free(assertion);
    buf_free(&vault.chain[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ps256), cmocka_unit_test(test_rs256), cmocka_unit_test(test_claims), cmocka_unit_test(test_chain),
        cmocka_unit_test(test_answers_later), cmocka_unit_test(test_cancelled), cmocka_unit_test(test_cannot_sign),
        cmocka_unit_test(test_chain_too_large),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
