function f(x) { const own = []; own.push(own); return own; }
