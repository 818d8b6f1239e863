/* The exchange of keys for SecureStrings (rps.md section 10). */
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/mem.h"
#include "demo/rps_internal.h"

#define MODULUS 256
#define BLOCK 16

/* PUBLICKEYBLOB, RSA for key exchange, "RSA1", 2048 bits; the modulus is little endian. */
static const unsigned char public_head[16] = { 6, 2, 0, 0, 0, 0xA4, 0, 0, 'R', 'S', 'A', '1', 0, 8, 0, 0 };
/* SIMPLEBLOB, AES-256 under RSA. */
static const unsigned char session_head[12] = { 1, 2, 0, 0, 0x10, 0x66, 0, 0, 0, 0xA4, 0, 0 };

/* Microsoft's blobs are little endian, everybody else's numbers are not. */
static void reverse(unsigned char *bytes, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        unsigned char kept = bytes[i];
        bytes[i] = bytes[count - 1 - i];
        bytes[count - 1 - i] = kept;
    }
}

/* Only what the contract shows is taken: RSA, 2048 bits. */
static bool import(const struct buf *blob, gnutls_pubkey_t *key)
{
    unsigned char modulus[MODULUS], exponent[4];
    const gnutls_datum_t m = { modulus, sizeof modulus }, e = { exponent, sizeof exponent };
    if (blob->len != sizeof public_head + 4 + MODULUS || memcmp(blob->data, public_head, sizeof public_head) != 0) {
        return false;
    }
    memcpy(exponent, blob->data + sizeof public_head, sizeof exponent);
    memcpy(modulus, blob->data + sizeof public_head + 4, sizeof modulus);
    reverse(exponent, sizeof exponent);
    reverse(modulus, sizeof modulus);
    if (gnutls_pubkey_init(key) < 0) {
        return false;
    }
    if (gnutls_pubkey_import_rsa_raw(*key, &m, &e) < 0) {
        gnutls_pubkey_deinit(*key);
        return false;
    }
    return true;
}

/* A second exchange draws a second key: texts that were sealed before are lost, as on Windows. */
bool key_exchange(struct shell *shell, struct str public_key, struct buf *encrypted)
{
    struct buf blob = BUF_INIT(BUF_SMALL), answer = BUF_INIT(BUF_SMALL);
    gnutls_pubkey_t key;
    gnutls_datum_t cipher = { NULL, 0 };
    const gnutls_datum_t plain = { shell->key, sizeof shell->key };
    bool good = base64_decode(public_key, &blob) && import(&blob, &key);
    if (good) {
        good = gnutls_rnd(GNUTLS_RND_KEY, shell->key, sizeof shell->key) >= 0 && gnutls_pubkey_encrypt_data(key, 0, &plain, &cipher) >= 0;
        gnutls_pubkey_deinit(key);
    }
    if (good) {
        reverse(cipher.data, cipher.size);
        buf_add(&answer, (struct str){ (const char *)session_head, sizeof session_head });
        buf_add(&answer, (struct str){ (const char *)cipher.data, cipher.size });
        base64_encode(buf_str(&answer), encrypted);
        shell->has_key = true;
    }
    gnutls_free(cipher.data);
    buf_free(&blob);
    buf_free(&answer);
    return good;
}

/* ---- opening ---- */

static void put_point(struct buf *out, uint32_t point)
{
    if (point < 0x80) {
        buf_char(out, (char)point);
    } else if (point < 0x800) {
        buf_char(out, (char)(0xC0 | point >> 6));
        buf_char(out, (char)(0x80 | (point & 0x3F)));
    } else {
        if (point >= 0x10000) {
            buf_char(out, (char)(0xF0 | point >> 18));
            buf_char(out, (char)(0x80 | (point >> 12 & 0x3F)));
        } else {
            buf_char(out, (char)(0xE0 | point >> 12));
        }
        buf_char(out, (char)(0x80 | (point >> 6 & 0x3F)));
        buf_char(out, (char)(0x80 | (point & 0x3F)));
    }
}

/* An odd byte at the end means that another key sealed it. */
static bool from_utf16(const unsigned char *bytes, size_t count, struct buf *clear)
{
    for (size_t i = 0; i + 1 < count; i += 2) {
        uint32_t unit = bytes[i] | (uint32_t)bytes[i + 1] << 8;
        if (unit >= 0xD800 && unit < 0xDC00 && i + 3 < count) {
            uint32_t low = bytes[i + 2] | (uint32_t)bytes[i + 3] << 8;
            unit = 0x10000 + ((unit - 0xD800) << 10) + (low & 0x3FF);
            i += 2;
        }
        put_point(clear, unit);
    }
    return count % 2 == 0;
}

/* PKCS#7: the last byte says how many there are of it. */
static bool unpad(const struct buf *plain, size_t *length)
{
    unsigned char padding = (unsigned char)plain->data[plain->len - 1];
    bool good = padding >= 1 && padding <= BLOCK;
    for (size_t i = 0; good && i < padding; i++) {
        good = (unsigned char)plain->data[plain->len - 1 - i] == padding;
    }
    *length = plain->len - padding;
    return good;
}

/* The vector is zero for each text: the key lives as long as a session, and so much MS-PSRP asks. */
bool key_open(const struct shell *shell, struct str base64, struct buf *clear)
{
    unsigned char zeros[BLOCK] = { 0 }, secret[sizeof shell->key];
    struct buf bytes = BUF_INIT(BUF_SMALL);
    gnutls_cipher_hd_t cipher;
    const gnutls_datum_t key = { secret, sizeof secret }, start = { zeros, sizeof zeros };
    size_t length = 0;
    memcpy(secret, shell->key, sizeof secret);
    bool good = shell->has_key && base64_decode(base64, &bytes) && bytes.len && bytes.len % BLOCK == 0 &&
                gnutls_cipher_init(&cipher, GNUTLS_CIPHER_AES_256_CBC, &key, &start) >= 0;
    if (good) {
        good = gnutls_cipher_decrypt(cipher, bytes.data, bytes.len) >= 0 && unpad(&bytes, &length) &&
               from_utf16((const unsigned char *)bytes.data, length, clear);
        gnutls_cipher_deinit(cipher);
    }
    buf_free(&bytes);
    return good;
}
