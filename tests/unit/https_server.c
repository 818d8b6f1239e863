#include "https_server.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 256, BLOCK = 64 * 1024 };

struct https_server {
    struct MHD_Daemon *daemon;
    pthread_mutex_t lock;
    struct https_reply replies[MOST];
    size_t reply_count, next_reply;
    struct https_seen seen[MOST];
    size_t seen_count;
    struct MHD_Connection *held[MOST];      /* suspended connections */
    size_t held_count;
    bool released, stopping;
    char ca_file[64];
    char *certificate, *key;
    int port;
};

static void must(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "https_server: %s failed\n", what);
        abort();
    }
}

/* ---- certificates ---- */

static gnutls_x509_privkey_t new_key(void)
{
    gnutls_x509_privkey_t key;
    unsigned bits = GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1);
    must(gnutls_x509_privkey_init(&key) == 0, "key");
    must(gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, bits, 0) == 0, "key");
    return key;
}

static gnutls_x509_crt_t new_certificate(gnutls_x509_privkey_t key, const char *name, unsigned char serial)
{
    gnutls_x509_crt_t certificate;
    must(gnutls_x509_crt_init(&certificate) == 0, "certificate");
    gnutls_x509_crt_set_version(certificate, 3);
    gnutls_x509_crt_set_key(certificate, key);
    gnutls_x509_crt_set_serial(certificate, &serial, 1);
    gnutls_x509_crt_set_activation_time(certificate, time(NULL) - 3600);
    gnutls_x509_crt_set_expiration_time(certificate, time(NULL) + 86400);
    gnutls_x509_crt_set_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name, (unsigned)strlen(name));
    return certificate;
}

static char *pem_text(gnutls_datum_t *pem)
{
    char *text = strndup((const char *)pem->data, pem->size);
    gnutls_free(pem->data);
    return text;
}

static void write_ca(struct https_server *server, gnutls_x509_crt_t ca)
{
    gnutls_datum_t pem;
    must(gnutls_x509_crt_export2(ca, GNUTLS_X509_FMT_PEM, &pem) == 0, "export");
    char *text = pem_text(&pem);
    snprintf(server->ca_file, sizeof server->ca_file, "/tmp/purvey-https-ca-XXXXXX");
    int fd = mkstemp(server->ca_file);
    must(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text), "CA file");
    close(fd);
    free(text);
}

static void make_certificates(struct https_server *server, const struct https_certificate *wanted)
{
    gnutls_x509_privkey_t ca_key = new_key(), key = new_key();
    gnutls_x509_crt_t ca = new_certificate(ca_key, "Purvey test CA", 1), leaf = new_certificate(key, wanted->names[0], 2);
    gnutls_datum_t pem;
    gnutls_x509_crt_set_ca_status(ca, 1);
    gnutls_x509_crt_set_key_usage(ca, GNUTLS_KEY_KEY_CERT_SIGN);
    must(gnutls_x509_crt_sign2(ca, ca, ca_key, GNUTLS_DIG_SHA256, 0) == 0, "signing");
    for (size_t i = 0; wanted->names[i]; i++) {
        gnutls_x509_crt_set_subject_alt_name(leaf, GNUTLS_SAN_DNSNAME, wanted->names[i], (unsigned)strlen(wanted->names[i]),
                                             GNUTLS_FSAN_APPEND);
    }
    if (wanted->starts_in_s || wanted->ends_in_s) {
        gnutls_x509_crt_set_activation_time(leaf, time(NULL) + wanted->starts_in_s);
        gnutls_x509_crt_set_expiration_time(leaf, time(NULL) + wanted->ends_in_s);
    }
    gnutls_x509_crt_set_key_purpose_oid(leaf, GNUTLS_KP_TLS_WWW_SERVER, 0);
    must(gnutls_x509_crt_sign2(leaf, wanted->self_signed ? leaf : ca, wanted->self_signed ? key : ca_key, GNUTLS_DIG_SHA256,
                               0) == 0, "signing");
    must(gnutls_x509_crt_export2(leaf, GNUTLS_X509_FMT_PEM, &pem) == 0, "export");
    server->certificate = pem_text(&pem);
    must(gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &pem) == 0, "export");
    server->key = pem_text(&pem);
    write_ca(server, ca);
    gnutls_x509_crt_deinit(ca);
    gnutls_x509_crt_deinit(leaf);
    gnutls_x509_privkey_deinit(ca_key);
    gnutls_x509_privkey_deinit(key);
}

/* ---- requests ---- */

struct upload { char *bytes; size_t length; bool held; };

static enum MHD_Result write_pair(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    if (kind == MHD_GET_ARGUMENT_KIND) {
        fputc(ftell(context) ? '&' : '?', context);
    }
    fprintf(context, kind == MHD_HEADER_KIND ? "%s: %s\n" : "%s=%s", name, value ? value : "");
    return MHD_YES;
}

static char *gather(struct MHD_Connection *connection, enum MHD_ValueKind kind, const char *before)
{
    char *pairs = NULL, *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&pairs, &size);
    MHD_get_connection_values(connection, kind, write_pair, stream);
    fclose(stream);
    must(asprintf(&text, "%s%s", before, pairs) >= 0, "memory");
    free(pairs);
    return text;
}

static int client_port(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    struct sockaddr_in address;
    memcpy(&address, info->client_addr, sizeof address);
    return ntohs(address.sin_port);
}

static void write_down(struct https_server *server, struct MHD_Connection *connection, const char *method, const char *path,
                       const struct upload *upload)
{
    must(server->seen_count < MOST, "room for requests");
    server->seen[server->seen_count++] = (struct https_seen){
        .method = strdup(method),
        .path = gather(connection, MHD_GET_ARGUMENT_KIND, path),
        .body = strndup(upload->bytes ? upload->bytes : "", upload->length),
        .headers = gather(connection, MHD_HEADER_KIND, ""),
        .client_port = client_port(connection),
    };
}

/* ---- answers ---- */

struct sending {
    struct https_server *server;
    struct MHD_Connection *connection;
    struct https_reply reply;
    size_t length;
};

static void hold(struct https_server *server, struct MHD_Connection *connection)
{
    must(server->held_count < MOST, "room for held connections");
    MHD_suspend_connection(connection);
    server->held[server->held_count++] = connection;
}

static ssize_t send_part(void *context, uint64_t position, char *buffer, size_t max)
{
    struct sending *sending = context;
    struct https_server *server = sending->server;
    pthread_mutex_lock(&server->lock);
    bool partly = sending->reply.manner == HTTPS_CUT || (sending->reply.manner == HTTPS_STALLED && !server->released);
    size_t part_end = sending->reply.part ? sending->reply.part : sending->length / 2;
    size_t end = partly ? part_end : sending->length, start = (size_t)position;
    bool stalled = partly && start >= end && sending->reply.manner == HTTPS_STALLED && !server->stopping;
    if (stalled) {
        hold(server, sending->connection);
    }
    pthread_mutex_unlock(&server->lock);
    if (start >= end) {
        return stalled ? 0 : MHD_CONTENT_READER_END_WITH_ERROR;
    }
    size_t part = end - start < max ? end - start : max;
    for (size_t i = 0; i < part; i++) {
        buffer[i] = sending->reply.generated ? (char)('a' + (start + i) % 23) : sending->reply.body[start + i];
    }
    return (ssize_t)part;
}

static enum MHD_Result answer(struct https_server *server, struct MHD_Connection *connection, const struct https_reply *reply)
{
    struct sending *sending = malloc(sizeof *sending);
    size_t length = reply->generated ? reply->generated : reply->length;
    *sending = (struct sending){ server, connection, *reply, length };
    struct MHD_Response *response = MHD_create_response_from_callback(length, BLOCK, send_part, sending, free);
    for (size_t i = 0; i < 6 && reply->headers[i][0]; i++) {
        MHD_add_response_header(response, reply->headers[i][0], reply->headers[i][1]);
    }
    enum MHD_Result queued = MHD_queue_response(connection, (unsigned)reply->status, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *path, const char *method,
                              const char *version, const char *data, size_t *size, void **state)
{
    static const struct https_reply nothing_left = { .status = 599, .body = "no answer was laid down", .length = 23 };
    struct https_server *server = context;
    struct upload *upload = *state;
    (void)version;
    if (!upload) {
        *state = calloc(1, sizeof *upload);
        return MHD_YES;
    }
    if (*size) {
        upload->bytes = realloc(upload->bytes, upload->length + *size);
        memcpy(upload->bytes + upload->length, data, *size);
        upload->length += *size;
        *size = 0;
        return MHD_YES;
    }
    if (upload->held) {
        return answer(server, connection, &nothing_left);
    }
    pthread_mutex_lock(&server->lock);
    write_down(server, connection, method, path, upload);
    struct https_reply reply = server->next_reply < server->reply_count ? server->replies[server->next_reply++] : nothing_left;
    upload->held = reply.manner == HTTPS_SILENT && !server->stopping;
    if (upload->held) {
        hold(server, connection);
    }
    pthread_mutex_unlock(&server->lock);
    if (reply.manner == HTTPS_DROPPED) {
        return MHD_NO;
    }
    return upload->held ? MHD_YES : answer(server, connection, &reply);
}

static void finished(void *context, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode code)
{
    struct upload *upload = *state;
    (void)context;
    (void)connection;
    (void)code;
    free(upload ? upload->bytes : NULL);
    free(upload);
    *state = NULL;
}

static void quiet(void *context, const char *format, va_list arguments)
{
    (void)context;
    (void)format;
    (void)arguments;
}

/* ---- life ---- */

struct https_server *https_server_start(const struct https_certificate *certificate)
{
    struct https_server *server = calloc(1, sizeof *server);
    pthread_mutex_init(&server->lock, NULL);
    make_certificates(server, certificate);
    server->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL | MHD_USE_TLS | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL,
        NULL, handle, server, MHD_OPTION_EXTERNAL_LOGGER, quiet, NULL, MHD_OPTION_HTTPS_MEM_KEY, server->key,
        MHD_OPTION_HTTPS_MEM_CERT, server->certificate, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)256 * 1024,
        MHD_OPTION_NOTIFY_COMPLETED, finished, NULL, MHD_OPTION_END);
    must(server->daemon, "starting");
    server->port = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    return server;
}

static void free_text(const char *text)
{
    union { const char *read; char *write; } both = { text };
    free(both.write);
}

void https_server_release(struct https_server *server)
{
    pthread_mutex_lock(&server->lock);
    server->released = true;
    for (size_t i = 0; i < server->held_count; i++) {
        MHD_resume_connection(server->held[i]);
    }
    server->held_count = 0;
    pthread_mutex_unlock(&server->lock);
}

void https_server_stop(struct https_server *server)
{
    pthread_mutex_lock(&server->lock);
    server->stopping = true;
    pthread_mutex_unlock(&server->lock);
    https_server_release(server);
    MHD_stop_daemon(server->daemon);
    unlink(server->ca_file);
    for (size_t i = 0; i < server->seen_count; i++) {
        free_text(server->seen[i].method);
        free_text(server->seen[i].path);
        free_text(server->seen[i].body);
        free_text(server->seen[i].headers);
    }
    for (size_t i = 0; i < server->reply_count; i++) {
        free_text(server->replies[i].body);
    }
    free(server->certificate);
    free(server->key);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

int https_server_port(const struct https_server *server)
{
    return server->port;
}

const char *https_server_ca_file(const struct https_server *server)
{
    return server->ca_file;
}

void https_server_reply(struct https_server *server, const struct https_reply *reply)
{
    pthread_mutex_lock(&server->lock);
    must(server->reply_count < MOST, "room for answers");
    struct https_reply *kept = &server->replies[server->reply_count++];
    *kept = *reply;
    kept->length = reply->length ? reply->length : reply->body ? strlen(reply->body) : 0;
    char *copy = calloc(kept->length + 1, 1);
    if (kept->length) {
        memcpy(copy, reply->body, kept->length);
    }
    kept->body = copy;
    pthread_mutex_unlock(&server->lock);
}

size_t https_server_count(struct https_server *server)
{
    pthread_mutex_lock(&server->lock);
    size_t count = server->seen_count;
    pthread_mutex_unlock(&server->lock);
    return count;
}

const struct https_seen *https_server_seen(struct https_server *server, size_t index)
{
    return index < https_server_count(server) ? &server->seen[index] : NULL;
}

bool https_seen_header(const struct https_seen *seen, const char *name, char *value, size_t size)
{
    size_t length = strlen(name);
    for (const char *line = seen->headers; line && *line; line = strchr(line, '\n') + 1) {
        if (strncasecmp(line, name, length) == 0 && line[length] == ':') {
            snprintf(value, size, "%.*s", (int)strcspn(line + length + 2, "\n"), line + length + 2);
            return true;
        }
    }
    return false;
}
