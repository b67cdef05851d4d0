const socket = require('net').connect(80, '93.184.215.14');
socket.on('connect', () => console.log('connected'));
socket.on('error', error => { console.error(error.code); process.exit(1); });
