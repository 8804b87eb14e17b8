/* The operators of expressions, in the tree and in the model alike. */
#ifndef TS_OPERATORS_H
#define TS_OPERATORS_H

enum ts_expr_op {
    TS_EXPR_VALUE, /* a constant; in the tree, one that is not a name */
    TS_EXPR_PATH,  /* a field; in the tree, or a constant that is a name */
    TS_EXPR_NOW,   /* the time of the transaction; in the tree a path, as the next one */
    TS_EXPR_USER,  /* the id of the signed-in user, absent when nobody is */
    TS_EXPR_SLUG,  /* of one: a text as part of a URL */
    TS_EXPR_EQ,    /* of two operands, as all below but where it says otherwise */
    TS_EXPR_NE,
    TS_EXPR_LT,
    TS_EXPR_LE,
    TS_EXPR_GT,
    TS_EXPR_GE,
    TS_EXPR_IN,   /* the first of several is one of the others */
    TS_EXPR_SET,  /* of one */
    TS_EXPR_NULL, /* of one; in the tree only */
    TS_EXPR_AND,  /* of two or more */
    TS_EXPR_OR,   /* of two or more */
    TS_EXPR_NOT,  /* of one */
    TS_EXPR_ADD,
    TS_EXPR_SUB,
    TS_EXPR_MUL
};

#endif
