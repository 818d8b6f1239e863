/* Answers of the compliance service: headers, envelope, errors (rest.md sections 5 and 6). */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/guid.h"
#include "base/mem.h"
#include "demo/rest_call.h"

/* The trio of Rate-Limit headers; a number seen on one host, the real one is not known (rest.md section 9). Nobody
   is refused here: 429 is a matter of the fault dial. */
#define RATE_LIMIT 3000
#define RATE_WINDOW_S 300

const char rest_more_warning[] =
    "More results are available than this answer holds. Raise the value of the ResultSize parameter to get them.";

/* ---- headers ---- */

void rest_content_type(struct demo_reply *reply)
{
    reply_header(reply, "Content-Type",
                 "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8");
}

/* One request-id for each answer, never the caller's own: client-request-id goes one way only in what was seen of
   the service (rest.md sections 3 and 6), and support asks for both. */
void rest_headers(struct rest *rest, const struct demo *demo, struct demo_reply *reply)
{
    char text[64], iso[21];
    struct guid id = guid_new();
    int64_t now = clock_unix();
    reply_header(reply, "request-id", id.text);
    reply_header(reply, "OData-Version", "4.0");
    reply_header(reply, "Preference-Applied", "odata.include-annotations=\"*\"");
    snprintf(text, sizeof text, "%d", RATE_LIMIT);
    reply_header(reply, "Rate-Limit-Limit", text);
    snprintf(text, sizeof text, "%lld", (long long)(RATE_LIMIT - rest->calls % RATE_LIMIT));
    reply_header(reply, "Rate-Limit-Remaining", text);
    clock_iso(now - now % RATE_WINDOW_S + RATE_WINDOW_S, iso);
    reply_header(reply, "Rate-Limit-Reset", iso);
    snprintf(text, sizeof text, "%sps0104.%s.prod.outlook.localhost", demo->config.region, demo->config.region);
    reply_header(reply, "X-CalculatedBETarget", text);
}

/* ---- \u escapes ---- */

/* The text is ours or came through the JSON reader, so it is UTF-8; a broken byte becomes U+FFFD and no more. */
static unsigned next_point(struct str text, size_t *at)
{
    unsigned char lead = (unsigned char)text.data[*at];
    size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    unsigned point = length == 1 ? 0xFFFD : lead & (0xFFU >> (length + 1));
    for (size_t i = 1; i < length && *at + i < text.len; i++) {
        point = point << 6 | ((unsigned char)text.data[*at + i] & 0x3FU);
    }
    *at += length;
    return point;
}

/* Only strings hold such bytes, so the whole text can be gone over without reading JSON. */
void rest_escape(struct buf *out, struct str json)
{
    size_t at = 0, plain = 0;
    while (at < json.len) {
        if ((unsigned char)json.data[at] < 0x80) {
            at++;
            continue;
        }
        buf_add(out, (struct str){ json.data + plain, at - plain });
        unsigned point = next_point(json, &at);
        if (point >= 0x10000) {
            point -= 0x10000;
            buf_format(out, "\\u%04X", 0xD800U + (point >> 10));
            point = 0xDC00U + (point & 0x3FFU);
        }
        buf_format(out, "\\u%04X", point);
        plain = at;
    }
    buf_add(out, str_from(json, plain));
}

/* Replaces whatever body there was: an error may come late. */
static void finish(struct demo_reply *reply, int status, struct json *value)
{
    struct buf text = BUF_INIT(DEMO_MAX_BODY);
    json_print(value, false, &text);
    json_free(value);
    reply->status = status;
    buf_clear(&reply->body);
    rest_escape(&reply->body, buf_str(&text));
    rest_content_type(reply);
    buf_free(&text);
}

/* ---- errors ---- */

/* Forms of details[0].message (rest.md section 6): the service uses all three, so does the demo tenant. */
enum form { FORM_BARS, FORM_JSON, FORM_PLAIN };

static const struct {
    enum failure failure;
    int status;
    const char *code, *category, *ex_code, *type;
    enum form form;
} failures[] = {
    { FAIL_BODY, 400, "BadRequest", "Client", "", "Microsoft.OData.ODataException", FORM_PLAIN },
    { FAIL_CONTAINER, 500, "InternalServerError", "Context", "Ex2B6E1D",
      "Microsoft.Exchange.Data.Directory.CannotFindOrganizationContainerException", FORM_BARS },
    { FAIL_UNKNOWN_CMDLET, 403, "Forbidden", "Client", "", "System.Management.Automation.CommandNotFoundException",
      FORM_PLAIN },
    { FAIL_UNKNOWN_PARAMETER, 400, "BadRequest", "Client", "Ex5C3B7A",
      "System.Management.Automation.ParameterBindingException", FORM_BARS },
    { FAIL_AMBIGUOUS, 400, "BadRequest", "Client", "", "Microsoft.Exchange.Management.AmbiguousParameterSetException",
      FORM_BARS },
    { FAIL_MISSING, 400, "BadRequest", "Client", "", "System.Management.Automation.ParameterBindingException",
      FORM_PLAIN },
    { FAIL_VALUE, 400, "BadRequest", "Client", "ExE0F451",
      "Microsoft.Exchange.Configuration.Tasks.ParameterTransformationException", FORM_JSON },
    { FAIL_EXISTS, 400, "BadRequest", "Client", "Ex8A21D4",
      "Microsoft.Exchange.Data.Directory.ADObjectAlreadyExistsException", FORM_BARS },
    { FAIL_NOT_FOUND, 404, "NotFound", "Client", "Ex6F9304",
      "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException", FORM_BARS },
    { FAIL_CURSOR, 400, "BadRequest", "Context", "", "Microsoft.Exchange.Admin.OData.Core.ODataServiceException",
      FORM_PLAIN },
    { FAIL_STATE, 400, "BadRequest", "Client", "ExD31F08",
      "Microsoft.Exchange.Configuration.Tasks.TaskInvalidOperationException", FORM_JSON },
};

/* Form (b): the class and text in a JSON text inside the JSON. */
static char *detail_json(const char *ex_code, const char *type, const char *text)
{
    struct json *detail = json_new_object(), *localized = json_new_object();
    struct buf out = BUF_INIT(BUF_SMALL);
    json_add_text(detail, "ClassName", type);
    json_add_text(detail, "Message", text);
    json_add_text(localized, "stringId", ex_code);
    json_add(detail, "localizedString", localized);
    json_print(detail, false, &out);
    json_free(detail);
    return buf_take(&out);
}

/* Which failure uses which form is our choice, so that a client meets all three in an ordinary day. */
static char *detail_text(size_t which, const char *text)
{
    if (failures[which].form == FORM_BARS) {
        return mem_format("%s|%s|%s", failures[which].ex_code, failures[which].type, text);
    }
    return failures[which].form == FORM_JSON ? detail_json(failures[which].ex_code, failures[which].type, text)
                                             : mem_text(text);
}

/* The outer message says nothing, on purpose: a client that shows it fails the test of the contract. */
static struct json *error_object(size_t which, const char *target, const char *text)
{
    struct json *root = json_new_object(), *error = json_new_object(), *details = json_new_array(),
                *detail = json_new_object(), *inner = json_new_object(), *internal = json_new_object();
    char *message = detail_text(which, text);
    json_add(root, "error", error);
    json_add_text(error, "code", failures[which].code);
    json_add_text(error, "message", "Error executing cmdlet");
    json_add_text(detail, "code", failures[which].category);
    json_add_text(detail, "target", target);
    json_add_text(detail, "message", message);
    json_add(details, NULL, detail);
    json_add(error, "details", details);
    json_add_text(inner, "message", "Error executing cmdlet");
    json_add_text(inner, "type", "Microsoft.Exchange.Admin.OData.Core.ODataServiceException");
    json_add_text(inner, "stacktrace", "");
    json_add_text(internal, "message", text);
    json_add_text(internal, "type", failures[which].type);
    json_add_text(internal, "stacktrace", "");
    json_add(inner, "internalexception", internal);
    json_add(error, "innererror", inner);
    json_add_text(error, "adminapi.warnings@odata.type", "#Collection(String)");
    json_add(error, "@adminapi.warnings", json_new_array());
    free(message);
    return root;
}

/* x-ExceptionType carries the last part of the .NET name (rest.md section 6), for clients that never parse the body. */
bool rest_fail(struct demo_reply *reply, enum failure failure, const char *target, const char *format, ...)
{
    va_list args;
    char text[2048];
    size_t which = 0;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    while (failures[which].failure != failure) {
        which++;
    }
    const char *dot = strrchr(failures[which].type, '.');
    reply_header(reply, "x-ExceptionType", dot ? dot + 1 : failures[which].type);
    finish(reply, failures[which].status, error_object(which, target, text));
    return false;
}

/* ---- success ---- */

/* The reader of the envelope may stop at "value", so warnings and errors come before it. */
static void add_texts(struct buf *out, const char *name, const struct json *list)
{
    struct buf text = BUF_INIT(BUF_LARGE);
    json_print(list, false, &text);
    buf_format(out, "\"%s\":", name);
    rest_escape(out, buf_str(&text));
    buf_text(out, ",");
    buf_free(&text);
}

/* Warnings are there even when empty, errors and the confirmation only when there are some (rest.md section 5). The
   addresses carry the port: a client must be able to follow them as they stand. */
void rest_envelope(const struct call *call, const char *next_link, struct buf *out)
{
    const struct demo_config *config = &call->demo->config;
    buf_format(
        out,
        "{\"@odata.context\":\"https://%s.%s:%d/adminapi/beta/%s/$metadata#Collection(Exchange.GenericHashTable)\",",
        config->region, DEMO_FRONT_DOOR, config->port, DEMO_TENANT_ID);
    buf_text(out, "\"adminapi.warnings@odata.type\":\"#Collection(String)\",");
    add_texts(out, "@adminapi.warnings", call->warnings);
    if (call->errors) {
        buf_text(out, "\"adminapi.errors@odata.type\":\"#Collection(String)\",");
        add_texts(out, "@adminapi.errors", call->errors);
    }
    if (call->confirmation) {
        buf_text(out, "\"@adminapi.confirmationmessage\":");
        struct buf text = BUF_INIT(BUF_SMALL);
        json_print_string(str_of(call->confirmation), &text);
        rest_escape(out, buf_str(&text));
        buf_text(out, ",");
        buf_free(&text);
    }
    if (next_link) {
        buf_format(out, "\"@odata.nextLink\":\"%s\",", next_link);
    }
    buf_text(out, "\"value\":[");
}

static void PRINTF_LIKE(2, 0) add_formatted(struct json *list, const char *format, va_list args)
{
    char text[1024];
    vsnprintf(text, sizeof text, format, args);
    json_add(list, NULL, json_new_string(str_of(text)));
}

void rest_warn(struct call *call, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_formatted(call->warnings, format, args);
    va_end(args);
}

/* For a run of which a part failed: HTTP 200 with rows and errors side by side (rest.md section 5). */
void rest_note_error(struct call *call, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    call->errors = call->errors ? call->errors : json_new_array();
    add_formatted(call->errors, format, args);
    va_end(args);
}
