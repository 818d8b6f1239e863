#include "session/rps/rps_shell.h"

#include <stdlib.h>

#include "base/mem.h"
#include "session/lost_answer.h"
#include "session/rps/psrp.h"
#include "session/rps/psrp_messages.h"
#include "session/rps/rps_address.h"
#include "session/rps/rps_host.h"
#include "session/rps/rps_inbox.h"
#include "session/rps/shell_record.h"

enum {
    ANSWER_MARGIN_MS = 30000,       /* HTTP waits longer than the server may hold a request */
    FAREWELL_MS = 5000,             /* more than this nobody waits at the end */
    LAST_CREATE_MS = 2500,          /* for the answer to Create, so that what it made can be ended */
    REDIRECTS_MOST = 10,
    LONGEST_OPEN_MS = 600000,
};

enum stage { CREATING, SENDING, WAITING, OPEN, FAILED, CLOSING };

struct rps_shell {
    struct rps_shell_events events;
    void *context;
    enum stage stage;
    const struct cloud *cloud;
    struct http *http;
    struct timers *timers;
    struct rps_link_config link_config;         /* its url is `url`'s */
    struct rps_link *link;
    struct wsman_shell wsman;                   /* its texts are owned */
    struct guid pool;
    struct buf url, opening;                    /* opening: fragments; what of them is still to be sent is `rest` */
    struct str rest;
    char *locale, *data_locale, *user, *host;
    struct rps_exchange *exchange;              /* opening, Receives, the farewell */
    struct rps_exchange *sending;               /* what the pool is told in between, beside a Receive that is held */
    struct buf answers;                         /* to the pool's host calls: fragments, not sent yet */
    struct rps_inbox *inbox;
    uint64_t objects, timer;
    int redirects, most_redirects, receive_repeats, idle_timeout_ms, cancel_timeout_ms;
    bool no_profile, capable, opened;
    bool creating;                              /* the server may have made a shell that we do not know yet */
    bool unsure;                                /* ...and never will, since its answer was lost */
    bool empty_handed;                          /* the last Receive brought nothing and did not even wait for it */
    struct rps_private_data private;
    struct session_key *key;
    bool key_due;                               /* its public half is to be sent */
    int protocol_minor;                         /* of version 2, what both speak */
    void (*key_ready)(void *context, const struct err *err);
    void *key_context;
    void (*leaked)(void *context, const char *text);
    void *leak_context;
    bool keeps_notes;                           /* of open shells, on this machine */
    struct shell_note note;
    int busy;
    bool dead;
};

/* ---- life: callbacks may close the shell they came from ---- */

static void free_shell(struct rps_shell *shell)
{
    timers_cancel(shell->timers, shell->timer);
    rps_exchange_cancel(shell->exchange);
    rps_exchange_cancel(shell->sending);
    rps_link_release(shell->link);
    rps_inbox_free(shell->inbox);
    buf_free(&shell->answers);
    rps_private_data_free(&shell->private);
    session_key_free(shell->key);
    buf_free(&shell->url);
    buf_free(&shell->opening);
    free(shell->locale);
    free(shell->data_locale);
    free(shell->user);
    free(shell->host);
    shell_note_drop(&shell->note, false);
    free(shell);
}

static void enter(struct rps_shell *shell)
{
    shell->busy++;
}

static void leave(struct rps_shell *shell)
{
    if (--shell->busy == 0 && shell->dead) {
        free_shell(shell);
    }
}

static void end(struct rps_shell *shell)
{
    shell->dead = true;
    if (!shell->busy) {
        free_shell(shell);
    }
}

static void fail(struct rps_shell *shell, const struct err *err)
{
    if (shell->stage < OPEN) {
        const struct err copy = *err;
        shell->stage = FAILED;
        timers_cancel(shell->timers, shell->timer);
        shell->timer = 0;
        shell->events.failed(shell->context, &copy);
    }
}

/* ---- requests ---- */

static void ask(struct rps_shell *shell, struct buf *envelope, struct rps_ask request, rps_answered *answered)
{
    request.envelope = buf_str(envelope);
    shell->exchange = rps_link_ask(shell->link, &request, answered, shell);
    buf_free(envelope);
}

static int patience(const struct rps_shell *shell)
{
    return shell->wsman.operation_timeout_ms + ANSWER_MARGIN_MS;
}

static void on_received(void *context, const struct wsman_answer *answer, const char *location, const struct err *err);

static void receive(struct rps_shell *shell)
{
    struct buf envelope = BUF_INIT(SIZE_MAX);
    struct guid id;
    wsman_receive(&shell->wsman, "", &id, &envelope);
    ask(shell, &envelope, (struct rps_ask){ .action = "Receive", .id = id, .timeout_ms = patience(shell), .repeats = shell->receive_repeats,
                                            .delay_ms = shell->empty_handed ? WSMAN_EMPTY_PAUSE_MS : 0 }, on_received);
}

/* An answer that only had to be no fault. */
static bool is_good(const struct wsman_answer *answer, const char *location, const struct err *err, struct err *why)
{
    if (err) {
        *why = *err;
    } else if (location) {
        err_set(why, ERR_PROTOCOL, "The server sent us to %.200s in the middle of a session", location);
    } else if (answer->fault) {
        wsman_fault_err(answer, false, why);
    }
    return !err && !location && !answer->fault;
}

/* ---- what the pool says ---- */

static bool check_capability(struct rps_shell *shell, const struct clixml_value *value)
{
    struct str version = clixml_text(clixml_get(value, "protocolversion"));
    struct err err = { 0 };
    int64_t minor;
    shell->capable = !version.len || str_starts(version, STR("2."));
    if (shell->capable && str_to_int64(str_from(version, 2), 0, PSRP_PROTOCOL_MINOR, &minor)) {
        shell->protocol_minor = (int)minor;
    }
    if (!shell->capable) {
        err_set(&err, ERR_PROTOCOL, "The server speaks version %.*s of the protocol, and we speak 2.3", STR_ARG(str_take(version, 20)));
        fail(shell, &err);
    }
    return shell->capable;
}

static void tell_key(struct rps_shell *shell, const struct err *err)
{
    void (*ready)(void *, const struct err *) = shell->key_ready;
    shell->key_ready = NULL;
    if (ready) {
        ready(shell->key_context, err);
    }
}

static void take_key(struct rps_shell *shell, const struct clixml_value *value)
{
    struct err err = { 0 };
    struct str blob = clixml_text(clixml_get(value, "EncryptedSessionKey"));
    bool good = shell->key && session_key_accept(shell->key, blob, &err);
    if (shell->key) {
        tell_key(shell, good ? NULL : &err);
    }
}

/* In the middle of its life the session is told, who replaces it. */
static void tell_broken(struct rps_shell *shell, const struct err *err)
{
    bool opened = shell->stage == OPEN;
    fail(shell, err);
    tell_key(shell, err);
    if (opened && shell->stage == OPEN) {
        shell->events.broken(shell->context, err);
    }
}

static void take_state(struct rps_shell *shell, const struct clixml_value *value)
{
    struct psrp_state state;
    struct err err = { 0 };
    if (!psrp_read_state(value, &state)) {
        return;
    }
    if (state.state == PSRP_POOL_OPENED) {
        shell->opened = true;
    } else if (state.state == PSRP_POOL_BROKEN || state.state == PSRP_POOL_CLOSED) {
        if (state.error && state.error->kind != CLIXML_NIL) {
            psrp_read_error(state.error, &err);
        } else {
            err_set(&err, ERR_SERVER, "The server %s the remote session without a word", state.state == PSRP_POOL_BROKEN ? "broke" : "closed");
        }
        /* What the error's category says to do is about cmdlets. */
        err_advise(&err, shell->stage == OPEN ? "The next command opens a new one." : "Try again later, or leave out -UseRPSSession: REST has the same cmdlets.");
        tell_broken(shell, &err);
    }
}

/* Nobody listens to what is written before the first command, but a call without its answer would hold the pool for ever. */
static void take_host_call(struct rps_shell *shell, const struct clixml_value *call)
{
    const struct psrp_head head = { .destination = PSRP_TO_SERVER, .type = PSRP_RUNSPACEPOOL_HOST_RESPONSE, .pool = shell->pool };
    struct rps_host_effect effect;
    struct buf payload = BUF_INIT(BUF_LARGE);
    rps_host_call(call, &effect, &payload);
    if (effect.answered) {
        psrp_send(&head, buf_str(&payload), &shell->objects, &shell->answers);
    }
    buf_free(&effect.text);
    buf_free(&payload);
}

/* False when there can be none. */
static bool make_key(struct rps_shell *shell)
{
    shell->key = shell->key ? shell->key : session_key_new(NULL);
    shell->key_due = shell->key != NULL;
    return shell->key_due;
}

static bool on_message(void *context, const struct psrp_head *head, const struct clixml_value *value)
{
    struct rps_shell *shell = context;
    switch (head->type) {
    case PSRP_SESSION_CAPABILITY:
        return check_capability(shell, value);
    case PSRP_APPLICATION_PRIVATE_DATA:
        rps_private_data_read(&shell->private, value);
        break;
    case PSRP_RUNSPACEPOOL_STATE:
        take_state(shell, value);
        break;
    case PSRP_ENCRYPTED_SESSION_KEY:
        take_key(shell, value);
        break;
    case PSRP_PUBLIC_KEY_REQUEST:
        (void)make_key(shell);
        break;
    case PSRP_RUNSPACEPOOL_HOST_CALL:
        take_host_call(shell, value);
        break;
    default:
        break;                  /* unknown ones are passed over (section 6) */
    }
    return !shell->dead && shell->stage < FAILED;
}

/* ---- what killed programs left behind ---- */

static void on_leftover_deleted(void *context, const struct wsman_answer *answer, const char *location, const struct err *err)
{
    struct err why = { 0 };
    /* Whatever the server thinks of it: asking once is enough. */
    (void)is_good(answer, location, err, &why);
    shell_record_remove(context);
}

static void end_leftovers(struct rps_shell *shell)
{
    struct shell_record records[SHELL_RECORDS_MOST];
    size_t count = shell->keeps_notes ? shell_record_leftovers(shell->host, shell->user, records) : 0;
    for (size_t i = 0; i < count; i++) {
        struct wsman_shell left = shell->wsman;
        struct buf envelope = BUF_INIT(SIZE_MAX);
        struct rps_ask request = { .action = "Delete", .timeout_ms = FAREWELL_MS, .farewell = true };
        left.session = records[i].session;
        str_copy(left.shell_id, sizeof left.shell_id, records[i].shell_id);
        wsman_delete(&left, &request.id, &envelope);
        request.envelope = buf_str(&envelope);
        (void)rps_link_ask(shell->link, &request, on_leftover_deleted, records[i].path);
        buf_free(&envelope);
    }
    if (count) {
        shell->events.leftover(shell->context);
    }
}

static void now_open(struct rps_shell *shell)
{
    shell->stage = OPEN;
    timers_cancel(shell->timers, shell->timer);
    shell->timer = 0;
    end_leftovers(shell);
    if (!shell->dead && shell->stage == OPEN) {
        shell->events.opened(shell->context);
    }
}

/* ---- what the pool is told in between ---- */

static void settle(struct rps_shell *shell);

static void on_flushed(void *context, const struct wsman_answer *answer, const char *location, const struct err *err)
{
    struct rps_shell *shell = context;
    struct err why = { 0 };
    shell->sending = NULL;
    enter(shell);
    if (is_good(answer, location, err, &why)) {
        settle(shell);
    } else {
        fail(shell, &why);
        tell_key(shell, &why);
    }
    leave(shell);
}

/* False when there is no key after all. */
static bool put_key(struct rps_shell *shell, struct buf *fragments)
{
    const struct psrp_head head = { .destination = PSRP_TO_SERVER, .type = PSRP_PUBLIC_KEY, .pool = shell->pool };
    struct buf blob = BUF_INIT(BUF_SMALL), text = BUF_INIT(BUF_SMALL);
    bool good = session_key_public(shell->key, &blob, NULL);
    shell->key_due = false;
    if (good) {
        psrp_public_key(buf_str(&blob), &text);
        psrp_send(&head, buf_str(&text), &shell->objects, fragments);
    }
    buf_free(&blob);
    buf_free(&text);
    return good;
}

/* True while something is on its way: one after the other, in the order of their numbers. */
static bool flush(struct rps_shell *shell)
{
    struct buf envelope = BUF_INIT(SIZE_MAX), fragments = BUF_INIT(SIZE_MAX);
    struct str all = buf_str(&shell->answers);
    struct rps_ask request = { .action = "Send", .timeout_ms = patience(shell), .unrepeatable = true };
    if (shell->sending) {
        return true;
    }
    if (all.len) {
        struct str part = psrp_cut(&all, WSMAN_ROOM);
        wsman_input(&shell->wsman, "", true, part, &request.id, &envelope);
        buf_drop_front(&shell->answers, part.len);
    } else if (shell->key_due && put_key(shell, &fragments)) {
        wsman_input(&shell->wsman, "", false, buf_str(&fragments), &request.id, &envelope);
    }
    if (envelope.len) {
        request.envelope = buf_str(&envelope);
        shell->sending = rps_link_ask(shell->link, &request, on_flushed, shell);
    }
    buf_free(&envelope);
    buf_free(&fragments);
    return shell->sending != NULL;
}

/* The next step, when nothing is to be sent any more. */
static void settle(struct rps_shell *shell)
{
    if (flush(shell)) {
        return;
    }
    if (shell->stage == WAITING && shell->capable && shell->opened) {
        now_open(shell);
    } else if ((shell->stage == WAITING || shell->key_ready) && !shell->exchange) {
        receive(shell);
    }
}

static void on_received(void *context, const struct wsman_answer *answer, const char *location, const struct err *err)
{
    struct rps_shell *shell = context;
    struct err why = { 0 };
    shell->exchange = NULL;
    enter(shell);
    bool timed_out = answer && wsman_timed_out(answer);
    uint64_t before = rps_inbox_bytes(shell->inbox);
    bool good = timed_out || (is_good(answer, location, err, &why) && rps_inbox_take(shell->inbox, answer, &why));
    if (shell->dead || shell->stage >= FAILED) {
        leave(shell);
        return;
    }
    shell->empty_handed = !timed_out && rps_inbox_bytes(shell->inbox) == before;
    if (!good) {
        fail(shell, &why);
        tell_key(shell, &why);
    } else {
        settle(shell);
    }
    leave(shell);
}

/* ---- opening ---- */

static void create(struct rps_shell *shell);

static void on_sent(void *context, const struct wsman_answer *answer, const char *location, const struct err *err);

/* What did not fit into the first envelope, then the answers. */
static void send_rest(struct rps_shell *shell)
{
    if (shell->rest.len) {
        struct buf envelope = BUF_INIT(SIZE_MAX);
        struct guid id;
        shell->stage = SENDING;
        wsman_input(&shell->wsman, "", false, psrp_cut(&shell->rest, WSMAN_ROOM), &id, &envelope);
        ask(shell, &envelope, (struct rps_ask){ .action = "Send", .id = id, .timeout_ms = patience(shell), .unrepeatable = true }, on_sent);
    } else {
        shell->stage = WAITING;
        receive(shell);
    }
}

static void on_sent(void *context, const struct wsman_answer *answer, const char *location, const struct err *err)
{
    struct rps_shell *shell = context;
    struct err why = { 0 };
    shell->exchange = NULL;
    if (is_good(answer, location, err, &why)) {
        send_rest(shell);
    } else {
        fail(shell, &why);
    }
}

static void use_address(struct rps_shell *shell)
{
    struct http_url parts;
    shell->link_config.url = buf_cstr(&shell->url);
    shell->wsman.uri = buf_cstr(&shell->url);
    rps_link_release(shell->link);
    shell->link = rps_link_new(&shell->link_config);
    free(shell->host);
    shell->host = mem_text(http_url_parse(buf_cstr(&shell->url), &parts) ? parts.host : "");
}

/* The same opening data in a fresh envelope, as a new connection with cookies of its own. */
static void move(struct rps_shell *shell, const char *location)
{
    struct buf next = BUF_INIT(BUF_SMALL);
    struct err err = { 0 };
    bool good = shell->redirects < shell->most_redirects;
    if (!good && !shell->most_redirects) {
        err_set(&err, ERR_PROTOCOL, "The server sent us elsewhere, and MaximumRedirection is 0");
        err_advise(&err, "Leave it out of -PSSessionOption, or give the regional address as -ConnectionUri.");
    } else if (!good) {
        err_set(&err, ERR_PROTOCOL, "The server sent us elsewhere more than %d times, at last to %.200s", shell->most_redirects, location);
        err_advise(&err, "MaximumRedirection in -PSSessionOption sets how often that is followed.");
    } else {
        good = rps_redirect(shell->cloud, buf_cstr(&shell->url), location, &next, &err);
    }
    if (good) {
        shell->redirects++;
        buf_free(&shell->url);
        shell->url = next;
        use_address(shell);
        shell->events.moved(shell->context, shell->host);
        create(shell);
    } else {
        buf_free(&next);
        fail(shell, &err);
    }
}

static void say_goodbye(struct rps_shell *shell);

/* The answer to Create never came, and nobody waits any longer. */
static void tell_unknown(struct rps_shell *shell)
{
    if (shell->leaked) {
        char *text = mem_format("%s did not say whether it opened a remote session: if it did, that counts as one of three until it times out there.", shell->host);
        shell->leaked(shell->leak_context, text);
        free(text);
    }
}

static void on_created(void *context, const struct wsman_answer *answer, const char *location, const struct err *err)
{
    struct rps_shell *shell = context;
    struct err why = { 0 };
    bool good = !location && is_good(answer, location, err, &why) &&
                wsman_shell_id(answer, shell->wsman.shell_id, sizeof shell->wsman.shell_id, &why);
    bool lost = err && (rps_link_misread(shell->link) || (err->kind == ERR_NETWORK && !lost_before_sent(err)));
    if (answer && answer->fault) {
        wsman_fault_err(answer, true, &why);
    }
    shell->exchange = NULL;
    shell->creating = false;
    shell->unsure = lost || (answer && !answer->fault && !good);
    enter(shell);
    if (good && shell->keeps_notes) {
        shell_note_write(&shell->note, shell->host, shell->user, &shell->wsman);
    }
    if (shell->stage == CLOSING) {
        timers_cancel(shell->timers, shell->timer);
        shell->timer = 0;
        say_goodbye(shell);
    } else if (shell->stage == FAILED) {
        /* Too late: whoever closes it will find the id. */
    } else if (location) {
        move(shell, location);
    } else if (good) {
        send_rest(shell);
    } else {
        fail(shell, &why);
    }
    leave(shell);
}

static void create(struct rps_shell *shell)
{
    struct buf envelope = BUF_INIT(SIZE_MAX);
    struct guid id;
    shell->rest = buf_str(&shell->opening);
    const struct wsman_creation creation = {
        .pool = shell->pool, .idle_timeout_ms = shell->idle_timeout_ms, .no_profile = shell->no_profile,
        .opening = psrp_cut(&shell->rest, WSMAN_ROOM),
    };
    shell->stage = CREATING;
    shell->creating = true;
    wsman_create(&shell->wsman, &creation, &id, &envelope);
    ask(shell, &envelope, (struct rps_ask){ .action = "Create", .id = id, .timeout_ms = patience(shell), .once = true, .farewell = true }, on_created);
}

static void on_open_timeout(void *context)
{
    struct rps_shell *shell = context;
    struct err err = { 0 };
    shell->timer = 0;
    err_set(&err, ERR_NETWORK, "The remote session did not open in time");
    err_advise(&err, "OpenTimeout in -PSSessionOption sets how long it may take.");
    fail(shell, &err);
}

static void make_opening(struct rps_shell *shell, const struct remote_options *options)
{
    struct buf text = BUF_INIT(BUF_LARGE);
    struct psrp_head head = { .destination = PSRP_TO_SERVER, .type = PSRP_SESSION_CAPABILITY, .pool = shell->pool };
    shell->opening = (struct buf)BUF_INIT(SIZE_MAX);
    psrp_session_capability(&text);
    psrp_send(&head, buf_str(&text), &shell->objects, &shell->opening);
    buf_clear(&text);
    head.type = PSRP_INIT_RUNSPACEPOOL;
    psrp_init_runspacepool(true, options->application_arguments, &text);
    psrp_send(&head, buf_str(&text), &shell->objects, &shell->opening);
    buf_free(&text);
}

/* The token decides; of an application the name is only for logs (section 2). */
static char *user_of(const struct session_config *config)
{
    return config->app_only || !*config->upn ? mem_format("OAuthUser@%s", config->tenant_id) : mem_text(config->upn);
}

static void use_options(struct rps_shell *shell, const struct session_config *config, const struct remote_options *options)
{
    shell->locale = mem_text(options->ui_culture && *options->ui_culture ? options->ui_culture : config->locale);
    shell->data_locale = mem_text(options->culture && *options->culture ? options->culture : config->locale);
    shell->wsman = (struct wsman_shell){
        .session = guid_new(), .locale = shell->locale, .data_locale = shell->data_locale,
        .operation_timeout_ms = options->operation_timeout_ms > 0 ? options->operation_timeout_ms : 180000,
    };
    shell->most_redirects = options->maximum_redirection < REDIRECTS_MOST && options->maximum_redirection >= 0 ? options->maximum_redirection : REDIRECTS_MOST;
    shell->receive_repeats = options->max_connection_retries;
    shell->idle_timeout_ms = options->idle_timeout_ms;
    shell->cancel_timeout_ms = options->cancel_timeout_ms;
    shell->no_profile = options->no_machine_profile;
}

struct rps_shell *rps_shell_open(const struct session_config *config, const struct remote_options *options,
                                 const struct rps_shell_events *events, void *context, struct err *err)
{
    struct rps_shell *shell = MEM_NEW(struct rps_shell);
    struct guid connection = guid_new();
    shell->events = *events;
    shell->context = context;
    shell->cloud = config->cloud;
    shell->http = config->http;
    shell->timers = config->timers;
    shell->pool = guid_new();
    shell->objects = 1;
    shell->answers = (struct buf)BUF_INIT(BUF_LARGE);
    shell->protocol_minor = PSRP_PROTOCOL_MINOR;
    shell->user = user_of(config);
    shell->url = (struct buf)BUF_INIT(BUF_SMALL);
    shell->leaked = config->leaked;
    shell->leak_context = config->leak_context;
    shell->keeps_notes = config->keep_notes;
    shell->inbox = rps_inbox_new(options->max_object_bytes, on_message, shell);
    use_options(shell, config, options);
    shell->link_config = (struct rps_link_config){
        .http = config->http, .timers = config->timers, .user = shell->user, .hosts = config->cloud->remote_hosts, .bearer = config->bearer,
        .refresh = config->refresh, .token_context = config->token_context, .tag = config->tag, .direct = options->direct,
        .proxy_login = options->proxy_login,
        .retry_base_ms = config->retry_base_ms,
    };
    if (!rps_address(config, &connection, &shell->url, err)) {
        free_shell(shell);
        return NULL;
    }
    make_opening(shell, options);
    use_address(shell);
    int limit = options->open_timeout_ms > 0 && options->open_timeout_ms < LONGEST_OPEN_MS ? options->open_timeout_ms : LONGEST_OPEN_MS;
    shell->timer = timers_after(shell->timers, limit, on_open_timeout, shell);
    create(shell);
    return shell;
}

/* ---- the farewell ---- */

static void tell_leaked(struct rps_shell *shell, const char *why)
{
    if (shell->leaked) {
        char *text = mem_format("The remote session on %s could not be ended (%s): it counts as one of three until it times out there.", shell->host, why);
        shell->leaked(shell->leak_context, text);
        free(text);
    }
}

static void on_deleted(void *context, const struct wsman_answer *answer, const char *location, const struct err *err)
{
    struct rps_shell *shell = context;
    struct err why = { 0 };
    shell->exchange = NULL;
    bool ended = is_good(answer, location, err, &why) || (answer && wsman_is_gone(answer));
    if (!ended) {
        tell_leaked(shell, why.text);
    }
    shell_note_drop(&shell->note, ended);
    end(shell);
}

/* Nobody waits for the answer to Create as long as the server may take for it. */
static void on_created_late(void *context)
{
    struct rps_shell *shell = context;
    shell->timer = 0;
    rps_exchange_cancel(shell->exchange);
    shell->exchange = NULL;
    shell->unsure = true;
    say_goodbye(shell);
}

/* There is nothing to delete before the server gave a shell. */
static void say_goodbye(struct rps_shell *shell)
{
    struct buf envelope = BUF_INIT(SIZE_MAX);
    struct guid id;
    int limit = shell->cancel_timeout_ms > 0 && shell->cancel_timeout_ms < FAREWELL_MS ? shell->cancel_timeout_ms : FAREWELL_MS;
    if (!*shell->wsman.shell_id) {
        if (shell->unsure) {
            tell_unknown(shell);
        }
        end(shell);
        return;
    }
    wsman_delete(&shell->wsman, &id, &envelope);
    ask(shell, &envelope, (struct rps_ask){ .action = "Delete", .id = id, .timeout_ms = limit, .farewell = true }, on_deleted);
}

void rps_shell_close(struct rps_shell *shell)
{
    if (!shell) {
        return;
    }
    shell->stage = CLOSING;
    shell->key_ready = NULL;
    timers_cancel(shell->timers, shell->timer);
    shell->timer = 0;
    rps_link_close(shell->link);
    rps_exchange_cancel(shell->sending);
    shell->sending = NULL;
    if (shell->creating) {
        shell->timer = timers_after(shell->timers, LAST_CREATE_MS, on_created_late, shell);
    } else {
        rps_exchange_cancel(shell->exchange);
        shell->exchange = NULL;
        say_goodbye(shell);
    }
}

/* ---- what pipelines need ---- */

struct rps_link *rps_shell_link(struct rps_shell *shell)
{
    return shell->link;
}

const struct wsman_shell *rps_shell_wsman(const struct rps_shell *shell)
{
    return &shell->wsman;
}

const struct guid *rps_shell_pool(const struct rps_shell *shell)
{
    return &shell->pool;
}

uint64_t *rps_shell_objects(struct rps_shell *shell)
{
    return &shell->objects;
}

const char *rps_shell_host(const struct rps_shell *shell)
{
    return shell->host;
}

const struct rps_private_data *rps_shell_private_data(const struct rps_shell *shell)
{
    return &shell->private;
}

int rps_shell_protocol(const struct rps_shell *shell)
{
    return shell->protocol_minor;
}

void rps_shell_look(struct rps_shell *shell)
{
    if (shell->stage == OPEN && !shell->exchange) {
        receive(shell);
    }
}

/* ---- the key for secure values ---- */

static void on_key_failed(void *context)
{
    struct rps_shell *shell = context;
    struct err err;
    shell->timer = 0;
    err_set(&err, ERR_SYSTEM, "The key for secure values cannot be made");
    enter(shell);
    tell_key(shell, &err);
    leave(shell);
}

/* One that the server asked for earlier is only waited for. */
void rps_shell_need_key(struct rps_shell *shell, void (*ready)(void *context, const struct err *err), void *context)
{
    shell->key_ready = ready;
    shell->key_context = context;
    if (shell->key || make_key(shell)) {
        settle(shell);
    } else {
        shell->timer = timers_after(shell->timers, 0, on_key_failed, shell);
    }
}

void rps_shell_key_asked(struct rps_shell *shell)
{
    if (make_key(shell)) {
        (void)flush(shell);
    }
}

const struct session_key *rps_shell_key(const struct rps_shell *shell)
{
    return session_key_ready(shell->key) ? shell->key : NULL;
}
