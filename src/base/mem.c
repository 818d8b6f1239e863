/* The one place where running out of memory is dealt with. */
#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void mem_exhausted(void)
{
    /* stdio might want memory itself. */
    static const char text[] = "purvey: out of memory\n";
    ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);
    (void)ignored;
    abort();
}

void *mem_new(size_t size)
{
    void *memory = calloc(1, size ? size : 1);
    if (!memory) {
        mem_exhausted();
    }
    return memory;
}

/* calloc and reallocarray refuse a product that overflows; no bytes at all still give a pointer of their own, so that NULL
   means one thing only. */
void *mem_array(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size ? size : 1);
    if (!memory) {
        mem_exhausted();
    }
    return memory;
}

void *mem_grow(void *old, size_t count, size_t size)
{
    void *memory = reallocarray(old, count ? count : 1, size ? size : 1);
    if (!memory) {
        mem_exhausted();
    }
    return memory;
}

char *mem_text(const char *text)
{
    char *copy = text ? strdup(text) : NULL;
    if (text && !copy) {
        mem_exhausted();
    }
    return copy;
}

char *mem_format(const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0) {
        mem_exhausted();
    }
    return text;
}
