#include <criterion/criterion.h>

#include "codegen/driver/compile.h"

/* Two services: shop publishes, post keeps a replica, listens and asks who is signed in. */
static const char system_text[] =
    "schema town\n"
    "type Price = decimal(2) in 0.01..9.99\n"
    "session of shop.User lasts 7d revoked by shop.Out\n"
    "service shop {\n"
    "  model User { id id @1 password password(8..72) @2 }\n"
    "  model Revocation expires(until) { id id @1 until time @2 version version @3 }\n"
    "  event Out \"out\" of Revocation { id until version }\n"
    "  /// For sale.\n"
    "  model Thing {\n"
    "    id     id             @1\n"
    "    name   string(1..20)  @2 unique // what it is\n"
    "    price  Price          @3 = 1.50\n"
    "    owner  ref User       @4\n"
    "    maker  ref Maker      @5 embed\n"
    "    state  State          @6\n"
    "    until  time           @7\n"
    "    version version       @8\n"
    "    index by_owner (owner, until) while state in (new, old)\n"
    "    rule cheap: price < 5.00 \"Too dear\"\n"
    "  }\n"
    "  model Maker { id id @1 name string(..40) @2 }\n"
    "  enum State { new @1  old @2 as \"OLD\" }\n"
    "  message ThingInput = Thing { name price }\n"
    "  event ThingMade \"thing:made\" of Thing { id maker { id name } state version }\n"
    "  timer fade at Thing.until while state == new emits ThingMade\n"
    "  routes \"/things\" {\n"
    "    GET  list   \"/\"     -> page of Thing  mine by by_owner  auto\n"
    "    PUT  change \"/:id\"  (ThingInput) -> 200 Thing  owner owner  auto  emits ThingMade\n"
    "    POST out    \"/out\"  -> 204  emits Out\n"
    "    POST enter  \"/in\"   (In) -> 204 public limit 5/min per address\n"
    "  }\n"
    "  message In { password password(8..72) @1 }\n"
    "}\n"
    "service post {\n"
    "  replica Thing of shop.Thing { id state version } from shop.ThingMade\n"
    "  on shop.ThingMade pack\n"
    "  setting pause duration = 15min in 10s..24h\n"
    "  routes \"/post\" { GET show \"/:id\" -> 200 Thing }\n"
    "}\n";

static struct ts_compile compile;
static const struct ts_model *model;

static void open_system(void)
{
    struct rt_buf said = {0};
    struct rt_error error;
    ts_compile_init(&compile);
    cr_assert_eq(ts_compile_text(&compile, "town.tess", rt_str(system_text), &error), 0);
    ts_diags_print(&compile.diags, TS_FORMAT_SHORT, false, &said);
    model = compile.model;
    cr_assert_not_null(model, "%s", rt_buf_cstr(&said));
    rt_buf_done(&said);
}

static void close_system(void)
{
    ts_compile_done(&compile);
}

TestSuite(check, .init = open_system, .fini = close_system);

static const struct ts_message *message(size_t service, const char *name)
{
    const struct ts_service *from = model->services[service];
    for (size_t i = 0; i < from->n_messages; i++)
        if (strcmp(from->messages[i]->name, name) == 0)
            return from->messages[i];
    rt_panic("no message %s", name);
}

Test(check, fields_carry_their_constraints)
{
    const struct ts_message *thing = message(0, "Thing");
    const struct ts_field *price = ts_message_field(thing, "price");
    cr_expect_str_eq(thing->doc, "For sale.");
    cr_expect_str_eq(ts_message_field(thing, "name")->doc, "what it is");
    cr_expect_eq(price->type.kind, TS_DECIMAL);
    cr_expect_eq(price->type.scale, 2);
    cr_expect_eq(price->type.min.integer, 1);
    cr_expect_eq(price->type.max.integer, 999);
    cr_expect_str_eq(price->type.alias->name, "Price");
    cr_expect(price->has_default);
    cr_expect_eq(price->default_value.integer, 150);
    cr_expect(message(0, "User")->fields[1].secret);
}

Test(check, a_model_knows_its_identity_and_indexes)
{
    const struct ts_message *thing = message(0, "Thing");
    cr_expect_str_eq(thing->id->name, "id");
    cr_expect_str_eq(thing->version->name, "version");
    cr_assert_eq(thing->n_indexes, 2);
    cr_expect(thing->indexes[0].unique);
    cr_expect_str_eq(thing->indexes[0].name, "name");
    cr_expect_eq(thing->indexes[1].n_fields, 2);
    const struct ts_expr *in = thing->indexes[1].condition;
    cr_assert_eq(in->n_operands, 3);
    cr_expect_str_eq(in->operands[2]->value.enum_value->text, "OLD");
    cr_expect_eq(thing->n_timers, 1);
    cr_expect_eq(thing->rules[0].condition->operands[1]->value.integer, 500);
}

Test(check, picks_keep_numbers_and_rules)
{
    const struct ts_message *input = message(0, "ThingInput");
    cr_expect_eq(input->fields[1].number, 3);
    cr_expect_eq(input->fields[1].origin, ts_message_field(message(0, "Thing"), "price"));
    cr_expect_eq(input->n_rules, 1);
    cr_expect_eq(input->rules[0].condition->operands[0]->field, &input->fields[1]);
}

Test(check, events_have_messages_of_their_own)
{
    const struct ts_message *made = message(0, "ThingMade");
    const struct ts_message *maker = message(0, "ThingMadeMaker");
    cr_expect_eq(made->kind, TS_EVENT);
    cr_expect_eq(maker->kind, TS_NESTED);
    cr_expect_eq(made->fields[1].type.message, maker);
    cr_expect(maker->shared && made->shared && model->services[0]->enums[0]->shared);
    cr_expect_not(message(0, "Maker")->shared);
    cr_expect_eq(made->event->id, &made->fields[0]);
}

Test(check, messages_come_behind_what_they_are_made_of)
{
    for (size_t s = 0; s < model->n_services; s++) {
        const struct ts_service *service = model->services[s];
        for (size_t i = 0; i < service->n_messages; i++)
            for (size_t f = 0; f < service->messages[i]->n_fields; f++) {
                const struct ts_type *type = &service->messages[i]->fields[f].type;
                bool before = type->kind != TS_MESSAGE;
                for (size_t j = 0; j < i; j++)
                    before |= service->messages[j] == type->message;
                cr_expect(before, "%s", service->messages[i]->name);
            }
    }
}

Test(check, routes_carry_path_access_parameters_and_work)
{
    struct ts_route **routes = model->services[0]->routes;
    cr_expect_str_eq(routes[0]->path, "/things");
    cr_expect_eq(routes[0]->automatic, TS_AUTO_LIST);
    cr_expect_eq(routes[0]->access, TS_ACCESS_MINE);
    cr_expect_str_eq(routes[1]->path, "/things/:id");
    cr_expect_eq(routes[1]->automatic, TS_AUTO_UPDATE);
    cr_expect_eq(routes[1]->params[0].type.kind, TS_ID);
    cr_expect_str_eq(routes[1]->owner->name, "owner");
    cr_expect(routes[3]->work);
    cr_expect_eq(routes[3]->limit.period_ms, 60000);
}

Test(check, other_services_keep_revocations)
{
    const struct ts_service *post = model->services[1];
    const struct ts_message *copy = message(1, "Revocation");
    cr_expect(copy->implicit);
    cr_expect_eq(copy->kind, TS_REPLICA);
    cr_expect_eq(copy->origin, model->session->revocation);
    cr_expect_str_eq(copy->expires->name, "until");
    cr_assert_eq(post->n_consumes, 2);
    cr_expect_str_eq(post->consumes[0]->name, "ThingMade");
    cr_expect_str_eq(post->consumes[1]->name, "Out");
    cr_expect_eq(post->settings[0]->default_value.integer, 15 * 60000);
    cr_expect_eq(post->settings[0]->type.max.integer, 24 * 3600000);
}
