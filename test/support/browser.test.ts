import { expect, it } from 'vitest'
import { launchBrowser } from './browser.ts'

it('finds a browser that opens a page', async () => {
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage()
    await page.setContent('<h1>Backchannel</h1>')
    expect(await page.getByRole('heading').textContent()).toBe('Backchannel')
  } finally {
    await browser.close()
  }
})
