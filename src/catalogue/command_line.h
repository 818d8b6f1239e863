/* One line of PowerShell in and out (the part of the language that a single cmdlet needs). */
#ifndef PURVEY_CATALOGUE_COMMAND_LINE_H
#define PURVEY_CATALOGUE_COMMAND_LINE_H

#include "base/buf.h"
#include "catalogue/invocation.h"
#include "catalogue/literal.h"

#define COMMAND_LINE_MAX ((size_t)1024 * 1024)

/* Reads the arguments of one call from a longer text (a pipeline, a script): the reader stands behind the cmdlet's name and
   stops before a line end or one of | ; > } ) that is no part of a value. piped: objects will come from the cmdlet before
   it, so mandatory parameters that take them may be missing. @FILE.json gives the parameters in a JSON object.
   NULL with ERR_INPUT. */
struct invocation *command_read(struct reader *reader, const struct cmdlet *cmdlet, bool piped, struct err *err) MUST_USE;

/* A name as it stands in a command: letters, digits, dashes, and the signs that are aliases (? and %). Empty when there is
   none; the reader moves behind it. */
struct str command_read_name(struct reader *reader);

/* Parses one cmdlet call: names case-blind and by unambiguous prefix, positional parameters, switches with and without
   :$false, single and double quotes, arrays (a,b and @('a','b')), hash tables @{...}, $true $false $null, numbers.
   NULL with ERR_INPUT and a text that names the column and what was expected. -WhatIf becomes a mark of
   the invocation (pains 4). The result is validated. */
struct invocation *command_line_parse(struct str line, const struct catalogue *catalogue, struct err *err) MUST_USE;

/* Appends the call as PowerShell, one line, quoted so that command_line_parse gives the same invocation back. */
void command_line_print(const struct invocation *invocation, struct buf *out);

#endif
