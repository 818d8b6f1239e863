/* Version 4 and variant 1 of RFC 9562: all bits random but six. */
#include "base/guid.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

struct guid guid_new(void)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[16];
    struct guid guid;
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes) {
        abort();    /* Linux never cuts 16 bytes short once its pool is ready */
    }
    bytes[6] = (unsigned char)((bytes[6] & 0x0F) | 0x40);
    bytes[8] = (unsigned char)((bytes[8] & 0x3F) | 0x80);
    size_t at = 0;
    for (size_t i = 0; i < sizeof bytes; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            guid.text[at++] = '-';
        }
        guid.text[at++] = digits[bytes[i] >> 4];
        guid.text[at++] = digits[bytes[i] & 0x0F];
    }
    guid.text[at] = '\0';
    return guid;
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool guid_valid(struct str text)
{
    if (text.len != 36) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? text.data[i] != '-' : !is_hex(text.data[i])) {
            return false;
        }
    }
    return true;
}
