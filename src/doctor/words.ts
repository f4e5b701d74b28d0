/** `3 s`, `4 min`, `2 h`: of how far apart, without which way. */
export function duration(ms: number): string {
  const seconds = Math.max(1, Math.round(Math.abs(ms) / 1_000))
  if (seconds < 120) return `${seconds} s`
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`
}

/** How to put one more into a list of Nextcloud's config.php. */
export const addToList = (setting: string, value: string): string =>
  `occ config:system:set ${setting} N --value=${value} (N: the next free number of \`occ config:system:get ${setting}\`)`

/** A host that means something only inside a network. */
export const isInner = (hostname: string): boolean =>
  /^(localhost|.*\.(localhost|local|internal|lan|svc|cluster\.local))$/i.test(hostname) ||
  !/[.:]/.test(hostname) ||
  isPrivate(hostname)

/** An address of the machine itself, or of a network that others have as well. */
export const isPrivate = (address: string): boolean =>
  /^\[?(127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|::1\]?$|f[cd][0-9a-f]{2}:|fe80:)/i.test(
    address
  )

export const isLoopback = (address: string): boolean => /^(127\.|\[?::1\]?$|localhost$)/i.test(address)
