#include "engine/engine.h"

#include <pthread.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "auth/token_cache.h"
#include "base/mem.h"
#include "engine/connection.h"
#include "engine/job.h"
#include "session/rest/module_cache.h"

/* Each has a sign-in, a session and a catalogue of a few megabytes; more tenants at once than this is a mistake. */
#define MAX_CONNECTIONS 16
#define FAREWELL_MS 8000        /* a little more than a remote session gives itself */
/* Of a request's body in the log: what a person types fits, a file that is uploaded does not. */
#define BODY_SHOWN ((size_t)16 * 1024)

struct pending_run;

struct engine {
    struct engine_config config;    /* texts owned */
    struct mailbox *commands, *events;
    struct timers *timers;
    struct variables *variables;
    struct http *http;
    char *store_directory;
    bool ready, broken, quitting;
    struct connection *connections[MAX_CONNECTIONS];
    struct job **jobs;
    size_t job_count, job_capacity;
    struct pending_run *pending;    /* commands that wait for a renewed token */
    pthread_t thread;
    bool has_thread, over;
    struct buf leaked;              /* remote shells that could not be ended, a line each */
};

/* A run whose connection is renewing its token. */
struct pending_run {
    struct engine *engine;
    uint64_t job, connection;
    struct pipeline *pipeline;
    bool go_on;                 /* a read that broke */
    size_t prepared;            /* stages whose connection has its token */
    struct pending_run *next;
};

/* ---- looking up ---- */

static struct connection **connection_slot(struct engine *engine, uint64_t id)
{
    for (size_t i = 0; i < MAX_CONNECTIONS; i++) {
        if (engine->connections[i] && connection_id(engine->connections[i]) == id) {
            return &engine->connections[i];
        }
    }
    return NULL;
}

static struct connection **free_slot(struct engine *engine)
{
    for (size_t i = 0; i < MAX_CONNECTIONS; i++) {
        if (!engine->connections[i]) {
            return &engine->connections[i];
        }
    }
    return NULL;
}

static struct job *find_job(struct engine *engine, uint64_t id)
{
    for (size_t i = 0; i < engine->job_count; i++) {
        if (job_id(engine->jobs[i]) == id) {
            return engine->jobs[i];
        }
    }
    return NULL;
}

/* Answers to a command carry its numbers, because the front end finds the waiting screen by them. */
static void post_failure(struct engine *engine, enum message_kind kind, const struct message *command, const struct err *err)
{
    struct message *message = message_new(kind);
    message->connection = command->connection;
    message->job = command->job;
    message_set_err(message, err);
    mailbox_post(engine->events, message);
}

/* ---- commands ---- */

/* Jobs of a connection end with it; their tables stay readable. */
static void close_connection(struct engine *engine, struct connection **slot)
{
    struct err err;
    uint64_t id = connection_id(*slot);
    err_set(&err, ERR_CANCELLED, "The connection was closed.");
    /* First the jobs, which cancel their transfers in the session that goes with the connection. */
    for (size_t i = 0; i < engine->job_count; i++) {
        if (job_uses(engine->jobs[i], id)) {
            job_fail(engine->jobs[i], &err);
        }
    }
    connection_free(*slot);
    *slot = NULL;
}

static void on_leaked(void *context, const char *text)
{
    struct engine *engine = context;
    buf_format(&engine->leaked, "%s\n", text);
}

/* Connecting again under a number that is in use replaces the connection: its jobs lose their session and say so. */
static void command_connect(struct engine *engine, struct message *command)
{
    const struct connection_context context = {
        .events = engine->events,
        .timers = engine->timers,
        .http = engine->http,
        .locale = engine->config.locale,
        .leaked = on_leaked,
        .leak_context = engine,
    };
    struct connection **slot = connection_slot(engine, command->connection);
    struct err err = { 0 };
    /* Gone before the new one is made: both would answer under one number. */
    if (slot) {
        close_connection(engine, slot);
    }
    slot = free_slot(engine);
    if (!slot || !command->options) {
        err_set(&err, ERR_INPUT, "There are already %d connections open.", MAX_CONNECTIONS);
        err_advise(&err, "Disconnect one that is no longer needed.");
        post_failure(engine, EVENT_CONNECT_FAILED, command, &err);
        return;
    }
    *slot = connection_new(&context, command->connection, command->options, command->flag);
}

static void command_disconnect(struct engine *engine, struct message *command)
{
    struct connection **slot = connection_slot(engine, command->connection);
    if (slot) {
        close_connection(engine, slot);
    }
    /* Said for an unknown number as well: the front end drops its tab on this event and on no other. */
    struct message *message = message_new(EVENT_DISCONNECTED);
    message->connection = command->connection;
    mailbox_post(engine->events, message);
}

/* No event: the front end has left the sign-in already and would not know what to do with news of it. */
static void command_connect_cancel(struct engine *engine, struct message *command)
{
    struct connection **slot = connection_slot(engine, command->connection);
    if (slot) {
        close_connection(engine, slot);
    }
}

/* What the options name, or all of it, in every place where it may be. */
static bool forget_kept(const struct options *options, struct message *answer, struct err *err)
{
    const char *name = options_get(options, OPT_TOKEN_CACHE), *user = options_get(options, OPT_USER_PRINCIPAL_NAME);
    enum token_cache_place place = TOKEN_CACHE_AUTO;
    (void)(*name && token_cache_place_by_name(name, &place));
    struct token_cache *cache = token_cache_open(place, NULL, err);
    if (!cache) {
        return false;
    }
    struct token_cache_forgotten gone;
    bool good = token_cache_forget(cache, "", user, &gone, err);
    answer->number = (int64_t)gone.accounts;
    answer->text = mem_text(*gone.places ? gone.places : token_cache_reason(cache));
    token_cache_close(cache);
    return good;
}

static void command_sign_out(struct engine *engine, struct message *command)
{
    struct message *answer = message_new(EVENT_SIGNED_OUT);
    struct err err = { 0 };
    module_cache_drop_all();
    if (command->options && !forget_kept(command->options, answer, &err)) {
        message_set_err(answer, &err);
    }
    mailbox_post(engine->events, answer);
}

static void approval_done(void *context, const struct http_response *response, const struct err *err)
{
    (void)context;      /* the sign-in itself tells what became of it */
    (void)response;
    (void)err;
}

/* What the person at the demo tenant's page would press; only with its control key, which no real service has. */
static void command_demo_approve(struct engine *engine, struct message *command)
{
    struct connection **slot = connection_slot(engine, command->connection);
    /* No code on the screen means that there is nothing to approve, for example after a double key press. */
    if (!slot || !engine->config.demo_control || !*connection_user_code(*slot)) {
        return;
    }
    const struct http_handlers handlers = { .done = approval_done };
    struct err err = { 0 };
    struct buf body = BUF_INIT(BUF_SMALL);
    char *url = mem_format("%s/approve", engine->config.demo_control);
    buf_text(&body, "{\"user_code\":");
    json_print_string(str_of(connection_user_code(*slot)), &body);
    buf_text(&body, "}");
    const struct http_request request = {
        .method = "POST",
        .url = url,
        .headers = { { "Content-Type", "application/json" }, { "X-Control-Key", engine->config.demo_key } },
        .body = buf_str(&body),
    };
    if (!http_send(engine->http, &request, &handlers, NULL, &err)) {
        post_failure(engine, EVENT_CONNECT_FAILED, command, &err);
    }
    buf_free(&body);
    free(url);
}

static void pending_free(struct engine *engine, struct pending_run *run)
{
    /* From the list first: whoever frees it at the end of the engine walks the list. */
    struct pending_run **link = &engine->pending;
    while (*link && *link != run) {
        link = &(*link)->next;
    }
    if (*link) {
        *link = run->next;
    }
    pipeline_free(run->pipeline);
    free(run);
}

/* The session of each stage, the caller's to free; NULL with err when a connection is not there. */
static struct session **sessions_of(struct engine *engine, const struct pending_run *run, struct err *err)
{
    size_t count = run->go_on ? 1 : run->pipeline->count;
    struct session **sessions = mem_array(count + 1, sizeof *sessions);
    for (size_t i = 0; i < count; i++) {
        const struct stage *stage = run->go_on ? NULL : &run->pipeline->stages[i];
        if (stage && stage->kind != STAGE_CMDLET) {
            continue;
        }
        struct connection **slot = connection_slot(engine, stage && stage->connection ? stage->connection : run->connection);
        if (!slot) {
            err_set(err, ERR_AUTH_REQUIRED, "There is no such connection.");
        }
        sessions[i] = slot ? connection_session(*slot, err) : NULL;
        if (!sessions[i]) {
            free(sessions);
            return NULL;
        }
    }
    return sessions;
}

/* Between the command and this call the connection may have been closed and the job discarded: both are looked up
   anew. */
static void start_pending(struct pending_run *run, const struct err *refused)
{
    struct engine *engine = run->engine;
    struct job *job = find_job(engine, run->job);
    struct connection **slot = connection_slot(engine, run->connection);
    struct err err = { 0 };
    struct session **sessions = refused ? NULL : sessions_of(engine, run, &err);
    if (sessions && slot) {
        run->pipeline->tenant = mem_text(connection_keeps_for(*slot));
    }
    if (job && sessions && run->go_on) {
        job_continue(job, sessions[0]);
    } else if (job && sessions) {
        job_start(job, sessions, run->pipeline);
        run->pipeline = NULL;
    } else if (job) {
        job_fail(job, refused ? refused : &err);
    }
    free(sessions);
    pending_free(engine, run);
}

static void prepare_next(struct pending_run *run);

static void on_prepared(void *context, const struct err *refused)
{
    struct pending_run *run = context;
    if (refused) {
        start_pending(run, refused);
    } else {
        prepare_next(run);
    }
}

/* Each connection that the line speaks to, one after the other. The call may answer at once, and be the last of the run. */
static void prepare_next(struct pending_run *run)
{
    while (run->prepared < run->pipeline->count) {
        const struct stage *stage = &run->pipeline->stages[run->prepared++];
        struct connection **slot = stage->kind == STAGE_CMDLET
                                       ? connection_slot(run->engine, stage->connection ? stage->connection : run->connection) : NULL;
        if (slot) {
            connection_prepare(*slot, run->pipeline, on_prepared, run);
            return;
        }
    }
    start_pending(run, NULL);
}

/* Waits for the token, and for the session that the cmdlets need. */
static void queue_run(struct engine *engine, struct message *command, bool go_on)
{
    struct pending_run *run = MEM_NEW(struct pending_run);
    *run = (struct pending_run){
        .engine = engine,
        .job = command->job,
        .connection = command->connection,
        .pipeline = command->pipeline,
        .go_on = go_on,
        .next = engine->pending,
    };
    /* It changes hands here; message_free must find none. */
    command->pipeline = NULL;
    engine->pending = run;
    struct connection **slot = go_on ? connection_slot(engine, command->connection) : NULL;
    if (slot) {
        connection_prepare(*slot, run->pipeline, on_prepared, run);
    } else {
        prepare_next(run);
    }
}

/* The job exists at once, so that it can be cancelled while the token is still being renewed. */
static void command_run(struct engine *engine, struct message *command)
{
    const struct job_context context = {
        .events = engine->events,
        .timers = engine->timers,
        .variables = engine->variables,
        .store_directory = engine->store_directory,
    };
    /* A job without a store has told of its own end already. */
    struct job *job = job_new(&context, command->job, command->connection);
    if (!job) {
        return;
    }
    MEM_ROOM(engine->jobs, engine->job_count, engine->job_capacity);
    engine->jobs[engine->job_count++] = job;

    queue_run(engine, command, false);
}

/* The rows so far stay readable whatever becomes of it. */
static void command_continue(struct engine *engine, struct message *command)
{
    if (find_job(engine, command->job)) {
        command->pipeline = pipeline_new();
        queue_run(engine, command, true);
    }
}

static void command_answer(struct engine *engine, struct message *command)
{
    struct job *job = find_job(engine, command->job);
    if (job) {
        job_answer(job, (enum flow_answer)command->number);
    }
}

static void command_cancel(struct engine *engine, struct message *command)
{
    struct job *job = find_job(engine, command->job);
    if (job) {
        job_cancel(job);
    }
}

static void command_pause(struct engine *engine, struct message *command)
{
    struct job *job = find_job(engine, command->job);
    if (job) {
        job_pause(job, command->flag);
    }
}

static void command_arrange(struct engine *engine, struct message *command)
{
    struct job *job = find_job(engine, command->job);
    if (job && command->arrangement) {
        job_arrange(job, command->view, command->arrangement);
    }
}

static void command_find(struct engine *engine, struct message *command)
{
    struct job *job = find_job(engine, command->job);
    if (job) {
        job_find(job, command);
    }
}

static void command_discard(struct engine *engine, struct message *command)
{
    for (size_t i = 0; i < engine->job_count; i++) {
        if (job_id(engine->jobs[i]) == command->job) {
            job_free(engine->jobs[i]);
            /* The order of jobs means nothing, so the last one fills the gap. */
            engine->jobs[i] = engine->jobs[--engine->job_count];
            return;
        }
    }
}

static void command_quit(struct engine *engine, struct message *command)
{
    (void)command;
    engine->quitting = true;
}

/* Commands beyond the last one cannot come from this program; they are dropped, not trusted. */
static void dispatch(struct engine *engine, struct message *command)
{
    static void (*const handlers[])(struct engine *, struct message *) = {
        [COMMAND_CONNECT] = command_connect,
        [COMMAND_CONNECT_CANCEL] = command_connect_cancel,
        [COMMAND_DISCONNECT] = command_disconnect,
        [COMMAND_SIGN_OUT] = command_sign_out,
        [COMMAND_DEMO_APPROVE] = command_demo_approve,
        [COMMAND_RUN] = command_run,
        [COMMAND_ANSWER] = command_answer,
        [COMMAND_CONTINUE] = command_continue,
        [COMMAND_CANCEL] = command_cancel,
        [COMMAND_PAUSE] = command_pause,
        [COMMAND_ARRANGE] = command_arrange,
        [COMMAND_FIND] = command_find,
        [COMMAND_DISCARD] = command_discard,
        [COMMAND_QUIT] = command_quit,
    };
    if (command->kind <= COMMAND_QUIT) {
        handlers[command->kind](engine, command);
    }
    message_free(command);
}

/* ---- the log of requests ---- */

/* The observer's texts end with its callback, so everything is copied; secrets are already out of them. */
static void on_exchange(void *context, const struct http_exchange *exchange)
{
    struct engine *engine = context;
    struct message *message = message_new(EVENT_EXCHANGE);
    struct exchange_record *record = MEM_NEW(struct exchange_record);
    *record = (struct exchange_record){
        .started_unix = exchange->started_unix,
        .elapsed_ms = exchange->elapsed_ms,
        .status = exchange->status,
        .sent_bytes = exchange->sent_bytes,
        .received_bytes = exchange->received_bytes,
        .url = mem_text(exchange->url),
        .purpose = mem_text(exchange->purpose),
        .client_request_id = mem_text(exchange->client_request_id),
        .request_id = mem_text(exchange->request_id),
        .request_headers = mem_text(exchange->request_headers),
        .response_headers = mem_text(exchange->response_headers),
        .request_body = str_dup(str_take(exchange->request_body, BODY_SHOWN)),
    };
    str_copy(record->method, sizeof record->method, exchange->method);
    str_copy(record->error, sizeof record->error, exchange->err ? exchange->err->text : "");
    message->exchange = record;
    mailbox_post(engine->events, message);
}

/* ---- life ---- */

static const char *environment_locale(void)
{
    static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value && *value) {
            return value;
        }
    }
    return "";
}

/* ASCII by hand: isalpha would ask the very locale that is being examined. */
static bool are_letters(struct str s, size_t fewest, size_t most)
{
    bool good = s.len >= fewest && s.len <= most;
    for (size_t i = 0; good && i < s.len; i++)
        good = (s.data[i] >= 'a' && s.data[i] <= 'z') || (s.data[i] >= 'A' && s.data[i] <= 'Z');
    return good;
}

/* de_AT.UTF-8 and fr_FR@euro -> de-AT, fr-FR; pt -> pt; C, POSIX and anything odd -> en-US (rest.md section 3,
   Accept-Language). */
static char *locale_tag(const char *locale)
{
    struct str text = str_of(locale ? locale : environment_locale()), name, language, region;
    str_cut(&text, '.', &name);
    text = name;
    str_cut(&text, '@', &name);
    region = name;
    bool both = str_cut(&region, name.len && memchr(name.data, '_', name.len) ? '_' : '-', &language);
    if (!are_letters(language, 2, 3) || (both && !are_letters(region, 2, 2)))
        return mem_text("en-US");
    return mem_format("%.*s%s%.*s", STR_ARG(language), both ? "-" : "", STR_ARG(region));
}

/* Cheap on purpose: the first screen is drawn before the engine's parts are made (make_ready). */
struct engine *engine_new(const struct engine_config *config, struct err *err)
{
    struct engine *engine = MEM_NEW(struct engine);
    engine->config = (struct engine_config){
        .ca_file = mem_text(config->ca_file),
        .proxy = mem_text(config->proxy),
        .demo_control = mem_text(config->demo_control),
        .demo_key = mem_text(config->demo_key),
        .locale = locale_tag(config->locale),
    };
    engine->leaked = (struct buf)BUF_INIT(BUF_SMALL);
    engine->commands = mailbox_new(err);
    engine->events = engine->commands ? mailbox_new(err) : NULL;
    if (!engine->events) {
        engine_free(engine);
        return NULL;
    }
    return engine;
}

static void free_config(struct engine_config *config)
{
    const char *texts[] = { config->ca_file, config->proxy, config->demo_control, config->demo_key, config->locale };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        union { const char *constant; char *owned; } text = { .constant = texts[i] };
        free(text.owned);
    }
}

/* Jobs before connections, connections before http: each uses what comes after it. */
const char *engine_farewell(struct engine *engine, int hurry_fd)
{
    if (engine->over) {
        return buf_cstr(&engine->leaked);
    }
    engine->over = true;
    engine_stop(engine);
    for (size_t i = 0; i < engine->job_count; i++) {
        job_free(engine->jobs[i]);
    }
    engine->job_count = 0;      /* runs that wait for a token look for theirs when their connection goes */
    for (size_t i = 0; i < MAX_CONNECTIONS; i++) {
        connection_free(engine->connections[i]);
    }
    while (engine->pending) {
        pending_free(engine, engine->pending);
    }
    if (engine->http) {
        http_settle(engine->http, hurry_fd, FAREWELL_MS);
    }
    return buf_cstr(&engine->leaked);
}

void engine_free(struct engine *engine)
{
    if (!engine) {
        return;
    }
    engine_farewell(engine, -1);
    http_free(engine->http);
    timers_free(engine->timers);
    variables_free(engine->variables);
    if (engine->store_directory) {
        store_directory_remove(engine->store_directory);
    }
    free(engine->store_directory);
    free(engine->jobs);
    mailbox_free(engine->commands);
    mailbox_free(engine->events);
    free_config(&engine->config);
    buf_free(&engine->leaked);
    free(engine);
}

struct mailbox *engine_commands(struct engine *engine)
{
    return engine->commands;
}

struct mailbox *engine_events(struct engine *engine)
{
    return engine->events;
}

/* The heavy parts, on the first turn. */
static void make_ready(struct engine *engine)
{
    struct err err = { 0 };
    engine->ready = true;
    engine->timers = timers_new();
    engine->variables = variables_new();
    const struct http_config config = {
        .ca_file = engine->config.ca_file,
        .proxy = engine->config.proxy,
        .timers = engine->timers,
    };
    engine->http = http_new(&config, &err);
    engine->store_directory = engine->http ? store_directory(&err) : NULL;
    if (!engine->store_directory) {
        struct message *message = message_new(EVENT_ENGINE_FAILED);
        engine->broken = true;
        message_set_err(message, &err);
        mailbox_post(engine->events, message);
        return;
    }
    http_observe(engine->http, on_exchange, engine);
}

/* Without its parts the engine only waits to be told to quit. */
static bool broken_turn(struct engine *engine)
{
    struct message *command = mailbox_take(engine->commands);
    if (!command) {
        /* Slow enough to cost nothing, short enough that quitting is not felt. */
        struct timespec pause = { .tv_nsec = 20L * 1000 * 1000 };
        nanosleep(&pause, NULL);
        return true;
    }
    bool quit = command->kind == COMMAND_QUIT;
    message_free(command);
    return !quit;
}

/* What failed to connect has been told; it must not keep a place and its secrets until somebody disconnects it. Not from
   inside its own callbacks, but here. */
static void drop_failed(struct engine *engine)
{
    for (size_t i = 0; i < MAX_CONNECTIONS; i++) {
        if (engine->connections[i] && connection_failed(engine->connections[i])) {
            close_connection(engine, &engine->connections[i]);
        }
    }
}

/* Commands are taken after the transfers' events, so that a cancel meets the newest state. */
bool engine_turn(struct engine *engine, int timeout_ms)
{
    if (!engine->ready) {
        make_ready(engine);
    }
    if (engine->broken) {
        return broken_turn(engine);
    }
    http_turn(engine->http, mailbox_fd(engine->commands), timeout_ms);
    /* A quit ends the turn at once; what stands behind it in the box is freed with the box. */
    for (struct message *command; !engine->quitting && (command = mailbox_take(engine->commands));) {
        dispatch(engine, command);
    }
    drop_failed(engine);
    return !engine->quitting;
}

static void *thread_main(void *context)
{
    struct engine *engine = context;
    while (engine_turn(engine, -1)) {
    }
    return NULL;
}

bool engine_start(struct engine *engine, struct err *err)
{
    sigset_t all, before;
    sigfillset(&all);
    /* Signals belong to the front end's thread; a new one inherits the mask, so all are blocked while it is made. */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&engine->thread, NULL, thread_main, engine);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed) {
        errno = failed;
        return err_errno(err, "cannot start the engine thread");
    }
    engine->has_thread = true;
    return true;
}

void engine_stop(struct engine *engine)
{
    if (!engine->has_thread) {
        return;
    }
    /* In the box like any command: a turn is never interrupted in its middle. */
    mailbox_post(engine->commands, message_new(COMMAND_QUIT));
    pthread_join(engine->thread, NULL);
    engine->has_thread = false;
}
