/* PEM: keys and certificates in any order, as files that were put together by hand have them (auth.md section 7). */
#include "auth/cert_internal.h"
#include "base/base64.h"

struct pem {
    gnutls_privkey_t key;
    gnutls_x509_crt_t crts[CERT_BLOCKS_MOST];
    size_t crt_count;
    bool failed;                /* err says why */
};

/* The next block with both of its lines; *rest goes on behind it. */
static bool next_block(struct str *rest, struct str *block)
{
    const char *begin = memmem(rest->data, rest->len, "-----BEGIN ", 11);
    if (!begin) {
        return false;
    }
    struct str from = str_from(*rest, (size_t)(begin - rest->data));
    const char *end = memmem(from.data, from.len, "-----END ", 9);
    const char *tail = end ? memmem(end + 9, from.len - (size_t)(end + 9 - from.data), "-----", 5) : NULL;
    if (!tail) {
        return false;
    }
    *block = str_take(from, (size_t)(tail + 5 - from.data));
    *rest = str_from(from, block->len);
    return true;
}

/* Every block ends in "-----END …-----", so there are dashes to find. */
static bool is_block(struct str block, const char *word)
{
    const char *dashes = memmem(block.data + 11, block.len - 11, "-----", 5);
    struct str title = { block.data + 11, (size_t)(dashes - block.data) - 11 };
    return cert_holds(title, str_of(word));
}

static void take_crt(struct pem *pem, struct str block, struct cert_ask *ask)
{
    gnutls_x509_crt_t crt;
    gnutls_datum_t data = cert_datum(block);
    if (pem->crt_count == CERT_BLOCKS_MOST || gnutls_x509_crt_init(&crt) < 0) {
        return;
    }
    if (gnutls_x509_crt_import(crt, &data, GNUTLS_X509_FMT_PEM) < 0) {
        gnutls_x509_crt_deinit(crt);
        return;
    }
    pem->crts[pem->crt_count++] = crt;
    ask->matched = ask->matched || (ask->thumbprint && cert_has_thumbprint(crt, ask->thumbprint));
}

/* Lines of base64 between the dashes and the headers. All the room at once: growing would leave copies of a key behind. */
static void decode_block(struct str block, struct buf *der)
{
    struct buf text = BUF_INIT(CLIENT_CERTIFICATE_FILE_MAX);
    struct str rest = block, line;
    buf_repeat(&text, '\0', block.len);
    buf_repeat(der, '\0', block.len);
    buf_clear(&text);
    buf_clear(der);
    while (rest.len) {
        str_cut(&rest, '\n', &line);
        if (line.len && line.data[0] != '-' && !memchr(line.data, ':', line.len)) {
            buf_add(&text, str_trim(line));
        }
    }
    bool whole = base64_decode(buf_str(&text), der);
    (void)whole;                /* it is only looked through for names */
    secret_wipe(text.data, text.capacity);
    buf_free(&text);
}

/* Which words fit a key that was not imported. */
static void explain_key(struct str block, int result, const struct cert_ask *ask, struct err *err)
{
    struct buf der = BUF_INIT(CLIENT_CERTIFICATE_FILE_MAX);
    decode_block(block, &der);
    bool encrypted = cert_holds(block, STR("ENCRYPTED"));
    bool unknown_cipher = cert_password_given(ask) && (result == GNUTLS_E_INVALID_REQUEST || result == GNUTLS_E_UNKNOWN_CIPHER_TYPE);
    if (cert_uses_newer_protection(buf_str(&der)) || (encrypted && unknown_cipher)) {
        cert_fail_unreadable(buf_str(&der), true, ask, err);
    } else if (encrypted) {
        cert_fail_password(ask, err);
    } else {
        cert_fail(err, "", "Export it anew, for example: openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD.pem",
                  "The private key in %s cannot be read.", ask->where);
    }
    secret_wipe(der.data, der.capacity);
    buf_free(&der);
}

static void take_key(struct pem *pem, struct str block, const struct cert_ask *ask, struct err *err)
{
    gnutls_datum_t data = cert_datum(block);
    if (pem->key || gnutls_privkey_init(&pem->key) < 0) {
        return;
    }
    const char *password = cert_password_given(ask) ? secret_str(ask->password).data : NULL;
    int result = gnutls_privkey_import_x509_raw(pem->key, &data, GNUTLS_X509_FMT_PEM, password, 0);
    if (result < 0) {
        gnutls_privkey_deinit(pem->key);
        pem->key = NULL;
        pem->failed = true;
        explain_key(block, result, ask, err);
    }
}

struct client_certificate *cert_read_pem(struct str bytes, struct cert_ask *ask, struct err *err)
{
    struct pem pem = { 0 };
    struct client_certificate *certificate = NULL;
    struct str rest = bytes, block;
    /* A search wants to know of the certificates behind a key that cannot be read, too. */
    for (int i = 0; i < 2 * CERT_BLOCKS_MOST && next_block(&rest, &block); i++) {
        if (is_block(block, "PRIVATE KEY") && !pem.failed) {
            take_key(&pem, block, ask, err);
        } else if (is_block(block, "CERTIFICATE")) {
            take_crt(&pem, block, ask);
        }
    }
    if (pem.key) {
        certificate = cert_assemble(pem.key, pem.crts, pem.crt_count, ask, err);
    } else if (!pem.failed && pem.crt_count) {
        cert_fail(err, "", "Put both into one file: cat app.crt app.key >app.pem", "There is a certificate in %s, but no private key.",
                  ask->where);
    } else if (!pem.failed) {
        cert_fail_unreadable(STR(""), true, ask, err);
    }
    for (size_t i = 0; i < pem.crt_count; i++) {
        gnutls_x509_crt_deinit(pem.crts[i]);
    }
    return certificate;
}
