#include "session/rps/command_cache.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/private_file.h"
#include "session/rps/rps_encode.h"

/* As the lists of REST connections begin, so that a sign-out takes these with it (session/rest/module_cache.h). */
#define PREFIX "cmdlets-"

/* Whatever makes the server send another list, but for the hash. */
static char *key_of(const struct session_config *config)
{
    return mem_format("remote %s %s %s %s %s %s %s %d", PURVEY_VERSION, config->cloud->name, config->tenant_id, config->organization,
                      *config->upn ? config->upn : "application", *config->command_names ? config->command_names : "*", config->connection_uri,
                      config->delegated);
}

/* NULL without a home. */
static char *place_of(const char *key)
{
    char *name = mem_format(PREFIX "%016llx", (unsigned long long)str_hash(HASH_START, str_of(key))), *place = private_file_place(name);
    free(name);
    return place;
}

/* Its length stands before each, since a line of one may end anywhere. */
void command_cache_add(struct buf *list, const struct clixml_value *command)
{
    struct buf text = BUF_INIT(BUF_LARGE);
    clixml_write(command, &text);
    buf_format(list, "%zu\n", text.len);
    buf_add(list, buf_str(&text));
    buf_free(&text);
}

void command_cache_store(const struct session_config *config, const char *hash, struct str list)
{
    char *key = key_of(config), *place = place_of(key);
    struct buf file = BUF_INIT(COMMAND_CACHE_MOST + BUF_SMALL);
    buf_format(&file, "%s\n%s\n", key, hash);
    buf_add(&file, list);
    /* Only a convenience: whatever is wrong with it, the connection goes on without. */
    if (place && !file.overflowed) {
        private_file_write(place, buf_str(&file));
    }
    buf_free(&file);
    free(key);
    free(place);
}

/* Whole, or not at all. */
static bool read_commands(struct catalogue *catalogue, struct str list)
{
    struct clixml_reader *reader = clixml_reader_new(0);
    struct err err = { 0 };
    struct str line;
    bool good = list.len > 0;
    while (good && list.len) {
        int64_t length;
        good = str_cut(&list, '\n', &line) && str_to_int64(line, 1, (int64_t)list.len, &length);
        struct str text = str_take(list, good ? (size_t)length : 0);
        list = str_from(list, text.len);
        clixml_reader_reset(reader);
        const struct clixml_value *command = good && clixml_reader_feed(reader, text, &err) ? clixml_reader_finish(reader, &err) : NULL;
        good = command != NULL;
        if (good) {
            (void)rps_add_command(catalogue, command);
        }
    }
    clixml_reader_free(reader);
    return good && catalogue->count > 0;
}

struct catalogue *command_cache_load(const struct session_config *config, const char *hash)
{
    struct buf file = BUF_INIT(COMMAND_CACHE_MOST + BUF_SMALL);
    struct catalogue *catalogue = catalogue_new();
    char *key = key_of(config), *place = place_of(key);
    bool good = place && private_file_read(place, &file, NULL);
    struct str rest = buf_str(&file), line;
    good = good && str_cut(&rest, '\n', &line) && str_is(line, key) && str_cut(&rest, '\n', &line) && str_is(line, hash);
    if (!good || !read_commands(catalogue, rest)) {
        catalogue_free(catalogue);
        catalogue = NULL;
    }
    buf_free(&file);
    free(key);
    free(place);
    return catalogue;
}
