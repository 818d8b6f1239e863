/* The commands in brackets that documented lines use for values: (Get-Content PATH -AsByteStream), (Get-Date) and those
   that give passwords. */
#ifndef PURVEY_CATALOGUE_LITERAL_COMMAND_H
#define PURVEY_CATALOGUE_LITERAL_COMMAND_H

#include "catalogue/literal.h"

/* Whether the word that stands here is this one, in any case and not the beginning of a longer one. */
bool literal_at_word(const struct reader *reader, const char *word);

/* Whether [datetime]::UtcNow, Now or Today stands here. */
bool literal_at_clock(const struct reader *reader);
/* The reader stands on one of these, or on Get-Date behind an opening bracket: (Get-Date), (Get-Date '2026-01-31').AddDays(-7),
   [datetime]::UtcNow.AddHours(-1)... It stands behind the whole then; *moment in seconds since 1970. False with ERR_INPUT. */
bool literal_read_moment(struct reader *reader, int64_t *moment, struct err *err) MUST_USE;

/* The same as a value: ISO 8601 in UTC. */
bool literal_read_date(struct reader *reader, struct literal *literal, struct err *err) MUST_USE;

/* The reader stands on Get-Content behind an opening bracket; it stands behind the closing one then. The lines of the file,
   with -Raw its text, with -AsByteStream or -Encoding Byte its bytes. False with ERR_INPUT. */
bool literal_read_content(struct reader *reader, struct literal *literal, struct err *err) MUST_USE;

/* Whether one that gives a password stands here, behind an opening bracket. */
bool literal_at_secret(const struct reader *reader);
/* (ConvertTo-SecureString 'x' -AsPlainText -Force) gives the password, (Read-Host ...) "prompt", (Get-Credential ...) a
   table of UserName ("": to be asked for) and Password, "prompt". The reader stands behind the closing bracket then.
   False with ERR_INPUT. */
bool literal_read_secret(struct reader *reader, struct literal *literal, struct err *err) MUST_USE;

#endif
