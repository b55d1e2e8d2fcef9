/** Bounds on what a peer may make us hold. Each breach is a row with a finding, never an exception. */

export interface Limits {
  /** Bytes of one HTTP head (request or status line and all headers). */
  headBytes: number
  /** Header lines in one head. */
  headerCount: number
  /** Bytes of one WebSocket frame's payload. */
  framePayload: number
  /** Bytes of one assembled WebSocket message, inflated. */
  message: number
  /** Bytes one compressed message or body may inflate to; a body that goes on may grow to twenty times its coded size. */
  inflated: number
  /** How many times larger than its compressed form inflated data may be, once past 1 MiB. */
  inflateRatio: number
  /** Bytes of one SSE line. */
  sseLine: number
  /** Bytes of one SSE event block. */
  sseEvent: number
  /** Bytes of one `<script>` in an iframe stream. */
  script: number
  /** Redirects followed before giving up. */
  redirects: number
  /** Connections a reference server keeps open at once. */
  connections: number
  /** Bytes of one capture's file. */
  captureBytes: number
}

const KiB = 1024
const MiB = 1024 * KiB

export const DEFAULT_LIMITS: Readonly<Limits> = {
  headBytes: 64 * KiB,
  headerCount: 256,
  framePayload: 64 * MiB,
  message: 64 * MiB,
  inflated: 64 * MiB,
  inflateRatio: 1_000,
  sseLine: 1 * MiB,
  sseEvent: 4 * MiB,
  script: 1 * MiB,
  redirects: 10,
  connections: 2_000,
  captureBytes: 2 * 1024 * MiB,
}
