#include "ui/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <langinfo.h>
#include <term.h>
/* term.h makes macros of ordinary words. */
#undef columns
#undef cursor_visible

#include "base/base64.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/secret.h"
#include "ui/key_input.h"

enum { ESC_WAIT_MS = 20, COPY_MAX = 74 * 1024, RESTORE_MAX = 256, HANDLER_STACK = 64 * 1024 };

#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"

struct terminal {
    FILE *in, *out;
    int fd, out_fd;
    SCREEN *screen;
    struct cells *shown;                /* what stands on the terminal */
    bool utf8, cursor_shown;
    attr_t attributes[STYLE_COUNT];
    short pairs[STYLE_COUNT];
    struct key_input keys;
    int64_t last_read_ms;
    bool gone;
};

/* What signal handlers need. They may run at any moment on any thread, so it is set before they are installed and they
   only write(2) and tcsetattr(3). */
static struct {
    volatile sig_atomic_t active;
    int out_fd, in_fd, pipe[2];
    struct termios modes;
    char sequence[RESTORE_MAX];
    size_t length;
    char stack[HANDLER_STACK];
} restore = { .pipe = { -1, -1 } };

static const int fatal_signals[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL };
static const int plain_signals[] = { SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT };
#define FATAL_COUNT (sizeof fatal_signals / sizeof fatal_signals[0])
#define PLAIN_COUNT (sizeof plain_signals / sizeof plain_signals[0])
static struct sigaction old_fatal[FATAL_COUNT], old_plain[PLAIN_COUNT];

/* --- giving the terminal back, from anywhere --- */

static void write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);
        if (written < 0 && errno != EINTR)
            return;
        if (written > 0) {
            bytes += written;
            length -= (size_t)written;
        }
    }
}

static void restore_now(void)
{
    if (!restore.active)
        return;
    restore.active = 0;
    write_all(restore.out_fd, restore.sequence, restore.length);
    tcsetattr(restore.in_fd, TCSANOW, &restore.modes);
}

static void on_fatal(int number)
{
    restore_now();
    for (size_t i = 0; i < FATAL_COUNT; i++)
        if (fatal_signals[i] == number)
            sigaction(number, &old_fatal[i], NULL);
    raise(number);                      /* blocked until this handler returns; then the old action takes it */
}

static void on_plain(int number)
{
    int saved = errno;
    char byte = (char)number;
    ssize_t ignored = write(restore.pipe[1], &byte, 1);
    (void)ignored;
    errno = saved;
}

/* Old actions are kept, so that a sanitizer or a debugger still sees a crash after the terminal is restored. */
static void install(const int *signals, struct sigaction *old, size_t count, void (*handler)(int), int flags)
{
    struct sigaction action = { .sa_flags = flags };
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < count; i++)
        sigaction(signals[i], &action, &old[i]);
}

static void uninstall(const int *signals, const struct sigaction *old, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sigaction(signals[i], &old[i], NULL);
}

/* putp's own output goes through curses' buffers; these bytes must be at hand without them. */
static void add_capability(const char *name)
{
    const char *text = tigetstr(name);
    if (!text || (intptr_t)text == -1)
        return;
    size_t length = strcspn(text, "$");             /* without padding */
    if (restore.length + length <= RESTORE_MAX) {
        memcpy(restore.sequence + restore.length, text, length);
        restore.length += length;
    }
}

static void prepare_restore(const struct terminal *terminal)
{
    static bool registered;
    restore.out_fd = terminal->out_fd;
    restore.in_fd = terminal->fd;
    restore.length = sizeof PASTE_OFF - 1;
    memcpy(restore.sequence, PASTE_OFF, restore.length);
    add_capability("sgr0");
    add_capability("op");
    add_capability("rmcup");
    add_capability("cnorm");
    if (!registered)
        atexit(restore_now);
    registered = true;
}

static void install_all(void)
{
    stack_t stack = { .ss_sp = restore.stack, .ss_size = sizeof restore.stack };
    sigaltstack(&stack, NULL);
    install(fatal_signals, old_fatal, FATAL_COUNT, on_fatal, SA_ONSTACK);
    install(plain_signals, old_plain, PLAIN_COUNT, on_plain, SA_RESTART);
}

/* The orderly way: curses knows the cheapest way back. */
static void leave(const struct terminal *terminal)
{
    write_all(terminal->out_fd, PASTE_OFF, sizeof PASTE_OFF - 1);
    endwin();
    restore.active = 0;
}

/* --- opening and closing --- */

static bool open_files(struct terminal *terminal, struct err *err)
{
    if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)) {
        terminal->in = stdin;
        terminal->out = stdout;
    } else {
        terminal->in = fopen("/dev/tty", "r+e");
        terminal->out = terminal->in;
        if (!terminal->in) {
            err_set(err, ERR_SYSTEM, "There is no terminal to show anything on.");
            err_advise(err, "Run it in a terminal, or use 'purvey run' for scripts and pipes.");
            return false;
        }
    }
    terminal->fd = fileno(terminal->in);
    terminal->out_fd = fileno(terminal->out);
    return true;
}

/* newterm would end the program or scribble on a terminal it cannot drive; ask terminfo first. */
static bool check_type(const struct terminal *terminal, struct err *err)
{
    const char *type = getenv("TERM");
    int status = 0;
    bool known = type && *type && setupterm(type, terminal->out_fd, &status) == OK && status == 1;
    const char *move = known ? tigetstr("cup") : NULL;
    bool placed = move && (intptr_t)move != -1;
    if (known)
        del_curterm(cur_term);  /* newterm reads its own */
    if (placed)
        return true;
    err_set(err, ERR_INPUT, type && *type ? "The terminal type \"%s\" (TERM) cannot place a cursor, or is unknown here."
                                          : "TERM is not set%s, so the terminal cannot be driven.", type ? type : "");
    err_advise(err, "Set TERM to your terminal's type, for example TERM=xterm-256color, or use 'purvey run'.");
    return false;
}

static bool open_pipe(struct err *err)
{
    return pipe2(restore.pipe, O_CLOEXEC | O_NONBLOCK) == 0 || err_errno(err, "cannot make a pipe for signals");
}

static void map_style(struct terminal *terminal, enum style style, int colours)
{
    struct look look = theme_look(style, colours);
    attr_t attributes = A_NORMAL;
    attributes |= look.bold ? A_BOLD : A_NORMAL;
    attributes |= look.dim ? A_DIM : A_NORMAL;
    attributes |= look.reverse ? A_REVERSE : A_NORMAL;
    attributes |= look.underline ? A_UNDERLINE : A_NORMAL;
    terminal->attributes[style] = attributes;
    terminal->pairs[style] = 0;
    if (look.foreground >= 0 || look.background >= 0) {
        short pair = (short)(style + 1);
        if (init_pair(pair, look.foreground, look.background) == OK)
            terminal->pairs[style] = pair;
    }
}

/* The terminal's own colours stay the default ones; without them every cell would be painted in a guessed background. */
static void set_styles(struct terminal *terminal)
{
    int colours = 0;
    if (has_colors() && !theme_no_colour() && start_color() == OK && use_default_colors() == OK)
        colours = COLORS;
    for (enum style style = 0; style < STYLE_COUNT; style++)
        map_style(terminal, style, colours);
}

/* raw and not cbreak: Ctrl-C, Ctrl-Z, Ctrl-S and Ctrl-Q are keys here. idlok lets curses scroll a region instead of
   writing it again: 114 bytes for a line of a full table instead of 800. */
static void enter(struct terminal *terminal)
{
    raw();
    noecho();
    nonl();
    set_styles(terminal);
    idlok(stdscr, TRUE);
    leaveok(stdscr, FALSE);
    curs_set(0);
    write_all(terminal->out_fd, PASTE_ON, sizeof PASTE_ON - 1);
    restore.active = 1;
}

static void close_files(struct terminal *terminal)
{
    if (terminal->in && terminal->in != stdin)
        fclose(terminal->in);
    free(terminal);
}

struct terminal *terminal_open(struct err *err)
{
    struct terminal *terminal = MEM_NEW(struct terminal);
    if (!open_files(terminal, err) || !check_type(terminal, err) || !open_pipe(err)) {
        close_files(terminal);
        return NULL;
    }
    tcgetattr(terminal->fd, &restore.modes);
    prepare_restore(terminal);
    terminal->screen = newterm(NULL, terminal->out, terminal->in);
    if (!terminal->screen) {
        err_set(err, ERR_INPUT, "The terminal type \"%s\" (TERM) cannot be used.", getenv("TERM"));
        close_files(terminal);
        return NULL;
    }
    terminal->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    terminal->shown = cells_new(LINES, COLS);
    key_input_init(&terminal->keys);
    enter(terminal);
    install_all();
    return terminal;
}

void terminal_close(struct terminal *terminal)
{
    if (!terminal)
        return;
    uninstall(plain_signals, old_plain, PLAIN_COUNT);
    uninstall(fatal_signals, old_fatal, FATAL_COUNT);
    leave(terminal);
    delscreen(terminal->screen);
    close(restore.pipe[0]);
    close(restore.pipe[1]);
    cells_free(terminal->shown);
    key_input_free(&terminal->keys);
    close_files(terminal);
}

int terminal_fd(const struct terminal *terminal)
{
    return terminal->fd;
}

bool terminal_utf8(const struct terminal *terminal)
{
    return terminal->utf8;
}

void terminal_size(const struct terminal *terminal, int *rows, int *columns)
{
    (void)terminal;
    *rows = LINES;
    *columns = COLS;
}

/* --- grid out --- */

/* curses takes one spacing character and up to four marks in a cell; what is more is left out. */
static size_t wide_text(const struct cell *cell, wchar_t out[CCHARW_MAX + 1])
{
    struct str text = { cell->text, cell->length };
    size_t count = 0;
    while (text.len > 0 && count < CCHARW_MAX) {
        unsigned char lead = (unsigned char)text.data[0];
        size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        wchar_t wide = length == 1 ? lead : lead & (0xFF >> (length + 1));
        for (size_t i = 1; i < length && i < text.len; i++)
            wide = wide << 6 | ((unsigned char)text.data[i] & 0x3F);
        bool mark = wcwidth(wide) == 0;
        if (count > 0 && !mark)
            break;
        out[count++] = wide;
        text = str_from(text, length);
    }
    out[count] = L'\0';
    return count;
}

static void put_cell(const struct terminal *terminal, int row, int column, const struct cell *cell)
{
    wchar_t text[CCHARW_MAX + 1];
    cchar_t wide;
    if (cell->width == 0 || wide_text(cell, text) == 0)
        return;
    setcchar(&wide, text, terminal->attributes[cell->style], terminal->pairs[cell->style], NULL);
    mvadd_wch(row, column, &wide);
}

static bool same_cell(const struct cell *a, const struct cell *b)
{
    return a->length == b->length && a->width == b->width && a->style == b->style && memcmp(a->text, b->text, a->length) == 0;
}

static void show_cursor(struct terminal *terminal, const struct cells *cells)
{
    if (cells->cursor_visible != terminal->cursor_shown)
        curs_set(cells->cursor_visible ? 1 : 0);
    terminal->cursor_shown = cells->cursor_visible;
    if (cells->cursor_visible)
        move(cells->cursor_row, cells->cursor_column);
}

/* Only changed cells go to curses, which then finds the cheapest bytes for them. */
void terminal_show(struct terminal *terminal, const struct cells *cells)
{
    struct cells *shown = terminal->shown;
    int rows = cells->rows < shown->rows ? cells->rows : shown->rows;
    int columns = cells->columns < shown->columns ? cells->columns : shown->columns;
    for (int row = 0; row < rows; row++) {
        const struct cell *from = cells->cell + (size_t)row * (size_t)cells->columns;
        struct cell *to = shown->cell + (size_t)row * (size_t)shown->columns;
        for (int column = 0; column < columns; column++) {
            if (!same_cell(&from[column], &to[column])) {
                put_cell(terminal, row, column, &from[column]);
                to[column] = from[column];
            }
        }
    }
    show_cursor(terminal, cells);
    refresh();
}

/* --- keys in --- */

/* The descriptor stays blocking, because its flags are shared with the shell; poll says when a read does not wait. */
static void read_bytes(struct terminal *terminal)
{
    char bytes[4096];
    struct pollfd ready = { .fd = terminal->fd, .events = POLLIN };
    if (poll(&ready, 1, 0) <= 0)
        return;
    ssize_t count = read(terminal->fd, bytes, sizeof bytes);
    bool again = count < 0 && (errno == EINTR || errno == EAGAIN);
    if (count > 0)
        key_input_add(&terminal->keys, (struct str){ bytes, (size_t)count });
    else if (!again)
        terminal->gone = true;
    secret_wipe(bytes, sizeof bytes);       /* a password may have been pasted */
    terminal->last_read_ms = clock_ms();
}

enum terminal_news terminal_read(struct terminal *terminal, struct key *key, struct str *paste)
{
    static const enum terminal_news news[] = {
        [KEY_NEWS_KEY] = TERMINAL_KEY, [KEY_NEWS_PASTE] = TERMINAL_PASTE,
    };
    enum key_news found = key_input_take(&terminal->keys, false, key);
    if (found == KEY_NEWS_NONE) {
        read_bytes(terminal);
        bool late = clock_ms() - terminal->last_read_ms >= ESC_WAIT_MS;
        found = key_input_take(&terminal->keys, late, key);
    }
    *paste = buf_str(&terminal->keys.paste);
    if (found == KEY_NEWS_NONE)
        return terminal->gone ? TERMINAL_GONE : TERMINAL_NOTHING;
    return news[found];
}

int terminal_pending_ms(const struct terminal *terminal)
{
    if (!key_input_waiting(&terminal->keys))
        return -1;
    int64_t wait = terminal->last_read_ms + ESC_WAIT_MS - clock_ms();
    return wait < 0 ? 0 : (int)wait;
}

/* --- clipboard --- */

void terminal_copy(struct terminal *terminal, struct str text)
{
    struct buf out = BUF_INIT(BUF_LARGE);
    text = str_take(text, COPY_MAX);
    buf_text(&out, "\033]52;c;");
    base64_encode(text, &out);
    buf_char(&out, '\a');
    write_all(terminal->out_fd, out.data, out.len);
    /* tmux takes the plain one only with set-clipboard on; the wrapped one goes through to the terminal around it where
       allow-passthrough is on. Both set the same text. */
    if (getenv("TMUX")) {
        buf_clear(&out);
        buf_text(&out, "\033Ptmux;\033\033]52;c;");
        base64_encode(text, &out);
        buf_text(&out, "\a\033\\");
        write_all(terminal->out_fd, out.data, out.len);
    }
    buf_free(&out);
}

/* --- size, redraw, suspend, signals --- */

void terminal_redraw(struct terminal *terminal)
{
    reset_prog_mode();
    write_all(terminal->out_fd, PASTE_ON, sizeof PASTE_ON - 1);
    cells_clear(terminal->shown);
    erase();
    clearok(curscr, TRUE);
}

/* Terminals move text about when they are resized, each in its own way: nothing that stood there can be trusted. */
void terminal_resized(struct terminal *terminal)
{
    struct winsize size;
    if (ioctl(terminal->out_fd, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
        return;
    resizeterm(size.ws_row, size.ws_col);
    cells_resize(terminal->shown, LINES, COLS);
    terminal_redraw(terminal);
}

void terminal_suspend(struct terminal *terminal)
{
    leave(terminal);
    uninstall(plain_signals, old_plain, PLAIN_COUNT);
    signal(SIGTSTP, SIG_DFL);
    kill(0, SIGTSTP);                   /* the whole job, as the terminal's own Ctrl-Z does */
    install(plain_signals, old_plain, PLAIN_COUNT, on_plain, SA_RESTART);
    restore.active = 1;
    refresh();
    curs_set(terminal->cursor_shown ? 1 : 0);
    terminal_resized(terminal);
}

int terminal_signal_fd(const struct terminal *terminal)
{
    (void)terminal;
    return restore.pipe[0];
}

int terminal_signal(struct terminal *terminal)
{
    char byte;
    (void)terminal;
    return read(restore.pipe[0], &byte, 1) == 1 ? byte : 0;
}
