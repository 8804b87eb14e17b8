/* The command line: `tessera COMMAND ...`. Exit status: 0 fine, 1 the schema has errors or (with
 * --check) the output is stale, 2 wrong usage, 3 a file cannot be read or written. */
#include <errno.h>
#include <getopt.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "codegen/driver/breaking.h"
#include "codegen/driver/compile.h"
#include "codegen/driver/complete.h"
#include "codegen/driver/new.h"
#include "codegen/driver/print.h"
#include "codegen/driver/progress.h"
#include "codegen/driver/stamp.h"
#include "codegen/emit/emit.h"
#include "codegen/syntax/fmt.h"
#include "codegen/write/output.h"
#include "runtime/base/alloc.h"
#include "runtime/base/suggest.h"
#include "runtime/base/version.h"

struct options {
    enum ts_diag_format format;
    const char *path;   /* of the schema */
    const char *second; /* `breaking`: the new one, when `path` is the old one */
    const char *against;
    const char *out;
    const char *only;
    const char *depfile;
    const char *include_prefix;
    unsigned emitters; /* a set of them; see ts_emit_choose */
    bool check;
    bool quiet; /* do not tell each file */
    bool help;
    bool takes_two; /* the command takes two files */
};

static const char usage[] =
    "usage: tessera COMMAND ...\n"
    "\n"
    "  check FILE             say everything that is wrong with a schema\n"
    "  gen FILE --out DIR     check it and write the code\n"
    "  breaking OLD NEW       say what a change of the schema breaks, and for whom\n"
    "  new NAME               make a project that builds and serves at once\n"
    "  fmt FILE               bring it into the canonical form\n"
    "  explain CODE           say more about an error, such as T0301\n"
    "  complete SHELL         print a script that completes commands and options\n"
    "\n"
    "`tessera COMMAND --help` tells the options of a command, `tessera --version` the version.\n"
    "Exit status: 0 fine, 1 errors in the schema or stale output, 2 wrong usage, 3 a file that\n"
    "cannot be read or written.\n";

static int wrong_usage(const char *message, const char *what)
{
    fprintf(stderr, "tessera: %s%s%s\nTry `tessera --help`.\n", message, what ? " " : "",
            what ? what : "");
    return TS_EXIT_USAGE;
}

static int parse_format(const char *name, enum ts_diag_format *ret)
{
    static const char *const names[] = {"pretty", "short", "json"};
    for (int i = 0; i < 3; i++)
        if (strcmp(name, names[i]) == 0) {
            *ret = (enum ts_diag_format)i;
            return 0;
        }
    return wrong_usage("--error-format is pretty, short or json, not", name);
}

/* Whether `path` can stand in an #include before "/SERVICE/x.h": names of letters, digits, '_', '-'
 * and '.', with '/' between them; or nothing. */
static bool is_prefix(const char *path)
{
    static const char of_names[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
    if (*path == '\0')
        return true;
    for (;; path++) {
        size_t len = strspn(path, of_names);
        bool dots = strspn(path, ".") == len; /* nothing, "." and ".." lead elsewhere */
        if (dots || (path[len] != '/' && path[len] != '\0'))
            return false;
        path += len;
        if (*path == '\0')
            return true;
    }
}

static int parse_options(int argc, char **argv, struct options *options)
{
    static const struct option longs[] = {{"error-format", required_argument, NULL, 'e'},
                                          {"out", required_argument, NULL, 'o'},
                                          {"only", required_argument, NULL, 'n'},
                                          {"depfile", required_argument, NULL, 'd'},
                                          {"against", required_argument, NULL, 'a'},
                                          {"emit", required_argument, NULL, 'm'},
                                          {"include-prefix", required_argument, NULL, 'i'},
                                          {"check", no_argument, NULL, 'c'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    struct rt_error error;
    for (int c; (c = getopt_long(argc, argv, "o:h", longs, NULL)) != -1;) {
        switch (c) {
        case 'e':
            if (parse_format(optarg, &options->format) != 0)
                return TS_EXIT_USAGE;
            break;
        case 'o':
            options->out = optarg;
            break;
        case 'n':
            options->only = optarg;
            break;
        case 'd':
            options->depfile = optarg;
            break;
        case 'a':
            options->against = optarg;
            break;
        case 'm':
            if (ts_emit_choose(optarg, &options->emitters, &error) != 0)
                return wrong_usage(error.message, NULL);
            break;
        case 'i':
            if (!is_prefix(optarg))
                return wrong_usage("--include-prefix is a path such as generated or src/gen, not",
                                   optarg);
            options->include_prefix = optarg;
            break;
        case 'c':
            options->check = true;
            break;
        case 'h':
            options->help = true;
            break;
        default:
            return TS_EXIT_USAGE;
        }
    }
    if (optind < argc)
        options->path = argv[optind++];
    if (optind < argc && options->takes_two)
        options->second = argv[optind++];
    if (optind < argc)
        return wrong_usage("one file at a time; what is", argv[optind]);
    return TS_EXIT_FINE;
}

/* Reads and checks the schema and prints what was found. */
static int compile_schema(const struct options *options, struct ts_compile *compile)
{
    struct rt_error error;
    bool typed = strcmp(options->path, "-") == 0 && isatty(STDIN_FILENO);
    if (!typed)
        ts_progress("checking", options->path);
    int rc = ts_compile_file(compile, options->path, &error);
    ts_progress_done();
    int status = rc == 0 ? TS_EXIT_FINE : ts_print_system_error(&error);
    ts_print_diagnostics(&compile->diags, options->format);
    return compile->diags.n_errors > 0 ? TS_EXIT_ERRORS : status;
}

static int run_check(const struct options *options)
{
    struct ts_compile compile;
    ts_compile_init(&compile);
    int status = compile_schema(options, &compile);
    ts_compile_done(&compile);
    return status;
}

static void print_change(void *context, const char *path, const char *verb)
{
    const bool *quiet = context;
    if (!*quiet)
        printf("%s %s\n", verb, path);
}

/* What the options choose among the files, as one text. */
static const char *choice_of(const struct options *options, struct rt_arena *arena)
{
    return rt_arena_printf(arena, "%x %s %s", options->emitters, options->include_prefix,
                           options->only ? options->only : "");
}

static int write_output(const struct options *options, struct ts_compile *compile)
{
    struct ts_output *output = ts_output_new();
    struct ts_output_report report = {0};
    struct rt_error error;
    bool quiet = options->quiet;
    int lock = -1;
    ts_progress("making the files of", options->out);
    ts_output_set_prefix(output, options->include_prefix);
    ts_emit(compile->model, options->emitters, output);
    ts_progress("waiting for another run of gen in", options->out);
    int rc = options->check ? 0 : ts_output_lock(options->out, &lock, &error);
    ts_progress_done(); /* from here on each file is reported */
    if (rc == 0)
        rc = ts_output_write(output, options->out, options->only,
                             options->check ? TS_OUTPUT_CHECK : TS_OUTPUT_WRITE, print_change,
                             &quiet, &report, &error);
    if (rc == 0 && !options->check)
        ts_stamp_write(options->out, compile->model, choice_of(options, &compile->arena),
                       compile->diags.n_warnings == 0, output);
    if (lock >= 0)
        close(lock);
    ts_output_free(output);
    if (rc != 0)
        return ts_print_system_error(&error);
    bool stale = options->check && report.written + report.removed > 0;
    return stale ? TS_EXIT_ERRORS : TS_EXIT_FINE;
}

/* A rule for make and ninja: the output depends on every file of the schema. */
static int write_depfile(const struct options *options, const struct ts_model *model)
{
    FILE *file = fopen(options->depfile, "we");
    if (!file) {
        perror(options->depfile);
        return TS_EXIT_SYSTEM;
    }
    fprintf(file, "%s:", options->out);
    for (size_t i = 0; i < model->n_sources; i++)
        fprintf(file, " %s", model->sources[i]->path);
    fputc('\n', file);
    return fclose(file) == 0 ? TS_EXIT_FINE : TS_EXIT_SYSTEM;
}

static int run_gen(const struct options *options)
{
    struct ts_compile compile;
    if (!options->out)
        return wrong_usage("gen needs --out DIR", NULL);
    bool silent = false;
    ts_compile_init(&compile);
    bool fresh = !options->check && ts_stamp_holds(options->out, options->path,
                                                   choice_of(options, &compile.arena), &silent);
    bool nothing = fresh && silent && !options->depfile;
    int status = nothing ? TS_EXIT_FINE : compile_schema(options, &compile);
    if (status == TS_EXIT_FINE && !fresh)
        status = write_output(options, &compile);
    if (status == TS_EXIT_FINE && !nothing && options->depfile)
        status = write_depfile(options, compile.model);
    ts_compile_done(&compile);
    return status;
}

/* Replaces a file, never leaving half of one. */
static int replace_file(const char *path, const struct rt_buf *bytes)
{
    struct rt_buf fresh = {0};
    rt_buf_printf(&fresh, "%s.new", path);
    FILE *file = fopen(rt_buf_cstr(&fresh), "wbe");
    bool ok = file && fwrite(bytes->data, 1, bytes->len, file) == bytes->len;
    if (file)
        ok &= fclose(file) == 0;
    if (!ok || rename(rt_buf_cstr(&fresh), path) != 0) {
        perror(path);
        unlink(rt_buf_cstr(&fresh));
        ok = false;
    }
    rt_buf_done(&fresh);
    return ok ? TS_EXIT_FINE : TS_EXIT_SYSTEM;
}

static int format_source(const struct options *options, struct ts_compile *compile,
                         const struct ts_source *source)
{
    struct rt_buf out = {0};
    int status = TS_EXIT_FINE;
    ts_fmt(&compile->arena, &compile->symbols, source, &out);
    bool changed = !rt_bytes_eq(rt_buf_bytes(&out), rt_bytes(source->text, source->len));
    if (changed && options->check) {
        printf("stale %s\n", options->path);
        status = TS_EXIT_ERRORS;
    } else if (strcmp(options->path, "-") == 0) {
        if (!options->check && out.len > 0 && fwrite(out.data, 1, out.len, stdout) != out.len)
            status = TS_EXIT_SYSTEM;
    } else if (changed) {
        status = replace_file(options->path, &out);
    }
    rt_buf_done(&out);
    return status;
}

static int run_new(const struct options *options)
{
    struct rt_error error;
    if (ts_new(options->path, &error) != 0)
        return error.code == RT_EINVAL ? wrong_usage(error.message, NULL)
                                       : ts_print_system_error(&error);
    struct rt_arena arena;
    rt_arena_init(&arena, 0);
    struct options gen = *options;
    gen.path = rt_arena_printf(&arena, "%s/%s.tess", options->path, options->path);
    gen.out = rt_arena_printf(&arena, "%s/gen", options->path);
    gen.quiet = true;
    int status = run_gen(&gen);
    rt_arena_done(&arena);
    if (status == TS_EXIT_FINE)
        printf("%s is there; cd %s && ./run starts it\n", options->path, options->path);
    return status;
}

static int run_fmt(const struct options *options)
{
    struct ts_compile compile;
    struct rt_error error;
    struct ts_source *source = NULL;
    ts_compile_init(&compile);
    int status = TS_EXIT_FINE;
    if (ts_source_read(&compile.arena, options->path, &source, &error) != 0) {
        status = ts_print_system_error(&error);
    } else if (!ts_compile_parses(&compile, source)) {
        ts_print_diagnostics(&compile.diags, options->format);
        status = TS_EXIT_ERRORS;
    } else {
        status = format_source(options, &compile, source);
    }
    ts_compile_done(&compile);
    return status;
}

static void print_indented(const char *title, const char *text)
{
    printf("\n%s:\n", title);
    for (const char *end; (end = strchr(text, '\n')); text = end + 1)
        printf("    %.*s\n", (int)(end - text), text);
}

static int run_explain(const struct options *options)
{
    const char *text = options->path;
    char *end = NULL;
    unsigned long number = strtoul(text[0] == 'T' || text[0] == 't' ? text + 1 : text, &end, 10);
    const struct ts_code_info *info = number < 10000 ? ts_code_find((unsigned)number) : NULL;
    if (*end != '\0' || !info)
        return wrong_usage("no such code:", text);
    printf("%s[T%04d]: %s\n", info->severity == TS_ERROR ? "error" : "warning", (int)info->code,
           info->text);
    const struct ts_code_example *example = ts_code_example(info->code);
    if (example) {
        print_indented(example->change ? "Before" : "Wrong", example->first);
        print_indented(example->change ? "After" : "Right", example->second);
    }
    return TS_EXIT_FINE;
}

static int run_complete(const struct options *options)
{
    if (!ts_complete(options->path, stdout))
        return wrong_usage("can complete for " TS_SHELLS ", not", options->path);
    return TS_EXIT_FINE;
}

static int run_breaking(const struct options *options)
{
    if (!options->second == !options->against)
        return wrong_usage("breaking needs OLD NEW, or --against REVISION and one file", NULL);
    return ts_breaking_run(&(struct ts_breaking_request){
        .old_path = options->against ? NULL : options->path,
        .new_path = options->against ? options->path : options->second,
        .against = options->against,
        .format = options->format,
    });
}

static void print_emitters(void)
{
    size_t count;
    const struct ts_emitter *emitters = ts_emitters(&count);
    for (size_t i = 0; i < count; i++)
        printf("  %-16s %s\n", emitters[i].name, emitters[i].writes);
}

struct command {
    const char *name;
    int (*run)(const struct options *options);
    bool takes_two; /* files */
    const char *help;
    void (*print_more)(void); /* help that a table has; or NULL */
};

static const struct command commands[] = {
    {"check", run_check, false,
     "usage: tessera check FILE [--error-format=pretty|short|json]\n"
     "\n"
     "Checks the whole system that FILE describes (- is the standard input) and prints everything\n"
     "that is wrong.\n",
     NULL},
    {"gen", run_gen, false,
     "usage: tessera gen FILE --out DIR [--check] [--emit NAME,...] [--only PREFIX]\n"
     "                   [--include-prefix PATH] [--depfile PATH]\n"
     "                   [--error-format=pretty|short|json]\n"
     "\n"
     "Checks FILE and brings DIR up to date: only files whose bytes change are written, and\n"
     "files of an earlier run that are no longer produced are removed.\n"
     "\n"
     "  --check          change nothing; exit with 1 when something would change\n"
     "  --emit NAME,...  only what these emitters make; the files of others stay as they are\n"
     "  --only PREFIX    only files whose path in DIR starts with PREFIX\n"
     "  --include-prefix PATH\n"
     "                   how the files include each other: by PATH/SERVICE/x.h (gen)\n"
     "  --depfile PATH   write the files read as a rule for make or ninja\n"
     "\n"
     "Emitters:\n",
     print_emitters},
    {"breaking", run_breaking, true,
     "usage: tessera breaking OLD NEW [--error-format=pretty|short|json]\n"
     "       tessera breaking FILE --against REVISION\n"
     "\n"
     "Says what the change from the schema OLD to NEW breaks, for whom, and in which order to\n"
     "deploy: stored records, clients, events and their consumers, handlers and settings. Exits\n"
     "with 1 when something breaks that no order of deployment avoids; warnings alone are fine.\n"
     "\n"
     "  --against REVISION  OLD is FILE as it is in that commit of git\n",
     NULL},
    {"new", run_new, false,
     "usage: tessera new NAME\n"
     "\n"
     "Makes the folder NAME with a schema of two services and an event, what is written by hand\n"
     "of them, meson.build, a test and ./run, which builds and serves it.\n",
     NULL},
    {"fmt", run_fmt, false,
     "usage: tessera fmt FILE [--check]\n"
     "\n"
     "Brings FILE into the canonical form: indentation, spaces and columns. Line breaks and\n"
     "comments stay. A file with syntax errors is left alone. With - as FILE, what comes in is\n"
     "written to the standard output.\n"
     "\n"
     "  --check          change nothing; exit with 1 when something would change\n",
     NULL},
    {"explain", run_explain, false,
     "usage: tessera explain CODE\n"
     "\n"
     "Says what a code such as T0301 means, why it is an error and what to do, and shows a wrong\n"
     "and a right schema; what does not begin with `schema` or `service` stands in a service.\n",
     NULL},
    {"complete", run_complete, false,
     "usage: tessera complete bash|zsh|fish\n"
     "\n"
     "Prints what makes the shell complete commands and options. In its startup file:\n"
     "  bash  eval \"$(tessera complete bash)\"\n"
     "  zsh   eval \"$(tessera complete zsh)\", behind compinit\n"
     "  fish  tessera complete fish | source\n",
     NULL},
};

/* A compile takes memory in many pieces and gives it back at its end: from one heap, without a
 * system call for each, and in large pages where the kernel has them. */
static void tune_heap(void)
{
    enum { HEAP_STEP = 512 << 20 /* of addresses, not of memory */, LARGE_PAGE = 2 << 20 };
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TOP_PAD, HEAP_STEP);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    void *first = rt_alloc(1);
    uintptr_t start = ((uintptr_t)first + LARGE_PAGE - 1) & ~(uintptr_t)(LARGE_PAGE - 1);
    madvise((void *)start, HEAP_STEP - LARGE_PAGE, MADV_HUGEPAGE);
    free(first);
}

static int unknown_command(const char *name)
{
    struct rt_suggest suggest = rt_suggest_init(name);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        rt_suggest_try(&suggest, commands[i].name);
    if (!suggest.best)
        return wrong_usage("unknown command", name);
    fprintf(stderr, "tessera: unknown command %s\nDid you mean `tessera %s`?\n", name,
            suggest.best);
    return TS_EXIT_USAGE;
}

static int run_command(int argc, char **argv)
{
    if (argc < 2)
        return wrong_usage("no command", NULL);
    if (strcmp(argv[1], "--version") == 0) {
        printf("tessera %s\n", rt_version());
        return TS_EXIT_FINE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        fputs(usage, stdout);
        return TS_EXIT_FINE;
    }
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        struct options options = {.emitters = (unsigned)TS_EMIT_ALL,
                                  .include_prefix = "gen",
                                  .takes_two = commands[i].takes_two};
        if (strcmp(argv[1], commands[i].name) != 0)
            continue;
        int status = parse_options(argc - 1, argv + 1, &options);
        if (status != TS_EXIT_FINE)
            return status;
        if (options.help) {
            fputs(commands[i].help, stdout);
            if (commands[i].print_more)
                commands[i].print_more();
            return TS_EXIT_FINE;
        }
        if (!options.path)
            return wrong_usage("missing argument of", argv[1]);
        return commands[i].run(&options);
    }
    return unknown_command(argv[1]);
}

int main(int argc, char **argv)
{
    tune_heap();
    int status = run_command(argc, argv);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "tessera: the standard output: %s\n", strerror(errno));
        return TS_EXIT_SYSTEM;
    }
    return status;
}
