/**
 * Electron's fuses: what the packaged binary can no longer be asked to do. Every fuse is named, and `strictly` makes
 * the build fail when a new Electron brings one that is not.
 * https://www.electronjs.org/docs/latest/tutorial/fuses
 */
import { FuseV1Options, FuseVersion, type FuseConfig } from '@electron/fuses'

export const FUSES = {
  version: FuseVersion.V1,
  strictlyRequireAllFuses: true,
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  // Its own V8 snapshot would have to be built and shipped; there is none.
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  // Speeds WebAssembly's bounds checks up by trapping; off costs speed and gains nothing here.
  [FuseV1Options.WasmTrapHandlers]: true,
} as const satisfies FuseConfig
