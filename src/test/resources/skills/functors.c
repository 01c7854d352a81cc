// Tools that rules call as functors: arguments are a JSON array on standard input, the value is printed as JSON.
// clang --target=wasm32-wasi -O2 -s -o functors.wasm functors.c
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char in[1 << 16];

int main(int argc, char **argv) {
    if (argc < 2) {
        return 2;
    }
    size_t size = fread(in, 1, sizeof in - 1, stdin);
    in[size] = 0;
    char *first = in + 1;
    if (!strcmp(argv[1], "square")) {
        long long n = strtoll(first, NULL, 10);
        printf("%lld\n", n * n);
    } else if (!strcmp(argv[1], "same")) { // the first argument as it came
        char *end = strrchr(in, ']');
        fwrite(first, 1, end - first, stdout);
    } else if (!strcmp(argv[1], "joined")) { // how the arguments came, as a text
        putchar('"');
        for (char *c = in; *c; c++) {
            if (*c == '"' || *c == '\\') {
                putchar('\\');
            }
            putchar(*c);
        }
        puts("\"");
    } else if (!strcmp(argv[1], "positive")) { // no value for the others
        long long n = strtoll(first, NULL, 10);
        if (n <= 0) {
            fprintf(stderr, "%lld is not positive\n", n);
            return 1;
        }
        printf("%lld\n", n);
    } else if (!strcmp(argv[1], "spin")) {
        for (volatile long long i = 0;; i++) {
        }
    } else if (!strcmp(argv[1], "object")) {
        puts("{\"a\":1}");
    } else if (!strcmp(argv[1], "two")) {
        puts("1 2");
    } else if (!strcmp(argv[1], "silent")) {
        return 0;
    } else {
        return 3;
    }
    return 0;
}
