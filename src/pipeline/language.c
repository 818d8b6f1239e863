#include "pipeline/language.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/nearest.h"
#include "catalogue/value.h"
#include "pipeline/local_cmdlets.h"

struct linked language_meant(const struct language *language, struct str name)
{
    const struct linked own = { language->catalogue, language->connection };
    const struct linked *prefixed = NULL;
    if (own.catalogue && catalogue_meant(own.catalogue, name)) {
        return own;
    }
    for (size_t i = 0; i < language->other_count; i++) {
        const struct linked *other = &language->others[i];
        bool carries = catalogue_prefixes(other->catalogue, name);
        if (carries && catalogue_meant(other->catalogue, name)) {
            return *other;
        }
        prefixed = carries && !prefixed ? other : prefixed;
    }
    /* Unknown to all of them: the one that it looks like says so. */
    return prefixed && !(own.catalogue && catalogue_prefixes(own.catalogue, name)) ? *prefixed : own;
}

static void refuse_connection(const struct language *language, struct str name, struct err *err)
{
    struct str shown = str_take(name, 100);
    err_set(err, ERR_INPUT, language->other_count ? "%.*s may be of several connections, each of which has a prefix" : "%.*s needs a connection first",
            STR_ARG(shown));
    if (language->other_count) {
        err_advise(err, "Put the prefix of one of them before the noun: Get-%sLabel.", language->others[0].catalogue->prefix);
    }
}

/* A slip in Where-Object is as likely as one in the name of a cmdlet of the service. */
static void advise_nearest(const struct language *language, const struct catalogue *catalogue, struct str name, struct err *err)
{
    struct nearest nearest = nearest_to(name);
    for (size_t i = 0; i < language->local->count; i++) {
        nearest_offer(&nearest, str_of(language->local->cmdlets[i].name));
    }
    if (nearest.count) {
        catalogue_offer(catalogue, &nearest);
        nearest_advise(&nearest, "", "", err);
    }
}

const struct cmdlet *language_require(const struct language *language, struct str name, struct linked *meant, struct err *err)
{
    *meant = language_meant(language, name);
    if (!meant->catalogue) {
        refuse_connection(language, name, err);
        return NULL;
    }
    if (catalogue_meant(meant->catalogue, name) == NULL && local_refused(name, err)) {
        return NULL;
    }
    const struct cmdlet *cmdlet = catalogue_require(meant->catalogue, name, err);
    if (!cmdlet && err->kind == ERR_INPUT) {
        advise_nearest(language, meant->catalogue, name, err);
    }
    return cmdlet;
}

char *language_getter(const struct catalogue *catalogue, const struct cmdlet *cmdlet)
{
    struct str noun = str_of(cmdlet->name), verb;
    str_cut(&noun, '-', &verb);
    char *name = mem_format("Get-%.*s", STR_ARG(noun));
    const struct cmdlet *getter = catalogue_find(catalogue, str_of(name));
    for (size_t i = 0; getter && i < getter->parameter_count; i++) {
        if (parameter_is_identity(&getter->parameters[i])) {
            char *found = mem_text(getter->name);
            free(name);
            return found;
        }
    }
    free(name);
    return NULL;
}
