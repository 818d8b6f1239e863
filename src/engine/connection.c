#include "engine/connection.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/open_url.h"
#include "catalogue/known_cmdlets.h"
#include "catalogue/learned_values.h"
#include "connect/ps_session_option.h"
#include "connect/secret_source.h"
#include "engine/sign_in.h"
#include "engine/sign_in_words.h"

/* Who waits for a search session that is being opened. */
struct waiter {
    void (*ready)(void *context, const struct err *err);
    void *context;
};

/* The second audience of the same account, opened when the first cmdlet needs it (pains.md 7, rest.md section 8). */
struct search {
    struct sign_in *sign_in;
    struct session *session;
    bool open, failed, opening;
    struct waiter *waiters;
    size_t waiter_count, waiter_capacity;
};

struct connection {
    struct session router;          /* first: what jobs see, and what chooses between the two sessions */
    struct session_vtable routes;
    struct connection_context context;
    uint64_t id;
    struct options options;
    struct sign_in *sign_in;
    struct session *session;
    bool remote;                    /* it is a remote shell (-UseRPSSession) */
    struct search search;
    bool open, failed;
    bool fresh;                     /* the list of cmdlets is to be read anew */
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

static void post_step(struct connection *connection, const char *title, int state, int64_t elapsed_ms)
{
    struct message *message = connection_message(connection, EVENT_STEP);
    message->text = mem_text(title);
    message->number = state;
    message->elapsed_ms = elapsed_ms;
    mailbox_post(connection->context.events, message);
}

/* ---- the session ---- */

static void on_step(void *context, const char *title, int state, int64_t elapsed_ms)
{
    post_step(context, title, state, elapsed_ms);
}

static struct account *account_of(const struct connection *connection)
{
    const struct token *token = sign_in_token(connection->sign_in);
    struct account *account = MEM_NEW(struct account);
    const char *organization = options_get(&connection->options, OPT_ORGANIZATION);
    const char *delegated = options_get(&connection->options, OPT_DELEGATED_ORGANIZATION);
    /* An application has no user name in its token; its tenant is then known by the organization or by number only. */
    const char *domain = strchr(token->upn, '@');
    str_copy(account->upn, sizeof account->upn, *token->upn ? token->upn : token->app_id);
    str_copy(account->tenant, sizeof account->tenant,
             *delegated ? delegated : *organization ? organization : domain ? domain + 1 : token->tenant_id);
    str_copy(account->tenant_id, sizeof account->tenant_id, token->tenant_id);
    str_copy(account->cloud, sizeof account->cloud, sign_in_plan_of(connection->sign_in)->cloud->name);
    str_copy(account->cache, sizeof account->cache, token->given ? "nowhere: it was handed in" : sign_in_place(connection->sign_in));
    str_copy(account->region, sizeof account->region, connection->remote ? rps_session_host(connection->session) : rest_session_region(connection->session));
    char *certificate = sign_in_certificate(sign_in_plan_of(connection->sign_in));
    str_copy(account->certificate, sizeof account->certificate, certificate);
    free(certificate);
    account->app_only = token->app_only;
    account->given_token = token->given;
    account->expires_unix = token->expires_unix;
    return account;
}

/* Whoever keeps no tokens on this machine keeps no lessons either. */
static void use_learned(const struct connection *connection, struct catalogue *catalogue)
{
    char *path = sign_in_keeps(connection->sign_in) ? learned_values_place(sign_in_token(connection->sign_in)->tenant_id) : NULL;
    learned_values_use(catalogue, path);
    free(path);
}

static void on_session_opened(void *context, struct catalogue *catalogue)
{
    struct connection *connection = context;
    struct message *message = connection_message(connection, EVENT_CONNECTED);
    connection->open = true;
    catalogue_set_prefix(catalogue, options_get(&connection->options, OPT_PREFIX));
    catalogue_set_chosen(catalogue, options_get(&connection->options, OPT_COMMAND_NAME));
    use_learned(connection, catalogue);
    message->catalogue = catalogue;
    message->flag = !connection->remote && rest_session_greets(connection->session);
    message->account = account_of(connection);
    mailbox_post(connection->context.events, message);
}

static void on_session_greeted(void *context)
{
    struct connection *connection = context;
    mailbox_post(connection->context.events, connection_message(connection, EVENT_GREETED));
}

static void on_session_failed(void *context, const struct err *err)
{
    post_failure(context, err);
}

/* The token's own; one that was handed in may not say, and then the domain that was given stands for it in the path. */
static const char *tenant_of(const struct connection *connection)
{
    const struct token *token = sign_in_token(connection->sign_in);
    const char *delegated = options_get(&connection->options, OPT_DELEGATED_ORGANIZATION);
    const char *organization = options_get(&connection->options, OPT_ORGANIZATION), *at = strchr(token->upn, '@');
    if (*token->tenant_id) {
        return token->tenant_id;
    }
    return *delegated ? delegated : *organization ? organization : at ? at + 1 : "";
}

/* What both sessions of a connection have in common; `sign_in` gives the bearer. */
static struct session_config config_of(struct connection *connection, struct sign_in *sign_in)
{
    const struct options *options = &connection->options;
    const struct sign_in_plan *plan = sign_in_plan_of(connection->sign_in);
    const struct token *token = sign_in_token(connection->sign_in);
    const char *delegated = options_get(options, OPT_DELEGATED_ORGANIZATION);
    /* Both were checked when they were given; 0 leaves the choice to the session (rest.md section 9). */
    int64_t page = 0, seconds = 0;
    if (!str_to_int64(str_of(options_get(options, OPT_PAGE_SIZE)), 1, 1000, &page)) {
        page = 0;
    }
    if (!str_to_int64(str_of(options_get(options, OPT_TIMEOUT)), 1, 86400, &seconds)) {
        seconds = 0;
    }
    return (struct session_config){
        .http = connection->context.http,
        .timers = connection->context.timers,
        .cloud = plan->cloud,
        .connection_uri = plan->connection_uri,
        .tenant_id = tenant_of(connection),
        /* The requests are routed by the customer's domain, not by the partner's own (rest.md 1.4). */
        .organization = *delegated ? delegated : options_get(options, OPT_ORGANIZATION),
        .delegated = *delegated != '\0',
        .upn = token->upn,
        .app_only = token->app_only,
        .bypass_anchoring = options_on(options, OPT_BYPASS_MAILBOX_ANCHORING),
        .command_names = options_get(options, OPT_COMMAND_NAME),
        .page_size = (int)page,
        .timeout_s = (int)seconds,
        .locale = connection->context.locale,
        .bearer = sign_in_bearer,
        .refresh = sign_in_renew,
        .token_context = sign_in,
        .tag = connection,
        .keep_module = sign_in_keeps(connection->sign_in),
        .keep_notes = sign_in_keeps_places(connection->sign_in),
        .fresh = connection->fresh,
        .format_types = options_get(options, OPT_FORMAT_TYPE_NAME),
        .leaked = connection->context.leaked,
        .leak_context = connection->context.leak_context,
        .banner = !*options_get(options, OPT_SHOW_BANNER) || options_on(options, OPT_SHOW_BANNER),
    };
}

/* Said before anything is asked: what is deprecated, and what will have no effect (rps.md, head and section 12). */
static void say_what_is_special(struct connection *connection)
{
    const struct options *options = &connection->options;
    const char *table = options_get(options, OPT_PS_SESSION_OPTION), *types = options_get(options, OPT_FORMAT_TYPE_NAME);
    if (connection->remote) {
        post_step(connection, "Remote PowerShell was deprecated in October 2023; REST has the same cmdlets.",
                  OAUTH_STEP_WARNING, 0);
    } else if (*table || *types) {
        post_step(connection, *table ? "-PSSessionOption has no effect without -UseRPSSession." : "-FormatTypeName has no effect without -UseRPSSession.",
                  OAUTH_STEP_WARNING, 0);
    }
}

/* 60 s where nothing else was asked for: a dead connection is found sooner than with PowerShell's three minutes (section 4). */
static struct remote_options remote_options(const struct ps_session_option *option)
{
    return (struct remote_options){
        .maximum_redirection = option->maximum_redirection, .culture = option->culture, .ui_culture = option->ui_culture,
        .max_command_bytes = option->max_command_bytes, .max_object_bytes = option->max_object_bytes,
        .open_timeout_ms = option->open_timeout_ms, .operation_timeout_ms = option->operation_timeout_ms ? option->operation_timeout_ms : 60000,
        .cancel_timeout_ms = option->cancel_timeout_ms, .idle_timeout_ms = option->idle_timeout_ms,
        .max_connection_retries = option->max_connection_retries, .no_machine_profile = option->no_machine_profile, .direct = option->direct,
        .application_arguments = option->application_arguments,
    };
}

/* A credential without a scheme goes by PowerShell's Negotiate. */
static enum http_proxy_scheme proxy_scheme(const struct ps_session_option *option)
{
    struct str name = str_of(option->proxy_authentication);
    return str_is(name, "Basic")                  ? HTTP_PROXY_BASIC
           : str_is(name, "Digest")               ? HTTP_PROXY_DIGEST
           : name.len || option->proxy_user       ? HTTP_PROXY_NEGOTIATE
                                                  : HTTP_PROXY_AS_ADDRESSED;
}

static struct session *open_remote(struct connection *connection, struct session_config *config, const struct session_listener *listener,
                                   struct err *err)
{
    struct ps_session_option option;
    if (!ps_session_option_parse(str_of(options_get(&connection->options, OPT_PS_SESSION_OPTION)), &option, err)) {
        return NULL;
    }
    struct secret *password = NULL;
    struct remote_options remote = remote_options(&option);
    struct session *session = NULL;
    if (!option.proxy_password || secret_source_read(option.proxy_password, false, &password, err)) {
        remote.proxy_login = (struct http_proxy_login){ .scheme = proxy_scheme(&option), .user = option.proxy_user, .password = password };
        config->remote = &remote;
        session = rps_session_open(config, listener, err);
        config->remote = NULL;
    } else {
        err_field(err, "PSSessionOption");
    }
    secret_free(password);
    ps_session_option_free(&option);
    return session;
}

static void open_session(void *context)
{
    struct connection *connection = context;
    struct session_config config = config_of(connection, connection->sign_in);
    const struct session_listener listener = {
        .step = on_step,
        .opened = on_session_opened,
        .failed = on_session_failed,
        .greeted = on_session_greeted,
        .context = connection,
    };
    struct err err = { 0 };
    connection->session = connection->remote ? open_remote(connection, &config, &listener, &err) : rest_session_open(&config, &listener, &err);
    if (!connection->session) {
        post_failure(connection, &err);
    }
}

/* ---- signing in ---- */

static void on_sign_in_step(void *context, const char *title, enum oauth_step_state state, int64_t elapsed_ms)
{
    post_step(context, title, (int)state, elapsed_ms);
}

static void on_device_prompt(void *context, const struct oauth_device_prompt *prompt)
{
    struct connection *connection = context;
    struct message *message = connection_message(connection, EVENT_DEVICE_PROMPT);
    message->prompt = MEM_NEW(struct oauth_device_prompt);
    *message->prompt = *prompt;
    mailbox_post(connection->context.events, message);
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

/* Whoever shows when the sign-in ends shows a new time. */
static void on_renewed(void *context)
{
    struct connection *connection = context;
    struct message *message = connection_message(connection, EVENT_RENEWED);
    message->number = sign_in_token(connection->sign_in)->expires_unix;
    mailbox_post(connection->context.events, message);
}

static void ignore_renewal(void *context)
{
    (void)context;
}

/* ---- the search session ---- */

static void wake_search_waiters(struct search *search, const struct err *err)
{
    /* Taken off first: whoever is told may come again at once. */
    struct waiter *waiters = search->waiters;
    size_t count = search->waiter_count;
    search->waiters = NULL;
    search->waiter_count = search->waiter_capacity = 0;
    search->opening = false;
    for (size_t i = 0; i < count; i++) {
        waiters[i].ready(waiters[i].context, err);
    }
    free(waiters);
}

/* No failure of the command: the normal session is asked then, and says itself what it thinks of it. */
static void on_search_failed(void *context, const struct err *err)
{
    struct connection *connection = context;
    size_t length = strlen(err->text);
    const char *stop = length && err->text[length - 1] == '.' ? "" : ".";
    char *text = mem_format("The search session could not be opened: %s%s%s%s", err->text, stop, err->advice[0] ? " " : "", err->advice);
    post_step(connection, text, OAUTH_STEP_WARNING, 0);
    free(text);
    connection->search.failed = true;
    wake_search_waiters(&connection->search, NULL);
}

static void on_search_opened(void *context, struct catalogue *catalogue)
{
    struct connection *connection = context;
    catalogue_free(catalogue);      /* the first session's is the one that people see */
    connection->search.open = true;
    post_step(connection, "A search-only session was opened beside the first: this cmdlet needs it.", OAUTH_STEP_DONE, 0);
    wake_search_waiters(&connection->search, NULL);
}

static void drop_step(void *context, const char *title, int state, int64_t elapsed_ms)
{
    (void)context;
    (void)title;
    (void)state;
    (void)elapsed_ms;
}

static void drop_sign_in_step(void *context, const char *title, enum oauth_step_state state, int64_t elapsed_ms)
{
    drop_step(context, title, (int)state, elapsed_ms);
}

static void open_search_session(void *context)
{
    struct connection *connection = context;
    struct session_config config = config_of(connection, connection->search.sign_in);
    /* Its list of cmdlets is nobody's: the shorter the better. */
    config.command_names = "*-Compliance*";
    config.banner = false;
    const struct session_listener listener = { .step = drop_step, .opened = on_search_opened, .failed = on_search_failed, .context = connection };
    struct err err = { 0 };
    connection->search.session = rest_session_open(&config, &listener, &err);
    if (!connection->search.session) {
        on_search_failed(connection, &err);
    }
}

static void no_device_prompt(void *context, const struct oauth_device_prompt *prompt)
{
    (void)context;
    (void)prompt;
}

static void no_browser_prompt(void *context, const struct oauth_browser_prompt *prompt)
{
    (void)context;
    (void)prompt;
}

static void begin_search(struct connection *connection)
{
    const struct sign_in_listener listener = {
        .step = drop_sign_in_step,
        .device_prompt = no_device_prompt,
        .browser_prompt = no_browser_prompt,
        .opened = open_search_session,
        .renewed = ignore_renewal,
        .failed = on_search_failed,
        .context = connection,
    };
    connection->search.opening = true;
    connection->search.sign_in = sign_in_beside(connection->sign_in, sign_in_plan_of(connection->sign_in)->cloud->search_resource, &listener);
    sign_in_begin(connection->search.sign_in);
}

/* Not when the person chose: with the switch this is the search session already, with the switch off there is to be none.
   rest.md section 8 names all of a noun, the reference some cmdlets. */
static bool needs_search(const struct connection *connection, const struct invocation *invocation)
{
    const char *resource = sign_in_plan_of(connection->sign_in)->cloud->search_resource;
    struct str name = str_of(invocation->cmdlet);
    bool chosen = *options_get(&connection->options, OPT_ENABLE_SEARCH_ONLY_SESSION) != '\0';
    return *resource && !chosen && !connection->remote && (known_cmdlet_needs_search_session(name) || str_ends_nocase(name, STR("-ComplianceSearch")));
}

static struct session_run *route(struct session *session, const struct invocation *invocation, const struct run_listener *listener, struct err *err)
{
    struct connection *connection = (struct connection *)session;
    bool search = connection->search.open && needs_search(connection, invocation);
    return session_invoke(search ? connection->search.session : connection->session, invocation, listener, err);
}

/* ---- life ---- */

struct connection *connection_new(const struct connection_context *context, uint64_t id, const struct options *options, bool fresh)
{
    struct connection *connection = MEM_NEW(struct connection);
    const struct sign_in_listener listener = {
        .step = on_sign_in_step,
        .device_prompt = on_device_prompt,
        .browser_prompt = on_browser_prompt,
        .opened = open_session,
        .renewed = on_renewed,
        .failed = on_session_failed,
        .context = connection,
    };
    connection->context = *context;
    connection->id = id;
    connection->fresh = fresh;
    options_copy(&connection->options, options);
    connection->remote = options_on(options, OPT_USE_RPS_SESSION);
    say_what_is_special(connection);
    connection->sign_in = sign_in_new(context->http, context->timers, options, &listener);
    sign_in_begin(connection->sign_in);
    return connection;
}

void connection_free(struct connection *connection)
{
    if (!connection) {
        return;
    }
    struct err closed;
    err_set(&closed, ERR_CANCELLED, "The connection was closed.");
    wake_search_waiters(&connection->search, &closed);
    /* A sign-in before its session, which may wait for a token; the second before the first that it stands on. */
    sign_in_free(connection->search.sign_in);
    session_close(connection->search.session);
    sign_in_free(connection->sign_in);
    session_close(connection->session);
    options_free(&connection->options);
    free(connection);
}

uint64_t connection_id(const struct connection *connection)
{
    return connection->id;
}

const char *connection_user_code(const struct connection *connection)
{
    return sign_in_user_code(connection->sign_in);
}

const char *connection_keeps_for(const struct connection *connection)
{
    return connection->open && sign_in_keeps_places(connection->sign_in) ? sign_in_token(connection->sign_in)->tenant_id : NULL;
}

bool connection_failed(const struct connection *connection)
{
    return connection->failed;
}

/* The vtable is the session's own but for the choice, so that whatever protocol is behind it stays behind it. */
struct session *connection_session(struct connection *connection, struct err *err)
{
    if (!connection->open) {
        err_set(err, ERR_AUTH_REQUIRED, "This connection is not open yet.");
        return NULL;
    }
    connection->routes = *connection->session->vtable;
    connection->routes.invoke = route;
    connection->router.vtable = &connection->routes;
    return &connection->router;
}

static bool any_needs_search(const struct connection *connection, const struct pipeline *pipeline)
{
    for (size_t i = 0; i < pipeline->count; i++) {
        const struct stage *stage = &pipeline->stages[i];
        bool ours = stage->kind == STAGE_CMDLET && (!stage->connection || stage->connection == connection->id);
        if (ours && !stage->invocation->what_if && needs_search(connection, stage->invocation)) {
            return true;
        }
    }
    return false;
}

void connection_prepare(struct connection *connection, const struct pipeline *pipeline, void (*ready)(void *, const struct err *), void *context)
{
    struct search *search = &connection->search;
    if (!connection->open || search->failed || !any_needs_search(connection, pipeline)) {
        sign_in_prepare(connection->sign_in, ready, context);
        return;
    }
    if (search->open) {
        sign_in_prepare(search->sign_in, ready, context);
        return;
    }
    MEM_ROOM(search->waiters, search->waiter_count, search->waiter_capacity);
    search->waiters[search->waiter_count++] = (struct waiter){ .ready = ready, .context = context };
    if (!search->opening) {
        begin_search(connection);
    }
}
