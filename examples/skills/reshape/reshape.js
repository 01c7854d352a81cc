// Groups the rows of a JSON array by one of their fields and counts them: `args` holds the name of
// the field after the tool.
const rows = JSON.parse(input);
const field = args[2];
if (!Array.isArray(rows) || field === undefined) {
    throw new Error("usage: reshape group FIELD, with a JSON array to read");
}
const groups = new Map();
for (const row of rows) {
    const key = String(row[field]);
    groups.set(key, (groups.get(key) ?? 0) + 1);
}
JSON.stringify([...groups].sort().map(([value, count]) => ({ [field]: value, count })));
