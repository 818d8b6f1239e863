#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "results/rowset.h"

struct fixture {
    char root[32];
    struct store *store;
    struct rowset *rowset;
    struct object object;
};

static int set_up(void **state)
{
    struct err err;
    struct fixture *fixture = MEM_NEW(struct fixture);
    snprintf(fixture->root, sizeof fixture->root, "/tmp/purvey-test-XXXXXX");
    if (!mkdtemp(fixture->root))
        return -1;
    fixture->store = store_create(fixture->root, 1, &err);
    fixture->rowset = rowset_open(store_path(fixture->store), &err);
    object_init(&fixture->object);
    *state = fixture;
    return fixture->rowset ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    rowset_close(fixture->rowset);
    store_close(fixture->store);
    object_free(&fixture->object);
    int left = rmdir(fixture->root);
    free(fixture);
    return left;
}

/* One row with the columns Name and Size; NULL leaves a property out. */
static void add(struct fixture *fixture, const char *name, const char *size)
{
    struct err err;
    if (name)
        object_add(&fixture->object,
                   (struct property){ .name = STR("Name"), .kind = VALUE_STRING, .text = str_of(name) });
    if (size)
        object_add(&fixture->object,
                   (struct property){ .name = STR("Size"), .kind = VALUE_NUMBER, .text = str_of(size) });
    assert_true(store_add(fixture->store, &fixture->object, &err));
    object_clear(&fixture->object);
}

static void commit(struct fixture *fixture)
{
    struct err err;
    assert_true(store_commit(fixture->store, &err));
    assert_true(rowset_refresh(fixture->rowset, &err));
}

static void add_numbered(struct fixture *fixture, int count)
{
    char name[32], size[32];
    for (int i = 0; i < count; i++) {
        snprintf(name, sizeof name, "Item %d", i);
        snprintf(size, sizeof size, "%d", (i * 7919) % count);
        add(fixture, name, size);
    }
    commit(fixture);
}

static struct arrangement by(int column, bool descending, const char *filter)
{
    struct arrangement arrangement = { .key_count = column >= 0 };
    arrangement.keys[0].column = column;
    arrangement.keys[0].descending = descending;
    snprintf(arrangement.filter, sizeof arrangement.filter, "%s", filter);
    return arrangement;
}

static int64_t arrange(struct fixture *fixture, uint32_t view, struct arrangement arrangement)
{
    struct err err;
    int64_t count = store_arrange(fixture->store, &arrangement, view, &err);
    rowset_use_view(fixture->rowset, view);
    if (count >= 0)
        assert_true(rowset_refresh(fixture->rowset, &err));
    return count;
}

/* The names of the view's first rows, with a | behind each; "-" for none. */
static const char *names(struct fixture *fixture, size_t count, char text[1024])
{
    struct err err;
    struct property value;
    size_t used = 0;
    text[0] = '\0';
    assert_true(rowset_load(fixture->rowset, 0, count, &err));
    for (size_t i = 0; i < rowset_loaded(fixture->rowset); i++) {
        if (!rowset_value(fixture->rowset, i, 0, &value))
            value.text = STR("-");
        used += (size_t)snprintf(text + used, 1024 - used, "%.*s|", STR_ARG(value.text));
    }
    return text;
}

static void windows_are_what_was_asked_for(void **state)
{
    struct fixture *fixture = *state;
    struct err err;
    struct property value;
    add_numbered(fixture, 1000);
    assert_int_equal(rowset_count(fixture->rowset), 1000);
    assert_true(rowset_load(fixture->rowset, 990, 60, &err));
    assert_int_equal(rowset_loaded(fixture->rowset), 10);
    assert_int_equal(rowset_row_id(fixture->rowset, 0), 991);
    assert_true(rowset_value(fixture->rowset, 9, 0, &value));
    assert_true(str_is(value.text, "Item 999"));
    assert_true(rowset_load(fixture->rowset, 1000, 60, &err));
    assert_int_equal(rowset_loaded(fixture->rowset), 0);
    assert_true(rowset_load(fixture->rowset, -5, 60, &err));
    assert_int_equal(rowset_loaded(fixture->rowset), 0);
    assert_true(rowset_load(fixture->rowset, 5, SIZE_MAX, &err));
    assert_int_equal(rowset_loaded(fixture->rowset), 995);
    assert_false(rowset_value(fixture->rowset, 0, 77, &value));
    assert_false(rowset_value(fixture->rowset, 995, 0, &value));
}

static void text_sorts_naturally_with_nothing_last(void **state)
{
    struct fixture *fixture = *state;
    char text[1024];
    static const char *const given[] = { "item 10", "Zoe", "Item 9", "\xc3\x89mile", "", "emil",
                                         "item 0009b", "\xd0\xaf", "eve" };
    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        add(fixture, given[i], "1");
    add(fixture, NULL, "1");
    commit(fixture);
    assert_int_equal(arrange(fixture, 1, by(0, false, "")), 10);
    assert_string_equal(names(fixture, 20, text), "emil|\xc3\x89mile|eve|Item 9|item 0009b|item 10|Zoe|\xd0\xaf||-|");
    assert_int_equal(arrange(fixture, 2, by(0, true, "")), 10);
    assert_string_equal(names(fixture, 20, text), "\xd0\xaf|Zoe|item 10|item 0009b|Item 9|eve|\xc3\x89mile|emil||-|");
}

static void numbers_sort_by_value_exactly(void **state)
{
    struct fixture *fixture = *state;
    char text[1024];
    static const char *const sizes[] = { "9007199254740993", "9007199254740992", "-1", "1e3", "999.5", "0", "-0.001",
                                         "123456789012345678901234567891", "123456789012345678901234567890",
                                         "-1000", "0.02", "0.0005", "10" };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        add(fixture, sizes[i], sizes[i]);
    add(fixture, "none", NULL);
    commit(fixture);
    assert_int_equal(arrange(fixture, 1, by(1, false, "")), 14);
    assert_string_equal(names(fixture, 20, text),
                        "-1000|-1|-0.001|0|0.0005|0.02|10|999.5|1e3|9007199254740992|9007199254740993|"
                        "123456789012345678901234567890|123456789012345678901234567891|none|");
    arrange(fixture, 1, by(1, true, ""));
    assert_string_equal(names(fixture, 3, text),
                        "123456789012345678901234567891|123456789012345678901234567890|9007199254740993|");
}

static void sizes_sort_by_their_bytes(void **state)
{
    struct fixture *fixture = *state;
    char text[1024];
    add(fixture, "1.5 GB (1,610,612,736 bytes)", NULL);
    add(fixture, "2 KB (2,048 bytes)", NULL);
    add(fixture, "900 MB (943,718,400 bytes)", NULL);
    commit(fixture);
    arrange(fixture, 1, by(0, false, ""));
    assert_string_equal(names(fixture, 3, text),
                        "2 KB (2,048 bytes)|900 MB (943,718,400 bytes)|1.5 GB (1,610,612,736 bytes)|");
}

static void several_keys_and_ties_by_arrival(void **state)
{
    struct fixture *fixture = *state;
    char text[1024];
    add(fixture, "b", "1");
    add(fixture, "a", "1");
    add(fixture, "ab", "2");
    add(fixture, "A", "2");
    add(fixture, "a", "3");
    commit(fixture);
    struct arrangement arrangement = { .key_count = 2, .keys = { { 1, true }, { 0, false } } };
    assert_int_equal(arrange(fixture, 1, arrangement), 5);
    assert_string_equal(names(fixture, 5, text), "a|A|ab|a|b|");
    arrange(fixture, 2, by(0, false, ""));
    assert_string_equal(names(fixture, 5, text), "a|A|a|ab|b|");
}

static void views_stay_while_rows_arrive(void **state)
{
    struct fixture *fixture = *state;
    struct err err;
    add_numbered(fixture, 1000);
    assert_int_equal(arrange(fixture, 1, by(-1, false, "Name:99")), 19);
    assert_int_equal(arrange(fixture, 2, by(0, false, "")), 1000);
    add_numbered(fixture, 1000);
    assert_int_equal(rowset_total(fixture->rowset), 2000);
    assert_int_equal(rowset_count(fixture->rowset), 1000);
    assert_int_equal(store_extend(fixture->store, 2, &err), 1000);
    assert_int_equal(store_extend(fixture->store, 1, &err), 38);
    assert_int_equal(store_extend(fixture->store, 1, &err), 38);
    assert_int_equal(rowset_count(fixture->rowset), 1000);
    rowset_use_view(fixture->rowset, 1);
    assert_true(rowset_refresh(fixture->rowset, &err));
    assert_int_equal(rowset_count(fixture->rowset), 38);
    assert_true(rowset_load(fixture->rowset, 19, 5, &err));
    assert_int_equal(rowset_row_id(fixture->rowset, 0), 1100);
    store_drop_view(fixture->store, 1);
    assert_int_equal(store_extend(fixture->store, 1, &err), -1);
    assert_false(rowset_load(fixture->rowset, 0, 5, &err));
    assert_int_equal(err.kind, ERR_STORE);
    rowset_use_view(fixture->rowset, 0);
    assert_true(rowset_refresh(fixture->rowset, &err));
    assert_int_equal(rowset_count(fixture->rowset), 2000);
}

static void a_view_takes_rows_not_yet_committed(void **state)
{
    struct fixture *fixture = *state;
    add(fixture, "one", "1");
    assert_int_equal(arrange(fixture, 1, by(0, false, "")), 1);
    assert_int_equal(rowset_total(fixture->rowset), 1);
}

static void a_bad_arrangement_changes_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct err err;
    add_numbered(fixture, 10);
    assert_int_equal(arrange(fixture, 1, by(0, false, "")), 10);
    struct arrangement bad = by(0, false, "Nope=1"), worse = by(9, false, ""), good = by(0, false, "");
    assert_int_equal(store_arrange(fixture->store, &bad, 1, &err), -1);
    assert_int_equal(err.kind, ERR_INPUT);
    assert_int_equal(store_arrange(fixture->store, &worse, 1, &err), -1);
    assert_int_equal(err.kind, ERR_INPUT);
    assert_int_equal(store_arrange(fixture->store, &good, 0, &err), -1);
    assert_true(rowset_refresh(fixture->rowset, &err));
    assert_int_equal(rowset_count(fixture->rowset), 10);
    rowset_use_view(fixture->rowset, 44);
    assert_false(rowset_refresh(fixture->rowset, &err));
}

static int64_t find(struct fixture *fixture, uint32_t view, const char *text, int64_t from, bool backwards)
{
    struct err err;
    return store_find(fixture->store, view, str_of(text), from, backwards, &err);
}

static void find_goes_both_ways_and_around(void **state)
{
    struct fixture *fixture = *state;
    add_numbered(fixture, 100);
    for (uint32_t view = 0; view < 2; view++) {
        assert_int_equal(find(fixture, view, "ITEM 5", 0, false), 5);
        assert_int_equal(find(fixture, view, "item 5", 5, false), 5);
        assert_int_equal(find(fixture, view, "item 5", 6, false), 50);
        assert_int_equal(find(fixture, view, "item 5", 60, false), 5);
        assert_int_equal(find(fixture, view, "item 5", 5, true), 59);
        assert_int_equal(find(fixture, view, "item 5", 50, true), 5);
        assert_int_equal(find(fixture, view, "item 5", 1000, false), 5);
        assert_int_equal(find(fixture, view, "item 5", -1, true), 59);
        assert_int_equal(find(fixture, view, "nowhere", 3, false), -1);
        assert_int_equal(arrange(fixture, 1, by(-1, false, "")), 100);
    }
    int64_t place = 0, total = 0;
    for (uint32_t view = 0; view < 2; view++) {
        assert_int_equal(find(fixture, view, "item 5", 6, false), 50);
        assert_true(store_count_hits(fixture->store, view, 50, &place, &total));
        assert_int_equal(place, 2);
        assert_int_equal(total, 11);
    }
    assert_int_equal(arrange(fixture, 1, by(1, true, "")), 100);
    int64_t last = find(fixture, 1, "item 5", -1, true);
    assert_true(store_count_hits(fixture->store, 1, last, &place, &total));
    assert_int_equal(place, 11);
    assert_false(store_count_hits(fixture->store, 9, 0, &place, &total));
    assert_int_equal(find(fixture, 9, "item", 0, false), -1);
    struct err err = { .kind = ERR_SYSTEM };
    assert_int_equal(store_find(fixture->store, 0, STR("nowhere"), 0, false, &err), -1);
    assert_int_equal(err.kind, ERR_NONE);
    assert_int_equal(store_find(fixture->store, 9, STR("item"), 0, false, &err), -1);
    assert_int_equal(err.kind, ERR_STORE);
}

static void find_in_a_large_sorted_view(void **state)
{
    struct fixture *fixture = *state;
    add_numbered(fixture, 20000);
    arrange(fixture, 1, by(1, true, ""));
    /* Sizes are a permutation, so that the position is known: 19999 - size. */
    int64_t place = 19999 - (15000 * 7919) % 20000;
    assert_int_equal(find(fixture, 1, "item 15000", 0, false), place);
    assert_int_equal(find(fixture, 1, "item 15000", place, false), place);
    assert_int_equal(find(fixture, 1, "item 15000", place, true), place);
    assert_int_equal(find(fixture, 1, "item 15000", place + 1, false), place);
    assert_int_equal(find(fixture, 1, "item 15000", 20000, true), place);
    assert_int_equal(find(fixture, 1, "item 15001x", 0, false), -1);
}

static void find_sees_values_not_their_borders(void **state)
{
    struct fixture *fixture = *state;
    struct err err;
    add(fixture, "abc", "123");
    object_add(&fixture->object, (struct property){ .name = STR("Flag"), .kind = VALUE_TRUE });
    object_add(&fixture->object, (struct property){ .name = STR("Tags"), .kind = VALUE_NESTED,
                                                    .text = STR("[\"red\",\"green\"]") });
    object_add(&fixture->object, (struct property){ .name = STR("Town"), .kind = VALUE_STRING,
                                                    .text = STR("K\xc3\x96LN") });
    assert_true(store_add(fixture->store, &fixture->object, &err));
    /* The kind's letter of the second value stands between the two in the row. */
    assert_int_equal(find(fixture, 0, "abci123", 0, false), -1);
    assert_int_equal(find(fixture, 0, "iabc", 0, false), -1);
    assert_int_equal(find(fixture, 0, "C", 0, false), 0);
    assert_int_equal(find(fixture, 0, "TRU", 0, false), 1);
    assert_int_equal(find(fixture, 0, "false", 0, false), -1);
    assert_int_equal(find(fixture, 0, "red, green", 0, false), 1);
    assert_int_equal(find(fixture, 0, "\"green\"", 0, false), 1);
    assert_int_equal(find(fixture, 0, "k\xc3\xb6ln", 0, false), 1);
}

static void names_of_an_object_outlive_a_refresh(void **state)
{
    struct fixture *fixture = *state;
    struct err err;
    struct object back;
    add(fixture, "one", "1");
    commit(fixture);
    object_init(&back);
    assert_true(rowset_load(fixture->rowset, 0, 1, &err));
    rowset_object(fixture->rowset, 0, &back);
    add(fixture, "a longer name", "22");
    commit(fixture);
    assert_true(str_is(back.properties[0].name, "Name"));
    assert_true(str_is(back.properties[0].text, "one"));
    object_free(&back);
}

static void a_file_that_is_no_store_is_an_error(void **state)
{
    struct err err;
    (void)state;
    assert_null(rowset_open("/nonexistent/file", &err));
    assert_int_equal(err.kind, ERR_STORE);
    assert_true(err.text[0] && err.advice[0]);
    assert_null(rowset_open("/proc/self/exe", &err));
    rowset_close(NULL);
    store_close(NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(windows_are_what_was_asked_for),
        TEST(text_sorts_naturally_with_nothing_last),
        TEST(numbers_sort_by_value_exactly),
        TEST(sizes_sort_by_their_bytes),
        TEST(several_keys_and_ties_by_arrival),
        TEST(views_stay_while_rows_arrive),
        TEST(a_view_takes_rows_not_yet_committed),
        TEST(a_bad_arrangement_changes_nothing),
        TEST(find_goes_both_ways_and_around),
        TEST(find_in_a_large_sorted_view),
        TEST(find_sees_values_not_their_borders),
        TEST(names_of_an_object_outlive_a_refresh),
        TEST(a_file_that_is_no_store_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
