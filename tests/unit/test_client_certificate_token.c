/* Keys in PKCS#11 tokens, with real ones of softhsm2. p11-kit is told to log every call of the module, so that the tries of
   a PIN are counted where they matter: at the token. It takes no user's configuration from root, so root is left. */
#include "auth/client_certificate.h"

#include <fcntl.h>
#include <gnutls/pkcs11.h>
#include <grp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "certificate_tools.h"

#define PIN "438812"
#define WRONG_PIN "991177"
#define IN_SOURCE "Certificate"
#define IN_PASSWORD "CertificatePassword"

static bool leave_root(void)
{
    enum { NOBODY = 65534 };
    if (getuid() != 0) {
        return true;
    }
    /* Dumpable again: the leak check at the end traces its own process. */
    return setgroups(0, NULL) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0 && setresuid(NOBODY, NOBODY, NOBODY) == 0 &&
           prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0;
}

/* ---- counting: what p11-kit logs goes to standard error ---- */

static int saved_stderr = -1;

static void begin_count(void)
{
    fflush(stderr);
    saved_stderr = dup(2);
    int fd = open(tools_path("calls"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0 && dup2(fd, 2) == 2);
    close(fd);
}

static int end_count(void)
{
    fflush(stderr);
    dup2(saved_stderr, 2);
    close(saved_stderr);
    return atoi(tool_line("grep -c '^C_Login$' calls"));
}

/* Closing its session is a call, too. */
static void drop(struct client_certificate *certificate)
{
    begin_count();
    client_certificate_free(certificate);
    end_count();
}

/* ---- tokens ---- */

static bool put_certificate(const char *token, const char *name, const char *label, unsigned char id)
{
    char *file = mem_format("%s.crt", name), *url = mem_format("pkcs11:token=%s?pin-value=" PIN, token);
    gnutls_datum_t data, cid = { &id, 1 };
    gnutls_x509_crt_t crt;
    bool good = gnutls_x509_crt_init(&crt) == 0 && gnutls_load_file(tools_path(file), &data) == 0 &&
                gnutls_x509_crt_import(crt, &data, GNUTLS_X509_FMT_PEM) == 0 &&
                gnutls_pkcs11_copy_x509_crt2(url, crt, label, &cid, GNUTLS_PKCS11_OBJ_FLAG_LOGIN) == 0;
    gnutls_free(data.data);
    gnutls_x509_crt_deinit(crt);
    free(file);
    free(url);
    return good;
}

static bool put_key(const char *token, const char *name, const char *label, const char *id)
{
    return tool("openssl pkcs8 -topk8 -nocrypt -in %s.key -out p8.pem && softhsm2-util --import p8.pem --token %s --label %s --id %s "
                "--pin " PIN, name, token, label, id);
}

/* ops: app (certificate and key of one label), twin (labels differ), a CA without key, an EC pair, an old pair.
   half: app's certificate without its key, as the token that comes first. */
static int set_up(void **state)
{
    (void)state;
    bool made = leave_root() && tools_begin() &&
        tool("mkdir -p config/pkcs11/modules && echo 'log-calls: yes' >config/pkcs11/modules/softhsm2.module && "
             "openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 90 -subj /CN=ca && "
             "for n in app twin; do openssl req -new -newkey rsa:2048 -nodes -keyout $n.key -out $n.csr -subj /CN=$n && "
             "openssl x509 -req -in $n.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 70 -out $n.crt || exit 1; done && "
             "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ec.key -out ec.crt -days 90 -subj /CN=ec && "
             "for t in half ops; do softhsm2-util --init-token --free --label $t --pin " PIN " --so-pin 12345678 || exit 1; done");
    tools_make_dated("expired", -8000000, -200000);
    begin_count();
    made = made && put_key("ops", "app", "app", "a1") && put_key("ops", "twin", "twinkey", "a2") && put_key("ops", "ec", "ec", "a3") &&
           put_key("ops", "expired", "expired", "a4") && put_certificate("half", "app", "app", 0xa1) &&
           put_certificate("ops", "ca", "ca", 0xb0) && put_certificate("ops", "app", "app", 0xa1) &&
           put_certificate("ops", "twin", "twin", 0xa2) && put_certificate("ops", "ec", "ec", 0xa3) &&
           put_certificate("ops", "expired", "expired", 0xa4);
    end_count();
    return made ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    tools_end();
    return 0;
}

/* ---- checks ---- */

static void keep_signature(void *context, struct str signature, const struct err *err)
{
    assert_null(err);
    tools_write("signature", signature);
    ++*(int *)context;
}

static void assert_signs(const struct client_certificate *certificate, const char *name)
{
    int count = 0;
    struct signer *signer = certificate->signer;
    tools_write("text", STR("what is signed"));
    for (int i = 0; i < 2; i++) {
        begin_count();
        signer->class->sign(signer, SIGNER_PS256, STR("what is signed"), keep_signature, &count);
        end_count();
        assert_true(tool("openssl x509 -in %s.crt -noout -pubkey >public && openssl dgst -sha256 -sigopt rsa_padding_mode:pss "
                         "-sigopt rsa_pss_saltlen:32 -verify public -signature signature text", name));
    }
    begin_count();
    signer->class->sign(signer, SIGNER_RS256, STR("what is signed"), keep_signature, &count);
    end_count();
    assert_true(tool("openssl dgst -sha256 -verify public -signature signature text"));
    assert_int_equal(count, 3);
}

static struct client_certificate *open_source(const char *source, const char *pin, int *logins, struct err *err)
{
    struct secret *secret = pin ? secret_new(str_of(pin)) : NULL;
    *err = (struct err){ 0 };
    begin_count();
    struct client_certificate *certificate = client_certificate_from_source(source, secret, err);
    *logins = end_count();
    secret_free(secret);
    return certificate;
}

static void assert_opens(const char *source, const char *pin, const char *name, size_t chain)
{
    struct err err;
    int logins;
    struct client_certificate *certificate = open_source(source, pin, &logins, &err);
    if (!certificate) {
        fail_msg("%s: %s", source, err.text);
        return;
    }
    assert_string_equal(certificate->thumbprint, tool_line("openssl x509 -in %s.crt -noout -fingerprint | sed 's/.*=//; s/://g'", name));
    assert_string_equal(certificate->where, "the PKCS#11 token ops");
    assert_int_equal(certificate->chain_count, chain);
    assert_int_equal(logins, 1);
    assert_signs(certificate, name);
    drop(certificate);
}

static void assert_fails(const char *source, const char *pin, const char *field, const char *words, int logins_wanted)
{
    struct err err;
    int logins;
    struct client_certificate *certificate = open_source(source, pin, &logins, &err);
    if (certificate) {
        drop(certificate);
        fail_msg("%s was taken", source);
    }
    if (!strstr(err.text, words)) {
        fail_msg("%s: \"%s\" has no \"%s\"", source, err.text, words);
    }
    assert_string_equal(err.field, field);
    assert_int_equal(err.kind, ERR_INPUT);
    assert_true(*err.advice != '\0');
    assert_int_equal(logins, logins_wanted);
    assert_null(strstr(err.text, WRONG_PIN));
    assert_null(strstr(err.text, PIN));
    assert_null(strstr(err.advice, WRONG_PIN));
}

/* ---- by URI ---- */

static void test_by_label(void **state)
{
    (void)state;
    assert_opens("pkcs11:token=ops;object=app", PIN, "app", 2);         /* with its issuer, which the token holds too */
    assert_opens("pkcs11:token=ops;object=app;type=private", PIN, "app", 2);
    assert_opens("pkcs11:token=ops;object=twin", PIN, "twin", 2);       /* the key goes by another label */
    assert_opens("pkcs11:token=ops;object=twinkey;type=private", PIN, "twin", 2);
    assert_opens("pkcs11:token=ops;id=%A2", PIN, "twin", 2);
    assert_opens("PKCS11:token=ops;id=%a2;type=cert", PIN, "twin", 2);
}

static void test_pin_in_the_uri(void **state)
{
    (void)state;
    tools_write("pin", STR(PIN "\n"));
    char *uri = mem_format("pkcs11:token=ops;object=twin?pin-source=file:%s", tools_path("pin"));
    assert_opens("pkcs11:token=ops;object=app?pin-value=" PIN, NULL, "app", 2);
    assert_opens(uri, NULL, "twin", 2);
    tools_write("pin", STR(WRONG_PIN "\n"));
    assert_fails(uri, NULL, IN_SOURCE, "The PIN does not open the token", 1);
    free(uri);
    assert_fails("pkcs11:token=ops;object=twin?pin-source=file:/nowhere/pin", NULL, IN_SOURCE, "Cannot read the PIN's file /nowhere/pin", 0);
    assert_opens("pkcs11:token=ops;object=app?pin-value=%34%33%38%38%31%32", WRONG_PIN, "app", 2);
}

/* One try: a card locks itself after three, and nobody may lose it to a typing error. */
static void test_wrong_pin(void **state)
{
    (void)state;
    assert_fails("pkcs11:token=ops;object=app", WRONG_PIN, IN_PASSWORD, "The PIN does not open the token", 1);
    assert_fails("pkcs11:token=ops;object=twinkey", WRONG_PIN, IN_PASSWORD, "The PIN does not open the token", 1);
    assert_fails("pkcs11:token=ops", WRONG_PIN, IN_PASSWORD, "The PIN does not open the token", 1);
    assert_fails("pkcs11:object=app", WRONG_PIN, IN_PASSWORD, "The PIN does not open the token", 1);
    assert_fails("pkcs11:token=ops;object=app?pin-value=" WRONG_PIN, NULL, IN_SOURCE, "The PIN does not open the token", 1);
    assert_fails("pkcs11:token=ops;object=twinkey?pin-value=" WRONG_PIN, PIN, IN_SOURCE, "The PIN does not open the token", 1);
    assert_opens("pkcs11:token=ops;object=app", PIN, "app", 2);
}

static void test_no_pin(void **state)
{
    (void)state;
    assert_fails("pkcs11:token=ops;object=app", NULL, IN_PASSWORD, "wants its PIN, and none was given", 0);
    assert_fails("pkcs11:token=ops;object=twinkey", "", IN_PASSWORD, "wants its PIN, and none was given", 0);
}

static void test_nothing_there(void **state)
{
    (void)state;
    assert_fails("pkcs11:token=absent;object=app", PIN, IN_SOURCE, "pkcs11:token=absent;object=app", 0);
    assert_fails("pkcs11:token=ops;object=absent", PIN, IN_SOURCE, "No private key is found at pkcs11:token=ops;object=absent", 1);
    assert_fails("pkcs11:object=absent?pin-value=" WRONG_PIN, NULL, IN_SOURCE, "No private key is found", 0);
    assert_fails("pkcs11:token=half;object=app", PIN, IN_SOURCE, "No private key is found", 2);
    assert_fails("pkcs11:token=ops;colour=blue=?;;", PIN, IN_SOURCE, "pkcs11:token=ops", 0);
    assert_fails("pkcs11:", NULL, IN_PASSWORD, "wants its PIN", 0);
}

static void test_keys_that_do_not_fit(void **state)
{
    (void)state;
    assert_fails("pkcs11:token=ops;object=ec", PIN, IN_SOURCE, "elliptic curve", 1);
    assert_fails("pkcs11:token=ops;object=expired", PIN, IN_SOURCE, "expired on", 1);
}

/* ---- by thumbprint ---- */

static void test_by_thumbprint(void **state)
{
    (void)state;
    struct err err = { 0 };
    char thumbprint[128];
    struct secret *pin = secret_new(STR(PIN));
    str_copy(thumbprint, sizeof thumbprint, tool_line("openssl x509 -in app.crt -noout -fingerprint -sha1"));
    begin_count();
    struct client_certificate *certificate = client_certificate_by_thumbprint(thumbprint, NULL, pin, &err);
    end_count();
    if (!certificate) {
        fail_msg("%s", err.text);
        return;
    }
    assert_string_equal(certificate->where, "the PKCS#11 token ops");      /* not half, which holds no key */
    assert_signs(certificate, "app");
    drop(certificate);
    secret_free(pin);
}

static void test_by_thumbprint_wrong_pin(void **state)
{
    (void)state;
    struct err err = { 0 };
    struct secret *pin = secret_new(STR(WRONG_PIN));
    char thumbprint[128];
    str_copy(thumbprint, sizeof thumbprint, tool_line("openssl x509 -in twin.crt -noout -fingerprint -sha1"));
    begin_count();
    assert_null(client_certificate_by_thumbprint(thumbprint, NULL, pin, &err));
    assert_int_equal(end_count(), 1);
    assert_string_equal(err.field, IN_PASSWORD);
    assert_non_null(strstr(err.text, "The PIN does not open the token"));
    begin_count();
    assert_null(client_certificate_by_thumbprint(thumbprint, NULL, NULL, &err));
    assert_int_equal(end_count(), 0);
    assert_non_null(strstr(err.text, "wants its PIN"));
    secret_free(pin);
}

static void test_by_thumbprint_without_key(void **state)
{
    (void)state;
    struct err err = { 0 };
    struct secret *pin = secret_new(STR(PIN));
    char thumbprint[128];
    str_copy(thumbprint, sizeof thumbprint, tool_line("openssl x509 -in ca.crt -noout -fingerprint -sha1"));
    begin_count();
    assert_null(client_certificate_by_thumbprint(thumbprint, NULL, pin, &err));
    assert_string_equal(err.field, "CertificateThumbprint");
    assert_non_null(strstr(err.text, "no private key beside it"));
    assert_null(client_certificate_by_thumbprint("0123456789ABCDEF0123456789ABCDEF01234567", NULL, pin, &err));
    assert_non_null(strstr(err.text, "PKCS#11 tokens ("));
    end_count();
    secret_free(pin);
}

/* ---- what root cannot try ---- */

static void test_file_of_another_user(void **state)
{
    (void)state;
    struct err err = { 0 };
    assert_true(tool("cat app.key app.crt >app.pem && chmod 000 app.pem"));
    assert_null(client_certificate_from_file(tools_path("app.pem"), NULL, &err));
    assert_string_equal(err.field, "CertificateFilePath");
    assert_non_null(strstr(err.text, "Permission denied"));
    assert_int_equal(err.kind, ERR_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_label), cmocka_unit_test(test_pin_in_the_uri), cmocka_unit_test(test_wrong_pin),
        cmocka_unit_test(test_no_pin), cmocka_unit_test(test_nothing_there), cmocka_unit_test(test_keys_that_do_not_fit),
        cmocka_unit_test(test_by_thumbprint), cmocka_unit_test(test_by_thumbprint_wrong_pin),
        cmocka_unit_test(test_by_thumbprint_without_key), cmocka_unit_test(test_file_of_another_user),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
