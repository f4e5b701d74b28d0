const browsers: [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Version\/.*Safari\//, 'Safari']
]
const systems: [RegExp, string][] = [
  [/Windows/, 'Windows'],
  [/iPhone|iPad/, 'iOS'],
  [/Mac OS X/, 'macOS'],
  [/Android/, 'Android'],
  [/Linux/, 'Linux']
]

/** "Firefox on Windows" for a User-Agent, anything else as it is. */
export function shortName(name: string): string {
  const browser = browsers.find(([pattern]) => pattern.test(name))?.[1]
  const system = systems.find(([pattern]) => pattern.test(name))?.[1]
  if (!browser) return name
  return system ? `${browser} on ${system}` : browser
}
