/* The table of clouds: each fact as the contract has it, and looking up by host, alias and user. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "auth/cloud.h"
#include "auth/cloud_discovery.h"

static void has_the_facts(void **state)
{
    static const struct { const char *name, *front_door, *suffix, *authority, *scope, *user; } rows[] = {
        { "worldwide", "ps.compliance.protection.outlook.com", "ps.compliance.protection.outlook.com",
          "login.microsoftonline.com", "https://ps.compliance.protection.outlook.com", "onmicrosoft.com" },
        { "gcc-high", "ps.compliance.protection.office365.us", "ps.compliance.protection.office365.us",
          "login.microsoftonline.us", "https://ps.compliance.protection.office365.us", "onmicrosoft.us" },
        { "dod", "l5.ps.compliance.protection.office365.us", "ps.compliance.protection.office365.us",
          "login.microsoftonline.us", "https://ps.compliance.protection.office365.us", "" },
        { "21vianet", "ps.compliance.protection.partner.outlook.cn", "ps.compliance.protection.partner.outlook.cn",
          "login.chinacloudapi.cn", "https://ps.compliance.protection.partner.outlook.cn", "partner.onmschina.cn" },
        { "demo", "ps.compliance.protection.outlook.localhost", "ps.compliance.protection.outlook.localhost",
          "login.microsoftonline.localhost", "https://ps.compliance.protection.outlook.localhost", "localhost" },
    };
    (void)state;
    assert_int_equal(cloud_count(), sizeof rows / sizeof *rows);
    for (size_t i = 0; i < cloud_count(); i++) {
        const struct cloud *cloud = cloud_at(i);
        assert_string_equal(cloud->name, rows[i].name);
        assert_string_equal(cloud->front_door, rows[i].front_door);
        assert_string_equal(cloud->region_suffix, rows[i].suffix);
        assert_string_equal(cloud->authority_hosts[0], rows[i].authority);
        assert_string_equal(cloud->scope_resource, rows[i].scope);
        assert_string_equal(cloud->user_suffix, rows[i].user);
        assert_true(*cloud->title);
    }
    assert_null(cloud_at(cloud_count()));
}

/* auth.md section 3: not which host answers, but what the region scope says. */
static void region_scopes_name_the_cloud(void **state)
{
    static const struct { const char *scope, *sub, *cloud; } cases[] = {
        { "WW", "", "worldwide" }, { "EU", "", "worldwide" }, { "NA", "GCC", "worldwide" }, { "USGov", "GCC", "worldwide" },
        { "USGov", "DODCON", "gcc-high" }, { "USG", "", "gcc-high" }, { "USGov", "DOD", "dod" }, { "DOD", "", "dod" },
        { "CN", "", "21vianet" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(cloud_by_region_scope(cases[i].scope, cases[i].sub)->name, cases[i].cloud);
    }
    assert_null(cloud_by_region_scope("", ""));
}

/* Each list ends before its array does; the bearer may go to the front door; hosts are lower case, as URLs are read. */
static void is_sound(void **state)
{
    (void)state;
    for (size_t i = 0; i < cloud_count(); i++) {
        const struct cloud *cloud = cloud_at(i);
        size_t places = sizeof cloud->authority_hosts / sizeof *cloud->authority_hosts;
        assert_null(cloud->authority_hosts[places - 1]);
        assert_null(cloud->bearer_hosts[sizeof cloud->bearer_hosts / sizeof *cloud->bearer_hosts - 1]);
        bool covered = false;
        for (size_t j = 0; cloud->bearer_hosts[j]; j++) {
            covered = covered || str_ends_nocase(str_of(cloud->front_door), str_of(cloud->bearer_hosts[j]));
            assert_null(strpbrk(cloud->bearer_hosts[j], "ABCDEFGHIJKLMNOPQRSTUVWXYZ/:"));
        }
        assert_true(covered);
        assert_memory_equal(cloud->scope_resource, "https://", 8);
        assert_ptr_equal(cloud_by_name(cloud->name), cloud);
        assert_ptr_equal(cloud_by_connection_host(cloud->front_door), cloud);
    }
}

static void expect(const struct cloud *cloud, const char *name, const char *asked)
{
    if (strcmp(cloud ? cloud->name : "none", name) != 0) {
        fail_msg("%s gives %s, not %s", asked, cloud ? cloud->name : "none", name);
    }
}

static void is_found_by_name(void **state)
{
    static const char *const cases[][2] = {
        { "worldwide", "worldwide" }, { "GCC-High", "gcc-high" }, { "DOD", "dod" }, { "demo", "demo" }, { "gcc", "none" }, { "", "none" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect(cloud_by_name(cases[i][0]), cases[i][1], cases[i][0]);
    }
    expect(cloud_by_name(NULL), "none", "NULL");
}

static void is_found_by_connection_host(void **state)
{
    static const char *const cases[][2] = {
        { "ps.compliance.protection.outlook.com", "worldwide" },
        { "PS.Compliance.Protection.Outlook.COM", "worldwide" },
        { "nam13b.ps.compliance.protection.outlook.com", "worldwide" },
        { "ps.compliance.protection.office365.us", "gcc-high" },
        { "l5.ps.compliance.protection.office365.us", "dod" },
        { "compliance.dod.microsoft.com", "dod" },
        { "ps.compliance.protection.partner.outlook.cn", "21vianet" },
        { "eur01b.ps.compliance.protection.outlook.localhost", "demo" },
        { "evilps.compliance.protection.outlook.com", "none" },
        { "ps.compliance.protection.outlook.com.evil.example", "none" },
        { ".ps.compliance.protection.outlook.de", "none" },
        { "outlook.office365.com", "none" }, { "protection.outlook.com", "none" }, { "localhost", "none" }, { "", "none" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect(cloud_by_connection_host(cases[i][0]), cases[i][1], cases[i][0]);
    }
}

static void is_found_by_authority_host(void **state)
{
    static const char *const cases[][2] = {
        { "login.microsoftonline.com", "worldwide" }, { "login.windows.net", "worldwide" }, { "STS.windows.net", "worldwide" },
        { "login.microsoft.com", "worldwide" }, { "login.microsoftonline.us", "gcc-high" }, { "login.usgovcloudapi.net", "gcc-high" },
        { "login.chinacloudapi.cn", "21vianet" }, { "login.partner.microsoftonline.cn", "21vianet" },
        { "login.microsoftonline.localhost", "demo" }, { "x.login.microsoftonline.com", "none" }, { "microsoftonline.com", "none" }, { "", "none" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect(cloud_by_authority_host(cases[i][0]), cases[i][1], cases[i][0]);
    }
}

static void is_found_by_user(void **state)
{
    static const char *const cases[][2] = {
        { "admin@contoso.onmicrosoft.com", "worldwide" }, { "admin@contoso.com", "worldwide" }, { "contoso.onmicrosoft.us", "gcc-high" },
        { "a@CONTOSO.ONMICROSOFT.US", "gcc-high" }, { "a@x.partner.onmschina.cn", "21vianet" }, { "a@contoso.onmicrosoft.localhost", "demo" },
        { "a@demo.localhost", "demo" }, { "a@notlocalhost", "worldwide" }, { "a@localhost.com", "worldwide" },
        { "x@contoso.onmicrosoft.us@evil.example", "worldwide" }, { "", "worldwide" }, { "@", "worldwide" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect(cloud_by_user(cases[i][0]), cases[i][1], cases[i][0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_facts),
        cmocka_unit_test(is_sound), cmocka_unit_test(region_scopes_name_the_cloud),
        cmocka_unit_test(is_found_by_name),
        cmocka_unit_test(is_found_by_connection_host),
        cmocka_unit_test(is_found_by_authority_host),
        cmocka_unit_test(is_found_by_user),
    };
    return cmocka_run_group_tests_name("cloud", tests, NULL, NULL);
}
