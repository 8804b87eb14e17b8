/*
 * The syntax of patterns, read and written again for PCRE2. Private to runtime/base.
 *
 * Grammar:
 *
 *   pattern  = branch { "|" branch } ;
 *   branch   = { item [ "*" | "+" | "?" | "{" digits [ "," [ digits ] ] "}" ] } ;
 *   item     = character | "." | escape | set | "(" [ "?:" ] pattern ")" ;
 *   set      = "[" [ "^" ] { member [ "-" member ] } "]" ;
 *   escape   = "\" ( one of ^$\.*+?()[]{}|/ | "n" | "r" | "t" | class ) ;      in a set also "\-"
 *   class    = one of dwsDWS | ( "p" | "P" ) "{" general category "}" ;
 */
#ifndef RT_BASE_PATTERN_SYNTAX_H
#define RT_BASE_PATTERN_SYNTAX_H

#include "runtime/base/buf.h"
#include "runtime/base/error.h"

struct rt_pattern_shape {
    uint64_t size;    /* characters and sets, repetitions written out: a+ as aa*, a{2,3} as aaa? */
    uint64_t longest; /* code points of the longest text that it matches, or UINT64_MAX */
};

/* Appends the pattern as PCRE2 reads it to `out` (nothing that counts on failure). RT_EINVAL or
 * RT_ETOOBIG with a reason. */
int rt_pattern_translate(const char *pattern, struct rt_buf *out, struct rt_pattern_shape *ret,
                         struct rt_error *error);

#endif
