/* The question before a cmdlet that changes something: names the tenant and the exact line; what destroys wants a word
   typed. One place for the form, the command prompt and "run again". */
#ifndef PURVEY_UI_RUN_QUESTION_H
#define PURVEY_UI_RUN_QUESTION_H

#include "pipeline/pipeline.h"
#include "ui/widgets/dialog.h"

struct run_question {
    struct dialog dialog;
    struct pipeline *pipeline;          /* what waits for the answer; NULL = nothing */
};

void run_question_free(struct run_question *question);
bool run_question_open(const struct run_question *question);

/* True when nothing needs to be asked here: it only reads, or the service will ask about each object. Otherwise opens the
   dialog over an area of that size; the pipeline is taken. */
bool run_question_ask(struct run_question *question, const struct session_view *session, struct pipeline *pipeline, int rows, int columns);

/* Give it every action, text and paste while it is open. The pipeline (the caller's) once the answer is yes; else NULL. The
   service is told not to ask again. */
struct pipeline *run_question_input(struct run_question *question, const struct ui_input *input);

/* What must be typed before this may run; "" = it destroys nothing. Static text. */
const char *run_question_word(const struct invocation *invocation);

#endif
