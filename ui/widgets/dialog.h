/* A question or a message over a screen, or a prompt line. One struct for all; closed when kind is DIALOG_NONE. */
#ifndef PURVEY_UI_DIALOG_H
#define PURVEY_UI_DIALOG_H

#include "ui/widgets/line_edit.h"

enum dialog_kind {
    DIALOG_NONE,
    DIALOG_MESSAGE,         /* Enter or Esc closes it */
    DIALOG_CONFIRM,         /* two buttons; the safe one (no) is the first choice */
    DIALOG_CHOICE,          /* several, each on a row with the letter that picks it; the safe one is the first choice */
    DIALOG_TYPE_WORD,       /* yes only when the given word was typed: for what destroys */
    DIALOG_PROMPT,          /* one line of text in a box */
    DIALOG_PROMPT_LINE,     /* one line of text in the last row of the area: search, filter */
};

#define DIALOG_MAX_CHOICES 4
struct dialog_choice { char letter; const char *label; };       /* static text */

struct dialog {
    enum dialog_kind kind;
    char *title, *text;     /* text is wrapped; a prompt line shows the title as its label */
    char *yes, *no, *word;
    int page;               /* of a text that is longer than its room; any number, taken round and round */
    bool yes_chosen;
    struct dialog_choice choices[DIALOG_MAX_CHOICES]; size_t choice_count, chosen, safe;     /* of DIALOG_CHOICE */
    struct line_edit edit;
    int tag;                /* the owner's: which question this is */
};

enum dialog_result { DIALOG_STAYS, DIALOG_CHANGED, DIALOG_YES, DIALOG_NO };

void dialog_free(struct dialog *dialog);                    /* closes it */
bool dialog_open(const struct dialog *dialog);
bool dialog_typing(const struct dialog *dialog);            /* the owner's offer.typing */
void dialog_message(struct dialog *dialog, const char *title, const char *text);
/* The message of an error: text, advice, code and correlation ids. */
void dialog_error(struct dialog *dialog, const char *title, const struct err *err);
void dialog_confirm(struct dialog *dialog, const char *title, const char *text, const char *yes, const char *no);
/* Ends with DIALOG_YES and `chosen`; giving up chooses the safe one. */
void dialog_choose(struct dialog *dialog, const char *title, const char *text, const struct dialog_choice *choices, size_t count, size_t safe);
void dialog_type_word(struct dialog *dialog, const char *title, const char *text, const char *word);
void dialog_prompt(struct dialog *dialog, enum dialog_kind kind, const char *title, struct str initial);

/* Give it every action, text and paste while it is open. DIALOG_CHANGED: the prompt's text changed (incremental
   search). On DIALOG_YES and DIALOG_NO it has closed, but dialog->edit still holds the text until it is opened again
   or freed. */
enum dialog_result dialog_input(struct dialog *dialog, const struct ui_input *input);
struct str dialog_value(const struct dialog *dialog);

/* Draw it last, over the screen's area. Nothing when closed. */
void dialog_draw(const struct dialog *dialog, struct cells *cells, struct area area);

/* Adds ENTER and BACK with the right labels; call it instead of the screen's own offers while open. */
void dialog_offer(const struct dialog *dialog, struct offer *offer);

#endif
