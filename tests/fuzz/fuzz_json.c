/* JSON from the network: parsed, made an object, shown and printed; what is printed parses again. */
#include <stdlib.h>

#include "base/object.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct json *value = json_parse((struct str){ (const char *)data, size }, NULL);
    if (!value) {
        return 0;
    }
    struct object object;
    struct buf text = BUF_INIT(BUF_LARGE);
    object_init(&object);
    object_from_json(&object, value);
    for (size_t i = 0; i < object.count; i++) {
        property_display(&object.properties[i], &text);
    }
    buf_clear(&text);
    object_print_json(&object, true, &text);
    struct json *again = json_parse(buf_str(&text), NULL);
    if (!again) {
        abort();
    }
    json_free(again);
    object_free(&object);
    buf_free(&text);
    json_free(value);
    return 0;
}
