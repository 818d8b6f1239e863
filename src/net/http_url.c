/* Addresses, taken apart and joined by libcurl, so that they mean here what they mean there. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "net/http.h"
#include "net/http_parts.h"

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

static bool parse_address(const char *url, const char *scheme_wanted, bool with_query, struct http_url *parts)
{
    CURLU *handle = curl_url();
    char user[8] = "", password[8] = "", scheme[16] = "", port[8] = "";
    int64_t number = 0;
    bool good = handle && curl_url_set(handle, CURLUPART_URL, url, 0) == CURLUE_OK &&
                copy_part(handle, CURLUPART_SCHEME, 0, scheme, sizeof scheme) && str_is_nocase(str_of(scheme), scheme_wanted) &&
                copy_part(handle, CURLUPART_USER, 0, user, sizeof user) && !*user &&
                copy_part(handle, CURLUPART_PASSWORD, 0, password, sizeof password) && !*password &&
                copy_part(handle, CURLUPART_HOST, 0, parts->host, sizeof parts->host) && *parts->host &&
                copy_part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT, port, sizeof port) &&
                str_to_int64(str_of(port), 1, 65535, &number) &&
                copy_part(handle, CURLUPART_PATH, 0, parts->path, sizeof parts->path);
    if (good && with_query) {
        good = copy_part(handle, CURLUPART_QUERY, 0, parts->query, sizeof parts->query);
    } else {
        parts->query[0] = '\0';
    }
    curl_url_cleanup(handle);
    parts->port = (int)number;
    for (char *c = parts->host; good && *c; c++) {
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + ('a' - 'A')) : *c;
    }
    return good;
}

bool http_url_parse(const char *url, struct http_url *parts)
{
    return parse_address(url, "https", true, parts);
}

bool http_url_place(const char *url, struct http_url *parts)
{
    return parse_address(url, "https", false, parts);
}

/* The metadata services of a cloud's machines speak no TLS: they are reached without leaving the machine or its host. */
bool http_metadata_parse(const char *url, struct http_url *parts)
{
    static const char *const hosts[] = { "169.254.169.254", "127.0.0.1", "[::1]", "localhost" };
    bool known = false;
    bool good = parse_address(url, "http", true, parts);
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        known = known || str_is(str_of(parts->host), hosts[i]);
    }
    return good && known;
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

static const char *first_set(const char *const *names)
{
    const char *value = NULL;
    for (; *names && !(value && *value); names++) {
        value = getenv(*names);
    }
    return value ? value : "";
}

static bool is_excepted(const char *host)
{
    static const char *const names[] = { "no_proxy", "NO_PROXY", NULL };
    struct str rest = str_of(first_set(names)), entry;
    while (rest.len) {
        str_cut(&rest, ',', &entry);
        entry = str_trim(entry);
        const char *suffixes[] = { NULL, NULL };
        char *suffix = str_dup(entry.len && entry.data[0] == '.' ? str_from(entry, 1) : entry);
        suffixes[0] = *suffix ? suffix : NULL;
        bool named = str_is(entry, "*") || http_host_allowed(host, suffixes);
        free(suffix);
        if (named) {
            return true;
        }
    }
    return false;
}

bool http_proxy_of(const char *configured, const char *host, char *to, size_t size)
{
    static const char *const names[] = { "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", NULL };
    const char *proxy = configured ? configured : first_set(names);
    char name[256] = "", port[8] = "";
    CURLU *handle = *proxy && !http_host_is_local(host) && !is_excepted(host) ? curl_url() : NULL;
    bool good = handle && curl_url_set(handle, CURLUPART_URL, proxy, CURLU_DEFAULT_SCHEME | CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
                copy_part(handle, CURLUPART_HOST, 0, name, sizeof name) && *name && copy_part(handle, CURLUPART_PORT, 0, port, sizeof port);
    curl_url_cleanup(handle);
    snprintf(to, size, "%s:%s", name, *port ? port : "1080");      /* libcurl's own choice */
    return good;
}

bool http_date(const char *text, int64_t *unix_s)
{
    time_t seconds = curl_getdate(text, NULL);
    *unix_s = seconds;
    return seconds >= 0;
}
