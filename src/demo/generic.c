#include "demo/generic.h"

#include <stdlib.h>

#include "base/mem.h"

/* So many that a page of two or three has a next one. */
#define OBJECTS 5

static const char *const rows[] = { "Contoso", "Finance", "Human Resources", "Legal", "Übersee", NULL };

struct kind {
    struct noun noun;
    struct str name;                /* the table's */
    char *name_text;
    char **shape;                   /* lines up to a NULL */
    size_t lines;
};

struct generic {
    struct kind *kinds;
    size_t count, capacity;
};

static struct kind *find(const struct generic *generic, struct str name)
{
    for (size_t i = 0; i < generic->count; i++) {
        if (str_eq_nocase(generic->kinds[i].name, name)) {
            return &generic->kinds[i];
        }
    }
    return NULL;
}

/* Takes line. */
static void add_line(struct kind *kind, char *line)
{
    kind->shape = mem_grow(kind->shape, kind->lines + 2, sizeof *kind->shape);
    kind->shape[kind->lines++] = line;
    kind->shape[kind->lines] = NULL;
}

/* Every object has these, whatever its cmdlets are called with; the lists of the shape "object" come last. */
static bool is_given(struct str name)
{
    static const char *const given[] = { "Name", "Guid", "Identity", "Id", "IsValid", "DistinguishedName", "ObjectClass",
                                         "WhenChanged", "WhenCreated", "OrganizationId", "DomainController", "Organization" };
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        if (str_is_nocase(name, given[i])) {
            return true;
        }
    }
    return false;
}

static bool has_line(const struct kind *kind, struct str name)
{
    for (size_t i = 0; i < kind->lines; i++) {
        struct str line = str_of(kind->shape[i]), have;
        str_cut(&line, ' ', &have);
        if (str_eq_nocase(have, name)) {
            return true;
        }
    }
    return false;
}

/* AddExchangeLocation edits ExchangeLocation and is no property; Address is one. */
static bool is_edit(struct str name, struct str prefix)
{
    struct str rest = str_from(name, prefix.len);
    return str_starts(name, prefix) && rest.len && *rest.data >= 'A' && *rest.data <= 'Z';
}

/* Where the type says nothing the name often does, as in WhenCreated, IsEnabled, PolicyId. */
static const char *guess(struct str name)
{
    static const struct { const char *end, *line; } ends[] = {
        { "Date", "d changed" }, { "Time", "d changed" }, { "Enabled", "b {pick:true;false}" }, { "Id", "g {guid:value}" },
        { "Guid", "g {guid:value}" }, { "Priority", "i {n}" }, { "Count", "i {int:0-500}" }, { "Size", "i {int:1-5000}" },
        { "Locations", "L All" }, { "Location", "L All" }, { "Users", "L {upn:one};{upn:two}" },
    };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (str_ends_nocase(name, str_of(ends[i].end))) {
            return ends[i].line;
        }
    }
    return "s {pick:Default;Standard;Custom}";
}

/* NULL: a parameter of that type leaves nothing that an object would show. */
static const char *line_for(const struct cmdlet_param *param)
{
    static const struct { char letter; const char *line; } lines[] = {
        { 's', "s {pick:Standard;Custom;None}" }, { 'S', "L {name};Other" }, { 'O', "L {upn:one};{upn:two}" },
        { 'b', "b {pick:true;false}" }, { 'B', "b {pick:true;false}" }, { 'i', "i {int:1-100}" }, { 'I', "i {int:1-100}" },
        { 'n', "i {int:1-100}" }, { 'f', "i {int:1-10}" }, { 'g', "g {guid:value}" }, { 'G', "L {guid:one};{guid:two}" },
        { 'd', "d changed" }, { 't', "d changed" }, { 'D', "d changed" }, { 'u', "s en-US" }, { 'R', "s Unlimited" },
        { 'w', NULL }, { 'y', NULL }, { 'c', NULL }, { '<', "n" }, { 'H', "n" }, { 'L', "n" },
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (lines[i].letter == param->type) {
            return lines[i].line;
        }
    }
    return guess(param->name);
}

/* The separators of a pick are semicolons, those of a parameter's values are bars. */
static char *choice_line(const struct cmdlet_param *param)
{
    char *line = mem_format("%.*s s {pick:%.*s}", STR_ARG(param->name), STR_ARG(param->values));
    for (char *c = line; *c; c++) {
        *c = *c == '|' ? ';' : *c;
    }
    return line;
}

static void add_properties(struct kind *kind, const struct cmdlet *cmdlet)
{
    for (size_t i = 0; i < cmdlet->count; i++) {
        const struct cmdlet_param *param = &cmdlet->params[i];
        const char *line = line_for(param);
        bool left_out = !line || is_given(param->name) || has_line(kind, param->name) || is_edit(param->name, STR("Add")) ||
                        is_edit(param->name, STR("Remove"));
        if (!left_out) {
            add_line(kind, param->values.len ? choice_line(param) : mem_format("%.*s %s", STR_ARG(param->name), line));
        }
    }
}

static struct kind *add_kind(struct generic *generic, struct str name)
{
    MEM_ROOM(generic->kinds, generic->count, generic->capacity);
    struct kind *kind = &generic->kinds[generic->count++];
    *kind = (struct kind){ .name = name, .name_text = str_dup(name) };
    add_line(kind, mem_text("Name s {name}"));
    add_line(kind, mem_text("Guid g {guid}"));
    return kind;
}

/* What can be set can be read; what only narrows a Get- is no property. */
static void look_at(struct generic *generic, const struct cmdlet *cmdlet)
{
    struct str noun = cmdlet->name, verb;
    str_cut(&noun, '-', &verb);
    /* Users are made on the way out and kept nowhere. */
    if (tenant_noun(noun) || str_is_nocase(cmdlet->name, "Get-User")) {
        return;
    }
    struct kind *kind = find(generic, noun);
    kind = kind ? kind : add_kind(generic, noun);
    if (str_is_nocase(verb, "New") || str_is_nocase(verb, "Set")) {
        add_properties(kind, cmdlet);
    }
}

/* Nouns are filled in at the end, because the array moves while it grows and objects point to them. */
struct generic *generic_new(const struct cmdlet_table *table)
{
    struct generic *generic = MEM_NEW(struct generic);
    for (size_t i = 0; i < table->count; i++) {
        look_at(generic, &table->items[i]);
    }
    for (size_t i = 0; i < generic->count; i++) {
        struct kind *kind = &generic->kinds[i];
        add_line(kind, mem_text("& object"));
        kind->noun = (struct noun){ .name = kind->name_text, .rows = rows, .count = OBJECTS, .fresh = "",
                                    .shape = (const char *const *)kind->shape };
    }
    return generic;
}

void generic_free(struct generic *generic)
{
    if (!generic) {
        return;
    }
    for (size_t i = 0; i < generic->count; i++) {
        struct kind *kind = &generic->kinds[i];
        for (size_t line = 0; line < kind->lines; line++) {
            free(kind->shape[line]);
        }
        free(kind->shape);
        free(kind->name_text);
    }
    free(generic->kinds);
    free(generic);
}

const struct noun *generic_noun(const struct generic *generic, struct str name)
{
    const struct kind *kind = find(generic, name);
    return kind ? &kind->noun : NULL;
}

void generic_seed(const struct generic *generic, struct tenant *tenant)
{
    for (size_t i = 0; i < generic->count; i++) {
        tenant_seed(tenant, &generic->kinds[i].noun);
    }
}
