/* purvey-demo: the demo tenant as a program. One line on standard output says where it is; it ends when its standard
   input does, or on TERM or INT. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "demo/azure.h"
#include "demo/cmdlet_file.h"
#include "demo/control.h"
#include "demo/entra.h"
#include "demo/rest.h"
#include "demo/server.h"

#define DEFAULT_USERS 250
#define DEFAULT_SEED 20261123
#define DEFAULT_INTERVAL_S 5        /* Entra's own (auth.md section 5); whoever shows the demo to people asks for less */
#define DEFAULT_CODE_LIFETIME_S 900
/* Between the 60 and the 90 minutes that real tokens live (auth.md section 7). */
#define DEFAULT_TOKEN_LIFETIME_S 4500

enum number_option { OPTION_USERS, OPTION_PORT, OPTION_SEED, OPTION_INTERVAL, OPTION_CODE_LIFETIME, OPTION_TOKEN_LIFETIME };

/* The caps keep a typing error from becoming a tenant that nobody waits for, or a code that lives for years. */
static const struct { const char *name, *help; enum number_option id; int64_t most; } numbers[] = {
    { "--users", "how many users Get-User returns (250)", OPTION_USERS, 100000000 },
    { "--port", "port to listen on (any free one)", OPTION_PORT, 65535 },
    { "--seed", "seed of the generated objects", OPTION_SEED, INT64_MAX },
    { "--interval", "seconds between polls of a device code (5)", OPTION_INTERVAL, 600 },
    { "--code-lifetime", "seconds a device code is good for (900)", OPTION_CODE_LIFETIME, 86400 },
    { "--token-lifetime", "seconds an access token is good for (4500)", OPTION_TOKEN_LIFETIME, 86400 },
};

static void set_number(struct demo_config *config, enum number_option id, int64_t value)
{
    switch (id) {
    case OPTION_USERS:
        config->users = value;
        break;
    case OPTION_PORT:
        config->port = (int)value;
        break;
    case OPTION_SEED:
        config->seed = (uint64_t)value;
        break;
    case OPTION_INTERVAL:
        config->interval_s = (int)value;
        break;
    case OPTION_CODE_LIFETIME:
        config->code_lifetime_s = (int)value;
        break;
    case OPTION_TOKEN_LIFETIME:
        config->token_lifetime_s = (int)value;
        break;
    }
}

/* To standard output and with success: help that was asked for is a result. */
static void usage(void)
{
    printf("purvey-demo " PURVEY_VERSION ": the demo tenant of purvey, on loopback\n\nUsage: purvey-demo [OPTION VALUE]...\n");
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        printf("  %-20s %s\n", numbers[i].name, numbers[i].help);
    }
    printf("  %-20s %s\n  %-20s %s\n", "--region", "label of the regional host (eur01b)", "--auto-approve",
           "approve every device code on its second poll");
    printf("  %-20s %s\n", "--catalogue", "file of further cmdlets, one JSON object a line");
    printf("  %-20s %s\n", "--strict-rotation", "refuse a refresh token that was used before");
    printf("  %-20s %s\n", "--strict-proofs", "refuse a client assertion that was used before from MSAL as well");
    printf("  %-20s %s\n", "--separate-searches", "refuse compliance searches without -EnableSearchOnlySession");
}

/* The value of option argv[*index], or NULL with the reason on stderr. */
static const char *value_of(int argc, char **argv, int *index)
{
    if (*index + 1 >= argc) {
        fprintf(stderr, "purvey-demo: %s needs a value\n", argv[*index]);
        return NULL;
    }
    return argv[++*index];
}

/* Sets *known for an option that is there but wrong as well, so that one message is printed and not two. */
static bool take_number(struct demo_config *config, int argc, char **argv, int *index, bool *known)
{
    const char *name = argv[*index];
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (strcmp(name, numbers[i].name) != 0) {
            continue;
        }
        int64_t value;
        const char *text = value_of(argc, argv, index);
        *known = true;
        if (!text || !str_to_int64(str_of(text), 0, numbers[i].most, &value)) {
            fprintf(stderr, "purvey-demo: %s takes a whole number from 0 to %lld\n", name, (long long)numbers[i].most);
            return false;
        }
        set_number(config, numbers[i].id, value);
    }
    return true;
}

/* The region becomes the first label of a host name. */
static bool is_label(const char *text)
{
    if (!text) {
        return false;
    }
    if (!*text || strlen(text) > 32 || text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-")]) {
        fprintf(stderr, "purvey-demo: --region takes small letters, digits and hyphens, not %s\n", text);
        return false;
    }
    return true;
}

static bool take_switch(struct demo_config *config, const char *name)
{
    const struct { const char *name; bool *on; } switches[] = {
        { "--auto-approve", &config->auto_approve },
        { "--strict-rotation", &config->strict_rotation },
        { "--strict-proofs", &config->strict_proofs },
        { "--separate-searches", &config->separate_searches },
    };
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++) {
        if (strcmp(name, switches[i].name) == 0) {
            return *switches[i].on = true;
        }
    }
    return false;
}

/* -1: go on; else the exit code. */
static int read_arguments(struct demo_config *config, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        bool known = false;
        if (!take_number(config, argc, argv, &i, &known)) {
            return 2;
        }
        if (known || take_switch(config, argv[i])) {
            continue;
        }
        if (strcmp(argv[i], "--region") == 0) {
            config->region = value_of(argc, argv, &i);
            if (!is_label(config->region)) {
                return 2;
            }
        } else if (strcmp(argv[i], "--catalogue") == 0) {
            config->catalogue = value_of(argc, argv, &i);
            if (!config->catalogue) {
                return 2;
            }
        } else if (strcmp(argv[i], "--help") == 0) {
            usage();
            return 0;
        } else if (strcmp(argv[i], "--version") == 0) {
            puts("purvey-demo " PURVEY_VERSION);
            return 0;
        } else {
            fprintf(stderr, "purvey-demo: unknown option %s; --help lists them\n", argv[i]);
            return 2;
        }
    }
    return -1;
}

/* ---- the CA file, in a private directory ---- */

/* A runtime directory is emptied at log-out; /tmp is what is left for cron. */
static char *make_directory(void)
{
    const char *runtime = getenv("XDG_RUNTIME_DIR"), *temporary = getenv("TMPDIR");
    const char *parent = runtime && access(runtime, W_OK) == 0 ? runtime : temporary && *temporary ? temporary : "/tmp";
    char *path = mem_format("%s/purvey-demo-XXXXXX", parent);
    if (!mkdtemp(path)) {
        fprintf(stderr, "purvey-demo: cannot make %s: %s\n", path, strerror(errno));
        free(path);
        return NULL;
    }
    return path;
}

/* Never over a file that is there: the directory is fresh, so one with this name would be somebody's trap. */
static char *write_ca(const char *directory, const char *pem)
{
    char *path = mem_format("%s/ca.pem", directory);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    size_t length = strlen(pem);
    bool good = fd >= 0 && write(fd, pem, length) == (ssize_t)length;
    if (fd >= 0) {
        close(fd);
    }
    if (!good) {
        fprintf(stderr, "purvey-demo: cannot write %s: %s\n", path, strerror(errno));
        if (fd >= 0) {
            unlink(path);
        }
        free(path);
        return NULL;
    }
    return path;
}

/* One line of JSON when the port is open: whoever started the program waits for it and needs nothing else. */
static void say_ready(const struct demo *demo, const char *ca_file)
{
    struct json *ready = json_new_object();
    struct buf line = BUF_INIT(BUF_SMALL);
    int port = demo->config.port;
    char *authority = mem_format("https://" DEMO_LOGIN_HOST ":%d/organizations", port);
    char *connection = mem_format("https://" DEMO_FRONT_DOOR ":%d/powershell-liveid/", port);
    char *control = mem_format("https://" DEMO_CONTROL_HOST ":%d", port);
    char *metadata = mem_format("http://127.0.0.1:%d", demo->config.metadata_port);
    json_add(ready, "ready", json_new_bool(true));
    json_add(ready, "port", json_new_int(port));
    json_add_text(ready, "authority", authority);
    json_add_text(ready, "connection_uri", connection);
    json_add_text(ready, "ca_file", ca_file);
    json_add_text(ready, "control", control);
    json_add_text(ready, "metadata", metadata);
    json_add_text(ready, "control_key", control_key(demo->control));
    json_add_text(ready, "user", DEMO_USER);
    json_add_text(ready, "tenant", DEMO_TENANT);
    json_add_text(ready, "tenant_id", DEMO_TENANT_ID);
    json_print(ready, false, &line);
    puts(buf_cstr(&line));
    fflush(stdout);
    buf_free(&line);
    json_free(ready);
    free(authority);
    free(connection);
    free(control);
    free(metadata);
}

/* ---- waiting for the end ---- */

/* Blocked before any thread starts, so that all of them inherit it and the descriptor is the only way that a signal
   arrives. */
static int catch_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    return signalfd(-1, &signals, SFD_CLOEXEC);
}

/* Standard input is the life line of a started tenant; /dev/null or a file says nothing about a parent. */
static bool input_tells(void)
{
    struct stat status;
    return isatty(STDIN_FILENO) || (fstat(STDIN_FILENO, &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode)));
}

/* The end of the input is the end of whoever started the program, even when that died without a word. */
static void wait_for_end(int signal_fd)
{
    struct pollfd waits[] = {
        { .fd = signal_fd, .events = POLLIN },
        { .fd = input_tells() ? STDIN_FILENO : -1, .events = POLLIN },
    };
    char ignored[256];
    for (;;) {
        if (poll(waits, 2, -1) < 0 && errno != EINTR) {
            return;
        }
        if (waits[0].revents || (waits[1].revents && read(STDIN_FILENO, ignored, sizeof ignored) <= 0)) {
            return;
        }
    }
}

/* Trouble with the directory has been told already: there err is empty. */
static void say_why(const struct err *err)
{
    if (err->kind != ERR_NONE) {
        fprintf(stderr, "purvey-demo: %s %s\n", err->text, err->advice);
    }
}

/* The order is that of what depends on what: certificate, directory, CA file, port, services, the ready line. It
   goes back the same way, and the CA file goes even when the port could not be had. */
static int serve(struct demo *demo)
{
    struct err err = { 0 };
    struct certificate certificate;
    int signal_fd = catch_signals(), code = 7;
    char *directory = certificate_make(&certificate, &err) ? make_directory() : NULL;
    char *ca_file = directory ? write_ca(directory, certificate.ca_pem) : NULL;
    /* With a given port a request may come before the services are there: it waits for the lock. */
    pthread_mutex_lock(&demo->lock);
    struct server *server = ca_file ? server_start(demo, &certificate, &err) : NULL;
    if (server) {
        /* Addresses in answers carry the port that the kernel chose. */
        demo->entra = entra_new(&demo->config);
        demo->rest = rest_new(&demo->config);
        demo->azure = azure_new();
        pthread_mutex_unlock(&demo->lock);
        say_ready(demo, ca_file);
        wait_for_end(signal_fd);
        code = 0;
    } else {
        pthread_mutex_unlock(&demo->lock);
        say_why(&err);
    }
    server_stop(server);
    if (server) {
        entra_free(demo->entra);
        rest_free(demo->rest);
        azure_free(demo->azure);
    }
    if (ca_file) {
        unlink(ca_file);
    }
    if (directory) {
        rmdir(directory);
    }
    certificate_free(&certificate);
    free(ca_file);
    free(directory);
    return code;
}

/* Files that the server makes are for this user alone, whatever the shell's umask says. */
int main(int argc, char **argv)
{
    struct demo demo = {
        .config = {
            .users = DEFAULT_USERS, .seed = DEFAULT_SEED, .interval_s = DEFAULT_INTERVAL_S,
            .code_lifetime_s = DEFAULT_CODE_LIFETIME_S, .token_lifetime_s = DEFAULT_TOKEN_LIFETIME_S, .region = "eur01b",
        },
        .lock = PTHREAD_MUTEX_INITIALIZER,
    };
    int code = read_arguments(&demo.config, argc, argv);
    if (code >= 0) {
        return code;
    }
    umask(S_IRWXG | S_IRWXO);
    struct cmdlet_file cmdlets = { 0 };
    struct err err = { 0 };
    /* Before anything is made: a wrong file is a wrong argument. */
    if (demo.config.catalogue && !cmdlet_file_read(&cmdlets, demo.config.catalogue, &err)) {
        say_why(&err);
        return 2;
    }
    demo.config.more_cmdlets = cmdlet_file_texts(&cmdlets);
    demo.control = control_new();
    code = serve(&demo);
    control_free(demo.control);
    cmdlet_file_free(&cmdlets);
    return code;
}
