/* A token that the user handed in (auth.md section 8): read for hints and early errors, used as it is. */
#include "auth/oauth_internal.h"
#include "base/mem.h"

static void start(struct oauth *oauth)
{
    struct err err = { 0 };
    struct token *token = MEM_NEW(struct token);
    oauth_step(oauth, "Checking the access token");
    struct str given = str_trim(secret_str(oauth->given)), bearer = STR("Bearer ");
    /* As it stands in a request's header, from where it may have been copied. */
    given = str_starts_nocase(given, bearer) ? str_trim(str_from(given, bearer.len)) : given;
    token->access = secret_new(given);
    token->given = true;
    if (!token_read_claims(token, given, oauth->cloud, &err)) {
        token_free(token);
        oauth_fail(oauth, &err);
        return;
    }
    if (!*token->upn && !token->app_only && oauth->login_hint) {
        str_copy(token->upn, sizeof token->upn, oauth->login_hint);
    }
    oauth_complete_tenant(oauth, token);
    oauth_succeed(oauth, token);
}

const struct grant grant_given_token = { .needs_endpoints = false, .start = start };
