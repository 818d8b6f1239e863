/* Certificates by thumbprint: the places where a Linux user keeps them, in the order of auth.md section 7. */
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "auth/cert_internal.h"
#include "base/mem.h"

enum { FILES_MOST = 1000, PLACES_MOST = 3 };

/* What is looked for, what was found, and where it was looked for. */
struct search {
    char clean[65];
    const struct secret *password;
    struct client_certificate *found;
    struct err trouble;             /* the certificate is there but cannot be used: better told than "not found" */
    struct buf places;              /* for the error's text */
};

static bool is_noise(struct str text, size_t *skip)
{
    /* Windows' dialog puts an invisible U+200E in front, and colons and blanks come with most other tools. */
    if (str_starts(text, STR("\xe2\x80\x8e")) || str_starts(text, STR("\xe2\x80\x8f"))) {
        *skip = 3;
        return true;
    }
    *skip = 1;
    return text.data[0] == ' ' || text.data[0] == ':' || text.data[0] == '-' || text.data[0] == '\t';
}

bool thumbprint_clean(const char *text, char clean[65], struct err *err)
{
    struct str rest = str_of(text);
    size_t count = 0, skip;
    bool good = true;
    while (good && rest.len) {
        bool noise = is_noise(rest, &skip);
        if (!noise) {
            good = isxdigit((unsigned char)rest.data[0]) && count < 64;
            clean[good ? count++ : 0] = (char)toupper((unsigned char)rest.data[0]);
        }
        rest = str_from(rest, skip);
    }
    clean[count] = '\0';
    if (good && (count == 40 || count == 64)) {
        return true;
    }
    err_set(err, ERR_INPUT, good ? "A thumbprint has 40 hexadecimal digits (or 64, SHA-256); this one has %zu." : "This is not a thumbprint: only digits and the letters A to F belong there (%zu are fine so far).", count);
    err_advise(err, "Copy it from the certificate's page in Entra, or: openssl x509 -noout -fingerprint -in FILE");
    err_field(err, "CertificateThumbprint");
    return false;
}

bool cert_has_thumbprint(gnutls_x509_crt_t crt, const char *clean)
{
    unsigned char digest[32];
    char hex[65] = "";
    size_t size = sizeof digest;
    gnutls_digest_algorithm_t algorithm = strlen(clean) == 40 ? GNUTLS_DIG_SHA1 : GNUTLS_DIG_SHA256;
    if (gnutls_x509_crt_get_fingerprint(crt, algorithm, digest, &size) < 0) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        snprintf(hex + 2 * i, 3, "%02X", digest[i]);
    }
    return strcmp(hex, clean) == 0;
}

static bool fits(const struct client_certificate *certificate, const char *clean)
{
    char hex[65] = "";
    if (strlen(clean) == 40) {
        return strcmp(certificate->thumbprint, clean) == 0;
    }
    for (size_t i = 0; i < sizeof certificate->sha256; i++) {
        snprintf(hex + 2 * i, 3, "%02X", certificate->sha256[i]);
    }
    return strcmp(hex, clean) == 0;
}

/* ---- directories ---- */

static bool is_certificate_file(const char *name)
{
    static const char *const ends[] = { ".pfx", ".p12", ".pem" };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (str_ends_nocase(str_of(name), str_of(ends[i]))) {
            return true;
        }
    }
    return false;
}

/* The name is only a hint; what is in the file counts. A file named like the thumbprint that cannot be opened is most
   likely the one that is meant, so its trouble is remembered. */
static void look_at(struct search *search, const char *path, const char *name)
{
    struct err err = { 0 };
    struct client_certificate *certificate = client_certificate_from_file(path, search->password, &err);
    if (certificate && fits(certificate, search->clean)) {
        search->found = certificate;
        return;
    }
    if (!certificate && str_starts_nocase(str_of(name), str_of(search->clean))) {
        search->trouble = err;
    }
    client_certificate_free(certificate);
}

static void search_directory(struct search *search, const char *directory)
{
    int files = 0;
    DIR *stream = opendir(directory);
    for (struct dirent *entry; stream && !search->found && files < FILES_MOST && (entry = readdir(stream));) {
        if (is_certificate_file(entry->d_name)) {
            char *path = mem_format("%s/%s", directory, entry->d_name);
            look_at(search, path, entry->d_name);
            free(path);
            files++;
        }
    }
    if (stream) {
        closedir(stream);
    }
    if (stream) {
        buf_format(&search->places, "%s%s (%d file%s)", search->places.len ? ", " : "", directory, files, files == 1 ? "" : "s");
    } else {
        buf_format(&search->places, "%s%s (not there)", search->places.len ? ", " : "", directory);
    }
}

static char *own_directory(void)
{
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    return config && *config ? mem_format("%s/purvey/certs", config) : mem_format("%s/.config/purvey/certs", home ? home : "");
}

static char *dotnet_directory(void)
{
    const char *home = getenv("HOME");
    return mem_format("%s/.dotnet/corefx/cryptography/x509stores/my", home ? home : "");
}

/* ---- the whole ---- */

static void fail_not_found(const struct search *search, struct err *err)
{
    if (search->trouble.kind != ERR_NONE) {
        if (err) {
            *err = search->trouble;
        }
        return;
    }
    err_set(err, ERR_INPUT, "No certificate with the thumbprint %s was found. Looked at: %s.", search->clean, buf_cstr(&search->places));
    err_advise(err, "Put its PFX or PEM file into the first of these places, or give -CertificateFilePath.");
    err_field(err, "CertificateThumbprint");
}

struct client_certificate *client_certificate_by_thumbprint(const char *thumbprint, const char *directory,
                                                            const struct secret *password, struct err *err)
{
    struct search search = { .password = password, .places = BUF_INIT(BUF_SMALL) };
    if (!thumbprint_clean(thumbprint, search.clean, err)) {
        return NULL;
    }
    char *own = directory && *directory ? mem_text(directory) : own_directory(), *dotnet = dotnet_directory();
    search_directory(&search, own);
    if (!search.found) {
        search_directory(&search, dotnet);
    }
    if (!search.found) {
        size_t seen = 0;
        search.found = cert_find_in_tokens(search.clean, password, &seen, &search.trouble);
        buf_format(&search.places, ", PKCS#11 tokens (%zu certificate%s)", seen, seen == 1 ? "" : "s");
    }
    if (!search.found) {
        fail_not_found(&search, err);
    }
    free(own);
    free(dotnet);
    buf_free(&search.places);
    return search.found;
}
