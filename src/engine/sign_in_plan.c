#include "engine/sign_in_plan.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/open_url.h"
#include "connect/credential.h"
#include "connect/secret_source.h"

/* ---- where to: cloud, authority, address (auth.md sections 1 and 11, rest.md 1.3) ---- */

/* False with err when it is none, or of no cloud; the latter does when the host is only trusted: *cloud is NULL. */
static bool cloud_of_uri(const char *uri, const struct cloud *(*find)(const char *), bool trusted, const char *field,
                         const struct cloud **cloud, struct err *err)
{
    struct http_url parts;
    if (!*uri) {
        return true;
    }
    if (!http_url_parse(uri, &parts)) {
        err_set(err, ERR_INPUT, "%s is not an https address: %s", field, uri);
        err_field(err, field);
        return false;
    }
    *cloud = find(parts.host);      /* known hosts stay what they are, trusted or not: their tokens are for one cloud */
    if (!*cloud && !trusted) {
        err_set(err, ERR_INPUT, "%s: %s is not a host of any known Microsoft cloud; no token is sent there.", field, parts.host);
        err_advise(err, "Check the address, or leave it out: it follows from the user name or --cloud.");
        err_field(err, field);
    }
    return *cloud || trusted;
}

static bool clash(const struct cloud *one, const char *one_name, const struct cloud *other, const char *other_name, struct err *err)
{
    err_set(err, ERR_INPUT, "%s belongs to %s, %s to %s.", one_name, one->title, other_name, other->title);
    err_advise(err, "Give both of one cloud, or leave one out: it follows from the other.");
    err_field(err, other_name);
    return false;
}

/* DoD and GCC High share their sign-in hosts, so hosts are compared, not rows of the table. */
static bool same_sign_in(const struct cloud *one, const struct cloud *other)
{
    return str_eq(str_of(one->authority_hosts[0]), str_of(other->authority_hosts[0]));
}

/* Said before a password is sent to the wrong cloud. GCC High's address does for DoD (rest.md section 1.2, conflict). */
static bool clouds_agree(const struct cloud *named, const struct cloud *by_uri, const struct cloud *by_authority, struct err *err)
{
    if (named && by_uri && !str_eq(str_of(named->region_suffix), str_of(by_uri->region_suffix))) {
        return clash(named, "--cloud", by_uri, "ConnectionUri", err);
    }
    if (named && by_authority && !same_sign_in(named, by_authority)) {
        return clash(named, "--cloud", by_authority, "AzureADAuthorizationEndpointUri", err);
    }
    if (by_authority && by_uri && !same_sign_in(by_authority, by_uri)) {
        return clash(by_uri, "ConnectionUri", by_authority, "AzureADAuthorizationEndpointUri", err);
    }
    return true;
}

static bool choose_cloud(struct sign_in_plan *plan, const struct options *options, struct err *err)
{
    const char *named = options_get(options, OPT_CLOUD);
    const char *uri = options_get(options, OPT_CONNECTION_URI);
    const char *authority = options_get(options, OPT_AZURE_AD_AUTHORIZATION_ENDPOINT_URI);
    const char *organization = options_get(options, OPT_ORGANIZATION);
    bool trusted = options_on(options, OPT_TRUST_AUTHORITY);
    const struct cloud *by_uri = NULL, *by_authority = NULL;
    if (!cloud_of_uri(uri, cloud_by_connection_host, false, "ConnectionUri", &by_uri, err) ||
        !cloud_of_uri(authority, cloud_by_authority_host, trusted, "AzureADAuthorizationEndpointUri", &by_authority, err)) {
        return false;
    }
    plan->cloud = *named ? cloud_by_name(named)
                  : by_uri ? by_uri
                  : by_authority ? by_authority
                                 : cloud_by_user(*plan->user ? plan->user : organization);
    plan->guessed = !*named && !by_uri && !by_authority && !trusted;
    if (!clouds_agree(*named ? plan->cloud : NULL, by_uri, by_authority, err)) {
        return false;
    }
    return plan->cloud != NULL || err_set(err, ERR_INPUT, "There is no cloud called %s.", named);
}

/* What people paste: with the slash at the end, with the version, with the endpoint itself. */
static struct str tenant_of_path(const char *path)
{
    struct str rest = str_of(path), tenant;
    while (rest.len && rest.data[0] == '/') {
        rest = str_from(rest, 1);
    }
    str_cut(&rest, '/', &tenant);
    return tenant;
}

/* The tenant whose token is wanted: a customer's (auth.md section 1), an application's own, else the authority's. The password
   grant is not served at /common (section 6). */
static struct str choose_tenant(const struct sign_in_plan *plan, const struct options *options, struct str given)
{
    const char *delegated = options_get(options, OPT_DELEGATED_ORGANIZATION);
    const char *organization = options_get(options, OPT_ORGANIZATION);
    bool general = !given.len || str_is_nocase(given, "organizations") || str_is_nocase(given, "common");
    if (*delegated) {
        return str_of(delegated);
    }
    if (!plan->person && *organization && general) {
        return str_of(organization);
    }
    if (!given.len || (plan->grant == OAUTH_PASSWORD && str_is_nocase(given, "common"))) {
        return STR("organizations");
    }
    return given;
}

/* All names of a cloud's sign-in service are one environment. One that is only trusted is its own: what another service gave
   is not for it to see, least of all a refresh token. */
static char *environment_of(const char *host, int port)
{
    const struct cloud *cloud = cloud_by_authority_host(host);
    return cloud ? mem_text(cloud->authority_hosts[0]) : mem_format("%s:%d", host, port);
}

static void choose_authority(struct sign_in_plan *plan, const struct options *options)
{
    const char *given = options_get(options, OPT_AZURE_AD_AUTHORIZATION_ENDPOINT_URI);
    struct http_url parts = { .port = 443 };
    bool has_given = *given && http_url_parse(given, &parts);
    const char *host = has_given ? parts.host : plan->cloud->authority_hosts[0];
    struct str tenant = choose_tenant(plan, options, has_given ? tenant_of_path(parts.path) : STR(""));
    plan->tenant = str_dup(tenant);
    plan->environment = environment_of(host, parts.port);
    plan->authority = parts.port == 443 ? mem_format("https://%s/%s", host, plan->tenant)
                                        : mem_format("https://%s:%d/%s", host, parts.port, plan->tenant);
}

static void choose_address(struct sign_in_plan *plan, const struct options *options)
{
    const char *given = options_get(options, OPT_CONNECTION_URI);
    plan->connection_uri = *given ? mem_text(given) : mem_format("https://%s/powershell-liveid/", plan->cloud->front_door);
}

/* ---- secrets ---- */

/* On the engine's thread nobody can be asked: the front end resolves prompt before it sends the options. */
static bool read_secret(const struct options *options, enum option_id id, struct secret **secret, struct err *err)
{
    const char *source = options_get(options, id), *field = option_row(id)->name;
    if (!*source) {
        return true;
    }
    if (str_is_nocase(str_of(source), "prompt")) {
        err_set(err, ERR_INPUT, "There is nobody to ask here: the terminal is in use.");
        err_advise(err, "Type it into the field itself, or say where it is with file:PATH.");
        err_field(err, field);
        return false;
    }
    bool good = id == OPT_CERTIFICATE_PASSWORD ? secret_source_read_password(source, secret, err) : secret_source_read(source, true, secret, err);
    if (!good) {
        err_field(err, field);
    }
    return good;
}

/* ---- the ways to sign in ---- */

static bool plan_given_token(struct sign_in_plan *plan, const struct options *options, struct err *err)
{
    plan->grant = OAUTH_GIVEN_TOKEN;
    return read_secret(options, OPT_ACCESS_TOKEN, &plan->secret, err);
}

static void say_account(struct sign_in_plan *plan, const char *kind, const char *id)
{
    free(plan->account);
    plan->account = mem_format("%s:%s", kind, id);
}

static bool plan_managed_identity(struct sign_in_plan *plan, const struct options *options, struct err *err)
{
    const char *id = options_get(options, OPT_MANAGED_IDENTITY_ACCOUNT_ID);
    (void)err;
    plan->grant = OAUTH_MANAGED_IDENTITY;
    say_account(plan, "msi", *id ? id : "system");
    return true;
}

static bool load_certificate(struct sign_in_plan *plan, const struct options *options, struct err *err)
{
    const char *path = options_get(options, OPT_CERTIFICATE_FILE_PATH), *source = options_get(options, OPT_CERTIFICATE);
    const char *thumbprint = options_get(options, OPT_CERTIFICATE_THUMBPRINT);
    const struct secret *password = plan->certificate_password;
    if (str_starts_nocase(str_of(source), STR("keyvault:"))) {
        plan->vault_uri = mem_text(source + strlen("keyvault:"));
        return read_secret(options, OPT_VAULT_TOKEN, &plan->vault_token, err);
    }
    plan->certificate = *path         ? client_certificate_from_file(path, password, err)
                        : *thumbprint ? client_certificate_by_thumbprint(thumbprint, options_get(options, OPT_CERTIFICATE_DIRECTORY), password, err)
                                      : client_certificate_from_source(source, password, err);
    /* The options are well; it is the proof that does not do, which is a matter of the sign-in (exit code 3). */
    if (!plan->certificate && err->kind == ERR_INPUT) {
        err->kind = ERR_AUTH_DENIED;
    }
    return plan->certificate != NULL;
}

/* By certificate too: with a new one the old one's token must not hide that the new one does not work. */
static bool plan_certificate(struct sign_in_plan *plan, const struct options *options, struct err *err)
{
    plan->grant = OAUTH_CERTIFICATE;
    if (!read_secret(options, OPT_CERTIFICATE_PASSWORD, &plan->certificate_password, err) || !load_certificate(plan, options, err)) {
        return false;
    }
    say_account(plan, "app", plan->certificate ? plan->certificate->thumbprint : plan->vault_uri);
    if (plan->certificate && *plan->certificate->warning) {
        plan->warning = mem_text(plan->certificate->warning);
    }
    return true;
}

static bool plan_client_secret(struct sign_in_plan *plan, const struct options *options, struct err *err)
{
    plan->grant = OAUTH_CLIENT_SECRET;
    say_account(plan, "app", "secret");
    plan->warning = mem_text("A client secret is a password that whoever reads it can use; a certificate is the better way.");
    return read_secret(options, OPT_CLIENT_SECRET, &plan->secret, err);
}

static bool plan_federated(struct sign_in_plan *plan, const struct options *options, struct err *err)
{
    (void)options;
    (void)err;
    plan->grant = OAUTH_FEDERATED;
    say_account(plan, "app", "federated");
    return true;
}

static bool plan_password(struct sign_in_plan *plan, const struct options *options, struct err *err)
{
    struct secret *text = NULL;
    plan->grant = OAUTH_PASSWORD;
    plan->person = true;
    if (!read_secret(options, OPT_CREDENTIAL, &text, err)) {
        return false;
    }
    bool good = credential_split(text, options_get(options, OPT_USER_PRINCIPAL_NAME), &plan->user, &plan->secret, err);
    secret_free(text);
    return good;
}

/* A browser on this machine where there is one that the person would see, else the code, which any browser takes. */
static bool plan_interactive(struct sign_in_plan *plan, const struct options *options, struct err *err)
{
    const char *wanted = options_get(options, OPT_SIGN_IN), *why = "";
    bool automatic = !*wanted || str_is_nocase(str_of(wanted), "auto");
    bool browser = automatic ? open_url_usable(&why) : str_is_nocase(str_of(wanted), "browser");
    (void)err;
    plan->person = true;
    plan->chosen = automatic;
    plan->why = why;
    plan->grant = browser ? OAUTH_BROWSER : OAUTH_DEVICE_CODE;
    return true;
}

static bool given(const struct options *options, enum option_id id)
{
    return *options_get(options, id) != '\0';
}

/* The order of auth.md section 11: what was made elsewhere, what a machine or an application holds, then people. An
   application's way never falls through to a prompt. */
static bool choose_way(struct sign_in_plan *plan, const struct options *options, struct err *err)
{
    if (given(options, OPT_ACCESS_TOKEN)) {
        return plan_given_token(plan, options, err);
    }
    if (options_on(options, OPT_MANAGED_IDENTITY)) {
        return plan_managed_identity(plan, options, err);
    }
    if (given(options, OPT_CERTIFICATE) || given(options, OPT_CERTIFICATE_FILE_PATH) || given(options, OPT_CERTIFICATE_THUMBPRINT)) {
        return plan_certificate(plan, options, err);
    }
    if (given(options, OPT_CLIENT_SECRET)) {
        return plan_client_secret(plan, options, err);
    }
    if (given(options, OPT_FEDERATED_TOKEN_FILE)) {
        return plan_federated(plan, options, err);
    }
    return given(options, OPT_CREDENTIAL) ? plan_password(plan, options, err) : plan_interactive(plan, options, err);
}

static void choose_resource(struct sign_in_plan *plan, const struct options *options)
{
    plan->resource = options_on(options, OPT_ENABLE_SEARCH_ONLY_SESSION) ? plan->cloud->search_resource : plan->cloud->scope_resource;
}

void sign_in_plan_use_cloud(struct sign_in_plan *plan, const struct options *options, const struct cloud *cloud)
{
    free(plan->authority);
    free(plan->tenant);
    free(plan->environment);
    free(plan->connection_uri);
    plan->cloud = cloud;
    choose_authority(plan, options);
    choose_address(plan, options);
    choose_resource(plan, options);
}

/* Names under onmicrosoft.com and its like tell their cloud themselves, and the demo tenant's are nobody else's. */
char *sign_in_plan_domain(const struct sign_in_plan *plan, const struct options *options)
{
    const char *at = strchr(plan->user, '@');
    const char *domain = at ? at + 1 : options_get(options, OPT_ORGANIZATION);
    bool tells = !plan->guessed;
    for (size_t i = 0; i < cloud_count(); i++) {
        tells = tells || (*cloud_at(i)->user_suffix && str_ends_nocase(str_of(domain), str_of(cloud_at(i)->user_suffix)));
    }
    return mem_text(tells ? "" : domain);
}

bool sign_in_plan_make(struct sign_in_plan *plan, const struct options *options, struct err *err)
{
    const char *app = options_get(options, OPT_APP_ID), *client = options_get(options, OPT_CLIENT_ID);
    *plan = (struct sign_in_plan){ 0 };
    plan->user = mem_text(options_get(options, OPT_USER_PRINCIPAL_NAME));
    plan->client_id = mem_text(*app ? app : client);
    if (!options_check(options, err) || !choose_way(plan, options, err) || !choose_cloud(plan, options, err)) {
        return false;
    }
    if (!plan->account) {
        plan->account = mem_text(plan->user);
    }
    choose_authority(plan, options);
    choose_address(plan, options);
    choose_resource(plan, options);
    if (!*plan->resource) {
        err_set(err, ERR_INPUT, "%s has no known search-only session.", plan->cloud->title);
        err_advise(err, "Leave -EnableSearchOnlySession out.");
        err_field(err, "EnableSearchOnlySession");
        return false;
    }
    return true;
}

void sign_in_plan_free(struct sign_in_plan *plan)
{
    char *texts[] = { plan->authority, plan->connection_uri, plan->user, plan->client_id, plan->account, plan->tenant,
                      plan->vault_uri, plan->warning, plan->environment };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        free(texts[i]);
    }
    secret_free(plan->secret);
    secret_free(plan->certificate_password);
    secret_free(plan->vault_token);
    client_certificate_free(plan->certificate);
    *plan = (struct sign_in_plan){ 0 };
}

struct token_key sign_in_plan_key(const struct sign_in_plan *plan, const char *claims)
{
    return (struct token_key){
        .environment = plan->environment,
        .client_id = *plan->client_id ? plan->client_id : "fb78d390-0c51-40cd-8e17-fdbfab77341b",
        .account = plan->account,
        .tenant = plan->tenant,
        .resource = plan->resource,
        .claims = claims ? claims : "",
    };
}
