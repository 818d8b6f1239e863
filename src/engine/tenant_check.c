#include "engine/tenant_check.h"

#include <stdlib.h>

#include "auth/cloud_discovery.h"
#include "base/clock.h"
#include "base/guid.h"
#include "base/mem.h"
#include "base/private_file.h"

struct tenant_check {
    struct cloud_discovery *discovery;
    const char *field;              /* the option that names the organization */
    char *organization;
    char *tenant_id;                /* of the token */
    char *place;                    /* where the organization's tenant is kept; NULL = nowhere */
    void (*done)(void *, const struct err *);
    void *context;
};

/* The name of the file is only a hash of the organization's, which came from outside. */
static char *place_of(const char *host, const char *organization)
{
    char *key = mem_format("%s %s", host, organization);
    for (char *c = key; *c; c++) {
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + ('a' - 'A')) : *c;
    }
    char *name = mem_format("tenant-%016llx", (unsigned long long)str_hash(HASH_START, str_of(key)));
    char *place = private_file_place(name);
    free(name);
    free(key);
    return place;
}

/* A job of every five minutes behind a wall that lets nobody to the sign-in service waits for it once an hour. */
enum { LIMIT_S = 3, ASKED_IN_VAIN_S = 3600 };

static bool asked_in_vain(struct str text)
{
    int64_t when = 0, now = clock_unix();
    return str_starts(text, STR("? ")) && str_to_int64(str_from(text, 2), 0, INT64_MAX, &when) && when <= now && now - when < ASKED_IN_VAIN_S;
}

/* Good for "they agree" only: a domain may have moved since, so a difference is asked for anew. */
static bool needs_no_question(const struct tenant_check *check)
{
    struct buf text = BUF_INIT(128);
    bool known = check->place && private_file_read(check->place, &text, NULL) &&
                 (str_is_nocase(str_trim(buf_str(&text)), check->tenant_id) || asked_in_vain(str_trim(buf_str(&text))));
    buf_free(&text);
    return known;
}

/* Only a convenience: what cannot be kept is asked for again. */
static void keep(const struct tenant_check *check, const char *tenant_id)
{
    char *text = *tenant_id ? mem_text(tenant_id) : mem_format("? %lld", (long long)clock_unix());
    if (check->place) {
        private_file_write(check->place, str_of(text));
    }
    free(text);
}

static void say_difference(const struct tenant_check *check, const char *named_id, struct err *err)
{
    bool by_name = !str_is_nocase(str_of(named_id), check->organization);
    err_set(err, ERR_AUTH_DENIED, "The access token is for the tenant %s, but -%s names %s%s%s%s.", check->tenant_id, check->field, check->organization,
            by_name ? " (tenant " : "", by_name ? named_id : "", by_name ? ")" : "");
    err_advise(err, "Give the organization that the token is for, or get a token for %s.", check->organization);
    err_field(err, check->field);
}

static void on_found(void *context, const struct cloud *cloud, const char *tenant_id)
{
    struct tenant_check *check = context;
    struct err err = { 0 };
    (void)cloud;
    if (!*tenant_id || str_is_nocase(str_of(tenant_id), check->tenant_id)) {
        keep(check, tenant_id);
    } else {
        say_difference(check, tenant_id, &err);
    }
    check->done(check->context, err.kind == ERR_NONE ? NULL : &err);
}

static char *host_of(const struct sign_in_plan *plan)
{
    struct http_url parts;
    if (!http_url_parse(plan->authority, &parts)) {
        return mem_text(plan->cloud->authority_hosts[0]);
    }
    return parts.port == 443 ? mem_text(parts.host) : mem_format("%s:%d", parts.host, parts.port);
}

struct tenant_check *tenant_check_start(struct http *http, const struct sign_in_plan *plan, const struct options *options,
                                        const struct token *token, bool keep,
                                        void (*done)(void *context, const struct err *err), void *context, struct err *err)
{
    /* Of the two, the first counts (auth.md section 8, precedence). */
    enum option_id id = *options_get(options, OPT_DELEGATED_ORGANIZATION) ? OPT_DELEGATED_ORGANIZATION : OPT_ORGANIZATION;
    const char *organization = options_get(options, id);
    if (!*organization || !guid_valid(str_of(token->tenant_id))) {
        return NULL;
    }
    struct tenant_check *check = MEM_NEW(struct tenant_check);
    struct err unsent = { 0 };
    char *host = host_of(plan);
    check->field = option_row(id)->name;
    check->organization = mem_text(organization);
    check->tenant_id = mem_text(token->tenant_id);
    check->place = keep ? place_of(host, organization) : NULL;
    check->done = done;
    check->context = context;
    if (guid_valid(str_of(organization))) {
        if (!str_is_nocase(str_of(organization), token->tenant_id)) {
            say_difference(check, organization, err);
        }
    } else if (!needs_no_question(check)) {
        check->discovery = cloud_discovery_start(http, host, organization, LIMIT_S, on_found, check, &unsent);
    }
    free(host);
    if (!check->discovery) {
        tenant_check_free(check);
        return NULL;
    }
    return check;
}

void tenant_check_free(struct tenant_check *check)
{
    if (check) {
        cloud_discovery_free(check->discovery);
        free(check->organization);
        free(check->tenant_id);
        free(check->place);
        free(check);
    }
}
