#include "net/http.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"

#define CONNECT_LIMIT_S 20
#define DEFAULT_LIMIT_S 60
#define DEFAULT_MAX_BODY ((size_t)16 * 1024 * 1024)
#define MAX_RESPONSE_HEADERS 128
#define MAX_HEADER_BYTES ((size_t)256 * 1024)
#define RECEIVE_BUFFER (256L * 1024)

struct header_line { char *name, *value; };

struct http_transfer {
    struct http *http;
    CURL *easy;
    struct curl_slist *headers;         /* of the request, without the bearer */
    struct secret *body, *bearer_line;
    struct http_handlers handlers;
    void *context;
    struct http_response response;
    struct header_line lines[MAX_RESPONSE_HEADERS];
    size_t line_count, header_bytes;
    size_t max_body, received;
    bool head_told, dead, in_callback, stopped_by_handler, too_large;
    char error[CURL_ERROR_SIZE];
    char *method, *url, *client_request_id;
    void *tag;
    int64_t started_unix, started_ms;
    struct http_transfer *next;
};

struct http {
    CURLM *multi;
    struct timers *timers;
    char *ca_file, *proxy, *user_agent;
    struct http_transfer *transfers;
    http_observer *observer;
    void *observer_context;
};

struct http_jar { CURLSH *share; };

/* ---- addresses ---- */

static bool copy_part(CURLU *handle, CURLUPart part, unsigned flags, char *to, size_t size)
{
    char *text = NULL;
    if (curl_url_get(handle, part, &text, flags) != CURLUE_OK) {
        to[0] = '\0';
        return true;
    }
    bool fits = strlen(text) < size;
    str_copy(to, size, text);
    curl_free(text);
    return fits;
}

bool http_url_parse(const char *url, struct http_url *parts)
{
    CURLU *handle = curl_url();
    char user[8] = "", scheme[16] = "", port[8] = "";
    int64_t number = 0;
    bool good = handle && curl_url_set(handle, CURLUPART_URL, url, 0) == CURLUE_OK &&
                copy_part(handle, CURLUPART_SCHEME, 0, scheme, sizeof scheme) && str_is_nocase(str_of(scheme), "https") &&
                copy_part(handle, CURLUPART_USER, 0, user, sizeof user) && !*user &&
                copy_part(handle, CURLUPART_HOST, 0, parts->host, sizeof parts->host) && *parts->host &&
                copy_part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT, port, sizeof port) &&
                str_to_int64(str_of(port), 1, 65535, &number) &&
                copy_part(handle, CURLUPART_PATH, 0, parts->path, sizeof parts->path) &&
                copy_part(handle, CURLUPART_QUERY, 0, parts->query, sizeof parts->query);
    curl_url_cleanup(handle);
    parts->port = (int)number;
    for (char *c = parts->host; good && *c; c++) {
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + ('a' - 'A')) : *c;
    }
    return good;
}

bool http_url_join(const char *base, const char *location, struct buf *out)
{
    CURLU *handle = curl_url();
    char *text = NULL;
    bool good = handle && curl_url_set(handle, CURLUPART_URL, base, 0) == CURLUE_OK &&
                curl_url_set(handle, CURLUPART_URL, location, 0) == CURLUE_OK &&
                curl_url_get(handle, CURLUPART_URL, &text, 0) == CURLUE_OK && buf_text(out, text);
    curl_free(text);
    curl_url_cleanup(handle);
    return good;
}

void http_form_add(struct buf *form, const char *name, struct str value)
{
    static const char digits[] = "0123456789ABCDEF";
    if (form->len) {
        buf_char(form, '&');
    }
    buf_text(form, name);
    buf_char(form, '=');
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.data[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c && strchr("-._~", c));
        if (plain) {
            buf_char(form, (char)c);
        } else {
            const char escape[] = { '%', digits[c >> 4], digits[c & 0x0F] };
            buf_add(form, (struct str){ escape, sizeof escape });
        }
    }
}

static bool host_allowed(const char *host, const char *const *suffixes)
{
    struct str name = str_of(host);
    for (; suffixes && *suffixes; suffixes++) {
        struct str suffix = str_of(*suffixes);
        bool whole = str_eq_nocase(name, suffix);
        bool below = name.len > suffix.len && str_ends_nocase(name, suffix) && host[name.len - suffix.len - 1] == '.';
        if (suffix.len && (whole || below)) {
            return true;
        }
    }
    return false;
}

/* ---- headers of the answer ---- */

const char *http_header(const struct http_response *response, const char *name)
{
    const struct http_transfer *transfer = response->transfer;
    for (size_t i = transfer->line_count; i > 0; i--) {
        if (strcasecmp(transfer->lines[i - 1].name, name) == 0) {
            return transfer->lines[i - 1].value;
        }
    }
    return "";
}

const char *http_header_next(const struct http_response *response, const char *name, size_t *index)
{
    const struct http_transfer *transfer = response->transfer;
    while (*index < transfer->line_count) {
        const struct header_line *line = &transfer->lines[(*index)++];
        if (strcasecmp(line->name, name) == 0) {
            return line->value;
        }
    }
    return NULL;
}

static void forget_lines(struct http_transfer *transfer)
{
    for (size_t i = 0; i < transfer->line_count; i++) {
        free(transfer->lines[i].name);
        free(transfer->lines[i].value);
    }
    transfer->line_count = 0;
}

static size_t on_header(char *data, size_t size, size_t count, void *context)
{
    struct http_transfer *transfer = context;
    struct str line = str_trim((struct str){ data, size * count }), name;
    transfer->header_bytes += size * count;
    if (transfer->dead || transfer->header_bytes > MAX_HEADER_BYTES) {
        return 0;
    }
    /* A status line starts anew: of an interim answer (1xx, a proxy's 200) nothing is kept. */
    if (str_starts(line, STR("HTTP/"))) {
        forget_lines(transfer);
    } else if (str_cut(&line, ':', &name) && transfer->line_count < MAX_RESPONSE_HEADERS) {
        transfer->lines[transfer->line_count++] = (struct header_line){ str_dup(name), str_dup(str_trim(line)) };
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
    transfer->head_told = true;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    transfer->response.status = (int)status;
    if (transfer->handlers.head) {
        transfer->in_callback = true;
        transfer->handlers.head(transfer->context, &transfer->response);
        transfer->in_callback = false;
    }
}

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    struct http_transfer *transfer = context;
    size_t length = size * count;
    tell_head(transfer);
    transfer->received += length;
    if (transfer->max_body != SIZE_MAX && transfer->received > transfer->max_body) {
        transfer->too_large = true;
        return 0;
    }
    if (transfer->dead) {
        return 0;
    }
    if (transfer->handlers.body) {
        transfer->in_callback = true;
        transfer->stopped_by_handler = !transfer->handlers.body(transfer->context, (struct str){ data, length });
        transfer->in_callback = false;
    }
    return transfer->stopped_by_handler || transfer->dead ? 0 : length;
}

/* ---- errors ---- */

static void tls_error(const struct http_transfer *transfer, const char *host, struct err *err)
{
    bool name = strstr(transfer->error, "host name") || strstr(transfer->error, "hostname") || strstr(transfer->error, "does not match");
    bool expired = strstr(transfer->error, "expired") || strstr(transfer->error, "not yet");
    if (name) {
        err_set(err, ERR_TLS, "The certificate that %s shows is for another host.", host);
        err_advise(err, "Something stands between this machine and the service, or the address is wrong. Nothing was sent.");
    } else if (expired) {
        err_set(err, ERR_TLS, "The certificate of %s is out of its time.", host);
        err_advise(err, "Check this machine's clock; otherwise the server has to renew its certificate.");
    } else {
        err_set(err, ERR_TLS, "The certificate of %s is not trusted: %s", host, *transfer->error ? transfer->error : "verification failed");
        err_advise(err, "If a proxy of your organization inspects TLS, give its certificate with --ca-file FILE. Nothing was sent.");
    }
}

struct code_row { CURLcode code; enum err_kind kind; const char *text, *advice; };

static const struct code_row code_rows[] = {
    { CURLE_COULDNT_RESOLVE_HOST, ERR_NETWORK, "The name %s cannot be found.",
      "Check the address, the DNS of this machine, and whether a proxy is needed (https_proxy or --proxy)." },
    { CURLE_COULDNT_RESOLVE_PROXY, ERR_NETWORK, "The proxy for %s cannot be found.", "Check https_proxy or --proxy." },
    { CURLE_COULDNT_CONNECT, ERR_NETWORK, "Cannot connect to %s.",
      "The server may be down, or a firewall is in the way; a proxy may be needed (https_proxy or --proxy)." },
    { CURLE_OPERATION_TIMEDOUT, ERR_NETWORK, "%s did not answer in time.", "Try again; --timeout gives a request more time." },
    { CURLE_GOT_NOTHING, ERR_NETWORK, "%s closed the connection without an answer.", "Try again." },
    { CURLE_RECV_ERROR, ERR_NETWORK, "The connection to %s broke while reading.", "Try again." },
    { CURLE_SEND_ERROR, ERR_NETWORK, "The connection to %s broke while sending.", "Try again." },
    { CURLE_PARTIAL_FILE, ERR_NETWORK, "%s ended its answer too early.", "Try again." },
    { CURLE_HTTP2, ERR_NETWORK, "The connection to %s broke (HTTP/2).", "Try again." },
    { CURLE_HTTP2_STREAM, ERR_NETWORK, "The connection to %s broke (HTTP/2).", "Try again." },
    { CURLE_BAD_CONTENT_ENCODING, ERR_PROTOCOL, "The answer of %s cannot be unpacked.", "Something on the way may have changed it." },
    { CURLE_WEIRD_SERVER_REPLY, ERR_PROTOCOL, "What answers at %s does not speak HTTP.", "Check the address and the port." },
    { CURLE_UNSUPPORTED_PROTOCOL, ERR_INPUT, "The address of %s is not an https address.", "Only https is spoken." },
    { CURLE_SSL_CACERT_BADFILE, ERR_INPUT, "The certificates to trust cannot be read (needed for %s).", "Check --ca-file." },
};

static void describe(const struct http_transfer *transfer, CURLcode code, struct err *err)
{
    struct http_url parts;
    const char *host = http_url_parse(transfer->url, &parts) ? parts.host : transfer->url;
    char name[64];
    if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CONNECT_ERROR) {
        tls_error(transfer, host, err);
    } else {
        err_set(err, ERR_NETWORK, "The request to %s failed: %s.", host, curl_easy_strerror(code));
        for (size_t i = 0; i < sizeof code_rows / sizeof *code_rows; i++) {
            if (code_rows[i].code == code) {
                struct buf text = BUF_INIT(1024);
                struct str format = str_of(code_rows[i].text), before;
                str_cut(&format, '%', &before);
                buf_add(&text, before);
                buf_text(&text, host);
                buf_add(&text, str_from(format, 1));
                err_set(err, code_rows[i].kind, "%s", buf_cstr(&text));
                err_advise(err, "%s", code_rows[i].advice);
                buf_free(&text);
            }
        }
    }
    snprintf(name, sizeof name, "curl %d", (int)code);
    err_code(err, name);
}

/* ---- the log ---- */

static bool is_secret_header(struct str name)
{
    static const char *const names[] = { "authorization", "cookie", "set-cookie", "proxy-authorization", "x-control-key" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_is_nocase(name, names[i])) {
            return true;
        }
    }
    return false;
}

static void add_line(struct buf *out, struct str name, struct str value)
{
    buf_add(out, name);
    buf_text(out, ": ");
    buf_add(out, is_secret_header(name) ? STR("***") : value);
    buf_char(out, '\n');
}

static void observe(struct http_transfer *transfer, const struct err *err)
{
    struct http *http = transfer->http;
    if (!http->observer) {
        return;
    }
    struct buf sent = BUF_INIT(BUF_SMALL), answered = BUF_INIT(BUF_SMALL);
    curl_off_t up = 0, down = 0;
    for (const struct curl_slist *item = transfer->headers; item; item = item->next) {
        struct str line = str_of(item->data), name;
        str_cut(&line, ':', &name);
        add_line(&sent, name, str_trim(line));
    }
    if (transfer->bearer_line) {
        add_line(&sent, STR("Authorization"), STR("***"));
    }
    for (size_t i = 0; i < transfer->line_count; i++) {
        add_line(&answered, str_of(transfer->lines[i].name), str_of(transfer->lines[i].value));
    }
    curl_easy_getinfo(transfer->easy, CURLINFO_SIZE_UPLOAD_T, &up);
    curl_easy_getinfo(transfer->easy, CURLINFO_SIZE_DOWNLOAD_T, &down);
    const struct http_exchange exchange = {
        .started_unix = transfer->started_unix,
        .elapsed_ms = clock_ms() - transfer->started_ms,
        .method = transfer->method,
        .url = transfer->url,
        .status = transfer->response.status,
        .sent_bytes = up,
        .received_bytes = down,
        .client_request_id = transfer->client_request_id ? transfer->client_request_id : "",
        .request_id = http_header(&transfer->response, "request-id"),
        .request_headers = buf_cstr(&sent),
        .response_headers = buf_cstr(&answered),
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
    secret_free(transfer->body);
    secret_free(transfer->bearer_line);
    forget_lines(transfer);
    free(transfer->method);
    free(transfer->url);
    free(transfer->client_request_id);
    free(transfer);
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
}

static void set_trust(struct http_transfer *transfer)
{
    CURL *easy = transfer->easy;
    const struct http *http = transfer->http;
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    if (http->ca_file) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, http->ca_file);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
    if (http->proxy) {
        curl_easy_setopt(easy, CURLOPT_PROXY, http->proxy);
    }
}

static void set_body(struct http_transfer *transfer, const struct http_request *request)
{
    CURL *easy = transfer->easy;
    if (str_is(str_of(request->method), "POST")) {
        transfer->body = secret_new(request->body);
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, secret_str(transfer->body).data);
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
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
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
    if (request->bearer) {
        /* The option copies the token into curl's own memory; it is freed with the handle right after the transfer. */
        curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER);
        curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, secret_str(request->bearer).data);
        transfer->bearer_line = secret_new(STR("set"));
    }
    if (request->jar) {
        curl_easy_setopt(easy, CURLOPT_SHARE, request->jar->share);
        curl_easy_setopt(easy, CURLOPT_COOKIEFILE, "");
    }
}

static bool check_request(const struct http_request *request, struct err *err)
{
    struct http_url parts;
    if (!http_url_parse(request->url, &parts)) {
        return err_set(err, ERR_INPUT, "This is not an https address: %s", request->url);
    }
    if (request->bearer && !host_allowed(parts.host, request->bearer_hosts)) {
        err_set(err, ERR_AUTH_DENIED, "The sign-in is not sent to %s: it is no host of this cloud.", parts.host);
        err_advise(err, "Check the connection address. If the service itself named this host, report it.");
        return false;
    }
    return true;
}

struct http_transfer *http_send(struct http *http, const struct http_request *request, const struct http_handlers *handlers,
                                void *context, struct err *err)
{
    if (!check_request(request, err)) {
        return NULL;
    }
    struct http_transfer *transfer = MEM_NEW(struct http_transfer);
    transfer->http = http;
    transfer->handlers = *handlers;
    transfer->context = context;
    transfer->response.transfer = transfer;
    transfer->max_body = request->max_body ? request->max_body : DEFAULT_MAX_BODY;
    transfer->method = mem_text(request->method);
    transfer->url = mem_text(request->url);
    transfer->tag = request->tag;
    transfer->started_unix = clock_unix();
    transfer->started_ms = clock_ms();
    transfer->easy = curl_easy_init();
    transfer->next = http->transfers;
    http->transfers = transfer;
    add_headers(transfer, request);
    if (transfer->easy) {
        set_options(transfer, request);
        set_trust(transfer);
        set_body(transfer, request);
    }
    if (!transfer->easy || curl_multi_add_handle(http->multi, transfer->easy) != CURLM_OK) {
        err_set(err, ERR_SYSTEM, "The request to %s cannot be started.", request->url);
        transfer_free(transfer);
        return NULL;
    }
    return transfer;
}

/* From inside its own callback a transfer is only marked: curl is still working with it. */
void http_cancel(struct http_transfer *transfer)
{
    if (!transfer || transfer->dead) {
        return;
    }
    transfer->dead = true;
    if (!transfer->in_callback) {
        struct err err;
        err_set(&err, ERR_CANCELLED, "Cancelled.");
        observe(transfer, &err);
        transfer_free(transfer);
    }
}

void http_pause(struct http_transfer *transfer, bool paused)
{
    if (!transfer->dead) {
        curl_easy_pause(transfer->easy, paused ? CURLPAUSE_RECV : CURLPAUSE_CONT);
    }
}

static void finish(struct http_transfer *transfer, CURLcode code)
{
    struct err err = { 0 };
    if (transfer->dead || transfer->stopped_by_handler) {
        err_set(&err, ERR_CANCELLED, "Cancelled.");
    } else if (transfer->too_large) {
        err_set(&err, ERR_PROTOCOL, "The answer is larger than %zu bytes, which is more than is taken.", transfer->max_body);
    } else if (code != CURLE_OK) {
        describe(transfer, code, &err);
    }
    const struct err *told = err.kind == ERR_NONE ? NULL : &err;
    if (!told) {
        tell_head(transfer);
    }
    observe(transfer, told);
    if (!transfer->dead) {
        transfer->in_callback = true;
        transfer->handlers.done(transfer->context, &transfer->response, told);
    }
    transfer_free(transfer);
}

/* ---- the wait ---- */

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

bool http_turn(struct http *http, int extra_fd, int timeout_ms)
{
    struct curl_waitfd extra = { .fd = extra_fd, .events = CURL_WAIT_POLLIN };
    int64_t next = timers_next_ms(http->timers);
    int running = 0, ready = 0;
    curl_multi_perform(http->multi, &running);
    finish_completed(http);
    if (next >= 0 && (timeout_ms < 0 || next < timeout_ms)) {
        timeout_ms = next < 60000 ? (int)next : 60000;
    }
    /* curl_multi_poll needs a limit; a day is as good as none, and curl's own deadlines shorten it by themselves. */
    curl_multi_poll(http->multi, &extra, extra_fd >= 0 ? 1 : 0, timeout_ms < 0 ? 24 * 3600 * 1000 : timeout_ms, &ready);
    curl_multi_perform(http->multi, &running);
    finish_completed(http);
    timers_run(http->timers);
    return extra.revents != 0;
}

/* ---- life ---- */

struct http *http_new(const struct http_config *config, struct err *err)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
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

struct http_jar *http_jar_new(void)
{
    struct http_jar *jar = MEM_NEW(struct http_jar);
    jar->share = curl_share_init();
    curl_share_setopt(jar->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE);
    return jar;
}

void http_jar_free(struct http_jar *jar)
{
    if (jar) {
        curl_share_cleanup(jar->share);
        free(jar);
    }
}
