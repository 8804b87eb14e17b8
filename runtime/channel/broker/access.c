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

/* Adds a word to a list, which grows by doubling. */
static void word_append(struct rt_arena *arena, const struct rt_str **list, size_t *count,
                        struct rt_str word)
{
    struct rt_str *words = (struct rt_str *)(uintptr_t)*list;
    if ((*count & (*count - 1)) == 0) { /* it is full: none, or a power of two */
        words = RT_ARENA_ARRAY(arena, *count > 0 ? *count * 2 : 1, struct rt_str);
        if (*count > 0)
            memcpy(words, *list, *count * sizeof *words);
    }
    words[(*count)++] = word;
    *list = words;
}

/* What the words of a line allow; the words between two of these belong to the first one. */
enum mode { NOTHING, PUBLISH, SUBSCRIBE, CONSUME, MANAGE, ADMIN, N_MODES };

static enum mode mode_of(struct rt_str word)
{
    static const char *const names[N_MODES] = {NULL,      "publish", "subscribe",
                                               "consume", "manage",  "admin"};
    for (int i = PUBLISH; i < N_MODES; i++)
        if (rt_str_eq(word, rt_str(names[i])))
            return (enum mode)i;
    return NOTHING;
}

static int word_add(struct rt_arena *arena, struct rt_access_client *client, enum mode mode,
                    struct rt_str word)
{
    bool filters = mode == PUBLISH || mode == SUBSCRIBE;
    bool ok = filters ? rt_filter_valid(word) : rt_str_eq(word, RT_STR("*")) || rt_name_valid(word);
    if (!ok || mode == NOTHING || mode == ADMIN)
        return RT_EINVAL;
    if (mode == PUBLISH)
        word_append(arena, &client->publish, &client->publish_count, word);
    else if (mode == SUBSCRIBE)
        word_append(arena, &client->subscribe, &client->subscribe_count, word);
    else if (mode == CONSUME)
        word_append(arena, &client->consume, &client->consume_count, word);
    else
        word_append(arena, &client->manage, &client->manage_count, word);
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
    static const struct rt_str all[1] = {{"*", 1}};
    enum mode mode = NOTHING;
    unsigned named = 0; /* a bit for each mode */
    for (struct rt_str word = word_next(&line); word.len > 0; word = word_next(&line)) {
        enum mode next = mode_of(word);
        int r = next == NOTHING ? word_add(arena, client, mode, word) : 0;
        if (r < 0)
            return r;
        if (next != NOTHING)
            mode = next;
        named |= 1u << mode;
    }
    client->admin = named == 0 || (named & 1u << ADMIN) != 0;
    client->own = !any_name && (named & (1u << CONSUME | 1u << MANAGE)) == 0;
    /* Naming one side closes the other side, unless it is named too; and so does naming it without
     * filters. */
    static const struct rt_str none[1];
    if ((named & (1u << PUBLISH | 1u << SUBSCRIBE)) != 0) {
        client->publish = client->publish ? client->publish : none;
        client->subscribe = client->subscribe ? client->subscribe : none;
    }
    if (client->admin && (named & 1u << CONSUME) == 0)
        client->consume = all, client->consume_count = 1;
    if (client->admin)
        client->manage = all, client->manage_count = 1;
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
                                "[subscribe FILTER...] [consume NAME...] [manage NAME...] [admin]",
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

static bool listed(const struct rt_str *names, size_t count, struct rt_str name)
{
    for (size_t i = 0; i < count; i++)
        if (rt_str_eq(names[i], RT_STR("*")) || rt_str_eq(names[i], name))
            return true;
    return false;
}

bool rt_access_consumes(const struct rt_access_client *client, struct rt_str name)
{
    return !client || (client->own && rt_str_eq(client->name, name)) ||
           listed(client->consume, client->consume_count, name);
}

bool rt_access_manages(const struct rt_access_client *client, struct rt_str name)
{
    return !client || (client->own && rt_str_eq(client->name, name)) ||
           listed(client->manage, client->manage_count, name);
}
