/* -PSSessionOption: what New-PSSessionOption makes, as a hash table (rps.md section 12). Of use with -UseRPSSession only. */
#ifndef PURVEY_CONNECT_PS_SESSION_OPTION_H
#define PURVEY_CONNECT_PS_SESSION_OPTION_H

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"

enum ps_session_kind { PS_SESSION_TIME, PS_SESSION_COUNT, PS_SESSION_BYTES, PS_SESSION_SWITCH, PS_SESSION_CHOICE, PS_SESSION_TEXT, PS_SESSION_TABLE,
                       PS_SESSION_CREDENTIAL };
/* USED; IGNORED: accepted, of no effect here, and `help` says why; REFUSED: not accepted when it is on or given. */
enum ps_session_verdict { PS_SESSION_USED, PS_SESSION_IGNORED, PS_SESSION_REFUSED };

struct ps_session_member {
    const char *name;           /* as New-PSSessionOption has it */
    enum ps_session_kind kind;
    enum ps_session_verdict verdict;
    int64_t least, most;        /* of numbers; times in milliseconds */
    const char *fallback;       /* the value without it */
    const char *choices;        /* with | between */
    const char *help;           /* one sentence; of a refused one, the reason */
};

size_t ps_session_member_count(void);
const struct ps_session_member *ps_session_member_at(size_t index);

/* Plain values; texts and tables are the option's. */
struct ps_session_option {
    int maximum_redirection;                    /* -1 = as many as are taken */
    bool no_machine_profile, direct;            /* direct: ProxyAccessType NoProxyServer */
    bool proxied;                               /* ...and whether it leads to a proxy at all */
    char proxy_authentication[16];              /* as its choices are written; "" = not given */
    char *proxy_user, *proxy_password;          /* NULL = none; the password is the name of its source */
    char culture[32], ui_culture[32];           /* "" = the locale */
    uint64_t max_command_bytes, max_object_bytes;       /* 0 = no limit */
    int open_timeout_ms, cancel_timeout_ms;     /* 0 = no limit */
    int operation_timeout_ms;                   /* 0 = not given */
    int idle_timeout_ms;                        /* 0 = the server's */
    int max_connection_retries;
    struct json *application_arguments;         /* NULL = none */
};

/* @{OpenTimeout=60000; Culture='en-US'}, or (New-PSSessionOption -OpenTimeout 60000 -NoCompression) as it is pasted. Names
   case-blind and by unambiguous prefix, times in milliseconds or as hours:minutes:seconds. Empty text gives the defaults. False
   with ERR_INPUT, the member named in the text and err->field PSSessionOption. ps_session_option_free after success. */
bool ps_session_option_parse(struct str text, struct ps_session_option *option, struct err *err) MUST_USE;
void ps_session_option_free(struct ps_session_option *option);

/* Appends (New-PSSessionOption -Name value), which is what PowerShell wants there. False, and nothing appended, when text is no table. */
bool ps_session_option_print(struct str text, struct buf *out);

/* One value as it is typed into a form's field. Empty is fine. */
bool ps_session_member_check(const struct ps_session_member *member, struct str value, struct err *err) MUST_USE;
/* The table's value of a member as a form's field shows it; false when it has none, or is no table. */
bool ps_session_member_value(struct str table, const struct ps_session_member *member, struct buf *value);
/* Appends Name=value to a table that is being written: "@{" first, what this appends, then "}". A bad value is written all the same. */
void ps_session_member_print(const struct ps_session_member *member, struct str value, struct buf *table);

#endif
