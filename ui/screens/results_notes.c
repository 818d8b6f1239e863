/* What the results screen says in sentences: how the cmdlet ended, warnings, errors, and why a table is empty. "Nothing
   found" and "failed" never look alike (pains 15). */
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "ui/screens/number_text.h"
#include "ui/screens/parameter_text.h"
#include "ui/screens/results_model.h"

/* ---- pieces ---- */

static void add_labelled(struct text_pane *pane, const char *label, const char *text)
{
    if (*text)
        text_pane_format(pane, STYLE_DIM, 0, "%s%s", label, text);
}

/* What failed, what to do, and what the service's makers will ask for. */
static void add_err(struct text_pane *pane, const struct err *err)
{
    text_pane_add(pane, STYLE_ERROR, 0, str_of(err->text));
    if (err->advice[0])
        text_pane_add(pane, STYLE_TEXT, 0, str_of(err->advice));
    add_labelled(pane, "Code: ", err->code);
    add_labelled(pane, "For support: ", err->correlation);
}

static void objects(int64_t count, struct buf *out)
{
    number_text(count, out);
    buf_text(out, count == 1 ? " object" : " objects");
}

static void add_count(struct text_pane *pane, const char *format, int64_t count)
{
    struct buf text = BUF_INIT(BUF_SMALL);
    objects(count, &text);
    text_pane_format(pane, STYLE_TEXT, 0, "%s %s", buf_cstr(&text), format);
    buf_free(&text);
}

/* ---- how it stands ---- */

/* One for each state of a job, all of the same shape: see the table of sayers. */
static void say_running(const struct results_model *model, const struct job_view *job, struct text_pane *pane)
{
    (void)model;
    text_pane_add(pane, STYLE_TEXT, 0,
                  job->doing ? str_of(job->doing)
                  : job->state == JOB_STARTING ? STR("Asking the service...") : STR("The service is at work."));
    if (job->progress.calls > 1)
        text_pane_format(pane, STYLE_TEXT, 0, "Call %lld of %lld.", (long long)job->progress.call, (long long)job->progress.calls);
    if (job->progress.rows > 0)
        add_count(pane, "so far.", job->progress.rows);
}

/* The seconds are counted on the screen's own clock, at every tick. */
static void say_waiting(const struct results_model *model, const struct job_view *job, struct text_pane *pane)
{
    int64_t seconds = (job->retry_ms - model->app->now_ms + 999) / 1000;
    text_pane_format(pane, STYLE_WARNING, 0, "Waiting for the service; the next try is in %lld s.",
                     (long long)(seconds > 0 ? seconds : 0));
    if (job->err.text[0])
        text_pane_add(pane, STYLE_TEXT, 0, str_of(job->err.text));
}

/* Where empty answers are usual although objects are there: the cmdlet lists by case or type (pains 15). */
static void add_hint(const struct results_model *model, const struct job_view *job, struct text_pane *pane)
{
    static const char *const names[] = { "CaseType", "Case" };
    const struct session_view *session = app_state_session(model->app, job->connection);
    struct err ignored;
    const struct cmdlet *cmdlet =
        session && session->catalogue ? catalogue_find(session->catalogue, str_of(job->invocation->cmdlet)) : NULL;
    for (size_t i = 0; cmdlet && i < sizeof names / sizeof names[0]; i++) {
        const struct parameter *parameter = cmdlet_parameter(cmdlet, str_of(names[i]), &ignored);
        bool left_out = parameter && str_is_nocase(str_of(parameter->name), names[i]) &&
                        !invocation_get(job->invocation, names[i]);
        if (left_out)
            text_pane_format(pane, STYLE_TEXT, 0, "Some objects are listed only when -%s is given.", names[i]);
    }
}

/* The time makes the difference between "there are none" and "there were none an hour ago". */
static void say_done(const struct results_model *model, const struct job_view *job, struct text_pane *pane)
{
    char when[9];
    struct buf count = BUF_INIT(BUF_SMALL);
    clock_hms(job->ended_unix, when);
    objects(job->progress.rows, &count);
    if (job->progress.rows > 0)
        text_pane_format(pane, STYLE_TEXT, 0, "The service answered at %s: %s.", when, buf_cstr(&count));
    else if (job->error_count > 0)
        text_pane_format(pane, STYLE_ERROR, 0, "%s failed at %s: errors, and no objects.", job->invocation->shown, when);
    else if (job->declined)
        text_pane_format(pane, STYLE_WARNING, 0, "Ended at %s. What was answered with no was not done.", when);
    else if (job->invocation->read_only)
        text_pane_format(pane, STYLE_TEXT, 0, "The service answered at %s: no objects.", when);
    else
        text_pane_format(pane, STYLE_GOOD, 0, "Done at %s. The service returned no object for it.", when);
    if (!job->progress.complete && job->error_count == 0)
        text_pane_add(pane, STYLE_WARNING, 0, STR("It did not say that this is all there is."));
    if (job->progress.rows == 0 && job->error_count == 0 && job->invocation->read_only)
        add_hint(model, job, pane);
    buf_free(&count);
}

/* The error's advice says it where a change may have been made although its answer got lost. */
static void say_failed(const struct results_model *model, const struct job_view *job, struct text_pane *pane)
{
    char when[9];
    (void)model;
    clock_hms(job->ended_unix, when);
    text_pane_format(pane, STYLE_ERROR, 0, "%s failed at %s.", job->invocation->shown, when);
    add_err(pane, &job->err);
    if (job->progress.rows > 0)
        add_count(pane, "came before that. The table is not complete.", job->progress.rows);
    if (job->progress.can_go_on)
        text_pane_add(pane, STYLE_TEXT, 0, STR("p goes on where it broke, as long as the service remembers the place (half an hour)."));
}

/* What the file holds counts here: the job's own numbers stopped with it. */
static void say_cancelled(const struct results_model *model, const struct job_view *job, struct text_pane *pane)
{
    char when[9];
    int64_t rows = model->rowset ? rowset_total(model->rowset) : 0;
    clock_hms(job->ended_unix, when);
    text_pane_format(pane, STYLE_WARNING, 0, "Cancelled by you at %s.", when);
    if (rows > 0)
        add_count(pane, "came before that. The table is not complete.", rows);
    else
        text_pane_add(pane, STYLE_TEXT, 0, STR("Nothing had come yet."));
    if (!job->invocation->read_only)
        text_pane_add(pane, STYLE_WARNING, 0,
                      STR("It may have been carried out all the same: look before you run it again."));
}

static void (*const sayers[])(const struct results_model *, const struct job_view *, struct text_pane *) = {
    [JOB_STARTING] = say_running, [JOB_RUNNING] = say_running, [JOB_WAITING] = say_waiting,
    [JOB_DONE] = say_done,        [JOB_FAILED] = say_failed,   [JOB_CANCELLED] = say_cancelled,
};

/* ---- the rest ---- */

static void add_notes(const struct job_view *job, struct text_pane *pane)
{
    for (size_t i = 0; i < job->note_count; i++)
        text_pane_add(pane, STYLE_TEXT, 0, str_of(job->notes[i]));
    if (job->warning_count > 0) {
        text_pane_add(pane, STYLE_TEXT, 0, STR(""));
        text_pane_format(pane, STYLE_HEADER, 0, "Warnings (%zu)", job->warning_count);
    }
    for (size_t i = 0; i < job->warning_count; i++)
        text_pane_add(pane, STYLE_WARNING, 2, str_of(job->warnings[i]));
    if (job->error_count > 0) {
        text_pane_add(pane, STYLE_TEXT, 0, STR(""));
        text_pane_format(pane, STYLE_HEADER, 0, "Errors (%zu)", job->error_count);
    }
    for (size_t i = 0; i < job->error_count; i++)
        add_err(pane, &job->errors[i]);
}

/* Which tenant it was stays with the table for good, whatever the top line says by then. */
static void add_facts(const struct results_model *model, const struct job_view *job, struct text_pane *pane)
{
    const struct session_view *session = app_state_session(model->app, job->connection);
    struct buf took = BUF_INIT(BUF_SMALL);
    number_duration(job->progress.elapsed_ms, &took);
    text_pane_add(pane, STYLE_TEXT, 0, STR(""));
    add_labelled(pane, "Request id: ", job->progress.request_id);
    if (job->progress.rate_limit)
        text_pane_format(pane, STYLE_DIM, 0, "Rate limit: %lld of %lld requests left%s%s", (long long)job->progress.rate_remaining,
                         (long long)job->progress.rate_limit, *job->progress.rate_reset ? ", new ones at " : "", job->progress.rate_reset);
    if (session)
        add_labelled(pane, "Tenant: ", session->account.tenant);
    if (!job_running(job))
        text_pane_format(pane, STYLE_DIM, 0, "Took %s, %d %s", buf_cstr(&took), job->progress.pages,
                         job->progress.pages == 1 ? "page" : "pages");
    buf_free(&took);
}

/* Made anew at every news and tick; the place that is being read stays. */
void results_fill_notes(struct results_model *model)
{
    const struct job_view *job = results_job(model);
    struct text_pane *pane = &model->notes;
    size_t top = pane->top;
    text_pane_clear(pane);
    if (!job) {
        text_pane_add(pane, STYLE_ERROR, 0, STR("This table is no longer there."));
        return;
    }
    text_pane_add(pane, STYLE_CODE, 0, str_of(job->line));
    text_pane_add(pane, STYLE_TEXT, 0, STR(""));
    if (model->err.kind != ERR_NONE)
        add_err(pane, &model->err);
    if (model->banner)
        text_pane_add(pane, STYLE_WARNING, 0, str_of(model->banner));
    sayers[job->state](model, job, pane);
    add_notes(job, pane);
    add_facts(model, job, pane);
    pane->top = top;
}

void results_notes_text(const struct results_model *model, struct buf *out)
{
    for (size_t i = 0; i < model->notes.count; i++) {
        buf_add(out, (struct str){ model->notes.lines[i].text, model->notes.lines[i].length });
        buf_char(out, '\n');
    }
}

/* ---- an answer that does not fit the question (pains 5) ---- */

/* The one identity that a reading cmdlet was asked for; NULL when there is none, or a pattern. */
static const struct argument *identity_of(const struct job_view *job)
{
    const struct argument *identity = job ? invocation_get(job->invocation, "Identity") : NULL;
    /* What a pipeline makes of the answer need not have its name any more. */
    bool one = identity && job->pipeline->count == 1 && identity->kind == ARG_TEXT && job->invocation->read_only;
    struct str text = one ? json_string(identity->value) : (struct str){ 0 };
    return text.len > 0 && !memchr(text.data, '*', text.len) ? identity : NULL;
}

/* These list what belongs to the object that was named, not the object. */
static bool lists_parts(const struct job_view *job)
{
    static const char *const endings[] = { "Member", "Rule", "Statistics", "Details", "Report", "History" };
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        if (str_ends_nocase(str_of(job->invocation->cmdlet), str_of(endings[i])))
            return true;
    return false;
}

/* Name, Identity, Guid, address, alias: whatever it was found by. */
static bool row_has(const struct results_model *model, size_t row, struct str text)
{
    struct property value;
    for (size_t column = 0; column < rowset_columns(model->rowset); column++)
        if (rowset_value(model->rowset, row, column, &value) && str_eq_nocase(value.text, text))
            return true;
    return false;
}

bool results_previews(const struct job_view *job)
{
    bool what_if = false;
    for (size_t i = 0; job->pipeline && i < job->pipeline->count; i++)
        what_if |= job->pipeline->stages[i].invocation && job->pipeline->stages[i].invocation->what_if;
    return what_if && pipeline_read_only(job->pipeline);
}

/* Only for readers of one named object: for a mistyped one the service may answer with all it has. */
void results_update_banner(struct results_model *model)
{
    const struct job_view *job = results_job(model);
    const struct argument *identity = identity_of(job);
    free(model->banner);
    model->banner = job && results_previews(job) ? mem_text("Nothing was changed: this is what would be.") : NULL;
    int64_t total = model->rowset ? rowset_total(model->rowset) : 0;
    if (model->banner || !identity || total == 0 || lists_parts(job))
        return;
    if (total > 1)
        model->banner = mem_format("One Identity was asked for and %lld objects came: check how it is spelled.",
                                   (long long)total);
    else if (model->loaded == 1 && !row_has(model, 0, json_string(identity->value)))
        model->banner =
            mem_text("This object does not carry the Identity that was asked for: check that it is the one.");
}
