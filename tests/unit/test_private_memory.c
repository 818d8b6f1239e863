/* The allocator of the libraries that handle secrets: out of core dumps, wiped, and kept for the next of its size. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/private_memory.h"

enum { PIECE = 20000, HUGE_PIECE = 4 * 1024 * 1024, MANY = 200 };

static uintptr_t page_of(const void *memory)
{
    return (uintptr_t)memory / (uintptr_t)sysconf(_SC_PAGESIZE) * (uintptr_t)sysconf(_SC_PAGESIZE);
}

static bool is_mapped(uintptr_t page)
{
    unsigned char resident;
    return mincore((void *)page, 1, &resident) == 0;
}

static bool has_flags(const void *memory, const char *flag)
{
    FILE *maps = fopen("/proc/self/smaps", "r");
    assert_non_null(maps);
    char line[512];
    bool inside = false, found = false;
    while (!found && fgets(line, sizeof line, maps)) {
        char *dash = NULL, *end = NULL;
        uintptr_t from = (uintptr_t)strtoull(line, &dash, 16);
        if (dash != line && *dash == '-') {
            uintptr_t to = (uintptr_t)strtoull(dash + 1, &end, 16);
            inside = (uintptr_t)memory >= from && (uintptr_t)memory < to;
        }
        found = inside && !strncmp(line, "VmFlags:", 8) && strstr(line, flag);
    }
    fclose(maps);
    return found;
}

static void large_pieces_stay_out_of_core_dumps_and_of_children(void **state)
{
    (void)state;
    char *piece = private_malloc(PIECE);
    assert_true(has_flags(piece, " dd"));
    assert_true(has_flags(piece, " wf"));
    private_free(piece);
}

static void a_piece_that_went_back_is_wiped_and_given_to_the_next_of_its_size(void **state)
{
    (void)state;
    char *piece = private_malloc(PIECE);
    memset(piece, 'k', PIECE);
    private_free(piece);
    char *next = private_malloc(PIECE - 16);
    assert_ptr_equal(piece, next);
    for (size_t i = 0; i < PIECE; i++) {
        assert_int_equal(next[i], 0);
    }
    char *other = private_calloc(1, PIECE);
    assert_ptr_not_equal(other, next);
    assert_true(has_flags(next, " dd"));
    private_free(next);
    private_free(other);
}

static void an_empty_piece_is_empty_whatever_lay_there(void **state)
{
    (void)state;
    for (size_t size = 16; size <= PIECE; size *= 5) {
        char *piece = private_malloc(size);
        memset(piece, 'k', size);
        private_free(piece);
        char *empty = private_calloc(size / 4, 4);
        for (size_t i = 0; i < size / 4 * 4; i++) {
            assert_int_equal(empty[i], 0);
        }
        private_free(empty);
    }
}

static void a_piece_that_grows_keeps_what_it_held(void **state)
{
    (void)state;
    char *piece = private_strdup("of the same text");
    for (size_t size = 17; size < PIECE; size *= 3) {
        piece = private_realloc(piece, size);
        assert_string_equal(piece, "of the same text");
    }
    private_free(piece);
}

static void huge_pieces_and_too_many_pieces_go_back_to_the_system(void **state)
{
    (void)state;
    char *huge = private_malloc(HUGE_PIECE);
    uintptr_t page = page_of(huge);
    private_free(huge);
    assert_false(is_mapped(page));
    void *pieces[MANY];
    size_t left = 0;
    for (size_t i = 0; i < MANY; i++) {
        pieces[i] = private_malloc(PIECE);
    }
    for (size_t i = 0; i < MANY; i++) {
        private_free(pieces[i]);
    }
    for (size_t i = 0; i < MANY; i++) {
        left += is_mapped(page_of(pieces[i])) ? 1 : 0;
    }
    assert_in_range(left, 1, 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(large_pieces_stay_out_of_core_dumps_and_of_children),
        cmocka_unit_test(a_piece_that_went_back_is_wiped_and_given_to_the_next_of_its_size),
        cmocka_unit_test(an_empty_piece_is_empty_whatever_lay_there),
        cmocka_unit_test(a_piece_that_grows_keeps_what_it_held),
        cmocka_unit_test(huge_pieces_and_too_many_pieces_go_back_to_the_system),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
