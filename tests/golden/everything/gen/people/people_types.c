// Generated from schema everything; do not edit.
#include "gen/people/people_types.h"

static const ProtobufCFieldDescriptor person_pb[] = {
    RT_PB_STRING(people_person, id, 1), /* in order of number */
    RT_PB_STRING(people_person, login, 2),
    RT_PB_STRING(people_person, password, 3),
    RT_PB_OPTIONAL_NUMBER(people_person, age, 4, UINT32),
    RT_PB_NUMBER(people_person, version, 5, INT64),
    RT_PB_STRING(people_person, address, 6),
    RT_PB_NUMBER(people_person, joined, 7, INT64),
    RT_PB_NUMBER(people_person, leaves, 8, INT64),
    RT_PB_STRING(people_person, inviter, 9),
    RT_PB_NUMBER(people_person, seen, 10, INT64),
};
static const ProtobufCIntRange person_ranges[] = {{1, 0}, {0, 10}};
static const struct rt_limits slug_limits = {.min = 1, .max = 40, .format = RT_FORMAT_SLUG};
static const struct rt_limits person_password_limits = {.min = 8};
static const struct rt_limits person_age_limits = {.min = 0, .max = 150};
static const struct rt_limits person_address_limits = {.min = 1, .max = 40};
const struct rt_field people_person_fields[] = {
    RT_FIELD(people_person, id, 1, "id", .kind = RT_ID), /* in schema order */
    RT_FIELD(people_person, login, 2, "login", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_LOWER | RT_FIELD_RANGE, .limits = &slug_limits),
    RT_FIELD(people_person, password, 3, "password", .kind = RT_PASSWORD,
             .flags = RT_FIELD_SECRET | RT_FIELD_HAS_MIN, .limits = &person_password_limits),
    RT_FIELD_HAS(people_person, age, 4, "age", .kind = RT_U32, .flags = RT_FIELD_RANGE,
                 .limits = &person_age_limits),
    RT_FIELD(people_person, version, 5, "version", .kind = RT_VERSION),
    RT_FIELD(people_person, address, 6, "address", .kind = RT_STRING, .flags = RT_FIELD_RANGE,
             .limits = &person_address_limits),
    RT_FIELD(people_person, joined, 7, "joined", .kind = RT_TIME),
    RT_FIELD(people_person, leaves, 8, "leaves", .kind = RT_TIME),
    RT_FIELD(people_person, inviter, 9, "inviter", .kind = RT_REF),
    RT_FIELD(people_person, seen, 10, "seen", .kind = RT_TIME),
};
const struct rt_message people_person_message = {
    .pb = RT_PB_DESCRIPTOR("everything.people.Person", people_person, person_pb, 10, person_ranges,
                           1),
    .name = "Person",
    .fields = people_person_fields,
    .n_fields = 10,
};

static const ProtobufCFieldDescriptor login_pb[] = {
    RT_PB_STRING(people_login, login, 1),
    RT_PB_STRING(people_login, password, 2),
};
static const ProtobufCIntRange login_ranges[] = {{1, 0}, {0, 2}};
static const struct rt_limits login_password_limits = {.min = 8, .max = 72};
const struct rt_field people_login_fields[] = {
    RT_FIELD(people_login, login, 1, "login", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_LOWER | RT_FIELD_RANGE, .limits = &slug_limits),
    RT_FIELD(people_login, password, 2, "password", .kind = RT_PASSWORD,
             .flags = RT_FIELD_SECRET | RT_FIELD_RANGE, .limits = &login_password_limits),
};
const struct rt_message people_login_message = {
    .pb = RT_PB_DESCRIPTOR("everything.people.Login", people_login, login_pb, 2, login_ranges, 1),
    .name = "Login",
    .fields = people_login_fields,
    .n_fields = 2,
};

static const ProtobufCFieldDescriptor face_pb[] = {
    RT_PB_STRING(people_face, id, 1),
    RT_PB_STRING(people_face, login, 2),
};
static const ProtobufCIntRange face_ranges[] = {{1, 0}, {0, 2}};
const struct rt_field people_face_fields[] = {
    RT_FIELD(people_face, id, 1, "id", .kind = RT_ID),
    RT_FIELD(people_face, login, 2, "login", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_LOWER | RT_FIELD_RANGE, .limits = &slug_limits),
};
const struct rt_message people_face_message = {
    .pb = RT_PB_DESCRIPTOR("everything.people.Face", people_face, face_pb, 2, face_ranges, 1),
    .name = "Face",
    .fields = people_face_fields,
    .n_fields = 2,
};
