/* Any bytes as a file of cmdlets: no crash; what is taken makes a table, a module text and objects. */
#include <stdlib.h>

#include "demo/cmdlet_file.h"
#include "demo/generic.h"
#include "demo/module_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cmdlet_file file;
    struct err err = { 0 };
    if (!cmdlet_file_parse(&file, (struct str){ (const char *)data, size }, "f", &err)) {
        if (!*err.text || file.texts)
            abort();
        return 0;
    }
    struct cmdlet_table *table = cmdlet_table_new(cmdlet_file_texts(&file));
    struct generic *generic = generic_new(table);
    struct tenant tenant = { .seed = 1 };
    struct buf text = BUF_INIT((size_t)64 * 1024 * 1024);
    module_text(table, (struct str){ 0 }, &text);
    generic_seed(generic, &tenant);
    while (tenant.count)
        tenant_remove(&tenant, tenant.entries[tenant.count - 1]);
    free(tenant.entries);
    buf_free(&text);
    generic_free(generic);
    cmdlet_table_free(table);
    cmdlet_file_free(&file);
    return 0;
}
