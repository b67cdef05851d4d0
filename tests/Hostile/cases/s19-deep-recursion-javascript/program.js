function deeper(left) { return left === 0 ? 0 : deeper(left - 1) + 1; }
console.log(deeper(400000));
