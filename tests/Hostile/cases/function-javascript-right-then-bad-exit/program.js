process.on('exit', () => { process.exitCode = 3; });
function f(x) { return x; }
