/* The way back from what reader_fail says to the place it speaks of. */
#include <ctype.h>

#include "catalogue/literal.h"

static bool take_number(struct str *text, const char *word, size_t *number)
{
    int64_t value;
    size_t digits = 0;
    if (!str_starts(*text, str_of(word)))
        return false;
    struct str rest = str_from(*text, strlen(word));
    while (digits < rest.len && isdigit((unsigned char)rest.data[digits]))
        digits++;
    if (!str_to_int64(str_take(rest, digits), 1, INT32_MAX, &value))
        return false;
    *number = (size_t)value;
    *text = str_from(rest, digits);
    return true;
}

bool reader_place(struct str message, size_t *line, size_t *column)
{
    *line = 1;
    if (take_number(&message, "line ", line) && !str_starts(message, STR(", ")))
        return false;
    message = str_starts(message, STR(", ")) ? str_from(message, 2) : message;
    return take_number(&message, "column ", column) && str_starts(message, STR(": "));
}
