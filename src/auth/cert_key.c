/* From a private key and certificates that came from anywhere to a client_certificate: which belongs to which, whether the
   sign-in service can take it, and the signer for keys that GnuTLS holds or reaches. */
#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "auth/cert_internal.h"
#include "base/clock.h"
#include "base/mem.h"

enum { RSA_BITS_LEAST = 2048, ENDS_SOON_S = 14 * 24 * 3600 };

/* ---- the signer ---- */

struct key_signer {
    struct signer signer;
    gnutls_privkey_t key;       /* one in a token; NULL once it is sealed */
    struct secret *sealed;      /* PKCS#8 of a software key: GnuTLS keeps keys where a core dump has them, so it gets one only to sign */
    void *kept;                 /* a token's PIN: some keys want it again for each signature */
    void (*kept_free)(void *);
};

/* A key in a token has nothing to seal. */
static void seal(struct key_signer *own)
{
    gnutls_x509_privkey_t key = NULL;
    gnutls_datum_t der = { 0 };
    if (gnutls_privkey_get_type(own->key) != GNUTLS_PRIVKEY_X509 || gnutls_privkey_export_x509(own->key, &key) < 0) {
        return;
    }
    if (gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_DER, NULL, GNUTLS_PKCS_PLAIN, &der) == 0) {
        own->sealed = secret_new((struct str){ (const char *)der.data, der.size });
        secret_wipe(der.data, der.size);
        gnutls_free(der.data);
        gnutls_privkey_deinit(own->key);
        own->key = NULL;
    }
    gnutls_x509_privkey_deinit(key);
}

static int sign_once(const struct key_signer *own, gnutls_sign_algorithm_t kind, const gnutls_datum_t *text, gnutls_datum_t *signature)
{
    gnutls_privkey_t key;
    if (!own->sealed) {
        return gnutls_privkey_sign_data2(own->key, kind, 0, text, signature);
    }
    gnutls_datum_t der = cert_datum(secret_str(own->sealed));
    int result = gnutls_privkey_init(&key);
    if (result < 0) {
        return result;
    }
    result = gnutls_privkey_import_x509_raw(key, &der, GNUTLS_X509_FMT_DER, NULL, GNUTLS_PKCS_PLAIN);
    result = result < 0 ? result : gnutls_privkey_sign_data2(key, kind, 0, text, signature);
    gnutls_privkey_deinit(key);
    return result;
}

static void key_sign(struct signer *signer, enum signer_algorithm algorithm, struct str data,
                     void (*done)(void *context, struct str signature, const struct err *err), void *context)
{
    const struct key_signer *own = (const struct key_signer *)signer;
    gnutls_sign_algorithm_t kind = algorithm == SIGNER_PS256 ? GNUTLS_SIGN_RSA_PSS_SHA256 : GNUTLS_SIGN_RSA_SHA256;
    union { const char *constant; unsigned char *bytes; } input = { .constant = data.data };
    gnutls_datum_t text = { input.bytes, (unsigned)data.len }, signature = { 0 };
    struct err err;
    int result = sign_once(own, kind, &text, &signature);
    if (result < 0) {
        err_set(&err, ERR_SYSTEM, "The certificate's key cannot sign: %s", gnutls_strerror(result));
        err_advise(&err, algorithm == SIGNER_PS256 ? "If its token does not know RSA-PSS, ask for the older signature: --assertion-algorithm RS256."
                                                   : "Check that the key may be used for signing.");
        err_code(&err, gnutls_strerror_name(result));
        done(context, STR(""), &err);
        return;
    }
    done(context, (struct str){ (const char *)signature.data, signature.size }, NULL);
    gnutls_free(signature.data);
}

static void key_free(struct signer *signer)
{
    struct key_signer *own = (struct key_signer *)signer;
    if (own->key) {
        gnutls_privkey_deinit(own->key);
    }
    secret_free(own->sealed);
    if (own->kept_free) {
        own->kept_free(own->kept);
    }
    free(own);
}

void cert_signer_keep(struct client_certificate *certificate, void *kept, void (*kept_free)(void *kept))
{
    struct key_signer *own = (struct key_signer *)certificate->signer;
    own->kept = kept;
    own->kept_free = kept_free;
}

static struct signer *signer_of(gnutls_privkey_t key)
{
    static const struct signer_class class = { .sign = key_sign, .free = key_free };
    struct key_signer *own = MEM_NEW(struct key_signer);
    own->signer.class = &class;
    own->key = key;
    return &own->signer;
}

/* ---- which certificate is the key's ---- */

/* By key id, never by order: bundles come in any order (auth.md section 7, trap 5). */
static bool is_key_of(gnutls_privkey_t key, gnutls_x509_crt_t crt)
{
    unsigned char of_key[64], of_crt[64];
    size_t key_size = sizeof of_key, crt_size = sizeof of_crt;
    gnutls_pubkey_t public_key;
    if (gnutls_pubkey_init(&public_key) < 0) {
        return false;
    }
    bool same = gnutls_pubkey_import_privkey(public_key, key, 0, 0) == 0 &&
                gnutls_pubkey_get_key_id(public_key, 0, of_key, &key_size) == 0 &&
                gnutls_x509_crt_get_key_id(crt, 0, of_crt, &crt_size) == 0 && key_size == crt_size &&
                memcmp(of_key, of_crt, key_size) == 0;
    gnutls_pubkey_deinit(public_key);
    return same;
}

/* A renewed certificate may lie beside the old one of the same key: the one that was asked for, else the last to end. */
static bool is_better(gnutls_x509_crt_t crt, gnutls_x509_crt_t than, const struct cert_ask *ask)
{
    if (ask->thumbprint) {
        return cert_has_thumbprint(crt, ask->thumbprint);
    }
    return gnutls_x509_crt_get_expiration_time(crt) > gnutls_x509_crt_get_expiration_time(than);
}

static size_t find_leaf(gnutls_privkey_t key, const gnutls_x509_crt_t *crts, size_t count, const struct cert_ask *ask)
{
    size_t best = count;
    for (size_t i = 0; i < count; i++) {
        if (is_key_of(key, crts[i]) && (best == count || is_better(crts[i], crts[best], ask))) {
            best = i;
        }
    }
    return best;
}

/* ---- what the sign-in service takes ---- */

static bool check_key(int algorithm, const struct client_certificate *certificate, const struct cert_ask *ask, struct err *err)
{
    if (algorithm != GNUTLS_PK_RSA && algorithm != GNUTLS_PK_RSA_PSS) {
        return cert_fail(err, "", "Make a certificate with an RSA key of 2048 bits or more, and upload it to the application.",
                         "The key in %s is %s: applications sign in with RSA keys only.", ask->where,
                         algorithm == GNUTLS_PK_ECDSA ? "an elliptic curve key" : "of another kind");
    }
    if (certificate->key_bits < RSA_BITS_LEAST) {
        return cert_fail(err, "", "Make a certificate with a longer key, and upload it to the application.",
                         "The RSA key in %s has %u bits; at least %d are needed.", ask->where, certificate->key_bits, RSA_BITS_LEAST);
    }
    return true;
}

static void say_day(time_t when, char out[21])
{
    clock_iso(when, out);
    out[10] = '\0';
}

void cert_warn(struct client_certificate *certificate, const char *sentence)
{
    size_t used = strlen(certificate->warning);
    snprintf(certificate->warning + used, sizeof certificate->warning - used, "%s%s", used ? " " : "", sentence);
}

/* Before anything is sent: the service would only say that it did not accept the proof. */
static bool check_dates(gnutls_x509_crt_t crt, struct client_certificate *certificate, const struct cert_ask *ask, struct err *err)
{
    char day[21], warning[64];
    time_t now = (time_t)clock_unix(), from = gnutls_x509_crt_get_activation_time(crt), to = gnutls_x509_crt_get_expiration_time(crt);
    certificate->not_before = from;
    certificate->not_after = to;
    if (to < now) {
        say_day(to, day);
        return cert_fail(err, "", "Make a new one and upload it to the application.", "The certificate in %s expired on %s.", ask->where,
                         day);
    }
    if (from > now) {
        say_day(from, day);
        return cert_fail(err, "", "Check this machine's clock, or wait.", "The certificate in %s is not valid before %s.", ask->where,
                         day);
    }
    if (to - now < ENDS_SOON_S) {
        say_day(to, day);
        snprintf(warning, sizeof warning, "The certificate ends on %s.", day);
        cert_warn(certificate, warning);
    }
    return true;
}

static bool check_leaf(size_t leaf, size_t count, const struct cert_ask *ask, struct err *err)
{
    if (leaf < count) {
        return true;
    }
    return count ? cert_fail(err, "", "Export the certificate together with its own key.",
                             "The certificate in %s belongs to another key than the one beside it.", ask->where)
                 : cert_fail(err, "", "Put the certificate and its key into one file: cat app.crt app.key >app.pem",
                             "There is a key in %s, but no certificate.", ask->where);
}

/* ---- the whole ---- */

static void read_names(gnutls_x509_crt_t crt, struct client_certificate *certificate)
{
    size_t size = sizeof certificate->sha1;
    gnutls_x509_crt_get_fingerprint(crt, GNUTLS_DIG_SHA1, certificate->sha1, &size);
    size = sizeof certificate->sha256;
    gnutls_x509_crt_get_fingerprint(crt, GNUTLS_DIG_SHA256, certificate->sha256, &size);
    for (size_t i = 0; i < sizeof certificate->sha1; i++) {
        snprintf(certificate->thumbprint + 2 * i, 3, "%02X", certificate->sha1[i]);
    }
    size = sizeof certificate->subject;
    gnutls_x509_crt_get_dn(crt, certificate->subject, &size);
    size = sizeof certificate->issuer;
    gnutls_x509_crt_get_issuer_dn(crt, certificate->issuer, &size);
}

static void add_der(struct client_certificate *certificate, gnutls_x509_crt_t crt)
{
    gnutls_datum_t der = { 0 };
    if (certificate->chain_count == CLIENT_CERTIFICATE_CHAIN_MAX || gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_DER, &der) < 0) {
        return;
    }
    struct buf *slot = &certificate->chain[certificate->chain_count++];
    *slot = (struct buf)BUF_INIT(BUF_SMALL);
    buf_add(slot, (struct str){ (const char *)der.data, der.size });
    gnutls_free(der.data);
}

/* x5c wants each certificate followed by its issuer (RFC 7515 section 4.1.6); what else lies in the file stays out. */
static void add_chain(struct client_certificate *certificate, const gnutls_x509_crt_t *crts, size_t count, size_t leaf)
{
    size_t at = leaf;
    while (at < count && certificate->chain_count < CLIENT_CERTIFICATE_CHAIN_MAX) {
        add_der(certificate, crts[at]);
        size_t next = 0;
        while (next < count && (next == at || gnutls_x509_crt_check_issuer(crts[at], crts[next]) != 1)) {
            next++;
        }
        /* A root is its own issuer: its copies, and rings of certificates, end here too. */
        at = gnutls_x509_crt_check_issuer(crts[at], crts[at]) == 1 ? count : next;
    }
}

struct client_certificate *cert_assemble(gnutls_privkey_t key, const gnutls_x509_crt_t *crts, size_t count, struct cert_ask *ask,
                                         struct err *err)
{
    struct client_certificate *certificate = MEM_NEW(struct client_certificate);
    size_t leaf = find_leaf(key, crts, count, ask);
    certificate->signer = signer_of(key);
    str_copy(certificate->where, sizeof certificate->where, ask->where);
    int algorithm = gnutls_privkey_get_pk_algorithm(key, &certificate->key_bits);
    if (!check_key(algorithm, certificate, ask, err) || !check_leaf(leaf, count, ask, err) ||
        !check_dates(crts[leaf], certificate, ask, err)) {
        client_certificate_free(certificate);
        return NULL;
    }
    read_names(crts[leaf], certificate);
    add_chain(certificate, crts, count, leaf);
    seal((struct key_signer *)certificate->signer);
    return certificate;
}

struct client_certificate *cert_from_der(struct str der, struct signer *signer, const char *where, struct err *err)
{
    struct client_certificate *certificate = MEM_NEW(struct client_certificate);
    const struct cert_ask ask = { .where = where };
    gnutls_datum_t data = cert_datum(der);
    gnutls_x509_crt_t crt;
    certificate->signer = signer;
    str_copy(certificate->where, sizeof certificate->where, where);
    bool good = gnutls_x509_crt_init(&crt) == 0;
    if (good) {
        good = gnutls_x509_crt_import(crt, &data, GNUTLS_X509_FMT_DER) == 0
                   ? check_key(gnutls_x509_crt_get_pk_algorithm(crt, &certificate->key_bits), certificate, &ask, err) &&
                         check_dates(crt, certificate, &ask, err)
                   : cert_fail(err, "", "Check the name in the vault's address.", "What is in %s is no certificate.", where);
        if (good) {
            read_names(crt, certificate);
            add_der(certificate, crt);
        }
        gnutls_x509_crt_deinit(crt);
    }
    if (!good) {
        client_certificate_free(certificate);
        return NULL;
    }
    return certificate;
}

void client_certificate_free(struct client_certificate *certificate)
{
    if (!certificate) {
        return;
    }
    signer_free(certificate->signer);
    for (size_t i = 0; i < certificate->chain_count; i++) {
        buf_free(&certificate->chain[i]);
    }
    free(certificate);
}
