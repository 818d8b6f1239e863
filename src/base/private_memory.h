/* malloc and its like for libraries that handle secrets: what is large enough to hold a token lies in pages that are left out
   of core dumps and of forked children, and everything is wiped before it goes back. Any thread may call them. */
#ifndef PURVEY_BASE_PRIVATE_MEMORY_H
#define PURVEY_BASE_PRIVATE_MEMORY_H

#include <stddef.h>

void *private_malloc(size_t size);          /* NULL when there is no memory */
void *private_calloc(size_t count, size_t size);
void *private_realloc(void *old, size_t size);
char *private_strdup(const char *text);
void private_free(void *memory);            /* NULL is fine */

#endif
