/** Texts that would do something if they were taken for more than text, and what they have done to a page. */
import type { Page } from 'playwright-core'
import { overflow } from './accessibility.ts'
import type { AdminApp } from './admin-app.ts'

/** At most 50 characters, which every field takes. */
export const payloads = [
  '<script>hit=1</script>',
  '<img src=x onerror=hit=1>',
  '"><img src=//evil.example/a>',
  "'><svg onload=hit=1>",
  '<svg><script>hit=1</script></svg>',
  '<body onload=hit=1>',
  '<iframe srcdoc="<script>hit=1</script>">',
  '<iframe src=javascript:hit=1>',
  '<a href=javascript:hit=1>x</a>',
  'javascript:hit=1',
  'JaVaScRiPt:hit=1//',
  ' java\tscript:hit=1',
  'data:text/html,<script>hit=1</script>',
  '<input autofocus onfocus=hit=1>',
  '<details open ontoggle=hit=1>',
  '<video><source onerror=hit=1>',
  '<math><mi xlink:href="javascript:hit=1">',
  '<link rel=stylesheet href=//evil.example/a>',
  '<style>@import "//evil.example/a"</style>',
  '<base href=//evil.example>',
  '<meta http-equiv=refresh content=0;//evil.example>',
  '<form action=//evil.example><button>x',
  '<object data=//evil.example/a>',
  '</textarea><script>hit=1</script>',
  '</title><script>hit=1</script>',
  '<!--><script>hit=1</script>-->',
  '<template><script>hit=1</script></template>',
  '{{constructor.constructor("hit=1")()}}',
  '$(hit=1)',
  '&lt;script&gt;hit=1&lt;/script&gt;',
]

export interface Watched {
  /** A page of the owner. */
  open(path: string): Promise<Page>
  /** What of a text has become more than text since this was last asked: `noHarm` where nothing has. */
  harmOf(page: Page): Promise<Harm>
}

interface Harm {
  /** A script has run. */
  readonly hit: boolean
  readonly handlers: readonly string[]
  readonly frames: number
  /** That lead to no page. */
  readonly links: readonly string[]
  readonly scripts: number
  /** By how many pixels the page is wider than the window. */
  readonly overflow: number
  readonly dialogs: readonly string[]
  /** What was asked of other hosts. */
  readonly elsewhere: readonly string[]
  readonly complaints: readonly string[]
}

export const noHarm: Harm = {
  ...{ hit: false, handlers: [], frames: 0, links: [], scripts: 0, overflow: 0 },
  ...{ dialogs: [], elsewhere: [], complaints: [] },
}

/** The browser's own complaints count too: a refused script would be one. */
export function watchForHarm(app: AdminApp): Watched {
  const dialogs: string[] = []
  const elsewhere: string[] = []
  return {
    async open(path) {
      const page = await app.open()
      page.on('dialog', (dialog) => {
        dialogs.push(dialog.message())
        void dialog.dismiss()
      })
      page.on('request', (request) => {
        if (!request.url().startsWith(app.url) && !request.url().startsWith('data:image')) elsewhere.push(request.url())
      })
      await page.goto(`${app.url}/admin${path}`)
      return page
    },

    async harmOf(page) {
      const found = await page.evaluate(() => ({
        hit: 'hit' in window,
        handlers: [...document.querySelectorAll('*')]
          .filter((element) => element.getAttributeNames().some((name) => name.startsWith('on')))
          .map((element) => element.outerHTML),
        frames: document.querySelectorAll('iframe, object, embed, base, form[action], meta[http-equiv]').length,
        links: [...document.querySelectorAll('a[href]')]
          .map((link) => link.getAttribute('href') ?? '')
          .filter((href) => !/^(https?:\/\/|[/#?.]|mailto:|tel:)/.test(href)),
        scripts: [...document.scripts].filter(({ src }) => !src.startsWith(location.origin)).length,
      }))
      return {
        ...found,
        overflow: await overflow(page),
        dialogs: dialogs.splice(0),
        elsewhere: elsewhere.splice(0),
        complaints: app.complaints.splice(0),
      }
    },
  }
}
