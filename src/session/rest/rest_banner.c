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

static void end(struct rest_banner *banner)
{
    banner->session->banner = NULL;
    rest_call_cancel(&banner->call);
}

/* A text, a list of texts, or an object that holds one: the source knows of one form only. */
static struct str text_of(const struct json *tree)
{
    const struct json *value = json_kind(tree) == JSON_OBJECT ? json_get_nocase(tree, "value") : tree;
    value = json_kind(value) == JSON_ARRAY ? json_first(value) : value;
    return str_trim(json_string(value));
}

static void complete(void *context)
{
    struct rest_banner *banner = context;
    struct session_listener listener = banner->listener;
    struct json *tree = json_parse(buf_str(&banner->body), NULL);
    char *text = str_dup(text_of(tree));
    json_free(tree);
    end(banner);
    if (*text && listener.step) {
        listener.step(listener.context, text, OAUTH_STEP_DONE, 0);
    }
    free(text);
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
