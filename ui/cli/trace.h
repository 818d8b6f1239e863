/* --trace: every request and the head of its answer in a file that can be given to whoever helps. Tokens, passwords and
   assertions are not in it. */
#ifndef PURVEY_UI_TRACE_H
#define PURVEY_UI_TRACE_H

#include "engine/message.h"

struct trace;

/* A new file, 0600; one that is there is replaced. NULL with ERR_SYSTEM. */
struct trace *trace_open(const char *path, struct err *err) MUST_USE;
void trace_write(struct trace *trace, const struct exchange_record *exchange);
bool trace_close(struct trace *trace);      /* false when something is missing in the file */

#endif
