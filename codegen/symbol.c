#include "codegen/symbol.h"

#include "runtime/base/error.h"

#undef HASH_FUNCTION
#define HASH_FUNCTION(key, len, hash) ((hash) = (unsigned)rt_hash(rt_bytes((key), (len)), 0))
#undef uthash_fatal
#define uthash_fatal(message) rt_panic("symbols: %s", (message))

static const char *const keyword_texts[TS_KW_COUNT] = {
#define X(name, text) [TS_KW_##name] = (text),
    TS_KEYWORDS(X)
#undef X
};

void ts_symbols_init(struct ts_symbols *symbols, struct rt_arena *arena)
{
    *symbols = (struct ts_symbols){.arena = arena};
    for (enum ts_keyword i = TS_KW_NONE + 1; i < TS_KW_COUNT; i++) {
        struct ts_symbol *symbol = ts_symbol(symbols, rt_str(keyword_texts[i]));
        symbol->keyword = i;
        symbols->keywords[i] = symbol;
    }
}

void ts_symbols_done(struct ts_symbols *symbols)
{
    HASH_CLEAR(hh, symbols->table);
}

struct ts_symbol *ts_symbol(struct ts_symbols *symbols, struct rt_str text)
{
    struct ts_symbol *symbol = NULL;
    unsigned hash = (unsigned)rt_hash(rt_str_bytes(text), 0);
    HASH_FIND_BYHASHVALUE(hh, symbols->table, text.data, text.len, hash, symbol);
    if (symbol != NULL)
        return symbol;
    symbol = rt_arena_zalloc(symbols->arena, sizeof *symbol + text.len + 1);
    symbol->len = (uint32_t)text.len;
    memcpy(symbol->text, text.data, text.len);
    HASH_ADD_KEYPTR_BYHASHVALUE(hh, symbols->table, symbol->text, text.len, hash, symbol);
    return symbol;
}

struct ts_symbol *ts_symbol_of(const char *text)
{
    uintptr_t at = (uintptr_t)text - offsetof(struct ts_symbol, text);
    return (struct ts_symbol *)at;
}

const char *ts_keyword_text(enum ts_keyword keyword)
{
    return keyword_texts[keyword];
}
