#include "demo/jwt.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

#define COORDINATE 32   /* bytes of one P-256 number */
#define KEY_ID "purvey-demo"

struct jwt_signer { gnutls_privkey_t key; };

/* Called while the tenant starts and for every token: without randomness or a key there is nothing to go on with. */
static void need(int code)
{
    if (code < 0) {
        fprintf(stderr, "purvey-demo: cannot sign tokens: %s\n", gnutls_strerror(code));
        exit(7);
    }
}

/* Real tokens are RS256. Their signature is for the resource alone, a client must not look at it (auth.md section
   8), so the key that is made faster serves as well. */
struct jwt_signer *jwt_signer_new(void)
{
    struct jwt_signer *signer = MEM_NEW(struct jwt_signer);
    need(gnutls_privkey_init(&signer->key));
    need(gnutls_privkey_generate(signer->key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0));
    return signer;
}

void jwt_signer_free(struct jwt_signer *signer)
{
    gnutls_privkey_deinit(signer->key);
    free(signer);
}

/* base64url without padding (RFC 7515 section 2), out of GnuTLS's base64. */
static void add_base64url(struct buf *out, struct str bytes)
{
    union { const char *text; unsigned char *bytes; } source = { .text = bytes.data };
    gnutls_datum_t raw = { source.bytes, (unsigned)bytes.len }, text = { NULL, 0 };
    need(gnutls_base64_encode2(&raw, &text));
    for (unsigned i = 0; i < text.size && text.data[i] != '='; i++) {
        char c = (char)text.data[i];
        buf_char(out, c == '+' ? '-' : c == '/' ? '_' : c);
    }
    gnutls_free(text.data);
}

/* A number of the signature, brought to exactly 32 bytes: DER drops leading zeros and adds one for the sign. */
static void put_number(unsigned char *to, gnutls_datum_t number)
{
    while (number.size > COORDINATE) {
        number.data++;
        number.size--;
    }
    memset(to, 0, COORDINATE);
    memcpy(to + COORDINATE - number.size, number.data, number.size);
}

/* JOSE wants r and s side by side (RFC 7518 section 3.4), GnuTLS gives them in DER: hence the taking apart. */
char *jwt_sign(struct jwt_signer *signer, const struct json *claims)
{
    struct buf text = BUF_INIT(BUF_SMALL), body = BUF_INIT(BUF_SMALL);
    unsigned char raw[2 * COORDINATE];
    gnutls_datum_t signature = { NULL, 0 }, r = { NULL, 0 }, s = { NULL, 0 };
    add_base64url(&text, STR("{\"typ\":\"JWT\",\"alg\":\"ES256\",\"kid\":\"" KEY_ID "\"}"));
    buf_char(&text, '.');
    json_print(claims, false, &body);
    add_base64url(&text, buf_str(&body));
    gnutls_datum_t data = { (unsigned char *)text.data, (unsigned)text.len };
    need(gnutls_privkey_sign_data2(signer->key, GNUTLS_SIGN_ECDSA_SECP256R1_SHA256, 0, &data, &signature));
    need(gnutls_decode_rs_value(&signature, &r, &s));
    put_number(raw, r);
    put_number(raw + COORDINATE, s);
    buf_char(&text, '.');
    add_base64url(&text, (struct str){ (const char *)raw, sizeof raw });
    gnutls_free(signature.data);
    gnutls_free(r.data);
    gnutls_free(s.data);
    buf_free(&body);
    return buf_take(&text);
}

static void add_number(struct json *key, const char *name, gnutls_datum_t number)
{
    unsigned char raw[COORDINATE];
    struct buf text = BUF_INIT(BUF_SMALL);
    put_number(raw, number);
    add_base64url(&text, (struct str){ (const char *)raw, sizeof raw });
    json_add_text(key, name, buf_cstr(&text));
    buf_free(&text);
}

/* For jwks_uri (auth.md section 3). Nobody has to read it: id tokens came over TLS from here (section 10). */
struct json *jwt_keys(struct jwt_signer *signer)
{
    struct json *set = json_new_object(), *list = json_new_array(), *key = json_new_object();
    gnutls_ecc_curve_t curve;
    gnutls_datum_t x = { NULL, 0 }, y = { NULL, 0 };
    need(gnutls_privkey_export_ecc_raw(signer->key, &curve, &x, &y, NULL));
    json_add_text(key, "kty", "EC");
    json_add_text(key, "use", "sig");
    json_add_text(key, "alg", "ES256");
    json_add_text(key, "kid", KEY_ID);
    json_add_text(key, "crv", "P-256");
    add_number(key, "x", x);
    add_number(key, "y", y);
    json_add(list, NULL, key);
    json_add(set, "keys", list);
    gnutls_free(x.data);
    gnutls_free(y.data);
    return set;
}
