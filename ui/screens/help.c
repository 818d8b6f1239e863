/* Help: what can be done on the screen below, searchable; Enter does it. */
#include <stdlib.h>

#include "base/mem.h"
#include "ui/keymap.h"
#include "ui/screens.h"
#include "ui/widgets/palette.h"

struct help_model {
    const struct app_state *app;
    struct palette palette;
    bool filled;
    int rows;
};

static void add_action(struct help_model *model, enum action action, const char *label, bool typing)
{
    const struct action_row *row = action_row(action);
    struct buf key = BUF_INIT(BUF_SMALL);
    keymap_label(action, typing, !model->app->utf8, &key);
    if (key.len) {
        palette_add(&model->palette, label ? label : row->label, buf_cstr(&key), row->help, (int)action);
    }
    buf_free(&key);
}

/* What the screen offers first, then what works everywhere. */
static void fill(struct help_model *model)
{
    const struct offer *offer = model->app->offer;
    bool typing = offer && offer->typing;
    bool seen[ACTION_COUNT] = { false };
    for (size_t i = 0; offer && i < offer->count; i++) {
        if (!seen[offer->actions[i].action]) {
            add_action(model, offer->actions[i].action, offer->actions[i].label, typing);
            seen[offer->actions[i].action] = true;
        }
    }
    for (int action = ACTION_NONE + 1; action < ACTION_COUNT; action++) {
        enum action_group group = action_row((enum action)action)->group;
        if (!seen[action] && action != ACTION_HELP && (group == ACTION_GROUP_APP || group == ACTION_GROUP_MOTION)) {
            add_action(model, (enum action)action, NULL, typing);
        }
    }
}

static void choose(struct help_model *model, struct effects *effects)
{
    const struct palette_entry *entry = palette_selected(&model->palette);
    effect_pop(effects);
    if (entry) {
        effect_action(effects, (enum action)entry->tag);
    }
}

static void help_update(void *context, const struct ui_input *input, struct effects *effects)
{
    struct help_model *model = context;
    if (input->kind == INPUT_RESIZE) {
        if (!model->filled) {
            fill(model);
            model->filled = true;
        }
        model->rows = input->rows;
        palette_resize(&model->palette, input->rows, input->columns);
    } else if (input->kind == INPUT_ACTION && input->action == ACTION_BACK) {
        effect_pop(effects);
    } else if (input->kind != INPUT_EVENT && palette_input(&model->palette, input) == PALETTE_CHOSEN) {
        choose(model, effects);
    }
}

static void help_draw(const void *context, struct cells *cells, struct area area)
{
    const struct help_model *model = context;
    palette_draw(&model->palette, cells, area);
}

static void help_offer(const void *context, struct offer *offer)
{
    (void)context;
    offer->typing = true;
    offer_add(offer, ACTION_ENTER, "Do it");
    offer_add(offer, ACTION_BACK, "Close");
}

static void help_title(const void *context, struct buf *out)
{
    const struct help_model *model = context;
    buf_format(out, "Help: %s", model->app->offer_screen ? model->app->offer_screen : "");
}

static void help_free(void *context)
{
    struct help_model *model = context;
    palette_free(&model->palette);
    free(model);
}

struct screen help_screen(const struct app_state *app)
{
    static const struct screen_class class = {
        .name = "Help",
        .free = help_free,
        .update = help_update,
        .draw = help_draw,
        .offer = help_offer,
        .title = help_title,
    };
    struct help_model *model = MEM_NEW(struct help_model);
    model->app = app;
    palette_init(&model->palette);
    return (struct screen){ &class, model };
}
