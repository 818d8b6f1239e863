/* The compliance service: who may come in, by which door, and what is behind each path (rest.md sections 1, 2, 7). */
#include "demo/rest.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "demo/entra.h"
#include "demo/module_text.h"
#include "demo/rest_call.h"
#include "demo/rps.h"

/* Any name will do: clients send back what they got, and only to the hosts of one connection (rest.md section 1.1). */
#define COOKIE_NAME "purveyaffinity"

struct rest *rest_new(const struct demo_config *config)
{
    struct rest *rest = MEM_NEW(struct rest);
    rest->table = cmdlet_table_new(config->more_cmdlets);
    rest->generic = generic_new(rest->table);
    rest->tenant = tenant_new(config->seed);
    generic_seed(rest->generic, rest->tenant);
    rest->calls_of = mem_array(rest->table->count, sizeof *rest->calls_of);
    rest->rps = rps_new();
    return rest;
}

struct rps *rest_rps(const struct rest *rest)
{
    return rest->rps;
}

const struct cmdlet_table *rest_cmdlets(const struct rest *rest)
{
    return rest->table;
}

void rest_free(struct rest *rest)
{
    if (rest) {
        rps_free(rest->rps);
        cmdlet_table_free(rest->table);
        tenant_free(rest->tenant);
        generic_free(rest->generic);
        free(rest->calls_of);
        free(rest);
    }
}

/* Only cmdlets that were called: the page is read by tests, which look for what they did. */
void rest_stats(const struct rest *rest, struct json *out)
{
    struct json *service = json_new_object(), *cmdlets = json_new_object();
    json_add(service, "calls", json_new_int(rest->calls));
    json_add(service, "cookies", json_new_int(rest->cookies));
    json_add(service, "redirects", json_new_int(rest->redirects));
    json_add(service, "refused", json_new_int(rest->refused));
    for (size_t i = 0; i < rest->table->count; i++) {
        if (rest->calls_of[i]) {
            char *name = str_dup(rest->table->items[i].name);
            json_add(cmdlets, name, json_new_int(rest->calls_of[i]));
            free(name);
        }
    }
    json_add(service, "cmdlets", cmdlets);
    json_add(out, "rest", service);
    rps_stats(rest->rps, out);
}

/* ---- who calls ---- */

/* A region label may stand before the front door's name. Search-only sessions have another audience and the same hosts
   (rest.md section 8); whether the service refuses other cmdlets to them is not known, so nothing is refused here. */
static bool is_our_audience(struct str audience)
{
    struct str host = str_from(audience, 8);
    if (!str_starts_nocase(audience, STR("https://"))) {
        return false;
    }
    if (host.len && host.data[host.len - 1] == '/') {
        host = str_take(host, host.len - 1);
    }
    return str_is_nocase(host, DEMO_FRONT_DOOR) || str_ends_nocase(host, STR("." DEMO_FRONT_DOOR)) ||
           str_is_nocase(host, DEMO_SEARCH_HOST);
}

/* An empty body on purpose: that is what a wrong audience gets from the service (rest.md section 6). */
static bool refuse(struct rest *rest, struct demo_reply *reply)
{
    rest->refused++;
    reply->status = 401;
    buf_clear(&reply->body);
    reply_header(reply, "WWW-Authenticate",
                 "Bearer client_id=\"00000002-0000-0ff1-ce00-000000000000\", "
                 "trusted_issuers=\"00000001-0000-0000-c000-000000000000@*\", "
                 "error=\"invalid_token\"");
    return false;
}

/* A token of another resource is refused like none at all, with the same empty body: the service does not say which
   it was, and advice has to come from the client. */
bool rest_knows_bearer(struct demo *demo, const char *authorization, struct bearer *bearer)
{
    return entra_check_bearer(demo->entra, authorization, bearer) == BEARER_GOOD && is_our_audience(str_of(bearer->audience));
}

static bool check_bearer(struct demo *demo, const struct demo_request *request, struct bearer *bearer,
                         struct demo_reply *reply)
{
    return rest_knows_bearer(demo, request->header(request, "Authorization"), bearer) || refuse(demo->rest, reply);
}

/* The tenant's initial domain routes for everybody, another one only for the person whose UPN has it (rest.md
   section 1.1): the service cannot know a domain that only some users have. */
static bool routes(struct str domain, const char *upn)
{
    struct str home = str_of(upn), local;
    return str_is_nocase(domain, DEMO_TENANT) || (str_cut(&home, '@', &local) && str_eq_nocase(domain, home));
}

/* Only the domain behind the '@' routes (rest.md section 1.1). A person without an anchor is routed by the token. */
static bool check_anchor(const struct demo_request *request, const char *upn, struct demo_reply *reply)
{
    static const char *const prefixes[] = { "UPN:", "APP:", "SMTP:" };
    struct str anchor = str_of(request->header(request, "X-AnchorMailbox")), local;
    bool prefixed = !anchor.len;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        prefixed |= str_starts_nocase(anchor, str_of(prefixes[i]));
    }
    anchor = anchor.len ? anchor : str_of(upn);
    bool has_domain = str_cut(&anchor, '@', &local);
    return (prefixed && has_domain && routes(anchor, upn)) ||
           rest_fail(reply, FAIL_CONTAINER, "",
                     "The service could not find the organization container for the anchor mailbox of this request.");
}

/* ---- the front door ---- */

/* The path came decoded; a Location needs it as it was sent. */
static void add_encoded(struct buf *out, const char *path)
{
    for (; *path; path++) {
        unsigned char c = (unsigned char)*path;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     strchr("/-._~!$&'()*+,;=:@", c);
        if (plain) {
            buf_char(out, (char)c);
        } else {
            buf_format(out, "%%%02X", c);
        }
    }
}

/* The host and port in it are never served: a client that follows blindly shows itself by a 421. */
static void redirect(struct demo *demo, const struct demo_request *request, struct demo_reply *reply)
{
    struct buf location = BUF_INIT(BUF_SMALL);
    char cookie[128];
    demo->rest->redirects++;
    buf_format(&location, "https://%s." DEMO_ADMIN_SUFFIX ":446", demo->config.region);
    add_encoded(&location, request->path);
    buf_format(&location, "%s%s", *request->query ? "?" : "", request->query);
    snprintf(cookie, sizeof cookie, COOKIE_NAME "=%016llx; path=/; secure; HttpOnly",
             (unsigned long long)seeded_number(demo->config.seed, "cookie"));
    reply->status = 302;
    reply_header(reply, "Location", buf_cstr(&location));
    reply_header(reply, "Set-Cookie", cookie);
    rest_headers(demo->rest, demo, reply);
    buf_free(&location);
}

/* ---- InvokeCommand ---- */

/* Names of cmdlets are case-blind on the wire; the answer uses the canonical one. */
static bool parse_call(struct call *call)
{
    call->body = json_parse(call->request->body, NULL);
    const struct json *input = json_get_nocase(call->body, "CmdletInput");
    const char *name = json_cstr(json_get_nocase(input, "CmdletName"), "");
    call->parameters = json_get_nocase(input, "Parameters");
    bool shaped = json_kind(input) == JSON_OBJECT && *name;
    if (!shaped || (call->parameters && json_kind(call->parameters) != JSON_OBJECT)) {
        return rest_fail(call->reply, FAIL_BODY, "",
                         "The request's body is not a CmdletInput with CmdletName and Parameters.");
    }
    call->cmdlet = cmdlet_find(call->rest->table, str_of(name));
    if (!call->cmdlet) {
        return rest_fail(call->reply, FAIL_UNKNOWN_CMDLET, "",
                         "The cmdlet '%.100s' is not there, or no role of this account allows it.", name);
    }
    struct str noun = call->cmdlet->name;
    str_cut(&noun, '-', &call->verb);
    call->noun_name = noun;
    call->noun = tenant_noun(noun);
    call->is_generic = !call->noun;
    call->noun = call->noun ? call->noun : generic_noun(call->rest->generic, noun);
    call->rest->calls_of[call->cmdlet - call->rest->table->items]++;
    return true;
}

/* Everything that is not Get or New is told apart by verb and noun in rest_change.c. */
static bool run(struct call *call)
{
    static const struct {
        const char *verb;
        bool (*run)(struct call *call);
    } verbs[] = {
        { "Get", rest_get },
        { "New", rest_create },
        { "", rest_change },
    };
    size_t which = 0;
    if (call->cmdlet->impact != '-' && call_switch(call, "Confirm")) {
        return rest_ask(call);
    }
    while (*verbs[which].verb && !str_is(call->verb, verbs[which].verb)) {
        which++;
    }
    return verbs[which].run(call);
}

/* nextLink stands before the rows, so the page is decided before anything is written. */
static bool write_rows(struct call *call)
{
    struct page page;
    if (!page_of_request(call, &page)) {
        return false;
    }
    int64_t count = (int64_t)call->row_count, end = count - page.first > page.rows ? page.first + page.rows : count;
    char *link = end < count ? page_link(call, end, end) : NULL;
    struct buf text = BUF_INIT(DEMO_MAX_BODY);
    if (link) {
        rest_warn(call, "%s", rest_more_warning);
    }
    buf_clear(&call->reply->body);
    rest_envelope(call, link, &call->reply->body);
    for (int64_t i = page.first; i < end; i++) {
        buf_text(&text, i > page.first ? "," : "");
        json_print(call->rows[i]->object, false, &text);
    }
    rest_escape(&call->reply->body, buf_str(&text));
    buf_text(&call->reply->body, "]}");
    call->reply->status = 200;
    rest_content_type(call->reply);
    buf_free(&text);
    free(link);
    return true;
}

/* Compliance searches want a session of their own (rest.md section 8). An option, not the rule: over plain REST one
   program got by without, and whether the gate is the token or the module's version is not known. */
static bool check_session(struct call *call)
{
    bool search = str_is(call->noun_name, "ComplianceSearch") || str_is(call->cmdlet->name, "New-ComplianceSearchAction");
    return !search || call->search_only || !call->demo->config.separate_searches ||
           rest_fail(call->reply, FAIL_STATE, "",
                     "To run '%.*s', connect again with Connect-IPPSSession -EnableSearchOnlySession.",
                     STR_ARG(call->cmdlet->name));
}

/* Jobs advance after the answer was written: the first look still sees the state of the start. */
static void answer_call(struct call *call)
{
    if (!parse_call(call) || !check_session(call) || !rest_bind(call)) {
        return;
    }
    if (str_is(call->cmdlet->name, "Get-User")) {
        rest_users(call);
    } else if (str_is(call->cmdlet->name, "Export-ActivityExplorerData") || str_is(call->cmdlet->name, "Export-ContentExplorerData")) {
        rest_explorer(call);
    } else if (run(call) && write_rows(call) && str_is(call->verb, "Get")) {
        rest_advance(call);
    }
}

/* All that a call needs lies in one place and ends with it: no state of one request can leak into the next. */
void rest_invoke(struct demo *demo, const struct demo_request *request, const struct caller *caller,
                 struct demo_reply *reply)
{
    struct call call = {
        .demo = demo,
        .rest = demo->rest,
        .request = request,
        .reply = reply,
        .upn = *caller->upn ? caller->upn : "an application",
        .search_only = caller->search_only,
        .now = clock_unix(),
        .warnings = json_new_array(),
    };
    demo->rest->calls++;
    answer_call(&call);
    json_free(call.body);
    json_free(call.warnings);
    json_free(call.errors);
    free(call.confirmation);
    free(call.rows);
}

/* ---- EXOModuleFile and the banner ---- */

static const char format_xml[] =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Configuration>\n  <ViewDefinitions>\n    <View>\n      "
    "<Name>ComplianceCase</Name>\n"
    "      <ViewSelectedBy><TypeName>Deserialized.ComplianceCase</TypeName></ViewSelectedBy>\n      "
    "<TableControl><TableRowEntries>"
    "<TableRowEntry><TableColumnItems><TableColumnItem><PropertyName>Name</PropertyName></TableColumnItem></"
    "TableColumnItems>"
    "</TableRowEntry></TableRowEntries></TableControl>\n    </View>\n  </ViewDefinitions>\n</Configuration>\n";

/* Made for each request: 115 KB take less than a millisecond, and CommandName changes the text. */
static void module_file(struct demo *demo, const struct demo_request *request, const struct caller *caller,
                        struct demo_reply *reply)
{
    struct str wanted = str_of(request->header(request, "CommandName"));
    struct buf text = BUF_INIT(DEMO_MAX_BODY), names = BUF_INIT(BUF_LARGE), *out = &reply->body;
    (void)caller;
    module_text(demo->rest->table, wanted, &text);
    module_names(demo->rest->table, wanted, &names);
    buf_clear(out);
    buf_format(out,
               "{\"@odata.context\":\"https://%s." DEMO_FRONT_DOOR ":%d/adminapi/v1.0/" DEMO_TENANT_ID
               "/$metadata#EXOModuleFile\",",
               demo->config.region, demo->config.port);
    buf_text(out, "\"value\":[{\"fileName\":\"ExchangeOnline.psm1\",\"fileContent\":");
    json_print_string(buf_str(&text), out);
    buf_text(out, ",\"exportedCmdlets\":");
    json_print_string(buf_str(&names), out);
    buf_text(out, "},{\"fileName\":\"exchange.format.ps1xml\",\"fileContent\":");
    json_print_string(str_of(format_xml), out);
    buf_text(out, "}]}");
    reply->status = 200;
    rest_content_type(reply);
    buf_free(&text);
    buf_free(&names);
}

/* Connect-IPPSSession prints it unless ShowBanner is off; the text is the service's. */
static void banner(struct demo *demo, const struct demo_request *request, const struct caller *caller,
                   struct demo_reply *reply)
{
    (void)request;
    (void)caller;
    buf_clear(&reply->body);
    buf_format(&reply->body,
               "{\"@odata.context\":\"https://%s." DEMO_FRONT_DOOR ":%d/adminapi/beta/" DEMO_TENANT_ID
               "/$metadata#EXOBanner\","
               "\"value\":\"Welcome to the demo tenant. Nothing that is done here is real.\"}",
               demo->config.region, demo->config.port);
    reply->status = 200;
    rest_content_type(reply);
}

/* ---- paths of the regional host ---- */

static const struct {
    const char *path, *method;
    void (*serve)(struct demo *demo, const struct demo_request *request, const struct caller *caller,
                  struct demo_reply *reply);
} paths[] = {
    { "EXOModuleFile", "GET", module_file },
    { "InvokeCommand", "POST", rest_invoke },
    { "EXOBanner('AutogenSession')", "GET", banner },
};

/* /adminapi/{version}/{tenant}/{operation}: false when it is not of that form. */
static bool cut_path(const char *path, struct str *tenant, struct str *operation)
{
    struct str rest = str_of(path), root, version;
    bool shaped = str_starts(rest, STR("/"));
    rest = str_from(rest, 1);
    shaped = shaped && str_cut(&rest, '/', &root) && str_cut(&rest, '/', &version) && str_cut(&rest, '/', tenant);
    *operation = rest;
    return shaped && str_is_nocase(root, "adminapi") &&
           (str_is_nocase(version, "v1.0") || str_is_nocase(version, "beta"));
}

/* Other regions exist for the name only: they know nothing about this tenant, as in reality. */
static bool is_our_region(const struct demo *demo, const char *host)
{
    struct str rest = str_of(host), label;
    str_cut(&rest, '.', &label);
    return str_is(label, demo->config.region) && str_is(rest, DEMO_FRONT_DOOR);
}

/* A known path with the wrong method is 405, so that GET on a nextLink is told from a lost path. */
static void serve_operation(struct demo *demo, const struct demo_request *request, const struct caller *caller,
                            struct str operation, struct demo_reply *reply)
{
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        if (!str_is_nocase(operation, paths[i].path)) {
            continue;
        }
        if (str_is(str_of(request->method), paths[i].method)) {
            paths[i].serve(demo, request, caller, reply);
        } else {
            reply_header(reply, "Allow", paths[i].method);
            reply_text(reply, 405, "text/plain", "");
        }
        return;
    }
    reply_text(reply, 404, "text/plain", "");
}

/* Headers first: errors carry the request-id too. */
void rest_serve(struct demo *demo, const struct demo_request *request, const struct caller *caller, struct demo_reply *reply)
{
    struct str tenant, operation;
    rest_headers(demo->rest, demo, reply);
    demo->rest->cookies += strstr(request->header(request, "Cookie"), COOKIE_NAME "=") != NULL;
    if (!check_anchor(request, caller->upn, reply)) {
        return;
    }
    if (!cut_path(request->path, &tenant, &operation)) {
        reply_text(reply, 404, "text/plain", "");
        return;
    }
    bool ours = is_our_region(demo, request->host) &&
                (str_is_nocase(tenant, DEMO_TENANT_ID) || str_is_nocase(tenant, DEMO_TENANT));
    if (!ours) {
        rest_fail(reply, FAIL_CONTAINER, "",
                  "The service could not find the organization container of tenant '%.*s' on this host.",
                  STR_ARG(str_take(tenant, 100)));
        return;
    }
    serve_operation(demo, request, caller, operation, reply);
}

/* The bearer is looked at before anything else: without one, nobody learns which paths exist. */
void rest_handle(struct demo *demo, const struct demo_request *request, struct demo_reply *reply)
{
    struct bearer bearer;
    struct str tenant, operation;
    if (str_ends_nocase(str_of(request->host), STR(DEMO_ADMIN_SUFFIX))) {
        reply_text(reply, 421, "text/plain", "a client has no business here\n");
        return;
    }
    if (rps_is_path(request->path)) {
        rps_handle(demo, request, reply);
        return;
    }
    if (!check_bearer(demo, request, &bearer, reply)) {
        return;
    }
    const struct caller caller = {
        .upn = bearer.app_only ? "" : bearer.upn,
        .search_only = str_is_nocase(str_of(bearer.audience), "https://" DEMO_SEARCH_HOST),
    };
    if (!str_is(str_of(request->host), DEMO_FRONT_DOOR)) {
        rest_serve(demo, request, &caller, reply);
    } else if (!cut_path(request->path, &tenant, &operation)) {
        reply_text(reply, 404, "text/plain", "");
    } else if (check_anchor(request, caller.upn, reply)) {
        redirect(demo, request, reply);
    }
}
