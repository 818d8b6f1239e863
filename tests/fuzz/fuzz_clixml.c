/* Any bytes as CLIXML, in pieces: no crash, no hang; what is read becomes a row, an error, a state, a host call, and is written
   again as something that reads the same. */
#include <stdlib.h>

#include "catalogue/catalogue.h"
#include "session/rps/psrp_messages.h"
#include "session/rps/rps_encode.h"
#include "session/rps/rps_host.h"
#include "session/rps/rps_object.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct clixml_value *take(struct clixml_reader *reader, struct str text, size_t piece)
{
    struct err err;
    for (; text.len; text = str_from(text, piece)) {
        if (!clixml_reader_feed(reader, str_take(text, piece), &err)) {
            return NULL;
        }
    }
    return clixml_reader_finish(reader, &err);
}

static void use(const struct clixml_value *value)
{
    struct object object;
    struct err err;
    struct psrp_state state;
    struct rps_host_effect effect;
    struct buf out = BUF_INIT(BUF_LARGE);
    struct catalogue *catalogue = catalogue_new();
    object_init(&object);
    if (rps_object_fill(&object, value, &err)) {
        object_print_json(&object, false, &out);
    }
    object_free(&object);
    psrp_read_error(value, &err);
    if (!err.kind) {
        abort();
    }
    (void)psrp_read_state(value, &state);
    psrp_read_information(value, &out);
    psrp_read_progress(value, &out);
    buf_clear(&out);
    rps_host_call(value, &effect, &out);
    if (effect.answered != (out.len > 0)) {
        abort();
    }
    buf_free(&effect.text);
    if (rps_add_command(catalogue, value)) {
        catalogue_seal(catalogue);
    }
    catalogue_free(catalogue);
    buf_free(&out);
}

static void write_again(struct clixml_reader *reader, const struct clixml_value *value)
{
    struct buf once = BUF_INIT(BUF_LARGE), twice = BUF_INIT(BUF_LARGE);
    clixml_write(value, &once);
    clixml_reader_reset(reader);
    value = take(reader, buf_str(&once), SIZE_MAX);
    if (value && !once.overflowed) {
        clixml_write(value, &twice);
        if (!str_eq(buf_str(&once), buf_str(&twice))) {
            abort();
        }
    }
    buf_free(&once);
    buf_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct clixml_reader *reader = clixml_reader_new(0);
    const struct clixml_value *value = size ? take(reader, (struct str){ (const char *)data + 1, size - 1 }, data[0] ? data[0] : 1) : NULL;
    if (value) {
        use(value);
        write_again(reader, value);
    }
    clixml_reader_free(reader);
    return 0;
}
