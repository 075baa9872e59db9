import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Where `npm run dev` has started the gateway. */
const gateway = process.env['GATEWAY_URL'] ?? 'http://127.0.0.1:4000'

export default defineConfig({
  base: '/admin/',
  plugins: [react()],
  // The gateway's security headers allow no inline data but images.
  build: { assetsInlineLimit: 0, sourcemap: true },
  server: { proxy: { '/graphql': gateway, '/auth': gateway } },
})
