#include "demo/azure.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/secret.h"
#include "demo/entra.h"

#define VAULT_RESOURCE "https://" DEMO_VAULT_SUFFIX
#define KEY_VERSION "0123456789abcdef0123456789abcdef"
/* A day less a second, as machines get it: there is no refresh token, the client asks again. */
#define MACHINE_LIFETIME_S 86399

struct entry {
    char *name, *pem;
    gnutls_privkey_t key;
    gnutls_x509_crt_t crt;
    struct entry *next;
};

struct azure { struct entry *entries; };

struct azure *azure_new(void)
{
    return MEM_NEW(struct azure);
}

static void entry_free(struct entry *entry)
{
    gnutls_privkey_deinit(entry->key);
    gnutls_x509_crt_deinit(entry->crt);
    secret_wipe(entry->pem, strlen(entry->pem));
    free(entry->pem);
    free(entry->name);
    free(entry);
}

void azure_free(struct azure *azure)
{
    while (azure && azure->entries) {
        struct entry *entry = azure->entries;
        azure->entries = entry->next;
        entry_free(entry);
    }
    free(azure);
}

/* One text holds certificate and key, as a secret of the type application/x-pem-file does (auth.md section 7). */
bool azure_add_certificate(struct azure *azure, const char *name, const char *pem)
{
    struct str text = str_of(pem);
    union { const char *constant; unsigned char *bytes; } input = { .constant = text.data };
    gnutls_datum_t data = { input.bytes, (unsigned)text.len };
    struct entry *entry = MEM_NEW(struct entry);
    entry->name = mem_text(name);
    entry->pem = mem_text(pem);
    bool good = gnutls_privkey_init(&entry->key) == 0 && gnutls_x509_crt_init(&entry->crt) == 0 &&
                gnutls_privkey_import_x509_raw(entry->key, &data, GNUTLS_X509_FMT_PEM, NULL, 0) == 0 &&
                gnutls_x509_crt_import(entry->crt, &data, GNUTLS_X509_FMT_PEM) == 0;
    if (!good) {
        entry_free(entry);
        return false;
    }
    entry->next = azure->entries;
    azure->entries = entry;
    return true;
}

/* ---- the metadata service ---- */

static void fail_metadata(struct demo_reply *reply, int status, const char *error, const char *text)
{
    struct json *answer = json_new_object();
    json_add_text(answer, "error", error);
    json_add_text(answer, "error_description", text);
    reply_json(reply, status, answer);
}

/* Numbers come as texts here, unlike Entra's own (auth.md section 7, "Managed identity"). */
static void give_machine_token(struct demo *demo, const char *resource, struct demo_reply *reply)
{
    struct bearer bearer = { .app_only = true };
    char expires_in[24], expires_on[24];
    str_copy(bearer.audience, sizeof bearer.audience, resource);
    char *token = entra_make_token(demo->entra, &bearer, MACHINE_LIFETIME_S);
    struct json *answer = json_new_object();
    snprintf(expires_in, sizeof expires_in, "%d", MACHINE_LIFETIME_S);
    snprintf(expires_on, sizeof expires_on, "%lld", (long long)clock_unix() + MACHINE_LIFETIME_S);
    json_add_text(answer, "access_token", token);
    json_add_text(answer, "client_id", "77777777-7777-4777-8777-777777777777");
    json_add_text(answer, "expires_in", expires_in);
    json_add_text(answer, "expires_on", expires_on);
    json_add_text(answer, "resource", resource);
    json_add_text(answer, "token_type", "Bearer");
    reply_json(reply, 200, answer);
    free(token);
}

/* Each place has its own proof that a program of this machine asks and not a page that a browser was talked into:
   the header Metadata, or the secret of the environment (auth.md section 7). */
static bool is_machine_allowed(const struct demo_request *request)
{
    bool machine = str_is_nocase(str_of(request->path), "/metadata/identity/oauth2/token");
    bool app_service = str_is_nocase(str_of(request->path), "/msi/token");
    return (machine && str_is_nocase(str_of(request->header(request, "Metadata")), "true")) ||
           (app_service && str_is(str_of(request->header(request, "X-IDENTITY-HEADER")), DEMO_IDENTITY_HEADER));
}

/* The resource comes without /.default here, unlike the scope of Entra's own endpoints. User-assigned identities of
   this machine all begin with 77777777-; another id is somebody else's. */
void azure_handle_metadata(struct demo *demo, const struct demo_request *request, struct demo_reply *reply)
{
    static const char *const resources[] = { "https://" DEMO_FRONT_DOOR, VAULT_RESOURCE };
    char *resource = form_text(str_of(request->query), "resource"), *client = form_text(str_of(request->query), "client_id");
    const char *known = NULL;
    for (size_t i = 0; resource && i < sizeof resources / sizeof *resources; i++) {
        known = str_is_nocase(str_of(resource), resources[i]) ? resources[i] : known;
    }
    if (!is_machine_allowed(request)) {
        fail_metadata(reply, 400, "bad_request_102", "Required metadata header not specified");
    } else if (!known) {
        fail_metadata(reply, 400, "invalid_resource", "AADSTS500011: The resource principal was not found in the tenant.");
    } else if (client && !str_starts_nocase(str_of(client), STR("77777777-"))) {
        fail_metadata(reply, 400, "invalid_request", "Identity not found");
    } else {
        give_machine_token(demo, known, reply);
    }
    free(resource);
    free(client);
}

/* ---- Key Vault ---- */

static void fail_vault(struct demo_reply *reply, int status, const char *code, const char *text)
{
    struct json *answer = json_new_object(), *error = json_new_object();
    json_add_text(error, "code", code);
    json_add_text(error, "message", text);
    json_add(answer, "error", error);
    reply_json(reply, status, answer);
}

static struct entry *find_entry(const struct azure *azure, struct str name)
{
    struct entry *entry = azure->entries;
    while (entry && !str_is_nocase(name, entry->name)) {
        entry = entry->next;
    }
    return entry;
}

/* The secret of a certificate's name holds its key too (auth.md section 7): whoever may read it can sign anywhere. */
static void give_secret(const struct entry *entry, struct demo_reply *reply)
{
    struct json *answer = json_new_object();
    json_add_text(answer, "value", entry->pem);
    json_add_text(answer, "contentType", "application/x-pem-file");
    reply_json(reply, 200, answer);
}

/* The public half only. kid carries the version: signing goes to that address, so a renewed key is noticed (auth.md
   section 7). */
static void give_certificate(const struct demo *demo, const struct entry *entry, const char *host, struct demo_reply *reply)
{
    struct json *answer = json_new_object();
    struct buf text = BUF_INIT(BUF_SMALL);
    gnutls_datum_t der = { 0 };
    char *key = mem_format("https://%s:%d/keys/%s/" KEY_VERSION, host, demo->config.port, entry->name);
    if (gnutls_x509_crt_export2(entry->crt, GNUTLS_X509_FMT_DER, &der) >= 0) {
        base64_encode((struct str){ (const char *)der.data, der.size }, &text);
        gnutls_free(der.data);
    }
    json_add_text(answer, "cer", buf_cstr(&text));
    json_add_text(answer, "kid", key);
    reply_json(reply, 200, answer);
    buf_free(&text);
    free(key);
}

/* The key stays here; what comes is a SHA-256 digest in base64url (auth.md section 7). Another length means that the
   client sent the text itself. */
static void sign_digest(const struct entry *entry, const struct demo_request *request, struct demo_reply *reply)
{
    struct json *body = json_parse(request->body, NULL);
    struct buf digest = BUF_INIT(256), text = BUF_INIT(BUF_SMALL);
    const char *algorithm = json_cstr(json_get(body, "alg"), "");
    bool ps256 = strcmp(algorithm, "PS256") == 0, rs256 = strcmp(algorithm, "RS256") == 0;
    gnutls_datum_t signature = { 0 };
    bool good = (ps256 || rs256) && base64_decode(json_string(json_get(body, "value")), &digest) && digest.len == 32;
    if (good) {
        union { const char *constant; unsigned char *bytes; } input = { .constant = digest.data };
        gnutls_datum_t data = { input.bytes, (unsigned)digest.len };
        good = gnutls_privkey_sign_hash2(entry->key, ps256 ? GNUTLS_SIGN_RSA_PSS_SHA256 : GNUTLS_SIGN_RSA_SHA256, 0, &data, &signature) >= 0;
    }
    if (good) {
        struct json *answer = json_new_object();
        base64url_encode((struct str){ (const char *)signature.data, signature.size }, &text);
        json_add_text(answer, "value", buf_cstr(&text));
        reply_json(reply, 200, answer);
        gnutls_free(signature.data);
    } else {
        fail_vault(reply, 400, "BadParameter", "The digest or the algorithm is not valid.");
    }
    json_free(body);
    buf_free(&digest);
    buf_free(&text);
}

/* The challenge tells where to sign in and for what; a client has to compare the resource with the vault's host before
   it believes a word (auth.md section 7). */
static bool may_enter(struct demo *demo, const struct demo_request *request, struct demo_reply *reply)
{
    struct bearer bearer;
    enum bearer_verdict verdict = entra_check_bearer(demo->entra, request->header(request, "Authorization"), &bearer);
    if (verdict == BEARER_GOOD && str_is_nocase(str_of(bearer.audience), VAULT_RESOURCE)) {
        return true;
    }
    fail_vault(reply, 401, "Unauthorized", "AKV10022: Invalid audience, or no token.");
    char *challenge = mem_format("Bearer authorization=\"https://" DEMO_LOGIN_HOST ":%d/" DEMO_TENANT_ID "\", resource=\"" VAULT_RESOURCE "\"",
                                 demo->config.port);
    reply_header(reply, "WWW-Authenticate", challenge);
    free(challenge);
    return false;
}

void azure_handle_vault(struct demo *demo, const struct demo_request *request, struct demo_reply *reply)
{
    struct str rest = str_from(str_of(request->path), 1), kind, name;
    str_cut(&rest, '/', &kind);
    str_cut(&rest, '/', &name);
    if (!may_enter(demo, request, reply)) {
        return;
    }
    const struct entry *entry = find_entry(demo->azure, name);
    bool sign = str_is(kind, "keys") && str_ends_nocase(rest, STR("/sign")) && str_is(str_of(request->method), "POST");
    if (!entry) {
        fail_vault(reply, 404, "CertificateNotFound", "A certificate with this name was not found in this key vault.");
    } else if (str_is(kind, "secrets")) {
        give_secret(entry, reply);
    } else if (str_is(kind, "certificates")) {
        give_certificate(demo, entry, request->host, reply);
    } else if (sign) {
        sign_digest(entry, request, reply);
    } else {
        fail_vault(reply, 404, "NotFound", "There is nothing at this address.");
    }
}
