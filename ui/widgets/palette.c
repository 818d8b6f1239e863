#include "ui/widgets/palette.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "ui/widgets/pages.h"

enum { KEY_COLUMNS = 11, LABEL_COLUMNS = 18 };

void palette_init(struct palette *palette)
{
    *palette = (struct palette){ .list.selected = -1 };
    line_edit_init(&palette->edit, 256);
}

void palette_free(struct palette *palette)
{
    for (size_t i = 0; i < palette->count; i++) {
        free(palette->entries[i].label);
        free(palette->entries[i].key);
        free(palette->entries[i].help);
    }
    free(palette->entries);
    free(palette->matches);
    line_edit_free(&palette->edit);
    palette_init(palette);
}

void palette_add(struct palette *palette, const char *label, const char *key, const char *help, int tag)
{
    MEM_ROOM(palette->entries, palette->count, palette->capacity);
    palette->entries[palette->count++] = (struct palette_entry){ mem_text(label), mem_text(key), mem_text(help), tag };
}

static bool matches(const struct palette_entry *entry, struct str words)
{
    struct str word;
    while (words.len > 0) {
        str_cut(&words, ' ', &word);
        if (!text_contains(str_of(entry->label), word) && !text_contains(str_of(entry->help), word))
            return false;
    }
    return true;
}

static void filter(struct palette *palette)
{
    palette->matches = mem_grow(palette->matches, palette->count + 1, sizeof *palette->matches);
    palette->match_count = 0;
    for (size_t i = 0; i < palette->count; i++)
        if (matches(&palette->entries[i], line_edit_text(&palette->edit)))
            palette->matches[palette->match_count++] = i;
    list_set_count(&palette->list, (int64_t)palette->match_count);
}

/* The column of the help texts is narrow, and some are not. */
static bool is_cut(const struct palette_entry *entry, int columns)
{
    return text_width(str_of(entry->help)) > columns - KEY_COLUMNS - LABEL_COLUMNS;
}

/* The rows between the line and the list: a blank one, or what the longest text that is cut takes when it is whole. */
static int whole_rows(const struct palette *palette, int columns)
{
    int most = 1;
    for (size_t i = 0; i < palette->count; i++) {
        int rows = is_cut(&palette->entries[i], columns) ? pages_rows(palette->entries[i].help, columns - 2) : 1;
        most = rows > most ? rows : most;
    }
    return most;
}

void palette_resize(struct palette *palette, int rows, int columns)
{
    list_resize(&palette->list, rows - 1 - whole_rows(palette, columns));
    filter(palette);
}

const struct palette_entry *palette_selected(const struct palette *palette)
{
    if (palette->list.selected < 0 || (size_t)palette->list.selected >= palette->match_count)
        return NULL;
    return &palette->entries[palette->matches[palette->list.selected]];
}

/* HOME and END belong to the line; the list has the other moves. */
static bool for_line(const struct ui_input *input)
{
    return input->kind != INPUT_ACTION || input->action == ACTION_HOME || input->action == ACTION_END ||
           action_row(input->action)->group == ACTION_GROUP_EDIT || input->action == ACTION_LEFT ||
           input->action == ACTION_RIGHT;
}

enum palette_result palette_input(struct palette *palette, const struct ui_input *input)
{
    if (input->kind == INPUT_ACTION && input->action == ACTION_ENTER)
        return palette_selected(palette) ? PALETTE_CHOSEN : PALETTE_STAYS;
    if (!for_line(input)) {
        list_input(&palette->list, input);
    } else if (line_edit_input(&palette->edit, input) == LINE_EDIT_CHANGED) {
        filter(palette);
        list_select(&palette->list, 0);
    }
    return PALETTE_STAYS;
}

static void draw_entry(const void *context, int64_t row, bool selected, enum style style, struct cells *cells,
                       struct area area)
{
    const struct palette *palette = context;
    const struct palette_entry *entry = &palette->entries[palette->matches[row]];
    struct area key = area_cut_left(&area, KEY_COLUMNS), label = area_cut_left(&area, LABEL_COLUMNS);
    cells_put_text(cells, key.row, key.column + 1, key.columns - 2, selected ? style : STYLE_KEY, entry->key);
    cells_put_text(cells, label.row, label.column, label.columns - 1, style, entry->label);
    cells_put_text(cells, area.row, area.column, area.columns, selected ? style : STYLE_DIM, entry->help);
}

void palette_draw(const struct palette *palette, struct cells *cells, struct area area)
{
    int columns = area.columns;
    struct area head = area_cut_top(&area, 1), whole = area_cut_top(&area, whole_rows(palette, columns));
    const struct palette_entry *selected = palette_selected(palette);
    line_edit_draw(&palette->edit, cells, head.row, head.column + 1, head.columns - 2, true, "Type to search");
    if (selected && is_cut(selected, columns))
        cells_wrap(cells, area_inset(whole, 0, 1), STYLE_TEXT, selected->help);
    if (palette->match_count == 0)
        cells_put_text(cells, area.row, area.column + 1, area.columns - 2, STYLE_DIM, "Nothing matches. Esc goes back.");
    list_draw(&palette->list, cells, area, true, draw_entry, palette);
}
