/* What the service says when it refuses a value, and the file that keeps it. */
#include <stdlib.h>

#include "catalogue/learned_values.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = { (const char *)data, size };
    struct catalogue *catalogue = catalogue_new();
    struct cmdlet *cmdlet = catalogue_add(catalogue, STR("Set-Thing"));
    cmdlet_add_parameter(cmdlet, STR("Mode"));
    cmdlet_add_parameter(cmdlet, STR("Kind"));
    catalogue_seal(catalogue);
    struct learned_text *learned = malloc(sizeof *learned);
    if (!learned)
        abort();
    if (learned_text_read(text, learned) && (learned->count == 0 || learned->count > LEARNED_NAMES_MAX))
        abort();
    for (size_t i = 0; i < learned->count; i++)
        if (learned->names[i].len == 0 || learned->names[i].data < text.data
            || learned->names[i].data + learned->names[i].len > text.data + text.len)
            abort();
    known_values_learn(catalogue, STR("Set-Thing"), STR("Mode"), text);
    known_values_learn(catalogue, STR("Set-Thing"), STR(""), text);
    learned_values_read(catalogue, text);
    free(learned);
    catalogue_free(catalogue);
    return 0;
}
