#include "base/private_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

char *private_file_place(const char *name)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    /* The XDG rules say to ignore a relative path. */
    if (state && *state == '/')
        return mem_format("%s/purvey/%s", state, name);
    return home && *home == '/' ? mem_format("%s/.local/state/purvey/%s", home, name) : NULL;
}

/* Somebody else's file may be a trap, and one that others may write as well. */
static bool is_own(int fd, size_t most, int64_t *age_s)
{
    struct stat status;
    bool good = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid()
        && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0 && status.st_size <= (off_t)most;
    if (good && age_s)
        *age_s = clock_unix() - (int64_t)status.st_mtime;
    return good;
}

bool private_file_read(const char *path, struct buf *text, int64_t *age_s)
{
    char bytes[8192];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return false;
    ssize_t got = -1;
    bool own = is_own(fd, text->cap, age_s);
    while (own && !text->overflowed && (got = read(fd, bytes, sizeof bytes)) > 0)
        buf_add(text, (struct str){ bytes, (size_t)got });
    close(fd);
    /* Half a file is none. */
    if (got == 0 && !text->overflowed)
        return true;
    buf_clear(text);
    return false;
}

static void make_directories(const char *path)
{
    char *copy = mem_text(path);
    for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(copy, 0700);      /* one that is there is fine; what cannot be made shows when the file is opened */
        *slash = '/';
    }
    free(copy);
}

static bool write_whole(int fd, struct str text)
{
    while (text.len > 0) {
        ssize_t sent = write(fd, text.data, text.len);
        if (sent < 0 && errno != EINTR)
            return false;
        text = str_from(text, sent > 0 ? (size_t)sent : 0);
    }
    return true;
}

/* Gets its name only when it is whole, and before that its lock when the caller wants one: nobody ever finds it unlocked. */
static bool write_new(const char *path, struct str text, int *held)
{
    char *fresh = mem_format("%s.new.%ld", path, (long)getpid());
    make_directories(path);
    unlink(fresh);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool good = fd >= 0 && (!held || flock(fd, LOCK_EX | LOCK_NB) == 0) && write_whole(fd, text);
    if (fd >= 0 && !held)
        good = close(fd) == 0 && good;
    good = good && rename(fresh, path) == 0;
    if (!good)
        unlink(fresh);
    if (!good && held && fd >= 0)
        close(fd);
    if (held)
        *held = good ? fd : -1;
    free(fresh);
    return good;
}

bool private_file_write(const char *path, struct str text)
{
    return write_new(path, text, NULL);
}

int private_file_hold(const char *path, struct str text)
{
    int fd;
    (void)write_new(path, text, &fd);
    return fd;
}

bool private_file_is_abandoned(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    bool abandoned = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0;
    if (fd >= 0)
        close(fd);
    return abandoned;
}

bool private_file_append(const char *path, struct str text)
{
    make_directories(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool good = fd >= 0 && is_own(fd, SIZE_MAX / 2, NULL) && write_whole(fd, text);
    if (fd >= 0)
        good = close(fd) == 0 && good;
    return good;
}

int private_file_remove_all(const char *prefix)
{
    char *directory = private_file_place("");
    DIR *list = directory ? opendir(directory) : NULL;
    int count = 0;
    for (struct dirent *entry; list && (entry = readdir(list));)
        if (str_starts(str_of(entry->d_name), str_of(prefix)) && unlinkat(dirfd(list), entry->d_name, 0) == 0)
            count++;
    if (list)
        closedir(list);
    free(directory);
    return count;
}
