/* Certificates out of files and bytes, whichever kind they are, and the words for what cannot be read. Everything secret
   stays in wiped memory: GnuTLS wipes what it holds, and the file's own bytes are a struct secret. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auth/cert_internal.h"
#include "base/base64.h"
#include "base/clock.h"
#include "base/mem.h"

/* ---- small helpers of all readers ---- */

gnutls_datum_t cert_datum(struct str bytes)
{
    union { const char *constant; unsigned char *bytes; } data = { .constant = bytes.data };
    return (gnutls_datum_t){ data.bytes, (unsigned)bytes.len };
}

bool cert_holds(struct str bytes, struct str part)
{
    return bytes.len && memmem(bytes.data, bytes.len, part.data, part.len) != NULL;
}

bool cert_password_given(const struct cert_ask *ask)
{
    return ask->password && secret_str(ask->password).len;
}

/* ---- words for what cannot be read ---- */

bool cert_fail(struct err *err, const char *field, const char *advice, const char *format, ...)
{
    char text[600];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    err_set(err, ERR_INPUT, "%s", text);
    err_advise(err, "%s", advice);
    err_field(err, *field ? field : "CertificateFilePath");
    return false;
}

/* Two newer kinds of protection, told by their object identifiers (auth.md section 7). */
static bool uses_scrypt(struct str der)
{
    return cert_holds(der, (struct str){ "\x06\x09\x2b\x06\x01\x04\x01\xda\x47\x04\x0b", 11 });     /* 1.3.6.1.4.1.11591.4.11 */
}

static bool uses_pbmac1(struct str der)
{
    return cert_holds(der, (struct str){ "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0e", 11 });     /* 1.2.840.113549.1.5.14 */
}

bool cert_uses_newer_protection(struct str der)
{
    return uses_scrypt(der) || uses_pbmac1(der);
}

bool cert_fail_unreadable(struct str der, bool pem, const struct cert_ask *ask, struct err *err)
{
    /* Both lines take the certificate along with the key, and neither leaves an unprotected copy on the disk. */
    const char *convert = pem ? "Convert it: (openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD.pem; openssl x509 -in OLD.pem) >NEW.pem"
                              : "Make a PEM file of it, which is read as well: openssl pkcs12 -in OLD.pfx -out NEW.pem";
    if (uses_scrypt(der)) {
        return cert_fail(err, "", convert, "The key in %s is protected with scrypt, which cannot be read here.", ask->where);
    }
    if (uses_pbmac1(der)) {
        return cert_fail(err, "", convert, "What seals %s (PBMAC1) cannot be read here.", ask->where);
    }
    if (der.len && pem) {
        return cert_fail(err, "", convert, "The key in %s is encrypted in a way that cannot be read here.", ask->where);
    }
    return cert_fail(err, "", "Give a PFX file (.pfx, .p12), or a PEM file that holds the certificate and its key.",
                     "There is no certificate with a key that can be read in %s.", ask->where);
}

bool cert_fail_password(const struct cert_ask *ask, struct err *err)
{
    if (cert_password_given(ask)) {
        return cert_fail(err, "CertificatePassword", "Give the password that the file was exported with.",
                         "The password does not open %s.", ask->where);
    }
    return cert_fail(err, "CertificatePassword", "Give -CertificatePassword, for example file:PATH or prompt.",
                     "A password protects %s, and none was given.", ask->where);
}

/* ---- bytes of whichever kind ---- */

static bool is_bare_certificate(struct str bytes, struct cert_ask *ask)
{
    gnutls_x509_crt_t crt;
    gnutls_datum_t data = cert_datum(bytes);
    bool bare = gnutls_x509_crt_init(&crt) == 0;
    if (bare) {
        bare = gnutls_x509_crt_import(crt, &data, GNUTLS_X509_FMT_DER) == 0;
        ask->matched = bare && ask->thumbprint && cert_has_thumbprint(crt, ask->thumbprint);
        gnutls_x509_crt_deinit(crt);
    }
    return bare;
}

/* Room at once: growing would leave copies of a key behind. */
struct secret *cert_unpack(struct str text)
{
    struct buf packed = BUF_INIT(2 * CLIENT_CERTIFICATE_FILE_MAX), bytes = BUF_INIT(CLIENT_CERTIFICATE_FILE_MAX);
    buf_repeat(&packed, '\0', text.len + 1);
    buf_repeat(&bytes, '\0', text.len + 1);
    buf_clear(&packed);
    buf_clear(&bytes);
    for (size_t i = 0; i < text.len; i++) {
        if (!strchr(" \t\r\n", text.data[i]) || !text.data[i]) {
            buf_char(&packed, text.data[i]);
        }
    }
    bool good = packed.len && base64_decode(buf_str(&packed), &bytes) && !bytes.overflowed;
    struct secret *secret = good ? secret_new(buf_str(&bytes)) : NULL;
    secret_wipe(packed.data, packed.capacity);
    secret_wipe(bytes.data, bytes.capacity);
    buf_free(&packed);
    buf_free(&bytes);
    return secret;
}

/* A PFX or certificate that some tool has written as text. Every one of them begins as ASN.1's SEQUENCE does. */
static bool read_packed(struct str bytes, struct cert_ask *ask, struct client_certificate **certificate, struct err *err)
{
    struct secret *plain = bytes.data[0] == 'M' ? cert_unpack(bytes) : NULL;
    if (plain) {
        *certificate = cert_read_bytes(secret_str(plain), ask, err);
    }
    secret_free(plain);
    return plain != NULL;
}

/* What Windows' editors and its PowerShell save: every letter has two bytes, and no program takes it for PEM. */
static bool is_wide(struct str bytes)
{
    return str_starts(bytes, STR("\xFF\xFE")) || str_starts(bytes, STR("\xFE\xFF"));
}

struct client_certificate *cert_read_bytes(struct str bytes, struct cert_ask *ask, struct err *err)
{
    struct client_certificate *certificate = NULL;
    if (bytes.len > CLIENT_CERTIFICATE_FILE_MAX) {
        cert_fail(err, "", "Give a PFX or PEM file.", "%s is too large for a certificate (1 MiB is the most).", ask->where);
    } else if (!bytes.len) {
        cert_fail(err, "", "Give a PFX or PEM file.", "There is nothing in %s.", ask->where);
    } else if (cert_holds(bytes, STR("-----BEGIN "))) {
        certificate = cert_read_pem(bytes, ask, err);
    } else if (cert_read_pfx(bytes, ask, &certificate, err)) {
        return certificate;
    } else if (is_bare_certificate(bytes, ask)) {
        cert_fail(err, "", "A .cer file is for uploading to the application; sign in with the PFX or PEM file that holds the key.",
                  "There is a certificate in %s, but no private key.", ask->where);
    } else if (is_wide(bytes)) {
        cert_fail(err, "", "Convert it: iconv -f UTF-16 -t UTF-8 OLD.pem >NEW.pem", "The text in %s is UTF-16, which is not read.", ask->where);
    } else if (!read_packed(bytes, ask, &certificate, err)) {
        cert_fail_unreadable(bytes, false, ask, err);
    }
    return certificate;
}

struct client_certificate *client_certificate_from_bytes(struct str bytes, const struct secret *password, const char *where,
                                                         struct err *err)
{
    struct cert_ask ask = { .password = password, .where = where };
    return cert_read_bytes(bytes, &ask, err);
}

/* ---- files ---- */

/* Whoever writes a pipe may never end: so there is a deadline. Returns what the last read returned. */
static ssize_t read_to_end(int fd, char *bytes, size_t room, size_t *have)
{
    enum { DEADLINE_MS = 30000 };
    int64_t left_ms = DEADLINE_MS, until_ms = clock_ms() + DEADLINE_MS;
    ssize_t got = 1;
    while (got != 0 && *have < room && left_ms > 0) {
        struct pollfd wait = { .fd = fd, .events = POLLIN };
        poll(&wait, 1, (int)left_ms);
        got = read(fd, bytes + *have, room - *have);
        if (got < 0 && errno != EINTR && errno != EAGAIN) {
            break;
        }
        *have += got > 0 ? (size_t)got : 0;
        left_ms = until_ms - clock_ms();
    }
    return got;
}

struct secret *cert_read_descriptor(int fd, const char *where, struct err *err)
{
    size_t room = CLIENT_CERTIFICATE_FILE_MAX + 1, have = 0;
    char *bytes = mem_new(room);
    ssize_t last = read_to_end(fd, bytes, room, &have);
    int why = errno;
    struct secret *secret = last == 0 && have < room ? secret_new((struct str){ bytes, have }) : NULL;
    secret_wipe(bytes, room);
    free(bytes);
    if (!secret && have == room) {
        cert_fail(err, "", "Give a PFX or PEM file.", "%s is too large for a certificate (1 MiB is the most).", where);
    } else if (!secret && last < 0 && why != EAGAIN && why != EINTR) {
        cert_fail(err, "", "Check that it can be read.", "Cannot read %s: %s.", where, strerror(why));
    } else if (!secret) {
        cert_fail(err, "", "Let whatever writes it close it.", "%s did not come to its end within 30 seconds.", where);
    }
    return secret;
}

/* A pipe is fine too: the shell's <(command) is one, and keeps the key off the disk. */
struct secret *cert_read_bytes_of(const char *path, const char *where, bool *others_read, struct err *err)
{
    struct stat status;
    struct secret *bytes = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 || fstat(fd, &status) < 0) {
        cert_fail(err, "", "Check the path, and that this user may read it.", "Cannot read %s: %s.", where, strerror(errno));
    } else if (S_ISDIR(status.st_mode)) {
        cert_fail(err, "", "Give the path of the PFX or PEM file itself.", "%s is a directory, not a file.", path);
    } else if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode)) {
        cert_fail(err, "", "Give the path of a PFX or PEM file.", "%s is not a file.", path);
    } else {
        if (others_read) {
            *others_read = S_ISREG(status.st_mode) && (status.st_mode & (S_IRGRP | S_IROTH)) != 0;
        }
        bytes = cert_read_descriptor(fd, where, err);
    }
    if (fd >= 0) {
        close(fd);
    }
    return bytes;
}

struct client_certificate *cert_read_path(const char *path, struct cert_ask *ask, struct err *err)
{
    bool others_read = false;
    char *where = mem_format("the file %s", path);
    struct client_certificate *certificate = NULL;
    struct secret *bytes = cert_read_bytes_of(path, where, &others_read, err);
    if (bytes) {
        ask->where = where;
        certificate = cert_read_bytes(secret_str(bytes), ask, err);
        ask->where = "";
    }
    if (certificate && others_read) {
        cert_warn(certificate, "Other users of this machine may read the key's file: chmod 600 it.");
    }
    secret_free(bytes);
    free(where);
    return certificate;
}

struct client_certificate *client_certificate_from_file(const char *path, const struct secret *password, struct err *err)
{
    struct cert_ask ask = { .password = password, .where = "" };
    return cert_read_path(path, &ask, err);
}
