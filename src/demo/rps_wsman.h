/* The envelope of WS-Management at the demo tenant: headers checked, faults and answers written (rps.md sections 3 and 4). */
#ifndef PURVEY_DEMO_RPS_WSMAN_H
#define PURVEY_DEMO_RPS_WSMAN_H

#include "base/xml.h"
#include "demo/demo.h"

#define NS_SOAP "http://www.w3.org/2003/05/soap-envelope"
#define NS_ADDRESSING "http://schemas.xmlsoap.org/ws/2004/08/addressing"
#define NS_WSMAN "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
#define NS_MICROSOFT "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"
#define NS_SHELL "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
#define NS_TRANSFER "http://schemas.xmlsoap.org/ws/2004/09/transfer"
#define NS_POWERSHELL "http://schemas.microsoft.com/powershell"
#define RESOURCE "http://schemas.microsoft.com/powershell/Microsoft.Exchange"
#define OUR_ENVELOPE_MAX ((int64_t)512000)

enum wsman_action { WSMAN_CREATE, WSMAN_COMMAND, WSMAN_SEND, WSMAN_RECEIVE, WSMAN_SIGNAL, WSMAN_DELETE, WSMAN_ACTIONS };
const char *demo_wsman_action_name(enum wsman_action action);

/* A request whose headers are right. */
struct wsman {
    struct xml_document *document;
    const struct xml_node *body;        /* s:Body */
    enum wsman_action action;
    char message_id[128];
    char session[64];                   /* p:SessionId; "" = none */
    char shell[64];                     /* the selector; "" on Create */
    int64_t envelope_max;               /* the smaller of the client's and ours */
    int64_t timeout_ms;
};

enum wsman_fault {
    WSFAULT_SCHEMA, WSFAULT_HEADER, WSFAULT_TO, WSFAULT_ACTION, WSFAULT_RESOURCE, WSFAULT_SELECTOR, WSFAULT_OPTION, WSFAULT_ENVELOPE,
    WSFAULT_UNDERSTAND, WSFAULT_TIMED_OUT, WSFAULT_ABORTED, WSFAULT_DENIED, WSFAULT_QUOTA, WSFAULT_VERSION,
};
/* Answers with a fault. relates_to "" = unknown. text as Exchange writes it, with [..] in front. Always false. */
bool demo_wsman_fault(struct demo_reply *reply, enum wsman_fault fault, const char *relates_to, const char *format, ...) PRINTF_LIKE(4, 5);

/* False: a fault was answered. uri: what was asked, as the client has to name it in a:To. The caller frees the request. */
bool demo_wsman_read(const struct demo_request *request, struct str uri, struct wsman *wsman, struct demo_reply *reply);
void demo_wsman_free(struct wsman *wsman);

/* True when the request's a:Action ends in this name: for the fault dial. */
bool demo_wsman_names_action(const struct demo_request *request, const char *action);

/* Begins the answer to a request: envelope and headers are written, s:Body is open. */
struct xml_writer *demo_wsman_answer(const struct wsman *wsman);
/* Ends it. */
void demo_wsman_send(struct xml_writer *xml, struct demo_reply *reply);

#endif
