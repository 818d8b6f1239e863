#include "session/rps/clixml_tags.h"

#include <stdlib.h>
#include <utf8proc.h>

/* By name, for bsearch: capitals before small letters. */
static const struct clixml_tag tags[] = {
    { "B", TAG_PRIMITIVE, CLIXML_BOOL },
    { "BA", TAG_PRIMITIVE, CLIXML_BYTES },
    { "By", TAG_PRIMITIVE, CLIXML_BYTE },
    { "C", TAG_PRIMITIVE, CLIXML_CHAR },
    { "D", TAG_PRIMITIVE, CLIXML_DECIMAL },
    { "DCT", TAG_CONTAINER, CLIXML_DICTIONARY },
    { "DT", TAG_PRIMITIVE, CLIXML_DATE_TIME },
    { "Db", TAG_PRIMITIVE, CLIXML_DOUBLE },
    { "En", TAG_ENTRY, 0 },
    { "G", TAG_PRIMITIVE, CLIXML_GUID },
    { "I16", TAG_PRIMITIVE, CLIXML_INT16 },
    { "I32", TAG_PRIMITIVE, CLIXML_INT32 },
    { "I64", TAG_PRIMITIVE, CLIXML_INT64 },
    { "IE", TAG_CONTAINER, CLIXML_ENUMERABLE },
    { "LST", TAG_CONTAINER, CLIXML_LIST },
    { "MS", TAG_EXTENDED, 0 },
    { "Nil", TAG_PRIMITIVE, CLIXML_NIL },
    { "Obj", TAG_OBJECT, 0 },
    { "Objs", TAG_ROOT, 0 },
    { "PR", TAG_PROGRESS, 0 },
    { "Props", TAG_ADAPTED, 0 },
    { "QUE", TAG_CONTAINER, CLIXML_QUEUE },
    { "Ref", TAG_REF, 0 },
    { "S", TAG_PRIMITIVE, CLIXML_STRING },
    { "SB", TAG_PRIMITIVE, CLIXML_SBYTE },
    { "SBK", TAG_PRIMITIVE, CLIXML_SCRIPT },
    { "SS", TAG_PRIMITIVE, CLIXML_SECURE_STRING },
    { "STK", TAG_CONTAINER, CLIXML_STACK },
    { "Sg", TAG_PRIMITIVE, CLIXML_FLOAT },
    { "T", TAG_TYPE, 0 },
    { "TN", TAG_TYPES, 0 },
    { "TNRef", TAG_TYPES_REF, 0 },
    { "TS", TAG_PRIMITIVE, CLIXML_TIME_SPAN },
    { "ToString", TAG_TO_STRING, 0 },
    { "U16", TAG_PRIMITIVE, CLIXML_UINT16 },
    { "U32", TAG_PRIMITIVE, CLIXML_UINT32 },
    { "U64", TAG_PRIMITIVE, CLIXML_UINT64 },
    { "URI", TAG_PRIMITIVE, CLIXML_URI },
    { "Version", TAG_PRIMITIVE, CLIXML_VERSION },
    { "XD", TAG_PRIMITIVE, CLIXML_XML },
};

static int compare_tag(const void *key, const void *tag)
{
    const struct str *name = key;
    const struct clixml_tag *of = tag;
    int order = strncmp(name->data, of->name, name->len);
    return order ? order : -(of->name[name->len] != '\0');
}

const struct clixml_tag *clixml_tag_of(struct str name)
{
    static const struct clixml_tag unknown = { "", TAG_UNKNOWN, 0 };
    const struct clixml_tag *tag = bsearch(&name, tags, sizeof tags / sizeof *tags, sizeof *tags, compare_tag);
    return tag ? tag : &unknown;
}

const char *clixml_tag_name(enum clixml_tag_class class, int which)
{
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        if (tags[i].class == class && tags[i].which == which) {
            return tags[i].name;
        }
    }
    return "S";
}

/* ---- escapes ---- */

static void put_scalar(int scalar, struct buf *out)
{
    utf8proc_uint8_t bytes[4];
    utf8proc_ssize_t length = utf8proc_encode_char(scalar, bytes);
    buf_add(out, (struct str){ (const char *)bytes, (size_t)length });
}

static void escape_unit(int unit, struct buf *out)
{
    buf_format(out, "_x%04X_", (unsigned)unit);
}

/* The ranges of the engine's own encoder, and the two characters of the plane that XML has not. */
static bool needs_escape(utf8proc_int32_t scalar)
{
    return scalar < 0x20 || (scalar >= 0x7F && scalar <= 0x9F) || scalar == 0xFFFE || scalar == 0xFFFF;
}

void clixml_escape(struct str text, struct buf *out)
{
    while (text.len) {
        utf8proc_int32_t scalar;
        utf8proc_ssize_t length = utf8proc_iterate((const utf8proc_uint8_t *)text.data, (utf8proc_ssize_t)text.len, &scalar);
        bool mark = scalar == '_' && text.len > 1 && (text.data[1] == 'x' || text.data[1] == 'X');
        if (length <= 0) {
            put_scalar(0xFFFD, out);
        } else if (scalar > 0xFFFF) {
            escape_unit(0xD800 + ((scalar - 0x10000) >> 10), out);
            escape_unit(0xDC00 + ((scalar - 0x10000) & 0x3FF), out);
        } else if (mark || needs_escape(scalar)) {
            escape_unit(scalar, out);
        } else {
            buf_add(out, str_take(text, (size_t)length));
        }
        text = str_from(text, length > 0 ? (size_t)length : 1);
    }
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* _xHHHH_ at the head of s: the UTF-16 unit, or -1. */
static int unit_at(struct str s)
{
    int unit = 0;
    if (s.len < 7 || s.data[0] != '_' || s.data[1] != 'x' || s.data[6] != '_') {
        return -1;
    }
    for (size_t i = 2; i < 6; i++) {
        int digit = hex_digit(s.data[i]);
        if (digit < 0) {
            return -1;
        }
        unit = unit * 16 + digit;
    }
    return unit;
}

/* Two escapes make one character where they are a pair; half a pair is none. */
static size_t unescape_one(struct str text, int unit, struct buf *out)
{
    bool high = unit >= 0xD800 && unit <= 0xDBFF, low = unit >= 0xDC00 && unit <= 0xDFFF;
    int second = high ? unit_at(str_from(text, 7)) : -1;
    if (second >= 0xDC00 && second <= 0xDFFF) {
        put_scalar(0x10000 + ((unit - 0xD800) << 10) + (second - 0xDC00), out);
        return 14;
    }
    put_scalar(high || low ? 0xFFFD : unit, out);
    return 7;
}

void clixml_unescape(struct str text, struct buf *out)
{
    while (text.len) {
        const char *mark = memchr(text.data, '_', text.len);
        struct str plain = mark ? str_take(text, (size_t)(mark - text.data)) : text;
        buf_add(out, plain);
        text = str_from(text, plain.len);
        if (text.len) {
            int unit = unit_at(text);
            if (unit < 0) {
                buf_char(out, '_');
            }
            text = str_from(text, unit < 0 ? 1 : unescape_one(text, unit, out));
        }
    }
}
