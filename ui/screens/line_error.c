#include "ui/screens/line_error.h"

#include "catalogue/literal.h"

/* In a long line the place may be out of sight. */
enum { FAR = 200 };

/* Where the place that the reader of lines names stands in the text that is edited. */
static bool error_place(const struct line_edit *edit, const struct err *err, size_t *offset)
{
    struct str text = line_edit_text(edit);
    size_t line, column;
    if (!reader_place(str_of(err->text), &line, &column))
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
