#include "runtime/app/stale.h"

#include <inttypes.h>

#include "runtime/app/report.h"

void rt_stale_init(struct rt_stale *stale, struct rt_owner *owner, uint32_t after_ms)
{
    *stale = (struct rt_stale){.owner = owner, .after_ms = after_ms};
    uv_timer_init(owner->loop, &stale->timer);
    stale->timer.data = stale;
}

void rt_stale_stop(struct rt_stale *stale)
{
    if (!uv_is_closing((uv_handle_t *)&stale->timer))
        uv_close((uv_handle_t *)&stale->timer, NULL);
}

static bool hears_of_sign_outs(const struct rt_service *service)
{
    return service->revocations && service->session_issuer &&
           strcmp(service->session_issuer, service->name) != 0;
}

static void on_timer(uv_timer_t *timer)
{
    struct rt_stale *stale = timer->data;
    stale->reported = true;
    rt_report(RT_REPORT_WARN, stale->owner->service->name, "sign_outs_unknown",
              "no word of sign-outs for %" PRIu32 " ms: the channel is down", stale->after_ms);
}

void rt_stale_down(struct rt_stale *stale)
{
    if (stale->down_since_ms > 0 || !hears_of_sign_outs(stale->owner->service))
        return;
    uint64_t now_ms = uv_now(stale->owner->loop);
    stale->down_since_ms = now_ms > 0 ? now_ms : 1;
    uv_timer_start(&stale->timer, on_timer, stale->after_ms, 0);
}

void rt_stale_up(struct rt_stale *stale)
{
    uv_timer_stop(&stale->timer);
    stale->down_since_ms = 0;
    if (stale->reported)
        rt_report(RT_REPORT_INFO, stale->owner->service->name, "sign_outs_known", "%s",
                  "the channel is up again");
    stale->reported = false;
}

void rt_stale_detail(const struct rt_stale *stale, struct rt_buf *details)
{
    if (stale->reported)
        rt_buf_printf(details, ",\"signOutsUnknownMs\":%" PRIu64,
                      uv_now(stale->owner->loop) - stale->down_since_ms);
}
