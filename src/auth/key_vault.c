#include "auth/key_vault.h"

#include <gnutls/crypto.h>
#include <stdlib.h>

#include "auth/cert_internal.h"
#include "base/base64.h"
#include "base/json.h"
#include "base/mem.h"
#include "net/http_parts.h"

#define VERSION "api-version=7.4"
/* A vault answers in well under a second; a signature made in hardware takes a little longer. */
#define LIMIT_S 30
#define ANSWER_MAX (2 * CLIENT_CERTIFICATE_FILE_MAX)

/* Where vaults live, and for whom a token has to be to open them (auth.md section 2). */
static const struct { const char *suffix, *resource; } places[] = {
    { "vault.azure.net", "https://vault.azure.net" },
    { "vault.usgovcloudapi.net", "https://vault.usgovcloudapi.net" },
    { "vault.azure.cn", "https://vault.azure.cn" },
    { "vault.azure.localhost", "https://vault.azure.localhost" },      /* the demo tenant's */
};

/* One request to a vault, for the fetch and for the signer. */
struct ask {
    struct http *http;
    struct secret *token;
    char host[256];
    const char *hosts[2];           /* host, NULL: the bearer goes nowhere else */
    struct http_transfer *transfer;
    struct buf answer;
    void (*answered)(void *context, int status, const struct err *err);
    void *context;
};

struct key_vault {
    struct key_vault_request request;       /* its texts are not used after the start */
    struct ask ask;
    struct oauth *oauth;
    char *url, *where;
    const char *resource;
    bool signs;                             /* the key stays there */
    struct secret *password;
};

struct vault_signer {
    struct signer signer;
    struct ask ask;
    char *url;
    void (*done)(void *, struct str, const struct err *);
    void *context;
};

/* ---- one request ---- */

static bool on_body(void *context, struct str chunk)
{
    struct ask *ask = context;
    return buf_add(&ask->answer, chunk);
}

static void on_done(void *context, const struct http_response *response, const struct err *err)
{
    struct ask *ask = context;
    ask->transfer = NULL;
    ask->answered(ask->context, response->status, err);
}

static bool ask_send(struct ask *ask, const char *method, const char *url, struct str body, struct err *err)
{
    static const struct http_handlers handlers = { .body = on_body, .done = on_done };
    struct http_request request = {
        .method = method, .url = url, .headers = { { "Accept", "application/json" } }, .body = body,
        .bearer = ask->token, .bearer_hosts = ask->hosts, .timeout_s = LIMIT_S, .max_body = ANSWER_MAX,
    };
    if (body.len) {
        request.headers[1] = (struct http_header){ "Content-Type", "application/json" };
    }
    /* Room at once: the answer may hold a private key, of which growing would leave copies. */
    secret_wipe(ask->answer.data, ask->answer.capacity);
    buf_free(&ask->answer);
    ask->answer = (struct buf)BUF_INIT(ANSWER_MAX);
    buf_repeat(&ask->answer, '\0', BUF_SMALL);
    buf_clear(&ask->answer);
    ask->transfer = http_send(ask->http, &request, &handlers, ask, err);
    return ask->transfer != NULL;
}

static void ask_clear(struct ask *ask)
{
    http_cancel(ask->transfer);
    secret_free(ask->token);
    secret_wipe(ask->answer.data, ask->answer.capacity);
    buf_free(&ask->answer);
}

/* The vault's own words, which name the missing permission. */
static void read_refusal(const struct ask *ask, int status, struct err *err)
{
    struct json *answer = json_parse(buf_str(&ask->answer), NULL);
    const struct json *error = json_get(answer, "error");
    err_set(err, status == 404 ? ERR_INPUT : status >= 500 ? ERR_SERVER : ERR_AUTH_DENIED, "Key Vault %s said no (status %d): %s",
            ask->host, status, json_cstr(json_get(error, "message"), "no reason given"));
    err_advise(err, status == 404 ? "Check the name in the address."
                                  : "The identity that asks needs the right to get secrets there, or to get certificates and to sign.");
    err_code(err, json_cstr(json_get(error, "code"), ""));
    err_field(err, "Certificate");
    json_free_secret(answer);
}

/* ---- a key that stays there ---- */

static void on_signature(void *context, int status, const struct err *failure)
{
    struct vault_signer *signer = context;
    struct err err = { 0 };
    struct buf signature = BUF_INIT(BUF_SMALL);
    struct json *answer = !failure && status == 200 ? json_parse(buf_str(&signer->ask.answer), NULL) : NULL;
    struct str value = json_string(json_get(answer, "value"));
    if (failure) {
        err = *failure;
    } else if (status != 200) {
        read_refusal(&signer->ask, status, &err);
    } else if (!value.len || !base64_decode(value, &signature)) {
        err_set(&err, ERR_PROTOCOL, "Key Vault %s answered without a signature.", signer->ask.host);
    }
    json_free(answer);
    signer->done(signer->context, buf_str(&signature), err.kind == ERR_NONE ? NULL : &err);
    buf_free(&signature);
}

/* Only the digest goes out: the vault signs it as it is, and the key never leaves (auth.md section 7). */
static void vault_sign(struct signer *base, enum signer_algorithm algorithm, struct str data,
                       void (*done)(void *context, struct str signature, const struct err *err), void *context)
{
    struct vault_signer *signer = (struct vault_signer *)base;
    char digest[32];
    struct buf body = BUF_INIT(BUF_SMALL), value = BUF_INIT(256);
    struct err err = { 0 };
    signer->done = done;
    signer->context = context;
    gnutls_hash_fast(GNUTLS_DIG_SHA256, data.data, data.len, digest);
    base64url_encode((struct str){ digest, sizeof digest }, &value);
    buf_format(&body, "{\"alg\":\"%s\",\"value\":\"%s\"}", algorithm == SIGNER_PS256 ? "PS256" : "RS256", buf_cstr(&value));
    if (!ask_send(&signer->ask, "POST", signer->url, buf_str(&body), &err)) {
        done(context, STR(""), &err);
    }
    buf_free(&body);
    buf_free(&value);
}

static void vault_cancel(struct signer *base, void *context)
{
    struct vault_signer *signer = (struct vault_signer *)base;
    if (signer->context == context) {
        http_cancel(signer->ask.transfer);
        signer->ask.transfer = NULL;
    }
}

static void vault_signer_free(struct signer *base)
{
    struct vault_signer *signer = (struct vault_signer *)base;
    ask_clear(&signer->ask);
    free(signer->url);
    free(signer);
}

/* The key's address comes from the vault; its host must be the vault all the same. */
static struct signer *signer_for(struct key_vault *vault, const char *key_id)
{
    static const struct signer_class class = { .sign = vault_sign, .cancel = vault_cancel, .free = vault_signer_free };
    struct http_url parts;
    if (!http_url_parse(key_id, &parts) || !str_is(str_of(parts.host), vault->ask.host)) {
        return NULL;
    }
    struct vault_signer *signer = MEM_NEW(struct vault_signer);
    signer->signer.class = &class;
    signer->ask = (struct ask){ .http = vault->ask.http, .token = secret_copy(vault->ask.token), .answered = on_signature, .context = signer };
    str_copy(signer->ask.host, sizeof signer->ask.host, vault->ask.host);
    signer->ask.hosts[0] = signer->ask.host;
    signer->url = mem_format("%s/sign?" VERSION, key_id);
    return &signer->signer;
}

/* ---- what was fetched ---- */

static void finish(struct key_vault *vault, struct client_certificate *certificate, const struct err *err)
{
    vault->request.step(vault->request.context, "Fetching the certificate from Key Vault", certificate ? OAUTH_STEP_DONE : OAUTH_STEP_FAILED, 0);
    vault->request.done(vault->request.context, certificate, certificate ? NULL : err);
}

/* PEM as it is; a PFX comes as base64 and without a password. */
static struct client_certificate *read_secret(struct key_vault *vault, const struct json *answer, struct err *err)
{
    struct str value = json_string(json_get(answer, "value"));
    bool pem = memmem(value.data, value.len, "-----BEGIN ", 11) != NULL;
    return pem ? client_certificate_from_bytes(value, vault->password, vault->where, err)
               : client_certificate_from_base64(value, vault->password, vault->where, err);
}

/* cer is the public half; the key is named by kid and stays there (auth.md section 7). */
static struct client_certificate *read_certificate(struct key_vault *vault, const struct json *answer, struct err *err)
{
    struct buf der = BUF_INIT(BUF_SMALL);
    struct signer *signer = signer_for(vault, json_cstr(json_get(answer, "kid"), ""));
    struct client_certificate *certificate = NULL;
    if (!signer || !base64_decode(json_string(json_get(answer, "cer")), &der)) {
        err_set(err, ERR_PROTOCOL, "Key Vault %s answered without a certificate and its key.", vault->ask.host);
        signer_free(signer);
    } else {
        certificate = cert_from_der(buf_str(&der), signer, vault->where, err);
    }
    buf_free(&der);
    return certificate;
}

static void on_answer(void *context, int status, const struct err *failure)
{
    struct key_vault *vault = context;
    struct err err = { 0 };
    struct client_certificate *certificate = NULL;
    if (failure) {
        err = *failure;
    } else if (status != 200) {
        read_refusal(&vault->ask, status, &err);
    } else {
        struct json *answer = json_parse(buf_str(&vault->ask.answer), NULL);
        certificate = vault->signs ? read_certificate(vault, answer, &err) : read_secret(vault, answer, &err);
        err_field(&err, "Certificate");
        /* As with a file: the options are well, it is the proof that does not do. */
        err.kind = err.kind == ERR_INPUT ? ERR_AUTH_DENIED : err.kind;
        json_free_secret(answer);
    }
    finish(vault, certificate, &err);
}

static void fetch(struct key_vault *vault)
{
    struct err err = { 0 };
    vault->request.step(vault->request.context, "Fetching the certificate from Key Vault", OAUTH_STEP_RUNNING, 0);
    if (!ask_send(&vault->ask, "GET", vault->url, STR(""), &err)) {
        finish(vault, NULL, &err);
    }
}

/* ---- the token for the vault ---- */

static void on_token(void *context, struct token *token)
{
    struct key_vault *vault = context;
    oauth_free(vault->oauth);
    vault->oauth = NULL;
    vault->ask.token = secret_copy(token->access);
    token_free(token);
    fetch(vault);
}

/* Outside Azure there is no identity to ask, which is the usual case: the advice is a token from elsewhere. */
static void on_no_token(void *context, const struct err *cause)
{
    struct key_vault *vault = context;
    struct err err = *cause;
    oauth_free(vault->oauth);
    vault->oauth = NULL;
    err_advise(&err, "Give a token for the vault with --vault-token, for example cmd:az account get-access-token --resource %s --query accessToken -o tsv",
               vault->resource);
    err_field(&err, "Certificate");
    finish(vault, NULL, &err);
}

static void on_identity_step(void *context, const char *title, enum oauth_step_state state, int64_t elapsed_ms)
{
    const struct key_vault *vault = context;
    vault->request.step(vault->request.context, title, state, elapsed_ms);
}

static bool ask_identity(struct key_vault *vault, struct err *err)
{
    const struct oauth_request request = {
        .cloud = vault->request.cloud,
        .authority = "https://login.microsoftonline.com/organizations",    /* not used by this grant */
        .resource = vault->resource,
        .grant = OAUTH_MANAGED_IDENTITY,
    };
    const struct oauth_listener listener = {
        .step = on_identity_step, .token = on_token, .failed = on_no_token, .context = vault,
    };
    vault->oauth = oauth_start(vault->request.http, vault->request.timers, &request, &listener, err);
    return vault->oauth != NULL;
}

/* ---- life ---- */

/* The address decides two things: /secrets brings the key here, /certificates leaves it there; and the host must be
   under a known suffix, since a token is sent to it. */
static bool use_address(struct key_vault *vault, const char *uri, struct err *err)
{
    struct http_url parts;
    bool good = http_url_parse(uri, &parts);
    vault->signs = good && str_starts_nocase(str_of(parts.path), STR("/certificates/"));
    good = good && (vault->signs || str_starts_nocase(str_of(parts.path), STR("/secrets/")));
    for (size_t i = 0; good && i < sizeof places / sizeof *places; i++) {
        const char *const suffixes[] = { places[i].suffix, NULL };
        if (http_host_allowed(parts.host, suffixes)) {
            vault->resource = places[i].resource;
        }
    }
    if (!good || !vault->resource) {
        err_set(err, ERR_INPUT, "%s is not the address of a certificate in Key Vault.", uri);
        err_advise(err, "It looks like https://VAULT.vault.azure.net/secrets/NAME, or /certificates/NAME for a key that stays there.");
        err_field(err, "Certificate");
        return false;
    }
    str_copy(vault->ask.host, sizeof vault->ask.host, parts.host);
    vault->ask.hosts[0] = vault->ask.host;
    vault->url = mem_format("https://%s:%d%s?" VERSION, parts.host, parts.port, parts.path);
    vault->where = mem_format("Key Vault %s", parts.host);
    return true;
}

struct key_vault *key_vault_start(const struct key_vault_request *request, struct err *err)
{
    struct key_vault *vault = MEM_NEW(struct key_vault);
    vault->request = *request;
    vault->password = secret_copy(request->password);
    vault->ask = (struct ask){ .http = request->http, .answered = on_answer, .context = vault };
    bool good = use_address(vault, request->uri, err);
    if (good && request->token) {
        vault->ask.token = secret_new(str_trim(secret_str(request->token)));
        request->step(request->context, "Fetching the certificate from Key Vault", OAUTH_STEP_RUNNING, 0);
        good = ask_send(&vault->ask, "GET", vault->url, STR(""), err);
    } else if (good) {
        good = ask_identity(vault, err);
    }
    if (!good) {
        key_vault_free(vault);
        return NULL;
    }
    return vault;
}

void key_vault_free(struct key_vault *vault)
{
    if (!vault) {
        return;
    }
    oauth_free(vault->oauth);
    ask_clear(&vault->ask);
    secret_free(vault->password);
    free(vault->url);
    free(vault->where);
    free(vault);
}
