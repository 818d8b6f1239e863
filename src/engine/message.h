/* All that crosses threads: plain values that own what they carry. Commands go to the engine, events come back. */
#ifndef PURVEY_ENGINE_MESSAGE_H
#define PURVEY_ENGINE_MESSAGE_H

#include "auth/oauth.h"
#include "connect/options.h"
#include "pipeline/pipeline.h"
#include "results/store.h"

enum message_kind {
    /* front end -> engine */
    COMMAND_CONNECT,            /* options, connection (number chosen by the front end, > 0), flag = no kept list of cmdlets */
    COMMAND_CONNECT_CANCEL,     /* connection */
    COMMAND_DISCONNECT,         /* connection */
    COMMAND_SIGN_OUT,           /* options: forget what is kept for their user, or for everybody when they name none */
    COMMAND_DEMO_APPROVE,       /* connection: approve the device code as the demo tenant's user would */
    COMMAND_RUN,                /* connection, job (chosen by the front end, > 0), pipeline */
    COMMAND_CONTINUE,           /* connection, job: a read that broke goes on where it stopped (progress.can_go_on) */
    COMMAND_ANSWER,             /* job, number = enum flow_answer: to EVENT_JOB_QUESTION */
    COMMAND_CANCEL,             /* job: logical first, then the transfer is torn down; results stay readable */
    COMMAND_PAUSE,              /* job, flag */
    COMMAND_ARRANGE,            /* job, view (chosen by the front end, > 0, rising), arrangement */
    COMMAND_FIND,               /* job, view, text, position, flag = backwards */
    COMMAND_DISCARD,            /* job: the table was closed; its file goes */
    COMMAND_QUIT,
    /* engine -> front end */
    EVENT_STEP,                 /* connection, text, number = enum oauth_step_state, elapsed_ms */
    EVENT_DEVICE_PROMPT,        /* connection, prompt */
    EVENT_BROWSER_PROMPT,       /* connection, browser */
    EVENT_CONNECTED,            /* connection, catalogue, account, flag = the service's greeting is to come */
    EVENT_GREETED,              /* connection: it has come, as a step, or will not */
    EVENT_RENEWED,              /* connection, number = when the new token ends (unix time): the sign-in was renewed */
    EVENT_CONNECT_FAILED,       /* connection, err */
    EVENT_SIGNED_OUT,           /* number = accounts forgotten, text = where they were kept, err */
    EVENT_DISCONNECTED,         /* connection */
    EVENT_JOB_STARTED,          /* job, text = path of the store */
    EVENT_JOB_PROGRESS,         /* job, progress. Coalesced: at most one a job and engine turn */
    EVENT_JOB_WARNING,          /* job, text */
    EVENT_JOB_INFORMATION,      /* job, text: of -Verbose, -WhatIf and remote shells; flag = how far it is, which the next one replaces */
    EVENT_JOB_ERROR,            /* job, err: non-terminating */
    EVENT_JOB_QUESTION,         /* job, text, flag = more may follow: the job stands still until COMMAND_ANSWER */
    EVENT_JOB_WAITING,          /* job, number = seconds until the retry, err = why */
    EVENT_JOB_DONE,             /* job, progress, err (kind ERR_NONE = complete) */
    EVENT_ARRANGED,             /* job, view, number = rows; err on failure. Also unasked, when rows came meanwhile */
    EVENT_FOUND,                /* job, view, position (-1 = not found), text; flag = hits were counted: number of total */
    EVENT_EXCHANGE,             /* exchange: one line of the log of requests */
    EVENT_ENGINE_FAILED,        /* err: the engine could not start */
};

/* To a question that the service asks before it acts (rest.md section 4). */
enum flow_answer { FLOW_YES, FLOW_YES_TO_ALL, FLOW_NO, FLOW_NO_TO_ALL };

/* call of calls: which of the calls that piped objects make of the last cmdlet; 0 of 0 = not that far. */
struct job_progress { int64_t rows, call, calls, rate_limit, rate_remaining; char rate_reset[32]; int pages; int64_t elapsed_ms; bool complete, more_available, can_go_on; char request_id[64]; };

struct account { char upn[256]; char tenant[256]; char tenant_id[64]; char cloud[32]; char region[64]; bool app_only;
                 bool given_token, refused;       /* refused: the service takes the token no more, whatever it says of its end */
                 int64_t expires_unix; char cache[512];   /* where the sign-in is kept, and why there */
                 char certificate[768];                                         /* which, and where it was found; "" = none */
                 int64_t rate_limit, rate_remaining; char rate_reset[32]; };      /* of the last answer; limit 0 = not known */

/* The browser's half of a sign-in: where it goes, and whether one was started here. */
struct browser_prompt { char *url, *ssh_line; char short_url[64]; int port, expires_in_s; bool started, over_ssh; const char *why; };

struct exchange_record { int64_t started_unix, elapsed_ms; int status; int64_t sent_bytes, received_bytes; char method[8];
                         char *url, *purpose, *client_request_id, *request_id, *request_headers, *response_headers, *request_body; char error[256]; };

struct message {
    enum message_kind kind;
    uint64_t connection, job;
    uint32_t view;
    bool flag;
    int64_t number, total, elapsed_ms, position;
    char *text;
    struct options *options;
    struct pipeline *pipeline;
    struct arrangement *arrangement;
    struct catalogue *catalogue;
    struct oauth_device_prompt *prompt;
    struct browser_prompt *browser;
    struct account *account;
    struct exchange_record *exchange;
    struct err *err;
    struct job_progress progress;
    struct message *next;       /* the mailbox's */
};

struct message *message_new(enum message_kind kind);
void message_free(struct message *message);             /* frees all it still carries */
void browser_prompt_free(struct browser_prompt *browser);       /* NULL is fine */
void message_set_err(struct message *message, const struct err *err);
const char *message_kind_name(enum message_kind kind);

/* Who signs in where, through which program: what tells a code of one's own from a stranger's (auth.md section 5, phishing). Of
   the service's text: clean it before drawing. The caller's to free. */
char *message_device_words(const struct oauth_device_prompt *prompt) MUST_USE;

#endif
