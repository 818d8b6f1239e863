#include "base/private_memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/secret.h"

/* Smaller pieces cannot hold a token, and a page for each of them would cost too much. */
enum { LARGE = 256 };

/* In front of each piece. Sixteen bytes keep the alignment that malloc promises. */
struct head {
    size_t size, mapped;        /* mapped 0: from malloc */
};
_Static_assert(sizeof(struct head) % 16 == 0, "what follows must stay aligned");

static struct head *map(size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t mapped = (size + sizeof(struct head) + page - 1) / page * page;
    struct head *head = mmap(NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (head == MAP_FAILED) {
        return NULL;
    }
    madvise(head, mapped, MADV_DONTDUMP);
    madvise(head, mapped, MADV_WIPEONFORK);
    head->mapped = mapped;
    return head;
}

void *private_malloc(size_t size)
{
    if (size > SIZE_MAX / 2) {
        return NULL;
    }
    struct head *head = size >= LARGE ? map(size) : malloc(sizeof *head + size);
    if (!head) {
        return NULL;
    }
    head->mapped = size >= LARGE ? head->mapped : 0;
    head->size = size;
    return head + 1;
}

void *private_calloc(size_t count, size_t size)
{
    if (size && count > SIZE_MAX / 2 / size) {
        return NULL;
    }
    void *memory = private_malloc(count * size);
    if (memory) {
        memset(memory, 0, count * size);
    }
    return memory;
}

void private_free(void *memory)
{
    if (!memory) {
        return;
    }
    struct head *head = (struct head *)memory - 1;
    size_t mapped = head->mapped;
    secret_wipe(memory, head->size);
    if (mapped) {
        munmap(head, mapped);
    } else {
        free(head);
    }
}

void *private_realloc(void *old, size_t size)
{
    void *memory = private_malloc(size);
    if (memory && old) {
        size_t had = ((struct head *)old - 1)->size;
        memcpy(memory, old, had < size ? had : size);
        private_free(old);
    }
    return memory;
}

char *private_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = private_malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}
