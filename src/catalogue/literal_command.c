#include "catalogue/literal_command.h"

#include <ctype.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "catalogue/literal_bytes.h"
#include "catalogue/scalar.h"

static bool is_word_char(char c)
{
    return isalnum((unsigned char)c) || c == '-' || c == '_';
}

static struct str peek_word(const struct reader *reader)
{
    size_t length = 0;
    while (is_word_char(reader_peek(reader, length)))
        length++;
    return (struct str){ reader->text.data + reader->at, length };
}

bool literal_at_word(const struct reader *reader, const char *word)
{
    return str_is_nocase(peek_word(reader), word);
}

static bool take_bracket(struct reader *reader, struct err *err)
{
    reader_skip(reader, true);
    if (reader_peek(reader, 0) != ')')
        return reader_fail(reader, reader->at, err, "expected ')'");
    reader->at++;
    return true;
}

/* ---- Get-Date ---- */

/* Months and years go through the calendar; 31 January and a month is the last day of February, as in .NET. */
static int64_t add_months(int64_t moment, int64_t count)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    time_t when = (time_t)moment;
    struct tm parts;
    if (!gmtime_r(&when, &parts))
        return moment;
    int64_t months = (int64_t)parts.tm_year * 12 + parts.tm_mon + count, month = ((months % 12) + 12) % 12;
    int64_t year = (months - month) / 12 + 1900;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    int last = days[month] + (month == 1 && leap);
    parts.tm_year = (int)(year - 1900);
    parts.tm_mon = (int)month;
    parts.tm_mday = parts.tm_mday > last ? last : parts.tm_mday;
    return (int64_t)timegm(&parts);
}

/* What a method of a date adds: seconds, or months, or nothing (of a date in UTC some change nothing). */
static const struct { const char *name; int64_t seconds; int months; } methods[] = {
    { "AddDays", 86400, 0 }, { "AddHours", 3600, 0 }, { "AddMinutes", 60, 0 }, { "AddSeconds", 1, 0 },
    { "AddMonths", 0, 1 }, { "AddYears", 0, 12 }, { "ToUniversalTime", 0, 0 },
};

/* The number in a method's brackets; the reader stands on the opening one. */
static bool read_count(struct reader *reader, bool wanted, int64_t *count)
{
    size_t end = reader->at;
    *count = 0;
    while (end < reader->text.len && reader->text.data[end] != ')')
        end++;
    if (reader_peek(reader, 0) != '(' || end == reader->text.len)
        return false;
    struct str number = str_trim(str_take(str_from(reader->text, reader->at + 1), end - reader->at - 1));
    reader->at = end + 1;
    return wanted ? str_to_int64(number, -100000, 100000, count) : number.len == 0;
}

static bool read_method(struct reader *reader, int64_t *moment, struct err *err)
{
    size_t at = reader->at, found = 0, most = sizeof methods / sizeof *methods;
    struct str name = peek_word(reader);
    int64_t count;
    while (found < most && !str_is_nocase(name, methods[found].name))
        found++;
    reader->at += name.len;
    bool adds = found < most && (methods[found].seconds || methods[found].months);
    if (found == most || !read_count(reader, adds, &count)) {
        reader_fail(reader, at, err, "of a date AddDays, AddHours, AddMinutes, AddMonths and AddYears with a whole number are known");
        err_advise(err, "Write (Get-Date).AddDays(-7), or '2026-01-31'. A date goes out in its own form, without ToString.");
        return false;
    }
    *moment = methods[found].months ? add_months(*moment, count * methods[found].months) : *moment + count * methods[found].seconds;
    return true;
}

/* The properties of .NET that give the time. Local time is not known to the service, so all of them are UTC. */
static const struct { const char *text; bool whole_day; } clocks[] = {
    { "[datetime]::UtcNow", false },        { "[datetime]::Now", false },        { "[datetime]::Today", true },
    { "[System.DateTime]::UtcNow", false }, { "[System.DateTime]::Now", false }, { "[System.DateTime]::Today", true },
};

/* Bytes of the one that stands here; 0 = none. */
static size_t clock_length(const struct reader *reader, bool *whole_day)
{
    struct str rest = str_from(reader->text, reader->at);
    for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++) {
        size_t length = strlen(clocks[i].text);
        *whole_day = clocks[i].whole_day;
        if (str_starts_nocase(rest, str_of(clocks[i].text)) && !is_word_char(reader_peek(reader, length)))
            return length;
    }
    return 0;
}

bool literal_at_clock(const struct reader *reader)
{
    bool whole_day;
    return clock_length(reader, &whole_day) > 0;
}

/* (Get-Date) and (Get-Date '2026-01-31'); the reader stands behind the opening bracket. */
static bool read_get_date(struct reader *reader, int64_t *moment, struct err *err)
{
    struct json *text = NULL;
    reader->at += peek_word(reader).len;
    reader_skip(reader, true);
    *moment = clock_unix();
    size_t at = reader->at;
    if (literal_at_quote(reader)) {
        bool good = literal_read_quoted(reader, &text, err) && (date_from_text(json_string(text), moment)
            || reader_fail(reader, at, err, "a date is written 2026-01-31 or 2026-01-31T14:00:00"));
        json_free(text);
        if (!good)
            return false;
    }
    if (take_bracket(reader, err))
        return true;
    err_advise(err, "Write (Get-Date) or (Get-Date).AddDays(-7).");
    return false;
}

bool literal_read_moment(struct reader *reader, int64_t *moment, struct err *err)
{
    bool whole_day;
    size_t length = clock_length(reader, &whole_day);
    if (length > 0) {
        reader->at += length;
        *moment = clock_unix();
        *moment -= whole_day ? *moment % 86400 : 0;
    } else if (!read_get_date(reader, moment, err)) {
        return false;
    }
    while (reader_peek(reader, 0) == '.') {
        reader->at++;
        if (!read_method(reader, moment, err))
            return false;
    }
    return true;
}

bool literal_read_date(struct reader *reader, struct literal *literal, struct err *err)
{
    char iso[21];
    int64_t moment;
    if (!literal_read_moment(reader, &moment, err))
        return false;
    clock_iso(moment, iso);
    literal->json = json_new_string(str_of(iso));
    return true;
}

/* ---- Get-Content ---- */

/* A quoted text, or what stands up to the next blank: in a command's arguments words need no quotes. */
static bool read_argument(struct reader *reader, struct json **text, struct err *err)
{
    size_t start = reader->at;
    reader_skip(reader, true);
    if (literal_at_quote(reader))
        return literal_read_quoted(reader, text, err);
    start = reader->at;
    while (!reader_end(reader) && !isspace((unsigned char)reader_peek(reader, 0)) && strchr("(){}$,|;&", reader_peek(reader, 0)) == NULL
           && (reader->at > start || reader_peek(reader, 0) != '@'))
        reader->at++;
    if (reader->at == start)
        return reader_fail(reader, start, err, "expected the path of a file");
    *text = json_new_string((struct str){ reader->text.data + start, reader->at - start });
    return true;
}

struct content { struct json *path; bool bytes, whole; };

/* One parameter or the path. -ReadCount says how the lines are handed on, which is all the same here. */
static bool read_content_argument(struct reader *reader, struct content *content, struct err *err)
{
    static const struct { const char *name; enum { PATH, ENCODING, NUMBER, BYTES, RAW, NOTHING } what; } names[] = {
        { "Path", PATH }, { "LiteralPath", PATH }, { "Encoding", ENCODING }, { "ReadCount", NUMBER }, { "AsByteStream", BYTES },
        { "Raw", RAW }, { "Force", NOTHING },
    };
    size_t dash = reader_dash(reader), found = 0, most = sizeof names / sizeof *names, at = reader->at;
    struct json *value = NULL;
    if (dash > 0) {
        reader->at += dash;
        struct str name = peek_word(reader);
        while (found < most && !str_is_nocase(name, names[found].name))
            found++;
        if (found == most)
            return reader_fail(reader, at, err, "Get-Content takes -Path, -AsByteStream, -Encoding Byte, -ReadCount and -Raw here");
        reader->at += name.len;
        content->bytes = content->bytes || names[found].what == BYTES;
        content->whole = content->whole || names[found].what == RAW;
        if (names[found].what >= BYTES)
            return true;
    }
    if (!read_argument(reader, &value, err))
        return false;
    if (names[found].what == ENCODING)
        content->bytes = content->bytes || str_is_nocase(json_string(value), "Byte");
    if (names[found].what == PATH && content->path == NULL) {
        content->path = value;
        return true;
    }
    json_free(value);
    return names[found].what != PATH || reader_fail(reader, at, err, "one file at a time");
}

bool literal_read_content(struct reader *reader, struct literal *literal, struct err *err)
{
    size_t start = reader->at;
    struct content content = { 0 };
    bool good = true;
    reader->at += peek_word(reader).len;
    for (reader_skip(reader, true); good && !reader_end(reader) && reader_peek(reader, 0) != ')'; reader_skip(reader, true))
        good = read_content_argument(reader, &content, err);
    good = good && take_bracket(reader, err);
    if (good && content.path == NULL) {
        good = reader_fail(reader, start, err, "Get-Content needs the path of a file");
        err_advise(err, "Write (Get-Content PATH) for its lines, with -Raw for its text, with -AsByteStream for its bytes.");
    }
    if (good) {
        literal->bytes = content.bytes;
        literal->json = content.bytes ? file_as_base64(json_string(content.path), err) : file_as_text(json_string(content.path), content.whole, err);
        good = literal->json != NULL;
    }
    json_free(content.path);
    return good;
}

/* ---- passwords ---- */

bool literal_at_secret(const struct reader *reader)
{
    return literal_at_word(reader, "ConvertTo-SecureString") || literal_at_word(reader, "Get-Credential") || literal_at_word(reader, "Read-Host");
}

/* A text, or of a password $env:NAME, which is a source of its own here. */
static bool read_secret_text(struct reader *reader, bool password, struct json **text, struct err *err)
{
    size_t at, end;
    reader_skip(reader, true);
    at = end = reader->at;
    if (password && str_starts_nocase(str_from(reader->text, at), STR("$env:"))) {
        for (end = at + 5; end < reader->text.len && (isalnum((unsigned char)reader->text.data[end]) || reader->text.data[end] == '_'); end++)
            continue;
        reader->at = end;
        *text = json_new_string((struct str){ reader->text.data + at + 1, end - at - 1 });
        return true;
    }
    if (reader_peek(reader, 0) == '$' || strchr("(@{", reader_peek(reader, 0)) != NULL) {
        reader_fail(reader, at, err, reader_peek(reader, 0) == '$' ? "variables are not known here" : "a text is expected here");
        err_advise(err, "Write where the password is in place of the brackets: prompt, env:NAME, file:PATH, fd:N or cmd:COMMAND.");
        return false;
    }
    return read_argument(reader, text, err);
}

/* What stands there for a password is the first value; the words of a prompt are purvey's own. *text: the value, of
   Get-Credential the user name; NULL = none. */
static bool read_secret_argument(struct reader *reader, bool password, struct json **text, struct err *err)
{
    size_t dash = reader_dash(reader);
    bool wanted = true;
    struct json *value = NULL;
    if (dash > 0) {
        reader->at += dash;
        struct str name = peek_word(reader);
        reader->at += name.len;
        static const char *const switches[] = { "AsPlainText", "Force", "AsSecureString", "MaskInput" };
        for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
            if (name.len > 0 && str_starts_nocase(str_of(switches[i]), name))
                return true;
        wanted = !str_starts_nocase(STR("Message"), name) && !str_starts_nocase(STR("Title"), name) && !str_starts_nocase(STR("Prompt"), name);
    }
    if (!read_secret_text(reader, password, &value, err))
        return false;
    if (wanted && *text == NULL)
        *text = value;
    else
        json_free_secret(value);
    return true;
}

/* (Get-Credential).Password and .GetNetworkCredential().Password: the password alone, whoever is named. */
static bool take_password_member(struct reader *reader)
{
    static const char *const members[] = { ".Password", ".GetNetworkCredential().Password" };
    struct str rest = str_from(reader->text, reader->at);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (str_starts_nocase(rest, str_of(members[i])) && !is_word_char(reader_peek(reader, strlen(members[i])))) {
            reader->at += strlen(members[i]);
            return true;
        }
    return false;
}

bool literal_read_secret(struct reader *reader, struct literal *literal, struct err *err)
{
    bool credential = literal_at_word(reader, "Get-Credential"), asks = literal_at_word(reader, "Read-Host"), good = true;
    size_t start = reader->at;
    struct json *text = NULL;
    reader->at += peek_word(reader).len;
    for (reader_skip(reader, true); good && !reader_end(reader) && reader_peek(reader, 0) != ')'; reader_skip(reader, true))
        good = read_secret_argument(reader, !credential, &text, err);
    good = good && take_bracket(reader, err);
    if (good && text == NULL && !credential && !asks) {
        good = reader_fail(reader, start, err, "ConvertTo-SecureString needs the password");
        err_advise(err, "Write (ConvertTo-SecureString 'PASSWORD' -AsPlainText -Force), or where it is: prompt, file:PATH, env:NAME.");
    }
    if (!good) {
        json_free_secret(text);
        return false;
    }
    literal->secret = true;
    if (credential && take_password_member(reader)) {
        credential = false;
        asks = true;
    }
    literal->json = credential ? json_new_object() : text;
    if (credential) {
        json_add(literal->json, "UserName", text != NULL ? text : json_new_string(STR("")));
        json_add(literal->json, "Password", json_new_string(STR("prompt")));
    } else if (asks) {
        json_free(text);
        literal->json = json_new_string(STR("prompt"));
    }
    return true;
}
