/* Timers: order, ids, and callbacks that add and cancel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <string.h>

#include "base/clock.h"
#include "base/timers.h"

/* What the callbacks of one test write down, and whom they meddle with. */
struct diary {
    struct timers *timers;
    char fired[64];
    uint64_t victim;
    int again;
};

static void note(struct diary *diary, char letter)
{
    size_t length = strlen(diary->fired);
    assert_true(length + 1 < sizeof diary->fired);
    diary->fired[length] = letter;
    diary->fired[length + 1] = '\0';
}

static void note_a(void *context) { note(context, 'a'); }
static void note_b(void *context) { note(context, 'b'); }
static void note_c(void *context) { note(context, 'c'); }

static void cancel_victim(void *context)
{
    struct diary *diary = context;
    note(diary, 'x');
    timers_cancel(diary->timers, diary->victim);
}

static void rearm(void *context)
{
    struct diary *diary = context;
    note(diary, 'r');
    if (diary->again-- > 0) {
        timers_after(diary->timers, 0, rearm, diary);
    }
}

static struct diary open_diary(void)
{
    return (struct diary){ .timers = timers_new() };
}

/* Runs until nothing is left to fire. */
static void run_out(struct timers *timers)
{
    int64_t wait;
    while ((wait = timers_next_ms(timers)) >= 0) {
        assert_true(wait < 60000);
        poll(NULL, 0, (int)wait);
        timers_run(timers);
    }
}

static void nothing_to_wait_for(void **state)
{
    (void)state;
    struct timers *timers = timers_new();
    assert_int_equal(timers_next_ms(timers), -1);
    timers_run(timers);
    timers_cancel(timers, 0);
    timers_cancel(timers, 12345);
    timers_free(timers);
    timers_free(NULL);
}

static void the_nearest_deadline_counts(void **state)
{
    (void)state;
    struct diary diary = open_diary();
    timers_after(diary.timers, 50000, note_a, &diary);
    assert_in_range(timers_next_ms(diary.timers), 1, 50000);
    uint64_t due = timers_after(diary.timers, 0, note_b, &diary);
    assert_int_equal(timers_next_ms(diary.timers), 0);
    timers_cancel(diary.timers, due);
    assert_true(timers_next_ms(diary.timers) > 10000);
    timers_run(diary.timers);
    assert_string_equal(diary.fired, "");
    timers_free(diary.timers);
}

static void they_fire_in_order_of_time_then_of_arrival(void **state)
{
    (void)state;
    struct diary diary = open_diary();
    timers_after(diary.timers, 40, note_c, &diary);
    timers_after(diary.timers, 1, note_a, &diary);
    timers_after(diary.timers, 20, note_b, &diary);
    run_out(diary.timers);
    assert_string_equal(diary.fired, "abc");
    diary.fired[0] = '\0';
    timers_after(diary.timers, 0, note_c, &diary);
    timers_after(diary.timers, 0, note_a, &diary);
    timers_after(diary.timers, -5, note_b, &diary);
    run_out(diary.timers);
    assert_string_equal(diary.fired, "cab");
    timers_free(diary.timers);
}

static void none_fires_before_its_time_or_twice(void **state)
{
    (void)state;
    struct diary diary = open_diary();
    int64_t start = clock_ms();
    timers_after(diary.timers, 15, note_a, &diary);
    run_out(diary.timers);
    assert_true(clock_ms() - start >= 15);
    timers_run(diary.timers);
    assert_string_equal(diary.fired, "a");
    timers_free(diary.timers);
}

static void ids_are_never_used_again(void **state)
{
    (void)state;
    struct diary diary = open_diary();
    uint64_t last = 0;
    for (int i = 0; i < 1000; i++) {
        uint64_t id = timers_after(diary.timers, i % 2 ? 100000 : 0, note_a, &diary);
        assert_true(id > last);
        last = id;
        timers_cancel(diary.timers, id);
    }
    assert_int_equal(timers_next_ms(diary.timers), -1);
    timers_free(diary.timers);
}

static void a_late_cancel_hits_nobody_else(void **state)
{
    (void)state;
    struct diary diary = open_diary();
    uint64_t first = timers_after(diary.timers, 0, note_a, &diary);
    timers_run(diary.timers);
    timers_after(diary.timers, 0, note_b, &diary);
    timers_cancel(diary.timers, first);
    run_out(diary.timers);
    assert_string_equal(diary.fired, "ab");
    timers_free(diary.timers);
}

static void a_callback_cancels_one_that_is_due_too(void **state)
{
    (void)state;
    struct diary diary = open_diary();
    timers_after(diary.timers, 0, cancel_victim, &diary);
    diary.victim = timers_after(diary.timers, 0, note_b, &diary);
    timers_after(diary.timers, 0, note_c, &diary);
    run_out(diary.timers);
    assert_string_equal(diary.fired, "xc");
    timers_free(diary.timers);
}

static void a_callback_cancels_itself(void **state)
{
    (void)state;
    struct diary diary = open_diary();
    diary.victim = timers_after(diary.timers, 0, cancel_victim, &diary);
    timers_after(diary.timers, 0, note_b, &diary);
    run_out(diary.timers);
    assert_string_equal(diary.fired, "xb");
    timers_free(diary.timers);
}

/* One that is always due again must not keep the thread, nor keep the others from firing. */
static void a_callback_that_rearms_waits_for_the_next_run(void **state)
{
    (void)state;
    struct diary diary = open_diary();
    diary.again = 3;
    timers_after(diary.timers, 0, rearm, &diary);
    timers_after(diary.timers, 0, note_b, &diary);
    timers_run(diary.timers);
    assert_string_equal(diary.fired, "rb");
    timers_run(diary.timers);
    assert_string_equal(diary.fired, "rbr");
    run_out(diary.timers);
    assert_string_equal(diary.fired, "rbrrr");
    timers_free(diary.timers);
}

static void freeing_fires_nothing(void **state)
{
    (void)state;
    struct diary diary = open_diary();
    timers_after(diary.timers, 0, note_a, &diary);
    timers_after(diary.timers, 100000, note_b, &diary);
    timers_free(diary.timers);
    assert_string_equal(diary.fired, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_to_wait_for),
        cmocka_unit_test(the_nearest_deadline_counts),
        cmocka_unit_test(they_fire_in_order_of_time_then_of_arrival),
        cmocka_unit_test(none_fires_before_its_time_or_twice),
        cmocka_unit_test(ids_are_never_used_again),
        cmocka_unit_test(a_late_cancel_hits_nobody_else),
        cmocka_unit_test(a_callback_cancels_one_that_is_due_too),
        cmocka_unit_test(a_callback_cancels_itself),
        cmocka_unit_test(a_callback_that_rearms_waits_for_the_next_run),
        cmocka_unit_test(freeing_fires_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
