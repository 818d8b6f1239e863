/* What the messages of PSRP say (rps.md sections 8 and 9). Each maker appends the CLIXML of one message. */
#ifndef PURVEY_SESSION_RPS_PSRP_MESSAGES_H
#define PURVEY_SESSION_RPS_PSRP_MESSAGES_H

#include "base/json.h"
#include "session/rps/clixml.h"

#define PSRP_PROTOCOL_VERSION "2.3"
enum { PSRP_PROTOCOL_MINOR = 3 };

/* ---- sent ---- */

void psrp_session_capability(struct buf *out);
/* host: questions can be answered; without one the cmdlet fails in place of asking. application_arguments: an object or NULL. */
void psrp_init_runspacepool(bool host, const struct json *application_arguments, struct buf *out);

struct psrp_argument { struct str name; struct clixml_value *value; };      /* name empty: by position */
struct psrp_command { struct str name; const struct psrp_argument *arguments; size_t count; };
/* Several commands are a pipe. Values are the arena's and belong to one message only. minor: of the protocol that both speak. */
void psrp_create_pipeline(struct arena *arena, const struct psrp_command *commands, size_t count, bool host, int minor, struct buf *out);
/* names: patterns, comma list; "" = all. Cmdlets, functions, filters and aliases are asked for. */
void psrp_get_command_metadata(struct str names, struct buf *out);
void psrp_public_key(struct str blob, struct buf *out);
/* An answer to a host call: a number, nothing (NULL), or a refusal in words. */
void psrp_host_response(int64_t call, const struct clixml_value *method, struct clixml_value *result, const char *refusal,
                        struct arena *arena, struct buf *out);

/* A JSON value as PowerShell has it: tables, lists, texts, numbers by their size, true and false. */
struct clixml_value *psrp_value_of_json(struct arena *arena, const struct json *value);

/* ---- received ---- */

/* An error record, or anything else that stands where one is expected: its text, advice, the type of the exception as code
   (kind by category and by what Exchange writes into FullyQualifiedErrorId), ids for support. Kind is never ERR_NONE. */
void psrp_read_error(const struct clixml_value *record, struct err *err);

struct psrp_state { int64_t state; const struct clixml_value *error; };      /* error NULL = none came with it */
/* RUNSPACEPOOL_STATE and PIPELINE_STATE; False when there is no number in it. */
bool psrp_read_state(const struct clixml_value *message, struct psrp_state *state);
enum { PSRP_POOL_OPENED = 2, PSRP_POOL_CLOSED = 3, PSRP_POOL_BROKEN = 5 };
enum { PSRP_PIPELINE_STOPPED = 3, PSRP_PIPELINE_COMPLETED = 4, PSRP_PIPELINE_FAILED = 5, PSRP_PIPELINE_DISCONNECTED = 6 };

/* What a record of the other streams says, in words. */
void psrp_read_information(const struct clixml_value *record, struct buf *out);        /* INFORMATION_RECORD */
void psrp_read_progress(const struct clixml_value *record, struct buf *out);           /* PROGRESS_RECORD, or its host call */

#endif
