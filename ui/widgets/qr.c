#include "ui/widgets/qr.h"

#include <qrencode.h>

enum { QUIET = 2 };     /* the standard asks for four modules; cameras are content with two, and rows are dear */

/* The lowest level of correction: nothing smudges a screen, and every version less is two columns. */
static QRcode *encode(const char *text)
{
    return QRcode_encodeString(text, 0, QR_ECLEVEL_L, QR_MODE_8, 1);
}

static void measure(const QRcode *code, int *rows, int *columns)
{
    int modules = code->width + 2 * QUIET;
    *columns = modules;
    *rows = (modules + 1) / 2;
}

bool qr_size(const char *text, int *rows, int *columns)
{
    QRcode *code = encode(text);
    if (!code) {
        return false;
    }
    measure(code, rows, columns);
    QRcode_free(code);
    return true;
}

static bool is_dark(const QRcode *code, int row, int column)
{
    bool inside = row >= 0 && column >= 0 && row < code->width && column < code->width;
    return inside && (code->data[row * code->width + column] & 1);
}

static void draw_row(const QRcode *code, int row, struct cells *cells, int at_row, int at_column, int columns)
{
    static const char *const halves[] = { " ", "\xe2\x96\x84", "\xe2\x96\x80", "\xe2\x96\x88" };     /* none, lower, upper, both */
    for (int column = 0; column < columns; column++) {
        int upper = is_dark(code, 2 * row - QUIET, column - QUIET), lower = is_dark(code, 2 * row - QUIET + 1, column - QUIET);
        cells_put_text(cells, at_row + row, at_column + column, 1, STYLE_QR, halves[2 * upper + lower]);
    }
}

void qr_draw(const char *text, struct cells *cells, struct area area)
{
    int rows, columns;
    QRcode *code = cells->ascii ? NULL : encode(text);
    if (!code) {
        return;
    }
    measure(code, &rows, &columns);
    for (int row = 0; row < rows && rows <= area.rows && columns <= area.columns; row++) {
        draw_row(code, row, cells, area.row, area.column, columns);
    }
    QRcode_free(code);
}
