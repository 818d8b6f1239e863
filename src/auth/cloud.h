/* The table of clouds (auth.md sections 1 to 3, rest.md section 1.2). Data-driven: a new cloud is a new row. */
#ifndef PURVEY_AUTH_CLOUD_H
#define PURVEY_AUTH_CLOUD_H

#include "base/err.h"
#include "base/str.h"

struct cloud {
    const char *name;               /* "worldwide", "gcc-high", "dod", "21vianet", "demo": the value of --cloud */
    const char *title;              /* for people */
    const char *front_door;         /* ps.compliance.protection.outlook.com */
    const char *region_suffix;      /* regional host = <label>.<region_suffix> */
    const char *authority_hosts[8]; /* preferred first, then aliases; NULL-ended */
    const char *scope_resource;     /* https://ps.compliance.protection.outlook.com */
    const char *search_resource;    /* EnableSearchOnlySession audience */
    const char *bearer_hosts[6];    /* host suffixes the bearer may go to; NULL-ended */
    const char *remote_hosts[4];    /* of remote PowerShell: where a redirect may lead (rps.md section 2); NULL-ended */
    const char *user_suffix;        /* onmicrosoft.com, onmicrosoft.us, partner.onmschina.cn */
};

size_t cloud_count(void);
const struct cloud *cloud_at(size_t index);
const struct cloud *cloud_by_name(const char *name);                    /* case-blind; NULL */
const struct cloud *cloud_by_connection_host(const char *host);         /* front door or regional host; NULL */
const struct cloud *cloud_by_authority_host(const char *host);          /* aliases too; NULL */
const struct cloud *cloud_by_user(const char *user_or_domain);          /* by domain suffix; worldwide otherwise */

#endif
