import { type Language, languageOf } from '../mail/layout.ts'

/** The better liked one of ours (RFC 9110, 12.5.4); English where neither is named. */
export function languageOfBrowser(accepted: string | undefined): Language {
  const liked = (accepted ?? '').split(',', 20).flatMap((range) => {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim())
    const weight = Number(/^q=([01](?:\.\d{0,3})?)$/i.exec(parameters[0] ?? '')?.[1] ?? 1)
    return /^(de|en)(-|$)/i.test(tag) && weight > 0 ? [{ tag, weight }] : []
  })
  const [best] = liked.toSorted((a, b) => b.weight - a.weight)
  return languageOf(best?.tag ?? null)
}
