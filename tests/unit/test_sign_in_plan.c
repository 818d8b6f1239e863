/* From options to a plan: which sign-in service is asked, and whose tokens it gets to see. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "engine/sign_in_plan.h"

static void plan_for(struct sign_in_plan *plan, const char *authority, bool trusted)
{
    struct options *options = MEM_NEW(struct options);
    struct err err = { 0 };
    options_init(options);
    options_set(options, OPT_USER_PRINCIPAL_NAME, STR("adele@contoso.com"));
    options_set(options, OPT_AZURE_AD_AUTHORIZATION_ENDPOINT_URI, str_of(authority ? authority : ""));
    options_set(options, OPT_TRUST_AUTHORITY, trusted ? STR("true") : STR(""));
    if (!sign_in_plan_make(plan, options, &err)) {
        fail_msg("%s: %s", authority ? authority : "no authority", err.text);
    }
    options_free(options);
    free(options);
}

/* A refresh token of Microsoft's must never be sent to a service that the person merely trusts to sign in at. */
static void a_trusted_service_sees_its_own_tokens_only(void **state)
{
    static const struct { const char *authority, *environment; bool trusted; } cases[] = {
        { NULL, "login.microsoftonline.com", false },
        { "https://login.windows.net/common", "login.microsoftonline.com", false },
        { "https://login.microsoftonline.us/organizations", "login.microsoftonline.us", false },
        { "https://login.microsoftonline.com/contoso.com", "login.microsoftonline.com", true },
        { "https://as.example.org/contoso.com", "as.example.org:443", true },
        { "https://as.example.org:8443/contoso.com", "as.example.org:8443", true },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sign_in_plan plan;
        plan_for(&plan, cases[i].authority, cases[i].trusted);
        assert_string_equal(sign_in_plan_key(&plan, NULL).environment, cases[i].environment);
        sign_in_plan_free(&plan);
    }
}

/* Nothing may be sent, least of all a password, when the addresses are of two clouds. */
static void clouds_that_differ_are_refused(void **state)
{
    static const char ww[] = "https://ps.compliance.protection.outlook.com/powershell-liveid/", us[] = "https://ps.compliance.protection.office365.us/",
                      dod[] = "https://compliance.dod.microsoft.com/powershell-liveid", login_ww[] = "https://login.microsoftonline.com/organizations",
                      login_us[] = "https://login.microsoftonline.us/organizations";
    static const struct { const char *cloud, *uri, *authority, *field; } cases[] = {
        { "gcc-high", "", login_ww, "AzureADAuthorizationEndpointUri" }, { "gcc-high", "", login_us, NULL }, { "dod", ww, "", "ConnectionUri" },
        { "dod", us, "", NULL }, { "worldwide", "", login_us, "AzureADAuthorizationEndpointUri" }, { "", ww, login_us, "AzureADAuthorizationEndpointUri" },
        { "", dod, login_us, NULL }, { "dod", dod, "", NULL }, { "21vianet", "", "", NULL },
    };
    static const char *const trusts[] = { "", "true" };     /* trusting a service makes no host of Microsoft's another cloud's */
    (void)state;
    for (size_t n = 0; n < 2 * sizeof cases / sizeof *cases; n++) {
        struct options *options = MEM_NEW(struct options);
        struct sign_in_plan plan;
        struct err err = { 0 };
        size_t i = n / 2;
        options_init(options);
        options_set(options, OPT_TRUST_AUTHORITY, str_of(trusts[n % 2]));
        options_set(options, OPT_CLOUD, str_of(cases[i].cloud));
        options_set(options, OPT_CONNECTION_URI, str_of(cases[i].uri));
        options_set(options, OPT_AZURE_AD_AUTHORIZATION_ENDPOINT_URI, str_of(cases[i].authority));
        bool good = sign_in_plan_make(&plan, options, &err);
        if (good != !cases[i].field || (!good && (strcmp(err.field, cases[i].field) != 0 || err.kind != ERR_INPUT || !*err.advice))) {
            fail_msg("%s %s %s: %s", cases[i].cloud, cases[i].uri, cases[i].authority, err.text);
        }
        sign_in_plan_free(&plan);
        options_free(options);
        free(options);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trusted_service_sees_its_own_tokens_only),
        cmocka_unit_test(clouds_that_differ_are_refused),
    };
    return cmocka_run_group_tests_name("sign_in_plan", tests, NULL, NULL);
}
