/* The host calls of a skill, for C. docs/skills.md describes each; all texts are UTF-8. */
#ifndef SOVEREIGN_H
#define SOVEREIGN_H

#include <stddef.h>

#define SOVEREIGN(name) __attribute__((import_module("sovereign"), import_name(name)))

/* Size of the answer, or -1. With less room nothing is written: call again with more. */
SOVEREIGN("query") int sovereign_query(const char *query, size_t length, char *buffer, size_t room);
/* 0, or -1. Written when the run ends with 0. */
SOVEREIGN("assert") int sovereign_assert(const char *facts, size_t length);
SOVEREIGN("retract") int sovereign_retract(const char *facts, size_t length);
/* Levels: 0 error, 1 warn, 2 info, 3 debug. */
SOVEREIGN("log") int sovereign_log(int level, const char *text, size_t length);
/* Why the last call was -1: 1 no such relation, 2 the text, 3 a limit. */
SOVEREIGN("error_code") int sovereign_error_code(void);
SOVEREIGN("error_text") int sovereign_error_text(char *buffer, size_t room);

#endif
