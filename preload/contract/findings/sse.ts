/** What can be wrong, or surprising, with an event stream. */
import { own, sse } from './severity.ts'

export const SSE_FINDINGS = {
  'sse-status': sse(
    'fault',
    'sse-processing-model',
    'The status is not 200, so an EventSource fails and does not reconnect.',
  ),
  'sse-no-content': sse('info', 'sse-processing-model', 'Status 204 tells an EventSource to stop reconnecting.'),
  'sse-content-type': sse(
    'fault',
    'sse-processing-model',
    'The Content-Type is not text/event-stream, so an EventSource fails.',
  ),
  'sse-charset': sse(
    'warning',
    'event-stream-interpretation',
    'The charset parameter is not UTF-8; event streams are always read as UTF-8.',
  ),
  'sse-bom-inside': sse(
    'warning',
    'parsing-an-event-stream',
    'A byte order mark stands inside the stream and belongs to the field name.',
  ),
  'sse-dropped': sse(
    'warning',
    'event-stream-interpretation',
    'The block has no data line, so no event is dispatched.',
  ),
  'sse-unknown-field': sse(
    'warning',
    'event-stream-interpretation',
    'The field name is unknown, so the line is ignored.',
  ),
  'sse-id-nul': sse('warning', 'event-stream-interpretation', 'The id contains U+0000, so it is ignored.'),
  'sse-retry-invalid': sse(
    'warning',
    'event-stream-interpretation',
    'The retry value is not made of ASCII digits only, so it is ignored.',
  ),
  'sse-utf8': sse('fault', 'event-stream-interpretation', 'The line is not valid UTF-8; bad bytes are read as U+FFFD.'),
  'sse-unfinished': sse(
    'warning',
    'event-stream-interpretation',
    'The stream ended inside a block; what came of it is discarded.',
  ),
  'sse-line-limit': own('fault', 'The line is longer than the limit; the rest of it is passed over.'),
  'sse-event-limit': own('fault', 'The event block is larger than the limit.'),
  'sse-id-not-latin1': sse(
    'info',
    'the-last-event-id-header',
    'The id has characters that some clients cannot send back in Last-Event-ID.',
  ),
} as const
