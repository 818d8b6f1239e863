/* The session as a whole: what it was opened with, which host it talks to, who waits for a token, how it ends. */
#include "session/rest/rest_session.h"

#include "base/mem.h"
#include "session/rest/module_cache.h"

#include <stdlib.h>

/* ---- checks of what goes into addresses and headers ---- */

static bool is_label_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

static bool is_label(struct str label)
{
    bool good = label.len > 0 && label.len < 64;
    for (size_t i = 0; good && i < label.len; i++)
        good = is_label_char(label.data[i]);
    return good;
}

/* A GUID or a domain: it becomes part of a path. */
static bool is_tenant(struct str tenant)
{
    bool good = tenant.len > 0 && tenant.len < 254;
    for (size_t i = 0; good && i < tenant.len; i++) {
        char c = tenant.data[i];
        good = is_label_char(c) || c == '.' || (c >= 'A' && c <= 'Z');
    }
    return good;
}

/* A line break in a header's value would begin another header. */
static bool is_header_text(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            return false;
    return true;
}

static bool check_texts(const struct session_config *config, struct err *err)
{
    const struct { const char *text, *field; } texts[] = {
        { config->organization, "Organization" }, { config->upn, "UserPrincipalName" },
        { config->command_names, "CommandName" }, { config->locale, "Locale" },
    };
    if (!is_tenant(str_of(config->tenant_id))) {
        err_set(err, ERR_INPUT, *config->tenant_id ? "The tenant \"%s\" is neither a GUID nor a domain" : "The token does not say of which tenant it is%s",
                config->tenant_id);
        err_advise(err, "Give -Organization with the tenant's primary domain, for example contoso.onmicrosoft.com.");
        err_field(err, "Organization");
        return false;
    }
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (is_header_text(texts[i].text))
            continue;
        err_set(err, ERR_INPUT, "%s has control characters in it", texts[i].field);
        err_field(err, texts[i].field);
        return false;
    }
    return true;
}

/* ---- the host ---- */

static bool ends_in_domain(const char *host, const char *domain)
{
    size_t length = strlen(host), tail = strlen(domain);
    return length > tail + 1 && host[length - tail - 1] == '.' && str_is_nocase(str_of(host + length - tail), domain);
}

static void set_host(struct rest_session *session, struct str label)
{
    const char *suffix = session->config.cloud->region_suffix;
    struct buf host = BUF_INIT(sizeof session->host - 1);
    buf_format(&host, "%.*s.%s", STR_ARG(label), suffix);
    memcpy(session->host, buf_cstr(&host), host.len + 1);
    memcpy(session->region, label.data, label.len);
    session->region[label.len] = '\0';
    session->region_kept = false;
    buf_free(&host);
}

/* The part behind the second last dot: hosts of one cloud share it. */
static struct str parent_domain(const char *host)
{
    const char *last = strrchr(host, '.');
    const char *at = last;
    while (at && at > host && at[-1] != '.')
        at--;
    return str_of(at ? at : host);
}

bool rest_session_use_region(struct rest_session *session, struct str location_host, struct err *err)
{
    const struct cloud *cloud = session->config.cloud;
    /* A redirect to where we are (a relative one, or for a cookie) names no region. */
    if (str_is_nocase(location_host, cloud->front_door) || str_is_nocase(location_host, session->host))
        return true;
    char host[256] = "";
    memcpy(host, location_host.data, location_host.len < 255 ? location_host.len : 255);
    struct str rest = location_host, label;
    str_cut(&rest, '.', &label);
    /* What the host looks like outside the worldwide cloud is not known; its label is only ever used before our own
       suffix, so the check is here to tell a sign-in page or a proxy from a region. */
    bool known = str_starts_nocase(rest, STR("admin.protection.")) || str_is_nocase(rest, cloud->region_suffix) ||
                 str_eq_nocase(parent_domain(host), parent_domain(cloud->front_door));
    if (known && is_label(label) && label.len + 1 + strlen(cloud->region_suffix) < sizeof session->host) {
        if (session->region_doubted)
            rest_session_distrust_region(session);
        session->region_doubted = false;
        set_host(session, label);
        return true;
    }
    err_set(err, ERR_PROTOCOL, "The service sends us to %s, which is not one of its regions", host);
    err_advise(err, "A proxy may have answered in its place; check the connection address and the proxy.");
    return false;
}

void rest_session_use_kept_region(struct rest_session *session, struct str label)
{
    if (!session->region[0] && is_label(label)) {
        set_host(session, label);
        session->region_kept = true;
    }
}

/* The list came from there as well. */
void rest_session_distrust_region(const struct rest_session *session)
{
    if (session->config.keep_module)
        module_cache_drop(&session->config);
}

bool rest_session_forget_region(struct rest_session *session)
{
    rest_session_distrust_region(session);
    return rest_session_leave_region(session);
}

bool rest_session_leave_region(struct rest_session *session)
{
    session->region_doubted = session->region_kept;
    session->region_kept = false;
    const char *front_door = session->config.cloud->front_door;
    if (str_is_nocase(str_of(session->host), front_door))
        return false;
    str_copy(session->host, sizeof session->host, front_door);
    session->region[0] = '\0';
    return true;
}

void rest_session_base(const struct rest_session *session, struct buf *url)
{
    buf_format(url, "https://%s", session->host);
    if (session->port != 443)
        buf_format(url, ":%d", session->port);
}

/* DoD has two front doors in Microsoft's own pages (rest.md section 1.2), and regions lie below the suffix alone. */
static bool is_front_door(const struct cloud *cloud, struct str host)
{
    bool is = str_is_nocase(host, cloud->front_door) || str_is_nocase(host, cloud->region_suffix);
    for (size_t i = 0; cloud->bearer_hosts[i]; i++)
        is = is || str_is_nocase(host, cloud->bearer_hosts[i]);
    return is;
}

/* Sets host and port from the connection address (rest.md section 1.3), the region too when it names one. */
static bool use_connection_address(struct rest_session *session, struct err *err)
{
    const struct cloud *cloud = session->config.cloud;
    const char *address = session->config.connection_uri;
    struct http_url url;
    session->port = 443;
    memcpy(session->host, cloud->front_door, strlen(cloud->front_door) + 1);
    if (!address[0])
        return true;
    bool parsed = http_url_parse(address, &url);
    bool front = parsed && is_front_door(cloud, str_of(url.host));
    struct str label, rest = str_of(parsed ? url.host : "");
    str_cut(&rest, '.', &label);
    if (parsed)
        session->port = url.port;
    if (front) {
        memcpy(session->host, url.host, strlen(url.host) + 1);
        return true;
    }
    if (parsed && ends_in_domain(url.host, cloud->region_suffix) && str_is_nocase(rest, cloud->region_suffix) &&
        is_label(label)) {
        set_host(session, label);
        return true;
    }
    err_set(err, ERR_INPUT, "The connection address %s does not belong to the cloud \"%s\"", address, cloud->title);
    err_advise(err, "It should be https://%s/PowerShell-LiveId; choose another cloud if yours is a national one.",
               cloud->front_door);
    err_field(err, "ConnectionUri");
    return false;
}

/* ---- tokens ---- */

/* The next call that waits for this very refresh; one that needs yet another token waits for the next. */
static struct rest_call *take_waiter(struct rest_session *session, const struct rest_ticket *ticket)
{
    struct rest_call **at = &session->waiters;
    while (*at && (*at)->ticket != ticket)
        at = &(*at)->next_waiter;
    struct rest_call *call = *at;
    if (call)
        *at = call->next_waiter;
    return call;
}

static void forget_ticket(struct rest_session *session, struct rest_ticket *ticket)
{
    struct rest_ticket **at = &session->tickets;
    while (*at && *at != ticket)
        at = &(*at)->next;
    if (*at)
        *at = ticket->next;
}

static void token_ready(void *context, const struct err *err)
{
    struct rest_ticket *ticket = context;
    ticket->answered = true;
    /* Each call that goes on may end others, or close the session; the ticket then forgets the session. */
    for (struct rest_call *call; ticket->session && (call = take_waiter(ticket->session, ticket));)
        rest_call_token_ready(call, err);
    if (ticket->session)
        forget_ticket(ticket->session, ticket);
    free(ticket);
}

void rest_session_wait_for_token(struct rest_session *session, struct rest_call *call, const char *claims)
{
    struct rest_ticket *ticket = session->tickets;
    bool under_way = ticket && !ticket->answered;
    if (!under_way) {
        ticket = MEM_NEW(struct rest_ticket);
        ticket->session = session;
        ticket->next = session->tickets;
        session->tickets = ticket;
    }
    call->ticket = ticket;
    call->next_waiter = session->waiters;
    session->waiters = call;
    if (!under_way)
        session->config.refresh(session->config.token_context, claims, token_ready, ticket);
}

void rest_session_forget_waiter(struct rest_session *session, struct rest_call *call)
{
    struct rest_call **at = &session->waiters;
    while (*at && *at != call)
        at = &(*at)->next_waiter;
    if (*at)
        *at = call->next_waiter;
}

/* ---- cookies ---- */

static void free_cookies(void *context)
{
    struct rest_cookies *cookies = context;
    http_jar_free(cookies->jar);
    free(cookies);
}

void rest_cookies_enter(struct rest_cookies *cookies)
{
    cookies->inside++;
}

void rest_cookies_leave(struct rest_cookies *cookies)
{
    if (--cookies->inside == 0 && cookies->closed)
        timers_after(cookies->timers, 0, free_cookies, cookies);
}

/* ---- life ---- */

/* Copies texts and fills in what was left open (rest.md section 9: the service ends a cmdlet after 15 minutes). */
static void own_config(struct rest_session *session, const struct session_config *config)
{
    struct session_config *own = &session->config;
    *own = *config;
    own->connection_uri = mem_text(config->connection_uri ? config->connection_uri : "");
    own->tenant_id = mem_text(config->tenant_id ? config->tenant_id : "");
    own->organization = mem_text(config->organization ? config->organization : "");
    own->upn = mem_text(config->upn ? config->upn : "");
    own->command_names = mem_text(config->command_names ? config->command_names : "");
    own->locale = mem_text(config->locale && config->locale[0] ? config->locale : "en-US");
    own->page_size = config->page_size > 0 && config->page_size < 1000 ? config->page_size : 1000;
    own->timeout_s = config->timeout_s > 0 ? config->timeout_s : 960;
}

static void free_text(const char *text)
{
    union { const char *read; char *write; } both = { text };
    free(both.write);
}

static void free_session(struct rest_session *session)
{
    const struct session_config *own = &session->config;
    const char *const texts[] = { own->connection_uri, own->tenant_id, own->organization, own->upn, own->command_names,
                                  own->locale };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        free_text(texts[i]);
    free(session->anchor);
    free(session->public_key);
    session->cookies->closed = true;
    if (!session->cookies->inside)
        free_cookies(session->cookies);
    free(session);
}

/* One whose answer is being given right now is freed by token_ready, further up the stack. */
static void drop_ticket(struct rest_session *session)
{
    struct rest_ticket *ticket = session->tickets;
    session->tickets = ticket->next;
    ticket->session = NULL;
    if (!ticket->answered)
        free(ticket);
}

static void close_session(struct session *base)
{
    struct rest_session *session = (struct rest_session *)base;
    rest_open_cancel(session->opening);
    rest_banner_cancel(session->banner);
    while (session->runs)
        rest_run_cancel(session->runs);
    while (session->tickets)
        drop_ticket(session);
    free_session(session);
}

static struct session_run *invoke(struct session *base, const struct invocation *invocation,
                                  const struct run_listener *listener, struct err *err)
{
    return rest_run_new((struct rest_session *)base, invocation, listener, err);
}

static const struct session_vtable vtable = {
    .invoke = invoke,
    .cancel = rest_run_cancel,
    .pause = rest_run_pause,
    .close = close_session,
};

struct session *rest_session_open(const struct session_config *config, const struct session_listener *listener,
                                  struct err *err)
{
    struct rest_session *session = MEM_NEW(struct rest_session);
    session->base.vtable = &vtable;
    own_config(session, config);
    session->connection_id = guid_new();
    session->anchor = rest_headers_anchor(&session->config);
    session->cookies = MEM_NEW(struct rest_cookies);
    session->cookies->jar = http_jar_new();
    session->cookies->timers = config->timers;
    if (!check_texts(&session->config, err) || !use_connection_address(session, err)) {
        free_session(session);
        return NULL;
    }
    session->opening = rest_open_new(session, listener);
    return &session->base;
}

bool rest_session_greets(const struct session *session)
{
    return ((const struct rest_session *)session)->banner != NULL;
}

const char *rest_session_region(const struct session *session)
{
    return ((const struct rest_session *)session)->region;
}
