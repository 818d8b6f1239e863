#include "demo/entra_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/guid.h"
#include "base/mem.h"
#include "demo/jwt.h"

/* The key is made anew at each start: tokens of a run before are as unknown as those of another tenant. */
struct entra *entra_new(const struct demo_config *config)
{
    struct entra *entra = MEM_NEW(struct entra);
    entra->config = *config;
    entra->signer = jwt_signer_new();
    return entra;
}

static void code_clear(struct device_code *code)
{
    free(code->device_code);
    free(code->client_id);
    free(code->scope);
    free(code->resource);
    free(code->tenant);
    free(code->user);
    *code = (struct device_code){ 0 };
}

static void issued_clear(struct issued *issued)
{
    free(issued->text);
    free(issued->client_id);
    free(issued->user);
    free(issued->resource);
    *issued = (struct issued){ 0 };
}

static void auth_code_clear(struct auth_code *code)
{
    char *texts[] = { code->code, code->client_id, code->redirect_uri, code->challenge, code->scope, code->resource, code->nonce,
                      code->user, code->tenant };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        free(texts[i]);
    }
    *code = (struct auth_code){ 0 };
}

/* Rings, here and below: what is older than the last few hundred sign-ins has expired for any test. */
struct auth_code *entra_new_auth_code(struct entra *entra)
{
    struct auth_code *code = &entra->auth_codes[entra->auth_code_count++ % MAX_GRANTS];
    auth_code_clear(code);
    return code;
}

/* Codes and tokens are wiped although they open nothing real: the same habits everywhere. */
void entra_free(struct entra *entra)
{
    for (size_t i = 0; i < MAX_CODES; i++) {
        code_clear(&entra->codes[i]);
    }
    for (size_t i = 0; i < MAX_TOKENS; i++) {
        issued_clear(&entra->issued[i]);
    }
    for (size_t i = 0; i < MAX_GRANTS; i++) {
        auth_code_clear(&entra->auth_codes[i]);
    }
    entra_apps_free(entra);
    jwt_signer_free(entra->signer);
    free(entra);
}

/* ---- errors in Entra's shape (auth.md section 3) ---- */

/* What a client may do about it without knowing the number (auth.md section 10). */
static const char *suberror_of(int code)
{
    static const struct { int code; const char *name; } rows[] = {
        { 50055, "user_password_expired" }, { 50076, "basic_action" }, { 50079, "basic_action" }, { 53000, "message_only" },
        { 53003, "message_only" }, { 65001, "consent_required" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].code == code) {
            return rows[i].name;
        }
    }
    return NULL;
}

/* Entra's own shape: line ends within the text, ids that support asks for, the code twice (auth.md section 3). */
void entra_refuse(struct demo_reply *reply, int status, const char *error, int code, const char *text)
{
    char when[32], day[21];
    struct guid trace = guid_new(), correlation = guid_new();
    if (*reply->correlation) {
        str_copy(correlation.text, sizeof correlation.text, reply->correlation);
    }
    clock_iso(clock_unix(), day);
    day[10] = ' ';
    snprintf(when, sizeof when, "%s", day);
    char *description = mem_format("AADSTS%d: %s\r\nTrace ID: %s\r\nCorrelation ID: %s\r\nTimestamp: %s", code, text, trace.text,
                                   correlation.text, when);
    char *uri = mem_format("https://" DEMO_LOGIN_HOST "/error?code=%d", code);
    struct json *answer = json_new_object(), *codes = json_new_array();
    json_add(codes, NULL, json_new_int(code));
    json_add_text(answer, "error", error);
    json_add_text(answer, "error_description", description);
    json_add(answer, "error_codes", codes);
    json_add_text(answer, "timestamp", when);
    json_add_text(answer, "trace_id", trace.text);
    json_add_text(answer, "correlation_id", correlation.text);
    json_add_text(answer, "error_uri", uri);
    if (suberror_of(code)) {
        json_add_text(answer, "suberror", suberror_of(code));
    }
    reply_json(reply, status, answer);
    reply_header(reply, "Cache-Control", "no-store, no-cache");
    free(description);
    free(uri);
}

/* ---- checks that device code and token share ---- */

/* A missing parameter and an unknown application are different errors, and clients tell them apart by the number. */
static bool known_client(struct entra *entra, const char *client_id, struct demo_reply *reply)
{
    if (!client_id || !*client_id) {
        entra_refuse(reply, 400, "invalid_request", 900144, "The request body must contain the parameter 'client_id'.");
        return false;
    }
    if (!str_is_nocase(str_of(client_id), CLIENT_ID) && !entra_app_known(entra, client_id)) {
        entra_refuse(reply, 400, "unauthorized_client", 700016, "The application was not found in the directory of the tenant.");
        return false;
    }
    return true;
}

/* The resource of "<resource>/.default openid ...", or NULL with the refusal written. */
char *entra_resource_of(const char *scope, struct demo_reply *reply)
{
    static const char *const resources[] = {
        "https://" DEMO_FRONT_DOOR, "https://" DEMO_SEARCH_HOST,
    };
    struct str left = str_of(scope), word;
    for (bool more = true; more;) {
        more = str_cut(&left, ' ', &word);
        struct str suffix = STR("/.default");
        if (!str_ends_nocase(word, suffix)) {
            continue;
        }
        struct str resource = str_take(word, word.len - suffix.len);
        for (size_t i = 0; i < sizeof resources / sizeof *resources; i++) {
            if (str_is_nocase(resource, resources[i])) {
                return mem_text(resources[i]);
            }
        }
        entra_refuse(reply, 400, "invalid_resource", 500011, "The resource principal was not found in the tenant.");
        return NULL;
    }
    entra_refuse(reply, 400, "invalid_scope", 70011, "The provided value for the input parameter 'scope' is not valid.");
    return NULL;
}

/* Scopes are compared as words, since one may be the beginning of another. */
static bool asks_for(const char *scope, const char *word)
{
    struct str left = str_of(scope), one;
    for (bool more = left.len > 0; more;) {
        more = str_cut(&left, ' ', &one);
        if (str_is_nocase(one, word)) {
            return true;
        }
    }
    return false;
}

/* The first part of the path: a device code is good at the tenant that gave it only. */
struct str entra_path_tenant(const struct demo_request *request)
{
    struct str rest = str_from(str_of(request->path), 1), tenant;
    str_cut(&rest, '/', &tenant);
    return tenant;
}

/* ---- tokens ---- */

/* Refresh tokens are bound to person and client, not to the resource that was asked for first (auth.md section 2);
   the resource is kept for requests without a scope. */
struct issued *entra_remember(struct entra *entra, const char *text, const char *client_id, const char *user, const char *resource,
                     int64_t lifetime_s, bool refresh)
{
    struct issued *slot = &entra->issued[entra->issued_count++ % MAX_TOKENS];
    issued_clear(slot);
    *slot = (struct issued){
        .text = mem_text(text), .client_id = mem_text(client_id), .user = mem_text(user), .resource = mem_text(resource),
        .ends_unix = clock_unix() + lifetime_s, .refresh = refresh,
    };
    return slot;
}

static const struct issued *find_issued(const struct entra *entra, struct str text, bool refresh)
{
    for (size_t i = 0; i < MAX_TOKENS; i++) {
        const struct issued *issued = &entra->issued[i];
        if (issued->text && issued->refresh == refresh && str_is(text, issued->text)) {
            return issued;
        }
    }
    return NULL;
}

/* Claims of a v1.0 access token as Exchange gets them (auth.md section 8). */
static void add_person_claims(struct json *claims, const char *user)
{
    char *name = entra_display_name(user);
    json_add_text(claims, "idtyp", "user");
    json_add_text(claims, "name", name);
    json_add_text(claims, "scp", "AdminApi.AccessAsUser.All FfoPowerShell.AccessAsUser.All RemotePowerShell.AccessAsUser.All");
    json_add_text(claims, "unique_name", user);
    json_add_text(claims, "upn", user);
    free(name);
}

/* idtyp and roles tell an application from a person (auth.md section 8); an application has neither upn nor scp. */
static void add_app_claims(struct json *claims)
{
    struct json *roles = json_new_array();
    json_add(roles, NULL, json_new_string(STR("Exchange.ManageAsApp")));
    json_add_text(claims, "idtyp", "app");
    json_add(claims, "roles", roles);
}

/* A token of version 1.0, as the Exchange resources get: appid, an audience that is an address, sts.windows.net as
   issuer (auth.md section 8). */
char *entra_sign_access(struct entra *entra, const char *client_id, const struct bearer *bearer, int64_t lifetime_s)
{
    int64_t now = clock_unix();
    struct json *claims = json_new_object();
    json_add_text(claims, "aud", bearer->audience);
    json_add_text(claims, "iss", "https://sts.windows.net/" DEMO_TENANT_ID "/");
    json_add(claims, "iat", json_new_int(now));
    json_add(claims, "nbf", json_new_int(now));
    json_add(claims, "exp", json_new_int(now + lifetime_s));
    json_add_text(claims, "acr", "1");
    json_add_text(claims, "appid", client_id);
    json_add_text(claims, "appidacr", bearer->app_only ? "2" : "0");
    json_add_text(claims, "oid", entra_object_id(bearer->app_only ? client_id : bearer->upn).text);
    json_add_text(claims, "tid", DEMO_TENANT_ID);
    json_add_text(claims, "uti", guid_new().text);
    json_add_text(claims, "ver", "1.0");
    if (bearer->app_only) {
        add_app_claims(claims);
    } else {
        add_person_claims(claims, bearer->upn);
    }
    char *token = jwt_sign(entra->signer, claims);
    json_free(claims);
    return token;
}

/* Remembered like any other, so that it opens the service: only the sign-in is left out. */
char *entra_make_token(struct entra *entra, const struct bearer *bearer, int64_t lifetime_s)
{
    char *token = entra_sign_access(entra, CLIENT_ID, bearer, lifetime_s);
    struct issued *slot = entra_remember(entra, token, CLIENT_ID, bearer->upn, bearer->audience, lifetime_s, false);
    slot->app_only = bearer->app_only;
    return token;
}

/* The clock is not turned: what was given out is simply over, and what is given out next is good. */
void entra_expire_tokens(struct entra *entra)
{
    for (size_t i = 0; i < MAX_TOKENS; i++) {
        if (!entra->issued[i].refresh) {
            entra->issued[i].ends_unix = 0;
        }
    }
}

/* A new refresh token each time; the old one stays good for a while, as Entra's does. */
static void add_refresh_token(struct entra *entra, struct json *answer, const char *client_id, const char *user, const char *resource)
{
    struct guid first = guid_new(), second = guid_new();
    char *refresh = mem_format("1.Ab%s%s.demo", first.text, second.text);
    entra_remember(entra, refresh, client_id, user, resource, REFRESH_LIFETIME_S, true);
    json_add_text(answer, "refresh_token", refresh);
    free(refresh);
}

/* The answer with tokens: which ones, the scope decides (auth.md section 2). scope NULL: all. */
void entra_give_tokens(struct entra *entra, const struct giving *giving, struct demo_reply *reply)
{
    struct bearer bearer = { .app_only = giving->app_only };
    const char *asked = giving->scope;
    int64_t lifetime_s = entra->config.token_lifetime_s;
    str_copy(bearer.upn, sizeof bearer.upn, giving->user);
    str_copy(bearer.audience, sizeof bearer.audience, giving->resource);
    char *access = entra_sign_access(entra, giving->client_id, &bearer, lifetime_s);
    struct json *answer = json_new_object();
    char *scope = mem_format("%s/AdminApi.AccessAsUser.All %s/.default", giving->resource, giving->resource);
    struct issued *slot = entra_remember(entra, access, giving->client_id, giving->user, giving->resource, lifetime_s, false);
    slot->app_only = giving->app_only;
    json_add_text(answer, "token_type", "Bearer");
    if (!giving->app_only) {
        json_add_text(answer, "scope", scope);
    }
    json_add(answer, "expires_in", json_new_int(lifetime_s));
    json_add(answer, "ext_expires_in", json_new_int(lifetime_s));
    json_add_text(answer, "access_token", access);
    if (!giving->app_only && (!asked || asks_for(asked, "offline_access"))) {
        add_refresh_token(entra, answer, giving->client_id, giving->user, giving->resource);
    }
    if (!giving->app_only && (!asked || asks_for(asked, "openid"))) {
        entra_add_id_token(entra, answer, giving);
    }
    if (!giving->app_only && entra_wants_client_info(giving->request->body)) {
        struct buf info = BUF_INIT(BUF_SMALL);
        entra_client_info(giving->user, &info);
        json_add_text(answer, "client_info", buf_cstr(&info));
        buf_free(&info);
    }
    entra->tokens_given++;
    reply_json(reply, 200, answer);
    reply_header(reply, "Cache-Control", "no-store, no-cache");
    free(access);
    free(scope);
}

/* Looked up, not verified: a token that this run did not issue is unknown, like one of another tenant. */
enum bearer_verdict entra_check_bearer(struct entra *entra, const char *authorization, struct bearer *bearer)
{
    struct str text = str_of(authorization);
    *bearer = (struct bearer){ .app_only = false };
    if (!str_starts_nocase(text, STR("Bearer ")) || text.len == 7) {
        return BEARER_MISSING;
    }
    const struct issued *issued = find_issued(entra, str_trim(str_from(text, 7)), false);
    if (!issued) {
        return BEARER_UNKNOWN;
    }
    str_copy(bearer->upn, sizeof bearer->upn, issued->user);
    str_copy(bearer->audience, sizeof bearer->audience, issued->resource);
    bearer->app_only = issued->app_only;
    return issued->ends_unix <= clock_unix() ? BEARER_EXPIRED : BEARER_GOOD;
}

/* ---- device code (auth.md section 5) ---- */

static struct device_code *find_code(struct entra *entra, struct str text, bool by_user_code)
{
    for (size_t i = 0; i < MAX_CODES; i++) {
        struct device_code *code = &entra->codes[i];
        if (code->device_code && str_eq_nocase(text, str_of(by_user_code ? code->user_code : code->device_code))) {
            return code;
        }
    }
    return NULL;
}

/* Only once: a second click on the page must not turn a declined code into an approved one. */
bool entra_decide(struct entra *entra, struct str user_code, enum code_state state, const char *user)
{
    struct device_code *code = find_code(entra, user_code, true);
    if (!code || code->state != CODE_PENDING) {
        return false;
    }
    code->state = state;
    free(code->user);
    code->user = mem_text(user);
    return true;
}

/* Nine letters and digits that cannot be mistaken for each other. */
static void make_user_code(char out[16])
{
    static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    struct guid guid = guid_new();
    size_t at = 0;
    for (size_t i = 0; at < 9; i++) {
        if (guid.text[i] != '-') {
            unsigned mixed = (unsigned char)guid.text[i] * 7U + (unsigned char)guid.text[i + 10] * 13U;
            out[at++] = letters[mixed % (sizeof letters - 1)];
        }
    }
    out[at] = '\0';
}

/* The address is one field and the code another, with no verification_uri_complete (auth.md section 5): a QR code
   can hold the plain address only. */
static void answer_device_code(struct demo *demo, const struct demo_request *request, struct demo_reply *reply)
{
    struct entra *entra = demo->entra;
    char *client_id = form_text(request->body, "client_id"), *scope = form_text(request->body, "scope");
    char *resource = known_client(entra, client_id, reply) ? entra_resource_of(scope ? scope : "", reply) : NULL;
    if (resource) {
        struct device_code *code = &entra->codes[entra->code_count++ % MAX_CODES];
        struct json *answer = json_new_object();
        struct guid first = guid_new(), second = guid_new();
        code_clear(code);
        code->device_code = mem_format("CAQABIQEAAAD%s%s", first.text, second.text);
        code->client_id = mem_text(client_id);
        code->scope = mem_text(scope);
        code->resource = mem_text(resource);
        code->tenant = str_dup(entra_path_tenant(request));
        code->interval_s = entra->config.interval_s;
        code->ends_unix = clock_unix() + entra->config.code_lifetime_s;
        make_user_code(code->user_code);
        char *page = mem_format("https://" DEMO_LOGIN_HOST ":%d/device", entra->config.port);
        char *message = mem_format("To sign in, use a web browser to open the page %s and enter the code %s to authenticate.", page, code->user_code);
        json_add_text(answer, "user_code", code->user_code);
        json_add_text(answer, "device_code", code->device_code);
        json_add_text(answer, "verification_uri", page);
        json_add(answer, "expires_in", json_new_int(entra->config.code_lifetime_s));
        json_add(answer, "interval", json_new_int(entra->config.interval_s));
        json_add_text(answer, "message", message);
        reply_json(reply, 200, answer);
        free(page);
        free(message);
    }
    free(client_id);
    free(scope);
    free(resource);
}

/* RFC 8628 section 3.5. Entra is not known to say slow_down (auth.md section 14), but other servers do and the
   client must bear it. */
static bool polled_too_soon(struct device_code *code)
{
    int64_t now = clock_ms(), before = code->polled_ms;
    code->polled_ms = now;
    /* Half a second of grace: the client's clock and the way here are not exact. */
    return before && now - before < (int64_t)code->interval_s * 1000 - 500;
}

/* What the person decided comes before how fast the client asks: an approved code is not held back by an impatient
   poll. A code of another tenant path or client is as unknown as a made-up one (auth.md section 5). */
static void grant_device_code(struct entra *entra, const struct demo_request *request, const char *client_id, struct demo_reply *reply)
{
    char *text = form_text(request->body, "device_code");
    struct device_code *code = text ? find_code(entra, str_of(text), false) : NULL;
    free(text);
    bool same = code && str_is_nocase(str_of(client_id), code->client_id) && str_is_nocase(entra_path_tenant(request), code->tenant);
    if (!same || code->state == CODE_REDEEMED) {
        entra_refuse(reply, 400, "bad_verification_code", 70018, "The device code is not known or was used already.");
        return;
    }
    code->polls++;
    if (entra->config.auto_approve && code->polls >= 2 && code->state == CODE_PENDING) {
        entra_decide(entra, str_of(code->user_code), CODE_APPROVED, DEMO_USER);
    }
    if (code->state == CODE_EXPIRED || code->ends_unix <= clock_unix()) {
        entra_refuse(reply, 400, "expired_token", 70019, "The device code has expired.");
    } else if (code->state == CODE_DECLINED) {
        entra_refuse(reply, 400, "authorization_declined", 70022, "The user declined the sign-in.");
    } else if (code->state == CODE_APPROVED) {
        /* What stops somebody in the browser is told to the program that polls (auth.md section 5, Conditional Access). */
        code->state = CODE_REDEEMED;
        if (entra_check_person(code->user, NULL, true, reply) == PERSON_GOOD) {
            entra_give_tokens(entra, &(struct giving){ request, client_id, code->user, code->resource, code->scope, NULL, false }, reply);
        }
    } else if (polled_too_soon(code)) {
        code->interval_s += SLOW_DOWN_S;
        entra_refuse(reply, 400, "slow_down", 70016, "The client asks too often.");
    } else {
        entra_refuse(reply, 400, "authorization_pending", 70016, "The sign-in has not been finished yet.");
    }
}

/* Entra forgives a second use for a time, others do not (auth.md section 10): both are counted. True: it was used before. */
static bool note_reuse(struct entra *entra, const struct issued *issued)
{
    struct issued *slot = &entra->issued[issued - entra->issued];
    bool again = slot->used;
    slot->used = true;
    entra->refresh_reuses += again;
    return again;
}

/* Another resource of the same client may be named in scope: one refresh token serves a normal and a search-only
   session (auth.md section 2). */
static void grant_refresh(struct entra *entra, const struct demo_request *request, const char *client_id, struct demo_reply *reply)
{
    char *text = form_text(request->body, "refresh_token"), *scope = form_text(request->body, "scope");
    const struct issued *issued = text ? find_issued(entra, str_of(text), true) : NULL;
    if (!text) {
        entra_refuse(reply, 400, "invalid_request", 900144, "The request body must contain the parameter 'refresh_token'.");
    } else if (!entra_check_proof(entra, request, client_id, reply)) {
        /* refused */
    } else if (!issued || !str_is_nocase(str_of(client_id), issued->client_id)) {
        entra_refuse(reply, 400, "invalid_grant", 70000, "The provided grant is not valid.");
    } else if (note_reuse(entra, issued) && entra->config.strict_rotation) {
        entra_refuse(reply, 400, "invalid_grant", 70000, "The refresh token was used before; the whole sign-in is withdrawn.");
    } else if (issued->ends_unix <= clock_unix()) {
        entra_refuse(reply, 400, "invalid_grant", 700082, "The refresh token has expired due to inactivity.");
    } else {
        char *resource = scope ? entra_resource_of(scope, reply) : mem_text(issued->resource);
        if (resource) {
            char *user = mem_text(issued->user);    /* the ring may reuse its slot */
            entra_give_tokens(entra, &(struct giving){ request, client_id, user, resource, scope, NULL, false }, reply);
            free(user);
        }
        free(resource);
    }
    free(text);
    free(scope);
}

static const struct {
    const char *name;
    void (*grant)(struct entra *, const struct demo_request *, const char *client_id, struct demo_reply *);
} grants[] = {
    { "urn:ietf:params:oauth:grant-type:device_code", grant_device_code },
    { "device_code", grant_device_code },
    { "refresh_token", grant_refresh },
    { "authorization_code", entra_grant_code },
    { "password", entra_grant_password },
    { "client_credentials", entra_grant_application },
};

/* The grant decides which other fields are needed, so it is read first. A refused one is told by its code; clients do
   not go by the words, which change (auth.md section 3). */
static void answer_token(struct demo *demo, const struct demo_request *request, struct demo_reply *reply)
{
    char *grant = form_text(request->body, "grant_type"), *client_id = form_text(request->body, "client_id");
    bool known = false;
    if (!grant) {
        entra_refuse(reply, 400, "invalid_request", 900144, "The request body must contain the parameter 'grant_type'.");
        known = true;
    }
    for (size_t i = 0; grant && i < sizeof grants / sizeof *grants && !known; i++) {
        if (str_is(str_of(grant), grants[i].name)) {
            known = true;
            if (known_client(demo->entra, client_id, reply)) {
                grants[i].grant(demo->entra, request, client_id, reply);
            }
        }
    }
    if (!known) {
        entra_refuse(reply, 400, "unsupported_grant_type", 70003, "The app returned an unsupported grant type.");
    }
    free(grant);
    free(client_id);
}

/* ---- discovery ---- */

static void add_endpoint(struct json *answer, const char *name, int port, struct str tenant, const char *path)
{
    char *url = mem_format("https://" DEMO_LOGIN_HOST ":%d/%.*s%s", port, STR_ARG(tenant), path);
    json_add_text(answer, name, url);
    free(url);
}

static void add_words(struct json *answer, const char *name, const char *const *words)
{
    struct json *list = json_new_array();
    for (; *words; words++) {
        json_add_text(list, NULL, *words);
    }
    json_add(answer, name, list);
}

/* What OpenID Connect Discovery demands of every service (section 3); strict clients refuse a document without it. */
static void add_abilities(struct json *answer)
{
    add_words(answer, "response_types_supported", (const char *const[]){ "code", NULL });
    add_words(answer, "response_modes_supported", (const char *const[]){ "query", "form_post", NULL });
    add_words(answer, "subject_types_supported", (const char *const[]){ "pairwise", NULL });
    add_words(answer, "id_token_signing_alg_values_supported", (const char *const[]){ "RS256", NULL });
    add_words(answer, "token_endpoint_auth_methods_supported", (const char *const[]){ "client_secret_post", "private_key_jwt", NULL });
    add_words(answer, "scopes_supported", (const char *const[]){ "openid", "profile", "offline_access", NULL });
}

/* The addresses come with the tenant that was asked for, the issuer with its GUID: that is how a domain becomes a
   GUID without a sign-in (auth.md section 3). */
static void answer_discovery(struct demo *demo, struct str tenant, struct demo_reply *reply)
{
    int port = demo->config.port;
    bool any = str_is_nocase(tenant, "organizations") || str_is_nocase(tenant, "common");
    struct json *answer = json_new_object();
    add_endpoint(answer, "token_endpoint", port, tenant, "/oauth2/v2.0/token");
    add_endpoint(answer, "authorization_endpoint", port, tenant, "/oauth2/v2.0/authorize");
    add_endpoint(answer, "device_authorization_endpoint", port, tenant, "/oauth2/v2.0/devicecode");
    add_endpoint(answer, "end_session_endpoint", port, tenant, "/oauth2/v2.0/logout");
    add_endpoint(answer, "jwks_uri", port, tenant, "/discovery/v2.0/keys");
    /* /organizations and /common name the placeholder; a tenant's own discovery gives its GUID (auth.md section 3). */
    add_endpoint(answer, "issuer", port, any ? STR("{tenantid}") : STR(DEMO_TENANT_ID), "/v2.0");
    if (!any) {
        json_add_text(answer, "tenant_region_scope", "EU");
    } else {
        json_add(answer, "tenant_region_scope", json_new_null());
    }
    json_add_text(answer, "cloud_instance_name", "microsoftonline.localhost");
    json_add_text(answer, "msgraph_host", "graph.microsoft.localhost");
    add_abilities(answer);
    reply_json(reply, 200, answer);
}

static void answer_keys(struct demo *demo, struct demo_reply *reply)
{
    reply_json(reply, 200, jwt_keys(demo->entra->signer));
}

/* ---- the page where a person types the code ---- */

/* Everything on the page came from outside, the code most of all. */
static void page_text(struct buf *out, const char *text)
{
    for (; *text; text++) {
        const char *escape = *text == '<' ? "&lt;" : *text == '>' ? "&gt;" : *text == '&' ? "&amp;" : *text == '"' ? "&quot;" : NULL;
        if (escape) {
            buf_text(out, escape);
        } else {
            buf_char(out, *text);
        }
    }
}

static void answer_page(const char *message, struct demo_reply *reply)
{
    struct buf page = BUF_INIT(BUF_SMALL);
    buf_text(&page, "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Demo sign-in</title></head><body>"
                    "<h1>Demo sign-in</h1><p>");
    page_text(&page, message);
    buf_text(&page, "</p><form method=\"post\" action=\"/device\"><p><label>Code <input name=\"code\" autofocus></label></p>"
                    "<p><button name=\"decision\" value=\"approve\">Approve</button> "
                    "<button name=\"decision\" value=\"decline\">Decline</button></p></form></body></html>\n");
    reply_text(reply, 200, "text/html; charset=utf-8", buf_cstr(&page));
    reply_header(reply, "Cache-Control", "no-store");
    buf_free(&page);
}

/* A plain form without a script: it has to work in a text browser over SSH as well. */
static void answer_device_page(struct demo *demo, const struct demo_request *request, struct demo_reply *reply)
{
    if (!str_is(str_of(request->method), "POST")) {
        answer_page("Type the code that purvey shows. Only approve a code that you asked for yourself.", reply);
        return;
    }
    char *code = form_text(request->body, "code"), *decision = form_text(request->body, "decision");
    bool approve = decision && str_is(str_of(decision), "approve");
    bool good = code && entra_decide(demo->entra, str_trim(str_of(code)), approve ? CODE_APPROVED : CODE_DECLINED, DEMO_USER);
    answer_page(!good ? "This code is not known, or it was used already." : approve ? "Approved. Go back to the terminal." : "Declined.", reply);
    free(code);
    free(decision);
}

/* ---- routing ---- */

/* The initial domain, a second verified one, the GUID, the two that mean "whoever signs in", and a customer of a
   partner. */
static bool tenant_known(struct str tenant)
{
    static const char *const names[] = { "organizations", "common", DEMO_TENANT, "contoso.localhost", DEMO_TENANT_ID, "fabrikam.onmicrosoft.localhost" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_is_nocase(tenant, names[i])) {
            return true;
        }
    }
    return false;
}

/* Form posts only; Entra says 900561 to other verbs. */
static bool is_form_post(const struct demo_request *request, struct demo_reply *reply)
{
    if (!str_is(str_of(request->method), "POST")) {
        entra_refuse(reply, 405, "invalid_request", 900561, "The endpoint only accepts POST requests.");
        return false;
    }
    if (!str_starts_nocase(str_of(request->header(request, "Content-Type")), STR("application/x-www-form-urlencoded"))) {
        entra_refuse(reply, 400, "invalid_request", 900144, "The request body must contain the parameter 'grant_type'.");
        return false;
    }
    return true;
}

/* The caller's own id names the exchange when it is a GUID, and goes back when that is asked for (auth.md section 3).
   Anything else is not repeated: it could hold a line break. */
static void correlate(const struct demo_request *request, struct demo_reply *reply)
{
    const char *id = request->header(request, "client-request-id");
    struct guid made = guid_new();
    str_copy(reply->correlation, sizeof reply->correlation, guid_valid(str_of(id)) ? id : made.text);
    if (str_is_nocase(str_of(request->header(request, "return-client-request-id")), "true")) {
        reply_header(reply, "client-request-id", reply->correlation);
    }
}

void entra_handle(struct demo *demo, const struct demo_request *request, struct demo_reply *reply)
{
    correlate(request, reply);
    struct str rest = str_from(str_of(request->path), 1), tenant;
    if (str_is_nocase(rest, "device") || str_is_nocase(rest, "devicelogin")) {
        answer_device_page(demo, request, reply);
        return;
    }
    str_cut(&rest, '/', &tenant);
    if (entra_answer_realm(demo, request, rest, reply)) {
        return;
    }
    if (!tenant_known(tenant)) {
        char *text = mem_format("Tenant '%.*s' not found. Check that the tenant id is right and that the right cloud is used.", STR_ARG(tenant));
        entra_refuse(reply, 400, "invalid_tenant", 90002, text);
        free(text);
    } else if (str_is_nocase(rest, "v2.0/.well-known/openid-configuration")) {
        answer_discovery(demo, tenant, reply);
    } else if (str_is_nocase(rest, "discovery/v2.0/keys")) {
        answer_keys(demo, reply);
    } else if (str_is_nocase(rest, "oauth2/v2.0/devicecode")) {
        if (is_form_post(request, reply)) {
            answer_device_code(demo, request, reply);
        }
    } else if (str_is_nocase(rest, "oauth2/v2.0/token")) {
        if (is_form_post(request, reply)) {
            answer_token(demo, request, reply);
        }
    } else if (str_is_nocase(rest, "oauth2/v2.0/authorize")) {
        entra_answer_authorize(demo, request, reply);
    } else if (str_is_nocase(rest, "oauth2/v2.0/logout")) {
        reply_text(reply, 200, "text/plain; charset=utf-8", "You are signed out of the demo tenant.\n");
    } else {
        entra_refuse(reply, 404, "invalid_request", 90023, "There is nothing at this address.");
    }
}
