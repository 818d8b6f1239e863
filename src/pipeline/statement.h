/* A text of PowerShell, statement by statement: the : line, the arguments of `purvey run`, scripts. */
#ifndef PURVEY_PIPELINE_STATEMENT_H
#define PURVEY_PIPELINE_STATEMENT_H

#include "catalogue/literal.h"
#include "pipeline/language.h"
#include "pipeline/pipeline.h"

#define STATEMENT_TEXT_MOST ((size_t)16 * 1024 * 1024)

enum statement_kind {
    STATEMENT_PIPELINE,
    STATEMENT_CONNECT,          /* Connect-IPPSSession: words are its arguments, for connect/options.h */
    STATEMENT_DISCONNECT,       /* words are the prefixes of the connections that are meant; none = all of them */
    STATEMENT_NOTHING,          /* Import-Module: understood, and nothing to do */
};

struct statement {
    enum statement_kind kind;
    struct pipeline *pipeline;
    char **words; size_t word_count;    /* CONNECT, DISCONNECT; may hold secrets: wiped when freed */
};

/* The next statement. NULL at the end of the text (err->kind stays ERR_NONE) or with ERR_INPUT: the text names column and
   line. The reader stands behind it. */
struct statement *statement_read(struct reader *reader, const struct language *language, struct err *err) MUST_USE;
void statement_free(struct statement *statement);
/* UTF-8 without NUL and not too long: to be asked before a text is read. False with ERR_INPUT. */
bool statement_text_good(struct str text, struct err *err) MUST_USE;

/* The one statement of a line. NULL with ERR_INPUT, also when there is none, or a second one. */
struct statement *statement_of_line(struct str line, const struct language *language, struct err *err) MUST_USE;
/* The one pipeline of a line; more than one statement, and statements about connections, are refused. NULL with ERR_INPUT. */
struct pipeline *statement_pipeline(struct str line, const struct language *language, struct err *err) MUST_USE;

/* --- the parts of it --- */
/* The objects of Get-Command, Get-Help, Get-ConnectionInformation, Write-Output: an array, the caller's. NULL with err. */
struct json *source_values(const struct invocation *invocation, const struct language *language, struct err *err) MUST_USE;

#endif
