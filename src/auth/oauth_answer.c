/* The answer of a token endpoint: tokens, who they are for, how long they last. */
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
    fill(token->tenant_id, sizeof token->tenant_id, oauth->tenant);
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

/* The id_token must be the answer to this very sign-in (OIDC core 3.1.3.7, point 11). Without an id_token there is nothing
   that could be someone else's. */
static bool nonce_fits(const struct oauth *oauth, struct str id_token)
{
    struct str rest = id_token, header, payload;
    struct buf text = BUF_INIT(BUF_SMALL);
    if (!oauth->nonce || !id_token.len || !str_cut(&rest, '.', &header)) {
        return true;
    }
    str_cut(&rest, '.', &payload);
    struct json *claims = base64_decode(payload, &text) ? json_parse(buf_str(&text), NULL) : NULL;
    bool fits = str_is(str_of(oauth->nonce), json_cstr(json_get(claims, "nonce"), ""));
    json_free(claims);
    oauth_wipe(&text);
    return fits;
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
    if (!nonce_fits(oauth, json_string(json_get(answer, "id_token")))) {
        json_free_secret(answer);
        secret_free(access);
        err_set(err, ERR_AUTH_DENIED, "The sign-in service answered another sign-in than this one; the answer is not used.");
        err_advise(err, "Start the sign-in again.");
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
