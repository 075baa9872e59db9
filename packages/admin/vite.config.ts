import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const gateway = 'http://127.0.0.1:4000'

export default defineConfig({
  base: '/admin/',
  plugins: [react()],
  // The gateway's security headers allow no inline data but images.
  build: { assetsInlineLimit: 0, sourcemap: true },
  server: { proxy: { '/graphql': gateway, '/auth': gateway } },
})
