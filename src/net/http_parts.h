/* The parts of net/http.c that need no libcurl: headers of an answer, descriptors, hosts a bearer may go to, redacted lines. */
#ifndef PURVEY_NET_HTTP_PARTS_H
#define PURVEY_NET_HTTP_PARTS_H

#include "base/buf.h"

#define HTTP_MAX_LINES 128

/* Header lines in their order. What comes after HTTP_MAX_LINES lines is dropped. */
struct http_lines {
    struct { char *name, *value; } items[HTTP_MAX_LINES];
    size_t count;
};

void http_lines_add(struct http_lines *lines, struct str name, struct str value);       /* copies */
void http_lines_clear(struct http_lines *lines);

/* The value of the last line of that name, case-blind; NULL when there is none. */
const char *http_lines_last(const struct http_lines *lines, const char *name);
/* Walks the lines of one name: *index starts at 0; NULL at the end. */
const char *http_lines_next(const struct http_lines *lines, const char *name, size_t *index);

/* Descriptors that are waited for beside the transfers. */
#define HTTP_WATCHES_MOST 8
struct http_watches {
    struct { int fd; void (*readable)(void *context); void *context; } items[HTTP_WATCHES_MOST];
    size_t count;
};

bool http_watches_add(struct http_watches *watches, int fd, void (*readable)(void *), void *context);   /* false: no place */
void http_watches_drop(struct http_watches *watches, int fd);
/* One that another's callback took out is passed over. */
void http_watches_call(const struct http_watches *watches, int fd);

/* True when host is one of the suffixes (NULL-ended) or lies below one. */
bool http_host_allowed(const char *host, const char *const *suffixes);
/* True for localhost and names below it: they never leave this machine (RFC 6761 section 6.3). */
bool http_host_is_local(const char *host);

/* False when text holds a control character: in a header it could end the line and start another. */
bool http_header_safe(struct str text);

/* http_url_parse for the metadata services of managed identities: plain http, and known hosts only. */
struct http_url;
bool http_metadata_parse(const char *url, struct http_url *parts);

/* HOST:PORT of the proxy by which host is reached, as libcurl chooses it: what was configured (NULL = nothing), else what the
   environment says, but for the hosts of no_proxy. False when there is none. */
bool http_proxy_of(const char *configured, const char *host, char *to, size_t size);

/* The header line of a bearer, or of a bearer as the password of Basic when user is not NULL; size is its length. The caller
   wipes and frees it. */
char *http_authorization(const char *user, struct str token, size_t *size);

/* Appends "name: value\n"; the value of a header that carries a secret becomes "***". */
void http_redact_line(struct buf *out, struct str name, struct str value);

#endif
