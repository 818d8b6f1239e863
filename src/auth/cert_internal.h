/* Shared between the readers of certificates only (cert_*.c). */
#ifndef PURVEY_AUTH_CERT_INTERNAL_H
#define PURVEY_AUTH_CERT_INTERNAL_H

#include <gnutls/abstract.h>
#include <gnutls/x509.h>

#include "auth/client_certificate.h"

/* Takes the key (also on failure). The leaf is the certificate of the key; the others follow it as they came. */
struct client_certificate *cert_assemble(gnutls_privkey_t key, const gnutls_x509_crt_t *crts, size_t count, const char *where,
                                         struct err *err) MUST_USE;

/* A certificate whose key is elsewhere. Takes the signer (also on failure). */
struct client_certificate *cert_from_der(struct str der, struct signer *signer, const char *where, struct err *err) MUST_USE;

/* 40 or 64 hex digits, as thumbprint_clean leaves them. */
bool cert_has_thumbprint(gnutls_x509_crt_t crt, const char *clean);

/* At most CLIENT_CERTIFICATE_FILE_MAX bytes of a plain file into wiped memory. *others_read: group or others may read it. */
bool cert_read_file(const char *path, struct secret **bytes, bool *others_read, struct err *err) MUST_USE;

/* The same of an open descriptor, to its end, within 30 seconds; the caller's to free. */
struct secret *cert_read_descriptor(int fd, struct err *err) MUST_USE;

/* --- cert_pkcs11.c --- */
struct client_certificate *cert_from_token(const char *uri, const struct secret *pin, struct err *err) MUST_USE;
/* NULL without an error when no token holds it; *seen counts the certificates that were looked at. */
struct client_certificate *cert_find_in_tokens(const char *clean, const struct secret *pin, size_t *seen, struct err *err);

#endif
