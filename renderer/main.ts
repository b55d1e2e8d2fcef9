/** The renderer's entry. */
import { createApp } from 'vue'
import App from './App.vue'
import { settingsRead } from './state/storage.ts'
import './styles/tokens.css'
import './styles/base.css'

// With the panes where they were the last time; without them when the engine does not come.
const PATIENCE = 500 // ms
void Promise.race([settingsRead, new Promise((resolve) => setTimeout(resolve, PATIENCE))]).then(() =>
  createApp(App).mount('#app'),
)
