/* The objects of the demo tenant: seeded from tables of texts, changed by New-, Set-, Remove- and the like. */
#ifndef PURVEY_DEMO_TENANT_H
#define PURVEY_DEMO_TENANT_H

#include "base/json.h"

/* What a cmdlet's noun stands for. The tables are in tenant_*.c, one text for each row and each line of a shape.

   A row is columns with '|' between them; the first is the name. Row i of `rows` makes object i; when there are more
   objects than rows, the later ones get a number behind the name.

   A line of a shape is "Name[,Name...] type text" and adds the properties in this order:
       s text    i Int32    l Int64    b true/false    g Guid    L list of texts with '|' or ';' between    j JSON
       d date in UTC    t the same as a local date    n null    & the lines of the shared shape of that name
   In a text, {x} stands for: {1}..{9} a column, {name}, {n} the index, {guid} the object's own, {guid:any} another,
   {parent} {parentguid}, {by} who made it, {person:any} {upn:any} somebody, {int:low-high}, {pick:a;b;c},
   {size:Property:low-high} the number of that property in words. The text of a date is created, changed, start or end,
   and a shift in seconds (changed+3600); an empty one gives null. */
struct noun {
    const char *name;
    const char *const *rows;
    int count;
    const char *fresh;              /* the columns of an object that New- makes, without the name */
    const char *const *shape;
    const char *parent;             /* noun of the object it belongs to; NULL = none */
    const char *parent_parameter;   /* which parameter names that object */
};

/* One object as it goes over the wire: annotations stand before their property (rest.md section 5). */
struct entry {
    const struct noun *noun;
    struct json *object;
    char *parent;                   /* Guid of the parent; NULL = none */
    int phase;                      /* reads left until a started job has advanced; 0 = it is at rest */
};

struct tenant {
    uint64_t seed;
    int64_t made;                   /* counts the objects that New- made, so that each gets GUIDs of its own */
    struct entry **entries;
    size_t count, capacity;
};

struct tenant *tenant_new(uint64_t seed);
void tenant_free(struct tenant *tenant);

const struct noun *tenant_noun(struct str name);                                    /* case-blind; NULL = none */
/* The first object of the noun whose Name, Guid, Identity or the like is this. parent: only of that one; or NULL. */
struct entry *tenant_find(const struct tenant *tenant, const struct noun *noun, struct str identity, const char *parent);
/* A new object, made by that person now. It is the tenant's. */
struct entry *tenant_add(struct tenant *tenant, const struct noun *noun, const char *name, const struct entry *parent,
                         const char *by, int64_t now);
/* The objects that the noun begins with. */
void tenant_seed(struct tenant *tenant, const struct noun *noun);
/* Removes it with everything that belongs to it. */
void tenant_remove(struct tenant *tenant, struct entry *entry);

/* identity may hold '*'. */
bool entry_matches(const struct entry *entry, struct str identity);
const struct json *entry_get(const struct entry *entry, const char *name);          /* case-blind; NULL when absent */
const char *entry_text(const struct entry *entry, const char *name);                /* "" when it is no text */
void entry_put(struct entry *entry, const char *name, struct json *value);          /* takes value; absent: dropped */
/* A date in UTC with its annotation; when 0: null, which carries none (rest.md section 5). */
void entry_put_date(struct entry *entry, const char *name, int64_t when);
void entry_touch(struct entry *entry, const char *by, int64_t now);                 /* the dates and who of a change */

/* ---- for the tables ---- */

/* What fills a shape. Texts are the caller's. */
struct fields {
    uint64_t seed;
    int64_t index;
    struct str columns[10];
    const char *name, *guid, *parent, *parent_guid, *by;         /* by NULL: somebody */
    int64_t created, changed;
};

struct json *shape_fill(const char *const *shape, const struct fields *fields);
void seeded_guid(uint64_t seed, const char *salt, char out[37]);
uint64_t seeded_number(uint64_t seed, const char *salt);
void wire_date(int64_t unix_s, uint64_t seed, bool local, char out[40]);

extern const struct noun nouns_ediscovery[], nouns_labels[], nouns_dlp[], nouns_retention[], nouns_alerts[],
    nouns_roles[], nouns_mail[];

#endif
