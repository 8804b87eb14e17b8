/*
 * What a message is: the tables that the compiler emits for each model, view, request, reply and
 * event, and that every serializer here is driven by. A message is a plain struct laid out for
 * libprotobuf-c (its first member is a ProtobufCMessage); a struct rt_message is its
 * ProtobufCMessageDescriptor with what protobuf does not know: JSON names, kinds, constraints.
 *
 * Layout of a member, by kind and shape (schema names are the member's names):
 *
 *   bool              protobuf_c_boolean        i32, date           int32_t
 *   i64, time,        int64_t                   u32 / u64           uint32_t / uint64_t
 *   duration,                                   f64                 double
 *   decimal, version                            enum                an enum type (int-sized)
 *   string, id, ref,  const char *              bytes               ProtobufCBinaryData
 *   password                                    message, embed      struct x *
 *
 *   optional scalar   protobuf_c_boolean has_x before x; strings and messages have no has_x:
 *                     NULL is absent (bytes do have has_x)
 *   list              size_t n_x before T *x (for messages struct x **x)
 *   map               as a list of entry messages whose fields are key = 1 and value = 2
 *
 * Units: time is ms since 1970 UTC, date is days since 1970-01-01, duration is ms, decimal(n) is
 * the value times 10^n.
 *
 * Threads: all tables are constant. Ownership: static.
 */
#ifndef RT_WIRE_MESSAGE_H
#define RT_WIRE_MESSAGE_H

#include <protobuf-c/protobuf-c.h>

#include "runtime/base/format.h"
#include "runtime/base/str.h"

#ifdef __cplusplus
extern "C" {
#endif

enum rt_kind {
    RT_BOOL,
    RT_I32,
    RT_I64,
    RT_U32,
    RT_U64,
    RT_F64,
    RT_DECIMAL,
    RT_STRING,
    RT_BYTES,
    RT_ID,  /* 1 to 64 bytes, opaque; new ones are UUIDv7 */
    RT_REF, /* the id of a record */
    RT_TIME,
    RT_DATE,
    RT_DURATION,
    RT_ENUM,
    RT_MESSAGE,
    RT_PASSWORD, /* a string, secret by type */
    RT_VERSION
};

enum rt_shape { RT_ONE, RT_OPTIONAL, RT_LIST, RT_MAP };

enum rt_field_flags {
    RT_FIELD_TRIM = 1,         /* white space at both ends goes before anything is checked */
    RT_FIELD_LOWER = 2,        /* ASCII letters are lower-cased before anything is checked */
    RT_FIELD_SECRET = 4,       /* never encoded as JSON, never logged */
    RT_FIELD_UNIQUE_ITEMS = 8, /* of a list */
    RT_FIELD_EMBED = 16,       /* a message in place of a ref: stored with its id only */
    RT_FIELD_HAS_MIN = 32,     /* limits.min counts */
    RT_FIELD_HAS_MAX = 64,     /* limits.max counts */
    RT_FIELD_RANGE = 32 | 64,  /* both count */
    RT_FIELD_DEFAULT = 128     /* may be missing in JSON: `fallback` is taken */
};

/* Bounds are inclusive. `min` and `max` are in the unit of the member (scaled for decimals, code
 * points for strings, bytes for bytes); doubles use the f64 pair. */
struct rt_limits {
    int64_t min;
    int64_t max;
    double min_f64;
    double max_f64;
    uint32_t items_min; /* of a list or map */
    uint32_t items_max; /* 0: only the global cap holds */
    enum rt_format format;
    const char
        *pattern; /* over all of the text, in code points (runtime/base/pattern.h); or NULL */
};

struct rt_enum_value {
    int32_t number;   /* never 0: that is "unspecified" on the wire and invalid everywhere */
    const char *name; /* as in the schema */
    const char *json; /* as in JSON: the name, or what `as` says */
};

struct rt_enum {
    const char *name;
    const struct rt_enum_value *values;
    size_t n_values;
};

struct rt_message;

struct rt_field {
    const char *name; /* snake_case, as in the schema and in protobuf */
    const char *json; /* lowerCamelCase */
    uint32_t number;
    uint8_t kind;  /* enum rt_kind */
    uint8_t shape; /* enum rt_shape */
    uint8_t scale; /* of a decimal */
    uint16_t flags;
    uint32_t offset;                   /* of the member */
    uint32_t quantifier;               /* offset of has_x or n_x, 0 when there is none */
    const struct rt_message *message;  /* RT_MESSAGE, and the entry of a map */
    const struct rt_enum *enumeration; /* RT_ENUM */
    const struct rt_limits *limits;    /* NULL: none beyond the kind's own */
    const void *fallback; /* RT_FIELD_DEFAULT: a value of the member's type, of strings the text
                             itself; NULL: the pb default_value. Prefer this one: a pb default
                             turns a stored zero into the default when it is read back. */
};

struct rt_rule; /* expr.h */

struct rt_message {
    ProtobufCMessageDescriptor pb; /* first: a ProtobufCMessage's descriptor is its rt_message */
    const char *name;              /* as in the schema */
    const struct rt_field *fields; /* in schema order */
    size_t n_fields;
    const struct rt_rule
        *rules; /* across fields; they count when the fields themselves are valid */
    size_t n_rules;
};

static inline const struct rt_message *rt_message_of(const void *message)
{
    return (const struct rt_message *)(const void *)((const ProtobufCMessage *)message)->descriptor;
}

/*
 * The rows of emitted tables. `T` is the struct's tag without "struct".
 *
 *   static const ProtobufCFieldDescriptor order_pb[] = {
 *       RT_PB_STRING(shop_order, id, 1),
 *       RT_PB_NUMBER(shop_order, total, 3, INT64),
 *       RT_PB_MESSAGE(shop_order, item, 5, &shop_item_message),
 *   };                                                     // sorted by number
 *   static const ProtobufCIntRange order_ranges[] = {{1, 0}, {3, 1}, {5, 2}, {0, 3}};
 *   const struct rt_message shop_order_message = {
 *       .pb = RT_PB_DESCRIPTOR("example.shop.Order", shop_order, order_pb, 3, order_ranges, 3),
 *       .name = "Order", .fields = order_fields, .n_fields = 3,
 *   };
 */
#define RT_PB_FLAGS_(T, member, number, LABEL, TYPE, quantifier, type, fallback, flags)            \
    {                                                                                              \
#member, number, PROTOBUF_C_LABEL_##LABEL, PROTOBUF_C_TYPE_##TYPE, quantifier,             \
            offsetof(struct T, member), type, fallback, flags, 0, NULL, NULL                       \
    }
#define RT_PB_FIELD_(T, member, number, LABEL, TYPE, quantifier, type, fallback)                   \
    RT_PB_FLAGS_(T, member, number, LABEL, TYPE, quantifier, type, fallback, 0)
/* What proto3 packs: lists of everything but strings, bytes and messages. */
#define RT_PB_LIST_STRING_  0
#define RT_PB_LIST_BYTES_   0
#define RT_PB_LIST_MESSAGE_ 0
#define RT_PB_LIST_BOOL_    PROTOBUF_C_FIELD_FLAG_PACKED
#define RT_PB_LIST_ENUM_    PROTOBUF_C_FIELD_FLAG_PACKED
#define RT_PB_LIST_INT32_   PROTOBUF_C_FIELD_FLAG_PACKED
#define RT_PB_LIST_INT64_   PROTOBUF_C_FIELD_FLAG_PACKED
#define RT_PB_LIST_SINT32_  PROTOBUF_C_FIELD_FLAG_PACKED
#define RT_PB_LIST_SINT64_  PROTOBUF_C_FIELD_FLAG_PACKED
#define RT_PB_LIST_UINT32_  PROTOBUF_C_FIELD_FLAG_PACKED
#define RT_PB_LIST_UINT64_  PROTOBUF_C_FIELD_FLAG_PACKED
#define RT_PB_LIST_DOUBLE_  PROTOBUF_C_FIELD_FLAG_PACKED
#define RT_PB_NUMBER(T, member, number, TYPE)                                                      \
    RT_PB_FIELD_(T, member, number, NONE, TYPE, 0, NULL, NULL)
#define RT_PB_STRING(T, member, number)                                                            \
    RT_PB_FIELD_(T, member, number, NONE, STRING, 0, NULL, &protobuf_c_empty_string)
#define RT_PB_BYTES(T, member, number) RT_PB_FIELD_(T, member, number, NONE, BYTES, 0, NULL, NULL)
#define RT_PB_ENUM(T, member, number)                                                              \
    RT_PB_FIELD_(T, member, number, NONE, ENUM, 0, &rt_pb_any_enum, NULL)
#define RT_PB_MESSAGE(T, member, number, type)                                                     \
    RT_PB_FIELD_(T, member, number, OPTIONAL, MESSAGE, 0, &(type)->pb, NULL)
#define RT_PB_OPTIONAL_NUMBER(T, member, number, TYPE)                                             \
    RT_PB_FIELD_(T, member, number, OPTIONAL, TYPE, offsetof(struct T, has_##member), NULL, NULL)
#define RT_PB_OPTIONAL_STRING(T, member, number)                                                   \
    RT_PB_FIELD_(T, member, number, OPTIONAL, STRING, 0, NULL, NULL)
#define RT_PB_OPTIONAL_ENUM(T, member, number)                                                     \
    RT_PB_FIELD_(T, member, number, OPTIONAL, ENUM, offsetof(struct T, has_##member),              \
                 &rt_pb_any_enum, NULL)
/* `type` is the descriptor of MESSAGE items (&x_message.pb), &rt_pb_any_enum of ENUM, or NULL. */
#define RT_PB_LIST(T, member, number, TYPE, type)                                                  \
    RT_PB_FLAGS_(T, member, number, REPEATED, TYPE, offsetof(struct T, n_##member), type, NULL,    \
                 RT_PB_LIST_##TYPE##_)

#define RT_PB_DESCRIPTOR(full_name, T, fields, n_fields, ranges, n_ranges)                         \
    {                                                                                              \
        PROTOBUF_C__MESSAGE_DESCRIPTOR_MAGIC, full_name, full_name, #T, "", sizeof(struct T),      \
            n_fields, fields, NULL, n_ranges, ranges, NULL, NULL, NULL, NULL                       \
    }

/*
 * Rows of a table of fields; what follows the JSON name are designated members, the kind at
 * least: RT_FIELD(shop_order, total, 3, "total", .kind = RT_DECIMAL, .scale = 2). The second form
 * is for optionals that have a has_x, the third for lists and maps, which have an n_x.
 */
#define RT_FIELD(T, member, number_, json_, ...)                                                   \
    {                                                                                              \
        .name = #member, .json = json_, .number = number_, .offset = offsetof(struct T, member),   \
        __VA_ARGS__                                                                                \
    }
#define RT_FIELD_HAS(T, member, number, json, ...)                                                 \
    RT_FIELD(T, member, number, json, .shape = RT_OPTIONAL,                                        \
             .quantifier = offsetof(struct T, has_##member), __VA_ARGS__)
#define RT_FIELD_MANY(T, member, number, json, ...)                                                \
    RT_FIELD(T, member, number, json, .quantifier = offsetof(struct T, n_##member), __VA_ARGS__)

/* A message of type T with its defaults: `struct shop_order order = RT_MESSAGE_INIT(shop_order)`.
 * Everything that is not named is zero. */
#define RT_MESSAGE_INIT(T)                                                                         \
    {                                                                                              \
        .base = {.descriptor = &T##_message.pb }                                                   \
    }
#define RT_MESSAGE_INIT_WITH(T, ...)                                                               \
    {                                                                                              \
        .base = {.descriptor = &T##_message.pb}, __VA_ARGS__                                       \
    }

/* Enums are open on the wire (proto3); our own validators know their values. */
extern const ProtobufCEnumDescriptor rt_pb_any_enum;

#ifdef __cplusplus
}
#endif

#endif
