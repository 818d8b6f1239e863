/* Bytes from a terminal made into keys and pastes. Pure, so that every sequence can be tested and fuzzed without a
   terminal. Knows what xterm, VTE, the Linux console, screen, tmux, rxvt and the CSI-u terminals send. */
#ifndef PURVEY_UI_KEY_INPUT_H
#define PURVEY_UI_KEY_INPUT_H

#include "ui/keymap.h"

#define KEY_INPUT_PASTE_MAX ((size_t)1024 * 1024)

struct key_input {
    struct buf bytes;           /* not yet understood */
    struct buf paste;
    bool pasting;
};

enum key_news { KEY_NEWS_NONE, KEY_NEWS_KEY, KEY_NEWS_PASTE };

void key_input_init(struct key_input *input);
void key_input_free(struct key_input *input);
void key_input_add(struct key_input *input, struct str bytes);

/* The next key or paste. late: no more bytes came within the time for a sequence, so that a lone ESC is the Esc key.
   A paste's text stands in input->paste until the next call: LF line ends, at most KEY_INPUT_PASTE_MAX bytes. */
enum key_news key_input_take(struct key_input *input, bool late, struct key *key);

/* True when the bytes so far may be the start of a sequence: ask again with late set after a short while. */
bool key_input_waiting(const struct key_input *input);

#endif
