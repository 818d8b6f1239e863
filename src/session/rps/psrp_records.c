/* Messages that the server sends (rps.md section 9). */
#include <string.h>

#include "base/text.h"
#include "session/rest/rest_error.h"
#include "session/rps/exchange_text.h"
#include "session/rps/psrp_messages.h"

/* System.Management.Automation.ErrorCategory; what is not here is a cmdlet's error like any other. */
static enum err_kind kind_of_category(int64_t category)
{
    switch (category) {
    case 13:                    /* ObjectNotFound */
        return ERR_NOT_FOUND;
    case 18:                    /* PermissionDenied */
    case 25:                    /* SecurityError */
        return ERR_FORBIDDEN;
    case 28:                    /* AuthenticationError */
        return ERR_AUTH_DENIED;
    case 29:                    /* LimitsExceeded */
    case 30:                    /* QuotaExceeded */
        return ERR_THROTTLED;
    default:
        return ERR_SERVER;
    }
}

static struct str first_text(const struct clixml_value *record)
{
    const struct clixml_value *exception = clixml_get(record, "Exception");
    const struct str candidates[] = {
        clixml_text(clixml_get(record, "ErrorDetails_Message")), clixml_text(clixml_get(exception, "Message")),
        clixml_text(exception), clixml_text(record),
    };
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
        if (str_trim(candidates[i]).len) {
            return str_trim(candidates[i]);
        }
    }
    return STR("The server reported an error without a word");
}

static struct str exception_type(const struct clixml_value *record)
{
    const struct clixml_value *exception = clixml_get(record, "Exception");
    const struct clixml_types *types = exception && exception->kind == CLIXML_OBJECT ? exception->object->types : NULL;
    struct str name = types && types->count ? types->names[0] : clixml_text(clixml_get(record, "ErrorCategory_Reason"));
    return str_starts_nocase(name, STR("Deserialized.")) ? str_from(name, sizeof "Deserialized." - 1) : name;
}

/* Exchange's own number of an error: 6F9304,Microsoft.Exchange.Management.GetLabel. Other ids have a word in its place. */
static struct str number_of_id(struct str id)
{
    struct str number;
    bool digits = str_cut(&id, ',', &number) && number.len >= 4 && number.len <= 16;
    for (size_t i = 0; digits && i < number.len; i++) {
        digits = strchr("0123456789ABCDEFabcdef", number.data[i]) != NULL;
    }
    return digits ? number : (struct str){ 0 };
}

/* The type that a caller may test for, and Exchange's own number where the id has one. */
static void set_code(const struct clixml_value *record, struct str id, struct err *err)
{
    struct buf code = BUF_INIT(BUF_SMALL);
    struct str number = number_of_id(id);
    buf_add(&code, exception_type(record));
    if (number.len) {
        buf_format(&code, "%s%.*s", code.len ? " " : "", STR_ARG(number));
    }
    if (code.len) {
        err_code(err, buf_cstr(&code));
    }
    buf_free(&code);
}

static void set_correlation(struct str ids, struct err *err)
{
    struct buf text = BUF_INIT(BUF_SMALL);
    buf_add(&text, ids);
    if (text.len) {
        err_correlation(err, buf_cstr(&text));
    }
    buf_free(&text);
}

void psrp_read_error(const struct clixml_value *record, struct err *err)
{
    int64_t category = 0;
    struct exchange_text id = exchange_text_cut(clixml_text(clixml_get(record, "FullyQualifiedErrorId")));
    struct exchange_text said = exchange_text_cut(first_text(record));
    (void)clixml_int(clixml_get(record, "ErrorCategory_Category"), &category);
    enum err_kind kind = exchange_category_kind(id.category.len ? id.category : said.category);
    /* Ex6F9304|Type|text, as over REST; another text is taken as it is. */
    rest_error_from_text(said.text, err);
    rest_error_advise(exception_type(record), said.text, err);
    kind = kind ? kind : kind_of_category(category);
    err->kind = kind != ERR_SERVER ? kind : err->kind;
    if (!*err->code) {
        set_code(record, id.text, err);
    }
    set_correlation(id.ids.len ? id.ids : said.ids, err);
    struct str action = str_trim(clixml_text(clixml_get(record, "ErrorDetails_RecommendedAction")));
    if (action.len) {
        err_advise(err, "%.*s", STR_ARG(action));
    }
}

bool psrp_read_state(const struct clixml_value *message, struct psrp_state *state)
{
    const struct clixml_value *number = clixml_get(message, "PipelineState");
    number = number ? number : clixml_get(message, "RunspaceState");
    state->error = clixml_get(message, "ExceptionAsErrorRecord");
    return clixml_int(number, &state->state);
}

void psrp_read_information(const struct clixml_value *record, struct buf *out)
{
    const struct clixml_value *data = clixml_get(record, "MessageData");
    const struct clixml_value *message = clixml_get(data, "Message");       /* HostInformationMessage, of Write-Host */
    text_clean(out, clixml_text(message ? message : data ? data : record), false);
}

/* Activity: status, 50 %; the two forms differ in their names only (section 7, PR). */
void psrp_read_progress(const struct clixml_value *record, struct buf *out)
{
    const struct clixml_value *activity = clixml_get(record, "Activity"), *status = clixml_get(record, "StatusDescription");
    const struct clixml_value *percent = clixml_get(record, "PercentComplete");
    int64_t number = -1;
    text_clean(out, clixml_text(activity ? activity : clixml_get(record, "AV")), false);
    struct str words = clixml_text(status ? status : clixml_get(record, "SD"));
    if (words.len) {
        buf_text(out, out->len ? ": " : "");
        text_clean(out, words, false);
    }
    if (!clixml_int(percent, &number)) {
        (void)str_to_int64(clixml_text(clixml_get(record, "PC")), -1, 100, &number);
    }
    if (number >= 0) {
        buf_format(out, ", %d %%", (int)number);
    }
}
