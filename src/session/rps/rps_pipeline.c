#include "session/rps/rps_pipeline.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/mem.h"
#include "session/lost_answer.h"
#include "session/rps/psrp_messages.h"
#include "session/rps/rps_inbox.h"

enum {
    ANSWER_MARGIN_MS = 30000,       /* HTTP waits longer than the server may hold a request */
    LAST_WORD_MS = 5000,            /* for Done behind an end state, or the other way round (section 6) */
    STOP_MS = 60000,
};

enum stage { COMMANDING, SENDING, RECEIVING, TERMINATING };

struct rps_pipeline {
    struct rps_shell *shell;
    struct rps_pipeline_config config;
    struct rps_pipeline_events events;
    void *context;
    enum stage stage;
    struct guid id;
    char command[64];                       /* as the server calls it */
    struct buf fragments, answers;          /* answers: to host calls, not sent yet */
    struct str rest;
    struct rps_inbox *inbox;
    struct rps_exchange *exchange;          /* the one of the stage */
    struct rps_exchange *signal, *answering;        /* beside a Receive that is held */
    uint64_t timer;
    int64_t state;                          /* PSRP_PIPELINE_*; 0 = not over */
    struct err failure;                     /* what came with the state */
    bool done, told, stopping, stop_sent, paused;
    bool gave;                              /* something of the command was handed on */
    bool empty_handed;                      /* the last Receive brought nothing and did not even wait for it */
    int busy;
    bool dead;
};

/* ---- life ---- */

static void free_pipeline(struct rps_pipeline *pipeline)
{
    rps_inbox_free(pipeline->inbox);
    buf_free(&pipeline->fragments);
    buf_free(&pipeline->answers);
    free(pipeline);
}

static void end_exchanges(struct rps_pipeline *pipeline)
{
    timers_cancel(pipeline->config.timers, pipeline->timer);
    rps_exchange_cancel(pipeline->exchange);
    rps_exchange_cancel(pipeline->signal);
    rps_exchange_cancel(pipeline->answering);
    pipeline->exchange = pipeline->signal = pipeline->answering = NULL;
    pipeline->timer = 0;
}

void rps_pipeline_drop(struct rps_pipeline *pipeline)
{
    if (pipeline) {
        end_exchanges(pipeline);
        pipeline->dead = true;
        if (!pipeline->busy) {
            free_pipeline(pipeline);
        }
    }
}

static void enter(struct rps_pipeline *pipeline)
{
    pipeline->busy++;
}

/* False when it is gone. */
static bool leave(struct rps_pipeline *pipeline)
{
    bool gone = --pipeline->busy == 0 && pipeline->dead;
    if (gone) {
        free_pipeline(pipeline);
    }
    return !gone;
}

static void tell_end(struct rps_pipeline *pipeline, const struct rps_pipeline_end *end, const struct err *err)
{
    if (!pipeline->told && !pipeline->stopping) {
        pipeline->told = true;
        pipeline->events.ended(pipeline->context, end, err);
    }
    pipeline->told = true;
}

static void over(struct rps_pipeline *pipeline, bool lost)
{
    if (!pipeline->dead) {
        void (*tell)(void *, bool) = pipeline->events.over;
        void *context = pipeline->context;
        rps_pipeline_drop(pipeline);
        tell(context, lost);
    }
}

/* A change whose end is not known may have been made: only when it came to no connection, or the server said no, was it not. */
static void advise_of_change(const struct rps_pipeline *pipeline, bool untouched, struct err *err)
{
    bool refused = pipeline->stage == COMMANDING && err->kind != ERR_NETWORK && err->kind != ERR_PROTOCOL && err->kind != ERR_SERVER;
    bool never = untouched || refused || (pipeline->stage == COMMANDING && lost_before_sent(err));
    if (pipeline->config.once && !pipeline->state && !never) {
        lost_change_advise(err);
    }
}

/* A reading that nobody has seen anything of can be made in another shell, when this one is gone. */
static bool begins_anew(const struct rps_pipeline *pipeline)
{
    return !pipeline->config.once && !pipeline->gave;
}

/* The shell is of no use any more. */
static void lose(struct rps_pipeline *pipeline, bool untouched, const struct err *err)
{
    struct err copy = *err;
    advise_of_change(pipeline, untouched, &copy);
    const struct rps_pipeline_end end = { .lost = true, .untouched = untouched };
    enter(pipeline);
    tell_end(pipeline, &end, &copy);
    over(pipeline, true);
    leave(pipeline);
}

/* ---- requests ---- */

/* request: what differs from one to the next. */
static struct rps_exchange *ask(struct rps_pipeline *pipeline, struct buf *envelope, struct rps_ask request, rps_answered *answered)
{
    request.envelope = buf_str(envelope);
    request.timeout_ms = rps_shell_wsman(pipeline->shell)->operation_timeout_ms + ANSWER_MARGIN_MS;
    request.command = pipeline->config.name;
    struct rps_exchange *exchange = rps_link_ask(rps_shell_link(pipeline->shell), &request, answered, pipeline);
    buf_free(envelope);
    return exchange;
}

/* Fragments have an order, and a pipeline begins once: what carries them is not repeated. */
static struct rps_exchange *send_part(struct rps_pipeline *pipeline, struct buf *envelope, const struct guid *id, rps_answered *answered)
{
    return ask(pipeline, envelope, (struct rps_ask){ .action = "Send", .id = *id, .unrepeatable = true }, answered);
}

/* What an answer that only has to be no fault says; *gone: shell or command are no more. */
static bool is_good(const struct wsman_answer *answer, const char *location, const struct err *err, struct err *why, bool *gone)
{
    *gone = false;
    if (err) {
        *why = *err;
    } else if (location) {
        err_set(why, ERR_PROTOCOL, "The server sent us to %.200s in the middle of a session", location);
    } else if (answer->fault) {
        wsman_fault_err(answer, false, why);
        *gone = wsman_is_gone(answer);
    }
    return !err && !location && !answer->fault;
}

void rps_pipeline_fail(struct rps_pipeline *pipeline, const struct err *err)
{
    lose(pipeline, begins_anew(pipeline), err);
}

/* ---- the end ---- */

static void on_terminated(void *context, const struct wsman_answer *answer, const char *location, const struct err *err)
{
    struct rps_pipeline *pipeline = context;
    struct err why = { 0 };
    bool gone;
    pipeline->exchange = NULL;
    /* A command that is gone already is what was wanted. */
    over(pipeline, !is_good(answer, location, err, &why, &gone) && !(answer && answer->fault));
}

static void terminate(struct rps_pipeline *pipeline)
{
    struct buf envelope = BUF_INIT(SIZE_MAX);
    struct guid id;
    end_exchanges(pipeline);
    pipeline->stage = TERMINATING;
    wsman_signal(rps_shell_wsman(pipeline->shell), pipeline->command, WSMAN_TERMINATE, &id, &envelope);
    pipeline->exchange = ask(pipeline, &envelope, (struct rps_ask){ .action = "Signal terminate", .id = id }, on_terminated);
}

static void on_late(void *context)
{
    struct rps_pipeline *pipeline = context;
    struct err err = { 0 };
    pipeline->timer = 0;
    enter(pipeline);
    if (!pipeline->state) {
        err_set(&err, ERR_PROTOCOL, rps_inbox_between(pipeline->inbox) ? "The command came to its end without saying how"
                                                                       : "The command came to its end in the middle of a message");
        advise_of_change(pipeline, false, &err);
        tell_end(pipeline, &(struct rps_pipeline_end){ 0 }, &err);
    }
    if (!pipeline->dead) {
        terminate(pipeline);
    }
    leave(pipeline);
}

static void wait_at_most(struct rps_pipeline *pipeline, int ms)
{
    if (!pipeline->timer) {
        pipeline->timer = timers_after(pipeline->config.timers, ms, on_late, pipeline);
    }
}

/* Something came: what is behind a Done gets its time again. How long stopping may take is not put off. */
static void wait_anew(struct rps_pipeline *pipeline)
{
    if (!pipeline->stop_sent) {
        timers_cancel(pipeline->config.timers, pipeline->timer);
        pipeline->timer = 0;
    }
}

/* ---- stopping ---- */

static void on_signalled(void *context, const struct wsman_answer *answer, const char *location, const struct err *err)
{
    struct rps_pipeline *pipeline = context;
    struct err why = { 0 };
    bool gone;
    pipeline->signal = NULL;
    if (!is_good(answer, location, err, &why, &gone)) {
        lose(pipeline, false, &why);
    }
}

static void send_stop(struct rps_pipeline *pipeline)
{
    struct buf envelope = BUF_INIT(SIZE_MAX);
    struct guid id;
    if (!pipeline->stop_sent) {
        pipeline->stop_sent = true;
        wsman_signal(rps_shell_wsman(pipeline->shell), pipeline->command, WSMAN_STOP, &id, &envelope);
        pipeline->signal = ask(pipeline, &envelope, (struct rps_ask){ .action = "Signal stop", .id = id }, on_signalled);
        int limit = pipeline->config.cancel_timeout_ms;
        wait_at_most(pipeline, limit > 0 ? limit : STOP_MS);
    }
}

static void receive(struct rps_pipeline *pipeline);

void rps_pipeline_stop(struct rps_pipeline *pipeline)
{
    pipeline->stopping = true;
    if (pipeline->stage != COMMANDING && pipeline->stage != TERMINATING && !pipeline->state) {
        send_stop(pipeline);
    }
    rps_pipeline_pause(pipeline, false);
}

void rps_pipeline_pause(struct rps_pipeline *pipeline, bool paused)
{
    pipeline->paused = paused && !pipeline->stopping;
    if (!pipeline->paused && pipeline->stage == RECEIVING && !pipeline->exchange && !pipeline->busy) {
        receive(pipeline);
    }
}

/* ---- what comes ---- */

static void take_state(struct rps_pipeline *pipeline, const struct clixml_value *value)
{
    struct psrp_state state;
    if (!psrp_read_state(value, &state) || state.state < PSRP_PIPELINE_STOPPED) {
        return;
    }
    pipeline->state = state.state;
    if (state.error && state.error->kind != CLIXML_NIL) {
        psrp_read_error(state.error, &pipeline->failure);
    } else if (state.state == PSRP_PIPELINE_FAILED) {
        err_set(&pipeline->failure, ERR_SERVER, "The cmdlet failed without a word");
    } else if (state.state != PSRP_PIPELINE_COMPLETED) {
        err_set(&pipeline->failure, ERR_SERVER, "The server stopped the cmdlet");
    }
    if (state.state == PSRP_PIPELINE_COMPLETED) {
        pipeline->failure.kind = ERR_NONE;
    }
}

static void send_answers(struct rps_pipeline *pipeline);

static void on_answered(void *context, const struct wsman_answer *answer, const char *location, const struct err *err)
{
    struct rps_pipeline *pipeline = context;
    struct err why = { 0 };
    bool gone;
    pipeline->answering = NULL;
    if (!is_good(answer, location, err, &why, &gone)) {
        lose(pipeline, false, &why);
    } else {
        send_answers(pipeline);
    }
}

/* One Send at a time: fragments have an order. */
static void send_answers(struct rps_pipeline *pipeline)
{
    struct buf envelope = BUF_INIT(SIZE_MAX);
    struct str all = buf_str(&pipeline->answers), part;
    struct guid id;
    if (pipeline->answering || !all.len || pipeline->stage != RECEIVING) {
        return;
    }
    part = psrp_cut(&all, WSMAN_ROOM);
    wsman_input(rps_shell_wsman(pipeline->shell), pipeline->command, true, part, &id, &envelope);
    buf_drop_front(&pipeline->answers, part.len);
    pipeline->answering = send_part(pipeline, &envelope, &id, on_answered);
}

/* Answered even when nobody listens any more: else the cmdlet would wait for ever. */
static void take_host_call(struct rps_pipeline *pipeline, const struct psrp_head *from, const struct clixml_value *call)
{
    struct rps_host_effect effect;
    struct buf payload = BUF_INIT(BUF_LARGE);
    bool pool = from->type == PSRP_RUNSPACEPOOL_HOST_CALL;
    const struct psrp_head head = {
        .destination = PSRP_TO_SERVER, .pool = *rps_shell_pool(pipeline->shell), .pipeline = from->pipeline,
        .type = pool ? PSRP_RUNSPACEPOOL_HOST_RESPONSE : PSRP_PIPELINE_HOST_RESPONSE,
    };
    rps_host_call(call, &effect, &payload);
    if (effect.answered) {
        psrp_send(&head, buf_str(&payload), rps_shell_objects(pipeline->shell), &pipeline->answers);
        send_answers(pipeline);
    }
    if (!pipeline->stopping && !pipeline->told && pipeline->events.host) {
        pipeline->gave = true;
        pipeline->events.host(pipeline->context, &effect);
    }
    buf_free(&effect.text);
    buf_free(&payload);
}

static bool is_record(uint32_t type)
{
    return type == PSRP_ERROR_RECORD || type == PSRP_DEBUG_RECORD || type == PSRP_VERBOSE_RECORD || type == PSRP_WARNING_RECORD ||
           type == PSRP_PROGRESS_RECORD || type == PSRP_INFORMATION_RECORD;
}

static bool on_message(void *context, const struct psrp_head *head, const struct clixml_value *value)
{
    struct rps_pipeline *pipeline = context;
    bool wanted = !pipeline->stopping && !pipeline->told;
    if (head->type == PSRP_PIPELINE_STATE) {
        take_state(pipeline, value);
    } else if (head->type == PSRP_PIPELINE_HOST_CALL || head->type == PSRP_RUNSPACEPOOL_HOST_CALL) {
        take_host_call(pipeline, head, value);
    } else if (head->type == PSRP_PUBLIC_KEY_REQUEST) {
        rps_shell_key_asked(pipeline->shell);
    } else if (head->type == PSRP_PIPELINE_OUTPUT && wanted) {
        pipeline->gave = true;
        pipeline->events.output(pipeline->context, value);
    } else if (is_record(head->type) && wanted && pipeline->events.record) {
        pipeline->gave = true;
        pipeline->events.record(pipeline->context, head->type, value);
    }
    return !pipeline->dead;
}

static void check_size(struct rps_pipeline *pipeline)
{
    struct err err = { 0 };
    if (!pipeline->config.max_bytes || rps_inbox_bytes(pipeline->inbox) <= pipeline->config.max_bytes || pipeline->told) {
        return;
    }
    err_set(&err, ERR_PROTOCOL, "The cmdlet gave more than %llu bytes and was stopped", (unsigned long long)pipeline->config.max_bytes);
    err_advise(&err, "MaximumReceivedDataSizePerCommand in -PSSessionOption sets how much one may give.");
    tell_end(pipeline, &(struct rps_pipeline_end){ 0 }, &err);
    if (!pipeline->dead && !pipeline->state) {
        pipeline->stopping = true;
        send_stop(pipeline);
    }
}

/* The end is told with the end state, which is behind all output; the rest is between the server and us. */
static void go_on(struct rps_pipeline *pipeline)
{
    if (pipeline->state) {
        tell_end(pipeline, &(struct rps_pipeline_end){ 0 }, pipeline->failure.kind ? &pipeline->failure : NULL);
    }
    if (pipeline->dead) {
        return;
    }
    if (pipeline->state && pipeline->done) {
        terminate(pipeline);
        return;
    }
    if (pipeline->state || pipeline->done) {
        wait_at_most(pipeline, LAST_WORD_MS);
    }
    if (!pipeline->paused) {
        receive(pipeline);
    }
}

static void on_received(void *context, const struct wsman_answer *answer, const char *location, const struct err *err)
{
    struct rps_pipeline *pipeline = context;
    struct err why = { 0 };
    bool gone = false, timed_out = answer && wsman_timed_out(answer);
    uint64_t before = rps_inbox_bytes(pipeline->inbox);
    pipeline->exchange = NULL;
    enter(pipeline);
    bool good = timed_out || is_good(answer, location, err, &why, &gone);
    if (!good && (pipeline->state || pipeline->done)) {
        /* Some servers close a command that is done by themselves. */
        on_late(pipeline);
    } else if (good && (timed_out || rps_inbox_take(pipeline->inbox, answer, &why))) {
        pipeline->done |= !timed_out && wsman_command_done(answer);
        pipeline->empty_handed = !timed_out && rps_inbox_bytes(pipeline->inbox) == before;
        if (rps_inbox_bytes(pipeline->inbox) != before) {
            wait_anew(pipeline);
        } else if (!pipeline->done) {
            rps_shell_look(pipeline->shell);
        }
        check_size(pipeline);
        if (!pipeline->dead) {
            go_on(pipeline);
        }
    } else if (!pipeline->dead) {
        lose(pipeline, answer && wsman_shell_ended(answer) && begins_anew(pipeline), &why);
    }
    leave(pipeline);
}

static void receive(struct rps_pipeline *pipeline)
{
    struct buf envelope = BUF_INIT(SIZE_MAX);
    struct guid id;
    wsman_receive(rps_shell_wsman(pipeline->shell), pipeline->command, &id, &envelope);
    const struct rps_ask request = {
        .action = "Receive", .id = id, .repeats = pipeline->config.receive_repeats, .delay_ms = pipeline->empty_handed ? WSMAN_EMPTY_PAUSE_MS : 0,
    };
    pipeline->exchange = ask(pipeline, &envelope, request, on_received);
}

/* ---- what goes ---- */

static void on_sent(void *context, const struct wsman_answer *answer, const char *location, const struct err *err);

static void send_rest(struct rps_pipeline *pipeline)
{
    struct buf envelope = BUF_INIT(SIZE_MAX);
    struct guid id;
    if (pipeline->rest.len && !pipeline->stopping) {
        pipeline->stage = SENDING;
        wsman_input(rps_shell_wsman(pipeline->shell), pipeline->command, false, psrp_cut(&pipeline->rest, WSMAN_ROOM), &id, &envelope);
        pipeline->exchange = send_part(pipeline, &envelope, &id, on_sent);
        return;
    }
    buf_free(&pipeline->fragments);
    pipeline->rest = (struct str){ 0 };
    pipeline->stage = RECEIVING;
    if (pipeline->stopping) {
        send_stop(pipeline);
    }
    receive(pipeline);
}

static void on_sent(void *context, const struct wsman_answer *answer, const char *location, const struct err *err)
{
    struct rps_pipeline *pipeline = context;
    struct err why = { 0 };
    bool gone;
    pipeline->exchange = NULL;
    if (is_good(answer, location, err, &why, &gone)) {
        send_rest(pipeline);
    } else {
        /* Half a command does nothing. */
        bool again = why.kind == ERR_NETWORK && (!pipeline->config.once || pipeline->rest.len);
        lose(pipeline, gone || again, &why);
    }
}

/* A refusal that is no lost shell leaves the shell as it was. */
static void refused(struct rps_pipeline *pipeline, const struct err *err)
{
    const struct err copy = *err;
    enter(pipeline);
    tell_end(pipeline, &(struct rps_pipeline_end){ 0 }, &copy);
    over(pipeline, false);
    leave(pipeline);
}

static void use_command_id(struct rps_pipeline *pipeline, struct str id)
{
    if (id.len && id.len < sizeof pipeline->command) {
        memcpy(pipeline->command, id.data, id.len);
        pipeline->command[id.len] = '\0';
    }
}

static void on_commanded(void *context, const struct wsman_answer *answer, const char *location, const struct err *err)
{
    struct rps_pipeline *pipeline = context;
    struct err why = { 0 };
    bool gone;
    pipeline->exchange = NULL;
    if (is_good(answer, location, err, &why, &gone)) {
        use_command_id(pipeline, wsman_command_id(answer));
        send_rest(pipeline);
    } else if (answer && !gone) {
        refused(pipeline, &why);
    } else {
        /* What only reads can be made again in another shell, whether the lost one had it or not; redirects and refused sign-ins come
           before anybody has looked at a command. */
        bool again = location || why.kind == ERR_AUTH_REQUIRED || (why.kind == ERR_NETWORK && (!pipeline->config.once || pipeline->rest.len));
        lose(pipeline, gone || again, &why);
    }
}

struct rps_pipeline *rps_pipeline_start(struct rps_shell *shell, const struct rps_pipeline_config *config,
                                        const struct rps_pipeline_events *events, void *context)
{
    struct rps_pipeline *pipeline = MEM_NEW(struct rps_pipeline);
    struct buf envelope = BUF_INIT(SIZE_MAX);
    struct guid id;
    pipeline->shell = shell;
    pipeline->config = *config;
    pipeline->events = *events;
    pipeline->context = context;
    pipeline->id = guid_new();
    for (size_t i = 0; pipeline->id.text[i]; i++) {
        pipeline->command[i] = (char)toupper((unsigned char)pipeline->id.text[i]);
    }
    pipeline->fragments = (struct buf)BUF_INIT(SIZE_MAX);
    pipeline->answers = (struct buf)BUF_INIT(BUF_LARGE);
    pipeline->inbox = rps_inbox_new(config->max_object_bytes, on_message, pipeline);
    const struct psrp_head head = {
        .destination = PSRP_TO_SERVER, .type = config->type, .pool = *rps_shell_pool(shell), .pipeline = pipeline->id,
    };
    psrp_send(&head, config->payload, rps_shell_objects(shell), &pipeline->fragments);
    pipeline->config.payload = (struct str){ 0 };
    pipeline->rest = buf_str(&pipeline->fragments);
    wsman_command(rps_shell_wsman(shell), pipeline->command, psrp_cut(&pipeline->rest, WSMAN_ROOM), &id, &envelope);
    pipeline->exchange = ask(pipeline, &envelope, (struct rps_ask){ .action = "Command", .id = id, .once = config->once, .unrepeatable = true }, on_commanded);
    return pipeline;
}
