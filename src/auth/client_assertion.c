#include "auth/client_assertion.h"

#include <stdlib.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/guid.h"
#include "base/json.h"
#include "base/mem.h"

#define LIFETIME_S 600              /* what MSAL takes; Entra takes up to ten minutes (auth.md section 7) */
#define ASSERTION_MAX ((size_t)64 * 1024)

struct client_assertion {
    struct signer *signer;          /* the certificate's; NULL when it has answered */
    struct buf text;                /* header.claims, then .signature */
    void (*done)(void *, struct secret *, const struct err *);
    void *context;
};

static void add_part(struct buf *text, struct json *part)
{
    struct buf printed = BUF_INIT(ASSERTION_MAX);
    json_print(part, false, &printed);
    base64url_encode(buf_str(&printed), text);
    buf_free(&printed);
    json_free(part);
}

/* The thumbprint in hex is what people know; the wire wants its bytes. */
static void add_thumbprint(struct json *header, const char *name, const unsigned char *bytes, size_t count)
{
    struct buf text = BUF_INIT(256);
    base64url_encode((struct str){ (const char *)bytes, count }, &text);
    json_add_text(header, name, buf_cstr(&text));
    buf_free(&text);
}

/* Standard base64 here, not the URL-safe form: RFC 7515 section 4.1.6. */
static void add_chain(struct json *header, const struct client_certificate *certificate)
{
    struct json *chain = json_new_array();
    for (size_t i = 0; i < certificate->chain_count; i++) {
        struct buf text = BUF_INIT(ASSERTION_MAX);
        base64_encode(buf_str(&certificate->chain[i]), &text);
        json_add_text(chain, NULL, buf_cstr(&text));
        buf_free(&text);
    }
    json_add(header, "x5c", chain);
}

static struct json *make_header(const struct assertion_request *request)
{
    const struct client_certificate *certificate = request->certificate;
    struct json *header = json_new_object();
    json_add_text(header, "typ", "JWT");
    if (request->algorithm == SIGNER_PS256) {
        json_add_text(header, "alg", "PS256");
        add_thumbprint(header, "x5t#S256", certificate->sha256, sizeof certificate->sha256);
    } else {
        json_add_text(header, "alg", "RS256");
        add_thumbprint(header, "x5t", certificate->sha1, sizeof certificate->sha1);
    }
    if (request->with_chain) {
        add_chain(header, certificate);
    }
    return header;
}

static struct json *make_claims(const struct assertion_request *request)
{
    struct json *claims = json_new_object();
    int64_t now = clock_unix();
    json_add_text(claims, "aud", request->audience);
    json_add_text(claims, "iss", request->client_id);
    json_add_text(claims, "sub", request->client_id);
    json_add_text(claims, "jti", guid_new().text);
    json_add(claims, "nbf", json_new_int(now));
    json_add(claims, "iat", json_new_int(now));
    json_add(claims, "exp", json_new_int(now + LIFETIME_S));
    return claims;
}

static void on_signature(void *context, struct str signature, const struct err *err)
{
    struct client_assertion *assertion = context;
    struct secret *jwt = NULL;
    struct err own = { 0 };
    assertion->signer = NULL;
    if (!err) {
        buf_char(&assertion->text, '.');
        base64url_encode(signature, &assertion->text);
        if (assertion->text.overflowed) {
            err_set(&own, ERR_INPUT, "The certificate and its chain are too large for a sign-in.");
            err_advise(&own, "Leave the chain out, or give a file with fewer certificates.");
            err = &own;
        } else {
            jwt = secret_new(buf_str(&assertion->text));
        }
    }
    assertion->done(assertion->context, jwt, err);
}

struct client_assertion *client_assertion_start(const struct assertion_request *request,
                                                void (*done)(void *context, struct secret *jwt, const struct err *err),
                                                void *context)
{
    struct client_assertion *assertion = MEM_NEW(struct client_assertion);
    struct signer *signer = request->certificate->signer;
    assertion->text = (struct buf)BUF_INIT(ASSERTION_MAX);
    assertion->done = done;
    assertion->context = context;
    assertion->signer = signer;
    /* All the room at once: growing would leave pieces of a credential behind. */
    buf_repeat(&assertion->text, '\0', ASSERTION_MAX);
    buf_clear(&assertion->text);
    add_part(&assertion->text, make_header(request));
    buf_char(&assertion->text, '.');
    add_part(&assertion->text, make_claims(request));
    char *signing_input = mem_text(buf_cstr(&assertion->text));     /* the text grows under a signer that answers at once */
    signer->class->sign(signer, request->algorithm, str_of(signing_input), on_signature, assertion);
    free(signing_input);
    return assertion;
}

void client_assertion_free(struct client_assertion *assertion)
{
    if (assertion) {
        if (assertion->signer && assertion->signer->class->cancel) {
            assertion->signer->class->cancel(assertion->signer, assertion);
        }
        secret_wipe(assertion->text.data, assertion->text.capacity);
        buf_free(&assertion->text);
        free(assertion);
    }
}
