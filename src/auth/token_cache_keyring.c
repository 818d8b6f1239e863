/* The cache in the kernel: never on a disk, gone after a restart. Sole owner of libkeyutils.
   The persistent keyring of the user (persistent-keyring(7)) is the one that both an SSH session and cron find, and that
   outlives a log-out; linked into the process's own keyring it is possessed, so reading needs no further right. The kernel
   empties it after some days (three, by default) in which nobody asked for it. Where there is none, the user keyring
   (user-keyring(7)) has to do, linked in the same way: a service has a session of its own, from which it cannot be read.
   The key is named after the state directory, so that whoever keeps two of them apart (XDG_STATE_HOME) keeps the sign-ins
   apart as well. */
#include <errno.h>
#include <keyutils.h>
#include <stdlib.h>
#include <unistd.h>

#include "auth/token_cache_internal.h"
#include "base/mem.h"

struct cache_keyring_own { key_serial_t keyring; bool persistent; char *description; };

static const char *const kinds[] = { "big_key", "user" };

/* big_key counts little against the quota of 20,000 bytes, which a few tokens would fill; not every kernel has it. */
static key_serial_t add(key_serial_t keyring, const char *description, struct str text)
{
    key_serial_t key = add_key(kinds[0], description, text.data, text.len, keyring);
    return key >= 0 ? key : add_key(kinds[1], description, text.data, text.len, keyring);
}

static bool means_absent(int error)
{
    return error == ENOKEY || error == EKEYEXPIRED || error == EKEYREVOKED || error == ENODEV;
}

/* 0 when there is no such key, -1 when the keyring cannot be searched. To take the second for the first would end in writing
   an empty cache over a full one. */
static key_serial_t find(const struct cache_keyring_own *own)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        key_serial_t key = (key_serial_t)keyctl_search(own->keyring, kinds[i], own->description, 0);
        if (key > 0 || !means_absent(errno)) {
            return key;
        }
    }
    return 0;
}

/* Asking for it starts its time limit anew, and makes it again when a long run has outlived it. */
static void touch(struct cache_keyring_own *own)
{
    key_serial_t keyring = own->persistent ? (key_serial_t)keyctl_get_persistent((uid_t)-1, KEY_SPEC_PROCESS_KEYRING) : -1;
    own->keyring = keyring > 0 ? keyring : own->keyring;
}

static bool keyring_load(void *own, struct secret **text, struct err *err)
{
    struct cache_keyring_own *keyring = own;
    *text = NULL;
    touch(keyring);
    key_serial_t key = find(keyring);
    void *bytes = NULL;
    long length = key > 0 ? keyctl_read_alloc(key, &bytes) : key;
    if (length < 0 && !means_absent(errno)) {
        return err_errno(err, "cannot read the tokens in the kernel keyring");
    }
    *text = secret_new((struct str){ bytes, length > 0 ? (size_t)length : 0 });
    secret_wipe(bytes, length > 0 ? (size_t)length : 0);
    free(bytes);
    return true;
}

static bool say_full(struct err *err)
{
    err_set(err, ERR_SYSTEM, "The kernel's limit for the keys of this user leaves no room for more sign-ins.");
    err_advise(err, "Sign out of accounts that are not needed, or keep them in a file: --token-cache file.");
    return false;
}

/* A key of the same kind and name is replaced by the kernel in one step; of the other kind it goes afterwards. */
static bool keyring_save(void *own, struct str text, bool *full, struct err *err)
{
    struct cache_keyring_own *keyring = own;
    touch(keyring);
    key_serial_t old = find(keyring), key = text.len ? add(keyring->keyring, keyring->description, text) : 0;
    if (key < 0) {
        /* The quota, or the size of a key of kind "user" (32,767 bytes). */
        *full = errno == EDQUOT || errno == EINVAL;
        return *full ? say_full(err) : err_errno(err, "cannot keep the tokens in the kernel keyring");
    }
    if (old > 0 && old != key && keyctl_unlink(old, keyring->keyring) != 0 && !means_absent(errno)) {
        return err_errno(err, "cannot remove the tokens from the kernel keyring");
    }
    return true;
}

static void keyring_close(void *own)
{
    struct cache_keyring_own *keyring = own;
    free(keyring->description);
    free(keyring);
}

const struct cache_place cache_keyring = {
    .name = "keyring", .load = keyring_load, .save = keyring_save, .close = keyring_close,
};

/* Containers and seccomp often forbid it, half of it at times: only a key that was written and read proves that it works.
   Each process has a probe of its own; with one for all, whoever comes second finds it removed under its hands. */
static bool works(key_serial_t keyring)
{
    char *name = mem_format("purvey:probe:%ld", (long)getpid());
    void *bytes = NULL;
    key_serial_t key = add(keyring, name, STR("probe"));
    long length = key >= 0 ? keyctl_read_alloc(key, &bytes) : -1;
    int error = errno;
    bool good = length == 5 && memcmp(bytes, "probe", 5) == 0;
    free(bytes);
    free(name);
    if (key >= 0) {
        keyctl_unlink(key, keyring);
    }
    errno = error;
    return good;
}

void *cache_keyring_open(const char *directory, struct err *err)
{
    key_serial_t keyring = (key_serial_t)keyctl_get_persistent((uid_t)-1, KEY_SPEC_PROCESS_KEYRING);
    bool persistent = keyring > 0 && works(keyring);
    if (!persistent) {
        keyring = KEY_SPEC_USER_KEYRING;
        keyctl_link(keyring, KEY_SPEC_PROCESS_KEYRING);     /* whether it helped is seen by the probe */
        if (!works(keyring)) {
            err_errno(err, "the kernel keyring cannot be used");
            return NULL;
        }
    }
    struct cache_keyring_own *own = MEM_NEW(struct cache_keyring_own);
    own->keyring = keyring;
    own->persistent = persistent;
    own->description = mem_format("purvey:tokens:%s", directory ? directory : "");
    return own;
}
