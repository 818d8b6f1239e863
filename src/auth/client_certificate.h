/* A certificate with its private key: what an application signs in with (auth.md section 7). Files, PEM, PFX, thumbprints
   in the usual places of Linux, PKCS#11 tokens. All of it blocks for as long as a disk or a token takes: the engine thread
   calls it once per sign-in. */
#ifndef PURVEY_AUTH_CLIENT_CERTIFICATE_H
#define PURVEY_AUTH_CLIENT_CERTIFICATE_H

#include "auth/signer.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/secret.h"

#define CLIENT_CERTIFICATE_FILE_MAX ((size_t)1024 * 1024)
#define CLIENT_CERTIFICATE_CHAIN_MAX 8

struct client_certificate {
    struct signer *signer;              /* owned */
    struct buf chain[CLIENT_CERTIFICATE_CHAIN_MAX];    /* DER, the leaf first, behind each its issuer if that was there too */
    size_t chain_count;
    unsigned char sha1[20], sha256[32]; /* of the leaf's DER */
    char thumbprint[41];                /* sha1 in upper hex: what administrators paste */
    char subject[256], issuer[256];     /* RFC 4514 */
    int64_t not_before, not_after;      /* Unix seconds */
    unsigned key_bits;
    char where[512];                    /* "the file /home/…/app.pfx", "the PKCS#11 token ops": for one line on the screen */
    char warning[256];                  /* readable by others, ends soon...: sentences to show; "" = none */
};

void client_certificate_free(struct client_certificate *certificate);     /* wipes keys; NULL is fine */

/* PFX of every kind in auth.md section 7, PEM bundles in any order, PKCS#8, PKCS#1, encrypted or not. where is for texts.
   password NULL = none was given: then "" and none are tried. Errors, each with err->field CertificateFilePath or
   CertificatePassword and an advice: no such file, wrong password, password needed, no key, no certificate, key of another
   certificate, EC or other key, RSA below 2048 bits, expired or not yet valid, a kind that the library cannot read (with the
   openssl line that converts it). ERR_INPUT for all of these. A pipe is read as well, within 30 seconds: the shell's
   <(command) keeps a key off the disk. */
struct client_certificate *client_certificate_from_file(const char *path, const struct secret *password, struct err *err) MUST_USE;
struct client_certificate *client_certificate_from_bytes(struct str bytes, const struct secret *password, const char *where, struct err *err) MUST_USE;

/* The base64 of a PFX, with or without line ends. */
struct client_certificate *client_certificate_from_base64(struct str text, const struct secret *password, const char *where,
                                                          struct err *err) MUST_USE;

/* pkcs11: URI, file:PATH, fd:N, env:NAME (PEM, or base64 of a PFX). keyvault: is not for here. The password is the PIN of
   a token that has none in its URI (pin-value, pin-source=file:PATH). A PIN reaches one token, once: a second wrong try
   could lock it. field of errors: Certificate, or CertificatePassword. */
struct client_certificate *client_certificate_from_source(const char *source, const struct secret *password, struct err *err) MUST_USE;

/* By thumbprint: blanks, colons and U+200E are taken out. Looks into `directory` (NULL = $XDG_CONFIG_HOME/purvey/certs), then
   .NET's CurrentUser\My (~/.dotnet/corefx/cryptography/x509stores/my), then PKCS#11 tokens. The error names every place
   that was looked at, and how many files or certificates were seen there; where the certificate is there but cannot be
   used (no key, expired, another password), it is that error instead. The password is tried on files, then none, and is the
   token's PIN, once. field: CertificateThumbprint, or CertificatePassword. */
struct client_certificate *client_certificate_by_thumbprint(const char *thumbprint, const char *directory, const struct secret *password,
                                              struct err *err) MUST_USE;

/* 40 hex digits (SHA-1) or 64 (SHA-256), cleaned, upper case; false with ERR_INPUT naming what is wrong. */
bool thumbprint_clean(const char *text, char clean[65], struct err *err) MUST_USE;

#endif
