#include "session/rps/rps_link.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "session/rest/rest_error.h"

enum { RETRY_BASE_MS = 1000, RETRY_LONGEST_MS = 30000 };

struct rps_exchange {
    struct rps_link *link;
    struct rps_exchange *next;
    struct rps_ask ask;
    struct buf envelope, body;
    char purpose[160];                  /* for the log of requests: all have the same address */
    rps_answered *answered;
    void *context;
    struct http_transfer *transfer;
    uint64_t timer;
    int repeated;
    bool refreshed, waits_for_token;
    struct err trouble;                 /* that kept it from being sent */
};

struct rps_link {
    struct rps_link_config config;      /* its texts are copies */
    struct http_jar *jar;
    struct secret *last;                /* the bearer of the last request */
    struct secret *proxy_password;
    struct rps_exchange *exchanges;
    int users;
    bool closed, refreshing, misread;
};

/* ---- life ---- */

struct rps_link *rps_link_new(const struct rps_link_config *config)
{
    struct rps_link *link = MEM_NEW(struct rps_link);
    link->config = *config;
    link->config.url = mem_text(config->url);
    link->config.user = mem_text(config->user);
    link->config.proxy_login.user = mem_text(config->proxy_login.user);
    link->config.proxy_login.password = link->proxy_password = secret_copy(config->proxy_login.password);
    link->jar = http_jar_new();
    link->users = 1;
    return link;
}

static void free_text(const char *text)
{
    union { const char *read; char *write; } both = { text };
    free(both.write);
}

/* The transfer whose callback this may be keeps what it needs of the jar. */
static void free_link(struct rps_link *link)
{
    http_jar_free(link->jar);
    secret_free(link->last);
    secret_free(link->proxy_password);
    free_text(link->config.proxy_login.user);
    free_text(link->config.url);
    free_text(link->config.user);
    free(link);
}

void rps_link_release(struct rps_link *link)
{
    if (link && --link->users == 0) {
        free_link(link);
    }
}

void rps_link_close(struct rps_link *link)
{
    link->closed = true;
}

bool rps_link_misread(const struct rps_link *link)
{
    return link->misread;
}

/* ---- the end of an exchange ---- */

static void detach(struct rps_exchange *exchange)
{
    struct rps_exchange **at = &exchange->link->exchanges;
    while (*at && *at != exchange) {
        at = &(*at)->next;
    }
    if (*at) {
        *at = exchange->next;
    }
}

static void drop(struct rps_exchange *exchange)
{
    struct rps_link *link = exchange->link;
    detach(exchange);
    buf_free(&exchange->envelope);
    buf_free(&exchange->body);
    free(exchange);
    rps_link_release(link);
}

void rps_exchange_cancel(struct rps_exchange *exchange)
{
    if (exchange) {
        http_cancel(exchange->transfer);
        timers_cancel(exchange->link->config.timers, exchange->timer);
        drop(exchange);
    }
}

/* The exchange is gone before its owner hears of it: whoever is told may cancel, ask again or close everything. */
static void tell(struct rps_exchange *exchange, const struct wsman_answer *answer, const char *location, const struct err *err)
{
    rps_answered *answered = exchange->answered;
    void *context = exchange->context;
    drop(exchange);
    answered(context, answer, location, err);
}

static void tell_trouble(void *context)
{
    struct rps_exchange *exchange = context;
    const struct err err = exchange->trouble;
    tell(exchange, NULL, NULL, &err);
}

/* ---- answers ---- */

static void send_again(void *context);

static bool is_redirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static int status_kind(int status)
{
    switch (status) {
    case 401:
        return ERR_AUTH_REQUIRED;
    case 403:
        return ERR_FORBIDDEN;
    case 429:
        return ERR_THROTTLED;
    default:
        return status >= 500 ? ERR_SERVER : ERR_PROTOCOL;
    }
}

/* A front end's own page, or no WSMan server at all. Of a page only a word is shown: the rest is markup. */
static void describe_foreign(const struct rps_exchange *exchange, const struct http_response *response, struct err *err)
{
    const char *type = http_header(response, "Content-Type"), *ids = http_header(response, "request-id");
    bool page = str_contains_nocase(str_of(type), STR("html"));
    struct str body = str_trim(buf_str(&exchange->body));
    struct buf clean = BUF_INIT(BUF_SMALL);
    text_clean(&clean, page || !body.len ? (struct str){ 0 } : str_take(body, 200), false);
    err_set(err, (enum err_kind)status_kind(response->status), "The server answered with HTTP %d%s%.60s in place of a WSMan envelope%s%s",
            response->status, *type ? " and " : "", type, clean.len ? ": " : "", buf_cstr(&clean));
    if (response->status == 401) {
        err_set(err, ERR_AUTH_REQUIRED, "The server did not accept the sign-in (HTTP 401)");
        err_advise(err, "Sign in again. If it happens at once, this account may not use remote PowerShell: leave out -UseRPSSession.");
    } else if (response->status == 404 || response->status == 200 || response->status == 405) {
        err->kind = ERR_PROTOCOL;
        err_advise(err, "Check -ConnectionUri: this address has no remote PowerShell. Without -UseRPSSession the REST connection is used.");
    } else if (err->kind == ERR_FORBIDDEN) {
        err_advise(err, "Remote PowerShell was deprecated in October 2023 and may be switched off. Leave out -UseRPSSession.");
    } else {
        err_advise(err, "A front end refused it before the session heard of it: try again in some minutes, or leave out -UseRPSSession.");
    }
    err->retry_after_s = rest_error_retry_after(http_header(response, "Retry-After"));
    if (*ids) {
        err_correlation(err, ids);
    }
    buf_free(&clean);
}

static void token_ready(void *context, const struct err *err)
{
    struct rps_link *link = context;
    bool more = true;
    link->refreshing = false;
    link->users++;
    /* Each that goes on may end others: the list is looked through anew. */
    while (more) {
        struct rps_exchange *exchange = link->exchanges;
        while (exchange && !exchange->waits_for_token) {
            exchange = exchange->next;
        }
        more = exchange != NULL;
        if (exchange && err) {
            exchange->trouble = *err;
            tell_trouble(exchange);
        } else if (exchange) {
            exchange->waits_for_token = false;
            send_again(exchange);
        }
    }
    rps_link_release(link);
}

/* One renewal serves all that wait. */
static void renew(struct rps_exchange *exchange, const struct http_response *response)
{
    struct rps_link *link = exchange->link;
    struct buf claims = BUF_INIT(BUF_SMALL);
    bool challenged = rest_error_claims(http_header(response, "WWW-Authenticate"), &claims);
    exchange->refreshed = exchange->waits_for_token = true;
    if (!link->refreshing) {
        link->refreshing = true;
        link->config.refresh(link->config.token_context, challenged ? buf_cstr(&claims) : NULL, token_ready, link);
    }
    buf_free(&claims);
}

static void read_envelope(struct rps_exchange *exchange)
{
    struct wsman_answer answer;
    struct err err = { 0 };
    bool good = wsman_take(buf_str(&exchange->body), &exchange->ask.id, &answer, &err);
    exchange->link->misread = !good;
    tell(exchange, good ? &answer : NULL, NULL, good ? NULL : &err);
    if (good) {
        wsman_answer_free(&answer);
    }
}

/* A lost answer to a Receive is asked for again: the server keeps what it did not deliver (section 4). */
static bool may_repeat(const struct rps_exchange *exchange)
{
    return exchange->repeated < exchange->ask.repeats && !exchange->link->closed;
}

static void repeat_later(struct rps_exchange *exchange)
{
    int base = exchange->link->config.retry_base_ms > 0 ? exchange->link->config.retry_base_ms : RETRY_BASE_MS;
    int64_t wait = (int64_t)base << (exchange->repeated < 10 ? exchange->repeated : 10);
    exchange->repeated++;
    exchange->timer = timers_after(exchange->link->config.timers, wait < RETRY_LONGEST_MS ? wait : RETRY_LONGEST_MS, send_again, exchange);
}

static void follow_up(struct rps_exchange *exchange, const struct http_response *response)
{
    struct err err = { 0 };
    bool gateway = response->status >= 502 && response->status <= 504;      /* or a front end that is busy: neither is the session */
    if (response->status == 401 && !exchange->refreshed && exchange->link->config.refresh && !exchange->link->closed) {
        renew(exchange, response);
    } else if (is_redirect(response->status)) {
        char *location = mem_text(http_header(response, "Location"));
        tell(exchange, NULL, location, NULL);
        free(location);
    } else if (wsman_looks_like_envelope(buf_str(&exchange->body))) {
        read_envelope(exchange);
    } else if (gateway && may_repeat(exchange)) {
        repeat_later(exchange);
    } else {
        describe_foreign(exchange, response, &err);
        tell(exchange, NULL, NULL, &err);
    }
}

static bool on_body(void *context, struct str chunk)
{
    struct rps_exchange *exchange = context;
    return buf_add(&exchange->body, chunk);
}

static void on_done(void *context, const struct http_response *response, const struct err *err)
{
    struct rps_exchange *exchange = context;
    struct err large = { 0 };
    exchange->transfer = NULL;
    if (exchange->body.overflowed) {
        err_set(&large, ERR_PROTOCOL, "The server's envelope is larger than %zu MiB", WSMAN_MAX_ANSWER / 1024 / 1024);
        tell(exchange, NULL, NULL, &large);
    } else if (err && err->kind == ERR_NETWORK && may_repeat(exchange)) {
        repeat_later(exchange);
    } else if (err) {
        const struct err copy = *err;
        tell(exchange, NULL, NULL, &copy);
    } else {
        follow_up(exchange, response);
    }
}

/* ---- requests ---- */

/* The last token serves a farewell when nobody gives one any more. */
static const struct secret *bearer_of(struct rps_link *link)
{
    const struct secret *now = link->closed ? NULL : link->config.bearer(link->config.token_context);
    if (now && now != link->last) {
        secret_free(link->last);
        link->last = secret_copy(now);
    }
    return link->last;
}

static void tell_later(struct rps_exchange *exchange)
{
    exchange->timer = timers_after(exchange->link->config.timers, 0, tell_trouble, exchange);
}

static void send_again(void *context)
{
    struct rps_exchange *exchange = context;
    struct rps_link *link = exchange->link;
    static const struct http_handlers handlers = { .body = on_body, .done = on_done };
    struct http_request request = {
        .method = "POST",
        .url = link->config.url,
        /* Front ends take programs that they do not know for browsers (section 2). */
        .headers = { { "Content-Type", "application/soap+xml;charset=UTF-8" }, { "User-Agent", "Microsoft WinRM Client" }, { "Accept", "application/soap+xml" } },
        .body = buf_str(&exchange->envelope),
        .bearer = bearer_of(link),
        .bearer_user = link->config.user,
        .bearer_hosts = link->config.hosts,
        .jar = link->jar,
        .version_1 = true,
        .direct = link->config.direct,
        .proxy_login = link->config.proxy_login,
        .once = exchange->ask.once,
        .unrepeatable = exchange->ask.unrepeatable,
        .farewell = exchange->ask.farewell,
        .timeout_s = exchange->ask.timeout_ms / 1000 + 1,
        .max_body = WSMAN_MAX_ANSWER,
        .purpose = exchange->purpose,
        .tag = link->config.tag,
    };
    exchange->timer = 0;
    buf_clear(&exchange->body);
    if (!request.bearer) {
        err_set(&exchange->trouble, ERR_AUTH_REQUIRED, "There is no sign-in for this connection");
        tell_later(exchange);
        return;
    }
    exchange->transfer = http_send(link->config.http, &request, &handlers, exchange, &exchange->trouble);
    if (!exchange->transfer) {
        tell_later(exchange);
    }
}

struct rps_exchange *rps_link_ask(struct rps_link *link, const struct rps_ask *ask, rps_answered *answered, void *context)
{
    struct rps_exchange *exchange = MEM_NEW(struct rps_exchange);
    link->users++;
    exchange->link = link;
    exchange->ask = *ask;
    exchange->ask.envelope = (struct str){ 0 };
    exchange->envelope = (struct buf)BUF_INIT(SIZE_MAX);
    exchange->body = (struct buf)BUF_INIT(WSMAN_MAX_ANSWER);
    exchange->answered = answered;
    exchange->context = context;
    buf_add(&exchange->envelope, ask->envelope);
    snprintf(exchange->purpose, sizeof exchange->purpose, "%s%s%s", ask->action, ask->command ? " " : "", ask->command ? ask->command : "");
    exchange->next = link->exchanges;
    link->exchanges = exchange;
    if (ask->delay_ms) {
        exchange->timer = timers_after(link->config.timers, ask->delay_ms, send_again, exchange);
    } else {
        send_again(exchange);
    }
    return exchange;
}
