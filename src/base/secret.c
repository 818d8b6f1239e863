/* Tokens live for an hour and are few: a page for each is cheaper than an allocator of our own that could be wrong. */
#include "base/secret.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/mem.h"

/* One mapping each: nothing else shares its pages, so locking, leaving out of dumps and wiping concern it alone. */
struct secret {
    size_t length, mapped;
    uint64_t mark;
    char bytes[];
};

static const uint64_t MARK = 0x9d5ec2e7a11ce5f3;    /* says of a text's page that it begins with a struct secret */

struct secret *secret_new(struct str bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t size = sizeof(struct secret) + bytes.len + 1;
    size_t mapped = (size + page - 1) / page * page;
    struct secret *secret = mmap(NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (secret == MAP_FAILED) {
        mem_exhausted();
    }
    /* Without the right to lock (RLIMIT_MEMLOCK) the secret may reach the swap; it is still wiped and never dumped. */
    int locked = mlock(secret, mapped);
    (void)locked;
    madvise(secret, mapped, MADV_DONTDUMP);
    /* A child, such as the browser that a sign-in opens, gets zeros. */
    madvise(secret, mapped, MADV_WIPEONFORK);
    secret->length = bytes.len;
    secret->mapped = mapped;
    secret->mark = MARK;
    if (bytes.len) {
        memcpy(secret->bytes, bytes.data, bytes.len);
    }
    return secret;
}

struct secret *secret_copy(const struct secret *secret)
{
    return secret ? secret_new(secret_str(secret)) : NULL;
}

void secret_free(struct secret *secret)
{
    if (secret) {
        size_t mapped = secret->mapped;     /* wiped with the rest */
        secret_wipe(secret, mapped);
        munmap(secret, mapped);
    }
}

struct str secret_str(const struct secret *secret)
{
    return secret ? (struct str){ secret->bytes, secret->length } : (struct str){ "", 0 };
}

/* The page of a text can be read, whatever it belongs to; the checker of memory does not know that. */
__attribute__((no_sanitize("address"))) bool secret_is_at(const char *text)
{
    uintptr_t offset = (uintptr_t)text % (uintptr_t)sysconf(_SC_PAGESIZE);
    return offset == offsetof(struct secret, bytes) && ((const struct secret *)(const void *)(text - offset))->mark == MARK;
}

void secret_wipe(void *bytes, size_t length)
{
    if (length) {
        explicit_bzero(bytes, length);
    }
}

void secret_harden_process(void)
{
    const struct rlimit none = { 0, 0 };
    setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__    /* the leak check at the end of a sanitized run has to trace its own process */
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}
