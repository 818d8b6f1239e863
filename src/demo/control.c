#include "demo/control.h"

#include <stdlib.h>
#include <string.h>

#include "base/guid.h"
#include "base/mem.h"
#include "demo/azure.h"
#include "demo/entra.h"
#include "demo/rest.h"
#include "demo/rps.h"
#include "demo/rps_wsman.h"

/* Caps for a program that may run for days under a test loop: the newest notes count, old faults are cleared by
   hand. */
#define MAX_FAULTS 64
#define NOTES_KEPT 200
#define NOTE_BODY_MAX ((size_t)4096)
#define MAX_COUNTERS 200

/* path, cmdlet and wsman (Create, Receive ...) narrow a rule; empty fits all. skip lets some requests through first, so that a fault can hit the
   second page or the third poll. */
struct fault_rule {
    char path[256], cmdlet[128], wsman[32];
    int64_t count, skip;
    struct fault fault;
};

struct counter { char key[160]; int64_t count; };

struct control {
    char key[40];
    struct fault_rule rules[MAX_FAULTS];
    size_t rule_count;
    struct json *notes[NOTES_KEPT];     /* a ring */
    size_t note_total;
    struct counter counters[MAX_COUNTERS];
    size_t counter_count;
};

struct control *control_new(void)
{
    struct control *control = MEM_NEW(struct control);
    str_copy(control->key, sizeof control->key, guid_new().text);
    return control;
}

void control_free(struct control *control)
{
    for (size_t i = 0; i < NOTES_KEPT; i++) {
        json_free(control->notes[i]);
    }
    free(control);
}

const char *control_key(const struct control *control)
{
    return control->key;
}

/* ---- what was asked ---- */

/* New paths beyond the cap are served but not counted: a test that walks that many does not ask how many. */
static void count(struct control *control, const char *key)
{
    for (size_t i = 0; i < control->counter_count; i++) {
        if (str_is(str_of(control->counters[i].key), key)) {
            control->counters[i].count++;
            return;
        }
    }
    if (control->counter_count < MAX_COUNTERS) {
        struct counter *counter = &control->counters[control->counter_count++];
        str_copy(counter->key, sizeof counter->key, key);
        counter->count = 1;
    }
}

/* Bodies of the sign-in service hold secrets: only their field names are kept. */
static void add_body(struct json *note, const struct demo_request *request)
{
    if (!str_is(str_of(request->host), DEMO_LOGIN_HOST)) {
        json_add(note, "body", json_new_string(str_take(request->body, NOTE_BODY_MAX)));
        return;
    }
    struct json *fields = json_new_array();
    struct str form = request->body, pair, name;
    for (bool more = form.len > 0; more;) {
        more = str_cut(&form, '&', &pair);
        str_cut(&pair, '=', &name);
        json_add(fields, NULL, json_new_string(name));
    }
    json_add(note, "fields", fields);
}

/* A ring: the newest requests replace the oldest, so that an endless test does not fill the memory. */
void control_note(struct control *control, const struct demo_request *request)
{
    struct json *note = json_new_object(), **slot = &control->notes[control->note_total++ % NOTES_KEPT];
    char *key = mem_format("%s %s%s", request->method, request->host, request->path);
    json_add_text(note, "method", request->method);
    json_add_text(note, "host", request->host);
    json_add_text(note, "path", request->path);
    json_add_text(note, "query", request->query);
    json_add_text(note, "headers", request->header_text);
    add_body(note, request);
    json_free(*slot);
    *slot = note;
    count(control, key);
    free(key);
}

/* ---- the fault dial ---- */

static const struct { const char *name; enum fault_action action; } actions[] = {
    { "status", FAULT_STATUS }, { "delay", FAULT_DELAY }, { "cut", FAULT_CUT }, { "reset", FAULT_RESET },
    { "garbage", FAULT_GARBAGE }, { "nul", FAULT_NUL }, { "empty", FAULT_EMPTY },
};

static int64_t number(const struct json *object, const char *name, int64_t otherwise, int64_t most)
{
    int64_t value;
    return json_int64(json_get(object, name), &value) && value >= 0 && value <= most ? value : otherwise;
}

/* Unknown members are ignored and numbers have caps, but an unknown action is refused: a fault that does nothing
   would make a test pass for the wrong reason. */
static bool read_rule(const struct json *body, struct fault_rule *rule)
{
    const char *action = json_cstr(json_get(body, "action"), "");
    *rule = (struct fault_rule){ .count = number(body, "count", 1, 1000000), .skip = number(body, "skip", 0, 1000000) };
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (str_is(str_of(action), actions[i].name)) {
            rule->fault.action = actions[i].action;
        }
    }
    struct fault *fault = &rule->fault;
    struct str header = str_of(json_cstr(json_get(body, "header"), "")), name;
    fault->status = (int)number(body, "status", fault->action == FAULT_STATUS ? 503 : 200, 599);
    fault->delay_ms = (int)number(body, "delay_ms", 0, 600000);
    fault->after_bytes = (size_t)number(body, "after_bytes", 0, INT64_MAX);
    str_copy(rule->path, sizeof rule->path, json_cstr(json_get(body, "path"), ""));
    str_copy(rule->cmdlet, sizeof rule->cmdlet, json_cstr(json_get(body, "cmdlet"), ""));
    str_copy(rule->wsman, sizeof rule->wsman, json_cstr(json_get(body, "wsman"), ""));
    str_copy(fault->retry_after, sizeof fault->retry_after, json_string(json_get(body, "retry_after")).data);
    str_copy(fault->body, sizeof fault->body, json_cstr(json_get(body, "body"), ""));
    if (str_cut(&header, ':', &name)) {
        char *copy = str_dup(name);
        str_copy(fault->header_name, sizeof fault->header_name, copy);
        free(copy);
        str_copy(fault->header_value, sizeof fault->header_value, str_trim(header).data);
    }
    return fault->action != FAULT_NONE;
}

/* The header is a convenience of Microsoft's client; one that sends the minimum names the cmdlet in the body only. */
static bool names_cmdlet(const struct demo_request *request, const char *cmdlet)
{
    const char *header = request->header(request, "X-CmdletName");
    if (*header) {
        return str_is_nocase(str_of(header), cmdlet);
    }
    struct json *body = json_parse(request->body, NULL);
    bool same = str_is_nocase(json_string(json_get(json_get(body, "CmdletInput"), "CmdletName")), cmdlet);
    json_free(body);
    return same;
}

static bool rule_fits(const struct fault_rule *rule, const struct demo_request *request)
{
    bool path = str_contains_nocase(str_of(request->path), str_of(rule->path));
    return rule->count > 0 && path && (!*rule->cmdlet || names_cmdlet(request, rule->cmdlet)) &&
           (!*rule->wsman || demo_wsman_names_action(request, rule->wsman));
}

/* Rules are tried in the order in which they were set; one that still skips does not keep later ones from acting. */
struct fault control_fault(struct control *control, const struct demo_request *request)
{
    for (size_t i = 0; i < control->rule_count; i++) {
        struct fault_rule *rule = &control->rules[i];
        if (!rule_fits(rule, request)) {
            continue;
        }
        if (rule->skip > 0) {
            rule->skip--;
            continue;
        }
        rule->count--;
        return rule->fault;
    }
    return (struct fault){ .action = FAULT_NONE };
}

/* ---- the verbs ---- */

static void done(struct demo_reply *reply)
{
    struct json *answer = json_new_object();
    json_add(answer, "done", json_new_bool(true));
    reply_json(reply, 200, answer);
}

/* A code is decided once: a second verb for the same code is 404, as for one that never was. */
static void decide(struct demo *demo, const struct json *body, enum code_state state, struct demo_reply *reply)
{
    const char *code = json_cstr(json_get(body, "user_code"), "");
    if (entra_decide(demo->entra, str_of(code), state, json_cstr(json_get(body, "user"), DEMO_USER))) {
        done(reply);
    } else {
        reply_text(reply, 404, "text/plain", "there is no such code\n");
    }
}

static void verb_approve(struct demo *demo, const struct json *body, struct demo_reply *reply)
{
    decide(demo, body, CODE_APPROVED, reply);
}

static void verb_decline(struct demo *demo, const struct json *body, struct demo_reply *reply)
{
    decide(demo, body, CODE_DECLINED, reply);
}

static void verb_expire(struct demo *demo, const struct json *body, struct demo_reply *reply)
{
    decide(demo, body, CODE_EXPIRED, reply);
}

/* A token without a sign-in: {"user", "audience", "lifetime_s", "app_only"}, each may be left out. */
static void verb_token(struct demo *demo, const struct json *body, struct demo_reply *reply)
{
    struct bearer bearer = { .app_only = json_bool(json_get(body, "app_only"), false) };
    str_copy(bearer.upn, sizeof bearer.upn, json_cstr(json_get(body, "user"), DEMO_USER));
    str_copy(bearer.audience, sizeof bearer.audience, json_cstr(json_get(body, "audience"), "https://" DEMO_FRONT_DOOR));
    int64_t lifetime_s = number(body, "lifetime_s", demo->config.token_lifetime_s, 864000);
    char *token = entra_make_token(demo->entra, &bearer, lifetime_s);
    struct json *answer = json_new_object();
    json_add_text(answer, "access_token", token);
    json_add(answer, "expires_in", json_new_int(lifetime_s));
    reply_json(reply, 200, answer);
    free(token);
}

/* Refresh tokens stay good: what is tried is a renewal in the middle of a run (auth.md section 10). */
static void verb_expire_tokens(struct demo *demo, const struct json *body, struct demo_reply *reply)
{
    (void)body;
    entra_expire_tokens(demo->entra);
    done(reply);
}

/* Refused rather than dropped, so that a test learns at once that its fault will not happen. */
static void verb_fault(struct demo *demo, const struct json *body, struct demo_reply *reply)
{
    struct control *control = demo->control;
    struct fault_rule rule;
    if (control->rule_count == MAX_FAULTS || !read_rule(body, &rule)) {
        reply_text(reply, 400, "text/plain", "this fault is not understood, or there are too many\n");
        return;
    }
    control->rules[control->rule_count++] = rule;
    done(reply);
}

/* Registers an application: {"app_id", "certificate" (PEM), "secret", "subject" (of a federated token)}. */
static void verb_app(struct demo *demo, const struct json *body, struct demo_reply *reply)
{
    const char *app_id = json_cstr(json_get(body, "app_id"), "");
    if (*app_id && entra_add_app(demo->entra, app_id, json_cstr(json_get(body, "certificate"), NULL), json_cstr(json_get(body, "secret"), NULL),
                                 json_cstr(json_get(body, "subject"), NULL))) {
        done(reply);
    } else {
        reply_text(reply, 400, "text/plain", "an app_id is needed, and a certificate that is PEM\n");
    }
}

/* Puts a certificate with its key into the vault: {"name", "pem"}. */
static void verb_vault(struct demo *demo, const struct json *body, struct demo_reply *reply)
{
    if (azure_add_certificate(demo->azure, json_cstr(json_get(body, "name"), ""), json_cstr(json_get(body, "pem"), ""))) {
        done(reply);
    } else {
        reply_text(reply, 400, "text/plain", "the certificate and its key cannot be read\n");
    }
}

/* Trouble inside remote PowerShell, see demo/rps.h. */
static void verb_rps(struct demo *demo, const struct json *body, struct demo_reply *reply)
{
    if (rps_control(demo, body)) {
        done(reply);
    } else {
        reply_text(reply, 400, "text/plain", "there is no such action\n");
    }
}

/* Counters stay: a test compares before and after. */
static void verb_clear(struct demo *demo, const struct json *body, struct demo_reply *reply)
{
    (void)body;
    demo->control->rule_count = 0;
    done(reply);
}

/* Counts, not times: what tests may rely on. */
static void verb_stats(struct demo *demo, const struct json *body, struct demo_reply *reply)
{
    struct json *stats = json_new_object(), *paths = json_new_object();
    (void)body;
    for (size_t i = 0; i < demo->control->counter_count; i++) {
        json_add(paths, demo->control->counters[i].key, json_new_int(demo->control->counters[i].count));
    }
    json_add(stats, "requests", json_new_int((int64_t)demo->control->note_total));
    json_add(stats, "paths", paths);
    rest_stats(demo->rest, stats);
    entra_stats(demo->entra, stats);
    reply_json(reply, 200, stats);
}

/* Oldest first, as they came. Bearers and forms are left out already where they are noted. */
static void verb_requests(struct demo *demo, const struct json *body, struct demo_reply *reply)
{
    struct json *list = json_new_array();
    size_t total = demo->control->note_total, first = total > NOTES_KEPT ? total - NOTES_KEPT : 0;
    (void)body;
    for (size_t i = first; i < total; i++) {
        json_add(list, NULL, json_copy(demo->control->notes[i % NOTES_KEPT]));
    }
    reply_json(reply, 200, list);
}

static const struct {
    const char *method, *path;
    void (*run)(struct demo *demo, const struct json *body, struct demo_reply *reply);
} verbs[] = {
    { "POST", "/approve", verb_approve }, { "POST", "/decline", verb_decline },      { "POST", "/expire", verb_expire },
    { "POST", "/token", verb_token },     { "POST", "/token/expire", verb_expire_tokens },
    { "POST", "/fault", verb_fault },     { "POST", "/fault/clear", verb_clear },    { "GET", "/stats", verb_stats },
    { "GET", "/requests", verb_requests }, { "POST", "/app", verb_app },             { "POST", "/vault", verb_vault },
    { "POST", "/rps", verb_rps },
};

/* The key is in the first line that the program prints: whoever cannot read that cannot turn the dial. */
void control_handle(struct demo *demo, const struct demo_request *request, struct demo_reply *reply)
{
    if (!str_is(str_of(request->header(request, "X-Control-Key")), demo->control->key)) {
        reply_text(reply, 403, "text/plain", "the control key is missing or wrong\n");
        return;
    }
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (str_is(str_of(request->method), verbs[i].method) && str_is(str_of(request->path), verbs[i].path)) {
            struct json *body = request->body.len ? json_parse(request->body, NULL) : NULL;
            verbs[i].run(demo, body, reply);
            json_free(body);
            return;
        }
    }
    reply_text(reply, 404, "text/plain", "there is no such verb\n");
}
