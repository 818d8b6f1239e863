/* The place in an edited line that an error speaks of ("column 5: ...", "line 2, column 5: ..."): nobody counts columns. */
#ifndef PURVEY_UI_LINE_ERROR_H
#define PURVEY_UI_LINE_ERROR_H

#include "ui/widgets/line_edit.h"

bool line_error_placed(const struct line_edit *edit, const struct err *err);       /* it names one */
void line_error_approach(struct line_edit *edit, const struct err *err);           /* the cursor goes there from far away */
/* Marks the character in the row above or below the line; row: as wide as the line, and where it begins. */
void line_error_mark(const struct line_edit *edit, const struct err *err, struct cells *cells, struct area row, enum glyph glyph);

#endif
