/* The service wraps what a cmdlet said into several layers, in three notations, and at times answers with no JSON at
   all. Everything here is about finding the one sentence that helps, and never failing on what comes instead. */
#include "session/rest/rest_error.h"

#include "base/base64.h"
#include "base/clock.h"
#include "net/http.h"

#include <stdio.h>

/* The useful parts of an error object. Slices point into the parsed tree or into `inner`. */
struct finding {
    struct str text;            /* the cmdlet's own words; empty = none found */
    struct str type;            /* .NET type of the exception */
    struct str number;          /* Ex6F9304 */
    struct str outer_code;      /* error.code: Unauthorized, Forbidden */
};

/* ---- advice by status: what is true of every such answer ---- */

struct status_row {
    int status;
    enum err_kind kind;
    const char *text;           /* when the body says nothing; %s is absent on purpose */
    const char *advice;
};

static const struct status_row statuses[] = {
    { 302, ERR_SERVER, "The service sends us to another region", "Connect again; the organization may have been moved." },
    { 307, ERR_SERVER, "The service sends us to another region", "Connect again; the organization may have been moved." },
    { 400, ERR_SERVER, "The service refused the request", "Check names and values of the parameters." },
    { 401, ERR_AUTH_REQUIRED, "The service does not accept the sign-in",
      "Sign in again, or give a new access token, for Security & Compliance. An application needs consent and the permission "
      "Exchange.ManageAsApp." },
    { 403, ERR_FORBIDDEN, "Your account may not do this",
      "Ask for a role group in the Purview portal that has this cmdlet; a new role takes up to an hour and a new "
      "sign-in." },
    { 404, ERR_NOT_FOUND, "The service does not find it",
      "Check the name; the matching Get- cmdlet lists what is there." },
    { 408, ERR_SERVER, "The service waited too long", "Run it again." },
    { 413, ERR_INPUT, "The values are too large for the service", "Send less at a time." },
    { 429, ERR_THROTTLED, "The service is throttling: too many requests",
      "Wait and run it again; other tools working on the same organization count as well." },
    { 500, ERR_SERVER, "The service failed", "Run it again; if it stays, give the ids to Microsoft support." },
    { 502, ERR_SERVER, "The service cannot be reached at the moment", "Run it again in a minute." },
    { 503, ERR_SERVER, "The service is busy or being serviced", "Run it again in a minute." },
    { 504, ERR_SERVER, "The service took too long", "Run it again, with a narrower filter if there is one." },
};

static const struct status_row application_row = {
    403, ERR_FORBIDDEN, "The application may not do this",
    "Add it to a role group of Security & Compliance that has this cmdlet (its service principal is the member); a new role takes "
    "up to an hour and a new sign-in.",
};

static const struct status_row *status_row(int status, bool app_only)
{
    if (status == 403 && app_only)
        return &application_row;
    static const struct status_row other = { 0, ERR_SERVER, "The service gave an unexpected answer", "Run it again." };
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
        if (statuses[i].status == status)
            return &statuses[i];
    return &other;
}

/* ---- advice by what the text or the exception's type says: more exact than the status ---- */

static const struct {
    const char *needle;
    enum err_kind kind;
    const char *advice;
} known[] = {
    { "ManagementObjectNotFoundException", ERR_NOT_FOUND,
      "Check the name; the matching Get- cmdlet lists what is there." },
    { "ParameterTransformationException", ERR_SERVER, "Correct the value that the text speaks of." },
    { "AmbiguousParameterSetException", ERR_SERVER,
      "These parameters do not go together, or one of them is not known." },
    { "ParameterBindingException", ERR_SERVER, "Check the names of the parameters." },
    { "ManagementObjectAlreadyExistsException", ERR_SERVER, "Choose another name, or change the one that exists." },
    { "organization container", ERR_SERVER,
      "Usually the wrong region or organization: check the organization's onmicrosoft.com name. It also happens "
      "without any Security & Compliance role and for some hours in a new tenant." },
    { "orgUnit", ERR_SERVER,
      "Usually the wrong region or organization, no Security & Compliance role, or a tenant that is "
      "still being set up." },
    { "isn't supported in this scenario", ERR_FORBIDDEN,
      "The application has no role here: add it to a role group of Security & Compliance." },
    { "EnableSearchOnlySession", ERR_FORBIDDEN, "" },      /* the text says it all */
    { "pagination request", ERR_SERVER, "The list could not be read to its end. Run it again, with a filter." },
    { "is not allowed to call", ERR_FORBIDDEN,
      "Ask for a role group in the Purview portal that has this cmdlet; sign in again afterwards." },
};

static const char *const transient_exceptions[] = {
    "DCOverloadedException", "SuitabilityDirectoryException", "ServerInMMException", "ADServerSettingsChangedException",
    "StorageTransientException",
};

bool rest_error_may_retry(int status, struct str body)
{
    if (status == 401 || status == 429 || status == 503 || status == 504)
        return true;
    for (size_t i = 0; i < sizeof transient_exceptions / sizeof transient_exceptions[0]; i++)
        if (str_contains_nocase(body, str_of(transient_exceptions[i])))
            return true;
    return false;
}

bool rest_error_is_expired_page(int status, struct str body)
{
    return status == 400 && str_contains_nocase(body, STR("pagination request"));
}

/* ---- the three forms of details[0].message ---- */

static bool is_exception_number(struct str s)
{
    if (!s.len)
        return true;
    bool good = s.len > 2 && s.len <= 16 && str_starts_nocase(s, STR("Ex"));
    for (size_t i = 2; good && i < s.len; i++)
        good = (s.data[i] >= '0' && s.data[i] <= '9') || (s.data[i] >= 'A' && s.data[i] <= 'F');
    return good;
}

/* One word; with what stands before it this keeps plain sentences with bars in them whole. */
static bool is_type_name(struct str s)
{
    bool letters = s.len > 0;
    for (size_t i = 0; letters && i < s.len; i++) {
        char c = s.data[i];
        letters = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
                  c == '`' || c == '+';
    }
    return letters;
}

/* ExCODE|Namespace.Type|text; the text may hold further bars. */
static bool read_bars(struct str message, struct finding *finding)
{
    struct str rest = message, number, type;
    if (!str_cut(&rest, '|', &number) || !str_cut(&rest, '|', &type))
        return false;
    number = str_trim(number);
    type = str_trim(type);
    if (!is_exception_number(number) || !is_type_name(type))
        return false;
    finding->number = number;
    finding->type = type;
    finding->text = str_trim(rest);
    return true;
}

static struct str member_text(const struct json *object, const char *name)
{
    const struct json *member = json_get_nocase(object, name);
    return json_kind(member) == JSON_STRING ? str_trim(json_string(member)) : (struct str){ NULL, 0 };
}

/* A JSON object as text; the innermost exception with a message is the one that says something. */
static void read_exception(const struct json *exception, struct finding *finding)
{
    for (int depth = 0; json_kind(exception) == JSON_OBJECT && depth < 16; depth++) {
        struct str text = member_text(exception, "Message");
        struct str type = member_text(exception, "ClassName");
        if (!type.len)
            type = member_text(exception, "TypeName");
        if (!finding->text.len)
            finding->text = text;
        if (!finding->type.len)
            finding->type = type;
        struct str id = member_text(json_get_nocase(exception, "localizedString"), "stringId");
        if (!finding->number.len && is_exception_number(id))
            finding->number = id;
        const struct json *inner = json_get_nocase(exception, "InnerError");
        exception = finding->text.len ? NULL : inner ? inner : json_get_nocase(exception, "InnerException");
    }
}

/* `tree` receives what must live as long as the finding's slices; the caller frees it. */
static void read_message(struct str message, struct finding *finding, struct json **tree)
{
    message = str_trim(message);
    if (!message.len)
        return;
    if (message.data[0] == '{' && (*tree = json_parse(message, NULL))) {
        read_exception(*tree, finding);
        if (finding->text.len)
            return;
    }
    if (!read_bars(message, finding))
        finding->text = message;
}

/* ---- the error object ---- */

/* Words that the service puts around the real message. */
static bool is_useless(struct str text)
{
    return !text.len || str_is_nocase(text, "Error executing cmdlet") || str_is_nocase(text, "Invalid Operation") ||
           str_is_nocase(text, "Error executing request") ||
           (str_starts_nocase(text, STR("Exception of type ")) && str_contains_nocase(text, STR("was thrown")));
}

/* The next layer of the error, when no better one had words of its own. */
static void take_useful(struct finding *finding, const struct json *object)
{
    struct str text = member_text(object, "message");
    if (finding->text.len || is_useless(text))
        return;
    if (text.data[0] == '{' || !read_bars(text, finding))
        finding->text = text;
    if (!finding->type.len)
        finding->type = member_text(object, "type");
}

/* Microsoft's order: details, then the inner exceptions; the outermost message only as the last resort. */
static void read_error_object(const struct json *error, struct finding *finding, struct json **tree)
{
    const struct json *detail = json_first(json_get_nocase(error, "details"));
    const struct json *inner = json_get_nocase(error, "innererror");
    finding->outer_code = member_text(error, "code");
    read_message(member_text(detail, "message"), finding, tree);
    take_useful(finding, json_get_nocase(inner, "internalexception"));
    take_useful(finding, inner);
    take_useful(finding, error);
}

/* ---- bodies that are no error objects ---- */

/* Gateways answer with web pages; their title says as much as the rest. */
static struct str title_of_page(struct str page)
{
    static const struct str open = { "<title>", 7 };
    for (size_t i = 0; i + open.len < page.len && i < 65536; i++) {
        if (page.data[i] != '<' || !str_starts_nocase(str_from(page, i), open))
            continue;
        struct str title, rest = str_from(page, i + open.len);
        return str_cut(&rest, '<', &title) ? str_trim(title) : (struct str){ NULL, 0 };
    }
    return (struct str){ NULL, 0 };
}

/* Plain text as it is, a web page's title, nothing for blanks and NUL bytes. */
static struct str text_of_body(struct str body)
{
    while (body.len && (body.data[0] == '\0' || body.data[0] == ' ' || body.data[0] == '\r' || body.data[0] == '\n'))
        body = str_from(body, 1);
    if (body.len && body.data[0] == '<')
        return title_of_page(body);
    if (body.len && (body.data[0] == '{' || body.data[0] == '['))
        return (struct str){ NULL, 0 };
    return str_trim(str_take(body, 600));
}

/* ---- putting it together ---- */

static struct str after_last_dot(struct str type)
{
    struct str part = type;
    while (str_cut(&type, '.', &part))
        continue;
    return part;
}

/* "Namespace.Type Ex6F9304": what a search engine and Microsoft's support understand. */
static void set_code(struct err *err, const struct finding *finding, const char *otherwise)
{
    char code[sizeof err->code];
    struct str type = finding->type;
    if (type.len + finding->number.len + 2 > sizeof code)
        type = after_last_dot(type);
    if (!type.len)
        type = str_of(otherwise);
    snprintf(code, sizeof code, "%.*s%s%.*s", STR_ARG(type), type.len && finding->number.len ? " " : "",
             STR_ARG(finding->number));
    err_code(err, code);
}

/* Ids are worth nothing when cut: a part that does not fit whole is left out. */
static void add_id(struct buf *ids, const char *name, struct str value, size_t room)
{
    size_t need = strlen(name) + 1 + value.len + (ids->len ? 2 : 0);
    if (value.len && ids->len + need < room)
        buf_format(ids, "%s%s %.*s", ids->len ? ", " : "", name, STR_ARG(value));
}

/* What support asks for, each id once: the service often repeats ours as its own. */
static void set_correlation(struct err *err, const struct rest_answer *answer)
{
    struct buf ids = BUF_INIT(1024);
    struct str server, domain = str_of(answer->server);
    str_cut(&domain, '.', &server);
    bool same = str_eq_nocase(str_of(answer->request_id), str_of(answer->client_request_id));
    add_id(&ids, "request-id", str_of(answer->request_id), sizeof err->correlation);
    add_id(&ids, "client-request-id", str_of(same ? "" : answer->client_request_id), sizeof err->correlation);
    add_id(&ids, "server", server, sizeof err->correlation);
    add_id(&ids, "time", str_of(answer->date), sizeof err->correlation);
    err_correlation(err, buf_cstr(&ids));
    buf_free(&ids);
}

/* The first row that matches wins, so rows with types stand before rows with words. */
static void apply_known(struct err *err, const struct finding *finding)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct str needle = str_of(known[i].needle);
        if (!str_contains_nocase(finding->text, needle) && !str_contains_nocase(finding->type, needle))
            continue;
        err->kind = known[i].kind;
        err_advise(err, "%s", known[i].advice);
        return;
    }
}

/* Some bodies are NUL bytes, or end in them. */
static struct str before_nul(struct str s)
{
    const char *nul = s.len ? memchr(s.data, '\0', s.len) : NULL;
    return str_trim(str_take(s, nul ? (size_t)(nul - s.data) : s.len));
}

/* Advice that fits better than the status's own: about a rule of conditional access, or about a request that named nothing. */
static const char *advice_of(const struct rest_answer *answer, const struct status_row *row)
{
    struct buf claims = BUF_INIT(BUF_SMALL);
    bool challenged = answer->status == 401 && rest_error_claims(answer->authenticate, &claims);
    buf_free(&claims);
    if (challenged)
        return "The organization wants a newer sign-in (a claims challenge): sign in again; an access token that was handed in "
               "has to be replaced by a new one.";
    if (answer->status == 404 && !*answer->cmdlet)
        return "Check the connection address and the organization.";
    return row->advice;
}

/* A proxy or a gateway spoke in the service's place; it knows nothing of roles and parameters. Pages of 401 and 429 the service
   has too, with its ids; without them, what to do follows the status all the same: a new token, or to wait. */
static bool say_web_page(struct err *err, const struct rest_answer *answer, struct str title)
{
    struct str start = str_trim(answer->body);
    bool usual = answer->status == 401 || answer->status == 429, by_service = *answer->request_id || *answer->server;
    if (!start.len || start.data[0] != '<' || answer->status < 400 || answer->status >= 500 || (usual && by_service))
        return false;
    err_set(err, usual ? status_row(answer->status, false)->kind : ERR_PROTOCOL, "A web page came in place of the service's answer%s%.*s (HTTP %d)", title.len ? ": " : "",
            STR_ARG(title), answer->status);
    err_advise(err, answer->status == 429 ? "A proxy or a gateway on the way wants fewer requests, not the service: wait, or ask who runs it."
                                          : "A proxy or a gateway on the way may refuse the request: check --proxy and https_proxy, or ask who runs it.");
    return true;
}

static void say(struct err *err, const struct rest_answer *answer, const struct finding *finding)
{
    const struct status_row *row = status_row(answer->status, answer->app_only);
    const char *cmdlet = answer->cmdlet;
    struct str text = before_nul(str_take(finding->text, 4096));
    if (say_web_page(err, answer, text))
        return;
    bool gateway = answer->status >= 500 && str_starts(str_trim(answer->body), STR("<"));
    if (text.len && gateway)
        err_set(err, row->kind, "%s: %.*s (HTTP %d)", row->text, STR_ARG(text), answer->status);
    else if (text.len)
        err_set(err, row->kind, "%.*s", STR_ARG(text));
    else
        err_set(err, row->kind, "%s%s%s (HTTP %d)", row->text, *cmdlet ? ": " : "", cmdlet, answer->status);
    err_advise(err, "%s", advice_of(answer, row));
    /* A 401 that names its reason is a missing right: signing in again would not help. */
    if (answer->status == 401 && str_is_nocase(finding->outer_code, "Unauthorized"))
        err->kind = ERR_FORBIDDEN;
    apply_known(err, finding);
}

/* From the most exact form to the vaguest; a body that is no JSON at all may still be a proxy's page with a useful
   title. */
void rest_error_read(const struct rest_answer *answer, struct err *err)
{
    struct finding finding = { 0 };
    struct json *message = NULL;
    struct json *tree = json_parse(str_trim(answer->body), NULL);
    const struct json *error = json_get_nocase(tree, "error");
    if (json_kind(error) == JSON_OBJECT)
        read_error_object(error, &finding, &message);
    else if (json_kind(tree) == JSON_OBJECT)
        take_useful(&finding, tree);
    else
        finding.text = text_of_body(answer->body);
    if (!finding.type.len)
        finding.type = str_of(answer->exception_type);
    say(err, answer, &finding);
    char otherwise[64];
    snprintf(otherwise, sizeof otherwise, "%.*s", (int)str_take(finding.outer_code, 60).len,
             finding.outer_code.len ? finding.outer_code.data : "");
    set_code(err, &finding, otherwise);
    set_correlation(err, answer);
    err->retry_after_s = rest_error_retry_after(answer->retry_after);
    json_free(message);
    json_free(tree);
}

void rest_error_advise(struct str type, struct str text, struct err *err)
{
    apply_known(err, &(struct finding){ .type = type, .text = text });
}

/* Errors of @adminapi.errors come as texts with the same layers inside, but without an answer around them. */
void rest_error_from_text(struct str text, struct err *err)
{
    struct finding finding = { 0 };
    struct json *tree = NULL;
    read_message(text, &finding, &tree);
    struct rest_answer answer = { .status = 400, .cmdlet = "", .request_id = "", .client_request_id = "", .server = "",
                                  .date = "" };
    say(err, &answer, &finding);
    set_code(err, &finding, "");
    json_free(tree);
}

const struct json *rest_error_warnings(struct str body, struct json **tree)
{
    *tree = json_parse(str_trim(body), NULL);
    const struct json *error = json_get_nocase(*tree, "error");
    const struct json *inside = json_get_nocase(error, "@adminapi.warnings");
    return inside ? inside : json_get_nocase(*tree, "@adminapi.warnings");
}

/* A date, or seconds, at times with decimals, rounded up: asking a moment too early costs another refusal. */
int rest_error_retry_after(const char *value)
{
    struct str rest = str_trim(str_of(value)), whole;
    int64_t seconds = 0;
    bool decimals = str_cut(&rest, '.', &whole);
    if (value && strchr(value, ':') && http_date(value, &seconds)) {
        seconds -= clock_unix();
        return seconds > 0 && seconds < 1000000 ? (int)seconds : 0;
    }
    if (!str_to_int64(whole, 0, 1000000, &seconds))
        return 0;
    for (size_t i = 0; decimals && i < rest.len; i++) {
        if (rest.data[i] < '0' || rest.data[i] > '9')
            return 0;
        if (rest.data[i] != '0')
            return (int)seconds + 1;
    }
    return (int)seconds;
}

/* ---- claims challenge (auth.md: base64 in a parameter named claims) ---- */

bool rest_error_claims(const char *authenticate, struct buf *claims)
{
    static const struct str key = { "claims=", 7 };
    struct str rest = str_of(authenticate);
    while (rest.len && !str_starts_nocase(rest, key))
        rest = str_from(rest, 1);
    rest = str_from(rest, key.len);
    if (rest.len && rest.data[0] == '"')
        rest = str_from(rest, 1);
    size_t before = claims->len, length = 0;
    while (length < rest.len && !strchr("\", \t", rest.data[length]))
        length++;
    if (!base64_decode(str_take(rest, length), claims))
        return false;
    /* A challenge is a JSON object; anything else is not worth passing on. */
    return claims->len > before && claims->data[before] == '{';
}
