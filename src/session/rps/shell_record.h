/* A note on this machine of every remote shell that is open, so that one whose program was killed can be ended by the next
   (rps.md section 11: three a user). No secret is in it. */
#ifndef PURVEY_SESSION_RPS_SHELL_RECORD_H
#define PURVEY_SESSION_RPS_SHELL_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "session/rps/wsman.h"

#define SHELL_RECORDS_MOST 8

/* A note that is held while its shell is open; path NULL = none. */
struct shell_note { char *path; int held; };
struct shell_record { char *path; char shell_id[128]; struct guid session; };

/* Notes the shell. Without a note nothing is lost but this help. */
void shell_note_write(struct shell_note *note, const char *host, const char *user, const struct wsman_shell *shell);
void shell_note_drop(struct shell_note *note, bool ended);      /* a shell that could not be ended keeps its note for the next run */

/* The shells at this host, of this user, whose programs are gone; notes that no shell can still be behind (a day old) are removed.
   Fills at most SHELL_RECORDS_MOST; the paths are the caller's, to remove with shell_record_remove. */
size_t shell_record_leftovers(const char *host, const char *user, struct shell_record *records);
void shell_record_remove(char *path);           /* and frees the path */

#endif
