/* Starts and stops purvey-demo, the demo tenant, for `--demo` and for the tests. The child ends by itself when this
   process goes away, however it goes: it watches the pipe on its standard input. */
#ifndef PURVEY_ENGINE_DEMO_PROCESS_H
#define PURVEY_ENGINE_DEMO_PROCESS_H

#include "base/err.h"

struct demo_process;

/* Where the running demo tenant is. Texts are owned by the process. */
struct demo_place {
    const char *authority, *connection_uri, *ca_file, *control, *control_key, *user, *tenant, *tenant_id;
};

/* Runs `program` (NULL: $PURVEY_DEMO, else purvey-demo beside this executable, else on the PATH) with arguments (NULL-
   ended, may be NULL) and waits at most 10 seconds for its ready line. NULL with ERR_SYSTEM, ERR_INPUT when it
   refused an argument; its own words are on stderr then. */
struct demo_process *demo_process_start(const char *program, const char *const *arguments, struct err *err) MUST_USE;
void demo_process_stop(struct demo_process *demo);      /* closes the pipe, waits for the end; NULL is fine */
const struct demo_place *demo_process_place(const struct demo_process *demo);

#endif
