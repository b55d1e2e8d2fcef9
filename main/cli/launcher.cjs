#!/usr/bin/env node
// The command of the npm package. In the JavaScript of old, so that an old Node reads it to the end and says the
// sentence; an ES module or an `await` at the top level would be a syntax error instead.
var NEEDED = 24

if (Number(process.versions.node.split('.')[0]) < NEEDED) {
  process.stderr.write('Pushscope needs Node ' + NEEDED + ' or newer; this is Node ' + process.versions.node + '.\n')
  process.exitCode = 2
} else {
  module.require('./launch.cjs')
}
