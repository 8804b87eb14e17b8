/*
 * `tessera breaking`: what a change of the schema breaks for those who do not change with it.
 *
 * Two checked systems are compared, the old one that runs and the new one that will. Findings are
 * diagnostics (codes T1001 and up, text/changes.def) at their places in the new schema, or in the
 * old one for what is gone; notes name who is hit. Six surfaces are compared: stored records,
 * messages as protobuf and as JSON, HTTP, events, and the C that is written by hand.
 *
 * Services, messages, enums, indexes and settings are the same when their names are; fields and
 * enum values when their numbers are; routes when method and path are, whatever the parameters are
 * called; events when their names are.
 *
 * Threads: one at a time per `diags`.
 */
#ifndef TS_BREAKING_H
#define TS_BREAKING_H

#include "codegen/model/model.h"
#include "codegen/text/diag.h"

/* "`first` is deployed before `then`", for a reason. */
struct ts_deploy_step {
    const char *first; /* names of services, or "channeld" */
    const char *then;
    enum ts_code code; /* the finding that asks for it */
};

struct ts_deploy_order {
    struct ts_deploy_step *steps; /* each pair once, in the order found */
    size_t n_steps;
    bool circular; /* no order is safe: the change takes two releases */
};

/* Reports into `diags` what `now` breaks of `old`, and returns in which order to deploy. All of it
 * lives in the arena of `diags`; both models must outlive it. */
struct ts_deploy_order ts_breaking(struct ts_diags *diags, const struct ts_model *old,
                                   const struct ts_model *now);

#endif
