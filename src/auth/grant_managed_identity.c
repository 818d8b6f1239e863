/* Managed identities: the machine that purvey runs on vouches for it (auth.md section 7, "Managed identity"). Three kinds of
   machines, told apart by what their environment names: App Service, Azure Arc, a virtual machine. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auth/oauth_internal.h"
#include "base/clock.h"
#include "base/guid.h"
#include "base/mem.h"

#define ARC_DIRECTORY "/var/opt/azcmagent/tokens/"
#define ARC_KEY_MAX 4096

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value ? value : "";
}

/* The id of a user-assigned identity is a client id, or the path of the resource. */
static void add_identity(struct oauth *oauth, struct buf *url, const char *resource_name)
{
    if (oauth->identity && *oauth->identity) {
        http_form_add(url, guid_valid(str_of(oauth->identity)) ? "client_id" : resource_name, str_of(oauth->identity));
    }
}

/* The bare resource, without /.default: these services speak the older form (auth.md section 7). */
static void add_resource(struct oauth *oauth, struct buf *url)
{
    http_form_add(url, "resource", str_of(oauth->resource));
}

/* Of both expiries that the services know, expires_on is the older: a date, as a number in a string. */
static void set_expiry(struct token *token, struct str answer)
{
    struct json *json = json_parse(answer, NULL);
    int64_t on = 0;
    if (token->expires_unix == 0 && json_int64(json_get(json, "expires_on"), &on) && on > clock_unix()) {
        token->expires_unix = on;
        token->expires_ms = clock_ms() + (on - clock_unix()) * 1000;
    }
    json_free_secret(json);
}

/* No answer at all means no such service: the usual case of a machine outside Azure, not a broken network. */
static void fail_missing(struct oauth *oauth, const struct err *cause)
{
    struct err err = *cause;
    err_set(&err, ERR_AUTH_DENIED, "This machine has no managed identity that answers: %s", cause->text);
    err_advise(&err, "Give the virtual machine, the app or the Arc server an identity in Azure, or sign in another way.");
    err_field(&err, "ManagedIdentity");
    oauth_fail(oauth, &err);
}

static void fail_refused(struct oauth *oauth, int status)
{
    struct json *answer = json_parse(buf_str(&oauth->answer), NULL);
    struct err err;
    const char *text = json_cstr(json_get(answer, "error_description"), json_cstr(json_get(answer, "message"), ""));
    err_set(&err, status >= 500 ? ERR_SERVER : ERR_AUTH_DENIED, "The managed identity service gave no token (status %d)%s%s", status,
            *text ? ": " : ".", text);
    err_advise(&err, "Check the identity's id, and that the identity is assigned to this machine.");
    err_field(&err, "ManagedIdentity");
    json_free(answer);
    oauth_fail(oauth, &err);
}

static void on_token(struct oauth *oauth, int status, const struct err *failure)
{
    struct err err = { 0 };
    if (failure) {
        fail_missing(oauth, failure);
        return;
    }
    if (status != 200) {
        fail_refused(oauth, status);
        return;
    }
    struct buf answer = BUF_INIT(OAUTH_ANSWER_MAX);
    oauth_make_room(&answer);
    buf_add(&answer, buf_str(&oauth->answer));      /* reading the token wipes it */
    struct token *token = oauth_read_token(oauth, &err);
    if (token) {
        set_expiry(token, buf_str(&answer));
        token->app_only = true;
        oauth_succeed(oauth, token);
    } else {
        oauth_fail(oauth, &err);
    }
    oauth_wipe(&answer);
}

static void ask(struct oauth *oauth, const struct buf *url, const struct http_header *headers, size_t count,
                void (*answered)(struct oauth *, int, const struct err *))
{
    struct err err = { 0 };
    if (!oauth_get_metadata(oauth, buf_cstr(url), headers, count, answered, &err)) {
        fail_missing(oauth, &err);
    }
}

/* ---- a virtual machine ---- */

/* The well-known address is that of a machine's host; clusters that put their own service in its place name it in a
   variable. */
static void ask_machine(struct oauth *oauth)
{
    const struct http_header headers[] = { { "Metadata", "true" } };
    const char *host = variable("AZURE_POD_IDENTITY_AUTHORITY_HOST");
    struct buf url = BUF_INIT(BUF_SMALL);
    buf_format(&url, "%s/metadata/identity/oauth2/token?api-version=2018-02-01", *host ? host : "http://169.254.169.254");
    add_resource(oauth, &url);
    add_identity(oauth, &url, "msi_res_id");
    ask(oauth, &url, headers, 1, on_token);
    buf_free(&url);
}

/* ---- App Service ---- */

static void ask_app_service(struct oauth *oauth)
{
    const struct http_header headers[] = { { "X-IDENTITY-HEADER", variable("IDENTITY_HEADER") } };
    struct buf url = BUF_INIT(BUF_SMALL);
    buf_format(&url, "%s?api-version=2019-08-01", variable("IDENTITY_ENDPOINT"));
    add_resource(oauth, &url);
    add_identity(oauth, &url, "mi_res_id");
    ask(oauth, &url, headers, 1, on_token);
    buf_free(&url);
}

/* ---- Azure Arc: whoever may read a file that its agent names is allowed ---- */

static void arc_address(struct oauth *oauth, struct buf *url)
{
    buf_format(url, "%s?api-version=2020-06-01", variable("IDENTITY_ENDPOINT"));
    add_resource(oauth, url);
    add_identity(oauth, url, "msi_res_id");
}

/* The agent's own directory only: else a forged answer would have any file read and sent. */
static bool arc_file_allowed(struct str path)
{
    return str_starts_nocase(path, STR(ARC_DIRECTORY)) && str_ends_nocase(path, STR(".key")) &&
           memmem(path.data, path.len, "..", 2) == NULL;
}

static struct str challenge_file(const char *challenge)
{
    const char *realm = challenge ? strcasestr(challenge, "realm=") : NULL;
    struct str rest = str_of(realm ? realm + 6 : ""), path;
    if (rest.len && rest.data[0] == '"') {
        rest = str_from(rest, 1);
        str_cut(&rest, '"', &path);
        return path;
    }
    str_cut(&rest, ',', &path);
    return str_trim(path);
}

static bool read_arc_key(struct str path, char *key, size_t size)
{
    char *name = str_dup(path);
    struct stat status;
    int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    ssize_t got = fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) ? read(fd, key, size - 1) : -1;
    if (fd >= 0) {
        close(fd);
    }
    while (got > 0 && strchr("\r\n", key[got - 1])) {
        got--;      /* whoever copied it by hand left a line end */
    }
    key[got > 0 ? got : 0] = '\0';
    free(name);
    return got > 0;
}

static void fail_arc_key(struct oauth *oauth, struct str path)
{
    struct err err;
    if (arc_file_allowed(path)) {
        err_set(&err, ERR_AUTH_DENIED, "The key file of the Azure Arc agent cannot be read: %.*s", STR_ARG(path));
        err_advise(&err, "Put this user into the group himds, then start a new shell.");
    } else {
        err_set(&err, ERR_AUTH_DENIED, "What answers as the Azure Arc agent names a key file that is none of its own: %.*s", STR_ARG(path));
        err_advise(&err, "Nothing was read. Check what IDENTITY_ENDPOINT points to.");
    }
    err_field(&err, "ManagedIdentity");
    oauth_fail(oauth, &err);
}

/* The 401 names a file that only the agent's group can read; its text is the proof (auth.md section 7, "401
   challenge with a key file"). */
static void on_arc_challenge(struct oauth *oauth, int status, const struct err *failure)
{
    char key[ARC_KEY_MAX + 1], header[ARC_KEY_MAX + 16];
    struct str path = challenge_file(oauth->challenge);
    if (failure || status != 401 || !path.len) {
        on_token(oauth, status, failure);
        return;
    }
    if (!arc_file_allowed(path) || !read_arc_key(path, key, sizeof key)) {
        fail_arc_key(oauth, path);
        return;
    }
    snprintf(header, sizeof header, "Basic %s", key);
    const struct http_header headers[] = { { "Metadata", "true" }, { "Authorization", header } };
    struct buf url = BUF_INIT(BUF_SMALL);
    arc_address(oauth, &url);
    ask(oauth, &url, headers, 2, on_token);
    buf_free(&url);
    secret_wipe(key, sizeof key);
    secret_wipe(header, sizeof header);
}

static void ask_arc(struct oauth *oauth)
{
    const struct http_header headers[] = { { "Metadata", "true" } };
    struct buf url = BUF_INIT(BUF_SMALL);
    arc_address(oauth, &url);
    ask(oauth, &url, headers, 1, on_arc_challenge);
    buf_free(&url);
}

static void start(struct oauth *oauth)
{
    bool endpoint = *variable("IDENTITY_ENDPOINT") != '\0';
    oauth_step(oauth, "Asking this machine for its managed identity");
    if (endpoint && *variable("IDENTITY_HEADER")) {
        ask_app_service(oauth);
    } else if (endpoint && *variable("IMDS_ENDPOINT")) {
        ask_arc(oauth);
    } else {
        ask_machine(oauth);
    }
}

const struct grant grant_managed_identity = { .needs_endpoints = false, .start = start };
