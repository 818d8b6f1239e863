/* A list filtered by what is typed: a line to type in, the entries that match below. For the help screen and for
   choosing one of many names. */
#ifndef PURVEY_UI_PALETTE_H
#define PURVEY_UI_PALETTE_H

#include "ui/widgets/line_edit.h"
#include "ui/widgets/list.h"

struct palette_entry { char *label, *key, *help; int tag; };

struct palette {
    struct palette_entry *entries; size_t count, capacity;
    size_t *matches; size_t match_count;                    /* indexes of the entries that match, in order */
    struct line_edit edit;
    struct list list;
};

void palette_init(struct palette *palette);
void palette_free(struct palette *palette);
/* Texts are copied. tag: the owner's (an enum action, an index). */
void palette_add(struct palette *palette, const char *label, const char *key, const char *help, int tag);
void palette_resize(struct palette *palette, int rows, int columns);    /* on INPUT_RESIZE and after the last add */

enum palette_result { PALETTE_STAYS, PALETTE_CHOSEN };
/* Typing filters (every blank-separated word must be in label or help), UP DOWN... move, ENTER chooses. The owner's
   offer.typing is true. */
enum palette_result palette_input(struct palette *palette, const struct ui_input *input);
const struct palette_entry *palette_selected(const struct palette *palette);    /* NULL when nothing matches */
/* The selected entry's help stands whole above the list where its column cuts it. */
void palette_draw(const struct palette *palette, struct cells *cells, struct area area);

#endif
