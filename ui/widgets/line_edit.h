/* One line of text being edited: by grapheme clusters, with word moves, erase and put back, horizontal scroll, and dots
   for secrets. Pure state; the buffer of a secret is wiped whenever it moves or goes. */
#ifndef PURVEY_UI_LINE_EDIT_H
#define PURVEY_UI_LINE_EDIT_H

#include "ui/screen.h"

struct line_edit {
    char *text;             /* NUL-terminated once anything was typed; read with line_edit_text */
    size_t length, capacity;
    size_t cap;             /* most bytes it takes; more is dropped */
    size_t cursor;          /* byte offset, at a cluster border */
    bool secret;            /* shows dots; set before anything is typed */
    bool keep_lines;        /* a pasted line end stays LF (drawn as a mark); else it becomes a blank */
    char *erased;           /* what ERASE_WORD, _TO_START, _TO_END took last, for YANK; never for secrets */
};

enum line_edit_result { LINE_EDIT_IGNORED, LINE_EDIT_MOVED, LINE_EDIT_CHANGED };

void line_edit_init(struct line_edit *edit, size_t cap);        /* cap 0 = 4096 */
void line_edit_free(struct line_edit *edit);                    /* back to empty; usable again */
struct str line_edit_text(const struct line_edit *edit);
void line_edit_set(struct line_edit *edit, struct str text);    /* cursor at the end */
void line_edit_insert(struct line_edit *edit, struct str text); /* at the cursor, cleaned, up to the cap */

/* Takes INPUT_TEXT, INPUT_PASTE and LEFT RIGHT HOME END ERASE_* YANK WORD_*. LEFT at the start and RIGHT at the end are
   ignored, so that the caller may use them. */
enum line_edit_result line_edit_input(struct line_edit *edit, const struct ui_input *input);

/* The column, counted from where it is drawn, of the text at the byte offset; -1 = it is scrolled off. */
int line_edit_place(const struct line_edit *edit, const struct cells *cells, int columns, size_t offset);

/* Draws in one row of `columns`, scrolled so that the cursor is seen; placeholder (may be NULL) shows while it is
   empty. focused: INPUT_FOCUS style and the terminal's cursor. */
void line_edit_draw(const struct line_edit *edit, struct cells *cells, int row, int column, int columns, bool focused,
                    const char *placeholder);

#endif
