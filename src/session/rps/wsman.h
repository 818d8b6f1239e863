/* WS-Management envelopes of a remote shell (rps.md sections 3 and 4; MS-WSMV). Text in, text out: who sends them is rps_link. */
#ifndef PURVEY_SESSION_RPS_WSMAN_H
#define PURVEY_SESSION_RPS_WSMAN_H

#include "base/buf.h"
#include "base/err.h"
#include "base/guid.h"
#include "base/xml.h"

#define WSMAN_MAX_ENVELOPE 512000
/* Raw bytes of fragments that fit, as base64, into an envelope of ours. */
#define WSMAN_ROOM ((size_t)(WSMAN_MAX_ENVELOPE - 8192) / 4 * 3)
#define WSMAN_EMPTY_PAUSE_MS 100       /* behind an answer to Receive that holds nothing: some servers do not wait until there is something */
#define WSMAN_MAX_ANSWER ((size_t)16 * 1024 * 1024)     /* of a server that does not keep to MaxEnvelopeSize */

/* What every envelope says. Texts are the caller's; locales are cleaned by whoever reads options. */
struct wsman_shell {
    const char *uri;                    /* the address of the request */
    struct guid session;
    char shell_id[128];                 /* of the answer to Create; "" before it */
    const char *locale, *data_locale;   /* en-US */
    int operation_timeout_ms;
};

struct wsman_creation {
    struct guid pool;
    int idle_timeout_ms;                /* 0 = the server's choice */
    bool no_profile;
    struct str opening;                 /* fragments */
};

enum wsman_signal { WSMAN_STOP, WSMAN_TERMINATE };

/* Each appends an envelope and gives the id that the answer will relate to. command: "" for the pool itself. */
void wsman_create(const struct wsman_shell *shell, const struct wsman_creation *creation, struct guid *id, struct buf *out);
void wsman_command(const struct wsman_shell *shell, const char *command, struct str fragments, struct guid *id, struct buf *out);
void wsman_input(const struct wsman_shell *shell, const char *command, bool host_answer, struct str fragments, struct guid *id, struct buf *out);
void wsman_receive(const struct wsman_shell *shell, const char *command, struct guid *id, struct buf *out);
void wsman_signal(const struct wsman_shell *shell, const char *command, enum wsman_signal signal, struct guid *id, struct buf *out);
void wsman_delete(const struct wsman_shell *shell, struct guid *id, struct buf *out);

/* ---- answers ---- */

struct wsman_answer {
    struct xml_document *document;
    const struct xml_node *body;
    const struct xml_node *fault;       /* NULL = none */
    uint32_t fault_code;                /* of WSMan; 0 = not said */
    char activity[64];                  /* for support; "" = not said */
};

/* False with ERR_PROTOCOL when text is no envelope, or one that answers something else. Free what it gave in the end. */
bool wsman_take(struct str text, const struct guid *id, struct wsman_answer *answer, struct err *err) MUST_USE;
void wsman_answer_free(struct wsman_answer *answer);
bool wsman_looks_like_envelope(struct str text);                /* whatever the status of HTTP */

bool wsman_timed_out(const struct wsman_answer *answer);        /* no data in time: ask again */
bool wsman_is_gone(const struct wsman_answer *answer);          /* the shell or the command is no more */
bool wsman_shell_ended(const struct wsman_answer *answer);      /* that, or it was closed under the request */
void wsman_fault_err(const struct wsman_answer *answer, bool opening, struct err *err);     /* a fault in words; opening: of Create */

bool wsman_shell_id(const struct wsman_answer *answer, char *id, size_t size, struct err *err) MUST_USE;
struct str wsman_command_id(const struct wsman_answer *answer);         /* empty when it does not say */
bool wsman_check_received(const struct wsman_answer *answer, struct err *err) MUST_USE;     /* ERR_PROTOCOL: it is no Receive's answer */
/* Steps through the streams of a Receive: start with *at NULL. base64 text; empty for the mark of an end. */
bool wsman_next_stream(const struct wsman_answer *answer, const struct xml_node **at, struct str *base64);
bool wsman_command_done(const struct wsman_answer *answer);

#endif
