;(() => {
  // Stands behind the program, in its scope: reads one call from standard input and answers on descriptor 3.
  const fs = require("fs");
  const bytes = fs.readFileSync(0);
  let at = 4;
  const token = () => {
    const tag = String.fromCharCode(bytes[at++]);
    if ("NTF".includes(tag)) return [tag, 0];
    const end = bytes.indexOf(58, at);
    const count = Number(bytes.subarray(at, end).toString("latin1"));
    at = end + 1;
    return [tag, count];
  };
  const integer = (digits) => {
    const negative = digits.startsWith("-");
    const value = BigInt("0x" + (negative ? digits.slice(1) : digits)) * (negative ? -1n : 1n);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  };
  const read = () => {
    const [tag, count] = token();
    if (tag === "N") return null;
    if (tag === "T" || tag === "F") return tag === "T";
    if (tag === "l" || tag === "t") return Array.from({ length: count }, read);
    if (tag === "S") return new Set(Array.from({ length: count }, read));
    if (tag === "d") {
      const made = {};
      for (let i = 0; i < count; i++) {
        const key = String(read());
        Object.defineProperty(made, key, { value: read(), writable: true, enumerable: true, configurable: true });
      }
      return made;
    }
    const text = bytes.subarray(at, at + count).toString("utf8");
    at += count;
    if (tag === "i") return integer(text);
    return tag === "f" ? Number(text.replace("inf", "Infinity")) : text;
  };

  const parts = [];
  let size = 0;
  const put = (data) => {
    const part = Buffer.from(data);
    size += part.length;
    if (size > 8 << 20) throw ["output-limit", "the value takes more than 8388608 bytes"];
    parts.push(part);
  };
  const content = (tag, text) => {
    const data = Buffer.from(text);
    put(tag + data.length + ":");
    put(data);
  };
  const write = (value, depth) => {
    if (depth > 400) throw ["wrong", "the value nests deeper than 400 levels"];
    if (value === null || value === undefined) put("N");
    else if (typeof value === "boolean") put(value ? "T" : "F");
    else if (typeof value === "bigint") content("i", value.toString(16));
    else if (typeof value === "number") {
      if (Number.isSafeInteger(value) && !Object.is(value, -0)) content("i", value.toString(16));
      else content("f", Object.is(value, -0) ? "-0.0" : String(value).replace("Infinity", "inf").replace("NaN", "nan"));
    } else if (typeof value === "string") content("s", value);
    else if (Array.isArray(value) || ArrayBuffer.isView(value)) {
      put("l" + value.length + ":");
      for (let i = 0; i < value.length; i++) write(value[i], depth + 1);
    } else if (value instanceof Set) {
      put("S" + value.size + ":");
      for (const item of value) write(item, depth + 1);
    } else if (value instanceof Map) {
      put("d" + value.size + ":");
      for (const [key, item] of value) { write(key, depth + 1); write(item, depth + 1); }
    } else if (typeof value === "object") {
      const keys = Object.keys(value);
      put("d" + keys.length + ":");
      for (const key of keys) { content("s", key); write(value[key], depth + 1); }
    } else content("O", typeof value);
  };
  const send = (kind, nonce, ...rest) => {
    parts.length = size = 0;
    put("l" + (2 + rest.length) + ":");
    content("s", kind);
    content("s", nonce);
    for (const item of rest) write(item, 0);
    const body = Buffer.concat(parts);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(body.length);
    let left = Buffer.concat([head, body]);
    while (left.length > 0) {
      try { left = left.subarray(fs.writeSync(3, left)); } catch (error) { if (error.code !== "EAGAIN") throw error; }
    }
  };

  const [nonce, , args] = read();
  const target = @TARGET@;
  if (typeof target !== "function") throw new ReferenceError("@ENTRY@ is not a function of the program");
  (async () => {
    const value = await target(...args);
    try { send("value", nonce, value); } catch (fault) {
      if (!Array.isArray(fault)) throw fault;
      send("unsendable", nonce, ...fault);
    }
  })();
})();
