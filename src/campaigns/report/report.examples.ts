import type { ReportView } from './report.schema.ts'
export const reportExample = {} as ReportView
export const csvExample = ''
export const manifestExample = ''
