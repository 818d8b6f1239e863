#include "session/rps/rps_host.h"

#include "base/text.h"
#include "session/rps/psrp_messages.h"

enum {
    READ_LINE = 11, READ_LINE_SECRET = 12, WRITE_1 = 13, WRITE_2 = 14, WRITE_LINE_1 = 15, WRITE_LINE_2 = 16, WRITE_LINE_3 = 17,
    WRITE_ERROR = 18, WRITE_DEBUG = 19, WRITE_PROGRESS = 20, WRITE_VERBOSE = 21, WRITE_WARNING = 22, PROMPT = 23,
    PROMPT_CREDENTIAL_1 = 24, PROMPT_CREDENTIAL_2 = 25, PROMPT_CHOICE = 26, PROMPT_CHOICES = 56,
};

/* Methods of RemoteHostMethodId that give nothing back, and so want no answer. */
static bool is_void(int64_t method, int64_t call)
{
    static const struct { int first, last; } ranges[] = {
        { 6, 10 }, { 13, 22 }, { 28, 28 }, { 30, 30 }, { 32, 32 }, { 34, 34 }, { 36, 36 }, { 38, 38 }, { 40, 40 }, { 42, 42 }, { 47, 49 }, { 51, 53 },
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (method >= ranges[i].first && method <= ranges[i].last) {
            return true;
        }
    }
    return call == -100;
}

static const struct clixml_value *parameter(const struct clixml_value *call, int index)
{
    const struct clixml_value *at = clixml_first(clixml_get(call, "mp"));
    for (; at && index; index--) {
        at = at->next;
    }
    return at;
}

/* ---- what is written ---- */

static const struct { int method, text; enum rps_host_kind kind; enum run_stream stream; } writes[] = {
    { WRITE_1, 0, HOST_SHOW, RUN_INFORMATION },
    { WRITE_2, 2, HOST_SHOW, RUN_INFORMATION },
    { WRITE_LINE_1, -1, HOST_NOTHING, RUN_INFORMATION },
    { WRITE_LINE_2, 0, HOST_SHOW, RUN_INFORMATION },
    { WRITE_LINE_3, 2, HOST_SHOW, RUN_INFORMATION },
    { WRITE_ERROR, 0, HOST_ERROR, RUN_INFORMATION },
    { WRITE_DEBUG, 0, HOST_SHOW, RUN_DEBUG },
    { WRITE_VERBOSE, 0, HOST_SHOW, RUN_VERBOSE },
    { WRITE_WARNING, 0, HOST_WARN, RUN_INFORMATION },
};

static void write_call(const struct clixml_value *call, int64_t method, struct rps_host_effect *effect)
{
    if (method == WRITE_PROGRESS) {
        effect->kind = HOST_SHOW;
        effect->stream = RUN_PROGRESS;
        psrp_read_progress(parameter(call, 1), &effect->text);
        return;
    }
    for (size_t i = 0; i < sizeof writes / sizeof *writes; i++) {
        if (writes[i].method == method && writes[i].text >= 0) {
            effect->kind = writes[i].kind;
            effect->stream = writes[i].stream;
            text_clean(&effect->text, clixml_text(parameter(call, writes[i].text)), true);
        }
    }
}

/* ---- what is asked ---- */

/* The choice whose hot key is N: labels are "&No", "No to A&ll", "&Yes". */
static int64_t index_of_no(const struct clixml_value *choices)
{
    int64_t index = 0, no = -1;
    for (const struct clixml_value *choice = clixml_first(choices); choice; choice = choice->next, index++) {
        struct str label = clixml_text(clixml_get(choice, "label"));
        label = label.len ? label : clixml_text(clixml_get(choice, "Label"));
        if (no < 0 && (str_is_nocase(label, "&No") || str_is_nocase(label, "No"))) {
            no = index;
        }
    }
    return no;
}

/* Caption and message on one line, as the question is told above. */
static void question_text(const struct clixml_value *call, struct buf *out)
{
    struct str caption = clixml_text(parameter(call, 0)), message = clixml_text(parameter(call, 1));
    text_clean(out, str_trim(message.len ? message : caption), false);
}

static const char *refusal_of(int64_t method)
{
    switch (method) {
    case PROMPT:
        return "purvey does not ask for parameters in the middle of a cmdlet: give all of them beforehand.";
    case READ_LINE:
    case READ_LINE_SECRET:
    case PROMPT_CREDENTIAL_1:
    case PROMPT_CREDENTIAL_2:
        return "purvey does not ask for input in the middle of a cmdlet: give it as a parameter.";
    default:
        return "This host function is not there.";
    }
}

void rps_host_call(const struct clixml_value *call, struct rps_host_effect *effect, struct buf *out)
{
    struct arena arena = { 0 };
    const struct clixml_value *method = clixml_get(call, "mi");
    int64_t id = -100, number = 0, no = -1;
    *effect = (struct rps_host_effect){ .kind = HOST_NOTHING, .text = BUF_INIT(BUF_SMALL) };
    (void)clixml_int(clixml_get(call, "ci"), &id);
    (void)clixml_int(method, &number);
    write_call(call, number, effect);
    if (number == PROMPT_CHOICE) {
        no = index_of_no(parameter(call, 2));
        effect->kind = HOST_ASKS;
        question_text(call, &effect->text);
    }
    effect->answered = !is_void(number, id);
    if (effect->answered) {
        struct clixml_value *result = no >= 0 ? clixml_new_int(&arena, CLIXML_INT32, no) : NULL;
        psrp_host_response(id, method, result, result ? NULL : refusal_of(number), &arena, out);
    }
    arena_free(&arena);
}
