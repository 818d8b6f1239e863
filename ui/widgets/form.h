/* A form: labelled fields of several kinds, with the error of each beside it, a help line for the current one, and
   scrolling when it is higher than its area. */
#ifndef PURVEY_UI_FORM_H
#define PURVEY_UI_FORM_H

#include "ui/widgets/line_edit.h"

enum field_kind {
    FIELD_TEXT,
    FIELD_NUMBER,           /* text; takes digits, sign, dot */
    FIELD_LIST,             /* text; several values with commas between */
    FIELD_SECRET,           /* text shown as dots */
    FIELD_SWITCH,           /* on or off: Space */
    FIELD_CHOICE,           /* one of choices: Left, Right and Space step through, SUGGEST opens the list */
    FIELD_BUTTON,           /* Enter: FORM_ENTER with the focus on it */
    FIELD_HEADING,          /* a line of text, never focused */
    FIELD_NOTE,             /* the same, standing back */
};

struct form_field {
    enum field_kind kind;
    char *name;             /* the parameter's or option's: how the owner finds it */
    char *label;
    char *help;             /* one line for the help line; "" = none */
    char *placeholder;      /* grey text while empty; "" = none */
    bool required;          /* marked with '*' */
    bool hidden;            /* folded away: not drawn, not focused; keeps its value */
    bool touched;           /* the person changed it */
    char **choices; size_t choice_count;    /* FIELD_CHOICE: the values. Text kinds: known values offered by SUGGEST */
    size_t chosen;          /* FIELD_CHOICE */
    bool on;                /* FIELD_SWITCH */
    struct line_edit edit;  /* text kinds */
    char error[1160];       /* the text and the advice of a struct err; shown under the field until the field changes; "" = none */
    void *owner;            /* the owner's, untouched */
};

struct form {
    struct form_field **fields; size_t count, capacity;
    size_t focus;           /* index; count when nothing can have it */
    int top;                /* first line shown */
    int rows, columns;      /* from form_resize */
    bool list_open;         /* the list of choices of the focused field is open */
    size_t list_selected;
    /* Checks a field on leaving it (touched ones only) and in form_check. Writes at most size bytes of error text;
       leaves it "" when all is well. NULL = no checks. */
    void (*check)(void *context, const struct form_field *field, char *error, size_t size);
    void *context;
};

enum form_result {
    FORM_IGNORED,
    FORM_USED,              /* moved, opened a list... */
    FORM_CHANGED,           /* the focused field's value changed */
    FORM_ENTER,             /* Enter on the focused field or button: the owner decides (form_next, run, ...) */
};

void form_init(struct form *form);
void form_free(struct form *form);
void form_clear(struct form *form);                         /* no fields */
void form_show_focused(struct form *form);                  /* after hiding or showing fields */
void form_resize(struct form *form, int rows, int columns); /* on INPUT_RESIZE: the area of form_draw */

/* Adds a field; the pointer is good until form_clear or form_free. Texts are copied. */
struct form_field *form_add(struct form *form, enum field_kind kind, const char *name, const char *label);
void form_field_help(struct form_field *field, const char *help, const char *placeholder);
void form_field_choice(struct form_field *field, const char *choice);       /* appends one */

struct form_field *form_find(const struct form *form, const char *name);    /* NULL: none */
struct form_field *form_focused(const struct form *form);                   /* NULL: none */
/* The value as text: the edit's text, the choice, "true" or "false" of a switch. Valid until the field changes. */
struct str form_value(const struct form_field *field);
/* Sets it in the same terms, without touching `touched`. An unknown choice is ignored. */
void form_set(struct form_field *field, struct str value);
void form_set_error(struct form_field *field, const char *error);           /* NULL or "" clears */

void form_focus(struct form *form, const char *name);       /* scrolls it into view; unhides nothing */
bool form_next(struct form *form);                          /* to the next field; false when it was the last */
/* Checks every visible field; true when all are well. Otherwise the first bad one gets the focus. Required and empty is
   an error of its own. */
bool form_check(struct form *form);

/* True when the focused field takes typed text: the owner's offer.typing. */
bool form_typing(const struct form *form);

/* Sets offer->typing and offers SUGGEST where the focused field has known values: call it from the screen's offer. */
void form_offer(const struct form *form, struct offer *offer);

/* Takes text, editing, UP DOWN NEXT_FIELD PREVIOUS_FIELD PAGE_UP PAGE_DOWN HOME END LEFT RIGHT TOGGLE SUGGEST ENTER, and
   BACK while the list of choices is open. At the first and last field it wraps around. */
enum form_result form_input(struct form *form, const struct ui_input *input);

/* focused false: drawn without cursor. The last row of the area is the help line of the focused field. */
void form_draw(const struct form *form, struct cells *cells, struct area area, bool focused);

#endif
