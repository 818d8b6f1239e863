/* Keys in PKCS#11 tokens: smart cards, TPMs, HSMs, softhsm2. Which modules there are is p11-kit's configuration. */
#include <gnutls/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>

#include "auth/cert_internal.h"
#include "base/mem.h"

enum { OBJECTS_MOST = 200, URI_MAX = 1024, ID_MAX = 128 };

/* One try and no more: tokens lock themselves after a few wrong PINs. */
struct pin_once { const struct secret *pin; bool used, refused; };

static int give_pin(void *context, int attempt, const char *url, const char *label, unsigned flags, char *pin, size_t size)
{
    struct pin_once *once = context;
    struct str text = secret_str(once->pin);
    (void)url;
    (void)label;
    bool wrong_before = attempt > 0 || (flags & GNUTLS_PIN_WRONG) != 0;
    once->refused = once->refused || wrong_before;
    if (wrong_before || once->used || !text.len || text.len + 1 > size) {
        return GNUTLS_E_PKCS11_PIN_ERROR;
    }
    once->used = true;
    str_copy(pin, size, text.data);
    return 0;
}

static bool fail_token(struct err *err, const struct pin_once *once, const char *uri, int result)
{
    if (once->refused || result == GNUTLS_E_PKCS11_PIN_ERROR || result == GNUTLS_E_PKCS11_PIN_LOCKED) {
        err_set(err, ERR_INPUT, result == GNUTLS_E_PKCS11_PIN_LOCKED ? "The token is locked after wrong PINs."
                                : once->used                          ? "The PIN does not open the token."
                                                                      : "The token wants its PIN, and none was given.");
        err_advise(err, "Give it with -CertificatePassword, or put pin-source=file:PATH into the URI. It is tried only once.");
        err_field(err, "CertificatePassword");
        return false;
    }
    err_set(err, ERR_INPUT, "The PKCS#11 object cannot be used: %s", gnutls_strerror(result));
    err_advise(err, "List what is there with: p11tool --list-all 'pkcs11:'");
    err_field(err, "Certificate");
    (void)uri;
    return false;
}

/* ---- URIs (RFC 7512) ---- */

static bool has_attribute(struct str path, const char *name)
{
    struct str part;
    path = str_from(path, strlen("pkcs11:"));
    for (bool more = path.len > 0; more;) {
        more = str_cut(&path, ';', &part);
        struct str rest = part, key;
        str_cut(&rest, '=', &key);
        if (str_is(str_trim(key), name)) {
            return true;
        }
    }
    return false;
}

/* The same object with another type: what names a certificate names its key as well, by id or label. */
static char *with_type(const char *uri, const char *type)
{
    struct str whole = str_of(uri), path, part;
    bool query = str_cut(&whole, '?', &path);
    struct buf out = BUF_INIT(BUF_SMALL);
    struct str rest = str_from(path, strlen("pkcs11:"));
    buf_text(&out, "pkcs11:");
    for (bool more = rest.len > 0; more;) {
        more = str_cut(&rest, ';', &part);
        if (part.len && !str_starts_nocase(part, STR("type=")) && !str_starts_nocase(part, STR("object-type="))) {
            buf_add(&out, part);
            buf_char(&out, ';');
        }
    }
    buf_format(&out, "type=%s", type);
    if (query) {
        buf_format(&out, "?%.*s", STR_ARG(whole));
    }
    return buf_take(&out);
}

/* ---- keys and certificates ---- */

static gnutls_privkey_t import_key(const char *uri, struct pin_once *once, struct err *err)
{
    gnutls_privkey_t key;
    if (gnutls_privkey_init(&key) < 0) {
        return NULL;
    }
    gnutls_privkey_set_pin_function(key, give_pin, once);
    int result = gnutls_privkey_import_url(key, uri, 0);
    if (result < 0) {
        gnutls_privkey_deinit(key);
        fail_token(err, once, uri, result);
        return NULL;
    }
    return key;
}

/* The id of the certificate's object is that of its key (PKCS#11 section 4.6); labels may differ. */
static char *key_uri_of(gnutls_pkcs11_obj_t object)
{
    char id[ID_MAX], token[URI_MAX];
    size_t id_size = sizeof id, token_size = sizeof token;
    if (gnutls_pkcs11_obj_get_info(object, GNUTLS_PKCS11_OBJ_ID, id, &id_size) < 0 ||
        gnutls_pkcs11_obj_get_info(object, GNUTLS_PKCS11_OBJ_TOKEN_LABEL, token, &token_size) < 0) {
        return NULL;
    }
    struct buf uri = BUF_INIT(BUF_SMALL);
    buf_text(&uri, "pkcs11:token=");
    for (const char *c = token; *c; c++) {
        buf_format(&uri, "%%%02X", (unsigned char)*c);
    }
    buf_text(&uri, ";id=");
    for (size_t i = 0; i < id_size; i++) {
        buf_format(&uri, "%%%02X", (unsigned char)id[i]);
    }
    buf_text(&uri, ";type=private");
    return buf_take(&uri);
}

static struct client_certificate *assemble_object(gnutls_pkcs11_obj_t object, gnutls_x509_crt_t crt, struct pin_once *once,
                                                  struct err *err)
{
    char token[URI_MAX] = "";
    size_t size = sizeof token;
    char *uri = key_uri_of(object);
    gnutls_privkey_t key = uri ? import_key(uri, once, err) : NULL;
    gnutls_pkcs11_obj_get_info(object, GNUTLS_PKCS11_OBJ_TOKEN_LABEL, token, &size);
    char *where = mem_format("the PKCS#11 token %s", token);
    struct client_certificate *certificate = key ? cert_assemble(key, &crt, 1, where, err) : NULL;
    free(where);
    free(uri);
    return certificate;
}

/* ---- by URI ---- */

struct client_certificate *cert_from_token(const char *uri, const struct secret *pin, struct err *err)
{
    struct pin_once once = { .pin = pin };
    struct client_certificate *certificate = NULL;
    gnutls_x509_crt_t crt;
    char *crt_uri = with_type(uri, "cert"), *key_uri = with_type(uri, "private");
    int result = gnutls_x509_crt_init(&crt);
    gnutls_x509_crt_set_pin_function(crt, give_pin, &once);
    result = result < 0 ? result : gnutls_x509_crt_import_url(crt, crt_uri, 0);
    gnutls_privkey_t key = NULL;
    if (result < 0) {
        err_set(err, ERR_INPUT, "No certificate is found at %s: %s", has_attribute(str_of(uri), "pin-value") ? "that PKCS#11 address" : uri,
                gnutls_strerror(result));
        err_advise(err, "List what is there with: p11tool --list-all-certs 'pkcs11:'");
        err_field(err, "Certificate");
    } else {
        key = import_key(key_uri, &once, err);
    }
    if (key) {
        certificate = cert_assemble(key, &crt, 1, "the PKCS#11 token", err);
    }
    gnutls_x509_crt_deinit(crt);
    free(crt_uri);
    free(key_uri);
    return certificate;
}

/* ---- by thumbprint ---- */

static bool object_fits(gnutls_pkcs11_obj_t object, const char *clean, gnutls_x509_crt_t crt)
{
    return gnutls_x509_crt_import_pkcs11(crt, object) == 0 && cert_has_thumbprint(crt, clean);
}

struct client_certificate *cert_find_in_tokens(const char *clean, const struct secret *pin, size_t *seen, struct err *err)
{
    struct pin_once once = { .pin = pin };
    struct client_certificate *found = NULL;
    gnutls_pkcs11_obj_t *objects = NULL;
    unsigned count = 0;
    if (gnutls_pkcs11_obj_list_import_url4(&objects, &count, "pkcs11:type=cert", 0) < 0) {
        return NULL;
    }
    for (unsigned i = 0; i < count && i < OBJECTS_MOST && !found && (!err || err->kind == ERR_NONE); i++) {
        gnutls_x509_crt_t crt;
        if (gnutls_x509_crt_init(&crt) < 0) {
            break;
        }
        ++*seen;
        if (object_fits(objects[i], clean, crt)) {
            found = assemble_object(objects[i], crt, &once, err);
        }
        gnutls_x509_crt_deinit(crt);
    }
    for (unsigned i = 0; i < count; i++) {
        gnutls_pkcs11_obj_deinit(objects[i]);
    }
    gnutls_free(objects);
    return found;
}
