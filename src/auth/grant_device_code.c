/* Device code: RFC 8628 with Entra's manners (auth.md section 5). */
#include <stdlib.h>

#include "auth/oauth_internal.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"

#define DEFAULT_INTERVAL_S 5
#define DEFAULT_EXPIRY_S 900
#define SLOW_DOWN_MS 5000
#define DEMO_INTERVAL_MS 100
#define ODD_ANSWERS_MOST 3

static void poll_token(void *context);

static void fail_expired(struct oauth *oauth)
{
    struct err err;
    err_set(&err, ERR_AUTH_REQUIRED, "The code %s has expired before anybody signed in with it.", oauth->user_code);
    err_advise(&err, "Start again for a new code.");
    oauth_fail(oauth, &err);
}

/* The monotonic clock decides, not the service's answer, so that a silent service cannot keep it waiting for ever. */
static void poll_after(struct oauth *oauth, int64_t wait_ms)
{
    int64_t left_ms = oauth->expires_ms - clock_ms();
    if (left_ms <= 0) {
        fail_expired(oauth);
        return;
    }
    /* One last poll at the end: an approval of the last seconds still counts. */
    oauth->timer = timers_after(oauth->timers, wait_ms < left_ms ? wait_ms : left_ms, poll_token, oauth);
}

static void wait_on(struct oauth *oauth)
{
    oauth->trouble_ms = 0;
    poll_after(oauth, oauth->interval_ms);
}

static void slow_down(struct oauth *oauth)
{
    oauth->interval_ms += SLOW_DOWN_MS;
    wait_on(oauth);
}

/* The network or the service is in trouble: the wait doubles, and polling goes on until the code expires (RFC 8628
   section 3.5). */
static void ride_out(struct oauth *oauth)
{
    int64_t asked_ms = (int64_t)oauth->retry_after_s * 1000;
    oauth->trouble_ms = 2 * (oauth->trouble_ms ? oauth->trouble_ms : oauth->interval_ms);
    poll_after(oauth, asked_ms > oauth->trouble_ms ? asked_ms : oauth->trouble_ms);
}

static void fail_declined(struct oauth *oauth)
{
    struct err err;
    err_set(&err, ERR_AUTH_DENIED, "The sign-in was declined on the other device.");
    err_advise(&err, "If that was a mistake, start again for a new code.");
    oauth_fail(oauth, &err);
}

/* What an `error` of the token endpoint means for the wait (the table of auth.md section 5). */
static const struct { const char *error; void (*act)(struct oauth *); } reactions[] = {
    { "authorization_pending", wait_on },
    { "slow_down", slow_down },
    { "authorization_declined", fail_declined },
    { "access_denied", fail_declined },
    { "expired_token", fail_expired },
    { "code_expired", fail_expired },
    { "temporarily_unavailable", ride_out },
};

/* True for answers that say nothing about the sign-in itself. */
static bool is_trouble(int status, const char *error)
{
    return !*error || status >= 500 || status == 429;
}

static void react(struct oauth *oauth, int status)
{
    struct json *answer = json_parse(buf_str(&oauth->answer), NULL);
    const char *error = json_cstr(json_get(answer, "error"), "");
    void (*act)(struct oauth *) = is_trouble(status, error) ? ride_out : NULL;
    for (size_t i = 0; i < sizeof reactions / sizeof *reactions; i++) {
        act = str_is(str_of(error), reactions[i].error) ? reactions[i].act : act;
    }
    json_free(answer);
    if (act) {
        act(oauth);
    } else {
        oauth_refused(oauth, status);
    }
}

static void finish(struct oauth *oauth, struct token *token)
{
    if (*token->upn) {
        oauth_step(oauth, "Signed in as %s", token->upn);
    }
    oauth_succeed(oauth, token);
}

/* A page of a hotel's network is a passing trouble, but not for ever. */
static bool answer_is_json(const struct oauth *oauth)
{
    struct json *answer = json_parse(buf_str(&oauth->answer), NULL);
    bool json = answer != NULL;
    json_free_secret(answer);
    return json;
}

static void on_poll_answer(struct oauth *oauth, int status, const struct err *failure)
{
    struct token *token = NULL;
    struct err err = { 0 };
    if (failure) {
        ride_out(oauth);
    } else if (status != 200) {
        react(oauth, status);
    } else if ((token = oauth_read_token(oauth, &err))) {
        finish(oauth, token);
    } else if (!answer_is_json(oauth) && ++oauth->odd_answers < ODD_ANSWERS_MOST) {
        ride_out(oauth);
    } else {
        /* The code is used up by a yes, whatever came with it: asking on would only ever be told so. */
        oauth_fail(oauth, &err);
    }
}

static void poll_token(void *context)
{
    struct oauth *oauth = context;
    struct err err = { 0 };
    struct buf form = BUF_INIT(BUF_SMALL);
    oauth->timer = 0;
    oauth_make_room(&form);
    http_form_add(&form, "grant_type", STR("urn:ietf:params:oauth:grant-type:device_code"));
    http_form_add(&form, "client_id", str_of(oauth->client_id));
    http_form_add(&form, "device_code", secret_str(oauth->device_code));
    if (oauth->claims) {
        http_form_add(&form, "claims", str_of(oauth->claims));
    }
    if (!oauth_post(oauth, oauth->token_endpoint, &form, on_poll_answer, &err)) {
        oauth_fail(oauth, &err);
    }
}

/* Numbers of the answer; v1 endpoints send them as strings. */
static int64_t number_or(const struct json *answer, const char *name, int64_t otherwise, int64_t most)
{
    int64_t number;
    return json_int64(json_get(answer, name), &number) && number >= 0 && number <= most ? number : otherwise;
}

/* No interval at all means 5 seconds (RFC 8628 section 3.2); one of 0 is only honoured on this machine, for tests. */
static int64_t interval_ms(const struct oauth *oauth, int64_t interval_s)
{
    struct http_url parts;
    if (interval_s > 0) {
        return interval_s * 1000;
    }
    bool local = http_url_parse(oauth->token_endpoint, &parts) && str_ends_nocase(str_of(parts.host), STR(".localhost"));
    return local ? DEMO_INTERVAL_MS : 1000;
}

static bool take_prompt(struct oauth *oauth, struct oauth_device_prompt *prompt)
{
    struct json *answer = json_parse(buf_str(&oauth->answer), NULL);
    struct str code = str_of(json_cstr(json_get(answer, "device_code"), ""));
    bool has_code = code.len > 0;
    const char *page = json_cstr(json_get(answer, "verification_uri"), json_cstr(json_get(answer, "verification_url"), ""));
    str_copy(prompt->user_code, sizeof prompt->user_code, json_cstr(json_get(answer, "user_code"), ""));
    str_copy(prompt->verification_uri, sizeof prompt->verification_uri, page);
    str_copy(prompt->message, sizeof prompt->message, json_cstr(json_get(answer, "message"), ""));
    prompt->expires_in_s = (int)number_or(answer, "expires_in", DEFAULT_EXPIRY_S, 86400);
    oauth->interval_ms = interval_ms(oauth, number_or(answer, "interval", DEFAULT_INTERVAL_S, 600));
    oauth->expires_ms = clock_ms() + (int64_t)prompt->expires_in_s * 1000;
    if (has_code) {
        oauth->device_code = secret_new(code);
    }
    json_free_secret(answer);
    return has_code && *prompt->user_code && *prompt->verification_uri;
}

/* Tenant and client are shown with the code, so that a person sees what the code is for (auth.md section 5, phishing). */
static void show_prompt(struct oauth *oauth)
{
    struct oauth_device_prompt prompt = { 0 };
    struct err err;
    if (!take_prompt(oauth, &prompt)) {
        err_set(&err, ERR_PROTOCOL, "The sign-in service sent no code that can be used.");
        err_advise(&err, "Try again; a proxy may have changed the answer.");
        oauth_fail(oauth, &err);
        return;
    }
    struct http_url parts;
    struct str path = str_of(http_url_parse(oauth->authority, &parts) ? parts.path + 1 : "");
    if (oauth->login_hint) {
        str_copy(prompt.tenant, sizeof prompt.tenant, oauth->login_hint);
    } else if (!str_is(path, "organizations") && !str_is(path, "common")) {
        str_copy(prompt.tenant, sizeof prompt.tenant, path.data);
    }
    str_copy(prompt.client_name, sizeof prompt.client_name,
             str_is(str_of(oauth->client_id), OAUTH_CLIENT_ID) ? "Microsoft Exchange REST API Based Powershell" : oauth->client_id);
    str_copy(oauth->user_code, sizeof oauth->user_code, prompt.user_code);
    oauth_step(oauth, "Waiting for you to sign in");
    oauth->listener.device_prompt(oauth->listener.context, &prompt);
    wait_on(oauth);
}

static void on_code_answer(struct oauth *oauth, int status, const struct err *failure)
{
    if (failure) {
        oauth_fail(oauth, failure);
    } else if (status != 200) {
        oauth_refused(oauth, status);
    } else {
        show_prompt(oauth);
    }
}

static void start(struct oauth *oauth)
{
    struct err err = { 0 };
    struct buf form = BUF_INIT(BUF_SMALL);
    oauth_step(oauth, "Asking for a code to sign in with");
    http_form_add(&form, "client_id", str_of(oauth->client_id));
    oauth_form_scope(oauth, &form);
    if (!oauth_post(oauth, oauth->device_endpoint, &form, on_code_answer, &err)) {
        oauth_fail(oauth, &err);
    }
}

const struct grant grant_device_code = { .needs_endpoints = true, .person = true, .start = start };
