/* What the files of remote PowerShell share: shells with their pool, pipelines with their jobs. */
#ifndef PURVEY_DEMO_RPS_INTERNAL_H
#define PURVEY_DEMO_RPS_INTERNAL_H

#include "demo/cmdlets.h"
#include "demo/rps.h"
#include "demo/rps_clixml.h"
#include "demo/rps_fragment.h"
#include "demo/rps_wsman.h"

#define SHELLS_PER_USER 3               /* rps.md section 11 */
#define PIPELINES_MAX 16                /* of one shell */
#define STAGES_MAX 16

/* What a test can order, in the order of their words in rps.c. EMPTY: an answer without anything in place of TimedOut; SPLIT: a
   fragment over two Streams; LATE: Done in an answer of its own; NEVER: no Done at all; ASKS: a pool that opens when its host has answered
   and the client's key has come. */
enum trouble {
    TROUBLE_GARBAGE, TROUBLE_TRUNCATE, TROUBLE_ORDER, TROUBLE_UNKNOWN, TROUBLE_CYCLE, TROUBLE_BIG, TROUBLE_REFUSE, TROUBLE_EMPTY, TROUBLE_SPLIT,
    TROUBLE_LATE, TROUBLE_NEVER, TROUBLE_ASKS, TROUBLE_DEAF, TROUBLES,
};

struct rps {
    pthread_cond_t changed;             /* of the demo's lock: something came for a Receive that waits */
    bool stopping;
    struct shell **shells;
    size_t count, capacity;
    int64_t made, deleted, expired, redirects, cookies_missing, cookies_foreign, actions[WSMAN_ACTIONS];
    int64_t trouble[TROUBLES];          /* how often each still strikes */
    int64_t slow_ms;                    /* before each object of output */
};

enum pool_state { POOL_NEW, POOL_OPENED = 2, POOL_BROKEN = 5 };

struct shell {
    char id[37];                        /* ours, upper case */
    char owner[256], session[64];
    int64_t idle_ms, last_ms, envelope_max;
    int holding;                        /* requests that wait in it: it is not idle */
    bool search_only;
    char commands_hash[17];             /* of what may be called */
    char pool[37];                      /* RPID */
    enum pool_state state;
    bool has_capability, has_host, has_key, late_data, asks, host_answered;
    unsigned char key[32];              /* for SecureStrings */
    uint64_t objects;                   /* numbers given to messages: pool and pipelines share the count */
    struct assembly in;
    struct outbox out;
    struct pipeline **pipelines;
    size_t pipeline_count, pipeline_capacity;
};

/* One command of a pipeline. */
struct stage {
    char *name;
    const struct cmdlet *cmdlet;        /* NULL: one of the helpers */
    struct json *parameters;
    int64_t counted;                    /* Measure-Object */
};

/* One run of a stage's cmdlet. The last job of the stack is the one that is at work. */
struct job {
    size_t stage;
    struct json *parameters, *page;     /* page: the envelope of the service's answer */
    const struct json *row;             /* the next in page */
    char *query;                        /* of the next page; NULL = there is none, or it has not begun */
    bool decided;                       /* asked and allowed */
};

enum waiting { WAIT_NOTHING, WAIT_CHOICE, WAIT_FIELD };

struct pipeline {
    char id[37], pid[37];               /* CommandId as the client wrote it; PID of its messages */
    struct shell *shell;
    struct assembly in, answers;        /* stdin and pr */
    struct outbox out;
    bool created, done, done_told, silent, has_host, no_input, input_ended, failed, yes_to_all, no_to_all, begun;
    struct stage *stages;
    size_t stage_count;
    struct job *jobs;
    size_t job_count, job_capacity;
    enum waiting waiting;               /* silent, above: its Done never comes */
    int64_t call, next_call;            /* number of the host call that waits */
    char field[128];                    /* what Prompt asked for */
    int64_t due_ms;                     /* not before: the dial's slowness */
    struct json *listing;               /* GET_COMMAND_METADATA: the patterns; NULL = a pipeline */
    int64_t types;                      /* kinds of commands it wants */
    size_t at;                          /* the next command */
};

/* ---- rps_shell.c ---- */

struct shell *shell_new(struct rps *rps, const char *owner, const char *session);
struct shell *shell_find(const struct rps *rps, const char *id);            /* case-blind; NULL */
void shell_remove(struct rps *rps, struct shell *shell);                    /* frees it and wakes who waits in it */
size_t shells_of(const struct rps *rps, const char *owner);
void shells_expire(struct rps *rps);                                        /* those that were idle for too long */
struct pipeline *demo_pipeline_new(struct shell *shell, struct str id);
struct pipeline *demo_pipeline_find(const struct shell *shell, struct str id);   /* case-blind; NULL */
void demo_pipeline_remove(struct pipeline *pipeline);
/* Take the writer and queue what it holds; NULL = a message without data. */
void shell_put(struct shell *shell, enum message_type type, struct clix *clix);
void demo_pipeline_put(struct pipeline *pipeline, enum message_type type, struct clix *clix);

/* True as often as the dial was set to; counts down. */
bool trouble_strikes(struct rps *rps, enum trouble trouble);

/* ---- rps_pool.c ---- */

bool pool_feed(struct shell *shell, struct str bytes, struct err *err);
void pool_broken(struct shell *shell, const char *reason);

/* ---- rps_key.c: SecureStrings (rps.md section 10) ---- */

/* public_key: base64 of the client's blob. Draws the shell's key; encrypted gets the base64 for the client. */
bool key_exchange(struct shell *shell, struct str public_key, struct buf *encrypted);
bool key_open(const struct shell *shell, struct str base64, struct buf *clear);    /* UTF-8 */

/* ---- rps_pipeline.c ---- */

bool demo_pipeline_feed(struct demo *demo, struct pipeline *pipeline, bool answers, struct str bytes, struct err *err);
/* Ends it: state 3 Stopped, 4 Completed or 5 Failed; closes record when there is one. */
void demo_pipeline_end(struct pipeline *pipeline, int state);
void demo_pipeline_stop(struct pipeline *pipeline);

/* ---- rps_run.c ---- */

/* Makes output until room bytes wait or there is nothing to do now. */
void demo_pipeline_run(struct demo *demo, struct pipeline *pipeline, size_t room);
void demo_job_push(struct pipeline *pipeline, size_t stage, struct json *parameters);
void demo_job_free(struct job *job);
/* The host's answer to the call that waits. */
bool demo_pipeline_answered(struct demo *demo, struct pipeline *pipeline, const struct json *response, struct err *err);

/* ---- rps_records.c ---- */

/* type: the exception's .NET name. id: what the engine calls it, NULL = Exchange's own, or the type's name. */
struct failure_text { const char *text, *type, *target, *id; };
void put_error(struct demo *demo, struct pipeline *pipeline, const struct failure_text *failure, bool ends);
void put_information(struct pipeline *pipeline, enum message_type type, const char *text);
void put_progress(struct pipeline *pipeline, const char *activity, int percent, bool completed);
void put_information_record(struct pipeline *pipeline, const char *source, const char *text);
void write_exception(struct clix *clix, const char *name, const struct failure_text *failure, const char *id, int category);
/* Host calls; those with an answer make the pipeline wait. */
void ask_choice(struct pipeline *pipeline, const char *question);
void ask_field(struct pipeline *pipeline, const char *cmdlet, const char *field);
void tell_line(struct pipeline *pipeline, const char *text);

/* ---- rps_metadata.c ---- */

/* The next command of a listing as an object; false when there is none left. first: the count goes before it. */
void metadata_hash(const struct demo *demo, char hash[17]);
bool metadata_step(struct demo *demo, struct pipeline *pipeline);
bool is_helper(struct str name);

/* ---- rps_format.c ---- */

void put_format_data(struct pipeline *pipeline, const struct json *patterns);

#endif
