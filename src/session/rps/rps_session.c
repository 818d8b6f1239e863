/* Remote PowerShell behind the contract of every session: one shell, one command at a time, the others wait in line (rps.md
   section 11). A shell that vanished is replaced when the next command comes. */
#include <stdlib.h>

#include "auth/oauth.h"
#include "base/mem.h"
#include "base/text.h"
#include "session/rps/command_cache.h"
#include "session/rps/psrp_messages.h"
#include "session/rps/rps_config.h"
#include "session/rps/rps_encode.h"
#include "session/rps/rps_format.h"
#include "session/rps/rps_object.h"
#include "session/rps/rps_pipeline.h"

static const char opening_title[] = "Opening a remote session", listing_title[] = "Reading the list of cmdlets";

/* How long a command that runs may take to stop before the shell is ended all the same. */
#define PARTING_MS 2000

enum state { OPENING, LISTING, READY, LOST, REOPENING };

struct rps_session;

struct session_run {
    struct rps_session *session;
    struct session_run *next;
    struct run_listener listener;
    struct invocation *invocation;
    struct rps_pipeline *pipeline;
    struct object object;
    int64_t objects;
    char *question;
    bool paused, finished, retried, again, told_to_wait;
};

struct rps_session {
    struct session base;
    struct session_config config;           /* its texts are owned copies */
    struct remote_options options;          /* so are these */
    struct session_listener listener;
    enum state state;
    struct rps_shell *shell;
    struct rps_pipeline *listing;           /* reads the list of cmdlets */
    struct catalogue *catalogue;            /* on its way */
    struct buf to_keep;                     /* what it is made of, when it can be kept */
    bool listed_by_pipeline;                /* the second way to ask for it */
    struct err listing_error;
    struct rps_views *views;
    bool wants_views;                       /* -FormatTypeName, and not asked for yet */
    struct session_run *runs;               /* the first may be running, the others wait */
    struct session_run *ending;             /* cancelled; its pipeline is not over yet */
    bool wants_key, announced;
    uint64_t timer;
    int busy;
    bool dead;                              /* closed: its owner hears nothing any more */
    bool parting;                           /* ...but a command is being stopped still, and the shell is ended behind it */
    struct http_hold hold;
};

static void pump(struct rps_session *session);
static void lose_shell(struct rps_session *session);

/* ---- life ---- */

static void free_run(struct session_run *run)
{
    invocation_free(run->invocation);
    object_free(&run->object);
    free(run->question);
    free(run);
}

static void free_runs(struct session_run **runs)
{
    while (*runs) {
        struct session_run *next = (*runs)->next;
        free_run(*runs);
        *runs = next;
    }
}

static void free_session(struct rps_session *session)
{
    rps_config_free(&session->config, &session->options);
    catalogue_free(session->catalogue);
    buf_free(&session->to_keep);
    rps_views_free(session->views);
    free_runs(&session->runs);
    free_runs(&session->ending);
    free(session);
}

/* Around everything that may call its owner, who may close it. */
static void enter(struct rps_session *session)
{
    session->busy++;
}

static void leave(struct rps_session *session)
{
    if (--session->busy == 0 && session->dead && !session->parting) {
        free_session(session);
    }
}

static void step(struct rps_session *session, const char *title, enum oauth_step_state state)
{
    session->listener.step(session->listener.context, title, (int)state, 0);
}

static void take_out(struct session_run **list, struct session_run *run)
{
    while (*list && *list != run) {
        list = &(*list)->next;
    }
    if (*list) {
        *list = run->next;
        run->next = NULL;
    }
}

/* ---- a running command ---- */

static void on_output(void *context, const struct clixml_value *value)
{
    struct session_run *run = context;
    struct rps_session *session = run->session;
    struct err err = { 0 };
    enter(session);
    if (rps_object_fill(&run->object, value, &err)) {
        run->objects++;
        run->object.view = rps_views_of(session->views, value);
        run->listener.object(run->listener.context, &run->object);
    } else {
        run->listener.nonfatal(run->listener.context, &err);
    }
    leave(session);
}

static void tell_information(struct session_run *run, enum run_stream stream, struct str text)
{
    if (run->listener.information && text.len) {
        run->listener.information(run->listener.context, stream, text);
    }
}

static void on_record(void *context, uint32_t type, const struct clixml_value *record)
{
    struct session_run *run = context;
    struct rps_session *session = run->session;
    struct buf text = BUF_INIT(BUF_SMALL);
    struct err err = { 0 };
    enter(session);
    switch (type) {
    case PSRP_ERROR_RECORD:
        psrp_read_error(record, &err);
        run->listener.nonfatal(run->listener.context, &err);
        break;
    case PSRP_PROGRESS_RECORD:
        psrp_read_progress(record, &text);
        tell_information(run, RUN_PROGRESS, buf_str(&text));
        break;
    case PSRP_INFORMATION_RECORD:
        psrp_read_information(record, &text);
        tell_information(run, RUN_INFORMATION, buf_str(&text));
        break;
    default:
        text_clean(&text, clixml_text(clixml_get(record, "InformationalRecord_Message")), true);
        if (type == PSRP_WARNING_RECORD) {
            run->listener.warning(run->listener.context, buf_str(&text));
        } else {
            tell_information(run, type == PSRP_DEBUG_RECORD ? RUN_DEBUG : RUN_VERBOSE, buf_str(&text));
        }
        break;
    }
    buf_free(&text);
    leave(session);
}

static bool said_no_question(const struct invocation *invocation)
{
    const struct argument *confirm = invocation_get(invocation, "Confirm");
    return confirm && !json_bool(confirm->value, true);
}

/* The server waits for yes or no and got no: whoever runs the cmdlet is asked, and runs it again with -Confirm:$false. A question
   in spite of that is another one, which only -Force answers. */
static void take_question(struct session_run *run, const struct buf *text)
{
    struct err err = { 0 };
    if (said_no_question(run->invocation)) {
        err_set(&err, ERR_SERVER, "The cmdlet asked \"%s\" in spite of -Confirm:$false, and was told no", buf_cstr(text));
        err_advise(&err, "If it has -Force, that answers the question.");
        run->listener.nonfatal(run->listener.context, &err);
    } else if (!run->question) {
        run->question = mem_text(text->len ? buf_cstr(text) : "Are you sure you want to perform this action?");
    }
}

static void on_host(void *context, const struct rps_host_effect *effect)
{
    struct session_run *run = context;
    struct rps_session *session = run->session;
    struct err err = { 0 };
    enter(session);
    switch (effect->kind) {
    case HOST_SHOW:
        tell_information(run, effect->stream, buf_str(&effect->text));
        break;
    case HOST_WARN:
        run->listener.warning(run->listener.context, buf_str(&effect->text));
        break;
    case HOST_ERROR:
        err_set(&err, ERR_SERVER, "%s", buf_cstr(&effect->text));
        run->listener.nonfatal(run->listener.context, &err);
        break;
    case HOST_ASKS:
        take_question(run, &effect->text);
        break;
    case HOST_NOTHING:
        break;
    }
    leave(session);
}

static void tell_done(struct session_run *run, const struct err *err)
{
    const struct run_summary summary = {
        .objects = run->objects, .pages = 1, .complete = !err, .request_id = err ? err->correlation : "", .question = err ? NULL : run->question,
    };
    run->finished = true;
    run->listener.done(run->listener.context, &summary, err);
}

static void on_ended(void *context, const struct rps_pipeline_end *end, const struct err *err)
{
    struct session_run *run = context;
    struct rps_session *session = run->session;
    enter(session);
    if (end->untouched && !run->retried) {
        run->retried = run->again = true;
    } else {
        tell_done(run, err);
    }
    leave(session);
}

static void part_when_free(struct rps_session *session);

static void on_over(void *context, bool lost)
{
    struct session_run *run = context;
    struct rps_session *session = run->session;
    enter(session);
    run->pipeline = NULL;
    if (run->again) {
        run->again = false;
    } else {
        take_out(&session->runs, run);
        take_out(&session->ending, run);
        free_run(run);
    }
    if (lost) {
        lose_shell(session);
    }
    pump(session);
    part_when_free(session);
    leave(session);
}

static const struct rps_pipeline_events run_events = { on_output, on_record, on_host, on_ended, on_over };

static struct rps_pipeline_config pipeline_config(const struct rps_session *session, enum psrp_type type, const char *name, const struct buf *payload)
{
    return (struct rps_pipeline_config){
        .timers = session->config.timers, .type = type, .name = name, .payload = buf_str(payload), .max_bytes = session->options.max_command_bytes,
        .max_object_bytes = session->options.max_object_bytes, .cancel_timeout_ms = session->options.cancel_timeout_ms,
        .receive_repeats = session->options.max_connection_retries,
    };
}

static void refuse_run(struct session_run *run, const struct err *err)
{
    struct rps_session *session = run->session;
    take_out(&session->runs, run);
    enter(session);
    tell_done(run, err);
    free_run(run);
    leave(session);
}

static void on_key(void *context, const struct err *err)
{
    struct rps_session *session = context;
    enter(session);
    session->wants_key = false;
    if (err && session->runs && !session->runs->pipeline) {
        refuse_run(session->runs, err);
    }
    pump(session);
    leave(session);
}

static void start_run(struct session_run *run)
{
    struct rps_session *session = run->session;
    struct buf payload = BUF_INIT(BUF_LARGE);
    struct err err = { 0 };
    const struct session_key *key = rps_shell_key(session->shell);
    if (rps_needs_key(run->invocation) && !key) {
        session->wants_key = true;
        rps_shell_need_key(session->shell, on_key, session);
        return;
    }
    if (rps_encode(run->invocation, key, rps_shell_protocol(session->shell), &payload, &err)) {
        struct rps_pipeline_config config = pipeline_config(session, PSRP_CREATE_PIPELINE, run->invocation->cmdlet, &payload);
        config.once = !run->invocation->read_only;
        run->pipeline = rps_pipeline_start(session->shell, &config, &run_events, run);
        if (run->told_to_wait) {
            tell_information(run, RUN_PROGRESS, STR("Its turn has come"));
        }
        rps_pipeline_pause(run->pipeline, run->paused);
        buf_free(&payload);
    } else {
        buf_free(&payload);
        refuse_run(run, &err);
        pump(session);
    }
}

/* ---- the list of cmdlets ---- */

/* "" = the list is not to be kept, or could not be told from another one. */
static const char *hash_to_keep(const struct rps_session *session)
{
    return session->config.keep_module ? rps_shell_private_data(session->shell)->commands_hash : "";
}

static void on_listed(void *context, const struct clixml_value *value)
{
    struct rps_session *session = context;
    bool added = !rps_private_data_skips(rps_shell_private_data(session->shell), clixml_text(clixml_get(value, "Name"))) && rps_add_command(session->catalogue, value);
    if (added && *hash_to_keep(session)) {
        command_cache_add(&session->to_keep, value);
    }
}

/* A name of -CommandName that is not there is an error record, and no failure of the connection. */
static void on_listing_record(void *context, uint32_t type, const struct clixml_value *record)
{
    struct rps_session *session = context;
    if (type == PSRP_ERROR_RECORD && !session->listing_error.kind) {
        psrp_read_error(record, &session->listing_error);
    }
}

static void list_cmdlets(struct rps_session *session);

static void fail_opening(struct rps_session *session, const struct err *err)
{
    const struct err copy = *err;
    const char *under_way = session->state == LISTING ? listing_title : opening_title;
    session->state = LOST;
    step(session, under_way, OAUTH_STEP_FAILED);
    if (!session->dead) {
        session->listener.failed(session->listener.context, &copy);
    }
}

static void now_listed(struct rps_session *session, const char *title)
{
    struct catalogue *catalogue = session->catalogue;
    session->catalogue = NULL;
    session->state = READY;
    buf_free(&session->to_keep);
    catalogue_seal(catalogue);
    step(session, title, OAUTH_STEP_DONE);
    if (!session->dead) {
        session->listener.opened(session->listener.context, catalogue);
    } else {
        catalogue_free(catalogue);
    }
}

static void on_listing_ended(void *context, const struct rps_pipeline_end *end, const struct err *err)
{
    struct rps_session *session = context;
    enter(session);
    bool again = err && !end->lost && !session->listed_by_pipeline && session->catalogue->count == 0;
    if (again) {
        /* Told by `over`, when the pool is free. */
        session->listed_by_pipeline = true;
    } else if (err) {
        fail_opening(session, err);
    } else if (session->catalogue->count == 0) {
        rps_no_commands(session->config.command_names, &session->listing_error);
        fail_opening(session, &session->listing_error);
    } else {
        if (session->to_keep.len && !session->to_keep.overflowed && !session->listing_error.kind) {
            command_cache_store(&session->config, hash_to_keep(session), buf_str(&session->to_keep));
        }
        now_listed(session, listing_title);
    }
    leave(session);
}

static void on_listing_over(void *context, bool lost)
{
    struct rps_session *session = context;
    enter(session);
    session->listing = NULL;
    if (lost) {
        lose_shell(session);
    } else if (session->state == LISTING && !session->dead) {
        list_cmdlets(session);
    }
    pump(session);
    part_when_free(session);
    leave(session);
}

static const struct rps_pipeline_events listing_events = { on_listed, on_listing_record, NULL, on_listing_ended, on_listing_over };

static void list_cmdlets(struct rps_session *session)
{
    struct buf payload = BUF_INIT(BUF_LARGE);
    session->state = LISTING;
    session->to_keep.cap = COMMAND_CACHE_MOST;
    buf_clear(&session->to_keep);
    catalogue_free(session->catalogue);
    session->catalogue = catalogue_new();
    enum psrp_type type = rps_ask_for_commands(str_of(session->config.command_names), session->listed_by_pipeline, rps_shell_protocol(session->shell), &payload);
    struct rps_pipeline_config config = pipeline_config(session, type, "(list of cmdlets)", &payload);
    config.max_bytes = 0;
    session->listing = rps_pipeline_start(session->shell, &config, &listing_events, session);
    buf_free(&payload);
}

/* ---- the views of -FormatTypeName: as if they were a first command; without them the built-in order is as good ---- */

static void on_view(void *context, const struct clixml_value *value)
{
    struct rps_session *session = context;
    rps_views_add(session->views, value);
}

static void on_views_ended(void *context, const struct rps_pipeline_end *end, const struct err *err)
{
    struct rps_session *session = context;
    (void)end;
    if (err) {
        char *title = mem_format("The views of -FormatTypeName could not be read: %s", err->text);
        enter(session);
        step(session, title, OAUTH_STEP_WARNING);
        free(title);
        leave(session);
    }
}

static const struct rps_pipeline_events view_events = { on_view, NULL, NULL, on_views_ended, on_listing_over };

static void ask_for_views(struct rps_session *session)
{
    struct buf payload = BUF_INIT(BUF_LARGE);
    session->wants_views = false;
    session->views = rps_views_new();
    rps_views_request(str_of(session->config.format_types), rps_shell_private_data(session->shell)->version, rps_shell_protocol(session->shell), &payload);
    const struct rps_pipeline_config config = pipeline_config(session, PSRP_CREATE_PIPELINE, "Get-FormatData", &payload);
    session->listing = rps_pipeline_start(session->shell, &config, &view_events, session);
    buf_free(&payload);
}

/* ---- the shell ---- */

static void on_shell_opened(void *context)
{
    struct rps_session *session = context;
    enter(session);
    if (session->state == OPENING) {
        step(session, opening_title, OAUTH_STEP_DONE);
        session->catalogue = session->dead || session->config.fresh || !*hash_to_keep(session) ? NULL
                             : command_cache_load(&session->config, hash_to_keep(session));
        if (session->catalogue) {
            now_listed(session, "Using the list of cmdlets that was kept");
        } else if (!session->dead) {
            step(session, listing_title, OAUTH_STEP_RUNNING);
        }
        if (!session->dead && session->state == OPENING) {
            list_cmdlets(session);
        }
    } else {
        session->state = READY;
        pump(session);
    }
    leave(session);
}

/* Nobody who waits can be served. */
static void refuse_all(struct rps_session *session, const struct err *err)
{
    while (!session->dead && session->runs) {
        refuse_run(session->runs, err);
    }
}

static void on_shell_failed(void *context, const struct err *err)
{
    struct rps_session *session = context;
    const struct err copy = *err;
    bool first = session->state == OPENING;
    enter(session);
    rps_shell_close(session->shell);
    session->shell = NULL;
    session->state = LOST;
    if (first) {
        fail_opening(session, &copy);
    } else {
        refuse_all(session, &copy);
    }
    leave(session);
}

static void on_shell_moved(void *context, const char *host)
{
    struct rps_session *session = context;
    char *title = mem_format("Redirected to %s", host);
    enter(session);
    step(session, title, OAUTH_STEP_DONE);
    free(title);
    leave(session);
}

static void on_shell_leftover(void *context)
{
    struct rps_session *session = context;
    enter(session);
    step(session, "A remote session that an earlier run left open is ended", OAUTH_STEP_WARNING);
    leave(session);
}

static struct rps_pipeline *running_pipeline(const struct rps_session *session);

static void on_shell_broken(void *context, const struct err *err)
{
    struct rps_session *session = context;
    const struct err copy = *err;
    struct rps_pipeline *running = running_pipeline(session);
    enter(session);
    if (running) {
        rps_pipeline_fail(running, &copy);
    } else {
        lose_shell(session);
    }
    leave(session);
}

static const struct rps_shell_events shell_events = { on_shell_opened, on_shell_failed, on_shell_moved, on_shell_broken, on_shell_leftover };

static void lose_shell(struct rps_session *session)
{
    rps_shell_close(session->shell);
    session->shell = NULL;
    session->wants_key = false;
    session->state = session->state == READY ? LOST : session->state;
}

static void reopen(struct rps_session *session)
{
    struct err err = { 0 };
    session->state = REOPENING;
    step(session, "The remote session has ended on the server; a new one is opened", OAUTH_STEP_WARNING);
    if (session->dead) {
        return;
    }
    session->shell = rps_shell_open(&session->config, &session->options, &shell_events, session, &err);
    if (!session->shell) {
        session->state = LOST;
        refuse_all(session, &err);
    }
}

/* The next in line, when nothing is under way. */
static void pump(struct rps_session *session)
{
    bool idle = !session->dead && session->runs && !session->runs->pipeline && !session->ending && !session->listing && !session->wants_key;
    if (idle && session->state == READY && session->wants_views) {
        ask_for_views(session);
    } else if (idle && session->state == READY) {
        start_run(session->runs);
    } else if (idle && session->state == LOST) {
        reopen(session);
    }
}

/* ---- the contract ---- */

/* Cancelled before they began. */
static void sweep(struct rps_session *session)
{
    for (struct session_run *run = session->ending, *next; run; run = next) {
        next = run->next;
        if (!run->pipeline) {
            take_out(&session->ending, run);
            free_run(run);
        }
    }
}

/* Else it would look as if the server took its time. */
static void tell_who_waits(struct rps_session *session)
{
    struct session_run *busy = session->ending ? session->ending : session->runs, *run = busy == session->runs ? busy->next : session->runs;
    for (; !session->dead && run; run = run->next) {
        if (!run->told_to_wait && busy->pipeline) {
            char *text = mem_format("Waits for %s: a remote session runs one cmdlet at a time", busy->invocation->shown);
            run->told_to_wait = true;
            tell_information(run, RUN_PROGRESS, str_of(text));
            free(text);
        }
    }
}

static void on_pump(void *context)
{
    struct rps_session *session = context;
    session->timer = 0;
    enter(session);
    sweep(session);
    if (!session->announced) {
        session->announced = true;
        step(session, opening_title, OAUTH_STEP_RUNNING);
    }
    pump(session);
    if (!session->dead && (session->runs || session->ending)) {
        tell_who_waits(session);
    }
    leave(session);
}

/* No callback from inside. */
static void pump_later(struct rps_session *session)
{
    if (!session->timer) {
        session->timer = timers_after(session->config.timers, 0, on_pump, session);
    }
}

static struct session_run *invoke(struct session *base, const struct invocation *invocation, const struct run_listener *listener, struct err *err)
{
    struct rps_session *session = (struct rps_session *)base;
    struct buf payload = BUF_INIT(BUF_LARGE);
    bool good = rps_needs_key(invocation) || rps_encode(invocation, NULL, PSRP_PROTOCOL_MINOR, &payload, err);
    buf_free(&payload);
    if (!good) {
        return NULL;
    }
    struct session_run *run = MEM_NEW(struct session_run), **at = &session->runs;
    run->session = session;
    run->listener = *listener;
    run->invocation = invocation_copy(invocation);
    object_init(&run->object);
    while (*at) {
        at = &(*at)->next;
    }
    *at = run;
    pump_later(session);
    return run;
}

static void cancel(struct session_run *run)
{
    struct rps_session *session = run->session;
    if (run->finished) {
        return;
    }
    run->finished = true;
    take_out(&session->runs, run);
    run->next = session->ending;
    session->ending = run;
    run->again = false;
    if (run->pipeline) {
        rps_pipeline_stop(run->pipeline);
    } else {
        pump_later(session);
    }
}

static void pause_run(struct session_run *run, bool paused)
{
    run->paused = paused;
    if (run->pipeline) {
        rps_pipeline_pause(run->pipeline, paused);
    }
}

/* ---- the farewell ---- */

static void drop_pipelines(struct session_run *run)
{
    for (; run; run = run->next) {
        rps_pipeline_drop(run->pipeline);
        run->pipeline = NULL;
    }
}

/* At most one runs. */
static struct rps_pipeline *running_pipeline(const struct rps_session *session)
{
    struct rps_pipeline *running = session->listing;
    for (const struct session_run *run = session->runs; run && !running; run = run->next) {
        running = run->pipeline;
    }
    for (const struct session_run *run = session->ending; run && !running; run = run->next) {
        running = run->pipeline;
    }
    return running;
}

static void part(void *context)
{
    struct rps_session *session = context;
    timers_cancel(session->config.timers, session->timer);
    http_let_go(session->config.http, &session->hold);
    drop_pipelines(session->runs);
    drop_pipelines(session->ending);
    rps_pipeline_drop(session->listing);
    session->listing = NULL;
    rps_shell_close(session->shell);
    session->shell = NULL;
    session->parting = false;
    if (!session->busy) {
        free_session(session);
    }
}

static void on_parting_late(void *context)
{
    struct rps_session *session = context;
    session->timer = 0;
    part(session);
}

static void part_when_free(struct rps_session *session)
{
    if (session->parting && !running_pipeline(session)) {
        part(session);
    }
}

/* A command is stopped as a person stops it, with a signal and its end waited for, and then the shell is ended (rps.md section 1). */
static void close_session(struct session *base)
{
    struct rps_session *session = (struct rps_session *)base;
    struct rps_pipeline *running = running_pipeline(session);
    int limit = session->options.cancel_timeout_ms;
    timers_cancel(session->config.timers, session->timer);
    session->timer = 0;
    session->dead = true;
    if (!running) {
        part(session);
        return;
    }
    for (struct session_run *run = session->runs; run; run = run->next) {
        run->again = false;
    }
    session->parting = true;
    session->hold = (struct http_hold){ part, session, NULL };
    http_hold(session->config.http, &session->hold);
    session->timer = timers_after(session->config.timers, limit > 0 && limit < PARTING_MS ? limit : PARTING_MS, on_parting_late, session);
    rps_link_close(rps_shell_link(session->shell));
    rps_pipeline_stop(running);
}

struct session *rps_session_open(const struct session_config *config, const struct session_listener *listener, struct err *err)
{
    static const struct session_vtable vtable = { .invoke = invoke, .cancel = cancel, .pause = pause_run, .close = close_session };
    struct rps_session *session = MEM_NEW(struct rps_session);
    session->base.vtable = &vtable;
    session->listener = *listener;
    rps_config_own(config, &session->config, &session->options);
    session->shell = rps_shell_open(&session->config, &session->options, &shell_events, session, err);
    if (!session->shell) {
        free_session(session);
        return NULL;
    }
    session->wants_views = *session->config.format_types != '\0';
    pump_later(session);
    return &session->base;
}

const char *rps_session_host(const struct session *base)
{
    const struct rps_session *session = (const struct rps_session *)base;
    return session->shell ? rps_shell_host(session->shell) : "";
}
