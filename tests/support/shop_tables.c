/* The shop's tables, written as the compiler would emit them, and its few handlers. */
#include <unistd.h>

#include <criterion/criterion.h>

#include "tests/support/shop.h"

_Atomic int shop_timer_mode;
_Atomic int shop_listener_answer;
_Atomic int shop_listener_calls;
_Atomic int shop_work_held;

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define FIELD(T, member, json_name, n, k, ...)                                                     \
    {                                                                                              \
        .name = #member, .json = json_name, .number = n, .kind = k,                                \
        .offset = offsetof(struct T, member), __VA_ARGS__                                          \
    }
#define MESSAGE(T, type_name, prefix)                                                              \
    const struct rt_message T##_message = {                                                        \
        .pb = RT_PB_DESCRIPTOR("shop." type_name, T, prefix##_pb, COUNT(prefix##_pb),              \
                               prefix##_ranges, 1),                                                \
        .name = type_name,                                                                         \
        .fields = prefix##_fields,                                                                 \
        .n_fields = COUNT(prefix##_fields),                                                        \
    }

/* ----------------------------------------------------------------- messages */

static const struct rt_limits title_limits = {.min = 1, .max = 20};
static const struct rt_limits price_limits = {.min = 1, .max = 100000};
#define BOUNDED RT_FIELD_HAS_MIN | RT_FIELD_HAS_MAX

static const struct rt_field item_fields[] = {
    FIELD(shop_item, id, "id", 1, RT_ID, .shape = RT_ONE),
    FIELD(shop_item, title, "title", 2, RT_STRING, .flags = BOUNDED | RT_FIELD_TRIM,
          .limits = &title_limits),
    FIELD(shop_item, price, "price", 3, RT_DECIMAL, .scale = 2, .flags = BOUNDED,
          .limits = &price_limits),
    FIELD(shop_item, user_id, "userId", 4, RT_REF, .shape = RT_ONE),
    FIELD(shop_item, hold, "hold", 5, RT_STRING, .shape = RT_OPTIONAL),
    FIELD(shop_item, version, "version", 6, RT_VERSION, .shape = RT_ONE),
};
static const ProtobufCFieldDescriptor item_pb[] = {
    RT_PB_STRING(shop_item, id, 1),
    RT_PB_STRING(shop_item, title, 2),
    RT_PB_NUMBER(shop_item, price, 3, INT64),
    RT_PB_STRING(shop_item, user_id, 4),
    RT_PB_OPTIONAL_STRING(shop_item, hold, 5),
    RT_PB_NUMBER(shop_item, version, 6, INT64),
};
static const ProtobufCIntRange item_ranges[] = {{1, 0}, {0, 6}};
MESSAGE(shop_item, "Item", item);

/* An event takes less than its model does. */
static const struct rt_limits short_title_limits = {.min = 1, .max = 18};
static const struct rt_field changed_fields[] = {
    FIELD(shop_item, id, "id", 1, RT_ID, .shape = RT_ONE),
    FIELD(shop_item, title, "title", 2, RT_STRING, .flags = BOUNDED, .limits = &short_title_limits),
    FIELD(shop_item, price, "price", 3, RT_DECIMAL, .scale = 2, .flags = BOUNDED,
          .limits = &price_limits),
    FIELD(shop_item, user_id, "userId", 4, RT_REF, .shape = RT_ONE),
    FIELD(shop_item, hold, "hold", 5, RT_STRING, .shape = RT_OPTIONAL),
    FIELD(shop_item, version, "version", 6, RT_VERSION, .shape = RT_ONE),
};
static const struct rt_message shop_item_changed_message = {
    .pb = RT_PB_DESCRIPTOR("shop.ItemChanged", shop_item, item_pb, COUNT(item_pb), item_ranges, 1),
    .name = "ItemChanged",
    .fields = changed_fields,
    .n_fields = COUNT(changed_fields),
};

struct shop_item_input {
    ProtobufCMessage base;
    const char *title;
    int64_t price;
};
static const struct rt_field input_fields[] = {
    FIELD(shop_item_input, title, "title", 2, RT_STRING, .flags = BOUNDED | RT_FIELD_TRIM,
          .limits = &title_limits),
    FIELD(shop_item_input, price, "price", 3, RT_DECIMAL, .scale = 2, .flags = BOUNDED,
          .limits = &price_limits),
};
static const ProtobufCFieldDescriptor input_pb[] = {
    RT_PB_STRING(shop_item_input, title, 2),
    RT_PB_NUMBER(shop_item_input, price, 3, INT64),
};
static const ProtobufCIntRange input_ranges[] = {{2, 0}, {0, 2}};
static MESSAGE(shop_item_input, "ItemInput", input);

struct shop_list_query {
    ProtobufCMessage base;
    const char *owner;
    protobuf_c_boolean has_price;
    int64_t price;
};
static const struct rt_field query_fields[] = {
    FIELD(shop_list_query, owner, "owner", 1, RT_REF, .shape = RT_OPTIONAL),
    FIELD(shop_list_query, price, "price", 2, RT_DECIMAL, .scale = 2, .shape = RT_OPTIONAL,
          .quantifier = offsetof(struct shop_list_query, has_price)),
};
static const ProtobufCFieldDescriptor query_pb[] = {
    RT_PB_OPTIONAL_STRING(shop_list_query, owner, 1),
    RT_PB_OPTIONAL_NUMBER(shop_list_query, price, 2, INT64),
};
static const ProtobufCIntRange query_ranges[] = {{1, 0}, {0, 2}};
static MESSAGE(shop_list_query, "ListQuery", query);

struct shop_credentials {
    ProtobufCMessage base;
    const char *name;
};
static const struct rt_field credentials_fields[] = {
    FIELD(shop_credentials, name, "name", 1, RT_STRING, .flags = BOUNDED | RT_FIELD_LOWER,
          .limits = &title_limits),
};
static const ProtobufCFieldDescriptor credentials_pb[] = {RT_PB_STRING(shop_credentials, name, 1)};
static const ProtobufCIntRange credentials_ranges[] = {{1, 0}, {0, 1}};
static MESSAGE(shop_credentials, "Credentials", credentials);

static const struct rt_limits supplier_name_limits = {.max = 40};
static const struct rt_field supplier_fields[] = {
    FIELD(shop_supplier, id, "id", 1, RT_ID, .shape = RT_ONE),
    FIELD(shop_supplier, name, "name", 2, RT_STRING, .shape = RT_ONE, .flags = RT_FIELD_HAS_MAX,
          .limits = &supplier_name_limits),
    FIELD(shop_supplier, version, "version", 3, RT_VERSION, .shape = RT_ONE),
};
static const ProtobufCFieldDescriptor supplier_pb[] = {
    RT_PB_STRING(shop_supplier, id, 1),
    RT_PB_STRING(shop_supplier, name, 2),
    RT_PB_NUMBER(shop_supplier, version, 3, INT64),
};
static const ProtobufCIntRange supplier_ranges[] = {{1, 0}, {0, 3}};
MESSAGE(shop_supplier, "Supplier", supplier);

static const struct rt_field errand_fields[] = {
    FIELD(shop_errand, id, "id", 1, RT_ID, .shape = RT_ONE),
    FIELD(shop_errand, due_at, "dueAt", 2, RT_TIME, .shape = RT_ONE),
    FIELD(shop_errand, state, "state", 3, RT_I32, .shape = RT_ONE),
    FIELD(shop_errand, runs, "runs", 4, RT_I64, .shape = RT_ONE),
    FIELD(shop_errand, version, "version", 5, RT_VERSION, .shape = RT_ONE),
};
static const ProtobufCFieldDescriptor errand_pb[] = {
    RT_PB_STRING(shop_errand, id, 1),
    RT_PB_NUMBER(shop_errand, due_at, 2, INT64),
    RT_PB_NUMBER(shop_errand, state, 3, INT32),
    RT_PB_NUMBER(shop_errand, runs, 4, INT64),
    RT_PB_NUMBER(shop_errand, version, 5, INT64),
};
static const ProtobufCIntRange errand_ranges[] = {{1, 0}, {0, 5}};
MESSAGE(shop_errand, "Errand", errand);

struct shop_revocation {
    ProtobufCMessage base;
    const char *id;
    int64_t expires_at;
    int64_t version;
};
static const struct rt_field revocation_fields[] = {
    FIELD(shop_revocation, id, "id", 1, RT_ID, .shape = RT_ONE),
    FIELD(shop_revocation, expires_at, "expiresAt", 2, RT_TIME, .shape = RT_ONE),
    FIELD(shop_revocation, version, "version", 3, RT_VERSION, .shape = RT_ONE),
};
static const ProtobufCFieldDescriptor revocation_pb[] = {
    RT_PB_STRING(shop_revocation, id, 1),
    RT_PB_NUMBER(shop_revocation, expires_at, 2, INT64),
    RT_PB_NUMBER(shop_revocation, version, 3, INT64),
};
static const ProtobufCIntRange revocation_ranges[] = {{1, 0}, {0, 3}};
static MESSAGE(shop_revocation, "Revocation", revocation);

/* ------------------------------------------------------------------- models */

static const uint16_t item_by_user[] = {3}, item_by_title[] = {1}, item_by_price[] = {2};
static const struct rt_index item_indexes[] = {
    {.name = "by_user", .fields = item_by_user, .n_fields = 1},
    {.name = "title", .unique = true, .fields = item_by_title, .n_fields = 1},
    {.name = "price", .fields = item_by_price, .n_fields = 1},
};
static const char *const item_followed[] = {"item:changed", NULL};
const struct rt_model shop_item_model = {
    .name = "Item",
    .message = &shop_item_message,
    .version_field = 5,
    .expires_field = -1,
    .followed = item_followed,
    .indexes = item_indexes,
    .n_indexes = 3,
};
const struct rt_model shop_supplier_model = {
    .name = "Supplier",
    .message = &shop_supplier_message,
    .version_field = 2,
    .expires_field = -1,
};
static const uint16_t errand_due[] = {1};
static const struct rt_step errand_while[] = {
    {RT_STEP_FIELD, .field = &errand_fields[2]}, {RT_STEP_INT, .integer = 1}, {.op = RT_STEP_EQ}};
static const struct rt_index errand_indexes[] = {
    {.name = "run", .fields = errand_due, .n_fields = 1, .where = RT_EXPR(errand_while)}};
const struct rt_model shop_errand_model = {
    .name = "Errand",
    .message = &shop_errand_message,
    .version_field = 4,
    .expires_field = -1,
    .indexes = errand_indexes,
    .n_indexes = 1,
};
const struct rt_model shop_revocation_model = {
    .name = "Revocation",
    .message = &shop_revocation_message,
    .version_field = 2,
    .expires_field = 1,
};
static const struct rt_model *const models[] = {&shop_item_model, &shop_supplier_model,
                                                &shop_errand_model, &shop_revocation_model};

/* ------------------------------------------------------------------- events */

static void publish_item(struct rt_txn *txn, const void *record)
{
    struct shop_item event;
    rt_message_init(&shop_item_changed_message, &event);
    rt_message_pick(record, &event, txn->arena);
    rt_txn_publish(txn, &shop_item_model, record, RT_STR("item:changed"), rt_str(event.id), &event);
}

static const struct rt_event_type item_changed = {
    "ItemChanged",    "item:changed", &shop_item_changed_message,
    &shop_item_model, publish_item,   false};
static const struct rt_event_type *const item_emits[] = {&item_changed};

/* The event is the record itself in this shop. */
static const struct rt_event_type supplier_changed = {
    "SupplierChanged", "supplier:changed", &shop_supplier_message, NULL, NULL, false};
static const struct rt_event_type supplier_gone = {
    "SupplierGone", "supplier:gone", &shop_supplier_message, NULL, NULL, true};
static const struct rt_event_type *const supplier_events[] = {&supplier_changed, &supplier_gone};
static const struct rt_replica replicas[] = {{&shop_supplier_model, supplier_events, 2}};

static enum rt_listened heard(struct rt_ctx *ctx, const void *event)
{
    (void)event;
    cr_assert_null(ctx->session);
    shop_listener_calls++;
    return (enum rt_listened)shop_listener_answer;
}
/* Nobody wants to hear of version 9. */
static const struct rt_step heard_where[] = {
    {RT_STEP_FIELD, .field = &supplier_fields[2]}, {RT_STEP_INT, .integer = 9}, {.op = RT_STEP_NE}};
static const struct rt_listener listeners[] = {
    {.name = "heard", .event = &supplier_changed, .where = RT_EXPR(heard_where), .handle = heard}};

static void run_errand(struct rt_ctx *ctx, void *record)
{
    struct shop_errand *errand = record;
    errand->runs++;
    if (shop_timer_mode == 0 || (shop_timer_mode == 2 && strcmp(errand->id, "stuck") != 0))
        errand->state = 2;
    rt_txn_update(ctx->txn, &shop_errand_model, errand);
}
static const struct rt_timer timers[] = {
    {"run", &shop_errand_model, &errand_indexes[0], run_errand}};

/* ----------------------------------------------------------------- handlers */

static const struct rt_problem held = {"item_held", 409, "Item is held"};
static const struct rt_problem *const update_errors[] = {&held};
static const struct rt_problem taken = {"title_taken", 409, "Title is taken"};
static const struct rt_problem *const create_errors[] = {&taken};

static int update(struct rt_ctx *ctx, const struct rt_request *request)
{
    struct shop_item *item = request->subject;
    if (item->hold)
        return 1;
    rt_message_pick(request->body, item, ctx->arena);
    if (rt_txn_update(ctx->txn, &shop_item_model, item) == 0)
        publish_item(ctx->txn, item);
    return 0;
}

/* A PATCH by hand: titles stay, so one that gives a title is refused. */
static int amend(struct rt_ctx *ctx, const struct rt_request *request)
{
    struct shop_item *item = request->subject;
    if (rt_patch_given(ctx, 2) == RT_GIVEN)
        return 1;
    if (rt_patch(ctx, item) && rt_txn_update(ctx->txn, &shop_item_model, item) == 0)
        publish_item(ctx->txn, item);
    return 0;
}

/* Changes a record that others follow and publishes nothing: the runtime must refuse it. */
static int forget(struct rt_ctx *ctx, const struct rt_request *request)
{
    struct shop_item *item = request->subject;
    item->hold = "forgotten";
    rt_txn_update(ctx->txn, &shop_item_model, item);
    return 0;
}

static void *signin_work(struct rt_ctx *ctx, const struct rt_request *request)
{
    const struct shop_credentials *credentials = request->body;
    while (shop_work_held)
        usleep(1000);
    return rt_arena_printf(ctx->arena, "user-%s", credentials->name);
}

static int signin(struct rt_ctx *ctx, const struct rt_request *request)
{
    struct shop_credentials *reply = request->reply;
    reply->name = request->work;
    rt_session_open(ctx, request->work);
    return 0;
}

static int signout(struct rt_ctx *ctx, const struct rt_request *request)
{
    (void)request;
    struct shop_revocation revocation;
    rt_message_init(&shop_revocation_message, &revocation);
    revocation.id = ctx->session->id;
    revocation.expires_at = ctx->session->expires_at_ms;
    rt_txn_create(ctx->txn, &shop_revocation_model, &revocation);
    rt_session_close(ctx);
    return 0;
}

static int whoami(struct rt_ctx *ctx, const struct rt_request *request)
{
    struct shop_credentials *reply = request->reply;
    reply->name = ctx->session ? ctx->session->user_id : "nobody";
    return 0;
}

/* ------------------------------------------------------------------- routes */

static const struct rt_query_param list_params[] = {
    {"owner", &query_fields[0], &item_indexes[0]},
    {"price", &query_fields[1], NULL},
};
static const struct rt_index *const list_sorts[] = {&item_indexes[1], &item_indexes[2], NULL};
static const struct rt_limit_key signin_limits[] = {{RT_LIMIT_FIELD, &credentials_fields[0]},
                                                    {RT_LIMIT_ADDRESS, NULL}};

static const struct rt_route routes[] = {
    {.name = "list",
     .method = RT_GET,
     .path = "/api/items/",
     .status = 200,
     .access = RT_ACCESS_PUBLIC,
     .automatic = RT_AUTO_LIST,
     .read = true,
     .page = true,
     .reply = &shop_item_message,
     .query = &shop_list_query_message,
     .query_params = list_params,
     .n_query_params = 2,
     .subject = &shop_item_model,
     .id_param = -1,
     .sorts = list_sorts},
    {.name = "show",
     .method = RT_GET,
     .path = "/api/items/:id",
     .status = 200,
     .access = RT_ACCESS_PUBLIC,
     .automatic = RT_AUTO_SHOW,
     .read = true,
     .reply = &shop_item_message,
     .subject = &shop_item_model},
    {.name = "create",
     .method = RT_POST,
     .path = "/api/items/",
     .line = 12,
     .status = 201,
     .automatic = RT_AUTO_CREATE,
     .idempotent = true,
     .body = &shop_item_input_message,
     .reply = &shop_item_message,
     .subject = &shop_item_model,
     .id_param = -1,
     .owner = &item_fields[3],
     .errors = create_errors,
     .n_errors = 1,
     .emits = item_emits,
     .n_emits = 1},
    {.name = "update",
     .method = RT_PUT,
     .path = "/api/items/:id",
     .status = 200,
     .access = RT_ACCESS_OWNER,
     .body = &shop_item_input_message,
     .reply = &shop_item_message,
     .subject = &shop_item_model,
     .owner = &item_fields[3],
     .errors = update_errors,
     .n_errors = 1,
     .emits = item_emits,
     .n_emits = 1,
     .handle = update},
    {.name = "remove",
     .method = RT_DELETE,
     .path = "/api/items/:id",
     .status = 204,
     .access = RT_ACCESS_OWNER,
     .automatic = RT_AUTO_DELETE,
     .subject = &shop_item_model,
     .owner = &item_fields[3],
     .emits = item_emits,
     .n_emits = 1},
    {.name = "mine",
     .method = RT_GET,
     .path = "/api/mine",
     .status = 200,
     .access = RT_ACCESS_MINE,
     .automatic = RT_AUTO_LIST,
     .read = true,
     .page = true,
     .reply = &shop_item_message,
     .subject = &shop_item_model,
     .id_param = -1,
     .mine = &item_indexes[0]},
    {.name = "amend",
     .method = RT_PATCH,
     .path = "/api/items/:id/terms",
     .status = 200,
     .access = RT_ACCESS_OWNER,
     .body = &shop_item_input_message,
     .reply = &shop_item_message,
     .subject = &shop_item_model,
     .owner = &item_fields[3],
     .errors = update_errors,
     .n_errors = 1,
     .emits = item_emits,
     .n_emits = 1,
     .handle = amend},
    {.name = "forget",
     .method = RT_POST,
     .path = "/api/items/:id/forget",
     .line = 77,
     .status = 204,
     .access = RT_ACCESS_PUBLIC,
     .subject = &shop_item_model,
     .handle = forget},
    {.name = "signin",
     .method = RT_POST,
     .path = "/api/signin",
     .status = 200,
     .access = RT_ACCESS_PUBLIC,
     .body = &shop_credentials_message,
     .reply = &shop_credentials_message,
     .id_param = -1,
     .limit = {.count = 3, .period_ms = 3600000, .keys = signin_limits, .n_keys = 2},
     .work = signin_work,
     .handle = signin},
    {.name = "signout",
     .method = RT_POST,
     .path = "/api/signout",
     .status = 204,
     .id_param = -1,
     .handle = signout},
    {.name = "whoami",
     .method = RT_GET,
     .path = "/api/whoami",
     .status = 200,
     .access = RT_ACCESS_PUBLIC,
     .read = true,
     .reply = &shop_credentials_message,
     .id_param = -1,
     .handle = whoami},
};

const struct rt_service shop_service = {
    .schema = "bazaar",
    .name = "shop",
    .models = models,
    .n_models = COUNT(models),
    .routes = routes,
    .n_routes = COUNT(routes),
    .listeners = listeners,
    .n_listeners = 1,
    .replicas = replicas,
    .n_replicas = 1,
    .timers = timers,
    .n_timers = 1,
    .revocations = &shop_revocation_model,
    .session_lifetime_ms = 3600000,
    .session_issuer = "gate",
};
