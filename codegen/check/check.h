/*
 * The checker: syntax trees of all files of a system to the checked model (model.h).
 *
 * Everything wrong is reported in one run. What cannot be resolved is poisoned (TS_POISON, a NULL
 * target, an incomplete message), and what touches poison is silent, so one mistake is one error.
 */
#ifndef TS_CHECK_H
#define TS_CHECK_H

#include "codegen/model/model.h"
#include "codegen/syntax/ast.h"

/* `files` are linked by `next`, the main one first. Returns the model, owned by `arena`, or NULL
 * when `diags` holds an error, from here or from the parser. */
struct ts_model *ts_check(struct rt_arena *arena, struct ts_symbols *symbols,
                          struct ts_diags *diags, struct ts_ast_file *files);

#endif
