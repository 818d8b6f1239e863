#include "catalogue/cmdlet_copy.h"

#include <stdlib.h>

#include "base/mem.h"

static char **copy_texts(char *const *texts, size_t count)
{
    char **copy = count > 0 ? mem_array(count, sizeof *copy) : NULL;
    for (size_t i = 0; i < count; i++)
        copy[i] = mem_text(texts[i]);
    return copy;
}

/* All of the struct first, then what it owns: a member that is added later and owns nothing is copied by itself. */
static void copy_parameter(struct parameter *to, const struct parameter *from)
{
    char *name = to->name, *type_name = to->type_name, *help = to->help;
    *to = *from;
    to->name = name;
    free(type_name);
    free(help);
    to->type_name = mem_text(from->type_name);
    to->help = mem_text(from->help);
    to->aliases = copy_texts(from->aliases, from->alias_count);
    to->values = copy_texts(from->values, from->value_count);
    to->uses = NULL;
    to->use_count = 0;
    for (size_t i = 0; i < from->use_count; i++)
        parameter_add_use(to, from->uses[i]);
}

struct catalogue *catalogue_of_one(const struct cmdlet *cmdlet)
{
    struct catalogue *catalogue = catalogue_new();
    struct cmdlet *copy = catalogue_add(catalogue, str_of(cmdlet->name));
    free(copy->shown);
    copy->shown = mem_text(cmdlet->shown);
    free(copy->default_set);
    copy->default_set = mem_text(cmdlet->default_set);
    copy->default_unknown = cmdlet->default_unknown;
    copy->should_process = cmdlet->should_process;
    copy->impact = cmdlet->impact;
    for (size_t i = 0; i < cmdlet->parameter_count; i++)
        copy_parameter(cmdlet_add_parameter(copy, str_of(cmdlet->parameters[i].name)), &cmdlet->parameters[i]);
    catalogue_seal(catalogue);
    return catalogue;
}
