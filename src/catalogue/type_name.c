/* The definitions name types in PowerShell's short form and in .NET's long one; both lead to the same row. */
#include "catalogue/type_name.h"

#include <stdlib.h>

struct type_row {
    const char *name;           /* without "System." */
    enum parameter_type one;
    enum parameter_type several; /* for name[] and List[name] */
    int64_t min, max;           /* when max > min */
};

static const struct type_row types[] = {
    { "string", TYPE_STRING, TYPE_STRING_LIST, 0, 0 },
    { "bool", TYPE_BOOL, TYPE_OBJECT_LIST, 0, 0 },
    { "boolean", TYPE_BOOL, TYPE_OBJECT_LIST, 0, 0 },
    { "switch", TYPE_SWITCH, TYPE_OTHER, 0, 0 },
    { "Management.Automation.SwitchParameter", TYPE_SWITCH, TYPE_OTHER, 0, 0 },
    { "SwitchParameter", TYPE_SWITCH, TYPE_OTHER, 0, 0 },
    { "int", TYPE_INT, TYPE_OBJECT_LIST, 0, 0 },
    { "int32", TYPE_INT, TYPE_OBJECT_LIST, 0, 0 },
    { "uint", TYPE_INT, TYPE_OBJECT_LIST, 0, UINT32_MAX },
    { "uint32", TYPE_INT, TYPE_OBJECT_LIST, 0, UINT32_MAX },
    { "short", TYPE_INT, TYPE_OBJECT_LIST, INT16_MIN, INT16_MAX },
    { "int16", TYPE_INT, TYPE_OBJECT_LIST, INT16_MIN, INT16_MAX },
    { "ushort", TYPE_INT, TYPE_OBJECT_LIST, 0, UINT16_MAX },
    { "uint16", TYPE_INT, TYPE_OBJECT_LIST, 0, UINT16_MAX },
    { "long", TYPE_LONG, TYPE_OBJECT_LIST, 0, 0 },
    { "int64", TYPE_LONG, TYPE_OBJECT_LIST, 0, 0 },
    /* Up to what an int64_t holds; no cmdlet needs more. */
    { "ulong", TYPE_LONG, TYPE_OBJECT_LIST, 0, INT64_MAX },
    { "uint64", TYPE_LONG, TYPE_OBJECT_LIST, 0, INT64_MAX },
    { "double", TYPE_DOUBLE, TYPE_OBJECT_LIST, 0, 0 },
    { "float", TYPE_DOUBLE, TYPE_OBJECT_LIST, 0, 0 },
    { "single", TYPE_DOUBLE, TYPE_OBJECT_LIST, 0, 0 },
    { "decimal", TYPE_DOUBLE, TYPE_OBJECT_LIST, 0, 0 },
    { "guid", TYPE_GUID, TYPE_STRING_LIST, 0, 0 },
    { "datetime", TYPE_DATETIME, TYPE_STRING_LIST, 0, 0 },
    { "DateTimeOffset", TYPE_DATETIME, TYPE_STRING_LIST, 0, 0 },
    { "timespan", TYPE_TIMESPAN, TYPE_STRING_LIST, 0, 0 },
    { "uri", TYPE_URI, TYPE_STRING_LIST, 0, 0 },
    { "cultureinfo", TYPE_CULTURE, TYPE_STRING_LIST, 0, 0 },
    { "Globalization.CultureInfo", TYPE_CULTURE, TYPE_STRING_LIST, 0, 0 },
    /* A single byte is a small number, several are a file. */
    { "byte", TYPE_INT, TYPE_BYTES, 0, UINT8_MAX },
    { "byte[]", TYPE_BYTES, TYPE_BYTES_LIST, 0, 0 },
    { "IO.Stream", TYPE_BYTES, TYPE_BYTES_LIST, 0, 0 },
    { "securestring", TYPE_SECURE_STRING, TYPE_OTHER, 0, 0 },
    { "Security.SecureString", TYPE_SECURE_STRING, TYPE_OTHER, 0, 0 },
    { "pscredential", TYPE_CREDENTIAL, TYPE_OTHER, 0, 0 },
    { "Management.Automation.PSCredential", TYPE_CREDENTIAL, TYPE_OTHER, 0, 0 },
    { "hashtable", TYPE_HASHTABLE, TYPE_HASHTABLE_LIST, 0, 0 },
    { "Collections.Hashtable", TYPE_HASHTABLE, TYPE_HASHTABLE_LIST, 0, 0 },
    { "version", TYPE_VERSION, TYPE_STRING_LIST, 0, 0 },
    { "object", TYPE_UNTYPED, TYPE_OBJECT_LIST, 0, 0 },
};

static bool take_off_suffix(struct str *name, struct str suffix)
{
    if (!str_ends_nocase(*name, suffix))
        return false;
    *name = str_take(*name, name->len - suffix.len);
    return true;
}

/* Nullable[int] -> int */
static bool unwrap(struct str *name, struct str wrapper)
{
    if (!str_starts_nocase(*name, wrapper) || !str_ends_nocase(*name, STR("]")))
        return false;
    *name = str_trim(str_take(str_from(*name, wrapper.len), name->len - wrapper.len - 1));
    return true;
}

static void take_off_system(struct str *name)
{
    if (str_starts_nocase(*name, STR("System.")))
        *name = str_from(*name, 7);
}

static const struct type_row *find_row(struct str name)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_is_nocase(name, types[i].name))
            return &types[i];
    return NULL;
}

/* Takes the wrappings off a name. *several: it is an array or a list, which are the same in JSON. */
static const struct type_row *row_of(struct str name, bool *several)
{
    name = str_trim(name);
    take_off_system(&name);
    /* Nullable may wrap a name that has its own "System.". */
    if (unwrap(&name, STR("Nullable[")))
        take_off_system(&name);
    *several = take_off_suffix(&name, STR("[]"))
        || unwrap(&name, STR("Collections.Generic.List[")) || unwrap(&name, STR("List["));
    take_off_system(&name);
    return find_row(name);
}

/* ValidateRange stands before the type and is the narrower one (rest.md 7.2). */
static void take_range(struct parameter *parameter, const struct type_row *row)
{
    if (row->max > row->min && !parameter->has_range) {
        parameter->has_range = true;
        parameter->min = row->min;
        parameter->max = row->max;
    }
}

/* A type that is not known is kept by name and takes text: the service converts it. */
void parameter_set_type(struct parameter *parameter, struct str type_name)
{
    bool several;
    const struct type_row *row = row_of(type_name, &several);
    free(parameter->type_name);
    parameter->type_name = str_dup(type_name);
    if (row == NULL) {
        parameter->type = several ? TYPE_OBJECT_LIST : TYPE_OTHER;
        return;
    }
    parameter->type = several ? row->several : row->one;
    if (!several)
        take_range(parameter, row);
}

bool parameter_item(const struct parameter *list, struct parameter *item)
{
    bool several;
    const struct type_row *row = row_of(str_of(list->type_name), &several);
    /* Other lists take what they are given: their items are text, or of any kind. */
    static const bool strict[TYPE_OTHER + 1] = {
        [TYPE_BOOL] = true, [TYPE_INT] = true, [TYPE_LONG] = true, [TYPE_DOUBLE] = true, [TYPE_GUID] = true,
        [TYPE_DATETIME] = true, [TYPE_TIMESPAN] = true, [TYPE_CULTURE] = true, [TYPE_VERSION] = true,
    };
    bool wanted = list->type == TYPE_STRING_LIST || list->type == TYPE_OBJECT_LIST;
    if (!wanted || row == NULL || !several || !strict[row->one])
        return false;
    *item = *list;
    item->type = row->one;
    take_range(item, row);
    return true;
}
