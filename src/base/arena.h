/* Many small things that end together: memory in blocks, zeroed, freed at once. */
#ifndef PURVEY_BASE_ARENA_H
#define PURVEY_BASE_ARENA_H

#include "base/str.h"

struct arena_block;
struct arena { struct arena_block *blocks; size_t block_size; };    /* { 0 } is an empty one; block_size 0 = 16 KiB */

void *arena_new(struct arena *arena, size_t size);                  /* zeroed, aligned for anything; size 0 is fine */
struct str arena_str(struct arena *arena, struct str text);         /* a copy, with a NUL behind it */
void arena_clear(struct arena *arena);                              /* all is gone; the first block is kept for what comes next */
void arena_free(struct arena *arena);

#endif
