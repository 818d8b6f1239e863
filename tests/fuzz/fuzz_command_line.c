/* Any bytes as a typed line: no crash; what is understood prints as a line that is understood in the same way. */
#include <stdlib.h>

#include "catalogue/command_line.h"
#include "catalogue/module_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char module[] =
    "function script:Set-A\n{\n[CmdletBinding(DefaultParameterSetName='X', SupportsShouldProcess=$true)]\nparam(\n"
    "[Parameter(ParameterSetName='X', Position=0)]\n${I},\n[Parameter(ParameterSetName='Y', Position=0)]\n[int]\n${N},\n"
    "[string]\n${S},\n[switch]\n${W},\n[bool]\n${B},\n[string[]]\n${L},\n[System.Object[]]\n${O},\n[hashtable]\n${H},\n"
    "[hashtable[]]\n${J},\n[guid]\n${G},\n[double]\n${D},\n[uri]\n${U}\n)\n}\n";

static void print(const struct invocation *invocation, struct buf *out)
{
    for (size_t i = 0; i < invocation->count; i++) {
        buf_format(out, "%s:%d=", invocation->arguments[i].name, (int)invocation->arguments[i].kind);
        json_print(invocation->arguments[i].value, false, out);
    }
}

static void check_again(const struct catalogue *catalogue, const struct invocation *invocation)
{
    struct buf line = BUF_INIT(BUF_LARGE), before = BUF_INIT(BUF_LARGE), after = BUF_INIT(BUF_LARGE);
    command_line_print(invocation, &line);
    struct invocation *again = command_line_parse(buf_str(&line), catalogue, NULL);
    if (again == NULL)
        abort();
    print(invocation, &before);
    print(again, &after);
    if (!str_eq(buf_str(&before), buf_str(&after)))
        abort();
    invocation_free(again);
    buf_free(&line);
    buf_free(&before);
    buf_free(&after);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err;
    struct catalogue *catalogue = module_file_parse(STR(module), STR(""), NULL);
    struct buf line = BUF_INIT(COMMAND_LINE_MAX);
    buf_text(&line, "Set-A ");
    buf_add(&line, (struct str){ (const char *)data, size });
    struct invocation *invocation = command_line_parse(buf_str(&line), catalogue, &err);
    if (invocation != NULL)
        check_again(catalogue, invocation);
    else if ((err.kind != ERR_INPUT && err.kind != ERR_FORBIDDEN) || err.text[0] == '\0')
        abort();
    invocation_free(invocation);
    invocation_free(command_line_parse((struct str){ (const char *)data, size }, catalogue, &err));
    buf_free(&line);
    catalogue_free(catalogue);
    return 0;
}
