#include "runtime/app/owner.h"

#include "runtime/app/report.h"

void rt_owner_fail(struct rt_owner *owner, const char *what, int code)
{
    if (owner->failed)
        return;
    owner->failed = true;
    rt_report(RT_REPORT_ERROR, owner->service->name, "failed", "%s: %s; stopping", what,
              rt_err_name(code));
    owner->on_failed(owner->arg);
}

void rt_owner_committed(struct rt_owner *owner)
{
    owner->on_committed(owner->arg);
}
