#include "engine/sign_in.h"

#include <stdlib.h>

#include "auth/cloud_discovery.h"
#include "auth/key_vault.h"
#include "base/clock.h"
#include "base/mem.h"
#include "engine/sign_in_words.h"
#include "engine/tenant_check.h"

/* Whoever asked for a new token while one was being fetched; all of them share the one answer. */
struct waiter {
    void (*ready)(void *context, const struct err *err);
    void *context;
    bool early;                     /* the old token does as long as it lasts */
};

/* What is done once a sign-in under way has ended. */
enum purpose { PURPOSE_OPEN, PURPOSE_RENEW };

struct sign_in {
    struct http *http;
    struct timers *timers;
    struct sign_in_listener listener;
    struct sign_in *first;          /* the one this stands beside; NULL = this is the first, and owns what follows */
    struct options *options;
    struct sign_in_plan *plan;
    struct token_cache *cache;
    bool locked;                    /* of the first: one of the two is at the cache's refresh token */
    bool holds;                     /* it is this one */
    const char *resource;           /* the audience; of the cloud's table; NULL = the plan's */
    char *claims;                   /* of a challenge that the next token has to meet; NULL = none */
    struct oauth *oauth;            /* the sign-in or renewal under way */
    struct key_vault *vault;        /* the certificate on its way */
    struct cloud_discovery *discovery;
    struct tenant_check *tenant;    /* a token that was handed in, being compared with the organization's name */
    struct token *unchecked;        /* that token */
    enum purpose purpose;
    bool renewing;
    bool silent;                    /* the refresh token of an earlier run is tried first */
    bool claims_retried;            /* asked again for the claims of a refusal: once is enough */
    struct token *token;
    char user_code[64];
    uint64_t timer;                 /* renewal ahead of time, or waiting for another process */
    int lock_tries;
    struct waiter *waiters;         /* for the renewal under way */
    size_t waiter_count, waiter_capacity;
};

static void step(struct sign_in *sign_in, const char *title, enum oauth_step_state state, int64_t elapsed_ms)
{
    sign_in->listener.step(sign_in->listener.context, title, state, elapsed_ms);
}

static void warn(struct sign_in *sign_in, const char *text)
{
    step(sign_in, text, OAUTH_STEP_WARNING, 0);
}

static void tell_failure(struct sign_in *sign_in, const struct err *err)
{
    sign_in->listener.failed(sign_in->listener.context, err);
}

/* ---- the lock of the cache: the process's, shared by both audiences ---- */

static bool *lock_of(struct sign_in *sign_in)
{
    return sign_in->first ? &sign_in->first->locked : &sign_in->locked;
}

static bool try_lock(struct sign_in *sign_in)
{
    bool *locked = lock_of(sign_in);
    if (sign_in->holds || *locked || !token_cache_try_lock(sign_in->cache)) {
        return sign_in->holds;
    }
    return *locked = sign_in->holds = true;
}

static void unlock(struct sign_in *sign_in)
{
    if (sign_in->holds) {
        token_cache_unlock(sign_in->cache);
        *lock_of(sign_in) = sign_in->holds = false;
    }
}

/* ---- the token ---- */

/* Asked anew before every attempt, because a renewal may have replaced the token in between (rest.md section 3). */
const struct secret *sign_in_bearer(void *context)
{
    struct sign_in *sign_in = context;
    return sign_in->token ? sign_in->token->access : NULL;
}

static void wake_waiters(struct sign_in *sign_in, const struct err *err)
{
    /* Taken off the list first: a waiter that is told may ask for the next renewal at once and must land on a new
       list. */
    struct waiter *waiters = sign_in->waiters;
    size_t count = sign_in->waiter_count;
    bool lasts = err && err->kind != ERR_CANCELLED && sign_in->token && clock_ms() < sign_in->token->expires_ms;
    sign_in->waiters = NULL;
    sign_in->waiter_count = sign_in->waiter_capacity = 0;
    for (size_t i = 0; i < count; i++) {
        waiters[i].ready(waiters[i].context, lasts && waiters[i].early ? NULL : err);
    }
    free(waiters);
}

static void start_oauth(struct sign_in *sign_in, enum oauth_grant grant, const struct secret *given);
static void refresh(struct sign_in *sign_in);

/* A token that met a challenge is simply the better one from then on (auth.md section 9: then forget the claims). */
static struct token_key key_of(const struct sign_in *sign_in)
{
    struct token_key key = sign_in_plan_key(sign_in->plan, NULL);
    if (sign_in->first) {
        key.resource = sign_in->resource;
        /* Whoever has signed in, not whoever signed in last: nobody may have been named. */
        key.account = sign_in->plan->person ? sign_in->first->token->upn : key.account;
    }
    return key;
}

/* The renewal of a token ends with a word to everybody who waits for it. */
static void end_renewal(struct sign_in *sign_in, const struct err *err)
{
    sign_in->renewing = false;
    sign_in->purpose = PURPOSE_OPEN;
    unlock(sign_in);
    wake_waiters(sign_in, err);
}

/* An application proves itself anew; a person's refresh token is used; a token that was handed in is all there is. */
static bool can_renew(const struct sign_in *sign_in)
{
    bool application = !sign_in->plan->person && sign_in->plan->grant != OAUTH_GIVEN_TOKEN;
    return sign_in->token && (application || sign_in->token->refresh || (sign_in->first && sign_in->first->token->refresh));
}

static void fail_renewal(const struct sign_in *sign_in, void (*ready)(void *, const struct err *), void *context)
{
    struct err err;
    if (sign_in->token && sign_in->token->given) {
        sign_in_explain_given(sign_in->token, sign_in->resource ? sign_in->resource : sign_in->plan->resource, &err);
    } else {
        err_set(&err, ERR_AUTH_REQUIRED, "The sign-in has ended and cannot be renewed by itself.");
        err_advise(&err, "Connect again.");
    }
    ready(context, &err);
}

/* claims: of a 401 that asks for a token with more in it (auth.md section 9). The old token is not good enough any more, so
   it leaves the cache, or another process would be refused with it. */
static void renew(struct sign_in *sign_in, const char *claims, struct waiter waiter)
{
    if (!can_renew(sign_in)) {
        fail_renewal(sign_in, waiter.ready, waiter.context);
        return;
    }
    MEM_ROOM(sign_in->waiters, sign_in->waiter_count, sign_in->waiter_capacity);
    sign_in->waiters[sign_in->waiter_count++] = waiter;
    if (sign_in->renewing) {
        return;
    }
    struct token_key key = key_of(sign_in);
    token_cache_drop_access(sign_in->cache, &key);
    if (claims) {
        free(sign_in->claims);
        sign_in->claims = mem_text(claims);
    }
    sign_in->renewing = true;
    sign_in->purpose = PURPOSE_RENEW;
    sign_in->lock_tries = 0;
    refresh(sign_in);
}

void sign_in_renew(void *context, const char *claims, void (*ready)(void *, const struct err *), void *ready_context)
{
    renew(context, claims, (struct waiter){ .ready = ready, .context = ready_context });
}

static void nobody_waits(void *context, const struct err *err)
{
    (void)context;
    (void)err;      /* the next command will meet the same failure and tell it */
}

static void renew_ahead(void *context)
{
    struct sign_in *sign_in = context;
    sign_in->timer = 0;
    if (can_renew(sign_in) && !sign_in->renewing) {
        sign_in_renew(sign_in, NULL, nobody_waits, NULL);
    }
}

/* Five minutes before the end, or when the service says (auth.md section 10): no command should have to wait for it. */
static void plan_renewal(struct sign_in *sign_in)
{
    const struct token *token = sign_in->token;
    enum { AHEAD_MS = 5 * 60 * 1000, LEAST_MS = 30 * 1000 };
    timers_cancel(sign_in->timers, sign_in->timer);
    sign_in->timer = 0;
    if (token->expires_ms && can_renew(sign_in)) {
        int64_t at_ms = (token->refresh_ms ? token->refresh_ms : token->expires_ms - AHEAD_MS) - clock_ms();
        sign_in->timer = timers_after(sign_in->timers, at_ms > LEAST_MS ? at_ms : LEAST_MS, renew_ahead, sign_in);
    }
}

/* ---- signing in ---- */

static void on_oauth_step(void *context, const char *title, enum oauth_step_state state, int64_t elapsed_ms)
{
    /* A renewal happens behind an open connection: its steps would bring the connect screen's list back to life. */
    struct sign_in *sign_in = context;
    if (sign_in->purpose == PURPOSE_OPEN) {
        step(sign_in, title, state, elapsed_ms);
    }
}

static void on_device_prompt(void *context, const struct oauth_device_prompt *prompt)
{
    struct sign_in *sign_in = context;
    /* Kept for the demo tenant's approval key, which has to name the code that is on the screen. */
    str_copy(sign_in->user_code, sizeof sign_in->user_code, prompt->user_code);
    sign_in->listener.device_prompt(sign_in->listener.context, prompt);
}

static void on_browser_prompt(void *context, const struct oauth_browser_prompt *prompt)
{
    struct sign_in *sign_in = context;
    sign_in->listener.browser_prompt(sign_in->listener.context, prompt);
}

static void end_oauth(struct sign_in *sign_in)
{
    oauth_free(sign_in->oauth);
    sign_in->oauth = NULL;
    sign_in->user_code[0] = '\0';
}

/* Whom the token is for, against whom the person named. */
static bool check_token(struct sign_in *sign_in, struct token *token, struct err *err)
{
    const char *user = options_get(sign_in->options, OPT_USER_PRINCIPAL_NAME);
    const char *organization = options_get(sign_in->options, OPT_ORGANIZATION);
    bool soon = false;
    if (token->given && token->app_only && !*organization && !*options_get(sign_in->options, OPT_DELEGATED_ORGANIZATION)) {
        err_set(err, ERR_INPUT, "This access token is an application's: the service cannot tell from it which organization is meant.");
        err_advise(err, "Give -Organization with the tenant's primary domain, for example contoso.onmicrosoft.com.");
        err_field(err, "Organization");
        return false;
    }
    if (!sign_in->first && *user && *token->upn && !str_is_nocase(str_of(user), token->upn)) {
        char *text = mem_format("The sign-in is %s's, not %s's; it is used as it is.", token->upn, user);
        warn(sign_in, text);
        free(text);
    }
    if (*token->warning) {
        warn(sign_in, token->warning);
    }
    if (token->given) {
        char *precedence = sign_in_precedence(sign_in->options), *end = sign_in_end_of_given(token, &soon);
        if (*precedence) {
            warn(sign_in, precedence);
        }
        if (*end) {
            step(sign_in, end, soon ? OAUTH_STEP_WARNING : OAUTH_STEP_DONE, 0);
        }
        free(precedence);
        free(end);
    }
    return true;
}

static void keep_token(struct sign_in *sign_in)
{
    struct token_key key = key_of(sign_in);
    struct err err = { 0 };
    if (!token_cache_store(sign_in->cache, &key, sign_in->token, &err)) {
        warn(sign_in, err.text);
    } else if (sign_in->purpose == PURPOSE_OPEN && !sign_in->first && !sign_in->token->given && token_cache_place(sign_in->cache) != TOKEN_CACHE_MEMORY) {
        char *title = mem_format("Kept %s", token_cache_reason(sign_in->cache));
        step(sign_in, title, OAUTH_STEP_DONE, 0);
        free(title);
    }
}

static void take_token(struct sign_in *sign_in, struct token *token)
{
    struct err err = { 0 };
    bool renewing = sign_in->purpose == PURPOSE_RENEW;
    if (!check_token(sign_in, token, &err)) {
        token_free(token);
        tell_failure(sign_in, &err);
        return;
    }
    /* The tokens are stored before the old ones are dropped: a crash in between loses nothing (auth.md section 10). */
    struct token *old = sign_in->token;
    sign_in->token = token;
    sign_in->silent = false;
    free(sign_in->claims);
    sign_in->claims = NULL;
    plan_renewal(sign_in);
    if (renewing) {
        end_renewal(sign_in, NULL);
        sign_in->listener.renewed(sign_in->listener.context);
    } else {
        unlock(sign_in);
        sign_in->listener.opened(sign_in->listener.context);
    }
    token_free(old);
}

static void accept_token(struct sign_in *sign_in, struct token *token)
{
    struct token *old = sign_in->token;
    sign_in->token = token;
    keep_token(sign_in);
    sign_in->token = old;
    take_token(sign_in, token);
}

static void on_tenant(void *context, const struct err *err)
{
    struct sign_in *sign_in = context;
    struct token *token = sign_in->unchecked;
    tenant_check_free(sign_in->tenant);
    sign_in->tenant = NULL;
    sign_in->unchecked = NULL;
    if (err) {
        token_free(token);
        tell_failure(sign_in, err);
    } else {
        accept_token(sign_in, token);
    }
}

static void on_token(void *context, struct token *token)
{
    struct sign_in *sign_in = context;
    struct err err = { 0 };
    end_oauth(sign_in);
    sign_in->unchecked = token;
    if (token->given) {
        sign_in->tenant = tenant_check_start(sign_in->http, sign_in->plan, sign_in->options, token, sign_in_keeps_places(sign_in), on_tenant, sign_in, &err);
    }
    if (!sign_in->tenant) {
        on_tenant(sign_in, err.kind == ERR_NONE ? NULL : &err);
    }
}

/* A stored sign-in that no longer works is no failure: the person is asked, as if there had been none. */
static bool start_over(struct sign_in *sign_in, const struct err *err)
{
    bool refused = err->kind == ERR_AUTH_REQUIRED || err->kind == ERR_AUTH_DENIED;
    if (!sign_in->silent || !refused) {
        return false;
    }
    sign_in->silent = false;
    unlock(sign_in);
    start_oauth(sign_in, sign_in->plan->grant, sign_in->plan->secret);
    return true;
}

/* Refused for lack of claims (a second factor, terms of use): asked again with them, once (auth.md section 9). */
static bool meet_claims(struct sign_in *sign_in, const char *claims)
{
    bool asks = !sign_in->first && (sign_in->plan->grant == OAUTH_DEVICE_CODE || sign_in->plan->grant == OAUTH_BROWSER);
    if (!*claims || sign_in->claims_retried || !asks || sign_in->purpose == PURPOSE_RENEW) {
        return false;
    }
    sign_in->claims_retried = true;
    warn(sign_in, "The service wants more than this sign-in had, such as a second factor: sign in once more.");
    free(sign_in->claims);
    sign_in->claims = mem_text(claims);
    end_oauth(sign_in);
    start_oauth(sign_in, sign_in->plan->grant, sign_in->plan->secret);
    return true;
}

static void on_oauth_failed(void *context, const struct err *cause)
{
    struct sign_in *sign_in = context;
    struct err err = *cause;    /* the cause may live inside the sign-in that is freed now */
    if (sign_in->oauth && meet_claims(sign_in, oauth_claims_asked(sign_in->oauth))) {
        return;
    }
    end_oauth(sign_in);
    if (start_over(sign_in, &err)) {
        return;
    }
    sign_in_explain(sign_in->plan, sign_in->options, &err);
    if (sign_in->purpose == PURPOSE_RENEW) {
        end_renewal(sign_in, &err);
    } else {
        unlock(sign_in);
        tell_failure(sign_in, &err);
    }
}

static int number_option(const struct sign_in *sign_in, enum option_id id)
{
    int64_t number = 0;
    return str_to_int64(str_of(options_get(sign_in->options, id)), 1, 1000000, &number) ? (int)number : 0;
}

static void start_oauth(struct sign_in *sign_in, enum oauth_grant grant, const struct secret *given)
{
    const struct sign_in_plan *plan = sign_in->plan;
    const struct options *options = sign_in->options;
    const struct oauth_request request = {
        .cloud = plan->cloud,
        .authority = plan->authority,
        .client_id = *plan->client_id ? plan->client_id : NULL,
        .resource = sign_in->resource ? sign_in->resource : plan->resource,
        .login_hint = *plan->user ? plan->user : NULL,
        .claims = sign_in->claims,
        .grant = grant,
        .given = given,
        .redirect_port = number_option(sign_in, OPT_REDIRECT_PORT),
        .accept_query_code = options_on(options, OPT_ACCEPT_QUERY_CODE),
        .certificate = plan->certificate,
        .rs256 = str_is_nocase(str_of(options_get(options, OPT_ASSERTION_ALGORITHM)), "RS256"),
        .with_chain = options_on(options, OPT_SEND_CHAIN),
        .assertion_file = options_get(options, OPT_FEDERATED_TOKEN_FILE),
        .identity = options_get(options, OPT_MANAGED_IDENTITY_ACCOUNT_ID),
    };
    const struct oauth_listener listener = {
        .step = on_oauth_step,
        .device_prompt = on_device_prompt,
        .browser_prompt = on_browser_prompt,
        .token = on_token,
        .failed = on_oauth_failed,
        .context = sign_in,
    };
    struct err err = { 0 };
    sign_in->oauth = oauth_start(sign_in->http, sign_in->timers, &request, &listener, &err);
    if (!sign_in->oauth) {
        on_oauth_failed(sign_in, &err);
    }
}

/* ---- what is kept from before ---- */

static void try_refresh(void *context)
{
    struct sign_in *sign_in = context;
    sign_in->timer = 0;
    refresh(sign_in);
}

/* Another process is at it, or the other audience of this account: its new token will be ours. */
static bool wait_for_lock(struct sign_in *sign_in)
{
    enum { STEP_MS = 200, TRIES = 150 };
    if (try_lock(sign_in) || sign_in->lock_tries++ >= TRIES) {
        return false;
    }
    timers_cancel(sign_in->timers, sign_in->timer);
    sign_in->timer = timers_after(sign_in->timers, STEP_MS, try_refresh, sign_in);
    return true;
}

static const struct secret *kept_in_memory(const struct sign_in *sign_in)
{
    const struct secret *own = sign_in->token ? sign_in->token->refresh : NULL;
    return own || !sign_in->first ? own : sign_in->first->token->refresh;
}

/* Under the lock, after a look whether somebody else has done it meanwhile; without a refresh token from the start. */
static void refresh(struct sign_in *sign_in)
{
    if (wait_for_lock(sign_in)) {
        return;
    }
    struct token_key key = key_of(sign_in);
    struct token *kept = token_cache_find(sign_in->cache, &key);
    if (kept && kept->access && !sign_in->claims) {
        take_token(sign_in, kept);
        return;
    }
    const struct secret *token = kept && kept->refresh ? kept->refresh : kept_in_memory(sign_in);
    bool would_ask = sign_in->plan->grant == OAUTH_DEVICE_CODE || sign_in->plan->grant == OAUTH_BROWSER;
    if (token) {
        start_oauth(sign_in, OAUTH_REFRESH, token);
    } else if (sign_in->first && would_ask) {
        struct err err;
        err_set(&err, ERR_AUTH_REQUIRED, "the sign-in came without a refresh token");
        on_oauth_failed(sign_in, &err);
    } else {
        start_oauth(sign_in, sign_in->plan->grant, sign_in->plan->secret);
    }
    token_free(kept);
}

/* ---- which cloud ---- */

/* A choice that was made for the person is explained to them. */
static void start_asking(struct sign_in *sign_in)
{
    const char *given = options_get(sign_in->options, OPT_AZURE_AD_AUTHORIZATION_ENDPOINT_URI);
    if (*options_get(sign_in->options, OPT_DELEGATED_ORGANIZATION) && !*given && sign_in->plan->grant != OAUTH_GIVEN_TOKEN) {
        char *title = mem_format("Signing in for the customer, at %s", sign_in->plan->authority);
        step(sign_in, title, OAUTH_STEP_DONE, 0);
        free(title);
    }
    if (sign_in->plan->chosen) {
        char *title = mem_format("Signing in %s: %s", sign_in->plan->grant == OAUTH_BROWSER ? "in the browser" : "with a code", sign_in->plan->why);
        step(sign_in, title, OAUTH_STEP_DONE, 0);
        free(title);
    }
    start_oauth(sign_in, sign_in->plan->grant, sign_in->plan->secret);
}

static void on_cloud(void *context, const struct cloud *cloud, const char *tenant_id)
{
    struct sign_in *sign_in = context;
    (void)tenant_id;
    cloud_discovery_free(sign_in->discovery);
    sign_in->discovery = NULL;
    if (cloud && cloud != sign_in->plan->cloud) {
        char *text = mem_format("The organization lives in %s: connecting there.", cloud->title);
        warn(sign_in, text);
        free(text);
        sign_in_plan_use_cloud(sign_in->plan, sign_in->options, cloud);
    }
    start_asking(sign_in);
}

/* A name of its own says nothing about the cloud; the organization itself is asked, once, when nothing is kept yet. */
static void find_cloud(struct sign_in *sign_in)
{
    enum { LIMIT_S = 10 };
    char *domain = sign_in_plan_domain(sign_in->plan, sign_in->options);
    struct err err = { 0 };
    if (*domain) {
        sign_in->discovery = cloud_discovery_start(sign_in->http, NULL, domain, LIMIT_S, on_cloud, sign_in, &err);
    }
    if (!sign_in->discovery) {
        start_asking(sign_in);
    }
    free(domain);
}

/* Which certificate it is, and where it was found: by its thumbprint it may be in any of several places. */
static void say_certificate(struct sign_in *sign_in)
{
    char *certificate = sign_in_certificate(sign_in->plan);
    if (*certificate) {
        char *title = mem_format("With the certificate %s", certificate);
        step(sign_in, title, OAUTH_STEP_DONE, 0);
        free(title);
    }
    free(certificate);
}

/* A second run with a good token asks nobody and sends nothing (auth.md section 11: cache, refresh, then people). */
static void choose_start(struct sign_in *sign_in)
{
    struct token_key key = key_of(sign_in);
    struct token *kept = sign_in->plan->grant == OAUTH_GIVEN_TOKEN ? NULL : token_cache_find(sign_in->cache, &key);
    say_certificate(sign_in);
    if (kept && kept->access) {
        char *title = mem_format("Using the sign-in of %s that was kept", *kept->upn ? kept->upn : "the application");
        step(sign_in, title, OAUTH_STEP_DONE, 0);
        free(title);
        take_token(sign_in, kept);
        return;
    }
    bool silent = kept && kept->refresh;
    token_free(kept);
    if (silent) {
        sign_in->silent = true;
        refresh(sign_in);
    } else if (sign_in->plan->grant == OAUTH_GIVEN_TOKEN || sign_in->plan->grant == OAUTH_MANAGED_IDENTITY) {
        start_asking(sign_in);       /* neither goes to a sign-in service */
    } else {
        find_cloud(sign_in);
    }
}

/* The first one's refresh token serves every audience (auth.md section 10). */
static void begin_beside(struct sign_in *sign_in)
{
    struct token_key key = key_of(sign_in);
    struct token *kept = token_cache_find(sign_in->cache, &key);
    struct err err;
    if (kept && kept->access) {
        take_token(sign_in, kept);
        return;
    }
    token_free(kept);
    if (sign_in->first->token->given) {
        err_set(&err, ERR_AUTH_REQUIRED, "an access token that was handed in is good for one audience only");
        err_advise(&err, "Connect with -EnableSearchOnlySession and a token for %s.", sign_in->resource);
        tell_failure(sign_in, &err);
    } else {
        refresh(sign_in);
    }
}

/* ---- a certificate in Key Vault ---- */

static void on_vault(void *context, struct client_certificate *certificate, const struct err *err)
{
    struct sign_in *sign_in = context;
    struct err copy = err ? *err : (struct err){ 0 };
    key_vault_free(sign_in->vault);
    sign_in->vault = NULL;
    sign_in->plan->certificate = certificate;
    if (certificate) {
        if (*certificate->warning) {
            warn(sign_in, certificate->warning);
        }
        choose_start(sign_in);
    } else {
        tell_failure(sign_in, &copy);
    }
}

static void fetch_certificate(struct sign_in *sign_in)
{
    const struct key_vault_request request = {
        .http = sign_in->http,
        .timers = sign_in->timers,
        .cloud = sign_in->plan->cloud,
        .uri = sign_in->plan->vault_uri,
        .token = sign_in->plan->vault_token,
        .password = sign_in->plan->certificate_password,
        .step = on_oauth_step,
        .done = on_vault,
        .context = sign_in,
    };
    struct err err = { 0 };
    sign_in->vault = key_vault_start(&request, &err);
    if (!sign_in->vault) {
        tell_failure(sign_in, &err);
    }
}

/* ---- life ---- */

static bool is_demo(const struct sign_in *sign_in)
{
    return str_is(str_of(sign_in->plan->cloud->name), "demo");
}

static bool open_cache(struct sign_in *sign_in, struct err *err)
{
    const char *name = options_get(sign_in->options, OPT_TOKEN_CACHE);
    enum token_cache_place place = TOKEN_CACHE_AUTO;
    if (*name) {
        (void)token_cache_place_by_name(name, &place);      /* options_check knows the names */
    } else if (is_demo(sign_in) || sign_in->plan->grant == OAUTH_GIVEN_TOKEN) {
        place = TOKEN_CACHE_MEMORY;     /* the demo's accounts end with it, and a given token is its owner's to keep */
    }
    sign_in->cache = token_cache_open(place, NULL, err);
    if (!sign_in->cache) {
        err_field(err, "token-cache");
    }
    return sign_in->cache != NULL;
}

static struct sign_in *new_sign_in(struct http *http, struct timers *timers, const struct sign_in_listener *listener)
{
    struct sign_in *sign_in = MEM_NEW(struct sign_in);
    sign_in->http = http;
    sign_in->timers = timers;
    sign_in->listener = *listener;
    return sign_in;
}

struct sign_in *sign_in_new(struct http *http, struct timers *timers, const struct options *options,
                            const struct sign_in_listener *listener)
{
    struct sign_in *sign_in = new_sign_in(http, timers, listener);
    sign_in->options = MEM_NEW(struct options);
    sign_in->plan = MEM_NEW(struct sign_in_plan);
    options_copy(sign_in->options, options);
    return sign_in;
}

struct sign_in *sign_in_beside(struct sign_in *first, const char *resource, const struct sign_in_listener *listener)
{
    struct sign_in *sign_in = new_sign_in(first->http, first->timers, listener);
    sign_in->first = first;
    sign_in->options = first->options;
    sign_in->plan = first->plan;
    sign_in->cache = first->cache;
    sign_in->resource = resource;
    return sign_in;
}

void sign_in_begin(struct sign_in *sign_in)
{
    struct err err = { 0 };
    if (sign_in->first) {
        begin_beside(sign_in);
    } else if (!sign_in_plan_make(sign_in->plan, sign_in->options, &err) || !open_cache(sign_in, &err)) {
        tell_failure(sign_in, &err);
    } else {
        if (sign_in->plan->warning) {
            warn(sign_in, sign_in->plan->warning);
        }
        if (sign_in->plan->vault_uri) {
            fetch_certificate(sign_in);
        } else {
            choose_start(sign_in);
        }
    }
}

static void free_shared(struct sign_in *sign_in)
{
    token_cache_close(sign_in->cache);
    sign_in_plan_free(sign_in->plan);
    options_free(sign_in->options);
    free(sign_in->plan);
    free(sign_in->options);
}

void sign_in_free(struct sign_in *sign_in)
{
    struct err closed;
    if (!sign_in) {
        return;
    }
    end_oauth(sign_in);
    unlock(sign_in);
    err_set(&closed, ERR_CANCELLED, "The connection was closed.");
    wake_waiters(sign_in, &closed);
    key_vault_free(sign_in->vault);
    cloud_discovery_free(sign_in->discovery);
    tenant_check_free(sign_in->tenant);
    token_free(sign_in->unchecked);
    timers_cancel(sign_in->timers, sign_in->timer);
    token_free(sign_in->token);
    free(sign_in->claims);
    free(sign_in->waiters);
    if (!sign_in->first) {
        free_shared(sign_in);
    }
    free(sign_in);
}

const struct sign_in_plan *sign_in_plan_of(const struct sign_in *sign_in)
{
    return sign_in->plan;
}

const struct token *sign_in_token(const struct sign_in *sign_in)
{
    return sign_in->token;
}

bool sign_in_keeps(const struct sign_in *sign_in)
{
    return token_cache_place(sign_in->cache) != TOKEN_CACHE_MEMORY;
}

bool sign_in_keeps_places(const struct sign_in *sign_in)
{
    bool unasked = *options_get(sign_in->options, OPT_TOKEN_CACHE) == '\0';
    return sign_in_keeps(sign_in) || (unasked && sign_in->plan->grant == OAUTH_GIVEN_TOKEN && !is_demo(sign_in));
}

const char *sign_in_place(const struct sign_in *sign_in)
{
    return token_cache_reason(sign_in->cache);
}

const char *sign_in_user_code(const struct sign_in *sign_in)
{
    return sign_in->user_code;
}

/* Renewed ahead of a run, so that a long one does not meet its 401 in the middle of its pages. A failure is none yet (auth.md
   section 10, refresh_in). */
void sign_in_prepare(struct sign_in *sign_in, void (*ready)(void *, const struct err *), void *context)
{
    if (can_renew(sign_in) && token_needs_refresh(sign_in->token)) {
        renew(sign_in, NULL, (struct waiter){ ready, context, .early = true });
    } else {
        ready(context, NULL);
    }
}
