#include "engine/job.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "pipeline/output.h"

/* How long rows may wait before readers see them. Shorter than a frame, so that the screen is never behind; long
   enough that a fast stream does not pay for a commit per chunk. */
#define FLUSH_MS 15

/* Announced views that stay readable: the front end may still be drawing from one while the next is announced. */
#define VIEWS_KEPT 3

struct job {
    struct job_context context;
    uint64_t id, connection;
    struct store *store;
    struct flow *flow;              /* NULL when nothing was started yet */
    char *resume_at;                /* where a read that broke can go on; NULL = nowhere */
    struct job_progress progress;
    int64_t started_ms, flushed_ms;
    uint64_t flush_timer;
    bool dirty, ended;
    struct arrangement arrangement; /* of the view the front end looks at */
    uint32_t view, kept[VIEWS_KEPT];
    int64_t arranged_at;            /* rows in the store when the view was last sorted */
};

static struct message *job_message(const struct job *job, enum message_kind kind)
{
    struct message *message = message_new(kind);
    message->job = job->id;
    message->connection = job->connection;
    return message;
}

static void post_progress(struct job *job, enum message_kind kind, const struct err *err)
{
    struct message *message = job_message(job, kind);
    /* One place for the numbers, so that a last progress and the end never disagree. */
    job->progress.rows = job->store ? store_count(job->store) : 0;
    job->progress.elapsed_ms = clock_ms() - job->started_ms;
    if (job->flow) {
        struct flow_progress calls = flow_progress(job->flow);
        job->progress.call = calls.call;
        job->progress.calls = calls.calls;
    }
    message->progress = job->progress;
    message_set_err(message, err);
    mailbox_post(job->context.events, message);
}

static void post_arranged(struct job *job, int64_t rows, const struct err *err)
{
    struct message *message = job_message(job, EVENT_ARRANGED);
    message->view = job->view;
    message->number = rows;
    message_set_err(message, rows < 0 ? err : NULL);
    mailbox_post(job->context.events, message);
}

/* Keeps the view of the front end in step with new rows: a filter is extended, a sort is done again when the table has
   doubled and at the end, so that the work stays within a small multiple of one sort. */
static void follow_view(struct job *job)
{
    if (!job->view) {
        return;
    }
    struct err err = { 0 };
    int64_t rows = store_count(job->store), shown;
    /* A plain view has nothing to sort: its new rows go to its end and the old positions stay. */
    if (job->arrangement.key_count == 0) {
        shown = store_extend(job->store, job->view, &err);
    } else if (rows >= job->arranged_at * 2 || (job->ended && rows != job->arranged_at)) {
        shown = store_arrange(job->store, &job->arrangement, job->view, &err);
        job->arranged_at = rows;
    } else {
        return;
    }
    post_arranged(job, shown, &err);
}

static bool flush(struct job *job, struct err *err)
{
    /* Before the commit: whatever comes of it, the next row has to ask for the next one. */
    job->dirty = false;
    job->flushed_ms = clock_ms();
    if (!store_commit(job->store, err)) {
        return false;
    }
    follow_view(job);
    return true;
}

static struct message *text_message(const struct job *job, enum message_kind kind, struct str text)
{
    struct message *message = job_message(job, kind);
    message->text = str_dup(text);
    return message;
}

/* Export-Csv, Out-File. After a failure the rows that came are kept beside the file, which stays as it was. */
static void write_file(struct job *job, struct err *err)
{
    const struct pipeline_output *output = job->flow ? &flow_pipeline(job->flow)->output : NULL;
    bool partial = err->kind != ERR_NONE;
    struct err write_err = { 0 };
    char *written;
    if (!output || !output->path || (partial && job->progress.rows == 0)) {
        return;
    }
    if (output_write_file(output, store_path(job->store), partial, &written, &write_err)) {
        long long count = (long long)store_count(job->store);
        const char *objects = count == 1 ? "object" : "objects", *were = count == 1 ? "was" : "were";
        char *text = partial ? mem_format("What came before the failure (%lld %s) is in %s.", count, objects, written)
                             : mem_format("%lld %s %s written to %s.", count, objects, were, written);
        mailbox_post(job->context.events, text_message(job, EVENT_JOB_INFORMATION, str_of(text)));
        free(text);
        free(written);
    } else if (!partial) {
        *err = write_err;
    }
}

/* What is still in memory is stored before the end is told: the last event must find all rows. A failure to store is
   only told when there is nothing worse to tell. */
static void end_job(struct job *job, const struct err *cause)
{
    struct err err = { 0 };
    job->ended = true;
    timers_cancel(job->context.timers, job->flush_timer);
    job->flush_timer = 0;
    if (cause) {
        err = *cause;
    }
    if (job->store) {
        struct err store_err = { 0 };
        if (!flush(job, &store_err) && err.kind == ERR_NONE) {
            err = store_err;
        }
        job->progress.rows = store_count(job->store);
        write_file(job, &err);
    }
    post_progress(job, EVENT_JOB_DONE, &err);
}

/* Not from inside a callback of the flow. What is stored stays, the cmdlet ends with the reason. */
static void abandon(struct job *job, const struct err *err)
{
    if (job->ended) {
        return;
    }
    flow_free(job->flow);
    job->flow = NULL;
    end_job(job, err);
}

/* One event for all objects of a moment, however many came: the front end draws at most 60 times a second anyway. */
static void flush_and_tell(void *context)
{
    struct job *job = context;
    struct err err = { 0 };
    job->flush_timer = 0;
    if (!job->dirty || job->ended) {
        return;
    }
    if (!flush(job, &err)) {
        abandon(job, &err);
        return;
    }
    post_progress(job, EVENT_JOB_PROGRESS, NULL);
}

/* They are told with the next flush, which finds nothing more to store. */
static bool on_settle(void *context, struct err *err)
{
    const struct job *job = context;
    return store_commit(job->store, err);
}

/* A row of its own kind where the answer is wanted as it came. */
static bool store_object(struct job *job, const struct object *object, struct err *err)
{
    struct object raw;
    if (!flow_pipeline(job->flow)->output.raw || object->raw.len == 0) {
        return store_add(job->store, object, err);
    }
    object_init(&raw);
    object_add(&raw, (struct property){ .name = STR("Value"), .kind = VALUE_NESTED, .text = object->raw });
    bool good = store_add(job->store, &raw, err);
    object_free(&raw);
    return good;
}

/* The first object after a pause is shown at once, those that follow within FLUSH_MS wait for each other. */
static bool on_object(void *context, const struct object *object, struct err *err)
{
    struct job *job = context;
    if (!store_object(job, object, err)) {
        return false;
    }
    if (!job->dirty) {
        int64_t since = clock_ms() - job->flushed_ms;
        job->dirty = true;
        job->flush_timer = timers_after(job->context.timers, since >= FLUSH_MS ? 0 : FLUSH_MS - since, flush_and_tell, job);
    }
    return true;
}

static void on_warning(void *context, struct str text)
{
    struct job *job = context;
    mailbox_post(job->context.events, text_message(job, EVENT_JOB_WARNING, text));
}

static void on_information(void *context, enum run_stream stream, struct str text)
{
    struct job *job = context;
    struct message *message = text_message(job, EVENT_JOB_INFORMATION, text);
    message->flag = stream == RUN_PROGRESS;
    mailbox_post(job->context.events, message);
}

static void on_question(void *context, struct str text, bool more)
{
    struct job *job = context;
    struct message *message = text_message(job, EVENT_JOB_QUESTION, text);
    message->flag = more;
    mailbox_post(job->context.events, message);
}

static void on_nonfatal(void *context, const struct err *err)
{
    struct job *job = context;
    struct message *message = job_message(job, EVENT_JOB_ERROR);
    message_set_err(message, err);
    mailbox_post(job->context.events, message);
}

static void on_waiting(void *context, int seconds, const struct err *why)
{
    struct job *job = context;
    struct message *message = job_message(job, EVENT_JOB_WAITING);
    message->number = seconds;
    message_set_err(message, why);
    mailbox_post(job->context.events, message);
}

static void on_done(void *context, const struct run_summary *summary, const struct err *err)
{
    struct job *job = context;
    job->progress.pages = summary->pages;
    job->progress.can_go_on = summary->resume_at != NULL;
    free(job->resume_at);
    job->resume_at = mem_text(summary->resume_at);
    job->progress.rate_limit = summary->rate.limit;
    job->progress.rate_remaining = summary->rate.remaining;
    str_copy(job->progress.rate_reset, sizeof job->progress.rate_reset, summary->rate.reset);
    job->progress.complete = summary->complete;
    job->progress.more_available = summary->more_available;
    str_copy(job->progress.request_id, sizeof job->progress.request_id, summary->request_id);
    end_job(job, err);
}

/* Without a store there is no job, but its end is told all the same: the screen waits for it. */
struct job *job_new(const struct job_context *context, uint64_t id, uint64_t connection)
{
    struct err err = { 0 };
    struct job *job = MEM_NEW(struct job);
    job->context = *context;
    job->id = id;
    job->connection = connection;
    job->started_ms = clock_ms();
    /* Before anything is sent: a cmdlet whose answer has no place to go must not run. */
    job->store = store_create(context->store_directory, id, &err);
    if (!job->store) {
        end_job(job, &err);
        free(job);
        return NULL;
    }
    struct message *message = job_message(job, EVENT_JOB_STARTED);
    message->text = mem_text(store_path(job->store));
    mailbox_post(context->events, message);
    return job;
}

void job_free(struct job *job)
{
    if (!job) {
        return;
    }
    /* It calls back into this job, so it goes first. */
    flow_free(job->flow);
    timers_cancel(job->context.timers, job->flush_timer);
    store_close(job->store);
    free(job->resume_at);
    free(job);
}

uint64_t job_id(const struct job *job)
{
    return job->id;
}

bool job_uses(const struct job *job, uint64_t connection)
{
    const struct pipeline *pipeline = job->flow ? flow_pipeline(job->flow) : NULL;
    bool uses = job->connection == connection;
    for (size_t i = 0; pipeline && i < pipeline->count; i++) {
        uses = uses || (pipeline->stages[i].kind == STAGE_CMDLET && pipeline->stages[i].connection == connection);
    }
    return uses;
}

/* The job may have been cancelled while its token was renewed. */
void job_start(struct job *job, struct session *const *sessions, struct pipeline *pipeline)
{
    const struct flow_listener listener = {
        .object = on_object,
        .warning = on_warning,
        .information = on_information,
        .error = on_nonfatal,
        .waiting = on_waiting,
        .question = on_question,
        .settle = on_settle,
        .done = on_done,
        .context = job,
    };
    struct err err = { 0 };
    if (job->ended) {
        pipeline_free(pipeline);
        return;
    }
    /* Before anything is sent: a result that has no place to go must not be fetched for an hour. */
    if (pipeline->output.path && !output_can_write(&pipeline->output, &err)) {
        pipeline_free(pipeline);
        end_job(job, &err);
        return;
    }
    const struct flow_context context = { job->context.timers, job->context.variables };
    job->flow = flow_start(sessions, &context, pipeline, &listener);
}

void job_continue(struct job *job, struct session *session)
{
    struct err err;
    if (!job->ended || !job->resume_at || !job->flow) {
        err_set(&err, ERR_INPUT, "This cannot go on; run it again.");
        post_progress(job, EVENT_JOB_DONE, &err);
        return;
    }
    struct pipeline *pipeline = pipeline_copy(flow_pipeline(job->flow));
    free(pipeline->stages[0].invocation->resume_at);
    pipeline->stages[0].invocation->resume_at = job->resume_at;
    job->resume_at = NULL;
    flow_free(job->flow);
    job->flow = NULL;
    job->ended = false;
    job_start(job, &session, pipeline);
}

void job_answer(struct job *job, enum flow_answer answer)
{
    if (job->flow && !job->ended) {
        flow_answer(job->flow, answer);
    }
}

void job_fail(struct job *job, const struct err *err)
{
    abandon(job, err);
}

void job_cancel(struct job *job)
{
    struct err err;
    err_set(&err, ERR_CANCELLED, "Cancelled by you.");
    abandon(job, &err);
}

void job_pause(struct job *job, bool paused)
{
    if (job->flow && !job->ended) {
        flow_pause(job->flow, paused);
    }
}

/* A new view is remembered and the oldest of the kept ones goes. */
static void keep_view(struct job *job, uint32_t view)
{
    if (job->kept[0] == view) {
        return;
    }
    if (job->kept[VIEWS_KEPT - 1]) {
        store_drop_view(job->store, job->kept[VIEWS_KEPT - 1]);
    }
    for (int i = VIEWS_KEPT - 1; i > 0; i--) {
        job->kept[i] = job->kept[i - 1];
    }
    job->kept[0] = view;
}

/* Rows that are not committed yet would be missing from the order. When it fails the earlier view stays, as the
   screen still shows it. */
void job_arrange(struct job *job, uint32_t view, const struct arrangement *arrangement)
{
    struct err err = { 0 };
    uint32_t earlier = job->view;
    job->view = view;
    if (!store_commit(job->store, &err)) {
        post_arranged(job, -1, &err);
        return;
    }
    int64_t rows = store_arrange(job->store, arrangement, view, &err);
    post_arranged(job, rows, &err);
    if (rows < 0) {
        job->view = earlier;
        return;
    }
    job->arrangement = *arrangement;
    job->arranged_at = store_count(job->store);
    keep_view(job, view);
}

void job_find(struct job *job, const struct message *command)
{
    struct err err = { 0 };
    struct message *message = job_message(job, EVENT_FOUND);
    message->view = command->view;
    message->text = mem_text(command->text);
    message->position = store_find(job->store, command->view, str_of(command->text), command->position, command->flag, &err);
    message->flag = message->position >= 0 &&
                    store_count_hits(job->store, command->view, message->position, &message->number, &message->total);
    message_set_err(message, &err);
    mailbox_post(job->context.events, message);
}
