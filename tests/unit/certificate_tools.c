#include "certificate_tools.h"

#include <gnutls/x509.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

static char root[64];

const char *tools_begin(void)
{
    snprintf(root, sizeof root, "/tmp/purvey-certs-XXXXXX");
    if (!mkdtemp(root)) {
        abort();
    }
    tools_write("softhsm2.conf", STR(""));
    setenv("HOME", root, 1);
    setenv("XDG_CONFIG_HOME", tools_path("config"), 1);
    setenv("SOFTHSM2_CONF", tools_path("softhsm2.conf"), 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    char *text = mem_format("directories.tokendir = %s/tokens\nobjectstore.backend = file\nlog.level = ERROR\n", root);
    tools_write("softhsm2.conf", str_of(text));
    free(text);
    return tool("mkdir tokens config && chmod 700 tokens") ? root : NULL;
}

void tools_end(void)
{
    if (!tool("rm -rf '%s'", root)) {
        fprintf(stderr, "# %s is still there\n", root);
    }
}

__attribute__((format(printf, 1, 0)))
static FILE *start(const char *format, va_list arguments)
{
    char command[4096];
    int used = snprintf(command, sizeof command, "exec 2>&1 </dev/null; cd '%s' || exit 1\n", root);
    vsnprintf(command + used, sizeof command - (size_t)used, format, arguments);
    return popen(command, "r");
}

bool tool(const char *format, ...)
{
    char output[4096];
    va_list arguments;
    va_start(arguments, format);
    FILE *shell = start(format, arguments);
    va_end(arguments);
    size_t have = shell ? fread(output, 1, sizeof output - 1, shell) : 0;
    output[have] = '\0';
    while (shell && fgetc(shell) != EOF) {
        continue;       /* a command that nobody listens to dies of it */
    }
    if (!shell || pclose(shell) != 0) {
        fprintf(stderr, "# failed: %s\n%s\n", format, output);
        return false;
    }
    return true;
}

const char *tool_line(const char *format, ...)
{
    static char line[4096];
    va_list arguments;
    va_start(arguments, format);
    FILE *shell = start(format, arguments);
    va_end(arguments);
    if (!shell || !fgets(line, sizeof line, shell)) {
        *line = '\0';
    }
    line[strcspn(line, "\n")] = '\0';
    if (shell) {
        pclose(shell);
    }
    return line;
}

const char *tools_path(const char *name)
{
    static char paths[4][256];
    static int at;
    at = (at + 1) % 4;
    snprintf(paths[at], sizeof paths[at], "%s/%s", root, name);
    return paths[at];
}

void tools_write(const char *name, struct str bytes)
{
    FILE *file = fopen(tools_path(name), "wb");
    if (!file || fwrite(bytes.data, 1, bytes.len, file) != bytes.len || fclose(file) != 0) {
        abort();
    }
}

static void export(const char *name, const char *end, gnutls_datum_t *data)
{
    char *file = mem_format("%s.%s", name, end);
    tools_write(file, (struct str){ (const char *)data->data, data->size });
    gnutls_free(data->data);
    free(file);
}

/* By GnuTLS, for want of dates in this openssl's `req`. */
void tools_make_dated(const char *name, int64_t from_s, int64_t to_s)
{
    gnutls_x509_privkey_t key;
    gnutls_x509_crt_t crt;
    gnutls_datum_t data = { 0 };
    time_t now = time(NULL);
    bool good = gnutls_x509_privkey_init(&key) == 0 && gnutls_x509_crt_init(&crt) == 0 &&
                gnutls_x509_privkey_generate(key, GNUTLS_PK_RSA, 2048, 0) == 0 && gnutls_x509_crt_set_key(crt, key) == 0 &&
                gnutls_x509_crt_set_version(crt, 3) == 0 && gnutls_x509_crt_set_serial(crt, "\x01", 1) == 0 &&
                gnutls_x509_crt_set_dn(crt, "CN=dated", NULL) == 0 &&
                gnutls_x509_crt_set_activation_time(crt, now + from_s) == 0 &&
                gnutls_x509_crt_set_expiration_time(crt, now + to_s) == 0 &&
                gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0) == 0;
    if (!good) {
        abort();
    }
    gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &data);
    export(name, "key", &data);
    gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &data);
    export(name, "crt", &data);
    gnutls_x509_privkey_deinit(key);
    gnutls_x509_crt_deinit(crt);
}
