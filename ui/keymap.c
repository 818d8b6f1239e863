#include "ui/keymap.h"

#include <stdlib.h>

#include "base/text.h"

#define ACTION_ROW(name, group, keys, typing_keys, label, help) \
    [ACTION_##name] = { #name, ACTION_GROUP_##group, keys, typing_keys, label, help },
static const struct action_row rows[ACTION_COUNT] = {
    [ACTION_NONE] = { "NONE", ACTION_GROUP_MOTION, "", "", "", "" },
    ACTIONS(ACTION_ROW)
};
#undef ACTION_ROW

const struct action_row *action_row(enum action action)
{
    return &rows[(unsigned)action < ACTION_COUNT ? action : ACTION_NONE];
}

/* --- notation --- */

static const struct { const char *name, *label, *ascii_label; enum key_code code; uint32_t character; } names[] = {
    { "Enter", "Enter", "Enter", KEY_CODE_ENTER, 0 },
    { "Esc", "Esc", "Esc", KEY_CODE_ESC, 0 },
    { "Tab", "Tab", "Tab", KEY_CODE_TAB, 0 },
    { "Backspace", "Backspace", "Backspace", KEY_CODE_BACKSPACE, 0 },
    { "Delete", "Del", "Del", KEY_CODE_DELETE, 0 },
    { "Insert", "Ins", "Ins", KEY_CODE_INSERT, 0 },
    { "Up", "↑", "Up", KEY_CODE_UP, 0 },
    { "Down", "↓", "Down", KEY_CODE_DOWN, 0 },
    { "Left", "←", "Left", KEY_CODE_LEFT, 0 },
    { "Right", "→", "Right", KEY_CODE_RIGHT, 0 },
    { "Home", "Home", "Home", KEY_CODE_HOME, 0 },
    { "End", "End", "End", KEY_CODE_END, 0 },
    { "PageUp", "PgUp", "PgUp", KEY_CODE_PAGE_UP, 0 },
    { "PageDown", "PgDn", "PgDn", KEY_CODE_PAGE_DOWN, 0 },
    { "Space", "Space", "Space", KEY_CODE_CHARACTER, ' ' },
    { "lt", "<", "<", KEY_CODE_CHARACTER, '<' },
    { "gt", ">", ">", KEY_CODE_CHARACTER, '>' },
};
#define NAME_COUNT (sizeof names / sizeof names[0])

static uint32_t code_point(struct str s)
{
    unsigned char lead = (unsigned char)s.data[0];
    if (lead < 0x80)
        return lead;
    uint32_t value = lead & (lead >= 0xF0 ? 0x07u : lead >= 0xE0 ? 0x0Fu : 0x1Fu);
    for (size_t i = 1; i < s.len && ((unsigned char)s.data[i] & 0xC0) == 0x80; i++)
        value = value << 6 | ((unsigned char)s.data[i] & 0x3Fu);
    return value;
}

static size_t code_point_length(struct str s)
{
    size_t length = 1;
    while (length < s.len && length < 4 && ((unsigned char)s.data[0] & 0xC0) == 0xC0 &&
           ((unsigned char)s.data[length] & 0xC0) == 0x80)
        length++;
    return length;
}

static bool take_modifier(struct str *name, struct key *key)
{
    if (name->len < 3 || name->data[1] != '-')
        return false;
    switch (name->data[0]) {
    case 'C': key->ctrl = true; break;
    case 'M': key->alt = true; break;
    case 'S': key->shift = true; break;
    default: return false;
    }
    *name = str_from(*name, 2);
    return true;
}

/* The name between the angle brackets. */
static bool named_key(struct str name, struct key *key)
{
    *key = (struct key){ 0 };
    while (take_modifier(&name, key))
        continue;
    for (size_t i = 0; i < NAME_COUNT; i++) {
        if (str_is_nocase(name, names[i].name)) {
            key->code = names[i].code;
            key->character = names[i].character;
            return true;
        }
    }
    int64_t number;
    if (name.len > 1 && (name.data[0] == 'F' || name.data[0] == 'f') && str_to_int64(str_from(name, 1), 1, 12, &number)) {
        key->code = KEY_CODE_FUNCTION;
        key->character = (uint32_t)number;
        return true;
    }
    key->code = KEY_CODE_CHARACTER;
    key->character = name.len > 0 ? code_point(name) : 0;
    return name.len > 0 && name.len == code_point_length(name) && (key->ctrl || key->alt);
}

bool key_parse(struct str *text, struct key *key)
{
    if (text->len == 0)
        return false;
    if (text->data[0] == '<') {
        struct str rest = str_from(*text, 1), name;
        if (str_cut(&rest, '>', &name) && named_key(name, key)) {
            *text = rest;
            return true;
        }
    }
    size_t length = code_point_length(*text);
    *key = (struct key){ .code = KEY_CODE_CHARACTER, .character = code_point(*text) };
    *text = str_from(*text, length);
    return true;
}

bool key_equal(struct key a, struct key b)
{
    return a.code == b.code && a.character == b.character && a.ctrl == b.ctrl && a.alt == b.alt && a.shift == b.shift;
}

static void add_code_point(uint32_t c, struct buf *out)
{
    char text[5];
    struct key key = { .code = KEY_CODE_CHARACTER, .character = c };
    if (keymap_is_text(key, text))
        buf_text(out, text);
}

static void key_name(struct key key, bool ascii, struct buf *out)
{
    if (key.code == KEY_CODE_FUNCTION) {
        buf_format(out, "F%u", key.character);
        return;
    }
    for (size_t i = 0; i < NAME_COUNT; i++) {
        if (names[i].code == key.code && names[i].character == key.character) {
            buf_text(out, ascii ? names[i].ascii_label : names[i].label);
            return;
        }
    }
    bool upper = key.ctrl && key.character >= 'a' && key.character <= 'z';
    add_code_point(upper ? key.character - 32 : key.character, out);
}

void key_label(struct key key, bool ascii, struct buf *out)
{
    if (key.alt)
        buf_text(out, "Alt-");
    if (key.shift)
        buf_text(out, "Shift-");
    if (key.ctrl)
        buf_text(out, key.code == KEY_CODE_CHARACTER ? "^" : "Ctrl-");
    key_name(key, ascii, out);
}

/* --- meaning --- */

static const char *keys_of(enum action action, bool typing)
{
    return typing ? action_row(action)->typing_keys : action_row(action)->keys;
}

void keymap_label(enum action action, bool typing, bool ascii, struct buf *out)
{
    struct str keys = str_of(keys_of(action, typing));
    struct key key;
    if (key_parse(&keys, &key))
        key_label(key, ascii, out);
}

static bool has_key(enum action action, bool typing, struct key wanted)
{
    struct str keys = str_of(keys_of(action, typing)), one;
    while (keys.len > 0) {
        str_cut(&keys, ' ', &one);
        struct key key;
        if (key_parse(&one, &key) && key_equal(key, wanted))
            return true;
    }
    return false;
}

/* A few dozen short texts are read for each key: microseconds, and no second table to keep in step. */
enum action keymap_action(struct key key, const struct offer *offer)
{
    for (size_t i = 0; i < offer->count; i++)
        if (has_key(offer->actions[i].action, offer->typing, key))
            return offer->actions[i].action;
    for (enum action action = 1; action < ACTION_COUNT; action++) {
        enum action_group group = action_row(action)->group;
        if (group != ACTION_GROUP_SCREEN && has_key(action, offer->typing, key))
            return action;
    }
    return ACTION_NONE;
}

bool keymap_is_text(struct key key, char out[5])
{
    uint32_t c = key.character;
    bool control = c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0xD800 && c < 0xE000) || c > 0x10FFFF;
    size_t length = 0;
    out[0] = '\0';
    if (key.code != KEY_CODE_CHARACTER || key.ctrl || key.alt || control)
        return false;
    if (c < 0x80) {
        out[length++] = (char)c;
    } else if (c < 0x800) {
        out[length++] = (char)(0xC0 | c >> 6);
    } else if (c < 0x10000) {
        out[length++] = (char)(0xE0 | c >> 12);
        out[length++] = (char)(0x80 | (c >> 6 & 0x3F));
    } else {
        out[length++] = (char)(0xF0 | c >> 18);
        out[length++] = (char)(0x80 | (c >> 12 & 0x3F));
        out[length++] = (char)(0x80 | (c >> 6 & 0x3F));
    }
    if (c >= 0x80)
        out[length++] = (char)(0x80 | (c & 0x3F));
    out[length] = '\0';
    return true;
}
