/* Pages: what Prefer asks for and where $skiptoken goes on (rest.md section 5, "Paging"). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "demo/rest_call.h"

/* Half an hour, then 400 (rest.md section 5). */
#define CURSOR_LIFE_S (30 * 60)

/* The cursor is bound to the query: a seal over place, time, and the request's own text makes a swap visible. */
static uint64_t seal(const struct call *call, int64_t first, int64_t delivered, int64_t expires)
{
    char salt[96];
    uint64_t hash = 0xCBF29CE484222325U;
    for (size_t i = 0; i < call->request->body.len; i++) {
        hash = (hash ^ (unsigned char)call->request->body.data[i]) * 0x100000001B3U;
    }
    snprintf(salt, sizeof salt, "%" PRId64 "/%" PRId64 "/%" PRId64, first, delivered, expires);
    return seeded_number(hash ^ call->demo->config.seed, salt);
}

/* An absolute address with host and port, as it is: the client checks the host before it sends its bearer there
   (rest.md section 5). */
char *page_link(const struct call *call, int64_t next, int64_t delivered)
{
    int64_t expires = call->now + CURSOR_LIFE_S;
    return mem_format("https://%s.%s:%d/adminapi/beta/%s/InvokeCommand?$skiptoken=%" PRId64 "-%" PRId64 "-%" PRId64
                      "-%016" PRIx64,
                      call->demo->config.region, DEMO_FRONT_DOOR, call->demo->config.port, DEMO_TENANT_ID, next,
                      delivered, expires, seal(call, next, delivered, expires));
}

/* Nothing is remembered between pages: the cursor says all, and the seal that we wrote it. */
static bool read_cursor(const struct call *call, struct str cursor, struct page *page)
{
    struct str first, delivered, expires;
    char right[17];
    int64_t until = 0;
    str_cut(&cursor, '-', &first);
    str_cut(&cursor, '-', &delivered);
    str_cut(&cursor, '-', &expires);
    bool numbers = str_to_int64(first, 0, INT64_MAX, &page->first) &&
                   str_to_int64(delivered, 0, INT64_MAX, &page->delivered) &&
                   str_to_int64(expires, 0, INT64_MAX, &until);
    snprintf(right, sizeof right, "%016" PRIx64, numbers ? seal(call, page->first, page->delivered, until) : 0);
    return numbers && str_is(cursor, right) && call->now <= until;
}

/* A size out of bounds is ignored, like any preference that cannot be met. */
static int64_t wanted_page_size(const struct demo_request *request)
{
    struct str prefer = str_of(request->header(request, "Prefer")), part;
    int64_t size = REST_MAX_PAGE;
    while (prefer.len) {
        size_t length = strcspn(prefer.data, ",; ");
        part = str_take(prefer, length);
        prefer = str_from(prefer, length + 1);
        if (str_starts_nocase(part, STR("odata.maxpagesize=")) &&
            !str_to_int64(str_from(part, 18), 1, REST_MAX_PAGE, &size)) {
            size = REST_MAX_PAGE;
        }
    }
    return size;
}

/* The name may come with its dollar sign escaped, as some libraries write it. */
bool page_of_request(struct call *call, struct page *page)
{
    struct str query = str_of(call->request->query);
    *page = (struct page){ .rows = wanted_page_size(call->request) };
    char *cursor = form_text(query, "$skiptoken");
    cursor = cursor ? cursor : form_text(query, "%24skiptoken");
    bool fine = !cursor || read_cursor(call, str_of(cursor), page);
    free(cursor);
    return fine || rest_fail(call->reply, FAIL_CURSOR, "",
                             "Expired or Invalid pagination request. The cursor is too old or belongs to another "
                             "query: start again.");
}
