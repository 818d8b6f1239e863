/* Any bytes as a module file and as the answer around one: no crash, and what comes out keeps the catalogue's promises. */
#include <stdlib.h>

#include "base/mem.h"
#include "catalogue/module_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct catalogue *catalogue)
{
    struct ranked *ranked = mem_array(catalogue->count + 1, sizeof *ranked);
    for (size_t i = 0; i < catalogue->count; i++) {
        const struct cmdlet *cmdlet = &catalogue->cmdlets[i];
        if (cmdlet->set_count == 0 || cmdlet->verb.len == 0 || cmdlet->noun.len == 0)
            abort();
        for (size_t j = 0; j < cmdlet->parameter_count; j++)
            if (cmdlet->parameters[j].name[0] == '\0' || cmdlet->parameters[j].use_count == 0)
                abort();
        if (catalogue_find(catalogue, str_of(cmdlet->name)) == NULL)
            abort();
        catalogue_rank(catalogue, str_of(cmdlet->name), ranked);
        cmdlet_is_read(cmdlet);
    }
    free(ranked);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err;
    struct str text = { (const char *)data, size };
    struct catalogue *catalogue = module_file_parse(text, STR(""), &err);
    if (catalogue != NULL)
        check(catalogue);
    else if (err.kind != ERR_PROTOCOL)
        abort();
    catalogue_free(catalogue);
    catalogue_free(module_file_parse_answer(text, &err));
    /* A cmdlet around the bytes, so that the attributes are reached at once. */
    char *wrapped = mem_format("function script:Get-Thing\n{\n[CmdletBinding()]\nparam(\n%.*s\n${Last}\n)\n}\n", STR_ARG(text));
    catalogue = module_file_parse(str_of(wrapped), STR(""), &err);
    if (catalogue != NULL)
        check(catalogue);
    catalogue_free(catalogue);
    free(wrapped);
    return 0;
}
