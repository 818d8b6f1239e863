/* Connecting: the front door names the region, the region sends the cmdlets this account may run (rest.md sections 1.1
   and 7). Both are the same request, to another host. */
#include "session/rest/rest_session.h"

#include "auth/oauth.h"
#include "base/clock.h"
#include "base/mem.h"
#include "catalogue/module_file.h"
#include "session/rest/module_cache.h"

#include <stdlib.h>

enum { MOST_REDIRECTS = 3 };

struct rest_open {
    struct rest_session *session;
    struct session_listener listener;
    struct rest_call call;
    struct guid client_request_id;
    struct buf url, body, location;
    bool behind;                    /* the session is open already, by a list that was kept: this only brings it up to date */
    uint64_t kept;                  /* the signature of that list */
    const char *title;              /* of the step under way */
    int64_t step_started_ms;
    uint64_t start_timer;
    int redirects;
};

static void step(struct rest_open *open, enum oauth_step_state state)
{
    if (open->listener.step && !open->behind)
        open->listener.step(open->listener.context, open->title, (int)state, clock_ms() - open->step_started_ms);
}

static void begin_step(struct rest_open *open, const char *title)
{
    open->title = title;
    open->step_started_ms = clock_ms();
    step(open, OAUTH_STEP_RUNNING);
}

/* The cmdlets are those the account's roles allow, no others (rest.md section 7). */
static void begin_reading(struct rest_open *open)
{
    begin_step(open, "Reading the cmdlets that your account may run");
}

/* Nobody waits for this: a failure will meet the next command, which tells it. */
static void end_behind(struct rest_open *open, struct catalogue *catalogue)
{
    struct session_listener listener = open->listener;
    bool changed = catalogue && catalogue_signature(catalogue) != open->kept;
    open->session->opening = NULL;
    if (catalogue)
        module_cache_store(&open->session->config, buf_str(&open->body), open->session->region);
    catalogue_free(catalogue);
    rest_call_cancel(&open->call);
    if (changed && listener.step)
        listener.step(listener.context, "The list of cmdlets has changed since it was kept: connect again to see it.", OAUTH_STEP_WARNING, 0);
}

/* Before the word that the session is open, since its owner may close it from there; the text comes later. */
static void greet(struct rest_session *session, const struct session_listener *listener)
{
    if (session->config.banner)
        rest_banner_fetch(session, listener);
}

/* The last of an opening: the listener may close the session from inside. */
static void end(struct rest_open *open, struct catalogue *catalogue, const struct err *err)
{
    if (open->behind) {
        end_behind(open, catalogue);
        return;
    }
    step(open, err ? OAUTH_STEP_FAILED : OAUTH_STEP_DONE);
    if (open->call.dead) {
        catalogue_free(catalogue);
        return;
    }
    open->session->opening = NULL;
    if (catalogue) {
        free(open->session->public_key);
        open->session->public_key = mem_text(catalogue->public_key);
        if (open->session->config.keep_module)
            module_cache_store(&open->session->config, buf_str(&open->body), open->session->region);
    }
    struct session_listener listener = open->listener;
    struct rest_session *session = open->session;
    rest_call_cancel(&open->call);
    if (err) {
        listener.failed(listener.context, err);
        return;
    }
    greet(session, &listener);
    listener.opened(listener.context, catalogue);
}

/* ---- the call's owner ---- */

/* The version is the one whose grammar module_file.c was checked against (rest.md section 7). */
static void prepare(void *context, struct http_request *request)
{
    struct rest_open *open = context;
    const struct rest_session *session = open->session;
    buf_clear(&open->url);
    buf_clear(&open->body);
    buf_clear(&open->location);
    rest_session_base(session, &open->url);
    buf_format(&open->url, "/AdminApi/v1.0/%s/EXOModuleFile?Version=3.9.2", session->config.tenant_id);
    request->method = "GET";
    request->url = buf_cstr(&open->url);
    rest_headers_connect(session, open->client_request_id.text, request);
}

static bool take_body(void *context, struct str chunk)
{
    struct rest_open *open = context;
    return buf_add(&open->body, chunk);
}

/* Only the label of the place is taken from the redirect; the host is put together from our own suffix, and the path
   is ours (rest.md section 1.1). */
static bool read_redirect(struct rest_open *open, const struct http_response *response, struct err *err)
{
    struct http_url url;
    const char *location = http_header(response, "Location");
    if (++open->redirects > MOST_REDIRECTS)
        return err_set(err, ERR_PROTOCOL, "The service redirects in circles (%s)", location);
    if (!*location)
        return err_set(err, ERR_PROTOCOL, "The service redirects (HTTP %d) without saying where to", response->status);
    if (!http_url_join(buf_cstr(&open->url), location, &open->location) ||
        !http_url_parse(buf_cstr(&open->location), &url))
        return err_set(err, ERR_PROTOCOL, "The service sends us to \"%s\", which is no https address", location);
    return rest_session_use_region(open->session, str_of(url.host), err);
}

static bool take_redirect(struct rest_open *open, const struct http_response *response, struct err *err)
{
    bool good = read_redirect(open, response, err);
    if (!good && !*err->advice)
        err_advise(err, "A proxy may have answered in its place; check the connection address and the proxy.");
    return good;
}

/* Errors come with a good status too (rest.md section 5), and are short beside a list of cmdlets. */
static bool is_error(struct rest_open *open, const struct http_response *response, bool *again, struct err *err)
{
    struct json *tree = open->body.len < BUF_SMALL ? json_parse(buf_str(&open->body), NULL) : NULL;
    bool error = json_kind(json_get_nocase(tree, "error")) == JSON_OBJECT;
    if (error) {
        rest_call_read_error(&open->call, response, buf_str(&open->body), err);
        *again = rest_error_may_retry(response->status, buf_str(&open->body));
    }
    json_free(tree);
    return error;
}

static bool finish(void *context, const struct http_response *response, bool *again, struct err *err)
{
    struct rest_open *open = context;
    *again = false;
    if (open->call.stopped || open->body.overflowed)
        return err_set(err, ERR_PROTOCOL, "The list of cmdlets is larger than %zu MiB",
                       REST_SESSION_MAX_MODULE / 1024 / 1024);
    if (response->status >= 300)
        return take_redirect(open, response, err);
    return !is_error(open, response, again, err);
}

static bool whole(void *context)
{
    struct json *tree = json_parse(buf_str(&((const struct rest_open *)context)->body), NULL);
    json_free(tree);
    return tree;
}

static void failed(void *context, const struct err *err, struct str body)
{
    (void)body;
    end(context, NULL, err);
}

/* From the front door to the region. */
static void move_on(struct rest_open *open)
{
    struct err err = { 0 };
    step(open, OAUTH_STEP_DONE);
    if (!open->call.dead)
        begin_reading(open);
    if (!open->call.dead && !rest_call_start(&open->call, &err))
        end(open, NULL, &err);
}

/* What is wrong with a list says nothing of what it was; its ids are all that support can go by. */
static void explain(const struct rest_open *open, struct err *err)
{
    struct err told = *err;
    if (!err->advice[0]) {
        err_set(&told, ERR_PROTOCOL, "The list of cmdlets that the service sent cannot be read: %s", err->text);
        err_advise(&told, "Connect again. If that does not help, something between here and the service (a proxy?) changes the "
                          "answers.");
    }
    rest_call_add_ids(&open->call, &told);
    *err = told;
}

/* An answer without a Location is the module file itself. */
static void complete(void *context)
{
    struct rest_open *open = context;
    struct err err = { 0 };
    if (open->location.len) {
        move_on(open);
        return;
    }
    struct catalogue *catalogue = module_file_parse_answer(buf_str(&open->body), &err);
    if (!catalogue)
        explain(open, &err);
    end(open, catalogue, catalogue ? NULL : &err);
}

static void destroy(void *context)
{
    struct rest_open *open = context;
    buf_free(&open->url);
    buf_free(&open->body);
    buf_free(&open->location);
    free(open);
}

static const struct rest_call_owner owner = {
    .prepare = prepare, .body = take_body, .finish = finish, .whole = whole, .complete = complete, .failed = failed, .destroy = destroy,
};

/* ---- life ---- */

/* With a list that was kept the session is open at once. A young one is left alone, an older one brought up to date behind
   the open session. True when nothing more is to be done. */
static bool open_with_kept(struct rest_open *open)
{
    struct rest_session *session = open->session;
    struct kept_module kept = { .answer = BUF_INIT(REST_SESSION_MAX_MODULE) };
    struct catalogue *catalogue = NULL;
    if (session->config.keep_module && !session->config.fresh && module_cache_load(&session->config, &kept))
        catalogue = module_file_parse_answer(buf_str(&kept.answer), NULL);
    buf_free(&kept.answer);
    if (!catalogue)
        return false;
    open->kept = catalogue_signature(catalogue);
    rest_session_use_kept_region(session, str_of(kept.region));
    catalogue->kept = true;
    begin_step(open, "Using the list of cmdlets that was kept");
    step(open, OAUTH_STEP_DONE);
    open->behind = true;
    free(session->public_key);
    session->public_key = mem_text(catalogue->public_key);
    if (!open->call.dead) {
        greet(session, &open->listener);
        open->listener.opened(open->listener.context, catalogue);
    } else {
        catalogue_free(catalogue);
    }
    if (!open->call.dead && kept.age_s < MODULE_FRESH_S) {
        session->opening = NULL;
        rest_call_cancel(&open->call);
    }
    return open->call.dead;
}

/* The path belongs to remote PowerShell, but people know it by heart; another one is a slip (rest.md section 1.3). */
static void warn_of_path(struct rest_open *open)
{
    static const char *const usual[] = { "", "/", "/powershell-liveid", "/powershell-liveid/" };
    struct http_url url;
    if (!open->listener.step || !http_url_parse(open->session->config.connection_uri, &url))
        return;
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (str_is_nocase(str_of(url.path), usual[i]))
            return;
    open->listener.step(open->listener.context, "Of the connection address only the host counts; its path is usually /PowerShell-LiveId.",
                        OAUTH_STEP_WARNING, 0);
}

/* A region given by the address is taken at its word; else the first answer's redirect names it. */
static void start(void *context)
{
    struct rest_open *open = context;
    struct err err = { 0 };
    open->start_timer = 0;
    rest_call_enter(&open->call);
    warn_of_path(open);
    if (open->call.dead || open_with_kept(open)) {
        rest_call_leave(&open->call);
        return;
    }
    if (open->session->region[0])
        begin_reading(open);
    else
        begin_step(open, "Finding the region of your organization");
    if (!open->call.dead && !rest_call_start(&open->call, &err))
        end(open, NULL, &err);
    rest_call_leave(&open->call);
}

struct rest_open *rest_open_new(struct rest_session *session, const struct session_listener *listener)
{
    struct rest_open *open = MEM_NEW(struct rest_open);
    open->session = session;
    open->listener = *listener;
    open->client_request_id = guid_new();
    open->url.cap = open->location.cap = BUF_SMALL;
    open->body.cap = REST_SESSION_MAX_MODULE;
    open->call = (struct rest_call){
        .session = session,
        .owner = &owner,
        .context = open,
        .cmdlet = "",
        .client_request_id = open->client_request_id.text,
        /* Someone waits at the screen: a network that is not there is told at once. */
        .repeat = REPEAT_WHEN_ANSWERED,
        .takes_redirects = true,
    };
    /* No callback may come before the owner has the session in hand. */
    open->start_timer = timers_after(session->config.timers, 0, start, open);
    return open;
}

void rest_open_cancel(struct rest_open *open)
{
    if (!open)
        return;
    timers_cancel(open->session->config.timers, open->start_timer);
    rest_call_cancel(&open->call);
}

bool rest_open_is_behind(const struct rest_open *open)
{
    return open->behind;
}
