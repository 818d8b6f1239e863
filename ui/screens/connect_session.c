#include "ui/screens/connect_session.h"

#include "base/mem.h"

#include <stdlib.h>

#define PREFIX "PSSessionOption."

static enum field_kind kind_of(const struct ps_session_member *member)
{
    switch (member->kind) {
    case PS_SESSION_TIME:
    case PS_SESSION_COUNT:
    case PS_SESSION_BYTES:
        return FIELD_NUMBER;
    case PS_SESSION_SWITCH:
        return FIELD_SWITCH;
    case PS_SESSION_CHOICE:
        return FIELD_CHOICE;
    case PS_SESSION_TEXT:
    case PS_SESSION_TABLE:
    case PS_SESSION_CREDENTIAL:
        return FIELD_TEXT;
    }
    return FIELD_TEXT;
}

static void add_choices(struct form_field *field, struct str choices)
{
    for (struct str choice; choices.len;) {
        str_cut(&choices, '|', &choice);
        char *text = str_dup(choice);
        form_field_choice(field, text);
        free(text);
    }
}

/* Every member: what has no effect or is refused says so, instead of being looked for. */
void connect_session_add(struct form *form)
{
    form_add(form, FIELD_HEADING, PREFIX, "Options of the remote session (New-PSSessionOption)")->hidden = true;
    for (size_t i = 0; i < ps_session_member_count(); i++) {
        const struct ps_session_member *member = ps_session_member_at(i);
        bool refused = member->verdict == PS_SESSION_REFUSED;
        char *name = mem_format(PREFIX "%s", member->name), *help = mem_format("%s%s%s", refused ? "Refused: " : "", member->help, refused ? "." : "");
        struct form_field *field = form_add(form, kind_of(member), name, member->name);
        form_field_help(field, help, member->kind == PS_SESSION_TABLE ? "@{name='value'}" : member->fallback);
        add_choices(field, str_of(member->choices));
        field->hidden = true;
        free(name);
        free(help);
    }
}

const struct ps_session_member *connect_session_member(const struct form_field *field)
{
    struct str name = str_of(field->name);
    if (!str_starts(name, STR(PREFIX))) {
        return NULL;
    }
    name = str_from(name, sizeof PREFIX - 1);
    for (size_t i = 0; i < ps_session_member_count(); i++) {
        if (str_is(name, ps_session_member_at(i)->name)) {
            return ps_session_member_at(i);
        }
    }
    return NULL;
}

void connect_session_show(struct form *form, bool shown)
{
    for (size_t i = 0; i < form->count; i++) {
        if (str_starts(str_of(form->fields[i]->name), STR(PREFIX))) {
            form->fields[i]->hidden = !shown;
        }
    }
}

void connect_session_fill(struct form *form, const char *table)
{
    for (size_t i = 0; i < form->count; i++) {
        const struct ps_session_member *member = connect_session_member(form->fields[i]);
        struct buf value = BUF_INIT(BUF_SMALL);
        if (member && ps_session_member_value(str_of(table), member, &value)) {
            form_set(form->fields[i], buf_str(&value));
        }
        buf_free(&value);
    }
}

/* A switch that is off and a choice that stands on its first value say what no option says. */
static bool says_something(const struct form_field *field)
{
    switch (field->kind) {
    case FIELD_SWITCH:
        return field->on;
    case FIELD_CHOICE:
        return field->chosen > 0;
    default:
        return str_trim(form_value(field)).len > 0;
    }
}

void connect_session_collect(const struct form *form, struct buf *table)
{
    struct buf members = BUF_INIT(BUF_SMALL);
    buf_text(&members, "@{");
    for (size_t i = 0; i < form->count; i++) {
        const struct ps_session_member *member = connect_session_member(form->fields[i]);
        if (member && says_something(form->fields[i])) {
            ps_session_member_print(member, str_trim(form_value(form->fields[i])), &members);
        }
    }
    if (members.len > 2) {
        buf_add(table, buf_str(&members));
        buf_char(table, '}');
    }
    buf_free(&members);
}
