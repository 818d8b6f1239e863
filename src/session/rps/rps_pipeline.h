/* One command in a remote shell, from its first envelope to the signal that ends it (rps.md sections 1, 3, 6). */
#ifndef PURVEY_SESSION_RPS_RPS_PIPELINE_H
#define PURVEY_SESSION_RPS_RPS_PIPELINE_H

#include "session/rps/psrp.h"
#include "session/rps/rps_host.h"
#include "session/rps/rps_shell.h"

struct rps_pipeline;

struct rps_pipeline_config {
    struct timers *timers;
    enum psrp_type type;                /* PSRP_CREATE_PIPELINE or PSRP_GET_COMMAND_METADATA */
    const char *name;                   /* of the command, for the log; has to stay as long as the pipeline */
    struct str payload;                 /* copied */
    uint64_t max_bytes, max_object_bytes;       /* 0 = no limit */
    int cancel_timeout_ms;
    int receive_repeats;
    bool once;                          /* it changes things: never made twice, not even in another shell */
};

/* lost: the shell is of no use any more. untouched: the server never had the command, so that it may be made again elsewhere. */
struct rps_pipeline_end { bool lost, untouched; };

/* record and host may be NULL. Values are valid inside the callback only. From any of them the pipeline may be stopped and the shell closed. */
struct rps_pipeline_events {
    void (*output)(void *context, const struct clixml_value *value);
    void (*record)(void *context, uint32_t type, const struct clixml_value *record);        /* PSRP_ERROR_RECORD and the other streams */
    void (*host)(void *context, const struct rps_host_effect *effect);  /* what the other side asked of its host: answered already */
    /* Exactly once: err NULL = completed. Nothing comes behind it but `over`. */
    void (*ended)(void *context, const struct rps_pipeline_end *end, const struct err *err);
    /* The pool is free for the next one and the pipeline gone: also after it was stopped. Not after the shell was closed. */
    void (*over)(void *context, bool lost);
};

/* events and context have to stay until `over`, or until rps_pipeline_drop. */
struct rps_pipeline *rps_pipeline_start(struct rps_shell *shell, const struct rps_pipeline_config *config,
                                        const struct rps_pipeline_events *events, void *context);
void rps_pipeline_stop(struct rps_pipeline *pipeline);              /* nothing but `over` comes any more */
void rps_pipeline_pause(struct rps_pipeline *pipeline, bool paused);
void rps_pipeline_fail(struct rps_pipeline *pipeline, const struct err *err);       /* its shell broke: `ended` and `over` come from inside */
void rps_pipeline_drop(struct rps_pipeline *pipeline);              /* with its shell: no callback any more. NULL is fine */

#endif
