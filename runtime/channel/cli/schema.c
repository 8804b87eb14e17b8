/* Payloads as JSON and back, by the system's schema: the operator's file, or the broker's own. */
#include "runtime/wire/schema.h"

#include <stdio.h>

#include "runtime/channel/cli/cli.h"
#include "runtime/channel/protocol/schema_check.h"
#include "runtime/wire/receive.h"

/* A broker without one, or from before there was this request, says no; that is no failure. */
static int ask_for_schema(struct cli *cli)
{
    channel_Request message = {.id = 1};
    RT_PB_SET(&message.verb, RT_STR("schema"));
    struct rt_bytes file = {0};
    struct rt_error why;
    int r = cli_ask(cli, &message, &file);
    if (r == RT_ENOTFOUND)
        return 0;
    if (r == 0 && rt_schema_load(file, &cli->schema, &why) < 0)
        fprintf(stderr, "channel: the broker's schema: %s; payloads are shown as bytes\n",
                why.message);
    return r;
}

int cli_open_schema(struct cli *cli)
{
    if (cli->raw)
        return 0;
    if (cli->schema_file)
        return rt_schema_read(cli->schema_file, &cli->schema, NULL, &cli->error);
    return ask_for_schema(cli);
}

static void base64_put(struct rt_bytes bytes, struct rt_buf *out)
{
    rt_buf_byte(out, '"');
    rt_buf_reserve(out, rt_base64_len(bytes.len) + 1);
    out->len += rt_base64_encode(bytes, false, (char *)out->data + out->len);
    rt_buf_byte(out, '"');
}

void cli_payload_put(const struct cli *cli, struct rt_str subject, struct rt_bytes payload,
                     struct rt_buf *out)
{
    const struct rt_schema_event *event = cli->schema ? rt_schema_find(cli->schema, subject) : NULL;
    struct rt_str text = rt_str_n((const char *)payload.data, payload.len);
    size_t before = out->len;
    rt_buf_puts(out, ",\"payload\":");
    if (event && rt_json_from_pb(event->message, payload, out) == 0)
        return;
    out->len = before;
    if (!cli->schema && rt_utf8_valid(text) && !memchr(text.data, '\0', text.len)) {
        rt_buf_puts(out, ",\"text\":");
        rt_json_string(text, out);
        return;
    }
    if (cli->schema)
        rt_buf_puts(out, event ? ",\"note\":\"not what the schema says\""
                               : ",\"note\":\"not a subject of the schema\"");
    rt_buf_puts(out, ",\"payload\":");
    base64_put(payload, out);
}

int cli_payload_parse(struct cli *cli, const char *subject, struct rt_bytes json,
                      struct rt_arena *arena, struct rt_bytes *ret, struct rt_str *ret_key)
{
    const struct rt_schema_event *event = rt_schema_find(cli->schema, rt_str(subject));
    if (!event)
        return rt_schema_unknown(cli->schema, rt_str(subject), &cli->error);
    struct rt_violations violations;
    void *message;
    rt_violations_init(&violations, arena);
    if (rt_json_decode(event->message, json, arena, &message, &violations) < 0)
        return rt_violations_error(&violations, &cli->error);
    struct rt_buf bytes = {0};
    rt_pb_encode(message, &bytes);
    *ret = rt_bytes(rt_arena_copy(arena, bytes.data, bytes.len), bytes.len);
    rt_buf_done(&bytes);
    *ret_key = rt_schema_key(event, message);
    return 0;
}
