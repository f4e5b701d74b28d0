import { openapiDocument } from '../http/document.ts'

/** Prints the document that `/openapi.json` serves; needs neither database nor Nextcloud. */
export async function openapiCommand(): Promise<void> {
  process.stdout.write(`${JSON.stringify(await openapiDocument(), null, 2)}\n`)
}
