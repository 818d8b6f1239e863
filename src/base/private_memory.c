#include "base/private_memory.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/secret.h"

/* Smaller pieces cannot hold a token, and a page for each of them would cost too much. */
enum { LARGE = 256 };

/* Pieces that went back, wiped, for the next of their size: curl takes the same two dozen for every page of an answer, and
   four calls to the kernel for each of them were a tenth of a long read. Its allocator hooks carry no context, so the shelf
   is the one mutable global of this house (README, law 6). It never holds more than SHELVES * SHELVED_MOST bytes. */
enum { SHELVES = 32, SHELVED_MOST = 320 * 1024 };

/* In front of each piece. Sixteen bytes keep the alignment that malloc promises. */
struct head {
    size_t size, mapped;        /* mapped 0: from malloc */
};
_Static_assert(sizeof(struct head) % 16 == 0, "what follows must stay aligned");

static struct {
    pthread_mutex_t lock;
    struct { struct head *head; size_t mapped; } shelves[SHELVES];
} kept = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* The size stands beside the pointer: in a forked child the piece itself is wiped. */
static struct head *take_kept(size_t mapped)
{
    struct head *head = NULL;
    pthread_mutex_lock(&kept.lock);
    for (size_t i = 0; i < SHELVES && !head; i++) {
        if (kept.shelves[i].head && kept.shelves[i].mapped == mapped) {
            head = kept.shelves[i].head;
            kept.shelves[i].head = NULL;
        }
    }
    pthread_mutex_unlock(&kept.lock);
    return head;
}

static bool keep(struct head *head, size_t mapped)
{
    bool taken = false;
    pthread_mutex_lock(&kept.lock);
    for (size_t i = 0; i < SHELVES && mapped <= SHELVED_MOST && !taken; i++) {
        if (!kept.shelves[i].head) {
            kept.shelves[i].head = head;
            kept.shelves[i].mapped = mapped;
            taken = true;
        }
    }
    pthread_mutex_unlock(&kept.lock);
    return taken;
}

static struct head *map(size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t mapped = (size + sizeof(struct head) + page - 1) / page * page;
    struct head *shelved = take_kept(mapped);
    if (shelved) {
        shelved->mapped = mapped;
        return shelved;
    }
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
    if (memory && !((struct head *)memory - 1)->mapped) {     /* pages come empty, new or kept */
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
    if (!mapped) {
        free(head);
    } else if (!keep(head, mapped)) {
        munmap(head, mapped);
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
