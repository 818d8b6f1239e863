/* The picture of a form: shared between its two files only. */
#ifndef PURVEY_UI_FORM_DRAW_H
#define PURVEY_UI_FORM_DRAW_H

#include "ui/widgets/form.h"

enum { FORM_LIST_ROWS = 8 };

int form_field_line(const struct form *form, size_t index);     /* line of a field, counted from the form's top */
int form_visible_rows(const struct form *form, int rows, int columns);     /* of an area: without the help of the focused field */

#endif
