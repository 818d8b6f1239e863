#include <stdio.h>
#include <stdlib.h>

#include "auth/entra_errors.h"
#include "auth/oauth_internal.h"
#include "base/clock.h"
#include "base/guid.h"
#include "base/json.h"
#include "base/mem.h"

#define REQUEST_LIMIT_S 30
#define RETRY_AFTER_MAX_S 600

/* ---- steps ---- */

void oauth_step_end(struct oauth *oauth, enum oauth_step_state state)
{
    if (oauth->step) {
        oauth->listener.step(oauth->listener.context, oauth->step, state, clock_ms() - oauth->step_started_ms);
        oauth->step = NULL;
    }
}

void oauth_step(struct oauth *oauth, const char *format, ...)
{
    va_list arguments;
    oauth_step_end(oauth, OAUTH_STEP_DONE);
    va_start(arguments, format);
    vsnprintf(oauth->step_title, sizeof oauth->step_title, format, arguments);
    va_end(arguments);
    oauth->step = oauth->step_title;
    oauth->step_started_ms = clock_ms();
    oauth->listener.step(oauth->listener.context, oauth->step, OAUTH_STEP_RUNNING, 0);
}

/* The listener may free the sign-in in its last callback, so everything needed there is copied first. */
void oauth_fail(struct oauth *oauth, const struct err *err)
{
    struct oauth_listener listener = oauth->listener;
    struct err copy = *err;
    oauth_step_end(oauth, OAUTH_STEP_FAILED);
    listener.failed(listener.context, &copy);
}

void oauth_succeed(struct oauth *oauth, struct token *token)
{
    struct oauth_listener listener = oauth->listener;
    oauth_step_end(oauth, OAUTH_STEP_DONE);
    listener.token(listener.context, token);
}

void oauth_refused(struct oauth *oauth, int status)
{
    struct err err = { 0 };
    entra_error_from_answer(&err, status, buf_str(&oauth->answer));
    err.retry_after_s = oauth->retry_after_s;
    oauth_fail(oauth, &err);
}

/* ---- requests ---- */

/* Answers and forms hold tokens and codes: the whole of their memory goes, not only what is used of it. */
static void wipe(struct buf *buf)
{
    if (buf->data) {
        secret_wipe(buf->data, buf->capacity);
    }
    buf_free(buf);
}

/* Room for what is to come, so that growing leaves no copies of secrets behind. */
void oauth_make_room(struct buf *buf)
{
    buf_repeat(buf, '\0', OAUTH_ROOM);
    buf_clear(buf);
}

static bool on_body(void *context, struct str chunk)
{
    struct oauth *oauth = context;
    return buf_add(&oauth->answer, chunk);
}

static void on_done(void *context, const struct http_response *response, const struct err *err)
{
    struct oauth *oauth = context;
    int64_t seconds = 0;
    oauth->transfer = NULL;
    oauth->retry_after_s = 0;
    if (str_to_int64(str_of(http_header(response, "Retry-After")), 1, RETRY_AFTER_MAX_S, &seconds)) {
        oauth->retry_after_s = (int)seconds;
    }
    oauth->answered(oauth, response->status, err);
    /* The sign-in may be gone here; its own end wipes the answer. */
}

/* The same client-request-id on every request lets support find the whole sign-in (auth.md section 3). */
static bool send_request(struct oauth *oauth, const char *method, const char *url, struct str body,
                         void (*answered)(struct oauth *, int, const struct err *), struct err *err)
{
    static const struct http_handlers handlers = { .body = on_body, .done = on_done };
    struct http_request request = {
        .method = method,
        .url = url,
        .headers = {
            { "Accept", "application/json" },
            { "client-request-id", oauth->request_id.text },
            { "return-client-request-id", "true" },
        },
        .body = body,
        .timeout_s = REQUEST_LIMIT_S,
        .max_body = OAUTH_ANSWER_MAX,
    };
    if (body.len) {
        request.headers[3] = (struct http_header){ "Content-Type", "application/x-www-form-urlencoded" };
    }
    wipe(&oauth->answer);
    oauth_make_room(&oauth->answer);
    oauth->answered = answered;
    oauth->transfer = http_send(oauth->http, &request, &handlers, oauth, err);
    return oauth->transfer != NULL;
}

bool oauth_get(struct oauth *oauth, const char *url, void (*answered)(struct oauth *, int, const struct err *), struct err *err)
{
    return send_request(oauth, "GET", url, STR(""), answered, err);
}

bool oauth_post(struct oauth *oauth, const char *url, struct buf *form, void (*answered)(struct oauth *, int, const struct err *),
                struct err *err)
{
    bool good = send_request(oauth, "POST", url, buf_str(form), answered, err);
    wipe(form);
    return good;
}

void oauth_form_scope(struct oauth *oauth, struct buf *form)
{
    char *scope = mem_format("%s/.default openid profile offline_access", oauth->resource);
    http_form_add(form, "scope", str_of(scope));
    free(scope);
}

/* ---- the answer with tokens ---- */

static struct secret *secret_member(const struct json *answer, const char *name)
{
    struct str text = str_of(json_cstr(json_get(answer, name), ""));    /* a number is no token */
    return text.len ? secret_new(text) : NULL;
}

/* Copies of the tokens that the JSON tree holds are wiped before it is freed. */
void oauth_wipe_json(struct json *answer)
{
    static const char *const names[] = { "access_token", "refresh_token", "id_token", "device_code" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct str text = json_string(json_get(answer, names[i]));
        union { const char *constant; char *owned; } bytes = { .constant = text.data };
        if (text.len) {
            secret_wipe(bytes.owned, text.len);
        }
    }
    json_free(answer);
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

struct token *oauth_read_token(struct oauth *oauth, struct err *err)
{
    struct json *answer = json_parse(buf_str(&oauth->answer), NULL);
    struct secret *access = secret_member(answer, "access_token");
    if (!access) {
        oauth_wipe_json(answer);
        err_set(err, ERR_PROTOCOL, "The sign-in service said yes but sent no token.");
        err_advise(err, "Try again; a proxy may have changed the answer.");
        return NULL;
    }
    struct token *token = MEM_NEW(struct token);
    token->access = access;
    token->refresh = secret_member(answer, "refresh_token");
    read_identity(oauth, token, json_string(json_get(answer, "id_token")));
    set_lifetime(token, answer);
    oauth_wipe_json(answer);
    wipe(&oauth->answer);
    return token;
}

/* ---- discovery (auth.md section 3) ---- */

/* The authority's own host, or another name of the same cloud's sign-in service: a forged or broken answer must not send
   codes and refresh tokens elsewhere. */
static bool same_authority(const struct oauth *oauth, const char *url)
{
    struct http_url endpoint, authority;
    if (!http_url_parse(url, &endpoint) || !http_url_parse(oauth->authority, &authority)) {
        return false;
    }
    const struct cloud *theirs = cloud_by_authority_host(endpoint.host), *ours = cloud_by_authority_host(authority.host);
    bool same_cloud = theirs && ours && str_eq(str_of(theirs->authority_hosts[0]), str_of(ours->authority_hosts[0]));
    return endpoint.port == authority.port && (str_eq(str_of(endpoint.host), str_of(authority.host)) || same_cloud);
}

/* https://login.../TENANT/v2.0 -> TENANT, unless it is the placeholder of /organizations. */
static char *issuer_tenant(const char *issuer)
{
    struct http_url parts;
    if (!http_url_parse(issuer, &parts)) {
        return NULL;
    }
    struct str path = str_from(str_of(parts.path), 1), tenant;
    str_cut(&path, '/', &tenant);
    return guid_valid(tenant) ? str_dup(tenant) : NULL;
}

static bool take_endpoints(struct oauth *oauth, struct err *err)
{
    struct json *answer = json_parse(buf_str(&oauth->answer), NULL);
    const char *token_endpoint = json_cstr(json_get(answer, "token_endpoint"), "");
    const char *device_endpoint = json_cstr(json_get(answer, "device_authorization_endpoint"), "");
    bool good = *token_endpoint != '\0';
    if (!good) {
        err_set(err, ERR_PROTOCOL, "What answers at %s is not a sign-in service of Entra.", oauth->authority);
        err_advise(err, "Check the sign-in address; a proxy may be answering in its place.");
    } else if (!same_authority(oauth, token_endpoint) || (*device_endpoint && !same_authority(oauth, device_endpoint))) {
        good = err_set(err, ERR_AUTH_DENIED, "The sign-in service at %s points to another host; nothing is sent there.", oauth->authority);
    } else {
        oauth->token_endpoint = mem_text(token_endpoint);
        oauth->device_endpoint = *device_endpoint ? mem_text(device_endpoint) : mem_format("%s/oauth2/v2.0/devicecode", oauth->authority);
        oauth->tenant = issuer_tenant(json_cstr(json_get(answer, "issuer"), ""));
    }
    json_free(answer);
    return good;
}

static void on_discovered(struct oauth *oauth, int status, const struct err *failure)
{
    struct err err = { 0 };
    if (failure) {
        oauth_fail(oauth, failure);
    } else if (status != 200) {
        oauth_refused(oauth, status);
    } else if (!take_endpoints(oauth, &err)) {
        oauth_fail(oauth, &err);
    } else {
        oauth->grant->start(oauth);
    }
}

/* ---- life ---- */

/* A new way to sign in is a file of its own and a row here. */
static const struct grant *const grants[] = {
    [OAUTH_DEVICE_CODE] = &grant_device_code,
    [OAUTH_GIVEN_TOKEN] = &grant_given_token,
    [OAUTH_REFRESH] = &grant_refresh,
};

static const char *last_part(const char *authority)
{
    const char *slash = strrchr(authority, '/');
    return slash ? slash + 1 : authority;
}

/* A grant without requests still answers later, never from inside oauth_start. */
static void start_later(void *context)
{
    struct oauth *oauth = context;
    oauth->timer = 0;
    oauth->grant->start(oauth);
}

static bool start_discovery(struct oauth *oauth, struct err *err)
{
    char *url = mem_format("%s/v2.0/.well-known/openid-configuration", oauth->authority);
    oauth_step(oauth, "Finding the sign-in service for %s", last_part(oauth->authority));
    bool good = oauth_get(oauth, url, on_discovered, err);
    free(url);
    return good;
}

struct oauth *oauth_start(struct http *http, struct timers *timers, const struct oauth_request *request,
                          const struct oauth_listener *listener, struct err *err)
{
    struct oauth *oauth = MEM_NEW(struct oauth);
    struct guid guid = guid_new();
    oauth->http = http;
    oauth->timers = timers;
    oauth->listener = *listener;
    oauth->cloud = request->cloud;
    oauth->authority = mem_text(request->authority);
    oauth->client_id = mem_text(request->client_id ? request->client_id : OAUTH_CLIENT_ID);
    oauth->resource = mem_text(request->resource ? request->resource : request->cloud->scope_resource);
    oauth->login_hint = mem_text(request->login_hint);
    oauth->given = secret_copy(request->given);
    oauth->grant = grants[request->grant];
    oauth->answer = (struct buf)BUF_INIT(OAUTH_ANSWER_MAX);
    str_copy(oauth->request_id.text, sizeof oauth->request_id.text, guid.text);
    if (!oauth->grant->needs_endpoints) {
        oauth->timer = timers_after(timers, 0, start_later, oauth);
    } else if (!start_discovery(oauth, err)) {
        oauth_free(oauth);
        return NULL;
    }
    return oauth;
}

void oauth_free(struct oauth *oauth)
{
    if (!oauth) {
        return;
    }
    http_cancel(oauth->transfer);
    timers_cancel(oauth->timers, oauth->timer);
    wipe(&oauth->answer);
    secret_free(oauth->given);
    secret_free(oauth->device_code);
    free(oauth->authority);
    free(oauth->client_id);
    free(oauth->resource);
    free(oauth->login_hint);
    free(oauth->token_endpoint);
    free(oauth->device_endpoint);
    free(oauth->tenant);
    free(oauth);
}
