/* What can follow on a command line of purvey, from the tables of commands, options and cmdlets. Pure; no connection is made:
   cmdlets are those that the service is known to have. */
#ifndef PURVEY_UI_CLI_COMPLETE_H
#define PURVEY_UI_CLI_COMPLETE_H

#include "base/buf.h"

/* line: as typed, up to the cursor, for a shell to split. replaced: the end of it in whose place the shell puts what is chosen
   (shells cut words at = and : as well). Appends a first line, "words", "open" (the word goes on: no blank behind it) or
   "files" (the shell's own), and then a line for each candidate: text, TAB, description. Any bytes are fine. */
void complete_line(struct str line, struct str replaced, struct buf *out);

#endif
