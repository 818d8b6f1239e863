#include "net/http_failure.h"

#include <errno.h>
#include <string.h>

static const char by_proxy[] = "If a proxy of your organization inspects TLS, give its certificate with --ca-file FILE. Nothing was sent.";

static void say_untrusted(const struct http_failure *failure, struct err *err)
{
    if ((failure->verdict & VERDICT_NO_SIGNER) && strcmp(failure->subject, failure->issuer) == 0) {
        err_set(err, ERR_TLS, "The certificate of %s is signed by itself and not trusted.", failure->host);
    } else {
        err_set(err, ERR_TLS, "The certificate of %s comes from an issuer that is not trusted (%s).", failure->host, failure->issuer);
    }
    err_advise(err, "%s", by_proxy);
}

static void say_certificate(const struct http_failure *failure, struct err *err)
{
    const char *host = failure->host;
    if (failure->verdict & VERDICT_EXPIRED) {
        err_set(err, ERR_TLS, "The certificate of %s has expired (%s).", host, failure->ends);
        err_advise(err, "Check this machine's clock; if it is right, the server has to renew its certificate. Nothing was sent.");
    } else if (failure->verdict & VERDICT_NOT_YET) {
        err_set(err, ERR_TLS, "The certificate of %s is not valid before %s.", host, failure->starts);
        err_advise(err, "Check this machine's clock. Nothing was sent.");
    } else if (failure->verdict & VERDICT_REVOKED) {
        err_set(err, ERR_TLS, "The certificate of %s was revoked by its issuer.", host);
        err_advise(err, "Do not trust this server. Nothing was sent.");
    } else if (failure->verdict) {
        say_untrusted(failure, err);
    } else {
        /* The chain is good, so it is the name that differs: nothing else is checked. */
        err_set(err, ERR_TLS, "The certificate that %s shows is for another host (%s).", host, failure->subject);
        err_advise(err, "Something stands between this machine and the service, or the address is wrong. Nothing was sent.");
    }
}

static void say_no_connection(const struct http_failure *failure, struct err *err)
{
    const char *what = failure->proxy ? "The proxy " : "", *who = failure->proxy ? failure->proxy : failure->host;
    if (failure->system_error == ECONNREFUSED) {
        err_set(err, ERR_NETWORK, "%s%s refuses the connection.", what, who);
    } else if (failure->system_error == ENETUNREACH || failure->system_error == EHOSTUNREACH) {
        err_set(err, ERR_NETWORK, "%s%s cannot be reached from this network.", what, who);
    } else {
        err_set(err, ERR_NETWORK, "Cannot connect to %s%s.", failure->proxy ? "the proxy " : "", who);
    }
    if (failure->proxy) {
        err_advise(err, "Check https_proxy or --proxy. %s was not asked.", failure->host);
        return;
    }
    err_advise(err, "The server may be down, or a firewall is in the way; a proxy may be needed (https_proxy or --proxy).");
}

static void say_too_slow(const struct http_failure *failure, struct err *err)
{
    if (failure->proxy) {
        err_set(err, ERR_NETWORK, "The proxy %s did not make the connection in time.", failure->proxy);
        err_advise(err, "Check https_proxy or --proxy. %s was not asked.", failure->host);
    } else if (failure->was_connected) {
        err_set(err, ERR_NETWORK, "%s did not answer in time.", failure->host);
        err_advise(err, "Try again; --timeout gives a cmdlet more time.");
    } else {
        err_set(err, ERR_NETWORK, "%s did not take the connection in time.", failure->host);
        err_advise(err, "A firewall may be in the way; a proxy may be needed (https_proxy or --proxy).");
    }
}

static void say_proxy_refused(const struct http_failure *failure, struct err *err)
{
    err_set(err, ERR_NETWORK, "The proxy refuses to connect to %s (status %ld).", failure->host, failure->proxy_status);
    err_advise(err, "%s", failure->proxy_status == 407 ? "It wants a user name and password: https_proxy=http://USER:PASSWORD@HOST:PORT. Nothing was sent."
                                                       : "Its administrator has to allow that host. Nothing was sent.");
}

static void say_otherwise(const struct http_failure *failure, struct err *err)
{
    err_set(err, ERR_NETWORK, "The request to %s failed: %s.", failure->host, failure->detail);
}

/* Either a maker of the words, or the words around the host's name. */
static const struct {
    void (*say)(const struct http_failure *failure, struct err *err);
    enum err_kind kind;
    const char *before, *after, *advice;
} rows[] = {
    [HTTP_FAILED_OTHERWISE] = { .say = say_otherwise },
    [HTTP_BAD_CERTIFICATE] = { .say = say_certificate },
    [HTTP_NO_CONNECTION] = { .say = say_no_connection },
    [HTTP_TOO_SLOW] = { .say = say_too_slow },
    [HTTP_BROKEN] = { NULL, ERR_NETWORK, "The connection to ", " broke.", "Try again." },
    [HTTP_NO_TLS] = { NULL, ERR_TLS, "No secure connection to ", " could be made.",
        "What answers there may speak no TLS, or none that is new enough (1.2). Check the address, the port and any proxy." },
    [HTTP_BAD_CA_FILE] = { NULL, ERR_INPUT, "The certificates to trust cannot be read, so ", " was not called.",
        "Check --ca-file: it must name a PEM file." },
    [HTTP_UNKNOWN_HOST] = { NULL, ERR_NETWORK, "The name ", " cannot be found.",
        "Check the address, the DNS of this machine, and whether a proxy is needed (https_proxy or --proxy)." },
    [HTTP_UNKNOWN_PROXY] = { NULL, ERR_NETWORK, "The name of the proxy to ", " cannot be found.", "Check https_proxy or --proxy." },
    [HTTP_PROXY_FAILED] = { NULL, ERR_NETWORK, "The proxy to ", " did not make the connection.",
        "Check https_proxy or --proxy: what answers there may be no proxy. Nothing was sent." },
    [HTTP_PROXY_REFUSED] = { .say = say_proxy_refused },
    [HTTP_NOTHING_CAME] = { NULL, ERR_NETWORK, "", " closed the connection without an answer.", "Try again." },
    [HTTP_CUT_SHORT] = { NULL, ERR_NETWORK, "", " ended its answer too early.", "Try again." },
    [HTTP_NOT_UNPACKED] = { NULL, ERR_PROTOCOL, "The answer of ", " cannot be unpacked.", "Something on the way may have changed it." },
    [HTTP_NOT_HTTP] = { NULL, ERR_PROTOCOL, "What answers at ", " does not speak HTTP.", "Check the address and the port." },
};

void http_failure_describe(const struct http_failure *failure, struct err *err)
{
    if (rows[failure->kind].say) {
        rows[failure->kind].say(failure, err);
        return;
    }
    err_set(err, rows[failure->kind].kind, "%s%s%s", rows[failure->kind].before, failure->host, rows[failure->kind].after);
    err_advise(err, "%s", rows[failure->kind].advice);
}
