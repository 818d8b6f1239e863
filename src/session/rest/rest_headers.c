/* What Microsoft's module sends with its requests (rest.md section 3), name by name: some cmdlets behave by the
   module's version, and the service routes by the anchor. Authorization and Accept-Encoding are net/http's business. */
#include "session/rest/rest_session.h"

#include "base/mem.h"

/* Any local part routes; this one is what applications are known to use (rest.md section 1.1). */
static const char system_mailbox[] = "UPN:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}";

/* The service checks it for some cmdlets: compliance searches want 3.9.0 or later (rest.md section 8). */
static const char module_version[] = "3.9.2";

static void add(struct http_request *request, const char *name, const char *value)
{
    size_t i = 0;
    while (i < HTTP_MAX_HEADERS && request->headers[i].name)
        i++;
    if (i < HTTP_MAX_HEADERS)
        request->headers[i] = (struct http_header){ name, value };
}

char *rest_headers_anchor(const struct session_config *config)
{
    if (!config->app_only && !config->bypass_anchoring && !config->delegated && config->upn[0])
        return mem_format("UPN:%s", config->upn);
    /* Only a domain of the organization routes, a GUID does not; a person's own will do (section 1.1). Without one the service
       decides by the token alone. */
    struct str domain = str_of(config->app_only || config->delegated ? "" : config->upn), user;
    bool known = str_cut(&domain, '@', &user) && domain.len > 0;
    if (config->organization[0])
        return mem_format("%s@%s", system_mailbox, config->organization);
    return known ? mem_format("%s@%.*s", system_mailbox, STR_ARG(domain)) : mem_text("");
}

/* The same on every request, in the order of Microsoft's client, so that a trace can be laid beside one of its own. */
static void add_common(const struct rest_session *session, const char *client_request_id, struct http_request *request)
{
    add(request, "Accept", "application/json");
    add(request, "Accept-Charset", "UTF-8");
    add(request, "Accept-Language", session->config.locale);
    add(request, "client-request-id", client_request_id);
    add(request, "connection-id", session->connection_id.text);
    if (session->anchor[0])
        add(request, "X-AnchorMailbox", session->anchor);
    add(request, "X-ClientModuleVersion", module_version);
    add(request, "X-ClientApplication", "ExoManagementModule");
}

void rest_headers_connect(const struct rest_session *session, const char *client_request_id,
                          struct http_request *request)
{
    add_common(session, client_request_id, request);
    add(request, "CommandName", session->config.command_names[0] ? session->config.command_names : "*");
    add(request, "ps-version", "7.4.6");
    add(request, "exomodule-version", module_version);
    add(request, "is-cloud-shell-environment", "False");
    add(request, "X-InitializeConnectionContextObjectIdDynamic", "true");
}

void rest_headers_run(const struct rest_session *session, const struct rest_run_headers *run,
                      struct http_request *request)
{
    add_common(session, run->client_request_id, request);
    add(request, "Content-Type", "application/json");
    add(request, "X-CmdletName", run->cmdlet);
    add(request, "Prefer", run->prefer);
    add(request, "X-ResponseFormat", "json");
    add(request, "X-SerializationLevel", "Partial");
    add(request, "WarningAction", run->warning_action);
}
