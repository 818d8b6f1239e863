/* Key notation, what keys mean, and the bytes of terminals. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ui/key_input.h"

static struct key one_key(const char *notation)
{
    struct str rest = str_of(notation);
    struct key key = { 0 };
    assert_true(key_parse(&rest, &key));
    assert_int_equal(rest.len, 0);
    return key;
}

static void notation_is_read(void **state)
{
    (void)state;
    static const struct { const char *notation; struct key key; } rows[] = {
        { "a", { KEY_CODE_CHARACTER, 'a', false, false, false } },
        { "<Enter>", { KEY_CODE_ENTER, 0, false, false, false } },
        { "<C-r>", { KEY_CODE_CHARACTER, 'r', true, false, false } },
        { "<S-Tab>", { KEY_CODE_TAB, 0, false, false, true } },
        { "<C-M-Left>", { KEY_CODE_LEFT, 0, true, true, false } },
        { "<F12>", { KEY_CODE_FUNCTION, 12, false, false, false } },
        { "<lt>", { KEY_CODE_CHARACTER, '<', false, false, false } },
        { "<", { KEY_CODE_CHARACTER, '<', false, false, false } },
        { "é", { KEY_CODE_CHARACTER, 0xE9, false, false, false } },
        { "<M-é>", { KEY_CODE_CHARACTER, 0xE9, false, true, false } },
        { "日", { KEY_CODE_CHARACTER, 0x65E5, false, false, false } },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_true(key_equal(one_key(rows[i].notation), rows[i].key));
    struct str rest = STR("<nothing>");
    struct key key;
    assert_true(key_parse(&rest, &key));
    assert_int_equal(key.character, '<');
    assert_int_equal(rest.len, 8);
}

/* Every key in the table of actions can be read, and no two actions that are always there share one. */
static void the_table_of_actions_is_sound(void **state)
{
    (void)state;
    for (enum action action = 1; action < ACTION_COUNT; action++) {
        for (int typing = 0; typing < 2; typing++) {
            struct offer offer = { .typing = typing };
            struct str keys = str_of(typing ? action_row(action)->typing_keys : action_row(action)->keys), one;
            while (keys.len > 0) {
                str_cut(&keys, ' ', &one);
                struct key key;
                assert_true(key_parse(&one, &key));
                assert_int_equal(one.len, 0);
                if (action_row(action)->group == ACTION_GROUP_SCREEN)
                    offer_add(&offer, action, NULL);
                assert_int_equal(keymap_action(key, &offer), action);
            }
        }
        assert_true(action_row(action)->label[0] && action_row(action)->help[0]);
    }
}

static void offered_actions_come_first(void **state)
{
    (void)state;
    struct offer offer = { 0 };
    assert_int_equal(keymap_action(one_key("<Space>"), &offer), ACTION_TOGGLE);
    assert_int_equal(keymap_action(one_key("s"), &offer), ACTION_NONE);
    offer_add(&offer, ACTION_MARK, NULL);
    offer_add(&offer, ACTION_SORT, NULL);
    assert_int_equal(keymap_action(one_key("<Space>"), &offer), ACTION_MARK);
    assert_int_equal(keymap_action(one_key("s"), &offer), ACTION_SORT);
    offer.typing = true;
    assert_int_equal(keymap_action(one_key("s"), &offer), ACTION_NONE);
    assert_int_equal(keymap_action(one_key("<Space>"), &offer), ACTION_NONE);
    assert_int_equal(keymap_action(one_key("<C-w>"), &offer), ACTION_ERASE_WORD);
}

static void labels_are_short(void **state)
{
    (void)state;
    static const struct { const char *key, *label, *ascii; } rows[] = {
        { "<F5>", "F5", "F5" }, { "<C-r>", "^R", "^R" }, { "<M-c>", "Alt-c", "Alt-c" }, { "<Up>", "↑", "Up" },
        { "<S-Tab>", "Shift-Tab", "Shift-Tab" }, { "/", "/", "/" }, { "<Space>", "Space", "Space" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf out = BUF_INIT(BUF_SMALL);
        key_label(one_key(rows[i].key), false, &out);
        assert_string_equal(buf_cstr(&out), rows[i].label);
        buf_clear(&out);
        key_label(one_key(rows[i].key), true, &out);
        assert_string_equal(buf_cstr(&out), rows[i].ascii);
        buf_free(&out);
    }
}

static void assert_bytes(const char *bytes, const char *expected)
{
    struct key_input input;
    key_input_init(&input);
    key_input_add(&input, str_of(bytes));
    struct str rest = str_of(expected);
    struct key found, wanted;
    while (key_parse(&rest, &wanted)) {
        assert_int_equal(key_input_take(&input, true, &found), KEY_NEWS_KEY);
        assert_true(key_equal(found, wanted));
    }
    assert_int_equal(key_input_take(&input, true, &found), KEY_NEWS_NONE);
    assert_int_equal(input.bytes.len, 0);
    key_input_free(&input);
}

static void terminals_are_understood(void **state)
{
    (void)state;
    static const struct { const char *bytes, *keys; } rows[] = {
        { "a\r\t\177\010", "a<Enter><Tab><Backspace><C-h>" },
        { "\033[A\033OB\033[1;5C\033[D", "<Up><Down><C-Right><Left>" },
        { "\033[H\033[4~\033[1~\033[8~\033OH", "<Home><End><Home><End><Home>" },
        { "\033[5~\033[6~\033[3~\033[2~", "<PageUp><PageDown><Delete><Insert>" },
        { "\033OP\033[15~\033[24~\033[[A\033[[E", "<F1><F5><F12><F1><F5>" },
        { "\033[Z\033[1;2Q", "<S-Tab><S-F2>" },
        { "\033c\033\177\033\xC3\xA9", "<M-c><M-Backspace><M-é>" },
        { "\033", "<Esc>" },
        { "\033\033[A", "<Esc><Up>" },
        { "\003\032\033[99;5u", "<C-c><C-z><C-c>" },
        { "\xE6\x97\xA5x", "日x" },
        { "\xFFx", "x" },
        { "\033[3^\033Oa", "<C-Delete>" },
        { "\033[<0;1;1Mx", "x" },
        { "\033[999;999;999zx", "x" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_bytes(rows[i].bytes, rows[i].keys);
}

static void a_sequence_may_come_in_pieces(void **state)
{
    (void)state;
    struct key_input input;
    struct key key;
    key_input_init(&input);
    key_input_add(&input, STR("\033"));
    assert_int_equal(key_input_take(&input, false, &key), KEY_NEWS_NONE);
    assert_true(key_input_waiting(&input));
    key_input_add(&input, STR("[1;"));
    assert_int_equal(key_input_take(&input, false, &key), KEY_NEWS_NONE);
    key_input_add(&input, STR("5A"));
    assert_int_equal(key_input_take(&input, false, &key), KEY_NEWS_KEY);
    assert_true(key_equal(key, one_key("<C-Up>")));
    assert_false(key_input_waiting(&input));
    key_input_free(&input);
}

static void pastes_are_collected_to_their_end(void **state)
{
    (void)state;
    static const char bytes[] = "\033[200~one\r\ntwo\rthree\033[A\033[201~x";
    /* In any two pieces. */
    for (size_t cut = 0; cut < sizeof bytes; cut++) {
        struct key_input input;
        struct key key;
        enum key_news news = KEY_NEWS_NONE;
        key_input_init(&input);
        key_input_add(&input, (struct str){ bytes, cut });
        news = key_input_take(&input, false, &key);
        key_input_add(&input, (struct str){ bytes + cut, sizeof bytes - 1 - cut });
        if (news == KEY_NEWS_NONE)
            news = key_input_take(&input, false, &key);
        assert_int_equal(news, KEY_NEWS_PASTE);
        assert_string_equal(buf_cstr(&input.paste), "one\ntwo\nthree\033[A");
        assert_int_equal(key_input_take(&input, false, &key), KEY_NEWS_KEY);
        assert_int_equal(key.character, 'x');
        key_input_free(&input);
    }
}

static void a_huge_paste_is_capped(void **state)
{
    (void)state;
    struct key_input input;
    struct key key;
    static char block[64 * 1024];
    memset(block, 'x', sizeof block);
    key_input_init(&input);
    key_input_add(&input, STR("\033[200~"));
    for (int i = 0; i < 64; i++) {
        key_input_add(&input, (struct str){ block, sizeof block });
        assert_int_equal(key_input_take(&input, false, &key), KEY_NEWS_NONE);
    }
    key_input_add(&input, STR("\033[201~"));
    assert_int_equal(key_input_take(&input, false, &key), KEY_NEWS_PASTE);
    assert_int_equal(input.paste.len, KEY_INPUT_PASTE_MAX);
    assert_false(input.pasting);
    key_input_free(&input);
}

/* Whatever comes, it is used up and nothing breaks. */
static void any_bytes_are_survived(void **state)
{
    (void)state;
    unsigned seed = 20261123;
    for (int round = 0; round < 2000; round++) {
        struct key_input input;
        struct key key;
        char bytes[40];
        static const char likely[] = "\033\033[O;~0123459AZu<$^M\xE6\x97\xA5";
        for (size_t i = 0; i < sizeof bytes; i++) {
            seed = seed * 1103515245u + 12345u;
            bytes[i] = (seed >> 30) ? likely[(seed >> 16) % (sizeof likely - 1)] : (char)(seed >> 16);
        }
        key_input_init(&input);
        key_input_add(&input, (struct str){ bytes, sizeof bytes });
        for (int i = 0; i < 100 && key_input_take(&input, true, &key) != KEY_NEWS_NONE; i++)
            continue;
        assert_true(input.bytes.len == 0 || input.pasting);
        key_input_free(&input);
    }
}

int main(void)
{
    setlocale(LC_ALL, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notation_is_read),
        cmocka_unit_test(the_table_of_actions_is_sound),
        cmocka_unit_test(offered_actions_come_first),
        cmocka_unit_test(labels_are_short),
        cmocka_unit_test(terminals_are_understood),
        cmocka_unit_test(a_sequence_may_come_in_pieces),
        cmocka_unit_test(pastes_are_collected_to_their_end),
        cmocka_unit_test(a_huge_paste_is_capped),
        cmocka_unit_test(any_bytes_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
