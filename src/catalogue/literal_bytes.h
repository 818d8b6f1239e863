/* Bytes of a file in a command, in the two ways that PowerShell users write them. */
#ifndef PURVEY_CATALOGUE_LITERAL_BYTES_H
#define PURVEY_CATALOGUE_LITERAL_BYTES_H

#include "catalogue/literal.h"

#define FILE_BYTES_MAX ((size_t)32 * 1024 * 1024)

/* Whether a method of a type stands here: [Type]::Name. */
bool literal_at_bytes(const struct reader *reader);
/* The reader stands on '[': [System.IO.File]::ReadAllBytes('PATH') or [System.Convert]::FromBase64String('...'). */
bool literal_read_bytes(struct reader *reader, struct literal *literal, struct err *err) MUST_USE;

/* The file's bytes as a JSON string of base64; the caller's. NULL with ERR_INPUT; at most FILE_BYTES_MAX. */
struct json *file_as_base64(struct str path, struct err *err) MUST_USE;

/* A file of UTF-8 as a JSON string, when `whole`, else as its lines: a string for one, a list for several. The caller's. NULL
   with ERR_INPUT, also for a file with nothing in it, which would be no value; at most FILE_BYTES_MAX. */
struct json *file_as_text(struct str path, bool whole, struct err *err) MUST_USE;

#endif
