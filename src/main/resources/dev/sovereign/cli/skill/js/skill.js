// `input` is what standard input holds, `args` are the arguments; the value of the last expression
// is printed. query(text), assert(text), retract(text) and log(level, text) are the host calls.
const name = input.trim();
if (name === "") {
    throw new Error("nobody to greet");
}
JSON.stringify({ greeting: "hello " + name });
