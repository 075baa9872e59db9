/** What a page must keep so that everybody can read and use it, measured in the browser. */
import type { Page } from 'playwright-core'

/** Texts whose contrast is below WCAG 2's 4.5 to 1 (3 to 1 where they are large), with what they have. */
export function faintTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
    if (canvas === null) throw new Error('The browser has no canvas.')

    /** The colour that is seen where these lie upon each other, and its luminance. */
    function luminance(layers: string[]): number {
      canvas?.clearRect(0, 0, 1, 1)
      for (const colour of ['#fff', ...layers]) {
        if (canvas) canvas.fillStyle = colour
        canvas?.fillRect(0, 0, 1, 1)
      }
      const [red = 0, green = 0, blue = 0] = [...(canvas?.getImageData(0, 0, 1, 1).data ?? [])].map((value) => {
        const part = value / 255
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    function backgrounds(element: Element | null): string[] {
      return element === null ? [] : [...backgrounds(element.parentElement), getComputedStyle(element).backgroundColor]
    }

    const faint: string[] = []
    // Behind a dialog everything is dimmed on purpose.
    const scope = document.querySelector('[role="dialog"]') ?? document.body
    const walker = document.createTreeWalker(scope, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement
      const text = node.textContent?.trim() ?? ''
      if (element === null || text === '' || !element.checkVisibility({ opacityProperty: true })) continue
      const { color, fontSize, fontWeight } = getComputedStyle(element)
      const behind = backgrounds(element)
      const [light = 0, dark = 0] = [luminance(behind), luminance([...behind, color])].sort((a, b) => b - a)
      const ratio = (light + 0.05) / (dark + 0.05)
      const large = Number.parseFloat(fontSize) >= (Number(fontWeight) >= 700 ? 18.66 : 24)
      if (ratio < (large ? 3 : 4.5)) faint.push(`${text}: ${ratio.toFixed(2)}`)
    }
    return faint
  })
}

/** Controls and regions that a screen reader has no name for. */
export async function namelessParts(page: Page): Promise<string[]> {
  const snapshot = await page.locator('body').ariaSnapshot()
  return snapshot.split('\n').filter((line) => /- (button|link|textbox|radio|region|dialog)(:| \[|$)/.test(line))
}

/** The levels of the headings, in the order in which they are read. */
export function headingLevels(page: Page): Promise<number[]> {
  return page
    .locator('h1, h2, h3, h4, h5, h6')
    .evaluateAll((headings) => headings.map((heading) => Number(heading.tagName[1])))
}

/** How many pixels the page is wider than the window, or a choice than its place. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const choices = [...document.querySelectorAll('[role="radiogroup"]')]
    return Math.max(
      document.documentElement.scrollWidth - window.innerWidth,
      ...choices.map((choice) => choice.scrollWidth - choice.clientWidth),
    )
  })
}

/**
 * Goes through the page with the Tab key.
 *
 * @returns each control that took the focus, and whether one sees that it has it
 */
export async function tabThrough(page: Page): Promise<{ name: string; seen: boolean }[]> {
  const stops: { name: string; seen: boolean }[] = []
  for (;;) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate(() => {
      const element = document.activeElement
      if (!(element instanceof HTMLElement) || element === document.body || element.dataset['visited']) return null
      element.dataset['visited'] = 'yes'
      const look = () =>
        [element, element.parentElement].map((it) => {
          if (it === null) return ''
          const { outline, boxShadow, borderColor } = getComputedStyle(it)
          return [outline, boxShadow, borderColor].join(' ')
        })
      const focused = look().join(' ')
      element.blur()
      const seen = look().join(' ') !== focused
      element.focus()
      const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : element.textContent
      return { name: element.getAttribute('aria-label') ?? label ?? '', seen }
    })
    if (stop === null) return stops
    stops.push(stop)
  }
}
