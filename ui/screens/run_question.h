/* The question before a cmdlet that changes something: names the tenant and the exact line; what destroys wants a word
   typed. One place for the form, the command prompt and "run again". */
#ifndef PURVEY_UI_RUN_QUESTION_H
#define PURVEY_UI_RUN_QUESTION_H

#include "ui/widgets/dialog.h"

struct run_question {
    struct dialog dialog;
    struct invocation *invocation;      /* what waits for the answer; NULL = nothing */
};

void run_question_free(struct run_question *question);
bool run_question_open(const struct run_question *question);

/* True when the cmdlet only reads and nothing needs to be asked. Otherwise opens the dialog over an area of that size;
   the invocation is taken. */
bool run_question_ask(struct run_question *question, const struct session_view *session, struct invocation *invocation,
                      int rows, int columns);

/* Give it every action, text and paste while it is open. The invocation (the caller's) once the answer is yes; else
   NULL. */
struct invocation *run_question_input(struct run_question *question, const struct ui_input *input);

/* What must be typed before this may run; "" = it destroys nothing. Static text. */
const char *run_question_word(const struct invocation *invocation);

#endif
