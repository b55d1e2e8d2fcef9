/** The ways in which a script hands a value to the page around it, a sentence each. */
import type { DetailsByKind } from '../../../../preload/contract/index.ts'

export const DIALECTS: Readonly<Record<DetailsByKind['script-call']['dialect'], { name: string; meaning: string }>> = {
  parent: { name: 'parent function', meaning: 'The script calls a function of the page that holds the iframe.' },
  postmessage: { name: 'postMessage', meaning: 'The script posts a message to the page that holds the iframe.' },
  write: { name: 'direct write', meaning: 'The script writes into a document by itself.' },
  jsonp: { name: 'JSONP', meaning: 'The answer is a script that calls the callback which the request named.' },
  unknown: { name: 'unknown', meaning: 'The script is no call that Pushscope knows.' },
}
