/* A pipeline at work in a session: one cmdlet of the service after the other, the local cmdlets between them, and the
   questions that the service asks before it changes something. All on the engine thread; nothing blocks.

   The objects of one cmdlet are bound to the next one's parameters as they come, and the next one begins when the first has
   come to its end: a list that changes while it is read would never end, and an answer that does not fit the question
   (pains.md 5) must be known before anything is changed. */
#ifndef PURVEY_ENGINE_FLOW_H
#define PURVEY_ENGINE_FLOW_H

#include "engine/message.h"
#include "pipeline/variables.h"
#include "session/session.h"

struct flow_progress { int64_t call, calls; };          /* which of how many calls of the last cmdlet; 0 of 0 = not that far */

/* Strings and objects are good inside the callback only. done comes exactly once, unless the flow is freed before it, and
   never from inside flow_start. No callback may free the flow. */
struct flow_listener {
    bool (*object)(void *context, const struct object *object, struct err *err);    /* of the result; false ends the flow */
    void (*warning)(void *context, struct str text);
    void (*information)(void *context, enum run_stream stream, struct str text);        /* -Verbose, -WhatIf, of remote shells */
    void (*error)(void *context, const struct err *err);        /* the flow goes on */
    void (*waiting)(void *context, int seconds, const struct err *why);
    void (*question)(void *context, struct str text, bool more);        /* until flow_answer; more: others may follow */
    /* The objects so far must be safe from here on, since the place behind them is written down. False: they are not, and the
       flow ends. NULL: there is no such place. */
    bool (*settle)(void *context, struct err *err);
    void (*done)(void *context, const struct run_summary *summary, const struct err *err);
    void *context;
};

struct flow;

/* What pipelines share. Nothing here is owned. */
struct flow_context { struct timers *timers; struct variables *variables; };

/* Takes the pipeline. sessions: one for each of its stages (NULL for what is not the service's), read at once. Whatever is wrong
   with it comes by `done`. */
struct flow *flow_start(struct session *const *sessions, const struct flow_context *context, struct pipeline *pipeline, const struct flow_listener *listener);
void flow_answer(struct flow *flow, enum flow_answer answer);   /* nothing is asked: no effect */
void flow_pause(struct flow *flow, bool paused);
const struct pipeline *flow_pipeline(const struct flow *flow);
struct flow_progress flow_progress(const struct flow *flow);
void flow_free(struct flow *flow);                              /* cancels what runs; NULL is fine */

#endif
