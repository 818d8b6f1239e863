#include <stdlib.h>

#include "auth/token_cache_internal.h"
#include "base/mem.h"

#define LAST_SECOND 253402300799    /* of the year 9999: a time of a damaged text must not overflow in milliseconds */

/* All members of an entry that this version reads and writes itself. */
static const char *const entry_members[] = {
    "kind", "environment", "client_id", "account", "tenant", "resource", "claims", "upn", "name", "tenant_id", "audience",
    "app_id", "expires_on", "refresh_on", "used", "app_only", "token", NULL,
};
static const char *const top_members[] = { "version", "tokens", NULL };

static bool same(const char *left, const char *right)
{
    return str_eq_nocase(str_of(left), str_of(right));
}

/* ---- reading ---- */

static char *text_of(const struct json *entry, const char *name)
{
    return mem_text(json_cstr(json_get(entry, name), ""));
}

static int64_t time_of(const struct json *entry, const char *name)
{
    int64_t number = 0;
    return json_int64(json_get(entry, name), &number) && number > 0 && number <= LAST_SECOND ? number : 0;
}

static bool is_among(const char *name, const char *const *names)
{
    while (*names && strcmp(*names, name) != 0) {
        names++;
    }
    return *names != NULL;
}

/* Copies of the members that are not among the known ones; NULL when there are none. They belong to a later version, which
   shares the text with this one: they are written back as they came. */
static struct json *unknown_members(const struct json *object, const char *const *known)
{
    struct json *unknown = NULL;
    for (const struct json *member = json_first(object); member; member = json_next(member)) {
        if (!is_among(json_name(member), known)) {
            unknown = unknown ? unknown : json_new_object();
            json_add(unknown, json_name(member), json_copy(member));
        }
    }
    return unknown;
}

static bool is_known_kind(const struct json *json)
{
    const char *kind = json_cstr(json_get(json, "kind"), "");
    return same(kind, "access") || same(kind, "refresh");
}

static bool read_entry(const struct json *json, struct cache_entry *entry)
{
    struct str token = str_of(json_cstr(json_get(json, "token"), ""));
    if (!token.len || !is_known_kind(json)) {
        return false;
    }
    *entry = (struct cache_entry){
        .refresh = same(json_cstr(json_get(json, "kind"), ""), "refresh"),
        .environment = text_of(json, "environment"), .client_id = text_of(json, "client_id"),
        .account = text_of(json, "account"), .tenant = text_of(json, "tenant"),
        .resource = text_of(json, "resource"), .claims = text_of(json, "claims"),
        .token = secret_new(token),
        .expires_unix = time_of(json, "expires_on"), .refresh_unix = time_of(json, "refresh_on"), .used_unix = time_of(json, "used"),
        .app_only = json_bool(json_get(json, "app_only"), false),
        .upn = text_of(json, "upn"), .name = text_of(json, "name"), .tenant_id = text_of(json, "tenant_id"),
        .audience = text_of(json, "audience"), .app_id = text_of(json, "app_id"),
        .rest = unknown_members(json, entry_members),
    };
    return true;
}

/* What stands beside the tokens, a version above ours, and kinds of tokens that are unknown here. */
static struct json *read_foreign(const struct json *tree)
{
    struct json *foreign = unknown_members(tree, top_members), *tokens = json_new_array();
    int64_t version = 0;
    foreign = foreign ? foreign : json_new_object();
    if (json_int64(json_get(tree, "version"), &version) && version > 1) {
        json_add(foreign, "version", json_new_int(version));
    }
    for (const struct json *item = json_first(json_get(tree, "tokens")); item && json_count(tokens) < CACHE_ENTRIES_MOST; item = json_next(item)) {
        if (*json_cstr(json_get(item, "kind"), "") && !is_known_kind(item)) {
            json_add(tokens, NULL, json_copy(item));
        }
    }
    json_add(foreign, "tokens", tokens);
    return foreign;
}

bool cache_text_read(struct str text, struct cache_entries *entries, struct json **foreign)
{
    struct json *tree = json_parse(text, NULL);
    bool good = json_kind(tree) == JSON_OBJECT && json_kind(json_get(tree, "tokens")) == JSON_ARRAY;
    *entries = (struct cache_entries){ 0 };
    *foreign = NULL;
    for (const struct json *item = good ? json_first(json_get(tree, "tokens")) : NULL; item && entries->count < CACHE_ENTRIES_MOST;
         item = json_next(item)) {
        MEM_ROOM(entries->items, entries->count, entries->capacity);
        entries->count += read_entry(item, &entries->items[entries->count]);
    }
    if (good) {
        *foreign = read_foreign(tree);
    }
    json_free_secret(tree);
    return good;
}

/* ---- writing ---- */

static void put_text(struct buf *out, const char *name, const char *text)
{
    if (text && *text) {
        buf_format(out, ",\"%s\":", name);
        json_print_string(str_of(text), out);
    }
}

static void put_number(struct buf *out, const char *name, int64_t number)
{
    if (number) {
        buf_format(out, ",\"%s\":%lld", name, (long long)number);
    }
}

/* All members but those of the list. */
static void put_members(const struct json *object, const char *const *but, struct buf *out)
{
    for (const struct json *member = json_first(object); member; member = json_next(member)) {
        if (!is_among(json_name(member), but)) {
            buf_char(out, ',');
            json_print_string(str_of(json_name(member)), out);
            buf_char(out, ':');
            json_print(member, false, out);
        }
    }
}

static void put_entry(const struct cache_entry *entry, struct buf *out)
{
    buf_format(out, "{\"kind\":\"%s\"", entry->refresh ? "refresh" : "access");
    put_text(out, "environment", entry->environment);
    put_text(out, "client_id", entry->client_id);
    put_text(out, "account", entry->account);
    put_text(out, "tenant", entry->tenant);
    put_text(out, "resource", entry->resource);
    put_text(out, "claims", entry->claims);
    put_text(out, "upn", entry->upn);
    put_text(out, "name", entry->name);
    put_text(out, "tenant_id", entry->tenant_id);
    put_text(out, "audience", entry->audience);
    put_text(out, "app_id", entry->app_id);
    put_number(out, "expires_on", entry->expires_unix);
    put_number(out, "refresh_on", entry->refresh_unix);
    put_number(out, "used", entry->used_unix);
    buf_text(out, entry->app_only ? ",\"app_only\":true" : "");
    put_members(entry->rest, entry_members, out);
    buf_text(out, ",\"token\":");
    json_print_string(secret_str(entry->token), out);
    buf_char(out, '}');
}

/* Printed straight into the caller's room and not by way of a tree, of which copies of the tokens would stay behind. */
void cache_text_write(const struct cache_entries *entries, const struct json *foreign, struct buf *out)
{
    int64_t version = 1;
    (void)json_int64(json_get(foreign, "version"), &version);
    buf_format(out, "{\"version\":%lld,\"tokens\":[", (long long)version);
    for (size_t i = 0; i < entries->count; i++) {
        buf_text(out, i ? ",\n" : "\n");
        put_entry(&entries->items[i], out);
    }
    const char *between = entries->count ? ",\n" : "\n";
    for (const struct json *item = json_first(json_get(foreign, "tokens")); item; item = json_next(item)) {
        buf_text(out, between);
        json_print(item, false, out);
        between = ",\n";
    }
    buf_text(out, "\n]");
    put_members(foreign, top_members, out);
    buf_text(out, "}\n");
}

/* ---- entries ---- */

void cache_entry_clear(struct cache_entry *entry)
{
    char *texts[] = { entry->environment, entry->client_id, entry->account, entry->tenant, entry->resource, entry->claims,
                      entry->upn, entry->name, entry->tenant_id, entry->audience, entry->app_id };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        free(texts[i]);
    }
    secret_free(entry->token);
    json_free_secret(entry->rest);
    *entry = (struct cache_entry){ 0 };
}

void cache_entries_clear(struct cache_entries *entries)
{
    for (size_t i = 0; i < entries->count; i++) {
        cache_entry_clear(&entries->items[i]);
    }
    free(entries->items);
    *entries = (struct cache_entries){ 0 };
}
