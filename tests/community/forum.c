/* What the community's schema cannot say: passwords, who follows whom, tags, and lists over both.
 */
#include "gen/forum/forum_routes.h"
#include "gen/forum/forum_service.h"
#include "gen/forum/forum_store.h"

enum { BATCH = 100, SCANNED_MAX = 2000 };

struct forum_sign_up_work {
    const char *hash;
};

struct forum_sign_up_work *forum_sign_up_work(struct rt_ctx *ctx,
                                              const struct forum_new_person *person)
{
    struct forum_sign_up_work *work = RT_ARENA_NEW(ctx->arena, struct forum_sign_up_work);
    work->hash = rt_password_hash(ctx->arena, person->password);
    return work;
}

enum forum_sign_up_result forum_sign_up(struct rt_ctx *ctx, const struct forum_new_person *input,
                                        const struct forum_sign_up_work *work,
                                        struct forum_account *account)
{
    struct forum_person person = FORUM_PERSON_INIT;
    rt_message_pick(input, &person, ctx->arena);
    person.password = work->hash;
    if (forum_person_create(ctx->txn, &person) == RT_EEXIST)
        return forum_person_by_name(ctx->txn, input->name) ? FORUM_SIGN_UP_NAME_TAKEN
                                                           : FORUM_SIGN_UP_EMAIL_TAKEN;
    rt_session_open(ctx, person.id);
    rt_message_pick(&person, account, ctx->arena);
    return FORUM_SIGN_UP_OK;
}

struct forum_sign_in_work {
    const struct forum_person *person; /* NULL: no such person, or the wrong password */
};

struct forum_sign_in_work *forum_sign_in_work(struct rt_ctx *ctx,
                                              const struct forum_credentials *credentials)
{
    struct forum_sign_in_work *work = RT_ARENA_NEW(ctx->arena, struct forum_sign_in_work);
    const struct forum_person *person = forum_person_by_email(ctx->txn, credentials->email);
    if (rt_password_verify(credentials->password, person ? person->password : NULL) !=
        RT_PASSWORD_WRONG)
        work->person = person;
    return work;
}

enum forum_sign_in_result forum_sign_in(struct rt_ctx *ctx,
                                        const struct forum_credentials *credentials,
                                        const struct forum_sign_in_work *work,
                                        struct forum_account *account)
{
    (void)credentials;
    if (!work->person)
        return FORUM_SIGN_IN_WRONG_PASSWORD;
    rt_session_open(ctx, work->person->id);
    rt_message_pick(work->person, account, ctx->arena);
    return FORUM_SIGN_IN_OK;
}

enum forum_follow_result forum_follow(struct rt_ctx *ctx, struct forum_person *person)
{
    struct forum_follow follow = FORUM_FOLLOW_INIT;
    if (strcmp(person->id, ctx->session->user_id) == 0)
        return FORUM_FOLLOW_CANNOT_FOLLOW;
    follow.followed = person->id;
    (void)!forum_follow_create(ctx->txn, &follow); /* RT_EEXIST: already */
    return FORUM_FOLLOW_OK;
}

enum forum_unfollow_result forum_unfollow(struct rt_ctx *ctx, struct forum_person *person)
{
    const struct forum_follow *follow =
        forum_follow_by_pair(ctx->txn, ctx->session->user_id, person->id);
    if (follow)
        forum_follow_delete(ctx->txn, follow->id);
    return FORUM_UNFOLLOW_OK;
}

static void show(struct rt_ctx *ctx, struct forum_article *article, void *view)
{
    rt_txn_hydrate(ctx->txn, &forum_article_model, article);
    rt_message_pick(article, view, ctx->arena);
}

/* All articles, newest first, of authors whom the user follows. */
enum forum_feed_result forum_feed(struct rt_ctx *ctx, const struct rt_paging *paging,
                                  struct rt_page *page)
{
    struct rt_page part;
    struct rt_scan scan = {.index = &forum_article_indexes[FORUM_ARTICLE_BY_TIME],
                           .after = paging->after,
                           .descending = true};
    page->records = RT_ARENA_ARRAY(ctx->arena, paging->limit, void *);
    for (size_t scanned = 0; scanned < SCANNED_MAX; scanned += scan.limit) {
        scan.limit = paging->limit - page->n_records;
        if (rt_txn_scan(ctx->txn, &forum_article_model, &scan, &part) != 0)
            return FORUM_FEED_OK;
        for (size_t i = 0; i < part.n_records; i++) {
            struct forum_article *article = part.records[i];
            if (!article->published ||
                !forum_follow_by_pair(ctx->txn, ctx->session->user_id, article->author->id))
                continue;
            struct forum_card *card = rt_message_new(&forum_card_message, ctx->arena);
            show(ctx, article, card);
            page->records[page->n_records++] = card;
        }
        scan.after = page->next = part.next;
        if (page->n_records == paging->limit || page->next.len == 0)
            return FORUM_FEED_OK;
    }
    return FORUM_FEED_OK;
}

enum forum_favour_result forum_favour(struct rt_ctx *ctx, struct forum_article *article,
                                      struct forum_written *written)
{
    struct forum_favourite favourite = FORUM_FAVOURITE_INIT;
    favourite.article = article->id;
    if (forum_favourite_create(ctx->txn, &favourite) == 0) { /* else it is one already */
        article->favourites++;
        (void)!forum_article_update(ctx->txn, article);
    }
    show(ctx, article, written);
    return FORUM_FAVOUR_OK;
}

enum forum_disfavour_result forum_disfavour(struct rt_ctx *ctx, struct forum_article *article,
                                            struct forum_written *written)
{
    const struct forum_favourite *favourite =
        forum_favourite_by_pair(ctx->txn, article->id, ctx->session->user_id);
    if (favourite && forum_favourite_delete(ctx->txn, favourite->id) == 0) {
        article->favourites--;
        (void)!forum_article_update(ctx->txn, article);
    }
    show(ctx, article, written);
    return FORUM_DISFAVOUR_OK;
}

/* What hangs on it goes, too. */
enum forum_retract_result forum_retract(struct rt_ctx *ctx, struct forum_article *article)
{
    const struct rt_str start = {0};
    struct rt_page said, liked;
    do {
        if (forum_comment_list_by_article(ctx->txn, article->id, start, BATCH, &said) != 0 ||
            forum_favourite_list_by_article(ctx->txn, article->id, start, BATCH, &liked) != 0)
            break;
        for (size_t i = 0; i < said.n_records; i++)
            forum_comment_delete(ctx->txn, ((struct forum_comment *)said.records[i])->id);
        for (size_t i = 0; i < liked.n_records; i++)
            forum_favourite_delete(ctx->txn, ((struct forum_favourite *)liked.records[i])->id);
    } while (said.next.len + liked.next.len > 0);
    forum_article_delete(ctx->txn, article->id);
    return FORUM_RETRACT_OK;
}

enum forum_comment_result forum_comment(struct rt_ctx *ctx, const struct forum_comment_input *input,
                                        struct forum_said *said)
{
    struct forum_comment comment = FORUM_COMMENT_INIT;
    if (!forum_article_get(ctx->txn, input->article))
        return FORUM_COMMENT_NOT_FOUND;
    rt_message_pick(input, &comment, ctx->arena);
    (void)forum_comment_create(ctx->txn, &comment);
    rt_txn_hydrate(ctx->txn, &forum_comment_model, &comment);
    rt_message_pick(&comment, said, ctx->arena);
    return FORUM_COMMENT_OK;
}

int main(int argc, char **argv)
{
    return rt_service_main(&forum_service, argc, argv);
}
