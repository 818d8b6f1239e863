#include "session/rps/rps_private_data.h"

/* A hash is a word of moderate length; what is none is not remembered as one. */
static void read_importing(struct rps_private_data *data, const struct clixml_value *importing)
{
    struct str hash = clixml_text(clixml_entry(importing, "Hash"));
    bool word = hash.len < sizeof data->commands_hash;
    for (size_t i = 0; i < hash.len; i++) {
        word = word && hash.data[i] > ' ' && hash.data[i] < 0x7f;
    }
    str_put(data->commands_hash, sizeof data->commands_hash, word ? hash : (struct str){ 0 });
    for (const struct clixml_value *name = clixml_first(clixml_entry(importing, "CommandsToSkip")); name; name = name->next) {
        buf_add(&data->skipped, clixml_text(name));
        buf_char(&data->skipped, '\n');
    }
}

void rps_private_data_read(struct rps_private_data *data, const struct clixml_value *message)
{
    const struct clixml_value *inner = clixml_get(message, "ApplicationPrivateData"), *private = inner ? inner : message;
    rps_private_data_free(data);
    data->skipped = (struct buf)BUF_INIT(BUF_LARGE);
    str_put(data->version, sizeof data->version, clixml_text(clixml_entry(clixml_entry(private, "PSVersionTable"), "PSVersion")));
    read_importing(data, clixml_entry(private, "ImplicitRemoting"));
}

void rps_private_data_free(struct rps_private_data *data)
{
    buf_free(&data->skipped);
    *data = (struct rps_private_data){ 0 };
}

bool rps_private_data_skips(const struct rps_private_data *data, struct str command)
{
    struct str rest = buf_str(&data->skipped), name;
    while (str_cut(&rest, '\n', &name)) {
        if (str_eq_nocase(name, command)) {
            return true;
        }
    }
    return false;
}
