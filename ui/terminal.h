/* The real terminal: sole owner of curses. Keys in, grid out. Restores the terminal on every way out, fatal signals
   included. One at a time (curses and the signal handlers are global). */
#ifndef PURVEY_UI_TERMINAL_H
#define PURVEY_UI_TERMINAL_H

#include "ui/cells.h"
#include "ui/keymap.h"

struct terminal;

/* Takes the terminal over (main has called setlocale). Uses stdin and stdout when both are terminals, else /dev/tty.
   NULL with ERR_SYSTEM when there is none, ERR_INPUT when TERM names none that can place a cursor. */
struct terminal *terminal_open(struct err *err) MUST_USE;
void terminal_close(struct terminal *terminal);             /* restores; NULL is fine */

int terminal_fd(const struct terminal *terminal);           /* readable = terminal_read has something */
void terminal_size(const struct terminal *terminal, int *rows, int *columns);
bool terminal_utf8(const struct terminal *terminal);

/* Shows the grid: writes only what differs from what stands there. */
void terminal_show(struct terminal *terminal, const struct cells *cells);

enum terminal_news { TERMINAL_NOTHING, TERMINAL_KEY, TERMINAL_PASTE, TERMINAL_GONE };
/* The next thing typed, without waiting. A paste's text is in *paste (at most 1 MiB, LF line ends), valid until the
   next call. TERMINAL_GONE: the terminal hung up. */
enum terminal_news terminal_read(struct terminal *terminal, struct key *key, struct str *paste);
/* Milliseconds after which terminal_read must be called again although nothing is readable (an Esc that may be the
   start of a sequence: 20 ms); -1 = not needed. */
int terminal_pending_ms(const struct terminal *terminal);

void terminal_copy(struct terminal *terminal, struct str text);     /* OSC 52, also through tmux; at most 74 KiB */
void terminal_resized(struct terminal *terminal);                   /* after SIGWINCH: takes the new size in */
void terminal_redraw(struct terminal *terminal);                    /* forget what stands there; also after SIGCONT */
/* Signals that matter to a terminal program (WINCH, TERM, HUP, INT, TSTP, CONT), caught from terminal_open to
   terminal_close on whatever thread they arrive: a descriptor to wait on, and the next one; 0 = none. */
int terminal_signal_fd(const struct terminal *terminal);
int terminal_signal(struct terminal *terminal);
/* Gives the terminal back and stops the process as Ctrl-Z would; returns when continued, terminal taken over again. */
void terminal_suspend(struct terminal *terminal);

#endif
