/*
 * The syntax tree: what was written, unresolved. The parser builds it in the compile's arena and
 * the checker turns it into the model (model.h); nobody else sees it.
 *
 * Invariants: siblings are linked by `next` in the order written. What is missing after a syntax
 * error has a NULL symbol or is not in the tree at all; then `broken` of the enclosing
 * declaration is set, so that the checker does not report what follows from it.
 */
#ifndef TS_AST_H
#define TS_AST_H

#include "codegen/text/lexer.h"
#include "codegen/text/operators.h"

struct ts_ident {
    struct ts_symbol *symbol; /* NULL: missing */
    struct ts_span span;
};

/* name or service.name */
struct ts_qname {
    struct ts_ident service; /* symbol NULL: unqualified */
    struct ts_ident name;
    struct ts_span span; /* of both */
};

/* Anything that must be said again in a list of names: emits, errors, sources. */
struct ts_ast_name {
    struct ts_ast_name *next;
    struct ts_qname name;
};

struct ts_ast_type;

enum ts_ast_value_kind { TS_VALUE_NUMBER, TS_VALUE_DURATION, TS_VALUE_TEXT, TS_VALUE_NAME };

struct ts_ast_value {
    struct ts_ast_value *next;
    enum ts_ast_value_kind kind;
    struct ts_span span;
    struct ts_symbol *symbol; /* TS_VALUE_TEXT, TS_VALUE_NAME */
};

/* min..max, either end open; one value alone is both ends. */
struct ts_ast_range {
    struct ts_ast_value *min; /* NULL: open */
    struct ts_ast_value *max;
    struct ts_span span; /* len 0: no range was written */
};

/* What follows the name of a type. */
struct ts_ast_constraints {
    struct ts_ast_range size;  /* ( ): lengths, or the scale of a decimal */
    struct ts_ast_range bound; /* in ... */
    struct ts_ast_range items; /* [ ] */
    bool list;
    struct ts_span list_span;
    struct ts_span optional; /* of ?, len 0 when absent, as all below */
    struct ts_span trim;
    struct ts_span lower;
    struct ts_span distinct;
    struct ts_span format;
    enum ts_keyword format_word;
    struct ts_span pattern;
    const char *pattern_text;
};

struct ts_ast_map {
    struct ts_ast_type *key;
    struct ts_ast_type *value;
};

struct ts_ast_type {
    struct ts_qname name;         /* of `ref M`, the word ref itself */
    struct ts_span span;          /* of the whole type */
    enum ts_keyword builtin;      /* the built-in type it names, TS_KW_REF, TS_KW_MAP or NONE */
    struct ts_qname *target;      /* ref: of what; else NULL */
    struct ts_ast_map *map;       /* map; else NULL */
    struct ts_ast_constraints *c; /* NULL: none */
};

struct ts_ast_field {
    struct ts_ast_field *next;
    struct ts_ident name;
    struct ts_piece doc;
    struct ts_ast_type type;
    bool broken;           /* a mistake ended it early: what came after is not known */
    struct ts_span number; /* of the digits; len 0 when missing */
    struct ts_span unique; /* len 0 when absent, as all below */
    struct ts_span embed;
    struct ts_span secret;
    struct ts_ast_value *default_value; /* `= ...` when it is a constant, or may be one */
    struct ts_ast_expr *given;          /* `= ...` when it is more than a constant, or may be */
    struct ts_span on_update;
    struct ts_ast_value *example;
};

struct ts_ast_pick {
    struct ts_ast_pick *next;
    struct ts_ident name;
    struct ts_ast_pick *picks; /* of `field { ... }` */
    bool nested;
};

struct ts_ast_expr {
    struct ts_ast_expr *next; /* the next operand of what this one is an operand of */
    enum ts_expr_op op;
    struct ts_span span;
    struct ts_span op_span; /* of the operator, when there is one */
    struct ts_ast_value *value;
    struct ts_ast_name *path; /* names between dots, one at least */
    struct ts_ast_expr *operands;
};

struct ts_ast_index {
    struct ts_ast_index *next;
    struct ts_ident name;
    struct ts_piece doc;
    bool unique;
    struct ts_ast_name *fields;
    struct ts_ast_expr *condition;
};

struct ts_ast_rule {
    struct ts_ast_rule *next;
    struct ts_ident name;
    struct ts_ast_expr *condition;
    struct ts_symbol *text;
};

enum ts_ast_message_kind {
    TS_AST_MODEL,
    TS_AST_PLAIN,
    TS_AST_DERIVED,
    TS_AST_VIEW,
    TS_AST_EVENT,
    TS_AST_REPLICA
};

/* model, message, view, event, replica */
struct ts_ast_message {
    struct ts_ast_message *next;
    enum ts_ast_message_kind kind;
    struct ts_ident name;
    struct ts_piece doc;
    struct ts_span braces; /* of the opening brace */
    bool broken;
    bool bounded;
    struct ts_ident renamed;      /* model: what it was called before */
    struct ts_ident expires;      /* model */
    struct ts_ast_field *fields;  /* model, plain message */
    struct ts_ast_index *indexes; /* model; replica */
    struct ts_ast_rule *rules;
    struct ts_ast_value *reserved;
    struct ts_qname origin;      /* all others */
    struct ts_ast_pick *picks;   /* all others */
    struct ts_ast_name *sources; /* replica: the events behind `from` */
    struct ts_ident subject;     /* event: its text */
    struct ts_ident key;         /* event: the field behind `keyed by` */
};

struct ts_ast_enum_value {
    struct ts_ast_enum_value *next;
    struct ts_ident name;
    struct ts_piece doc;
    struct ts_span number;
    struct ts_ident text; /* as "..." */
};

struct ts_ast_enum {
    struct ts_ast_enum *next;
    struct ts_ident name;
    struct ts_piece doc;
    bool broken;
    struct ts_ast_enum_value *values;
    struct ts_ast_value *reserved;
};

struct ts_ast_alias {
    struct ts_ast_alias *next;
    struct ts_ident name;
    struct ts_piece doc;
    struct ts_ast_type type;
};

struct ts_ast_error {
    struct ts_ast_error *next;
    struct ts_ident name;
    struct ts_piece doc;
    struct ts_span status;
    struct ts_symbol *text;
};

struct ts_ast_query {
    struct ts_ast_query *next;
    struct ts_ident name;
    struct ts_piece doc;
    struct ts_ast_type type;
    struct ts_ident index; /* by INDEX */
};

/* A number of requests, the unit of time, and what each is counted for. */
struct ts_ast_limit {
    struct ts_span span; /* len 0 when absent */
    struct ts_span count;
    struct ts_ident unit;
    struct ts_ast_name *keys;
};

struct ts_ast_route {
    struct ts_ast_route *next;
    enum ts_keyword method;
    struct ts_span method_span;
    struct ts_ident name;
    struct ts_piece doc;
    struct ts_ident path; /* its text, and the place of the quoted text */
    struct ts_ast_query *queries;
    struct ts_qname body;
    struct ts_span status;
    bool page;
    struct ts_span page_span;
    struct ts_qname reply;
    struct ts_qname of;
    /* Attributes; a span of len 0 is an absent one. */
    struct ts_span is_public;
    struct ts_span automatic;
    struct ts_span idempotent;
    struct ts_span work;
    struct ts_span owner_span;
    struct ts_ident owner;
    struct ts_span allow_span;
    struct ts_ast_expr *allow;
    struct ts_span mine_span;
    struct ts_ident mine;
    struct ts_ast_limit limit;
    struct ts_ast_name *sorts;
    struct ts_ast_name *emits;
    struct ts_ast_name *errors;
};

struct ts_ast_routes {
    struct ts_ast_routes *next;
    struct ts_ident prefix;
    struct ts_ast_route *routes;
};

struct ts_ast_listener {
    struct ts_ast_listener *next;
    struct ts_ident name;
    struct ts_piece doc;
    struct ts_qname event;
    struct ts_ast_expr *condition;
    struct ts_ast_name *emits;
};

struct ts_ast_timer {
    struct ts_ast_timer *next;
    struct ts_ident name;
    struct ts_piece doc;
    struct ts_ident model;
    struct ts_ident field;
    struct ts_ast_expr *condition;
    struct ts_ast_name *emits;
};

struct ts_ast_setting {
    struct ts_ast_setting *next;
    struct ts_ident name;
    struct ts_piece doc;
    struct ts_ast_type type;
    struct ts_ast_value *default_value;
};

struct ts_ast_session {
    struct ts_span span; /* of the word session */
    struct ts_piece doc;
    struct ts_qname user;
    struct ts_span lifetime;
    struct ts_qname revoked_by; /* symbols NULL when absent */
};

/* Texts in a list. */
struct ts_ast_text {
    struct ts_ast_text *next;
    struct ts_ident text;
};

struct ts_ast_cors {
    struct ts_span span; /* of the word cors */
    struct ts_ast_text *origins;
    bool credentials;
};

struct ts_ast_service {
    struct ts_ast_service *next;
    struct ts_ident name;
    struct ts_piece doc;
    struct ts_ast_alias *aliases;
    struct ts_ast_enum *enums;
    struct ts_ast_message *messages;
    struct ts_ast_routes *routes;
    struct ts_ast_listener *listeners;
    struct ts_ast_timer *timers;
    struct ts_ast_setting *settings;
};

struct ts_ast_import {
    struct ts_ast_import *next;
    struct ts_ident path;
};

struct ts_ast_file {
    struct ts_ast_file *next;
    const struct ts_source *source;
    struct ts_ident name; /* schema NAME */
    struct ts_piece doc;
    struct ts_ast_import *imports;
    struct ts_ast_alias *aliases;
    struct ts_ast_enum *enums;
    struct ts_ast_error *errors;
    struct ts_ast_session *session;
    struct ts_ast_cors *cors;
    struct ts_ast_service *services;
};

/* Appends to a list linked by `next`, keeping the order; `tail` is the address of the last link. */
#define TS_APPEND(tail, node)                                                                      \
    do {                                                                                           \
        *(tail) = (node);                                                                          \
        (tail) = &(node)->next;                                                                    \
    } while (0)

#endif
