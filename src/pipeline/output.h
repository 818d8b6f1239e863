/* The end of a pipeline: Format-Table, ConvertTo-Json, Export-Csv, Out-File and their kin. */
#ifndef PURVEY_PIPELINE_OUTPUT_H
#define PURVEY_PIPELINE_OUTPUT_H

#include "pipeline/pipeline.h"
#include "results/result_text.h"

/* Takes what a local cmdlet of the kind LOCAL_OUTPUT says into output. False with ERR_INPUT. */
bool output_take(struct pipeline_output *output, const struct invocation *invocation, struct err *err) MUST_USE;

/* How the result shall look; `otherwise` when the pipeline does not say. Points into output. */
void output_format(const struct pipeline_output *output, enum export_format otherwise, struct result_format *format);

/* Whether output->path can be written, as far as that can be known before there is a result. False with err. */
bool output_can_write(const struct pipeline_output *output, struct err *err) MUST_USE;

/* Writes the rows of a store to output->path: whole or not at all (a new file beside it takes its place; what is appended is
   taken back when it does not fit), 0600. partial: the rows are not all; they go to PATH.partial, and PATH stays as it was.
   *written: where they went, the caller's. False with ERR_SYSTEM or ERR_STORE. */
bool output_write_file(const struct pipeline_output *output, const char *store_path, bool partial, char **written, struct err *err) MUST_USE;

#endif
