/* Remote PowerShell at the demo tenant (rps.md): the address /powershell-liveid of the front door and the regional host. */
#ifndef PURVEY_DEMO_RPS_H
#define PURVEY_DEMO_RPS_H

#include "demo/demo.h"
#include "demo/rest.h"

struct rps;

struct rps *rps_new(void);
void rps_free(struct rps *rps);
/* Ends every wait: before the server's threads are joined. Called with the lock held. */
void rps_stop(struct rps *rps);

bool rps_is_path(const char *path);             /* case-blind, with or without a slash at the end */
/* A request to that path. Called with the lock held; a Receive lets go of it while it waits. */
void rps_handle(struct demo *demo, const struct demo_request *request, struct demo_reply *reply);
/* Behind HTTP and the front door, for tests: it is known who calls. */
void rps_serve(struct demo *demo, const struct demo_request *request, const struct caller *caller, struct demo_reply *reply);

void rps_stats(const struct rps *rps, struct json *out);
/* Trouble for tests: {"action": word, "ms", "reason", "count"}; words: vanish, break, refuse, slow, garbage, truncate, order,
   unknown, cycle, big, empty, split, late, never, expire. False: there is no such word. */
bool rps_control(struct demo *demo, const struct json *body);

#endif
