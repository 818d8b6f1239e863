#include "base/json.h"

#include <cjson/cJSON.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

/* struct json is never defined: a pointer to it is a pointer to a cJSON node. */
static const cJSON *node(const struct json *value)
{
    return (const cJSON *)(const void *)value;
}

static cJSON *mutable_node(struct json *value)
{
    return (cJSON *)(void *)value;
}

static struct json *wrap(cJSON *value)
{
    return (struct json *)(void *)value;
}

static cJSON *need(cJSON *value)
{
    if (!value) {
        abort();    /* only memory can be missing here */
    }
    return value;
}

/* ---- numbers keep their digits ---- */

static bool is_number_char(char c)
{
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/* The end of the string literal that starts at `at`. */
static size_t skip_string(struct str text, size_t at)
{
    for (at++; at < text.len && text.data[at] != '"'; at++) {
        at += text.data[at] == '\\';
    }
    return at + 1;
}

/* The next number of the text, from *at on. cJSON accepted the text, so outside strings a digit or '-' starts one. */
static struct str next_number(struct str text, size_t *at)
{
    while (*at < text.len) {
        char c = text.data[*at];
        if (c == '"') {
            *at = skip_string(text, *at);
        } else if (c == '-' || (c >= '0' && c <= '9')) {
            size_t start = *at;
            while (*at < text.len && is_number_char(text.data[*at])) {
                (*at)++;
            }
            return (struct str){ text.data + start, *at - start };
        } else {
            (*at)++;
        }
    }
    return STR("");
}

/* Integers of up to 15 digits come out of a double as they went in; everything else needs its own digits. */
static bool needs_digits(struct str number)
{
    if (number.len > 15 || str_is(number, "-0")) {
        return true;
    }
    for (size_t i = 0; i < number.len; i++) {
        if (number.data[i] == '.' || number.data[i] == 'e' || number.data[i] == 'E') {
            return true;
        }
    }
    return false;
}

static bool any_needs_digits(struct str text)
{
    size_t at = 0;
    for (struct str number; (number = next_number(text, &at)).len;) {
        if (needs_digits(number)) {
            return true;
        }
    }
    return false;
}

/* Walks the tree in the order of the text and gives the numbers that need it their digits, as raw nodes. */
static void keep_digits(cJSON *value, struct str text, size_t *at)
{
    for (; value; value = value->next) {
        if (cJSON_IsNumber(value)) {
            struct str number = next_number(text, at);
            if (needs_digits(number)) {
                value->valuestring = str_dup(number);
                value->type = cJSON_Raw;
            }
        }
        keep_digits(value->child, text, at);
    }
}

/* ---- parsing ---- */

/* cJSON would end a string at an escaped NUL; it becomes U+FFFD, as any other character that text cannot hold. */
static char *replace_nul_escapes(struct str text)
{
    char *copy = str_dup(text);
    for (size_t at = 0; at + 6 <= text.len; at++) {
        if (copy[at] != '\\') {
            continue;
        }
        if (memcmp(copy + at, "\\u0000", 6) == 0) {
            memcpy(copy + at, "\\ufffd", 6);
        }
        at++;
    }
    return copy;
}

static bool only_blanks(const char *from, const char *end)
{
    while (from < end && (*from == ' ' || *from == '\t' || *from == '\r' || *from == '\n')) {
        from++;
    }
    return from >= end;
}

struct json *json_parse(struct str text, struct err *err)
{
    char *copy = NULL;
    if (str_starts(text, STR("\xEF\xBB\xBF"))) {
        text = str_from(text, 3);
    }
    if (text.len && memmem(text.data, text.len, "\\u0000", 6)) {
        copy = replace_nul_escapes(text);
        text.data = copy;
    }
    const char *end = NULL;
    cJSON *value = text.len ? cJSON_ParseWithLengthOpts(text.data, text.len, &end, 0) : NULL;
    if (value && !only_blanks(end, text.data + text.len)) {
        cJSON_Delete(value);
        value = NULL;
    }
    if (!value) {
        err_set(err, ERR_PROTOCOL, text.len ? "This is not JSON (at byte %zu)." : "There is no JSON: the text is empty.",
                end ? (size_t)(end - text.data) : 0);
    } else if (any_needs_digits(text)) {
        size_t at = 0;
        keep_digits(value, text, &at);
    }
    free(copy);
    return wrap(value);
}

void json_free(struct json *value)
{
    cJSON_Delete(mutable_node(value));
}

/* ---- reading ---- */

enum json_kind json_kind(const struct json *value)
{
    if (!value) {
        return JSON_NULL;
    }
    switch (node(value)->type & 0xFF) {
    case cJSON_True:
    case cJSON_False:
        return JSON_BOOL;
    case cJSON_Number:
    case cJSON_Raw:
        return JSON_NUMBER;
    case cJSON_String:
        return JSON_STRING;
    case cJSON_Array:
        return JSON_ARRAY;
    case cJSON_Object:
        return JSON_OBJECT;
    default:
        return JSON_NULL;
    }
}

const struct json *json_get(const struct json *object, const char *name)
{
    return wrap(cJSON_GetObjectItemCaseSensitive(node(object), name));
}

const struct json *json_get_nocase(const struct json *object, const char *name)
{
    return wrap(cJSON_GetObjectItem(node(object), name));
}

const struct json *json_first(const struct json *container)
{
    return container ? wrap(node(container)->child) : NULL;
}

const struct json *json_next(const struct json *child)
{
    return child ? wrap(node(child)->next) : NULL;
}

const char *json_name(const struct json *member)
{
    return member && node(member)->string ? node(member)->string : "";
}

size_t json_count(const struct json *container)
{
    size_t count = 0;
    for (const struct json *child = json_first(container); child; child = json_next(child)) {
        count++;
    }
    return count;
}

/* Numbers without kept digits are short integers; their text is made once and kept in the node, which cJSON frees. */
static struct str number_text(const cJSON *number)
{
    if (!number->valuestring) {
        char digits[32];
        union { const cJSON *constant; cJSON *owned; } self = { .constant = number };
        snprintf(digits, sizeof digits, "%.0f", number->valuedouble);
        self.owned->valuestring = mem_text(digits);
    }
    return str_of(number->valuestring);
}

struct str json_string(const struct json *value)
{
    switch (json_kind(value)) {
    case JSON_STRING:
        return str_of(node(value)->valuestring);
    case JSON_NUMBER:
        return number_text(node(value));
    case JSON_NULL:
    case JSON_BOOL:
    case JSON_ARRAY:
    case JSON_OBJECT:
        break;
    }
    return STR("");
}

const char *json_cstr(const struct json *value, const char *otherwise)
{
    return json_kind(value) == JSON_STRING ? node(value)->valuestring : otherwise;
}

bool json_bool(const struct json *value, bool otherwise)
{
    return json_kind(value) == JSON_BOOL ? (node(value)->type & 0xFF) == cJSON_True : otherwise;
}

bool json_int64(const struct json *value, int64_t *number)
{
    enum json_kind kind = json_kind(value);
    return (kind == JSON_NUMBER || kind == JSON_STRING) && str_to_int64(json_string(value), INT64_MIN, INT64_MAX, number);
}

double json_double(const struct json *value, double otherwise)
{
    if (json_kind(value) != JSON_NUMBER) {
        return otherwise;
    }
    return node(value)->valuestring ? strtod(node(value)->valuestring, NULL) : node(value)->valuedouble;
}

/* ---- building ---- */

struct json *json_new_object(void)
{
    return wrap(need(cJSON_CreateObject()));
}

struct json *json_new_array(void)
{
    return wrap(need(cJSON_CreateArray()));
}

struct json *json_new_string(struct str text)
{
    char *copy = str_dup(text);
    cJSON *value = need(cJSON_CreateString(copy));
    free(copy);
    return wrap(value);
}

struct json *json_new_number(struct str digits)
{
    char *copy = str_dup(digits);
    cJSON *value = need(cJSON_CreateRaw(copy));
    free(copy);
    return wrap(value);
}

struct json *json_new_int(int64_t number)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%lld", (long long)number);
    return json_new_number(str_of(digits));
}

struct json *json_new_bool(bool value)
{
    return wrap(need(cJSON_CreateBool(value)));
}

struct json *json_new_null(void)
{
    return wrap(need(cJSON_CreateNull()));
}

struct json *json_copy(const struct json *value)
{
    return value ? wrap(need(cJSON_Duplicate(node(value), 1))) : NULL;
}

void json_add(struct json *container, const char *name, struct json *child)
{
    if (name) {
        cJSON_AddItemToObject(mutable_node(container), name, mutable_node(child));
    } else {
        cJSON_AddItemToArray(mutable_node(container), mutable_node(child));
    }
}

void json_add_text(struct json *container, const char *name, const char *text)
{
    json_add(container, name, text ? json_new_string(str_of(text)) : json_new_null());
}

/* ---- printing ---- */

/* Length of the part of s that may stand in a JSON string as it is. */
static size_t plain_length(struct str s)
{
    size_t i = 0;
    while (i < s.len && (unsigned char)s.data[i] >= ' ' && s.data[i] != '"' && s.data[i] != '\\' && s.data[i] > 0) {
        i++;
    }
    return i;
}

/* Bytes of the UTF-8 character at the front, 0 when it is not one. */
static size_t utf8_length(struct str s)
{
    unsigned char lead = (unsigned char)s.data[0];
    size_t length = lead >= 0xF0 && lead < 0xF5 ? 4 : lead >= 0xE0 && lead < 0xF0 ? 3 : lead >= 0xC2 && lead < 0xE0 ? 2 : 0;
    if (length > s.len) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if (((unsigned char)s.data[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return length;
}

static size_t print_special(struct str s, struct buf *out)
{
    static const char short_escapes[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    unsigned char c = (unsigned char)s.data[0];
    if (c >= 0x80) {
        size_t length = utf8_length(s);
        buf_add(out, length ? str_take(s, length) : STR("\xEF\xBF\xBD"));
        return length ? length : 1;
    }
    for (const char *pair = short_escapes; *pair; pair += 2) {
        if (c == (unsigned char)pair[0]) {
            buf_char(out, '\\');
            buf_char(out, pair[1]);
            return 1;
        }
    }
    buf_format(out, "\\u%04x", c);
    return 1;
}

void json_print_string(struct str s, struct buf *out)
{
    buf_char(out, '"');
    while (s.len) {
        size_t plain = plain_length(s);
        buf_add(out, str_take(s, plain));
        s = str_from(s, plain);
        if (s.len) {
            s = str_from(s, print_special(s, out));
        }
    }
    buf_char(out, '"');
}

static void print_line_start(int depth, struct buf *out)
{
    if (depth >= 0) {
        buf_char(out, '\n');
        buf_repeat(out, ' ', (size_t)depth * 2);
    }
}

static void print_value(const struct json *value, int depth, struct buf *out);

/* depth < 0: compact. */
static void print_container(const struct json *value, bool object, int depth, struct buf *out)
{
    const struct json *child = json_first(value);
    int inner = depth >= 0 ? depth + 1 : -1;
    buf_char(out, object ? '{' : '[');
    for (bool first = true; child; child = json_next(child), first = false) {
        if (!first) {
            buf_char(out, ',');
        }
        print_line_start(inner, out);
        if (object) {
            json_print_string(str_of(json_name(child)), out);
            buf_text(out, depth >= 0 ? ": " : ":");
        }
        print_value(child, inner, out);
    }
    if (json_first(value)) {
        print_line_start(depth, out);
    }
    buf_char(out, object ? '}' : ']');
}

static void print_value(const struct json *value, int depth, struct buf *out)
{
    switch (json_kind(value)) {
    case JSON_NULL:
        buf_text(out, "null");
        break;
    case JSON_BOOL:
        buf_text(out, json_bool(value, false) ? "true" : "false");
        break;
    case JSON_NUMBER:
        buf_add(out, json_string(value));
        break;
    case JSON_STRING:
        json_print_string(json_string(value), out);
        break;
    case JSON_ARRAY:
    case JSON_OBJECT:
        print_container(value, json_kind(value) == JSON_OBJECT, depth, out);
        break;
    }
}

void json_print(const struct json *value, bool pretty, struct buf *out)
{
    print_value(value, pretty ? 0 : -1, out);
}
