/* The people of the demo tenant: one for each way in which a sign-in can end (auth.md sections 6 and 12). */
#include <stdlib.h>

#include "base/mem.h"
#include "demo/entra_internal.h"

#define PASSWORD "demo-password"

/* By the name before the @; everybody else of the tenant may simply sign in. browser: it stops the browser too. */
static const struct { const char *name, *error; int code; bool browser; const char *text; } troubles[] = {
    { "mfa", "interaction_required", 50076, false, "Due to a configuration change made by your administrator, you must use multi-factor authentication." },
    { "register", "interaction_required", 50079, false, "The user must enroll in multi-factor authentication." },
    { "locked", "invalid_grant", 50053, true, "The account is locked because of too many sign-in attempts." },
    { "expired", "invalid_grant", 50055, true, "The password is expired." },
    { "disabled", "invalid_grant", 50057, true, "The user account is disabled." },
    { "unknown", "invalid_grant", 50034, true, "The user account does not exist in the directory." },
    { "guest", "invalid_grant", 50020, true, "The user account of another identity provider does not exist in the tenant." },
    { "consent", "invalid_grant", 65001, true, "The user or administrator has not consented to use the application." },
    { "blocked", "interaction_required", 53003, true, "Access has been blocked by Conditional Access policies." },
    { "compliant", "interaction_required", 53000, true, "The device is required to be compliant." },
    { "joined", "interaction_required", 53001, true, "The device is not domain joined." },
    { "device", "interaction_required", 50097, true, "Device authentication is required." },
};

static struct str local_part(const char *user)
{
    struct str rest = str_of(user), name;
    str_cut(&rest, '@', &name);
    return name;
}

/* The domains that people of this tenant sign in with; federated.localhost is not among them, its passwords are
   checked elsewhere. */
static bool of_tenant(const char *user)
{
    static const char *const domains[] = { ("@" DEMO_TENANT), "@contoso.localhost", "@fabrikam.onmicrosoft.localhost" };
    for (size_t i = 0; i < sizeof domains / sizeof *domains; i++) {
        if (str_ends_nocase(str_of(user), str_of(domains[i]))) {
            return true;
        }
    }
    return false;
}

/* Known, but with a password that is checked elsewhere: without its hash here no password is right. */
static bool of_partner(const char *user)
{
    return str_ends_nocase(str_of(user), STR("@federated.localhost"));
}

/* An unknown name and a wrong password are told apart here as Entra does in the token endpoint's numbers. */
static size_t trouble_of(const char *user, bool browser)
{
    size_t at = 0;
    while (at < sizeof troubles / sizeof *troubles &&
           !(str_is_nocase(local_part(user), troubles[at].name) && (!browser || troubles[at].browser))) {
        at++;
    }
    return at;
}

/* A wrong password is told before any trouble of the account: who cannot prove to be the person learns nothing more
   about it. */
const char *entra_person_trouble(const char *user, const char *password, bool browser, int *code)
{
    size_t at = trouble_of(user, browser);
    *code = 0;
    if (!of_tenant(user) && !of_partner(user)) {
        *code = 50034;
        return "The user account does not exist in the directory.";
    }
    if (of_partner(user) || (password && strcmp(password, PASSWORD) != 0)) {
        *code = 50126;
        return "Error validating credentials due to invalid username or password.";
    }
    if (at < sizeof troubles / sizeof *troubles) {
        *code = troubles[at].code;
        return troubles[at].text;
    }
    return "";
}

/* The grants differ in their error word, the numbers do not: 50076 comes with interaction_required, a wrong password
   with invalid_grant (auth.md section 12). */
enum person_verdict entra_check_person(const char *user, const char *password, bool browser, struct demo_reply *reply)
{
    int code;
    const char *text = entra_person_trouble(user, password, browser, &code);
    size_t at = trouble_of(user, browser);
    if (!code) {
        return PERSON_GOOD;
    }
    bool known = at < sizeof troubles / sizeof *troubles && troubles[at].code == code;
    entra_refuse(reply, 400, known ? troubles[at].error : "invalid_grant", code, text);
    return PERSON_REFUSED;
}

/* auth.md section 6. Federated people get 50126, as they do without password hash synchronization. */
void entra_grant_password(struct entra *entra, const struct demo_request *request, const char *client_id, struct demo_reply *reply)
{
    char *user = form_text(request->body, "username"), *password = form_text(request->body, "password");
    char *scope = form_text(request->body, "scope");
    if (str_is_nocase(entra_path_tenant(request), "common")) {
        entra_refuse(reply, 400, "invalid_grant", 9001023, "The grant type is not supported over the /common endpoint.");
    } else if (!user || !password) {
        entra_refuse(reply, 400, "invalid_request", 900144, "The request body must contain the parameters 'username' and 'password'.");
    } else if (entra_check_person(user, password, false, reply) == PERSON_GOOD) {
        char *resource = entra_resource_of(scope ? scope : "", reply);
        if (resource) {
            entra_give_tokens(entra, &(struct giving){ request, client_id, user, resource, scope, NULL, false }, reply);
        }
        free(resource);
    }
    free(user);
    free(password);
    free(scope);
}

/* ---- whose password is checked where, and which hosts are Entra's (auth.md section 3) ---- */

static void answer_userrealm(const char *user, struct demo_reply *reply)
{
    struct str domain = str_of(user), name;
    struct json *answer = json_new_object();
    bool federated = of_partner(user);
    str_cut(&domain, '@', &name);
    char *domain_text = str_dup(domain);
    json_add_text(answer, "ver", "1.0");
    json_add_text(answer, "account_type", federated ? "Federated" : of_tenant(user) ? "Managed" : "Unknown");
    json_add_text(answer, "domain_name", domain_text);
    json_add_text(answer, "cloud_instance_name", "microsoftonline.localhost");
    json_add_text(answer, "cloud_audience_urn", "urn:federation:MicrosoftOnline");
    if (federated) {
        json_add_text(answer, "federation_protocol", "WSTrust");
        json_add_text(answer, "federation_metadata_url", "https://sts.federated.localhost/adfs/services/trust/mex");
        json_add_text(answer, "federation_active_auth_url", "https://sts.federated.localhost/adfs/services/trust/2005/usernamemixed");
    }
    reply_json(reply, 200, answer);
    free(domain_text);
}

/* Foreign hosts get invalid_instance with HTTP 400, which tells a private authority from a mistyped one (auth.md
   section 3). */
static void answer_instance(struct demo *demo, const struct demo_request *request, struct demo_reply *reply)
{
    char *endpoint = form_text(str_of(request->query), "authorization_endpoint");
    char *own = mem_format("https://" DEMO_LOGIN_HOST ":%d/", demo->config.port);
    bool ours = endpoint && str_starts_nocase(str_of(endpoint), str_of(own));
    if (ours) {
        struct json *answer = json_new_object(), *metadata = json_new_array(), *entry = json_new_object(), *aliases = json_new_array();
        char *discovery = mem_format("%sorganizations/v2.0/.well-known/openid-configuration", own);
        char *host = mem_format(DEMO_LOGIN_HOST ":%d", demo->config.port);
        json_add_text(answer, "tenant_discovery_endpoint", discovery);
        json_add_text(answer, "api-version", "1.1");
        json_add_text(entry, "preferred_network", host);
        json_add_text(entry, "preferred_cache", host);
        json_add_text(aliases, NULL, host);
        json_add(entry, "aliases", aliases);
        json_add(metadata, NULL, entry);
        json_add(answer, "metadata", metadata);
        reply_json(reply, 200, answer);
        free(discovery);
        free(host);
    } else {
        entra_refuse(reply, 400, "invalid_instance", 50049, "Unknown or invalid instance.");
    }
    free(endpoint);
    free(own);
}

bool entra_answer_realm(struct demo *demo, const struct demo_request *request, struct str rest, struct demo_reply *reply)
{
    if (str_starts_nocase(rest, STR("userrealm/"))) {
        char *user = str_dup(str_from(rest, strlen("userrealm/")));
        answer_userrealm(user, reply);
        free(user);
        return true;
    }
    if (str_is_nocase(rest, "discovery/instance")) {
        answer_instance(demo, request, reply);
        return true;
    }
    return false;
}
