import { playTogether } from './together.ts'

playTogether(9, 12)
