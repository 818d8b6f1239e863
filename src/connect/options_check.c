/* What is wrong with a value is said beside its field and before anything goes over the network. Each check gives one
   sentence on the mistake and one on what to write instead. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <unistd.h>

#include "auth/client_certificate.h"
#include "auth/cloud.h"
#include "base/guid.h"
#include "connect/options.h"
#include "connect/ps_session_option.h"
#include "base/mem.h"

#include <stdlib.h>

/* ---- forms of single values ---- */

/* Letters of any script pass: whether such a domain exists is for the sign-in to say. */
static bool domain_char(char c)
{
    return isalnum((unsigned char)c) || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

/* How many labels a name has, none of them empty; 0: it is no name. */
static size_t count_labels(struct str text)
{
    struct str label;
    size_t labels = 0;
    /* The limits of DNS; the texts go into a path and a header as they are. */
    if (text.len > 253)
        return 0;
    for (bool more = true; more; labels++) {
        more = str_cut(&text, '.', &label);
        if (label.len == 0 || label.len > 63)
            return 0;
        for (size_t i = 0; i < label.len; i++)
            if (!domain_char(label.data[i]))
                return 0;
    }
    return labels;
}

static bool is_domain(struct str text)
{
    return count_labels(text) >= 2;
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

/* [::1] and its like, at the front of an address: how long it is with its brackets; 0 = there is none. */
static size_t address_length(struct str text)
{
    char address[INET6_ADDRSTRLEN];
    struct in6_addr bytes;
    const char *end = text.len && text.data[0] == '[' ? memchr(text.data, ']', text.len) : NULL;
    size_t length = end ? (size_t)(end - text.data) + 1 : 0;
    if (length < 4 || length - 2 >= sizeof address) {
        return 0;
    }
    str_copy(address, length - 1, text.data + 1);
    return inet_pton(AF_INET6, address, &bytes) == 1 ? length : 0;
}

/* Where user, path or query begin the host ends; a host of ours before an @ would be somebody's user name. */
static bool cut_host(struct str value, struct str *host, struct err *err)
{
    *host = str_from(value, strlen("https://"));
    size_t number = address_length(*host);
    for (size_t i = number; i < host->len; i++)
        if (strchr("/:?#@\\", host->data[i]) != NULL) {
            if (host->data[i] == '@' || host->data[i] == '\\')
                return err_set(err, ERR_INPUT, "an address with '%c' in its host is refused", host->data[i]);
            *host = str_take(*host, i);
        }
    /* One label is enough: localhost, and the hosts of a company's own network. */
    if (number ? host->len != number : count_labels(*host) == 0)
        return err_set(err, ERR_INPUT, "\"%.*s\" has no host name in it", STR_ARG(value));
    return true;
}

/* The host of an https address, without user, port and path; of a numeric one in its brackets. */
static bool https_host(struct str value, struct str *host, struct err *err)
{
    if (has_blank(value) || !str_starts_nocase(value, STR("https://"))) {
        err_set(err, ERR_INPUT, "\"%.*s\" is not an https address", STR_ARG(value));
        err_advise(err, "It begins with https:// and has no blanks.");
        return false;
    }
    if (!cut_host(value, host, err)) {
        err_advise(err, "It looks like https://HOST/PATH.");
        return false;
    }
    return true;
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
        err_advise(err, "The worldwide one is https://login.microsoftonline.com/organizations; --trust-authority takes another.");
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

/* Blanks, colons and hidden marks come with copying, and are taken out (auth.md section 7). */
static bool check_thumbprint(struct str value, struct err *err)
{
    char clean[65], *text = str_dup(value);
    bool good = thumbprint_clean(text, clean, err);
    free(text);
    return good;
}

static bool check_one_of(struct str value, enum option_id id, const char *what, struct err *err)
{
    struct buf list = BUF_INIT(200);
    struct str names = str_of(option_values(id)), name;
    bool found = false;
    while (names.len > 0) {
        str_cut(&names, '|', &name);
        found |= str_eq_nocase(value, name);
        buf_format(&list, "%s%.*s", list.len ? ", " : "", STR_ARG(name));
    }
    if (!found) {
        err_set(err, ERR_INPUT, "\"%.*s\" is not %s", STR_ARG(value), what);
        err_advise(err, "It is one of: %s.", buf_cstr(&list));
    }
    buf_free(&list);
    return found;
}

static bool check_sign_in(struct str value, struct err *err)
{
    return check_one_of(value, OPT_SIGN_IN, "a way to sign in", err);
}

static bool check_token_cache(struct str value, struct err *err)
{
    return check_one_of(value, OPT_TOKEN_CACHE, "a place for tokens", err);
}

static bool check_algorithm(struct str value, struct err *err)
{
    return check_one_of(value, OPT_ASSERTION_ALGORITHM, "a signature that Entra takes", err);
}

/* A client id, or the path of the identity's resource in Azure. */
static bool check_identity(struct str value, struct err *err)
{
    if (guid_valid(value) || str_starts_nocase(value, STR("/subscriptions/")))
        return true;
    err_set(err, ERR_INPUT, "\"%.*s\" is neither a client id nor a resource id", STR_ARG(value));
    err_advise(err, "Copy the client id (a GUID) from the identity's page in Azure.");
    return false;
}

/* Where it comes from has to be said in the word before the colon; what is there is looked at when connecting. */
static bool check_certificate(struct str value, struct err *err)
{
    static const char *const sources[] = { "pkcs11:", "file:", "fd:", "env:", "keyvault:https://" };
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        if (str_starts_nocase(value, str_of(sources[i])) && value.len > strlen(sources[i]))
            return true;
    err_set(err, ERR_INPUT, "-Certificate does not say where the certificate is");
    err_advise(err, "Give pkcs11:URI, file:PATH, fd:N, env:NAME or keyvault:https://VAULT/secrets/NAME.");
    return false;
}

/* Here rather than at the connection: the form can say so while the person is still at the field. */
static bool check_readable(struct str value, struct err *err)
{
    char *path = options_home(OPT_CERTIFICATE_FILE_PATH, value);
    bool readable = access(path, R_OK) == 0;
    if (!readable) {
        err_errno(err, "cannot read %s", path);
        if (err != NULL)
            err->kind = ERR_INPUT;
    }
    free(path);
    return readable;
}

/* A file that holds none would be read without a word, and the server then be refused for a reason that misleads. */
static bool check_ca_file(struct str value, struct err *err)
{
    static const char *const starts[] = { "-----BEGIN CERTIFICATE-----", "-----BEGIN X509 CERTIFICATE-----", "-----BEGIN TRUSTED CERTIFICATE-----" };
    if (!check_readable(value, err))
        return false;
    char *path = str_dup(value), line[256];
    FILE *file = fopen(path, "re");
    bool found = false;
    while (file && !found && fgets(line, sizeof line, file))
        for (size_t i = 0; !found && i < sizeof starts / sizeof *starts; i++)
            found = strncmp(line, starts[i], strlen(starts[i])) == 0;
    if (file)
        fclose(file);
    if (!found) {
        err_set(err, ERR_INPUT, "%s holds no certificate in PEM", path);
        err_advise(err, "Its first line is -----BEGIN CERTIFICATE-----; one in DER is converted by: openssl x509 -inform der -in FILE -out FILE.pem");
    }
    free(path);
    return found;
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
    /* HOST:PORT, as people write it and as libcurl takes it. */
    struct str port = value, host;
    int64_t number;
    if (!has_blank(value) && str_cut(&port, ':', &host) && host.len > 0 && str_to_int64(port, 1, 65535, &number))
        return true;
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

static bool check_port(struct str value, struct err *err)
{
    return check_number(value, 65535, err);
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
static bool check_session_option(struct str value, struct err *err)
{
    struct ps_session_option option;
    bool good = ps_session_option_parse(value, &option, err);
    if (good) {
        ps_session_option_free(&option);
    }
    return good;
}

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
    { OPT_CERTIFICATE, check_certificate },
    { OPT_MANAGED_IDENTITY_ACCOUNT_ID, check_identity },
    { OPT_FEDERATED_TOKEN_FILE, check_readable },
    { OPT_CERTIFICATE_DIRECTORY, check_readable },
    { OPT_ASSERTION_ALGORITHM, check_algorithm },
    { OPT_SIGN_IN, check_sign_in },
    { OPT_REDIRECT_PORT, check_port },
    { OPT_TOKEN_CACHE, check_token_cache },
    { OPT_CA_FILE, check_ca_file },
    { OPT_CLOUD, check_cloud },
    { OPT_PROXY, check_proxy },
    { OPT_PAGE_SIZE, check_page_size },
    { OPT_TIMEOUT, check_timeout },
    { OPT_PS_SESSION_OPTION, check_session_option },
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

/* A switch that is written out as off was not given. */
static bool given(const struct options *options, enum option_id id)
{
    const char *value = options->values[id];
    return value != NULL && !(option_row(id)->kind == OPTION_SWITCH && str_is_nocase(str_of(value), "false"));
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
    { OPT_CREDENTIAL, OPT_APP_ID, false, "-Credential and -AppId exclude each other",
      "Sign in either as a person or as an application." },
    { OPT_ACCESS_TOKEN, OPT_CREDENTIAL, false, "-AccessToken and -Credential exclude each other",
      "The token is the sign-in already; leave the credential out." },
    { OPT_ACCESS_TOKEN, OPT_CERTIFICATE, false, "-AccessToken and -Certificate exclude each other",
      "The token is the sign-in already; leave the certificate out." },
    { OPT_ACCESS_TOKEN, OPT_CERTIFICATE_FILE_PATH, false, "-AccessToken and -CertificateFilePath exclude each other",
      "The token is the sign-in already; leave the certificate out." },
    { OPT_ACCESS_TOKEN, OPT_CERTIFICATE_THUMBPRINT, false, "-AccessToken and -CertificateThumbprint exclude each other",
      "The token is the sign-in already; leave the certificate out." },
    { OPT_ACCESS_TOKEN, OPT_CLIENT_SECRET, false, "-AccessToken and --client-secret exclude each other",
      "The token is the sign-in already; leave the secret out." },
    { OPT_ACCESS_TOKEN, OPT_FEDERATED_TOKEN_FILE, false, "-AccessToken and --federated-token-file exclude each other",
      "The access token is the sign-in already; leave the other one out." },
    { OPT_ACCESS_TOKEN, OPT_MANAGED_IDENTITY, false, "-AccessToken and -ManagedIdentity exclude each other",
      "The token is the sign-in already; leave the identity out." },
    { OPT_CREDENTIAL, OPT_MANAGED_IDENTITY, false, "-Credential and -ManagedIdentity exclude each other",
      "Sign in either as a person or as this machine." },
    { OPT_CLIENT_SECRET, OPT_CREDENTIAL, false, "--client-secret and -Credential exclude each other",
      "Sign in either as a person or as an application." },
    { OPT_CLIENT_SECRET, OPT_APP_ID, true, "--client-secret needs -AppId", "Name the application that the secret belongs to." },
    { OPT_CLIENT_SECRET, OPT_CERTIFICATE, false, "--client-secret and -Certificate exclude each other", "Give one proof of the application." },
    { OPT_CLIENT_SECRET, OPT_CERTIFICATE_FILE_PATH, false, "--client-secret and -CertificateFilePath exclude each other",
      "Give one proof of the application." },
    { OPT_CLIENT_SECRET, OPT_CERTIFICATE_THUMBPRINT, false, "--client-secret and -CertificateThumbprint exclude each other",
      "Give one proof of the application." },
    { OPT_FEDERATED_TOKEN_FILE, OPT_APP_ID, true, "--federated-token-file needs -AppId", "Name the application that trusts the token's issuer." },
    { OPT_FEDERATED_TOKEN_FILE, OPT_CLIENT_SECRET, false, "--federated-token-file and --client-secret exclude each other",
      "Give one proof of the application." },
    { OPT_FEDERATED_TOKEN_FILE, OPT_CERTIFICATE, false, "--federated-token-file and -Certificate exclude each other",
      "Give one proof of the application." },
    { OPT_FEDERATED_TOKEN_FILE, OPT_CERTIFICATE_FILE_PATH, false, "--federated-token-file and -CertificateFilePath exclude each other",
      "Give one proof of the application." },
    { OPT_FEDERATED_TOKEN_FILE, OPT_CERTIFICATE_THUMBPRINT, false, "--federated-token-file and -CertificateThumbprint exclude each other",
      "Give one proof of the application." },
    { OPT_MANAGED_IDENTITY_ACCOUNT_ID, OPT_MANAGED_IDENTITY, true, "-ManagedIdentityAccountId needs -ManagedIdentity",
      "Give both, or leave the id out." },
    { OPT_MANAGED_IDENTITY, OPT_APP_ID, false, "-ManagedIdentity and -AppId exclude each other",
      "The machine's identity needs no application id; -ManagedIdentityAccountId chooses among several." },
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

/* Said before anything is sent: an application that has no proof would end at a prompt that nobody sees (pains 6). */
static bool check_proof(const struct options *options, struct err *err)
{
    static const enum option_id proofs[] = {
        OPT_CERTIFICATE, OPT_CERTIFICATE_FILE_PATH, OPT_CERTIFICATE_THUMBPRINT, OPT_CLIENT_SECRET, OPT_FEDERATED_TOKEN_FILE,
        OPT_ACCESS_TOKEN,       /* with a token in hand the application's number is only a label */
    };
    bool proved = !given(options, OPT_APP_ID);
    for (size_t i = 0; i < sizeof proofs / sizeof *proofs; i++)
        proved = proved || given(options, proofs[i]);
    return proved || clash(OPT_APP_ID, "-AppId needs a proof: a certificate, or one of the others",
                           "Give -CertificateFilePath, -CertificateThumbprint or -Certificate.", err);
}

static bool check_password_place(const struct options *options, struct err *err)
{
    bool opens = given(options, OPT_CERTIFICATE_FILE_PATH) || given(options, OPT_CERTIFICATE) || given(options, OPT_CERTIFICATE_THUMBPRINT);
    return !given(options, OPT_CERTIFICATE_PASSWORD) || opens ||
           clash(OPT_CERTIFICATE_PASSWORD, "-CertificatePassword needs -CertificateFilePath",
                 "The password opens a certificate file; name the file.", err);
}

static bool check_organization(const struct options *options, struct err *err)
{
    return !options_on(options, OPT_MANAGED_IDENTITY) || given(options, OPT_ORGANIZATION) ||
           clash(OPT_MANAGED_IDENTITY, "-ManagedIdentity needs -Organization",
                 "Give the tenant's primary domain, for example contoso.onmicrosoft.com.", err);
}

/* The one address that the person vouches for; it still has to be https. */
static bool is_trusted(const struct options *options, enum option_id id)
{
    struct str host;
    return id == OPT_AZURE_AD_AUTHORIZATION_ENDPOINT_URI && options_on(options, OPT_TRUST_AUTHORITY) &&
           https_host(str_of(options->values[id]), &host, NULL);
}

bool options_check(const struct options *options, struct err *err)
{
    /* Single values first: a rule about two of them makes no sense while one is misspelt. */
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (options->values[i] != NULL && !is_trusted(options, (enum option_id)i) &&
            !options_check_value((enum option_id)i, str_of(options->values[i]), err))
            return false;
    return check_rules(options, err) && check_proof(options, err) && check_password_place(options, err) &&
           check_organization(options, err);
}
