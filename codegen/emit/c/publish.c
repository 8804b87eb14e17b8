/* <svc>_publish: what a handler calls to publish a change. */
#include "codegen/emit/c/c.h"

/* A record keeps embedded records by their ids; an event that carries more of them has them read
 * first. */
static bool carries_embedded(const struct ts_message *payload)
{
    for (size_t i = 0; i < payload->n_fields; i++) {
        const struct ts_field *field = &payload->fields[i];
        if (!field->origin || !field->origin->embed)
            continue;
        const struct ts_message *part = field->type.message;
        for (size_t k = 0; k < part->n_fields; k++)
            if (part->fields[k].type.kind != TS_ID)
                return true;
    }
    return false;
}

/* "event.id", or "event.ticket->id" where an embedded record is the key. */
static const char *key_of(struct ts_c *c, const struct ts_event *event)
{
    const struct ts_field *key = event->key;
    if (key->type.kind != TS_MESSAGE)
        return rt_arena_printf(c->arena, "event.%s", key->name);
    const struct ts_message *part = key->type.message;
    size_t i = 0;
    while (i + 1 < part->n_fields && part->fields[i].type.kind != TS_ID)
        i++;
    return rt_arena_printf(c->arena, "event.%s ? event.%s->%s : NULL", key->name, key->name,
                           part->fields[i].name);
}

static void set_event(struct ts_c *c, struct ts_writer *w, const struct ts_event *event)
{
    const char *type = ts_c_event(c, event);
    ts_set(w, "E", type);
    ts_set(w, "EVENT", ts_upper(c, type));
    ts_set(w, "event", event->message->c_name);
    ts_set(w, "name", event->name);
    ts_set(w, "model", ts_c_type(c, event->model));
    ts_set(w, "noun", TS_C_NOUN(c, event->model, "txn", "event", "bytes", "whole"));
    ts_set(w, "key", key_of(c, event));
}

static void put_definition(struct ts_c *c, struct ts_writer *w, const struct ts_event *event)
{
    set_event(c, w, event);
    ts_set(w, "publish",
           ts_c_local(c, event, rt_arena_join(c->arena, "publish_", event->message->c_name, NULL)));
    ts_put(w, "\n"
              "void ${svc}_publish_$event(struct rt_txn *txn, const struct $model *$noun)\n"
              "{\n"
              "    struct $E event = ${EVENT}_INIT;");
    if (carries_embedded(event->message)) {
        ts_put(w, "    struct $model whole = *$noun;\n"
                  "    rt_txn_hydrate(txn, &${model}_model, &whole);");
        ts_set(w, "noun", "&whole");
    }
    ts_put(w, "    rt_message_pick($noun, &event, txn->arena);\n"
              "    rt_txn_publish(txn, &${model}_model, $noun, RT_STR(${EVENT}_SUBJECT), "
              "rt_str($key), &event);\n"
              "}\n"
              "\n"
              "static void $publish(struct rt_txn *txn, const void *record)\n"
              "{\n"
              "    ${svc}_publish_$event(txn, record);\n"
              "}\n"
              "\n"
              "const struct rt_event_type ${E}_event = {\n"
              "    .name = \"$name\",\n"
              "    .subject = ${EVENT}_SUBJECT,\n"
              "    .message = &${E}_message,\n"
              "    .model = &${model}_model,\n"
              "    .publish = $publish,\n"
              "};");
}

void ts_emit_publish(struct ts_c *c)
{
    struct ts_writer w;
    struct ts_includes includes = {0};
    if (c->service->n_events == 0)
        return;
    ts_c_header_begin(c, &w, "publish",
                      "Publishing: the event is written into the outbox of the transaction that "
                      "changes the record, so that both happen or neither does.");
    ts_include_of(c, &includes, c->service, "store");
    ts_include(c, &includes, "runtime/app/service.h");
    ts_includes_put(&w, &includes);
    ts_c_header_declare(&w);
    for (size_t i = 0; i < c->service->n_events; i++) {
        const struct ts_event *event = c->service->events[i];
        set_event(c, &w, event);
        ts_put(&w, "");
        ts_comment(&w, 0, event->doc);
        ts_put(&w, "void ${svc}_publish_$event(struct rt_txn *txn, const struct $model *$noun);\n"
                   "extern const struct rt_event_type ${E}_event;");
    }
    ts_c_header_end(&w);

    ts_c_source_begin(c, &w, "publish");
    for (size_t i = 0; i < c->service->n_events; i++)
        put_definition(c, &w, c->service->events[i]);
}
