/* What stored records may be read as: descriptions against each other, and whole databases. */
#include <ftw.h>
#include <stdlib.h>

#include <criterion/criterion.h>

#include "runtime/store/evolve.h"
#include "runtime/store/store.h"
#include "tests/support/store_fixture.h"

/* ------------------------------------------- a model that each test changes */

struct address {
    ProtobufCMessage base;
    const char *city;
    const char *street;
};

struct person {
    ProtobufCMessage base;
    const char *id;
    const char *email;
    struct address *address;
    int32_t color;
    protobuf_c_boolean has_age;
    int32_t age;
    const char *motto;
};

/* Tables that belong to one test, so that it can change them before they are used. */
struct tables {
    ProtobufCFieldDescriptor address_pb[2], person_pb[6];
    ProtobufCIntRange address_ranges[2], person_ranges[2];
    struct rt_field address_fields[2], person_fields[6];
    struct rt_limits email, motto;
    struct rt_enum_value colors[3];
    struct rt_enum color;
    struct rt_message address, person;
    struct rt_index indexes[1];
    struct rt_model model;
};

static const uint16_t email_field[] = {1};
enum { ID, EMAIL, ADDRESS, COLOR, AGE, MOTTO };

/* Without MOTTO, which is the field that comes later. */
static void tables_init(struct tables *t)
{
    *t = (struct tables){
        .address_pb = {RT_PB_STRING(address, city, 1), RT_PB_STRING(address, street, 2)},
        .address_ranges = {{1, 0}, {0, 2}},
        .person_pb = {RT_PB_STRING(person, id, 1), RT_PB_STRING(person, email, 2),
                      RT_PB_MESSAGE(person, address, 3, &t->address), RT_PB_ENUM(person, color, 4),
                      RT_PB_OPTIONAL_NUMBER(person, age, 5, INT32), RT_PB_STRING(person, motto, 6)},
        .person_ranges = {{1, 0}, {0, 5}},
        .address_fields = {RT_FIELD(address, city, 1, "city", .kind = RT_STRING),
                           RT_FIELD(address, street, 2, "street", .kind = RT_STRING)},
        .email = {.max = 40},
        .motto = {.max = 20},
        .colors = {{1, "red", "red"}, {2, "green", "green"}, {3, "blue", "blue"}},
        .color = {"Color", t->colors, 2},
        .person_fields = {RT_FIELD(person, id, 1, "id", .kind = RT_ID),
                          RT_FIELD(person, email, 2, "email", .kind = RT_STRING,
                                   .flags = RT_FIELD_HAS_MAX, .limits = &t->email),
                          RT_FIELD(person, address, 3, "address", .kind = RT_MESSAGE,
                                   .message = &t->address),
                          RT_FIELD(person, color, 4, "color", .kind = RT_ENUM,
                                   .enumeration = &t->color),
                          RT_FIELD_HAS(person, age, 5, "age", .kind = RT_I32),
                          RT_FIELD(person, motto, 6, "motto", .kind = RT_STRING)},
        .address = {.pb = RT_PB_DESCRIPTOR("test.Address", address, t->address_pb, 2,
                                           t->address_ranges, 1),
                    .name = "Address",
                    .fields = t->address_fields,
                    .n_fields = 2},
        .person = {.pb = RT_PB_DESCRIPTOR("test.Person", person, t->person_pb, 5, t->person_ranges,
                                          1),
                   .name = "Person",
                   .fields = t->person_fields,
                   .n_fields = 5},
        .indexes = {{.name = "email", .unique = true, .fields = email_field, .n_fields = 1}},
        .model = {.name = "Person",
                  .message = &t->person,
                  .version_field = -1,
                  .expires_field = -1,
                  .indexes = t->indexes,
                  .n_indexes = 1},
    };
}

static void add_motto(struct tables *t)
{
    t->person.n_fields = 6;
    t->person.pb.n_fields = 6;
    t->person_ranges[1].orig_index = 6;
}

static struct tables before, after;
static struct rt_arena arena;
static struct rt_error error;

static void setup(void)
{
    tables_init(&before);
    tables_init(&after);
    rt_arena_init(&arena, 0);
    error = (struct rt_error){0};
}

static void teardown(void)
{
    rt_arena_done(&arena);
}

TestSuite(evolve, .init = setup, .fini = teardown);

static struct rt_evolution evolution;

/* From `before`, by way of its text, to `after`. */
static int evolve(void)
{
    struct rt_description was, stored, now, both;
    struct rt_buf text = {0};
    rt_description_of(&before.model, &arena, &was);
    rt_description_put(&was, &text);
    int status = rt_description_parse(rt_buf_cstr(&text), &arena, &stored, &error);
    cr_assert_eq(status, 0, "%s", error.message);
    rt_buf_done(&text);
    rt_description_of(&after.model, &arena, &now);
    return rt_evolve(&after.model, &stored, &now, &arena, &both, &evolution, &error);
}

static void expect_refused(const char *part)
{
    cr_expect_eq(evolve(), RT_ECONFLICT);
    cr_expect_not_null(strstr(error.message, part), "%s", error.message);
}

/* ------------------------------------------------------------------ meaning */

Test(evolve, nothing_to_do_when_nothing_changed)
{
    cr_expect_eq(evolve(), 0);
    cr_expect_eq(evolution.tighter.n_items + evolution.required.n_items, 0);
    cr_expect_eq(evolution.defaults.n_items, 0);
}

Test(evolve, a_renamed_field_is_fine)
{
    after.person_fields[EMAIL].name = "mail";
    cr_expect_eq(evolve(), 0);
}

Test(evolve, a_wider_integer_is_fine)
{
    after.person_fields[AGE].kind = RT_I64;
    cr_expect_eq(evolve(), 0);
}

Test(evolve, another_kind_is_refused)
{
    after.person_fields[AGE].kind = RT_U32;
    expect_refused("field 5 is stored as i32 (age)");
}

Test(evolve, another_kind_in_a_nested_message_is_refused)
{
    after.address_fields[0].kind = RT_DECIMAL;
    after.address_fields[0].scale = 2;
    expect_refused("Person, Address: field 1 is stored as text (city)");
}

Test(evolve, swapped_numbers_in_a_nested_message_are_refused)
{
    after.address_fields[0].name = "street";
    after.address_fields[1].name = "city";
    expect_refused("number 1 is stored as city and is street now");
}

Test(evolve, renumbered_values_of_an_enum_are_refused)
{
    after.colors[0].name = "green";
    after.colors[1].name = "red";
    expect_refused("number 1 is stored as red and is green now");
}

Test(evolve, a_renamed_value_of_an_enum_is_fine)
{
    after.colors[0].name = "crimson";
    cr_expect_eq(evolve(), 0);
}

Test(evolve, a_new_value_of_an_enum_needs_nothing)
{
    after.color.n_values = 3;
    cr_expect_eq(evolve(), 0);
    cr_expect_eq(evolution.tighter.n_items, 0);
}

Test(evolve, a_value_that_is_gone_is_looked_for)
{
    after.color.n_values = 1;
    cr_expect_eq(evolve(), 0);
    cr_assert_eq(evolution.tighter.n_items, 1);
    cr_expect_eq(evolution.tighter.items[0].field, &after.person_fields[COLOR]);
}

Test(evolve, other_rules_hold_records_to_them)
{
    after.email.max = 30;
    cr_expect_eq(evolve(), 0);
    cr_assert_eq(evolution.tighter.n_items, 1);
    cr_expect_eq(evolution.tighter.items[0].field, &after.person_fields[EMAIL]);
}

Test(evolve, what_becomes_required_is_looked_for)
{
    after.person_fields[AGE].shape = RT_ONE;
    cr_expect_eq(evolve(), 0);
    cr_expect_eq(evolution.tighter.n_items, 1);
}

Test(evolve, a_new_required_field_is_told_from_one_with_a_default)
{
    add_motto(&after);
    cr_expect_eq(evolve(), 0);
    cr_expect_eq(evolution.required.n_items, 1);
    after.person_fields[MOTTO].flags = RT_FIELD_DEFAULT;
    cr_expect_eq(evolve(), 0);
    cr_expect_eq(evolution.required.n_items, 0);
    cr_expect_eq(evolution.defaults.n_items, 1);
}

Test(evolve, the_number_of_a_dropped_field_stays_taken)
{
    struct rt_description was, now, both, third;
    rt_description_of(&before.model, &arena, &was);
    after.person.n_fields = 4; /* no age */
    rt_description_of(&after.model, &arena, &now);
    cr_assert_eq(rt_evolve(&after.model, &was, &now, &arena, &both, &evolution, &error), 0);
    const struct rt_described_field *age = rt_described_number(&both.parts[0], 5);
    cr_assert_not_null(age);
    cr_expect_eq(age->presence, RT_PRESENCE_DROPPED);
    after.person.n_fields = 5;
    after.person_fields[AGE].kind = RT_BOOL;
    rt_description_of(&after.model, &arena, &now);
    cr_expect_eq(rt_evolve(&after.model, &both, &now, &arena, &third, &evolution, &error),
                 RT_ECONFLICT);
}

Test(evolve, what_older_programs_kept_is_read_and_asks_for_nothing)
{
    struct rt_description stored, now, both;
    const char *text = "1 text id\n2 text email\n3 message address\n4 enum color\n5 i32 age\n";
    cr_assert_eq(rt_description_parse(text, &arena, &stored, &error), 0);
    rt_description_of(&after.model, &arena, &now);
    cr_expect_eq(rt_evolve(&after.model, &stored, &now, &arena, &both, &evolution, &error), 0);
    cr_expect_eq(evolution.tighter.n_items + evolution.required.n_items, 0);
    text = "1 text id\n2 u32 email\n";
    cr_assert_eq(rt_description_parse(text, &arena, &stored, &error), 0);
    cr_expect_eq(rt_evolve(&after.model, &stored, &now, &arena, &both, &evolution, &error),
                 RT_ECONFLICT);
}

Test(evolve, text_that_is_no_description_is_damage)
{
    static const char *const bad[] = {
        "",
        "x",
        "1",
        "1 text",
        "1 text id",
        "0 text id\n",
        "\n\n",
        "2 text b\n1 text a\n",
        "model",
        "model\n",
        "model\nmessage P\n1 text 0 1 0 id",
        "model\nmessage P\n1 text 9 1 0000000000000000 id\n",
        "model\nmessage P\n1 text 0 x 0000000000000000 id\n",
        "model\n1 text 0 1 0000000000000000 id\n",
        "model\nenum P\n1 - 0 1 0000000000000000 id\n",
        "model\nmessage P\n2 text 0 1 0000000000000000 b\n1 text 0 1 0000000000000000 a\n",
    };
    struct rt_description description;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_eq(rt_description_parse(bad[i], &arena, &description, &error), RT_ECORRUPT,
                     "%zu: %s", i, bad[i]);
}

/* ---------------------------------------------------------- whole databases */

static struct fixture f;

static void setup_store(void)
{
    setup();
    fixture_init(&f);
    fixture_close(&f);
    fixture_clear(&f);
}

static void teardown_store(void)
{
    fixture_done(&f);
    teardown();
}

TestSuite(migrate, .init = setup_store, .fini = teardown_store);

static int open_with(const struct tables *tables)
{
    const struct rt_model *models[] = {&tables->model};
    error = (struct rt_error){0};
    return fixture_open_models(&f, models, 1, &error);
}

static struct person *person_new(const struct tables *tables, const char *id, const char *email)
{
    struct person *person = rt_message_new(&tables->person, &f.arena);
    person->id = id;
    person->email = email;
    person->color = 2;
    person->address = rt_message_new(&tables->address, &f.arena);
    person->address->city = "Ulm";
    person->address->street = "Weg";
    return person;
}

static int run_create(struct rt_txn *txn, void *arg)
{
    return rt_txn_create(txn, rt_message_of(arg) == &before.person ? &before.model : &after.model,
                         arg);
}

/* A database written by `before` with people of these addresses. */
static void fill(const char *const *emails, size_t n)
{
    cr_assert_eq(open_with(&before), 0, "%s", error.message);
    for (size_t i = 0; i < n; i++)
        cr_assert_eq(
            fixture_write(&f, run_create,
                          person_new(&before, rt_arena_printf(&f.arena, "p%zu", i), emails[i])),
            0);
    fixture_close(&f);
}

static void fill_one(void)
{
    fill((const char *const[]){"ann@x.org"}, 1);
}

static void expect_no_open(const char *part)
{
    cr_expect_eq(open_with(&after), RT_ECONFLICT);
    cr_expect_not_null(strstr(error.message, part), "%s", error.message);
    cr_expect_eq(open_with(&before), 0, "the program of before still opens it: %s", error.message);
    check_store(&f);
}

static struct person *get(const char *id)
{
    struct rt_txn txn;
    rt_store_read_begin(f.store, &f.arena, &txn);
    struct person *person = rt_txn_get(&txn, &after.model, id);
    rt_store_read_end(&txn);
    return person;
}

Test(migrate, a_record_that_breaks_a_new_rule_is_named)
{
    fill_one();
    after.email.max = 8;
    expect_no_open("record p0 breaks a rule that is new, at /email: Must be at most 8");
}

Test(migrate, records_that_keep_a_new_rule_open)
{
    fill_one();
    after.email.max = 9;
    cr_expect_eq(open_with(&after), 0, "%s", error.message);
}

Test(migrate, a_record_that_was_wrong_before_stops_no_other_change)
{
    fill((const char *const[]){"much longer than forty characters, which nobody noticed"}, 1);
    after.address_fields[0].flags = RT_FIELD_HAS_MAX;
    after.address_fields[0].limits = &after.motto;
    cr_expect_eq(open_with(&after), 0, "%s", error.message);
}

Test(migrate, a_rule_inside_a_nested_message_counts)
{
    fill_one();
    static const struct rt_limits two = {.max = 2};
    after.address_fields[0].flags = RT_FIELD_HAS_MAX;
    after.address_fields[0].limits = &two;
    expect_no_open("at /address/city");
}

Test(migrate, a_record_with_a_value_that_is_gone_is_named)
{
    fill_one();
    after.color.n_values = 1;
    expect_no_open("at /color");
}

Test(migrate, a_required_field_that_records_lack_is_refused)
{
    fill_one();
    add_motto(&after);
    expect_no_open("record p0 lacks `motto`");
}

Test(migrate, a_required_field_is_fine_without_records)
{
    fill(NULL, 0);
    add_motto(&after);
    cr_expect_eq(open_with(&after), 0, "%s", error.message);
}

Test(migrate, a_default_is_put_into_old_records_once)
{
    fill_one();
    add_motto(&after);
    after.person_fields[MOTTO].flags = RT_FIELD_DEFAULT;
    after.person_fields[MOTTO].fallback = "carpe diem";
    cr_assert_eq(open_with(&after), 0, "%s", error.message);
    struct person *person = get("p0");
    cr_assert_not_null(person);
    cr_expect_str_eq(person->motto, "carpe diem");
    check_store(&f);
    fixture_close(&f);
    after.person_fields[MOTTO].fallback = "another";
    cr_assert_eq(open_with(&after), 0, "%s", error.message);
    cr_expect_str_eq(get("p0")->motto, "carpe diem", "it is a value like any other now");
}

Test(migrate, text_gets_its_normal_form_and_indexes_follow)
{
    fill((const char *const[]){"Ann@X.org", "bob@x.org"}, 2);
    after.person_fields[EMAIL].flags |= RT_FIELD_LOWER;
    cr_assert_eq(open_with(&after), 0, "%s", error.message);
    cr_expect_str_eq(get("p0")->email, "ann@x.org");
    check_store(&f);
}

Test(migrate, two_records_alike_in_their_normal_form_are_named)
{
    fill((const char *const[]){"Ann@X.org", "ann@x.org"}, 2);
    after.person_fields[EMAIL].flags |= RT_FIELD_LOWER;
    cr_expect_eq(open_with(&after), RT_EEXIST);
    cr_expect_not_null(strstr(error.message, "p0"), "%s", error.message);
    cr_expect_not_null(strstr(error.message, "p1"), "%s", error.message);
}

Test(migrate, records_of_a_model_that_is_gone_are_not_forgotten)
{
    fill_one();
    after.model.name = "Human";
    after.person.name = "Human";
    expect_no_open("records of the model Person");
}

Test(migrate, a_renamed_model_takes_its_records_over)
{
    fill((const char *const[]){"ann@x.org", "bob@x.org"}, 2);
    after.model.name = after.person.name = "Human";
    after.person.pb.name = "test.Human";
    after.model.renamed_from = "Person";
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(open_with(&after), 0, "%s", error.message);
        cr_expect_str_eq(get("p1")->email, "bob@x.org");
        check_store(&f);
        fixture_close(&f);
    }
    cr_expect_eq(open_with(&before), RT_ECONFLICT, "the old name is gone");
}

Test(migrate, a_renamed_model_is_held_to_what_was_stored)
{
    fill_one();
    after.model.name = after.person.name = "Human";
    after.model.renamed_from = "Person";
    after.person_fields[AGE].kind = RT_U32;
    expect_no_open("field 5 is stored as i32 (age)");
}

Test(migrate, a_new_model_may_say_what_it_was_called)
{
    after.model.renamed_from = "Nobody";
    cr_expect_eq(open_with(&after), 0, "%s", error.message);
    cr_expect_eq(fixture_write(&f, run_create, person_new(&after, "p0", "ann@x.org")), 0);
}

Test(migrate, a_model_without_records_may_go)
{
    fill(NULL, 0);
    after.model.name = "Human";
    cr_expect_eq(open_with(&after), 0, "%s", error.message);
}

Test(migrate, a_replica_may_go_and_is_not_held_to_rules)
{
    before.model.replica = after.model.replica = true;
    fill_one();
    after.email.max = 2;
    cr_expect_eq(open_with(&after), 0, "%s", error.message);
    fixture_close(&f);
    after.model.name = "Human";
    cr_expect_eq(open_with(&after), 0, "%s", error.message);
}
