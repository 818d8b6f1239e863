#include <stdlib.h>

#include "auth/token_cache_internal.h"
#include "base/mem.h"

enum { ENTRIES_MOST = 200 };

static bool same(const char *left, const char *right)
{
    return str_eq_nocase(str_of(left), str_of(right));
}

/* ---- reading ---- */

static char *text_of(const struct json *entry, const char *name)
{
    return mem_text(json_cstr(json_get(entry, name), ""));
}

static bool read_entry(const struct json *json, struct cache_entry *entry)
{
    struct str token = str_of(json_cstr(json_get(json, "token"), ""));
    const char *kind = json_cstr(json_get(json, "kind"), "");
    if (!token.len || !(same(kind, "access") || same(kind, "refresh"))) {
        return false;
    }
    *entry = (struct cache_entry){
        .refresh = same(kind, "refresh"),
        .environment = text_of(json, "environment"), .client_id = text_of(json, "client_id"),
        .account = text_of(json, "account"), .tenant = text_of(json, "tenant"),
        .resource = text_of(json, "resource"), .claims = text_of(json, "claims"),
        .token = secret_new(token),
        .app_only = json_bool(json_get(json, "app_only"), false),
        .upn = text_of(json, "upn"), .name = text_of(json, "name"), .tenant_id = text_of(json, "tenant_id"),
        .audience = text_of(json, "audience"), .app_id = text_of(json, "app_id"),
    };
    json_int64(json_get(json, "expires_on"), &entry->expires_unix);
    json_int64(json_get(json, "refresh_on"), &entry->refresh_unix);
    json_int64(json_get(json, "used"), &entry->used_unix);
    return true;
}

/* Members that this version does not know belong to a later one, which shares the file: they are written back as they came. */
static struct json *foreign_members(const struct json *tree)
{
    struct json *foreign = json_new_object();
    for (const struct json *member = json_first(tree); member; member = json_next(member)) {
        if (strcmp(json_name(member), "tokens") != 0 && strcmp(json_name(member), "version") != 0) {
            json_add(foreign, json_name(member), json_copy(member));
        }
    }
    return foreign;
}

bool cache_text_read(struct str text, struct cache_entries *entries, struct json **foreign)
{
    struct json *tree = json_parse(text, NULL);
    bool good = json_kind(tree) == JSON_OBJECT && json_kind(json_get(tree, "tokens")) == JSON_ARRAY;
    *entries = (struct cache_entries){ 0 };
    *foreign = NULL;
    for (const struct json *item = good ? json_first(json_get(tree, "tokens")) : NULL; item && entries->count < ENTRIES_MOST;
         item = json_next(item)) {
        MEM_ROOM(entries->items, entries->count, entries->capacity);
        entries->count += read_entry(item, &entries->items[entries->count]);
    }
    if (good) {
        *foreign = foreign_members(tree);
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
    buf_text(out, ",\"token\":");
    json_print_string(secret_str(entry->token), out);
    buf_char(out, '}');
}

/* Printed straight into the caller's room and not by way of a tree, of which copies of the tokens would stay behind. */
void cache_text_write(const struct cache_entries *entries, const struct json *foreign, struct buf *out)
{
    buf_text(out, "{\"version\":1,\"tokens\":[");
    for (size_t i = 0; i < entries->count; i++) {
        buf_text(out, i ? ",\n" : "\n");
        put_entry(&entries->items[i], out);
    }
    buf_text(out, "\n]");
    for (const struct json *member = json_first(foreign); member; member = json_next(member)) {
        buf_char(out, ',');
        json_print_string(str_of(json_name(member)), out);
        buf_char(out, ':');
        json_print(member, false, out);
    }
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
