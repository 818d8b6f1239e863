/* Numbers as people read them. */
#ifndef PURVEY_UI_NUMBER_TEXT_H
#define PURVEY_UI_NUMBER_TEXT_H

#include "base/buf.h"

void number_text(int64_t number, struct buf *out);          /* 1204000 as 1,204,000; number >= 0 */
void number_duration(int64_t ms, struct buf *out);          /* 0.3 s, 12.4 s, 3:05 */

#endif
