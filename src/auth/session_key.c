#include "auth/session_key.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "base/base64.h"
#include "base/mem.h"
#include "base/secret.h"

enum { RSA_BITS = 2048, RSA_BYTES = RSA_BITS / 8, AES_BYTES = 32, AES_BLOCK = 16 };

/* PUBLICKEYBLOB, version 2, CALG_RSA_KEYX, "RSA1", 2048 bits; SIMPLEBLOB, version 2, CALG_AES_256 under CALG_RSA_KEYX. */
static const unsigned char public_head[] = { 0x06, 0x02, 0, 0, 0, 0xA4, 0, 0, 'R', 'S', 'A', '1', 0, 0x08, 0, 0 };
static const unsigned char simple_head[] = { 0x01, 0x02, 0, 0, 0x10, 0x66, 0, 0, 0, 0xA4, 0, 0 };

struct session_key {
    gnutls_privkey_t rsa;
    struct secret *aes;
};

static bool failed(struct err *err, const char *what, int code)
{
    return err_set(err, ERR_SYSTEM, "%s: %s", what, gnutls_strerror(code));
}

struct session_key *session_key_new(struct err *err)
{
    struct session_key *key = MEM_NEW(struct session_key);
    int code = gnutls_privkey_init(&key->rsa);
    if (code >= 0) {
        code = gnutls_privkey_generate(key->rsa, GNUTLS_PK_RSA, RSA_BITS, 0);
    }
    if (code < 0) {
        failed(err, "The key for secure values cannot be made", code);
        session_key_free(key);
        return NULL;
    }
    return key;
}

void session_key_free(struct session_key *key)
{
    if (key) {
        if (key->rsa) {
            gnutls_privkey_deinit(key->rsa);
        }
        secret_free(key->aes);
        free(key);
    }
}

bool session_key_ready(const struct session_key *key)
{
    return key && key->aes;
}

/* CryptoAPI writes numbers from their low end, without the zero that GnuTLS puts before a high bit. */
static void put_reversed(struct str bytes, size_t width, struct buf *out)
{
    for (size_t i = 0; i < width; i++) {
        buf_char(out, i < bytes.len ? bytes.data[bytes.len - 1 - i] : '\0');
    }
}

bool session_key_public(const struct session_key *key, struct buf *out, struct err *err)
{
    gnutls_datum_t modulus = { NULL, 0 }, exponent = { NULL, 0 };
    int code = gnutls_privkey_export_rsa_raw(key->rsa, &modulus, &exponent, NULL, NULL, NULL, NULL, NULL, NULL);
    if (code < 0) {
        return failed(err, "The key for secure values cannot be written", code);
    }
    struct buf blob = BUF_INIT(BUF_SMALL);
    buf_add(&blob, (struct str){ (const char *)public_head, sizeof public_head });
    put_reversed((struct str){ (const char *)exponent.data, exponent.size }, 4, &blob);
    put_reversed((struct str){ (const char *)modulus.data, modulus.size }, RSA_BYTES, &blob);
    base64_encode(buf_str(&blob), out);
    buf_free(&blob);
    gnutls_free(modulus.data);
    gnutls_free(exponent.data);
    return true;
}

static bool open_blob(struct session_key *key, const struct buf *blob)
{
    unsigned char cipher[RSA_BYTES], clear[AES_BYTES];
    bool shaped = blob->len == sizeof simple_head + RSA_BYTES && memcmp(blob->data, simple_head, sizeof simple_head) == 0;
    for (size_t i = 0; shaped && i < RSA_BYTES; i++) {
        cipher[i] = (unsigned char)blob->data[blob->len - 1 - i];
    }
    const gnutls_datum_t sealed = { cipher, sizeof cipher };
    bool good = shaped && gnutls_privkey_decrypt_data2(key->rsa, 0, &sealed, clear, sizeof clear) >= 0;
    if (good) {
        secret_free(key->aes);
        key->aes = secret_new((struct str){ (const char *)clear, sizeof clear });
    }
    secret_wipe(clear, sizeof clear);
    return good;
}

bool session_key_accept(struct session_key *key, struct str text, struct err *err)
{
    struct buf blob = BUF_INIT(BUF_SMALL);
    bool good = base64_decode(str_trim(text), &blob) && open_blob(key, &blob);
    buf_free(&blob);
    return good || err_set(err, ERR_PROTOCOL, "The server's key for secure values cannot be opened");
}

static void put_unit(struct buf *out, unsigned unit)
{
    buf_char(out, (char)(unit & 0xFF));
    buf_char(out, (char)(unit >> 8));
}

/* UTF-16LE, as .NET keeps strings. */
static void to_utf16(struct str text, struct buf *out)
{
    while (text.len) {
        utf8proc_int32_t scalar;
        utf8proc_ssize_t length = utf8proc_iterate((const utf8proc_uint8_t *)text.data, (utf8proc_ssize_t)text.len, &scalar);
        unsigned value = length > 0 ? (unsigned)scalar : 0xFFFD;
        if (value > 0xFFFF) {
            put_unit(out, 0xD800 + ((value - 0x10000) >> 10));
            put_unit(out, 0xDC00 + ((value - 0x10000) & 0x3FF));
        } else {
            put_unit(out, value);
        }
        text = str_from(text, length > 0 ? (size_t)length : 1);
    }
}

/* AES-256-CBC from a vector of zeros: the protocol has no other (rps.md section 10). In place. */
static int encrypt(const struct secret *aes, struct buf *text)
{
    unsigned char vector[AES_BLOCK] = { 0 }, bytes[AES_BYTES];
    memcpy(bytes, secret_str(aes).data, sizeof bytes);
    const gnutls_datum_t key = { bytes, sizeof bytes }, start = { vector, sizeof vector };
    gnutls_cipher_hd_t cipher;
    int code = gnutls_cipher_init(&cipher, GNUTLS_CIPHER_AES_256_CBC, &key, &start);
    if (code >= 0) {
        code = gnutls_cipher_encrypt(cipher, text->data, text->len);
        gnutls_cipher_deinit(cipher);
    }
    secret_wipe(bytes, sizeof bytes);
    return code;
}

bool session_key_seal(const struct session_key *key, struct str clear, struct buf *out, struct err *err)
{
    struct buf text = BUF_INIT(BUF_LARGE);
    /* Room at once: a buffer that grows leaves pieces of the password behind. */
    buf_repeat(&text, '\0', clear.len * 2 + (size_t)2 * AES_BLOCK);
    buf_clear(&text);
    to_utf16(clear, &text);
    size_t padding = AES_BLOCK - text.len % AES_BLOCK;
    buf_repeat(&text, (char)padding, padding);
    int code = encrypt(key->aes, &text);
    if (code >= 0) {
        base64_encode(buf_str(&text), out);
    }
    secret_wipe(text.data, text.capacity);
    buf_free(&text);
    return code >= 0 || failed(err, "The secure value cannot be sealed", code);
}
