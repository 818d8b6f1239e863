#include "session/rps/rps_address.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/guid.h"
#include "net/http_parts.h"

#define ENGINE_VERSION "5.1.19041.1"
#define MODULE_VERSION "3.9.2"

/* What routes an application (section 2, "URL"). */
static const char system_mailbox[] = "SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@";

/* Both & and ; separate. */
static bool has_parameter(struct str query, const char *name)
{
    while (query.len) {
        size_t end = 0;
        while (end < query.len && query.data[end] != '&' && query.data[end] != ';') {
            end++;
        }
        struct str pair = str_take(query, end), key;
        str_cut(&pair, '=', &key);
        if (str_is_nocase(key, name)) {
            return true;
        }
        query = str_from(query, end + 1);
    }
    return false;
}

static void add(struct buf *out, struct str query, const char *name, struct str value, bool *any)
{
    if (!has_parameter(query, name)) {
        buf_format(out, "%s%s=", *any ? "&" : "", name);
        http_escape(out, value);
        *any = true;
    }
}

/* Routes to the forest of a mailbox; -BypassMailboxAnchoring leaves it out. */
static void add_anchor(const struct session_config *config, struct str query, struct buf *out, bool *any)
{
    struct buf anchor = BUF_INIT(BUF_SMALL);
    if (config->bypass_anchoring) {
        return;
    }
    if (!config->app_only && *config->upn) {
        buf_text(&anchor, config->upn);
    } else if (*config->organization) {
        buf_text(&anchor, system_mailbox);
        buf_text(&anchor, config->organization);
    }
    if (anchor.len) {
        add(out, query, "email", buf_str(&anchor), any);
    }
    buf_free(&anchor);
}

/* The engine writes a semicolon here, really, and a query's first parameter behind the question mark. */
static void add_version(struct str query, struct buf *out)
{
    if (!has_parameter(query, "PSVersion")) {
        buf_text(out, ";PSVersion=" ENGINE_VERSION);
    }
}

/* An address without a query: what begins one stands right behind the path. */
static void become_query(struct buf *out)
{
    struct str path = buf_str(out);
    while (str_ends_nocase(path, STR("/")) || str_ends_nocase(path, STR("?"))) {
        path = str_take(path, path.len - 1);
    }
    char *kept = str_dup(path);
    buf_clear(out);
    buf_format(out, "%s?PSVersion=" ENGINE_VERSION, kept);
    free(kept);
}

static bool refuse(const struct session_config *config, struct err *err)
{
    err_set(err, ERR_INPUT, "The connection address %s is no address of the cloud \"%s\"", config->connection_uri, config->cloud->title);
    err_advise(err, "It should be https://%s/PowerShell-LiveId; choose another cloud if yours is a national one.", config->cloud->front_door);
    err_field(err, "ConnectionUri");
    return false;
}

static bool is_ours(const struct cloud *cloud, const char *host)
{
    return http_host_allowed(host, cloud->remote_hosts);
}

bool rps_address(const struct session_config *config, const struct guid *connection, struct buf *out, struct err *err)
{
    struct http_url url;
    char pid[24];
    if (!http_url_parse(config->connection_uri, &url) || !is_ours(config->cloud, url.host)) {
        return refuse(config, err);
    }
    struct str base = str_of(config->connection_uri), query = str_of(url.query), written;
    bool any = query.len > 0;
    str_cut(&base, '?', &written);
    while (str_ends_nocase(written, STR("/"))) {
        written = str_take(written, written.len - 1);
    }
    buf_add(out, written);
    /* https://HOST alone means the usual path. */
    bool bare = str_is(str_of(url.path), "") || str_is(str_of(url.path), "/");
    if (bare) {
        buf_text(out, "/powershell-liveid");
    }
    buf_format(out, "?%s", url.query);
    snprintf(pid, sizeof pid, "%ld", (long)getpid());
    add(out, query, "BasicAuthToOAuthConversion", STR("true"), &any);
    add(out, query, "HideBannerMessage", STR("true"), &any);
    add(out, query, "ConnectionId", str_of(connection->text), &any);
    add(out, query, "ClientProcessId", str_of(pid), &any);
    add(out, query, "ExoModuleVersion", STR(MODULE_VERSION), &any);
    add_anchor(config, query, out, &any);
    if (config->delegated && *config->organization) {
        add(out, query, "DelegatedOrg", str_of(config->organization), &any);
    }
    add_version(query, out);
    return true;
}

bool rps_redirect(const struct cloud *cloud, const char *from, const char *location, struct buf *out, struct err *err)
{
    struct http_url url;
    if (!*location) {
        return err_set(err, ERR_PROTOCOL, "The server sent us elsewhere and did not say where");
    }
    if (!http_url_join(from, location, out) || !http_url_parse(buf_cstr(out), &url)) {
        return err_set(err, ERR_PROTOCOL, "The server sent us to %.200s, which is no https address", location);
    }
    if (!is_ours(cloud, url.host)) {
        err_set(err, ERR_PROTOCOL, "The server sent us to %s, which is no host of the cloud \"%s\"", url.host, cloud->title);
        err_advise(err, "The sign-in was not sent there. Check -ConnectionUri; if the service itself named this host, report it.");
        return false;
    }
    if (*url.query) {
        add_version(str_of(url.query), out);
    } else {
        become_query(out);
    }
    return true;
}
