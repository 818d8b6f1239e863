/* What purvey help and purvey cmdlets say of a cmdlet, as plain text: from what the service offered and from the facts that
   are known besides. Pure. Texts of the service are in it as they came: clean it before it goes to a terminal. */
#ifndef PURVEY_UI_CLI_HELP_TEXT_H
#define PURVEY_UI_CLI_HELP_TEXT_H

#include "base/buf.h"
#include "catalogue/known_cmdlets.h"

/* Appends name, what it does, syntax of each set, parameters, and what the account was not offered. columns: where lines are
   wrapped, 0 = nowhere. */
void help_text(const struct cmdlet *cmdlet, int columns, struct buf *out);
/* The same for a cmdlet that the account was not offered: what is known of it. shown: its name on this connection. */
void help_text_not_offered(const struct known_cmdlet *known, const char *shown, int columns, struct buf *out);

/* And for purvey's own cmdlets (pipeline/local_cmdlets.h). */
void help_text_local(const struct cmdlet *cmdlet, int columns, struct buf *out);

/* "reads", "creates", "deletes"...: static text. */
const char *help_effect(struct str cmdlet_name);

#endif
