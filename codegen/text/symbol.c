#include "codegen/text/symbol.h"

#include <stdlib.h>

#include "codegen/text/c_names.h"
#include "runtime/base/alloc.h"
#include "runtime/base/error.h"

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
    size_t count;
    const char *const *words = ts_c_words(&count);
    for (size_t i = 0; i < count; i++)
        ts_symbol(symbols, rt_str(words[i]))->is_c_word = true;
}

void ts_symbols_done(struct ts_symbols *symbols)
{
    free(symbols->table);
    symbols->table = NULL;
}

static void grow(struct ts_symbols *symbols)
{
    uint32_t slots = symbols->slots ? 4 * symbols->slots : 4096;
    struct ts_symbol_slot *table = rt_array(slots, sizeof *table);
    for (uint32_t i = 0; i < symbols->slots; i++) {
        struct ts_symbol_slot slot = symbols->table[i];
        if (!slot.symbol)
            continue;
        uint32_t at = (uint32_t)slot.hash & (slots - 1);
        while (table[at].symbol)
            at = (at + 1) & (slots - 1);
        table[at] = slot;
    }
    free(symbols->table);
    symbols->table = table;
    symbols->slots = slots;
}

struct ts_symbol *ts_symbol(struct ts_symbols *symbols, struct rt_str text)
{
    if (2 * symbols->count >= symbols->slots)
        grow(symbols);
    uint64_t hash = rt_hash(rt_str_bytes(text), 0);
    uint32_t at = (uint32_t)hash & (symbols->slots - 1);
    for (struct ts_symbol *found; (found = symbols->table[at].symbol);) {
        if (symbols->table[at].hash == hash && rt_str_eq(rt_str_n(found->text, found->len), text))
            return found;
        at = (at + 1) & (symbols->slots - 1);
    }
    struct ts_symbol *symbol = rt_arena_zalloc(symbols->arena, sizeof *symbol + text.len + 1);
    symbol->len = (uint32_t)text.len;
    if (text.len > 0)
        memcpy(symbol->text, text.data, text.len);
    symbols->table[at] = (struct ts_symbol_slot){symbol, hash};
    symbols->count++;
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
