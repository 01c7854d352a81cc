/* Asserts alert(host, mount) for each disk that holds more than its limit, and takes the alert back
 * when it no longer does. The limit in bytes is the argument after the tool; 1000 without one. */
#include "../sovereign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM (1 << 16)

static char rows[ROOM];
static char fact[1024];

static int fail(const char *what) {
    char why[256];
    int length = sovereign_error_text(why, sizeof why);
    fprintf(stderr, "%s: %.*s\n", what, length < 0 || length > (int)sizeof why ? 0 : length, why);
    return 1;
}

/* The text between the quotes after "key":, copied as it stands. 0 when it is not there. */
static int text(const char *row, const char *key, char *out, size_t room) {
    const char *at = strstr(row, key);
    if (at == NULL) {
        return 0;
    }
    at += strlen(key);
    size_t length = 0;
    while (at[length] != '\0' && at[length] != '"') {
        length += at[length] == '\\' && at[length + 1] != '\0' ? 2 : 1;
    }
    if (length >= room) {
        return 0;
    }
    memcpy(out, at, length);
    out[length] = '\0';
    return 1;
}

int main(int argc, char **argv) {
    long long limit = argc > 2 ? atoll(argv[2]) : 1000;
    const char *query = "disk(H, M, B)?";
    int size = sovereign_query(query, strlen(query), rows, ROOM - 1);
    if (size < 0) {
        return fail("query");
    }
    if (size >= ROOM) {
        fprintf(stderr, "more rows than fit\n");
        return 1;
    }
    rows[size] = '\0';
    int full = 0;
    int all = 0;
    for (char *row = strtok(rows, "\n"); row != NULL; row = strtok(NULL, "\n")) {
        char host[256], mount[256];
        const char *bytes = strstr(row, "\"B\":");
        if (bytes == NULL || !text(row, "\"H\":\"", host, sizeof host) || !text(row, "\"M\":\"", mount, sizeof mount)) {
            fprintf(stderr, "not a row: %s\n", row);
            return 1;
        }
        int length = snprintf(fact, sizeof fact, "alert(\"%s\", \"%s\").", host, mount);
        int isFull = atoll(bytes + 4) > limit;
        if ((isFull ? sovereign_assert(fact, length) : sovereign_retract(fact, length)) < 0) {
            return fail(isFull ? "assert" : "retract");
        }
        all++;
        full += isFull;
    }
    printf("{\"disks\":%d,\"full\":%d}\n", all, full);
    return 0;
}
