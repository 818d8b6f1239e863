/* The browser, with PKCE and a listener on this machine (auth.md section 4). */
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>

#include "auth/entra_errors.h"
#include "auth/oauth_internal.h"
#include "base/base64.h"
#include "base/clock.h"
#include "base/mem.h"
#include "net/loopback.h"

#define LIMIT_S 600             /* a code lives for ten minutes, and so does a sign-in page */
enum { RANDOM_BYTES = 32, DIGEST_BYTES = 32 };

struct browser {
    struct loopback *loopback;
    struct secret *verifier, *code;
    char *redirect_uri, *state, *url;
    struct err err;             /* what the page answered, told from the loop */
};

/* 256 bits in 43 characters, more than the 128 that a state needs and just what a verifier may have. */
static char *random_text(void)
{
    char bytes[RANDOM_BYTES];
    struct buf text = BUF_INIT(BUF_SMALL);
    if (gnutls_rnd(GNUTLS_RND_KEY, bytes, sizeof bytes) != 0) {
        return NULL;
    }
    base64url_encode((struct str){ bytes, sizeof bytes }, &text);
    secret_wipe(bytes, sizeof bytes);
    return buf_take(&text);
}

/* S256: base64url of SHA-256 of the verifier (RFC 7636 section 4.2). */
static void add_challenge(struct str verifier, struct buf *url)
{
    char digest[DIGEST_BYTES];
    struct buf text = BUF_INIT(BUF_SMALL);
    if (gnutls_hash_fast(GNUTLS_DIG_SHA256, verifier.data, verifier.len, digest) == 0) {
        base64url_encode((struct str){ digest, sizeof digest }, &text);
    }
    http_form_add(url, "code_challenge", buf_str(&text));
    http_form_add(url, "code_challenge_method", STR("S256"));
    buf_free(&text);
}

static void add_hints(const struct oauth *oauth, struct buf *url)
{
    const char *domain = oauth->login_hint ? strchr(oauth->login_hint, '@') : NULL;
    if (oauth->login_hint) {
        http_form_add(url, "login_hint", str_of(oauth->login_hint));
        http_form_add(url, "domain_hint", str_of(domain ? domain + 1 : "organizations"));
    } else {
        http_form_add(url, "prompt", STR("select_account"));
    }
    if (oauth->claims) {
        http_form_add(url, "claims", str_of(oauth->claims));
    }
}

/* Some endpoints come with a query of their own. */
static char *sign_in_address(const struct oauth *oauth, const struct browser *browser)
{
    struct buf url = BUF_INIT(BUF_SMALL);
    char *scope = mem_format("%s/.default openid profile offline_access", oauth->resource);
    buf_format(&url, "%s%sclient_id=%s", oauth->authorize_endpoint, strchr(oauth->authorize_endpoint, '?') ? "&" : "?",
               oauth->client_id);
    http_form_add(&url, "response_type", STR("code"));
    http_form_add(&url, "redirect_uri", str_of(browser->redirect_uri));
    http_form_add(&url, "response_mode", oauth->accept_query_code ? STR("query") : STR("form_post"));
    http_form_add(&url, "scope", str_of(scope));
    http_form_add(&url, "state", str_of(browser->state));
    http_form_add(&url, "nonce", str_of(oauth->nonce));
    add_challenge(secret_str(browser->verifier), &url);
    add_hints(oauth, &url);
    free(scope);
    return buf_take(&url);
}

/* ---- the answer ---- */

static void redeem(struct oauth *oauth)
{
    const struct browser *browser = oauth->own;
    struct buf form = BUF_INIT(BUF_SMALL);
    oauth_step(oauth, "Redeeming the browser's code");
    oauth_form_begin(oauth, &form, "authorization_code");
    http_form_add(&form, "code", secret_str(browser->code));
    http_form_add(&form, "redirect_uri", str_of(browser->redirect_uri));
    http_form_add(&form, "code_verifier", secret_str(browser->verifier));
    oauth_redeem(oauth, &form);
}

/* From the loop, not from inside the listener, which is about to send its page. */
static void go_on(void *context)
{
    struct oauth *oauth = context;
    const struct browser *browser = oauth->own;
    oauth->timer = 0;
    if (browser->code) {
        redeem(oauth);
    } else {
        oauth_fail(oauth, &browser->err);
    }
}

/* The texts are the service's, with the codes of the token endpoint in them. */
static void on_received(void *context, const struct loopback_answer *answer)
{
    struct oauth *oauth = context;
    struct browser *browser = oauth->own;
    timers_cancel(oauth->timers, oauth->timer);
    if (answer->code.len) {
        browser->code = secret_new(answer->code);
    } else if (str_is(str_of(answer->error_subcode), "cancel") || strstr(answer->error_description, "AADSTS65004")) {
        err_set(&browser->err, ERR_AUTH_DENIED, "The sign-in was cancelled in the browser.");
        err_advise(&browser->err, "Start again when you are ready.");
    } else {
        entra_error_from_texts(&browser->err, answer->error, answer->error_description);
    }
    oauth->timer = timers_after(oauth->timers, 0, go_on, oauth);
}

static void on_limit(void *context)
{
    struct oauth *oauth = context;
    struct err err;
    oauth->timer = 0;
    err_set(&err, ERR_AUTH_REQUIRED, "Nobody signed in in the browser within %d minutes.", LIMIT_S / 60);
    err_advise(&err, "Start again, or choose the device code.");
    oauth_fail(oauth, &err);
}

/* ---- start and end ---- */

static bool prepare(struct oauth *oauth, struct browser *browser, struct err *err)
{
    const struct loopback_config config = {
        .http = oauth->http, .timers = oauth->timers, .port = oauth->redirect_port, .state = browser->state,
        .accept_query = oauth->accept_query_code, .received = on_received, .context = oauth,
    };
    browser->loopback = loopback_open(&config, err);
    if (!browser->loopback) {
        err_field(err, "redirect-port");
        return false;
    }
    /* Entra ignores the port of a localhost redirect, but neither the name nor the path (auth.md section 4). */
    browser->redirect_uri = mem_format("http://localhost:%d", loopback_port(browser->loopback));
    browser->url = sign_in_address(oauth, browser);
    return true;
}

static void start(struct oauth *oauth)
{
    struct err err = { 0 };
    struct browser *browser = MEM_NEW(struct browser);
    char *verifier = random_text();
    oauth->own = browser;
    browser->state = random_text();
    oauth->nonce = random_text();
    browser->verifier = secret_new(str_of(verifier));
    if (verifier) {
        secret_wipe(verifier, strlen(verifier));
    }
    free(verifier);
    if (!browser->state || !oauth->nonce || !secret_str(browser->verifier).len) {
        err_set(&err, ERR_SYSTEM, "This machine gives no random numbers; nothing can be signed in safely.");
        oauth_fail(oauth, &err);
    } else if (!prepare(oauth, browser, &err)) {
        oauth_fail(oauth, &err);
    } else {
        struct oauth_browser_prompt prompt = {
            .url = browser->url, .port = loopback_port(browser->loopback), .expires_in_s = LIMIT_S,
        };
        str_copy(prompt.short_url, sizeof prompt.short_url, loopback_short_address(browser->loopback, browser->url));
        oauth_step(oauth, "Waiting for the browser");
        oauth->expires_ms = clock_ms() + LIMIT_S * 1000;
        oauth->timer = timers_after(oauth->timers, LIMIT_S * 1000, on_limit, oauth);
        oauth->listener.browser_prompt(oauth->listener.context, &prompt);
    }
}

static void end(struct oauth *oauth)
{
    struct browser *browser = oauth->own;
    if (!browser) {
        return;
    }
    loopback_close(browser->loopback);
    secret_free(browser->verifier);
    secret_free(browser->code);
    free(browser->redirect_uri);
    free(browser->state);
    free(browser->url);
    free(browser);
    oauth->own = NULL;
}

const struct grant grant_browser = { .needs_endpoints = true, .once = true, .person = true, .start = start, .end = end };
