/* Reads the service's cmdlet definitions out of ExchangeOnline.psm1 (rest.md sections 7, 7.1, 7.2). */
#ifndef PURVEY_CATALOGUE_MODULE_FILE_H
#define PURVEY_CATALOGUE_MODULE_FILE_H

#include "catalogue/catalogue.h"

#define MODULE_FILE_MAX ((size_t)32 * 1024 * 1024)

/* Parses the text into a sealed catalogue. exported: the comma list of exportedCmdlets ("" = take Export-ModuleMember or,
   failing that, every function): cmdlets not in it are left out. Robust to CRLF, letter case, unknown attributes,
   several attributes on a line. NULL with ERR_PROTOCOL when it holds no cmdlet at all. */
struct catalogue *module_file_parse(struct str text, struct str exported, struct err *err) MUST_USE;

/* Same, from the JSON answer of EXOModuleFile: finds fileContent and exportedCmdlets case-blind in every element. */
struct catalogue *module_file_parse_answer(struct str body, struct err *err) MUST_USE;

#endif
