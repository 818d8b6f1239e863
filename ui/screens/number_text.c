/* The same in every locale: a table read aloud over the phone must not differ between two desks. */
#include "ui/screens/number_text.h"

#include <inttypes.h>
#include <stdio.h>

void number_text(int64_t number, struct buf *out)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRId64, number);
    for (int i = 0; i < length; i++) {
        bool thousands = i > 0 && (length - i) % 3 == 0 && digits[i - 1] != '-';
        if (thousands)
            buf_char(out, ',');
        buf_char(out, digits[i]);
    }
}

void number_duration(int64_t ms, struct buf *out)
{
    int64_t seconds = ms / 1000;
    if (seconds < 60)
        buf_format(out, "%" PRId64 ".%" PRId64 " s", seconds, ms % 1000 / 100);
    else
        buf_format(out, "%" PRId64 ":%02" PRId64, seconds / 60, seconds % 60);
}
