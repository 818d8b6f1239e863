/* The token cache: what is found again, by whom, and what becomes of it when something goes wrong (auth.md section 10). */
#include "auth/token_cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"

#define SCC "https://ps.compliance.protection.outlook.com"

static char root[64];

static int set_up(void **state)
{
    (void)state;
    snprintf(root, sizeof root, "/tmp/purvey-cache-XXXXXX");
    return mkdtemp(root) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    char *command = mem_format("rm -rf '%s'", root);
    FILE *shell = popen(command, "r");
    free(command);
    return shell ? pclose(shell) : -1;
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

static void store(struct token_cache *cache, const char *account, const char *resource, const char *access, const char *refresh)
{
    struct err err;
    struct token_key key = key_for(account, resource);
    struct token token = token_with(access, refresh, 3600);
    assert_true(token_cache_store(cache, &key, &token, &err));
    secret_free(token.access);
    secret_free(token.refresh);
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
    struct token_cache *cache = token_cache_open(place, directory, &err);
    if (!cache) {
        print_message("# %s\n", err.text);
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
    assert_true(token_cache_forget(cache, "", "", &err));
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
    assert_true(token_cache_forget(cache, "login.microsoftonline.com", "anna@contoso.com", &err));
    expect(cache, "anna@contoso.com", SCC, NULL, NULL);
    expect(cache, "ben@contoso.com", SCC, "access-b", "refresh-b");
    if (place != TOKEN_CACHE_MEMORY) {
        token_cache_close(cache);
        cache = open_place(place);
        assert_non_null(cache);
        expect(cache, "ben@contoso.com", SCC, "access-b", "refresh-b");
        expect(cache, "", SCC, "access-b", "refresh-b");
    }
    assert_true(token_cache_forget(cache, "", "", &err));
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
            for (int i = 0; cache && i < EACH; i++) {
                char account[64];
                snprintf(account, sizeof account, "user-%d-%d@contoso.com", child, i);
                store(cache, account, SCC, "access", account);
            }
            token_cache_close(cache);
            _exit(cache ? 0 : 1);
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
    refuses("cannot read");
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
