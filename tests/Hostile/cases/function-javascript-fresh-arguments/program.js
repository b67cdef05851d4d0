let calls = 0;
function f(items) { items.push(0); calls += 1; return calls + items.length; }
