/* A skill in JavaScript: runs the script that was compiled in (script.h, made from a .js file) on
 * QuickJS, with `input`, `args` and the host calls as globals, and prints the value of its last
 * expression. An exception goes to standard error and ends the run with 1. */
#include "quickjs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef SOVEREIGN_HOST
#include "sovereign.h"
#endif

static const char script[] = {
#include "script.h"
    , 0};

static char *all_of(FILE *file, size_t *length) {
    size_t room = 1 << 16;
    char *text = malloc(room);
    *length = 0;
    while (text != NULL) {
        *length += fread(text + *length, 1, room - *length - 1, file);
        if (feof(file) || ferror(file)) {
            text[*length] = '\0';
            return text;
        }
        if (*length == room - 1) {
            room *= 2;
            text = realloc(text, room);
        }
    }
    return NULL;
}

#ifdef SOVEREIGN_HOST
static JSValue refused(JSContext *context) {
    char why[256];
    int length = sovereign_error_text(why, sizeof why - 1);
    why[length < 0 || length >= (int)sizeof why ? 0 : length] = '\0';
    return JS_ThrowInternalError(context, "%s", why);
}

static JSValue query(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
    size_t length;
    const char *text = JS_ToCStringLen(context, &length, arguments[0]);
    if (text == NULL) {
        return JS_EXCEPTION;
    }
    char *rows = NULL;
    int room = 0;
    int size = sovereign_query(text, length, rows, 0);
    while (size > room) {
        room = size;
        rows = realloc(rows, room);
        size = sovereign_query(text, length, rows, room);
    }
    JS_FreeCString(context, text);
    JSValue result = size < 0 ? refused(context) : JS_NewStringLen(context, rows, size);
    free(rows);
    return result;
}

static JSValue change(
    JSContext *context, JSValueConst self, int count, JSValueConst *arguments, int retract) {
    size_t length;
    const char *text = JS_ToCStringLen(context, &length, arguments[0]);
    if (text == NULL) {
        return JS_EXCEPTION;
    }
    int result = retract ? sovereign_retract(text, length) : sovereign_assert(text, length);
    JS_FreeCString(context, text);
    return result < 0 ? refused(context) : JS_UNDEFINED;
}
#endif

int main(int argc, char **argv) {
    JSRuntime *runtime = JS_NewRuntime();
    JSContext *context = runtime == NULL ? NULL : JS_NewContext(runtime);
    size_t length;
    char *text = all_of(stdin, &length);
    if (context == NULL || text == NULL) {
        fputs("not enough memory\n", stderr);
        return 1;
    }
    JS_SetMaxStackSize(runtime, 128 << 10);
    JSValue global = JS_GetGlobalObject(context);
    JS_SetPropertyStr(context, global, "input", JS_NewStringLen(context, text, length));
    JSValue args = JS_NewArray(context);
    for (int i = 0; i < argc; i++) {
        JS_SetPropertyUint32(context, args, i, JS_NewString(context, argv[i]));
    }
    JS_SetPropertyStr(context, global, "args", args);
#ifdef SOVEREIGN_HOST
    JS_SetPropertyStr(context, global, "query", JS_NewCFunction(context, query, "query", 1));
    JS_SetPropertyStr(
        context, global, "assert",
        JS_NewCFunctionMagic(context, change, "assert", 1, JS_CFUNC_generic_magic, 0));
    JS_SetPropertyStr(
        context, global, "retract",
        JS_NewCFunctionMagic(context, change, "retract", 1, JS_CFUNC_generic_magic, 1));
#endif
    JSValue result =
        JS_Eval(context, script, sizeof script - 1, "skill.js", JS_EVAL_TYPE_GLOBAL);
    int failed = JS_IsException(result);
    if (failed) {
        result = JS_GetException(context);
    }
    size_t printed;
    const char *shown = JS_ToCStringLen(context, &printed, result);
    if (shown != NULL) {
        fwrite(shown, 1, printed, failed ? stderr : stdout);
        fputc('\n', failed ? stderr : stdout);
    }
    return failed || shown == NULL ? 1 : 0;
}
