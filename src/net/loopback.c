#include "net/loopback.h"

#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/guid.h"
#include "base/mem.h"
#include "base/str.h"

/* A browser opens a handful of connections, and keeps some open without a word; so may every other program here. */
enum { CONNECTIONS_MOST = 64, BACKLOG = 64, SILENCE_S = 5, REQUEST_MEMORY = 32 * 1024, PORT_TRIES = 8, FAMILIES = 2 };
enum { CODE_MAX = 8 * 1024, TEXT_MAX = 2048 };

struct listener { struct MHD_Daemon *daemon; int watched_fd; };

struct loopback {
    struct http *http;
    struct timers *timers;
    char *state;
    bool accept_query, answered;
    void (*received)(void *, const struct loopback_answer *);
    void *context;
    int port;
    struct listener listeners[FAMILIES];    /* 127.0.0.1, ::1 */
    char *start_path, *short_address, *target;
    uint64_t timer;
};

/* One request on its way. Fields beyond those that count are skipped, values beyond their cap make the form invalid. */
struct visit {
    struct MHD_PostProcessor *processor;
    size_t received;
    bool too_large, twice;
    struct buf code, state, error, error_description, error_subcode;
};

/* ---- pages ---- */

/* No script, nothing from elsewhere, nothing kept: the page must be as harmless as it looks (auth.md section 4). */
static enum MHD_Result send_page(struct MHD_Connection *connection, unsigned status, const char *title, const char *text)
{
    char *page = mem_format("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>purvey: %s</title>"
                            "<body style=\"font-family:sans-serif;margin:4em auto;max-width:34em\"><h1>%s</h1><p>%s</p></body></html>\n",
                            title, title, text);
    struct MHD_Response *response = MHD_create_response_from_buffer(strlen(page), page, MHD_RESPMEM_MUST_FREE);
    if (!response) {
        free(page);
        return MHD_NO;
    }
    MHD_add_response_header(response, "Content-Type", "text/html; charset=utf-8");
    MHD_add_response_header(response, "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    MHD_add_response_header(response, "Cache-Control", "no-store");
    MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "Connection", "close");
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED) {
        MHD_add_response_header(response, "Allow", "GET, POST");
    }
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result send_refusal(struct MHD_Connection *connection, unsigned status, const char *text)
{
    return send_page(connection, status, "Not accepted", text);
}

static enum MHD_Result send_redirect(struct MHD_Connection *connection, const char *target)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    if (!response) {
        return MHD_NO;
    }
    MHD_add_response_header(response, "Location", target);
    MHD_add_response_header(response, "Cache-Control", "no-store");
    MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
    enum MHD_Result result = MHD_queue_response(connection, MHD_HTTP_FOUND, response);
    MHD_destroy_response(response);
    return result;
}

/* ---- the form ---- */

static struct buf *field_named(struct visit *visit, const char *name)
{
    const struct { const char *name; struct buf *value; } fields[] = {
        { "code", &visit->code },
        { "state", &visit->state },
        { "error", &visit->error },
        { "error_description", &visit->error_description },
        { "error_subcode", &visit->error_subcode },
    };
    for (size_t i = 0; name && i < sizeof fields / sizeof *fields; i++) {
        if (strcmp(name, fields[i].name) == 0) {
            return fields[i].value;
        }
    }
    return NULL;
}

/* A long value comes in pieces, told by their offset; the same name from offset 0 once more is a second field: nobody
   honest sends two codes. */
static enum MHD_Result take_piece(void *context, enum MHD_ValueKind kind, const char *name, const char *filename,
                                  const char *type, const char *encoding, const char *data, uint64_t offset, size_t size)
{
    struct visit *visit = context;
    struct buf *value = field_named(visit, name);
    (void)kind;
    (void)filename;
    (void)type;
    (void)encoding;
    if (value) {
        visit->twice = visit->twice || (offset == 0 && value->len > 0);
        buf_add(value, (struct str){ data, size });
    }
    return MHD_YES;
}

static enum MHD_Result take_query(void *context, enum MHD_ValueKind kind, const char *name, const char *text)
{
    return take_piece(context, kind, name, NULL, NULL, NULL, text ? text : "", 0, text ? strlen(text) : 0);
}

static bool usable(const struct visit *visit)
{
    return !visit->twice && !visit->code.overflowed && !visit->state.overflowed && !visit->error.overflowed;
}

/* In constant time: whoever guesses learns nothing from how long a refusal takes. */
static bool same_state(const struct loopback *loopback, struct str given)
{
    struct str wanted = str_of(loopback->state);
    unsigned char difference = given.len != wanted.len;
    for (size_t i = 0; i < wanted.len; i++) {
        difference |= (unsigned char)(wanted.data[i] ^ (i < given.len ? given.data[i] : 0));
    }
    return difference == 0;
}

/* Another state is somebody else's answer, or an attack: it is dropped, and waiting goes on (auth.md section 4). */
static enum MHD_Result take_answer(struct loopback *loopback, struct MHD_Connection *connection, const struct visit *visit)
{
    if (!usable(visit) || (visit->code.len == 0) == (visit->error.len == 0)) {
        return send_refusal(connection, MHD_HTTP_BAD_REQUEST, "This is not the answer of a sign-in service.");
    }
    if (!same_state(loopback, buf_str(&visit->state))) {
        return send_refusal(connection, MHD_HTTP_BAD_REQUEST,
                            "This answer does not belong to the sign-in that purvey waits for. Start again from the terminal.");
    }
    if (loopback->answered) {
        return send_refusal(connection, MHD_HTTP_GONE, "This sign-in has been answered already. You can close this window.");
    }
    loopback->answered = true;
    loopback->received(loopback->context, &(struct loopback_answer){
        .code = buf_str(&visit->code),
        .error = buf_cstr(&visit->error),
        .error_description = buf_cstr(&visit->error_description),
        .error_subcode = buf_cstr(&visit->error_subcode),
    });
    return visit->error.len ? send_page(connection, MHD_HTTP_OK, "Not signed in", "The terminal says why. You can close this window.")
                            : send_page(connection, MHD_HTTP_OK, "Back to the terminal",
                                        "Your sign-in has reached purvey, which goes on there. You can close this window.");
}

/* ---- requests ---- */

static enum MHD_Result count_host(void *context, enum MHD_ValueKind kind, const char *name, const char *text)
{
    int *hosts = context;
    (void)kind;
    (void)text;
    *hosts += str_is_nocase(str_of(name), MHD_HTTP_HEADER_HOST);
    return MHD_YES;
}

/* A page of another site that resolves its own name to this machine is told by the name it asks for; of two names it could
   have meant either. */
static bool names_us(const struct loopback *loopback, struct MHD_Connection *connection)
{
    static const char *const names[] = { "localhost", "127.0.0.1", "[::1]" };
    const char *host = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST);
    bool ours = false;
    int hosts = 0;
    MHD_get_connection_values(connection, MHD_HEADER_KIND, count_host, &hosts);
    for (size_t i = 0; hosts == 1 && i < sizeof names / sizeof *names; i++) {
        char wanted[32];
        snprintf(wanted, sizeof wanted, "%s:%d", names[i], loopback->port);
        ours = ours || str_is_nocase(str_of(host), wanted);
    }
    return ours;
}

static bool is_form(const char *type)
{
    struct str rest = str_of(type ? type : ""), media;
    str_cut(&rest, ';', &media);
    return str_is_nocase(str_trim(media), "application/x-www-form-urlencoded");
}

static enum MHD_Result get(struct loopback *loopback, struct MHD_Connection *connection, const char *path, struct visit *visit)
{
    if (loopback->start_path && strcmp(path, loopback->start_path) == 0) {
        return send_redirect(connection, loopback->target);
    }
    if (strcmp(path, "/") != 0) {
        return send_refusal(connection, MHD_HTTP_NOT_FOUND, "There is nothing here.");
    }
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, take_query, visit);
    if (visit->code.len > 0 && !loopback->accept_query) {
        return send_refusal(connection, MHD_HTTP_BAD_REQUEST,
                            "A code in the address is not taken: addresses end up in histories and logs. "
                            "If your sign-in service can do no other, start purvey with --accept-query-code.");
    }
    if (visit->code.len > 0 || visit->error.len > 0) {
        return take_answer(loopback, connection, visit);
    }
    return send_page(connection, MHD_HTTP_OK, "Waiting", loopback->answered ? "The sign-in is done here. You can close this window."
                                                                            : "purvey waits here for your sign-in to come back.");
}

/* Called once with the headers, then with each piece of the body, then with none: only then may an answer be given, or
   early when the request cannot become a good one. */
static enum MHD_Result post(struct loopback *loopback, struct MHD_Connection *connection, const char *path, struct visit *visit,
                            const char *data, size_t *size)
{
    if (*size > 0) {
        visit->received += *size;
        visit->too_large = visit->too_large || visit->received > LOOPBACK_BODY_MAX;
        if (visit->processor && !visit->too_large) {
            MHD_post_process(visit->processor, data, *size);
        }
        *size = 0;
        /* The rest of an endless body is not waited for: closing is the only answer that a server may give midway. */
        return visit->received > 4 * LOOPBACK_BODY_MAX ? MHD_NO : MHD_YES;
    }
    if (strcmp(path, "/") != 0) {
        return send_refusal(connection, MHD_HTTP_NOT_FOUND, "There is nothing here.");
    }
    if (!visit->processor) {
        return send_refusal(connection, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "Only a form is taken here.");
    }
    if (visit->too_large) {
        return send_refusal(connection, MHD_HTTP_CONTENT_TOO_LARGE, "That is too much for an answer of a sign-in service.");
    }
    /* The processor holds back the end of the last value until it is told that no more comes. */
    MHD_destroy_post_processor(visit->processor);
    visit->processor = NULL;
    return take_answer(loopback, connection, visit);
}

static struct visit *visit_new(struct MHD_Connection *connection, const char *method)
{
    struct visit *visit = MEM_NEW(struct visit);
    visit->code = (struct buf)BUF_INIT(CODE_MAX);
    visit->state = (struct buf)BUF_INIT(TEXT_MAX);
    visit->error = (struct buf)BUF_INIT(TEXT_MAX);
    visit->error_description = (struct buf)BUF_INIT(TEXT_MAX);
    visit->error_subcode = (struct buf)BUF_INIT(TEXT_MAX);
    /* Room at once, so that growing leaves no copy of a code behind. */
    buf_repeat(&visit->code, '\0', CODE_MAX);
    buf_clear(&visit->code);
    if (strcmp(method, "POST") == 0 &&
        is_form(MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Type"))) {
        visit->processor = MHD_create_post_processor(connection, 4096, take_piece, visit);
    }
    return visit;
}

static void visit_end(void *context, struct MHD_Connection *connection, void **slot, enum MHD_RequestTerminationCode code)
{
    struct visit *visit = *slot;
    (void)context;
    (void)connection;
    (void)code;
    if (!visit) {
        return;
    }
    if (visit->processor) {
        MHD_destroy_post_processor(visit->processor);
    }
    secret_wipe(visit->code.data, visit->code.capacity);
    buf_free(&visit->code);
    buf_free(&visit->state);
    buf_free(&visit->error);
    buf_free(&visit->error_description);
    buf_free(&visit->error_subcode);
    free(visit);
    *slot = NULL;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *data, size_t *size, void **slot)
{
    struct loopback *loopback = context;
    (void)version;
    if (!*slot) {
        *slot = visit_new(connection, method);
        return MHD_YES;
    }
    struct visit *visit = *slot;
    bool is_post = strcmp(method, "POST") == 0;
    if (*size == 0 && !names_us(loopback, connection)) {
        return send_refusal(connection, MHD_HTTP_MISDIRECTED_REQUEST, "This address is only for this machine.");
    }
    if (is_post) {
        return post(loopback, connection, url, visit, data, size);
    }
    /* A body that nobody asked for is read away, so that the refusal can be heard; an endless one is cut off. */
    if (*size > 0) {
        visit->received += *size;
        *size = 0;
        return visit->received > 4 * LOOPBACK_BODY_MAX ? MHD_NO : MHD_YES;
    }
    if (strcmp(method, "GET") != 0) {
        return send_refusal(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "Only GET and POST are understood here.");
    }
    return get(loopback, connection, url, visit);
}

/* ---- the loop ---- */

static void run(void *context);

/* MHD closes silent connections by itself, but only when it is run. */
static void run_later(struct loopback *loopback)
{
    MHD_UNSIGNED_LONG_LONG wait_ms, soonest = 0;
    bool any = false;
    for (int i = 0; i < FAMILIES; i++) {
        if (loopback->listeners[i].daemon && MHD_get_timeout(loopback->listeners[i].daemon, &wait_ms) == MHD_YES) {
            soonest = !any || wait_ms < soonest ? wait_ms : soonest;
            any = true;
        }
    }
    timers_cancel(loopback->timers, loopback->timer);
    loopback->timer = any ? timers_after(loopback->timers, (int64_t)soonest, run, loopback) : 0;
}

static unsigned connections(struct MHD_Daemon *daemon)
{
    return MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS)->num_connections;
}

/* A daemon that was full looks for new connections only when it is run again, and nothing else would wake it. */
static void run_daemon(struct MHD_Daemon *daemon)
{
    bool full;
    do {
        full = connections(daemon) >= CONNECTIONS_MOST;
        MHD_run(daemon);
    } while (full && connections(daemon) < CONNECTIONS_MOST);
}

static void run(void *context)
{
    struct loopback *loopback = context;
    for (int i = 0; i < FAMILIES; i++) {
        if (loopback->listeners[i].daemon) {
            run_daemon(loopback->listeners[i].daemon);
        }
    }
    run_later(loopback);
}

/* ---- listening ---- */

static int bind_socket(int family, int port)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port), .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    const struct sockaddr *address = family == AF_INET ? (const struct sockaddr *)&v4 : (const struct sockaddr *)&v6;
    socklen_t size = family == AF_INET ? sizeof v4 : sizeof v6;
    int on = 1, fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return -1;
    }
    /* A port that a sign-in of a minute ago used is free again, and only ::1 is meant by the second one. */
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (family == AF_INET6) {
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    }
    if (bind(fd, address, size) < 0 || listen(fd, BACKLOG) < 0) {
        int cause = errno;
        close(fd);
        errno = cause;
        return -1;
    }
    return fd;
}

static int port_of(int fd)
{
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    return getsockname(fd, (struct sockaddr *)&address, &size) == 0 ? ntohs(address.sin_port) : 0;
}

/* Browsers may take localhost for ::1 first, so both must be ours: whoever holds the other one would get the code. A
   machine without IPv6 has no ::1 that could be taken. */
static bool bind_both(struct loopback *loopback, int wanted, int fds[FAMILIES], struct err *err)
{
    for (int tries = 0; tries < PORT_TRIES; tries++) {
        fds[0] = bind_socket(AF_INET, wanted);
        if (fds[0] < 0) {
            break;
        }
        loopback->port = port_of(fds[0]);
        fds[1] = bind_socket(AF_INET6, loopback->port);
        if (fds[1] >= 0 || errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL) {
            return true;
        }
        close(fds[0]);
        if (wanted) {
            break;
        }
    }
    err_errno(err, "cannot listen on port %d of this machine for the browser's answer", wanted ? wanted : loopback->port);
    err_advise(err, "Choose another port with --redirect-port, or sign in with a device code.");
    return false;
}

static bool start_daemon(struct loopback *loopback, struct listener *listener, int fd, struct err *err)
{
    listener->daemon = MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, handle, loopback,
                                        MHD_OPTION_LISTEN_SOCKET, fd,
                                        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MOST,
                                        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SILENCE_S,
                                        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)REQUEST_MEMORY,
                                        MHD_OPTION_NOTIFY_COMPLETED, visit_end, NULL,
                                        MHD_OPTION_END);
    if (!listener->daemon) {
        close(fd);
        return err_set(err, ERR_SYSTEM, "The listener for the browser's answer cannot be started.");
    }
    listener->watched_fd = MHD_get_daemon_info(listener->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    return http_watch(loopback->http, listener->watched_fd, run, loopback, err);
}

struct loopback *loopback_open(const struct loopback_config *config, struct err *err)
{
    struct loopback *loopback = MEM_NEW(struct loopback);
    int fds[FAMILIES] = { -1, -1 };
    loopback->http = config->http;
    loopback->timers = config->timers;
    loopback->state = mem_text(config->state);
    loopback->accept_query = config->accept_query;
    loopback->received = config->received;
    loopback->context = config->context;
    bool good = bind_both(loopback, config->port, fds, err);
    for (int i = 0; good && i < FAMILIES; i++) {
        if (fds[i] >= 0) {
            good = start_daemon(loopback, &loopback->listeners[i], fds[i], err);
            fds[i] = -1;
        }
    }
    if (!good) {
        loopback_close(loopback);
        return NULL;
    }
    run_later(loopback);
    return loopback;
}

void loopback_close(struct loopback *loopback)
{
    if (!loopback) {
        return;
    }
    for (int i = 0; i < FAMILIES; i++) {
        if (loopback->listeners[i].daemon) {
            http_unwatch(loopback->http, loopback->listeners[i].watched_fd);
            MHD_stop_daemon(loopback->listeners[i].daemon);
        }
    }
    timers_cancel(loopback->timers, loopback->timer);
    free(loopback->state);
    free(loopback->start_path);
    free(loopback->short_address);
    free(loopback->target);
    free(loopback);
}

int loopback_port(const struct loopback *loopback)
{
    return loopback->port;
}

const char *loopback_short_address(struct loopback *loopback, const char *target)
{
    struct guid guid = guid_new();
    free(loopback->start_path);
    free(loopback->short_address);
    free(loopback->target);
    loopback->start_path = mem_format("/%.8s", guid.text);
    loopback->short_address = mem_format("http://localhost:%d%s", loopback->port, loopback->start_path);
    loopback->target = mem_text(target);
    return loopback->short_address;
}
