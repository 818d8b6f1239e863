/* The arguments are few (a form has at most a hundred fields), so a plain array in the order of entry serves best. */
#include "catalogue/invocation.h"

#include <stdlib.h>

#include "base/mem.h"
#include "catalogue/value.h"

struct invocation *invocation_new(const char *cmdlet)
{
    struct invocation *invocation = MEM_NEW(struct invocation);
    invocation->cmdlet = mem_text(cmdlet);
    invocation->shown = mem_text(cmdlet);
    struct str noun = str_of(cmdlet), verb;
    str_cut(&noun, '-', &verb);
    /* From the verb alone; whether a read may be repeated after a broken connection hangs on it (rest.md section 6). */
    invocation->read_only = cmdlet_is_read(&(struct cmdlet){ .verb = verb });
    return invocation;
}

static void show_as(struct invocation *invocation, const char *shown)
{
    free(invocation->shown);
    invocation->shown = mem_text(shown);
}

struct invocation *invocation_of(const struct cmdlet *cmdlet)
{
    struct invocation *invocation = invocation_new(cmdlet->name);
    show_as(invocation, cmdlet->shown);
    return invocation;
}

static void value_clear(struct argument *argument)
{
    if (parameter_is_secret(argument->type))
        json_free_secret(argument->value);
    else
        json_free(argument->value);
}

static void argument_clear(struct argument *argument)
{
    free(argument->name);
    value_clear(argument);
}

void invocation_free(struct invocation *invocation)
{
    if (invocation == NULL)
        return;
    for (size_t i = 0; i < invocation->count; i++)
        argument_clear(&invocation->arguments[i]);
    free(invocation->arguments);
    free(invocation->cmdlet);
    free(invocation->shown);
    free(invocation->resume_at);
    free(invocation);
}

struct invocation *invocation_copy(const struct invocation *invocation)
{
    struct invocation *copy = invocation_new(invocation->cmdlet);
    show_as(copy, invocation->shown);
    copy->read_only = invocation->read_only;
    copy->what_if = invocation->what_if;
    copy->impatient = invocation->impatient;
    copy->resume_at = mem_text(invocation->resume_at);
    for (size_t i = 0; i < invocation->count; i++) {
        const struct argument *argument = &invocation->arguments[i];
        invocation_set(copy, argument->name, argument->kind, argument->type, json_copy(argument->value));
        copy->arguments[copy->count - 1].from_object = argument->from_object;
        copy->arguments[copy->count - 1].place = argument->place;
    }
    return copy;
}

static struct argument *find(const struct invocation *invocation, const char *name)
{
    for (size_t i = 0; i < invocation->count; i++)
        if (str_is_nocase(str_of(name), invocation->arguments[i].name))
            return &invocation->arguments[i];
    return NULL;
}

const struct argument *invocation_get(const struct invocation *invocation, const char *name)
{
    return find(invocation, name);
}

bool invocation_is_on(const struct invocation *invocation, const char *name)
{
    const struct argument *argument = invocation_get(invocation, name);
    return argument && json_bool(argument->value, false);
}

/* A value that is set again keeps its place in the order. */
void invocation_set(struct invocation *invocation, const char *name, enum argument_kind kind, enum parameter_type type,
                    struct json *value)
{
    struct argument *argument = find(invocation, name);
    if (argument == NULL) {
        MEM_ROOM(invocation->arguments, invocation->count, invocation->capacity);
        argument = &invocation->arguments[invocation->count++];
        *argument = (struct argument){ .name = mem_text(name) };
    }
    /* The caller may hand back the very value that it got from here. */
    if (argument->value != value)
        value_clear(argument);
    argument->kind = kind;
    argument->type = type;
    argument->value = value;
    argument->from_object = false;
}

void invocation_place(struct invocation *invocation, const char *name, size_t at)
{
    struct argument *argument = find(invocation, name);
    if (argument != NULL)
        argument->place = at + 1;
}

void invocation_set_block(struct invocation *invocation, const char *name, enum parameter_type type, struct json *block)
{
    invocation_set(invocation, name, ARG_HASHTABLE, type, block);
    find(invocation, name)->from_object = true;
}

void invocation_unset(struct invocation *invocation, const char *name)
{
    struct argument *argument = find(invocation, name);
    if (argument == NULL)
        return;
    argument_clear(argument);
    /* The gap is closed by moving, since the order is the one of the printed line. */
    size_t behind = invocation->count - (size_t)(argument - invocation->arguments) - 1;
    memmove(argument, argument + 1, behind * sizeof *argument);
    invocation->count--;
}

/* Nothing at all means "not given"; blanks or a pair of quotes in an identity are a slip that must not pass for that. */
bool invocation_set_text(struct invocation *invocation, const struct parameter *parameter, struct str text, struct err *err)
{
    struct value value;
    struct str trimmed = str_trim(text);
    if (text.len == 0 || (trimmed.len == 0 && !parameter_is_identity(parameter))) {
        invocation_unset(invocation, parameter->name);
        return true;
    }
    /* Read before anything is replaced: a refused text leaves the earlier value in force. */
    if (!value_from_text(parameter, text, &value, err))
        return false;
    invocation_set(invocation, parameter->name, value.kind, value.type, value.json);
    return true;
}
