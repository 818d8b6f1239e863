#include "auth/cloud.h"

/* Worldwide first: it is what a user name of unknown suffix belongs to. */
static const struct cloud clouds[] = {
    {
        .name = "worldwide",
        .title = "Microsoft 365 worldwide and GCC",
        .front_door = "ps.compliance.protection.outlook.com",
        .region_suffix = "ps.compliance.protection.outlook.com",
        .authority_hosts = { "login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net" },
        .scope_resource = "https://ps.compliance.protection.outlook.com",
        .search_resource = "https://dataservice.o365filtering.com",
        .bearer_hosts = { "ps.compliance.protection.outlook.com" },
        .remote_hosts = { "outlook.com" },
        .user_suffix = "onmicrosoft.com",
    },
    {
        .name = "gcc-high",
        .title = "Microsoft 365 GCC High",
        .front_door = "ps.compliance.protection.office365.us",
        .region_suffix = "ps.compliance.protection.office365.us",
        .authority_hosts = { "login.microsoftonline.us", "login.usgovcloudapi.net" },
        .scope_resource = "https://ps.compliance.protection.office365.us",
        .search_resource = "https://dataservice.o365filtering.us",
        .bearer_hosts = { "ps.compliance.protection.office365.us" },
        .remote_hosts = { "office365.us" },
        .user_suffix = "onmicrosoft.us",
    },
    {
        .name = "dod",
        .title = "Microsoft 365 DoD",
        .front_door = "l5.ps.compliance.protection.office365.us",
        .region_suffix = "ps.compliance.protection.office365.us",
        .authority_hosts = { "login.microsoftonline.us", "login.usgovcloudapi.net" },
        .scope_resource = "https://ps.compliance.protection.office365.us",
        .search_resource = "https://dataservice.o365filtering.us",
        .bearer_hosts = { "ps.compliance.protection.office365.us", "compliance.dod.microsoft.com" },
        .remote_hosts = { "office365.us", "compliance.dod.microsoft.com" },
        .user_suffix = "",      /* shared with GCC High: only --cloud or the address tells them apart */
    },
    {
        .name = "21vianet",
        .title = "Office 365 operated by 21Vianet",
        .front_door = "ps.compliance.protection.partner.outlook.cn",
        .region_suffix = "ps.compliance.protection.partner.outlook.cn",
        .authority_hosts = { "login.chinacloudapi.cn", "login.partner.microsoftonline.cn" },
        .scope_resource = "https://ps.compliance.protection.partner.outlook.cn",
        .search_resource = "",
        .bearer_hosts = { "ps.compliance.protection.partner.outlook.cn" },
        .remote_hosts = { "partner.outlook.cn" },
        .user_suffix = "partner.onmschina.cn",
    },
    {
        /* Names under .localhost never leave this machine (RFC 6761), whatever port the demo tenant has. */
        .name = "demo",
        .title = "the demo tenant",
        .front_door = "ps.compliance.protection.outlook.localhost",
        .region_suffix = "ps.compliance.protection.outlook.localhost",
        .authority_hosts = { "login.microsoftonline.localhost" },
        .scope_resource = "https://ps.compliance.protection.outlook.localhost",
        .search_resource = "https://dataservice.o365filtering.localhost",
        .bearer_hosts = { "ps.compliance.protection.outlook.localhost" },
        .remote_hosts = { "outlook.localhost" },
        .user_suffix = "localhost",
    },
};

size_t cloud_count(void)
{
    return sizeof clouds / sizeof *clouds;
}

const struct cloud *cloud_at(size_t index)
{
    return index < cloud_count() ? &clouds[index] : NULL;
}

const struct cloud *cloud_by_name(const char *name)
{
    for (size_t i = 0; i < cloud_count(); i++) {
        if (str_is_nocase(str_of(name), clouds[i].name)) {
            return &clouds[i];
        }
    }
    return NULL;
}

static bool is_or_is_below(struct str host, const char *suffix)
{
    struct str tail = str_of(suffix);
    return str_eq_nocase(host, tail) ||
           (tail.len && host.len > tail.len && str_ends_nocase(host, tail) && host.data[host.len - tail.len - 1] == '.');
}

/* The most particular match wins: DoD's own host also lies below the suffix that it shares with GCC High. */
const struct cloud *cloud_by_connection_host(const char *host)
{
    struct str name = str_of(host);
    for (size_t i = 0; i < cloud_count(); i++) {
        if (str_is_nocase(name, clouds[i].front_door)) {
            return &clouds[i];
        }
    }
    for (size_t i = 0; i < cloud_count(); i++) {
        for (size_t j = 0; clouds[i].bearer_hosts[j]; j++) {
            if (is_or_is_below(name, clouds[i].bearer_hosts[j])) {
                return &clouds[i];
            }
        }
    }
    return NULL;
}

const struct cloud *cloud_by_authority_host(const char *host)
{
    for (size_t i = 0; i < cloud_count(); i++) {
        for (size_t j = 0; clouds[i].authority_hosts[j]; j++) {
            if (str_is_nocase(str_of(host), clouds[i].authority_hosts[j])) {
                return &clouds[i];
            }
        }
    }
    return NULL;
}

const struct cloud *cloud_by_user(const char *user_or_domain)
{
    struct str user = str_of(user_or_domain), domain = user;
    while (str_cut(&user, '@', &domain)) {
        domain = user;
    }
    for (size_t i = 0; i < cloud_count(); i++) {
        if (*clouds[i].user_suffix && is_or_is_below(domain, clouds[i].user_suffix)) {
            return &clouds[i];
        }
    }
    return &clouds[0];
}
