#include "runtime/channel/log/write.h"

int rt_log_writer_open(struct rt_log_writer *writer, const struct rt_log_dir *dir,
                       const struct rt_log_segment_header *header, uint64_t offset,
                       uint64_t durable, uint64_t events, struct rt_error *error)
{
    *writer = (struct rt_log_writer){.dir = dir, .fd = -1, .durable = durable, .events = events};
    if (!header)
        return 0;
    int fd = rt_log_segment_open(dir, header->number, error);
    if (fd < 0)
        return fd;
    writer->header = *header;
    writer->fd = fd;
    writer->offset = offset;
    return 0;
}

void rt_log_writer_close(struct rt_log_writer *writer)
{
    if (writer->fd >= 0)
        writer->dir->io->close(writer->dir->io, writer->fd);
    writer->fd = -1;
}

size_t rt_log_writer_add(struct rt_log_writer *writer, uint8_t *bytes, size_t len)
{
    if (writer->fd < 0 || writer->count == RT_LOG_GROUP_PARTS)
        return 0;
    uint64_t at = writer->offset + writer->bytes;
    uint64_t limit = rt_log_segment_limit(&writer->header) - at;
    if (limit > RT_LOG_GROUP_MAX - writer->bytes)
        limit = RT_LOG_GROUP_MAX - writer->bytes;
    size_t take = len <= limit ? len : rt_log_prefix(bytes, len, (size_t)limit);
    if (take == 0)
        return 0;
    writer->records +=
        rt_log_seal(bytes, take, writer->durable, writer->header.salt, at, &writer->events);
    writer->parts[writer->count++] = (struct iovec){bytes, take};
    writer->bytes += take;
    return take;
}

int rt_log_writer_flush(struct rt_log_writer *writer, struct rt_error *error)
{
    char path[RT_LOG_PATH_MAX];
    rt_log_segment_path(writer->dir, writer->header.number, path);
    int code = rt_log_write(writer->dir->io, writer->fd, path, writer->parts, writer->count,
                            writer->offset, error);
    if (code == 0)
        code = rt_log_sync(writer->dir->io, writer->fd, path, error);
    if (code != 0)
        return code;
    writer->offset += writer->bytes;
    writer->durable += writer->records;
    writer->count = 0;
    writer->bytes = 0;
    writer->records = 0;
    return 0;
}

int rt_log_writer_next(struct rt_log_writer *writer, const struct rt_log_segment_header *spare,
                       struct rt_error *error)
{
    RT_ASSERT(writer->count == 0 && spare->base == 0);
    int fd = rt_log_segment_open(writer->dir, spare->number, error);
    if (fd < 0)
        return fd;
    rt_log_writer_close(writer);
    writer->fd = fd;
    writer->header = *spare;
    writer->header.base = writer->durable + 1;
    writer->header.begun_ms = writer->dir->io->wall_ms(writer->dir->io);
    writer->header.events_before = writer->events;
    writer->offset = RT_LOG_SEGMENT_HEADER;
    return rt_log_segment_store(writer->dir, fd, &writer->header, error);
}
