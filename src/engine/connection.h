/* One connection: options -> sign-in -> session. Tells the front end every step. */
#ifndef PURVEY_ENGINE_CONNECTION_H
#define PURVEY_ENGINE_CONNECTION_H

#include "engine/mailbox.h"
#include "pipeline/pipeline.h"
#include "session/session.h"

struct connection;

struct connection_context {
    struct mailbox *events;         /* not owned, as all here */
    struct timers *timers;
    struct http *http;
    const char *locale;
    void (*leaked)(void *context, const char *text);        /* as in session_config; leak_context outlives the connection */
    void *leak_context;
};

/* Starts signing in. fresh: a list of cmdlets that was kept is not good enough. Failures come as EVENT_CONNECT_FAILED; the connection then only waits to be freed. */
struct connection *connection_new(const struct connection_context *context, uint64_t id, const struct options *options, bool fresh);
void connection_free(struct connection *connection);    /* signs out of memory, closes the session; NULL is fine */

uint64_t connection_id(const struct connection *connection);
const char *connection_user_code(const struct connection *connection);     /* of the device code shown; "" = none */

/* The tenant whose places in broken exports may be kept on this machine; NULL = nothing is kept. */
const char *connection_keeps_for(const struct connection *connection);

/* True once EVENT_CONNECT_FAILED has been posted: the connection only waits to be freed. */
bool connection_failed(const struct connection *connection);

/* The open session, or NULL with ERR_AUTH_REQUIRED. */
struct session *connection_session(struct connection *connection, struct err *err) MUST_USE;

/* Calls ready (at once or later) when the token is fresh enough for a new command and the session that it needs is open;
   err non-NULL = it cannot be. Compliance searches need a session of their own, for another audience: it is opened
   beside the first by the first command that needs it, and said so in one EVENT_STEP (pains.md 7). */
void connection_prepare(struct connection *connection, const struct pipeline *pipeline, void (*ready)(void *, const struct err *), void *context);

#endif
