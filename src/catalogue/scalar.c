/* Simple values as people write them, to the form that the wire wants. What can be read in two ways is refused: a date or
   a number that was understood wrongly changes the wrong objects. */
#include "catalogue/scalar.h"

#include <ctype.h>
#include <inttypes.h>

#include "base/clock.h"
#include "base/guid.h"
#include "base/nearest.h"
#include "catalogue/literal.h"

#define DAY_S ((int64_t)86400)

static struct json *refuse(const struct parameter *parameter, struct str text, const char *expected, const char *advice,
                           struct err *err)
{
    err_set(err, ERR_INPUT, "-%s: \"%.*s\" is not %s", parameter->name, STR_ARG(str_take(text, 100)), expected);
    err_advise(err, "%s", advice);
    err_field(err, parameter->name);
    return NULL;
}

bool bool_from_text(struct str text, bool *value)
{
    static const char *const yes[] = { "true", "$true", "yes", "y", "on", "1" };
    static const char *const no[] = { "false", "$false", "no", "n", "off", "0" };
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        *value = str_is_nocase(text, yes[i]);
        if (*value || str_is_nocase(text, no[i]))
            return true;
    }
    return false;
}

static struct json *from_bool(const struct parameter *parameter, struct str text, struct err *err)
{
    bool value;
    if (!bool_from_text(text, &value))
        return refuse(parameter, text, "true or false", "Write true or false (yes and no will do).", err);
    return json_new_bool(value);
}

/* A range of the definition may be wider than the type only by mistake; it is believed. */
static void type_range(const struct parameter *parameter, int64_t *min, int64_t *max)
{
    *min = parameter->type == TYPE_INT ? INT32_MIN : INT64_MIN;
    *max = parameter->type == TYPE_INT ? INT32_MAX : INT64_MAX;
    if (parameter->has_range) {
        *min = parameter->min;
        *max = parameter->max;
    }
}

/* Too large and not a number are different mistakes, and the advice differs. */
static struct json *from_integer(const struct parameter *parameter, struct str text, struct err *err)
{
    struct buf digits = BUF_INIT(128);
    int64_t min, max, value = 0;
    bool number = literal_number(text, &digits);
    bool whole = number && str_to_int64(buf_str(&digits), INT64_MIN, INT64_MAX, &value);
    buf_free(&digits);
    type_range(parameter, &min, &max);
    if (whole && value >= min && value <= max)
        return json_new_int(value);
    if (!whole)
        return refuse(parameter, text, "a whole number", "Write digits, for example 100.", err);
    err_set(err, ERR_INPUT, "-%s: %" PRId64 " is outside of %" PRId64 " to %" PRId64, parameter->name, value, min, max);
    err_field(err, parameter->name);
    return NULL;
}

static struct json *from_double(const struct parameter *parameter, struct str text, struct err *err)
{
    struct buf digits = BUF_INIT(128);
    struct json *json = literal_number(text, &digits) ? json_new_number(buf_str(&digits)) : NULL;
    buf_free(&digits);
    return json != NULL ? json : refuse(parameter, text, "a number", "Write digits, for example 2.5.", err);
}

/* {GUID}, (GUID) and 32 digits are forms of the same thing. */
static bool plain_guid(struct str text, struct buf *guid)
{
    static const size_t groups[] = { 8, 4, 4, 4, 12 };
    if (text.len == 38 && (text.data[0] == '{' || text.data[0] == '('))
        text = str_take(str_from(text, 1), 36);
    if (text.len != 32) {
        buf_add(guid, text);
        return guid_valid(buf_str(guid));
    }
    for (size_t i = 0; i < 5; i++) {
        buf_text(guid, i > 0 ? "-" : "");
        buf_add(guid, str_take(text, groups[i]));
        text = str_from(text, groups[i]);
    }
    return guid_valid(buf_str(guid));
}

static struct json *from_guid(const struct parameter *parameter, struct str text, struct err *err)
{
    struct buf guid = BUF_INIT(256);
    bool good = plain_guid(text, &guid);
    /* As .NET writes it, which is what the service compares with. */
    for (size_t i = 0; good && i < guid.len; i++)
        if (guid.data[i] >= 'A' && guid.data[i] <= 'F')
            guid.data[i] = (char)(guid.data[i] + ('a' - 'A'));
    struct json *json = good ? json_new_string(buf_str(&guid)) : NULL;
    buf_free(&guid);
    return json != NULL ? json
        : refuse(parameter, text, "a GUID", "A GUID looks like 36ee4c6c-0812-40a2-b820-b22ebd02bce3.", err);
}

/* ---- points in time ---- */

static int64_t unit_seconds(char unit)
{
    switch (tolower((unsigned char)unit)) {
    case 'm': return 60;
    case 'h': return 3600;
    case 'd': return DAY_S;
    case 'w': return 7 * DAY_S;
    default: return 0;
    }
}

/* 7d is seven days ago, +7d in seven days. */
static bool from_now(struct str text, int64_t now, int64_t *unix_s)
{
    int64_t amount;
    bool future = text.len > 0 && text.data[0] == '+';
    if (future || (text.len > 0 && text.data[0] == '-'))
        text = str_from(text, 1);
    if (text.len < 2 || !isdigit((unsigned char)text.data[0]))
        return false;
    int64_t unit = unit_seconds(text.data[text.len - 1]);
    if (unit == 0 || !str_to_int64(str_take(text, text.len - 1), 0, 100000, &amount))
        return false;
    *unix_s = future ? now + amount * unit : now - amount * unit;
    return true;
}

/* Days begin at midnight UTC: the same command must mean the same on every machine. */
static bool named_day(struct str text, int64_t now, int64_t *unix_s)
{
    int64_t midnight = now - now % DAY_S;
    const struct { const char *name; int64_t value; } days[] = {
        { "now", now }, { "today", midnight }, { "yesterday", midnight - DAY_S }, { "tomorrow", midnight + DAY_S },
    };
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        *unix_s = days[i].value;
        if (str_is_nocase(text, days[i].name))
            return true;
    }
    return false;
}

/* "2026-01-31 14:00" becomes 2026-01-31T14:00:00 before the strict reading. */
static bool iso_time(struct str text, int64_t *unix_s)
{
    struct buf iso = BUF_INIT(64);
    if (text.len < 10 || text.len > 40)
        return false;
    buf_add(&iso, str_take(text, 10));
    struct str time = str_trim(str_from(text, 10));
    if (time.len > 0 && toupper((unsigned char)time.data[0]) == 'T')
        time = str_from(time, 1);
    if (time.len > 0) {
        buf_char(&iso, 'T');
        buf_add(&iso, str_take(time, 5));
        time = str_from(time, 5);
        if (time.len == 0 || time.data[0] != ':')
            buf_text(&iso, ":00");
        buf_add(&iso, time);
    }
    bool good = clock_parse_iso(buf_str(&iso), unix_s);
    buf_free(&iso);
    return good;
}

/* Digits up to the separator, which goes too: no more than two, as in 1/31/2026 9:05 AM. */
static bool take_part(struct str *text, char separator, int64_t most, int64_t *value)
{
    struct str part;
    return str_cut(text, separator, &part) && part.len <= 2 && str_to_int64(part, 0, most, value);
}

/* 9:05, 9:05:30, 9:05 AM */
static bool clock_time(struct str text, int64_t *seconds)
{
    int64_t hour, minute, second = 0;
    bool pm = str_ends_nocase(text, STR("PM")), twelve = pm || str_ends_nocase(text, STR("AM"));
    text = str_trim(twelve ? str_take(text, text.len - 2) : text);
    if (!take_part(&text, ':', twelve ? 12 : 23, &hour) || (twelve && hour == 0))
        return false;
    struct str last = text;
    bool with_seconds = str_cut(&last, ':', &text);
    if (text.len != 2 || !str_to_int64(text, 0, 59, &minute) || (with_seconds && (last.len != 2 || !str_to_int64(last, 0, 59, &second))))
        return false;
    hour = twelve ? hour % 12 + (pm ? 12 : 0) : hour;
    *seconds = hour * 3600 + minute * 60 + second;
    return true;
}

/* 11/20/2026 07:15 AM, as the reference's examples write dates and PowerShell reads them. 01/02/2026 is not clear: it is
   January in one country and February in the next (pains 19). */
static bool american_time(struct str text, bool *clear, int64_t *unix_s)
{
    struct str day, time = text;
    int64_t month, date, year, seconds = 0;
    bool timed = str_cut(&time, ' ', &day);
    day = timed ? day : text;
    if (!take_part(&day, '/', 12, &month) || !take_part(&day, '/', 31, &date) || day.len != 4 || !str_to_int64(day, 1, 9999, &year)
        || (timed && !clock_time(str_trim(time), &seconds)))
        return false;
    struct buf iso = BUF_INIT(16);
    buf_format(&iso, "%04d-%02d-%02d", (int)year, (int)month, (int)date);
    bool good = clock_parse_iso(buf_str(&iso), unix_s);
    buf_free(&iso);
    *unix_s += good ? seconds : 0;
    *clear = date > 12 || date == month;
    return good;
}

bool date_from_text(struct str text, int64_t *unix_s)
{
    int64_t now = clock_unix();
    bool clear = false;
    return named_day(text, now, unix_s) || from_now(text, now, unix_s) || iso_time(text, unix_s) || (american_time(text, &clear, unix_s) && clear);
}

bool date_is_ambiguous(struct str text)
{
    int64_t unix_s;
    bool clear;
    return american_time(text, &clear, &unix_s) && !clear;
}

bool date_month_first(struct str text, int64_t *unix_s)
{
    bool clear;
    return american_time(text, &clear, unix_s);
}

static struct json *from_date(const struct parameter *parameter, struct str text, struct err *err)
{
    int64_t moment;
    char iso[21];
    if (!date_from_text(text, &moment))
        return refuse(parameter, text, "a date that is clear in every country",
                      "Write 2026-01-31, 2026-01-31 14:00 (UTC), 7d (seven days ago), today or yesterday.", err);
    clock_iso(moment, iso);
    /* Without the Z, as Microsoft's client sends dates (rest.md section 4). */
    return json_new_string(str_take(str_of(iso), 19));
}

/* ---- lengths of time ---- */

struct span {
    bool negative;
    int64_t days, hours, minutes, seconds;
    struct str fraction;        /* up to seven digits */
};

/* The number before a separator, which goes with it; the last one has none. */
static bool take_number(struct str *text, char separator, int64_t most, int64_t *number)
{
    struct str digits;
    bool more = str_cut(text, separator, &digits) || separator == '\0';
    return more && digits.len > 0 && isdigit((unsigned char)digits.data[0]) && str_to_int64(digits, 0, most, number);
}

/* 90m, 12h, 7d, 2w: as for points in time. */
static bool span_in_units(struct str text, struct span *span)
{
    int64_t amount, unit = text.len > 1 && isdigit((unsigned char)text.data[0]) ? unit_seconds(text.data[text.len - 1]) : 0;
    if (unit == 0 || !str_to_int64(str_take(text, text.len - 1), 0, 1000000, &amount))
        return false;
    amount *= unit;
    span->days = amount / DAY_S;
    span->hours = amount % DAY_S / 3600;
    span->minutes = amount % 3600 / 60;
    return true;
}

static bool all_digits(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!isdigit((unsigned char)text.data[i]))
            return false;
    return true;
}

/* [days.]hours:minutes[:seconds[.fraction]]. A number alone is refused: as text it means days, as a number ticks. */
static bool span_with_colons(struct str text, struct span *span)
{
    struct str rest = text, head;
    if (text.len == 0)
        return false;
    str_cut(&rest, ':', &head);
    if (memchr(head.data, '.', head.len) != NULL && !take_number(&text, '.', 10000000, &span->days))
        return false;
    if (!take_number(&text, ':', 23, &span->hours))
        return false;
    if (memchr(text.data, ':', text.len) == NULL)
        return take_number(&text, '\0', 59, &span->minutes);
    if (!take_number(&text, ':', 59, &span->minutes))
        return false;
    str_cut(&text, '.', &head);
    span->fraction = text;
    return take_number(&head, '\0', 59, &span->seconds) && text.len <= 7 && all_digits(text);
}

/* Printed as .NET prints it, which is what Microsoft's client sends (rest.md section 4). */
static struct json *from_timespan(const struct parameter *parameter, struct str text, struct err *err)
{
    struct span span = { .negative = str_starts(text, STR("-")) };
    struct str number = str_from(text, span.negative ? 1 : 0);
    struct buf out = BUF_INIT(64);
    if (!span_in_units(number, &span) && !span_with_colons(number, &span))
        return refuse(parameter, text, "a length of time",
                      "Write days.hours:minutes:seconds, for example 7.00:00:00, or 90m, 12h, 7d.", err);
    buf_text(&out, span.negative ? "-" : "");
    if (span.days > 0)
        buf_format(&out, "%" PRId64 ".", span.days);
    buf_format(&out, "%02" PRId64 ":%02" PRId64 ":%02" PRId64, span.hours, span.minutes, span.seconds);
    if (span.fraction.len > 0) {
        buf_char(&out, '.');
        buf_add(&out, span.fraction);
        buf_repeat(&out, '0', 7 - span.fraction.len);
    }
    struct json *json = json_new_string(buf_str(&out));
    buf_free(&out);
    return json;
}

static struct json *from_culture(const struct parameter *parameter, struct str text, struct err *err)
{
    bool good = text.len >= 2 && text.len <= 20;
    for (size_t i = 0; i < text.len; i++)
        good = good && (isalnum((unsigned char)text.data[i]) || (text.data[i] == '-' && i >= 2));
    return good ? json_new_string(text)
        : refuse(parameter, text, "a language", "Write a language code such as en-US or de-DE.", err);
}

static struct json *from_version(const struct parameter *parameter, struct str text, struct err *err)
{
    bool good = text.len > 0 && text.len <= 40 && isdigit((unsigned char)text.data[0]);
    for (size_t i = 0; i < text.len; i++)
        good = good && (isdigit((unsigned char)text.data[i]) || text.data[i] == '.');
    return good ? json_new_string(text) : refuse(parameter, text, "a version", "Write a version such as 1.0.0.0.", err);
}

static size_t characters(struct str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char)text.data[i] & 0xC0) != 0x80;
    return count;
}

/* Lengths are in characters, as .NET nearly counts them. */
static struct json *from_plain(const struct parameter *parameter, struct str text, struct err *err)
{
    size_t length = characters(text);
    bool too_long = parameter->max_length >= 0 && length > (size_t)parameter->max_length;
    bool too_short = parameter->min_length >= 0 && length < (size_t)parameter->min_length;
    if (!too_long && !too_short)
        return json_new_string(text);
    err_set(err, ERR_INPUT, "-%s has %zu characters; %d to %d are allowed", parameter->name, length,
            parameter->min_length < 0 ? 0 : parameter->min_length, parameter->max_length);
    err_field(err, parameter->name);
    return NULL;
}

/* Its source (prompt, file:...) or the password itself; it travels encrypted with the key of the module file (rest.md
   section 4). */
static struct json *from_secret(const struct parameter *parameter, struct str text, struct err *err)
{
    if (text.len > 0)
        return json_new_string(text);
    err_set(err, ERR_INPUT, "-%s takes a password, or where it is: prompt, file:PATH, env:NAME, fd:N, cmd:COMMAND", parameter->name);
    err_field(err, parameter->name);
    return NULL;
}

static struct json *refuse_credential(const struct parameter *parameter, struct str text, struct err *err)
{
    (void)text;
    err_set(err, ERR_INPUT, "-%s takes a user name and a password", parameter->name);
    err_advise(err, "Write (Get-Credential), or @{UserName='anna@contoso.com'; Password='env:NAME'}.");
    err_field(err, parameter->name);
    return NULL;
}

/* Types without a row are plain text. */
static const struct {
    enum parameter_type type;
    struct json *(*read)(const struct parameter *parameter, struct str text, struct err *err);
} readers[] = {
    { TYPE_BOOL, from_bool },
    { TYPE_SWITCH, from_bool },
    { TYPE_INT, from_integer },
    { TYPE_LONG, from_integer },
    { TYPE_DOUBLE, from_double },
    { TYPE_GUID, from_guid },
    { TYPE_DATETIME, from_date },
    { TYPE_TIMESPAN, from_timespan },
    { TYPE_CULTURE, from_culture },
    { TYPE_VERSION, from_version },
    { TYPE_SECURE_STRING, from_secret },
    { TYPE_CREDENTIAL, refuse_credential },
};

static bool free_of_nul(const struct parameter *parameter, struct str text, struct err *err)
{
    if (memchr(text.data != NULL ? text.data : "", '\0', text.len) == NULL)
        return true;
    err_set(err, ERR_INPUT, "-%s holds a NUL character, which no value may", parameter->name);
    err_field(err, parameter->name);
    return false;
}

struct json *scalar_from_text(const struct parameter *parameter, struct str text, struct err *err)
{
    if (!free_of_nul(parameter, text, err))
        return NULL;
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        if (readers[i].type == parameter->type)
            return readers[i].read(parameter, str_trim(text), err);
    /* Only here the blanks around the text are kept: they may be meant. */
    return from_plain(parameter, text, err);
}

/* The nearest when there is one, else all of them as far as they fit on a line. */
static void say_choices(const struct parameter *parameter, struct str value, struct err *err)
{
    struct nearest nearest = nearest_to(value);
    /* A list may have dozens of values; the cap ends it with dots. */
    struct buf all = BUF_INIT(330);
    for (size_t i = 0; i < parameter->value_count; i++) {
        nearest_offer(&nearest, str_of(parameter->values[i]));
        buf_format(&all, "%s%s", i > 0 ? ", " : "", parameter->values[i]);
    }
    err_set(err, ERR_INPUT, "-%s does not take \"%.*s\"", parameter->name, STR_ARG(str_take(value, 100)));
    struct buf otherwise = BUF_INIT(370);
    buf_format(&otherwise, "It takes %s%s", buf_cstr(&all), all.overflowed ? " ..." : ".");
    nearest_advise(&nearest, "", buf_cstr(&otherwise), err);
    err_field(err, parameter->name);
    buf_free(&all);
    buf_free(&otherwise);
}

/* "$true" in a list is met by true as well. PowerShell also takes a beginning of a value; here it must be whole,
   since a wrong one that happens to be a beginning would pass unseen. */
/* File, Email: .NET takes several values of an enumeration in one text. */
static bool choices_settle(const struct parameter *parameter, struct str list)
{
    struct str part;
    bool known = memchr(list.data ? list.data : "", ',', list.len) != NULL;
    for (bool more = known; more && known;) {
        size_t i = 0;
        more = str_cut(&list, ',', &part);
        while (i < parameter->value_count && !str_is_nocase(str_trim(part), parameter->values[i]))
            i++;
        known = i < parameter->value_count;
    }
    return known;
}

bool choice_settle(const struct parameter *parameter, struct str *value, struct err *err)
{
    for (size_t i = 0; i < parameter->value_count; i++) {
        struct str listed = str_of(parameter->values[i]);
        bool dollar = listed.len > 1 && listed.data[0] == '$';
        if (str_eq_nocase(*value, listed) || (dollar && str_eq_nocase(*value, str_from(listed, 1)))) {
            *value = listed;
            return true;
        }
    }
    if (parameter->value_count == 0 || !parameter->values_closed || (parameter->type == TYPE_UNTYPED && choices_settle(parameter, *value)))
        return true;
    say_choices(parameter, *value, err);
    return false;
}
