/** End to end, in a real Chromium against the browser host, and in Electron where it is installed. */
import { defineConfig } from '@playwright/test'
import { findBrowser } from './browser.ts'

const browser = findBrowser()
if (!browser) throw new Error('There is no browser to test in; `npm test` installs one.')

export default defineConfig({
  testDir: './specs',
  outputDir: '../test-results',
  timeout: 120_000,
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env['CI']),
  workers: 2,
  reporter: 'list',
  use: {
    viewport: { width: 1280, height: 800 },
    // Times and sizes are asserted on in English.
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    trace: 'retain-on-failure',
    launchOptions: { executablePath: browser.path },
  },
  projects: [
    // What only Electron has: processes that come back, and a fence around the page.
    { name: 'chromium', testIgnore: '**/electron.spec.ts' },
    // Electron has no HTTP server that a page could knock at; the command line is the same for both.
    { name: 'electron', testIgnore: ['**/browser-host.spec.ts', '**/command.spec.ts'] },
  ],
})
