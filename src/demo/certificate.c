#include "demo/certificate.h"

#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "base/secret.h"
#include "demo/azure.h"
#include "demo/demo.h"

/* A star covers exactly one label (RFC 6125 section 6.4.3): enough for eur01b, and all that a region ever is. */
static const char *const host_names[] = {
    DEMO_LOGIN_HOST, DEMO_FRONT_DOOR, "*." DEMO_FRONT_DOOR, "*." DEMO_ADMIN_SUFFIX, DEMO_CONTROL_HOST, ("*." DEMO_VAULT_SUFFIX), "localhost",
};

/* One of the two: a key and the certificate that goes with it. */
struct pair {
    gnutls_x509_privkey_t key;
    gnutls_x509_crt_t crt;
};

static bool check(int code, struct err *err)
{
    return code >= 0 || err_set(err, ERR_SYSTEM, "cannot make the demo certificate: %s", gnutls_strerror(code));
}

/* EC, because every start makes two keys and RSA ones would take up to a second each. */
static bool start_pair(struct pair *pair, const char *name, bool is_ca, struct err *err)
{
    unsigned char serial[16];
    time_t now = time(NULL);
    if (!check(gnutls_x509_privkey_init(&pair->key), err) || !check(gnutls_x509_crt_init(&pair->crt), err) ||
        !check(gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof serial), err)) {
        return false;
    }
    serial[0] &= 0x7F;      /* a serial number is positive */
    return check(gnutls_x509_privkey_generate(pair->key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0), err) &&
           check(gnutls_x509_crt_set_version(pair->crt, 3), err) &&
           check(gnutls_x509_crt_set_serial(pair->crt, serial, sizeof serial), err) &&
           /* An hour back, so that a clock that is corrected while the tenant runs does not make it "not yet valid". */
           check(gnutls_x509_crt_set_activation_time(pair->crt, now - 3600), err) &&
           check(gnutls_x509_crt_set_expiration_time(pair->crt, now + 30L * 86400), err) &&
           check(gnutls_x509_crt_set_dn_by_oid(pair->crt, GNUTLS_OID_X520_COMMON_NAME, 0, name, (unsigned)str_of(name).len), err) &&
           check(gnutls_x509_crt_set_key(pair->crt, pair->key), err) &&
           check(gnutls_x509_crt_set_basic_constraints(pair->crt, is_ca ? 1U : 0U, -1), err);
}

/* A CA of its own rather than a self-signed server: clients then check the chain and the name as they do for real. */
static bool make_ca(struct pair *ca, struct err *err)
{
    return start_pair(ca, "purvey demo CA", true, err) &&
           check(gnutls_x509_crt_set_key_usage(ca->crt, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN), err) &&
           check(gnutls_x509_crt_sign2(ca->crt, ca->crt, ca->key, GNUTLS_DIG_SHA256, 0), err);
}

/* The address stands in the certificate beside the names, because some clients of the tests connect by address and
   check all the same. */
static bool make_server(struct pair *server, const struct pair *ca, struct err *err)
{
    static const unsigned char loopback[] = { 127, 0, 0, 1 };
    if (!start_pair(server, DEMO_FRONT_DOOR, false, err)) {
        return false;
    }
    for (size_t i = 0; i < sizeof host_names / sizeof *host_names; i++) {
        if (!check(gnutls_x509_crt_set_subject_alt_name(server->crt, GNUTLS_SAN_DNSNAME, host_names[i],
                                                        (unsigned)str_of(host_names[i]).len, GNUTLS_FSAN_APPEND), err)) {
            return false;
        }
    }
    return check(gnutls_x509_crt_set_subject_alt_name(server->crt, GNUTLS_SAN_IPADDRESS, loopback, sizeof loopback, GNUTLS_FSAN_APPEND), err) &&
           check(gnutls_x509_crt_set_key_usage(server->crt, GNUTLS_KEY_DIGITAL_SIGNATURE), err) &&
           check(gnutls_x509_crt_set_key_purpose_oid(server->crt, GNUTLS_KP_TLS_WWW_SERVER, 0), err) &&
           check(gnutls_x509_crt_sign2(server->crt, ca->crt, ca->key, GNUTLS_DIG_SHA256, 0), err);
}

/* GnuTLS frees its copy without wiping it, and one of the texts is a private key. */
static char *take_text(gnutls_datum_t *pem)
{
    char *text = str_dup((struct str){ (const char *)pem->data, pem->size });
    secret_wipe(pem->data, pem->size);
    gnutls_free(pem->data);
    return text;
}

static bool export_crt(gnutls_x509_crt_t crt, char **pem, struct err *err)
{
    gnutls_datum_t text = { NULL, 0 };
    if (!check(gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &text), err)) {
        return false;
    }
    *pem = take_text(&text);
    return true;
}

static bool export_key(gnutls_x509_privkey_t key, char **pem, struct err *err)
{
    gnutls_datum_t text = { NULL, 0 };
    if (!check(gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &text), err)) {
        return false;
    }
    *pem = take_text(&text);
    return true;
}

/* Keys live in GnuTLS's structures only; what leaves this function is text that the server and the client's CA file
   need. */
bool certificate_make(struct certificate *certificate, struct err *err)
{
    struct pair ca = { 0 }, server = { 0 };
    *certificate = (struct certificate){ 0 };
    bool good = make_ca(&ca, err) && make_server(&server, &ca, err) && export_crt(ca.crt, &certificate->ca_pem, err) &&
                export_crt(server.crt, &certificate->server_pem, err) && export_key(server.key, &certificate->key_pem, err);
    gnutls_x509_crt_deinit(ca.crt);
    gnutls_x509_crt_deinit(server.crt);
    gnutls_x509_privkey_deinit(ca.key);
    gnutls_x509_privkey_deinit(server.key);
    return good;
}

void certificate_free(struct certificate *certificate)
{
    if (certificate->key_pem) {
        secret_wipe(certificate->key_pem, strlen(certificate->key_pem));
    }
    free(certificate->ca_pem);
    free(certificate->server_pem);
    free(certificate->key_pem);
}
