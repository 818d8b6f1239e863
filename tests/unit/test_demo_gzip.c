/* Packed answers of the demo tenant: who gets them, and that unpacking gives the same text, in any blocks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/mem.h"
#include "demo/gzip.h"
#include "demo/users.h"

#define MANY 20000

static void who_takes_gzip(void **state)
{
    static const struct { const char *header; bool taken; } cases[] = {
        { "", false }, { "identity", false }, { "gzip", true }, { "GZip", true }, { "deflate, gzip, br", true },
        { "br;q=1.0, gzip;q=0.8, *;q=0.1", true }, { "gzip;q=0", false }, { "gzip; q=0.000", false }, { "gzip;q=0.001", true },
        { "x-gzip", true }, { "gzippy", false }, { ",,gzip;", true }, { "gzip;q=", true }, { ";;=,", false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (gzip_taken(cases[i].header) != cases[i].taken)
            fail_msg("Accept-Encoding: %s", cases[i].header);
}

static struct demo_stream everybody(void)
{
    static const struct users people = { .seed = 7, .population = MANY };
    return users_stream(&people, USER_ANY, 0, MANY, STR("{\"value\":["), STR("]}"));
}

static struct buf read_stream(struct demo_stream stream, size_t block)
{
    struct buf text = BUF_INIT(DEMO_MAX_BODY);
    char *piece = mem_new(block);
    for (size_t length; (length = stream.fill(stream.context, piece, block)) > 0;)
        assert_true(buf_add(&text, (struct str){ piece, length }));
    assert_int_equal(stream.fill(stream.context, piece, block), 0);
    stream.free(stream.context);
    free(piece);
    return text;
}

static struct buf unpack(const struct buf *packed)
{
    struct buf text = BUF_INIT(DEMO_MAX_BODY);
    unsigned char piece[8192];
    z_stream zlib = { 0 };
    int code = Z_OK;
    zlib.next_in = (unsigned char *)packed->data;
    zlib.avail_in = (unsigned)packed->len;
    assert_int_equal(inflateInit2(&zlib, 15 + 16), Z_OK);
    while (code == Z_OK) {
        zlib.next_out = piece;
        zlib.avail_out = sizeof piece;
        code = inflate(&zlib, Z_NO_FLUSH);
        buf_add(&text, (struct str){ (const char *)piece, sizeof piece - zlib.avail_out });
    }
    assert_int_equal(code, Z_STREAM_END);
    assert_int_equal(zlib.avail_in, 0);
    inflateEnd(&zlib);
    return text;
}

static void a_stream_unpacks_to_itself(void **state)
{
    static const size_t blocks[] = { 1, 100, 4096, 262144 };
    struct buf plain = read_stream(everybody(), 65536);
    (void)state;
    assert_true(plain.len > 5000000);
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        struct buf packed = read_stream(gzip_stream(everybody()), blocks[i]), again = unpack(&packed);
        assert_true(packed.len < plain.len / 3);
        assert_true(str_eq(buf_str(&plain), buf_str(&again)));
        buf_free(&packed);
        buf_free(&again);
    }
    buf_free(&plain);
}

/* Counts what is asked of the inner stream: an answer without end must give its first bytes all the same. */
struct endless { size_t given; bool freed; };

static size_t fill_endless(void *context, char *to, size_t size)
{
    struct endless *endless = context;
    for (size_t i = 0; i < size; i++)
        to[i] = (char)('a' + (endless->given++ * 2654435761U >> 7) % 26);
    return size;
}

static void free_endless(void *context)
{
    ((struct endless *)context)->freed = true;
}

static void a_stream_stays_a_stream(void **state)
{
    struct endless endless = { 0 };
    struct demo_stream stream = gzip_stream((struct demo_stream){ fill_endless, free_endless, &endless });
    char piece[4096];
    (void)state;
    assert_true(stream.fill(stream.context, piece, sizeof piece) > 0);
    assert_true(endless.given <= (size_t)512 * 1024);
    stream.free(stream.context);
    assert_true(endless.freed);
}

static const char *reply_value(const struct demo_reply *reply, const char *name)
{
    for (size_t i = 0; i < reply->header_count; i++)
        if (str_is_nocase(str_of(name), reply->headers[i].name))
            return reply->headers[i].value;
    return "";
}

static void forget_reply(struct demo_reply *reply)
{
    for (size_t i = 0; i < reply->header_count; i++) {
        free(reply->headers[i].name);
        free(reply->headers[i].value);
    }
    if (reply->stream.context)
        reply->stream.free(reply->stream.context);
    buf_free(&reply->body);
}

static void a_body_is_packed_when_it_is_worth_it(void **state)
{
    static const size_t lengths[] = { 0, 1023, 1024, 300000 };
    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct demo_reply reply = { .status = 200, .body = BUF_INIT(DEMO_MAX_BODY) };
        buf_repeat(&reply.body, 'x', lengths[i]);
        gzip_reply(&reply);
        bool packed = lengths[i] >= 1024;
        assert_string_equal(reply_value(&reply, "Content-Encoding"), packed ? "gzip" : "");
        assert_string_equal(reply_value(&reply, "Vary"), packed ? "Accept-Encoding" : "");
        struct buf again = packed ? unpack(&reply.body) : (struct buf)BUF_INIT(16);
        assert_int_equal(packed ? again.len : reply.body.len, lengths[i]);
        assert_null(reply.stream.context);
        buf_free(&again);
        forget_reply(&reply);
    }
}

static void a_streamed_reply_is_packed_as_a_stream(void **state)
{
    struct demo_reply reply = { .status = 200, .body = BUF_INIT(DEMO_MAX_BODY), .stream = everybody() };
    (void)state;
    gzip_reply(&reply);
    assert_string_equal(reply_value(&reply, "Content-Encoding"), "gzip");
    assert_non_null(reply.stream.context);
    assert_int_equal(reply.body.len, 0);
    forget_reply(&reply);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_takes_gzip),
        cmocka_unit_test(a_stream_unpacks_to_itself),
        cmocka_unit_test(a_stream_stays_a_stream),
        cmocka_unit_test(a_body_is_packed_when_it_is_worth_it),
        cmocka_unit_test(a_streamed_reply_is_packed_as_a_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
