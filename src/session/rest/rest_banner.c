/* The service's greeting, fetched behind an open session (rest.md section 7.3). Whatever goes wrong with it is nobody's
   trouble. */
#include "session/rest/rest_session.h"

#include <stdlib.h>

#include "auth/oauth.h"
#include "base/mem.h"

struct rest_banner {
    struct rest_session *session;
    struct session_listener listener;
    struct rest_call call;
    struct guid client_request_id;
    struct buf url, body;
};

static void prepare(void *context, struct http_request *request)
{
    struct rest_banner *banner = context;
    buf_clear(&banner->url);
    buf_clear(&banner->body);
    rest_session_base(banner->session, &banner->url);
    buf_format(&banner->url, "/adminapi/beta/%s/EXOBanner('AutogenSession')?Version=3.9.2", banner->session->config.tenant_id);
    request->method = "GET";
    request->url = buf_cstr(&banner->url);
    rest_headers_connect(banner->session, banner->client_request_id.text, request);
}

static bool take_body(void *context, struct str chunk)
{
    struct rest_banner *banner = context;
    return buf_add(&banner->body, chunk);
}

static bool finish(void *context, const struct http_response *response, bool *again, struct err *err)
{
    (void)context;
    (void)response;
    (void)err;
    *again = false;
    return true;
}

/* The last of it: whoever is told may close the session. */
static void end(struct rest_banner *banner)
{
    struct session_listener listener = banner->listener;
    banner->session->banner = NULL;
    rest_call_cancel(&banner->call);
    if (listener.greeted)
        listener.greeted(listener.context);
}

/* What a member of an object says about itself (@odata.type) is no greeting. Beside a name or a key the greeting is the long
   one. */
static struct str longest_text(const struct json *object)
{
    struct str longest = { NULL, 0 };
    for (const struct json *member = json_first(object); member; member = json_next(member)) {
        struct str text = str_trim(json_string(member));
        if (json_kind(member) == JSON_STRING && !strchr(json_name(member), '@') && text.len > longest.len)
            longest = text;
    }
    return longest;
}

static void add_text(const struct json *item, struct buf *out)
{
    enum json_kind kind = json_kind(item);
    struct str text = kind == JSON_OBJECT ? longest_text(item) : str_trim(json_string(item));
    if (text.len && (kind == JSON_OBJECT || kind == JSON_STRING))
        buf_format(out, "%s%.*s", out->len ? "\n" : "", STR_ARG(text));
}

/* A text, an object that holds one, or a list of either, with or without the usual wrapping: the source knows of one form only. */
static void read_json(const struct json *tree, struct buf *out)
{
    const struct json *value = json_kind(tree) == JSON_OBJECT ? json_get_nocase(tree, "value") : NULL;
    value = value ? value : tree;
    if (json_kind(value) != JSON_ARRAY)
        add_text(value, out);
    for (const struct json *item = json_kind(value) == JSON_ARRAY ? json_first(value) : NULL; item; item = json_next(item))
        add_text(item, out);
}

/* What is not JSON is the text itself, but neither a web page nor JSON that broke off. */
static void read_text(struct str body, struct buf *out)
{
    struct json *tree = json_parse(body, NULL);
    if (tree)
        read_json(tree, out);
    else if (body.len && !strchr("<{[\"", body.data[0]))
        buf_add(out, body);
    json_free(tree);
}

static void complete(void *context)
{
    struct rest_banner *banner = context;
    struct buf text = BUF_INIT(BUF_SMALL);
    read_text(str_trim(buf_str(&banner->body)), &text);
    if (text.len && banner->listener.step)
        banner->listener.step(banner->listener.context, buf_cstr(&text), OAUTH_STEP_DONE, 0);
    buf_free(&text);
    if (!banner->call.dead)
        end(banner);
}

static void failed(void *context, const struct err *err, struct str body)
{
    (void)err;
    (void)body;
    end(context);
}

static void destroy(void *context)
{
    struct rest_banner *banner = context;
    buf_free(&banner->url);
    buf_free(&banner->body);
    free(banner);
}

static const struct rest_call_owner owner = {
    .prepare = prepare, .body = take_body, .finish = finish, .complete = complete, .failed = failed, .destroy = destroy,
};

void rest_banner_fetch(struct rest_session *session, const struct session_listener *listener)
{
    struct rest_banner *banner = MEM_NEW(struct rest_banner);
    struct err err;
    banner->session = session;
    banner->listener = *listener;
    banner->client_request_id = guid_new();
    banner->url.cap = BUF_SMALL;
    banner->body.cap = BUF_SMALL;
    banner->call = (struct rest_call){
        .session = session,
        .owner = &owner,
        .context = banner,
        .cmdlet = "",
        .client_request_id = banner->client_request_id.text,
        .repeat = REPEAT_NEVER,
    };
    session->banner = banner;
    if (!rest_call_start(&banner->call, &err)) {
        end(banner);
    }
}

void rest_banner_cancel(struct rest_banner *banner)
{
    if (banner) {
        rest_call_cancel(&banner->call);
    }
}
