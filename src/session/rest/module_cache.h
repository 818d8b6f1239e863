/* The list of cmdlets kept between runs, so that a connection is usable at once (rest.md section 7): the answer as it came,
   and the region that gave it. */
#ifndef PURVEY_SESSION_REST_MODULE_CACHE_H
#define PURVEY_SESSION_REST_MODULE_CACHE_H

#include "base/buf.h"
#include "session/session.h"

/* An older list is read anew before anything else; a younger one than this is good enough as it is. */
#define MODULE_KEPT_S (30 * 24 * 3600)
#define MODULE_FRESH_S (5 * 60)

struct kept_module { struct buf answer; char region[64]; int64_t age_s; };

/* For this version of purvey, this tenant and user, these cmdlets and this address; false when there is none. answer needs
   its cap and is the caller's to free. */
bool module_cache_load(const struct session_config *config, struct kept_module *module);
void module_cache_store(const struct session_config *config, struct str answer, const char *region);
void module_cache_drop(const struct session_config *config);
void module_cache_drop_all(void);       /* of every tenant: after a sign-out */

#endif
