/*
 * The field numbers of schema.binpb, for the emitter that writes the file and the loader that reads
 * it. RT_DESC_x are those of google/protobuf/descriptor.proto, RT_SYS_x those of
 * runtime/wire/schema.proto. A number is never reused.
 *
 * Threads: constants only.
 */
#ifndef RT_BASE_SCHEMA_NUMBERS_H
#define RT_BASE_SCHEMA_NUMBERS_H

/* --------------------------------------------------------- descriptor.proto */

enum { RT_DESC_SET_FILE = 1 };
enum {
    RT_DESC_FILE_NAME = 1,
    RT_DESC_FILE_PACKAGE,
    RT_DESC_FILE_DEPENDENCY,
    RT_DESC_FILE_MESSAGE,
    RT_DESC_FILE_ENUM,
    RT_DESC_FILE_SYNTAX = 12
};
enum {
    RT_DESC_MESSAGE_NAME = 1,
    RT_DESC_MESSAGE_FIELD,
    RT_DESC_MESSAGE_NESTED,
    RT_DESC_MESSAGE_OPTIONS = 7,
    RT_DESC_MESSAGE_ONEOF,
    RT_DESC_MESSAGE_RESERVED
};
enum { RT_DESC_OPTION_MAP_ENTRY = 7 };
enum { RT_DESC_ONEOF_NAME = 1 };
enum { RT_DESC_RANGE_START = 1, RT_DESC_RANGE_END };
enum {
    RT_DESC_FIELD_NAME = 1,
    RT_DESC_FIELD_NUMBER = 3,
    RT_DESC_FIELD_LABEL,
    RT_DESC_FIELD_TYPE,
    RT_DESC_FIELD_TYPE_NAME,
    RT_DESC_FIELD_ONEOF = 9,
    RT_DESC_FIELD_JSON,
    RT_DESC_FIELD_OPTIONAL = 17
};
enum { RT_DESC_ENUM_NAME = 1, RT_DESC_ENUM_VALUE };
enum { RT_DESC_VALUE_NAME = 1, RT_DESC_VALUE_NUMBER };
enum { RT_DESC_LABEL_OPTIONAL = 1, RT_DESC_LABEL_REPEATED = 3 };

/* ------------------------------------------------------------- schema.proto */

enum { RT_SYS_FILE = 1, RT_SYS_EVENT = 1000, RT_SYS_MESSAGE, RT_SYS_ENUM, RT_SYS_NAME };
enum { RT_SYS_EVENT_SUBJECT = 1, RT_SYS_EVENT_MESSAGE, RT_SYS_EVENT_KEY, RT_SYS_EVENT_SIZE_MAX };
enum { RT_SYS_MESSAGE_NAME = 1, RT_SYS_MESSAGE_FIELD };
enum {
    RT_SYS_FIELD_NUMBER = 1,
    RT_SYS_FIELD_KIND,
    RT_SYS_FIELD_SCALE,
    RT_SYS_FIELD_TRIM,
    RT_SYS_FIELD_LOWER,
    RT_SYS_FIELD_SECRET,
    RT_SYS_FIELD_UNIQUE_ITEMS,
    RT_SYS_FIELD_EMBED,
    RT_SYS_FIELD_MIN,
    RT_SYS_FIELD_MAX,
    RT_SYS_FIELD_MIN_F64,
    RT_SYS_FIELD_MAX_F64,
    RT_SYS_FIELD_ITEMS_MIN,
    RT_SYS_FIELD_ITEMS_MAX,
    RT_SYS_FIELD_FORMAT,
    RT_SYS_FIELD_PATTERN
};
/* Kind in schema.proto; 0: the type in the descriptor tells. */
enum {
    RT_SYS_KIND_DECIMAL = 1,
    RT_SYS_KIND_ID,
    RT_SYS_KIND_REF,
    RT_SYS_KIND_TIME,
    RT_SYS_KIND_DATE,
    RT_SYS_KIND_DURATION,
    RT_SYS_KIND_PASSWORD,
    RT_SYS_KIND_VERSION
};
enum { RT_SYS_ENUM_NAME = 1, RT_SYS_ENUM_VALUE };
enum { RT_SYS_VALUE_NUMBER = 1, RT_SYS_VALUE_NAME, RT_SYS_VALUE_JSON };

#endif
