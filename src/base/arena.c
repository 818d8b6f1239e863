#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>

#include "base/mem.h"

#define DEFAULT_BLOCK ((size_t)16 * 1024)

struct arena_block {
    struct arena_block *next;
    size_t used, size;
    alignas(max_align_t) char bytes[];
};

static struct arena_block *add_block(struct arena *arena, size_t size)
{
    size_t usual = arena->block_size ? arena->block_size : DEFAULT_BLOCK, room = size > usual ? size : usual;
    struct arena_block *block = mem_grow(NULL, 1, sizeof *block + room);
    block->next = arena->blocks;
    block->used = 0;
    block->size = room;
    arena->blocks = block;
    return block;
}

void *arena_new(struct arena *arena, size_t size)
{
    size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    struct arena_block *block = arena->blocks;
    if (!block || block->size - block->used < size) {
        block = add_block(arena, size);
    }
    void *place = block->bytes + block->used;
    block->used += size;
    return memset(place, 0, size);
}

struct str arena_str(struct arena *arena, struct str text)
{
    char *copy = arena_new(arena, text.len + 1);
    if (text.len) {
        memcpy(copy, text.data, text.len);
    }
    return (struct str){ copy, text.len };
}

/* The last of the chain was the first: it stays, unless something large made it. */
void arena_clear(struct arena *arena)
{
    size_t usual = arena->block_size ? arena->block_size : DEFAULT_BLOCK;
    while (arena->blocks && (arena->blocks->next || arena->blocks->size > usual)) {
        struct arena_block *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
    if (arena->blocks) {
        arena->blocks->used = 0;
    }
}

void arena_free(struct arena *arena)
{
    while (arena->blocks) {
        struct arena_block *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
}
