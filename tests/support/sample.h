/*
 * A message with every kind and shape, laid out as the compiler emits them; for the tests,
 * benchmarks and fuzzers of runtime/wire. sample.proto is its contract for other languages.
 */
#ifndef RT_WIRE_SAMPLE_H
#define RT_WIRE_SAMPLE_H

#include "runtime/wire/wire.h"

enum sample_status { SAMPLE_NEW = 1, SAMPLE_WAITING = 2, SAMPLE_DONE = 5 };

struct sample_part {
    ProtobufCMessage base;
    const char *name;
    int32_t amount;
    struct sample_part *inner;
};

struct sample_owner {
    ProtobufCMessage base;
    const char *id;
    const char *name;
    int64_t joined;
    int32_t level;
    size_t n_skills;
    const char **skills;
};

struct sample_label {
    ProtobufCMessage base;
    const char *key;
    const char *value;
};

struct sample_stock {
    ProtobufCMessage base;
    int64_t key;
    struct sample_part *value;
};

struct sample {
    ProtobufCMessage base;
    const char *id;
    const char *title;
    int64_t price;
    const char *owner_id;
    const char *order_id;
    int64_t version;
    protobuf_c_boolean flag;
    int32_t small;
    int64_t big;
    uint32_t count;
    uint64_t huge;
    double ratio;
    const char *email;
    protobuf_c_boolean has_blob;
    ProtobufCBinaryData blob;
    int64_t starts_at;
    int32_t day;
    int64_t wait;
    enum sample_status status;
    struct sample_part *part;
    size_t n_tags;
    const char **tags;
    size_t n_scores;
    int32_t *scores;
    size_t n_parts;
    struct sample_part **parts;
    size_t n_labels;
    struct sample_label **labels;
    const char *password;
    int32_t page_size;
    protobuf_c_boolean has_maybe;
    int32_t maybe;
    struct sample_owner *owner;
    size_t n_statuses;
    enum sample_status *statuses;
    size_t n_stock;
    struct sample_stock **stock;
    const char *slug;
    const char *url;
    const char *uuid;
    const char *code;
    protobuf_c_boolean has_ends_at;
    int64_t ends_at;
    protobuf_c_boolean has_mood;
    enum sample_status mood;
    size_t n_blobs;
    ProtobufCBinaryData *blobs;
    protobuf_c_boolean has_sure;
    protobuf_c_boolean sure;
    protobuf_c_boolean has_share;
    double share;
};

/* What a service stores and shows most: six plain fields. */
struct sample_record {
    ProtobufCMessage base;
    const char *id;
    const char *title;
    int64_t price;
    const char *owner_id;
    const char *order_id;
    int64_t version;
};

/* The same names as in struct sample, some with another shape or type. */
struct sample_view {
    ProtobufCMessage base;
    const char *id;
    const char *title;
    protobuf_c_boolean has_price;
    int64_t price;
    const char *order_id;
    struct sample_owner *part; /* another message: picked field by field */
    size_t n_tags;
    const char **tags;
    int32_t big; /* another kind: not picked */
};

extern const struct rt_message sample_message;
extern const struct rt_message sample_part_message;
extern const struct rt_message sample_owner_message;
extern const struct rt_message sample_record_message;
extern const struct rt_message sample_view_message;

/* What comes back for a valid body; that of a sample has its password besides. */
extern const char sample_json[];
extern const char sample_record_json[];

/* sample_json with the password, decoded; what is wrong with it is a panic. */
struct sample *sample_new(struct rt_arena *arena);

#endif
