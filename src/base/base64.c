#include "base/base64.h"

#include "base/secret.h"

/* A digit's value and one more: what is not listed is none. */
static const unsigned char digits[256] = {
    ['A'] = 1, ['B'] = 2, ['C'] = 3, ['D'] = 4, ['E'] = 5, ['F'] = 6, ['G'] = 7, ['H'] = 8,
    ['I'] = 9, ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
    ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
    ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
    ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
    ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
    ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63, ['-'] = 63,
    ['/'] = 64, ['_'] = 64,
};

/* Bytes gathered before they are appended: a call a byte costs more than the decoding. */
enum { BLOCK = 3072 };

bool base64_decode(struct str text, struct buf *out)
{
    char block[BLOCK];
    size_t used = 0;
    uint32_t bits = 0;
    int have = 0;
    bool good = true;
    while (text.len && text.data[text.len - 1] == '=')
        text.len--;
    for (size_t i = 0; good && i < text.len; i++) {
        unsigned digit = digits[(unsigned char)text.data[i]];
        good = digit > 0;
        bits = (bits << 6 | (digit - 1)) & 0xFFFFFF;
        have += good ? 6 : 0;
        if (have < 8)
            continue;
        have -= 8;
        block[used++] = (char)(bits >> have & 0xFF);
        if (used == BLOCK) {
            buf_add(out, (struct str){ block, used });
            used = 0;
        }
    }
    buf_add(out, (struct str){ block, used });
    secret_wipe(block, sizeof block);
    /* One digit alone cannot hold a byte. */
    return good && text.len % 4 != 1;
}

static void encode(struct str bytes, const char *alphabet, struct buf *out)
{
    char block[BLOCK];
    size_t used = 0;
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t have = bytes.len - i < 3 ? bytes.len - i : 3;
        uint32_t bits = 0;
        for (size_t j = 0; j < 3; j++)
            bits = bits << 8 | (j < have ? (unsigned char)bytes.data[i + j] : 0);
        for (size_t j = 0; j <= have; j++)
            block[used++] = alphabet[bits >> (18 - 6 * j) & 63];
        if (used > BLOCK - 4) {
            buf_add(out, (struct str){ block, used });
            used = 0;
        }
    }
    buf_add(out, (struct str){ block, used });
    secret_wipe(block, sizeof block);
}

void base64url_encode(struct str bytes, struct buf *out)
{
    encode(bytes, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", out);
}

void base64_encode(struct str bytes, struct buf *out)
{
    encode(bytes, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", out);
    for (size_t i = bytes.len; i % 3; i++)
        buf_char(out, '=');
}
