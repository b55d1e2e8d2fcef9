/** The settings in a data directory, as another instance of the app sees them: values are JSON. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export const settingsFile = (dataDirectory: string): string => join(dataDirectory, 'settings.sqlite')

/** Undefined also where the engine has not made its file, or the table in it, yet. */
export function keptSetting(dataDirectory: string, name: string): string | undefined {
  if (!existsSync(settingsFile(dataDirectory))) return undefined
  const database = new DatabaseSync(settingsFile(dataDirectory), { timeout: 1_000, readOnly: true })
  try {
    if (!database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'settings'").get()) return undefined
    const row = database.prepare('SELECT value FROM settings WHERE name = ?').get(name)
    return row && String(row['value'])
  } finally {
    database.close()
  }
}

/** `value` is stored as it is, JSON or not. */
export function keepSetting(dataDirectory: string, name: string, value: string): void {
  const database = new DatabaseSync(settingsFile(dataDirectory), { timeout: 1_000 })
  try {
    database.prepare('INSERT OR REPLACE INTO settings VALUES (?, ?)').run(name, value)
  } finally {
    database.close()
  }
}
