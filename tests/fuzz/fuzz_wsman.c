/* Any bytes as the answer of a WSMan server: an envelope, whose streams are taken and whose fault is put into words, or an error. */
#include <stdlib.h>

#include "session/rps/rps_inbox.h"
#include "session/rps/wsman.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool on_message(void *context, const struct psrp_head *head, const struct clixml_value *value)
{
    (void)context;
    (void)head;
    return value != NULL;
}

static void use(struct wsman_answer *answer)
{
    struct rps_inbox *inbox = rps_inbox_new(65536, on_message, NULL);
    char shell[128] = "";
    struct err err = { 0 };
    if (answer->fault) {
        wsman_fault_err(answer, true, &err);
        wsman_fault_err(answer, false, &err);
        if (!err.kind || !*err.text) {
            abort();
        }
    }
    (void)wsman_timed_out(answer);
    (void)wsman_is_gone(answer);
    (void)wsman_command_done(answer);
    (void)wsman_command_id(answer);
    (void)(wsman_shell_id(answer, shell, sizeof shell, &err) && strlen(shell) > sizeof shell);
    (void)(rps_inbox_take(inbox, answer, &err) && rps_inbox_between(inbox));
    rps_inbox_free(inbox);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct guid id = { "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee" };
    struct wsman_answer answer;
    struct err err = { 0 };
    (void)wsman_looks_like_envelope((struct str){ (const char *)data, size });
    if (wsman_take((struct str){ (const char *)data, size }, &id, &answer, &err)) {
        use(&answer);
        wsman_answer_free(&answer);
    } else if (!err.kind || !*err.text) {
        abort();
    }
    return 0;
}
