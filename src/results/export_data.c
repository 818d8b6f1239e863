/* The formats for programs: JSON and JSON lines, exact; CSV and TSV, safe for a spreadsheet to open. */
#include "base/text.h"
#include "results/export_internal.h"
#include "results/sort_key.h"

static void nothing(struct export *export)
{
    (void)export;
}

/* ---- JSON ---- */

/* The code point at the head of well-formed UTF-8 and its length; anything else is one byte of U+FFFD. */
static uint32_t decode(struct str s, size_t *length)
{
    static const struct { unsigned char mask, lead; size_t length; } forms[] = {
        { 0x80, 0x00, 1 }, { 0xe0, 0xc0, 2 }, { 0xf0, 0xe0, 3 }, { 0xf8, 0xf0, 4 },
    };
    unsigned char first = (unsigned char)s.data[0];
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if ((first & forms[i].mask) != forms[i].lead || s.len < forms[i].length)
            continue;
        /* The marker bits of the first byte differ in number for each length. */
        uint32_t point = first & (unsigned char)~forms[i].mask;
        for (size_t k = 1; k < forms[i].length; k++)
            point = point << 6 | ((unsigned char)s.data[k] & 0x3f);
        *length = forms[i].length;
        return point;
    }
    *length = 1;
    return 0xfffd;
}

/* What a terminal might obey or hide instead of showing it: base/text.h, text_clean. */
static bool must_escape(uint32_t point)
{
    static const struct { uint32_t first, last; } ranges[] = {
        { 0x7f, 0x9f }, { 0x61c, 0x61c }, { 0x200e, 0x200f }, { 0x2028, 0x202e }, { 0x2066, 0x2069 },
        { 0xfdd0, 0xfdef }, { 0xfeff, 0xfeff }, { 0xe0000, 0xe007f },
    };
    if ((point & 0xfffe) == 0xfffe)
        return true;
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (point >= ranges[i].first && point <= ranges[i].last)
            return true;
    return false;
}

static void put_escape(struct buf *out, uint32_t point)
{
    if (point < 0x10000) {
        buf_format(out, "\\u%04x", point);
        return;
    }
    point -= 0x10000;
    buf_format(out, "\\u%04x\\u%04x", 0xd800 + (point >> 10), 0xdc00 + (point & 0x3ff));
}

/* Length of the head that is printable ASCII or a line end between members: nearly everything. */
static size_t plain_head(struct str s)
{
    size_t length = 0;
    const uint64_t each = UINT64_C(0x0101010101010101);
    /* Eight bytes at a time as long as none has its top bit and none is DEL. */
    for (; s.len - length >= sizeof each; length += sizeof each) {
        uint64_t word;
        memcpy(&word, s.data + length, sizeof word);
        uint64_t del = word ^ each * 0x7f;
        if ((word | ((del - each) & ~del)) & each * 0x80)
            break;
    }
    while (length < s.len && (unsigned char)s.data[length] < 0x7f)
        length++;
    return length;
}

/* Appends JSON text with the code points above written as \u: outside ASCII they only occur within strings. */
static void put_json(struct buf *out, struct str json)
{
    size_t kept = 0, at = 0, length;
    /* Bytes from 0x7f up are looked at: DEL is ASCII and still nothing that a terminal should get. */
    while ((at += plain_head(str_from(json, at))) < json.len) {
        uint32_t point = decode(str_from(json, at), &length);
        if (must_escape(point)) {
            buf_add(out, (struct str){ json.data + kept, at - kept });
            put_escape(out, point);
            kept = at + length;
        }
        at += length;
    }
    buf_add(out, str_from(json, kept));
}

static void json_begin(struct export *export)
{
    if (!export->options.alone)
        buf_char(export->out, '[');
}

static void compact_object(struct export *export)
{
    buf_text(export->out, export->written ? "," : "");
    put_json(export->out, str_trim(buf_str(&export->shown)));
}

/* The object is printed on its own and moved in by two blanks: line ends only stand between members. */
static void json_object(struct export *export, const struct object *object)
{
    struct str line, text;
    buf_clear(&export->shown);
    object_print_data(object, !export->options.compact, &export->shown);
    /* The comma goes before the object, because nobody knows here whether another one follows. */
    const char *indent = export->options.alone ? "" : "  ";
    if (export->options.compact) {
        compact_object(export);
        return;
    }
    if (!export->options.alone)
        buf_text(export->out, export->written ? ",\n" : "\n");
    text = str_trim(buf_str(&export->shown));
    for (bool more = true, first = true; more; first = false) {
        more = str_cut(&text, '\n', &line);
        buf_text(export->out, first ? "" : "\n");
        buf_text(export->out, indent);
        put_json(export->out, line);
    }
}

static void json_end(struct export *export)
{
    buf_text(export->out, export->options.alone ? "\n" : export->written && !export->options.compact ? "\n]\n" : "]\n");
}

static void jsonl_object(struct export *export, const struct object *object)
{
    buf_clear(&export->shown);
    object_print_data(object, false, &export->shown);
    put_json(export->out, buf_str(&export->shown));
    buf_char(export->out, '\n');
}

/* One code point of a string or a name, the head of *text. */
static void put_wide(struct buf *out, struct str *text)
{
    size_t length;
    uint32_t point = decode(*text, &length);
    struct str bytes = str_take(*text, length);
    if (!text_is_utf8(bytes)) {
        buf_text(out, "\xef\xbf\xbd");
        length = 1;
    } else if (must_escape(point)) {
        put_escape(out, point);
    } else {
        buf_add(out, bytes);
    }
    *text = str_from(*text, length);
}

/* JSON that was not printed by us may hold anything: control characters become escapes within strings and blanks between
   them, so that an object stays on its line and a terminal has nothing to obey. */
static void put_raw(struct buf *out, struct str text)
{
    bool in_string = false, escaped = false;
    while (text.len) {
        unsigned char c = (unsigned char)*text.data;
        bool quote = c == '"' && !escaped;
        in_string ^= quote;
        escaped = in_string && !escaped && c == '\\';
        if (c >= 0x80) {
            put_wide(out, &text);
            continue;
        }
        if (c >= ' ' && c != 0x7f) {
            buf_char(out, (char)c);
        } else if (in_string) {
            put_escape(out, c);
        } else {
            buf_char(out, ' ');
        }
        text = str_from(text, 1);
    }
}

/* As the service wrote it: whoever asks for this has rows that hold nothing but that (engine/job.h). */
static void raw_object(struct export *export, const struct object *object)
{
    const struct property *only = object->count == 1 ? &object->properties[0] : NULL;
    if (!only || only->kind != VALUE_NESTED) {
        jsonl_object(export, object);
        return;
    }
    put_raw(export->out, only->text);
    buf_char(export->out, '\n');
}

const struct export_writer export_raw = { "raw", false, nothing, raw_object, nothing };
const struct export_writer export_json = { "json", false, json_begin, json_object, json_end };
const struct export_writer export_jsonl = { "jsonl", false, nothing, jsonl_object, nothing };

/* ---- CSV and TSV ---- */

/* -5 and +1.5e3 are data, and as data they must stay numbers for the spreadsheet. */
static bool is_number(struct str text)
{
    struct sort_key key;
    key.len = 0;
    return sort_key_number(&key, text);
}

/* A cell that a spreadsheet would run as a formula instead of showing it. The wide forms are taken for the plain ones
   by some of them. */
static bool runs_as_formula(struct str text)
{
    static const char *const wide[] = { "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0" };
    if (text.len == 0)
        return false;
    if (strchr("=+-@\t\r", text.data[0]) && text.data[0])
        return !is_number(text);
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (str_starts(text, str_of(wide[i])))
            return true;
    return false;
}

/* Blanks at the ends are quoted too, because some readers drop them. */
static bool needs_quotes(struct str text, char separator)
{
    for (size_t i = 0; i < text.len; i++)
        if ((strchr("\"\r\n", text.data[i]) && text.data[i]) || text.data[i] == separator)
            return true;
    return text.len && (text.data[0] == ' ' || text.data[text.len - 1] == ' ');
}

static char separator_of(const struct export *export, char usual)
{
    return export->options.separator ? export->options.separator : usual;
}

static void csv_field(struct export *export, const struct property *property)
{
    struct str field = export_shown(export, property, true), piece;
    /* Cleaning may have taken away the tab that made it a formula; the value itself counts as well. */
    bool formula = runs_as_formula(field) || (property && runs_as_formula(property->text));
    if (!formula && !needs_quotes(field, separator_of(export, ','))) {
        buf_add(export->out, field);
        return;
    }
    buf_text(export->out, formula ? "\"'" : "\"");
    while (str_cut(&field, '"', &piece)) {
        buf_add(export->out, piece);
        buf_text(export->out, "\"\"");
    }
    buf_add(export->out, piece);
    buf_char(export->out, '"');
}

static void tsv_field(struct export *export, const struct property *property)
{
    /* A tab or line end within the text is gone by now: TSV has no quotes to hold it. */
    struct str field = export_shown(export, property, false);
    if (runs_as_formula(field) || (property && runs_as_formula(property->text)))
        buf_char(export->out, '\'');
    buf_add(export->out, field);
}

struct separated {
    void (*field)(struct export *export, const struct property *property);
    char separator;
    const char *line_end;
};

static const struct separated csv = { csv_field, ',', "\r\n" }, tsv = { tsv_field, '\t', "\n" };

static void separated_header(struct export *export, const struct separated *form)
{
    struct property name = { .kind = VALUE_STRING };
    for (size_t i = 0; i < export->column_count && !export->options.no_header; i++) {
        name.text = export->columns[i].name;
        if (i > 0)
            buf_char(export->out, separator_of(export, form->separator));
        form->field(export, &name);
    }
    /* No columns, no header: an empty line would be read as one row. */
    if (export->column_count && !export->options.no_header)
        buf_text(export->out, form->line_end);
}

static void separated_object(struct export *export, const struct separated *form, const struct object *object)
{
    for (size_t i = 0; i < export->column_count; i++) {
        if (i > 0)
            buf_char(export->out, separator_of(export, form->separator));
        form->field(export, export_property(&export->columns[i], object));
    }
    buf_text(export->out, form->line_end);
}

static void csv_begin(struct export *export) { separated_header(export, &csv); }
static void tsv_begin(struct export *export) { separated_header(export, &tsv); }
static void csv_object(struct export *export, const struct object *object) { separated_object(export, &csv, object); }
static void tsv_object(struct export *export, const struct object *object) { separated_object(export, &tsv, object); }

const struct export_writer export_csv = { "csv", true, csv_begin, csv_object, nothing };
const struct export_writer export_tsv = { "tsv", true, tsv_begin, tsv_object, nothing };
