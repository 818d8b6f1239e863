/* Dates are read and written without the locale and without the local zone, except for the hours that people see. */
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_unix(void)
{
    return (int64_t)time(NULL);
}

void clock_iso(int64_t unix_s, char out[21])
{
    time_t when = (time_t)unix_s;
    struct tm parts;
    /* A year that has no room in the text, or none in the calendar, gives no text. */
    if (!gmtime_r(&when, &parts) || strftime(out, 21, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0) {
        out[0] = '\0';
    }
}

void clock_hms(int64_t unix_s, char out[9])
{
    time_t when = (time_t)unix_s;
    struct tm parts;
    if (!localtime_r(&when, &parts) || strftime(out, 9, "%H:%M:%S", &parts) == 0) {
        out[0] = '\0';
    }
}

/* Takes `digits` digits off the front as a number in [least, most]. */
static bool take_number(struct str *text, size_t digits, int least, int most, int *value)
{
    int64_t number;
    struct str head = str_take(*text, digits);
    if (head.len != digits || head.data[0] < '0' || head.data[0] > '9' || !str_to_int64(head, least, most, &number)) {
        return false;
    }
    *text = str_from(*text, digits);
    *value = (int)number;
    return true;
}

static bool take_char(struct str *text, const char *any)
{
    if (!text->len || !text->data[0] || !strchr(any, text->data[0])) {
        return false;
    }
    *text = str_from(*text, 1);
    return true;
}

/* hh:mm[:ss[.fffffff]]; the fraction is dropped. */
static bool take_time(struct str *text, int *time_s)
{
    int hour, minute, second = 0;
    if (!take_number(text, 2, 0, 23, &hour) || !take_char(text, ":") || !take_number(text, 2, 0, 59, &minute)) {
        return false;
    }
    if (take_char(text, ":")) {
        int digit;
        if (!take_number(text, 2, 0, 60, &second)) {
            return false;
        }
        if (take_char(text, ".,") && !take_number(text, 1, 0, 9, &digit)) {
            return false;
        }
        while (take_char(text, "0123456789")) {
        }
    }
    *time_s = hour * 3600 + minute * 60 + second;
    return true;
}

/* Z, +hh:mm, -hhmm or nothing (UTC); seconds to subtract. */
static bool take_zone(struct str *text, int *offset_s)
{
    int hours = 0, minutes = 0, sign;
    *offset_s = 0;
    if (text->len == 0 || take_char(text, "Zz")) {
        return true;
    }
    sign = text->data[0] == '-' ? -1 : 1;
    if (!take_char(text, "+-") || !take_number(text, 2, 0, 23, &hours)) {
        return false;
    }
    if ((take_char(text, ":") || text->len) && !take_number(text, 2, 0, 59, &minutes)) {
        return false;
    }
    *offset_s = sign * (hours * 3600 + minutes * 60);
    return true;
}

bool clock_parse_iso(struct str text, int64_t *unix_s)
{
    struct tm parts = { 0 };
    int year, month, day, time_s = 0, offset_s = 0;
    if (!take_number(&text, 4, 1, 9999, &year) || !take_char(&text, "-") || !take_number(&text, 2, 1, 12, &month) ||
        !take_char(&text, "-") || !take_number(&text, 2, 1, 31, &day)) {
        return false;
    }
    if (take_char(&text, "Tt ") && (!take_time(&text, &time_s) || !take_zone(&text, &offset_s))) {
        return false;
    }
    /* Only the day goes through the calendar: a leap second at midnight would otherwise be the next day. */
    parts.tm_year = year - 1900;
    parts.tm_mon = month - 1;
    parts.tm_mday = day;
    time_t when = timegm(&parts);
    /* timegm turns 31 February into March: the day must have stayed. */
    if (text.len || parts.tm_mday != day) {
        return false;
    }
    *unix_s = (int64_t)when + time_s - offset_s;
    return true;
}
