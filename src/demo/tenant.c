#include "demo/tenant.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "demo/module_text.h"

/* Seeded dates lie before this moment, not before now: the same seed gives the same objects on any day. */
#define SEED_EPOCH 1763942400 /* 2025-11-24T00:00:00Z */
#define DAY 86400

static const struct noun *const tables[] = { nouns_roles,     nouns_ediscovery, nouns_labels, nouns_dlp,
                                             nouns_retention, nouns_alerts,     nouns_mail };

/* The table of tables is short and a call looks once, so no index is kept. */
const struct noun *tenant_noun(struct str name)
{
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        for (const struct noun *noun = tables[i]; noun->name; noun++) {
            if (str_is_nocase(name, noun->name)) {
                return noun;
            }
        }
    }
    return NULL;
}

/* ---- entries ---- */

/* Case-blind, because parameters are named by people and properties by the service (GUID, Guid). */
const struct json *entry_get(const struct entry *entry, const char *name)
{
    return json_get_nocase(entry->object, name);
}

const char *entry_text(const struct entry *entry, const char *name)
{
    return json_cstr(entry_get(entry, name), "");
}

/* Trees only grow at the end, so a change is a copy with one member replaced. */
void entry_put(struct entry *entry, const char *name, struct json *value)
{
    struct json *object = json_new_object();
    bool found = false;
    for (const struct json *member = json_first(entry->object); member; member = json_next(member)) {
        bool hit = str_is_nocase(str_of(json_name(member)), name);
        json_add(object, json_name(member), hit && !found ? value : json_copy(member));
        found |= hit;
    }
    if (!found) {
        json_free(value);
    }
    json_free(entry->object);
    entry->object = object;
}

/* The annotation comes and goes with the value: nulls carry none, and a client formats by it. */
void entry_put_date(struct entry *entry, const char *name, int64_t when)
{
    struct json *object = json_new_object();
    char date[40], *mark = mem_format("%s@data.type", name);
    wire_date(when, 0, false, date);
    for (const struct json *member = json_first(entry->object); member; member = json_next(member)) {
        if (str_is(str_of(json_name(member)), mark)) {
            continue;
        }
        bool hit = str_is(str_of(json_name(member)), name);
        if (hit && when) {
            json_add_text(object, mark, "System.DateTime");
        }
        json_add(object, json_name(member), !hit ? json_copy(member) : when ? json_new_string(str_of(date)) : json_new_null());
    }
    json_free(entry->object);
    entry->object = object;
    free(mark);
}

/* The shapes give every job the times of a finished run. */
static void forget_times_to_come(struct entry *entry)
{
    struct str status = str_of(entry_text(entry, "Status"));
    bool waits = str_is(status, "NotStarted"), runs = str_is(status, "Starting") || str_is(status, "InProgress");
    if (entry_get(entry, "JobEndTime") && (waits || runs)) {
        entry_put_date(entry, "JobEndTime", 0);
    }
    if (entry_get(entry, "JobStartTime") && waits) {
        entry_put_date(entry, "JobStartTime", 0);
    }
}

/* Nouns call the date of a change differently; names that an object does not have are passed over. */
void entry_touch(struct entry *entry, const char *by, int64_t now)
{
    static const char *const dates[] = { "WhenChangedUTC", "LastModifiedTime", "LastModifiedDateTime",
                                         "ModificationTimeUtc" };
    char date[40];
    wire_date(now, seeded_number((uint64_t)now, by), false, date);
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        entry_put(entry, dates[i], json_new_string(str_of(date)));
    }
    wire_date(now, seeded_number((uint64_t)now, by), true, date);
    entry_put(entry, "WhenChanged", json_new_string(str_of(date)));
    entry_put(entry, "LastModifiedBy", json_new_string(str_of(by)));
}

/* The service takes any unique value for an identity; these are the ones that people type. */
bool entry_matches(const struct entry *entry, struct str identity)
{
    static const char *const keys[] = { "Name", "Guid",        "Identity",          "DisplayName",
                                        "Id",   "ImmutableId", "UserPrincipalName", "PrimarySmtpAddress" };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const struct json *value = entry_get(entry, keys[i]);
        if (json_kind(value) == JSON_STRING && wildcard_match(identity, json_string(value))) {
            return true;
        }
    }
    return false;
}

static void entry_free(struct entry *entry)
{
    json_free(entry->object);
    free(entry->parent);
    free(entry);
}

/* ---- the store ---- */

/* Parents are remembered by Guid: names change. */
static bool has_parent(const struct entry *entry, const char *parent)
{
    return !parent || (entry->parent && str_is_nocase(str_of(entry->parent), parent));
}

/* One object is meant, so a pattern finds nothing: Remove-Label -Identity * is no way to lose a label. */
struct entry *tenant_find(const struct tenant *tenant, const struct noun *noun, struct str identity, const char *parent)
{
    if (!identity.len || memchr(identity.data, '*', identity.len)) {
        return NULL;
    }
    for (size_t i = 0; i < tenant->count; i++) {
        struct entry *entry = tenant->entries[i];
        if (entry->noun == noun && has_parent(entry, parent) && entry_matches(entry, identity)) {
            return entry;
        }
    }
    return NULL;
}

/* Objects are filled once and kept as trees: the hot path is Get-User, which has none of this. */
static struct entry *add_entry(struct tenant *tenant, const struct noun *noun, const struct fields *fields)
{
    struct entry *entry = MEM_NEW(struct entry);
    entry->noun = noun;
    entry->object = shape_fill(noun->shape, fields);
    forget_times_to_come(entry);
    entry->parent = mem_text(fields->parent_guid);
    MEM_ROOM(tenant->entries, tenant->count, tenant->capacity);
    tenant->entries[tenant->count++] = entry;
    return entry;
}

/* first is 1 for a seeded row; 2 for a fresh one, whose name comes from the caller. */
static void cut_columns(struct str row, struct fields *fields, size_t first)
{
    struct str column;
    for (bool more = true; more && first < sizeof fields->columns / sizeof *fields->columns; first++) {
        more = str_cut(&row, '|', &column);
        fields->columns[first] = column;
    }
}

static void set_parent(struct fields *fields, const struct entry *parent)
{
    if (parent) {
        fields->parent = entry_text(parent, "Name");
        fields->parent_guid = entry_text(parent, "Guid");
    }
}

/* The count of made objects is in the salt: two objects of one name made one after another get different GUIDs. */
struct entry *tenant_add(struct tenant *tenant, const struct noun *noun, const char *name, const struct entry *parent,
                         const char *by, int64_t now)
{
    char guid[37], salt[64];
    struct fields fields = {
        .name = name, .guid = guid, .by = by, .created = now, .changed = now, .index = noun->count
    };
    snprintf(salt, sizeof salt, "%s new %lld", noun->name, (long long)++tenant->made);
    fields.seed = seeded_number(tenant->seed, salt);
    seeded_guid(fields.seed, "own", guid);
    cut_columns(str_of(noun->fresh), &fields, 2);
    fields.columns[1] = str_of(name);
    set_parent(&fields, parent);
    return add_entry(tenant, noun, &fields);
}

/* In place and in one walk: the order of what stays is what lists showed before. */
void tenant_remove(struct tenant *tenant, struct entry *entry)
{
    const char *guid = entry_text(entry, "Guid");
    size_t kept = 0;
    for (size_t i = 0; i < tenant->count; i++) {
        struct entry *other = tenant->entries[i];
        bool child = *guid && other->noun->parent && str_is(str_of(entry->noun->name), other->noun->parent) &&
                     has_parent(other, guid);
        if (child) {
            entry_free(other);
        } else if (other != entry) {
            tenant->entries[kept++] = other;
        }
    }
    tenant->count = kept;
    entry_free(entry);
}

/* ---- seeding ---- */

static size_t count_rows(const char *const *rows)
{
    size_t count = 0;
    while (rows[count]) {
        count++;
    }
    return count;
}

/* Children are dealt to parents in turn, so every parent has some and a small one is not always empty. */
static struct entry *nth(const struct tenant *tenant, const struct noun *noun, int wanted)
{
    for (size_t i = 0; i < tenant->count; i++) {
        if (tenant->entries[i]->noun == noun && wanted-- == 0) {
            return tenant->entries[i];
        }
    }
    return NULL;
}

static void seed_one(struct tenant *tenant, const struct noun *noun, int index, size_t rows)
{
    char guid[37], salt[64];
    struct fields fields = { .index = index, .guid = guid };
    snprintf(salt, sizeof salt, "%s %d", noun->name, index);
    fields.seed = seeded_number(tenant->seed, salt);
    seeded_guid(fields.seed, "own", guid);
    cut_columns(str_of(noun->rows[(size_t)index % rows]), &fields, 1);
    size_t round = (size_t)index / rows;
    char *name = round ? mem_format("%.*s %zu", STR_ARG(fields.columns[1]), round + 1) : str_dup(fields.columns[1]);
    fields.name = name;
    /* Index-wise spacing keeps the creation order of a list plausible. */
    fields.created = SEED_EPOCH - (int64_t)(seeded_number(fields.seed, "created") % (700LL * DAY)) - DAY;
    fields.changed = fields.created +
                     (int64_t)(seeded_number(fields.seed, "changed") % (uint64_t)(SEED_EPOCH - fields.created));
    const struct noun *parent = noun->parent ? tenant_noun(str_of(noun->parent)) : NULL;
    set_parent(&fields, parent ? nth(tenant, parent, index % parent->count) : NULL);
    add_entry(tenant, noun, &fields);
    free(name);
}

void tenant_seed(struct tenant *tenant, const struct noun *noun)
{
    size_t rows = count_rows(noun->rows);
    for (int index = 0; index < noun->count; index++) {
        seed_one(tenant, noun, index, rows);
    }
}

/* The order of the tables matters: a parent has to be there before its children. */
struct tenant *tenant_new(uint64_t seed)
{
    struct tenant *tenant = MEM_NEW(struct tenant);
    tenant->seed = seed;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        for (const struct noun *noun = tables[i]; noun->name; noun++) {
            tenant_seed(tenant, noun);
        }
    }
    return tenant;
}

void tenant_free(struct tenant *tenant)
{
    if (tenant) {
        for (size_t i = 0; i < tenant->count; i++) {
            entry_free(tenant->entries[i]);
        }
        free(tenant->entries);
        free(tenant);
    }
}
