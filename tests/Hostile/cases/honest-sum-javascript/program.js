const words = require('fs').readFileSync(0, 'utf8').split(/\s+/).filter(word => word.length > 0);
console.log(String(words.reduce((sum, word) => sum + BigInt(word), 0n)));
