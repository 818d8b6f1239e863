/* Messages that clients send (rps.md section 8). */
#include "session/rps/psrp_messages.h"

#include <string.h>

#define AUTOMATION "System.Management.Automation."
#define RUNSPACES AUTOMATION "Runspaces."

static struct clixml_value *bare(struct arena *arena)
{
    return clixml_new_object(arena, NULL, 0);
}

static void put_bool(struct arena *arena, struct clixml_value *object, const char *name, bool on)
{
    clixml_put(arena, object, name, clixml_new_bool(arena, on));
}

static void put_text(struct arena *arena, struct clixml_value *object, const char *name, enum clixml_kind kind, const char *text)
{
    clixml_put(arena, object, name, clixml_new(arena, kind, str_of(text)));
}

static void put_nil(struct arena *arena, struct clixml_value *object, const char *name)
{
    put_text(arena, object, name, CLIXML_NIL, "");
}

static void put_int(struct arena *arena, struct clixml_value *object, const char *name, int64_t number)
{
    clixml_put(arena, object, name, clixml_new_int(arena, CLIXML_INT32, number));
}

static void put_enum(struct arena *arena, struct clixml_value *object, const char *name, const char *type, const char *word, int64_t number)
{
    clixml_put(arena, object, name, clixml_new_enum(arena, type, word, number));
}

/* Writes, and ends the arena with it. */
static void finish(struct arena *arena, const struct clixml_value *message, struct buf *out)
{
    clixml_write(message, out);
    arena_free(arena);
}

void psrp_session_capability(struct buf *out)
{
    struct arena arena = { 0 };
    struct clixml_value *message = bare(&arena);
    put_text(&arena, message, "protocolversion", CLIXML_VERSION, PSRP_PROTOCOL_VERSION);
    put_text(&arena, message, "PSVersion", CLIXML_VERSION, "2.0");          /* always 2.0 */
    put_text(&arena, message, "SerializationVersion", CLIXML_VERSION, "1.1.0.1");
    finish(&arena, message, out);
}

/* `own`: the pipeline speaks to the host of the pool. */
static struct clixml_value *host_info(struct arena *arena, bool host, bool own)
{
    struct clixml_value *info = bare(arena);
    put_bool(arena, info, "_isHostNull", !host);
    put_bool(arena, info, "_isHostUINull", !host);
    put_bool(arena, info, "_isHostRawUINull", !host);
    put_bool(arena, info, "_useRunspaceHost", own);
    return info;
}

static void put_apartment(struct arena *arena, struct clixml_value *message)
{
    put_enum(arena, message, "ApartmentState", "System.Threading.ApartmentState", "Unknown", 2);
}

static struct clixml_value *dictionary_of(struct arena *arena, struct clixml_value *dictionary, const struct json *table)
{
    dictionary->object->container = CLIXML_DICTIONARY;
    for (const struct json *member = json_first(table); member; member = json_next(member)) {
        clixml_append(dictionary, clixml_new(arena, CLIXML_STRING, str_of(json_name(member))));
        clixml_append(dictionary, psrp_value_of_json(arena, member));
    }
    return dictionary;
}

void psrp_init_runspacepool(bool host, const struct json *application_arguments, struct buf *out)
{
    static const char *const dictionary[] = { AUTOMATION "PSPrimitiveDictionary", "System.Collections.Hashtable", "System.Object" };
    struct arena arena = { 0 };
    struct clixml_value *message = bare(&arena);
    put_int(&arena, message, "MinRunspaces", 1);
    put_int(&arena, message, "MaxRunspaces", 1);
    put_enum(&arena, message, "PSThreadOptions", RUNSPACES "PSThreadOptions", "Default", 0);
    put_apartment(&arena, message);
    clixml_put(&arena, message, "HostInfo", host_info(&arena, host, false));
    clixml_put(&arena, message, "ApplicationArguments",
               dictionary_of(&arena, clixml_new_object(&arena, dictionary, 3), application_arguments));
    finish(&arena, message, out);
}

/* ---- values ---- */

static struct clixml_value *number_of(struct arena *arena, struct str digits)
{
    int64_t number;
    if (!str_to_int64(digits, INT64_MIN, INT64_MAX, &number)) {
        return clixml_new(arena, CLIXML_DOUBLE, digits);
    }
    return clixml_new(arena, number >= INT32_MIN && number <= INT32_MAX ? CLIXML_INT32 : CLIXML_INT64, digits);
}

struct clixml_value *psrp_value_of_json(struct arena *arena, const struct json *value)
{
    struct clixml_value *list;
    switch (json_kind(value)) {
    case JSON_NULL:
        return clixml_new(arena, CLIXML_NIL, (struct str){ 0 });
    case JSON_BOOL:
        return clixml_new_bool(arena, json_bool(value, false));
    case JSON_NUMBER:
        return number_of(arena, json_string(value));
    case JSON_STRING:
        return clixml_new(arena, CLIXML_STRING, json_string(value));
    case JSON_OBJECT:
        return dictionary_of(arena, clixml_new_container(arena, CLIXML_DICTIONARY), value);
    case JSON_ARRAY:
        break;
    }
    list = clixml_new_container(arena, CLIXML_LIST);
    for (const struct json *item = json_first(value); item; item = json_next(item)) {
        clixml_append(list, psrp_value_of_json(arena, item));
    }
    return list;
}

/* ---- pipelines ---- */

static struct clixml_value *list_of_objects(struct arena *arena)
{
    static const char *const types[] = {
        "System.Collections.Generic.List`1[[System.Management.Automation.PSObject, System.Management.Automation, Version=3.0.0.0, "
        "Culture=neutral, PublicKeyToken=31bf3856ad364e35]]", "System.Object",
    };
    struct clixml_value *list = clixml_new_object(arena, types, 2);
    list->object->container = CLIXML_LIST;
    return list;
}

static struct clixml_value *argument_of(struct arena *arena, const struct psrp_argument *from)
{
    struct clixml_value *argument = bare(arena);
    clixml_put(arena, argument, "N", clixml_new(arena, from->name.len ? CLIXML_STRING : CLIXML_NIL, from->name));
    clixml_put(arena, argument, "V", from->value);
    return argument;
}

/* Nothing is merged: each stream comes by itself. Version 2.2 brought a word for most streams, 2.3 the last one. */
static struct clixml_value *command_of(struct arena *arena, const struct psrp_command *from, int minor)
{
    static const struct { const char *name; int since; } merges[] = {
        { "MergeMyResult", 0 }, { "MergeToResult", 0 }, { "MergePreviousResults", 0 }, { "MergeError", 2 }, { "MergeWarning", 2 },
        { "MergeVerbose", 2 }, { "MergeDebug", 2 }, { "MergeInformation", 3 },
    };
    struct clixml_value *command = bare(arena), *arguments = list_of_objects(arena);
    clixml_put(arena, command, "Cmd", clixml_new(arena, CLIXML_STRING, from->name));
    put_bool(arena, command, "IsScript", false);
    put_nil(arena, command, "UseLocalScope");
    for (size_t i = 0; i < sizeof merges / sizeof *merges; i++) {
        if (minor >= merges[i].since) {
            put_enum(arena, command, merges[i].name, RUNSPACES "PipelineResultTypes", "None", 0);
        }
    }
    for (size_t i = 0; i < from->count; i++) {
        clixml_append(arguments, argument_of(arena, &from->arguments[i]));
    }
    clixml_put(arena, command, "Args", arguments);
    return command;
}

void psrp_create_pipeline(struct arena *arena, const struct psrp_command *commands, size_t count, bool host, int minor, struct buf *out)
{
    struct clixml_value *message = bare(arena), *shell = bare(arena), *list = list_of_objects(arena);
    put_bool(arena, message, "NoInput", true);
    put_apartment(arena, message);
    put_enum(arena, message, "RemoteStreamOptions", AUTOMATION "RemoteStreamOptions", "0", 0);
    put_bool(arena, message, "AddToHistory", false);
    clixml_put(arena, message, "HostInfo", host_info(arena, false, host));
    put_bool(arena, shell, "IsNested", false);
    put_nil(arena, shell, "History");
    put_bool(arena, shell, "RedirectShellErrorOutputPipe", true);
    for (size_t i = 0; i < count; i++) {
        clixml_append(list, command_of(arena, &commands[i], minor));
    }
    clixml_put(arena, shell, "Cmds", list);
    clixml_put(arena, message, "PowerShell", shell);
    put_bool(arena, message, "IsNested", false);
    clixml_write(message, out);
}

enum { COMMANDS_TO_IMPORT = 1 | 2 | 4 | 8 };        /* Alias, Function, Filter, Cmdlet */

void psrp_get_command_metadata(struct str names, struct buf *out)
{
    struct arena arena = { 0 };
    struct clixml_value *message = bare(&arena), *list = clixml_new_container(&arena, CLIXML_LIST);
    for (struct str name; names.len;) {
        str_cut(&names, ',', &name);
        if (str_trim(name).len) {
            clixml_append(list, clixml_new(&arena, CLIXML_STRING, str_trim(name)));
        }
    }
    if (!list->object->items.first) {
        clixml_append(list, clixml_new(&arena, CLIXML_STRING, STR("*")));
    }
    clixml_put(&arena, message, "Name", list);
    put_enum(&arena, message, "CommandType", AUTOMATION "CommandTypes", "Alias, Function, Filter, Cmdlet", COMMANDS_TO_IMPORT);
    put_nil(&arena, message, "Namespace");
    put_nil(&arena, message, "ArgumentList");
    finish(&arena, message, out);
}

void psrp_public_key(struct str blob, struct buf *out)
{
    struct arena arena = { 0 };
    struct clixml_value *message = bare(&arena);
    clixml_put(&arena, message, "PublicKey", clixml_new(&arena, CLIXML_STRING, blob));
    finish(&arena, message, out);
}

/* ---- answers to the host's calls ---- */

/* The least that the engine reads an error record from: category NotImplemented is 11. */
static struct clixml_value *refusal_record(struct arena *arena, const char *text)
{
    static const char *const record_types[] = { AUTOMATION "ErrorRecord", "System.Object" };
    static const char *const exception_types[] = { AUTOMATION "Host.HostException", "System.SystemException", "System.Exception", "System.Object" };
    struct clixml_value *record = clixml_new_object(arena, record_types, 2), *exception = clixml_new_object(arena, exception_types, 4);
    exception->object->to_string = arena_str(arena, str_of(text));
    exception->object->has_to_string = true;
    clixml_put_adapted(arena, exception, "Message", clixml_new(arena, CLIXML_STRING, str_of(text)));
    clixml_put_adapted(arena, exception, "InnerException", clixml_new(arena, CLIXML_NIL, (struct str){ 0 }));
    record->object->to_string = exception->object->to_string;
    record->object->has_to_string = true;
    clixml_put(arena, record, "Exception", exception);
    put_nil(arena, record, "TargetObject");
    put_text(arena, record, "FullyQualifiedErrorId", CLIXML_STRING, "NotImplemented");
    put_nil(arena, record, "InvocationInfo");
    put_int(arena, record, "ErrorCategory_Category", 11);
    put_text(arena, record, "ErrorCategory_Activity", CLIXML_STRING, "");
    put_text(arena, record, "ErrorCategory_Reason", CLIXML_STRING, "HostException");
    put_text(arena, record, "ErrorCategory_TargetName", CLIXML_STRING, "");
    put_text(arena, record, "ErrorCategory_TargetType", CLIXML_STRING, "");
    put_text(arena, record, "ErrorCategory_Message", CLIXML_STRING, "NotImplemented: (:) [], HostException");
    put_bool(arena, record, "SerializeExtendedInfo", false);
    return record;
}

void psrp_host_response(int64_t call, const struct clixml_value *method, struct clixml_value *result, const char *refusal,
                        struct arena *arena, struct buf *out)
{
    struct clixml_value *message = bare(arena);
    int64_t number = 0;
    char word[64];
    struct str name = str_take(clixml_text(method), sizeof word - 1);
    memcpy(word, name.data ? name.data : "", name.len);
    word[name.len] = '\0';
    (void)clixml_int(method, &number);
    clixml_put(arena, message, "ci", clixml_new_int(arena, CLIXML_INT64, call));
    put_enum(arena, message, "mi", AUTOMATION "Remoting.RemoteHostMethodId", word, number);
    if (refusal) {
        clixml_put(arena, message, "me", refusal_record(arena, refusal));
    } else if (result) {
        clixml_put(arena, message, "mr", result);
    }
    clixml_write(message, out);
}
