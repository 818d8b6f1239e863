/* The definitions are PowerShell functions of one fixed shape. Only the heads of the functions are read; anything in them
   that is not known is stepped over, so that a new attribute does not cost a cmdlet. */
#include "catalogue/module_file.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/mem.h"
#include "catalogue/type_name.h"

/* Against a file that is not what it should be; the service has 418 cmdlets (rest.md section 7). */
#define NAMES_MOST 20000
#define PARAMETERS_MOST 1000    /* of one cmdlet; the service's largest has about 150 */
#define USES_MOST 64

static void skip(struct str *s, size_t count)
{
    *s = str_from(*s, count);
}

/* s stands on a quote: moves past the string; *inside is what is between the quotes, doubled ones still doubled. */
static bool take_quoted(struct str *s, struct str *inside)
{
    char quote = s->data[0];
    for (size_t i = 1; i < s->len; i++) {
        if (s->data[i] != quote)
            continue;
        if (i + 1 < s->len && s->data[i + 1] == quote) {
            i++;
            continue;
        }
        *inside = (struct str){ s->data + 1, i - 1 };
        skip(s, i + 1);
        return true;
    }
    return false;
}

/* s stands on an opening bracket: moves past the closing one, strings inside respected. False when the text ends first. */
static bool take_bracketed(struct str *s, char open, char close, struct str *inside)
{
    size_t depth = 0;
    const char *start = s->data + 1;
    while (s->len > 0) {
        char c = s->data[0];
        struct str quoted;
        if (c == '\'' || c == '"') {
            if (!take_quoted(s, &quoted))
                return false;
            continue;
        }
        if (c == open)
            depth++;
        if (c == close && --depth == 0) {
            *inside = (struct str){ start, (size_t)(s->data - start) };
            skip(s, 1);
            return true;
        }
        skip(s, 1);
    }
    return false;
}

/* The next of the arguments, cut at a comma outside of strings and brackets. */
static bool next_argument(struct str *args, struct str *argument)
{
    *args = str_trim(*args);
    if (args->len == 0)
        return false;
    struct str rest = *args, ignored;
    while (rest.len > 0 && rest.data[0] != ',') {
        bool whole = true;
        if (rest.data[0] == '\'' || rest.data[0] == '"')
            whole = take_quoted(&rest, &ignored);
        else if (rest.data[0] == '(')
            whole = take_bracketed(&rest, '(', ')', &ignored);
        else
            skip(&rest, 1);
        /* An open quote or bracket swallows the rest: one odd argument, but no endless loop. */
        if (!whole)
            skip(&rest, rest.len);
    }
    *argument = str_trim(str_take(*args, args->len - rest.len));
    *args = str_from(rest, 1);
    return true;
}

/* 'it''s' -> it's; a bare word stays as it is. */
static char *argument_text(struct str argument)
{
    struct str inside = argument;
    char quote = argument.len > 0 ? argument.data[0] : '\0';
    if (quote != '\'' && quote != '"')
        return str_dup(argument);
    /* Where the quote is never closed, what follows belongs to nobody. */
    if (!take_quoted(&argument, &inside))
        return mem_text("");
    char *text = mem_new(inside.len + 1);
    size_t length = 0;
    for (size_t i = 0; i < inside.len; i++) {
        text[length++] = inside.data[i];
        if (inside.data[i] == quote)
            i++;
    }
    return text;
}

static void replace_text(char **text, char *with)
{
    free(*text);
    *text = with;
}

/* Name=value, or a bare Name, which PowerShell reads as true. */
static bool cut_named(struct str argument, struct str *name, struct str *value)
{
    *value = argument;
    bool has_value = str_cut(value, '=', name);
    *name = str_trim(*name);
    *value = has_value ? str_trim(*value) : STR("$true");
    return name->len > 0;
}

/* ---- attributes of a parameter ---- */

/* False values are left out by the service, so whatever is not said is false. */
static void on_parameter(struct parameter *parameter, struct str args)
{
    char everywhere[] = ALL_PARAMETER_SETS;
    struct parameter_use use = { .set = everywhere, .position = -1 };
    struct str argument, name, value;
    char *set = NULL;
    int64_t position;
    while (next_argument(&args, &argument)) {
        if (!cut_named(argument, &name, &value))
            continue;
        bool yes = str_is_nocase(value, "$true");
        if (str_is_nocase(name, "ParameterSetName"))
            replace_text(&set, argument_text(value));
        else if (str_is_nocase(name, "Mandatory"))
            use.mandatory = yes;
        else if (str_is_nocase(name, "Position") && str_to_int64(value, 0, 1000, &position))
            use.position = (int)position;
        else if (str_is_nocase(name, "ValueFromPipeline"))
            use.from_pipeline = yes;
        else if (str_is_nocase(name, "ValueFromPipelineByPropertyName"))
            use.from_pipeline_by_name = yes;
        else if (str_is_nocase(name, "HelpMessage"))
            replace_text(&parameter->help, argument_text(value));
    }
    if (set != NULL && set[0] != '\0')
        use.set = set;
    if (parameter->use_count < USES_MOST)
        parameter_add_use(parameter, use);
    free(set);
}

/* Only the first list counts; a second one would be a mistake of the service. */
static void add_texts(char ***texts, size_t *count, struct str args)
{
    struct str argument;
    size_t capacity = 0;
    if (*count > 0)
        return;
    while (next_argument(&args, &argument) && *count < NAMES_MOST) {
        MEM_ROOM(*texts, *count, capacity);
        (*texts)[(*count)++] = argument_text(argument);
    }
}

static void on_alias(struct parameter *parameter, struct str args)
{
    add_texts(&parameter->aliases, &parameter->alias_count, args);
}

static void on_validate_set(struct parameter *parameter, struct str args)
{
    add_texts(&parameter->values, &parameter->value_count, args);
    parameter->values_closed = parameter->value_count > 0;
}

static bool two_numbers(struct str args, int64_t *first, int64_t *second)
{
    struct str a, b;
    return next_argument(&args, &a) && next_argument(&args, &b) && str_to_int64(a, INT64_MIN, INT64_MAX, first)
        && str_to_int64(b, INT64_MIN, INT64_MAX, second) && *first <= *second;
}

static void on_validate_range(struct parameter *parameter, struct str args)
{
    parameter->has_range = two_numbers(args, &parameter->min, &parameter->max);
}

/* Lengths beyond an int do not occur; such an attribute is ignored rather than cut. */
static void on_validate_length(struct parameter *parameter, struct str args)
{
    int64_t shortest, longest;
    if (!two_numbers(args, &shortest, &longest) || shortest < 0 || longest > INT32_MAX)
        return;
    parameter->min_length = (int)shortest;
    parameter->max_length = (int)longest;
}

static void on_not_empty(struct parameter *parameter, struct str args)
{
    (void)args;
    parameter->not_null_or_empty = true;
}

/* What is not in this table is stepped over: AllowNull and its like change nothing for a client that knows no null. */
static const struct {
    const char *name;
    void (*read)(struct parameter *parameter, struct str args);
} attributes[] = {
    { "Parameter", on_parameter },
    { "Alias", on_alias },
    { "ValidateSet", on_validate_set },
    { "ValidateRange", on_validate_range },
    { "ValidateLength", on_validate_length },
    { "ValidateNotNullOrEmpty", on_not_empty },
};

/* [Name(args)] is an attribute, [Name] a type. */
static void read_bracket(struct parameter *parameter, struct str inside)
{
    struct str name, args, rest;
    inside = str_trim(inside);
    const char *open = memchr(inside.data, '(', inside.len);
    if (open == NULL) {
        parameter_set_type(parameter, inside);
        return;
    }
    name = str_trim(str_take(inside, (size_t)(open - inside.data)));
    rest = str_from(inside, (size_t)(open - inside.data));
    if (!take_bracketed(&rest, '(', ')', &args))
        return;
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
        if (str_is_nocase(name, attributes[i].name))
            attributes[i].read(parameter, args);
}

/* ---- one function ---- */

static bool is_name_char(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* s stands on '$': ${Name} or $Name. Empty when it is neither. */
static struct str take_variable(struct str *s)
{
    size_t length = 0;
    skip(s, 1);
    bool braced = s->len > 0 && s->data[0] == '{';
    if (braced)
        skip(s, 1);
    while (length < s->len && is_name_char(s->data[length]))
        length++;
    struct str name = str_take(*s, length);
    skip(s, length);
    if (braced && s->len > 0 && s->data[0] == '}')
        skip(s, 1);
    return name;
}

static void skip_line(struct str *s)
{
    struct str line;
    str_cut(s, '\n', &line);
}

/* After a variable: a default value, if there is one, up to the comma or the end of the list. */
static bool skip_default(struct str *s)
{
    struct str ignored;
    while (s->len > 0 && s->data[0] != ',' && s->data[0] != ')') {
        char c = s->data[0];
        bool whole = true;
        if (c == '\'' || c == '"')
            whole = take_quoted(s, &ignored);
        else if (c == '(')
            whole = take_bracketed(s, '(', ')', &ignored);
        else if (c == '{')
            whole = take_bracketed(s, '{', '}', &ignored);
        else
            skip(s, 1);
        if (!whole)
            return false;
    }
    return s->len > 0;
}

/* Attributes may stand before the parameter's name is known: they are read into a nameless one, which is named or dropped. */
static bool read_parameters(struct cmdlet *cmdlet, struct str *s)
{
    struct parameter *open = NULL;
    struct str inside;
    while (s->len > 0) {
        char c = s->data[0];
        if (c == ')') {
            if (open != NULL)
                cmdlet_drop_last_parameter(cmdlet);
            return true;
        }
        if (c == '[' || c == '$') {
            /* An answer made to fill the memory ends here, and its cmdlet is dropped. */
            if (cmdlet->parameter_count > PARAMETERS_MOST)
                return false;
            if (open == NULL)
                open = cmdlet_add_parameter(cmdlet, STR(""));
            if (c == '[') {
                if (!take_bracketed(s, '[', ']', &inside))
                    return false;
                read_bracket(open, inside);
                continue;
            }
            replace_text(&open->name, str_dup(take_variable(s)));
            /* Without a name the attributes stay open: the next variable takes them, or the end drops them. */
            if (open->name[0] != '\0')
                open = NULL;
            if (!skip_default(s))
                return false;
            continue;
        }
        if (c == '#')
            skip_line(s);
        else
            skip(s, 1);
    }
    return false;
}

/* Impact as the numbers that the service uses in its function bodies: 2 medium, 3 high. */
static void read_binding(struct cmdlet *cmdlet, struct str args)
{
    struct str argument, name, value;
    while (next_argument(&args, &argument)) {
        if (!cut_named(argument, &name, &value))
            continue;
        if (str_is_nocase(name, "DefaultParameterSetName"))
            replace_text(&cmdlet->default_set, argument_text(value));
        else if (str_is_nocase(name, "SupportsShouldProcess"))
            cmdlet->should_process = str_is_nocase(value, "$true");
        else if (str_is_nocase(name, "ConfirmImpact"))
            cmdlet->impact = str_contains_nocase(value, STR("High")) ? 3 : str_contains_nocase(value, STR("Medium")) ? 2 : 0;
    }
}

/* Moves to the first `word` followed by '(' with only brackets, blanks and comments before it; s then stands on '('. */
static bool find_call(struct str *s, struct str word)
{
    for (; s->len > word.len; skip(s, 1)) {
        /* What stands in a comment calls nothing. */
        if (s->data[0] == '#')
            skip_line(s);
        if (!str_starts_nocase(*s, word))
            continue;
        struct str behind = str_from(*s, word.len);
        while (behind.len > 0 && isspace((unsigned char)behind.data[0]))
            skip(&behind, 1);
        if (behind.len > 0 && behind.data[0] == '(') {
            *s = behind;
            return true;
        }
    }
    return false;
}

/* The attribute stands before "param(", so that one in a nested function is never taken for it. */
static void read_head(struct cmdlet *cmdlet, struct str *s)
{
    struct str binding = *s, args;
    struct str until_param = *s;
    if (find_call(&until_param, STR("param")))
        binding = str_take(*s, s->len - until_param.len);
    if (find_call(&binding, STR("CmdletBinding")) && take_bracketed(&binding, '(', ')', &args))
        read_binding(cmdlet, args);
}

/* The body of one function, from behind its name to the next function. False when its head is not whole. */
static bool read_block(struct cmdlet *cmdlet, struct str block)
{
    read_head(cmdlet, &block);
    if (!find_call(&block, STR("param")))
        return false;
    skip(&block, 1);
    return read_parameters(cmdlet, &block);
}

/* ---- the file ---- */

struct name_list {
    struct str *names;
    size_t count, capacity;
    bool given;
};

static int compare_names(const void *a, const void *b)
{
    const struct str *left = a, *right = b;
    return str_compare_nocase(*left, *right);
}

static bool name_in(const struct name_list *list, struct str name)
{
    return !list->given || bsearch(&name, list->names, list->count, sizeof name, compare_names) != NULL;
}

static void add_name(struct name_list *list, struct str name)
{
    name = str_trim(name);
    if (name.len >= 2 && (name.data[0] == '"' || name.data[0] == '\''))
        name = str_take(str_from(name, 1), name.len - 2);
    if (name.len == 0 || list->count >= NAMES_MOST)
        return;
    MEM_ROOM(list->names, list->count, list->capacity);
    list->names[list->count++] = name;
}

/* Sorted, because every cmdlet is looked up in it. An empty list means that there was none. */
static void add_names(struct name_list *list, struct str comma_list)
{
    struct str name;
    while (next_argument(&comma_list, &name))
        add_name(list, name);
    list->given = list->count > 0;
    if (list->count > 1)
        qsort(list->names, list->count, sizeof *list->names, compare_names);
}

/* Export-ModuleMember -Function @("A-B", "C-D") */
static void names_from_export(struct name_list *list, struct str line)
{
    const char *open = memchr(line.data, '(', line.len);
    struct str inside, rest;
    /* Aliases and variables have lines of their own (rest.md 7.1). */
    if (open == NULL || !str_contains_nocase(line, STR("-Function")))
        return;
    rest = str_from(line, (size_t)(open - line.data));
    if (take_bracketed(&rest, '(', ')', &inside))
        add_names(list, inside);
}

static void read_public_key(struct catalogue *catalogue, struct str line)
{
    struct str value = line, name;
    if (str_cut(&value, '=', &name))
        replace_text(&catalogue->public_key, argument_text(str_trim(value)));
}

/* "function script:Get-Thing {": the name, when it is a Verb-Noun. */
static bool function_name(struct str line, struct str *name)
{
    if (!str_starts_nocase(line, STR("function")))
        return false;
    struct str rest = str_trim(str_from(line, 8));
    /* Functions without script: are the module's own helpers (rest.md 7.1). */
    if (!str_starts_nocase(rest, STR("script:")))
        return false;
    rest = str_trim(str_from(rest, 7));
    size_t length = 0;
    while (length < rest.len && (is_name_char(rest.data[length]) || rest.data[length] == '-'))
        length++;
    *name = str_take(rest, length);
    const char *dash = memchr(name->data, '-', name->len);
    return dash != NULL && dash > name->data && dash < name->data + name->len - 1;
}

/* A list that came with the answer is newer than the one in the file and wins. */
static void read_trailer_line(struct catalogue *catalogue, struct name_list *list, struct str line)
{
    if (str_starts_nocase(line, STR("Export-ModuleMember")) && !list->given)
        names_from_export(list, line);
    else if (str_starts_nocase(line, STR("$PublicKey")))
        read_public_key(catalogue, line);
}

/* The end of a block is the next line at the margin that begins another function: "param(" of a later one is never ours. */
static struct str block_at(struct str rest)
{
    struct str remaining = rest, line;
    while (remaining.len > 0) {
        const char *start = remaining.data;
        str_cut(&remaining, '\n', &line);
        if (line.len > 8 && str_starts_nocase(line, STR("function ")))
            return str_take(rest, (size_t)(start - rest.data));
    }
    return rest;
}

/* Only lines that begin without a blank can belong to the trailer; a block that cannot be read drops its cmdlet and
   no other. */
static void read_functions(struct catalogue *catalogue, struct str text, struct name_list *list)
{
    struct str line, name;
    while (text.len > 0) {
        str_cut(&text, '\n', &line);
        struct str trimmed = str_trim(line);
        if (!function_name(trimmed, &name)) {
            if (trimmed.len > 0 && trimmed.data == line.data)
                read_trailer_line(catalogue, list, trimmed);
            continue;
        }
        struct cmdlet *cmdlet = catalogue_add(catalogue, name);
        struct str block = block_at(text);
        if (!read_block(cmdlet, block) || catalogue->count > NAMES_MOST)
            catalogue_drop_last(catalogue);
    }
}

/* The export list stands at the end of the file, so the choice is made when all is read. */
static void keep_exported(struct catalogue *catalogue, const struct name_list *list)
{
    struct catalogue *others = catalogue_new();
    size_t kept = 0;
    for (size_t i = 0; i < catalogue->count; i++) {
        struct cmdlet cmdlet = catalogue->cmdlets[i];
        /* List and function differ in letter case here and there (rest.md 7.1). */
        if (name_in(list, str_of(cmdlet.name))) {
            catalogue->cmdlets[kept++] = cmdlet;
            continue;
        }
        MEM_ROOM(others->cmdlets, others->count, others->capacity);
        others->cmdlets[others->count++] = cmdlet;
    }
    catalogue->count = kept;
    catalogue_free(others);
}

static struct catalogue *no_cmdlet(struct catalogue *catalogue, struct str text, struct err *err)
{
    catalogue_free(catalogue);
    struct str start = str_trim(text);
    if (start.len > 0 && start.data[0] == '<')
        err_set(err, ERR_PROTOCOL, "the answer is a web page, not the list of cmdlets");
    else
        err_set(err, ERR_PROTOCOL, "the list of cmdlets that the service sent holds no cmdlet");
    err_advise(err, "A proxy may have answered in the service's place, or the account has no role in Security & Compliance.");
    return NULL;
}

/* The list of exported names decides: functions beside it are the module's own helpers (rest.md section 7.1). */
struct catalogue *module_file_parse(struct str text, struct str exported, struct err *err)
{
    if (text.len > MODULE_FILE_MAX) {
        err_set(err, ERR_PROTOCOL, "the list of cmdlets that the service sent is larger than %zu MiB",
                MODULE_FILE_MAX / 1024 / 1024);
        return NULL;
    }
    struct catalogue *catalogue = catalogue_new();
    struct name_list list = { 0 };
    /* Before the text, because a list that is there keeps the file's own one out (read_trailer_line). */
    add_names(&list, exported);
    read_functions(catalogue, text, &list);
    keep_exported(catalogue, &list);
    free(list.names);
    if (catalogue->count == 0)
        return no_cmdlet(catalogue, text, err);
    catalogue_seal(catalogue);
    return catalogue;
}

/* ---- the answer around the file ---- */

struct found_file {
    struct str content, exported;
};

/* Which element carries what is not known for certain, so every one is looked at; a file named .psm1 wins. */
static void look_at_element(struct found_file *found, const struct json *element)
{
    struct str content = json_string(json_get_nocase(element, "fileContent"));
    struct str name = json_string(json_get_nocase(element, "fileName"));
    struct str exported = json_string(json_get_nocase(element, "exportedCmdlets"));
    if (content.len > 0 && (found->content.len == 0 || str_ends_nocase(name, STR(".psm1"))))
        found->content = content;
    if (exported.len > 0)
        found->exported = exported;
}

/* The list under `value`, a bare list or one element: the contract does not say which, so all three are taken. */
struct catalogue *module_file_parse_answer(struct str body, struct err *err)
{
    struct str start = str_trim(body);
    if (start.len > 0 && start.data[0] == '<')
        return no_cmdlet(NULL, body, err);
    struct json *answer = json_parse(body, err);
    if (answer == NULL)
        return NULL;
    struct found_file found = { 0 };
    const struct json *elements = json_get_nocase(answer, "value");
    look_at_element(&found, answer);
    if (json_kind(answer) == JSON_ARRAY)
        elements = answer;
    for (const struct json *element = json_first(elements); element != NULL; element = json_next(element))
        look_at_element(&found, element);
    struct catalogue *catalogue = module_file_parse(found.content, found.exported, err);
    json_free(answer);
    return catalogue;
}
