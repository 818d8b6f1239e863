#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "results/rowset.h"

struct fixture {
    char *root, *directory;
    struct store *store;
    struct rowset *rowset;
    struct object object;
};

static int set_up(void **state)
{
    struct err err;
    char root[] = "/tmp/purvey-test-XXXXXX";
    struct fixture *fixture = MEM_NEW(struct fixture);
    fixture->root = mem_text(mkdtemp(root));
    setenv("TMPDIR", fixture->root, 1);
    unsetenv("XDG_RUNTIME_DIR");
    fixture->directory = store_directory(&err);
    fixture->store = store_create(fixture->directory, 7, &err);
    fixture->rowset = rowset_open(store_path(fixture->store), &err);
    object_init(&fixture->object);
    *state = fixture;
    return fixture->rowset ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    rowset_close(fixture->rowset);
    store_close(fixture->store);
    store_directory_remove(fixture->directory);
    char *base = mem_format("%s/purvey-%u", fixture->root, (unsigned)geteuid());
    rmdir(base);
    /* Fails, and the test with it, when anything was left behind. */
    int left = rmdir(fixture->root);
    free(base);
    free(fixture->root);
    free(fixture->directory);
    object_free(&fixture->object);
    free(fixture);
    return left;
}

static void put(struct fixture *fixture, const char *name, enum value_kind kind, const char *text)
{
    object_add(&fixture->object, (struct property){ .name = str_of(name), .kind = kind, .text = str_of(text) });
}

static void add(struct fixture *fixture)
{
    struct err err;
    assert_true(store_add(fixture->store, &fixture->object, &err));
    object_clear(&fixture->object);
}

static void commit(struct fixture *fixture)
{
    struct err err;
    assert_true(store_commit(fixture->store, &err));
    assert_true(rowset_refresh(fixture->rowset, &err));
}

static void assert_text(struct str text, const char *expected)
{
    assert_int_equal(text.len, strlen(expected));
    assert_memory_equal(text.data, expected, text.len);
}

static void assert_property(const struct object *object, size_t index, const char *name, enum value_kind kind,
                            const char *text)
{
    assert_true(index < object->count);
    assert_text(object->properties[index].name, name);
    assert_int_equal(object->properties[index].kind, kind);
    assert_text(object->properties[index].text, text);
}

static void load_object(struct fixture *fixture, int64_t row, struct object *object)
{
    struct err err;
    assert_true(rowset_load(fixture->rowset, row, 1, &err));
    assert_int_equal(rowset_loaded(fixture->rowset), 1);
    rowset_object(fixture->rowset, 0, object);
}

static void every_kind_comes_back_exactly(void **state)
{
    struct fixture *fixture = *state;
    struct object back;
    put(fixture, "Big", VALUE_NUMBER, "9007199254740993");
    put(fixture, "Long", VALUE_NUMBER, "123456789012345678901234567890.10");
    put(fixture, "Yes", VALUE_TRUE, "");
    put(fixture, "No", VALUE_FALSE, "");
    put(fixture, "Nil", VALUE_NULL, "");
    put(fixture, "Empty", VALUE_STRING, "");
    put(fixture, "Name", VALUE_STRING, "\xd0\x96\xe6\xbc\xa2\x1b[31m\n\"");
    put(fixture, "Tree", VALUE_NESTED, "{\"a\":[1,2]}");
    add(fixture);
    commit(fixture);
    object_init(&back);
    load_object(fixture, 0, &back);
    assert_int_equal(back.count, 8);
    assert_property(&back, 0, "Big", VALUE_NUMBER, "9007199254740993");
    assert_property(&back, 1, "Long", VALUE_NUMBER, "123456789012345678901234567890.10");
    assert_property(&back, 2, "Yes", VALUE_TRUE, "");
    assert_property(&back, 3, "No", VALUE_FALSE, "");
    assert_property(&back, 4, "Nil", VALUE_NULL, "");
    assert_property(&back, 5, "Empty", VALUE_STRING, "");
    assert_property(&back, 6, "Name", VALUE_STRING, "\xd0\x96\xe6\xbc\xa2\x1b[31m\n\"");
    assert_property(&back, 7, "Tree", VALUE_NESTED, "{\"a\":[1,2]}");
    object_free(&back);
}

static void each_object_keeps_its_order_and_shape(void **state)
{
    struct fixture *fixture = *state;
    struct object back;
    struct property value;
    put(fixture, "A", VALUE_STRING, "1");
    put(fixture, "B", VALUE_STRING, "2");
    add(fixture);
    put(fixture, "B", VALUE_STRING, "3");
    put(fixture, "C", VALUE_STRING, "4");
    put(fixture, "A", VALUE_STRING, "5");
    add(fixture);
    add(fixture);               /* an object without properties */
    commit(fixture);
    assert_int_equal(rowset_columns(fixture->rowset), 3);
    assert_string_equal(rowset_column(fixture->rowset, 2)->name, "C");
    object_init(&back);
    load_object(fixture, 1, &back);
    assert_property(&back, 0, "B", VALUE_STRING, "3");
    assert_property(&back, 1, "C", VALUE_STRING, "4");
    assert_property(&back, 2, "A", VALUE_STRING, "5");
    assert_true(rowset_value(fixture->rowset, 0, 0, &value));
    assert_text(value.text, "5");
    load_object(fixture, 0, &back);
    assert_false(rowset_value(fixture->rowset, 0, 2, &value));
    load_object(fixture, 2, &back);
    assert_int_equal(back.count, 0);
    object_free(&back);
}

static void columns_know_kind_width_and_type(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, "Count", VALUE_NULL, "");
    put(fixture, "Name", VALUE_STRING, "\xe6\xbc\xa2\xe5\xad\x97");
    put(fixture, "List", VALUE_NESTED, "[1,2,3,4,5,6]");
    put(fixture, "Flag", VALUE_FALSE, "");
    add(fixture);
    object_add(&fixture->object, (struct property){ .name = STR("Count"), .type = STR("System.Int64"),
                                                    .kind = VALUE_NUMBER, .text = STR("12345") });
    add(fixture);
    commit(fixture);
    const struct column *count = rowset_column(fixture->rowset, 0), *name = rowset_column(fixture->rowset, 1);
    const struct column *list = rowset_column(fixture->rowset, 2), *flag = rowset_column(fixture->rowset, 3);
    assert_int_equal(count->kind, VALUE_NUMBER);
    assert_string_equal(count->type, "System.Int64");
    assert_int_equal(count->width, 5);
    assert_int_equal(name->width, 4);
    assert_int_equal(list->kind, VALUE_NESTED);
    assert_int_equal(list->width, 16);
    assert_int_equal(flag->kind, VALUE_TRUE);
    assert_int_equal(flag->width, 5);
}

static void a_huge_value_survives(void **state)
{
    struct fixture *fixture = *state;
    struct object back;
    size_t length = 300000;
    char *text = mem_new(length + 1);
    memset(text, 'x', length);
    put(fixture, "Huge", VALUE_STRING, text);
    put(fixture, "After", VALUE_STRING, "end");
    add(fixture);
    commit(fixture);
    object_init(&back);
    load_object(fixture, 0, &back);
    assert_property(&back, 0, "Huge", VALUE_STRING, text);
    assert_property(&back, 1, "After", VALUE_STRING, "end");
    assert_int_equal(rowset_column(fixture->rowset, 0)->width, 200);
    object_free(&back);
    free(text);
}

static void nothing_is_lost_past_the_most_columns(void **state)
{
    struct fixture *fixture = *state;
    struct object back;
    static char names[1500][16];
    for (int i = 0; i < 1500; i++) {
        snprintf(names[i], sizeof names[i], "P%04d", i);
        put(fixture, names[i], VALUE_NUMBER, names[i] + 2);
        fixture->object.properties[i].text = str_of(i % 1000 < 10 ? "7" : "9007199254740993");
    }
    add(fixture);
    put(fixture, "P0001", VALUE_STRING, "known");
    put(fixture, "P1499", VALUE_STRING, "beyond");
    put(fixture, "P0000", VALUE_STRING, "too");
    add(fixture);
    add(fixture);
    put(fixture, "(more)", VALUE_STRING, "a name of our own");
    add(fixture);
    commit(fixture);
    assert_int_equal(rowset_columns(fixture->rowset), STORE_MAX_COLUMNS);
    object_init(&back);
    load_object(fixture, 0, &back);
    assert_int_equal(back.count, STORE_MAX_COLUMNS);
    assert_property(&back, 1022, "P1022", VALUE_NUMBER, "9007199254740993");
    const struct property *more = &back.properties[1023];
    assert_int_equal(more->kind, VALUE_NESTED);
    assert_true(str_contains_nocase(more->text, STR("\"P1023\":9007199254740993")));
    assert_true(str_contains_nocase(more->text, STR("\"P1499\":9007199254740993")));
    load_object(fixture, 1, &back);
    assert_property(&back, 0, "P0001", VALUE_STRING, "known");
    assert_property(&back, 1, "P0000", VALUE_STRING, "too");
    assert_property(&back, 2, "(more)", VALUE_NESTED, "{\"P1499\":\"beyond\"}");
    load_object(fixture, 3, &back);
    assert_property(&back, 0, "(more)", VALUE_NESTED, "{\"(more)\":\"a name of our own\"}");
    object_free(&back);
}

static void endless_shapes_stay_readable(void **state)
{
    struct fixture *fixture = *state;
    struct object back;
    char name[2][16];
    /* More ordered pairs of 100 names than shapes are numbered. */
    for (int i = 0; i < 9000; i++) {
        snprintf(name[0], sizeof name[0], "N%d", i / 95);
        snprintf(name[1], sizeof name[1], "N%d", i % 95);
        put(fixture, name[0], VALUE_STRING, "first");
        put(fixture, name[1], VALUE_STRING, "second");
        add(fixture);
    }
    commit(fixture);
    object_init(&back);
    load_object(fixture, 8997, &back);
    assert_property(&back, 0, "N94", VALUE_STRING, "first");
    assert_property(&back, 1, "N67", VALUE_STRING, "second");
    object_free(&back);
    assert_int_equal(rowset_total(fixture->rowset), 9000);
}

static void readers_see_only_what_was_committed(void **state)
{
    struct fixture *fixture = *state;
    struct err err;
    put(fixture, "A", VALUE_STRING, "1");
    add(fixture);
    assert_true(rowset_refresh(fixture->rowset, &err));
    assert_int_equal(rowset_total(fixture->rowset), 0);
    assert_int_equal(rowset_columns(fixture->rowset), 0);
    commit(fixture);
    assert_int_equal(rowset_total(fixture->rowset), 1);
    assert_int_equal(rowset_columns(fixture->rowset), 1);
}

static off_t size_of(const char *path, const char *suffix)
{
    struct stat status;
    char *file = mem_format("%s%s", path, suffix);
    int found = stat(file, &status);
    free(file);
    return found == 0 ? status.st_size : 0;
}

static void the_log_stays_small_beside_an_open_reader(void **state)
{
    struct fixture *fixture = *state;
    struct err err;
    static char text[1001];
    memset(text, 'x', 1000);
    for (int i = 0; i < 60000; i++) {
        put(fixture, "A", VALUE_STRING, text);
        add(fixture);
        if (i % 100 == 99) {
            commit(fixture);
            assert_true(rowset_load(fixture->rowset, i - 50, 40, &err));
        }
    }
    assert_true(size_of(store_path(fixture->store), "") > 50000000);
    assert_true(size_of(store_path(fixture->store), "-wal") < 40000000);
}

static void files_are_private_and_go_away(void **state)
{
    struct fixture *fixture = *state;
    struct stat status;
    static const char *const suffixes[] = { "", "-wal", "-shm" };
    char *path = mem_text(store_path(fixture->store));
    for (size_t i = 0; i < 3; i++) {
        char *file = mem_format("%s%s", path, suffixes[i]);
        assert_int_equal(stat(file, &status), 0);
        assert_int_equal(status.st_mode & 0777, 0600);
        free(file);
    }
    assert_int_equal(stat(fixture->directory, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    store_close(fixture->store);
    fixture->store = NULL;
    for (size_t i = 0; i < 3; i++) {
        char *file = mem_format("%s%s", path, suffixes[i]);
        assert_int_equal(stat(file, &status), -1);
        free(file);
    }
    free(path);
}

static void a_full_disk_is_said_in_words(void **state)
{
    struct fixture *fixture = *state;
    struct err err = { .kind = ERR_NONE };
    struct rlimit before, small;
    static char text[4001];
    bool good = true;
    memset(text, 'x', 4000);
    /* A limit on the size of files stands for the disk: writing past it fails as on a full one. */
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 8 * 1024 * 1024;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    for (int i = 0; i < 20000 && good; i++) {
        put(fixture, "A", VALUE_STRING, text);
        good = store_add(fixture->store, &fixture->object, &err);
        object_clear(&fixture->object);
    }
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_false(good);
    assert_int_equal(err.kind, ERR_STORE);
    assert_true(err.text[0] && err.advice[0]);
    assert_true(rowset_refresh(fixture->rowset, &err));
    assert_int_equal(rowset_total(fixture->rowset), 0);
}

static void an_existing_file_is_not_taken_over(void **state)
{
    struct fixture *fixture = *state;
    struct err err;
    assert_null(store_create(fixture->directory, 7, &err));
    assert_int_equal(err.kind, ERR_SYSTEM);
    assert_null(store_create("/nonexistent/here", 1, &err));
    assert_non_null(strstr(err.text, "/nonexistent/here"));
}

static void leftovers_of_dead_processes_are_removed(void **state)
{
    struct fixture *fixture = *state;
    struct err err;
    int ends[2], status;
    char path[512] = "";
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        char *own = store_directory(NULL);
        char *file = mem_format("%s/job-1.rows", own);
        int opened = open(file, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
        ssize_t written = write(ends[1], own, strlen(own));
        _exit(opened >= 0 && written > 0 ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_true(read(ends[0], path, sizeof path - 1) > 0);
    close(ends[0]);
    close(ends[1]);
    assert_int_equal(access(path, F_OK), 0);
    char *second = store_directory(&err);
    assert_non_null(second);
    assert_int_equal(access(path, F_OK), -1);
    /* Ours is alive and stays. */
    assert_int_equal(access(store_path(fixture->store), F_OK), 0);
    store_directory_remove(second);
    assert_int_equal(access(second, F_OK), -1);
    free(second);
}

static void a_link_in_place_of_the_directory_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct err err;
    char *elsewhere = mem_format("%s/elsewhere", fixture->root);
    char *temporary = mem_format("%s/t", fixture->root);
    char *link = mem_format("%s/purvey-%u", temporary, (unsigned)geteuid());
    assert_int_equal(mkdir(elsewhere, 0700), 0);
    assert_int_equal(mkdir(temporary, 0700), 0);
    assert_int_equal(symlink(elsewhere, link), 0);
    setenv("TMPDIR", temporary, 1);
    assert_null(store_directory(&err));
    assert_int_equal(err.kind, ERR_SYSTEM);
    assert_non_null(strstr(err.text, link));
    assert_true(err.advice[0]);
    unlink(link);
    /* Someone else's, where this can be tried. */
    if (geteuid() == 0) {
        assert_int_equal(mkdir(link, 0700), 0);
        assert_int_equal(chown(link, 12345, 12345), 0);
        assert_null(store_directory(&err));
        assert_non_null(strstr(err.text, "another user"));
        rmdir(link);
    }
    rmdir(temporary);
    rmdir(elsewhere);
    free(link);
    free(temporary);
    free(elsewhere);
}

static void a_directory_open_to_others_is_closed(void **state)
{
    struct fixture *fixture = *state;
    struct err err;
    struct stat status;
    char *base = mem_format("%s/purvey-%u", fixture->root, (unsigned)geteuid());
    assert_int_equal(chmod(base, 0777), 0);
    char *own = store_directory(&err);
    assert_non_null(own);
    assert_int_equal(stat(base, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    store_directory_remove(own);
    free(own);
    free(base);
}

static void a_missing_temporary_directory_is_an_error(void **state)
{
    struct err err;
    (void)state;
    setenv("TMPDIR", "/nonexistent", 1);
    assert_null(store_directory(&err));
    assert_int_equal(err.kind, ERR_SYSTEM);
    assert_non_null(strstr(err.text, "/nonexistent"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(every_kind_comes_back_exactly),
        TEST(each_object_keeps_its_order_and_shape),
        TEST(columns_know_kind_width_and_type),
        TEST(a_huge_value_survives),
        TEST(nothing_is_lost_past_the_most_columns),
        TEST(endless_shapes_stay_readable),
        TEST(readers_see_only_what_was_committed),
        TEST(the_log_stays_small_beside_an_open_reader),
        TEST(files_are_private_and_go_away),
        TEST(a_full_disk_is_said_in_words),
        TEST(an_existing_file_is_not_taken_over),
        TEST(leftovers_of_dead_processes_are_removed),
        TEST(a_link_in_place_of_the_directory_is_refused),
        TEST(a_directory_open_to_others_is_closed),
        TEST(a_missing_temporary_directory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
