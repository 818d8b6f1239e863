#include <stdlib.h>

#include "base/mem.h"
#include "demo/demo.h"

/* More headers than fit are dropped: the widest answer of the service has about a dozen (rest.md section 5). */
void reply_header(struct demo_reply *reply, const char *name, const char *value)
{
    if (reply->header_count < DEMO_MAX_HEADERS) {
        reply->headers[reply->header_count].name = mem_text(name);
        reply->headers[reply->header_count].value = mem_text(value);
        reply->header_count++;
    }
}

/* No odata.metadata here: that is for the compliance service alone, and Entra has none of it (auth.md section 3). */
void reply_json(struct demo_reply *reply, int status, struct json *value)
{
    reply->status = status;
    reply_header(reply, "Content-Type", "application/json; charset=utf-8");
    buf_clear(&reply->body);
    json_print(value, false, &reply->body);
    json_free(value);
}

void reply_text(struct demo_reply *reply, int status, const char *type, const char *text)
{
    reply->status = status;
    reply_header(reply, "Content-Type", type);
    buf_clear(&reply->body);
    buf_text(&reply->body, text);
}

void reply_drop(struct demo_reply *reply)
{
    for (size_t i = 0; i < reply->header_count; i++) {
        free(reply->headers[i].name);
        free(reply->headers[i].value);
    }
    if (reply->stream.context) {
        reply->stream.free(reply->stream.context);
    }
    buf_free(&reply->body);
}

static int hex(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A percent sign without two digits stays what it is, as browsers send it. */
static char *decode(struct str text)
{
    struct buf out = BUF_INIT(DEMO_MAX_BODY);
    for (size_t i = 0; i < text.len; i++) {
        bool escape = text.data[i] == '%' && i + 2 < text.len && hex(text.data[i + 1]) >= 0 && hex(text.data[i + 2]) >= 0;
        if (escape) {
            buf_char(&out, (char)(hex(text.data[i + 1]) * 16 + hex(text.data[i + 2])));
            i += 2;
        } else {
            buf_char(&out, text.data[i] == '+' ? ' ' : text.data[i]);
        }
    }
    return buf_take(&out);
}

/* The first of several values counts, as it does for Entra. */
char *form_text(struct str form, const char *name)
{
    struct str pair, key;
    for (bool more = true; more;) {
        more = str_cut(&form, '&', &pair);
        str_cut(&pair, '=', &key);
        if (str_is(key, name)) {
            return decode(pair);
        }
    }
    return NULL;
}

/* The unreserved characters of RFC 3986 section 2.3 stay; all others go, blanks too, which forms may also write as
   "+". */
void form_escape(struct buf *out, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-._~", c);
        buf_format(out, plain ? "%c" : "%%%02X", c);
    }
}
