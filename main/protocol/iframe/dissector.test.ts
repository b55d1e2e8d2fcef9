import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS, FLAG, type Limits } from '../../../preload/contract/index.ts'
import { createRecordingSink, type RecordedRow } from '../testing/recording-sink.ts'
import { createIframeDissector } from './dissector.ts'
import { createJsonpDissector } from './jsonp.ts'

const START = 500

interface Options {
  limits?: Limits
  direct?: boolean
  gap?: number
  create?: typeof createIframeDissector
  cut?: boolean
}

function dissect(stream: Uint8Array, cuts: readonly number[], options: Options = {}): RecordedRow[] {
  const { limits = DEFAULT_LIMITS, direct = true, gap = 0, create = createIframeDissector, cut = false } = options
  const sink = createRecordingSink()
  const dissector = create(sink, limits)
  const edges = [0, ...cuts, stream.length]
  let wireOffset = START
  for (let n = 1; n < edges.length; n++) {
    const bytes = Buffer.from(stream.subarray(edges[n - 1]!, edges[n]!))
    dissector.feed({ bytes, at: 0, wireOffset, wireLength: bytes.length, direct })
    bytes.fill(0x21) // the caller may reuse it
    wireOffset += bytes.length + gap
  }
  dissector.end(0, cut)
  return sink.rows
}

const everyByte = (stream: Uint8Array): number[] => Array.from({ length: stream.length - 1 }, (_, n) => n + 1)

const rawOf = (row: RecordedRow, stream: Uint8Array): string =>
  Buffer.from(
    row.content ?? stream.subarray(row.wireOffset - START, row.wireOffset - START + row.wireLength),
  ).toString()

/** Scripts found, as they stand on the wire; the same however the page is cut. */
function scripts(html: string): string[] {
  const stream = Buffer.from(html)
  const whole = dissect(stream, [])
  expect(dissect(stream, everyByte(stream))).toEqual(whole)
  for (const cut of everyByte(stream)) expect(dissect(stream, [cut]), `cut at ${cut}`).toEqual(whole)
  const wire = whole.map((row) => rawOf(row, stream))
  for (const options of [{ gap: 7 }, { direct: false }]) {
    expect(dissect(stream, everyByte(stream), options).map((row) => rawOf(row, stream))).toEqual(wire)
  }
  return wire
}

describe('scripts are found as the HTML tokenizer finds them', () => {
  const cases: readonly { name: string; html: string; found: string[] }[] = [
    {
      name: 'one a tick',
      html: '<p>a</p><script>a()</script>\n<SCRIPT>b()</Script >x',
      found: ['<script>a()</script>', '<SCRIPT>b()</Script >'],
    },
    {
      name: 'attributes may hold > in quotes',
      html: '<script data-a="1 > 0" b=\'>\' c>x()</script>',
      found: ['<script data-a="1 > 0" b=\'>\' c>x()</script>'],
    },
    { name: 'an attribute of another element may hold a script', html: '<a title="<script>no()</script>">', found: [] },
    {
      name: 'an unquoted attribute ends at >',
      html: '<script a=b/>x()</script>',
      found: ['<script a=b/>x()</script>'],
    },
    { name: 'a name that only begins so', html: '<scripty>no()</scripty><scrip>', found: [] },
    {
      name: 'a comment holds no script',
      html: '<!-- <script>no()</script> --><script>a()</script>',
      found: ['<script>a()</script>'],
    },
    { name: '--!> ends a comment too', html: '<!-- a --!><script>a()</script>', found: ['<script>a()</script>'] },
    {
      name: '<!--> is a whole comment',
      html: '<!--><script>a()</script><!---><script>b()</script>',
      found: ['<script>a()</script>', '<script>b()</script>'],
    },
    {
      name: 'bogus comments end at the first >',
      html: '<!x <script><? <script></ <script>a()</script>',
      found: [],
    },
    {
      name: 'text elements hold no script',
      html: '<title><script>no()</script></title><textarea></text><script></textarea ><style><script></style><script>a()</script>',
      found: ['<script>a()</script>'],
    },
    { name: 'after plaintext there is only text', html: '<plaintext><script>no()</script>', found: [] },
    {
      name: 'an end tag in a string ends the script all the same',
      html: '<script>a("</script>")',
      found: ['<script>a("</script>'],
    },
    {
      name: 'an escaped one does not',
      html: '<script>a("<\\/script>")</script>',
      found: ['<script>a("<\\/script>")</script>'],
    },
    {
      name: '</scripts> and </script" do not end it',
      html: '<script></scripts></script"</script/>',
      found: ['<script></scripts></script"</script/>'],
    },
    {
      name: 'an end tag may carry attributes',
      html: '<script>a()</script a=">">',
      found: ['<script>a()</script a=">">'],
    },
    {
      name: 'escaped script data ends at the end tag',
      html: '<script><!-- a() </script> b',
      found: ['<script><!-- a() </script>'],
    },
    {
      name: 'doubly escaped script data does not',
      html: '<script><!-- <script> </script> a() --></script>',
      found: ['<script><!-- <script> </script> a() --></script>'],
    },
    {
      name: 'nor once more',
      html: '<script><!--<script></script></script>x',
      found: ['<script><!--<script></script></script>'],
    },
    {
      name: '--> ends the escape',
      html: '<script><!-- <script> --></script>x</script>',
      found: ['<script><!-- <script> --></script>'],
    },
    { name: '<!-- needs both dashes', html: '<script><!- <script></script>', found: ['<script><!- <script></script>'] },
    { name: 'a lone < is text', html: '< script><<<script>a()</script>', found: ['<script>a()</script>'] },
    {
      name: 'text that is no ASCII',
      html: '<p>größe</p><script>a("豆")</script>',
      found: ['<script>a("豆")</script>'],
    },
  ]
  for (const { name, html, found } of cases) test(name, () => expect(scripts(html)).toEqual(found))
})

describe('rows', () => {
  const row = (html: string, options: Options = {}): RecordedRow | undefined =>
    dissect(Buffer.from(html), [], options)[0]

  test('details, payload and place on the wire', () => {
    const html = '<p>x</p><script>parent.tick({seq:1,text:"é"})</script>'
    expect(row(html)).toMatchObject({
      kind: 'script-call',
      flags: 0,
      wireOffset: START + 8,
      wireLength: Buffer.byteLength(html) - 8,
      payloadLength: 17,
      details: { dialect: 'parent', call: 'parent.tick', argument: '{seq:1,text:"é"}', value: '{"seq":1,"text":"é"}' },
      findings: [],
      content: null,
    })
  })

  test('a script that is none of the dialects is a row with a finding', () => {
    expect(row('<script>var a = 1</script>')).toMatchObject({
      details: { dialect: 'unknown', call: '', argument: '' },
      findings: [{ id: 'iframe-unknown-script' }],
    })
  })

  test('the stream ends inside a script', () => {
    expect(row('<script>parent.tick({a:1')).toMatchObject({
      flags: FLAG.truncated,
      wireLength: 24,
      details: { dialect: 'parent', argument: '{a:1' },
      findings: [{ id: 'iframe-unfinished' }],
    })
    expect(row('<p>a <scri')).toBeUndefined()
  })

  test('a script over the limit is cut, and the next one is found', () => {
    const limits = { ...DEFAULT_LIMITS, script: 40 }
    const html = `<script>parent.tick("${'x'.repeat(20_000)}")</script><script>parent.tick(2)</script>`
    const stream = Buffer.from(html)
    for (const cuts of [[], everyByte(stream)]) {
      expect(dissect(stream, cuts, { limits })).toMatchObject([
        {
          flags: FLAG.truncated,
          details: { dialect: 'parent', argument: `"${'x'.repeat(27)}` },
          findings: [{ id: 'iframe-script-limit', note: '20015 bytes' }],
        },
        { flags: 0, details: { value: '2' } },
      ])
    }
  })
})

describe('JSONP', () => {
  const jsonp = (body: string, options: Options = {}): RecordedRow[] => {
    const stream = Buffer.from(body)
    const rows = dissect(stream, [], { ...options, create: createJsonpDissector })
    expect(dissect(stream, everyByte(stream), { ...options, create: createJsonpDissector })).toEqual(rows)
    return rows
  }

  test('one call is one row for the whole body', () => {
    expect(jsonp('/**/app.cb({"seq":1});\n')).toMatchObject([
      {
        kind: 'script-call',
        wireOffset: START,
        wireLength: 23,
        payloadLength: 9,
        details: { dialect: 'jsonp', call: 'app.cb', argument: '{"seq":1}', value: '{"seq":1}' },
        findings: [],
      },
    ])
  })

  test('the guarded form is a call, other scripts and JSON are not', () => {
    expect(jsonp("/**/ typeof cb === 'function' && cb([1]);")[0]?.details).toMatchObject({ call: 'cb', value: '[1]' })
    for (const body of ['{"seq":1}', 'a(1);b(2)', 'a = 1', '<p>']) {
      expect(jsonp(body)[0]).toMatchObject({ details: { call: '' }, findings: [{ id: 'jsonp-no-call' }] })
    }
  })

  test('an empty body is no row, a cut one is truncated', () => {
    expect(jsonp('')).toEqual([])
    expect(jsonp('cb({"a":', { cut: true })[0]).toMatchObject({ flags: FLAG.truncated })
  })
})
