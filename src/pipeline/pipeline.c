#include "pipeline/pipeline.h"

#include <stdlib.h>

#include "base/mem.h"
#include "catalogue/cmdlet_copy.h"
#include "catalogue/command_line.h"

#define IMPACT_HIGH 3

struct pipeline *pipeline_new(void)
{
    return MEM_NEW(struct pipeline);
}

struct stage *pipeline_add(struct pipeline *pipeline, enum stage_kind kind)
{
    MEM_ROOM(pipeline->stages, pipeline->count, pipeline->capacity);
    struct stage *stage = &pipeline->stages[pipeline->count++];
    *stage = (struct stage){ .kind = kind };
    return stage;
}

struct pipeline *pipeline_of(struct invocation *invocation, const struct cmdlet *cmdlet)
{
    struct pipeline *pipeline = pipeline_new();
    struct stage *stage = pipeline_add(pipeline, STAGE_CMDLET);
    struct buf line = BUF_INIT(BUF_LARGE);
    command_line_print(invocation, &line);
    pipeline->text = buf_take(&line);
    stage->invocation = invocation;
    stage->should_process = cmdlet && cmdlet->should_process;
    stage->impact = cmdlet ? cmdlet->impact : 0;
    return pipeline;
}

static void copy_output(struct pipeline_output *to, const struct pipeline_output *from)
{
    *to = *from;
    to->path = mem_text(from->path);
    to->columns = from->column_count ? mem_array(from->column_count, sizeof *to->columns) : NULL;
    for (size_t i = 0; i < from->column_count; i++) {
        to->columns[i] = mem_text(from->columns[i]);
    }
}

struct pipeline *pipeline_copy(const struct pipeline *pipeline)
{
    struct pipeline *copy = pipeline_new();
    for (size_t i = 0; i < pipeline->count; i++) {
        const struct stage *from = &pipeline->stages[i];
        struct stage *to = pipeline_add(copy, from->kind);
        *to = *from;
        to->invocation = from->invocation ? invocation_copy(from->invocation) : NULL;
        to->definition = from->definition ? catalogue_of_one(from->definition->cmdlets) : NULL;
        to->values = from->values ? json_copy(from->values) : NULL;
        to->variable = mem_text(from->variable);
        to->getter = mem_text(from->getter);
    }
    copy_output(&copy->output, &pipeline->output);
    copy->text = mem_text(pipeline->text);
    copy->tenant = mem_text(pipeline->tenant);
    copy->resume = pipeline->resume;
    return copy;
}

void pipeline_output_clear(struct pipeline_output *output)
{
    for (size_t i = 0; i < output->column_count; i++) {
        free(output->columns[i]);
    }
    free(output->columns);
    free(output->path);
    *output = (struct pipeline_output){ 0 };
}

void pipeline_free(struct pipeline *pipeline)
{
    if (!pipeline) {
        return;
    }
    for (size_t i = 0; i < pipeline->count; i++) {
        invocation_free(pipeline->stages[i].invocation);
        catalogue_free(pipeline->stages[i].definition);
        json_free(pipeline->stages[i].values);
        free(pipeline->stages[i].variable);
        free(pipeline->stages[i].getter);
    }
    free(pipeline->stages);
    pipeline_output_clear(&pipeline->output);
    free(pipeline->text);
    free(pipeline->tenant);
    free(pipeline);
}

bool stage_changes(const struct stage *stage)
{
    return stage->kind == STAGE_CMDLET && !stage->invocation->read_only && !stage->invocation->what_if;
}

const struct stage *pipeline_main(const struct pipeline *pipeline)
{
    const struct stage *found = NULL;
    for (size_t i = 0; i < pipeline->count; i++) {
        const struct stage *stage = &pipeline->stages[i];
        bool previews = stage->kind == STAGE_CMDLET && stage->invocation->what_if;
        if (stage->kind == STAGE_CMDLET && (!found || stage_changes(stage) || (previews && !stage_changes(found)))) {
            found = stage;
        }
    }
    return found;
}

uint64_t pipeline_connection(const struct pipeline *pipeline, uint64_t otherwise)
{
    const struct stage *stage = pipeline_main(pipeline);
    return stage && stage->connection ? stage->connection : otherwise;
}

bool pipeline_read_only(const struct pipeline *pipeline)
{
    const struct stage *stage = pipeline_main(pipeline);
    return !stage || !stage_changes(stage);
}

bool pipeline_shapes(const struct pipeline *pipeline)
{
    static const char *const shaping[] = { "Select-Object", "Measure-Object", "Group-Object", "ForEach-Object", "Get-Member" };
    for (size_t i = pipeline->count; i-- > 0;) {
        const struct stage *stage = &pipeline->stages[i];
        if (stage->kind != STAGE_LOCAL) {
            return stage->kind == STAGE_VALUES || stage->invocation->what_if;
        }
        bool chosen = invocation_get(stage->invocation, "Property") || !str_is_nocase(str_of(stage->invocation->cmdlet), "Select-Object");
        for (size_t k = 0; chosen && k < sizeof shaping / sizeof *shaping; k++) {
            if (str_is_nocase(str_of(stage->invocation->cmdlet), shaping[k])) {
                return true;
            }
        }
    }
    return false;
}

bool stage_asks(const struct stage *stage)
{
    if (!stage_changes(stage) || !stage->should_process) {
        return false;
    }
    const struct argument *confirm = invocation_get(stage->invocation, "Confirm");
    return confirm ? json_bool(confirm->value, false) : stage->impact >= IMPACT_HIGH;
}
