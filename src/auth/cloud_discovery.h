/* Which cloud and which tenant an organization is, asked without a sign-in: the worldwide sign-in host answers for the other
   clouds too and names the region scope (auth.md section 3). */
#ifndef PURVEY_AUTH_CLOUD_DISCOVERY_H
#define PURVEY_AUTH_CLOUD_DISCOVERY_H

#include "auth/cloud.h"
#include "base/timers.h"
#include "net/http.h"

struct cloud_discovery;

/* host: of a sign-in service, with its port when that is not 443; NULL = the worldwide one. domain: of a user name, or an
   organization's. done comes once, later: the cloud, or NULL when nobody could say (then the guess by the name has to do), and
   the tenant's id, or "". It may free the discovery. NULL with err when nothing could be sent. limit_s: how long the answer
   is waited for. */
struct cloud_discovery *cloud_discovery_start(struct http *http, const char *host, const char *domain, int limit_s,
                                              void (*done)(void *context, const struct cloud *cloud, const char *tenant_id),
                                              void *context, struct err *err) MUST_USE;
void cloud_discovery_free(struct cloud_discovery *discovery);       /* cancels; NULL is fine */

/* WW, EU..., USGov with a sub scope, DOD: the table of auth.md section 3. NULL: says nothing. */
const struct cloud *cloud_by_region_scope(const char *scope, const char *sub_scope);

#endif
