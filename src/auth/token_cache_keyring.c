/* The cache in the kernel: never on a disk, gone after a restart. Sole owner of libkeyutils.
   The persistent keyring of the user (persistent-keyring(7)) is the one that both an SSH session and cron find, and that
   outlives a log-out; linked into the process's own keyring it is possessed, so reading needs no further right. Where the
   kernel has none, the user keyring (user-keyring(7)) has to do, which goes with the user's last process.
   The key is named after the state directory, so that whoever keeps two of them apart (XDG_STATE_HOME) keeps the sign-ins
   apart as well. */
#include <errno.h>
#include <keyutils.h>
#include <stdlib.h>

#include "auth/token_cache_internal.h"
#include "base/mem.h"

#define PROBE "purvey:probe"

struct cache_keyring_own { key_serial_t keyring; char *description; };

/* big_key counts little against the quota of 20,000 bytes, which a few tokens would fill. */
static key_serial_t add(key_serial_t keyring, const char *description, struct str text)
{
    key_serial_t key = add_key("big_key", description, text.data, text.len, keyring);
    return key >= 0 ? key : add_key("user", description, text.data, text.len, keyring);
}

static key_serial_t find(const struct cache_keyring_own *own)
{
    key_serial_t key = (key_serial_t)keyctl_search(own->keyring, "big_key", own->description, 0);
    return key >= 0 ? key : (key_serial_t)keyctl_search(own->keyring, "user", own->description, 0);
}

static bool keyring_load(void *own, struct secret **text, struct err *err)
{
    struct cache_keyring_own *keyring = own;
    key_serial_t key = find(keyring);
    *text = NULL;
    if (key < 0) {
        *text = secret_new(STR(""));
        return true;
    }
    void *bytes = NULL;
    long length = keyctl_read_alloc(key, &bytes);
    if (length < 0) {
        return err_errno(err, "cannot read the tokens in the kernel keyring");
    }
    *text = secret_new((struct str){ bytes, (size_t)length });
    secret_wipe(bytes, (size_t)length);
    free(bytes);
    return true;
}

/* A key of the same kind and name is replaced by the kernel in one step; of the other kind it has to go first. */
static bool keyring_save(void *own, struct str text, struct err *err)
{
    struct cache_keyring_own *keyring = own;
    key_serial_t old = find(keyring), key = add(keyring->keyring, keyring->description, text);
    if (key < 0) {
        return err_errno(err, "cannot keep the tokens in the kernel keyring");
    }
    if (old >= 0 && old != key) {
        keyctl_unlink(old, keyring->keyring);
    }
    return true;
}

static void keyring_close(void *own)
{
    struct cache_keyring_own *keyring = own;
    free(keyring->description);
    free(keyring);
}

const struct cache_place cache_keyring = { "keyring", keyring_load, keyring_save, keyring_close };

/* Containers and seccomp often forbid it, half of it at times: only a key that was written and read proves that it works. */
static bool works(key_serial_t keyring)
{
    void *bytes = NULL;
    key_serial_t key = add(keyring, PROBE, STR("probe"));
    long length = key >= 0 ? keyctl_read_alloc(key, &bytes) : -1;
    bool good = length == 5 && memcmp(bytes, "probe", 5) == 0;
    free(bytes);
    if (key >= 0) {
        keyctl_unlink(key, keyring);
    }
    return good;
}

void *cache_keyring_open(const char *directory, struct err *err)
{
    key_serial_t keyring = (key_serial_t)keyctl_get_persistent((uid_t)-1, KEY_SPEC_PROCESS_KEYRING);
    if (keyring < 0 || !works(keyring)) {
        keyring = KEY_SPEC_USER_KEYRING;
        if (!works(keyring)) {
            err_errno(err, "the kernel keyring cannot be used");
            return NULL;
        }
    }
    struct cache_keyring_own *own = MEM_NEW(struct cache_keyring_own);
    own->keyring = keyring;
    own->description = mem_format("purvey:tokens:%s", directory ? directory : "");
    return own;
}
