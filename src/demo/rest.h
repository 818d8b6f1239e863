/* The compliance service of the demo tenant (rest.md): front door, regional host, module file, cmdlets. */
#ifndef PURVEY_DEMO_REST_H
#define PURVEY_DEMO_REST_H

#include "demo/demo.h"

struct rest *rest_new(const struct demo_config *config);
void rest_free(struct rest *rest);

/* Every request to DEMO_FRONT_DOOR, a host below it, or one below DEMO_ADMIN_SUFFIX. Called with the lock held. */
void rest_handle(struct demo *demo, const struct demo_request *request, struct demo_reply *reply);

/* Behind the front door, for tests: it is known who calls. */
struct caller {
    const char *upn;                /* "" = an application */
    bool search_only;               /* the bearer is for DEMO_SEARCH_HOST */
};
void rest_serve(struct demo *demo, const struct demo_request *request, const struct caller *caller, struct demo_reply *reply);

/* The cmdlet that a body names, as rest_serve runs it; for remote PowerShell, which has the same cmdlets. The answer is that of
   InvokeCommand. request: its body, query (a nextLink's) and Prefer count. */
void rest_invoke(struct demo *demo, const struct demo_request *request, const struct caller *caller, struct demo_reply *reply);
/* False: no bearer, an unknown or expired one, or another resource's. authorization: "Bearer ...". */
struct bearer;
bool rest_knows_bearer(struct demo *demo, const char *authorization, struct bearer *bearer);
struct rps *rest_rps(const struct rest *rest);
const struct cmdlet_table *rest_cmdlets(const struct rest *rest);

/* Adds members about the service's side to the control page's statistics (cookies seen, calls per cmdlet). */
void rest_stats(const struct rest *rest, struct json *out);

#endif
