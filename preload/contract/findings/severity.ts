/** `info` explains, `warning` is likely to hurt, `fault` breaks a rule. */
export const SEVERITIES = ['info', 'warning', 'fault'] as const
export type Severity = (typeof SEVERITIES)[number]

export interface FindingText {
  severity: Severity
  /** One sentence, with its full stop. */
  message: string
  spec: string
  link: string
}

const RFC = 'https://www.rfc-editor.org/rfc/rfc'

/** A finding with a section of an RFC: `rfc('fault', 6455, '5.2', '…')`. */
export const rfc = (severity: Severity, number: number, section: string, message: string): FindingText => ({
  severity,
  message,
  spec: `RFC ${number} ${section}`,
  link: `${RFC}${number}#section-${section}`,
})

/** A finding with a section of the HTML standard's chapter on Server-Sent Events. */
export const sse = (severity: Severity, anchor: string, message: string): FindingText => ({
  severity,
  message,
  spec: `HTML 9.2`,
  link: `https://html.spec.whatwg.org/multipage/server-sent-events.html#${anchor}`,
})

/** A finding that rests on no specification. */
export const own = (severity: Severity, message: string): FindingText => ({ severity, message, spec: '', link: '' })
