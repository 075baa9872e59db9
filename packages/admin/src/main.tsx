import './ui/mantine.css'
import './ui/theme.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')

// A page that the browser has kept for its Back button may be of a session that has ended.
window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted) window.location.reload()
})

createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
