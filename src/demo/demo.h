/* The demo tenant: one server that plays Entra, the compliance REST service and a control page, told apart by host name.
   It plays the contract documents and shares no protocol code with the client. */
#ifndef PURVEY_DEMO_DEMO_H
#define PURVEY_DEMO_DEMO_H

#include <pthread.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"

#define DEMO_LOGIN_HOST "login.microsoftonline.localhost"
#define DEMO_FRONT_DOOR "ps.compliance.protection.outlook.localhost"
#define DEMO_ADMIN_SUFFIX "admin.protection.outlook.localhost"
#define DEMO_SEARCH_HOST "dataservice.o365filtering.localhost"      /* an audience only: nothing is served there */
#define DEMO_CONTROL_HOST "control.localhost"
#define DEMO_TENANT "contoso.onmicrosoft.localhost"
#define DEMO_TENANT_ID "6f1dd1a5-6d3c-4c1e-9a53-3f2f1b8d7c10"
#define DEMO_USER "adele.vance@contoso.onmicrosoft.localhost"
#define DEMO_MAX_BODY ((size_t)64 * 1024 * 1024)

struct demo_config {
    int64_t users;              /* population of Get-User */
    uint64_t seed;              /* of the generated objects */
    int metadata_port;          /* of the plain metadata service; set at start */
    int port;                   /* 0 = the kernel's choice; the real one after start */
    int interval_s;             /* of the device code; 0 is allowed */
    int code_lifetime_s;        /* of a device code */
    int token_lifetime_s;       /* of an access token */
    bool strict_rotation;       /* a refresh token that was used before is refused */
    bool strict_proofs;         /* a client assertion that was used before is refused from MSAL as well */
    bool auto_approve;          /* approve each device code on its second poll */
    bool separate_searches;     /* compliance searches only in a session with -EnableSearchOnlySession */
    const char *region;         /* label of the regional host, eur01b */
    const char *catalogue;      /* file of further cmdlets; NULL = none */
    const char *const *more_cmdlets;    /* in the notation of demo/cmdlets.h, up to a NULL; NULL = none */
};

struct entra;                   /* demo/entra.c */
struct rest;                    /* demo/rest.c */
struct control;                 /* demo/control.c */
struct azure;                   /* demo/azure.c */

/* Everything. `lock` guards entra, rest and control: a handler runs with it held, stream callbacks run without. */
struct demo {
    struct demo_config config;
    pthread_mutex_t lock;
    struct entra *entra;
    struct rest *rest;
    struct control *control;
    struct azure *azure;
};

/* A request, whole. Strings are valid while it is handled. */
struct demo_request {
    const char *method;
    const char *host;           /* lower case, without port */
    const char *path;           /* percent-decoded */
    const char *query;          /* raw, without '?'; "" = none */
    struct str body;
    const char *(*header)(const struct demo_request *request, const char *name);    /* case-blind; "" when absent */
    const char *header_text;    /* all headers, "name: value" lines, secrets left out; for the control page */
    void *connection;           /* the server's */
};

/* A stream's text: fills at most size bytes, returns how many, 0 at the end. Runs without the lock. */
struct demo_stream {
    size_t (*fill)(void *context, char *to, size_t size);
    void (*free)(void *context);
    void *context;              /* NULL = no stream: body is the answer */
};

#define DEMO_MAX_HEADERS 32
struct demo_reply {
    int status;
    struct { char *name, *value; } headers[DEMO_MAX_HEADERS];
    size_t header_count;
    struct buf body;
    struct demo_stream stream;
    char correlation[37];       /* what the caller calls this exchange (client-request-id); "" = nothing */
};

void reply_header(struct demo_reply *reply, const char *name, const char *value);       /* copied; several of a name ok */
void reply_json(struct demo_reply *reply, int status, struct json *value);              /* takes value; sets the type */
void reply_text(struct demo_reply *reply, int status, const char *type, const char *text);

void reply_drop(struct demo_reply *reply);              /* frees what it holds, a stream that nobody read too */

/* The value of name in a query or form (percent-decoded, '+' = blank); the caller frees it. NULL when absent. */
char *form_text(struct str form, const char *name);
void form_escape(struct buf *out, const char *text);        /* %XX for all but letters, digits, - . _ ~ */

#endif
