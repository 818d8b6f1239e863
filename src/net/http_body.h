/* The body of a request, within net/. */
#ifndef PURVEY_NET_HTTP_BODY_H
#define PURVEY_NET_HTTP_BODY_H

#include <curl/curl.h>

#include "net/http.h"

struct http_body {
    struct secret *bytes;       /* a copy, wiped in the end; NULL = no body */
    size_t taken;               /* how much of it curl has read, when it reads by itself */
    bool open;                  /* it holds no secret */
};

/* Makes easy send request->body; body stays where it is until easy is gone, and is then ended by http_body_free. */
void http_body_attach(struct http_body *body, const struct http_request *request, CURL *easy);
void http_body_free(struct http_body *body);

#endif
