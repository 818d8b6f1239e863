#include "tests/end_to_end/terminal.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <vterm.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"

/* Sanitized programs on a loaded machine are slow; a healthy test never comes near this. */
#define LIMIT_MS 60000
#define SETTLED_MS 200

struct terminal_program {
    pid_t pid;
    int fd;
    VTerm *vterm;
    VTermScreen *screen;
    int rows, columns;
    size_t bytes;
    bool ended;
    int status;
    char *picture;
};

const char *purvey_path(void)
{
    const char *path = getenv("PURVEY");
    return path ? path : "build/asan/purvey";
}

/* What the emulator answers (cursor reports) goes back to the program. */
static void on_output(const char *bytes, size_t length, void *context)
{
    struct terminal_program *program = context;
    ssize_t ignored = write(program->fd, bytes, length);
    (void)ignored;
}

static void exec_child(const char *const *argv, const char *const *extra_environment)
{
    setenv("TERM", "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    unsetenv("NO_COLOR");
    for (; extra_environment && *extra_environment; extra_environment++) {
        char *copy = mem_text(*extra_environment);
        putenv(copy);
    }
    union { const char *const *constant; char *const *plain; } arguments = { .constant = argv };
    execvp(argv[0], arguments.plain);
    _exit(127);
}

struct terminal_program *program_start(int rows, int columns, const char *const *argv, const char *const *extra_environment)
{
    struct terminal_program *program = MEM_NEW(struct terminal_program);
    struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };
    program->rows = rows;
    program->columns = columns;
    program->pid = forkpty(&program->fd, NULL, NULL, &size);
    assert_true(program->pid >= 0);
    if (program->pid == 0) {
        exec_child(argv, extra_environment);
    }
    program->vterm = vterm_new(rows, columns);
    vterm_set_utf8(program->vterm, 1);
    vterm_output_set_callback(program->vterm, on_output, program);
    program->screen = vterm_obtain_screen(program->vterm);
    vterm_screen_enable_altscreen(program->screen, 1);
    vterm_screen_reset(program->screen, 1);
    return program;
}

/* Feeds the emulator with what comes within wait_ms; false when nothing came. */
static bool feed(struct terminal_program *program, int wait_ms)
{
    struct pollfd wait = { .fd = program->fd, .events = POLLIN };
    char chunk[16384];
    if (program->fd < 0 || poll(&wait, 1, wait_ms) <= 0) {
        return false;
    }
    ssize_t got = read(program->fd, chunk, sizeof chunk);
    if (got <= 0) {
        close(program->fd);
        program->fd = -1;
        return false;
    }
    program->bytes += (size_t)got;
    vterm_input_write(program->vterm, chunk, (size_t)got);
    return true;
}

static void row_text(struct terminal_program *program, int row, struct buf *out)
{
    VTermScreenCell cell;
    size_t start = out->len;
    for (int column = 0; column < program->columns; column += cell.width > 0 ? cell.width : 1) {
        vterm_screen_get_cell(program->screen, (VTermPos){ .row = row, .col = column }, &cell);
        for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++) {
            char utf8[8];
            uint32_t c = cell.chars[i];
            int length = c < 0x80     ? snprintf(utf8, sizeof utf8, "%c", (int)c)
                         : c < 0x800  ? snprintf(utf8, sizeof utf8, "%c%c", (int)(0xC0 | c >> 6), (int)(0x80 | (c & 63)))
                         : c < 0x10000
                             ? snprintf(utf8, sizeof utf8, "%c%c%c", (int)(0xE0 | c >> 12), (int)(0x80 | (c >> 6 & 63)), (int)(0x80 | (c & 63)))
                             : snprintf(utf8, sizeof utf8, "%c%c%c%c", (int)(0xF0 | c >> 18), (int)(0x80 | (c >> 12 & 63)),
                                        (int)(0x80 | (c >> 6 & 63)), (int)(0x80 | (c & 63)));
            buf_add(out, (struct str){ utf8, (size_t)length });
        }
        if (!cell.chars[0]) {
            buf_char(out, ' ');
        }
    }
    while (out->len > start && out->data[out->len - 1] == ' ') {
        out->data[--out->len] = '\0';
    }
}

const char *program_picture(struct terminal_program *program)
{
    struct buf out = BUF_INIT(BUF_LARGE);
    for (int row = 0; row < program->rows; row++) {
        row_text(program, row, &out);
        buf_char(&out, '\n');
    }
    free(program->picture);
    program->picture = buf_take(&out);
    return program->picture;
}

static void wait_for(struct terminal_program *program, const char *text, bool there, const char *file, int line)
{
    int64_t limit = clock_ms() + LIMIT_MS;
    while ((strstr(program_picture(program), text) != NULL) != there) {
        if (clock_ms() > limit || (!feed(program, 100) && program->fd < 0)) {
            /* Not through cmocka, which cuts long texts. */
            fprintf(stderr, "%s:%d: \"%s\" %s on the screen:\n%s\n", file, line, text, there ? "does not stand" : "still stands",
                        program_picture(program));
            _fail(file, line);
        }
    }
}

void program_expect_at(struct terminal_program *program, const char *text, const char *file, int line)
{
    wait_for(program, text, true, file, line);
}

void program_expect_gone_at(struct terminal_program *program, const char *text, const char *file, int line)
{
    wait_for(program, text, false, file, line);
}

void program_type(struct terminal_program *program, const char *bytes)
{
    size_t length = strlen(bytes);
    assert_int_equal(write(program->fd, bytes, length), (ssize_t)length);
}

void program_resize(struct terminal_program *program, int rows, int columns)
{
    struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };
    program->rows = rows;
    program->columns = columns;
    vterm_set_size(program->vterm, rows, columns);
    assert_int_equal(ioctl(program->fd, TIOCSWINSZ, &size), 0);
}

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

double program_time_key(struct terminal_program *program, const char *keys, int quiet_ms, size_t *bytes)
{
    size_t before = program->bytes;
    double start = now_ms(), last = start;
    program_type(program, keys);
    while (feed(program, quiet_ms)) {
        last = now_ms();
    }
    *bytes = program->bytes - before;
    return last - start;
}

double program_time_until(struct terminal_program *program, const char *keys, const char *text)
{
    double start = now_ms();
    program_type(program, keys);
    program_expect(program, text);
    return now_ms() - start;
}

int program_wait(struct terminal_program *program)
{
    int64_t limit = clock_ms() + LIMIT_MS;
    while (!program->ended) {
        feed(program, 20);
        pid_t done = waitpid(program->pid, &program->status, WNOHANG);
        program->ended = done == program->pid;
        if (!program->ended && clock_ms() > limit) {
            print_error("the program does not end:\n%s", program_picture(program));
            fail();
        }
    }
    while (feed(program, 0)) {
    }
    return WIFEXITED(program->status) ? WEXITSTATUS(program->status) : 128 + WTERMSIG(program->status);
}

pid_t program_pid(const struct terminal_program *program)
{
    return program->pid;
}

size_t program_bytes(const struct terminal_program *program)
{
    return program->bytes;
}

void program_settle(struct terminal_program *program)
{
    while (feed(program, SETTLED_MS)) {
    }
}

void program_free(struct terminal_program *program)
{
    if (!program) {
        return;
    }
    if (!program->ended) {
        kill(program->pid, SIGKILL);
        waitpid(program->pid, NULL, 0);
    }
    if (program->fd >= 0) {
        close(program->fd);
    }
    vterm_free(program->vterm);
    free(program->picture);
    free(program);
}
