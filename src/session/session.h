/* The transport contract: what an engine asks of a session, whether REST or remote PowerShell is behind it. All on the
   engine thread, nothing blocks. */
#ifndef PURVEY_SESSION_SESSION_H
#define PURVEY_SESSION_SESSION_H

#include "auth/cloud.h"
#include "auth/token.h"
#include "base/object.h"
#include "catalogue/invocation.h"
#include "net/http.h"

/* What -PSSessionOption says about a remote shell (rps.md section 12). Read while the session is opened only. */
struct remote_options {
    int maximum_redirection;        /* 0 = none is followed */
    const char *culture, *ui_culture;       /* "" = the locale */
    uint64_t max_command_bytes;     /* of what a command gives; 0 = no limit */
    uint64_t max_object_bytes;      /* of one object; 0 = no limit but our own */
    int open_timeout_ms, operation_timeout_ms, cancel_timeout_ms;       /* 0 = no limit */
    int idle_timeout_ms;            /* 0 = the server's */
    int max_connection_retries;     /* of a lost answer */
    bool no_machine_profile;
    bool direct;                    /* ProxyAccessType NoProxyServer */
    struct http_proxy_login proxy_login;
    const struct json *application_arguments;       /* an object; NULL = none */
};

/* What a session needs from its owner. Strings are copied by the opener. */
struct session_config {
    struct http *http;
    struct timers *timers;
    const struct cloud *cloud;
    const char *connection_uri;     /* https://HOST[:PORT]/...; rest.md section 1.3 */
    const char *tenant_id;          /* GUID (or domain) for the path */
    const char *organization;       /* initial domain, "" = not known */
    bool delegated;                 /* organization is a customer's: its mailbox routes, not the partner's (rest.md 1.4) */
    const char *upn;                /* "" for applications */
    bool app_only;
    bool bypass_anchoring;
    const char *command_names;      /* -CommandName, comma list; "" = * */
    int page_size;                  /* 1..1000; 0 = 1000 */
    int timeout_s;                  /* per request; 0 = 960 (rest.md section 9) */
    const char *locale;             /* en-US */
    /* The token of the moment; asked before every attempt (rest.md section 3). NULL: none, session fails with
       ERR_AUTH_REQUIRED. `refresh` starts a renewal (claims: decoded challenge JSON or NULL) and calls ready(ctx,
       err-or-NULL) once, now or later, but not after the session was closed. NULL: tokens cannot be renewed. */
    const struct secret *(*bearer)(void *context);
    void (*refresh)(void *context, const char *claims, void (*ready)(void *, const struct err *), void *ready_context);
    void *token_context;
    void *tag;                      /* of every transfer (http_exchange.tag) */
    bool banner;                    /* the service's greeting is wanted, as a step behind `opened` */
    bool keep_module;               /* the list of cmdlets may be kept on this machine, and one that was kept be used */
    bool keep_notes;                /* ...so may notes of what this program leaves open there */
    bool fresh;                     /* ...but not this time */
    const struct remote_options *remote;        /* of a remote shell; NULL = what the engine has as defaults */
    const char *format_types;       /* -FormatTypeName: whose views a remote shell is asked for; "" = none */
    /* A remote shell could not be ended on the server, and counts against its limit until it times out. May come after the
       session was closed: leak_context outlives it. NULL: nobody wants to know. */
    void (*leaked)(void *context, const char *text);
    void *leak_context;
    int retry_base_ms;              /* first wait before a repeat; 0 = 2000. Scales Retry-After too: for tests */
};

struct session_listener {
    void (*step)(void *context, const char *title, int state, int64_t elapsed_ms);     /* as oauth_listener.step */
    void (*opened)(void *context, struct catalogue *catalogue);                         /* takes the catalogue */
    void (*failed)(void *context, const struct err *err);                               /* opening failed */
    void *context;
    void (*greeted)(void *context);     /* the greeting has come, as a step, or will not (rest_session_greets); may be NULL */
};

/* One running cmdlet. Strings and objects are valid inside the callback only. Warnings and non-terminating errors of a
   page come behind its objects. `done` comes exactly once unless cancelled: err NULL = complete, also when nonfatal
   errors came; otherwise what came before is a partial result. more_available: the service has more than was asked for.
   From any callback the run may be cancelled and the session closed. */
/* question: with -Confirm the service has only checked, and asks this before it acts (rest.md section 4): nothing has been
   changed, the same call with Confirm:false would do it. NULL = nothing is asked. */
/* What the headers of the last answer said (rest.md section 9); limit 0 = nothing. */
struct rate_limit { int64_t limit, remaining; char reset[32]; };

enum run_stream { RUN_VERBOSE, RUN_DEBUG, RUN_INFORMATION, RUN_PROGRESS };

struct run_summary { struct rate_limit rate; int64_t objects; int pages; bool complete; bool more_available; const char *request_id, *question;
                     const char *resume_at; };      /* a read that broke can go on here (invocation.resume_at); NULL = it cannot */
struct run_listener {
    void (*object)(void *context, const struct object *object);
    void (*warning)(void *context, struct str text);
    void (*nonfatal)(void *context, const struct err *err);                             /* @adminapi.errors */
    void (*information)(void *context, enum run_stream stream, struct str text);        /* of remote shells; may be NULL */
    void (*waiting)(void *context, int seconds, const struct err *why);                 /* before a retry */
    void (*done)(void *context, const struct run_summary *summary, const struct err *err);
    void *context;
};

struct session;
struct session_run;

/* pause: objects of the chunk in hand still come, up to some hundred. */
struct session_vtable {
    struct session_run *(*invoke)(struct session *, const struct invocation *, const struct run_listener *, struct err *);
    void (*cancel)(struct session_run *);
    void (*pause)(struct session_run *, bool paused);
    void (*close)(struct session *);
};

/* First member of every session. */
struct session { const struct session_vtable *vtable; };

static inline struct session_run *session_invoke(struct session *session, const struct invocation *invocation,
                                                 const struct run_listener *listener, struct err *err)
{
    return session->vtable->invoke(session, invocation, listener, err);
}
static inline void session_cancel(struct session *session, struct session_run *run) { session->vtable->cancel(run); }
static inline void session_pause(struct session *session, struct session_run *run, bool paused)
{
    session->vtable->pause(run, paused);
}
static inline void session_close(struct session *session) { if (session) session->vtable->close(session); }

/* Opens a REST session: discovery, regional host, module file (rest.md sections 1 and 7). Exactly one of opened/failed
   comes, later. NULL with ERR_INPUT when the connection address is refused. */
struct session *rest_session_open(const struct session_config *config, const struct session_listener *listener,
                                  struct err *err) MUST_USE;

/* Opens a remote shell over WS-Management (rps.md): everything else as above. Closing ends the shell on the server, after the
   call has returned (http_settle). */
struct session *rps_session_open(const struct session_config *config, const struct session_listener *listener,
                                 struct err *err) MUST_USE;
/* The host that the front door led to, and the engine's version there; "" = not known. */
const char *rps_session_host(const struct session *session);

/* The region's label (nam13b); "" before the session is open or when the front door itself serves it. */
const char *rest_session_region(const struct session *session);
/* The service's greeting is on its way: `greeted` comes, unless the session is closed before. */
bool rest_session_greets(const struct session *session);

#endif
