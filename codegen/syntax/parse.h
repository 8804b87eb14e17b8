/*
 * The parser: a source to a syntax tree, by recursive descent with one function per rule of the
 * grammar (docs/LANGUAGE.md), with the rule above each function.
 *
 * A syntax error is reported once; then the parser is in panic, every expectation fails silently,
 * and the rules return until a list of items in braces resumes behind the damage: at the next
 * line of the same depth, or at the closing brace. What parsed is kept.
 */
#ifndef TS_PARSE_H
#define TS_PARSE_H

#include "codegen/syntax/ast.h"

struct ts_ast_file *ts_parse(struct rt_arena *arena, struct ts_symbols *symbols,
                             struct ts_diags *diags, const struct ts_source *source);

#endif
