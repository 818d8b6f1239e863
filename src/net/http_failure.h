/* Why a transfer failed, in plain words. net/http.c gathers the facts from libcurl; the sentences stand here. */
#ifndef PURVEY_NET_HTTP_FAILURE_H
#define PURVEY_NET_HTTP_FAILURE_H

#include "base/err.h"

enum http_failure_kind {
    HTTP_FAILED_OTHERWISE,
    HTTP_BAD_CERTIFICATE,
    HTTP_NO_CONNECTION,
    HTTP_TOO_SLOW,
    HTTP_BROKEN,
    HTTP_NO_TLS,
    HTTP_BAD_CA_FILE,
    HTTP_UNKNOWN_HOST,
    HTTP_UNKNOWN_PROXY,
    HTTP_PROXY_FAILED,
    HTTP_PROXY_REFUSED,
    HTTP_NOTHING_CAME,
    HTTP_CUT_SHORT,
    HTTP_NOT_UNPACKED,
    HTTP_NOT_HTTP,
};

/* Bits of http_failure.verdict, as GnuTLS numbers them (gnutls_certificate_status_t). */
enum { VERDICT_REVOKED = 1 << 5, VERDICT_NO_SIGNER = 1 << 6, VERDICT_NOT_YET = 1 << 9, VERDICT_EXPIRED = 1 << 10 };

struct http_failure {
    enum http_failure_kind kind;
    const char *host;           /* as people write it: with the port when it is not 443 */
    const char *detail;         /* libcurl's own words, for HTTP_FAILED_OTHERWISE */
    const char *proxy;          /* the proxy that could not be connected to, or did not connect further; NULL = it was the host */
    long system_error;          /* errno of connecting; 0 = none */
    long proxy_status;          /* of the proxy's answer to CONNECT; 0 = no proxy */
    bool was_connected;         /* the handshake was over */
    long verdict;               /* why the certificate's chain is not good; 0 = it is */
    const char *subject, *issuer, *starts, *ends;   /* of the server's certificate; "?" when not known */
};

void http_failure_describe(const struct http_failure *failure, struct err *err);

#endif
