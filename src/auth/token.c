#include "auth/token.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "auth/cloud.h"
#include "base/base64.h"
#include "base/clock.h"
#include "base/guid.h"
#include "base/json.h"
#include "base/mem.h"
#include "net/http.h"

#define CLAIMS_MAX ((size_t)256 * 1024)
#define EXPIRY_GRACE_S 60
#define START_GRACE_S 300
#define LAST_SECOND 253402300799    /* of the year 9999 */
#define REFRESH_AHEAD_MS ((int64_t)5 * 60 * 1000)

void token_free(struct token *token)
{
    if (token) {
        secret_free(token->access);
        secret_free(token->refresh);
        secret_wipe(token, sizeof *token);
        free(token);
    }
}

/* A quotation mark or a word around the token came along when it was copied. */
static bool is_jwt(struct str text)
{
    size_t dots = 0;
    for (size_t i = 0; i < text.len; i++) {
        dots += text.data[i] == '.';
        if (!isalnum((unsigned char)text.data[i]) && !memchr("-_.=+/", text.data[i], 6)) {
            return false;
        }
    }
    return dots >= 2;
}

/* The header names a token that is bound to a key; most have it among the claims only. */
static bool is_bound(struct str jwt, const struct json *claims)
{
    struct str rest = jwt, header;
    struct buf text = BUF_INIT(BUF_SMALL);
    str_cut(&rest, '.', &header);
    struct json *json = base64_decode(header, &text) ? json_parse(buf_str(&text), NULL) : NULL;
    bool bound = json_get(claims, "cnf") || json_get(claims, "xms_cnf") || str_is_nocase(str_of(json_cstr(json_get(json, "typ"), "")), "pop");
    json_free(json);
    buf_free(&text);
    return bound;
}

/* The middle part of a JWT. The decoded text tells who somebody is and what they may do: wiped like the token itself. */
static struct json *read_claims(struct str jwt, struct err *err)
{
    struct str rest = jwt, header, claims;
    struct buf text = BUF_INIT(CLAIMS_MAX);
    struct json *json = NULL;
    if (is_jwt(jwt) && str_cut(&rest, '.', &header) && str_cut(&rest, '.', &claims) && header.len && base64_decode(claims, &text) && !text.overflowed) {
        json = json_parse(buf_str(&text), NULL);
    }
    if (text.len) {
        secret_wipe(text.data, text.len);
    }
    buf_free(&text);
    if (json_kind(json) != JSON_OBJECT) {
        json_free(json);
        err_set(err, ERR_AUTH_DENIED, "This is not an access token: it does not have the three parts of a JWT.");
        err_advise(err, "Give the whole token, and nothing around it; file:PATH avoids line breaks of a terminal.");
        return NULL;
    }
    return json;
}

/* The first of several names for the same thing: v1.0 and v2.0 tokens differ. */
static void copy_claim(char *to, size_t size, const struct json *claims, const char *const *names)
{
    for (; *names; names++) {
        const char *text = json_cstr(json_get(claims, *names), "");
        if (*text) {
            str_copy(to, size, text);
            return;
        }
    }
}

/* https://sts.windows.net/TENANT/, https://login.../TENANT/v2.0. /organizations has a placeholder instead. */
char *token_issuer_tenant(const char *issuer)
{
    struct http_url parts;
    if (!http_url_parse(issuer, &parts)) {
        return NULL;
    }
    struct str path = str_from(str_of(parts.path), 1), tenant;
    str_cut(&path, '/', &tenant);
    return guid_valid(tenant) ? str_dup(tenant) : NULL;
}

static void read_tenant(const struct json *claims, struct token *token)
{
    char *issuer = token_issuer_tenant(json_cstr(json_get(claims, "iss"), ""));
    copy_claim(token->tenant_id, sizeof token->tenant_id, claims, (const char *const[]){ "tid", NULL });
    if (!*token->tenant_id && issuer) {
        str_copy(token->tenant_id, sizeof token->tenant_id, issuer);
    }
    free(issuer);
}

/* Audiences that other services use, and that people hand in by mistake (auth.md section 8). */
static const struct { const char *part, *name; } foreign_audiences[] = {
    { "graph.microsoft.", "Microsoft Graph" },
    { "00000003-0000-0000-c000-000000000000", "Microsoft Graph" },
    { "microsoftgraph.chinacloudapi.cn", "Microsoft Graph" },
    { "management.azure.com", "Azure Resource Manager" },
    { "management.core.windows.net", "Azure Resource Manager" },
    { "management.usgovcloudapi.net", "Azure Resource Manager" },
    { "797f4846-ba00-4fd7-ba43-dac1f8f63013", "Azure Resource Manager" },
    { "vault.azure.net", "Azure Key Vault" },
};

/* The resource ids of Exchange Online and of Exchange Online Protection. */
static const char *const known_resources[] = {
    "00000002-0000-0ff1-ce00-000000000000", "00000007-0000-0ff1-ce00-000000000000", NULL,
};

bool token_audience_fits(const char *audience, const struct cloud *cloud)
{
    struct http_url url;
    for (const char *const *resource = known_resources; *resource; resource++) {
        if (str_is_nocase(str_of(audience), *resource)) {
            return true;
        }
    }
    if (!http_url_parse(audience, &url)) {
        return false;
    }
    const struct cloud *theirs = cloud_by_connection_host(url.host);
    bool service = theirs && str_is(str_of(theirs->scope_resource), cloud->scope_resource);
    struct str search = str_of(cloud->search_resource);
    return service || (search.len && str_starts_nocase(str_of(audience), search) &&
                       (!audience[search.len] || str_is(str_of(audience + search.len), "/")));
}

/* A token of another cloud is of no use here, and is nothing that this cloud should get to see. */
static bool check_cloud_of(const char *audience, const struct cloud *cloud, struct err *err)
{
    struct http_url url;
    const struct cloud *theirs = http_url_parse(audience, &url) ? cloud_by_connection_host(url.host) : NULL;
    if (!theirs || str_eq(str_of(theirs->scope_resource), str_of(cloud->scope_resource))) {
        return true;
    }
    err_set(err, ERR_AUTH_DENIED, "This access token is for %s, and the connection is to %s.", theirs->title, cloud->title);
    err_advise(err, "Connect to the token's own cloud (--cloud %s), or ask for a token with the scope %s/.default.", theirs->name,
               cloud->scope_resource);
    err_field(err, "AccessToken");
    return false;
}

static bool check_audience(const char *audience, const struct cloud *cloud, struct err *err)
{
    if (!check_cloud_of(audience, cloud, err)) {
        return false;
    }
    for (size_t i = 0; i < sizeof foreign_audiences / sizeof *foreign_audiences; i++) {
        if (str_contains_nocase(str_of(audience), str_of(foreign_audiences[i].part))) {
            err_set(err, ERR_AUTH_DENIED, "This access token is for %s, not for Security & Compliance.", foreign_audiences[i].name);
            err_advise(err, "Ask for a token with the scope %s/.default.", cloud->scope_resource);
            err_field(err, "AccessToken");
            return false;
        }
    }
    return true;
}

/* A time claim; 0 when it is absent or past the year 9999. */
static int64_t time_claim(const struct json *claims, const char *name)
{
    int64_t number = 0;
    return json_int64(json_get(claims, name), &number) && number > 0 && number <= LAST_SECOND ? number : 0;
}

static void read_lifetime(const struct json *claims, struct token *token)
{
    token->expires_unix = time_claim(claims, "exp");
    token->expires_ms = token->expires_unix ? clock_ms() + (token->expires_unix - clock_unix()) * 1000 : 0;
}

/* A minute of grace for clocks that differ; more for nbf, since the service itself decides in the end. */
static bool check_times(const struct json *claims, struct err *err)
{
    int64_t expires = time_claim(claims, "exp"), starts = time_claim(claims, "nbf"), now = clock_unix();
    char when[21];
    if (expires && expires + EXPIRY_GRACE_S < now) {
        clock_iso(expires, when);
        err_set(err, ERR_AUTH_DENIED, "This access token ended at %s.", when);
        err_advise(err, "Nothing can renew a token that was handed in: get a new one.");
        err_field(err, "AccessToken");
        return false;
    }
    if (starts > now + START_GRACE_S) {
        clock_iso(starts, when);
        err_set(err, ERR_AUTH_DENIED, "This access token is not good before %s.", when);
        err_advise(err, "Check this machine's clock.");
        err_field(err, "AccessToken");
        return false;
    }
    return true;
}

/* idtyp is optional; without it, roles with no user and no scope mean an application. */
static bool is_app_only(const struct json *claims)
{
    const char *kind = json_cstr(json_get(claims, "idtyp"), "");
    bool delegated = json_get(claims, "scp") || json_get(claims, "upn");
    return str_is_nocase(str_of(kind), "app") || (!*kind && !delegated && json_get(claims, "roles"));
}

/* Delegated tokens name their permissions in one text. None at all is no sign of anything: the claim may have been left out.
   FfoPowerShell and RemotePowerShell end alike; the latter is what -UseRPSSession needs. */
static bool lacks_scope(const struct json *claims)
{
    const char *scopes = json_cstr(json_get(claims, "scp"), "");
    return *scopes && !str_contains_nocase(str_of(scopes), STR("AdminApi.AccessAsUser.All")) &&
           !str_contains_nocase(str_of(scopes), STR("PowerShell.AccessAsUser.All"));
}

static bool has_role(const struct json *claims, const char *role)
{
    for (const struct json *item = json_first(json_get(claims, "roles")); item; item = json_next(item)) {
        if (str_is_nocase(json_string(item), role)) {
            return true;
        }
    }
    return false;
}

bool token_read_claims(struct token *token, struct str jwt, const struct cloud *cloud, struct err *err)
{
    struct json *claims = read_claims(jwt, err);
    if (!claims) {
        err_field(err, "AccessToken");
        return false;
    }
    copy_claim(token->upn, sizeof token->upn, claims, (const char *const[]){ "upn", "preferred_username", "unique_name", NULL });
    copy_claim(token->name, sizeof token->name, claims, (const char *const[]){ "name", NULL });
    read_tenant(claims, token);
    copy_claim(token->audience, sizeof token->audience, claims, (const char *const[]){ "aud", NULL });
    copy_claim(token->app_id, sizeof token->app_id, claims, (const char *const[]){ "appid", "azp", NULL });
    token->app_only = is_app_only(claims);
    read_lifetime(claims, token);
    bool good = check_times(claims, err) && check_audience(token->audience, cloud, err);
    if (!token_audience_fits(token->audience, cloud)) {
        snprintf(token->warning, sizeof token->warning, "This token is for %.180s; the service may not take it", token->audience);
    } else if (token->app_only && !has_role(claims, "Exchange.ManageAsApp")) {
        str_copy(token->warning, sizeof token->warning, "This token has no role Exchange.ManageAsApp; the service may refuse every cmdlet");
    }
    if (!*token->warning && lacks_scope(claims)) {
        str_copy(token->warning, sizeof token->warning, "This token has neither AdminApi.AccessAsUser.All nor FfoPowerShell.AccessAsUser.All; the service may refuse every cmdlet");
    }
    if (good && is_bound(jwt, claims)) {
        good = err_set(err, ERR_AUTH_DENIED, "This access token is bound to a key of another program (proof of possession).");
        err_advise(err, "Ask for a plain bearer token.");
        err_field(err, "AccessToken");
    }
    json_free(claims);
    return good;
}

bool token_needs_refresh(const struct token *token)
{
    int64_t from = token->refresh_ms ? token->refresh_ms : token->expires_ms - REFRESH_AHEAD_MS;
    return token->expires_ms != 0 && clock_ms() >= from;
}
