/* The thread bridge: order, ownership, the descriptor. Also built with ThreadSanitizer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <pthread.h>

#include "base/mem.h"
#include "engine/mailbox.h"

#define MANY 20000

static bool readable(const struct mailbox *mailbox)
{
    struct pollfd wait = { .fd = mailbox_fd(mailbox), .events = POLLIN };
    return poll(&wait, 1, 0) == 1;
}

static struct message *numbered(int64_t number)
{
    struct message *message = message_new(EVENT_STEP);
    message->number = number;
    message->text = mem_text("a text that it owns");
    return message;
}

static void test_order_and_descriptor(void **state)
{
    struct mailbox *mailbox = mailbox_new(NULL);
    (void)state;
    assert_false(readable(mailbox));
    assert_null(mailbox_take(mailbox));
    mailbox_post(mailbox, numbered(1));
    mailbox_post(mailbox, numbered(2));
    assert_true(readable(mailbox));
    struct message *first = mailbox_take(mailbox);
    assert_int_equal(first->number, 1);
    assert_true(readable(mailbox));
    struct message *second = mailbox_take(mailbox);
    assert_int_equal(second->number, 2);
    assert_false(readable(mailbox));
    mailbox_post(mailbox, numbered(3));
    assert_true(readable(mailbox));
    message_free(first);
    message_free(second);
    mailbox_free(mailbox);      /* the third is freed with it */
}

static void *post_many(void *context)
{
    for (int64_t i = 0; i < MANY; i++) {
        mailbox_post(context, numbered(i));
    }
    return NULL;
}

static void test_two_threads(void **state)
{
    struct mailbox *mailbox = mailbox_new(NULL);
    pthread_t writer;
    (void)state;
    assert_int_equal(pthread_create(&writer, NULL, post_many, mailbox), 0);
    for (int64_t expected = 0; expected < MANY;) {
        struct pollfd wait = { .fd = mailbox_fd(mailbox), .events = POLLIN };
        assert_int_equal(poll(&wait, 1, 60000), 1);
        for (struct message *message; (message = mailbox_take(mailbox)); expected++) {
            assert_int_equal(message->number, expected);
            message_free(message);
        }
    }
    pthread_join(writer, NULL);
    assert_null(mailbox_take(mailbox));
    assert_false(readable(mailbox));
    mailbox_free(mailbox);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_and_descriptor),
        cmocka_unit_test(test_two_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
