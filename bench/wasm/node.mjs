import { readFileSync } from 'node:fs';
const [file, rounds, ...calls] = process.argv.slice(2);
const { instance } = await WebAssembly.instantiate(readFileSync(file), {});
for (const call of calls) {
  const [name, arg] = call.split('=');
  let best = Infinity, result;
  for (let i = 0; i < +rounds; i++) {
    const from = process.cpuUsage().user;
    result = instance.exports[name](+arg);
    best = Math.min(best, (process.cpuUsage().user - from) / 1e3);
  }
  console.log(name, best.toFixed(2), result | 0);
}
