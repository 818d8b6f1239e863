#include "results/search.h"

#include <ctype.h>

#include "base/text.h"

/* How common bytes are in directory data, commonest last: GUIDs, dates, addresses, English. Others are rare. */
static const char common_bytes[] = "zjqx@_kvwypugmhbldcfnrsoitae98765:.-3210 \"";

static int commonness(unsigned char byte)
{
    const char *found = byte ? strchr(common_bytes, tolower(byte)) : NULL;
    return found ? (int)(found - common_bytes) + 1 : 0;
}

static bool all_ascii(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.data[i] >= 0x80)
            return false;
    return true;
}

static struct scan scan_of(struct str text)
{
    struct scan scan = { .text = text };
    /* The rarest byte gives memchr the longest strides. */
    for (size_t i = 1; i < text.len; i++)
        if (commonness((unsigned char)text.data[i]) < commonness((unsigned char)text.data[scan.rare]))
            scan.rare = i;
    if (text.len) {
        scan.lower = (unsigned char)tolower((unsigned char)text.data[scan.rare]);
        scan.upper = (unsigned char)toupper((unsigned char)text.data[scan.rare]);
    }
    return scan;
}

/* The longest part without what JSON and its displayed form write differently. */
static struct str longest_piece(struct str text)
{
    struct str longest = { "", 0 };
    for (size_t start = 0, end; start < text.len; start = end + 1) {
        for (end = start; end < text.len && !strchr(" ,=;{}:\"\\[]\n\r\t/", text.data[end]); end++) { }
        if (end - start > longest.len)
            longest = str_take(str_from(text, start), end - start);
    }
    return longest;
}

void needle_init(struct needle *needle, struct str text)
{
    *needle = (struct needle){ .whole = scan_of(text), .ascii = all_ascii(text) };
    needle->piece = scan_of(longest_piece(text));
    /* true and false are stored as a kind without text: "tru" would be found in no bytes at all. */
    needle->may_be_word = str_contains_nocase(STR("true"), text) || str_contains_nocase(STR("false"), text);
    for (size_t i = 0; i < text.len; i++)
        needle->may_be_display |= strchr(" ,=;{}", text.data[i]) != NULL;
}

static bool same_nocase(const char *a, const char *b, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (a[i] != b[i] && tolower((unsigned char)a[i]) != tolower((unsigned char)b[i]))
            return false;
    return true;
}

/* Looks for the rare byte in one of its cases, and compares around each place found. */
static bool scan_for(const struct scan *scan, unsigned char byte, const char *from, size_t length)
{
    const char *end = from + length;
    while (from < end && (from = memchr(from, byte, (size_t)(end - from))) != NULL) {
        if (same_nocase(from - scan->rare, scan->text.data, scan->text.len))
            return true;
        from++;
    }
    return false;
}

static bool ascii_contains(const struct scan *scan, const char *data, size_t length)
{
    if (scan->text.len == 0)
        return true;
    if (length < scan->text.len)
        return false;
    /* Where the rare byte can stand so that the whole text still fits. */
    const char *from = data + scan->rare;
    size_t places = length - scan->text.len + 1;
    return scan_for(scan, scan->lower, from, places) ||
           (scan->upper != scan->lower && scan_for(scan, scan->upper, from, places));
}

bool needle_in_text(const struct needle *needle, struct str text)
{
    if (needle->ascii)
        return ascii_contains(&needle->whole, text.data, text.len);
    return text_contains(text, needle->whole.text);
}

/* Costly (the JSON is read): only for needles that the raw text cannot have, and after the quick looks. */
static bool in_display(const struct needle *needle, const struct property *value)
{
    struct buf shown = BUF_INIT(BUF_LARGE);
    property_display(value, &shown);
    bool found = needle_in_text(needle, buf_str(&shown));
    buf_free(&shown);
    return found;
}

bool needle_in_value(const struct needle *needle, const struct property *value)
{
    switch (value->kind) {
    case VALUE_TRUE: return needle_in_text(needle, STR("true"));
    case VALUE_FALSE: return needle_in_text(needle, STR("false"));
    case VALUE_NULL: return needle->whole.text.len == 0;
    case VALUE_NUMBER:
    case VALUE_STRING: return needle_in_text(needle, value->text);
    case VALUE_NESTED: break;
    }
    return needle_in_text(needle, value->text) || (needle->may_be_display && in_display(needle, value));
}

static bool may_display(const struct needle *needle, const struct row_cells *cells)
{
    struct property value;
    for (size_t i = 0; i < cells->count; i++) {
        row_cells_value(cells, i, &value);
        if (value.kind == VALUE_NESTED && ascii_contains(&needle->piece, value.text.data, value.text.len))
            return true;
    }
    return false;
}

bool needle_in_cells(const struct needle *needle, const struct row_cells *cells)
{
    /* A look at all bytes of the row at once settles most rows; only a hit is checked value by value, because it may
       reach over the border of two values. */
    if (needle->ascii && !needle->may_be_word &&
        !ascii_contains(&needle->whole, (const char *)cells->values, cells->values_len) &&
        !(needle->may_be_display && may_display(needle, cells)))
        return false;
    struct property value;
    for (size_t i = 0; i < cells->count; i++) {
        row_cells_value(cells, i, &value);
        if (needle_in_value(needle, &value))
            return true;
    }
    return false;
}
