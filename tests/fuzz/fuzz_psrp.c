/* Any bytes as a stream of fragments, cut anywhere: messages come whole and in order, or an error says where they do not. */
#include <stdlib.h>

#include "session/rps/psrp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen { bool open; size_t messages; };

static bool on_begin(void *context, const struct psrp_head *head, struct err *err)
{
    struct seen *seen = context;
    (void)head;
    (void)err;
    if (seen->open) {
        abort();
    }
    seen->open = true;
    return true;
}

static bool on_data(void *context, struct str piece, struct err *err)
{
    const struct seen *seen = context;
    (void)err;
    if (!seen->open || !piece.len) {
        abort();
    }
    return true;
}

static bool on_end(void *context, struct err *err)
{
    struct seen *seen = context;
    (void)err;
    if (!seen->open) {
        abort();
    }
    seen->open = false;
    seen->messages++;
    return true;
}

/* How many messages, and whether it went well, must not hang on where the stream is cut. */
static bool run(struct str bytes, size_t piece, size_t *messages)
{
    static const struct psrp_handlers handlers = { on_begin, on_data, on_end };
    struct seen seen = { 0 };
    struct err err = { 0 };
    struct psrp_receiver *receiver = psrp_receiver_new(&handlers, &seen, 4096);
    bool good = true;
    for (; good && bytes.len; bytes = str_from(bytes, piece)) {
        good = psrp_receive(receiver, str_take(bytes, piece), &err);
    }
    if (!good && (err.kind != ERR_PROTOCOL || !*err.text)) {
        abort();
    }
    psrp_receiver_free(receiver);
    *messages = seen.messages;
    return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = { (const char *)data, size };
    size_t whole = 0, cut = 0;
    bool good = run(bytes, SIZE_MAX, &whole);
    if (good != run(bytes, 1, &cut) || whole != cut) {
        abort();
    }
    return 0;
}
