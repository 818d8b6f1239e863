/* -Certificate as purvey takes it: where a certificate comes from, in one word before a colon. */
#include <stdlib.h>

#include "auth/cert_internal.h"
#include "base/mem.h"
#include "base/secret_environment.h"

/* A descriptor of the caller's: read to its end, once. */
static struct client_certificate *from_descriptor(const char *number, const struct secret *password, struct err *err)
{
    int64_t fd;
    if (!str_to_int64(str_of(number), 0, 1023, &fd)) {
        cert_fail(err, "", "Give the number of a descriptor that is open for reading, for example fd:3.", "fd:%s names no file descriptor.",
                  number);
        return NULL;
    }
    char *where = mem_format("the file descriptor %d", (int)fd);
    struct secret *bytes = cert_read_descriptor((int)fd, where, err);
    struct client_certificate *certificate = NULL;
    if (bytes) {
        certificate = client_certificate_from_bytes(secret_str(bytes), password, where, err);
    }
    secret_free(bytes);
    free(where);
    return certificate;
}

/* PEM as it is; anything else is the base64 of a PFX, as pipelines keep it. */
static struct client_certificate *from_variable(const char *name, const struct secret *password, struct err *err)
{
    secret_environment_take(name);
    const char *value = getenv(name);
    char *where = mem_format("the variable %s", name);
    struct client_certificate *certificate = NULL;
    if (!value || !*value) {
        cert_fail(err, "", "Check the variable's name, and that it is exported.", "The variable %s is not set, or is empty.", name);
    } else if (strstr(value, "-----BEGIN ")) {
        certificate = client_certificate_from_bytes(str_of(value), password, where, err);
    } else {
        certificate = client_certificate_from_base64(str_of(value), password, where, err);
    }
    free(where);
    return certificate;
}

struct client_certificate *client_certificate_from_base64(struct str text, const struct secret *password, const char *where,
                                                          struct err *err)
{
    struct secret *bytes = cert_unpack(text);
    struct client_certificate *certificate = NULL;
    if (bytes) {
        certificate = client_certificate_from_bytes(secret_str(bytes), password, where, err);
    } else {
        cert_fail(err, "", "base64 -w0 app.pfx makes the text that is wanted.", "In %s there is neither PEM nor the base64 of a PFX.", where);
    }
    secret_free(bytes);
    return certificate;
}

struct client_certificate *client_certificate_from_source(const char *source, const struct secret *password, struct err *err)
{
    struct err own = { 0 };
    struct client_certificate *certificate = NULL;
    if (str_starts_nocase(str_of(source), STR("pkcs11:"))) {
        certificate = cert_from_token(source, password, &own);
    } else if (str_starts_nocase(str_of(source), STR("file:"))) {
        certificate = client_certificate_from_file(source + 5, password, &own);
    } else if (str_starts_nocase(str_of(source), STR("fd:"))) {
        certificate = from_descriptor(source + 3, password, &own);
    } else if (str_starts_nocase(str_of(source), STR("env:"))) {
        certificate = from_variable(source + 4, password, &own);
    } else {
        err_set(&own, ERR_INPUT, "-Certificate does not say where the certificate is.");
        err_advise(&own, "Give pkcs11:URI, file:PATH, fd:N, env:NAME or keyvault:https://VAULT/secrets/NAME.");
    }
    if (!certificate && !str_is(str_of(own.field), "CertificatePassword")) {
        err_field(&own, "Certificate");
    }
    if (!certificate && err) {
        *err = own;
    }
    return certificate;
}
