#include "session/rps/rps_object.h"

#include <ctype.h>
#include <inttypes.h>
#include <utf8proc.h>

/* The .NET name of each kind, and whether JSON writes it without quotes. */
static const struct { const char *type; bool number; } kinds[] = {
    [CLIXML_NIL] = { "", false },
    [CLIXML_STRING] = { "System.String", false },
    [CLIXML_CHAR] = { "System.Char", false },
    [CLIXML_BOOL] = { "System.Boolean", false },
    [CLIXML_DATE_TIME] = { "System.DateTime", false },
    [CLIXML_TIME_SPAN] = { "System.TimeSpan", false },
    [CLIXML_BYTE] = { "System.Byte", true },
    [CLIXML_SBYTE] = { "System.SByte", true },
    [CLIXML_UINT16] = { "System.UInt16", true },
    [CLIXML_INT16] = { "System.Int16", true },
    [CLIXML_UINT32] = { "System.UInt32", true },
    [CLIXML_INT32] = { "System.Int32", true },
    [CLIXML_UINT64] = { "System.UInt64", true },
    [CLIXML_INT64] = { "System.Int64", true },
    [CLIXML_FLOAT] = { "System.Single", true },
    [CLIXML_DOUBLE] = { "System.Double", true },
    [CLIXML_DECIMAL] = { "System.Decimal", true },
    [CLIXML_BYTES] = { "System.Byte[]", false },
    [CLIXML_GUID] = { "System.Guid", false },
    [CLIXML_URI] = { "System.Uri", false },
    [CLIXML_VERSION] = { "System.Version", false },
    [CLIXML_XML] = { "System.Xml.XmlDocument", false },
    [CLIXML_SCRIPT] = { "System.Management.Automation.ScriptBlock", false },
    [CLIXML_SECURE_STRING] = { "System.Security.SecureString", false },
    [CLIXML_OBJECT] = { "", false },
};

static size_t digits(struct str text, size_t at)
{
    size_t start = at;
    while (at < text.len && isdigit((unsigned char)text.data[at])) {
        at++;
    }
    return at - start;
}

/* NaN and INF are none (RFC 8259 section 6), nor is what a stranger wrote into a number's element. */
static bool is_json_number(struct str text)
{
    size_t at = text.len && text.data[0] == '-', whole = digits(text, at);
    if (!whole || (whole > 1 && text.data[at] == '0')) {
        return false;
    }
    at += whole;
    if (at < text.len && text.data[at] == '.') {
        size_t fraction = digits(text, at + 1);
        at += 1 + fraction;
        if (!fraction) {
            return false;
        }
    }
    if (at < text.len && (text.data[at] == 'e' || text.data[at] == 'E')) {
        at++;
        at += at < text.len && (text.data[at] == '+' || text.data[at] == '-');
        size_t power = digits(text, at);
        at += power;
        if (!power) {
            return false;
        }
    }
    return at == text.len;
}

/* ---- spans of time ---- */

struct span { int64_t days, hours, minutes, seconds; struct str fraction; bool negative; };

/* xs:duration without years and months, which a TimeSpan has not: -P90DT2H3M20.5S. */
static bool parse_span(struct str text, struct span *span)
{
    *span = (struct span){ 0 };
    span->negative = str_starts(text, STR("-"));
    text = str_from(text, span->negative);
    if (!str_starts(text, STR("P"))) {
        return false;
    }
    for (text = str_from(text, 1); text.len;) {
        text = str_from(text, str_starts(text, STR("T")));
        size_t count = digits(text, 0);
        int64_t number;
        if (!str_to_int64(str_take(text, count), 0, INT32_MAX, &number)) {
            return false;
        }
        text = str_from(text, count);
        if (str_starts(text, STR("."))) {
            span->fraction = str_take(str_from(text, 1), digits(text, 1));
            text = str_from(text, 1 + span->fraction.len);
        }
        char unit = text.len ? text.data[0] : ' ';
        int64_t *into = unit == 'D' ? &span->days : unit == 'H' ? &span->hours : unit == 'M' ? &span->minutes : unit == 'S' ? &span->seconds : NULL;
        if (!into) {
            return false;
        }
        *into = number;
        text = str_from(text, 1);
    }
    return true;
}

/* 90.02:03:20.5000000; another text stays as it came. */
static void print_span(struct str text, struct buf *out)
{
    struct span span;
    if (!parse_span(str_trim(text), &span)) {
        buf_add(out, text);
        return;
    }
    int64_t seconds = ((span.days * 24 + span.hours) * 60 + span.minutes) * 60 + span.seconds;
    buf_text(out, span.negative ? "-" : "");
    if (seconds >= 86400) {
        buf_format(out, "%" PRId64 ".", seconds / 86400);
    }
    buf_format(out, "%02" PRId64 ":%02" PRId64 ":%02" PRId64, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    if (span.fraction.len) {
        buf_format(out, ".%.*s", STR_ARG(str_take(span.fraction, 7)));
        buf_repeat(out, '0', span.fraction.len < 7 ? 7 - span.fraction.len : 0);
    }
}

/* A UTF-16 unit as its number. */
static void print_char(struct str text, struct buf *out)
{
    int64_t unit;
    utf8proc_uint8_t bytes[4];
    bool good = str_to_int64(str_trim(text), 0, 0xFFFF, &unit) && (unit < 0xD800 || unit > 0xDFFF);
    utf8proc_ssize_t length = utf8proc_encode_char(good ? (utf8proc_int32_t)unit : 0xFFFD, bytes);
    buf_add(out, (struct str){ (const char *)bytes, (size_t)length });
}

/* ---- what a value is shown as ---- */

/* The primitive that stands for an object without properties: an enum's word, a string with notes, a switch's yes or no; NULL
   when it has more to it. *words: its text, when it is one. */
static const struct clixml_value *plain_value(const struct clixml_value *value, struct str *words)
{
    const struct clixml_object *object = value->object;
    const struct clixml_value *present = clixml_is_type(value, "System.Management.Automation.SwitchParameter") ? clixml_get(value, "IsPresent") : NULL;
    *words = (struct str){ 0 };
    if (present && present->kind == CLIXML_BOOL) {
        return present;
    }
    if (object->container != CLIXML_NO_CONTAINER) {
        return NULL;
    }
    if (object->base) {
        bool named = clixml_is_type(value, "System.Enum") && object->has_to_string;
        *words = named ? object->to_string : (struct str){ 0 };
        return named ? value : object->base;
    }
    if (object->adapted.first || object->extended.first) {
        return NULL;
    }
    *words = object->to_string;
    return value;
}

static void print_value(const struct clixml_value *value, struct buf *out);

static void print_primitive(const struct clixml_value *value, struct buf *out)
{
    struct buf scratch = BUF_INIT(BUF_SMALL);
    struct str text = value->text;
    if (value->kind == CLIXML_NIL) {
        buf_text(out, "null");
        return;
    }
    if (value->kind == CLIXML_BOOL) {
        buf_text(out, str_is_nocase(str_trim(text), "true") ? "true" : "false");
        return;
    }
    if (kinds[value->kind].number && is_json_number(text)) {
        buf_add(out, text);
        return;
    }
    if (value->kind == CLIXML_TIME_SPAN || value->kind == CLIXML_CHAR) {
        (value->kind == CLIXML_CHAR ? print_char : print_span)(text, &scratch);
        text = buf_str(&scratch);
    }
    json_print_string(text, out);
    buf_free(&scratch);
}

static void print_pairs(const struct clixml_value *key, struct buf *out)
{
    buf_char(out, '[');
    for (const char *comma = ""; key && key->next && !out->overflowed; key = key->next->next, comma = ",") {
        buf_format(out, "%s{\"_key\":", comma);
        struct str words = clixml_text(key);
        json_print_string(words, out);
        buf_text(out, ",\"_value\":");
        print_value(key->next, out);
        buf_char(out, '}');
    }
    buf_char(out, ']');
}

static void print_items(const struct clixml_value *item, struct buf *out)
{
    buf_char(out, '[');
    for (const char *comma = ""; item && !out->overflowed; item = item->next, comma = ",") {
        buf_text(out, comma);
        print_value(item, out);
    }
    buf_char(out, ']');
}

static void print_properties(const struct clixml_value *value, struct buf *out)
{
    const struct clixml_value *property = NULL;
    const char *comma = "";
    buf_char(out, '{');
    while (!out->overflowed && clixml_next_property(value, &property)) {
        buf_text(out, comma);
        json_print_string(property->name, out);
        buf_char(out, ':');
        print_value(property, out);
        comma = ",";
    }
    buf_char(out, '}');
}

/* The reader let no object hold itself and none nest deeper than 50, so this ends; that it does not last is what the cap of
   `out` is for. */
static void print_value(const struct clixml_value *value, struct buf *out)
{
    struct str words;
    if (out->overflowed) {
        return;
    }
    if (value->kind != CLIXML_OBJECT) {
        print_primitive(value, out);
        return;
    }
    const struct clixml_value *plain = plain_value(value, &words);
    if (plain == value) {
        json_print_string(words, out);
    } else if (plain) {
        print_primitive(plain, out);
    } else if (value->object->container == CLIXML_DICTIONARY) {
        print_pairs(value->object->items.first, out);
    } else if (value->object->container != CLIXML_NO_CONTAINER) {
        print_items(value->object->items.first, out);
    } else {
        print_properties(value, out);
    }
}

/* ---- properties ---- */

/* Text that is made here lies in object->bytes: data NULL until that has stopped growing. */
static struct str made_text(struct object *object, const struct clixml_value *value, void (*print)(struct str, struct buf *))
{
    size_t start = object->bytes.len;
    if (print) {
        print(value->text, &object->bytes);
    } else {
        print_value(value, &object->bytes);
    }
    return (struct str){ NULL, object->bytes.len - start };
}

static void set_primitive(struct object *object, struct property *property, const struct clixml_value *value)
{
    property->type = str_of(kinds[value->kind].type);
    property->text = value->text;
    property->kind = VALUE_STRING;
    if (value->kind == CLIXML_NIL) {
        property->kind = VALUE_NULL;
        property->text = (struct str){ 0 };
    } else if (value->kind == CLIXML_BOOL) {
        property->kind = str_is_nocase(str_trim(value->text), "true") ? VALUE_TRUE : VALUE_FALSE;
        property->text = (struct str){ 0 };
    } else if (kinds[value->kind].number && is_json_number(value->text)) {
        property->kind = VALUE_NUMBER;
    } else if (value->kind == CLIXML_TIME_SPAN) {
        property->text = made_text(object, value, print_span);
    } else if (value->kind == CLIXML_CHAR) {
        property->text = made_text(object, value, print_char);
    }
}

static void add(struct object *object, struct str name, const struct clixml_value *value)
{
    struct property property = { .name = name, .kind = VALUE_STRING };
    struct str words = { 0 };
    const struct clixml_value *plain = value->kind == CLIXML_OBJECT ? plain_value(value, &words) : value;
    if (!plain) {
        property.kind = VALUE_NESTED;
        property.text = made_text(object, value, NULL);
    } else if (plain->kind != CLIXML_OBJECT) {
        set_primitive(object, &property, plain);
    } else {
        property.text = words;
    }
    const struct clixml_types *types = value->kind == CLIXML_OBJECT ? value->object->types : NULL;
    if (types && types->count) {
        property.type = types->names[0];
    }
    object_add(object, property);
}

/* One behind the other, in the order of the properties. */
static void settle(struct object *object)
{
    size_t at = 0;
    for (size_t i = 0; i < object->count; i++) {
        struct str *text = &object->properties[i].text;
        if (text->len && !text->data) {
            text->data = object->bytes.data + at;
            at += text->len;
        }
    }
}

/* A property that stands in Props and in MS is shown once, with what MS says. */
static bool is_hidden(const struct clixml_value *value, const struct clixml_value *property)
{
    const struct clixml_list *extended = &value->object->extended;
    for (const struct clixml_value *other = extended->first; other && other != property; other = other->next) {
        if (str_eq_nocase(other->name, property->name)) {
            return true;
        }
    }
    return false;
}

bool rps_object_fill(struct object *object, const struct clixml_value *value, struct err *err)
{
    struct str words;
    const struct clixml_value *property = NULL;
    object_clear(object);
    if (value->kind != CLIXML_OBJECT || plain_value(value, &words) || value->object->container != CLIXML_NO_CONTAINER) {
        add(object, STR("Value"), value);
    } else {
        while (clixml_next_property(value, &property)) {
            if (!is_hidden(value, property)) {
                add(object, property->name, property);
            }
        }
    }
    settle(object);
    return !object->bytes.overflowed ||
           err_set(err, ERR_PROTOCOL, "an object of the answer is larger than %zu MiB", OBJECT_MAX_BYTES / 1024 / 1024);
}
