/*
 * The limits of a schema. Each is far beyond what a person writes and keeps any input, however
 * hostile, from exhausting memory, the stack or patience; going over one is a diagnostic.
 */
#ifndef TS_LIMITS_H
#define TS_LIMITS_H

enum {
    TS_LIMIT_SOURCE_BYTES = 16 << 20, /* of one file */
    TS_LIMIT_FILES = 1000,
    TS_LIMIT_NAME_BYTES = 100,
    TS_LIMIT_TEXT_BYTES = 1000,  /* of a quoted text */
    TS_LIMIT_SUBJECT = 255,      /* bytes of an event's subject, as the channel has it */
    TS_LIMIT_DEPTH = 16,         /* of nested picks */
    TS_LIMIT_ALIAS_DEPTH = 32,   /* of an alias of an alias */
    TS_LIMIT_EXPR_DEPTH = 16,    /* of parentheses in an expression */
    TS_LIMIT_EXPR_NODES = 250,   /* fields, constants and operators of an expression */
    TS_LIMIT_NESTING = 64,       /* of messages within messages */
    TS_LIMIT_FIELDS = 1000,      /* of one message */
    TS_LIMIT_ENUM_VALUES = 1000, /* of one enum */
    TS_LIMIT_ITEMS = 100,        /* indexes or rules of a message, names in a list of a route */
    TS_LIMIT_LISTENERS = 1000,   /* of one service */
    TS_LIMIT_DECLARATIONS = 400000,
    TS_LIMIT_SCALE = 15,               /* digits after a decimal's point: exact in 2^53 */
    TS_LIMIT_FIELD_NUMBER = 536870911, /* as in protobuf: 2^29 - 1 */
    TS_LIMIT_LENGTH = 1 << 30,         /* of a string, bytes, list or map */
    TS_LIMIT_EVENT_BYTES = 1 << 20,    /* of an event: what a channel takes */
    TS_LIMIT_BOUNDED_BYTES = 1 << 14,  /* of a bounded message, which devices hold in memory */
    TS_LIMIT_DIAGNOSTICS_KEPT = 1000,
    TS_LIMIT_DIAGNOSTICS = 100 /* shown in one run */
};

#endif
