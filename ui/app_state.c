/* The shared state: a table says what each event changes. */
#include "ui/app_state.h"

#include <stdlib.h>

#include "base/mem.h"
#include "catalogue/command_line.h"
#include "catalogue/learned_values.h"
#include "ui/connection_information.h"

void app_state_init(struct app_state *state)
{
    *state = (struct app_state){ .next_job = 1, .next_connection = 1 };
}

static void forget_prompt(struct session_view *session)
{
    free(session->prompt);
    session->prompt = NULL;
    browser_prompt_free(session->browser);
    session->browser = NULL;
}

static void session_free(struct session_view *session)
{
    for (size_t i = 0; i < session->step_count; i++)
        free(session->steps[i].title);
    free(session->steps);
    options_free(&session->options);
    forget_prompt(session);
    catalogue_free(session->catalogue);
    free(session);
}

static void job_free(struct job_view *job)
{
    for (size_t i = 0; i < job->warning_count; i++)
        free(job->warnings[i]);
    free(job->warnings);
    for (size_t i = 0; i < job->note_count; i++)
        free(job->notes[i]);
    free(job->notes);
    free(job->errors);
    invocation_free(job->invocation);
    pipeline_free(job->pipeline);
    free(job->question);
    free(job->doing);
    free(job->line);
    free(job->store_path);
    free(job);
}

/* message_free knows how an exchange is freed; nothing else should. */
static void exchange_free(struct exchange_record *exchange)
{
    struct message *message = message_new(EVENT_EXCHANGE);
    message->exchange = exchange;
    message_free(message);
}

void app_state_free(struct app_state *state)
{
    for (size_t i = 0; i < state->session_count; i++)
        session_free(state->sessions[i]);
    for (size_t i = 0; i < state->job_count; i++)
        job_free(state->jobs[i]);
    for (size_t i = 0; i < state->log_count; i++)
        exchange_free(state->log[i]);
    free(state->sessions);
    free(state->jobs);
    free(state->log);
    app_state_init(state);
}

/* --- looking up --- */

static struct session_view *find_session(const struct app_state *state, uint64_t connection)
{
    for (size_t i = 0; i < state->session_count; i++)
        if (state->sessions[i]->connection == connection)
            return state->sessions[i];
    return NULL;
}

static struct job_view *find_job(const struct app_state *state, uint64_t job)
{
    for (size_t i = 0; i < state->job_count; i++)
        if (state->jobs[i]->job == job)
            return state->jobs[i];
    return NULL;
}

const struct session_view *app_state_session(const struct app_state *state, uint64_t connection)
{
    return find_session(state, connection);
}

const struct session_view *app_state_current(const struct app_state *state)
{
    const struct session_view *shown = app_state_session(state, state->shown);
    if (shown)
        return shown;
    for (size_t i = state->session_count; i-- > 0;)
        if (state->sessions[i]->state == SESSION_CONNECTED)
            return state->sessions[i];
    return state->session_count > 0 ? state->sessions[state->session_count - 1] : NULL;
}

size_t app_state_connected(const struct app_state *state, size_t *place)
{
    const struct session_view *current = app_state_current(state);
    size_t count = 0;
    *place = 0;
    for (size_t i = 0; i < state->session_count; i++) {
        count += state->sessions[i]->state == SESSION_CONNECTED;
        if (state->sessions[i] == current && current->state == SESSION_CONNECTED)
            *place = count;
    }
    return count;
}

const struct job_view *app_state_job(const struct app_state *state, uint64_t job)
{
    return find_job(state, job);
}

bool job_running(const struct job_view *job)
{
    return job->state == JOB_STARTING || job->state == JOB_RUNNING || job->state == JOB_WAITING;
}

size_t app_state_running(const struct app_state *state)
{
    size_t running = 0;
    for (size_t i = 0; i < state->job_count; i++)
        running += job_running(state->jobs[i]);
    return running;
}

/* --- events of a connection --- */

static void take_step(struct app_state *state, struct session_view *session, struct message *event)
{
    struct str title = str_of(event->text);
    struct session_step *step = NULL;
    for (size_t i = 0; i < session->step_count; i++)
        if (str_is(title, session->steps[i].title))
            step = &session->steps[i];
    if (!step) {
        if (session->step_count >= SESSION_MAX_STEPS)
            return;
        MEM_ROOM(session->steps, session->step_count, session->step_capacity);
        step = &session->steps[session->step_count++];
        step->title = str_dup(title);
        step->started_ms = state->now_ms;
    }
    step->state = (enum oauth_step_state)event->number;
    step->elapsed_ms = event->elapsed_ms;
    /* The code has been typed, the browser has answered: nobody must be asked for it any more. */
    if (step->state == OAUTH_STEP_DONE && str_starts(title, STR("Waiting for ")))
        forget_prompt(session);
}

static void take_prompt(struct app_state *state, struct session_view *session, struct message *event)
{
    forget_prompt(session);
    session->prompt = event->prompt;
    event->prompt = NULL;
    if (session->prompt)
        session->prompt_ends_ms = state->now_ms + (int64_t)session->prompt->expires_in_s * 1000;
}

static void take_browser(struct app_state *state, struct session_view *session, struct message *event)
{
    forget_prompt(session);
    session->browser = event->browser;
    event->browser = NULL;
    if (session->browser)
        session->prompt_ends_ms = state->now_ms + (int64_t)session->browser->expires_in_s * 1000;
}

static void take_connected(struct app_state *state, struct session_view *session, struct message *event)
{
    (void)state;
    forget_prompt(session);
    session->state = SESSION_CONNECTED;
    if (event->account)
        session->account = *event->account;
    /* Screens hold pointers into the catalogue: the first one stays, should a second ever come. */
    if (!session->catalogue) {
        session->catalogue = event->catalogue;
        event->catalogue = NULL;
    }
}

static void take_connect_failed(struct app_state *state, struct session_view *session, struct message *event)
{
    (void)state;
    forget_prompt(session);
    session->state = SESSION_FAILED;
    if (event->err)
        session->err = *event->err;
}

static void take_disconnected(struct app_state *state, struct session_view *session, struct message *event)
{
    (void)state;
    (void)event;
    forget_prompt(session);
    session->state = SESSION_CLOSED;
}

/* --- events of a job --- */

static void take_job_started(struct app_state *state, struct job_view *job, struct message *event)
{
    (void)state;
    free(job->store_path);
    job->store_path = mem_text(event->text);
    job->state = JOB_RUNNING;
}

static void take_job_progress(struct app_state *state, struct job_view *job, struct message *event)
{
    (void)state;
    job->progress = event->progress;
    job->state = JOB_RUNNING;
}

static void take_note(struct message *event, char ***notes, size_t *count, size_t *capacity)
{
    if (*count >= JOB_MAX_NOTES || !event->text)
        return;
    MEM_ROOM(*notes, *count, *capacity);
    (*notes)[(*count)++] = mem_text(event->text);
}

static void take_job_warning(struct app_state *state, struct job_view *job, struct message *event)
{
    (void)state;
    take_note(event, &job->warnings, &job->warning_count, &job->warning_capacity);
}

static void take_job_information(struct app_state *state, struct job_view *job, struct message *event)
{
    (void)state;
    /* How far it is goes by, but who comes back to the table wants to know. */
    if (event->flag) {
        free(job->doing);
        job->doing = event->text ? mem_text(event->text) : NULL;
    } else {
        take_note(event, &job->notes, &job->note_count, &job->note_capacity);
    }
}

static void take_job_question(struct app_state *state, struct job_view *job, struct message *event)
{
    (void)state;
    free(job->question);
    job->question = mem_text(event->text ? event->text : "");
    job->question_more = event->flag;
}

/* A refusal names the values that would have been taken: the next form offers them. */
static void learn(const struct app_state *state, const struct job_view *job, const struct err *err)
{
    for (size_t i = 0; i < state->session_count; i++) {
        struct session_view *session = state->sessions[i];
        if (session->connection == job->connection && session->catalogue)
            known_values_learn(session->catalogue, str_of(job->invocation->cmdlet), str_of(err->field), str_of(err->text));
    }
}

static void take_job_error(struct app_state *state, struct job_view *job, struct message *event)
{
    if (event->err)
        learn(state, job, event->err);
    if (job->error_count >= JOB_MAX_NOTES || !event->err)
        return;
    MEM_ROOM(job->errors, job->error_count, job->error_capacity);
    job->errors[job->error_count++] = *event->err;
}

static void take_job_waiting(struct app_state *state, struct job_view *job, struct message *event)
{
    job->state = JOB_WAITING;
    job->retry_ms = state->now_ms + event->number * 1000;
    job->err = event->err ? *event->err : (struct err){ 0 };
}

static void take_renewed(struct app_state *state, struct session_view *session, struct message *event)
{
    (void)state;
    session->account.expires_unix = event->number;
    session->account.refused = false;
}

static void take_job_done(struct app_state *state, struct job_view *job, struct message *event)
{
    job->progress = event->progress;
    struct session_view *session = find_session(state, job->connection);
    if (session)
        connection_take_rate(&session->account, &job->progress);
    free(job->question);
    job->question = NULL;
    job->err = event->err ? *event->err : (struct err){ 0 };
    job->state = job->err.kind == ERR_NONE ? JOB_DONE : job->err.kind == ERR_CANCELLED ? JOB_CANCELLED : JOB_FAILED;
    job->ended_unix = state->now_unix;
    /* What the token says of its end counts no more once the service does not take it. */
    if (session && (job->state == JOB_DONE || job->err.kind == ERR_AUTH_REQUIRED))
        session->account.refused = job->state == JOB_FAILED;
    learn(state, job, &job->err);
}

/* --- the rest --- */

static void take_exchange(struct app_state *state, struct message *event)
{
    if (!event->exchange)
        return;
    if (!state->log)
        state->log = mem_array(LOG_MAX, sizeof *state->log);
    if (state->log_count == LOG_MAX) {
        exchange_free(state->log[0]);
        memmove(state->log, state->log + 1, (LOG_MAX - 1) * sizeof *state->log);
        state->log_count--;
    }
    state->log[state->log_count++] = event->exchange;
    state->log_total++;
    event->exchange = NULL;
}

static const struct {
    enum message_kind kind;
    void (*session)(struct app_state *state, struct session_view *session, struct message *event);
    void (*job)(struct app_state *state, struct job_view *job, struct message *event);
    bool even_cancelled;        /* a cancelled job's table can still be sorted and searched */
} takers[] = {
    { EVENT_STEP, take_step, NULL, false },
    { EVENT_DEVICE_PROMPT, take_prompt, NULL, false },
    { EVENT_BROWSER_PROMPT, take_browser, NULL, false },
    { EVENT_CONNECTED, take_connected, NULL, false },
    { EVENT_RENEWED, take_renewed, NULL, false },
    { EVENT_CONNECT_FAILED, take_connect_failed, NULL, false },
    { EVENT_DISCONNECTED, take_disconnected, NULL, false },
    { EVENT_JOB_STARTED, NULL, take_job_started, false },
    { EVENT_JOB_PROGRESS, NULL, take_job_progress, false },
    { EVENT_JOB_WARNING, NULL, take_job_warning, false },
    { EVENT_JOB_INFORMATION, NULL, take_job_information, false },
    { EVENT_JOB_QUESTION, NULL, take_job_question, false },
    { EVENT_JOB_ERROR, NULL, take_job_error, false },
    { EVENT_JOB_WAITING, NULL, take_job_waiting, false },
    { EVENT_JOB_DONE, NULL, take_job_done, false },
    { EVENT_ARRANGED, NULL, NULL, true },
    { EVENT_FOUND, NULL, NULL, true },
};

static bool take(struct app_state *state, struct message *event, size_t taker)
{
    if (takers[taker].session) {
        struct session_view *session = find_session(state, event->connection);
        if (session)
            takers[taker].session(state, session, event);
        return session != NULL;
    }
    struct job_view *job = find_job(state, event->job);
    if (!job || (job->state == JOB_CANCELLED && !takers[taker].even_cancelled))
        return false;
    if (takers[taker].job)
        takers[taker].job(state, job, event);
    return true;
}

bool app_state_event(struct app_state *state, struct message *event)
{
    for (size_t i = 0; i < sizeof takers / sizeof takers[0]; i++)
        if (takers[i].kind == event->kind)
            return take(state, event, i);
    if (event->kind == EVENT_EXCHANGE)
        take_exchange(state, event);
    if (event->kind == EVENT_ENGINE_FAILED && event->err)
        state->engine_err = *event->err;
    return true;
}

/* --- commands --- */

static void sent_connect(struct app_state *state, const struct message *command)
{
    struct session_view *session = MEM_NEW(struct session_view);
    session->connection = command->connection;
    session->started_ms = state->now_ms;
    options_init(&session->options);
    if (command->options)
        options_copy(&session->options, command->options);
    MEM_ROOM(state->sessions, state->session_count, state->session_capacity);
    state->sessions[state->session_count++] = session;
}

/* What titles and notes speak of when no cmdlet of the service is in the line. */
static struct invocation *local_stand_in(const char *text)
{
    struct str rest = str_of(text), first;
    bool named = *text == '$' || (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z');
    str_cut(&rest, ' ', &first);
    char *name = named ? str_dup(str_take(first, strcspn(text, *text == '$' ? ".|" : " "))) : mem_text("Values");
    struct invocation *invocation = invocation_new(name);
    invocation->read_only = true;
    free(name);
    return invocation;
}

static void sent_run(struct app_state *state, const struct message *command)
{
    struct job_view *job = MEM_NEW(struct job_view);
    const struct stage *main = pipeline_main(command->pipeline);
    job->job = command->job;
    job->connection = command->connection;
    job->started_ms = state->now_ms;
    job->started_unix = state->now_unix;
    job->pipeline = pipeline_copy(command->pipeline);
    job->invocation = main ? invocation_copy(main->invocation) : local_stand_in(command->pipeline->text);
    job->line = mem_text(command->pipeline->text);
    MEM_ROOM(state->jobs, state->job_count, state->job_capacity);
    state->jobs[state->job_count++] = job;
}

/* Logical first: from here on the job's news is dropped, whenever the engine gets to tearing the transfer down. */
static void sent_cancel(struct app_state *state, const struct message *command)
{
    struct job_view *job = find_job(state, command->job);
    if (!job || !job_running(job))
        return;
    job->state = JOB_CANCELLED;
    job->ended_unix = state->now_unix;
    job->progress.elapsed_ms = state->now_ms - job->started_ms;
}

static void sent_answer(struct app_state *state, const struct message *command)
{
    struct job_view *job = find_job(state, command->job);
    if (job) {
        free(job->question);
        job->question = NULL;
        job->declined |= command->number == FLOW_NO || command->number == FLOW_NO_TO_ALL;
    }
}

static void sent_continue(struct app_state *state, const struct message *command)
{
    struct job_view *job = find_job(state, command->job);
    if (job) {
        job->state = JOB_STARTING;
        job->progress.can_go_on = false;
        job->err = (struct err){ 0 };
    }
}

static void sent_pause(struct app_state *state, const struct message *command)
{
    struct job_view *job = find_job(state, command->job);
    if (job)
        job->paused = command->flag;
}

static void sent_discard(struct app_state *state, const struct message *command)
{
    for (size_t i = 0; i < state->job_count; i++) {
        if (state->jobs[i]->job == command->job) {
            job_free(state->jobs[i]);
            state->job_count--;
            memmove(state->jobs + i, state->jobs + i + 1, (state->job_count - i) * sizeof *state->jobs);
            return;
        }
    }
}

static const struct { enum message_kind kind; void (*sent)(struct app_state *, const struct message *); } senders[] = {
    { COMMAND_CONNECT, sent_connect }, { COMMAND_RUN, sent_run },         { COMMAND_CANCEL, sent_cancel },
    { COMMAND_PAUSE, sent_pause },     { COMMAND_DISCARD, sent_discard }, { COMMAND_ANSWER, sent_answer },
    { COMMAND_CONTINUE, sent_continue },
};

void app_state_sent(struct app_state *state, const struct message *command)
{
    for (size_t i = 0; i < sizeof senders / sizeof senders[0]; i++)
        if (senders[i].kind == command->kind)
            senders[i].sent(state, command);
}
