/* What each name means. */
#include "codegen/check/impl.h"
#include "codegen/text/c_names.h"
#include "codegen/text/foreign.h"

enum { SUGGESTIONS_MAX = 2000000 /* names compared, about, in one run */ };

const char *ts_doc(struct ts_checker *c, struct ts_span at, struct ts_piece piece)
{
    return at.source ? ts_comment_text(c->arena, at.source, piece) : NULL;
}

const char *ts_span_text(struct ts_checker *c, struct ts_span span)
{
    uint32_t len = span.len < 64 ? span.len : 64;
    return rt_arena_strndup(c->arena, span.source->text + span.offset, len);
}

const char *ts_message_kind_text(const struct ts_message *message)
{
    static const char *const texts[] = {
        [TS_PLAIN] = "message",  [TS_DERIVED] = "message", [TS_VIEW] = "view",
        [TS_MODEL] = "model",    [TS_REPLICA] = "replica", [TS_EVENT] = "event",
        [TS_NESTED] = "message",
    };
    return texts[message->kind];
}

const char *ts_type_text(struct ts_checker *c, const struct ts_type *type)
{
    const char *base = ts_kind_name(type->kind);
    if (type->alias)
        base = type->alias->name;
    else if (type->kind == TS_ENUM)
        base = type->enumeration->name;
    else if (type->kind == TS_MESSAGE)
        base = type->message->name;
    else if (type->kind == TS_DECIMAL)
        base = rt_arena_printf(c->arena, "decimal(%u)", type->scale);
    else if (type->kind == TS_REF)
        base = rt_arena_printf(c->arena, "ref %s", type->message->name);
    if (type->shape == TS_LIST)
        return rt_arena_printf(c->arena, "`%s[]`", base);
    if (type->shape == TS_MAP)
        return rt_arena_printf(c->arena, "`map<string, %s>`", base);
    return rt_arena_printf(c->arena, "`%s%s`", base, type->optional ? "?" : "");
}

/* --------------------------------------------------------------------- case */

static bool is_snake(const char *name)
{
    if (name[0] < 'a' || name[0] > 'z')
        return false;
    for (const char *p = name; *p; p++) {
        bool small = (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9');
        if (!small && (*p != '_' || p[1] == '_' || p[1] == '\0'))
            return false;
    }
    return true;
}

static bool is_pascal(const char *name)
{
    return name[0] >= 'A' && name[0] <= 'Z' && !strchr(name, '_');
}

void ts_check_case(struct ts_checker *c, struct ts_ident name, enum ts_case wanted,
                   const char *what)
{
    if (!name.symbol)
        return;
    const char *text = name.symbol->text;
    if (wanted == TS_SNAKE ? is_snake(text) : is_pascal(text))
        return;
    struct ts_diag *diag =
        ts_report(c->diags, TS_T_NAME_CASE, name.span, "the name of %s is written in %s", what,
                  wanted == TS_SNAKE ? "snake_case" : "PascalCase");
    char *better =
        wanted == TS_SNAKE ? ts_name_snake(c->arena, text) : ts_name_pascal(c->arena, text);
    if (wanted == TS_SNAKE ? is_snake(better) : is_pascal(better))
        ts_help(diag, "write `%s`", better);
}

void ts_check_word(struct ts_checker *c, struct ts_ident name, const char *what)
{
    if (name.symbol && name.symbol->is_c_word)
        ts_help(ts_report(c->diags, TS_T_BAD_NAME, name.span,
                          "`%s` cannot be the name of %s: it means something in C or C++",
                          name.symbol->text, what),
                "write `%s_value`, or a longer name", name.symbol->text);
}

/* Everything in C starts with the name of a service or of the schema. */
static void check_prefix(struct ts_checker *c, struct ts_ident name, const char *what)
{
    const char *library = name.symbol ? ts_c_library(name.symbol->text) : NULL;
    if (library)
        ts_note(ts_report(c->diags, TS_T_BAD_NAME, name.span,
                          "`%s` cannot be the name of %s: those of %s start with it",
                          name.symbol->text, what, library),
                "names in C start with that of the %s", what + 2);
    else if (name.symbol && strcmp(name.symbol->text, "common") == 0 &&
             strcmp(what, "a service") == 0)
        ts_note(ts_report(c->diags, TS_T_BAD_NAME, name.span,
                          "`common` cannot be the name of a service"),
                "the enums that all services share are emitted under it");
}

/* ------------------------------------------------------------- declarations */

struct ts_entry *ts_lookup(struct ts_checker *c, enum ts_space space, const void *scope,
                           const struct ts_symbol *symbol)
{
    struct ts_entry_key key = {scope, symbol, space};
    struct ts_entry *entry = NULL;
    HASH_FIND(hh, c->entries, &key, sizeof key, entry);
    return entry;
}

bool ts_declare(struct ts_checker *c, enum ts_space space, const void *scope, struct ts_ident name,
                enum ts_decl_kind kind, void *decl, const char *what)
{
    if (!name.symbol)
        return false;
    struct ts_entry *entry = ts_lookup(c, space, scope, name.symbol);
    if (entry) {
        ts_label(ts_report(c->diags, TS_T_DUPLICATE, name.span, "a second %s named `%s`", what,
                           name.symbol->text),
                 entry->span, "the name is taken here");
        return false;
    }
    entry = RT_ARENA_NEW(c->arena, struct ts_entry);
    entry->key = (struct ts_entry_key){scope, name.symbol, space};
    entry->kind = kind;
    entry->decl = decl;
    entry->span = name.span;
    HASH_ADD(hh, c->entries, key, sizeof entry->key, entry);
    return true;
}

static const char *name_text(struct ts_ident name)
{
    return name.symbol ? name.symbol->text : "?";
}

static void declare_aliases(struct ts_checker *c, struct ts_service *service,
                            struct ts_ast_alias *list)
{
    void *scope = service ? (void *)service : (void *)c->model;
    struct ts_alias ***array = service ? &service->aliases : &c->model->aliases;
    size_t *count = service ? &service->n_aliases : &c->model->n_aliases;
    for (struct ts_ast_alias *ast = list; ast; ast = ast->next) {
        struct ts_checked_alias *alias = RT_ARENA_NEW(c->arena, struct ts_checked_alias);
        alias->alias =
            (struct ts_alias){name_text(ast->name), ts_doc(c, ast->name.span, ast->doc),
                              ast->name.span, service, RT_ARENA_NEW(c->arena, struct ts_type)};
        alias->ast = ast;
        alias->service = service;
        ts_check_case(c, ast->name, TS_PASCAL, "a type");
        ts_declare(c, TS_SPACE_TYPE, scope, ast->name, TS_DECL_ALIAS, alias, "type");
        TS_PUSH(c->arena, *array, *count, &alias->alias);
    }
}

static void declare_enums(struct ts_checker *c, struct ts_service *service,
                          struct ts_ast_enum *list)
{
    void *scope = service ? (void *)service : (void *)c->model;
    struct ts_enum ***array = service ? &service->enums : &c->model->enums;
    size_t *count = service ? &service->n_enums : &c->model->n_enums;
    for (struct ts_ast_enum *ast = list; ast; ast = ast->next) {
        struct ts_enum *enumeration = RT_ARENA_NEW(c->arena, struct ts_enum);
        enumeration->name = name_text(ast->name);
        enumeration->doc = ts_doc(c, ast->name.span, ast->doc);
        enumeration->span = ast->name.span;
        enumeration->service = service;
        ts_check_case(c, ast->name, TS_PASCAL, "an enum");
        ts_declare(c, TS_SPACE_TYPE, scope, ast->name, TS_DECL_ENUM, enumeration, "type");
        enumeration->c_name = ts_name_snake(c->arena, enumeration->name);
        TS_PUSH(c->arena, *array, *count, enumeration);
    }
}

struct ts_checked_message *ts_new_message(struct ts_checker *c, struct ts_service *service,
                                          enum ts_message_kind kind, struct ts_ident name)
{
    struct ts_checked_message *checked = RT_ARENA_NEW(c->arena, struct ts_checked_message);
    checked->service = service;
    checked->message.kind = kind;
    checked->message.name = name.symbol ? name.symbol->text : "?";
    checked->message.c_name = ts_name_snake(c->arena, checked->message.name);
    checked->message.span = name.span;
    checked->message.service = service;
    TS_PUSH(c->arena, service->messages, service->n_messages, &checked->message);
    return checked;
}

/* The subjects that the channel takes (runtime/channel/protocol/subject.h), but for its own. */
static void check_subject(struct ts_checker *c, struct ts_ident subject)
{
    if (!subject.symbol)
        return;
    const char *text = subject.symbol->text;
    size_t len = subject.symbol->len;
    bool good = len > 0 && len <= TS_LIMIT_SUBJECT && *text != '$';
    for (size_t i = 0, word = 0; i <= len && good; i++) {
        unsigned char byte = (unsigned char)text[i];
        bool ends = i == len || byte == '.' || byte == ':';
        good = ends ? word > 0 : byte > ' ' && byte != 0x7f && byte != '*' && byte != '>';
        word = ends ? 0 : word + 1;
    }
    if (!good)
        ts_note(ts_report(c->diags, TS_T_BAD_SUBJECT, subject.span, "this is no subject"),
                "it is words with `.` or `:` between them, %d bytes at most, without blanks, `*` "
                "and `>`, and does not start with `$`",
                TS_LIMIT_SUBJECT);
}

static void declare_messages(struct ts_checker *c, struct ts_service *service,
                             struct ts_ast_message *list)
{
    static const enum ts_message_kind kinds[] = {
        [TS_AST_MODEL] = TS_MODEL, [TS_AST_PLAIN] = TS_PLAIN, [TS_AST_DERIVED] = TS_DERIVED,
        [TS_AST_VIEW] = TS_VIEW,   [TS_AST_EVENT] = TS_EVENT, [TS_AST_REPLICA] = TS_REPLICA,
    };
    for (struct ts_ast_message *ast = list; ast; ast = ast->next) {
        struct ts_checked_message *checked =
            ts_new_message(c, service, kinds[ast->kind], ast->name);
        struct ts_message *message = &checked->message;
        checked->ast = ast;
        checked->incomplete = ast->broken;
        message->doc = ts_doc(c, ast->name.span, ast->doc);
        message->bounded = ast->bounded;
        ts_check_case(c, ast->name, TS_PASCAL,
                      message->kind == TS_EVENT   ? "an event"
                      : message->kind == TS_MODEL ? "a model"
                                                  : "a message");
        ts_declare(c, TS_SPACE_TYPE, service, ast->name, TS_DECL_MESSAGE, checked, "type");
        if (message->kind != TS_EVENT)
            continue;
        checked->event = (struct ts_event){.name = message->name,
                                           .doc = message->doc,
                                           .subject = name_text(ast->subject),
                                           .span = message->span,
                                           .service = service,
                                           .message = message};
        message->event = &checked->event;
        check_subject(c, ast->subject);
        ts_declare(c, TS_SPACE_SUBJECT, c->model, ast->subject, TS_DECL_OTHER, checked, "event");
        TS_PUSH(c->arena, service->events, service->n_events, &checked->event);
    }
}

static void declare_service(struct ts_checker *c, const struct ts_ast_service *ast)
{
    struct ts_service *service = RT_ARENA_NEW(c->arena, struct ts_service);
    service->name = name_text(ast->name);
    service->doc = ts_doc(c, ast->name.span, ast->doc);
    service->span = ast->name.span;
    service->model = c->model;
    service->package = rt_arena_printf(c->arena, "%s.%s", c->model->name, service->name);
    ts_check_case(c, ast->name, TS_SNAKE, "a service");
    check_prefix(c, ast->name, "a service");
    ts_declare(c, TS_SPACE_SERVICE, c->model, ast->name, TS_DECL_SERVICE, service, "service");
    TS_PUSH(c->arena, c->model->services, c->model->n_services, service);
    declare_aliases(c, service, ast->aliases);
    declare_enums(c, service, ast->enums);
    declare_messages(c, service, ast->messages);
}

void ts_declare_all(struct ts_checker *c)
{
    struct ts_model *model = c->model;
    for (struct ts_ast_file *file = c->files; file; file = file->next) {
        TS_PUSH(c->arena, model->sources, model->n_sources,
                (struct ts_source *)(uintptr_t)file->source);
        if (!model->name && file->name.symbol) {
            model->name = file->name.symbol->text;
            model->doc = ts_doc(c, file->name.span, file->doc);
            model->span = file->name.span;
            ts_check_case(c, file->name, TS_SNAKE, "a schema");
            check_prefix(c, file->name, "a schema");
        } else if (file->name.symbol && file->name.symbol->text != model->name) {
            ts_label(ts_report(c->diags, TS_T_DUPLICATE, file->name.span,
                               "this file belongs to another schema, `%s`",
                               file->name.symbol->text),
                     model->span, "the schema that imports it is `%s`", model->name);
        }
    }
    if (!model->name) {
        struct ts_span start = {c->files->source, 0, 0};
        if (!ts_is_lost(c, c->symbols->keywords[TS_KW_SCHEMA]))
            ts_help(ts_report(c->diags, TS_T_NO_SCHEMA, start, "the schema has no name"),
                    "start the file with `schema NAME`");
        model->name = "schema";
    }
    for (struct ts_ast_file *file = c->files; file; file = file->next) {
        declare_aliases(c, NULL, file->aliases);
        declare_enums(c, NULL, file->enums);
        for (struct ts_ast_service *ast = file->services; ast; ast = ast->next)
            declare_service(c, ast);
    }
}

/* --------------------------------------------------------------- resolution */

bool ts_may_suggest(struct ts_checker *c)
{
    c->suggestions += 100 + HASH_COUNT(c->entries);
    return c->suggestions < SUGGESTIONS_MAX;
}

bool ts_check_count(struct ts_checker *c, size_t count, size_t limit, struct ts_span span,
                    const char *what)
{
    if (count == limit)
        ts_report(c->diags, TS_T_TOO_MANY, span, "this is one too many: at most %zu %s", limit,
                  what);
    return count < limit;
}

void ts_suggest_entries(struct ts_checker *c, struct ts_diag *diag, const char *wanted,
                        enum ts_space space, const void *scope)
{
    if (!ts_may_suggest(c))
        return;
    struct rt_suggest suggest = rt_suggest_init(wanted);
    for (struct ts_entry *entry = c->entries; entry; entry = entry->hh.next)
        if (entry->key.space == space && (!scope || entry->key.scope == scope))
            rt_suggest_try(&suggest, entry->key.symbol->text);
    ts_suggest_help(&suggest, diag);
}

/* The one service, if any, that has a type of that name. */
static const struct ts_service *owner_of(struct ts_checker *c, const struct ts_symbol *symbol)
{
    for (size_t i = 0; i < c->model->n_services; i++)
        if (ts_lookup(c, TS_SPACE_TYPE, c->model->services[i], symbol))
            return c->model->services[i];
    return NULL;
}

static bool is_type_name(const struct ts_symbol *symbol)
{
    return (symbol->keyword >= TS_KW_BOOL && symbol->keyword <= TS_KW_BYTES) ||
           ts_foreign_type(symbol->text) != NULL;
}

static void report_unknown(struct ts_checker *c, const struct ts_service *from,
                           const struct ts_qname *name, const void *scope, const char *what)
{
    if (ts_is_lost(c, name->name.symbol))
        return;
    struct ts_diag *diag = ts_report(c->diags, TS_T_UNKNOWN_NAME, name->span, "no %s named `%s`",
                                     what, ts_span_text(c, name->span));
    const char *foreign = name->service.symbol ? NULL : ts_foreign_type(name->name.symbol->text);
    if (foreign && strcmp(what, "type") == 0) {
        ts_help(diag, "%s", foreign);
        return;
    }
    if (!ts_may_suggest(c))
        return;
    const struct ts_service *owner = scope == from ? owner_of(c, name->name.symbol) : NULL;
    if (owner) {
        ts_label(ts_help(diag, "there is `%s.%s`", owner->name, name->name.symbol->text),
                 ts_lookup(c, TS_SPACE_TYPE, owner, name->name.symbol)->span,
                 "it is declared here");
        return;
    }
    struct rt_suggest suggest = rt_suggest_init(name->name.symbol->text);
    for (struct ts_entry *entry = c->entries; entry; entry = entry->hh.next)
        if (entry->key.space == TS_SPACE_TYPE &&
            (entry->key.scope == scope || (scope == from && entry->key.scope == c->model)))
            rt_suggest_try(&suggest, entry->key.symbol->text);
    bool is_type = strcmp(what, "type") == 0;
    for (enum ts_keyword word = TS_KW_BOOL; is_type && word <= TS_KW_VERSION; word++)
        rt_suggest_try(&suggest, ts_keyword_text(word));
    if (!suggest.best && c->field_name && is_type_name(c->field_name))
        ts_help(diag, "the name comes before the type: write `%s %s`", name->name.symbol->text,
                c->field_name->text);
    else if (suggest.best && name->service.symbol)
        ts_help(diag, "did you mean `%s.%s`?", name->service.symbol->text, suggest.best);
    else
        ts_suggest_help(&suggest, diag);
}

struct ts_entry *ts_resolve(struct ts_checker *c, const struct ts_service *from,
                            const struct ts_qname *name, const char *what)
{
    if (!name->name.symbol)
        return NULL;
    const void *scope = from ? (const void *)from : c->model;
    if (name->service.symbol) {
        struct ts_entry *entry = ts_lookup(c, TS_SPACE_SERVICE, c->model, name->service.symbol);
        if (!entry) {
            if (ts_is_lost(c, name->service.symbol))
                return NULL;
            struct ts_diag *diag = ts_report(c->diags, TS_T_UNKNOWN_SERVICE, name->service.span,
                                             "no service named `%s`", name->service.symbol->text);
            ts_suggest_entries(c, diag, name->service.symbol->text, TS_SPACE_SERVICE, NULL);
            return NULL;
        }
        scope = entry->decl;
    }
    struct ts_entry *entry = ts_lookup(c, TS_SPACE_TYPE, scope, name->name.symbol);
    if (!entry && !name->service.symbol)
        entry = ts_lookup(c, TS_SPACE_TYPE, c->model, name->name.symbol);
    if (!entry)
        report_unknown(c, from, name, scope, what);
    return entry;
}

struct ts_checked_message *ts_resolve_message(struct ts_checker *c, const struct ts_service *from,
                                              const struct ts_qname *name, const char *what)
{
    struct ts_entry *entry = ts_resolve(c, from, name, what);
    if (!entry)
        return NULL;
    if (entry->kind == TS_DECL_MESSAGE)
        return entry->decl;
    ts_label(ts_report(c->diags, TS_T_WRONG_KIND, name->span, "`%s` is not a %s",
                       name->name.symbol->text, what),
             entry->span, "it is declared here as %s",
             entry->kind == TS_DECL_ENUM ? "an enum" : "a type");
    return NULL;
}

struct ts_event *ts_resolve_event(struct ts_checker *c, const struct ts_service *from,
                                  const struct ts_qname *name)
{
    struct ts_checked_message *message = ts_resolve_message(c, from, name, "event");
    if (!message || message->message.kind == TS_EVENT)
        return message ? &message->event : NULL;
    ts_label(ts_report(c->diags, TS_T_WRONG_KIND, name->span, "`%s` is not an event",
                       message->message.name),
             message->message.span, "it is declared here as a %s",
             ts_message_kind_text(&message->message));
    return NULL;
}
