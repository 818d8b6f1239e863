/* A parameter set in PowerShell's notation, as Get-Help and Get-Command -Syntax show it. */
#ifndef PURVEY_CATALOGUE_SYNTAX_H
#define PURVEY_CATALOGUE_SYNTAX_H

#include "base/buf.h"
#include "catalogue/catalogue.h"

/* Appends one line without its end: New-Thing [-Name] <string> -Kind <value> [-Force]. What may be left out stands in
   brackets; positional parameters come first, then what has to be given. */
void cmdlet_syntax(const struct cmdlet *cmdlet, const char *set, struct buf *out);

#endif
