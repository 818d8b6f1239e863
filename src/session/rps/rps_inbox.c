#include "session/rps/rps_inbox.h"

#include <stdlib.h>

#include "base/base64.h"
#include "base/mem.h"

struct rps_inbox {
    struct psrp_receiver *receiver;
    struct clixml_reader *reader;
    struct psrp_head head;
    struct buf bytes;           /* of the stream in hand */
    rps_message *message;
    void *context;
    bool busy, dead;
    bool passed_over;           /* the message in hand: what it holds may be no CLIXML at all */
};

static bool on_begin(void *context, const struct psrp_head *head, struct err *err)
{
    struct rps_inbox *inbox = context;
    (void)err;
    inbox->head = *head;
    inbox->passed_over = !psrp_is_read(head->type);
    clixml_reader_reset(inbox->reader);
    return true;
}

static bool on_data(void *context, struct str piece, struct err *err)
{
    struct rps_inbox *inbox = context;
    return inbox->passed_over || clixml_reader_feed(inbox->reader, piece, err);
}

static bool on_end(void *context, struct err *err)
{
    struct rps_inbox *inbox = context;
    if (inbox->passed_over) {
        return true;
    }
    const struct clixml_value *value = clixml_reader_finish(inbox->reader, err);
    if (!value) {
        return false;
    }
    return (inbox->message(inbox->context, &inbox->head, value) && !inbox->dead) || err_set(err, ERR_CANCELLED, "Cancelled.");
}

struct rps_inbox *rps_inbox_new(uint64_t max_object_bytes, rps_message *message, void *context)
{
    static const struct psrp_handlers handlers = { on_begin, on_data, on_end };
    struct rps_inbox *inbox = MEM_NEW(struct rps_inbox);
    size_t most = max_object_bytes && max_object_bytes < CLIXML_MAX_BYTES ? (size_t)max_object_bytes : CLIXML_MAX_BYTES;
    inbox->receiver = psrp_receiver_new(&handlers, inbox, most);
    inbox->reader = clixml_reader_new(most);
    inbox->bytes = (struct buf)BUF_INIT(WSMAN_MAX_ANSWER);
    inbox->message = message;
    inbox->context = context;
    return inbox;
}

void rps_inbox_free(struct rps_inbox *inbox)
{
    if (inbox && inbox->busy) {
        inbox->dead = true;
    } else if (inbox) {
        psrp_receiver_free(inbox->receiver);
        clixml_reader_free(inbox->reader);
        buf_free(&inbox->bytes);
        free(inbox);
    }
}

/* Some wrap their lines. The standard form has its padding: without that, something is missing. */
static bool decode(struct str base64, struct buf *out)
{
    size_t digits = 0;
    for (struct str line; base64.len; digits += line.len) {
        size_t end = strcspn(base64.data, " \t\r\n");
        line = str_take(base64, end);
        if (!base64_decode(line, out)) {
            return false;
        }
        base64 = str_trim(str_from(base64, line.len));
    }
    return digits % 4 == 0;
}

static bool take_stream(struct rps_inbox *inbox, struct str base64, struct err *err)
{
    buf_clear(&inbox->bytes);
    if (!decode(base64, &inbox->bytes)) {
        return err_set(err, ERR_PROTOCOL, "A stream of the server's answer is not whole: bad base64 behind byte %zu of it", inbox->bytes.len);
    }
    return psrp_receive(inbox->receiver, buf_str(&inbox->bytes), err);
}

bool rps_inbox_take(struct rps_inbox *inbox, const struct wsman_answer *answer, struct err *err)
{
    const struct xml_node *at = NULL;
    struct str base64;
    bool good = wsman_check_received(answer, err);
    inbox->busy = true;
    while (good && wsman_next_stream(answer, &at, &base64)) {
        good = take_stream(inbox, base64, err);
    }
    inbox->busy = false;
    if (inbox->dead) {
        rps_inbox_free(inbox);
    }
    return good;
}

bool rps_inbox_between(const struct rps_inbox *inbox)
{
    return psrp_receiver_between(inbox->receiver);
}

uint64_t rps_inbox_bytes(const struct rps_inbox *inbox)
{
    return psrp_received_bytes(inbox->receiver);
}
