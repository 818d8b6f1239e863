/* What names mean where a line is read: the cmdlets of one or several connections, and the local ones. */
#ifndef PURVEY_PIPELINE_LANGUAGE_H
#define PURVEY_PIPELINE_LANGUAGE_H

#include "catalogue/catalogue.h"

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

/* The connection whose cmdlet a name means: the one on show, unless it knows none such and the name carries the prefix of
   another one. catalogue NULL: it is of none. */
struct linked language_meant(const struct language *language, struct str name);
/* The cmdlet of the service that a name means, and of which connection. NULL with the reason: no connection, a cmdlet of
   PowerShell that is not here, one that was not offered (ERR_AUTH_DENIED), or ERR_INPUT with the nearest names. */
const struct cmdlet *language_require(const struct language *language, struct str name, struct linked *meant, struct err *err) MUST_USE;
/* Get-Label for Set-Label: what reads the object that would be changed. The caller's; NULL where none can be asked for. */
char *language_getter(const struct catalogue *catalogue, const struct cmdlet *cmdlet);

#endif
