/* The connect form and the sign-in screen: keys on one side, the picture beside. The test plays the engine. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "tests/screens/harness.h"
#include "ui/screens.h"

static struct harness *start(int rows, int columns, bool demo)
{
    struct harness *h = harness_new(rows, columns);
    struct options options;
    if (demo) {
        harness_demo(h);
    }
    options_init(&options);
    if (demo) {
        options_set(&options, OPT_USER_PRINCIPAL_NAME, STR("adele@contoso.onmicrosoft.localhost"));
    }
    harness_push(h, connect_screen(harness_state(h), &options, false));
    options_free(&options);
    return h;
}

/* The command that connects; its options are checked by the caller, who frees it. */
static struct message *connecting(struct harness *h)
{
    struct message *command = harness_expect_sent(h, COMMAND_CONNECT);
    assert_string_equal(harness_screen(h), "Sign in");
    return command;
}

static void step_of(struct harness *h, uint64_t connection, const char *title, enum oauth_step_state state, int64_t elapsed_ms)
{
    struct message *event = message_new(EVENT_STEP);
    event->connection = connection;
    event->text = mem_text(title);
    event->number = state;
    event->elapsed_ms = elapsed_ms;
    harness_event(h, event);
}

static void step(struct harness *h, uint64_t connection, const char *title, enum oauth_step_state state)
{
    step_of(h, connection, title, state, 12);
}

static void device_prompt(struct harness *h, uint64_t connection)
{
    struct message *event = message_new(EVENT_DEVICE_PROMPT);
    event->connection = connection;
    event->prompt = MEM_NEW(struct oauth_device_prompt);
    *event->prompt = (struct oauth_device_prompt){
        .user_code = "HLEAKQB9Q", .verification_uri = "https://microsoft.com/devicelogin", .tenant = "michelle@contoso.com",
        .client_name = "Microsoft Exchange REST API Based Powershell", .expires_in_s = 900 };
    harness_event(h, event);
}

static void browser_prompt(struct harness *h, uint64_t connection, bool started, bool ssh)
{
    struct message *event = message_new(EVENT_BROWSER_PROMPT);
    event->connection = connection;
    event->browser = MEM_NEW(struct browser_prompt);
    *event->browser = (struct browser_prompt){
        .url = mem_text("https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize?client_id=fb78d390"),
        .ssh_line = mem_text("ssh -L 41234:localhost:41234 michelle@jump.contoso.com"),
        .short_url = "http://localhost:41234/f4d5cbb7", .port = 41234, .expires_in_s = 600, .started = started, .over_ssh = ssh,
        .why = "" };
    harness_event(h, event);
}

static void refused(struct harness *h, uint64_t connection, const char *code, const char *text, const char *advice, const char *field)
{
    struct message *event = message_new(EVENT_CONNECT_FAILED);
    struct err err;
    err_set(&err, ERR_AUTH_DENIED, "%s", text);
    err_advise(&err, "%s", advice);
    err_code(&err, code);
    err_correlation(&err, "correlation 6f1dd1a5 trace 36ee4c6c");
    err_field(&err, field);
    event->connection = connection;
    message_set_err(event, &err);
    harness_event(h, event);
}

/* ---- the form ---- */

static void the_first_look(void **state)
{
    struct harness *h = start(20, 80, false);
    (void)state;
    harness_expect(h, " Connect\n"
                   " Connect to Security & Compliance\n"
                   " Give your user name; the rest is found out for you. Press Ctrl-O to connect.\n"
                   "\n"
                   " User name     you@contoso.onmicrosoft.com\n"
                   " Environment   automatic ▾\n"
                   " Sign in with  automatic ▾\n"
                   "               [ Connect ]\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   " Who signs in. May be left empty: then you say it on the sign-in page.\n"
                   " ──────────────────────────────────────────────────────────────────────────────\n"
                   " The same in PowerShell:\n"
                   " Connect-IPPSSession\n"
                   "\n"
                   "\n"
                   " ^O Connect  Enter Next  ^T All options  Esc Leave                      F1 Help\n");
    harness_resize(h, 10, 40);
    harness_expect(h, " Connect\n"
                   " User name     you@contoso.onmicrosof…\n"
                   " Environment   automatic ▾\n"
                   " Sign in with  automatic ▾\n"
                   "               [ Connect ]\n"
                   "\n"
                   " Who signs in. May be left empty: then\n"
                   " you say it on the sign-in page.\n"
                   " Connect-IPPSSession\n"
                   " ^O Connect  Esc Leave          F1 Help\n");
    harness_free(h);
}

static void the_demo_connects_on_enter(void **state)
{
    struct harness *h = start(20, 80, true);
    (void)state;
    harness_expect(h, " Connect\n"
                   " Connect to Security & Compliance\n"
                   " This is the demo tenant: nothing here is real. Press Enter to connect.\n"
                   "\n"
                   " User name     adele@contoso.onmicrosoft.localhost\n"
                   " Environment   automatic ▾\n"
                   " Sign in with  device code ▾\n"
                   "               [ Connect ]\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   " ──────────────────────────────────────────────────────────────────────────────\n"
                   " The same in PowerShell:\n"
                   " Connect-IPPSSession -UserPrincipalName adele@contoso.onmicrosoft.localhost\n"
                   "\n"
                   "\n"
                   " Enter Connect  ^E All options  Esc Leave                                ? Help\n");
    harness_keys(h, "<Enter>");
    struct message *command = connecting(h);
    assert_string_equal(options_get(command->options, OPT_USER_PRINCIPAL_NAME), "adele@contoso.onmicrosoft.localhost");
    assert_string_equal(options_get(command->options, OPT_SIGN_IN), "device");
    message_free(command);
    harness_free(h);
}

static void a_bad_name_is_told_beside_its_field(void **state)
{
    struct harness *h = start(20, 80, false);
    (void)state;
    harness_keys(h, "michelle contoso<Tab>");
    harness_expect(h, " Connect\n"
                   " Connect to Security & Compliance\n"
                   " Give your user name; the rest is found out for you. Press Ctrl-O to connect.\n"
                   "\n"
                   " User name     michelle contoso\n"
                   "               A user name has no blanks in it. Write it like an e-mail\n"
                   "               address, for example admin@contoso.onmicrosoft.com.\n"
                   " Environment   automatic ▾\n"
                   " Sign in with  automatic ▾\n"
                   "               [ Connect ]\n"
                   "\n"
                   "\n"
                   " The cloud: worldwide, gcc-high, dod or 21vianet; found from the user name\n"
                   " unless given.\n"
                   " ──────────────────────────────────────────────────────────────────────────────\n"
                   " The same in PowerShell:\n"
                   " Connect-IPPSSession -UserPrincipalName 'michelle contoso'\n"
                   "\n"
                   "\n"
                   " ^O Connect  Enter Next  ^E All options  Space Change  Esc Leave         ? Help\n");
    harness_keys(h, "<C-o>");
    assert_null(harness_sent(h));
    harness_expect_text(h, "Something in the form is not right yet.");
    harness_keys(h, "<C-u>michelle@contoso<Tab>");
    harness_expect_text(h, "michelle@contoso.onmicrosoft.com?");
    harness_keys(h, "<S-Tab>.onmicrosoft.com<Tab>");
    harness_expect_no_text(h, "blanks");
    harness_keys(h, "<C-o>");
    struct message *command = connecting(h);
    assert_string_equal(options_get(command->options, OPT_USER_PRINCIPAL_NAME), "michelle@contoso.onmicrosoft.com");
    assert_string_equal(options_get(command->options, OPT_SIGN_IN), "");
    message_free(command);
    harness_free(h);
}

static void each_way_has_its_own_fields(void **state)
{
    struct harness *h = start(22, 80, false);
    (void)state;
    harness_keys(h, "michelle@contoso.com<Tab><Tab><Space><Space><Space><Space>");
    harness_expect(h, " Connect\n"
                   " Connect to Security & Compliance\n"
                   " Give the application and what proves it. Press Ctrl-O to connect.\n"
                   "\n"
                   " Environment            automatic ▾\n"
                   " Sign in with           certificate ▾\n"
                   " AppId                  GUID\n"
                   " Organization           DOMAIN\n"
                   " CertificateFilePath    FILE\n"
                   " CertificatePassword    SOURCE\n"
                   " CertificateThumbprint  HEX\n"
                   " Certificate            CERT\n"
                   "                        [ Connect ]\n"
                   "\n"
                   "\n"
                   " An application signs in with a certificate: for jobs without a person.\n"
                   " ──────────────────────────────────────────────────────────────────────────────\n"
                   " The same in PowerShell:\n"
                   " Connect-IPPSSession\n"
                   "\n"
                   "\n"
                   " ^O Connect  Enter Next  ^E All options  Space Change  Esc Leave         ? Help\n");
    /* What stays out of sight is not sent: an application has no user name. */
    harness_keys(h, "<Tab>36ee4c6c-0812-40a2-b820-b22ebd02bce3<Tab>contoso.com<Tab>/dev/null<C-o>");
    struct message *command = connecting(h);
    assert_string_equal(options_get(command->options, OPT_USER_PRINCIPAL_NAME), "");
    assert_string_equal(options_get(command->options, OPT_APP_ID), "36ee4c6c-0812-40a2-b820-b22ebd02bce3");
    assert_string_equal(options_get(command->options, OPT_CERTIFICATE_FILE_PATH), "/dev/null");
    /* The engine's word about a field comes back beside it, with everything typed still there. */
    refused(h, command->connection, "", "There is nothing in the file /dev/null.", "Give a PFX or PEM file.", "CertificateFilePath");
    harness_expect_text(h, "Enter Try again");     /* the keys, not the advice a second time */
    harness_keys(h, "<Esc>");
    harness_expect(h, " Connect\n"
                   " Connect to Security & Compliance\n"
                   " Give the application and what proves it. Press Ctrl-O to connect.\n"
                   "\n"
                   " Environment            automatic ▾\n"
                   " Sign in with           certificate ▾\n"
                   " AppId                  36ee4c6c-0812-40a2-b820-b22ebd02bce3\n"
                   " Organization           contoso.com\n"
                   " CertificateFilePath    /dev/null\n"
                   "                        There is nothing in the file /dev/null. Give a PFX or\n"
                   "                        PEM file.\n"
                   " CertificatePassword    SOURCE\n"
                   " CertificateThumbprint  HEX\n"
                   " Certificate            CERT\n"
                   "                        [ Connect ]\n"
                   " The application's certificate with its key, as PFX or PEM.\n"
                   " ──────────────────────────────────────────────────────────────────────────────\n"
                   " The same in PowerShell:\n"
                   " Connect-IPPSSession -AppId 36ee4c6c-0812-40a2-b820-b22ebd02bce3 -Organization\n"
                   " contoso.com -CertificateFilePath /dev/null\n"
                   "\n"
                   " ^O Connect  Enter Next  ^T All options  Esc Leave                      F1 Help\n");
    message_free(command);
    harness_free(h);
}

/* What the service refused comes back to the field that it is about, without the service's own words. */
static void a_refusal_goes_to_its_field(void **state)
{
    struct harness *h = start(24, 80, false);
    (void)state;
    harness_keys(h, "<Tab><Tab><Space><Space><Space><Space><Tab>36ee4c6c-0812-40a2-b820-b22ebd02bce3<Tab>contoso.com<Tab>/dev/null<C-o>");
    struct message *command = connecting(h);
    refused(h, command->connection, "AADSTS90002", "There is no such tenant. (AADSTS90002: Tenant 'contoso.com' not found.)",
            "Check the spelling of the domain; it may also live in another environment (--cloud).", "Organization");
    harness_expect_text(h, "(AADSTS90002: Tenant 'contoso.com' not found.)");
    harness_keys(h, "<Esc>");
    harness_expect_no_text(h, "AADSTS");
    harness_expect_text(h, "There is no such tenant. Check the spelling of the");
    harness_expect_text(h, "domain; it may also live in another environment");
    message_free(command);
    harness_free(h);
}

static void contradictions_are_told(void **state)
{
    struct harness *h = start(22, 80, false);
    (void)state;
    harness_keys(h, "<Tab><Tab><Space><Space><Space><Space><Tab>36ee4c6c-0812-40a2-b820-b22ebd02bce3<C-o>");
    assert_null(harness_sent(h));
    harness_expect_text(h, "-AppId needs -Organization");
    harness_expect_text(h, "36ee4c6c-0812-40a2-b820-b22ebd02bce3");
    harness_free(h);
}

/* A way that lacks its proof must not turn into another one. */
static void the_way_that_was_chosen_is_the_way_taken(void **state)
{
    static const struct { const char *keys, *field, *advice; } ways[] = {
        { "<Space><Space><Space>", "Password      SOURCE\n               Nothing is given here.", "Signing in with a password needs it" },
        { "<Space><Space><Space><Space>", "AppId                  GUID\n                        Nothing is given here.", "with a certificate needs it" },
        { "<Space><Space><Space><Space><Space><Tab>36ee4c6c-0812-40a2-b820-b22ebd02bce3<Tab>contoso.com",
          "client-secret  SOURCE\n                Nothing is given here.", "with a client secret needs it" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct harness *h = start(24, 90, false);
        harness_keys(h, "michelle@contoso.com<Tab><Tab>");
        harness_keys(h, ways[i].keys);
        harness_keys(h, "<C-o>");
        assert_null(harness_sent(h));
        harness_expect_text(h, ways[i].field);
        harness_expect_text(h, ways[i].advice);
        harness_keys(h, "<Tab><Tab><Tab><Tab><Tab>");
        harness_expect_no_text(h, "All is filled in");
        harness_free(h);
    }
}

static void a_secret_is_not_shown(void **state)
{
    struct harness *h = start(20, 80, false);
    (void)state;
    harness_keys(h, "michelle@contoso.com<Tab><Tab><Space><Space><Space><Tab>hunter2<Tab>");
    harness_expect_no_text(h, "hunter2");
    harness_expect(h, " Connect\n"
                   " Connect to Security & Compliance\n"
                   " All is filled in. Press Enter to connect.\n"
                   "\n"
                   " User name     michelle@contoso.com\n"
                   " Environment   automatic ▾\n"
                   " Sign in with  password ▾\n"
                   " Password      •••••••\n"
                   "               [ Connect ]\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   " ──────────────────────────────────────────────────────────────────────────────\n"
                   " The same in PowerShell:\n"
                   " Connect-IPPSSession -UserPrincipalName michelle@contoso.com -Credential ***\n"
                   "\n"
                   "\n"
                   " Enter Connect  ^E All options  Esc Leave                                ? Help\n");
    harness_keys(h, "<C-o>");
    struct message *command = connecting(h);
    assert_string_equal(options_get(command->options, OPT_CREDENTIAL), "hunter2");
    message_free(command);
    harness_free(h);
}

static void all_options_are_one_key_away(void **state)
{
    struct harness *h = start(40, 80, false);
    (void)state;
    harness_expect_no_text(h, "DelegatedOrganization");
    harness_keys(h, "<C-t>");
    harness_expect_text(h, "DelegatedOrganization");
    harness_expect_text(h, "token-cache");
    harness_expect_text(h, "UseRPSSession");
    harness_expect_no_text(h, "OpenTimeout");
    harness_keys(h, "<C-t>");
    harness_expect_no_text(h, "DelegatedOrganization");
    harness_free(h);
}

/* What is on by itself is shown as on, and can be put off. */
static void the_banner_is_on_until_it_is_put_off(void **state)
{
    struct harness *h = start(60, 80, false);
    (void)state;
    harness_keys(h, "michelle@contoso.com<C-t>");
    for (int i = 0; i < 40 && !strstr(harness_picture(h), "the terminal does so unless"); i++) {
        harness_keys(h, "<Tab>");
    }
    harness_expect_text(h, "ShowBanner                    [✓]");
    harness_expect_no_text(h, "-ShowBanner");
    harness_keys(h, "<Space>");
    harness_expect_text(h, "ShowBanner                    [ ]");
    harness_expect_text(h, "-ShowBanner:$false");
    harness_keys(h, "<C-o>");
    struct message *command = connecting(h);
    assert_string_equal(options_get(command->options, OPT_SHOW_BANNER), "false");
    message_free(command);
    harness_free(h);
}

static void a_remote_session_has_a_page_of_options(void **state)
{
    struct harness *h = start(60, 80, false);
    (void)state;
    harness_keys(h, "michelle@contoso.com<C-t>");
    /* The options of the table stand in its order; this one is the ninth behind the way to sign in. */
    for (int i = 0; i < 40 && !strstr(harness_picture(h), "Deprecated since October 2023"); i++) {
        harness_keys(h, "<Tab>");
    }
    harness_keys(h, "<Space>");
    harness_expect_text(h, "Options of the remote session");
    harness_expect_text(h, "MaximumReceivedObjectSize");
    harness_expect_text(h, "OutputBufferingMode");
    harness_keys(h, "<Tab><Tab>12000<Tab><Tab><Tab>5<Tab>");
    harness_expect_text(h, "IdleTimeout is 60000 milliseconds at least");
    harness_keys(h, "<C-o>");
    assert_null(harness_sent(h));
    harness_keys(h, "<Backspace><C-o>");
    struct message *command = connecting(h);
    assert_string_equal(options_get(command->options, OPT_USE_RPS_SESSION), "true");
    assert_string_equal(options_get(command->options, OPT_PS_SESSION_OPTION), "@{OpenTimeout=12000}");
    message_free(command);
    harness_free(h);
}

/* What cannot be had is on the page all the same, and says why when it is asked for. */
static void what_a_remote_session_refuses_says_why(void **state)
{
    struct harness *h = start(60, 80, false);
    (void)state;
    harness_keys(h, "michelle@contoso.com<C-t>");
    for (int i = 0; i < 40 && !strstr(harness_picture(h), "Deprecated since October 2023"); i++) {
        harness_keys(h, "<Tab>");
    }
    harness_keys(h, "<Space>");
    for (int i = 0; i < 40 && !strstr(harness_picture(h), "Refused: TLS certificates are always verified here"); i++) {
        harness_keys(h, "<Tab>");
    }
    harness_keys(h, "<Space><Tab>");
    harness_expect_text(h, "SkipCACheck is not accepted");
    harness_keys(h, "<C-o>");
    assert_null(harness_sent(h));
    harness_keys(h, "<Space><C-o>");
    struct message *command = connecting(h);
    assert_string_equal(options_get(command->options, OPT_PS_SESSION_OPTION), "");
    message_free(command);
    harness_free(h);
}

/* ---- signing in ---- */

static struct harness *signing_in(int rows, int columns, uint64_t *connection)
{
    struct harness *h = start(rows, columns, false);
    harness_keys(h, "michelle@contoso.com<C-o>");
    struct message *command = connecting(h);
    *connection = command->connection;
    message_free(command);
    step(h, *connection, "Finding the sign-in service for organizations", OAUTH_STEP_DONE);
    return h;
}

static void the_code_is_shown_with_its_time(void **state)
{
    uint64_t connection;
    struct harness *h = signing_in(24, 80, &connection);
    (void)state;
    step(h, connection, "Waiting for you to sign in", OAUTH_STEP_RUNNING);
    device_prompt(h, connection);
    harness_expect(h, " Sign in\n"
                   "\n"
                   " ✓ Finding the sign-in service for organizations 12 ms\n"
                   " … Waiting for you to sign in\n"
                   "\n"
                   " Open  https://microsoft.com/devicelogin        █▀▀▀▀▀█  ▀▀█▄▀▀█ ▀▀ ▄ █▀▀▀▀▀█\n"
                   "                                                █ ███ █ ▄▀██  █▄▀▄▀██ █ ███ █\n"
                   " Code  HLEAKQB9Q                                █ ▀▀▀ █ ▀▄█ ▀██▀▄ ▀▀▄ █ ▀▀▀ █\n"
                   "                                                ▀▀▀▀▀▀▀ ▀▄▀ █▄▀ ▀ ▀ █ ▀▀▀▀▀▀▀\n"
                   " The code is good for 15:00.                    ▀█▄  ▀▀█ ▀█ ▀ █▀ ▀ █   ▄█▀▄▄\n"
                   " Signing in as michelle@contoso.com with        ▄ ▀▀ █▀▀ ▀▄█▀ ▄▄▄▀▄▄█▄█ ▄▄\n"
                   " Microsoft Exchange REST API Based              ▀▀█▀▄▄▀█ ▀█ ▄██ ▀▄▄▄█▄█▄▄  ▄█\n"
                   " Powershell. Only enter a code that you         ▀▄▀▀ █▀█▀▀▄ ▄███  ▀▄██ ▀▄▀█ ▄\n"
                   " asked for yourself.                            ███▀ █▀▀█ ▀ ▀ ▀▄▄▀▄▄▄ ▄▄▄▀█▄▄\n"
                   "                                                █▀▀ ▀ ▀▀ ▄█▄▀▀█▀  ▀██▄▄ ▀▀  ▀\n"
                   "                                                ▀  ▀▀▀▀▀███▀▄▄ ▄ ▀▄▀█▀▀▀█▄▀▀▀\n"
                   "                                                █▀▀▀▀▀█ █▄█ ▄█▀██  ▀█ ▀ █▀▀▄\n"
                   "                                                █ ███ █  ▄▀▀▀▀ ██▄▄▀▀█▀▀▀█▄▀█\n"
                   "                                                █ ▀▀▀ █ ▄▀▀█▀  █▀ ▄█ ██████▀▄\n"
                   "                                                ▀▀▀▀▀▀▀ ▀▀ ▀     ▀ ▀ ▀▀▀  ▀\n"
                   "\n"
                   "\n"
                   "\n"
                   " y Copy code  Esc Cancel  u Copy address  b Use the browser              ? Help\n");
    harness_wait(h, 61);
    harness_expect_text(h, "The code is good for 13:59.");
    harness_resize(h, 10, 40);
    harness_expect(h, " Sign in\n"
                   " ✓ Finding the sign-in servi… 12 ms\n"
                   " … Waiting for you to sign in\n"
                   " https://microsoft.com/devicelogin\n"
                   " Code  HLEAKQB9Q\n"
                   " The code is good for 13:59.\n"
                   " Signing in as michelle@contoso.com\n"
                   " with Microsoft Exchange REST API Based\n"
                   " Powershell. Only enter a code that you↓\n"
                   " y Copy code  Esc Cancel         ? Help\n");
    harness_resize(h, 24, 80);
    harness_keys(h, "y");
    assert_string_equal(harness_copied(h), "HLEAKQB9Q");
    harness_keys(h, "u");
    assert_string_equal(harness_copied(h), "https://microsoft.com/devicelogin");
    harness_free(h);
}

/* As a sign-in really begins, with four steps above it, on the usual terminal. */
static void the_qr_code_has_room_below_the_steps(void **state)
{
    uint64_t connection;
    struct harness *h = signing_in(24, 80, &connection);
    (void)state;
    step(h, connection, "Signing in with a code: you are connected over SSH", OAUTH_STEP_DONE);
    step(h, connection, "Asking for a code to sign in with", OAUTH_STEP_DONE);
    step(h, connection, "Waiting for you to sign in", OAUTH_STEP_RUNNING);
    device_prompt(h, connection);
    harness_expect_text(h, "\xe2\x96\x80");
    harness_expect_text(h, "Code  HLEAKQB9Q");
    harness_free(h);
}

/* Not every cloud has a short address: on a narrow screen it goes on in the next row. */
static void no_address_is_cut(void **state)
{
    uint64_t connection;
    struct harness *h = signing_in(10, 40, &connection);
    (void)state;
    struct message *event = message_new(EVENT_DEVICE_PROMPT);
    event->connection = connection;
    event->prompt = MEM_NEW(struct oauth_device_prompt);
    *event->prompt = (struct oauth_device_prompt){
        .user_code = "HLEAKQB9Q", .verification_uri = "https://login.partner.microsoftonline.cn/device", .expires_in_s = 900 };
    harness_event(h, event);
    harness_expect(h, " Sign in\n"
                   " ✓ Finding the sign-in servi… 12 ms\n"
                   " https://login.partner.microsoftonline.\n"
                   " cn/device\n"
                   " Code  HLEAKQB9Q\n"
                   " The code is good for 15:00.\n"
                   " Signing in to your organization with\n"
                   " purvey. Only enter a code that you\n"
                   " asked for yourself.\n"
                   " y Copy code  Esc Cancel         ? Help\n");
    harness_free(h);
}

static void in_ascii_there_is_no_qr_code(void **state)
{
    struct harness *h = harness_new(24, 80);
    (void)state;
    harness_ascii(h);
    harness_push(h, connect_screen(harness_state(h), NULL, false));
    harness_keys(h, "michelle@contoso.com<C-o>");
    struct message *command = connecting(h);
    device_prompt(h, command->connection);
    harness_expect_text(h, "HLEAKQB9Q");
    harness_expect_no_text(h, "\xe2\x96\x80");
    message_free(command);
    harness_free(h);
}

static void the_browser_says_where_to_go(void **state)
{
    uint64_t connection;
    struct harness *h = signing_in(20, 80, &connection);
    (void)state;
    step(h, connection, "Waiting for the browser", OAUTH_STEP_RUNNING);
    browser_prompt(h, connection, true, false);
    harness_expect(h, " Sign in\n"
                   "\n"
                   " ✓ Finding the sign-in service for organizations 12 ms\n"
                   " … Waiting for the browser\n"
                   "\n"
                   " Your browser has been started. Sign in there; purvey goes on by itself.\n"
                   " If it did not come up, open:\n"
                   " http://localhost:41234/f4d5cbb7\n"
                   "\n"
                   " Time left: 10:00.\n"
                   "\n"
                   " It leads to the sign-in page of your organization (u copies that long\n"
                   " address). b signs in with a code instead.\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   " y Copy address  Esc Cancel  u Copy the long one  b Use a code           ? Help\n");
    browser_prompt(h, connection, false, true);
    harness_expect(h, " Sign in\n"
                   "\n"
                   " ✓ Finding the sign-in service for organizations 12 ms\n"
                   " … Waiting for the browser\n"
                   "\n"
                   " On the machine where your browser is, first open a way back to here:\n"
                   " ssh -L 41234:localhost:41234 michelle@jump.contoso.com\n"
                   " Then open in the browser there:\n"
                   " http://localhost:41234/f4d5cbb7\n"
                   "\n"
                   " Time left: 10:00.\n"
                   "\n"
                   " It leads to the sign-in page of your organization (u copies that long\n"
                   " address). b signs in with a code instead.\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   " y Copy address  Esc Cancel  u Copy the long one  b Use a code           ? Help\n");
    harness_resize(h, 12, 40);
    harness_expect(h, " Sign in\n"
                   " ✓ Finding the sign-in servi… 12 ms\n"
                   " … Waiting for the browser\n"
                   " On the machine where your browser is,\n"
                   " first open a way back to here:\n"
                   " ssh -L 41234:localhost:41234\n"
                   " michelle@jump.contoso.com\n"
                   " Then open in the browser there:\n"
                   " http://localhost:41234/f4d5cbb7\n"
                   " Time left: 10:00.\n"
                   " It leads to the sign-in page of your  ↓\n"
                   " y Copy address  Esc Cancel      ? Help\n");
    harness_keys(h, "y");
    assert_string_equal(harness_copied(h), "http://localhost:41234/f4d5cbb7");
    harness_free(h);
}

static void the_other_way_is_one_key_away(void **state)
{
    uint64_t connection;
    struct harness *h = signing_in(20, 80, &connection);
    (void)state;
    step(h, connection, "Waiting for the browser", OAUTH_STEP_RUNNING);
    browser_prompt(h, connection, true, false);
    harness_keys(h, "b");
    message_free(harness_expect_sent(h, COMMAND_CONNECT_CANCEL));
    struct message *command = harness_expect_sent(h, COMMAND_CONNECT);
    assert_string_equal(options_get(command->options, OPT_SIGN_IN), "device");
    assert_string_equal(options_get(command->options, OPT_USER_PRINCIPAL_NAME), "michelle@contoso.com");
    device_prompt(h, command->connection);
    harness_expect_text(h, "HLEAKQB9Q");
    /* A policy that forbids codes: the browser at once, with nothing typed again. */
    refused(h, command->connection, "AADSTS53003", "A Conditional Access policy of the tenant blocks this sign-in.",
            "It may be the device code that is blocked. An administrator sees the policy in the sign-in logs.", "");
    message_free(command);
    harness_expect(h, " Sign in\n"
                   "\n"
                   "\n"
                   " A Conditional Access policy of the tenant blocks this sign-in.\n"
                   " It may be the device code that is blocked. An administrator sees the policy in\n"
                   " the sign-in logs.\n"
                   "\n"
                   " AADSTS53003\n"
                   " correlation 6f1dd1a5 trace 36ee4c6c\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   " Enter Try again  Esc Back  b Use the browser  y Copy error              ? Help\n");
    harness_keys(h, "b");
    command = harness_expect_sent(h, COMMAND_CONNECT);
    assert_string_equal(options_get(command->options, OPT_SIGN_IN), "browser");
    message_free(command);
    harness_free(h);
}

static void a_refusal_can_be_tried_again_and_left(void **state)
{
    uint64_t connection;
    struct harness *h = signing_in(20, 80, &connection);
    (void)state;
    refused(h, connection, "AADSTS50034", "There is no such user in this tenant.", "Check the user name and the tenant.", "");
    harness_keys(h, "<Enter>");
    struct message *command = harness_expect_sent(h, COMMAND_CONNECT);
    assert_int_not_equal(command->connection, connection);
    harness_keys(h, "<Esc>");
    message_free(harness_expect_sent(h, COMMAND_CONNECT_CANCEL));
    assert_string_equal(harness_screen(h), "Connect");
    harness_expect_text(h, "michelle@contoso.com");
    message_free(command);
    harness_free(h);
}

/* A token that was kept needs nobody; what is worth knowing is said with its own mark. */
/* Who is signed in already gains nothing by another way to sign in. */
static void behind_the_sign_in_no_other_way_is_offered(void **state)
{
    uint64_t connection;
    struct harness *h = signing_in(14, 80, &connection);
    struct message *event = message_new(EVENT_CONNECT_FAILED);
    struct err err;
    (void)state;
    step(h, connection, "Signed in as michelle@contoso.com", OAUTH_STEP_DONE);
    err_set(&err, ERR_THROTTLED, "Three remote sessions are open already.");
    event->connection = connection;
    message_set_err(event, &err);
    harness_event(h, event);
    harness_expect_text(h, "Enter Try again  Esc Back");
    harness_expect_no_text(h, "Use the browser");
    harness_free(h);
}

static void warnings_stand_among_the_steps(void **state)
{
    uint64_t connection;
    struct harness *h = signing_in(14, 80, &connection);
    (void)state;
    step(h, connection, "The certificate ends on 2026-12-01.", OAUTH_STEP_WARNING);
    step(h, connection, "Remote PowerShell was deprecated in October 2023; REST has the same cmdlets.", OAUTH_STEP_WARNING);
    harness_expect(h, " Sign in\n"
                   " ✓ Finding the sign-in service for organizations 12 ms\n"
                   " ! The certificate ends on 2026-12-01.\n"
                   " ! Remote PowerShell was deprecated in October 2023; REST has the same cmdlets.\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   " Esc Cancel                                                              ? Help\n");
    harness_free(h);
}

#define TEST(name) cmocka_unit_test(name)

/* From the last of many options back to the few: no empty form, and the cursor is on it. */
static void folding_the_options_shows_the_form_again(void **state)
{
    struct harness *h = start(24, 80, true);
    (void)state;
    harness_keys(h, "<C-e><Up><End>");
    harness_expect_no_text(h, "User name");
    harness_keys(h, "<C-e>");
    harness_expect_text(h, "User name");
    harness_expect_text(h, "[ Connect ]");
    /* What was unfolded is where the cursor goes. */
    harness_keys(h, "<C-e>");
    harness_expect_text(h, "The customer's primary onmicrosoft.com domain");
    harness_free(h);
}

/* A long address is broken, never cut; what a small screen has no row for is scrolled to. */
static void on_a_small_screen_nothing_is_lost(void **state)
{
    uint64_t connection;
    struct harness *h = signing_in(10, 40, &connection);
    (void)state;
    struct message *event = message_new(EVENT_DEVICE_PROMPT);
    event->connection = connection;
    event->prompt = MEM_NEW(struct oauth_device_prompt);
    *event->prompt = (struct oauth_device_prompt){
        .user_code = "HLEAKQB9Q", .verification_uri = "https://login.partner.microsoftonline.cn/common/oauth2/deviceauth",
        .tenant = "michelle@contoso.com", .client_name = "Microsoft Exchange REST API Based Powershell", .expires_in_s = 900 };
    step(h, connection, "Waiting for you to sign in", OAUTH_STEP_RUNNING);
    harness_event(h, event);
    harness_expect(h, " Sign in\n"
                   " ✓ Finding the sign-in servi… 12 ms\n"
                   " … Waiting for you to sign in\n"
                   " https://login.partner.microsoftonline.\n"
                   " cn/common/oauth2/deviceauth\n"
                   " Code  HLEAKQB9Q\n"
                   " The code is good for 15:00.\n"
                   " Signing in as michelle@contoso.com\n"
                   " with Microsoft Exchange REST API Based↓\n"
                   " y Copy code  Esc Cancel         ? Help\n");
    harness_keys(h, "<Down><Down><Down><Down>");
    harness_expect_text(h, "asked for yourself.");
    harness_expect_text(h, "↑");
    harness_expect_no_text(h, "↓");
    harness_keys(h, "<PageUp>");
    harness_expect_text(h, "https://login.partner");
    harness_free(h);
}

/* The equivalent line grows with what is filled in, and says where it is cut. */
static void the_line_is_shown_whole_or_marked_as_cut(void **state)
{
    struct harness *h = start(24, 80, false);
    (void)state;
    harness_keys(h, "michelle@contoso.onmicrosoft.com<C-t><Tab><Tab><Tab>fabrikam.onmicrosoft.com<Tab>"
                    "https://ps.compliance.protection.outlook.com/powershell-liveid/<Tab>https://login.microsoftonline.com/organizations");
    harness_expect_text(h, "https://login.microsoftonline.com/organizations");
    harness_expect_text(h, " -AzureADAuthorizationEndpointUri");
    harness_expect_text(h, " Connect-IPPSSession -UserPrincipalName michelle@contoso.onmicrosoft.com");
    harness_resize(h, 10, 40);
    harness_expect_text(h, " Connect-IPPSSession -UserPrincipalNam…");
    harness_free(h);
}

/* The code has been typed: what comes then is not the person's business, but does not look dead. */
static void behind_the_code_only_the_steps_are_left(void **state)
{
    uint64_t connection;
    struct harness *h = signing_in(20, 80, &connection);
    (void)state;
    step(h, connection, "Waiting for you to sign in", OAUTH_STEP_RUNNING);
    device_prompt(h, connection);
    harness_expect_text(h, "HLEAKQB9Q");
    step_of(h, connection, "Waiting for you to sign in", OAUTH_STEP_DONE, 185001);
    step(h, connection, "Finding the region of your organization", OAUTH_STEP_RUNNING);
    harness_expect_text(h, "✓ Waiting for you to sign in 3:05");
    harness_expect_no_text(h, "HLEAKQB9Q");
    harness_expect_no_text(h, "Copy code");
    harness_wait(h, 4);
    harness_expect_text(h, "… Finding the region of your organization 4 s");
    harness_free(h);
}

/* Sending the same password again would only lock the account. */
static void a_wrong_password_is_typed_anew(void **state)
{
    struct harness *h = start(20, 80, false);
    (void)state;
    harness_keys(h, "michelle@contoso.com<Tab><Tab><Space><Space><Space><Tab>secret<C-o>");
    struct message *command = connecting(h);
    assert_string_equal(options_get(command->options, OPT_CREDENTIAL), "secret");
    refused(h, command->connection, "AADSTS50126", "User name or password is wrong.", "Type them again.", "");
    message_free(command);
    harness_expect_text(h, "Enter Type it anew");
    harness_expect_no_text(h, "Try again");
    harness_keys(h, "R");
    assert_null(harness_sent(h));
    harness_keys(h, "<Enter>");
    assert_string_equal(harness_screen(h), "Connect");
    assert_null(harness_sent(h));
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_look), TEST(the_demo_connects_on_enter), TEST(a_bad_name_is_told_beside_its_field), TEST(each_way_has_its_own_fields),
        TEST(a_refusal_goes_to_its_field), TEST(contradictions_are_told), TEST(the_way_that_was_chosen_is_the_way_taken), TEST(a_secret_is_not_shown),
        TEST(all_options_are_one_key_away), TEST(the_banner_is_on_until_it_is_put_off), TEST(a_remote_session_has_a_page_of_options),
        TEST(all_options_are_one_key_away), TEST(the_banner_is_on_until_it_is_put_off), TEST(what_a_remote_session_refuses_says_why),
        TEST(the_code_is_shown_with_its_time), TEST(the_qr_code_has_room_below_the_steps), TEST(no_address_is_cut),
        TEST(in_ascii_there_is_no_qr_code), TEST(the_browser_says_where_to_go), TEST(the_other_way_is_one_key_away),
        TEST(a_refusal_can_be_tried_again_and_left), TEST(behind_the_sign_in_no_other_way_is_offered), TEST(warnings_stand_among_the_steps),
        TEST(folding_the_options_shows_the_form_again),
        TEST(on_a_small_screen_nothing_is_lost), TEST(the_line_is_shown_whole_or_marked_as_cut), TEST(a_wrong_password_is_typed_anew), TEST(behind_the_code_only_the_steps_are_left),
    };
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests_name("connect", tests, NULL, NULL);
}
