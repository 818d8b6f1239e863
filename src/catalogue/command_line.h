/* One line of PowerShell in and out (the part of the language that a single cmdlet needs). */
#ifndef PURVEY_CATALOGUE_COMMAND_LINE_H
#define PURVEY_CATALOGUE_COMMAND_LINE_H

#include "base/buf.h"
#include "catalogue/invocation.h"

#define COMMAND_LINE_MAX ((size_t)1024 * 1024)

/* Parses one cmdlet call: names case-blind and by unambiguous prefix, positional parameters, switches with and without
   :$false, single and double quotes, arrays (a,b and @('a','b')), hash tables @{...}, $true $false $null, numbers.
   NULL with ERR_INPUT and a text that names the column and what was expected. -WhatIf is refused with the reason
   (pains 4). The result is validated. */
struct invocation *command_line_parse(struct str line, const struct catalogue *catalogue, struct err *err) MUST_USE;

/* Appends the call as PowerShell, one line, quoted so that command_line_parse gives the same invocation back. */
void command_line_print(const struct invocation *invocation, struct buf *out);

#endif
