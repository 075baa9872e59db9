import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Where `npm run dev` has started the gateway. */
const gateway = process.env['GATEWAY_URL'] ?? 'http://127.0.0.1:4000'

export default defineConfig({
  base: '/admin/',
  plugins: [react()],
  build: {
    // The gateway's security headers allow no inline data but images.
    assetsInlineLimit: 0,
    sourcemap: true,
    // Every page needs nearly all of it: 166 kB gzipped, kept by the browser until it changes.
    chunkSizeWarningLimit: 600,
  },
  server: { proxy: { '/graphql': gateway, '/auth': gateway } },
})
