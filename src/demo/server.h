/* The HTTPS server in front of the demo tenant: libmicrohttpd, a thread a connection, on loopback only. */
#ifndef PURVEY_DEMO_SERVER_H
#define PURVEY_DEMO_SERVER_H

#include "demo/certificate.h"
#include "demo/demo.h"

struct server;

/* Listens on demo->config.port (0: the kernel's choice, written back). NULL with ERR_SYSTEM. */
struct server *server_start(struct demo *demo, const struct certificate *certificate, struct err *err) MUST_USE;
void server_stop(struct server *server);        /* ends every connection; NULL is fine */

#endif
