/** What a record's or an activity's page shows. */
export interface RecordPage {
  /** `Dynamics 365` or `Salesforce`: the page says that it is emulated. */
  system: string
  /** The entity's name for people, e.g. `Contact`. */
  entity: string
  title: string
  fields: readonly { label: string; value: string; href?: string }[]
  /** Newest first. */
  activities: readonly PageActivity[]
}

export interface PageActivity {
  /** `Note`, `Task`, … */
  kind: string
  subject: string
  text: string
  /** `Open`, `Completed`, …; empty where the kind has no state. */
  state: string
  href: string
}

const style = `
:root{color-scheme:light dark;--text:#1d2330;--soft:#5b6474;--line:#d9dee7;--back:#f5f7fa;--card:#fff;--link:#0b5cad}
@media(prefers-color-scheme:dark){:root{--text:#e7ebf2;--soft:#a3adbd;--line:#343c4a;--back:#12161d;--card:#1b212b;--link:#7db8f5}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--text);font:16px/1.5 system-ui,sans-serif}
main{max-width:56rem;margin:0 auto;padding:1rem}
.system{color:var(--soft);font-size:.875rem;border-bottom:1px solid var(--line);padding:.75rem 1rem;margin:0}
h1{font-size:1.5rem;margin:.5rem 0 1rem;overflow-wrap:anywhere}
h2{font-size:1.125rem;margin:2rem 0 .75rem}
h3{font-size:1rem;margin:0;overflow-wrap:anywhere}
dl,article{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:1rem;margin:0 0 .75rem}
dl{display:grid;grid-template-columns:minmax(8rem,14rem) 1fr;gap:.5rem 1rem}
dt,.kind{color:var(--soft)}
dd{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}
.kind{margin:0;font-size:.875rem}
.text{white-space:pre-wrap;overflow-wrap:anywhere;margin:.5rem 0 0}
a{color:var(--link)}
@media(max-width:36rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.75rem}}`

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** The whole document. Every text in it is escaped. */
export function renderRecordPage(page: RecordPage): string {
  const fields = page.fields.map(({ label, value, href }) => {
    const shown = href === undefined ? escapeHtml(value) : `<a href="${escapeHtml(href)}">${escapeHtml(value)}</a>`
    return `<dt>${escapeHtml(label)}</dt><dd>${shown}</dd>`
  })
  const activities = page.activities.map(renderActivity)
  return renderDocument(
    page.system,
    page.title,
    `<p class="kind">${escapeHtml(page.entity)}</p><h1>${escapeHtml(page.title)}</h1><dl>${fields.join('')}</dl>
${activities.length > 0 ? `<h2>Activities</h2>${activities.join('\n')}` : ''}`,
  )
}

/** A page that only says something, such as that a record is not there. */
export function renderMessagePage(system: string, title: string, message: string): string {
  return renderDocument(system, title, `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(message)}</p>`)
}

/** A page in the emulator's clothes around markup that the caller has escaped. */
export function renderDocument(system: string, title: string, markup: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)} · Emulated ${escapeHtml(system)}</title><style>${style}</style></head>
<body><p class="system">Emulated ${escapeHtml(system)}</p><main>
${markup}
</main></body></html>`
}

function renderActivity({ kind, subject, text, state, href }: PageActivity): string {
  const about = [kind, state].filter((part) => part !== '').map(escapeHtml)
  return `<article><p class="kind">${about.join(' · ')}</p><h3><a href="${escapeHtml(href)}">${escapeHtml(subject || 'Without subject')}</a></h3><p class="text">${escapeHtml(text)}</p></article>`
}
