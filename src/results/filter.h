/* The filter line of a table: blank-separated terms that all must hold. `word` or "two words": somewhere in the row;
   Column:word contains, Column=value, Column!=value, Column>value, >=, <, <= (numbers and dates by value, text
   case-blind); -term negates. Column names are case-blind and may be an unambiguous prefix; names and values with
   blanks stand in quotes, a quote in them is doubled. A date without time means the whole day (UTC). A term on a column
   that a row does not have does not hold (and so -term does). */
#ifndef PURVEY_RESULTS_FILTER_H
#define PURVEY_RESULTS_FILTER_H

#include "results/store.h"

enum filter_op { FILTER_ANYWHERE, FILTER_CONTAINS, FILTER_EQUAL, FILTER_NOT_EQUAL, FILTER_GREATER, FILTER_GREATER_EQUAL,
                 FILTER_LESS, FILTER_LESS_EQUAL };
struct filter_operand;      /* the text read as number, date and needle, once */
struct filter_term { enum filter_op op; bool negated; int column; char *text; struct filter_operand *operand; };
struct filter { struct filter_term terms[16]; size_t count; };

/* False (ERR_INPUT) with a text for the person who typed it; filter is then empty. */
bool filter_parse(struct filter *filter, struct str text, const struct column *columns, size_t column_count,
                  struct err *err) MUST_USE;
void filter_free(struct filter *filter);
/* value gives the row's property by column; false = absent. */
typedef bool filter_value(void *row, int column, struct property *value);
bool filter_matches(const struct filter *filter, filter_value *value, void *row, int column_count);
/* One term against one value, before negation; value NULL = absent. For FILTER_ANYWHERE: this value contains it. */
bool filter_term_holds(const struct filter_term *term, const struct property *value);

#endif
