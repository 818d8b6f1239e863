/* The six actions on shells (rps.md section 3). */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/guid.h"
#include "base/mem.h"
#include "demo/rps_internal.h"

#define STREAM_BYTES ((size_t)96 * 1024)        /* raw, of one Stream element: an answer has several */
#define STREAM_OVERHEAD 256                     /* its tags, and those behind it */
#define ANSWER_OVERHEAD 2048                    /* envelope and headers */
#define STATES NS_SHELL "/CommandState/"

/* One request at work. */
struct work {
    struct demo *demo;
    struct rps *rps;
    const struct caller *caller;
    struct str uri;
    struct wsman wsman;
    struct demo_reply *reply;
    struct shell *shell;
};

static bool gone(struct work *work)
{
    return demo_wsman_fault(work->reply, WSFAULT_SELECTOR, work->wsman.message_id,
                       "The request for the Windows Remote Shell with ShellId %s failed because the shell was not found on the server.",
                       work->wsman.shell);
}

/* What breaks a rule of fragments or messages ends the pool, and the request has a fault (rps.md section 5). */
static bool breaks(struct work *work, const struct err *err)
{
    if (work->shell && work->shell->state != POOL_BROKEN) {
        pool_broken(work->shell, err->text);
        pthread_cond_broadcast(&work->rps->changed);
    }
    return demo_wsman_fault(work->reply, WSFAULT_SCHEMA, work->wsman.message_id, "The data of the request broke the protocol: %s.", err->text);
}

/* White space may stand in base64 of XML; what is no base64 at all is refused. */
static bool decode(struct str text, struct buf *bytes, struct err *err)
{
    struct buf packed = BUF_INIT(BUF_LARGE);
    for (size_t i = 0; i < text.len; i++) {
        if (!strchr(" \t\r\n", text.data[i])) {
            buf_char(&packed, text.data[i]);
        }
    }
    bool good = base64_decode(buf_str(&packed), bytes);
    buf_free(&packed);
    return good || err_set(err, ERR_PROTOCOL, "the text is no base64");
}

static void finish(struct work *work, struct xml_writer *xml)
{
    demo_wsman_send(xml, work->reply);
}

/* ---- Create ---- */

static const char front_text[] = "[ClientAccessServer=%s,BackEndServer=%s,RequestId=%s,TimeStamp=%s] [FailureCategory=%s] %s";

static bool refuse(struct work *work, enum wsman_fault fault, const char *category, const char *text)
{
    char now[21];
    clock_iso(clock_unix(), now);
    return demo_wsman_fault(work->reply, fault, work->wsman.message_id, front_text, "EUR01FT0104", "eur01ps0104", guid_new().text, now, category, text);
}

/* The budget as a real refusal shows it (rps.md section 11). */
static bool within_budget(struct work *work)
{
    if (shells_of(work->rps, work->caller->upn) < SHELLS_PER_USER) {
        return true;
    }
    char *text = mem_format("Fail to create a runspace because you have exceeded the maximum number of connections allowed : %d for the policy "
                            "party : MaxConcurrency. Please close existing runspace and try again. Policy: GlobalThrottlingPolicy; Snapshot: Owner: "
                            "%s, BudgetType: WSMan, ActiveRunspaces: %d/%d, Balance: 0/120000/-3000000", SHELLS_PER_USER, work->caller->upn,
                            SHELLS_PER_USER, SHELLS_PER_USER);
    refuse(work, WSFAULT_QUOTA, "AuthZ-AuthorizationException", text);
    free(text);
    return false;
}

static bool may_create(struct work *work)
{
    if (work->rps->trouble[TROUBLE_REFUSE] > 0) {
        work->rps->trouble[TROUBLE_REFUSE]--;
        return refuse(work, WSFAULT_DENIED, "AuthZ-CmdletAccessDeniedException",
                      "Remote PowerShell (RPS) has been deprecated and is not available for this organization. Please connect with the latest module, "
                      "without -UseRPSSession.");
    }
    return within_budget(work);
}

/* The id twice, as Windows has it: a client may read either (rps.md section 3). */
static void write_created(struct work *work, struct xml_writer *xml)
{
    xml_open(xml, "x:ResourceCreated");
    xml_leaf(xml, "a:Address", work->uri);
    xml_open(xml, "a:ReferenceParameters");
    xml_leaf(xml, "w:ResourceURI", STR(RESOURCE));
    xml_open(xml, "w:SelectorSet");
    xml_open(xml, "w:Selector");
    xml_put_attribute(xml, "Name", STR("ShellId"));
    xml_put_text(xml, str_of(work->shell->id));
    for (int i = 0; i < 4; i++) {
        xml_close(xml);
    }
    xml_open(xml, "rsp:Shell");
    xml_leaf(xml, "rsp:ShellId", str_of(work->shell->id));
    xml_leaf(xml, "rsp:ResourceUri", STR(RESOURCE));
    xml_leaf(xml, "rsp:Owner", str_of(work->caller->upn));
    char *idle = mem_format("PT%lld.000S", (long long)(work->shell->idle_ms / 1000));
    xml_leaf(xml, "rsp:IdleTimeOut", str_of(idle));
    free(idle);
    xml_leaf(xml, "rsp:InputStreams", STR("stdin pr"));
    xml_leaf(xml, "rsp:OutputStreams", STR("stdout"));
    xml_close(xml);
}

/* At least a minute (rps.md section 11); the text is "PT900.000S". */
static void read_idle(const struct xml_node *node, struct shell *shell)
{
    struct str text = xml_text(node), whole;
    int64_t seconds;
    text = str_from(text, 2);
    str_cut(&text, '.', &whole);
    if (whole.len && whole.data[whole.len - 1] == 'S') {
        whole = str_take(whole, whole.len - 1);
    }
    if (str_to_int64(whole, 60, 43200, &seconds)) {
        shell->idle_ms = seconds * 1000;
    }
}

/* A shell whose opening breaks a rule never was. */
static bool open_shell(struct work *work, const struct xml_node *request)
{
    struct buf bytes = BUF_INIT(BUF_LARGE);
    struct err err = { 0 };
    const struct xml_node *creation = xml_child(request, NS_POWERSHELL, "creationXml");
    work->shell = shell_new(work->rps, work->caller->upn, work->wsman.session);
    work->shell->envelope_max = work->wsman.envelope_max;
    work->shell->search_only = work->caller->search_only;
    metadata_hash(work->demo, work->shell->commands_hash);
    read_idle(xml_child(request, NS_SHELL, "IdleTimeOut"), work->shell);
    bool good = decode(xml_text(creation), &bytes, &err) && pool_feed(work->shell, buf_str(&bytes), &err);
    buf_free(&bytes);
    if (!good) {
        demo_wsman_fault(work->reply, WSFAULT_SCHEMA, work->wsman.message_id, "The opening of the shell broke the protocol: %s.", err.text);
        shell_remove(work->rps, work->shell);
        return false;
    }
    return true;
}

static void serve_create(struct work *work)
{
    const struct xml_node *shell = xml_child(work->wsman.body, NS_SHELL, "Shell");
    bool shaped = str_is(xml_text(xml_child(shell, NS_SHELL, "InputStreams")), "stdin pr") &&
                  str_is(xml_text(xml_child(shell, NS_SHELL, "OutputStreams")), "stdout") &&
                  xml_text(xml_child(shell, NS_POWERSHELL, "creationXml")).len > 0;
    if (!shaped) {
        demo_wsman_fault(work->reply, WSFAULT_SCHEMA, work->wsman.message_id, "The body is no rsp:Shell with streams and creationXml.");
    } else if (may_create(work) && open_shell(work, shell)) {
        struct xml_writer *xml = demo_wsman_answer(&work->wsman);
        write_created(work, xml);
        finish(work, xml);
    }
}

/* ---- Command ---- */

static bool read_command(struct work *work, const struct xml_node *line, struct buf *bytes, struct err *err)
{
    const struct xml_node *arguments = xml_child(line, NS_SHELL, "Arguments");
    size_t count = 0;
    for (const struct xml_node *child = line ? line->first : NULL; child; child = child->next) {
        count += str_is(child->name, "Arguments");
    }
    if (!guid_valid(xml_attribute(line, "CommandId")) || !xml_child(line, NS_SHELL, "Command") || count != 1) {
        return demo_wsman_fault(work->reply, WSFAULT_SCHEMA, work->wsman.message_id,
                           "The body is no rsp:CommandLine with a CommandId, a Command and one Arguments.");
    }
    return decode(xml_text(arguments), bytes, err) || breaks(work, err);
}

/* The id of the answer is the one that was asked for, in the letter case of the client. */
static void start_command(struct work *work, struct str id, struct str bytes)
{
    struct err err = { 0 };
    if (work->shell->pipeline_count >= PIPELINES_MAX || demo_pipeline_find(work->shell, id)) {
        demo_wsman_fault(work->reply, WSFAULT_QUOTA, work->wsman.message_id, "There are too many commands in this shell, or one has the same id.");
        return;
    }
    struct pipeline *pipeline = demo_pipeline_new(work->shell, id);
    pipeline->silent = trouble_strikes(work->rps, TROUBLE_NEVER);
    if (!demo_pipeline_feed(work->demo, pipeline, false, bytes, &err)) {
        demo_pipeline_remove(pipeline);
        breaks(work, &err);
        return;
    }
    struct xml_writer *xml = demo_wsman_answer(&work->wsman);
    xml_open(xml, "rsp:CommandResponse");
    xml_leaf(xml, "rsp:CommandId", str_of(pipeline->id));
    xml_close(xml);
    finish(work, xml);
}

/* A pool has to be open first: Command before Opened is a broken client, not an early one. */
static void serve_command(struct work *work)
{
    const struct xml_node *line = xml_child(work->wsman.body, NS_SHELL, "CommandLine");
    struct buf bytes = BUF_INIT(BUF_LARGE);
    struct err err = { 0 };
    if (work->shell->state != POOL_OPENED) {
        err_set(&err, ERR_PROTOCOL, "a command came to a pool that is not open");
        breaks(work, &err);
    } else if (read_command(work, line, &bytes, &err)) {
        start_command(work, xml_attribute(line, "CommandId"), buf_str(&bytes));
    }
    buf_free(&bytes);
}

/* ---- Send ---- */

/* Several Streams may come, for the pool and for pipelines. */
static bool take_stream(struct work *work, const struct xml_node *stream)
{
    struct err err = { 0 };
    struct buf bytes = BUF_INIT(BUF_LARGE);
    struct str name = xml_attribute(stream, "Name"), id = xml_attribute(stream, "CommandId");
    struct pipeline *pipeline = id.len ? demo_pipeline_find(work->shell, id) : NULL;
    bool good = (str_is(name, "stdin") || str_is(name, "pr")) || err_set(&err, ERR_PROTOCOL, "there is no stream of that name");
    if (good && id.len && !pipeline) {
        return gone(work);
    }
    good = good && decode(xml_text(stream), &bytes, &err);
    good = good && (pipeline ? demo_pipeline_feed(work->demo, pipeline, str_is(name, "pr"), buf_str(&bytes), &err)
                             : pool_feed(work->shell, buf_str(&bytes), &err));
    buf_free(&bytes);
    return good || breaks(work, &err);
}

static void serve_send(struct work *work)
{
    const struct xml_node *send = xml_child(work->wsman.body, NS_SHELL, "Send");
    const struct xml_node *stream = xml_child(send, NS_SHELL, "Stream");
    if (!stream) {
        demo_wsman_fault(work->reply, WSFAULT_SCHEMA, work->wsman.message_id, "The body is no rsp:Send with a Stream.");
        return;
    }
    for (; stream; stream = stream->next) {
        if (!take_stream(work, stream)) {
            return;
        }
    }
    struct xml_writer *xml = demo_wsman_answer(&work->wsman);
    xml_leaf(xml, "rsp:SendResponse", (struct str){ 0 });
    finish(work, xml);
}

/* ---- Receive ---- */

static void put_base64(struct work *work, struct xml_writer *xml, const struct buf *bytes)
{
    struct buf text = BUF_INIT(BUF_LARGE);
    if (trouble_strikes(work->rps, TROUBLE_ORDER)) {
        bytes->data[15] = (char)(bytes->data[15] + 5);      /* the number of the first fragment */
    }
    base64_encode(buf_str(bytes), &text);
    struct str shown = buf_str(&text);
    if (trouble_strikes(work->rps, TROUBLE_GARBAGE)) {
        shown = STR("@@@ this is no base64 @@@");
    } else if (trouble_strikes(work->rps, TROUBLE_TRUNCATE)) {
        shown = str_take(shown, shown.len / 2 + 1);
    }
    xml_put_raw(xml, shown);
    buf_free(&text);
}

static void put_stream(struct work *work, struct xml_writer *xml, const char *command, const struct buf *bytes)
{
    xml_open(xml, "rsp:Stream");
    xml_put_attribute(xml, "Name", STR("stdout"));
    if (*command) {
        xml_put_attribute(xml, "CommandId", str_of(command));
    }
    put_base64(work, xml, bytes);
    xml_close(xml);
}

/* Never more than the client's envelope: base64 takes four characters for three bytes. */
static void write_streams(struct work *work, struct xml_writer *xml, struct outbox *outbox, const char *command)
{
    size_t left = (size_t)work->wsman.envelope_max - ANSWER_OVERHEAD;
    while (!outbox_empty(outbox) && left > 2 * STREAM_OVERHEAD + 512) {
        size_t room = (left - 2 * STREAM_OVERHEAD) / 4 * 3 - 3;
        struct buf bytes = BUF_INIT(BUF_LARGE);
        outbox_take(outbox, room < STREAM_BYTES ? room : STREAM_BYTES, &bytes);
        if (trouble_strikes(work->rps, TROUBLE_SPLIT)) {
            struct buf head = BUF_INIT(FRAGMENT_HEADER + 9);
            buf_add(&head, str_take(buf_str(&bytes), FRAGMENT_HEADER + 9));
            buf_drop_front(&bytes, head.len);
            put_stream(work, xml, command, &head);
            left -= STREAM_OVERHEAD;
            buf_free(&head);
        }
        put_stream(work, xml, command, &bytes);
        left -= STREAM_OVERHEAD + (bytes.len + 2) / 3 * 4;
        buf_free(&bytes);
    }
}

/* Done comes with the last of the output; before, the state is Running. had: output stands in the same answer. */
static void write_state(struct work *work, struct xml_writer *xml, struct pipeline *pipeline, bool had)
{
    bool ends = pipeline->done && outbox_empty(&pipeline->out) && !pipeline->silent;
    pipeline->done_told = ends && !(had && trouble_strikes(work->rps, TROUBLE_LATE));
    if (pipeline->done_told) {
        xml_open(xml, "rsp:Stream");
        xml_put_attribute(xml, "Name", STR("stdout"));
        xml_put_attribute(xml, "CommandId", str_of(pipeline->id));
        xml_put_attribute(xml, "End", STR("true"));
        xml_close(xml);
    }
    xml_open(xml, "rsp:CommandState");
    xml_put_attribute(xml, "CommandId", str_of(pipeline->id));
    xml_put_attribute(xml, "State", pipeline->done_told ? STR(STATES "Done") : STR(STATES "Running"));
    if (pipeline->done_told) {
        xml_leaf(xml, "rsp:ExitCode", STR("0"));
    }
    xml_close(xml);
}

static void answer_receive(struct work *work, struct pipeline *pipeline)
{
    struct xml_writer *xml = demo_wsman_answer(&work->wsman);
    bool had = pipeline && !outbox_empty(&pipeline->out);
    xml_open(xml, "rsp:ReceiveResponse");
    write_streams(work, xml, pipeline ? &pipeline->out : &work->shell->out, pipeline ? pipeline->id : "");
    if (pipeline) {
        write_state(work, xml, pipeline, had);
    }
    xml_close(xml);
    finish(work, xml);
}

/* Wakes early for any change; who waits looks again. */
static void wait_until(struct work *work, int64_t until_ms)
{
    struct timespec until = { .tv_sec = (time_t)(until_ms / 1000), .tv_nsec = (long)(until_ms % 1000) * 1000000L };
    pthread_cond_timedwait(&work->rps->changed, &work->demo->lock, &until);
}

/* One look: true when the request has its answer. The shell may have gone while it waited. */
static bool look(struct work *work, struct str command, bool waited)
{
    work->shell = shell_find(work->rps, work->wsman.shell);
    struct pipeline *pipeline = work->shell && command.len ? demo_pipeline_find(work->shell, command) : NULL;
    if (!work->shell && waited) {
        demo_wsman_fault(work->reply, WSFAULT_ABORTED, work->wsman.message_id,
                    "The I/O operation has been aborted because of either a thread exit or an application request.");
        return true;
    }
    if (!work->shell || (command.len && !pipeline)) {
        gone(work);
        return true;
    }
    if (pipeline) {
        demo_pipeline_run(work->demo, pipeline, (size_t)work->wsman.envelope_max);
    }
    bool ready = pipeline ? !outbox_empty(&pipeline->out) || (pipeline->done && !pipeline->done_told && !pipeline->silent) : !outbox_empty(&work->shell->out);
    if (ready) {
        answer_receive(work, pipeline);
    }
    return ready;
}

static int64_t next_look(const struct work *work, struct str command, int64_t deadline)
{
    struct pipeline *pipeline = command.len ? demo_pipeline_find(work->shell, command) : NULL;
    bool slow = pipeline && !pipeline->done && pipeline->due_ms > clock_ms() && pipeline->due_ms < deadline;
    return slow ? pipeline->due_ms : deadline;
}

/* The lock is let go of while it waits: a Send, a Signal or a Delete on another connection changes what there is. */
static void serve_receive(struct work *work)
{
    const struct xml_node *receive = xml_child(work->wsman.body, NS_SHELL, "Receive"), *stream = xml_child(receive, NS_SHELL, "DesiredStream");
    struct str command = xml_attribute(stream, "CommandId");
    int64_t deadline = clock_ms() + work->wsman.timeout_ms;
    bool answered = !str_is(xml_text(stream), "stdout");
    if (answered) {
        demo_wsman_fault(work->reply, WSFAULT_SCHEMA, work->wsman.message_id, "The body is no rsp:Receive of the output stream.");
        return;
    }
    answered = look(work, command, false);
    while (!answered) {
        if (clock_ms() >= deadline || work->rps->stopping) {
            if (trouble_strikes(work->rps, TROUBLE_EMPTY)) {
                struct xml_writer *xml = demo_wsman_answer(&work->wsman);
                xml_leaf(xml, "rsp:ReceiveResponse", (struct str){ 0 });
                finish(work, xml);
                return;
            }
            demo_wsman_fault(work->reply, WSFAULT_TIMED_OUT, work->wsman.message_id,
                        "The WS-Management service cannot complete the operation within the time specified in OperationTimeout.");
            return;
        }
        work->shell->holding++;
        wait_until(work, next_look(work, command, deadline));
        work->shell = shell_find(work->rps, work->wsman.shell);
        if (work->shell) {
            work->shell->holding--;
            work->shell->last_ms = clock_ms();
        }
        answered = look(work, command, true);
    }
}

/* ---- Signal and Delete ---- */

/* The engine's client misspells the code, its server compares exactly, and every other code closes the command with all
   that is queued (rps.md section 3). */
static void serve_signal(struct work *work)
{
    const struct xml_node *signal = xml_child(work->wsman.body, NS_SHELL, "Signal");
    struct pipeline *pipeline = demo_pipeline_find(work->shell, xml_attribute(signal, "CommandId"));
    struct str code = xml_text(xml_child(signal, NS_SHELL, "Code"));
    if (!pipeline || !code.len) {
        gone(work);
        return;
    }
    bool stops = str_is(code, "powershell/signal/crtl_c");
    if (stops && !trouble_strikes(work->rps, TROUBLE_DEAF)) {
        demo_pipeline_stop(pipeline);
    } else if (!stops) {
        demo_pipeline_remove(pipeline);
    }
    struct xml_writer *xml = demo_wsman_answer(&work->wsman);
    xml_leaf(xml, "rsp:SignalResponse", (struct str){ 0 });
    finish(work, xml);
}

/* Empty answer (rps.md section 3); a Receive that is held gets 995. */
static void serve_delete(struct work *work)
{
    shell_remove(work->rps, work->shell);
    work->shell = NULL;
    work->rps->deleted++;
    finish(work, demo_wsman_answer(&work->wsman));
}

/* ---- all ---- */

static void (*const actions[WSMAN_ACTIONS])(struct work *work) = {
    serve_create, serve_command, serve_send, serve_receive, serve_signal, serve_delete,
};

/* The shell is there, is this person's, and belongs to this session. */
static bool find_shell(struct work *work)
{
    work->shell = shell_find(work->rps, work->wsman.shell);
    if (!work->shell) {
        return gone(work);
    }
    if (!str_is_nocase(str_of(work->caller->upn), work->shell->owner)) {
        return refuse(work, WSFAULT_DENIED, "AuthZ-AuthorizationException", "The shell belongs to somebody else.");
    }
    if (!str_is_nocase(str_of(work->wsman.session), work->shell->session)) {
        return demo_wsman_fault(work->reply, WSFAULT_SCHEMA, work->wsman.message_id, "The SessionId is not that of the shell's Create.");
    }
    work->shell->last_ms = clock_ms();
    return true;
}

/* The address as the client has to name it: scheme, host as it was asked, path and query as they were sent. */
static char *address_of(const struct demo *demo, const struct demo_request *request)
{
    return mem_format("https://%s:%d%s%s%s", request->host, demo->config.port, request->path, *request->query ? "?" : "", request->query);
}

/* Expired shells go before anything is looked up, so that a test sees them gone at the next request. */
void rps_serve(struct demo *demo, const struct demo_request *request, const struct caller *caller, struct demo_reply *reply)
{
    char *uri = address_of(demo, request);
    struct work work = { .demo = demo, .rps = rest_rps(demo->rest), .caller = caller, .uri = str_of(uri), .reply = reply };
    shells_expire(work.rps);
    if (demo_wsman_read(request, work.uri, &work.wsman, reply)) {
        work.rps->actions[work.wsman.action]++;
        if (work.wsman.action == WSMAN_CREATE || find_shell(&work)) {
            actions[work.wsman.action](&work);
        }
    }
    pthread_cond_broadcast(&work.rps->changed);
    demo_wsman_free(&work.wsman);
    free(uri);
}
