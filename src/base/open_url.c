#include "base/open_url.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"

enum { WORDS_MOST = 16, VARIABLES_MOST = 64 };

static bool is_set(const char *name)
{
    const char *value = getenv(name);
    return value && *value;
}

bool open_url_over_ssh(void)
{
    return is_set("SSH_CONNECTION") || is_set("SSH_TTY") || is_set("SSH_CLIENT");
}

/* Found before the fork: a child of a process with threads may only call what is safe in a signal handler. */
static char *find_program(const char *name)
{
    const char *path = getenv("PATH");
    struct str rest = str_of(path ? path : "/usr/local/bin:/usr/bin:/bin"), directory;
    if (strchr(name, '/')) {
        return access(name, X_OK) == 0 ? mem_text(name) : NULL;
    }
    for (bool more = true; more;) {
        more = str_cut(&rest, ':', &directory);
        char *file = mem_format("%.*s/%s", STR_ARG(directory), name);
        if (directory.len && access(file, X_OK) == 0) {
            return file;
        }
        free(file);
    }
    return NULL;
}

/* Linux inside Windows, with the program of wslu that has Windows open an address. */
static bool windows_has_one(void)
{
    char *program = is_set("WSL_DISTRO_NAME") ? find_program("wslview") : NULL;
    bool there = program != NULL;
    free(program);
    return there;
}

bool open_url_usable(const char **why)
{
    const struct { bool decides, usable; const char *why; } cases[] = {
        { is_set("BROWSER"), true, "BROWSER names one" },
        { open_url_over_ssh(), false, "this is an SSH session" },
        { windows_has_one(), true, "Windows has one" },
        { is_set("WAYLAND_DISPLAY") || is_set("DISPLAY"), true, "there is a desktop" },
        { true, false, "there is no desktop here" },
    };
    size_t at = 0;
    while (!cases[at].decides) {
        at++;
    }
    *why = cases[at].why;
    return cases[at].usable;
}

/* ---- the program and its environment ---- */

/* What may hold a secret (env:NAME) is not among these. */
static bool passes(const char *variable)
{
    static const char *const names[] = {
        "PATH=", "HOME=", "USER=", "LOGNAME=", "SHELL=", "LANG=", "LC_", "TZ=", "TMPDIR=", "TERM=", "DISPLAY=", "WAYLAND_DISPLAY=",
        "XAUTHORITY=", "XDG_", "DBUS_SESSION_BUS_ADDRESS=", "DESKTOP_SESSION=", "GNOME_", "KDE_", "GTK_", "QT_", "MOZ_", "BROWSER=",
        "WSL_DISTRO_NAME=", "WSL_INTEROP=", "WSLENV=",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strncmp(variable, names[i], strlen(names[i])) == 0) {
            return true;
        }
    }
    return false;
}

static void choose_environment(char *variables[VARIABLES_MOST + 1])
{
    size_t count = 0;
    for (char **variable = environ; *variable && count < VARIABLES_MOST; variable++) {
        if (passes(*variable)) {
            variables[count++] = *variable;
        }
    }
    variables[count] = NULL;
}

/* ---- the process ---- */

static void become(const char *program, char *const words[], char *const variables[])
{
    int null = open("/dev/null", O_RDWR);
    for (int fd = 0; null >= 0 && fd < 3; fd++) {
        dup2(null, fd);
    }
    execve(program, words, variables);
    _exit(127);
}

/* Twice forked: the browser belongs to init, and nobody has to wait for it. */
static bool start(const char *program, char *const words[], struct err *err)
{
    char *variables[VARIABLES_MOST + 1];
    choose_environment(variables);
    pid_t child = fork();
    if (child < 0) {
        return err_errno(err, "cannot start %s", program);
    }
    if (child == 0) {
        setsid();
        if (fork() == 0) {
            become(program, words, variables);
        }
        _exit(0);
    }
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {
    }
    return true;
}

/* One entry of $BROWSER: words divided by blanks, %s for the address, which comes last when there is none. */
static bool try_command(struct str command, const char *url, struct err *err)
{
    char *words[WORDS_MOST + 2] = { NULL };
    size_t count = 0;
    bool placed = false;
    for (struct str rest = str_trim(command), word; rest.len && count < WORDS_MOST; rest = str_trim(rest)) {
        str_cut(&rest, ' ', &word);
        placed = placed || str_is(word, "%s");
        words[count++] = str_is(word, "%s") ? mem_text(url) : str_dup(word);
    }
    if (!placed) {
        words[count++] = mem_text(url);
    }
    char *program = words[0] ? find_program(words[0]) : NULL;
    bool good = program && start(program, words, err);
    for (size_t i = 0; i < count; i++) {
        free(words[i]);
    }
    free(program);
    return good;
}

bool open_url(const char *url, struct err *err)
{
    const char *chosen = getenv("BROWSER");
    struct str rest = str_of(chosen ? chosen : ""), command;
    err_set(err, ERR_SYSTEM, "No browser can be started here.");
    err_advise(err, "Open the address yourself, or sign in with a device code.");
    for (bool more = rest.len > 0; more;) {
        more = str_cut(&rest, ':', &command);
        if (str_trim(command).len && try_command(command, url, err)) {
            return true;
        }
    }
    return try_command(windows_has_one() ? STR("wslview") : STR("xdg-open"), url, err);
}
