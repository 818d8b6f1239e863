/* Passwords among the arguments of a pipeline: fetched from where the line says they are, before it runs. */
#ifndef PURVEY_UI_SECRET_ARGUMENTS_H
#define PURVEY_UI_SECRET_ARGUMENTS_H

#include "pipeline/pipeline.h"

/* prompt, file:PATH, env:NAME, fd:N and cmd:COMMAND become the password itself, which the invocation wipes. may_prompt: this
   thread has the terminal to itself. False with err, whose field is the parameter. */
bool secret_arguments_fetch(struct pipeline *pipeline, bool may_prompt, struct err *err) MUST_USE;

#endif
