/* Shared between the files of the demo tenant's sign-in service only. */
#ifndef PURVEY_DEMO_ENTRA_INTERNAL_H
#define PURVEY_DEMO_ENTRA_INTERNAL_H

#include "base/guid.h"
#include "demo/entra.h"
#include "demo/jwt.h"

#define MAX_CODES 256
#define MAX_TOKENS 4096
#define MAX_GRANTS 256
#define CLIENT_ID "fb78d390-0c51-40cd-8e17-fdbfab77341b"
#define REFRESH_LIFETIME_S (90LL * 86400)
#define SLOW_DOWN_S 5

struct device_code {
    char *device_code, *client_id, *scope, *resource, *tenant, *user;   /* tenant: as it stood in the path */
    char user_code[16];
    enum code_state state;
    int64_t ends_unix, polled_ms;
    int interval_s, polls;
};

/* An access or refresh token that was given out. */
struct issued {
    char *text, *client_id, *user, *resource;
    int64_t ends_unix;
    bool refresh, app_only, used;       /* used: a refresh token that was rotated away */
};

/* A code of the browser sign-in. */
struct auth_code {
    char *code, *client_id, *redirect_uri, *challenge, *scope, *resource, *nonce, *user, *tenant;
    int64_t ends_unix;
    bool used;
};

/* An application that may sign in by itself. */
struct demo_app;

/* What a token answer is made from. scope NULL: everything; nonce NULL: none. request: whose form asks for more. */
struct giving {
    const struct demo_request *request;
    const char *client_id, *user, *resource, *scope, *nonce;
    bool app_only;
};


struct entra {
    struct demo_config config;
    struct jwt_signer *signer;
    struct device_code codes[MAX_CODES];
    size_t code_count;                  /* ever made; a ring */
    struct issued issued[MAX_TOKENS];
    size_t issued_count;                /* ever given out; a ring */
    struct auth_code auth_codes[MAX_GRANTS];
    size_t auth_code_count;             /* ever made; a ring */
    struct demo_app *apps;
    char *proofs[MAX_GRANTS];           /* jti of the assertions that were taken; a ring */
    size_t proof_count;
    int64_t tokens_given, refresh_reuses;
};

/* An answer in Entra's error shape (auth.md section 3). */
void entra_refuse(struct demo_reply *reply, int status, const char *error, int code, const char *text);
/* The resource of "<resource>/.default openid ...", or NULL with the refusal written; the caller frees it. */
char *entra_resource_of(const char *scope, struct demo_reply *reply);
struct str entra_path_tenant(const struct demo_request *request);
void entra_give_tokens(struct entra *entra, const struct giving *giving, struct demo_reply *reply);
struct issued *entra_remember(struct entra *entra, const char *text, const char *client_id, const char *user, const char *resource,
                              int64_t lifetime_s, bool refresh);
char *entra_sign_access(struct entra *entra, const char *client_id, const struct bearer *bearer, int64_t lifetime_s);
struct auth_code *entra_new_auth_code(struct entra *entra);     /* emptied; the oldest one goes */

/* --- entra_identity.c: who somebody is --- */
struct guid entra_object_id(const char *name);
char *entra_display_name(const char *user);                     /* michelle.x@... -> Michelle X; the caller frees it */
void entra_add_id_token(struct entra *entra, struct json *answer, const struct giving *giving);
bool entra_wants_client_info(struct str form);
void entra_client_info(const char *user, struct buf *out);

/* --- entra_people.c: who there is, and what becomes of their sign-ins --- */
enum person_verdict { PERSON_GOOD, PERSON_REFUSED };
/* Writes the refusal. way: "password" or "browser": a second factor stops only the first. password NULL: not asked. */
enum person_verdict entra_check_person(const char *user, const char *password, bool browser, struct demo_reply *reply);
/* The same in words of the authorize endpoint. *code 0: nothing is wrong. */
const char *entra_person_trouble(const char *user, const char *password, bool browser, int *code);
void entra_grant_password(struct entra *entra, const struct demo_request *request, const char *client_id, struct demo_reply *reply);
/* userrealm and instance discovery; false: another address. */
bool entra_answer_realm(struct demo *demo, const struct demo_request *request, struct str rest, struct demo_reply *reply);

/* --- entra_authorize.c: the browser's half --- */
void entra_answer_authorize(struct demo *demo, const struct demo_request *request, struct demo_reply *reply);
void entra_grant_code(struct entra *entra, const struct demo_request *request, const char *client_id, struct demo_reply *reply);

/* --- entra_apps.c: applications --- */
bool entra_app_known(const struct entra *entra, const char *client_id);
/* A person's sign-in through an application: one with a credential of its own may prove itself, Microsoft's own may not. */
bool entra_check_proof(struct entra *entra, const struct demo_request *request, const char *client_id, struct demo_reply *reply);
void entra_apps_free(struct entra *entra);
void entra_grant_application(struct entra *entra, const struct demo_request *request, const char *client_id, struct demo_reply *reply);

#endif
