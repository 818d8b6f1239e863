#include "demo/users.h"

#include <stdlib.h>

#include "base/guid.h"
#include "base/mem.h"
#include "demo/user_names.h"

static const struct piece departments[] = {
    PIECE("Legal"), PIECE("Compliance"), PIECE("Research \\u0026 Development"), PIECE("Finance"), PIECE("Human Resources"),
    PIECE("Vertrieb M\\u00fcnchen"), PIECE("Customer Care"), PIECE("\\u7dcf\\u52d9\\u90e8"),
};
static const struct piece cities[] = {
    PIECE("Redmond"), PIECE("Z\\u00fcrich"), PIECE("\\u0391\\u03b8\\u03ae\\u03bd\\u03b1"), PIECE("\\u6771\\u4eac"),
    PIECE("Dublin"), PIECE("S\\u00e3o Paulo"), PIECE("\\u041c\\u043e\\u0441\\u043a\\u0432\\u0430"), PIECE("Krak\\u00f3w"),
};
static const struct piece titles[] = {
    PIECE("Counsel"), PIECE("Records Manager"), PIECE("Engineer"), PIECE("Analyst"), PIECE("Director"), PIECE("Paralegal"),
    PIECE("Sachbearbeiterin"), PIECE("Responsable conformit\\u00e9"),
};

struct kind_name { enum user_kind kind; struct piece type, details; };
static const struct kind_name kinds[] = {
    { USER_MAILBOX, PIECE("UserMailbox"), PIECE("UserMailbox") },
    { USER_GUEST, PIECE("MailUser"), PIECE("GuestMailUser") },
    { USER_MAIL, PIECE("MailUser"), PIECE("MailUser") },
    { USER_SHARED, PIECE("UserMailbox"), PIECE("SharedMailbox") },
    { USER_ROOM, PIECE("UserMailbox"), PIECE("RoomMailbox") },
    { USER_DISABLED, PIECE("User"), PIECE("DisabledUser") },
};
#define KINDS (sizeof kinds / sizeof *kinds)

/* splitmix64: every person has numbers of his own, whatever the order in which people are asked for. */
static uint64_t mix(uint64_t x)
{
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

static uint64_t person_bits(const struct users *users, int64_t index, uint64_t purpose)
{
    return mix(users->seed * 0x2545F4914F6CDD1Du + mix((uint64_t)index + purpose * 0xD1342543DE82EF95u));
}

struct who { const struct person *first, *last; const struct kind_name *kind; uint64_t bits; };

/* Everything about a person follows from the number: nothing is stored, so a page in the middle costs what the first
   one does. */
static struct who who_is(const struct users *users, int64_t index)
{
    uint64_t bits = person_bits(users, index, 0);
    if (index == 0) {
        return (struct who){ &first_names[0][0], &last_names[0][0], &kinds[0], bits };
    }
    /* Half of the people have plain names, so that most rows are as small as in a real tenant. */
    size_t culture = bits % (2 * CULTURES) < CULTURES ? bits % CULTURES : 0, kind = (bits >> 40) % 64;
    return (struct who){ &first_names[culture][(bits >> 8) % NAMES_EACH], &last_names[culture][(bits >> 16) % NAMES_EACH],
                         &kinds[kind < KINDS ? kind : 0], bits };
}

enum user_kind user_kind(const struct users *users, int64_t index)
{
    return who_is(users, index).kind->kind;
}

unsigned users_kind_by_name(struct str name)
{
    for (size_t i = 0; i < KINDS; i++) {
        if (str_is_nocase(name, kinds[i].details.text)) {
            return (unsigned)kinds[i].kind;
        }
    }
    return 0;
}

/* ---- writing: the hot path, no printf ---- */

static char *put(char *to, const char *text, size_t len)
{
    memcpy(to, text, len);
    return to + len;
}

#define PUT(to, literal) put((to), literal, sizeof(literal) - 1)

static char *put_piece(char *to, const struct piece *piece)
{
    return put(to, piece->text, piece->len);
}

static char *put_number(char *to, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    return put(to, digits + at, sizeof digits - at);
}

static char *put_two(char *to, uint64_t number)
{
    to[0] = (char)('0' + number / 10 % 10);
    to[1] = (char)('0' + number % 10);
    return to + 2;
}

static char *put_hex(char *to, uint64_t bits, int digits)
{
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
        *to++ = "0123456789abcdef"[(bits >> shift) & 15];
    }
    return to;
}

/* The last twelve digits carry the number, so that a person can be found by Guid without a search. */
static uint64_t node_of(const struct users *users, int64_t index)
{
    return ((uint64_t)index ^ mix(users->seed + 77)) & 0xFFFFFFFFFFFFu;
}

static char *put_guid(char *to, uint64_t bits, uint64_t node)
{
    to = put_hex(to, bits >> 32, 8);
    *to++ = '-';
    to = put_hex(to, bits >> 16, 4);
    to = PUT(to, "-4");
    to = put_hex(to, bits >> 4, 3);
    to = PUT(to, "-a");
    to = put_hex(to, bits >> 20, 3);
    *to++ = '-';
    return put_hex(to, node, 12);
}

static char *put_alias(char *to, const struct who *who, int64_t index)
{
    to = put_piece(to, &who->first->address);
    *to++ = '.';
    to = put_piece(to, &who->last->address);
    return index ? put_number(to, (uint64_t)index) : to;
}

static char *put_date(char *to, uint64_t bits)
{
    to = PUT(to, "20");
    to = put_two(to, 14 + bits % 12);
    *to++ = '-';
    to = put_two(to, 1 + (bits >> 8) % 12);
    *to++ = '-';
    to = put_two(to, 1 + (bits >> 16) % 28);
    *to++ = 'T';
    to = put_two(to, (bits >> 24) % 24);
    *to++ = ':';
    to = put_two(to, (bits >> 32) % 60);
    *to++ = ':';
    to = put_two(to, (bits >> 40) % 60);
    return PUT(to, ".0000000Z");
}

/* Order of the properties as in real answers; Name carries the number, so that a test can count people by it. */
static char *put_names(char *to, const struct who *who, int64_t index)
{
    to = PUT(to, "\",\"UserPrincipalName\":\"");
    to = put_alias(to, who, index);
    to = PUT(to, "@" DEMO_TENANT "\",\"AccountDisabled\":");
    to = who->kind->kind == USER_DISABLED ? PUT(to, "true") : PUT(to, "false");
    to = PUT(to, ",\"DisplayName\":\"");
    to = put_piece(to, &who->first->shown);
    *to++ = ' ';
    to = put_piece(to, &who->last->shown);
    to = PUT(to, "\",\"RecipientType\":\"");
    to = put_piece(to, &who->kind->type);
    to = PUT(to, "\",\"RecipientTypeDetails\":\"");
    to = put_piece(to, &who->kind->details);
    to = PUT(to, "\",\"Name\":\"");
    to = put_alias(to, who, index);
    return to;
}

size_t user_write(const struct users *users, int64_t index, char to[USER_MAX])
{
    struct who who = who_is(users, index);
    uint64_t more = person_bits(users, index, 1);
    char *at = PUT(to, "{\"ExternalDirectoryObjectId\":\"");
    at = put_guid(at, more, more >> 9 & 0xFFFFFFFFFFFFu);
    at = put_names(at, &who, index);
    at = PUT(at, "\",\"Guid@data.type\":\"System.Guid\",\"Guid@odata.type\":\"#Guid\",\"Guid\":\"");
    at = put_guid(at, who.bits, node_of(users, index));
    at = PUT(at, "\",\"City\":\"");
    at = put_piece(at, &cities[more % 8]);
    at = PUT(at, "\",\"Department\":\"");
    at = put_piece(at, &departments[(more >> 3) % 8]);
    at = PUT(at, "\",\"Title\":\"");
    at = put_piece(at, &titles[(more >> 6) % 8]);
    at = PUT(at, "\",\"WhenCreatedUTC@data.type\":\"System.DateTime\",\"WhenCreatedUTC\":\"");
    at = put_date(at, more >> 12);
    at = PUT(at, "\"}");
    return (size_t)(at - to);
}

size_t user_upn(const struct users *users, int64_t index, char to[USER_UPN_MAX])
{
    struct who who = who_is(users, index);
    char *at = put_alias(to, &who, index);
    return (size_t)(PUT(at, "@" DEMO_TENANT) - to);
}

/* ---- finding ---- */

/* The whole Guid is compared: twelve right digits behind a wrong beginning are nobody. */
static int64_t number_in_guid(const struct users *users, struct str guid)
{
    char text[13] = "", own[64];
    memcpy(text, guid.data + 24, 12);
    uint64_t node = strtoull(text, NULL, 16) ^ (mix(users->seed + 77) & 0xFFFFFFFFFFFFu);
    if (node >= (uint64_t)users->population) {
        return -1;
    }
    int64_t index = (int64_t)node;
    char *end = put_guid(own, who_is(users, index).bits, node_of(users, index));
    return str_eq_nocase(guid, (struct str){ own, (size_t)(end - own) }) ? index : -1;
}

int64_t users_find(const struct users *users, struct str identity)
{
    if (guid_valid(identity)) {
        return number_in_guid(users, identity);
    }
    struct str rest = identity, alias, digits;
    bool with_domain = str_cut(&rest, '@', &alias);
    size_t letters = alias.len;
    while (letters && alias.data[letters - 1] >= '0' && alias.data[letters - 1] <= '9') {
        letters--;
    }
    digits = str_from(alias, letters);
    int64_t index = 0;
    if (digits.len && !str_to_int64(digits, 1, INT64_MAX, &index)) {
        return -1;
    }
    char upn[USER_UPN_MAX];
    if (index >= users->population) {
        return -1;
    }
    struct str own = { upn, user_upn(users, index, upn) };
    struct str domain = STR("@" DEMO_TENANT);
    return str_eq_nocase(identity, with_domain ? own : str_take(own, own.len - domain.len)) ? index : -1;
}

/* With a filter the walk is linear: one in sixty-four people has a rare kind, so a page is found in a blink. */
int64_t users_next(const struct users *users, unsigned mask, int64_t from)
{
    while (from < users->population && (mask & USER_ANY) != USER_ANY && !((unsigned)user_kind(users, from) & mask)) {
        from++;
    }
    return from;
}

int64_t users_page(const struct users *users, unsigned mask, int64_t first, int64_t rows, int64_t *end)
{
    int64_t count = 0;
    int64_t at = users_next(users, mask, first);
    while (count < rows && at < users->population) {
        count++;
        at = users_next(users, mask, at + 1);
    }
    *end = at;
    return count;
}

uint64_t users_checksum(const struct users *users, int64_t count)
{
    uint64_t sum = 0;
    char upn[USER_UPN_MAX];
    for (int64_t index = 0; index < count; index++) {
        uint64_t hash = 0xCBF29CE484222325u;
        size_t len = user_upn(users, index, upn);
        for (size_t i = 0; i < len; i++) {
            hash = (hash ^ (unsigned char)upn[i]) * 0x100000001B3u;
        }
        sum += hash;
    }
    return sum;
}

/* ---- streaming ---- */

struct page {
    struct users users;
    unsigned mask;
    int64_t next, rows_left;
    char *prefix, *suffix;
    bool any;
    struct str pending;         /* bytes that wait for room: in prefix, carry or suffix */
    char carry[USER_MAX + 1];
};

static size_t write_person(struct page *page, char *to)
{
    size_t comma = page->any;
    *to = ',';
    page->next = users_next(&page->users, page->mask, page->next);
    size_t len = comma + user_write(&page->users, page->next++, to + comma);
    page->any = true;
    page->rows_left--;
    return len;
}

/* Puts the next bytes into pending when there is no room to write a person straight into the caller's block. */
static void prepare(struct page *page)
{
    if (page->rows_left > 0) {
        page->pending = (struct str){ page->carry, write_person(page, page->carry) };
    } else if (page->suffix) {
        free(page->prefix);
        page->prefix = page->suffix;
        page->suffix = NULL;
        page->pending = str_of(page->prefix);
    }
}

/* People are written straight into the caller's block while one fits for sure; carry is for the seam only. */
static size_t page_fill(void *context, char *to, size_t size)
{
    struct page *page = context;
    size_t done = 0;
    while (done < size) {
        if (!page->pending.len && page->rows_left > 0 && size - done > USER_MAX) {
            done += write_person(page, to + done);
            continue;
        }
        if (!page->pending.len) {
            prepare(page);
        }
        struct str part = str_take(page->pending, size - done);
        if (!part.len) {
            break;
        }
        memcpy(to + done, part.data, part.len);
        done += part.len;
        page->pending = str_from(page->pending, part.len);
    }
    return done;
}

static void page_free(void *context)
{
    struct page *page = context;
    free(page->prefix);
    free(page->suffix);
    free(page);
}

struct demo_stream users_stream(const struct users *users, unsigned mask, int64_t first, int64_t rows, struct str prefix,
                                struct str suffix)
{
    struct page *page = MEM_NEW(struct page);
    page->users = *users;
    page->mask = mask;
    page->next = first;
    page->rows_left = rows;
    page->prefix = str_dup(prefix);
    page->suffix = str_dup(suffix);
    page->pending = str_of(page->prefix);
    return (struct demo_stream){ .fill = page_fill, .free = page_free, .context = page };
}
