#include "engine/connection.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/open_url.h"
#include "auth/cloud_discovery.h"
#include "auth/key_vault.h"
#include "catalogue/learned_values.h"
#include "engine/sign_in_plan.h"

/* Whoever asked for a new token while one was being fetched; all of them share the one answer. */
struct waiter {
    void (*ready)(void *context, const struct err *err);
    void *context;
};

/* What is done once a sign-in under way has ended. */
enum purpose { PURPOSE_OPEN, PURPOSE_RENEW };

struct connection {
    struct connection_context context;
    uint64_t id;
    struct options options;
    struct sign_in_plan plan;
    struct token_cache *cache;
    char *claims;                   /* of a challenge that the next token has to meet; NULL = none */
    struct oauth *oauth;            /* the sign-in or renewal under way */
    struct key_vault *vault;        /* the certificate on its way */
    struct cloud_discovery *discovery;
    enum purpose purpose;
    bool renewing;
    bool silent;                    /* the refresh token of an earlier run is tried first */
    bool claims_retried;            /* asked again for the claims of a refusal: once is enough */
    struct token *token;
    struct session *session;
    bool open, failed;
    char user_code[64];
    uint64_t timer;                 /* renewal ahead of time, or waiting for another process */
    int lock_tries;
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
static void sign_in(struct connection *connection);
static void refresh(struct connection *connection);
static void renew(void *context, const char *claims, void (*ready)(void *, const struct err *), void *ready_context);

/* A token that met a challenge is simply the better one from then on (auth.md section 9: then forget the claims). */
static struct token_key key_of(const struct connection *connection)
{
    return sign_in_plan_key(&connection->plan, NULL);
}

static void warn(struct connection *connection, const char *text)
{
    struct message *message = connection_message(connection, EVENT_STEP);
    message->text = mem_text(text);
    message->number = OAUTH_STEP_WARNING;
    mailbox_post(connection->context.events, message);
}

/* The renewal of a token ends with a word to everybody who waits for it. */
static void end_renewal(struct connection *connection, const struct err *err)
{
    connection->renewing = false;
    connection->purpose = PURPOSE_OPEN;
    token_cache_unlock(connection->cache);
    wake_waiters(connection, err);
}

/* An application proves itself anew; a person's refresh token is used; a token that was handed in is all there is. */
static bool can_renew(const struct connection *connection)
{
    bool application = !connection->plan.person && connection->plan.grant != OAUTH_GIVEN_TOKEN;
    return connection->token && (application || connection->token->refresh);
}

static void fail_renewal(void (*ready)(void *, const struct err *), void *context)
{
    struct err err;
    err_set(&err, ERR_AUTH_REQUIRED, "The sign-in has ended and cannot be renewed by itself.");
    err_advise(&err, "Connect again; an access token that was handed in has to be replaced by a new one.");
    ready(context, &err);
}

/* claims: of a 401 that asks for a token with more in it (auth.md section 9). The old token is not good enough any more, so
   it leaves the cache, or another process would be refused with it. */
static void renew(void *context, const char *claims, void (*ready)(void *, const struct err *), void *ready_context)
{
    struct connection *connection = context;
    if (!can_renew(connection)) {
        fail_renewal(ready, ready_context);
        return;
    }
    MEM_ROOM(connection->waiters, connection->waiter_count, connection->waiter_capacity);
    connection->waiters[connection->waiter_count++] = (struct waiter){ .ready = ready, .context = ready_context };
    if (connection->renewing) {
        return;
    }
    struct token_key key = key_of(connection);
    token_cache_drop_access(connection->cache, &key);
    if (claims) {
        free(connection->claims);
        connection->claims = mem_text(claims);
    }
    connection->renewing = true;
    connection->purpose = PURPOSE_RENEW;
    connection->lock_tries = 0;
    refresh(connection);
}

static void nobody_waits(void *context, const struct err *err)
{
    (void)context;
    (void)err;      /* the next command will meet the same failure and tell it */
}

static void renew_ahead(void *context)
{
    struct connection *connection = context;
    connection->timer = 0;
    if (can_renew(connection) && !connection->renewing) {
        renew(connection, NULL, nobody_waits, NULL);
    }
}

/* Five minutes before the end, or when the service says (auth.md section 10): no command should have to wait for it. */
static void plan_renewal(struct connection *connection)
{
    const struct token *token = connection->token;
    enum { AHEAD_MS = 5 * 60 * 1000, LEAST_MS = 30 * 1000 };
    timers_cancel(connection->context.timers, connection->timer);
    connection->timer = 0;
    if (token->expires_ms && can_renew(connection)) {
        int64_t at_ms = (token->refresh_ms ? token->refresh_ms : token->expires_ms - AHEAD_MS) - clock_ms();
        connection->timer = timers_after(connection->context.timers, at_ms > LEAST_MS ? at_ms : LEAST_MS, renew_ahead, connection);
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

/* Whoever keeps no tokens on this machine keeps no lessons either. */
static void use_learned(const struct connection *connection, struct catalogue *catalogue)
{
    bool kept = token_cache_place(connection->cache) != TOKEN_CACHE_MEMORY;
    char *path = kept ? learned_values_place(connection->token->tenant_id) : NULL;
    learned_values_use(catalogue, path);
    free(path);
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
    str_copy(account->cloud, sizeof account->cloud, connection->plan.cloud->name);
    str_copy(account->cache, sizeof account->cache, token->given ? "nowhere: it was handed in" : token_cache_reason(connection->cache));
    str_copy(account->region, sizeof account->region, rest_session_region(connection->session));
    account->app_only = token->app_only;
    account->given_token = token->given;
    account->expires_unix = token->expires_unix;
    catalogue_set_prefix(catalogue, options_get(&connection->options, OPT_PREFIX));
    catalogue_set_chosen(catalogue, options_get(&connection->options, OPT_COMMAND_NAME));
    use_learned(connection, catalogue);
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
        .cloud = connection->plan.cloud,
        .connection_uri = connection->plan.connection_uri,
        .tenant_id = connection->token->tenant_id,
        /* The requests are routed by the customer's domain, not by the partner's own (rest.md 1.4). */
        .organization = *delegated ? delegated : options_get(options, OPT_ORGANIZATION),
        .delegated = *delegated != '\0',
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
    if (connection->purpose == PURPOSE_OPEN) {
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

/* The line to type where the browser is, so that its answer comes home through SSH. */
static char *forwarding_line(int port)
{
    const char *user = getenv("USER");
    char host[256] = "";
    if (gethostname(host, sizeof host - 1) != 0 || !*host) {
        str_copy(host, sizeof host, "THIS-HOST");
    }
    return mem_format("ssh -L %d:localhost:%d %s%s%s", port, port, user ? user : "", user && *user ? "@" : "", host);
}

static void on_browser_prompt(void *context, const struct oauth_browser_prompt *prompt)
{
    struct connection *connection = context;
    struct message *message = connection_message(connection, EVENT_BROWSER_PROMPT);
    struct browser_prompt *browser = MEM_NEW(struct browser_prompt);
    struct err err = { 0 };
    browser->url = mem_text(prompt->url);
    str_copy(browser->short_url, sizeof browser->short_url, prompt->short_url);
    browser->port = prompt->port;
    browser->ssh_line = forwarding_line(prompt->port);
    browser->expires_in_s = prompt->expires_in_s;
    browser->over_ssh = open_url_over_ssh();
    /* Tried even when the choice was the person's: where none can be started, the address on the screen is enough. */
    browser->started = open_url_usable(&browser->why) && open_url(prompt->url, &err);
    message->browser = browser;
    mailbox_post(connection->context.events, message);
}

/* Said before the first command, not when it is too late (auth.md section 8). */
static void say_end(struct connection *connection, const struct token *token)
{
    enum { SHORT_S = 600 };
    char when[9];
    int64_t left_s = token->expires_unix - clock_unix();
    if (!token->expires_unix) {
        return;
    }
    clock_hms(token->expires_unix, when);
    char *title = mem_format("The token ends at %s, in %lld minutes, and nothing can renew it.", when, (long long)(left_s < 0 ? 0 : left_s / 60));
    if (left_s < SHORT_S) {
        warn(connection, title);
    } else {
        on_step(connection, title, OAUTH_STEP_DONE, 0);
    }
    free(title);
}

/* Whom the token is for, against whom the person named. */
static bool check_token(struct connection *connection, struct token *token, struct err *err)
{
    const char *user = options_get(&connection->options, OPT_USER_PRINCIPAL_NAME);
    const char *organization = options_get(&connection->options, OPT_ORGANIZATION);
    if (token->given && token->app_only && !*organization && !*options_get(&connection->options, OPT_DELEGATED_ORGANIZATION)) {
        err_set(err, ERR_INPUT, "This access token is an application's: the service cannot tell from it which organization is meant.");
        err_advise(err, "Give -Organization with the tenant's primary domain, for example contoso.onmicrosoft.com.");
        err_field(err, "Organization");
        return false;
    }
    if (*user && *token->upn && !str_is_nocase(str_of(user), token->upn)) {
        char *text = mem_format("The sign-in is %s's, not %s's; it is used as it is.", token->upn, user);
        warn(connection, text);
        free(text);
    }
    if (*token->warning) {
        warn(connection, token->warning);
    }
    if (token->given) {
        say_end(connection, token);
    }
    return true;
}

static void keep_token(struct connection *connection)
{
    struct token_key key = key_of(connection);
    struct err err = { 0 };
    if (!token_cache_store(connection->cache, &key, connection->token, &err)) {
        warn(connection, err.text);
    } else if (connection->purpose == PURPOSE_OPEN && !connection->token->given && token_cache_place(connection->cache) != TOKEN_CACHE_MEMORY) {
        char *title = mem_format("Kept %s", token_cache_reason(connection->cache));
        on_step(connection, title, OAUTH_STEP_DONE, 0);
        free(title);
    }
}

static void take_token(struct connection *connection, struct token *token)
{
    struct err err = { 0 };
    bool renewing = connection->purpose == PURPOSE_RENEW;
    if (!check_token(connection, token, &err)) {
        token_free(token);
        post_failure(connection, &err);
        return;
    }
    /* The tokens are stored before the old ones are dropped: a crash in between loses nothing (auth.md section 10). */
    struct token *old = connection->token;
    connection->token = token;
    connection->silent = false;
    free(connection->claims);
    connection->claims = NULL;
    plan_renewal(connection);
    if (renewing) {
        end_renewal(connection, NULL);
    } else {
        token_cache_unlock(connection->cache);
        open_session(connection);
    }
    token_free(old);
}

static void on_token(void *context, struct token *token)
{
    struct connection *connection = context;
    end_oauth(connection);
    struct token *old = connection->token;
    connection->token = token;
    keep_token(connection);
    connection->token = old;
    take_token(connection, token);
}

/* A stored sign-in that no longer works is no failure: the person is asked, as if there had been none. */
static bool start_over(struct connection *connection, const struct err *err)
{
    bool refused = err->kind == ERR_AUTH_REQUIRED || err->kind == ERR_AUTH_DENIED;
    if (!connection->silent || !refused) {
        return false;
    }
    connection->silent = false;
    token_cache_unlock(connection->cache);
    start_oauth(connection, connection->plan.grant, connection->plan.secret);
    return true;
}

/* Refused for lack of claims (a second factor, terms of use): asked again with them, once (auth.md section 9). */
static bool meet_claims(struct connection *connection, const char *claims)
{
    bool asks = connection->plan.grant == OAUTH_DEVICE_CODE || connection->plan.grant == OAUTH_BROWSER;
    if (!*claims || connection->claims_retried || !asks || connection->purpose == PURPOSE_RENEW) {
        return false;
    }
    connection->claims_retried = true;
    free(connection->claims);
    connection->claims = mem_text(claims);
    end_oauth(connection);
    start_oauth(connection, connection->plan.grant, connection->plan.secret);
    return true;
}

static void on_oauth_failed(void *context, const struct err *cause)
{
    struct connection *connection = context;
    struct err err = *cause;    /* the cause may live inside the sign-in that is freed now */
    if (connection->oauth && meet_claims(connection, oauth_claims_asked(connection->oauth))) {
        return;
    }
    end_oauth(connection);
    if (start_over(connection, &err)) {
        return;
    }
    if (connection->purpose == PURPOSE_RENEW) {
        end_renewal(connection, &err);
    } else {
        token_cache_unlock(connection->cache);
        post_failure(connection, &err);
    }
}

static int number_option(const struct connection *connection, enum option_id id)
{
    int64_t number = 0;
    return str_to_int64(str_of(options_get(&connection->options, id)), 1, 1000000, &number) ? (int)number : 0;
}

static void start_oauth(struct connection *connection, enum oauth_grant grant, const struct secret *given)
{
    const struct sign_in_plan *plan = &connection->plan;
    const struct options *options = &connection->options;
    const struct oauth_request request = {
        .cloud = plan->cloud,
        .authority = plan->authority,
        .client_id = *plan->client_id ? plan->client_id : NULL,
        .resource = plan->resource,
        .login_hint = *plan->user ? plan->user : NULL,
        .claims = connection->claims,
        .grant = grant,
        .given = given,
        .redirect_port = number_option(connection, OPT_REDIRECT_PORT),
        .accept_query_code = options_on(options, OPT_ACCEPT_QUERY_CODE),
        .certificate = plan->certificate,
        .rs256 = str_is_nocase(str_of(options_get(options, OPT_ASSERTION_ALGORITHM)), "RS256"),
        .with_chain = options_on(options, OPT_SEND_CHAIN),
        .assertion_file = options_get(options, OPT_FEDERATED_TOKEN_FILE),
        .identity = options_get(options, OPT_MANAGED_IDENTITY_ACCOUNT_ID),
    };
    const struct oauth_listener listener = {
        .step = on_oauth_step,
        .device_prompt = on_device_prompt,
        .browser_prompt = on_browser_prompt,
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

/* ---- what is kept from before ---- */

static void try_refresh(void *context)
{
    struct connection *connection = context;
    connection->timer = 0;
    refresh(connection);
}

/* Another process is at it: its new token will be ours. */
static bool wait_for_lock(struct connection *connection)
{
    enum { STEP_MS = 200, TRIES = 150 };
    if (token_cache_try_lock(connection->cache) || connection->lock_tries++ >= TRIES) {
        return false;
    }
    timers_cancel(connection->context.timers, connection->timer);
    connection->timer = timers_after(connection->context.timers, STEP_MS, try_refresh, connection);
    return true;
}

/* Under the lock, after a look whether somebody else has done it meanwhile; without a refresh token from the start. */
static void refresh(struct connection *connection)
{
    if (wait_for_lock(connection)) {
        return;
    }
    struct token_key key = key_of(connection);
    struct token *kept = token_cache_find(connection->cache, &key);
    if (kept && kept->access && !connection->claims) {
        take_token(connection, kept);
        return;
    }
    const struct secret *token = kept && kept->refresh ? kept->refresh : connection->token ? connection->token->refresh : NULL;
    if (token) {
        start_oauth(connection, OAUTH_REFRESH, token);
    } else {
        start_oauth(connection, connection->plan.grant, connection->plan.secret);
    }
    token_free(kept);
}

/* ---- which cloud ---- */

/* A choice that was made for the person is explained to them. */
static void start_asking(struct connection *connection)
{
    if (connection->plan.chosen) {
        char *title = mem_format("Signing in %s: %s", connection->plan.grant == OAUTH_BROWSER ? "in the browser" : "with a code", connection->plan.why);
        on_step(connection, title, OAUTH_STEP_DONE, 0);
        free(title);
    }
    start_oauth(connection, connection->plan.grant, connection->plan.secret);
}

static void on_cloud(void *context, const struct cloud *cloud)
{
    struct connection *connection = context;
    cloud_discovery_free(connection->discovery);
    connection->discovery = NULL;
    if (cloud && cloud != connection->plan.cloud) {
        char *text = mem_format("The organization lives in %s: connecting there.", cloud->title);
        warn(connection, text);
        free(text);
        sign_in_plan_use_cloud(&connection->plan, &connection->options, cloud);
    }
    start_asking(connection);
}

/* A name of its own says nothing about the cloud; the organization itself is asked, once, when nothing is kept yet. */
static void find_cloud(struct connection *connection)
{
    char *domain = sign_in_plan_domain(&connection->plan, &connection->options);
    struct err err = { 0 };
    if (*domain) {
        connection->discovery = cloud_discovery_start(connection->context.http, domain, on_cloud, connection, &err);
    }
    if (!connection->discovery) {
        start_asking(connection);
    }
    free(domain);
}

/* A second run with a good token asks nobody and sends nothing (auth.md section 11: cache, refresh, then people). */
static void sign_in(struct connection *connection)
{
    struct token_key key = key_of(connection);
    struct token *kept = connection->plan.grant == OAUTH_GIVEN_TOKEN ? NULL : token_cache_find(connection->cache, &key);
    if (kept && kept->access) {
        char *title = mem_format("Using the sign-in of %s that was kept", *kept->upn ? kept->upn : "the application");
        on_step(connection, title, OAUTH_STEP_DONE, 0);
        free(title);
        take_token(connection, kept);
        return;
    }
    bool silent = kept && kept->refresh;
    token_free(kept);
    if (silent) {
        connection->silent = true;
        refresh(connection);
    } else if (connection->plan.grant == OAUTH_GIVEN_TOKEN || connection->plan.grant == OAUTH_MANAGED_IDENTITY) {
        start_asking(connection);       /* neither goes to a sign-in service */
    } else {
        find_cloud(connection);
    }
}

/* ---- a certificate in Key Vault ---- */

static void on_vault(void *context, struct client_certificate *certificate, const struct err *err)
{
    struct connection *connection = context;
    struct err copy = err ? *err : (struct err){ 0 };
    key_vault_free(connection->vault);
    connection->vault = NULL;
    connection->plan.certificate = certificate;
    if (certificate) {
        sign_in(connection);
    } else {
        post_failure(connection, &copy);
    }
}

static void fetch_certificate(struct connection *connection)
{
    const struct key_vault_request request = {
        .http = connection->context.http,
        .timers = connection->context.timers,
        .cloud = connection->plan.cloud,
        .uri = connection->plan.vault_uri,
        .token = connection->plan.vault_token,
        .password = connection->plan.certificate_password,
        .step = on_oauth_step,
        .done = on_vault,
        .context = connection,
    };
    struct err err = { 0 };
    connection->vault = key_vault_start(&request, &err);
    if (!connection->vault) {
        post_failure(connection, &err);
    }
}

/* ---- life ---- */

static bool open_cache(struct connection *connection, struct err *err)
{
    const char *name = options_get(&connection->options, OPT_TOKEN_CACHE);
    enum token_cache_place place = TOKEN_CACHE_AUTO;
    bool demo = str_is(str_of(connection->plan.cloud->name), "demo");
    if (*name) {
        (void)token_cache_place_by_name(name, &place);      /* options_check knows the names */
    } else if (demo || connection->plan.grant == OAUTH_GIVEN_TOKEN) {
        place = TOKEN_CACHE_MEMORY;     /* the demo's accounts end with it, and a given token is its owner's to keep */
    }
    connection->cache = token_cache_open(place, NULL, err);
    if (!connection->cache) {
        err_field(err, "token-cache");
    }
    return connection->cache != NULL;
}

struct connection *connection_new(const struct connection_context *context, uint64_t id, const struct options *options)
{
    struct err err = { 0 };
    struct connection *connection = MEM_NEW(struct connection);
    connection->context = *context;
    connection->id = id;
    options_copy(&connection->options, options);
    if (!sign_in_plan_make(&connection->plan, &connection->options, &err) || !open_cache(connection, &err)) {
        post_failure(connection, &err);
        return connection;
    }
    if (connection->plan.warning) {
        warn(connection, connection->plan.warning);
    }
    if (connection->plan.vault_uri) {
        fetch_certificate(connection);
    } else {
        sign_in(connection);
    }
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
    key_vault_free(connection->vault);
    cloud_discovery_free(connection->discovery);
    timers_cancel(connection->context.timers, connection->timer);
    token_cache_close(connection->cache);
    token_free(connection->token);
    sign_in_plan_free(&connection->plan);
    options_free(&connection->options);
    free(connection->claims);
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
    if (can_renew(connection) && token_needs_refresh(connection->token)) {
        renew(connection, NULL, ready, context);
    } else {
        ready(context, NULL);
    }
}
