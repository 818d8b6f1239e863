/* The cache in the keyring of the desktop (Secret Service), encrypted with the password of the log-in. Sole owner of
   libsecret, and only in a build with LIBSECRET=1: it brings GLib and a session bus along, which a server has no use for.
   Nothing here ever asks a person: a keyring that is locked counts as one that is not there. */
#include "auth/token_cache_internal.h"

#ifdef PURVEY_LIBSECRET

#include <libsecret/secret.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"

/* A keyring that hangs must not keep a sign-in waiting for the 25 seconds of the bus. */
#define PATIENCE_MS 5000

struct cache_desktop_own { SecretService *service; char *directory; };

/* The state directory tells two caches apart, as in the kernel's keyring. */
static const SecretSchema schema = {
    "org.purvey.Tokens", SECRET_SCHEMA_NONE, { { "directory", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } }, 0, 0, 0, 0, 0, 0, 0, 0,
};

/* ---- a deadline for calls that have none ---- */

struct deadline {
    GCancellable *cancel;
    GThread *thread;
    GMutex mutex;
    GCond ended;
    gboolean done;
};

static gpointer watch(gpointer argument)
{
    struct deadline *deadline = argument;
    gint64 end = g_get_monotonic_time() + PATIENCE_MS * G_TIME_SPAN_MILLISECOND;
    g_mutex_lock(&deadline->mutex);
    while (!deadline->done && g_cond_wait_until(&deadline->ended, &deadline->mutex, end)) {
    }
    bool late = !deadline->done;
    g_mutex_unlock(&deadline->mutex);
    if (late) {
        g_cancellable_cancel(deadline->cancel);
    }
    return NULL;
}

static void begin(struct deadline *deadline)
{
    *deadline = (struct deadline){ .cancel = g_cancellable_new() };
    g_mutex_init(&deadline->mutex);
    g_cond_init(&deadline->ended);
    deadline->thread = g_thread_new("keyring", watch, deadline);
}

/* Takes error. False with err when there was one. */
static bool end(struct deadline *deadline, GError *error, const char *what, struct err *err)
{
    g_mutex_lock(&deadline->mutex);
    deadline->done = TRUE;
    g_cond_signal(&deadline->ended);
    g_mutex_unlock(&deadline->mutex);
    g_thread_join(deadline->thread);
    bool late = g_cancellable_is_cancelled(deadline->cancel);
    g_mutex_clear(&deadline->mutex);
    g_cond_clear(&deadline->ended);
    g_object_unref(deadline->cancel);
    if (error) {
        err_set(err, ERR_SYSTEM, "%s: %s", what, late ? "the desktop's keyring does not answer" : error->message);
        g_error_free(error);
        return false;
    }
    return true;
}

/* ---- load and save ---- */

static GHashTable *attributes_of(const struct cache_desktop_own *own)
{
    return secret_attributes_build(&schema, "directory", own->directory, NULL);
}

/* The text of the first item. A locked one has no secret: to take that for "nothing there" would end in an empty cache over
   a full one. */
static bool take_text(GList *items, struct secret **text, struct err *err)
{
    SecretValue *value = items ? secret_item_get_secret(items->data) : NULL;
    gsize length = 0;
    if (items && !value) {
        err_set(err, ERR_SYSTEM, "The desktop's keyring is locked.");
        err_advise(err, "Unlock it at the desktop, or keep sign-ins elsewhere: --token-cache auto.");
        return false;
    }
    const gchar *bytes = value ? secret_value_get(value, &length) : "";
    *text = secret_new((struct str){ bytes, length });
    if (value) {
        secret_value_unref(value);      /* wiped with its last user */
    }
    return true;
}

static bool desktop_load(void *context, struct secret **text, struct err *err)
{
    struct cache_desktop_own *own = context;
    struct deadline deadline;
    GError *error = NULL;
    GHashTable *attributes = attributes_of(own);
    *text = NULL;
    begin(&deadline);
    GList *items = secret_service_search_sync(own->service, &schema, attributes, SECRET_SEARCH_LOAD_SECRETS, deadline.cancel, &error);
    bool good = end(&deadline, error, "cannot read the tokens in the desktop's keyring", err) && take_text(items, text, err);
    g_list_free_full(items, g_object_unref);
    g_hash_table_unref(attributes);
    return good;
}

static bool desktop_save(void *context, struct str text, bool *full, struct err *err)
{
    struct cache_desktop_own *own = context;
    struct deadline deadline;
    GError *error = NULL;
    GHashTable *attributes = attributes_of(own);
    *full = false;
    begin(&deadline);
    if (text.len) {
        SecretValue *value = secret_value_new(text.data, (gssize)text.len, "application/json");
        secret_service_store_sync(own->service, &schema, attributes, SECRET_COLLECTION_DEFAULT, "purvey: sign-ins", value, deadline.cancel, &error);
        secret_value_unref(value);
    } else {
        secret_service_clear_sync(own->service, &schema, attributes, deadline.cancel, &error);
    }
    g_hash_table_unref(attributes);
    return end(&deadline, error, "cannot keep the tokens in the desktop's keyring", err);
}

static void desktop_close(void *context)
{
    struct cache_desktop_own *own = context;
    g_object_unref(own->service);
    free(own->directory);
    free(own);
}

const struct cache_place cache_desktop = {
    .name = "desktop", .load = desktop_load, .save = desktop_save, .close = desktop_close,
};

/* ---- opening ---- */

/* Without this GLib would start a bus of its own, which nobody else sees and which stays. */
static bool has_bus(struct err *err)
{
    const char *address = getenv("DBUS_SESSION_BUS_ADDRESS"), *runtime = getenv("XDG_RUNTIME_DIR");
    char *path = mem_format("%s/bus", runtime ? runtime : "");
    bool there = (address && *address) || (runtime && access(path, R_OK | W_OK) == 0);
    free(path);
    return there || err_set(err, ERR_SYSTEM, "there is no desktop session, and so no keyring of a desktop");
}

static bool is_unlocked(SecretService *service, struct err *err)
{
    struct deadline deadline;
    GError *error = NULL;
    begin(&deadline);
    SecretCollection *collection = secret_collection_for_alias_sync(service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE, deadline.cancel, &error);
    if (!end(&deadline, error, "cannot look into the desktop's keyring", err)) {
        return false;
    }
    if (!collection) {
        return err_set(err, ERR_SYSTEM, "the desktop has no keyring yet");
    }
    bool locked = secret_collection_get_locked(collection);
    g_object_unref(collection);
    return !locked || err_set(err, ERR_SYSTEM, "the desktop's keyring is locked");
}

void *cache_desktop_open(const char *directory, struct err *err)
{
    struct deadline deadline;
    GError *error = NULL;
    if (!has_bus(err)) {
        return NULL;
    }
    begin(&deadline);
    SecretService *service = secret_service_get_sync(SECRET_SERVICE_OPEN_SESSION, deadline.cancel, &error);
    if (!end(&deadline, error, "the desktop's keyring cannot be used", err)) {
        return NULL;
    }
    if (!is_unlocked(service, err)) {
        g_object_unref(service);
        return NULL;
    }
    struct cache_desktop_own *own = MEM_NEW(struct cache_desktop_own);
    own->service = service;
    own->directory = mem_text(directory ? directory : "");
    return own;
}

bool cache_desktop_built_in(void)
{
    return true;
}

#else

const struct cache_place cache_desktop = { .name = "desktop" };

void *cache_desktop_open(const char *directory, struct err *err)
{
    (void)directory;
    err_set(err, ERR_INPUT, "This purvey was built without the desktop's keyring.");
    err_advise(err, "`make LIBSECRET=1` builds one with it; --token-cache auto uses what is there.");
    return NULL;
}

bool cache_desktop_built_in(void)
{
    return false;
}

#endif
