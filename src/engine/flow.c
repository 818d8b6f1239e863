#include "engine/flow.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "engine/calls.h"
#include "engine/common_parameters.h"
#include "pipeline/bind.h"
#include "pipeline/chain.h"
#include "pipeline/cursor.h"
#include "pipeline/preview.h"

struct flow {
    struct session **sessions;      /* one a stage; owned, not what they point to */
    struct timers *timers;
    struct variables *variables;    /* not owned */
    struct buf values;              /* of the variable that the pipeline begins with */
    struct pipeline *pipeline;
    struct flow_listener listener;
    size_t source, end;             /* the stage whose objects flow, and the next one that is no local cmdlet */
    struct chain *chain;            /* what stands between the two */
    struct calls calls, next;       /* of the source; of the stage at `end`, bound already */
    struct invocation *current;     /* the call under way; owned by `calls` */
    struct session_run *run;
    struct cursor *cursor;          /* of an export that pages by itself; NULL = none is under way */
    uint64_t timer;                 /* the next step: never from inside a callback of the session */
    int64_t call_started_ms;
    bool next_page;                 /* the next step is a page of the cursor */
    bool enough;                    /* the rest of the objects would change nothing */
    bool asking, yes_to_all, confirmed;
    bool paused, ended;
    bool explained;                 /* what -WhatIf means here */
    struct object before;           /* of a preview: the object as it is now */
    bool has_before, any_before;
    struct err stop;                /* why the objects had to stop */
    size_t declined;                /* calls that were not made, because the person said no */
    size_t failed;                  /* calls that did not succeed and were told about */
    struct run_summary summary;
    char request_id[64];
    char *resume_at;                /* NULL = the call cannot go on where it broke */
};

static void schedule(struct flow *flow);
static void inform(struct flow *flow, const char *format, ...) PRINTF_LIKE(2, 3);

static const struct stage *stage_of(const struct flow *flow, size_t at)
{
    return at < flow->pipeline->count ? &flow->pipeline->stages[at] : NULL;
}

/* Calls are made of one stage at a time. */
static struct session *session_of(const struct flow *flow)
{
    return flow->sessions[flow->source];
}

static void inform(struct flow *flow, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    flow->listener.information(flow->listener.context, RUN_INFORMATION, str_of(text));
}

/* Known inside of one pipeline only, and blocks know no variables. */
static void warn_of_variable(struct flow *flow, const struct invocation *invocation)
{
    if (invocation_get(invocation, "PipelineVariable")) {
        flow->listener.warning(flow->listener.context, STR("-PipelineVariable has no effect: blocks know $_ alone."));
    }
}

/* ---- the end ---- */

/* A failure that leaves calls undone says how many: nobody should have to count. */
static void add_undone(const struct flow *flow, struct err *err)
{
    size_t left = flow->calls.count - flow->calls.at;
    if (flow->source > 0 && left > 0) {
        char *advice = mem_text(err->advice);
        err_advise(err, "%zu of %zu calls of %s were not made. %s", left, flow->calls.count, stage_of(flow, flow->source)->invocation->shown, advice);
        free(advice);
    }
}

static void end(struct flow *flow, const struct err *err)
{
    struct flow_listener listener = flow->listener;
    struct err told = { 0 };
    if (flow->ended) {
        return;
    }
    flow->ended = true;
    timers_cancel(flow->timers, flow->timer);
    if (err) {
        told = *err;
        add_undone(flow, &told);
    }
    if (flow->declined) {
        inform(flow, "Answered no: %zu call%s not made.", flow->declined, flow->declined == 1 ? " was" : "s were");
    }
    flow->summary.complete = !err && flow->failed == 0 && flow->summary.complete;
    flow->summary.request_id = flow->request_id;
    flow->summary.resume_at = err ? flow->resume_at : NULL;
    listener.done(listener.context, &flow->summary, err ? &told : NULL);
}

static void cancel_run(struct flow *flow)
{
    struct session_run *run = flow->run;
    flow->run = NULL;
    if (run) {
        session_cancel(session_of(flow), run);
    }
}

/* ---- from one stage to the next ---- */

/* An object that cannot be bound is an error of its own, and the others go on, as in PowerShell. */
static bool bind_for_next(struct flow *flow, const struct object *object, struct err *err)
{
    const struct stage *stage = stage_of(flow, flow->end);
    struct err unbound = { 0 };
    struct invocation *invocation = bind_object(stage, object, &unbound);
    if (invocation) {
        return calls_add(&flow->next, invocation, err);
    }
    variables_keep_error(flow->variables, stage->invocation, &unbound);
    if (common_reaction(stage->invocation, "ErrorAction") == REACT_STOP) {
        *err = unbound;
        return false;
    }
    if (common_reaction(stage->invocation, "ErrorAction") != REACT_SILENT) {
        flow->failed++;
        flow->listener.error(flow->listener.context, &unbound);
    }
    return true;
}

static bool out_of_chain(void *context, const struct object *object, struct err *err)
{
    struct flow *flow = context;
    return flow->end < flow->pipeline->count ? bind_for_next(flow, object, err) : flow->listener.object(flow->listener.context, object, err);
}

/* A service that does not know an identity may answer with everything (pains.md 5): that must not reach what changes. */
static bool fits_question(const struct flow *flow, const struct object *object, struct err *err)
{
    const struct stage *next = stage_of(flow, flow->end);
    if (!next || next->invocation->read_only || !flow->current || bind_matches_identity(flow->current, object)) {
        return true;
    }
    struct str asked = json_string(invocation_get(flow->current, "Identity")->value);
    err_set(err, ERR_SERVER, "%s was asked for \"%.*s\" and answered with an object of another name. Nothing was handed to %s.",
            flow->current->shown, STR_ARG(str_take(asked, 200)), next->invocation->shown);
    err_advise(err, "Look at what %s returns, and give the identity exactly.", flow->current->shown);
    err_code(err, "IdentityMismatch");
    return false;
}

static bool into_chain(void *context, const struct object *object, struct err *err)
{
    struct flow *flow = context;
    variables_keep(flow->variables, stage_of(flow, flow->source)->invocation, "OutVariable", object);
    return chain_object(flow->chain, object, err);
}

static bool take_object(struct flow *flow, const struct object *object, struct err *err)
{
    const struct local_sink out = { into_chain, flow };
    bool good = fits_question(flow, object, err) &&
                (flow->cursor ? cursor_object(flow->cursor, object, &out, err) : into_chain(flow, object, err));
    flow->enough = good && chain_full(flow->chain);
    return good;
}

static bool begin_segment(struct flow *flow, size_t source, struct err *err)
{
    const struct local_sink out = { out_of_chain, flow };
    const struct pipeline *pipeline = flow->pipeline;
    flow->source = source;
    for (flow->end = source + 1; flow->end < pipeline->count && pipeline->stages[flow->end].kind == STAGE_LOCAL; flow->end++) {
    }
    flow->enough = flow->yes_to_all = false;
    chain_free(flow->chain);
    flow->chain = chain_new(pipeline, source + 1, flow->end, &out, flow->variables, err);
    return flow->chain != NULL;
}

static void warn_of_unmatched(void *context, struct str text)
{
    struct flow *flow = context;
    flow->listener.warning(flow->listener.context, text);
}

/* What is kept back comes out also after a failure: half a sorted list is more than none. */
static bool end_segment(struct flow *flow, struct err *err)
{
    /* The rows of a preview went past the chain: a count of nothing would stand among them. */
    const struct stage *source = stage_of(flow, flow->source);
    bool previewed = source->kind == STAGE_CMDLET && source->invocation->what_if;
    if (!previewed && !chain_end(flow->chain, err)) {
        return false;
    }
    /* A misspelt property gives nothing, for ever and in silence. */
    if (common_reaction(source->invocation, "WarningAction") != REACT_SILENT) {
        chain_unmatched(flow->chain, warn_of_unmatched, flow);
    }
    if (flow->end >= flow->pipeline->count) {
        end(flow, NULL);
        return true;
    }
    flow->current = NULL;
    calls_free(&flow->calls);
    flow->calls = flow->next;
    flow->next = (struct calls){ 0 };
    return begin_segment(flow, flow->end, err);
}

/* ---- a call of the service ---- */

/* What would meet the next call in the same way; the rest is one object's trouble. */
static bool is_about_all(const struct err *err)
{
    return err->kind != ERR_SERVER && err->kind != ERR_INPUT && err->kind != ERR_NOT_FOUND;
}

/* Which of many objects it was. */
static struct err named(const struct flow *flow, const struct err *err)
{
    struct err told = *err;
    const struct argument *identity = flow->source ? invocation_get(flow->current, "Identity") : NULL;
    if (flow->source && !identity && flow->current->count) {
        identity = &flow->current->arguments[0];
    }
    if (identity && identity->kind == ARG_TEXT) {
        err_set(&told, err->kind, "%s %.*s: %s", flow->current->shown, STR_ARG(str_take(json_string(identity->value), 100)), err->text);
        err_advise(&told, "%s", err->advice);
        err_code(&told, err->code);
        err_correlation(&told, err->correlation);
        err_field(&told, err->field);
    }
    return told;
}

static void add_second(struct err *err, const struct err *second)
{
    if (!*err->advice) {
        err_advise(err, "%s", second->text);
    }
}

static void failed(struct flow *flow, const struct err *err)
{
    enum reaction reaction = common_reaction(flow->current, "ErrorAction");
    struct err told = named(flow, err);
    variables_keep_error(flow->variables, flow->current, err);
    bool ends = is_about_all(err) || reaction == REACT_STOP || (flow->source == 0 && reaction != REACT_SILENT);
    if (!ends && reaction == REACT_CONTINUE) {
        flow->failed++;
        flow->listener.error(flow->listener.context, &told);
    }
    if (!ends) {
        schedule(flow);
        return;
    }
    /* What came before the failure is the result, as far as it goes; a cmdlet behind it does not run on half a list. */
    struct err second;
    bool last = flow->end >= flow->pipeline->count;
    if (last && !chain_end(flow->chain, &second)) {
        add_second(&told, &second);
    }
    end(flow, &told);
}

static void on_object(void *context, const struct object *object)
{
    struct flow *flow = context;
    flow->stop = (struct err){ 0 };
    bool good = take_object(flow, object, &flow->stop);
    if (flow->ended) {
        return;
    }
    if (!good) {
        cancel_run(flow);
        cursor_lose(flow->cursor);
        end(flow, &flow->stop);
    } else if (flow->enough) {
        cancel_run(flow);
        cursor_free(flow->cursor);
        flow->cursor = NULL;
        flow->summary.complete = true;
        schedule(flow);
    }
}

static void on_warning(void *context, struct str text)
{
    struct flow *flow = context;
    enum reaction reaction = common_reaction(flow->current, "WarningAction");
    variables_keep_text(flow->variables, flow->current, "WarningVariable", text);
    if (reaction == REACT_SILENT) {
        return;
    }
    flow->listener.warning(flow->listener.context, text);
    if (reaction == REACT_STOP && !flow->ended) {
        struct err err;
        err_set(&err, ERR_SERVER, "Stopped at a warning, because -WarningAction is Stop.");
        cancel_run(flow);
        end(flow, &err);
    }
}

static void on_nonfatal(void *context, const struct err *err)
{
    struct flow *flow = context;
    enum reaction reaction = common_reaction(flow->current, "ErrorAction");
    struct err told = named(flow, err);
    variables_keep_error(flow->variables, flow->current, err);
    if (reaction == REACT_SILENT) {
        return;
    }
    if (reaction == REACT_STOP) {
        cancel_run(flow);
        end(flow, &told);
        return;
    }
    flow->failed++;
    flow->listener.error(flow->listener.context, &told);
}

static void on_waiting(void *context, int seconds, const struct err *why)
{
    struct flow *flow = context;
    flow->listener.waiting(flow->listener.context, seconds, why);
}

static void tell_note(struct flow *flow)
{
    char *note = cursor_take_note(flow->cursor);
    if (note) {
        flow->listener.warning(flow->listener.context, str_of(note));
    }
    free(note);
}

/* Only where the rows of the call are the rows of the result. */
static void take_place(struct flow *flow, const char *place)
{
    bool plain = flow->pipeline->count == 1 && !flow->cursor;
    free(flow->resume_at);
    flow->resume_at = plain ? mem_text(place) : NULL;
}

/* What was not read to its end is no success: a script must not take it for one, as with a list whose place expired. */
static void set_short(struct flow *flow, struct err *err)
{
    char *note = cursor_take_note(flow->cursor);
    err_set(err, ERR_SERVER, "%s", note ? note : "The service says that there are more records, and not how to get them.");
    err_advise(err, "What came is kept. Run it again, or for shorter times.");
    free(note);
}

/* Records that could not be kept come again, so nothing may be written down that they have come. */
static bool settle(struct flow *flow, struct err *err)
{
    bool good = !flow->cursor || !flow->listener.settle || flow->listener.settle(flow->listener.context, err);
    if (!good) {
        cursor_lose(flow->cursor);
    }
    return good;
}

/* The next page of an export, or another way to it, or its end. */
static void page_ended(struct flow *flow, const struct err *err)
{
    struct err told = err ? *err : (struct err){ 0 };
    struct err lost = { 0 };
    if (!settle(flow, &lost) && !err) {
        end(flow, &lost);
        return;
    }
    if (!err) {
        cursor_page_done(flow->cursor);
    }
    bool on = !err || cursor_page_failed(flow->cursor, &told);
    bool more = on && cursor_page(flow->cursor), complete = cursor_complete(flow->cursor);
    if (on && !more && !complete) {
        set_short(flow, &told);
    }
    tell_note(flow);
    if (more) {
        flow->next_page = true;
        schedule(flow);
        return;
    }
    flow->summary.complete = on && complete;
    flow->summary.more_available = !flow->summary.complete;
    cursor_free(flow->cursor);
    flow->cursor = NULL;
    if (flow->summary.complete) {
        schedule(flow);
    } else {
        failed(flow, &told);
    }
}

/* It has no -Confirm that could say yes. */
static void unanswerable(struct flow *flow, const char *question)
{
    struct err err = { 0 };
    err_set(&err, ERR_SERVER, "The cmdlet asked \"%s\" and was told no: it has no -Confirm to say yes with", question);
    err_advise(&err, "If it has -Force, that answers the question.");
    failed(flow, &err);
}

/* Whoever has rows in hand must not take them for all. */
static void broke_off(struct flow *flow, const struct err *err, int64_t objects)
{
    struct err told = *err;
    bool says_so = str_contains_nocase(str_of(err->text), STR("breaks off")) || str_contains_nocase(str_of(err->advice), STR("What came is kept"));
    if (objects > 0 && !says_so) {
        err_advise(&told, "Not all of it: %lld object%s came before. %s", (long long)objects, objects == 1 ? "" : "s", err->advice);
    }
    failed(flow, &told);
}

/* What -Verbose says behind a call; the limits where the service told them (rest.md section 5). */
static void tell_call(struct flow *flow, const struct run_summary *summary)
{
    inform(flow, "VERBOSE: %s: %lld object%s in %d page%s and %lld ms; request id %s", flow->current->shown, (long long)summary->objects,
           summary->objects == 1 ? "" : "s", summary->pages, summary->pages == 1 ? "" : "s", (long long)(clock_ms() - flow->call_started_ms),
           *flow->request_id ? flow->request_id : "none");
    if (summary->rate.limit) {
        inform(flow, "VERBOSE: %lld of %lld requests left%s%s", (long long)summary->rate.remaining, (long long)summary->rate.limit,
               *summary->rate.reset ? ", new ones at " : "", summary->rate.reset);
    }
}

static void on_done(void *context, const struct run_summary *summary, const struct err *err)
{
    struct flow *flow = context;
    flow->run = NULL;
    flow->summary.objects += summary->objects;
    flow->summary.pages += summary->pages;
    flow->summary.rate = summary->rate;
    take_place(flow, summary->resume_at);
    flow->summary.complete = summary->complete;
    flow->summary.more_available = summary->more_available;
    str_copy(flow->request_id, sizeof flow->request_id, summary->request_id ? summary->request_id : "");
    if (common_verbose(flow->current)) {
        tell_call(flow, summary);
    }
    if (flow->ended) {
        return;
    }
    if (flow->cursor) {
        page_ended(flow, err);
    } else if (summary->question && !err && !stage_of(flow, flow->source)->should_process) {
        unanswerable(flow, summary->question);
    } else if (summary->question && !err) {
        flow->asking = true;
        flow->listener.question(flow->listener.context, str_of(summary->question), flow->calls.at < flow->calls.count);
    } else if (err) {
        broke_off(flow, err, summary->objects);
    } else {
        schedule(flow);
    }
}

/* What a remote cmdlet says beside its objects, as PowerShell shows it. */
static void on_information(void *context, enum run_stream stream, struct str text)
{
    struct flow *flow = context;
    static const char *const prefixes[] = { [RUN_VERBOSE] = "VERBOSE: ", [RUN_DEBUG] = "DEBUG: ", [RUN_INFORMATION] = "", [RUN_PROGRESS] = "" };
    struct buf line = BUF_INIT(BUF_SMALL);
    if (stream == RUN_INFORMATION) {
        variables_keep_text(flow->variables, flow->current, "InformationVariable", text);
    }
    const char *action = stream == RUN_INFORMATION ? "InformationAction" : stream == RUN_PROGRESS ? "ProgressAction" : NULL;
    if (!action || common_reaction(flow->current, action) != REACT_SILENT) {
        buf_text(&line, prefixes[stream]);
        buf_add(&line, text);
        flow->listener.information(flow->listener.context, stream, buf_str(&line));
    }
    buf_free(&line);
}

static struct run_listener listener_of(struct flow *flow)
{
    return (struct run_listener){
        .object = on_object, .warning = on_warning, .nonfatal = on_nonfatal, .waiting = on_waiting, .done = on_done,
        .information = on_information, .context = flow,
    };
}

static void invoke(struct flow *flow, const struct invocation *invocation, const struct run_listener *listener)
{
    struct err err = { 0 };
    flow->call_started_ms = clock_ms();
    flow->run = session_invoke(session_of(flow), invocation, listener, &err);
    if (!flow->run) {
        cursor_free(flow->cursor);
        flow->cursor = NULL;
        failed(flow, &err);
    } else if (flow->paused) {
        session_pause(session_of(flow), flow->run, true);
    }
}

/* Two calls: the first only asks (rest.md section 4). */
static void send(struct flow *flow)
{
    const struct stage *stage = stage_of(flow, flow->source);
    const struct run_listener listener = listener_of(flow);
    bool asks = stage_asks(stage), agreed = flow->confirmed || flow->yes_to_all;
    flow->confirmed = false;
    /* A remote cmdlet may ask without having been told to: then the answer is as good. */
    if (asks || (agreed && stage->should_process)) {
        invocation_set(flow->current, "Confirm", ARG_SWITCH, TYPE_SWITCH, json_new_bool(!agreed));
    }
    if (common_verbose(flow->current)) {
        inform(flow, "VERBOSE: %s is sent%s", flow->current->shown, asks && !agreed ? ", to be confirmed" : "");
    }
    char *place = flow->pipeline->tenant ? cursor_place(flow->current, flow->pipeline->tenant) : NULL;
    flow->cursor = cursor_new(flow->current, place, flow->pipeline->resume);
    free(place);
    if (flow->cursor) {
        tell_note(flow);
    }
    invoke(flow, flow->cursor ? cursor_page(flow->cursor) : flow->current, &listener);
}

/* ---- -WhatIf ---- */

/* The first that carries the name; a service that answers with everything tells nothing. */
static void on_before(void *context, const struct object *object)
{
    struct flow *flow = context;
    flow->any_before = true;
    if (!flow->has_before && bind_matches_identity(flow->current, object)) {
        object_copy(&flow->before, object);
        flow->has_before = true;
    }
}

static void show_preview(struct flow *flow)
{
    const struct local_sink out = { out_of_chain, flow };
    struct buf text = BUF_INIT(BUF_LARGE);
    struct err err = { 0 };
    if (!flow->explained) {
        flow->explained = true;
        inform(flow, "-WhatIf: nothing is sent, because the service would carry it out all the same. The rows are what it would change.");
    }
    preview_text(flow->current, &text);
    flow->listener.information(flow->listener.context, RUN_INFORMATION, buf_str(&text));
    buf_free(&text);
    /* They say what would be, and are nothing that a cmdlet behind it could act on. */
    if (flow->end >= flow->pipeline->count && !preview_rows(flow->current, flow->has_before ? &flow->before : NULL, &out, &err)) {
        end(flow, &err);
        return;
    }
    flow->summary.complete = true;
    schedule(flow);
}

static void on_before_done(void *context, const struct run_summary *summary, const struct err *err)
{
    struct flow *flow = context;
    (void)summary;
    flow->run = NULL;
    if (err && is_about_all(err)) {
        end(flow, err);
        return;
    }
    /* Objects of another name are its parts, as the members of a role group. */
    if (!flow->has_before && !flow->any_before) {
        flow->listener.warning(flow->listener.context, STR("The object that this is about was not found; the real call would probably fail."));
    }
    show_preview(flow);
}

static void ignore_warning(void *context, struct str text)
{
    (void)context;
    (void)text;
}

static void ignore_error(void *context, const struct err *err)
{
    (void)context;
    (void)err;
}

/* The object as it is now is read where there is a cmdlet that can; reading changes nothing. */
static void preview(struct flow *flow)
{
    const struct stage *stage = stage_of(flow, flow->source);
    const struct argument *identity = invocation_get(flow->current, "Identity");
    const struct run_listener listener = {
        .object = on_before, .warning = ignore_warning, .nonfatal = ignore_error, .waiting = on_waiting, .done = on_before_done, .context = flow,
    };
    object_free(&flow->before);
    object_init(&flow->before);
    flow->has_before = flow->any_before = false;
    if (!stage->getter || !identity || identity->kind != ARG_TEXT) {
        show_preview(flow);
        return;
    }
    struct invocation *reading = invocation_new(stage->getter);
    invocation_set(reading, "Identity", ARG_TEXT, identity->type, json_copy(identity->value));
    invoke(flow, reading, &listener);
    invocation_free(reading);
}

/* ---- steps ---- */

static bool give_value(struct flow *flow, const struct json *value, struct err *err)
{
    struct object object;
    object_init(&object);
    object_from_json(&object, value);
    bool good = take_object(flow, &object, err);
    object_free(&object);
    return good;
}

static bool give_values(struct flow *flow, struct err *err)
{
    bool good = true;
    struct json *values = stage_of(flow, flow->source)->values;
    struct str rest = buf_str(&flow->values), line;
    for (const struct json *value = json_first(values); value && good && !flow->enough && !flow->ended; value = json_next(value)) {
        good = give_value(flow, value, err);
    }
    while (rest.len && good && !flow->enough && !flow->ended) {
        str_cut(&rest, '\n', &line);
        struct json *value = json_parse(line, err);
        good = value && give_value(flow, value, err);
        json_free(value);
    }
    flow->summary.complete = good;
    return good;
}

static void next_call(struct flow *flow)
{
    flow->current = flow->calls.items[flow->calls.at++];
    warn_of_variable(flow, flow->current);
    if (flow->current->what_if) {
        preview(flow);
    } else {
        send(flow);
    }
}

/* One step: the next call, or on to the next stage when there is none. */
static void step(void *context)
{
    struct flow *flow = context;
    struct err err = { 0 };
    flow->timer = 0;
    if (flow->next_page) {
        const struct run_listener listener = listener_of(flow);
        flow->next_page = false;
        invoke(flow, cursor_page(flow->cursor), &listener);
        return;
    }
    if (stage_of(flow, flow->source)->kind == STAGE_VALUES && !give_values(flow, &err)) {
        end(flow, &err);
        return;
    }
    if (!flow->enough && flow->calls.at < flow->calls.count) {
        next_call(flow);
    } else if (!end_segment(flow, &err)) {
        end(flow, &err);
    } else if (!flow->ended) {
        schedule(flow);
    }
}

static void schedule(struct flow *flow)
{
    if (!flow->ended && !flow->timer) {
        flow->timer = timers_after(flow->timers, 0, step, flow);
    }
}

static void fail_later(void *context)
{
    struct flow *flow = context;
    flow->timer = 0;
    end(flow, &flow->stop);
}

/* A variable is read before anything is kept under the same name: $x | Get-Y -OutVariable x. */
static bool begin_variables(struct flow *flow, struct err *err)
{
    const char *read = flow->pipeline->stages[0].variable;
    flow->values = (struct buf)BUF_INIT(VARIABLE_MOST);
    if (read && !variables_read(flow->variables, read, &flow->values, err)) {
        return false;
    }
    for (size_t i = 0; i < flow->pipeline->count; i++) {
        variables_begin(flow->variables, flow->pipeline->stages[i].invocation);
    }
    return true;
}

struct flow *flow_start(struct session *const *sessions, const struct flow_context *context, struct pipeline *pipeline, const struct flow_listener *listener)
{
    struct flow *flow = MEM_NEW(struct flow);
    flow->sessions = mem_array(pipeline->count, sizeof *flow->sessions);
    memcpy(flow->sessions, sessions, pipeline->count * sizeof *flow->sessions);
    flow->timers = context->timers;
    flow->variables = context->variables;
    flow->pipeline = pipeline;
    flow->listener = *listener;
    object_init(&flow->before);
    if (!begin_variables(flow, &flow->stop) || !begin_segment(flow, 0, &flow->stop)) {
        flow->timer = timers_after(flow->timers, 0, fail_later, flow);
        return flow;
    }
    if (pipeline->stages[0].kind == STAGE_CMDLET) {
        MEM_ROOM(flow->calls.items, flow->calls.count, flow->calls.capacity);
        flow->calls.items[flow->calls.count++] = invocation_copy(pipeline->stages[0].invocation);
    }
    schedule(flow);
    return flow;
}

void flow_answer(struct flow *flow, enum flow_answer answer)
{
    if (!flow->asking || flow->ended) {
        return;
    }
    flow->asking = false;
    flow->summary.complete = true;
    flow->yes_to_all = answer == FLOW_YES_TO_ALL;
    if (answer == FLOW_YES || answer == FLOW_YES_TO_ALL) {
        flow->confirmed = true;
        flow->calls.at--;           /* the same call once more, for good this time */
    } else {
        flow->declined += answer == FLOW_NO_TO_ALL ? flow->calls.count - flow->calls.at + 1 : 1;
        flow->calls.at = answer == FLOW_NO_TO_ALL ? flow->calls.count : flow->calls.at;
    }
    schedule(flow);
}

void flow_pause(struct flow *flow, bool paused)
{
    flow->paused = paused;
    if (flow->run) {
        session_pause(session_of(flow), flow->run, paused);
    }
}

const struct pipeline *flow_pipeline(const struct flow *flow)
{
    return flow->pipeline;
}

struct flow_progress flow_progress(const struct flow *flow)
{
    bool many = flow->source > 0;
    return (struct flow_progress){ many ? (int64_t)flow->calls.at : 0, many ? (int64_t)flow->calls.count : 0 };
}

void flow_free(struct flow *flow)
{
    if (!flow) {
        return;
    }
    flow->ended = true;
    cancel_run(flow);
    settle(flow, &flow->stop);
    timers_cancel(flow->timers, flow->timer);
    chain_free(flow->chain);
    cursor_free(flow->cursor);
    calls_free(&flow->calls);
    calls_free(&flow->next);
    object_free(&flow->before);
    buf_free(&flow->values);
    free(flow->resume_at);
    free(flow->sessions);
    pipeline_free(flow->pipeline);
    free(flow);
}
