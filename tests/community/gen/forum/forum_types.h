// Generated from schema community; do not edit.
/* Messages of service forum that no event carries. */
#ifndef FORUM_TYPES_H
#define FORUM_TYPES_H

#include "runtime/wire/message.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Who writes and reads. */
struct forum_person {
    ProtobufCMessage base;
    const char *id;
    const char *name;     /* a slug, 2..30 characters, trimmed, lower case */
    const char *email;    /* an email address, 3..254 characters, trimmed, lower case */
    const char *password; /* its hash; secret */
    const char *about;    /* at most 1000 characters,  unless given */
    int64_t joined;       /* ms since 1970 */
    int64_t version;      /* 1 on create, +1 per update */
};
extern const struct rt_message forum_person_message;
extern const struct rt_field forum_person_fields[];
#define FORUM_PERSON_INIT RT_MESSAGE_INIT_WITH(forum_person, .about = "")

/* Fields of a Person. */
struct forum_new_person {
    ProtobufCMessage base;
    const char *name;     /* a slug, 2..30 characters, trimmed, lower case */
    const char *email;    /* an email address, 3..254 characters, trimmed, lower case */
    const char *password; /* clear text; secret */
};
extern const struct rt_message forum_new_person_message;
extern const struct rt_field forum_new_person_fields[];
#define FORUM_NEW_PERSON_INIT RT_MESSAGE_INIT(forum_new_person)

struct forum_credentials {
    ProtobufCMessage base;
    const char *email;    /* an email address, 3..254 characters, trimmed, lower case */
    const char *password; /* clear text; secret */
};
extern const struct rt_message forum_credentials_message;
extern const struct rt_field forum_credentials_fields[];
#define FORUM_CREDENTIALS_INIT RT_MESSAGE_INIT(forum_credentials)

/* Fields of a Person. */
struct forum_about_input {
    ProtobufCMessage base;
    const char *about; /* at most 1000 characters,  unless given */
};
extern const struct rt_message forum_about_input_message;
extern const struct rt_field forum_about_input_fields[];
#define FORUM_ABOUT_INPUT_INIT RT_MESSAGE_INIT_WITH(forum_about_input, .about = "")

/* A person's own. */
struct forum_account {
    ProtobufCMessage base;
    const char *id;
    const char *name;  /* a slug, 2..30 characters, trimmed, lower case */
    const char *email; /* an email address, 3..254 characters, trimmed, lower case */
    const char *about; /* at most 1000 characters */
    int64_t joined;    /* ms since 1970 */
    int64_t version;
};
extern const struct rt_message forum_account_message;
extern const struct rt_field forum_account_fields[];
#define FORUM_ACCOUNT_INIT RT_MESSAGE_INIT(forum_account)

/* A person as others see them. */
struct forum_profile {
    ProtobufCMessage base;
    const char *id;
    const char *name;  /* a slug, 2..30 characters, trimmed, lower case */
    const char *about; /* at most 1000 characters */
    int64_t joined;    /* ms since 1970 */
};
extern const struct rt_message forum_profile_message;
extern const struct rt_field forum_profile_fields[];
#define FORUM_PROFILE_INIT RT_MESSAGE_INIT(forum_profile)

/* Who follows whom. */
struct forum_follow {
    ProtobufCMessage base;
    const char *id;
    const char *follower; /* id of forum.Person */
    const char *followed; /* id of forum.Person */
    int64_t since;        /* ms since 1970 */
};
extern const struct rt_message forum_follow_message;
extern const struct rt_field forum_follow_fields[];
#define FORUM_FOLLOW_INIT RT_MESSAGE_INIT(forum_follow)

struct forum_article {
    ProtobufCMessage base;
    const char *id;
    const char *slug;  /* a slug, 1..80 characters */
    const char *title; /* 1..200 characters, trimmed */
    const char *body;  /* 1..100000 characters */
    size_t n_tags;
    const char **tags;            /* 1..30 characters, at most 10 items, all different */
    struct forum_person *author;  /* its id alone when stored */
    int64_t created;              /* ms since 1970 */
    int64_t updated;              /* ms since 1970 */
    uint32_t favourites;          /* 0 unless given */
    int64_t version;              /* 1 on create, +1 per update */
    protobuf_c_boolean published; /* true unless given */
};
extern const struct rt_message forum_article_message;
extern const struct rt_field forum_article_fields[];
#define FORUM_ARTICLE_INIT RT_MESSAGE_INIT_WITH(forum_article, .favourites = 0, .published = 1)

/* Fields of an Article. */
struct forum_article_input {
    ProtobufCMessage base;
    const char *title; /* 1..200 characters, trimmed */
    const char *body;  /* 1..100000 characters */
    size_t n_tags;
    const char **tags;            /* 1..30 characters, at most 10 items, all different */
    protobuf_c_boolean published; /* true unless given */
};
extern const struct rt_message forum_article_input_message;
extern const struct rt_field forum_article_input_fields[];
#define FORUM_ARTICLE_INPUT_INIT RT_MESSAGE_INIT_WITH(forum_article_input, .published = 1)

/* What Written carries of a Person. */
struct forum_written_author {
    ProtobufCMessage base;
    const char *id;
    const char *name;  /* a slug, 2..30 characters, trimmed, lower case */
    const char *about; /* at most 1000 characters */
};
extern const struct rt_message forum_written_author_message;
extern const struct rt_field forum_written_author_fields[];
#define FORUM_WRITTEN_AUTHOR_INIT RT_MESSAGE_INIT(forum_written_author)

/* What others may see of an Article. */
struct forum_written {
    ProtobufCMessage base;
    const char *id;
    const char *slug;  /* a slug, 1..80 characters */
    const char *title; /* 1..200 characters, trimmed */
    const char *body;  /* 1..100000 characters */
    size_t n_tags;
    const char **tags; /* 1..30 characters, at most 10 items, all different */
    struct forum_written_author *author;
    int64_t created; /* ms since 1970 */
    int64_t updated; /* ms since 1970 */
    uint32_t favourites;
    int64_t version;
    protobuf_c_boolean published;
};
extern const struct rt_message forum_written_message;
extern const struct rt_field forum_written_fields[];
#define FORUM_WRITTEN_INIT RT_MESSAGE_INIT(forum_written)

/* What Card carries of a Person. */
struct forum_card_author {
    ProtobufCMessage base;
    const char *id;
    const char *name; /* a slug, 2..30 characters, trimmed, lower case */
};
extern const struct rt_message forum_card_author_message;
extern const struct rt_field forum_card_author_fields[];
#define FORUM_CARD_AUTHOR_INIT RT_MESSAGE_INIT(forum_card_author)

/* What others may see of an Article. */
struct forum_card {
    ProtobufCMessage base;
    const char *id;
    const char *slug;  /* a slug, 1..80 characters */
    const char *title; /* 1..200 characters, trimmed */
    size_t n_tags;
    const char **tags; /* 1..30 characters, at most 10 items, all different */
    struct forum_card_author *author;
    int64_t created; /* ms since 1970 */
    uint32_t favourites;
};
extern const struct rt_message forum_card_message;
extern const struct rt_field forum_card_fields[];
#define FORUM_CARD_INIT RT_MESSAGE_INIT(forum_card)

struct forum_favourite {
    ProtobufCMessage base;
    const char *id;
    const char *person;  /* id of forum.Person */
    const char *article; /* id of forum.Article */
};
extern const struct rt_message forum_favourite_message;
extern const struct rt_field forum_favourite_fields[];
#define FORUM_FAVOURITE_INIT RT_MESSAGE_INIT(forum_favourite)

struct forum_comment {
    ProtobufCMessage base;
    const char *id;
    const char *article;         /* id of forum.Article */
    struct forum_person *author; /* its id alone when stored */
    const char *text;            /* 1..5000 characters */
    int64_t created;             /* ms since 1970 */
};
extern const struct rt_message forum_comment_message;
extern const struct rt_field forum_comment_fields[];
#define FORUM_COMMENT_INIT RT_MESSAGE_INIT(forum_comment)

/* Fields of a Comment. */
struct forum_comment_input {
    ProtobufCMessage base;
    const char *article; /* id of forum.Article */
    const char *text;    /* 1..5000 characters */
};
extern const struct rt_message forum_comment_input_message;
extern const struct rt_field forum_comment_input_fields[];
#define FORUM_COMMENT_INPUT_INIT RT_MESSAGE_INIT(forum_comment_input)

/* What Said carries of a Person. */
struct forum_said_author {
    ProtobufCMessage base;
    const char *id;
    const char *name; /* a slug, 2..30 characters, trimmed, lower case */
};
extern const struct rt_message forum_said_author_message;
extern const struct rt_field forum_said_author_fields[];
#define FORUM_SAID_AUTHOR_INIT RT_MESSAGE_INIT(forum_said_author)

/* What others may see of a Comment. */
struct forum_said {
    ProtobufCMessage base;
    const char *id;
    struct forum_said_author *author;
    const char *text; /* 1..5000 characters */
    int64_t created;  /* ms since 1970 */
};
extern const struct rt_message forum_said_message;
extern const struct rt_field forum_said_fields[];
#define FORUM_SAID_INIT RT_MESSAGE_INIT(forum_said)

/* The query of GET /articles. */
struct forum_newest_query {
    ProtobufCMessage base;
    const char *tags;   /* 1..30 characters, or NULL */
    const char *author; /* id of forum.Person, or NULL */
};
extern const struct rt_message forum_newest_query_message;
extern const struct rt_field forum_newest_query_fields[];
#define FORUM_NEWEST_QUERY_INIT RT_MESSAGE_INIT(forum_newest_query)

/* The query of GET /comments. */
struct forum_said_query {
    ProtobufCMessage base;
    const char *article; /* id of forum.Article, or NULL */
};
extern const struct rt_message forum_said_query_message;
extern const struct rt_field forum_said_query_fields[];
#define FORUM_SAID_QUERY_INIT RT_MESSAGE_INIT(forum_said_query)

#ifdef __cplusplus
}
#endif

#endif
