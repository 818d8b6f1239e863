/* The one table of connection parameters, and the values given for them. Help, form, profile and man page read the table;
   whoever adds a parameter adds a row and nothing else. */
#include "connect/options.h"
#include "connect/ps_session_option.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/secret.h"
#include "connect/secret_source.h"

#define NO_EFFECT " (accepted; it has no effect here)"

/* The parameters of Connect-IPPSSession and their positions as in Microsoft's reference of 2026-08. */
static const struct option_row rows[] = {
    { OPT_USER_PRINCIPAL_NAME, "UserPrincipalName", "user-principal-name", OPTION_TEXT, -1, false, false, "USER",
      "The account to sign in with, for example admin@contoso.onmicrosoft.com." },
    { OPT_CREDENTIAL, "Credential", "credential", OPTION_SECRET, -1, false, false, "SOURCE",
      "The password of -UserPrincipalName, or two lines, name and password: prompt, file:PATH, env:NAME, fd:N, cmd:COMMAND." },
    { OPT_ACCESS_TOKEN, "AccessToken", "access-token", OPTION_SECRET, -1, false, false, "SOURCE",
      "An access token made elsewhere: prompt, file:PATH, env:NAME, fd:N, cmd:COMMAND or the token itself." },
    { OPT_APP_ID, "AppId", "app-id", OPTION_TEXT, -1, false, false, "GUID",
      "The application that signs in with a certificate." },
    { OPT_ORGANIZATION, "Organization", "organization", OPTION_TEXT, -1, false, false, "DOMAIN",
      "The tenant's primary onmicrosoft.com domain, for sign-in as an application." },
    { OPT_CERTIFICATE, "Certificate", "certificate", OPTION_TEXT, -1, false, false, "CERT",
      "The application's certificate: pkcs11:URI, file:PATH, fd:N, env:NAME or keyvault:https://VAULT/secrets/NAME." },
    { OPT_CERTIFICATE_FILE_PATH, "CertificateFilePath", "certificate-file-path", OPTION_TEXT, -1, false, false, "FILE",
      "The application's certificate with its key, as PFX or PEM." },
    { OPT_CERTIFICATE_PASSWORD, "CertificatePassword", "certificate-password", OPTION_SECRET, -1, false, false, "SOURCE",
      "The password of the certificate file, or the PIN of its token: prompt, file:PATH, env:NAME, fd:N, cmd:COMMAND." },
    { OPT_CERTIFICATE_THUMBPRINT, "CertificateThumbprint", "certificate-thumbprint", OPTION_TEXT, -1, false, false, "HEX",
      "Looks for the application's certificate by its thumbprint: in purvey's directory, .NET's store, PKCS#11 tokens." },
    { OPT_DELEGATED_ORGANIZATION, "DelegatedOrganization", "delegated-organization", OPTION_TEXT, 2, false, false, "DOMAIN",
      "The customer's primary onmicrosoft.com domain, when you manage it as a partner or guest." },
    { OPT_CONNECTION_URI, "ConnectionUri", "connection-uri", OPTION_TEXT, 0, false, false, "URI",
      "The address of Security & Compliance in your cloud; the cloud's own one unless given." },
    { OPT_AZURE_AD_AUTHORIZATION_ENDPOINT_URI, "AzureADAuthorizationEndpointUri", "azure-ad-authorization-endpoint-uri",
      OPTION_TEXT, 1, false, false, "URI", "The sign-in address of your cloud, with the tenant if need be." },
    { OPT_BYPASS_MAILBOX_ANCHORING, "BypassMailboxAnchoring", "bypass-mailbox-anchoring", OPTION_SWITCH, -1, false, false, "",
      "Does not route requests by the signed-in user's mailbox." },
    { OPT_COMMAND_NAME, "CommandName", "command-name", OPTION_LIST, 5, false, false, "NAMES",
      "Only these cmdlets, separated by commas; * stands for any letters." },
    { OPT_FORMAT_TYPE_NAME, "FormatTypeName", "format-type-name", OPTION_LIST, 6, false, false, "NAMES",
      "Types whose table views a remote session brings along; of use with -UseRPSSession only." },
    { OPT_PREFIX, "Prefix", "prefix", OPTION_TEXT, 4, false, false, "WORD",
      "Letters and digits put before the noun of every cmdlet of this connection." },
    { OPT_SHOW_BANNER, "ShowBanner", "show-banner", OPTION_SWITCH, -1, false, false, "",
      "Shows the service's greeting; the terminal does so unless it is $false, a run only when asked." },
    { OPT_ENABLE_SEARCH_ONLY_SESSION, "EnableSearchOnlySession", "enable-search-only-session", OPTION_SWITCH, -1, false, false,
      "", "A session for the eDiscovery search cmdlets." },
    { OPT_USE_RPS_SESSION, "UseRPSSession", "use-rps-session", OPTION_SWITCH, -1, false, false, "",
      "Remote PowerShell in place of REST. Deprecated since October 2023: the service may refuse it." },
    { OPT_PS_SESSION_OPTION, "PSSessionOption", "ps-session-option", OPTION_HASHTABLE, 3, false, false, "TABLE",
      "Settings of remote PowerShell, @{OpenTimeout=60000}; of use with -UseRPSSession only." },
    { OPT_DISABLE_WAM, "DisableWAM", "disable-wam", OPTION_SWITCH, -1, false, true, "",
      "Turns the Windows sign-in broker off" NO_EFFECT "." },
    { OPT_ENABLE_ERROR_REPORTING, "EnableErrorReporting", "enable-error-reporting", OPTION_SWITCH, -1, false, true, "",
      "Microsoft's error log" NO_EFFECT "." },
    { OPT_LOG_DIRECTORY_PATH, "LogDirectoryPath", "log-directory-path", OPTION_TEXT, -1, false, true, "DIR",
      "Where Microsoft's error log goes" NO_EFFECT "." },
    { OPT_LOG_LEVEL, "LogLevel", "log-level", OPTION_TEXT, -1, false, true, "LEVEL",
      "How much Microsoft's error log holds" NO_EFFECT "." },
    { OPT_EXO_MODULE_BASE_PATH, "EXOModuleBasePath", "exo-module-base-path", OPTION_TEXT, -1, false, true, "DIR",
      "Where Microsoft's module keeps its files" NO_EFFECT "." },
    { OPT_CONFIRM, "Confirm", "confirm", OPTION_SWITCH, -1, false, true, "", "Asks before connecting" NO_EFFECT "." },
    { OPT_WHAT_IF, "WhatIf", "what-if", OPTION_SWITCH, -1, false, true, "", "Only tells" NO_EFFECT "." },
    { OPT_MANAGED_IDENTITY, "ManagedIdentity", "managed-identity", OPTION_SWITCH, -1, false, false, "",
      "Signs in as the Azure machine that purvey runs on (VM, App Service, Arc)." },
    { OPT_MANAGED_IDENTITY_ACCOUNT_ID, "ManagedIdentityAccountId", "managed-identity-account-id", OPTION_TEXT, -1, false, false,
      "ID", "The client id or resource id of a user-assigned managed identity." },
    { OPT_CLOUD, "cloud", "cloud", OPTION_TEXT, -1, true, false, "NAME",
      "The cloud: worldwide, gcc-high, dod or 21vianet; found from the user name unless given." },
    { OPT_CLIENT_ID, "client-id", "client-id", OPTION_TEXT, -1, true, false, "GUID",
      "Signs in through this application instead of Microsoft's own." },
    { OPT_SIGN_IN, "sign-in", "sign-in", OPTION_TEXT, -1, true, false, "WAY",
      "How a person signs in: browser, device (a code for any browser), or auto." },
    { OPT_CLIENT_SECRET, "client-secret", "client-secret", OPTION_SECRET, -1, true, false, "SOURCE",
      "The secret of an application of your own; a certificate is the better way." },
    { OPT_FEDERATED_TOKEN_FILE, "federated-token-file", "federated-token-file", OPTION_TEXT, -1, true, false, "FILE",
      "A token of another issuer that Entra trusts for the application (Kubernetes, GitHub)." },
    { OPT_CERTIFICATE_DIRECTORY, "certificate-directory", "certificate-directory", OPTION_TEXT, -1, true, false, "DIR",
      "Where -CertificateThumbprint looks first, instead of ~/.config/purvey/certs." },
    { OPT_ASSERTION_ALGORITHM, "assertion-algorithm", "assertion-algorithm", OPTION_TEXT, -1, true, false, "NAME",
      "How the application's proof is signed: PS256, or RS256 for old sign-in servers." },
    { OPT_SEND_CHAIN, "send-chain", "send-chain", OPTION_SWITCH, -1, true, false, "",
      "Sends the certificate's chain too (x5c), for applications that trust a subject name." },
    { OPT_VAULT_TOKEN, "vault-token", "vault-token", OPTION_SECRET, -1, true, false, "SOURCE",
      "An access token for Key Vault; the machine's managed identity unless given." },
    { OPT_REDIRECT_PORT, "redirect-port", "redirect-port", OPTION_NUMBER, -1, true, false, "PORT",
      "The port of this machine to which the browser brings its answer, to be forwarded by ssh -L." },
    { OPT_ACCEPT_QUERY_CODE, "accept-query-code", "accept-query-code", OPTION_SWITCH, -1, true, false, "",
      "Takes the browser's answer from an address as well; less safe, for old sign-in servers." },
    { OPT_TOKEN_CACHE, "token-cache", "token-cache", OPTION_TEXT, -1, true, false, "PLACE",
      "Where sign-ins are kept: auto, keyring, desktop, file or memory." },
    { OPT_TRUST_AUTHORITY, "trust-authority", "trust-authority", OPTION_SWITCH, -1, true, false, "",
      "Signs in at -AzureADAuthorizationEndpointUri although it is no known host of Entra." },
    { OPT_CA_FILE, "ca-file", "ca-file", OPTION_TEXT, -1, true, false, "FILE",
      "Certificate authorities to trust in place of the system's, as PEM (for a proxy that inspects TLS)." },
    { OPT_PROXY, "proxy", "proxy", OPTION_TEXT, -1, true, false, "URL",
      "The proxy to go through; https_proxy from the environment unless given." },
    { OPT_PAGE_SIZE, "page-size", "page-size", OPTION_NUMBER, -1, true, false, "N",
      "How many objects to ask for at once, 1 to 1000." },
    { OPT_TIMEOUT, "timeout", "timeout", OPTION_NUMBER, -1, true, false, "SECONDS",
      "How long to wait for one cmdlet, 1 to 86400; the service itself stops after 15 minutes." },
};

_Static_assert(sizeof rows / sizeof *rows == OPTION_COUNT, "a row for every option");

const struct option_row *option_row(enum option_id id)
{
    /* The rows stand in the order of help, which need not be that of the enum: a search, not an index. */
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (rows[i].id == id)
            return &rows[i];
    return NULL;
}

const char *option_values(enum option_id id)
{
    switch (id) {
    case OPT_CLOUD: return "worldwide|gcc-high|dod|21vianet";       /* the demo's own is chosen by --demo alone */
    case OPT_SIGN_IN: return "auto|browser|device";
    case OPT_TOKEN_CACHE: return "auto|keyring|desktop|file|memory";
    case OPT_ASSERTION_ALGORITHM: return "PS256|RS256";
    default: return "";
    }
}

static void say_ambiguous(struct str name, bool own, struct err *err)
{
    /* Enough names for one line of advice; the buffer's cap keeps the sentence short. */
    struct buf list = BUF_INIT(300);
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (rows[i].own == own && str_starts_nocase(str_of(rows[i].name), name))
            buf_format(&list, "%s%s%s", list.len > 0 ? ", " : "", own ? "--" : "-", rows[i].name);
    err_set(err, ERR_INPUT, "%s%.*s is ambiguous", own ? "--" : "-", STR_ARG(name));
    err_advise(err, "It could be %s.", buf_cstr(&list));
    buf_free(&list);
}

/* What the sister cmdlet Connect-ExchangeOnline takes and Connect-IPPSSession does not: pasted often, for want of the difference. */
static const struct sister { const char *name, *advice; } sisters[] = {
    { "Device", "For a code that any browser takes, write --sign-in device." },
    { "device-code", "For a code that any browser takes, write --sign-in device." },
    { "InlineCredential", "For a password, write -UserPrincipalName USER -Credential prompt." },
    { "PageSize", "Write --page-size N." },
    { "ShowProgress", "Leave it out: the terminal shows how far a read is." },
    { "SkipLoadingCmdletHelp", "Leave it out: help is always there." },
    { "LoadCmdletHelp", "Leave it out: help is always there." },
    { "SkipLoadingFormatData", "Leave it out: nothing of the kind is loaded." },
};

static bool say_sister(struct str name, struct err *err)
{
    for (size_t i = 0; i < sizeof sisters / sizeof *sisters; i++)
        if (str_is_nocase(name, sisters[i].name)) {
            err_advise(err, "%s", sisters[i].advice);
            return true;
        }
    return false;
}

static void say_unknown(struct str name, bool own, struct err *err)
{
    struct nearest nearest = nearest_to(name);
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (rows[i].own == own)
            nearest_offer(&nearest, str_of(rows[i].name));
    err_set(err, ERR_INPUT, "there is no connection %s %s%.*s", own ? "option" : "parameter", own ? "--" : "-",
            STR_ARG(str_take(name, 100)));
    if (say_sister(name, err))
        return;
    nearest_advise(&nearest, own ? "--" : "-", "purvey --help lists them; purvey's own options begin with two dashes.", err);
}

/* Two tables in one: a name with one dash is never mistaken for purvey's own of the same beginning. */
const struct option_row *option_find(struct str name, bool own, struct err *err)
{
    const struct option_row *found = NULL;
    size_t prefixed = 0;
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (rows[i].own != own)
            continue;
        /* A whole name wins over every longer one that begins with it: -Confirm is not ambiguous with anything. */
        if (str_is_nocase(name, rows[i].name) || str_is_nocase(name, rows[i].gnu_name))
            return &rows[i];
        if (name.len > 0 && str_starts_nocase(str_of(rows[i].name), name)) {
            found = &rows[i];
            prefixed++;
        }
    }
    if (prefixed == 1)
        return found;
    if (prefixed > 1)
        say_ambiguous(name, own, err);
    else
        say_unknown(name, own, err);
    return NULL;
}

/* ---- the values ---- */

void options_init(struct options *options)
{
    *options = (struct options){ .values = { NULL } };
}

/* Every value is wiped, not only the secret kinds: it costs nothing and forgets nothing. */
static void remove_value(struct options *options, enum option_id id)
{
    char *value = options->values[id];
    if (options->secrets[id]) {
        secret_free(options->secrets[id]);
    } else if (value != NULL) {
        secret_wipe(value, strlen(value));
        free(value);
    }
    options->secrets[id] = NULL;
    options->values[id] = NULL;
}

static void put_value(struct options *options, enum option_id id, struct str value)
{
    if (option_row(id)->kind == OPTION_SECRET) {
        options->secrets[id] = secret_new(value);
        union { const char *constant; char *text; } bytes = { .constant = secret_str(options->secrets[id]).data };
        options->values[id] = bytes.text;
    } else {
        options->values[id] = str_dup(value);
    }
}

void options_free(struct options *options)
{
    for (size_t i = 0; i < OPTION_COUNT; i++)
        remove_value(options, (enum option_id)i);
}

void options_copy(struct options *to, const struct options *from)
{
    /* The copy belongs to its message: the form goes on editing its own while the engine reads this one. */
    options_init(to);
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (from->values[i] != NULL)
            put_value(to, (enum option_id)i, str_of(from->values[i]));
}

/* Where a path begins in the value of an option; behind it all when there is none. */
static size_t path_at(enum option_id id, struct str value)
{
    bool path = id == OPT_CERTIFICATE_FILE_PATH || id == OPT_CERTIFICATE_DIRECTORY || id == OPT_FEDERATED_TOKEN_FILE || id == OPT_CA_FILE;
    bool source = id == OPT_CERTIFICATE || option_row(id)->kind == OPTION_SECRET;
    return path ? 0 : source && str_starts_nocase(value, STR("file:")) ? 5 : value.len;
}

char *options_home(enum option_id id, struct str value)
{
    size_t at = path_at(id, value);
    const char *home = getenv("HOME");
    bool tilde = home && *home && str_starts(str_from(value, at), STR("~/"));
    return tilde ? mem_format("%.*s%s%.*s", (int)at, value.data, home, STR_ARG(str_from(value, at + 1))) : str_dup(value);
}

void options_set(struct options *options, enum option_id id, struct str value)
{
    /* Copied before the old one goes: the value may be a piece of it. */
    struct options fresh = { .values = { NULL } };
    if (value.len > 0) {
        char *expanded = options_home(id, value);
        put_value(&fresh, id, str_of(expanded));
        secret_wipe(expanded, strlen(expanded));
        free(expanded);
    }
    remove_value(options, id);
    options->values[id] = fresh.values[id];
    options->secrets[id] = fresh.secrets[id];
}

const char *options_get(const struct options *options, enum option_id id)
{
    return options->values[id] != NULL ? options->values[id] : "";
}

bool options_on(const struct options *options, enum option_id id)
{
    /* Checked when it was set, so whatever is not "true" here is the other word. */
    return str_is_nocase(str_of(options_get(options, id)), "true");
}

/* ---- the line ---- */

/* Backslashes and stars are plain to PowerShell; a shell would need them quoted, and the line is meant for
   PowerShell. */
static bool plain_word(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._@:/-\\*", text.data[i]) == NULL)
            return false;
    return text.len > 0 && strchr("-@*", text.data[0]) == NULL;
}

/* PowerShell's single quotes, in which only the quote itself means anything. */
static void print_text(struct str text, struct buf *out)
{
    if (plain_word(text)) {
        buf_add(out, text);
        return;
    }
    buf_char(out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '\'')
            buf_char(out, '\'');
        buf_char(out, text.data[i]);
    }
    buf_char(out, '\'');
}

static void print_list(struct str list, struct buf *out)
{
    struct str item;
    /* The comma stays outside the quotes, or PowerShell would read one text instead of a list. */
    for (bool more = true; more;) {
        more = str_cut(&list, ',', &item);
        print_text(str_trim(item), out);
        if (more)
            buf_char(out, ',');
    }
}

/* A source such as env:NAME is no secret and is shown; what is no source must be one. */
static void print_option(const struct option_row *row, struct str value, struct buf *out)
{
    buf_format(out, " -%s", row->name);
    if (row->kind == OPTION_SWITCH || row->kind == OPTION_BOOL) {
        buf_text(out, str_is_nocase(value, "true") ? "" : ":$false");
        return;
    }
    buf_char(out, ' ');
    if (row->kind == OPTION_SECRET && !secret_source_named(value))
        buf_text(out, "***");
    else if (row->kind == OPTION_LIST)
        print_list(value, out);
    else if (row->kind != OPTION_HASHTABLE || !ps_session_option_print(value, out))
        print_text(value, out);
}

/* purvey's own options are left out: the official cmdlet would not know them. */
void options_command_line(const struct options *options, struct buf *out)
{
    buf_text(out, "Connect-IPPSSession");
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct option_row *row = &rows[i];
        if (!row->own && options->values[row->id] != NULL)
            print_option(row, str_of(options->values[row->id]), out);
    }
}
