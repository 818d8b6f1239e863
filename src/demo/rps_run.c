/* Pipelines at work. Output is made only while somebody receives it, object by object, so a million people take no memory. A
   stack of jobs stands for the commands: a row of one command becomes a job of the next, which is done before the next row. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/wildcard.h"
#include "demo/rest_call.h"
#include "demo/rps_internal.h"

#define PAGE_ROWS "200"
#define BIG_OBJECT ((size_t)3 * 1024 * 1024)

/* ---- jobs ---- */

void demo_job_push(struct pipeline *pipeline, size_t stage, struct json *parameters)
{
    MEM_ROOM(pipeline->jobs, pipeline->job_count, pipeline->job_capacity);
    pipeline->jobs[pipeline->job_count++] = (struct job){ .stage = stage, .parameters = parameters };
}

void demo_job_free(struct job *job)
{
    json_free(job->parameters);
    json_free(job->page);
    free(job->query);
}

static struct job *top(struct pipeline *pipeline)
{
    return pipeline->job_count ? &pipeline->jobs[pipeline->job_count - 1] : NULL;
}

static void pop(struct pipeline *pipeline)
{
    demo_job_free(top(pipeline));
    pipeline->job_count--;
}

/* ---- the cmdlet itself: the same as over REST ---- */

/* Small pages, because each is whole in memory while its rows go out. */
static const char *page_header(const struct demo_request *request, const char *name)
{
    (void)request;
    return str_is_nocase(str_of(name), "Prefer") ? "odata.maxpagesize=" PAGE_ROWS : "";
}

/* WhatIf has no effect over REST, and Confirm means something else there (rest.md section 4): neither goes along. */
static char *body_of(const struct stage *stage, const struct json *parameters, bool ask)
{
    struct json *root = json_new_object(), *input = json_new_object(), *given = json_new_object();
    struct buf text = BUF_INIT(DEMO_MAX_BODY);
    for (const struct json *member = json_first(parameters); member; member = json_next(member)) {
        struct str name = str_of(json_name(member));
        if (!str_is_nocase(name, "Confirm") && !str_is_nocase(name, "WhatIf")) {
            json_add(given, json_name(member), json_copy(member));
        }
    }
    json_add(given, "Confirm", json_new_bool(ask));
    json_add_text(input, "CmdletName", stage->name);
    json_add(input, "Parameters", given);
    json_add(root, "CmdletInput", input);
    json_print(root, false, &text);
    json_free(root);
    return buf_take(&text);
}

/* The envelope of the answer, or an error's; the status says which. NULL: no JSON came, which is a mistake of ours. */
static struct json *invoke(struct demo *demo, struct pipeline *pipeline, const struct job *job, bool ask, int *status)
{
    char *body = body_of(&pipeline->stages[job->stage], job->parameters, ask), block[8192];
    struct demo_reply reply = { .status = 500, .body = BUF_INIT(DEMO_MAX_BODY) };
    const struct demo_request request = {
        .method = "POST", .host = DEMO_FRONT_DOOR, .path = "", .query = job->query ? job->query : "", .body = str_of(body), .header = page_header,
        .header_text = "",
    };
    const struct caller caller = { pipeline->shell->owner, pipeline->shell->search_only };
    size_t length;
    rest_invoke(demo, &request, &caller, &reply);
    while (reply.stream.context && (length = reply.stream.fill(reply.stream.context, block, sizeof block)) > 0) {
        buf_add(&reply.body, (struct str){ block, length });
    }
    struct json *answer = json_parse(buf_str(&reply.body), NULL);
    *status = reply.status;
    reply_drop(&reply);
    free(body);
    return answer;
}

/* ---- rows ---- */

/* The type of what comes out is named after the noun. */
static const char *noun_of(const struct stage *stage)
{
    const char *dash = strchr(stage->name, '-');
    return dash ? dash + 1 : stage->name;
}

/* What ToString of an object of Exchange gives. */
static const char *text_of_row(const struct json *row)
{
    static const char *const names[] = { "Identity", "Name", "Guid" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *text = json_cstr(json_get(row, names[i]), "");
        if (*text) {
            return text;
        }
    }
    return "";
}

/* Properties are adapted ones, the runspace's id a note, as real sessions send it (rps.md section 7). */
static void put_row(struct pipeline *pipeline, size_t stage, const struct json *row)
{
    char *types = mem_format("Microsoft.Exchange.Management.Demo.%s|System.Object", noun_of(&pipeline->stages[stage]));
    struct clix *clix = clix_new();
    clix_object(clix, NULL);
    clix_types(clix, types);
    clix_leaf(clix, "ToString", NULL, str_of(text_of_row(row)));
    clix_open(clix, "Props");
    clix_members(clix, row);
    clix_close(clix);
    clix_open(clix, "MS");
    clix_leaf(clix, "G", "RunspaceId", str_of(pipeline->shell->pool));
    clix_close(clix);
    clix_close(clix);
    demo_pipeline_put(pipeline, PIPELINE_OUTPUT, clix);
    free(types);
}

static bool is_selected(const struct json *wanted, struct str name)
{
    if (json_kind(wanted) != JSON_ARRAY) {
        return wildcard_matches(json_string(wanted), name, false);
    }
    for (const struct json *item = json_first(wanted); item; item = json_next(item)) {
        if (wildcard_matches(json_string(item), name, false)) {
            return true;
        }
    }
    return false;
}

/* Select-Object makes objects of its own, with notes in place of properties. */
static void put_selected(struct pipeline *pipeline, const struct stage *stage, const struct json *row)
{
    const struct json *wanted = json_get_nocase(stage->parameters, "Property");
    struct json *chosen = json_new_object();
    for (const struct json *member = json_first(row); member; member = json_next(member)) {
        struct str rest = str_of(json_name(member)), name;
        str_cut(&rest, '@', &name);
        if (is_selected(wanted, name)) {
            json_add(chosen, json_name(member), json_copy(member));
        }
    }
    struct clix *clix = clix_new();
    clix_object(clix, NULL);
    clix_types(clix, "Selected.System.Management.Automation.PSCustomObject|System.Management.Automation.PSCustomObject|System.Object");
    clix_open(clix, "MS");
    clix_members(clix, chosen);
    clix_close(clix);
    clix_close(clix);
    demo_pipeline_put(pipeline, PIPELINE_OUTPUT, clix);
    json_free(chosen);
}

/* ---- from one command to the next ---- */

/* By the name of the property, else Identity by value, as the sets of the parameter allow. */
static bool takes(const struct cmdlet_param *param, bool by_value)
{
    struct str sets = param->sets;
    struct cmdlet_set set;
    while (cmdlet_next_set(&sets, &set)) {
        if (by_value ? set.by_value : set.by_name) {
            return true;
        }
    }
    return false;
}

/* Nothing bound is an error of its own, not a call without parameters. */
static struct json *bind_row(const struct stage *stage, const struct json *row)
{
    struct json *bound = json_copy(stage->parameters);
    size_t given = json_count(bound);
    for (size_t i = 0; i < stage->cmdlet->count; i++) {
        const struct cmdlet_param *param = &stage->cmdlet->params[i];
        char *name = str_dup(param->name);
        const struct json *property = json_get_nocase(row, name);
        bool is_free = !json_get_nocase(bound, name);
        if (is_free && takes(param, true) && *text_of_row(row)) {
            json_add_text(bound, name, text_of_row(row));
        } else if (is_free && takes(param, false) && property && json_kind(property) != JSON_NULL) {
            json_add(bound, name, json_copy(property));
        }
        free(name);
    }
    if (json_count(bound) == given) {
        json_free(bound);
        return NULL;
    }
    return bound;
}

static void pass_on(struct demo *demo, struct pipeline *pipeline, size_t stage, const struct json *row)
{
    struct stage *next = stage + 1 < pipeline->stage_count ? &pipeline->stages[stage + 1] : NULL;
    if (!next || str_is_nocase(str_of(next->name), "Out-Default")) {
        put_row(pipeline, stage, row);
    } else if (str_is_nocase(str_of(next->name), "Measure-Object")) {
        next->counted++;
    } else if (str_is_nocase(str_of(next->name), "Select-Object")) {
        put_selected(pipeline, next, row);
    } else {
        struct json *bound = next->cmdlet ? bind_row(next, row) : NULL;
        if (bound) {
            demo_job_push(pipeline, stage + 1, bound);
            return;
        }
        const struct failure_text failure = {
            "The input object cannot be bound to any parameters for the command.", "System.Management.Automation.InputBindingFailure", text_of_row(row), NULL,
        };
        put_error(demo, pipeline, &failure, false);
    }
}

/* ---- troubles of the dial, once a pipeline ---- */

static void put_troubles(struct rps *rps, struct pipeline *pipeline)
{
    if (trouble_strikes(rps, TROUBLE_UNKNOWN)) {
        struct clix *clix = clix_new();
        clix_text(clix, NULL, "a message of a later version");
        demo_pipeline_put(pipeline, (enum message_type)0x00099999, clix);
    }
    /* Objects go among those of a cmdlet: what a client asks while it connects is let through. */
    bool cmdlet = pipeline->stage_count && pipeline->stages[0].cmdlet;
    if (cmdlet && trouble_strikes(rps, TROUBLE_CYCLE)) {
        struct clix *clix = clix_new();
        clix_object(clix, NULL);
        clix_open(clix, "MS");
        clix_text(clix, "Name", "an object that holds itself");
        clix_object(clix, "Self");
        clix_open(clix, "LST");
        clix_back_reference(clix, 0);
        clix_close(clix);
        clix_close(clix);
        clix_close(clix);
        clix_close(clix);
        demo_pipeline_put(pipeline, PIPELINE_OUTPUT, clix);
    }
    if (cmdlet && trouble_strikes(rps, TROUBLE_BIG)) {
        struct buf text = BUF_INIT(BIG_OBJECT);
        struct clix *clix = clix_new();
        buf_repeat(&text, 'x', BIG_OBJECT);
        clix_object(clix, NULL);
        clix_open(clix, "MS");
        clix_text(clix, "Name", "big");
        clix_text(clix, "Text", buf_cstr(&text));
        clix_close(clix);
        clix_close(clix);
        demo_pipeline_put(pipeline, PIPELINE_OUTPUT, clix);
        buf_free(&text);
    }
}

/* ---- a job ---- */

/* A switch may come as a text from who builds messages by hand. */
static bool switch_on(const struct json *parameters, const char *name)
{
    const struct json *value = json_get_nocase(parameters, name);
    return json_bool(value, false) || str_is_nocase(json_string(value), "true") || str_is_nocase(json_string(value), "$true");
}

/* What comes with any run: records of the streams that were asked for. */
static void begin_records(struct pipeline *pipeline, const struct job *job)
{
    const struct stage *stage = &pipeline->stages[job->stage];
    char *text = mem_format("Beginning processing %s.", stage->name);
    if (switch_on(job->parameters, "Verbose")) {
        put_information(pipeline, VERBOSE_RECORD, text);
    }
    if (switch_on(job->parameters, "Debug")) {
        put_information(pipeline, DEBUG_RECORD, text);
    }
    if (str_starts_nocase(str_of(stage->name), STR("Start-"))) {
        put_progress(pipeline, stage->name, 50, false);
        put_progress(pipeline, stage->name, 100, true);
        put_information_record(pipeline, stage->name, "The job has been handed to the service.");
    }
    free(text);
}

/* What is missing is asked for where there is somebody to ask, and else an error. */
static void report(struct demo *demo, struct pipeline *pipeline, const struct json *answer)
{
    const struct json *error = json_get(answer, "error"), *internal = json_get(json_get(error, "innererror"), "internalexception");
    const struct failure_text failure = {
        .text = json_cstr(json_get(internal, "message"), "The cmdlet failed."),
        .type = json_cstr(json_get(internal, "type"), "System.Exception"),
        .target = json_cstr(json_get(json_first(json_get(error, "details")), "target"), ""),
        .id = strstr(json_cstr(json_get(internal, "message"), ""), "has no parameter") ? "NamedParameterNotFound" : NULL,
    };
    struct str missing = str_of(failure.text), head = STR(REST_MISSING_TEXT);
    if (str_starts(missing, head) && pipeline->has_host) {
        missing = str_from(missing, head.len);
        char *field = str_dup(str_take(missing, missing.len - 1));
        ask_field(pipeline, pipeline->stages[top(pipeline)->stage].name, field);
        free(field);
        return;
    }
    put_error(demo, pipeline, &failure, false);
    pop(pipeline);
}

static bool is_false(const struct json *value)
{
    return json_kind(value) == JSON_BOOL ? !json_bool(value, true)
                                         : str_is_nocase(json_string(value), "false") || str_is_nocase(json_string(value), "$false");
}

/* A high impact asks by itself, a medium one when it is told to (rps.md section 8). */
static bool wants_question(const struct pipeline *pipeline, const struct job *job)
{
    const struct cmdlet *cmdlet = pipeline->stages[job->stage].cmdlet;
    if (job->decided || pipeline->yes_to_all || cmdlet->impact == '-') {
        return false;
    }
    return switch_on(job->parameters, "WhatIf") || switch_on(job->parameters, "Confirm") ||
           (cmdlet->impact == 'H' && !is_false(json_get_nocase(job->parameters, "Confirm")));
}

/* The service says whether the cmdlet could run and what it would ask; nothing has happened then. */
static void question(struct demo *demo, struct pipeline *pipeline, struct job *job)
{
    int status;
    struct json *answer = invoke(demo, pipeline, job, true, &status);
    const char *text = json_cstr(json_get(answer, "@adminapi.confirmationmessage"), "Are you sure?");
    if (status != 200) {
        report(demo, pipeline, answer);
    } else if (switch_on(job->parameters, "WhatIf")) {
        char *line = mem_format("What if: %s", text);
        if (pipeline->has_host) {
            tell_line(pipeline, line);
        }
        free(line);
        pop(pipeline);
    } else if (pipeline->no_to_all) {
        pop(pipeline);
    } else if (pipeline->has_host) {
        ask_choice(pipeline, text);
    } else {
        const struct failure_text failure = {
            "A command that prompts the user failed because the host program or the command type does not support user interaction.",
            "System.Management.Automation.PSInvalidOperationException", "", "InvalidOperation",
        };
        put_error(demo, pipeline, &failure, true);
    }
    json_free(answer);
}

static void add_texts(struct demo *demo, struct pipeline *pipeline, const struct json *answer)
{
    for (const struct json *text = json_first(json_get(answer, "@adminapi.warnings")); text; text = json_next(text)) {
        put_information(pipeline, WARNING_RECORD, json_cstr(text, ""));
    }
    for (const struct json *text = json_first(json_get(answer, "@adminapi.errors")); text; text = json_next(text)) {
        const struct failure_text failure = { json_cstr(text, ""), "Microsoft.Exchange.Configuration.Tasks.TaskException", "", NULL };
        put_error(demo, pipeline, &failure, false);
    }
}

/* REST says on each page that there is more; here only the last page's warning is true. */
static void fetch(struct demo *demo, struct pipeline *pipeline, struct job *job)
{
    int status;
    bool first = !job->page;
    struct json *answer = invoke(demo, pipeline, job, false, &status);
    if (status != 200 || !answer) {
        report(demo, pipeline, answer);
        json_free(answer);
        return;
    }
    if (first) {
        begin_records(pipeline, job);
    }
    const char *link = json_cstr(json_get(answer, "@odata.nextLink"), ""), *query = strchr(link, '?');
    json_free(job->page);
    free(job->query);
    job->page = answer;
    job->query = query ? mem_text(query + 1) : NULL;
    job->row = json_first(json_get(answer, "value"));
    if (!query) {
        add_texts(demo, pipeline, answer);
    }
}

static void run_helper(struct pipeline *pipeline, struct job *job)
{
    const char *name = pipeline->stages[job->stage].name;
    if (str_is_nocase(str_of(name), "Get-FormatData")) {
        put_format_data(pipeline, json_get_nocase(job->parameters, "TypeName"));
    } else if (str_is_nocase(str_of(name), "Get-Command")) {
        const struct json *names = json_get_nocase(job->parameters, "Name");
        int64_t types = 15;
        json_int64(json_get_nocase(job->parameters, "CommandType"), &types);
        pipeline->listing = names ? json_copy(names) : json_new_string(STR("*"));
        pipeline->types = types;
    }
    pop(pipeline);
}

static void work_on(struct demo *demo, struct pipeline *pipeline, struct job *job)
{
    if (!pipeline->stages[job->stage].cmdlet) {
        run_helper(pipeline, job);
    } else if (job->row) {
        const struct json *row = job->row;
        job->row = json_next(row);
        pass_on(demo, pipeline, job->stage, row);
    } else if (job->page && !job->query) {
        pop(pipeline);
    } else if (wants_question(pipeline, job)) {
        question(demo, pipeline, job);
    } else {
        fetch(demo, pipeline, job);
    }
}

/* ---- the run ---- */

/* Measure-Object only: it knows its number when all is over. */
static void put_counts(struct pipeline *pipeline)
{
    for (size_t i = 1; i < pipeline->stage_count; i++) {
        if (str_is_nocase(str_of(pipeline->stages[i].name), "Measure-Object")) {
            struct clix *clix = clix_new();
            clix_object(clix, NULL);
            clix_types(clix, "Microsoft.PowerShell.Commands.GenericMeasureInfo|Microsoft.PowerShell.Commands.MeasureInfo|System.Object");
            clix_open(clix, "Props");
            clix_int(clix, "Count", pipeline->stages[i].counted);
            clix_nil(clix, "Average");
            clix_nil(clix, "Property");
            clix_close(clix);
            clix_close(clix);
            demo_pipeline_put(pipeline, PIPELINE_OUTPUT, clix);
        }
    }
}

/* Only one pipeline runs in a pool of one: the others wait for it (rps.md section 11). */
static bool is_first(const struct pipeline *pipeline)
{
    for (size_t i = 0; i < pipeline->shell->pipeline_count && pipeline->shell->pipelines[i] != pipeline; i++) {
        if (!pipeline->shell->pipelines[i]->done) {
            return false;
        }
    }
    return true;
}

static void step(struct demo *demo, struct pipeline *pipeline)
{
    struct job *job = top(pipeline);
    if (job) {
        work_on(demo, pipeline, job);
    } else if (!pipeline->listing || !metadata_step(demo, pipeline)) {
        put_counts(pipeline);
        demo_pipeline_end(pipeline, 4);
    }
}

static bool can_run(const struct pipeline *pipeline)
{
    return pipeline->created && !pipeline->done && !pipeline->waiting && (pipeline->no_input || pipeline->input_ended || pipeline->listing) &&
           is_first(pipeline);
}

/* The dial's slowness lies between two steps: the lock is not held while it passes. */
void demo_pipeline_run(struct demo *demo, struct pipeline *pipeline, size_t room)
{
    struct rps *rps = rest_rps(demo->rest);
    while (can_run(pipeline) && pipeline->out.waiting < room && clock_ms() >= pipeline->due_ms) {
        if (!pipeline->begun) {
            pipeline->begun = true;
            put_troubles(rps, pipeline);
        }
        step(demo, pipeline);
        pipeline->due_ms = rps->slow_ms ? clock_ms() + rps->slow_ms : 0;
    }
}

/* ---- answers of the host ---- */

/* Yes, yes to all, no, no to all: the order of ask_choice. */
static void chosen(struct pipeline *pipeline, int64_t choice)
{
    pipeline->yes_to_all |= choice == 1;
    pipeline->no_to_all |= choice == 3;
    top(pipeline)->decided = choice <= 1;
    if (choice > 1) {
        pop(pipeline);
    }
}

/* A refusal, or an answer without a value, fails the pipeline as a lost host would. */
static void unanswered(struct demo *demo, struct pipeline *pipeline)
{
    const struct failure_text failure = {
        "The host did not answer what the command asked.", "System.Management.Automation.PSInvalidOperationException", "", "InvalidOperation",
    };
    put_error(demo, pipeline, &failure, true);
}

bool demo_pipeline_answered(struct demo *demo, struct pipeline *pipeline, const struct json *response, struct err *err)
{
    const struct json *result = json_get(response, "mr");
    enum waiting waiting = pipeline->waiting;
    int64_t call, method, choice = -1;
    bool numbered = json_int64(json_get(response, "ci"), &call) && json_int64(json_get(response, "mi"), &method);
    if (pipeline->done) {
        return true;
    }
    if (!waiting || !numbered || call != pipeline->call || method != (waiting == WAIT_CHOICE ? 26 : 23)) {
        return err_set(err, ERR_PROTOCOL, "a HOST_RESPONSE that nobody waits for");
    }
    pipeline->waiting = WAIT_NOTHING;
    if (waiting == WAIT_CHOICE && json_int64(result, &choice) && choice >= 0 && choice <= 3) {
        chosen(pipeline, choice);
    } else if (waiting == WAIT_FIELD && json_kind(json_get_nocase(result, pipeline->field)) == JSON_STRING) {
        json_add(top(pipeline)->parameters, pipeline->field, json_copy(json_get_nocase(result, pipeline->field)));
    } else {
        unanswered(demo, pipeline);
    }
    return true;
}
