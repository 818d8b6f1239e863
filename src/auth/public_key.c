#include "auth/public_key.h"

#include <gnutls/abstract.h>
#include <string.h>

#include "base/base64.h"
#include "base/secret.h"

/* PKCS#1 v1.5 takes this many bytes of every block. */
#define PADDING 11
/* Of a key of 16384 bits, beyond which nobody goes. */
#define PLAIN_MOST ((size_t)2048)
#define MODULUS_LEAST ((size_t)2048 / 8)

/* The text is the service's own constant of two elements; what stands between a name's tags is all that is asked of it. */
static bool element(const char *text, const char *open, const char *close, struct buf *bytes)
{
    const char *start = strstr(text, open), *end = start ? strstr(start, close) : NULL;
    if (!end) {
        return false;
    }
    start += strlen(open);
    return base64_decode(str_trim((struct str){ start, (size_t)(end - start) }), bytes) && bytes->len > 0;
}

static gnutls_pubkey_t import(const struct buf *modulus, const struct buf *exponent)
{
    gnutls_pubkey_t key;
    const gnutls_datum_t m = { (unsigned char *)modulus->data, (unsigned)modulus->len }, e = { (unsigned char *)exponent->data, (unsigned)exponent->len };
    if (gnutls_pubkey_init(&key) < 0) {
        return NULL;
    }
    if (gnutls_pubkey_import_rsa_raw(key, &m, &e) < 0) {
        gnutls_pubkey_deinit(key);
        return NULL;
    }
    return key;
}

static bool encrypt(const struct buf *modulus, const struct buf *exponent, struct str clear, struct buf *out, struct err *err)
{
    gnutls_pubkey_t key = import(modulus, exponent);
    gnutls_datum_t sealed = { NULL, 0 };
    unsigned char block[PLAIN_MOST];        /* GnuTLS takes no constant */
    memcpy(block, clear.data ? clear.data : "", clear.len);
    const gnutls_datum_t plain = { block, (unsigned)clear.len };
    int code = key ? gnutls_pubkey_encrypt_data(key, 0, &plain, &sealed) : GNUTLS_E_INVALID_REQUEST;
    if (code < 0) {
        err_set(err, ERR_PROTOCOL, "The key of the service cannot be used: %s", gnutls_strerror(code));
    } else {
        base64_encode((struct str){ (const char *)sealed.data, sealed.size }, out);
    }
    secret_wipe(block, sizeof block);
    gnutls_free(sealed.data);
    if (key) {
        gnutls_pubkey_deinit(key);
    }
    return code >= 0;
}

bool public_key_seal(const char *rsa_key_value, struct str clear, struct buf *out, struct err *err)
{
    struct buf modulus = BUF_INIT(BUF_SMALL), exponent = BUF_INIT(BUF_SMALL);
    const char *text = rsa_key_value ? rsa_key_value : "";
    bool good = element(text, "<Modulus>", "</Modulus>", &modulus) && element(text, "<Exponent>", "</Exponent>", &exponent) && modulus.len >= MODULUS_LEAST;
    if (!good) {
        err_set(err, ERR_PROTOCOL, "The service gave no key that a password could be encrypted with, so nothing was sent");
        err_advise(err, "Connect again; the key comes with the list of cmdlets.");
    } else if (clear.len + PADDING > modulus.len || clear.len > PLAIN_MOST) {
        good = err_set(err, ERR_INPUT, "The password is longer than %zu bytes", modulus.len - PADDING);
    } else {
        good = encrypt(&modulus, &exponent, clear, out, err);
    }
    buf_free(&modulus);
    buf_free(&exponent);
    return good;
}
