/* Which cmdlets ask, and how strongly. What only reads runs at once; a question about everything is read by nobody. */
#include "ui/screens/run_question.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"

enum { FRAME_ROWS = 8, FRAME_COLUMNS = 8, WIDEST = 68, LEAST_SHOWN = 60 };

void run_question_free(struct run_question *question)
{
    dialog_free(&question->dialog);
    pipeline_free(question->pipeline);
    question->pipeline = NULL;
}

bool run_question_open(const struct run_question *question)
{
    return dialog_open(&question->dialog);
}

static bool has_text(const struct argument *argument, const char *word)
{
    return argument && str_is_nocase(json_string(argument->value), word);
}

static bool is_on(const struct argument *argument)
{
    return argument && argument->kind == ARG_SWITCH && json_bool(argument->value, false);
}

/* The strongest thing in the line is the word: a purge is no ordinary New-. */
const char *run_question_word(const struct invocation *invocation)
{
    static const char *const verbs[] = { "Remove", "Delete", "Clear", "Purge" };
    struct str noun = str_of(invocation->cmdlet), verb;
    str_cut(&noun, '-', &verb);
    if (has_text(invocation_get(invocation, "PurgeType"), "HardDelete"))
        return "HardDelete";
    if (is_on(invocation_get(invocation, "Purge")) || is_on(invocation_get(invocation, "ForceDeletion")))
        return "Delete";
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (str_is_nocase(verb, verbs[i]))
            return verbs[i];
    return "";
}

/* The exact line, as far as the dialog can show it; what is left out is counted, never silently cut. */
static void add_line(const char *typed, int rows, int columns, struct buf *out)
{
    struct buf clean = BUF_INIT(BUF_LARGE);
    int width = columns - FRAME_COLUMNS < WIDEST ? columns - FRAME_COLUMNS : WIDEST, used;
    int room = width * (rows - FRAME_ROWS);
    text_clean(&clean, str_of(typed), false);
    struct str shown = text_fit(buf_str(&clean), room > LEAST_SHOWN ? room : LEAST_SHOWN, &used);
    buf_add(out, shown);
    if (shown.len < clean.len)
        buf_format(out, " ... and %zu more bytes", clean.len - shown.len);
    buf_free(&clean);
}

/* Typed by the person himself, -Confirm stays the service's question; so does one about each of several objects. */
static bool service_asks(const struct stage *stage)
{
    const struct argument *confirm = invocation_get(stage->invocation, "Confirm");
    return stage_asks(stage) && (stage->definition || confirm);
}

/* The tenant stands in title and text: people with two sessions open look at one of them. */
bool run_question_ask(struct run_question *question, const struct session_view *session, struct pipeline *pipeline, int rows, int columns)
{
    const struct stage *stage = pipeline_main(pipeline);
    if (!stage || !stage_changes(stage) || service_asks(stage))
        return true;
    const char *word = run_question_word(stage->invocation), *tenant = session ? session->account.tenant : "";
    struct buf text = BUF_INIT(BUF_LARGE);
    char *title = mem_format(*word ? "Destroy something in %s?" : "Change %s?", *tenant ? tenant : "your organization");
    buf_format(&text, *word ? "For good, in %s:\n" : "In %s:\n", *tenant ? tenant : "your organization");
    add_line(pipeline->text, rows, columns, &text);
    run_question_free(question);
    question->pipeline = pipeline;
    if (*word)
        dialog_type_word(&question->dialog, title, buf_cstr(&text), word);
    else
        dialog_confirm(&question->dialog, title, buf_cstr(&text), "Run it", "Do not run");
    buf_free(&text);
    free(title);
    return false;
}

/* What has been answered here is not asked by the service once more (rest.md section 4). */
static void mark_confirmed(struct pipeline *pipeline)
{
    for (size_t i = 0; i < pipeline->count; i++)
        if (stage_asks(&pipeline->stages[i]))
            invocation_set(pipeline->stages[i].invocation, "Confirm", ARG_SWITCH, TYPE_SWITCH, json_new_bool(false));
}

struct pipeline *run_question_input(struct run_question *question, const struct ui_input *input)
{
    struct pipeline *pipeline = question->pipeline;
    enum dialog_result result = dialog_input(&question->dialog, input);
    if (result == DIALOG_YES) {
        question->pipeline = NULL;
        mark_confirmed(pipeline);
        return pipeline;
    }
    if (result == DIALOG_NO)
        run_question_free(question);
    return NULL;
}
