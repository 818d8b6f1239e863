/* Applications sign in with what they hold: a certificate's key, a secret, a token of another issuer (auth.md section 7).
   There is nobody to ask, so a refusal is the end. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "auth/client_assertion.h"
#include "auth/entra_errors.h"
#include "auth/oauth_internal.h"
#include "base/mem.h"

#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
/* Real ones are two or three kilobytes; a file of another kind is noticed before it is all in memory. */
#define FEDERATED_TOKEN_MAX ((size_t)64 * 1024)

static void send_assertion(struct oauth *oauth, struct str jwt, void (*answered)(struct oauth *, int, const struct err *))
{
    struct err err = { 0 };
    struct buf form = BUF_INIT(BUF_SMALL * 2);
    oauth_form_begin(oauth, &form, "client_credentials");
    http_form_add(&form, "client_assertion_type", STR(ASSERTION_TYPE));
    http_form_add(&form, "client_assertion", jwt);
    if (!answered) {
        oauth_redeem(oauth, &form);
    } else if (!oauth_post(oauth, oauth->token_endpoint, &form, answered, &err)) {
        oauth_fail(oauth, &err);
    }
}

/* ---- certificate ---- */

static void sign(struct oauth *oauth);

/* Refusals that the older signature may cure; of the others (unknown application, clock, expired) it cures none. */
static bool blames_signature(const struct oauth *oauth)
{
    static const int codes[] = { 50012, 50013, 700027 };
    struct err err = { 0 };
    entra_error_from_answer(&err, 400, buf_str(&oauth->answer));
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        char code[24];
        snprintf(code, sizeof code, "AADSTS%d", codes[i]);
        if (str_is(str_of(err.code), code)) {
            return true;
        }
    }
    struct json *answer = json_parse(buf_str(&oauth->answer), NULL);
    bool client = str_is(str_of(json_cstr(json_get(answer, "error"), "")), "invalid_client") && !strstr(err.code, "AADSTS");
    json_free(answer);
    return client;
}

/* Old federation servers only know RS256 with x5t: asked once more with a fresh assertion, never more often. */
static void on_first_answer(struct oauth *oauth, int status, const struct err *failure)
{
    struct token *token = NULL;
    struct err err = { 0 };
    if (failure) {
        oauth_fail(oauth, failure);
    } else if (status == 200) {
        token = oauth_read_token(oauth, &err);
        if (token) {
            oauth_succeed(oauth, token);
        } else {
            oauth_fail(oauth, &err);
        }
    } else if (status >= 400 && status < 500 && status != 429 && blames_signature(oauth)) {
        oauth->rs256 = true;
        sign(oauth);
    } else {
        oauth_refused(oauth, status);
    }
}

struct signing {
    struct client_assertion *assertion;
    struct secret *jwt;
    struct err err;
};

/* From the loop: a software key signs before client_assertion_start returns, and nothing may end the sign-in by then. */
static void go_on(void *context)
{
    struct oauth *oauth = context;
    struct signing *signing = oauth->own;
    oauth->timer = 0;
    if (signing->jwt) {
        send_assertion(oauth, secret_str(signing->jwt), oauth->rs256 ? NULL : on_first_answer);
    } else {
        oauth_fail(oauth, &signing->err);
    }
}

/* May come at once (a software key) or much later (a vault, a card): the same way for both. */
static void on_signed(void *context, struct secret *jwt, const struct err *failure)
{
    struct oauth *oauth = context;
    struct signing *signing = oauth->own;
    signing->jwt = jwt;
    if (failure) {
        signing->err = *failure;
    }
    oauth->timer = timers_after(oauth->timers, 0, go_on, oauth);
}

static void end_signing(struct oauth *oauth)
{
    struct signing *signing = oauth->own;
    if (signing) {
        client_assertion_free(signing->assertion);
        secret_free(signing->jwt);
        free(signing);
        oauth->own = NULL;
    }
}

/* A fresh proof for every try: a strict server refuses a jti that it has seen (auth.md section 7). */
static void sign(struct oauth *oauth)
{
    const struct assertion_request request = {
        .certificate = oauth->certificate,
        .client_id = oauth->client_id,
        .audience = oauth->token_endpoint,
        .algorithm = oauth->rs256 ? SIGNER_RS256 : SIGNER_PS256,
        .with_chain = oauth->with_chain,
    };
    end_signing(oauth);
    struct signing *signing = oauth->own = MEM_NEW(struct signing);
    oauth_step(oauth, oauth->rs256 ? "Signing in with the certificate (RS256)" : "Signing in with the certificate");
    signing->assertion = client_assertion_start(&request, on_signed, oauth);
}

const struct grant grant_certificate = { .needs_endpoints = true, .start = sign, .again = sign, .end = end_signing };

/* ---- secret ---- */

static void start_secret(struct oauth *oauth)
{
    struct buf form = BUF_INIT(BUF_SMALL);
    oauth_step(oauth, "Signing in with the client secret");
    oauth_form_begin(oauth, &form, "client_credentials");
    http_form_add(&form, "client_secret", secret_str(oauth->given));
    oauth_redeem(oauth, &form);
}

const struct grant grant_client_secret = { .needs_endpoints = true, .start = start_secret };

/* ---- a token of another issuer ---- */

/* Read at each sign-in: whoever writes the file (Kubernetes, a pipeline) renews it. */
static bool read_assertion(const char *path, struct buf *out, struct err *err)
{
    char part[4096];
    ssize_t got;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        err_errno(err, "cannot read the federated token %s", path);
        return false;
    }
    while ((got = read(fd, part, sizeof part)) > 0 || (got < 0 && errno == EINTR)) {
        if (got > 0) {
            buf_add(out, (struct str){ part, (size_t)got });
        }
    }
    secret_wipe(part, sizeof part);
    close(fd);
    struct str jwt = str_trim(buf_str(out));
    const char *dot = jwt.len ? memchr(jwt.data, '.', jwt.len) : NULL;
    return (dot && !out->overflowed) || err_set(err, ERR_INPUT, "What stands in %s is no token (a JWT).", path);
}

static void start_federated(struct oauth *oauth)
{
    struct err err = { 0 };
    struct buf assertion = BUF_INIT(FEDERATED_TOKEN_MAX);
    oauth_step(oauth, "Signing in with the token in %s", oauth->assertion_file);
    buf_repeat(&assertion, '\0', FEDERATED_TOKEN_MAX);
    buf_clear(&assertion);
    if (read_assertion(oauth->assertion_file, &assertion, &err)) {
        send_assertion(oauth, str_trim(buf_str(&assertion)), NULL);
    } else {
        err.kind = ERR_INPUT;
        err_field(&err, "federated-token-file");
        oauth_fail(oauth, &err);
    }
    oauth_wipe(&assertion);
}

const struct grant grant_federated = { .needs_endpoints = true, .start = start_federated };
