/* What is wrong with a value is said beside its field and before anything goes over the network. Each check gives one
   sentence on the mistake and one on what to write instead. */
#include <ctype.h>
#include <unistd.h>

#include "auth/cloud.h"
#include "base/guid.h"
#include "connect/options.h"
#include "base/mem.h"

#include <stdlib.h>

#define NOT_BUILT_ADVICE \
    "What works: a code that you enter in a browser (give -UserPrincipalName, or nothing), or -AccessToken."

/* ---- forms of single values ---- */

/* Letters of any script pass: whether such a domain exists is for the sign-in to say. */
static bool domain_char(char c)
{
    return isalnum((unsigned char)c) || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

/* Two labels at least, none of them empty. */
static bool is_domain(struct str text)
{
    struct str label;
    size_t labels = 0;
    /* The limits of DNS; the texts go into a path and a header as they are. */
    if (text.len > 253)
        return false;
    for (bool more = true; more; labels++) {
        more = str_cut(&text, '.', &label);
        if (label.len == 0 || label.len > 63)
            return false;
        for (size_t i = 0; i < label.len; i++)
            if (!domain_char(label.data[i]))
                return false;
    }
    return labels >= 2;
}

static bool has_blank(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (isspace((unsigned char)text.data[i]) || iscntrl((unsigned char)text.data[i]))
            return true;
    return false;
}

static bool is_word(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!isalnum((unsigned char)text.data[i]) && text.data[i] != '-')
            return false;
    return text.len > 0;
}

/* Each slip has its own sentence, because "invalid user name" helps nobody at the first connection. */
static bool check_user(struct str value, struct err *err)
{
    struct str domain = value, name;
    bool at = str_cut(&domain, '@', &name);
    if (has_blank(value))
        err_set(err, ERR_INPUT, "a user name has no blanks in it");
    else if (!at)
        err_set(err, ERR_INPUT, "\"%.*s\" is not a full user name: the @ and the domain are missing", STR_ARG(value));
    else if (name.len == 0)
        err_set(err, ERR_INPUT, "the part before the @ is missing");
    else if (domain.len == 0)
        err_set(err, ERR_INPUT, "the domain after the @ is missing");
    else if (memchr(domain.data, '@', domain.len) != NULL)
        err_set(err, ERR_INPUT, "a user name has only one @");
    else if (!is_domain(domain))
        err_set(err, ERR_INPUT, "\"%.*s\" is not a domain", STR_ARG(domain));
    else
        return true;
    /* The common slip is the tenant's name without its domain: then the suggestion is the whole user name. */
    if (at && name.len > 0 && !has_blank(value) && is_word(domain))
        err_advise(err, "Did you mean %.*s.onmicrosoft.com?", STR_ARG(value));
    else
        err_advise(err, "Write it like an e-mail address, for example admin@contoso.onmicrosoft.com.");
    return false;
}

/* The tenant number would sign in, but requests are routed by domain (rest.md 1.1). */
static bool check_domain(struct str value, struct err *err)
{
    if (is_domain(value))
        return true;
    err_set(err, ERR_INPUT, "\"%.*s\" is not a domain", STR_ARG(value));
    if (guid_valid(value))
        err_advise(err, "The tenant's number does not do here: give its domain, for example contoso.onmicrosoft.com.");
    else if (is_word(value))
        err_advise(err, "Did you mean %.*s.onmicrosoft.com?", STR_ARG(value));
    else
        err_advise(err, "Write the primary domain, for example contoso.onmicrosoft.com.");
    return false;
}

static bool check_guid(struct str value, struct err *err)
{
    if (guid_valid(value))
        return true;
    err_set(err, ERR_INPUT, "\"%.*s\" is not a GUID", STR_ARG(value));
    err_advise(err, "It looks like 36ee4c6c-0812-40a2-b820-b22ebd02bce3; copy it from the application's page.");
    return false;
}

/* The host of an https address, without user, port and path. */
static bool https_host(struct str value, struct str *host, struct err *err)
{
    if (has_blank(value) || !str_starts_nocase(value, STR("https://"))) {
        err_set(err, ERR_INPUT, "\"%.*s\" is not an https address", STR_ARG(value));
        err_advise(err, "It begins with https:// and has no blanks.");
        return false;
    }
    *host = str_from(value, 8);
    /* Where user, path or query begin the host ends; a host of ours before an @ would be somebody's user name. */
    for (size_t i = 0; i < host->len; i++)
        if (strchr("/:?#@\\", host->data[i]) != NULL) {
            if (host->data[i] == '@' || host->data[i] == '\\')
                return err_set(err, ERR_INPUT, "an address with '%c' in its host is refused", host->data[i]);
            *host = str_take(*host, i);
        }
    return is_domain(*host) || err_set(err, ERR_INPUT, "\"%.*s\" has no host name in it", STR_ARG(value));
}

/* The token goes to this host, so only hosts of the known clouds will do. */
static bool check_connection_uri(struct str value, struct err *err)
{
    struct str host;
    if (!https_host(value, &host, err))
        return false;
    char *name = str_dup(host);
    bool known = cloud_by_connection_host(name) != NULL;
    if (!known) {
        err_set(err, ERR_INPUT, "%s is not an address of Security & Compliance", name);
        err_advise(err, "Leave it out for the worldwide cloud (https://ps.compliance.protection.outlook.com), or choose --cloud.");
    }
    free(name);
    return known;
}

/* Passwords and codes are entered for this host: only the known sign-in addresses will do. */
static bool check_authority_uri(struct str value, struct err *err)
{
    struct str host;
    if (!https_host(value, &host, err))
        return false;
    char *name = str_dup(host);
    bool known = cloud_by_authority_host(name) != NULL;
    if (!known) {
        err_set(err, ERR_INPUT, "%s is not a sign-in address of Microsoft Entra", name);
        err_advise(err, "The worldwide one is https://login.microsoftonline.com/organizations.");
    }
    free(name);
    return known;
}

/* The official module's own rule, so that the line works there too (rest.md 7.3). */
static bool check_prefix(struct str value, struct err *err)
{
    if (str_is_nocase(value, "EXO")) {
        err_set(err, ERR_INPUT, "the prefix EXO is reserved");
        err_advise(err, "Choose another word of letters and digits.");
        return false;
    }
    for (size_t i = 0; i < value.len; i++)
        if (!isalnum((unsigned char)value.data[i])) {
            err_set(err, ERR_INPUT, "a prefix has only the letters a to z and digits");
            err_advise(err, "For example Contoso: Get-Label becomes Get-ContosoLabel.");
            return false;
        }
    return true;
}

/* SHA-1 of the certificate, as the portal shows it; copied with blanks or a hidden mark it fits nothing. */
static bool check_thumbprint(struct str value, struct err *err)
{
    size_t digits = 0;
    for (size_t i = 0; i < value.len; i++)
        digits += isxdigit((unsigned char)value.data[i]) != 0;
    if (digits == 40 && value.len == 40)
        return true;
    return err_set(err, ERR_INPUT, "a thumbprint has 40 hexadecimal digits, this has %zu characters", value.len);
}

/* Here rather than at the connection: the form can say so while the person is still at the field. */
static bool check_readable(struct str value, struct err *err)
{
    char *path = str_dup(value);
    bool readable = access(path, R_OK) == 0;
    if (!readable) {
        err_errno(err, "cannot read %s", path);
        if (err != NULL)
            err->kind = ERR_INPUT;
    }
    free(path);
    return readable;
}

/* The demo's own is not named: it is chosen by --demo alone. */
static bool check_cloud(struct str value, struct err *err)
{
    char *name = str_dup(value);
    bool known = cloud_by_name(name) != NULL;
    free(name);
    if (known)
        return true;
    err_set(err, ERR_INPUT, "there is no cloud \"%.*s\"", STR_ARG(value));
    err_advise(err, "It is worldwide, gcc-high, dod or 21vianet.");
    return false;
}

/* Only the kinds that libcurl speaks with the certificates of the target still checked end to end. */
static bool check_proxy(struct str value, struct err *err)
{
    static const char *const schemes[] = { "http://", "https://", "socks5://", "socks5h://" };
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        struct str scheme = str_of(schemes[i]);
        if (!has_blank(value) && str_starts_nocase(value, scheme) && value.len > scheme.len)
            return true;
    }
    err_set(err, ERR_INPUT, "\"%.*s\" is not the address of a proxy", STR_ARG(value));
    err_advise(err, "For example http://proxy.contoso.com:8080.");
    return false;
}

static bool check_number(struct str value, int64_t max, struct err *err)
{
    int64_t number;
    return str_to_int64(value, 1, max, &number)
        || err_set(err, ERR_INPUT, "\"%.*s\" is not a number from 1 to %lld", STR_ARG(value), (long long)max);
}

/* More than 1000 the service does not give on one page (rest.md section 9). */
static bool check_page_size(struct str value, struct err *err)
{
    return check_number(value, 1000, err);
}

/* A day at most: past the service's 15 minutes nothing will come, but a proxy may queue (rest.md section 9). */
static bool check_timeout(struct str value, struct err *err)
{
    return check_number(value, 86400, err);
}

static bool check_switch(struct str value, struct err *err)
{
    return str_is_nocase(value, "true") || str_is_nocase(value, "false")
        || err_set(err, ERR_INPUT, "\"%.*s\" is neither true nor false", STR_ARG(value));
}

/* Options without a row take any text: names of cmdlets, paths that nothing reads, sources of secrets. */
static const struct {
    enum option_id id;
    bool (*check)(struct str value, struct err *err);
} checks[] = {
    { OPT_USER_PRINCIPAL_NAME, check_user },
    { OPT_APP_ID, check_guid },
    { OPT_CLIENT_ID, check_guid },
    { OPT_ORGANIZATION, check_domain },
    { OPT_DELEGATED_ORGANIZATION, check_domain },
    { OPT_CONNECTION_URI, check_connection_uri },
    { OPT_AZURE_AD_AUTHORIZATION_ENDPOINT_URI, check_authority_uri },
    { OPT_PREFIX, check_prefix },
    { OPT_CERTIFICATE_THUMBPRINT, check_thumbprint },
    { OPT_CERTIFICATE_FILE_PATH, check_readable },
    { OPT_CA_FILE, check_readable },
    { OPT_CLOUD, check_cloud },
    { OPT_PROXY, check_proxy },
    { OPT_PAGE_SIZE, check_page_size },
    { OPT_TIMEOUT, check_timeout },
};

/* Empty is "not given" here, never a value: the form hands every field over. */
bool options_check_value(enum option_id id, struct str value, struct err *err)
{
    const struct option_row *row = option_row(id);
    bool good = true;
    if (value.len == 0)
        return true;
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (checks[i].id == id)
            good = checks[i].check(value, err);
    /* Switches need no row in the table above: their kind says what they may hold. */
    if (row->kind == OPTION_SWITCH || row->kind == OPTION_BOOL)
        good = check_switch(value, err);
    if (!good)
        err_field(err, row->name);
    return good;
}

/* ---- all of them together ---- */

static bool given(const struct options *options, enum option_id id)
{
    return options->values[id] != NULL;
}

static bool clash(enum option_id id, const char *text, const char *advice, struct err *err)
{
    err_set(err, ERR_INPUT, "%s", text);
    err_advise(err, "%s", advice);
    err_field(err, option_row(id)->name);
    return false;
}

/* Pairs that exclude each other, and parameters that mean nothing without another (auth.md section 11). */
static const struct {
    enum option_id one, other;
    bool needs;                 /* one needs other; else they exclude each other */
    const char *text, *advice;
} rules[] = {
    { OPT_CERTIFICATE, OPT_CERTIFICATE_FILE_PATH, false, "-Certificate and -CertificateFilePath exclude each other",
      "Give one certificate, in one way." },
    { OPT_CERTIFICATE, OPT_CERTIFICATE_THUMBPRINT, false, "-Certificate and -CertificateThumbprint exclude each other",
      "Give one certificate, in one way." },
    { OPT_CERTIFICATE_FILE_PATH, OPT_CERTIFICATE_THUMBPRINT, false,
      "-CertificateFilePath and -CertificateThumbprint exclude each other", "Give one certificate, in one way." },
    { OPT_CERTIFICATE_PASSWORD, OPT_CERTIFICATE_FILE_PATH, true, "-CertificatePassword needs -CertificateFilePath",
      "The password opens a certificate file; name the file." },
    { OPT_CREDENTIAL, OPT_APP_ID, false, "-Credential and -AppId exclude each other",
      "Sign in either as a person or as an application." },
    { OPT_ACCESS_TOKEN, OPT_CREDENTIAL, false, "-AccessToken and -Credential exclude each other",
      "The token is the sign-in already; leave the credential out." },
    { OPT_APP_ID, OPT_ORGANIZATION, true, "-AppId needs -Organization",
      "Give the tenant's primary domain, for example contoso.onmicrosoft.com." },
    { OPT_CERTIFICATE, OPT_APP_ID, true, "-Certificate needs -AppId", "Name the application that the certificate belongs to." },
    { OPT_CERTIFICATE_FILE_PATH, OPT_APP_ID, true, "-CertificateFilePath needs -AppId",
      "Name the application that the certificate belongs to." },
    { OPT_CERTIFICATE_THUMBPRINT, OPT_APP_ID, true, "-CertificateThumbprint needs -AppId",
      "Name the application that the certificate belongs to." },
};

static bool check_rules(const struct options *options, struct err *err)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (given(options, rules[i].one) && given(options, rules[i].other) != rules[i].needs)
            return clash(rules[i].one, rules[i].text, rules[i].advice, err);
    return true;
}

/* Said before anything is sent: a sign-in that falls back to another kind would be worse than none (pains 6). */
static bool check_built(const struct options *options, struct err *err)
{
    static const enum option_id missing[] = {
        OPT_CREDENTIAL, OPT_CERTIFICATE, OPT_CERTIFICATE_FILE_PATH, OPT_CERTIFICATE_THUMBPRINT, OPT_USE_RPS_SESSION,
    };
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
        const struct option_row *row = option_row(missing[i]);
        /* -Switch:$false asks for nothing, so nothing is missing. */
        if (!given(options, missing[i]) || (row->kind == OPTION_SWITCH && !options_on(options, missing[i])))
            continue;
        err_set(err, ERR_INPUT, "-%s is not built yet in this version", row->name);
        err_advise(err, NOT_BUILT_ADVICE);
        err_field(err, row->name);
        return false;
    }
    /* With a token in hand the application's number is only a label; without one it asks for a sign-in. */
    if (given(options, OPT_APP_ID) && !given(options, OPT_ACCESS_TOKEN))
        return clash(OPT_APP_ID, "sign-in as an application is not built yet in this version", NOT_BUILT_ADVICE, err);
    return true;
}

bool options_check(const struct options *options, struct err *err)
{
    /* Single values first: a rule about two of them makes no sense while one is misspelt. */
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (options->values[i] != NULL && !options_check_value((enum option_id)i, str_of(options->values[i]), err))
            return false;
    return check_rules(options, err) && check_built(options, err);
}
