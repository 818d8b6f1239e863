/* Secrets pass through one buffer that is wiped on every way out, and from there into locked memory. They are never put
   into an error text, an argument or the environment of a child. */
#include "connect/secret_source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/secret_environment.h"

#define TEXT "text:"

enum { CTRL_C = 3, CTRL_D = 4, BACKSPACE = 8, DELETE = 127 };

/* A fixed place for the bytes on their way, so that no grown-out-of copy stays behind in the heap. */
struct scratch {
    char bytes[SECRET_SOURCE_MAX + 1];
    size_t length;
    bool may_be_empty;
};

/* Files and commands end their text with a line end that is no part of the secret. */
static bool finish(struct scratch *scratch, const char *from, struct secret **secret, struct err *err)
{
    if (scratch->length > SECRET_SOURCE_MAX)
        return err_set(err, ERR_INPUT, "the secret from %s is longer than %zu KiB", from, SECRET_SOURCE_MAX / 1024);
    if (scratch->length > 0 && scratch->bytes[scratch->length - 1] == '\n')
        scratch->length--;
    if (scratch->length > 0 && scratch->bytes[scratch->length - 1] == '\r')
        scratch->length--;
    if (scratch->length == 0 && !scratch->may_be_empty)
        return err_set(err, ERR_INPUT, "the secret from %s is empty", from);
    *secret = secret_new((struct str){ scratch->bytes, scratch->length });
    return true;
}

/* Reads to the end, or one byte more than is allowed. */
static bool read_descriptor(int fd, struct scratch *scratch, const char *from, struct err *err)
{
    int64_t deadline_ms = clock_ms() + SECRET_COMMAND_TIMEOUT_MS;
    while (scratch->length <= SECRET_SOURCE_MAX) {
        struct pollfd wait = { .fd = fd, .events = POLLIN };
        int64_t left = deadline_ms - clock_ms();
        if (left <= 0)
            return err_set(err, ERR_INPUT, "the secret from %s did not come in time", from);
        /* poll first, because a descriptor of somebody else may block for ever in read. */
        int ready = poll(&wait, 1, (int)left);
        if (ready == 0 || (ready < 0 && errno == EINTR))
            continue;
        ssize_t got = read(fd, scratch->bytes + scratch->length, sizeof scratch->bytes - scratch->length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return err_errno(err, "cannot read the secret from %s", from);
        if (got == 0)
            return true;
        scratch->length += (size_t)got;
    }
    return true;
}

/* A whole character, of however many bytes. */
static void take_back(int tty, struct scratch *scratch, bool shown)
{
    bool any = scratch->length > 0;
    while (scratch->length > 0 && ((unsigned char)scratch->bytes[--scratch->length] & 0xC0) == 0x80)
        continue;
    if (any && shown)
        dprintf(tty, "\b \b");
}

/* A person may take any time, so there is no deadline; Ctrl-C and Ctrl-D give up. */
static bool read_line(int tty, struct scratch *scratch, bool shown, struct err *err)
{
    char c = '\0';
    while (scratch->length <= SECRET_SOURCE_MAX) {
        ssize_t got = read(tty, &c, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got != 1 || c == CTRL_C || c == CTRL_D)
            return err_set(err, ERR_CANCELLED, shown ? "the user name was not given" : "the secret was not given");
        if (c == '\r' || c == '\n')
            return true;
        if (c == BACKSPACE || c == DELETE) {
            take_back(tty, scratch, shown);
        } else {
            scratch->bytes[scratch->length++] = c;
            if (shown && (unsigned char)c >= ' ')
                dprintf(tty, "%c", c);
        }
    }
    return true;
}

/* On the terminal itself, so that it works with standard input and output redirected. */
static bool ask_terminal(const char *what, struct scratch *scratch, bool shown, struct err *err)
{
    struct termios before, silent;
    int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (tty < 0 || tcgetattr(tty, &before) != 0) {
        if (tty >= 0)
            close(tty);
        err_set(err, ERR_INPUT, "there is no terminal to ask for %s", *what ? what : "the secret");
        err_advise(err, "%s", shown ? "Write @{UserName='anna@contoso.com'; Password='env:NAME'} instead of (Get-Credential)."
                                    : "Use file:PATH, env:NAME, fd:N or cmd:COMMAND instead of prompt.");
        return false;
    }
    silent = before;
    /* No signals either: Ctrl-C would end the program and leave the terminal without echo. */
    silent.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG);
    silent.c_cc[VMIN] = 1;
    silent.c_cc[VTIME] = 0;
    /* TCSAFLUSH drops what was typed ahead while the echo was still on. */
    tcsetattr(tty, TCSAFLUSH, &silent);
    bool asked = dprintf(tty, "%s%s: ", *what ? what : "Secret", shown ? "" : " (not shown)") > 0;
    bool good = read_line(tty, scratch, shown, err);
    asked = write(tty, "\n", 1) == 1 && asked;
    tcsetattr(tty, TCSAFLUSH, &before);
    close(tty);
    return good && asked;
}

static bool from_prompt(const char *what, struct scratch *scratch, struct err *err)
{
    return ask_terminal(what, scratch, false, err);
}

/* O_NONBLOCK, so that a named pipe without a writer is an error and not a wait for ever. */
static bool from_file(const char *rest, struct scratch *scratch, struct err *err)
{
    int fd = open(rest, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        err_errno(err, "cannot open the file %s", rest);
        if (err != NULL)
            err->kind = ERR_INPUT;
        return false;
    }
    bool good = read_descriptor(fd, scratch, "the file", err);
    close(fd);
    return good;
}

/* The descriptor stays open: it is the caller who opened it. */
static bool from_descriptor(const char *rest, struct scratch *scratch, struct err *err)
{
    int64_t number;
    if (!str_to_int64(str_of(rest), 0, 65535, &number))
        return err_set(err, ERR_INPUT, "fd:%s: a number of an open file is expected", rest);
    return read_descriptor((int)number, scratch, "the descriptor", err);
}

static bool from_environment(const char *rest, struct scratch *scratch, struct err *err)
{
    secret_environment_take(rest);
    const char *value = getenv(rest);
    if (value == NULL || (value[0] == '\0' && !scratch->may_be_empty))
        return err_set(err, ERR_INPUT, "the environment variable %s is %s", rest, value == NULL ? "not set" : "empty");
    size_t length = strlen(value);
    /* One byte past the limit is copied, so that finish can tell "too long" from "just fits". */
    scratch->length = length < sizeof scratch->bytes ? length : sizeof scratch->bytes;
    memcpy(scratch->bytes, value, scratch->length);
    return true;
}

static bool start_command(const char *command, int output, pid_t *child, struct err *err)
{
    char shell[] = "sh", option[] = "-c";
    char *line = mem_text(command);
    char *const arguments[] = { shell, option, line, NULL };
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawnattr_init(&attributes);
    /* A group of its own, so that the deadline reaches what the shell has started as well. */
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes, 0);
    char **variables = secret_environment_for_child();
    int failed = posix_spawn(child, "/bin/sh", &actions, &attributes, arguments, variables);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    free(variables);
    free(line);
    errno = failed;
    return failed == 0 || err_errno(err, "cannot run the command for the secret");
}

/* A command that has said too much, or nothing in time, is ended with all that it started. */
static bool end_command(pid_t child, bool kill_it, struct err *err)
{
    int status = 0;
    if (kill_it)
        kill(-child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    if (kill_it || (WIFEXITED(status) && WEXITSTATUS(status) == 0))
        return true;
    return err_set(err, ERR_INPUT, "the command for the secret failed with status %d",
                   WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

/* Too much output ends the command rather than waiting for the rest of it. */
static bool from_command(const char *rest, struct scratch *scratch, struct err *err)
{
    int ends[2];
    pid_t child;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return err_errno(err, "cannot make a pipe");
    /* Whatever the shell writes to its stderr is left on the terminal: it is the person's own command. */
    bool started = start_command(rest, ends[1], &child, err);
    close(ends[1]);
    bool good = started && read_descriptor(ends[0], scratch, "the command", err);
    close(ends[0]);
    /* Of two failures the first one is told: a command that was ended for its silence has a status, too. */
    if (started && !end_command(child, !good || scratch->length > SECRET_SOURCE_MAX, good ? err : NULL))
        good = false;
    return good;
}

/* "prompt" stands apart because nothing follows it. A literal password that happens to begin with "file:" would be taken for
   a path: text: before it says that it is none. */
static const struct source {
    const char *prefix;
    bool (*read)(const char *rest, struct scratch *scratch, struct err *err);
} sources[] = {
    { "file:", from_file }, { "fd:", from_descriptor }, { "env:", from_environment }, { "cmd:", from_command },
};

static const struct source prompt = { "prompt", from_prompt };

/* An unknown word before a colon is no source: tokens and passwords may hold colons. */
static const struct source *find_source(struct str spec)
{
    if (str_is_nocase(spec, prompt.prefix))
        return &prompt;
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        if (str_starts_nocase(spec, str_of(sources[i].prefix)) && spec.len > strlen(sources[i].prefix))
            return &sources[i];
    return NULL;
}

bool secret_source_named(struct str spec)
{
    return find_source(spec) != NULL;
}

/* text: is no source, since it holds the secret: whatever hides and wipes those does so with it. */
static bool from_literal(struct str spec, bool allowed, struct secret **secret, struct err *err)
{
    struct str plain = str_from(spec, str_starts_nocase(spec, STR(TEXT)) ? strlen(TEXT) : 0);
    if (allowed && plain.len > 0 && plain.len <= SECRET_SOURCE_MAX) {
        *secret = secret_new(plain);
        return true;
    }
    err_set(err, ERR_INPUT, "a source for the secret is expected");
    err_advise(err, "Write prompt, file:PATH, env:NAME, fd:N or cmd:COMMAND.");
    return false;
}

/* The scratch is on the heap and wiped as a whole: 64 KiB on the stack could not be wiped for certain. */
static bool read_source(const struct source *source, const char *rest, bool may_be_empty, struct secret **secret, struct err *err)
{
    struct scratch *scratch = MEM_NEW(struct scratch);
    scratch->may_be_empty = may_be_empty;
    bool good = source->read(rest, scratch, err) && finish(scratch, source->prefix, secret, err);
    secret_wipe(scratch, sizeof *scratch);
    free(scratch);
    return good;
}

static bool read_any(const char *spec, bool allow_literal, bool may_be_empty, struct secret **secret, struct err *err)
{
    const struct source *source = find_source(str_of(spec));
    *secret = NULL;
    return source ? read_source(source, spec + strlen(source->prefix), may_be_empty, secret, err)
                  : from_literal(str_of(spec), allow_literal, secret, err);
}

bool secret_source_read(const char *spec, bool allow_literal, struct secret **secret, struct err *err)
{
    return read_any(spec, allow_literal, false, secret, err);
}

bool secret_source_read_password(const char *spec, struct secret **secret, struct err *err)
{
    return read_any(spec, true, true, secret, err);
}

bool secret_source_ask(const char *spec, const char *what, bool may_be_empty, struct secret **secret, struct err *err)
{
    *secret = NULL;
    return find_source(str_of(spec)) == &prompt ? read_source(&prompt, what, may_be_empty, secret, err)
                                                : read_any(spec, true, may_be_empty, secret, err);
}

struct secret *secret_source_literal(const struct secret *secret)
{
    struct str text = secret_str(secret);
    if (!secret_source_named(text) && !str_starts_nocase(text, STR(TEXT))) {
        return secret_copy(secret);
    }
    size_t size = strlen(TEXT) + text.len;
    char *marked = mem_new(size + 1);
    memcpy(marked, TEXT, strlen(TEXT));
    memcpy(marked + strlen(TEXT), text.data, text.len);
    struct secret *literal = secret_new((struct str){ marked, size });
    secret_wipe(marked, size);
    free(marked);
    return literal;
}

bool secret_source_ask_name(const char *what, char **name, struct err *err)
{
    struct scratch *scratch = MEM_NEW(struct scratch);
    bool good = ask_terminal(what, scratch, true, err);
    *name = good ? str_dup(str_trim((struct str){ scratch->bytes, scratch->length })) : NULL;
    if (good && (**name == '\0' || scratch->length > SECRET_SOURCE_MAX)) {
        free(*name);
        *name = NULL;
        good = err_set(err, ERR_INPUT, "the user name was not given");
    }
    free(scratch);
    return good;
}
