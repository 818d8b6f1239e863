/* The engine: connections and jobs, on a thread of its own or stepped by hand in tests. */
#ifndef PURVEY_ENGINE_ENGINE_H
#define PURVEY_ENGINE_ENGINE_H

#include "engine/mailbox.h"

struct engine;

struct engine_config {
    const char *ca_file;        /* --ca-file, or the demo tenant's; NULL = the system's store */
    const char *proxy;          /* --proxy; NULL = environment */
    const char *demo_control;   /* https address of the demo tenant's approval verb; NULL = not the demo tenant */
    const char *demo_key;       /* what that verb asks for as X-Control-Key */
    const char *locale;         /* en-US; NULL = from the environment */
};

/* Never fails for network reasons: heavy parts (libcurl, GnuTLS, the store directory) start with the first turn, so
   that the first screen does not wait for them; failures come as EVENT_ENGINE_FAILED. */
struct engine *engine_new(const struct engine_config *config, struct err *err) MUST_USE;
/* Ends the thread, the jobs and the connections, and waits, seconds at most, until remote shells are deleted; when hurry_fd becomes
   readable (-1 = none), half a second at most and without waiting for their commands to stop. What could not be ended is said in the text, a line each;
   "" = all is well. Of the engine only engine_free and its events are left. */
const char *engine_farewell(struct engine *engine, int hurry_fd);
void engine_free(struct engine *engine);                /* says farewell; stops the thread if there is one; removes stores */

struct mailbox *engine_commands(struct engine *engine);
struct mailbox *engine_events(struct engine *engine);

/* One turn: waits at most timeout_ms (-1 = until something happens), then handles commands, transfers and timers. False
   after COMMAND_QUIT. Tests step it by hand, with no thread. */
bool engine_turn(struct engine *engine, int timeout_ms);
bool engine_start(struct engine *engine, struct err *err) MUST_USE;     /* runs engine_turn on its own thread */
void engine_stop(struct engine *engine);                                /* posts COMMAND_QUIT and joins */

#endif
