/* Renewal with a refresh token (auth.md section 10). The new refresh token replaces the old; without one the old goes on. */
#include "auth/oauth_internal.h"

/* A refused renewal (revoked, too old, password changed) is no way to go on: the person signs in again. */
static void on_answer(struct oauth *oauth, int status, const struct err *failure)
{
    struct err err = { 0 };
    struct token *token = NULL;
    if (failure) {
        oauth_fail(oauth, failure);
        return;
    }
    if (status != 200) {
        oauth_refused(oauth, status);
        return;
    }
    token = oauth_read_token(oauth, &err);
    if (!token) {
        oauth_fail(oauth, &err);
        return;
    }
    if (!token->refresh) {
        token->refresh = secret_copy(oauth->given);
    }
    oauth_succeed(oauth, token);
}

static void start(struct oauth *oauth)
{
    struct err err = { 0 };
    struct buf form = BUF_INIT(BUF_SMALL);
    oauth_step(oauth, "Renewing the sign-in");
    oauth_form_begin(oauth, &form, "refresh_token");
    http_form_add(&form, "refresh_token", secret_str(oauth->given));
    if (!oauth_post(oauth, oauth->token_endpoint, &form, on_answer, &err)) {
        oauth_fail(oauth, &err);
    }
}

/* A gateway's error may come after the token was spent, and servers withdraw the whole sign-in when one is used twice
   (auth.md section 10). */
const struct grant grant_refresh = { .needs_endpoints = true, .only_unserved = true, .person = true, .start = start };
