/** The ways in which a script hands a value to the page around it, a sentence each. */
import type { DetailsByKind } from '../../../../preload/contract/index.ts'
import type { Fact } from '../parts/fact.ts'

type Script = DetailsByKind['script-call']

export const DIALECTS: Readonly<Record<Script['dialect'], { name: string; meaning: string }>> = {
  parent: { name: 'parent function', meaning: 'The script calls a function of the page that holds the iframe.' },
  postmessage: { name: 'postMessage', meaning: 'The script posts a message to the page that holds the iframe.' },
  write: { name: 'direct write', meaning: 'The script writes into a document by itself.' },
  jsonp: { name: 'JSONP', meaning: 'The answer is a script that calls the callback which the request named.' },
  unknown: { name: 'unknown', meaning: 'The script is no call that Pushscope knows.' },
}

/** What the script calls or sets; a script of no dialect does nothing that counts as that. */
export function callFact({ dialect, call, operator }: Script): Fact {
  if (dialect === 'unknown' || call === '') return { label: 'call', value: 'none found', look: 'words' }
  return operator ? { label: 'sets', value: `${call} ${operator}` } : { label: 'call', value: call, look: 'wire' }
}
