/* Shared between the files of the token cache only. */
#ifndef PURVEY_AUTH_TOKEN_CACHE_INTERNAL_H
#define PURVEY_AUTH_TOKEN_CACHE_INTERNAL_H

#include "auth/token_cache.h"
#include "base/buf.h"
#include "base/json.h"

/* One token. A refresh token has neither resource nor claims, and no end that is known. */
struct cache_entry {
    bool refresh;
    char *environment, *client_id, *account, *tenant, *resource, *claims;
    struct secret *token;
    int64_t expires_unix, refresh_unix;     /* refresh_unix: from when it should be renewed; 0 = not said */
    int64_t used_unix;                      /* for the list of accounts, and for whom to drop first */
    bool app_only;
    char *upn, *name, *tenant_id, *audience, *app_id;
    struct json *rest;                      /* members that a later version wrote; NULL = none */
};

struct cache_entries { struct cache_entry *items; size_t count, capacity; };

void cache_entry_clear(struct cache_entry *entry);              /* wipes and frees what is in it */
void cache_entries_clear(struct cache_entries *entries);

/* --- token_cache_text.c: the JSON text of the cache, the same in the keyring and in the file --- */
enum { CACHE_ENTRIES_MOST = 200 };

/* False when the text is none: entries are then empty. What a later version wrote beside them is kept in *foreign, its kinds
   of tokens in foreign's own "tokens"; they may be secret, so foreign is freed with json_free_secret. */
bool cache_text_read(struct str text, struct cache_entries *entries, struct json **foreign);
/* Into wiped room: the caller wipes out->data. */
void cache_text_write(const struct cache_entries *entries, const struct json *foreign, struct buf *out);

/* --- places: where the text is kept --- */
struct cache_place {
    const char *name;
    /* True with an empty text when there is nothing yet. *text is the caller's. */
    bool (*load)(void *own, struct secret **text, struct err *err);
    /* An empty text removes what is there. *full: there is no room, and a shorter text may fit. */
    bool (*save)(void *own, struct str text, bool *full, struct err *err);
    void (*put_aside)(void *own);           /* keeps what could not be read, away from where it is read; NULL = nothing to keep */
    void (*clean)(void *own);               /* removes what was put aside and what killed writers left; NULL = there is none */
    void (*close)(void *own);
};

/* Each NULL with the reason in err. */
void *cache_keyring_open(const char *directory, struct err *err);       /* the state directory, or NULL */
extern const struct cache_place cache_keyring;
/* The directory tells caches apart. */
void *cache_desktop_open(const char *directory, struct err *err);
extern const struct cache_place cache_desktop;
bool cache_desktop_built_in(void);
void *cache_file_open(const char *directory, struct err *err);
extern const struct cache_place cache_file;

/* $XDG_STATE_HOME/purvey or ~/.local/state/purvey, made when missing, 0700 and ours. The caller's to free. */
char *cache_directory(const char *directory, struct err *err) MUST_USE;
/* Opens DIRECTORY/NAME for locking; -1 with err. */
int cache_lock_file(const char *directory, const char *name, struct err *err) MUST_USE;

#endif
