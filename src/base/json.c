/* cJSON parses and keeps the trees; around it stands what it does not do: exact numbers, strings with NUL, strictness about
   what follows a value. Objects of half a kilobyte go through here by the hundred thousand, so whatever is rare is looked
   for in one pass over the text and paid for only when it is there. */
#include "base/json.h"

#include <cjson/cJSON.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/secret.h"

/* struct json is never defined: a pointer to it is a pointer to a cJSON node. */
static const cJSON *node(const struct json *value)
{
    return (const cJSON *)(const void *)value;
}

/* For builders and json_free: a constant tree never gets here. */
static cJSON *mutable_node(struct json *value)
{
    return (cJSON *)(void *)value;
}

static struct json *wrap(cJSON *value)
{
    return (struct json *)(void *)value;
}

#define REPLACEMENT "\xEF\xBF\xBD"

static cJSON *need(cJSON *value)
{
    if (!value) {
        mem_exhausted();    /* nothing else can be missing here */
    }
    return value;
}

/* ---- numbers keep their digits ---- */

static bool is_number_char(char c)
{
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/* The end of the string literal that starts at `at`. A quote once found stays the next one until an escape goes past it: a module
   file is one string with an escape a line, and looking for its end from each of them would take the square of its length. */
static size_t skip_string(struct str text, size_t at)
{
    size_t end = at++;
    while (at < text.len) {
        if (end < at) {
            const char *quote = memchr(text.data + at, '"', text.len - at);
            end = quote ? (size_t)(quote - text.data) : text.len;
        }
        const char *escape = memchr(text.data + at, '\\', end - at);
        if (!escape) {
            at = end;
            break;
        }
        at = (size_t)(escape - text.data) + 2;      /* what an escape starts with may be a quote */
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

static size_t take_digits(struct str *s)
{
    size_t count = 0;
    while (count < s->len && s->data[count] >= '0' && s->data[count] <= '9') {
        count++;
    }
    *s = str_from(*s, count);
    return count;
}

static bool take_any(struct str *s, char one, char other)
{
    bool found = s->len && (s->data[0] == one || s->data[0] == other);
    *s = str_from(*s, found ? 1 : 0);
    return found;
}

enum number_form {
    NUMBER_SHORT,   /* comes out of a double as it went in */
    NUMBER_LONG,    /* needs its own digits */
    NUMBER_WRONG,   /* what cJSON lets pass, but no JSON: 01, 1., -.5 */
};

static enum number_form number_form(struct str number)
{
    struct str rest = number;
    bool negative = take_any(&rest, '-', '-'), zero = rest.len && rest.data[0] == '0', plain = true;
    size_t whole = take_digits(&rest);
    if (whole == 0 || (zero && whole > 1)) {
        return NUMBER_WRONG;
    }
    if (take_any(&rest, '.', '.')) {
        plain = false;
        if (take_digits(&rest) == 0) {
            return NUMBER_WRONG;
        }
    }
    if (take_any(&rest, 'e', 'E')) {
        plain = false;
        take_any(&rest, '-', '+');
        if (take_digits(&rest) == 0) {
            return NUMBER_WRONG;
        }
    }
    if (rest.len) {
        return NUMBER_WRONG;
    }
    return plain && whole <= 15 && !(negative && zero) ? NUMBER_SHORT : NUMBER_LONG;
}

/* Looks at all numbers of the text; *at ends behind the first wrong one. */
static bool numbers_are_good(struct str text, bool *any_long, size_t *at)
{
    *any_long = false;
    for (struct str number; (number = next_number(text, at)).len;) {
        enum number_form form = number_form(number);
        if (form == NUMBER_WRONG) {
            return false;
        }
        *any_long = *any_long || form == NUMBER_LONG;
    }
    return true;
}

/* Walks the tree in the order of the text and gives the numbers that need it their digits, as raw nodes. */
static void keep_digits(cJSON *value, struct str text, size_t *at)
{
    for (; value; value = value->next) {
        if (cJSON_IsNumber(value)) {
            struct str number = next_number(text, at);
            /* cJSON prints and copies raw nodes byte by byte; json_kind takes them for numbers. */
            if (number_form(number) == NUMBER_LONG) {
                value->valuestring = str_dup(number);
                value->type = cJSON_Raw;
            }
        }
        keep_digits(value->child, text, at);
    }
}

/* ---- parsing ---- */

#define NO_UNIT 0x10000u

/* The UTF-16 unit of a \uXXXX escape at `at`. */
static unsigned unit_at(struct str text, size_t at)
{
    unsigned unit = 0;
    if (at + 6 > text.len || text.data[at] != '\\' || text.data[at + 1] != 'u') {
        return NO_UNIT;
    }
    for (size_t i = at + 2; i < at + 6; i++) {
        unsigned char c = (unsigned char)(text.data[i] | 0x20);
        bool letter = c >= 'a' && c <= 'f';
        if (!letter && (text.data[i] < '0' || text.data[i] > '9')) {
            return NO_UNIT;
        }
        unit = unit << 4 | (unsigned)(letter ? c - 'a' + 10 : text.data[i] - '0');
    }
    return unit;
}

/* The next escape, from `at` on, that no text can hold: cJSON would end the string at U+0000, and refuse the whole value
   for half a surrogate pair, which services leave when they cut texts by length. text.len when there is none. */
static size_t find_bad_escape(struct str text, size_t at)
{
    const char *backslash;
    while (at < text.len && (backslash = memchr(text.data + at, '\\', text.len - at))) {
        at = (size_t)(backslash - text.data);
        unsigned unit = unit_at(text, at), next = unit_at(text, at + 6);
        bool high = unit >= 0xD800 && unit < 0xDC00, low_follows = next >= 0xDC00 && next < 0xE000;
        if (unit == 0 || (high && !low_follows) || (unit >= 0xDC00 && unit < 0xE000)) {
            return at;
        }
        at += unit == NO_UNIT ? 2 : high ? 12 : 6;
    }
    return text.len;
}

/* A copy with U+FFFD for bad escapes, the first of which is at `at`. */
static char *replace_bad_escapes(struct str text, size_t at)
{
    char *copy = str_dup(text);
    for (; at < text.len; at = find_bad_escape(text, at + 6)) {
        memcpy(copy + at, "\\ufffd", 6);
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

/* NULL, and *wrong_at, when text is no JSON. A NUL byte would end a string early. */
static cJSON *parse_text(struct str text, size_t *wrong_at)
{
    const char *nul = memchr(text.data, '\0', text.len), *end = NULL;
    bool any_long = false;
    *wrong_at = nul ? (size_t)(nul - text.data) : 0;
    cJSON *value = nul ? NULL : cJSON_ParseWithLengthOpts(text.data, text.len, &end, 0);
    bool good = value && only_blanks(end, text.data + text.len);
    if (end) {
        *wrong_at = (size_t)(end - text.data);
    }
    if (good) {
        size_t at = 0;
        good = numbers_are_good(text, &any_long, &at);
        *wrong_at = at;
    }
    if (good && any_long) {
        size_t at = 0;
        keep_digits(value, text, &at);
    }
    if (!good) {
        cJSON_Delete(value);
    }
    return good ? value : NULL;
}

struct json *json_parse(struct str text, struct err *err)
{
    /* Files from Windows often start with a byte order mark; offsets count it, because a person counts it too. */
    size_t mark = str_starts(text, STR("\xEF\xBB\xBF")) ? 3 : 0, wrong_at;
    text = str_from(text, mark);
    if (text.len == 0) {
        err_set(err, ERR_PROTOCOL, "There is no JSON: the text is empty.");
        return NULL;
    }
    size_t bad = find_bad_escape(text, 0);
    char *copy = bad < text.len ? replace_bad_escapes(text, bad) : NULL;
    cJSON *value = parse_text(copy ? (struct str){ copy, text.len } : text, &wrong_at);
    free(copy);
    if (!value) {
        err_set(err, ERR_PROTOCOL, "This is not JSON (at byte %zu).", wrong_at + mark);
    }
    return wrap(value);
}

void json_free(struct json *value)
{
    cJSON_Delete(mutable_node(value));
}

/* Depth is cJSON's own limit, so this cannot run out of stack. */
static void wipe_strings(cJSON *value)
{
    for (; value; value = value->next) {
        if (value->valuestring && value->valuestring[0]) {
            secret_wipe(value->valuestring, strlen(value->valuestring));
        }
        wipe_strings(value->child);
    }
}

void json_free_secret(struct json *value)
{
    cJSON *tree = mutable_node(value);
    if (tree) {
        wipe_strings(tree->child);
        if (tree->valuestring && tree->valuestring[0]) {
            secret_wipe(tree->valuestring, strlen(tree->valuestring));
        }
    }
    json_free(value);
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
    /* cJSON's own look-up asks the locale for lower case: in a Turkish one, ID and id differ. */
    const struct json *child = json_kind(object) == JSON_OBJECT ? json_first(object) : NULL;
    while (child && !str_is_nocase(str_of(json_name(child)), name)) {
        child = json_next(child);
    }
    return child;
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
        snprintf(digits, sizeof digits, "%lld", (long long)number->valuedouble);
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
    bool raw = (node(value)->type & 0xFF) == cJSON_Raw;
    return raw ? strtod(node(value)->valuestring, NULL) : node(value)->valuedouble;
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

/* A C string cannot hold a NUL: it becomes U+FFFD instead of the end. */
static char *text_without_nul(struct str text)
{
    struct buf out = BUF_INIT(SIZE_MAX);
    for (const char *nul; text.len && (nul = memchr(text.data, '\0', text.len));) {
        size_t length = (size_t)(nul - text.data);
        buf_add(&out, str_take(text, length));
        buf_text(&out, REPLACEMENT);
        text = str_from(text, length + 1);
    }
    buf_add(&out, text);
    return buf_take(&out);
}

struct json *json_new_string(struct str text)
{
    cJSON *value = need(cJSON_CreateNull());
    /* The text is handed over: both sides allocate with malloc. */
    value->type = cJSON_String;
    value->valuestring = text_without_nul(text);
    return wrap(value);
}

struct json *json_new_number(struct str digits)
{
    char *copy = str_dup(digits);
    cJSON *value = need(cJSON_CreateRaw(copy));
    free(copy);
    return wrap(value);
}

/* As digits, because cJSON would make a double of it. */
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
