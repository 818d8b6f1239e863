/* An error is a value: what kind, whose code, one line of text, one line of advice (architecture, "Errors"). */
#ifndef PURVEY_BASE_ERR_H
#define PURVEY_BASE_ERR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(text_arg, first_arg) __attribute__((format(printf, text_arg, first_arg)))

enum err_kind {
    ERR_NONE = 0,
    ERR_CANCELLED,
    ERR_NETWORK,
    ERR_TLS,
    ERR_AUTH_REQUIRED,
    ERR_AUTH_DENIED,
    ERR_FORBIDDEN,          /* signed in, and not permitted */
    ERR_THROTTLED,
    ERR_SERVER,
    ERR_PROTOCOL,
    ERR_INPUT,
    ERR_NOT_FOUND,
    ERR_STORE,
    ERR_SYSTEM,
};

/* A plain value, copied by assignment; nothing in it is allocated. Texts are cleaned UTF-8, cut at a character. */
struct err {
    enum err_kind kind;
    int retry_after_s;      /* seconds the service asked for; 0 = it did not ask */
    char field[64];         /* the form field or parameter it belongs to; "" = none */
    char code[96];          /* the source's own code: AADSTS50126, Ex6F9304, exception type, CURLE name */
    char correlation[256];  /* ids for support, as the service gave them */
    char text[768];         /* what failed, one line, the useful words first */
    char advice[384];       /* what to do about it, one line; "" = nothing better to say */
};

/* Clears err and sets kind and text. err may be NULL (the caller does not care). Always returns false, so that a
   failing function can end in `return err_set(...)`. The text is cleaned of control and bidi characters. */
bool err_set(struct err *err, enum err_kind kind, const char *format, ...) PRINTF_LIKE(3, 4);

/* Set one more part of an error made by err_set. Each cleans its text. err may be NULL. */
void err_advise(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);
void err_code(struct err *err, const char *code);
void err_correlation(struct err *err, const char *ids);
void err_field(struct err *err, const char *field);

/* strerror(errno) behind a text: "cannot open FILE: No such file or directory"; kind ERR_SYSTEM. Returns false. */
bool err_errno(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);

/* A short word for the kind ("network", "sign-in refused", ...), for badges and logs. Static text. */
const char *err_kind_name(enum err_kind kind);

/* The exit code of the headless commands for a kind (purvey.1, EXIT STATUS): 0 none, 1 the cmdlet failed (server,
   not found), 2 input, 3 sign-in, 4 network or TLS, 5 not permitted, 6 throttled, 7 protocol, 8 system or store, 130
   cancelled. */
int err_exit_code(enum err_kind kind);

#endif
