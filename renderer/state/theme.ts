/** Light, dark, or as the system says; written to `data-theme` of the root, where the tokens look for it. */
import { usePreferredDark } from '@vueuse/core'
import { computed, shallowReadonly, watchEffect } from 'vue'
import { oneOf, stored } from './storage.ts'

export type Theme = 'system' | 'light' | 'dark'

const choice = stored<Theme>('theme', 'system', oneOf('system', 'light', 'dark'))
const systemIsDark = usePreferredDark()

export const theme = shallowReadonly(choice)
const shown = computed(() => (choice.value === 'system' ? (systemIsDark.value ? 'dark' : 'light') : choice.value))

/** Once the settings are known, so that no other theme flashes up before the chosen one. */
export function showTheme(): void {
  watchEffect(() => {
    document.documentElement.dataset['theme'] = shown.value
  })
}

export function setTheme(next: Theme): void {
  choice.value = next
}
