/* PFX, PEM and DER (auth.md section 7, with its list of traps). Everything secret stays in wiped memory: GnuTLS wipes what
   it holds, and the file's own bytes are a struct secret. */
#include <errno.h>
#include <fcntl.h>
#include <gnutls/pkcs12.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auth/cert_internal.h"
#include "base/base64.h"
#include "base/clock.h"
#include "base/mem.h"

enum { BLOCKS_MOST = 64 };

static gnutls_datum_t datum(struct str bytes)
{
    union { const char *constant; unsigned char *bytes; } data = { .constant = bytes.data };
    return (gnutls_datum_t){ data.bytes, (unsigned)bytes.len };
}

PRINTF_LIKE(4, 5)
static bool fail(struct err *err, const char *field, const char *advice, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    err_set(err, ERR_INPUT, "%s", text);
    err_advise(err, "%s", advice);
    err_field(err, field);
    return false;
}

/* ---- words for what cannot be read ---- */

static bool holds(struct str bytes, struct str part)
{
    return memmem(bytes.data, bytes.len, part.data, part.len) != NULL;
}

/* Two newer kinds of protection that GnuTLS 3.7 cannot undo, told by their object identifiers (auth.md section 7). */
static bool uses_scrypt(struct str bytes)
{
    return holds(bytes, (struct str){ "\x06\x09\x2b\x06\x01\x04\x01\xda\x47\x04\x0b", 11 });     /* 1.3.6.1.4.1.11591.4.11 */
}

static bool uses_pbmac1(struct str bytes)
{
    return holds(bytes, (struct str){ "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0e", 11 });     /* 1.2.840.113549.1.5.14 */
}

static bool fail_unknown_kind(struct str der, bool pem, const char *where, struct err *err)
{
    if (uses_scrypt(der)) {
        return fail(err, "CertificateFilePath", pem ? "Convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD.pem -out NEW.pem"
                    : "Convert it: openssl pkcs12 -in OLD.pfx -nodes -out TMP.pem; openssl pkcs12 -export -in TMP.pem -out NEW.pfx",
             "The key in %s is protected with scrypt, which cannot be read here.", where);
    }
    if (uses_pbmac1(der)) {
        return fail(err, "CertificateFilePath", "Convert it: openssl pkcs12 -in OLD.pfx -nodes -out TMP.pem; openssl pkcs12 -export -in TMP.pem -out NEW.pfx",
             "What seals %s (PBMAC1) cannot be read here.", where);
    }
    return fail(err, "CertificateFilePath", "Give a PFX file (.pfx, .p12), or a PEM file that holds the certificate and its key.",
             "There is no certificate with a key that can be read in %s.", where);
}

static bool fail_password(bool given, const char *where, struct err *err)
{
    return given ? fail(err, "CertificatePassword", "Give the password that the file was exported with.",
             "The password does not open %s.", where)
                 : fail(err, "CertificatePassword", "Give -CertificatePassword, for example file:PATH or prompt.",
             "A password protects %s, and none was given.", where);
}

/* ---- PFX ---- */

struct bag {
    gnutls_x509_privkey_t key;
    gnutls_x509_crt_t *chain, *extra;
    unsigned chain_count, extra_count;
};

static void bag_free(struct bag *bag)
{
    for (unsigned i = 0; i < bag->chain_count; i++) {
        gnutls_x509_crt_deinit(bag->chain[i]);
    }
    for (unsigned i = 0; i < bag->extra_count; i++) {
        gnutls_x509_crt_deinit(bag->extra[i]);
    }
    gnutls_free(bag->chain);
    gnutls_free(bag->extra);
    if (bag->key) {
        gnutls_x509_privkey_deinit(bag->key);
    }
}

/* A PFX without a MAC cannot be verified and is not wrong for that: -67 means that there is none. */
static int open_pfx(gnutls_pkcs12_t pfx, const char *password, struct bag *bag)
{
    int verified = gnutls_pkcs12_verify_mac(pfx, password ? password : "");
    if (verified < 0 && verified != GNUTLS_E_ASN1_ELEMENT_NOT_FOUND && password) {
        return verified;
    }
    /* Without the flag a self-signed leaf may be missing from the chain. */
    return gnutls_pkcs12_simple_parse(pfx, password, &bag->key, &bag->chain, &bag->chain_count, &bag->extra, &bag->extra_count,
                                      NULL, GNUTLS_PKCS12_SP_INCLUDE_SELF_SIGNED);
}

static bool is_password_error(int result)
{
    return result == GNUTLS_E_MAC_VERIFY_FAILED || result == GNUTLS_E_DECRYPTION_FAILED;
}

/* The empty password is not the same as none, and files of both kinds exist: "" before NULL (.NET writes the latter). */
static int open_pfx_any(gnutls_pkcs12_t pfx, const struct secret *password, struct bag *bag)
{
    if (password && secret_str(password).len) {
        return open_pfx(pfx, secret_str(password).data, bag);
    }
    int result = open_pfx(pfx, "", bag);
    if (result < 0) {
        int without = open_pfx(pfx, NULL, bag);
        result = without < 0 ? result : without;
    }
    return result;
}

static struct client_certificate *assemble_bag(struct bag *bag, const char *where, struct err *err)
{
    gnutls_privkey_t key;
    size_t count = (size_t)bag->chain_count + bag->extra_count;
    if (!bag->key) {
        fail(err, "CertificateFilePath", "Export the certificate together with its private key.",
             "There is no private key in %s.", where);
        return NULL;
    }
    if (gnutls_privkey_init(&key) < 0 || gnutls_privkey_import_x509(key, bag->key, GNUTLS_PRIVKEY_IMPORT_AUTO_RELEASE) < 0) {
        fail(err, "CertificateFilePath", "Export the certificate anew.",
             "The key in %s cannot be used.", where);
        return NULL;
    }
    bag->key = NULL;        /* the new one's now */
    gnutls_x509_crt_t *crts = mem_array(count + 1, sizeof *crts);
    for (size_t i = 0; i < count; i++) {
        crts[i] = i < bag->chain_count ? bag->chain[i] : bag->extra[i - bag->chain_count];
    }
    struct client_certificate *certificate = cert_assemble(key, crts, count, where, err);
    free(crts);
    return certificate;
}

/* False: these bytes are no PFX at all. */
static bool read_pfx(struct str bytes, const struct secret *password, const char *where, struct client_certificate **certificate,
                     struct err *err)
{
    gnutls_pkcs12_t pfx;
    struct bag bag = { 0 };
    gnutls_datum_t data = datum(bytes);
    if (gnutls_pkcs12_init(&pfx) < 0) {
        return false;
    }
    if (gnutls_pkcs12_import(pfx, &data, GNUTLS_X509_FMT_DER, 0) < 0) {
        gnutls_pkcs12_deinit(pfx);
        return false;
    }
    int result = open_pfx_any(pfx, password, &bag);
    if (result >= 0) {
        *certificate = assemble_bag(&bag, where, err);
    } else if (is_password_error(result) && !uses_scrypt(bytes) && !uses_pbmac1(bytes)) {
        fail_password(password && secret_str(password).len, where, err);
    } else {
        fail_unknown_kind(bytes, false, where, err);
    }
    bag_free(&bag);
    gnutls_pkcs12_deinit(pfx);
    return true;
}

/* ---- PEM ---- */

struct pem {
    gnutls_privkey_t key;
    gnutls_x509_crt_t crts[CLIENT_CERTIFICATE_CHAIN_MAX];
    size_t crt_count;
    bool saw_key, failed;       /* failed: err says why */
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

static bool is_block(struct str block, const char *word)
{
    const char *dashes = memmem(block.data + 11, block.len - 11, "-----", 5);
    struct str title = { block.data + 11, (size_t)(dashes - block.data) - 11 };
    return holds(title, str_of(word));
}

static void take_crt(struct pem *pem, struct str block)
{
    gnutls_x509_crt_t crt;
    gnutls_datum_t data = datum(block);
    if (pem->crt_count == CLIENT_CERTIFICATE_CHAIN_MAX || gnutls_x509_crt_init(&crt) < 0) {
        return;
    }
    if (gnutls_x509_crt_import(crt, &data, GNUTLS_X509_FMT_PEM) < 0) {
        gnutls_x509_crt_deinit(crt);
        return;
    }
    pem->crts[pem->crt_count++] = crt;
}

/* The base64 between the lines: only to look for the names of what protects the key. */
static bool block_uses_scrypt(struct str block)
{
    struct buf text = BUF_INIT(CLIENT_CERTIFICATE_FILE_MAX), der = BUF_INIT(CLIENT_CERTIFICATE_FILE_MAX);
    struct str rest = block, line;
    str_cut(&rest, '\n', &line);
    while (rest.len) {
        str_cut(&rest, '\n', &line);
        if (line.len && line.data[0] != '-') {
            buf_add(&text, str_trim(line));
        }
    }
    base64_decode(buf_str(&text), &der);
    bool found = uses_scrypt(buf_str(&der));
    secret_wipe(text.data, text.capacity);
    secret_wipe(der.data, der.capacity);
    buf_free(&text);
    buf_free(&der);
    return found;
}

static void take_key(struct pem *pem, struct str block, const struct secret *password, const char *where, struct err *err)
{
    gnutls_datum_t data = datum(block);
    bool given = password && secret_str(password).len;
    pem->saw_key = true;
    if (pem->key || gnutls_privkey_init(&pem->key) < 0) {
        return;
    }
    int result = gnutls_privkey_import_x509_raw(pem->key, &data, GNUTLS_X509_FMT_PEM, given ? secret_str(password).data : NULL, 0);
    if (result >= 0) {
        return;
    }
    gnutls_privkey_deinit(pem->key);
    pem->key = NULL;
    pem->failed = true;
    if (block_uses_scrypt(block)) {
        fail_unknown_kind((struct str){ "\x06\x09\x2b\x06\x01\x04\x01\xda\x47\x04\x0b", 11 }, true, where, err);
    } else if (is_password_error(result) || holds(block, STR("ENCRYPTED"))) {
        fail_password(given, where, err);
    } else {
        fail(err, "CertificateFilePath", "Export it anew: openssl pkcs8 -topk8 -nodes -in OLD.pem -out NEW.pem",
             "The private key in %s cannot be read.", where);
    }
}

static struct client_certificate *read_pem(struct str bytes, const struct secret *password, const char *where, struct err *err)
{
    struct pem pem = { 0 };
    struct client_certificate *certificate = NULL;
    struct str rest = bytes, block;
    for (int i = 0; i < BLOCKS_MOST && !pem.failed && next_block(&rest, &block); i++) {
        if (is_block(block, "PRIVATE KEY")) {
            take_key(&pem, block, password, where, err);
        } else if (is_block(block, "CERTIFICATE")) {
            take_crt(&pem, block);
        }
    }
    if (pem.key) {
        certificate = cert_assemble(pem.key, pem.crts, pem.crt_count, where, err);
    } else if (!pem.failed && pem.crt_count) {
        fail(err, "CertificateFilePath", "Put both into one file: cat app.crt app.key >app.pem",
             "There is a certificate in %s, but no private key.", where);
    } else if (!pem.failed) {
        fail_unknown_kind(STR(""), true, where, err);
    }
    for (size_t i = 0; i < pem.crt_count; i++) {
        gnutls_x509_crt_deinit(pem.crts[i]);
    }
    return certificate;
}

/* ---- whichever it is ---- */

static bool is_bare_certificate(struct str bytes)
{
    gnutls_x509_crt_t crt;
    gnutls_datum_t data = datum(bytes);
    bool bare = gnutls_x509_crt_init(&crt) == 0;
    if (bare) {
        bare = gnutls_x509_crt_import(crt, &data, GNUTLS_X509_FMT_DER) == 0;
        gnutls_x509_crt_deinit(crt);
    }
    return bare;
}

struct client_certificate *client_certificate_from_bytes(struct str bytes, const struct secret *password, const char *where,
                                                         struct err *err)
{
    struct client_certificate *certificate = NULL;
    if (holds(bytes, STR("-----BEGIN "))) {
        return read_pem(bytes, password, where, err);
    }
    if (!bytes.len) {
        fail(err, "CertificateFilePath", "Give a PFX or PEM file.",
             "There is nothing in %s.", where);
    } else if (read_pfx(bytes, password, where, &certificate, err)) {
        return certificate;
    } else if (is_bare_certificate(bytes)) {
        fail(err, "CertificateFilePath", "A .cer file is for uploading to the application; sign in with the PFX or PEM file that holds the key.",
             "There is a certificate in %s, but no private key.", where);
    } else {
        fail_unknown_kind(bytes, false, where, err);
    }
    return NULL;
}

/* Whoever writes a pipe may never end: so there is a deadline. */
struct secret *cert_read_descriptor(int fd, struct err *err)
{
    enum { DEADLINE_MS = 30000 };
    size_t room = CLIENT_CERTIFICATE_FILE_MAX + 1, have = 0;
    char *bytes = mem_new(room);
    int64_t until_ms = clock_ms() + DEADLINE_MS;
    ssize_t got = 1;
    while (got != 0 && have < room && clock_ms() < until_ms) {
        struct pollfd wait = { .fd = fd, .events = POLLIN };
        poll(&wait, 1, (int)(until_ms - clock_ms()));
        got = read(fd, bytes + have, room - have);
        if (got < 0 && errno != EINTR && errno != EAGAIN) {
            break;
        }
        have += got > 0 ? (size_t)got : 0;
    }
    struct secret *secret = got == 0 && have < room ? secret_new((struct str){ bytes, have }) : NULL;
    secret_wipe(bytes, room);
    free(bytes);
    if (!secret) {
        err_set(err, ERR_INPUT, have == room ? "That is too large for a certificate (1 MiB is the most)." : "The certificate could not be read to its end.");
    }
    return secret;
}

static bool fail_file(const char *path, struct err *err)
{
    err_errno(err, "cannot read the certificate file %s", path);
    err_advise(err, "Check the path, and that this user may read it.");
    if (err) {
        err->kind = ERR_INPUT;
    }
    return false;
}

bool cert_read_file(const char *path, struct secret **bytes, bool *others_read, struct err *err)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    *bytes = NULL;
    if (fd < 0 || fstat(fd, &status) < 0) {
        fail_file(path, err);
    } else if (!S_ISREG(status.st_mode)) {
        err_set(err, ERR_INPUT, "%s is not a file.", path);
    } else {
        *others_read = (status.st_mode & (S_IRGRP | S_IROTH)) != 0;
        *bytes = cert_read_descriptor(fd, err);
    }
    if (fd >= 0) {
        close(fd);
    }
    return *bytes != NULL;
}

struct client_certificate *client_certificate_from_file(const char *path, const struct secret *password, struct err *err)
{
    struct secret *bytes = NULL;
    bool others_read = false;
    char *where = mem_format("the file %s", path);
    struct client_certificate *certificate = NULL;
    if (cert_read_file(path, &bytes, &others_read, err)) {
        certificate = client_certificate_from_bytes(secret_str(bytes), password, where, err);
    } else {
        err_field(err, "CertificateFilePath");
    }
    if (certificate && others_read && !*certificate->warning) {
        str_copy(certificate->warning, sizeof certificate->warning, "Other users of this machine may read the key's file: chmod 600 it.");
    }
    secret_free(bytes);
    free(where);
    return certificate;
}
