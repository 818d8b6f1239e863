/* Small files that are kept between runs: this user's alone, replaced as a whole. For what can be had again; tokens have a
   stricter house of their own (auth/token_cache.h). */
#ifndef PURVEY_BASE_PRIVATE_FILE_H
#define PURVEY_BASE_PRIVATE_FILE_H

#include <stdint.h>

#include "base/buf.h"

/* $XDG_STATE_HOME/purvey/NAME or ~/.local/state/purvey/NAME, the caller's to free; NULL without a home. */
char *private_file_place(const char *name);

/* Appends the file to text (its cap is the most that is read). *age_s: seconds since it was written; may be NULL. False when
   it is missing, too large, not a plain file of this user, or others may write it; text is empty then. */
bool private_file_read(const char *path, struct buf *text, int64_t *age_s);

/* Another purvey reads the old file or the new one, never half of one; 0600 in a directory of 0700, made when missing. */
bool private_file_write(const char *path, struct str text);

/* Removes every file of the directory of private_file_place whose name begins with prefix; how many there were. */
int private_file_remove_all(const char *prefix);

#endif
