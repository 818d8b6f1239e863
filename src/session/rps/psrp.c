#include "session/rps/psrp.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

bool psrp_is_read(uint32_t type)
{
    switch (type) {
    case PSRP_SESSION_CAPABILITY:
    case PSRP_ENCRYPTED_SESSION_KEY:
    case PSRP_PUBLIC_KEY_REQUEST:
    case PSRP_RUNSPACEPOOL_STATE:
    case PSRP_APPLICATION_PRIVATE_DATA:
    case PSRP_RUNSPACEPOOL_HOST_CALL:
    case PSRP_PIPELINE_OUTPUT:
    case PSRP_ERROR_RECORD:
    case PSRP_PIPELINE_STATE:
    case PSRP_DEBUG_RECORD:
    case PSRP_VERBOSE_RECORD:
    case PSRP_WARNING_RECORD:
    case PSRP_PROGRESS_RECORD:
    case PSRP_INFORMATION_RECORD:
    case PSRP_PIPELINE_HOST_CALL:
        return true;
    default:
        return false;
    }
}

/* ---- numbers and GUIDs as they travel ---- */

static uint64_t big_endian(const unsigned char *bytes, size_t count)
{
    uint64_t number = 0;
    for (size_t i = 0; i < count; i++) {
        number = number << 8 | bytes[i];
    }
    return number;
}

static uint32_t little_endian(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void put_big_endian(struct buf *out, uint64_t number, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--) {
        buf_char(out, (char)(number >> (8 * i) & 0xFF));
    }
}

static void put_little_endian(struct buf *out, uint32_t number)
{
    for (int i = 0; i < 4; i++) {
        buf_char(out, (char)(number >> (8 * i) & 0xFF));
    }
}

/* Where each byte of the text's 16 goes: .NET turns the first three groups around. */
static const unsigned char guid_order[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };

static void put_guid(struct buf *out, const struct guid *guid)
{
    unsigned char bytes[16] = { 0 };
    size_t at = 0;
    for (const char *c = guid->text; *c && at < 32; c++) {
        if (*c != '-') {
            unsigned digit = (unsigned)(*c <= '9' ? *c - '0' : (*c | 0x20) - 'a' + 10);
            bytes[at / 2] = (unsigned char)((unsigned)bytes[at / 2] << 4 | (digit & 0xF));
            at++;
        }
    }
    for (size_t i = 0; i < 16; i++) {
        buf_char(out, (char)bytes[guid_order[i]]);
    }
}

static struct guid read_guid(const unsigned char *bytes)
{
    struct guid guid;
    size_t at = 0;
    for (size_t i = 0; i < 16; i++) {
        bool hyphen = i == 4 || i == 6 || i == 8 || i == 10;
        at += (size_t)snprintf(guid.text + at, sizeof guid.text - at, "%s%02x", hyphen ? "-" : "", bytes[guid_order[i]]);
    }
    return guid;
}

/* ---- received ---- */

struct psrp_receiver {
    struct psrp_handlers handlers;
    void *context;
    uint64_t max_message_bytes;
    unsigned char head[PSRP_FRAGMENT_HEAD], message[PSRP_MESSAGE_HEAD];
    size_t head_length, message_length;         /* what of each is here */
    uint64_t object, fragment;                  /* of the fragment in hand */
    uint64_t left;                              /* bytes of it that are still to come */
    uint64_t message_bytes, bytes, fragments;
    uint64_t at;                                /* where the fragment in hand begins */
    bool any, open, last;                       /* any: a message came; open: one is under way; last: this fragment ends it */
};

struct psrp_receiver *psrp_receiver_new(const struct psrp_handlers *handlers, void *context, uint64_t max_message_bytes)
{
    struct psrp_receiver *receiver = MEM_NEW(struct psrp_receiver);
    receiver->handlers = *handlers;
    receiver->context = context;
    receiver->max_message_bytes = max_message_bytes;
    return receiver;
}

void psrp_receiver_free(struct psrp_receiver *receiver)
{
    free(receiver);
}

bool psrp_receiver_between(const struct psrp_receiver *receiver)
{
    return !receiver->open && receiver->head_length == 0;
}

uint64_t psrp_received_bytes(const struct psrp_receiver *receiver)
{
    return receiver->bytes;
}

static bool broken(const struct psrp_receiver *receiver, struct err *err, const char *what)
{
    return err_set(err, ERR_PROTOCOL, "The server's fragments are out of order: %s (fragment %llu at byte %llu)", what,
                   (unsigned long long)receiver->fragments, (unsigned long long)receiver->at);
}

/* Objects of a target come one after the other, their fragments from 0 without a gap. */
static bool check_order(const struct psrp_receiver *receiver, uint64_t object, uint64_t fragment, bool start, struct err *err)
{
    if (receiver->open && start) {
        return broken(receiver, err, "a message begins before the last one has ended");
    }
    if (!receiver->open && !start) {
        return broken(receiver, err, "a message without its beginning");
    }
    if (start && fragment != 0) {
        return broken(receiver, err, "a message that does not begin with its first fragment");
    }
    if (start && receiver->any && object <= receiver->object) {
        return broken(receiver, err, "a message of an earlier number than the last one");
    }
    if (!start && (object != receiver->object || fragment != receiver->fragment + 1)) {
        return broken(receiver, err, "a fragment is missing, or of another message");
    }
    return true;
}

static bool open_fragment(struct psrp_receiver *receiver, struct err *err)
{
    uint64_t object = big_endian(receiver->head, 8), fragment = big_endian(receiver->head + 8, 8);
    unsigned flags = receiver->head[16];
    bool start = flags & 1;
    receiver->left = big_endian(receiver->head + 17, 4);
    if (!check_order(receiver, object, fragment, start, err)) {
        return false;
    }
    if (receiver->left > INT32_MAX) {
        return broken(receiver, err, "a fragment of a length that can not be");
    }
    if (start) {
        receiver->message_length = 0;
        receiver->message_bytes = 0;
    }
    receiver->any = receiver->open = true;
    receiver->object = object;
    receiver->fragment = fragment;
    receiver->last = flags & 2;
    receiver->message_bytes += receiver->left;
    receiver->fragments++;
    if (receiver->message_bytes > receiver->max_message_bytes) {
        err_set(err, ERR_PROTOCOL, "An object of the answer is larger than %llu bytes", (unsigned long long)receiver->max_message_bytes);
        err_advise(err, "MaximumReceivedObjectSize in -PSSessionOption sets how large one may be.");
        return false;
    }
    return true;
}

static bool begin_message(struct psrp_receiver *receiver, struct err *err)
{
    const struct psrp_head head = {
        .destination = little_endian(receiver->message),
        .type = little_endian(receiver->message + 4),
        .pool = read_guid(receiver->message + 8),
        .pipeline = read_guid(receiver->message + 24),
    };
    return receiver->handlers.begin(receiver->context, &head, err);
}

/* What of bytes belongs into a head of `size` bytes, of which *have are there. */
static void fill(unsigned char *head, size_t size, size_t *have, struct str *bytes)
{
    struct str part = str_take(*bytes, size - *have);
    memcpy(head + *have, part.data, part.len);
    *have += part.len;
    *bytes = str_from(*bytes, part.len);
}

/* The fragment's data: the message's head first, wherever it was cut, then what it says. */
static bool take_data(struct psrp_receiver *receiver, struct str data, struct err *err)
{
    if (data.len && receiver->message_length < PSRP_MESSAGE_HEAD) {
        fill(receiver->message, PSRP_MESSAGE_HEAD, &receiver->message_length, &data);
        if (receiver->message_length == PSRP_MESSAGE_HEAD && !begin_message(receiver, err)) {
            return false;
        }
    }
    return !data.len || receiver->handlers.data(receiver->context, data, err);
}

static bool end_fragment(struct psrp_receiver *receiver, struct err *err)
{
    receiver->head_length = 0;
    if (!receiver->last) {
        return true;
    }
    receiver->open = false;
    if (receiver->message_length < PSRP_MESSAGE_HEAD) {
        return broken(receiver, err, "a message that is shorter than its head");
    }
    return receiver->handlers.end(receiver->context, err);
}

bool psrp_receive(struct psrp_receiver *receiver, struct str bytes, struct err *err)
{
    while (bytes.len) {
        size_t before = bytes.len;
        bool opened = receiver->head_length == PSRP_FRAGMENT_HEAD;
        if (!receiver->head_length) {
            receiver->at = receiver->bytes;
        }
        if (!opened) {
            fill(receiver->head, PSRP_FRAGMENT_HEAD, &receiver->head_length, &bytes);
            opened = receiver->head_length == PSRP_FRAGMENT_HEAD;
            if (opened && !open_fragment(receiver, err)) {
                return false;
            }
        }
        struct str data = opened ? str_take(bytes, (size_t)receiver->left) : (struct str){ 0 };
        bytes = str_from(bytes, data.len);
        receiver->left -= data.len;
        receiver->bytes += before - bytes.len;
        if (!take_data(receiver, data, err) || (opened && !receiver->left && !end_fragment(receiver, err))) {
            return false;
        }
    }
    return true;
}

/* ---- sent ---- */

void psrp_send(const struct psrp_head *head, struct str payload, uint64_t *object, struct buf *out)
{
    struct buf message = BUF_INIT(SIZE_MAX);
    put_little_endian(&message, head->destination);
    put_little_endian(&message, head->type);
    put_guid(&message, &head->pool);
    put_guid(&message, &head->pipeline);
    buf_add(&message, payload);
    struct str rest = buf_str(&message);
    for (uint64_t fragment = 0; fragment == 0 || rest.len; fragment++) {
        struct str data = str_take(rest, PSRP_FRAGMENT_DATA);
        rest = str_from(rest, data.len);
        put_big_endian(out, *object, 8);
        put_big_endian(out, fragment, 8);
        buf_char(out, (char)((fragment == 0 ? 1 : 0) | (rest.len ? 0 : 2)));
        put_big_endian(out, data.len, 4);
        buf_add(out, data);
    }
    ++*object;
    buf_free(&message);
}

struct str psrp_cut(struct str *fragments, size_t room)
{
    size_t end = 0;
    while (fragments->len - end >= PSRP_FRAGMENT_HEAD) {
        size_t length = PSRP_FRAGMENT_HEAD + (size_t)big_endian((const unsigned char *)fragments->data + end + 17, 4);
        if (end && end + length > room) {
            break;
        }
        end += length;
    }
    struct str cut = str_take(*fragments, end);
    *fragments = str_from(*fragments, end);
    return cut;
}
