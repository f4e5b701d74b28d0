/** What Swagger UI is dressed in: all of it ours and from here, so that the page asks nobody else for anything. */

const padlock = (body: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="none" stroke="${body}" stroke-width="3.5" d="M10 15v-4.5a6 6 0 0 1 12 0V15"/><rect x="5" y="14" width="22" height="15" rx="3.5" fill="${body}"/><path fill="none" stroke="#fff" stroke-width="2.8" stroke-linecap="round" d="M16 19.5v4"/></svg>`

const blue = '#1d5fa8'

const css = `
.swagger-ui .info { margin: 36px 0 20px }
.swagger-ui .info .title { padding-left: 44px; background: url("data:image/svg+xml,${encodeURIComponent(padlock(blue))}") no-repeat left 2px / 34px }
.swagger-ui .info > div > a { display: none }
.swagger-ui .info .title small { top: -4px }
.swagger-ui .scheme-container { margin: 0 0 20px; padding: 14px 0; box-shadow: none; border-block: 1px solid rgb(128 128 128 / 25%) }
.swagger-ui .markdown code, .swagger-ui .renderedMarkdown code { color: inherit; font-weight: 500; word-break: break-word }
.swagger-ui .opblock-tag { font-size: 20px; text-transform: capitalize }
.swagger-ui .opblock-tag small { text-transform: none }

/* One server; no call has links; and beside the form of a reset, "Cancel" and "Reset" would be read as its own. */
.swagger-ui .scheme-container .schemes .schemes-server-container, .swagger-ui .response-col_links, .swagger-ui .try-out { display: none }
.swagger-ui .scheme-container .schemes { justify-content: flex-end }
.swagger-ui .body-param__text { min-height: 110px }

@media (max-width: 640px) {
  .swagger-ui .wrapper, .swagger-ui .opblock-body .opblock-section-header { padding-inline: 12px }
  .swagger-ui .opblock .opblock-summary-path { max-width: none }
  .swagger-ui .opblock-tag small { font-size: 12px; padding: 0 0 0 10px }
  .swagger-ui .opblock-description-wrapper, .swagger-ui .responses-inner, .swagger-ui .table-container { padding: 12px }
  .swagger-ui .parameters-col_name { width: 6.5em; padding-right: 8px }
  .swagger-ui .parameters-col_description input { width: 100%; min-width: 0; max-width: none }
  .swagger-ui table.responses-table, .swagger-ui table.responses-table > tbody, .swagger-ui .response, .swagger-ui .response > td { display: block; width: auto; min-width: 0; max-width: none }
  .swagger-ui table.responses-table > thead, .swagger-ui .response > .response-col_links { display: none }
  .swagger-ui .response > .response-col_status { padding: 12px 0 0; font-weight: 700 }
  .swagger-ui .response > .response-col_description { padding: 4px 0 }
  .swagger-ui .response .headers-wrapper, .swagger-ui .response .headerline { padding: 0 }
}
`

// Swagger UI's page has no viewport, and its dark colours need a class.
const js = `
const viewport = document.createElement('meta')
viewport.name = 'viewport'
viewport.content = 'width=device-width, initial-scale=1'
document.head.append(viewport)
const dark = matchMedia('(prefers-color-scheme: dark)')
const dress = () => document.documentElement.classList.toggle('dark-mode', dark.matches)
dark.addEventListener('change', dress)
dress()
`

export const theme = {
  title: 'Locksmith API',
  css: [{ filename: 'locksmith.css', content: css }],
  js: [{ filename: 'locksmith.js', content: js }],
  favicon: [
    {
      filename: 'favicon.svg',
      rel: 'icon',
      type: 'image/svg+xml',
      sizes: 'any',
      content: padlock(blue)
    }
  ]
}

/** Nothing inline, nothing from elsewhere, and in nobody's frame; plain HTTP stays possible (no upgrade). */
export const policy = {
  'default-src': ["'none'"],
  'base-uri': ["'none'"],
  'connect-src': ["'self'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
  'img-src': ["'self'", 'data:'],
  'script-src': ["'self'"],
  'style-src': ["'self'"]
}
