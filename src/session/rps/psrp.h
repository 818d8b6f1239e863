/* The PowerShell Remoting Protocol: messages, and the fragments they travel in (rps.md sections 5 and 6; MS-PSRP section 2.2).
   What a message says is CLIXML; see psrp_messages.h. */
#ifndef PURVEY_SESSION_RPS_PSRP_H
#define PURVEY_SESSION_RPS_PSRP_H

#include "base/buf.h"
#include "base/err.h"
#include "base/guid.h"

enum psrp_type {
    PSRP_SESSION_CAPABILITY = 0x00010002,
    PSRP_INIT_RUNSPACEPOOL = 0x00010004,
    PSRP_PUBLIC_KEY = 0x00010005,
    PSRP_ENCRYPTED_SESSION_KEY = 0x00010006,
    PSRP_PUBLIC_KEY_REQUEST = 0x00010007,
    PSRP_RUNSPACEPOOL_STATE = 0x00021005,
    PSRP_CREATE_PIPELINE = 0x00021006,
    PSRP_USER_EVENT = 0x00021008,
    PSRP_APPLICATION_PRIVATE_DATA = 0x00021009,
    PSRP_GET_COMMAND_METADATA = 0x0002100A,
    PSRP_RUNSPACEPOOL_HOST_CALL = 0x00021100,
    PSRP_RUNSPACEPOOL_HOST_RESPONSE = 0x00021101,
    PSRP_PIPELINE_OUTPUT = 0x00041004,
    PSRP_ERROR_RECORD = 0x00041005,
    PSRP_PIPELINE_STATE = 0x00041006,
    PSRP_DEBUG_RECORD = 0x00041007,
    PSRP_VERBOSE_RECORD = 0x00041008,
    PSRP_WARNING_RECORD = 0x00041009,
    PSRP_PROGRESS_RECORD = 0x00041010,
    PSRP_INFORMATION_RECORD = 0x00041011,
    PSRP_PIPELINE_HOST_CALL = 0x00041100,
    PSRP_PIPELINE_HOST_RESPONSE = 0x00041101,
};
enum { PSRP_TO_CLIENT = 1, PSRP_TO_SERVER = 2 };

struct psrp_head {
    uint32_t destination, type;         /* type: enum psrp_type, or one that is not in it */
    struct guid pool, pipeline;         /* pipeline: "" or zeros for messages of the pool */
};

#define PSRP_FRAGMENT_HEAD 21
#define PSRP_MESSAGE_HEAD 40
#define PSRP_FRAGMENT_DATA ((size_t)32 * 1024)          /* the engine's own, before it knows the room of an envelope */

bool psrp_is_read(uint32_t type);       /* whether clients read what such a message says; they pass over all others */

/* ---- received ---- */

/* A message in pieces, none copied. Valid inside the callbacks only; each may end the receiving with err set. */
struct psrp_handlers {
    bool (*begin)(void *context, const struct psrp_head *head, struct err *err);
    bool (*data)(void *context, struct str piece, struct err *err);
    bool (*end)(void *context, struct err *err);
};

/* One for each target, the pool and every pipeline: each has an order of its own. */
struct psrp_receiver;
struct psrp_receiver *psrp_receiver_new(const struct psrp_handlers *handlers, void *context, uint64_t max_message_bytes);
void psrp_receiver_free(struct psrp_receiver *receiver);        /* NULL is fine */
/* Bytes of the stream, cut anywhere. False with ERR_PROTOCOL that names fragment and offset, or with a handler's error; the
   stream is of no use then. */
bool psrp_receive(struct psrp_receiver *receiver, struct str bytes, struct err *err) MUST_USE;
bool psrp_receiver_between(const struct psrp_receiver *receiver);       /* no message is half here */
uint64_t psrp_received_bytes(const struct psrp_receiver *receiver);     /* since it was made */

/* ---- sent ---- */

/* Appends the message as fragments. *object counts the messages of a shell, pool and pipelines together, from 1: it is used
   and moved on. */
void psrp_send(const struct psrp_head *head, struct str payload, uint64_t *object, struct buf *out);
/* Cuts whole fragments of at most `room` bytes off, at least one. Empty at the end. */
struct str psrp_cut(struct str *fragments, size_t room);

#endif
