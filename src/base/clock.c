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
    gmtime_r(&when, &parts);
    if (strftime(out, 21, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0) {
        out[0] = '\0';
    }
}

void clock_hms(int64_t unix_s, char out[9])
{
    time_t when = (time_t)unix_s;
    struct tm parts;
    localtime_r(&when, &parts);
    if (strftime(out, 9, "%H:%M:%S", &parts) == 0) {
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
    if (!text->len || !strchr(any, text->data[0])) {
        return false;
    }
    *text = str_from(*text, 1);
    return true;
}

/* hh:mm[:ss[.fffffff]] */
static bool take_time(struct str *text, struct tm *parts)
{
    if (!take_number(text, 2, 0, 23, &parts->tm_hour) || !take_char(text, ":") || !take_number(text, 2, 0, 59, &parts->tm_min)) {
        return false;
    }
    if (take_char(text, ":") && !take_number(text, 2, 0, 60, &parts->tm_sec)) {
        return false;
    }
    if (take_char(text, ".,")) {
        while (text->len && text->data[0] >= '0' && text->data[0] <= '9') {
            *text = str_from(*text, 1);
        }
    }
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
    take_char(text, ":");
    if (text->len && !take_number(text, 2, 0, 59, &minutes)) {
        return false;
    }
    *offset_s = sign * (hours * 3600 + minutes * 60);
    return true;
}

bool clock_parse_iso(struct str text, int64_t *unix_s)
{
    struct tm parts = { 0 };
    int year, month, day, offset_s = 0;
    if (!take_number(&text, 4, 1, 9999, &year) || !take_char(&text, "-") || !take_number(&text, 2, 1, 12, &month) ||
        !take_char(&text, "-") || !take_number(&text, 2, 1, 31, &day)) {
        return false;
    }
    if (take_char(&text, "Tt ") && (!take_time(&text, &parts) || !take_zone(&text, &offset_s))) {
        return false;
    }
    parts.tm_year = year - 1900;
    parts.tm_mon = month - 1;
    parts.tm_mday = day;
    time_t when = timegm(&parts);
    /* timegm turns 31 February into March: the day must have stayed. */
    if (text.len || parts.tm_mday != day) {
        return false;
    }
    *unix_s = (int64_t)when - offset_s;
    return true;
}
