import type { Page } from 'playwright-core'

/**
 * The gateway is not asked what a page asks with such a request before the function that is answered here is called.
 *
 * @param asks found in the body of the request: the name of an operation, or more
 */
export async function holdAnswer(page: Page, asks: string | RegExp): Promise<() => void> {
  let answer = () => {}
  const released = new Promise<void>((resolve) => {
    answer = resolve
  })
  await page.route('**/graphql', async (route) => {
    if ((route.request().postData() ?? '').search(asks) < 0) return route.fallback()
    await released
    await route.continue()
  })
  return () => answer()
}
