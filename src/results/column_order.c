#include "results/column_order.h"

#include <stdlib.h>

#include "base/guid.h"
#include "base/mem.h"

/* What the service shows of a type itself comes first. Ranks of one kind stay apart from those of the next, for up to ten thousand columns (the store has no more). */
enum { RANK_USEFUL = 2000, RANK_PLAIN = 3000, RANK_EMPTY = 20000, RANK_NOISE = 100000 };

/* What people look for first, in this order; names that no object has do no harm. */
static const char *const useful[] = {
    "Name", "DisplayName", "Subject", "Title", "FilterName", "SpoofedUser", "UserPrincipalName", "PrimarySmtpAddress",
    "RecipientType", "ParentPolicyName", "ParentLabelDisplayName", "SearchName", "Action", "Status", "State", "Mode",
    "Enabled", "Disabled", "Type", "CaseType", "QuarantineTypes", "Category", "Severity", "Priority", "RunBy",
    "JobEndTime", "SenderAddress", "RecipientAddress", "ReceivedTime", "CreatedDateTime", "WhenCreated", "Workload",
    "ContentType", "RetentionAction", "RetentionDuration", "Policy", "Labels", "Description", "Comment",
};

/* What every object of the service carries and hardly anybody reads. */
static const char *const noise[] = {
    "DistinguishedName", "ExchangeVersion", "ObjectCategory", "ObjectClass", "ObjectState", "IsValid", "OrganizationId",
    "OrganizationalUnitRoot", "OriginatingServer", "ReadOnly", "ExternalIdentity", "RunspaceId", "PSComputerName",
    "PSShowComputerName", "ImmutableId", "ExchangeObjectId", "WhenChangedUTC", "WhenCreatedUTC", "ObjectVersion",
    "MasterIdentity",
};

static size_t place_in(const char *const *names, size_t count, const char *name)
{
    size_t at = 0;
    while (at < count && !str_is_nocase(str_of(name), names[at]))
        at++;
    return at;
}

/* The name of a label is a GUID: then the display name is what people read. */
static bool names_are_guids(const struct rowset *rowset, size_t column)
{
    struct property value;
    return rowset_loaded(rowset) > 0 && rowset_value(rowset, 0, column, &value) && guid_valid(value.text);
}

static size_t rank_of(const struct rowset *rowset, size_t index)
{
    const struct column *column = rowset_column(rowset, index);
    size_t count = sizeof useful / sizeof useful[0], at = place_in(useful, count, column->name);
    size_t noises = sizeof noise / sizeof noise[0];
    /* Only "Name" gives way, and to the end of the useful ones: whoever looks for the GUID still finds it. */
    if (column->place > 0)
        return (size_t)column->place;
    if (at == 0 && names_are_guids(rowset, index))
        return RANK_USEFUL + count;
    if (at < count)
        return RANK_USEFUL + at;
    if (place_in(noise, noises, column->name) < noises)
        return RANK_NOISE + index;
    return (column->width == 0 ? RANK_EMPTY : RANK_PLAIN) + index;
}

struct ranked_column { size_t rank, index; };

static int compare_ranks(const void *a, const void *b)
{
    const struct ranked_column *left = a, *right = b;
    return left->rank < right->rank ? -1 : left->rank > right->rank;
}

void column_order(const struct rowset *rowset, size_t first, size_t count, size_t *order)
{
    /* Columns before `first` are on the screen already; moving those under the reader's eyes would be worse than a
       bad order. */
    if (first >= count)
        return;
    struct ranked_column *ranked = mem_array(count - first, sizeof *ranked);
    for (size_t i = first; i < count; i++)
        ranked[i - first] = (struct ranked_column){ rank_of(rowset, i), i };
    qsort(ranked, count - first, sizeof *ranked, compare_ranks);
    for (size_t i = 0; i < count - first; i++)
        order[i] = ranked[i].index;
    free(ranked);
}
