#include "auth/entra_errors.h"

#include <stdio.h>
#include <stdlib.h>

/* Sorted by code. Meaning and advice in our own words; facts from auth.md section 12. */
static const struct entra_error table[] = {
    { 16000, "The account that is signed in is not known in this tenant.", "Choose another account, or check the tenant." },
    { 16003, "This user is not known in the tenant.", "Check the spelling, the tenant and DelegatedOrganization." },
    { 28002, "The permission asked for is not valid here.", "Check the environment (--cloud)." },
    { 50001, "The service is not known in this tenant.", "Check the environment; the tenant may have no Exchange or Purview." },
    { 50011, "The application does not allow this redirect address.", "For an application of your own: add http://localhost under Mobile and desktop." },
    { 50012, "The proof of the application was not accepted.", "Compare the certificate with the ones uploaded to the application." },
    { 50013, "The proof of the application was not accepted.", "Compare the certificate with the ones uploaded to the application." },
    { 50020, "This account belongs to another tenant or provider.", "Check the tenant, or have the account invited as a guest." },
    { 50033, "The sign-in service is busy.", "Try again in a moment." },
    { 50034, "There is no such user in this tenant.", "Check the user name and the tenant." },
    { 50053, "The account is locked after too many tries, or this address is blocked.", "Wait, or have it unlocked; trying again makes it worse." },
    { 50055, "The password has expired.", "Change it in a browser first." },
    { 50056, "User name or password is wrong.", "Type them again." },
    { 50057, "The account is disabled.", "Ask an administrator of the tenant." },
    { 50058, "Nobody is signed in that could be used silently.", "Sign in again." },
    { 50059, "It is not clear which tenant is meant.", "Give the user name, -Organization, or an authority with the tenant in it." },
    { 50064, "User name or password is wrong.", "Type them again." },
    { 50072, "A second factor has to be registered first.", "Register it in a browser, at https://aka.ms/mysecurityinfo." },
    { 50074, "A second factor is needed.", "Sign in with the browser or a device code, not with a password alone." },
    { 50076, "A second factor is needed.", "Sign in with the browser or a device code, not with a password alone." },
    { 50078, "The second factor was given too long ago.", "Sign in again." },
    { 50079, "A second factor has to be registered first.", "Register it in a browser, at https://aka.ms/mysecurityinfo." },
    { 50097, "A registered device is needed.", "Sign in from a browser on such a device, or as an application." },
    { 50105, "The user is not assigned to the application.", "An administrator can assign it under Enterprise applications." },
    { 50125, "The password is being reset.", "Finish that in a browser, then sign in again." },
    { 50126, "User name or password is wrong.", "Type them again; accounts of another sign-in system need the browser." },
    { 50127, "The tenant allows only approved applications.", "Ask for an exception, or sign in another way." },
    { 50128, "It is not clear which tenant is meant.", "Give -Organization, or an authority with the tenant in it." },
    { 50129, "The device is not registered.", "Sign in from a registered device, or as an application." },
    { 50131, "A Conditional Access policy of the tenant said no.", "An administrator sees the reason in the sign-in logs, by the correlation id." },
    { 50132, "The sign-in is no longer valid: the password was changed.", "Sign in again." },
    { 50133, "The sign-in is no longer valid: the password was changed.", "Sign in again." },
    { 50134, "The code was approved from another data centre.", "Start the sign-in again." },
    { 50140, "The sign-in page still waits for an answer.", "Finish it in the browser." },
    { 50144, "The password of the local directory has expired.", "Change it first." },
    { 50155, "The device could not be recognized.", "Sign in from a registered device, or as an application." },
    { 50158, "A check outside Entra is still open.", "Finish it in the browser." },
    { 50161, "A check outside Entra is still open.", "Finish it in the browser." },
    { 50173, "The sign-in was revoked.", "Sign in again." },
    { 50187, "The device could not prove itself.", "Sign in from a registered device, or as an application." },
    { 50194, "This application only knows one tenant.", "Give that tenant's authority." },
    { 50196, "The service saw the same request too often.", "Wait a few minutes. If it stays, report it: purvey should not do that." },
    { 50199, "The sign-in page still waits for an answer.", "Finish it in the browser." },
    { 51004, "This user is not known in the tenant.", "Check the user name and the tenant." },
    { 53000, "The device has to be compliant.", "A device code cannot show that: sign in as an application, or from a browser on such a device." },
    { 53001, "The device has to be joined to the domain.", "A device code cannot show that: sign in as an application, or from a browser on such a device." },
    { 53002, "The tenant allows only approved applications.", "Ask for an exception, or sign in another way." },
    { 53003, "A Conditional Access policy of the tenant blocks this sign-in.", "An administrator sees the policy in the sign-in logs." },
    { 53004, "Registration of a second factor is blocked because of a risk.", "An administrator has to clear the risk." },
    { 53010, "Registration of a second factor is blocked from here.", "Register from a place that the tenant trusts." },
    { 53011, "The user is blocked because of a risk at home.", "An administrator of the home tenant has to clear it." },
    { 54005, "The code was used already.", "Sign in again." },
    { 65001, "Nobody has consented to this application in the tenant yet.", "An administrator can consent at /adminconsent of the tenant." },
    { 65002, "This application of Microsoft may not call the service.", "Use the default client id, or one of your own." },
    { 65004, "The consent was declined.", "Sign in again and accept." },
    { 70000, "The sign-in is no longer valid.", "Sign in again." },
    { 70001, "The application is not known or is disabled in the tenant.", "Check the application id, the tenant and the environment." },
    { 70002, "The client secret is wrong.", "Check the secret." },
    { 70008, "The sign-in has expired.", "Sign in again." },
    { 70011, "The permission asked for is not valid.", "Check the environment (--cloud)." },
    { 70016, "The sign-in waits for the code to be typed.", "" },
    { 70018, "The code is not known.", "Start the sign-in again for a new code." },
    { 70019, "The code has expired.", "Start the sign-in again for a new code." },
    { 70043, "The tenant asks for a new sign-in from time to time, and it is time.", "Sign in again." },
    { 90002, "There is no such tenant.", "Check the spelling of the domain; it may also live in another environment (--cloud)." },
    { 90006, "The sign-in service has trouble.", "Try again in a moment." },
    { 90012, "The sign-in service did not answer itself in time.", "Try again in a moment." },
    { 90014, "The request lacked something.", "Report it with the ids: purvey should not do that." },
    { 90019, "It is not clear which tenant is meant.", "Give -Organization, or an authority with the tenant in it." },
    { 90023, "The request was not understood.", "Report it with the ids: purvey should not do that." },
    { 90024, "The sign-in service is busy.", "Try again in a moment." },
    { 90033, "The sign-in service is busy.", "Try again in a moment." },
    { 90038, "The tenant lives in another environment.", "Choose the right one with --cloud." },
    { 90043, "The tenant lives in another environment.", "Choose the right one with --cloud." },
    { 90072, "The user cannot meet this tenant's rules: no guest here.", "Get invited, or sign in at the home tenant." },
    { 90094, "Only an administrator may consent to this application.", "Ask one to consent at /adminconsent of the tenant." },
    { 90095, "An administrator has to consent, and was asked.", "Try again when the request was granted." },
    { 90099, "The application is not authorized in the customer's tenant.", "Consent to it through Partner Center (GDAP)." },
    { 500011, "The service is not known in this tenant.", "Check the environment; the tenant may have no Exchange or Purview." },
    { 500113, "The application has no redirect address.", "For an application of your own: add http://localhost under Mobile and desktop." },
    { 500133, "The proof is out of its time.", "Set this machine's clock (NTP)." },
    { 500208, "This kind of account may not sign in here.", "Use a work or school account." },
    { 500212, "The home tenant does not let this user go to the other tenant.", "Ask the home tenant's administrator." },
    { 500213, "The target tenant does not let this user in.", "Ask the target tenant's administrator." },
    { 501481, "The two halves of the sign-in do not fit together.", "Sign in again, one sign-in at a time." },
    { 530003, "The device has to be managed.", "Sign in from a managed device, or as an application." },
    { 530032, "A Conditional Access policy of the tenant blocks this sign-in.", "An administrator sees the policy in the sign-in logs." },
    { 530034, "A delegated administrator is blocked because of a risk.", "An administrator of the home tenant has to clear it." },
    { 530035, "Security defaults of the tenant block this kind of sign-in.", "Use the device code with a second factor." },
    { 650052, "The tenant has no licence for the service.", "Check the tenant's subscriptions." },
    { 650056, "Consent is missing or the application is set up wrongly.", "An administrator can consent at /adminconsent of the tenant." },
    { 650057, "The application does not list the service.", "Add the API permission to the application." },
    { 700003, "The device is no longer registered.", "Join the device again." },
    { 700005, "The code was redeemed at another tenant.", "Sign in again; report it if it stays." },
    { 700011, "The application is not known in this tenant.", "Check the application id and the tenant." },
    { 700016, "The application is not known in this tenant.", "Check the application id, the tenant and the environment; an administrator may have to consent." },
    { 700024, "The proof is out of its time.", "Set this machine's clock (NTP)." },
    { 700025, "A public application must not send a secret.", "Leave the secret out." },
    { 700027, "The certificate is none of the application's, or its signature was not accepted.", "Upload the certificate to the application, or use the one that is there." },
    { 700030, "The certificate's subject is not allowed.", "Check the application's trusted names." },
    { 700082, "The sign-in was not used for too long.", "Sign in again." },
    { 700084, "The sign-in has expired.", "Sign in again." },
    { 900023, "There is no such tenant.", "Check the spelling of the tenant." },
    { 900144, "The request lacked something.", "Report it with the ids: purvey should not do that." },
    { 900382, "The tenant lives in another environment.", "Choose the right one with --cloud." },
    { 900384, "The tenant lives in another environment.", "Choose the right one with --cloud." },
    { 900432, "The tenant lives in another environment.", "Choose the right one with --cloud." },
    { 900561, "The sign-in page was asked in the wrong way.", "Start the sign-in again." },
    { 1000502, "The certificate has expired or is not valid yet.", "Renew it and upload the new one to the application." },
    { 1002012, "The permission asked for is not valid for an application.", "Check the environment (--cloud)." },
    { 7000112, "The application is disabled in this tenant.", "An administrator can enable it under Enterprise applications." },
    { 7000215, "The client secret is wrong.", "Give the secret's value, not its id." },
    { 7000218, "The application may not sign in without a credential.", "Switch on Allow public client flows in the application." },
    { 7000222, "The client secret has expired.", "Make a new one." },
    { 9001023, "This kind of sign-in does not work at /common.", "Use /organizations or the tenant's own authority." },
    { 9002313, "The request was not understood.", "Report it with the ids: purvey should not do that." },
};

static int compare(const void *key, const void *row)
{
    int code = *(const int *)key, other = ((const struct entra_error *)row)->code;
    return (code > other) - (code < other);
}

const struct entra_error *entra_error_find(int code)
{
    return bsearch(&code, table, sizeof table / sizeof *table, sizeof *table, compare);
}

/* Errors of the standards (RFC 6749, RFC 8707, OpenID Connect): a sign-in service that is not Entra sends no numbers. */
static const struct { const char *error, *meaning, *advice; } standard[] = {
    { "access_denied", "The sign-in was refused or declined.", "Start again, or ask an administrator of the tenant." },
    { "account_selection_required", "It is not clear which account is meant.", "Sign in again and choose one." },
    { "consent_required", "Nobody has consented to this application yet.", "Sign in with the browser and consent, or ask an administrator to." },
    { "interaction_required", "The sign-in service wants to ask the person something.", "Sign in with the browser or a device code." },
    { "invalid_client", "The proof of the application was not accepted.", "Compare its certificate or secret with what is registered." },
    { "invalid_grant", "What the sign-in was made with is wrong, or good no longer.", "Check user name and password, or sign in again." },
    { "invalid_request", "The request was not understood.", "If it stays like this, report it: purvey should not do that." },
    { "invalid_resource", "The service is not known in this tenant.", "Check the environment (--cloud)." },
    { "invalid_scope", "The permission asked for is not valid here.", "Check the environment (--cloud)." },
    { "invalid_target", "The service is not known in this tenant.", "Check the environment (--cloud)." },
    { "invalid_tenant", "There is no such tenant.", "Check the spelling of the domain; it may also live in another environment (--cloud)." },
    { "login_required", "Nobody is signed in that could be used silently.", "Sign in again." },
    { "server_error", "The sign-in service met an error of its own.", "Try again in a moment." },
    { "temporarily_unavailable", "The sign-in service is busy.", "Try again in a moment." },
    { "unauthorized_client", "The application may not sign in this way.", "Sign in in another way, or have this one allowed for the application." },
    { "unsupported_grant_type", "The sign-in service does not know this way to sign in.", "Sign in in another way: browser, device code or certificate." },
};

/* The number: of error_codes, else of the text (AADSTSnnnnn). */
static int code_of(const struct json *answer, const char *description)
{
    int64_t number = 0;
    const char *at = strstr(description, "AADSTS");
    if (json_int64(json_first(json_get(answer, "error_codes")), &number) && number > 0 && number < 100000000) {
        return (int)number;
    }
    size_t digits = at ? strspn(at + 6, "0123456789") : 0;
    return at && str_to_int64((struct str){ at + 6, digits }, 1, 99999999, &number) ? (int)number : 0;
}

/* The useful part of the service's own text: one line, without the code and the ids that follow. */
static struct str own_text(const char *description)
{
    struct str text = str_of(description), line;
    str_cut(&text, '\r', &line);
    struct str first = line;
    str_cut(&first, '\n', &line);
    const char *ids = memmem(line.data, line.len, " Trace ID:", 10);
    return str_trim(ids ? str_take(line, (size_t)(ids - line.data)) : line);
}

/* The kind follows `error`, never the number: Microsoft warns that numbers and texts change (auth.md section 3). */
static enum err_kind kind_of(const char *error, int status)
{
    if (status == 429) {
        return ERR_THROTTLED;
    }
    if (status >= 500 || strcmp(error, "temporarily_unavailable") == 0 || strcmp(error, "server_error") == 0) {
        return ERR_SERVER;
    }
    bool person = str_ends_nocase(str_of(error), STR("_required")) || strcmp(error, "invalid_grant") == 0;
    return person ? ERR_AUTH_REQUIRED : ERR_AUTH_DENIED;
}

/* What Microsoft's support asks for; another sign-in service has no such ids. */
static void set_ids(struct err *err, const struct json *answer)
{
    char ids[sizeof err->correlation];
    if (!json_get(answer, "correlation_id") && !json_get(answer, "trace_id")) {
        return;
    }
    snprintf(ids, sizeof ids, "correlation %.64s trace %.64s at %.40s", json_cstr(json_get(answer, "correlation_id"), "-"),
             json_cstr(json_get(answer, "trace_id"), "-"), json_cstr(json_get(answer, "timestamp"), "-"));
    err_correlation(err, ids);
}

/* A number that the table lacks stays as it came; the page of it is named where the sign-in's host is known. */
static void describe_unknown(struct err *err, enum err_kind kind, const char *error, struct str own, int code)
{
    size_t at = 0, count = sizeof standard / sizeof *standard;
    while (at < count && strcmp(error, standard[at].error) != 0) {
        at++;
    }
    if (!code && at < count) {
        err_set(err, kind, "%s (%.*s)", standard[at].meaning, STR_ARG(own.len ? own : str_of(error)));
        err_advise(err, "%s", standard[at].advice);
    } else {
        err_set(err, kind, "%.*s", STR_ARG(own.len ? own : str_of(error)));
    }
}

/* Both texts are the service's. An unknown code is shown as it came (auth.md section 12). */
static void describe(struct err *err, int status, const char *error, const char *description, int code)
{
    const struct entra_error *known = entra_error_find(code);
    struct str own = str_take(own_text(description), 500);
    char name[64];
    if (known) {
        err_set(err, kind_of(error, status), "%s (%.*s)", known->meaning, STR_ARG(own.len ? own : str_of(error)));
        err_advise(err, "%s", known->advice);
    } else {
        describe_unknown(err, kind_of(error, status), error, own, code);
    }
    snprintf(name, sizeof name, "AADSTS%d", code);
    err_code(err, code ? name : error);
}

void entra_error_from_texts(struct err *err, const char *error, const char *description)
{
    enum { NO_STATUS = 0 };
    describe(err, NO_STATUS, error, description, code_of(NULL, description));
}

void entra_error_from_answer(struct err *err, int status, struct str body)
{
    struct json *answer = json_parse(body, NULL);
    const char *error = json_cstr(json_get(answer, "error"), "");
    if (*error) {
        const char *description = json_cstr(json_get(answer, "error_description"), "");
        describe(err, status, error, description, code_of(answer, description));
        set_ids(err, answer);
    } else {
        bool passing = status >= 500 || status == 429;
        err_set(err, status >= 500 ? ERR_SERVER : status == 429 ? ERR_THROTTLED : ERR_PROTOCOL,
                "The sign-in service answered with status %d and nothing that can be read.", status);
        err_advise(err, passing ? "Try again in a moment." : "Check the sign-in address; a proxy may be answering in its place.");
    }
    json_free(answer);
}
