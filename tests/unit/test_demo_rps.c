/* Whole conversations with the demo tenant's remote PowerShell, without TLS: shells, pipelines, faults (rps.md). The client
   here is made of texts, and shares nothing with purvey's own. */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/guid.h"
#include "base/mem.h"
#include "base/xml.h"
#include "demo/control.h"
#include "demo/entra.h"
#include "demo/rest_call.h"
#include "demo/rps_internal.h"

#define HOST "eur01b." DEMO_FRONT_DOOR
#define PATH "/Powershell-LiveId"
#define QUERY "BasicAuthToOAuthConversion=true;PSVersion=5.1.1"
#define ADDRESS "https://" HOST ":8443" PATH "?" QUERY
#define POOL "8c1c42d6-8e61-4848-b0fa-abe28815009e"
#define NUMBERS_OF_MESSAGES 600

static const char *const more_cmdlets[] = { "New-Vault - - Name:s@*/! Password:c", NULL };

/* One message that came, its text copied. */
struct came { unsigned type; char *text; };

struct fixture {
    struct demo demo;
    struct demo_reply reply;
    struct xml_document *answer;
    char shell[64], command[64], session[64], pid[37];
    const char *user, *authorization, *timeout, *address, *host, *type, *query;      /* of the next requests */
    char action[128];
    int envelope;
    uint64_t objects;
    struct came came[NUMBERS_OF_MESSAGES];
    size_t count;
    bool done;
    struct buf object;              /* of a message whose end has not come */
};

static const char *header(const struct demo_request *request, const char *name)
{
    const struct fixture *fixture = request->connection;
    if (str_is_nocase(str_of(name), "Authorization"))
        return fixture->authorization;
    return str_is_nocase(str_of(name), "Content-Type") ? fixture->type : "";
}

static int set_up(void **state)
{
    struct fixture *fixture = MEM_NEW(struct fixture);
    fixture->demo.config = (struct demo_config){
        .users = 2500, .seed = 7, .port = 8443, .region = "eur01b", .token_lifetime_s = 3600, .more_cmdlets = more_cmdlets,
    };
    pthread_mutex_init(&fixture->demo.lock, NULL);
    pthread_mutex_lock(&fixture->demo.lock);
    fixture->demo.entra = entra_new(&fixture->demo.config);
    fixture->demo.rest = rest_new(&fixture->demo.config);
    fixture->demo.control = control_new();
    fixture->user = DEMO_USER;
    fixture->timeout = "PT0.050S";
    fixture->address = ADDRESS;
    fixture->authorization = "";
    fixture->host = HOST;
    fixture->type = "application/soap+xml;charset=UTF-8";
    fixture->query = QUERY;
    fixture->envelope = 512000;
    fixture->object = (struct buf)BUF_INIT(BUF_LARGE);
    snprintf(fixture->session, sizeof fixture->session, "uuid:%s", guid_new().text);
    *state = fixture;
    return 0;
}

static void forget(struct fixture *fixture)
{
    xml_free(fixture->answer);
    fixture->answer = NULL;
    reply_drop(&fixture->reply);
    fixture->reply = (struct demo_reply){ .status = 500, .body = BUF_INIT(DEMO_MAX_BODY) };
}

static void forget_messages(struct fixture *fixture)
{
    for (size_t i = 0; i < fixture->count; i++)
        free(fixture->came[i].text);
    fixture->count = 0;
    fixture->done = false;
    buf_free(&fixture->object);
    fixture->object = (struct buf)BUF_INIT(BUF_LARGE);
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    forget(fixture);
    forget_messages(fixture);
    buf_free(&fixture->object);
    entra_free(fixture->demo.entra);
    rest_free(fixture->demo.rest);
    control_free(fixture->demo.control);
    pthread_mutex_unlock(&fixture->demo.lock);
    pthread_mutex_destroy(&fixture->demo.lock);
    free(fixture);
    return 0;
}

/* ---- requests ---- */

/* In parts, so that a test can leave one out or put another in. */
struct envelope { const char *id, *resource, *more, *session; bool no_selector; };

static char *envelope_text(const struct fixture *fixture, const char *action, const char *body, const struct envelope *parts)
{
    struct buf out = BUF_INIT(BUF_LARGE);
    buf_format(&out, "<s:Envelope xmlns:s=\"%s\" xmlns:a=\"%s\" xmlns:w=\"%s\" xmlns:p=\"%s\" xmlns:rsp=\"%s\"><s:Header>", NS_SOAP, NS_ADDRESSING,
               NS_WSMAN, NS_MICROSOFT, NS_SHELL);
    buf_text(&out, "<a:To>");
    for (const char *c = fixture->address; *c; c++)
        buf_text(&out, *c == '&' ? "&amp;" : (char[]){ *c, '\0' });
    buf_format(&out, "</a:To><a:ReplyTo><a:Address s:mustUnderstand=\"true\">%s/role/anonymous</a:Address></a:ReplyTo>", NS_ADDRESSING);
    buf_format(&out, "<a:Action s:mustUnderstand=\"true\">%s</a:Action><a:MessageID>%s</a:MessageID>", action,
               parts->id ? parts->id : "uuid:0F0F0F0F-1111-2222-3333-444444444444");
    buf_format(&out, "<w:ResourceURI s:mustUnderstand=\"true\">%s</w:ResourceURI>", parts->resource ? parts->resource : RESOURCE);
    buf_format(&out, "<w:MaxEnvelopeSize s:mustUnderstand=\"true\">%d</w:MaxEnvelopeSize>", fixture->envelope);
    buf_format(&out, "<w:OperationTimeout>%s</w:OperationTimeout><w:Locale xml:lang=\"en-US\"/><p:DataLocale xml:lang=\"en-US\"/>", fixture->timeout);
    buf_format(&out, "<p:SessionId>%s</p:SessionId>%s", parts->session ? parts->session : fixture->session, parts->more ? parts->more : "");
    if (*fixture->shell && !parts->no_selector)
        buf_format(&out, "<w:SelectorSet><w:Selector Name=\"shellid\">%s</w:Selector></w:SelectorSet>", fixture->shell);
    buf_format(&out, "</s:Header><s:Body>%s</s:Body></s:Envelope>", body);
    return buf_take(&out);
}

static void post_text(struct fixture *fixture, const char *text)
{
    const struct demo_request request = {
        .method = "POST", .host = HOST, .path = PATH, .query = QUERY, .body = str_of(text), .header = header, .header_text = "", .connection = fixture,
    };
    forget(fixture);
    rps_serve(&fixture->demo, &request, &(struct caller){ fixture->user, false }, &fixture->reply);
    fixture->answer = xml_parse(buf_str(&fixture->reply.body), NULL, NULL);
    assert_non_null(fixture->answer);
    assert_true(fixture->reply.body.len <= (size_t)fixture->envelope);
}

static void post(struct fixture *fixture, const char *action, const char *body, const struct envelope *parts)
{
    static const struct envelope plain = { 0 };
    char *text = envelope_text(fixture, action, body, parts ? parts : &plain);
    post_text(fixture, text);
    free(text);
}

static const struct xml_node *found(const struct fixture *fixture, const char *name)
{
    return xml_find(xml_root(fixture->answer), NULL, name);
}

static void assert_fault(struct fixture *fixture, const char *code)
{
    if (!str_is(xml_attribute(found(fixture, "WSManFault"), "Code"), code))
        fail_msg("%s was wanted: %s", code, buf_cstr(&fixture->reply.body));
    assert_int_equal(fixture->reply.status, 500);
}

static void assert_good(struct fixture *fixture)
{
    if (fixture->reply.status != 200)
        fail_msg("%s", buf_cstr(&fixture->reply.body));
    assert_true(str_is(xml_text(found(fixture, "RelatesTo")), "uuid:0F0F0F0F-1111-2222-3333-444444444444"));
    assert_true(guid_valid(xml_text(found(fixture, "ActivityId"))));
}

/* ---- fragments of the client: one each, which is enough for what tests send ---- */

static void put_big(struct buf *out, uint64_t number, int bytes)
{
    while (bytes-- > 0)
        buf_char(out, (char)(number >> (8 * bytes)));
}

static void put_guid(struct buf *out, const char *text)
{
    static const int order[] = { 6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34 };
    for (size_t i = 0; i < 16; i++) {
        char pair[3] = { text[order[i]], text[order[i] + 1], '\0' };
        buf_char(out, (char)strtol(pair, NULL, 16));
    }
}

static void fragment(struct fixture *fixture, unsigned type, bool pipeline, const char *xml, struct buf *out)
{
    put_big(out, ++fixture->objects, 8);
    put_big(out, 0, 8);
    buf_char(out, 3);
    put_big(out, 40 + strlen(xml), 4);
    buf_add(out, STR("\2\0\0\0"));
    for (int shift = 0; shift < 32; shift += 8)
        buf_char(out, (char)(type >> shift));
    put_guid(out, POOL);
    put_guid(out, pipeline ? fixture->pid : "00000000-0000-0000-0000-000000000000");
    buf_text(out, xml);
}

static char *base64_of(struct buf *bytes)
{
    struct buf text = BUF_INIT(BUF_LARGE);
    base64_encode(buf_str(bytes), &text);
    buf_free(bytes);
    return buf_take(&text);
}

/* ---- actions ---- */

#define CAPABILITY "<Obj RefId=\"0\"><MS><Version N=\"protocolversion\">2.3</Version><Version N=\"PSVersion\">2.0</Version>" \
                   "<Version N=\"SerializationVersion\">1.1.0.1</Version></MS></Obj>"
#define HOST_INFO(null, use) "<B N=\"_isHostNull\">" null "</B><B N=\"_isHostUINull\">" null "</B><B N=\"_isHostRawUINull\">" null \
                             "</B><B N=\"_useRunspaceHost\">" use "</B>"
#define INIT(null) "<Obj RefId=\"0\"><MS><I32 N=\"MinRunspaces\">1</I32><I32 N=\"MaxRunspaces\">1</I32><I32 N=\"PSThreadOptions\">0</I32>" \
                   "<I32 N=\"ApartmentState\">2</I32><Obj N=\"HostInfo\" RefId=\"1\"><MS>" HOST_INFO(null, "false") "</MS></Obj>" \
                   "<Obj N=\"ApplicationArguments\" RefId=\"2\"><DCT/></Obj></MS></Obj>"
#define PROTOCOL_OPTION "<w:OptionSet s:mustUnderstand=\"true\"><w:Option Name=\"protocolversion\" MustComply=\"true\">2.3</w:Option></w:OptionSet>"

static void create(struct fixture *fixture, const char *init)
{
    struct buf bytes = BUF_INIT(BUF_SMALL);
    const struct envelope parts = { .more = PROTOCOL_OPTION, .no_selector = true };
    fixture->objects = 0;
    fragment(fixture, SESSION_CAPABILITY, false, CAPABILITY, &bytes);
    fragment(fixture, INIT_RUNSPACEPOOL, false, init, &bytes);
    char *text = base64_of(&bytes), *body = mem_format("<rsp:Shell ShellId=\"%s\"><rsp:InputStreams>stdin pr</rsp:InputStreams>"
                                                       "<rsp:OutputStreams>stdout</rsp:OutputStreams><creationXml xmlns=\"%s\">%s</creationXml></rsp:Shell>",
                                                       POOL, NS_POWERSHELL, text);
    post(fixture, NS_TRANSFER "/Create", body, &parts);
    struct str id = xml_text(found(fixture, "Selector"));
    snprintf(fixture->shell, sizeof fixture->shell, "%.*s", STR_ARG(id));
    free(text);
    free(body);
}

static void take_streams(struct fixture *fixture)
{
    struct buf bytes = BUF_INIT(BUF_LARGE), *object = &fixture->object;
    for (const struct xml_node *stream = xml_child(found(fixture, "ReceiveResponse"), NS_SHELL, "Stream"); stream; stream = stream->next)
        assert_true(!str_is(stream->name, "Stream") || base64_decode(xml_text(stream), &bytes));
    for (struct str rest = buf_str(&bytes); rest.len;) {
        const unsigned char *head = (const unsigned char *)rest.data;
        size_t length = (size_t)head[17] << 24 | (size_t)head[18] << 16 | (size_t)head[19] << 8 | head[20];
        assert_true(length <= rest.len - 21);
        buf_add(object, str_take(str_from(rest, 21), length));
        rest = str_from(rest, 21 + length);
        if (head[16] & 2) {
            const unsigned char *message = (const unsigned char *)object->data;
            assert_true(fixture->count < NUMBERS_OF_MESSAGES && str_starts(str_from(buf_str(object), 40), STR("\xEF\xBB\xBF")));
            fixture->came[fixture->count++] = (struct came){ message[4] | (unsigned)message[5] << 8 | (unsigned)message[6] << 16,
                                                             str_dup(str_from(buf_str(object), 43)) };
            buf_clear(object);
        }
    }
    fixture->done = str_ends_nocase(xml_attribute(found(fixture, "CommandState"), "State"), STR("/Done"));
    assert_true(object->len == 0 || !fixture->done);
    buf_free(&bytes);
}

static void receive(struct fixture *fixture)
{
    char *attribute = *fixture->command ? mem_format(" CommandId=\"%s\"", fixture->command) : mem_text("");
    char *body = mem_format("<rsp:Receive><rsp:DesiredStream%s>stdout</rsp:DesiredStream></rsp:Receive>", attribute);
    post(fixture, NS_SHELL "/Receive", body, NULL);
    if (fixture->reply.status == 200)
        take_streams(fixture);
    free(attribute);
    free(body);
}

static void open_shell(struct fixture *fixture, const char *init)
{
    create(fixture, init);
    assert_good(fixture);
    assert_true(guid_valid(str_of(fixture->shell)) && !str_is_nocase(str_of(fixture->shell), POOL));
    *fixture->command = '\0';
    receive(fixture);
    assert_int_equal(fixture->count, 3);
    assert_int_equal(fixture->came[0].type, SESSION_CAPABILITY);
    /* Every second shell has its private data last. */
    bool late = rest_rps(fixture->demo.rest)->made % 2 == 0;
    assert_int_equal(fixture->came[late ? 2 : 1].type, APPLICATION_PRIVATE_DATA);
    assert_int_equal(fixture->came[late ? 1 : 2].type, RUNSPACEPOOL_STATE);
    assert_string_equal(fixture->came[late ? 1 : 2].text, "<Obj RefId=\"0\"><MS><I32 N=\"RunspaceState\">2</I32></MS></Obj>");
    forget_messages(fixture);
}

static void command(struct fixture *fixture, unsigned type, const char *xml)
{
    struct buf bytes = BUF_INIT(BUF_LARGE);
    str_copy(fixture->pid, sizeof fixture->pid, guid_new().text);
    str_copy(fixture->command, sizeof fixture->command, fixture->pid);
    forget_messages(fixture);
    fragment(fixture, type, true, xml, &bytes);
    char *text = base64_of(&bytes);
    char *body = mem_format("<rsp:CommandLine CommandId=\"%s\"><rsp:Command> </rsp:Command><rsp:Arguments>%s</rsp:Arguments></rsp:CommandLine>",
                            fixture->command, text);
    post(fixture, NS_SHELL "/Command", body, NULL);
    free(text);
    free(body);
}

static void send(struct fixture *fixture, const char *stream, unsigned type, const char *xml)
{
    struct buf bytes = BUF_INIT(BUF_LARGE);
    fragment(fixture, type, *fixture->command, xml, &bytes);
    char *text = base64_of(&bytes), *attribute = *fixture->command ? mem_format(" CommandId=\"%s\"", fixture->command) : mem_text("");
    char *body = mem_format("<rsp:Send><rsp:Stream Name=\"%s\"%s>%s</rsp:Stream></rsp:Send>", stream, attribute, text);
    post(fixture, NS_SHELL "/Send", body, NULL);
    free(text);
    free(attribute);
    free(body);
}

static void signal_command(struct fixture *fixture, const char *code)
{
    char *body = mem_format("<rsp:Signal CommandId=\"%s\"><rsp:Code>%s</rsp:Code></rsp:Signal>", fixture->command, code);
    post(fixture, NS_SHELL "/Signal", body, NULL);
    free(body);
}

/* Commands of a pipeline as "Name;param=xml element;..." with '|' between. V is written as it is. */
static char *pipeline_text(const char *commands)
{
    struct buf out = BUF_INIT(BUF_LARGE);
    struct str rest = str_of(commands), one, part, name;
    int id = 10;
    buf_text(&out, "<Obj RefId=\"0\"><MS><B N=\"NoInput\">true</B><I32 N=\"ApartmentState\">2</I32><I32 N=\"RemoteStreamOptions\">0</I32>"
                   "<B N=\"AddToHistory\">false</B><Obj N=\"HostInfo\" RefId=\"1\"><MS>" HOST_INFO("true", "true") "</MS></Obj>"
                   "<Obj N=\"PowerShell\" RefId=\"2\"><MS><B N=\"IsNested\">false</B><Obj N=\"Cmds\" RefId=\"3\"><LST>");
    while (rest.len) {
        str_cut(&rest, '|', &one);
        str_cut(&one, ';', &name);
        bool script = str_starts(name, STR("{"));
        buf_format(&out, "<Obj RefId=\"%d\"><MS><S N=\"Cmd\">%.*s</S><B N=\"IsScript\">%s</B><I32 N=\"MergeMyResult\">0</I32>"
                         "<I32 N=\"MergeToResult\">0</I32><I32 N=\"MergePreviousResults\">0</I32><Obj N=\"Args\" RefId=\"%d\"><LST>",
                   id, STR_ARG(name), script ? "true" : "false", id + 1);
        for (id += 2; one.len; id++) {
            str_cut(&one, ';', &part);
            str_cut(&part, '=', &name);
            buf_format(&out, name.len ? "<Obj RefId=\"%d\"><MS><S N=\"N\">%.*s</S>" : "<Obj RefId=\"%d\"><MS><Nil N=\"N\"/>%.*s", id, STR_ARG(name));
            buf_format(&out, "%.*s</MS></Obj>", STR_ARG(part));
        }
        buf_text(&out, "</LST></Obj></MS></Obj>");
    }
    buf_text(&out, "</LST></Obj></MS></Obj></MS></Obj>");
    return buf_take(&out);
}

static void start(struct fixture *fixture, const char *commands)
{
    char *text = pipeline_text(commands);
    command(fixture, CREATE_PIPELINE, text);
    assert_good(fixture);
    free(text);
}

/* Runs to the end; leaves what came in the fixture. Host calls stay unanswered and stop it. */
static void run(struct fixture *fixture, const char *commands)
{
    start(fixture, commands);
    while (!fixture->done) {
        receive(fixture);
        assert_good(fixture);
    }
    signal_command(fixture, NS_SHELL "/signal/terminate");
    assert_good(fixture);
}

static size_t count_of(const struct fixture *fixture, unsigned type)
{
    size_t count = 0;
    for (size_t i = 0; i < fixture->count; i++)
        count += fixture->came[i].type == type;
    return count;
}

static const char *text_of(const struct fixture *fixture, unsigned type)
{
    for (size_t i = 0; i < fixture->count; i++)
        if (fixture->came[i].type == type)
            return fixture->came[i].text;
    fail_msg("no message 0x%08X came", type);
    return "";
}

static void assert_state(const struct fixture *fixture, int state)
{
    char *wanted = mem_format("<I32 N=\"PipelineState\">%d</I32>", state);
    if (!strstr(text_of(fixture, PIPELINE_STATE), wanted))
        fail_msg("%s", text_of(fixture, PIPELINE_STATE));
    free(wanted);
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in %s", part, text);
}

/* ---- HTTP ---- */

static void ask_http(struct fixture *fixture, const char *method, const char *path)
{
    const struct demo_request request = {
        .method = method, .host = fixture->host, .path = path, .query = fixture->query, .body = { 0 }, .header = header, .header_text = "",
        .connection = fixture,
    };
    forget(fixture);
    rest_handle(&fixture->demo, &request, &fixture->reply);
}

static char *basic(const char *token)
{
    struct buf text = BUF_INIT(BUF_SMALL), clear = BUF_INIT(BUF_SMALL);
    buf_format(&clear, "somebody:Bearer %s", token);
    buf_text(&text, "Basic ");
    base64_encode(buf_str(&clear), &text);
    buf_free(&clear);
    return buf_take(&text);
}

static void the_door_asks_for_a_bearer_and_sends_on(void **state)
{
    struct fixture *fixture = *state;
    struct bearer bearer = { .upn = DEMO_USER, .audience = "https://" DEMO_FRONT_DOOR };
    char *token = entra_make_token(fixture->demo.entra, &bearer, 3600), *authorization = basic(token), *wrong = basic("nothing");
    ask_http(fixture, "POST", "/powershell-liveid/");
    assert_int_equal(fixture->reply.status, 401);
    fixture->authorization = wrong;
    ask_http(fixture, "POST", "/powershell-liveid/");
    assert_int_equal(fixture->reply.status, 401);
    fixture->authorization = authorization;
    ask_http(fixture, "GET", "/powershell-liveid/");
    assert_int_equal(fixture->reply.status, 405);
    fixture->query = "PSVersion=5";
    ask_http(fixture, "POST", "/powershell-liveid/");
    assert_int_equal(fixture->reply.status, 401);
    fixture->host = DEMO_FRONT_DOOR;
    fixture->query = "x=y;basicauthtooauthconversion=True&z";
    ask_http(fixture, "POST", "/PowerShell-LiveID");
    assert_int_equal(fixture->reply.status, 302);
    assert_string_equal(fixture->reply.headers[0].value, "https://" HOST ":8443/Powershell-LiveId?x=y;basicauthtooauthconversion=True&z");
    fixture->host = HOST;
    fixture->type = "application/json";
    ask_http(fixture, "POST", PATH);
    assert_int_equal(fixture->reply.status, 415);
    fixture->type = "application/soap+xml;charset=UTF-8";
    ask_http(fixture, "POST", PATH);
    assert_int_equal(fixture->reply.status, 500);
    entra_expire_tokens(fixture->demo.entra);
    ask_http(fixture, "POST", PATH);
    assert_int_equal(fixture->reply.status, 401);
    free(token);
    free(authorization);
    free(wrong);
}

/* ---- envelopes ---- */

static void each_wrong_header_has_its_fault(void **state)
{
    struct fixture *fixture = *state;
    static const char *const receive_body = "<rsp:Receive><rsp:DesiredStream>stdout</rsp:DesiredStream></rsp:Receive>";
    open_shell(fixture, INIT("false"));
    post(fixture, NS_SHELL "/Dance", receive_body, NULL);
    assert_fault(fixture, "2150858778");
    post(fixture, NS_SHELL "/Receive", receive_body, &(struct envelope){ .resource = "http://elsewhere" });
    assert_fault(fixture, "2150858811");
    post(fixture, NS_SHELL "/Receive", receive_body, &(struct envelope){ .id = "12" });
    assert_fault(fixture, "2150858817");
    post(fixture, NS_SHELL "/Receive", receive_body, &(struct envelope){ .no_selector = true });
    assert_fault(fixture, "2150858843");
    post(fixture, NS_SHELL "/Receive", receive_body, &(struct envelope){ .session = "uuid:00000000-1111-2222-3333-444444444444" });
    assert_fault(fixture, "2150858817");
    post(fixture, NS_SHELL "/Receive", receive_body, &(struct envelope){ .more = "<q:Dark xmlns:q=\"urn:q\" s:mustUnderstand=\"1\"/>" });
    assert_fault(fixture, "2150858764");
    post(fixture, NS_SHELL "/Receive", receive_body, &(struct envelope){ .more = "<q:Light xmlns:q=\"urn:q\"/>" });
    assert_fault(fixture, "2150858793");
    fixture->address = "https://" DEMO_FRONT_DOOR "/other";
    receive(fixture);
    assert_fault(fixture, "2150858770");
    fixture->address = ADDRESS;
    fixture->envelope = 8000;
    receive(fixture);
    assert_fault(fixture, "2150858810");
    fixture->envelope = 512000;
    fixture->user = "lee.gu@" DEMO_TENANT;
    receive(fixture);
    assert_fault(fixture, "5");
    post_text(fixture, "<html/>");
    assert_fault(fixture, "2150858817");
}

static void create_wants_the_version_of_the_protocol(void **state)
{
    struct fixture *fixture = *state;
    post(fixture, NS_TRANSFER "/Create", "", NULL);
    assert_fault(fixture, "2150858842");
    post(fixture, NS_TRANSFER "/Create", "",
         &(struct envelope){ .more = "<w:OptionSet s:mustUnderstand=\"true\"><w:Option Name=\"protocolversion\" MustComply=\"true\">3.0</w:Option></w:OptionSet>" });
    assert_fault(fixture, "2152992672");
    create(fixture, "<Obj RefId=\"0\"><MS/></Obj>");
    assert_fault(fixture, "2150858817");
    assert_int_equal(rest_rps(fixture->demo.rest)->count, 0);
}

static void waiting_ends_in_a_fault_of_its_own(void **state)
{
    struct fixture *fixture = *state;
    open_shell(fixture, INIT("false"));
    int64_t before = clock_ms();
    receive(fixture);
    assert_fault(fixture, "2150858793");
    assert_true(clock_ms() - before >= 50);
}

static void a_shell_ends_with_delete_or_the_dial(void **state)
{
    struct fixture *fixture = *state;
    struct json *vanish = json_parse(STR("{\"action\":\"vanish\"}"), NULL);
    open_shell(fixture, INIT("false"));
    post(fixture, NS_TRANSFER "/Delete", "", NULL);
    assert_good(fixture);
    receive(fixture);
    assert_fault(fixture, "2150858843");
    *fixture->shell = '\0';
    open_shell(fixture, INIT("false"));
    assert_true(rps_control(&fixture->demo, vanish));
    receive(fixture);
    assert_fault(fixture, "2150858843");
    json_free(vanish);
}

/* A quarter of an hour without a request, unless Create asked for another time. */
static void an_idle_shell_is_gone(void **state)
{
    struct fixture *fixture = *state;
    struct rps *rps = rest_rps(fixture->demo.rest);
    open_shell(fixture, INIT("false"));
    assert_int_equal(rps->shells[0]->idle_ms, 900000);
    rps->shells[0]->last_ms -= 899000;
    receive(fixture);
    assert_fault(fixture, "2150858793");
    rps->shells[0]->last_ms -= 901000;
    receive(fixture);
    assert_fault(fixture, "2150858843");
    assert_int_equal(rps->expired, 1);
}

static void *receive_in_thread(void *context)
{
    struct fixture *fixture = context;
    pthread_mutex_lock(&fixture->demo.lock);
    receive(fixture);
    pthread_mutex_unlock(&fixture->demo.lock);
    return NULL;
}

/* The lock is free while a Receive waits, and a shell that goes takes it along. */
static void a_held_receive_ends_with_its_shell(void **state)
{
    struct fixture *fixture = *state;
    struct json *vanish = json_parse(STR("{\"action\":\"vanish\"}"), NULL);
    pthread_t thread;
    open_shell(fixture, INIT("false"));
    fixture->timeout = "PT300.000S";
    assert_int_equal(pthread_create(&thread, NULL, receive_in_thread, fixture), 0);
    while (!rest_rps(fixture->demo.rest)->shells[0]->holding) {
        pthread_mutex_unlock(&fixture->demo.lock);
        sched_yield();
        pthread_mutex_lock(&fixture->demo.lock);
    }
    assert_true(rps_control(&fixture->demo, vanish));
    pthread_mutex_unlock(&fixture->demo.lock);
    pthread_join(thread, NULL);
    pthread_mutex_lock(&fixture->demo.lock);
    assert_fault(fixture, "995");
    json_free(vanish);
}

static void three_shells_a_person(void **state)
{
    struct fixture *fixture = *state;
    for (int i = 0; i < 3; i++) {
        create(fixture, INIT("false"));
        assert_good(fixture);
    }
    create(fixture, INIT("false"));
    assert_fault(fixture, "2150859173");
    assert_has(buf_cstr(&fixture->reply.body), "maximum number of connections allowed : 3 for the policy party : MaxConcurrency");
    fixture->user = "lee.gu@" DEMO_TENANT;
    create(fixture, INIT("false"));
    assert_good(fixture);
}

/* ---- pipelines ---- */

static void rows_come_as_objects(void **state)
{
    struct fixture *fixture = *state;
    open_shell(fixture, INIT("false"));
    run(fixture, "Get-Label;-Identity:=<S N=\"V\">Personal</S>");
    assert_int_equal(fixture->count, 2);
    assert_has(fixture->came[0].text, "<TN RefId=\"0\"><T>Microsoft.Exchange.Management.Demo.Label</T><T>System.Object</T></TN><ToString>");
    assert_has(fixture->came[0].text, "<S N=\"Name\">Personal</S>");
    assert_has(fixture->came[0].text, "<I32 N=\"Priority\">0</I32>");
    assert_has(fixture->came[0].text, "<MS><G N=\"RunspaceId\">" POOL "</G></MS></Obj>");
    assert_state(fixture, 4);
    /* After terminate the command is gone. */
    receive(fixture);
    assert_fault(fixture, "2150858843");
    run(fixture, "Get-Label;=<S N=\"V\">Personal</S>");
    assert_int_equal(count_of(fixture, PIPELINE_OUTPUT), 1);
}

static void people_come_over_many_pages(void **state)
{
    struct fixture *fixture = *state;
    fixture->envelope = 60000;
    open_shell(fixture, INIT("false"));
    run(fixture, "Get-User;ResultSize=<I32 N=\"V\">450</I32>;Verbose=<B N=\"V\">true</B>");
    assert_int_equal(count_of(fixture, PIPELINE_OUTPUT), 450);
    assert_int_equal(count_of(fixture, WARNING_RECORD), 1);
    assert_int_equal(count_of(fixture, VERBOSE_RECORD), 1);
    assert_state(fixture, 4);
}

static void errors_say_what_exchange_says(void **state)
{
    struct fixture *fixture = *state;
    open_shell(fixture, INIT("false"));
    run(fixture, "Get-Label;Identity=<S N=\"V\">nope</S>");
    assert_int_equal(count_of(fixture, ERROR_RECORD), 1);
    assert_state(fixture, 4);
    assert_has(text_of(fixture, ERROR_RECORD), "[FailureCategory=Cmdlet-ManagementObjectNotFoundException] ");
    assert_has(text_of(fixture, ERROR_RECORD), "<I32 N=\"ErrorCategory_Category\">13</I32>");
    run(fixture, "Get-Label;Identity=<S N=\"V\">nope</S>;ErrorAction=<S N=\"V\">Stop</S>");
    assert_int_equal(count_of(fixture, ERROR_RECORD), 0);
    assert_state(fixture, 5);
    run(fixture, "Get-Nothing");
    assert_state(fixture, 5);
    assert_has(text_of(fixture, PIPELINE_STATE), "<S N=\"FullyQualifiedErrorId\">CommandNotFoundException</S>");
    run(fixture, "{ Get-Label }");
    assert_state(fixture, 5);
    assert_has(text_of(fixture, PIPELINE_STATE), "<S N=\"FullyQualifiedErrorId\">ScriptsNotAllowed</S>");
    run(fixture, "Get-Label;Wrong=<S N=\"V\">x</S>");
    assert_state(fixture, 5);
    assert_has(text_of(fixture, PIPELINE_STATE), ">NamedParameterNotFound<");
}

static void commands_feed_each_other(void **state)
{
    struct fixture *fixture = *state;
    open_shell(fixture, INIT("false"));
    run(fixture, "Get-Label|Measure-Object");
    assert_int_equal(count_of(fixture, PIPELINE_OUTPUT), 1);
    assert_has(text_of(fixture, PIPELINE_OUTPUT), "<I32 N=\"Count\">");
    run(fixture, "Get-Label;Identity=<S N=\"V\">Personal</S>|Set-Label;Tooltip=<S N=\"V\">through a pipe</S>");
    assert_int_equal(count_of(fixture, ERROR_RECORD), 0);
    assert_state(fixture, 4);
    run(fixture, "Get-Label;Identity=<S N=\"V\">Personal</S>|Select-Object;Property=<S N=\"V\">Tooltip</S>");
    assert_has(text_of(fixture, PIPELINE_OUTPUT), "<MS><S N=\"Tooltip\">through a pipe</S></MS>");
}

static const char choice_2[] = "<Obj RefId=\"0\"><MS><I64 N=\"ci\">1</I64><Obj N=\"mi\" RefId=\"1\"><ToString>PromptForChoice</ToString><I32>26</I32></Obj>"
                               "<I32 N=\"mr\">2</I32></MS></Obj>";

static void a_high_impact_asks_the_host(void **state)
{
    struct fixture *fixture = *state;
    open_shell(fixture, INIT("false"));
    start(fixture, "Remove-Label;Identity=<S N=\"V\">Personal</S>");
    receive(fixture);
    assert_has(text_of(fixture, PIPELINE_HOST_CALL), "<ToString>PromptForChoice</ToString><I32>26</I32>");
    receive(fixture);
    assert_fault(fixture, "2150858793");
    send(fixture, "stdin", PIPELINE_HOST_RESPONSE, choice_2);
    assert_fault(fixture, "2150858817");
    *fixture->shell = '\0';
    forget_messages(fixture);
    open_shell(fixture, INIT("false"));
    start(fixture, "Remove-Label;Identity=<S N=\"V\">Personal</S>");
    receive(fixture);
    send(fixture, "pr", PIPELINE_HOST_RESPONSE, choice_2);
    assert_good(fixture);
    receive(fixture);
    assert_state(fixture, 4);
    signal_command(fixture, NS_SHELL "/signal/terminate");
    run(fixture, "Remove-Label;Identity=<S N=\"V\">Personal</S>;WhatIf=<B N=\"V\">true</B>");
    assert_has(text_of(fixture, PIPELINE_HOST_CALL), "<I64 N=\"ci\">-100</I64>");
    run(fixture, "Remove-Label;Identity=<S N=\"V\">Personal</S>;Confirm=<B N=\"V\">false</B>");
    assert_int_equal(fixture->count, 1);
    run(fixture, "Get-Label;Identity=<S N=\"V\">Personal</S>");
    assert_int_equal(count_of(fixture, ERROR_RECORD), 1);
}

static void without_a_host_nobody_is_asked(void **state)
{
    struct fixture *fixture = *state;
    open_shell(fixture, INIT("true"));
    run(fixture, "Remove-Label;Identity=<S N=\"V\">Personal</S>");
    assert_state(fixture, 5);
    run(fixture, "New-Label;DisplayName=<S N=\"V\">x</S>");
    assert_state(fixture, 5);
    assert_int_equal(count_of(fixture, PIPELINE_HOST_CALL), 0);
}

static void what_is_missing_is_asked_for(void **state)
{
    struct fixture *fixture = *state;
    open_shell(fixture, INIT("false"));
    start(fixture, "New-Vault");
    receive(fixture);
    assert_has(text_of(fixture, PIPELINE_HOST_CALL), "<S N=\"name\">Name</S>");
    send(fixture, "pr", PIPELINE_HOST_RESPONSE,
         "<Obj RefId=\"0\"><MS><I64 N=\"ci\">1</I64><I32 N=\"mi\">23</I32><Obj N=\"mr\" RefId=\"1\"><DCT><En><S N=\"Key\">Name</S><S N=\"Value\">Safe</S></En>"
         "</DCT></Obj></MS></Obj>");
    assert_good(fixture);
    receive(fixture);
    assert_state(fixture, 4);
    assert_has(text_of(fixture, PIPELINE_OUTPUT), "<S N=\"Name\">Safe</S>");
}

/* A host that does not do what it is asked answers with an error record (rps.md section 9). */
static void a_refusal_of_the_host_fails_the_pipeline(void **state)
{
    struct fixture *fixture = *state;
    open_shell(fixture, INIT("false"));
    start(fixture, "Remove-Label;Identity=<S N=\"V\">Personal</S>");
    receive(fixture);
    send(fixture, "pr", PIPELINE_HOST_RESPONSE,
         "<Obj RefId=\"0\"><MS><I64 N=\"ci\">1</I64><I32 N=\"mi\">26</I32><Obj N=\"me\" RefId=\"1\"><MS><S N=\"Exception\">no</S></MS></Obj></MS></Obj>");
    assert_good(fixture);
    receive(fixture);
    assert_state(fixture, 5);
    assert_true(fixture->done);
}

/* Only the misspelt code stops; what is queued still comes. Every other closes. */
static void stopping_keeps_what_is_queued(void **state)
{
    struct fixture *fixture = *state;
    fixture->envelope = 20000;
    open_shell(fixture, INIT("false"));
    start(fixture, "Get-User");
    receive(fixture);
    size_t before = count_of(fixture, PIPELINE_OUTPUT);
    assert_true(before > 0 && !fixture->done);
    signal_command(fixture, "powershell/signal/crtl_c");
    while (!fixture->done)
        receive(fixture);
    assert_state(fixture, 3);
    assert_true(count_of(fixture, PIPELINE_OUTPUT) >= before && count_of(fixture, PIPELINE_OUTPUT) < 450);
    signal_command(fixture, NS_SHELL "/signal/terminate");
    start(fixture, "Get-User");
    signal_command(fixture, "powershell/signal/ctrl_c");
    receive(fixture);
    assert_fault(fixture, "2150858843");
}

static void metadata_lists_commands(void **state)
{
    struct fixture *fixture = *state;
    open_shell(fixture, INIT("false"));
    command(fixture, GET_COMMAND_METADATA,
            "<Obj RefId=\"0\"><MS><Obj N=\"Name\" RefId=\"1\"><LST><S>*-Vault</S><S>Get-Command</S><S>Get-Nothing</S></LST></Obj>"
            "<Obj N=\"CommandType\" RefId=\"2\"><ToString>x</ToString><I32>15</I32></Obj><Nil N=\"Namespace\"/><Nil N=\"ArgumentList\"/></MS></Obj>");
    assert_good(fixture);
    while (!fixture->done)
        receive(fixture);
    assert_int_equal(count_of(fixture, PIPELINE_OUTPUT), 3);
    assert_int_equal(count_of(fixture, ERROR_RECORD), 1);
    assert_has(fixture->came[0].text, "<I32 N=\"Count\">2</I32>");
    assert_has(fixture->came[1].text, "<S N=\"Name\">Get-Command</S>");
    assert_has(fixture->came[2].text, "<S N=\"Name\">Password</S><S N=\"ParameterType\">System.Security.SecureString</S>");
    assert_has(fixture->came[2].text, "<B N=\"IsDynamic\">false</B><B N=\"SwitchParameter\">false</B>");
    run(fixture, "Get-Command;Name=<S N=\"V\">*-Vault</S>|Select-Object;Property=<S N=\"V\">Name</S>");
    assert_int_equal(count_of(fixture, PIPELINE_OUTPUT), 1);
    run(fixture, "Get-FormatData;TypeName=<S N=\"V\">*ComplianceCase</S>");
    assert_has(text_of(fixture, PIPELINE_OUTPUT), "<S N=\"Label\">CreatedDateTime</S>");
}

/* ---- the dial ---- */

static void dial(struct fixture *fixture, const char *text)
{
    struct json *body = json_parse(str_of(text), NULL);
    assert_true(rps_control(&fixture->demo, body));
    json_free(body);
}

static void the_dial_makes_trouble(void **state)
{
    struct fixture *fixture = *state;
    open_shell(fixture, INIT("false"));
    dial(fixture, "{\"action\":\"unknown\"}");
    dial(fixture, "{\"action\":\"cycle\"}");
    dial(fixture, "{\"action\":\"big\"}");
    run(fixture, "Get-Label;Identity=<S N=\"V\">Personal</S>");
    assert_int_equal(fixture->came[0].type, 0x99999);
    assert_has(fixture->came[1].text, "<Ref RefId=\"0\"/>");
    assert_true(strlen(fixture->came[2].text) > (size_t)3 * 1024 * 1024);
    assert_int_equal(fixture->count, 5);
    dial(fixture, "{\"action\":\"break\",\"reason\":\"maintenance\"}");
    forget_messages(fixture);
    *fixture->command = '\0';
    receive(fixture);
    assert_has(text_of(fixture, RUNSPACEPOOL_STATE), "<I32 N=\"RunspaceState\">5</I32>");
    assert_has(text_of(fixture, RUNSPACEPOOL_STATE), "maintenance");
    dial(fixture, "{\"action\":\"refuse\"}");
    create(fixture, INIT("false"));
    assert_fault(fixture, "5");
    assert_has(buf_cstr(&fixture->reply.body), "deprecated");
    struct json *wrong = json_parse(STR("{\"action\":\"dance\"}"), NULL);
    assert_false(rps_control(&fixture->demo, wrong));
    json_free(wrong);
}

/* What is legal and seldom: an empty answer, a fragment over two streams, Done by itself or not at all. */
static void the_dial_plays_what_is_seldom(void **state)
{
    struct fixture *fixture = *state;
    open_shell(fixture, INIT("false"));
    dial(fixture, "{\"action\":\"empty\"}");
    receive(fixture);
    assert_good(fixture);
    assert_null(found(fixture, "Stream"));
    dial(fixture, "{\"action\":\"split\"}");
    run(fixture, "Get-Label;Identity=<S N=\"V\">Personal</S>");
    assert_int_equal(fixture->count, 2);
    dial(fixture, "{\"action\":\"late\"}");
    start(fixture, "Get-Label;Identity=<S N=\"V\">Personal</S>");
    receive(fixture);
    assert_state(fixture, 4);
    assert_false(fixture->done);
    receive(fixture);
    assert_true(fixture->done);
    dial(fixture, "{\"action\":\"never\"}");
    start(fixture, "Get-Nothing");
    receive(fixture);
    assert_state(fixture, 5);
    assert_false(fixture->done);
    receive(fixture);
    assert_fault(fixture, "2150858793");
}

/* A single request can be hit: the second Receive, say. */
static void the_fault_dial_finds_single_actions(void **state)
{
    struct fixture *fixture = *state;
    static const char *const bodies[] = { NS_SHELL "/Command", NS_SHELL "/Receive", NS_SHELL "/Receive", NS_SHELL "/Receive" };
    for (size_t i = 0; i < 4; i++) {
        char *text = envelope_text(fixture, bodies[i], "", &(struct envelope){ 0 });
        const struct demo_request request = { .method = "POST", .path = PATH, .body = str_of(text), .header = header, .connection = fixture };
        assert_int_equal(demo_wsman_names_action(&request, "Receive"), i > 0);
        assert_int_equal(demo_wsman_names_action(&request, "Command"), i == 0);
        free(text);
    }
}

/* ---- SecureStrings ---- */

static void reverse(unsigned char *bytes, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        unsigned char kept = bytes[i];
        bytes[i] = bytes[count - 1 - i];
        bytes[count - 1 - i] = kept;
    }
}

/* The blob of the client's key: header, exponent and modulus little endian (rps.md section 10). */
static char *public_blob(gnutls_privkey_t key)
{
    static const unsigned char head[] = { 6, 2, 0, 0, 0, 0xA4, 0, 0, 'R', 'S', 'A', '1', 0, 8, 0, 0, 1, 0, 1, 0 };
    struct buf blob = BUF_INIT(BUF_SMALL);
    gnutls_datum_t m, e;
    assert_true(gnutls_privkey_export_rsa_raw2(key, &m, &e, NULL, NULL, NULL, NULL, NULL, NULL, GNUTLS_EXPORT_FLAG_NO_LZ) >= 0);
    assert_int_equal(m.size, 256);
    reverse(m.data, m.size);
    buf_add(&blob, (struct str){ (const char *)head, sizeof head });
    buf_add(&blob, (struct str){ (const char *)m.data, m.size });
    gnutls_free(m.data);
    gnutls_free(e.data);
    return base64_of(&blob);
}

/* What the server drew, out of its answer. */
static void session_key(gnutls_privkey_t key, const char *answer, unsigned char out[32])
{
    struct buf bytes = BUF_INIT(BUF_SMALL);
    const char *begin = strstr(answer, "EncryptedSessionKey\">");
    assert_non_null(begin);
    struct str text = str_of(begin + strlen("EncryptedSessionKey\">")), base64;
    str_cut(&text, '<', &base64);
    assert_true(base64_decode(base64, &bytes));
    assert_int_equal(bytes.len, 12 + 256);
    reverse((unsigned char *)bytes.data + 12, 256);
    const gnutls_datum_t cipher = { (unsigned char *)bytes.data + 12, 256 };
    gnutls_datum_t plain;
    assert_true(gnutls_privkey_decrypt_data(key, 0, &cipher, &plain) >= 0);
    assert_int_equal(plain.size, 32);
    memcpy(out, plain.data, 32);
    gnutls_free(plain.data);
    buf_free(&bytes);
}

static char *secure_text(unsigned char key[32])
{
    unsigned char block[16] = { 'h', 0, 0xE9, 0, '!', 0, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10 }, zeros[16] = { 0 };
    struct buf bytes = BUF_INIT(BUF_SMALL);
    const gnutls_datum_t secret = { key, 32 }, iv = { zeros, 16 };
    gnutls_cipher_hd_t cipher;
    assert_true(gnutls_cipher_init(&cipher, GNUTLS_CIPHER_AES_256_CBC, &secret, &iv) >= 0);
    assert_true(gnutls_cipher_encrypt(cipher, block, sizeof block) >= 0);
    gnutls_cipher_deinit(cipher);
    buf_add(&bytes, (struct str){ (const char *)block, sizeof block });
    return base64_of(&bytes);
}

static void secure_strings_are_opened_with_the_session_key(void **state)
{
    struct fixture *fixture = *state;
    gnutls_privkey_t key;
    unsigned char secret[32];
    assert_true(gnutls_privkey_init(&key) >= 0 && gnutls_privkey_generate(key, GNUTLS_PK_RSA, 2048, 0) >= 0);
    open_shell(fixture, INIT("false"));
    run(fixture, "New-Vault;Name=<S N=\"V\">A</S>;Password=<SS N=\"V\">AAAAAAAAAAAAAAAAAAAAAA==</SS>");
    assert_state(fixture, 5);
    char *blob = public_blob(key), *message = mem_format("<Obj RefId=\"0\"><MS><S N=\"PublicKey\">%s</S></MS></Obj>", blob);
    *fixture->command = '\0';
    forget_messages(fixture);
    send(fixture, "stdin", PUBLIC_KEY, message);
    assert_good(fixture);
    receive(fixture);
    session_key(key, text_of(fixture, ENCRYPTED_SESSION_KEY), secret);
    char *sealed = secure_text(secret), *line = mem_format("New-Vault;Name=<S N=\"V\">A</S>;Password=<SS N=\"V\">%s</SS>", sealed);
    run(fixture, line);
    assert_state(fixture, 4);
    struct buf clear = BUF_INIT(BUF_SMALL);
    assert_true(key_open(rest_rps(fixture->demo.rest)->shells[0], str_of(sealed), &clear));
    assert_string_equal(buf_cstr(&clear), "h\xC3\xA9!");
    buf_free(&clear);
    free(sealed);
    free(line);
    free(blob);
    free(message);
    gnutls_privkey_deinit(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_door_asks_for_a_bearer_and_sends_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_wrong_header_has_its_fault, set_up, tear_down),
        cmocka_unit_test_setup_teardown(create_wants_the_version_of_the_protocol, set_up, tear_down),
        cmocka_unit_test_setup_teardown(waiting_ends_in_a_fault_of_its_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_shell_ends_with_delete_or_the_dial, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_idle_shell_is_gone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_held_receive_ends_with_its_shell, set_up, tear_down),
        cmocka_unit_test_setup_teardown(three_shells_a_person, set_up, tear_down),
        cmocka_unit_test_setup_teardown(rows_come_as_objects, set_up, tear_down),
        cmocka_unit_test_setup_teardown(people_come_over_many_pages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(errors_say_what_exchange_says, set_up, tear_down),
        cmocka_unit_test_setup_teardown(commands_feed_each_other, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_high_impact_asks_the_host, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_a_host_nobody_is_asked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_missing_is_asked_for, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_refusal_of_the_host_fails_the_pipeline, set_up, tear_down),
        cmocka_unit_test_setup_teardown(stopping_keeps_what_is_queued, set_up, tear_down),
        cmocka_unit_test_setup_teardown(metadata_lists_commands, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_dial_makes_trouble, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_dial_plays_what_is_seldom, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_fault_dial_finds_single_actions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(secure_strings_are_opened_with_the_session_key, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
