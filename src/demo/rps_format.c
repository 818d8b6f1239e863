/* Get-FormatData: a few views, as the service has them for its types (rps.md section 8). */
#include <stdlib.h>

#include "base/guid.h"
#include "base/mem.h"
#include "base/wildcard.h"
#include "demo/rps_internal.h"

/* Columns are "Label:Property:width"; a property in braces is a script, which no client can run from afar. */
static const struct { const char *noun, *columns; bool list; } views[] = {
    { "Label", "Display Name:DisplayName:32 Name:Name:32 Priority:Priority:8 Disabled:{$_.Disabled}:8", false },
    { "LabelPolicy", "Name:Name:30 Type:Type:24 Enabled:Enabled:8", false },
    { "ComplianceCase", "Name:Name:30 Status:Status:10 CreatedDateTime:CreatedDateTime:0", false },
    { "ComplianceSearch", "Name:Name:30 RunBy:RunBy:25 Status:Status:12 JobEndTime:JobEndTime:0", false },
    { "DlpCompliancePolicy", "Name:Name:32 Mode:Mode:16 Workload:Workload:0", false },
    { "RetentionCompliancePolicy", "Name:Name:30 Workload:Workload:0 Enabled:Enabled:8 Mode:Mode:10", false },
    { "RoleGroup", "Name:Name:0 Description:Description:0", true },
};

/* Up to the control of the only view. The id is new each time, as nothing refers to it. */
static struct clix *begin(const char *noun)
{
    char *type = mem_format("Microsoft.Exchange.Management.Demo.%s", noun);
    struct clix *clix = clix_new();
    clix_object(clix, NULL);
    clix_types(clix, "System.Management.Automation.ExtendedTypeDefinition|System.Object");
    clix_leaf(clix, "ToString", NULL, str_of(type));
    clix_open(clix, "Props");
    clix_list(clix, "TypeNames");
    clix_text(clix, NULL, type);
    clix_close(clix);
    clix_close(clix);
    clix_list(clix, "FormatViewDefinition");
    clix_object(clix, NULL);
    clix_types(clix, "System.Management.Automation.FormatViewDefinition|System.Object");
    clix_open(clix, "Props");
    clix_text(clix, "Name", noun);
    clix_leaf(clix, "G", "InstanceId", str_of(guid_new().text));
    clix_object(clix, "Control");
    free(type);
    return clix;
}

/* Control, Props of the view, the view, the list and the object around it, its Props and itself. */
static void end(struct pipeline *pipeline, struct clix *clix)
{
    for (int i = 0; i < 7; i++) {
        clix_close(clix);
    }
    demo_pipeline_put(pipeline, PIPELINE_OUTPUT, clix);
}

static void put_entry(struct clix *clix, struct str source)
{
    bool script = source.len && *source.data == '{';
    clix_object(clix, "DisplayEntry");
    clix_types(clix, "System.Management.Automation.DisplayEntry|System.Object");
    clix_open(clix, "Props");
    clix_enum(clix, "ValueType", "System.Management.Automation.DisplayEntryValueType", script ? "ScriptBlock" : "Property", script);
    clix_leaf(clix, "S", "Value", script ? str_take(str_from(source, 1), source.len - 2) : source);
    clix_close(clix);
    clix_close(clix);
}

/* Each column of the text in turn. */
static bool next_column(struct str *columns, struct str *label, struct str *source, struct str *width)
{
    bool more = columns->len > 0;
    str_cut(columns, ':', label);
    str_cut(columns, ':', source);
    size_t length = 0;
    while (length < columns->len && columns->data[length] >= '0' && columns->data[length] <= '9') {
        length++;
    }
    *width = str_take(*columns, length);
    *columns = str_from(*columns, length + 1);
    return more;
}

/* Width 0 is "as wide as needed". */
static void put_headers(struct clix *clix, struct str columns)
{
    struct str label, source, width;
    clix_list(clix, "Headers");
    while (next_column(&columns, &label, &source, &width)) {
        clix_object(clix, NULL);
        clix_types(clix, "System.Management.Automation.TableControlColumnHeader|System.Object");
        clix_open(clix, "Props");
        clix_leaf(clix, "S", "Label", label);
        clix_enum(clix, "Alignment", "System.Management.Automation.Alignment", "Undefined", 0);
        clix_leaf(clix, "I32", "Width", width);
        clix_close(clix);
        clix_close(clix);
    }
    clix_close(clix);
    clix_close(clix);
}

/* Columns of a table are by place, items of a list carry their label. */
static void put_columns(struct clix *clix, const char *list, struct str columns, bool labels)
{
    struct str label, source, width;
    clix_list(clix, list);
    while (next_column(&columns, &label, &source, &width)) {
        clix_object(clix, NULL);
        clix_open(clix, "Props");
        if (labels) {
            clix_leaf(clix, "S", "Label", label);
        } else {
            clix_enum(clix, "Alignment", "System.Management.Automation.Alignment", "Undefined", 0);
        }
        put_entry(clix, source);
        clix_nil(clix, "FormatString");
        clix_close(clix);
        clix_close(clix);
    }
    clix_close(clix);
    clix_close(clix);
}

static void put_table(struct clix *clix, struct str columns)
{
    clix_types(clix, "System.Management.Automation.TableControl|System.Management.Automation.PSControl|System.Object");
    clix_open(clix, "Props");
    put_headers(clix, columns);
    clix_list(clix, "Rows");
    clix_object(clix, NULL);
    clix_types(clix, "System.Management.Automation.TableControlRow|System.Object");
    clix_open(clix, "Props");
    put_columns(clix, "Columns", columns, false);
    clix_nil(clix, "EntrySelectedBy");
    clix_bool(clix, "Wrap", false);
    for (int i = 0; i < 4; i++) {
        clix_close(clix);
    }
    clix_bool(clix, "AutoSize", false);
    clix_bool(clix, "HideTableHeaders", false);
    clix_nil(clix, "GroupBy");
    clix_bool(clix, "OutOfBand", false);
    clix_close(clix);
}

static void put_list(struct clix *clix, struct str columns)
{
    clix_types(clix, "System.Management.Automation.ListControl|System.Management.Automation.PSControl|System.Object");
    clix_open(clix, "Props");
    clix_list(clix, "Entries");
    clix_object(clix, NULL);
    clix_open(clix, "Props");
    put_columns(clix, "Items", columns, true);
    for (int i = 0; i < 4; i++) {
        clix_close(clix);
    }
    clix_close(clix);
}

/* Without -TypeName all views come. */
static bool is_wanted(const struct json *patterns, const char *noun)
{
    char *type = mem_format("Microsoft.Exchange.Management.Demo.%s", noun);
    bool wanted = !patterns || wildcard_matches(json_string(patterns), str_of(type), false);
    for (const struct json *pattern = json_first(patterns); pattern && !wanted; pattern = json_next(pattern)) {
        wanted = wildcard_matches(json_string(pattern), str_of(type), false);
    }
    free(type);
    return wanted;
}

void put_format_data(struct pipeline *pipeline, const struct json *patterns)
{
    for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
        if (is_wanted(patterns, views[i].noun)) {
            struct clix *clix = begin(views[i].noun);
            (views[i].list ? put_list : put_table)(clix, str_of(views[i].columns));
            end(pipeline, clix);
        }
    }
}
