/* Microsoft's client repeats a request in a few well-known cases and in no others (rest.md section 6, "Retry
   policies"). The same is done here, with one thing added: a read whose connection broke is asked again, because nothing can have
   been changed by it. */
#include "session/rest/rest_call.h"

#include "base/clock.h"
#include "session/rest/rest_session.h"

#include <stdio.h>

enum {
    MORE_ATTEMPTS = 5,          /* Microsoft's client: one and five more */
    BASE_DELAY_MS = 2000,
    LONGEST_WAIT_S = 600,       /* a longer Retry-After is told, not waited for */
    MOST_REFRESHES = 2,
    MOST_MOVES = 4,
};

static void attempt(struct rest_call *call);

static bool is_redirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* ---- life: callbacks may cancel the call they came from ---- */

void rest_call_enter(struct rest_call *call)
{
    call->busy++;
}

void rest_call_leave(struct rest_call *call)
{
    if (--call->busy > 0 || !call->dead)
        return;
    buf_free(&call->failure);
    call->owner->destroy(call->context);
}

/* Marked dead first: cancelling the transfer may call back, and must find nothing left to do. */
void rest_call_cancel(struct rest_call *call)
{
    if (call->dead)
        return;
    rest_call_enter(call);
    call->dead = true;
    struct http_transfer *transfer = call->transfer;
    call->transfer = NULL;
    http_cancel(transfer);
    timers_cancel(call->session->config.timers, call->timer);
    rest_session_forget_waiter(call->session, call);
    rest_call_leave(call);
}

void rest_call_pause(struct rest_call *call, bool paused)
{
    call->paused = paused;
    if (call->transfer)
        http_pause(call->transfer, paused);
}

/* ---- failures ---- */

/* Several WWW-Authenticate headers may come; the one with the challenge matters (auth.md section 9). */
static const char *last_authenticate(const struct http_response *response)
{
    size_t index = 0;
    for (const char *value; (value = http_header_next(response, "WWW-Authenticate", &index));)
        if (str_contains_nocase(str_of(value), STR("claims=")))
            return value;
    return http_header(response, "WWW-Authenticate");
}

/* Ids come from the headers of the answer when its body has none (rest.md section 6). */
void rest_call_read_error(const struct rest_call *call, const struct http_response *response, struct str body,
                          struct err *err)
{
    struct rest_answer answer = {
        .status = response->status,
        .body = body,
        .cmdlet = call->cmdlet,
        .app_only = call->session->config.app_only,
        .request_id = http_header(response, "request-id"),
        .client_request_id = call->client_request_id,
        .server = http_header(response, "X-CalculatedBETarget"),
        .date = http_header(response, "Date"),
        .exception_type = http_header(response, "x-ExceptionType"),
        .retry_after = http_header(response, "Retry-After"),
        .authenticate = last_authenticate(response),
    };
    rest_error_read(&answer, err);
}

/* Where the answer's head is not at hand: its id when there was one, and ours, which finds the request in the service's logs. */
void rest_call_add_ids(const struct rest_call *call, struct err *err)
{
    char ids[sizeof err->correlation], now[21];
    if (err->correlation[0])
        return;
    clock_iso(clock_unix(), now);
    const char *theirs = call->status ? call->request_id : "";
    snprintf(ids, sizeof ids, "%s%s%sclient-request-id %s, time %s", *theirs ? "request-id " : "", theirs, *theirs ? ", " : "",
             call->client_request_id, now);
    err_correlation(err, ids);
}

/* The last thing a call does on its own: the owner may be gone when this returns. */
static void fail(struct rest_call *call, const struct err *err)
{
    /* A region that was kept and is not well: the next connection asks the front door (rest.md section 1.1). */
    if (call->session->region_kept && call->status >= 502 && call->status <= 504)
        rest_session_distrust_region(call->session);
    call->owner->failed(call->context, err, buf_str(&call->failure));
}

static void on_timer(void *context)
{
    struct rest_call *call = context;
    call->timer = 0;
    rest_call_enter(call);
    attempt(call);
    rest_call_leave(call);
}

/* One throttled call speaks for all of its connection: whoever else asked now would only make it worse. */
static void hold_all(struct rest_session *session, int64_t delay_ms, const struct err *why)
{
    int64_t until = clock_ms() + delay_ms;
    if (until > session->hold_until_ms) {
        session->hold_until_ms = until;
        session->hold_why = *why;
    }
}

/* True when the call has to wait for the service like all others; the countdown is told as for a repeat. */
static bool is_held(struct rest_call *call)
{
    const struct rest_session *session = call->session;
    int64_t left = session->hold_until_ms - clock_ms();
    if (left <= 0)
        return false;
    call->timer = timers_after(session->config.timers, left, on_timer, call);
    if (call->owner->waiting)
        call->owner->waiting(call->context, (int)((left + 999) / 1000), &session->hold_why);
    return true;
}

/* Waits and tries again, or gives up with err. */
static void again_or_fail(struct rest_call *call, const struct err *err)
{
    if (call->attempts > MORE_ATTEMPTS || err->retry_after_s > LONGEST_WAIT_S) {
        struct err told = *err;
        if (err->retry_after_s > LONGEST_WAIT_S)
            err_advise(&told, "The service asks to wait %d minutes: run it again after that.", (err->retry_after_s + 59) / 60);
        fail(call, &told);
        return;
    }
    int base = call->session->config.retry_base_ms;
    /* The service's own wish goes before 2, 4, 8, 16, 32 seconds. */
    int64_t seconds = err->retry_after_s ? err->retry_after_s : INT64_C(2) << (call->attempts - 1);
    int64_t delay = seconds * 1000 * (base ? base : BASE_DELAY_MS) / BASE_DELAY_MS;
    /* First the timer, then the word about it: the owner may cancel the call from there. */
    call->timer = timers_after(call->session->config.timers, delay, on_timer, call);
    if (err->kind == ERR_THROTTLED)
        hold_all(call->session, delay, err);
    if (call->owner->waiting)
        call->owner->waiting(call->context, (int)seconds, err);
}

/* A 401: a challenge is answered with a new token; without one, a new token is tried once. */
static bool renew(struct rest_call *call, const struct http_response *response, const struct err *err)
{
    struct buf claims = BUF_INIT(BUF_SMALL);
    bool challenged = rest_error_claims(last_authenticate(response), &claims);
    bool possible = call->refreshes < (challenged ? MOST_REFRESHES : 1) && call->attempts <= MORE_ATTEMPTS &&
                    call->session->config.refresh;
    if (possible) {
        call->refreshes++;
        call->challenged = challenged;
        call->reason = *err;
        call->spoke = str_trim(buf_str(&call->failure)).len > 0;
        rest_session_wait_for_token(call->session, call, challenged ? buf_cstr(&claims) : NULL);
    }
    buf_free(&claims);
    return possible;
}

/* At once, but from the loop: the answer's callback is still on the stack. */
static void again_elsewhere(struct rest_call *call)
{
    call->timer = timers_after(call->session->config.timers, 0, on_timer, call);
}

/* The front door knows the region anew. Only where nothing has been carried out, so for changing cmdlets too. */
static bool rediscover(struct rest_call *call, bool (*leave)(struct rest_session *))
{
    if (call->rediscovered || !leave(call->session))
        return false;
    call->rediscovered = true;
    again_elsewhere(call);
    return true;
}

/* The organization lives in another region than we thought (rest.md sections 1.1 and 6). */
static bool ask_front_door(struct rest_call *call, struct str body)
{
    bool lost = call->status >= 500 &&
                (str_contains_nocase(body, STR("organization container")) || str_contains_nocase(body, STR("orgUnit")));
    return lost && rediscover(call, rest_session_forget_region);
}

/* The service itself sends us on: only the label of the place is taken from it (rest.md section 1.1). Where that is no
   region, err says so, with the ids that it has. */
static bool follow_region(struct rest_call *call, const struct http_response *response, struct err *err)
{
    struct buf joined = BUF_INIT(BUF_SMALL);
    struct http_url url;
    struct err elsewhere = { 0 };
    bool moved = is_redirect(call->status) && ++call->moves <= MOST_MOVES &&
                 http_url_join(call->url, http_header(response, "Location"), &joined) &&
                 http_url_parse(buf_cstr(&joined), &url) &&
                 rest_session_use_region(call->session, str_of(url.host), &elsewhere);
    buf_free(&joined);
    if (moved) {
        again_elsewhere(call);
    } else if (elsewhere.kind != ERR_NONE) {
        err_correlation(&elsewhere, err->correlation);
        *err = elsewhere;
    }
    return moved;
}

/* What a gateway says in the service's place may hide a change that was made (rest.md section 6: no repeat without an
   error's body). */
static bool may_repeat(const struct rest_call *call, struct str body)
{
    struct str start = str_trim(body);
    bool by_service = call->status == 429 || (start.len && (start.data[0] == '{' || start.data[0] == '['));
    return rest_error_may_retry(call->status, body) && (call->repeat != REPEAT_NEVER || by_service);
}

/* A 401 is worth one renewal, an expired page one new start, a busy service a wait; all the rest is the cmdlet's own
   answer. */
static void refused(struct rest_call *call, const struct http_response *response)
{
    struct err err;
    struct str body = buf_str(&call->failure);
    rest_call_read_error(call, response, body, &err);
    call->expired_page = rest_error_is_expired_page(call->status, body);
    if (call->status == 401 && renew(call, response, &err))
        return;
    if (follow_region(call, response, &err) || ask_front_door(call, body))
        return;
    if (call->status != 401 && !(call->status == 504 && call->impatient) && may_repeat(call, body))
        again_or_fail(call, &err);
    else
        fail(call, &err);
}

void rest_call_token_ready(struct rest_call *call, const struct err *err)
{
    rest_call_enter(call);
    if (!err) {
        attempt(call);
    } else {
        /* What the service answered, with its ids, says more than that a sign-in cannot be renewed; what the sign-in server
           refused, or what is wrong with a token that was handed in, says more than an empty 401. */
        bool says_more = err->code[0] || (err->field[0] && !call->challenged);
        bool by_service = call->spoke || call->reason.kind == ERR_FORBIDDEN || !says_more;
        struct err told = by_service ? call->reason : *err;
        err_correlation(&told, told.correlation[0] ? told.correlation : call->reason.correlation);
        fail(call, &told);
    }
    rest_call_leave(call);
}

/* ---- one attempt ---- */

static bool is_good(const struct rest_call *call)
{
    return (call->status >= 200 && call->status < 300) || (call->takes_redirects && is_redirect(call->status));
}

static void take_rate(struct rest_session *session, const struct http_response *response)
{
    struct rate_limit rate = { 0 };
    bool known = str_to_int64(str_of(http_header(response, "Rate-Limit-Limit")), 1, INT64_MAX, &rate.limit) &&
                 str_to_int64(str_of(http_header(response, "Rate-Limit-Remaining")), 0, INT64_MAX, &rate.remaining);
    if (known) {
        str_copy(rate.reset, sizeof rate.reset, http_header(response, "Rate-Limit-Reset"));
        session->rate = rate;
    }
}

static void on_head(void *context, const struct http_response *response)
{
    struct rest_call *call = context;
    struct str id = str_take(str_of(http_header(response, "request-id")), sizeof call->request_id - 1);
    call->status = response->status;
    take_rate(call->session, response);
    memcpy(call->request_id, id.data ? id.data : "", id.len);
    call->request_id[id.len] = '\0';
}

/* An error's body is kept whole, since only its end may have the sentence that helps; rows are handed on as they
   come. */
static bool on_body(void *context, struct str chunk)
{
    struct rest_call *call = context;
    if (!is_good(call)) {
        buf_add(&call->failure, chunk);
        return true;
    }
    struct rest_cookies *cookies = call->session->cookies;
    rest_cookies_enter(cookies);
    rest_call_enter(call);
    bool go_on = call->owner->body(call->context, chunk);
    call->stopped = !go_on;
    go_on = go_on && !call->dead;
    rest_call_leave(call);
    rest_cookies_leave(cookies);
    return go_on;
}

/* Nothing reached the region that was kept from an earlier connection: it may be gone, and the front door knows. */
static bool never_reached(const struct rest_call *call, const struct err *err)
{
    return call->session->region_kept && !call->status &&
           (str_is(str_of(err->code), "curl 6") || str_is(str_of(err->code), "curl 7"));
}

static void broke_off(struct rest_call *call, const struct err *broken)
{
    struct err told = *broken, *err = &told;
    rest_call_add_ids(call, err);
    if (never_reached(call, err) && rediscover(call, rest_session_leave_region))
        return;
    bool allowed = call->repeat == REPEAT_ALWAYS || (call->repeat == REPEAT_WHEN_ANSWERED && call->status);
    /* Whoever waited 16 minutes in vain should not wait for another five times 16. */
    bool waited_out = clock_ms() - call->started_ms >= (int64_t)call->session->config.timeout_s * 1000;
    if (allowed && err->kind == ERR_NETWORK && !waited_out)
        again_or_fail(call, err);
    else
        fail(call, err);
}

/* A good status is not yet a good answer: the owner looks into it. */
static void good(struct rest_call *call, const struct http_response *response)
{
    struct err err = { 0 };
    bool again = false;
    bool fine = call->owner->finish(call->context, response, &again, &err);
    if (call->dead)
        return;
    if (fine) {
        call->owner->complete(call->context);
        return;
    }
    rest_call_add_ids(call, &err);
    if (again)
        again_or_fail(call, &err);
    else
        fail(call, &err);
}

/* The connection ended badly, but behind the last bracket: some servers close without a farewell. What a changing cmdlet was
   refused with counts in any case, since its status came. */
static bool came_whole(const struct rest_call *call)
{
    if (call->status < 200)
        return false;
    if (is_good(call))
        return call->owner->whole && call->owner->whole(call->context);
    struct json *tree = json_parse(str_trim(buf_str(&call->failure)), NULL);
    bool whole = tree || call->repeat == REPEAT_NEVER;
    json_free(tree);
    return whole;
}

/* The owner stopping the body looks like a network error to curl, and is none. */
static void on_done(void *context, const struct http_response *response, const struct err *err)
{
    struct rest_call *call = context;
    struct rest_cookies *cookies = call->session->cookies;
    rest_cookies_enter(cookies);
    rest_call_enter(call);
    call->transfer = NULL;
    if (err && !call->stopped && !came_whole(call))
        broke_off(call, err);
    else if (is_good(call))
        good(call, response);
    else
        refused(call, response);
    rest_call_leave(call);
    rest_cookies_leave(cookies);
}

static bool send(struct rest_call *call, struct err *err)
{
    static const struct http_handlers handlers = { on_head, on_body, on_done };
    struct rest_session *session = call->session;
    struct http_request request = {
        .bearer_hosts = session->config.cloud->bearer_hosts,
        .jar = session->cookies->jar,
        .timeout_s = session->config.timeout_s,
        .max_body = call->unbounded ? SIZE_MAX : REST_SESSION_MAX_MODULE,
        .tag = session->config.tag,
        .once = call->repeat == REPEAT_NEVER,
    };
    call->started_ms = clock_ms();
    call->status = 0;
    call->stopped = call->expired_page = false;
    call->attempts++;
    buf_clear(&call->failure);
    call->failure.cap = REST_ERROR_MAX_BODY;
    /* Asked anew each time, so that a renewed token reaches pages and repeats (rest.md section 3). */
    request.bearer = session->config.bearer(session->config.token_context);
    if (!request.bearer) {
        err_set(err, ERR_AUTH_REQUIRED, "There is no valid sign-in for this connection any more");
        err_advise(err, "Sign in again.");
        return false;
    }
    call->owner->prepare(call->context, &request);
    str_copy(call->url, sizeof call->url, request.url);
    call->transfer = http_send(session->config.http, &request, &handlers, call, err);
    if (call->transfer && call->paused)
        http_pause(call->transfer, true);
    return call->transfer;
}

static void attempt(struct rest_call *call)
{
    struct err err = { 0 };
    if (!is_held(call) && !send(call, &err))
        fail(call, &err);
}

bool rest_call_start(struct rest_call *call, struct err *err)
{
    call->attempts = call->refreshes = 0;
    if (call->session->hold_until_ms <= clock_ms())
        return send(call, err);
    /* From the loop: nobody expects a word before this has returned. */
    again_elsewhere(call);
    return true;
}
