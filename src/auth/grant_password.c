/* Name and password (auth.md section 6). First the service is asked who checks this user's password: sending it to the wrong
   place helps nobody, and repeated tries lock accounts, so nothing here is ever tried twice. */
#include <stdlib.h>

#include "auth/oauth_internal.h"
#include "base/mem.h"

static void send_password(struct oauth *oauth)
{
    struct buf form = BUF_INIT(BUF_SMALL);
    oauth_step(oauth, "Signing in with the password");
    oauth_form_begin(oauth, &form, "password");
    http_form_add(&form, "username", str_of(oauth->login_hint));
    http_form_add(&form, "password", secret_str(oauth->given));
    oauth_redeem(oauth, &form);
}

static void fail_federated(struct oauth *oauth, const char *domain)
{
    struct err err;
    err_set(&err, ERR_AUTH_DENIED, "The password of %s is checked by the sign-in system of %s itself (a federated account), not by Entra.",
            oauth->login_hint, *domain ? domain : "the organization");
    err_advise(&err, "Sign in with the browser or with a device code: there that system asks for the password.");
    err_field(&err, "Credential");
    oauth_fail(oauth, &err);
}

/* Only a clear answer stops the sign-in: a service that does not say is asked with the password all the same. */
static void on_realm(struct oauth *oauth, int status, const struct err *failure)
{
    struct json *realm = !failure && status == 200 ? json_parse(buf_str(&oauth->answer), NULL) : NULL;
    const char *type = json_cstr(json_get_nocase(realm, "account_type"), json_cstr(json_get(realm, "NameSpaceType"), ""));
    if (str_is_nocase(str_of(type), "federated")) {
        fail_federated(oauth, json_cstr(json_get_nocase(realm, "domain_name"), ""));
    } else {
        send_password(oauth);
    }
    json_free(realm);
}

/* The realm is asked at the authority's host, always under /common (auth.md section 3). */
static void start(struct oauth *oauth)
{
    struct err err = { 0 };
    struct http_url parts;
    if (!oauth->login_hint || !oauth->given || !http_url_parse(oauth->token_endpoint, &parts)) {
        err_set(&err, ERR_INPUT, "A sign-in with a password needs the user name too.");
        err_field(&err, "Credential");
        oauth_fail(oauth, &err);
        return;
    }
    struct buf url = BUF_INIT(BUF_SMALL);
    buf_format(&url, "https://%s:%d/common/userrealm/", parts.host, parts.port);
    http_escape(&url, str_of(oauth->login_hint));
    buf_text(&url, "?api-version=1.0");
    oauth_step(oauth, "Asking who checks the password of %s", oauth->login_hint);
    if (!oauth_get(oauth, buf_cstr(&url), on_realm, &err)) {
        oauth_fail(oauth, &err);
    }
    buf_free(&url);
}

const struct grant grant_password = { .needs_endpoints = true, .once = true, .person = true, .start = start };
