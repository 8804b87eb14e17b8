/* Pages of other sites that may call. */
#include "codegen/check/impl.h"

/* A host, or an address, with a port or without. */
static bool is_authority(struct rt_str text)
{
    size_t host = 0;
    while (host < text.len && (strchr("-._[]:", text.data[host]) ||
                               (text.data[host] >= 'a' && text.data[host] <= 'z') ||
                               (text.data[host] >= '0' && text.data[host] <= '9')))
        host++;
    return host > 0 && host == text.len && text.data[0] != ':' && text.data[text.len - 1] != ':';
}

/* Why a text is no origin as browsers send them (RFC 6454 section 6.2), or NULL. */
static const char *wrong_origin(struct rt_str text)
{
    struct rt_str https = RT_STR("https://");
    struct rt_str http = RT_STR("http://");
    bool tls = rt_str_starts(text, https);
    if (rt_str_eq(text, RT_STR("*")) || rt_str_eq(text, RT_STR("null")))
        return "name each site: any site could act for the user otherwise";
    if (!tls && !rt_str_starts(text, http))
        return "an origin starts with `https://` or `http://`";
    size_t scheme = tls ? https.len : http.len;
    struct rt_str authority = rt_str_n(text.data + scheme, text.len - scheme);
    if (memchr(authority.data, '/', authority.len))
        return "an origin has no path, and no slash at its end";
    if (!is_authority(authority))
        return "behind the scheme stands a host in small letters, with a port or without";
    if (rt_str_ends(authority, tls ? RT_STR(":443") : RT_STR(":80")))
        return "browsers leave out the port that the scheme implies";
    return NULL;
}

static void check_origins(struct ts_checker *c, struct ts_cors *cors,
                          const struct ts_ast_text *origins)
{
    for (const struct ts_ast_text *origin = origins; origin; origin = origin->next) {
        const struct ts_symbol *symbol = origin->text.symbol;
        const char *why = wrong_origin(rt_str_n(symbol->text, symbol->len));
        if (why)
            ts_note(ts_report(c->diags, TS_T_BAD_ORIGIN, origin->text.span,
                              "this is no origin of a site"),
                    "%s", why);
        else if (ts_check_count(c, cors->n_origins, TS_LIMIT_ITEMS, origin->text.span, "origins"))
            TS_PUSH(c->arena, cors->origins, cors->n_origins, symbol->text);
    }
}

void ts_check_cors(struct ts_checker *c)
{
    const struct ts_ast_cors *first = NULL;
    for (const struct ts_ast_file *file = c->files; file; file = file->next) {
        if (!file->cors)
            continue;
        if (first) {
            ts_label(ts_report(c->diags, TS_T_DUPLICATE, file->cors->span, "a second `cors`"),
                     first->span, "the first one is here");
            continue;
        }
        first = file->cors;
        struct ts_cors *cors = RT_ARENA_NEW(c->arena, struct ts_cors);
        cors->span = first->span;
        cors->credentials = first->credentials;
        check_origins(c, cors, first->origins);
        c->model->cors = cors;
    }
}
