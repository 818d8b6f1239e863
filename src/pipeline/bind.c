#include "pipeline/bind.h"

#include "base/mem.h"
#include "base/wildcard.h"
#include "catalogue/literal.h"
#include "catalogue/parameter_sets.h"
#include "catalogue/value.h"
#include "pipeline/expression.h"

/* What an object is called by when a cmdlet wants to know which one is meant, the surest first. */
static const char *const names_of_objects[] = {
    "Identity", "Guid", "ExchangeObjectId", "ImmutableId", "DistinguishedName", "Name", "PrimarySmtpAddress", "UserPrincipalName",
    "Id", "CaseId", "PolicyId", "RuleId", "Alias", "DisplayName", "WindowsLiveID", "MasterIdentity", "ExternalIdentity", "FilterName",
};

/* The sets that the arguments given so far leave. */
static uint64_t sets_left(const struct cmdlet *cmdlet, const struct invocation *invocation)
{
    uint64_t sets = sets_all(cmdlet);
    for (size_t i = 0; i < invocation->count; i++) {
        for (size_t k = 0; k < cmdlet->parameter_count; k++) {
            if (str_is_nocase(str_of(invocation->arguments[i].name), cmdlet->parameters[k].name)) {
                sets &= sets_of(cmdlet, &cmdlet->parameters[k]);
            }
        }
    }
    return sets;
}

static bool takes(const struct cmdlet *cmdlet, uint64_t sets, const struct parameter *parameter, bool by_name)
{
    for (size_t i = 0; i < cmdlet->set_count && i < SETS_MAX; i++) {
        const struct parameter_use *use = sets >> i & 1 ? parameter_use_in(parameter, cmdlet->sets[i]) : NULL;
        if (use && (by_name ? use->from_pipeline_by_name : use->from_pipeline)) {
            return true;
        }
    }
    return false;
}

static struct json *json_of(const struct property *property)
{
    switch (property->kind) {
    case VALUE_NULL:
        return json_new_null();
    case VALUE_TRUE:
    case VALUE_FALSE:
        return json_new_bool(property->kind == VALUE_TRUE);
    case VALUE_NUMBER:
        return json_new_number(property->text);
    case VALUE_NESTED: {
        struct json *tree = json_parse(property->text, NULL);
        return tree ? tree : json_new_string(property->text);
    }
    case VALUE_STRING:
        break;
    }
    return json_new_string(property->text);
}

static bool set_value(struct invocation *invocation, const struct parameter *parameter, const struct property *property, struct err *err)
{
    struct literal literal = { .json = json_of(property) };
    struct value value;
    if (!value_from_literal(parameter, &literal, &value, err)) {
        return false;
    }
    invocation_set(invocation, parameter->name, value.kind, parameter->type, value.json);
    return true;
}

static const struct property *property_by(const struct object *object, const struct parameter *parameter)
{
    const struct property *found = object_find(object, str_of(parameter->name));
    for (size_t i = 0; !found && i < parameter->alias_count; i++) {
        found = object_find(object, str_of(parameter->aliases[i]));
    }
    return found && found->kind != VALUE_NULL ? found : NULL;
}

/* A whole object bound by value: what names it is sent, since its text would mean nothing to the service. */
static const struct property *name_of_object(const struct object *object, const struct parameter *parameter)
{
    const struct property *found = property_by(object, parameter);
    if (object_is_primitive(object)) {
        return &object->properties[0];
    }
    for (size_t i = 0; !found && parameter_is_identity(parameter) && i < sizeof names_of_objects / sizeof *names_of_objects; i++) {
        const struct property *named = object_find(object, str_of(names_of_objects[i]));
        found = named && named->kind == VALUE_STRING && named->text.len ? named : NULL;
    }
    return found;
}

/* By value first, then by name: a parameter that has its value is left alone. */
static bool bind_all(const struct cmdlet *cmdlet, struct invocation *invocation, const struct object *object, size_t *bound, struct err *err)
{
    for (int by_name = 0; by_name <= 1; by_name++) {
        for (size_t i = 0; i < cmdlet->parameter_count; i++) {
            const struct parameter *parameter = &cmdlet->parameters[i];
            if (invocation_get(invocation, parameter->name) || !takes(cmdlet, sets_left(cmdlet, invocation), parameter, by_name)) {
                continue;
            }
            const struct property *property = by_name ? property_by(object, parameter) : name_of_object(object, parameter);
            if (!property) {
                continue;
            }
            if (!set_value(invocation, parameter, property, err)) {
                return false;
            }
            *bound += 1;
        }
    }
    return true;
}

static bool refuse(const struct cmdlet *cmdlet, struct err *err)
{
    size_t takers = 0;
    for (size_t i = 0; i < cmdlet->parameter_count; i++) {
        takers += takes(cmdlet, sets_all(cmdlet), &cmdlet->parameters[i], true) || takes(cmdlet, sets_all(cmdlet), &cmdlet->parameters[i], false);
    }
    err_set(err, ERR_INPUT, takers ? "The object cannot be bound to any parameter of %s: its properties match none that takes objects"
                                   : "%s takes no objects from a pipeline", cmdlet->shown);
    err_advise(err, takers ? "Choose the property that names it: ... | ForEach-Object Name | %s" : "Name what it is for with its parameters: %s -Identity ...",
               cmdlet->shown);
    err_code(err, "InputObjectNotBound");
    return false;
}

/* A misspelt name is the commonest reason. */
static void advise_unmatched(void *context, struct str text)
{
    struct err *err = context;
    if (str_contains_nocase(text, STR("Did you mean"))) {
        struct str rest = text, first;
        str_cut(&rest, '.', &first);
        err_advise(err, "The object has no such property. %.*s", STR_ARG(str_trim(rest)));
    }
}

/* What a block gives for this object. Nothing is no value: left out or $null it would mean every object (pains 5). */
static bool set_from_block(struct invocation *invocation, const struct parameter *parameter, const struct json *block, const struct object *object,
                           struct err *err)
{
    struct expression *expression = expression_new(block, err);
    if (!expression) {
        return false;
    }
    struct property value = expression_value(expression, object);
    struct str text = json_string(json_get(block, BLOCK_TEXT));
    bool whole = value.kind == VALUE_NESTED && !memchr(text.data, '.', text.len), good = false;
    const struct property *named = whole && parameter_is_identity(parameter) ? name_of_object(object, parameter) : NULL;
    if (value.kind == VALUE_NULL || (value.kind == VALUE_STRING && str_trim(value.text).len == 0)) {
        err_set(err, ERR_INPUT, "%s was not run for an object, because its %.*s is empty", invocation->shown, STR_ARG(str_take(text, 100)));
        err_advise(err, "Leave such objects out with Where-Object before it.");
        expression_unmatched(expression, advise_unmatched, err);
        err_code(err, "EmptyValue");
    } else if (named) {
        good = set_value(invocation, parameter, named, err);        /* as if it were piped */
    } else if (whole) {
        err_set(err, ERR_INPUT, "-%s cannot take a whole object", parameter->name);
        err_advise(err, "Name the property of it: $_.Name");
    } else {
        good = set_value(invocation, parameter, &value, err);
    }
    expression_free(expression);
    return good;
}

static bool set_blocks(const struct cmdlet *cmdlet, struct invocation *invocation, const struct object *object, struct err *err)
{
    for (size_t i = 0; i < cmdlet->parameter_count; i++) {
        const struct argument *argument = invocation_get(invocation, cmdlet->parameters[i].name);
        if (!argument || !argument->from_object) {
            continue;
        }
        struct json *block = json_copy(argument->value);
        bool good = set_from_block(invocation, &cmdlet->parameters[i], block, object, err);
        json_free(block);
        if (!good) {
            return false;
        }
    }
    return true;
}

struct invocation *bind_object(const struct stage *stage, const struct object *object, struct err *err)
{
    const struct cmdlet *cmdlet = stage->definition->cmdlets;
    struct invocation *invocation = invocation_copy(stage->invocation);
    size_t bound = 0;
    bool taken = stage->each ? set_blocks(cmdlet, invocation, object, err)
                             : bind_all(cmdlet, invocation, object, &bound, err) && (bound > 0 || refuse(cmdlet, err));
    bool good = taken && invocation_validate(invocation, cmdlet, NULL, err);
    if (good) {
        return invocation;
    }
    invocation_free(invocation);
    return NULL;
}

/* The whole value, or its last part: identities of policies and rules come with the path to them. */
static bool names(struct str value, struct str asked)
{
    if (value.len == 0 || asked.len == 0) {
        return false;
    }
    if (wildcard_matches(asked, value, false) || str_eq_nocase(value, asked)) {
        return true;
    }
    size_t longer = value.len > asked.len ? value.len : asked.len, shorter = value.len + asked.len - longer;
    struct str tail = str_from(value.len > asked.len ? value : asked, longer - shorter);
    char before = longer > shorter ? tail.data[-1] : '\0';
    return str_eq_nocase(tail, value.len > asked.len ? asked : value) && (before == '\\' || before == '/');
}

/* The members of what was asked for have names of their own. */
static bool gives_members(const struct invocation *asked)
{
    return str_ends_nocase(str_of(asked->cmdlet), STR("Member")) || str_ends_nocase(str_of(asked->cmdlet), STR("Members"));
}

bool bind_matches_identity(const struct invocation *asked, const struct object *object)
{
    const struct argument *identity = invocation_get(asked, "Identity");
    if (!identity || gives_members(asked) || (identity->kind != ARG_TEXT && identity->kind != ARG_NUMBER)) {
        return true;
    }
    bool any = false;
    for (size_t i = 0; i < sizeof names_of_objects / sizeof *names_of_objects; i++) {
        const struct property *property = object_find(object, str_of(names_of_objects[i]));
        if (property && property->kind == VALUE_STRING) {
            any = true;
            if (names(property->text, json_string(identity->value))) {
                return true;
            }
        }
    }
    /* CN=name,... of directory names; an object without any name cannot be judged. */
    const struct property *path = object_find(object, STR("DistinguishedName"));
    struct str common = path ? path->text : STR(""), first;
    str_cut(&common, ',', &first);
    return !any || (str_starts_nocase(first, STR("CN=")) && str_eq_nocase(str_from(first, 3), json_string(identity->value)));
}
