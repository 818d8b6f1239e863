/* The redirect listener of the browser sign-in, fed with what browsers, strangers and attackers send (auth.md section 4). */
#include "net/loopback.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"

#define STATE "s-0123456789012345678901234567890123456789"
#define PATIENCE_MS 30000

struct world {
    struct timers *timers;
    struct http *http;
    struct loopback *loopback;
    int received;
    char code[64], error[64], subcode[64];
};

static void on_received(void *context, const struct loopback_answer *answer)
{
    struct world *world = context;
    world->received++;
    snprintf(world->code, sizeof world->code, "%.*s", STR_ARG(str_take(answer->code, sizeof world->code - 1)));
    str_copy(world->error, sizeof world->error, answer->error);
    str_copy(world->subcode, sizeof world->subcode, answer->error_subcode);
}

static struct world *open_world(int port, bool accept_query, struct err *err)
{
    struct world *world = MEM_NEW(struct world);
    world->timers = timers_new();
    world->http = http_new(&(struct http_config){ .timers = world->timers }, err);
    assert_non_null(world->http);
    world->loopback = loopback_open(&(struct loopback_config){
        .http = world->http, .timers = world->timers, .port = port, .state = STATE, .accept_query = accept_query,
        .received = on_received, .context = world }, err);
    return world;
}

static void close_world(struct world *world)
{
    loopback_close(world->loopback);
    http_free(world->http);
    timers_free(world->timers);
    free(world);
}

static int setup(void **state)
{
    struct err err;
    *state = open_world(0, false, &err);
    return ((struct world *)*state)->loopback ? 0 : -1;
}

static int teardown(void **state)
{
    close_world(*state);
    return 0;
}

static int connect_to(const struct world *world)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)loopback_port(world->loopback)),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    return fd;
}

/* Sends what there is, turns the loop, and reads until the other side closes or `until` is there. */
static void talk(struct world *world, int fd, struct str request, struct buf *answer, const char *until)
{
    int64_t last = clock_ms() + PATIENCE_MS;
    for (bool open = true; open && clock_ms() < last && !(until && answer->len && strstr(answer->data, until));) {
        char part[4096];
        if (request.len) {
            ssize_t sent = send(fd, request.data, request.len, MSG_NOSIGNAL);
            request = str_from(request, sent > 0 ? (size_t)sent : 0);
        }
        http_turn(world->http, -1, 5);
        ssize_t got = recv(fd, part, sizeof part, 0);
        open = got != 0 && !(got < 0 && errno != EAGAIN && errno != EINTR);
        if (got > 0) {
            buf_add(answer, (struct str){ part, (size_t)got });
        }
    }
}

static char *ask(struct world *world, struct str request)
{
    struct buf answer = BUF_INIT(BUF_LARGE);
    int fd = connect_to(world);
    talk(world, fd, request, &answer, NULL);
    close(fd);
    http_turn(world->http, -1, 0);
    return buf_take(&answer);
}

static char *request_text(const struct world *world, const char *method, const char *path, const char *host, const char *type, const char *body)
{
    char own[64];
    snprintf(own, sizeof own, "localhost:%d", loopback_port(world->loopback));
    return mem_format("%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s%s%sContent-Length: %zu\r\n\r\n%s", method, path, host ? host : own,
                      type ? "Content-Type: " : "", type ? type : "", type ? "\r\n" : "", strlen(body), body);
}

static void expect(struct world *world, const char *method, const char *path, const char *host, const char *type, const char *body, int status)
{
    char *request = request_text(world, method, path, host, type, body), *answer = ask(world, str_of(request)), wanted[16];
    snprintf(wanted, sizeof wanted, " %d ", status);
    if (strncmp(answer, "HTTP/1.1", 8) != 0 || strncmp(answer + 8, wanted, strlen(wanted)) != 0) {
        fail_msg("%s %s gave %.60s and not %d", method, path, answer, status);
    }
    assert_null(strstr(answer, "<script"));
    free(request);
    free(answer);
}

#define FORM "application/x-www-form-urlencoded"

static void takes_the_posted_form(void **state)
{
    struct world *world = *state;
    expect(world, "GET", "/", NULL, NULL, "", 200);
    assert_int_equal(world->received, 0);
    expect(world, "POST", "/", NULL, FORM "; charset=utf-8", "code=1.A%2Bb+c&state=" STATE "&session_state=x", 200);
    assert_int_equal(world->received, 1);
    assert_string_equal(world->code, "1.A+b c");
    /* Once and no more; the page can still be looked at. */
    expect(world, "POST", "/", NULL, FORM, "code=other&state=" STATE, 410);
    expect(world, "GET", "/", NULL, NULL, "", 200);
    assert_int_equal(world->received, 1);
}

static void tells_a_refusal(void **state)
{
    struct world *world = *state;
    expect(world, "POST", "/", NULL, FORM, "error=access_denied&error_subcode=cancel&error_description=x&state=" STATE, 200);
    assert_int_equal(world->received, 1);
    assert_string_equal(world->error, "access_denied");
    assert_string_equal(world->subcode, "cancel");
    assert_string_equal(world->code, "");
}

static void drops_what_is_not_ours(void **state)
{
    struct world *world = *state;
    expect(world, "POST", "/", NULL, FORM, "code=x&state=guessed", 400);
    expect(world, "POST", "/", NULL, FORM, "code=x", 400);
    expect(world, "POST", "/", NULL, FORM, "code=x&state=" STATE "x", 400);
    expect(world, "POST", "/", NULL, FORM, "code=x&code=y&state=" STATE, 400);
    expect(world, "POST", "/", NULL, FORM, "code=x&error=y&state=" STATE, 400);
    expect(world, "POST", "/", NULL, FORM, "state=" STATE, 400);
    expect(world, "POST", "/", NULL, FORM, "", 400);
    expect(world, "POST", "/", NULL, "application/json", "{\"code\":\"x\",\"state\":\"" STATE "\"}", 415);
    expect(world, "POST", "/", NULL, NULL, "code=x&state=" STATE, 415);
    expect(world, "POST", "/elsewhere", NULL, FORM, "code=x&state=" STATE, 404);
    expect(world, "POST", "/", "evil.example", FORM, "code=x&state=" STATE, 421);
    expect(world, "GET", "/?code=x&state=" STATE, NULL, NULL, "", 400);
    expect(world, "PUT", "/", NULL, FORM, "code=x&state=" STATE, 405);
    expect(world, "DELETE", "/", NULL, NULL, "", 405);
    expect(world, "GET", "/favicon.ico", NULL, NULL, "", 404);
    assert_int_equal(world->received, 0);
    expect(world, "POST", "/", NULL, FORM, "code=good&state=" STATE, 200);
    assert_int_equal(world->received, 1);
}

static void a_code_in_the_address_only_when_wanted(void **state)
{
    struct err err;
    struct world *world = open_world(0, true, &err);
    (void)state;
    expect(world, "GET", "/?code=x&state=wrong", NULL, NULL, "", 400);
    expect(world, "GET", "/?code=x&state=" STATE, NULL, NULL, "", 200);
    assert_int_equal(world->received, 1);
    close_world(world);
}

static void survives_garbage_and_floods(void **state)
{
    static const char *const garbage[] = { "\x16\x03\x01\x02", "GET", "GET / HTTP/9.9\r\n\r\n", "\r\n\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                                           "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n" };
    struct world *world = *state;
    for (size_t i = 0; i < sizeof garbage / sizeof *garbage; i++) {
        int fd = connect_to(world);
        assert_true(send(fd, garbage[i], strlen(garbage[i]), MSG_NOSIGNAL) > 0);
        shutdown(fd, SHUT_WR);
        struct buf answer = BUF_INIT(BUF_LARGE);
        talk(world, fd, STR(""), &answer, NULL);
        buf_free(&answer);
        close(fd);
    }
    /* A body past the cap is refused, an endless one is cut off. */
    struct buf huge = BUF_INIT(BUF_LARGE);
    buf_text(&huge, "code=x&state=" STATE "&fill=");
    buf_repeat(&huge, 'a', LOOPBACK_BODY_MAX + 1000);
    char *request = request_text(world, "POST", "/", NULL, FORM, buf_cstr(&huge)), *answer = ask(world, str_of(request));
    assert_non_null(strstr(answer, " 413 "));
    free(request);
    free(answer);
    buf_repeat(&huge, 'a', 8 * LOOPBACK_BODY_MAX);
    request = request_text(world, "POST", "/", NULL, FORM, buf_cstr(&huge));
    free(ask(world, str_of(request)));
    free(request);
    buf_free(&huge);
    assert_int_equal(world->received, 0);
    expect(world, "POST", "/", NULL, FORM, "code=good&state=" STATE, 200);
    assert_int_equal(world->received, 1);
}

/* Browsers hold connections open without a word; a real answer must come through all the same. */
static void silent_connections_do_not_block(void **state)
{
    enum { SILENT = 12 };
    struct world *world = *state;
    int fds[SILENT];
    for (int i = 0; i < SILENT; i++) {
        fds[i] = connect_to(world);
        assert_int_equal(send(fds[i], "POST / HT", 9, MSG_NOSIGNAL), 9);
        http_turn(world->http, -1, 0);
    }
    expect(world, "POST", "/", NULL, FORM, "code=good&state=" STATE, 200);
    assert_int_equal(world->received, 1);
    for (int i = 0; i < SILENT; i++) {
        close(fds[i]);
    }
}

/* Far more of them than there is room for, and the browser behind: it is served as soon as they go, or at the latest when
   their time is over. */
static void a_crowd_delays_but_does_not_block(void **state)
{
    enum { CROWD = 100, SOON_MS = 4000, LATE_MS = 25000 };
    struct world *world = *state;
    for (int leave = 1; leave >= 0; leave--) {
        int fds[CROWD];
        struct buf answer = BUF_INIT(BUF_LARGE);
        char *request = request_text(world, "GET", "/", NULL, NULL, "");
        for (int i = 0; i < CROWD; i++) {
            fds[i] = connect_to(world);
            http_turn(world->http, -1, 0);
        }
        int fd = connect_to(world);
        int64_t from = clock_ms();
        for (int i = 0; leave && i < CROWD; i++) {
            close(fds[i]);
        }
        talk(world, fd, str_of(request), &answer, "HTTP/1.1 200");
        assert_in_range(clock_ms() - from, 0, leave ? SOON_MS : LATE_MS);
        assert_non_null(strstr(buf_cstr(&answer), "HTTP/1.1 200"));
        for (int i = 0; !leave && i < CROWD; i++) {
            close(fds[i]);
        }
        close(fd);
        http_turn(world->http, -1, 0);
        buf_free(&answer);
        free(request);
    }
}

/* Two names for one request: whoever forwards it may have checked the other (RFC 9112 section 3.2). */
static void one_host_only(void **state)
{
    struct world *world = *state;
    char *request = mem_format("POST / HTTP/1.1\r\nHost: localhost:%d\r\nHost: evil.example\r\nConnection: close\r\nContent-Type: " FORM
                               "\r\nContent-Length: %zu\r\n\r\ncode=x&state=" STATE, loopback_port(world->loopback), strlen("code=x&state=" STATE));
    char *answer = ask(world, str_of(request));
    assert_memory_equal(answer, "HTTP/1.1 4", 10);
    assert_int_equal(world->received, 0);
    free(request);
    free(answer);
}

static void the_short_address_leads_on(void **state)
{
    struct world *world = *state;
    const char *address = loopback_short_address(world->loopback, "https://login.example/authorize?x=1");
    char *request = request_text(world, "GET", strrchr(address, '/'), NULL, NULL, ""), *answer = ask(world, str_of(request));
    assert_non_null(strstr(answer, " 302 "));
    assert_non_null(strstr(answer, "Location: https://login.example/authorize?x=1\r\n"));
    free(request);
    free(answer);
}

static void a_taken_port_is_told(void **state)
{
    struct world *world = *state;
    struct err err = { 0 };
    struct world *other = open_world(loopback_port(world->loopback), false, &err);
    assert_null(other->loopback);
    assert_int_equal(err.kind, ERR_SYSTEM);
    assert_non_null(strstr(err.advice, "--redirect-port"));
    close_world(other);
}

/* Only this machine's own addresses: nobody on the network may reach it. */
static void listens_on_loopback_only(void **state)
{
    struct world *world = *state;
    char line[256], wanted[16];
    int listening = 0;
    snprintf(wanted, sizeof wanted, ":%04X ", (unsigned)loopback_port(world->loopback));
    FILE *table = fopen("/proc/net/tcp", "r");
    assert_non_null(table);
    while (fgets(line, sizeof line, table)) {
        char *colon = strchr(line, ':'), *local = colon ? colon + 2 : line;
        if (colon && strlen(local) > 20 && strncmp(local + 8, wanted, 6) == 0 && strstr(local, "00000000:0000 0A")) {
            assert_memory_equal(local, "0100007F", 8);
            listening++;
        }
    }
    fclose(table);
    assert_int_equal(listening, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(takes_the_posted_form), TEST(tells_a_refusal), TEST(drops_what_is_not_ours),
        cmocka_unit_test(a_code_in_the_address_only_when_wanted),
        TEST(survives_garbage_and_floods), TEST(silent_connections_do_not_block), TEST(a_crowd_delays_but_does_not_block), TEST(one_host_only), TEST(the_short_address_leads_on),
        TEST(a_taken_port_is_told), TEST(listens_on_loopback_only),
    };
    return cmocka_run_group_tests_name("loopback", tests, NULL, NULL);
}
