#include "pipeline/comparison.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/wildcard.h"
#include "catalogue/scalar.h"
#include "results/sort_key.h"

/* An expression that runs away ends here instead of holding up the engine. */
#define MATCH_STEPS_MOST 1000000
/* Bytes of a value that become a key; what differs only behind them is compared as text. */
#define KEY_TEXT_MOST SORT_KEY_MAX

struct comparison {
    enum operator operator;
    bool exact_case, has_right;
    struct property right;
    char *right_text;                   /* what right.text points to */
    pcre2_code *expression;
    pcre2_match_context *limits;
    pcre2_match_data *data;
};

static const struct { const char *name; enum operator operator; } operators[] = {
    { "eq", OPERATOR_EQ },       { "ne", OPERATOR_NE },             { "gt", OPERATOR_GT },
    { "ge", OPERATOR_GE },       { "lt", OPERATOR_LT },             { "le", OPERATOR_LE },
    { "like", OPERATOR_LIKE },   { "notlike", OPERATOR_NOTLIKE },   { "match", OPERATOR_MATCH },
    { "notmatch", OPERATOR_NOTMATCH }, { "contains", OPERATOR_CONTAINS }, { "notcontains", OPERATOR_NOTCONTAINS },
    { "in", OPERATOR_IN },       { "notin", OPERATOR_NOTIN },
};

static bool find_operator(struct str name, enum operator *operator)
{
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if (str_is_nocase(name, operators[i].name)) {
            *operator = operators[i].operator;
            return true;
        }
    }
    return false;
}

bool operator_by_name(struct str name, enum operator *operator, bool *exact_case)
{
    *exact_case = false;
    if (find_operator(name, operator)) {
        return true;
    }
    /* -ceq minds the case, -ieq says that it does not. */
    bool marked = name.len > 1 && strchr("cCiI", name.data[0]);
    *exact_case = marked && (name.data[0] == 'c' || name.data[0] == 'C');
    return marked && find_operator(str_from(name, 1), operator);
}

const char *operator_names(void)
{
    return "-eq -ne -gt -ge -lt -le -like -notlike -match -notmatch -contains -notcontains -in -notin";
}

/* ---- regular expressions ---- */

static bool compile(struct comparison *comparison, struct err *err)
{
    int code;
    size_t offset;
    uint32_t flags = PCRE2_UTF | PCRE2_UCP | (comparison->exact_case ? 0 : PCRE2_CASELESS);
    comparison->expression =
        pcre2_compile((PCRE2_SPTR)comparison->right.text.data, comparison->right.text.len, flags, &code, &offset, NULL);
    if (!comparison->expression) {
        PCRE2_UCHAR text[160];
        pcre2_get_error_message(code, text, sizeof text);
        err_set(err, ERR_INPUT, "the regular expression cannot be read at its character %zu: %s", offset + 1, (const char *)text);
        err_advise(err, "For a pattern with * and ? use -like.");
        return false;
    }
    comparison->limits = pcre2_match_context_create(NULL);
    comparison->data = pcre2_match_data_create_from_pattern(comparison->expression, NULL);
    if (!comparison->limits || !comparison->data) {
        mem_exhausted();
    }
    pcre2_set_match_limit(comparison->limits, MATCH_STEPS_MOST);
    return true;
}

static bool matches(const struct comparison *comparison, struct str text)
{
    return comparison->expression &&
           pcre2_match(comparison->expression, (PCRE2_SPTR)(text.data ? text.data : ""), text.len, 0, PCRE2_NO_UTF_CHECK * text_is_utf8(text),
                       comparison->data, comparison->limits) >= 0;
}

/* ---- life ---- */

/* 03/04/2026 is March in one country and April in the next: compared as text it would be neither. */
static bool is_clear(struct str text, struct err *err)
{
    if (!date_is_ambiguous(text)) {
        return true;
    }
    err_set(err, ERR_INPUT, "the date \"%.*s\" is not clear in every country", STR_ARG(str_take(text, 40)));
    err_advise(err, "Write year-month-day, for example 2026-01-31.");
    return false;
}

struct comparison *comparison_new(enum operator operator, bool exact_case, const struct property *right, struct err *err)
{
    struct comparison *comparison = MEM_NEW(struct comparison);
    comparison->operator = operator;
    comparison->exact_case = exact_case;
    if (right) {
        comparison->has_right = true;
        comparison->right = *right;
        comparison->right_text = str_dup(right->text);
        comparison->right.text.data = comparison->right_text;
    }
    bool expression = operator == OPERATOR_MATCH || operator == OPERATOR_NOTMATCH;
    bool orders = operator == OPERATOR_GT || operator == OPERATOR_GE || operator == OPERATOR_LT || operator == OPERATOR_LE;
    if (right && ((expression && !compile(comparison, err)) || (orders && right->kind == VALUE_STRING && !is_clear(right->text, err)))) {
        comparison_free(comparison);
        return NULL;
    }
    return comparison;
}

void comparison_free(struct comparison *comparison)
{
    if (!comparison) {
        return;
    }
    pcre2_code_free(comparison->expression);
    pcre2_match_context_free(comparison->limits);
    pcre2_match_data_free(comparison->data);
    free(comparison->right_text);
    free(comparison);
}

/* ---- single values ---- */

static struct str text_of(const struct property *value)
{
    switch (value->kind) {
    case VALUE_TRUE:
        return STR("True");
    case VALUE_FALSE:
        return STR("False");
    case VALUE_NULL:
        return STR("");
    case VALUE_NUMBER:
    case VALUE_STRING:
    case VALUE_NESTED:
        break;
    }
    return value->text;
}

static bool text_equal(struct str a, struct str b, bool exact_case)
{
    if (exact_case || str_eq(a, b)) {
        return str_eq(a, b);
    }
    /* Each within the other: the same when case is folded, in any script. */
    return text_contains(a, b) && text_contains(b, a);
}

/* As numbers or sizes when both can be read as such; false when one cannot. */
static bool order_as_numbers(struct str a, struct str b, int *order)
{
    struct sort_key left, right;
    left.len = right.len = 0;
    bool good = (sort_key_number(&left, a) || sort_key_size(&left, a)) && (sort_key_number(&right, b) || sort_key_size(&right, b));
    *order = good ? sort_key_compare(&left, &right) : 0;
    return good;
}

/* One of them is a date as the service writes it; the other may be as people write them. */
static bool order_as_dates(struct str a, struct str b, int *order)
{
    int64_t left = 0, right = 0;
    bool good = clock_parse_iso(a, &left) ? date_from_text(b, &right) : clock_parse_iso(b, &right) && date_from_text(a, &left);
    *order = good ? (left > right) - (left < right) : 0;
    return good;
}

int value_order(const struct property *left, const struct property *right)
{
    int order;
    struct str a = text_of(left), b = text_of(right);
    if (left->kind == VALUE_NULL || right->kind == VALUE_NULL) {
        return (left->kind != VALUE_NULL) - (right->kind != VALUE_NULL);
    }
    if (order_as_numbers(a, b, &order) || order_as_dates(a, b, &order)) {
        return order;
    }
    struct sort_key one, two;
    one.len = two.len = 0;
    sort_key_text(&one, str_take(a, KEY_TEXT_MOST));
    sort_key_text(&two, str_take(b, KEY_TEXT_MOST));
    return sort_key_compare(&one, &two);
}

static bool is_bool(const struct property *value)
{
    return value->kind == VALUE_TRUE || value->kind == VALUE_FALSE;
}

/* The right side becomes what the left one is: any number but 0 is true, and so is a text, unless it says False. */
static bool equal_to_bool(const struct property *left, const struct property *right)
{
    bool truth = value_is_true(right) && !(right->kind == VALUE_STRING && str_is_nocase(right->text, "False"));
    return truth == (left->kind == VALUE_TRUE);
}

static bool equal(const struct property *left, const struct property *right, bool exact_case)
{
    int order;
    if (left->kind == VALUE_NULL || right->kind == VALUE_NULL) {
        return left->kind == right->kind;
    }
    if (is_bool(left) || (is_bool(right) && left->kind == VALUE_NUMBER)) {
        return is_bool(left) ? equal_to_bool(left, right) : equal_to_bool(right, left);
    }
    struct str a = text_of(left), b = text_of(right);
    bool numbers = left->kind == VALUE_NUMBER || right->kind == VALUE_NUMBER;
    if (numbers && order_as_numbers(a, b, &order)) {
        return order == 0;
    }
    return text_equal(a, b, exact_case) || (order_as_dates(a, b, &order) && order == 0);
}

/* The operators that look at one value on each side; the "not" forms are turned round by the caller. */
static bool holds(const struct comparison *comparison, const struct property *left, const struct property *right)
{
    switch (comparison->operator) {
    case OPERATOR_GT:
        return value_order(left, right) > 0;
    case OPERATOR_GE:
        return value_order(left, right) >= 0;
    case OPERATOR_LT:
        return value_order(left, right) < 0;
    case OPERATOR_LE:
        return value_order(left, right) <= 0;
    case OPERATOR_LIKE:
    case OPERATOR_NOTLIKE:
        return wildcard_matches(text_of(right), text_of(left), comparison->exact_case);
    case OPERATOR_MATCH:
    case OPERATOR_NOTMATCH:
        return matches(comparison, text_of(left));
    case OPERATOR_EQ:
    case OPERATOR_NE:
    case OPERATOR_CONTAINS:
    case OPERATOR_NOTCONTAINS:
    case OPERATOR_IN:
    case OPERATOR_NOTIN:
        break;
    }
    return equal(left, right, comparison->exact_case);
}

/* ---- lists ---- */

static struct property property_of(const struct json *json, struct buf *room)
{
    struct property property = { .text = json_string(json) };
    switch (json_kind(json)) {
    case JSON_NULL:
        property.kind = VALUE_NULL;
        break;
    case JSON_BOOL:
        property.kind = json_bool(json, false) ? VALUE_TRUE : VALUE_FALSE;
        break;
    case JSON_NUMBER:
        property.kind = VALUE_NUMBER;
        break;
    case JSON_STRING:
        property.kind = VALUE_STRING;
        break;
    case JSON_ARRAY:
    case JSON_OBJECT:
        property.kind = VALUE_NESTED;
        buf_clear(room);
        json_print(json, false, room);
        property.text = buf_str(room);
        break;
    }
    return property;
}

bool value_any(const struct property *value, bool (*use)(void *context, const struct property *element), void *context)
{
    struct json *tree = value->kind == VALUE_NESTED ? json_parse(value->text, NULL) : NULL;
    if (json_kind(tree) != JSON_ARRAY) {
        json_free(tree);
        return use(context, value);
    }
    struct buf room = BUF_INIT(OBJECT_MAX_BYTES);
    bool found = false;
    for (const struct json *child = json_first(tree); child && !found; child = json_next(child)) {
        struct property element = property_of(child, &room);
        found = use(context, &element);
    }
    buf_free(&room);
    json_free(tree);
    return found;
}

struct against { const struct comparison *comparison; const struct property *other; bool wanted; };

static bool left_element(void *context, const struct property *element)
{
    const struct against *against = context;
    return holds(against->comparison, element, against->other) == against->wanted;
}

static bool right_element(void *context, const struct property *element)
{
    const struct against *against = context;
    return holds(against->comparison, against->other, element);
}

bool comparison_holds(const struct comparison *comparison, const struct property *left, const struct property *right)
{
    right = comparison->has_right ? &comparison->right : right;
    struct against with_right = { comparison, right, true }, with_left = { comparison, left, true };
    switch (comparison->operator) {
    case OPERATOR_CONTAINS:
        return value_any(left, left_element, &with_right);
    case OPERATOR_NOTCONTAINS:
        return !value_any(left, left_element, &with_right);
    case OPERATOR_IN:
        return value_any(right, right_element, &with_left);
    case OPERATOR_NOTIN:
        return !value_any(right, right_element, &with_left);
    /* $list -ne 'x' gives the elements that are not x, so one such element makes it true. */
    case OPERATOR_NE:
    case OPERATOR_NOTLIKE:
    case OPERATOR_NOTMATCH:
        with_right.wanted = false;
        return value_any(left, left_element, &with_right);
    default:
        return value_any(left, left_element, &with_right);
    }
}

static bool element_is_true(void *context, const struct property *element)
{
    int *seen = context;
    *seen += 1;
    return *seen > 1 || element->kind == VALUE_NESTED || value_is_true(element);
}

bool value_is_true(const struct property *value)
{
    int order, seen = 0;
    switch (value->kind) {
    case VALUE_NULL:
    case VALUE_FALSE:
        return false;
    case VALUE_TRUE:
        return true;
    case VALUE_NUMBER:
        return !order_as_numbers(value->text, STR("0"), &order) || order != 0;
    case VALUE_STRING:
        return value->text.len > 0;
    case VALUE_NESTED:
        break;
    }
    return value_any(value, element_is_true, &seen);
}
