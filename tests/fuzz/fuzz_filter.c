/* The filter line of a table, against columns and values of each kind. */
#include "results/filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool value_of(void *row, int column, struct property *value)
{
    static const struct property values[] = {
        { .kind = VALUE_STRING, .text = { "Legal Hold", 10 } },
        { .kind = VALUE_NUMBER, .text = { "9007199254740993", 16 } },
        { .kind = VALUE_STRING, .text = { "2026-11-23T08:00:00.0000000Z", 28 } },
    };
    (void)row;
    *value = values[column % 3];
    return column < 3;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char names[3][8] = { "Name", "Size", "When" }, type[1] = "";
    const struct column columns[] = {
        { .name = names[0], .type = type, .kind = VALUE_STRING },
        { .name = names[1], .type = type, .kind = VALUE_NUMBER },
        { .name = names[2], .type = type, .kind = VALUE_STRING },
    };
    struct filter filter = { .count = 0 };
    struct err err = { 0 };
    if (filter_parse(&filter, (struct str){ (const char *)data, size }, columns, 3, &err)) {
        filter_matches(&filter, value_of, NULL, 3);
    }
    filter_free(&filter);
    return 0;
}
