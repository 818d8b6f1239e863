/* Any bytes as a script: no crash, and an error says what is wrong. Pipelines of local cmdlets also run, on the values that
   they begin with or on some of ours. */
#include <stdlib.h>

#include "catalogue/module_file.h"
#include "pipeline/chain.h"
#include "pipeline/local_cmdlets.h"
#include "pipeline/statement.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char module[] =
    "function script:Get-A\n{\n[CmdletBinding(DefaultParameterSetName='X')]\nparam(\n"
    "[Parameter(ParameterSetName='X', Position=0, ValueFromPipeline=$true, ValueFromPipelineByPropertyName=$true)]\n${Identity},\n"
    "[string[]]\n${L},\n[hashtable]\n${H}\n)\n}\n"
    "function script:Set-A\n{\n[CmdletBinding(SupportsShouldProcess=$true, ConfirmImpact='High')]\nparam(\n"
    "[Parameter(Mandatory=$true, Position=0, ValueFromPipeline=$true)]\n${Identity},\n[int]\n${N}\n)\n}\n";

static bool swallow(void *context, const struct object *object, struct err *err)
{
    struct buf *out = context;
    (void)err;
    buf_clear(out);
    object_print_json(object, false, out);
    return true;
}

static void run_values(const struct pipeline *pipeline, struct chain *chain)
{
    static const char ours[] = "[{\"Name\":\"b\",\"N\":2,\"L\":[1,\"x\"]},{\"Name\":\"A\",\"N\":null},\"text\",7,null,[{\"_key\":\"k\",\"_value\":1}]]";
    struct json *values = pipeline->stages[0].kind == STAGE_VALUES ? json_copy(pipeline->stages[0].values) : json_parse(STR(ours), NULL);
    struct err err;
    bool good = true;
    for (const struct json *value = json_first(values); good && value; value = json_next(value)) {
        struct object object;
        object_init(&object);
        object_from_json(&object, value);
        good = chain_object(chain, &object, &err);
        object_free(&object);
    }
    good = good && chain_end(chain, &err);
    json_free(values);
}

static void run(const struct pipeline *pipeline)
{
    struct buf out = BUF_INIT(BUF_LARGE);
    const struct local_sink sink = { swallow, &out };
    struct err err;
    size_t end = 1;
    struct pipeline *copy = pipeline_copy(pipeline);
    while (end < copy->count && copy->stages[end].kind == STAGE_LOCAL) {
        end++;
    }
    struct chain *chain = copy->count ? chain_new(copy, 1, end, &sink, NULL, &err) : NULL;
    if (chain) {
        run_values(copy, chain);
    }
    chain_free(chain);
    pipeline_free(copy);
    buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct catalogue *service = module_file_parse(STR(module), STR(""), NULL), *local = local_catalogue_new();
    const struct language language = { .catalogue = service, .local = local };
    struct str text = { (const char *)data, size };
    struct err err = { 0 };
    if (statement_text_good(text, &err)) {
        struct reader reader = reader_of(text);
        err = (struct err){ 0 };
        for (struct statement *statement; (statement = statement_read(&reader, &language, &err));) {
            run(statement->pipeline);
            statement_free(statement);
        }
        if (err.kind != ERR_NONE && ((err.kind != ERR_INPUT && err.kind != ERR_FORBIDDEN) || err.text[0] == '\0')) {
            abort();
        }
    }
    catalogue_free(service);
    catalogue_free(local);
    return 0;
}
