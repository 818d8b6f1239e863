/* Where tokens are kept between runs (auth.md section 10): memory only, the kernel's keyring, the desktop's (in a build with
   LIBSECRET=1), or a 0600 file in a 0700 directory. One interface; the place and the reason for it are words for the screen. Not for threads: the engine's own. */
#ifndef PURVEY_AUTH_TOKEN_CACHE_H
#define PURVEY_AUTH_TOKEN_CACHE_H

#include "auth/token.h"

enum token_cache_place { TOKEN_CACHE_AUTO, TOKEN_CACHE_MEMORY, TOKEN_CACHE_KEYRING, TOKEN_CACHE_DESKTOP, TOKEN_CACHE_FILE };

#define TOKEN_CACHE_MAX ((size_t)1024 * 1024)

struct token_cache;

/* AUTO: the keyring where it works (a key is really written, read and removed), else the desktop's if it is unlocked, else
   the file, else memory; nobody is ever asked to unlock anything; the reason for
   each step down is in token_cache_reason. directory NULL = $XDG_STATE_HOME/purvey, made when missing. A file or directory of
   another owner, with wider modes, or a symbolic link is refused with ERR_SYSTEM, never used and never repaired silently.
   A named place that does not work is an error; with AUTO it never fails. A damaged file is put aside (tokens.damaged) and
   said in the reason. The keyring has little room (20,000 bytes of an ordinary user, unless the kernel knows big_key): when
   it is full, the access tokens used longest ago give way, refresh tokens never. The kernel empties it after 3 days without
   use (persistent-keyring(7)). */
struct token_cache *token_cache_open(enum token_cache_place place, const char *directory, struct err *err) MUST_USE;
void token_cache_close(struct token_cache *cache);              /* wipes; NULL is fine */
bool token_cache_place_by_name(const char *name, enum token_cache_place *place);   /* auto, memory, keyring, desktop, file */
enum token_cache_place token_cache_place(const struct token_cache *cache);
const char *token_cache_reason(const struct token_cache *cache);    /* "in the kernel keyring of this user: ..." */

/* Whose token it is. Access tokens are found by all of it, refresh tokens by environment, client and account alone: one
   refresh token serves every resource (auth.md sections 2 and 10). Compared without regard to case, but for the claims. */
struct token_key {
    const char *environment;        /* the preferred authority host of the cloud */
    const char *client_id;
    const char *account;            /* user name, or "app:THUMBPRINT", "msi:ID" for applications; "" = any user of it, the last used */
    const char *tenant;             /* as in the authority: organizations, a domain, a GUID */
    const char *resource;
    const char *claims;             /* a claims challenge that was met, or "" */
};

/* The token with whatever is there: access when it still has 5 minutes (by wall clock: it may come from another run), refresh
   when there is one; NULL when neither. The caller's to free. */
struct token *token_cache_find(struct token_cache *cache, const struct token_key *key);

/* Stores access and refresh token; the new refresh token is on the disk before the old one is gone. Given tokens
   (token->given) are refused silently: they are never kept. */
bool token_cache_store(struct token_cache *cache, const struct token_key *key, const struct token *token, struct err *err) MUST_USE;

/* Drops the access token only (a claims challenge, a 401), or all of an account (sign-out; account "" = everything). Forgetting
   also removes tokens.damaged, what killed writers left, and whatever a later version kept that may be the account's. With
   AUTO it forgets in every place that works, since a place may have been named once or forbidden then. */
void token_cache_drop_access(struct token_cache *cache, const struct token_key *key);
struct token_cache_forgotten {
    size_t accounts;                /* an account that was in two places counts once */
    char places[128];               /* "in the kernel keyring and in a file"; "" = nothing was there */
};
/* gone may be NULL. */
bool token_cache_forget(struct token_cache *cache, const char *environment, const char *account, struct token_cache_forgotten *gone,
                        struct err *err) MUST_USE;

/* The names of the accounts there, the last used first: for the first page of connect. Fills at most `most`. */
struct token_account { char account[256], environment[128], tenant[256]; };
size_t token_cache_accounts(struct token_cache *cache, struct token_account *accounts, size_t most);

/* A refresh token must not be used by two processes at once. False while another one holds the lock: try again later, after
   looking into the cache again, since that one has probably stored a fresh token. Released by unlock, close, and death. */
bool token_cache_try_lock(struct token_cache *cache);
void token_cache_unlock(struct token_cache *cache);

#endif
