/* Any bytes at the demo tenant's remote PowerShell: CLIXML, fragments, envelopes. No crash, no hang. */
#include <stdlib.h>

#include "demo/rps_clixml.h"
#include "demo/rps_fragment.h"
#include "demo/rps_wsman.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool take(void *context, const struct message *message, struct err *err)
{
    size_t *count = context;
    ++*count;
    json_free(clix_read(message->data, err));
    return true;
}

static void read_request(struct str body)
{
    const struct demo_request request = { .method = "POST", .body = body };
    struct demo_reply reply = { .body = BUF_INIT(DEMO_MAX_BODY) };
    struct wsman wsman;
    bool good = demo_wsman_read(&request, STR("https://x/"), &wsman, &reply);
    if (!good && (reply.status != 500 || !reply.body.len)) {
        abort();
    }
    demo_wsman_free(&wsman);
    reply_drop(&reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = { (const char *)data, size };
    struct assembly assembly = ASSEMBLY_INIT;
    struct err err = { 0 };
    size_t count = 0;
    json_free(clix_read(text, &err));
    if (!assembly_feed(&assembly, text, take, &count, &err) && err.kind != ERR_PROTOCOL) {
        abort();
    }
    buf_free(&assembly.object);
    read_request(text);
    return 0;
}
