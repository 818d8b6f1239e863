/* Slices: a pointer and a length, owning nothing. The bytes need not end in NUL. */
#ifndef PURVEY_BASE_STR_H
#define PURVEY_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
    const char *data;
    size_t len;
};

/* For printf("%.*s", STR_ARG(s)). */
#define STR_ARG(s) (int)(s).len, (s).data
#define STR(literal) ((struct str){ (literal), sizeof(literal) - 1 })

struct str str_of(const char *text);                    /* NULL gives the empty slice */
bool str_eq(struct str a, struct str b);
bool str_eq_nocase(struct str a, struct str b);         /* ASCII case only: names of cmdlets, headers, hosts */
bool str_is(struct str a, const char *b);               /* str_eq with a C string */
bool str_is_nocase(struct str a, const char *b);
int str_compare_nocase(struct str a, struct str b);     /* ASCII case; like strcmp */
bool str_starts(struct str a, struct str prefix);
bool str_starts_nocase(struct str a, struct str prefix);
bool str_ends_nocase(struct str a, struct str suffix);
bool str_contains_nocase(struct str haystack, struct str needle);   /* ASCII case */
struct str str_trim(struct str s);                      /* blanks, tabs, line ends off both sides */
struct str str_from(struct str s, size_t offset);       /* tail; empty when offset is past the end */
struct str str_take(struct str s, size_t length);       /* head; at most what is there */

/* Cuts at the first separator: *head before it, *s after it. Without one, *head is all and *s is empty; false then. */
bool str_cut(struct str *s, char separator, struct str *head);

/* The whole slice as a decimal number in [min, max]; no blanks, a leading '-' or '+' allowed. */
bool str_to_int64(struct str s, int64_t min, int64_t max, int64_t *value);

/* Copies text into a fixed array of `size` bytes, cut at a UTF-8 character; NULL gives "". */
void str_copy(char *to, size_t size, const char *text);
void str_put(char *to, size_t size, struct str text);      /* the same of a slice, cut between any two bytes; size > 0 */

/* FNV-1a, for tables and names of files; not against those who choose the text. Begins with HASH_START or goes on with another's. */
#define HASH_START UINT64_C(14695981039346656037)
uint64_t str_hash(uint64_t before, struct str text);

/* A NUL-terminated copy; the caller frees it. Never NULL (allocation failure aborts, see base/mem.h). */
char *str_dup(struct str s);

#endif
