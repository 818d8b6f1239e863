/* Text on its way to a terminal: what text_clean lets through is clean, valid, and not wider than it says. */
#include <stdlib.h>

#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = { (const char *)data, size }, line;
    struct buf clean = BUF_INIT(BUF_LARGE);
    int width;
    text_clean(&clean, text, false);
    if (!text_is_clean(buf_str(&clean)) || !text_is_utf8(buf_str(&clean))) {
        abort();
    }
    struct str head = text_fit(buf_str(&clean), 20, &width);
    if (width > 20 || head.len > clean.len) {
        abort();
    }
    struct str rest = buf_str(&clean);
    while (text_wrap(&rest, 10, &line)) {
    }
    text_contains(text, STR("\xC3\xA9"));
    buf_free(&clean);
    return 0;
}
