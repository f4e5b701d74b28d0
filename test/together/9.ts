import { playTogether } from './together.ts'

playTogether(8, 12)
