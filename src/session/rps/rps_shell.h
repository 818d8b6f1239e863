/* One remote shell with its runspace pool: opened through redirects, kept, deleted on every way out (rps.md sections 1, 2, 6, 11). */
#ifndef PURVEY_SESSION_RPS_RPS_SHELL_H
#define PURVEY_SESSION_RPS_RPS_SHELL_H

#include "auth/session_key.h"
#include "session/rps/clixml.h"
#include "session/rps/rps_link.h"
#include "session/rps/rps_private_data.h"
#include "session/session.h"

struct rps_shell;

/* Valid as long as the shell. opened or failed comes exactly once unless it was closed before; each may close it. */
struct rps_shell_events {
    void (*opened)(void *context);
    void (*failed)(void *context, const struct err *err);
    void (*moved)(void *context, const char *host);             /* a redirect is followed */
    void (*broken)(void *context, const struct err *err);       /* in the middle of its life: to be closed and replaced */
    void (*leftover)(void *context);                            /* a shell of a program that was killed is being ended */
};

/* config and its remote options have to stay until opened or failed; http and timers until the farewell. The pool has a host when
   `host`. NULL with ERR_INPUT when the address is refused. */
struct rps_shell *rps_shell_open(const struct session_config *config, const struct remote_options *options,
                                 const struct rps_shell_events *events, void *context, struct err *err) MUST_USE;
/* No callback comes any more but config's `leaked`. The server is told when it has answered what is under way. */
void rps_shell_close(struct rps_shell *shell);                  /* NULL is fine */

/* What pipelines need. */
struct rps_link *rps_shell_link(struct rps_shell *shell);
const struct wsman_shell *rps_shell_wsman(const struct rps_shell *shell);
const struct guid *rps_shell_pool(const struct rps_shell *shell);
uint64_t *rps_shell_objects(struct rps_shell *shell);           /* the counter of messages sent */
const char *rps_shell_host(const struct rps_shell *shell);
const struct rps_private_data *rps_shell_private_data(const struct rps_shell *shell);       /* as long as the shell */
int rps_shell_protocol(const struct rps_shell *shell);          /* the minor number of version 2 that both speak */
/* Asks once for what waits for the pool itself: a command that gives nothing may wait for an answer to it. */
void rps_shell_look(struct rps_shell *shell);

/* A key for secure values, made when the first is needed. ready comes once, later; not after the shell was closed. NULL until
   then. */
void rps_shell_need_key(struct rps_shell *shell, void (*ready)(void *context, const struct err *err), void *context);
void rps_shell_key_asked(struct rps_shell *shell);              /* by the server, in the middle of a command */
const struct session_key *rps_shell_key(const struct rps_shell *shell);

#endif
