const f = async (x) => { console.log('noise'); return x * 2; };
