#include "ui/widgets/line_edit.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/private_memory.h"
#include "base/text.h"

/* Smaller pieces of private memory are in core dumps. */
enum { DEFAULT_CAP = 4096, SECRET_LEAST = 1024 };

void line_edit_init(struct line_edit *edit, size_t cap)
{
    *edit = (struct line_edit){ .cap = cap > 0 ? cap : DEFAULT_CAP };
}

static void release(struct line_edit *edit)
{
    if (edit->secret)
        private_free(edit->text);
    else
        free(edit->text);
    edit->text = NULL;
}

void line_edit_free(struct line_edit *edit)
{
    release(edit);
    free(edit->erased);
    edit->erased = NULL;
    edit->length = edit->capacity = edit->cursor = 0;
}

struct str line_edit_text(const struct line_edit *edit)
{
    return (struct str){ edit->text ? edit->text : "", edit->length };
}

/* realloc would leave the old bytes of a secret behind. */
static void reserve(struct line_edit *edit, size_t length)
{
    if (length + 1 <= edit->capacity)
        return;
    size_t capacity = (length + 1) * 2;
    if (edit->secret && capacity < SECRET_LEAST)
        capacity = SECRET_LEAST;
    char *text = edit->secret ? private_malloc(capacity) : mem_new(capacity);
    if (!text)
        mem_exhausted();
    if (edit->text)
        memcpy(text, edit->text, edit->length);
    release(edit);
    edit->text = text;
    edit->capacity = capacity;
}

void line_edit_set(struct line_edit *edit, struct str text)
{
    edit->length = edit->cursor = 0;
    line_edit_insert(edit, text);
}

/* The head of s with at most `room` bytes, never a part of a cluster. */
static struct str fitting(struct str s, size_t room)
{
    struct str rest = s, cluster;
    size_t length = 0;
    int width;
    if (s.len <= room)
        return s;
    while (text_next(&rest, &cluster, &width) && length + cluster.len <= room)
        length += cluster.len;
    return str_take(s, length);
}

void line_edit_insert(struct line_edit *edit, struct str text)
{
    size_t cap = edit->cap > 0 ? edit->cap : DEFAULT_CAP;
    struct buf clean = { .cap = BUF_LARGE, .secret = edit->secret };
    text_clean(&clean, text, edit->keep_lines);
    struct str added = fitting(buf_str(&clean), cap - (edit->length < cap ? edit->length : cap));
    if (added.len > 0) {
        reserve(edit, edit->length + added.len);
        memmove(edit->text + edit->cursor + added.len, edit->text + edit->cursor, edit->length - edit->cursor);
        memcpy(edit->text + edit->cursor, added.data, added.len);
        edit->length += added.len;
        edit->cursor += added.len;
    }
    if (edit->text)
        edit->text[edit->length] = '\0';
    buf_free(&clean);
}

/* --- moves --- */

static size_t next_border(const struct line_edit *edit)
{
    struct str rest = str_from(line_edit_text(edit), edit->cursor), cluster;
    int width;
    return text_next(&rest, &cluster, &width) ? edit->cursor + cluster.len : edit->length;
}

/* Clusters can only be told apart from the start. */
static size_t previous_border(const struct line_edit *edit)
{
    struct str rest = line_edit_text(edit), cluster;
    size_t here = 0;
    int width;
    while (text_next(&rest, &cluster, &width) && here + cluster.len < edit->cursor)
        here += cluster.len;
    return here;
}

static bool in_word(const struct line_edit *edit, size_t at)
{
    unsigned char c = (unsigned char)edit->text[at];
    return c >= 0x80 || isalnum(c);
}

static size_t word_left(const struct line_edit *edit)
{
    size_t here = edit->cursor;
    while (here > 0 && !in_word(edit, here - 1))
        here--;
    while (here > 0 && in_word(edit, here - 1))
        here--;
    return here;
}

static size_t word_right(const struct line_edit *edit)
{
    size_t here = edit->cursor;
    while (here < edit->length && !in_word(edit, here))
        here++;
    while (here < edit->length && in_word(edit, here))
        here++;
    return here;
}

static enum line_edit_result move_to(struct line_edit *edit, size_t cursor)
{
    edit->cursor = cursor;
    return LINE_EDIT_MOVED;
}

/* --- erasing --- */

static enum line_edit_result erase(struct line_edit *edit, size_t from, size_t to, bool keep)
{
    if (from >= to)
        return LINE_EDIT_MOVED;
    if (keep && !edit->secret) {
        free(edit->erased);
        edit->erased = str_dup((struct str){ edit->text + from, to - from });
    }
    memmove(edit->text + from, edit->text + to, edit->length - to);
    edit->length -= to - from;
    edit->text[edit->length] = '\0';
    edit->cursor = from;
    return LINE_EDIT_CHANGED;
}

static enum line_edit_result yank(struct line_edit *edit)
{
    if (!edit->erased)
        return LINE_EDIT_MOVED;
    line_edit_insert(edit, str_of(edit->erased));
    return LINE_EDIT_CHANGED;
}

static enum line_edit_result act(struct line_edit *edit, enum action action)
{
    switch (action) {
    case ACTION_LEFT: return edit->cursor > 0 ? move_to(edit, previous_border(edit)) : LINE_EDIT_IGNORED;
    case ACTION_RIGHT: return edit->cursor < edit->length ? move_to(edit, next_border(edit)) : LINE_EDIT_IGNORED;
    case ACTION_HOME: return move_to(edit, 0);
    case ACTION_END: return move_to(edit, edit->length);
    case ACTION_WORD_LEFT: return move_to(edit, word_left(edit));
    case ACTION_WORD_RIGHT: return move_to(edit, word_right(edit));
    case ACTION_ERASE_BACK: return erase(edit, previous_border(edit), edit->cursor, false);
    case ACTION_ERASE_FORWARD: return erase(edit, edit->cursor, next_border(edit), false);
    case ACTION_ERASE_WORD: return erase(edit, word_left(edit), edit->cursor, true);
    case ACTION_ERASE_TO_START: return erase(edit, 0, edit->cursor, true);
    case ACTION_ERASE_TO_END: return erase(edit, edit->cursor, edit->length, true);
    case ACTION_YANK: return yank(edit);
    default: return LINE_EDIT_IGNORED;
    }
}

enum line_edit_result line_edit_input(struct line_edit *edit, const struct ui_input *input)
{
    if (input->kind == INPUT_ACTION)
        return act(edit, input->action);
    if (input->kind != INPUT_TEXT && input->kind != INPUT_PASTE)
        return LINE_EDIT_IGNORED;
    line_edit_insert(edit, input->text);
    return LINE_EDIT_CHANGED;
}

/* --- drawing --- */

/* What is seen: the text itself, dots for a secret, a mark for a line end. */
static void shown_text(const struct line_edit *edit, const struct cells *cells, struct buf *out, size_t *cursor)
{
    struct str rest = line_edit_text(edit), cluster;
    const char *start = rest.data;
    int width;
    *cursor = 0;
    while (text_next(&rest, &cluster, &width)) {
        if ((size_t)(cluster.data - start) == edit->cursor)
            *cursor = out->len;
        if (edit->secret)
            buf_text(out, cells_glyph(cells, GLYPH_SECRET));
        else if (cluster.data[0] == '\n')
            buf_text(out, cells->ascii ? "|" : "⏎");
        else
            buf_add(out, cluster);
    }
    if (edit->cursor >= edit->length)
        *cursor = out->len;
}

/* Drops clusters from the left until the cursor stands within the columns. */
static size_t scroll_start(struct str before, int columns)
{
    int width = text_width(before), cluster_width;
    struct str rest = before, cluster;
    while (width >= columns && text_next(&rest, &cluster, &cluster_width))
        width -= cluster_width;
    return before.len - rest.len;
}

int line_edit_place(const struct line_edit *edit, const struct cells *cells, int columns, size_t offset)
{
    struct line_edit there = *edit;
    struct buf text = BUF_INIT(BUF_LARGE);
    size_t cursor, place;
    there.cursor = offset < edit->length ? offset : edit->length;
    shown_text(edit, cells, &text, &cursor);
    size_t start = scroll_start(str_take(buf_str(&text), cursor), columns);
    buf_clear(&text);
    shown_text(&there, cells, &text, &place);
    int column = place < start ? -1 : text_width((struct str){ buf_cstr(&text) + start, place - start });
    buf_free(&text);
    return column < columns ? column : -1;
}

void line_edit_draw(const struct line_edit *edit, struct cells *cells, int row, int column, int columns, bool focused,
                    const char *placeholder)
{
    enum style style = focused ? STYLE_INPUT_FOCUS : STYLE_INPUT;
    struct buf text = BUF_INIT(BUF_LARGE);      /* dots, where it is secret */
    size_t cursor;
    shown_text(edit, cells, &text, &cursor);
    size_t start = scroll_start(str_take(buf_str(&text), cursor), columns);
    cells_fill(cells, (struct area){ row, column, 1, columns }, style);
    if (edit->length > 0)
        cells_put(cells, row, column, columns, style, str_from(buf_str(&text), start));
    else if (placeholder)
        cells_put_text(cells, row, column, columns, STYLE_PLACEHOLDER, placeholder);
    if (start > 0)
        cells_put_glyph(cells, row, column, style, GLYPH_CUT);
    if (focused)
        cells_cursor(cells, row, column + text_width((struct str){ buf_cstr(&text) + start, cursor - start }));
    buf_free(&text);
}
