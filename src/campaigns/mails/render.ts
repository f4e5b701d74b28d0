import { escapeHtml, type Language, mailPage } from '../../mail/layout.ts'

/** Part of a mail; all of it text, however hostile: it is written down once, and shown as text and as HTML. */
export type Block =
  | string
  | { strong: string }
  | { heading: string }
  | { list: string[] }
  /** In a box, apart from the rest. */
  | { note: string[]; title: string }
  /** Smaller, for those who want to know. */
  | { aside: string }
  | { button: string; link: URL }

export type Mail = { subject: string; language: Language; text: string; html: string }

export type Letter = {
  subject: string
  language: Language
  /** Above the heading: where it is about. */
  site: string
  heading: string
  blocks: Block[]
  footer: string
}

/** The same words in both parts. The only links are those of buttons. */
export function render({ subject, language, site, heading, blocks, footer }: Letter): Mail {
  const content = blocks.map(htmlOf).join('\n')
  return {
    subject,
    language,
    text: [site, heading, ...blocks.map(textOf), '--', footer].join('\n\n'),
    html: mailPage({ language, site, heading, content, footer })
  }
}

function textOf(block: Block): string {
  if (typeof block === 'string') return block
  if ('strong' in block) return block.strong
  if ('heading' in block) return `${block.heading}\n${'-'.repeat(Math.min(block.heading.length, 70))}`
  if ('list' in block) return block.list.map((item) => `- ${item}`).join('\n')
  if ('aside' in block) return block.aside
  if ('note' in block) return [`${block.title}:`, ...block.note].join('\n')
  return `${block.button}:\n${block.link.href}`
}

function htmlOf(block: Block): string {
  if (typeof block === 'string') return paragraph(block)
  if ('strong' in block) return paragraph(block.strong, 'margin:0 0 16px;font-weight:600')
  if ('heading' in block)
    return `<h2 style="margin:28px 0 12px;font-size:18px;line-height:1.3">${escapeHtml(block.heading)}</h2>`
  if ('list' in block)
    return `<ul style="margin:0 0 16px;padding-left:22px">${block.list.map(listItem).join('')}</ul>`
  if ('aside' in block) return paragraph(block.aside, 'margin:0 0 12px;font-size:14px;color:#4a5463')
  if ('note' in block) return box(block)
  return button(block)
}

const paragraph = (text: string, style = 'margin:0 0 16px') =>
  `<p style="${style}">${escapeHtml(text).replaceAll('\n', '<br>')}</p>`

const listItem = (text: string) => `<li style="margin-bottom:6px">${escapeHtml(text)}</li>`

/** A table: not every mail program paints the background of other elements. */
const box = ({ note, title }: { note: string[]; title: string }) =>
  `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 24px"><tr><td style="padding:14px 16px;background:#f3f6fa;border-left:3px solid #9fb3cf;border-radius:6px;font-size:15px">${paragraph(title, 'margin:0 0 4px;font-weight:600')}${note
    .map((text, index) => paragraph(text, index === note.length - 1 ? 'margin:0' : 'margin:0 0 10px'))
    .join('')}</td></tr></table>`

const button = ({ button, link }: { button: string; link: URL }) =>
  `<p style="margin:8px 0 24px"><a href="${escapeHtml(link.href)}" style="display:inline-block;background:#1455c0;color:#ffffff;text-decoration:none;font-weight:600;padding:12px 20px;border-radius:8px">${escapeHtml(button)}</a></p>`
