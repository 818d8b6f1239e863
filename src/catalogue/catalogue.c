/* Building, sealing and looking up. After catalogue_seal nothing changes any more, so that the pointers which the front end
   keeps to cmdlets and parameters stay good for as long as the catalogue lives. */
#include "catalogue/catalogue.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/wildcard.h"
#include "catalogue/areas.h"
#include "catalogue/known_cmdlets.h"
#include "catalogue/known_values.h"

/* Growth for the arrays of the public structures, which carry a count and no capacity: they double at powers of two. */
static void *one_more(void *items, size_t count, size_t size)
{
    if (count == 0)
        return mem_grow(items, 4, size);
    if (count >= 4 && (count & (count - 1)) == 0)
        return mem_grow(items, count * 2, size);
    return items;
}

struct catalogue *catalogue_new(void)
{
    struct catalogue *catalogue = MEM_NEW(struct catalogue);
    /* Never NULL, so that nobody has to look before comparing it. */
    catalogue->public_key = mem_text("");
    return catalogue;
}

static void free_texts(char **texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(texts[i]);
    free(texts);
}

static void parameter_clear(struct parameter *parameter)
{
    free(parameter->name);
    free(parameter->type_name);
    free(parameter->help);
    free_texts(parameter->aliases, parameter->alias_count);
    free_texts(parameter->values, parameter->value_count);
    for (size_t i = 0; i < parameter->use_count; i++)
        free(parameter->uses[i].set);
    free(parameter->uses);
}

static void cmdlet_clear(struct cmdlet *cmdlet)
{
    for (size_t i = 0; i < cmdlet->parameter_count; i++)
        parameter_clear(&cmdlet->parameters[i]);
    free(cmdlet->parameters);
    free_texts(cmdlet->sets, cmdlet->set_count);
    free(cmdlet->name);
    free(cmdlet->shown);
    free(cmdlet->default_set);
    free(cmdlet->area);
}

void catalogue_free(struct catalogue *catalogue)
{
    if (catalogue == NULL)
        return;
    for (size_t i = 0; i < catalogue->count; i++)
        cmdlet_clear(&catalogue->cmdlets[i]);
    free(catalogue->cmdlets);
    free(catalogue->public_key);
    free(catalogue->prefix);
    free(catalogue->chosen);
    free(catalogue->learned_path);
    free(catalogue);
}

/* A few verbs come in small letters (rest.md 7.1); takes the text. */
static char *as_written(char *name)
{
    if (*name >= 'a' && *name <= 'z')
        *name = (char)(*name - 'a' + 'A');
    return name;
}

/* The slices point into the name on the heap, so they stay good when the array moves or is sorted. */
struct cmdlet *catalogue_add(struct catalogue *catalogue, struct str name)
{
    MEM_ROOM(catalogue->cmdlets, catalogue->count, catalogue->capacity);
    struct cmdlet *cmdlet = &catalogue->cmdlets[catalogue->count++];
    *cmdlet = (struct cmdlet){ .name = str_dup(name), .shown = as_written(str_dup(name)), .default_set = mem_text(""), .area = mem_text("") };
    struct str rest = str_of(cmdlet->name);
    str_cut(&rest, '-', &cmdlet->verb);
    cmdlet->noun = rest;
    return cmdlet;
}

/* The pointer is good until the next parameter is added. */
struct parameter *cmdlet_add_parameter(struct cmdlet *cmdlet, struct str name)
{
    cmdlet->parameters = one_more(cmdlet->parameters, cmdlet->parameter_count, sizeof *cmdlet->parameters);
    struct parameter *parameter = &cmdlet->parameters[cmdlet->parameter_count++];
    *parameter = (struct parameter){
        .name = str_dup(name), .type_name = mem_text(""), .help = mem_text(""), .min_length = -1, .max_length = -1,
        .known_min = -1, .known_max = -1, .known_max_length = -1,
    };
    return parameter;
}

void parameter_add_alias(struct parameter *parameter, struct str alias)
{
    parameter->aliases = mem_grow(parameter->aliases, parameter->alias_count + 1, sizeof *parameter->aliases);
    parameter->aliases[parameter->alias_count++] = str_dup(alias);
}

void parameter_add_use(struct parameter *parameter, struct parameter_use use)
{
    parameter->uses = one_more(parameter->uses, parameter->use_count, sizeof *parameter->uses);
    use.set = mem_text(use.set);
    parameter->uses[parameter->use_count++] = use;
}

void catalogue_drop_last(struct catalogue *catalogue)
{
    cmdlet_clear(&catalogue->cmdlets[--catalogue->count]);
}

void cmdlet_drop_last_parameter(struct cmdlet *cmdlet)
{
    parameter_clear(&cmdlet->parameters[--cmdlet->parameter_count]);
}

static void add_set(struct cmdlet *cmdlet, const char *set)
{
    for (size_t i = 0; i < cmdlet->set_count; i++)
        if (str_is_nocase(str_of(set), cmdlet->sets[i]))
            return;
    cmdlet->sets = one_more(cmdlet->sets, cmdlet->set_count, sizeof *cmdlet->sets);
    cmdlet->sets[cmdlet->set_count++] = mem_text(set);
}

/* A default set counts even when no parameter names it: the service declares such cmdlets. */
static void collect_sets(struct cmdlet *cmdlet)
{
    if (cmdlet->default_set[0] != '\0')
        add_set(cmdlet, cmdlet->default_set);
    for (size_t i = 0; i < cmdlet->parameter_count; i++)
        for (size_t j = 0; j < cmdlet->parameters[i].use_count; j++)
            if (!str_is_nocase(str_of(cmdlet->parameters[i].uses[j].set), ALL_PARAMETER_SETS))
                add_set(cmdlet, cmdlet->parameters[i].uses[j].set);
    if (cmdlet->set_count == 0)
        add_set(cmdlet, ALL_PARAMETER_SETS);
}

/* The service sorts by name too, but for a handful of late additions at the end of its file. Of one name the first comes first. */
static int compare_cmdlets(const void *a, const void *b)
{
    const struct cmdlet *const *left = a, *const *right = b;
    int order = str_compare_nocase(str_of((*left)->name), str_of((*right)->name));
    return order ? order : *left < *right ? -1 : 1;
}

/* What comes a second time, if in other letter case, could never be called. */
static void sort_cmdlets(struct catalogue *catalogue)
{
    struct cmdlet *sorted = mem_array(catalogue->count, sizeof *sorted), **order = mem_array(catalogue->count, sizeof(struct cmdlet *));
    size_t kept = 0;
    for (size_t i = 0; i < catalogue->count; i++)
        order[i] = &catalogue->cmdlets[i];
    qsort(order, catalogue->count, sizeof *order, compare_cmdlets);
    for (size_t i = 0; i < catalogue->count; i++)
        if (kept && str_is_nocase(str_of(order[i]->name), sorted[kept - 1].name))
            cmdlet_clear(order[i]);
        else
            sorted[kept++] = *order[i];
    free(order);
    free(catalogue->cmdlets);
    catalogue->cmdlets = sorted;
    catalogue->capacity = catalogue->count;
    catalogue->count = kept;
}

/* Known values come after the uses, and before the area, which needs nothing but the noun. */
static void seal_cmdlet(struct cmdlet *cmdlet)
{
    char everywhere[] = ALL_PARAMETER_SETS;
    /* No [Parameter] line means optional and a member of every set (rest.md 7.2). */
    for (size_t i = 0; i < cmdlet->parameter_count; i++)
        if (cmdlet->parameters[i].use_count == 0)
            parameter_add_use(&cmdlet->parameters[i], (struct parameter_use){ .set = everywhere, .position = -1 });
    collect_sets(cmdlet);
    known_values_apply(cmdlet);
    free(cmdlet->area);
    cmdlet->area = mem_text(area_of_noun(cmdlet->noun));
}

void catalogue_seal(struct catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->count; i++)
        seal_cmdlet(&catalogue->cmdlets[i]);
    if (catalogue->count > 1)
        sort_cmdlets(catalogue);
}

/* By halves: a sealed catalogue is sorted, without regard to case, as PowerShell looks names up. */
const struct cmdlet *catalogue_find(const struct catalogue *catalogue, struct str name)
{
    size_t low = 0, high = catalogue->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare_nocase(name, str_of(catalogue->cmdlets[middle].name));
        if (order == 0)
            return &catalogue->cmdlets[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* Without a dash there is no noun to stand before. */
char *cmdlet_name_with_prefix(const char *prefix, struct str name)
{
    struct str noun = name, verb;
    bool prefixed = prefix && *prefix && str_cut(&noun, '-', &verb) && noun.len > 0;
    return prefixed ? mem_format("%.*s-%s%.*s", STR_ARG(verb), prefix, STR_ARG(noun)) : str_dup(name);
}

char *cmdlet_name_without_prefix(const char *prefix, struct str name)
{
    struct str noun = name, verb;
    if (!prefix || !*prefix || !str_cut(&noun, '-', &verb) || !str_starts_nocase(noun, str_of(prefix)))
        return NULL;
    return mem_format("%.*s-%.*s", STR_ARG(verb), STR_ARG(str_from(noun, strlen(prefix))));
}

void catalogue_set_prefix(struct catalogue *catalogue, const char *prefix)
{
    free(catalogue->prefix);
    catalogue->prefix = prefix && *prefix ? mem_text(prefix) : NULL;
    for (size_t i = 0; i < catalogue->count; i++) {
        struct cmdlet *cmdlet = &catalogue->cmdlets[i];
        free(cmdlet->shown);
        cmdlet->shown = as_written(cmdlet_name_with_prefix(catalogue->prefix, str_of(cmdlet->name)));
    }
}

/* Whether one of the names, which may have wildcards and stand between commas, means the cmdlet. */
static bool is_chosen(const char *names, const char *cmdlet)
{
    struct str rest = str_of(names), name;
    bool chosen = false;
    for (bool more = true; more && !chosen;) {
        more = str_cut(&rest, ',', &name);
        chosen = wildcard_matches(str_trim(name), str_of(cmdlet), false);
    }
    return chosen;
}

void catalogue_set_chosen(struct catalogue *catalogue, const char *names)
{
    free(catalogue->chosen);
    catalogue->chosen = names && *names && strcmp(names, "*") != 0 ? mem_text(names) : NULL;
    size_t kept = 0;
    for (size_t i = 0; catalogue->chosen && i < catalogue->count; i++)
        if (is_chosen(catalogue->chosen, catalogue->cmdlets[i].name))
            catalogue->cmdlets[kept++] = catalogue->cmdlets[i];
        else
            cmdlet_clear(&catalogue->cmdlets[i]);
    catalogue->count = catalogue->chosen ? kept : catalogue->count;
}

bool catalogue_prefixes(const struct catalogue *catalogue, struct str name)
{
    char *real = cmdlet_name_without_prefix(catalogue->prefix, name);
    free(real);
    return real != NULL;
}

/* With the prefix first, as the plain name of one cmdlet may be the shown name of another (-Prefix Label: Get-LabelPolicy). */
const struct cmdlet *catalogue_meant(const struct catalogue *catalogue, struct str name)
{
    char *real = cmdlet_name_without_prefix(catalogue->prefix, name);
    const struct cmdlet *cmdlet = real ? catalogue_find(catalogue, str_of(real)) : NULL;
    free(real);
    return cmdlet ? cmdlet : catalogue_find(catalogue, name);
}

static bool is_refused(const struct catalogue *catalogue, struct str name, struct err *err)
{
    char *real = cmdlet_name_without_prefix(catalogue->prefix, name);
    bool refused = known_cmdlet_refused(catalogue, name, err) || (real && known_cmdlet_refused(catalogue, str_of(real), err));
    free(real);
    return refused;
}

void catalogue_offer(const struct catalogue *catalogue, struct nearest *nearest)
{
    char *real = cmdlet_name_without_prefix(catalogue->prefix, nearest->typed);
    for (size_t i = 0; i < catalogue->count; i++)
        nearest_offer(nearest, str_of(real ? catalogue->cmdlets[i].shown : catalogue->cmdlets[i].name));
    free(real);
}

/* "Not offered" and "does not exist" look the same in what the service sends: it leaves out what the roles do not allow
   (pains 3). */
const struct cmdlet *catalogue_require(const struct catalogue *catalogue, struct str name, struct err *err)
{
    const struct cmdlet *cmdlet = catalogue_meant(catalogue, name);
    if (cmdlet != NULL || is_refused(catalogue, name, err))
        return cmdlet;
    struct nearest nearest = nearest_to(name);
    catalogue_offer(catalogue, &nearest);
    /* Cut, since whatever was pasted in the name's place must not fill the screen. */
    err_set(err, ERR_INPUT, "%.*s is not among the cmdlets that the service offers to this account", STR_ARG(str_take(name, 120)));
    nearest_advise(&nearest, "", "Check the spelling, or ask for the role that includes it.", err);
    return NULL;
}

static bool has_alias(const struct parameter *parameter, struct str name)
{
    for (size_t i = 0; i < parameter->alias_count; i++)
        if (str_is_nocase(name, parameter->aliases[i]))
            return true;
    return false;
}

static void say_ambiguous(const struct cmdlet *cmdlet, struct str name, struct err *err)
{
    /* The cap ends the list where nobody would read on. */
    struct buf list = BUF_INIT(300);
    for (size_t i = 0; i < cmdlet->parameter_count; i++)
        if (str_starts_nocase(str_of(cmdlet->parameters[i].name), name))
            buf_format(&list, "%s-%s", list.len ? ", " : "", cmdlet->parameters[i].name);
    err_set(err, ERR_INPUT, "-%.*s is ambiguous for %s", STR_ARG(name), cmdlet->shown);
    err_advise(err, "It could be %s.", buf_cstr(&list));
    buf_free(&list);
}

static void say_unknown(const struct cmdlet *cmdlet, struct str name, struct err *err)
{
    struct nearest nearest = nearest_to(name);
    for (size_t i = 0; i < cmdlet->parameter_count; i++)
        nearest_offer(&nearest, str_of(cmdlet->parameters[i].name));
    err_set(err, ERR_INPUT, "%s has no parameter -%.*s %s", cmdlet->shown, STR_ARG(str_take(name, 100)),
            cmdlet->local ? "here" : "for this account");
    const char *otherwise = "Look at the cmdlet's parameters; some appear only with a further role.";
    struct buf list = BUF_INIT(300);
    for (size_t i = 0; cmdlet->local && i < cmdlet->parameter_count; i++)
        buf_format(&list, "%s-%s", i > 0 ? ", " : "It has ", cmdlet->parameters[i].name);
    if (cmdlet->local)
        otherwise = cmdlet->parameter_count > 0 ? buf_cstr(&list) : "It takes no parameters here.";
    nearest_advise(&nearest, "-", otherwise, err);
    buf_free(&list);
}

/* An exact name or alias wins over any number of longer names that begin with it. */
const struct parameter *cmdlet_parameter(const struct cmdlet *cmdlet, struct str name, struct err *err)
{
    const struct parameter *found = NULL;
    size_t prefixed = 0;
    for (size_t i = 0; i < cmdlet->parameter_count; i++) {
        const struct parameter *parameter = &cmdlet->parameters[i];
        if (str_is_nocase(name, parameter->name) || has_alias(parameter, name))
            return parameter;
        /* A beginning of several names is ambiguous even if only one of them is mandatory: PowerShell refuses it as
           well. */
        if (name.len > 0 && str_starts_nocase(str_of(parameter->name), name)) {
            found = parameter;
            prefixed++;
        }
    }
    if (prefixed == 1)
        return found;
    if (prefixed > 1)
        say_ambiguous(cmdlet, name, err);
    else if (!known_parameter_refused(cmdlet, name, err))
        say_unknown(cmdlet, name, err);
    return NULL;
}

/* Membership in every set counts only where the parameter says nothing of this one. */
const struct parameter_use *parameter_use_in(const struct parameter *parameter, const char *set)
{
    const struct parameter_use *everywhere = NULL;
    for (size_t i = 0; i < parameter->use_count; i++) {
        struct str name = str_of(parameter->uses[i].set);
        if (str_is_nocase(name, set))
            return &parameter->uses[i];
        if (str_is_nocase(name, ALL_PARAMETER_SETS))
            everywhere = &parameter->uses[i];
    }
    return everywhere;
}

/* By verb, because the definitions do not say it. A verb that is not listed counts as a change: the careful side. */
bool cmdlet_is_read(const struct cmdlet *cmdlet)
{
    static const char *const verbs[] = { "Get", "Test", "Search", "Export", "Preview", "Check", "Validate", "Find" };
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (str_is_nocase(cmdlet->verb, verbs[i]))
            return true;
    return false;
}

static uint64_t mix(uint64_t hash, const char *text)
{
    return str_hash(str_hash(hash, str_of(text)), STR("\n"));
}

uint64_t catalogue_signature(const struct catalogue *catalogue)
{
    uint64_t hash = HASH_START;
    for (size_t i = 0; i < catalogue->count; i++) {
        const struct cmdlet *cmdlet = &catalogue->cmdlets[i];
        hash = mix(hash, cmdlet->name);
        for (size_t k = 0; k < cmdlet->parameter_count; k++)
            hash = mix(hash, cmdlet->parameters[k].name);
    }
    return hash;
}
