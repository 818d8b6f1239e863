/* purvey cmdlets and purvey help: what the account may run, and what one cmdlet takes. */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "ui/cli/cli.h"
#include "ui/cli/headless.h"

/* The exit code of a command that has said all it has to say. */
static int finish(struct headless *headless, bool good, struct err *err)
{
    good = good && cli_flush(err);
    headless_close(headless);
    if (!good) {
        cli_print_error(err);
    }
    return good ? 0 : err_exit_code(err->kind);
}

static void print_matches(const struct catalogue *catalogue, const char *pattern)
{
    struct ranked *ranked = mem_array(catalogue->count + 1, sizeof *ranked);
    size_t count = catalogue_rank(catalogue, str_of(pattern), ranked);
    for (size_t i = 0; i < count; i++) {
        printf("%s\n", ranked[i].cmdlet->name);
    }
    /* Nothing on standard output, and a person who wonders why. */
    if (count == 0) {
        fputs("No cmdlet of this account is near that name.\n", stderr);
    }
    free(ranked);
}

/* From the connection and not from a list of our own: an account sees what it may run. */
int cli_cmdlets(struct arguments *arguments)
{
    struct headless headless;
    struct err err = { 0 };
    bool good = headless_open(&headless, arguments, &err);
    if (good) {
        print_matches(headless.catalogue, arguments->word_count ? arguments->words[0] : "");
    }
    return finish(&headless, good, &err);
}

/* In PowerShell's notation: what may be left out stands in brackets. */
static void print_syntax(const struct cmdlet *cmdlet, const char *set)
{
    printf("%s", cmdlet->name);
    for (size_t i = 0; i < cmdlet->parameter_count; i++) {
        const struct parameter *parameter = &cmdlet->parameters[i];
        const struct parameter_use *use = parameter_use_in(parameter, set);
        if (!use) {
            continue;
        }
        const char *type = *parameter->type_name ? parameter->type_name : "value";
        if (parameter->type == TYPE_SWITCH) {
            printf(use->mandatory ? " -%s" : " [-%s]", parameter->name);
        } else if (use->mandatory) {
            printf(use->position >= 0 ? " [-%s] <%s>" : " -%s <%s>", parameter->name, type);
        } else {
            printf(" [-%s <%s>]", parameter->name, type);
        }
    }
    /* -Confirm is declared nowhere: it follows from SupportsShouldProcess (rest.md 7.2). */
    printf("%s\n", cmdlet->should_process ? " [-Confirm]" : "");
}

/* An open list is said to be one: the service takes more than it names. */
static void print_values(const struct cmdlet *cmdlet)
{
    for (size_t i = 0; i < cmdlet->parameter_count; i++) {
        const struct parameter *parameter = &cmdlet->parameters[i];
        if (parameter->value_count == 0) {
            continue;
        }
        printf("\n-%s: ", parameter->name);
        for (size_t v = 0; v < parameter->value_count; v++) {
            printf("%s%s", v ? ", " : "", parameter->values[v]);
        }
        printf("%s", parameter->values_closed ? "" : ", or other text");
    }
    printf("\n");
}

/* One line for each parameter set, as Get-Command -Syntax has it. */
int cli_help(struct arguments *arguments)
{
    struct headless headless;
    struct err err = { 0 };
    bool good = headless_open(&headless, arguments, &err);
    const struct cmdlet *cmdlet = good ? catalogue_require(headless.catalogue, str_of(arguments->words[0]), &err) : NULL;
    for (size_t i = 0; cmdlet && i < cmdlet->set_count; i++) {
        print_syntax(cmdlet, cmdlet->sets[i]);
    }
    if (cmdlet) {
        print_values(cmdlet);
    }
    return finish(&headless, cmdlet != NULL, &err);
}

int cli_sign_out(struct arguments *arguments)
{
    struct headless headless;
    struct err err = { 0 };
    struct message *answer = NULL;
    bool good = headless_start(&headless, arguments, &err) &&
                (answer = headless_ask(&headless, COMMAND_SIGN_OUT, EVENT_SIGNED_OUT, &arguments->options, &err));
    if (answer && answer->err) {
        err = *answer->err;
        good = false;
    }
    if (good) {
        printf("%lld sign-in%s forgotten (kept %s).\n", (long long)answer->number, answer->number == 1 ? "" : "s", answer->text);
    }
    message_free(answer);
    return finish(&headless, good, &err);
}
