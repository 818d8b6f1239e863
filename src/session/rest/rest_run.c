/* A running cmdlet: pages, objects as they stream, what follows them (rest.md sections 4 and 5).

   -Confirm: nothing is added to what was given. Without Confirm the service runs the cmdlet at once, as it does for scripts.
   With Confirm the service only checks and answers a question, which ends the run and is handed on: who asks, and sends the
   second call, is the owner's business. */
#include "session/rest/rest_session.h"

#include "base/mem.h"
#include "session/lost_answer.h"
#include "session/rest/rest_circle.h"
#include "session/rest/rest_encode.h"
#include "session/rest/rest_page.h"

#include <stdlib.h>

enum { MOST_EMPTY_PAGES = 100, SHOWN = 300 };     /* SHOWN: of an address in an error */
#define LINK_MAX BUF_SMALL
#define NO_LIMIT INT64_MAX

struct session_run {
    struct rest_session *session;
    struct session_run *next;
    struct run_listener listener;
    struct rest_call call;
    struct guid client_request_id;
    char *cmdlet, *warning_action;
    char prefer[64];
    struct buf url, request;            /* of the page under way; the body is the same for all pages */
    int64_t wanted;                     /* -ResultSize; 0 = not given, NO_LIMIT = Unlimited */
    int64_t asked;                      /* objects asked of this page */
    struct rest_page *page;
    struct object object;               /* one for all, so that its memory is reused */
    int64_t objects;
    int pages, empty_pages;
    bool by_get;                        /* pages are read without the body */
    /* of this page. A repeat of a broken page skips what was delivered already. */
    int64_t seen, delivered;
    uint64_t seen_hash, delivered_hash;
    bool changed;                       /* the repeat did not begin like the first answer */
    struct rest_circle circle;
    struct buf next_link, warnings, errors, confirmation;       /* raw JSON */
    struct err stop;                    /* why the body callback had enough */
    bool more_available;
};

/* ---- objects ---- */

/* Tells whether a page begins the same when it is read again; no more is needed of it. */
static uint64_t mix(uint64_t hash, struct str bytes)
{
    for (; bytes.len >= 8; bytes = str_from(bytes, 8)) {
        uint64_t word;
        memcpy(&word, bytes.data, 8);
        hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
    }
    for (size_t i = 0; i < bytes.len; i++)
        hash = (hash ^ (unsigned char)bytes.data[i]) * UINT64_C(0x100000001B3);
    return hash;
}

static bool deliver_one(struct session_run *run, const struct json *tree, struct str json)
{
    object_clear(&run->object);
    object_from_json(&run->object, tree);
    run->object.raw = json;
    run->objects++;
    run->listener.object(run->listener.context, &run->object);
    return !run->call.dead;
}

/* A list of objects in an object's place is as many objects, as in PowerShell; one of pairs is a dictionary. */
static bool is_list_of_objects(const struct json *tree)
{
    const struct json *first = json_kind(tree) == JSON_ARRAY ? json_first(tree) : NULL;
    return json_kind(first) == JSON_OBJECT && !json_get(first, "_key");
}

/* From raw bytes to the listener; the hot path of a large result. */
static bool deliver(struct session_run *run, struct str json)
{
    struct json *tree = json_parse(json, &run->stop);
    if (!tree)
        return false;
    bool go_on = true, list = is_list_of_objects(tree);
    struct buf item_json = BUF_INIT(SIZE_MAX);
    for (const struct json *item = list ? json_first(tree) : tree; go_on && item; item = list ? json_next(item) : NULL) {
        buf_clear(&item_json);
        if (list)
            json_print(item, false, &item_json);
        go_on = deliver_one(run, item, list ? buf_str(&item_json) : json);
    }
    buf_free(&item_json);
    json_free(tree);
    return go_on;
}

/* What was held back before this row, then the row itself. */
static bool give(struct session_run *run, struct str json)
{
    struct str rest = { NULL, 0 }, row;
    bool go_on = true;
    while (rest_circle_held(&run->circle, &rest, &row))
        go_on = go_on && deliver(run, row);
    run->delivered = run->seen;
    run->delivered_hash = run->seen_hash;
    return go_on && deliver(run, json);
}

/* A repeat of a broken page sees the delivered objects again: they are compared, not delivered. */
static bool take_element(void *context, struct str json)
{
    struct session_run *run = context;
    run->seen++;
    run->seen_hash = mix(run->seen_hash, json);
    if (rest_circle_holds(&run->circle, (size_t)run->seen, run->seen_hash, json))
        return true;
    if (run->seen > run->delivered)
        return give(run, json);
    if (run->seen == run->delivered)
        run->changed = run->changed || run->seen_hash != run->delivered_hash;
    return true;
}

/* Kept raw until the page is over: a page that is repeated must not warn twice. */
static bool take_member(void *context, enum rest_member member, struct str json)
{
    struct session_run *run = context;
    struct buf *kept = member == REST_MEMBER_NEXT_LINK      ? &run->next_link
                       : member == REST_MEMBER_WARNINGS     ? &run->warnings
                       : member == REST_MEMBER_ERRORS       ? &run->errors
                       : member == REST_MEMBER_CONFIRMATION ? &run->confirmation
                                                            : NULL;
    if (kept) {
        buf_clear(kept);
        buf_add(kept, json);
    }
    return true;
}

/* ---- texts behind the objects ---- */

static void each_text(struct session_run *run, struct str json, void (*tell)(struct session_run *, struct str))
{
    struct json *tree = json.len ? json_parse(json, NULL) : NULL;
    const struct json *text = json_kind(tree) == JSON_ARRAY ? json_first(tree) : tree;
    for (; text && !run->call.dead; text = json_kind(tree) == JSON_ARRAY ? json_next(text) : NULL)
        if (json_kind(text) == JSON_STRING)
            tell(run, json_string(text));
    json_free(tree);
}

static void tell_warning(struct session_run *run, struct str text)
{
    if (run->listener.warning)
        run->listener.warning(run->listener.context, text);
}

/* "There are more results, raise ResultSize" is untrue while the next page is on its way. The text is localised; the
   parameter's name in it is not. */
static void tell_warning_of_more(struct session_run *run, struct str text)
{
    if (!str_contains_nocase(text, STR("ResultSize")))
        tell_warning(run, text);
}

static void tell_error(struct session_run *run, struct str text)
{
    struct err err;
    rest_error_from_text(text, &err);
    if (run->listener.nonfatal)
        run->listener.nonfatal(run->listener.context, &err);
}

static void tell_change(struct session_run *run)
{
    bool fewer = run->seen < run->delivered;
    if (run->changed || fewer)
        tell_warning(run, STR("The connection broke, and the list had changed when it was read again: some rows may be "
                              "missing or come twice. Run it again for an exact list."));
}

/* ---- the end ---- */

/* What PowerShell would ask at the prompt (rest.md section 5). NULL = nothing. */
static const char *question_of(const struct session_run *run, struct json **tree)
{
    bool asked = run->confirmation.len && !str_is(buf_str(&run->confirmation), "null") && !run->objects;
    *tree = asked ? json_parse(buf_str(&run->confirmation), NULL) : NULL;
    return asked ? json_cstr(*tree, "") : NULL;
}

/* Where a read stands: objects and rows so far, how its page began, and the page. The service keeps it for half an hour
   (rest.md section 5). */
static char *place_of(const struct session_run *run, const struct err *err)
{
    bool lost = err && (err->kind == ERR_NETWORK || err->kind == ERR_THROTTLED || err->kind == ERR_AUTH_REQUIRED);
    if (!lost || run->call.repeat != REPEAT_ALWAYS || run->objects == 0 || run->url.len == 0)
        return NULL;
    return mem_format("%lld %lld %llu %d %s", (long long)run->objects, (long long)run->delivered, (unsigned long long)run->delivered_hash, run->pages,
                      buf_cstr(&run->url));
}

/* The run leaves its session before the word is given, so the listener may close that from inside. */
static void end(struct session_run *run, const struct err *err)
{
    struct json *tree = NULL;
    const char *question = err ? NULL : question_of(run, &tree);
    char *place = place_of(run, err);
    struct run_summary summary = {
        .question = question,
        .rate = run->session->rate,
        .resume_at = place,
        .objects = run->objects,
        .pages = run->pages,
        .complete = !err && !question,
        .more_available = run->more_available,
        .request_id = run->call.request_id,
    };
    struct run_listener listener = run->listener;
    rest_call_enter(&run->call);
    rest_run_cancel(run);
    listener.done(listener.context, &summary, err);
    json_free(tree);
    free(place);
    rest_call_leave(&run->call);
}

/* A cursor lives half an hour on one of the service's servers (rest.md section 5); losing it must not lose rows. */
static void end_expired(struct session_run *run, const struct err *service)
{
    struct err err;
    err_set(&err, ERR_SERVER, "The list breaks off after %lld rows: the service no longer knows where it stopped",
            (long long)run->objects);
    err_advise(&err, "What came is kept. Narrow the list with a filter, or run it again.");
    err_code(&err, service->code);
    err_correlation(&err, service->correlation);
    run->more_available = true;
    end(run, &err);
}

/* ---- pages ---- */

static int64_t page_of(const struct session_run *run)
{
    int64_t page = run->session->config.page_size;
    int64_t still = run->wanted - run->objects;
    return run->wanted && still < page ? still : page;
}

static void new_page(struct session_run *run)
{
    run->seen = run->delivered = 0;
    run->seen_hash = run->delivered_hash = 0;
    run->changed = false;
    run->asked = page_of(run);
}

/* The rules of the module (rest.md section 5, "Module logic"). */
static bool wants_next(struct session_run *run)
{
    struct str link = buf_str(&run->next_link);
    if (!link.len || str_is(link, "null") || str_is(link, "\"\""))
        return false;
    bool number_goes_on = run->seen >= run->asked && run->objects < run->wanted;
    bool next = run->wanted == NO_LIMIT || (run->wanted && number_goes_on);
    run->more_available = !next;
    return next;
}

/* Where a nextLink's host leads; the backend's own name and port are not for us (rest.md section 5, "Paging"). */
static bool allowed_host(struct session_run *run, struct http_url *url)
{
    struct rest_session *session = run->session;
    const char *suffix = session->config.cloud->region_suffix;
    struct str label, rest = str_of(url->host);
    str_cut(&rest, '.', &label);
    if (url->port == 446)
        url->port = session->port;
    if (url->port != session->port && url->port != 443)
        return false;
    if (str_is_nocase(str_of(url->host), session->host))
        return true;
    if (str_is_nocase(rest, suffix) && label.len)
        return true;
    /* The front door would only send us back to the region that we are in. */
    if (str_is_nocase(str_of(url->host), session->config.cloud->front_door)) {
        str_copy(url->host, sizeof url->host, session->host);
        return true;
    }
    /* admin.protection.X is the twin of ps.compliance.protection.X. */
    struct str admin = STR("admin."), compliance = STR("ps.compliance.");
    if (!str_starts_nocase(rest, admin) || !str_starts_nocase(str_of(suffix), compliance) ||
        !str_eq_nocase(str_from(rest, admin.len), str_from(str_of(suffix), compliance.len)))
        return false;
    struct buf host = BUF_INIT(sizeof url->host - 1);
    buf_format(&host, "%.*s.%s", STR_ARG(label), suffix);
    memcpy(url->host, buf_cstr(&host), host.len + 1);
    buf_free(&host);
    return true;
}

/* Blanks and letters beyond ASCII belong encoded in an address; what comes raw means the same. */
static void encode_raw(struct str link, struct buf *out)
{
    for (size_t i = 0; i < link.len; i++) {
        unsigned char c = (unsigned char)link.data[i];
        if (c == ' ' || c >= 0x80)
            buf_format(out, "%%%02X", c);
        else
            buf_char(out, (char)c);
    }
}

static void set_circle(struct err *err)
{
    err_set(err, ERR_PROTOCOL, "The service's list goes in circles: it leads to a page that came before");
    err_advise(err, "What came is kept, each row once. Narrow the list with a filter.");
}

static bool use_next_link(struct session_run *run, struct err *err)
{
    struct buf joined = BUF_INIT(LINK_MAX), next = BUF_INIT(LINK_MAX), clean = BUF_INIT(LINK_MAX);
    struct http_url url;
    struct json *tree = json_parse(buf_str(&run->next_link), NULL);
    struct str link = str_trim(json_string(tree));
    encode_raw(link, &clean);
    bool fits = !run->next_link.overflowed && !clean.overflowed;
    bool good = fits && http_url_join(buf_cstr(&run->url), buf_cstr(&clean), &joined) && http_url_place(buf_cstr(&joined), &url) &&
                allowed_host(run, &url);
    if (good) {
        const char *tail = strchr(buf_cstr(&joined) + strlen("https://"), '/');
        buf_format(&next, "https://%s", url.host);
        if (url.port != 443)
            buf_format(&next, ":%d", url.port);
        buf_text(&next, tail ? tail : "/");
    }
    /* The same address without rows would never end; one without a query has no place in it at all. */
    bool same = good && str_eq(buf_str(&next), buf_str(&run->url));
    bool circle = good && ((same && (!run->seen || !strchr(buf_cstr(&next), '?'))) || run->empty_pages > MOST_EMPTY_PAGES ||
                           !rest_circle_next(&run->circle, buf_str(&run->url), buf_str(&next)));
    if (circle) {
        set_circle(err);
    } else if (!good) {
        if (fits)
            err_set(err, ERR_PROTOCOL, "The service continues its list at an address not its own (%.*s%s)", STR_ARG(str_take(link, SHOWN)),
                    link.len > SHOWN ? "..." : "");
        else
            err_set(err, ERR_PROTOCOL, "The service continues its list at an address of more than %zu kB", LINK_MAX / 1024);
        err_advise(err, "What came is kept. Narrow the list with a filter.");
    }
    buf_clear(&run->url);
    buf_add(&run->url, buf_str(&next));
    buf_free(&next);
    buf_free(&joined);
    buf_free(&clean);
    json_free(tree);
    return good && !circle;
}

static void next_page(struct session_run *run)
{
    struct err err = { 0 };
    run->empty_pages = run->seen ? 0 : run->empty_pages + 1;
    if (!use_next_link(run, &err)) {
        end(run, &err);
        return;
    }
    new_page(run);
    if (!rest_call_start(&run->call, &err))
        end(run, &err);
}

/* ---- the call's owner ---- */

static void first_address(struct session_run *run)
{
    buf_clear(&run->url);
    rest_session_base(run->session, &run->url);
    buf_format(&run->url, "/adminapi/beta/%s/InvokeCommand", run->session->config.tenant_id);
}

static void prepare(void *context, struct http_request *request)
{
    struct session_run *run = context;
    rest_page_reset(run->page);
    rest_circle_again(&run->circle);
    /* Each time, since the region may have changed; later pages go where their link says. */
    if (!run->pages)
        first_address(run);
    run->seen = 0;
    run->seen_hash = 0;
    buf_clear(&run->next_link);
    buf_clear(&run->warnings);
    buf_clear(&run->errors);
    buf_clear(&run->confirmation);
    struct buf prefer = BUF_INIT(sizeof run->prefer - 1);
    buf_format(&prefer, "odata.maxpagesize=%lld", (long long)run->asked);
    memcpy(run->prefer, buf_cstr(&prefer), prefer.len + 1);
    buf_free(&prefer);
    request->method = run->by_get ? "GET" : "POST";
    request->url = buf_cstr(&run->url);
    request->body = run->by_get ? (struct str){ NULL, 0 } : buf_str(&run->request);
    request->open_body = true;
    struct rest_run_headers headers = {
        .cmdlet = run->cmdlet,
        .client_request_id = run->client_request_id.text,
        .prefer = run->prefer,
        .warning_action = run->warning_action,
    };
    rest_headers_run(run->session, &headers, request);
}

static bool take_body(void *context, struct str chunk)
{
    struct session_run *run = context;
    struct err err = { 0 };
    run->stop.kind = ERR_NONE;
    if (rest_page_push(run->page, chunk, &err))
        return true;
    /* An element that does not parse has left its own reason. */
    if (run->stop.kind == ERR_NONE)
        run->stop = err;
    return false;
}

/* JSON without "value" is one object (rest.md section 5). */
static bool take_single(struct session_run *run, struct err *err)
{
    run->stop.kind = ERR_NONE;
    if (!take_element(run, rest_page_whole(run->page)) && !run->call.dead) {
        *err = run->stop;
        return false;
    }
    return true;
}

static bool finish(void *context, const struct http_response *response, bool *again, struct err *err)
{
    struct session_run *run = context;
    enum rest_page_kind kind;
    if (run->call.stopped) {
        *err = run->stop;
        return false;
    }
    if (!rest_page_finish(run->page, &kind, err)) {
        *again = rest_page_truncated(run->page) && run->call.repeat == REPEAT_ALWAYS;
        return false;
    }
    if (kind == REST_PAGE_SINGLE)
        return take_single(run, err);
    if (kind != REST_PAGE_ERROR)
        return true;
    rest_call_read_error(&run->call, response, rest_page_whole(run->page), err);
    *again = rest_error_may_retry(response->status, rest_page_whole(run->page));
    return false;
}

static void complete(void *context)
{
    struct session_run *run = context;
    struct err err = { 0 };
    if (rest_circle_closed(&run->circle)) {
        set_circle(&err);
        end(run, &err);
        return;
    }
    run->pages++;
    bool next = wants_next(run);
    tell_change(run);
    if (!run->call.dead)
        each_text(run, buf_str(&run->warnings), next ? tell_warning_of_more : tell_warning);
    if (!run->call.dead)
        each_text(run, buf_str(&run->errors), tell_error);
    if (run->call.dead)
        return;
    if (next)
        next_page(run);
    else
        end(run, NULL);
}

static bool whole(void *context)
{
    return rest_page_closed(((const struct session_run *)context)->page);
}

/* A change may have been made although its answer was lost; failing to connect is the one case where it was not. A gateway
   knows as little, and an answer that cannot be read came behind the change. */
static bool may_have_run(const struct session_run *run, const struct err *err)
{
    int status = run->call.status;
    bool unknown = (status >= 502 && status <= 504) || (status >= 200 && status < 300 && err->kind == ERR_PROTOCOL);
    bool sent = err->kind == ERR_NETWORK && !lost_before_sent(err);
    return run->call.repeat == REPEAT_NEVER && (sent || unknown);
}

/* Most clients POST the same body to a nextLink, one reads it with GET (rest.md section 5): whatever the service takes. */
static bool tries_get(struct session_run *run)
{
    struct err err = { 0 };
    bool first = run->call.status == 405 && run->pages > 0 && !run->by_get;
    run->by_get = run->by_get || first;
    if (first && !rest_call_start(&run->call, &err))
        end(run, &err);
    return first;
}

static void failed(void *context, const struct err *err, struct str body)
{
    struct session_run *run = context;
    if (tries_get(run))
        return;
    if (run->call.expired_page && run->pages) {
        end_expired(run, err);
        return;
    }
    struct err told = *err;
    if (may_have_run(run, err))
        lost_change_advise(&told);
    struct json *tree = NULL;
    struct buf warnings = BUF_INIT(BUF_SMALL);
    const struct json *inside = body.len ? rest_error_warnings(body, &tree) : NULL;
    if (inside)
        json_print(inside, false, &warnings);
    each_text(run, buf_str(&warnings), tell_warning);
    buf_free(&warnings);
    json_free(tree);
    if (!run->call.dead)
        end(run, &told);
}

static void waiting(void *context, int seconds, const struct err *why)
{
    struct session_run *run = context;
    if (run->listener.waiting)
        run->listener.waiting(run->listener.context, seconds, why);
}

static void destroy(void *context)
{
    struct session_run *run = context;
    struct buf *bufs[] = { &run->url, &run->request, &run->next_link, &run->warnings, &run->errors,
                           &run->confirmation };
    for (size_t i = 0; i < sizeof bufs / sizeof bufs[0]; i++)
        buf_free(bufs[i]);
    free(run->cmdlet);
    free(run->warning_action);
    object_free(&run->object);
    rest_circle_free(&run->circle);
    rest_page_free(run->page);
    free(run);
}

static const struct rest_call_owner owner = {
    .prepare = prepare, .body = take_body, .finish = finish, .whole = whole, .waiting = waiting, .complete = complete,
    .failed = failed, .destroy = destroy,
};

/* ---- starting ---- */

static bool is_cmdlet_name(struct str name)
{
    bool good = name.len > 0 && name.len < 128;
    for (size_t i = 0; good && i < name.len; i++) {
        char c = name.data[i];
        good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    }
    return good;
}

/* -ResultSize steers paging here besides being sent (rest.md section 4). */
static bool read_result_size(struct session_run *run, const struct invocation *invocation, struct err *err)
{
    const struct argument *argument = invocation_get(invocation, "ResultSize");
    if (!argument || argument->kind == ARG_NULL)
        return true;
    if (str_is_nocase(json_string(argument->value), "Unlimited")) {
        run->wanted = NO_LIMIT;
        return true;
    }
    if (json_int64(argument->value, &run->wanted) && run->wanted > 0)
        return true;
    err_set(err, ERR_INPUT, "ResultSize must be a number above 0, or Unlimited");
    err_field(err, "ResultSize");
    return false;
}

/* What place_of wrote. The page's address has been through use_next_link then. */
static bool read_place(struct session_run *run, const char *place, struct err *err)
{
    struct str rest = str_of(place ? place : ""), field;
    int64_t numbers[4] = { 0 };
    uint64_t hash = 0;
    if (!place)
        return true;
    for (size_t i = 0; i < 4; i++) {
        str_cut(&rest, ' ', &field);
        bool good = i == 2 ? field.len > 0 : str_to_int64(field, 0, INT64_MAX, &numbers[i]);
        for (size_t k = 0; good && i == 2 && k < field.len; k++)
            hash = hash * 10 + (uint64_t)(field.data[k] - '0');
        if (!good)
            return err_set(err, ERR_INPUT, "This read cannot go on");
    }
    run->objects = numbers[0];
    run->delivered = numbers[1];
    run->delivered_hash = hash;
    run->pages = (int)numbers[3];
    buf_add(&run->url, rest);
    return true;
}

static void read_warning_action(struct session_run *run, const struct invocation *invocation)
{
    const struct argument *argument = invocation_get(invocation, "WarningAction");
    const char *action = argument ? json_cstr(argument->value, "") : "";
    bool words = is_cmdlet_name(str_of(action));
    run->warning_action = mem_text(str_is_nocase(str_of(action), "Ignore") ? "SilentlyContinue" : words ? action : "");
}

static void set_up(struct session_run *run, struct rest_session *session, const struct invocation *invocation)
{
    const struct rest_page_listener pieces = { take_element, take_member, run };
    struct buf *small[] = { &run->confirmation, &run->url };
    struct buf *medium[] = { &run->warnings, &run->errors };
    /* Any byte of an address may be written in six (\u0026). */
    run->next_link.cap = LINK_MAX * 6;
    for (size_t i = 0; i < 2; i++)
        small[i]->cap = BUF_SMALL;
    for (size_t i = 0; i < 2; i++)
        medium[i]->cap = REST_ERROR_MAX_BODY;
    run->request.cap = REST_ENCODE_MAX;
    run->session = session;
    run->client_request_id = guid_new();
    run->cmdlet = mem_text(invocation->cmdlet);
    run->page = rest_page_new(&pieces);
    object_init(&run->object);
    read_warning_action(run, invocation);
    run->call = (struct rest_call){
        .session = session,
        .owner = &owner,
        .context = run,
        .cmdlet = run->cmdlet,
        .client_request_id = run->client_request_id.text,
        .repeat = invocation->read_only ? REPEAT_ALWAYS : REPEAT_NEVER,
        .unbounded = true,
        .impatient = invocation->impatient,
    };
}

/* What is wrong with the invocation is told at once, before anything is sent. */
static bool launch(struct session_run *run, const struct invocation *invocation, struct err *err)
{
    if (!is_cmdlet_name(str_of(invocation->cmdlet)))
        return err_set(err, ERR_INPUT, "\"%s\" is not the name of a cmdlet", invocation->cmdlet);
    if (run->session->opening && !rest_open_is_behind(run->session->opening))
        return err_set(err, ERR_INPUT, "The connection is still being opened");
    if (!read_result_size(run, invocation, err) || !read_place(run, invocation->resume_at, err) || !rest_encode(invocation, run->session->public_key, &run->request, err))
        return false;
    /* The page is asked for as it was the first time, when its rows were not among those that came. */
    int64_t delivered = run->delivered;
    uint64_t hash = run->delivered_hash;
    run->objects -= delivered;
    new_page(run);
    run->objects += delivered;
    run->delivered = delivered;
    run->delivered_hash = hash;
    return rest_call_start(&run->call, err);
}

struct session_run *rest_run_new(struct rest_session *session, const struct invocation *invocation,
                                 const struct run_listener *listener, struct err *err)
{
    struct session_run *run = MEM_NEW(struct session_run);
    run->listener = *listener;
    set_up(run, session, invocation);
    if (!launch(run, invocation, err)) {
        destroy(run);
        return NULL;
    }
    run->next = session->runs;
    session->runs = run;
    return run;
}

void rest_run_cancel(struct session_run *run)
{
    if (run->call.dead)
        return;
    struct session_run **at = &run->session->runs;
    while (*at && *at != run)
        at = &(*at)->next;
    if (*at)
        *at = run->next;
    rest_call_cancel(&run->call);
}

void rest_run_pause(struct session_run *run, bool paused)
{
    if (!run->call.dead)
        rest_call_pause(&run->call, paused);
}
