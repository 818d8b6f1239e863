/* What all screens share and only the app changes: connections, jobs, the log, the time. Screens hold a pointer to it
   as const. Changed by app_state_event and app_state_sent alone; pure, no clock and no terminal. */
#ifndef PURVEY_UI_APP_STATE_H
#define PURVEY_UI_APP_STATE_H

#include "engine/message.h"
#include "ui/action.h"

enum session_state { SESSION_CONNECTING, SESSION_CONNECTED, SESSION_FAILED, SESSION_CLOSED };

struct session_step { char *title; enum oauth_step_state state; int64_t elapsed_ms, started_ms; };

/* One connection, from COMMAND_CONNECT on. Stays for the life of the program, so that pointers into it are good. */
struct session_view {
    uint64_t connection;
    enum session_state state;
    struct options options;                     /* as asked for */
    struct session_step *steps; size_t step_count, step_capacity;   /* at most SESSION_MAX_STEPS; same title = same step */
    struct oauth_device_prompt *prompt;         /* NULL = no code to show (any more) */
    struct browser_prompt *browser;             /* NULL = no browser is waited for */
    int64_t prompt_ends_ms;                     /* on the clock of app_state.now_ms */
    struct account account;                     /* upn "" until connected */
    struct catalogue *catalogue;                /* NULL until connected */
    struct err err;                             /* why it failed */
    int64_t started_ms;
};
#define SESSION_MAX_STEPS 64

enum job_state { JOB_STARTING, JOB_RUNNING, JOB_WAITING, JOB_DONE, JOB_FAILED, JOB_CANCELLED };

#define JOB_MAX_NOTES 200
/* One cmdlet that runs or ran. Gone after effect_discard: look it up by number each time, never keep the pointer. */
struct job_view {
    uint64_t job, connection;
    enum job_state state;
    bool paused;
    struct pipeline *pipeline;
    struct invocation *invocation;              /* what it is about: a copy of its main cmdlet's, or one that only reads */
    char *line;                                 /* the pipeline as PowerShell */
    char *question; bool question_more;         /* the service asks before it acts; NULL = nothing is asked */
    bool declined;                              /* something that it asked was answered with no, and so not done */
    char *store_path;                           /* NULL until EVENT_JOB_STARTED */
    struct job_progress progress;
    char **warnings; size_t warning_count, warning_capacity;        /* the first JOB_MAX_NOTES */
    char **notes; size_t note_count, note_capacity;                 /* of -Verbose and -WhatIf; the first JOB_MAX_NOTES */
    char *doing;                                /* what it said last of how far it is; NULL = nothing */
    struct err *errors; size_t error_count, error_capacity;         /* non-terminating; the first JOB_MAX_NOTES */
    struct err err;                             /* JOB_FAILED: why; JOB_WAITING: why it waits */
    int64_t retry_ms;                           /* JOB_WAITING: when it goes on, on the clock of now_ms */
    int64_t started_ms, started_unix, ended_unix;
};

#define LOG_MAX 1000

struct offer;

struct app_state {
    int64_t now_ms, now_unix;                   /* set before every input and every draw */
    bool demo;                                  /* on the built-in demo tenant: APPROVE_DEMO makes sense */
    bool utf8;
    struct session_view **sessions; size_t session_count, session_capacity;
    struct job_view **jobs; size_t job_count, job_capacity;         /* in order of their start */
    struct exchange_record **log; size_t log_count;                 /* the last LOG_MAX, oldest first */
    uint64_t log_total;                                             /* ever seen */
    uint64_t next_job, next_connection;
    uint64_t shown;                             /* the connection whose screens are on top; 0 = none's */
    struct err engine_err;                      /* EVENT_ENGINE_FAILED */
    const struct options *demo_options;         /* how the demo tenant is reached; NULL = it is not there */
    const struct offer *offer;                  /* what the topmost screen offered when the help screen was asked for */
    const char *offer_screen;                   /* its name */
};

void app_state_init(struct app_state *state);
void app_state_free(struct app_state *state);

const struct session_view *app_state_session(const struct app_state *state, uint64_t connection);   /* NULL: unknown */
/* The connection that is on show; where none is, the newest that is connected, else the newest; NULL = none yet. */
const struct session_view *app_state_current(const struct app_state *state);
/* How many are connected, and the place of the current one among them, from 1 on; 0 = it is not. */
size_t app_state_connected(const struct app_state *state, size_t *place);
const struct job_view *app_state_job(const struct app_state *state, uint64_t job);                  /* NULL: gone */
size_t app_state_running(const struct app_state *state);            /* jobs that still run or wait */
bool job_running(const struct job_view *job);

/* Takes an engine event in, moving out of it what the state keeps. False: screens need not see it (a cancelled or
   discarded job's later news). */
bool app_state_event(struct app_state *state, struct message *event);
/* Learns from a command on its way to the engine: new connections and jobs, cancelled, paused and discarded ones. */
void app_state_sent(struct app_state *state, const struct message *command);

#endif
