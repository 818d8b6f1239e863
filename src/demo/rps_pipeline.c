/* Pipelines: what the client asks for, read and checked (rps.md section 8), and how they end. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "demo/public_key.h"
#include "demo/rps_internal.h"

struct feeding { struct demo *demo; struct pipeline *pipeline; bool answers; };

/* ---- the end ---- */

void demo_pipeline_end(struct pipeline *pipeline, int state)
{
    struct clix *clix = clix_new();
    clix_object(clix, NULL);
    clix_open(clix, "MS");
    clix_int(clix, "PipelineState", state);
    clix_close(clix);
    clix_close(clix);
    demo_pipeline_put(pipeline, PIPELINE_STATE, clix);
    pipeline->done = true;
    pipeline->waiting = WAIT_NOTHING;
}

/* What was queued is still delivered, nothing more is made (rps.md section 3). */
void demo_pipeline_stop(struct pipeline *pipeline)
{
    if (pipeline->done) {
        return;
    }
    while (pipeline->job_count) {
        demo_job_free(&pipeline->jobs[--pipeline->job_count]);
    }
    demo_pipeline_end(pipeline, 3);
}

/* ---- CREATE_PIPELINE ---- */

static bool fails(struct demo *demo, struct pipeline *pipeline, const struct failure_text *kind, const char *format, ...) PRINTF_LIKE(4, 5);

/* The message is right and the command is not: a pipeline that has failed, and no fault. */
static bool fails(struct demo *demo, struct pipeline *pipeline, const struct failure_text *kind, const char *format, ...)
{
    va_list args;
    char text[1024];
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    const struct failure_text failure = { text, kind->type, kind->target, kind->id };
    put_error(demo, pipeline, &failure, true);
    return false;
}

/* A SecureString is opened with the session's key, and sealed as the same cmdlet wants it over REST. */
static struct json *open_secure(const struct pipeline *pipeline, struct str base64)
{
    struct buf clear = BUF_INIT(BUF_SMALL), sealed = BUF_INIT(BUF_SMALL);
    bool good = key_open(pipeline->shell, base64, &clear) && demo_seal(buf_str(&clear), &sealed);
    struct json *value = good ? json_new_string(buf_str(&sealed)) : NULL;
    buf_free(&clear);
    buf_free(&sealed);
    return value;
}

/* Names come plain or as proxies write them: -Identity: (rps.md section 8). */
static struct str bare_name(struct str name)
{
    name = name.len && *name.data == '-' ? str_from(name, 1) : name;
    return name.len && name.data[name.len - 1] == ':' ? str_take(name, name.len - 1) : name;
}

/* The parameter that stands at that place in any set of the cmdlet. */
static struct str positional(const struct cmdlet *cmdlet, int place)
{
    for (size_t i = 0; cmdlet && i < cmdlet->count; i++) {
        struct str sets = cmdlet->params[i].sets;
        struct cmdlet_set set;
        while (cmdlet_next_set(&sets, &set)) {
            if (set.position == place) {
                return cmdlet->params[i].name;
            }
        }
    }
    return (struct str){ 0 };
}

static bool read_argument(struct demo *demo, struct pipeline *pipeline, struct stage *stage, const struct json *argument, int *place)
{
    const struct json *name = json_get(argument, "N"), *value = json_get(argument, "V");
    struct str bare = json_kind(name) == JSON_STRING ? bare_name(json_string(name)) : positional(stage->cmdlet, (*place)++);
    const struct json *secure = json_get(value, CLIX_SECURE);
    char *key = str_dup(bare);
    struct json *copy = secure ? open_secure(pipeline, json_string(secure)) : json_copy(value);
    bool good = bare.len && copy && !json_get_nocase(stage->parameters, key);
    if (good) {
        json_add(stage->parameters, key, copy);
    } else {
        json_free(copy);
        const struct failure_text kind = { "", "System.Management.Automation.ParameterBindingException", key, "CannotConvertArgumentNoMessage" };
        fails(demo, pipeline, &kind, bare.len ? "Cannot bind parameter '%s' to the target." : "A positional parameter cannot be found that accepts the argument%s.", key);
    }
    free(key);
    return good;
}

/* What is merged where is not played: only that the client says it. */
static bool merges_nothing(const struct json *command)
{
    static const char *const names[] = { "MergeMyResult", "MergeToResult", "MergePreviousResults" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (json_kind(json_get(command, names[i])) != JSON_NUMBER) {
            return false;
        }
    }
    return true;
}

/* False: the pipeline has failed. */
static bool read_stage(struct demo *demo, struct pipeline *pipeline, struct stage *stage, const struct json *command)
{
    int place = 0;
    stage->name = mem_text(json_cstr(json_get(command, "Cmd"), ""));
    stage->parameters = json_new_object();
    stage->cmdlet = cmdlet_find(rest_cmdlets(demo->rest), str_of(stage->name));
    if (json_bool(json_get(command, "IsScript"), false)) {
        const struct failure_text kind = { "", "System.Management.Automation.RemoteException", "", "ScriptsNotAllowed" };
        return fails(demo, pipeline, &kind,
                     "The syntax is not supported by this runspace. This can occur if the runspace is in no-language mode.");
    }
    if (!stage->cmdlet && !is_helper(str_of(stage->name))) {
        const struct failure_text kind = { "", "System.Management.Automation.CommandNotFoundException", stage->name, "CommandNotFoundException" };
        return fails(demo, pipeline, &kind,
                     "The term '%.100s' is not recognized as the name of a cmdlet, function, script file, or operable program.", stage->name);
    }
    for (const struct json *argument = json_first(json_get(command, "Args")); argument; argument = json_next(argument)) {
        if (!read_argument(demo, pipeline, stage, argument, &place)) {
            return false;
        }
    }
    return true;
}

/* The runspace's host is the one of INIT_RUNSPACEPOOL. */
static bool read_host(struct pipeline *pipeline, const struct json *host)
{
    bool own = !json_bool(json_get(host, "_isHostNull"), true) && !json_bool(json_get(host, "_isHostUINull"), true);
    pipeline->has_host = json_bool(json_get(host, "_useRunspaceHost"), false) ? pipeline->shell->has_host : own;
    return json_kind(json_get(host, "_useRunspaceHost")) == JSON_BOOL;
}

static bool take_pipeline(struct demo *demo, struct pipeline *pipeline, const struct json *value, struct err *err)
{
    const struct json *shell = json_get(value, "PowerShell"), *commands = json_get(shell, "Cmds");
    size_t count = json_count(commands);
    if (json_kind(json_get(value, "NoInput")) != JSON_BOOL || json_kind(json_get(value, "ApartmentState")) != JSON_NUMBER ||
        json_kind(json_get(value, "RemoteStreamOptions")) != JSON_NUMBER || json_kind(json_get(value, "AddToHistory")) != JSON_BOOL ||
        json_kind(json_get(shell, "IsNested")) != JSON_BOOL || json_kind(commands) != JSON_ARRAY || count == 0 || count > STAGES_MAX ||
        !read_host(pipeline, json_get(value, "HostInfo"))) {
        return err_set(err, ERR_PROTOCOL, "CREATE_PIPELINE lacks a member, or has no commands");
    }
    pipeline->no_input = json_bool(json_get(value, "NoInput"), true);
    pipeline->stages = mem_array(count, sizeof *pipeline->stages);
    for (const struct json *command = json_first(commands); command; command = json_next(command)) {
        if (json_kind(json_get(command, "Cmd")) != JSON_STRING || json_kind(json_get(command, "IsScript")) != JSON_BOOL ||
            json_kind(json_get(command, "Args")) != JSON_ARRAY || !merges_nothing(command)) {
            return err_set(err, ERR_PROTOCOL, "a command of CREATE_PIPELINE lacks a member");
        }
        if (!read_stage(demo, pipeline, &pipeline->stages[pipeline->stage_count++], command)) {
            return true;
        }
    }
    demo_job_push(pipeline, 0, json_copy(pipeline->stages[0].parameters));
    return true;
}

/* ---- GET_COMMAND_METADATA ---- */

/* Kinds come as the number of an enum with flags. */
static bool take_metadata(struct pipeline *pipeline, const struct json *value, struct err *err)
{
    const struct json *names = json_get(value, "Name");
    if (json_kind(names) != JSON_ARRAY || !json_int64(json_get(value, "CommandType"), &pipeline->types)) {
        return err_set(err, ERR_PROTOCOL, "GET_COMMAND_METADATA lacks names or kinds");
    }
    pipeline->listing = json_copy(names);
    return true;
}

/* ---- messages ---- */

static bool first_message(struct demo *demo, struct pipeline *pipeline, const struct message *message, const struct json *value, struct err *err)
{
    str_copy(pipeline->pid, sizeof pipeline->pid, message->pipeline);
    pipeline->created = true;
    switch ((int)message->type) {
    case CREATE_PIPELINE: return take_pipeline(demo, pipeline, value, err);
    case GET_COMMAND_METADATA: return take_metadata(pipeline, value, err);
    default: return err_set(err, ERR_PROTOCOL, "message 0x%08X does not begin a pipeline", (unsigned)message->type);
    }
}

/* Input is taken and forgotten: commands of the demo read only what other commands give. */
static bool later_message(struct pipeline *pipeline, const struct message *message, struct err *err)
{
    bool input = message->type == PIPELINE_INPUT || message->type == END_OF_PIPELINE_INPUT;
    if (!input || pipeline->no_input || pipeline->input_ended) {
        return err_set(err, ERR_PROTOCOL, "message 0x%08X is not expected here", (unsigned)message->type);
    }
    pipeline->input_ended = message->type == END_OF_PIPELINE_INPUT;
    return true;
}

/* Stream pr is for the answers of the host alone (rps.md section 3). */
static bool take(void *context, const struct message *message, struct err *err)
{
    struct feeding *feeding = context;
    struct pipeline *pipeline = feeding->pipeline;
    bool empty = message->type == END_OF_PIPELINE_INPUT && !message->data.len;
    struct json *value = empty ? json_new_null() : clix_read(message->data, err);
    bool good = value != NULL;
    if (good && !str_is(str_of(message->pool), pipeline->shell->pool)) {
        good = err_set(err, ERR_PROTOCOL, "a message names another pool");
    } else if (good && feeding->answers != (message->type == PIPELINE_HOST_RESPONSE)) {
        good = err_set(err, ERR_PROTOCOL, "message 0x%08X came on the wrong stream", (unsigned)message->type);
    } else if (good && feeding->answers) {
        good = demo_pipeline_answered(feeding->demo, pipeline, value, err);
    } else if (good) {
        good = pipeline->created ? later_message(pipeline, message, err) : first_message(feeding->demo, pipeline, message, value, err);
    }
    json_free(value);
    return good;
}

bool demo_pipeline_feed(struct demo *demo, struct pipeline *pipeline, bool answers, struct str bytes, struct err *err)
{
    struct feeding feeding = { demo, pipeline, answers };
    return assembly_feed(answers ? &pipeline->answers : &pipeline->in, bytes, take, &feeding, err);
}
