/* purvey: reads the command line and hands over to the terminal interface or to a headless command. */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"
#include "ui/app.h"
#include "ui/cli/cli.h"
#include "ui/cli/headless.h"
#include "ui/screens.h"
#include "ui/terminal.h"

static void post_command(void *context, struct message *message)
{
    mailbox_post(engine_commands(context), message);
}

static int show(struct arguments *arguments, struct engine *engine, struct terminal *terminal)
{
    const struct app_config config = {
        .help = help_screen,
        .log = log_screen,
        .send = post_command,
        .context = engine,
        .demo = arguments->demo,
        .demo_options = arguments->demo ? &arguments->options : NULL,
        .utf8 = MB_CUR_MAX > 1,
    };
    struct app *app = app_new(&config);
    app_push(app, connect_screen(app_state(app), &arguments->options, arguments->has_connection));
    int code = app_run(app, terminal, engine_events(engine));
    app_free(app);
    return code;
}

/* A terminal that goes away says so more than once (the kernel, the shell, tmux): the second time must not cut the farewell short,
   which ends the remote sessions and takes seconds at most. Other signals are from somebody who waits: they hurry it. Gives what
   is readable when one came, or -1. */
static int hear_who_hurries(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGQUIT);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    int fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    sigaddset(&signals, SIGHUP);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    return fd;
}

static int terminal_interface(struct arguments *arguments)
{
    struct err err = { 0 };
    bool good = resolve_secrets(&arguments->options, &err);
    struct demo_process *demo = good && arguments->demo ? demo_start(arguments, &err) : NULL;
    good = good && (demo || !arguments->demo);
    if (demo) {
        demo_options(&arguments->options, demo_process_place(demo));
    }
    struct engine *engine = good ? engine_for(arguments, demo, &err) : NULL;
    struct terminal *terminal = engine && engine_start(engine, &err) ? terminal_open(&err) : NULL;
    int code = 0, hurry_fd = -1;
    if (terminal) {
        code = show(arguments, engine, terminal);
        hurry_fd = hear_who_hurries();
        terminal_close(terminal);
    } else {
        cli_print_error(&err);
        code = err_exit_code(err.kind);
    }
    /* On the plain terminal again: this is what stays to be read. */
    if (engine) {
        fputs(engine_farewell(engine, hurry_fd), stderr);
    }
    engine_free(engine);
    demo_process_stop(demo);
    if (hurry_fd >= 0) {
        close(hurry_fd);
    }
    return code;
}

static int print(const char *text)
{
    struct err err = { 0 };
    fputs(text, stdout);
    bool good = cli_flush(&err);
    if (!good) {
        cli_print_error(&err);
    }
    return good ? 0 : err_exit_code(err.kind);
}

static int usage(struct arguments *arguments)
{
    struct buf text = BUF_INIT(BUF_SMALL);
    (void)arguments;
    arguments_usage(&text);
    int code = print(buf_cstr(&text));
    buf_free(&text);
    return code;
}

static int version(struct arguments *arguments)
{
    (void)arguments;
    return print("purvey " PURVEY_VERSION "\n");
}

/* What printf writes is kept together until cli_flush, which can still tell why it failed. More than any list or help; a buffer
   of its own choice the C library makes no larger than a block. */
static char output_kept[(size_t)256 * 1024];

int main(int argc, char **argv)
{
    static int (*const run[])(struct arguments *) = {
        [CLI_TERMINAL] = terminal_interface,
        [CLI_RUN] = cli_run,
        [CLI_CMDLETS] = cli_cmdlets,
        [CLI_HELP] = cli_help,
        [CLI_SIGN_OUT] = cli_sign_out,
        [CLI_COMPLETION] = cli_completion,
        [CLI_USAGE] = usage,
        [CLI_VERSION] = version,
    };
    struct arguments arguments;
    struct err err = { 0 };
    secret_harden_process();
    setlocale(LC_ALL, "");
    setlocale(LC_NUMERIC, "C");
    umask(S_IRWXG | S_IRWXO);
    int code;
    if (arguments_parse(&arguments, argc, argv, &err)) {
        if (arguments.command != CLI_TERMINAL) {
            (void)setvbuf(stdout, output_kept, _IOFBF, sizeof output_kept);
        }
        code = run[arguments.command](&arguments);
    } else {
        cli_print_error(&err);
        code = err_exit_code(err.kind);
    }
    arguments_free(&arguments);
    return code;
}
