#include "codegen/driver/complete.h"

#include <string.h>

#include "codegen/emit/emit.h"

/* Options as in the command's --help, and what else may follow; files always may. */
static const struct {
    const char *name;
    const char *options;
    const char *words;
} commands[] = {
    {"check", "--error-format --help", ""},
    {"gen", "--out --check --emit --only --include-prefix --depfile --error-format --help", ""},
    {"breaking", "--against --error-format --help", ""},
    {"new", "--help", ""},
    {"fmt", "--check --error-format --help", ""},
    {"explain", "--help", ""},
    {"complete", "--help", TS_SHELLS},
};

enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

static void put_names(FILE *out)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "%s%s", i > 0 ? " " : "", commands[i].name);
}

static void put_emitters(FILE *out)
{
    size_t count;
    const struct ts_emitter *emitters = ts_emitters(&count);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%s%s", i > 0 ? " " : "", emitters[i].name);
}

static void bash(FILE *out)
{
    fputs("_tessera() {\n"
          "    local word=${COMP_WORDS[COMP_CWORD]} words=\n"
          "    if [ \"$COMP_CWORD\" = 1 ]; then\n"
          "        words=\"",
          out);
    put_names(out);
    fputs(" --help\"\n"
          "    elif [ \"${COMP_WORDS[COMP_CWORD-1]}\" = --error-format ]; then\n"
          "        words=\"pretty short json\"\n"
          "    elif [ \"${COMP_WORDS[COMP_CWORD-1]}\" = --emit ]; then\n"
          "        words=\"",
          out);
    put_emitters(out);
    fputs("\"\n"
          "    else\n"
          "        case ${COMP_WORDS[1]} in\n",
          out);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "        %s) words=\"%s %s\" ;;\n", commands[i].name, commands[i].options,
                commands[i].words);
    fputs("        esac\n"
          "    fi\n"
          "    case $word in\n"
          "    -*) COMPREPLY=($(compgen -W \"$words\" -- \"$word\")) ;;\n"
          "    *) COMPREPLY=($(compgen -W \"$words\" -- \"$word\")\n"
          "           $([ \"$COMP_CWORD\" -gt 1 ] && compgen -f -- \"$word\")) ;;\n"
          "    esac\n"
          "}\n"
          "complete -o filenames -F _tessera tessera\n",
          out);
}

static void zsh(FILE *out)
{
    fputs("#compdef tessera\n"
          "_tessera() {\n"
          "    if (( CURRENT == 2 )); then\n"
          "        compadd -- ",
          out);
    put_names(out);
    fputs(" --help\n"
          "        return\n"
          "    fi\n"
          "    if [[ ${words[CURRENT-1]} == --error-format ]]; then\n"
          "        compadd -- pretty short json\n"
          "        return\n"
          "    fi\n"
          "    if [[ ${words[CURRENT-1]} == --emit ]]; then\n"
          "        compadd -- ",
          out);
    put_emitters(out);
    fputs("\n"
          "        return\n"
          "    fi\n"
          "    case ${words[2]} in\n",
          out);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "    %s) compadd -- %s %s ;;\n", commands[i].name, commands[i].options,
                commands[i].words);
    fputs("    esac\n"
          "    _files\n"
          "}\n"
          "compdef _tessera tessera\n",
          out);
}

static void fish(FILE *out)
{
    fputs("complete -c tessera -f -n __fish_use_subcommand -a '", out);
    put_names(out);
    fputs(" --help'\n", out);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(out,
                "complete -c tessera -n '__fish_seen_subcommand_from %s' -a '%s %s'\n"
                "complete -c tessera -n '__fish_seen_subcommand_from %s' -F\n",
                commands[i].name, commands[i].options, commands[i].words, commands[i].name);
    fputs("complete -c tessera -f -n '__fish_prev_arg_in --error-format' "
          "-a 'pretty short json'\n"
          "complete -c tessera -f -n '__fish_prev_arg_in --emit' -a '",
          out);
    put_emitters(out);
    fputs("'\n", out);
}

bool ts_complete(const char *shell, FILE *out)
{
    static const struct {
        const char *name;
        void (*print)(FILE *out);
    } shells[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
        if (strcmp(shells[i].name, shell) != 0)
            continue;
        shells[i].print(out);
        return true;
    }
    return false;
}
