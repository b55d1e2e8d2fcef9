// The launcher's second half: `import()` is a syntax error to Node 8, so it stands in a file that only a new Node reads.
module.exports = import('../../out/main/cli.js')
