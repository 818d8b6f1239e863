/* Keys, their notation, and what they mean at the moment. Pure. Notation (tests, tables, help): a printable character
   stands for itself, others stand in angle brackets: <Enter> <Esc> <Tab> <S-Tab> <Space> <Up> <F5> <C-r> <M-c>
   <C-Left>; <lt> is '<' where a string of keys would read it as the start of a name. */
#ifndef PURVEY_UI_KEYMAP_H
#define PURVEY_UI_KEYMAP_H

#include "base/buf.h"
#include "ui/screen.h"

enum key_code {
    KEY_CODE_NONE,
    KEY_CODE_CHARACTER,         /* `character`, printable or a letter with ctrl/alt */
    KEY_CODE_ENTER, KEY_CODE_ESC, KEY_CODE_TAB, KEY_CODE_BACKSPACE, KEY_CODE_DELETE, KEY_CODE_INSERT,
    KEY_CODE_UP, KEY_CODE_DOWN, KEY_CODE_LEFT, KEY_CODE_RIGHT, KEY_CODE_HOME, KEY_CODE_END,
    KEY_CODE_PAGE_UP, KEY_CODE_PAGE_DOWN, KEY_CODE_FUNCTION,    /* `character` = 1 to 12 */
};

struct key {
    enum key_code code;
    uint32_t character;         /* a Unicode code point; ctrl letters in lower case */
    bool ctrl, alt, shift;
};

/* Takes the next key off a text in key notation. False at the end. A '<' that starts no known name is itself. */
bool key_parse(struct str *text, struct key *key);
bool key_equal(struct key a, struct key b);
/* The key as people read it on the bottom line: F5, ^R, Alt-c, Esc, Enter, ↑ (Up when ascii). */
void key_label(struct key key, bool ascii, struct buf *out);

/* The label of the key to show for an action at the moment; "" when it has none. */
void keymap_label(enum action action, bool typing, bool ascii, struct buf *out);

/* What a key means: the offer's actions first, then the ones that are always there. ACTION_NONE when nothing, also for
   text (see keymap_is_text). */
enum action keymap_action(struct key key, const struct offer *offer);

/* True when the key is text to be typed: printable, no ctrl or alt. Its UTF-8 goes to out (at most 4 bytes + NUL). */
bool keymap_is_text(struct key key, char out[5]);

#endif
