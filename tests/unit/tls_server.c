#include "tls_server.h"

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

enum { MOST = 256 };

struct tls_server {
    struct MHD_Daemon *daemon;
    pthread_mutex_t lock;
    struct tls_reply replies[MOST];
    size_t reply_count, next_reply;
    struct tls_seen seen[MOST];
    size_t seen_count;
    struct MHD_Connection *stalled[MOST];
    size_t stalled_count;
    bool stopping;
    char ca_file[64];
    char *certificate, *key;
    int port;
};

static void must(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "tls_server: %s failed\n", what);
    abort();
}

/* ---- certificates ---- */

static gnutls_x509_privkey_t new_key(void)
{
    gnutls_x509_privkey_t key;
    must(gnutls_x509_privkey_init(&key) == 0, "key");
    must(gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0) == 0,
         "key");
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
    gnutls_x509_crt_set_expiration_time(certificate, time(NULL) + 24 * 3600);
    gnutls_x509_crt_set_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name, (unsigned)strlen(name));
    return certificate;
}

static char *as_text(const gnutls_datum_t *datum)
{
    char *text = calloc(datum->size + 1, 1);
    memcpy(text, datum->data, datum->size);
    return text;
}

static void make_certificates(struct tls_server *server)
{
    static const char *const names[] = {
        "*.outlook.localhost", "*.protection.outlook.localhost", "*.compliance.protection.outlook.localhost",
        "*.ps.compliance.protection.outlook.localhost", "*.admin.protection.outlook.localhost",
    };
    gnutls_x509_privkey_t ca_key = new_key(), key = new_key();
    gnutls_x509_crt_t ca = new_certificate(ca_key, "Test CA", 1), leaf = new_certificate(key, "localhost", 2);
    gnutls_datum_t pem;
    gnutls_x509_crt_set_ca_status(ca, 1);
    gnutls_x509_crt_set_key_usage(ca, GNUTLS_KEY_KEY_CERT_SIGN);
    must(gnutls_x509_crt_sign2(ca, ca, ca_key, GNUTLS_DIG_SHA256, 0) == 0, "signing");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        gnutls_x509_crt_set_subject_alt_name(leaf, GNUTLS_SAN_DNSNAME, names[i], (unsigned)strlen(names[i]),
                                             GNUTLS_FSAN_APPEND);
    gnutls_x509_crt_set_key_purpose_oid(leaf, GNUTLS_KP_TLS_WWW_SERVER, 0);
    must(gnutls_x509_crt_sign2(leaf, ca, ca_key, GNUTLS_DIG_SHA256, 0) == 0, "signing");
    must(gnutls_x509_crt_export2(leaf, GNUTLS_X509_FMT_PEM, &pem) == 0, "export");
    server->certificate = as_text(&pem);
    gnutls_free(pem.data);
    must(gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &pem) == 0, "export");
    server->key = as_text(&pem);
    gnutls_free(pem.data);
    must(gnutls_x509_crt_export2(ca, GNUTLS_X509_FMT_PEM, &pem) == 0, "export");
    snprintf(server->ca_file, sizeof server->ca_file, "/tmp/purvey-test-ca-XXXXXX");
    int fd = mkstemp(server->ca_file);
    must(fd >= 0 && write(fd, pem.data, pem.size) == (ssize_t)pem.size, "CA file");
    close(fd);
    gnutls_free(pem.data);
    gnutls_x509_crt_deinit(ca);
    gnutls_x509_crt_deinit(leaf);
    gnutls_x509_privkey_deinit(ca_key);
    gnutls_x509_privkey_deinit(key);
}

/* ---- requests ---- */

/* The upload of one request, gathered. */
struct upload {
    char *bytes;
    size_t length;
};

static enum MHD_Result write_header(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    fprintf(context, "%s: %s\n", name, value ? value : "");
    return MHD_YES;
}

static void write_down(struct tls_server *server, struct MHD_Connection *connection, const char *method, const char *url,
                       const struct upload *upload)
{
    must(server->seen_count < MOST, "room for requests");
    struct tls_seen *seen = &server->seen[server->seen_count];
    size_t size;
    FILE *text = open_memstream(&seen->headers, &size);
    MHD_get_connection_values(connection, MHD_HEADER_KIND, write_header, text);
    fclose(text);
    const char *host = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host");
    seen->method = strdup(method);
    seen->url = strdup(url);
    seen->host = strdup(host ? host : "");
    seen->body = strndup(upload->bytes ? upload->bytes : "", upload->length);
    server->seen_count++;
}

static enum MHD_Result write_query(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    fprintf(context, "%s%s=%s", ftell(context) ? "&" : "?", name, value ? value : "");
    return MHD_YES;
}

/* ---- answers ---- */

struct sending {
    struct tls_server *server;
    struct MHD_Connection *connection;
    struct tls_reply reply;
};

static ssize_t send_part(void *context, uint64_t position, char *buffer, size_t max)
{
    struct sending *sending = context;
    const struct tls_reply *reply = &sending->reply;
    size_t limit = reply->cut_after ? reply->cut_after : reply->stall_after ? reply->stall_after : reply->length;
    size_t left = limit > position ? limit - (size_t)position : 0;
    if (left) {
        size_t part = left < max ? left : max;
        memcpy(buffer, reply->body + position, part);
        return (ssize_t)part;
    }
    if (!reply->stall_after)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    pthread_mutex_lock(&sending->server->lock);
    bool stopping = sending->server->stopping;
    if (!stopping) {
        MHD_suspend_connection(sending->connection);
        sending->server->stalled[sending->server->stalled_count++] = sending->connection;
    }
    pthread_mutex_unlock(&sending->server->lock);
    return stopping ? MHD_CONTENT_READER_END_WITH_ERROR : 0;
}

static enum MHD_Result answer(struct tls_server *server, struct MHD_Connection *connection)
{
    static const struct tls_reply nothing_left = { .status = 599, .body = "no reply was laid down for this request" };
    pthread_mutex_lock(&server->lock);
    struct tls_reply reply = server->next_reply < server->reply_count ? server->replies[server->next_reply++] : nothing_left;
    pthread_mutex_unlock(&server->lock);
    struct MHD_Response *response;
    if (reply.cut_after || reply.stall_after) {
        struct sending *sending = malloc(sizeof *sending);
        *sending = (struct sending){ server, connection, reply };
        response = MHD_create_response_from_callback(reply.length, 16384, send_part, sending, free);
    } else {
        union { const char *read; void *write; } body = { reply.body ? reply.body : "" };
        response = MHD_create_response_from_buffer(reply.length ? reply.length : strlen(body.read), body.write,
                                                   MHD_RESPMEM_MUST_COPY);
    }
    for (size_t i = 0; i < 6 && reply.headers[i][0]; i++)
        MHD_add_response_header(response, reply.headers[i][0], reply.headers[i][1]);
    enum MHD_Result queued = MHD_queue_response(connection, (unsigned)reply.status, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *data, size_t *size, void **state)
{
    struct tls_server *server = context;
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
    char *query = NULL;
    size_t length;
    FILE *text = open_memstream(&query, &length);
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, write_query, text);
    fclose(text);
    size_t whole_size = strlen(url) + length + 1;
    char *whole = malloc(whole_size);
    snprintf(whole, whole_size, "%s%s", url, query);
    pthread_mutex_lock(&server->lock);
    write_down(server, connection, method, whole, upload);
    pthread_mutex_unlock(&server->lock);
    free(query);
    free(whole);
    return answer(server, connection);
}

static void finished(void *context, struct MHD_Connection *connection, void **state,
                     enum MHD_RequestTerminationCode code)
{
    struct upload *upload = *state;
    (void)context;
    (void)connection;
    (void)code;
    if (upload)
        free(upload->bytes);
    free(upload);
    *state = NULL;
}

/* ---- life ---- */

static void quiet(void *context, const char *format, va_list arguments)
{
    (void)context;
    (void)format;
    (void)arguments;
}

struct tls_server *tls_server_start(void)
{
    struct tls_server *server = calloc(1, sizeof *server);
    pthread_mutex_init(&server->lock, NULL);
    make_certificates(server);
    server->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL | MHD_USE_TLS | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0,
        NULL, NULL, handle, server, MHD_OPTION_EXTERNAL_LOGGER, quiet, NULL, MHD_OPTION_HTTPS_MEM_KEY, server->key,
        MHD_OPTION_HTTPS_MEM_CERT, server->certificate, MHD_OPTION_NOTIFY_COMPLETED, finished, NULL, MHD_OPTION_END);
    must(server->daemon, "starting");
    server->port = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    return server;
}

void tls_server_stop(struct tls_server *server)
{
    pthread_mutex_lock(&server->lock);
    server->stopping = true;
    for (size_t i = 0; i < server->stalled_count; i++)
        MHD_resume_connection(server->stalled[i]);
    pthread_mutex_unlock(&server->lock);
    MHD_stop_daemon(server->daemon);
    unlink(server->ca_file);
    for (size_t i = 0; i < server->seen_count; i++) {
        free(server->seen[i].method);
        free(server->seen[i].url);
        free(server->seen[i].host);
        free(server->seen[i].body);
        free(server->seen[i].headers);
    }
    for (size_t i = 0; i < server->reply_count; i++) {
        union { const char *read; char *write; } body = { server->replies[i].body };
        free(body.write);
    }
    free(server->certificate);
    free(server->key);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

int tls_server_port(const struct tls_server *server)
{
    return server->port;
}

const char *tls_server_ca_file(const struct tls_server *server)
{
    return server->ca_file;
}

void tls_server_reply(struct tls_server *server, const struct tls_reply *reply)
{
    pthread_mutex_lock(&server->lock);
    must(server->reply_count < MOST, "room for replies");
    struct tls_reply *kept = &server->replies[server->reply_count++];
    *kept = *reply;
    kept->length = reply->length ? reply->length : reply->body ? strlen(reply->body) : 0;
    char *copy = calloc(kept->length + 1, 1);
    if (kept->length)
        memcpy(copy, reply->body, kept->length);
    kept->body = copy;
    pthread_mutex_unlock(&server->lock);
}

size_t tls_server_count(struct tls_server *server)
{
    pthread_mutex_lock(&server->lock);
    size_t count = server->seen_count;
    pthread_mutex_unlock(&server->lock);
    return count;
}

const struct tls_seen *tls_server_seen(struct tls_server *server, size_t index)
{
    return index < tls_server_count(server) ? &server->seen[index] : NULL;
}

bool tls_seen_header(const struct tls_seen *seen, const char *name, char *value, size_t size)
{
    size_t length = strlen(name);
    for (const char *line = seen->headers; line && *line; line = strchr(line, '\n') + 1) {
        if (strncasecmp(line, name, length) != 0 || line[length] != ':')
            continue;
        snprintf(value, size, "%.*s", (int)strcspn(line + length + 2, "\n"), line + length + 2);
        return true;
    }
    return false;
}
