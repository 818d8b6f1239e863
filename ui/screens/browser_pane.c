/* The words about one cmdlet or one open table. */
#include "ui/screens/browser_pane.h"

#include <stdlib.h>

#include "base/mem.h"
#include "ui/screens/number_text.h"
#include "ui/screens/parameter_text.h"

static bool in_every_set(const struct cmdlet *cmdlet, const struct parameter *parameter)
{
    for (size_t i = 0; i < cmdlet->set_count; i++)
        if (!parameter_use_in(parameter, cmdlet->sets[i]))
            return false;
    return true;
}

static bool is_mandatory(const struct parameter *parameter, const char *set)
{
    const struct parameter_use *use = parameter_use_in(parameter, set);
    return use && use->mandatory;
}

enum { IN = 2, FURTHER = 2 };

/* Two columns in, and what does not fit in its line two more. */
static void add_hanging(struct text_pane *pane, enum style style, struct str text)
{
    text_pane_add(pane, style, IN, text);
    text_pane_hang(pane, FURTHER);
}

/* Values stand on a line of their own, since lists of twenty are not rare. */
static void add_parameter(struct text_pane *pane, const struct parameter *parameter, const char *set)
{
    const struct parameter_use *use = parameter_use_in(parameter, set);
    struct buf text = BUF_INIT(BUF_SMALL);
    buf_format(&text, "%s%s  %s", use->mandatory ? "* " : "", parameter->name, parameter_type_text(parameter));
    if (use->position >= 0)
        buf_format(&text, ", position %d", use->position);
    text_pane_add(pane, STYLE_TEXT, use->mandatory ? 0 : IN, buf_str(&text));
    text_pane_hang(pane, use->mandatory ? IN + FURTHER : FURTHER);
    buf_clear(&text);
    parameter_values(parameter, &text);
    if (text.len > 0)
        text_pane_add(pane, STYLE_DIM, 4, buf_str(&text));
    buf_free(&text);
}

/* Mandatory ones first. shared: those of every set; otherwise those that only some sets have. */
static size_t add_parameters(struct text_pane *pane, const struct cmdlet *cmdlet, const char *set, bool shared)
{
    size_t added = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < cmdlet->parameter_count; i++) {
            const struct parameter *parameter = &cmdlet->parameters[i];
            bool wanted = parameter_use_in(parameter, set) && in_every_set(cmdlet, parameter) == shared &&
                          is_mandatory(parameter, set) == (pass == 0) && parameter_is_offered(parameter) &&
                          !parameter_is_common(parameter);
            if (!wanted)
                continue;
            add_parameter(pane, parameter, set);
            added++;
        }
    }
    return added;
}

/* Each set with what only it has, so that nothing is said twice: cmdlets with six sets and forty parameters exist. */
static void add_sets(struct text_pane *pane, const struct cmdlet *cmdlet)
{
    for (size_t i = 0; i < cmdlet->set_count; i++) {
        bool is_default = str_is_nocase(str_of(cmdlet->sets[i]), cmdlet->default_set);
        text_pane_add(pane, STYLE_TEXT, 0, STR(""));
        text_pane_format(pane, STYLE_HEADER, 0, "Only in set %s%s", parameter_set_text(cmdlet->sets[i]),
                         is_default ? " (the default)" : "");
        if (add_parameters(pane, cmdlet, cmdlet->sets[i], false) == 0)
            text_pane_add(pane, STYLE_DIM, 2, STR("nothing more"));
    }
}

/* What the account lacks stands there too, and what would bring it: else people take it for gone (pains 3). */
static void add_missing(struct text_pane *pane, const struct cmdlet *cmdlet)
{
    enum { MOST = 128 };
    struct known_parameter missing[MOST];
    struct buf text = BUF_INIT(BUF_SMALL);
    size_t count = known_parameters_not_offered(cmdlet, missing, MOST);
    if (count > 0) {
        text_pane_add(pane, STYLE_TEXT, 0, STR(""));
        text_pane_add(pane, STYLE_HEADER, 0, STR("Not offered to this account"));
    }
    for (size_t i = 0; i < count; i++) {
        buf_clear(&text);
        parameter_known_text(&missing[i], &text);
        add_hanging(pane, STYLE_DIM, buf_str(&text));
    }
    buf_free(&text);
}

void browser_pane_missing(struct text_pane *pane, const struct catalogue *catalogue, const struct cmdlet *cmdlet)
{
    struct known_cmdlet known;
    struct known_parameter parameter;
    struct err err = { 0 };
    text_pane_clear(pane);
    text_pane_format(pane, STYLE_HEADER, 0, "%s", cmdlet->shown);
    text_pane_format(pane, STYLE_DIM, 0, "%s, %s", cmdlet->area, cmdlet_is_read(cmdlet) ? "only reads" : "changes the tenant");
    text_pane_add(pane, STYLE_TEXT, 0, STR(""));
    if (known_cmdlet_refused(catalogue, str_of(cmdlet->name), &err)) {
        text_pane_format(pane, STYLE_WARNING, 0, "%s.", err.text);
        text_pane_add(pane, STYLE_TEXT, 0, str_of(err.advice));
    }
    if (!known_cmdlet_find(str_of(cmdlet->name), &known) || known.parameters.len == 0)
        return;
    text_pane_add(pane, STYLE_TEXT, 0, STR(""));
    text_pane_add(pane, STYLE_HEADER, 0, STR("Parameters that are known"));
    struct buf text = BUF_INIT(BUF_SMALL);
    for (struct str rest = known.parameters; known_parameter_next(&rest, &parameter);) {
        buf_clear(&text);
        parameter_known_text(&parameter, &text);
        if (!(parameter.facts & (FACT_RESERVED | FACT_DEPRECATED)))
            add_hanging(pane, STYLE_DIM, buf_str(&text));
    }
    buf_free(&text);
}

/* What all sets share is told once; each set then names only what it adds. */
void browser_pane_cmdlet(struct text_pane *pane, const struct cmdlet *cmdlet)
{
    bool several = cmdlet->set_count > 1;
    text_pane_clear(pane);
    text_pane_format(pane, STYLE_HEADER, 0, "%s", cmdlet->shown);
    text_pane_format(pane, cmdlet_is_read(cmdlet) ? STYLE_DIM : STYLE_WARNING, 0, "%s, %s", cmdlet->area,
                     cmdlet_is_read(cmdlet) ? "only reads" : "changes the tenant");
    text_pane_add(pane, STYLE_TEXT, 0, STR(""));
    if (several)
        text_pane_format(pane, STYLE_HEADER, 0, "In all %zu parameter sets", cmdlet->set_count);
    else
        text_pane_add(pane, STYLE_HEADER, 0, STR("Parameters (* mandatory)"));
    if (add_parameters(pane, cmdlet, cmdlet->sets[0], true) == 0)
        text_pane_add(pane, STYLE_DIM, 2, several ? STR("nothing in common") : STR("none"));
    if (several)
        add_sets(pane, cmdlet);
    add_missing(pane, cmdlet);
}

void browser_job_state(const struct job_view *job, struct buf *out)
{
    static const char *const states[] = {
        [JOB_STARTING] = "starting", [JOB_RUNNING] = "running", [JOB_WAITING] = "waiting for the service",
        [JOB_DONE] = "done",         [JOB_FAILED] = "failed",   [JOB_CANCELLED] = "cancelled",
    };
    buf_text(out, states[job->state]);
    buf_text(out, ", ");
    number_text(job->progress.rows, out);
    buf_text(out, job->progress.rows == 1 ? " row" : " rows");
    if (job_running(job))
        buf_text(out, " so far");
}

void browser_job_count(const struct job_view *job, struct buf *out)
{
    if (job->state == JOB_FAILED) {
        buf_text(out, "failed");
        return;
    }
    number_text(job->progress.rows, out);
    buf_text(out, job_running(job) ? " so far" : job->progress.rows == 1 ? " row" : " rows");
}

/* The line as it ran, so that two tables of one cmdlet are told apart. */
void browser_pane_job(struct text_pane *pane, const struct job_view *job)
{
    struct buf state = BUF_INIT(BUF_SMALL);
    text_pane_clear(pane);
    if (!job)
        return;
    browser_job_state(job, &state);
    text_pane_add(pane, STYLE_CODE, 0, str_of(job->line));
    text_pane_add(pane, STYLE_TEXT, 0, STR(""));
    text_pane_add(pane, STYLE_TEXT, 0, buf_str(&state));
    if (job->state == JOB_FAILED)
        text_pane_add(pane, STYLE_ERROR, 0, str_of(job->err.text));
    buf_free(&state);
}
