// Where the interface is. The phone web lies beside it; a mini program is told by
// `jinlin mini-program export --api URL`, which puts URL for this address in the built `api/server.js`.
let address = ''
// #ifdef MP-WEIXIN
address = 'https://jinlin.invalid'
// #endif

export const SERVER = address
