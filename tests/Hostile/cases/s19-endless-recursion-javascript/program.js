function deeper(n) { return deeper(n + 1) + n; }
console.log(deeper(0));
