/* Cookies of one connection, within net/. */
#ifndef PURVEY_NET_HTTP_JAR_H
#define PURVEY_NET_HTTP_JAR_H

#include <curl/curl.h>

#include "net/http.h"

struct http_jar *http_jar_use(struct http_jar *jar);    /* one more user, who ends with http_jar_free; NULL is fine */

/* libcurl (7.88) counts the address as part of its Cookie line and stops in the middle of it when both are too long, so that
   the cookies and the next header are lost. For such an address the line is made here. */
bool http_jar_by_hand(const char *url);
/* "Cookie: a=b; c=d" of what the jar has for this address; NULL = nothing. Wiped by whoever frees it, of secret_size bytes. */
char *http_jar_line(struct http_jar *jar, const char *url, size_t *secret_size);
/* The cookies come from this jar, and what the answer sets goes into it; where the line is made by hand, by http_jar_keep when
   the transfer is over, which is nothing to do for other addresses and without a jar. A cookie that such an answer takes back
   stays. */
void http_jar_attach(struct http_jar *jar, CURL *easy, const char *url);
void http_jar_keep(struct http_jar *jar, CURL *easy, const char *url);

#endif
