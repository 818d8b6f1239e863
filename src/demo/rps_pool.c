/* The pool of a shell: opening, keys, the end (rps.md sections 6, 8 and 9). */
#include <stdlib.h>

#include "base/mem.h"
#include "demo/rps_internal.h"

#define DICTIONARY "System.Management.Automation.PSPrimitiveDictionary|System.Collections.Hashtable|System.Object"

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

/* A broken pool says why in a record, as a pipeline does. */
static void put_state(struct shell *shell, enum pool_state state, const char *reason)
{
    struct clix *clix = begin_members();
    clix_int(clix, "RunspaceState", state);
    if (reason) {
        const struct failure_text failure = { reason, "System.Management.Automation.Runspaces.RunspaceOpenModuleLoadException", "", NULL };
        write_exception(clix, "ExceptionAsErrorRecord", &failure, "RunspaceStateException", 7);
    }
    shell->state = state;
    shell_put(shell, RUNSPACEPOOL_STATE, end_members(clix));
}

void pool_broken(struct shell *shell, const char *reason)
{
    put_state(shell, POOL_BROKEN, reason);
}

/* ---- opening ---- */

/* Values of this table are .NET versions, not texts. */
static void version_entry(struct clix *clix, const char *key, const char *version)
{
    clix_key(clix, key);
    clix_leaf(clix, "Version", "Value", str_of(version));
    clix_close(clix);
}

static void put_capability(struct shell *shell)
{
    struct clix *clix = begin_members();
    clix_leaf(clix, "Version", "protocolversion", STR("2.3"));
    clix_leaf(clix, "Version", "PSVersion", STR("2.0"));
    clix_leaf(clix, "Version", "SerializationVersion", STR("1.1.0.1"));
    shell_put(shell, SESSION_CAPABILITY, end_members(clix));
}

/* The version decides whether the client tells Get-FormatData its own (rps.md section 8). */
static void put_private_data(struct shell *shell)
{
    struct clix *clix = begin_members();
    clix_object(clix, "ApplicationPrivateData");
    clix_types(clix, DICTIONARY);
    clix_open(clix, "DCT");
    clix_key(clix, "PSVersionTable");
    clix_object(clix, "Value");
    clix_types(clix, DICTIONARY);
    clix_open(clix, "DCT");
    version_entry(clix, "PSVersion", "5.1.17763.1");
    version_entry(clix, "PSRemotingProtocolVersion", "2.3");
    version_entry(clix, "SerializationVersion", "1.1.0.1");
    version_entry(clix, "WSManStackVersion", "3.0");
    clix_key(clix, "PSEdition");
    clix_text(clix, "Value", "Desktop");
    clix_close(clix);
    for (int i = 0; i < 3; i++) {
        clix_close(clix);
    }
    clix_key(clix, "ImplicitRemoting");
    clix_object(clix, "Value");
    clix_types(clix, DICTIONARY);
    clix_open(clix, "DCT");
    clix_key(clix, "Hash");
    clix_text(clix, "Value", shell->commands_hash);
    clix_close(clix);
    for (int i = 0; i < 5; i++) {
        clix_close(clix);
    }
    shell_put(shell, APPLICATION_PRIVATE_DATA, end_members(clix));
}

/* The engine's version is 2.0 for ever (rps.md section 8). */
static bool take_capability(struct shell *shell, const struct json *value, struct err *err)
{
    const char *version = json_cstr(json_get(value, "protocolversion"), ""), *engine = json_cstr(json_get(value, "PSVersion"), "");
    if (shell->has_capability || shell->state != POOL_NEW) {
        return err_set(err, ERR_PROTOCOL, "SESSION_CAPABILITY came twice");
    }
    if (!str_starts(str_of(version), STR("2.")) || !str_is(str_of(engine), "2.0") || !json_get(value, "SerializationVersion")) {
        return err_set(err, ERR_PROTOCOL, "SESSION_CAPABILITY has no version that fits");
    }
    shell->has_capability = true;
    return true;
}

/* ReadLine is method 11, and wants an answer. */
static void put_questions(struct shell *shell)
{
    struct clix *clix = begin_members();
    clix_leaf(clix, "I64", "ci", STR("1"));
    clix_enum(clix, "mi", "System.Management.Automation.Remoting.RemoteHostMethodId", "ReadLine", 11);
    clix_list(clix, "mp");
    clix_close(clix);
    clix_close(clix);
    shell_put(shell, RUNSPACEPOOL_HOST_CALL, end_members(clix));
    shell_put(shell, PUBLIC_KEY_REQUEST, end_members(begin_members()));
}

static void open_when_answered(struct shell *shell)
{
    if (shell->asks && shell->state == POOL_NEW && shell->host_answered && shell->has_key) {
        put_state(shell, POOL_OPENED, NULL);
    }
}

/* Prompts are for hosts only that have all three parts. */
static bool host_in(const struct json *host)
{
    return !json_bool(json_get(host, "_isHostNull"), true) && !json_bool(json_get(host, "_isHostUINull"), true);
}

static bool take_init(struct shell *shell, const struct message *message, const struct json *value, struct err *err)
{
    int64_t least, most;
    if (!shell->has_capability || shell->state != POOL_NEW) {
        return err_set(err, ERR_PROTOCOL, "INIT_RUNSPACEPOOL came without SESSION_CAPABILITY, or twice");
    }
    if (!json_int64(json_get(value, "MinRunspaces"), &least) || !json_int64(json_get(value, "MaxRunspaces"), &most) || least != 1 || most != 1) {
        return err_set(err, ERR_PROTOCOL, "INIT_RUNSPACEPOOL: this endpoint has pools of exactly one runspace");
    }
    if (!json_get(value, "PSThreadOptions") || !json_get(value, "ApartmentState") || !json_get(value, "HostInfo") ||
        !json_get(value, "ApplicationArguments")) {
        return err_set(err, ERR_PROTOCOL, "INIT_RUNSPACEPOOL lacks a member");
    }
    str_copy(shell->pool, sizeof shell->pool, message->pool);
    shell->has_host = host_in(json_get(value, "HostInfo"));
    put_capability(shell);
    /* The private data may also come when the pool is open already (rps.md section 6): so it does for every second shell. */
    if (shell->asks) {
        put_private_data(shell);
        put_questions(shell);
    } else if (shell->late_data) {
        put_state(shell, POOL_OPENED, NULL);
        put_private_data(shell);
    } else {
        put_private_data(shell);
        put_state(shell, POOL_OPENED, NULL);
    }
    return true;
}

/* ---- keys ---- */

static bool take_answer(struct shell *shell, const struct json *value, struct err *err)
{
    int64_t call = 0;
    if (!shell->asks || !json_int64(json_get(value, "ci"), &call) || call != 1) {
        return err_set(err, ERR_PROTOCOL, "RUNSPACEPOOL_HOST_RESPONSE answers no call");
    }
    shell->host_answered = true;
    open_when_answered(shell);
    return true;
}

/* May come at any time after the opening, and again. */
static bool take_key(struct shell *shell, const struct json *value, struct err *err)
{
    struct buf encrypted = BUF_INIT(BUF_SMALL);
    bool good = key_exchange(shell, json_string(json_get(value, "PublicKey")), &encrypted);
    if (good) {
        struct clix *clix = begin_members();
        clix_text(clix, "EncryptedSessionKey", buf_cstr(&encrypted));
        shell_put(shell, ENCRYPTED_SESSION_KEY, end_members(clix));
    }
    buf_free(&encrypted);
    open_when_answered(shell);
    return good || err_set(err, ERR_PROTOCOL, "PUBLIC_KEY holds no RSA key of 2048 bits");
}

/* ---- messages ---- */

static bool dispatch(struct shell *shell, const struct message *message, const struct json *value, struct err *err)
{
    switch ((int)message->type) {
    case SESSION_CAPABILITY: return take_capability(shell, value, err);
    case INIT_RUNSPACEPOOL: return take_init(shell, message, value, err);
    case PUBLIC_KEY: return take_key(shell, value, err);
    case RUNSPACEPOOL_HOST_RESPONSE: return take_answer(shell, value, err);
    default: return err_set(err, ERR_PROTOCOL, "message 0x%08X is none for a pool", (unsigned)message->type);
    }
}

/* Until INIT_RUNSPACEPOOL has come any pool is right; from then on only that one. */
static bool take(void *context, const struct message *message, struct err *err)
{
    struct shell *shell = context;
    struct json *value = clix_read(message->data, err);
    bool zeros = str_is(str_of(message->pipeline), "00000000-0000-0000-0000-000000000000");
    bool same = !*shell->pool || str_is(str_of(message->pool), shell->pool);
    bool good = value && ((zeros && same) || err_set(err, ERR_PROTOCOL, "a pool's message names another pool, or a pipeline"));
    good = good && dispatch(shell, message, value, err);
    json_free(value);
    return good;
}

bool pool_feed(struct shell *shell, struct str bytes, struct err *err)
{
    return assembly_feed(&shell->in, bytes, take, shell, err);
}
