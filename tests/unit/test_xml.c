/* base/xml: what it takes, what it refuses, what it writes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/xml.h"

/* Writes what the handlers get: <name a=value>text</>. */
static bool log_start(void *context, const struct xml_element *element, struct err *err)
{
    struct str value = { 0 };
    (void)err;
    buf_format(context, "<%.*s", STR_ARG(element->name));
    if (xml_element_attribute(element, "a", &value)) {
        buf_format(context, " a=%.*s", STR_ARG(value));
    }
    buf_char(context, '>');
    return true;
}

static bool log_text(void *context, struct str piece, struct err *err)
{
    if (str_is(piece, "stop")) {
        return err_set(err, ERR_INPUT, "stopped");
    }
    buf_add(context, piece);
    return true;
}

static bool log_end(void *context, struct err *err)
{
    (void)err;
    buf_text(context, "</>");
    return true;
}

static const struct xml_handlers handlers = { log_start, log_text, log_end };

static void assert_read(const char *text, size_t piece, const char *expected)
{
    struct buf log = BUF_INIT(BUF_SMALL);
    struct err err = { 0 };
    struct xml_reader *reader = xml_reader_new(&handlers, &log, NULL);
    for (struct str rest = str_of(text); rest.len; rest = str_from(rest, piece)) {
        assert_true(xml_reader_feed(reader, str_take(rest, piece), &err));
    }
    assert_true(xml_reader_finish(reader, &err));
    assert_string_equal(buf_cstr(&log), expected);
    xml_reader_free(reader);
    buf_free(&log);
}

static void a_document_may_be_cut_anywhere(void **state)
{
    const char *text = "\xEF\xBB\xBF<?xml version=\"1.0\"?><r xmlns:x=\"u\" a=\"1 &amp; &#x41;\"> \n<x:b a='&lt;'>\xC3\xA9&gt;"
                       "<![CDATA[<raw>]]></x:b><!-- no --><c/></r>";
    (void)state;
    for (size_t piece = 1; piece < 40; piece++) {
        assert_read(text, piece, "<r a=1 & A> \n<b a=<>\xC3\xA9><raw></><c></></>");
    }
    assert_read(text, 4096, "<r a=1 & A> \n<b a=<>\xC3\xA9><raw></><c></></>");
}

static void assert_refused(const char *text, const char *why)
{
    struct err err = { 0 };
    assert_null(xml_parse(str_of(text), &(struct xml_limits){ .depth = 4, .bytes = 4096 }, &err));
    assert_int_equal(err.kind, ERR_PROTOCOL);
    if (!strstr(err.text, why)) {
        fail_msg("\"%s\" is not in \"%s\"", why, err.text);
    }
}

static void what_is_not_whole_or_not_allowed_is_refused(void **state)
{
    (void)state;
    assert_refused("", "ends at byte 0");
    assert_refused("<a><b></a>", "at byte");
    assert_refused("<a>", "ends at byte 3");
    assert_refused("<html><body>503<br></body></html>", "at byte");
    assert_refused("<a/>behind", "at byte");
    assert_refused("<a>&undeclared;</a>", "at byte");
    assert_refused("<a><a><a><a><a/></a></a></a></a>", "4 levels");
    assert_refused("<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><a>&e;</a>", "document type");
    assert_refused("<!DOCTYPE a SYSTEM \"https://elsewhere.example/a.dtd\"><a/>", "document type");
    assert_refused("<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">]><l>&c;</l>", "document type");
    struct buf large = BUF_INIT(BUF_SMALL);
    buf_text(&large, "<a>");
    buf_repeat(&large, 'x', 5000);
    assert_refused(buf_cstr(&large), "longer than 4096");
    buf_free(&large);
}

static void a_handler_may_end_the_reading(void **state)
{
    struct buf log = BUF_INIT(BUF_SMALL);
    struct err err = { 0 };
    struct xml_reader *reader = xml_reader_new(&handlers, &log, NULL);
    (void)state;
    assert_false(xml_reader_feed(reader, STR("<a><b>stop</b><c>never</c>"), &err));
    assert_string_equal(err.text, "stopped");
    assert_string_equal(buf_cstr(&log), "<a><b>");
    assert_false(xml_reader_feed(reader, STR("</a>"), NULL));
    assert_false(xml_reader_finish(reader, &err));
    assert_string_equal(err.text, "stopped");
    xml_reader_free(reader);
    buf_free(&log);
}

static void a_tree_is_walked_by_namespace_and_name(void **state)
{
    struct err err = { 0 };
    struct xml_document *document = xml_parse(STR("<s:E xmlns:s='S' xmlns='D'><s:B><b i='1'> one<i/> two </b><s:b>other</s:b></s:B></s:E>"), NULL, &err);
    (void)state;
    assert_non_null(document);
    const struct xml_node *body = xml_child(xml_root(document), "S", "B");
    assert_true(str_is(xml_text(xml_child(body, "D", "b")), "one two"));
    assert_true(str_is(xml_text(xml_child(body, "S", "b")), "other"));
    assert_true(str_is(xml_text(xml_find(xml_root(document), NULL, "b")), "one two"));
    assert_true(str_is(xml_attribute(xml_find(body, "D", "b"), "i"), "1"));
    assert_int_equal(xml_attribute(body, "i").len, 0);
    assert_null(xml_child(xml_child(body, "X", "b"), NULL, "i"));
    xml_free(document);
}

static void what_is_written_reads_back(void **state)
{
    struct buf text = BUF_INIT(BUF_SMALL);
    struct xml_writer *writer = xml_writer_new();
    (void)state;
    xml_open(writer, "a:r");
    xml_put_attribute(writer, "xmlns:a", STR("urn:a"));
    xml_put_attribute(writer, "q", STR("\"<&>'"));
    xml_leaf(writer, "a:t", STR("1 < 2 && \"x\""));
    xml_leaf(writer, "a:e", STR(""));
    xml_open(writer, "a:raw");
    xml_put_raw(writer, STR("<b/>QUJD"));
    xml_close(writer);
    xml_close(writer);
    xml_writer_finish(writer, &text);
    assert_string_equal(buf_cstr(&text), "<a:r xmlns:a=\"urn:a\" q=\"&quot;&lt;&amp;&gt;'\"><a:t>1 &lt; 2 &amp;&amp; &quot;x&quot;</a:t><a:e/>"
                                         "<a:raw><b/>QUJD</a:raw></a:r>");
    struct xml_document *document = xml_parse(buf_str(&text), NULL, NULL);
    assert_true(str_is(xml_attribute(xml_root(document), "q"), "\"<&>'"));
    assert_true(str_is(xml_text(xml_child(xml_root(document), "urn:a", "t")), "1 < 2 && \"x\""));
    xml_free(document);
    buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_may_be_cut_anywhere),
        cmocka_unit_test(what_is_not_whole_or_not_allowed_is_refused),
        cmocka_unit_test(a_handler_may_end_the_reading),
        cmocka_unit_test(a_tree_is_walked_by_namespace_and_name),
        cmocka_unit_test(what_is_written_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
