/* The text of the token cache: any bytes give entries that can be written and read again, or none. */
#include <stdlib.h>

#include "auth/token_cache_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cache_entries entries, again;
    struct json *foreign = NULL, *foreign_again = NULL;
    struct buf out = BUF_INIT(TOKEN_CACHE_MAX);
    if (cache_text_read((struct str){ (const char *)data, size }, &entries, &foreign)) {
        cache_text_write(&entries, foreign, &out);
        if (!out.overflowed && (!cache_text_read(buf_str(&out), &again, &foreign_again) || again.count != entries.count)) {
            abort();
        }
        if (!out.overflowed) {
            cache_entries_clear(&again);
        }
    }
    cache_entries_clear(&entries);
    json_free_secret(foreign);
    json_free_secret(foreign_again);
    buf_free(&out);
    return 0;
}
