module.exports = { f: async (x) => new Map([[1, new Set([x])]]) };
