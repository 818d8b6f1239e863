#include "net/http.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/private_memory.h"
#include "net/http_body.h"
#include "net/http_failure.h"
#include "net/http_jar.h"
#include "net/http_parts.h"

#define CONNECT_LIMIT_S 20
#define DEFAULT_LIMIT_S 60
#define HURRIED_MS 500          /* for a farewell: a server that answers does so in less */
#define DEFAULT_MAX_BODY ((size_t)16 * 1024 * 1024)
#define MAX_HEADER_BYTES ((size_t)256 * 1024)
#define RECEIVE_BUFFER (256L * 1024)
#define LONGEST_WAIT_MS (24 * 3600 * 1000)      /* curl wants a limit; a day is as good as none */
#define ACCEPTED_ENCODING "gzip"

struct http_transfer {
    struct http *http;
    CURL *easy;
    struct curl_slist *headers;         /* of the request, without the bearer */
    struct http_body body;
    struct http_handlers handlers;
    void *context;
    struct http_response response;
    struct http_lines lines;
    size_t header_bytes;
    size_t max_body, received;
    size_t over;                        /* the cap that the answer went past; 0 = none */
    bool head_told, stopped_by_handler;
    bool observed;                      /* the observer has heard of its end */
    bool dead;                          /* cancelled: no callback any more, freed by settle */
    bool waiting;                       /* not given to curl yet */
    bool resuming;                      /* to be resumed by settle */
    bool direct;                        /* by no proxy, whatever is configured */
    bool farewell;                      /* http_settle waits for it */
    struct http_jar *jar;
    char error[CURL_ERROR_SIZE];
    char *method, *url, *purpose, *client_request_id;
    void *tag;
    int64_t started_unix, started_ms;
    struct http_transfer *next;
};

struct http {
    CURLM *multi;
    struct http_watches watches;
    struct timers *timers;
    char *ca_file, *proxy, *user_agent;
    struct http_transfer *transfers;
    struct http_hold *holds;
    http_observer *observer;
    void *observer_context;
    bool turning;       /* inside http_turn, where curl must not be told to add or drop transfers */
    bool told;          /* a callback came in this turn */
};

/* ---- headers of the answer ---- */

const char *http_header(const struct http_response *response, const char *name)
{
    const char *value = http_lines_last(&response->transfer->lines, name);
    return value ? value : "";
}

const char *http_header_next(const struct http_response *response, const char *name, size_t *index)
{
    return http_lines_next(&response->transfer->lines, name, index);
}

static size_t on_header(char *data, size_t size, size_t count, void *context)
{
    struct http_transfer *transfer = context;
    struct str line = str_trim((struct str){ data, size * count }), name;
    transfer->header_bytes += size * count;
    if (transfer->header_bytes > MAX_HEADER_BYTES) {
        transfer->over = MAX_HEADER_BYTES;
    }
    if (transfer->dead || transfer->over) {
        return 0;
    }
    /* A status line starts anew: of an interim answer (1xx, a proxy's 200) nothing is kept. */
    if (str_starts(line, STR("HTTP/"))) {
        http_lines_clear(&transfer->lines);
    } else if (str_cut(&line, ':', &name)) {
        http_lines_add(&transfer->lines, name, str_trim(line));
    }
    return size * count;
}

/* ---- callbacks ---- */

static void tell_head(struct http_transfer *transfer)
{
    long status = 0;
    if (transfer->head_told || transfer->dead) {
        return;
    }
    transfer->head_told = transfer->http->told = true;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    transfer->response.status = (int)status;
    if (transfer->handlers.head) {
        transfer->handlers.head(transfer->context, &transfer->response);
    }
}

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    struct http_transfer *transfer = context;
    size_t length = size * count;
    tell_head(transfer);
    transfer->received += length;
    if (transfer->max_body != SIZE_MAX && transfer->received > transfer->max_body) {
        transfer->over = transfer->max_body;
        return 0;
    }
    if (transfer->dead) {
        return 0;
    }
    if (transfer->handlers.body) {
        transfer->http->told = true;
        transfer->stopped_by_handler = !transfer->handlers.body(transfer->context, (struct str){ data, length });
    }
    return transfer->stopped_by_handler || transfer->dead ? 0 : length;
}

/* ---- failures ---- */

static const struct { CURLcode code; enum http_failure_kind kind; } failure_kinds[] = {
    { CURLE_PEER_FAILED_VERIFICATION, HTTP_BAD_CERTIFICATE },
    { CURLE_COULDNT_CONNECT, HTTP_NO_CONNECTION },
    { CURLE_OPERATION_TIMEDOUT, HTTP_TOO_SLOW },
    { CURLE_RECV_ERROR, HTTP_BROKEN },
    { CURLE_SEND_ERROR, HTTP_BROKEN },
    { CURLE_SEND_FAIL_REWIND, HTTP_BROKEN },
    { CURLE_HTTP2, HTTP_BROKEN },
    { CURLE_HTTP2_STREAM, HTTP_BROKEN },
    { CURLE_SSL_CONNECT_ERROR, HTTP_NO_TLS },
    { CURLE_SSL_CACERT_BADFILE, HTTP_BAD_CA_FILE },
    { CURLE_COULDNT_RESOLVE_HOST, HTTP_UNKNOWN_HOST },
    { CURLE_COULDNT_RESOLVE_PROXY, HTTP_UNKNOWN_PROXY },
    { CURLE_PROXY, HTTP_PROXY_FAILED },
    { CURLE_GOT_NOTHING, HTTP_NOTHING_CAME },
    { CURLE_PARTIAL_FILE, HTTP_CUT_SHORT },
    { CURLE_BAD_CONTENT_ENCODING, HTTP_NOT_UNPACKED },
    { CURLE_WEIRD_SERVER_REPLY, HTTP_NOT_HTTP },
    { CURLE_UNSUPPORTED_PROTOCOL, HTTP_NOT_HTTP },
};

static enum http_failure_kind failure_kind(CURLcode code)
{
    for (size_t i = 0; i < sizeof failure_kinds / sizeof *failure_kinds; i++) {
        if (failure_kinds[i].code == code) {
            return failure_kinds[i].kind;
        }
    }
    return HTTP_FAILED_OTHERWISE;
}

/* A field of the server's own certificate ("Issuer", "Expire Date"); "?" when it is not known. */
static const char *certificate_field(const struct curl_certinfo *chain, const char *name)
{
    size_t length = strlen(name);
    for (const struct curl_slist *line = chain && chain->num_of_certs > 0 ? chain->certinfo[0] : NULL; line; line = line->next) {
        if (strncmp(line->data, name, length) == 0 && line->data[length] == ':') {
            return line->data + length + 1;
        }
    }
    return "?";
}

static void name_host(const struct http_transfer *transfer, char *to, size_t size)
{
    struct http_url parts;
    if (!http_url_place(transfer->url, &parts)) {
        str_copy(to, size, transfer->url);
    } else if (parts.port == 443) {
        str_copy(to, size, parts.host);
    } else {
        snprintf(to, size, "%s:%d", parts.host, parts.port);
    }
}

/* libcurl says in its words alone whom it could not connect to: "Failed to connect to HOST port N". True when that is not
   the host that was wanted, but the proxy before it. */
static bool names_proxy(const char *words, const char *host, char *proxy, size_t size)
{
    static const struct str start = { "Failed to connect to ", 21 };
    struct str rest = str_of(words), name, port;
    struct http_url wanted;
    if (!str_starts_nocase(rest, start))
        return false;
    rest = str_from(rest, start.len);
    if (!str_cut(&rest, ' ', &name) || !str_starts_nocase(rest, STR("port ")))
        return false;
    rest = str_from(rest, 5);
    str_cut(&rest, ' ', &port);
    snprintf(proxy, size, "%.*s:%.*s", STR_ARG(name), STR_ARG(port));
    char url[512];
    snprintf(url, sizeof url, "https://%s", host);
    return !http_url_parse(url, &wanted) || !str_is_nocase(name, wanted.host);
}

static bool goes_by_proxy(const struct http_transfer *transfer, char *proxy, size_t size)
{
    struct http_url parts;
    return !transfer->direct && http_url_place(transfer->url, &parts) && http_proxy_of(transfer->http->proxy, parts.host, proxy, size);
}

static void describe(const struct http_transfer *transfer, CURLcode code, struct err *err)
{
    char host[300], name[32], proxy[300];
    struct curl_certinfo *chain = NULL;
    curl_off_t connected_us = 0;
    name_host(transfer, host, sizeof host);
    struct http_failure failure = {
        .kind = failure_kind(code), .host = host, .detail = *transfer->error ? transfer->error : curl_easy_strerror(code),
    };
    curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &failure.system_error);
    curl_easy_getinfo(transfer->easy, CURLINFO_SSL_VERIFYRESULT, &failure.verdict);
    /* Zero for the handshake means nothing here: a reused connection has none. */
    curl_easy_getinfo(transfer->easy, CURLINFO_PRETRANSFER_TIME_T, &connected_us);
    curl_easy_getinfo(transfer->easy, CURLINFO_HTTP_CONNECTCODE, &failure.proxy_status);
    curl_easy_getinfo(transfer->easy, CURLINFO_CERTINFO, &chain);
    failure.was_connected = connected_us > 0;
    failure.subject = certificate_field(chain, "Subject");
    failure.issuer = certificate_field(chain, "Issuer");
    failure.starts = certificate_field(chain, "Start Date");
    failure.ends = certificate_field(chain, "Expire Date");
    /* A proxy that refuses looks like a broken connection to curl, and nothing has been sent through it. */
    if (failure.proxy_status >= 400) {
        failure.kind = HTTP_PROXY_REFUSED;
        code = CURLE_PROXY;
    }
    /* Nor has it through one that does not answer as a proxy. */
    if (strncmp(transfer->error, "Proxy CONNECT aborted", 21) == 0) {
        failure.kind = HTTP_PROXY_FAILED;
        code = CURLE_PROXY;
    }
    failure.proxy = names_proxy(transfer->error, host, proxy, sizeof proxy) ? proxy : NULL;
    /* Nor through one that is silent: until its answer to CONNECT, all the waiting was for it. */
    if (failure.kind == HTTP_TOO_SLOW && !failure.was_connected && !failure.proxy_status && goes_by_proxy(transfer, proxy, sizeof proxy)) {
        failure.proxy = proxy;
        code = CURLE_PROXY;
    }
    http_failure_describe(&failure, err);
    snprintf(name, sizeof name, "curl %d", (int)code);
    err_code(err, name);
}

/* ---- the log ---- */

/* As they went out, not as curl is told of them: "Name;" is a header without a value, "Name:" one that is left out. */
static void note_headers(const struct http_transfer *transfer, struct buf *out)
{
    const char *user_agent = transfer->http->user_agent;
    for (const struct curl_slist *item = transfer->headers; item; item = item->next) {
        struct str line = str_of(item->data), name;
        bool valued = str_cut(&line, ':', &name);
        if (valued && line.len) {
            http_redact_line(out, name, str_trim(line));
            user_agent = str_is_nocase(name, "User-Agent") ? NULL : user_agent;
        } else if (!valued && str_ends_nocase(name, STR(";"))) {
            http_redact_line(out, str_take(name, name.len - 1), STR(""));
        }
    }
    http_redact_line(out, STR("Accept-Encoding"), STR(ACCEPTED_ENCODING));
    if (user_agent) {
        http_redact_line(out, STR("User-Agent"), str_of(user_agent));
    }
}

static void observe(struct http_transfer *transfer, const struct err *err)
{
    struct http *http = transfer->http;
    if (!http->observer || transfer->observed) {
        return;
    }
    transfer->observed = true;
    struct buf sent = BUF_INIT(BUF_SMALL), answered = BUF_INIT(BUF_SMALL);
    curl_off_t up = 0, down = 0;
    note_headers(transfer, &sent);
    for (size_t i = 0; i < transfer->lines.count; i++) {
        http_redact_line(&answered, str_of(transfer->lines.items[i].name), str_of(transfer->lines.items[i].value));
    }
    curl_easy_getinfo(transfer->easy, CURLINFO_SIZE_UPLOAD_T, &up);
    curl_easy_getinfo(transfer->easy, CURLINFO_SIZE_DOWNLOAD_T, &down);
    const struct http_exchange exchange = {
        .started_unix = transfer->started_unix,
        .elapsed_ms = clock_ms() - transfer->started_ms,
        .method = transfer->method,
        .url = transfer->url,
        .purpose = transfer->purpose,
        .status = transfer->response.status,
        .sent_bytes = up,
        .received_bytes = down,
        .client_request_id = transfer->client_request_id ? transfer->client_request_id : "",
        .request_id = http_header(&transfer->response, "request-id"),
        .request_headers = buf_cstr(&sent),
        .response_headers = buf_cstr(&answered),
        .request_body = transfer->body.open && transfer->body.bytes ? secret_str(transfer->body.bytes) : STR(""),
        .err = err,
        .tag = transfer->tag,
    };
    http->observer(http->observer_context, &exchange);
    buf_free(&sent);
    buf_free(&answered);
}

/* ---- life of a transfer ---- */

static void transfer_free(struct http_transfer *transfer)
{
    struct http_transfer **link = &transfer->http->transfers;
    while (*link && *link != transfer) {
        link = &(*link)->next;
    }
    if (*link) {
        *link = transfer->next;
    }
    if (transfer->easy) {
        curl_multi_remove_handle(transfer->http->multi, transfer->easy);
        curl_easy_cleanup(transfer->easy);
    }
    curl_slist_free_all(transfer->headers);
    http_body_free(&transfer->body);
    http_jar_free(transfer->jar);
    http_lines_clear(&transfer->lines);
    free(transfer->method);
    free(transfer->url);
    free(transfer->purpose);
    free(transfer->client_request_id);
    free(transfer);
}

/* As a header and not by curl's own option for it: that one leaves a copy in the kept connection. The list's memory is
   wiped when it is freed (private_free). */
static void add_bearer(struct http_transfer *transfer, const struct http_request *request)
{
    size_t size;
    char *line = http_authorization(request->bearer_user, secret_str(request->bearer), &size);
    transfer->headers = curl_slist_append(transfer->headers, line);
    secret_wipe(line, size);
    free(line);
}

static void add_cookies(struct http_transfer *transfer, const struct http_request *request)
{
    size_t size;
    char *line = http_jar_line(request->jar, request->url, &size);
    if (line) {
        transfer->headers = curl_slist_append(transfer->headers, line);
        secret_wipe(line, size);
    }
    free(line);
}

static void add_headers(struct http_transfer *transfer, const struct http_request *request)
{
    for (size_t i = 0; i < HTTP_MAX_HEADERS && request->headers[i].name; i++) {
        const struct http_header *header = &request->headers[i];
        /* curl reads "Name:" as "do not send"; a header without value is written with a semicolon. */
        char *line = *header->value ? mem_format("%s: %s", header->name, header->value) : mem_format("%s;", header->name);
        transfer->headers = curl_slist_append(transfer->headers, line);
        free(line);
        if (strcasecmp(header->name, "client-request-id") == 0) {
            transfer->client_request_id = mem_text(header->value);
        }
    }
    transfer->headers = curl_slist_append(transfer->headers, "Expect:");
    if (request->jar && http_jar_by_hand(request->url)) {
        add_cookies(transfer, request);
    }
    if (request->bearer) {
        add_bearer(transfer, request);
    }
}

static void set_trust(struct http_transfer *transfer, bool metadata)
{
    CURL *easy = transfer->easy;
    const struct http *http = transfer->http;
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, metadata ? "http" : "https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    if (http->ca_file) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, http->ca_file);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
    /* For the words about a bad certificate. */
    curl_easy_setopt(easy, CURLOPT_CERTINFO, 1L);
}

/* Negotiate is PowerShell's word for Kerberos or NTLM, whatever the proxy takes; without a name, curl wants an empty one to begin. */
static void set_proxy_login(CURL *easy, const struct http_proxy_login *login)
{
    static const long schemes[] = {
        [HTTP_PROXY_NEGOTIATE] = (long)(CURLAUTH_NEGOTIATE | CURLAUTH_NTLM), [HTTP_PROXY_BASIC] = (long)CURLAUTH_BASIC,
        [HTTP_PROXY_DIGEST] = (long)CURLAUTH_DIGEST,
    };
    bool named = login->user && *login->user;
    if (login->scheme != HTTP_PROXY_AS_ADDRESSED) {
        curl_easy_setopt(easy, CURLOPT_PROXYAUTH, schemes[login->scheme]);
    }
    if (named) {
        curl_easy_setopt(easy, CURLOPT_PROXYUSERNAME, login->user);
        curl_easy_setopt(easy, CURLOPT_PROXYPASSWORD, secret_str(login->password).data);
    } else if (login->scheme == HTTP_PROXY_NEGOTIATE) {
        curl_easy_setopt(easy, CURLOPT_PROXYUSERPWD, ":");
    }
}

static void set_proxy(struct http_transfer *transfer, const char *host, const struct http_proxy_login *login)
{
    if (http_host_is_local(host)) {
        curl_easy_setopt(transfer->easy, CURLOPT_PROXY, "");
        return;
    }
    if (transfer->http->proxy) {
        curl_easy_setopt(transfer->easy, CURLOPT_PROXY, transfer->http->proxy);
    }
    set_proxy_login(transfer->easy, login);
}

static void set_body(struct http_transfer *transfer, const struct http_request *request)
{
    CURL *easy = transfer->easy;
    if (str_is(str_of(request->method), "POST")) {
        http_body_attach(&transfer->body, request, easy);
    } else {
        curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    }
}

static void set_options(struct http_transfer *transfer, const struct http_request *request)
{
    CURL *easy = transfer->easy;
    curl_easy_setopt(easy, CURLOPT_URL, request->url);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, transfer->http->user_agent);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, ACCEPTED_ENCODING);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)(request->version_1 ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS));
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, request->once ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, RECEIVE_BUFFER);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_LIMIT_S);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)(request->timeout_s > 0 ? request->timeout_s : DEFAULT_LIMIT_S));
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    if (request->jar) {
        http_jar_attach(request->jar, easy, request->url);
        transfer->jar = http_jar_use(request->jar);
    }
}

static bool check_headers(const struct http_request *request, struct err *err)
{
    for (size_t i = 0; i < HTTP_MAX_HEADERS && request->headers[i].name; i++) {
        const struct http_header *header = &request->headers[i];
        if (!http_header_safe(str_of(header->name)) || !http_header_safe(str_of(header->value))) {
            return err_set(err, ERR_INPUT, "There is a line break or another control character in what becomes the header %s.", header->name);
        }
    }
    if (request->bearer && !http_header_safe(secret_str(request->bearer))) {
        return err_set(err, ERR_INPUT, "There is a line break or another control character in the access token.");
    }
    return true;
}

static bool check_request(const struct http_request *request, struct http_url *parts, struct err *err)
{
    if (request->metadata ? !http_metadata_parse(request->url, parts) : !http_url_place(request->url, parts)) {
        return err_set(err, ERR_INPUT, "This is not an %s: %s", request->metadata ? "address of a metadata service" : "https address",
                       request->url);
    }
    if (request->bearer && !http_host_allowed(parts->host, request->bearer_hosts)) {
        err_set(err, ERR_AUTH_DENIED, "The sign-in is not sent to %s: it is no host of this cloud.", parts->host);
        err_advise(err, "Check the connection address. If the service itself named this host, report it.");
        return false;
    }
    return check_headers(request, err);
}

static struct http_transfer *transfer_new(struct http *http, const struct http_request *request,
                                          const struct http_handlers *handlers, void *context)
{
    struct http_transfer *transfer = MEM_NEW(struct http_transfer);
    transfer->http = http;
    transfer->handlers = *handlers;
    transfer->context = context;
    transfer->response.transfer = transfer;
    transfer->max_body = request->max_body ? request->max_body : DEFAULT_MAX_BODY;
    transfer->method = mem_text(request->method);
    transfer->url = mem_text(request->url);
    transfer->purpose = mem_text(request->purpose ? request->purpose : "");
    transfer->tag = request->tag;
    transfer->farewell = request->farewell;
    transfer->direct = request->metadata || request->direct;
    transfer->started_unix = clock_unix();
    transfer->started_ms = clock_ms();
    transfer->easy = curl_easy_init();
    transfer->next = http->transfers;
    http->transfers = transfer;
    add_headers(transfer, request);
    return transfer;
}

/* curl takes no new transfer from inside its own callbacks; one that is sent there waits for settle. */
struct http_transfer *http_send(struct http *http, const struct http_request *request, const struct http_handlers *handlers,
                                void *context, struct err *err)
{
    struct http_url parts;
    if (!check_request(request, &parts, err)) {
        return NULL;
    }
    struct http_transfer *transfer = transfer_new(http, request, handlers, context);
    if (transfer->easy) {
        set_options(transfer, request);
        set_trust(transfer, request->metadata);
        set_proxy(transfer, transfer->direct ? "localhost" : parts.host, &request->proxy_login);
        set_body(transfer, request);
    }
    transfer->waiting = http->turning;
    if (!transfer->easy || (!transfer->waiting && curl_multi_add_handle(http->multi, transfer->easy) != CURLM_OK)) {
        err_set(err, ERR_SYSTEM, "The request to %s cannot be started.", request->url);
        transfer_free(transfer);
        return NULL;
    }
    return transfer;
}

/* Inside a turn a transfer is only marked: curl may be working with it or with another one. */
void http_cancel(struct http_transfer *transfer)
{
    if (!transfer || transfer->dead) {
        return;
    }
    struct err err;
    err_set(&err, ERR_CANCELLED, "Cancelled.");
    transfer->dead = true;
    observe(transfer, &err);
    if (!transfer->http->turning) {
        transfer_free(transfer);
    }
}

/* Resuming hands out what curl kept, in callbacks; so that they never come from here, the next turn does it. */
void http_pause(struct http_transfer *transfer, bool paused)
{
    transfer->resuming = !paused;
    if (paused && !transfer->dead) {
        curl_easy_pause(transfer->easy, CURLPAUSE_RECV);
    }
}

/* The end of a transfer that curl is done with. */
static void finish(struct http_transfer *transfer, CURLcode code)
{
    struct err err = { 0 };
    transfer->http->told = true;
    if (transfer->stopped_by_handler) {
        err_set(&err, ERR_CANCELLED, "Cancelled.");
    } else if (transfer->over) {
        err_set(&err, ERR_PROTOCOL, "The answer is larger than %zu bytes, which is more than is taken.", transfer->over);
    } else if (code != CURLE_OK) {
        describe(transfer, code, &err);
    } else {
        tell_head(transfer);
    }
    const struct err *told = err.kind == ERR_NONE ? NULL : &err;
    observe(transfer, told);
    http_jar_keep(transfer->jar, transfer->easy, transfer->url);
    if (!transfer->dead) {
        transfer->handlers.done(transfer->context, &transfer->response, told);
    }
    transfer_free(transfer);
}

/* ---- the wait ---- */

/* Between curl's calls: frees what was cancelled, gives curl what was sent, resumes what was paused. */
static void settle(struct http *http)
{
    for (struct http_transfer *transfer = http->transfers, *next; transfer; transfer = next) {
        CURLcode code = CURLE_OK;
        next = transfer->next;
        if (transfer->dead) {
            transfer_free(transfer);
            continue;
        }
        if (transfer->waiting) {
            transfer->waiting = false;
            code = curl_multi_add_handle(http->multi, transfer->easy) == CURLM_OK ? CURLE_OK : CURLE_FAILED_INIT;
        }
        if (transfer->resuming && code == CURLE_OK) {
            transfer->resuming = false;
            code = curl_easy_pause(transfer->easy, CURLPAUSE_CONT);
        }
        if (code != CURLE_OK) {
            finish(transfer, code);
        }
    }
}

static void finish_completed(struct http *http)
{
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(http->multi, &left));) {
        char *private = NULL;
        CURLcode code = message->data.result;
        if (message->msg == CURLMSG_DONE && curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private) == CURLE_OK) {
            finish((struct http_transfer *)(void *)private, code);
        }
    }
}

static void perform(struct http *http)
{
    int running = 0;
    settle(http);
    curl_multi_perform(http->multi, &running);
    finish_completed(http);
}

/* curl shortens the wait by its own deadlines. */
static int wait_ms(const struct http *http, int timeout_ms)
{
    int64_t next = timers_next_ms(http->timers);
    int wait = timeout_ms >= 0 && timeout_ms < LONGEST_WAIT_MS ? timeout_ms : LONGEST_WAIT_MS;
    if (http->told) {
        return 0;
    }
    return next >= 0 && next < wait ? (int)next : wait;
}

/* Sending leaves copies of the request on the stack of the libraries, below the frames of http_turn. */
__attribute__((noinline)) static void scrub_stack(void)
{
    char below[64 * 1024];
    secret_wipe(below, sizeof below);
}

/* ---- other descriptors ---- */

bool http_watch(struct http *http, int fd, void (*readable)(void *), void *context, struct err *err)
{
    return http_watches_add(&http->watches, fd, readable, context) || err_set(err, ERR_SYSTEM, "Too many connections are waited for at once.");
}

void http_unwatch(struct http *http, int fd)
{
    http_watches_drop(&http->watches, fd);
}

bool http_turn(struct http *http, int extra_fd, int timeout_ms)
{
    struct curl_waitfd waited[HTTP_WATCHES_MOST + 1];
    size_t count = http->watches.count;
    int ready = 0;
    for (size_t i = 0; i < count; i++) {
        waited[i] = (struct curl_waitfd){ .fd = http->watches.items[i].fd, .events = CURL_WAIT_POLLIN };
    }
    waited[count] = (struct curl_waitfd){ .fd = extra_fd, .events = CURL_WAIT_POLLIN };
    http->turning = true;
    http->told = false;
    perform(http);
    curl_multi_poll(http->multi, waited, (unsigned)count + (extra_fd >= 0), wait_ms(http, timeout_ms), &ready);
    perform(http);
    for (size_t i = 0; i < count; i++) {
        if (waited[i].revents) {
            http_watches_call(&http->watches, waited[i].fd);
        }
    }
    timers_run(http->timers);
    settle(http);
    scrub_stack();
    http->turning = false;
    return waited[count].revents != 0;
}

static struct http_transfer *next_farewell(struct http_transfer *transfer)
{
    while (transfer && (transfer->dead || !transfer->farewell)) {
        transfer = transfer->next;
    }
    return transfer;
}

void http_hold(struct http *http, struct http_hold *hold)
{
    hold->next = http->holds;
    http->holds = hold;
}

void http_let_go(struct http *http, struct http_hold *hold)
{
    struct http_hold **at = &http->holds;
    while (*at && *at != hold) {
        at = &(*at)->next;
    }
    if (*at) {
        *at = hold->next;
    }
}

/* Each is out of the list before it is told: it may be gone afterwards. */
static void hurry_all(struct http *http)
{
    for (struct http_hold *hold; (hold = http->holds);) {
        http->holds = hold->next;
        hold->hurry(hold->context);
    }
}

/* Whoever said farewell ends itself when it is told, and so must be told. What wakes the descriptor again changes nothing. */
void http_settle(struct http *http, int hurry_fd, int timeout_ms)
{
    int64_t now = clock_ms(), until = now + timeout_ms;
    while ((http->holds || next_farewell(http->transfers)) && now < until) {
        bool hurry = http_turn(http, hurry_fd, (int)(until - now));
        now = clock_ms();
        if (hurry) {
            hurry_fd = -1;
            hurry_all(http);
            until = until < now + HURRIED_MS ? until : now + HURRIED_MS;
        }
    }
    hurry_all(http);
    for (struct http_transfer *transfer; (transfer = next_farewell(http->transfers));) {
        finish(transfer, CURLE_OPERATION_TIMEDOUT);
    }
}

/* ---- life ---- */

struct http *http_new(const struct http_config *config, struct err *err)
{
    /* curl's memory holds copies of tokens, passwords and answers. */
    if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, private_malloc, private_free, private_realloc, private_strdup, private_calloc) != CURLE_OK) {
        err_set(err, ERR_SYSTEM, "libcurl cannot be started.");
        return NULL;
    }
    struct http *http = MEM_NEW(struct http);
    http->multi = curl_multi_init();
    http->timers = config->timers;
    http->ca_file = mem_text(config->ca_file);
    http->proxy = mem_text(config->proxy);
    http->user_agent = mem_text(config->user_agent ? config->user_agent : "purvey/" PURVEY_VERSION);
    if (!http->multi) {
        err_set(err, ERR_SYSTEM, "libcurl cannot be started.");
        http_free(http);
        return NULL;
    }
    return http;
}

void http_free(struct http *http)
{
    if (!http) {
        return;
    }
    while (http->transfers) {
        transfer_free(http->transfers);
    }
    curl_multi_cleanup(http->multi);
    free(http->ca_file);
    free(http->proxy);
    free(http->user_agent);
    free(http);
    curl_global_cleanup();
}

void http_observe(struct http *http, http_observer *observer, void *context)
{
    http->observer = observer;
    http->observer_context = context;
}
