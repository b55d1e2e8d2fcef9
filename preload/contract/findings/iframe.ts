/** What can be wrong with an iframe stream or a JSONP answer. */
import { own } from './severity.ts'

export const IFRAME_FINDINGS = {
  'iframe-content-type': own(
    'fault',
    'The answer is not text/html, so an iframe shows it instead of running its scripts.',
  ),
  'iframe-complete': own('warning', 'The answer has a Content-Length: it is one page, not a stream.'),
  'iframe-script-limit': own('fault', 'A script is larger than the limit; the rest of it is passed over.'),
  'iframe-unfinished': own('warning', 'The stream ended inside a script; a browser does not run it.'),
  'iframe-unknown-script': own('info', 'A script that is no call of the three known dialects.'),
  'iframe-small-first-flush': own(
    'info',
    'Browsers may hold back the first kilobyte; a stream that begins smaller can seem stuck.',
  ),
  'jsonp-no-call': own('fault', 'The script is not one call of the callback that was asked for.'),
  'jsonp-content-type': own(
    'warning',
    'A JSONP answer should be a JavaScript type, or browsers refuse to run it with nosniff.',
  ),
} as const
