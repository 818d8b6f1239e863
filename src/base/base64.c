#include "base/base64.h"

static int digit_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

bool base64_decode(struct str text, struct buf *out)
{
    uint32_t bits = 0;
    int have = 0;
    while (text.len && text.data[text.len - 1] == '=')
        text.len--;
    for (size_t i = 0; i < text.len; i++) {
        int digit = digit_value(text.data[i]);
        if (digit < 0)
            return false;
        bits = (bits << 6 | (uint32_t)digit) & 0xFFFFFF;
        have += 6;
        if (have < 8)
            continue;
        have -= 8;
        buf_char(out, (char)(bits >> have & 0xFF));
    }
    /* One digit alone cannot hold a byte. */
    return text.len % 4 != 1;
}

static void encode(struct str bytes, const char *alphabet, struct buf *out)
{
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t have = bytes.len - i < 3 ? bytes.len - i : 3;
        uint32_t bits = 0;
        for (size_t j = 0; j < 3; j++)
            bits = bits << 8 | (j < have ? (unsigned char)bytes.data[i + j] : 0);
        for (size_t j = 0; j <= have; j++)
            buf_char(out, alphabet[bits >> (18 - 6 * j) & 63]);
    }
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
