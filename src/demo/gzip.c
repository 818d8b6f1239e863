#include "demo/gzip.h"

#include <stdlib.h>
#include <zlib.h>

#include "base/mem.h"

/* Packing less costs more than it saves, and IIS leaves small answers alone too. */
#define WORTH_PACKING ((size_t)1024)
#define BLOCK ((size_t)64 * 1024)
#define GZIP_WINDOW (15 + 16)       /* zlib's way to ask for a gzip header around the largest window */
#define MEMORY_LEVEL 8              /* zlib's own default */

struct packer {
    struct demo_stream inner;
    z_stream zlib;
    bool drained;               /* inner has ended; zlib may still hold bytes */
    char block[BLOCK];
};

/* "gzip;q=0" is a refusal, so the quality is looked at; its size does not matter where only one coding is on offer. */
static bool is_refused(struct str parameters)
{
    struct str name, quality = parameters;
    bool zero = str_cut(&quality, '=', &name) && str_is_nocase(str_trim(name), "q");
    quality = str_trim(quality);
    for (size_t i = 0; i < quality.len; i++) {
        zero = zero && (quality.data[i] == '0' || quality.data[i] == '.');
    }
    return zero && quality.len;
}

bool gzip_taken(const char *accept_encoding)
{
    struct str rest = str_of(accept_encoding), one, coding;
    for (bool more = true; more;) {
        more = str_cut(&rest, ',', &one);
        str_cut(&one, ';', &coding);
        coding = str_trim(coding);
        if (str_is_nocase(coding, "gzip") || str_is_nocase(coding, "x-gzip")) {
            return !is_refused(one);
        }
    }
    return false;
}

/* A whole block is asked for at once: small pieces would pack badly, and nobody waits for a person's row. */
static void refill(struct packer *packer)
{
    size_t length = packer->inner.fill(packer->inner.context, packer->block, BLOCK);
    packer->drained = length == 0;
    packer->zlib.next_in = (unsigned char *)packer->block;
    packer->zlib.avail_in = (unsigned)length;
}

/* Goes on until there is something to hand out: 0 would be read as the end of the answer. */
static size_t fill(void *context, char *to, size_t size)
{
    struct packer *packer = context;
    size_t room = size < BLOCK ? size : BLOCK;
    int code = Z_OK;
    packer->zlib.next_out = (unsigned char *)to;
    packer->zlib.avail_out = (unsigned)room;
    while (room && code == Z_OK && packer->zlib.avail_out == room) {
        if (!packer->zlib.avail_in && !packer->drained) {
            refill(packer);
        }
        code = deflate(&packer->zlib, packer->drained ? Z_FINISH : Z_NO_FLUSH);
        code = code == Z_BUF_ERROR ? Z_OK : code;
    }
    return room - packer->zlib.avail_out;
}

/* Also in the middle of an answer, when the client has gone. */
static void drop(void *context)
{
    struct packer *packer = context;
    deflateEnd(&packer->zlib);
    packer->inner.free(packer->inner.context);
    free(packer);
}

/* The fastest level: the demo tenant shares the processors with the program that it is shown with. */
struct demo_stream gzip_stream(struct demo_stream inner)
{
    struct packer *packer = MEM_NEW(struct packer);
    packer->inner = inner;
    if (deflateInit2(&packer->zlib, Z_BEST_SPEED, Z_DEFLATED, GZIP_WINDOW, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK) {
        mem_exhausted();        /* the settings are right, so there is no other reason */
    }
    return (struct demo_stream){ fill, drop, packer };
}

/* ---- a body that is there as a whole ---- */

struct text { struct buf body; size_t at; };

static size_t fill_text(void *context, char *to, size_t size)
{
    struct text *text = context;
    struct str rest = str_take(str_from(buf_str(&text->body), text->at), size);
    memcpy(to, rest.data, rest.len);
    text->at += rest.len;
    return rest.len;
}

static void free_text(void *context)
{
    struct text *text = context;
    buf_free(&text->body);
    free(text);
}

/* Packed at once and not as a stream, so that Content-Length stays: without it a cut answer looks like a whole one. */
static void pack_body(struct demo_reply *reply)
{
    struct text *text = MEM_NEW(struct text);
    char block[4096];
    text->body = reply->body;
    reply->body = (struct buf)BUF_INIT(DEMO_MAX_BODY);
    struct demo_stream stream = gzip_stream((struct demo_stream){ fill_text, free_text, text });
    for (size_t length; (length = stream.fill(stream.context, block, sizeof block)) > 0;) {
        buf_add(&reply->body, (struct str){ block, length });
    }
    stream.free(stream.context);
}

void gzip_reply(struct demo_reply *reply)
{
    if (reply->stream.context) {
        reply->stream = gzip_stream(reply->stream);
    } else if (reply->body.len >= WORTH_PACKING) {
        pack_body(reply);
    } else {
        return;
    }
    reply_header(reply, "Content-Encoding", "gzip");
    reply_header(reply, "Vary", "Accept-Encoding");
}
