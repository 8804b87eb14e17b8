/* Requests: what operators ask the broker. */
#include <stdio.h>

#include "runtime/channel/cli/cli.h"
#include "runtime/wire/json_read.h"

/* Makes the request that of the next page. False: there is none, or all that was wished for came.
 */
static bool page_next(const struct cli *cli, channel_Request *message)
{
    if (cli->next == 0 || (message->limit > 0 && cli->count_got >= message->limit))
        return false;
    message->sequence = cli->next;
    message->limit -= message->limit > 0 ? cli->count_got : 0;
    return true;
}

/* Prints the answer, and the further pages of a list as one with it. */
static int pages_print(struct cli *cli, channel_Request *message, struct rt_bytes *answer)
{
    while (page_next(cli, message) && answer->len > 1) {
        fwrite(answer->data, 1, answer->len - 1, stdout); /* without the bracket at its end */
        int r = cli_ask(cli, message, answer);
        if (r < 0)
            return r;
        if (answer->len > 2)
            fputc(',', stdout);
        *answer = rt_bytes(answer->data + 1, answer->len > 0 ? answer->len - 1 : 0);
    }
    fwrite(answer->data, 1, answer->len, stdout);
    return 0;
}

/* Sends the request, with a sequence unless NULL, and prints the answer. */
static int request(struct cli *cli, channel_Request *message, const char *sequence)
{
    if (sequence && !rt_str_to_u64(rt_str(sequence), &message->sequence))
        return rt_error_set(&cli->error, RT_EINVAL, "'%s' is not a sequence", sequence);
    struct rt_bytes answer = {0};
    int r = cli_open(cli);
    if (r == 0)
        r = cli_ask(cli, message, &answer);
    if (r < 0)
        return r;
    r = pages_print(cli, message, &answer);
    if (r < 0)
        return r;
    bool open_line = answer.len > 0 && answer.data[answer.len - 1] != '\n';
    return cli_print(cli, rt_bytes("\n", open_line));
}

static int name_set(struct cli *cli, channel_Request *message, const char *text)
{
    if (strlen(text) > RT_NAME_MAX)
        return rt_error_set(&cli->error, RT_ETOOBIG, "'%s' is too long for a name", text);
    RT_PB_SET(&message->name, rt_str(text));
    return 0;
}

/* Dead letters have numbers as well as the names of their subscriptions; --count is how many. */
static int dead_set(struct cli *cli, channel_Request *message, const char *text)
{
    bool all = cli->count == 0 || cli->count > RT_DEAD_LIST_MAX;
    message->limit = all ? RT_DEAD_LIST_MAX : (uint32_t)cli->count;
    if (!text || rt_str_to_u64(rt_str(text), &message->sequence))
        return 0;
    return name_set(cli, message, text);
}

int cli_request(struct cli *cli, const struct cli_command *command, int argc, char **argv)
{
    channel_Request message = {.id = 1};
    RT_PB_SET(&message.verb, rt_str(command->name));
    int r = 0;
    if (strncmp(command->name, "dead ", 5) == 0)
        r = dead_set(cli, &message, argc > 0 ? argv[0] : NULL);
    else if (argc > 0)
        r = name_set(cli, &message, argv[0]);
    return r < 0 ? r : request(cli, &message, argc > 1 ? argv[1] : NULL);
}

int cli_schema(struct cli *cli, const struct cli_command *command, int argc, char **argv)
{
    (void)argc, (void)argv;
    channel_Request message = {.id = 1};
    RT_PB_SET(&message.verb, rt_str(command->name));
    struct rt_bytes answer = {0};
    int r = cli_open(cli);
    if (r == 0)
        r = cli_ask(cli, &message, &answer);
    return r < 0 ? r : cli_print(cli, answer);
}

int cli_purge(struct cli *cli, const struct cli_command *command, int argc, char **argv)
{
    channel_Request message = {.id = 1, .force = cli->force};
    RT_PB_SET(&message.verb, rt_str(command->name));
    bool filtered = strcmp(command->name, "purge") == 0;
    if (filtered && strlen(argv[0]) > RT_SUBJECT_MAX)
        return rt_error_set(&cli->error, RT_ETOOBIG, "'%s' is too long for a filter", argv[0]);
    if (filtered)
        RT_PB_SET(&message.filter, rt_str(argv[0]));
    return request(cli, &message, argc > filtered ? argv[filtered] : NULL);
}

/* ----------------------------------------- dead letters with their payloads */

/* One dead letter as the broker shows it, its payload in base64 printed as by cli_payload_put.
 * False: it is not such an object. */
static bool letter_put(const struct cli *cli, struct rt_json_in *in, struct rt_arena *arena,
                       struct rt_buf *out)
{
    struct rt_str key, subject = {0}, text;
    size_t n = 0;
    if (rt_json_peek(in) != RT_JSON_OBJECT)
        return false;
    const uint8_t *kept = in->p; /* what is copied as it is begins here */
    rt_json_enter(in);
    for (const uint8_t *end = in->p; rt_json_member(in, &n, arena, &key) == RT_JSON_MORE;
         end = in->p) {
        bool payload = rt_str_eq(key, RT_STR("payload"));
        if (!payload && !rt_str_eq(key, RT_STR("subject"))) {
            rt_json_skip(in, arena);
            continue;
        }
        if (rt_json_peek(in) != RT_JSON_STRING || !rt_json_text(in, arena, &text))
            return false;
        if (!payload) {
            subject = text;
            continue;
        }
        uint8_t *bytes = rt_arena_alloc(arena, text.len + 1);
        size_t len;
        if (!rt_base64_decode(text, bytes, &len))
            return false;
        rt_buf_append(out, kept, (size_t)(end - kept));
        cli_payload_put(cli, subject, rt_bytes(bytes, len), out);
        kept = in->p;
    }
    rt_buf_append(out, kept, (size_t)(in->p - kept));
    rt_buf_byte(out, '\n');
    return !in->error;
}

/* Each on a line of its own. */
static int letters_print(struct cli *cli, struct rt_bytes answer)
{
    struct rt_json_in in;
    struct rt_arena arena;
    struct rt_buf out = {0};
    size_t n = 0;
    rt_json_in_init(&in, answer);
    rt_arena_init(&arena, 0);
    bool ok = rt_json_peek(&in) == RT_JSON_ARRAY && rt_json_enter(&in);
    while (ok && rt_json_item(&in, &n) == RT_JSON_MORE)
        ok = letter_put(cli, &in, &arena, &out);
    int r = ok && !in.error
                ? cli_print(cli, rt_buf_bytes(&out))
                : rt_error_set(&cli->error, RT_EINVAL, "the server sent a broken answer");
    rt_buf_done(&out);
    rt_arena_done(&arena);
    return r;
}

int cli_dead_show(struct cli *cli, const struct cli_command *command, int argc, char **argv)
{
    (void)argc;
    channel_Request message = {.id = 1};
    RT_PB_SET(&message.verb, rt_str(command->name));
    struct rt_bytes answer = {0};
    int r = dead_set(cli, &message, argv[0]);
    if (r == 0)
        r = cli_open(cli);
    if (r == 0)
        r = cli_open_schema(cli);
    do {
        if (r == 0)
            r = cli_ask(cli, &message, &answer);
        if (r == 0)
            r = letters_print(cli, answer);
    } while (r == 0 && page_next(cli, &message));
    return r;
}
