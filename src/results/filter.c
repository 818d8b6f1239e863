#include "results/filter.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "results/search.h"
#include "results/sort_key.h"

#define SECONDS_A_DAY 86400
#define DATE_ONLY 10            /* bytes of 2026-11-23 */

struct filter_operand {
    struct needle needle;
    bool is_number, is_date, whole_day;
    int64_t time;
    struct sort_key number, text;
};

/* ---- reading ---- */

/* The longer signs first: >= begins with >. */
static const struct { const char *sign; enum filter_op op; } operators[] = {
    { ">=", FILTER_GREATER_EQUAL }, { "<=", FILTER_LESS_EQUAL }, { "!=", FILTER_NOT_EQUAL }, { "=", FILTER_EQUAL },
    { ":", FILTER_CONTAINS }, { ">", FILTER_GREATER }, { "<", FILTER_LESS },
};

static bool take_operator(struct str *text, enum filter_op *op)
{
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (str_starts(*text, str_of(operators[i].sign))) {
            *op = operators[i].op;
            *text = str_from(*text, strlen(operators[i].sign));
            return true;
        }
    return false;
}

static bool at_blank(struct str text)
{
    return text.len == 0 || strchr(" \t\r\n", text.data[0]) != NULL;
}

static bool at_operator(struct str text)
{
    enum filter_op op;
    return take_operator(&text, &op);
}

static bool take_quoted(struct str *text, struct buf *word, struct err *err)
{
    *text = str_from(*text, 1);
    for (;;) {
        if (text->len == 0) {
            err_set(err, ERR_INPUT, "The filter has a quotation mark that is not closed.");
            err_advise(err, "Close it with \", or write \"\" for a quotation mark in the text.");
            return false;
        }
        if (str_starts(*text, STR("\"\""))) {
            *text = str_from(*text, 1);
        } else if (text->data[0] == '"') {
            *text = str_from(*text, 1);
            return true;
        }
        buf_char(word, text->data[0]);
        *text = str_from(*text, 1);
    }
}

/* A bare or quoted word, up to a blank or, for a column's name, an operator. */
static bool take_word(struct str *text, bool name, struct buf *word, struct err *err)
{
    buf_clear(word);
    /* In quotes an operator is text, which is how a value with = in it is found at all. */
    if (text->len && text->data[0] == '"')
        return take_quoted(text, word, err);
    while (!at_blank(*text) && !(name && at_operator(*text))) {
        buf_char(word, text->data[0]);
        *text = str_from(*text, 1);
    }
    return true;
}

static bool unknown_column(struct str name, const char *what, struct err *err)
{
    err_set(err, ERR_INPUT, "%s \"%.*s\".", what, (int)(name.len < 80 ? name.len : 80), name.data);
    err_advise(err, "Write the column's name as the table shows it; put text that holds such a sign in quotes.");
    return false;
}

/* The exact name first, then the name without case, then the only one that begins so. */
static bool find_column(struct str name, const struct column *columns, size_t count, int *number, struct err *err)
{
    int same = -1, prefix = -1, prefixes = 0;
    for (size_t i = 0; i < count; i++) {
        struct str column = str_of(columns[i].name);
        if (str_eq(column, name)) {
            *number = (int)i;
            return true;
        }
        if (same < 0 && str_eq_nocase(column, name))
            same = (int)i;
        /* A beginning counts only if it is the only one; the count tells which sentence to say. */
        if (name.len && str_starts_nocase(column, name)) {
            prefix = (int)i;
            prefixes++;
        }
    }
    *number = same >= 0 ? same : prefix;
    if (same >= 0 || prefixes == 1)
        return true;
    return unknown_column(name, prefixes ? "Several columns begin with" : "No column is named", err);
}

static struct filter_operand *operand_new(struct str text)
{
    struct filter_operand *operand = MEM_NEW(struct filter_operand);
    needle_init(&operand->needle, text);
    operand->is_number = sort_key_number(&operand->number, text);
    operand->is_date = text.len >= DATE_ONLY && clock_parse_iso(text, &operand->time);
    operand->whole_day = operand->is_date && text.len == DATE_ONLY;
    sort_key_text(&operand->text, text);
    return operand;
}

static bool take_value(struct filter_term *term, struct str *text, struct buf *word, struct err *err)
{
    bool quoted = text->len && text->data[0] == '"';
    if (!take_word(text, false, word, err))
        return false;
    /* Name= and Name!= ask for the empty value, the other signs mean nothing without one. */
    if (word->len == 0 && !quoted && term->op != FILTER_EQUAL && term->op != FILTER_NOT_EQUAL) {
        err_set(err, ERR_INPUT, "The filter compares a column with nothing.");
        err_advise(err, "Write a value behind the sign, such as Name:case or Size>100.");
        return false;
    }
    return true;
}

static bool take_term(struct filter_term *term, struct str *text, const struct column *columns, size_t column_count,
                      struct err *err)
{
    struct buf word = BUF_INIT(BUF_SMALL);
    bool good;
    term->negated = text->data[0] == '-';
    *text = str_from(*text, term->negated);
    bool quoted = text->len && text->data[0] == '"';
    good = take_word(text, true, &word, err);
    term->op = FILTER_ANYWHERE;
    term->column = -1;
    if (good && take_operator(text, &term->op))
        good = find_column(buf_str(&word), columns, column_count, &term->column, err) &&
               take_value(term, text, &word, err);
    else if (good && word.len == 0 && !quoted)
        good = err_set(err, ERR_INPUT, "The filter has a - with nothing behind it.");
    /* "a"b would be read as two terms by one person and as one by the next. */
    if (good && !at_blank(*text))
        good = err_set(err, ERR_INPUT, "The filter needs a blank behind the closing quotation mark.");
    if (good) {
        term->text = str_dup(buf_str(&word));
        term->operand = operand_new(str_of(term->text));
    }
    buf_free(&word);
    return good;
}

bool filter_parse(struct filter *filter, struct str text, const struct column *columns, size_t column_count,
                  struct err *err)
{
    size_t most = sizeof filter->terms / sizeof *filter->terms;
    *filter = (struct filter){ 0 };
    for (text = str_trim(text); text.len; text = str_trim(text)) {
        struct filter_term *term = &filter->terms[filter->count];
        if (filter->count == most) {
            filter_free(filter);
            return err_set(err, ERR_INPUT, "The filter has more than %zu terms.", most);
        }
        if (!take_term(term, &text, columns, column_count, err)) {
            filter_free(filter);
            return false;
        }
        filter->count++;
    }
    return true;
}

void filter_free(struct filter *filter)
{
    for (size_t i = 0; i < filter->count; i++) {
        free(filter->terms[i].text);
        free(filter->terms[i].operand);
    }
    *filter = (struct filter){ 0 };
}

/* ---- comparing ---- */

static struct str value_text(const struct property *value, struct buf *shown)
{
    if (value->kind == VALUE_STRING || value->kind == VALUE_NUMBER)
        return value->text;
    property_display(value, shown);
    return buf_str(shown);
}

static bool same_text(const struct filter_operand *operand, struct str text)
{
    struct str wanted = operand->needle.whole.text;
    if (str_eq_nocase(text, wanted))
        return true;
    /* Equal without case in any script: each contains the other. */
    return !operand->needle.ascii && text.len && wanted.len && text_contains(text, wanted) &&
           text_contains(wanted, text);
}

static int64_t day_of(int64_t time)
{
    return time / SECONDS_A_DAY - (time % SECONDS_A_DAY < 0);
}

/* Dates in text as the service writes them; a day without time is compared with the value's day. */
static bool compare_dates(const struct filter_operand *operand, const struct property *value, int *order)
{
    int64_t time;
    if (!operand->is_date || value->kind != VALUE_STRING || value->text.len < DATE_ONLY ||
        !clock_parse_iso(value->text, &time))
        return false;
    int64_t wanted = operand->time;
    if (operand->whole_day) {
        time = day_of(time);
        wanted = day_of(wanted);
    }
    *order = (time > wanted) - (time < wanted);
    return true;
}

/* Numbers and sizes, when the operand is a number. Text of digits is only a number for "more" and "less": as a name,
   007 is not 7. */
static bool compare_numbers(const struct filter_operand *operand, const struct property *value, bool equality,
                            int *order)
{
    struct sort_key key;
    key.len = 0;
    if (!operand->is_number || (value->kind != VALUE_NUMBER && value->kind != VALUE_STRING))
        return false;
    /* Sizes such as "99 GB (106,300,440,576 bytes)" are text on the wire (rest.md section 5). */
    bool plain = value->kind == VALUE_NUMBER || !equality;
    if (!(plain && sort_key_number(&key, value->text)) && !sort_key_size(&key, value->text))
        return false;
    *order = sort_key_compare(&key, &operand->number);
    return true;
}

static int compare(const struct filter_operand *operand, const struct property *value, bool equality)
{
    int order;
    struct sort_key key;
    struct buf shown = BUF_INIT(BUF_LARGE);
    if (compare_dates(operand, value, &order) || compare_numbers(operand, value, equality, &order))
        return order;
    struct str text = value_text(value, &shown);
    if (same_text(operand, text)) {
        order = 0;
    } else {
        key.len = 0;
        sort_key_text(&key, text);
        order = sort_key_compare(&key, &operand->text);
        /* The keys ignore accents and leading zeros, equality does not. */
        if (order == 0 && equality)
            order = 1;
    }
    buf_free(&shown);
    return order;
}

/* Null is neither more nor less than anything; it equals only the empty text. */
bool filter_term_holds(const struct filter_term *term, const struct property *value)
{
    if (!value)
        return false;
    switch (term->op) {
    case FILTER_ANYWHERE:
    case FILTER_CONTAINS: return needle_in_value(&term->operand->needle, value);
    case FILTER_EQUAL: return compare(term->operand, value, true) == 0;
    case FILTER_NOT_EQUAL: return compare(term->operand, value, true) != 0;
    case FILTER_GREATER: return value->kind != VALUE_NULL && compare(term->operand, value, false) > 0;
    case FILTER_GREATER_EQUAL: return value->kind != VALUE_NULL && compare(term->operand, value, false) >= 0;
    case FILTER_LESS: return value->kind != VALUE_NULL && compare(term->operand, value, false) < 0;
    case FILTER_LESS_EQUAL: return value->kind != VALUE_NULL && compare(term->operand, value, false) <= 0;
    }
    return false;
}

static bool holds_anywhere(const struct filter_term *term, filter_value *value, void *row, int column_count)
{
    struct property found;
    for (int i = 0; i < column_count; i++)
        if (value(row, i, &found) && filter_term_holds(term, &found))
            return true;
    return false;
}

bool filter_matches(const struct filter *filter, filter_value *value, void *row, int column_count)
{
    struct property found;
    for (size_t i = 0; i < filter->count; i++) {
        const struct filter_term *term = &filter->terms[i];
        bool holds = term->op == FILTER_ANYWHERE
                         ? holds_anywhere(term, value, row, column_count)
                         : filter_term_holds(term, value(row, term->column, &found) ? &found : NULL);
        if (holds == term->negated)
            return false;
    }
    return true;
}
