/* Every text passes text_clean on its way in: much of it was written by a server, and all of it ends on a terminal or in
   a log. */
#include "base/err.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

static void put_clean(char *to, size_t size, const char *text)
{
    /* Larger than any part of an error: str_copy does the cutting, because it knows where characters end. */
    struct buf clean = BUF_INIT(BUF_SMALL);
    text_clean(&clean, str_of(text), false);
    str_copy(to, size, buf_cstr(&clean));
    buf_free(&clean);
}

static void put_format(char *to, size_t size, const char *format, va_list arguments) __attribute__((format(printf, 3, 0)));

static void put_format(char *to, size_t size, const char *format, va_list arguments)
{
    char *text = NULL;
    if (vasprintf(&text, format, arguments) < 0) {
        text = NULL;
    }
    put_clean(to, size, text ? text : format);
    free(text);
}

bool err_set(struct err *err, enum err_kind kind, const char *format, ...)
{
    if (err) {
        va_list arguments;
        /* Filled aside, because an argument may be the old text of the same error. */
        struct err fresh = { .kind = kind };
        va_start(arguments, format);
        put_format(fresh.text, sizeof fresh.text, format, arguments);
        va_end(arguments);
        *err = fresh;
    }
    return false;
}

void err_advise(struct err *err, const char *format, ...)
{
    if (err) {
        va_list arguments;
        va_start(arguments, format);
        put_format(err->advice, sizeof err->advice, format, arguments);
        va_end(arguments);
    }
}

void err_code(struct err *err, const char *code)
{
    if (err) {
        put_clean(err->code, sizeof err->code, code);
    }
}

void err_correlation(struct err *err, const char *ids)
{
    if (err) {
        put_clean(err->correlation, sizeof err->correlation, ids);
    }
}

void err_field(struct err *err, const char *field)
{
    if (err) {
        put_clean(err->field, sizeof err->field, field);
    }
}

bool err_errno(struct err *err, const char *format, ...)
{
    int number = errno;     /* formatting may change it */
    if (err) {
        va_list arguments;
        char what[512];
        va_start(arguments, format);
        put_format(what, sizeof what, format, arguments);
        va_end(arguments);
        err_set(err, ERR_SYSTEM, "%s: %s", what, strerror(number));
    }
    return false;
}

/* One row a kind, so that a new kind cannot get a name without a code. */
struct kind_row { const char *name; int exit_code; };

static const struct kind_row kinds[] = {
    [ERR_NONE] = { "no error", 0 },
    [ERR_CANCELLED] = { "cancelled", 130 },
    [ERR_NETWORK] = { "network", 4 },
    [ERR_TLS] = { "TLS", 4 },
    [ERR_AUTH_REQUIRED] = { "sign-in needed", 3 },
    [ERR_AUTH_DENIED] = { "sign-in refused", 3 },
    [ERR_FORBIDDEN] = { "not permitted", 5 },
    [ERR_THROTTLED] = { "throttled", 6 },
    [ERR_SERVER] = { "service", 1 },
    [ERR_PROTOCOL] = { "protocol", 7 },
    [ERR_INPUT] = { "input", 2 },
    [ERR_NOT_FOUND] = { "not found", 1 },
    [ERR_STORE] = { "store", 8 },
    [ERR_SYSTEM] = { "system", 8 },
};

const char *err_kind_name(enum err_kind kind)
{
    return kinds[kind].name;
}

int err_exit_code(enum err_kind kind)
{
    return kinds[kind].exit_code;
}
