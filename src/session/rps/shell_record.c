#include "session/rps/shell_record.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/private_file.h"

#define PREFIX "shell-"
#define OLDEST_S (24 * 3600)

/* The id becomes part of a name: only what a GUID has. */
static bool is_plain(struct str id)
{
    for (size_t i = 0; i < id.len; i++) {
        char c = id.data[i];
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-')) {
            return false;
        }
    }
    return id.len > 0 && id.len < 100;
}

void shell_note_write(struct shell_note *note, const char *host, const char *user, const struct wsman_shell *shell)
{
    char *name = is_plain(str_of(shell->shell_id)) ? mem_format(PREFIX "%s", shell->shell_id) : NULL;
    char *text = mem_format("%s\n%s\n%s\n", host, user, shell->session.text);
    note->path = name ? private_file_place(name) : NULL;
    note->held = note->path ? private_file_hold(note->path, str_of(text)) : -1;
    if (note->held < 0) {
        free(note->path);
        note->path = NULL;
    }
    free(name);
    free(text);
}

void shell_note_drop(struct shell_note *note, bool ended)
{
    if (note->path && ended) {
        (void)unlink(note->path);
    }
    if (note->path) {
        close(note->held);
    }
    free(note->path);
    note->path = NULL;
}

void shell_record_remove(char *path)
{
    (void)unlink(path);
    free(path);
}

/* What the note of this name says, when it is of this host and user and nobody holds it. */
static bool matches(const char *name, const char *host, const char *user, struct shell_record *record)
{
    struct buf text = BUF_INIT(BUF_SMALL);
    int64_t age = 0;
    record->path = private_file_place(name);
    bool abandoned = record->path && private_file_read(record->path, &text, &age) && private_file_is_abandoned(record->path);
    struct str rest = buf_str(&text), first, second, session;
    str_cut(&rest, '\n', &first);
    str_cut(&rest, '\n', &second);
    str_cut(&rest, '\n', &session);
    bool ours = abandoned && age <= OLDEST_S && str_is_nocase(first, host) && str_is_nocase(second, user) && guid_valid(session);
    if (ours) {
        memcpy(record->session.text, session.data, session.len);
        record->session.text[session.len] = '\0';
    } else if (abandoned && age > OLDEST_S) {
        (void)unlink(record->path);
    }
    buf_free(&text);
    return ours;
}

size_t shell_record_leftovers(const char *host, const char *user, struct shell_record *records)
{
    char *directory = private_file_place("");
    DIR *list = directory ? opendir(directory) : NULL;
    size_t count = 0;
    for (struct dirent *entry; list && count < SHELL_RECORDS_MOST && (entry = readdir(list));) {
        struct str name = str_of(entry->d_name), id = str_from(name, sizeof PREFIX - 1);
        struct shell_record *record = &records[count];
        record->path = NULL;
        if (str_starts(name, STR(PREFIX)) && is_plain(id) && matches(entry->d_name, host, user, record)) {
            memcpy(record->shell_id, id.data, id.len);
            record->shell_id[id.len] = '\0';
            count++;
        } else {
            free(record->path);
        }
    }
    if (list) {
        closedir(list);
    }
    free(directory);
    return count;
}
