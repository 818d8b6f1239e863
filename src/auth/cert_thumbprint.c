/* Certificates by thumbprint: the places where a Linux user keeps them, in the order of auth.md section 7. */
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "auth/cert_internal.h"
#include "base/mem.h"

enum { FILES_MOST = 1000 };

/* What is looked for, what was found, and where it was looked for. */
struct search {
    char clean[65];
    const struct secret *password;
    struct client_certificate *found;
    struct err trouble;             /* the certificate is there but cannot be used: better told than "not found" */
    struct buf places;              /* for the error's text */
    int closed;                     /* files that could not be opened with this password, nor without */
};

/* One directory of the search. */
struct place { const char *path; const struct secret *password; int files, closed; };

/* Windows' dialog puts an invisible U+200E in front, web pages hard blanks; colons and blanks come with most tools. */
static size_t noise_length(struct str text)
{
    static const char *const noises[] = { "\xe2\x80\x8e", "\xe2\x80\x8f", "\xef\xbb\xbf", "\xc2\xa0", " ", ":", "-", "\t", "\r", "\n" };
    for (size_t i = 0; i < sizeof noises / sizeof *noises; i++) {
        if (str_starts(text, str_of(noises[i]))) {
            return strlen(noises[i]);
        }
    }
    return 0;
}

bool thumbprint_clean(const char *text, char clean[65], struct err *err)
{
    struct str rest = str_of(text), title;
    size_t count = 0;
    bool good = true;
    if (strchr(text, '=')) {            /* "sha1 Fingerprint=AA:BB:…", as openssl prints it */
        str_cut(&rest, '=', &title);
    }
    while (good && rest.len) {
        size_t noise = noise_length(rest);
        good = noise || isxdigit((unsigned char)rest.data[0]);
        if (good && !noise) {
            clean[count < 64 ? count : 63] = (char)toupper((unsigned char)rest.data[0]);
            count++;
        }
        rest = str_from(rest, noise ? noise : 1);
    }
    clean[count < 64 ? count : 64] = '\0';
    if (good && (count == 40 || count == 64)) {
        return true;
    }
    const char *advice = "Copy it from the certificate's page in Entra, or: openssl x509 -noout -fingerprint -in FILE";
    return good ? cert_fail(err, "CertificateThumbprint", advice,
                            "A thumbprint has 40 hexadecimal digits (or 64, SHA-256); this one has %zu.", count)
                : cert_fail(err, "CertificateThumbprint", advice,
                            "This is not a thumbprint: after %zu digits comes something that is none of 0 to 9 and A to F.", count);
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

static bool is_password_trouble(const struct err *err)
{
    return str_is(str_of(err->field), "CertificatePassword");
}

static struct client_certificate *open_file(struct cert_ask *ask, const char *path, struct err *err)
{
    struct client_certificate *certificate = cert_read_path(path, ask, err);
    /* The password may be meant for another file or be a token's PIN, so a file without one shall open all the same. */
    if (!certificate && ask->password && is_password_trouble(err)) {
        struct cert_ask without = { .where = "", .thumbprint = ask->thumbprint };
        struct err second = { 0 };
        certificate = cert_read_path(path, &without, &second);
        ask->matched = ask->matched || without.matched;
        if (without.matched && !certificate && !is_password_trouble(&second)) {
            *err = second;
        }
    }
    return certificate;
}

/* The name is only a hint; what is in the file counts. A file named like the thumbprint that cannot be opened is most
   likely the one that is meant, so its trouble is remembered, as is that of a file known to hold the certificate. */
static void look_at(struct search *search, struct place *place, const char *path, const char *name)
{
    struct err err = { 0 };
    struct cert_ask ask = { .password = place->password, .where = "", .thumbprint = search->clean };
    struct client_certificate *certificate = open_file(&ask, path, &err);
    if (certificate && fits(certificate, search->clean)) {
        search->found = certificate;
        return;
    }
    bool meant = ask.matched || str_starts_nocase(str_of(name), str_of(search->clean));
    if (!certificate && meant && search->trouble.kind == ERR_NONE) {
        search->trouble = err;
    }
    place->closed += !certificate && is_password_trouble(&err);
    client_certificate_free(certificate);
}

static void say_place(struct search *search, const struct place *place, bool there)
{
    buf_format(&search->places, "%s%s (", search->places.len ? ", " : "", place->path);
    if (!there) {
        buf_text(&search->places, "not there)");
        return;
    }
    buf_format(&search->places, "%d file%s", place->files, place->files == 1 ? "" : "s");
    if (place->closed) {
        buf_format(&search->places, ", %d of them closed to this password", place->closed);
    }
    buf_char(&search->places, ')');
}

static void search_directory(struct search *search, const char *directory, const struct secret *password)
{
    struct place place = { .path = directory, .password = password };
    DIR *stream = opendir(directory);
    for (struct dirent *entry; stream && !search->found && place.files < FILES_MOST && (entry = readdir(stream));) {
        if (is_certificate_file(entry->d_name)) {
            char *path = mem_format("%s/%s", directory, entry->d_name);
            look_at(search, &place, path, entry->d_name);
            free(path);
            place.files++;
        }
    }
    if (stream) {
        closedir(stream);
    }
    search->closed += place.closed;
    say_place(search, &place, stream != NULL);
}

static void search_tokens(struct search *search)
{
    size_t seen = 0;
    struct err err = { 0 };
    search->found = cert_find_in_tokens(search->clean, search->password, &seen, &err);
    /* A token that holds the certificate says more than a file that may hold it. */
    if (!search->found && err.kind != ERR_NONE) {
        search->trouble = err;
    }
    buf_format(&search->places, ", PKCS#11 tokens (%zu certificate%s)", seen, seen == 1 ? "" : "s");
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
        if (!is_password_trouble(&search->trouble)) {
            err_field(err, "CertificateThumbprint");
        }
        return;
    }
    err_set(err, ERR_INPUT, "No certificate with the thumbprint %s was found. Looked at: %s.", search->clean, buf_cstr(&search->places));
    err_advise(err, search->closed ? "It may be in a file that could not be opened: give that file's password with -CertificatePassword."
                                   : "Put its PFX or PEM file into the first of these places, or give -CertificateFilePath.");
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
    search_directory(&search, own, password);
    if (!search.found) {
        search_directory(&search, dotnet, NULL);        /* .NET writes them without a password */
    }
    if (!search.found) {
        search_tokens(&search);
    }
    if (!search.found) {
        fail_not_found(&search, err);
    }
    free(own);
    free(dotnet);
    buf_free(&search.places);
    return search.found;
}
