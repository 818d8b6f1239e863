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

/* Adds to its end; made when it is not there. What others may write is not touched. */
bool private_file_append(const char *path, struct str text);

/* As private_file_write, and the file is held (flock) until the descriptor that is given is closed, if only by the program's end.
   The descriptor is the caller's; -1 when the file could not be written. */
int private_file_hold(const char *path, struct str text);
bool private_file_is_abandoned(const char *path);       /* it is there, and nobody holds it any longer */

/* Removes every file of the directory of private_file_place whose name begins with prefix; how many there were. */
int private_file_remove_all(const char *prefix);

#endif
