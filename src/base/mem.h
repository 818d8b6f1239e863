/* Allocation that cannot fail: out of memory ends the program with one line on stderr and restores nothing, because a
   terminal program that has no memory for a string cannot go on usefully. */
#ifndef PURVEY_BASE_MEM_H
#define PURVEY_BASE_MEM_H

#include <stddef.h>

void *mem_new(size_t size);                              /* zeroed */
void *mem_array(size_t count, size_t size);              /* zeroed; checked multiplication */
void *mem_grow(void *old, size_t count, size_t size);    /* realloc; new bytes are not zeroed */
char *mem_text(const char *text);                        /* strdup; NULL stays NULL */
_Noreturn void mem_exhausted(void);                      /* the end, for memory that came from elsewhere */
char *mem_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
#define MEM_NEW(type) ((type *)mem_new(sizeof(type)))

/* Grows a plain array `items` with `count` used and `capacity` places so that one more fits. */
#define MEM_ROOM(items, count, capacity)                                                     \
    do {                                                                                     \
        if ((count) >= (capacity)) {                                                         \
            (capacity) = (capacity) ? (capacity) * 2 : 8;                                    \
            (items) = mem_grow((items), (capacity), sizeof *(items));                        \
        }                                                                                    \
    } while (0)

#endif
