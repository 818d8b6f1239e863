/* session/rps/clixml and rps_object: rps.md section 7. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "session/rps/clixml.h"
#include "session/rps/clixml_tags.h"
#include "session/rps/rps_object.h"

static const struct clixml_value *read_text(struct clixml_reader *reader, struct str text, size_t piece, struct err *err)
{
    clixml_reader_reset(reader);
    for (; text.len; text = str_from(text, piece)) {
        if (!clixml_reader_feed(reader, str_take(text, piece), err)) {
            return NULL;
        }
    }
    return clixml_reader_finish(reader, err);
}

/* The rows of text as JSON. */
static void assert_row(const char *text, const char *expected)
{
    struct clixml_reader *reader = clixml_reader_new(0);
    struct object object;
    struct err err = { 0 };
    object_init(&object);
    for (size_t piece = 1; piece < 12; piece++) {
        struct buf json = BUF_INIT(BUF_SMALL);
        const struct clixml_value *value = read_text(reader, str_of(text), piece == 11 ? 4096 : piece, &err);
        if (!value || !rps_object_fill(&object, value, &err)) {
            fail_msg("%s: %s", text, err.text);
        }
        object_print_json(&object, false, &json);
        assert_string_equal(buf_cstr(&json), expected);
        buf_free(&json);
    }
    object_free(&object);
    clixml_reader_free(reader);
}

static void every_primitive_is_read(void **state)
{
    (void)state;
    assert_row("<S>a</S>", "{\"Value\":\"a\"}");
    assert_row("<S />", "{\"Value\":\"\"}");
    assert_row("<Nil/>", "{\"Value\":null}");
    assert_row("\xef\xbb\xbf", "{\"Value\":null}");
    assert_row("\xef\xbb\xbf<S>a</S>", "{\"Value\":\"a\"}");
    assert_row("<C>97</C>", "{\"Value\":\"a\"}");
    assert_row("<C>55357</C>", "{\"Value\":\"\xEF\xBF\xBD\"}");
    assert_row("<B>true</B>", "{\"Value\":true}");
    assert_row("<B>False</B>", "{\"Value\":false}");
    assert_row("<DT>2008-04-11T10:42:32.2731993-07:00</DT>", "{\"Value\":\"2008-04-11T10:42:32.2731993-07:00\"}");
    assert_row("<DT>0001-01-01T00:00:00</DT>", "{\"Value\":\"0001-01-01T00:00:00\"}");
    assert_row("<TS>PT9.0269026S</TS>", "{\"Value\":\"00:00:09.0269026\"}");
    assert_row("<TS>P90DT2H3M20.5S</TS>", "{\"Value\":\"90.02:03:20.5000000\"}");
    assert_row("<TS>-PT5S</TS>", "{\"Value\":\"-00:00:05\"}");
    assert_row("<TS>PT0S</TS>", "{\"Value\":\"00:00:00\"}");
    assert_row("<TS>P1Y</TS>", "{\"Value\":\"P1Y\"}");
    assert_row("<By>254</By>", "{\"Value\":254}");
    assert_row("<SB>-127</SB>", "{\"Value\":-127}");
    assert_row("<U16>65535</U16>", "{\"Value\":65535}");
    assert_row("<I16>-32767</I16>", "{\"Value\":-32767}");
    assert_row("<U32>4294967295</U32>", "{\"Value\":4294967295}");
    assert_row("<I32>-2147483648</I32>", "{\"Value\":-2147483648}");
    assert_row("<U64>18446744073709551615</U64>", "{\"Value\":18446744073709551615}");
    assert_row("<I64>-9223372036854775808</I64>", "{\"Value\":-9223372036854775808}");
    assert_row("<Sg>12.34</Sg>", "{\"Value\":12.34}");
    assert_row("<Db>6.02E+23</Db>", "{\"Value\":6.02E+23}");
    assert_row("<Db>NaN</Db>", "{\"Value\":\"NaN\"}");
    assert_row("<Db>-INF</Db>", "{\"Value\":\"-INF\"}");
    assert_row("<I32>1,\"x\":2</I32>", "{\"Value\":\"1,\\\"x\\\":2\"}");
    assert_row("<I32>007</I32>", "{\"Value\":\"007\"}");
    assert_row("<D>79228162514264337593543950335</D>", "{\"Value\":79228162514264337593543950335}");
    assert_row("<BA>AQIDBA==</BA>", "{\"Value\":\"AQIDBA==\"}");
    assert_row("<G>792e5b37-4505-47ef-b7d2-8711bb7affa8</G>", "{\"Value\":\"792e5b37-4505-47ef-b7d2-8711bb7affa8\"}");
    assert_row("<URI>http://www.microsoft.com/</URI>", "{\"Value\":\"http://www.microsoft.com/\"}");
    assert_row("<Version>6.2.1.3</Version>", "{\"Value\":\"6.2.1.3\"}");
    assert_row("<XD>&lt;name attribute=\"value\"&gt;Content&lt;/name&gt;</XD>", "{\"Value\":\"<name attribute=\\\"value\\\">Content</name>\"}");
    assert_row("<SBK>get-command -type cmdlet</SBK>", "{\"Value\":\"get-command -type cmdlet\"}");
    assert_row("<SS>AQID</SS>", "{\"Value\":\"AQID\"}");
    assert_row("\xEF\xBB\xBF<S>behind a byte order mark</S>", "{\"Value\":\"behind a byte order mark\"}");
    assert_row("<S> kept \n\tas it is </S>", "{\"Value\":\" kept \\n\\tas it is \"}");
}

static void objects_are_read_in_any_order_of_their_parts(void **state)
{
    (void)state;
    assert_row("<Obj RefId=\"0\"><TN RefId=\"0\"><T>Rule</T><T>System.Object</T></TN><ToString>rule</ToString>"
               "<Props><S N=\"Name\">n</S><I32 N=\"Priority\">3</I32></Props><MS><S N=\"RunspaceId\">r</S><S N=\"name\">of MS</S></MS></Obj>",
               "{\"Priority\":3,\"RunspaceId\":\"r\",\"name\":\"of MS\"}");
    assert_row("<Obj RefId=\"7\"><MS><B N=\"On\">true</B></MS><ToString>x</ToString><TN RefId=\"3\"><T>Y</T></TN></Obj>", "{\"On\":true}");
    assert_row("<Obj RefId=\"0\"><I32>1</I32><TN RefId=\"0\"><T>Kind</T><T>System.Enum</T></TN><ToString>Second</ToString></Obj>", "{\"Value\":\"Second\"}");
    assert_row("<Obj RefId=\"0\"><S>text</S><MS><S N=\"PSPath\">p</S></MS></Obj>", "{\"Value\":\"text\"}");
    assert_row("<Obj RefId=\"0\"><TN RefId=\"0\"><T>Smtp</T></TN><ToString>a@b</ToString></Obj>", "{\"Value\":\"a@b\"}");
    assert_row("<Obj RefId=\"0\"><MS><Obj N=\"L\" RefId=\"1\"><LST><S>a</S><I32>1</I32><Nil/></LST></Obj>"
               "<Obj N=\"D\" RefId=\"2\"><DCT><En><I32 N=\"Value\">5</I32><S N=\"Key\">k</S></En></DCT></Obj>"
               "<Obj N=\"O\" RefId=\"3\"><Props><S N=\"In\">side</S></Props></Obj>"
               "<Obj N=\"T\" RefId=\"4\"><QUE><S>q</S></QUE></Obj><Obj N=\"K\" RefId=\"5\"><STK/></Obj><Obj N=\"I\" RefId=\"6\"><IE><TS>PT1S</TS></IE></Obj></MS></Obj>",
               "{\"L\":[\"a\",1,null],\"D\":[{\"_key\":\"k\",\"_value\":5}],\"O\":{\"In\":\"side\"},\"T\":[\"q\"],\"K\":[],\"I\":[\"00:00:01\"]}");
    assert_row("<Obj RefId=\"0\"><New><S>passed over</S></New><MS><Later N=\"q\"><S/></Later><S N=\"a\">1</S></MS></Obj>", "{\"a\":\"1\"}");
    assert_row("<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\"><S>of a file</S></Objs>", "{\"Value\":\"of a file\"}");
}

/* PowerShell's own proxies write a switch as an object; a person reads true (section 7). */
static void a_switch_is_a_yes_or_no(void **state)
{
    (void)state;
    assert_row("<Obj RefId='0'><MS><Obj N='On' RefId='1'><TN RefId='0'><T>System.Management.Automation.SwitchParameter</T></TN><ToString>True</ToString>"
               "<Props><B N='IsPresent'>true</B></Props></Obj><Obj N='Off' RefId='2'><TNRef RefId='0'/><Props><B N='IsPresent'>false</B></Props></Obj>"
               "<Obj N='Other' RefId='3'><Props><B N='IsPresent'>true</B></Props></Obj></MS></Obj>",
               "{\"On\":true,\"Off\":false,\"Other\":{\"IsPresent\":true}}");
}

static void references_stand_for_what_came_before(void **state)
{
    (void)state;
    assert_row("<Obj RefId=\"0\"><MS><Obj N=\"a\" RefId=\"8\"><TN RefId=\"1\"><T>Z</T></TN><MS><I32 N=\"i\">1</I32></MS></Obj>"
               "<Ref N=\"b\" RefId=\"8\" /><Obj N=\"c\" RefId=\"9\"><TNRef RefId=\"1\"/><MS><I32 N=\"i\">2</I32></MS></Obj></MS></Obj>",
               "{\"a\":{\"i\":1},\"b\":{\"i\":1},\"c\":{\"i\":2}}");
}

static void assert_refused(const char *text, const char *why)
{
    struct clixml_reader *reader = clixml_reader_new((size_t)1 << 20);
    struct err err = { 0 };
    const struct clixml_value *value = read_text(reader, str_of(text), SIZE_MAX, &err);
    assert_null(value);
    assert_int_equal(err.kind, ERR_PROTOCOL);
    if (!strstr(err.text, why) || !strstr(err.text, "byte")) {
        fail_msg("\"%s\" is not in \"%s\"", why, err.text);
    }
    assert_non_null(read_text(reader, STR("<S>the next one</S>"), SIZE_MAX, &err));
    clixml_reader_free(reader);
}

static void nested(struct buf *text, int levels)
{
    for (int i = 0; i < levels; i++) {
        buf_format(text, "<Obj RefId=\"%d\"><LST>", i);
    }
    for (int i = 0; i < levels; i++) {
        buf_text(text, "</LST></Obj>");
    }
}

static void what_can_not_be_is_refused_with_its_place(void **state)
{
    struct buf text = BUF_INIT(BUF_LARGE);
    (void)state;
    assert_refused("<Obj RefId=\"0\"><MS><Ref N=\"self\" RefId=\"0\"/></MS></Obj>", "holds itself");
    assert_refused("<Obj RefId=\"0\"><LST><Obj RefId=\"1\"><LST><Ref RefId=\"0\"/></LST></Obj></LST></Obj>", "holds itself");
    assert_refused("<Obj RefId=\"0\"><MS><Ref N=\"x\" RefId=\"4\"/></MS></Obj>", "did not come");
    assert_refused("<Obj RefId=\"0\"><MS><Ref N=\"x\" RefId=\"one\"/></MS></Obj>", "did not come");
    assert_refused("<Obj RefId=\"0\"><TNRef RefId=\"0\"/></Obj>", "type names that did not come");
    assert_refused("<Obj RefId=\"0\"><LST/><DCT/></Obj>", "two containers");
    assert_refused("<Obj RefId=\"0\"><DCT><En><S N=\"Key\">k</S></En></DCT></Obj>", "dictionary");
    assert_refused("<Obj RefId=\"0\"><MS>", "not complete");
    assert_refused("<html><body/></html>", "does not begin");
    assert_refused("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><S>&e;</S>", "document type");
    nested(&text, 50);
    struct clixml_reader *reader = clixml_reader_new(0);
    assert_non_null(read_text(reader, buf_str(&text), 100, NULL));
    clixml_reader_free(reader);
    buf_clear(&text);
    nested(&text, 51);
    assert_refused(buf_cstr(&text), "50 objects");
    buf_clear(&text);
    buf_text(&text, "<S>");
    buf_repeat(&text, 'x', 2 << 20);
    assert_refused(buf_cstr(&text), "longer than 1048576 bytes");
    buf_free(&text);
}

/* 2^40 lists by reference: few bytes on the wire, an end before memory ends. */
static void many_references_do_not_fill_the_memory(void **state)
{
    struct buf text = BUF_INIT(BUF_SMALL);
    struct clixml_reader *reader = clixml_reader_new(0);
    struct object object;
    struct err err = { 0 };
    (void)state;
    buf_text(&text, "<Obj RefId=\"99\"><LST><Obj RefId=\"0\"><LST><S>ha</S></LST></Obj>");
    for (int i = 1; i <= 40; i++) {
        buf_format(&text, "<Obj RefId=\"%d\"><LST><Ref RefId=\"%d\"/><Ref RefId=\"%d\"/></LST></Obj>", i, i - 1, i - 1);
    }
    buf_text(&text, "</LST></Obj>");
    const struct clixml_value *value = read_text(reader, buf_str(&text), 4096, &err);
    assert_non_null(value);
    object_init(&object);
    assert_false(rps_object_fill(&object, value, &err));
    assert_int_equal(err.kind, ERR_PROTOCOL);
    assert_non_null(strstr(err.text, "larger than 64 MiB"));
    object_free(&object);
    clixml_reader_free(reader);
    buf_free(&text);
}

static void assert_escaped(const char *plain, const char *escaped)
{
    struct buf there = BUF_INIT(BUF_SMALL), back = BUF_INIT(BUF_SMALL);
    clixml_escape(str_of(plain), &there);
    assert_string_equal(buf_cstr(&there), escaped);
    clixml_unescape(buf_str(&there), &back);
    assert_string_equal(buf_cstr(&back), plain);
    buf_free(&there);
    buf_free(&back);
}

static void assert_unescaped(const char *escaped, const char *plain)
{
    struct buf out = BUF_INIT(BUF_SMALL);
    clixml_unescape(str_of(escaped), &out);
    assert_string_equal(buf_cstr(&out), plain);
    buf_free(&out);
}

static void characters_are_escaped_as_the_engine_does(void **state)
{
    (void)state;
    assert_escaped("plain", "plain");
    assert_escaped("a\nb\tc", "a_x000A_b_x0009_c");
    assert_escaped("_x0041_ _X _y __x", "_x005F_x0041_ _x005F_X _y __x005F_x");
    assert_escaped("\x7F\xC2\x80\xC2\x9F\xC2\xA0", "_x007F__x0080__x009F_\xC2\xA0");
    assert_escaped("\xF0\x9F\x98\x80", "_xD83D__xDE00_");
    assert_escaped("\xEF\xBF\xBE\xE2\x82\xAC", "_xFFFE_\xE2\x82\xAC");
    assert_unescaped("_x000a__xd83d__xde00_", "\n\xF0\x9F\x98\x80");
    assert_unescaped("_xD83D_ _xDE00_", "\xEF\xBF\xBD \xEF\xBF\xBD");
    assert_unescaped("_xD83D__xD83D__xDE00_", "\xEF\xBF\xBD\xF0\x9F\x98\x80");
    assert_unescaped("_X0041_ _x41_ _x004G_ _x0041 _", "_X0041_ _x41_ _x004G_ _x0041 _");
    assert_unescaped("_x005F_x0041_", "_x0041_");
}

/* ---- what is written ---- */

static void the_writer_writes_as_the_engine(void **state)
{
    struct arena arena = { 0 };
    struct buf out = BUF_INIT(BUF_SMALL);
    (void)state;
    struct clixml_value *object = clixml_new_object(&arena, NULL, 0), *list = clixml_new_container(&arena, CLIXML_LIST);
    clixml_put(&arena, object, "Count", clixml_new_int(&arena, CLIXML_INT32, -1));
    clixml_put(&arena, object, "T<ext", clixml_new(&arena, CLIXML_STRING, STR("a<b\n")));
    clixml_append(list, clixml_new(&arena, CLIXML_STRING, STR("one")));
    clixml_append(list, clixml_new(&arena, CLIXML_NIL, STR("")));
    clixml_put(&arena, object, "List", list);
    struct clixml_value *again = clixml_new(&arena, CLIXML_OBJECT, STR(""));
    again->object = list->object;
    clixml_put(&arena, object, "Again", again);
    clixml_put(&arena, object, "Kind", clixml_new_enum(&arena, "My.Kind", "Two", 2));
    struct clixml_value *table = clixml_new_container(&arena, CLIXML_DICTIONARY);
    clixml_append(table, clixml_new(&arena, CLIXML_STRING, STR("k")));
    clixml_append(table, clixml_new_bool(&arena, true));
    clixml_put(&arena, object, "Table", table);
    clixml_put(&arena, object, "Other", clixml_new_container(&arena, CLIXML_LIST));
    clixml_write(object, &out);
    assert_string_equal(buf_cstr(&out),
        "<Obj RefId=\"0\"><MS><I32 N=\"Count\">-1</I32><S N=\"T&lt;ext\">a&lt;b_x000A_</S>"
        "<Obj N=\"List\" RefId=\"1\"><TN RefId=\"0\"><T>System.Object[]</T><T>System.Array</T><T>System.Object</T></TN><LST><S>one</S><Nil/></LST></Obj>"
        "<Ref N=\"Again\" RefId=\"1\"/>"
        "<Obj N=\"Kind\" RefId=\"2\"><TN RefId=\"1\"><T>My.Kind</T><T>System.Enum</T><T>System.ValueType</T><T>System.Object</T></TN>"
        "<ToString>Two</ToString><I32>2</I32></Obj>"
        "<Obj N=\"Table\" RefId=\"3\"><TN RefId=\"2\"><T>System.Collections.Hashtable</T><T>System.Object</T></TN>"
        "<DCT><En><S N=\"Key\">k</S><B N=\"Value\">true</B></En></DCT></Obj>"
        "<Obj N=\"Other\" RefId=\"4\"><TNRef RefId=\"0\"/><LST/></Obj></MS></Obj>");
    buf_free(&out);
    arena_free(&arena);
}

/* ---- generated values, there and back ---- */

static unsigned next_random(unsigned *seed)
{
    *seed = *seed * 1103515245u + 12345u;
    return *seed >> 16;
}

static struct str random_text(struct arena *arena, unsigned *seed)
{
    static const char *const parts[] = { "a", "_x", "_", "\n", "<&>\"'", "\xC3\xA9", "\xF0\x9F\x98\x80", " ", "]]>", "\xC2\x85", "_x0041_", "\x01", "\xEF\xBF\xBF" };
    struct buf text = BUF_INIT(BUF_SMALL);
    for (unsigned i = next_random(seed) % 6; i; i--) {
        buf_text(&text, parts[next_random(seed) % (sizeof parts / sizeof *parts)]);
    }
    struct str kept = arena_str(arena, buf_str(&text));
    buf_free(&text);
    return kept;
}

static struct clixml_value *random_value(struct arena *arena, unsigned *seed, int depth)
{
    unsigned pick = next_random(seed) % (depth ? 10 : 5);
    switch (pick) {
    case 0:
        return clixml_new(arena, CLIXML_NIL, STR(""));
    case 1:
        return clixml_new_bool(arena, next_random(seed) & 1);
    case 2:
        return clixml_new_int(arena, (enum clixml_kind)(CLIXML_BYTE + next_random(seed) % 8), (int64_t)(next_random(seed) % 200) - 100);
    case 3:
    case 4:
        return clixml_new(arena, (enum clixml_kind[]){ CLIXML_STRING, CLIXML_URI, CLIXML_XML, CLIXML_SCRIPT }[next_random(seed) % 4], random_text(arena, seed));
    case 5:
        return clixml_new_enum(arena, "A.Kind", "Word", next_random(seed) % 5);
    default:
        break;
    }
    struct clixml_value *value = pick < 8 ? clixml_new_container(arena, (enum clixml_container)(CLIXML_LIST + next_random(seed) % 5))
                                          : clixml_new_object(arena, (const char *const[]){ "B.Thing", "System.Object" }, next_random(seed) % 3);
    for (unsigned i = next_random(seed) % 4; i; i--) {
        if (value->object->container == CLIXML_DICTIONARY) {
            clixml_append(value, clixml_new(arena, CLIXML_STRING, random_text(arena, seed)));
        }
        struct clixml_value *child = random_value(arena, seed, depth - 1);
        if (value->object->container != CLIXML_NO_CONTAINER) {
            clixml_append(value, child);
        } else {
            struct str name = random_text(arena, seed);
            (next_random(seed) & 1 ? clixml_put : clixml_put_adapted)(arena, value, name.len ? name.data : "n", child);
        }
    }
    return value;
}

static void generated_values_come_back_as_they_went(void **state)
{
    unsigned seed = 1;
    struct clixml_reader *reader = clixml_reader_new(0);
    (void)state;
    for (int i = 0; i < 2000; i++) {
        struct arena arena = { 0 };
        struct buf there = BUF_INIT(BUF_LARGE), back = BUF_INIT(BUF_LARGE);
        struct err err = { 0 };
        clixml_write(random_value(&arena, &seed, 5), &there);
        const struct clixml_value *value = read_text(reader, buf_str(&there), 1 + next_random(&seed) % 200, &err);
        if (!value) {
            fail_msg("%s\n%s", buf_cstr(&there), err.text);
        }
        clixml_write(value, &back);
        assert_string_equal(buf_cstr(&back), buf_cstr(&there));
        buf_free(&there);
        buf_free(&back);
        arena_free(&arena);
    }
    clixml_reader_free(reader);
}

static void members_are_found_case_blind_extended_first(void **state)
{
    struct clixml_reader *reader = clixml_reader_new(0);
    int64_t number = 0;
    (void)state;
    const struct clixml_value *value = read_text(reader, STR("<Obj RefId='0'><TN RefId='0'><T>Deserialized.A.B</T></TN><Props><S N='a'>p</S><S N='b'>q</S></Props>"
        "<MS><S N='A'>m</S><Obj N='E' RefId='1'><ToString>Two</ToString><I32>2</I32></Obj><Obj N='S' RefId='2'><Props><B N='IsPresent'>true</B></Props></Obj>"
        "<Obj N='D' RefId='3'><DCT><En><I32 N='Key'>9</I32><S N='Value'>title</S></En></DCT></Obj></MS></Obj>"), 7, NULL);
    assert_true(str_is(clixml_text(clixml_get(value, "a")), "m"));
    assert_true(str_is(clixml_text(clixml_get(value, "B")), "q"));
    assert_true(clixml_int(clixml_get(value, "e"), &number) && number == 2);
    assert_true(clixml_bool(clixml_get(value, "s"), false));
    assert_true(str_is(clixml_text(clixml_entry(clixml_get(value, "d"), "9")), "title"));
    assert_true(clixml_is_type(value, "A.B"));
    assert_null(clixml_get(NULL, "x"));
    assert_null(clixml_get(clixml_get(value, "a"), "x"));
    clixml_reader_free(reader);
}

static void a_progress_record_has_named_parts(void **state)
{
    (void)state;
    assert_row("<PR N=\"record\"><AV>Searching</AV><AI>0</AI><Nil/><PI>-1</PI><PC>50</PC><T>Processing</T><SR>-1</SR><SD>of 3</SD></PR>",
               "{\"AV\":\"Searching\",\"AI\":\"0\",\"Nil\":\"\",\"PI\":\"-1\",\"PC\":\"50\",\"T\":\"Processing\",\"SR\":\"-1\",\"SD\":\"of 3\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_primitive_is_read),
        cmocka_unit_test(objects_are_read_in_any_order_of_their_parts),
        cmocka_unit_test(a_switch_is_a_yes_or_no),
        cmocka_unit_test(references_stand_for_what_came_before),
        cmocka_unit_test(what_can_not_be_is_refused_with_its_place),
        cmocka_unit_test(many_references_do_not_fill_the_memory),
        cmocka_unit_test(characters_are_escaped_as_the_engine_does),
        cmocka_unit_test(the_writer_writes_as_the_engine),
        cmocka_unit_test(generated_values_come_back_as_they_went),
        cmocka_unit_test(members_are_found_case_blind_extended_first),
        cmocka_unit_test(a_progress_record_has_named_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
