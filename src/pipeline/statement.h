/* A text of PowerShell, statement by statement: the : line, the arguments of `purvey run`, scripts. */
#ifndef PURVEY_PIPELINE_STATEMENT_H
#define PURVEY_PIPELINE_STATEMENT_H

#include "catalogue/literal.h"
#include "pipeline/pipeline.h"

#define STATEMENT_TEXT_MOST ((size_t)16 * 1024 * 1024)

/* A connection, by its number, and its cmdlets. */
struct linked { const struct catalogue *catalogue; uint64_t connection; };

/* What names mean just now. Nothing here is owned by it. */
struct language {
    const struct catalogue *catalogue;          /* of the connection; NULL: only what needs none can be read */
    uint64_t connection;                        /* its number, for the stages; 0 where there is but one */
    const struct linked *others; size_t other_count;    /* further connections, whose cmdlets are meant by their -Prefix */
    const struct catalogue *local;              /* local_catalogue_new() */
    struct json *(*connections)(void *context); /* for Get-ConnectionInformation: an array, then ours. NULL: none */
    void *context;
};

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

/* The connection whose cmdlet a name means: the one on show, unless it knows none such and the name carries the prefix of
   another one. catalogue NULL: it is of none. */
struct linked language_meant(const struct language *language, struct str name);

/* --- the parts of it --- */
/* The objects of Get-Command, Get-Help, Get-ConnectionInformation, Write-Output: an array, the caller's. NULL with err. */
struct json *source_values(const struct invocation *invocation, const struct language *language, struct err *err) MUST_USE;

#endif
