#include "demo/rps_wsman.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/guid.h"
#include "base/mem.h"

#define ANONYMOUS "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous"
#define NS_FAULT "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"
#define REQUEST_MAX ((size_t)512 * 1024)
#define SMALLEST_ENVELOPE 8192          /* DSP0226 section 6.2 lets a server refuse less */

static const char *const actions[WSMAN_ACTIONS] = {
    NS_TRANSFER "/Create", NS_SHELL "/Command", NS_SHELL "/Send", NS_SHELL "/Receive", NS_SHELL "/Signal", NS_TRANSFER "/Delete",
};

const char *demo_wsman_action_name(enum wsman_action action)
{
    return strrchr(actions[action], '/') + 1;
}

/* ---- answers ---- */

/* The type that real answers have, faults too. */
static void type_and_status(struct demo_reply *reply, int status)
{
    reply->status = status;
    reply_header(reply, "Content-Type", "application/soap+xml;charset=UTF-8");
    buf_clear(&reply->body);
}

/* p:ActivityId is what support asks for. */
static struct xml_writer *begin(const char *action, const char *relates_to)
{
    static const struct { const char *name, *space; } spaces[] = {
        { "xmlns:s", NS_SOAP }, { "xmlns:a", NS_ADDRESSING }, { "xmlns:w", NS_WSMAN }, { "xmlns:p", NS_MICROSOFT }, { "xmlns:rsp", NS_SHELL },
        { "xmlns:x", NS_TRANSFER },
    };
    struct xml_writer *xml = xml_writer_new();
    char *id = mem_format("uuid:%s", guid_new().text);
    xml_open(xml, "s:Envelope");
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++) {
        xml_put_attribute(xml, spaces[i].name, str_of(spaces[i].space));
    }
    xml_open(xml, "s:Header");
    xml_leaf(xml, "a:Action", str_of(action));
    xml_leaf(xml, "a:MessageID", str_of(id));
    xml_open(xml, "p:ActivityId");
    xml_put_attribute(xml, "s:mustUnderstand", STR("false"));
    xml_put_text(xml, str_of(guid_new().text));
    xml_close(xml);
    xml_leaf(xml, "a:To", STR(ANONYMOUS));
    if (*relates_to) {
        xml_leaf(xml, "a:RelatesTo", str_of(relates_to));
    }
    xml_close(xml);
    xml_open(xml, "s:Body");
    free(id);
    return xml;
}

struct xml_writer *demo_wsman_answer(const struct wsman *wsman)
{
    char *action = mem_format("%sResponse", actions[wsman->action]);
    struct xml_writer *xml = begin(action, wsman->message_id);
    free(action);
    return xml;
}

void demo_wsman_send(struct xml_writer *xml, struct demo_reply *reply)
{
    xml_close(xml);
    xml_close(xml);
    type_and_status(reply, 200);
    xml_writer_finish(xml, &reply->body);
}

/* ---- faults ---- */

/* Code and subcode of SOAP, and WinRM's number where one is known (rps.md section 4). */
static const struct { enum wsman_fault fault; const char *code, *subcode, *number; } faults[] = {
    { WSFAULT_SCHEMA, "s:Sender", "w:SchemaValidationError", "2150858817" },
    { WSFAULT_HEADER, "s:Sender", "a:MessageInformationHeaderRequired", "2150858767" },
    { WSFAULT_TO, "s:Sender", "a:DestinationUnreachable", "2150858770" },
    { WSFAULT_ACTION, "s:Sender", "a:ActionNotSupported", "2150858778" },
    { WSFAULT_RESOURCE, "s:Sender", "a:DestinationUnreachable", "2150858811" },
    { WSFAULT_SELECTOR, "s:Sender", "w:InvalidSelectors", "2150858843" },
    { WSFAULT_OPTION, "s:Sender", "w:InvalidOptions", "2150858842" },
    { WSFAULT_ENVELOPE, "s:Sender", "w:EncodingLimit", "2150858810" },
    { WSFAULT_UNDERSTAND, "s:MustUnderstand", NULL, "2150858764" },
    { WSFAULT_TIMED_OUT, "s:Receiver", "w:TimedOut", "2150858793" },
    { WSFAULT_ABORTED, "s:Receiver", "w:InternalError", "995" },
    { WSFAULT_DENIED, "s:Sender", "w:AccessDenied", "5" },
    { WSFAULT_QUOTA, "s:Receiver", "w:QuotaLimit", "2150859173" },
    { WSFAULT_VERSION, "s:Receiver", "w:InternalError", "2152992672" },
};

static void put_reason(struct xml_writer *xml, const char *text)
{
    xml_open(xml, "s:Reason");
    xml_open(xml, "s:Text");
    xml_put_attribute(xml, "xml:lang", STR("en-US"));
    xml_put_text(xml, str_of(text));
    xml_close(xml);
    xml_close(xml);
}

/* The useful text stands innermost, where Exchange puts it: in the provider's own fault. */
static void put_detail(struct xml_writer *xml, const char *number, const char *text)
{
    xml_open(xml, "s:Detail");
    xml_open(xml, "f:WSManFault");
    xml_put_attribute(xml, "xmlns:f", STR(NS_FAULT));
    xml_put_attribute(xml, "Code", str_of(number));
    xml_put_attribute(xml, "Machine", STR(DEMO_FRONT_DOOR));
    xml_open(xml, "f:Message");
    if (str_starts(str_of(text), STR("["))) {
        xml_open(xml, "f:ProviderFault");
        xml_put_attribute(xml, "provider", STR("Exchange PowerShell"));
        xml_open(xml, "f:WSManFault");
        xml_put_attribute(xml, "Code", str_of(number));
        xml_leaf(xml, "f:Message", str_of(text));
        xml_close(xml);
        xml_close(xml);
    } else {
        xml_put_text(xml, str_of(text));
    }
    xml_close(xml);
    xml_close(xml);
    xml_close(xml);
}

bool demo_wsman_fault(struct demo_reply *reply, enum wsman_fault fault, const char *relates_to, const char *format, ...)
{
    va_list args;
    char text[2048];
    size_t which = 0;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    while (faults[which].fault != fault) {
        which++;
    }
    struct xml_writer *xml = begin("http://schemas.dmtf.org/wbem/wsman/1/wsman/fault", relates_to);
    xml_open(xml, "s:Fault");
    xml_open(xml, "s:Code");
    xml_leaf(xml, "s:Value", str_of(faults[which].code));
    if (faults[which].subcode) {
        xml_open(xml, "s:Subcode");
        xml_leaf(xml, "s:Value", str_of(faults[which].subcode));
        xml_close(xml);
    }
    xml_close(xml);
    put_reason(xml, text);
    put_detail(xml, faults[which].number, text);
    xml_close(xml);
    demo_wsman_send(xml, reply);
    reply->status = 500;
    return false;
}

/* ---- headers ---- */

/* SOAP 1.2 section 5.2.3 allows both spellings. */
static bool must_understand(const struct xml_node *node)
{
    struct str value = xml_attribute(node, "mustUnderstand");
    return str_is(value, "true") || str_is(value, "1");
}

/* A header that is not in the table may only come when it need not be understood. CompressionType is not in it: who asks for
   xpress is told that there is none, because purvey never asks (rps.md section 12). */
static bool all_known(const struct xml_node *header, struct wsman *wsman, struct demo_reply *reply)
{
    static const struct { const char *space, *name; } known[] = {
        { NS_ADDRESSING, "To" }, { NS_ADDRESSING, "ReplyTo" }, { NS_ADDRESSING, "Action" }, { NS_ADDRESSING, "MessageID" },
        { NS_WSMAN, "ResourceURI" }, { NS_WSMAN, "MaxEnvelopeSize" }, { NS_WSMAN, "OperationTimeout" }, { NS_WSMAN, "Locale" },
        { NS_MICROSOFT, "DataLocale" }, { NS_MICROSOFT, "SessionId" }, { NS_MICROSOFT, "OperationID" }, { NS_MICROSOFT, "SequenceId" },
        { NS_WSMAN, "SelectorSet" }, { NS_WSMAN, "OptionSet" },
    };
    for (const struct xml_node *child = header->first; child; child = child->next) {
        bool found = false;
        for (size_t i = 0; i < sizeof known / sizeof *known && !found; i++) {
            found = str_is(child->space, known[i].space) && str_is(child->name, known[i].name);
        }
        if (!found && must_understand(child)) {
            return demo_wsman_fault(reply, WSFAULT_UNDERSTAND, wsman->message_id, "The header %.*s is not understood.", STR_ARG(str_take(child->name, 80)));
        }
    }
    return true;
}

/* Those that have to be there, with mustUnderstand where the contract says so (rps.md section 3). */
static bool all_there(const struct xml_node *header, struct wsman *wsman, struct demo_reply *reply)
{
    static const struct { const char *space, *name; bool understood; } wanted[] = {
        { NS_ADDRESSING, "To", false }, { NS_ADDRESSING, "ReplyTo", false }, { NS_ADDRESSING, "Action", true },
        { NS_ADDRESSING, "MessageID", false }, { NS_WSMAN, "ResourceURI", true }, { NS_WSMAN, "MaxEnvelopeSize", true },
        { NS_WSMAN, "OperationTimeout", false }, { NS_WSMAN, "Locale", false }, { NS_MICROSOFT, "DataLocale", false },
        { NS_MICROSOFT, "SessionId", false },
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        const struct xml_node *child = xml_child(header, wanted[i].space, wanted[i].name);
        if (!child || (wanted[i].understood && !must_understand(child))) {
            return demo_wsman_fault(reply, WSFAULT_HEADER, wsman->message_id, "The header %s is missing%s.", wanted[i].name,
                               child ? " its mustUnderstand" : "");
        }
    }
    const struct xml_node *reply_to = xml_child(header, NS_ADDRESSING, "ReplyTo"), *address = xml_child(reply_to, NS_ADDRESSING, "Address");
    return (str_is(xml_text(address), ANONYMOUS) && (must_understand(address) || must_understand(reply_to))) ||
           demo_wsman_fault(reply, WSFAULT_HEADER, wsman->message_id, "ReplyTo must be the anonymous address and must be understood.");
}

/* Clients write the GUID in either letter case. */
static bool is_uuid(struct str text)
{
    return str_starts(text, STR("uuid:")) && guid_valid(str_from(text, 5));
}

static void copy_text(char *to, size_t size, struct str text)
{
    snprintf(to, size, "%.*s", STR_ARG(str_take(text, size - 1)));
}

/* xs:duration of hours, minutes and seconds, which is what clients of WinRM send. Milliseconds; -1 when it is none. */
static int64_t duration_ms(struct str text)
{
    char *copy = str_dup(text), *at = copy;
    double total = strncmp(copy, "PT", 2) == 0 && copy[2] ? 0 : -1;
    for (at += 2; total >= 0 && *at; at++) {
        char *end = at;
        double part = *at >= '0' && *at <= '9' ? strtod(at, &end) : -1;
        double scale = *end == 'H' ? 3600000 : *end == 'M' ? 60000 : *end == 'S' ? 1000 : -1;
        total = part < 0 || part > 1e7 || scale < 0 ? -1 : total + part * scale;
        at = *end ? end : end - 1;
    }
    free(copy);
    return (int64_t)total;
}

/* The smaller of the two sizes counts (rps.md section 3). */
static bool read_limits(const struct xml_node *header, struct wsman *wsman, struct demo_reply *reply)
{
    char *timeout = str_dup(xml_text(xml_child(header, NS_WSMAN, "OperationTimeout")));
    wsman->timeout_ms = duration_ms(str_of(timeout));
    free(timeout);
    if (wsman->timeout_ms <= 0) {
        return demo_wsman_fault(reply, WSFAULT_SCHEMA, wsman->message_id, "OperationTimeout is no duration.");
    }
    if (!str_to_int64(xml_text(xml_child(header, NS_WSMAN, "MaxEnvelopeSize")), SMALLEST_ENVELOPE, INT32_MAX, &wsman->envelope_max)) {
        return demo_wsman_fault(reply, WSFAULT_ENVELOPE, wsman->message_id, "MaxEnvelopeSize has to be at least %d.", SMALLEST_ENVELOPE);
    }
    wsman->envelope_max = wsman->envelope_max < OUR_ENVELOPE_MAX ? wsman->envelope_max : OUR_ENVELOPE_MAX;
    return true;
}

static bool read_action(const struct xml_node *header, struct wsman *wsman, struct demo_reply *reply)
{
    struct str action = xml_text(xml_child(header, NS_ADDRESSING, "Action"));
    for (int i = 0; i < WSMAN_ACTIONS; i++) {
        if (str_is(action, actions[i])) {
            wsman->action = (enum wsman_action)i;
            return true;
        }
    }
    return demo_wsman_fault(reply, WSFAULT_ACTION, wsman->message_id, "The action %.*s is not supported.", STR_ARG(str_take(action, 200)));
}

/* After a redirect To has to name the new address: a client that kept the old one shows itself here. */
static bool read_addresses(const struct xml_node *header, struct str uri, struct wsman *wsman, struct demo_reply *reply)
{
    struct str to = xml_text(xml_child(header, NS_ADDRESSING, "To")), session = xml_text(xml_child(header, NS_MICROSOFT, "SessionId"));
    struct str resource = xml_text(xml_child(header, NS_WSMAN, "ResourceURI"));
    if (!is_uuid(str_of(wsman->message_id)) || !is_uuid(session)) {
        return demo_wsman_fault(reply, WSFAULT_SCHEMA, wsman->message_id, "MessageID and SessionId have to be uuid: and a GUID.");
    }
    copy_text(wsman->session, sizeof wsman->session, session);
    if (!str_eq_nocase(to, uri)) {
        return demo_wsman_fault(reply, WSFAULT_TO, wsman->message_id, "The request went to \"%.*s\" and names \"%.*s\" in To.", STR_ARG(str_take(uri, 400)),
                           STR_ARG(str_take(to, 400)));
    }
    return str_is(resource, RESOURCE) ||
           demo_wsman_fault(reply, WSFAULT_RESOURCE, wsman->message_id, "The resource URI \"%.*s\" is not here.", STR_ARG(str_take(resource, 200)));
}

/* The name of a selector goes without case; Create has none, all others exactly this one. */
static bool read_selector(const struct xml_node *header, struct wsman *wsman, struct demo_reply *reply)
{
    const struct xml_node *set = xml_child(header, NS_WSMAN, "SelectorSet"), *selector = xml_child(set, NS_WSMAN, "Selector");
    bool named = selector && !selector->next && str_is_nocase(xml_attribute(selector, "Name"), "ShellId");
    if (wsman->action == WSMAN_CREATE ? set != NULL : !named) {
        return demo_wsman_fault(reply, WSFAULT_SELECTOR, wsman->message_id, "The selectors of the request are not valid for the resource.");
    }
    copy_text(wsman->shell, sizeof wsman->shell, xml_text(selector));
    return true;
}

/* Only protocol 2 is spoken (MS-PSRP section 3.1.5.3.1), and Create has to say so with MustComply. */
static bool read_options(const struct xml_node *header, struct wsman *wsman, struct demo_reply *reply)
{
    const struct xml_node *set = xml_child(header, NS_WSMAN, "OptionSet"), *option = set ? set->first : NULL;
    if (wsman->action != WSMAN_CREATE) {
        return true;
    }
    while (option && !str_is_nocase(xml_attribute(option, "Name"), "protocolversion")) {
        option = option->next;
    }
    struct str version = xml_text(option), comply = xml_attribute(option, "MustComply");
    bool obeyed = str_is(comply, "true") || str_is(comply, "1");
    if (!option || !obeyed || !must_understand(set)) {
        return demo_wsman_fault(reply, WSFAULT_OPTION, wsman->message_id, "The option protocolversion with MustComply is missing.");
    }
    return str_starts(version, STR("2.")) ||
           demo_wsman_fault(reply, WSFAULT_VERSION, wsman->message_id, "The client's protocol version %.*s is not supported.", STR_ARG(str_take(version, 20)));
}

/* The order decides which fault a request with several mistakes gets; tests rely on none. */
bool demo_wsman_read(const struct demo_request *request, struct str uri, struct wsman *wsman, struct demo_reply *reply)
{
    struct err err = { 0 };
    const struct xml_limits limits = { .depth = 64, .bytes = REQUEST_MAX };
    *wsman = (struct wsman){ .document = xml_parse(request->body, &limits, &err) };
    const struct xml_node *root = xml_root(wsman->document), *header = xml_child(root, NS_SOAP, "Header");
    wsman->body = xml_child(root, NS_SOAP, "Body");
    if (!header || !wsman->body || !str_is(root->name, "Envelope") || !str_is(root->space, NS_SOAP)) {
        return demo_wsman_fault(reply, WSFAULT_SCHEMA, "", "The body is no SOAP envelope. %s", err.text);
    }
    copy_text(wsman->message_id, sizeof wsman->message_id, xml_text(xml_child(header, NS_ADDRESSING, "MessageID")));
    return all_there(header, wsman, reply) && all_known(header, wsman, reply) && read_addresses(header, uri, wsman, reply) &&
           read_action(header, wsman, reply) && read_limits(header, wsman, reply) && read_selector(header, wsman, reply) &&
           read_options(header, wsman, reply);
}

void demo_wsman_free(struct wsman *wsman)
{
    xml_free(wsman->document);
    wsman->document = NULL;
}

bool demo_wsman_names_action(const struct demo_request *request, const char *action)
{
    struct xml_document *document = xml_parse(request->body, NULL, NULL);
    struct str name = xml_text(xml_child(xml_child(xml_root(document), NS_SOAP, "Header"), NS_ADDRESSING, "Action"));
    char *ending = mem_format("/%s", action);
    bool same = str_ends_nocase(name, str_of(ending));
    free(ending);
    xml_free(document);
    return same;
}
