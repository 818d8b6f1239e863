/* The list of cmdlets of a remote session, kept between runs. It is good for as long as the server gives the same hash for it
   (rps.md section 8), so that nothing has to be asked. */
#ifndef PURVEY_SESSION_RPS_COMMAND_CACHE_H
#define PURVEY_SESSION_RPS_COMMAND_CACHE_H

#include "catalogue/catalogue.h"
#include "session/rps/clixml.h"
#include "session/session.h"

#define COMMAND_CACHE_MOST ((size_t)64 * 1024 * 1024)

/* Appends an object of the server's list to what will be kept. */
void command_cache_add(struct buf *list, const struct clixml_value *command);
void command_cache_store(const struct session_config *config, const char *hash, struct str list);
/* Not sealed; NULL when none was kept under this hash for this tenant, user, address and these cmdlets. */
struct catalogue *command_cache_load(const struct session_config *config, const char *hash);

#endif
