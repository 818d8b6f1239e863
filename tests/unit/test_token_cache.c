/* The token cache: what is found again, by whom, and what becomes of it when something goes wrong (auth.md section 10). */
#include "auth/token_cache.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"

#define SCC "https://ps.compliance.protection.outlook.com"

enum { PATIENCE_MS = 30000 };
static char root[64];

static int set_up(void **state)
{
    (void)state;
    snprintf(root, sizeof root, "/tmp/purvey-cache-XXXXXX");
    return mkdtemp(root) ? 0 : -1;
}

/* What a failed test leaves in the keyring would count against the next one for days. */
static int tear_down(void **state)
{
    (void)state;
    char *state_directory = mem_format("%s/state", root), *command = mem_format("rm -rf '%s'", root);
    struct token_cache *cache = token_cache_open(TOKEN_CACHE_KEYRING, state_directory, NULL);
    bool clean = !cache || token_cache_forget(cache, "", "", NULL, NULL);
    token_cache_close(cache);
    FILE *shell = popen(command, "r");
    free(state_directory);
    free(command);
    return shell && pclose(shell) == 0 && clean ? 0 : -1;
}

static struct token_key key_for(const char *account, const char *resource)
{
    return (struct token_key){ "login.microsoftonline.com", "fb78d390", account, "organizations", resource, "" };
}

static struct token token_with(const char *access, const char *refresh, int64_t lifetime_s)
{
    struct token token = { .expires_unix = clock_unix() + lifetime_s, .expires_ms = clock_ms() + lifetime_s * 1000 };
    token.access = access ? secret_new(str_of(access)) : NULL;
    token.refresh = refresh ? secret_new(str_of(refresh)) : NULL;
    str_copy(token.upn, sizeof token.upn, "Anna@Contoso.com");
    str_copy(token.tenant_id, sizeof token.tenant_id, "36ee4c6c-0812-40a2-b820-b22ebd02bce3");
    return token;
}

/* The kernel's limit is the user's: other runs of this test, and keys that are gone but not yet cleared away, count too. */
static bool waits_for_room(const struct err *err, int64_t end_ms)
{
    bool full = strstr(err->text, "limit for the keys") || strstr(err->text, "quota") || strstr(err->text, "Required key");
    if (!full || clock_ms() >= end_ms) {
        print_message("# %s\n", err->text);
        return false;
    }
    usleep(20000);
    return true;
}

static bool try_store(struct token_cache *cache, const char *account, const char *resource, const char *access, const char *refresh)
{
    struct err err = { 0 };
    struct token_key key = key_for(account, resource);
    struct token token = token_with(access, refresh, 3600);
    int64_t end_ms = clock_ms() + PATIENCE_MS;
    bool good;
    while (!(good = token_cache_store(cache, &key, &token, &err)) && waits_for_room(&err, end_ms)) {
    }
    secret_free(token.access);
    secret_free(token.refresh);
    return good;
}

static void store(struct token_cache *cache, const char *account, const char *resource, const char *access, const char *refresh)
{
    assert_true(try_store(cache, account, resource, access, refresh));
}

static void expect(struct token_cache *cache, const char *account, const char *resource, const char *access, const char *refresh)
{
    struct token_key key = key_for(account, resource);
    struct token *token = token_cache_find(cache, &key);
    if (!access && !refresh) {
        assert_null(token);
        return;
    }
    assert_non_null(token);
    assert_string_equal(secret_str(token->access).data, access ? access : "");
    assert_string_equal(secret_str(token->refresh).data, refresh ? refresh : "");
    token_free(token);
}

static struct token_cache *open_place(enum token_cache_place place)
{
    struct err err = { 0 };
    char *directory = mem_format("%s/state", root);
    struct token_cache *cache;
    int64_t end_ms = clock_ms() + PATIENCE_MS;
    while (!(cache = token_cache_open(place, directory, &err)) && waits_for_room(&err, end_ms)) {
    }
    free(directory);
    return cache;
}

static void walk(enum token_cache_place place)
{
    struct err err;
    struct token_cache *cache = open_place(place);
    if (!cache && place == TOKEN_CACHE_KEYRING) {
        print_message("# skipped: this machine forbids the kernel keyring\n");
        skip();
    }
    assert_non_null(cache);
    assert_true(token_cache_forget(cache, "", "", NULL, &err));
    expect(cache, "anna@contoso.com", SCC, NULL, NULL);
    store(cache, "anna@contoso.com", SCC, "access-1", "refresh-1");
    store(cache, "ben@contoso.com", SCC, "access-b", "refresh-b");
    expect(cache, "ANNA@contoso.COM", SCC, "access-1", "refresh-1");
    /* One refresh token serves every resource; the access token is for one. */
    expect(cache, "anna@contoso.com", "https://dataservice.o365filtering.com", NULL, "refresh-1");
    store(cache, "anna@contoso.com", SCC, "access-2", "refresh-2");
    expect(cache, "anna@contoso.com", SCC, "access-2", "refresh-2");
    struct token_key key = key_for("anna@contoso.com", SCC);
    key.claims = "{\"access_token\":{}}";
    struct token *token = token_cache_find(cache, &key);
    assert_non_null(token);
    assert_null(token->access);     /* not the one that was asked for without these claims */
    token_free(token);
    key.claims = "";
    token_cache_drop_access(cache, &key);
    expect(cache, "anna@contoso.com", SCC, NULL, "refresh-2");
    struct token_account accounts[4];
    assert_int_equal(token_cache_accounts(cache, accounts, 4), 2);
    assert_true(token_cache_forget(cache, "login.microsoftonline.com", "anna@contoso.com", NULL, &err));
    expect(cache, "anna@contoso.com", SCC, NULL, NULL);
    expect(cache, "ben@contoso.com", SCC, "access-b", "refresh-b");
    if (place != TOKEN_CACHE_MEMORY) {
        token_cache_close(cache);
        cache = open_place(place);
        assert_non_null(cache);
        expect(cache, "ben@contoso.com", SCC, "access-b", "refresh-b");
        expect(cache, "", SCC, "access-b", "refresh-b");
    }
    assert_true(token_cache_forget(cache, "", "", NULL, &err));
    expect(cache, "ben@contoso.com", SCC, NULL, NULL);
    token_cache_close(cache);
}

static void memory_keeps(void **state)
{
    (void)state;
    walk(TOKEN_CACHE_MEMORY);
}

static void file_keeps(void **state)
{
    struct stat status;
    (void)state;
    walk(TOKEN_CACHE_FILE);
    struct token_cache *cache = open_place(TOKEN_CACHE_FILE);
    store(cache, "anna@contoso.com", SCC, "a", "r");
    token_cache_close(cache);
    char *path = mem_format("%s/state/tokens", root), *directory = mem_format("%s/state", root);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(stat(directory, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0700);
    free(path);
    free(directory);
}

static void keyring_keeps(void **state)
{
    (void)state;
    walk(TOKEN_CACHE_KEYRING);
}

static void what_ends_soon_is_not_found(void **state)
{
    struct err err;
    struct token_cache *cache = open_place(TOKEN_CACHE_FILE);
    struct token_key key = key_for("anna@contoso.com", SCC);
    struct token token = token_with("short", NULL, 200);
    (void)state;
    assert_true(token_cache_store(cache, &key, &token, &err));
    assert_null(token_cache_find(cache, &key));
    secret_free(token.access);
    token = token_with("given", NULL, 3600);
    token.given = true;
    assert_true(token_cache_store(cache, &key, &token, &err));
    assert_null(token_cache_find(cache, &key));
    secret_free(token.access);
    token_cache_close(cache);
}

/* Each child adds accounts of its own; in the end all of them are there, and the file was whole all the time. */
static void two_processes_lose_nothing(void **state)
{
    enum { CHILDREN = 4, EACH = 10 };
    pid_t children[CHILDREN];
    (void)state;
    for (int child = 0; child < CHILDREN; child++) {
        children[child] = fork();
        if (children[child] == 0) {
            struct token_cache *cache = open_place(TOKEN_CACHE_FILE);
            bool good = cache != NULL;
            for (int i = 0; good && i < EACH; i++) {
                char account[64];
                snprintf(account, sizeof account, "user-%d-%d@contoso.com", child, i);
                good = try_store(cache, account, SCC, "access", account);
            }
            token_cache_close(cache);
            _exit(good ? 0 : 1);
        }
    }
    for (int child = 0; child < CHILDREN; child++) {
        int status;
        assert_int_equal(waitpid(children[child], &status, 0), children[child]);
        assert_int_equal(status, 0);
    }
    struct token_cache *cache = open_place(TOKEN_CACHE_FILE);
    for (int child = 0; child < CHILDREN; child++) {
        for (int i = 0; i < EACH; i++) {
            char account[64];
            snprintf(account, sizeof account, "user-%d-%d@contoso.com", child, i);
            expect(cache, account, SCC, "access", account);
        }
    }
    token_cache_close(cache);
}

/* The holder's death frees the lock: a crashed run must not keep the next one out. */
static void a_lock_dies_with_its_holder(void **state)
{
    int ready[2], status;
    char byte = 'x';
    (void)state;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        struct token_cache *held = open_place(TOKEN_CACHE_FILE);
        bool locked = held && token_cache_try_lock(held);
        ssize_t told = write(ready[1], locked ? "y" : "n", 1);
        if (told == 1) {
            pause();
        }
        _exit(1);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(byte, 'y');
    struct token_cache *cache = open_place(TOKEN_CACHE_FILE);
    assert_false(token_cache_try_lock(cache));
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    assert_true(token_cache_try_lock(cache));
    token_cache_unlock(cache);
    token_cache_close(cache);
    close(ready[0]);
    close(ready[1]);
}

static void refuses(const char *words)
{
    struct err err = { 0 };
    char *directory = mem_format("%s/state", root);
    assert_null(token_cache_open(TOKEN_CACHE_FILE, directory, &err));
    assert_int_equal(err.kind, ERR_SYSTEM);
    if (!strstr(err.text, words)) {
        fail_msg("\"%s\" is not in: %s", words, err.text);
    }
    assert_string_not_equal(err.advice, "");
    struct token_cache *cache = token_cache_open(TOKEN_CACHE_AUTO, directory, &err);
    assert_non_null(cache);
    assert_int_not_equal(token_cache_place(cache), TOKEN_CACHE_FILE);
    token_cache_close(cache);
    free(directory);
}

static void unsafe_places_are_refused(void **state)
{
    char *directory = mem_format("%s/state", root), *elsewhere = mem_format("%s/elsewhere", root);
    char *file = mem_format("%s/tokens", directory);
    (void)state;
    assert_int_equal(mkdir(directory, 0700), 0);
    assert_int_equal(chmod(directory, 0755), 0);
    refuses("others");
    assert_int_equal(rmdir(directory), 0);
    assert_int_equal(mkdir(elsewhere, 0700), 0);
    assert_int_equal(symlink(elsewhere, directory), 0);
    refuses("not a directory");
    assert_int_equal(unlink(directory), 0);
    assert_int_equal(mkdir(directory, 0700), 0);
    fclose(fopen(file, "w"));
    assert_int_equal(chmod(file, 0644), 0);
    refuses("others");
    assert_int_equal(unlink(file), 0);
    assert_int_equal(symlink("/etc/passwd", file), 0);
    refuses("is a symbolic link; tokens are not kept behind one");
    if (geteuid() == 0) {
        assert_int_equal(unlink(file), 0);
        assert_int_equal(chown(directory, 12345, 12345), 0);
        refuses("another user");
    } else {
        print_message("# a directory of another user is only tried as root\n");
    }
    free(directory);
    free(elsewhere);
    free(file);
}

static void put_file(const char *text)
{
    char *path = mem_format("%s/state/tokens", root);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path, 0600), 0);
    free(path);
}

static void damage_is_put_aside(void **state)
{
    static const char *const damaged[] = { "{", "[]", "\"tokens\"", "{\"version\":1}", "{\"tokens\":3}", "\x01\x02" };
    (void)state;
    token_cache_close(open_place(TOKEN_CACHE_FILE));
    for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
        put_file(damaged[i]);
        struct token_cache *cache = open_place(TOKEN_CACHE_FILE);
        assert_non_null(strstr(token_cache_reason(cache), "tokens.damaged"));
        store(cache, "anna@contoso.com", SCC, "a", "r");
        expect(cache, "anna@contoso.com", SCC, "a", "r");
        token_cache_close(cache);
    }
    /* Half an entry is no entry, and no reason to lose the others. */
    put_file("{\"tokens\":[{},7,{\"kind\":\"refresh\"},{\"kind\":\"refresh\",\"token\":\"r\",\"account\":\"anna@contoso.com\","
             "\"environment\":\"login.microsoftonline.com\",\"client_id\":\"fb78d390\"}],\"later\":{\"x\":[1]}}");
    struct token_cache *cache = open_place(TOKEN_CACHE_FILE);
    expect(cache, "anna@contoso.com", SCC, NULL, "r");
    store(cache, "ben@contoso.com", SCC, "a", "r");
    token_cache_close(cache);
    char *command = mem_format("grep -c '\"later\":{\"x\":\\[1\\]}' '%s/state/tokens'", root), line[16] = "";
    FILE *grep = popen(command, "r");
    assert_non_null(fgets(line, sizeof line, grep));
    pclose(grep);
    assert_string_equal(line, "1\n");
    free(command);
}

/* A full disk: the old file stays whole, and the error is told. */
static void a_failed_write_loses_nothing(void **state)
{
    int status;
    (void)state;
    struct token_cache *cache = open_place(TOKEN_CACHE_FILE);
    store(cache, "anna@contoso.com", SCC, "a", "r");
    pid_t child = fork();
    if (child == 0) {
        struct rlimit limit = { 100, 100 };
        struct err err = { 0 };
        struct token_key key = key_for("ben@contoso.com", SCC);
        struct token token = token_with("access-b", "refresh-b", 3600);
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &limit);
        bool stored = token_cache_store(cache, &key, &token, &err);
        _exit(!stored && err.kind == ERR_SYSTEM ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    expect(cache, "anna@contoso.com", SCC, "a", "r");
    token_cache_close(cache);
    char *command = mem_format("ls '%s/state'", root), line[64];
    FILE *list = popen(command, "r");
    while (fgets(line, sizeof line, list)) {
        assert_null(strstr(line, ".new."));
    }
    pclose(list);
    free(command);
}

/* ---- what went wrong once ---- */

#define ENTRY(kind, account, resource, used, more)                                                                            \
    "{\"kind\":\"" kind "\",\"environment\":\"login.microsoftonline.com\",\"client_id\":\"fb78d390\",\"account\":\"" account "\","    \
    "\"tenant\":\"organizations\",\"resource\":\"" resource "\",\"used\":" used "," more "\"token\":\"" kind " of " account "\"}"
#define ENDS_LATE "\"expires_on\":4000000000,"

/* True when some file of the state directory holds the words. */
static bool lies_around(const char *words)
{
    char *command = mem_format("grep -rl -e '%s' '%s/state'", words, root), line[256];
    FILE *grep = popen(command, "r");
    bool found = fgets(line, sizeof line, grep) != NULL;
    pclose(grep);
    free(command);
    return found;
}

static void without_a_name_it_is_the_last_account(void **state)
{
    (void)state;
    token_cache_close(open_place(TOKEN_CACHE_FILE));
    put_file("{\"version\":1,\"tokens\":[" ENTRY("access", "anna", SCC, "1000", ENDS_LATE) "," ENTRY("refresh", "anna", "", "1000", "") ","
             ENTRY("access", "ben", "other", "2000", ENDS_LATE) "," ENTRY("refresh", "ben", "", "2000", "") "]}");
    struct token_cache *cache = open_place(TOKEN_CACHE_FILE);
    expect(cache, "", SCC, NULL, "refresh of ben");
    expect(cache, "", "other", "access of ben", "refresh of ben");
    expect(cache, "anna", SCC, "access of anna", "refresh of anna");
    expect(cache, "zoe", SCC, NULL, NULL);
    token_cache_close(cache);
}

static void a_token_of_nobody_takes_nobodys_place(void **state)
{
    struct err err;
    struct token_cache *cache = open_place(TOKEN_CACHE_MEMORY);
    struct token_key key = key_for("", SCC);
    struct token token = token_with("nobody's", "nobody's refresh", 3600);
    (void)state;
    store(cache, "anna@contoso.com", SCC, "anna's", "anna's refresh");
    *token.upn = '\0';
    assert_true(token_cache_store(cache, &key, &token, &err));
    expect(cache, "anna@contoso.com", SCC, "anna's", "anna's refresh");
    secret_free(token.access);
    secret_free(token.refresh);
    token_cache_close(cache);
}

static void a_later_version_finds_its_own_again(void **state)
{
    (void)state;
    token_cache_close(open_place(TOKEN_CACHE_FILE));
    put_file("{\"version\":7,\"tokens\":[" ENTRY("refresh", "anna", "", "1", "\"bound_to\":[\"tpm\"],") ",{\"kind\":\"sealed\",\"blob\":\"xyz\"}],"
             "\"hints\":{\"a\":1}}");
    struct token_cache *cache = open_place(TOKEN_CACHE_FILE);
    store(cache, "ben@contoso.com", SCC, "a", "r");
    assert_true(lies_around("\"version\":7"));
    assert_true(lies_around("\"bound_to\":\\[\"tpm\"\\]"));
    assert_true(lies_around("{\"kind\":\"sealed\",\"blob\":\"xyz\"}"));
    assert_true(lies_around("\"hints\":{\"a\":1}"));
    expect(cache, "anna", SCC, NULL, "refresh of anna");
    struct err err;
    assert_true(token_cache_forget(cache, "", "ben@contoso.com", NULL, &err));
    assert_false(lies_around("xyz"));       /* whose it was cannot be known */
    expect(cache, "anna", SCC, NULL, "refresh of anna");
    token_cache_close(cache);
}

static void impossible_times_do_no_harm(void **state)
{
    (void)state;
    token_cache_close(open_place(TOKEN_CACHE_FILE));
    put_file("{\"tokens\":[" ENTRY("access", "anna", SCC, "-9223372036854775807", "\"expires_on\":9223372036854775807,\"refresh_on\":-9223372036854775807,") ","
             ENTRY("access", "ben", SCC, "1", ENDS_LATE "\"refresh_on\":9223372036854775807,") "]}");
    struct token_cache *cache = open_place(TOKEN_CACHE_FILE);
    expect(cache, "anna", SCC, NULL, NULL);
    expect(cache, "ben", SCC, "access of ben", NULL);
    token_cache_close(cache);
}

static void write_state(const char *name, const char *text)
{
    char *path = mem_format("%s/state/%s", root, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    free(path);
}

static void nothing_is_left_lying_around(void **state)
{
    struct err err;
    struct token_cache *cache = open_place(TOKEN_CACHE_FILE);
    (void)state;
    write_state("tokens.new.999999", "half of a TOKEN");
    write_state("tokens.damaged", "an old TOKEN");
    store(cache, "anna@contoso.com", SCC, "a TOKEN", "r");
    assert_false(lies_around("half of a TOKEN"));
    assert_true(lies_around("an old TOKEN"));
    assert_true(token_cache_forget(cache, "", "anna@contoso.com", NULL, &err));
    assert_false(lies_around("TOKEN"));
    token_cache_close(cache);
}

/* Between opening and writing somebody else spoils the file. */
static void later_damage_is_put_aside_too(void **state)
{
    struct token_cache *cache = open_place(TOKEN_CACHE_FILE);
    (void)state;
    put_file("{\"tokens\":[{\"kind\":\"refresh\",\"token\":\"half");
    store(cache, "anna@contoso.com", SCC, "a", "r");
    expect(cache, "anna@contoso.com", SCC, "a", "r");
    assert_true(lies_around("half"));
    assert_non_null(strstr(token_cache_reason(cache), "tokens.damaged"));
    token_cache_close(cache);
}

static void a_huge_file_is_refused(void **state)
{
    char *path = mem_format("%s/state/tokens", root);
    (void)state;
    token_cache_close(open_place(TOKEN_CACHE_FILE));
    put_file("");
    assert_int_equal(truncate(path, (off_t)TOKEN_CACHE_MAX + 1), 0);
    refuses("too large");
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(chmod(path, 0640), 0);
    refuses(path);      /* the whole path, for the chmod that is advised */
    free(path);
}

/* A path that is not absolute would be another place in each working directory. */
static void a_relative_state_directory_is_ignored(void **state)
{
    struct err err = { 0 };
    char *old_state = mem_text(getenv("XDG_STATE_HOME")), *old_home = mem_text(getenv("HOME"));
    (void)state;
    setenv("XDG_STATE_HOME", "relative", 1);
    setenv("HOME", root, 1);
    struct token_cache *cache = token_cache_open(TOKEN_CACHE_FILE, NULL, &err);
    assert_non_null(cache);
    assert_non_null(strstr(token_cache_reason(cache), "/.local/state/purvey/tokens"));
    token_cache_close(cache);
    setenv("HOME", old_home ? old_home : "/", 1);
    if (old_state) {
        setenv("XDG_STATE_HOME", old_state, 1);
    } else {
        unsetenv("XDG_STATE_HOME");
    }
    free(old_state);
    free(old_home);
}

static void does_not_write_over_another_writer(void **state)
{
    struct err err = { 0 };
    struct token_cache *cache = open_place(TOKEN_CACHE_FILE);
    char *path = mem_format("%s/state/tokens.lock", root);
    struct token_key key = key_for("anna@contoso.com", SCC);
    struct token token = token_with("a", "r", 3600);
    (void)state;
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    assert_false(token_cache_store(cache, &key, &token, &err));
    assert_non_null(strstr(err.text, "Another purvey"));
    close(fd);
    assert_true(token_cache_store(cache, &key, &token, &err));
    secret_free(token.access);
    secret_free(token.refresh);
    free(path);
    token_cache_close(cache);
}

static bool has_keyring(void)
{
    struct token_cache *cache = open_place(TOKEN_CACHE_KEYRING);
    token_cache_close(cache);
    return cache != NULL;
}

/* How many keys the kernel shows for the state directory. */
static size_t count_keys(void)
{
    char *command = mem_format("grep -c 'purvey:tokens:%s/state:' /proc/keys", root), line[32] = "";
    FILE *grep = popen(command, "r");
    char *read = fgets(line, sizeof line, grep);
    int64_t count = 0;
    assert_non_null(read);
    assert_true(str_to_int64(str_trim(str_of(line)), 0, 1000, &count));
    pclose(grep);
    free(command);
    return (size_t)count;
}

/* The kernel clears away what was unlinked or replaced in its own time. */
static void expect_keys(size_t count)
{
    for (int64_t end = clock_ms() + 30000; count_keys() != count && clock_ms() < end;) {
        usleep(10000);
    }
    assert_int_equal(count_keys(), count);
}

/* Each open probes the keyring. A probe that others could remove sent some of them to the other keyring, and tokens with
   them: then two keys of one name would be there. */
static void all_processes_take_the_same_keyring(void **state)
{
    enum { CHILDREN = 4, EACH = 100 };
    struct err err;
    int status;
    (void)state;
    if (!has_keyring()) {
        skip();
    }
    for (int child = 0; child < CHILDREN; child++) {
        if (fork() == 0) {
            char account[64];
            snprintf(account, sizeof account, "user-%d@contoso.com", child);
            bool good = true;
            for (int i = 0; good && i < EACH; i++) {
                struct token_cache *cache = open_place(TOKEN_CACHE_KEYRING);
                good = cache && try_store(cache, account, SCC, "access", account);
                token_cache_close(cache);
            }
            _exit(good ? 0 : 1);
        }
    }
    for (int child = 0; child < CHILDREN; child++) {
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    expect_keys(1);
    struct token_cache *cache = open_place(TOKEN_CACHE_KEYRING);
    assert_true(token_cache_forget(cache, "", "", NULL, &err));
    expect_keys(0);     /* and nothing stays behind in the kernel */
    token_cache_close(cache);
}

static void signing_out_reaches_the_file(void **state)
{
    struct err err;
    (void)state;
    if (!has_keyring()) {
        skip();
    }
    struct token_cache *cache = open_place(TOKEN_CACHE_FILE);
    store(cache, "anna@contoso.com", SCC, "a TOKEN", "r TOKEN");
    token_cache_close(cache);
    cache = open_place(TOKEN_CACHE_AUTO);
    assert_int_equal(token_cache_place(cache), TOKEN_CACHE_KEYRING);
    store(cache, "ANNA@contoso.com", SCC, "another TOKEN", "r");
    store(cache, "ben@contoso.com", SCC, "b", "r");
    struct token_cache_forgotten gone;
    assert_true(token_cache_forget(cache, "", "anna@contoso.com", &gone, &err));
    assert_false(lies_around("TOKEN"));
    assert_int_equal(gone.accounts, 1);     /* in two places, and one person all the same */
    assert_string_equal(gone.places, "in the kernel keyring and in a file");
    assert_true(token_cache_forget(cache, "", "", &gone, &err));
    assert_int_equal(gone.accounts, 1);
    assert_string_equal(gone.places, "in the kernel keyring");
    assert_true(token_cache_forget(cache, "", "", &gone, &err));
    assert_int_equal(gone.accounts, 0);
    assert_string_equal(gone.places, "");
    token_cache_close(cache);
}

enum { ACCOUNTS = 6, NO_SUCH_USER = 100 };

/* Six sign-ins of usual size in the 20,000 bytes of an ordinary user: none may be lost. Root has another limit. */
static int fill_the_keyring(void)
{
    char access[5001], refresh[2001], account[64];
    struct err err = { 0 };
    int good = 0;
    memset(access, 'a', sizeof access - 1);
    memset(refresh, 'r', sizeof refresh - 1);
    access[sizeof access - 1] = refresh[sizeof refresh - 1] = '\0';
    /* A number of our own each time: what a failed run leaves in somebody's keyring counts against the next one. */
    uid_t ordinary = 1000000 + (uid_t)getpid();
    if (setgid(ordinary) != 0 || setuid(ordinary) != 0) {
        return NO_SUCH_USER;
    }
    snprintf(root, sizeof root, "/tmp/purvey-cache-XXXXXX");
    struct token_cache *cache = mkdtemp(root) ? open_place(TOKEN_CACHE_KEYRING) : NULL;
    for (int i = 0; cache && i < ACCOUNTS; i++) {
        snprintf(account, sizeof account, "user-%d@contoso.com", i);
        store(cache, account, SCC, access, refresh);
    }
    for (int i = 0; cache && i < ACCOUNTS; i++) {
        snprintf(account, sizeof account, "user-%d@contoso.com", i);
        struct token_key key = key_for(account, SCC);
        struct token *token = token_cache_find(cache, &key);
        good += token && token->refresh;
        token_free(token);
    }
    good = cache && token_cache_forget(cache, "", "", NULL, &err) ? good : -1;
    token_cache_close(cache);
    tear_down(NULL);
    return good;
}

static void a_full_keyring_loses_no_sign_in(void **state)
{
    int status;
    (void)state;
    if (geteuid() != 0 || !has_keyring()) {
        print_message("# skipped: only root can become a user with an empty keyring\n");
        skip();
    }
    pid_t child = fork();
    if (child == 0) {
        _exit(fill_the_keyring());
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == NO_SUCH_USER) {
        print_message("# skipped: root cannot become another user here\n");
        skip();
    }
    assert_int_equal(WEXITSTATUS(status), ACCOUNTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(memory_keeps, set_up, tear_down),
        cmocka_unit_test_setup_teardown(file_keeps, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keyring_keeps, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_ends_soon_is_not_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(two_processes_lose_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_lock_dies_with_its_holder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unsafe_places_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(damage_is_put_aside, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_failed_write_loses_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_a_name_it_is_the_last_account, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_token_of_nobody_takes_nobodys_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_later_version_finds_its_own_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(impossible_times_do_no_harm, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_left_lying_around, set_up, tear_down),
        cmocka_unit_test_setup_teardown(later_damage_is_put_aside_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_huge_file_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_relative_state_directory_is_ignored, set_up, tear_down),
        cmocka_unit_test_setup_teardown(does_not_write_over_another_writer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(all_processes_take_the_same_keyring, set_up, tear_down),
        cmocka_unit_test_setup_teardown(signing_out_reaches_the_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_keyring_loses_no_sign_in, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
