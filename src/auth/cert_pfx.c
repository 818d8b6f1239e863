/* PFX, which is PKCS#12: what Windows, .NET, Key Vault and openssl export (auth.md section 7, with its list of traps). */
#include <gnutls/pkcs12.h>

#include "auth/cert_internal.h"
#include "base/mem.h"

enum { BAGS_MOST = 256 };

/* All that is in a PFX. GnuTLS' own gnutls_pkcs12_simple_parse is of no use here: it wants a key and its certificate, and
   says only "not available" where one of them is missing, and it cannot read keys that were stored without a password. */
struct contents {
    gnutls_x509_privkey_t key;
    gnutls_x509_crt_t crts[CERT_BLOCKS_MOST];
    size_t crt_count;
};

static void contents_free(struct contents *contents)
{
    for (size_t i = 0; i < contents->crt_count; i++) {
        gnutls_x509_crt_deinit(contents->crts[i]);
    }
    if (contents->key) {
        gnutls_x509_privkey_deinit(contents->key);
    }
    *contents = (struct contents){ 0 };
}

static int take_key(struct contents *contents, const gnutls_datum_t *data, const char *password, bool plain)
{
    unsigned flags = plain ? GNUTLS_PKCS_PLAIN : password ? 0 : GNUTLS_PKCS_NULL_PASSWORD;
    if (contents->key) {
        return 0;
    }
    int result = gnutls_x509_privkey_init(&contents->key);
    result = result < 0 ? result : gnutls_x509_privkey_import_pkcs8(contents->key, data, GNUTLS_X509_FMT_DER, password, flags);
    if (result < 0) {
        gnutls_x509_privkey_deinit(contents->key);
        contents->key = NULL;
    }
    return result;
}

/* One that cannot be read is left out: it may be of no use to the chain. */
static void take_crt(struct contents *contents, const gnutls_datum_t *data)
{
    gnutls_x509_crt_t crt;
    if (contents->crt_count == CERT_BLOCKS_MOST || gnutls_x509_crt_init(&crt) < 0) {
        return;
    }
    if (gnutls_x509_crt_import(crt, data, GNUTLS_X509_FMT_DER) < 0) {
        gnutls_x509_crt_deinit(crt);
        return;
    }
    contents->crts[contents->crt_count++] = crt;
}

static int take_bag(struct contents *contents, gnutls_pkcs12_bag_t bag, const char *password)
{
    gnutls_datum_t data;
    int result = 0;
    if (gnutls_pkcs12_bag_get_type(bag, 0) == (int)GNUTLS_BAG_ENCRYPTED) {
        result = gnutls_pkcs12_bag_decrypt(bag, password);
    }
    for (unsigned i = 0; result >= 0 && (int)i < gnutls_pkcs12_bag_get_count(bag); i++) {
        int type = gnutls_pkcs12_bag_get_type(bag, i);
        result = gnutls_pkcs12_bag_get_data(bag, i, &data);
        if (result < 0) {
            break;
        }
        if (type == (int)GNUTLS_BAG_PKCS8_KEY || type == (int)GNUTLS_BAG_PKCS8_ENCRYPTED_KEY) {
            result = take_key(contents, &data, password, type == (int)GNUTLS_BAG_PKCS8_KEY);
            secret_wipe(data.data, data.size);      /* the bag's own bytes: a key that is not encrypted stands in them */
        } else if (type == (int)GNUTLS_BAG_CERTIFICATE) {
            take_crt(contents, &data);
        }
    }
    return result;
}

static int take_bags(struct contents *contents, gnutls_pkcs12_t pfx, const char *password)
{
    int result = 0;
    for (int i = 0; i < BAGS_MOST && result >= 0; i++) {
        gnutls_pkcs12_bag_t bag;
        if (gnutls_pkcs12_bag_init(&bag) < 0) {
            return GNUTLS_E_MEMORY_ERROR;
        }
        result = gnutls_pkcs12_get_bag(pfx, i, bag);
        if (result == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE) {
            gnutls_pkcs12_bag_deinit(bag);
            return 0;
        }
        result = result < 0 ? result : take_bag(contents, bag, password);
        gnutls_pkcs12_bag_deinit(bag);
    }
    return result;
}

/* A PFX without a MAC cannot be verified and is not wrong for that: -67 means that there is none. */
static int open_with(gnutls_pkcs12_t pfx, const char *password, struct contents *contents)
{
    int verified = gnutls_pkcs12_verify_mac(pfx, password);
    if (verified < 0 && verified != GNUTLS_E_ASN1_ELEMENT_NOT_FOUND) {
        return verified;
    }
    int result = take_bags(contents, pfx, password);
    if (result < 0) {
        contents_free(contents);
    }
    return result;
}

/* The empty password is not the same as none, and files of both kinds exist: "" before NULL (.NET writes the latter). */
static int open_pfx(gnutls_pkcs12_t pfx, const struct cert_ask *ask, struct contents *contents)
{
    if (cert_password_given(ask)) {
        return open_with(pfx, secret_str(ask->password).data, contents);
    }
    int result = open_with(pfx, "", contents);
    if (result < 0) {
        int without = open_with(pfx, NULL, contents);
        result = without < 0 ? result : without;
    }
    return result;
}

static struct client_certificate *assemble(struct contents *contents, struct cert_ask *ask, struct err *err)
{
    gnutls_privkey_t key;
    for (size_t i = 0; i < contents->crt_count && ask->thumbprint; i++) {
        ask->matched = ask->matched || cert_has_thumbprint(contents->crts[i], ask->thumbprint);
    }
    if (!contents->key) {
        cert_fail(err, "", "Export the certificate together with its private key.",
                  contents->crt_count ? "There is a certificate in %s, but no private key." : "There is no private key in %s.", ask->where);
        return NULL;
    }
    if (gnutls_privkey_init(&key) < 0) {
        mem_exhausted();
    }
    if (gnutls_privkey_import_x509(key, contents->key, GNUTLS_PRIVKEY_IMPORT_AUTO_RELEASE) < 0) {
        gnutls_privkey_deinit(key);
        cert_fail(err, "", "Export the certificate anew.", "The key in %s cannot be used.", ask->where);
        return NULL;
    }
    contents->key = NULL;       /* the new one's now */
    return cert_assemble(key, contents->crts, contents->crt_count, ask, err);
}

bool cert_read_pfx(struct str bytes, struct cert_ask *ask, struct client_certificate **certificate, struct err *err)
{
    gnutls_pkcs12_t pfx;
    struct contents contents = { 0 };
    gnutls_datum_t data = cert_datum(bytes);
    if (gnutls_pkcs12_init(&pfx) < 0) {
        return false;
    }
    if (gnutls_pkcs12_import(pfx, &data, GNUTLS_X509_FMT_DER, 0) < 0) {
        gnutls_pkcs12_deinit(pfx);
        return false;
    }
    int result = open_pfx(pfx, ask, &contents);
    bool password = result == GNUTLS_E_MAC_VERIFY_FAILED || result == GNUTLS_E_DECRYPTION_FAILED;
    if (result >= 0) {
        *certificate = assemble(&contents, ask, err);
    } else if (password && !cert_uses_newer_protection(bytes)) {
        cert_fail_password(ask, err);
    } else {
        cert_fail_unreadable(bytes, false, ask, err);
    }
    contents_free(&contents);
    gnutls_pkcs12_deinit(pfx);
    return true;
}
