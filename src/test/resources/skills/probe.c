/* Tries what a skill should not: the first argument after the tool says what. Built with
 * clang --target=wasm32-wasi -Os -Wl,-s,-z,stack-size=65536 -I examples/skills -o probe.wasm probe.c */
#include "sovereign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char text[1 << 16];

static int query(const char *question) {
    return sovereign_query(question, strlen(question), text, sizeof text);
}

static int facts(const char *some) {
    return sovereign_assert(some, strlen(some));
}

static void why(void) {
    int length = sovereign_error_text(text, sizeof text);
    printf("%d %.*s\n", sovereign_error_code(), length, text);
}

static char *number(char *at, int n) {
    char digits[12];
    int length = 0;
    do {
        digits[length++] = '0' + n % 10;
        n /= 10;
    } while (n > 0);
    while (length > 0) {
        *at++ = digits[--length];
    }
    return at;
}

__attribute__((noinline)) static int deep(volatile int n) {
    volatile int below = n == 0 ? 0 : deep(n - 1);
    return below + 1;
}

int main(int argc, char **argv) {
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "spin") == 0) {
        for (volatile int i = 0;; i++) {
        }
    } else if (strcmp(what, "flood") == 0) {
        for (;;) {
            write(1, text, sizeof text);
        }
    } else if (strcmp(what, "log-flood") == 0) {
        for (int i = 0; i < 1000; i++) {
            fprintf(stderr, "line %d\n", i);
            sovereign_log(2, text, 1000);
        }
    } else if (strcmp(what, "sleep") == 0) {
        sleep(3600);
    } else if (strcmp(what, "until-revoked") == 0) {
        facts("alert(\"kept\").");
        while (query("disk(H, M, B)?") >= 0) {
        }
        why();
    } else if (strcmp(what, "assert-then-fail") == 0) {
        facts("alert(\"lost\").");
        return 3;
    } else if (strcmp(what, "assert-then-trap") == 0) {
        facts("alert(\"lost\").");
        __builtin_trap();
    } else if (strcmp(what, "assert") == 0) {
        if (facts(argv[2]) < 0) {
            why();
        }
    } else if (strcmp(what, "query") == 0) {
        int size = query(argv[2]);
        if (size < 0) {
            why();
        } else {
            printf("%d\n%.*s", size, size > (int)sizeof text ? 0 : size, text);
        }
    } else if (strcmp(what, "many-facts") == 0) {
        int count = 0;
        do {
            char *at = text;
            for (int i = 0; i < 1000; i++) {
                memcpy(at, "alert(\"", 7);
                at = number(at + 7, count + i);
                memcpy(at, "\").", 4);
                at += 3;
            }
        } while (facts(text) == 0 && (count += 1000) > 0);
        printf("%d ", count);
        why();
    } else if (strcmp(what, "time") == 0) {
        unsigned char drawn[4];
        getentropy(drawn, sizeof drawn);
        printf("%lld %02x%02x%02x%02x\n", (long long)time(NULL), drawn[0], drawn[1], drawn[2], drawn[3]);
    } else if (strcmp(what, "deep") == 0) {
        printf("%d\n", deep(1000000));
    } else if (strcmp(what, "memory") == 0) {
        long blocks = 0;
        static char *volatile block; /* seen by nobody, it would be taken away */
        while ((block = malloc(1 << 20)) != NULL) {
            block[0] = 1;
            blocks++;
        }
        printf("%ld\n", blocks);
    } else if (strcmp(what, "outside") == 0) {
        return sovereign_query((char *)-16, 1000, text, sizeof text);
    } else if (strcmp(what, "env") == 0) {
        extern char **environ;
        for (char **each = environ; *each != NULL; each++) {
            puts(*each);
        }
    }
    return 0;
}
