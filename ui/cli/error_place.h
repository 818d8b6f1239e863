/* The line that an error is about, with a mark under the character: nobody counts columns. */
#ifndef PURVEY_UI_CLI_ERROR_PLACE_H
#define PURVEY_UI_CLI_ERROR_PLACE_H

#include "base/buf.h"

/* Appends the line of `source` that `message` speaks of ("column 3: ...", "line 2, column 3: ...") and the mark, cleaned,
   cut to what a terminal shows. Nothing when the message names no place, or when the line may hold a secret. */
void error_place_print(struct str source, struct str message, struct buf *out);

#endif
