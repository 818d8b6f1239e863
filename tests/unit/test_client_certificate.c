/* Certificates out of files in every form that auth.md section 7 lists, and every way in which they can be wrong. */
#include "auth/client_certificate.h"

#include <fcntl.h>
#include <gnutls/abstract.h>
#include <gnutls/pkcs12.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "certificate_tools.h"

#define PASSWORD "Geheim-4711"
#define DAY_S ((int64_t)24 * 3600)

static char thumbprint[128];    /* of app.crt, as openssl says it, without colons */

static const char *thumbprint_of(const char *crt)
{
    return tool_line("openssl x509 -in %s -noout -fingerprint -sha1 | sed 's/.*=//; s/://g'", crt);
}

static int set_up(void **state)
{
    (void)state;
    bool made = tools_begin() &&
        tool("for n in app other ca; do openssl req -x509 -newkey rsa:2048 -nodes -keyout $n.key -out $n.crt -days 90 "
             "-subj /CN=$n || exit 1; done") &&
        tool("printf 'basicConstraints=critical,CA:true\\n' >ca.ext; "
             "openssl req -new -newkey rsa:2048 -nodes -keyout inter.key -out inter.csr -subj /CN=inter && "
             "openssl x509 -req -in inter.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 80 -extfile ca.ext -out inter.crt && "
             "openssl req -new -newkey rsa:2048 -nodes -keyout leaf.key -out leaf.csr -subj /CN=leaf && "
             "openssl x509 -req -in leaf.csr -CA inter.crt -CAkey inter.key -CAcreateserial -days 70 -out leaf.crt") &&
        tool("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ec.key -out ec.crt -days 90 -subj /CN=ec") &&
        tool("openssl req -x509 -newkey rsa:1024 -nodes -keyout small.key -out small.crt -days 90 -subj /CN=small");
    tools_make_dated("expired", -90 * DAY_S, -2 * DAY_S);
    tools_make_dated("future", 2 * DAY_S, 90 * DAY_S);
    tools_make_dated("soon", -DAY_S, 3 * DAY_S);
    str_copy(thumbprint, sizeof thumbprint, thumbprint_of("app.crt"));
    return made && strlen(thumbprint) == 40 ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    tools_end();
    return 0;
}

static struct client_certificate *open_named(const char *name, const char *password, struct err *err)
{
    struct secret *secret = password ? secret_new(str_of(password)) : NULL;
    *err = (struct err){ 0 };
    struct client_certificate *certificate = client_certificate_from_file(tools_path(name), secret, err);
    secret_free(secret);
    return certificate;
}

/* ---- what a good one must do ---- */

static void keep_signature(void *context, struct str signature, const struct err *err)
{
    assert_null(err);
    tools_write("signature", signature);
    ++*(int *)context;
}

/* Both signatures, checked by openssl with the public key of the certificate that was meant. */
static void assert_signs(const struct client_certificate *certificate, const char *crt)
{
    int count = 0;
    struct signer *signer = certificate->signer;
    tools_write("text", STR("what is signed"));
    signer->class->sign(signer, SIGNER_PS256, STR("what is signed"), keep_signature, &count);
    assert_true(tool("openssl x509 -in %s -noout -pubkey >public && openssl dgst -sha256 -sigopt rsa_padding_mode:pss "
                     "-sigopt rsa_pss_saltlen:32 -verify public -signature signature text", crt));
    signer->class->sign(signer, SIGNER_RS256, STR("what is signed"), keep_signature, &count);
    assert_true(tool("openssl dgst -sha256 -verify public -signature signature text"));
    assert_int_equal(count, 2);
}

static void assert_opens(const char *name, const char *password, size_t chain)
{
    struct err err;
    struct client_certificate *certificate = open_named(name, password, &err);
    if (!certificate) {
        fail_msg("%s: %s", name, err.text);
        return;
    }
    assert_string_equal(certificate->thumbprint, chain == 3 ? thumbprint_of("leaf.crt") : thumbprint);
    assert_int_equal(certificate->chain_count, chain);
    assert_int_equal(certificate->key_bits, 2048);
    assert_non_null(strstr(certificate->where, name));
    assert_signs(certificate, chain == 3 ? "leaf.crt" : "app.crt");
    client_certificate_free(certificate);
}

static void assert_fails(const char *name, const char *password, const char *field, const char *words)
{
    struct err err;
    struct client_certificate *certificate = open_named(name, password, &err);
    if (certificate) {
        client_certificate_free(certificate);
        fail_msg("%s was taken", name);
    }
    if (!strstr(err.text, words)) {
        fail_msg("%s: \"%s\" has no \"%s\"", name, err.text, words);
    }
    assert_int_equal(err.kind, ERR_INPUT);
    assert_string_equal(err.field, field);
    assert_true(*err.advice != '\0');
    assert_null(password && *password ? strstr(err.text, password) : NULL);
}

#define IN_FILE "CertificateFilePath"
#define IN_PASSWORD "CertificatePassword"

/* ---- PFX ---- */

struct form { const char *title, *options; bool protected; };

static const struct form pfx_forms[] = {
    { "openssl 3", "", true },
    { "legacy RC2", "-legacy", true },
    { "3DES", "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1", true },
    { "MAC SHA-512", "-macalg sha512", true },
    { "many iterations", "-iter 20000", true },
    { "no MAC", "-nomac", true },
    { "MAC only", "-keypbe NONE -certpbe NONE", true },
    { "certificate plain", "-certpbe NONE", true },
    { "nothing", "-keypbe NONE -certpbe NONE -nomac", false },
};

static void test_pfx_of_every_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pfx_forms / sizeof *pfx_forms; i++) {
        const struct form *form = &pfx_forms[i];
        print_message("# PFX: %s\n", form->title);
        assert_true(tool("openssl pkcs12 -export -in app.crt -inkey app.key -out form.pfx -passout pass:" PASSWORD " %s", form->options));
        assert_opens("form.pfx", PASSWORD, 1);
        if (form->protected) {
            assert_fails("form.pfx", "wrong one", IN_PASSWORD, "The password does not open the file");
            assert_fails("form.pfx", NULL, IN_PASSWORD, "none was given");
            assert_fails("form.pfx", "", IN_PASSWORD, "none was given");
        } else {
            assert_opens("form.pfx", NULL, 1);
        }
    }
}

/* Without a MAC a wrong password ends in fitting padding once in 256 times. */
static void test_many_wrong_passwords(void **state)
{
    (void)state;
    assert_true(tool("openssl pkcs12 -export -in app.crt -inkey app.key -out nomac.pfx -passout pass:" PASSWORD " -nomac -iter 1"));
    assert_true(tool("(cat app.crt; openssl rsa -in app.key -traditional -aes128 -passout pass:" PASSWORD ") >old.pem"));
    assert_true(tool("(cat app.crt; openssl pkcs8 -topk8 -in app.key -v2 aes-256-cbc -iter 1 -passout pass:" PASSWORD ") >new.pem"));
    for (int i = 0; i < 1500; i++) {
        char wrong[32];
        snprintf(wrong, sizeof wrong, "wrong %d", i);
        assert_fails("nomac.pfx", wrong, IN_PASSWORD, "does not open");
        assert_fails("old.pem", wrong, IN_PASSWORD, "does not open");
        assert_fails("new.pem", wrong, IN_PASSWORD, "does not open");
    }
}

static void test_pfx_empty_password(void **state)
{
    (void)state;
    assert_true(tool("openssl pkcs12 -export -in app.crt -inkey app.key -out empty.pfx -passout pass:"));
    assert_opens("empty.pfx", NULL, 1);
    assert_opens("empty.pfx", "", 1);
    assert_fails("empty.pfx", "wrong one", IN_PASSWORD, "does not open");
}

/* What .NET writes into its store: no password at all, which is not the empty one. openssl cannot make it. */
static void make_without_password(const char *name)
{
    gnutls_datum_t key_pem, crt_pem, out, id = { (unsigned char[]){ 1 }, 1 };
    gnutls_x509_privkey_t key;
    gnutls_x509_crt_t crt;
    gnutls_pkcs12_t pfx;
    gnutls_pkcs12_bag_t key_bag, crt_bag;
    unsigned char der[8192];
    size_t size = sizeof der;
    assert_int_equal(gnutls_load_file(tools_path("app.key"), &key_pem), 0);
    assert_int_equal(gnutls_load_file(tools_path("app.crt"), &crt_pem), 0);
    gnutls_x509_privkey_init(&key);
    gnutls_x509_crt_init(&crt);
    assert_int_equal(gnutls_x509_privkey_import(key, &key_pem, GNUTLS_X509_FMT_PEM), 0);
    assert_int_equal(gnutls_x509_crt_import(crt, &crt_pem, GNUTLS_X509_FMT_PEM), 0);
    gnutls_pkcs12_init(&pfx);
    gnutls_pkcs12_bag_init(&key_bag);
    gnutls_pkcs12_bag_init(&crt_bag);
    assert_int_equal(gnutls_x509_privkey_export_pkcs8(key, GNUTLS_X509_FMT_DER, NULL,
                                                      GNUTLS_PKCS_PKCS12_3DES | GNUTLS_PKCS_NULL_PASSWORD, der, &size), 0);
    out = (gnutls_datum_t){ der, (unsigned)size };
    assert_true(gnutls_pkcs12_bag_set_data(key_bag, GNUTLS_BAG_PKCS8_ENCRYPTED_KEY, &out) >= 0);
    gnutls_pkcs12_bag_set_key_id(key_bag, 0, &id);
    assert_true(gnutls_pkcs12_bag_set_crt(crt_bag, crt) >= 0);
    gnutls_pkcs12_bag_set_key_id(crt_bag, 0, &id);
    assert_int_equal(gnutls_pkcs12_bag_encrypt(crt_bag, NULL, GNUTLS_PKCS_PKCS12_3DES | GNUTLS_PKCS_NULL_PASSWORD), 0);
    assert_int_equal(gnutls_pkcs12_set_bag(pfx, key_bag), 0);
    assert_int_equal(gnutls_pkcs12_set_bag(pfx, crt_bag), 0);
    assert_int_equal(gnutls_pkcs12_generate_mac(pfx, NULL), 0);
    assert_int_equal(gnutls_pkcs12_export2(pfx, GNUTLS_X509_FMT_DER, &out), 0);
    tools_write(name, (struct str){ (const char *)out.data, out.size });
    gnutls_free(out.data);
    gnutls_free(key_pem.data);
    gnutls_free(crt_pem.data);
    gnutls_pkcs12_bag_deinit(key_bag);
    gnutls_pkcs12_bag_deinit(crt_bag);
    gnutls_pkcs12_deinit(pfx);
    gnutls_x509_privkey_deinit(key);
    gnutls_x509_crt_deinit(crt);
}

static void test_pfx_without_password(void **state)
{
    (void)state;
    make_without_password("none.pfx");
    assert_opens("none.pfx", NULL, 1);
    assert_opens("none.pfx", "", 1);
    assert_fails("none.pfx", "wrong one", IN_PASSWORD, "does not open");
}

static void test_pfx_password_of_many_letters(void **state)
{
    (void)state;
    tools_write("utf8.txt", STR("Pässwört Ω 日本"));
    assert_true(tool("openssl pkcs12 -export -in app.crt -inkey app.key -out utf8.pfx -passout file:utf8.txt"));
    assert_opens("utf8.pfx", "Pässwört Ω 日本", 1);
}

static void test_pfx_chain(void **state)
{
    (void)state;
    assert_true(tool("cat other.crt ca.crt inter.crt >more.crt && openssl pkcs12 -export -in leaf.crt -inkey leaf.key "
                     "-certfile more.crt -out chain.pfx -passout pass:" PASSWORD));
    assert_opens("chain.pfx", PASSWORD, 3);     /* the unrelated one stays out */
}

/* ---- PEM ---- */

static const struct form pem_forms[] = {
    { "PKCS#8", "cat app.crt; openssl pkcs8 -topk8 -nocrypt -in app.key", false },
    { "key first", "openssl pkcs8 -topk8 -nocrypt -in app.key; cat app.crt", false },
    { "PKCS#1", "openssl rsa -in app.key -traditional; cat app.crt", false },
    { "PBES2 AES", "cat app.crt; openssl pkcs8 -topk8 -v2 aes-256-cbc -in app.key -passout pass:" PASSWORD, true },
    { "PBES2 SHA-512", "cat app.crt; openssl pkcs8 -topk8 -v2 aes-128-cbc -v2prf hmacWithSHA512 -in app.key -passout pass:" PASSWORD, true },
    { "PBES2 3DES", "cat app.crt; openssl pkcs8 -topk8 -v2 des3 -in app.key -passout pass:" PASSWORD, true },
    { "PBE-SHA1-3DES", "openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES -in app.key -passout pass:" PASSWORD "; cat app.crt", true },
    { "old AES", "openssl rsa -in app.key -traditional -aes256 -passout pass:" PASSWORD "; cat app.crt", true },
    { "old 3DES", "openssl rsa -in app.key -traditional -des3 -passout pass:" PASSWORD "; cat app.crt", true },
    { "with attributes", "openssl pkcs12 -export -in app.crt -inkey app.key -passout pass:x -out a.pfx; "
                         "openssl pkcs12 -in a.pfx -passin pass:x -nodes", false },
    { "Windows line ends", "cat app.key app.crt | sed 's/$/\\r/'", false },
    { "byte order mark", "printf '\\357\\273\\277'; cat app.key app.crt", false },
    { "no last line end", "cat app.key; printf %s \"$(cat app.crt)\"", false },
    { "parameters and requests between", "cat app.key leaf.csr ec.crt other.crt app.crt", false },
};

static void test_pem_of_every_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pem_forms / sizeof *pem_forms; i++) {
        const struct form *form = &pem_forms[i];
        print_message("# PEM: %s\n", form->title);
        assert_true(tool("umask 077; { %s; } >form.pem 2>/dev/null", form->options));
        assert_opens("form.pem", PASSWORD, 1);
        if (form->protected) {
            assert_fails("form.pem", "wrong one", IN_PASSWORD, "The password does not open the file");
            assert_fails("form.pem", NULL, IN_PASSWORD, "none was given");
        } else {
            assert_opens("form.pem", NULL, 1);
        }
    }
}

static void test_pem_chain_in_any_order(void **state)
{
    (void)state;
    static const char *const orders[] = { "ca.crt inter.crt leaf.crt leaf.key", "leaf.key leaf.crt inter.crt ca.crt",
                                          "inter.crt other.crt leaf.key ca.crt leaf.crt leaf.crt" };
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        struct err err;
        assert_true(tool("cat %s >chain.pem", orders[i]));
        assert_opens("chain.pem", NULL, 3);
        struct client_certificate *certificate = open_named("chain.pem", NULL, &err);
        for (size_t j = 0; j < 3; j++) {
            static const char *const names[] = { "leaf", "inter", "ca" };
            struct str der = buf_str(&certificate->chain[j]);
            tools_write("part.der", der);
            assert_true(tool("openssl x509 -in %s.crt -outform DER | cmp - part.der", names[j]));
        }
        client_certificate_free(certificate);
    }
}

/* The leaf may lie behind more certificates than a chain may have. */
static void test_pem_leaf_behind_many(void **state)
{
    (void)state;
    assert_true(tool("(for i in 1 2 3 4 5 6 7 8 9 10; do cat ca.crt other.crt; done; cat app.crt app.key) >many.pem"));
    assert_opens("many.pem", NULL, 1);
}

/* A renewed certificate of the same key beside the old one. */
static void test_pem_renewed(void **state)
{
    (void)state;
    assert_true(tool("openssl req -x509 -key app.key -out app2.crt -days 300 -subj /CN=app2 && cat app.crt app.key app2.crt >renewed.pem"));
    struct err err;
    struct client_certificate *certificate = open_named("renewed.pem", NULL, &err);
    assert_non_null(certificate);
    assert_string_equal(certificate->subject, "CN=app2");
    client_certificate_free(certificate);
}

/* The advice must be a line that works: it is run, with the passwords put where openssl would ask. */
static void test_scrypt(void **state)
{
    (void)state;
    struct err err;
    assert_true(tool("(cat app.crt; openssl pkcs8 -topk8 -scrypt -in app.key -passout pass:" PASSWORD ") >scrypt.pem"));
    assert_fails("scrypt.pem", PASSWORD, IN_FILE, "scrypt");
    assert_fails("scrypt.pem", NULL, IN_FILE, "scrypt");
    assert_null(open_named("scrypt.pem", PASSWORD, &err));
    const char *line = strchr(err.advice, '(');
    assert_non_null(line);
    assert_true(tool("printf '%%s\\n' '%s' | sed 's/OLD/scrypt/g; s/NEW/converted/; s/-topk8/-topk8 -passin pass:" PASSWORD
                     " -passout pass:" PASSWORD "/' >line.sh && sh line.sh", line));
    assert_opens("converted.pem", PASSWORD, 1);
}

/* This openssl cannot make PBMAC1: the name of the MAC's digest, which is as long, is exchanged for it. */
static void test_pbmac1(void **state)
{
    (void)state;
    struct err err;
    assert_true(tool("openssl pkcs12 -export -in app.crt -inkey app.key -out mac.pfx -passout pass:" PASSWORD));
    gnutls_datum_t data;
    assert_int_equal(gnutls_load_file(tools_path("mac.pfx"), &data), 0);
    unsigned char *last = NULL;
    for (unsigned i = 0; i + 11 <= data.size; i++) {
        last = memcmp(data.data + i, "\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01", 11) == 0 ? data.data + i : last;
    }
    assert_non_null(last);
    memcpy(last, "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0e", 11);
    tools_write("pbmac1.pfx", (struct str){ (const char *)data.data, data.size });
    gnutls_free(data.data);
    assert_fails("pbmac1.pfx", PASSWORD, IN_FILE, "PBMAC1");
    assert_null(open_named("pbmac1.pfx", PASSWORD, &err));
    /* The line itself works on a file that this openssl can read. */
    const char *line = strstr(err.advice, "openssl");
    assert_non_null(line);
    assert_true(tool("printf '%%s\\n' '%s' | sed 's/OLD/mac/; s/NEW/again/; s/-in/-passin pass:" PASSWORD
                     " -passout pass:" PASSWORD " -in/' >line.sh && sh line.sh", line));
    assert_opens("again.pem", PASSWORD, 1);
    assert_fails("again.pem", NULL, IN_PASSWORD, "none was given");
}

static void test_old_pem_with_unknown_cipher(void **state)
{
    (void)state;
    assert_true(tool("(openssl rsa -in app.key -traditional -aria128 -passout pass:" PASSWORD "; cat app.crt) >aria.pem"));
    assert_fails("aria.pem", PASSWORD, IN_FILE, "encrypted in a way that cannot be read here");
    assert_fails("aria.pem", NULL, IN_PASSWORD, "none was given");
}

/* ---- what is wrong with it ---- */

static void test_halves(void **state)
{
    (void)state;
    assert_true(tool("openssl x509 -in app.crt -outform DER -out app.cer && openssl pkcs12 -export -nokeys -in app.crt -out nokey.pfx "
                     "-passout pass:" PASSWORD " && openssl pkcs12 -export -nocerts -inkey app.key -in app.crt -out nocert.pfx "
                     "-passout pass:" PASSWORD " && cat app.key other.crt >mixed.pem && openssl rsa -in app.key -outform DER -out key.der && "
                     "openssl crl2pkcs7 -nocrl -certfile app.crt -out app.p7b"));
    assert_fails("app.cer", NULL, IN_FILE, "but no private key");
    assert_fails("app.crt", NULL, IN_FILE, "but no private key");
    assert_fails("app.key", NULL, IN_FILE, "There is a key in");
    assert_fails("nokey.pfx", PASSWORD, IN_FILE, "but no private key");
    assert_fails("nocert.pfx", PASSWORD, IN_FILE, "There is a key in");
    assert_fails("mixed.pem", NULL, IN_FILE, "belongs to another key");
    assert_fails("key.der", NULL, IN_FILE, "no certificate with a key that can be read");
    assert_fails("app.p7b", NULL, IN_FILE, "no certificate with a key that can be read");
}

static void test_keys_that_do_not_fit(void **state)
{
    (void)state;
    assert_true(tool("cat ec.crt ec.key >ec.pem && cat small.crt small.key >small.pem && openssl pkcs12 -export -in ec.crt -inkey ec.key "
                     "-out ec.pfx -passout pass:" PASSWORD " && (openssl genpkey -algorithm ed25519; cat app.crt) >ed.pem && "
                     "(openssl ecparam -name prime256v1 -genkey; cat ec.crt) >ec1.pem"));
    assert_fails("ec.pem", NULL, IN_FILE, "elliptic curve");
    assert_fails("ec1.pem", NULL, IN_FILE, "elliptic curve");
    assert_fails("ec.pfx", PASSWORD, IN_FILE, "elliptic curve");
    assert_fails("ed.pem", NULL, IN_FILE, "RSA keys only");
    assert_fails("small.pem", NULL, IN_FILE, "has 1024 bits; at least 2048");
}

static void test_dates(void **state)
{
    (void)state;
    struct err err;
    char day[21];
    assert_true(tool("umask 077; for n in expired future soon; do cat $n.crt $n.key >$n.pem; done"));
    clock_iso(clock_unix() - 2 * DAY_S, day);
    day[10] = '\0';
    assert_fails("expired.pem", NULL, IN_FILE, "expired on ");
    assert_fails("expired.pem", NULL, IN_FILE, day);
    assert_fails("future.pem", NULL, IN_FILE, "is not valid before ");
    struct client_certificate *certificate = open_named("soon.pem", NULL, &err);
    assert_non_null(certificate);
    assert_non_null(strstr(certificate->warning, "The certificate ends on "));
    assert_true(certificate->not_after > clock_unix() && certificate->not_after < clock_unix() + 4 * DAY_S);
    client_certificate_free(certificate);
}

static void test_warns_of_open_files(void **state)
{
    (void)state;
    struct err err;
    assert_true(tool("cat soon.crt soon.key >open.pem && cat app.crt app.key >own.pem && chmod 640 open.pem && chmod 600 own.pem"));
    struct client_certificate *certificate = open_named("open.pem", NULL, &err);
    assert_non_null(strstr(certificate->warning, "The certificate ends on "));
    assert_non_null(strstr(certificate->warning, "chmod 600"));
    client_certificate_free(certificate);
    certificate = open_named("own.pem", NULL, &err);
    assert_string_equal(certificate->warning, "");
    client_certificate_free(certificate);
}

static void test_no_files(void **state)
{
    (void)state;
    struct err err = { 0 };
    assert_true(tool("mkdir -p directory && : >nothing && head -c 1100000 /dev/zero >huge"));
    assert_fails("absent.pfx", NULL, IN_FILE, "No such file");
    assert_fails("directory", NULL, IN_FILE, "is a directory");
    assert_fails("nothing", NULL, IN_FILE, "There is nothing in");
    assert_fails("huge", NULL, IN_FILE, "too large");
    assert_null(client_certificate_from_file("/dev/zero", NULL, &err));
    assert_non_null(strstr(err.text, "is not a file"));
}

/* A pipe with what a file holds, its writer gone: the shell's <(command). */
static int pipe_with(const char *name)
{
    int ends[2];
    gnutls_datum_t data;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(gnutls_load_file(tools_path(name), &data), 0);
    assert_int_equal(write(ends[1], data.data, data.size), (ssize_t)data.size);
    close(ends[1]);
    gnutls_free(data.data);
    return ends[0];
}

static void test_pipe(void **state)
{
    (void)state;
    assert_true(tool("cat app.crt app.key >app.pem"));
    int reader = pipe_with("app.pem");
    struct err err = { 0 };
    char *path = mem_format("/dev/fd/%d", reader);
    struct client_certificate *certificate = client_certificate_from_file(path, NULL, &err);
    assert_non_null(certificate);
    assert_string_equal(certificate->thumbprint, thumbprint);
    assert_string_equal(certificate->warning, "");
    client_certificate_free(certificate);
    free(path);
    close(reader);
}

/* Whatever is cut off or overwritten: an error of the right kind, or a file that still holds all that is needed. */
static void assert_survives(struct str bytes)
{
    struct err err = { 0 };
    struct secret *password = secret_new(STR(PASSWORD));
    struct client_certificate *certificate = client_certificate_from_bytes(bytes, password, "here", &err);
    if (!certificate) {
        assert_int_equal(err.kind, ERR_INPUT);
        assert_true(*err.field && *err.advice && *err.text);
    }
    client_certificate_free(certificate);
    secret_free(password);
}

static void test_truncated_and_garbled(void **state)
{
    (void)state;
    static const char *const names[] = { "form.pem", "whole.pfx", "app.cer" };
    assert_true(tool("openssl pkcs12 -export -in app.crt -inkey app.key -iter 1 -out whole.pfx -passout pass:" PASSWORD " && "
                     "(cat app.crt; openssl pkcs8 -topk8 -in app.key -iter 1 -passout pass:" PASSWORD ") >form.pem && "
                     "openssl x509 -in app.crt -outform DER -out app.cer"));
    for (size_t i = 0; i < 3; i++) {
        gnutls_datum_t data;
        assert_int_equal(gnutls_load_file(tools_path(names[i]), &data), 0);
        for (unsigned length = 0; length < data.size; length += i == 1 && length > 64 ? 13 : 7) {
            char *copy = mem_new(length + 1);       /* of just this size, for the sanitizer to see reads behind it */
            memcpy(copy, data.data, length);
            copy = mem_grow(copy, length ? length : 1, 1);
            assert_survives((struct str){ copy, length });
            free(copy);
        }
        for (unsigned at = 0; at < data.size; at += 11) {
            unsigned char old = data.data[at];
            data.data[at] = (unsigned char)(old ^ (1u << at % 8));
            assert_survives((struct str){ (const char *)data.data, data.size });
            data.data[at] = old;
        }
        gnutls_free(data.data);
    }
}

static void test_garbage(void **state)
{
    (void)state;
    char noise[3000];
    unsigned seed = 7;
    for (int round = 0; round < 300; round++) {
        for (size_t i = 0; i < sizeof noise; i++) {
            seed = seed * 1103515245u + 12345u;
            noise[i] = (char)(seed >> 16);
        }
        memcpy(noise, round % 3 == 0 ? "\x30\x82\x0b\xb4" : "-----BEGIN PRIVATE KEY-----\n-----END x-----", round % 3 == 0 ? 4 : 43);
        assert_survives((struct str){ noise, (size_t)(round % 2 ? 3000 : 60 + round) });
    }
    assert_survives(STR("-----BEGIN "));
    assert_survives(STR("-----BEGIN -----END -----"));
    assert_survives(STR("-----BEGIN CERTIFICATE-----END CERTIFICATE-----"));
    assert_survives(STR("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC\n\nAAAA\n-----END RSA PRIVATE KEY-----"));
}

/* ---- other sources ---- */

static void assert_source(const char *source, const char *password, const char *field, const char *words)
{
    struct err err = { 0 };
    struct secret *secret = password ? secret_new(str_of(password)) : NULL;
    struct client_certificate *certificate = client_certificate_from_source(source, secret, &err);
    if (!field) {
        assert_non_null(certificate);
        assert_string_equal(certificate->thumbprint, thumbprint);
        assert_non_null(strstr(certificate->where, words));
    } else {
        assert_null(certificate);
        assert_string_equal(err.field, field);
        assert_non_null(strstr(err.text, words));
        assert_int_equal(err.kind, ERR_INPUT);
        assert_true(*err.advice != '\0');
    }
    client_certificate_free(certificate);
    secret_free(secret);
}

static void test_sources(void **state)
{
    (void)state;
    char source[300];
    assert_true(tool("cat app.crt app.key >app.pem; openssl pkcs12 -export -in app.crt -inkey app.key -out app.pfx -passout pass:" PASSWORD));
    snprintf(source, sizeof source, "file:%s", tools_path("app.pfx"));
    assert_source(source, PASSWORD, NULL, "app.pfx");
    assert_source(source, "wrong one", "CertificatePassword", "does not open");
    int reader = pipe_with("app.pfx");
    snprintf(source, sizeof source, "fd:%d", reader);
    assert_source(source, PASSWORD, NULL, "the file descriptor");
    assert_source(source, PASSWORD, "Certificate", "There is nothing in the file descriptor");     /* it is read once */
    close(reader);
    assert_source(source, PASSWORD, "Certificate", "Bad file descriptor");
    assert_source("fd:x", NULL, "Certificate", "names no file descriptor");
    assert_source("file:/nowhere/at/all", NULL, "Certificate", "No such file");
    assert_source("app.pfx", NULL, "Certificate", "does not say where");
    setenv("PURVEY_TEST_CERT", tool_line("base64 -w0 app.pfx"), 1);
    assert_source("env:PURVEY_TEST_CERT", PASSWORD, NULL, "PURVEY_TEST_CERT");
    setenv("PURVEY_TEST_CERT", "not*base64", 1);
    assert_source("env:PURVEY_TEST_CERT", NULL, "Certificate", "neither PEM nor the base64");
    setenv("PURVEY_TEST_CERT", "", 1);
    assert_source("env:PURVEY_TEST_CERT", NULL, "Certificate", "is not set");
    gnutls_datum_t data;
    assert_int_equal(gnutls_load_file(tools_path("app.pem"), &data), 0);
    char *text = str_dup((struct str){ (const char *)data.data, data.size });
    setenv("PURVEY_TEST_CERT", text, 1);
    assert_source("env:PURVEY_TEST_CERT", NULL, NULL, "PURVEY_TEST_CERT");
    unsetenv("PURVEY_TEST_CERT");
    free(text);
    gnutls_free(data.data);
}

static void test_base64_with_line_ends(void **state)
{
    (void)state;
    struct err err = { 0 };
    struct secret *password = secret_new(STR(PASSWORD));
    gnutls_datum_t data;
    assert_true(tool("openssl pkcs12 -export -in app.crt -inkey app.key -out app.pfx -passout pass:" PASSWORD
                     " && base64 app.pfx | sed 's/$/\\r/' >app.b64"));
    assert_int_equal(gnutls_load_file(tools_path("app.b64"), &data), 0);
    struct client_certificate *certificate = client_certificate_from_base64((struct str){ (const char *)data.data, data.size }, password,
                                                                            "the vault", &err);
    assert_non_null(certificate);
    assert_string_equal(certificate->thumbprint, thumbprint);
    assert_string_equal(certificate->where, "the vault");
    client_certificate_free(certificate);
    assert_null(client_certificate_from_base64(STR(""), NULL, "the vault", &err));
    assert_null(client_certificate_from_base64(STR("AAAA"), NULL, "the vault", &err));
    assert_string_equal(err.field, IN_FILE);
    gnutls_free(data.data);
    secret_free(password);
}

/* ---- by thumbprint ---- */

static void test_thumbprint_clean(void **state)
{
    (void)state;
    struct err err;
    char clean[65];
    const char *digits = "0123456789ABCDEF0123456789ABCDEF01234567";
    static const char *const same[] = {
        "0123456789abcdef0123456789abcdef01234567", "01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67",
        "\xe2\x80\x8e" "01 23 45 67 89 ab cd ef 01 23 45 67 89 ab cd ef 01 23 45 67", " 0123456789ABCDEF0123456789ABCDEF01234567\n",
        "sha1 Fingerprint=01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67",
        "01234567-89ABCDEF\xc2\xa0" "0123456789ABCDEF01234567\xe2\x80\x8e",
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        assert_true(thumbprint_clean(same[i], clean, &err));
        assert_string_equal(clean, digits);
    }
    assert_true(thumbprint_clean("0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF", clean, &err));
    assert_int_equal(strlen(clean), 64);
    static const struct { const char *text, *words; } bad[] = {
        { "", "this one has 0" }, { "0123", "this one has 4" }, { "01234G6789ABCDEF", "after 5 digits" },
        { "0123456789ABCDEF0123456789ABCDEF0123456", "this one has 39" }, { "=", "has 0" }, { "\xe2\x80", "after 0 digits" },
        { "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF", "this one has 80" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(thumbprint_clean(bad[i].text, clean, &err));
        assert_string_equal(err.field, "CertificateThumbprint");
        assert_non_null(strstr(err.text, bad[i].words));
    }
}

static struct client_certificate *find(const char *text, const char *password, struct err *err)
{
    struct secret *secret = password ? secret_new(str_of(password)) : NULL;
    *err = (struct err){ 0 };
    struct client_certificate *certificate = client_certificate_by_thumbprint(text, NULL, secret, err);
    secret_free(secret);
    return certificate;
}

static void assert_found(const char *text, const char *password, const char *where)
{
    struct err err;
    struct client_certificate *certificate = find(text, password, &err);
    if (!certificate) {
        fail_msg("%s", err.text);
        return;
    }
    assert_string_equal(certificate->thumbprint, thumbprint);
    assert_non_null(strstr(certificate->where, where));
    client_certificate_free(certificate);
}

static void assert_not_found(const char *text, const char *password, const char *field, const char *words)
{
    struct err err;
    assert_null(find(text, password, &err));
    assert_int_equal(err.kind, ERR_INPUT);
    assert_string_equal(err.field, field);
    if (!strstr(err.text, words)) {
        fail_msg("\"%s\" has no \"%s\"", err.text, words);
    }
}

#define BY_THUMBPRINT "CertificateThumbprint"
#define DOTNET ".dotnet/corefx/cryptography/x509stores/my"

static void test_found_in_own_directory(void **state)
{
    (void)state;
    assert_true(tool("rm -rf config/purvey .dotnet && mkdir -p config/purvey/certs"));
    assert_not_found(thumbprint, NULL, BY_THUMBPRINT, "config/purvey/certs (0 files), ");
    assert_not_found(thumbprint, NULL, BY_THUMBPRINT, DOTNET " (not there)");
    assert_not_found(thumbprint, NULL, BY_THUMBPRINT, "PKCS#11 tokens (");
    assert_true(tool("cd config/purvey/certs && cat ../../../other.key ../../../other.crt >other.pem && echo no >broken.pfx && "
                     "openssl pkcs12 -export -in ../../../app.crt -inkey ../../../app.key -out anything.P12 -passout pass:" PASSWORD));
    assert_not_found(thumbprint, NULL, BY_THUMBPRINT, "(3 files, 1 of them closed to this password)");
    assert_found(thumbprint, PASSWORD, "certs/anything.P12");
    assert_found(tool_line("openssl x509 -in app.crt -noout -fingerprint -sha256"), PASSWORD, "certs/anything.P12");
    assert_true(tool("cat app.crt app.key >config/purvey/certs/app.pem && rm config/purvey/certs/anything.P12"));
    assert_found(thumbprint, "a PIN that is not meant for it", "certs/app.pem");
}

static void test_found_in_the_store_of_dotnet(void **state)
{
    (void)state;
    assert_true(tool("rm -rf config/purvey && mkdir -p " DOTNET));
    make_without_password("none.pfx");
    assert_true(tool("mv none.pfx " DOTNET "/%s.1.pfx && chmod 600 " DOTNET "/*", thumbprint));
    assert_found(thumbprint, NULL, "x509stores/my/");
    assert_found(thumbprint, "the PIN of a token", "x509stores/my/");
    assert_true(tool("rm -rf .dotnet"));
}

static void test_found_but_of_no_use(void **state)
{
    (void)state;
    char expired[64];
    str_copy(expired, sizeof expired, thumbprint_of("expired.crt"));
    assert_true(tool("rm -rf config/purvey && mkdir -p config/purvey/certs && cat expired.crt expired.key >config/purvey/certs/x.pem"));
    assert_not_found(expired, NULL, BY_THUMBPRINT, "expired on");
    assert_not_found(expired, "a password that it has not", BY_THUMBPRINT, "expired on");
    assert_true(tool("cp app.crt config/purvey/certs/half.pem"));
    assert_not_found(thumbprint, NULL, BY_THUMBPRINT, "but no private key");
    /* The whole elsewhere is better than half of it here. */
    assert_true(tool("mkdir -p " DOTNET " && cat app.key app.crt >" DOTNET "/app.pem"));
    assert_found(thumbprint, NULL, "x509stores/my/app.pem");
    assert_true(tool("rm -rf .dotnet config/purvey/certs/* && openssl pkcs12 -export -in app.crt -inkey app.key "
                     "-out config/purvey/certs/%s.pfx -passout pass:" PASSWORD, thumbprint));
    assert_not_found(thumbprint, NULL, "CertificatePassword", "none was given");
    assert_not_found(thumbprint, "wrong one", "CertificatePassword", "does not open");
    assert_true(tool("(cat app.crt; openssl pkcs8 -topk8 -in app.key -passout pass:" PASSWORD ") >config/purvey/certs/app.pem; "
                     "rm config/purvey/certs/*.pfx"));
    assert_not_found(thumbprint, "wrong one", "CertificatePassword", "does not open");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pfx_of_every_kind), cmocka_unit_test(test_many_wrong_passwords),
        cmocka_unit_test(test_pfx_empty_password), cmocka_unit_test(test_pfx_without_password),
        cmocka_unit_test(test_pfx_password_of_many_letters), cmocka_unit_test(test_pfx_chain),
        cmocka_unit_test(test_pem_of_every_kind), cmocka_unit_test(test_pem_chain_in_any_order),
        cmocka_unit_test(test_pem_leaf_behind_many), cmocka_unit_test(test_pem_renewed),
        cmocka_unit_test(test_scrypt), cmocka_unit_test(test_pbmac1),
        cmocka_unit_test(test_old_pem_with_unknown_cipher), cmocka_unit_test(test_halves),
        cmocka_unit_test(test_keys_that_do_not_fit), cmocka_unit_test(test_dates),
        cmocka_unit_test(test_warns_of_open_files), cmocka_unit_test(test_no_files),
        cmocka_unit_test(test_pipe), cmocka_unit_test(test_truncated_and_garbled),
        cmocka_unit_test(test_garbage), cmocka_unit_test(test_sources),
        cmocka_unit_test(test_base64_with_line_ends), cmocka_unit_test(test_thumbprint_clean),
        cmocka_unit_test(test_found_in_own_directory), cmocka_unit_test(test_found_in_the_store_of_dotnet),
        cmocka_unit_test(test_found_but_of_no_use),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
