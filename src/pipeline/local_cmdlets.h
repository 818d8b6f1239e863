/* The cmdlets that everybody types and that need no service: their names, aliases and parameters, as a catalogue like the
   service's own, so that reading, completion and errors are the same. What they do stands in local.h. */
#ifndef PURVEY_PIPELINE_LOCAL_CMDLETS_H
#define PURVEY_PIPELINE_LOCAL_CMDLETS_H

#include "catalogue/catalogue.h"

enum local_kind {
    LOCAL_NONE,
    LOCAL_STEP,             /* takes objects, gives objects: local.h */
    LOCAL_OUTPUT,           /* ends a pipeline: Format-Table, Export-Csv... */
    LOCAL_SOURCE,           /* begins one: Get-Command, Write-Output... */
    LOCAL_CONNECT, LOCAL_DISCONNECT,
    LOCAL_IGNORED,          /* stands in scripts and means nothing here: Import-Module */
};

/* The caller's to free (catalogue_free). */
struct catalogue *local_catalogue_new(void) MUST_USE;

/* The whole name behind a name or alias (where, ?, ft...), and what kind of cmdlet it is; NULL for others. */
const char *local_name(struct str name, enum local_kind *kind);

/* Whether the name is a known one of PowerShell itself or of Exchange Online, which purvey does not have: true with
   ERR_INPUT and what does its work here. Ask only for names that the service does not offer. */
bool local_refused(struct str name, struct err *err);

#endif
