/*
 * Idempotency keys (draft-ietf-httpapi-idempotency-key-header): a client that repeats a request
 * with the same key gets the answer of the first one, and nothing happens twice.
 *
 * A key belongs to a user (or, signed out, to the client's own choice of key) and a route. The
 * answer of a success is kept in the batch that makes it true, for RT_IDEMPOTENCY_MS; an error
 * changes nothing, so it is not kept and a repeat tries again. The single writer runs duplicates
 * one after the other. The same key with another path or body is a 422.
 *
 * Space 'I': route NUL user NUL key -> expiry (8 bytes, big-endian) hash of the request (32)
 *            version (8) id NUL body.
 * Space 'J': expiry (8) then the key of 'I' -> nothing. Each new key sweeps a few that expired.
 */
#ifndef RT_APP_IDEMPOTENCY_H
#define RT_APP_IDEMPOTENCY_H

enum {
    RT_IDEMPOTENCY_SPACE = 'I',
    RT_IDEMPOTENCY_EXPIRY_SPACE = 'J',
    RT_IDEMPOTENCY_MS = 24 * 3600 * 1000,
    RT_IDEMPOTENCY_SWEEP = 8 /* expired keys per new one */
};

#endif
