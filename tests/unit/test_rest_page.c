/* The cutter of answers: every way a body can be chopped up by the network, and every way it can be wrong. */
#include "session/rest/rest_page.h"

#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* What was handed over, written down as one text: "e:<json>;" for elements, "<member number>:<json>;" for members. */
struct record {
    struct buf text;
    int elements, stop_after;
};

static bool on_element(void *context, struct str json)
{
    struct record *record = context;
    record->elements++;
    buf_format(&record->text, "e:%.*s;", STR_ARG(json));
    return record->elements != record->stop_after;
}

static bool on_member(void *context, enum rest_member member, struct str json)
{
    struct record *record = context;
    buf_format(&record->text, "%d:%.*s;", (int)member, STR_ARG(json));
    return true;
}

struct outcome {
    bool pushed, finished, truncated;
    enum rest_page_kind kind;
    struct err err;
    char *text, *whole;
    int elements;
};

static void outcome_free(struct outcome *outcome)
{
    free(outcome->text);
    free(outcome->whole);
}

/* Pushes body in pieces that end at the cuts (rising offsets, 0-ended list) and finishes. Each piece lies in memory of
   its own, so that a sanitizer sees every step past it. */
static struct outcome read_cut(struct str body, const size_t *cuts, size_t count)
{
    struct record record = { .text = BUF_INIT(BUF_LARGE) };
    const struct rest_page_listener listener = { on_element, on_member, &record };
    struct rest_page *page = rest_page_new(&listener);
    struct outcome outcome = { .pushed = true };
    size_t at = 0;
    for (size_t i = 0; i <= count && outcome.pushed; i++) {
        size_t to = i < count ? cuts[i] : body.len;
        char *copy = malloc(to - at + 1);
        memcpy(copy, body.data + at, to - at);
        char *exact = realloc(copy, to - at ? to - at : 1);
        outcome.pushed = rest_page_push(page, (struct str){ exact, to - at }, &outcome.err);
        free(exact);
        at = to;
    }
    if (outcome.pushed)
        outcome.finished = rest_page_finish(page, &outcome.kind, &outcome.err);
    outcome.truncated = rest_page_truncated(page);
    outcome.whole = str_dup(rest_page_whole(page));
    outcome.elements = record.elements;
    outcome.text = buf_take(&record.text);
    rest_page_free(page);
    return outcome;
}

static struct outcome read_body(const char *body)
{
    return read_cut(str_of(body), NULL, 0);
}

static void assert_read(const char *body, enum rest_page_kind kind, const char *expected)
{
    struct outcome outcome = read_body(body);
    assert_true(outcome.pushed);
    assert_true(outcome.finished);
    assert_int_equal(outcome.kind, kind);
    assert_string_equal(outcome.text, expected);
    outcome_free(&outcome);
}

static const char sample[] =
    " {\"@odata.context\":\"https://x/$metadata#C(E)\",\r\n \"adminapi.warnings@odata.type\" : \"#Collection(String)\","
    "\"@adminapi.warnings\":[\"a \\\"quoted\\\" w\\\\\",\"]}\"],\n\"@odata.NextLink\":\"https://h/p?$skiptoken=1\","
    "\"value\":[ {\"Name\":\"De\\\"mo\\\\\",\"Nested\":{\"a\":[1,[2,{\"b\":\"}]\"}]]}} , \"text\",-12.5e3,true,null,[],"
    "{},\"\\u00e4\xC3\xA4\"],\"@adminapi.errors\":[],\"n\":1.5 }\n";
static const char sample_pieces[] =
    "2:\"https://x/$metadata#C(E)\";0:\"#Collection(String)\";4:[\"a \\\"quoted\\\" w\\\\\",\"]}\"];"
    "3:\"https://h/p?$skiptoken=1\";e:{\"Name\":\"De\\\"mo\\\\\",\"Nested\":{\"a\":[1,[2,{\"b\":\"}]\"}]]}};"
    "e:\"text\";e:-12.5e3;e:true;e:null;e:[];e:{};e:\"\\u00e4\xC3\xA4\";5:[];0:1.5;";

static void whole_at_once(void **state)
{
    (void)state;
    assert_read(sample, REST_PAGE_VALUES, sample_pieces);
}

static void check_cut(const size_t *cuts, size_t count)
{
    struct outcome outcome = read_cut(STR(sample), cuts, count);
    assert_true(outcome.finished);
    assert_int_equal(outcome.kind, REST_PAGE_VALUES);
    assert_string_equal(outcome.text, sample_pieces);
    outcome_free(&outcome);
}

static void every_byte_alone(void **state)
{
    (void)state;
    size_t cuts[sizeof sample];
    for (size_t i = 0; i < sizeof sample - 2; i++)
        cuts[i] = i + 1;
    check_cut(cuts, sizeof sample - 2);
}

static void every_two_and_three_way_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sample; i++)
        check_cut(&i, 1);
    for (size_t i = 0; i < sizeof sample; i += 3)
        for (size_t j = i; j < sizeof sample; j += 7)
            check_cut((size_t[]){ i, j }, 2);
}

/* Every head of the sample is a body that broke off; its pieces are a head of the whole's pieces. */
static void every_truncation(void **state)
{
    (void)state;
    for (size_t length = 2; length < sizeof sample - 2; length++) {
        struct outcome outcome = read_cut((struct str){ sample, length }, NULL, 0);
        assert_true(outcome.pushed);
        assert_false(outcome.finished);
        assert_true(outcome.truncated);
        assert_int_equal(outcome.err.kind, ERR_PROTOCOL);
        assert_memory_equal(outcome.text, sample_pieces, strlen(outcome.text));
        outcome_free(&outcome);
    }
}

static void kinds_of_bodies(void **state)
{
    (void)state;
    assert_read("", REST_PAGE_EMPTY, "");
    assert_read(" \r\n\t", REST_PAGE_EMPTY, "");
    assert_read("{\"value\":[]}", REST_PAGE_VALUES, "");
    assert_read("{\"VALUE\":[1]}", REST_PAGE_VALUES, "e:1;");
    assert_read("{\"value\":null}", REST_PAGE_VALUES, "");
    assert_read("{\"value\":\"x\"}", REST_PAGE_VALUES, "e:\"x\";");
    assert_read("{\"value\":{\"a\":1}}", REST_PAGE_VALUES, "e:{\"a\":1};");
    assert_read("{\"val\\u0075e\":[2]}", REST_PAGE_VALUES, "e:2;");
    assert_read("{}", REST_PAGE_SINGLE, "");
    assert_read("{\"Name\":\"x\"}", REST_PAGE_SINGLE, "0:\"x\";");
    assert_read("[1,2]", REST_PAGE_SINGLE, "");
    assert_read("12", REST_PAGE_SINGLE, "");
    assert_read("\"text, \\\" with ]\"", REST_PAGE_SINGLE, "");
    assert_read("{\"error\":{\"code\":\"X\"}}", REST_PAGE_ERROR, "7:{\"code\":\"X\"};");
    assert_read("{\"error\":\"a property\"}", REST_PAGE_SINGLE, "7:\"a property\";");
    assert_read("\xEF\xBB\xBF{\"value\":[1]}", REST_PAGE_VALUES, "e:1;");
}

static void whole_body_is_kept_for_single_objects(void **state)
{
    (void)state;
    static const char body[] = "{\"Name\":\"a\",\"Data\":[1,2,{\"x\":\"y\"}]}";
    for (size_t i = 0; i < sizeof body; i++) {
        struct outcome outcome = read_cut(STR(body), &i, 1);
        assert_true(outcome.finished);
        assert_int_equal(outcome.kind, REST_PAGE_SINGLE);
        assert_string_equal(outcome.whole, body);
        outcome_free(&outcome);
    }
}

static void next_link_after_value(void **state)
{
    (void)state;
    assert_read("{\"value\":[1],\"@odata.nextLink\":\"n\",\"@ADMINAPI.warnings\":[\"w\"]}", REST_PAGE_VALUES,
                "e:1;3:\"n\";4:[\"w\"];");
    /* A name that comes twice is handed over twice; the last one counts. */
    assert_read("{\"@odata.nextLink\":\"a\",\"@odata.nextLink\":\"b\",\"value\":[]}", REST_PAGE_VALUES,
                "3:\"a\";3:\"b\";");
}

static void damage_names_the_offset(void **state)
{
    (void)state;
    static const struct { const char *body, *at; } wrong[] = {
        { "{\"value\":[1,]}", "byte 12:" }, { "{\"value\":[,1]}", "byte 10:" }, { "{\"value\" [1]}", "byte 9:" },
        { "{value:[1]}", "byte 1:" }, { "{\"value\":[1}", "byte 11:" }, { "{\"value\":[1]]", "byte 12:" },
        { "{\"value\":[1]},", "byte 13:" }, { "{\"value\":[1],}", "byte 13:" }, { "{\"value\":[1 2]}", "byte 12:" },
        { "{\"value\":[x]}", "byte 10:" }, { "{\"a\":1,\"value\":[1],\"value\":[2]}", "byte 27:" },
        { "{\"value\":[{\"a\":1}{\"b\":2}]}", "byte 17:" }, { "{\"value\":[1]}{\"value\":[2]}", "byte 13:" },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct outcome outcome = read_body(wrong[i].body);
        assert_false(outcome.pushed);
        assert_int_equal(outcome.err.kind, ERR_PROTOCOL);
        if (!strstr(outcome.err.text, wrong[i].at))
            fail_msg("%s: %s", wrong[i].body, outcome.err.text);
        outcome_free(&outcome);
    }
}

static void not_json_is_told(void **state)
{
    (void)state;
    static const struct { const char *body; size_t length; } wrong[] = {
        { "<!DOCTYPE html><html>", 21 }, { "\0\0\0\0\0\0", 6 }, { "too many concurrent requests", 28 },
        { "Service Unavailable", 19 }, { "\xEF\xBB<", 3 }, { "\xFF\xFE{", 3 },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct outcome outcome = read_cut((struct str){ wrong[i].body, wrong[i].length }, (size_t[]){ 1, 2 }, 2);
        assert_true(outcome.pushed);
        assert_false(outcome.finished);
        assert_false(outcome.truncated);
        assert_int_equal(outcome.kind, REST_PAGE_NOT_JSON);
        assert_int_equal(outcome.err.kind, ERR_PROTOCOL);
        assert_non_null(strstr(outcome.err.text, "not JSON"));
        outcome_free(&outcome);
    }
}

static void deep_nesting_is_cut_whole(void **state)
{
    (void)state;
    struct buf body = BUF_INIT(BUF_LARGE);
    buf_text(&body, "{\"value\":[");
    buf_repeat(&body, '[', 100000);
    buf_repeat(&body, ']', 100000);
    buf_text(&body, ",7]}");
    struct outcome outcome = read_cut(buf_str(&body), (size_t[]){ 5000, 150000 }, 2);
    assert_true(outcome.finished);
    assert_int_equal(outcome.elements, 2);
    assert_int_equal(strlen(outcome.text), 200000 + 3 + 4);
    outcome_free(&outcome);
    buf_free(&body);
}

static void huge_string_spans_chunks(void **state)
{
    (void)state;
    struct buf body = BUF_INIT(BUF_LARGE);
    buf_text(&body, "{\"value\":[\"");
    for (int i = 0; i < 300000; i++)
        buf_text(&body, "abc\\\"{[\\\\");
    buf_text(&body, "\"]}");
    size_t cuts[400], count = 0;
    for (size_t at = 4093; at < body.len && count < 400; at += 16381)
        cuts[count++] = at;
    struct outcome outcome = read_cut(buf_str(&body), cuts, count);
    assert_true(outcome.finished);
    assert_int_equal(outcome.elements, 1);
    assert_int_equal(strlen(outcome.text), body.len - strlen("{\"value\":[]}") + 3);
    outcome_free(&outcome);
    buf_free(&body);
}

static void piece_past_the_cap_is_refused(void **state)
{
    (void)state;
    struct record record = { .text = BUF_INIT(BUF_SMALL) };
    const struct rest_page_listener listener = { on_element, on_member, &record };
    struct rest_page *page = rest_page_new(&listener);
    struct err err = { 0 };
    size_t size = (size_t)1024 * 1024;
    char *block = malloc(size);
    memset(block, 'x', size);
    bool fine = rest_page_push(page, STR("{\"value\":[\""), &err);
    for (int i = 0; fine && i < 70; i++)
        fine = rest_page_push(page, (struct str){ block, size }, &err);
    assert_false(fine);
    assert_int_equal(err.kind, ERR_PROTOCOL);
    assert_non_null(strstr(err.text, "larger than 64 MiB"));
    free(block);
    rest_page_free(page);
    buf_free(&record.text);
}

static void listener_ends_the_work(void **state)
{
    (void)state;
    struct record record = { .text = BUF_INIT(BUF_SMALL), .stop_after = 2 };
    const struct rest_page_listener listener = { on_element, on_member, &record };
    struct rest_page *page = rest_page_new(&listener);
    struct err err = { 0 };
    enum rest_page_kind kind;
    assert_false(rest_page_push(page, STR("{\"value\":[1,2,3]}"), &err));
    assert_int_equal(err.kind, ERR_CANCELLED);
    assert_int_equal(record.elements, 2);
    /* After a reset the same cutter reads the next body from its beginning. */
    record.stop_after = 0;
    buf_clear(&record.text);
    rest_page_reset(page);
    assert_true(rest_page_push(page, STR("{\"value\":[4]}"), &err));
    assert_true(rest_page_finish(page, &kind, &err));
    assert_string_equal(buf_cstr(&record.text), "e:4;");
    rest_page_free(page);
    buf_free(&record.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_at_once),
        cmocka_unit_test(every_byte_alone),
        cmocka_unit_test(every_two_and_three_way_cut),
        cmocka_unit_test(every_truncation),
        cmocka_unit_test(kinds_of_bodies),
        cmocka_unit_test(whole_body_is_kept_for_single_objects),
        cmocka_unit_test(next_link_after_value),
        cmocka_unit_test(damage_names_the_offset),
        cmocka_unit_test(not_json_is_told),
        cmocka_unit_test(deep_nesting_is_cut_whole),
        cmocka_unit_test(huge_string_spans_chunks),
        cmocka_unit_test(piece_past_the_cap_is_refused),
        cmocka_unit_test(listener_ends_the_work),
    };
    return cmocka_run_group_tests_name("rest_page", tests, NULL, NULL);
}
