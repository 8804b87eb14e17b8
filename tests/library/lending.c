/* The one rule of the library that a schema cannot say, and what an overdue loan does. */
#include "gen/lending/lending_listeners.h"
#include "gen/lending/lending_publish.h"
#include "gen/lending/lending_routes.h"
#include "gen/lending/lending_service.h"
#include "gen/lending/lending_store.h"

/* The transaction is serializable, so two loans cannot both be the last one allowed. */
static bool has_too_many(struct rt_ctx *ctx, const char *member)
{
    struct rt_page page;
    int status = lending_loan_list_open_by_member(ctx->txn, member, (struct rt_str){0},
                                                  lending_settings.loans_max, &page);
    return status == 0 && page.n_records >= lending_settings.loans_max;
}

enum lending_lend_result lending_lend(struct rt_ctx *ctx, const struct lending_loan_input *input,
                                      struct lending_loan *loan)
{
    loan->book = lending_book_get(ctx->txn, input->book);
    if (!loan->book || !lending_member_get(ctx->txn, input->member))
        return LENDING_LEND_NOT_FOUND;
    if (has_too_many(ctx, input->member))
        return LENDING_LEND_TOO_MANY_LOANS;
    loan->member = input->member;
    loan->lent_at = ctx->now_ms;
    loan->due_at = ctx->now_ms + lending_settings.loan_period_ms;
    if (lending_loan_create(ctx->txn, loan) == RT_EEXIST)
        return LENDING_LEND_BOOK_LENT;
    lending_publish_loan_made(ctx->txn, loan);
    return LENDING_LEND_OK;
}

enum lending_at_home_result lending_at_home(struct rt_ctx *ctx,
                                            const struct lending_at_home_query *query,
                                            const struct rt_paging *paging, struct rt_page *page)
{
    const struct rt_value member = {.present = true, .s = rt_str(query->member)};
    const struct rt_scan scan = {
        .index = &lending_loan_indexes[query->member ? LENDING_LOAN_OPEN_BY_MEMBER
                                                     : LENDING_LOAN_OPEN_BY_DUE],
        .values = &member,
        .n_values = query->member ? 1 : 0,
        .after = paging->after,
        .limit = paging->limit,
        .descending = paging->descending,
    };
    rt_txn_scan(ctx->txn, &lending_loan_model, &scan, page);
    return LENDING_AT_HOME_OK;
}

void lending_overdue(struct rt_ctx *ctx, struct lending_loan *loan)
{
    loan->overdue = true;
    if (lending_loan_update(ctx->txn, loan) == 0)
        lending_publish_loan_changed(ctx->txn, loan);
}

int main(int argc, char **argv)
{
    return rt_service_main(&lending_service, argc, argv);
}
