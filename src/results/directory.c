#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "base/guid.h"
#include "base/mem.h"
#include "results/store.h"

/* Below this, the run-time directory (often a small file system in memory) is passed over for TMPDIR. */
#define ROOM_WANTED ((uint64_t)1 << 30)

#define LOCK_TRIES 500
#define LOCK_PAUSE_MS 10

static const char lock_name[] = "lock";

/* A million rows take about half a gigabyte. */
static bool has_room(const char *directory)
{
    struct statvfs room;
    return statvfs(directory, &room) == 0 && (uint64_t)room.f_bavail * room.f_frsize >= ROOM_WANTED;
}

static char *base_path(void)
{
    /* The run-time directory goes with the login session, also when this process could not clean up. */
    const char *runtime = getenv("XDG_RUNTIME_DIR"), *temporary = getenv("TMPDIR");
    if (runtime && *runtime == '/' && has_room(runtime))
        return mem_format("%s/purvey", runtime);
    /* The user's number in the name: /tmp is shared, and a second user must not meet the first one's directory. */
    return mem_format("%s/purvey-%u", temporary && *temporary == '/' ? temporary : "/tmp", (unsigned)geteuid());
}

static bool refuse(const char *path, const char *why, struct err *err)
{
    err_set(err, ERR_SYSTEM, "The directory for results, %s, %s.", path, why);
    err_advise(err, "Remove it, or set TMPDIR to a directory of your own.");
    return false;
}

/* Opens the directory shared by all our processes. -1 on error. Everything behind goes by this descriptor or is checked
   again: in /tmp, somebody else may have put a link or a directory in our place. */
static int open_base(const char *path, struct err *err)
{
    struct stat status;
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        err_errno(err, "The directory for results cannot be made: %s", path);
        err_advise(err, "Set TMPDIR to a directory in which you may write.");
        return -1;
    }
    /* Opened without following links: a link planted by another user must not lead our files elsewhere. */
    int base = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (base < 0) {
        refuse(path, "is not a plain directory (a link or a file stands in its place)", err);
        return -1;
    }
    if (fstat(base, &status) != 0 || status.st_uid != geteuid()) {
        refuse(path, "belongs to another user", err);
        close(base);
        return -1;
    }
    if ((status.st_mode & 077) != 0 && fchmod(base, 0700) != 0) {
        refuse(path, "is open to other users and cannot be closed to them", err);
        close(base);
        return -1;
    }
    return base;
}

/* One process at a time makes its directory or clears leftovers: a fresh one without its lock looks like a leftover. */
static bool lock_base(int base, const char *path, struct err *err)
{
    const struct timespec pause = { .tv_nsec = LOCK_PAUSE_MS * 1000000L };
    for (int i = 0; i < LOCK_TRIES; i++) {
        /* Tried in steps and not waited for: a stopped process may hold the lock for ever. */
        if (flock(base, LOCK_EX | LOCK_NB) == 0)
            return true;
        if (errno != EWOULDBLOCK && errno != EINTR)
            break;
        nanosleep(&pause, NULL);
    }
    return refuse(path, "stays locked by another process", err);
}

/* Our names are a process number, a hyphen and eight hexadecimal digits. */
static bool is_ours(const char *name)
{
    size_t digits = strspn(name, "0123456789");
    return digits > 0 && name[digits] == '-' && strspn(name + digits + 1, "0123456789abcdef") == 8 &&
           name[digits + 9] == '\0';
}

/* One level is enough: we make no directories in there. */
static void remove_files(int directory)
{
    /* On a copy: closedir closes the descriptor that it was given. */
    DIR *entries = fdopendir(dup(directory));
    const struct dirent *entry;
    while (entries && (entry = readdir(entries)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(directory, entry->d_name, 0);
    if (entries)
        closedir(entries);
}

/* Removes a process's directory unless that process still holds its lock. */
static void remove_leftover(int base, const char *name)
{
    struct stat status;
    int directory = openat(base, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (directory < 0)
        return;
    int lock = openat(directory, lock_name, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    /* A lock that cannot be opened for another reason may be alive; then it is left alone. */
    bool dead = lock < 0 ? errno == ENOENT : flock(lock, LOCK_EX | LOCK_NB) == 0;
    if (dead && fstat(directory, &status) == 0 && status.st_uid == geteuid()) {
        remove_files(directory);
        unlinkat(base, name, AT_REMOVEDIR);
    }
    if (lock >= 0)
        close(lock);
    close(directory);
}

static void remove_leftovers(int base)
{
    DIR *entries = fdopendir(dup(base));
    const struct dirent *entry;
    while (entries && (entry = readdir(entries)))
        if (is_ours(entry->d_name))
            remove_leftover(base, entry->d_name);
    if (entries)
        closedir(entries);
}

static char *make_own(int base, const char *path, struct err *err)
{
    /* The number of the process alone may come back after a restart; the random part makes the name new. */
    struct guid guid = guid_new();
    char *name = mem_format("%ld-%.8s", (long)getpid(), guid.text);
    char *lock = mem_format("%s/%s", name, lock_name), *own = NULL;
    /* The lock stays open, and so held, until the process ends, however it ends. */
    int file = -1, flags = O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW | O_CLOEXEC;
    if (mkdirat(base, name, 0700) == 0)
        file = openat(base, lock, flags, 0600);
    if (file >= 0 && flock(file, LOCK_EX | LOCK_NB) == 0)
        own = mem_format("%s/%s", path, name);
    else
        err_errno(err, "A directory for results cannot be made in %s", path);
    free(lock);
    free(name);
    return own;
}

char *store_directory(struct err *err)
{
    char *path = base_path(), *own = NULL;
    int base = open_base(path, err);
    if (base >= 0 && lock_base(base, path, err)) {
        remove_leftovers(base);
        own = make_own(base, path, err);
    }
    if (base >= 0)
        close(base);
    free(path);
    return own;
}

void store_directory_remove(const char *path)
{
    int directory = path ? open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
    if (directory < 0)
        return;
    remove_files(directory);
    close(directory);
    rmdir(path);
}
