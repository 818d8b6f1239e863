#include "ui/connection_information.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"

static void put(struct json *object, const char *name, const char *text)
{
    json_add(object, name, *text ? json_new_string(str_of(text)) : json_new_null());
}

static const char *const ways[] = { "Delegated", "AppOnly" };

struct json *connection_information(uint64_t connection, const struct account *account, const struct options *options,
                                    const struct catalogue *catalogue, bool connected, int64_t now_unix)
{
    struct json *object = json_new_object();
    char expiry[21] = "";
    char *name = mem_format("IPPSSession_%llu", (unsigned long long)connection);
    const char *organization = options_get(options, OPT_DELEGATED_ORGANIZATION);
    if (account->expires_unix > 0) {
        clock_iso(account->expires_unix, expiry);
    }
    put(object, "Name", name);
    put(object, "State", connected ? "Connected" : "Closed");
    put(object, "UserPrincipalName", account->upn);
    put(object, "Organization", *organization ? organization : account->tenant);
    put(object, "TenantID", account->tenant_id);
    put(object, "ConnectionUri", options_get(options, OPT_CONNECTION_URI));
    put(object, "AzureAdAuthorizationEndpointUri", options_get(options, OPT_AZURE_AD_AUTHORIZATION_ENDPOINT_URI));
    put(object, "Cloud", account->cloud);
    put(object, "Region", account->region);
    json_add(object, "IsEopSession", json_new_bool(true));
    put(object, "ModulePrefix", options_get(options, OPT_PREFIX));
    put(object, "AuthenticationType", ways[account->app_only]);
    put(object, "Certificate", account->certificate);
    bool ended = account->refused || (account->expires_unix != 0 && account->expires_unix <= now_unix);
    put(object, "TokenStatus", ended ? "Expired" : "Active");
    put(object, "TokenExpiryTimeUTC", expiry);
    put(object, "TokenCache", account->cache);
    json_add(object, "RateLimitLimit", account->rate_limit ? json_new_int(account->rate_limit) : json_new_null());
    json_add(object, "RateLimitRemaining", account->rate_limit ? json_new_int(account->rate_remaining) : json_new_null());
    put(object, "RateLimitReset", account->rate_reset);
    json_add(object, "Cmdlets", json_new_int((int64_t)(catalogue ? catalogue->count : 0)));
    free(name);
    return object;
}

void connection_take_rate(struct account *account, const struct job_progress *progress)
{
    if (progress->rate_limit) {
        account->rate_limit = progress->rate_limit;
        account->rate_remaining = progress->rate_remaining;
        str_copy(account->rate_reset, sizeof account->rate_reset, progress->rate_reset);
    }
}
