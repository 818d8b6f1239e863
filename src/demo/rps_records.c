/* Records and host calls of a pipeline (rps.md section 9). */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/guid.h"
#include "base/mem.h"
#include "demo/rps_internal.h"
#include "demo/tenant.h"

#define HOST_METHOD "System.Management.Automation.Remoting.RemoteHostMethodId"
#define NO_ANSWER (-100)
enum host_method { WRITE_LINE_2 = 16, PROMPT = 23, PROMPT_FOR_CHOICE = 26 };

static struct clix *begin_members(void)
{
    struct clix *clix = clix_new();
    clix_object(clix, NULL);
    clix_open(clix, "MS");
    return clix;
}

static struct clix *end_members(struct clix *clix)
{
    clix_close(clix);
    clix_close(clix);
    return clix;
}

/* ---- errors ---- */

/* Which category an exception has, whether the engine makes it or Exchange, and whether it ends the pipeline. */
static const struct { const char *ending; int category; bool engine, ends; } kinds[] = {
    { "CommandNotFoundException", 13, true, true },
    { "ParameterBindingException", 5, true, true },
    { "AmbiguousParameterSetException", 5, true, true },
    { "RemoteException", 7, true, true },
    { "PSInvalidOperationException", 7, true, true },
    { "OperationCanceledException", 14, true, true },
    { "ParameterTransformationException", 5, false, true },
    { "ManagementObjectNotFoundException", 13, false, false },
    { "ADObjectAlreadyExistsException", 20, false, false },
};

static size_t kind_of(const char *type)
{
    size_t which = 0;
    while (which < sizeof kinds / sizeof *kinds && !str_ends_nocase(str_of(type), str_of(kinds[which].ending))) {
        which++;
    }
    return which;
}

/* What Exchange writes into categories and ids: the last part. */
static const char *short_name(const char *type)
{
    const char *dot = strrchr(type, '.');
    return dot ? dot + 1 : type;
}

void write_exception(struct clix *clix, const char *name, const struct failure_text *failure, const char *id, int category)
{
    char *types = mem_format("%s|System.Exception|System.Object", failure->type), *whole = mem_format("%s: %s", failure->type, failure->text);
    clix_object(clix, name);
    clix_types(clix, "System.Management.Automation.ErrorRecord|System.Object");
    clix_leaf(clix, "ToString", NULL, str_of(failure->text));
    clix_open(clix, "MS");
    clix_object(clix, "Exception");
    clix_types(clix, types);
    clix_leaf(clix, "ToString", NULL, str_of(whole));
    clix_open(clix, "Props");
    clix_text(clix, "Message", failure->text);
    clix_nil(clix, "InnerException");
    clix_text(clix, "Source", "Microsoft.Exchange.Configuration.Tasks");
    clix_int(clix, "HResult", -2146233087);
    clix_close(clix);
    clix_close(clix);
    clix_text(clix, "TargetObject", failure->target);
    clix_text(clix, "FullyQualifiedErrorId", id);
    clix_nil(clix, "InvocationInfo");
    clix_int(clix, "ErrorCategory_Category", category);
    clix_text(clix, "ErrorCategory_Activity", "");
    clix_text(clix, "ErrorCategory_Reason", short_name(failure->type));
    clix_text(clix, "ErrorCategory_TargetName", failure->target);
    clix_text(clix, "ErrorCategory_TargetType", *failure->target ? "String" : "");
    clix_text(clix, "ErrorCategory_Message", "");
    clix_bool(clix, "SerializeExtendedInfo", false);
    clix_close(clix);
    clix_close(clix);
    free(types);
    free(whole);
}

/* Exchange's ids carry server, request, time and category in front of a hash of the place and the cmdlet's type. */
static char *error_id(const struct demo *demo, const char *cmdlet, const struct failure_text *failure, size_t kind)
{
    char stamp[32];
    time_t now = (time_t)clock_unix();
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(stamp, sizeof stamp, "%m/%d/%Y %I:%M:%S %p", &utc);
    if (kind < sizeof kinds / sizeof *kinds && kinds[kind].engine) {
        return mem_format("%s", failure->id ? failure->id : short_name(failure->type));
    }
    struct str noun = str_of(cmdlet), verb;
    str_cut(&noun, '-', &verb);
    return mem_format("[Server=%sPS0104,RequestId=%s,TimeStamp=%s] [FailureCategory=Cmdlet-%s] %08llX,Microsoft.Exchange.Management.Demo.%.*s%.*s", demo->config.region,
                      guid_new().text, stamp, short_name(failure->type),
                      (unsigned long long)(seeded_number(demo->config.seed, failure->type) & 0xFFFFFFFFU), STR_ARG(verb), STR_ARG(noun));
}

/* Whose error it is; the first command's while none runs. */
static const char *running_cmdlet(const struct pipeline *pipeline)
{
    size_t stage = pipeline->job_count ? pipeline->jobs[pipeline->job_count - 1].stage : 0;
    return stage < pipeline->stage_count ? pipeline->stages[stage].name : "";
}

/* By name or by the number of the enum ActionPreference. */
static bool wants_stop(const struct pipeline *pipeline)
{
    size_t stage = pipeline->job_count ? pipeline->jobs[pipeline->job_count - 1].stage : 0;
    const struct json *action = stage < pipeline->stage_count ? json_get_nocase(pipeline->stages[stage].parameters, "ErrorAction") : NULL;
    return str_is_nocase(json_string(action), "Stop") || str_is(json_string(action), "1");
}

/* SilentlyContinue still sends the record, and the client keeps quiet; Ignore makes none. */
static bool is_silent(const struct pipeline *pipeline)
{
    size_t stage = pipeline->job_count ? pipeline->jobs[pipeline->job_count - 1].stage : 0;
    const struct json *action = stage < pipeline->stage_count ? json_get_nocase(pipeline->stages[stage].parameters, "ErrorAction") : NULL;
    return str_is_nocase(json_string(action), "Ignore");
}

/* A record of its own while the pipeline goes on; in the end state when it cannot (rps.md section 9). */
void put_error(struct demo *demo, struct pipeline *pipeline, const struct failure_text *failure, bool ends)
{
    size_t kind = kind_of(failure->type);
    int category = kind < sizeof kinds / sizeof *kinds ? kinds[kind].category : 7;
    char *id = error_id(demo, running_cmdlet(pipeline), failure, kind);
    ends |= (kind < sizeof kinds / sizeof *kinds && kinds[kind].ends) || wants_stop(pipeline);
    if (ends) {
        struct clix *clix = begin_members();
        clix_int(clix, "PipelineState", 5);
        write_exception(clix, "ExceptionAsErrorRecord", failure, id, category);
        demo_pipeline_put(pipeline, PIPELINE_STATE, end_members(clix));
        pipeline->failed = pipeline->done = true;
    } else if (!is_silent(pipeline)) {
        struct clix *clix = clix_new();
        write_exception(clix, NULL, failure, id, category);
        demo_pipeline_put(pipeline, ERROR_RECORD, clix);
    }
    free(id);
}

/* ---- other records ---- */

void put_information(struct pipeline *pipeline, enum message_type type, const char *text)
{
    struct clix *clix = clix_new();
    clix_object(clix, NULL);
    clix_leaf(clix, "ToString", NULL, str_of(text));
    clix_open(clix, "MS");
    clix_text(clix, "InformationalRecord_Message", text);
    clix_bool(clix, "InformationalRecord_SerializeInvocationInfo", false);
    demo_pipeline_put(pipeline, type, end_members(clix));
}

/* SecondsRemaining is a guess, as it is in Exchange. */
void put_progress(struct pipeline *pipeline, const char *activity, int percent, bool completed)
{
    struct clix *clix = begin_members();
    clix_text(clix, "Activity", activity);
    clix_int(clix, "ActivityId", 1);
    clix_text(clix, "StatusDescription", completed ? "Done" : "Working");
    clix_nil(clix, "CurrentOperation");
    clix_int(clix, "ParentActivityId", -1);
    clix_int(clix, "PercentComplete", percent);
    clix_enum(clix, "Type", "System.Management.Automation.ProgressRecordType", completed ? "Completed" : "Processing", completed);
    clix_int(clix, "SecondsRemaining", completed ? 0 : 1);
    demo_pipeline_put(pipeline, PROGRESS_RECORD, end_members(clix));
}

void put_information_record(struct pipeline *pipeline, const char *source, const char *text)
{
    char now[21];
    struct clix *clix = begin_members();
    clock_iso(clock_unix(), now);
    clix_text(clix, "MessageData", text);
    clix_text(clix, "Source", source);
    clix_leaf(clix, "DT", "TimeGenerated", str_of(now));
    clix_list(clix, "Tags");
    clix_close(clix);
    clix_close(clix);
    clix_text(clix, "User", "NT AUTHORITY\\SYSTEM");
    clix_text(clix, "Computer", "eur01ps0104");
    clix_leaf(clix, "U32", "ProcessId", STR("4711"));
    clix_leaf(clix, "U32", "NativeThreadId", STR("12"));
    clix_leaf(clix, "U32", "ManagedThreadId", STR("9"));
    demo_pipeline_put(pipeline, INFORMATION_RECORD, end_members(clix));
}

/* ---- host calls ---- */

/* The number of a call is 64 bits wide, although it counts from 1. */
static struct clix *begin_call(int64_t call, enum host_method method, const char *name)
{
    char number[24];
    struct clix *clix = begin_members();
    snprintf(number, sizeof number, "%lld", (long long)call);
    clix_leaf(clix, "I64", "ci", str_of(number));
    clix_enum(clix, "mi", HOST_METHOD, name, (int)method);
    clix_list(clix, "mp");
    return clix;
}

static void end_call(struct pipeline *pipeline, struct clix *clix)
{
    clix_close(clix);
    clix_close(clix);
    demo_pipeline_put(pipeline, PIPELINE_HOST_CALL, end_members(clix));
}

/* The hot key stands behind the ampersand. */
static void put_choice(struct clix *clix, const char *label, const char *help)
{
    clix_object(clix, NULL);
    clix_open(clix, "MS");
    clix_text(clix, "label", label);
    clix_text(clix, "helpMessage", help);
    clix_close(clix);
    clix_close(clix);
}

/* The five answers that PowerShell offers; the order is that of its ShouldProcess. */
void ask_choice(struct pipeline *pipeline, const char *question)
{
    struct clix *clix = begin_call(pipeline->next_call, PROMPT_FOR_CHOICE, "PromptForChoice");
    clix_text(clix, NULL, "Confirm");
    clix_text(clix, NULL, question);
    clix_list(clix, NULL);
    put_choice(clix, "&Yes", "Continue with only the next step of the operation.");
    put_choice(clix, "Yes to &All", "Continue with all the steps of the operation.");
    put_choice(clix, "&No", "Skip this operation and proceed with the next operation.");
    put_choice(clix, "No to A&ll", "Skip this operation and all subsequent operations.");
    clix_close(clix);
    clix_close(clix);
    clix_int(clix, NULL, 0);
    end_call(pipeline, clix);
    pipeline->call = pipeline->next_call++;
    pipeline->waiting = WAIT_CHOICE;
}

/* One field a call: each that is missing has its own. */
void ask_field(struct pipeline *pipeline, const char *cmdlet, const char *field)
{
    char *caption = mem_format("cmdlet %s at command pipeline position 1", cmdlet);
    struct clix *clix = begin_call(pipeline->next_call, PROMPT, "Prompt");
    clix_text(clix, NULL, caption);
    clix_text(clix, NULL, "Supply values for the following parameters:");
    clix_list(clix, NULL);
    clix_object(clix, NULL);
    clix_open(clix, "MS");
    clix_text(clix, "name", field);
    clix_text(clix, "label", field);
    clix_text(clix, "parameterTypeName", "String");
    clix_text(clix, "parameterTypeFullName", "System.String");
    clix_text(clix, "parameterAssemblyFullName", "mscorlib");
    clix_text(clix, "helpMessage", "");
    clix_bool(clix, "isMandatory", true);
    clix_close(clix);
    clix_close(clix);
    clix_close(clix);
    clix_close(clix);
    end_call(pipeline, clix);
    str_copy(pipeline->field, sizeof pipeline->field, field);
    pipeline->call = pipeline->next_call++;
    pipeline->waiting = WAIT_FIELD;
    free(caption);
}

/* A void method: nothing is waited for. */
void tell_line(struct pipeline *pipeline, const char *text)
{
    struct clix *clix = begin_call(NO_ANSWER, WRITE_LINE_2, "WriteLine2");
    clix_text(clix, NULL, text);
    end_call(pipeline, clix);
}
