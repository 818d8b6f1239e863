#include "demo/cmdlets.h"

#include <stdlib.h>

#include "base/mem.h"

static const char *const *const tables[] = { cmdlets_dlp, cmdlets_ediscovery, cmdlets_labels, cmdlets_other };

/* The types that a module file names and the service checks. System.Object is a letter without a line: the service leaves
   the line out (rest.md section 7.2). */
static const struct { char letter; const char *line; } type_lines[] = {
    { 's', "string" }, { 'S', "string[]" }, { 'w', "switch" }, { 'b', "bool" }, { 'i', "int" }, { 'u', "cultureinfo" },
    { 'O', "System.Object[]" }, { 'g', "guid" }, { 'G', "guid[]" }, { 'y', "byte[]" }, { 'n', "uint32" },
    { 'f', "double" }, { 'd', "datetime" }, { 't', "System.DateTimeOffset" }, { 'c', "securestring" },
};

char cmdlet_type_letter(struct str line)
{
    for (size_t i = 0; i < sizeof type_lines / sizeof *type_lines; i++) {
        if (str_is_nocase(line, type_lines[i].line)) {
            return type_lines[i].letter;
        }
    }
    return str_is_nocase(line, "System.Object") ? 'o' : '<';
}

static struct str type_line(char letter)
{
    for (size_t i = 0; i < sizeof type_lines / sizeof *type_lines; i++) {
        if (type_lines[i].letter == letter) {
            return str_of(type_lines[i].line);
        }
    }
    return (struct str){ 0 };
}

/* One word of the tables says it all: Name:type[=values]@sets. A `=` before the values means that the service's
   module lists them too, the others are only known to the service itself. */
static struct cmdlet_param parse_param(struct str word)
{
    struct cmdlet_param param = { 0 };
    struct str head;
    str_cut(&word, '@', &head);
    param.sets = word;
    str_cut(&head, ':', &param.name);
    param.type = head.len ? *head.data : 'o';
    param.type_line = type_line(param.type);
    param.values = str_from(head, 2);
    if (param.type == '<') {
        str_cut(&head, '>', &param.type_line);
        param.type_line = str_from(param.type_line, 1);
        param.values = str_from(head, 1);
    }
    if (param.values.len && *param.values.data == '=') {
        param.in_module = true;
        param.values = str_from(param.values, 1);
    }
    return param;
}

/* Names of parameters are slices into the tables, which live as long as the program: nothing is copied. */
static void parse_params(struct cmdlet *cmdlet, struct str rest)
{
    struct str word;
    while (rest.len) {
        str_cut(&rest, ' ', &word);
        if (word.len) {
            cmdlet->params = mem_grow(cmdlet->params, cmdlet->count + 1, sizeof *cmdlet->params);
            cmdlet->params[cmdlet->count++] = parse_param(word);
        }
    }
}

/* A dash stands for what a cmdlet does not have: a default set, an impact worth a question. */
static struct cmdlet parse_cmdlet(struct str rest)
{
    struct cmdlet cmdlet = { 0 };
    struct str word;
    str_cut(&rest, ' ', &cmdlet.name);
    str_cut(&rest, ' ', &word);
    cmdlet.default_set = str_is(word, "-") ? (struct str){ 0 } : word;
    str_cut(&rest, ' ', &word);
    cmdlet.impact = word.len ? *word.data : '-';
    parse_params(&cmdlet, rest);
    return cmdlet;
}

static int by_name(const void *a, const void *b)
{
    return str_compare_nocase(((const struct cmdlet *)a)->name, ((const struct cmdlet *)b)->name);
}

static void add_texts(struct cmdlet_table *table, size_t *capacity, const char *const *texts)
{
    for (const char *const *text = texts; *text; text++) {
        /* Compilers need only take 4,095 characters in a literal, so a long cmdlet goes on in the next text. */
        if (**text == ' ') {
            parse_params(&table->items[table->count - 1], str_of(*text));
            continue;
        }
        MEM_ROOM(table->items, table->count, *capacity);
        table->items[table->count++] = parse_cmdlet(str_of(*text));
    }
}

static bool is_ours(const struct cmdlet_table *table, size_t ours, struct str name)
{
    for (size_t i = 0; i < ours; i++) {
        if (str_eq_nocase(table->items[i].name, name)) {
            return true;
        }
    }
    return false;
}

/* The objects behind a cmdlet of the tenant's own are made for its parameters, so a foreign one must not replace it. */
static void add_more(struct cmdlet_table *table, size_t *capacity, const char *const *texts)
{
    size_t ours = table->count, kept = ours;
    add_texts(table, capacity, texts);
    for (size_t i = ours; i < table->count; i++) {
        if (is_ours(table, ours, table->items[i].name)) {
            free(table->items[i].params);
        } else {
            table->items[kept++] = table->items[i];
        }
    }
    table->count = kept;
}

struct cmdlet_table *cmdlet_table_new(const char *const *more)
{
    struct cmdlet_table *table = MEM_NEW(struct cmdlet_table);
    size_t capacity = 0;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        add_texts(table, &capacity, tables[i]);
    }
    if (more) {
        add_more(table, &capacity, more);
    }
    qsort(table->items, table->count, sizeof *table->items, by_name);
    return table;
}

void cmdlet_table_free(struct cmdlet_table *table)
{
    if (table) {
        for (size_t i = 0; i < table->count; i++) {
            free(table->items[i].params);
        }
        free(table->items);
        free(table);
    }
}

const struct cmdlet *cmdlet_find(const struct cmdlet_table *table, struct str name)
{
    struct cmdlet key = { .name = name };
    return bsearch(&key, table->items, table->count, sizeof key, by_name);
}

const struct cmdlet_param *cmdlet_param(const struct cmdlet *cmdlet, struct str name)
{
    for (size_t i = 0; i < cmdlet->count; i++) {
        if (str_eq_nocase(cmdlet->params[i].name, name)) {
            return &cmdlet->params[i];
        }
    }
    return NULL;
}

/* Position 0 and no position are different things in PowerShell, hence the -1. */
bool cmdlet_next_set(struct str *sets, struct cmdlet_set *set)
{
    struct str flags;
    if (!sets->len) {
        return false;
    }
    *set = (struct cmdlet_set){ .position = -1 };
    str_cut(sets, ',', &flags);
    str_cut(&flags, '/', &set->name);
    for (size_t i = 0; i < flags.len; i++) {
        char flag = flags.data[i];
        set->mandatory |= flag == '!';
        set->by_value |= flag == 'v';
        set->by_name |= flag == 'p';
        if (flag >= '0' && flag <= '9') {
            set->position = (set->position > 0 ? set->position * 10 : 0) + flag - '0';
        }
    }
    return true;
}
