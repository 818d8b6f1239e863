/* Any bytes at the redirect listener of the browser sign-in, as a form and as a whole request: only the one form that
   carries the state is ever taken, once, and the listener outlives all others (auth.md section 4). */
#include "net/loopback.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"

#define STATE "s-0123456789"

/* How long the listener may leave a request that is whole without a word: a hang, far beyond a loaded machine. */
enum { ANSWER_MS = 60000 };

struct world {
    struct timers *timers;
    struct http *http;
    struct loopback *loopback;
    bool stated;                    /* the state is in what is sent, so an answer may come of it */
};

static void on_received(void *context, const struct loopback_answer *answer)
{
    const struct world *world = context;
    if (!world->stated || (answer->code.len == 0) == (answer->error[0] == '\0')) {
        abort();
    }
}

static struct world *open_world(void)
{
    struct err err;
    struct world *world = MEM_NEW(struct world);
    world->timers = timers_new();
    world->http = http_new(&(struct http_config){ .timers = world->timers }, &err);
    world->loopback = world->http ? loopback_open(&(struct loopback_config){
        .http = world->http, .timers = world->timers, .state = STATE, .received = on_received, .context = world }, &err) : NULL;
    if (!world->loopback) {
        abort();
    }
    return world;
}

static void close_world(struct world *world)
{
    loopback_close(world->loopback);
    http_free(world->http);
    timers_free(world->timers);
    free(world);
}

static int connect_to(const struct world *world)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)loopback_port(world->loopback)),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        abort();
    }
    return fd;
}

/* Sends all and turns the loop: until the listener has answered and closed when the request is whole, else as long as it
   has something to do at once. */
static void visit(struct world *world, struct str request, bool whole)
{
    int fd = connect_to(world);
    char part[4096];
    while (request.len) {
        ssize_t sent = send(fd, request.data, request.len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && recv(fd, part, sizeof part, MSG_DONTWAIT | MSG_PEEK) == 0) {
            break;
        }
        request = str_from(request, sent > 0 ? (size_t)sent : 0);
        http_turn(world->http, -1, 0);
    }
    for (int waited = 0; whole || waited < 3; waited++) {
        http_turn(world->http, -1, whole ? 1 : 0);
        if (poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, 0) == 1 && recv(fd, part, sizeof part, MSG_DONTWAIT) <= 0) {
            break;
        }
        if (waited > ANSWER_MS) {
            abort();
        }
    }
    close(fd);
    http_turn(world->http, -1, 0);
}

/* The same bytes as a form, with the state before them or not. */
static void post(struct world *world, struct str form, bool stated)
{
    struct str state = stated ? STR("state=" STATE "&") : STR("");
    struct buf request = BUF_INIT(BUF_LARGE);
    buf_format(&request, "POST / HTTP/1.1\r\nHost: localhost:%d\r\nContent-Type: application/x-www-form-urlencoded\r\n"
               "Connection: close\r\nContent-Length: %zu\r\n\r\n%.*s", loopback_port(world->loopback), state.len + form.len,
               STR_ARG(state));
    buf_add(&request, form);
    world->stated = world->stated || stated;
    visit(world, buf_str(&request), true);
    buf_free(&request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = { (const char *)data, size };
    struct world *world = open_world();
    /* Whoever guesses the state, written in whatever way, is let in. */
    world->stated = memmem(data, size, "0123456789", 10) || memchr(data, '%', size);
    visit(world, bytes, false);
    post(world, bytes, false);
    post(world, bytes, true);
    close_world(world);
    return 0;
}
