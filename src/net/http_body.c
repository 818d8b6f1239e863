#include "net/http_body.h"

#include <string.h>

static size_t read_body(char *to, size_t size, size_t count, void *context)
{
    struct http_body *body = context;
    struct str rest = str_take(str_from(secret_str(body->bytes), body->taken), size * count);
    if (rest.len) {
        memcpy(to, rest.data, rest.len);
    }
    body->taken += rest.len;
    return rest.len;
}

/* libcurl sends again by itself what a kept connection dropped without an answer. It has to wind the body back for that, and
   only when some of it went out: of a request without its body nothing can have been done. */
static int refuse_to_wind_back(void *context, curl_off_t offset, int origin)
{
    (void)context;
    (void)offset;
    (void)origin;
    return CURL_SEEKFUNC_FAIL;
}

void http_body_attach(struct http_body *body, const struct http_request *request, CURL *easy)
{
    body->bytes = secret_new(request->body);
    body->open = request->open_body;
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
    if (request->unrepeatable) {
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, read_body);
        curl_easy_setopt(easy, CURLOPT_READDATA, body);
        curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, refuse_to_wind_back);
    } else {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, secret_str(body->bytes).data);
    }
}

void http_body_free(struct http_body *body)
{
    secret_free(body->bytes);
    body->bytes = NULL;
}
