/* Fragments and messages of PSRP at the demo tenant (rps.md sections 5 and 6). */
#ifndef PURVEY_DEMO_RPS_FRAGMENT_H
#define PURVEY_DEMO_RPS_FRAGMENT_H

#include "base/buf.h"
#include "base/err.h"

#define FRAGMENT_HEADER 21
#define FRAGMENT_DATA ((size_t)32 * 1024)               /* at most in one that we send */
#define RECEIVED_OBJECT_MAX ((size_t)10 * 1024 * 1024)  /* the engine's limits for what a server takes */
#define RECEIVED_COMMAND_MAX ((size_t)50 * 1024 * 1024)

enum message_type {
    SESSION_CAPABILITY = 0x00010002, INIT_RUNSPACEPOOL = 0x00010004, PUBLIC_KEY = 0x00010005, ENCRYPTED_SESSION_KEY = 0x00010006,
    PUBLIC_KEY_REQUEST = 0x00010007, RUNSPACEPOOL_HOST_CALL = 0x00021100, RUNSPACEPOOL_HOST_RESPONSE = 0x00021101, RUNSPACEPOOL_STATE = 0x00021005, CREATE_PIPELINE = 0x00021006, APPLICATION_PRIVATE_DATA = 0x00021009,
    GET_COMMAND_METADATA = 0x0002100A, PIPELINE_INPUT = 0x00041002, END_OF_PIPELINE_INPUT = 0x00041003, PIPELINE_OUTPUT = 0x00041004,
    ERROR_RECORD = 0x00041005, PIPELINE_STATE = 0x00041006, DEBUG_RECORD = 0x00041007, VERBOSE_RECORD = 0x00041008,
    WARNING_RECORD = 0x00041009, PROGRESS_RECORD = 0x00041010, INFORMATION_RECORD = 0x00041011, PIPELINE_HOST_CALL = 0x00041100,
    PIPELINE_HOST_RESPONSE = 0x00041101,
};

/* ---- in ---- */

struct message {
    enum message_type type;
    char pool[37], pipeline[37];        /* GUIDs in lower case */
    struct str data;                    /* CLIXML, valid while it is handled */
};

/* What comes for one target on one stream. Start with ASSEMBLY_INIT. */
struct assembly {
    uint64_t last_object, next_fragment;
    bool open;                          /* an object has begun and not ended */
    size_t received;
    struct buf object;
};
#define ASSEMBLY_INIT { .object = BUF_INIT(RECEIVED_OBJECT_MAX) }

/* Whole fragments, one after the other; calls take for each message that becomes complete. False with ERR_PROTOCOL: cut,
   out of order, too large, flags or header broken, or take has said so. */
bool assembly_feed(struct assembly *assembly, struct str fragments,
                   bool (*take)(void *context, const struct message *message, struct err *err), void *context, struct err *err) MUST_USE;

/* ---- out ---- */

struct outgoing { uint64_t object, fragment; size_t at; struct buf bytes; };

/* Messages that wait for a Receive. Zeroed is empty. */
struct outbox {
    struct outgoing *items;
    size_t first, count, capacity;
    size_t waiting;                     /* bytes */
};

/* Puts a message in with a number of its own. clixml is copied; a byte order mark goes before it, as Windows sends one. */
void outbox_add(struct outbox *outbox, uint64_t object, enum message_type type, const char *pool, const char *pipeline, struct str clixml);
/* Appends fragments of at most `room` bytes together. */
void outbox_take(struct outbox *outbox, size_t room, struct buf *out);
bool outbox_empty(const struct outbox *outbox);
void outbox_free(struct outbox *outbox);

#endif
