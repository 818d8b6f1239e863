/* Memory for tokens, passwords and keys: locked against swapping, left out of core dumps, wiped when freed. */
#ifndef PURVEY_BASE_SECRET_H
#define PURVEY_BASE_SECRET_H

#include "base/str.h"

struct secret;  /* opaque; reference by pointer only, so that no copy of the bytes is made by accident */

struct secret *secret_new(struct str bytes);             /* copies; the caller wipes its own source */
struct secret *secret_copy(const struct secret *secret); /* NULL gives NULL */
void secret_free(struct secret *secret);                 /* wipes; NULL is fine */
struct str secret_str(const struct secret *secret);      /* NUL-terminated view, valid until secret_free */
bool secret_is_at(const char *text);                     /* text is what secret_str gave, of a secret that still lives */
void secret_wipe(void *bytes, size_t length);            /* explicit_bzero */

/* Called once at start: no core dumps, no ptrace by the same user (PR_SET_DUMPABLE 0, RLIMIT_CORE 0). */
void secret_harden_process(void);

#endif
