// What a script of an agent does: reads text with regular expressions and JSON, groups and sorts, builds text, interprets a small language,
// and runs a queue of tasks made of objects. `args[1]` says how many times. Prints a checksum, so that nothing can be left out.
const rounds = Number(args[1] ?? 1);

function hash(text) {
    let h = 0;
    for (let i = 0; i < text.length; i++) {
        h = (Math.imul(h, 31) + text.charCodeAt(i)) | 0;
    }
    return h;
}

let state = 42;
function random(below) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 8) % below;
}

function logLines(count) {
    const levels = ["INFO", "WARN", "ERROR", "DEBUG"];
    const lines = [];
    for (let i = 0; i < count; i++) {
        lines.push(`2026-11-${String(1 + random(28)).padStart(2, "0")} ${levels[random(4)]} host${random(20)} request=${random(1e6)} took ${random(5000)} ms`);
    }
    return lines;
}

function summarize(lines) {
    const pattern = /^(\d{4})-(\d\d)-(\d\d) (INFO|WARN|ERROR|DEBUG) (\w+) request=(\d+) took (\d+) ms$/;
    const hosts = new Map();
    for (const line of lines) {
        const [, , , day, level, host, , millis] = pattern.exec(line);
        let entry = hosts.get(host);
        if (entry === undefined) {
            entry = { host, count: 0, errors: 0, millis: [], days: new Set() };
            hosts.set(host, entry);
        }
        entry.count++;
        entry.errors += level === "ERROR" ? 1 : 0;
        entry.millis.push(Number(millis));
        entry.days.add(day);
    }
    return [...hosts.values()]
        .map(({ host, count, errors, millis, days }) => {
            const sorted = millis.sort((a, b) => a - b);
            return { host, count, errors, days: days.size, median: sorted[sorted.length >> 1], mean: sorted.reduce((a, b) => a + b, 0) / count };
        })
        .sort((a, b) => b.errors - a.errors || (a.host < b.host ? -1 : 1));
}

class Lexer {
    constructor(text) {
        this.tokens = text.match(/\d+(\.\d+)?|[a-z]\w*|[-+*\/()=;<]/g);
        this.at = 0;
    }
    peek() { return this.tokens[this.at]; }
    next() { return this.tokens[this.at++]; }
}

const binary = {
    "+": [1, (a, b) => a + b],
    "-": [1, (a, b) => a - b],
    "*": [2, (a, b) => a * b],
    "/": [2, (a, b) => (b === 0 ? 0 : a / b)],
    "<": [0, (a, b) => (a < b ? 1 : 0)],
};

function parse(lexer, level = 0) {
    let left;
    const token = lexer.next();
    if (token === "(") {
        left = parse(lexer);
        lexer.next();
    } else if (/^\d/.test(token)) {
        const value = Number(token);
        left = () => value;
    } else {
        left = scope => scope[token] ?? 0;
    }
    for (;;) {
        const operator = binary[lexer.peek()];
        if (operator === undefined || operator[0] < level) {
            return left;
        }
        lexer.next();
        const [one, other, apply] = [left, parse(lexer, operator[0] + 1), operator[1]];
        left = scope => apply(one(scope), other(scope));
    }
}

function interpret(source, times) {
    const statements = source.split(";").map(text => {
        const [name, expression] = text.split("=");
        return [name.trim(), parse(new Lexer(expression))];
    });
    const scope = {};
    for (let i = 0; i < times; i++) {
        scope.i = i;
        for (const [name, expression] of statements) {
            scope[name] = expression(scope);
        }
    }
    return scope;
}

class Task {
    constructor(id, priority) {
        Object.assign(this, { id, priority, done: 0, inbox: [] });
    }
    step(queue) {
        this.done++;
        const letter = this.inbox.shift();
        if (letter !== undefined) {
            queue.send((this.id * 7 + letter.hops) % queue.tasks.length, { hops: letter.hops + 1, text: letter.text + String.fromCharCode(97 + (letter.hops % 26)) });
        }
    }
}

class Queue {
    constructor(count) {
        this.tasks = Array.from({ length: count }, (_, i) => new Task(i, i % 5));
        this.lost = 0;
    }
    send(to, letter) {
        if (letter.text.length > 40) {
            this.lost = (this.lost + hash(letter.text)) | 0;
            letter = { hops: letter.hops, text: "" };
        }
        this.tasks[to].inbox.push(letter);
    }
    run(steps) {
        for (let i = 0; i < steps; i++) {
            const ready = this.tasks.filter(task => task.inbox.length > 0);
            const best = ready.reduce((a, b) => (b.priority > a.priority || (b.priority === a.priority && b.done < a.done) ? b : a));
            best.step(this);
        }
        return this.lost;
    }
}

function sieve(limit) {
    const composite = new Uint8Array(limit + 1);
    let count = 0;
    for (let n = 2; n <= limit; n++) {
        if (composite[n] === 0) {
            count++;
            for (let m = n * n; m <= limit; m += n) {
                composite[m] = 1;
            }
        }
    }
    return count;
}

let sum = 0;
for (let round = 0; round < rounds; round++) {
    const table = JSON.stringify(summarize(logLines(1500)));
    const again = JSON.stringify(JSON.parse(table).map(row => ({ ...row, share: row.errors / row.count })), null, 2);
    const scope = interpret("a = a + i * 2; b = (a - b) / 3 + 1; c = c + (b < a) * (i - c / 2)", 1500);
    const queue = new Queue(40);
    for (let i = 0; i < 12; i++) {
        queue.send(i * 3, { hops: i, text: "" });
    }
    sum = (sum + hash(again) + Math.round(scope.c) + queue.run(800) + sieve(20000)) | 0;
}
String(sum);
