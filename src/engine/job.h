/* One running pipeline: from its objects to the rows of a store, with at most one coalesced event per flush. */
#ifndef PURVEY_ENGINE_JOB_H
#define PURVEY_ENGINE_JOB_H

#include "engine/flow.h"
#include "engine/mailbox.h"

struct job;

struct job_context {
    struct mailbox *events;         /* not owned */
    struct timers *timers;          /* not owned */
    struct variables *variables;    /* not owned */
    const char *store_directory;    /* not owned */
};

/* Makes the store and posts EVENT_JOB_STARTED. On failure posts EVENT_JOB_DONE itself and returns NULL. */
struct job *job_new(const struct job_context *context, uint64_t id, uint64_t connection);
void job_free(struct job *job);                         /* cancels, closes and removes the store; NULL is fine */

uint64_t job_id(const struct job *job);
bool job_uses(const struct job *job, uint64_t connection);      /* it is about the connection, or a stage of it is */

/* Starts the line in its sessions, one for each stage (flow.h). A failure ends the job with EVENT_JOB_DONE. */
void job_start(struct job *job, struct session *const *sessions, struct pipeline *pipeline);     /* takes the pipeline */
/* A read that broke goes on: its rows come behind those that are there. Not possible: EVENT_JOB_DONE says so. */
void job_continue(struct job *job, struct session *session);
void job_answer(struct job *job, enum flow_answer answer);
void job_fail(struct job *job, const struct err *err);  /* ends it with EVENT_JOB_DONE */
void job_cancel(struct job *job);                       /* rows so far stay readable; EVENT_JOB_DONE with ERR_CANCELLED */
void job_pause(struct job *job, bool paused);

void job_arrange(struct job *job, uint32_t view, const struct arrangement *arrangement);
void job_find(struct job *job, const struct message *command);

#endif
