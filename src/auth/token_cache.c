#include "auth/token_cache.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "auth/token_cache_internal.h"
#include "base/clock.h"
#include "base/mem.h"

enum { LEAST_LEFT_S = 300, WRITE_LOCK_TRIES = 200, WRITE_LOCK_STEP_MS = 10 };

struct token_cache {
    enum token_cache_place place;
    const struct cache_place *class;    /* NULL: memory only */
    void *own;
    struct cache_entries entries;       /* of memory only; else read anew each time */
    char reason[512];
    int write_lock, refresh_lock;       /* -1: none, or not held */
    char *directory;
};

/* ---- places ---- */

static const struct { const char *name; enum token_cache_place place; } place_names[] = {
    { "auto", TOKEN_CACHE_AUTO }, { "memory", TOKEN_CACHE_MEMORY }, { "keyring", TOKEN_CACHE_KEYRING }, { "file", TOKEN_CACHE_FILE },
};

bool token_cache_place_by_name(const char *name, enum token_cache_place *place)
{
    for (size_t i = 0; i < sizeof place_names / sizeof *place_names; i++) {
        if (str_is_nocase(str_of(name), place_names[i].name)) {
            *place = place_names[i].place;
            return true;
        }
    }
    return false;
}

static bool open_keyring(struct token_cache *cache, struct err *err)
{
    cache->own = cache_keyring_open(cache->directory, err);
    if (!cache->own) {
        return false;
    }
    cache->class = &cache_keyring;
    cache->place = TOKEN_CACHE_KEYRING;
    str_copy(cache->reason, sizeof cache->reason, "in the kernel keyring of this user: never on a disk, gone after a restart");
    return true;
}

/* A file that cannot be read as one of ours is kept, not overwritten: somebody may want to know what happened to it. */
static void look_at_file(struct token_cache *cache)
{
    struct secret *text = NULL;
    struct cache_entries entries;
    struct json *foreign = NULL;
    if (cache->class->load(cache->own, &text, NULL) && secret_str(text).len && !cache_text_read(secret_str(text), &entries, &foreign)) {
        cache_file_put_aside(cache->own);
        size_t used = strlen(cache->reason);
        snprintf(cache->reason + used, sizeof cache->reason - used, "; the file that was there could not be read and is now tokens.damaged");
    } else if (foreign) {
        cache_entries_clear(&entries);
    }
    json_free(foreign);
    secret_free(text);
}

static bool open_file(struct token_cache *cache, struct err *err)
{
    struct secret *text = NULL;
    cache->own = cache->directory ? cache_file_open(cache->directory, err) : NULL;
    if (!cache->own) {
        return false;
    }
    cache->class = &cache_file;
    if (!cache->class->load(cache->own, &text, err)) {
        cache->class->close(cache->own);
        cache->class = NULL;
        cache->own = NULL;
        return false;
    }
    secret_free(text);
    cache->place = TOKEN_CACHE_FILE;
    snprintf(cache->reason, sizeof cache->reason, "in %s/tokens, readable by this user only, not encrypted", cache->directory);
    look_at_file(cache);
    return true;
}

static void use_memory(struct token_cache *cache, const char *why)
{
    cache->place = TOKEN_CACHE_MEMORY;
    snprintf(cache->reason, sizeof cache->reason, "in memory only, until purvey ends%s%.400s", why ? ": " : "", why ? why : "");
}

/* Each step down is told with its reason. */
static void choose(struct token_cache *cache, const struct err *no_directory)
{
    struct err keyring = { 0 }, file = { 0 };
    if (open_keyring(cache, &keyring)) {
        return;
    }
    if (open_file(cache, &file)) {
        size_t used = strlen(cache->reason);
        snprintf(cache->reason + used, sizeof cache->reason - used, " (%s)", keyring.text);
    } else {
        use_memory(cache, file.kind != ERR_NONE ? file.text : no_directory->text);
    }
}

struct token_cache *token_cache_open(enum token_cache_place place, const char *directory, struct err *err)
{
    struct token_cache *cache = MEM_NEW(struct token_cache);
    struct err no_directory = { 0 };
    bool good = true;
    cache->write_lock = cache->refresh_lock = -1;
    cache->place = TOKEN_CACHE_MEMORY;
    /* The locks lie in the directory whatever the place, so that two processes with one keyring see each other. */
    cache->directory = place == TOKEN_CACHE_MEMORY ? NULL : cache_directory(directory, &no_directory);
    switch (place) {
    case TOKEN_CACHE_AUTO: choose(cache, &no_directory); break;
    case TOKEN_CACHE_MEMORY: use_memory(cache, NULL); break;
    case TOKEN_CACHE_KEYRING: good = open_keyring(cache, err); break;
    case TOKEN_CACHE_FILE:
        if (!cache->directory && err) {
            *err = no_directory;
        }
        good = open_file(cache, cache->directory ? err : NULL);
        break;
    }
    if (!good) {
        token_cache_close(cache);
        return NULL;
    }
    return cache;
}

void token_cache_close(struct token_cache *cache)
{
    if (!cache) {
        return;
    }
    token_cache_unlock(cache);
    if (cache->class) {
        cache->class->close(cache->own);
    }
    cache_entries_clear(&cache->entries);
    free(cache->directory);
    free(cache);
}

enum token_cache_place token_cache_place(const struct token_cache *cache)
{
    return cache->place;
}

const char *token_cache_reason(const struct token_cache *cache)
{
    return cache->reason;
}

/* ---- the text, read and written as a whole ---- */

static bool load(struct token_cache *cache, struct cache_entries *entries, struct json **foreign, struct err *err)
{
    struct secret *text = NULL;
    *entries = (struct cache_entries){ 0 };
    *foreign = NULL;
    if (!cache->class->load(cache->own, &text, err)) {
        return false;
    }
    if (secret_str(text).len) {
        cache_text_read(secret_str(text), entries, foreign);
    }
    secret_free(text);
    return true;
}

static bool save(struct token_cache *cache, const struct cache_entries *entries, const struct json *foreign, struct err *err)
{
    struct buf text = BUF_INIT(TOKEN_CACHE_MAX);
    /* All of the room at once: growing would leave copies behind. */
    buf_repeat(&text, '\0', TOKEN_CACHE_MAX);
    buf_clear(&text);
    cache_text_write(entries, foreign, &text);
    bool good = text.overflowed ? err_set(err, ERR_SYSTEM, "There are too many tokens to keep; sign out of some accounts.")
                                : cache->class->save(cache->own, buf_str(&text), err);
    secret_wipe(text.data, text.capacity);
    buf_free(&text);
    return good;
}

/* Held for milliseconds by whoever writes, so a short wait is enough; without the lock the write happens all the same, as a
   whole file still replaces a whole file. */
static void lock_for_writing(struct token_cache *cache)
{
    cache->write_lock = cache->directory ? cache_lock_file(cache->directory, "tokens.lock", NULL) : -1;
    for (int i = 0; cache->write_lock >= 0 && i < WRITE_LOCK_TRIES && flock(cache->write_lock, LOCK_EX | LOCK_NB) != 0; i++) {
        nanosleep(&(struct timespec){ .tv_nsec = WRITE_LOCK_STEP_MS * 1000000L }, NULL);
    }
}

static void unlock_writing(struct token_cache *cache)
{
    if (cache->write_lock >= 0) {
        close(cache->write_lock);       /* the lock goes with its last descriptor */
        cache->write_lock = -1;
    }
}

/* Reads again under the lock: another process may have added an account since. */
static bool change(struct token_cache *cache, void (*edit)(struct cache_entries *, const void *), const void *argument, struct err *err)
{
    struct cache_entries entries;
    struct json *foreign = NULL;
    if (!cache->class) {
        edit(&cache->entries, argument);
        return true;
    }
    lock_for_writing(cache);
    bool good = load(cache, &entries, &foreign, err);
    if (good) {
        edit(&entries, argument);
        good = save(cache, &entries, foreign, err);
    }
    cache_entries_clear(&entries);
    json_free(foreign);
    unlock_writing(cache);
    return good;
}

/* ---- finding ---- */

static bool same(const char *left, const char *right)
{
    return str_eq_nocase(str_of(left), str_of(right));
}

static bool is_account(const struct cache_entry *entry, const struct token_key *key)
{
    return same(entry->environment, key->environment) && same(entry->client_id, key->client_id) &&
           (!key->account || !*key->account ? !entry->app_only : same(entry->account, key->account));
}

/* The tenant is part of an access token's key: the same account has another token in a customer's tenant. */
static bool is_access(const struct cache_entry *entry, const struct token_key *key)
{
    return !entry->refresh && is_account(entry, key) && same(entry->tenant, key->tenant) && same(entry->resource, key->resource) &&
           strcmp(entry->claims, key->claims ? key->claims : "") == 0;
}

static struct cache_entry *latest(struct cache_entries *entries, const struct token_key *key, bool refresh)
{
    struct cache_entry *found = NULL;
    for (size_t i = 0; i < entries->count; i++) {
        struct cache_entry *entry = &entries->items[i];
        bool fits = refresh ? entry->refresh && is_account(entry, key) : is_access(entry, key);
        if (fits && (!found || entry->used_unix > found->used_unix)) {
            found = entry;
        }
    }
    return found;
}

/* Between runs only the wall clock counts; from here on the monotonic one does. */
static void set_times(struct token *token, const struct cache_entry *entry)
{
    int64_t now = clock_unix(), now_ms = clock_ms();
    token->expires_unix = entry->expires_unix;
    token->expires_ms = now_ms + (entry->expires_unix - now) * 1000;
    if (entry->refresh_unix) {
        int64_t left_ms = (entry->refresh_unix - now) * 1000;
        token->refresh_ms = left_ms > 0 ? now_ms + left_ms : now_ms;
    }
}

static void set_identity(struct token *token, const struct cache_entry *entry)
{
    token->app_only = entry->app_only;
    str_copy(token->upn, sizeof token->upn, entry->upn);
    str_copy(token->name, sizeof token->name, entry->name);
    str_copy(token->tenant_id, sizeof token->tenant_id, entry->tenant_id);
    str_copy(token->audience, sizeof token->audience, entry->audience);
    str_copy(token->app_id, sizeof token->app_id, entry->app_id);
}

static struct token *find_in(struct cache_entries *entries, const struct token_key *key)
{
    const struct cache_entry *access = latest(entries, key, false), *refresh = latest(entries, key, true);
    if (access && access->expires_unix < clock_unix() + LEAST_LEFT_S) {
        access = NULL;
    }
    if (!access && !refresh) {
        return NULL;
    }
    struct token *token = MEM_NEW(struct token);
    set_identity(token, access ? access : refresh);
    if (access) {
        token->access = secret_copy(access->token);
        set_times(token, access);
    }
    /* Without a name the last account was taken: then the refresh token must be that account's as well. */
    if (refresh && (!access || same(refresh->account, access->account))) {
        token->refresh = secret_copy(refresh->token);
    }
    return token;
}

struct token *token_cache_find(struct token_cache *cache, const struct token_key *key)
{
    struct cache_entries entries;
    struct json *foreign = NULL;
    if (!cache->class) {
        return find_in(&cache->entries, key);
    }
    if (!load(cache, &entries, &foreign, NULL)) {
        return NULL;
    }
    struct token *token = find_in(&entries, key);
    cache_entries_clear(&entries);
    json_free(foreign);
    return token;
}

/* ---- changing ---- */

struct storing { const struct token_key *key; const struct token *token; };

static struct cache_entry *slot_for(struct cache_entries *entries, const struct storing *storing, bool refresh, const char *account)
{
    struct token_key key = *storing->key;
    key.account = account;
    struct cache_entry *entry = latest(entries, &key, refresh);
    if (entry) {
        cache_entry_clear(entry);
        return entry;
    }
    MEM_ROOM(entries->items, entries->count, entries->capacity);
    return &entries->items[entries->count++];
}

static struct cache_entry make_entry(const struct storing *storing, bool refresh, const char *account)
{
    const struct token_key *key = storing->key;
    const struct token *token = storing->token;
    int64_t now = clock_unix(), now_ms = clock_ms();
    return (struct cache_entry){
        .refresh = refresh,
        .environment = mem_text(key->environment), .client_id = mem_text(key->client_id), .account = mem_text(account),
        .tenant = mem_text(key->tenant ? key->tenant : ""),
        .resource = mem_text(refresh || !key->resource ? "" : key->resource),
        .claims = mem_text(refresh || !key->claims ? "" : key->claims),
        .token = secret_copy(refresh ? token->refresh : token->access),
        .expires_unix = refresh ? 0 : token->expires_unix,
        .refresh_unix = refresh || !token->refresh_ms ? 0 : now + (token->refresh_ms - now_ms) / 1000,
        .used_unix = now,
        .app_only = token->app_only,
        .upn = mem_text(token->upn), .name = mem_text(token->name), .tenant_id = mem_text(token->tenant_id),
        .audience = mem_text(token->audience), .app_id = mem_text(token->app_id),
    };
}

/* What has ended helps nobody and fills the keyring's quota. */
static void drop_ended(struct cache_entries *entries)
{
    int64_t now = clock_unix();
    for (size_t i = entries->count; i-- > 0;) {
        if (!entries->items[i].refresh && entries->items[i].expires_unix < now) {
            cache_entry_clear(&entries->items[i]);
            entries->items[i] = entries->items[--entries->count];
        }
    }
}

static void store_entries(struct cache_entries *entries, const void *argument)
{
    const struct storing *storing = argument;
    const char *named = storing->key->account, *upn = storing->token->upn;
    const char *account = named && *named ? named : upn;
    drop_ended(entries);
    if (storing->token->access) {
        struct cache_entry *entry = slot_for(entries, storing, false, account);
        *entry = make_entry(storing, false, account);
    }
    if (storing->token->refresh) {
        struct cache_entry *entry = slot_for(entries, storing, true, account);
        *entry = make_entry(storing, true, account);
    }
}

bool token_cache_store(struct token_cache *cache, const struct token_key *key, const struct token *token, struct err *err)
{
    const struct storing storing = { key, token };
    return token->given || change(cache, store_entries, &storing, err);
}

static void drop_access(struct cache_entries *entries, const void *argument)
{
    const struct token_key *key = argument;
    for (size_t i = entries->count; i-- > 0;) {
        if (is_access(&entries->items[i], key)) {
            cache_entry_clear(&entries->items[i]);
            entries->items[i] = entries->items[--entries->count];
        }
    }
}

void token_cache_drop_access(struct token_cache *cache, const struct token_key *key)
{
    bool dropped = change(cache, drop_access, key, NULL);
    (void)dropped;      /* a token that stays is refused again, and dropped then */
}

struct forgetting { const char *environment, *account; };

static void forget_account(struct cache_entries *entries, const void *argument)
{
    const struct forgetting *whom = argument;
    for (size_t i = entries->count; i-- > 0;) {
        const struct cache_entry *entry = &entries->items[i];
        bool environment = !*whom->environment || same(entry->environment, whom->environment);
        if (environment && (!*whom->account || same(entry->account, whom->account))) {
            cache_entry_clear(&entries->items[i]);
            entries->items[i] = entries->items[--entries->count];
        }
    }
}

bool token_cache_forget(struct token_cache *cache, const char *environment, const char *account, struct err *err)
{
    const struct forgetting whom = { environment ? environment : "", account ? account : "" };
    return change(cache, forget_account, &whom, err);
}

/* ---- accounts ---- */

static int by_use(const void *left, const void *right)
{
    int64_t a = ((const struct cache_entry *)left)->used_unix, b = ((const struct cache_entry *)right)->used_unix;
    return (a < b) - (a > b);
}

static bool is_listed(const struct token_account *accounts, size_t count, const struct cache_entry *entry)
{
    for (size_t i = 0; i < count; i++) {
        if (same(accounts[i].account, entry->account) && same(accounts[i].environment, entry->environment)) {
            return true;
        }
    }
    return false;
}

size_t token_cache_accounts(struct token_cache *cache, struct token_account *accounts, size_t most)
{
    struct cache_entries loaded = { 0 }, *entries = &cache->entries;
    struct json *foreign = NULL;
    size_t count = 0;
    if (cache->class) {
        if (!load(cache, &loaded, &foreign, NULL)) {
            return 0;
        }
        entries = &loaded;
    }
    if (entries->count > 1) {
        qsort(entries->items, entries->count, sizeof *entries->items, by_use);
    }
    for (size_t i = 0; i < entries->count && count < most; i++) {
        const struct cache_entry *entry = &entries->items[i];
        if (!is_listed(accounts, count, entry)) {
            struct token_account *account = &accounts[count++];
            str_copy(account->account, sizeof account->account, entry->account);
            str_copy(account->environment, sizeof account->environment, entry->environment);
            str_copy(account->tenant, sizeof account->tenant, entry->tenant);
        }
    }
    cache_entries_clear(&loaded);
    json_free(foreign);
    return count;
}

/* ---- one refresh at a time ---- */

bool token_cache_try_lock(struct token_cache *cache)
{
    if (!cache->class || !cache->directory || cache->refresh_lock >= 0) {
        return true;
    }
    int fd = cache_lock_file(cache->directory, "refresh.lock", NULL);
    if (fd < 0) {
        return true;        /* nothing to lock with: go on, as Entra forgives a reuse (auth.md section 10) */
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        return false;
    }
    cache->refresh_lock = fd;
    return true;
}

void token_cache_unlock(struct token_cache *cache)
{
    if (cache->refresh_lock >= 0) {
        close(cache->refresh_lock);
        cache->refresh_lock = -1;
    }
}
