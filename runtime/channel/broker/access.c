#include "runtime/channel/broker/access.h"

#include "runtime/channel/protocol/limits.h"
#include "runtime/channel/protocol/subject.h"

/* The next word of a line; empty at its end. */
static struct rt_str word_next(struct rt_str *line)
{
    *line = rt_str_trim(*line);
    size_t len = 0;
    while (len < line->len && line->data[len] != ' ' && line->data[len] != '\t')
        len++;
    struct rt_str word = rt_str_n(line->data, len);
    *line = rt_str_n(line->data + len, line->len - len);
    return word;
}

/* Adds a filter to a list of at most RT_FILTERS_MAX. */
static int filter_add(struct rt_arena *arena, const struct rt_str **list, size_t *count,
                      struct rt_str filter)
{
    if (*count == RT_FILTERS_MAX || !rt_filter_valid(filter))
        return RT_EINVAL;
    struct rt_str *filters = RT_ARENA_ARRAY(arena, RT_FILTERS_MAX, struct rt_str);
    if (*count > 0)
        memcpy(filters, *list, *count * sizeof *filters);
    filters[(*count)++] = filter;
    *list = filters;
    return 0;
}

static int line_parse(struct rt_arena *arena, struct rt_str line, struct rt_access_client *client)
{
    client->name = word_next(&line);
    client->token = word_next(&line);
    bool any_name = rt_str_eq(client->name, RT_STR("*"));
    if (!any_name && !rt_name_valid(client->name))
        return RT_EINVAL;
    if (client->token.len == 0 || client->token.len > RT_TOKEN_MAX)
        return RT_EINVAL;
    enum { NOTHING, PUBLISH, SUBSCRIBE } mode = NOTHING;
    bool limited = false;
    for (struct rt_str word = word_next(&line); word.len > 0; word = word_next(&line)) {
        int r = 0;
        if (rt_str_eq(word, RT_STR("publish"))) {
            mode = PUBLISH;
        } else if (rt_str_eq(word, RT_STR("subscribe"))) {
            mode = SUBSCRIBE;
        } else if (rt_str_eq(word, RT_STR("admin"))) {
            client->admin = true;
            mode = NOTHING;
        } else if (mode == PUBLISH) {
            r = filter_add(arena, &client->publish, &client->publish_count, word);
        } else if (mode == SUBSCRIBE) {
            r = filter_add(arena, &client->subscribe, &client->subscribe_count, word);
        } else {
            r = RT_EINVAL;
        }
        if (r < 0)
            return r;
        limited = true;
    }
    if (!limited)
        client->admin = true;
    /* Naming one side's filters closes the other side, unless it is named too. */
    static const struct rt_str none[1];
    if (client->publish && !client->subscribe)
        client->subscribe = none;
    if (client->subscribe && client->subscribe != none && !client->publish)
        client->publish = none;
    return 0;
}

int rt_access_parse(struct rt_arena *arena, struct rt_str text, struct rt_access *ret,
                    struct rt_error *error)
{
    size_t lines = 1;
    for (size_t i = 0; i < text.len; i++)
        lines += text.data[i] == '\n';
    struct rt_access access = {.clients = RT_ARENA_ARRAY(arena, lines, struct rt_access_client)};
    size_t number = 0;
    for (size_t at = 0; at < text.len; number++) {
        const char *end = memchr(text.data + at, '\n', text.len - at);
        size_t len = end ? (size_t)(end - (text.data + at)) : text.len - at;
        struct rt_str line = rt_str_trim(rt_str_n(text.data + at, len));
        at += len + 1;
        if (line.len == 0 || line.data[0] == '#')
            continue;
        if (line_parse(arena, line, &access.clients[access.count]) < 0)
            return rt_error_set(error, RT_EINVAL,
                                "token file, line %zu: expected NAME TOKEN [publish FILTER...] "
                                "[subscribe FILTER...] [admin]",
                                number + 1);
        access.count++;
    }
    *ret = access;
    return 0;
}

/* Time depends on the lengths only, which are no secret. */
static bool token_eq(struct rt_str a, struct rt_str b)
{
    if (a.len != b.len)
        return false;
    unsigned char different = 0;
    for (size_t i = 0; i < a.len; i++)
        different |= (unsigned char)(a.data[i] ^ b.data[i]);
    return different == 0;
}

const struct rt_access_client *rt_access_find(const struct rt_access *access, struct rt_str name,
                                              struct rt_str token)
{
    for (size_t i = 0; i < access->count; i++) {
        const struct rt_access_client *client = &access->clients[i];
        bool named = rt_str_eq(client->name, name) || rt_str_eq(client->name, RT_STR("*"));
        if (named && token_eq(client->token, token))
            return client;
    }
    return NULL;
}
