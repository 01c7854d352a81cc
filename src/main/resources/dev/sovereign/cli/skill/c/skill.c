#include "sovereign.h"

#include <stdio.h>
#include <string.h>

int main(void) {
    char name[256];
    if (fgets(name, sizeof name, stdin) == NULL) {
        fputs("nobody to greet\n", stderr);
        return 1;
    }
    name[strcspn(name, "\r\n")] = '\0';
    printf("{\"greeting\":\"hello %s\"}\n", name);
    return 0;
}
