// Generated from schema community; do not edit.
/* The records of service forum.
 * A record that is returned lives until the transaction ends; NULL says that there is none.
 * create: RT_EEXIST when the id or a unique index is taken. update: RT_ECONFLICT when the
 * record was changed in between, RT_ENOTFOUND, RT_EEXIST. delete: RT_ENOTFOUND. list: RT_EINVAL
 * when `after` is no cursor of the same list. */
#ifndef FORUM_STORE_H
#define FORUM_STORE_H

#include "gen/forum/forum_types.h"
#include "runtime/store/txn.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const struct rt_model forum_person_model;

/* Where each field is in forum_person_fields. */
enum {
    FORUM_PERSON_FIELD_ID,
    FORUM_PERSON_FIELD_NAME,
    FORUM_PERSON_FIELD_EMAIL,
    FORUM_PERSON_FIELD_PASSWORD,
    FORUM_PERSON_FIELD_ABOUT,
    FORUM_PERSON_FIELD_JOINED,
    FORUM_PERSON_FIELD_VERSION,
};

/* Where each index is in forum_person_indexes. */
enum {
    FORUM_PERSON_NAME,
    FORUM_PERSON_EMAIL,
};
extern const struct rt_index forum_person_indexes[];

struct forum_person *forum_person_get(struct rt_txn *txn, const char *id);
RT_MUST_USE int forum_person_create(struct rt_txn *txn, struct forum_person *person);
RT_MUST_USE int forum_person_update(struct rt_txn *txn, struct forum_person *person);
int forum_person_delete(struct rt_txn *txn, const char *id);
int forum_person_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret);
struct forum_person *forum_person_by_name(struct rt_txn *txn, const char *name);
struct forum_person *forum_person_by_email(struct rt_txn *txn, const char *email);

extern const struct rt_model forum_follow_model;

/* Where each field is in forum_follow_fields. */
enum {
    FORUM_FOLLOW_FIELD_ID,
    FORUM_FOLLOW_FIELD_FOLLOWER,
    FORUM_FOLLOW_FIELD_FOLLOWED,
    FORUM_FOLLOW_FIELD_SINCE,
};

/* Where each index is in forum_follow_indexes. */
enum {
    FORUM_FOLLOW_PAIR,
    FORUM_FOLLOW_BY_FOLLOWER,
};
extern const struct rt_index forum_follow_indexes[];

struct forum_follow *forum_follow_get(struct rt_txn *txn, const char *id);
RT_MUST_USE int forum_follow_create(struct rt_txn *txn, struct forum_follow *follow);
RT_MUST_USE int forum_follow_update(struct rt_txn *txn, struct forum_follow *follow);
int forum_follow_delete(struct rt_txn *txn, const char *id);
int forum_follow_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret);
struct forum_follow *forum_follow_by_pair(struct rt_txn *txn, const char *follower,
                                          const char *followed);
int forum_follow_list_by_follower(struct rt_txn *txn, const char *follower, struct rt_str after,
                                  size_t limit, struct rt_page *ret);

extern const struct rt_model forum_article_model;

/* Where each field is in forum_article_fields. */
enum {
    FORUM_ARTICLE_FIELD_ID,
    FORUM_ARTICLE_FIELD_SLUG,
    FORUM_ARTICLE_FIELD_TITLE,
    FORUM_ARTICLE_FIELD_BODY,
    FORUM_ARTICLE_FIELD_TAGS,
    FORUM_ARTICLE_FIELD_AUTHOR,
    FORUM_ARTICLE_FIELD_CREATED,
    FORUM_ARTICLE_FIELD_UPDATED,
    FORUM_ARTICLE_FIELD_FAVOURITES,
    FORUM_ARTICLE_FIELD_VERSION,
    FORUM_ARTICLE_FIELD_PUBLISHED,
};

/* Where each index is in forum_article_indexes. */
enum {
    FORUM_ARTICLE_SLUG,
    FORUM_ARTICLE_BY_AUTHOR,
    FORUM_ARTICLE_BY_TIME,
};
extern const struct rt_index forum_article_indexes[];

struct forum_article *forum_article_get(struct rt_txn *txn, const char *id);
RT_MUST_USE int forum_article_create(struct rt_txn *txn, struct forum_article *article);
RT_MUST_USE int forum_article_update(struct rt_txn *txn, struct forum_article *article);
int forum_article_delete(struct rt_txn *txn, const char *id);
int forum_article_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret);
struct forum_article *forum_article_by_slug(struct rt_txn *txn, const char *slug);
int forum_article_list_by_author(struct rt_txn *txn, const char *author_id, struct rt_str after,
                                 size_t limit, struct rt_page *ret);
int forum_article_list_by_time(struct rt_txn *txn, int64_t created, struct rt_str after,
                               size_t limit, struct rt_page *ret);

extern const struct rt_model forum_favourite_model;

/* Where each field is in forum_favourite_fields. */
enum {
    FORUM_FAVOURITE_FIELD_ID,
    FORUM_FAVOURITE_FIELD_PERSON,
    FORUM_FAVOURITE_FIELD_ARTICLE,
};

/* Where each index is in forum_favourite_indexes. */
enum {
    FORUM_FAVOURITE_PAIR,
    FORUM_FAVOURITE_BY_ARTICLE,
};
extern const struct rt_index forum_favourite_indexes[];

struct forum_favourite *forum_favourite_get(struct rt_txn *txn, const char *id);
RT_MUST_USE int forum_favourite_create(struct rt_txn *txn, struct forum_favourite *favourite);
RT_MUST_USE int forum_favourite_update(struct rt_txn *txn, struct forum_favourite *favourite);
int forum_favourite_delete(struct rt_txn *txn, const char *id);
int forum_favourite_list(struct rt_txn *txn, struct rt_str after, size_t limit,
                         struct rt_page *ret);
struct forum_favourite *forum_favourite_by_pair(struct rt_txn *txn, const char *article,
                                                const char *person);
int forum_favourite_list_by_article(struct rt_txn *txn, const char *article, struct rt_str after,
                                    size_t limit, struct rt_page *ret);

extern const struct rt_model forum_comment_model;

/* Where each field is in forum_comment_fields. */
enum {
    FORUM_COMMENT_FIELD_ID,
    FORUM_COMMENT_FIELD_ARTICLE,
    FORUM_COMMENT_FIELD_AUTHOR,
    FORUM_COMMENT_FIELD_TEXT,
    FORUM_COMMENT_FIELD_CREATED,
};

/* Where each index is in forum_comment_indexes. */
enum {
    FORUM_COMMENT_BY_ARTICLE,
};
extern const struct rt_index forum_comment_indexes[];

struct forum_comment *forum_comment_get(struct rt_txn *txn, const char *id);
int forum_comment_create(struct rt_txn *txn, struct forum_comment *comment);
int forum_comment_update(struct rt_txn *txn, struct forum_comment *comment);
int forum_comment_delete(struct rt_txn *txn, const char *id);
int forum_comment_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret);
int forum_comment_list_by_article(struct rt_txn *txn, const char *article, struct rt_str after,
                                  size_t limit, struct rt_page *ret);

#ifdef __cplusplus
}
#endif

#endif
