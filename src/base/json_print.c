/* JSON as text. It reads values through base/json.h only; the library stays with base/json.c. */
#include "base/json.h"

/* Bytes of the well-formed UTF-8 character at the front, 0 when it is none. Written out here because exports print
   hundreds of megabytes through it. */
static size_t utf8_length(struct str s)
{
    /* Which second bytes may follow which leads: the narrow ones keep out overlong forms, surrogates, and what is past
       U+10FFFF. */
    static const struct { unsigned char first, last, length, low, high; } leads[] = {
        { 0xC2, 0xDF, 2, 0x80, 0xBF }, { 0xE0, 0xE0, 3, 0xA0, 0xBF }, { 0xE1, 0xEC, 3, 0x80, 0xBF },
        { 0xED, 0xED, 3, 0x80, 0x9F }, { 0xEE, 0xEF, 3, 0x80, 0xBF }, { 0xF0, 0xF0, 4, 0x90, 0xBF },
        { 0xF1, 0xF3, 4, 0x80, 0xBF }, { 0xF4, 0xF4, 4, 0x80, 0x8F },
    };
    size_t row = 0;
    unsigned char lead = (unsigned char)s.data[0];
    while (row < sizeof leads / sizeof *leads && lead > leads[row].last) {
        row++;
    }
    if (row == sizeof leads / sizeof *leads || lead < leads[row].first || s.len < leads[row].length) {
        return 0;
    }
    for (size_t i = 1; i < leads[row].length; i++) {
        unsigned char c = (unsigned char)s.data[i];
        if (c < (i == 1 ? leads[row].low : 0x80) || c > (i == 1 ? leads[row].high : 0xBF)) {
            return 0;
        }
    }
    return leads[row].length;
}

/* The top bit of each byte that is zero in the word, and perhaps of others behind it. */
static uint64_t zero_bytes(uint64_t word)
{
    return (word - UINT64_C(0x0101010101010101)) & ~word;
}

/* Eight bytes of which none is a quote, a backslash, a control character or part of a longer character: nearly all are. */
static bool eight_are_plain(const char *bytes)
{
    uint64_t word, each = UINT64_C(0x0101010101010101);
    memcpy(&word, bytes, sizeof word);
    uint64_t control = (word - each * ' ') & ~word, quote = zero_bytes(word ^ each * '"'), backslash = zero_bytes(word ^ each * '\\');
    return ((word | control | quote | backslash) & each * 0x80) == 0;
}

/* Length of the part of s that may stand in a JSON string as it is. */
static size_t plain_length(struct str s)
{
    size_t i = 0, step = 1;
    while (i < s.len && step) {
        if (s.len - i >= sizeof(uint64_t) && eight_are_plain(s.data + i)) {
            i += sizeof(uint64_t);
            continue;
        }
        unsigned char c = (unsigned char)s.data[i];
        step = c >= 0x80 ? utf8_length(str_from(s, i)) : c >= ' ' && c != '"' && c != '\\';
        i += step;
    }
    return i;
}

/* A character that cannot stand for itself, as its shortest escape. */
static void print_special(unsigned char c, struct buf *out)
{
    static const char short_escapes[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    if (c >= 0x80) {
        buf_text(out, "\xEF\xBF\xBD");
        return;
    }
    for (const char *pair = short_escapes; *pair; pair += 2) {
        if (c == (unsigned char)pair[0]) {
            buf_char(out, '\\');
            buf_char(out, pair[1]);
            return;
        }
    }
    buf_format(out, "\\u%04x", c);
}

void json_print_string(struct str s, struct buf *out)
{
    buf_char(out, '"');
    while (s.len) {
        size_t plain = plain_length(s);
        buf_add(out, str_take(s, plain));
        s = str_from(s, plain);
        if (s.len) {
            print_special((unsigned char)s.data[0], out);
            s = str_from(s, 1);
        }
    }
    buf_char(out, '"');
}

static void print_line_start(int depth, struct buf *out)
{
    if (depth >= 0) {
        buf_char(out, '\n');
        buf_repeat(out, ' ', (size_t)depth * 2);
    }
}

static void print_value(const struct json *value, int depth, struct buf *out);

/* depth < 0: compact. Recursion is bounded by the parser's cap on depth. */
static void print_container(const struct json *value, bool object, int depth, struct buf *out)
{
    const struct json *child = json_first(value);
    int inner = depth >= 0 ? depth + 1 : -1;
    buf_char(out, object ? '{' : '[');
    for (bool first = true; child; child = json_next(child), first = false) {
        if (!first) {
            buf_char(out, ',');
        }
        print_line_start(inner, out);
        if (object) {
            json_print_string(str_of(json_name(child)), out);
            buf_text(out, depth >= 0 ? ": " : ":");
        }
        print_value(child, inner, out);
    }
    if (json_first(value)) {
        print_line_start(depth, out);
    }
    buf_char(out, object ? '}' : ']');
}

static void print_value(const struct json *value, int depth, struct buf *out)
{
    switch (json_kind(value)) {
    case JSON_NULL:
        buf_text(out, "null");
        break;
    case JSON_BOOL:
        buf_text(out, json_bool(value, false) ? "true" : "false");
        break;
    case JSON_NUMBER:
        buf_add(out, json_string(value));
        break;
    case JSON_STRING:
        json_print_string(json_string(value), out);
        break;
    case JSON_ARRAY:
    case JSON_OBJECT:
        print_container(value, json_kind(value) == JSON_OBJECT, depth, out);
        break;
    }
}

void json_print(const struct json *value, bool pretty, struct buf *out)
{
    print_value(value, pretty ? 0 : -1, out);
}
