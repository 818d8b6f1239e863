/* An HTTPS server for tests of net and auth: answers in the order they were laid down and writes down what was asked.
   Its certificate has the names that are asked for, and can be a bad one. */
#ifndef PURVEY_TESTS_HTTPS_SERVER_H
#define PURVEY_TESTS_HTTPS_SERVER_H

#include <stdbool.h>
#include <stddef.h>

struct https_server;

struct https_certificate {
    const char *names[6];           /* DNS names; NULL-ended */
    int starts_in_s, ends_in_s;     /* from now; both 0 = an hour ago, in a day */
    bool self_signed;               /* its own issuer; the CA file then is still that of a CA */
};

enum https_manner {
    HTTPS_WHOLE,        /* the answer as it is */
    HTTPS_SILENT,       /* no answer until the server stops */
    HTTPS_DROPPED,      /* the connection is closed without an answer */
    HTTPS_CUT,          /* the connection is cut in the body, at `part` */
    HTTPS_STALLED,      /* the body up to `part`, then nothing until https_server_release */
};

struct https_reply {
    int status;
    const char *headers[6][2];      /* name, value; up to the first NULL name. Not copied */
    const char *body;               /* copied; NULL = empty */
    size_t length;                  /* of the body; 0 = strlen */
    size_t generated;               /* a body of this many bytes instead: byte i is 'a' + i % 23 */
    enum https_manner manner;
    size_t part;                    /* bytes; 0 = half of the body */
};

struct https_seen {
    const char *method, *path, *body;
    const char *headers;            /* "Name: value\n" each */
    int client_port;
};

struct https_server *https_server_start(const struct https_certificate *certificate);
void https_server_stop(struct https_server *server);
int https_server_port(const struct https_server *server);
const char *https_server_ca_file(const struct https_server *server);

void https_server_reply(struct https_server *server, const struct https_reply *reply);
void https_server_release(struct https_server *server);     /* lets every stalled answer go on */
size_t https_server_count(struct https_server *server);     /* requests so far */
/* Valid until the server stops. NULL when there were fewer. */
const struct https_seen *https_server_seen(struct https_server *server, size_t index);
bool https_seen_header(const struct https_seen *seen, const char *name, char *value, size_t size);

#endif
