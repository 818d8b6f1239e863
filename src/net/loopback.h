/* The redirect listener of the browser sign-in (auth.md section 4): waits on this machine's own addresses for the one form
   that the sign-in service posts. Sole owner of libmicrohttpd on this side. Runs in the engine's loop, without a thread. */
#ifndef PURVEY_NET_LOOPBACK_H
#define PURVEY_NET_LOOPBACK_H

#include "net/http.h"

#define LOOPBACK_BODY_MAX ((size_t)64 * 1024)

/* What came back. Texts are the service's: clean before drawing. Valid inside the callback only. */
struct loopback_answer {
    struct str code;                /* a secret until it is redeemed; empty when error is not */
    const char *error, *error_description, *error_subcode;  /* "" = none */
};

struct loopback_config {
    struct http *http;
    struct timers *timers;
    int port;                       /* 0 = any free one; the same on 127.0.0.1 and ::1 */
    const char *state;              /* what is asked for without it is refused, and waiting goes on */
    bool accept_query;              /* also take a code from the address (GET): off unless the person asked for it */
    void (*received)(void *context, const struct loopback_answer *answer);  /* once; may not free the listener */
    void *context;
};

struct loopback;

/* Listens on 127.0.0.1 and, where this machine has it, ::1. ERR_SYSTEM with advice when the port is taken. */
struct loopback *loopback_open(const struct loopback_config *config, struct err *err) MUST_USE;
void loopback_close(struct loopback *loopback);         /* NULL is fine */
int loopback_port(const struct loopback *loopback);

/* A short address on the listener that leads a browser to `target`: easier to type than the target itself, which is some
   700 characters long. Texts live as long as the listener. */
const char *loopback_short_address(struct loopback *loopback, const char *target);

#endif
