import { createPinia } from 'pinia'
import { createApp } from 'vue'
import './style/tokens.css'
import './style/base.css'
import './style/control.css'
import './style/element.css'
import './style/table.css'
import './style/records.css'
import './style/print.css'
import App from './App.vue'
import { context } from './api/client'
import { i18n } from './locale'
import { router } from './router'
import { useSession } from './session/session'
import { usePreferences } from './shell/preferences'

async function begin() {
  const app = createApp(App).use(createPinia()).use(i18n)
  // Words first: no page may ever show a key instead of a sentence.
  await usePreferences().begin()
  const session = useSession()
  context.onEnd = () => {
    if (!session.me) return
    const wall = session.me.display
    session.end()
    if (wall) return void router.push({ name: 'wall', query: { over: '' } })
    void router.push({ name: 'log-in', query: { to: router.currentRoute.value.fullPath } })
  }
  app.use(router).mount('#app')
}

void begin()
