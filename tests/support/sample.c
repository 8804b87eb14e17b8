#include "tests/support/sample.h"

#include "runtime/wire/expr.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A row: kind and shape, then what is special. */
#define ONE(T, member, json_name, no, k, ...)                                                      \
    {                                                                                              \
        .name = #member, .json = json_name, .number = no, .kind = k, .shape = RT_ONE,              \
        .offset = offsetof(struct T, member), __VA_ARGS__                                          \
    }
#define PRESENT(T, member, json_name, no, k, ...)                                                  \
    {                                                                                              \
        .name = #member, .json = json_name, .number = no, .kind = k, .shape = RT_OPTIONAL,         \
        .offset = offsetof(struct T, member), .quantifier = offsetof(struct T, has_##member),      \
        __VA_ARGS__                                                                                \
    }
#define POINTER(T, member, json_name, no, k, ...)                                                  \
    {                                                                                              \
        .name = #member, .json = json_name, .number = no, .kind = k, .shape = RT_OPTIONAL,         \
        .offset = offsetof(struct T, member), __VA_ARGS__                                          \
    }
#define ITEMS(T, member, json_name, no, k, s, ...)                                                 \
    {                                                                                              \
        .name = #member, .json = json_name, .number = no, .kind = k, .shape = s,                   \
        .offset = offsetof(struct T, member), .quantifier = offsetof(struct T, n_##member),        \
        __VA_ARGS__                                                                                \
    }
#define BOTH (RT_FIELD_HAS_MIN | RT_FIELD_HAS_MAX)

static const struct rt_enum_value status_values[] = {
    {SAMPLE_NEW, "new", "new"},
    {SAMPLE_WAITING, "waiting", "waiting:for-it"},
    {SAMPLE_DONE, "done", "done"},
};
static const struct rt_enum status = {"SampleStatus", status_values, COUNT(status_values)};

/* --------------------------------------------------------------------- Part */

static const ProtobufCFieldDescriptor part_pb[] = {
    RT_PB_STRING(sample_part, name, 1),
    RT_PB_NUMBER(sample_part, amount, 2, INT32),
    RT_PB_MESSAGE(sample_part, inner, 3, &sample_part_message),
};
static const ProtobufCIntRange part_ranges[] = {{1, 0}, {0, 3}};
static const struct rt_limits part_name = {.min = 1, .max = 20};
static const struct rt_field part_fields[] = {
    ONE(sample_part, name, "name", 1, RT_STRING, .flags = BOTH, .limits = &part_name),
    ONE(sample_part, amount, "amount", 2, RT_I32, .limits = NULL),
    POINTER(sample_part, inner, "inner", 3, RT_MESSAGE, .message = &sample_part_message),
};

static const struct rt_step part_lucky[] = {
    {RT_STEP_FIELD, .field = &part_fields[1]}, {RT_STEP_INT, .integer = 13}, {.op = RT_STEP_NE}};
static const struct rt_rule part_rules[] = {
    {"lucky", "/amount", "Brings bad luck", RT_EXPR(part_lucky)}};

const struct rt_message sample_part_message = {
    .pb = RT_PB_DESCRIPTOR("sample.Part", sample_part, part_pb, 3, part_ranges, 1),
    .name = "Part",
    .fields = part_fields,
    .n_fields = COUNT(part_fields),
    .rules = part_rules,
    .n_rules = COUNT(part_rules),
};

/* -------------------------------------------------------------------- Owner */

static const ProtobufCFieldDescriptor owner_pb[] = {
    RT_PB_STRING(sample_owner, id, 1),
    RT_PB_STRING(sample_owner, name, 2),
    RT_PB_NUMBER(sample_owner, joined, 3, INT64),
    RT_PB_NUMBER(sample_owner, level, 4, INT32),
    RT_PB_LIST(sample_owner, skills, 5, STRING, NULL),
};
static const ProtobufCIntRange owner_ranges[] = {{1, 0}, {0, 5}};
static const struct rt_limits owner_level = {.min = 1, .max = 9};
static const struct rt_limits owner_skills = {.min = 1, .max = 20, .items_min = 1, .items_max = 3};
static const struct rt_field owner_fields[] = {
    ONE(sample_owner, id, "id", 1, RT_ID, .limits = NULL),
    ONE(sample_owner, name, "name", 2, RT_STRING, .flags = BOTH, .limits = &part_name),
    ONE(sample_owner, joined, "joined", 3, RT_TIME, .limits = NULL),
    ONE(sample_owner, level, "level", 4, RT_I32, .flags = BOTH, .limits = &owner_level),
    ITEMS(sample_owner, skills, "skills", 5, RT_STRING, RT_LIST, .flags = BOTH,
          .limits = &owner_skills),
};
const struct rt_message sample_owner_message = {
    .pb = RT_PB_DESCRIPTOR("sample.Owner", sample_owner, owner_pb, 5, owner_ranges, 1),
    .name = "Owner",
    .fields = owner_fields,
    .n_fields = COUNT(owner_fields),
};

/* -------------------------------------------------------------- map entries */

static const ProtobufCIntRange entry_ranges[] = {{1, 0}, {0, 2}};
static const ProtobufCFieldDescriptor label_pb[] = {
    RT_PB_STRING(sample_label, key, 1),
    RT_PB_STRING(sample_label, value, 2),
};
static const struct rt_limits label_key = {.min = 1, .max = 8};
static const struct rt_limits label_value = {.max = 4};
static const struct rt_field label_fields[] = {
    ONE(sample_label, key, "key", 1, RT_STRING, .flags = BOTH, .limits = &label_key),
    ONE(sample_label, value, "value", 2, RT_STRING, .flags = RT_FIELD_HAS_MAX,
        .limits = &label_value),
};
static const struct rt_message label_message = {
    .pb = RT_PB_DESCRIPTOR("sample.Sample.LabelsEntry", sample_label, label_pb, 2, entry_ranges, 1),
    .name = "LabelsEntry",
    .fields = label_fields,
    .n_fields = COUNT(label_fields),
};

static const ProtobufCFieldDescriptor stock_pb[] = {
    RT_PB_NUMBER(sample_stock, key, 1, INT64),
    RT_PB_MESSAGE(sample_stock, value, 2, &sample_part_message),
};
static const struct rt_field stock_fields[] = {
    ONE(sample_stock, key, "key", 1, RT_I64, .limits = NULL),
    ONE(sample_stock, value, "value", 2, RT_MESSAGE, .message = &sample_part_message),
};
static const struct rt_message stock_message = {
    .pb = RT_PB_DESCRIPTOR("sample.Sample.StockEntry", sample_stock, stock_pb, 2, entry_ranges, 1),
    .name = "StockEntry",
    .fields = stock_fields,
    .n_fields = COUNT(stock_fields),
};

/* ------------------------------------------------------------------- Sample */

static const ProtobufCFieldDescriptor sample_pb[] = {
    RT_PB_STRING(sample, id, 1),
    RT_PB_STRING(sample, title, 2),
    RT_PB_NUMBER(sample, price, 3, INT64),
    RT_PB_STRING(sample, owner_id, 4),
    RT_PB_OPTIONAL_STRING(sample, order_id, 5),
    RT_PB_NUMBER(sample, version, 6, INT64),
    RT_PB_NUMBER(sample, flag, 7, BOOL),
    RT_PB_NUMBER(sample, small, 8, SINT32),
    RT_PB_NUMBER(sample, big, 9, INT64),
    RT_PB_NUMBER(sample, count, 10, UINT32),
    RT_PB_NUMBER(sample, huge, 11, UINT64),
    RT_PB_NUMBER(sample, ratio, 12, DOUBLE),
    RT_PB_OPTIONAL_STRING(sample, email, 13),
    RT_PB_OPTIONAL_NUMBER(sample, blob, 14, BYTES),
    RT_PB_NUMBER(sample, starts_at, 15, INT64),
    RT_PB_NUMBER(sample, day, 16, INT32),
    RT_PB_NUMBER(sample, wait, 17, INT64),
    RT_PB_ENUM(sample, status, 18),
    RT_PB_MESSAGE(sample, part, 19, &sample_part_message),
    RT_PB_LIST(sample, tags, 20, STRING, NULL),
    RT_PB_LIST(sample, scores, 21, INT32, NULL),
    RT_PB_LIST(sample, parts, 22, MESSAGE, &sample_part_message.pb),
    RT_PB_LIST(sample, labels, 23, MESSAGE, &label_message.pb),
    RT_PB_STRING(sample, password, 24),
    RT_PB_NUMBER(sample, page_size, 25, INT32),
    RT_PB_OPTIONAL_NUMBER(sample, maybe, 26, INT32),
    RT_PB_MESSAGE(sample, owner, 27, &sample_owner_message),
    RT_PB_LIST(sample, statuses, 28, ENUM, &rt_pb_any_enum),
    RT_PB_LIST(sample, stock, 29, MESSAGE, &stock_message.pb),
    RT_PB_OPTIONAL_STRING(sample, slug, 30),
    RT_PB_OPTIONAL_STRING(sample, url, 31),
    RT_PB_OPTIONAL_STRING(sample, uuid, 32),
    RT_PB_OPTIONAL_STRING(sample, code, 33),
    RT_PB_OPTIONAL_NUMBER(sample, ends_at, 34, INT64),
    RT_PB_OPTIONAL_ENUM(sample, mood, 35),
    RT_PB_LIST(sample, blobs, 36, BYTES, NULL),
    RT_PB_OPTIONAL_NUMBER(sample, sure, 37, BOOL),
    RT_PB_OPTIONAL_NUMBER(sample, share, 38, DOUBLE),
};
static const ProtobufCIntRange sample_ranges[] = {{1, 0}, {0, COUNT(sample_pb)}};

static const struct rt_limits title = {.min = 1, .max = 10};
static const struct rt_limits price = {.min = 1, .max = 10000000};
static const struct rt_limits small = {.min = -10, .max = 10};
static const struct rt_limits ratio = {.min_f64 = 0, .max_f64 = 1.5};
static const struct rt_limits email = {.min = 3, .max = 254, .format = RT_FORMAT_EMAIL};
static const struct rt_limits blob = {.min = 1, .max = 4};
static const struct rt_limits starts_at = {.min = 0};
static const struct rt_limits tags = {.min = 1, .max = 5, .items_min = 1, .items_max = 3};
static const struct rt_limits scores = {.min = 0, .max = 100, .items_max = 4};
static const struct rt_limits password = {.min = 8, .max = 72};
static const struct rt_limits slug = {.format = RT_FORMAT_SLUG};
static const struct rt_limits url = {.format = RT_FORMAT_URL};
static const struct rt_limits uuid = {.format = RT_FORMAT_UUID};
static const struct rt_limits code = {.pattern = "[A-Z]{2}-[0-9]+|none"};
static const int32_t page_size = 20;

static const struct rt_field sample_fields[] = {
    ONE(sample, id, "id", 1, RT_ID, .limits = NULL),
    ONE(sample, title, "title", 2, RT_STRING, .flags = BOTH | RT_FIELD_TRIM, .limits = &title),
    ONE(sample, price, "price", 3, RT_DECIMAL, .scale = 2, .flags = BOTH, .limits = &price),
    ONE(sample, owner_id, "ownerId", 4, RT_REF, .limits = NULL),
    POINTER(sample, order_id, "orderId", 5, RT_REF, .limits = NULL),
    ONE(sample, version, "version", 6, RT_VERSION, .limits = NULL),
    ONE(sample, flag, "flag", 7, RT_BOOL, .limits = NULL),
    ONE(sample, small, "small", 8, RT_I32, .flags = BOTH, .limits = &small),
    ONE(sample, big, "big", 9, RT_I64, .limits = NULL),
    ONE(sample, count, "count", 10, RT_U32, .limits = NULL),
    ONE(sample, huge, "huge", 11, RT_U64, .limits = NULL),
    ONE(sample, ratio, "ratio", 12, RT_F64, .flags = BOTH, .limits = &ratio),
    POINTER(sample, email, "email", 13, RT_STRING, .flags = BOTH | RT_FIELD_TRIM | RT_FIELD_LOWER,
            .limits = &email),
    PRESENT(sample, blob, "blob", 14, RT_BYTES, .flags = BOTH, .limits = &blob),
    ONE(sample, starts_at, "startsAt", 15, RT_TIME, .flags = RT_FIELD_HAS_MIN,
        .limits = &starts_at),
    ONE(sample, day, "day", 16, RT_DATE, .limits = NULL),
    ONE(sample, wait, "wait", 17, RT_DURATION, .limits = NULL),
    ONE(sample, status, "status", 18, RT_ENUM, .enumeration = &status),
    ONE(sample, part, "part", 19, RT_MESSAGE, .message = &sample_part_message),
    ITEMS(sample, tags, "tags", 20, RT_STRING, RT_LIST, .flags = BOTH | RT_FIELD_UNIQUE_ITEMS,
          .limits = &tags),
    ITEMS(sample, scores, "scores", 21, RT_I32, RT_LIST, .flags = BOTH, .limits = &scores),
    ITEMS(sample, parts, "parts", 22, RT_MESSAGE, RT_LIST, .flags = RT_FIELD_UNIQUE_ITEMS,
          .message = &sample_part_message),
    ITEMS(sample, labels, "labels", 23, RT_STRING, RT_MAP, .message = &label_message),
    ONE(sample, password, "password", 24, RT_PASSWORD, .flags = BOTH | RT_FIELD_SECRET,
        .limits = &password),
    ONE(sample, page_size, "pageSize", 25, RT_I32, .flags = RT_FIELD_DEFAULT,
        .fallback = &page_size),
    PRESENT(sample, maybe, "maybe", 26, RT_I32, .limits = NULL),
    POINTER(sample, owner, "owner", 27, RT_MESSAGE, .flags = RT_FIELD_EMBED,
            .message = &sample_owner_message),
    ITEMS(sample, statuses, "statuses", 28, RT_ENUM, RT_LIST, .enumeration = &status),
    ITEMS(sample, stock, "stock", 29, RT_MESSAGE, RT_MAP, .message = &stock_message),
    POINTER(sample, slug, "slug", 30, RT_STRING, .limits = &slug),
    POINTER(sample, url, "url", 31, RT_STRING, .limits = &url),
    POINTER(sample, uuid, "uuid", 32, RT_STRING, .limits = &uuid),
    POINTER(sample, code, "code", 33, RT_STRING, .limits = &code),
    PRESENT(sample, ends_at, "endsAt", 34, RT_TIME, .limits = NULL),
    PRESENT(sample, mood, "mood", 35, RT_ENUM, .enumeration = &status),
    ITEMS(sample, blobs, "blobs", 36, RT_BYTES, RT_LIST, .flags = BOTH, .limits = &blob),
    PRESENT(sample, sure, "sure", 37, RT_BOOL, .limits = NULL),
    PRESENT(sample, share, "share", 38, RT_F64, .limits = NULL),
};

static const struct rt_step sample_ends_after_start[] = {
    {RT_STEP_FIELD, .field = &sample_fields[33]}, /* ends_at */
    {RT_STEP_FIELD, .field = &sample_fields[14]}, /* starts_at */
    {.op = RT_STEP_GT},
};
static const struct rt_rule sample_rules[] = {
    {"ends_after_start", "/endsAt", "Ends before it starts", RT_EXPR(sample_ends_after_start)}};

const struct rt_message sample_message = {
    .pb = RT_PB_DESCRIPTOR("sample.Sample", sample, sample_pb, COUNT(sample_pb), sample_ranges, 1),
    .name = "Sample",
    .fields = sample_fields,
    .n_fields = COUNT(sample_fields),
    .rules = sample_rules,
    .n_rules = COUNT(sample_rules),
};

/* ------------------------------------------------------------------- Record */

static const ProtobufCFieldDescriptor record_pb[] = {
    RT_PB_STRING(sample_record, id, 1),
    RT_PB_STRING(sample_record, title, 2),
    RT_PB_NUMBER(sample_record, price, 3, INT64),
    RT_PB_STRING(sample_record, owner_id, 4),
    RT_PB_OPTIONAL_STRING(sample_record, order_id, 5),
    RT_PB_NUMBER(sample_record, version, 6, INT64),
};
static const ProtobufCIntRange record_ranges[] = {{1, 0}, {0, 6}};
static const struct rt_limits record_title = {.min = 1, .max = 200};
static const struct rt_field record_fields[] = {
    ONE(sample_record, id, "id", 1, RT_ID, .limits = NULL),
    ONE(sample_record, title, "title", 2, RT_STRING, .flags = BOTH | RT_FIELD_TRIM,
        .limits = &record_title),
    ONE(sample_record, price, "price", 3, RT_DECIMAL, .scale = 2, .flags = BOTH, .limits = &price),
    ONE(sample_record, owner_id, "ownerId", 4, RT_REF, .limits = NULL),
    POINTER(sample_record, order_id, "orderId", 5, RT_REF, .limits = NULL),
    ONE(sample_record, version, "version", 6, RT_VERSION, .limits = NULL),
};
const struct rt_message sample_record_message = {
    .pb = RT_PB_DESCRIPTOR("sample.Record", sample_record, record_pb, 6, record_ranges, 1),
    .name = "Record",
    .fields = record_fields,
    .n_fields = COUNT(record_fields),
};

/* --------------------------------------------------------------------- View */

static const ProtobufCFieldDescriptor view_pb[] = {
    RT_PB_STRING(sample_view, id, 1),
    RT_PB_STRING(sample_view, title, 2),
    RT_PB_OPTIONAL_NUMBER(sample_view, price, 3, INT64),
    RT_PB_OPTIONAL_STRING(sample_view, order_id, 5),
    RT_PB_NUMBER(sample_view, big, 9, INT32),
    RT_PB_MESSAGE(sample_view, part, 19, &sample_owner_message),
    RT_PB_LIST(sample_view, tags, 20, STRING, NULL),
};
static const ProtobufCIntRange view_ranges[] = {{1, 0}, {5, 3}, {9, 4}, {19, 5}, {0, 7}};
static const struct rt_field view_fields[] = {
    ONE(sample_view, title, "title", 2, RT_STRING, .limits = NULL),
    ONE(sample_view, id, "id", 1, RT_ID, .limits = NULL),
    PRESENT(sample_view, price, "price", 3, RT_DECIMAL, .scale = 2, .limits = NULL),
    POINTER(sample_view, order_id, "orderId", 5, RT_REF, .limits = NULL),
    POINTER(sample_view, part, "part", 19, RT_MESSAGE, .message = &sample_owner_message),
    ITEMS(sample_view, tags, "tags", 20, RT_STRING, RT_LIST, .limits = NULL),
    ONE(sample_view, big, "big", 9, RT_I32, .limits = NULL),
};
const struct rt_message sample_view_message = {
    .pb = RT_PB_DESCRIPTOR("sample.View", sample_view, view_pb, 7, view_ranges, 4),
    .name = "View",
    .fields = view_fields,
    .n_fields = COUNT(view_fields),
};

/* ------------------------------------------------------------------- bodies */

const char sample_json[] =
    "{\"id\":\"s1\",\"title\":\"A title\",\"price\":20.50,\"ownerId\":\"u1\",\"orderId\":null,"
    "\"version\":1,\"flag\":true,\"small\":-3,\"big\":9007199254740991,\"count\":7,\"huge\":8,"
    "\"ratio\":0.25,\"email\":\"a@b.example\",\"blob\":\"AQID\","
    "\"startsAt\":\"2026-01-31T12:00:00.000Z\",\"day\":\"2026-01-31\",\"wait\":900000,"
    "\"status\":\"waiting:for-it\",\"part\":{\"name\":\"bolt\",\"amount\":2,\"inner\":null},"
    "\"tags\":[\"a\",\"b\"],\"scores\":[1,0,100],"
    "\"parts\":[{\"name\":\"nut\",\"amount\":1,\"inner\":{\"name\":\"x\",\"amount\":0,"
    "\"inner\":null}}],\"labels\":{\"k\":\"v\",\"l/~\":\"\"},\"pageSize\":50,\"maybe\":0,"
    "\"owner\":{\"id\":\"o1\",\"name\":\"Ann\",\"joined\":\"1970-01-01T00:00:00.000Z\",\"level\":1,"
    "\"skills\":[\"glue\"]},"
    "\"statuses\":[\"new\",\"done\"],\"stock\":{\"-5\":{\"name\":\"nut\",\"amount\":4,"
    "\"inner\":null}},\"slug\":\"a-b-1\",\"url\":\"https://example.org/x?y=1\","
    "\"uuid\":\"0190a6b4-0000-7000-8000-000000000001\",\"code\":\"AB-12\","
    "\"endsAt\":\"2026-01-31T12:00:00.001Z\",\"mood\":\"done\",\"blobs\":[\"/w==\"],"
    "\"sure\":false,\"share\":1e+22}";

const char sample_record_json[] =
    "{\"id\":\"01956e3c-7d1f-7a2b-9c3d-4e5f60718293\",\"title\":\"Front row, seat 12\","
    "\"price\":20.50,\"ownerId\":\"01956e3c-0000-7a2b-9c3d-4e5f60718293\",\"orderId\":null,"
    "\"version\":3}";

struct sample *sample_new(struct rt_arena *arena)
{
    struct rt_violations violations;
    struct rt_buf body = {0};
    void *message = NULL;
    rt_violations_init(&violations, arena);
    rt_buf_puts(&body, sample_json);
    body.len--;
    rt_buf_puts(&body, ",\"password\":\"12345678\"}");
    if (rt_json_decode(&sample_message, rt_buf_bytes(&body), arena, &message, &violations) != 0)
        rt_panic("%s: %s", violations.items[0].pointer, violations.items[0].message);
    rt_buf_done(&body);
    return message;
}
