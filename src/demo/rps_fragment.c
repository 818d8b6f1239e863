#include "demo/rps_fragment.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

#define MESSAGE_HEADER 40
#define TO_CLIENT 1
#define TO_SERVER 2
#define MESSAGE_MAX ((size_t)256 * 1024 * 1024)

/* ---- numbers and GUIDs ---- */

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
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void put_big(struct buf *out, uint64_t number, int count)
{
    for (int shift = 8 * (count - 1); shift >= 0; shift -= 8) {
        buf_char(out, (char)(number >> shift & 0xFF));
    }
}

static void put_little(struct buf *out, uint32_t number)
{
    for (int shift = 0; shift < 32; shift += 8) {
        buf_char(out, (char)(number >> shift & 0xFF));
    }
}

/* .NET keeps the first three groups of a GUID in the byte order of the machine (rps.md section 6). */
static const int guid_order[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };

static void guid_text(const unsigned char *bytes, char text[37])
{
    size_t at = 0;
    for (int i = 0; i < 16; i++) {
        at += (size_t)snprintf(text + at, 37 - at, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", bytes[guid_order[i]]);
    }
}

static int hex(char c)
{
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* An empty text is the GUID of zeros. */
static void put_guid(struct buf *out, const char *text)
{
    unsigned char plain[16] = { 0 };
    for (int i = 0; i < 32 && *text; text++) {
        if (*text != '-') {
            plain[i / 2] = (unsigned char)(plain[i / 2] << 4 | hex(*text));
            i++;
        }
    }
    for (int i = 0; i < 16; i++) {
        buf_char(out, (char)plain[guid_order[i]]);
    }
}

/* ---- in ---- */

struct fragment { uint64_t object, number; bool start, end; struct str data; };

static bool broken(struct err *err, const char *what, uint64_t object)
{
    return err_set(err, ERR_PROTOCOL, "%s (object %llu)", what, (unsigned long long)object);
}

/* A fragment lies whole within one message of WSMan (rps.md section 4), so what is cut is broken and not early. */
static bool cut_fragment(struct str *bytes, struct fragment *fragment, struct err *err)
{
    const unsigned char *header = (const unsigned char *)bytes->data;
    if (bytes->len < FRAGMENT_HEADER) {
        return err_set(err, ERR_PROTOCOL, "a fragment's header is cut");
    }
    size_t length = (size_t)big_endian(header + 17, 4);
    *fragment = (struct fragment){ big_endian(header, 8), big_endian(header + 8, 8), header[16] & 1, header[16] & 2, { 0 } };
    if (header[16] & ~3) {
        return broken(err, "a fragment has unknown flags", fragment->object);
    }
    if (length > bytes->len - FRAGMENT_HEADER) {
        return broken(err, "a fragment is cut", fragment->object);
    }
    fragment->data = str_take(str_from(*bytes, FRAGMENT_HEADER), length);
    *bytes = str_from(*bytes, FRAGMENT_HEADER + length);
    return true;
}

/* Objects of one target ascend, fragments of one are in order and not mixed with others (rps.md section 5). */
static bool in_order(struct assembly *assembly, const struct fragment *fragment, struct err *err)
{
    if (fragment->start) {
        if (assembly->open || fragment->number != 0) {
            return broken(err, "an object begins within another, or not with fragment 0", fragment->object);
        }
        if (fragment->object <= assembly->last_object) {
            return broken(err, "the numbers of objects do not ascend", fragment->object);
        }
        assembly->open = true;
        assembly->last_object = fragment->object;
        assembly->next_fragment = 0;
    }
    if (!assembly->open || fragment->object != assembly->last_object || fragment->number != assembly->next_fragment) {
        return broken(err, "a fragment is out of order", fragment->object);
    }
    assembly->next_fragment++;
    return true;
}

/* The data may be empty: END_OF_PIPELINE_INPUT has none. */
static bool read_message(struct str bytes, struct message *message, struct err *err)
{
    const unsigned char *header = (const unsigned char *)bytes.data;
    if (bytes.len < MESSAGE_HEADER) {
        return err_set(err, ERR_PROTOCOL, "a message is shorter than its header");
    }
    if (little_endian(header) != TO_SERVER) {
        return err_set(err, ERR_PROTOCOL, "a message is not for the server");
    }
    message->type = (enum message_type)little_endian(header + 4);
    guid_text(header + 8, message->pool);
    guid_text(header + 24, message->pipeline);
    message->data = str_from(bytes, MESSAGE_HEADER);
    return true;
}

bool assembly_feed(struct assembly *assembly, struct str fragments,
                   bool (*take)(void *context, const struct message *message, struct err *err), void *context, struct err *err)
{
    struct fragment fragment = { 0 };
    struct message message;
    assembly->received += fragments.len;
    if (assembly->received > RECEIVED_COMMAND_MAX) {
        return err_set(err, ERR_PROTOCOL, "more than %zu bytes came for one command", RECEIVED_COMMAND_MAX);
    }
    while (fragments.len) {
        if (!cut_fragment(&fragments, &fragment, err) || !in_order(assembly, &fragment, err)) {
            return false;
        }
        if (!buf_add(&assembly->object, fragment.data)) {
            return broken(err, "an object is too large", fragment.object);
        }
        if (!fragment.end) {
            continue;
        }
        assembly->open = false;
        bool taken = read_message(buf_str(&assembly->object), &message, err) && take(context, &message, err);
        buf_clear(&assembly->object);
        if (!taken) {
            return false;
        }
    }
    return true;
}

/* ---- out ---- */

void outbox_add(struct outbox *outbox, uint64_t object, enum message_type type, const char *pool, const char *pipeline, struct str clixml)
{
    /* What was sent makes room, or a long answer would keep a place for each of its objects. */
    if (outbox->first && outbox->first * 2 >= outbox->count) {
        outbox->count -= outbox->first;
        memmove(outbox->items, outbox->items + outbox->first, outbox->count * sizeof *outbox->items);
        outbox->first = 0;
    }
    MEM_ROOM(outbox->items, outbox->count, outbox->capacity);
    struct outgoing *message = &outbox->items[outbox->count++];
    *message = (struct outgoing){ .object = object, .bytes = BUF_INIT(MESSAGE_MAX) };
    put_little(&message->bytes, TO_CLIENT);
    put_little(&message->bytes, (uint32_t)type);
    put_guid(&message->bytes, pool);
    put_guid(&message->bytes, pipeline);
    buf_text(&message->bytes, "\xEF\xBB\xBF");
    buf_add(&message->bytes, clixml);
    outbox->waiting += message->bytes.len;
}

/* Fragments are cut when they are sent: only then is it known how much the client takes. */
void outbox_take(struct outbox *outbox, size_t room, struct buf *out)
{
    while (outbox->first < outbox->count && room > FRAGMENT_HEADER) {
        struct outgoing *message = &outbox->items[outbox->first];
        size_t left = message->bytes.len - message->at, most = room - FRAGMENT_HEADER;
        most = most < FRAGMENT_DATA ? most : FRAGMENT_DATA;
        size_t length = left < most ? left : most;
        put_big(out, message->object, 8);
        put_big(out, message->fragment, 8);
        buf_char(out, (char)((message->fragment == 0) | (length == left) << 1));
        put_big(out, length, 4);
        buf_add(out, str_take(str_from(buf_str(&message->bytes), message->at), length));
        message->fragment++;
        message->at += length;
        room -= FRAGMENT_HEADER + length;
        outbox->waiting -= length;
        if (length == left) {
            buf_free(&message->bytes);
            outbox->first++;
        }
    }
}

/* Messages that were sent in part count as there. */
bool outbox_empty(const struct outbox *outbox)
{
    return outbox->first == outbox->count;
}

void outbox_free(struct outbox *outbox)
{
    for (size_t i = outbox->first; i < outbox->count; i++) {
        buf_free(&outbox->items[i].bytes);
    }
    free(outbox->items);
    *outbox = (struct outbox){ 0 };
}
