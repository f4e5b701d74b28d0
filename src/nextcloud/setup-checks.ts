export type SetupCheck = { severity: string; description: string }

/**
 * One of the checks on the admin's overview page. They stand by category, then by class; on 31 all of it one
 * level deeper.
 * @param name the last part of the class
 */
export function findSetupCheck(body: string, name: string): SetupCheck | undefined {
  let found: SetupCheck | undefined
  try {
    JSON.parse(body, (key, value) => {
      if (key.endsWith(`\\SetupChecks\\${name}`) && typeof value?.severity === 'string')
        found = { severity: value.severity, description: String(value.description ?? '') }
      return value
    })
  } catch {}
  return found
}
