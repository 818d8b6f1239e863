/* purvey completion: scripts for the shells. They know nothing themselves: they ask purvey at every Tab. The line goes over
   standard input, because it may hold a secret and arguments are seen by everybody (ps). */
#include <stdio.h>
#include <string.h>

#include "ui/cli/cli.h"
#include "ui/cli/complete.h"
#include "ui/cli/headless.h"

#define LINE_MOST ((size_t)64 * 1024)

static const char bash_script[] =
    "# bash completion for purvey(1). To use it in this shell: eval \"$(purvey completion bash)\"\n"
    "_purvey()\n"
    "{\n"
    "    local kind line\n"
    "    COMPREPLY=()\n"
    "    {\n"
    "        IFS= read -r kind\n"
    "        while IFS= read -r line; do COMPREPLY+=(\"${line%%$'\\t'*}\"); done\n"
    "    } < <(printf '%s\\0%s' \"$2\" \"${COMP_LINE:0:COMP_POINT}\" | command \"$1\" completion candidates 2>/dev/null)\n"
    "    case $kind in\n"
    "    files)\n"
    "        compopt -o filenames\n"
    "        COMPREPLY=()\n"
    "        while IFS= read -r line; do COMPREPLY+=(\"$line\"); done < <(compgen -f -- \"$2\")\n"
    "        ;;\n"
    "    open)\n"
    "        compopt -o nospace\n"
    "        # A single candidate would be taken for the end of the word, and the quote be closed behind it.\n"
    "        [ ${#COMPREPLY[@]} -eq 1 ] && COMPREPLY+=(\"${COMPREPLY[0]} \")\n"
    "        ;;\n"
    "    esac\n"
    "}\n"
    "complete -F _purvey purvey Connect-IPPSSession\n";

static const char zsh_script[] =
    "#compdef purvey Connect-IPPSSession\n"
    "# zsh completion for purvey(1). To use it in this shell: eval \"$(purvey completion zsh)\"\n"
    "_purvey()\n"
    "{\n"
    "    local kind line\n"
    "    local -a texts shown\n"
    "    {\n"
    "        IFS= read -r kind\n"
    "        while IFS= read -r line; do\n"
    "            texts+=(\"${line%%$'\\t'*}\")\n"
    "            shown+=(\"${line%%$'\\t'*}  ${line#*$'\\t'}\")\n"
    "        done\n"
    "    } < <(printf '%s\\0%s' \"$PREFIX\" \"${(j: :)words[1,CURRENT-1]} $QIPREFIX$PREFIX\" |\n"
    "        command \"${(Q)words[1]}\" completion candidates 2>/dev/null)\n"
    "    case $kind in\n"
    "    files)\n"
    "        compset -P '*[=:]'\n"
    "        _files\n"
    "        ;;\n"
    "    open) compadd -U -l -S '' -d shown -a texts ;;\n"
    "    *) compadd -U -l -d shown -a texts ;;\n"
    "    esac\n"
    "}\n"
    "if [ \"$funcstack[1]\" = _purvey ]; then\n"
    "    _purvey \"$@\"\n"
    "else\n"
    "    compdef _purvey purvey Connect-IPPSSession\n"
    "fi\n";

/* What the scripts send: the text that the shell replaces, NUL, the line up to the cursor. */
static void answer_shell(void)
{
    struct buf asked = BUF_INIT(LINE_MOST), out = BUF_INIT(BUF_LARGE);
    char chunk[4096];
    for (size_t got; (got = fread(chunk, 1, sizeof chunk, stdin)) > 0;) {
        buf_add(&asked, (struct str){ chunk, got });
    }
    struct str line = buf_str(&asked), replaced;
    if (str_cut(&line, '\0', &replaced) && !asked.overflowed) {
        complete_line(line, replaced, &out);
    }
    fputs(buf_cstr(&out), stdout);
    buf_free(&asked);
    buf_free(&out);
}

int cli_completion(struct arguments *arguments)
{
    static const struct { const char *name, *script; } shells[] = { { "bash", bash_script }, { "zsh", zsh_script } };
    struct str word = str_of(arguments->words[0]);
    struct err err = { 0 };
    bool good = false;
    if (str_is(word, "candidates")) {
        answer_shell();
        good = true;
    }
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
        if (str_is(word, shells[i].name)) {
            fputs(shells[i].script, stdout);
            good = true;
        }
    }
    if (!good) {
        err_set(&err, ERR_INPUT, "There is no completion for %.*s: bash and zsh have one.", STR_ARG(str_take(word, 40)));
    }
    good = good && cli_flush(&err);
    if (!good) {
        cli_print_error(&err);
    }
    return good ? 0 : err_exit_code(err.kind);
}
