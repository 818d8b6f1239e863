/* Keys in PKCS#11 tokens: smart cards, TPMs, HSMs, softhsm2. Which modules there are is p11-kit's configuration. GnuTLS
   loads them when the first of these functions asks for an object, and never before. */
#include <gnutls/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>

#include "auth/cert_internal.h"
#include "base/mem.h"

/* p11-kit may offer the system's certificate authorities as a token too: some hundred objects that are no one's. */
enum { OBJECTS_MOST = 2000, NAME_MAX_BYTES = 256, ID_MAX = 128 };

/* ---- the PIN ---- */

/* Lives as long as the key, which may ask again. One wrong try and no more: tokens lock themselves after a few. */
struct token_pin { struct secret *pin; bool given, refused; };

static struct token_pin *token_pin_new(const struct secret *pin)
{
    struct token_pin *own = MEM_NEW(struct token_pin);
    own->pin = secret_copy(pin);
    return own;
}

static void token_pin_free(void *kept)
{
    struct token_pin *own = kept;
    secret_free(own->pin);
    free(own);
}

static int give_pin(void *context, int attempt, const char *url, const char *label, unsigned flags, char *pin, size_t size)
{
    struct token_pin *own = context;
    struct str text = secret_str(own->pin);
    (void)url;
    (void)label;
    own->refused = own->refused || (own->given && (attempt > 0 || (flags & GNUTLS_PIN_WRONG) != 0));
    if (own->refused || attempt > 0 || !text.len || text.len + 1 > size) {
        return GNUTLS_E_PKCS11_PIN_ERROR;
    }
    own->given = true;
    memcpy(pin, text.data, text.len + 1);
    return 0;
}

/* ---- URIs (RFC 7512) ---- */

static bool is_pin_attribute(struct str part)
{
    return str_starts_nocase(part, STR("pin-")) || str_starts_nocase(part, STR("pinfile="));
}

/* The path's attributes for which keep says yes, each with a ';' behind it; *query is what stands behind the '?'. */
static void copy_attributes(const char *uri, bool (*keep)(struct str part), struct buf *out, struct str *query)
{
    struct str rest = str_of(uri), path, part;
    str_cut(&rest, '?', &path);
    *query = rest;
    path = str_from(path, strlen("pkcs11:"));
    buf_text(out, "pkcs11:");
    while (path.len) {
        str_cut(&path, ';', &part);
        if (part.len && keep(part)) {
            buf_add(out, part);
            buf_char(out, ';');
        }
    }
}

static bool is_no_type(struct str part)
{
    return !str_starts_nocase(part, STR("type=")) && !str_starts_nocase(part, STR("object-type="));
}

static bool is_no_pin(struct str part)
{
    return !is_pin_attribute(part);
}

/* What says which token, and not which object in it. */
static bool is_of_token(struct str part)
{
    static const char *const objects[] = { "object=", "id=", "type=", "object-type=" };
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++) {
        if (str_starts_nocase(part, str_of(objects[i]))) {
            return false;
        }
    }
    return true;
}

/* The same place with another type of object: what names a certificate may name its key as well. */
static char *with_type(const char *uri, bool (*keep)(struct str part), const char *type)
{
    struct buf out = BUF_INIT(BUF_SMALL);
    struct str query;
    copy_attributes(uri, keep, &out, &query);
    buf_format(&out, "type=%s", type);
    if (query.len) {
        buf_format(&out, "?%.*s", STR_ARG(query));
    }
    return buf_take(&out);
}

/* For texts: without what follows the '?', where a PIN may stand. */
static char *without_pin(const char *uri)
{
    struct buf out = BUF_INIT(BUF_SMALL);
    struct str query;
    copy_attributes(uri, is_no_pin, &out, &query);
    if (out.len && out.data[out.len - 1] == ';') {
        out.data[--out.len] = '\0';
    }
    return buf_take(&out);
}

static bool has_pin(const char *uri)
{
    return strstr(uri, "pin-value=") || strstr(uri, "pin-source=");
}

static bool names_token(const char *uri)
{
    return strstr(uri, "token=") || strstr(uri, "serial=") || strstr(uri, "slot-");
}

static void wipe_text(char *text)
{
    secret_wipe(text, text ? strlen(text) : 0);
    free(text);
}

/* ---- words ---- */

static bool is_pin_trouble(int result)
{
    return result == GNUTLS_E_PKCS11_PIN_ERROR || result == GNUTLS_E_PKCS11_PIN_LOCKED || result == GNUTLS_E_PKCS11_PIN_EXPIRED;
}

static bool fail_pin(const struct token_pin *pin, bool in_uri, int result, struct err *err)
{
    const char *text = result == GNUTLS_E_PKCS11_PIN_LOCKED    ? "The token is locked after wrong PINs."
                       : result == GNUTLS_E_PKCS11_PIN_EXPIRED ? "The token's PIN has expired."
                       : pin->given || in_uri                  ? "The PIN does not open the token."
                                                               : "The token wants its PIN, and none was given.";
    return cert_fail(err, in_uri ? "Certificate" : "CertificatePassword",
                     result == GNUTLS_E_PKCS11_PIN_LOCKED
                         ? "Unlock it with its own tools and its security officer's PIN."
                         : "Give it with -CertificatePassword, or put ?pin-source=file:PATH behind the URI. It is tried only once.",
                     "%s", text);
}

static bool fail_key(const struct token_pin *pin, const char *uri, int result, struct err *err)
{
    if (pin->refused || is_pin_trouble(result)) {
        return fail_pin(pin, has_pin(uri), result, err);
    }
    char *shown = without_pin(uri);
    if (result == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE) {
        cert_fail(err, "Certificate", "List what is there with: p11tool --list-tokens, and p11tool --login --list-all URI",
                  "No private key is found at %s.", shown);
    } else if (result == GNUTLS_E_FILE_ERROR) {
        cert_fail(err, "Certificate", "Check the path behind pin-source=file:", "The file with the PIN for %s cannot be read.", shown);
    } else {
        cert_fail(err, "Certificate", "See that its module is installed and known to p11-kit: p11-kit list-modules",
                  "%s cannot be used: %s", shown, gnutls_strerror(result));
    }
    free(shown);
    return false;
}

/* ---- certificates ---- */

struct found { gnutls_pkcs11_obj_t *objects; gnutls_x509_crt_t *crts; unsigned count; };

static void found_free(struct found *found)
{
    for (unsigned i = 0; i < found->count; i++) {
        gnutls_pkcs11_obj_deinit(found->objects[i]);
        if (found->crts[i]) {
            gnutls_x509_crt_deinit(found->crts[i]);
        }
    }
    gnutls_free(found->objects);
    free(found->crts);
}

/* Certificates are public: nothing here asks for a PIN. One that cannot be read has a NULL in crts. */
static void list_certificates(const char *uri, struct found *found)
{
    *found = (struct found){ 0 };
    if (gnutls_pkcs11_obj_list_import_url4(&found->objects, &found->count, uri, 0) < 0) {
        found->count = 0;
    }
    found->crts = mem_array(found->count + 1, sizeof *found->crts);
    for (unsigned i = 0; i < found->count && i < OBJECTS_MOST; i++) {
        gnutls_x509_crt_t crt;
        if (gnutls_x509_crt_init(&crt) < 0) {
            return;
        }
        found->crts[i] = crt;
        if (gnutls_x509_crt_import_pkcs11(crt, found->objects[i]) < 0) {
            gnutls_x509_crt_deinit(crt);
            found->crts[i] = NULL;
        }
    }
}

/* Pure lists of certificates: the unreadable ones go. */
static size_t readable(const struct found *found, gnutls_x509_crt_t *crts)
{
    size_t count = 0;
    for (unsigned i = 0; i < found->count; i++) {
        if (found->crts[i]) {
            crts[count++] = found->crts[i];
        }
    }
    return count;
}

/* ---- keys ---- */

static gnutls_privkey_t import_key(const char *uri, struct token_pin *pin, int *result)
{
    gnutls_privkey_t key;
    *result = gnutls_privkey_init(&key);
    if (*result < 0) {
        return NULL;
    }
    gnutls_privkey_set_pin_function(key, give_pin, pin);
    *result = gnutls_privkey_import_url(key, uri, 0);
    if (*result < 0) {
        gnutls_privkey_deinit(key);
        return NULL;
    }
    return key;
}

static void add_escaped(struct buf *uri, const char *name, const char *bytes, size_t count)
{
    buf_text(uri, name);
    for (size_t i = 0; i < count; i++) {
        buf_format(uri, "%%%02X", (unsigned char)bytes[i]);
    }
    buf_char(uri, ';');
}

static void add_text_attribute(struct buf *uri, gnutls_pkcs11_obj_t object, gnutls_pkcs11_obj_info_t what, const char *name)
{
    char text[NAME_MAX_BYTES] = "";
    size_t size = sizeof text;
    if (gnutls_pkcs11_obj_get_info(object, what, text, &size) >= 0 && *text) {
        add_escaped(uri, name, text, strlen(text));
    }
}

/* The id of the certificate's object is that of its key (PKCS#11 section 4.6); labels may differ. Exactly one token is
   named, so that no PIN reaches another. NULL when the certificate has no id. */
static char *key_uri_of(gnutls_pkcs11_obj_t object, struct str query)
{
    char id[ID_MAX];
    size_t size = sizeof id;
    if (gnutls_pkcs11_obj_get_info(object, GNUTLS_PKCS11_OBJ_ID, id, &size) < 0 || !size) {
        return NULL;
    }
    struct buf uri = BUF_INIT(BUF_SMALL);
    buf_text(&uri, "pkcs11:");
    add_text_attribute(&uri, object, GNUTLS_PKCS11_OBJ_TOKEN_LABEL, "token=");
    add_text_attribute(&uri, object, GNUTLS_PKCS11_OBJ_TOKEN_SERIAL, "serial=");
    add_escaped(&uri, "id=", id, size);
    buf_text(&uri, "type=private");
    if (query.len) {
        buf_format(&uri, "?%.*s", STR_ARG(query));
    }
    return buf_take(&uri);
}

static char *token_label(gnutls_pkcs11_obj_t object)
{
    char text[NAME_MAX_BYTES] = "";
    size_t size = sizeof text;
    if (!object || gnutls_pkcs11_obj_get_info(object, GNUTLS_PKCS11_OBJ_TOKEN_LABEL, text, &size) < 0) {
        *text = '\0';
    }
    return mem_format("the PKCS#11 token%s%s", *text ? " " : "", text);
}

/* Takes the key and the PIN. of_token: an object of the token, for its name. */
static struct client_certificate *assemble(gnutls_privkey_t key, const struct found *found, gnutls_pkcs11_obj_t of_token,
                                           struct token_pin *pin, const char *thumbprint, struct err *err)
{
    gnutls_x509_crt_t *crts = mem_array(found->count + 1, sizeof *crts);
    char *where = token_label(of_token);
    struct cert_ask ask = { .where = where, .thumbprint = thumbprint };
    struct client_certificate *certificate = cert_assemble(key, crts, readable(found, crts), &ask, err);
    if (certificate) {
        cert_signer_keep(certificate, pin, token_pin_free);
    } else {
        err_field(err, "Certificate");
        token_pin_free(pin);
    }
    free(where);
    free(crts);
    return certificate;
}

/* ---- by URI ---- */

/* The key beside one of the certificates that the URI names. *object is that certificate's; *result says why not. */
static gnutls_privkey_t key_beside(const char *uri, const struct found *found, struct token_pin *pin, gnutls_pkcs11_obj_t *object,
                                   int *result)
{
    gnutls_privkey_t key = NULL;
    struct str query = str_of(uri), path;
    str_cut(&query, '?', &path);
    *result = GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
    for (unsigned i = 0; i < found->count && !key && !is_pin_trouble(*result); i++) {
        char *key_uri = found->crts[i] ? key_uri_of(found->objects[i], query) : NULL;
        if (key_uri) {
            key = import_key(key_uri, pin, result);
            *object = found->objects[i];
        }
        wipe_text(key_uri);
    }
    return key;
}

/* The URI may name the key only, by a label that its certificate has not. Only where it says which token: a PIN is for one. */
static gnutls_privkey_t key_named(const char *uri, struct token_pin *pin, int *result)
{
    char *key_uri = with_type(uri, is_no_type, "private");
    gnutls_privkey_t key = names_token(uri) ? import_key(key_uri, pin, result) : NULL;
    wipe_text(key_uri);
    return key;
}

struct client_certificate *cert_from_token(const char *uri, const struct secret *secret, struct err *err)
{
    struct token_pin *pin = token_pin_new(secret);
    struct found named, all;
    gnutls_pkcs11_obj_t object = NULL;
    struct client_certificate *certificate = NULL;
    char *named_uri = with_type(uri, is_no_type, "cert"), *all_uri = with_type(uri, is_of_token, "cert");
    int result;
    list_certificates(named_uri, &named);
    list_certificates(all_uri, &all);
    gnutls_privkey_t key = key_beside(uri, &named, pin, &object, &result);
    if (!key && !is_pin_trouble(result)) {
        object = all.count ? all.objects[0] : NULL;
        key = key_named(uri, pin, &result);
    }
    if (key) {
        certificate = assemble(key, &all, object, pin, NULL, err);
    } else {
        fail_key(pin, uri, result, err);
        token_pin_free(pin);
    }
    found_free(&named);
    found_free(&all);
    wipe_text(named_uri);
    wipe_text(all_uri);
    return certificate;
}

/* ---- by thumbprint ---- */

/* NULL with an error, where the certificate's key cannot be had. */
static struct client_certificate *take_found(const struct found *found, unsigned at, const char *clean, const struct secret *secret,
                                             bool *refused, struct err *err)
{
    int result = GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
    struct token_pin *pin = token_pin_new(secret);
    char *uri = key_uri_of(found->objects[at], STR(""));
    gnutls_privkey_t key = uri ? import_key(uri, pin, &result) : NULL;
    struct client_certificate *certificate = NULL;
    if (key) {
        certificate = assemble(key, found, found->objects[at], pin, clean, err);
    } else {
        *refused = pin->refused || is_pin_trouble(result);
        char *where = token_label(found->objects[at]);
        if (*refused) {
            fail_pin(pin, false, result, err);
        } else {
            cert_fail(err, "Certificate", "Store the certificate under the same id (CKA_ID) as its key.",
                      "%s holds the certificate, but no private key beside it.", where);
        }
        free(where);
        token_pin_free(pin);
    }
    free(uri);
    return certificate;
}

struct client_certificate *cert_find_in_tokens(const char *clean, const struct secret *secret, size_t *seen, struct err *err)
{
    struct client_certificate *certificate = NULL;
    struct found found;
    bool refused = false;
    list_certificates("pkcs11:type=cert", &found);
    for (unsigned i = 0; i < found.count && !certificate && !refused; i++) {
        if (found.crts[i]) {
            ++*seen;
            if (cert_has_thumbprint(found.crts[i], clean)) {
                certificate = take_found(&found, i, clean, secret, &refused, err);
            }
        }
    }
    found_free(&found);
    return certificate;
}
