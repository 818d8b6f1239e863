/* Two ways lead to a value: the text of a form field and the literal of a typed line. They differ in how lists and quotes
   are written and meet in the same checks, so that a form and a line can never disagree on what is allowed. */
#include "catalogue/value.h"

#include <ctype.h>

#include "catalogue/literal_bytes.h"
#include "catalogue/scalar.h"
#include "catalogue/type_name.h"

bool parameter_is_secret(enum parameter_type type)
{
    return type == TYPE_SECURE_STRING || type == TYPE_CREDENTIAL;
}

bool parameter_is_identity(const struct parameter *parameter)
{
    return str_is_nocase(str_of(parameter->name), "Identity");
}

static bool fail_expected(const struct parameter *parameter, const char *expected, struct err *err)
{
    err_set(err, ERR_INPUT, "-%s takes %s", parameter->name, expected);
    err_field(err, parameter->name);
    return false;
}

/* Left out, the service would take it for "all of them" (61 Get- cmdlets do). */
static bool refuse_empty_identity(const struct parameter *parameter, struct err *err)
{
    err_set(err, ERR_INPUT, "-%s is empty", parameter->name);
    err_advise(err, "The service would take that for every object. Name one, or leave the parameter out on purpose.");
    err_field(err, parameter->name);
    return false;
}

/* What the service makes of a list here is not known; taken for no identity it would mean every object (pains 5). */
static bool refuse_identities(const struct parameter *parameter, struct err *err)
{
    err_set(err, ERR_INPUT, "-%s takes one value, not a list", parameter->name);
    err_advise(err, "Each of several: 'a','b' | Get-Something");
    err_field(err, parameter->name);
    return false;
}

static bool refuse_empty(const struct parameter *parameter, struct err *err)
{
    if (parameter_is_identity(parameter))
        return refuse_empty_identity(parameter, err);
    return fail_expected(parameter, "no empty value", err);
}

static bool may_be_empty(const struct parameter *parameter)
{
    return !parameter->not_null_or_empty && !parameter_is_identity(parameter);
}

/* ---- one value ---- */

/* The kind follows from the value; only bool and switch look the same in JSON. */
static enum argument_kind kind_of(const struct parameter *parameter, const struct json *json)
{
    switch (json_kind(json)) {
    case JSON_NULL: return ARG_NULL;
    case JSON_BOOL: return parameter->type == TYPE_SWITCH ? ARG_SWITCH : ARG_BOOL;
    case JSON_NUMBER: return ARG_NUMBER;
    case JSON_STRING: return ARG_TEXT;
    case JSON_OBJECT: return ARG_HASHTABLE;
    case JSON_ARRAY: break;
    }
    const struct json *item = json_first(json);
    bool tables = item != NULL;
    for (; item != NULL; item = json_next(item))
        tables = tables && json_kind(item) == JSON_OBJECT;
    return tables ? ARG_HASHTABLE_LIST : ARG_LIST;
}

static bool takes_files(const struct parameter *parameter)
{
    return parameter->type == TYPE_BYTES || parameter->type == TYPE_BYTES_LIST;
}

static enum argument_kind kind_of_bytes(const struct json *json)
{
    return json_kind(json) == JSON_ARRAY ? ARG_BYTES_LIST : ARG_BYTES;
}

static struct json *dollar_word(struct str text)
{
    if (str_is_nocase(text, "$true") || str_is_nocase(text, "$false"))
        return json_new_bool(str_is_nocase(text, "$true"));
    return str_is_nocase(text, "$null") ? json_new_null() : NULL;
}

/* An identity made of digits is a name, not a number: it is compared as text. */
static struct json *untyped_from_text(const struct parameter *parameter, struct str text)
{
    int64_t number;
    struct json *json = dollar_word(text);
    if (json != NULL)
        return json;
    /* +5, 007 and -0 would not be printed again as they were typed. */
    bool plain = text.len > 0 && text.data[0] != '+' && !(text.data[0] == '0' && text.len > 1) && !str_starts(text, STR("-0"));
    if (plain && !parameter_is_identity(parameter) && str_to_int64(text, INT64_MIN, INT64_MAX, &number))
        return json_new_int(number);
    return json_new_string(text);
}

static struct json *item_from_text(const struct parameter *parameter, struct str text, struct err *err)
{
    if (!choice_settle(parameter, &text, err))
        return NULL;
    struct json *checked = scalar_from_text(parameter, text, err);
    if (checked == NULL || parameter->type != TYPE_UNTYPED)
        return checked;
    /* The check counts, its result does not: without a type the value keeps its own kind. */
    json_free(checked);
    return untyped_from_text(parameter, text);
}

/* ---- lists ---- */

static bool ends_item(char c)
{
    return c == ',' || c == '\n' || c == '\r';
}

/* The next item of "a, 'b, c'\nd": quotes keep commas, doubled quotes are one. */
static bool next_item(struct str *text, struct buf *item)
{
    buf_clear(item);
    while (text->len > 0 && (ends_item(text->data[0]) || isspace((unsigned char)text->data[0])))
        *text = str_from(*text, 1);
    if (text->len == 0)
        return false;
    char quote = text->data[0];
    size_t at = 0;
    /* A quote that is never closed is a letter of the text. */
    if ((quote == '\'' || quote == '"') && memchr(text->data + 1, quote, text->len - 1) != NULL) {
        for (at = 1; at < text->len; at++) {
            if (text->data[at] == quote && !(at + 1 < text->len && text->data[at + 1] == quote))
                break;
            at += text->data[at] == quote;
            buf_char(item, text->data[at]);
        }
        *text = str_from(*text, at + 1);
        return true;
    }
    while (at < text->len && !ends_item(text->data[at]))
        at++;
    buf_add(item, str_trim(str_take(*text, at)));
    *text = str_from(*text, at);
    return true;
}

static struct json *list_item(const struct parameter *parameter, struct str text, struct err *err)
{
    struct parameter item;
    if (parameter->type == TYPE_BYTES_LIST)
        return file_as_base64(text, err);
    if (!choice_settle(parameter, &text, err))
        return NULL;
    if (parameter_item(parameter, &item))
        return scalar_from_text(&item, text, err);
    if (parameter->type == TYPE_OBJECT_LIST)
        return untyped_from_text(parameter, text);
    return json_new_string(text);
}

/* The field's own notation: a, 'b, c'. One bad item refuses the list, naming it. */
static bool list_from_text(const struct parameter *parameter, struct str text, struct json **list, struct err *err)
{
    struct buf item = BUF_INIT(BUF_LARGE);
    bool good = true;
    *list = json_new_array();
    while (good && next_item(&text, &item)) {
        struct json *json = list_item(parameter, buf_str(&item), err);
        good = json != NULL;
        if (good)
            json_add(*list, NULL, json);
    }
    buf_free(&item);
    if (!good)
        json_free(*list);
    return good;
}

/* In a free text a comma is part of it; only where a list is known to be taken does it part the items. */
static bool holds_list(const struct parameter *parameter, struct str text)
{
    if (parameter->type == TYPE_STRING_LIST || parameter->type == TYPE_OBJECT_LIST || parameter->type == TYPE_BYTES_LIST)
        return true;
    if (parameter->type != TYPE_UNTYPED)
        return false;
    bool comma = memchr(text.data, ',', text.len) != NULL, line = memchr(text.data, '\n', text.len) != NULL;
    return parameter->many && (comma || line);
}

/* ---- from a form ---- */

static bool takes_tables(const struct parameter *parameter)
{
    return parameter->type == TYPE_HASHTABLE || parameter->type == TYPE_HASHTABLE_LIST;
}

/* Hash tables are typed as PowerShell in a form, too; other types only when the text says so by @. */
static bool is_expression(const struct parameter *parameter, struct str text)
{
    bool at = str_starts(text, STR("@{")) || str_starts(text, STR("@("));
    return takes_tables(parameter)
        || (at && (parameter->type == TYPE_UNTYPED || parameter->type == TYPE_OBJECT_LIST
                   || parameter->type == TYPE_STRING_LIST));
}

static enum parameter_type type_of(const struct parameter *parameter)
{
    struct parameter item;
    return parameter_item(parameter, &item) ? item.type : parameter->type;
}

static bool from_expression(const struct parameter *parameter, struct str text, struct value *value, struct err *err)
{
    struct literal literal;
    if (literal_parse(text, &literal, err))
        return value_from_literal(parameter, &literal, value, err);
    err_field(err, parameter->name);
    return false;
}

static bool is_quoted_empty(struct str text)
{
    return str_is(text, "''") || str_is(text, "\"\"");
}

/* A pair of quotes is how a person says "set it to nothing". */
static bool empty_from_text(const struct parameter *parameter, struct value *value, struct err *err)
{
    if (!may_be_empty(parameter))
        return refuse_empty(parameter, err);
    if (parameter->type != TYPE_STRING && parameter->type != TYPE_UNTYPED && parameter->type != TYPE_OTHER)
        return fail_expected(parameter, "no empty value", err);
    *value = (struct value){ ARG_TEXT, json_new_string(STR("")), parameter->type };
    return true;
}

/* Blanks around a plain text are kept, since they may be meant; around anything else they are a slip. */
bool value_from_text(const struct parameter *parameter, struct str text, struct value *value, struct err *err)
{
    struct str trimmed = str_trim(text);
    *value = (struct value){ .type = type_of(parameter) };
    if (trimmed.len == 0 || is_quoted_empty(trimmed))
        return empty_from_text(parameter, value, err);
    if (is_expression(parameter, trimmed))
        return from_expression(parameter, trimmed, value, err);
    if (parameter->type == TYPE_BYTES) {
        *value = (struct value){ ARG_BYTES, file_as_base64(trimmed, err), parameter->type };
        if (value->json == NULL)
            err_field(err, parameter->name);
        return value->json != NULL;
    }
    if (holds_list(parameter, trimmed)) {
        if (!list_from_text(parameter, trimmed, &value->json, err)) {
            err_field(err, parameter->name);
            return false;
        }
    } else {
        value->json = item_from_text(parameter, parameter->type == TYPE_STRING ? text : trimmed, err);
        if (value->json == NULL)
            return false;
    }
    value->kind = parameter->type == TYPE_BYTES_LIST ? ARG_BYTES_LIST : kind_of(parameter, value->json);
    if (value_check(parameter, value->kind, value->json, err))
        return true;
    json_free(value->json);
    value->json = NULL;
    return false;
}

/* ---- from a typed line ---- */

/* The text that PowerShell makes of a value when a parameter wants text. */
static struct str text_of(const struct json *json, struct str word)
{
    if (json_kind(json) == JSON_BOOL)
        return json_bool(json, false) ? STR("True") : STR("False");
    /* The word as typed: 1e3 is three letters to a parameter that wants text. */
    return json_kind(json) == JSON_NUMBER && word.len > 0 ? word : json_string(json);
}

static struct json *converted_item(const struct parameter *parameter, const struct json *item, struct err *err)
{
    enum json_kind kind = json_kind(item);
    bool text = parameter->type == TYPE_STRING_LIST, container = kind == JSON_OBJECT || kind == JSON_ARRAY;
    struct parameter strict;
    if (text && container) {
        fail_expected(parameter, "a plain list of texts", err);
        return NULL;
    }
    if (!container && kind != JSON_NULL && parameter_item(parameter, &strict))
        return scalar_from_text(&strict, text_of(item, (struct str){ 0 }), err);
    if (kind != JSON_STRING && !text)
        return json_copy(item);
    struct str value = text_of(item, (struct str){ 0 });
    return choice_settle(parameter, &value, err) ? json_new_string(value) : NULL;
}

/* One item that does not fit refuses the whole list: a shorter one would be another command. */
static bool convert_array(const struct parameter *parameter, const struct json *array, struct value *value, struct err *err)
{
    struct json *list = json_new_array();
    for (const struct json *item = json_first(array); item != NULL; item = json_next(item)) {
        struct json *converted = converted_item(parameter, item, err);
        if (converted == NULL) {
            json_free(list);
            return false;
        }
        json_add(list, NULL, converted);
    }
    value->json = list;
    return true;
}

static bool wants_array(enum parameter_type type)
{
    return type == TYPE_STRING_LIST || type == TYPE_OBJECT_LIST || type == TYPE_HASHTABLE_LIST;
}

/* A single value where a list is wanted is a list of one. */
static bool convert_single_to_array(const struct parameter *parameter, const struct json *json, struct value *value,
                                    struct err *err)
{
    struct json *one = json_new_array();
    json_add(one, NULL, json_copy(json));
    bool good = convert_array(parameter, one, value, err);
    json_free(one);
    return good;
}

static bool only_tables(const struct json *array)
{
    for (const struct json *item = json_first(array); item != NULL; item = json_next(item))
        if (json_kind(item) != JSON_OBJECT)
            return false;
    return true;
}

/* The service refuses a single table where it wants a list of them (rest.md section 4). */
static bool convert_container(const struct parameter *parameter, const struct json *json, struct value *value, struct err *err)
{
    bool array = json_kind(json) == JSON_ARRAY;
    enum parameter_type type = parameter->type;
    if (takes_tables(parameter) && array && !only_tables(json))
        return fail_expected(parameter, "hash tables: @{name='value'}", err);
    if (array && type == TYPE_UNTYPED)
        return convert_array(parameter, json, value, err);
    if (array && wants_array(type))
        return convert_array(parameter, json, value, err);
    if (!array && wants_array(type) && type != TYPE_STRING_LIST)
        return convert_single_to_array(parameter, json, value, err);
    if (array || (type != TYPE_UNTYPED && type != TYPE_HASHTABLE && type != TYPE_OTHER))
        return fail_expected(parameter, array ? "one value, not a list" : "no hash table", err);
    value->json = json_copy(json);
    return true;
}

/* Without a declared type a number stays a number and a word a word, as PowerShell would pass them. An identity of digits is a
   name all the same: what a service makes of a number there is not known, and could be every object (pains 5). */
static bool convert_untyped(const struct parameter *parameter, const struct json *json, struct str word, struct value *value, struct err *err)
{
    struct str text = json_string(json);
    if (json_kind(json) == JSON_NUMBER && parameter_is_identity(parameter)) {
        value->json = json_new_string(text_of(json, word));
        return true;
    }
    if (json_kind(json) != JSON_STRING) {
        value->json = json_copy(json);
        return true;
    }
    if (!choice_settle(parameter, &text, err))
        return false;
    /* $true out of a list of choices is the boolean, not the text. */
    value->json = parameter->value_count > 0 ? dollar_word(text) : NULL;
    if (value->json == NULL)
        value->json = json_new_string(text);
    return true;
}

/* An empty text is a value for texts only: for everything else it is a field that was left empty, and must not go
   out as one. */
static bool convert_scalar(const struct parameter *parameter, const struct json *json, struct str word, struct value *value,
                           struct err *err)
{
    struct str text = text_of(json, word);
    if (parameter->type == TYPE_UNTYPED)
        return convert_untyped(parameter, json, word, value, err);
    if (takes_tables(parameter))
        return fail_expected(parameter, "a hash table: @{name='value'}", err);
    if (wants_array(parameter->type))
        return convert_single_to_array(parameter, json, value, err);
    if (text.len == 0 && parameter->type != TYPE_STRING && parameter->type != TYPE_OTHER && parameter->type != TYPE_URI)
        return fail_expected(parameter, "no empty value", err);
    if (!choice_settle(parameter, &text, err))
        return false;
    value->json = scalar_from_text(parameter, text, err);
    return value->json != NULL;
}

static struct json *file_of(const struct parameter *parameter, const struct json *path, struct err *err)
{
    if (json_kind(path) == JSON_STRING)
        return file_as_base64(json_string(path), err);
    fail_expected(parameter, "the path of a file", err);
    return NULL;
}

/* Files by their paths; a single one where a list is wanted is a list of one. */
static bool convert_files(const struct parameter *parameter, const struct json *json, struct value *value, struct err *err)
{
    if (parameter->type == TYPE_BYTES)
        return (value->json = file_of(parameter, json, err)) != NULL;
    bool array = json_kind(json) == JSON_ARRAY;
    value->json = json_new_array();
    for (const struct json *item = array ? json_first(json) : json; item != NULL; item = array ? json_next(item) : NULL) {
        struct json *file = file_of(parameter, item, err);
        if (file == NULL) {
            json_free(value->json);
            return false;
        }
        json_add(value->json, NULL, file);
    }
    return true;
}

/* Bytes that the line itself holds. */
static bool convert_bytes(const struct parameter *parameter, const struct json *json, struct value *value, struct err *err)
{
    bool array = json_kind(json) == JSON_ARRAY, wraps = parameter->type == TYPE_BYTES_LIST && !array;
    if (parameter->type != TYPE_UNTYPED && parameter->type != TYPE_BYTES_LIST && (parameter->type != TYPE_BYTES || array))
        return fail_expected(parameter, parameter->type == TYPE_BYTES ? "one file, not a list" : "no bytes", err);
    value->json = wraps ? json_new_array() : json_copy(json);
    if (wraps)
        json_add(value->json, NULL, json_copy(json));
    return true;
}

static bool is_credential(const struct parameter *parameter, const struct json *json)
{
    return parameter->type == TYPE_CREDENTIAL && json_kind(json_get_nocase(json, "UserName")) == JSON_STRING
        && json_kind(json_get_nocase(json, "Password")) == JSON_STRING;
}

/* For anything else it would be sent as a plain text. */
static bool fits_secret(const struct parameter *parameter, const struct json *json, struct err *err)
{
    if (!parameter_is_secret(parameter->type)) {
        fail_expected(parameter, "no password and no credential", err);
        err_advise(err, "Its value is sent as a plain text. Write it out.");
        return false;
    }
    if (parameter->type != TYPE_SECURE_STRING || json_kind(json) == JSON_STRING)
        return true;
    fail_expected(parameter, "a password alone, and no credential", err);
    err_advise(err, "Write (Read-Host -AsSecureString), prompt, file:PATH, env:NAME, fd:N or cmd:COMMAND.");
    return false;
}

static bool convert(const struct parameter *parameter, const struct literal *literal, struct value *value, struct err *err)
{
    const struct json *json = literal->json;
    enum json_kind kind = json_kind(json);
    if (literal->secret && !fits_secret(parameter, json, err))
        return false;
    if (is_credential(parameter, json))
        return (value->json = json_copy(json)) != NULL;
    if (kind == JSON_NULL)
        return (value->json = json_new_null()) != NULL;
    if (literal->bytes)
        return convert_bytes(parameter, json, value, err);
    if (takes_files(parameter))
        return convert_files(parameter, json, value, err);
    if (kind == JSON_ARRAY || kind == JSON_OBJECT)
        return convert_container(parameter, json, value, err);
    return convert_scalar(parameter, json, literal->word, value, err);
}

/* Checked after converting, by the same rules that hold for the form: a line and a form cannot differ. */
bool value_from_literal(const struct parameter *parameter, struct literal *literal, struct value *value, struct err *err)
{
    *value = (struct value){ .type = type_of(parameter) };
    /* Asked now, since the literal is used up below. */
    bool bytes = literal->bytes || (takes_files(parameter) && json_kind(literal->json) != JSON_NULL);
    bool good = convert(parameter, literal, value, err);
    if (parameter_is_secret(parameter->type))
        json_free_secret(literal->json);
    else
        json_free(literal->json);
    literal->json = NULL;
    if (!good) {
        err_field(err, parameter->name);
        return false;
    }
    value->kind = bytes ? kind_of_bytes(value->json) : kind_of(parameter, value->json);
    if (value_check(parameter, value->kind, value->json, err))
        return true;
    json_free_secret(value->json);
    value->json = NULL;
    return false;
}

/* ---- checks of what is set ---- */

static bool check_choices(const struct parameter *parameter, const struct json *json, struct err *err)
{
    struct str text = json_string(json);
    if (json_kind(json) == JSON_STRING)
        return choice_settle(parameter, &text, err);
    if (json_kind(json) != JSON_ARRAY)
        return true;
    for (const struct json *item = json_first(json); item != NULL; item = json_next(item))
        if (!check_choices(parameter, item, err))
            return false;
    return true;
}

static bool is_empty(enum argument_kind kind, const struct json *json)
{
    return kind == ARG_NULL || (kind == ARG_TEXT && str_trim(json_string(json)).len == 0)
        || ((kind == ARG_LIST || kind == ARG_HASHTABLE_LIST || kind == ARG_BYTES_LIST) && json_count(json) == 0);
}

/* As the session reads it, where it is too late for a line of many (rest.md section 4). */
static bool is_result_size(enum argument_kind kind, const struct json *json)
{
    int64_t number;
    if (kind == ARG_NULL || (kind == ARG_TEXT && str_is_nocase(json_string(json), "Unlimited")))
        return true;
    return (kind == ARG_NUMBER ? json_int64(json, &number) : str_to_int64(json_string(json), 1, INT64_MAX, &number)) && number > 0;
}

/* Also for values that a program has set, which no form has checked. */
bool value_check(const struct parameter *parameter, enum argument_kind kind, const struct json *json, struct err *err)
{
    int64_t number;
    if (is_empty(kind, json) && !may_be_empty(parameter))
        return refuse_empty(parameter, err);
    if (kind == ARG_LIST && parameter_is_identity(parameter) && parameter->type == TYPE_UNTYPED)
        return refuse_identities(parameter, err);
    if ((kind == ARG_HASHTABLE || kind == ARG_HASHTABLE_LIST || kind == ARG_BOOL) && parameter_is_identity(parameter))
        return fail_expected(parameter, "the name of one object, or what else identifies it", err);
    if (str_is_nocase(str_of(parameter->name), "ResultSize") && !is_result_size(kind, json))
        return fail_expected(parameter, "a number above 0, or Unlimited", err);
    if (kind == ARG_NUMBER && parameter->has_range && json_int64(json, &number)
        && (number < parameter->min || number > parameter->max)) {
        err_set(err, ERR_INPUT, "-%s: %lld is outside of %lld to %lld", parameter->name, (long long)number,
                (long long)parameter->min, (long long)parameter->max);
        err_field(err, parameter->name);
        return false;
    }
    return check_choices(parameter, json, err);
}
