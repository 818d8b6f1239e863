/* Answers of the compliance service go packed to who takes them so: its own client asks for gzip on every call (rest.md
   section 3), and the module file of two megabytes is sent that way (section 7). */
#ifndef PURVEY_DEMO_GZIP_H
#define PURVEY_DEMO_GZIP_H

#include "demo/demo.h"

/* Whether an Accept-Encoding header (RFC 9110 section 12.5.3) takes gzip; "" does not. */
bool gzip_taken(const char *accept_encoding);

/* The same text packed, as it comes: at most one block of it is held at a time. Takes inner, whose context is not NULL. */
struct demo_stream gzip_stream(struct demo_stream inner);

/* Packs what reply has, a stream as a stream, and says so in its headers. Bodies of less than a kilobyte stay as they
   are. */
void gzip_reply(struct demo_reply *reply);

#endif
