/* The cache as a file: 0600 in a 0700 directory, replaced as a whole, never written in place (auth.md section 10). */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auth/token_cache_internal.h"
#include "base/mem.h"

#define FILE_NAME "tokens"
#define NEW_NAME FILE_NAME ".new."           /* and the number of the process that writes it */
#define DAMAGED_NAME FILE_NAME ".damaged"

struct cache_file_own { char *directory; int directory_fd; };

/* ---- whose is it ---- */

/* A file that others may read has perhaps been read, and one of somebody else's may be a trap: neither is used, and neither
   is quietly put right. */
static bool check_private(const struct stat *status, const char *path, mode_t forbidden, struct err *err)
{
    if (status->st_uid != geteuid()) {
        err_set(err, ERR_SYSTEM, "%s belongs to another user; no tokens are kept there.", path);
        err_advise(err, "Remove it, or choose --token-cache memory.");
        return false;
    }
    if (status->st_mode & forbidden) {
        err_set(err, ERR_SYSTEM, "%s may be read or changed by others; no tokens are kept there.", path);
        err_advise(err, "chmod go= %s, after you are sure that nobody has read it.", path);
        return false;
    }
    return true;
}

/* For an open that follows no link: whoever can place one could have the tokens written, or read, elsewhere. */
static void fail_open(const char *what, const char *path, struct err *err)
{
    if (errno != ELOOP) {
        err_errno(err, "cannot %s %s", what, path);
        return;
    }
    err_set(err, ERR_SYSTEM, "%s is a symbolic link; tokens are not kept behind one.", path);
    err_advise(err, "Remove the link (rm %s), and the next sign-in makes a file there; to keep it elsewhere, set XDG_STATE_HOME.", path);
}

static bool make_directories(const char *path)
{
    char *copy = mem_text(path);
    for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(copy, 0700);      /* one that is there is fine, and one that cannot be made is told by the last one */
        *slash = '/';
    }
    free(copy);
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

char *cache_directory(const char *directory, struct err *err)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    struct stat status;
    /* A relative path would mean another place in every working directory; the XDG rules say to ignore it. */
    state = state && *state == '/' ? state : NULL;
    if (!directory && !state && !(home && *home)) {
        err_set(err, ERR_SYSTEM, "Neither HOME nor XDG_STATE_HOME is set, so there is no place for a file of tokens.");
        err_advise(err, "Set XDG_STATE_HOME to a directory of your own, or give --token-cache memory.");
        return NULL;
    }
    char *path = directory ? mem_text(directory) : state ? mem_format("%s/purvey", state) : mem_format("%s/.local/state/purvey", home);
    if (!make_directories(path) || lstat(path, &status) != 0) {
        err_errno(err, "cannot make the directory %s", path);
        err_advise(err, "Set XDG_STATE_HOME to a directory of your own, or give --token-cache memory.");
        free(path);
        return NULL;
    }
    if (!S_ISDIR(status.st_mode)) {
        err_set(err, ERR_SYSTEM, "%s is not a directory (or a link to one); no tokens are kept there.", path);
        err_advise(err, "Move it away, or set XDG_STATE_HOME to a directory of your own.");
        free(path);
        return NULL;
    }
    if (!check_private(&status, path, S_IRWXG | S_IRWXO, err)) {
        free(path);
        return NULL;
    }
    return path;
}

int cache_lock_file(const char *directory, const char *name, struct err *err)
{
    char *path = mem_format("%s/%s", directory, name);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        fail_open("open the lock", path, err);
    }
    free(path);
    return fd;
}

/* ---- reading and writing ---- */

static bool read_whole(int fd, size_t size, struct secret **text)
{
    char *bytes = mem_new(size + 1);
    size_t have = 0;
    ssize_t got = 1;
    while (have < size && got != 0) {
        got = read(fd, bytes + have, size - have);
        if (got < 0 && errno != EINTR) {
            break;
        }
        have += got > 0 ? (size_t)got : 0;
    }
    *text = got < 0 ? NULL : secret_new((struct str){ bytes, have });
    secret_wipe(bytes, size + 1);
    free(bytes);
    return *text != NULL;
}

/* The words of an error need the whole path: somebody is going to type it. */
static bool check_file(const struct stat *status, const char *path, struct err *err)
{
    if (!S_ISREG(status->st_mode) || (size_t)status->st_size > TOKEN_CACHE_MAX) {
        err_set(err, ERR_SYSTEM, "%s is not a file of tokens%s.", path, S_ISREG(status->st_mode) ? ": it is too large" : "");
        err_advise(err, "Move it away; the next sign-in makes a new one.");
        return false;
    }
    return check_private(status, path, S_IRWXG | S_IRWXO, err);
}

static bool file_load(void *own, struct secret **text, struct err *err)
{
    struct cache_file_own *file = own;
    struct stat status;
    int fd = openat(file->directory_fd, FILE_NAME, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    *text = NULL;
    if (fd < 0 && errno == ENOENT) {
        *text = secret_new(STR(""));
        return true;
    }
    char *path = mem_format("%s/" FILE_NAME, file->directory);
    if (fd < 0) {
        fail_open("read", path, err);
    } else if (fstat(fd, &status) != 0) {
        err_errno(err, "cannot read %s", path);
    } else if (check_file(&status, path, err) && !read_whole(fd, (size_t)status.st_size, text)) {
        err_errno(err, "cannot read %s", path);
    }
    if (fd >= 0) {
        close(fd);
    }
    free(path);
    return *text != NULL;
}

static bool write_whole(int fd, struct str text)
{
    while (text.len) {
        ssize_t sent = write(fd, text.data, text.len);
        if (sent < 0 && errno != EINTR) {
            return false;
        }
        text = str_from(text, sent > 0 ? (size_t)sent : 0);
    }
    return fsync(fd) == 0;
}

/* Tokens in half-written files of processes that were killed: they go as soon as somebody else writes. The lock is held, so
   none of them is being written now. */
static void remove_leftovers(const struct cache_file_own *file)
{
    int fd = openat(file->directory_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = fd >= 0 ? fdopendir(fd) : NULL;
    if (!list) {
        if (fd >= 0) {
            close(fd);
        }
        return;
    }
    for (const struct dirent *entry; (entry = readdir(list));) {
        if (str_starts(str_of(entry->d_name), STR(NEW_NAME))) {
            unlinkat(file->directory_fd, entry->d_name, 0);
        }
    }
    closedir(list);
}

static bool replace(const struct cache_file_own *file, const char *name, struct str text)
{
    int fd = openat(file->directory_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool good = fd >= 0 && write_whole(fd, text);
    if (fd >= 0) {
        good = close(fd) == 0 && good;
    }
    return good && renameat(file->directory_fd, name, file->directory_fd, FILE_NAME) == 0;
}

/* The old file stays whole until the new one is on the disk: a full disk or a crash loses no sign-in. */
static bool file_save(void *own, struct str text, bool *full, struct err *err)
{
    struct cache_file_own *file = own;
    char name[64];
    *full = false;
    remove_leftovers(file);
    snprintf(name, sizeof name, NEW_NAME "%ld", (long)getpid());
    bool good = text.len ? replace(file, name, text) : unlinkat(file->directory_fd, FILE_NAME, 0) == 0 || errno == ENOENT;
    if (!good) {
        err_errno(err, "cannot write the tokens to %s", file->directory);
        unlinkat(file->directory_fd, name, 0);
        return false;
    }
    fsync(file->directory_fd);      /* the name too; where directories cannot be synced nothing more can be done */
    return true;
}

static void file_put_aside(void *own)
{
    struct cache_file_own *file = own;
    renameat(file->directory_fd, FILE_NAME, file->directory_fd, DAMAGED_NAME);
}

static void file_clean(void *own)
{
    struct cache_file_own *file = own;
    remove_leftovers(file);
    unlinkat(file->directory_fd, DAMAGED_NAME, 0);
}

static void file_close(void *own)
{
    struct cache_file_own *file = own;
    close(file->directory_fd);
    free(file->directory);
    free(file);
}

const struct cache_place cache_file = {
    .name = "file", .load = file_load, .save = file_save, .put_aside = file_put_aside, .clean = file_clean, .close = file_close,
};

void *cache_file_open(const char *directory, struct err *err)
{
    struct stat status;
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 || fstat(fd, &status) != 0) {
        err_errno(err, "cannot open the directory %s", directory);
    /* Once more on what is really open: between the look and the opening somebody could have exchanged it. */
    } else if (check_private(&status, directory, S_IRWXG | S_IRWXO, err)) {
        struct cache_file_own *file = MEM_NEW(struct cache_file_own);
        file->directory = mem_text(directory);
        file->directory_fd = fd;
        return file;
    }
    if (fd >= 0) {
        close(fd);
    }
    return NULL;
}
