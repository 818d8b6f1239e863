#include "ui/screens/line_error.h"

/* In a long line the place may be out of sight. */
enum { FAR = 200 };

static bool take_number(struct str *text, const char *word, int64_t *number)
{
    struct str digits;
    if (!str_starts(*text, str_of(word)))
        return false;
    *text = str_from(*text, strlen(word));
    size_t length = 0;
    while (length < text->len && text->data[length] >= '0' && text->data[length] <= '9')
        length++;
    digits = str_take(*text, length);
    *text = str_from(*text, length);
    return str_to_int64(digits, 1, INT32_MAX, number);
}

/* "column 5: ..." or "line 2, column 5: ...", as the reader of lines says it, in characters. */
static bool error_place(const struct line_edit *edit, const struct err *err, size_t *offset)
{
    struct str said = str_of(err->text), text = line_edit_text(edit);
    int64_t line = 1, column = 1;
    if (take_number(&said, "line ", &line) && !str_starts(said, STR(", ")))
        return false;
    said = str_starts(said, STR(", ")) ? str_from(said, 2) : said;
    if (!take_number(&said, "column ", &column))
        return false;
    size_t at = 0;
    while (at < text.len && (text.data[at] == ' ' || text.data[at] == '\n'))     /* the line was read without them */
        at++;
    for (; at < text.len && line > 1; at++)
        line -= text.data[at] == '\n';
    for (; at < text.len && column > 1; column--) {
        at++;
        while (at < text.len && ((unsigned char)text.data[at] & 0xC0) == 0x80)
            at++;
    }
    *offset = at;
    return true;
}

bool line_error_placed(const struct line_edit *edit, const struct err *err)
{
    size_t offset;
    return err->kind != ERR_NONE && error_place(edit, err, &offset);
}

void line_error_approach(struct line_edit *edit, const struct err *err)
{
    size_t offset;
    if (error_place(edit, err, &offset) && offset + FAR < edit->cursor)
        edit->cursor = offset;
}

void line_error_mark(const struct line_edit *edit, const struct err *err, struct cells *cells, struct area row, enum glyph glyph)
{
    size_t offset;
    int column = error_place(edit, err, &offset) ? line_edit_place(edit, cells, row.columns, offset) : -1;
    if (column >= 0)
        cells_put_glyph(cells, row.row, row.column + column, STYLE_ERROR, glyph);
}
