#include "session/rest/module_cache.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/private_file.h"

#define PREFIX "cmdlets-"

/* Whatever makes the service send another list. It stands in the file's first line, since the name is only a hash of it. */
static char *key_of(const struct session_config *config)
{
    return mem_format("%s %s %s %s %s %s %d", PURVEY_VERSION, config->cloud->name, config->tenant_id, *config->upn ? config->upn : "application",
                      *config->command_names ? config->command_names : "*", *config->connection_uri ? config->connection_uri : "-", config->delegated);
}

static char *place_of(const char *key)
{
    uint64_t hash = str_hash(HASH_START, str_of(key));
    char *name = mem_format(PREFIX "%016llx", (unsigned long long)hash), *place = private_file_place(name);
    free(name);
    return place;
}

bool module_cache_load(const struct session_config *config, struct kept_module *module)
{
    struct buf file = BUF_INIT(module->answer.cap);
    char *key = key_of(config), *place = place_of(key);
    struct str rest, line, region;
    bool good = place && private_file_read(place, &file, &module->age_s);
    rest = buf_str(&file);
    good = good && str_cut(&rest, '\n', &line) && str_is(line, key) && str_cut(&rest, '\n', &region) && region.len < sizeof module->region &&
           module->age_s >= 0 && module->age_s < MODULE_KEPT_S;
    if (good) {
        memcpy(module->region, region.data, region.len);
        module->region[region.len] = '\0';
        buf_add(&module->answer, rest);
    }
    buf_free(&file);
    free(key);
    free(place);
    return good;
}

void module_cache_store(const struct session_config *config, struct str answer, const char *region)
{
    char *key = key_of(config), *place = place_of(key);
    struct buf file = BUF_INIT(BUF_LARGE + BUF_SMALL);
    buf_format(&file, "%s\n%s\n", key, region);
    buf_add(&file, answer);
    /* Only a convenience: whatever is wrong with it, the connection goes on without. */
    if (place && !file.overflowed) {
        private_file_write(place, buf_str(&file));
    }
    buf_free(&file);
    free(key);
    free(place);
}

void module_cache_drop(const struct session_config *config)
{
    char *key = key_of(config), *place = place_of(key);
    if (place) {
        unlink(place);
    }
    free(key);
    free(place);
}

void module_cache_drop_all(void)
{
    private_file_remove_all(PREFIX);
}
