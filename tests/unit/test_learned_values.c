/* Values out of refusals: the wordings, what they change in the catalogue, the file that keeps them. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "catalogue/learned_values.h"
#include "tests/unit/catalogue_fixture.h"

/* The names with commas between; "" = no list was found. */
static void expect_names(const char *text, const char *names, bool whole)
{
    struct learned_text learned;
    struct buf found = BUF_INIT(BUF_SMALL);
    if (learned_text_read(str_of(text), &learned))
        for (size_t i = 0; i < learned.count; i++)
            buf_format(&found, "%s%.*s", i ? "," : "", STR_ARG(learned.names[i]));
    assert_string_equal(buf_cstr(&found), names);
    if (*names)
        assert_int_equal(learned.whole, whole);
    buf_free(&found);
}

static void test_wordings(void **state)
{
    (void)state;
    expect_names("Cannot process argument transformation on parameter 'Mode'. Cannot convert value \"Foo\" to type "
                 "\"Microsoft.Office.CompliancePolicy.PolicyConfiguration.Mode\". Error: \"Unable to match the identifier name "
                 "Foo to a valid enumerator name. Specify one of the following enumerator names and try again:\n"
                 "Enable, TestWithNotifications, TestWithoutNotifications, Disable\"",
                 "Enable,TestWithNotifications,TestWithoutNotifications,Disable", true);
    expect_names("Cannot convert value \"x\" to type \"Kind\" due to enumeration values that are not valid. Specify one of the "
                 "following enumeration values and try again. The possible enumeration values are \"One, Two\".",
                 "One,Two", true);
    expect_names("The argument \"x\" does not belong to the set \"Red,Green,Blue\" specified by the ValidateSet attribute. "
                 "Supply an argument that is in the set and then try the command again.", "Red,Green,Blue", true);
    expect_names("Parameter 'Mode' does not take the value \"On\". Valid names are: Enable, Disable.", "Enable,Disable", true);
    expect_names("The value isn't valid. Valid values are: Low, Medium and High.", "Low,Medium,High", true);
    expect_names("Allowed values: Only.", "Only", true);
    /* The same layer in German: no phrase is known, the shape at the end is. */
    expect_names("Der Bezeichner \"Foo\" kann keinem g\xc3\xbcltigen Enumerator zugeordnet werden. Geben Sie einen der folgenden "
                 "Enumeratornamen an:\nEnable, TestWithNotifications, Disable", "Enable,TestWithNotifications,Disable", true);
    /* A few of many. */
    expect_names("The identifier name En cannot be processed because it is too similar to the following enumerator names: "
                 "Enable, Encrypt. Use a more specific identifier name.", "Enable,Encrypt", false);
}

static void test_prose_is_no_list(void **state)
{
    (void)state;
    expect_names("The object 'a, b' couldn't be found on 'NAMPR01A.PROD.OUTLOOK.COM'.", "", true);
    expect_names("", "", true);
    expect_names("One of the policies, rules and labels could not be read", "", true);
    expect_names("You can't use Name, Mode, and Kind together here, because they exclude each other.", "", true);
    expect_names("The value is not valid.", "", true);
}

/* err.text is cut: the last name may be half of one. */
static void test_cut_text(void **state)
{
    (void)state;
    struct err err;
    struct buf names = BUF_INIT(4096);
    for (int i = 0; i < 100; i++)
        buf_format(&names, "%sLongishName%d", i ? ", " : "", 100 + i);
    err_set(&err, ERR_INPUT, "Valid names are: %s.", buf_cstr(&names));
    struct learned_text learned;
    assert_true(learned_text_read(str_of(err.text), &learned));
    assert_false(learned.whole);
    assert_true(learned.count > 40 && learned.count < 60);
    for (size_t i = 0; i < learned.count; i++)
        assert_int_equal(learned.names[i].len, strlen("LongishName100"));
    buf_free(&names);
}

static const char module[] =
    HEAD("Set-Thing", "") "    ${Mode},\n\n    ${ContentType},\n\n    [int]\n    ${Count},\n\n"
    "    [ValidateSet('Red','Green')]\n    [string]\n    ${Colour}" TAIL
    HEAD("New-Label", "") "    ${ContentType},\n\n    ${TeamsProtectionEnabled}" TAIL;

static struct catalogue *parse_module(void)
{
    struct err err = { 0 };
    struct catalogue *catalogue = module_file_parse(STR(module), STR(""), &err);
    assert_non_null(catalogue);
    return catalogue;
}

static const struct parameter *parameter_of(const struct catalogue *catalogue, const char *cmdlet, const char *name)
{
    struct err err = { 0 };
    const struct parameter *parameter = cmdlet_parameter(catalogue_find(catalogue, str_of(cmdlet)), str_of(name), &err);
    assert_non_null(parameter);
    return parameter;
}

static void expect_values(const struct parameter *parameter, const char *values)
{
    struct buf all = BUF_INIT(BUF_SMALL);
    for (size_t i = 0; i < parameter->value_count; i++)
        buf_format(&all, "%s%s", i ? "," : "", parameter->values[i]);
    assert_string_equal(buf_cstr(&all), values);
    buf_free(&all);
}

#define REFUSAL(names) STR("Parameter 'Mode' does not take the value \"On\". Valid names are: " names ".")

static void test_teaches_the_catalogue(void **state)
{
    (void)state;
    struct catalogue *catalogue = parse_module();
    const struct parameter *mode = parameter_of(catalogue, "Set-Thing", "Mode");
    assert_int_equal(mode->value_count, 0);
    /* By the text's own word for the parameter. */
    assert_true(known_values_learn(catalogue, STR("set-thing"), STR(""), REFUSAL("Enable, Disable")));
    expect_values(mode, "Enable,Disable");
    assert_int_equal(mode->values_from, VALUES_LEARNED);
    /* What the service takes since then must stay possible. */
    assert_false(mode->values_closed);
    assert_false(known_values_learn(catalogue, STR("Set-Thing"), STR("Mode"), REFUSAL("Enable, Disable")));
    assert_true(known_values_learn(catalogue, STR("Set-Thing"), STR("Mode"), REFUSAL("Enable, Audit, Disable")));
    expect_values(mode, "Enable,Audit,Disable");
    assert_true(known_values_learn(catalogue, STR("Set-Thing"), STR("Mode"),
                                   STR("It is too similar to the following enumerator names: Enable, Encrypt.")));
    expect_values(mode, "Enable,Audit,Disable,Encrypt");
    /* A number stays one, the module's own list stays, and an unknown cmdlet is no reason to fail. */
    assert_false(known_values_learn(catalogue, STR("Set-Thing"), STR("Count"), REFUSAL("Enable, Disable")));
    assert_false(known_values_learn(catalogue, STR("Set-Thing"), STR("Colour"), REFUSAL("Enable, Disable")));
    expect_values(parameter_of(catalogue, "Set-Thing", "Colour"), "Red,Green");
    assert_false(known_values_learn(catalogue, STR("Get-Nothing"), STR("Mode"), REFUSAL("Enable, Disable")));
    assert_false(known_values_learn(catalogue, STR("Set-Thing"), STR("Mode"), STR("The object wasn't found.")));
    catalogue_free(catalogue);
    catalogue = fixture_catalogue();
    assert_false(known_values_learn(catalogue, STR("Set-Thing"), STR(""), REFUSAL("Enable, Disable")));
    catalogue_free(catalogue);
}

static void test_words_with_a_dollar_stay(void **state)
{
    (void)state;
    struct catalogue *catalogue = parse_module();
    const struct parameter *truth = parameter_of(catalogue, "New-Label", "TeamsProtectionEnabled");
    expect_values(truth, "$true,$false");
    assert_true(known_values_learn(catalogue, STR("New-Label"), STR("TeamsProtectionEnabled"), REFUSAL("On, Off")));
    expect_values(truth, "On,Off,$true,$false");
    catalogue_free(catalogue);
}

/* ---- the file ---- */

static char *make_directory(void)
{
    char *path = mem_text("/tmp/purvey-learned-XXXXXX");
    assert_non_null(mkdtemp(path));
    setenv("XDG_STATE_HOME", path, 1);
    return path;
}

static void remove_directory(char *path, const char *file)
{
    char *inner = mem_format("%s/purvey", path);
    unlink(file);
    assert_int_equal(rmdir(inner), 0);      /* nothing else was left behind */
    assert_int_equal(rmdir(path), 0);
    free(inner);
    free(path);
}

static void write_file(const char *path, const char *text, mode_t mode)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    chmod(path, mode);
}

static void test_place(void **state)
{
    (void)state;
    setenv("XDG_STATE_HOME", "/state", 1);
    char *place = learned_values_place("0f1e-2d3c");
    assert_string_equal(place, "/state/purvey/learned-0f1e-2d3c");
    free(place);
    assert_null(learned_values_place(""));
    assert_null(learned_values_place("../../etc/passwd"));
    setenv("XDG_STATE_HOME", "relative", 1);
    setenv("HOME", "/home/one", 1);
    place = learned_values_place("contoso.com");
    assert_string_equal(place, "/home/one/.local/state/purvey/learned-contoso.com");
    free(place);
}

static void test_kept_for_the_next_connection(void **state)
{
    (void)state;
    char *directory = make_directory(), *path = learned_values_place("tenant");
    struct catalogue *first = parse_module(), *second = parse_module(), *third = parse_module();
    struct stat status;
    learned_values_use(first, path);
    assert_int_not_equal(stat(path, &status), 0);       /* made with the first lesson only */
    assert_true(known_values_learn(first, STR("Set-Thing"), STR("Mode"), REFUSAL("Enable, Disable")));
    assert_true(known_values_learn(first, STR("New-Label"), STR("ContentType"), REFUSAL("File, Site")));
    assert_true(known_values_learn(first, STR("Set-Thing"), STR("Mode"), REFUSAL("Audit, Off")));
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    learned_values_use(second, path);
    expect_values(parameter_of(second, "Set-Thing", "Mode"), "Audit,Off");
    expect_values(parameter_of(second, "New-Label", "ContentType"), "File,Site");
    learned_values_use(third, NULL);
    expect_values(parameter_of(third, "Set-Thing", "Mode"), "");
    catalogue_free(first);
    catalogue_free(second);
    catalogue_free(third);
    remove_directory(directory, path);
    free(path);
}

static void test_damaged_files_are_passed_over(void **state)
{
    (void)state;
    char *directory = make_directory(), *inner = mem_format("%s/purvey", directory), *path = learned_values_place("tenant");
    const char *good = "{\"cmdlet\":\"Set-Thing\",\"parameter\":\"Mode\",\"values\":[\"A\",\"B\",\"no\\u001bname\"],\"whole\":true}\n";
    mkdir(inner, 0700);
    struct catalogue *catalogue = parse_module();
    write_file(path, "{\"cmdlet\":\"Set-Thing\",\"parameter\":\"Mode\",\"values\":\"x\"}\n[1,2]\n\nnothing\n{\"cmdlet\":3}\n", 0600);
    learned_values_use(catalogue, path);
    expect_values(parameter_of(catalogue, "Set-Thing", "Mode"), "");
    /* One that others may write is somebody else's word. */
    write_file(path, good, 0666);
    learned_values_use(catalogue, path);
    expect_values(parameter_of(catalogue, "Set-Thing", "Mode"), "");
    write_file(path, good, 0600);
    learned_values_use(catalogue, path);
    expect_values(parameter_of(catalogue, "Set-Thing", "Mode"), "A,B");
    catalogue_free(catalogue);
    remove_directory(directory, path);
    free(inner);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wordings),
        cmocka_unit_test(test_prose_is_no_list),
        cmocka_unit_test(test_cut_text),
        cmocka_unit_test(test_teaches_the_catalogue),
        cmocka_unit_test(test_words_with_a_dollar_stay),
        cmocka_unit_test(test_place),
        cmocka_unit_test(test_kept_for_the_next_connection),
        cmocka_unit_test(test_damaged_files_are_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
