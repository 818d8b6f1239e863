/* net/http against a real TLS server on loopback: answers, limits, refusals, cancelling everywhere, waiting. */
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "https_server.h"
#include "net/http.h"

#define HOST "ps.compliance.protection.outlook.localhost"
#define PATIENCE_MS 30000

static const struct https_certificate good_certificate = { .names = { HOST, "*." HOST, "other.localhost" } };
static const char *const bearer_hosts[] = { HOST, NULL };

struct world {
    struct https_server *server;
    struct timers *timers;
    struct http *http;
};

/* What happened to one transfer. */
struct outcome {
    struct world *world;
    struct http_transfer *transfer;
    int heads, bodies, dones, status;
    size_t bytes;
    bool pattern_kept;
    bool failed;
    struct err err;
    struct buf body;
    char header[256];               /* X-Test of the answer */
    bool refuse_body;
};

static struct world *world_new(const struct https_certificate *certificate, const char *ca_file)
{
    struct world *world = MEM_NEW(struct world);
    struct err err = { 0 };
    world->server = https_server_start(certificate);
    world->timers = timers_new();
    const struct http_config config = {
        .ca_file = ca_file ? ca_file : https_server_ca_file(world->server), .timers = world->timers,
    };
    world->http = http_new(&config, &err);
    assert_non_null(world->http);
    return world;
}

static int setup(void **state)
{
    *state = world_new(&good_certificate, NULL);
    return 0;
}

static void world_free(struct world *world)
{
    http_free(world->http);
    timers_free(world->timers);
    https_server_stop(world->server);
    free(world);
}

static int teardown(void **state)
{
    world_free(*state);
    return 0;
}

static char *url_of(const struct world *world, const char *host, const char *path)
{
    return mem_format("https://%s:%d%s", host, https_server_port(world->server), path);
}

/* ---- handlers ---- */

static void on_head(void *context, const struct http_response *response)
{
    struct outcome *outcome = context;
    outcome->heads++;
    outcome->status = response->status;
    str_copy(outcome->header, sizeof outcome->header, http_header(response, "x-test"));
}

static bool on_body(void *context, struct str chunk)
{
    struct outcome *outcome = context;
    outcome->bodies++;
    for (size_t i = 0; i < chunk.len && outcome->pattern_kept; i++) {
        outcome->pattern_kept = chunk.data[i] == (char)('a' + (outcome->bytes + i) % 23);
    }
    outcome->bytes += chunk.len;
    if (outcome->body.cap) {
        buf_add(&outcome->body, chunk);
    }
    return !outcome->refuse_body;
}

static void on_done(void *context, const struct http_response *response, const struct err *err)
{
    struct outcome *outcome = context;
    outcome->dones++;
    outcome->transfer = NULL;
    outcome->status = response->status;
    outcome->failed = err != NULL;
    if (err) {
        outcome->err = *err;
    }
}

static const struct http_handlers handlers = { on_head, on_body, on_done };

static void outcome_reset(struct outcome *outcome, struct world *world)
{
    buf_free(&outcome->body);
    *outcome = (struct outcome){ .world = world, .pattern_kept = true, .body = BUF_INIT((size_t)1024 * 1024) };
}

static void turn_until(struct world *world, const int *count, int wanted)
{
    int64_t end = clock_ms() + PATIENCE_MS;
    while (*count < wanted) {
        assert_true(clock_ms() < end);
        http_turn(world->http, -1, 1000);
    }
}

static void start(struct world *world, struct outcome *outcome, const struct http_request *request)
{
    struct err err = { 0 };
    outcome_reset(outcome, world);
    outcome->transfer = http_send(world->http, request, &handlers, outcome, &err);
    assert_non_null(outcome->transfer);
}

static void run(struct world *world, struct outcome *outcome, const struct http_request *request)
{
    start(world, outcome, request);
    turn_until(world, &outcome->dones, 1);
}

/* GET of a path of the world's server. */
static void get(struct world *world, struct outcome *outcome, const char *path)
{
    char *url = url_of(world, HOST, path);
    run(world, outcome, &(struct http_request){ .method = "GET", .url = url });
    free(url);
}

static void lay(struct world *world, int status, const char *body)
{
    https_server_reply(world->server, &(struct https_reply){ .status = status, .body = body });
}

static void expect_failure(const struct outcome *outcome, enum err_kind kind, const char *words)
{
    assert_true(outcome->failed);
    if (outcome->err.kind != kind || !strstr(outcome->err.text, words)) {
        fail_msg("kind %d, text: %s (wanted %d, %s)", (int)outcome->err.kind, outcome->err.text, (int)kind, words);
    }
}

/* ---- answers ---- */

static void gives_status_headers_and_body(void **state)
{
    struct world *world = *state;
    struct outcome outcome = { 0 };
    char value[256], *url = url_of(world, "nam13b." HOST, "/adminapi?x=1");
    https_server_reply(world->server, &(struct https_reply){ .status = 404,
        .headers = { { "X-Test", "first" }, { "X-Test", "second" } }, .body = "{\"a\":1}" });
    run(world, &outcome, &(struct http_request){ .method = "GET", .url = url, .headers = { { "Prefer", "odata" }, { "X-Empty", "" } } });
    assert_false(outcome.failed);
    assert_int_equal(outcome.heads, 1);
    assert_int_equal(outcome.status, 404);
    assert_string_equal(outcome.header, "second");
    assert_string_equal(buf_cstr(&outcome.body), "{\"a\":1}");
    const struct https_seen *seen = https_server_seen(world->server, 0);
    assert_string_equal(seen->method, "GET");
    assert_string_equal(seen->path, "/adminapi?x=1");
    assert_true(https_seen_header(seen, "Prefer", value, sizeof value));
    assert_string_equal(value, "odata");
    assert_true(https_seen_header(seen, "X-Empty", value, sizeof value));
    assert_true(https_seen_header(seen, "Accept-Encoding", value, sizeof value));
    assert_non_null(strstr(value, "gzip"));
    assert_true(https_seen_header(seen, "User-Agent", value, sizeof value));
    assert_memory_equal(value, "purvey/", 7);
    assert_false(https_seen_header(seen, "Authorization", value, sizeof value));
    buf_free(&outcome.body);
    free(url);
}

/* curl announces bodies over 1 MiB with Expect, and waits a second for servers that do not know it. */
static void posts_a_large_body_at_once(void **state)
{
    struct world *world = *state;
    struct outcome outcome = { 0 };
    char value[64], *url = url_of(world, HOST, "/post"), *body = mem_new(3000001);
    memset(body, 'q', 3000000);
    lay(world, 200, "done");
    run(world, &outcome, &(struct http_request){ .method = "POST", .url = url, .body = str_of(body) });
    assert_int_equal(outcome.status, 200);
    const struct https_seen *seen = https_server_seen(world->server, 0);
    assert_string_equal(seen->method, "POST");
    assert_string_equal(seen->body, body);
    assert_false(https_seen_header(seen, "Expect", value, sizeof value));
    buf_free(&outcome.body);
    free(body);
    free(url);
}

static void tells_the_head_of_an_empty_answer(void **state)
{
    struct world *world = *state;
    struct outcome outcome = { 0 };
    lay(world, 204, NULL);
    get(world, &outcome, "/");
    assert_int_equal(outcome.heads, 1);
    assert_int_equal(outcome.bodies, 0);
    assert_int_equal(outcome.status, 204);
    buf_free(&outcome.body);
}

static void streams_a_large_answer(void **state)
{
    struct world *world = *state;
    struct outcome outcome = { 0 };
    char *url = url_of(world, HOST, "/large");
    size_t size = (size_t)48 * 1024 * 1024 + 5;
    https_server_reply(world->server, &(struct https_reply){ .status = 200, .generated = size });
    start(world, &outcome, &(struct http_request){ .method = "GET", .url = url, .max_body = SIZE_MAX });
    outcome.body.cap = 0;
    turn_until(world, &outcome.dones, 1);
    assert_false(outcome.failed);
    assert_int_equal(outcome.bytes, size);
    assert_true(outcome.pattern_kept);
    free(url);
}

static void unpacks_gzip(void **state)
{
    static const unsigned char packed[] = {
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x57, 0xc8, 0x40,
        0x90, 0x00, 0x80, 0x88, 0xf9, 0xe5, 0x11, 0x00, 0x00, 0x00,
    };
    struct world *world = *state;
    struct outcome outcome = { 0 };
    https_server_reply(world->server, &(struct https_reply){ .status = 200, .headers = { { "Content-Encoding", "gzip" } },
        .body = (const char *)packed, .length = sizeof packed });
    get(world, &outcome, "/");
    assert_false(outcome.failed);
    assert_string_equal(buf_cstr(&outcome.body), "hello hello hello");
    buf_free(&outcome.body);
}

static void keeps_the_connection(void **state)
{
    struct world *world = *state;
    struct outcome outcome = { 0 };
    for (size_t i = 0; i < 3; i++) {
        lay(world, 200, "x");
        get(world, &outcome, "/");
        assert_int_equal(outcome.status, 200);
    }
    assert_int_equal(https_server_seen(world->server, 0)->client_port, https_server_seen(world->server, 2)->client_port);
    buf_free(&outcome.body);
}

/* What must not be sent twice never goes over a connection that may be dead already: libcurl would send it again by itself. */
static void sends_once_over_a_fresh_connection(void **state)
{
    struct world *world = *state;
    struct outcome outcome = { .body = BUF_INIT(BUF_SMALL) };
    char url[128];
    lay(world, 200, "one");
    lay(world, 200, "two");
    lay(world, 200, "three");
    get(world, &outcome, "/one");
    snprintf(url, sizeof url, "https://" HOST ":%d/two", https_server_port(world->server));
    outcome_reset(&outcome, world);
    run(world, &outcome, &(struct http_request){ .method = "POST", .url = url, .body = STR("x"), .once = true });
    outcome_reset(&outcome, world);
    run(world, &outcome, &(struct http_request){ .method = "POST", .url = url, .body = STR("x") });
    assert_int_not_equal(https_server_seen(world->server, 0)->client_port, https_server_seen(world->server, 1)->client_port);
    int third = https_server_seen(world->server, 2)->client_port;
    assert_true(third == https_server_seen(world->server, 0)->client_port || third == https_server_seen(world->server, 1)->client_port);
    buf_free(&outcome.body);
}

/* A kept connection that dies under a request looks to libcurl like one that was dead before, and it sends the request again. */
static void does_not_repeat_a_body_by_itself(void **state)
{
    struct world *world = *state;
    struct outcome outcome = { .body = BUF_INIT(BUF_SMALL) };
    char url[128];
    lay(world, 200, "one");
    https_server_reply(world->server, &(struct https_reply){ .manner = HTTPS_DROPPED });
    lay(world, 200, "again");
    get(world, &outcome, "/one");
    snprintf(url, sizeof url, "https://" HOST ":%d/two", https_server_port(world->server));
    outcome_reset(&outcome, world);
    run(world, &outcome, &(struct http_request){ .method = "POST", .url = url, .body = STR("x"), .unrepeatable = true });
    assert_true(outcome.failed);
    assert_int_equal(outcome.err.kind, ERR_NETWORK);
    assert_non_null(strstr(outcome.err.text, "broke"));
    assert_int_equal(https_server_count(world->server), 2);
    assert_string_equal(https_server_seen(world->server, 1)->body, "x");
    assert_int_equal(https_server_seen(world->server, 0)->client_port, https_server_seen(world->server, 1)->client_port);
    outcome_reset(&outcome, world);
    run(world, &outcome, &(struct http_request){ .method = "POST", .url = url, .body = STR("y"), .unrepeatable = true });
    assert_string_equal(https_server_seen(world->server, 2)->body, "y");
    buf_free(&outcome.body);
}

/* With a proxy that nobody serves: this machine's own names are reached, others are not. */
static void goes_around_the_proxy_for_this_machine(void **state)
{
    struct world *world = *state;
    struct outcome outcome = { 0 };
    struct err err = { 0 };
    struct http *usual = world->http;
    world->http = http_new(&(struct http_config){ .ca_file = https_server_ca_file(world->server), .timers = world->timers,
                                                  .proxy = "http://no-such-proxy.invalid:3128" }, &err);
    lay(world, 200, "x");
    get(world, &outcome, "/");
    assert_int_equal(outcome.status, 200);
    run(world, &outcome, &(struct http_request){ .method = "GET", .url = "https://ps.compliance.protection.outlook.com/" });
    assert_true(outcome.failed);
    assert_non_null(strstr(outcome.err.text, "The name of the proxy to ps.compliance.protection.outlook.com cannot be found."));
    http_free(world->http);
    /* One that is not there is not taken for the service. */
    world->http = http_new(&(struct http_config){ .ca_file = https_server_ca_file(world->server), .timers = world->timers,
                                                  .proxy = "http://127.0.0.1:1" }, &err);
    run(world, &outcome, &(struct http_request){ .method = "GET", .url = "https://ps.compliance.protection.outlook.com/" });
    assert_true(outcome.failed);
    assert_string_equal(outcome.err.text, "The proxy 127.0.0.1:1 refuses the connection.");
    http_free(world->http);
    /* Nor is one that takes the connection and is none. */
    char url[64];
    snprintf(url, sizeof url, "http://127.0.0.1:%d", https_server_port(world->server));
    world->http = http_new(&(struct http_config){ .ca_file = https_server_ca_file(world->server), .timers = world->timers, .proxy = url }, &err);
    run(world, &outcome, &(struct http_request){ .method = "GET", .url = "https://ps.compliance.protection.outlook.com/" });
    assert_true(outcome.failed);
    assert_int_equal(outcome.err.kind, ERR_NETWORK);
    http_free(world->http);
    world->http = usual;
    buf_free(&outcome.body);
}

/* A listener that takes connections and never says a word: before CONNECT has an answer, the host was not asked. */
static void a_proxy_that_hangs_is_named(void **state)
{
    struct world *world = *state;
    struct outcome outcome = { 0 };
    struct err err = { 0 };
    char url[64], expected[128];
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    assert_int_equal(listen(listener, 8), 0);
    snprintf(url, sizeof url, "http://anna:geheim@127.0.0.1:%d", ntohs(address.sin_port));
    http_free(world->http);
    world->http = http_new(&(struct http_config){ .ca_file = https_server_ca_file(world->server), .timers = world->timers, .proxy = url }, &err);
    run(world, &outcome, &(struct http_request){ .method = "GET", .url = "https://ps.compliance.protection.outlook.com/", .timeout_s = 1 });
    snprintf(expected, sizeof expected, "The proxy 127.0.0.1:%d did not make the connection in time.", ntohs(address.sin_port));
    assert_string_equal(outcome.err.text, expected);
    assert_non_null(strstr(outcome.err.advice, "ps.compliance.protection.outlook.com was not asked"));
    assert_string_equal(outcome.err.code, "curl 97");       /* nothing was sent: a cmdlet has not run */
    close(listener);
    buf_free(&outcome.body);
}

/* A proxy that wants to know who asks, and then refuses: what it was told is what matters. */
struct wary_proxy { int listener; const char *challenge; char said[4][256]; int asked; };

static void *be_wary(void *context)
{
    struct wary_proxy *proxy = context;
    for (int connection; proxy->asked < 4 && (connection = accept(proxy->listener, NULL, NULL)) >= 0; close(connection)) {
        char head[4096], answer[256];
        size_t length = 0;
        for (ssize_t got = 1; got > 0 && !memmem(head, length, "\r\n\r\n", 4); length += got > 0 ? (size_t)got : 0) {
            got = read(connection, head + length, sizeof head - 1 - length);
        }
        head[length] = '\0';
        const char *line = strstr(head, "Proxy-Authorization: ");
        if (line) {
            snprintf(proxy->said[proxy->asked], sizeof proxy->said[0], "%.*s", (int)strcspn(line, "\r"), line);
        }
        int size = snprintf(answer, sizeof answer, "HTTP/1.1 %s\r\n%s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                            line ? "403 No" : "407 Who?", proxy->challenge);
        assert_int_equal(write(connection, answer, (size_t)size), size);
        proxy->asked++;
    }
    return NULL;
}

/* One request that leads to a CONNECT with this login; what the proxy was told at last. */
static void ask_wary_proxy(struct world *world, struct wary_proxy *proxy, enum http_proxy_scheme scheme, const char *user, char last[256])
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;
    struct outcome outcome = { 0 };
    struct err err = { 0 };
    struct secret *password = secret_new(STR("s3cret"));
    pthread_t thread;
    char url[64];
    proxy->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(proxy->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(proxy->listener, (struct sockaddr *)&address, &size), 0);
    assert_int_equal(listen(proxy->listener, 8), 0);
    assert_int_equal(pthread_create(&thread, NULL, be_wary, proxy), 0);
    snprintf(url, sizeof url, "http://127.0.0.1:%d", ntohs(address.sin_port));
    struct http *usual = world->http;
    world->http = http_new(&(struct http_config){ .ca_file = https_server_ca_file(world->server), .timers = world->timers, .proxy = url }, &err);
    run(world, &outcome, &(struct http_request){ .method = "GET", .url = "https://ps.compliance.protection.outlook.com/",
                                                 .proxy_login = { scheme, user, password } });
    assert_true(outcome.failed);
    shutdown(proxy->listener, SHUT_RDWR);
    pthread_join(thread, NULL);
    close(proxy->listener);
    http_free(world->http);
    world->http = usual;
    secret_free(password);
    buf_free(&outcome.body);
    strcpy(last, proxy->asked ? proxy->said[proxy->asked - 1] : "");
}

static void tells_a_proxy_who_asks(void **state)
{
    char last[256];
    struct wary_proxy basic = { .challenge = "Proxy-Authenticate: Basic realm=\"x\"" };
    ask_wary_proxy(*state, &basic, HTTP_PROXY_BASIC, "anna", last);
    assert_string_equal(last, "Proxy-Authorization: Basic YW5uYTpzM2NyZXQ=");
    struct wary_proxy digest = { .challenge = "Proxy-Authenticate: Digest realm=\"x\", nonce=\"n\", qop=\"auth\"" };
    ask_wary_proxy(*state, &digest, HTTP_PROXY_DIGEST, "anna", last);
    assert_ptr_equal(strstr(last, "Proxy-Authorization: Digest username=\"anna\""), last);
    assert_null(strstr(last, "s3cret"));
    /* Whoever chose Kerberos or NTLM has not chosen to show the password. */
    struct wary_proxy other = { .challenge = "Proxy-Authenticate: Basic realm=\"x\"" };
    ask_wary_proxy(*state, &other, HTTP_PROXY_NEGOTIATE, "anna", last);
    assert_true(other.asked > 0);
    for (int i = 0; i < other.asked; i++) {
        assert_null(strstr(other.said[i], "Basic"));
    }
    struct wary_proxy unnamed = { .challenge = "Proxy-Authenticate: Basic realm=\"x\"" };
    ask_wary_proxy(*state, &unnamed, HTTP_PROXY_AS_ADDRESSED, NULL, last);
    assert_true(unnamed.asked > 0);
    assert_string_equal(last, "");
}

/* ---- limits and refusals ---- */

static void stops_at_the_cap(void **state)
{
    struct world *world = *state;
    struct outcome outcome = { 0 };
    char *url = url_of(world, HOST, "/");
    for (size_t size = 1000; size <= 1001; size++) {
        https_server_reply(world->server, &(struct https_reply){ .status = 200, .generated = size });
        run(world, &outcome, &(struct http_request){ .method = "GET", .url = url, .max_body = 1000 });
        assert_true(outcome.bytes <= 1000);
        assert_int_equal(outcome.failed, size > 1000);
    }
    expect_failure(&outcome, ERR_PROTOCOL, "larger than 1000 bytes");
    buf_free(&outcome.body);
    free(url);
}

static void refuses_an_endless_head(void **state)
{
    struct world *world = *state;
    struct outcome outcome = { 0 };
    char *value = mem_new(150001);
    memset(value, 'h', 150000);
    https_server_reply(world->server, &(struct https_reply){ .status = 200, .headers = { { "A", value }, { "B", value } }, .body = "x" });
    get(world, &outcome, "/");
    assert_true(outcome.failed);
    assert_int_equal(outcome.bodies, 0);
    buf_free(&outcome.body);
    free(value);
}

static void does_not_follow_a_redirect(void **state)
{
    struct world *world = *state;
    struct outcome outcome = { 0 };
    char *location = url_of(world, "nam13b." HOST, "/next");
    https_server_reply(world->server, &(struct https_reply){ .status = 302, .headers = { { "Location", location } } });
    lay(world, 200, "never asked for");
    get(world, &outcome, "/first");
    assert_int_equal(outcome.status, 302);
    assert_int_equal(https_server_count(world->server), 1);
    buf_free(&outcome.body);
    free(location);
}

static void sends_the_bearer_to_its_own_hosts_only(void **state)
{
    static const struct { const char *host; bool allowed; } cases[] = {
        { HOST, true }, { "nam13b." HOST, true }, { "NAM13B.ps.compliance.PROTECTION.outlook.localhost", true },
        { "other.localhost", false }, { "evil" HOST, false }, { HOST ".other.localhost", false },
        { "protection.outlook.localhost", false }, { HOST ".", false },
    };
    struct world *world = *state;
    struct secret *token = secret_new(STR("to.ke.n"));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *url = url_of(world, cases[i].host, "/"), value[64];
        struct outcome outcome = { 0 };
        struct err err = { 0 };
        const struct http_request request = { .method = "GET", .url = url, .bearer = token, .bearer_hosts = bearer_hosts };
        if (cases[i].allowed) {
            lay(world, 200, "x");
            run(world, &outcome, &request);
            assert_int_equal(outcome.status, 200);
            assert_true(https_seen_header(https_server_seen(world->server, i), "Authorization", value, sizeof value));
            assert_string_equal(value, "Bearer to.ke.n");
        } else {
            assert_null(http_send(world->http, &request, &handlers, &outcome, &err));
            assert_int_equal(err.kind, ERR_AUTH_DENIED);
        }
        buf_free(&outcome.body);
        free(url);
    }
    assert_int_equal(https_server_count(world->server), 3);
    secret_free(token);
}

static void refuses_a_bearer_without_hosts(void **state)
{
    struct world *world = *state;
    struct secret *token = secret_new(STR("t"));
    struct err err = { 0 };
    char *url = url_of(world, HOST, "/");
    assert_null(http_send(world->http, &(struct http_request){ .method = "GET", .url = url, .bearer = token }, &handlers, NULL, &err));
    assert_int_equal(err.kind, ERR_AUTH_DENIED);
    free(url);
    secret_free(token);
}

static void refuses_what_is_no_https_address(void **state)
{
    static const char *const urls[] = {
        "http://" HOST "/", "ftp://" HOST "/", "file:///etc/passwd", "", "/path", "https://", "https://user@" HOST "/",
        "https://user:word@" HOST "/", "https://:word@" HOST "/", "https://" HOST ":0/", "https://" HOST ":70000/",
        "https://other.localhost\\@" HOST "/", "https://a b/", "https://a\nb/",
    };
    struct world *world = *state;
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct err err = { 0 };
        if (http_send(world->http, &(struct http_request){ .method = "GET", .url = urls[i] }, &handlers, NULL, &err)) {
            fail_msg("taken: %s", urls[i]);
        }
        assert_int_equal(err.kind, ERR_INPUT);
    }
}

static void refuses_line_breaks_in_headers(void **state)
{
    struct world *world = *state;
    struct secret *token = secret_new(STR("tok\r\nX-Evil: 1"));
    char *url = url_of(world, HOST, "/");
    const struct http_request requests[] = {
        { .method = "GET", .url = url, .headers = { { "X-A", "good" }, { "X-B", "bad\r\nX-Evil: 1" } } },
        { .method = "GET", .url = url, .headers = { { "X-A\n", "" } } },
        { .method = "GET", .url = url, .bearer = token, .bearer_hosts = bearer_hosts },
    };
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        struct err err = { 0 };
        assert_null(http_send(world->http, &requests[i], &handlers, NULL, &err));
        assert_int_equal(err.kind, ERR_INPUT);
    }
    secret_free(token);
    free(url);
}

/* ---- failures in plain words ---- */

static void names_a_refused_connection(void **state)
{
    struct world *world = *state;
    struct outcome outcome = { 0 };
    char *url, words[128];
    int port = socket(AF_INET, SOCK_STREAM, 0);     /* bound, never listening: refuses for sure */
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    assert_int_equal(bind(port, (struct sockaddr *)&address, sizeof address), 0);
    getsockname(port, (struct sockaddr *)&address, &length);
    url = mem_format("https://refusing.localhost:%d/", ntohs(address.sin_port));
    snprintf(words, sizeof words, "refusing.localhost:%d refuses the connection", ntohs(address.sin_port));
    run(world, &outcome, &(struct http_request){ .method = "GET", .url = url });
    expect_failure(&outcome, ERR_NETWORK, words);
    assert_true(*outcome.err.advice);
    assert_int_equal(outcome.status, 0);
    buf_free(&outcome.body);
    free(url);
    close(port);
}

static void names_an_unknown_host(void **state)
{
    struct world *world = *state;
    struct outcome outcome = { 0 };
    run(world, &outcome, &(struct http_request){ .method = "GET", .url = "https://no-such-host.invalid/" });
    expect_failure(&outcome, ERR_NETWORK, "The name no-such-host.invalid cannot be found");
    buf_free(&outcome.body);
}

static void expect_tls_failure(const struct https_certificate *certificate, const char *ca_file, const char *host, const char *words)
{
    struct world *world = world_new(certificate, ca_file);
    struct outcome outcome = { 0 };
    char *url = url_of(world, host, "/");
    run(world, &outcome, &(struct http_request){ .method = "GET", .url = url });
    expect_failure(&outcome, ERR_TLS, words);
    assert_non_null(strstr(outcome.err.text, host));
    assert_non_null(strstr(outcome.err.advice, "Nothing was sent"));
    assert_int_equal(https_server_count(world->server), 0);
    buf_free(&outcome.body);
    free(url);
    world_free(world);
}

static void names_bad_certificates(void **state)
{
    struct world *world = *state;
    expect_tls_failure(&good_certificate, https_server_ca_file(world->server), HOST, "issuer that is not trusted (CN=Purvey test CA)");
    expect_tls_failure(&good_certificate, NULL, "stranger.localhost", "is for another host");
    expect_tls_failure(&(struct https_certificate){ .names = { HOST }, .self_signed = true }, NULL, HOST, "signed by itself");
    expect_tls_failure(&(struct https_certificate){ .names = { HOST }, .starts_in_s = -7200, .ends_in_s = -3600 }, NULL, HOST, "has expired");
    expect_tls_failure(&(struct https_certificate){ .names = { HOST }, .starts_in_s = 3600, .ends_in_s = 7200 }, NULL, HOST, "not valid before");
}

static void advises_the_ca_file(void **state)
{
    struct world *world = *state, *stranger = world_new(&good_certificate, https_server_ca_file(world->server));
    struct outcome outcome = { 0 };
    get(stranger, &outcome, "/");
    assert_non_null(strstr(outcome.err.advice, "--ca-file"));
    buf_free(&outcome.body);
    world_free(stranger);
}

static void names_a_missing_ca_file(void **state)
{
    struct world *world = world_new(&good_certificate, "/nonexistent/ca.pem");
    struct outcome outcome = { 0 };
    (void)state;
    get(world, &outcome, "/");
    expect_failure(&outcome, ERR_INPUT, "cannot be read");
    buf_free(&outcome.body);
    world_free(world);
}

static void gives_up_in_time(void **state)
{
    struct world *world = *state;
    struct outcome outcome = { 0 };
    char *url = url_of(world, HOST, "/");
    https_server_reply(world->server, &(struct https_reply){ .status = 200, .manner = HTTPS_SILENT });
    run(world, &outcome, &(struct http_request){ .method = "GET", .url = url, .timeout_s = 1 });
    expect_failure(&outcome, ERR_NETWORK, "did not answer in time");
    assert_int_equal(https_server_count(world->server), 1);
    buf_free(&outcome.body);
    free(url);
}

static void names_an_answer_cut_short(void **state)
{
    struct world *world = *state;
    struct outcome outcome = { 0 };
    https_server_reply(world->server, &(struct https_reply){ .status = 200, .generated = 100000, .manner = HTTPS_CUT });
    get(world, &outcome, "/");
    assert_true(outcome.failed);
    assert_int_equal(outcome.err.kind, ERR_NETWORK);
    assert_non_null(strstr(outcome.err.text, HOST));
    assert_int_equal(outcome.heads, 1);
    assert_int_equal(outcome.bytes, 50000);
    buf_free(&outcome.body);
}

/* A listener without TLS, served by hand between the turns. */
static void against_plain_listener(struct world *world, struct outcome *outcome, bool reset)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listener, 4), 0);
    getsockname(listener, (struct sockaddr *)&address, &length);
    char *url = mem_format("https://plain.localhost:%d/", ntohs(address.sin_port));
    int64_t end = clock_ms() + PATIENCE_MS;
    start(world, outcome, &(struct http_request){ .method = "GET", .url = url, .timeout_s = 20 });
    while (!outcome->dones) {
        const struct linger at_once = { .l_onoff = 1 };
        assert_true(clock_ms() < end);
        http_turn(world->http, listener, 1000);
        int client = accept(listener, NULL, NULL);
        if (client >= 0) {
            const char answer[] = "HTTP/1.0 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
            ssize_t sent = reset ? 0 : write(client, answer, sizeof answer - 1);
            assert_true(sent >= 0);
            if (reset) {
                setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
            }
            close(client);
        }
    }
    free(url);
    close(listener);
}

static void names_a_server_without_tls(void **state)
{
    struct outcome outcome = { 0 };
    against_plain_listener(*state, &outcome, false);
    expect_failure(&outcome, ERR_TLS, "No secure connection to plain.localhost");
    buf_free(&outcome.body);
}

static void names_a_reset(void **state)
{
    struct outcome outcome = { 0 };
    against_plain_listener(*state, &outcome, true);
    assert_true(outcome.failed);
    assert_true(outcome.err.kind == ERR_NETWORK || outcome.err.kind == ERR_TLS);
    assert_non_null(strstr(outcome.err.text, "plain.localhost"));
    buf_free(&outcome.body);
}

/* ---- cancelling, from everywhere ---- */

enum moment { IN_HEAD, IN_BODY, IN_DONE, IN_OBSERVER };

/* A transfer whose callback cancels victims, which may be itself. */
struct assassin {
    enum moment moment;
    struct http_transfer *self, **victims;
    size_t victim_count;
    int calls, calls_after, heard;
    bool struck;
};

static void strike(struct assassin *assassin, enum moment moment)
{
    assassin->calls++;
    assassin->calls_after += assassin->struck;
    if (assassin->moment != moment || assassin->struck) {
        return;
    }
    assassin->struck = true;
    for (size_t i = 0; i < assassin->victim_count; i++) {
        http_cancel(assassin->victims[i]);
    }
}

static void assassin_head(void *context, const struct http_response *response)
{
    (void)response;
    strike(context, IN_HEAD);
}

static bool assassin_body(void *context, struct str chunk)
{
    (void)chunk;
    strike(context, IN_BODY);
    return true;
}

static void assassin_done(void *context, const struct http_response *response, const struct err *err)
{
    (void)response;
    (void)err;
    strike(context, IN_DONE);
}

static void assassin_observer(void *context, const struct http_exchange *exchange)
{
    struct assassin *assassin = context;
    assassin->heard++;
    assert_non_null(exchange->url);
    if (assassin->moment == IN_OBSERVER) {
        strike(assassin, IN_OBSERVER);
        assassin->calls--;
        assassin->calls_after -= assassin->calls_after > 0;
    }
}

static const struct http_handlers assassin_handlers = { assassin_head, assassin_body, assassin_done };

static void cancels_itself_anywhere(void **state)
{
    struct world *world = *state;
    char *url = url_of(world, HOST, "/");
    for (enum moment moment = IN_HEAD; moment <= IN_OBSERVER; moment++) {
        struct assassin assassin = { .moment = moment, .victims = &assassin.self, .victim_count = 1 };
        struct err err = { 0 };
        int64_t end = clock_ms() + PATIENCE_MS;
        https_server_reply(world->server, &(struct https_reply){ .status = 200, .generated = 600000 });
        http_observe(world->http, assassin_observer, &assassin);
        assassin.self = http_send(world->http, &(struct http_request){ .method = "GET", .url = url }, &assassin_handlers, &assassin, &err);
        assert_non_null(assassin.self);
        while (!assassin.struck) {
            assert_true(clock_ms() < end);
            http_turn(world->http, -1, 1000);
        }
        http_turn(world->http, -1, 0);
        assert_int_equal(assassin.calls_after, 0);
        assert_int_equal(assassin.heard, 1);
        http_observe(world->http, NULL, NULL);
    }
    free(url);
}

/* Three transfers under way; the one that gets an answer first cancels all of them inside its callback. */
static void cancels_others_anywhere(void **state)
{
    struct world *world = *state;
    char *url = url_of(world, HOST, "/");
    for (enum moment moment = IN_HEAD; moment <= IN_DONE; moment++) {
        enum { COUNT = 4 };
        struct http_transfer *transfers[COUNT];
        struct assassin assassin = { .moment = moment, .victims = transfers, .victim_count = COUNT };
        int64_t end = clock_ms() + PATIENCE_MS;
        http_observe(world->http, assassin_observer, &assassin);
        for (size_t i = 0; i < COUNT; i++) {
            struct err err = { 0 };
            https_server_reply(world->server, &(struct https_reply){ .status = 200, .generated = 300000 });
            transfers[i] = http_send(world->http, &(struct http_request){ .method = "GET", .url = url }, &assassin_handlers, &assassin, &err);
            assert_non_null(transfers[i]);
        }
        while (!assassin.struck) {
            assert_true(clock_ms() < end);
            http_turn(world->http, -1, 1000);
        }
        for (int i = 0; i < 5; i++) {
            http_turn(world->http, -1, 10);
        }
        assert_int_equal(assassin.calls_after, 0);
        assert_int_equal(assassin.heard, COUNT);
        http_observe(world->http, NULL, NULL);
    }
    free(url);
}

static void cancels_from_outside(void **state)
{
    struct world *world = *state;
    struct outcome outcome = { 0 };
    struct assassin listener = { .moment = IN_DONE };
    char *url = url_of(world, HOST, "/");
    https_server_reply(world->server, &(struct https_reply){ .status = 200, .manner = HTTPS_SILENT });
    http_observe(world->http, assassin_observer, &listener);
    start(world, &outcome, &(struct http_request){ .method = "GET", .url = url });
    for (int64_t end = clock_ms() + PATIENCE_MS; !https_server_count(world->server);) {
        assert_true(clock_ms() < end);
        http_turn(world->http, -1, 20);
    }
    http_cancel(outcome.transfer);
    assert_int_equal(listener.heard, 1);
    http_turn(world->http, -1, 0);
    assert_int_equal(outcome.dones, 0);
    http_cancel(NULL);
    http_observe(world->http, NULL, NULL);
    buf_free(&outcome.body);
    free(url);
}

static void ends_when_the_body_is_refused(void **state)
{
    struct world *world = *state;
    struct outcome outcome = { 0 };
    char *url = url_of(world, HOST, "/");
    https_server_reply(world->server, &(struct https_reply){ .status = 200, .generated = 3000000 });
    start(world, &outcome, &(struct http_request){ .method = "GET", .url = url });
    outcome.refuse_body = true;
    turn_until(world, &outcome.dones, 1);
    expect_failure(&outcome, ERR_CANCELLED, "");
    assert_int_equal(outcome.bodies, 1);
    buf_free(&outcome.body);
    free(url);
}

/* ---- sending and pausing from inside ---- */

struct chain {
    struct world *world;
    char *url;
    struct outcome inner[3];
    int dones;
};

static void send_inner(struct chain *chain, size_t index)
{
    struct err err = { 0 };
    outcome_reset(&chain->inner[index], chain->world);
    chain->inner[index].transfer = http_send(chain->world->http, &(struct http_request){ .method = "GET", .url = chain->url },
                                             &handlers, &chain->inner[index], &err);
    assert_non_null(chain->inner[index].transfer);
    assert_int_equal(chain->inner[index].heads, 0);
}

static void chain_head(void *context, const struct http_response *response)
{
    (void)response;
    send_inner(context, 0);
}

static bool chain_body(void *context, struct str chunk)
{
    struct chain *chain = context;
    (void)chunk;
    if (!chain->inner[1].world) {
        send_inner(chain, 1);
    }
    return true;
}

static void chain_done(void *context, const struct http_response *response, const struct err *err)
{
    struct chain *chain = context;
    (void)response;
    assert_null(err);
    chain->dones++;
    send_inner(chain, 2);
}

static void sends_from_inside_callbacks(void **state)
{
    static const struct http_handlers chain_handlers = { chain_head, chain_body, chain_done };
    struct world *world = *state;
    struct chain chain = { .world = world, .url = url_of(world, HOST, "/") };
    struct err err = { 0 };
    for (int i = 0; i < 4; i++) {
        lay(world, 200, "text");
    }
    assert_non_null(http_send(world->http, &(struct http_request){ .method = "GET", .url = chain.url }, &chain_handlers, &chain, &err));
    /* Long turns: what a callback sends must not lie until the end of the turn's wait. */
    for (int64_t last = clock_ms() + PATIENCE_MS; !chain.dones || !chain.inner[0].dones || !chain.inner[1].dones || !chain.inner[2].dones;) {
        http_turn(world->http, -1, 2 * PATIENCE_MS);
        assert_true(clock_ms() < last);
    }
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(buf_cstr(&chain.inner[i].body), "text");
        buf_free(&chain.inner[i].body);
    }
    free(chain.url);
}

static bool pausing_body(void *context, struct str chunk)
{
    struct outcome *outcome = context;
    bool wanted = on_body(outcome, chunk);
    if (outcome->bodies == 1) {
        http_pause(outcome->transfer, true);
    }
    return wanted;
}

static void pauses_and_resumes(void **state)
{
    static const struct http_handlers pausing = { on_head, pausing_body, on_done };
    struct world *world = *state;
    struct outcome outcome = { 0 };
    struct err err = { 0 };
    char *url = url_of(world, HOST, "/");
    outcome_reset(&outcome, world);
    https_server_reply(world->server, &(struct https_reply){ .status = 200, .generated = 900000 });
    outcome.transfer = http_send(world->http, &(struct http_request){ .method = "GET", .url = url }, &pausing, &outcome, &err);
    turn_until(world, &outcome.bodies, 1);
    for (int i = 0; i < 10; i++) {
        http_turn(world->http, -1, 20);
    }
    assert_int_equal(outcome.bodies, 1);
    http_pause(outcome.transfer, false);
    assert_int_equal(outcome.bodies, 1);
    turn_until(world, &outcome.dones, 1);
    assert_false(outcome.failed);
    assert_int_equal(outcome.bytes, 900000);
    assert_true(outcome.pattern_kept);
    buf_free(&outcome.body);
    free(url);
}

static void ends_when_refused_after_a_pause(void **state)
{
    static const struct http_handlers pausing = { on_head, pausing_body, on_done };
    struct world *world = *state;
    struct outcome outcome = { 0 };
    struct err err = { 0 };
    char *url = url_of(world, HOST, "/");
    outcome_reset(&outcome, world);
    https_server_reply(world->server, &(struct https_reply){ .status = 200, .generated = 900000 });
    outcome.transfer = http_send(world->http, &(struct http_request){ .method = "GET", .url = url }, &pausing, &outcome, &err);
    turn_until(world, &outcome.bodies, 1);
    outcome.refuse_body = true;
    struct http_transfer *transfer = outcome.transfer;
    http_pause(transfer, false);
    turn_until(world, &outcome.dones, 1);
    expect_failure(&outcome, ERR_CANCELLED, "");
    assert_int_equal(outcome.dones, 1);
    buf_free(&outcome.body);
    free(url);
}

/* 300,000 times 'a', packed: mostly zeros between a start and an end. */
static void lay_packed(struct world *world)
{
    static const unsigned char first[] = { 0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xed, 0xc1, 0x01, 0x0d, 0x00, 0x00, 0x00, 0xc2, 0xa0, 0xac, 0xef, 0x5f, 0xc2, 0x1e, 0x0e, 0x28 };
    static const unsigned char last[] = { 0xf8, 0x31, 0x5f, 0xf2, 0x4e, 0xf4, 0xe0, 0x93, 0x04, 0x00 };
    char packed[326] = "";
    memcpy(packed, first, sizeof first);
    memcpy(packed + sizeof packed - sizeof last, last, sizeof last);
    https_server_reply(world->server, &(struct https_reply){ .status = 200, .headers = { { "Content-Encoding", "gzip" } },
        .body = packed, .length = sizeof packed });
}

/* Unpacking gives more than one piece out of one that was read: curl keeps the rest while paused, and hands it out when
   resumed. That must not happen inside http_pause. */
static void hands_out_nothing_from_inside_resuming(void **state)
{
    static const struct http_handlers pausing = { on_head, pausing_body, on_done };
    struct world *world = *state;
    struct outcome outcome = { 0 };
    struct err err = { 0 };
    char *url = url_of(world, HOST, "/");
    for (int refuse = 0; refuse <= 1; refuse++) {
        outcome_reset(&outcome, world);
        lay_packed(world);
        outcome.transfer = http_send(world->http, &(struct http_request){ .method = "GET", .url = url }, &pausing, &outcome, &err);
        turn_until(world, &outcome.bodies, 1);
        http_turn(world->http, -1, 50);
        assert_int_equal(outcome.bodies, 1);
        outcome.refuse_body = refuse;
        http_pause(outcome.transfer, false);
        assert_int_equal(outcome.bodies, 1);
        turn_until(world, &outcome.dones, 1);
        http_turn(world->http, -1, 0);
        assert_int_equal(outcome.dones, 1);
        assert_int_equal(outcome.failed, refuse);
        assert_true(refuse || outcome.bytes == 300000);
    }
    expect_failure(&outcome, ERR_CANCELLED, "");
    buf_free(&outcome.body);
    free(url);
}

/* ---- cookies ---- */

/* libcurl alone would lose both the cookies for such an address and those that come from it; from and to it nothing may be lost. */
static void keeps_cookies_of_long_addresses(void **state)
{
    struct world *world = *state;
    struct outcome outcome = { 0 };
    struct http_jar *jar = http_jar_new();
    struct buf far = BUF_INIT(BUF_SMALL);
    char *near = url_of(world, HOST, "/");
    buf_format(&far, "%sx?", near);
    buf_repeat(&far, 'A', 9000);
    const struct { const char *url, *set, *sent; } steps[] = {
        { buf_cstr(&far), "far=1; path=/; secure; httponly", "" }, { near, "near=2; path=/; secure", "far=1" },
        { buf_cstr(&far), "far=3; path=/; secure", "far=1" }, { near, "other=4; domain=evil.example; path=/", "far=3" }, { buf_cstr(&far), "x=4; domain=evil.example", "near=2" },
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        char value[256] = "";
        https_server_reply(world->server, &(struct https_reply){ .status = 200, .headers = { { "Set-Cookie", steps[i].set } } });
        run(world, &outcome, &(struct http_request){ .method = "GET", .url = steps[i].url, .jar = jar });
        (void)https_seen_header(https_server_seen(world->server, i), "Cookie", value, sizeof value);
        assert_non_null(strstr(value, steps[i].sent));
        assert_null(strstr(value, "4"));
    }
    http_jar_free(jar);
    buf_free(&outcome.body);
    buf_free(&far);
    free(near);
}

static bool cookie_sent(struct world *world, size_t index)
{
    char value[256];
    return https_seen_header(https_server_seen(world->server, index), "Cookie", value, sizeof value) && strstr(value, "route=r1");
}

static void keeps_cookies_per_jar(void **state)
{
    struct world *world = *state;
    struct outcome outcome = { 0 };
    struct http_jar *jar = http_jar_new(), *other = http_jar_new();
    char *url = url_of(world, HOST, "/");
    const struct { struct http_jar *jar; bool sent; } steps[] = { { jar, false }, { jar, true }, { other, false }, { NULL, false }, { jar, true } };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        https_server_reply(world->server, &(struct https_reply){ .status = 200, .headers = { { i == 0 ? "Set-Cookie" : "X", "route=r1; path=/; secure" } } });
        run(world, &outcome, &(struct http_request){ .method = "GET", .url = url, .jar = steps[i].jar });
        assert_int_equal(outcome.status, 200);
        assert_int_equal(cookie_sent(world, i), steps[i].sent);
    }
    http_jar_free(other);
    /* A jar may go before a transfer that uses it. */
    https_server_reply(world->server, &(struct https_reply){ .status = 200 });
    start(world, &outcome, &(struct http_request){ .method = "GET", .url = url, .jar = jar });
    http_jar_free(jar);
    turn_until(world, &outcome.dones, 1);
    assert_true(cookie_sent(world, 5));
    buf_free(&outcome.body);
    free(url);
}

/* ---- the log ---- */

struct notes { int count; char text[8192]; int status; int64_t sent, received; char client_id[64], request_id[64]; void *tag; enum err_kind kind; };

static void note(void *context, const struct http_exchange *exchange)
{
    struct notes *notes = context;
    notes->count++;
    snprintf(notes->text, sizeof notes->text, "%s %s\n%s\n%s", exchange->method, exchange->url, exchange->request_headers, exchange->response_headers);
    notes->status = exchange->status;
    notes->sent = exchange->sent_bytes;
    notes->received = exchange->received_bytes;
    str_copy(notes->client_id, sizeof notes->client_id, exchange->client_request_id);
    str_copy(notes->request_id, sizeof notes->request_id, exchange->request_id);
    notes->tag = exchange->tag;
    notes->kind = exchange->err ? exchange->err->kind : ERR_NONE;
    assert_true(exchange->elapsed_ms >= 0 && exchange->started_unix > 0);
}

static void logs_without_secrets(void **state)
{
    struct world *world = *state;
    struct outcome outcome = { 0 };
    struct notes notes = { 0 };
    struct secret *token = secret_new(STR("hushhush"));
    char *url = url_of(world, HOST, "/run?q=1");
    http_observe(world->http, note, &notes);
    https_server_reply(world->server, &(struct https_reply){ .status = 500, .body = "answer-body",
        .headers = { { "Set-Cookie", "s=hushhush" }, { "request-id", "server-7" }, { "X-Plain", "visible" } } });
    run(world, &outcome, &(struct http_request){ .method = "POST", .url = url, .body = STR("body-hushhush"), .bearer = token,
        .bearer_hosts = bearer_hosts, .tag = &notes,
        .headers = { { "client-request-id", "client-9" }, { "Cookie", "c=hushhush" }, { "x-control-key", "hushhush" }, { "WarningAction", "" } } });
    assert_int_equal(notes.count, 1);
    assert_non_null(strstr(notes.text, "\nWarningAction: \n"));
    assert_non_null(strstr(notes.text, "Accept-Encoding: gzip\n"));
    assert_null(strstr(notes.text, "Expect"));
    assert_null(strstr(notes.text, "hushhush"));
    assert_non_null(strstr(notes.text, "POST https://"));
    assert_non_null(strstr(notes.text, "/run?q=1"));
    assert_non_null(strstr(notes.text, "Authorization: ***\n"));
    assert_non_null(strstr(notes.text, "Cookie: ***\n"));
    assert_non_null(strstr(notes.text, "Set-Cookie: ***\n"));
    assert_non_null(strstr(notes.text, "X-Plain: visible\n"));
    assert_int_equal(notes.status, 500);
    assert_int_equal(notes.sent, 13);
    assert_int_equal(notes.received, 11);
    assert_string_equal(notes.client_id, "client-9");
    assert_string_equal(notes.request_id, "server-7");
    assert_ptr_equal(notes.tag, &notes);
    assert_int_equal(notes.kind, ERR_NONE);
    buf_free(&outcome.body);
    secret_free(token);
    free(url);
}

/* ---- the wait ---- */

static void *write_after_waiting(void *context)
{
    const int *fds = context;       /* {to wait for, to write to} */
    uint64_t one = 1;
    struct timespec pause = { .tv_nsec = 100L * 1000 * 1000 };
    nanosleep(&pause, NULL);
    return write(fds[1], &one, sizeof one) == sizeof one ? NULL : context;
}

static void wakes_for_a_descriptor(void **state)
{
    struct world *world = *state;
    int fd = eventfd(0, EFD_CLOEXEC), fds[2] = { 0, fd };
    pthread_t writer;
    assert_false(http_turn(world->http, fd, 0));
    assert_int_equal(pthread_create(&writer, NULL, write_after_waiting, fds), 0);
    assert_true(http_turn(world->http, fd, -1));
    pthread_join(writer, NULL);
    assert_true(http_turn(world->http, fd, -1));
    close(fd);
}

static void count_fire(void *context)
{
    ++*(int *)context;
}

/* What is held is waited for, unless somebody hurries; at the end of the time everybody is. */
static void waits_for_who_holds(void **state)
{
    struct world *world = *state;
    int hurried = 0, fd = eventfd(0, EFD_CLOEXEC), fds[2] = { 0, fd };
    struct http_hold hold = { count_fire, &hurried, NULL }, other = { count_fire, &hurried, NULL };
    int64_t begin = clock_ms();
    pthread_t writer;
    http_hold(world->http, &hold);
    http_hold(world->http, &other);
    http_let_go(world->http, &hold);
    assert_int_equal(pthread_create(&writer, NULL, write_after_waiting, fds), 0);
    http_settle(world->http, fd, 2 * PATIENCE_MS);
    pthread_join(writer, NULL);
    assert_int_equal(hurried, 1);
    assert_true(clock_ms() - begin < PATIENCE_MS);
    http_hold(world->http, &hold);
    http_settle(world->http, -1, 1);
    assert_int_equal(hurried, 2);
    http_let_go(world->http, &hold);
    close(fd);
}

/* A farewell that nobody answers is waited for too, but not long once somebody hurries. */
static void a_farewell_can_be_hurried(void **state)
{
    struct world *world = *state;
    struct outcome outcome = { 0 };
    struct err err = { 0 };
    char *url = url_of(world, HOST, "/");
    int fd = eventfd(0, EFD_CLOEXEC), fds[2] = { 0, fd };
    int64_t begin = clock_ms();
    pthread_t writer;
    https_server_reply(world->server, &(struct https_reply){ .manner = HTTPS_SILENT });
    assert_non_null(http_send(world->http, &(struct http_request){ .method = "POST", .url = url, .farewell = true }, &handlers, &outcome, &err));
    assert_int_equal(pthread_create(&writer, NULL, write_after_waiting, fds), 0);
    http_settle(world->http, fd, 2 * PATIENCE_MS);
    pthread_join(writer, NULL);
    assert_int_equal(outcome.dones, 1);
    assert_int_equal(outcome.err.kind, ERR_NETWORK);
    assert_true(clock_ms() - begin < PATIENCE_MS);
    close(fd);
    free(url);
}

static void wakes_for_a_timer(void **state)
{
    struct world *world = *state;
    int fired = 0, fd = eventfd(0, EFD_CLOEXEC);
    int64_t begin = clock_ms();
    timers_after(world->timers, 120, count_fire, &fired);
    while (!fired) {
        assert_false(http_turn(world->http, fd, -1));
    }
    assert_true(clock_ms() - begin >= 119);
    assert_true(clock_ms() - begin < PATIENCE_MS);
    close(fd);
}

struct rearm { struct world *world; int fired; };

static void arm(void *context, const struct http_response *response, const struct err *err)
{
    struct rearm *rearm = context;
    (void)response;
    (void)err;
    timers_after(rearm->world->timers, 50, count_fire, &rearm->fired);
}

/* A timer that a callback sets counts for the wait of the same turn. */
static void heeds_a_timer_set_by_a_callback(void **state)
{
    static const struct http_handlers arming = { .done = arm };
    struct world *world = *state;
    struct rearm rearm = { .world = world };
    struct err err = { 0 };
    char *url = url_of(world, HOST, "/");
    int64_t end = clock_ms() + PATIENCE_MS;
    lay(world, 200, "x");
    assert_non_null(http_send(world->http, &(struct http_request){ .method = "GET", .url = url }, &arming, &rearm, &err));
    while (!rearm.fired) {
        assert_true(clock_ms() < end);
        http_turn(world->http, -1, -1);
    }
    free(url);
}

static void ends_at_the_given_time(void **state)
{
    struct world *world = *state;
    int64_t begin = clock_ms();
    assert_false(http_turn(world->http, -1, 50));
    assert_true(clock_ms() - begin >= 49);
}

/* With a kept connection and a silent descriptor nothing wakes the thread: it blocks once. */
static void sleeps_when_idle(void **state)
{
    struct world *world = *state;
    struct outcome outcome = { 0 };
    struct rusage before, after;
    int fd = eventfd(0, EFD_CLOEXEC);
    lay(world, 200, "x");
    get(world, &outcome, "/");
    while (http_turn(world->http, fd, 0)) {
    }
    getrusage(RUSAGE_THREAD, &before);
    http_turn(world->http, fd, 1500);
    getrusage(RUSAGE_THREAD, &after);
    assert_in_range(after.ru_nvcsw - before.ru_nvcsw, 0, 3);
    close(fd);
    buf_free(&outcome.body);
}

/* ---- nothing is left in memory ---- */

/* How often the marker (given inverted, so that it is not found here) stands in this process' own writable memory. */
static int count_in_memory(const unsigned char *inverted, size_t length)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    int memory = open("/proc/self/mem", O_RDONLY), found = 0;
    char line[512], mode[8];
    unsigned char *block = malloc(65536 + 64);
    unsigned long from, to;
    while (fgets(line, sizeof line, maps)) {
        char *dash = strchr(line, '-'), *blank = strchr(line, ' ');
        from = strtoul(line, NULL, 16);
        to = strtoul(dash + 1, NULL, 16);
        str_copy(mode, sizeof mode, blank + 1);
        if (mode[0] != 'r' || mode[1] != 'w' || to - from > 1UL << 30 || strstr(line, "[v")) {
            continue;
        }
        for (unsigned long at = from; at < to; at += 65536) {
            /* Beyond the region's end the next one begins, which is read for itself. */
            size_t want = to - at < 65536 + length - 1 ? to - at : 65536 + length - 1;
            ssize_t got = pread(memory, block, want, (off_t)at);
            for (ssize_t i = 0; i + (ssize_t)length <= got; i++) {
                size_t same = 0;
                while (same < length && (unsigned char)~block[i + (ssize_t)same] == inverted[same]) {
                    same++;
                }
                if (same == length) {
                    explicit_bzero(block + i, length);
                    found++;
                }
            }
            explicit_bzero(block, 65536 + 64);
        }
    }
    free(block);
    close(memory);
    fclose(maps);
    return found;
}

enum { MARK = 24 };

static void make_mark(unsigned char *inverted, struct secret **secret)
{
    char text[MARK + 1];
    for (size_t i = 0; i < MARK; i++) {
        text[i] = (char)('A' + (i * 7 + (size_t)getpid()) % 26);
        inverted[i] = (unsigned char)~text[i];
    }
    text[MARK] = '\0';
    *secret = secret_new(str_of(text));
    explicit_bzero(text, sizeof text);
}

/* The client of wipes_what_it_sent, in a process of its own: the server's memory has the token too. */
static int client_process(int from_parent)
{
    struct { int port; char ca_file[64]; } server;
    struct outcome outcome = { 0 };
    struct world world = { .timers = timers_new() };
    struct err err = { 0 };
    unsigned char inverted[MARK];
    struct secret *token;
    if (read(from_parent, &server, sizeof server) != sizeof server) {
        return 10;
    }
    make_mark(inverted, &token);
    if (count_in_memory(inverted, MARK) != 1) {
        return 11;      /* the search itself must find the one that is there */
    }
    world.http = http_new(&(struct http_config){ .ca_file = server.ca_file, .timers = world.timers }, &err);
    char *url = mem_format("https://" HOST ":%d/", server.port);
    outcome_reset(&outcome, &world);
    const struct http_request request = { .method = "POST", .url = url, .body = secret_str(token), .bearer = token, .bearer_hosts = bearer_hosts };
    if (!http_send(world.http, &request, &handlers, &outcome, &err)) {
        return 12;
    }
    secret_free(token);
    while (!outcome.dones) {
        http_turn(world.http, -1, 1000);
    }
    int left = count_in_memory(inverted, MARK);
    http_free(world.http);
    timers_free(world.timers);
    buf_free(&outcome.body);
    free(url);
    return outcome.status != 200 ? 13 : left;
}

static void wipes_what_it_sent(void **state)
{
    struct { int port; char ca_file[64]; } message = { 0 };
    int pipe_fds[2], status = 0;
    (void)state;
    assert_int_equal(pipe(pipe_fds), 0);
    pid_t child = fork();       /* before there is any other thread */
    assert_true(child >= 0);
    if (child == 0) {
        _exit(client_process(pipe_fds[0]));
    }
    struct https_server *server = https_server_start(&good_certificate);
    https_server_reply(server, &(struct https_reply){ .status = 200, .body = "ok" });
    message.port = https_server_port(server);
    str_copy(message.ca_file, sizeof message.ca_file, https_server_ca_file(server));
    assert_int_equal(write(pipe_fds[1], &message, sizeof message), sizeof message);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    https_server_stop(server);
    close(pipe_fds[0]);
    close(pipe_fds[1]);
}

/* ---- addresses and forms ---- */

static void takes_addresses_apart(void **state)
{
    struct http_url parts;
    (void)state;
    assert_true(http_url_parse("https://Nam13B.Example.COM:446/AdminApi/x?a=b&c", &parts));
    assert_string_equal(parts.host, "nam13b.example.com");
    assert_int_equal(parts.port, 446);
    assert_string_equal(parts.path, "/AdminApi/x");
    assert_string_equal(parts.query, "a=b&c");
    assert_true(http_url_parse("https://example.com", &parts));
    assert_int_equal(parts.port, 443);
    assert_string_equal(parts.path, "/");
    assert_string_equal(parts.query, "");
    char *host = mem_new(400), *long_path = mem_format("https://example.com/%01100d", 1);
    memset(host, 'h', 300);
    char *long_host = mem_format("https://%s/", host);
    assert_false(http_url_parse(long_host, &parts));
    assert_false(http_url_parse(long_path, &parts));
    free(host);
    free(long_host);
    free(long_path);
}

static void joins_a_location(void **state)
{
    static const struct { const char *location, *joined; } cases[] = {
        { "https://other.example:446/p?q=1", "https://other.example:446/p?q=1" },
        { "/absolute?x", "https://example.com:8443/absolute?x" },
        { "sibling", "https://example.com:8443/a/sibling" },
        { "//elsewhere.example/p", "https://elsewhere.example/p" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out = BUF_INIT(4096);
        assert_true(http_url_join("https://example.com:8443/a/b?c", cases[i].location, &out));
        assert_string_equal(buf_cstr(&out), cases[i].joined);
        buf_free(&out);
    }
    struct buf out = BUF_INIT(4096);
    assert_false(http_url_join("no address", "also none", &out));
    buf_free(&out);
}

static void writes_forms(void **state)
{
    struct buf form = BUF_INIT(4096);
    (void)state;
    http_form_add(&form, "grant_type", STR("urn:ietf:params"));
    http_form_add(&form, "s", STR("a b&c=d+~-._9Z"));
    http_form_add(&form, "n", STR(""));
    http_form_add(&form, "u", STR("\xc3\xa9%\0x"));
    assert_string_equal(buf_cstr(&form), "grant_type=urn%3Aietf%3Aparams&s=a%20b%26c%3Dd%2B~-._9Z&n=&u=%C3%A9%25%00x");
    buf_free(&form);
}

#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wipes_what_it_sent),       /* forks: first */
        WITH_SERVER(gives_status_headers_and_body),
        WITH_SERVER(posts_a_large_body_at_once),
        WITH_SERVER(tells_the_head_of_an_empty_answer),
        WITH_SERVER(streams_a_large_answer),
        WITH_SERVER(unpacks_gzip),
        WITH_SERVER(keeps_the_connection),
        WITH_SERVER(sends_once_over_a_fresh_connection),
        WITH_SERVER(does_not_repeat_a_body_by_itself),
        WITH_SERVER(goes_around_the_proxy_for_this_machine),
        WITH_SERVER(a_proxy_that_hangs_is_named),
        WITH_SERVER(tells_a_proxy_who_asks),
        WITH_SERVER(stops_at_the_cap),
        WITH_SERVER(refuses_an_endless_head),
        WITH_SERVER(does_not_follow_a_redirect),
        WITH_SERVER(sends_the_bearer_to_its_own_hosts_only),
        WITH_SERVER(refuses_a_bearer_without_hosts),
        WITH_SERVER(refuses_what_is_no_https_address),
        WITH_SERVER(refuses_line_breaks_in_headers),
        WITH_SERVER(names_a_refused_connection),
        WITH_SERVER(names_an_unknown_host),
        WITH_SERVER(names_bad_certificates),
        WITH_SERVER(advises_the_ca_file),
        WITH_SERVER(names_a_missing_ca_file),
        WITH_SERVER(gives_up_in_time),
        WITH_SERVER(names_an_answer_cut_short),
        WITH_SERVER(names_a_server_without_tls),
        WITH_SERVER(names_a_reset),
        WITH_SERVER(cancels_itself_anywhere),
        WITH_SERVER(cancels_others_anywhere),
        WITH_SERVER(cancels_from_outside),
        WITH_SERVER(ends_when_the_body_is_refused),
        WITH_SERVER(sends_from_inside_callbacks),
        WITH_SERVER(pauses_and_resumes),
        WITH_SERVER(ends_when_refused_after_a_pause),
        WITH_SERVER(hands_out_nothing_from_inside_resuming),
        WITH_SERVER(keeps_cookies_of_long_addresses), WITH_SERVER(keeps_cookies_per_jar),
        WITH_SERVER(logs_without_secrets),
        WITH_SERVER(wakes_for_a_descriptor),
        WITH_SERVER(waits_for_who_holds),
        WITH_SERVER(a_farewell_can_be_hurried),
        WITH_SERVER(wakes_for_a_timer),
        WITH_SERVER(heeds_a_timer_set_by_a_callback),
        WITH_SERVER(ends_at_the_given_time),
        WITH_SERVER(sleeps_when_idle),
        cmocka_unit_test(takes_addresses_apart),
        cmocka_unit_test(joins_a_location),
        cmocka_unit_test(writes_forms),
    };
    return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
