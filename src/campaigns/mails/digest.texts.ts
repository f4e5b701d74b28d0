export type DigestTexts = {
  subject: (n: number, site: string) => string
  heading: (n: number) => string
  greeting: string
  what: (site: string, n: number) => string
  please: (day: string | null) => string
  button: string
  /** What follows from silence. */
  without: string
  told: string
  harmless: string
  locked: (day: string | null) => string
  link: (host: string, site: string) => string
  elsewise: (owner: string) => string
  names: string
  more: (n: number) => string
  footer: (address: string, site: string, owner: string | null) => string
}
