/* The people of Get-User, computed from their number: tens of millions take no memory, and the same seed gives the same
   people, so that a test can compare count and checksum with what arrived. */
#ifndef PURVEY_DEMO_USERS_H
#define PURVEY_DEMO_USERS_H

#include "demo/demo.h"

struct users { uint64_t seed; int64_t population; };

#define USER_MAX ((size_t)1024)         /* bytes of one person's JSON at most */
#define USER_UPN_MAX ((size_t)128)

/* Kinds of people, as bits of a filter; names as in RecipientTypeDetails. */
enum user_kind { USER_MAILBOX = 1, USER_GUEST = 2, USER_MAIL = 4, USER_SHARED = 8, USER_ROOM = 16, USER_DISABLED = 32 };
#define USER_ANY 0xFFu
enum user_kind user_kind(const struct users *users, int64_t index);
unsigned users_kind_by_name(struct str name);           /* a bit; 0: nobody here is of that kind */

/* Person number index as one JSON object of about 500 bytes; returns the length. Person 0 is the one who signs in. */
size_t user_write(const struct users *users, int64_t index, char to[USER_MAX]);
size_t user_upn(const struct users *users, int64_t index, char to[USER_UPN_MAX]);       /* not NUL-terminated */

/* The number of the person with this user principal name, Name or Guid; -1. Case-blind. */
int64_t users_find(const struct users *users, struct str identity);

/* The first person from `from` on whose kind is in mask; the population when there is none. */
int64_t users_next(const struct users *users, unsigned mask, int64_t from);

/* A page of at most `rows` people of mask from `first` on: returns how many there are, *end is where the next begins. */
int64_t users_page(const struct users *users, unsigned mask, int64_t first, int64_t rows, int64_t *end);

/* prefix, the people as JSON objects with commas between, suffix. Copies the texts. rows as from users_page. */
struct demo_stream users_stream(const struct users *users, unsigned mask, int64_t first, int64_t rows, struct str prefix,
                                struct str suffix);

/* Sum over the first `count` people of the FNV-1a hash of their user principal name: a reader can compute the same. */
uint64_t users_checksum(const struct users *users, int64_t count);

#endif
