#include "runtime/app/request/etag.h"

#include <inttypes.h>
#include <stdio.h>

#include "runtime/wire/pb_read.h"

struct rt_str rt_etag(int64_t version, char out[static RT_ETAG_MAX])
{
    int len = snprintf(out, RT_ETAG_MAX, "\"%" PRId64 "\"", version);
    return rt_str_n(out, (size_t)len);
}

/*
 * entity-tags = "*" / entity-tag *( "," entity-tag )
 * entity-tag  = [ "W/" ] DQUOTE version DQUOTE
 */
bool rt_etag_listed(struct rt_str list, int64_t version, bool weak)
{
    char own[RT_ETAG_MAX];
    struct rt_str tag = rt_etag(version, own);
    list = rt_str_trim(list);
    if (rt_str_eq(list, RT_STR("*")))
        return true;
    while (list.len > 0) {
        const char *comma = memchr(list.data, ',', list.len);
        size_t len = comma ? (size_t)(comma - list.data) : list.len;
        struct rt_str item = rt_str_trim(rt_str_n(list.data, len));
        if (weak && rt_str_starts(item, RT_STR("W/")))
            item = rt_str_n(item.data + 2, item.len - 2);
        if (rt_str_eq(item, tag))
            return true;
        size_t skip = comma ? len + 1 : len;
        list = rt_str_n(list.data + skip, list.len - skip);
    }
    return false;
}

bool rt_record_version(const struct rt_model *model, struct rt_bytes record, int64_t *ret)
{
    uint32_t number = model->message->fields[model->version_field].number;
    int64_t version = 0;
    struct rt_pb_item item;
    while (record.len > 0) {
        if (!rt_pb_next(&record, &item))
            return false;
        if (item.number == number && item.wire == RT_PB_VARINT)
            version = (int64_t)item.value;
    }
    *ret = version;
    return true;
}
