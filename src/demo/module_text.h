/* The text of ExchangeOnline.psm1 as the service generates it for a session (rest.md sections 7.1 and 7.2). */
#ifndef PURVEY_DEMO_MODULE_TEXT_H
#define PURVEY_DEMO_MODULE_TEXT_H

#include "base/buf.h"
#include "demo/cmdlets.h"

/* Appends the text for the cmdlets whose name fits wanted: "*", or a comma list of names and patterns with "*". */
void module_text(const struct cmdlet_table *table, struct str wanted, struct buf *out);

/* Appends the comma list of the same cmdlets (exportedCmdlets). */
void module_names(const struct cmdlet_table *table, struct str wanted, struct buf *out);

/* Case-blind match of a name with a pattern in which '*' stands for any text. */
bool wildcard_match(struct str pattern, struct str name);

#endif
