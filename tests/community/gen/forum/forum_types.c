// Generated from schema community; do not edit.
#include "gen/forum/forum_types.h"

static const ProtobufCFieldDescriptor person_pb[] = {
    RT_PB_STRING(forum_person, id, 1), /* in order of number */
    RT_PB_STRING(forum_person, name, 2),
    RT_PB_STRING(forum_person, email, 3),
    RT_PB_STRING(forum_person, password, 4),
    RT_PB_STRING(forum_person, about, 5),
    RT_PB_NUMBER(forum_person, joined, 6, INT64),
    RT_PB_NUMBER(forum_person, version, 7, INT64),
};
static const ProtobufCIntRange person_ranges[] = {{1, 0}, {0, 7}};
static const struct rt_limits name_limits = {.min = 2, .max = 30, .format = RT_FORMAT_SLUG};
static const struct rt_limits email_limits = {.min = 3, .max = 254, .format = RT_FORMAT_EMAIL};
static const struct rt_limits person_password_limits = {.min = 8, .max = 72};
static const struct rt_limits person_about_limits = {.max = 1000};
const struct rt_field forum_person_fields[] = {
    RT_FIELD(forum_person, id, 1, "id", .kind = RT_ID), /* in schema order */
    RT_FIELD(forum_person, name, 2, "name", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_LOWER | RT_FIELD_RANGE, .limits = &name_limits),
    RT_FIELD(forum_person, email, 3, "email", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_LOWER | RT_FIELD_RANGE, .limits = &email_limits),
    RT_FIELD(forum_person, password, 4, "password", .kind = RT_PASSWORD,
             .flags = RT_FIELD_SECRET | RT_FIELD_RANGE, .limits = &person_password_limits),
    RT_FIELD(forum_person, about, 5, "about", .kind = RT_STRING,
             .flags = RT_FIELD_HAS_MAX | RT_FIELD_DEFAULT, .limits = &person_about_limits,
             .fallback = ""),
    RT_FIELD(forum_person, joined, 6, "joined", .kind = RT_TIME),
    RT_FIELD(forum_person, version, 7, "version", .kind = RT_VERSION),
};
const struct rt_message forum_person_message = {
    .pb = RT_PB_DESCRIPTOR("community.forum.Person", forum_person, person_pb, 7, person_ranges, 1),
    .name = "Person",
    .fields = forum_person_fields,
    .n_fields = 7,
};

static const ProtobufCFieldDescriptor new_person_pb[] = {
    RT_PB_STRING(forum_new_person, name, 2),
    RT_PB_STRING(forum_new_person, email, 3),
    RT_PB_STRING(forum_new_person, password, 4),
};
static const ProtobufCIntRange new_person_ranges[] = {{2, 0}, {0, 3}};
const struct rt_field forum_new_person_fields[] = {
    RT_FIELD(forum_new_person, name, 2, "name", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_LOWER | RT_FIELD_RANGE, .limits = &name_limits),
    RT_FIELD(forum_new_person, email, 3, "email", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_LOWER | RT_FIELD_RANGE, .limits = &email_limits),
    RT_FIELD(forum_new_person, password, 4, "password", .kind = RT_PASSWORD,
             .flags = RT_FIELD_SECRET | RT_FIELD_RANGE, .limits = &person_password_limits),
};
const struct rt_message forum_new_person_message = {
    .pb = RT_PB_DESCRIPTOR("community.forum.NewPerson", forum_new_person, new_person_pb, 3,
                           new_person_ranges, 1),
    .name = "NewPerson",
    .fields = forum_new_person_fields,
    .n_fields = 3,
};

static const ProtobufCFieldDescriptor credentials_pb[] = {
    RT_PB_STRING(forum_credentials, email, 1),
    RT_PB_STRING(forum_credentials, password, 2),
};
static const ProtobufCIntRange credentials_ranges[] = {{1, 0}, {0, 2}};
static const struct rt_limits credentials_password_limits = {.min = 8, .max = 72};
const struct rt_field forum_credentials_fields[] = {
    RT_FIELD(forum_credentials, email, 1, "email", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_LOWER | RT_FIELD_RANGE, .limits = &email_limits),
    RT_FIELD(forum_credentials, password, 2, "password", .kind = RT_PASSWORD,
             .flags = RT_FIELD_SECRET | RT_FIELD_RANGE, .limits = &credentials_password_limits),
};
const struct rt_message forum_credentials_message = {
    .pb = RT_PB_DESCRIPTOR("community.forum.Credentials", forum_credentials, credentials_pb, 2,
                           credentials_ranges, 1),
    .name = "Credentials",
    .fields = forum_credentials_fields,
    .n_fields = 2,
};

static const ProtobufCFieldDescriptor about_input_pb[] = {
    RT_PB_STRING(forum_about_input, about, 5),
};
static const ProtobufCIntRange about_input_ranges[] = {{5, 0}, {0, 1}};
const struct rt_field forum_about_input_fields[] = {
    RT_FIELD(forum_about_input, about, 5, "about", .kind = RT_STRING,
             .flags = RT_FIELD_HAS_MAX | RT_FIELD_DEFAULT, .limits = &person_about_limits,
             .fallback = ""),
};
const struct rt_message forum_about_input_message = {
    .pb = RT_PB_DESCRIPTOR("community.forum.AboutInput", forum_about_input, about_input_pb, 1,
                           about_input_ranges, 1),
    .name = "AboutInput",
    .fields = forum_about_input_fields,
    .n_fields = 1,
};

static const ProtobufCFieldDescriptor account_pb[] = {
    RT_PB_STRING(forum_account, id, 1), /* in order of number */
    RT_PB_STRING(forum_account, name, 2),
    RT_PB_STRING(forum_account, email, 3),
    RT_PB_STRING(forum_account, about, 5),
    RT_PB_NUMBER(forum_account, joined, 6, INT64),
    RT_PB_NUMBER(forum_account, version, 7, INT64),
};
static const ProtobufCIntRange account_ranges[] = {{1, 0}, {5, 3}, {0, 6}};
const struct rt_field forum_account_fields[] = {
    RT_FIELD(forum_account, id, 1, "id", .kind = RT_ID), /* in schema order */
    RT_FIELD(forum_account, name, 2, "name", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_LOWER | RT_FIELD_RANGE, .limits = &name_limits),
    RT_FIELD(forum_account, email, 3, "email", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_LOWER | RT_FIELD_RANGE, .limits = &email_limits),
    RT_FIELD(forum_account, about, 5, "about", .kind = RT_STRING, .flags = RT_FIELD_HAS_MAX,
             .limits = &person_about_limits),
    RT_FIELD(forum_account, joined, 6, "joined", .kind = RT_TIME),
    RT_FIELD(forum_account, version, 7, "version", .kind = RT_VERSION),
};
const struct rt_message forum_account_message = {
    .pb = RT_PB_DESCRIPTOR("community.forum.Account", forum_account, account_pb, 6, account_ranges,
                           2),
    .name = "Account",
    .fields = forum_account_fields,
    .n_fields = 6,
};

static const ProtobufCFieldDescriptor profile_pb[] = {
    RT_PB_STRING(forum_profile, id, 1),
    RT_PB_STRING(forum_profile, name, 2),
    RT_PB_STRING(forum_profile, about, 5),
    RT_PB_NUMBER(forum_profile, joined, 6, INT64),
};
static const ProtobufCIntRange profile_ranges[] = {{1, 0}, {5, 2}, {0, 4}};
const struct rt_field forum_profile_fields[] = {
    RT_FIELD(forum_profile, id, 1, "id", .kind = RT_ID),
    RT_FIELD(forum_profile, name, 2, "name", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_LOWER | RT_FIELD_RANGE, .limits = &name_limits),
    RT_FIELD(forum_profile, about, 5, "about", .kind = RT_STRING, .flags = RT_FIELD_HAS_MAX,
             .limits = &person_about_limits),
    RT_FIELD(forum_profile, joined, 6, "joined", .kind = RT_TIME),
};
const struct rt_message forum_profile_message = {
    .pb = RT_PB_DESCRIPTOR("community.forum.Profile", forum_profile, profile_pb, 4, profile_ranges,
                           2),
    .name = "Profile",
    .fields = forum_profile_fields,
    .n_fields = 4,
};

static const ProtobufCFieldDescriptor follow_pb[] = {
    RT_PB_STRING(forum_follow, id, 1),
    RT_PB_STRING(forum_follow, follower, 2),
    RT_PB_STRING(forum_follow, followed, 3),
    RT_PB_NUMBER(forum_follow, since, 4, INT64),
};
static const ProtobufCIntRange follow_ranges[] = {{1, 0}, {0, 4}};
const struct rt_field forum_follow_fields[] = {
    RT_FIELD(forum_follow, id, 1, "id", .kind = RT_ID),
    RT_FIELD(forum_follow, follower, 2, "follower", .kind = RT_REF),
    RT_FIELD(forum_follow, followed, 3, "followed", .kind = RT_REF),
    RT_FIELD(forum_follow, since, 4, "since", .kind = RT_TIME),
};
const struct rt_message forum_follow_message = {
    .pb = RT_PB_DESCRIPTOR("community.forum.Follow", forum_follow, follow_pb, 4, follow_ranges, 1),
    .name = "Follow",
    .fields = forum_follow_fields,
    .n_fields = 4,
};

static const ProtobufCFieldDescriptor article_pb[] = {
    RT_PB_STRING(forum_article, id, 1), /* in order of number */
    RT_PB_STRING(forum_article, slug, 2),
    RT_PB_STRING(forum_article, title, 3),
    RT_PB_STRING(forum_article, body, 4),
    RT_PB_LIST(forum_article, tags, 5, STRING, NULL),
    RT_PB_MESSAGE(forum_article, author, 6, &forum_person_message),
    RT_PB_NUMBER(forum_article, created, 7, INT64),
    RT_PB_NUMBER(forum_article, updated, 8, INT64),
    RT_PB_NUMBER(forum_article, favourites, 9, UINT32),
    RT_PB_NUMBER(forum_article, version, 10, INT64),
    RT_PB_NUMBER(forum_article, published, 11, BOOL),
};
static const ProtobufCIntRange article_ranges[] = {{1, 0}, {0, 11}};
static const struct rt_limits article_slug_limits = {.min = 1, .max = 80, .format = RT_FORMAT_SLUG};
static const struct rt_limits article_title_limits = {.min = 1, .max = 200};
static const struct rt_limits article_body_limits = {.min = 1, .max = 100000};
static const struct rt_limits article_tags_limits = {.min = 1, .max = 30, .items_max = 10};
static const uint32_t article_favourites_default = 0;
static const protobuf_c_boolean article_published_default = 1;
const struct rt_field forum_article_fields[] = {
    RT_FIELD(forum_article, id, 1, "id", .kind = RT_ID), /* in schema order */
    RT_FIELD(forum_article, slug, 2, "slug", .kind = RT_STRING, .flags = RT_FIELD_RANGE,
             .limits = &article_slug_limits),
    RT_FIELD(forum_article, title, 3, "title", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_RANGE, .limits = &article_title_limits),
    RT_FIELD(forum_article, body, 4, "body", .kind = RT_STRING, .flags = RT_FIELD_RANGE,
             .limits = &article_body_limits),
    RT_FIELD_MANY(forum_article, tags, 5, "tags", .shape = RT_LIST, .kind = RT_STRING,
                  .flags = RT_FIELD_UNIQUE_ITEMS | RT_FIELD_RANGE, .limits = &article_tags_limits),
    RT_FIELD(forum_article, author, 6, "author", .kind = RT_MESSAGE,
             .message = &forum_person_message, .flags = RT_FIELD_EMBED),
    RT_FIELD(forum_article, created, 7, "created", .kind = RT_TIME),
    RT_FIELD(forum_article, updated, 8, "updated", .kind = RT_TIME),
    RT_FIELD(forum_article, favourites, 9, "favourites", .kind = RT_U32, .flags = RT_FIELD_DEFAULT,
             .fallback = &article_favourites_default),
    RT_FIELD(forum_article, version, 10, "version", .kind = RT_VERSION),
    RT_FIELD(forum_article, published, 11, "published", .kind = RT_BOOL, .flags = RT_FIELD_DEFAULT,
             .fallback = &article_published_default),
};
const struct rt_message forum_article_message = {
    .pb = RT_PB_DESCRIPTOR("community.forum.Article", forum_article, article_pb, 11, article_ranges,
                           1),
    .name = "Article",
    .fields = forum_article_fields,
    .n_fields = 11,
};

static const ProtobufCFieldDescriptor article_input_pb[] = {
    RT_PB_STRING(forum_article_input, title, 3),
    RT_PB_STRING(forum_article_input, body, 4),
    RT_PB_LIST(forum_article_input, tags, 5, STRING, NULL),
    RT_PB_NUMBER(forum_article_input, published, 11, BOOL),
};
static const ProtobufCIntRange article_input_ranges[] = {{3, 0}, {11, 3}, {0, 4}};
static const protobuf_c_boolean article_input_published_default = 1;
const struct rt_field forum_article_input_fields[] = {
    RT_FIELD(forum_article_input, title, 3, "title", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_RANGE, .limits = &article_title_limits),
    RT_FIELD(forum_article_input, body, 4, "body", .kind = RT_STRING, .flags = RT_FIELD_RANGE,
             .limits = &article_body_limits),
    RT_FIELD_MANY(forum_article_input, tags, 5, "tags", .shape = RT_LIST, .kind = RT_STRING,
                  .flags = RT_FIELD_UNIQUE_ITEMS | RT_FIELD_RANGE, .limits = &article_tags_limits),
    RT_FIELD(forum_article_input, published, 11, "published", .kind = RT_BOOL,
             .flags = RT_FIELD_DEFAULT, .fallback = &article_input_published_default),
};
const struct rt_message forum_article_input_message = {
    .pb = RT_PB_DESCRIPTOR("community.forum.ArticleInput", forum_article_input, article_input_pb, 4,
                           article_input_ranges, 2),
    .name = "ArticleInput",
    .fields = forum_article_input_fields,
    .n_fields = 4,
};

static const ProtobufCFieldDescriptor written_author_pb[] = {
    RT_PB_STRING(forum_written_author, id, 1),
    RT_PB_STRING(forum_written_author, name, 2),
    RT_PB_STRING(forum_written_author, about, 5),
};
static const ProtobufCIntRange written_author_ranges[] = {{1, 0}, {5, 2}, {0, 3}};
const struct rt_field forum_written_author_fields[] = {
    RT_FIELD(forum_written_author, id, 1, "id", .kind = RT_ID),
    RT_FIELD(forum_written_author, name, 2, "name", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_LOWER | RT_FIELD_RANGE, .limits = &name_limits),
    RT_FIELD(forum_written_author, about, 5, "about", .kind = RT_STRING, .flags = RT_FIELD_HAS_MAX,
             .limits = &person_about_limits),
};
const struct rt_message forum_written_author_message = {
    .pb = RT_PB_DESCRIPTOR("community.forum.WrittenAuthor", forum_written_author, written_author_pb,
                           3, written_author_ranges, 2),
    .name = "WrittenAuthor",
    .fields = forum_written_author_fields,
    .n_fields = 3,
};

static const ProtobufCFieldDescriptor written_pb[] = {
    RT_PB_STRING(forum_written, id, 1), /* in order of number */
    RT_PB_STRING(forum_written, slug, 2),
    RT_PB_STRING(forum_written, title, 3),
    RT_PB_STRING(forum_written, body, 4),
    RT_PB_LIST(forum_written, tags, 5, STRING, NULL),
    RT_PB_MESSAGE(forum_written, author, 6, &forum_written_author_message),
    RT_PB_NUMBER(forum_written, created, 7, INT64),
    RT_PB_NUMBER(forum_written, updated, 8, INT64),
    RT_PB_NUMBER(forum_written, favourites, 9, UINT32),
    RT_PB_NUMBER(forum_written, version, 10, INT64),
    RT_PB_NUMBER(forum_written, published, 11, BOOL),
};
static const ProtobufCIntRange written_ranges[] = {{1, 0}, {0, 11}};
const struct rt_field forum_written_fields[] = {
    RT_FIELD(forum_written, id, 1, "id", .kind = RT_ID), /* in schema order */
    RT_FIELD(forum_written, slug, 2, "slug", .kind = RT_STRING, .flags = RT_FIELD_RANGE,
             .limits = &article_slug_limits),
    RT_FIELD(forum_written, title, 3, "title", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_RANGE, .limits = &article_title_limits),
    RT_FIELD(forum_written, body, 4, "body", .kind = RT_STRING, .flags = RT_FIELD_RANGE,
             .limits = &article_body_limits),
    RT_FIELD_MANY(forum_written, tags, 5, "tags", .shape = RT_LIST, .kind = RT_STRING,
                  .flags = RT_FIELD_UNIQUE_ITEMS | RT_FIELD_RANGE, .limits = &article_tags_limits),
    RT_FIELD(forum_written, author, 6, "author", .kind = RT_MESSAGE,
             .message = &forum_written_author_message),
    RT_FIELD(forum_written, created, 7, "created", .kind = RT_TIME),
    RT_FIELD(forum_written, updated, 8, "updated", .kind = RT_TIME),
    RT_FIELD(forum_written, favourites, 9, "favourites", .kind = RT_U32),
    RT_FIELD(forum_written, version, 10, "version", .kind = RT_VERSION),
    RT_FIELD(forum_written, published, 11, "published", .kind = RT_BOOL),
};
const struct rt_message forum_written_message = {
    .pb = RT_PB_DESCRIPTOR("community.forum.Written", forum_written, written_pb, 11, written_ranges,
                           1),
    .name = "Written",
    .fields = forum_written_fields,
    .n_fields = 11,
};

static const ProtobufCFieldDescriptor card_author_pb[] = {
    RT_PB_STRING(forum_card_author, id, 1),
    RT_PB_STRING(forum_card_author, name, 2),
};
static const ProtobufCIntRange card_author_ranges[] = {{1, 0}, {0, 2}};
const struct rt_field forum_card_author_fields[] = {
    RT_FIELD(forum_card_author, id, 1, "id", .kind = RT_ID),
    RT_FIELD(forum_card_author, name, 2, "name", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_LOWER | RT_FIELD_RANGE, .limits = &name_limits),
};
const struct rt_message forum_card_author_message = {
    .pb = RT_PB_DESCRIPTOR("community.forum.CardAuthor", forum_card_author, card_author_pb, 2,
                           card_author_ranges, 1),
    .name = "CardAuthor",
    .fields = forum_card_author_fields,
    .n_fields = 2,
};

static const ProtobufCFieldDescriptor card_pb[] = {
    RT_PB_STRING(forum_card, id, 1), /* in order of number */
    RT_PB_STRING(forum_card, slug, 2),
    RT_PB_STRING(forum_card, title, 3),
    RT_PB_LIST(forum_card, tags, 5, STRING, NULL),
    RT_PB_MESSAGE(forum_card, author, 6, &forum_card_author_message),
    RT_PB_NUMBER(forum_card, created, 7, INT64),
    RT_PB_NUMBER(forum_card, favourites, 9, UINT32),
};
static const ProtobufCIntRange card_ranges[] = {{1, 0}, {5, 3}, {9, 6}, {0, 7}};
const struct rt_field forum_card_fields[] = {
    RT_FIELD(forum_card, id, 1, "id", .kind = RT_ID), /* in schema order */
    RT_FIELD(forum_card, slug, 2, "slug", .kind = RT_STRING, .flags = RT_FIELD_RANGE,
             .limits = &article_slug_limits),
    RT_FIELD(forum_card, title, 3, "title", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_RANGE, .limits = &article_title_limits),
    RT_FIELD_MANY(forum_card, tags, 5, "tags", .shape = RT_LIST, .kind = RT_STRING,
                  .flags = RT_FIELD_UNIQUE_ITEMS | RT_FIELD_RANGE, .limits = &article_tags_limits),
    RT_FIELD(forum_card, author, 6, "author", .kind = RT_MESSAGE,
             .message = &forum_card_author_message),
    RT_FIELD(forum_card, created, 7, "created", .kind = RT_TIME),
    RT_FIELD(forum_card, favourites, 9, "favourites", .kind = RT_U32),
};
const struct rt_message forum_card_message = {
    .pb = RT_PB_DESCRIPTOR("community.forum.Card", forum_card, card_pb, 7, card_ranges, 3),
    .name = "Card",
    .fields = forum_card_fields,
    .n_fields = 7,
};

static const ProtobufCFieldDescriptor favourite_pb[] = {
    RT_PB_STRING(forum_favourite, id, 1),
    RT_PB_STRING(forum_favourite, person, 2),
    RT_PB_STRING(forum_favourite, article, 3),
};
static const ProtobufCIntRange favourite_ranges[] = {{1, 0}, {0, 3}};
const struct rt_field forum_favourite_fields[] = {
    RT_FIELD(forum_favourite, id, 1, "id", .kind = RT_ID),
    RT_FIELD(forum_favourite, person, 2, "person", .kind = RT_REF),
    RT_FIELD(forum_favourite, article, 3, "article", .kind = RT_REF),
};
const struct rt_message forum_favourite_message = {
    .pb = RT_PB_DESCRIPTOR("community.forum.Favourite", forum_favourite, favourite_pb, 3,
                           favourite_ranges, 1),
    .name = "Favourite",
    .fields = forum_favourite_fields,
    .n_fields = 3,
};

static const ProtobufCFieldDescriptor comment_pb[] = {
    RT_PB_STRING(forum_comment, id, 1), /* in order of number */
    RT_PB_STRING(forum_comment, article, 2),
    RT_PB_MESSAGE(forum_comment, author, 3, &forum_person_message),
    RT_PB_STRING(forum_comment, text, 4),
    RT_PB_NUMBER(forum_comment, created, 5, INT64),
};
static const ProtobufCIntRange comment_ranges[] = {{1, 0}, {0, 5}};
static const struct rt_limits comment_text_limits = {.min = 1, .max = 5000};
const struct rt_field forum_comment_fields[] = {
    RT_FIELD(forum_comment, id, 1, "id", .kind = RT_ID), /* in schema order */
    RT_FIELD(forum_comment, article, 2, "article", .kind = RT_REF),
    RT_FIELD(forum_comment, author, 3, "author", .kind = RT_MESSAGE,
             .message = &forum_person_message, .flags = RT_FIELD_EMBED),
    RT_FIELD(forum_comment, text, 4, "text", .kind = RT_STRING, .flags = RT_FIELD_RANGE,
             .limits = &comment_text_limits),
    RT_FIELD(forum_comment, created, 5, "created", .kind = RT_TIME),
};
const struct rt_message forum_comment_message = {
    .pb = RT_PB_DESCRIPTOR("community.forum.Comment", forum_comment, comment_pb, 5, comment_ranges,
                           1),
    .name = "Comment",
    .fields = forum_comment_fields,
    .n_fields = 5,
};

static const ProtobufCFieldDescriptor comment_input_pb[] = {
    RT_PB_STRING(forum_comment_input, article, 2),
    RT_PB_STRING(forum_comment_input, text, 4),
};
static const ProtobufCIntRange comment_input_ranges[] = {{2, 0}, {4, 1}, {0, 2}};
const struct rt_field forum_comment_input_fields[] = {
    RT_FIELD(forum_comment_input, article, 2, "article", .kind = RT_REF),
    RT_FIELD(forum_comment_input, text, 4, "text", .kind = RT_STRING, .flags = RT_FIELD_RANGE,
             .limits = &comment_text_limits),
};
const struct rt_message forum_comment_input_message = {
    .pb = RT_PB_DESCRIPTOR("community.forum.CommentInput", forum_comment_input, comment_input_pb, 2,
                           comment_input_ranges, 2),
    .name = "CommentInput",
    .fields = forum_comment_input_fields,
    .n_fields = 2,
};

static const ProtobufCFieldDescriptor said_author_pb[] = {
    RT_PB_STRING(forum_said_author, id, 1),
    RT_PB_STRING(forum_said_author, name, 2),
};
static const ProtobufCIntRange said_author_ranges[] = {{1, 0}, {0, 2}};
const struct rt_field forum_said_author_fields[] = {
    RT_FIELD(forum_said_author, id, 1, "id", .kind = RT_ID),
    RT_FIELD(forum_said_author, name, 2, "name", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_LOWER | RT_FIELD_RANGE, .limits = &name_limits),
};
const struct rt_message forum_said_author_message = {
    .pb = RT_PB_DESCRIPTOR("community.forum.SaidAuthor", forum_said_author, said_author_pb, 2,
                           said_author_ranges, 1),
    .name = "SaidAuthor",
    .fields = forum_said_author_fields,
    .n_fields = 2,
};

static const ProtobufCFieldDescriptor said_pb[] = {
    RT_PB_STRING(forum_said, id, 1),
    RT_PB_MESSAGE(forum_said, author, 3, &forum_said_author_message),
    RT_PB_STRING(forum_said, text, 4),
    RT_PB_NUMBER(forum_said, created, 5, INT64),
};
static const ProtobufCIntRange said_ranges[] = {{1, 0}, {3, 1}, {0, 4}};
const struct rt_field forum_said_fields[] = {
    RT_FIELD(forum_said, id, 1, "id", .kind = RT_ID),
    RT_FIELD(forum_said, author, 3, "author", .kind = RT_MESSAGE,
             .message = &forum_said_author_message),
    RT_FIELD(forum_said, text, 4, "text", .kind = RT_STRING, .flags = RT_FIELD_RANGE,
             .limits = &comment_text_limits),
    RT_FIELD(forum_said, created, 5, "created", .kind = RT_TIME),
};
const struct rt_message forum_said_message = {
    .pb = RT_PB_DESCRIPTOR("community.forum.Said", forum_said, said_pb, 4, said_ranges, 2),
    .name = "Said",
    .fields = forum_said_fields,
    .n_fields = 4,
};

static const ProtobufCFieldDescriptor newest_query_pb[] = {
    RT_PB_OPTIONAL_STRING(forum_newest_query, tags, 1),
    RT_PB_OPTIONAL_STRING(forum_newest_query, author, 2),
};
static const ProtobufCIntRange newest_query_ranges[] = {{1, 0}, {0, 2}};
static const struct rt_limits newest_query_tags_limits = {.min = 1, .max = 30};
const struct rt_field forum_newest_query_fields[] = {
    RT_FIELD(forum_newest_query, tags, 1, "tags", .shape = RT_OPTIONAL, .kind = RT_STRING,
             .flags = RT_FIELD_RANGE, .limits = &newest_query_tags_limits),
    RT_FIELD(forum_newest_query, author, 2, "author", .shape = RT_OPTIONAL, .kind = RT_REF),
};
const struct rt_message forum_newest_query_message = {
    .pb = RT_PB_DESCRIPTOR("community.forum.NewestQuery", forum_newest_query, newest_query_pb, 2,
                           newest_query_ranges, 1),
    .name = "NewestQuery",
    .fields = forum_newest_query_fields,
    .n_fields = 2,
};

static const ProtobufCFieldDescriptor said_query_pb[] = {
    RT_PB_OPTIONAL_STRING(forum_said_query, article, 1),
};
static const ProtobufCIntRange said_query_ranges[] = {{1, 0}, {0, 1}};
const struct rt_field forum_said_query_fields[] = {
    RT_FIELD(forum_said_query, article, 1, "article", .shape = RT_OPTIONAL, .kind = RT_REF),
};
const struct rt_message forum_said_query_message = {
    .pb = RT_PB_DESCRIPTOR("community.forum.SaidQuery", forum_said_query, said_query_pb, 1,
                           said_query_ranges, 1),
    .name = "SaidQuery",
    .fields = forum_said_query_fields,
    .n_fields = 1,
};
