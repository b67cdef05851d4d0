function f(x) { throw new Error('no'); }
