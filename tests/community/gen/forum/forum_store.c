// Generated from schema community; do not edit.
#include "gen/forum/forum_store.h"

static const uint16_t person_name_fields[] = {FORUM_PERSON_FIELD_NAME};
static const uint16_t person_email_fields[] = {FORUM_PERSON_FIELD_EMAIL};

const struct rt_index forum_person_indexes[] = {
    {
        .name = "name",
        .unique = true,
        .fields = person_name_fields,
        .n_fields = 1,
    },
    {
        .name = "email",
        .unique = true,
        .fields = person_email_fields,
        .n_fields = 1,
    },
};

static const struct rt_step person_joined_given[] = {{.op = RT_STEP_NOW}};
static const struct rt_given person_given[] = {
    {
        .field = FORUM_PERSON_FIELD_JOINED,
        .value = RT_EXPR(person_joined_given),
    },
};

const struct rt_model forum_person_model = {
    .name = "Person",
    .message = &forum_person_message,
    .id_field = FORUM_PERSON_FIELD_ID,
    .version_field = FORUM_PERSON_FIELD_VERSION,
    .expires_field = -1,
    .indexes = forum_person_indexes,
    .n_indexes = 2,
    .given = person_given,
    .n_given = 1,
};

struct forum_person *forum_person_get(struct rt_txn *txn, const char *id)
{
    return rt_txn_get(txn, &forum_person_model, id);
}

int forum_person_create(struct rt_txn *txn, struct forum_person *person)
{
    return rt_txn_create(txn, &forum_person_model, person);
}

int forum_person_update(struct rt_txn *txn, struct forum_person *person)
{
    return rt_txn_update(txn, &forum_person_model, person);
}

int forum_person_delete(struct rt_txn *txn, const char *id)
{
    return rt_txn_delete(txn, &forum_person_model, id);
}

int forum_person_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret)
{
    const struct rt_scan scan = {.after = after, .limit = limit};
    return rt_txn_scan(txn, &forum_person_model, &scan, ret);
}

struct forum_person *forum_person_by_name(struct rt_txn *txn, const char *name)
{
    const struct rt_value values[] = {{.present = true, .s = rt_str(name)}};
    return rt_txn_find(txn, &forum_person_model, &forum_person_indexes[FORUM_PERSON_NAME], values);
}

struct forum_person *forum_person_by_email(struct rt_txn *txn, const char *email)
{
    const struct rt_value values[] = {{.present = true, .s = rt_str(email)}};
    return rt_txn_find(txn, &forum_person_model, &forum_person_indexes[FORUM_PERSON_EMAIL], values);
}

static const uint16_t follow_pair_fields[] = {
    FORUM_FOLLOW_FIELD_FOLLOWER,
    FORUM_FOLLOW_FIELD_FOLLOWED,
};
static const uint16_t follow_by_follower_fields[] = {
    FORUM_FOLLOW_FIELD_FOLLOWER,
    FORUM_FOLLOW_FIELD_SINCE,
};

const struct rt_index forum_follow_indexes[] = {
    {
        .name = "pair",
        .unique = true,
        .fields = follow_pair_fields,
        .n_fields = 2,
    },
    {
        .name = "by_follower",
        .fields = follow_by_follower_fields,
        .n_fields = 2,
    },
};

static const struct rt_step follow_follower_given[] = {{.op = RT_STEP_USER}};
static const struct rt_step follow_since_given[] = {{.op = RT_STEP_NOW}};
static const struct rt_given follow_given[] = {
    {
        .field = FORUM_FOLLOW_FIELD_FOLLOWER,
        .value = RT_EXPR(follow_follower_given),
    },
    {
        .field = FORUM_FOLLOW_FIELD_SINCE,
        .value = RT_EXPR(follow_since_given),
    },
};

const struct rt_model forum_follow_model = {
    .name = "Follow",
    .message = &forum_follow_message,
    .id_field = FORUM_FOLLOW_FIELD_ID,
    .version_field = -1,
    .expires_field = -1,
    .indexes = forum_follow_indexes,
    .n_indexes = 2,
    .given = follow_given,
    .n_given = 2,
};

struct forum_follow *forum_follow_get(struct rt_txn *txn, const char *id)
{
    return rt_txn_get(txn, &forum_follow_model, id);
}

int forum_follow_create(struct rt_txn *txn, struct forum_follow *follow)
{
    return rt_txn_create(txn, &forum_follow_model, follow);
}

int forum_follow_update(struct rt_txn *txn, struct forum_follow *follow)
{
    return rt_txn_update(txn, &forum_follow_model, follow);
}

int forum_follow_delete(struct rt_txn *txn, const char *id)
{
    return rt_txn_delete(txn, &forum_follow_model, id);
}

int forum_follow_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret)
{
    const struct rt_scan scan = {.after = after, .limit = limit};
    return rt_txn_scan(txn, &forum_follow_model, &scan, ret);
}

struct forum_follow *forum_follow_by_pair(struct rt_txn *txn, const char *follower,
                                          const char *followed)
{
    const struct rt_value values[] = {{.present = true, .s = rt_str(follower)},
                                      {.present = true, .s = rt_str(followed)}};
    return rt_txn_find(txn, &forum_follow_model, &forum_follow_indexes[FORUM_FOLLOW_PAIR], values);
}

int forum_follow_list_by_follower(struct rt_txn *txn, const char *follower, struct rt_str after,
                                  size_t limit, struct rt_page *ret)
{
    const struct rt_value values[] = {{.present = true, .s = rt_str(follower)}};
    const struct rt_scan scan = {
        .index = &forum_follow_indexes[FORUM_FOLLOW_BY_FOLLOWER],
        .values = values,
        .n_values = 1,
        .after = after,
        .limit = limit,
    };
    return rt_txn_scan(txn, &forum_follow_model, &scan, ret);
}

static const uint16_t article_slug_fields[] = {FORUM_ARTICLE_FIELD_SLUG};
static const uint16_t article_by_author_fields[] = {
    FORUM_ARTICLE_FIELD_AUTHOR,
    FORUM_ARTICLE_FIELD_CREATED,
};
static const uint16_t article_by_time_fields[] = {FORUM_ARTICLE_FIELD_CREATED};

const struct rt_index forum_article_indexes[] = {
    {
        .name = "slug",
        .unique = true,
        .fields = article_slug_fields,
        .n_fields = 1,
    },
    {
        .name = "by_author",
        .fields = article_by_author_fields,
        .n_fields = 2,
    },
    {
        .name = "by_time",
        .fields = article_by_time_fields,
        .n_fields = 1,
    },
};

static const struct rt_embed article_embeds[] = {
    {FORUM_ARTICLE_FIELD_AUTHOR, &forum_person_model},
};

static const struct rt_step article_slug_given[] = {
    {RT_STEP_FIELD, .field = &forum_article_fields[2]},
    {.op = RT_STEP_SLUG, .n = 80},
};
static const struct rt_step article_author_given[] = {{.op = RT_STEP_USER}};
static const struct rt_step article_created_given[] = {{.op = RT_STEP_NOW}};
static const struct rt_step article_updated_given[] = {{.op = RT_STEP_NOW}};
static const struct rt_given article_given[] = {
    {
        .field = FORUM_ARTICLE_FIELD_SLUG,
        .distinct = &forum_article_indexes[FORUM_ARTICLE_SLUG],
        .value = RT_EXPR(article_slug_given),
    },
    {
        .field = FORUM_ARTICLE_FIELD_AUTHOR,
        .value = RT_EXPR(article_author_given),
    },
    {
        .field = FORUM_ARTICLE_FIELD_CREATED,
        .value = RT_EXPR(article_created_given),
    },
    {
        .field = FORUM_ARTICLE_FIELD_UPDATED,
        .on_update = true,
        .value = RT_EXPR(article_updated_given),
    },
};

const struct rt_model forum_article_model = {
    .name = "Article",
    .message = &forum_article_message,
    .id_field = FORUM_ARTICLE_FIELD_ID,
    .version_field = FORUM_ARTICLE_FIELD_VERSION,
    .expires_field = -1,
    .indexes = forum_article_indexes,
    .n_indexes = 3,
    .embeds = article_embeds,
    .n_embeds = 1,
    .given = article_given,
    .n_given = 4,
};

struct forum_article *forum_article_get(struct rt_txn *txn, const char *id)
{
    return rt_txn_get(txn, &forum_article_model, id);
}

int forum_article_create(struct rt_txn *txn, struct forum_article *article)
{
    return rt_txn_create(txn, &forum_article_model, article);
}

int forum_article_update(struct rt_txn *txn, struct forum_article *article)
{
    return rt_txn_update(txn, &forum_article_model, article);
}

int forum_article_delete(struct rt_txn *txn, const char *id)
{
    return rt_txn_delete(txn, &forum_article_model, id);
}

int forum_article_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret)
{
    const struct rt_scan scan = {.after = after, .limit = limit};
    return rt_txn_scan(txn, &forum_article_model, &scan, ret);
}

struct forum_article *forum_article_by_slug(struct rt_txn *txn, const char *slug)
{
    const struct rt_value values[] = {{.present = true, .s = rt_str(slug)}};
    return rt_txn_find(txn, &forum_article_model, &forum_article_indexes[FORUM_ARTICLE_SLUG],
                       values);
}

int forum_article_list_by_author(struct rt_txn *txn, const char *author_id, struct rt_str after,
                                 size_t limit, struct rt_page *ret)
{
    const struct rt_value values[] = {{.present = true, .s = rt_str(author_id)}};
    const struct rt_scan scan = {
        .index = &forum_article_indexes[FORUM_ARTICLE_BY_AUTHOR],
        .values = values,
        .n_values = 1,
        .after = after,
        .limit = limit,
    };
    return rt_txn_scan(txn, &forum_article_model, &scan, ret);
}

int forum_article_list_by_time(struct rt_txn *txn, int64_t created, struct rt_str after,
                               size_t limit, struct rt_page *ret)
{
    const struct rt_value values[] = {{.present = true, .i = created}};
    const struct rt_scan scan = {
        .index = &forum_article_indexes[FORUM_ARTICLE_BY_TIME],
        .values = values,
        .n_values = 1,
        .after = after,
        .limit = limit,
    };
    return rt_txn_scan(txn, &forum_article_model, &scan, ret);
}

static const uint16_t favourite_pair_fields[] = {
    FORUM_FAVOURITE_FIELD_ARTICLE,
    FORUM_FAVOURITE_FIELD_PERSON,
};
static const uint16_t favourite_by_article_fields[] = {FORUM_FAVOURITE_FIELD_ARTICLE};

const struct rt_index forum_favourite_indexes[] = {
    {
        .name = "pair",
        .unique = true,
        .fields = favourite_pair_fields,
        .n_fields = 2,
    },
    {
        .name = "by_article",
        .fields = favourite_by_article_fields,
        .n_fields = 1,
    },
};

static const struct rt_step favourite_person_given[] = {{.op = RT_STEP_USER}};
static const struct rt_given favourite_given[] = {
    {
        .field = FORUM_FAVOURITE_FIELD_PERSON,
        .value = RT_EXPR(favourite_person_given),
    },
};

const struct rt_model forum_favourite_model = {
    .name = "Favourite",
    .message = &forum_favourite_message,
    .id_field = FORUM_FAVOURITE_FIELD_ID,
    .version_field = -1,
    .expires_field = -1,
    .indexes = forum_favourite_indexes,
    .n_indexes = 2,
    .given = favourite_given,
    .n_given = 1,
};

struct forum_favourite *forum_favourite_get(struct rt_txn *txn, const char *id)
{
    return rt_txn_get(txn, &forum_favourite_model, id);
}

int forum_favourite_create(struct rt_txn *txn, struct forum_favourite *favourite)
{
    return rt_txn_create(txn, &forum_favourite_model, favourite);
}

int forum_favourite_update(struct rt_txn *txn, struct forum_favourite *favourite)
{
    return rt_txn_update(txn, &forum_favourite_model, favourite);
}

int forum_favourite_delete(struct rt_txn *txn, const char *id)
{
    return rt_txn_delete(txn, &forum_favourite_model, id);
}

int forum_favourite_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret)
{
    const struct rt_scan scan = {.after = after, .limit = limit};
    return rt_txn_scan(txn, &forum_favourite_model, &scan, ret);
}

struct forum_favourite *forum_favourite_by_pair(struct rt_txn *txn, const char *article,
                                                const char *person)
{
    const struct rt_value values[] = {{.present = true, .s = rt_str(article)},
                                      {.present = true, .s = rt_str(person)}};
    return rt_txn_find(txn, &forum_favourite_model, &forum_favourite_indexes[FORUM_FAVOURITE_PAIR],
                       values);
}

int forum_favourite_list_by_article(struct rt_txn *txn, const char *article, struct rt_str after,
                                    size_t limit, struct rt_page *ret)
{
    const struct rt_value values[] = {{.present = true, .s = rt_str(article)}};
    const struct rt_scan scan = {
        .index = &forum_favourite_indexes[FORUM_FAVOURITE_BY_ARTICLE],
        .values = values,
        .n_values = 1,
        .after = after,
        .limit = limit,
    };
    return rt_txn_scan(txn, &forum_favourite_model, &scan, ret);
}

static const uint16_t comment_by_article_fields[] = {
    FORUM_COMMENT_FIELD_ARTICLE,
    FORUM_COMMENT_FIELD_CREATED,
};

const struct rt_index forum_comment_indexes[] = {
    {
        .name = "by_article",
        .fields = comment_by_article_fields,
        .n_fields = 2,
    },
};

static const struct rt_embed comment_embeds[] = {
    {FORUM_COMMENT_FIELD_AUTHOR, &forum_person_model},
};

static const struct rt_step comment_author_given[] = {{.op = RT_STEP_USER}};
static const struct rt_step comment_created_given[] = {{.op = RT_STEP_NOW}};
static const struct rt_given comment_given[] = {
    {
        .field = FORUM_COMMENT_FIELD_AUTHOR,
        .value = RT_EXPR(comment_author_given),
    },
    {
        .field = FORUM_COMMENT_FIELD_CREATED,
        .value = RT_EXPR(comment_created_given),
    },
};

const struct rt_model forum_comment_model = {
    .name = "Comment",
    .message = &forum_comment_message,
    .id_field = FORUM_COMMENT_FIELD_ID,
    .version_field = -1,
    .expires_field = -1,
    .indexes = forum_comment_indexes,
    .n_indexes = 1,
    .embeds = comment_embeds,
    .n_embeds = 1,
    .given = comment_given,
    .n_given = 2,
};

struct forum_comment *forum_comment_get(struct rt_txn *txn, const char *id)
{
    return rt_txn_get(txn, &forum_comment_model, id);
}

int forum_comment_create(struct rt_txn *txn, struct forum_comment *comment)
{
    return rt_txn_create(txn, &forum_comment_model, comment);
}

int forum_comment_update(struct rt_txn *txn, struct forum_comment *comment)
{
    return rt_txn_update(txn, &forum_comment_model, comment);
}

int forum_comment_delete(struct rt_txn *txn, const char *id)
{
    return rt_txn_delete(txn, &forum_comment_model, id);
}

int forum_comment_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret)
{
    const struct rt_scan scan = {.after = after, .limit = limit};
    return rt_txn_scan(txn, &forum_comment_model, &scan, ret);
}

int forum_comment_list_by_article(struct rt_txn *txn, const char *article, struct rt_str after,
                                  size_t limit, struct rt_page *ret)
{
    const struct rt_value values[] = {{.present = true, .s = rt_str(article)}};
    const struct rt_scan scan = {
        .index = &forum_comment_indexes[FORUM_COMMENT_BY_ARTICLE],
        .values = values,
        .n_values = 1,
        .after = after,
        .limit = limit,
    };
    return rt_txn_scan(txn, &forum_comment_model, &scan, ret);
}
