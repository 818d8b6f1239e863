#include "engine/message.h"

#include <stdlib.h>

#include "base/mem.h"

struct message *message_new(enum message_kind kind)
{
    struct message *message = MEM_NEW(struct message);
    message->kind = kind;
    return message;
}

static void exchange_free(struct exchange_record *exchange)
{
    if (!exchange) {
        return;
    }
    free(exchange->url);
    free(exchange->purpose);
    free(exchange->client_request_id);
    free(exchange->request_id);
    free(exchange->request_headers);
    free(exchange->response_headers);
    free(exchange->request_body);
    free(exchange);
}

void browser_prompt_free(struct browser_prompt *browser)
{
    if (browser) {
        free(browser->url);
        free(browser->ssh_line);
        free(browser);
    }
}

void message_free(struct message *message)
{
    if (!message) {
        return;
    }
    free(message->text);
    if (message->options) {
        options_free(message->options);
        free(message->options);
    }
    pipeline_free(message->pipeline);
    free(message->arrangement);
    catalogue_free(message->catalogue);
    free(message->prompt);
    browser_prompt_free(message->browser);
    free(message->account);
    exchange_free(message->exchange);
    free(message->err);
    free(message);
}

void message_set_err(struct message *message, const struct err *err)
{
    free(message->err);
    message->err = NULL;
    if (err && err->kind != ERR_NONE) {
        message->err = MEM_NEW(struct err);
        *message->err = *err;
    }
}

const char *message_kind_name(enum message_kind kind)
{
    static const char *const names[] = {
        [COMMAND_CONNECT] = "connect",
        [COMMAND_CONNECT_CANCEL] = "connect-cancel",
        [COMMAND_DISCONNECT] = "disconnect",
        [COMMAND_SIGN_OUT] = "sign-out",
        [COMMAND_DEMO_APPROVE] = "demo-approve",
        [COMMAND_RUN] = "run",
        [COMMAND_ANSWER] = "answer",
        [COMMAND_CONTINUE] = "continue",
        [COMMAND_CANCEL] = "cancel",
        [COMMAND_PAUSE] = "pause",
        [COMMAND_ARRANGE] = "arrange",
        [COMMAND_FIND] = "find",
        [COMMAND_DISCARD] = "discard",
        [COMMAND_QUIT] = "quit",
        [EVENT_STEP] = "step",
        [EVENT_DEVICE_PROMPT] = "device-prompt",
        [EVENT_BROWSER_PROMPT] = "browser-prompt",
        [EVENT_CONNECTED] = "connected",
        [EVENT_GREETED] = "greeted",
        [EVENT_RENEWED] = "renewed",
        [EVENT_CONNECT_FAILED] = "connect-failed",
        [EVENT_SIGNED_OUT] = "signed-out",
        [EVENT_DISCONNECTED] = "disconnected",
        [EVENT_JOB_STARTED] = "job-started",
        [EVENT_JOB_PROGRESS] = "job-progress",
        [EVENT_JOB_WARNING] = "job-warning",
        [EVENT_JOB_INFORMATION] = "job-information",
        [EVENT_JOB_QUESTION] = "job-question",
        [EVENT_JOB_ERROR] = "job-error",
        [EVENT_JOB_WAITING] = "job-waiting",
        [EVENT_JOB_DONE] = "job-done",
        [EVENT_ARRANGED] = "arranged",
        [EVENT_FOUND] = "found",
        [EVENT_EXCHANGE] = "exchange",
        [EVENT_ENGINE_FAILED] = "engine-failed",
    };
    return names[kind];
}

char *message_device_words(const struct oauth_device_prompt *prompt)
{
    return mem_format("Signing in %s %s with %s. Only enter a code that you asked for yourself.", strchr(prompt->tenant, '@') ? "as" : "to",
                      *prompt->tenant ? prompt->tenant : "your organization", *prompt->client_name ? prompt->client_name : "purvey");
}
