#include "engine/demo_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/secret_environment.h"

#define READY_LIMIT_MS 10000
#define READY_LINE_MAX 8192
#define MAX_ARGUMENTS 16
#define WRONG_ARGUMENT 2        /* exit code of purvey-demo */

struct demo_process {
    pid_t pid;
    int input;              /* the child's life line: closing it ends the child */
    struct json *ready;     /* owns the texts of place */
    struct demo_place place;
};

/* Beside this very program first: a build tree must not start the demo tenant of an installed version. */
static char *find_program(const char *program)
{
    const char *named = program ? program : getenv("PURVEY_DEMO");
    if (named && *named) {
        return mem_text(named);
    }
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length > 0) {
        path[length] = '\0';
        char *slash = strrchr(path, '/');
        *slash = '\0';
        char *beside = mem_format("%s/purvey-demo", path);
        if (access(beside, X_OK) == 0) {
            return beside;
        }
        free(beside);
    }
    return mem_text("purvey-demo");
}

/* The child gets default signals: this process may have blocked some, and an ignored SIGINT would be inherited. */
static int spawn_child(pid_t *pid, char *program, const char *const *arguments, int input, int output)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t signals;
    char *argv[MAX_ARGUMENTS + 2] = { program };
    /* posix_spawn wants char * for history's sake; it writes to none of them. */
    for (int i = 0; arguments && arguments[i] && i < MAX_ARGUMENTS; i++) {
        union { const char *constant; char *text; } argument = { .constant = arguments[i] };
        argv[i + 1] = argument.text;
    }
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawnattr_init(&attributes);
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes, &signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    /* A group of its own: Ctrl-C and Ctrl-Z at the terminal are for purvey, not for the tenant. */
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    char **variables = secret_environment_for_child();
    int failed = posix_spawnp(pid, program, &actions, &attributes, argv, variables);
    free(variables);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return failed;
}

/* The first line of the child's output, within the time limit. */
static bool read_line(int output, struct buf *line)
{
    int64_t limit = clock_ms() + READY_LIMIT_MS;
    char chunk[1024];
    while (!line->overflowed) {
        /* The deadline is for the whole line: a child that drips bytes must not start it anew each time. */
        int64_t left = limit - clock_ms();
        struct pollfd wait = { .fd = output, .events = POLLIN };
        if (left <= 0 || (poll(&wait, 1, (int)left) < 0 && errno != EINTR)) {
            return false;
        }
        ssize_t got = wait.revents ? read(output, chunk, sizeof chunk) : 0;
        if (wait.revents && got <= 0) {
            return false;
        }
        buf_add(line, (struct str){ chunk, (size_t)got });
        if (memchr(chunk, '\n', (size_t)got)) {
            return true;
        }
    }
    return false;
}

/* The first line is all that is ever read; a demo tenant that says something else is not one. */
static bool read_place(struct demo_process *demo, int output, struct err *err)
{
    struct buf line = BUF_INIT(READY_LINE_MAX);
    bool arrived = read_line(output, &line);
    if (arrived) {
        demo->ready = json_parse(buf_str(&line), err);
    } else {
        err_set(err, ERR_SYSTEM, "The demo tenant did not start.");
        err_advise(err, "Its own words are above; `purvey-demo` can be started by hand to see more.");
    }
    /* A line that is too long or no JSON leaves the same trace as none: there is nothing to connect to. */
    buf_free(&line);
    if (!demo->ready) {
        return false;
    }
    const struct json *ready = demo->ready;
    demo->place = (struct demo_place){
        .authority = json_cstr(json_get(ready, "authority"), ""),
        .connection_uri = json_cstr(json_get(ready, "connection_uri"), ""),
        .ca_file = json_cstr(json_get(ready, "ca_file"), ""),
        .control = json_cstr(json_get(ready, "control"), ""),
        .control_key = json_cstr(json_get(ready, "control_key"), ""),
        .user = json_cstr(json_get(ready, "user"), ""),
        .tenant = json_cstr(json_get(ready, "tenant"), ""),
        .tenant_id = json_cstr(json_get(ready, "tenant_id"), ""),
    };
    return true;
}

/* It ends by itself within milliseconds; one that does not is ended, since nobody should wait for a demo. */
static int wait_for_end(pid_t pid)
{
    enum { PATIENCE_MS = 3000, STEP_MS = 5 };
    int64_t until_ms = clock_ms() + PATIENCE_MS;
    pid_t ended = 0;
    int status = 0;
    while ((ended = waitpid(pid, &status, WNOHANG)) == 0 && clock_ms() < until_ms) {
        poll(NULL, 0, STEP_MS);
    }
    if (ended == 0) {
        kill(pid, SIGKILL);
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
        }
    }
    return status;
}

/* Waits for the end, so that no process and no file of it is left when this program has gone. Returns the exit code, -1
   when there is none. */
static int end(struct demo_process *demo)
{
    close(demo->input);
    int status = demo->pid > 0 ? wait_for_end(demo->pid) : -1;
    json_free(demo->ready);
    free(demo);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Its input stays open on this side for as long as the demo tenant shall live: closing it, or dying, ends it. */
struct demo_process *demo_process_start(const char *program, const char *const *arguments, struct err *err)
{
    int input[2] = { -1, -1 }, output[2] = { -1, -1 };
    /* CLOEXEC, or the child would hold both ends of its own life line and never see it close. */
    if (pipe2(input, O_CLOEXEC) || pipe2(output, O_CLOEXEC)) {
        err_errno(err, "cannot start the demo tenant");
        if (input[0] >= 0) {
            close(input[0]);
            close(input[1]);
        }
        return NULL;
    }
    struct demo_process *demo = MEM_NEW(struct demo_process);
    char *path = find_program(program);
    int failed = spawn_child(&demo->pid, path, arguments, input[0], output[1]);
    /* The child's ends go here, so that its death is seen as the end of the stream. */
    close(input[0]);
    close(output[1]);
    demo->input = input[1];
    bool ready = false;
    if (failed) {
        /* pid 0 would mean the own process group to waitpid; it says here that there is nobody to wait for. */
        demo->pid = 0;
        err_set(err, ERR_SYSTEM, "Cannot start the demo tenant %s: %s", path, strerror(failed));
        err_advise(err, "purvey-demo is installed beside purvey; $PURVEY_DEMO can name another place.");
    } else {
        ready = read_place(demo, output[0], err);
    }
    close(output[0]);
    free(path);
    if (!ready) {
        /* It has said what is wrong with an argument that came from ours. */
        if (end(demo) == WRONG_ARGUMENT && err) {
            err->kind = ERR_INPUT;
        }
        return NULL;
    }
    return demo;
}

void demo_process_stop(struct demo_process *demo)
{
    if (demo) {
        end(demo);
    }
}

const struct demo_place *demo_process_place(const struct demo_process *demo)
{
    return &demo->place;
}
