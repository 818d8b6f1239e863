/* Remote PowerShell over HTTP: who may come in, the front door, the dial for tests (rps.md section 2). */
#include "demo/rps.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/mem.h"
#include "demo/entra.h"
#include "demo/rest_call.h"
#include "demo/rps_internal.h"

/* Names of their own, so that a cookie of the one host at the other is seen. */
#define FRONT_COOKIE "purveyfront"
#define REGION_COOKIE "purveyps"
#define PATH "/powershell-liveid"
#define REGION_PATH "/Powershell-LiveId"

/* The condition waits by the monotonic clock, as clock_ms counts. */
struct rps *rps_new(void)
{
    struct rps *rps = MEM_NEW(struct rps);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&rps->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    return rps;
}

/* Who waits in one of them gets 995. */
static void remove_all(struct rps *rps)
{
    while (rps->count) {
        shell_remove(rps, rps->shells[rps->count - 1]);
    }
}

void rps_free(struct rps *rps)
{
    if (rps) {
        remove_all(rps);
        free(rps->shells);
        pthread_cond_destroy(&rps->changed);
        free(rps);
    }
}

/* Waits end as if their time were over: a client asks again, and finds nobody. */
void rps_stop(struct rps *rps)
{
    rps->stopping = true;
    pthread_cond_broadcast(&rps->changed);
}

/* Every action by its name, also those that nobody asked for: a test reads zeros. */
void rps_stats(const struct rps *rps, struct json *out)
{
    struct json *stats = json_new_object(), *actions = json_new_object();
    json_add(stats, "open", json_new_int((int64_t)rps->count));
    json_add(stats, "made", json_new_int(rps->made));
    json_add(stats, "deleted", json_new_int(rps->deleted));
    json_add(stats, "expired", json_new_int(rps->expired));
    json_add(stats, "redirects", json_new_int(rps->redirects));
    json_add(stats, "cookies_missing", json_new_int(rps->cookies_missing));
    json_add(stats, "cookies_foreign", json_new_int(rps->cookies_foreign));
    for (int i = 0; i < WSMAN_ACTIONS; i++) {
        json_add(actions, demo_wsman_action_name((enum wsman_action)i), json_new_int(rps->actions[i]));
    }
    json_add(stats, "actions", actions);
    json_add(out, "rps", stats);
}

/* ---- HTTP ---- */

bool rps_is_path(const char *path)
{
    return str_is_nocase(str_of(path), PATH) || str_is_nocase(str_of(path), PATH "/");
}

/* Names go without case, and both & and ; stand between parameters (rps.md section 2). */
static bool converts_to_oauth(struct str query)
{
    bool found = false;
    while (query.len && !found) {
        size_t length = 0;
        while (length < query.len && query.data[length] != '&' && query.data[length] != ';') {
            length++;
        }
        struct str value = str_take(query, length), name;
        query = str_from(query, length + 1);
        str_cut(&value, '=', &name);
        found = str_is_nocase(name, "BasicAuthToOAuthConversion") && str_is_nocase(value, "true");
    }
    return found;
}

/* The user name before the colon decides nothing: the token does. */
static bool check_basic(struct demo *demo, const struct demo_request *request, struct bearer *bearer)
{
    struct str header = str_of(request->header(request, "Authorization")), user;
    struct buf clear = BUF_INIT(BUF_SMALL);
    bool good = str_starts_nocase(header, STR("Basic ")) && base64_decode(str_from(header, 6), &clear);
    struct str password = buf_str(&clear);
    good = good && str_cut(&password, ':', &user) && user.len && str_starts(password, STR("Bearer "));
    char *authorization = good ? str_dup(password) : NULL;
    good = good && converts_to_oauth(str_of(request->query)) && rest_knows_bearer(demo, authorization, bearer);
    free(authorization);
    buf_free(&clear);
    return good;
}

/* The order is that of the service: the method, who it is, and only then what came. An empty POST at the front door has no type
   and is sent on all the same (rps.md section 2). */
static bool check_request(struct demo *demo, const struct demo_request *request, struct bearer *bearer, struct demo_reply *reply)
{
    struct str type = str_of(request->header(request, "Content-Type"));
    if (!str_is(str_of(request->method), "POST")) {
        reply_header(reply, "Allow", "POST");
        reply_text(reply, 405, "text/html", "<html><body>Method not allowed</body></html>");
        return false;
    }
    if (!check_basic(demo, request, bearer)) {
        reply_header(reply, "WWW-Authenticate", "Basic realm=\"" DEMO_FRONT_DOOR "\"");
        reply_text(reply, 401, "text/html", "<html><body>Basic Authorization failed for user</body></html>");
        return false;
    }
    bool front = str_is(str_of(request->host), DEMO_FRONT_DOOR);
    if (!front && !str_starts_nocase(type, STR("application/soap+xml"))) {
        reply_text(reply, 415, "text/html", "<html><body>Unsupported media type</body></html>");
        return false;
    }
    return true;
}

/* After the bearer, before the envelope: an empty POST gets it too. The query comes back whole. */
static void redirect(struct demo *demo, const struct demo_request *request, struct demo_reply *reply)
{
    char *location = mem_format("https://%s." DEMO_FRONT_DOOR ":%d" REGION_PATH "?%s", demo->config.region, demo->config.port, request->query);
    rest_rps(demo->rest)->redirects++;
    reply_header(reply, "Location", location);
    reply_header(reply, "Set-Cookie", FRONT_COOKIE "=front; path=/; secure; HttpOnly");
    reply_text(reply, 302, "text/html", "<html><body>Object moved</body></html>");
    free(location);
}

/* The cookie of the region is expected from the second request on, that of the front door never. */
static void watch_cookies(struct rps *rps, const struct demo_request *request)
{
    const char *cookies = request->header(request, "Cookie");
    bool first = demo_wsman_names_action(request, "Create");
    rps->cookies_foreign += strstr(cookies, FRONT_COOKIE "=") != NULL;
    rps->cookies_missing += !first && !strstr(cookies, REGION_COOKIE "=");
}

/* Headers of the answer as over REST: support asks for the same ids. */
void rps_handle(struct demo *demo, const struct demo_request *request, struct demo_reply *reply)
{
    struct bearer bearer;
    struct str host = str_of(request->host), label;
    if (!check_request(demo, request, &bearer, reply)) {
        return;
    }
    if (str_is(host, DEMO_FRONT_DOOR)) {
        redirect(demo, request, reply);
        return;
    }
    str_cut(&host, '.', &label);
    if (!str_is(label, demo->config.region)) {
        reply_text(reply, 404, "text/html", "<html><body>Not found</body></html>");
        return;
    }
    const struct caller caller = {
        .upn = bearer.app_only ? "OAuthUser@" DEMO_TENANT_ID : bearer.upn,
        .search_only = str_is_nocase(str_of(bearer.audience), "https://" DEMO_SEARCH_HOST),
    };
    rest_headers(demo->rest, demo, reply);
    reply_header(reply, "Set-Cookie", REGION_COOKIE "=region; path=/; secure; HttpOnly");
    watch_cookies(rest_rps(demo->rest), request);
    rps_serve(demo, request, &caller, reply);
}

/* ---- the dial ---- */

/* The shells stay: a Receive of the pool finds the reason. */
static void break_all(struct rps *rps, const char *reason)
{
    for (size_t i = 0; i < rps->count; i++) {
        pool_broken(rps->shells[i], reason);
    }
}

static void expire_all(struct rps *rps)
{
    while (rps->count) {
        rps->expired++;
        shell_remove(rps, rps->shells[rps->count - 1]);
    }
}

/* The words in the order of enum trouble. */
static bool set_trouble(struct rps *rps, const char *action, int64_t count)
{
    static const char *const names[TROUBLES] = {
        "garbage", "truncate", "order", "unknown", "cycle", "big", "refuse", "empty", "split", "late", "never", "asks", "deaf",
    };
    for (int i = 0; i < TROUBLES; i++) {
        if (str_is(str_of(action), names[i])) {
            rps->trouble[i] = count;
            return true;
        }
    }
    return false;
}

bool rps_control(struct demo *demo, const struct json *body)
{
    struct rps *rps = rest_rps(demo->rest);
    const char *action = json_cstr(json_get(body, "action"), "");
    int64_t count = 1, ms = 0;
    bool known = true;
    json_int64(json_get(body, "count"), &count);
    json_int64(json_get(body, "ms"), &ms);
    if (str_is(str_of(action), "vanish")) {
        remove_all(rps);
    } else if (str_is(str_of(action), "expire")) {
        expire_all(rps);
    } else if (str_is(str_of(action), "break")) {
        break_all(rps, json_cstr(json_get(body, "reason"), "The server is going down."));
    } else if (str_is(str_of(action), "slow")) {
        rps->slow_ms = ms >= 0 && ms <= 60000 ? ms : 0;
    } else {
        known = set_trouble(rps, action, count);
    }
    pthread_cond_broadcast(&rps->changed);
    return known;
}
