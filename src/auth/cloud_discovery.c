#include "auth/cloud_discovery.h"

#include <stdlib.h>

#include "auth/token.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"

#define ANSWER_MAX ((size_t)256 * 1024)

struct cloud_discovery {
    struct http_transfer *transfer;
    struct buf answer;
    void (*done)(void *, const struct cloud *, const char *);
    void *context;
};

/* GCC lives in the worldwide cloud; the other two government clouds share a scope and differ in its sub scope. */
const struct cloud *cloud_by_region_scope(const char *scope, const char *sub_scope)
{
    bool government = str_is_nocase(str_of(scope), "USGov") || str_is_nocase(str_of(scope), "USG") || str_is_nocase(str_of(scope), "DOD");
    if (str_is_nocase(str_of(sub_scope), "DOD") || str_is_nocase(str_of(scope), "DOD")) {
        return cloud_by_name("dod");
    }
    if (government) {
        return cloud_by_name(str_is_nocase(str_of(sub_scope), "GCC") ? "worldwide" : "gcc-high");
    }
    return *scope ? cloud_by_name(str_is_nocase(str_of(scope), "CN") ? "21vianet" : "worldwide") : NULL;
}

static bool on_body(void *context, struct str chunk)
{
    struct cloud_discovery *discovery = context;
    return buf_add(&discovery->answer, chunk);
}

/* No answer is no error: whoever signs in next will hear of it in better words. */
static void on_done(void *context, const struct http_response *response, const struct err *err)
{
    struct cloud_discovery *discovery = context;
    discovery->transfer = NULL;
    struct json *answer = !err && response->status == 200 ? json_parse(buf_str(&discovery->answer), NULL) : NULL;
    const struct cloud *cloud = cloud_by_region_scope(json_cstr(json_get(answer, "tenant_region_scope"), ""),
                                                      json_cstr(json_get(answer, "tenant_region_sub_scope"), ""));
    char *issuer = token_issuer_tenant(json_cstr(json_get(answer, "issuer"), ""));
    char *endpoint = token_issuer_tenant(json_cstr(json_get(answer, "token_endpoint"), ""));
    json_free(answer);
    discovery->done(discovery->context, cloud, issuer ? issuer : endpoint ? endpoint : "");
    free(issuer);
    free(endpoint);
}

struct cloud_discovery *cloud_discovery_start(struct http *http, const char *host, const char *domain, int limit_s,
                                              void (*done)(void *context, const struct cloud *cloud, const char *tenant_id),
                                              void *context, struct err *err)
{
    static const struct http_handlers handlers = { .body = on_body, .done = on_done };
    struct cloud_discovery *discovery = MEM_NEW(struct cloud_discovery);
    struct buf url = BUF_INIT(BUF_SMALL);
    discovery->answer = (struct buf)BUF_INIT(ANSWER_MAX);
    discovery->done = done;
    discovery->context = context;
    buf_format(&url, "https://%s/", host ? host : cloud_by_name("worldwide")->authority_hosts[0]);
    http_escape(&url, str_of(domain));
    buf_text(&url, "/v2.0/.well-known/openid-configuration");
    const struct http_request request = {
        .method = "GET", .url = buf_cstr(&url), .headers = { { "Accept", "application/json" } }, .timeout_s = limit_s, .max_body = ANSWER_MAX,
    };
    discovery->transfer = http_send(http, &request, &handlers, discovery, err);
    buf_free(&url);
    if (!discovery->transfer) {
        cloud_discovery_free(discovery);
        return NULL;
    }
    return discovery;
}

void cloud_discovery_free(struct cloud_discovery *discovery)
{
    if (discovery) {
        http_cancel(discovery->transfer);
        buf_free(&discovery->answer);
        free(discovery);
    }
}
