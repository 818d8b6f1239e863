/* What a refusal means for the sign-in that was refused: beside which field it stands, and what to do about it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "auth/entra_errors.h"
#include "engine/sign_in_words.h"

static const struct cloud *cloud(void)
{
    return cloud_by_name("worldwide");
}

static char nothing[] = "", general[] = "https://login.microsoftonline.com/organizations", organizations[] = "organizations", user[] = "a@contoso.com";

static struct sign_in_plan plan_of(enum oauth_grant grant, bool person)
{
    return (struct sign_in_plan){
        .cloud = cloud(), .grant = grant, .person = person, .user = nothing, .client_id = nothing, .authority = nothing, .tenant = nothing,
    };
}

/* The refusal as the service would have sent it. */
static struct err refused(const struct sign_in_plan *plan, const struct options *options, int code)
{
    static char text[64];
    struct err err = { 0 };
    snprintf(text, sizeof text, "AADSTS%d: Something.", code);
    entra_error_from_texts(&err, "invalid_grant", text);
    sign_in_explain(plan, options, &err);
    return err;
}

static void each_is_told_beside_its_field(void **state)
{
    static const struct { int code; enum option_id given; const char *field; } cases[] = {
        { 90002, OPT_ORGANIZATION, "Organization" },
        { 90002, OPT_DELEGATED_ORGANIZATION, "DelegatedOrganization" },
        { 90002, OPT_USER_PRINCIPAL_NAME, "UserPrincipalName" },
        { 700016, OPT_APP_ID, "AppId" },
        { 700016, OPT_CLIENT_ID, "client-id" },
        { 700027, OPT_CERTIFICATE_FILE_PATH, "CertificateFilePath" },
        { 700027, OPT_CERTIFICATE_THUMBPRINT, "CertificateThumbprint" },
        { 1000502, OPT_CERTIFICATE, "Certificate" },
        { 700024, OPT_CERTIFICATE, "" },
        { 7000215, OPT_CLIENT_SECRET, "client-secret" },
        { 50126, OPT_CREDENTIAL, "Credential" },
        { 50034, OPT_USER_PRINCIPAL_NAME, "UserPrincipalName" },
        { 50126, OPT_USER_PRINCIPAL_NAME, "" },         /* typed into a browser: no field of ours */
        { 90038, OPT_USER_PRINCIPAL_NAME, "cloud" },
        { 99999, OPT_USER_PRINCIPAL_NAME, "" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sign_in_plan plan = plan_of(OAUTH_PASSWORD, true);
        struct options options;
        options_init(&options);
        options_set(&options, cases[i].given, STR("x"));
        struct err err = refused(&plan, &options, cases[i].code);
        assert_string_equal(err.field, cases[i].field);
        options_free(&options);
    }
}

static void the_way_that_is_forbidden_is_named(void **state)
{
    static const struct { enum oauth_grant grant; bool person; int code; const char *advice; } cases[] = {
        { OAUTH_DEVICE_CODE, true, 53003, "forbid the code: try the browser" },
        { OAUTH_BROWSER, true, 53003, "a code may be allowed (--sign-in device)" },
        { OAUTH_PASSWORD, true, 53003, "forbids the password" },
        { OAUTH_CERTIFICATE, false, 53003, "to the application" },
        { OAUTH_DEVICE_CODE, true, 53000, "A code cannot show the device" },
        { OAUTH_BROWSER, true, 53001, "use one on a managed device" },
        { OAUTH_PASSWORD, true, 50097, "Neither a password nor a code" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sign_in_plan plan = plan_of(cases[i].grant, cases[i].person);
        struct options options;
        options_init(&options);
        struct err err = refused(&plan, &options, cases[i].code);
        assert_non_null(strstr(err.advice, cases[i].advice));
        assert_non_null(strstr(err.advice, "sign-in logs, by the correlation id."));
        options_free(&options);
    }
}

static void addresses_can_be_followed(void **state)
{
    struct sign_in_plan plan = plan_of(OAUTH_DEVICE_CODE, true);
    struct options options;
    (void)state;
    options_init(&options);
    plan.authority = general;
    plan.tenant = organizations;
    plan.user = user;
    struct err err = refused(&plan, &options, 65001);
    assert_string_equal(err.advice, "An administrator can consent at https://login.microsoftonline.com/contoso.com/adminconsent?client_id="
                                    "fb78d390-0c51-40cd-8e17-fdbfab77341b");
    err = refused(&plan, &options, 123456);
    assert_string_equal(err.text, "AADSTS123456: Something.");
    assert_string_equal(err.advice, "What Microsoft says about it: https://login.microsoftonline.com/error?code=123456");
    options_free(&options);
}

static void the_certificate_is_named_with_its_place(void **state)
{
    struct client_certificate certificate = { .thumbprint = "ABCDEF", .subject = "CN=ops", .where = "the PKCS#11 token ops" };
    struct sign_in_plan plan = plan_of(OAUTH_CERTIFICATE, false);
    struct options options;
    (void)state;
    options_init(&options);
    plan.certificate = &certificate;
    struct err err = refused(&plan, &options, 700027);
    assert_non_null(strstr(err.advice, "This was the certificate ABCDEF (CN=ops), from the PKCS#11 token ops."));
    /* A clock that is wrong says more than the code does. */
    entra_error_from_texts(&err, "invalid_client", "AADSTS700027: Something.");
    err_advise(&err, "This machine's clock is wrong.");
    sign_in_explain(&plan, &options, &err);
    assert_string_equal(err.advice, "This machine's clock is wrong.");
    options_free(&options);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_told_beside_its_field),
        cmocka_unit_test(the_way_that_is_forbidden_is_named),
        cmocka_unit_test(addresses_can_be_followed),
        cmocka_unit_test(the_certificate_is_named_with_its_place),
    };
    return cmocka_run_group_tests_name("sign_in_words", tests, NULL, NULL);
}
