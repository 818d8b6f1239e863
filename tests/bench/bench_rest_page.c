/* Where the time goes between a chunk of the body and an object: cutting, parsing, making the object. One core. */
#include "base/object.h"
#include "session/rest/rest_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { OBJECTS = 1000, CHUNK = 16384, ROUNDS = 200 };

enum depth { CUT, PARSE, OBJECT };

struct bench {
    enum depth depth;
    struct object object;
    size_t properties;
};

static bool on_element(void *context, struct str json)
{
    struct bench *bench = context;
    if (bench->depth == CUT)
        return true;
    struct json *tree = json_parse(json, NULL);
    if (!tree)
        abort();
    if (bench->depth == OBJECT) {
        object_clear(&bench->object);
        object_from_json(&bench->object, tree);
        bench->properties += bench->object.count;
    }
    json_free(tree);
    return true;
}

static bool on_member(void *context, enum rest_member member, struct str json)
{
    (void)context;
    (void)member;
    (void)json;
    return true;
}

/* A page of objects of about 450 bytes, annotated as the service does (rest.md section 5). */
static void fill(struct buf *body)
{
    buf_text(body, "{\"@odata.context\":\"https://nam13b/adminapi/beta/t/$metadata#Collection(Exchange.GenericHashTable)\","
                   "\"adminapi.warnings@odata.type\":\"#Collection(String)\",\"@adminapi.warnings\":[],\"value\":[");
    for (int i = 0; i < OBJECTS; i++)
        buf_format(body,
                   "%s{\"Name\":\"Case %d of the legal department\",\"Identity\":\"contoso/cases/%d\",\"Enabled\":true,"
                   "\"Guid@data.type\":\"System.Guid\",\"Guid@odata.type\":\"#Guid\",\"Guid\":"
                   "\"11111111-1111-1111-1111-%012d\",\"Priority@data.type\":\"System.Int32\",\"Priority\":%d,"
                   "\"WhenChangedUTC@data.type\":\"System.DateTime\",\"WhenChangedUTC\":\"2026-01-02T03:04:05.0000000Z\","
                   "\"Labels@odata.type\":\"#Collection(String)\",\"Labels\":[\"alpha\",\"beta\"],\"Comment\":null}",
                   i ? "," : "", i, i, i, i);
    buf_text(body, "]}");
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double measure(struct str body, enum depth depth)
{
    struct bench bench = { .depth = depth };
    const struct rest_page_listener listener = { on_element, on_member, &bench };
    struct rest_page *page = rest_page_new(&listener);
    enum rest_page_kind kind;
    object_init(&bench.object);
    double start = seconds();
    for (int round = 0; round < ROUNDS; round++) {
        bool fine = true;
        rest_page_reset(page);
        for (size_t at = 0; fine && at < body.len; at += CHUNK)
            fine = rest_page_push(page, str_take(str_from(body, at), CHUNK), NULL);
        if (!fine || !rest_page_finish(page, &kind, NULL) || kind != REST_PAGE_VALUES)
            abort();
    }
    double used = seconds() - start;
    object_free(&bench.object);
    rest_page_free(page);
    return used;
}

int main(void)
{
    static const char *const names[] = { "cut", "cut + parse", "cut + parse + object" };
    struct buf body = BUF_INIT(BUF_LARGE);
    fill(&body);
    printf("rest_page: %d objects of %zu bytes a page, chunks of %d bytes\n", OBJECTS, body.len / OBJECTS, CHUNK);
    for (int depth = CUT; depth <= OBJECT; depth++) {
        double used = measure(buf_str(&body), (enum depth)depth);
        double objects = (double)OBJECTS * ROUNDS;
        printf("  %-22s %9.0f objects/s  %7.0f MB/s  %6.2f us/object\n", names[depth], objects / used,
               (double)body.len * ROUNDS / used / 1e6, used / objects * 1e6);
    }
    buf_free(&body);
    return 0;
}
