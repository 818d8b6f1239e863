/* A state machine over the envelope, and inside a piece only as much reading as it takes to find its end: strings with
   their escapes, and the depth of brackets. Whether brackets match is left to the parser that gets the piece. A piece
   that lies whole in one chunk is handed over where it lies; the rest is gathered. */
#include "session/rest/rest_page.h"

#include "base/json.h"
#include "base/mem.h"

#include <stdlib.h>

/* Where the cutter stands. The order is that of the table of states below. */
enum state {
    AT_START,           /* before the first byte that counts */
    AT_FIRST_KEY,       /* after {: a key or } */
    AT_KEY,             /* after a comma: a key */
    IN_KEY,
    AT_COLON,
    AT_VALUE,           /* after the colon */
    IN_VALUE,           /* inside a member's value */
    AFTER_VALUE,        /* a comma or } */
    AT_FIRST_ELEMENT,   /* after [: an element or ] */
    AT_ELEMENT,         /* after a comma: an element */
    IN_ELEMENT,
    AFTER_ELEMENT,      /* a comma or ] */
    IN_WHOLE,           /* a body that is an array or a primitive */
    AT_END,             /* blanks only */
    NO_JSON,
};

struct rest_page {
    struct rest_page_listener listener;
    enum state state;
    enum rest_member member;
    size_t offset;              /* of the chunk's first byte in the body */
    size_t depth;               /* open brackets inside the piece */
    bool in_string, escaped, scalar;
    bool value_seen, error_seen, truncated;
    int bom;                    /* bytes of a byte order mark passed */
    const char *piece;          /* where the piece starts in the chunk; NULL outside a piece */
    struct buf gathered;        /* the part of a piece that came with earlier chunks */
    struct buf whole;           /* the body, until "value" is met */
};

/* One chunk being read. */
struct cursor {
    const char *start, *at, *end;
};

enum { STOP_OUTSIDE = 1, STOP_INSIDE = 2, STOP_SCALAR = 4, BLANK = 8 };

/* What each byte means to the scanner: where to look closer outside strings, inside strings, behind a primitive. */
static const uint8_t classes[256] = {
    ['"'] = STOP_OUTSIDE | STOP_INSIDE, ['\\'] = STOP_INSIDE,
    ['{'] = STOP_OUTSIDE, ['['] = STOP_OUTSIDE,
    ['}'] = STOP_OUTSIDE | STOP_SCALAR, [']'] = STOP_OUTSIDE | STOP_SCALAR, [','] = STOP_SCALAR,
    [' '] = STOP_SCALAR | BLANK, ['\t'] = STOP_SCALAR | BLANK,
    ['\r'] = STOP_SCALAR | BLANK, ['\n'] = STOP_SCALAR | BLANK,
};

static uint8_t class_of(char c)
{
    return classes[(unsigned char)c];
}

struct rest_page *rest_page_new(const struct rest_page_listener *listener)
{
    struct rest_page *page = MEM_NEW(struct rest_page);
    page->listener = *listener;
    page->gathered.cap = REST_PAGE_MAX_PIECE;
    page->whole.cap = REST_PAGE_MAX_PIECE;
    return page;
}

void rest_page_free(struct rest_page *page)
{
    if (!page)
        return;
    buf_free(&page->gathered);
    buf_free(&page->whole);
    free(page);
}

void rest_page_reset(struct rest_page *page)
{
    struct rest_page fresh = { .listener = page->listener, .gathered = page->gathered, .whole = page->whole };
    buf_clear(&fresh.gathered);
    buf_clear(&fresh.whole);
    fresh.gathered.overflowed = fresh.whole.overflowed = false;
    *page = fresh;
}

struct str rest_page_whole(const struct rest_page *page)
{
    return buf_str(&page->whole);
}

bool rest_page_closed(const struct rest_page *page)
{
    return page->state == AT_END && (page->value_seen || !page->scalar);
}

bool rest_page_truncated(const struct rest_page *page)
{
    return page->truncated;
}

static bool malformed(const struct rest_page *page, const struct cursor *cursor, const char *expected, struct err *err)
{
    size_t at = page->offset + (size_t)(cursor->at - cursor->start);
    err_set(err, ERR_PROTOCOL, "The service's answer is damaged at byte %zu: expected %s", at, expected);
    err_advise(err, "Run it again. If that does not help, something between here and the service (a proxy?) changes the "
                    "answers.");
    return false;
}

/* ---- pieces ---- */

static void piece_begin(struct rest_page *page, const struct cursor *cursor)
{
    page->piece = cursor->at;
    page->depth = 0;
    page->in_string = page->escaped = false;
    page->scalar = false;
    buf_clear(&page->gathered);
}

/* The piece that ends before the cursor, straight from the chunk when it began there. */
static struct str piece_end(struct rest_page *page, const struct cursor *cursor)
{
    struct str last = { page->piece, (size_t)(cursor->at - page->piece) };
    page->piece = NULL;
    if (!page->gathered.len)
        return last;
    buf_add(&page->gathered, last);
    return buf_str(&page->gathered);
}

/* Inside a string: moves behind its closing quote, or to the chunk's end. */
static void scan_string(struct rest_page *page, struct cursor *cursor)
{
    const char *at = cursor->at;
    const char *end = cursor->end;
    if (page->escaped && at < end) {
        page->escaped = false;
        at++;
    }
    for (;;) {
        while (at < end && !(class_of(*at) & STOP_INSIDE))
            at++;
        if (at == end)
            break;
        if (*at++ == '"') {
            page->in_string = false;
            break;
        }
        if (at == end) {
            page->escaped = true;
            break;
        }
        at++;
    }
    cursor->at = at;
}

/* One byte at which the scanner stopped outside strings. True when it ends the value. */
static bool scan_stop(struct rest_page *page, char c)
{
    if (c == '"')
        page->in_string = true;
    else if (c == '{' || c == '[')
        page->depth++;
    else
        return --page->depth == 0;
    return false;
}

/* Moves to just behind the value (before the next byte, for primitives). False: the chunk ended first. */
static bool scan_value(struct rest_page *page, struct cursor *cursor)
{
    for (;;) {
        if (page->in_string) {
            scan_string(page, cursor);
            if (page->in_string)
                return false;
            if (page->depth == 0)
                return true;
        }
        uint8_t stop = page->scalar ? STOP_SCALAR : STOP_OUTSIDE;
        while (cursor->at < cursor->end && !(class_of(*cursor->at) & stop))
            cursor->at++;
        if (cursor->at == cursor->end)
            return false;
        if (page->scalar || scan_stop(page, *cursor->at++))
            return true;
    }
}

/* The first byte of a value decides what ends it. */
static bool value_begin(struct rest_page *page, struct cursor *cursor, enum state inside, struct err *err)
{
    char c = *cursor->at;
    piece_begin(page, cursor);
    if (c == '{' || c == '[')
        page->depth = 1;
    else if (c == '"')
        page->in_string = true;
    else if (c == '-' || (c >= '0' && c <= '9') || c == 't' || c == 'f' || c == 'n')
        page->scalar = true;
    else
        return malformed(page, cursor, "a value", err);
    cursor->at++;
    page->state = inside;
    return true;
}

/* ---- what is done with a piece ---- */

static const struct { const char *name; enum rest_member member; } member_names[] = {
    { "value", REST_MEMBER_VALUE },
    { "@odata.context", REST_MEMBER_CONTEXT },
    { "@odata.nextLink", REST_MEMBER_NEXT_LINK },
    { "@adminapi.warnings", REST_MEMBER_WARNINGS },
    { "@adminapi.errors", REST_MEMBER_ERRORS },
    { "@adminapi.confirmationmessage", REST_MEMBER_CONFIRMATION },
    { "error", REST_MEMBER_ERROR },
};

static enum rest_member member_of(struct str name)
{
    for (size_t i = 0; i < sizeof member_names / sizeof member_names[0]; i++)
        if (str_is_nocase(name, member_names[i].name))
            return member_names[i].member;
    return REST_MEMBER_OTHER;
}

/* A key with its quotes. Escapes in keys are legal, so they are undone before comparing. */
static enum rest_member member_of_key(struct str key)
{
    if (!memchr(key.data, '\\', key.len))
        return member_of((struct str){ key.data + 1, key.len - 2 });
    struct json *decoded = json_parse(key, NULL);
    enum rest_member member = member_of(json_string(decoded));
    json_free(decoded);
    return member;
}

static bool hand_over(struct rest_page *page, struct str json, struct err *err)
{
    if (page->gathered.overflowed)
        return err_set(err, ERR_PROTOCOL, "One object of the answer is larger than %zu MiB",
                       REST_PAGE_MAX_PIECE / 1024 / 1024);
    bool element = page->state == IN_ELEMENT || page->member == REST_MEMBER_VALUE;
    bool go_on = element ? page->listener.element(page->listener.context, json)
                         : page->listener.member(page->listener.context, page->member, json);
    return go_on || err_set(err, ERR_CANCELLED, "Cancelled");
}

/* ---- states: each reads at least one byte or changes the state ---- */

/* A byte order mark may come in parts, like everything else. */
static bool at_start(struct rest_page *page, struct cursor *cursor, struct err *err)
{
    static const char mark[] = "\xEF\xBB\xBF";
    (void)err;
    if (page->bom < 3 && *cursor->at == mark[page->bom]) {
        page->bom++;
        cursor->at++;
    } else if (page->bom == 1 || page->bom == 2) {
        page->state = NO_JSON;
    } else if (*cursor->at == '{') {
        cursor->at++;
        page->state = AT_FIRST_KEY;
    } else if (!value_begin(page, cursor, IN_WHOLE, NULL)) {
        page->piece = NULL;
        page->state = NO_JSON;
    }
    page->bom = page->bom > 0 && page->bom < 3 ? page->bom : 3;
    return true;
}

/* Only the first key may be missing: {} is a page without anything, {"a":1,} is no JSON. */
static bool at_key(struct rest_page *page, struct cursor *cursor, struct err *err)
{
    if (*cursor->at == '}' && page->state == AT_FIRST_KEY) {
        cursor->at++;
        page->state = AT_END;
        return true;
    }
    if (*cursor->at != '"')
        return malformed(page, cursor, "a name in quotes", err);
    return value_begin(page, cursor, IN_KEY, err);
}

static bool in_key(struct rest_page *page, struct cursor *cursor, struct err *err)
{
    (void)err;
    if (!scan_value(page, cursor))
        return true;
    page->member = member_of_key(piece_end(page, cursor));
    page->state = AT_COLON;
    return true;
}

static bool at_colon(struct rest_page *page, struct cursor *cursor, struct err *err)
{
    if (*cursor->at != ':')
        return malformed(page, cursor, "a colon", err);
    cursor->at++;
    page->state = AT_VALUE;
    return true;
}

static bool at_value(struct rest_page *page, struct cursor *cursor, struct err *err)
{
    if (page->member != REST_MEMBER_VALUE)
        return value_begin(page, cursor, IN_VALUE, err);
    /* Elements are handed on as they come, so a second list could not replace the first any more. */
    if (page->value_seen)
        return malformed(page, cursor, "only one list of results", err);
    page->value_seen = true;
    if (*cursor->at != '[')
        return value_begin(page, cursor, IN_VALUE, err);
    cursor->at++;
    page->state = AT_FIRST_ELEMENT;
    return true;
}

/* `"value": null` is an answer without objects, not an object that is null. */
static bool in_value(struct rest_page *page, struct cursor *cursor, struct err *err)
{
    if (!scan_value(page, cursor))
        return true;
    struct str json = piece_end(page, cursor);
    page->error_seen = page->error_seen || (page->member == REST_MEMBER_ERROR && json.data[0] == '{');
    bool nothing = page->member == REST_MEMBER_VALUE && str_is(json, "null");
    bool done = nothing || hand_over(page, json, err);
    page->state = AFTER_VALUE;
    return done;
}

static bool after_value(struct rest_page *page, struct cursor *cursor, struct err *err)
{
    char c = *cursor->at;
    if (c != ',' && c != '}')
        return malformed(page, cursor, "a comma or }", err);
    cursor->at++;
    page->state = c == ',' ? AT_KEY : AT_END;
    return true;
}

/* "]" is fine only where no comma promised another element. */
static bool at_element(struct rest_page *page, struct cursor *cursor, struct err *err)
{
    if (*cursor->at != ']' || page->state != AT_FIRST_ELEMENT)
        return value_begin(page, cursor, IN_ELEMENT, err);
    cursor->at++;
    page->state = AFTER_VALUE;
    return true;
}

static bool in_element(struct rest_page *page, struct cursor *cursor, struct err *err)
{
    if (!scan_value(page, cursor))
        return true;
    bool done = hand_over(page, piece_end(page, cursor), err);
    page->state = AFTER_ELEMENT;
    return done;
}

static bool after_element(struct rest_page *page, struct cursor *cursor, struct err *err)
{
    char c = *cursor->at;
    if (c != ',' && c != ']')
        return malformed(page, cursor, "a comma or ]", err);
    cursor->at++;
    page->state = c == ',' ? AT_ELEMENT : AFTER_VALUE;
    return true;
}

static bool in_whole(struct rest_page *page, struct cursor *cursor, struct err *err)
{
    (void)err;
    if (!scan_value(page, cursor))
        return true;
    page->piece = NULL;
    page->state = AT_END;
    return true;
}

static bool at_end(struct rest_page *page, struct cursor *cursor, struct err *err)
{
    /* Plain text can begin like a number or a word of JSON; only a closed envelope makes the rest damage. */
    if (page->scalar && !page->value_seen) {
        page->state = NO_JSON;
        return true;
    }
    return malformed(page, cursor, "nothing more", err);
}

static bool no_json(struct rest_page *page, struct cursor *cursor, struct err *err)
{
    (void)page;
    (void)err;
    cursor->at = cursor->end;
    return true;
}

static const struct {
    bool (*read)(struct rest_page *page, struct cursor *cursor, struct err *err);
    bool skips_blanks;
} states[] = {
    [AT_START] = { at_start, true },
    [AT_FIRST_KEY] = { at_key, true },
    [AT_KEY] = { at_key, true },
    [IN_KEY] = { in_key, false },
    [AT_COLON] = { at_colon, true },
    [AT_VALUE] = { at_value, true },
    [IN_VALUE] = { in_value, false },
    [AFTER_VALUE] = { after_value, true },
    [AT_FIRST_ELEMENT] = { at_element, true },
    [AT_ELEMENT] = { at_element, true },
    [IN_ELEMENT] = { in_element, false },
    [AFTER_ELEMENT] = { after_element, true },
    [IN_WHOLE] = { in_whole, false },
    [AT_END] = { at_end, true },
    [NO_JSON] = { no_json, false },
};

/* ---- the body's life ---- */

/* What must survive the chunk: the begun piece, and the body while it may still be a single object. */
static bool keep(struct rest_page *page, const struct cursor *cursor, struct err *err)
{
    struct str chunk = { cursor->start, (size_t)(cursor->end - cursor->start) };
    page->offset += chunk.len;
    /* A body of one primitive or array is gathered as a whole already. */
    if (page->piece && page->state != IN_WHOLE)
        buf_add(&page->gathered, (struct str){ page->piece, (size_t)(cursor->end - page->piece) });
    if (page->value_seen)
        buf_clear(&page->whole);
    else
        buf_add(&page->whole, page->state == NO_JSON && page->whole.len > 4096 ? STR("") : chunk);
    if (page->gathered.overflowed || (page->whole.overflowed && !page->value_seen))
        return err_set(err, ERR_PROTOCOL, "One object of the answer is larger than %zu MiB",
                       REST_PAGE_MAX_PIECE / 1024 / 1024);
    return true;
}

bool rest_page_push(struct rest_page *page, struct str bytes, struct err *err)
{
    struct cursor cursor = { bytes.data, bytes.data, bytes.data + bytes.len };
    /* A piece that began in an earlier chunk goes on at the first byte of this one. */
    if (page->piece)
        page->piece = cursor.start;
    for (;;) {
        if (states[page->state].skips_blanks)
            while (cursor.at < cursor.end && (class_of(*cursor.at) & BLANK))
                cursor.at++;
        if (cursor.at == cursor.end)
            return keep(page, &cursor, err);
        if (!states[page->state].read(page, &cursor, err))
            return false;
    }
}

static bool not_json(const struct rest_page *page, struct err *err)
{
    struct str head = str_take(str_trim(buf_str(&page->whole)), 120);
    bool text = head.len && head.data[0];
    err_set(err, ERR_PROTOCOL, "The service's answer is not JSON%s%.*s", text ? "; it begins: " : "",
            text ? (int)head.len : 0, text ? head.data : "");
    err_advise(err, "Something between here and the service may have answered instead (a proxy or a sign-in page).");
    return false;
}

static enum rest_page_kind kind_of(const struct rest_page *page)
{
    if (page->state == NO_JSON)
        return REST_PAGE_NOT_JSON;
    if (page->state == AT_START)
        return REST_PAGE_EMPTY;
    if (page->value_seen)
        return REST_PAGE_VALUES;
    return page->error_seen ? REST_PAGE_ERROR : REST_PAGE_SINGLE;
}

bool rest_page_finish(struct rest_page *page, enum rest_page_kind *kind, struct err *err)
{
    /* Only its end shows that a primitive is over; a word that is none is found when it is parsed. */
    if (page->state == IN_WHOLE && page->scalar)
        page->state = AT_END;
    *kind = kind_of(page);
    if (page->state == NO_JSON)
        return not_json(page, err);
    page->truncated = page->state != AT_END && page->state != AT_START;
    if (!page->truncated)
        return true;
    err_set(err, ERR_PROTOCOL, "The service's answer breaks off after %zu bytes", page->offset);
    err_advise(err, "Run it again; the connection was lost on the way.");
    return false;
}
