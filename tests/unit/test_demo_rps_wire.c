/* What the demo tenant's remote PowerShell puts on the wire and takes from it, against texts of rps.md sections 5 to 7. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "demo/rps_clixml.h"
#include "demo/rps_fragment.h"

/* ---- CLIXML, read ---- */

static void assert_reads(const char *xml, const char *json)
{
    struct err err = { 0 };
    struct buf text = BUF_INIT(BUF_SMALL);
    struct json *value = clix_read(str_of(xml), &err);
    if (!value)
        fail_msg("%s: %s", xml, err.text);
    json_print(value, false, &text);
    assert_string_equal(buf_cstr(&text), json);
    buf_free(&text);
    json_free(value);
}

static void assert_refused(const char *xml)
{
    struct err err = { 0 };
    struct json *value = clix_read(str_of(xml), &err);
    if (value)
        fail_msg("%s was read", xml);
    assert_int_equal(err.kind, ERR_PROTOCOL);
}

static void primitives_become_json(void **state)
{
    (void)state;
    assert_reads("<S>plain &amp; simple</S>", "\"plain & simple\"");
    assert_reads("\xEF\xBB\xBF<B>true</B>", "true");
    assert_reads("<I32>-7</I32>", "-7");
    assert_reads("<I64>9007199254740993</I64>", "9007199254740993");
    assert_reads("<U64>18446744073709551615</U64>", "18446744073709551615");
    assert_reads("<C>8364</C>", "\"\xE2\x82\xAC\"");
    assert_reads("<Db>6.02E+23</Db>", "6.02E+23");
    assert_reads("<Db>-INF</Db>", "\"-INF\"");
    assert_reads("<DT>2026-11-23T10:00:00.1234567Z</DT>", "\"2026-11-23T10:00:00.1234567Z\"");
    assert_reads("<TS>P90DT2H3M20.5S</TS>", "\"P90DT2H3M20.5S\"");
    assert_reads("<BA>AQL/</BA>", "{\"@odata.type\":\"#Exchange.ByteArrayType\",\"Data\":[1,2,255]}");
    assert_reads("<SS>QUJD</SS>", "{\"@secure\":\"QUJD\"}");
    assert_reads("<Nil/>", "null");
    assert_reads("<Version>2.3</Version>", "\"2.3\"");
}

static void escapes_are_read_by_the_rule(void **state)
{
    (void)state;
    assert_reads("<S>_xD83D__xDE00_</S>", "\"\xF0\x9F\x98\x80\"");
    assert_reads("<S>_xd83d__xde00_</S>", "\"\xF0\x9F\x98\x80\"");
    assert_reads("<S>a_x005F_x0041_</S>", "\"a_x0041_\"");
    assert_reads("<S>_X0041_ _x41_ _x0041</S>", "\"_X0041_ _x41_ _x0041\"");
    assert_reads("<S>_xD83D_!</S>", "\"\xEF\xBF\xBD!\"");
    assert_reads("<S> _x000A_ </S>", "\" \\n \"");
}

static void containers_become_json(void **state)
{
    (void)state;
    assert_reads("<Obj RefId=\"0\"><TN RefId=\"0\"><T>System.Object[]</T></TN><LST><S>a</S><I32>1</I32><Nil/></LST></Obj>", "[\"a\",1,null]");
    assert_reads("<Obj RefId=\"0\"><DCT><En><S N=\"Key\">k</S><B N=\"Value\">false</B></En></DCT></Obj>",
                 "{\"@odata.type\":\"#Exchange.GenericHashTable\",\"k\":false}");
    assert_reads("<Obj RefId=\"0\"><MS><S N=\"m\">2</S></MS><Props><S N=\"_x0041_\">1</S></Props></Obj>", "{\"A\":\"1\",\"m\":\"2\"}");
    /* PowerShell's proxies send switches so; enums carry their text and a number. */
    assert_reads("<Obj RefId=\"0\"><TN RefId=\"0\"><T>System.Management.Automation.SwitchParameter</T></TN><ToString>True</ToString>"
                 "<Props><B N=\"IsPresent\">true</B></Props></Obj>", "true");
    assert_reads("<Obj RefId=\"0\"><TN RefId=\"0\"><T>System.Threading.ApartmentState</T></TN><ToString>Unknown</ToString><I32>2</I32></Obj>", "2");
    assert_reads("<Obj RefId=\"0\"><LST><Obj RefId=\"1\"><LST><S>x</S></LST></Obj><Ref RefId=\"1\"/></LST></Obj>", "[[\"x\"],[\"x\"]]");
}

static void what_breaks_the_rules_is_refused(void **state)
{
    (void)state;
    assert_refused("");
    assert_refused("<S>cut");
    assert_refused("<Wrong>1</Wrong>");
    assert_refused("<B>True</B>");
    assert_refused("<By>256</By>");
    assert_refused("<I32>2147483648</I32>");
    assert_refused("<G>not-a-guid</G>");
    assert_refused("<BA>@</BA>");
    assert_refused("<Obj><LST/></Obj>");
    assert_refused("<Obj RefId=\"0\"><LST><Ref RefId=\"0\"/></LST></Obj>");
    assert_refused("<Obj RefId=\"0\"><LST><Ref RefId=\"7\"/></LST></Obj>");
    assert_refused("<Obj RefId=\"0\"><LST><Obj RefId=\"0\"><LST/></Obj></LST></Obj>");
    assert_refused("<Obj RefId=\"0\"><DCT><En><S N=\"Key\">k</S></En></DCT></Obj>");
    assert_refused("<!DOCTYPE S [<!ENTITY a \"b\">]><S>&a;</S>");
    struct buf deep = BUF_INIT(BUF_SMALL);
    for (int i = 0; i <= CLIX_DEPTH; i++)
        buf_format(&deep, "<Obj RefId=\"%d\"><LST>", i);
    for (int i = 0; i <= CLIX_DEPTH; i++)
        buf_text(&deep, "</LST></Obj>");
    assert_refused(buf_cstr(&deep));
    buf_free(&deep);
}

/* ---- CLIXML, written ---- */

static void assert_written(struct clix *clix, const char *xml)
{
    struct buf text = BUF_INIT(BUF_SMALL);
    clix_finish(clix, &text);
    assert_string_equal(buf_cstr(&text), xml);
    buf_free(&text);
}

static void texts_are_escaped_as_the_engine_does(void **state)
{
    (void)state;
    struct clix *clix = clix_new();
    clix_text(clix, "a_x", "line\n\xF0\x9F\x98\x80 _x0041_ _X _y \x7F <&>");
    assert_written(clix, "<S N=\"a_x005F_x\">line_x000A__xD83D__xDE00_ _x005F_x0041_ _x005F_X _y _x007F_ &lt;&amp;&gt;</S>");
}

static void types_come_once(void **state)
{
    (void)state;
    struct clix *clix = clix_new();
    clix_list(clix, NULL);
    clix_enum(clix, NULL, "System.ConsoleColor", "Red", 12);
    clix_list(clix, NULL);
    clix_close(clix);
    clix_close(clix);
    clix_close(clix);
    clix_close(clix);
    assert_written(clix, "<Obj RefId=\"0\"><TN RefId=\"0\"><T>System.Collections.ArrayList</T><T>System.Object</T></TN><LST>"
                         "<Obj RefId=\"1\"><TN RefId=\"1\"><T>System.ConsoleColor</T><T>System.Enum</T><T>System.ValueType</T><T>System.Object</T></TN>"
                         "<ToString>Red</ToString><I32>12</I32></Obj>"
                         "<Obj RefId=\"2\"><TNRef RefId=\"0\"/><LST/></Obj></LST></Obj>");
}

static void rows_keep_the_types_of_their_notes(void **state)
{
    (void)state;
    static const char row[] =
        "{\"n\":null,\"b\":true,\"i\":5,\"l\":4294967296,\"f\":1.5,\"Size@data.type\":\"System.Int64\",\"Size\":5,"
        "\"When@data.type\":\"System.DateTime\",\"When\":\"2026-01-02T03:04:05Z\",\"Guid@odata.type\":\"#Guid\","
        "\"Guid\":\"6f1dd1a5-6d3c-4c1e-9a53-3f2f1b8d7c10\",\"List@odata.type\":\"#Collection(String)\",\"List\":[\"a\"]}";
    struct json *value = json_parse(STR(row), NULL);
    struct clix *clix = clix_new();
    clix_open(clix, "MS");
    clix_members(clix, value);
    clix_close(clix);
    assert_written(clix, "<MS><Nil N=\"n\"/><B N=\"b\">true</B><I32 N=\"i\">5</I32><I64 N=\"l\">4294967296</I64><Db N=\"f\">1.5</Db>"
                         "<I64 N=\"Size\">5</I64><DT N=\"When\">2026-01-02T03:04:05Z</DT><G N=\"Guid\">6f1dd1a5-6d3c-4c1e-9a53-3f2f1b8d7c10</G>"
                         "<Obj N=\"List\" RefId=\"0\"><TN RefId=\"0\"><T>System.Collections.ArrayList</T><T>System.Object</T></TN><LST><S>a</S></LST></Obj></MS>");
    json_free(value);
}

/* ---- fragments ---- */

/* Object 5, fragment 0, start and end, ten bytes: the header is big endian (rps.md section 5). */
static const char header_5[] = "\0\0\0\0\0\0\0\5" "\0\0\0\0\0\0\0\0" "\3" "\0\0\0\52";
/* To the server, SESSION_CAPABILITY, the pool 00112233-4455-6677-8899-aabbccddeeff in .NET's order, no pipeline. */
static const char message_5[] = "\2\0\0\0" "\2\0\1\0" "\x33\x22\x11\0\x55\x44\x77\x66\x88\x99\xAA\xBB\xCC\xDD\xEE\xFF" "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

struct taken { int count; struct message last; char data[64]; };

static bool take(void *context, const struct message *message, struct err *err)
{
    struct taken *taken = context;
    (void)err;
    taken->count++;
    taken->last = *message;
    str_copy(taken->data, sizeof taken->data, "");
    memcpy(taken->data, message->data.data, message->data.len < 63 ? message->data.len : 63);
    taken->data[message->data.len < 63 ? message->data.len : 63] = '\0';
    return true;
}

static void put(struct buf *out, const void *bytes, size_t length)
{
    buf_add(out, (struct str){ bytes, length });
}

static void a_message_is_taken_out_of_its_fragment(void **state)
{
    (void)state;
    struct buf bytes = BUF_INIT(BUF_SMALL);
    struct taken taken = { 0 };
    struct err err = { 0 };
    struct assembly assembly = ASSEMBLY_INIT;
    put(&bytes, header_5, 21);
    put(&bytes, message_5, 40);
    buf_text(&bytes, "<>");
    assert_true(assembly_feed(&assembly, buf_str(&bytes), take, &taken, &err));
    assert_int_equal(taken.count, 1);
    assert_int_equal(taken.last.type, SESSION_CAPABILITY);
    assert_string_equal(taken.last.pool, "00112233-4455-6677-8899-aabbccddeeff");
    assert_string_equal(taken.last.pipeline, "00000000-0000-0000-0000-000000000000");
    assert_string_equal(taken.data, "<>");
    /* The same number once more does not ascend. */
    assert_false(assembly_feed(&assembly, buf_str(&bytes), take, &taken, &err));
    buf_free(&bytes);
    buf_free(&assembly.object);
}

/* Changes one byte of a good fragment; it has to be refused. */
static void assert_broken(size_t place, char byte, size_t length)
{
    struct buf bytes = BUF_INIT(BUF_SMALL);
    struct taken taken = { 0 };
    struct err err = { 0 };
    struct assembly assembly = ASSEMBLY_INIT;
    put(&bytes, header_5, 21);
    put(&bytes, message_5, 40);
    buf_text(&bytes, "<>");
    bytes.data[place] = byte;
    assert_false(assembly_feed(&assembly, str_take(buf_str(&bytes), length), take, &taken, &err));
    assert_int_equal(err.kind, ERR_PROTOCOL);
    assert_int_equal(taken.count, 0);
    buf_free(&bytes);
    buf_free(&assembly.object);
}

static void broken_fragments_are_refused(void **state)
{
    (void)state;
    assert_broken(15, 1, 63);       /* begins with fragment 1 */
    assert_broken(16, 2, 63);       /* ends what has not begun */
    assert_broken(16, 7, 63);       /* an unknown flag */
    assert_broken(20, 43, 63);      /* longer than what there is */
    assert_broken(7, 0, 63);        /* object 0 */
    assert_broken(21, 1, 63);       /* for the client */
    assert_broken(20, 42, 20);      /* half a header */
}

/* What goes out comes in again, whatever room there was; numbers ascend and the mark stands in front. */
static void messages_go_out_in_fragments_of_any_size(void **state)
{
    (void)state;
    for (size_t room = 22; room < 400; room += 37) {
        struct outbox outbox = { 0 };
        struct buf all = BUF_INIT(BUF_LARGE);
        outbox_add(&outbox, 9, PIPELINE_OUTPUT, "00112233-4455-6677-8899-aabbccddeeff", "", STR("<S>one</S>"));
        outbox_add(&outbox, 12, PIPELINE_STATE, "00112233-4455-6677-8899-aabbccddeeff", "", STR("<S>two</S>"));
        while (!outbox_empty(&outbox)) {
            size_t before = all.len;
            outbox_take(&outbox, room, &all);
            assert_true(all.len > before && all.len - before <= room);
        }
        assert_int_equal(outbox.waiting, 0);
        assert_int_equal(all.data[7], 9);
        assert_int_equal(all.data[16] & 1, 1);
        struct taken taken = { 0 };
        struct err err = { 0 };
        struct assembly assembly = ASSEMBLY_INIT;
        /* Ours say that they are for the client: as the first refusal shows, they were whole up to there. */
        assert_false(assembly_feed(&assembly, buf_str(&all), take, &taken, &err));
        assert_string_equal(err.text, "a message is not for the server");
        buf_free(&assembly.object);
        outbox_free(&outbox);
        buf_free(&all);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(primitives_become_json),
        cmocka_unit_test(escapes_are_read_by_the_rule),
        cmocka_unit_test(containers_become_json),
        cmocka_unit_test(what_breaks_the_rules_is_refused),
        cmocka_unit_test(texts_are_escaped_as_the_engine_does),
        cmocka_unit_test(types_come_once),
        cmocka_unit_test(rows_keep_the_types_of_their_notes),
        cmocka_unit_test(a_message_is_taken_out_of_its_fragment),
        cmocka_unit_test(broken_fragments_are_refused),
        cmocka_unit_test(messages_go_out_in_fragments_of_any_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
