/* Shells and pipelines: made, found, gone. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/guid.h"
#include "base/mem.h"
#include "demo/rps_internal.h"

#define IDLE_MS ((int64_t)15 * 60 * 1000)       /* rps.md section 11 */
#define MESSAGE_MAX ((size_t)256 * 1024 * 1024)

/* The server's own id, never the client's: it reads the answer (rps.md section 3). */
struct shell *shell_new(struct rps *rps, const char *owner, const char *session)
{
    struct shell *shell = MEM_NEW(struct shell);
    *shell = (struct shell){ .idle_ms = IDLE_MS, .last_ms = clock_ms(), .in = ASSEMBLY_INIT };
    struct guid id = guid_new();
    for (size_t i = 0; i < sizeof shell->id; i++) {
        char c = id.text[i];
        shell->id[i] = c >= 'a' && c <= 'f' ? (char)(c - ('a' - 'A')) : c;
    }
    str_copy(shell->owner, sizeof shell->owner, owner);
    str_copy(shell->session, sizeof shell->session, session);
    MEM_ROOM(rps->shells, rps->count, rps->capacity);
    rps->shells[rps->count++] = shell;
    shell->late_data = rps->made++ % 2;
    shell->asks = trouble_strikes(rps, TROUBLE_ASKS);
    return shell;
}

struct shell *shell_find(const struct rps *rps, const char *id)
{
    for (size_t i = 0; i < rps->count; i++) {
        if (str_is_nocase(str_of(id), rps->shells[i]->id)) {
            return rps->shells[i];
        }
    }
    return NULL;
}

/* The list of the shell is the caller's to mend. */
static void free_pipeline(struct pipeline *pipeline)
{
    for (size_t i = 0; i < pipeline->job_count; i++) {
        demo_job_free(&pipeline->jobs[i]);
    }
    for (size_t i = 0; i < pipeline->stage_count; i++) {
        free(pipeline->stages[i].name);
        json_free(pipeline->stages[i].parameters);
    }
    free(pipeline->jobs);
    free(pipeline->stages);
    json_free(pipeline->listing);
    buf_free(&pipeline->in.object);
    buf_free(&pipeline->answers.object);
    outbox_free(&pipeline->out);
    free(pipeline);
}

void shell_remove(struct rps *rps, struct shell *shell)
{
    for (size_t i = 0; i < rps->count; i++) {
        if (rps->shells[i] == shell) {
            rps->shells[i] = rps->shells[--rps->count];
        }
    }
    for (size_t i = 0; i < shell->pipeline_count; i++) {
        free_pipeline(shell->pipelines[i]);
    }
    free(shell->pipelines);
    buf_free(&shell->in.object);
    outbox_free(&shell->out);
    free(shell);
    pthread_cond_broadcast(&rps->changed);
}

/* Letter case does not make another person. */
size_t shells_of(const struct rps *rps, const char *owner)
{
    size_t count = 0;
    for (size_t i = 0; i < rps->count; i++) {
        count += str_is_nocase(str_of(owner), rps->shells[i]->owner);
    }
    return count;
}

void shells_expire(struct rps *rps)
{
    for (size_t i = rps->count; i-- > 0;) {
        struct shell *shell = rps->shells[i];
        if (!shell->holding && clock_ms() - shell->last_ms > shell->idle_ms) {
            rps->expired++;
            shell_remove(rps, shell);
        }
    }
}

bool trouble_strikes(struct rps *rps, enum trouble trouble)
{
    bool now = rps->trouble[trouble] > 0;
    rps->trouble[trouble] -= now;
    return now;
}

/* ---- pipelines ---- */

struct pipeline *demo_pipeline_new(struct shell *shell, struct str id)
{
    struct pipeline *pipeline = MEM_NEW(struct pipeline);
    *pipeline = (struct pipeline){ .shell = shell, .in = ASSEMBLY_INIT, .answers = ASSEMBLY_INIT, .next_call = 1 };
    snprintf(pipeline->id, sizeof pipeline->id, "%.*s", STR_ARG(str_take(id, 36)));
    MEM_ROOM(shell->pipelines, shell->pipeline_count, shell->pipeline_capacity);
    shell->pipelines[shell->pipeline_count++] = pipeline;
    return pipeline;
}

struct pipeline *demo_pipeline_find(const struct shell *shell, struct str id)
{
    for (size_t i = 0; i < shell->pipeline_count; i++) {
        if (str_is_nocase(id, shell->pipelines[i]->id)) {
            return shell->pipelines[i];
        }
    }
    return NULL;
}

/* The order stays: the first that is not done is the one that runs. */
void demo_pipeline_remove(struct pipeline *pipeline)
{
    struct shell *shell = pipeline->shell;
    size_t kept = 0;
    for (size_t i = 0; i < shell->pipeline_count; i++) {
        if (shell->pipelines[i] != pipeline) {
            shell->pipelines[kept++] = shell->pipelines[i];
        }
    }
    shell->pipeline_count = kept;
    free_pipeline(pipeline);
}

/* ---- messages ---- */

/* Numbers are drawn when a message is made, so they ascend within each target (rps.md section 5). */
static void put(struct shell *shell, struct outbox *outbox, enum message_type type, const char *pid, struct clix *clix)
{
    struct buf text = BUF_INIT(MESSAGE_MAX);
    if (clix) {
        clix_finish(clix, &text);
    }
    outbox_add(outbox, ++shell->objects, type, shell->pool, pid, buf_str(&text));
    buf_free(&text);
}

void shell_put(struct shell *shell, enum message_type type, struct clix *clix)
{
    put(shell, &shell->out, type, "", clix);
}

void demo_pipeline_put(struct pipeline *pipeline, enum message_type type, struct clix *clix)
{
    put(pipeline->shell, &pipeline->out, type, pipeline->pid, clix);
}
