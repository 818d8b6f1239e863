/* Shared between the readers of certificates only (cert_*.c). */
#ifndef PURVEY_AUTH_CERT_INTERNAL_H
#define PURVEY_AUTH_CERT_INTERNAL_H

#include <gnutls/abstract.h>
#include <gnutls/x509.h>

#include "auth/client_certificate.h"

enum { CERT_BLOCKS_MOST = 64 };             /* certificates that are looked at in one file */

/* What is wanted of a file, a token or a text; matched is the answer to a search. */
struct cert_ask {
    const struct secret *password;          /* NULL or empty = none was given */
    const char *where;
    const char *thumbprint;                 /* as thumbprint_clean leaves it; NULL = whichever certificate is there */
    bool matched;                           /* a certificate with it is there, whether it can be used or not */
};

bool cert_password_given(const struct cert_ask *ask);

/* The text goes into err as ERR_INPUT; returns false. field "" = CertificateFilePath. */
bool cert_fail(struct err *err, const char *field, const char *advice, const char *format, ...) PRINTF_LIKE(4, 5);
bool cert_fail_password(const struct cert_ask *ask, struct err *err);
/* Why GnuTLS cannot read these bytes (DER), as far as they tell. */
bool cert_fail_unreadable(struct str der, bool pem, const struct cert_ask *ask, struct err *err);
bool cert_uses_newer_protection(struct str der);        /* scrypt or PBMAC1, which GnuTLS 3.7 cannot undo */

gnutls_datum_t cert_datum(struct str bytes);            /* a view; GnuTLS does not write into it */
bool cert_holds(struct str bytes, struct str part);

/* --- cert_key.c --- */
/* Takes the key (also on failure). The leaf is the certificate of the key; behind it come its issuers. */
struct client_certificate *cert_assemble(gnutls_privkey_t key, const gnutls_x509_crt_t *crts, size_t count, struct cert_ask *ask,
                                         struct err *err) MUST_USE;
/* A certificate whose key is elsewhere. Takes the signer (also on failure). */
struct client_certificate *cert_from_der(struct str der, struct signer *signer, const char *where, struct err *err) MUST_USE;
/* What the key still needs while it signs; freed with the signer. */
void cert_signer_keep(struct client_certificate *certificate, void *kept, void (*kept_free)(void *kept));
void cert_warn(struct client_certificate *certificate, const char *sentence);   /* adds one */

/* 40 or 64 hex digits, as thumbprint_clean leaves them. */
bool cert_has_thumbprint(gnutls_x509_crt_t crt, const char *clean);

/* --- cert_pfx.c, cert_pem.c --- */
/* False: these bytes are no PFX at all, and err is untouched. */
bool cert_read_pfx(struct str bytes, struct cert_ask *ask, struct client_certificate **certificate, struct err *err) MUST_USE;
struct client_certificate *cert_read_pem(struct str bytes, struct cert_ask *ask, struct err *err) MUST_USE;

/* --- cert_file.c --- */
struct client_certificate *cert_read_bytes(struct str bytes, struct cert_ask *ask, struct err *err) MUST_USE;
struct client_certificate *cert_read_path(const char *path, struct cert_ask *ask, struct err *err) MUST_USE;   /* sets ask->where only meanwhile */
/* Base64 text with blanks and line ends anywhere; NULL when it is none. The caller's to free. */
struct secret *cert_unpack(struct str text) MUST_USE;
/* The bytes of a file or pipe; the caller's to free. *others_read may be NULL. */
struct secret *cert_read_bytes_of(const char *path, const char *where, bool *others_read, struct err *err) MUST_USE;
/* An open descriptor to its end, within 30 seconds, at most CLIENT_CERTIFICATE_FILE_MAX bytes; the caller's to free. */
struct secret *cert_read_descriptor(int fd, const char *where, struct err *err) MUST_USE;

/* --- cert_pkcs11.c --- */
struct client_certificate *cert_from_token(const char *uri, const struct secret *pin, struct err *err) MUST_USE;
/* NULL without an error when no token holds it; *seen counts the certificates that were looked at. */
struct client_certificate *cert_find_in_tokens(const char *clean, const struct secret *pin, size_t *seen, struct err *err);

#endif
