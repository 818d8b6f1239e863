/* session/rps: fragments and messages of PSRP (rps.md sections 5, 6, 8, 9). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/base64.h"
#include "base/mem.h"
#include "catalogue/command_line.h"
#include "session/rps/exchange_text.h"
#include "session/rps/psrp.h"
#include "session/rps/psrp_messages.h"
#include "session/rps/rps_encode.h"
#include "session/rps/rps_format.h"
#include "session/rps/rps_host.h"
#include "session/rps/rps_inbox.h"
#include "session/rps/rps_private_data.h"

static const struct psrp_head pool_head = {
    .destination = PSRP_TO_SERVER, .type = PSRP_SESSION_CAPABILITY, .pool = { "ac07c0a4-b0d8-4140-9a86-a0f18c3f3cff" },
};

/* What a Windows client begins its shells with: fragment 0 of object 1, start and end, 199 bytes, .NET's order of GUIDs. */
static const char windows_capability[] =
    "AAAAAAAAAAEAAAAAAAAAAAMAAADHAgAAAAIAAQCkwAes2LBAQZqGoPGMPzz/AAAAAAAAAAAAAAAAAAAAADxPYmogUmVmSWQ9IjAiPjxNUz48VmVyc2lvbiBO"
    "PSJwcm90b2NvbHZlcnNpb24iPjIuMzwvVmVyc2lvbj48VmVyc2lvbiBOPSJQU1ZlcnNpb24iPjIuMDwvVmVyc2lvbj48VmVyc2lvbiBOPSJTZXJpYWxpemF0"
    "aW9uVmVyc2lvbiI+MS4xLjAuMTwvVmVyc2lvbj48L01TPjwvT2JqPg==";

static void a_capability_is_what_windows_sends(void **state)
{
    struct buf text = BUF_INIT(BUF_SMALL), fragments = BUF_INIT(BUF_SMALL), base64 = BUF_INIT(BUF_SMALL);
    uint64_t object = 1;
    (void)state;
    psrp_session_capability(&text);
    psrp_send(&pool_head, buf_str(&text), &object, &fragments);
    base64_encode(buf_str(&fragments), &base64);
    assert_string_equal(buf_cstr(&base64), windows_capability);
    assert_int_equal(object, 2);
    buf_free(&text);
    buf_free(&fragments);
    buf_free(&base64);
}

/* ---- received ---- */

static bool log_begin(void *context, const struct psrp_head *head, struct err *err)
{
    (void)err;
    buf_format(context, "[%x %x %.8s %.8s:", head->destination, head->type, head->pool.text, head->pipeline.text);
    return true;
}

static bool log_data(void *context, struct str piece, struct err *err)
{
    (void)err;
    buf_add(context, piece);
    return true;
}

static bool log_end(void *context, struct err *err)
{
    (void)err;
    buf_char(context, ']');
    return true;
}

static const struct psrp_handlers logging = { log_begin, log_data, log_end };

/* Fills log; false with err as the receiver has it. */
static bool receive(struct str bytes, size_t piece, uint64_t most, struct buf *log, struct err *err)
{
    struct psrp_receiver *receiver = psrp_receiver_new(&logging, log, most);
    bool good = true;
    for (; good && bytes.len; bytes = str_from(bytes, piece)) {
        good = psrp_receive(receiver, str_take(bytes, piece), err);
    }
    psrp_receiver_free(receiver);
    return good;
}

static void put(struct buf *out, uint64_t object, uint64_t fragment, unsigned flags, const char *data, size_t length)
{
    for (int i = 7; i >= 0; i--) {
        buf_char(out, (char)(object >> (8 * i)));
    }
    for (int i = 7; i >= 0; i--) {
        buf_char(out, (char)(fragment >> (8 * i)));
    }
    buf_char(out, (char)flags);
    for (int i = 3; i >= 0; i--) {
        buf_char(out, (char)(length >> (8 * i)));
    }
    buf_add(out, (struct str){ data, length });
}

/* A head of PIPELINE_OUTPUT for the client, GUIDs of 01 02 ... and f1 f2 ..., then "text". */
static const char message[] =
    "\x01\0\0\0\x04\x10\x04\0"
    "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10"
    "\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9\xfa\xfb\xfc\xfd\xfe\xff\xf0"
    "text";
enum { MESSAGE_LENGTH = sizeof message - 1 };

static void messages_are_put_together_wherever_they_are_cut(void **state)
{
    (void)state;
    for (size_t cut = 1; cut < MESSAGE_LENGTH; cut++) {
        struct buf stream = BUF_INIT(BUF_SMALL);
        put(&stream, 7, 0, 1, message, cut);
        put(&stream, 7, 1, 0, "", 0);
        put(&stream, 7, 2, 2, message + cut, MESSAGE_LENGTH - cut);
        put(&stream, 9, 0, 3, message, MESSAGE_LENGTH);
        for (size_t piece = 1; piece <= stream.len; piece += piece < 70 ? 1 : 50) {
            struct buf log = BUF_INIT(BUF_SMALL);
            struct err err = { 0 };
            assert_true(receive(buf_str(&stream), piece, 1000, &log, &err));
            assert_string_equal(buf_cstr(&log), "[1 41004 04030201 f4f3f2f1:text][1 41004 04030201 f4f3f2f1:text]");
            buf_free(&log);
        }
        buf_free(&stream);
    }
}

static void assert_broken(const struct buf *stream, uint64_t most, const char *why)
{
    struct buf log = BUF_INIT(BUF_SMALL);
    struct err err = { 0 };
    assert_false(receive(buf_str(stream), 13, most, &log, &err));
    assert_int_equal(err.kind, ERR_PROTOCOL);
    if (!strstr(err.text, why)) {
        fail_msg("\"%s\" is not in \"%s\"", why, err.text);
    }
    buf_free(&log);
}

static void what_breaks_the_order_is_refused_with_its_place(void **state)
{
    static const struct { uint64_t objects[3], fragments[3]; unsigned flags[3]; const char *why; } streams[] = {
        { { 1, 1, 1 }, { 1, 2, 3 }, { 1, 0, 2 }, "first fragment (fragment 0 at byte 0)" },
        { { 1, 1, 1 }, { 0, 1, 2 }, { 0, 0, 2 }, "without its beginning" },
        { { 1, 1, 1 }, { 0, 2, 3 }, { 1, 0, 2 }, "a fragment is missing" },
        { { 1, 2, 1 }, { 0, 1, 2 }, { 1, 0, 2 }, "of another message" },
        { { 1, 2, 1 }, { 0, 0, 1 }, { 1, 1, 2 }, "before the last one has ended" },
        { { 5, 5, 6 }, { 0, 0, 0 }, { 3, 3, 3 }, "an earlier number" },
        { { 5, 4, 6 }, { 0, 0, 0 }, { 3, 3, 3 }, "an earlier number" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
        struct buf stream = BUF_INIT(BUF_SMALL);
        for (size_t k = 0; k < 3; k++) {
            put(&stream, streams[i].objects[k], streams[i].fragments[k], streams[i].flags[k], message, MESSAGE_LENGTH);
        }
        assert_broken(&stream, 1000, streams[i].why);
        buf_free(&stream);
    }
    struct buf stream = BUF_INIT(BUF_SMALL);
    put(&stream, 1, 0, 3, message, 39);
    assert_broken(&stream, 1000, "shorter than its head");
    buf_clear(&stream);
    put(&stream, 1, 0, 3, message, MESSAGE_LENGTH);
    assert_broken(&stream, MESSAGE_LENGTH - 1, "larger than 43 bytes");
    buf_clear(&stream);
    put(&stream, 1, 0, 3, "", 0);
    stream.data[17] = '\xff';
    assert_broken(&stream, UINT64_MAX, "can not be");
    buf_free(&stream);
}

static void what_is_sent_is_cut_into_fragments_that_come_back(void **state)
{
    struct buf payload = BUF_INIT(BUF_LARGE), fragments = BUF_INIT(BUF_LARGE), log = BUF_INIT(BUF_LARGE);
    uint64_t object = 3;
    (void)state;
    buf_repeat(&payload, 'x', 100000);
    psrp_send(&pool_head, buf_str(&payload), &object, &fragments);
    psrp_send(&pool_head, STR("second"), &object, &fragments);
    assert_int_equal(object, 5);
    struct str rest = buf_str(&fragments);
    size_t parts = 0, total = 0;
    for (struct str part; (part = psrp_cut(&rest, 70000)).len; parts++) {
        assert_true(part.len <= 70000);
        total += part.len;
    }
    assert_int_equal(parts, 2);
    assert_int_equal(total, fragments.len);
    rest = buf_str(&fragments);
    assert_int_equal(psrp_cut(&rest, 1).len, PSRP_FRAGMENT_HEAD + PSRP_FRAGMENT_DATA);
    assert_true(receive(buf_str(&fragments), 5000, SIZE_MAX, &log, NULL));
    assert_int_equal(log.len, 2 * (sizeof "[2 10002 ac07c0a4 00000000:]" - 1) + 100000 + 6);
    buf_free(&payload);
    buf_free(&fragments);
    buf_free(&log);
}

/* ---- what messages say ---- */

static void assert_contains(const struct buf *text, const char *part)
{
    if (!strstr(buf_cstr(text), part)) {
        fail_msg("%s\nis not in\n%s", part, buf_cstr(text));
    }
}

static void a_pool_is_asked_for_as_the_engine_does(void **state)
{
    struct buf text = BUF_INIT(BUF_SMALL);
    struct json *arguments = json_parse(STR("{\"Ticket\":7,\"Why\":\"audit\"}"), NULL);
    (void)state;
    psrp_init_runspacepool(true, arguments, &text);
    assert_contains(&text, "<Obj RefId=\"0\"><MS><I32 N=\"MinRunspaces\">1</I32><I32 N=\"MaxRunspaces\">1</I32><Obj N=\"PSThreadOptions\" RefId=\"1\"><TN RefId=\"0\">"
                           "<T>System.Management.Automation.Runspaces.PSThreadOptions</T><T>System.Enum</T><T>System.ValueType</T><T>System.Object</T></TN>"
                           "<ToString>Default</ToString><I32>0</I32></Obj>");
    assert_contains(&text, "<ToString>Unknown</ToString><I32>2</I32></Obj><Obj N=\"HostInfo\" RefId=\"3\"><MS><B N=\"_isHostNull\">false</B>"
                           "<B N=\"_isHostUINull\">false</B><B N=\"_isHostRawUINull\">false</B><B N=\"_useRunspaceHost\">false</B></MS></Obj>");
    assert_contains(&text, "<T>System.Management.Automation.PSPrimitiveDictionary</T><T>System.Collections.Hashtable</T><T>System.Object</T></TN><DCT>"
                           "<En><S N=\"Key\">Ticket</S><I32 N=\"Value\">7</I32></En><En><S N=\"Key\">Why</S><S N=\"Value\">audit</S></En></DCT>");
    json_free(arguments);
    buf_free(&text);
}

static void a_pipe_is_a_list_of_commands(void **state)
{
    struct arena arena = { 0 };
    struct buf text = BUF_INIT(BUF_SMALL);
    (void)state;
    const struct psrp_argument first[] = { { STR("Identity"), clixml_new(&arena, CLIXML_STRING, STR("a<b")) }, { STR(""), clixml_new_bool(&arena, true) } };
    const struct psrp_command commands[] = { { STR("Get-Label"), first, 2 }, { STR("Set-Label"), NULL, 0 } };
    psrp_create_pipeline(&arena, commands, 2, true, 3, &text);
    assert_contains(&text, "<B N=\"NoInput\">true</B>");
    assert_contains(&text, "<B N=\"AddToHistory\">false</B>");
    assert_contains(&text, "<B N=\"_isHostNull\">true</B><B N=\"_isHostUINull\">true</B><B N=\"_isHostRawUINull\">true</B><B N=\"_useRunspaceHost\">true</B>");
    assert_contains(&text, "<B N=\"IsNested\">false</B><Nil N=\"History\"/><B N=\"RedirectShellErrorOutputPipe\">true</B>");
    assert_contains(&text, "<S N=\"Cmd\">Get-Label</S><B N=\"IsScript\">false</B><Nil N=\"UseLocalScope\"/>");
    assert_contains(&text, "<MS><S N=\"N\">Identity</S><S N=\"V\">a&lt;b</S></MS>");
    assert_contains(&text, "<MS><Nil N=\"N\"/><B N=\"V\">true</B></MS>");
    assert_contains(&text, "<S N=\"Cmd\">Set-Label</S>");
    assert_contains(&text, "MergeInformation");
    buf_clear(&text);
    psrp_create_pipeline(&arena, commands, 2, true, 2, &text);
    assert_contains(&text, "MergeDebug");
    assert_null(strstr(buf_cstr(&text), "MergeInformation"));
    buf_clear(&text);
    psrp_create_pipeline(&arena, commands, 2, true, 1, &text);
    assert_contains(&text, "MergePreviousResults");
    assert_null(strstr(buf_cstr(&text), "MergeDebug"));
    buf_free(&text);
    arena_free(&arena);
}

static void dates_are_in_utc_alone_and_in_lists(void **state)
{
    struct invocation *invocation = invocation_new("New-Thing");
    struct buf text = BUF_INIT(BUF_SMALL);
    struct err err = { 0 };
    (void)state;
    invocation_set(invocation, "When", ARG_TEXT, TYPE_DATETIME, json_parse(STR("\"2026-01-31T14:00:00\""), NULL));
    invocation_set(invocation, "Days", ARG_LIST, TYPE_DATETIME, json_parse(STR("[\"2026-01-31T00:00:00\",\"2026-02-01T00:00:00+01:00\",\"soon\"]"), NULL));
    assert_true(rps_encode(invocation, NULL, 3, &text, &err));
    assert_contains(&text, "<S N=\"N\">When</S><DT N=\"V\">2026-01-31T14:00:00Z</DT>");
    assert_contains(&text, "<LST><DT>2026-01-31T00:00:00Z</DT><DT>2026-02-01T00:00:00+01:00</DT><S>soon</S></LST>");
    invocation_free(invocation);
    buf_free(&text);
}

/* By what the parameter was declared as: a text that is none of it stays one, and the server says what is wrong with it. */
static void values_go_as_their_parameter_was_declared(void **state)
{
    struct invocation *invocation = invocation_new("New-Thing");
    struct buf text = BUF_INIT(BUF_SMALL);
    struct err err = { 0 };
    (void)state;
    invocation_set(invocation, "Long", ARG_NUMBER, TYPE_LONG, json_parse(STR("5"), NULL));
    invocation_set(invocation, "ProgressAction", ARG_TEXT, TYPE_UNTYPED, json_parse(STR("\"Ignore\""), NULL));
    invocation_set(invocation, "Int", ARG_NUMBER, TYPE_INT, json_parse(STR("5"), NULL));
    invocation_set(invocation, "Untyped", ARG_NUMBER, TYPE_UNTYPED, json_parse(STR("5000000000"), NULL));
    invocation_set(invocation, "Ratio", ARG_NUMBER, TYPE_DOUBLE, json_parse(STR("1.5"), NULL));
    invocation_set(invocation, "Id", ARG_TEXT, TYPE_GUID, json_parse(STR("\"C9A646D3-9C61-4CB7-BFCD-EE2522C8F633\""), NULL));
    invocation_set(invocation, "Name", ARG_TEXT, TYPE_STRING, json_parse(STR("\"c9a646d3-9c61-4cb7-bfcd-ee2522c8f633\""), NULL));
    invocation_set(invocation, "Ids", ARG_LIST, TYPE_GUID, json_parse(STR("[\"c9a646d3-9c61-4cb7-bfcd-ee2522c8f633\",\"none\"]"), NULL));
    assert_true(rps_encode(invocation, NULL, 3, &text, &err));
    assert_contains(&text, "<S N=\"N\">Long</S><I64 N=\"V\">5</I64>");
    assert_contains(&text, "<S N=\"N\">Int</S><I32 N=\"V\">5</I32>");
    assert_null(strstr(buf_cstr(&text), "ProgressAction"));     /* the server's PowerShell has none */
    assert_contains(&text, "<S N=\"N\">Untyped</S><I64 N=\"V\">5000000000</I64>");
    assert_contains(&text, "<S N=\"N\">Ratio</S><Db N=\"V\">1.5</Db>");
    assert_contains(&text, "<S N=\"N\">Id</S><G N=\"V\">C9A646D3-9C61-4CB7-BFCD-EE2522C8F633</G>");
    assert_contains(&text, "<S N=\"N\">Name</S><S N=\"V\">c9a646d3-9c61-4cb7-bfcd-ee2522c8f633</S>");
    assert_contains(&text, "<LST><G>c9a646d3-9c61-4cb7-bfcd-ee2522c8f633</G><S>none</S></LST>");
    invocation_free(invocation);
    buf_free(&text);
}

static void commands_are_listed_by_pattern(void **state)
{
    struct buf text = BUF_INIT(BUF_SMALL);
    (void)state;
    psrp_get_command_metadata(STR(" Get-*, New-Label,"), &text);
    assert_contains(&text, "<LST><S>Get-*</S><S>New-Label</S></LST>");
    assert_contains(&text, "<I32>15</I32>");
    assert_contains(&text, "<Nil N=\"Namespace\"/><Nil N=\"ArgumentList\"/>");
    buf_clear(&text);
    psrp_get_command_metadata(STR(""), &text);
    assert_contains(&text, "<LST><S>*</S></LST>");
    buf_free(&text);
}

/* Reads text and hands the value to use. */
static void with_value(const char *text, void (*use)(const struct clixml_value *, void *), void *context)
{
    struct clixml_reader *reader = clixml_reader_new(0);
    struct err err = { 0 };
    const struct clixml_value *value = clixml_reader_feed(reader, str_of(text), &err) ? clixml_reader_finish(reader, &err) : NULL;
    if (!value) {
        fail_msg("%s", err.text);
    } else {
        use(value, context);
    }
    clixml_reader_free(reader);
}

static void use_error(const struct clixml_value *value, void *context)
{
    psrp_read_error(value, context);
}

static void an_error_record_is_read(void **state)
{
    struct err err = { 0 };
    (void)state;
    with_value("<Obj RefId='0'><TN RefId='0'><T>System.Management.Automation.ErrorRecord</T></TN><ToString>t</ToString><MS>"
               "<Obj N='Exception' RefId='1'><TN RefId='1'><T>Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException</T><T>System.Exception</T></TN>"
               "<ToString>x</ToString><Props><S N='Message'>The operation couldn't be performed because object 'nobody' couldn't be found.</S></Props></Obj>"
               "<Nil N='TargetObject'/><S N='FullyQualifiedErrorId'>[Server=AM0PR01,RequestId=11111111-2222-3333-4444-555555555555,TimeStamp=1/2/2026 3:04:05 AM] "
               "[FailureCategory=Cmdlet-ManagementObjectNotFoundException] 6F9304,Microsoft.Exchange.Management.GetLabel</S>"
               "<I32 N='ErrorCategory_Category'>0</I32><S N='ErrorDetails_RecommendedAction'>Check the name.</S></MS></Obj>", use_error, &err);
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    assert_string_equal(err.text, "The operation couldn't be performed because object 'nobody' couldn't be found.");
    assert_string_equal(err.code, "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException 6F9304");
    assert_string_equal(err.correlation, "Server=AM0PR01,RequestId=11111111-2222-3333-4444-555555555555,TimeStamp=1/2/2026 3:04:05 AM");
    assert_string_equal(err.advice, "Check the name.");
    /* What to do is known by the exception's type, as over REST; the number of an id that is none is left out. */
    with_value("<Obj RefId='0'><MS><Obj N='Exception' RefId='1'><TN RefId='1'><T>Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException</T></TN>"
               "<Props><S N='Message'>not there</S></Props></Obj><S N='FullyQualifiedErrorId'>NoPlace,Microsoft.Exchange.GetLabel</S></MS></Obj>", use_error, &err);
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    assert_string_equal(err.code, "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException");
    assert_non_null(strstr(err.advice, "matching Get- cmdlet"));
    with_value("<Obj RefId='0'><MS><S N='Exception'>no right</S><Obj N='ErrorDetails_Message' RefId='1'><ToString>details win</ToString></Obj>"
               "<I32 N='ErrorCategory_Category'>18</I32></MS></Obj>", use_error, &err);
    assert_int_equal(err.kind, ERR_FORBIDDEN);
    assert_string_equal(err.text, "details win");
    with_value("<S>a text alone</S>", use_error, &err);
    assert_int_equal(err.kind, ERR_SERVER);
    assert_string_equal(err.text, "a text alone");
    with_value("<Nil/>", use_error, &err);
    assert_int_equal(err.kind, ERR_SERVER);
    assert_true(*err.text);
}

static void brackets_of_exchange_are_taken_off(void **state)
{
    struct exchange_text text = exchange_text_cut(STR("[ClientAccessServer=A,BackEndServer=b.c,RequestId=r,TimeStamp=1/1/2026] [FailureCategory=AuthZ-AuthorizationException] "
                                                      "Fail to create a runspace because you have exceeded the maximum number of connections allowed : 3 for the policy party : MaxConcurrency. [x]"));
    (void)state;
    assert_true(str_is(text.ids, "ClientAccessServer=A,BackEndServer=b.c,RequestId=r,TimeStamp=1/1/2026"));
    assert_true(str_is(text.category, "AuthZ-AuthorizationException"));
    assert_true(str_starts(text.text, STR("Fail to create")));
    assert_true(exchange_text_is_quota(text.text));
    assert_int_equal(exchange_category_kind(text.category), ERR_FORBIDDEN);
    assert_true(str_is(exchange_text_cut(STR("[not ours] text")).text, "[not ours] text"));
    assert_true(str_is(exchange_text_cut(STR("[never closed")).text, "[never closed"));
}

/* ---- the host's calls ---- */

struct host_case { struct rps_host_effect effect; struct buf response; };

static void use_host(const struct clixml_value *value, void *context)
{
    struct host_case *one = context;
    one->response = (struct buf)BUF_INIT(BUF_SMALL);
    rps_host_call(value, &one->effect, &one->response);
}

#define CALL(id, method, parameters) "<Obj RefId='0'><MS><I64 N='ci'>" id "</I64><Obj N='mi' RefId='1'><ToString>Name</ToString><I32>" method "</I32></Obj>" \
    "<Obj N='mp' RefId='2'><LST>" parameters "</LST></Obj></MS></Obj>"

static void free_host(struct host_case *one)
{
    buf_free(&one->effect.text);
    buf_free(&one->response);
}

static void a_host_call_is_shown_answered_or_refused(void **state)
{
    struct host_case one;
    (void)state;
    with_value(CALL("1", "26", "<S>Confirm</S><S>Remove it?</S><Obj RefId='3'><LST><Obj RefId='4'><MS><S N='label'>&amp;Yes</S></MS></Obj>"
                    "<Obj RefId='5'><MS><S N='label'>Yes to &amp;All</S></MS></Obj><Obj RefId='6'><MS><S N='label'>&amp;No</S></MS></Obj></LST></Obj><I32>0</I32>"), use_host, &one);
    assert_int_equal(one.effect.kind, HOST_ASKS);
    assert_true(one.effect.answered);
    assert_string_equal(buf_cstr(&one.effect.text), "Remove it?");
    assert_contains(&one.response, "<I64 N=\"ci\">1</I64>");
    assert_contains(&one.response, "<ToString>Name</ToString><I32>26</I32>");
    assert_contains(&one.response, "<I32 N=\"mr\">2</I32>");
    free_host(&one);
    with_value(CALL("2", "23", "<S>c</S><S>m</S>"), use_host, &one);
    assert_true(one.effect.answered);
    assert_contains(&one.response, "N=\"me\"");
    assert_contains(&one.response, "<I32 N=\"ErrorCategory_Category\">11</I32>");
    free_host(&one);
    with_value(CALL("-100", "16", "<S>What if: x</S>"), use_host, &one);
    assert_false(one.effect.answered);
    assert_int_equal(one.effect.kind, HOST_SHOW);
    assert_int_equal(one.effect.stream, RUN_INFORMATION);
    assert_string_equal(buf_cstr(&one.effect.text), "What if: x");
    free_host(&one);
    with_value(CALL("-100", "20", "<I64>0</I64><PR><AV>Searching</AV><PC>40</PC><SD>of 3</SD></PR>"), use_host, &one);
    assert_int_equal(one.effect.stream, RUN_PROGRESS);
    assert_string_equal(buf_cstr(&one.effect.text), "Searching: of 3, 40 %");
    free_host(&one);
    /* Whatever is asked gets an answer. */
    for (int method = 0; method < 60; method++) {
        char call[300];
        snprintf(call, sizeof call, CALL("5", "%d", ""), method);
        with_value(call, use_host, &one);
        bool silent = (method >= 6 && method <= 10) || (method >= 13 && method <= 22) || (method >= 28 && method <= 42 && method % 2 == 0) ||
                      (method >= 47 && method <= 49) || (method >= 51 && method <= 53);
        assert_int_equal(one.effect.answered, !silent);
        assert_int_equal(one.response.len > 0, !silent);
        free_host(&one);
    }
    with_value("<Nil/>", use_host, &one);
    assert_false(one.effect.answered);
    free_host(&one);
}

/* ---- views ---- */

static void use_definition(const struct clixml_value *value, void *context)
{
    rps_views_add(context, value);
}

struct view_case { const struct rps_views *views; const char *names; };

static void use_object(const struct clixml_value *value, void *context)
{
    const struct view_case *one = context;
    struct buf names = BUF_INIT(BUF_SMALL);
    for (const char *const *name = rps_views_of(one->views, value); name && *name; name++) {
        buf_format(&names, "%s ", *name);
    }
    assert_string_equal(buf_cstr(&names), one->names);
    buf_free(&names);
}

static void a_table_view_is_an_order_of_columns(void **state)
{
    struct rps_views *views = rps_views_new();
    struct buf request = BUF_INIT(BUF_SMALL);
    (void)state;
    with_value("<Obj RefId='0'><Props><Obj N='TypeNames' RefId='1'><LST><S>My.Label</S></LST></Obj></Props><MS><Obj N='FormatViewDefinition' RefId='2'><LST>"
               "<Obj RefId='3'><Props><S N='Name'>list</S><Obj N='Control' RefId='4'><Props><Obj N='Entries' RefId='5'><LST/></Obj></Props></Obj></Props></Obj>"
               "<Obj RefId='6'><Props><S N='Name'>table</S><Obj N='Control' RefId='7'><Props><Obj N='Headers' RefId='8'><LST>"
               "<Obj RefId='9'><Props><Nil N='Label'/></Props></Obj><Obj RefId='10'><Props><S N='Label'>Enabled</S></Props></Obj></LST></Obj>"
               "<Obj N='Rows' RefId='11'><LST><Obj RefId='12'><Props><Obj N='Columns' RefId='13'><LST>"
               "<Obj RefId='14'><Props><Obj N='DisplayEntry' RefId='15'><Props><Obj N='ValueType' RefId='16'><ToString>Property</ToString><I32>0</I32></Obj><S N='Value'>Name</S></Props></Obj></Props></Obj>"
               "<Obj RefId='17'><Props><Obj N='DisplayEntry' RefId='18'><Props><Obj N='ValueType' RefId='19'><ToString>ScriptBlock</ToString><I32>1</I32></Obj><S N='Value'>!$_.Disabled</S></Props></Obj></Props></Obj>"
               "</LST></Obj></Props></Obj></LST></Obj></Props></Obj></Props></Obj></LST></Obj></MS></Obj>", use_definition, views);
    with_value("<S>no definition</S>", use_definition, views);
    struct view_case one = { views, "Name Enabled " }, none = { views, "" };
    with_value("<Obj RefId='0'><TN RefId='0'><T>Deserialized.my.label</T><T>System.Object</T></TN></Obj>", use_object, &one);
    with_value("<Obj RefId='0'><TN RefId='0'><T>Derived</T><T>My.Label</T></TN></Obj>", use_object, &one);
    with_value("<Obj RefId='0'><TN RefId='0'><T>Other</T></TN></Obj>", use_object, &none);
    with_value("<S>x</S>", use_object, &none);
    rps_views_free(views);
    rps_views_request(STR("A.*, B"), "5.1.19041.1", 3, &request);
    assert_contains(&request, "<S N=\"Cmd\">Get-FormatData</S>");
    assert_contains(&request, "<LST><S>A.*</S><S>B</S></LST>");
    assert_contains(&request, "PowerShellVersion");
    buf_clear(&request);
    rps_views_request(STR("*"), "5.0", 3, &request);
    assert_null(strstr(buf_cstr(&request), "PowerShellVersion"));
    buf_free(&request);
}

/* ---- what a Receive brings ---- */

static bool note_message(void *context, const struct psrp_head *head, const struct clixml_value *value)
{
    buf_format(context, "%x:%.*s ", head->type, STR_ARG(clixml_text(value)));
    return true;
}

static void add_message(struct buf *envelope, uint32_t type, struct str payload, uint64_t *object)
{
    const struct psrp_head head = { .destination = PSRP_TO_CLIENT, .type = type, .pool = pool_head.pool };
    struct buf fragments = BUF_INIT(BUF_SMALL);
    psrp_send(&head, payload, object, &fragments);
    buf_text(envelope, "<rsp:Stream Name='stdout'>");
    base64_encode(buf_str(&fragments), envelope);
    buf_text(envelope, "</rsp:Stream>");
    buf_free(&fragments);
}

#define ENVELOPE "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope' xmlns:rsp='http://schemas.microsoft.com/wbem/wsman/1/windows/shell'><s:Body>"

static void take(const char *envelope, struct buf *notes, bool good, struct err *err)
{
    struct rps_inbox *inbox = rps_inbox_new(0, note_message, notes);
    struct guid id = guid_new();
    struct wsman_answer answer;
    assert_true(wsman_take(str_of(envelope), &id, &answer, err));
    assert_int_equal(rps_inbox_take(inbox, &answer, err), good);
    wsman_answer_free(&answer);
    rps_inbox_free(inbox);
}

/* Of a message that is not known nothing is known: it need not even be CLIXML (section 6). */
static void a_message_that_is_not_read_may_hold_anything(void **state)
{
    struct buf envelope = BUF_INIT(BUF_LARGE), notes = BUF_INIT(BUF_SMALL);
    struct err err = { 0 };
    uint64_t object = 1;
    (void)state;
    buf_text(&envelope, ENVELOPE "<rsp:ReceiveResponse>");
    add_message(&envelope, 0x00099999, STR("\xff\xfe no XML"), &object);
    add_message(&envelope, PSRP_USER_EVENT, STR("<Obj"), &object);
    add_message(&envelope, PSRP_PIPELINE_OUTPUT, STR("<S>here</S>"), &object);
    buf_text(&envelope, "</rsp:ReceiveResponse></s:Body></s:Envelope>");
    take(buf_cstr(&envelope), &notes, true, &err);
    assert_string_equal(buf_cstr(&notes), "41004:here ");
    buf_free(&envelope);
    buf_free(&notes);
}

static void an_answer_of_another_kind_is_no_empty_one(void **state)
{
    struct buf notes = BUF_INIT(BUF_SMALL);
    struct err err = { 0 };
    (void)state;
    take(ENVELOPE "<rsp:ReceiveResponse/></s:Body></s:Envelope>", &notes, true, &err);
    take(ENVELOPE "<other>x</other></s:Body></s:Envelope>", &notes, false, &err);
    assert_int_equal(err.kind, ERR_PROTOCOL);
    assert_non_null(strstr(err.text, "<other>"));
    take(ENVELOPE "</s:Body></s:Envelope>", &notes, false, &err);
    buf_free(&notes);
}

/* ---- private data ---- */

static void use_private_data(const struct clixml_value *value, void *context)
{
    rps_private_data_read(context, value);
}

#define TABLE(refid, entries) "<Obj N=\"Value\" RefId=\"" refid "\"><DCT>" entries "</DCT></Obj>"
#define ENTRY(key, value) "<En><S N=\"Key\">" key "</S>" value "</En>"

static void a_server_names_the_commands_that_are_not_for_import(void **state)
{
    struct rps_private_data data = { 0 };
    (void)state;
    assert_false(rps_private_data_skips(&data, STR("Get-Label")));
    with_value("<Obj RefId=\"0\"><MS><Obj N=\"ApplicationPrivateData\" RefId=\"1\"><DCT>"
               ENTRY("PSVersionTable", TABLE("2", ENTRY("PSVersion", "<Version N=\"Value\">5.1.1</Version>")))
               ENTRY("ImplicitRemoting", TABLE("3", ENTRY("Hash", "<S N=\"Value\">abc</S>")
                     ENTRY("CommandsToSkip", "<Obj N=\"Value\" RefId=\"4\"><LST><S>Get-Hidden</S><S>import-thing</S></LST></Obj>")))
               "</DCT></Obj></MS></Obj>", use_private_data, &data);
    assert_string_equal(data.version, "5.1.1");
    assert_string_equal(data.commands_hash, "abc");
    assert_true(rps_private_data_skips(&data, STR("get-hidden")));
    assert_true(rps_private_data_skips(&data, STR("Import-Thing")));
    assert_false(rps_private_data_skips(&data, STR("Get-Hid")));
    assert_false(rps_private_data_skips(&data, STR("Get-Label")));
    /* What comes later stands for all: a hash that is no word counts as none. */
    with_value("<Obj RefId=\"0\"><DCT>" ENTRY("ImplicitRemoting", TABLE("1", ENTRY("Hash", "<S N=\"Value\">a b</S>"))) "</DCT></Obj>", use_private_data, &data);
    assert_string_equal(data.commands_hash, "");
    assert_string_equal(data.version, "");
    assert_false(rps_private_data_skips(&data, STR("Get-Hidden")));
    rps_private_data_free(&data);
}

/* ---- commands ---- */

static void use_command(const struct clixml_value *value, void *context)
{
    assert_true(rps_add_command(context, value));
}

#define PARAMETER(id, name) ENTRY(name, "<Obj N='Value' RefId='" id "'><MS><S N='Name'>" name "</S><Obj N='Aliases' RefId='" id "0'><LST/></Obj>" \
                                        "<B N='IsDynamic'>false</B><B N='SwitchParameter'>false</B></MS></Obj>")

/* All but the name, the aliases and what is a switch may be missing (section 8): Get-Label Personal works all the same. */
static void an_identity_has_its_place_without_being_told(void **state)
{
    struct catalogue *catalogue = catalogue_new();
    struct err err = { 0 };
    (void)state;
    with_value("<Obj RefId='0'><MS><S N='Name'>Set-Thing</S><Obj N='Parameters' RefId='1'><DCT>" PARAMETER("2", "Value") PARAMETER("3", "Identity")
               "</DCT></Obj></MS></Obj>", use_command, catalogue);
    catalogue_seal(catalogue);
    struct invocation *invocation = command_line_parse(STR("Set-Thing one -Value two"), catalogue, &err);
    assert_string_equal(err.text, "");
    assert_true(str_is(json_string(invocation_get(invocation, "Identity")->value), "one"));
    invocation_free(invocation);
    catalogue_free(catalogue);
}

/* A role may leave a cmdlet its -Confirm without its -WhatIf. */
static void either_says_that_a_cmdlet_asks(void **state)
{
    static const char *const names[] = { "Confirm", "WhatIf", "Value" };
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct catalogue *catalogue = catalogue_new();
        char *text = mem_format("<Obj RefId='0'><MS><S N='Name'>Set-Thing</S><Obj N='Parameters' RefId='1'><DCT><En><S N='Key'>%s</S>"
                                "<Obj N='Value' RefId='2'><MS><S N='Name'>%s</S></MS></Obj></En></DCT></Obj></MS></Obj>", names[i], names[i]);
        with_value(text, use_command, catalogue);
        catalogue_seal(catalogue);
        assert_int_equal(catalogue->cmdlets[0].should_process, i < 2);
        free(text);
        catalogue_free(catalogue);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_capability_is_what_windows_sends),
        cmocka_unit_test(messages_are_put_together_wherever_they_are_cut),
        cmocka_unit_test(what_breaks_the_order_is_refused_with_its_place),
        cmocka_unit_test(what_is_sent_is_cut_into_fragments_that_come_back),
        cmocka_unit_test(a_pool_is_asked_for_as_the_engine_does),
        cmocka_unit_test(a_pipe_is_a_list_of_commands),
        cmocka_unit_test(dates_are_in_utc_alone_and_in_lists),
        cmocka_unit_test(values_go_as_their_parameter_was_declared),
        cmocka_unit_test(commands_are_listed_by_pattern),
        cmocka_unit_test(a_message_that_is_not_read_may_hold_anything),
        cmocka_unit_test(an_identity_has_its_place_without_being_told),
        cmocka_unit_test(either_says_that_a_cmdlet_asks),
        cmocka_unit_test(an_answer_of_another_kind_is_no_empty_one),
        cmocka_unit_test(a_server_names_the_commands_that_are_not_for_import),
        cmocka_unit_test(an_error_record_is_read),
        cmocka_unit_test(brackets_of_exchange_are_taken_off),
        cmocka_unit_test(a_table_view_is_an_order_of_columns),
        cmocka_unit_test(a_host_call_is_shown_answered_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
