#include "engine/sign_in_words.h"

#include <stdlib.h>

#include "auth/entra_errors.h"
#include "base/clock.h"
#include "base/mem.h"

/* What a code is about. Only codes that are about something which was typed in, or where the way chosen matters. */
enum subject { OF_NOTHING, OF_TENANT, OF_CLOUD, OF_APPLICATION, OF_CERTIFICATE, OF_SECRET, OF_USER, OF_PASSWORD, OF_CONSENT, OF_POLICY, OF_DEVICE };

static const struct { enum subject subject; int codes[16]; } subjects[] = {
    { OF_TENANT, { 90002, 900023, 90019, 50059, 50128, 50194 } },
    { OF_CLOUD, { 90038, 90043, 900384, 900432, 900382 } },
    { OF_APPLICATION, { 70001, 700016, 700011, 7000112, 65002, 7000218, 700025 } },
    { OF_CERTIFICATE, { 50012, 50013, 700027, 700030, 1000502 } },
    { OF_SECRET, { 70002, 7000215, 7000222 } },
    { OF_USER, { 16000, 16003, 50020, 50034, 51004, 50053, 50057, 50105, 90072 } },
    { OF_PASSWORD, { 50055, 50056, 50064, 50126, 50144, 50072, 50074, 50076, 50078, 50079, 50158 } },
    { OF_CONSENT, { 65001, 650056, 90094 } },
    { OF_POLICY, { 53003, 50131, 530032 } },
    { OF_DEVICE, { 53000, 53001, 530003, 50097, 50129, 50155, 50187 } },
};

static enum subject subject_of(int code)
{
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
        for (size_t k = 0; k < sizeof subjects[i].codes / sizeof *subjects[i].codes; k++) {
            if (code && subjects[i].codes[k] == code) {
                return subjects[i].subject;
            }
        }
    }
    return OF_NOTHING;
}

/* ---- beside which field ---- */

/* The first of them that was given. The environment is a field that always has a value. */
static const struct { enum subject subject; enum option_id options[4]; } fields[] = {
    { OF_TENANT, { OPT_DELEGATED_ORGANIZATION, OPT_ORGANIZATION, OPT_AZURE_AD_AUTHORIZATION_ENDPOINT_URI, OPT_USER_PRINCIPAL_NAME } },
    { OF_CLOUD, { OPT_CONNECTION_URI, OPT_CLOUD, OPT_CLOUD, OPT_CLOUD } },
    { OF_APPLICATION, { OPT_APP_ID, OPT_CLIENT_ID, OPT_CLIENT_ID, OPT_CLIENT_ID } },
    { OF_CERTIFICATE, { OPT_CERTIFICATE_FILE_PATH, OPT_CERTIFICATE_THUMBPRINT, OPT_CERTIFICATE, OPT_FEDERATED_TOKEN_FILE } },
    { OF_SECRET, { OPT_CLIENT_SECRET, OPT_CLIENT_SECRET, OPT_CLIENT_SECRET, OPT_CLIENT_SECRET } },
    { OF_USER, { OPT_USER_PRINCIPAL_NAME, OPT_CREDENTIAL, OPT_CREDENTIAL, OPT_CREDENTIAL } },
    { OF_PASSWORD, { OPT_CREDENTIAL, OPT_CREDENTIAL, OPT_CREDENTIAL, OPT_CREDENTIAL } },
};

static void name_field(enum subject subject, const struct options *options, struct err *err)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        for (size_t k = 0; fields[i].subject == subject && !*err->field && k < sizeof fields[i].options / sizeof *fields[i].options; k++) {
            enum option_id id = fields[i].options[k];
            if (*options_get(options, id) || id == OPT_CLOUD) {
                err_field(err, option_row(id)->name);
            }
        }
    }
}

/* ---- what to do ---- */

/* Which way the tenant forbids, and which it may allow (auth.md section 5). */
static const char *policy_advice(const struct sign_in_plan *plan)
{
    if (!plan->person) {
        return "The tenant forbids this to the application.";
    }
    switch (plan->grant) {
    case OAUTH_PASSWORD:
        return "The tenant forbids the password: try the browser (--sign-in browser) or a code (--sign-in device).";
    case OAUTH_BROWSER:
        return "The tenant forbids the browser from here; a code may be allowed (--sign-in device).";
    default:
        return "The tenant is likely to forbid the code: try the browser (--sign-in browser).";
    }
}

/* Of all ways only a browser shows which device it runs on. */
static const char *device_advice(const struct sign_in_plan *plan)
{
    switch (plan->grant) {
    case OAUTH_BROWSER:
        return "The tenant forbids the device of this browser: use one on a managed device, or sign in as an application.";
    case OAUTH_PASSWORD:
        return "Neither a password nor a code shows the device: use a browser on a managed one (--sign-in browser), or sign in as an application.";
    default:
        return "A code cannot show the device: use a browser on a managed one (--sign-in browser), or sign in as an application.";
    }
}

static void advise_policy(const char *advice, struct err *err)
{
    err_advise(err, "%s An administrator sees the policy in the sign-in logs, by the correlation id.", advice);
}

/* The page wants a tenant: where the authority names none, the user's domain does. */
static void advise_consent(const struct sign_in_plan *plan, struct err *err)
{
    struct token_key key = sign_in_plan_key(plan, NULL);
    const char *at = strchr(plan->user, '@'), *slash = strrchr(plan->authority, '/');
    bool general = str_is_nocase(str_of(plan->tenant), "organizations") || str_is_nocase(str_of(plan->tenant), "common");
    err_advise(err, "An administrator can consent at %.*s/%s/adminconsent?client_id=%s", (int)(slash - plan->authority), plan->authority,
               general && at ? at + 1 : plan->tenant, key.client_id);
}

char *sign_in_certificate(const struct sign_in_plan *plan)
{
    const struct client_certificate *certificate = plan->certificate;
    return certificate ? mem_format("%s (%s), from %s", certificate->thumbprint, certificate->subject, certificate->where) : mem_text("");
}

static void advise_certificate(const struct sign_in_plan *plan, struct err *err)
{
    char *certificate = sign_in_certificate(plan);
    if (*certificate) {
        err_advise(err, "This was the certificate %s. Compare it with those on the application's page in Entra, and upload its .cer there.", certificate);
    }
    free(certificate);
}

/* Nothing is known of it here; Microsoft has a page for every code. */
static void advise_unknown(const struct sign_in_plan *plan, int code, struct err *err)
{
    struct http_url parts;
    if (http_url_parse(plan->authority, &parts)) {
        err_advise(err, "What Microsoft says about it: https://%s/error?code=%d", parts.host, code);
    }
}

static void advise(const struct sign_in_plan *plan, enum subject subject, struct err *err)
{
    switch (subject) {
    case OF_POLICY:
        advise_policy(policy_advice(plan), err);
        break;
    case OF_DEVICE:
        advise_policy(device_advice(plan), err);
        break;
    case OF_CONSENT:
        advise_consent(plan, err);
        break;
    case OF_CERTIFICATE:
        advise_certificate(plan, err);
        break;
    default:
        break;
    }
}

void sign_in_explain(const struct sign_in_plan *plan, const struct options *options, struct err *err)
{
    int64_t number = 0;
    struct str code = str_of(err->code);
    if (!str_starts(code, STR("AADSTS")) || !str_to_int64(str_from(code, 6), 1, 99999999, &number)) {
        return;
    }
    const struct entra_error *known = entra_error_find((int)number);
    enum subject subject = subject_of((int)number);
    name_field(subject, options, err);
    if (!known && !*err->advice) {
        advise_unknown(plan, (int)number, err);
    } else if (known && str_is(str_of(err->advice), known->advice)) {
        advise(plan, subject, err);
    }
}

void sign_in_explain_given(const struct token *token, const char *resource, struct err *err)
{
    char when[21];
    if (token->expires_unix && token->expires_unix <= clock_unix()) {
        clock_iso(token->expires_unix, when);
        err_set(err, ERR_AUTH_REQUIRED, "The access token that was handed in ended at %s, and nothing can renew it.", when);
        err_advise(err, "Get a new one and connect with that.");
    } else {
        err_set(err, ERR_AUTH_REQUIRED, "The service does not take the access token that was handed in.");
        err_advise(err, "It may be for another service or tenant, or withdrawn: get a new one, with the scope %s/.default.", resource);
    }
    err_field(err, "AccessToken");
}

char *sign_in_end_of_given(const struct token *token, bool *soon)
{
    enum { SHORT_S = 600 };
    char when[9];
    int64_t left_s = token->expires_unix - clock_unix();
    *soon = left_s < SHORT_S;
    if (!token->expires_unix) {
        return mem_text("");
    }
    clock_hms(token->expires_unix, when);
    return mem_format("The token ends at %s, in %lld minutes, and nothing can renew it.", when, (long long)(left_s < 0 ? 0 : left_s / 60));
}

char *sign_in_precedence(const struct options *options)
{
    const char *delegated = options_get(options, OPT_DELEGATED_ORGANIZATION), *organization = options_get(options, OPT_ORGANIZATION);
    bool both = *delegated && *organization && !str_is_nocase(str_of(delegated), organization);
    return both ? mem_format("Both -DelegatedOrganization and -Organization are given: %s is used.", delegated) : mem_text("");
}
