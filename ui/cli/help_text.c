#include "ui/cli/help_text.h"

#include <limits.h>

#include "base/text.h"
#include "catalogue/areas.h"
#include "catalogue/common_parameters.h"
#include "catalogue/syntax.h"
#include "ui/screens/parameter_text.h"

enum { IMPACT_HIGH = 3, INDENT = 4, NARROWEST = 20, MISSING_MOST = 128 };

/* ---- lines ---- */

/* The first line with `indent` blanks, those that follow with INDENT more. */
static void put_wrapped(struct str text, int indent, int columns, struct buf *out)
{
    struct str line;
    int room = columns == 0 ? INT_MAX : columns - indent - INDENT < NARROWEST ? NARROWEST : columns - indent - INDENT;
    for (int blanks = indent; text_wrap(&text, room, &line); blanks = indent + INDENT) {
        buf_repeat(out, ' ', (size_t)blanks);
        buf_add(out, line);
        buf_char(out, '\n');
    }
}

static void put_heading(const char *title, struct buf *out)
{
    buf_format(out, "%s%s\n", out->len ? "\n" : "", title);
}

/* ---- what it does ---- */

static const struct { char trait; const char *word, *verbs, *text; } effects[] = {
    { 'r', "reads", "Get Test Search Export Preview Check Validate Find", "reads and changes nothing." },
    { 'a', "adds", "Add Grant", "adds to something that is there." },
    { 'c', "creates", "New Import", "creates something." },
    { 'g', "changes", "Set Update Enable Disable", "changes something that is there." },
    { 'd', "deletes", "Remove Delete Clear Revoke", "deletes." },
    { 'x', "acts", "", "starts or does something." },
};
enum { EFFECT_LAST = sizeof effects / sizeof effects[0] - 1 };

static bool has_word(struct str words, struct str word)
{
    struct str one;
    while (words.len > 0) {
        str_cut(&words, ' ', &one);
        if (str_eq_nocase(one, word))
            return true;
    }
    return false;
}

/* By the facts, else by the verb. */
static size_t effect_of(struct str name)
{
    struct known_cmdlet known;
    struct str noun = name, verb;
    bool is_known = known_cmdlet_find(name, &known);
    str_cut(&noun, '-', &verb);
    for (size_t i = 0; i < EFFECT_LAST; i++)
        if (is_known ? known.traits.data[0] == effects[i].trait : has_word(str_of(effects[i].verbs), verb))
            return i;
    return EFFECT_LAST;
}

const char *help_effect(struct str cmdlet_name)
{
    return effects[effect_of(cmdlet_name)].word;
}

static bool has_trait(struct str name, char trait)
{
    struct known_cmdlet known;
    return known_cmdlet_find(name, &known) && memchr(known.traits.data, trait, known.traits.len) != NULL;
}

/* cmdlet: NULL when only facts are known of it. */
static void put_overview(struct str name, const struct cmdlet *cmdlet, int columns, struct buf *out)
{
    struct buf text = BUF_INIT(BUF_SMALL);
    struct str noun = name, verb;
    size_t effect = effect_of(name);
    const char *role = known_cmdlet_role(name);
    str_cut(&noun, '-', &verb);
    buf_format(&text, "%s: %s", area_of_noun(noun), effects[effect].text);
    if (effects[effect].trait != 'd' && has_trait(name, '!'))
        buf_text(&text, " It can delete or purge data.");
    if (cmdlet && cmdlet->should_process && cmdlet->impact >= IMPACT_HIGH)
        buf_text(&text, " It asks before it acts; -Confirm:$false answers yes beforehand.");
    else if (cmdlet && cmdlet->should_process)
        buf_text(&text, " It asks before it acts only with -Confirm.");
    if (has_trait(name, 's'))
        buf_text(&text, " It runs in a search-only session, which is opened by itself.");
    if (has_trait(name, 'w'))
        buf_text(&text, " It goes on working after its answer.");
    if (*role)
        buf_format(&text, " The role that usually includes it: %s.", role);
    put_wrapped(buf_str(&text), INDENT, columns, out);
    buf_free(&text);
}

/* ---- syntax ---- */

static void put_sets(const struct cmdlet *cmdlet, int columns, struct buf *out)
{
    for (size_t i = 0; i < cmdlet->set_count; i++) {
        struct buf line = BUF_INIT(BUF_LARGE);
        bool is_default = str_is_nocase(str_of(cmdlet->sets[i]), cmdlet->default_set);
        /* Below it is said which parameter belongs to which set. */
        if (cmdlet->set_count > 1)
            buf_format(out, "  %s%s\n", parameter_set_text(cmdlet->sets[i]), is_default ? " (the default set)" : "");
        cmdlet_syntax(cmdlet, cmdlet->sets[i], &line);
        buf_text(&line, " [<CommonParameters>]");
        put_wrapped(buf_str(&line), INDENT, columns, out);
        buf_free(&line);
    }
}

/* ---- parameters ---- */

/* Names of the sets that have it, or that demand it. Returns how many of the cmdlet's sets that are. */
static size_t put_set_names(const struct cmdlet *cmdlet, const struct parameter *parameter, bool mandatory, struct buf *out)
{
    size_t count = 0;
    for (size_t i = 0; i < cmdlet->set_count; i++) {
        const struct parameter_use *use = parameter_use_in(parameter, cmdlet->sets[i]);
        if (use && (use->mandatory || !mandatory))
            buf_format(out, "%s%s", count++ ? ", " : "", parameter_set_text(cmdlet->sets[i]));
    }
    return count;
}

static void put_membership(const struct cmdlet *cmdlet, const struct parameter *parameter, struct buf *out)
{
    struct buf member = BUF_INIT(BUF_SMALL), demanded = BUF_INIT(BUF_SMALL);
    size_t members = put_set_names(cmdlet, parameter, false, &member);
    size_t demands = put_set_names(cmdlet, parameter, true, &demanded);
    if (demands > 0 && demands == members)
        buf_text(out, "mandatory");
    else if (demands > 0)
        buf_format(out, "mandatory in %s", buf_cstr(&demanded));
    if (members < cmdlet->set_count)
        buf_format(out, "%sonly in %s", demands > 0 ? "; " : "", buf_cstr(&member));
    buf_free(&member);
    buf_free(&demanded);
}

/* The use that says most: the default set's, else the first. */
static const struct parameter_use *main_use(const struct cmdlet *cmdlet, const struct parameter *parameter)
{
    const struct parameter_use *use = parameter_use_in(parameter, cmdlet->default_set);
    return use ? use : parameter->use_count ? &parameter->uses[0] : NULL;
}

static void put_parameter(const struct cmdlet *cmdlet, const struct parameter *parameter, int columns, struct buf *out)
{
    struct buf head = BUF_INIT(BUF_SMALL), where = BUF_INIT(BUF_SMALL), text = BUF_INIT(BUF_LARGE);
    const char *type = parameter->type == TYPE_SWITCH ? "" : *parameter->type_name ? parameter->type_name : "value";
    put_membership(cmdlet, parameter, &where);
    buf_format(&head, "-%s%s%s%s", parameter->name, *type ? " <" : "", type, *type ? ">" : "");
    if (where.len)
        buf_format(&head, "  (%s)", buf_cstr(&where));
    put_wrapped(buf_str(&head), INDENT, columns, out);
    parameter_describe(parameter, main_use(cmdlet, parameter), &text);
    if (parameter->value_count > 0 && parameter->values_from == VALUES_LEARNED)
        buf_text(&text, "; the values were named by the service");
    put_wrapped(buf_str(&text), 2 * INDENT, columns, out);
    buf_free(&head);
    buf_free(&where);
    buf_free(&text);
}

/* Those for Microsoft's own use come last and in one line. */
static void put_parameters(const struct cmdlet *cmdlet, int columns, struct buf *out)
{
    struct buf folded = BUF_INIT(BUF_SMALL);
    for (size_t i = 0; i < cmdlet->parameter_count; i++) {
        const struct parameter *parameter = &cmdlet->parameters[i];
        if (!parameter_is_offered(parameter))
            continue;
        if (!parameter_is_common(parameter))
            put_parameter(cmdlet, parameter, columns, out);
        else if (!common_parameter_find(str_of(parameter->name), true))
            buf_format(&folded, "%s-%s", folded.len ? ", " : "", parameter->name);
    }
    if (folded.len) {
        buf_text(&folded, "  (for Microsoft's own use, or no longer used)");
        put_wrapped(buf_str(&folded), INDENT, columns, out);
    }
    buf_free(&folded);
}

static void put_common(const struct cmdlet *cmdlet, int columns, struct buf *out)
{
    struct buf names = BUF_INIT(BUF_SMALL);
    const struct common_parameter *common;
    for (size_t i = 0; (common = common_parameter_at(i)) != NULL; i++)
        if (cmdlet->should_process || !common->needs_should_process)
            buf_format(&names, "%s-%s", names.len ? ", " : "", common->name);
    put_heading("COMMON PARAMETERS", out);
    put_wrapped(buf_str(&names), INDENT, columns, out);
    if (cmdlet->should_process)
        put_wrapped(STR("-WhatIf shows what would be done; nothing is sent."), INDENT, columns, out);
    buf_free(&names);
}

/* ---- what the account has not ---- */

/* One line for each role, "" the last: for the others nobody says what brings them. */
static void put_missing(const struct known_parameter *missing, size_t count, int columns, struct buf *out)
{
    bool done[MISSING_MOST] = { false };
    for (size_t i = 0; i < count; i++) {
        struct buf line = BUF_INIT(BUF_SMALL);
        for (size_t j = i; j < count; j++) {
            if (done[j] || strcmp(missing[i].role, missing[j].role) != 0)
                continue;
            done[j] = true;
            buf_format(&line, "%s-%.*s", line.len ? ", " : "", STR_ARG(missing[j].name));
        }
        if (line.len && *missing[i].role)
            buf_format(&line, "  (with the role %s)", missing[i].role);
        put_wrapped(buf_str(&line), INDENT, columns, out);
        buf_free(&line);
    }
}

void help_text(const struct cmdlet *cmdlet, int columns, struct buf *out)
{
    struct known_parameter missing[MISSING_MOST];
    size_t missing_count = known_parameters_not_offered(cmdlet, missing, MISSING_MOST);
    put_heading("NAME", out);
    put_wrapped(str_of(cmdlet->shown), INDENT, columns, out);
    put_heading("OVERVIEW", out);
    put_overview(str_of(cmdlet->name), cmdlet, columns, out);
    put_heading("SYNTAX", out);
    put_sets(cmdlet, columns, out);
    put_heading("PARAMETERS", out);
    put_parameters(cmdlet, columns, out);
    put_common(cmdlet, columns, out);
    if (missing_count > 0) {
        put_heading("NOT OFFERED TO THIS ACCOUNT", out);
        put_missing(missing, missing_count, columns, out);
    }
}

void help_text_local(const struct cmdlet *cmdlet, int columns, struct buf *out)
{
    put_heading("NAME", out);
    put_wrapped(str_of(cmdlet->shown), INDENT, columns, out);
    put_heading("OVERVIEW", out);
    put_wrapped(STR("One of purvey's own: it runs on this machine and sends nothing by itself."), INDENT, columns, out);
    put_heading("SYNTAX", out);
    put_sets(cmdlet, columns, out);
    if (cmdlet->parameter_count > 0) {
        put_heading("PARAMETERS", out);
        put_parameters(cmdlet, columns, out);
    }
}

static void put_known_parameter(const struct known_parameter *known, int columns, struct buf *out)
{
    struct buf line = BUF_INIT(BUF_LARGE);
    buf_char(&line, '-');
    parameter_known_text(known, &line);
    put_wrapped(buf_str(&line), INDENT, columns, out);
    buf_free(&line);
}

void help_text_not_offered(const struct known_cmdlet *known, const char *shown, int columns, struct buf *out)
{
    struct str rest = known->parameters;
    struct known_parameter parameter;
    put_heading("NAME", out);
    put_wrapped(str_of(shown), INDENT, columns, out);
    put_heading("OVERVIEW", out);
    put_overview(known->name, NULL, columns, out);
    put_wrapped(STR("Not offered to this account."), INDENT, columns, out);
    if (rest.len > 0)
        put_heading("PARAMETERS THAT ARE KNOWN", out);
    while (known_parameter_next(&rest, &parameter))
        if (!(parameter.facts & (FACT_RESERVED | FACT_DEPRECATED)))
            put_known_parameter(&parameter, columns, out);
}
