#include <stdio.h>
#include <stdlib.h>

#include "auth/cloud_discovery.h"
#include "auth/entra_errors.h"
#include "auth/oauth_internal.h"
#include "base/clock.h"
#include "base/guid.h"
#include "base/json.h"
#include "base/mem.h"

#define REQUEST_LIMIT_S 30
#define METADATA_LIMIT_S 5

enum { REPEATS_MOST = 2, REPEAT_WAIT_MOST_S = 30 };
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

/* A wrong clock is the usual reason for refused proofs, and the one that nobody thinks of (auth.md section 7). */
static void name_clock(const struct oauth *oauth, struct err *err)
{
    enum { CLOCK_TOLERANCE_S = 300 };
    int64_t behind = oauth->clock_behind_s;
    if (behind > CLOCK_TOLERANCE_S || behind < -CLOCK_TOLERANCE_S) {
        err_advise(err, "This machine's clock is %lld minutes %s that of the sign-in service: set it (NTP), then try again.",
                   (long long)((behind < 0 ? -behind : behind) / 60), behind > 0 ? "behind" : "ahead of");
    }
}

void oauth_refused(struct oauth *oauth, int status)
{
    struct err err = { 0 };
    struct json *answer = json_parse(buf_str(&oauth->answer), NULL);
    entra_error_from_answer(&err, status, buf_str(&oauth->answer));
    err.retry_after_s = oauth->retry_after_s;
    name_clock(oauth, &err);
    /* What a new sign-in has to carry, so that it is not refused for the same reason (auth.md section 9). */
    oauth->claims_asked = mem_text(json_cstr(json_get(answer, "claims"), NULL));
    json_free(answer);
    oauth_fail(oauth, &err);
}

const char *oauth_claims_asked(const struct oauth *oauth)
{
    return oauth->claims_asked ? oauth->claims_asked : "";
}

/* ---- requests ---- */

/* Answers and forms hold tokens and codes: the whole of their memory goes, not only what is used of it. */
void oauth_wipe(struct buf *buf)
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

static void send_again(void *context);

/* The service's own bad moments, told by status or by number (auth.md section 3, "Retry"). */
static bool is_transient(const struct oauth *oauth, int status)
{
    static const int codes[] = { 90033, 50033, 50087, 90006, 90012, 90024 };
    bool unserved = status == 429 || status == 503, broken = status == 500 || status == 502 || status == 504;
    bool transient = unserved || (broken && !(oauth->posted && oauth->grant->only_unserved));
    struct json *answer = status >= 400 ? json_parse(buf_str(&oauth->answer), NULL) : NULL;
    for (const struct json *item = json_first(json_get(answer, "error_codes")); item; item = json_next(item)) {
        int64_t number = 0;
        for (size_t i = 0; json_int64(item, &number) && i < sizeof codes / sizeof *codes; i++) {
            transient = transient || number == codes[i];
        }
    }
    json_free(answer);
    return transient;
}

/* One bad moment must not end a sign-in that a person is waiting for, nor a job at night. */
static bool repeat_later(struct oauth *oauth, int status, const struct err *err)
{
    int wait_s = oauth->retry_after_s ? oauth->retry_after_s : 1 << oauth->repeats;
    if (err || !oauth->may_repeat || oauth->repeats >= REPEATS_MOST || wait_s > REPEAT_WAIT_MOST_S || !is_transient(oauth, status)) {
        return false;
    }
    oauth->repeats++;
    oauth->timer = timers_after(oauth->timers, (int64_t)wait_s * 1000, send_again, oauth);
    return true;
}

/* Seconds or a date (RFC 9110 section 10.2.3); the date is the service's clock's. 0: nothing was asked for. */
static int retry_after(const struct oauth *oauth, const char *text)
{
    int64_t seconds = 0;
    if (http_date(text, &seconds)) {
        seconds -= clock_unix() + oauth->clock_behind_s;
    } else if (!str_to_int64(str_of(text), 0, INT64_MAX, &seconds)) {
        return 0;
    }
    return seconds > RETRY_AFTER_MAX_S ? RETRY_AFTER_MAX_S : seconds > 0 ? (int)seconds : 0;
}

static void on_done(void *context, const struct http_response *response, const struct err *err)
{
    struct oauth *oauth = context;
    int64_t seconds = 0;
    oauth->transfer = NULL;
    oauth->clock_behind_s = http_date(http_header(response, "Date"), &seconds) ? seconds - clock_unix() : 0;
    oauth->retry_after_s = retry_after(oauth, http_header(response, "Retry-After"));
    free(oauth->challenge);
    oauth->challenge = mem_text(http_header(response, "WWW-Authenticate"));
    if (repeat_later(oauth, response->status, err)) {
        return;
    }
    oauth->answered(oauth, response->status, err);
    /* The sign-in may be gone here; its own end wipes the answer. */
}

/* Starts with an empty answer that has room for tokens. */
static bool send_request(struct oauth *oauth, const struct http_request *request,
                         void (*answered)(struct oauth *, int, const struct err *), struct err *err)
{
    static const struct http_handlers handlers = { .body = on_body, .done = on_done };
    oauth_wipe(&oauth->answer);
    oauth_make_room(&oauth->answer);
    oauth->answered = answered;
    oauth->transfer = http_send(oauth->http, request, &handlers, oauth, err);
    return oauth->transfer != NULL;
}

/* The same client-request-id on every request lets support find the whole sign-in (auth.md section 3). */
static struct http_request entra_request(const struct oauth *oauth, const char *method, const char *url)
{
    return (struct http_request){
        .method = method,
        .url = url,
        .headers = {
            { "Accept", "application/json" },
            { "client-request-id", oauth->request_id.text },
            { "return-client-request-id", "true" },
        },
        .timeout_s = REQUEST_LIMIT_S,
        .max_body = OAUTH_ANSWER_MAX,
    };
}

/* Kept for a repeat; a code that is good for one time, a password, and the polls that repeat by themselves are sent once. */
static void keep_request(struct oauth *oauth, const char *url, struct str form)
{
    bool polling = oauth->user_code[0] != '\0';
    free(oauth->sent_url);
    oauth->sent_url = mem_text(url);
    secret_free(oauth->sent_form);
    oauth->sent_form = NULL;
    oauth->posted = form.len > 0;
    oauth->may_repeat = !form.len || (!oauth->grant->once && !polling);
    oauth->repeats = oauth->repeating ? oauth->repeats : 0;
    oauth->repeating = false;
    if (form.len && oauth->may_repeat && !oauth->grant->again) {
        oauth->sent_form = secret_new(form);
    }
}

static bool send_form(struct oauth *oauth, const char *url, struct str form, void (*answered)(struct oauth *, int, const struct err *),
                      struct err *err)
{
    struct http_request request = entra_request(oauth, form.len ? "POST" : "GET", url);
    if (form.len) {
        request.headers[3] = (struct http_header){ "Content-Type", "application/x-www-form-urlencoded" };
        request.body = form;
        request.once = !oauth->user_code[0];    /* tokens are used once; a poll may be */
    }
    return send_request(oauth, &request, answered, err);
}

static void send_again(void *context)
{
    struct oauth *oauth = context;
    struct err err = { 0 };
    oauth->timer = 0;
    if (oauth->posted && oauth->grant->again) {
        oauth->repeating = true;
        oauth->grant->again(oauth);
    } else if (!send_form(oauth, oauth->sent_url, secret_str(oauth->sent_form), oauth->answered, &err)) {
        oauth_fail(oauth, &err);
    }
}

bool oauth_get(struct oauth *oauth, const char *url, void (*answered)(struct oauth *, int, const struct err *), struct err *err)
{
    keep_request(oauth, url, STR(""));
    return send_form(oauth, url, STR(""), answered, err);
}

bool oauth_post(struct oauth *oauth, const char *url, struct buf *form, void (*answered)(struct oauth *, int, const struct err *),
                struct err *err)
{
    keep_request(oauth, url, buf_str(form));
    bool good = send_form(oauth, url, buf_str(form), answered, err);
    oauth_wipe(form);
    return good;
}

/* A machine without such a service does not refuse, it is silent: the wait is short. */
bool oauth_get_metadata(struct oauth *oauth, const char *url, const struct http_header *headers, size_t count,
                        void (*answered)(struct oauth *, int, const struct err *), struct err *err)
{
    oauth->may_repeat = false;
    struct http_request request = {
        .method = "GET", .url = url, .metadata = true, .timeout_s = METADATA_LIMIT_S, .max_body = OAUTH_ANSWER_MAX,
    };
    for (size_t i = 0; i < count && i < HTTP_MAX_HEADERS; i++) {
        request.headers[i] = headers[i];
    }
    return send_request(oauth, &request, answered, err);
}

/* ---- forms for the token endpoint ---- */

/* An application has nobody who could consent or be asked again: it gets .default alone, and no refresh token. */
void oauth_form_scope(struct oauth *oauth, struct buf *form)
{
    char *scope = mem_format("%s/.default%s", oauth->resource, oauth->grant->person ? " openid profile offline_access" : "");
    http_form_add(form, "scope", str_of(scope));
    if (oauth->claims) {
        http_form_add(form, "claims", str_of(oauth->claims));
    }
    free(scope);
}

void oauth_form_begin(struct oauth *oauth, struct buf *form, const char *grant_type)
{
    oauth_make_room(form);
    http_form_add(form, "grant_type", str_of(grant_type));
    http_form_add(form, "client_id", str_of(oauth->client_id));
    oauth_form_scope(oauth, form);
}

static void on_redeemed(struct oauth *oauth, int status, const struct err *failure)
{
    struct err err = { 0 };
    struct token *token = NULL;
    if (failure) {
        oauth_fail(oauth, failure);
    } else if (status != 200) {
        oauth_refused(oauth, status);
    } else if (!(token = oauth_read_token(oauth, &err))) {
        oauth_fail(oauth, &err);
    } else {
        if (*token->upn) {
            oauth_step(oauth, "Signed in as %s", token->upn);
        }
        oauth_succeed(oauth, token);
    }
}

void oauth_redeem(struct oauth *oauth, struct buf *form)
{
    struct err err = { 0 };
    if (!oauth_post(oauth, oauth->token_endpoint, form, on_redeemed, &err)) {
        oauth_fail(oauth, &err);
    }
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

/* Which cloud the tenant is in, by the host that its sign-in happens at; NULL = no other one, or none that is known. */
static const struct cloud *cloud_elsewhere(const struct oauth *oauth, const char *endpoint)
{
    struct http_url parts;
    const struct cloud *theirs = http_url_parse(endpoint, &parts) ? cloud_by_authority_host(parts.host) : NULL;
    return theirs && !str_eq(str_of(theirs->authority_hosts[0]), str_of(oauth->cloud->authority_hosts[0])) ? theirs : NULL;
}

static bool fail_elsewhere(const struct oauth *oauth, const char *endpoint, struct err *err)
{
    const struct cloud *theirs = cloud_elsewhere(oauth, endpoint);
    err_set(err, ERR_AUTH_DENIED, "The sign-in service at %s points to another host; nothing is sent there.", oauth->authority);
    if (theirs) {
        err_advise(err, "The organization lives in %s: connect with --cloud %s, and leave the other addresses out.", theirs->title, theirs->name);
    } else {
        err_advise(err, "Check the sign-in address; a proxy may be answering in its place.");
    }
    return false;
}

/* The worldwide host knows the government's tenants too and would sign in for the wrong service (auth.md section 3). "USGov"
   without more says nothing between the two government clouds. */
static void warn_of_region(const struct oauth *oauth, const struct json *answer)
{
    const struct cloud *theirs = cloud_by_region_scope(json_cstr(json_get(answer, "tenant_region_scope"), ""),
                                                       json_cstr(json_get(answer, "tenant_region_sub_scope"), ""));
    if (!theirs || theirs == oauth->cloud || theirs == cloud_at(0)) {
        return;
    }
    bool same_service = str_eq(str_of(theirs->authority_hosts[0]), str_of(oauth->cloud->authority_hosts[0]));
    if (!same_service || str_is(str_of(theirs->name), "dod")) {
        char *text = mem_format("The organization lives in %s, and this connection is to %s: choose with --cloud %s.", theirs->title,
                                oauth->cloud->title, theirs->name);
        oauth->listener.step(oauth->listener.context, text, OAUTH_STEP_WARNING, 0);
        free(text);
    }
}

static bool take_endpoints(struct oauth *oauth, struct err *err)
{
    struct json *answer = json_parse(buf_str(&oauth->answer), NULL);
    const char *token_endpoint = json_cstr(json_get(answer, "token_endpoint"), "");
    const char *device_endpoint = json_cstr(json_get(answer, "device_authorization_endpoint"), "");
    const char *authorize_endpoint = json_cstr(json_get(answer, "authorization_endpoint"), "");
    bool good = *token_endpoint != '\0';
    if (!good) {
        err_set(err, ERR_PROTOCOL, "What answers at %s is not a sign-in service of Entra.", oauth->authority);
        err_advise(err, "Check the sign-in address; a proxy may be answering in its place.");
    } else if (!same_authority(oauth, token_endpoint) || (*device_endpoint && !same_authority(oauth, device_endpoint)) ||
               (*authorize_endpoint && !same_authority(oauth, authorize_endpoint))) {
        good = fail_elsewhere(oauth, token_endpoint, err);
    } else {
        oauth->token_endpoint = mem_text(token_endpoint);
        oauth->device_endpoint = *device_endpoint ? mem_text(device_endpoint) : mem_format("%s/oauth2/v2.0/devicecode", oauth->authority);
        oauth->authorize_endpoint = *authorize_endpoint ? mem_text(authorize_endpoint) : mem_format("%s/oauth2/v2.0/authorize", oauth->authority);
        oauth->tenant = token_issuer_tenant(json_cstr(json_get(answer, "issuer"), ""));
        warn_of_region(oauth, answer);
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
    [OAUTH_BROWSER] = &grant_browser,
    [OAUTH_PASSWORD] = &grant_password,
    [OAUTH_CERTIFICATE] = &grant_certificate,
    [OAUTH_CLIENT_SECRET] = &grant_client_secret,
    [OAUTH_FEDERATED] = &grant_federated,
    [OAUTH_MANAGED_IDENTITY] = &grant_managed_identity,
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
    oauth->claims = request->claims && *request->claims ? mem_text(request->claims) : NULL;
    oauth->given = secret_copy(request->given);
    oauth->redirect_port = request->redirect_port;
    oauth->accept_query_code = request->accept_query_code;
    oauth->certificate = request->certificate;
    oauth->rs256 = request->rs256;
    oauth->with_chain = request->with_chain;
    oauth->assertion_file = mem_text(request->assertion_file);
    oauth->identity = mem_text(request->identity);
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
    if (oauth->grant->end) {
        oauth->grant->end(oauth);
    }
    oauth_wipe(&oauth->answer);
    secret_free(oauth->given);
    secret_free(oauth->device_code);
    free(oauth->authority);
    free(oauth->client_id);
    free(oauth->resource);
    free(oauth->login_hint);
    free(oauth->claims);
    free(oauth->assertion_file);
    free(oauth->identity);
    free(oauth->challenge);
    free(oauth->nonce);
    free(oauth->sent_url);
    secret_free(oauth->sent_form);
    free(oauth->claims_asked);
    free(oauth->token_endpoint);
    free(oauth->device_endpoint);
    free(oauth->authorize_endpoint);
    free(oauth->tenant);
    free(oauth);
}
