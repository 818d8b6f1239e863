#include "demo/server.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "demo/azure.h"
#include "demo/control.h"
#include "demo/entra.h"
#include "demo/gzip.h"
#include "demo/rest.h"
#include "demo/rps.h"

/* A thread a connection, so the limit is one of threads; a client under test holds a handful, a broken one would
   hold them all. */
#define CONNECTION_LIMIT 64
/* Per connection, for the head of a request: bearers, claims and redirect addresses are kilobytes long. */
#define CONNECTION_MEMORY ((size_t)512 * 1024)
/* Above the 960 s that clients wait for a cmdlet (rest.md section 9): never the server's limit is what a test sees. */
#define IDLE_LIMIT_S 1200
#define STREAM_BLOCK ((size_t)256 * 1024)
#define HEADER_TEXT_MAX ((size_t)32 * 1024)

struct server {
    struct demo *demo;
    struct MHD_Daemon *daemon, *daemon6, *plain;        /* daemon6 NULL: no IPv6 here */
    atomic_bool stopping;
};

/* One request on its way in: the raw address, then the body as it comes. */
struct incoming {
    char *uri;
    struct buf body;
    bool begun;
};

/* The query is kept as it was sent: microhttpd decodes it, and $skiptoken must come back byte for byte (rest.md
   section 5). */
static void *on_uri(void *context, const char *uri, struct MHD_Connection *connection)
{
    struct incoming *incoming = MEM_NEW(struct incoming);
    (void)context;
    (void)connection;
    incoming->uri = mem_text(uri);
    incoming->body = (struct buf)BUF_INIT(DEMO_MAX_BODY);
    return incoming;
}

static void on_completed(void *context, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode code)
{
    struct incoming *incoming = *state;
    (void)context;
    (void)connection;
    (void)code;
    if (incoming) {
        free(incoming->uri);
        buf_free(&incoming->body);
        free(incoming);
        *state = NULL;
    }
}

static const char *find_header(const struct demo_request *request, const char *name)
{
    const char *value = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
    return value ? value : "";
}

static enum MHD_Result add_header_text(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    bool secret = str_is_nocase(str_of(name), "authorization") || str_is_nocase(str_of(name), "x-control-key");
    (void)kind;
    buf_format(context, "%s: %s\n", name, secret ? "***" : value ? value : "");
    return MHD_YES;
}

/* ---- answers ---- */

/* A fill that gives nothing is the end of the text; microhttpd would take a plain 0 for "ask again later" and spin. */
static ssize_t read_stream(void *context, uint64_t position, char *to, size_t size)
{
    struct demo_stream *stream = context;
    (void)position;
    size_t filled = stream->fill(stream->context, to, size);
    return filled ? (ssize_t)filled : MHD_CONTENT_READER_END_OF_STREAM;
}

static void free_stream(void *context)
{
    struct demo_stream *stream = context;
    stream->free(stream->context);
    free(stream);
}

/* The CUT fault: so many bytes of the real answer, then the connection breaks. */
struct cut_stream { struct demo_stream inner; struct buf body; size_t left, at; };

static ssize_t read_cut(void *context, uint64_t position, char *to, size_t size)
{
    struct cut_stream *cut = context;
    size_t want = size < cut->left ? size : cut->left, got = 0;
    (void)position;
    if (cut->inner.context) {
        got = want ? cut->inner.fill(cut->inner.context, to, want) : 0;
    } else {
        struct str rest = str_take(str_from(buf_str(&cut->body), cut->at), want);
        memcpy(to, rest.data, rest.len);
        got = rest.len;
        cut->at += got;
    }
    cut->left -= got;
    return got ? (ssize_t)got : MHD_CONTENT_READER_END_WITH_ERROR;
}

static void free_cut(void *context)
{
    struct cut_stream *cut = context;
    if (cut->inner.context) {
        cut->inner.free(cut->inner.context);
    }
    buf_free(&cut->body);
    free(cut);
}

/* Without a length, so chunked: only a missing last chunk tells the client that something is missing. */
static struct MHD_Response *cut_response(struct demo_reply *reply, size_t after_bytes)
{
    struct cut_stream *cut = MEM_NEW(struct cut_stream);
    *cut = (struct cut_stream){ .inner = reply->stream, .body = reply->body, .left = after_bytes };
    reply->stream.context = NULL;
    reply->body = (struct buf)BUF_INIT(0);
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, read_cut, cut, free_cut);
}

static struct MHD_Response *make_response(struct demo_reply *reply, const struct fault *fault)
{
    if (fault->action == FAULT_CUT) {
        return cut_response(reply, fault->after_bytes);
    }
    if (reply->stream.context) {
        struct demo_stream *stream = MEM_NEW(struct demo_stream);
        *stream = reply->stream;
        reply->stream.context = NULL;
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, read_stream, stream, free_stream);
    }
    return MHD_create_response_from_buffer(reply->body.len, reply->body.data, MHD_RESPMEM_MUST_COPY);
}

static enum MHD_Result send_reply(struct MHD_Connection *connection, struct demo_reply *reply, const struct fault *fault)
{
    struct MHD_Response *response = make_response(reply, fault);
    for (size_t i = 0; i < reply->header_count; i++) {
        MHD_add_response_header(response, reply->headers[i].name, reply->headers[i].value);
    }
    enum MHD_Result result = MHD_queue_response(connection, (unsigned)reply->status, response);
    MHD_destroy_response(response);
    return result;
}

/* ---- faults that make an answer of their own ---- */

/* Retry-After may be decimal, a claims challenge stands in a header (rest.md section 6, auth.md section 9): both are
   dialled as text and sent as they are. */
static void fault_reply(const struct fault *fault, struct demo_reply *reply)
{
    reply->status = fault->status;
    if (fault->action == FAULT_NUL) {
        buf_repeat(&reply->body, '\0', 4096);
    } else if (fault->action == FAULT_GARBAGE) {
        reply_header(reply, "Content-Type", "application/json");
        buf_text(&reply->body, *fault->body ? fault->body : "{\"value\":[{\"Name\":\"half an ob\xFF\x01ject\",,]");
    } else if (fault->action == FAULT_STATUS) {
        buf_text(&reply->body, fault->body);
    }
    if (*fault->retry_after) {
        reply_header(reply, "Retry-After", fault->retry_after);
    }
    if (*fault->header_name) {
        reply_header(reply, fault->header_name, fault->header_value);
    }
}

static bool is_own_answer(const struct fault *fault)
{
    return fault->action == FAULT_STATUS || fault->action == FAULT_GARBAGE || fault->action == FAULT_NUL || fault->action == FAULT_EMPTY;
}

/* In slices, so that a stop of the server does not wait for it. */
static void delay(struct server *server, int delay_ms)
{
    int64_t end = clock_ms() + delay_ms;
    while (clock_ms() < end && !atomic_load(&server->stopping)) {
        struct timespec slice = { .tv_nsec = 10L * 1000 * 1000 };
        nanosleep(&slice, NULL);
    }
}

/* Closing with unread lingering off sends RST in place of FIN: the client sees a reset, as behind a broken proxy. */
static enum MHD_Result reset(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
    if (info) {
        (void)setsockopt(info->connect_fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    return MHD_NO;
}

/* ---- routing by host ---- */

/* Told apart by name alone: one port serves all, as the certificate covers all. Anything else is 421 (RFC 9110
   section 15.5.20), which no client takes for an answer of the service. */
static void route(struct demo *demo, const struct demo_request *request, struct demo_reply *reply)
{
    struct str host = str_of(request->host);
    if (str_is(host, DEMO_LOGIN_HOST)) {
        entra_handle(demo, request, reply);
    } else if (str_is(host, "127.0.0.1") || str_is(host, "localhost")) {
        azure_handle_metadata(demo, request, reply);
    } else if (str_ends_nocase(host, STR("." DEMO_VAULT_SUFFIX))) {
        azure_handle_vault(demo, request, reply);
    } else if (str_is(host, DEMO_CONTROL_HOST)) {
        control_handle(demo, request, reply);
    } else if (str_ends_nocase(host, STR(DEMO_FRONT_DOOR)) || str_ends_nocase(host, STR(DEMO_ADMIN_SUFFIX))) {
        rest_handle(demo, request, reply);
    } else {
        reply_text(reply, 421, "text/plain", "the demo tenant has no such host\n");
    }
}

/* Only the compliance service packs (rest.md sections 3 and 7; auth.md has no word of it). A cut answer goes unpacked,
   so that after_bytes counts bytes of JSON and the rows before the cut are whole. */
static bool may_be_packed(const struct demo_request *request, const struct fault *fault)
{
    struct str host = str_of(request->host);
    return (fault->action == FAULT_NONE || fault->action == FAULT_DELAY) && str_ends_nocase(host, STR(DEMO_FRONT_DOOR)) &&
           gzip_taken(request->header(request, "Accept-Encoding"));
}

/* Noted before it is answered and whatever the dial does: a reset request was still a request. The delay comes after
   the lock, or one slow cmdlet would hold up every other connection. */
static enum MHD_Result handle(struct server *server, struct MHD_Connection *connection, const struct demo_request *request)
{
    struct demo *demo = server->demo;
    struct demo_reply reply = { .status = 500, .body = BUF_INIT(DEMO_MAX_BODY) };
    bool control = str_is(str_of(request->host), DEMO_CONTROL_HOST);
    struct fault fault = { .action = FAULT_NONE };
    pthread_mutex_lock(&demo->lock);
    if (!control) {
        control_note(demo->control, request);
        fault = control_fault(demo->control, request);
    }
    if (is_own_answer(&fault)) {
        fault_reply(&fault, &reply);
    } else if (fault.action != FAULT_RESET) {
        route(demo, request, &reply);
    }
    pthread_mutex_unlock(&demo->lock);
    if (may_be_packed(request, &fault)) {
        gzip_reply(&reply);
    }
    delay(server, fault.delay_ms);
    enum MHD_Result result = fault.action == FAULT_RESET ? reset(connection) : send_reply(connection, &reply, &fault);
    reply_drop(&reply);
    return result;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *path, const char *method,
                                  const char *version, const char *upload, size_t *upload_size, void **state)
{
    struct incoming *incoming = *state;
    (void)version;
    if (!incoming->begun) {
        incoming->begun = true;
        return MHD_YES;
    }
    if (*upload_size) {
        bool fits = buf_add(&incoming->body, (struct str){ upload, *upload_size });
        *upload_size = 0;
        return fits ? MHD_YES : MHD_NO;
    }
    const char *host_value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host");
    struct str host_text = str_of(host_value), name;
    str_cut(&host_text, ':', &name);
    char *host = str_dup(name);
    for (char *c = host; *c; c++) {
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + ('a' - 'A')) : *c;
    }
    const char *query = strchr(incoming->uri, '?');
    struct buf headers = BUF_INIT(HEADER_TEXT_MAX);
    MHD_get_connection_values(connection, MHD_HEADER_KIND, add_header_text, &headers);
    const struct demo_request request = {
        .method = method, .host = host, .path = path, .query = query ? query + 1 : "", .body = buf_str(&incoming->body),
        .header = find_header, .header_text = buf_cstr(&headers), .connection = connection,
    };
    enum MHD_Result result = handle(context, connection, &request);
    buf_free(&headers);
    free(host);
    return result;
}

/* ---- life ---- */

/* TLS 1.2 at least, as the service demands; loopback only, because everybody who reaches the port is somebody. */
static struct MHD_Daemon *listen_on(struct server *server, const struct sockaddr *address, unsigned flags,
                                    const struct certificate *certificate)
{
    return MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_TLS | flags, 0, NULL, NULL, on_request, server,
        MHD_OPTION_SOCK_ADDR, address, MHD_OPTION_HTTPS_MEM_KEY, certificate->key_pem,
        MHD_OPTION_HTTPS_MEM_CERT, certificate->server_pem, MHD_OPTION_HTTPS_PRIORITIES, "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2",
        MHD_OPTION_URI_LOG_CALLBACK, on_uri, NULL, MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTION_LIMIT, MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_LIMIT_S, MHD_OPTION_END);
}

/* The same port on ::1, because a resolver may give that address of a .localhost name first. A machine without IPv6, or
   a port that is taken there, costs the client one refused connection and no more. */
static struct MHD_Daemon *listen_on_ipv6(struct server *server, const struct certificate *certificate)
{
    struct sockaddr_in6 address = {
        .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)server->demo->config.port), .sin6_addr = IN6ADDR_LOOPBACK_INIT,
    };
    int probe = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool possible = probe >= 0 && bind(probe, (struct sockaddr *)(void *)&address, sizeof address) == 0;
    if (probe >= 0) {
        close(probe);
    }
    return possible ? listen_on(server, (struct sockaddr *)(void *)&address, MHD_USE_IPv6, certificate) : NULL;
}

/* A machine's metadata service speaks no TLS. Without it the demo tenant still is one. */
static void listen_plainly(struct server *server)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    server->plain = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION, 0, NULL, NULL, on_request, server,
                                     MHD_OPTION_SOCK_ADDR, (struct sockaddr *)(void *)&address, MHD_OPTION_URI_LOG_CALLBACK, on_uri, NULL,
                                     MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTION_LIMIT,
                                     MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_LIMIT_S, MHD_OPTION_END);
    const union MHD_DaemonInfo *info = server->plain ? MHD_get_daemon_info(server->plain, MHD_DAEMON_INFO_BIND_PORT) : NULL;
    server->demo->config.metadata_port = info ? info->port : 0;
}

struct server *server_start(struct demo *demo, const struct certificate *certificate, struct err *err)
{
    struct server *server = MEM_NEW(struct server);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)demo->config.port), .sin_addr = { htonl(INADDR_LOOPBACK) },
    };
    server->demo = demo;
    server->daemon = listen_on(server, (struct sockaddr *)(void *)&address, 0, certificate);
    const union MHD_DaemonInfo *info = server->daemon ? MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
    if (!info) {
        err_set(err, ERR_SYSTEM, "The demo tenant cannot listen on 127.0.0.1 (port %d).", demo->config.port);
        err_advise(err, "Choose another port, or 0 for any free one.");
        server_stop(server);
        return NULL;
    }
    demo->config.port = info->port;
    server->daemon6 = listen_on_ipv6(server, certificate);
    listen_plainly(server);
    return server;
}

void server_stop(struct server *server)
{
    if (server) {
        atomic_store(&server->stopping, true);
        /* A Receive of remote PowerShell may wait for minutes, and the threads are joined. */
        pthread_mutex_lock(&server->demo->lock);
        if (server->demo->rest) {
            rps_stop(rest_rps(server->demo->rest));
        }
        pthread_mutex_unlock(&server->demo->lock);
        if (server->daemon) {
            MHD_stop_daemon(server->daemon);
        }
        if (server->plain) {
            MHD_stop_daemon(server->plain);
        }
        if (server->daemon6) {
            MHD_stop_daemon(server->daemon6);
        }
        free(server);
    }
}
