/* Shapes: property tables with {fields} in them become objects as the wire has them. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "demo/tenant.h"

/* The longest text is a case's description of a kilobyte; more than this is a mistake in a table. */
#define TEXT_MAX ((size_t)64 * 1024)

static const char *const people[] = {
    "Adele Vance|adele.vance",       "Renée Lefèvre|renee.lefevre",
    "Jürgen Müßig|juergen.muessig",  "Αλέξανδρος Παπαδόπουλος|a.papadopoulos",
    "Ольга Смирнова|olga.smirnova",  "佐藤 花子|hanako.sato",
    "محمد العلي|mohammed.alali",     "נועה לוי|noa.levi",
    "Søren Ægidius|soren.aegidius",  "Łukasz Żółć|lukasz.zolc",
    "Nguyễn Thị Hương|huong.nguyen", "Ana Gonçalves|ana.goncalves",
    "Megan Bowen|megan.bowen",       "Pradeep Gupta|pradeep.gupta",
    "李 小龙|li.xiaolong",           "Diego Siciliani|diego.siciliani",
};
#define PEOPLE (sizeof people / sizeof *people)

/* The base of policies and rules: what every one of their objects ends with. */
static const char *const shape_policy[] = {
    "Priority i {n}",
    "ObjectVersion g {guid:version}",
    "CreatedBy,LastModifiedBy s {by}",
    "ReadOnly b false",
    "ExternalIdentity s ",
    "DistributionStatus s {pick:Success;Success;Success;Pending}",
    "DistributionSyncStatus s Success",
    "DistributionResults L ",
    "LastStatusUpdateTime d changed+420",
    "ModificationTimeUtc d changed",
    "CreationTimeUtc d created",
    "PolicyRBACScopes L ",
    NULL,
};
static const char *const shape_object[] = {
    "Identity,Id s FFO.extest.microsoft.com/Microsoft Exchange Hosted "
    "Organizations/contoso.onmicrosoft.localhost/Configuration/{name}",
    "IsValid b true",
    "ExchangeVersion s 0.20 (15.0.0.0)",
    "DistinguishedName s CN={name},CN=Configuration,CN=contoso.onmicrosoft.localhost,OU=Microsoft Exchange Hosted "
    "Organizations,DC=FFO,DC=extest,DC=microsoft,DC=com",
    "ObjectCategory n",
    "ObjectClass L msExchUnifiedPolicy",
    "WhenChanged t changed",
    "WhenCreated t created",
    "WhenChangedUTC d changed",
    "WhenCreatedUTC d created",
    "ExchangeObjectId g {guid}",
    "OrganizationalUnitRoot,OrganizationId s FFO.extest.microsoft.com/Microsoft Exchange Hosted "
    "Organizations/contoso.onmicrosoft.localhost",
    "OriginatingServer n",
    "ObjectState s Unchanged",
    NULL,
};

/* ---- seeded values ---- */

/* The finish of splitmix64: spreads neighbours, so that object 7 and object 8 have nothing in common. */
static uint64_t mix(uint64_t x)
{
    x += 0x9E3779B97F4A7C15U;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31);
}

/* FNV-1a over a salt instead of a running generator: adding a property does not shift the values of the others. */
uint64_t seeded_number(uint64_t seed, const char *salt)
{
    uint64_t hash = 0xCBF29CE484222325U ^ seed;
    for (; *salt; salt++) {
        hash = (hash ^ (unsigned char)*salt) * 0x100000001B3U;
    }
    return mix(hash);
}

/* Version 4 by form, so that strict readers take it. */
void seeded_guid(uint64_t seed, const char *salt, char out[37])
{
    uint64_t a = seeded_number(seed, salt), b = mix(a);
    snprintf(out, 37, "%08x-%04x-4%03x-%04x-%012llx", (unsigned)(a >> 32), (unsigned)(a >> 16) & 0xFFFF,
             (unsigned)a & 0xFFF, (unsigned)(0x8000 | (b >> 50)) & 0xFFFF, (unsigned long long)(b & 0xFFFFFFFFFFFFU));
}

/* .NET prints seven digits of a second; the client has to cope with them, so they are not all zeros. */
void wire_date(int64_t unix_s, uint64_t seed, bool local, char out[40])
{
    char iso[21];
    clock_iso(unix_s, iso);
    snprintf(out, 40, "%.19s.%07u%s", iso, (unsigned)(seed % 10000000U), local ? "+00:00" : "Z");
}

/* ---- {fields} ---- */

/* The same salt gives the same person: {person:a} and {upn:a} in one object belong together. */
static void add_person(struct buf *out, const struct fields *fields, const char *salt, bool upn)
{
    struct str person = str_of(people[seeded_number(fields->seed, salt) % PEOPLE]), name;
    str_cut(&person, '|', &name);
    buf_add(out, upn ? person : name);
    buf_text(out, upn ? "@contoso.onmicrosoft.localhost" : "");
}

/* A range that cannot be read writes nothing, and the test that reads every object as JSON sees it. */
static void add_between(struct buf *out, const struct fields *fields, const char *salt, struct str range)
{
    struct str low;
    int64_t from = 0, to = 0;
    str_cut(&range, '-', &low);
    if (str_to_int64(low, 0, INT64_MAX, &from) && str_to_int64(range, from, INT64_MAX - 1, &to)) {
        buf_format(out, "%lld",
                   (long long)(from + (int64_t)(seeded_number(fields->seed, salt) % (uint64_t)(to - from + 1))));
    }
}

/* 2401337 as the service writes sizes: "2.29 MB (2,401,337 bytes)". property: whose number it is. */
static void add_size(struct buf *out, const struct fields *fields, struct str range)
{
    static const char *const units[] = { "B", "KB", "MB", "GB", "TB" };
    struct str property;
    struct buf digits = BUF_INIT(BUF_SMALL);
    char salt[160];
    int64_t bytes = 0;
    size_t unit = 0;
    str_cut(&range, ':', &property);
    snprintf(salt, sizeof salt, "%.*s", STR_ARG(str_take(property, 100)));
    add_between(&digits, fields, salt, range);
    if (!str_to_int64(buf_str(&digits), 0, INT64_MAX, &bytes)) {
        bytes = 0;
    }
    double shown = (double)bytes;
    for (; shown >= 1024 && unit + 1 < sizeof units / sizeof *units; unit++) {
        shown /= 1024;
    }
    buf_format(out, "%.4g %s (", shown, units[unit]);
    for (size_t i = 0; i < digits.len; i++) {
        buf_text(out, i && (digits.len - i) % 3 == 0 ? "," : "");
        buf_char(out, digits.data[i]);
    }
    buf_text(out, " bytes)");
    buf_free(&digits);
}

/* Repeating a choice in the table is how it is made more likely. */
static void add_pick(struct buf *out, const struct fields *fields, const char *salt, struct str choices)
{
    uint64_t count = 1;
    struct str choice;
    for (size_t i = 0; i < choices.len; i++) {
        count += choices.data[i] == ';';
    }
    for (uint64_t left = seeded_number(fields->seed, salt) % count + 1; left; left--) {
        str_cut(&choices, ';', &choice);
    }
    buf_add(out, choice);
}

/* What needs no seed. False: it is one of the computed fields. */
static bool add_known(struct buf *out, const struct fields *fields, struct str key)
{
    const struct {
        const char *key, *text;
    } plain[] = {
        { "name", fields->name },
        { "guid", fields->guid },
        { "parent", fields->parent },
        { "parentguid", fields->parent_guid },
    };
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        if (str_is(key, plain[i].key)) {
            return buf_text(out, plain[i].text ? plain[i].text : ""), true;
        }
    }
    if (key.len == 1 && *key.data >= '1' && *key.data <= '9') {
        return buf_add(out, fields->columns[*key.data - '0']), true;
    }
    if (str_is(key, "by")) {
        fields->by ? (void)buf_text(out, fields->by) : add_person(out, fields, "by", false);
        return true;
    }
    return str_is(key, "n") && buf_format(out, "%lld", (long long)fields->index);
}

/* property: part of the salt, so that two properties with the same field differ. */
static void add_field(struct buf *out, const struct fields *fields, struct str property, struct str field)
{
    struct str key;
    char salt[160], guid[37];
    if (add_known(out, fields, field)) {
        return;
    }
    str_cut(&field, ':', &key);
    snprintf(salt, sizeof salt, "%.*s", STR_ARG(str_take(field, 100)));
    if (str_is(key, "guid")) {
        seeded_guid(fields->seed, salt, guid);
        buf_text(out, guid);
    } else if (str_is(key, "person") || str_is(key, "upn")) {
        add_person(out, fields, salt, str_is(key, "upn"));
    } else if (str_is(key, "size")) {
        add_size(out, fields, field);
    } else {
        snprintf(salt, sizeof salt, "%.*s", STR_ARG(str_take(property, 100)));
        (str_is(key, "int") ? add_between : add_pick)(out, fields, salt, field);
    }
}

/* A '{' that no known letter follows is JSON's own. */
static void expand(struct buf *out, const struct fields *fields, struct str property, struct str text)
{
    while (text.len) {
        const char *open = memchr(text.data, '{', text.len);
        const char *close = open ? memchr(open, '}', text.len - (size_t)(open - text.data)) : NULL;
        char next = open && close > open + 1 ? open[1] : '"';
        if (!open || !close) {
            break;
        }
        bool is_field = (next >= 'a' && next <= 'z') || (next >= '1' && next <= '9');
        const char *end = is_field ? close + 1 : open + 1;
        buf_add(out, (struct str){ text.data, (size_t)((is_field ? open : end) - text.data) });
        if (is_field) {
            add_field(out, fields, property, (struct str){ open + 1, (size_t)(close - open - 1) });
        }
        text = str_from(text, (size_t)(end - text.data));
    }
    buf_add(out, text);
}

/* ---- values ---- */

/* Two separators: a column of a row already ends at a bar, so lists inside rows use semicolons. */
static struct json *value_list(struct str text)
{
    struct json *list = json_new_array();
    while (text.len) {
        size_t length = 0;
        while (length < text.len && text.data[length] != '|' && text.data[length] != ';') {
            length++;
        }
        json_add(list, NULL, json_new_string(str_take(text, length)));
        text = str_from(text, length + 1);
    }
    return list;
}

/* Dates that only New- or a closing sets are empty in the shape and null on the wire. */
static struct json *value_date(const struct fields *fields, struct str text, bool local)
{
    char date[40];
    int64_t shift = 0, base = str_starts(text, STR("created")) || str_starts(text, STR("start")) ? fields->created
                                                                                                 : fields->changed;
    if (!text.len) {
        return json_new_null();
    }
    const char *sign = memchr(text.data, '+', text.len);
    sign = sign ? sign : memchr(text.data, '-', text.len);
    if (sign && !str_to_int64(str_from(text, (size_t)(sign - text.data)), INT32_MIN, INT32_MAX, &shift)) {
        shift = 0;
    }
    wire_date(base + shift, fields->seed, local, date);
    return json_new_string(str_of(date));
}

/* Numbers go through as digits: one of them is larger than a double can hold. */
static struct json *value_of(const struct fields *fields, char type, struct str text)
{
    switch (type) {
    case 'b':
        return json_new_bool(str_is(text, "true"));
    case 'i':
    case 'l':
        return text.len ? json_new_number(text) : json_new_null();
    case 'L':
        return value_list(text);
    case 'j':
        return json_parse(text, NULL);
    case 'd':
    case 't':
        return value_date(fields, text, type == 't');
    case 'n':
        return json_new_null();
    default:
        return json_new_string(text);
    }
}

/* Which annotations the wire puts before a property of that type (rest.md section 5). */
static const struct {
    char type;
    const char *data, *odata;
} annotations[] = {
    { 'i', "System.Int32", NULL },
    { 'l', "System.Int64", "#Int64" },
    { 'g', "System.Guid", "#Guid" },
    { 'd', "System.DateTime", NULL },
    { 't', "System.DateTime", NULL },
    { 'L', NULL, "#Collection(String)" },
    { 'j', NULL, "#Collection(Exchange.GenericHashTable)" },
};

static void annotate(struct json *object, const char *name, const char *kind, const char *value)
{
    if (value) {
        char *key = mem_format("%s@%s", name, kind);
        json_add_text(object, key, value);
        free(key);
    }
}

/* Null carries no annotation (rest.md section 5), whatever the type of the column is. */
static void add_property(struct json *object, const struct fields *fields, struct str name, char type, struct str text)
{
    char key[128];
    struct buf expanded = BUF_INIT(TEXT_MAX);
    snprintf(key, sizeof key, "%.*s", STR_ARG(name));
    expand(&expanded, fields, name, text);
    struct json *value = value_of(fields, type, buf_str(&expanded));
    for (size_t i = 0; i < sizeof annotations / sizeof *annotations && json_kind(value) != JSON_NULL; i++) {
        if (annotations[i].type == type) {
            annotate(object, key, "data.type", annotations[i].data);
            annotate(object, key, "odata.type", annotations[i].odata);
        }
    }
    json_add(object, key, value);
    buf_free(&expanded);
}

static void fill_line(struct json *object, const struct fields *fields, struct str line);

static void fill_lines(struct json *object, const struct fields *fields, const char *const *shape)
{
    for (; *shape; shape++) {
        fill_line(object, fields, str_of(*shape));
    }
}

static void fill_line(struct json *object, const struct fields *fields, struct str line)
{
    struct str names, name, type;
    if (str_starts(line, STR("& "))) {
        fill_lines(object, fields, str_is(str_from(line, 2), "policy") ? shape_policy : shape_object);
        return;
    }
    str_cut(&line, ' ', &names);
    str_cut(&line, ' ', &type);
    for (bool more = true; more;) {
        more = str_cut(&names, ',', &name);
        add_property(object, fields, name, type.len ? *type.data : 'n', line);
    }
}

/* Properties come out in the order of the table: clients keep the order of the wire (rest.md section 5). */
struct json *shape_fill(const char *const *shape, const struct fields *fields)
{
    struct json *object = json_new_object();
    fill_lines(object, fields, shape);
    return object;
}
