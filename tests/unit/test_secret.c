/* Secrets: their bytes, and what the kernel says about the memory they are in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/secret.h"
#include "base/secret_environment.h"

static void bytes_are_copied_and_terminated(void **state)
{
    (void)state;
    char source[] = "pass\0word";
    struct secret *secret = secret_new((struct str){ source, sizeof source - 1 });
    secret_wipe(source, sizeof source);
    struct str view = secret_str(secret);
    assert_int_equal(view.len, 9);
    assert_memory_equal(view.data, "pass\0word", 10);
    secret_free(secret);
}

static void a_copy_outlives_its_original(void **state)
{
    (void)state;
    struct secret *secret = secret_new(STR("token")), *copy = secret_copy(secret);
    assert_ptr_not_equal(secret_str(secret).data, secret_str(copy).data);
    secret_free(secret);
    assert_true(str_is(secret_str(copy), "token"));
    secret_free(copy);
}

static void nothing_is_a_secret_too(void **state)
{
    (void)state;
    assert_null(secret_copy(NULL));
    secret_free(NULL);
    assert_int_equal(secret_str(NULL).len, 0);
    struct secret *empty = secret_new((struct str){ NULL, 0 });
    assert_int_equal(secret_str(empty).len, 0);
    assert_string_equal(secret_str(empty).data, "");
    secret_free(empty);
}

/* Sizes around the page, where the header and the NUL push the end over. */
static void any_size_is_kept(void **state)
{
    (void)state;
    static const size_t sizes[] = { 1, 4078, 4079, 4080, 4081, 4095, 4096, 4097, 100000 };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char *bytes = malloc(sizes[i]);
        assert_non_null(bytes);
        memset(bytes, 'k', sizes[i]);
        struct secret *secret = secret_new((struct str){ bytes, sizes[i] });
        assert_int_equal(secret_str(secret).len, sizes[i]);
        assert_memory_equal(secret_str(secret).data, bytes, sizes[i]);
        assert_int_equal(secret_str(secret).data[sizes[i]], '\0');
        secret_free(secret);
        free(bytes);
    }
}

static void wiping_leaves_zeros_and_no_more(void **state)
{
    (void)state;
    char bytes[6] = "abcde";
    secret_wipe(bytes + 1, 3);
    assert_memory_equal(bytes, "a\0\0\0e", 6);
    secret_wipe(bytes, 0);
    assert_int_equal(bytes[0], 'a');
    secret_wipe(NULL, 0);
}

/* The VmFlags of the mapping that holds `address`; "" when the kernel does not tell. */
static void find_flags(const void *address, char *flags, size_t size)
{
    FILE *maps = fopen("/proc/self/smaps", "r");
    char line[512];
    bool inside = false;
    flags[0] = '\0';
    while (maps && fgets(line, sizeof line, maps)) {
        char *end;
        unsigned long long first = strtoull(line, &end, 16);
        if (end > line && *end == '-') {
            inside = (uintptr_t)address >= first && (uintptr_t)address < strtoull(end + 1, NULL, 16);
        } else if (inside && strncmp(line, "VmFlags:", 8) == 0) {
            str_copy(flags, size, line + 8);
        }
    }
    if (maps) {
        fclose(maps);
    }
}

static void the_kernel_neither_dumps_nor_forks_it(void **state)
{
    (void)state;
    char flags[512];
    struct secret *secret = secret_new(STR("token"));
    find_flags(secret_str(secret).data, flags, sizeof flags);
    secret_free(secret);
    if (!flags[0]) {
        skip();
    }
    assert_non_null(strstr(flags, " dd"));
    assert_non_null(strstr(flags, " wf"));
#ifndef __SANITIZE_ADDRESS__    /* the sanitizer replaces mlock by nothing */
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_MEMLOCK, &limit), 0);
    if (limit.rlim_cur >= 65536) {
        assert_non_null(strstr(flags, " lo"));
    }
#endif
}

static int exit_code_of(bool (*body)(void *context), void *context)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        _exit(body(context) ? 0 : 1);
    }
    assert_true(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status));
    return WEXITSTATUS(status);
}

static bool sees_zeros(void *context)
{
    const char *bytes = context;
    return bytes[0] == 0 && bytes[1] == 0 && bytes[4] == 0;
}

static void a_child_sees_zeros(void **state)
{
    (void)state;
    struct secret *secret = secret_new(STR("token"));
    union { const char *constant; void *plain; } bytes = { .constant = secret_str(secret).data };
    assert_int_equal(exit_code_of(sees_zeros, bytes.plain), 0);
    assert_true(str_is(secret_str(secret), "token"));
    secret_free(secret);
}

static bool works_unlocked(void *context)
{
    const struct rlimit none = { 0, 0 };
    (void)context;
    setrlimit(RLIMIT_MEMLOCK, &none);
    struct secret *secret = secret_new(STR("token"));
    bool good = str_is(secret_str(secret), "token");
    secret_free(secret);
    return good;
}

static void no_right_to_lock_is_no_reason_to_fail(void **state)
{
    (void)state;
    assert_int_equal(exit_code_of(works_unlocked, NULL), 0);
}

static bool leaves_no_core(void *context)
{
    struct rlimit limit = { 1, 1 };
    (void)context;
    secret_harden_process();
    return getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0 && limit.rlim_max == 0;
}

static void a_hardened_process_leaves_no_core(void **state)
{
    (void)state;
    assert_int_equal(exit_code_of(leaves_no_core, NULL), 0);
}

static void a_variable_is_taken_out_of_the_environment(void **state)
{
    (void)state;
    setenv("PURVEY_TEST_SECRET", "first", 1);
    const char *stood = getenv("PURVEY_TEST_SECRET");
    secret_environment_take("PURVEY_TEST_NOT_SET");
    secret_environment_take("PURVEY_TEST");
    assert_ptr_equal(getenv("PURVEY_TEST_SECRET"), stood);
    secret_environment_take("PURVEY_TEST_SECRET");
    assert_memory_equal(stood, "\0\0\0\0\0", 6);
    const char *taken = getenv("PURVEY_TEST_SECRET");
    assert_string_equal(taken, "first");
    secret_environment_take("PURVEY_TEST_SECRET");
    assert_ptr_equal(getenv("PURVEY_TEST_SECRET"), taken);
    setenv("PURVEY_TEST_SECRET", "second", 1);
    assert_string_equal(getenv("PURVEY_TEST_SECRET"), "second");
}

static void a_child_is_given_what_was_not_taken(void **state)
{
    (void)state;
    setenv("PURVEY_TEST_SECRET", "hush", 1);
    setenv("PURVEY_TEST_PUBLIC", "known", 1);
    secret_environment_take("PURVEY_TEST_SECRET");
    char **variables = secret_environment_for_child();
    bool secret = false, public = false;
    for (char **variable = variables; *variable; variable++) {
        secret = secret || strstr(*variable, "hush") || strstr(*variable, "PURVEY_TEST_SECRET");
        public = public || strcmp(*variable, "PURVEY_TEST_PUBLIC=known") == 0;
    }
    free(variables);
    assert_false(secret);
    assert_true(public);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_copied_and_terminated),
        cmocka_unit_test(a_copy_outlives_its_original),
        cmocka_unit_test(nothing_is_a_secret_too),
        cmocka_unit_test(any_size_is_kept),
        cmocka_unit_test(wiping_leaves_zeros_and_no_more),
        cmocka_unit_test(the_kernel_neither_dumps_nor_forks_it),
        cmocka_unit_test(a_child_sees_zeros),
        cmocka_unit_test(no_right_to_lock_is_no_reason_to_fail),
        cmocka_unit_test(a_hardened_process_leaves_no_core),
        cmocka_unit_test(a_variable_is_taken_out_of_the_environment),
        cmocka_unit_test(a_child_is_given_what_was_not_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
