const kept = [];
for (let part = 0; part < 100; part++) kept.push(Buffer.alloc(1 << 20, 1));
console.log(kept.length);
