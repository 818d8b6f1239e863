/* Exports that page by a cookie: followed, halved, resumed, and complete only when they are (rest.md section 8). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "pipeline/cursor.h"

static bool collect(void *context, const struct object *object, struct err *err)
{
    struct buf *out = context;
    const struct property *id = object_find(object, STR("Id"));
    (void)err;
    buf_format(out, "%s%.*s", out->len ? " " : "", STR_ARG(id ? id->text : STR("?")));
    return true;
}

/* One object of an answer. */
static bool give(struct cursor *cursor, const char *text, struct buf *out, struct err *err)
{
    const struct local_sink sink = { collect, out };
    struct json *tree = json_parse(str_of(text), NULL);
    struct object object;
    assert_non_null(tree);
    object_init(&object);
    object_from_json(&object, tree);
    bool good = cursor_object(cursor, &object, &sink, err);
    object_free(&object);
    json_free(tree);
    return good;
}

static struct invocation *activity(void)
{
    struct invocation *asked = invocation_new("Export-ActivityExplorerData");
    invocation_set(asked, "StartTime", ARG_TEXT, TYPE_UNTYPED, json_new_string(STR("2026-11-01T00:00:00")));
    invocation_set(asked, "EndTime", ARG_TEXT, TYPE_UNTYPED, json_new_string(STR("2026-11-03T00:00:00")));
    invocation_set(asked, "OutputFormat", ARG_TEXT, TYPE_STRING, json_new_string(STR("Csv")));
    return asked;
}

static const char *argument(const struct invocation *page, const char *name)
{
    const struct argument *argument = invocation_get(page, name);
    return argument ? json_cstr(argument->value, "(no text)") : "(none)";
}

static void pages_are_followed_and_records_come_once(void **state)
{
    (void)state;
    struct invocation *asked = activity();
    struct cursor *cursor = cursor_new(asked, NULL, false);
    struct buf out = BUF_INIT(BUF_SMALL);
    struct err err = { 0 };
    const struct invocation *page = cursor_page(cursor);
    assert_string_equal(argument(page, "OutputFormat"), "Json");
    assert_string_equal(argument(page, "StartTime"), "2026-11-01T00:00:00");
    assert_string_equal(argument(page, "PageCookie"), "(none)");
    assert_non_null(invocation_get(page, "PageSize"));
    assert_true(give(cursor, "{\"ResultData\":\"[{\\\"Id\\\":1},{\\\"Id\\\":2}]\",\"LastPage\":false,\"Watermark\":\"w1\",\"TotalResultCount\":3}", &out, &err));
    cursor_page_done(cursor);
    page = cursor_page(cursor);
    assert_string_equal(argument(page, "PageCookie"), "w1");
    assert_true(give(cursor, "{\"ResultData\":[{\"Id\":2},{\"Id\":3}],\"LastPage\":\"True\",\"WaterMark\":\"w2\"}", &out, &err));
    cursor_page_done(cursor);
    assert_null(cursor_page(cursor));
    assert_string_equal(buf_cstr(&out), "1 2 3");
    assert_true(cursor_complete(cursor));
    assert_null(cursor_take_note(cursor));
    cursor_free(cursor);
    invocation_free(asked);
    buf_free(&out);
}

static void what_is_missing_is_said(void **state)
{
    (void)state;
    struct invocation *asked = activity();
    struct cursor *cursor = cursor_new(asked, NULL, false);
    struct buf out = BUF_INIT(BUF_SMALL);
    struct err err = { 0 };
    assert_non_null(cursor_page(cursor));
    assert_true(give(cursor, "{\"ResultData\":\"[{\\\"Id\\\":1}]\",\"LastPage\":true,\"WaterMark\":\"\",\"TotalResultCount\":5}", &out, &err));
    cursor_page_done(cursor);
    assert_false(cursor_complete(cursor));
    char *note = cursor_take_note(cursor);
    assert_string_equal(note, "The service announced 5 records and gave 1.");
    free(note);
    cursor_free(cursor);
    /* The same place for ever. */
    cursor = cursor_new(asked, NULL, false);
    for (int i = 0; i < 2; i++) {
        assert_non_null(cursor_page(cursor));
        assert_true(give(cursor, "{\"ResultData\":\"\",\"LastPage\":false,\"WaterMark\":\"w\"}", &out, &err));
        cursor_page_done(cursor);
    }
    assert_null(cursor_page(cursor));
    assert_false(cursor_complete(cursor));
    cursor_free(cursor);
    cursor = cursor_new(asked, NULL, false);
    assert_non_null(cursor_page(cursor));
    assert_false(give(cursor, "{\"ResultData\":\"[{\\\"Id\\\":\",\"LastPage\":true}", &out, &err));
    assert_int_equal(err.kind, ERR_PROTOCOL);
    cursor_free(cursor);
    invocation_free(asked);
    buf_free(&out);
}

/* The same place for ever, but with records: the same ones again, or what cannot be told from them. */
static void a_place_that_does_not_move_ends_it(void **state)
{
    (void)state;
    struct invocation *asked = activity(), *content = invocation_new("Export-ContentExplorerData");
    struct cursor *cursor = cursor_new(asked, NULL, false);
    struct buf out = BUF_INIT(BUF_SMALL);
    struct err err = { 0 };
    for (int i = 0; i < 2; i++) {
        assert_non_null(cursor_page(cursor));
        assert_true(give(cursor, "{\"ResultData\":\"[{\\\"Id\\\":1}]\",\"LastPage\":false,\"WaterMark\":\"w\"}", &out, &err));
        cursor_page_done(cursor);
    }
    assert_null(cursor_page(cursor));
    assert_false(cursor_complete(cursor));
    cursor_free(cursor);
    cursor = cursor_new(content, NULL, false);
    for (int i = 0; i < 2; i++) {
        assert_non_null(cursor_page(cursor));
        assert_true(give(cursor, "{\"MorePagesAvailable\":true,\"PageCookie\":\"c\"}", &out, &err));
        assert_true(give(cursor, "{\"FileName\":\"a\"}", &out, &err));
        cursor_page_done(cursor);
    }
    assert_null(cursor_page(cursor));
    assert_false(cursor_complete(cursor));
    cursor_free(cursor);
    /* A place that moves ends nothing, as long as it does not do so without end. */
    cursor = cursor_new(asked, NULL, false);
    int pages = 0;
    for (; cursor_page(cursor) && pages < 5000; pages++) {
        char page[128];
        snprintf(page, sizeof page, "{\"ResultData\":\"[{\\\"Id\\\":1}]\",\"LastPage\":false,\"WaterMark\":\"w%d\"}", pages);
        assert_true(give(cursor, page, &out, &err));
        cursor_page_done(cursor);
    }
    assert_in_range(pages, 500, 4000);
    cursor_free(cursor);
    invocation_free(asked);
    invocation_free(content);
    buf_free(&out);
}

/* Content explorer has no ranges to halve: going on would only be refused again. */
static void a_lost_place_is_not_gone_on_from(void **state)
{
    (void)state;
    struct invocation *content = invocation_new("Export-ContentExplorerData");
    struct cursor *cursor = cursor_new(content, NULL, false);
    struct buf out = BUF_INIT(BUF_SMALL);
    struct err err = { 0 };
    assert_non_null(cursor_page(cursor));
    assert_true(give(cursor, "{\"MorePagesAvailable\":true,\"PageCookie\":\"c\"}", &out, &err));
    assert_true(give(cursor, "{\"FileName\":\"a\"}", &out, &err));
    cursor_page_done(cursor);
    assert_non_null(cursor_page(cursor));
    err_set(&err, ERR_SERVER, "The page cookie is invalid");
    assert_false(cursor_page_failed(cursor, &err));
    assert_non_null(strstr(err.advice, "without --resume"));
    cursor_free(cursor);
    invocation_free(content);
    buf_free(&out);
}

static void a_range_is_halved(void **state)
{
    (void)state;
    struct invocation *asked = activity();
    struct cursor *cursor = cursor_new(asked, NULL, false);
    struct buf out = BUF_INIT(BUF_SMALL);
    struct err err = { 0 };
    assert_non_null(cursor_page(cursor));
    assert_true(give(cursor, "{\"ResultData\":\"[{\\\"Id\\\":1}]\",\"LastPage\":false,\"WaterMark\":\"w1\"}", &out, &err));
    cursor_page_done(cursor);
    assert_non_null(cursor_page(cursor));
    err_set(&err, ERR_SERVER, "The page cookie has expired.");
    assert_true(cursor_page_failed(cursor, &err));
    free(cursor_take_note(cursor));
    const struct invocation *page = cursor_page(cursor);
    assert_string_equal(argument(page, "StartTime"), "2026-11-01T00:00:00");
    assert_string_equal(argument(page, "EndTime"), "2026-11-02T00:00:00");
    assert_string_equal(argument(page, "PageCookie"), "(none)");
    assert_true(give(cursor, "{\"ResultData\":\"[{\\\"Id\\\":1},{\\\"Id\\\":2}]\",\"LastPage\":true,\"WaterMark\":\"w\"}", &out, &err));
    cursor_page_done(cursor);
    page = cursor_page(cursor);
    assert_string_equal(argument(page, "StartTime"), "2026-11-02T00:00:00");
    assert_string_equal(argument(page, "EndTime"), "2026-11-03T00:00:00");
    assert_true(give(cursor, "{\"ResultData\":\"[{\\\"Id\\\":2},{\\\"Id\\\":3}]\",\"LastPage\":true,\"WaterMark\":\"w\"}", &out, &err));
    cursor_page_done(cursor);
    assert_null(cursor_page(cursor));
    assert_string_equal(buf_cstr(&out), "1 2 3");
    assert_true(cursor_complete(cursor));
    cursor_free(cursor);
    /* Other errors have no other way. */
    cursor = cursor_new(asked, NULL, false);
    assert_non_null(cursor_page(cursor));
    err_set(&err, ERR_SERVER, "The value of StartTime is wrong.");
    assert_false(cursor_page_failed(cursor, &err));
    cursor_free(cursor);
    invocation_free(asked);
    buf_free(&out);
}

static void a_broken_export_goes_on_later(void **state)
{
    (void)state;
    char directory[] = "/tmp/purvey-cursor-XXXXXX";
    assert_non_null(mkdtemp(directory));
    assert_int_equal(setenv("XDG_STATE_HOME", directory, 1), 0);
    struct invocation *asked = activity();
    char *place = cursor_place(asked, "tenant"), *other = cursor_place(asked, "another");
    assert_string_not_equal(place, other);
    struct cursor *cursor = cursor_new(asked, place, false);
    struct buf out = BUF_INIT(BUF_SMALL);
    struct err err = { 0 };
    assert_non_null(cursor_page(cursor));
    assert_true(give(cursor, "{\"ResultData\":\"[{\\\"Id\\\":1}]\",\"LastPage\":false,\"WaterMark\":\"w1\"}", &out, &err));
    cursor_page_done(cursor);
    assert_non_null(cursor_page(cursor));
    err_set(&err, ERR_NETWORK, "The network went away.");
    assert_false(cursor_page_failed(cursor, &err));
    assert_non_null(strstr(err.advice, "--resume"));
    cursor_free(cursor);
    cursor = cursor_new(asked, place, true);
    char *note = cursor_take_note(cursor);
    assert_non_null(strstr(note, "behind the 1 records"));
    free(note);
    assert_string_equal(argument(cursor_page(cursor), "PageCookie"), "w1");
    /* The first record is the service's repetition: it came in the run before. */
    assert_true(give(cursor, "{\"ResultData\":\"[{\\\"Id\\\":1},{\\\"Id\\\":2}]\",\"LastPage\":true,\"WaterMark\":\"w2\"}", &out, &err));
    cursor_page_done(cursor);
    assert_null(cursor_page(cursor));
    assert_int_equal(cursor_records(cursor), 2);
    assert_true(cursor_complete(cursor));
    cursor_free(cursor);
    assert_string_equal(buf_cstr(&out), "1 2");
    /* What has come to its end leaves nothing behind. */
    assert_int_not_equal(access(place, F_OK), 0);
    char *inner = mem_format("%s/purvey", directory);
    rmdir(inner);
    rmdir(directory);
    free(inner);
    free(place);
    free(other);
    invocation_free(asked);
    buf_free(&out);
}

/* The rows of the newest page may still be on their way to the output when the program is killed: they come again. */
static void a_killed_export_loses_nothing(void **state)
{
    (void)state;
    char directory[] = "/tmp/purvey-cursor-XXXXXX";
    assert_non_null(mkdtemp(directory));
    assert_int_equal(setenv("XDG_STATE_HOME", directory, 1), 0);
    struct invocation *asked = activity();
    char *place = cursor_place(asked, "tenant");
    struct cursor *killed = cursor_new(asked, place, false);
    struct buf out = BUF_INIT(BUF_SMALL);
    struct err err = { 0 };
    assert_non_null(cursor_page(killed));
    assert_true(give(killed, "{\"ResultData\":\"[{\\\"Id\\\":1}]\",\"LastPage\":false,\"WaterMark\":\"w1\"}", &out, &err));
    cursor_page_done(killed);
    assert_int_not_equal(access(place, F_OK), 0);
    assert_non_null(cursor_page(killed));
    assert_true(give(killed, "{\"ResultData\":\"[{\\\"Id\\\":2}]\",\"LastPage\":false,\"WaterMark\":\"w2\"}", &out, &err));
    cursor_page_done(killed);
    buf_clear(&out);
    struct cursor *cursor = cursor_new(asked, place, true);
    char *note = cursor_take_note(cursor);
    assert_non_null(strstr(note, "behind the 1 records"));
    free(note);
    assert_string_equal(argument(cursor_page(cursor), "PageCookie"), "w1");
    assert_true(give(cursor, "{\"ResultData\":\"[{\\\"Id\\\":1},{\\\"Id\\\":2}]\",\"LastPage\":true,\"WaterMark\":\"w2\"}", &out, &err));
    assert_string_equal(buf_cstr(&out), "2");
    cursor_page_done(cursor);
    assert_true(cursor_complete(cursor));
    cursor_free(cursor);
    cursor_free(killed);
    /* One that begins at the start has nothing to do with the place of an older one. */
    killed = cursor_new(asked, place, false);
    assert_non_null(cursor_page(killed));
    assert_true(give(killed, "{\"ResultData\":\"[{\\\"Id\\\":1}]\",\"LastPage\":false,\"WaterMark\":\"w1\"}", &out, &err));
    cursor_page_done(killed);
    assert_int_not_equal(access(place, F_OK), 0);
    cursor = cursor_new(asked, place, true);
    note = cursor_take_note(cursor);
    assert_non_null(strstr(note, "No broken export"));
    free(note);
    cursor_free(cursor);
    cursor_free(killed);
    char *keys = mem_format("%s.keys", place), *inner = mem_format("%s/purvey", directory);
    unlink(place);
    unlink(keys);
    rmdir(inner);
    assert_int_equal(rmdir(directory), 0);
    free(keys);
    free(inner);
    free(place);
    invocation_free(asked);
    buf_free(&out);
}

#define CONTENT_PAGE(cookie, more) "{\"TotalCount\":4,\"MorePagesAvailable\":\"" more "\",\"PageCookie\":\"" cookie "\"}"

/* Its records have no ids: the page that broke in its midst comes again, without what came of it. */
static void content_goes_on_in_the_midst_of_a_page(void **state)
{
    (void)state;
    char directory[] = "/tmp/purvey-cursor-XXXXXX";
    assert_non_null(mkdtemp(directory));
    assert_int_equal(setenv("XDG_STATE_HOME", directory, 1), 0);
    struct invocation *asked = invocation_new("Export-ContentExplorerData");
    char *place = cursor_place(asked, "tenant");
    struct cursor *cursor = cursor_new(asked, place, false);
    struct buf out = BUF_INIT(BUF_SMALL);
    struct err err = { 0 };
    assert_non_null(cursor_page(cursor));
    assert_true(give(cursor, CONTENT_PAGE("c1", "true"), &out, &err));
    assert_true(give(cursor, "{\"A\":1}", &out, &err));
    cursor_page_done(cursor);
    assert_non_null(cursor_page(cursor));
    assert_true(give(cursor, CONTENT_PAGE("c2", "false"), &out, &err));
    assert_true(give(cursor, "{\"A\":2}", &out, &err));
    err_set(&err, ERR_NETWORK, "The network went away.");
    assert_false(cursor_page_failed(cursor, &err));
    cursor_free(cursor);
    cursor = cursor_new(asked, place, true);
    assert_string_equal(argument(cursor_page(cursor), "PageCookie"), "c1");
    buf_clear(&out);
    assert_true(give(cursor, CONTENT_PAGE("c2", "false"), &out, &err));
    assert_true(give(cursor, "{\"A\":2}", &out, &err));
    assert_int_equal(out.len, 0);
    assert_true(give(cursor, "{\"A\":3}", &out, &err));
    assert_true(give(cursor, "{\"A\":4}", &out, &err));
    assert_string_equal(buf_cstr(&out), "? ?");
    cursor_page_done(cursor);
    assert_null(cursor_page(cursor));
    assert_int_equal(cursor_records(cursor), 4);
    assert_true(cursor_complete(cursor));
    cursor_free(cursor);
    char *inner = mem_format("%s/purvey", directory);
    assert_int_equal(rmdir(inner), 0);      /* neither the place nor the keys are left */
    rmdir(directory);
    free(inner);
    free(place);
    invocation_free(asked);
    buf_free(&out);
}

static void content_has_its_numbers_first(void **state)
{
    (void)state;
    struct invocation *asked = invocation_new("Export-ContentExplorerData");
    struct cursor *cursor = cursor_new(asked, NULL, false);
    struct buf out = BUF_INIT(BUF_SMALL);
    struct err err = { 0 };
    assert_non_null(cursor_page(cursor));
    assert_true(give(cursor, "{\"TotalCount\":2,\"MorePagesAvailable\":true,\"RecordsReturned\":1,\"PageCookie\":\"c1\"}", &out, &err));
    assert_true(give(cursor, "{\"Id\":\"a\"}", &out, &err));
    cursor_page_done(cursor);
    assert_string_equal(argument(cursor_page(cursor), "PageCookie"), "c1");
    assert_true(give(cursor, "{\"TotalCount\":2,\"MorePagesAvailable\":\"False\",\"RecordsReturned\":1,\"PageCookie\":\"c2\"}", &out, &err));
    assert_true(give(cursor, "{\"Id\":\"b\"}", &out, &err));
    cursor_page_done(cursor);
    assert_null(cursor_page(cursor));
    assert_string_equal(buf_cstr(&out), "a b");
    assert_true(cursor_complete(cursor));
    cursor_free(cursor);
    invocation_set(asked, "PageCookie", ARG_TEXT, TYPE_STRING, json_new_string(STR("mine")));
    assert_null(cursor_new(asked, NULL, false));
    invocation_free(asked);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_followed_and_records_come_once),
        cmocka_unit_test(what_is_missing_is_said),
        cmocka_unit_test(a_place_that_does_not_move_ends_it),
        cmocka_unit_test(a_lost_place_is_not_gone_on_from),
        cmocka_unit_test(a_range_is_halved),
        cmocka_unit_test(a_broken_export_goes_on_later),
        cmocka_unit_test(a_killed_export_loses_nothing),
        cmocka_unit_test(content_goes_on_in_the_midst_of_a_page),
        cmocka_unit_test(content_has_its_numbers_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
