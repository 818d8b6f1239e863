/* ONE table of every Connect-IPPSSession parameter and of purvey's own connection options: the command line, the form,
   the profile file and the man page are made from it (law 3). */
#ifndef PURVEY_CONNECT_OPTIONS_H
#define PURVEY_CONNECT_OPTIONS_H

#include "base/err.h"
#include "base/str.h"

enum option_kind { OPTION_TEXT, OPTION_SWITCH, OPTION_BOOL, OPTION_LIST, OPTION_SECRET, OPTION_HASHTABLE, OPTION_NUMBER };

enum option_id {
    OPT_USER_PRINCIPAL_NAME, OPT_CREDENTIAL, OPT_ACCESS_TOKEN, OPT_APP_ID, OPT_ORGANIZATION, OPT_CERTIFICATE,
    OPT_CERTIFICATE_FILE_PATH, OPT_CERTIFICATE_PASSWORD, OPT_CERTIFICATE_THUMBPRINT, OPT_DELEGATED_ORGANIZATION,
    OPT_CONNECTION_URI, OPT_AZURE_AD_AUTHORIZATION_ENDPOINT_URI, OPT_BYPASS_MAILBOX_ANCHORING, OPT_COMMAND_NAME,
    OPT_FORMAT_TYPE_NAME, OPT_PREFIX, OPT_SHOW_BANNER, OPT_ENABLE_SEARCH_ONLY_SESSION, OPT_USE_RPS_SESSION,
    OPT_PS_SESSION_OPTION, OPT_DISABLE_WAM, OPT_ENABLE_ERROR_REPORTING, OPT_LOG_DIRECTORY_PATH, OPT_LOG_LEVEL,
    OPT_EXO_MODULE_BASE_PATH, OPT_CONFIRM, OPT_WHAT_IF,
    /* purvey's own, two dashes */
    OPT_MANAGED_IDENTITY, OPT_MANAGED_IDENTITY_ACCOUNT_ID,
    OPT_CLOUD, OPT_SIGN_IN, OPT_CLIENT_ID, OPT_CLIENT_SECRET, OPT_FEDERATED_TOKEN_FILE, OPT_CERTIFICATE_DIRECTORY,
    OPT_ASSERTION_ALGORITHM, OPT_SEND_CHAIN, OPT_VAULT_TOKEN, OPT_REDIRECT_PORT, OPT_ACCEPT_QUERY_CODE, OPT_TOKEN_CACHE,
    OPT_TRUST_AUTHORITY, OPT_CA_FILE, OPT_PROXY, OPT_PAGE_SIZE, OPT_TIMEOUT,
    OPTION_COUNT
};

struct option_row {
    enum option_id id;
    const char *name;           /* UserPrincipalName; own ones: ca-file */
    const char *gnu_name;       /* user-principal-name */
    enum option_kind kind;
    int position;               /* 0 to 6 as the reference numbers them, -1 = named only */
    bool own;                   /* purvey's, not the cmdlet's */
    bool hidden;                /* accepted, no effect here: folded away, with `help` saying so */
    const char *placeholder;    /* for help: USER, FILE */
    const char *help;           /* one sentence */
};

const struct option_row *option_row(enum option_id id);
/* The words that it takes and no others, with | between; "" = not so. */
const char *option_values(enum option_id id);
/* By name or unambiguous prefix, case-blind, without dashes; exact and gnu spellings too. NULL with ERR_INPUT naming
   the candidates when ambiguous or the nearest name when unknown. own selects purvey's options. */
const struct option_row *option_find(struct str name, bool own, struct err *err) MUST_USE;

/* The values given. Owned texts; NULL = not given. Switches hold "true" or "false". Secret values hold the source
   ("prompt", "file:PATH", "env:NAME", "fd:N", "cmd:COMMAND") or a literal, wiped on free. */
struct options {
    char *values[OPTION_COUNT];
    struct secret *secrets[OPTION_COUNT];   /* what the values of secret kinds lie in: no copy of one is ever in plain memory */
};

void options_init(struct options *options);
void options_free(struct options *options);
void options_copy(struct options *to, const struct options *from);
void options_set(struct options *options, enum option_id id, struct str value);     /* empty removes it; ~/ of a path is expanded */
/* The value with the ~/ of its path expanded, which no shell does for file:~/… or in a form. The caller's to wipe and free. */
char *options_home(enum option_id id, struct str value);
const char *options_get(const struct options *options, enum option_id id);          /* "" when not given */
bool options_on(const struct options *options, enum option_id id);

/* Checks one value by itself (form of a user name, address, GUID, number...), for the form field and the command line.
   False with ERR_INPUT, err->field set, and advice. An empty value is fine. */
bool options_check_value(enum option_id id, struct str value, struct err *err) MUST_USE;
/* All values together: contradictions (auth.md section 11), what is not built yet. */
bool options_check(const struct options *options, struct err *err) MUST_USE;

/* The equivalent Connect-IPPSSession line, one line; secrets are never in it (a literal shows as ***). */
struct buf;
void options_command_line(const struct options *options, struct buf *out);

/* Takes connection parameters out of argv in PowerShell's manner: -Name value, -Name:value, -Switch, -Switch:$false,
   unambiguous prefixes, --gnu-name value, --gnu-name=value; plain arguments fill positions 0 to 6 when `positional`,
   else they are left. argv holds the arguments only, not the program's name. What is not the table's (plain arguments,
   other --options, -h, -?, -- and what follows it) goes to rest in order; rest has room for argc pointers into argv, and
   *rest_count is set. A literal secret is wiped from argv at once. The caller's own --options that take a value are to
   be written --name=value or taken out before, since their value would pass for a plain argument. False with
   ERR_INPUT. */
bool options_parse(struct options *options, int argc, char **argv, bool positional, char **rest, int *rest_count,
                   struct err *err) MUST_USE;

#endif
