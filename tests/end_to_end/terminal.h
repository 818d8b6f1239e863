/* The real binary in a real terminal emulator (libvterm on a pseudo terminal): keys in, screen out. Waits for conditions,
   never for time: every wait ends as soon as the screen says so, or fails with the picture after a generous limit. */
#ifndef PURVEY_TESTS_TERMINAL_H
#define PURVEY_TESTS_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct terminal_program;

/* Starts argv[0] (NULL-ended) in a terminal of that size, TERM=xterm-256color, a UTF-8 locale. Fails the test when it
   cannot. extra_environment: "NAME=value" strings, NULL-ended; may be NULL. */
struct terminal_program *program_start(int rows, int columns, const char *const *argv, const char *const *extra_environment);
/* Kills it when it still runs, and frees. */
void program_free(struct terminal_program *program);

void program_type(struct terminal_program *program, const char *bytes);     /* as they are: "\r", "\033[B" */
void program_resize(struct terminal_program *program, int rows, int columns);

/* Waits until the text stands somewhere on the screen (in one row), or no longer. Fails the test with the picture. */
void program_expect_at(struct terminal_program *program, const char *text, const char *file, int line);
void program_expect_gone_at(struct terminal_program *program, const char *text, const char *file, int line);
#define program_expect(program, text) program_expect_at((program), (text), __FILE__, __LINE__)
#define program_expect_gone(program, text) program_expect_gone_at((program), (text), __FILE__, __LINE__)

/* Waits for its end; returns the exit code, or 128 + signal. */
int program_wait(struct terminal_program *program);
pid_t program_pid(const struct terminal_program *program);

/* The screen as lines with trailing blanks trimmed. Valid until the next call. */
const char *program_picture(struct terminal_program *program);
size_t program_bytes(const struct terminal_program *program);   /* bytes it has written so far */
/* Reads what is there until nothing comes for a moment (for byte counts). */
void program_settle(struct terminal_program *program);

/* Types and waits until nothing has come for quiet_ms; returns the milliseconds from the key to the last byte that came
   for it, and how many bytes came. For benchmarks. */
double program_time_key(struct terminal_program *program, const char *keys, int quiet_ms, size_t *bytes);

/* Types and returns the milliseconds until the text stands on the screen. */
double program_time_until(struct terminal_program *program, const char *keys, const char *text);

/* Paths of the programs under test: $PURVEY and $PURVEY_DEMO, else beside this test in build/. */
const char *purvey_path(void);

#endif
