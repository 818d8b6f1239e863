#include "net/http_jar.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/secret.h"

/* Room for some cookies below libcurl's limit of 8190 bytes. */
enum { LONG_URL = 4096, FIELDS = 7 };

/* Lives as long as its owner or a transfer needs it. */
struct http_jar {
    CURLSH *share;
    size_t users;
};

struct http_jar *http_jar_new(void)
{
    struct http_jar *jar = MEM_NEW(struct http_jar);
    jar->users = 1;
    jar->share = curl_share_init();
    curl_share_setopt(jar->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE);
    return jar;
}

struct http_jar *http_jar_use(struct http_jar *jar)
{
    if (jar) {
        jar->users++;
    }
    return jar;
}

void http_jar_free(struct http_jar *jar)
{
    if (jar && --jar->users == 0) {
        curl_share_cleanup(jar->share);
        free(jar);
    }
}

static void share_cookies(struct http_jar *jar, CURL *easy)
{
    curl_easy_setopt(easy, CURLOPT_SHARE, jar->share);
    curl_easy_setopt(easy, CURLOPT_COOKIEFILE, "");
}

bool http_jar_by_hand(const char *url)
{
    return strlen(url) > LONG_URL;
}

/* With a store of its own, libcurl has no cookie to send and still reads what is set for this very host. */
void http_jar_attach(struct http_jar *jar, CURL *easy, const char *url)
{
    if (http_jar_by_hand(url)) {
        curl_easy_setopt(easy, CURLOPT_COOKIEFILE, "");
    } else {
        share_cookies(jar, easy);
    }
}

void http_jar_keep(struct http_jar *jar, CURL *easy, const char *url)
{
    struct curl_slist *cookies = NULL;
    CURL *keeper = jar && http_jar_by_hand(url) ? curl_easy_init() : NULL;
    if (keeper) {
        share_cookies(jar, keeper);
        curl_easy_getinfo(easy, CURLINFO_COOKIELIST, &cookies);
    }
    for (const struct curl_slist *item = cookies; item; item = item->next) {
        curl_easy_setopt(keeper, CURLOPT_COOKIELIST, item->data);
    }
    curl_slist_free_all(cookies);
    curl_easy_cleanup(keeper);
}

/* A dot in front: for the hosts below it too. */
static bool domain_fits(struct str domain, bool below, const char *host)
{
    struct str name = str_of(host);
    domain = domain.len && domain.data[0] == '.' ? str_from(domain, 1) : domain;
    return str_eq_nocase(domain, name) ||
           (below && name.len > domain.len && str_ends_nocase(name, domain) && name.data[name.len - domain.len - 1] == '.');
}

static bool path_fits(struct str path, const char *of)
{
    struct str wanted = str_of(of);
    bool slash = path.len && path.data[path.len - 1] == '/';
    return path.len <= wanted.len && str_eq(str_take(wanted, path.len), path) &&
           (slash || path.len == wanted.len || wanted.data[path.len] == '/');
}

/* A line of Netscape's cookie file: domain, for hosts below, path, secure, end, name, value. */
static void add_cookie(struct buf *out, struct str line, const struct http_url *place)
{
    struct str fields[FIELDS], http_only = STR("#HttpOnly_");
    int64_t end = 0;
    line = str_starts_nocase(line, http_only) ? str_from(line, http_only.len) : line;
    for (size_t i = 0; i < FIELDS; i++) {
        fields[i] = line;
        if (i + 1 < FIELDS && !str_cut(&line, '\t', &fields[i])) {
            return;
        }
    }
    bool lives = str_to_int64(fields[4], 0, INT64_MAX, &end) && (end == 0 || end > clock_unix());
    if (lives && domain_fits(fields[0], str_is_nocase(fields[1], "TRUE"), place->host) && path_fits(fields[2], place->path)) {
        buf_format(out, "%s%.*s=%.*s", out->len ? "; " : "Cookie: ", STR_ARG(fields[5]), STR_ARG(fields[6]));
    }
}

char *http_jar_line(struct http_jar *jar, const char *url, size_t *secret_size)
{
    struct buf out = { .cap = BUF_SMALL, .secret = true };
    struct http_url place;
    struct curl_slist *cookies = NULL;
    CURL *easy = curl_easy_init();
    if (easy && http_url_place(url, &place)) {
        share_cookies(jar, easy);
        curl_easy_getinfo(easy, CURLINFO_COOKIELIST, &cookies);
    }
    for (const struct curl_slist *item = cookies; item; item = item->next) {
        add_cookie(&out, str_of(item->data), &place);
    }
    curl_slist_free_all(cookies);
    curl_easy_cleanup(easy);
    *secret_size = out.len;
    char *line = out.len && !out.overflowed ? str_dup(buf_str(&out)) : NULL;
    buf_free(&out);
    return line;
}
