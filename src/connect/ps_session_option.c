#include "connect/ps_session_option.h"

#include <ctype.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/nearest.h"
#include "catalogue/literal.h"
#include "connect/secret_source.h"

#define MOST_MS INT_MAX

static const struct ps_session_member members[] = {
    { "MaximumRedirection", PS_SESSION_COUNT, PS_SESSION_USED, INT_MIN, INT_MAX, "5", "",
      "How often a redirect is followed while opening, 10 at most; 0 refuses redirects." },
    { "OpenTimeout", PS_SESSION_TIME, PS_SESSION_USED, 0, MOST_MS, "180000", "", "Milliseconds for the whole opening; 0 is no limit." },
    { "OperationTimeout", PS_SESSION_TIME, PS_SESSION_USED, 0, MOST_MS, "60000", "",
      "Milliseconds that the server may hold a request; PowerShell has 180000." },
    { "CancelTimeout", PS_SESSION_TIME, PS_SESSION_USED, 0, MOST_MS, "60000", "", "Milliseconds to wait until a cmdlet has stopped." },
    { "IdleTimeout", PS_SESSION_TIME, PS_SESSION_USED, -1, MOST_MS, "-1", "",
      "Milliseconds after which the server ends an unused session: 60000 at least; -1 is the server's choice." },
    { "MaximumReceivedDataSizePerCommand", PS_SESSION_BYTES, PS_SESSION_USED, 0, INT64_MAX, "0", "",
      "Bytes that one cmdlet may give before it is stopped; 0 is no limit." },
    { "MaximumReceivedObjectSize", PS_SESSION_BYTES, PS_SESSION_USED, 0, INT64_MAX, "209715200", "", "Bytes of one object; 200 MB at most." },
    { "MaxConnectionRetryCount", PS_SESSION_COUNT, PS_SESSION_USED, 0, 100, "5", "", "How often a lost answer is asked for again." },
    { "Culture", PS_SESSION_TEXT, PS_SESSION_USED, 0, 0, "", "", "Culture of dates and numbers, for example en-US." },
    { "UICulture", PS_SESSION_TEXT, PS_SESSION_USED, 0, 0, "", "", "Language of messages, for example en-US." },
    { "ApplicationArguments", PS_SESSION_TABLE, PS_SESSION_USED, 0, 0, "", "", "A hash table that is handed to the session." },
    { "ProxyAccessType", PS_SESSION_CHOICE, PS_SESSION_USED, 0, 0, "None", "None|IEConfig|WinHttpConfig|AutoDetect|NoProxyServer",
      "NoProxyServer goes past any proxy; all others take --proxy or the environment." },
    { "ProxyAuthentication", PS_SESSION_CHOICE, PS_SESSION_USED, 0, 0, "Negotiate", "Negotiate|Basic|Digest",
      "How the proxy is told who asks; Negotiate is Kerberos or NTLM." },
    { "ProxyCredential", PS_SESSION_CREDENTIAL, PS_SESSION_USED, 0, 0, "", "",
      "@{UserName='me'; Password='env:NAME'}, the password from env:, file:, fd: or cmd:. Needs a ProxyAccessType." },
    { "NoMachineProfile", PS_SESSION_SWITCH, PS_SESSION_USED, 0, 0, "", "", "Asks for a session without a profile." },
    { "NoCompression", PS_SESSION_SWITCH, PS_SESSION_IGNORED, 0, 0, "", "", "Without effect: streams are never compressed, HTTP is." },
    { "SkipRevocationCheck", PS_SESSION_SWITCH, PS_SESSION_IGNORED, 0, 0, "", "", "Without effect." },
    { "NoEncryption", PS_SESSION_SWITCH, PS_SESSION_IGNORED, 0, 0, "", "", "Without effect: TLS encrypts." },
    { "IncludePortInSPN", PS_SESSION_SWITCH, PS_SESSION_IGNORED, 0, 0, "", "", "Without effect: it is of Kerberos." },
    { "OutputBufferingMode", PS_SESSION_CHOICE, PS_SESSION_IGNORED, 0, 0, "None", "None|Drop|Block", "Without effect: sessions are never left open." },
    { "SkipCACheck", PS_SESSION_SWITCH, PS_SESSION_REFUSED, 0, 0, "", "",
      "TLS certificates are always verified here; --ca-file names an authority of your own" },
    { "SkipCNCheck", PS_SESSION_SWITCH, PS_SESSION_REFUSED, 0, 0, "", "", "the name in a TLS certificate is always verified here" },
    { "UseUTF16", PS_SESSION_SWITCH, PS_SESSION_REFUSED, 0, 0, "", "", "messages are always UTF-8 here" },
};

enum { MEMBERS = sizeof members / sizeof *members };

size_t ps_session_member_count(void)
{
    return MEMBERS;
}

const struct ps_session_member *ps_session_member_at(size_t index)
{
    return index < MEMBERS ? &members[index] : NULL;
}

/* ---- names ---- */

static void say_unknown(struct str name, struct err *err)
{
    struct nearest nearest = nearest_to(name);
    for (size_t i = 0; i < MEMBERS; i++) {
        nearest_offer(&nearest, str_of(members[i].name));
    }
    err_set(err, ERR_INPUT, "PSSessionOption has no member %.*s", STR_ARG(name));
    nearest_advise(&nearest, "", "purvey(1) has the list of its members.", err);
}

/* What else a member is called: by the object that New-PSSessionOption makes, and by aliases of its parameters. */
static struct str usual_name(struct str name)
{
    struct str suffix = STR("MSec");
    if (str_is_nocase(name, "MaximumConnectionRedirectionCount")) {
        return STR("MaximumRedirection");
    }
    return str_ends_nocase(name, suffix) ? str_take(name, name.len - suffix.len) : name;
}

static const struct ps_session_member *find(struct str name, struct err *err)
{
    name = usual_name(name);
    const struct ps_session_member *found = NULL;
    size_t count = 0;
    for (size_t i = 0; i < MEMBERS; i++) {
        if (str_is_nocase(name, members[i].name)) {
            return &members[i];
        }
        if (name.len && str_starts_nocase(str_of(members[i].name), name)) {
            found = &members[i];
            count++;
        }
    }
    if (count == 1) {
        return found;
    }
    if (count) {
        err_set(err, ERR_INPUT, "PSSessionOption: %.*s is the beginning of several members", STR_ARG(name));
        err_advise(err, "Write the whole name.");
    } else {
        say_unknown(name, err);
    }
    return NULL;
}

/* ---- values ---- */

static bool refuse(const struct ps_session_member *member, struct err *err, const char *what)
{
    err_set(err, ERR_INPUT, "%s %s", member->name, what);
    if (*member->help && member->verdict == PS_SESSION_USED) {
        err_advise(err, "%s", member->help);
    }
    return false;
}

/* hours:minutes:seconds, as New-TimeSpan prints them. */
static bool clock_ms_of(struct str text, int64_t *ms)
{
    struct str hours, minutes;
    int64_t h, m, s;
    if (!str_cut(&text, ':', &hours) || !str_cut(&text, ':', &minutes)) {
        return false;
    }
    bool good = str_to_int64(hours, 0, 596, &h) && str_to_int64(minutes, 0, 59, &m) && str_to_int64(text, 0, 59, &s);
    *ms = good ? ((h * 60 + m) * 60 + s) * 1000 : 0;
    return good;
}

static bool number_of(const struct ps_session_member *member, struct str text, int64_t *number)
{
    struct buf digits = BUF_INIT(64);
    bool good = str_to_int64(text, INT64_MIN, INT64_MAX, number) || (member->kind == PS_SESSION_TIME && clock_ms_of(text, number)) ||
                (literal_number(text, &digits) && str_to_int64(buf_str(&digits), INT64_MIN, INT64_MAX, number));
    buf_free(&digits);
    return good && *number >= member->least && *number <= member->most;
}

static bool bool_of(struct str text, bool *on)
{
    *on = str_is_nocase(text, "true") || str_is_nocase(text, "$true") || str_is(text, "1");
    return *on || str_is_nocase(text, "false") || str_is_nocase(text, "$false") || str_is(text, "0");
}

/* By its word, or by the number that .NET gives it. */
static bool choice_of(const struct ps_session_member *member, struct str text, struct str *choice)
{
    static const char *const access[] = { "0", "1", "2", "4", "8" };
    struct str rest = str_of(member->choices);
    for (size_t i = 0; rest.len; i++) {
        str_cut(&rest, '|', choice);
        bool number = str_is_nocase(str_of(member->name), "ProxyAccessType") && i < 5 && str_is(text, access[i]);
        if (number || str_eq_nocase(text, *choice)) {
            return true;
        }
    }
    return false;
}

static bool is_culture(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!isalnum((unsigned char)text.data[i]) && text.data[i] != '-') {
            return false;
        }
    }
    return text.len > 1 && text.len < 32;
}

static bool check_number(const struct ps_session_member *member, struct str value, struct err *err)
{
    int64_t number;
    if (!number_of(member, value, &number)) {
        return refuse(member, err, member->kind == PS_SESSION_TIME ? "takes a number of milliseconds" : "takes a number");
    }
    if (str_is(str_of(member->name), "IdleTimeout") && number > 0 && number < 60000) {
        return refuse(member, err, "is 60000 milliseconds at least");
    }
    return true;
}

static bool check_table(const struct ps_session_member *member, struct str value, struct err *err)
{
    struct literal literal = { 0 };
    bool good = literal_parse(value, &literal, err) && json_kind(literal.json) == JSON_OBJECT;
    json_free(literal.json);
    return good || refuse(member, err, "takes a hash table, @{name='value'}");
}

/* A password in a table would end up in histories and drafts. */
static bool check_credential(const struct ps_session_member *member, struct str value, struct err *err)
{
    struct literal literal = { 0 };
    bool good = literal_parse(value, &literal, err) && json_kind(literal.json) == JSON_OBJECT;
    struct str user = json_string(json_get_nocase(literal.json, "UserName")), password = json_string(json_get_nocase(literal.json, "Password"));
    good = (good && user.len > 0 && password.len > 0) || refuse(member, err, "takes a hash table with a UserName and a Password");
    if (good && (!secret_source_named(password) || str_is_nocase(password, "prompt"))) {
        good = refuse(member, err, "takes its Password from env:NAME, file:PATH, fd:N or cmd:COMMAND");
    }
    json_free(literal.json);
    return good;
}

bool ps_session_member_check(const struct ps_session_member *member, struct str value, struct err *err)
{
    struct str choice;
    bool on = true;
    if (!value.len) {
        return true;
    }
    if (member->kind == PS_SESSION_SWITCH && !bool_of(value, &on)) {
        return refuse(member, err, "is $true or $false");
    }
    if (member->verdict == PS_SESSION_REFUSED && on) {
        err_set(err, ERR_INPUT, "%s is not accepted: %s", member->name, member->help);
        err_advise(err, "Leave it out.");
        return false;
    }
    switch (member->kind) {
    case PS_SESSION_TIME:
    case PS_SESSION_COUNT:
    case PS_SESSION_BYTES:
        return check_number(member, value, err);
    case PS_SESSION_CHOICE:
        if (!choice_of(member, value, &choice)) {
            err_set(err, ERR_INPUT, "%s has no value %.*s", member->name, STR_ARG(value));
            err_advise(err, "It takes %s.", member->choices);
            return false;
        }
        return true;
    case PS_SESSION_TEXT:
        return is_culture(value) || refuse(member, err, "takes the name of a culture");
    case PS_SESSION_TABLE:
        return check_table(member, value, err);
    case PS_SESSION_CREDENTIAL:
        return check_credential(member, value, err);
    case PS_SESSION_SWITCH:
        break;
    }
    return true;
}

/* ---- the two ways to write it ---- */

/* (New-PSSessionOption -Name value -Switch) as the table that it would make. */
static bool read_command(struct str text, struct json **table, struct err *err)
{
    struct reader reader = reader_of(text);
    *table = json_new_object();
    for (reader_skip(&reader, true); !reader_end(&reader); reader_skip(&reader, true)) {
        size_t dash = reader_dash(&reader), start;
        if (!dash) {
            return reader_fail(&reader, reader.at, err, "a parameter of New-PSSessionOption is expected here");
        }
        start = reader.at += dash;
        while (isalnum((unsigned char)reader_peek(&reader, 0))) {
            reader.at++;
        }
        char name[64];
        struct str word = str_take(str_from(text, start), reader.at - start < sizeof name ? reader.at - start : sizeof name - 1);
        memcpy(name, word.data, word.len);
        name[word.len] = '\0';
        bool colon = reader_peek(&reader, 0) == ':';
        reader.at += colon;
        reader_skip(&reader, true);
        struct literal literal = { 0 };
        bool valued = colon || !(reader_end(&reader) || (reader_dash(&reader) && !isdigit((unsigned char)reader_peek(&reader, 1))));
        if (valued && !literal_read(&reader, &literal, err)) {
            json_free(literal.json);
            return false;
        }
        json_add(*table, name, valued ? literal.json : json_new_bool(true));
    }
    return true;
}

/* False with err; *table is the caller's in every case. */
static bool read_table(struct str text, struct json **table, struct err *err)
{
    struct literal literal = { 0 };
    text = str_trim(text);
    *table = NULL;
    if (str_starts(text, STR("(")) && str_ends_nocase(text, STR(")"))) {
        text = str_trim(str_take(str_from(text, 1), text.len - 2));
    }
    if (str_starts_nocase(text, STR("New-PSSessionOption"))) {
        return read_command(str_from(text, sizeof "New-PSSessionOption" - 1), table, err);
    }
    bool good = literal_parse(text, &literal, err);
    *table = literal.json;
    if (good && json_kind(literal.json) != JSON_OBJECT) {
        good = err_set(err, ERR_INPUT, "PSSessionOption is a hash table");
    }
    if (!good) {
        err_advise(err, "Write it as @{OpenTimeout=60000; Culture='en-US'}.");
    }
    return good;
}

/* As it would be typed into a field. */
static void value_text(const struct json *value, struct buf *out)
{
    if (json_kind(value) == JSON_BOOL) {
        buf_text(out, json_bool(value, false) ? "true" : "false");
    } else if (json_kind(value) == JSON_OBJECT || json_kind(value) == JSON_ARRAY) {
        literal_print(value, out);
    } else {
        buf_add(out, json_string(value));
    }
}

static void set_number(struct ps_session_option *option, struct str name, int64_t number)
{
    int ms = number < 0 ? 0 : number > INT_MAX ? INT_MAX : (int)number;
    const struct { const char *name; int *into; } numbers[] = {
        { "OpenTimeout", &option->open_timeout_ms }, { "OperationTimeout", &option->operation_timeout_ms },
        { "CancelTimeout", &option->cancel_timeout_ms }, { "IdleTimeout", &option->idle_timeout_ms },
        { "MaxConnectionRetryCount", &option->max_connection_retries },
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (str_is(name, numbers[i].name)) {
            *numbers[i].into = ms;
        }
    }
    if (str_is(name, "MaximumRedirection")) {
        option->maximum_redirection = number < 0 ? -1 : ms;
    } else if (str_is(name, "MaximumReceivedDataSizePerCommand")) {
        option->max_command_bytes = (uint64_t)number;
    } else if (str_is(name, "MaximumReceivedObjectSize")) {
        option->max_object_bytes = (uint64_t)number;
    }
}

static void set_value(struct ps_session_option *option, const struct ps_session_member *member, struct str text, const struct json *value)
{
    struct str name = str_of(member->name), choice;
    int64_t number;
    bool on;
    if (member->kind <= PS_SESSION_BYTES && number_of(member, text, &number)) {
        set_number(option, name, number);
    } else if (str_is(name, "NoMachineProfile") && bool_of(text, &on)) {
        option->no_machine_profile = on;
    } else if (str_is(name, "ProxyAccessType") && choice_of(member, text, &choice)) {
        option->direct = str_is(choice, "NoProxyServer");
        option->proxied = !option->direct && !str_is(choice, "None");
    } else if (str_is(name, "ProxyAuthentication")) {
        str_put(option->proxy_authentication, sizeof option->proxy_authentication, choice_of(member, text, &choice) ? choice : text);
    } else if (str_is(name, "ProxyCredential")) {
        free(option->proxy_user);
        free(option->proxy_password);
        option->proxy_user = str_dup(json_string(json_get_nocase(value, "UserName")));
        option->proxy_password = str_dup(json_string(json_get_nocase(value, "Password")));
    } else if (str_is(name, "Culture")) {
        str_put(option->culture, sizeof option->culture, text);
    } else if (str_is(name, "UICulture")) {
        str_put(option->ui_culture, sizeof option->ui_culture, text);
    } else if (str_is(name, "ApplicationArguments")) {
        json_free(option->application_arguments);
        option->application_arguments = json_copy(value);
    }
}

static bool take_members(struct ps_session_option *option, const struct json *table, struct err *err)
{
    for (const struct json *value = json_first(table); value; value = json_next(value)) {
        const struct ps_session_member *member = find(str_of(json_name(value)), err);
        struct buf text = BUF_INIT(BUF_SMALL);
        if (json_kind(value) != JSON_NULL) {
            value_text(value, &text);
        }
        bool good = member && ps_session_member_check(member, buf_str(&text), err);
        if (good && text.len) {
            set_value(option, member, buf_str(&text), value);
        }
        buf_free(&text);
        if (!good) {
            return false;
        }
    }
    return true;
}

bool ps_session_option_parse(struct str text, struct ps_session_option *option, struct err *err)
{
    struct json *table = NULL;
    *option = (struct ps_session_option){
        .maximum_redirection = 5, .max_object_bytes = 209715200, .open_timeout_ms = 180000, .cancel_timeout_ms = 60000, .max_connection_retries = 5,
    };
    bool good = !str_trim(text).len || (read_table(text, &table, err) && take_members(option, table, err));
    if (good && option->proxy_user && !option->proxied) {
        good = err_set(err, ERR_INPUT, "ProxyCredential needs a ProxyAccessType that leads to a proxy");
        err_advise(err, "Add ProxyAccessType='WinHttpConfig'; the proxy is that of --proxy or https_proxy.");
    }
    json_free(table);
    if (!good) {
        if (err && !*err->advice) {
            err_advise(err, "purvey(1) has the list of its members and what they take.");
        }
        err_field(err, "PSSessionOption");
        ps_session_option_free(option);
    }
    return good;
}

void ps_session_option_free(struct ps_session_option *option)
{
    json_free(option->application_arguments);
    free(option->proxy_user);
    free(option->proxy_password);
    option->application_arguments = NULL;
    option->proxy_user = option->proxy_password = NULL;
}

bool ps_session_option_print(struct str text, struct buf *out)
{
    struct json *table = NULL;
    bool good = read_table(text, &table, NULL);
    buf_text(out, good ? "(New-PSSessionOption" : "");
    for (const struct json *value = good ? json_first(table) : NULL; value; value = json_next(value)) {
        const struct ps_session_member *member = find(str_of(json_name(value)), NULL);
        buf_format(out, " -%s", member ? member->name : json_name(value));
        if (member && member->kind == PS_SESSION_CREDENTIAL) {
            buf_text(out, " (Get-Credential ");
            literal_print_text(json_string(json_get_nocase(value, "UserName")), false, out);
            buf_char(out, ')');
        } else if (json_kind(value) == JSON_BOOL) {
            buf_text(out, json_bool(value, false) ? "" : ":$false");
        } else {
            buf_char(out, ' ');
            literal_print(value, out);
        }
    }
    buf_text(out, good ? ")" : "");
    json_free(table);
    return good;
}

/* ---- for forms ---- */

bool ps_session_member_value(struct str text, const struct ps_session_member *member, struct buf *out)
{
    struct json *table = NULL;
    bool found = false;
    if (str_trim(text).len && read_table(text, &table, NULL)) {
        for (const struct json *value = json_first(table); value; value = json_next(value)) {
            if (find(str_of(json_name(value)), NULL) == member && json_kind(value) != JSON_NULL) {
                value_text(value, out);
                found = true;
            }
        }
    }
    json_free(table);
    return found;
}

void ps_session_member_print(const struct ps_session_member *member, struct str value, struct buf *table)
{
    bool on, numeric = member->kind <= PS_SESSION_BYTES;
    int64_t number;
    buf_text(table, table->len > 2 ? "; " : "");
    buf_format(table, "%s=", member->name);
    if (member->kind == PS_SESSION_SWITCH && bool_of(value, &on)) {
        buf_text(table, on ? "$true" : "$false");
    } else if ((numeric && str_to_int64(value, INT64_MIN, INT64_MAX, &number)) || member->kind >= PS_SESSION_TABLE) {
        buf_add(table, value);
    } else {
        literal_print_text(value, false, table);
    }
}
