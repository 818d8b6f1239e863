#include "catalogue/literal_cast.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "catalogue/literal_bytes.h"
#include "catalogue/literal_command.h"
#include "catalogue/scalar.h"
#include "catalogue/type_name.h"
#include "catalogue/value.h"

static struct str take_type(struct reader *reader)
{
    size_t start = ++reader->at;
    while (isalnum((unsigned char)reader_peek(reader, 0)) || reader_peek(reader, 0) == '.')
        reader->at++;
    if (reader_peek(reader, 0) == '[' && reader_peek(reader, 1) == ']')
        reader->at += 2;
    struct str type = { reader->text.data + start, reader->at - start };
    if (reader_peek(reader, 0) != ']')
        return (struct str){ 0 };
    reader->at++;
    return type;
}

/* What a value may be cast to. Without a type of its own (TYPE_OTHER) the value stays as it is. */
static bool is_possible(struct str name, struct parameter *type)
{
    static const char *const same[] = { "array", "ordered", "psobject", "pscustomobject" };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (str_is_nocase(name, same[i])) {
            type->type = i == 0 ? TYPE_OBJECT_LIST : TYPE_UNTYPED;
            return true;
        }
    parameter_set_type(type, name);
    return type->type != TYPE_OTHER && !parameter_is_secret(type->type);
}

/* The text that PowerShell makes of a value on its way to another type. */
static struct str text_of(const struct json *json)
{
    return json_kind(json) == JSON_BOOL ? json_bool(json, false) ? STR("True") : STR("False") : json_string(json);
}

/* [bool] asks whether there is a text at all, so that [bool]'false' is true: nobody means that. */
static struct json *to_bool(const struct json *json, struct err *err)
{
    if (json_kind(json) == JSON_STRING) {
        err_set(err, ERR_INPUT, "[bool] makes $true of every text");
        err_advise(err, "Write $true or $false.");
        return NULL;
    }
    struct str digits = json_string(json);
    bool zero = true;
    for (size_t i = 0; i < digits.len; i++)
        zero = zero && !(digits.data[i] >= '1' && digits.data[i] <= '9');
    return json_new_bool(json_kind(json) == JSON_BOOL ? json_bool(json, false) : !zero);
}

/* A cast reads dates in one way in every country: the month stands first. */
static struct json *to_date(const struct parameter *type, struct str text, struct err *err)
{
    char iso[21];
    int64_t moment;
    if (!date_is_ambiguous(text) || !date_month_first(text, &moment))
        return scalar_from_text(type, text, err);
    clock_iso(moment, iso);
    return json_new_string(str_take(str_of(iso), 19));
}

/* One value to one value; of what a parameter would say about it the name is cut off its dash. */
static struct json *convert(const struct parameter *type, const struct json *json, struct err *err)
{
    struct err inner = { 0 };
    struct json *converted = NULL;
    if (json_kind(json) == JSON_ARRAY || json_kind(json) == JSON_OBJECT) {
        err_set(err, ERR_INPUT, "%s takes one value here, no list and no hash table", type->name);
        return NULL;
    }
    if (type->type == TYPE_BOOL || type->type == TYPE_SWITCH)
        return to_bool(json, err);
    /* To a number nothing is 0; to a text it is none. */
    bool number = type->type == TYPE_INT || type->type == TYPE_LONG || type->type == TYPE_DOUBLE;
    struct str text = number && json_kind(json) == JSON_NULL ? STR("0") : text_of(json);
    converted = type->type == TYPE_DATETIME ? to_date(type, text, &inner) : scalar_from_text(type, text, &inner);
    if (converted == NULL) {
        err_set(err, ERR_INPUT, "%s", inner.text + (inner.text[0] == '-'));
        err_advise(err, "%s", inner.advice);
    }
    return converted;
}

/* Of each, when the type is a list; one value alone becomes a list of one. */
static struct json *convert_all(const struct parameter *type, const struct json *json, struct err *err)
{
    struct parameter item = *type;
    bool strict = type->type == TYPE_STRING_LIST || parameter_item(type, &item);
    bool list = json_kind(json) == JSON_ARRAY, good = true;
    struct json *all = json_new_array();
    if (type->type == TYPE_STRING_LIST && !parameter_item(type, &item))
        item.type = TYPE_STRING;
    const struct json *one = list ? json_first(json) : json;
    for (; good && one != NULL; one = list ? json_next(one) : NULL) {
        struct json *converted = strict ? convert(&item, one, err) : json_copy(one);
        good = converted != NULL;
        if (good)
            json_add(all, NULL, converted);
    }
    if (good)
        return all;
    json_free(all);
    return NULL;
}

/* NULL with ERR_INPUT. Tables are what they are. */
static struct json *cast(const struct parameter *type, const struct json *json, struct err *err)
{
    bool table = json_kind(json) == JSON_OBJECT;
    switch (type->type) {
    case TYPE_UNTYPED:
        return json_copy(json);
    case TYPE_HASHTABLE:
        if (table)
            return json_copy(json);
        err_set(err, ERR_INPUT, "%s takes a hash table: @{name='value'}", type->name);
        return NULL;
    case TYPE_STRING_LIST:
    case TYPE_OBJECT_LIST:
    case TYPE_HASHTABLE_LIST:
        return convert_all(type, json, err);
    default:
        return convert(type, json, err);
    }
}

static bool convert_literal(const struct reader *reader, size_t start, const struct parameter *type, struct literal *literal, struct err *err)
{
    struct err inner = { 0 };
    struct json *json = literal->json;
    literal->json = cast(type, json, &inner);
    literal->word = (struct str){ 0 };
    json_free(json);
    if (literal->json != NULL)
        return true;
    reader_fail(reader, start, err, "%s", inner.text);
    err_advise(err, "%s", inner.advice);
    return false;
}

/* The reader stands behind the type's bracket. */
static bool read_value(struct reader *reader, size_t start, const struct parameter *type, struct literal *literal, struct err *err)
{
    bool bytes = type->type == TYPE_BYTES;
    reader_skip(reader, true);
    /* $( ) is a bracket with nothing more to it here. */
    reader->at += reader_peek(reader, 0) == '$' && reader_peek(reader, 1) == '(';
    /* A cast binds closer than a comma, but nobody means a list with a list in it by [string[]]'a','b'. */
    bool several = type->type == TYPE_STRING_LIST || type->type == TYPE_OBJECT_LIST || type->type == TYPE_HASHTABLE_LIST;
    if (!(several ? literal_read(reader, literal, err) : literal_read_one(reader, literal, err)))
        return false;
    if (!bytes)
        return convert_literal(reader, start, type, literal, err);
    if (literal->bytes)
        return true;
    json_free(literal->json);
    literal->json = NULL;
    reader_fail(reader, start, err, "[byte[]] wants the bytes of a file");
    err_advise(err, "Write ([System.IO.File]::ReadAllBytes('PATH')), or just the path of the file.");
    return false;
}

bool literal_read_cast(struct reader *reader, struct literal *literal, struct err *err)
{
    size_t start = reader->at;
    if (literal_at_clock(reader))
        return literal_read_date(reader, literal, err);
    if (literal_at_bytes(reader))
        return literal_read_bytes(reader, literal, err);
    struct str name = take_type(reader);
    struct parameter type = { .name = mem_format("[%.*s]", STR_ARG(str_take(name, 60))), .min_length = -1, .max_length = -1 };
    bool good = is_possible(name, &type);
    if (good) {
        good = read_value(reader, start, &type, literal, err);
    } else {
        reader_fail(reader, start, err, "types of .NET cannot be used here");
        err_advise(err, "Possible: [string], [int], [long], [double], [bool], [datetime], [timespan], [guid], [hashtable], [byte[]] and lists of "
                        "them before a value.");
    }
    free(type.name);
    free(type.type_name);
    return good;
}

bool literal_refuse_operator(const struct reader *reader, struct err *err)
{
    char c = reader_peek(reader, 0);
    bool word = reader_dash(reader) > 0 && isalpha((unsigned char)reader_peek(reader, reader_dash(reader)));
    if (!word && (c == '\0' || strchr("+-*/%", c) == NULL))
        return false;
    reader_fail(reader, reader->at, err, "nothing can be calculated or joined here");
    err_advise(err, "Write the value out, a text in one pair of quotes.");
    return true;
}
