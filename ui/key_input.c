#include "ui/key_input.h"

#include "base/text.h"

enum { ESC = 0x1B, SEQUENCE_MAX = 64 };

static const struct str paste_end = { "\033[201~", 6 };

void key_input_init(struct key_input *input)
{
    *input = (struct key_input){ .bytes = BUF_INIT_SECRET(2 * KEY_INPUT_PASTE_MAX), .paste = BUF_INIT_SECRET(KEY_INPUT_PASTE_MAX) };
}

void key_input_free(struct key_input *input)
{
    buf_free(&input->bytes);
    buf_free(&input->paste);
}

void key_input_add(struct key_input *input, struct str bytes)
{
    buf_add(&input->bytes, bytes);
}

bool key_input_waiting(const struct key_input *input)
{
    return input->bytes.len > 0 && !input->pasting;
}

/* --- the end of a sequence says which key --- */

static const struct { char final; enum key_code code; uint32_t character; bool shift; } finals[] = {
    { 'A', KEY_CODE_UP, 0, false },       { 'B', KEY_CODE_DOWN, 0, false },     { 'C', KEY_CODE_RIGHT, 0, false },
    { 'D', KEY_CODE_LEFT, 0, false },     { 'H', KEY_CODE_HOME, 0, false },     { 'F', KEY_CODE_END, 0, false },
    { 'P', KEY_CODE_FUNCTION, 1, false }, { 'Q', KEY_CODE_FUNCTION, 2, false }, { 'R', KEY_CODE_FUNCTION, 3, false },
    { 'S', KEY_CODE_FUNCTION, 4, false }, { 'Z', KEY_CODE_TAB, 0, true },       { 'M', KEY_CODE_ENTER, 0, false },
};

static const struct { int number; enum key_code code; uint32_t character; } numbers[] = {
    { 1, KEY_CODE_HOME, 0 },      { 2, KEY_CODE_INSERT, 0 },     { 3, KEY_CODE_DELETE, 0 },    { 4, KEY_CODE_END, 0 },
    { 5, KEY_CODE_PAGE_UP, 0 },   { 6, KEY_CODE_PAGE_DOWN, 0 },  { 7, KEY_CODE_HOME, 0 },      { 8, KEY_CODE_END, 0 },
    { 11, KEY_CODE_FUNCTION, 1 }, { 12, KEY_CODE_FUNCTION, 2 },  { 13, KEY_CODE_FUNCTION, 3 }, { 14, KEY_CODE_FUNCTION, 4 },
    { 15, KEY_CODE_FUNCTION, 5 }, { 17, KEY_CODE_FUNCTION, 6 },  { 18, KEY_CODE_FUNCTION, 7 }, { 19, KEY_CODE_FUNCTION, 8 },
    { 20, KEY_CODE_FUNCTION, 9 }, { 21, KEY_CODE_FUNCTION, 10 }, { 23, KEY_CODE_FUNCTION, 11 },
    { 24, KEY_CODE_FUNCTION, 12 },
};

static void set_modifiers(struct key *key, int modifiers)
{
    int bits = modifiers > 0 ? modifiers - 1 : 0;
    key->shift = key->shift || (bits & 1);
    key->alt = bits & 2;
    key->ctrl = bits & 4;
}

static void by_final(char final, struct key *key)
{
    for (size_t i = 0; i < sizeof finals / sizeof finals[0]; i++) {
        if (finals[i].final == final) {
            key->code = finals[i].code;
            key->character = finals[i].character;
            key->shift = finals[i].shift;
        }
    }
}

static void by_number(int number, struct key *key)
{
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (numbers[i].number == number) {
            key->code = numbers[i].code;
            key->character = numbers[i].character;
        }
    }
}

/* A control byte or a code point: also what CSI u carries. */
static void by_character(uint32_t c, struct key *key)
{
    static const struct { uint32_t byte; enum key_code code; } plain[] = {
        { '\r', KEY_CODE_ENTER }, { '\n', KEY_CODE_ENTER }, { '\t', KEY_CODE_TAB },
        { 0x7F, KEY_CODE_BACKSPACE }, { ESC, KEY_CODE_ESC },
    };
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        if (plain[i].byte == c) {
            key->code = plain[i].code;
            return;
        }
    }
    key->code = KEY_CODE_CHARACTER;
    key->character = c;
    if (c < 0x20) {
        key->ctrl = true;
        key->character = c == 0 ? ' ' : c < 27 ? c + 'a' - 1 : c + '@';
    }
}

/* The decimal numbers between the introducer and the final byte; what is not there is 0. */
static void parameters(struct str s, int values[2])
{
    size_t at = 0;
    values[0] = values[1] = 0;
    for (size_t i = 0; i < s.len && at < 2; i++) {
        if (s.data[i] == ';')
            at++;
        else if (s.data[i] >= '0' && s.data[i] <= '9' && values[at] < 100000)
            values[at] = values[at] * 10 + (s.data[i] - '0');
    }
}

static void understand(struct str body, char final, struct key *key)
{
    int values[2];
    parameters(body, values);
    if (body.len > 0 && (body.data[0] == '<' || body.data[0] == '?' || body.data[0] == '>'))
        return;                                     /* mouse and answers of the terminal */
    if (final == 'u') {
        by_character((uint32_t)values[0], key);
    } else if (final == '~' || final == '^' || final == '$') {
        by_number(values[0], key);
        key->ctrl = final == '^';                   /* rxvt says the modifier with the final byte */
        key->shift = final == '$';
    } else {
        by_final(final, key);
    }
    if (values[1] > 0)
        set_modifiers(key, values[1]);
}

/* --- one unit off the front of the bytes --- */

/* How many bytes a sequence ESC [ ... takes; 0 = it has not ended yet. */
static size_t sequence_length(struct str s)
{
    /* The Linux console's F1 to F5: ESC [ [ A. */
    if (s.len > 2 && s.data[2] == '[')
        return s.len > 3 ? 4 : 0;
    for (size_t i = 2; i < s.len && i < SEQUENCE_MAX; i++) {
        unsigned char c = (unsigned char)s.data[i];
        if ((c >= 0x40 && c <= 0x7E) || c == '$')
            return i + 1;
        if (c < 0x20 || c > 0x7E)
            return i;                               /* broken off: what comes now is a key of its own */
    }
    return s.len >= SEQUENCE_MAX ? SEQUENCE_MAX : 0;
}

static size_t take_sequence(struct str s, struct key *key)
{
    size_t length = sequence_length(s);
    if (length == 4 && s.data[2] == '[') {
        key->code = KEY_CODE_FUNCTION;
        key->character = (uint32_t)(s.data[3] - 'A') + 1;
        if (key->character > 5)
            key->code = KEY_CODE_NONE;
    } else if (length > 2) {
        understand((struct str){ s.data + 2, length - 3 }, s.data[length - 1], key);
    }
    return length;
}

/* ESC O x: function and arrow keys in application mode. */
static size_t take_application(struct str s, struct key *key)
{
    if (s.len < 3)
        return 0;
    by_final(s.data[2], key);
    return 3;
}

static size_t utf8_length(unsigned char lead)
{
    return lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

static size_t take_character(struct str s, struct key *key)
{
    unsigned char lead = (unsigned char)s.data[0];
    size_t length = utf8_length(lead);
    if (lead < 0x80) {
        by_character(lead, key);
        return 1;
    }
    if (s.len < length)
        return 0;
    struct str character = str_take(s, length);
    if (!text_is_utf8(character))
        return 1;                                   /* dropped: no key */
    struct str notation = character;
    key_parse(&notation, key);
    return length;
}

static size_t take_escape(struct str s, bool late, struct key *key)
{
    size_t length = 0;
    if (s.len > 1 && s.data[1] == ESC) {
        key->code = KEY_CODE_ESC;
        return 1;
    }
    if (s.len > 1 && s.data[1] == '[')
        length = take_sequence(s, key);
    else if (s.len > 1 && s.data[1] == 'O')
        length = take_application(s, key);
    else if (s.len > 1)
        length = take_character(str_from(s, 1), key) + 1;
    if (s.len > 1 && s.data[1] != '[' && s.data[1] != 'O') {
        key->alt = true;
        length = length == 1 ? 0 : length;
    }
    if (length == 0 && late) {
        *key = (struct key){ .code = KEY_CODE_ESC };
        return 1;
    }
    return length;
}

/* --- pastes --- */

static void add_pasted(struct key_input *input, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        bool pair = c == '\r' && i + 1 < text.len && text.data[i + 1] == '\n';
        if (!pair)
            buf_char(&input->paste, c == '\r' ? '\n' : c);
    }
}

static enum key_news take_paste(struct key_input *input)
{
    struct str bytes = buf_str(&input->bytes);
    const char *end = bytes.len > 0 ? memmem(bytes.data, bytes.len, paste_end.data, paste_end.len) : NULL;
    /* Without its end, keep what may be the start of it, and a CR whose LF may come next. */
    size_t keep = bytes.len < paste_end.len ? bytes.len : paste_end.len;
    size_t length = end ? (size_t)(end - bytes.data) : bytes.len - keep;
    if (!end && length > 0 && bytes.data[length - 1] == '\r')
        length--;
    add_pasted(input, str_take(bytes, length));
    buf_drop_front(&input->bytes, end ? length + paste_end.len : length);
    input->pasting = end == NULL;
    return end ? KEY_NEWS_PASTE : KEY_NEWS_NONE;
}

static bool starts_paste(struct key_input *input)
{
    if (!str_starts(buf_str(&input->bytes), STR("\033[200~")))
        return false;
    buf_drop_front(&input->bytes, 6);
    buf_clear(&input->paste);
    input->paste.overflowed = false;
    input->pasting = true;
    return true;
}

enum key_news key_input_take(struct key_input *input, bool late, struct key *key)
{
    while (input->bytes.len > 0) {
        if (input->pasting || starts_paste(input))
            return take_paste(input);
        struct str bytes = buf_str(&input->bytes);
        *key = (struct key){ 0 };
        size_t length = bytes.data[0] == ESC ? take_escape(bytes, late, key) : take_character(bytes, key);
        if (length == 0 && late)
            length = 1;
        if (length == 0)
            return KEY_NEWS_NONE;
        buf_drop_front(&input->bytes, length);
        if (key->code != KEY_CODE_NONE)
            return KEY_NEWS_KEY;
    }
    return KEY_NEWS_NONE;
}
