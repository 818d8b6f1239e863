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
struct token_pin { struct secret *pin; bool in_uri, given, refused; };

static struct token_pin *token_pin_new(struct secret *pin)
{
    struct token_pin *own = MEM_NEW(struct token_pin);
    own->pin = pin;
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

/* Appends the parts for which keep says yes, with the separator between them. */
static void copy_parts(struct str from, char separator, bool (*keep)(struct str part), struct buf *out)
{
    struct str part;
    bool first = true;
    while (from.len) {
        str_cut(&from, separator, &part);
        if (part.len && keep(part)) {
            buf_add(out, first ? STR("") : (struct str){ &separator, 1 });
            buf_add(out, part);
            first = false;
        }
    }
}

static bool is_no_type(struct str part)
{
    return !str_starts_nocase(part, STR("type=")) && !str_starts_nocase(part, STR("object-type="));
}

/* In texts, and in what GnuTLS sees: the PIN goes its own way. */
static bool is_no_pin(struct str part)
{
    return !str_starts_nocase(part, STR("pin"));
}

/* What says which token, and not which object in it. */
static bool is_of_token(struct str part)
{
    return is_no_type(part) && is_no_pin(part) && !str_starts_nocase(part, STR("object=")) && !str_starts_nocase(part, STR("id="));
}

struct uri { char *path, *query; };     /* the path with its "pkcs11:"; the query without the PIN, "" or with its '?' */

static void uri_free(struct uri *uri)
{
    free(uri->path);
    free(uri->query);
}

static struct uri uri_cut(const char *text)
{
    struct buf path = BUF_INIT(BUF_SMALL), query = BUF_INIT(BUF_SMALL);
    struct str rest = str_of(text), head;
    str_cut(&rest, '?', &head);
    buf_text(&path, "pkcs11:");
    copy_parts(str_from(head, strlen("pkcs11:")), ';', is_no_pin, &path);
    buf_char(&query, '?');
    copy_parts(rest, '&', is_no_pin, &query);
    if (query.len == 1) {
        buf_clear(&query);
    }
    return (struct uri){ buf_take(&path), buf_take(&query) };
}

/* The same place with another type of object: what names a certificate may name its key as well. */
static char *with_type(const struct uri *uri, bool (*keep)(struct str part), const char *type)
{
    struct buf out = BUF_INIT(BUF_SMALL);
    buf_text(&out, "pkcs11:");
    copy_parts(str_from(str_of(uri->path), strlen("pkcs11:")), ';', keep, &out);
    buf_format(&out, "%stype=%s%s", out.data[out.len - 1] == ':' ? "" : ";", type, uri->query);
    return buf_take(&out);
}

static int hex_value(char c)
{
    const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* Percent-decoded, in wiped memory from first to last. */
static struct secret *unescape(struct str text)
{
    char *out = mem_new(text.len + 1);
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++) {
        bool escape = text.data[i] == '%' && i + 2 < text.len && hex_value(text.data[i + 1]) >= 0 && hex_value(text.data[i + 2]) >= 0;
        out[count++] = escape ? (char)(hex_value(text.data[i + 1]) * 16 + hex_value(text.data[i + 2])) : text.data[i];
        i += escape ? 2 : 0;
    }
    struct secret *secret = secret_new((struct str){ out, count });
    secret_wipe(out, text.len + 1);
    free(out);
    return secret;
}

/* pin-source=file:PATH. GnuTLS would take the line end behind the PIN for a part of it, and spend a try on that. */
static struct secret *pin_from_file(struct str source, struct err *err)
{
    struct secret *path = unescape(str_starts_nocase(source, STR("file:")) ? str_from(source, 5) : source);
    char *where = mem_format("the PIN's file %s", secret_str(path).data);
    struct secret *bytes = cert_read_bytes_of(secret_str(path).data, where, NULL, err), *pin = NULL;
    if (bytes) {
        struct str text = secret_str(bytes);
        while (text.len && (text.data[text.len - 1] == '\n' || text.data[text.len - 1] == '\r')) {
            text.len--;
        }
        pin = secret_new(text);
    }
    secret_free(bytes);
    secret_free(path);
    free(where);
    return pin;
}

/* The PIN that the URI names, else the one that was given with it; NULL with an error where its file cannot be read. */
static struct token_pin *find_pin(const char *uri, const struct secret *given, struct err *err)
{
    struct str query = str_of(uri), part;
    struct secret *pin = NULL;
    bool named = false;
    str_cut(&query, '?', &part);
    while (query.len && !named) {
        str_cut(&query, '&', &part);
        if (str_starts_nocase(part, STR("pin-value="))) {
            named = true;
            pin = unescape(str_from(part, 10));
        } else if (str_starts_nocase(part, STR("pin-source="))) {
            named = true;
            pin = pin_from_file(str_from(part, 11), err);
        }
    }
    if (named && !pin) {
        err_field(err, "Certificate");
        return NULL;
    }
    struct token_pin *own = token_pin_new(named ? pin : secret_copy(given));
    own->in_uri = named;
    return own;
}

static bool names_token(const struct uri *uri)
{
    return strstr(uri->path, "token=") || strstr(uri->path, "serial=") || strstr(uri->path, "slot-");
}

/* ---- words ---- */

static bool is_pin_trouble(int result)
{
    return result == GNUTLS_E_PKCS11_PIN_ERROR || result == GNUTLS_E_PKCS11_PIN_LOCKED || result == GNUTLS_E_PKCS11_PIN_EXPIRED;
}

static bool fail_pin(const struct token_pin *pin, int result, struct err *err)
{
    const char *text = result == GNUTLS_E_PKCS11_PIN_LOCKED    ? "The token is locked after wrong PINs."
                       : result == GNUTLS_E_PKCS11_PIN_EXPIRED ? "The token's PIN has expired."
                       : pin->given                            ? "The PIN does not open the token."
                                                               : "The token wants its PIN, and none was given.";
    return cert_fail(err, pin->in_uri ? "Certificate" : "CertificatePassword",
                     result == GNUTLS_E_PKCS11_PIN_LOCKED
                         ? "Unlock it with its own tools and its security officer's PIN."
                         : "Give it with -CertificatePassword, or put ?pin-source=file:PATH behind the URI. It is tried only once.",
                     "%s", text);
}

static bool fail_key(const struct token_pin *pin, const struct uri *uri, int result, struct err *err)
{
    if (pin->refused || is_pin_trouble(result)) {
        return fail_pin(pin, result, err);
    }
    if (result == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE) {
        return cert_fail(err, "Certificate", "List what is there with: p11tool --list-tokens, and p11tool --login --list-all URI",
                         "No private key is found at %s.", uri->path);
    }
    return cert_fail(err, "Certificate", "See that its module is installed and known to p11-kit: p11-kit list-modules",
                     "%s cannot be used: %s", uri->path, gnutls_strerror(result));
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
static char *key_uri_of(gnutls_pkcs11_obj_t object, const char *query)
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
    buf_format(&uri, "type=private%s", query);
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
static gnutls_privkey_t key_beside(const struct uri *uri, const struct found *found, struct token_pin *pin, gnutls_pkcs11_obj_t *object,
                                   int *result)
{
    gnutls_privkey_t key = NULL;
    *result = GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
    for (unsigned i = 0; i < found->count && !key && !is_pin_trouble(*result); i++) {
        char *key_uri = found->crts[i] ? key_uri_of(found->objects[i], uri->query) : NULL;
        if (key_uri) {
            key = import_key(key_uri, pin, result);
            *object = found->objects[i];
        }
        free(key_uri);
    }
    return key;
}

/* The URI may name the key only, by a label that its certificate has not. Only where it says which token: a PIN is for one. */
static gnutls_privkey_t key_named(const struct uri *uri, struct token_pin *pin, int *result)
{
    char *key_uri = with_type(uri, is_no_type, "private");
    gnutls_privkey_t key = names_token(uri) ? import_key(key_uri, pin, result) : NULL;
    free(key_uri);
    return key;
}

/* Takes the PIN. */
static struct client_certificate *open_uri(const struct uri *uri, struct token_pin *pin, struct err *err)
{
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
    free(named_uri);
    free(all_uri);
    return certificate;
}

struct client_certificate *cert_from_token(const char *text, const struct secret *secret, struct err *err)
{
    struct uri uri = uri_cut(text);
    struct token_pin *pin = find_pin(text, secret, err);
    struct client_certificate *certificate = pin ? open_uri(&uri, pin, err) : NULL;
    uri_free(&uri);
    return certificate;
}

/* ---- by thumbprint ---- */

/* NULL with an error, where the certificate's key cannot be had. */
static struct client_certificate *take_found(const struct found *found, unsigned at, const char *clean, const struct secret *secret,
                                             bool *refused, struct err *err)
{
    int result = GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
    struct token_pin *pin = token_pin_new(secret_copy(secret));
    char *uri = key_uri_of(found->objects[at], "");
    gnutls_privkey_t key = uri ? import_key(uri, pin, &result) : NULL;
    struct client_certificate *certificate = NULL;
    if (key) {
        certificate = assemble(key, found, found->objects[at], pin, clean, err);
    } else {
        *refused = pin->refused || is_pin_trouble(result);
        char *where = token_label(found->objects[at]);
        if (*refused) {
            fail_pin(pin, result, err);
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
