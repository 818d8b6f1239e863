/* The browser sign-in of the demo tenant: authorize with a small page, form_post, PKCE (auth.md section 4). */
#include <gnutls/crypto.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/guid.h"
#include "base/mem.h"
#include "demo/entra_internal.h"

/* About ten minutes, once (auth.md section 4). */
#define CODE_LIFETIME_S 600

/* The request as it stands in the query, carried through the page in hidden fields. */
struct wish {
    char *client_id, *redirect_uri, *response_type, *response_mode, *scope, *state, *nonce, *challenge, *method, *hint,
         *prompt, *client_info;
};

static void wish_read(struct wish *wish, struct str form)
{
    *wish = (struct wish){
        .client_id = form_text(form, "client_id"), .redirect_uri = form_text(form, "redirect_uri"),
        .response_type = form_text(form, "response_type"), .response_mode = form_text(form, "response_mode"),
        .scope = form_text(form, "scope"), .state = form_text(form, "state"), .nonce = form_text(form, "nonce"),
        .challenge = form_text(form, "code_challenge"), .method = form_text(form, "code_challenge_method"),
        .hint = form_text(form, "login_hint"), .prompt = form_text(form, "prompt"), .client_info = form_text(form, "client_info"),
    };
}

static void wish_free(struct wish *wish)
{
    char *texts[] = { wish->client_id, wish->redirect_uri, wish->response_type, wish->response_mode, wish->scope, wish->state,
                      wish->nonce, wish->challenge, wish->method, wish->hint, wish->prompt, wish->client_info };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        free(texts[i]);
    }
}

/* ---- pages ---- */

/* The redirect address and the state come from whoever made the link: on a page they are text and nothing else. */
static void put_escaped(struct buf *out, const char *text)
{
    for (; text && *text; text++) {
        const char *escape = *text == '<' ? "&lt;" : *text == '>' ? "&gt;" : *text == '&' ? "&amp;" : *text == '"' ? "&quot;" : NULL;
        if (escape) {
            buf_text(out, escape);
        } else {
            buf_char(out, *text);
        }
    }
}

static void put_hidden(struct buf *out, const char *name, const char *value)
{
    if (value) {
        buf_format(out, "<input type=\"hidden\" name=\"%s\" value=\"", name);
        put_escaped(out, value);
        buf_text(out, "\">");
    }
}

static void begin_page(struct buf *page, const char *title)
{
    buf_format(page, "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>%s</title></head><body><h1>%s</h1>", title, title);
}

static void send_page(struct buf *page, int status, struct demo_reply *reply)
{
    buf_text(page, "</body></html>\n");
    reply_text(reply, status, "text/html; charset=utf-8", buf_cstr(page));
    reply_header(reply, "Cache-Control", "no-store, no-cache");
    buf_free(page);
}

/* What is wrong with the request itself cannot be sent back: the redirect address may be the attacker's. */
static void error_page(int code, const char *text, struct demo_reply *reply)
{
    struct buf page = BUF_INIT(BUF_SMALL);
    begin_page(&page, "Sorry, but we are having trouble signing you in.");
    buf_format(&page, "<p>AADSTS%d: ", code);
    put_escaped(&page, text);
    buf_text(&page, "</p>");
    send_page(&page, 400, reply);
}

/* The request travels in hidden fields, so that nothing is remembered for browsers that never come back. */
static void sign_in_page(const struct wish *wish, const char *message, struct demo_reply *reply)
{
    struct buf page = BUF_INIT(BUF_SMALL);
    begin_page(&page, "Demo sign-in");
    buf_text(&page, "<p>");
    put_escaped(&page, message);
    buf_text(&page, "</p><form method=\"post\">");
    put_hidden(&page, "client_id", wish->client_id);
    put_hidden(&page, "redirect_uri", wish->redirect_uri);
    put_hidden(&page, "response_type", wish->response_type);
    put_hidden(&page, "response_mode", wish->response_mode);
    put_hidden(&page, "scope", wish->scope);
    put_hidden(&page, "state", wish->state);
    put_hidden(&page, "nonce", wish->nonce);
    put_hidden(&page, "code_challenge", wish->challenge);
    put_hidden(&page, "code_challenge_method", wish->method);
    put_hidden(&page, "client_info", wish->client_info);
    buf_text(&page, "<p><label>User <input name=\"username\" value=\"");
    put_escaped(&page, wish->hint ? wish->hint : DEMO_USER);
    buf_text(&page, "\"></label></p><p><label>Password <input name=\"password\" type=\"password\"> (demo-password)</label></p>"
                    "<p><button name=\"decision\" value=\"sign-in\">Sign in</button> <button name=\"decision\" value=\"cancel\">Cancel</button></p></form>");
    send_page(&page, 200, reply);
}

/* ---- the answer to the redirect address ---- */

struct back { const char *code, *error, *description, *subcode, *client_info; };

/* As a form that the browser posts, or in the address: what was asked for (auth.md section 4). */
static void send_back(const struct wish *wish, const struct back *back, struct demo_reply *reply)
{
    struct buf out = BUF_INIT(BUF_SMALL);
    struct guid session = guid_new();
    bool query = wish->response_mode && str_is(str_of(wish->response_mode), "query");
    const char *fields[][2] = {
        { "code", back->code }, { "error", back->error }, { "error_description", back->description },
        { "error_subcode", back->subcode }, { "client_info", back->client_info }, { "state", wish->state }, { "session_state", session.text },
    };
    if (query) {
        buf_format(&out, "%s?", wish->redirect_uri);
        for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
            for (const char *c = fields[i][1]; c && c == fields[i][1]; c = NULL) {
                buf_format(&out, "%s%s=", i ? "&" : "", fields[i][0]);
                form_escape(&out, fields[i][1]);
            }
        }
        reply_text(reply, 302, "text/plain", "");
        reply_header(reply, "Location", buf_cstr(&out));
        buf_free(&out);
        return;
    }
    begin_page(&out, "Working...");
    buf_text(&out, "<form method=\"post\" name=\"hiddenform\" action=\"");
    put_escaped(&out, wish->redirect_uri);
    buf_text(&out, "\">");
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        put_hidden(&out, fields[i][0], fields[i][1]);
    }
    buf_text(&out, "<p><button>Continue</button></p></form><script>document.forms[0].submit();</script>");
    send_page(&out, 200, reply);
}

/* ---- checks ---- */

/* http://localhost with any port, and no path but the root: what fb78d390 has registered (auth.md sections 2 and 4). */
static bool redirect_registered(const char *uri)
{
    static const char base[] = "http://localhost";
    struct str rest = str_of(uri);
    if (str_is(rest, "https://login.microsoftonline.com/common/oauth2/nativeclient") ||
        str_is(rest, "https://login.microsoftonline.com/organizations/oauth2/nativeclient")) {
        return true;
    }
    if (!str_starts_nocase(rest, STR(base))) {
        return false;
    }
    rest = str_from(rest, sizeof base - 1);
    if (rest.len && rest.data[0] == ':') {
        rest = str_from(rest, 1);
        while (rest.len && rest.data[0] >= '0' && rest.data[0] <= '9') {
            rest = str_from(rest, 1);
        }
    }
    return rest.len == 0 || str_is(rest, "/");
}

/* In the order of what may be trusted: the client, then the address that belongs to it, then the rest. S256 is
   demanded although Entra takes less (auth.md section 4), because purvey has no reason to send less. */
static bool check_wish(struct entra *entra, const struct wish *wish, struct demo_reply *reply)
{
    bool client = wish->client_id && (str_is_nocase(str_of(wish->client_id), CLIENT_ID) || entra_app_known(entra, wish->client_id));
    if (!client) {
        error_page(700016, "The application was not found in the directory of the tenant.", reply);
    } else if (!wish->redirect_uri || !redirect_registered(wish->redirect_uri)) {
        error_page(50011, "The redirect URI does not match the redirect URIs configured for the application.", reply);
    } else if (!wish->response_type || !str_is(str_of(wish->response_type), "code")) {
        error_page(700054, "response_type is not enabled for the application.", reply);
    } else if (!wish->challenge || !wish->method || !str_is(str_of(wish->method), "S256")) {
        error_page(501491, "A code challenge of the method S256 is needed.", reply);
    } else if (wish->response_mode && !str_is(str_of(wish->response_mode), "form_post") && !str_is(str_of(wish->response_mode), "query")) {
        error_page(700052, "The response mode is not supported.", reply);
    } else {
        return true;
    }
    return false;
}

/* A wrong scope may go back to the redirect address: client and address have proved good by then. */
static void give_code(struct entra *entra, const struct demo_request *request, const struct wish *wish, const char *user,
                      struct demo_reply *reply)
{
    struct demo_reply ignored = { 0 };
    char *resource = entra_resource_of(wish->scope ? wish->scope : "", &ignored);
    buf_free(&ignored.body);
    for (size_t i = 0; i < ignored.header_count; i++) {
        free(ignored.headers[i].name);
        free(ignored.headers[i].value);
    }
    if (!resource) {
        send_back(wish, &(struct back){ NULL, "invalid_scope", "AADSTS70011: The provided value for the input parameter 'scope' is not valid.", NULL, NULL }, reply);
        return;
    }
    struct auth_code *code = entra_new_auth_code(entra);
    struct guid first = guid_new(), second = guid_new();
    *code = (struct auth_code){
        .code = mem_format("1.AUE%s%s", first.text, second.text), .client_id = mem_text(wish->client_id),
        .redirect_uri = mem_text(wish->redirect_uri), .challenge = mem_text(wish->challenge), .scope = mem_text(wish->scope),
        .resource = resource, .nonce = mem_text(wish->nonce), .user = mem_text(user), .tenant = str_dup(entra_path_tenant(request)),
        .ends_unix = clock_unix() + CODE_LIFETIME_S,
    };
    struct buf info = BUF_INIT(BUF_SMALL);
    bool wants = wish->client_info && str_is(str_of(wish->client_info), "1");
    entra_client_info(user, &info);
    send_back(wish, &(struct back){ code->code, NULL, NULL, NULL, wants ? buf_cstr(&info) : NULL }, reply);
    buf_free(&info);
}

/* The page's form: signed in, cancelled, or told what is wrong and asked again when a person can mend it. The rest goes
   back as interaction_required, so that the terminal can say it in its own words. */
static void take_form(struct demo *demo, const struct demo_request *request, const struct wish *wish, struct demo_reply *reply)
{
    char *user = form_text(request->body, "username"), *password = form_text(request->body, "password");
    char *decision = form_text(request->body, "decision");
    int code = 0;
    if (decision && str_is(str_of(decision), "cancel")) {
        send_back(wish, &(struct back){ NULL, "access_denied", "AADSTS65004: User declined to consent to access the app.", "cancel", NULL }, reply);
    } else {
        const char *text = entra_person_trouble(user ? user : "", password ? password : "", true, &code);
        bool again = code == 50126 || code == 50034 || code == 50053 || code == 50055 || code == 50057;
        if (!code) {
            give_code(demo->entra, request, wish, user, reply);
        } else if (again) {
            sign_in_page(wish, text, reply);
        } else {
            char *description = mem_format("AADSTS%d: %s", code, text);
            send_back(wish, &(struct back){ NULL, "interaction_required", description, NULL, NULL }, reply);
            free(description);
        }
    }
    free(user);
    free(password);
    free(decision);
}

void entra_answer_authorize(struct demo *demo, const struct demo_request *request, struct demo_reply *reply)
{
    struct wish wish;
    bool post = str_is(str_of(request->method), "POST");
    wish_read(&wish, post ? request->body : str_of(request->query));
    if (check_wish(demo->entra, &wish, reply)) {
        if (post) {
            take_form(demo, request, &wish, reply);
        } else if (wish.prompt && str_is(str_of(wish.prompt), "none")) {
            send_back(&wish, &(struct back){ NULL, "login_required", "AADSTS50058: A silent sign-in request was sent but no user is signed in.", NULL, NULL }, reply);
        } else {
            sign_in_page(&wish, "Sign in to the demo tenant. Nothing here is real.", reply);
        }
    }
    wish_free(&wish);
}

/* ---- redeeming ---- */

/* Used codes stay in the ring for a while: 54005 (used twice) is another advice than 70008 (never known). */
static struct auth_code *find_auth_code(struct entra *entra, const char *text)
{
    for (size_t i = 0; text && i < MAX_GRANTS; i++) {
        if (entra->auth_codes[i].code && strcmp(entra->auth_codes[i].code, text) == 0) {
            return &entra->auth_codes[i];
        }
    }
    return NULL;
}

/* Length first (RFC 7636 section 4.1), or a short guess would be hashed like a proper verifier. */
static bool verifier_fits(const char *verifier, const char *challenge)
{
    char digest[32];
    struct buf text = BUF_INIT(256);
    size_t length = verifier ? strlen(verifier) : 0;
    if (length < 43 || length > 128 || gnutls_hash_fast(GNUTLS_DIG_SHA256, verifier, length, digest) < 0) {
        return false;
    }
    base64url_encode((struct str){ digest, sizeof digest }, &text);
    bool fits = strcmp(buf_cstr(&text), challenge) == 0;
    buf_free(&text);
    return fits;
}

/* The path's text and not the tenant behind it: a code of /organizations is refused at the GUID (700005, auth.md
   section 12). */
static bool same_tenant(const struct auth_code *code, const struct demo_request *request)
{
    return str_eq_nocase(str_of(code->tenant), entra_path_tenant(request));
}

/* The code is spent by the first good request only; a wrong verifier leaves it to its owner. */
void entra_grant_code(struct entra *entra, const struct demo_request *request, const char *client_id, struct demo_reply *reply)
{
    char *text = form_text(request->body, "code"), *redirect = form_text(request->body, "redirect_uri");
    char *verifier = form_text(request->body, "code_verifier");
    struct auth_code *code = find_auth_code(entra, text);
    bool ours = code && str_is_nocase(str_of(client_id), code->client_id);
    if (!ours || code->ends_unix <= clock_unix()) {
        entra_refuse(reply, 400, "invalid_grant", 70008, "The provided authorization code is not known or has expired.");
    } else if (code->used) {
        entra_refuse(reply, 400, "invalid_grant", 54005, "The authorization code was already redeemed.");
    } else if (!entra_check_proof(entra, request, client_id, reply)) {
        /* refused */
    } else if (!same_tenant(code, request)) {
        entra_refuse(reply, 400, "invalid_grant", 700005, "The code was issued for another tenant.");
    } else if (!redirect || strcmp(redirect, code->redirect_uri) != 0) {
        entra_refuse(reply, 400, "invalid_grant", 500112, "The reply address does not match the one of the authorization request.");
    } else if (!verifier_fits(verifier, code->challenge)) {
        entra_refuse(reply, 400, "invalid_grant", 501481, "The code_verifier does not match the code_challenge.");
    } else {
        code->used = true;
        entra_give_tokens(entra, &(struct giving){ request, client_id, code->user, code->resource, code->scope, code->nonce, false }, reply);
    }
    free(text);
    free(redirect);
    free(verifier);
}
