/*
 * Answers another program with what we make of its messages: one request a line, one answer a line.
 *
 *   json NAME BODY   a JSON body of the message with that full protobuf name
 *   pb NAME HEX      the bytes of one
 *
 * The answer is a JSON object: {"refused": [[pointer, rule], ...]}, or what the message is as
 * {"hex": bytes, "json": object, "device": bytes after nanopb}, the last only of a bounded message
 * that came as bytes, and false when nanopb refuses it. A device checks sizes and nothing else, so
 * what is refused has it, too. Secrets are not in the JSON.
 */
#ifndef TESTS_GEN_JUDGE_H
#define TESTS_GEN_JUDGE_H

void gen_judge(void); /* from stdin to stdout, until the end */

#endif
