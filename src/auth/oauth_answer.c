/* The answer of a token endpoint: tokens, who they are for, how long they last. */
#include <stdlib.h>

#include "auth/oauth_internal.h"
#include "base/base64.h"
#include "base/clock.h"
#include "base/mem.h"

static struct secret *secret_member(const struct json *answer, const char *name)
{
    struct str text = str_of(json_cstr(json_get(answer, name), ""));    /* a number is no token */
    return text.len ? secret_new(text) : NULL;
}

static void fill(char *to, size_t size, const char *text)
{
    if (!*to && text) {
        str_copy(to, size, text);
    }
}

/* Where no token names its tenant, the place that was asked does, else the domain of the name: the service takes a domain in
   its addresses too (rest.md section 1.4). */
void oauth_complete_tenant(const struct oauth *oauth, struct token *token)
{
    struct http_url parts;
    struct str path = str_of(http_url_parse(oauth->authority, &parts) ? parts.path + 1 : "");
    const char *at = strchr(token->upn, '@');
    bool general = str_is_nocase(path, "organizations") || str_is_nocase(path, "common");
    fill(token->tenant_id, sizeof token->tenant_id, oauth->tenant);
    fill(token->tenant_id, sizeof token->tenant_id, general ? NULL : path.data);
    fill(token->tenant_id, sizeof token->tenant_id, at ? at + 1 : NULL);
}

/* Who signed in: the access token's claims where it is a readable JWT, completed by the id_token. The service has just
   made both, so whether they would be taken as tokens handed in does not matter here. */
static void read_identity(struct oauth *oauth, struct token *token, struct str id_token)
{
    struct token from_id = { 0 };
    bool readable = token_read_claims(token, secret_str(token->access), oauth->cloud, NULL);
    readable = token_read_claims(&from_id, id_token, oauth->cloud, NULL) || readable;
    (void)readable;
    fill(token->upn, sizeof token->upn, from_id.upn);
    fill(token->upn, sizeof token->upn, oauth->login_hint);
    fill(token->name, sizeof token->name, from_id.name);
    fill(token->tenant_id, sizeof token->tenant_id, from_id.tenant_id);
    oauth_complete_tenant(oauth, token);
}

/* Decisions count from now by the monotonic clock: this machine's wall clock may be wrong (auth.md section 10). */
static void set_lifetime(struct token *token, const struct json *answer)
{
    int64_t lifetime_s = 0, refresh_s = 0, now_ms = clock_ms();
    if (json_int64(json_get(answer, "expires_in"), &lifetime_s) && lifetime_s > 0 && lifetime_s < 10 * 366 * 86400LL) {
        token->expires_ms = now_ms + lifetime_s * 1000;
        token->expires_unix = clock_unix() + lifetime_s;
    }
    if (json_int64(json_get(answer, "refresh_in"), &refresh_s) && refresh_s > 0 && refresh_s < lifetime_s) {
        token->refresh_ms = now_ms + refresh_s * 1000;
    }
}

static bool is_for(const struct json *audience, const char *client_id)
{
    for (const struct json *item = json_first(audience); item; item = json_next(item)) {
        if (str_is_nocase(json_string(item), client_id)) {
            return true;
        }
    }
    return str_is_nocase(json_string(audience), client_id);
}

/* Of version 1.0 or 2.0, of Entra or of a server that is only trusted: an https address; the tenant in it, if there is one,
   is that of the token and of the service that was asked (OIDC core 3.1.3.7, point 2). */
static bool check_issuer(const struct oauth *oauth, const struct json *claims, struct err *err)
{
    const char *issuer = json_cstr(json_get(claims, "iss"), ""), *of_token = json_cstr(json_get(claims, "tid"), "");
    struct http_url parts;
    if (json_get(claims, "iss") && !http_url_parse(issuer, &parts)) {
        return err_set(err, ERR_AUTH_DENIED, "The sign-in service sent an identity of \"%.80s\", which is not an issuer's address.", issuer);
    }
    char *tenant = token_issuer_tenant(issuer);
    bool fits = !tenant || ((!*of_token || str_is_nocase(str_of(of_token), tenant)) &&
                            (!oauth->tenant || str_is_nocase(str_of(oauth->tenant), tenant)));
    if (!fits) {
        err_set(err, ERR_AUTH_DENIED, "The sign-in service sent an identity of another tenant (%s); it is not used.", tenant);
    }
    free(tenant);
    return fits;
}

/* By the service's clock as its answer told it: this machine's may be wrong, and is named only where it matters. */
static bool check_end(const struct oauth *oauth, const struct json *claims, struct err *err)
{
    enum { GRACE_S = 300 };
    int64_t ends = 0;
    char when[21];
    if (!json_int64(json_get(claims, "exp"), &ends) || ends >= clock_unix() + oauth->clock_behind_s - GRACE_S) {
        return true;
    }
    clock_iso(ends, when);
    return err_set(err, ERR_AUTH_DENIED, "The sign-in service sent an identity that ended at %s.", when);
}

/* The id_token must be the answer to this very sign-in, made for this client (OIDC core 3.1.3.7, points 3 and 11), and whole
   (auth.md section 10). Without an id_token, or a claim of it, there is nothing that could be someone else's. */
static bool check_identity(const struct oauth *oauth, struct str id_token, struct err *err)
{
    struct str rest = id_token, header, payload;
    struct buf text = BUF_INIT(OAUTH_ANSWER_MAX);
    if (!id_token.len || !str_cut(&rest, '.', &header)) {
        return true;
    }
    str_cut(&rest, '.', &payload);
    struct json *claims = base64_decode(payload, &text) ? json_parse(buf_str(&text), NULL) : NULL;
    const struct json *audience = json_get(claims, "aud");
    bool good = (!oauth->nonce || str_is(str_of(oauth->nonce), json_cstr(json_get(claims, "nonce"), ""))) &&
                (!audience || is_for(audience, oauth->client_id));
    if (!good) {
        err_set(err, ERR_AUTH_DENIED, "The sign-in service answered another sign-in than this one; the answer is not used.");
    }
    good = good && check_issuer(oauth, claims, err) && check_end(oauth, claims, err);
    json_free(claims);
    oauth_wipe(&text);
    return good;
}

/* What may be sent on as a bearer. Servers write the word as they like, and some leave it out. */
static bool is_bearer(const struct json *answer)
{
    const char *type = json_cstr(json_get(answer, "token_type"), "");
    return !*type || str_is_nocase(str_of(type), "Bearer");
}

static bool check_answer(const struct oauth *oauth, const struct json *answer, struct err *err)
{
    if (!is_bearer(answer)) {
        err_set(err, ERR_PROTOCOL, "The sign-in service sent a token of the kind %.40s, which purvey cannot use.",
                json_cstr(json_get(answer, "token_type"), ""));
        err_advise(err, "Ask for a plain bearer token; the application may be set to proof of possession.");
        return false;
    }
    if (!check_identity(oauth, json_string(json_get(answer, "id_token")), err)) {
        err_advise(err, "Start the sign-in again; a proxy may have changed the answer.");
        return false;
    }
    return true;
}

struct token *oauth_read_token(struct oauth *oauth, struct err *err)
{
    struct json *answer = json_parse(buf_str(&oauth->answer), NULL);
    struct secret *access = secret_member(answer, "access_token");
    if (!access) {
        json_free_secret(answer);
        err_set(err, ERR_PROTOCOL, "The sign-in service said yes but sent no token.");
        err_advise(err, "Try again; a proxy may have changed the answer.");
        return NULL;
    }
    if (!check_answer(oauth, answer, err)) {
        json_free_secret(answer);
        secret_free(access);
        return NULL;
    }
    struct token *token = MEM_NEW(struct token);
    token->access = access;
    token->refresh = secret_member(answer, "refresh_token");
    read_identity(oauth, token, json_string(json_get(answer, "id_token")));
    set_lifetime(token, answer);
    json_free_secret(answer);
    oauth_wipe(&oauth->answer);
    return token;
}
