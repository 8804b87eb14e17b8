#include "runtime/channel/compact.h"

#include "runtime/base/uuid.h"
#include "runtime/channel/records.pb.h"
#include "runtime/channel/subject.h"

#include <pb_decode.h>
#include <stdlib.h>

enum {
    PLACES_MIN = 1024,
    WORTH_OF_ABOUT = 4, /* a quarter */
    WORTH_OF_ALL = 32,
    DUE_PARTS = 4 /* a quarter of the log is new */
};

/* Of a key: two hashes of it and its subject, seeded at random. Nobody can make two keys that are
 * taken for one, and among this many none are by chance. */
struct place {
    uint64_t hash[2];
    uint64_t newest; /* sequence; 0: this place is empty */
};

struct rt_compact {
    struct rt_match match;
    int64_t wall_ms;
    uint64_t seeds[2];
    struct place *places; /* open addressing, at most three quarters full */
    size_t room;          /* a power of two */
    size_t count;
    size_t keys_max;
};

static struct place *places_new(size_t room)
{
    struct place *places = calloc(room, sizeof *places);
    if (!places)
        rt_panic("out of memory");
    return places;
}

struct rt_compact *rt_compact_new(const struct rt_str *filters, size_t count, int64_t wall_ms,
                                  size_t keys_max)
{
    struct rt_compact *compact = calloc(1, sizeof *compact);
    if (!compact)
        rt_panic("out of memory");
    rt_match_init(&compact->match, filters, count);
    compact->wall_ms = wall_ms;
    rt_random(compact->seeds, sizeof compact->seeds);
    compact->keys_max = keys_max;
    compact->room = PLACES_MIN;
    compact->places = places_new(compact->room);
    return compact;
}

void rt_compact_free(struct rt_compact *compact)
{
    if (!compact)
        return;
    rt_match_done(&compact->match);
    free(compact->places);
    free(compact);
}

/* ---- the keys ---- */

static struct place key_of(const struct rt_compact *compact, const struct rt_log_event *event)
{
    struct place key = {{0}, 0};
    for (int i = 0; i < 2; i++) {
        uint64_t subject = rt_hash(rt_str_bytes(event->subject), compact->seeds[i]);
        key.hash[i] = rt_hash(rt_str_bytes(event->key), subject);
    }
    return key;
}

/* Where this key is, or would be. */
static struct place *find(const struct rt_compact *compact, const struct place *key)
{
    for (size_t at = key->hash[0];; at++) {
        struct place *place = &compact->places[at & (compact->room - 1)];
        if (place->newest == 0 ||
            (place->hash[0] == key->hash[0] && place->hash[1] == key->hash[1]))
            return place;
    }
}

static void grow(struct rt_compact *compact)
{
    struct place *old = compact->places;
    size_t room = compact->room;
    compact->room = room * 2;
    compact->places = places_new(compact->room);
    for (size_t i = 0; i < room; i++)
        if (old[i].newest > 0)
            *find(compact, &old[i]) = old[i];
    free(old);
}

/* ---- events ---- */

/* Is it one that replaces older ones of its key, and may be replaced? */
static bool is_about(struct rt_compact *compact, const struct rt_log_event *event)
{
    if (event->key.len == 0 || !rt_match_any(&compact->match, event->subject))
        return false;
    if (event->headers.len == 0)
        return true;
    record_EventExtra extra;
    pb_istream_t in = pb_istream_from_buffer(event->headers.data, event->headers.len);
    return pb_decode(&in, record_EventExtra_fields, &extra) && extra.target.size == 0 &&
           extra.deliver_at_ms <= compact->wall_ms;
}

bool rt_compact_note(struct rt_compact *compact, uint64_t sequence,
                     const struct rt_log_event *event, bool target)
{
    if (!is_about(compact, event))
        return true;
    struct place key = key_of(compact, event);
    struct place *place = find(compact, &key);
    if (place->newest == 0) {
        if (!target)
            return true;
        if (compact->count >= compact->keys_max)
            return false;
        if (++compact->count > compact->room / 4 * 3) {
            grow(compact);
            place = find(compact, &key);
        }
        *place = key;
    }
    place->newest = sequence;
    return true;
}

enum rt_compact_verdict rt_compact_judge(struct rt_compact *compact, uint64_t sequence,
                                         const struct rt_log_event *event)
{
    if (!is_about(compact, event))
        return RT_COMPACT_OTHER;
    struct place key = key_of(compact, event);
    return find(compact, &key)->newest > sequence ? RT_COMPACT_GOES : RT_COMPACT_STAYS;
}

/* ---- what is worth it ---- */

bool rt_compact_worth(const struct rt_compact_bytes *bytes)
{
    return bytes->gone > 0 && bytes->gone >= bytes->about / WORTH_OF_ABOUT &&
           bytes->gone >= bytes->all / WORTH_OF_ALL;
}

size_t rt_compact_due(const struct rt_compact_past *past, const struct rt_log_segment *segments,
                      size_t count, uint64_t settled, uint64_t replayable)
{
    uint64_t last = settled < replayable ? settled : replayable;
    uint64_t all = 0, fresh = 0;
    size_t targets = 0;
    for (size_t i = 0; i < count && segments[i].sealed; i++) {
        bool target = segments[i].next - 1 <= last;
        all += segments[i].bytes;
        if ((target && segments[i].next - 1 > past->looked) || segments[i].base > past->known)
            fresh += segments[i].bytes;
        targets += target;
    }
    return fresh > 0 && fresh >= all / DUE_PARTS ? targets : 0;
}
