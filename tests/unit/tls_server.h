/* A scripted HTTPS server for tests: answers in the order they were laid down, whatever is asked, and writes down what
   was asked. Certificates for *.outlook.localhost come from a CA made at start. */
#ifndef PURVEY_TESTS_TLS_SERVER_H
#define PURVEY_TESTS_TLS_SERVER_H

#include <stdbool.h>
#include <stddef.h>

struct tls_server;

struct tls_reply {
    int status;
    const char *headers[6][2];      /* name, value; up to the first NULL name */
    const char *body;               /* copied; NULL = empty */
    size_t length;                  /* of the body; 0 = strlen */
    size_t cut_after;               /* bytes; the connection is cut there. 0 = not */
    size_t stall_after;             /* bytes; nothing follows, the connection stays. 0 = not */
};

/* One request as it came. */
struct tls_seen {
    char *method, *url, *host, *body;
    char *headers;                  /* "Name: value\n" each */
};

struct tls_server *tls_server_start(void);
void tls_server_stop(struct tls_server *server);
int tls_server_port(const struct tls_server *server);
const char *tls_server_ca_file(const struct tls_server *server);

void tls_server_reply(struct tls_server *server, const struct tls_reply *reply);
size_t tls_server_count(struct tls_server *server);
/* Valid until the server stops. NULL when there were fewer. */
const struct tls_seen *tls_server_seen(struct tls_server *server, size_t index);
/* Copies a header's value into `value`; false when absent. */
bool tls_seen_header(const struct tls_seen *seen, const char *name, char *value, size_t size);

#endif
