import { describe, expect, test } from 'vitest'
import { readScript } from './call.ts'
import { literalAsJson } from './literal.ts'

describe('what a script calls', () => {
  const cases: readonly (readonly [source: string, dialect: string, call: string, argument: string])[] = [
    ['parent.tick({"a":1})', 'parent', 'parent.tick', '{"a":1}'],
    ['window.parent.comet.on( [1, 2] , 3 );', 'parent', 'window.parent.comet.on', '[1, 2]'],
    ['top.x()', 'parent', 'top.x', ''],
    ['parent["tick"](1)', 'parent', 'parent["tick"]', '1'],
    ['parent?.tick?.(1)', 'parent', 'parent?.tick?.', '1'],
    ['try{parent.tick("a)b")}catch(e){}', 'parent', 'parent.tick', '"a)b"'],
    ['"use strict"; /* a */ parent.tick(1) // b', 'parent', 'parent.tick', '1'],
    ['<!--\nparent.tick(1)\n//-->', 'parent', 'parent.tick', '1'],
    ["parent.postMessage({a:1}, '*')", 'postmessage', 'parent.postMessage', '{a:1}'],
    ["window.top.postMessage('a,b', origin)", 'postmessage', 'window.top.postMessage', "'a,b'"],
    ["document.write('<p>\\'a\\'</p>')", 'write', 'document.write', "'<p>\\'a\\'</p>'"],
    ['parent.document.writeln(`a${b(")")}c`)', 'write', 'parent.document.writeln', '`a${b(")")}c`'],
    [
      "document.getElementById('x').textContent = 'a;b'; c()",
      'write',
      "document.getElementById('x').textContent",
      "'a;b'",
    ],
    ['document.body.innerHTML += "<p>"', 'write', 'document.body.innerHTML', '"<p>"'],
    ["document.title = 'x'", 'write', 'document.title', "'x'"],
    ["document.body.insertAdjacentHTML('beforeend', '<p>')", 'write', 'document.body.insertAdjacentHTML', "'<p>'"],
    ["document.body.insertAdjacentHTML('beforeend')", 'write', 'document.body.insertAdjacentHTML', ''],
    [
      "parent.document.getElementById('x').append('a', b)",
      'write',
      "parent.document.getElementById('x').append",
      "'a'",
    ],
    ["parent.append('a')", 'parent', 'parent.append', "'a'"],
    ['parent.document(1)', 'parent', 'parent.document', '1'],
    ['parent.tick(i-->0)\n --> parent.no()', 'parent', 'parent.tick', 'i-->0'],
    ['\n --> a comment\nparent.tick(1)', 'parent', 'parent.tick', '1'],
    ['tick(1)', 'unknown', '', ''],
    ['parent(1)', 'unknown', '', ''],
    ['var a = parent.tick(1)', 'unknown', '', ''],
    ['(function () { parent.tick(1) })()', 'unknown', '', ''],
    ['a == b', 'unknown', '', ''],
    ['a => b', 'unknown', '', ''],
    ['parent.tick(/[)/]\\)/, 1)', 'parent', 'parent.tick', '/[)/]\\)/'],
    ['parent.tick(a / b, c / d)', 'parent', 'parent.tick', 'a / b'],
    ['parent.tick({a: [1, (2), "}"]}', 'parent', 'parent.tick', '{a: [1, (2), "}"]}'],
    ['if (parent.tick(1)) a()', 'unknown', '', ''],
    ['setTimeout(function () { parent.tick(1) }, 0)', 'unknown', '', ''],
    ['console.log(1)', 'unknown', '', ''],
    ['document.getElementById("x")', 'unknown', '', ''],
    ['list.append(1)', 'unknown', '', ''],
    ['worker.postMessage(1)', 'unknown', '', ''],
    ['port.postMessage(1)', 'unknown', '', ''],
    ['postMessage(1)', 'postmessage', 'postMessage', '1'],
    ['window.postMessage(1, "*")', 'postmessage', 'window.postMessage', '1'],
    ['parent.frames[0].postMessage(1)', 'postmessage', 'parent.frames[0].postMessage', '1'],
    ['parent.frames["chat"].postMessage(1)', 'postmessage', 'parent.frames["chat"].postMessage', '1'],
    ['top.frames.chat.postMessage(1)', 'postmessage', 'top.frames.chat.postMessage', '1'],
    ['frames.chat.worker.postMessage(1)', 'unknown', '', ''],
    ['parent.worker.postMessage(1)', 'unknown', '', ''],
    ['parent.clock.innerHTML = "x"', 'write', 'parent.clock.innerHTML', '"x"'],
    ['clock.textContent += "x"', 'write', 'clock.textContent', '"x"'],
    ['clock.insertAdjacentHTML("beforeend", "<p>")', 'write', 'clock.insertAdjacentHTML', '"<p>"'],
    ['parent.parent.postMessage(1)', 'postmessage', 'parent.parent.postMessage', '1'],
    ['parent.a(parent.b(1))', 'parent', 'parent.a', 'parent.b(1)'],
    ['parent.count = 1', 'unknown', '', ''],
    ['parent.x = parent.tick(1)', 'unknown', '', ''],
    ['field.value = 1', 'unknown', '', ''],
    ['document.cookie = "a"', 'unknown', '', ''],
    ['document.body.innerHTML == "x"', 'unknown', '', ''],
    ['', 'unknown', '', ''],
    ['parent.', 'unknown', '', ''],
  ]
  for (const [source, dialect, call, argument] of cases) {
    test(source, () => expect(readScript(source)).toMatchObject({ dialect, call, argument }))
  }
})

test('an assignment is told from a call', () => {
  const document = { dialect: 'write', call: 'document.body.innerHTML', argument: '"x"', value: '"x"' }
  expect(readScript('document.body.innerHTML="x"')).toEqual({ ...document, operator: '=' })
  expect(readScript('document.body.innerHTML += "x"')).toEqual({ ...document, operator: '+=' })
  expect(readScript('document.write("x")')).toEqual({ ...document, call: 'document.write' })
})

describe('literals as JSON', () => {
  const cases: readonly (readonly [source: string, json: string | undefined])[] = [
    ['{"a":1}', '{"a":1}'],
    ["{a: 'b', 'c-d': [1,], 2: null, $e: true,}", '{"a":"b","c-d":[1],"2":null,"$e":true}'],
    ['`a\nb`', '"a\\nb"'],
    ["'\\x41\\u0042\\u{1f600}\\n\\'\\\n\\0'", '"AB😀\\n\'\\u0000"'],
    ['`a\r\nb\rc\\r`', '"a\\nb\\nc\\r"'],
    ['-.5e1', '-5'],
    ['0xff', '255'],
    ['+1', '1'],
    ['12345678901234567890', '12345678901234567890'],
    ['[/* a */ 1 // b\n, 2]', '[1,2]'],
    ['\n {größe:1} ', '{"größe":1}'],
    ['`a${b}`', undefined],
    ['010', undefined],
    ['1n', undefined],
    ["'a\nb'", undefined],
    ["'a", undefined],
    ['undefined', undefined],
    ['NaN', undefined],
    ['a', undefined],
    ['1 + 1', undefined],
    ['{a}', undefined],
    ['{a:f()}', undefined],
    ['[1,,2]', undefined],
    ['', undefined],
    ['["'.repeat(5_000), undefined],
    ['['.repeat(100_000), undefined],
  ]
  for (const [source, json] of cases) {
    test(source.slice(0, 40), () => {
      expect(literalAsJson(source)).toBe(json)
      if (json !== undefined) expect(() => JSON.parse(json) as unknown).not.toThrow()
    })
  }
})

test('the time to read brackets, quotes and slashes without end grows with their number alone', () => {
  for (const part of ['(', '{[(', '`${', '"', '/', '/*', "a('", ';', 'a.', 'a()', '<!--', '[/']) {
    const source = `parent.tick(${part.repeat(300_000 / part.length)}`
    const start = performance.now()
    readScript(source)
    readScript(source.slice(12))
    expect(performance.now() - start, part).toBeLessThan(3_000)
  }
})
