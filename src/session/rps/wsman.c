#include "session/rps/wsman.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/base64.h"
#include "session/rps/exchange_text.h"

#define SOAP "http://www.w3.org/2003/05/soap-envelope"
#define ADDRESSING "http://schemas.xmlsoap.org/ws/2004/08/addressing"
#define WSMAN "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
#define WSMAN_MS "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"
#define SHELL "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
#define TRANSFER "http://schemas.xmlsoap.org/ws/2004/09/transfer"
#define FAULT "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"
#define POWERSHELL "http://schemas.microsoft.com/powershell"

#define FAULT_TIMED_OUT 2150858793u
#define FAULT_SELECTORS 2150858843u
#define FAULT_RESOURCE 2150858811u
#define FAULT_ABORTED 995u

/* ---- what every envelope begins with ---- */

static struct str upper(const char *text, char out[37])
{
    size_t length = 0;
    for (; text[length] && length < 36; length++) {
        out[length] = (char)toupper((unsigned char)text[length]);
    }
    out[length] = '\0';
    return str_of(out);
}

static void attribute(struct xml_writer *xml, const char *name, const char *value)
{
    xml_put_attribute(xml, name, str_of(value));
}

static void leaf(struct xml_writer *xml, const char *name, const char *understand, struct str text)
{
    xml_open(xml, name);
    if (understand) {
        attribute(xml, "s:mustUnderstand", understand);
    }
    xml_put_text(xml, text);
    xml_close(xml);
}

/* GUIDs in upper case, as Windows writes them (section 3). */
static void uuid_leaf(struct xml_writer *xml, const char *name, const char *understand, const struct guid *guid)
{
    char text[5 + 37] = "uuid:";
    (void)upper(guid->text, text + 5);
    leaf(xml, name, understand, str_of(text));
}

static void duration_leaf(struct xml_writer *xml, const char *name, int ms)
{
    char text[48];
    snprintf(text, sizeof text, "PT%d.%03dS", ms / 1000, ms % 1000);
    leaf(xml, name, NULL, str_of(text));
}

static void locale_leaf(struct xml_writer *xml, const char *name, const char *locale)
{
    xml_open(xml, name);
    attribute(xml, "xml:lang", locale);
    attribute(xml, "s:mustUnderstand", "false");
    xml_close(xml);
}

static void option(struct xml_writer *xml, const char *name, const char *value, bool must)
{
    xml_open(xml, "w:Option");
    attribute(xml, "Name", name);
    if (must) {
        attribute(xml, "MustComply", "true");
    }
    xml_put_text(xml, str_of(value));
    xml_close(xml);
}

static void open_options(struct xml_writer *xml)
{
    xml_open(xml, "w:OptionSet");
    attribute(xml, "s:mustUnderstand", "true");
}

static void reply_to(struct xml_writer *xml)
{
    xml_open(xml, "a:ReplyTo");
    leaf(xml, "a:Address", "true", STR("http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous"));
    xml_close(xml);
}

static void shell_selector(struct xml_writer *xml, const char *shell_id)
{
    xml_open(xml, "w:SelectorSet");
    xml_open(xml, "w:Selector");
    attribute(xml, "Name", "ShellId");
    xml_put_text(xml, str_of(shell_id));
    xml_close(xml);
    xml_close(xml);
}

static void head(struct xml_writer *xml, const struct wsman_shell *shell, const char *action, struct guid *id)
{
    char size[24];
    *id = guid_new();
    leaf(xml, "a:To", NULL, str_of(shell->uri));
    reply_to(xml);
    leaf(xml, "a:Action", "true", str_of(action));
    uuid_leaf(xml, "a:MessageID", NULL, id);
    leaf(xml, "w:ResourceURI", "true", STR("http://schemas.microsoft.com/powershell/Microsoft.Exchange"));
    snprintf(size, sizeof size, "%d", WSMAN_MAX_ENVELOPE);
    leaf(xml, "w:MaxEnvelopeSize", "true", str_of(size));
    duration_leaf(xml, "w:OperationTimeout", shell->operation_timeout_ms);
    locale_leaf(xml, "w:Locale", shell->locale);
    locale_leaf(xml, "p:DataLocale", shell->data_locale);
    uuid_leaf(xml, "p:SessionId", "false", &shell->session);
    if (*shell->shell_id) {
        shell_selector(xml, shell->shell_id);
    }
}

/* Up to and with the opened head; the options of the request follow there. */
static struct xml_writer *begin(const struct wsman_shell *shell, const char *action, struct guid *id)
{
    struct xml_writer *xml = xml_writer_new();
    xml_open(xml, "s:Envelope");
    attribute(xml, "xmlns:s", SOAP);
    attribute(xml, "xmlns:a", ADDRESSING);
    attribute(xml, "xmlns:w", WSMAN);
    attribute(xml, "xmlns:p", WSMAN_MS);
    attribute(xml, "xmlns:rsp", SHELL);
    xml_open(xml, "s:Header");
    head(xml, shell, action, id);
    return xml;
}

static void begin_body(struct xml_writer *xml)
{
    xml_close(xml);
    xml_open(xml, "s:Body");
}

static void end(struct xml_writer *xml, struct buf *out)
{
    xml_close(xml);
    xml_close(xml);
    xml_writer_finish(xml, out);
}

static void put_base64(struct xml_writer *xml, struct str bytes)
{
    struct buf text = BUF_INIT(SIZE_MAX);
    base64_encode(bytes, &text);
    xml_put_raw(xml, buf_str(&text));
    buf_free(&text);
}

static void command_attribute(struct xml_writer *xml, const char *command)
{
    if (*command) {
        attribute(xml, "CommandId", command);
    }
}

/* ---- requests ---- */

void wsman_create(const struct wsman_shell *shell, const struct wsman_creation *creation, struct guid *id, struct buf *out)
{
    char pool[37];
    struct xml_writer *xml = begin(shell, TRANSFER "/Create", id);
    open_options(xml);
    option(xml, "protocolversion", "2.3", true);
    if (creation->no_profile) {
        option(xml, "WINRS_NOPROFILE", "1", true);
    }
    xml_close(xml);
    begin_body(xml);
    xml_open(xml, "rsp:Shell");
    attribute(xml, "Name", "WinRM1");
    xml_put_attribute(xml, "ShellId", upper(creation->pool.text, pool));
    /* The schema's order (MS-WSMV section 2.2.4.37). */
    if (creation->idle_timeout_ms > 0) {
        duration_leaf(xml, "rsp:IdleTimeOut", creation->idle_timeout_ms);
    }
    xml_leaf(xml, "rsp:InputStreams", STR("stdin pr"));
    xml_leaf(xml, "rsp:OutputStreams", STR("stdout"));
    xml_open(xml, "creationXml");
    attribute(xml, "xmlns", POWERSHELL);
    put_base64(xml, creation->opening);
    xml_close(xml);
    xml_close(xml);
    end(xml, out);
}

void wsman_command(const struct wsman_shell *shell, const char *command, struct str fragments, struct guid *id, struct buf *out)
{
    struct xml_writer *xml = begin(shell, SHELL "/Command", id);
    begin_body(xml);
    xml_open(xml, "rsp:CommandLine");
    command_attribute(xml, command);
    xml_leaf(xml, "rsp:Command", STR(" "));
    xml_open(xml, "rsp:Arguments");
    put_base64(xml, fragments);
    xml_close(xml);
    xml_close(xml);
    end(xml, out);
}

void wsman_input(const struct wsman_shell *shell, const char *command, bool host_answer, struct str fragments, struct guid *id, struct buf *out)
{
    struct xml_writer *xml = begin(shell, SHELL "/Send", id);
    begin_body(xml);
    xml_open(xml, "rsp:Send");
    xml_open(xml, "rsp:Stream");
    attribute(xml, "Name", host_answer ? "pr" : "stdin");
    command_attribute(xml, command);
    put_base64(xml, fragments);
    xml_close(xml);
    xml_close(xml);
    end(xml, out);
}

void wsman_receive(const struct wsman_shell *shell, const char *command, struct guid *id, struct buf *out)
{
    struct xml_writer *xml = begin(shell, SHELL "/Receive", id);
    open_options(xml);
    option(xml, "WSMAN_CMDSHELL_OPTION_KEEPALIVE", "TRUE", false);
    xml_close(xml);
    begin_body(xml);
    xml_open(xml, "rsp:Receive");
    xml_open(xml, "rsp:DesiredStream");
    command_attribute(xml, command);
    xml_put_text(xml, STR("stdout"));
    xml_close(xml);
    xml_close(xml);
    end(xml, out);
}

/* The first is misspelt in the protocol, and any other spelling closes the command instead (section 3). */
void wsman_signal(const struct wsman_shell *shell, const char *command, enum wsman_signal signal, struct guid *id, struct buf *out)
{
    static const char *const codes[] = {
        [WSMAN_STOP] = "powershell/signal/crtl_c",
        [WSMAN_TERMINATE] = SHELL "/signal/terminate",
    };
    struct xml_writer *xml = begin(shell, SHELL "/Signal", id);
    begin_body(xml);
    xml_open(xml, "rsp:Signal");
    command_attribute(xml, command);
    xml_leaf(xml, "rsp:Code", str_of(codes[signal]));
    xml_close(xml);
    end(xml, out);
}

void wsman_delete(const struct wsman_shell *shell, struct guid *id, struct buf *out)
{
    struct xml_writer *xml = begin(shell, TRANSFER "/Delete", id);
    begin_body(xml);
    end(xml, out);
}

/* ---- answers ---- */

/* What may stand before the first element: a mark of UTF-8, blanks, the declaration, comments. */
static struct str skip_prolog(struct str text)
{
    text = str_trim(str_from(text, str_starts(text, STR("\xEF\xBB\xBF")) ? 3 : 0));
    while (str_starts(text, STR("<?")) || str_starts(text, STR("<!--"))) {
        struct str mark = text.data[1] == '?' ? STR("?>") : STR("-->");
        const char *end = memmem(text.data, text.len, mark.data, mark.len);
        text = str_trim(str_from(text, end ? (size_t)(end - text.data) + mark.len : text.len));
    }
    return text;
}

/* By its first element, with any prefix: a page may hold the word. A document type that is not HTML's is the parser's to refuse. */
bool wsman_looks_like_envelope(struct str text)
{
    struct str rest = skip_prolog(text), prefix;
    size_t length = 0;
    if (str_starts(rest, STR("<!DOCTYPE"))) {
        return !str_starts_nocase(str_trim(str_from(rest, sizeof "<!DOCTYPE" - 1)), STR("html"));
    }
    if (!str_starts(rest, STR("<"))) {
        return false;
    }
    rest = str_from(rest, 1);
    while (length < rest.len && !strchr(" \t\r\n/>", rest.data[length])) {
        length++;
    }
    struct str name = str_take(rest, length);
    rest = name;
    return str_is(str_cut(&rest, ':', &prefix) ? rest : name, "Envelope");
}

/* uuid:GUID, in any case. */
static bool relates(struct str text, const struct guid *id)
{
    size_t colon = text.len > 36 ? text.len - 36 : 0;
    return str_is_nocase(str_from(text, colon), id->text);
}

static void read_fault(struct wsman_answer *answer)
{
    const struct xml_node *detail = xml_find(answer->fault, FAULT, "WSManFault");
    int64_t code = 0;
    /* Some write it signed. */
    if (str_to_int64(xml_attribute(detail, "Code"), INT32_MIN, UINT32_MAX, &code)) {
        answer->fault_code = (uint32_t)code;
    }
}

bool wsman_take(struct str text, const struct guid *id, struct wsman_answer *answer, struct err *err)
{
    struct err why = { 0 };
    *answer = (struct wsman_answer){ .document = xml_parse(text, &(struct xml_limits){ .bytes = WSMAN_MAX_ANSWER }, &why) };
    const struct xml_node *root = xml_root(answer->document), *header = xml_child(root, SOAP, "Header");
    if (!answer->document) {
        return err_set(err, ERR_PROTOCOL, "The server's answer is no SOAP envelope: %s", why.text);
    }
    answer->body = xml_child(root, SOAP, "Body");
    struct str related = xml_text(xml_child(header, ADDRESSING, "RelatesTo"));
    bool good = answer->body && str_is(root->name, "Envelope");
    if (!good) {
        err_set(err, ERR_PROTOCOL, "The server's answer is XML, but no SOAP envelope: it begins with <%.*s>", STR_ARG(root->name));
    } else if (related.len && !relates(related, id)) {
        good = err_set(err, ERR_PROTOCOL, "The server answered another request than the one that was made (RelatesTo)");
    }
    if (!good) {
        wsman_answer_free(answer);
        return false;
    }
    str_put(answer->activity, sizeof answer->activity, xml_text(xml_child(header, WSMAN_MS, "ActivityId")));
    answer->fault = xml_child(answer->body, SOAP, "Fault");
    read_fault(answer);
    return true;
}

void wsman_answer_free(struct wsman_answer *answer)
{
    xml_free(answer->document);
    *answer = (struct wsman_answer){ 0 };
}

/* Subcodes are names with a prefix of the server's choice. */
static bool has_subcode(const struct wsman_answer *answer, const char *name)
{
    const struct xml_node *subcode = xml_child(xml_child(answer->fault, SOAP, "Code"), SOAP, "Subcode");
    struct str value = xml_text(xml_child(subcode, SOAP, "Value")), prefix;
    struct str local = value;
    return str_is(str_cut(&local, ':', &prefix) ? local : value, name);
}

bool wsman_timed_out(const struct wsman_answer *answer)
{
    return answer->fault && (answer->fault_code == FAULT_TIMED_OUT || (!answer->fault_code && has_subcode(answer, "TimedOut")));
}

bool wsman_is_gone(const struct wsman_answer *answer)
{
    return answer->fault && (answer->fault_code == FAULT_SELECTORS || (!answer->fault_code && has_subcode(answer, "InvalidSelectors")));
}

bool wsman_shell_ended(const struct wsman_answer *answer)
{
    return wsman_is_gone(answer) || (answer->fault && answer->fault_code == FAULT_ABORTED);
}

/* The innermost message that says something: that of a provider's fault is Exchange's own (section 4). */
static struct str innermost_message(const struct xml_node *node)
{
    struct str best = { 0 };
    for (const struct xml_node *child = node ? node->first : NULL; child; child = child->next) {
        struct str inner = innermost_message(child);
        struct str own = str_is(child->name, "Message") ? xml_text(child) : (struct str){ 0 };
        best = inner.len ? inner : own.len ? own : best;
    }
    return best;
}

static enum err_kind kind_of_code(uint32_t code)
{
    switch (code) {
    case 5:                     /* access denied */
        return ERR_FORBIDDEN;
    case 1326:                  /* logon failure */
        return ERR_AUTH_DENIED;
    case FAULT_SELECTORS:
        return ERR_SERVER;
    default:
        return ERR_SERVER;
    }
}

static void advise(const struct wsman_answer *answer, bool opening, struct str text, struct err *err)
{
    if (exchange_text_is_quota(text)) {
        err->kind = ERR_THROTTLED;
        err_advise(err, "Three remote sessions are open already. Close one, or wait: an idle one ends after 15 minutes.");
    } else if (wsman_shell_ended(answer) && opening) {
        err_advise(err, "Try again. If it stays so, leave out -UseRPSSession: REST has the same cmdlets.");
    } else if (wsman_shell_ended(answer)) {
        err_advise(err, "It was idle for too long, or the server was moved. The next command opens a new one.");
    } else if (answer->fault_code == FAULT_RESOURCE) {
        err_advise(err, "This server has no Exchange endpoint. Check -ConnectionUri.");
    } else if (err->kind == ERR_FORBIDDEN) {
        err_advise(err, "Remote PowerShell was deprecated in October 2023 and may be refused. Leave out -UseRPSSession: REST has the same cmdlets.");
    }
}

void wsman_fault_err(const struct wsman_answer *answer, bool opening, struct err *err)
{
    struct str message = innermost_message(xml_child(answer->fault, SOAP, "Detail"));
    struct str reason = xml_text(xml_child(xml_child(answer->fault, SOAP, "Reason"), SOAP, "Text"));
    struct exchange_text said = exchange_text_cut(message.len ? message : reason);
    enum err_kind kind = exchange_category_kind(said.category);
    struct str text = said.text.len ? said.text : STR("The server refused without a word");
    const char *what = opening ? "The remote session could not be opened: " : "The remote session has ended on the server: ";
    char code[64], ids[256];
    err_set(err, kind ? kind : kind_of_code(answer->fault_code), "%s%.*s", wsman_shell_ended(answer) ? what : "", STR_ARG(text));
    if (answer->fault_code) {
        snprintf(code, sizeof code, "WSMan %" PRIu32 " (0x%08" PRIX32 ")", answer->fault_code, answer->fault_code);
        err_code(err, code);
    }
    snprintf(ids, sizeof ids, "%.*s%s%s", (int)(said.ids.len < 160 ? said.ids.len : 160), said.ids.len ? said.ids.data : "",
             !*answer->activity ? "" : said.ids.len ? " activity " : "activity ", answer->activity);
    if (*ids) {
        err_correlation(err, ids);
    }
    advise(answer, opening, text, err);
}

bool wsman_shell_id(const struct wsman_answer *answer, char *id, size_t size, struct err *err)
{
    const struct xml_node *created = xml_child(answer->body, TRANSFER, "ResourceCreated");
    const struct xml_node *set = xml_find(created, WSMAN, "SelectorSet");
    for (const struct xml_node *selector = set ? set->first : NULL; selector; selector = selector->next) {
        if (str_is_nocase(xml_attribute(selector, "Name"), "ShellId")) {
            str_put(id, size, xml_text(selector));
        }
    }
    if (!*id) {
        str_put(id, size, xml_text(xml_find(answer->body, SHELL, "ShellId")));
    }
    return *id || err_set(err, ERR_PROTOCOL, "The server opened a shell and did not say its id");
}

struct str wsman_command_id(const struct wsman_answer *answer)
{
    return xml_text(xml_find(xml_child(answer->body, SHELL, "CommandResponse"), SHELL, "CommandId"));
}

bool wsman_check_received(const struct wsman_answer *answer, struct err *err)
{
    const struct xml_node *first = answer->body->first;
    return xml_child(answer->body, SHELL, "ReceiveResponse") ||
           err_set(err, ERR_PROTOCOL, "The server's answer to Receive holds <%.*s> in place of what was received",
                   STR_ARG(str_take(first ? first->name : (struct str){ 0 }, 60)));
}

bool wsman_next_stream(const struct wsman_answer *answer, const struct xml_node **at, struct str *base64)
{
    const struct xml_node *response = xml_child(answer->body, SHELL, "ReceiveResponse");
    const struct xml_node *node = *at ? (*at)->next : response ? response->first : NULL;
    while (node && !(str_is(node->name, "Stream") && str_is(node->space, SHELL))) {
        node = node->next;
    }
    *at = node;
    *base64 = xml_text(node);
    return node != NULL;
}

bool wsman_command_done(const struct wsman_answer *answer)
{
    const struct xml_node *state = xml_child(xml_child(answer->body, SHELL, "ReceiveResponse"), SHELL, "CommandState");
    return str_ends_nocase(xml_attribute(state, "State"), STR("/CommandState/Done"));
}
