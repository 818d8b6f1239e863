#include "engine/connection.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "connect/secret_source.h"

/* Whoever asked for a new token while one was being fetched; all of them share the one answer. */
struct waiter {
    void (*ready)(void *context, const struct err *err);
    void *context;
};

struct connection {
    struct connection_context context;
    uint64_t id;
    struct options options;
    const struct cloud *cloud;
    char *authority, *connection_uri;
    struct oauth *oauth;            /* the sign-in or renewal under way */
    bool renewing;
    struct token *token;
    struct session *session;
    bool open, failed;
    char user_code[64];
    struct waiter *waiters;         /* for the renewal under way */
    size_t waiter_count, waiter_capacity;
};

static struct message *connection_message(const struct connection *connection, enum message_kind kind)
{
    struct message *message = message_new(kind);
    message->connection = connection->id;
    return message;
}

/* Only before the connection is open: later the jobs tell what became of them, each for itself. */
static void post_failure(struct connection *connection, const struct err *err)
{
    connection->failed = true;
    struct message *message = connection_message(connection, EVENT_CONNECT_FAILED);
    message_set_err(message, err);
    mailbox_post(connection->context.events, message);
}

/* ---- where to: cloud, authority, address (auth.md sections 1 and 11, rest.md 1.3) ---- */

static const struct cloud *cloud_of_uri(const char *uri, const struct cloud *(*find)(const char *), const char *field,
                                        struct err *err)
{
    struct http_url parts;
    if (!http_url_parse(uri, &parts)) {
        err_set(err, ERR_INPUT, "%s is not an https address: %s", field, uri);
        err_field(err, field);
        return NULL;
    }
    const struct cloud *cloud = find(parts.host);
    if (!cloud) {
        err_set(err, ERR_INPUT, "%s: %s is not a host of any known Microsoft cloud; no token is sent there.", field, parts.host);
        err_advise(err, "Check the address, or leave it out: it follows from the user name or --cloud.");
        err_field(err, field);
    }
    return cloud;
}

static bool choose_cloud(struct connection *connection, struct err *err)
{
    const struct options *options = &connection->options;
    const char *named = options_get(options, OPT_CLOUD);
    const char *uri = options_get(options, OPT_CONNECTION_URI);
    const char *authority = options_get(options, OPT_AZURE_AD_AUTHORIZATION_ENDPOINT_URI);
    const struct cloud *by_uri = NULL, *by_authority = NULL;
    if (*uri && !(by_uri = cloud_of_uri(uri, cloud_by_connection_host, "ConnectionUri", err))) {
        return false;
    }
    if (*authority &&
        !(by_authority = cloud_of_uri(authority, cloud_by_authority_host, "AzureADAuthorizationEndpointUri", err))) {
        return false;
    }
    const char *user = options_get(options, OPT_USER_PRINCIPAL_NAME);
    /* What was said beats what can be guessed: a name, then an address, then the user's domain. */
    connection->cloud = *named ? cloud_by_name(named)
                      : by_uri ? by_uri
                      : by_authority ? by_authority
                                     : cloud_by_user(*user ? user : options_get(options, OPT_ORGANIZATION));
    /* DoD and GCC High share their sign-in hosts, so hosts are compared, not rows of the table. */
    if (by_authority && by_uri && !str_eq(str_of(by_authority->authority_hosts[0]), str_of(by_uri->authority_hosts[0]))) {
        err_set(err, ERR_INPUT, "ConnectionUri belongs to %s, AzureADAuthorizationEndpointUri to %s.", by_uri->title,
                by_authority->title);
        err_advise(err, "Give both addresses of one cloud, or leave one out: it follows from the other.");
        err_field(err, "AzureADAuthorizationEndpointUri");
        return false;
    }
    return connection->cloud != NULL || err_set(err, ERR_INPUT, "There is no cloud called %s.", named);
}

/* The sign-in address: as given, else the cloud's; a delegated organization is asked at its own tenant. */
static char *choose_authority(const struct connection *connection)
{
    const char *given = options_get(&connection->options, OPT_AZURE_AD_AUTHORIZATION_ENDPOINT_URI);
    const char *delegated = options_get(&connection->options, OPT_DELEGATED_ORGANIZATION);
    struct http_url parts = { .port = 443 };
    bool has_given = *given && http_url_parse(given, &parts);
    const char *host = has_given ? parts.host : connection->cloud->authority_hosts[0];
    struct str tenant = str_of(has_given ? parts.path : "");
    while (tenant.len && tenant.data[0] == '/') {
        tenant = str_from(tenant, 1);
    }
    while (tenant.len && tenant.data[tenant.len - 1] == '/') {
        tenant.len--;
    }
    if (*delegated) {
        tenant = str_of(delegated);
    } else if (tenant.len == 0) {
        tenant = STR("organizations");
    }
    return parts.port == 443 ? mem_format("https://%s/%.*s", host, STR_ARG(tenant))
                             : mem_format("https://%s:%d/%.*s", host, parts.port, STR_ARG(tenant));
}

static char *choose_connection_uri(const struct connection *connection)
{
    const char *given = options_get(&connection->options, OPT_CONNECTION_URI);
    return *given ? mem_text(given) : mem_format("https://%s/powershell-liveid/", connection->cloud->front_door);
}

/* ---- the token ---- */

/* Asked anew before every attempt, because a renewal may have replaced the token in between (rest.md section 3). */
static const struct secret *bearer(void *context)
{
    struct connection *connection = context;
    return connection->token ? connection->token->access : NULL;
}

static void wake_waiters(struct connection *connection, const struct err *err)
{
    /* Taken off the list first: a waiter that is told may ask for the next renewal at once and must land on a new
       list. */
    struct waiter *waiters = connection->waiters;
    size_t count = connection->waiter_count;
    connection->waiters = NULL;
    connection->waiter_count = connection->waiter_capacity = 0;
    for (size_t i = 0; i < count; i++) {
        waiters[i].ready(waiters[i].context, err);
    }
    free(waiters);
}

static void start_oauth(struct connection *connection, enum oauth_grant grant, const struct secret *given);

/* A second request while one is under way only joins it: two refreshes at a time would spend the same refresh token
   twice. */
static void renew(void *context, const char *claims, void (*ready)(void *, const struct err *), void *ready_context)
{
    struct connection *connection = context;
    struct err err;
    (void)claims;
    if (!connection->token || !connection->token->refresh) {
        err_set(&err, ERR_AUTH_REQUIRED, "The sign-in has ended and cannot be renewed by itself.");
        err_advise(&err, "Connect again; an access token that was handed in has to be replaced by a new one.");
        ready(ready_context, &err);
        return;
    }
    MEM_ROOM(connection->waiters, connection->waiter_count, connection->waiter_capacity);
    connection->waiters[connection->waiter_count++] = (struct waiter){ .ready = ready, .context = ready_context };
    if (!connection->renewing) {
        connection->renewing = true;
        start_oauth(connection, OAUTH_REFRESH, connection->token->refresh);
    }
}

/* ---- the session ---- */

static void on_step(void *context, const char *title, int state, int64_t elapsed_ms)
{
    struct connection *connection = context;
    struct message *message = connection_message(connection, EVENT_STEP);
    message->text = mem_text(title);
    message->number = state;
    message->elapsed_ms = elapsed_ms;
    mailbox_post(connection->context.events, message);
}

static void on_session_opened(void *context, struct catalogue *catalogue)
{
    struct connection *connection = context;
    struct message *message = connection_message(connection, EVENT_CONNECTED);
    const struct token *token = connection->token;
    struct account *account = MEM_NEW(struct account);
    const char *organization = options_get(&connection->options, OPT_ORGANIZATION);
    const char *delegated = options_get(&connection->options, OPT_DELEGATED_ORGANIZATION);
    /* An application has no user name in its token; its tenant is then known by the organization or by number only. */
    const char *domain = strchr(token->upn, '@');
    connection->open = true;
    str_copy(account->upn, sizeof account->upn, *token->upn ? token->upn : token->app_id);
    str_copy(account->tenant, sizeof account->tenant,
             *delegated ? delegated : *organization ? organization : domain ? domain + 1 : token->tenant_id);
    str_copy(account->tenant_id, sizeof account->tenant_id, token->tenant_id);
    str_copy(account->cloud, sizeof account->cloud, connection->cloud->name);
    str_copy(account->region, sizeof account->region, rest_session_region(connection->session));
    account->app_only = token->app_only;
    account->given_token = token->given;
    account->expires_unix = token->expires_unix;
    message->catalogue = catalogue;
    message->account = account;
    mailbox_post(connection->context.events, message);
}

static void on_session_failed(void *context, const struct err *err)
{
    post_failure(context, err);
}

static void open_session(struct connection *connection)
{
    const struct options *options = &connection->options;
    const char *delegated = options_get(options, OPT_DELEGATED_ORGANIZATION);
    /* Both were checked when they were given; 0 leaves the choice to the session (rest.md section 9). */
    const char *page_size = options_get(options, OPT_PAGE_SIZE), *timeout = options_get(options, OPT_TIMEOUT);
    int64_t page = 0, seconds = 0;
    struct err err = { 0 };
    if (!str_to_int64(str_of(page_size), 1, 1000, &page)) {
        page = 0;
    }
    if (!str_to_int64(str_of(timeout), 1, 86400, &seconds)) {
        seconds = 0;
    }
    const struct session_config config = {
        .http = connection->context.http,
        .timers = connection->context.timers,
        .cloud = connection->cloud,
        .connection_uri = connection->connection_uri,
        .tenant_id = connection->token->tenant_id,
        /* The requests are routed by the customer's domain, not by the partner's own (rest.md 1.4). */
        .organization = *delegated ? delegated : options_get(options, OPT_ORGANIZATION),
        .upn = connection->token->upn,
        .app_only = connection->token->app_only,
        .bypass_anchoring = options_on(options, OPT_BYPASS_MAILBOX_ANCHORING),
        .command_names = options_get(options, OPT_COMMAND_NAME),
        .page_size = (int)page,
        .timeout_s = (int)seconds,
        .locale = connection->context.locale,
        .bearer = bearer,
        .refresh = renew,
        .token_context = connection,
        .tag = connection,
    };
    const struct session_listener listener = {
        .step = on_step,
        .opened = on_session_opened,
        .failed = on_session_failed,
        .context = connection,
    };
    connection->session = rest_session_open(&config, &listener, &err);
    if (!connection->session) {
        post_failure(connection, &err);
    }
}

/* ---- signing in ---- */

static void on_oauth_step(void *context, const char *title, enum oauth_step_state state, int64_t elapsed_ms)
{
    /* A renewal happens behind an open connection: its steps would bring the connect screen's list back to life. */
    struct connection *connection = context;
    if (!connection->renewing) {
        on_step(connection, title, (int)state, elapsed_ms);
    }
}

static void on_device_prompt(void *context, const struct oauth_device_prompt *prompt)
{
    struct connection *connection = context;
    struct message *message = connection_message(connection, EVENT_DEVICE_PROMPT);
    /* Kept for the demo tenant's approval key, which has to name the code that is on the screen. */
    str_copy(connection->user_code, sizeof connection->user_code, prompt->user_code);
    message->prompt = MEM_NEW(struct oauth_device_prompt);
    *message->prompt = *prompt;
    mailbox_post(connection->context.events, message);
}

static void end_oauth(struct connection *connection)
{
    oauth_free(connection->oauth);
    connection->oauth = NULL;
    connection->user_code[0] = '\0';
}

static void on_token(void *context, struct token *token)
{
    struct connection *connection = context;
    /* Read before the state is changed: it says which of the two callers waits for this token. */
    bool renewed = connection->renewing;
    token_free(connection->token);
    connection->token = token;
    connection->renewing = false;
    end_oauth(connection);
    if (renewed) {
        wake_waiters(connection, NULL);
    } else {
        open_session(connection);
    }
}

static void on_oauth_failed(void *context, const struct err *cause)
{
    struct connection *connection = context;
    struct err err = *cause;    /* the cause may live inside the sign-in that is freed now */
    bool renewing = connection->renewing;
    connection->renewing = false;
    end_oauth(connection);
    if (renewing) {
        wake_waiters(connection, &err);
    } else {
        post_failure(connection, &err);
    }
}

static void start_oauth(struct connection *connection, enum oauth_grant grant, const struct secret *given)
{
    /* Empty texts mean "not given" in the options, NULL means it to the sign-in. */
    const char *client_id = options_get(&connection->options, OPT_CLIENT_ID);
    const char *user = options_get(&connection->options, OPT_USER_PRINCIPAL_NAME);
    const struct oauth_request request = {
        .cloud = connection->cloud,
        .authority = connection->authority,
        .client_id = *client_id ? client_id : NULL,
        .login_hint = *user ? user : NULL,
        .grant = grant,
        .given = given,
    };
    const struct oauth_listener listener = {
        .step = on_oauth_step,
        .device_prompt = on_device_prompt,
        .token = on_token,
        .failed = on_oauth_failed,
        .context = connection,
    };
    struct err err = { 0 };
    connection->oauth = oauth_start(connection->context.http, connection->context.timers, &request, &listener, &err);
    if (!connection->oauth) {
        on_oauth_failed(connection, &err);
    }
}

static void sign_in(struct connection *connection)
{
    const char *source = options_get(&connection->options, OPT_ACCESS_TOKEN);
    struct err err = { 0 };
    /* Without a token in hand the device code is the one flow that works on a host without browser. */
    if (!*source) {
        start_oauth(connection, OAUTH_DEVICE_CODE, NULL);
        return;
    }
    struct secret *given = NULL;
    if (str_is_nocase(str_of(source), "prompt")) {
        err_set(&err, ERR_INPUT, "There is nobody to ask here: the terminal is in use.");
        err_advise(&err, "Paste the token itself, or say where it is with file:PATH.");
        err_field(&err, "AccessToken");
        post_failure(connection, &err);
        return;
    }
    if (!secret_source_read(source, true, &given, &err)) {
        err_field(&err, "AccessToken");
        post_failure(connection, &err);
        return;
    }
    start_oauth(connection, OAUTH_GIVEN_TOKEN, given);
    /* The sign-in has its own copy by now; this one must not outlive the call. */
    secret_free(given);
}

struct connection *connection_new(const struct connection_context *context, uint64_t id, const struct options *options)
{
    /* A refused connection is still an object: the engine owns its number until it is told to let go of it. */
    struct err err = { 0 };
    struct connection *connection = MEM_NEW(struct connection);
    connection->context = *context;
    connection->id = id;
    options_copy(&connection->options, options);
    if (!options_check(&connection->options, &err) || !choose_cloud(connection, &err)) {
        post_failure(connection, &err);
        return connection;
    }
    connection->authority = choose_authority(connection);
    connection->connection_uri = choose_connection_uri(connection);
    sign_in(connection);
    return connection;
}

void connection_free(struct connection *connection)
{
    if (!connection) {
        return;
    }
    /* Before session and token: a sign-in that is still under way would call back into both. */
    end_oauth(connection);
    struct err closed;
    err_set(&closed, ERR_CANCELLED, "The connection was closed.");
    wake_waiters(connection, &closed);
    session_close(connection->session);
    token_free(connection->token);
    options_free(&connection->options);
    free(connection->authority);
    free(connection->connection_uri);
    free(connection->waiters);
    free(connection);
}

uint64_t connection_id(const struct connection *connection)
{
    return connection->id;
}

const char *connection_user_code(const struct connection *connection)
{
    return connection->user_code;
}

bool connection_failed(const struct connection *connection)
{
    return connection->failed;
}

struct session *connection_session(struct connection *connection, struct err *err)
{
    if (!connection->open) {
        err_set(err, ERR_AUTH_REQUIRED, "This connection is not open yet.");
        return NULL;
    }
    return connection->session;
}

/* Renewed ahead of a run, so that a long one does not meet its 401 in the middle of its pages. */
void connection_prepare(struct connection *connection, void (*ready)(void *, const struct err *), void *context)
{
    if (connection->token && connection->token->refresh && token_needs_refresh(connection->token)) {
        renew(connection, NULL, ready, context);
    } else {
        ready(context, NULL);
    }
}
