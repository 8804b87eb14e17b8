/*
 * Bounded messages: everything in one has an upper limit, so its largest encoding is known here.
 */
#include <inttypes.h>

#include "codegen/check/impl.h"
#include "codegen/model/encoded.h"

static const char *missing_bound(const struct ts_type *type)
{
    bool has_length =
        type->kind == TS_STRING || type->kind == TS_BYTES || type->kind == TS_PASSWORD;
    if (has_length && type->max_len == TS_UNBOUNDED)
        return "its length has no upper bound";
    if (type->shape != TS_ONE && type->max_items == TS_UNBOUNDED)
        return "the number of its items has no upper bound";
    if (type->shape == TS_MAP && type->key_max_len == TS_UNBOUNDED)
        return "the length of its keys has no upper bound";
    if (type->kind == TS_MESSAGE && !type->message->bounded)
        return "the message it holds is not `bounded`";
    return NULL;
}

/* Devices count fields in 16 bits. */
static bool check_number(struct ts_checker *c, const struct ts_field *field)
{
    if (field->number <= UINT16_MAX)
        return true;
    ts_note(ts_report(c->diags, TS_T_TOO_LARGE, field->span,
                      "number %" PRIu32 " is too large for a field of a bounded message",
                      field->number),
            "the limit is %d", UINT16_MAX);
    return false;
}

static bool check_bounds(struct ts_checker *c, const struct ts_message *message)
{
    bool ok = true;
    for (size_t i = 0; i < message->n_fields; i++) {
        const struct ts_field *field = &message->fields[i];
        const char *why = missing_bound(&field->type);
        ok = check_number(c, field) && field->type.kind != TS_POISON && ok;
        if (field->type.kind == TS_POISON)
            continue;
        if (!why)
            continue;
        ok = false;
        ts_note(ts_label(ts_report(c->diags, TS_T_UNBOUNDED, field->span,
                                   "field `%s` of a bounded message has no bound", field->name),
                         message->span, "`%s` is bounded", message->name),
                "%s", why);
    }
    return ok;
}

/* What is too large is reported once, for the innermost message. */
static void set_size(struct ts_checker *c, struct ts_message *message)
{
    bool large_part = false;
    for (size_t i = 0; i < message->n_fields; i++) {
        const struct ts_type *type = &message->fields[i].type;
        large_part = large_part || (type->kind == TS_MESSAGE &&
                                    type->message->bytes_max > TS_LIMIT_BOUNDED_BYTES);
    }
    uint64_t bytes = large_part ? UINT32_MAX : ts_encoded_max(message);
    message->bytes_max = bytes < UINT32_MAX ? (uint32_t)bytes : UINT32_MAX;
    if (bytes > TS_LIMIT_BOUNDED_BYTES && !large_part)
        ts_note(ts_report(c->diags, TS_T_TOO_LARGE, message->span,
                          "bounded message `%s` takes up to %" PRIu64 " bytes", message->name,
                          bytes),
                "the limit is %d", TS_LIMIT_BOUNDED_BYTES);
}

/* Messages come after those they hold, so the sizes of the parts are there. */
void ts_check_bounded(struct ts_checker *c)
{
    for (size_t i = 0; i < c->model->n_services; i++) {
        const struct ts_service *service = c->model->services[i];
        for (size_t k = 0; k < service->n_messages; k++)
            if (service->messages[k]->bounded && check_bounds(c, service->messages[k]))
                set_size(c, service->messages[k]);
    }
}

/* ------------------------------------------------------------------- events */

/* The first field below `message` without a bound, or NULL. */
static const struct ts_field *unbounded_field(const struct ts_message *message)
{
    for (size_t i = 0; i < message->n_fields; i++) {
        const struct ts_type *type = &message->fields[i].type;
        const char *why = missing_bound(type);
        if (why && type->kind != TS_MESSAGE)
            return &message->fields[i];
        if (type->shape != TS_ONE && type->max_items == TS_UNBOUNDED)
            return &message->fields[i];
        const struct ts_field *inner =
            type->kind == TS_MESSAGE ? unbounded_field(type->message) : NULL;
        if (inner)
            return inner;
    }
    return NULL;
}

/* False when the type of a field in it is not known: that has been reported. */
static bool is_whole(const struct ts_message *message)
{
    for (size_t i = 0; i < message->n_fields; i++) {
        const struct ts_type *type = &message->fields[i].type;
        if (type->kind == TS_POISON || (type->kind == TS_MESSAGE && !is_whole(type->message)))
            return false;
    }
    return true;
}

/* A transaction fails when a channel cannot take its event, which must not depend on a value that
 * the schema allows. */
static void check_event_size(struct ts_checker *c, const struct ts_event *event)
{
    if (!is_whole(event->message))
        return;
    uint64_t bytes = ts_encoded_max(event->message);
    if (bytes <= TS_LIMIT_EVENT_BYTES)
        return;
    const struct ts_field *field = unbounded_field(event->message);
    if (bytes != TS_ENCODED_UNBOUNDED || !field)
        ts_note(ts_report(c->diags, TS_T_EVENT_TOO_LARGE, event->span,
                          "event `%s` takes up to %" PRIu64 " bytes", event->name,
                          bytes == TS_ENCODED_UNBOUNDED ? UINT64_C(1) << 40 : bytes),
                "a channel takes %d", TS_LIMIT_EVENT_BYTES);
    else
        ts_note(ts_label(ts_report(c->diags, TS_T_EVENT_UNBOUNDED, event->span,
                                   "event `%s` has no upper limit of size", event->name),
                         field->span, "`%s` has no bound", field->name),
                "a channel takes %d bytes; a change whose event is larger fails",
                TS_LIMIT_EVENT_BYTES);
}

void ts_check_event_sizes(struct ts_checker *c)
{
    for (size_t i = 0; i < c->model->n_services; i++)
        for (size_t k = 0; k < c->model->services[i]->n_events; k++)
            check_event_size(c, c->model->services[i]->events[k]);
}
