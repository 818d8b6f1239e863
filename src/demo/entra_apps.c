/* Applications of the demo tenant: their proofs are really checked (auth.md section 7). */
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/mem.h"
#include "demo/entra_internal.h"

#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
/* The difference of two clocks from which on a sign-in may fail with 700024 (auth.md section 7). */
#define CLOCK_TOLERANCE_S 300

struct demo_app {
    char *app_id, *secret, *subject;
    gnutls_x509_crt_t crt;          /* NULL = none */
    struct demo_app *next;
};

/* ---- the register ---- */

static struct demo_app *find_app(const struct entra *entra, const char *app_id)
{
    struct demo_app *app = entra->apps;
    while (app && !str_is_nocase(str_of(app_id), app->app_id)) {
        app = app->next;
    }
    return app;
}

bool entra_app_known(const struct entra *entra, const char *client_id)
{
    return find_app(entra, client_id) != NULL;
}

/* An application is registered in several steps: a missing field leaves what is there. */
static void put_text(char **slot, const char *text)
{
    if (text) {
        free(*slot);
        *slot = mem_text(text);
    }
}

static bool put_certificate(struct demo_app *app, const char *pem)
{
    gnutls_x509_crt_t crt;
    struct str text = str_of(pem);
    union { const char *constant; unsigned char *bytes; } input = { .constant = text.data };
    gnutls_datum_t data = { input.bytes, (unsigned)text.len };
    if (gnutls_x509_crt_init(&crt) < 0) {
        return false;
    }
    if (gnutls_x509_crt_import(crt, &data, GNUTLS_X509_FMT_PEM) < 0) {
        gnutls_x509_crt_deinit(crt);
        return false;
    }
    if (app->crt) {
        gnutls_x509_crt_deinit(app->crt);
    }
    app->crt = crt;
    return true;
}

bool entra_add_app(struct entra *entra, const char *app_id, const char *certificate_pem, const char *secret, const char *subject)
{
    struct demo_app *app = find_app(entra, app_id);
    if (!app) {
        app = MEM_NEW(struct demo_app);
        app->app_id = mem_text(app_id);
        app->next = entra->apps;
        entra->apps = app;
    }
    put_text(&app->secret, secret);
    put_text(&app->subject, subject);
    return !certificate_pem || put_certificate(app, certificate_pem);
}

void entra_apps_free(struct entra *entra)
{
    while (entra->apps) {
        struct demo_app *app = entra->apps;
        entra->apps = app->next;
        if (app->crt) {
            gnutls_x509_crt_deinit(app->crt);
        }
        free(app->app_id);
        free(app->secret);
        free(app->subject);
        free(app);
    }
    for (size_t i = 0; i < MAX_GRANTS; i++) {
        free(entra->proofs[i]);
    }
}

/* ---- the proof: a JWT ---- */

struct proof {
    struct str signed_part;
    struct buf signature;
    struct json *header, *claims;
};

static struct json *read_part(struct str part)
{
    struct buf text = BUF_INIT(BUF_SMALL);
    struct json *json = base64_decode(part, &text) ? json_parse(buf_str(&text), NULL) : NULL;
    buf_free(&text);
    return json;
}

static bool proof_read(struct proof *proof, const char *jwt)
{
    struct str rest = str_of(jwt), header, claims;
    *proof = (struct proof){ .signature = BUF_INIT(BUF_SMALL) };
    bool three = str_cut(&rest, '.', &header) && str_cut(&rest, '.', &claims);
    proof->signed_part = (struct str){ jwt, header.len + 1 + claims.len };
    proof->header = three ? read_part(header) : NULL;
    proof->claims = three ? read_part(claims) : NULL;
    return proof->header && proof->claims && base64_decode(rest, &proof->signature);
}

static void proof_free(struct proof *proof)
{
    buf_free(&proof->signature);
    json_free(proof->header);
    json_free(proof->claims);
}

/* base64url of the DER's hash, without padding: SHA-256 beside PS256, SHA-1 beside RS256 (auth.md section 7).
   Compared as text: a padded or upper-hex one is wrong for Entra too. */
static bool thumbprint_fits(const struct demo_app *app, const struct json *header, bool ps256)
{
    unsigned char digest[32];
    size_t size = sizeof digest;
    struct buf text = BUF_INIT(256);
    const char *given = json_cstr(json_get(header, ps256 ? "x5t#S256" : "x5t"), "");
    if (gnutls_x509_crt_get_fingerprint(app->crt, ps256 ? GNUTLS_DIG_SHA256 : GNUTLS_DIG_SHA1, digest, &size) < 0) {
        return false;
    }
    base64url_encode((struct str){ (const char *)digest, size }, &text);
    bool fits = strcmp(buf_cstr(&text), given) == 0;
    buf_free(&text);
    return fits;
}

/* A salt as long as the hash, which is what verifiers insist on; GnuTLS makes no other unless told to (auth.md
   section 7). */
static bool signature_fits(const struct demo_app *app, const struct proof *proof, bool ps256)
{
    union { const char *constant; unsigned char *bytes; } text = { .constant = proof->signed_part.data },
                                                          sign = { .constant = buf_cstr(&proof->signature) };
    gnutls_datum_t data = { text.bytes, (unsigned)proof->signed_part.len }, signature = { sign.bytes, (unsigned)proof->signature.len };
    gnutls_pubkey_t key;
    if (gnutls_pubkey_init(&key) < 0) {
        return false;
    }
    bool fits = gnutls_pubkey_import_x509(key, app->crt, 0) == 0 &&
                gnutls_pubkey_verify_data2(key, ps256 ? GNUTLS_SIGN_RSA_PSS_SHA256 : GNUTLS_SIGN_RSA_SHA256, 0, &data, &signature) >= 0;
    gnutls_pubkey_deinit(key);
    return fits;
}

/* A strict server takes each proof once (auth.md section 7: a new jti for every attempt). */
static bool is_new(struct entra *entra, const char *id)
{
    for (size_t i = 0; i < MAX_GRANTS; i++) {
        if (entra->proofs[i] && strcmp(entra->proofs[i], id) == 0) {
            return false;
        }
    }
    char **slot = &entra->proofs[entra->proof_count++ % MAX_GRANTS];
    free(*slot);
    *slot = mem_text(id);
    return *id != '\0';
}

/* Microsoft's own libraries send one proof again and again until it ends, which Entra allows; they say who they are. This
   tenant holds everybody else to the strict reading, and these too with --strict-proofs. */
static bool may_reuse(const struct entra *entra, const struct demo_request *request)
{
    if (entra->config.strict_proofs) {
        return false;
    }
    char *library = form_text(request->body, "x-client-SKU");
    bool may = str_starts_nocase(str_of(library ? library : request->header(request, "x-client-SKU")), STR("msal"));
    free(library);
    return may;
}

/* The token endpoint of the tenant in the path or of its GUID, and no other: a proof that was made for one place is
   worth nothing at the next (auth.md section 7). */
static bool audience_fits(const struct entra *entra, const char *audience, struct str tenant)
{
    char *exact = mem_format("https://" DEMO_LOGIN_HOST ":%d/%.*s/oauth2/v2.0/token", entra->config.port, STR_ARG(tenant));
    char *by_id = mem_format("https://" DEMO_LOGIN_HOST ":%d/" DEMO_TENANT_ID "/oauth2/v2.0/token", entra->config.port);
    bool fits = str_is_nocase(str_of(audience), exact) || str_is_nocase(str_of(audience), by_id);
    free(exact);
    free(by_id);
    return fits;
}

/* Five minutes for clocks that differ. 700024 mostly means just that (auth.md section 7). */
static bool times_fit(const struct json *claims)
{
    int64_t from = 0, to = 0, now = clock_unix();
    bool both = json_int64(json_get(claims, "nbf"), &from) && json_int64(json_get(claims, "exp"), &to);
    return both && from <= now + CLOCK_TOLERANCE_S && to > now - CLOCK_TOLERANCE_S && to - from <= 24 * 3600;
}

/* In the order in which Entra complains: who, with what, when, for whom. */
static bool proof_good(struct entra *entra, const struct demo_app *app, const struct proof *proof, const struct demo_request *request,
                       struct demo_reply *reply)
{
    const struct json *claims = proof->claims;
    const char *algorithm = json_cstr(json_get(proof->header, "alg"), "");
    bool ps256 = strcmp(algorithm, "PS256") == 0, rs256 = strcmp(algorithm, "RS256") == 0;
    const char *issuer = json_cstr(json_get(claims, "iss"), ""), *subject = json_cstr(json_get(claims, "sub"), "");
    if (!app->crt || !(ps256 || rs256) || !thumbprint_fits(app, proof->header, ps256) || !signature_fits(app, proof, ps256)) {
        entra_refuse(reply, 401, "invalid_client", 700027, "The certificate with identifier used to sign the client assertion is not registered on application.");
    } else if (!str_is_nocase(str_of(issuer), app->app_id) || !str_is_nocase(str_of(subject), app->app_id)) {
        entra_refuse(reply, 401, "invalid_client", 50013, "Assertion failed issuer or subject validation.");
    } else if (!audience_fits(entra, json_cstr(json_get(claims, "aud"), ""), entra_path_tenant(request))) {
        entra_refuse(reply, 401, "invalid_client", 50013, "Assertion failed audience validation.");
    } else if (!times_fit(claims)) {
        entra_refuse(reply, 401, "invalid_client", 700024, "Client assertion is not within its valid time range.");
    } else if (!is_new(entra, json_cstr(json_get(claims, "jti"), "")) && !may_reuse(entra, request)) {
        entra_refuse(reply, 401, "invalid_client", 50013, "The assertion was used before.");
    } else {
        return true;
    }
    return false;
}

/* A token of another issuer is taken by its subject; the demo has no other issuer whose keys it could ask for. */
static bool federated(const struct demo_app *app, const struct proof *proof)
{
    return app->subject && str_is(str_of(app->subject), json_cstr(json_get(proof->claims, "sub"), ""));
}

static bool assertion_good(struct entra *entra, const struct demo_app *app, const struct demo_request *request, const char *jwt,
                           struct demo_reply *reply)
{
    struct proof proof;
    char *type = form_text(request->body, "client_assertion_type");
    bool good = false;
    if (!type || strcmp(type, ASSERTION_TYPE) != 0 || !proof_read(&proof, jwt)) {
        entra_refuse(reply, 400, "invalid_request", 50027, "The client assertion is malformed.");
    } else {
        good = federated(app, &proof) || proof_good(entra, app, &proof, request, reply);
        proof_free(&proof);
    }
    free(type);
    return good;
}

/* Secrets are not what the compliance service wants; they are here to tell 7000215 from a missing proof. */
static bool secret_good(const struct demo_app *app, const char *secret, struct demo_reply *reply)
{
    if (app->secret && strcmp(app->secret, secret) == 0) {
        return true;
    }
    entra_refuse(reply, 401, "invalid_client", 7000215, "Invalid client secret provided.");
    return false;
}

static bool proved(struct entra *entra, const struct demo_app *app, const struct demo_request *request, struct demo_reply *reply)
{
    char *assertion = form_text(request->body, "client_assertion"), *secret = form_text(request->body, "client_secret");
    bool good = false;
    if (assertion) {
        good = assertion_good(entra, app, request, assertion, reply);
    } else if (secret) {
        good = secret_good(app, secret, reply);
    } else {
        entra_refuse(reply, 401, "invalid_client", 7000218, "The request body must contain the parameter 'client_assertion' or 'client_secret'.");
    }
    free(assertion);
    free(secret);
    return good;
}

/* A public client that sends a secret has a bug that Entra names with 700025 (auth.md section 4). */
bool entra_check_proof(struct entra *entra, const struct demo_request *request, const char *client_id, struct demo_reply *reply)
{
    const struct demo_app *app = find_app(entra, client_id);
    char *assertion = form_text(request->body, "client_assertion"), *secret = form_text(request->body, "client_secret");
    bool good = !assertion && !secret;
    if (!good && app && (app->crt || app->secret)) {
        good = proved(entra, app, request, reply);
    } else if (!good) {
        entra_refuse(reply, 401, "invalid_client", 700025, "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.");
    }
    free(assertion);
    free(secret);
    return good;
}

/* Exactly one scope, and never at a path without a tenant: there is no person whose tenant it could be (auth.md
   section 7). */
void entra_grant_application(struct entra *entra, const struct demo_request *request, const char *client_id, struct demo_reply *reply)
{
    const struct demo_app *app = find_app(entra, client_id);
    struct str tenant = entra_path_tenant(request);
    char *scope = form_text(request->body, "scope");
    if (str_is_nocase(tenant, "common") || str_is_nocase(tenant, "organizations")) {
        entra_refuse(reply, 400, "invalid_request", 90019, "No tenant-identifying information found in the request.");
    } else if (!app) {
        entra_refuse(reply, 400, "unauthorized_client", 700016, "The application was not found in the directory of the tenant.");
    } else if (!scope || memchr(scope, ' ', strlen(scope))) {
        entra_refuse(reply, 400, "invalid_scope", 1002012, "The provided value for scope is not valid. Client credential flows must have a scope value with /.default.");
    } else if (proved(entra, app, request, reply)) {
        char *resource = entra_resource_of(scope, reply);
        if (resource) {
            entra_give_tokens(entra, &(struct giving){ request, client_id, "", resource, scope, NULL, true }, reply);
        }
        free(resource);
    }
    free(scope);
}

void entra_stats(const struct entra *entra, struct json *stats)
{
    json_add(stats, "tokens_given", json_new_int(entra->tokens_given));
    json_add(stats, "refresh_reuses", json_new_int(entra->refresh_reuses));
}
