#include "runtime/channel/broker/compact.h"

#include <stdlib.h>

#include <pb_decode.h>

#include "runtime/base/alloc.h"
#include "runtime/base/uuid.h"
#include "runtime/channel/broker/records.pb.h"

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

/* A limit, and how many events it selects: that were noted, and of them that were judged. */
struct limit {
    struct rt_match match;
    uint64_t events;
    uint64_t noted, judged;
};

struct rt_compact {
    struct rt_match by_key;
    struct limit *limits;
    size_t limit_count;
    int64_t wall_ms;
    uint64_t seeds[2];
    struct place *places; /* open addressing, at most three quarters full */
    size_t room;          /* a power of two */
    size_t count;
    size_t keys_max;
};

bool rt_compact_overlaps(const struct rt_compact_rules *rules, const struct rt_match *match)
{
    for (size_t i = 0; i < rules->by_key_count; i++)
        if (rt_match_overlaps(match, rules->by_key[i]))
            return true;
    for (size_t i = 0; i < rules->limit_count; i++)
        if (rt_match_overlaps(match, rules->limits[i].filter))
            return true;
    return false;
}

struct rt_compact *rt_compact_new(const struct rt_compact_rules *rules, int64_t wall_ms,
                                  size_t keys_max)
{
    struct rt_compact *compact = rt_zalloc(sizeof *compact);
    rt_match_init(&compact->by_key, rules->by_key, rules->by_key_count);
    compact->limit_count = rules->limit_count;
    compact->limits = rt_array(rules->limit_count + 1, sizeof *compact->limits);
    for (size_t i = 0; i < rules->limit_count; i++) {
        rt_match_init(&compact->limits[i].match, &rules->limits[i].filter, 1);
        compact->limits[i].events = rules->limits[i].events;
    }
    compact->wall_ms = wall_ms;
    rt_random(compact->seeds, sizeof compact->seeds);
    compact->keys_max = keys_max;
    compact->room = PLACES_MIN;
    compact->places = rt_array(compact->room, sizeof *compact->places);
    return compact;
}

void rt_compact_free(struct rt_compact *compact)
{
    if (!compact)
        return;
    rt_match_done(&compact->by_key);
    for (size_t i = 0; i < compact->limit_count; i++)
        rt_match_done(&compact->limits[i].match);
    free(compact->limits);
    free(compact->places);
    free(compact);
}

/* ----------------------------------------------------------------- the keys */

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
    compact->places = rt_array(compact->room, sizeof *compact->places);
    for (size_t i = 0; i < room; i++)
        if (old[i].newest > 0)
            *find(compact, &old[i]) = old[i];
    free(old);
}

/* ------------------------------------------------------------------- events */

/* Is it for everybody, and now? */
static bool is_plain(const struct rt_compact *compact, const struct rt_log_event *event)
{
    if (event->headers.len == 0)
        return true;
    record_EventExtra extra;
    pb_istream_t in = pb_istream_from_buffer(event->headers.data, event->headers.len);
    return pb_decode(&in, record_EventExtra_fields, &extra) && extra.target.size == 0 &&
           extra.deliver_at_ms <= compact->wall_ms;
}

static bool has_key(struct rt_compact *compact, const struct rt_log_event *event)
{
    return event->key.len > 0 && rt_match_any(&compact->by_key, event->subject);
}

/* Is there a rule about it? */
static bool is_about(struct rt_compact *compact, const struct rt_log_event *event)
{
    bool about = has_key(compact, event);
    for (size_t i = 0; !about && i < compact->limit_count; i++)
        about = rt_match_any(&compact->limits[i].match, event->subject);
    return about && is_plain(compact, event);
}

/* False: there is no room for the key. */
static bool note_key(struct rt_compact *compact, uint64_t sequence,
                     const struct rt_log_event *event, bool target)
{
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

bool rt_compact_note(struct rt_compact *compact, uint64_t sequence,
                     const struct rt_log_event *event, bool target)
{
    if (!is_about(compact, event))
        return true;
    for (size_t i = 0; i < compact->limit_count; i++)
        compact->limits[i].noted += rt_match_any(&compact->limits[i].match, event->subject);
    return !has_key(compact, event) || note_key(compact, sequence, event, target);
}

enum rt_compact_verdict rt_compact_judge(struct rt_compact *compact, uint64_t sequence,
                                         const struct rt_log_event *event)
{
    enum rt_compact_verdict verdict = RT_COMPACT_OTHER;
    if (!is_about(compact, event))
        return verdict;
    if (has_key(compact, event)) {
        struct place key = key_of(compact, event);
        verdict = find(compact, &key)->newest > sequence ? RT_COMPACT_GOES : RT_COMPACT_STAYS;
    }
    for (size_t i = 0; i < compact->limit_count; i++) {
        struct limit *limit = &compact->limits[i];
        if (!rt_match_any(&limit->match, event->subject))
            continue;
        uint64_t newer = limit->noted - ++limit->judged;
        if (newer >= limit->events)
            verdict = RT_COMPACT_GOES;
        else if (verdict == RT_COMPACT_OTHER)
            verdict = RT_COMPACT_STAYS;
    }
    return verdict;
}

/* --------------------------------------------------------- what is worth it */

bool rt_compact_worth(const struct rt_compact_bytes *bytes)
{
    return bytes->gone > 0 && bytes->gone >= bytes->about / WORTH_OF_ABOUT &&
           bytes->gone >= bytes->all / WORTH_OF_ALL;
}

size_t rt_compact_due(const struct rt_compact_past *past, const struct rt_log_segment *segments,
                      size_t count, uint64_t settled, uint64_t replayable, bool urgent)
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
    return fresh > 0 && (urgent || fresh >= all / DUE_PARTS) ? targets : 0;
}
