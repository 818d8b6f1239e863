#include "session/rps/rps_format.h"

#include <stdlib.h>

#include "base/mem.h"
#include "session/rps/psrp_messages.h"

enum { VIEWS_MOST = 2000, COLUMNS_MOST = 64, TYPES_MOST = 32 };

struct view { char *type; const char **names; };
struct rps_views { struct view *items; size_t count, capacity; };

struct rps_views *rps_views_new(void)
{
    return MEM_NEW(struct rps_views);
}

static void free_names(const char **names)
{
    for (size_t i = 0; names[i]; i++) {
        union { const char *read; char *write; } both = { names[i] };
        free(both.write);
    }
    free(names);
}

void rps_views_free(struct rps_views *views)
{
    if (views) {
        for (size_t i = 0; i < views->count; i++) {
            free(views->items[i].type);
            free_names(views->items[i].names);
        }
        free(views->items);
        free(views);
    }
}

/* ---- reading ---- */

/* A column shows a property, or a script that only the server could run: then its label tells which property is near. */
static struct str column_name(const struct clixml_value *column, const struct clixml_value *header)
{
    const struct clixml_value *entry = clixml_get(column, "DisplayEntry");
    struct str value = clixml_text(clixml_get(entry, "Value"));
    bool script = str_is_nocase(clixml_text(clixml_get(entry, "ValueType")), "ScriptBlock");
    return script || !value.len ? clixml_text(clixml_get(header, "Label")) : value;
}

/* NULL when the control is no table. The caller frees it. */
static const char **columns_of(const struct clixml_value *control)
{
    const struct clixml_value *rows = clixml_get(control, "Rows"), *header = clixml_first(clixml_get(control, "Headers"));
    const struct clixml_value *column = clixml_first(clixml_get(clixml_first(rows), "Columns"));
    size_t count = 0;
    if (!column) {
        return NULL;
    }
    const char **names = mem_array(COLUMNS_MOST + 1, sizeof *names);
    for (; column && count < COLUMNS_MOST; column = column->next, header = header ? header->next : NULL) {
        struct str name = column_name(column, header);
        if (name.len) {
            names[count++] = str_dup(name);
        }
    }
    if (!count) {
        free(names);
        return NULL;
    }
    return names;
}

static const char **first_table(const struct clixml_value *definition)
{
    const char **names = NULL;
    const struct clixml_value *view = clixml_first(clixml_get(definition, "FormatViewDefinition"));
    for (; view && !names; view = view->next) {
        names = columns_of(clixml_get(view, "Control"));
    }
    return names;
}

static void add_type(struct rps_views *views, const struct clixml_value *definition, struct str type)
{
    const char **names = type.len && views->count < VIEWS_MOST ? first_table(definition) : NULL;
    if (names) {
        MEM_ROOM(views->items, views->count, views->capacity);
        views->items[views->count++] = (struct view){ str_dup(type), names };
    }
}

void rps_views_add(struct rps_views *views, const struct clixml_value *definition)
{
    const struct clixml_value *type = clixml_first(clixml_get(definition, "TypeNames"));
    if (!type) {
        add_type(views, definition, clixml_text(clixml_get(definition, "TypeName")));
    }
    for (int count = 0; type && count < TYPES_MOST; type = type->next, count++) {
        add_type(views, definition, clixml_text(type));
    }
}

/* ---- asking ---- */

/* An object's class before what it comes from; names may come with the prefix that the official client adds. */
const char *const *rps_views_of(const struct rps_views *views, const struct clixml_value *object)
{
    const struct clixml_types *types = views && views->count && object->kind == CLIXML_OBJECT ? object->object->types : NULL;
    for (size_t i = 0; types && i < types->count; i++) {
        struct str name = types->names[i];
        name = str_starts_nocase(name, STR("Deserialized.")) ? str_from(name, sizeof "Deserialized." - 1) : name;
        for (size_t k = 0; k < views->count; k++) {
            if (str_is_nocase(name, views->items[k].type)) {
                return views->items[k].names;
            }
        }
    }
    return NULL;
}

/* Engines from 5.1 on want to know whom they tell (section 8, "Implicit remoting"). */
static bool tells_version(const char *version)
{
    int64_t major = 0, minor = 0;
    struct str rest = str_of(version), part;
    str_cut(&rest, '.', &part);
    (void)str_to_int64(part, 0, 1000, &major);
    str_cut(&rest, '.', &part);
    (void)str_to_int64(part, 0, 1000, &minor);
    return major > 5 || (major == 5 && minor >= 1);
}

void rps_views_request(struct str types, const char *version, int minor, struct buf *out)
{
    struct arena arena = { 0 };
    struct clixml_value *list = clixml_new_container(&arena, CLIXML_LIST);
    for (struct str name; types.len;) {
        str_cut(&types, ',', &name);
        if (str_trim(name).len) {
            clixml_append(list, clixml_new(&arena, CLIXML_STRING, str_trim(name)));
        }
    }
    const struct psrp_argument arguments[] = {
        { STR("TypeName"), list }, { STR("PowerShellVersion"), clixml_new(&arena, CLIXML_VERSION, str_of(version)) },
    };
    const struct psrp_command command = { STR("Get-FormatData"), arguments, tells_version(version) ? 2 : 1 };
    psrp_create_pipeline(&arena, &command, 1, false, minor, out);
    arena_free(&arena);
}
