/*
 * Names, hash-consed: two equal names are one symbol, so comparing names is comparing pointers.
 * The text of a symbol lives as long as the arena, and every name in the model is such a text.
 *
 * No word of the language is reserved everywhere: a keyword is a symbol that a rule of the
 * grammar may ask for, and elsewhere an ordinary name.
 * Threads: one at a time.
 */
#ifndef TS_SYMBOL_H
#define TS_SYMBOL_H

#include "runtime/base/arena.h"

/* clang-format off */
#define TS_KEYWORDS(X)                                                                             \
    X(ALLOW, "allow") X(AND, "and") X(AS, "as") X(AT, "at") X(AUTO, "auto") X(BOUNDED, "bounded")  \
    X(BY, "by") X(CORS, "cors") X(CREDENTIALS, "credentials")                                      \
    X(DELETE, "DELETE") X(DISTINCT, "distinct") X(EMAIL, "email") X(EMBED, "embed")                \
    X(EMITS, "emits") X(ENUM, "enum") X(ERROR, "error") X(EVENT, "event") X(EXAMPLE, "example")    \
    X(EXPIRES, "expires") X(FALSE, "false") X(FROM, "from") X(GET, "GET") X(IDEMPOTENT, "idempotent")                    \
    X(IMPORT, "import") X(IN, "in") X(INDEX, "index") X(IS, "is") X(KEYED, "keyed") X(LASTS, "lasts")                \
    X(LIMIT, "limit") X(LOWER, "lower") X(MAP, "map") X(MESSAGE, "message") X(MINE, "mine")        \
    X(MODEL, "model") X(NOT, "not") X(NULL, "null") X(OF, "of") X(ON, "on") X(OR, "or") X(OWNER, "owner") X(PAGE, "page")    \
    X(PATCH, "PATCH") X(PATTERN, "pattern") X(PER, "per") X(POST, "POST") X(PUBLIC, "public")      \
    X(PUT, "PUT") X(REF, "ref") X(RENAMED, "renamed") X(REPLICA, "replica") X(RESERVED, "reserved")  \
    X(REVOKED, "revoked") X(ROUTES, "routes") X(RULE, "rule") X(SCHEMA, "schema")                  \
    X(SECRET, "secret") X(SERVICE, "service") X(SESSION, "session") X(SET, "set")                  \
    X(SETTING, "setting") X(SLUG, "slug") X(SORT, "sort") X(TIMER, "timer") X(TRIM, "trim")        \
    X(TRUE, "true") X(TYPE, "type") X(UNIQUE, "unique") X(UPDATE, "update") X(URL, "url") X(UUID, "uuid")              \
    X(VIEW, "view") X(WHILE, "while") X(WORK, "work")                                              \
    X(BOOL, "bool") X(I32, "i32") X(I64, "i64") X(U32, "u32") X(U64, "u64") X(F64, "f64")          \
    X(DECIMAL, "decimal") X(STRING, "string") X(BYTES, "bytes") X(ID, "id") X(TIME, "time")        \
    X(DATE, "date") X(DURATION, "duration") X(PASSWORD, "password") X(VERSION, "version")
/* clang-format on */

enum ts_keyword {
    TS_KW_NONE,
#define X(name, text) TS_KW_##name,
    TS_KEYWORDS(X)
#undef X
        TS_KW_COUNT
};

struct ts_symbol {
    enum ts_keyword keyword;
    /* Occurs in text that was skipped after a syntax error: that it means nothing, or that
     * nothing uses it, may follow from that error and is not reported. */
    bool lost;
    bool is_c_word; /* one of ts_c_words */
    /* Scratch of the checker: who used the name last, and for what. It makes finding a duplicate
     * among siblings one comparison. */
    const void *owner;
    const void *value;
    uint32_t len;
    char text[]; /* NUL-terminated */
};

struct ts_symbol_slot {
    struct ts_symbol *symbol; /* NULL: free */
    uint64_t hash;
};

struct ts_symbols {
    struct rt_arena *arena;
    struct ts_symbol_slot *table; /* open addressing: a symbol is at its hash or behind it */
    uint32_t slots;               /* a power of two, at most half of them used */
    uint32_t count;
    struct ts_symbol *keywords[TS_KW_COUNT];
};

void ts_symbols_init(struct ts_symbols *symbols, struct rt_arena *arena);
void ts_symbols_done(struct ts_symbols *symbols);

struct ts_symbol *ts_symbol(struct ts_symbols *symbols, struct rt_str text);
/* The symbol that `text` belongs to; `text` must be the `text` of one. */
struct ts_symbol *ts_symbol_of(const char *text);
const char *ts_keyword_text(enum ts_keyword keyword);

#endif
