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

enum { LEAST_LEFT_S = 300, WRITE_LOCK_LIMIT_MS = 5000, WRITE_LOCK_STEP_MS = 2 };

struct token_cache {
    enum token_cache_place place;
    bool automatic;                     /* chosen by us and not by name */
    const struct cache_place *class;    /* NULL: memory only */
    void *own;
    struct cache_entries entries;       /* of memory only; else read anew each time */
    char reason[512];
    int write_lock, refresh_lock;       /* -1: none, or not held */
    char *directory;
};

/* ---- places ---- */

static const struct { const char *name; enum token_cache_place place; } place_names[] = {
    { "auto", TOKEN_CACHE_AUTO }, { "memory", TOKEN_CACHE_MEMORY }, { "keyring", TOKEN_CACHE_KEYRING },
    { "desktop", TOKEN_CACHE_DESKTOP }, { "file", TOKEN_CACHE_FILE },
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
    str_copy(cache->reason, sizeof cache->reason, "in the kernel keyring of this user: never on a disk, gone after a restart or some days without use");
    return true;
}

static bool open_desktop(struct token_cache *cache, struct err *err)
{
    cache->own = cache_desktop_open(cache->directory, err);
    if (!cache->own) {
        return false;
    }
    cache->class = &cache_desktop;
    cache->place = TOKEN_CACHE_DESKTOP;
    str_copy(cache->reason, sizeof cache->reason, "in the keyring of the desktop, encrypted with the password of the log-in");
    return true;
}

static bool lock_for_writing(struct token_cache *cache, struct err *err);
static void unlock_writing(struct token_cache *cache);
static bool load(struct token_cache *cache, struct cache_entries *entries, struct json **foreign, struct err *err);

/* Damage is found now and not in the middle of a sign-in. Looking takes nothing but the lock: a file that is just being
   replaced is not touched. */
static void look_at_file(struct token_cache *cache)
{
    struct cache_entries entries = { 0 };
    struct json *foreign = NULL;
    if (lock_for_writing(cache, NULL)) {
        bool good = load(cache, &entries, &foreign, NULL);
        (void)good;     /* it was read a moment ago; what happened since is told by the next use */
        cache_entries_clear(&entries);
        json_free_secret(foreign);
        unlock_writing(cache);
    }
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

static void add_reason(struct token_cache *cache, const char *before, const char *why, const char *after)
{
    size_t used = strlen(cache->reason);
    snprintf(cache->reason + used, sizeof cache->reason - used, "%s%.200s%s", before, why, after);
}

static void use_memory(struct token_cache *cache)
{
    cache->place = TOKEN_CACHE_MEMORY;
    str_copy(cache->reason, sizeof cache->reason, "in memory only, until purvey ends");
}

/* Each step down is told with its reason. */
static void choose(struct token_cache *cache, const struct err *no_directory)
{
    struct err keyring = { 0 }, desktop = { 0 }, file = { 0 };
    cache->automatic = true;
    if (open_keyring(cache, &keyring)) {
        return;
    }
    bool built_in = cache_desktop_built_in();
    if (built_in && open_desktop(cache, &desktop)) {
        add_reason(cache, " (", keyring.text, ")");
    } else if (open_file(cache, &file)) {
        add_reason(cache, " (", keyring.text, built_in ? "; " : ")");
        add_reason(cache, "", desktop.text, built_in ? ")" : "");
    } else {
        use_memory(cache);
        add_reason(cache, ": ", keyring.text, "; ");
        add_reason(cache, "", desktop.text, built_in ? "; " : "");
        add_reason(cache, "", file.kind != ERR_NONE ? file.text : no_directory->text, "");
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
    case TOKEN_CACHE_MEMORY: use_memory(cache); break;
    case TOKEN_CACHE_KEYRING: good = open_keyring(cache, err); break;
    case TOKEN_CACHE_DESKTOP: good = open_desktop(cache, err); break;
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

/* A file that cannot be read as one of ours is kept, not overwritten: somebody may want to know what happened to it. Only
   who holds the lock may move it: without, it could be the good one that another process has just put there. */
static void take_damage(struct token_cache *cache)
{
    if (cache->write_lock >= 0 && cache->class->put_aside) {
        cache->class->put_aside(cache->own);
        add_reason(cache, "", "; the file that was there could not be read and is now tokens.damaged", "");
    }
}

static bool load(struct token_cache *cache, struct cache_entries *entries, struct json **foreign, struct err *err)
{
    struct secret *text = NULL;
    *entries = (struct cache_entries){ 0 };
    *foreign = NULL;
    if (!cache->class->load(cache->own, &text, err)) {
        return false;
    }
    if (secret_str(text).len && !cache_text_read(secret_str(text), entries, foreign)) {
        take_damage(cache);
    }
    secret_free(text);
    return true;
}

static bool is_empty(const struct cache_entries *entries, const struct json *foreign)
{
    return !entries->count && !json_first(json_get(foreign, "tokens")) && json_count(foreign) <= 1;
}

static bool save_once(struct token_cache *cache, const struct cache_entries *entries, const struct json *foreign, bool *full, struct err *err)
{
    struct buf text = BUF_INIT(TOKEN_CACHE_MAX);
    *full = false;
    if (is_empty(entries, foreign)) {
        return cache->class->save(cache->own, STR(""), full, err);
    }
    /* All of the room at once: growing would leave copies behind. */
    buf_repeat(&text, '\0', TOKEN_CACHE_MAX);
    buf_clear(&text);
    cache_text_write(entries, foreign, &text);
    *full = text.overflowed;
    bool good = *full ? err_set(err, ERR_SYSTEM, "There are too many tokens to keep; sign out of some accounts.")
                      : cache->class->save(cache->own, buf_str(&text), full, err);
    secret_wipe(text.data, text.capacity);
    buf_free(&text);
    return good;
}

static void remove_entry(struct cache_entries *entries, size_t at)
{
    cache_entry_clear(&entries->items[at]);
    entries->items[at] = entries->items[--entries->count];
}

/* The least recently used entry; access tokens only, or all. False when there is none. */
static bool drop_oldest(struct cache_entries *entries, bool refresh_too)
{
    size_t oldest = entries->count;
    for (size_t i = 0; i < entries->count; i++) {
        const struct cache_entry *entry = &entries->items[i];
        if ((refresh_too || !entry->refresh) && (oldest == entries->count || entry->used_unix < entries->items[oldest].used_unix)) {
            oldest = i;
        }
    }
    if (oldest == entries->count) {
        return false;
    }
    remove_entry(entries, oldest);
    return true;
}

/* Where there is little room, as in the keyring of an ordinary user, access tokens give way: a refresh token brings a new
   one within a second, and without it a person has to be asked. */
static bool save(struct token_cache *cache, struct cache_entries *entries, const struct json *foreign, struct err *err)
{
    bool full = false;
    while (!save_once(cache, entries, foreign, &full, err)) {
        if (!full || !drop_oldest(entries, false)) {
            return false;
        }
    }
    return true;
}

/* Held for milliseconds by whoever writes, so a short wait is enough. Where there is nothing to lock with, the write happens
   all the same, as a whole text still replaces a whole text. */
static bool lock_for_writing(struct token_cache *cache, struct err *err)
{
    cache->write_lock = cache->directory ? cache_lock_file(cache->directory, "tokens.lock", NULL) : -1;
    int64_t until_ms = clock_ms() + WRITE_LOCK_LIMIT_MS;
    while (cache->write_lock >= 0 && flock(cache->write_lock, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            unlock_writing(cache);
        } else if (clock_ms() >= until_ms) {
            unlock_writing(cache);
            err_set(err, ERR_SYSTEM, "Another purvey has been writing its tokens to %s for too long.", cache->directory);
            err_advise(err, "Look for one that is stopped (ps -C purvey -o pid,stat,args), and end it or let it go on.");
            return false;
        } else {
            nanosleep(&(struct timespec){ .tv_nsec = WRITE_LOCK_STEP_MS * 1000000L }, NULL);
        }
    }
    return true;
}

static void unlock_writing(struct token_cache *cache)
{
    if (cache->write_lock >= 0) {
        close(cache->write_lock);       /* the lock goes with its last descriptor */
        cache->write_lock = -1;
    }
}

/* Reads again under the lock: another process may have added an account since. An edit that changes nothing writes nothing. */
static bool change(struct token_cache *cache, bool (*edit)(struct cache_entries *, struct json **, const void *), const void *argument, struct err *err)
{
    struct cache_entries entries = { 0 };
    struct json *foreign = NULL;
    if (!cache->class) {
        edit(&cache->entries, &foreign, argument);
        return true;
    }
    if (!lock_for_writing(cache, err)) {
        return false;
    }
    bool good = load(cache, &entries, &foreign, err);
    if (good && edit(&entries, &foreign, argument)) {
        good = save(cache, &entries, foreign, err);
    }
    cache_entries_clear(&entries);
    json_free_secret(foreign);
    unlock_writing(cache);
    return good;
}

/* ---- finding ---- */

static bool same(const char *left, const char *right)
{
    return str_eq_nocase(str_of(left), str_of(right));
}

static bool is_client(const struct cache_entry *entry, const struct token_key *key)
{
    return same(entry->environment, key->environment) && same(entry->client_id, key->client_id);
}

/* No name stands for any user, but for no application. */
static bool is_account(const struct cache_entry *entry, const struct token_key *key)
{
    return is_client(entry, key) && (!key->account || !*key->account ? !entry->app_only : same(entry->account, key->account));
}

/* The tenant is part of an access token's key: the same account has another token in a customer's tenant. */
static bool is_access(const struct cache_entry *entry, const struct token_key *key)
{
    return !entry->refresh && same(entry->tenant, key->tenant) && same(entry->resource, key->resource) &&
           strcmp(entry->claims, key->claims ? key->claims : "") == 0;
}

/* The token of just this account: here an empty name is a name like others. */
static struct cache_entry *find_entry(const struct cache_entries *entries, const struct token_key *key, const char *account, bool refresh)
{
    struct cache_entry *found = NULL;
    for (size_t i = 0; i < entries->count; i++) {
        struct cache_entry *entry = &entries->items[i];
        bool fits = is_client(entry, key) && same(entry->account, account) && (refresh ? entry->refresh : is_access(entry, key));
        if (fits && (!found || entry->used_unix > found->used_unix)) {
            found = entry;
        }
    }
    return found;
}

/* Without a name, the account that was used last: both tokens must be of one account. NULL when there is none. */
static const char *account_for(const struct cache_entries *entries, const struct token_key *key)
{
    const struct cache_entry *last = NULL;
    for (size_t i = 0; i < entries->count; i++) {
        const struct cache_entry *entry = &entries->items[i];
        if (is_account(entry, key) && (!last || entry->used_unix > last->used_unix)) {
            last = entry;
        }
    }
    return last ? last->account : NULL;
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

static struct token *find_in(const struct cache_entries *entries, const struct token_key *key)
{
    const char *account = account_for(entries, key);
    const struct cache_entry *access = account ? find_entry(entries, key, account, false) : NULL;
    const struct cache_entry *refresh = account ? find_entry(entries, key, account, true) : NULL;
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
    if (refresh) {
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
    json_free_secret(foreign);
    return token;
}

/* ---- changing ---- */

struct storing { const struct token_key *key; const struct token *token; };

static struct cache_entry *slot_for(struct cache_entries *entries, const struct storing *storing, bool refresh, const char *account)
{
    struct cache_entry *entry = find_entry(entries, storing->key, account, refresh);
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
            remove_entry(entries, i);
        }
    }
}

static bool store_entries(struct cache_entries *entries, struct json **foreign, const void *argument)
{
    const struct storing *storing = argument;
    const char *named = storing->key->account, *upn = storing->token->upn;
    const char *account = named && *named ? named : upn;
    (void)foreign;
    drop_ended(entries);
    /* What is past the limit would not be read again. */
    while (entries->count + 2 > CACHE_ENTRIES_MOST && drop_oldest(entries, true)) {
    }
    if (storing->token->access) {
        struct cache_entry *entry = slot_for(entries, storing, false, account);
        *entry = make_entry(storing, false, account);
    }
    if (storing->token->refresh) {
        struct cache_entry *entry = slot_for(entries, storing, true, account);
        *entry = make_entry(storing, true, account);
    }
    return true;
}

bool token_cache_store(struct token_cache *cache, const struct token_key *key, const struct token *token, struct err *err)
{
    const struct storing storing = { key, token };
    return token->given || change(cache, store_entries, &storing, err);
}

static bool drop_access(struct cache_entries *entries, struct json **foreign, const void *argument)
{
    const struct token_key *key = argument;
    size_t before = entries->count;
    (void)foreign;
    for (size_t i = entries->count; i-- > 0;) {
        if (is_account(&entries->items[i], key) && is_access(&entries->items[i], key)) {
            remove_entry(entries, i);
        }
    }
    return entries->count != before;
}

void token_cache_drop_access(struct token_cache *cache, const struct token_key *key)
{
    bool dropped = change(cache, drop_access, key, NULL);
    (void)dropped;      /* a token that stays is refused again, and dropped then */
}

/* Whom to forget, and who was: names of "environment account", each once over all places. */
struct gone { char **names; size_t count, capacity; bool here; };
struct forgetting { const char *environment, *account; struct gone *gone; };

static void note(struct gone *gone, const struct cache_entry *entry)
{
    char *name = mem_format("%s %s", entry->environment, entry->account);
    gone->here = true;
    for (size_t i = 0; i < gone->count; i++) {
        if (same(gone->names[i], name)) {
            free(name);
            return;
        }
    }
    MEM_ROOM(gone->names, gone->count, gone->capacity);
    gone->names[gone->count++] = name;
}

static bool forget_account(struct cache_entries *entries, struct json **foreign, const void *argument)
{
    const struct forgetting *whom = argument;
    for (size_t i = entries->count; i-- > 0;) {
        const struct cache_entry *entry = &entries->items[i];
        bool environment = !*whom->environment || same(entry->environment, whom->environment);
        if (environment && (!*whom->account || same(entry->account, whom->account))) {
            note(whom->gone, entry);
            remove_entry(entries, i);
        }
    }
    /* Whose the unknown things of a later version are cannot be known: they may be this account's, so they go. */
    json_free_secret(*foreign);
    *foreign = NULL;
    return true;
}

static void keep_names(struct gone *gone, size_t count)
{
    while (gone->count > count) {
        free(gone->names[--gone->count]);
    }
}

static const char *place_words(enum token_cache_place place)
{
    switch (place) {
    case TOKEN_CACHE_KEYRING: return "in the kernel keyring";
    case TOKEN_CACHE_DESKTOP: return "in the desktop's keyring";
    case TOKEN_CACHE_FILE: return "in a file";
    case TOKEN_CACHE_AUTO:
    case TOKEN_CACHE_MEMORY: break;
    }
    return "in memory";
}

static void note_place(struct token_cache_forgotten *forgotten, enum token_cache_place place)
{
    size_t used = strlen(forgotten->places);
    snprintf(forgotten->places + used, sizeof forgotten->places - used, "%s%s", used ? " and " : "", place_words(place));
}

static bool forget_here(struct token_cache *cache, const struct forgetting *whom, struct token_cache_forgotten *forgotten, struct err *err)
{
    size_t before = whom->gone->count;
    whom->gone->here = false;
    bool good = change(cache, forget_account, whom, err);
    if (cache->class && cache->class->clean && lock_for_writing(cache, NULL)) {
        cache->class->clean(cache->own);
        unlock_writing(cache);
    }
    if (!good) {
        keep_names(whom->gone, before);     /* they are still there */
    } else if (whom->gone->here) {
        note_place(forgotten, cache->place);
    }
    return good;
}

static bool file_is_there(const struct token_cache *cache)
{
    char *path = cache->directory ? mem_format("%s/tokens", cache->directory) : NULL;
    bool there = path && access(path, F_OK) == 0;
    free(path);
    return there;
}

/* Tokens may lie in another place as well, from a time when the keyring was forbidden or a place asked for by name: who signs
   out without naming a place means all of them. A keyring that does not work holds nothing that could be used from here; a
   file that is there and refused does. */
static bool forget_elsewhere(const struct token_cache *cache, const struct forgetting *whom, struct token_cache_forgotten *forgotten,
                             struct err *err)
{
    static bool (*const openers[])(struct token_cache *cache, struct err *err) = {
        [TOKEN_CACHE_KEYRING] = open_keyring, [TOKEN_CACHE_DESKTOP] = open_desktop, [TOKEN_CACHE_FILE] = open_file,
    };
    bool good = true;
    for (enum token_cache_place place = TOKEN_CACHE_KEYRING; good && place <= TOKEN_CACHE_FILE; place++) {
        struct token_cache other = { .write_lock = -1, .refresh_lock = -1, .directory = cache->directory };
        bool is_file = place == TOKEN_CACHE_FILE;
        if (place == cache->place || (is_file && !file_is_there(cache))) {
            continue;
        }
        if (openers[place](&other, is_file ? err : NULL)) {
            good = forget_here(&other, whom, forgotten, err);
            other.class->close(other.own);
        } else {
            good = !is_file;
        }
    }
    return good;
}

bool token_cache_forget(struct token_cache *cache, const char *environment, const char *account, struct token_cache_forgotten *gone,
                        struct err *err)
{
    struct gone names = { 0 };
    struct token_cache_forgotten forgotten = { 0 };
    const struct forgetting whom = { environment ? environment : "", account ? account : "", &names };
    bool good = forget_here(cache, &whom, &forgotten, err);
    if (good && cache->automatic) {
        good = forget_elsewhere(cache, &whom, &forgotten, err);
    }
    forgotten.accounts = names.count;
    keep_names(&names, 0);
    free(names.names);
    if (gone) {
        *gone = forgotten;
    }
    return good;
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
    json_free_secret(foreign);
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
