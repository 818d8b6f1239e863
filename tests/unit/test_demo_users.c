/* The people of the demo tenant: the same seed, the same people, however they are cut into pages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "demo/users.h"

#define MANY 20000

static const struct users people = { .seed = 7, .population = MANY };

/* Reads a stream to its end in blocks of `block` bytes. */
static struct buf read_stream(struct demo_stream stream, size_t block)
{
    struct buf all = BUF_INIT(BUF_LARGE);
    char *bytes = mem_new(block);
    for (size_t got; (got = stream.fill(stream.context, bytes, block)) > 0;) {
        assert_true(got <= block);
        buf_add(&all, (struct str){ bytes, got });
    }
    stream.free(stream.context);
    free(bytes);
    return all;
}

static struct json *parse(const struct buf *text)
{
    struct err err;
    struct json *value = json_parse(buf_str(text), &err);
    if (!value) {
        fail_msg("%s", err.text);
    }
    return value;
}

static void each_person_is_one_json_object_of_bounded_size(void **state)
{
    (void)state;
    size_t largest = 0, total = 0;
    char text[USER_MAX];
    for (int64_t i = 0; i < MANY; i++) {
        size_t len = user_write(&people, i, text);
        assert_true(len <= USER_MAX);
        largest = len > largest ? len : largest;
        total += len;
        for (size_t at = 0; at < len; at++) {
            assert_true(text[at] >= ' ' && text[at] < 127);
        }
        struct err err;
        struct json *person = json_parse((struct str){ text, len }, &err);
        assert_non_null(person);
        assert_true(json_count(person) >= 12);
        assert_string_equal(json_cstr(json_get(person, "Guid@data.type"), ""), "System.Guid");
        assert_non_null(json_get(person, "WhenCreatedUTC@data.type"));
        json_free(person);
    }
    print_message("# a person takes %zu bytes on average, %zu at most\n", total / MANY, largest);
    assert_in_range(total / MANY, 300, 900);
}

static void population_does_not_change_a_person_but_the_seed_does(void **state)
{
    (void)state;
    struct users more = { .seed = 7, .population = 50 * MANY }, other = { .seed = 8, .population = MANY };
    char a[USER_MAX], b[USER_MAX];
    size_t len = user_write(&people, 4711, a);
    assert_int_equal(user_write(&more, 4711, b), len);
    assert_memory_equal(a, b, len);
    assert_true(user_write(&other, 4711, b) != len || memcmp(a, b, len));
}

static void a_stream_is_the_same_in_any_blocks(void **state)
{
    (void)state;
    struct buf whole = read_stream(users_stream(&people, USER_ANY, 10, 300, STR("{\"value\":["), STR("]}")), 1 << 20);
    static const size_t blocks[] = { 1, 7, 1023, 1024, 1025, 1026, 5000, 32768 };
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        struct buf again = read_stream(users_stream(&people, USER_ANY, 10, 300, STR("{\"value\":["), STR("]}")), blocks[i]);
        assert_true(str_eq(buf_str(&whole), buf_str(&again)));
        buf_free(&again);
    }
    struct json *answer = parse(&whole);
    assert_int_equal(json_count(json_get(answer, "value")), 300);
    char upn[USER_UPN_MAX];
    struct str first = { upn, user_upn(&people, 10, upn) };
    assert_true(str_eq(json_string(json_get(json_first(json_get(answer, "value")), "UserPrincipalName")), first));
    json_free(answer);
    buf_free(&whole);
}

static void an_empty_page_is_an_empty_list(void **state)
{
    (void)state;
    struct buf text = read_stream(users_stream(&people, USER_ANY, 0, 0, STR("{\"value\":["), STR("]}")), 64);
    assert_string_equal(buf_cstr(&text), "{\"value\":[]}");
    buf_free(&text);
}

static void pages_of_one_kind_hold_everyone_of_it_once(void **state)
{
    (void)state;
    int64_t expected = 0, seen = 0, at = 0, end;
    for (int64_t i = 0; i < MANY; i++) {
        expected += user_kind(&people, i) == USER_GUEST;
    }
    assert_true(expected > 10);
    for (int64_t rows; (rows = users_page(&people, USER_GUEST, at, 7, &end)) > 0; at = end) {
        struct buf text = read_stream(users_stream(&people, USER_GUEST, at, rows, STR("["), STR("]")), 4096);
        struct json *page = parse(&text);
        assert_int_equal(json_count(page), rows);
        for (const struct json *person = json_first(page); person; person = json_next(person)) {
            assert_string_equal(json_cstr(json_get(person, "RecipientTypeDetails"), ""), "GuestMailUser");
        }
        json_free(page);
        buf_free(&text);
        seen += rows;
    }
    assert_int_equal(seen, expected);
    assert_int_equal(end, MANY);
}

static void a_person_is_found_by_each_of_his_names(void **state)
{
    (void)state;
    assert_int_equal(users_find(&people, STR("Adele.Vance@contoso.onmicrosoft.localhost")), 0);
    for (int64_t i = 0; i < MANY; i += 37) {
        char text[USER_MAX];
        struct err err;
        struct json *person = json_parse((struct str){ text, user_write(&people, i, text) }, &err);
        assert_int_equal(users_find(&people, json_string(json_get(person, "UserPrincipalName"))), i);
        assert_int_equal(users_find(&people, json_string(json_get(person, "Name"))), i);
        assert_int_equal(users_find(&people, json_string(json_get(person, "Guid"))), i);
        json_free(person);
    }
}

static void nobody_is_found_by_a_wrong_name(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "", "@", "adele", "adele.vance1", "adele.vance0", "adele.vance@fabrikam.com", "adele.vance99999999999999999999",
        "00000000-0000-0000-0000-000000000000", "11111111-2222-4333-a444-555555555555",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (users_find(&people, str_of(wrong[i])) != -1) {
            fail_msg("found %s", wrong[i]);
        }
    }
}

static void checksum_is_what_a_reader_can_compute(void **state)
{
    (void)state;
    struct buf text = read_stream(users_stream(&people, USER_ANY, 0, MANY, STR("["), STR("]")), 65536);
    struct json *page = parse(&text);
    uint64_t sum = 0;
    for (const struct json *person = json_first(page); person; person = json_next(person)) {
        uint64_t hash = 0xCBF29CE484222325u;
        struct str upn = json_string(json_get(person, "UserPrincipalName"));
        for (size_t i = 0; i < upn.len; i++) {
            hash = (hash ^ (unsigned char)upn.data[i]) * 0x100000001B3u;
        }
        sum += hash;
    }
    assert_true(sum == users_checksum(&people, MANY));
    json_free(page);
    buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_person_is_one_json_object_of_bounded_size),
        cmocka_unit_test(population_does_not_change_a_person_but_the_seed_does),
        cmocka_unit_test(a_stream_is_the_same_in_any_blocks),
        cmocka_unit_test(an_empty_page_is_an_empty_list),
        cmocka_unit_test(pages_of_one_kind_hold_everyone_of_it_once),
        cmocka_unit_test(a_person_is_found_by_each_of_his_names),
        cmocka_unit_test(nobody_is_found_by_a_wrong_name),
        cmocka_unit_test(checksum_is_what_a_reader_can_compute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
