#include "net/http_parts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/base64.h"
#include "base/mem.h"
#include "base/secret.h"
#include "net/http.h"

/* ---- header lines ---- */

void http_lines_add(struct http_lines *lines, struct str name, struct str value)
{
    if (lines->count < HTTP_MAX_LINES) {
        lines->items[lines->count].name = str_dup(name);
        lines->items[lines->count].value = str_dup(value);
        lines->count++;
    }
}

void http_lines_clear(struct http_lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        free(lines->items[i].name);
        free(lines->items[i].value);
    }
    lines->count = 0;
}

const char *http_lines_last(const struct http_lines *lines, const char *name)
{
    for (size_t i = lines->count; i > 0; i--) {
        if (strcasecmp(lines->items[i - 1].name, name) == 0) {
            return lines->items[i - 1].value;
        }
    }
    return NULL;
}

const char *http_lines_next(const struct http_lines *lines, const char *name, size_t *index)
{
    while (*index < lines->count) {
        size_t at = (*index)++;
        if (strcasecmp(lines->items[at].name, name) == 0) {
            return lines->items[at].value;
        }
    }
    return NULL;
}

/* ---- descriptors ---- */

bool http_watches_add(struct http_watches *watches, int fd, void (*readable)(void *), void *context)
{
    if (watches->count == HTTP_WATCHES_MOST) {
        return false;
    }
    watches->items[watches->count].fd = fd;
    watches->items[watches->count].readable = readable;
    watches->items[watches->count++].context = context;
    return true;
}

static size_t watch_of(const struct http_watches *watches, int fd)
{
    size_t at = 0;
    while (at < watches->count && watches->items[at].fd != fd) {
        at++;
    }
    return at;
}

void http_watches_drop(struct http_watches *watches, int fd)
{
    size_t at = watch_of(watches, fd);
    if (at < watches->count) {
        watches->items[at] = watches->items[--watches->count];
    }
}

void http_watches_call(const struct http_watches *watches, int fd)
{
    size_t at = watch_of(watches, fd);
    if (at < watches->count) {
        watches->items[at].readable(watches->items[at].context);
    }
}

/* ---- hosts ---- */

bool http_host_allowed(const char *host, const char *const *suffixes)
{
    struct str name = str_of(host);
    for (; suffixes && *suffixes; suffixes++) {
        struct str suffix = str_of(*suffixes);
        bool whole = str_eq_nocase(name, suffix);
        bool below = name.len > suffix.len && str_ends_nocase(name, suffix) && host[name.len - suffix.len - 1] == '.';
        if (suffix.len && (whole || below)) {
            return true;
        }
    }
    return false;
}

bool http_host_is_local(const char *host)
{
    static const char *const names[] = { "localhost", NULL };
    return http_host_allowed(host, names);
}

bool http_header_safe(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if ((c < 0x20 && c != '\t') || c == 0x7F) {
            return false;
        }
    }
    return true;
}

/* ---- the bearer ---- */

static char *bearer_line(struct str token, size_t *size)
{
    static const char start[] = "Authorization: Bearer ";
    *size = sizeof start - 1 + token.len;
    char *line = mem_new(*size + 1);
    memcpy(line, start, sizeof start - 1);
    memcpy(line + sizeof start - 1, token.data, token.len);
    return line;
}

/* All room is taken at once: a buffer that grows leaves pieces of the token behind. */
static char *basic_line(const char *user, struct str token, size_t *size)
{
    struct buf clear = BUF_INIT(SIZE_MAX), line = BUF_INIT(SIZE_MAX);
    size_t length = strlen(user) + sizeof ":Bearer " + token.len;
    buf_repeat(&clear, ' ', length);
    buf_clear(&clear);
    buf_repeat(&line, ' ', length / 3 * 4 + 64);
    buf_clear(&line);
    buf_format(&clear, "%s:Bearer ", user);
    buf_add(&clear, token);
    buf_text(&line, "Authorization: Basic ");
    base64_encode(buf_str(&clear), &line);
    secret_wipe(clear.data, clear.len);
    buf_free(&clear);
    *size = line.len;
    return buf_take(&line);
}

char *http_authorization(const char *user, struct str token, size_t *size)
{
    return user ? basic_line(user, token, size) : bearer_line(token, size);
}

/* ---- what the log shows ---- */

static bool is_secret_header(struct str name)
{
    static const char *const names[] = {
        "authorization", "proxy-authorization", "cookie", "set-cookie", "x-control-key", "x-identity-header",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_is_nocase(name, names[i])) {
            return true;
        }
    }
    return false;
}

void http_redact_line(struct buf *out, struct str name, struct str value)
{
    buf_add(out, name);
    buf_text(out, ": ");
    buf_add(out, is_secret_header(name) ? STR("***") : value);
    buf_char(out, '\n');
}

/* ---- forms ---- */

/* The unreserved characters of RFC 3986; all others are escaped. */
static bool is_plain(unsigned char c)
{
    bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    return letter || (c >= '0' && c <= '9') || (c && strchr("-._~", c));
}

void http_escape(struct buf *out, struct str text)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (is_plain(c)) {
            buf_char(out, (char)c);
        } else {
            const char escape[] = { '%', digits[c >> 4], digits[c & 0x0F] };
            buf_add(out, (struct str){ escape, sizeof escape });
        }
    }
}

void http_form_add(struct buf *form, const char *name, struct str value)
{
    if (form->len) {
        buf_char(form, '&');
    }
    http_escape(form, str_of(name));
    buf_char(form, '=');
    http_escape(form, value);
}
