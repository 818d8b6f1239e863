/* Which cmdlets ask, and how strongly. What only reads runs at once; a question about everything is read by nobody. */
#include "ui/screens/run_question.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "catalogue/command_line.h"

enum { FRAME_ROWS = 8, FRAME_COLUMNS = 8, WIDEST = 68, LEAST_SHOWN = 60 };

void run_question_free(struct run_question *question)
{
    dialog_free(&question->dialog);
    invocation_free(question->invocation);
    question->invocation = NULL;
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
static void add_line(const struct invocation *invocation, int rows, int columns, struct buf *out)
{
    struct buf line = BUF_INIT(BUF_LARGE), clean = BUF_INIT(BUF_LARGE);
    int width = columns - FRAME_COLUMNS < WIDEST ? columns - FRAME_COLUMNS : WIDEST, used;
    int room = width * (rows - FRAME_ROWS);
    command_line_print(invocation, &line);
    text_clean(&clean, buf_str(&line), false);
    struct str shown = text_fit(buf_str(&clean), room > LEAST_SHOWN ? room : LEAST_SHOWN, &used);
    buf_add(out, shown);
    if (shown.len < clean.len)
        buf_format(out, " ... and %zu more bytes", clean.len - shown.len);
    buf_free(&line);
    buf_free(&clean);
}

/* The tenant stands in title and text: people with two sessions open look at one of them. */
bool run_question_ask(struct run_question *question, const struct session_view *session, struct invocation *invocation,
                      int rows, int columns)
{
    if (invocation->read_only)
        return true;
    const char *word = run_question_word(invocation), *tenant = session ? session->account.tenant : "";
    struct buf text = BUF_INIT(BUF_LARGE);
    char *title = mem_format(*word ? "Destroy something in %s?" : "Change %s?", *tenant ? tenant : "your organization");
    buf_format(&text, *word ? "For good, in %s:\n" : "In %s:\n", *tenant ? tenant : "your organization");
    add_line(invocation, rows, columns, &text);
    run_question_free(question);
    question->invocation = invocation;
    if (*word)
        dialog_type_word(&question->dialog, title, buf_cstr(&text), word);
    else
        dialog_confirm(&question->dialog, title, buf_cstr(&text), "Run it", "Do not run");
    buf_free(&text);
    free(title);
    return false;
}

struct invocation *run_question_input(struct run_question *question, const struct ui_input *input)
{
    struct invocation *invocation = question->invocation;
    enum dialog_result result = dialog_input(&question->dialog, input);
    if (result == DIALOG_YES) {
        question->invocation = NULL;
        return invocation;
    }
    if (result == DIALOG_NO)
        run_question_free(question);
    return NULL;
}
