/* The file and its top level. */
#include "codegen/syntax/parse_impl.h"
#include "codegen/text/suggest.h"

/* error = "error" name status text ; */
static struct ts_ast_error *parse_error(struct ts_parser *p)
{
    struct ts_ast_error *error = TS_NODE(p, struct ts_ast_error);
    error->doc = ts_peek(p, 0)->doc;
    ts_advance(p);
    error->name = ts_expect_name(p, "the name of an error");
    error->status = ts_expect_number(p, "the HTTP status of the error");
    error->text = ts_expect_text(p, "the text of the error, in quotes").symbol;
    return error;
}

/* session = "session" "of" qname "lasts" duration [ "revoked" "by" qname ] ; */
static struct ts_ast_session *parse_session(struct ts_parser *p)
{
    struct ts_ast_session *session = TS_NODE(p, struct ts_ast_session);
    session->doc = ts_peek(p, 0)->doc;
    session->span = ts_peek(p, 0)->span;
    ts_advance(p);
    ts_expect_word(p, TS_KW_OF, "and the model of users");
    session->user = ts_expect_qname(p, "the model of users, such as `auth.User`");
    ts_expect_word(p, TS_KW_LASTS, "and how long a session lasts");
    struct ts_span lifetime = ts_peek(p, 0)->span;
    if (ts_accept(p, TS_TOK_DURATION))
        session->lifetime = lifetime;
    else if (!p->panic)
        ts_expected(p, "a duration, such as `7d`");
    if (ts_accept_word(p, TS_KW_REVOKED)) {
        ts_expect_word(p, TS_KW_BY, "and the event that ends a session");
        session->revoked_by = ts_expect_qname(p, "the event that ends a session");
    }
    return session;
}

static void add_session(struct ts_parser *p)
{
    struct ts_ast_session *session = parse_session(p);
    if (p->file->session)
        ts_label(ts_report(p->diags, TS_T_DUPLICATE, session->span, "a second session"),
                 p->file->session->span, "the first one is here");
    else
        p->file->session = session;
}

/* cors = "cors" text { "," text } [ "credentials" ] ; */
static void parse_cors(struct ts_parser *p)
{
    struct ts_ast_cors *cors = TS_NODE(p, struct ts_ast_cors);
    struct ts_ast_text **tail = &cors->origins;
    cors->span = ts_peek(p, 0)->span;
    ts_advance(p);
    do {
        struct ts_ast_text *origin = TS_NODE(p, struct ts_ast_text);
        origin->text = ts_expect_text(p, "an origin in quotes, such as \"https://app.example\"");
        if (!p->panic)
            TS_APPEND(tail, origin);
    } while (ts_accept(p, TS_TOK_COMMA));
    cors->credentials = ts_accept_word(p, TS_KW_CREDENTIALS);
    if (p->file->cors != NULL)
        ts_label(ts_report(p->diags, TS_T_DUPLICATE, cors->span, "a second `cors`"),
                 p->file->cors->span, "the first one is here");
    else
        p->file->cors = cors;
}

struct tails {
    struct ts_ast_import **imports;
    struct ts_ast_alias **aliases;
    struct ts_ast_enum **enums;
    struct ts_ast_error **errors;
    struct ts_ast_service **services;
};

static void unknown_declaration(struct ts_parser *p)
{
    static const enum ts_keyword words[] = {TS_KW_TYPE, TS_KW_ENUM,    TS_KW_ERROR, TS_KW_SESSION,
                                            TS_KW_CORS, TS_KW_SERVICE, TS_KW_IMPORT};
    static const enum ts_keyword inner[] = {TS_KW_MODEL, TS_KW_MESSAGE, TS_KW_VIEW,
                                            TS_KW_EVENT, TS_KW_REPLICA, TS_KW_ROUTES,
                                            TS_KW_ON,    TS_KW_TIMER,   TS_KW_SETTING};
    for (size_t i = 0; i < sizeof inner / sizeof *inner; i++) {
        if (!ts_at_word(p, inner[i]))
            continue;
        p->panic = true;
        ts_help(ts_report(p->diags, TS_T_OUTSIDE_SERVICE, ts_peek(p, 0)->span,
                          "`%s` stands outside of any service", ts_keyword_text(inner[i])),
                "put it between the braces of a `service NAME { ... }`");
        return;
    }
    ts_expected_word_of(p, "a declaration (type, enum, error, session, service or import)", words,
                        sizeof words / sizeof *words);
}

/* declaration = import | alias | enum | error | session | cors | service ; import = "import" text ;
 */
static void parse_declaration(struct ts_parser *p, struct tails *tails)
{
    if (!ts_count_declaration(p))
        return;
    switch (ts_word(p)) {
    case TS_KW_IMPORT: {
        struct ts_ast_import *import = TS_NODE(p, struct ts_ast_import);
        ts_advance(p);
        import->path = ts_expect_text(p, "the path of a file, in quotes");
        TS_APPEND(tails->imports, import);
        break;
    }
    case TS_KW_TYPE: {
        struct ts_ast_alias *alias = ts_parse_alias(p);
        TS_APPEND(tails->aliases, alias);
        break;
    }
    case TS_KW_ENUM: {
        struct ts_ast_enum *enumeration = ts_parse_enum(p);
        TS_APPEND(tails->enums, enumeration);
        break;
    }
    case TS_KW_ERROR: {
        struct ts_ast_error *error = parse_error(p);
        TS_APPEND(tails->errors, error);
        break;
    }
    case TS_KW_SESSION:
        add_session(p);
        break;
    case TS_KW_CORS:
        parse_cors(p);
        break;
    case TS_KW_SERVICE: {
        struct ts_ast_service *service = ts_parse_service(p);
        TS_APPEND(tails->services, service);
        break;
    }
    default:
        unknown_declaration(p);
    }
}

/* Behind a damaged declaration: the next line that starts with a word of the top level. */
static void recover_declaration(struct ts_parser *p, uint32_t start)
{
    do {
        ts_recover(p, start);
        if (ts_accept(p, TS_TOK_RBRACE))
            continue;
        switch (ts_word(p)) {
        case TS_KW_IMPORT:
        case TS_KW_TYPE:
        case TS_KW_ENUM:
        case TS_KW_ERROR:
        case TS_KW_SESSION:
        case TS_KW_CORS:
        case TS_KW_SERVICE:
            return;
        default:
            start = ts_peek(p, 0)->span.offset;
        }
    } while (!ts_at(p, TS_TOK_END));
}

/* file = [ "schema" name ] { declaration } ; */
struct ts_ast_file *ts_parse(struct rt_arena *arena, struct ts_symbols *symbols,
                             struct ts_diags *diags, const struct ts_source *source)
{
    struct ts_parser parser = {.arena = arena, .symbols = symbols, .diags = diags};
    struct ts_parser *p = &parser;
    struct ts_ast_file *file = p->file = TS_NODE(p, struct ts_ast_file);
    struct tails tails = {&file->imports, &file->aliases, &file->enums, &file->errors,
                          &file->services};
    file->source = source;
    ts_lexer_init(&p->lexer, source, symbols, diags);
    if (ts_at_word(p, TS_KW_SCHEMA)) {
        file->doc = ts_peek(p, 0)->doc;
        ts_advance(p);
        file->name = ts_expect_name(p, "the name of the schema");
        if (p->panic)
            recover_declaration(p, ts_peek(p, 0)->span.offset);
    }
    while (!ts_at(p, TS_TOK_END)) {
        uint32_t start = ts_peek(p, 0)->span.offset;
        parse_declaration(p, &tails);
        if (p->panic)
            recover_declaration(p, start);
    }
    return file;
}
